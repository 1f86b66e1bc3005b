/*
 * test_catalogue_books.c: what the books need of catalog.db: VAT classes, deposits, reorder points,
 * members' trust; and a file from before there were any.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <sqlite3.h>

#include "catalogue_house.h"

static void trust(void **state)
{
	struct shelves *s = *state;
	struct change add = member_of(1), trust = {.kind = CHANGE_MEMBER_TRUST};
	struct changed changed;

	open_it(s);
	change(s, &add);
	trust.customer = add.customer;
	trust.trust = TRUST_RESTRICTED;
	changed = change(s, &trust);
	assert_int_equal(changed.error, 0);
	assert_false(changed.existed);
	assert_int_equal(s->roster->member[0].trust, TRUST_RESTRICTED);
	assert_true(change(s, &trust).existed);
	/* a block leaves it alone */
	trust.kind = CHANGE_MEMBER_BLOCK;
	trust.on = true;
	assert_int_equal(change(s, &trust).error, 0);
	close_it(s);
	open_it(s);
	assert_int_equal(s->roster->member[0].trust, TRUST_RESTRICTED);
	assert_int_equal(s->roster->member[0].flags & MEMBER_BLOCKED, MEMBER_BLOCKED);
	trust.kind = CHANGE_MEMBER_TRUST;
	trust.trust = TRUSTS;
	assert_int_equal(change(s, &trust).error, -EINVAL);
	trust.trust = TRUST_NEW;
	trust.customer.byte[15] ^= 1;
	assert_int_equal(change(s, &trust).error, -ENOENT);
	close_it(s);
}

/* --- a file of the first form: before classes, deposits, trust */

static void an_older_file(void **state)
{
	static const char older[] =
		"CREATE TABLE member(customer BLOB PRIMARY KEY CHECK(length(customer) = 16),"
		" role INTEGER NOT NULL, flags INTEGER NOT NULL, credit_limit INTEGER NOT NULL)"
		" STRICT, WITHOUT ROWID;"
		"CREATE TABLE member_key(kid BLOB NOT NULL, customer BLOB NOT NULL, key BLOB NOT "
		"NULL,"
		" PRIMARY KEY(kid, customer, key)) STRICT, WITHOUT ROWID;"
		"CREATE TABLE office_key(kid BLOB PRIMARY KEY, key BLOB NOT NULL)"
		" STRICT, WITHOUT ROWID;"
		"CREATE TABLE pass(cti BLOB PRIMARY KEY, revoked INTEGER NOT NULL,"
		" wants_pin INTEGER NOT NULL, pin_salt BLOB NOT NULL, pin_hash BLOB NOT NULL)"
		" STRICT, WITHOUT ROWID;"
		"CREATE TABLE price_version(version INTEGER PRIMARY KEY, at INTEGER NOT NULL,"
		" rows INTEGER NOT NULL) STRICT;"
		"CREATE TABLE article(gtin INTEGER NOT NULL, since INTEGER NOT NULL,"
		" until INTEGER NOT NULL, price INTEGER NOT NULL, vat_bp INTEGER NOT NULL,"
		" class INTEGER NOT NULL, state INTEGER NOT NULL, name TEXT NOT NULL,"
		" PRIMARY KEY(gtin, since)) STRICT, WITHOUT ROWID;"
		"CREATE INDEX article_past ON article(until) WHERE until > 0;"
		"CREATE TABLE meta(name TEXT PRIMARY KEY, value INTEGER NOT NULL)"
		" STRICT, WITHOUT ROWID;"
		"INSERT INTO member VALUES(x'11111111111111111111111111111111', 0, 8, 50000);"
		"INSERT INTO price_version VALUES(1, 1789999000000, 1);"
		"INSERT INTO article VALUES(7310865004703, 1, 0, 1490, 1200, 0, 0, 'Mjölk');"
		"PRAGMA application_id = 0x534b4354; PRAGMA user_version = 1;";
	struct shelves *s = *state;
	char path[256];
	sqlite3 *db;

	snprintf(path, sizeof(path), "%s/catalog.db", s->house.dir);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, older, NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	open_it(s);
	assert_string_equal(s->why, "");
	assert_int_equal(s->articles->rows, 1);
	assert_int_equal(s->articles->row[0].vat_bp, 1200);
	assert_int_equal(s->articles->row[0].vat_class, VAT_FIXED);
	assert_int_equal(s->articles->row[0].deposit_minor, 0);
	assert_int_equal(s->roster->members, 1);
	assert_int_equal(s->roster->member[0].trust, TRUST_NEW);
	assert_int_equal(money_minor(s->roster->member[0].credit_limit), 50000);
	close_it(s);
}

/* --- price lists */

/* What the books need to know of an article outlives a restart, and each change of it is a new
 * price. */
static void classes_and_deposits(void **state)
{
	struct shelves *s = *state;
	struct import_row cola = row_of(7310865004703, 1500, "Cola");

	cola.vat_bp = 0;
	cola.vat_class = VAT_FOOD;
	cola.deposit_minor = 100;
	cola.reorder = 24;
	open_it(s);
	assert_int_equal(import_rows(s, &cola, 1).error, 0);
	cola.deposit_minor = 200;
	assert_int_equal(import_rows(s, &cola, 1).error, 0);
	assert_int_equal(s->articles->pasts, 1);
	cola.reorder = 12;
	assert_int_equal(import_rows(s, &cola, 1).error, 0);
	assert_int_equal(s->articles->pasts, 2);
	assert_int_equal(import_rows(s, &cola, 1).error, 0);
	assert_int_equal(s->articles->pasts, 2); /* nothing has changed */
	close_it(s);
	open_it(s);
	assert_int_equal(s->articles->row[0].vat_class, VAT_FOOD);
	assert_int_equal(s->articles->row[0].vat_bp, 0);
	assert_int_equal(s->articles->row[0].deposit_minor, 200);
	assert_int_equal(s->articles->row[0].reorder, 12);
	assert_int_equal(s->articles->past[0].row.deposit_minor, 100);
	assert_int_equal(s->articles->past[0].row.reorder, 24);
	close_it(s);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		T(trust),
		T(an_older_file),
		T(classes_and_deposits),
	};

	return cmocka_run_group_tests_name("catalogue_books", tests, NULL, NULL);
}
