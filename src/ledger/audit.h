/*
 * audit.h: whether the books agree with themselves: the four sums of design 4, recomputed from the
 * tables by SQL alone. It shares no code with what wrote them. Internal to ledger/.
 *
 * An audit looks at the entries after one close and up to a given one, as the tables stood then, so
 * entries may be added while it goes on; together with the sums of that close it answers for all of
 * them. From the beginning, close by close, it is reader_check_sums().
 */
#ifndef SHOP_LEDGER_AUDIT_H
#define SHOP_LEDGER_AUDIT_H

#include <sqlite3.h>

#include "wire/entry.h"

enum {
	AUDIT_STEP_ENTRIES = 4096, /* looked at in one step: a few milliseconds */
	AUDIT_WHY_MAX = 200,
};

struct audit;

struct audit_found {
	bool ok;
	char why[AUDIT_WHY_MAX]; /* which sum, which rate, how many öre, which entry or invoice */
	uint64_t lines, invoices, postings; /* looked at, those that came after `from` */
	struct entry_period_closed sums;    /* up to `upto`; period and invoices are the caller's */
};

/** audit_new - of the entries after `from` (all zero: from the beginning) up to `upto`. */
struct audit *audit_new(const struct entry_period_closed *from, uint64_t upto);
void audit_free(struct audit *a);

/** audit_step - looks at some more. SQLITE_OK: there is more; SQLITE_DONE: *ret is what was found;
 * else the code of a read that failed. When audit_torn(), such a step cannot be tried again. */
int audit_step(struct audit *a, sqlite3 *db, struct audit_found *ret);
bool audit_torn(const struct audit *a);

#endif
