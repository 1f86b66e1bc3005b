/*
 * sim_year.h: a year of a village on the real ledger, drawn from a seed: people shop, take things
 * back, pay too little or too much; the clock is wrong for a while and put right; goods come in and
 * are counted; every month is closed, and some closes are killed. The village remembers what it
 * did, and at the end the books must say the same, and hold.
 *
 *   sim_year.c        seeds, the calendar          sim_year_shop.c   the ledger: facts, desk,
 * closes sim_year_days.c   who shops, at which time     sim_year_desk.c   stock, payments, credit
 *   sim_year_check.c  the books against the village's memory
 */
#ifndef SHOP_TESTS_SIM_YEAR_H
#define SHOP_TESTS_SIM_YEAR_H

#include <sqlite3.h>

#include "books/chart.h"
#include "books/vat.h"
#include "ledger/desk.h"

enum {
	YEAR_MEMBERS = 24,
	YEAR_ARTICLES = 40,
	YEAR_LINES = 40000,
	YEAR_LATE = 64,	     /* lines that a phone still keeps */
	YEAR_INVOICES = 600, /* and credit notes */
	YEAR_LINES_VISIT = 12,
};

/** What became of a line. */
enum fate {
	FATE_HELD = 0,
	FATE_VOIDED,
	FATE_CREDITED, /* before it was on an invoice */
};

struct year_line {
	struct visit_id visit;
	uint32_t member, article;
	int64_t total;
	struct day bought; /* as it must stand in the end */
	enum fate fate;
	bool noted;		/* there is a credit note for it */
	int64_t at_ms, true_ms; /* what the shop's clock said, and what time it was */
	bool unsure;
};

struct year_article {
	struct gtin gtin;
	char name[ARTICLE_NAME_MAX + 1];
	int64_t price, deposit;
	enum vat_class vat_class;
	int32_t vat_bp; /* of VAT_FIXED */
	bool weighed;
	bool delivered;
};

struct late_line {
	uint32_t member, article;
	struct visit_id visit;
	struct day scanned, comes;
	int64_t scanned_ms;
};

struct year_invoice {
	struct invoice_id id;
	uint32_t member;
	int64_t payable;
	struct day due;
	bool settled, credited;
};

struct year {
	uint64_t seed, random;
	char dir[256];
	bool keep;
	char why[240];	/* the first thing that does not hold */
	char said[200]; /* by the desk, last */

	struct customer member[YEAR_MEMBERS];
	uint32_t crowd;			 /* how many times a small village it is */
	uint32_t appetite[YEAR_MEMBERS]; /* of 100: how often this one comes */
	struct year_article article[YEAR_ARTICLES];
	struct entry_tax tax;

	/* time: what it is, and what the shop's clock makes of it */
	struct day first, today;
	int64_t true_ms, mono_ms, wrong_ms; /* wrong_ms: the clock's error */
	bool trusted;
	uint8_t boot[BOOT_ID_SIZE];
	struct day wrong_until;

	struct ledger *ledger;
	uint64_t ticket;
	uint32_t tag;

	uint64_t visits;
	uint32_t lines;
	struct year_line line[YEAR_LINES];
	uint32_t lates;
	struct late_line late[YEAR_LATE];
	struct visit_id open; /* forgotten: closed the morning after */
	uint32_t invoices;
	struct year_invoice invoice[YEAR_INVOICES];
	uint32_t payments, stocks, unknown;
	struct period closed;

	/* that a good deal happened */
	uint32_t voids, credits, notes, whole_notes, kills, killed_midway, put_right, rerated,
		closes, assigned, taken_back, late_ones, refused_closes, midnight_lines;
};

/** year_draw - the next number below `below`. one_in - with that chance. year_fail - notes what
 * does not hold. */
uint64_t year_draw(struct year *y, uint64_t below);
bool year_one_in(struct year *y, uint64_t n);
__attribute__((format(printf, 2, 3))) void year_fail(struct year *y, const char *format, ...);

/** year_local_day - the civil day of an instant in the shop's zone. year_offset_min - its offset.
 */
struct day year_local_day(int64_t ms);
int32_t year_offset_min(int64_t ms);
/** year_instant - the instant of a civil day's minute. */
int64_t year_instant(struct day day, int32_t minute);

/* --- the shop (sim_year_shop.c) */

/** shop_open - opens the ledger. shop_start - and records a start, the clock as it is.
 * shop_stop - in order. */
void shop_open(struct year *y);
void shop_start(struct year *y, bool new_boot);
void shop_stop(struct year *y);
/** shop_fact - one entry, stamped with the shop's clock. shop_settle - until all is on disk. */
void shop_fact(struct year *y, struct entry *e);
void shop_settle(struct year *y);
/** shop_ask - a request at the desk and its (last) answer; the caller frees it. */
struct desk_result *shop_ask(struct year *y, struct desk_request *q);
/** shop_close - the month's close, perhaps killed and asked again; then the four sums. */
void shop_close(struct year *y, struct period p);
/** shop_closes_not - a close that must be refused now. */
void shop_closes_not(struct year *y, struct period p, const char *word);

/* --- days (sim_year_days.c) */

void days_make(struct year *y);
/** day_live - what the village does on y->today. */
void day_live(struct year *y);
/** days_end - the clock is right in the end, and nobody is in the shop. */
void days_end(struct year *y);

/* --- the desk (sim_year_desk.c) */

void desk_morning(struct year *y);
/** desk_invoices - what the newest close made. */
void desk_invoices(struct year *y);

/* --- the end (sim_year_check.c) */

void check_books(struct year *y);
sqlite3 *check_open(struct year *y);

#endif
