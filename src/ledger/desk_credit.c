/*
 * desk_credit.c: what is taken back after the visit is over.
 *
 * A line that no invoice bears yet is simply no longer owed (ENTRY_LINE_CREDITED). What an invoice
 * bears is mirrored by a credit note, all of it or one line, with the next number of the same
 * series (credit_mirror.c).
 */
#include "ledger/credit.h"

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

/* --- the line */

/* The invoice that bears a line; false: none does. */
static bool bearing(struct desk *d, const struct credit_target *t, struct invoice_id *ret)
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

static bool find_line(struct desk *d, const struct desk_request *q, struct credit_target *t)
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
static bool line_stands(struct desk *d, struct credit_target *t, struct desk_result *r)
{
	sqlite3_stmt *get = desk_get(d, DESK_GET_LINE);
	bool voided, credited, over;

	bind_u64(get, 1, t->seq);
	if (!desk_row(d, DESK_GET_LINE) || !column_blob(get, 1, &t->customer, sizeof(t->customer)))
		desk_damaged(d, "a line of a visit is not there");
	t->total = column_money(get, 2);
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
			  const struct credit_target *t, struct desk_result *r)
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
				   const struct credit_target *t, struct desk_result *r)
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

static enum stored credit_invoice(struct desk *d, const struct desk_request *q,
				  const struct credit_target *t, struct desk_result *r)
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
	if (!credit_mirror(d, t, n, r))
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
	struct credit_target t = {0};
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
