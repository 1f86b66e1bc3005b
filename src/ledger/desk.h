/*
 * desk.h: what people at the shop's desk ask of the books, and the month's close (design 4).
 *
 * A request is judged and written by the ledger's own thread: it alone sees every table as it is,
 * so the decision and what it writes are one transaction. Long work (a close) is done in
 * slices, and scans are committed between them. The answer leaves when all is on disk.
 *
 * Every request but a close bears a key made by who asks: the same key with the same content is
 * answered again and changes nothing; with other content it is refused by name.
 *
 *   desk.c        requests, keys, answers   desk_close.c    the month (close.h)
 *   desk_credit.c   what is taken back      desk_stock.c    deliveries, counts, waste, levels
 *   desk_payment.c  money in                desk_visit.c    checks, reports
 *   desk_books.c    rates and accounts      desk_sql.c      what all of them ask of the tables
 */
#ifndef SHOP_LEDGER_DESK_H
#define SHOP_LEDGER_DESK_H

#include "books/invoice.h"
#include "ledger/ledger.h"

enum desk_kind {
	DESK_CLOSE = 1,	  /* period, policy */
	DESK_CREDIT = 2,  /* entry.credit_note: reason, why, by, key; invoice, or visit and line */
	DESK_STOCK = 3,	  /* entry.stock */
	DESK_PAYMENT = 4, /* entry.payment */
	DESK_ASSIGN = 5,  /* entry.payment_assigned */
	DESK_CHECK = 6,	  /* entry.check: a result, or PICKED for the reason OWNER */
	DESK_REPORT = 7,  /* entry.reported */
	DESK_BOOKS =
		8, /* tax and chart: what holds from now on; no entry where they hold already */
	DESK_LEVELS = 9, /* reads what stands on the shelves; changes nothing */
};
#define DESK_KINDS 10

/** How a close is made; from the configuration. */
struct close_policy {
	int32_t due_days;	 /* after the day of issue (30) */
	struct money roll_least; /* a smaller sum waits (100 kr) … */
	int32_t roll_months;	 /* … at most so long (3) */
};

struct desk_request {
	enum desk_kind kind;
	uint32_t tag; /* the asker's, handed back */
	struct wall at;
	struct day today;
	bool clock_trusted;    /* a close waits for it */
	struct entry entry;    /* its kind, and the fields that the asker gives */
	struct visit_id visit; /* CREDIT of a line */
	struct line_key line;
	struct period period; /* CLOSE */
	struct close_policy policy;
	struct entry_tax tax; /* BOOKS */
	struct entry_chart chart;
};

enum desk_answer {
	DESK_DONE = 0,
	DESK_REPEATED = 1,    /* was done before: the same answer again */
	DESK_REFUSED = 2,     /* `why` says what is wrong and what to do */
	DESK_UNAVAILABLE = 3, /* the disk is full, or too much is asked for: come again */
	DESK_WORKING = 4,     /* CLOSE: so far; more answers follow */
};

/** What a request did to a customer's account; sums are differences, for lines may be on their way.
 */
struct balance_change {
	struct customer customer;
	struct money unbilled, unpaid;
	struct day oldest_due; /* as it is now; DAY_NONE: nothing is owed */
};

/** What stands on the shelf. */
struct level {
	struct gtin gtin;
	int64_t on_hand_milli; /* may be negative */
	int64_t shrunk_milli;  /* what its newest count found missing; negative: too many */
};

/** An answer; owned by the receiver: desk_result_free(). */
struct desk_result {
	enum desk_kind kind;
	uint32_t tag;
	enum desk_answer answer;
	char why[200];
	struct invoice_id invoice; /* CREDIT: the note's number; 0: the line was on no invoice */
	uint64_t seq;		   /* of the entry */
	uint32_t done, all;	   /* CLOSE: invoices made by now, households looked at in all */
	uint32_t changes;
	struct balance_change *change;
	uint32_t levels;
	struct level *level; /* LEVELS, sorted by gtin; STOCK: of its article, as it is now */
};
void desk_result_free(struct desk_result *r);

/** ledger_ask_desk - queues a request (copied). False when DESK_ASKS_MAX wait already, or the disk
 * is full; a REPORT_DESK follows, several for a close. */
#define DESK_ASKS_MAX 16
bool ledger_ask_desk(struct ledger *l, const struct desk_request *request);

#endif
