/*
 * test_officed_schema.c: every unique key at the office begins with the shop (contracts 5), but
 * those of tables that belong to no shop, which are named one by one.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sqlite3.h>
#include <string.h>

#include "base/check.h"
#include "officed/schema.h"

static bool is_reference(const char *table)
{
	for (uint32_t i = 0; office_reference_tables[i]; i++)
		if (strcmp(office_reference_tables[i], table) == 0)
			return true;
	return false;
}

static sqlite3 *tables_made(void)
{
	sqlite3 *db = NULL;

	assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, office_schema, NULL, NULL, NULL), SQLITE_OK);
	for (uint32_t i = 2; i <= OFFICE_FORM; i++)
		assert_int_equal(sqlite3_exec(db, office_steps[i], NULL, NULL, NULL), SQLITE_OK);
	return db;
}

/* The unique keys of all tables: table, index, its first column. */
static const char keys[] =
	"SELECT t.name, i.name, c.name FROM sqlite_master t, pragma_index_list(t.name) i,"
	" pragma_index_info(i.name) c WHERE t.type = 'table' AND i.\"unique\" = 1 AND c.seqno = 0"
	" ORDER BY t.name, i.name";

static void every_unique_key_begins_with_the_shop(void **state)
{
	sqlite3_stmt *get = NULL;
	uint32_t found = 0;
	sqlite3 *db = tables_made();

	(void)state;
	assert_int_equal(sqlite3_prepare_v2(db, keys, -1, &get, NULL), SQLITE_OK);
	while (sqlite3_step(get) == SQLITE_ROW) {
		const char *table = (const char *)sqlite3_column_text(get, 0);
		const char *column = (const char *)sqlite3_column_text(get, 2);

		if (is_reference(table))
			continue;
		found++;
		if (strcmp(column, "shop") != 0)
			fail_msg("%s: %s begins with %s", table, sqlite3_column_text(get, 1),
				 column);
	}
	sqlite3_finalize(get);
	sqlite3_close(db);
	assert_true(found >= 20);
}

static void every_table_that_is_named_is_there(void **state)
{
	sqlite3 *db = tables_made();

	(void)state;
	for (uint32_t i = 0; office_reference_tables[i]; i++) {
		sqlite3_stmt *get = NULL;

		assert_int_equal(sqlite3_prepare_v2(db,
						    "SELECT 1 FROM sqlite_master WHERE type ="
						    " 'table' AND name = ?1",
						    -1, &get, NULL),
				 SQLITE_OK);
		sqlite3_bind_text(get, 1, office_reference_tables[i], -1, SQLITE_STATIC);
		assert_int_equal(sqlite3_step(get), SQLITE_ROW);
		sqlite3_finalize(get);
	}
	sqlite3_close(db);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_unique_key_begins_with_the_shop),
		cmocka_unit_test(every_table_that_is_named_is_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
