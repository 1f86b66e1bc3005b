/*
 * derive_invoice.c: invoices, what is credited of them, and the month that they close.
 *
 * An invoice moves what its lines owe from "not billed" to "unpaid", and posts the öre between the
 * VAT of its lines and its own. A credit note is its mirror, and puts the goods where its reason
 * says that they are. Lines themselves are not touched: which invoice bears a line stands in a
 * table that only grows.
 */
#include "ledger/derive.h"

#include "books/vat.h"

#define LINE_NUMBER_SIZE 21 /* 20 digits and a comma */

/* --- which lines an invoice bears */

/* ",12" behind `len` bytes of text; printf would take as long for it as all the rest. */
static uint32_t put_number(char *text, uint32_t len, uint64_t n)
{
	char digits[LINE_NUMBER_SIZE];
	uint32_t at = LINE_NUMBER_SIZE;

	do {
		digits[--at] = (char)('0' + n % 10);
		n /= 10;
	} while (n > 0);
	if (len > 1)
		text[len++] = ',';
	memcpy(text + len, digits + at, LINE_NUMBER_SIZE - at);
	return len + LINE_NUMBER_SIZE - at;
}

enum stored derive_invoice_lines(struct store *s, const struct entry_invoice_lines *l)
{
	sqlite3_stmt *insert = s->statement[DO_INVOICE_LINES];
	struct span packed = {l->packed, l->packed_len};
	char lines[INVOICE_PACKED_MAX * LINE_NUMBER_SIZE + 2] = "[";
	uint64_t line = 0, first = 0, step;
	uint32_t len = 1;

	while (packed.len > 0) {
		/* ascending, and before this entry */
		if (!span_take_varint(&packed, &step) || step == 0 || step >= s->head.seq - line)
			return derive_wrong(s, "an invoice bears lines that are none");
		line += step;
		first = first ? first : line;
		len = put_number(lines, len, line);
		CHECK(len <= sizeof(lines) - 2);
	}
	if (first == 0)
		return STORED_OK;
	memcpy(lines + len, "]", 2);
	bind_u64(insert, 1, l->invoice.n);
	bind_u64(insert, 2, first);
	bind_text(insert, 3, lines);
	return store_step(s, DO_INVOICE_LINES, "putting lines on an invoice");
}

/* --- the invoice */

/* What an invoice and a credit note have in common. */
struct document {
	struct invoice_id id, original;
	uint64_t line;
	struct customer customer;
	struct period period;
	struct day issued, due;
	uint32_t lines, rates;
	const struct invoice_rate *rate;
	struct money gross, rounding, payable;
	enum credit_reason reason;
	const char *why;
};

static enum stored put_document(struct store *s, const struct document *d)
{
	sqlite3_stmt *insert = s->statement[DO_INVOICE], *rate = s->statement[DO_INVOICE_RATE];

	bind_u64(insert, 1, d->id.n);
	bind_u64(insert, 2, s->head.seq);
	bind_blob(insert, 3, d->customer.byte, sizeof(d->customer.byte));
	bind_i64(insert, 4, d->period.n);
	bind_i64(insert, 5, d->issued.n);
	bind_i64(insert, 6, d->due.n);
	bind_u64(insert, 7, d->lines);
	bind_money(insert, 8, d->gross);
	bind_money(insert, 9, d->rounding);
	bind_money(insert, 10, d->payable);
	bind_u64(insert, 11, d->original.n);
	bind_u64(insert, 12, d->line);
	bind_u64(insert, 13, (uint64_t)d->reason);
	bind_text(insert, 14, d->why);
	if (store_step(s, DO_INVOICE, "keeping an invoice") != STORED_OK)
		return STORED_FULL;
	for (uint32_t i = 0; i < d->rates; i++) {
		bind_u64(rate, 1, d->id.n);
		bind_i64(rate, 2, d->rate[i].vat_bp);
		bind_money(rate, 3, d->rate[i].gross);
		bind_money(rate, 4, d->rate[i].base);
		bind_money(rate, 5, d->rate[i].vat);
		bind_money(rate, 6, d->rate[i].posted);
		if (store_step(s, DO_INVOICE_RATE, "keeping an invoice's rate") != STORED_OK)
			return STORED_FULL;
	}
	return STORED_OK;
}

static const struct entry_chart *chart_of(const struct store *s, const struct document *d,
					  struct entry_chart *room)
{
	int32_t vat_bp[RATES_MAX];

	for (uint32_t i = 0; i < d->rates; i++)
		vat_bp[i] = d->rate[i].vat_bp;
	return derive_chart(s, vat_bp, d->rates, room);
}

/* Into the customer's account; what was in favour pays it at once. */
static enum stored bill(struct store *s, const struct entry_invoice *i)
{
	sqlite3_stmt *due = s->statement[DO_INVOICE_DUE];
	struct money unpaid;

	if (derive_balance(s, i->customer, money_negative(i->gross), i->payable, &unpaid) !=
	    STORED_OK)
		return STORED_FULL;
	if (money_compare(unpaid, i->payable) < 0)
		return derive_settle(s, i->customer, i->invoice);
	if (money_compare(i->payable, MONEY_ZERO) <= 0)
		return STORED_OK;
	bind_blob(due, 1, i->customer.byte, sizeof(i->customer.byte));
	bind_i64(due, 2, i->due.n);
	return store_step(s, DO_INVOICE_DUE, "noting what is due");
}

enum stored derive_invoice(struct store *s, const struct entry_invoice *i)
{
	struct document d = {
		.id = i->invoice,
		.customer = i->customer,
		.period = i->period,
		.issued = i->issued,
		.due = i->due,
		.lines = i->lines,
		.rates = i->rates,
		.rate = i->rate,
		.gross = i->gross,
		.rounding = i->rounding,
		.payable = i->payable,
		.why = "",
	};
	struct entry_chart room;
	struct postings postings;

	if (put_document(s, &d) != STORED_OK || bill(s, i) != STORED_OK)
		return STORED_FULL;
	if (!post_invoice(chart_of(s, &d, &room), i, &postings))
		return derive_wrong(s, "an invoice cannot be posted");
	return derive_post(s, &postings);
}

/* --- the credit note */

static const char no_such_invoice[] = "an invoice was credited that is not there";

/* What the lines of a credit note held besides what stands on it. */
struct credited {
	struct money deposit[RATES_MAX]; /* net, of each of its rates */
	struct money cost;
};

static enum stored credit_goods(struct store *s, const struct entry_credit_note *n,
				const struct sold *sold, struct credited *c)
{
	const struct line_money *m = &sold->money;
	struct money net = MONEY_ZERO;
	bool fits = money_sub(m->deposit, vat_included(m->deposit, m->vat_bp), &net) &&
		    money_add(c->cost, m->cost, &c->cost);

	for (uint32_t i = 0; i < n->rates; i++)
		if (n->rate[i].vat_bp == m->vat_bp)
			fits = fits && money_add(c->deposit[i], net, &c->deposit[i]);
	if (!fits)
		return derive_wrong(s, "what is credited is past counting");
	return n->reason == CREDIT_WRONG_LINE ? derive_return(s, sold) : STORED_OK;
}

/* The lines that it credits: one, or all that the invoice bears. */
static enum stored credit_lines(struct store *s, const struct entry_credit_note *n,
				struct credited *c)
{
	enum statement which = n->line != 0 ? GET_LINE : GET_INVOICE_LINES;
	enum stored stored = STORED_OK;
	struct sold sold;

	bind_u64(s->statement[which], 1, n->line != 0 ? n->line : n->invoice.n);
	while (stored == STORED_OK && derive_row(s, which)) {
		derive_sold(s->statement[which], 0, &sold);
		stored = credit_goods(s, n, &sold, c);
	}
	derive_read(s, which);
	return stored;
}

/* Off what is owed; what had been paid of it already is in favour, and pays other invoices. */
static enum stored unbill(struct store *s, const struct entry_credit_note *n)
{
	sqlite3_stmt *update = s->statement[DO_INVOICE_CREDITED];
	struct money over, paid, unpaid;
	bool row;

	bind_u64(update, 1, n->invoice.n);
	bind_money(update, 2, n->payable);
	if (derive_returning(s, DO_INVOICE_CREDITED, "crediting an invoice", &row) != STORED_OK)
		return STORED_FULL;
	if (!row)
		return derive_wrong(s, no_such_invoice);
	over = column_money(update, 0);
	paid = column_money(update, 1);
	if (derive_returned(s, DO_INVOICE_CREDITED, "crediting an invoice") != STORED_OK)
		return STORED_FULL;
	if (money_compare(over, paid) > 0)
		over = paid;
	if (derive_balance(s, n->customer, MONEY_ZERO, money_negative(n->payable), &unpaid) !=
		    STORED_OK ||
	    derive_unsettle(s, n->customer, n->invoice, over) != STORED_OK)
		return STORED_FULL;
	return derive_settle(s, n->customer, (struct invoice_id){0});
}

static bool lines_of(struct store *s, struct invoice_id invoice, uint32_t *ret_lines)
{
	sqlite3_stmt *get = s->statement[GET_INVOICE];

	bind_u64(get, 1, invoice.n);
	if (!derive_row(s, GET_INVOICE))
		return false;
	*ret_lines = (uint32_t)column_i64(get, 1);
	derive_read(s, GET_INVOICE);
	return true;
}

static enum stored post_note(struct store *s, const struct document *d,
			     const struct entry_credit_note *n, const struct credited *c)
{
	struct entry_chart room;
	struct postings note, goods;

	if (!post_credit_note(chart_of(s, d, &room), n, c->deposit, &note) ||
	    !post_goods_back(&s->head.chart, n->reason, c->cost, &goods))
		return derive_wrong(s, "a credit note cannot be posted");
	if (derive_post(s, &note) != STORED_OK)
		return STORED_FULL;
	return derive_post(s, &goods);
}

enum stored derive_credit_note(struct store *s, const struct entry_credit_note *n)
{
	struct document d = {
		.id = n->credit_note,
		.original = n->invoice,
		.line = n->line,
		.customer = n->customer,
		.period = period_of(n->issued),
		.issued = n->issued,
		.due = n->issued, /* nothing falls due: it is in favour from the day it is made */
		.lines = 1,
		.rates = n->rates,
		.rate = n->rate,
		.gross = n->gross,
		.rounding = n->rounding,
		.payable = n->payable,
		.reason = n->reason,
		.why = n->why,
	};
	struct credited credited = {.cost = MONEY_ZERO};

	if (n->line == 0 && !lines_of(s, n->invoice, &d.lines))
		return derive_wrong(s, no_such_invoice);
	if (put_document(s, &d) != STORED_OK || credit_lines(s, n, &credited) != STORED_OK ||
	    post_note(s, &d, n, &credited) != STORED_OK || unbill(s, n) != STORED_OK ||
	    derive_key(s, n->key) != STORED_OK)
		return STORED_FULL;
	return n->line != 0 ? derive_answered(s, DO_ANSWERED_LINE, n->line)
			    : derive_answered(s, DO_ANSWERED_INVOICE, n->invoice.n);
}

/* --- the month */

enum stored derive_period_closed(struct store *s, const struct entry_period_closed *p)
{
	sqlite3_stmt *insert = s->statement[DO_PERIOD_CLOSED];

	bind_i64(insert, 1, p->period.n);
	bind_u64(insert, 2, s->head.seq);
	bind_u64(insert, 3, p->upto);
	bind_u64(insert, 4, p->invoices);
	bind_money(insert, 5, p->lines);
	bind_money(insert, 6, p->invoiced);
	bind_money(insert, 7, p->unbilled);
	bind_money(insert, 8, p->payable);
	bind_money(insert, 9, p->paid);
	bind_money(insert, 10, p->receivable);
	bind_money(insert, 11, p->vat);
	return store_step(s, DO_PERIOD_CLOSED, "keeping that a month is closed");
}
