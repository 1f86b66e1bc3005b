/*
 * sql.h: SQLite as this folder uses it: opening a file for its one writer, migrating it, errors as
 * numbers and words, and short forms for binding and reading columns. Internal to ledger/.
 */
#ifndef SHOP_LEDGER_SQL_H
#define SHOP_LEDGER_SQL_H

#include <sqlite3.h>

#include "base/ids.h"
#include "base/money.h"
#include "base/span.h"

#define WHY_MAX 200

/** A file that shopd owns: its name, what it calls itself, and how it came to be what it is. */
struct sql_file {
	const char *name; /* "ledger.db" */
	uint32_t application_id;
	const char *const *migration; /* append only: user_version is how many have been done */
	uint32_t migrations;
	const char *pragmas; /* beyond those that every file of ours gets */
};

/** What one writer holds of a file. */
struct sql_writer {
	sqlite3 *db;
	int lock_fd;	   /* of NAME.lock: there is one writer, whoever else may open the file */
	struct sole *sole; /* see sole.c */
};

/**
 * sql_open_writer - makes the folder (2750) and the file (0640) where they lack, takes the writer's
 * lock, opens, checks that the file is ours and not newer than this program, and migrates it.
 * @return 0, or -errno with `why`: -EBUSY another writer, -EBADMSG damaged or another's file,
 * -EPROTO newer, -ENOSPC, -EACCES, -EIO.
 */
MUST_CHECK int sql_open_writer(const char *dir, const struct sql_file *file, struct sql_writer *ret,
			       char why[WHY_MAX]);
/** sql_close_writer - statements must be finalized. */
void sql_close_writer(struct sql_writer *w);

/** sole_new (sole.c) - see there; before the first read or write. sole_free - after the close. */
MUST_CHECK int sole_new(sqlite3 *db, const char *path, struct sole **ret);
void sole_free(struct sole *sole);

/** sql_full - whether this failure means that there is no room left, and nothing worse. */
bool sql_full(sqlite3 *db, int rc);
/** sql_errno - a result code as -errno. */
int sql_errno(sqlite3 *db, int rc);
/** sql_panic - ends the process and names what was done, where, and what SQLite says about it. */
_Noreturn void sql_panic(sqlite3 *db, int rc, const char *doing);

/** sql_exec - statements that give no rows. A result code. */
int sql_exec(sqlite3 *db, const char *sql);
/** sql_number - the one integer that a query gives. A result code; SQLITE_DONE for no row. */
int sql_number(sqlite3 *db, const char *sql, int64_t *ret);
/** sql_prepare - a statement to keep. NULL when it does not compile: see sqlite3_errmsg(). */
sqlite3_stmt *sql_prepare(sqlite3 *db, const char *sql);
/** sql_run - steps a statement that gives no rows, once, and frees it; NULL: it did not compile. A
 * result code. */
int sql_run(sqlite3 *db, sqlite3_stmt *write);

/* Short forms. A bind cannot fail but for memory, which the step after it then reports. */
void bind_u64(sqlite3_stmt *s, int at, uint64_t v);
void bind_i64(sqlite3_stmt *s, int at, int64_t v);
void bind_money(sqlite3_stmt *s, int at, struct money m);
void bind_blob(sqlite3_stmt *s, int at, const void *bytes, uint32_t len); /* lent until reset */
void bind_text(sqlite3_stmt *s, int at, const char *text);		  /* lent until reset */

/** column_blob - exactly `len` bytes; false when the column holds something else. */
bool column_blob(sqlite3_stmt *s, int at, void *ret, uint32_t len);
/** column_text - copies at most size - 1 bytes and a NUL. */
void column_text(sqlite3_stmt *s, int at, char *ret, uint32_t size);
static inline int64_t column_i64(sqlite3_stmt *s, int at)
{
	return sqlite3_column_int64(s, at);
}
static inline struct money column_money(sqlite3_stmt *s, int at)
{
	return money_of(sqlite3_column_int64(s, at));
}

/** why_format - printf into `why`, cut where it does not fit. */
__attribute__((format(printf, 2, 3))) void why_format(char why[WHY_MAX], const char *format, ...);

#endif
