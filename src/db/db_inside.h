/* db_inside.h: what db.c and its two engines share. For src/db/ alone. */
#ifndef SHOP_DB_DB_INSIDE_H
#define SHOP_DB_DB_INSIDE_H

#include "db/db.h"

enum {
	DB_SLOTS = 512,		  /* of the table of prepared statements */
	DB_STATEMENTS_MAX = 1024, /* more than any program has literals: then all are forgotten */
	DB_BUSY_MS = 5000,	  /* that a statement waits for another's lock */
	DB_STATEMENT_MS = 30000,  /* that the server lets one run */
	DB_ANSWER_MS = 40000,	  /* a server that has said nothing for so long is gone */
	DB_SCRIPT_MS = 600000,
	DB_INTO_MAX = 1000, /* characters of db_bulk's `into` */
};

enum db_mode {
	DB_OUTSIDE = 0,
	DB_READS,
	DB_WRITES,
};

/** A prepared statement, found by its text's address; `text` shows whether that is still so. */
struct db_statement {
	struct db_statement *next;
	const char *sql;
	char *text;
	uint32_t bulk;		      /* columns of a db_bulk(); 0: a statement of its own */
	uint32_t values;	      /* that it wants */
	bool busy;		      /* rows of it are being read (SQLite) */
	bool single;		      /* stands in no table: to be forgotten at its end */
	bool counts;		      /* touches rows */
	uint8_t types[DB_VALUES_MAX]; /* enum db_type that it was prepared for (PostgreSQL) */
	uint8_t index[DB_VALUES_MAX]; /* of $1 … (SQLite) */
	void *handle;		      /* sqlite3_stmt */
	uint32_t number;	      /* its name in PostgreSQL is sNUMBER */
};

struct db_rows {
	struct db *d;
	struct db_statement *s; /* SQLite */
	void *result;		/* PGresult */
	int64_t row;
	bool ahead; /* a row is stepped to that db_next() has not given yet */
	bool on;    /* stands on a row */
};

/** What an engine does. Each reports what goes wrong by db_fail(). */
struct db_ops {
	void (*begin)(struct db *d, enum db_mode mode);
	void (*commit)(struct db *d);
	void (*rollback)(struct db *d);
	void (*script)(struct db *d, const char *sql);
	bool (*prepare)(struct db *d, struct db_statement *s, const struct db_value *value);
	void (*forget)(struct db *d, struct db_statement *s);
	int64_t (*run)(struct db *d, struct db_statement *s, const struct db_value *value);
	void (*ask)(struct db_rows *r, struct db_statement *s, const struct db_value *value);
	bool (*next)(struct db_rows *r);
	/* false: no such column, or of a type that is none of ours */
	bool (*column)(struct db_rows *r, uint32_t column, struct db_value *ret);
	void (*end)(struct db_rows *r);
	void (*bulk)(struct db *d, const char *into, uint32_t columns, uint32_t rows,
		     const struct db_value *value);
	bool (*has_table)(struct db *d, const char *table);
	void (*scrub)(struct db *d); /* NULL: nothing to do */
	void (*close)(struct db *d);
};

struct db {
	const struct db_ops *ops;
	enum db_engine engine;
	enum db_mode inside;
	int failed;
	bool again; /* what failed is worth another try */
	char why[DB_WHY_MAX];
	uint32_t trouble;
	uint32_t rows_open;
	uint32_t statements;
	struct db_statement *slot[DB_SLOTS];
};

/** db_fail - the error that sticks from now on, unless one does already. -EAGAIN is worth another
 * try; db_fail_late is the same without it. */
__attribute__((format(printf, 3, 4))) void db_fail(struct db *d, int error, const char *why, ...);
void db_fail_late(struct db *d, const char *why);

/** db_statement - the prepared statement of this text; NULL after an error. */
struct db_statement *db_statement(struct db *d, const char *sql, uint32_t values,
				  const struct db_value *value, uint32_t bulk);
void db_statement_end(struct db *d, struct db_statement *s);
/** db_forget_all - all that is prepared, when no rows are open. */
void db_forget_all(struct db *d);

/** db_conflict - where in a db_bulk()'s `into` its ON CONFLICT begins; NULL: it has none. */
const char *db_conflict(const char *into);

/** db_sqlite_open, db_postgres_open - db_open() of each engine. */
int db_sqlite_open(const char *path, struct db **ret, char why[DB_WHY_MAX]);
/** As above. */
int db_postgres_open(const char *where, struct db **ret, char why[DB_WHY_MAX]);

/** A SQLite file that this process has to itself, and whose one writer is who holds it. */
struct db_file;
int db_file_open(const char *path, struct db_file **ret, char why[DB_WHY_MAX]);
void db_file_close(struct db_file *f);
/** db_file_take - waits at most DB_BUSY_MS; 0 or -EAGAIN. */
int db_file_take(struct db_file *f);
void db_file_give(struct db_file *f);

#endif
