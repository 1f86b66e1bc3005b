/* sql_each.c: an aggregate function that keeps nothing and hands everything on. */
#include "ledger/sql_each.h"

static const char pointer[] = "each";

struct each {
	each_fn *row;
	void *data;
};

static void step(sqlite3_context *context, int values, sqlite3_value **value)
{
	const struct each *e = values > 0 ? sqlite3_value_pointer(value[0], pointer) : NULL;

	if (e)
		e->row(e->data, value + 1);
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
	struct each e = {.row = row, .data = data};
	int rc;

	sqlite3_bind_pointer(s, 1, &e, pointer, NULL);
	rc = sqlite3_step(s);
	sqlite3_reset(s);
	sqlite3_bind_null(s, 1);
	return rc == SQLITE_ROW ? SQLITE_DONE : rc;
}
