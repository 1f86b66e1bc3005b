/*
 * credit_mirror.c: what a credit note says.
 *
 * Amounts are taken from the invoice, never reckoned anew. The note of one line shows the share
 * that this line had of its rate's base, and the VAT of that share: a document's VAT has to be its
 * base's (EN 16931, BR-CO-17), so the öre that the notes' VAT is off the invoice's stands in their
 * rounding. Notes for every line together are the invoice to the öre in gross, base and what was to
 * be paid, of which the last takes what is left, and never a moment more.
 */
#include "ledger/credit.h"

#include <stdlib.h>

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
static struct paper_line spread_line(struct desk *d, const struct credit_target *t)
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

/* What was to be paid is never more than what the notes before this one have left of it; and all of
 * that, when with this line nothing of the invoice is left. */
static void leave_nothing(struct desk *d, const struct credit_target *t, const struct noted *noted,
			  struct entry_credit_note *n)
{
	const struct entry_invoice *i = &t->invoice;
	const struct invoice_rate *rate = &n->rate[0];
	struct money left = less(d, i->payable, noted->payable);

	if (money_compare(n->gross, less(d, i->gross, noted->gross)) == 0 ||
	    money_compare(n->payable, left) > 0)
		n->payable = left;
	n->rounding = less(d, n->payable, plus(d, rate->base, rate->vat));
}

/* --- the note */

bool credit_mirror(struct desk *d, const struct credit_target *t, struct entry_credit_note *n,
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
