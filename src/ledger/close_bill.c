/*
 * close_bill.c: invoices for the households that were gathered, as many in a transaction as a slice
 * allows. A number is taken in the transaction that writes its invoice, so a crash leaves no gap
 * and nothing half made: who comes after it finds whole invoices, and goes on with the lines that
 * are on none.
 *
 * A household whose lines one invoice cannot hold gets several: each takes the lines that fit, in
 * their order, and leaves the others to the next.
 */
#include "ledger/close.h"

#include <stdlib.h>

#include "books/chart.h"
#include "ledger/pack.h"

/* Line numbers on their way into entries. */
struct packing {
	struct entry e;
	uint64_t last; /* packed before, in this entry */
};

static enum stored flush_lines(struct desk *d, struct packing *p)
{
	struct entry_invoice_lines *l = &p->e.invoice_lines;
	enum stored stored;

	if (l->lines == 0)
		return STORED_OK;
	stored = store_append(d->store, &p->e);
	l->lines = l->packed_len = 0;
	p->last = 0;
	return stored;
}

static enum stored pack_line(struct desk *d, struct packing *p, uint64_t seq)
{
	struct entry_invoice_lines *l = &p->e.invoice_lines;

	if (l->packed_len + PACK_VARINT_MAX > INVOICE_PACKED_MAX && flush_lines(d, p) != STORED_OK)
		return STORED_FULL;
	CHECK(seq > p->last);
	l->packed_len += pack_put_varint(l->packed + l->packed_len, seq - p->last);
	l->lines++;
	p->last = seq;
	return STORED_OK;
}

struct wall close_now(const struct close *c)
{
	return (struct wall){c->request.at.ms + (thread_mono().ms - c->began.ms)};
}

static struct packing packing_of(const struct close *c, struct invoice_id number)
{
	return (struct packing){.e = {.kind = ENTRY_INVOICE_LINES,
				      .at = close_now(c),
				      .invoice_lines = {.invoice = number}}};
}

/* --- one invoice */

static enum stored write_invoice(struct desk *d, struct close *c, const struct household *h,
				 struct invoice_id number, struct desk_result *r)
{
	struct entry e = {.kind = ENTRY_INVOICE, .at = close_now(c)};
	struct entry_invoice *i = &e.invoice;
	struct balance before = desk_balance(d, h->customer);
	enum stored stored;

	invoice_make(&h->sum, i);
	i->invoice = number;
	i->customer = h->customer;
	i->period = c->request.period;
	i->issued = c->request.today;
	i->due.n = i->issued.n + c->request.policy.due_days;
	stored = store_append(d->store, &e);
	if (stored != STORED_OK)
		return stored;
	desk_changed(d, &before, r);
	c->invoices++;
	return STORED_OK;
}

static bool take_number(struct desk *d, const struct close *c, struct invoice_id *ret,
			struct desk_result *r)
{
	if (desk_next_number(d, c->request.today, ret))
		return true;
	desk_refuse(r, "this year's invoice numbers are used up, all %d of them",
		    INVOICE_COUNTER_MAX);
	return false;
}

/* A rate whose accounts are gone could not be posted. */
static bool rates_known(const struct invoice_sum *s, const struct entry_chart *chart,
			struct desk_result *r)
{
	for (uint32_t i = 0; i < s->rates; i++)
		if (!chart_rate(chart, s->rate[i].vat_bp)) {
			desk_refuse(r,
				    "goods were sold at a VAT rate of %d.%02d %%, for which the "
				    "chart of accounts has no accounts",
				    s->rate[i].vat_bp / 100, s->rate[i].vat_bp % 100);
			return false;
		}
	return true;
}

static bool rolls(const struct close *c, const struct household *h)
{
	const struct close_policy *p = &c->request.policy;

	return invoice_rolls(h->sum.gross, h->oldest, c->request.period, p->roll_least,
			     p->roll_months);
}

/* All of a household's lines, as they were gathered. */
static enum stored bill_whole(struct desk *d, struct close *c, struct household *h,
			      struct desk_result *r)
{
	struct invoice_id number;
	struct packing p;

	if (rolls(c, h) || !take_number(d, c, &number, r))
		return STORED_OK;
	p = packing_of(c, number);
	for (uint32_t i = h->first; i != NO_LINE; i = c->line[i].next)
		if (pack_line(d, &p, c->low + c->line[i].at) != STORED_OK)
			return STORED_FULL;
	if (flush_lines(d, &p) != STORED_OK)
		return STORED_FULL;
	return write_invoice(d, c, h, number, r);
}

/* --- a household apart */

/* Takes what fits from the chain into h->sum and marks it; the lines that no longer stand leave the
 * chain. How many others there are. */
static uint32_t fit_lines(struct desk *d, struct close *c, struct household *h, bool *fits)
{
	uint32_t left = 0, n = 0;

	h->sum = (struct invoice_sum){0};
	for (uint32_t i = h->first; i != NO_LINE; i = c->line[i].next, n++) {
		sqlite3_stmt *get = desk_get(d, DESK_GET_LINE_MONEY);

		bind_u64(get, 1, c->low + c->line[i].at);
		fits[n] = false;
		if (!desk_row(d, DESK_GET_LINE_MONEY)) {
			c->line[i].at = NO_LINE; /* credited since */
			continue;
		}
		fits[n] = invoice_add(&h->sum, (int32_t)column_i64(get, 1), column_money(get, 0),
				      column_money(get, 2));
		left += !fits[n];
		desk_done(d, DESK_GET_LINE_MONEY);
	}
	return left;
}

/* Packs the lines that fit; the chain is then of those that do not. */
static enum stored pack_fitting(struct desk *d, struct close *c, struct household *h,
				struct packing *p, const bool *fits)
{
	uint32_t last = NO_LINE, next, n = 0;
	uint32_t i = h->first;

	h->first = NO_LINE;
	for (; i != NO_LINE; i = next, n++) {
		next = c->line[i].next;
		if (c->line[i].at == NO_LINE)
			continue;
		if (fits[n]) {
			if (pack_line(d, p, c->low + c->line[i].at) != STORED_OK)
				return STORED_FULL;
			continue;
		}
		if (last == NO_LINE)
			h->first = i;
		else
			c->line[last].next = i;
		c->line[i].next = NO_LINE;
		last = i;
	}
	h->last = last;
	return flush_lines(d, p);
}

static uint32_t chain_lines(const struct close *c, const struct household *h)
{
	uint32_t n = 0;

	for (uint32_t i = h->first; i != NO_LINE; i = c->line[i].next)
		n++;
	return n;
}

/* One invoice of a household that needs its lines read again; the rest of it stays. */
static enum stored bill_part(struct desk *d, struct close *c, struct household *h,
			     struct desk_result *r)
{
	bool *fits = calloc(chain_lines(c, h) + 1, sizeof(*fits));
	struct invoice_id number;
	struct packing p;
	enum stored stored = STORED_OK;
	bool whole;

	CHECK(fits);
	whole = fit_lines(d, c, h, fits) == 0;
	if (h->sum.lines == 0 || (whole && rolls(c, h)) || !rates_known(&h->sum, &d->chart, r) ||
	    !take_number(d, c, &number, r)) {
		h->first = NO_LINE;
		free(fits);
		return STORED_OK;
	}
	p = packing_of(c, number);
	stored = pack_fitting(d, c, h, &p, fits);
	free(fits);
	return stored == STORED_OK ? write_invoice(d, c, h, number, r) : stored;
}

/* --- the slice */

static enum stored bill_next(struct desk *d, struct close *c, struct slice *s,
			     struct desk_result *r)
{
	struct household *h = &c->household[c->next];
	uint32_t lines = h->sum.lines;
	enum stored stored;

	if (h->first == NO_LINE || h->served) {
		c->next++;
		slice_spend(s, 1);
		return STORED_OK;
	}
	if (h->apart) {
		stored = bill_part(d, c, h, r);
		lines = h->sum.lines;
		if (h->first == NO_LINE)
			c->next++;
	} else if (rates_known(&h->sum, &d->chart, r)) {
		stored = bill_whole(d, c, h, r);
		c->next++;
	} else {
		stored = STORED_OK;
	}
	slice_spend(s, lines + 1);
	return stored;
}

enum stored bill_slice(struct desk *d, struct close *c, struct slice *s, struct desk_result *r)
{
	uint32_t next = c->next, invoices = c->invoices, changes = r->changes;
	enum stored stored = store_begin(d->store);

	if (!desk_chart_on_record(d, &d->chart))
		d->chart = chart_bas();
	while (stored == STORED_OK && r->answer != DESK_REFUSED && c->next < c->households &&
	       !s->over)
		stored = bill_next(d, c, s, r);
	if (stored == STORED_OK)
		stored = store_commit(d->store);
	if (stored != STORED_OK) {
		store_rollback(d->store);
		c->next = next;
		c->invoices = invoices;
		r->changes = changes;
	}
	return stored;
}
