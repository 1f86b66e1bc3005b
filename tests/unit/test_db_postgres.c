/* test_db_postgres.c: what only a server can do to us: overtake, deadlock, time out, fill up, hang
 * up, be killed and come back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/wait.h>

#include "db_bench.h"

#define NEEDS_POSTGRES()                                                                           \
	do {                                                                                       \
		NEEDS_ENGINE();                                                                    \
		CHECK(house.engine == DB_POSTGRES);                                                \
	} while (0)

static struct db *rival;

/* SQLSTATE 40001: what we read was changed by another before we write it. */
static int be_overtaken(struct db *d, void *data)
{
	int64_t n = -1;

	(void)data;
	db_do(d, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ", 0, NULL);
	assert_true(db_one(d, &n, "SELECT n FROM counter WHERE name = 'a' LIMIT 1", 0, NULL));
	if (!runs++)
		assert_int_equal(db_transact(rival, count_runs, NULL), 0);
	db_do(d, "UPDATE counter SET n = $1 WHERE name = 'a'", DB_VALUES(db_int(n + 10)));
	return db_failed(d);
}

static void overtaken_tries_again(void **state)
{
	NEEDS_POSTGRES();
	rival = another();
	runs = 0;
	expect(be_overtaken, 0);
	assert_int_equal(runs, 3); /* twice ours, once the rival's */
	assert_int_equal(number_now(db, "SELECT n FROM counter WHERE name = 'a' LIMIT 1"), 11);
	db_close(rival);
}

/* SQLSTATE 40P01: each has what the other wants. */
struct embrace {
	struct db *d;
	const char *first, *second;
	int runs, end;
};

static pthread_barrier_t both_have_one;

static int embrace_work(struct db *d, void *data)
{
	struct embrace *e = data;

	db_do(d, "SET LOCAL deadlock_timeout = 50", 0, NULL);
	db_do(d, "UPDATE counter SET n = n + 1 WHERE name = $1", DB_VALUES(db_text(e->first)));
	if (!e->runs++)
		pthread_barrier_wait(&both_have_one);
	db_do(d, "UPDATE counter SET n = n + 1 WHERE name = $1", DB_VALUES(db_text(e->second)));
	return db_failed(d);
}

static void *embrace(void *data)
{
	struct embrace *e = data;

	e->end = db_transact(e->d, embrace_work, e);
	return NULL;
}

static void deadlock_tries_again(void **state)
{
	struct embrace one, two;
	pthread_t thread;

	NEEDS_POSTGRES();
	rival = another();
	one = (struct embrace){db, "a", "b", 0, -1};
	two = (struct embrace){rival, "b", "a", 0, -1};
	assert_int_equal(pthread_barrier_init(&both_have_one, NULL, 2), 0);
	assert_int_equal(pthread_create(&thread, NULL, embrace, &two), 0);
	embrace(&one);
	pthread_join(thread, NULL);
	pthread_barrier_destroy(&both_have_one);
	assert_int_equal(one.end, 0);
	assert_int_equal(two.end, 0);
	assert_true(one.runs + two.runs >= 3);
	assert_int_equal(number_now(db, "SELECT CAST(sum(n) AS BIGINT) FROM counter LIMIT 1"), 4);
	db_close(rival);
}

static int wait_for_a_lock(struct db *d, void *data)
{
	(void)data;
	db_do(d, "SET LOCAL lock_timeout = 20", 0, NULL);
	runs++;
	db_do(d, "UPDATE counter SET n = n + 1 WHERE name = 'a'", 0, NULL);
	return db_failed(d);
}

static int hold_while_another_waits(struct db *d, void *data)
{
	(void)data;
	db_do(d, "UPDATE counter SET n = n + 1 WHERE name = 'a'", 0, NULL);
	runs = 0;
	assert_int_equal(db_transact(rival, wait_for_a_lock, NULL), -EAGAIN);
	assert_int_equal(runs, DB_TRIES_MAX);
	return db_failed(d);
}

static int sleep_too_long(struct db *d, void *data)
{
	(void)data;
	runs++;
	db_do(d, "SET LOCAL statement_timeout = 20", 0, NULL);
	db_do(d, "SELECT pg_sleep(60)", 0, NULL);
	return db_failed(d);
}

static void waits_have_an_end(void **state)
{
	NEEDS_POSTGRES();
	rival = another();
	expect(hold_while_another_waits, 0);
	runs = 0;
	expect(sleep_too_long, -EAGAIN);
	assert_int_equal(runs, 1); /* slow is slow the next time too */
	assert_int_equal(number_now(db, "SELECT n FROM counter WHERE name = 'a' LIMIT 1"), 1);
	db_close(rival);
}

static int disk_is_full(struct db *d, void *data)
{
	(void)data;
	db_do(d, "DO 'BEGIN RAISE EXCEPTION USING ERRCODE = ''53100''; END'", 0, NULL);
	return db_failed(d);
}

static void full_disk_of_a_server(void **state)
{
	NEEDS_POSTGRES();
	expect(disk_is_full, -ENOSPC);
	expect(put_on_conflict, 0);
}

static int lose_the_connection(struct db *d, void *data)
{
	(void)data;
	runs++;
	db_do(d, "UPDATE counter SET n = 50", 0, NULL);
	db_do(d, "SELECT pg_terminate_backend(pg_backend_pid())", 0, NULL);
	db_do(d, "UPDATE counter SET n = 60", 0, NULL);
	return 0;
}

static int cut_off(struct db *d, void *data)
{
	int64_t gone;

	assert_true(db_one(d, &gone, "SELECT pg_terminate_backend(CAST($1 AS INT), 5000)",
			   DB_VALUES(db_int(*(int64_t *)data))) ||
		    db_failed(d));
	return db_failed(d);
}

static void a_lost_connection_comes_back(void **state)
{
	int64_t pid;

	NEEDS_POSTGRES();
	runs = 0;
	expect(lose_the_connection, -ENOTCONN);
	assert_int_equal(runs, 1); /* nobody knows whether it was committed */
	expect(put_on_conflict, 0);
	/* and one that went while nothing was asked is nobody's trouble */
	pid = number_now(db, "SELECT pg_backend_pid()");
	rival = another();
	assert_int_equal(db_transact(rival, cut_off, &pid), 0);
	db_close(rival);
	runs = 0;
	expect(count_runs, 0);
	assert_int_equal(number_now(db, "SELECT CAST(sum(n) AS BIGINT) FROM counter LIMIT 1"), 1);
}

/* --- a server of our own, to be killed */

struct server {
	pid_t pid;
	FILE *orders, *answers;
	char url[300];
};

static void server_says(struct server *s, char *line, int size)
{
	assert_non_null(fgets(line, size, s->answers));
	line[strcspn(line, "\n")] = '\0';
}

static void server_hire(struct server *s)
{
	int down[2], up[2];

	assert_int_equal(pipe2(down, O_CLOEXEC), 0);
	assert_int_equal(pipe2(up, O_CLOEXEC), 0);
	s->pid = fork();
	assert_true(s->pid >= 0);
	if (!s->pid) {
		dup2(down[0], 0);
		dup2(up[1], 1);
		execl("/usr/bin/python3", "python3", "tests/standin/postgres.py", "hold", NULL);
		_exit(127);
	}
	close(down[0]);
	close(up[1]);
	s->orders = fdopen(down[1], "w");
	s->answers = fdopen(up[0], "r");
	server_says(s, s->url, sizeof(s->url));
}

static void server_do(struct server *s, const char *order)
{
	char line[20];

	fprintf(s->orders, "%s\n", order);
	fflush(s->orders);
	server_says(s, line, sizeof(line));
	assert_string_equal(line, "ok");
}

static void server_dismiss(struct server *s)
{
	int status = -1;

	fclose(s->orders);
	fclose(s->answers);
	assert_int_equal(waitpid(s->pid, &status, 0), s->pid);
	assert_int_equal(status, 0);
}

static int killed_in_between(struct db *d, void *data)
{
	db_do(d, "UPDATE counter SET n = 50", 0, NULL);
	server_do(data, "kill");
	db_do(d, "UPDATE counter SET n = 60", 0, NULL);
	return 0;
}

static int killed_before_the_commit(struct db *d, void *data)
{
	db_do(d, "UPDATE counter SET n = 70", 0, NULL);
	server_do(data, "kill");
	return 0;
}

static int killed_before_bulk(struct db *d, void *data)
{
	static uint8_t much[4 << 20];

	db_do(d, "UPDATE counter SET n = 80", 0, NULL);
	server_do(data, "kill");
	db_bulk(d, "thing(id, bytes)", 2, 1,
		(struct db_value[]){db_int(1), db_bytes(much, sizeof(much))});
	return 0;
}

static void server_killed_and_back(void **state)
{
	static db_work_fn *const bodies[] = {killed_in_between, killed_before_the_commit,
					     killed_before_bulk};
	struct server server;
	char why[DB_WHY_MAX];
	struct db *d = NULL;

	NEEDS_POSTGRES();
	server_hire(&server);
	assert_int_equal(db_open(server.url, &d, why), 0);
	assert_int_equal(db_script(d, tables, why), 0);
	for (size_t i = 0; i < ARRAY_LEN(bodies); i++) {
		assert_int_equal(db_transact(d, count_runs, NULL), 0);
		assert_int_equal(db_transact(d, bodies[i], &server), -ENOTCONN);
		assert_int_equal(db_transact(d, count_runs, NULL), -ENOTCONN);
		server_do(&server, "start");
		/* what was committed before is there; of the rest nothing */
		assert_int_equal(
			number_now(d, "SELECT CAST(sum(n) AS BIGINT) FROM counter LIMIT 1"), i + 1);
	}
	assert_int_equal(number_now(d, "SELECT count(*) FROM thing LIMIT 1"), 0);
	db_close(d);
	server_dismiss(&server);
	assert_int_equal(db_open(server.url, &d, why), -ENOTCONN);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		ON(DB_POSTGRES, overtaken_tries_again),
		ON(DB_POSTGRES, deadlock_tries_again),
		ON(DB_POSTGRES, waits_have_an_end),
		ON(DB_POSTGRES, full_disk_of_a_server),
		ON(DB_POSTGRES, a_lost_connection_comes_back),
		ON(DB_POSTGRES, server_killed_and_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
