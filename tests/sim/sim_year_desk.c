/*
 * sim_year_desk.c: what the shop's people and the bank do: goods come in and are counted, invoices
 * are paid, rightly or not, lines and whole invoices are credited. Every request is now and then
 * made twice, and must then change nothing.
 */
#include "sim_year.h"

#include <stdio.h>
#include <stdlib.h>

static enum desk_answer desk(struct year *y, struct desk_request *q, const char *what,
			     struct invoice_id *ret_invoice)
{
	struct desk_result *r = shop_ask(y, q);
	enum desk_answer answer = r->answer;

	if (answer != DESK_DONE && answer != DESK_REPEATED && answer != DESK_REFUSED)
		year_fail(y, "%s is answered %d: %s", what, answer, r->why);
	if (ret_invoice)
		*ret_invoice = r->invoice;
	snprintf(y->said, sizeof(y->said), "%s", r->why);
	desk_result_free(r);
	if (answer == DESK_DONE && year_one_in(y, 10)) {
		r = shop_ask(y, q);
		if (r->answer != DESK_REPEATED)
			year_fail(y, "%s asked twice is answered %d: %s", what, r->answer, r->why);
		desk_result_free(r);
	}
	return answer;
}

static void must(struct year *y, struct desk_request *q, const char *what)
{
	if (desk(y, q, what, NULL) == DESK_REFUSED)
		year_fail(y, "%s is refused: %s", what, y->said);
}

static void stock(struct year *y, enum movement kind, uint32_t article)
{
	const struct year_article *a = &y->article[article];
	struct desk_request q = {.kind = DESK_STOCK, .entry.kind = ENTRY_STOCK};
	struct entry_stock *s = &q.entry.stock;

	snprintf(s->key, sizeof(s->key), "s%u", y->stocks++);
	snprintf(s->by, sizeof(s->by), "owner");
	s->kind = kind;
	s->gtin = a->gtin;
	s->day = y->today;
	s->quantity_milli = 1000 * (1 + (int64_t)year_draw(y, kind == MOVEMENT_DELIVERY ? 60 : 3));
	if (a->weighed)
		s->quantity_milli += (int64_t)year_draw(y, 1000);
	if (kind == MOVEMENT_COUNT)
		s->quantity_milli = 1000 * (int64_t)year_draw(y, 40);
	if (kind == MOVEMENT_DELIVERY)
		s->unit_cost = money_of(a->price / 2 + (int64_t)year_draw(y, 200));
	must(y, &q, "a stock movement");
}

static void stock_moves(struct year *y)
{
	static const enum movement kinds[] = {MOVEMENT_DELIVERY, MOVEMENT_DELIVERY,
					      MOVEMENT_DELIVERY, MOVEMENT_COUNT,
					      MOVEMENT_WASTE,	 MOVEMENT_OWN_USE};

	if (year_one_in(y, 3))
		stock(y, kinds[year_draw(y, ARRAY_LEN(kinds))],
		      (uint32_t)year_draw(y, YEAR_ARTICLES));
}

/* --- payments */

static void payment(struct year *y, const struct year_invoice *i, int64_t amount, bool unknown)
{
	struct desk_request q = {.kind = DESK_PAYMENT, .entry.kind = ENTRY_PAYMENT};
	struct entry_payment *p = &q.entry.payment;

	snprintf(p->key, sizeof(p->key), "p%u", y->payments++);
	p->amount = money_of(amount);
	p->booked = y->today;
	if (!unknown) {
		p->invoice = i->id;
		p->customer = y->member[i->member];
	}
	must(y, &q, "a payment");
	if (unknown && year_one_in(y, 2)) {
		struct desk_request a = {.kind = DESK_ASSIGN, .entry.kind = ENTRY_PAYMENT_ASSIGNED};

		snprintf(a.entry.payment_assigned.key, sizeof(a.entry.payment_assigned.key), "%s",
			 p->key);
		snprintf(a.entry.payment_assigned.by, sizeof(a.entry.payment_assigned.by), "owner");
		a.entry.payment_assigned.customer = y->member[i->member];
		if (year_one_in(y, 2))
			a.entry.payment_assigned.invoice = i->id;
		must(y, &a, "whose payment it was");
		y->assigned++;
	}
}

/* Refused where the money paid another invoice, for this one was paid before. */
static void takes_back(struct year *y, const struct year_invoice *i)
{
	struct desk_request q = {.kind = DESK_PAYMENT, .entry.kind = ENTRY_PAYMENT};
	struct entry_payment *p = &q.entry.payment;

	snprintf(p->key, sizeof(p->key), "p%u", y->payments++);
	p->amount = money_of(-i->payable);
	p->booked = y->today;
	p->invoice = i->id;
	if (desk(y, &q, "a payment that went back", NULL) == DESK_DONE)
		y->taken_back++;
}

static void pay(struct year *y, struct year_invoice *i)
{
	uint64_t way = year_draw(y, 12);

	i->settled = true;
	if (i->payable <= 0)
		return;
	if (way == 0) { /* too little, the rest another day */
		payment(y, i, i->payable / 3 + 1, false);
		i->settled = year_one_in(y, 2);
	} else if (way == 1) {
		payment(y, i, i->payable + 5000, false);
	} else if (way == 2) {
		payment(y, i, i->payable, true);
	} else if (way == 3) { /* the bank takes it back */
		payment(y, i, i->payable, false);
		takes_back(y, i);
	} else {
		payment(y, i, i->payable, false);
	}
}

static void invoices_are_paid(struct year *y)
{
	for (uint32_t n = 0; n < y->invoices; n++)
		if (!y->invoice[n].settled && year_one_in(y, 20))
			pay(y, &y->invoice[n]);
}

/* --- credit */

static struct desk_request credit_request(struct year *y)
{
	struct desk_request q = {.kind = DESK_CREDIT, .entry.kind = ENTRY_CREDIT_NOTE};

	snprintf(q.entry.credit_note.key, sizeof(q.entry.credit_note.key), "c%u",
		 y->credits + y->notes + y->whole_notes + y->unknown++);
	snprintf(q.entry.credit_note.by, sizeof(q.entry.credit_note.by), "owner");
	snprintf(q.entry.credit_note.why, sizeof(q.entry.credit_note.why), "så, \"blev\" det");
	q.entry.credit_note.reason = (enum credit_reason)year_draw(y, CREDIT_REASONS);
	return q;
}

/* Whether of this member's invoices one is credited as a whole. */
static bool whole_credited(const struct year *y, uint32_t member)
{
	for (uint32_t i = 0; i < y->invoices; i++)
		if (y->invoice[i].member == member && y->invoice[i].credited)
			return true;
	return false;
}

static void line_is_credited(struct year *y)
{
	uint32_t at = y->lines ? (uint32_t)year_draw(y, y->lines < 400 ? y->lines : 400) : 0;
	struct year_line *l = &y->line[y->lines ? y->lines - 1 - at : 0];
	struct desk_request q = credit_request(y);
	struct invoice_id note;
	bool fresh = l->fate == FATE_HELD && !l->noted;

	if (y->lines == 0 || l->visit.n == y->open.n)
		return;
	q.visit = l->visit;
	snprintf(q.line.text, sizeof(q.line.text), "k%u", (uint32_t)(l - y->line));
	if (desk(y, &q, "a line's credit", &note) == DESK_REFUSED) {
		if (fresh && !whole_credited(y, l->member))
			year_fail(y, "line k%u cannot be credited: %s", (uint32_t)(l - y->line),
				  y->said);
		return;
	}
	if (!fresh) {
		year_fail(y, "line k%u is credited twice", (uint32_t)(l - y->line));
	} else if (note.n) {
		l->noted = true;
		y->notes++;
	} else {
		l->fate = FATE_CREDITED;
		y->credits++;
	}
}

static bool any_noted(const struct year *y, uint32_t member)
{
	for (uint32_t i = 0; i < y->lines; i++)
		if (y->line[i].member == member && y->line[i].noted)
			return true;
	return false;
}

static void invoice_is_credited(struct year *y)
{
	struct year_invoice *i = &y->invoice[year_draw(y, y->invoices ? y->invoices : 1)];
	struct desk_request q = credit_request(y);

	if (y->invoices == 0)
		return;
	q.entry.credit_note.invoice = i->id;
	if (desk(y, &q, "an invoice's credit", NULL) == DESK_REFUSED) {
		if (!i->credited && !any_noted(y, i->member))
			year_fail(y, "an invoice cannot be credited: %s", y->said);
	} else if (i->credited) {
		year_fail(y, "an invoice is credited twice");
	} else {
		i->credited = i->settled = true;
		y->whole_notes++;
	}
}

void desk_morning(struct year *y)
{
	stock_moves(y);
	invoices_are_paid(y);
	if (year_one_in(y, 6))
		line_is_credited(y);
	if (year_one_in(y, 50))
		invoice_is_credited(y);
}

void desk_invoices(struct year *y)
{
	sqlite3 *db = check_open(y);
	sqlite3_stmt *s;

	CHECK(sqlite3_prepare_v2(db,
				 "SELECT id, customer, payable, due FROM invoice"
				 " WHERE period = ? AND original = 0 ORDER BY id",
				 -1, &s, NULL) == SQLITE_OK);
	sqlite3_bind_int(s, 1, y->closed.n);
	while (sqlite3_step(s) == SQLITE_ROW) {
		struct year_invoice *i = &y->invoice[y->invoices];

		CHECK(y->invoices++ < YEAR_INVOICES);
		i->id.n = (uint64_t)sqlite3_column_int64(s, 0);
		while (memcmp(y->member[i->member].byte, sqlite3_column_blob(s, 1), 16) != 0)
			CHECK(++i->member < YEAR_MEMBERS);
		i->payable = sqlite3_column_int64(s, 2);
		i->due.n = sqlite3_column_int(s, 3);
	}
	sqlite3_finalize(s);
	sqlite3_close(db);
}
