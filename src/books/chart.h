/*
 * chart.h: double entry (design 4): what each fact posts to which account. Debit is positive,
 * credit negative; the postings of one entry sum to 0, which posting_check() CHECKs.
 */
#ifndef SHOP_BOOKS_CHART_H
#define SHOP_BOOKS_CHART_H

#include "base/money.h"
#include "wire/entry.h"

/** chart_bas - the Swedish BAS chart's accounts (BAS 2024): 1510 receivable, 3740 rounding, 1460
 * stock, 4960 goods received, 4961 cost of goods, 4962 waste, 4963 shrink, 4964 own use, 1930 bank,
 * 2990 money that nobody has claimed; sales, VAT and deposits at 25 %: 3001 2611 3591, 12 %: 3002
 * 2621 3592, 6 %: 3003 2631 3593, 0 %: 3004 - 3594. */
struct entry_chart chart_bas(void);

/** chart_wrong - NULL, or what is wrong in words: accounts 1000..9999, all different but where a
 * bookkeeper may join them (received, cost, waste, shrink, own use; deposit with sales), rates
 * falling, none twice. */
const char *chart_wrong(const struct entry_chart *chart);

/** chart_rate - the accounts of this rate, or NULL: goods at it cannot be sold. */
const struct chart_rate *chart_rate(const struct entry_chart *chart, int32_t vat_bp);

/** One account of a chart and what it is for. */
struct chart_use {
	uint32_t account;
	const char *what; /* in words */
	int32_t vat_bp;	  /* -1: not of one rate */
	uint32_t group;	  /* 0: it stands alone */
};

/** chart_use - the n-th of them; false past the last. chart_use_joins - whether one account may be
 * for both: it is the same use, or nobody has to tell the two apart. */
bool chart_use(const struct entry_chart *chart, uint32_t n, struct chart_use *ret);
bool chart_use_joins(const struct chart_use *a, const struct chart_use *b);

struct posting {
	uint32_t account;
	struct money amount; /* debit > 0 */
};

/* The most that one entry posts: an invoice with every rate (VAT, sales, rounding each),
 * receivable. */
#define POSTINGS_MAX (RATES_MAX * 3 + 4)

struct postings {
	uint32_t count;
	struct posting posting[POSTINGS_MAX]; /* no zero amounts, each account once */
};

/** posting_check - CHECKs that they sum to 0, none is 0, each account stands once. What a post_
 * function returns has passed it. */
void posting_check(const struct postings *p);

/*
 * All that follow return true, or false with no postings at all where the entry cannot be posted:
 * its rate has no accounts in the chart, a document's own sums do not hold, or an amount is absurd
 * (past 2e17 minor units). Rows come in a fixed order.
 */

/** post_line - a sale: receivable, sales, deposit, VAT; and what its goods had cost (≥ 0): cost
 * against stock. post_line_back - the same with every sign turned (a void, a line credited before
 * it was invoiced); `reason` says what becomes of the goods: on the shelf (stock), broken (waste),
 * or sold all the same. */
struct line_money {
	struct money total, deposit; /* gross */
	int32_t vat_bp;
	struct money cost;
};
bool post_line(const struct entry_chart *c, const struct line_money *l, struct postings *ret);
bool post_line_back(const struct entry_chart *c, const struct line_money *l,
		    enum credit_reason reason, struct postings *ret);

/** post_line_rerated - a line whose day, once the clock was right, has another rate. */
bool post_line_rerated(const struct entry_chart *c, const struct line_money *l, int32_t vat_bp_now,
		       struct postings *ret);

/** post_invoice - the öre between the lines' VAT and the invoice's, per rate, and the rounding of
 * the whole. post_credit_note - the mirror of an invoice or of its part: sales and VAT back at the
 * note's own base and VAT, its deposits told apart (`deposit[i]`: net, of rate i), rounding,
 * receivable. */
bool post_invoice(const struct entry_chart *c, const struct entry_invoice *i, struct postings *ret);
bool post_credit_note(const struct entry_chart *c, const struct entry_credit_note *n,
		      const struct money deposit[RATES_MAX], struct postings *ret);

/** post_stock - a movement's value: `value` is what came (> 0) or went (< 0) at cost. post_delivery
 * - what came, and of goods that were sold before: by how much the stock is worth more (`late` > 0)
 * or less (< 0) than with what came, against the cost of goods. */
bool post_stock(const struct entry_chart *c, enum movement kind, struct money value,
		struct postings *ret);
bool post_delivery(const struct entry_chart *c, struct money value, struct money late,
		   struct postings *ret);
/** post_goods_back - of a credit note: the goods at cost back on the shelf, or from cost to waste.
 */
bool post_goods_back(const struct entry_chart *c, enum credit_reason reason, struct money cost,
		     struct postings *ret);

/** post_payment - bank against receivable, or against money unclaimed. post_assigned. */
bool post_payment(const struct entry_chart *c, struct money amount, bool claimed,
		  struct postings *ret);
bool post_assigned(const struct entry_chart *c, struct money amount, struct postings *ret);

#endif
