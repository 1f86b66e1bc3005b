/*
 * restore_books.c: what a box had done with money since, held against what the office knows.
 *
 * A fact about money holds once. A request whose key is on record was done; a line that an invoice
 * of the office's bears is not taken back any more as if it were on none; a number that is given is
 * not given again, and the series has no gap. What is left out is not lost: a line whose invoice
 * could not be is on none, and the next close bills it. A closed month is not told again at all:
 * its sums were over other entries. The shop closes it again, as after a close that was cut short.
 */
#include "ledger/restore_again.h"

#include <stdlib.h>

#include "books/number.h"
#include "ledger/pack.h"

struct a_line {
	uint64_t seq;
	struct customer customer;
	struct money total, vat;
	int32_t vat_bp;
	bool taken_back, sure;
};

static bool find_line(struct again *a, uint64_t seq, struct a_line *ret)
{
	sqlite3_stmt *get = again_get(a, AGAIN_LINE);

	if (seq == 0)
		return false;
	bind_u64(get, 1, seq);
	if (!again_row(a, AGAIN_LINE))
		return false;
	*ret = (struct a_line){
		.seq = seq,
		.total = column_money(get, 1),
		.vat_bp = (int32_t)column_i64(get, 2),
		.vat = column_money(get, 3),
		.taken_back = column_i64(get, 4) != 0,
		.sure = column_i64(get, 5) != 0,
	};
	if (!column_blob(get, 0, &ret->customer, sizeof(ret->customer)))
		seq = 0;
	again_done(a, AGAIN_LINE);
	return seq != 0;
}

static bool borne(struct again *a, const struct a_line *l)
{
	sqlite3_stmt *get = again_get(a, AGAIN_BORNE);

	bind_blob(get, 1, l->customer.byte, sizeof(l->customer.byte));
	bind_u64(get, 2, l->seq);
	if (!again_row(a, AGAIN_BORNE))
		return false;
	again_done(a, AGAIN_BORNE);
	return true;
}

/* Whether a line is owed, and on no invoice. */
static bool is_free(struct again *a, const struct a_line *l)
{
	if (l->taken_back)
		again_left(a, "line %llu is taken back already", (unsigned long long)l->seq);
	else if (borne(a, l))
		again_left(a, "line %llu is on an invoice already", (unsigned long long)l->seq);
	else
		return true;
	return false;
}

enum again_verdict again_voided(struct again *a, const struct entry_line_voided *v)
{
	sqlite3_stmt *get = again_get(a, AGAIN_LINE_OF_KEY);
	uint64_t seq = 0;
	struct a_line l;

	bind_u64(get, 1, v->visit.n);
	bind_text(get, 2, v->key.text);
	if (again_row(a, AGAIN_LINE_OF_KEY)) {
		seq = (uint64_t)column_i64(get, 0);
		again_done(a, AGAIN_LINE_OF_KEY);
	}
	if (!find_line(a, seq, &l))
		return again_left(a, "the line that it takes back is not there");
	if (money_compare(l.total, v->total) != 0)
		return again_left(a, "line %llu is of another amount", (unsigned long long)seq);
	return is_free(a, &l) ? AGAIN_APPEND : AGAIN_LEFT;
}

/* --- numbers */

/* A number is the next of its year, or the series would have a gap, or one twice. */
static bool is_next(struct again *a, struct invoice_id id)
{
	sqlite3_stmt *get = again_get(a, AGAIN_NEWEST);
	int32_t year = number_year(id);
	uint64_t newest = 0;

	if (!number_valid(id))
		return false;
	bind_u64(get, 1, number_of(year, 1).n);
	bind_u64(get, 2, number_of(year, INVOICE_COUNTER_MAX).n);
	if (again_row(a, AGAIN_NEWEST)) {
		newest = (uint64_t)column_i64(get, 0);
		again_done(a, AGAIN_NEWEST);
	}
	return newest == 0 ? number_counter(id) == 1 : id.n == newest + 1;
}

static enum again_verdict not_next(struct again *a, struct invoice_id id)
{
	return again_left(a, "the number %d-%06u is given, or is not the next", number_year(id),
			  number_counter(id));
}

/* --- an invoice */

struct bill {
	uint64_t *line;
	uint32_t lines, size;
	struct money gross[RATES_MAX], posted[RATES_MAX];
};

static int ascending(const void *x, const void *y)
{
	uint64_t p = *(const uint64_t *)x, q = *(const uint64_t *)y;

	return (p > q) - (p < q);
}

/* One line onto the bill; false: it cannot be on it. */
static bool bill_line(struct again *a, const struct entry_invoice *i, struct bill *b, uint64_t own)
{
	struct a_line l;

	if (!find_line(a, again_now(a, own), &l)) {
		again_left(a, "line %llu, which it bears, is not there", (unsigned long long)own);
		return false;
	}
	if (!is_free(a, &l))
		return false;
	if (!l.sure || !customer_is(l.customer, i->customer)) {
		again_left(a, "line %llu, which it bears, is not as it was",
			   (unsigned long long)l.seq);
		return false;
	}
	for (uint32_t k = 0; k < i->rates; k++)
		if (i->rate[k].vat_bp == l.vat_bp &&
		    (!money_add(b->gross[k], l.total, &b->gross[k]) ||
		     !money_add(b->posted[k], l.vat, &b->posted[k])))
			return false;
	if (b->lines == b->size) {
		b->size = b->size ? 2 * b->size : 64;
		b->line = realloc(b->line, b->size * sizeof(*b->line));
		CHECK(b->line);
	}
	b->line[b->lines++] = l.seq;
	return true;
}

static bool bill_lines(struct again *a, const struct entry_invoice *i, struct bill *b)
{
	uint64_t step;

	for (uint32_t p = 0; p < a->packs; p++) {
		const struct entry_invoice_lines *l = &a->pack[p].invoice_lines;
		struct span packed = {l->packed, l->packed_len};
		uint64_t own = 0;

		while (packed.len > 0) {
			if (l->invoice.n != i->invoice.n || !span_take_varint(&packed, &step)) {
				again_left(a, "its lines cannot be read");
				return false;
			}
			own += step;
			if (!bill_line(a, i, b, own))
				return false;
		}
	}
	return true;
}

/* Whether the lines come to what it says. */
static bool adds_up(struct again *a, const struct entry_invoice *i, struct bill *b)
{
	bool same = b->lines == i->lines;

	for (uint32_t k = 0; k < i->rates; k++)
		same = same && money_compare(b->gross[k], i->rate[k].gross) == 0 &&
		       money_compare(b->posted[k], i->rate[k].posted) == 0;
	if (b->lines > 0)
		qsort(b->line, b->lines, sizeof(*b->line), ascending);
	for (uint32_t k = 1; k < b->lines; k++)
		same = same && b->line[k] != b->line[k - 1];
	if (!same)
		again_left(a, "its lines come to something else now");
	return same;
}

/* The lines by their numbers of now, into as many entries as before or a few more. */
static void pack_lines(struct again *a, const struct bill *b)
{
	struct entry one = a->pack[0];
	struct entry_invoice_lines *l = NULL;
	uint64_t last = 0;

	a->packs = 0;
	for (uint32_t k = 0; k < b->lines; k++) {
		if (!l || l->packed_len + PACK_VARINT_MAX > INVOICE_PACKED_MAX) {
			if (a->packs == a->packs_size) {
				a->packs_size *= 2;
				a->pack = realloc(a->pack, a->packs_size * sizeof(*a->pack));
				CHECK(a->pack);
			}
			a->pack[a->packs] = one;
			l = &a->pack[a->packs++].invoice_lines;
			l->lines = l->packed_len = 0;
			last = 0;
		}
		l->packed_len += pack_put_varint(l->packed + l->packed_len, b->line[k] - last);
		l->lines++;
		last = b->line[k];
	}
}

enum again_verdict again_invoice(struct again *a, const struct entry_invoice *i)
{
	struct bill b = {0};
	bool holds;

	if (!is_next(a, i->invoice))
		return not_next(a, i->invoice);
	for (uint32_t k = 0; k < RATES_MAX; k++)
		b.gross[k] = b.posted[k] = MONEY_ZERO;
	holds = bill_lines(a, i, &b) && adds_up(a, i, &b);
	if (holds && a->packs > 0)
		pack_lines(a, &b);
	free(b.line);
	return holds ? AGAIN_APPEND : AGAIN_LEFT;
}

/* --- what is credited */

static bool on_invoice(struct again *a, struct invoice_id invoice, uint64_t line)
{
	sqlite3_stmt *get = again_get(a, AGAIN_ON_INVOICE);

	bind_u64(get, 1, invoice.n);
	bind_u64(get, 2, line);
	if (!again_row(a, AGAIN_ON_INVOICE))
		return false;
	again_done(a, AGAIN_ON_INVOICE);
	return true;
}

static bool is_invoice_of(struct again *a, struct invoice_id id, struct customer customer)
{
	sqlite3_stmt *get = again_get(a, AGAIN_INVOICE);
	struct customer whose;
	bool is;

	bind_u64(get, 1, id.n);
	if (!again_row(a, AGAIN_INVOICE))
		return false;
	is = column_i64(get, 1) == 0 && column_blob(get, 0, &whose, sizeof(whose)) &&
	     customer_is(whose, customer);
	again_done(a, AGAIN_INVOICE);
	return is;
}

/* Whether what is left of the invoice is what the note was made from. */
static bool is_left_to_credit(struct again *a, const struct entry_credit_note *n)
{
	sqlite3_stmt *get = again_get(a, AGAIN_NOTES);
	bool found, left;

	bind_u64(get, 1, n->invoice.n);
	bind_u64(get, 2, n->line);
	bind_u64(get, 3, a->common);
	bind_u64(get, 4, a->office);
	found = again_row(a, AGAIN_NOTES);
	CHECK(found); /* sums always have a row */
	/* none of the whole, none of this line, none that the box did not know of */
	left = column_i64(get, 1) == 0 && column_i64(get, 2) == 0 && column_i64(get, 3) == 0 &&
	       (n->line != 0 || column_i64(get, 0) == 0);
	again_done(a, AGAIN_NOTES);
	return left;
}

static enum again_verdict credit_note(struct again *a, struct entry_credit_note *n,
				      uint64_t *ret_seq)
{
	uint64_t line = n->line;

	if (again_key(a, n->key, ret_seq))
		return AGAIN_THERE;
	if (!is_next(a, n->credit_note))
		return not_next(a, n->credit_note);
	if (!is_invoice_of(a, n->invoice, n->customer))
		return again_left(a, "the invoice that it credits is not there");
	if (line != 0)
		n->line = again_now(a, line);
	if (line != 0 && (n->line == 0 || !on_invoice(a, n->invoice, n->line)))
		return again_left(a, "the line that it credits is not on that invoice");
	if (!is_left_to_credit(a, n))
		return again_left(a, "the invoice is credited already");
	return n->line == line ? AGAIN_APPEND : AGAIN_CHANGED;
}

static enum again_verdict line_credited(struct again *a, struct entry_line_credited *c,
					uint64_t *ret_seq)
{
	uint64_t line = c->line;
	struct a_line l;

	if (again_key(a, c->key, ret_seq))
		return AGAIN_THERE;
	c->line = again_now(a, line);
	if (!find_line(a, c->line, &l) || money_compare(l.total, c->total) != 0)
		return again_left(a, "the line that it credits is not there");
	if (!is_free(a, &l))
		return AGAIN_LEFT;
	return c->line == line ? AGAIN_APPEND : AGAIN_CHANGED;
}

/* --- money that came in */

static enum again_verdict assigned(struct again *a, const struct entry_payment_assigned *p)
{
	sqlite3_stmt *get = again_get(a, AGAIN_PAYMENT);
	bool nobodys;

	bind_text(get, 1, p->key);
	if (!again_row(a, AGAIN_PAYMENT))
		return again_left(a, "the payment is not there");
	nobodys = column_i64(get, 0) != 0;
	again_done(a, AGAIN_PAYMENT);
	return nobodys ? AGAIN_APPEND : again_left(a, "the payment is somebody's already");
}

enum again_verdict again_books(struct again *a, struct entry *e, uint64_t *ret_seq)
{
	switch ((int)e->kind) {
	case ENTRY_TAX:
	case ENTRY_CHART:
		/* which hold, the shop tells as it starts; an older one would hold until then */
		return AGAIN_THERE;
	case ENTRY_CREDIT_NOTE:
		return credit_note(a, &e->credit_note, ret_seq);
	case ENTRY_LINE_CREDITED:
		return line_credited(a, &e->line_credited, ret_seq);
	case ENTRY_PERIOD_CLOSED:
		return again_left(a, "the month is closed again, over all that there is now");
	case ENTRY_STOCK:
		return again_key(a, e->stock.key, ret_seq) ? AGAIN_THERE : AGAIN_APPEND;
	case ENTRY_PAYMENT:
		return again_key(a, e->payment.key, ret_seq) ? AGAIN_THERE : AGAIN_APPEND;
	case ENTRY_PAYMENT_ASSIGNED:
		return assigned(a, &e->payment_assigned);
	}
	return AGAIN_APPEND;
}
