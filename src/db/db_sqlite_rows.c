/*
 * db_sqlite_rows.c: the rows of a db_bulk() as a table that SQLite reads from: `INSERT … SELECT` of
 * it is one statement for all of them. One statement a row would look up the tables, begin, bind
 * and end for each, which takes as long as the writing itself.
 *
 * The table has no name in any file: it is there in this connection, and holds rows only while a
 * db_bulk() runs.
 */
#include "db/db_sqlite.h"

#include <stdio.h>
#include <stdlib.h>

struct rows_table {
	sqlite3_vtab base;
	const struct db_sqlite_rows *given;
};

struct rows_cursor {
	sqlite3_vtab_cursor base;
	const struct db_value *at;
	uint32_t left;
};

static struct rows_cursor *cursor_of(sqlite3_vtab_cursor *c)
{
	return (struct rows_cursor *)(void *)c;
}

static const struct db_sqlite_rows *given_of(sqlite3_vtab_cursor *c)
{
	return ((const struct rows_table *)(const void *)c->pVtab)->given;
}

static int rows_connect(sqlite3 *handle, void *data, int words, const char *const *word,
			sqlite3_vtab **ret, char **why)
{
	char sql[32 + 8 * DB_VALUES_MAX];
	struct rows_table *t;
	int at = 0, rc;

	(void)words;
	(void)word;
	(void)why;
	for (uint32_t i = 1; i <= DB_VALUES_MAX; i++)
		at += snprintf(sql + at, sizeof(sql) - (size_t)at, "%s%u",
			       i == 1 ? "CREATE TABLE x(c" : ",c", i);
	snprintf(sql + at, sizeof(sql) - (size_t)at, ")");
	rc = sqlite3_declare_vtab(handle, sql);
	if (rc != SQLITE_OK)
		return rc;
	t = calloc(1, sizeof(*t));
	if (!t)
		return SQLITE_NOMEM;
	t->given = data;
	*ret = &t->base;
	return SQLITE_OK;
}

static int rows_disconnect(sqlite3_vtab *t)
{
	free(t);
	return SQLITE_OK;
}

/* There is one way to read them: all, from the first on. */
static int rows_best_index(sqlite3_vtab *t, sqlite3_index_info *info)
{
	(void)t;
	info->estimatedCost = 1;
	return SQLITE_OK;
}

static int rows_open(sqlite3_vtab *t, sqlite3_vtab_cursor **ret)
{
	struct rows_cursor *c = calloc(1, sizeof(*c));

	(void)t;
	if (!c)
		return SQLITE_NOMEM;
	*ret = &c->base;
	return SQLITE_OK;
}

static int rows_close(sqlite3_vtab_cursor *c)
{
	free(c);
	return SQLITE_OK;
}

static int rows_filter(sqlite3_vtab_cursor *c, int way, const char *name, int values,
		       sqlite3_value **value)
{
	(void)way;
	(void)name;
	(void)values;
	(void)value;
	cursor_of(c)->at = given_of(c)->value;
	cursor_of(c)->left = given_of(c)->rows;
	return SQLITE_OK;
}

static int rows_next(sqlite3_vtab_cursor *c)
{
	cursor_of(c)->at += given_of(c)->columns;
	cursor_of(c)->left--;
	return SQLITE_OK;
}

static int rows_eof(sqlite3_vtab_cursor *c)
{
	return cursor_of(c)->left == 0;
}

static int rows_column(sqlite3_vtab_cursor *c, sqlite3_context *context, int column)
{
	const struct db_value *v = &cursor_of(c)->at[column];
	/* no bytes are a blob or text of length 0, never NULL */
	const void *bytes = v->bytes.len ? (const void *)v->bytes.data : "";

	if ((uint32_t)column >= given_of(c)->columns)
		return SQLITE_RANGE;
	switch (v->type) {
	case DB_NULL:
		sqlite3_result_null(context);
		break;
	case DB_INT:
		sqlite3_result_int64(context, v->n);
		break;
	case DB_TEXT:
		sqlite3_result_text(context, bytes, (int)v->bytes.len, SQLITE_STATIC);
		break;
	case DB_BYTES:
		sqlite3_result_blob(context, bytes, (int)v->bytes.len, SQLITE_STATIC);
		break;
	}
	return SQLITE_OK;
}

static int rows_rowid(sqlite3_vtab_cursor *c, sqlite3_int64 *ret)
{
	*ret = (sqlite3_int64)given_of(c)->rows - cursor_of(c)->left;
	return SQLITE_OK;
}

int db_sqlite_rows_add(sqlite3 *handle, const struct db_sqlite_rows *given)
{
	static const sqlite3_module module = {
		.xConnect = rows_connect,
		.xBestIndex = rows_best_index,
		.xDisconnect = rows_disconnect,
		.xOpen = rows_open,
		.xClose = rows_close,
		.xFilter = rows_filter,
		.xNext = rows_next,
		.xEof = rows_eof,
		.xColumn = rows_column,
		.xRowid = rows_rowid,
	};

	return sqlite3_create_module_v2(handle, "given_rows", &module, (void *)(uintptr_t)given,
					NULL);
}

void db_sqlite_rows_sql(const char *into, uint32_t columns, char *text, size_t size)
{
	const char *conflict = db_conflict(into);
	int at = snprintf(text, size, "INSERT OR FAIL INTO %.*s SELECT ",
			  (int)(conflict ? conflict - into : DB_INTO_MAX), into);

	for (uint32_t i = 1; i <= columns; i++)
		at += snprintf(text + at, size - (size_t)at, "%sc%u", i == 1 ? "" : ",", i);
	/* without a WHERE the ON would be one of a join */
	snprintf(text + at, size - (size_t)at, " FROM given_rows WHERE 1%s",
		 conflict ? conflict : "");
}
