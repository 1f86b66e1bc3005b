/*
 * reader.h: what the readers' files share. Internal to ledger/.
 *
 *   reader.c          connections, retries       read_entries.c   the chain, a visit
 *   read_catalogue.c  articles and members       read_raw.c       entries as the office gets them
 *   read_books*.c     the books (read_rows.h)    verify.c         the whole chain, recomputed
 */
#ifndef SHOP_LEDGER_READER_H
#define SHOP_LEDGER_READER_H

#include <sys/types.h>

#include "ledger/read.h"
#include "ledger/sql.h"
#include "ledger/store.h"

enum read_file {
	READ_LEDGER = 0,
	READ_CATALOGUE = 1,
	READ_FILES
};

enum read_statement {
	/* of ledger.db */
	READ_BEGIN,
	READ_END,
	READ_HEAD,
	READ_ENTRIES,
	READ_RAW,
	READ_VISIT,
	READ_BEARERS,
	READ_LINES,
	READ_VISITS,
	READ_UNBILLED,
	READ_RATES,
	READ_CHAIN,
	READ_LINE_SUMS,
	READ_BALANCE_SUM,
	/* of catalog.db */
	READ_PRODUCT,
	READ_PRODUCTS,
	READ_PRICES_AT,
	READ_MEMBERS,
	READ_CARDS,
	READ_STATEMENTS
};

/** One file, opened when it is first needed and again when another stands in its place. */
struct read_connection {
	sqlite3 *db;
	dev_t device;
	ino_t inode;
};

struct reader {
	char *path[READ_FILES];
	struct read_connection connection[READ_FILES];
	sqlite3_stmt *statement[READ_STATEMENTS];
};

/**
 * A query: uses statements of the file that it was asked of and returns SQLITE_OK or SQLITE_DONE
 * when it is done, or the code that stopped it; it is then run again from its start, or given up.
 */
typedef int query_fn(struct reader *r, void *query);

/** reader_run - opens what must be opened, runs the query, again for at most 200 ms while the file
 * is busy. 0 or -errno. */
MUST_CHECK int reader_run(struct reader *r, enum read_file file, query_fn *query, void *data);

#endif
