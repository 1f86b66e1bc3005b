/*
 * audit_inside.h: an audit on its way. Internal to ledger/audit*.c.
 *
 *   audit.c  steps, payments, the four sums   audit_paper.c  invoices, credit notes, whose lines
 *   audit_walk.c  lines and postings, side by side   audit_chart.c  which rate an account is of
 */
#ifndef SHOP_LEDGER_AUDIT_INSIDE_H
#define SHOP_LEDGER_AUDIT_INSIDE_H

#include "base/limits.h"
#include "ledger/audit.h"
#include "ledger/sql.h"

enum {
	AUDIT_RATES_MAX = 16,
	OWNED_BEFORE = UINT32_MAX, /* by an invoice of an earlier close */
	OWNED_BY_NONE = 0,	   /* else the invoice's index + 1 */
};

enum audit_phase {
	AUDIT_BEGIN,
	AUDIT_YEAR,   /* the next year that has invoices to look at, newest first */
	AUDIT_PAPERS, /* its invoices and credit notes */
	AUDIT_BEARS,  /* the lines that they bear */
	AUDIT_WALK,   /* all lines, all postings */
	AUDIT_PAYMENTS,
	AUDIT_SUMS,
};

/** What is known of one VAT rate, in minor units. "Before": at `from`, "after": at `upto`. */
struct audit_rate {
	int32_t bp;
	int64_t made, gone; /* lines since, gross; those of before, taken back since */
	int64_t unbilled_before, unbilled_after;
	int64_t vat_before, vat_after; /* of the unbilled lines */
	int64_t invoiced, noted;       /* gross, since */
	int64_t vat_invoiced, vat_noted;
	int64_t vat_posted; /* on the VAT accounts, owed > 0 */
	uint64_t suspect;   /* a line whose VAT was posted otherwise than it says; or 0 */
};

/** What an invoice says that its lines have not shown yet. */
struct audit_invoice {
	uint64_t id;
	uint32_t lines, rates;
	struct {
		int32_t bp;
		int64_t gross, posted;
	} rate[RATES_MAX];
};

struct audit_chart {
	uint64_t seq;
	struct entry_chart chart;
};

/** A document as its rows come. */
struct audit_paper {
	uint64_t id, seq, original, line;
	uint32_t lines, rates;
	int64_t gross, rounding, payable;
	struct invoice_rate rate[RATES_MAX];
};

/** What an entry that is no line has to have posted, in all: a payment, or a paper. */
struct audit_expected {
	uint64_t seq;
	uint64_t paper; /* an invoice or credit note; 0: a payment */
	int64_t receivable, bank, vat;
};

/** The postings of one entry as they come. */
struct audit_entry {
	uint64_t seq;
	int64_t sum, receivable, bank, vat;
	int32_t vat_bp;
};

/** A line as its row is; seq 0: that entry is none. */
struct audit_row {
	uint64_t seq;
	int64_t total, vat;
	uint64_t voided, credited;
	int32_t bp;
	bool posted; /* what was posted for it has been seen */
};

struct audit {
	struct entry_period_closed from;
	uint64_t upto, low;
	enum audit_phase phase;
	bool torn, failed;
	struct audit_found found;

	struct audit_chart *chart;
	uint32_t charts, chart_at;
	struct entry_chart bas; /* before any was on record */

	uint64_t year_end, last; /* ids: of the years to come, below; of this year, the newest */
	uint64_t first, at, at_line;
	uint64_t before_id; /* the number before `at`, 0 at a year's beginning */
	struct audit_invoice *invoice;
	uint32_t invoices, invoices_size, year_at; /* year_at: index of the year's first */
	uint32_t *owner;			   /* of each line from low on */

	struct audit_expected *expected; /* ascending, once all are known */
	uint32_t expecteds, expecteds_size, expected_at;
	uint32_t papers; /* of them, before the payments are read */

	struct audit_entry entry;
	struct audit_row *row; /* the lines of a step, by their entries */

	struct audit_rate rate[AUDIT_RATES_MAX];
	uint32_t rates;
	int64_t payable, paid, receivable;
	uint64_t low_next;
	uint64_t suspect; /* a paper whose VAT was posted otherwise than it says; or 0 */
};

/** audit_fail - says what is wrong; the first that is said stands. */
__attribute__((format(printf, 2, 3))) void audit_fail(struct audit *a, const char *format, ...);
/** audit_add - *to += amount; a sum that does not fit fails. */
void audit_add(struct audit *a, int64_t *to, int64_t amount);
/** audit_expect - what will have been posted by an entry. */
void audit_expect(struct audit *a, const struct audit_expected *e);
/** audit_rate_of - the sums of a rate, a new one where there is none yet; too many fail. */
struct audit_rate *audit_rate_of(struct audit *a, int32_t bp);

/** audit_chart_at - the chart that an entry was posted by; entries in their order. audit_rate_at -
 * the rate whose VAT an account is by a chart; -1: it is no VAT account. audit_fold_rates - the VAT
 * of rates that share an account, as one rate's. */
const struct entry_chart *audit_chart_at(struct audit *a, uint64_t seq);
int32_t audit_rate_at(const struct audit *a, const struct entry_chart *c, uint32_t account);
void audit_fold_rates(struct audit *a);

/* One step of a phase: SQLITE_OK: there is more, SQLITE_DONE: the phase is done, else an error. */
int audit_year(struct audit *a, sqlite3 *db);
int audit_papers(struct audit *a, sqlite3 *db);
int audit_bears(struct audit *a, sqlite3 *db);
int audit_walk(struct audit *a, sqlite3 *db);

/** audit_number - "2026-000123", for what is said about an invoice. */
struct audit_number {
	char text[24];
};
struct audit_number audit_number(uint64_t id);

#endif
