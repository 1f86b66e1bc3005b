/*
 * close.h: a month that is being closed, as the files that close it share it. Internal to ledger/.
 *
 *   desk_close.c  may it be closed, the slices, the end   close_gather.c  whose lines they are
 *   close_bill.c  invoices                                audit.c         do the sums hold
 *
 * What is in memory while a close goes on: eight bytes a line, a few hundred a household, one bit
 * an entry that is looked at.
 */
#ifndef SHOP_LEDGER_CLOSE_H
#define SHOP_LEDGER_CLOSE_H

#include "ledger/audit.h"
#include "ledger/desk_inside.h"

enum {
	/* A slice ends after so much work at the latest, and once a scan waits after so little: a
	 * scan waits for a slice and its commit, a close among scans still goes on. Only an invoice
	 * is never cut: one of INVOICE_LINES_MAX lines is a slice of its own. */
	SLICE_US = 20000,
	SLICE_LINES_MAX = 20000,
	SLICE_LINES_LEAST = 500,
	SLICE_LOOK = 256, /* rows between two looks at the clock */

	NO_LINE = UINT32_MAX,
	NO_HOUSEHOLD = UINT32_MAX,
};

enum close_phase {
	CLOSE_BILLED, /* which lines are on invoices already? */
	CLOSE_SERVED, /* which households got this month's invoice before a crash? */
	CLOSE_LINES,  /* whose are the others? */
	CLOSE_INVOICES,
	CLOSE_SUMS, /* do the four sums hold? */
};

/** A line that goes on an invoice: its number less `low`, and the next of its household. */
struct close_line {
	uint32_t at, next;
};

struct household {
	struct customer customer;
	struct invoice_sum sum;
	struct day oldest;
	uint32_t first, last; /* of its lines, ascending; NO_LINE: it has none */
	bool apart;  /* its sum is not its lines': they are more than an invoice holds, or one was
			credited meanwhile; so they are read again, one by one */
	bool served; /* has this month's invoice: what came since is for the next month's */
};

struct close {
	struct desk_request request;
	struct mono began;
	enum close_phase phase;
	struct entry_period_closed before; /* the newest closed month; period 0: there is none */
	struct day last;		   /* of the month */
	uint64_t low, upto;		   /* the lines that are looked at */

	uint64_t *billed; /* a bit for each of low..upto */
	uint64_t year_end,
		billed_to;    /* CLOSE_BILLED: invoices not looked at yet; those of a year */
	uint64_t at, at_line; /* where a phase goes on */

	uint64_t open[VISITS_OPEN_MAX]; /* visits, falling */
	uint32_t opens;

	struct close_line *line;
	uint32_t lines, lines_size;
	struct household *household;
	uint32_t households, households_size;
	uint32_t *slot; /* households by their customer's bytes; NO_HOUSEHOLD: free */
	uint32_t slots;

	uint32_t next;	   /* household whose invoice is next */
	uint32_t invoices; /* of this month by now */

	struct audit *audit;
	struct desk_result *answer; /* being gathered: changes that are on disk and not told yet */
};

/** When a slice has to end. */
struct slice {
	int64_t until_us;
	uint32_t lines, since_look;
	desk_hurry_fn *hurry;
	void *data;
	bool over;
};

/** slice_spend - so many lines more; false: the slice is over. */
bool slice_spend(struct slice *s, uint32_t lines);

/** gather_slice - one slice of the phases before CLOSE_INVOICES. False: refused, *r says why. */
MUST_CHECK bool gather_slice(struct desk *d, struct close *c, struct slice *s,
			     struct desk_result *r);
/** gather_free - what only gathering and billing need. */
void gather_free(struct close *c);

/** bill_slice - one transaction of invoices. STORED_FULL: none of it was kept. r->answer REFUSED:
 * no more numbers, or a line that cannot be billed; what was made before is kept. */
MUST_CHECK enum stored bill_slice(struct desk *d, struct close *c, struct slice *s,
				  struct desk_result *r);

/** close_now - the wall time that entries of this close bear. */
struct wall close_now(const struct close *c);

#endif
