/* rebuild_inside.h: what the files of the rebuild's check share. Internal to ledger/. */
#ifndef SHOP_LEDGER_REBUILD_INSIDE_H
#define SHOP_LEDGER_REBUILD_INSIDE_H

#include "ledger/derive.h"
#include "ledger/rebuild.h"

struct rebuild_check {
	struct store store; /* of the temporary file */
	struct rebuild_found *ret;
	sqlite3_stmt *entries;
	uint64_t newest;
	bool erased; /* a body is gone */
};

/** rebuild_fail - why not, in words: `error`. rebuild_fail_sql - as SQLite says it. */
__attribute__((format(printf, 3, 4))) int rebuild_fail(struct rebuild_check *c, int error,
						       const char *format, ...);
int rebuild_fail_sql(struct rebuild_check *c, const char *doing);

/** rebuild_begin, rebuild_end - a short read of the ledger. 0 or -errno. */
int rebuild_begin(struct rebuild_check *c);
int rebuild_end(struct rebuild_check *c);

/** rebuild_derive - in one, derives some of the entries that are new. 1: there are no more; 0; or
 * -errno. */
int rebuild_derive(struct rebuild_check *c);

/** rebuild_compare - every table, side by side, until one differs: c->ret. 0 or -errno. */
int rebuild_compare(struct rebuild_check *c);

#endif
