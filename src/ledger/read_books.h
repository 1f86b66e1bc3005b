/*
 * read_books.h: reading the books from another process (counterd, shopctl): as read.h, one short
 * bounded query each. Cursors: give the last id or seq seen, 0 from the start. Counts, or -errno.
 */
#ifndef SHOP_LEDGER_READ_BOOKS_H
#define SHOP_LEDGER_READ_BOOKS_H

#include "books/invoice.h"
#include "books/payment.h"
#include "ledger/read.h"

struct invoice_row {
	struct invoice_id id;
	uint64_t seq;
	struct customer customer;
	struct period period;
	struct day issued, due;
	uint32_t lines;
	uint32_t rates;
	struct invoice_rate rate[RATES_MAX];
	struct money gross, rounding, payable;
	struct invoice_id original; /* credit note */
	uint64_t line;
	enum credit_reason reason;
	char why[REASON_MAX + 1];
	struct money credited, paid;
};

/** reader_invoices - of a period (0: all), ids > `after`, ascending; at most max. reader_invoice -
 * one: 1, 0, -errno. */
int reader_invoices(struct reader *r, struct period period, struct invoice_id after,
		    struct invoice_row *ret, uint32_t max);
int reader_invoice(struct reader *r, struct invoice_id id, struct invoice_row *ret);

/** reader_paper - an invoice or credit note with its lines, spread, as a renderer wants it. *ret is
 * one allocation that holds lines and names: free(). `shop` and `currency` are filled in by the
 * caller. 1, 0, -errno. */
int reader_paper(struct reader *r, struct invoice_id id, struct paper **ret);

struct stock_row {
	struct gtin gtin;
	int64_t on_hand_milli;
	struct money value, unit_cost;
	struct wall counted_at; /* 0: never */
	int64_t shrunk_milli;
};
/** reader_stock - gtins > `after`, ascending. reader_stock_one - 1, 0, -errno. */
int reader_stock(struct reader *r, struct gtin after, struct stock_row *ret, uint32_t max);
int reader_stock_one(struct reader *r, struct gtin gtin, struct stock_row *ret);

struct movement_row {
	uint64_t seq;
	struct wall at;
	struct day day;
	enum movement kind; /* SALE: a line; RETURN: goods of a line put back on the shelf */
	struct gtin gtin;
	int64_t quantity_milli; /* with its sign */
	struct money value;
	struct day use_by, best_before;
	char lot[LOT_MAX + 1];
	char why[REASON_MAX + 1];
	char by[NAME_MAX_LEN + 1];
	struct visit_id visit; /* SALE */
};
/** reader_movements - seq > `after`, ascending, sales among them; of one article, or of all for
 * gtin 0. */
int reader_movements(struct reader *r, struct gtin gtin, uint64_t after, struct movement_row *ret,
		     uint32_t max);

struct lot_row {
	struct gtin gtin;
	char lot[LOT_MAX + 1];
	struct day use_by, best_before;
	int64_t left_milli; /* first expired, first sold */
};
/** reader_lots - what may still be on the shelf and expires by `until`, soonest first. */
int reader_lots(struct reader *r, struct day until, struct lot_row *ret, uint32_t max);

struct shrink_row {
	uint64_t seq; /* of the count */
	struct wall at;
	struct gtin gtin;
	int64_t missing_milli; /* > 0: fewer than the books say */
	struct money value;
	uint32_t visits; /* since the count before it: a suspicion, never an accusation */
};
int reader_shrink(struct reader *r, uint64_t after, struct shrink_row *ret, uint32_t max);

struct payment_row {
	uint64_t seq;
	char key[NAME_MAX_LEN + 1];
	bool claimed;
	struct customer customer;
	struct invoice_id invoice;
	struct money amount;
	struct day booked;
};
/** reader_payments - seq > after; with `unclaimed` those alone that nobody's invoice named. */
int reader_payments(struct reader *r, bool unclaimed, uint64_t after, struct payment_row *ret,
		    uint32_t max);
/** reader_owed - invoices not paid in full, ids > after. */
int reader_owed(struct reader *r, struct invoice_id after, struct owed *ret, uint32_t max);

struct check_row {
	struct visit_id visit;
	uint64_t seq;
	struct wall picked_at;
	enum check_state state;
	enum check_reason reason;
	char why[REASON_MAX + 1];
	char by[NAME_MAX_LEN + 1];
};
/** reader_checks - visits > after; with `open` those alone that wait for the owner. */
int reader_checks(struct reader *r, bool open, struct visit_id after, struct check_row *ret,
		  uint32_t max);

struct reported_row {
	uint64_t seq;
	struct wall at;
	struct visit_id visit;
	struct line_key key;
	struct gtin gtin;
	char name[ARTICLE_NAME_MAX + 1];
	struct money total;
	enum credit_reason reason;
	char why[REASON_MAX + 1];
	uint64_t answered;
};
/** reader_reported - seq > after; with `open` those alone that nothing has answered. */
int reader_reported(struct reader *r, bool open, uint64_t after, struct reported_row *ret,
		    uint32_t max);

/** One row of the account book: all postings of one account and day, of entries of one kind. */
struct account_row {
	struct day day;
	uint16_t kind; /* of the entries */
	uint32_t account;
	struct money amount;
};
/** reader_account_days - every (day, kind, account) of a period, ascending, zero sums left out,
 * through `each`; for SIE. The day of a line's postings is the day it was bought, if that month was
 * not closed before the line came; of others the one of their entry in the shop's zone. What a
 * closed month is made of so never changes. 0, or -errno. */
int reader_account_days(struct reader *r, struct period period,
			int (*each)(void *data, const struct account_row *row), void *data);

/** What `ledger check` finds: the four sums of design 4, over all entries. */
struct sums_found {
	bool ok;
	uint64_t lines, invoices, postings;
	char why[240]; /* which sum, which rate or entry, how many öre */
};
/** reader_check_sums - recomputes them from lines, postings, invoices. 0 or -errno. */
int reader_check_sums(struct reader *r, struct sums_found *ret);

#endif
