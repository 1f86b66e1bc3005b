/* db_sqlite.h: what the files of the SQLite engine share. */
#ifndef SHOP_DB_DB_SQLITE_H
#define SHOP_DB_DB_SQLITE_H

#include <sqlite3.h>
#include <stddef.h>

#include "db/db_inside.h"

/** The rows of the db_bulk() that runs. */
struct db_sqlite_rows {
	const struct db_value *value;
	uint32_t columns, rows;
};

/** db_sqlite_rows_add - makes the table `given_rows` known to a connection; its rows are whatever
 * *given says when they are read. SQLite's word. */
MUST_CHECK int db_sqlite_rows_add(sqlite3 *handle, const struct db_sqlite_rows *given);

/** db_sqlite_rows_sql - what puts them `into` a table. An error leaves what was put by then: the
 * transaction ends with it anyhow, and to be able to take one statement back SQLite would first
 * copy every page that it changes. */
void db_sqlite_rows_sql(const char *into, uint32_t columns, char *text, size_t size);

#endif
