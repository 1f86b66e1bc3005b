/* db_bench.h: what the tests of the database share: two tables in an empty one of either engine. */
#ifndef SHOP_TESTS_DB_BENCH_H
#define SHOP_TESTS_DB_BENCH_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "db_house.h"

static struct db_house house;
static struct db *db;

static const char tables[] =
	"CREATE TABLE thing(id BIGINT PRIMARY KEY, name TEXT, bytes BYTEA, n BIGINT);"
	"CREATE TABLE counter(name TEXT PRIMARY KEY, n BIGINT NOT NULL);"
	"INSERT INTO counter(name, n) VALUES('a', 0), ('b', 0);";

static inline int set_up(void **state)
{
	enum db_engine engine = (enum db_engine)(uintptr_t)*state;
	char why[DB_WHY_MAX];

	db = NULL;
	if (!db_house_open(&house, engine))
		return 0;
	assert_int_equal(db_open(house.where, &db, why), 0);
	assert_int_equal(db_script(db, tables, why), 0);
	return 0;
}

static inline int tear_down(void **state)
{
	(void)state;
	db_close(db);
	db_house_close(&house);
	return 0;
}

#define NEEDS_ENGINE()                                                                             \
	do {                                                                                       \
		(void)state;                                                                       \
		if (!db)                                                                           \
			skip();                                                                    \
	} while (0)

static inline struct db *another(void)
{
	char why[DB_WHY_MAX];
	struct db *d;

	assert_int_equal(db_open(house.where, &d, why), 0);
	return d;
}

/* Runs `body` once as a transaction; it has to end like this. */
static inline void expect(db_work_fn *body, int end)
{
	int r = db_transact(db, body, NULL);

	if (r != end)
		print_error("%d: %s\n", r, db_why(db));
	assert_int_equal(r, end);
}

static inline int number_work(struct db *d, void *data)
{
	void **both = data;

	if (!db_one(d, both[1], both[0], 0, NULL))
		*(int64_t *)both[1] = -1;
	return db_failed(d);
}

static inline int64_t number_now(struct db *d, const char *sql)
{
	int64_t n = -2;

	assert_int_equal(db_read(d, number_work, (void *[]){(void *)(uintptr_t)sql, &n}), 0);
	return n;
}

static inline int put_on_conflict(struct db *d, void *data)
{
	static const char sql[] = "INSERT INTO thing(id, n) VALUES($1, $2) ON CONFLICT(id) DO "
				  "NOTHING";

	(void)data;
	assert_int_equal(db_do(d, sql, DB_VALUES(db_int(1), db_int(1))), 1);
	assert_int_equal(db_do(d, sql, DB_VALUES(db_int(1), db_null())), 0);
	assert_int_equal(db_do(d, "DELETE FROM thing WHERE id = $1", DB_VALUES(db_int(5))), 0);
	return 0;
}

static int runs;

static inline int count_runs(struct db *d, void *data)
{
	(void)data;
	runs++;
	db_do(d, "UPDATE counter SET n = n + 1 WHERE name = 'a'", 0, NULL);
	return db_failed(d);
}

#define ON(engine, test)                                                                           \
	{                                                                                          \
#test " " #engine, test, set_up, tear_down, (void *)(uintptr_t)(engine)            \
	}
#define ON_BOTH(test) ON(DB_SQLITE, test), ON(DB_POSTGRES, test)

#endif
