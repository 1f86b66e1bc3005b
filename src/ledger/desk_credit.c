/*
 * desk_credit.c: what is taken back after the visit is over.
 *
 * A line that no invoice bears yet is simply no longer owed (ENTRY_LINE_CREDITED). What an invoice
 * bears is mirrored by a credit note, all of it or one line, with the next number of the same
 * series. Amounts are taken from the invoice, never reckoned anew: the note of the last line takes
 * what the notes before it have left, so that notes for every line together are the invoice to the
 * öre, in each rate and in what was to be paid, and never a moment more.
 */
#include "ledger/desk_inside.h"

#include <stdlib.h>

struct target {
	struct entry_invoice invoice; /* number 0: the line is on none */
	uint64_t seq;		      /* of the line; 0: the whole invoice */
	struct customer customer;
	struct money total;
	int32_t vat_bp;
};

/* Money of our own tables: a sum that does not fit is damage, not a case. */
static struct money less(struct desk *d, struct money a, struct money b)
{
	struct money rest;

	if (!money_sub(a, b, &rest))
		desk_damaged(d, "an amount past all bounds");
	return rest;
}

static struct money plus(struct desk *d, struct money a, struct money b)
{
	struct money sum;

	if (!money_add(a, b, &sum))
		desk_damaged(d, "an amount past all bounds");
	return sum;
}

static void read_rates(struct desk *d, struct entry_invoice *i)
{
	sqlite3_stmt *get = desk_get(d, DESK_GET_INVOICE_RATES);

	i->rates = 0;
	bind_u64(get, 1, i->invoice.n);
	bind_u64(get, 2, RATES_MAX);
	while (desk_row(d, DESK_GET_INVOICE_RATES)) {
		struct invoice_rate *rate = &i->rate[i->rates++];

		rate->vat_bp = (int32_t)column_i64(get, 0);
		rate->gross = column_money(get, 1);
		rate->base = column_money(get, 2);
		rate->vat = column_money(get, 3);
		rate->posted = column_money(get, 4);
	}
}

/* An invoice as it was made. False: there is none; refused where it is a credit note. */
static bool read_invoice(struct desk *d, struct invoice_id id, struct entry_invoice *i,
			 struct desk_result *r)
{
	sqlite3_stmt *get = desk_get(d, DESK_GET_INVOICE);
	bool note;

	if (id.n > INT64_MAX)
		id.n = 0;
	bind_u64(get, 1, id.n);
	if (!desk_row(d, DESK_GET_INVOICE)) {
		desk_refuse(r, "there is no such invoice");
		return false;
	}
	*i = (struct entry_invoice){.invoice = id};
	if (!column_blob(get, 2, &i->customer, sizeof(i->customer)))
		desk_damaged(d, "an invoice without its customer");
	i->issued.n = (int32_t)column_i64(get, 4);
	i->lines = (uint32_t)column_i64(get, 6);
	i->gross = column_money(get, 7);
	i->rounding = column_money(get, 8);
	i->payable = column_money(get, 9);
	note = column_i64(get, 10) != 0;
	desk_done(d, DESK_GET_INVOICE);
	if (note) {
		desk_refuse(r, "that is a credit note itself: there is nothing on it to credit");
		return false;
	}
	read_rates(d, i);
	return true;
}

/* --- what the notes of an invoice have taken */

struct noted {
	struct money gross, payable;
	struct invoice_id whole, of_line, any; /* 0: there is none */
};

static struct noted read_notes(struct desk *d, struct invoice_id invoice, uint64_t line)
{
	sqlite3_stmt *get = desk_get(d, DESK_GET_NOTES);
	struct noted n = {0};

	bind_u64(get, 1, invoice.n);
	while (desk_row(d, DESK_GET_NOTES)) {
		struct invoice_id id = {(uint64_t)column_i64(get, 0)};
		uint64_t of = (uint64_t)column_i64(get, 1);

		n.any = id;
		if (of == 0)
			n.whole = id;
		else if (of == line)
			n.of_line = id;
		n.gross = plus(d, n.gross, column_money(get, 2));
		n.payable = plus(d, n.payable, column_money(get, 3));
	}
	return n;
}

static enum stored refuse_number(struct desk_result *r, const char *what, struct invoice_id id)
{
	return desk_refuse(r, "%s: see credit note %d-%06u", what, number_year(id),
			   number_counter(id));
}

/* --- one line of an invoice */

/* A line of `paper` as its invoice bore it; the deposit stands apart. */
static void read_paper_line(sqlite3_stmt *get, struct paper_line *l)
{
	struct money total = column_money(get, 2);

	*l = (struct paper_line){.seq = (uint64_t)column_i64(get, 0),
				 .vat_bp = (int32_t)column_i64(get, 1),
				 .deposit = column_money(get, 3)};
	if (!money_sub(total, l->deposit, &l->gross))
		l->gross = MONEY_ZERO;
}

/* The line with its share of the invoice's net, spread as on the paper. */
static struct paper_line spread_line(struct desk *d, const struct target *t)
{
	const struct entry_invoice *i = &t->invoice;
	size_t n = i->lines ? i->lines : 1;
	struct paper_line *line = calloc(n, sizeof(*line)), found = {0};
	struct paper_room room = {.gross = calloc(2 * n, sizeof(*room.gross)),
				  .net = calloc(2 * n, sizeof(*room.net)),
				  .order = calloc(2 * n, sizeof(*room.order))};
	struct paper paper = {.rates = i->rates, .line = line};
	sqlite3_stmt *get = desk_get(d, DESK_GET_INVOICE_LINES);

	CHECK(line && room.gross && room.net && room.order);
	memcpy(paper.rate, i->rate, sizeof(paper.rate));
	bind_u64(get, 1, i->invoice.n);
	while (desk_row(d, DESK_GET_INVOICE_LINES)) {
		if (paper.lines == i->lines)
			desk_damaged(d, "an invoice with more lines than it says");
		read_paper_line(get, &line[paper.lines++]);
	}
	if (!paper_spread(&paper, room))
		desk_damaged(d, "an invoice whose lines are not its sums");
	for (uint32_t k = 0; k < paper.lines; k++)
		if (line[k].seq == t->seq)
			found = line[k];
	free(line);
	free(room.gross);
	free(room.net);
	free(room.order);
	return found;
}

/* What the notes before this one have left of the rate's VAT and of what was to be paid: never more
 * than that; and all of it, when with this line nothing of the rate, or the invoice, is left. */
static void leave_nothing(struct desk *d, const struct target *t, const struct noted *noted,
			  struct entry_credit_note *n)
{
	sqlite3_stmt *get = desk_get(d, DESK_GET_NOTES_RATE);
	const struct entry_invoice *i = &t->invoice;
	struct invoice_rate *rate = &n->rate[0];
	struct money gross_left = MONEY_ZERO, vat_left = MONEY_ZERO, left;

	bind_u64(get, 1, i->invoice.n);
	bind_i64(get, 2, rate->vat_bp);
	if (!desk_row(d, DESK_GET_NOTES_RATE))
		desk_damaged(d, "the credit notes of an invoice");
	for (uint32_t k = 0; k < i->rates; k++)
		if (i->rate[k].vat_bp == rate->vat_bp) {
			gross_left = less(d, i->rate[k].gross, column_money(get, 0));
			vat_left = less(d, i->rate[k].vat, column_money(get, 1));
		}
	desk_done(d, DESK_GET_NOTES_RATE);
	if (money_compare(rate->gross, gross_left) == 0 || money_compare(rate->vat, vat_left) > 0)
		rate->vat = vat_left;
	rate->posted = rate->vat;
	left = less(d, i->payable, noted->payable);
	if (money_compare(n->gross, less(d, i->gross, noted->gross)) == 0 ||
	    money_compare(n->payable, left) > 0)
		n->payable = left;
	n->rounding = less(d, n->payable, plus(d, rate->base, rate->vat));
}

/* --- the judge */

/* The invoice that bears a line; false: none does. */
static bool bearing(struct desk *d, const struct target *t, struct invoice_id *ret)
{
	sqlite3_stmt *get = desk_get(d, DESK_GET_LINE_INVOICE);

	bind_blob(get, 1, t->customer.byte, sizeof(t->customer.byte));
	bind_u64(get, 2, t->seq);
	if (!desk_row(d, DESK_GET_LINE_INVOICE))
		return false;
	ret->n = (uint64_t)column_i64(get, 0);
	desk_done(d, DESK_GET_LINE_INVOICE);
	return true;
}

static bool find_line(struct desk *d, const struct desk_request *q, struct target *t)
{
	sqlite3_stmt *get = desk_get(d, DESK_GET_LINE_OF_KEY);

	if (q->visit.n > INT64_MAX ||
	    !name_valid(q->line.text, (uint32_t)strnlen(q->line.text, sizeof(q->line.text))))
		return false;
	bind_u64(get, 1, q->visit.n);
	bind_text(get, 2, q->line.text);
	if (!desk_row(d, DESK_GET_LINE_OF_KEY))
		return false;
	t->seq = (uint64_t)column_i64(get, 0);
	desk_done(d, DESK_GET_LINE_OF_KEY);
	return true;
}

/* Reads the line and says whether it may be credited. */
static bool line_stands(struct desk *d, struct target *t, struct desk_result *r)
{
	sqlite3_stmt *get = desk_get(d, DESK_GET_LINE);
	bool voided, credited, over;

	bind_u64(get, 1, t->seq);
	if (!desk_row(d, DESK_GET_LINE) || !column_blob(get, 1, &t->customer, sizeof(t->customer)))
		desk_damaged(d, "a line of a visit is not there");
	t->total = column_money(get, 2);
	t->vat_bp = (int32_t)column_i64(get, 4);
	voided = column_i64(get, 5) != 0;
	credited = column_i64(get, 6) != 0;
	over = column_i64(get, 7) != 0;
	desk_done(d, DESK_GET_LINE);
	if (voided)
		desk_refuse(r, "that line was taken back in the visit: nothing is owed for it");
	else if (credited)
		desk_refuse(r, "that line is credited already, and on no invoice");
	else if (!over)
		desk_refuse(r, "the visit is still open: take the line back in the visit");
	else
		return true;
	return false;
}

/* The same request again. */
static enum stored repeat(const struct entry *was, const struct desk_request *q,
			  const struct target *t, struct desk_result *r)
{
	const struct entry_credit_note *is = &q->entry.credit_note;
	const char *why, *by;
	enum credit_reason reason;
	bool same;

	if (was->kind == ENTRY_CREDIT_NOTE) {
		const struct entry_credit_note *n = &was->credit_note;

		same = n->line == t->seq && (t->seq != 0 || n->invoice.n == is->invoice.n);
		why = n->why;
		by = n->by;
		reason = n->reason;
		r->invoice = n->credit_note;
	} else if (was->kind == ENTRY_LINE_CREDITED) {
		same = was->line_credited.line == t->seq;
		why = was->line_credited.why;
		by = was->line_credited.by;
		reason = was->line_credited.reason;
	} else {
		return desk_refuse(r, "key_reused: this key was given to something else");
	}
	if (!same || reason != is->reason || strcmp(why, is->why) != 0 || strcmp(by, is->by) != 0) {
		r->invoice.n = 0;
		return desk_refuse(r, "key_reused: this key was given to another credit");
	}
	r->answer = DESK_REPEATED;
	return STORED_OK;
}

static enum stored credit_unbilled(struct desk *d, const struct desk_request *q,
				   const struct target *t, struct desk_result *r)
{
	const struct entry_credit_note *is = &q->entry.credit_note;
	struct entry e = {.kind = ENTRY_LINE_CREDITED, .at = q->at};
	struct entry_line_credited *c = &e.line_credited;
	struct balance before = desk_balance(d, t->customer);
	enum stored stored;

	c->line = t->seq;
	c->customer = t->customer;
	c->total = t->total;
	c->reason = is->reason;
	memcpy(c->why, is->why, sizeof(c->why));
	memcpy(c->by, is->by, sizeof(c->by));
	memcpy(c->key, is->key, sizeof(c->key));
	stored = desk_append(d, &e, r);
	if (stored == STORED_OK) {
		desk_changed(d, &before, r);
		if (d->close)
			close_credited(d->close, t->customer);
	}
	return stored;
}

/* Fills in the note's amounts. False: it is refused. */
static bool mirror(struct desk *d, const struct target *t, struct entry_credit_note *n,
		   struct desk_result *r)
{
	struct noted noted = read_notes(d, t->invoice.invoice, t->seq);
	struct paper_line line;

	if (noted.whole.n != 0) {
		refuse_number(r, "that invoice is credited already, all of it", noted.whole);
		return false;
	}
	if (t->seq == 0 && noted.any.n != 0) {
		refuse_number(r,
			      "a line of that invoice is credited already, so credit its other "
			      "lines one by one",
			      noted.any);
		return false;
	}
	if (noted.of_line.n != 0) {
		refuse_number(r, "that line is credited already", noted.of_line);
		return false;
	}
	if (t->seq == 0) {
		credit_whole(&t->invoice, n);
		return true;
	}
	line = spread_line(d, t);
	if (line.seq == 0)
		desk_damaged(d, "an invoice without a line that it bears");
	credit_line(&line, n);
	n->invoice = t->invoice.invoice;
	n->customer = t->invoice.customer;
	leave_nothing(d, t, &noted, n);
	return true;
}

static enum stored credit_invoice(struct desk *d, const struct desk_request *q,
				  const struct target *t, struct desk_result *r)
{
	struct entry e = {
		.kind = ENTRY_CREDIT_NOTE, .at = q->at, .credit_note = q->entry.credit_note};
	struct entry_credit_note *n = &e.credit_note;
	struct balance before = desk_balance(d, t->invoice.customer);
	enum stored stored;

	if (!q->clock_trusted)
		return desk_refuse(r, "the shop's clock is not trusted, and a credit note needs "
				      "its day: shopctl clock trust, or wait for the network");
	if (q->today.n < t->invoice.issued.n)
		return desk_refuse(r, "by the shop's clock that invoice is of a day to come");
	if (!mirror(d, t, n, r))
		return STORED_OK;
	n->issued = q->today;
	if (!desk_next_number(d, q->today, &n->credit_note))
		return desk_refuse(r, "this year's numbers are used up: there are %d",
				   INVOICE_COUNTER_MAX);
	stored = desk_append(d, &e, r);
	if (stored == STORED_OK) {
		r->invoice = n->credit_note;
		desk_changed(d, &before, r);
	}
	return stored;
}

enum stored desk_credit(struct desk *d, const struct desk_request *q, struct desk_result *r)
{
	const struct entry_credit_note *is = &q->entry.credit_note;
	struct target t = {0};
	struct invoice_id bears = is->invoice;
	struct entry earlier;

	if (desk_key_bad(is->key, r) || desk_by_bad(is->by, r) ||
	    desk_text_bad("the reason", is->why, sizeof(is->why), r))
		return STORED_OK;
	if ((uint32_t)is->reason >= CREDIT_REASONS)
		return desk_refuse(r, "why it is credited is not told");
	if (q->visit.n != 0 && !find_line(d, q, &t))
		return desk_refuse(r, "there is no such line in that visit");
	if (desk_key(d, is->key, &r->seq, &earlier))
		return repeat(&earlier, q, &t, r);
	if (t.seq != 0) {
		if (!line_stands(d, &t, r))
			return STORED_OK;
		if (!bearing(d, &t, &bears))
			return credit_unbilled(d, q, &t, r);
	}
	if (!read_invoice(d, bears, &t.invoice, r))
		return STORED_OK;
	return credit_invoice(d, q, &t, r);
}
