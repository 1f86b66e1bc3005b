/* test_db.c: both engines keep the same promises. Each test runs on SQLite, and on the PostgreSQL
 * of SHOP_TEST_POSTGRES, which `make check` always provides. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "db_bench.h"

/* --- values */

static const uint8_t all_bytes[] = {0, 1, 0xff, 0, '\\', '\'', '\n', 0x80};

static int put_values(struct db *d, void *data)
{
	(void)data;
	for (int64_t i = 0; i < 2; i++) { /* twice: prepared, and found again */
		assert_int_equal(
			db_do(d, "INSERT INTO thing(id, name, bytes, n) VALUES($1, $2, $3, $4)",
			      DB_VALUES(db_int(i), db_text("mjölk '\"$1\\ 🥛"),
					db_bytes(all_bytes, sizeof(all_bytes)),
					db_int(i ? INT64_MIN : INT64_MAX))),
			1);
		db_do(d, "INSERT INTO thing(id, name, bytes, n) VALUES($1, $2, $3, $4)",
		      DB_VALUES(db_int(10 + i), db_null(), db_null(), db_null()));
		db_do(d, "INSERT INTO thing(id, name, bytes, n) VALUES($1, $2, $3, $4)",
		      DB_VALUES(db_int(20 + i), db_text(""), db_bytes(NULL, 0), db_int(0)));
	}
	return db_failed(d);
}

static int look_at_values(struct db *d, void *data)
{
	struct db_rows *r;
	struct span s;

	(void)data;
	db_ask(d, &r, "SELECT id, name, bytes, n FROM thing ORDER BY id LIMIT 10", 0, NULL);
	assert_int_equal(db_col_int(r, 0), 0); /* no row yet */
	for (int64_t i = 0; i < 2; i++) {
		assert_true(db_next(r));
		assert_int_equal(db_col_int(r, 0), i);
		assert_string_equal(db_col_text(r, 1), "mjölk '\"$1\\ 🥛");
		s = db_col_bytes(r, 2);
		assert_true(span_is(s, all_bytes, sizeof(all_bytes)));
		assert_true(db_col_int(r, 3) == (i ? INT64_MIN : INT64_MAX));
		assert_false(db_col_null(r, 1));
		assert_int_equal(db_col_bytes(r, 1).len, strlen("mjölk '\"$1\\ 🥛"));
	}
	for (int64_t i = 0; i < 4; i++) {
		assert_true(db_next(r));
		for (uint32_t c = 1; c < 4; c++)
			assert_int_equal(db_col_null(r, c), i < 2);
		assert_string_equal(db_col_text(r, 1), "");
		assert_int_equal(db_col_bytes(r, 2).len, 0);
		assert_int_equal(db_col_int(r, 3), 0);
	}
	assert_false(db_next(r));
	assert_false(db_next(r));
	assert_int_equal(db_col_int(r, 0), 0);
	db_rows_end(r);
	return db_failed(d);
}

static void values_come_back(void **state)
{
	NEEDS_ENGINE();
	expect(put_values, 0);
	expect(look_at_values, 0);
	/* no bytes are bytes: never NULL */
	assert_int_equal(number_now(db, "SELECT count(*) FROM thing WHERE bytes IS NULL LIMIT 1"),
			 2);
	assert_int_equal(
		number_now(db, "SELECT count(*) FROM thing WHERE length(bytes) = 0 LIMIT 1"), 2);
}

/* --- what is refused */

static struct db_value wrong_value;

static int put_wrong_value(struct db *d, void *data)
{
	int64_t r = db_do(d, "INSERT INTO thing(id, name) VALUES(1, $1)", 1, &wrong_value);

	(void)data;
	assert_int_equal(r, db_failed(d));
	return 0; /* the body need not look: what stuck is what counts */
}

static int bulk_wrong_value(struct db *d, void *data)
{
	(void)data;
	db_bulk(d, "thing(id, name)", 2, 1, (struct db_value[]){db_int(1), wrong_value});
	return 0;
}

static void text_is_text(void **state)
{
	static const char *const bad[] = {"a\xff", "\xc3", "\xed\xa0\x80", "\xc0\x80",
					  "\xf4\x90\x80\x80"};

	NEEDS_ENGINE();
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		wrong_value = db_text(bad[i]);
		expect(put_wrong_value, -EINVAL);
		expect(bulk_wrong_value, -EINVAL);
	}
	wrong_value = db_text_n("a\0b", 3);
	expect(put_wrong_value, -EINVAL);
	expect(bulk_wrong_value, -EINVAL);
	wrong_value = db_bytes("", DB_VALUE_MAX + 1);
	expect(put_wrong_value, -E2BIG);
	expect(bulk_wrong_value, -E2BIG);
	assert_int_equal(number_now(db, "SELECT count(*) FROM thing LIMIT 1"), 0);
}

static const char *asked;
static enum db_type read_as;

static int ask_something(struct db *d, void *data)
{
	struct db_rows *r;

	(void)data;
	db_ask(d, &r, asked, 0, NULL);
	assert_true(db_next(r));
	if (read_as == DB_INT)
		assert_int_equal(db_col_int(r, 0), 0);
	else if (read_as == DB_TEXT)
		assert_string_equal(db_col_text(r, 0), "");
	else
		assert_int_equal(db_col_bytes(r, 7).len, 0);
	assert_false(db_next(r));
	db_rows_end(r);
	return 0;
}

static void columns_are_what_they_are(void **state)
{
	NEEDS_ENGINE();
	asked = "SELECT name FROM counter ORDER BY name LIMIT 2";
	read_as = DB_INT;
	expect(ask_something, -EINVAL);
	asked = "SELECT n FROM counter LIMIT 2";
	read_as = DB_TEXT;
	expect(ask_something, -EINVAL);
	read_as = DB_BYTES; /* of a column that is not there */
	expect(ask_something, -EINVAL);
	asked = "SELECT 1.5 FROM counter LIMIT 2";
	read_as = DB_INT;
	expect(ask_something, -EINVAL);
	assert_int_equal(number_now(db, "SELECT CAST(sum(n + 4) AS BIGINT) FROM counter LIMIT 1"),
			 8);
}

static int too_few_values(struct db *d, void *data)
{
	(void)data;
	db_do(d, "UPDATE counter SET n = $2 WHERE name = $1", DB_VALUES(db_text("a")));
	return 0;
}

static int too_many_values(struct db *d, void *data)
{
	(void)data;
	db_do(d, "UPDATE counter SET n = 1 WHERE name = $1 AND name <> '$2'",
	      DB_VALUES(db_text("a"), db_int(1)));
	return 0;
}

static void values_are_counted(void **state)
{
	NEEDS_ENGINE();
	expect(too_few_values, -EINVAL);
	expect(too_many_values, -EINVAL);
}

/* --- errors stick */

static int go_wrong_and_on(struct db *d, void *data)
{
	struct db_rows *r;
	int64_t n = 77;

	(void)data;
	assert_int_equal(db_do(d, "UPDATE counter SET n = 5", 0, NULL), 2);
	db_do(d, "INSERT INTO nowhere(x) VALUES(1)", 0, NULL);
	assert_int_equal(db_failed(d), -EIO);
	assert_non_null(strstr(db_why(d), "nowhere"));
	assert_int_equal(db_do(d, "UPDATE counter SET n = 6", 0, NULL), -EIO);
	db_bulk(d, "thing(id)", 1, 1, (struct db_value[]){db_int(1)});
	assert_false(db_one(d, &n, "SELECT n FROM counter LIMIT 1", 0, NULL));
	assert_int_equal(n, 77);
	db_ask(d, &r, "SELECT n FROM counter LIMIT 1", 0, NULL);
	assert_false(db_next(r));
	assert_int_equal(db_col_int(r, 0), 0);
	db_rows_end(r);
	return 0;
}

static int think_better_of_it(struct db *d, void *data)
{
	(void)data;
	assert_int_equal(db_do(d, "UPDATE counter SET n = 9", 0, NULL), 2);
	return -ENOKEY;
}

static void errors_stick_until_the_end(void **state)
{
	NEEDS_ENGINE();
	expect(go_wrong_and_on, -EIO);
	assert_int_equal(db_failed(db), -EIO);
	assert_int_equal(number_now(db, "SELECT CAST(sum(n) AS BIGINT) FROM counter LIMIT 1"), 0);
	assert_int_equal(db_failed(db), 0);
	expect(think_better_of_it, -ENOKEY);
	assert_int_equal(number_now(db, "SELECT CAST(sum(n) AS BIGINT) FROM counter LIMIT 1"), 0);
}

static int put_twice(struct db *d, void *data)
{
	(void)data;
	for (int i = 0; i < 2; i++)
		db_do(d, "INSERT INTO thing(id) VALUES($1)", DB_VALUES(db_int(1)));
	return 0;
}

static int bulk_twice(struct db *d, void *data)
{
	(void)data;
	db_bulk(d, "thing(id, name)", 2, 3,
		(struct db_value[]){db_int(1), db_null(), db_int(2), db_text("x"), db_int(1),
				    db_null()});
	return 0;
}

static void keys_are_unique(void **state)
{
	NEEDS_ENGINE();
	expect(put_twice, -EEXIST);
	expect(bulk_twice, -EEXIST);
	assert_int_equal(number_now(db, "SELECT count(*) FROM thing LIMIT 1"), 0);
	expect(put_on_conflict, 0);
	assert_int_equal(number_now(db, "SELECT count(*) FROM thing LIMIT 1"), 1);
}

/* --- rows */

static int ask_within_asking(struct db *d, void *data)
{
	static const char names[] = "SELECT name FROM counter WHERE name >= $1 ORDER BY name "
				    "LIMIT 5";
	char first[] = "a";
	struct db_rows *outer, *inner;
	uint32_t met = 0;

	(void)data;
	db_ask(d, &outer, names, DB_VALUES(db_text(first)));
	first[0] = 'z'; /* it was lent for the call, no longer */
	while (db_next(outer)) {
		db_ask(d, &inner, names, DB_VALUES(db_text("b")));
		assert_true(db_next(inner));
		assert_string_equal(db_col_text(inner, 0), "b");
		assert_string_equal(db_col_text(outer, 0), met++ ? "b" : "a");
		db_rows_end(inner);
	}
	db_rows_end(outer);
	assert_int_equal(met, 2);
	return db_failed(d);
}

/* Done when it is asked, whether or not anyone reads what it returns, and once. */
static int put_returning(struct db *d, void *data)
{
	struct db_rows *r;

	(void)data;
	db_ask(d, &r, "INSERT INTO thing(id) VALUES($1) RETURNING id", DB_VALUES(db_int(1)));
	db_rows_end(r);
	db_ask(d, &r, "UPDATE counter SET n = n + 1 RETURNING n", 0, NULL);
	for (int i = 0; i < 2; i++) {
		assert_true(db_next(r));
		assert_int_equal(db_col_int(r, 0), 1);
	}
	for (int i = 0; i < 3; i++)
		assert_false(db_next(r));
	db_rows_end(r);
	return db_failed(d);
}

static void rows_are_read(void **state)
{
	NEEDS_ENGINE();
	expect(ask_within_asking, 0);
	expect(put_returning, 0);
	assert_int_equal(number_now(db, "SELECT count(*) FROM thing LIMIT 1"), 1);
	assert_int_equal(number_now(db, "SELECT CAST(sum(n) AS BIGINT) FROM counter LIMIT 1"), 2);
}

enum {
	MANY = DB_ROWS_MAX + 1
};

static int bulk_many(struct db *d, void *data)
{
	struct db_value *v = calloc(4 * MANY, sizeof(*v)), *at = v;

	(void)data;
	assert_non_null(v);
	for (int i = 0; i < MANY; i++) {
		*at++ = db_int(i);
		*at++ = i % 3 ? db_text("a name of some length") : db_null();
		*at++ = i % 2 ? db_bytes(all_bytes, (uint32_t)i % 9) : db_null();
		*at++ = db_int(-i);
	}
	db_bulk(d, "thing(id, name, bytes, n)", 4, MANY, v);
	db_bulk(d, "thing(id, name, bytes, n)", 4, 0, v);
	free(v);
	return db_failed(d);
}

static int read_bulk(struct db *d, void *data)
{
	struct db_rows *r;
	int64_t i = 0;

	(void)data;
	db_ask(d, &r, "SELECT id, name, bytes, n FROM thing ORDER BY id LIMIT 1000", 0, NULL);
	for (; db_next(r); i++) {
		assert_int_equal(db_col_int(r, 0), i);
		assert_string_equal(db_col_text(r, 1), i % 3 ? "a name of some length" : "");
		assert_int_equal(db_col_null(r, 1), !(i % 3));
		assert_true(span_is(db_col_bytes(r, 2), all_bytes, i % 2 ? (uint32_t)i % 9 : 0));
		assert_int_equal(db_col_null(r, 2), !(i % 2));
		assert_int_equal(db_col_int(r, 3), -i);
	}
	db_rows_end(r);
	assert_int_equal(i, 1000);
	return db_failed(d);
}

static int read_everything(struct db *d, void *data)
{
	struct db_rows *r;
	int64_t n = 0;

	(void)data;
	db_ask(d, &r, "SELECT id FROM thing", 0, NULL);
	while (db_next(r))
		n++;
	db_rows_end(r);
	assert_true(n <= DB_ROWS_MAX);
	return 0;
}

static void many_at_once(void **state)
{
	NEEDS_ENGINE();
	expect(bulk_many, 0);
	assert_int_equal(number_now(db, "SELECT count(*) FROM thing LIMIT 1"), MANY);
	expect(read_bulk, 0);
	expect(read_everything, -E2BIG);
	expect(bulk_many, -EEXIST);
}

static int bulk_badly(struct db *d, void *data)
{
	(void)data;
	db_bulk(d, "nowhere(id)", 1, 1, (struct db_value[]){db_int(1)});
	return 0;
}

static int bulk_null_key(struct db *d, void *data)
{
	(void)data;
	db_bulk(d, "counter(name, n)", 2, 1, (struct db_value[]){db_text("c"), db_null()});
	return 0;
}

static void bulk_can_fail(void **state)
{
	NEEDS_ENGINE();
	expect(bulk_badly, -EIO);
	expect(bulk_null_key, -EIO);
	expect(put_on_conflict, 0);
}

/* Rows that may be there: a sum goes on, what is new is put, in any number. */
static const char merging[] = "thing(id, name, bytes, n) ON CONFLICT(id) DO UPDATE SET"
			      " n = thing.n + excluded.n, name = excluded.name";

static int merge_many(struct db *d, void *data)
{
	struct db_value *v = calloc(4 * MANY, sizeof(*v)), *at = v;

	(void)data;
	assert_non_null(v);
	for (int i = 0; i < MANY; i++) {
		*at++ = db_int(i);
		*at++ = i % 3 ? db_text("mjölk '{,}\"\\") : db_text("");
		*at++ = db_bytes(all_bytes, (uint32_t)i % 9);
		*at++ = db_int(i);
	}
	db_bulk(d, merging, 4, 10, v);
	db_bulk(d, merging, 4, 0, v);
	db_bulk(d, merging, 4, MANY, v);
	free(v);
	return db_failed(d);
}

static int read_merged(struct db *d, void *data)
{
	struct db_rows *r;
	int64_t i = 0;

	(void)data;
	db_ask(d, &r, "SELECT id, name, bytes, n FROM thing ORDER BY id LIMIT 1000", 0, NULL);
	for (; db_next(r); i++) {
		assert_int_equal(db_col_int(r, 0), i);
		assert_string_equal(db_col_text(r, 1), i % 3 ? "mjölk '{,}\"\\" : "");
		assert_false(db_col_null(r, 1));
		assert_true(span_is(db_col_bytes(r, 2), all_bytes, (uint32_t)i % 9));
		assert_false(db_col_null(r, 2));
		assert_int_equal(db_col_int(r, 3), i < 10 ? 2 * i : i);
	}
	db_rows_end(r);
	assert_int_equal(i, 1000);
	return db_failed(d);
}

static int merge_null(struct db *d, void *data)
{
	(void)data;
	db_bulk(d, merging, 4, 1,
		(struct db_value[]){db_int(1), db_null(), db_bytes("", 0), db_int(1)});
	return 0;
}

static int merge_two_types(struct db *d, void *data)
{
	(void)data;
	db_bulk(d, merging, 4, 2,
		(struct db_value[]){db_int(1), db_text("a"), db_bytes("", 0), db_int(1), db_int(2),
				    db_int(3), db_bytes("", 0), db_int(1)});
	return 0;
}

static void rows_that_may_be_there(void **state)
{
	NEEDS_ENGINE();
	expect(merge_many, 0);
	assert_int_equal(number_now(db, "SELECT count(*) FROM thing LIMIT 1"), MANY);
	expect(read_merged, 0);
	expect(merge_null, -EINVAL);
	expect(merge_two_types, -EINVAL);
}

/* Rows handed over bit by bit, into one table and the next, with questions in between that see
 * them. */
static int bulk_bit_by_bit(struct db *d, void *data)
{
	int64_t n = 0;

	(void)data;
	for (int i = 0; i < 40; i++) {
		db_bulk(d, "thing(id, n)", 2, 1, (struct db_value[]){db_int(i), db_int(i)});
		if (i % 10 == 9) {
			assert_true(db_one(d, &n, "SELECT count(*) FROM thing LIMIT 1", 0, NULL));
			assert_int_equal(n, i + 1);
		}
		if (i == 15)
			db_bulk(d, "counter(name, n)", 2, 1,
				(struct db_value[]){db_text("c"), db_int(7)});
		if (i == 25)
			db_do(d, "DELETE FROM counter WHERE name = $1", DB_VALUES(db_text("c")));
	}
	return *(int *)data;
}

static void rows_bit_by_bit(void **state)
{
	int result = -ENOKEY;

	NEEDS_ENGINE();
	assert_int_equal(db_transact(db, bulk_bit_by_bit, &result), -ENOKEY);
	assert_int_equal(number_now(db, "SELECT count(*) FROM thing LIMIT 1"), 0);
	result = 0;
	assert_int_equal(db_transact(db, bulk_bit_by_bit, &result), 0);
	assert_int_equal(number_now(db, "SELECT count(*) FROM thing LIMIT 1"), 40);
	/* they are there already: seen at the question, and where nobody asks at the commit */
	assert_int_equal(db_transact(db, bulk_twice, NULL), -EEXIST);
	assert_int_equal(number_now(db, "SELECT count(*) FROM thing LIMIT 1"), 40);
	assert_int_equal(number_now(db, "SELECT count(*) FROM counter LIMIT 1"), 2);
}

/* SQL that is put together has its own text each time, even in the same place. */
static int same_place(struct db *d, void *data)
{
	char sql[100];
	int64_t n;

	(void)data;
	for (int i = 0; i < 1500; i++) {
		snprintf(sql, sizeof(sql), "SELECT %d FROM counter WHERE n < $1 LIMIT 1", i);
		assert_true(db_one(d, &n, sql, DB_VALUES(db_int(5))));
		assert_int_equal(n, i);
	}
	return db_failed(d);
}

static int other_types(struct db *d, void *data)
{
	static const char sql[] = "INSERT INTO thing(id, name, bytes, n) VALUES($1, $2, $3, $4)";

	(void)data;
	db_do(d, sql, DB_VALUES(db_int(1), db_null(), db_null(), db_null()));
	db_do(d, sql, DB_VALUES(db_int(2), db_text("x"), db_null(), db_int(1)));
	db_do(d, sql, DB_VALUES(db_int(3), db_null(), db_bytes("y", 1), db_null()));
	return db_failed(d);
}

static void statements_are_found_again(void **state)
{
	NEEDS_ENGINE();
	expect(same_place, 0);
	expect(other_types, 0);
	assert_int_equal(number_now(db, "SELECT count(*) FROM thing LIMIT 1"), 3);
}

static void script_is_whole(void **state)
{
	char why[DB_WHY_MAX];

	NEEDS_ENGINE();
	assert_int_equal(db_script(db,
				   "UPDATE counter SET n = 3; CREATE TABLE made(x BIGINT);"
				   "INSERT INTO nowhere(x) VALUES(1);",
				   why),
			 -EIO);
	assert_non_null(strstr(why, "nowhere"));
	assert_int_equal(number_now(db, "SELECT CAST(sum(n) AS BIGINT) FROM counter LIMIT 1"), 0);
}

static int look_for_tables(struct db *d, void *data)
{
	(void)data;
	assert_true(db_has_table(d, "thing"));
	assert_false(db_has_table(d, "nothing"));
	return db_failed(d);
}

static void tables_are_found(void **state)
{
	NEEDS_ENGINE();
	expect(look_for_tables, 0);
}

/* --- others */

static void tries_again(void **state)
{
	NEEDS_ENGINE();
	runs = 0;
	db_trouble_inject(db, 3);
	expect(count_runs, 0);
	assert_int_equal(runs, 4);
	assert_int_equal(number_now(db, "SELECT n FROM counter WHERE name = 'a' LIMIT 1"), 1);
	runs = 0;
	db_trouble_inject(db, DB_TRIES_MAX);
	expect(count_runs, -EAGAIN);
	assert_int_equal(runs, DB_TRIES_MAX);
	assert_int_equal(number_now(db, "SELECT n FROM counter WHERE name = 'a' LIMIT 1"), 1);
}

static int reads_one_moment(struct db *d, void *data)
{
	struct db *other = data;
	int64_t before = -1, after = -1;

	assert_true(db_one(d, &before, "SELECT n FROM counter WHERE name = 'a' LIMIT 1", 0, NULL));
	assert_int_equal(db_transact(other, count_runs, NULL), 0); /* not held up, nor seen */
	assert_true(db_one(d, &after, "SELECT n FROM counter WHERE name = 'a' LIMIT 1", 0, NULL));
	assert_int_equal(before, after);
	assert_int_equal(db_do(d, "UPDATE counter SET n = 99", 0, NULL), -EINVAL);
	return 0;
}

static void a_read_sees_one_moment(void **state)
{
	struct db *other;

	NEEDS_ENGINE();
	other = another();
	assert_int_equal(db_read(db, reads_one_moment, other), -EINVAL);
	assert_int_equal(number_now(db, "SELECT n FROM counter WHERE name = 'a' LIMIT 1"), 1);
	db_close(other);
}

enum {
	THREADS = 4,
	EACH = 50
};

static int take_a_number(struct db *d, void *data)
{
	int64_t n = 0;

	if (!db_one(d, &n, "UPDATE counter SET n = n + 1 WHERE name = 'a' RETURNING n", 0, NULL))
		return db_failed(d);
	db_do(d, "INSERT INTO thing(id, n) VALUES($1, $2)",
	      DB_VALUES(db_int(n), db_int(*(int *)data)));
	return db_failed(d);
}

static void *take_numbers(void *data)
{
	struct db *d = another();

	for (int i = 0; i < EACH; i++)
		assert_int_equal(db_transact(d, take_a_number, data), 0);
	db_close(d);
	return NULL;
}

static void threads_take_turns(void **state)
{
	pthread_t thread[THREADS];
	int number[THREADS];

	NEEDS_ENGINE();
	for (int i = 0; i < THREADS; i++) {
		number[i] = i;
		assert_int_equal(pthread_create(&thread[i], NULL, take_numbers, &number[i]), 0);
	}
	for (int i = 0; i < THREADS; i++)
		pthread_join(thread[i], NULL);
	assert_int_equal(number_now(db, "SELECT count(*) FROM thing LIMIT 1"), THREADS * EACH);
	assert_int_equal(number_now(db, "SELECT max(id) FROM thing LIMIT 1"), THREADS * EACH);
}

static void where_it_is(void **state)
{
	char why[DB_WHY_MAX];
	struct db *d;

	(void)state;
	assert_true(db_where_is_postgres("postgresql://a/b"));
	assert_true(db_where_is_postgres("postgres://a/b"));
	assert_false(db_where_is_postgres("/var/lib/x/postgresql.db"));
	assert_int_equal(db_open("postgresql://u:secret1@/b?nonsense=secret2", &d, why), -EINVAL);
	assert_null(strstr(why, "secret"));
	assert_int_equal(db_open("postgresql://u:secret1@127.0.0.1:1/b", &d, why), -ENOTCONN);
	assert_null(strstr(why, "secret"));
	assert_true(why[0]);
	assert_int_equal(db_open(":memory:", &d, why), -EINVAL);
	assert_int_equal(db_open("mysql://x/y", &d, why), -EINVAL);
	assert_int_equal(db_open("/nowhere/at/all.db", &d, why), -ENOENT);
	assert_true(why[0]);
}

/* --- SQLite's own */

static int fill(struct db *d, void *data)
{
	static uint8_t much[200000];

	(void)data;
	db_do(d, "UPDATE counter SET n = 5", 0, NULL);
	db_do(d, "INSERT INTO thing(id, bytes) VALUES(1, $1)",
	      DB_VALUES(db_bytes(much, sizeof(much))));
	return 0;
}

static void full_disk(void **state)
{
	char why[DB_WHY_MAX];

	NEEDS_ENGINE();
	assert_int_equal(db_script(db, "PRAGMA max_page_count = 20", why), 0);
	expect(fill, -ENOSPC);
	assert_int_equal(number_now(db, "SELECT CAST(sum(n) AS BIGINT) FROM counter LIMIT 1"), 0);
	expect(count_runs, 0);
	assert_int_equal(db_script(db, "PRAGMA max_page_count = 2000", why), 0);
	expect(fill, 0);
}

static void file_has_one_process(void **state)
{
	char lock[1100], why[DB_WHY_MAX];
	struct stat st;
	struct db *d;
	int fd;

	NEEDS_ENGINE();
	assert_int_equal(stat(house.where, &st), 0);
	assert_int_equal(st.st_mode & 07, 0);
	snprintf(lock, sizeof(lock), "%s-lock", house.where);
	fd = open(lock, O_RDWR | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(flock(fd, LOCK_EX | LOCK_NB), -1);
	db_close(another());
	assert_int_equal(flock(fd, LOCK_EX | LOCK_NB), -1);
	db_close(db);
	db = NULL;
	assert_int_equal(flock(fd, LOCK_EX | LOCK_NB), 0);
	assert_int_equal(db_open(house.where, &d, why), -EBUSY);
	assert_non_null(strstr(why, "another program"));
	close(fd);
	db = another();
	assert_int_equal(number_now(db, "SELECT count(*) FROM counter LIMIT 1"), 2);
}

static void no_database_at_all(void **state)
{
	char why[DB_WHY_MAX];
	struct db *d;
	FILE *f;

	NEEDS_ENGINE();
	db_close(db);
	db = NULL;
	f = fopen(house.where, "w");
	assert_non_null(f);
	for (int i = 0; i < 1000; i++)
		fputs("not a database ", f);
	fclose(f);
	assert_int_equal(db_open(house.where, &d, why), -EIO);
	assert_true(why[0]);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		ON_BOTH(values_come_back),
		ON_BOTH(text_is_text),
		ON_BOTH(columns_are_what_they_are),
		ON_BOTH(values_are_counted),
		ON_BOTH(errors_stick_until_the_end),
		ON_BOTH(keys_are_unique),
		ON_BOTH(rows_are_read),
		ON_BOTH(many_at_once),
		ON_BOTH(bulk_can_fail),
		ON_BOTH(rows_that_may_be_there),
		ON_BOTH(rows_bit_by_bit),
		ON_BOTH(statements_are_found_again),
		ON_BOTH(script_is_whole),
		ON_BOTH(tables_are_found),
		ON_BOTH(tries_again),
		ON_BOTH(a_read_sees_one_moment),
		ON_BOTH(threads_take_turns),
		ON(DB_SQLITE, full_disk),
		ON(DB_SQLITE, file_has_one_process),
		ON(DB_SQLITE, no_database_at_all),
		cmocka_unit_test(where_it_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
