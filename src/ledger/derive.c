/*
 * derive.c: what follows from an entry, written in the transaction of the entry itself, so that the
 * tables never say more or less than the chain.
 *
 * A visit that an entry speaks of may be missing: on a full disk the claim that opened it was
 * refused while the fact that ended it was kept. Money cannot be missing so: a line's total goes to
 * its customer's balance with the line, and comes off again only with that very line.
 */
#include "ledger/store.h"

#include <stdio.h>

static enum stored put_meta(struct store *s, const char *name, int64_t value)
{
	bind_text(s->statement[DO_META], 1, name);
	bind_i64(s->statement[DO_META], 2, value);
	return store_step(s, DO_META, "keeping a note");
}

/* The floor is the latest trusted time on record (contracts 1, clock). It is written only where
 * trust may change; until then the newest entry's own time is the floor, see recall.c. */
static enum stored derive_clock(struct store *s, struct wall at, bool trusted)
{
	struct head *head = &s->head;

	if (head->clock_trusted && head->at.ms > head->clock_floor.ms)
		head->clock_floor = head->at;
	/* trust that was just found or confirmed counts even where it lowers the floor */
	if (trusted)
		head->clock_floor = at;
	head->clock_trusted = trusted;
	if (put_meta(s, "clock_trusted", trusted) != STORED_OK)
		return STORED_FULL;
	return put_meta(s, "clock_floor", head->clock_floor.ms);
}

static enum stored derive_running(struct store *s, bool running)
{
	s->head.running = running;
	return put_meta(s, "running", running);
}

/* A lockdown outlives a restart, and the row that tells of it may be erased. A fire is no command:
 * what stood before it stands again when it is over. */
static enum stored derive_door(struct store *s, const struct entry_door *d)
{
	char name[sizeof(NOTE_MODE) + PLACE_MAX_LEN];

	if (d->event != DOOR_EVENT_MODE || d->mode == DOOR_RELEASED_BY_FIRE)
		return STORED_OK;
	snprintf(name, sizeof(name), NOTE_MODE "%s", d->place.name);
	return put_meta(s, name, (int64_t)d->mode);
}

static enum stored derive_admitted(struct store *s, const struct entry_admitted *a)
{
	sqlite3_stmt *insert = s->statement[DO_TOKEN];

	if (a->cti_len == 0)
		return STORED_OK;
	bind_u64(insert, 1, s->head.token_slot);
	bind_u64(insert, 2, s->head.seq);
	bind_blob(insert, 3, a->kid.byte, sizeof(a->kid.byte));
	bind_blob(insert, 4, a->cti, a->cti_len);
	bind_i64(insert, 5, a->iat_s);
	bind_i64(insert, 6, a->exp_s);
	s->head.token_slot = (s->head.token_slot + 1) % FRESH_TOKENS_MAX;
	return store_step(s, DO_TOKEN, "keeping a used token's id");
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

static enum stored derive_opened(struct store *s, struct wall at,
				 const struct entry_visit_opened *v)
{
	sqlite3_stmt *insert = s->statement[DO_VISIT_OPENED];

	bind_u64(insert, 1, v->visit.n);
	bind_blob(insert, 2, v->customer.byte, sizeof(v->customer.byte));
	bind_text(insert, 3, v->place.name);
	bind_u64(insert, 4, v->price_version);
	bind_i64(insert, 5, at.ms);
	return store_step(s, DO_VISIT_OPENED, "opening a visit");
}

static enum stored derive_joined(struct store *s, const struct entry_visit_joined *v)
{
	sqlite3_stmt *insert = s->statement[DO_VISIT_JOINED];

	bind_u64(insert, 1, v->visit.n);
	bind_u64(insert, 2, s->head.seq);
	bind_blob(insert, 3, v->bearer.byte, sizeof(v->bearer.byte));
	bind_blob(insert, 4, v->customer.byte, sizeof(v->customer.byte));
	return store_step(s, DO_VISIT_JOINED, "keeping a bearer");
}

static enum stored derive_closed(struct store *s, struct wall at,
				 const struct entry_visit_closed *v)
{
	sqlite3_stmt *update = s->statement[DO_VISIT_CLOSED];

	bind_u64(update, 1, v->visit.n);
	bind_i64(update, 2, at.ms);
	bind_u64(update, 3, (uint64_t)v->end);
	return store_step(s, DO_VISIT_CLOSED, "closing a visit");
}

/* A line's money into, or with its sign turned out of, its visit and its customer's balance. */
static enum stored add_money(struct store *s, struct visit_id visit, struct customer customer,
			     struct money amount, int lines, int lines_ever)
{
	sqlite3_stmt *add = s->statement[DO_VISIT_ADD];
	sqlite3_stmt *balance = s->statement[DO_BALANCE];

	bind_u64(add, 1, visit.n);
	bind_i64(add, 2, lines);
	bind_i64(add, 3, lines_ever);
	bind_money(add, 4, amount);
	bind_u64(add, 5, lines_ever > 0 ? s->head.seq : 0);
	if (store_step(s, DO_VISIT_ADD, "adding to a visit") != STORED_OK)
		return STORED_FULL;
	bind_blob(balance, 1, customer.byte, sizeof(customer.byte));
	bind_money(balance, 2, amount);
	return store_step(s, DO_BALANCE, "adding to a balance");
}

static enum stored derive_line(struct store *s, struct wall at, const struct entry_line *l)
{
	sqlite3_stmt *insert = s->statement[DO_LINE];

	bind_u64(insert, 1, s->head.seq);
	bind_u64(insert, 2, l->visit.n);
	bind_text(insert, 3, l->key.text);
	bind_blob(insert, 4, l->customer.byte, sizeof(l->customer.byte));
	bind_u64(insert, 5, l->gtin.n);
	bind_text(insert, 6, l->name);
	bind_i64(insert, 7, l->quantity_milli);
	bind_money(insert, 8, l->unit_price);
	bind_money(insert, 9, l->total);
	bind_i64(insert, 10, l->vat_bp);
	bind_u64(insert, 11, (uint64_t)l->class);
	bind_u64(insert, 12, l->price_version);
	bind_i64(insert, 13, at.ms);
	bind_i64(insert, 14, l->scanned_at.ms);
	bind_i64(insert, 15, l->late);
	if (store_step(s, DO_LINE, "keeping a line") != STORED_OK)
		return STORED_FULL;
	return add_money(s, l->visit, l->customer, l->total, 1, 1);
}

static enum stored derive_voided(struct store *s, const struct entry_line_voided *l)
{
	sqlite3_stmt *update = s->statement[DO_LINE_VOIDED];
	struct customer customer;
	struct money total, back;
	int rc;

	bind_u64(update, 1, l->visit.n);
	bind_text(update, 2, l->key.text);
	bind_u64(update, 3, s->head.seq);
	/* RETURNING gives its row after the write is made; a void of nothing takes no money back */
	rc = sqlite3_step(update);
	if (rc == SQLITE_ROW) {
		CHECK(column_blob(update, 0, &customer, sizeof(customer)));
		total = column_money(update, 1);
		rc = sqlite3_step(update);
	} else if (rc == SQLITE_DONE) {
		panic(__FILE__, __LINE__, "ledger: a line was voided that is not there");
	}
	sqlite3_reset(update);
	if (rc != SQLITE_DONE && sql_full(s->writer.db, rc))
		return STORED_FULL;
	if (rc != SQLITE_DONE)
		sql_panic(s->writer.db, rc, "voiding a line");
	CHECK(money_compare(total, l->total) == 0 && money_sub(MONEY_ZERO, total, &back));
	return add_money(s, l->visit, customer, back, -1, 0);
}

enum stored derive_entry(struct store *s, const struct entry *e)
{
	enum stored stored = STORED_OK;

	switch (e->kind) {
	case ENTRY_START:
		stored = derive_clock(s, e->at, e->start.wall_trusted);
		return stored == STORED_OK ? derive_running(s, true) : stored;
	case ENTRY_STOP:
		return derive_running(s, false);
	case ENTRY_CLOCK:
		return derive_clock(s, e->at, e->clock.wall_trusted);
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
	case ENTRY_LOST:
		return STORED_OK; /* nothing follows from them but themselves */
	}
	return stored;
}
