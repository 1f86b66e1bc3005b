/*
 * read_rows.h: a page of rows of the books, read by one short query. Internal to
 * ledger/read_books*.c.
 */
#ifndef SHOP_LEDGER_READ_ROWS_H
#define SHOP_LEDGER_READ_ROWS_H

#include "ledger/read_books.h"
#include "ledger/reader.h"

enum {
	ROWS_ARGS_MAX = 4
};

/** What is asked: `sql` with ?1 … bound to whole numbers, and the row count as the last. */
struct rows_query {
	const char *sql;
	int64_t arg[ROWS_ARGS_MAX];
	uint32_t args;
	/** Takes the row that `s` stands at into *row; false: it holds what it cannot. */
	bool (*take)(sqlite3_stmt *s, void *row);
	void *ret;
	size_t size; /* of a row */
	uint32_t max, n;
};

/** rows_read - runs it: how many rows, or -errno. */
MUST_CHECK int rows_read(struct reader *r, struct rows_query *q);

/** rows_prepare - a statement of ledger.db for this query alone, to be finalized. NULL, and *ret_rc
 * says why: a table that is not there yet is being made. */
sqlite3_stmt *rows_prepare(struct reader *r, const char *sql, int *ret_rc);

/** rows_day - the civil day of a moment in the shop's zone, which is the process's (TZ). */
struct day rows_day(struct wall at);

/** row_word - a word's number in [0, words); false: it is none. */
static inline bool row_word(sqlite3_stmt *s, int at, int64_t words, uint32_t *ret)
{
	int64_t n = column_i64(s, at);

	*ret = (uint32_t)n;
	return n >= 0 && n < words;
}

static inline struct day column_day(sqlite3_stmt *s, int at)
{
	return (struct day){(int32_t)column_i64(s, at)};
}

#endif
