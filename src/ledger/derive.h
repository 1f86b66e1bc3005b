/*
 * derive.h: what the files of derive share. Internal to ledger/.
 *
 *   derive.c         kind by kind; notes        derive_line.c     lines, voids, lines credited
 *   derive_clock.c   the clock, days put right  derive_stock.c    what moves the shelf
 *   derive_visit.c   visits, checks, reports    derive_invoice.c  invoices, credit notes, closes
 *   derive_post.c    postings                   derive_payment.c  money in, set against invoices
 */
#ifndef SHOP_LEDGER_DERIVE_H
#define SHOP_LEDGER_DERIVE_H

#include "ledger/store.h"

/* --- derive.c */

/** derive_note - keeps a number under a name. derive_key - that a request of this key was written
 * by the entry at hand. */
MUST_CHECK enum stored derive_note(struct store *s, const char *name, int64_t value);
MUST_CHECK enum stored derive_key(struct store *s, const char *key);

/** derive_wrong - ends the process: the entry at hand cannot follow from those before it, so who
 * wrote it has a fault. While tables are checked it is told instead, as STORED_FULL and s->wrong.
 */
MUST_CHECK enum stored derive_wrong(struct store *s, const char *what);

/** derive_returning - steps a write that returns its row: the first step, *ret_row whether there is
 * one. Read its columns, then derive_returned() ends it. */
MUST_CHECK enum stored derive_returning(struct store *s, enum statement which, const char *doing,
					bool *ret_row);
MUST_CHECK enum stored derive_returned(struct store *s, enum statement which, const char *doing);

/** derive_row - steps a read: true for a row. An error ends the process. derive_read - no more of
 * its rows are wanted. */
MUST_CHECK bool derive_row(struct store *s, enum statement which);
void derive_read(struct store *s, enum statement which);

/* --- derive_post.c */

/** derive_post - the postings of the entry at hand; none is well. */
MUST_CHECK enum stored derive_post(struct store *s, const struct postings *p);

/** derive_chart - a chart that has accounts for every one of these rates: the one that holds, or
 * *room, made of it. What was sold at a rate that the chart has forgotten is still posted. */
const struct entry_chart *derive_chart(const struct store *s, const int32_t *vat_bp, uint32_t n,
				       struct entry_chart *room);

/* --- derive_line.c */

/** A line that was sold, as much of it as has to be taken back. */
struct sold {
	uint64_t seq;
	struct visit_id visit;
	struct customer customer;
	struct gtin gtin;
	int64_t quantity_milli;
	struct line_money money;
};

/** derive_sold - from the columns ROW_SOLD, the first of which is `at`. */
void derive_sold(sqlite3_stmt *row, int at, struct sold *ret);

/** derive_balance - moves a customer's account. *ret_unpaid: what it is now. */
MUST_CHECK enum stored derive_balance(struct store *s, struct customer customer,
				      struct money unbilled, struct money unpaid,
				      struct money *ret_unpaid);

/** derive_due - the oldest day on which something fell due that is still owed. */
MUST_CHECK enum stored derive_due(struct store *s, struct customer customer);

/** money_negative - the same with its sign turned. */
static inline struct money money_negative(struct money m)
{
	struct money turned = MONEY_ZERO;
	bool fits = money_sub(MONEY_ZERO, m, &turned);

	CHECK(fits);
	return turned;
}

/** derive_line - into the visit, the balance, the shelf, the accounts. derive_voided,
 * derive_credited - a line taken back, while its visit lasted and before its invoice. */
MUST_CHECK enum stored derive_line(struct store *s, struct wall at, const struct entry_line *l);
MUST_CHECK enum stored derive_voided(struct store *s, const struct entry_line_voided *l);
MUST_CHECK enum stored derive_credited(struct store *s, const struct entry_line_credited *l);

/* --- derive_clock.c */

/** derive_clock - from a start or a clock entry: the floor, and days put right. */
MUST_CHECK enum stored derive_clock(struct store *s, const struct entry *e);

/* --- derive_stock.c */

/** derive_sale - takes goods off the shelf. *ret_cost: what they had cost (≥ 0). derive_return -
 * puts them back at that cost. */
MUST_CHECK enum stored derive_sale(struct store *s, struct gtin gtin, int64_t quantity_milli,
				   struct money *ret_cost);
MUST_CHECK enum stored derive_return(struct store *s, const struct sold *sold);
/** derive_stock - a delivery, a count, waste, own use. derive_stock_fits - whether it can be posted
 * and leaves the shelf a value of no more than `most` either way; one that cannot moves pieces, and
 * no value. */
MUST_CHECK enum stored derive_stock(struct store *s, const struct entry_stock *e);
MUST_CHECK bool derive_stock_fits(struct store *s, const struct entry_stock *e, struct money most);

/* --- derive_invoice.c */

/** derive_invoice_lines - which lines an invoice bears. derive_invoice - the invoice itself.
 * derive_credit_note - of an invoice or one line of it. derive_period_closed - a month. */
MUST_CHECK enum stored derive_invoice_lines(struct store *s, const struct entry_invoice_lines *l);
MUST_CHECK enum stored derive_invoice(struct store *s, const struct entry_invoice *i);
MUST_CHECK enum stored derive_credit_note(struct store *s, const struct entry_credit_note *n);
MUST_CHECK enum stored derive_period_closed(struct store *s, const struct entry_period_closed *p);

/* --- derive_payment.c */

/** derive_payment - money in, or back. derive_assigned - whose it was. */
MUST_CHECK enum stored derive_payment(struct store *s, const struct entry_payment *p);
MUST_CHECK enum stored derive_assigned(struct store *s, const struct entry_payment_assigned *p);
/** derive_settle - sets what a customer has in favour against what is unpaid, `first` before the
 * rest, and derive_due(). derive_unsettle - takes `over` off what was set against an invoice. */
MUST_CHECK enum stored derive_settle(struct store *s, struct customer customer,
				     struct invoice_id first);
MUST_CHECK enum stored derive_unsettle(struct store *s, struct customer customer,
				       struct invoice_id invoice, struct money over);

/* --- derive_visit.c */

/** derive_opened, derive_joined, derive_closed - a visit and its devices. derive_check - a visit
 * picked, or the result. derive_reported - what a shopper says of a line. */
MUST_CHECK enum stored derive_opened(struct store *s, struct wall at,
				     const struct entry_visit_opened *v);
MUST_CHECK enum stored derive_joined(struct store *s, const struct entry_visit_joined *v);
MUST_CHECK enum stored derive_closed(struct store *s, struct wall at,
				     const struct entry_visit_closed *v);
MUST_CHECK enum stored derive_check(struct store *s, struct wall at, const struct entry_check *c);
MUST_CHECK enum stored derive_reported(struct store *s, const struct entry_reported *r);
/** derive_answered - the open reports of a visit (DO_ANSWERED_VISIT), of a line (_LINE) or of all
 * lines of an invoice (_INVOICE) are answered by the entry at hand. */
MUST_CHECK enum stored derive_answered(struct store *s, enum statement which, uint64_t id);

#endif
