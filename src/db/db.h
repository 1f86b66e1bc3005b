/*
 * db.h: the office's database: SQLite in a file or PostgreSQL by libpq, one SQL text for both.
 *
 * A `struct db` is one connection, used by one thread. Statements are text literals with $1, $2 …;
 * each is prepared once a connection, found again by the literal's address. What both engines
 * understand is used and no more: BIGINT, TEXT, BYTEA; INSERT … ON CONFLICT; RETURNING;
 * CAST(sum(x) AS BIGINT). Rows that one transaction must have for itself are taken by an UPDATE.
 *
 * Errors stick: after one, every call of that transaction does nothing and reads no rows, until
 * db_transact() rolls back. So a body reads like plain code and looks once, at its end.
 *
 * How far transactions see each other. PostgreSQL: READ COMMITTED. What a body must have for itself
 * it takes by an UPDATE, which waits for whoever had the row and then sees what that one left;
 * under REPEATABLE READ every batch of entries would fail once for each that came in beside it,
 * since all of them end on the same counter. SQLite: one writing transaction at a time, from its
 * begin to its commit. A body that only reads and wants one moment of everything runs under
 * db_read(): in SQLite it waits for no writer either.
 *
 * In SQLite a file belongs to one process, which may open it several times: two processes that
 * write can damage it (SQLite before 3.51.3: a race of checkpoints). FILE-lock holds others off;
 * whoever only reads, for a backup, needs no leave.
 */
#ifndef SHOP_DB_DB_H
#define SHOP_DB_DB_H

#include <stdbool.h>
#include <stdint.h>

#include "base/check.h"
#include "base/span.h"

enum {
	DB_VALUE_MAX = 16 << 20, /* bytes of one text or blob */
	DB_WHY_MAX = 200,
	DB_VALUES_MAX = 32,   /* of one statement */
	DB_TRIES_MAX = 12,    /* of a transaction that others are in the way of */
	DB_TRIES_MS = 15000,  /* and no try begins later than this after the first */
	DB_ROWS_MAX = 100000, /* of one answer: every query says LIMIT */
};

enum db_engine {
	DB_SQLITE = 1,
	DB_POSTGRES = 2,
};

struct db;
struct db_rows;

/**
 * db_open - `where` is a path of a SQLite file (made when it is not there) or a PostgreSQL
 * connection string (postgresql://… or postgres://…). 0, or -errno with `why`.
 */
MUST_CHECK int db_open(const char *where, struct db **ret, char why[DB_WHY_MAX]);
void db_close(struct db *d); /* NULL is fine */
enum db_engine db_engine(const struct db *d);
/** db_where_is_postgres - how db_open would read it. */
bool db_where_is_postgres(const char *where);

/** db_script - several statements without values, one transaction: for schemas. 0 or -errno. */
MUST_CHECK int db_script(struct db *d, const char *sql, char why[DB_WHY_MAX]);

enum db_type {
	DB_NULL = 0,
	DB_INT,
	DB_TEXT,
	DB_BYTES,
};

/** A value; bytes are lent for the call. */
struct db_value {
	enum db_type type;
	int64_t n;
	struct span bytes;
};

static inline struct db_value db_null(void)
{
	return (struct db_value){.type = DB_NULL};
}
static inline struct db_value db_int(int64_t n)
{
	return (struct db_value){.type = DB_INT, .n = n};
}
static inline struct db_value db_bytes(const void *bytes, uint32_t len)
{
	return (struct db_value){.type = DB_BYTES, .bytes = {bytes, len}};
}
/** db_text - NUL-terminated; what is no UTF-8 is refused (-EINVAL) where the value is used. */
struct db_value db_text(const char *text);
/** db_text_n - text of a known length. One that has a NUL inside is refused like bad UTF-8. */
static inline struct db_value db_text_n(const void *text, uint32_t len)
{
	return (struct db_value){.type = DB_TEXT, .bytes = {text, len}};
}

#define DB_VALUES(...)                                                                             \
	(uint32_t)(sizeof((struct db_value[]){__VA_ARGS__}) / sizeof(struct db_value)),            \
		(struct db_value[])                                                                \
	{                                                                                          \
		__VA_ARGS__                                                                        \
	}

/** db_do - a statement that answers no rows; rows it touched, or -errno. With no values:
 * db_do(d, "…", 0, NULL). */
int64_t db_do(struct db *d, const char *sql, uint32_t values, const struct db_value *value);

/** db_ask - a query, or a statement with RETURNING, which has done all its work when this returns.
 * *ret is valid also after an error (it has no rows); db_rows_end() always. Several may be open. */
void db_ask(struct db *d, struct db_rows **ret, const char *sql, uint32_t values,
	    const struct db_value *value);
/** db_next - steps to the next row; false at the end. */
bool db_next(struct db_rows *r);
/** Columns of the row stood on, from 0. What is NULL reads as 0, "" and no bytes, and so does every
 * column where there is no row. Bytes and text are lent until the next db_next(); text is
 * NUL-terminated, and can be read as bytes too. */
int64_t db_col_int(struct db_rows *r, uint32_t column);
const char *db_col_text(struct db_rows *r, uint32_t column);
struct span db_col_bytes(struct db_rows *r, uint32_t column);
bool db_col_null(struct db_rows *r, uint32_t column);
void db_rows_end(struct db_rows *r);

/** db_one - a query of one row at most: its first column, a number, into *ret. True when there was
 * a row. */
bool db_one(struct db *d, int64_t *ret, const char *sql, uint32_t values,
	    const struct db_value *value);

/**
 * db_bulk - appends `rows` rows of `columns` values each, row after row, to `table(column, …)`:
 * COPY in PostgreSQL, one prepared insert in SQLite. No row may be there already (-EEXIST), unless
 * `into` says what becomes of it then; such rows have no NULLs, one type a column, and no key
 * twice. PostgreSQL may take rows in while the next ones are made: what is wrong with them sticks
 * at the next other call, or at the commit.
 * @into: "entry(shop, seq, …)", or "stock(shop, …) ON CONFLICT(…) DO …", a literal.
 */
void db_bulk(struct db *d, const char *into, uint32_t columns, uint32_t rows,
	     const struct db_value *value);

/** db_has_table - whether there is such a table. */
bool db_has_table(struct db *d, const char *table);

/** db_failed - 0, or the -errno that sticks; db_why - in the engine's words. */
int db_failed(const struct db *d);
const char *db_why(const struct db *d);

/** A transaction's body: 0 to commit, -errno to roll back. It may run again from its start: it
 * keeps nothing from one run to the next. */
typedef int db_work_fn(struct db *d, void *data);

/**
 * db_transact - begin, `work`, commit. Runs again, after a pause with jitter, at most DB_TRIES_MAX
 * times when others were in the way (SQLSTATE 40001, 40P01, 55P03; SQLITE_BUSY). Every other call
 * that talks to the database stands inside a `work`; rows are ended before it returns.
 * @return the error that stuck, else what `work` returned. -ENOSPC the disk is full; -ENOTCONN the
 * server is gone (the next call connects again; whether this one was committed is not known);
 * -EAGAIN still in the way, or a statement took longer than the server lets it; -EEXIST a unique
 * key was there already; -EINVAL a value that is no text, a column read as what it is not, values
 * that are not as many as the statement's; -E2BIG a value or an answer past its bound; -EIO
 * everything else. After one that stuck, db_why() has its words until the next begins.
 */
MUST_CHECK int db_transact(struct db *d, db_work_fn *work, void *data);

/** db_read - the same for a body that only reads: it sees everything as of one moment, and a
 * statement that writes fails. */
MUST_CHECK int db_read(struct db *d, db_work_fn *work, void *data);

/** db_scrub - what was deleted or written over by now stands in no file any more: SQLite's log goes
 * into the database and is cut to nothing, where nobody reads or writes just then. In PostgreSQL it
 * is VACUUM that does so, by itself. */
void db_scrub(struct db *d);

/** db_trouble_inject - for tests: the next `times` commits answer as 40001 would. */
void db_trouble_inject(struct db *d, uint32_t times);

#endif
