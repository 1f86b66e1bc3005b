/*
 * derive.c: what follows from an entry, written in the transaction of the entry itself, so that the
 * tables never say more or less than the chain.
 *
 * A visit that an entry speaks of may be missing: on a full disk the claim that opened it was
 * refused while the fact that ended it was kept. Money cannot be missing so: a line's total goes to
 * its customer's balance with the line, and comes off again only with that very line.
 */
#include "ledger/derive.h"

#include <stdio.h>

#include "books/vat.h"

enum stored derive_note(struct store *s, const char *name, int64_t value)
{
	bind_text(s->statement[DO_META], 1, name);
	bind_i64(s->statement[DO_META], 2, value);
	return store_step(s, DO_META, "keeping a note");
}

enum stored derive_key(struct store *s, const char *key)
{
	bind_text(s->statement[DO_DESK_KEY], 1, key);
	bind_u64(s->statement[DO_DESK_KEY], 2, s->head.seq);
	return store_step(s, DO_DESK_KEY, "keeping a request's key");
}

/* What a step that should have gone well came to. */
static enum stored not_well(struct store *s, enum statement which, int rc, const char *doing)
{
	sqlite3_reset(s->statement[which]);
	return store_failed(s, rc, doing);
}

enum stored derive_wrong(struct store *s, const char *what)
{
	if (!s->checking)
		panic(__FILE__, __LINE__, what);
	s->wrong = what;
	return STORED_FULL;
}

/* A write gives its rows after all of it is made. */
enum stored derive_returning(struct store *s, enum statement which, const char *doing,
			     bool *ret_row)
{
	int rc = sqlite3_step(s->statement[which]);

	if (rc != SQLITE_ROW && rc != SQLITE_DONE)
		return not_well(s, which, rc, doing);
	*ret_row = rc == SQLITE_ROW;
	return STORED_OK;
}

enum stored derive_returned(struct store *s, enum statement which, const char *doing)
{
	int rc = sqlite3_step(s->statement[which]);

	if (rc != SQLITE_DONE)
		return not_well(s, which, rc, doing);
	sqlite3_reset(s->statement[which]);
	return STORED_OK;
}

bool derive_row(struct store *s, enum statement which)
{
	int rc = sqlite3_step(s->statement[which]);

	if (rc == SQLITE_ROW)
		return true;
	sqlite3_reset(s->statement[which]);
	if (rc != SQLITE_DONE)
		sql_panic(s->writer.db, rc, "reading what the books say");
	return false;
}

void derive_read(struct store *s, enum statement which)
{
	sqlite3_reset(s->statement[which]);
}

/* While tables are made again the note is ahead of the entries: it is written before a start is. */
static enum stored derive_running(struct store *s, bool running)
{
	s->head.running = running;
	return s->rebuilding ? STORED_OK : derive_note(s, "running", running);
}

/* A lockdown outlives a restart, and the row that tells of it may be erased. A fire is no command:
 * what stood before it stands again when it is over. */
static enum stored derive_door(struct store *s, const struct entry_door *d)
{
	char name[sizeof(NOTE_MODE) + PLACE_MAX_LEN];

	if (d->event != DOOR_EVENT_MODE || d->mode == DOOR_RELEASED_BY_FIRE)
		return STORED_OK;
	snprintf(name, sizeof(name), NOTE_MODE "%s", d->place.name);
	return derive_note(s, name, (int64_t)d->mode);
}

static enum stored derive_card(struct store *s, const struct entry_admitted *a)
{
	bind_blob(s->statement[DO_CARD], 1, a->kid.byte, sizeof(a->kid.byte));
	bind_u64(s->statement[DO_CARD], 2, a->card_counter);
	return store_step(s, DO_CARD, "keeping a card's counter");
}

static enum stored derive_admitted(struct store *s, const struct entry_admitted *a)
{
	sqlite3_stmt *insert = s->statement[DO_TOKEN];

	if (a->card_counter > 0)
		return derive_card(s, a);
	if (a->cti_len == 0)
		return STORED_OK;
	bind_u64(insert, 2, s->head.seq);
	bind_blob(insert, 3, a->kid.byte, sizeof(a->kid.byte));
	bind_blob(insert, 4, a->cti, a->cti_len);
	bind_i64(insert, 5, a->iat_s);
	bind_i64(insert, 6, a->exp_s);
	/* once, but for slots that a later one has already: see rebuild.c */
	for (uint32_t tries = 0; tries < FRESH_TOKENS_MAX; tries++) {
		bind_u64(insert, 1, s->head.token_slot);
		s->head.token_slot = (s->head.token_slot + 1) % FRESH_TOKENS_MAX;
		if (store_step(s, DO_TOKEN, "keeping a used token's id") != STORED_OK)
			return STORED_FULL;
		if (sqlite3_changes(s->writer.db) > 0)
			break;
	}
	return STORED_OK;
}

static enum stored derive_alarm(struct store *s, struct wall at, const struct entry_alarm *a)
{
	sqlite3_stmt *upsert = s->statement[DO_ALARM];

	bind_u64(upsert, 1, a->alarm.n);
	bind_u64(upsert, 2, a->code);
	bind_u64(upsert, 3, (uint64_t)a->condition);
	bind_text(upsert, 4, a->place.name);
	bind_u64(upsert, 5, (uint64_t)a->severity);
	bind_u64(upsert, 6, (uint64_t)a->state);
	bind_i64(upsert, 7, a->over);
	bind_text(upsert, 8, a->by);
	bind_i64(upsert, 9, at.ms);
	return store_step(s, DO_ALARM, "keeping an alarm");
}

/* A table that cannot be used is on record all the same, and the one before it holds. */
static enum stored derive_tax(struct store *s, const struct entry_tax *t)
{
	if (!vat_tax_wrong(t)) {
		s->head.tax = *t;
		s->head.tax_known = true;
	}
	return STORED_OK;
}

static enum stored derive_accounts(struct store *s, const struct entry_chart *c)
{
	if (!chart_wrong(c)) {
		s->head.chart = *c;
		s->head.chart_known = true;
	}
	return STORED_OK;
}

static enum stored derive_start(struct store *s, const struct entry *e)
{
	if (derive_clock(s, e) != STORED_OK)
		return STORED_FULL;
	return derive_running(s, true);
}

/* What the desk writes. */
static enum stored derive_of_desk(struct store *s, const struct entry *e)
{
	switch ((int)e->kind) {
	case ENTRY_TAX:
		return derive_tax(s, &e->tax);
	case ENTRY_CHART:
		return derive_accounts(s, &e->chart);
	case ENTRY_INVOICE_LINES:
		return derive_invoice_lines(s, &e->invoice_lines);
	case ENTRY_INVOICE:
		return derive_invoice(s, &e->invoice);
	case ENTRY_CREDIT_NOTE:
		return derive_credit_note(s, &e->credit_note);
	case ENTRY_LINE_CREDITED:
		return derive_credited(s, &e->line_credited);
	case ENTRY_PERIOD_CLOSED:
		return derive_period_closed(s, &e->period_closed);
	case ENTRY_STOCK:
		return derive_stock(s, &e->stock);
	case ENTRY_PAYMENT:
		return derive_payment(s, &e->payment);
	case ENTRY_PAYMENT_ASSIGNED:
		return derive_assigned(s, &e->payment_assigned);
	case ENTRY_CHECK:
		return derive_check(s, e->at, &e->check);
	case ENTRY_REPORTED:
		return derive_reported(s, &e->reported);
	}
	CHECK(false);
	return STORED_OK;
}

enum stored derive_entry(struct store *s, const struct entry *e)
{
	switch (e->kind) {
	case ENTRY_START:
		return derive_start(s, e);
	case ENTRY_STOP:
		return derive_running(s, false);
	case ENTRY_CLOCK:
		return derive_clock(s, e);
	case ENTRY_ADMITTED:
		return derive_admitted(s, &e->admitted);
	case ENTRY_DOOR:
		return derive_door(s, &e->door);
	case ENTRY_ALARM:
		return derive_alarm(s, e->at, &e->alarm);
	case ENTRY_VISIT_OPENED:
		return derive_opened(s, e->at, &e->visit_opened);
	case ENTRY_VISIT_JOINED:
		return derive_joined(s, &e->visit_joined);
	case ENTRY_VISIT_CLOSED:
		return derive_closed(s, e->at, &e->visit_closed);
	case ENTRY_LINE:
		return derive_line(s, e->at, &e->line);
	case ENTRY_LINE_VOIDED:
		return derive_voided(s, &e->line_voided);
	case ENTRY_REFUSED:
	case ENTRY_REFUSALS:
	case ENTRY_LOST:
	case ENTRY_OFFICE:
	case ENTRY_COMMAND:
	case ENTRY_ERASED:
	case ENTRY_TOLD:
		return STORED_OK; /* nothing follows from them but themselves */
	case ENTRY_TAX:
	case ENTRY_CHART:
	case ENTRY_INVOICE_LINES:
	case ENTRY_INVOICE:
	case ENTRY_CREDIT_NOTE:
	case ENTRY_LINE_CREDITED:
	case ENTRY_PERIOD_CLOSED:
	case ENTRY_STOCK:
	case ENTRY_PAYMENT:
	case ENTRY_PAYMENT_ASSIGNED:
	case ENTRY_CHECK:
	case ENTRY_REPORTED:
		return derive_of_desk(s, e);
	}
	CHECK(false);
	return STORED_OK;
}
