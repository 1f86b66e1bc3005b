/*
 * sql_each.h: reading very many rows. A query "SELECT each(a, b …) FROM …" hands the values of
 * every row to a function of ours from inside SQLite, as an aggregate does: no step, no row, no
 * column to be fetched one by one. Half the time of a row goes into those. Internal to ledger/.
 */
#ifndef SHOP_LEDGER_SQL_EACH_H
#define SHOP_LEDGER_SQL_EACH_H

#include "ledger/sql.h"

/** What is done with a row's values, in the order of the query; not to be kept. */
typedef void each_fn(void *data, sqlite3_value **value);

/** sql_each_prepare - as sql_prepare(); makes each() known to the connection where it is not. */
sqlite3_stmt *sql_each_prepare(sqlite3 *db, const char *sql);

/** sql_each - hands over the rows of a statement so prepared, whose other values are bound.
 * SQLITE_DONE, or the code that stopped it: some rows may have been handed over then. */
MUST_CHECK int sql_each(sqlite3_stmt *s, each_fn *row, void *data);

#endif
