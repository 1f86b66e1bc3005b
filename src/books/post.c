/*
 * post.c: what each fact does to the accounts.
 *
 * Postings are gathered row by row and merged by account, so that a bookkeeper may let two roles
 * share one; what cancels out is left away. The rows of an entry sum to 0, always: where that
 * follows from the arithmetic it is CHECKed, and where it hangs on amounts that came with the entry
 * (an invoice, a credit note) an entry whose own sums do not hold is refused instead.
 */
#include "base/limits.h"
#include "books/chart.h"
#include "books/vat.h"

void posting_check(const struct postings *p)
{
	struct money sum = MONEY_ZERO;

	CHECK(p->count <= POSTINGS_MAX);
	for (uint32_t i = 0; i < p->count; i++) {
		bool fits = money_add(sum, p->posting[i].amount, &sum);

		CHECK(fits && money_compare(p->posting[i].amount, MONEY_ZERO) != 0);
		for (uint32_t j = 0; j < i; j++)
			CHECK(p->posting[j].account != p->posting[i].account);
	}
	CHECK(money_compare(sum, MONEY_ZERO) == 0);
}

/* --- gathering rows ----------------------------------------------------------------------------
 */

#define ROW_MAX (INT64_MAX / (2 * POSTINGS_MAX))

/* Rows in the making. Once something has failed nothing is posted at all. */
struct rows {
	struct postings *to;
	bool failed;
};

static struct rows rows_begin(struct postings *to)
{
	to->count = 0;
	return (struct rows){.to = to};
}

/* So bounded, no sum over an entry's rows can overflow, in whatever order. */
static bool row_fits(struct money amount)
{
	return money_compare(amount, money_of(ROW_MAX)) <= 0 &&
	       money_compare(amount, money_of(-ROW_MAX)) >= 0;
}

static void row_debit(struct rows *r, uint32_t account, struct money amount)
{
	struct postings *p = r->to;
	uint32_t i = 0;

	if (r->failed || money_compare(amount, MONEY_ZERO) == 0)
		return;
	while (i < p->count && p->posting[i].account != account)
		i++;
	if (i == p->count) {
		CHECK(i < POSTINGS_MAX);
		p->posting[p->count++] = (struct posting){account, MONEY_ZERO};
	}
	/* an account 0 is the VAT of a rate that has none */
	r->failed = account == 0 || !row_fits(amount) ||
		    !money_add(p->posting[i].amount, amount, &p->posting[i].amount) ||
		    !row_fits(p->posting[i].amount);
}

static void row_credit(struct rows *r, uint32_t account, struct money amount)
{
	struct money turned;

	if (!money_sub(MONEY_ZERO, amount, &turned))
		r->failed = true;
	else
		row_debit(r, account, turned);
}

static struct money row_less(struct rows *r, struct money from, struct money a)
{
	struct money rest = MONEY_ZERO;

	r->failed = r->failed || !money_sub(from, a, &rest);
	return rest;
}

/* The end of it: rows that came to nothing go, in the order in which accounts were first met. */
static bool rows_end(struct rows *r)
{
	struct postings *p = r->to;
	uint32_t kept = 0;

	for (uint32_t i = 0; i < p->count && !r->failed; i++) {
		if (money_compare(p->posting[i].amount, MONEY_ZERO) != 0)
			p->posting[kept++] = p->posting[i];
	}
	p->count = kept;
	posting_check(p);
	return !r->failed;
}

/* --- what each fact posts ----------------------------------------------------------------------
 */

/* A sale's gross amount, taken apart. */
struct parts {
	const struct chart_rate *at;
	struct money total, sales, deposit, vat;
};

static struct parts line_parts(struct rows *r, const struct entry_chart *c,
			       const struct line_money *l, int32_t vat_bp)
{
	struct parts parts = {.at = chart_rate(c, vat_bp), .total = l->total};

	if (parts.at == NULL) {
		r->failed = true;
		return parts;
	}
	parts.vat = vat_included(l->total, vat_bp);
	parts.deposit = row_less(r, l->deposit, vat_included(l->deposit, vat_bp));
	parts.sales = row_less(r, row_less(r, l->total, parts.vat), parts.deposit);
	return parts;
}

static void sale(struct rows *r, const struct parts *p)
{
	if (r->failed)
		return;
	row_credit(r, p->at->sales, p->sales);
	row_credit(r, p->at->deposit, p->deposit);
	row_credit(r, p->at->vat, p->vat);
}

static void sale_back(struct rows *r, const struct parts *p)
{
	if (r->failed)
		return;
	row_debit(r, p->at->sales, p->sales);
	row_debit(r, p->at->deposit, p->deposit);
	row_debit(r, p->at->vat, p->vat);
}

/* What becomes of goods whose sale is taken back. */
static void goods_back(struct rows *r, const struct entry_chart *c, enum credit_reason reason,
		       struct money cost)
{
	switch (reason) {
	case CREDIT_WRONG_LINE: /* they stand on the shelf */
		row_credit(r, c->cost, cost);
		row_debit(r, c->stock, cost);
		return;
	case CREDIT_BROKEN: /* they are gone, and nobody paid */
		row_credit(r, c->cost, cost);
		row_debit(r, c->waste, cost);
		return;
	case CREDIT_PRICE: /* they are sold all the same */
	case CREDIT_GOODWILL:
		return;
	}
	r->failed = true;
}

bool post_line(const struct entry_chart *c, const struct line_money *l, struct postings *ret)
{
	struct rows r = rows_begin(ret);
	struct parts parts = line_parts(&r, c, l, l->vat_bp);

	row_debit(&r, c->receivable, parts.total);
	sale(&r, &parts);
	row_debit(&r, c->cost, l->cost);
	row_credit(&r, c->stock, l->cost);
	return rows_end(&r);
}

bool post_line_back(const struct entry_chart *c, const struct line_money *l,
		    enum credit_reason reason, struct postings *ret)
{
	struct rows r = rows_begin(ret);
	struct parts parts = line_parts(&r, c, l, l->vat_bp);

	row_credit(&r, c->receivable, parts.total);
	sale_back(&r, &parts);
	goods_back(&r, c, reason, l->cost);
	return rows_end(&r);
}

bool post_line_rerated(const struct entry_chart *c, const struct line_money *l, int32_t vat_bp_now,
		       struct postings *ret)
{
	struct rows r = rows_begin(ret);
	struct parts before = line_parts(&r, c, l, l->vat_bp);
	struct parts now = line_parts(&r, c, l, vat_bp_now);

	sale_back(&r, &before);
	sale(&r, &now);
	return rows_end(&r);
}

/* Whether a document's amounts are what they say: gross of the rates, rounding, payable. */
static bool sums_hold(uint32_t rates, const struct invoice_rate *rate, struct money gross,
		      struct money rounding, struct money payable)
{
	struct money sum = MONEY_ZERO, due = rounding;

	for (uint32_t i = 0; i < rates; i++) {
		if (!money_add(sum, rate[i].gross, &sum) || !money_add(due, rate[i].base, &due) ||
		    !money_add(due, rate[i].vat, &due))
			return false;
	}
	return money_compare(sum, gross) == 0 && money_compare(due, payable) == 0;
}

/* Before, a rate's lines have posted their gross: `posted` of it as VAT, the rest as sales and
 * deposits. After, sales and deposits are the rate's base, VAT is its VAT, the rounding account
 * holds the rounding field, and receivable what the member is asked to pay. */
bool post_invoice(const struct entry_chart *c, const struct entry_invoice *i, struct postings *ret)
{
	struct rows r = rows_begin(ret);

	r.failed = i->rates > RATES_MAX ||
		   !sums_hold(i->rates, i->rate, i->gross, i->rounding, i->payable);
	row_debit(&r, c->receivable, row_less(&r, i->payable, i->gross));
	for (uint32_t k = 0; k < i->rates && !r.failed; k++) {
		const struct invoice_rate *rate = &i->rate[k];
		const struct chart_rate *at = chart_rate(c, rate->vat_bp);
		struct money net = row_less(&r, rate->gross, rate->posted);

		if (at == NULL) {
			r.failed = true;
			break;
		}
		row_debit(&r, at->sales, row_less(&r, net, rate->base));
		row_credit(&r, at->vat, row_less(&r, rate->vat, rate->posted));
	}
	row_credit(&r, c->rounding, i->rounding);
	return rows_end(&r);
}

bool post_credit_note(const struct entry_chart *c, const struct entry_credit_note *n,
		      const struct money deposit[RATES_MAX], struct postings *ret)
{
	struct rows r = rows_begin(ret);

	r.failed = n->rates > RATES_MAX ||
		   !sums_hold(n->rates, n->rate, n->gross, n->rounding, n->payable);
	row_credit(&r, c->receivable, n->payable);
	for (uint32_t k = 0; k < n->rates && !r.failed; k++) {
		const struct invoice_rate *rate = &n->rate[k];
		const struct chart_rate *at = chart_rate(c, rate->vat_bp);

		if (at == NULL) {
			r.failed = true;
			break;
		}
		row_debit(&r, at->sales, row_less(&r, rate->base, deposit[k]));
		row_debit(&r, at->deposit, deposit[k]);
		row_debit(&r, at->vat, rate->vat);
	}
	row_debit(&r, c->rounding, n->rounding);
	return rows_end(&r);
}

static uint32_t movement_account(const struct entry_chart *c, enum movement kind)
{
	switch (kind) {
	case MOVEMENT_DELIVERY:
		return c->received;
	case MOVEMENT_COUNT:
		return c->shrink;
	case MOVEMENT_WASTE:
		return c->waste;
	case MOVEMENT_OWN_USE:
		return c->own_use;
	case MOVEMENT_SALE:
	case MOVEMENT_RETURN:
		return c->cost;
	}
	return 0;
}

bool post_stock(const struct entry_chart *c, enum movement kind, struct money value,
		struct postings *ret)
{
	struct rows r = rows_begin(ret);

	row_debit(&r, c->stock, value);
	row_credit(&r, movement_account(c, kind), value);
	return rows_end(&r);
}

bool post_delivery(const struct entry_chart *c, struct money value, struct money late,
		   struct postings *ret)
{
	struct rows r = rows_begin(ret);

	row_debit(&r, c->stock, value);
	row_credit(&r, c->received, value);
	row_debit(&r, c->stock, late);
	row_credit(&r, c->cost, late);
	return rows_end(&r);
}

bool post_goods_back(const struct entry_chart *c, enum credit_reason reason, struct money cost,
		     struct postings *ret)
{
	struct rows r = rows_begin(ret);

	goods_back(&r, c, reason, cost);
	return rows_end(&r);
}

bool post_payment(const struct entry_chart *c, struct money amount, bool claimed,
		  struct postings *ret)
{
	struct rows r = rows_begin(ret);

	row_debit(&r, c->bank, amount);
	row_credit(&r, claimed ? c->receivable : c->unassigned, amount);
	return rows_end(&r);
}

bool post_assigned(const struct entry_chart *c, struct money amount, struct postings *ret)
{
	struct rows r = rows_begin(ret);

	row_debit(&r, c->unassigned, amount);
	row_credit(&r, c->receivable, amount);
	return rows_end(&r);
}
