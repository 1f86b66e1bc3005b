/*
 * sql_each.c: an aggregate function that keeps nothing and hands everything on.
 *
 * Whom it hands to is noted beside the query, for as long as that runs on its thread: SQLite can
 * carry a pointer as a value too, but compares its name for every row, which is a tenth of a row.
 */
#include "ledger/sql_each.h"

struct each {
	each_fn *row;
	void *data;
};

static _Thread_local const struct each *running;

static void step(sqlite3_context *context, int values, sqlite3_value **value)
{
	(void)values;
	if (running)
		running->row(running->data, value);
	else
		sqlite3_result_error(context, "each() is called by nobody", -1);
}

static void end(sqlite3_context *context)
{
	sqlite3_result_null(context);
}

sqlite3_stmt *sql_each_prepare(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *s = sql_prepare(db, sql);

	/* never twice: to define it anew would have every statement compiled again */
	if (!s && sqlite3_errcode(db) == SQLITE_ERROR &&
	    sqlite3_create_function_v2(db, "each", -1, SQLITE_UTF8 | SQLITE_DIRECTONLY, NULL, NULL,
				       step, end, NULL) == SQLITE_OK)
		s = sql_prepare(db, sql);
	return s;
}

int sql_each(sqlite3_stmt *s, each_fn *row, void *data)
{
	const struct each e = {.row = row, .data = data}, *before = running;
	int rc;

	running = &e;
	rc = sqlite3_step(s);
	running = before;
	sqlite3_reset(s);
	return rc == SQLITE_ROW ? SQLITE_DONE : rc;
}
