/*
 * db_sqlite.c: the engine for an office of one machine.
 *
 * WAL with synchronous=FULL: what is committed is on the disk. A writing transaction begins by
 * BEGIN IMMEDIATE with the file's turn in its hands (db_file.c), so it never finds out at its end
 * that another was first; a reading one begins without it and keeps its snapshot.
 *
 * "$1" is to SQLite a parameter that is called so: which number it has is asked for by its name.
 * A statement's first row is stepped to when it is asked, as PostgreSQL does: INSERT … RETURNING
 * must have happened even if nobody reads what it returns.
 */
#include "db/db_sqlite.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct db_sqlite {
	struct db base;
	sqlite3 *handle;
	struct db_file *file;
	bool holds; /* the file's turn to write */
	struct db_sqlite_rows given;
};

static struct db_sqlite *sqlite_of(struct db *d)
{
	return (struct db_sqlite *)(void *)d;
}

/* SQLite's own word, as one of ours. */
static int errno_of(sqlite3 *handle, int rc)
{
	int system = sqlite3_system_errno(handle);

	if (rc == SQLITE_CONSTRAINT_UNIQUE || rc == SQLITE_CONSTRAINT_PRIMARYKEY ||
	    rc == SQLITE_CONSTRAINT_ROWID)
		return -EEXIST;
	switch (rc & 0xff) {
	case SQLITE_FULL:
		return -ENOSPC;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return -EAGAIN;
	case SQLITE_NOMEM:
		return -ENOMEM;
	case SQLITE_TOOBIG:
		return -E2BIG;
	case SQLITE_IOERR:
	case SQLITE_CANTOPEN:
		return system == ENOSPC || system == EDQUOT ? -ENOSPC : -EIO;
	default:
		return -EIO;
	}
}

static bool failed(struct db_sqlite *q, int rc)
{
	if (rc == SQLITE_OK || rc == SQLITE_DONE || rc == SQLITE_ROW)
		return false;
	db_fail(&q->base, errno_of(q->handle, rc), "%s", sqlite3_errmsg(q->handle));
	return true;
}

static bool said(struct db_sqlite *q, const char *sql)
{
	return !failed(q, sqlite3_exec(q->handle, sql, NULL, NULL, NULL));
}

/* --- transactions */

static void give_turn(struct db_sqlite *q)
{
	if (q->holds)
		db_file_give(q->file);
	q->holds = false;
}

static void sqlite_begin(struct db *d, enum db_mode mode)
{
	struct db_sqlite *q = sqlite_of(d);

	if (mode == DB_WRITES) {
		if (db_file_take(q->file)) {
			db_fail(d, -EAGAIN, "another transaction writes for too long");
			return;
		}
		q->holds = true;
	}
	if (!said(q, mode == DB_WRITES ? "BEGIN IMMEDIATE" : "BEGIN"))
		give_turn(q);
}

static void sqlite_commit(struct db *d)
{
	struct db_sqlite *q = sqlite_of(d);

	if (said(q, "COMMIT"))
		give_turn(q);
}

/* Some errors have rolled back by themselves. */
static void sqlite_rollback(struct db *d)
{
	struct db_sqlite *q = sqlite_of(d);

	if (!sqlite3_get_autocommit(q->handle))
		sqlite3_exec(q->handle, "ROLLBACK", NULL, NULL, NULL);
	CHECK(sqlite3_get_autocommit(q->handle));
	give_turn(q);
}

static void sqlite_script(struct db *d, const char *sql)
{
	said(sqlite_of(d), sql);
}

/* --- statements */

static bool sqlite_prepare(struct db *d, struct db_statement *s, const struct db_value *value)
{
	struct db_sqlite *q = sqlite_of(d);
	char text[DB_INTO_MAX + 8 * DB_VALUES_MAX + 64];
	const char *sql = s->sql, *rest;
	sqlite3_stmt *made;

	(void)value;
	if (s->bulk) {
		db_sqlite_rows_sql(s->sql, s->bulk, text, sizeof(text));
		sql = text;
	}
	if (failed(q,
		   sqlite3_prepare_v3(q->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &made, &rest)))
		return false;
	if (!made || rest[strspn(rest, " \t\n;")]) {
		sqlite3_finalize(made);
		db_fail(d, -EINVAL, "not one statement: %.80s", s->sql);
		return false;
	}
	for (uint32_t i = 0; i < s->values; i++) {
		char name[16];

		snprintf(name, sizeof(name), "$%u", i + 1);
		s->index[i] = (uint8_t)sqlite3_bind_parameter_index(made, name);
	}
	s->handle = made;
	return true;
}

static void sqlite_forget(struct db *d, struct db_statement *s)
{
	(void)d;
	sqlite3_finalize(s->handle);
}

static int bind_one(sqlite3_stmt *stmt, int at, const struct db_value *v,
		    sqlite3_destructor_type lent)
{
	/* no bytes are a blob or text of length 0, never NULL */
	const void *bytes = v->bytes.len ? (const void *)v->bytes.data : "";

	if (!at)
		return SQLITE_OK; /* a number that the statement leaves out */
	switch (v->type) {
	case DB_NULL:
		return sqlite3_bind_null(stmt, at);
	case DB_INT:
		return sqlite3_bind_int64(stmt, at, v->n);
	case DB_TEXT:
		return sqlite3_bind_text(stmt, at, bytes, (int)v->bytes.len, lent);
	case DB_BYTES:
		return sqlite3_bind_blob(stmt, at, bytes, (int)v->bytes.len, lent);
	}
	return SQLITE_MISUSE;
}

static bool bound(struct db_sqlite *q, struct db_statement *s, const struct db_value *value,
		  sqlite3_destructor_type lent)
{
	if (q->base.inside == DB_READS && !sqlite3_stmt_readonly(s->handle)) {
		db_fail(&q->base, -EINVAL, "a statement that writes, in a transaction that reads");
		return false;
	}
	for (uint32_t i = 0; i < s->values; i++)
		if (failed(q, bind_one(s->handle, s->index[i], &value[i], lent)))
			return false;
	return true;
}

static int64_t sqlite_run(struct db *d, struct db_statement *s, const struct db_value *value)
{
	struct db_sqlite *q = sqlite_of(d);
	int rc = SQLITE_OK;

	if (bound(q, s, value, SQLITE_STATIC)) {
		do
			rc = sqlite3_step(s->handle);
		while (rc == SQLITE_ROW);
		failed(q, rc);
	}
	sqlite3_reset(s->handle);
	return s->counts ? sqlite3_changes64(q->handle) : 0;
}

static void sqlite_bulk(struct db *d, const char *into, uint32_t columns, uint32_t rows,
			const struct db_value *value)
{
	struct db_sqlite *q = sqlite_of(d);
	struct db_statement *s = db_statement(d, into, columns, value, columns);

	if (!s)
		return;
	if (d->inside == DB_READS) {
		db_fail(d, -EINVAL, "a statement that writes, in a transaction that reads");
	} else {
		q->given = (struct db_sqlite_rows){value, columns, rows};
		failed(q, sqlite3_step(s->handle));
		sqlite3_reset(s->handle);
		q->given = (struct db_sqlite_rows){0};
	}
	db_statement_end(d, s);
}

/* --- rows */

static void sqlite_step(struct db_rows *r)
{
	int rc = sqlite3_step(r->s->handle);

	r->ahead = !failed(sqlite_of(r->d), rc) && rc == SQLITE_ROW;
}

static void sqlite_ask(struct db_rows *r, struct db_statement *s, const struct db_value *value)
{
	s->busy = true;
	r->s = s;
	if (bound(sqlite_of(r->d), s, value, SQLITE_TRANSIENT))
		sqlite_step(r);
}

static bool sqlite_next(struct db_rows *r)
{
	/* past the end a step would run the statement anew */
	if (r->ahead && r->row)
		sqlite_step(r);
	return r->ahead;
}

static bool sqlite_column(struct db_rows *r, uint32_t column, struct db_value *ret)
{
	sqlite3_stmt *stmt = r->s->handle;
	int at = (int)column;

	*ret = db_null();
	if (column >= (uint32_t)sqlite3_column_count(stmt))
		return false;
	switch (sqlite3_column_type(stmt, at)) {
	case SQLITE_NULL:
		return true;
	case SQLITE_INTEGER:
		*ret = db_int(sqlite3_column_int64(stmt, at));
		return true;
	case SQLITE_TEXT:
		ret->type = DB_TEXT;
		ret->bytes.data = sqlite3_column_text(stmt, at);
		break;
	case SQLITE_BLOB:
		ret->type = DB_BYTES;
		ret->bytes.data = sqlite3_column_blob(stmt, at);
		break;
	default:
		return false; /* floating point */
	}
	ret->bytes.len = (uint32_t)sqlite3_column_bytes(stmt, at);
	return ret->bytes.data || !ret->bytes.len;
}

static void sqlite_end(struct db_rows *r)
{
	if (!r->s)
		return;
	sqlite3_reset(r->s->handle);
	sqlite3_clear_bindings(r->s->handle);
	db_statement_end(r->d, r->s);
}

static bool sqlite_has_table(struct db *d, const char *table)
{
	int64_t n;

	return db_one(d, &n,
		      "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = $1 LIMIT 1",
		      DB_VALUES(db_text(table)));
}

/* --- open and close */

/* The last connection to a file checkpoints when it closes: in its turn, like every other. */
static void sqlite_close(struct db *d)
{
	struct db_sqlite *q = sqlite_of(d);
	bool turn = !db_file_take(q->file);

	sqlite3_close(q->handle);
	if (turn)
		db_file_give(q->file);
	db_file_close(q->file);
	free(q);
}

static void sqlite_scrub(struct db *d)
{
	struct db_sqlite *q = sqlite_of(d);

	if (db_file_take(q->file))
		return;
	/* a backup that is being read is not waited for: the next time will do */
	sqlite3_busy_timeout(q->handle, 0);
	sqlite3_wal_checkpoint_v2(q->handle, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	sqlite3_busy_timeout(q->handle, DB_BUSY_MS);
	db_file_give(q->file);
}

static const struct db_ops sqlite_ops = {
	.begin = sqlite_begin,
	.commit = sqlite_commit,
	.rollback = sqlite_rollback,
	.script = sqlite_script,
	.prepare = sqlite_prepare,
	.forget = sqlite_forget,
	.run = sqlite_run,
	.ask = sqlite_ask,
	.next = sqlite_next,
	.column = sqlite_column,
	.end = sqlite_end,
	.bulk = sqlite_bulk,
	.has_table = sqlite_has_table,
	.scrub = sqlite_scrub,
	.close = sqlite_close,
};

static int is_wal(void *data, int columns, char **value, char **name)
{
	(void)name;
	*(bool *)data = columns == 1 && value[0] && !strcmp(value[0], "wal");
	return 0;
}

/* Nobody asks SQLite how much memory it has had, and counting that takes a lock with every malloc.
 * Where SQLite runs already in this process it says no, and counts on. */
static void count_no_memory(void)
{
	(void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

static void set_up(struct db_sqlite *q, const char *path)
{
	bool wal = false;

	if (failed(q, sqlite3_open_v2(path, &q->handle,
				      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE |
					      SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
				      NULL)))
		return;
	sqlite3_busy_timeout(q->handle, DB_BUSY_MS);
	sqlite3_limit(q->handle, SQLITE_LIMIT_LENGTH, 2 * DB_VALUE_MAX);
	sqlite3_db_config(q->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(q->handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	/* "name" in double quotes is a name, as it is in PostgreSQL */
	sqlite3_db_config(q->handle, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	sqlite3_db_config(q->handle, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
	if (failed(q, db_sqlite_rows_add(q->handle, &q->given)) ||
	    failed(q, sqlite3_exec(q->handle, "PRAGMA journal_mode = WAL", is_wal, &wal, NULL)))
		return;
	if (!wal)
		db_fail(&q->base, -EIO, "no write-ahead log on this file system");
	said(q, "PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY;"
		"PRAGMA cache_size = -32000; PRAGMA cell_size_check = ON;"
		"PRAGMA secure_delete = ON;" /* Debian's default; ours whoever built it */
		"PRAGMA wal_autocheckpoint = 4000;"
		"PRAGMA journal_size_limit = 67108864;");
}

int db_sqlite_open(const char *path, struct db **ret, char why[DB_WHY_MAX])
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct db_file *file;
	struct db_sqlite *q;
	int r;

	pthread_once(&once, count_no_memory);
	if (!path[0] || path[0] == ':' || strstr(path, "://")) {
		snprintf(why, DB_WHY_MAX, "neither a file nor postgresql://…");
		return -EINVAL;
	}
	r = db_file_open(path, &file, why);
	if (r)
		return r;
	q = calloc(1, sizeof(*q));
	CHECK(q);
	q->base.ops = &sqlite_ops;
	q->base.engine = DB_SQLITE;
	q->file = file;
	if (db_file_take(file)) {
		db_fail(&q->base, -EAGAIN, "another transaction writes for too long");
	} else {
		set_up(q, path);
		db_file_give(file);
	}
	if (!q->base.failed) {
		*ret = &q->base;
		return 0;
	}
	snprintf(why, DB_WHY_MAX, "%s", q->base.why);
	r = q->base.failed;
	sqlite_close(&q->base);
	return r;
}
