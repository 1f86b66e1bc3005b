/*
 * test_shopd_keep.c: a shop whose ledger will not open: nobody comes in, the door is watched, and
 * what happens is written down when the ledger opens after all.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "shopd_bench.h"

#include "ledger/sql.h"

#include "shopd/keep.c"

static struct caller control, counter;
static struct person anna;

static void dial(void)
{
	caller_dial(&control, ROLE_CONTROL);
	caller_dial(&counter, ROLE_COUNTER);
}

static void hang_up(void)
{
	caller_leave(&control);
	caller_leave(&counter);
}

/* A file that is no database. */
static void damage(void)
{
	char path[128];
	FILE *f;

	bench_path("ledger.db", path);
	f = fopen(path, "w");
	assert_non_null(f);
	for (int i = 0; i < 1000; i++)
		assert_true(fputs("this is no ledger. ", f) >= 0);
	assert_int_equal(fclose(f), 0);
}

/* Something else stands where the ledger would be made. */
static void obstruct(void)
{
	char path[128];

	bench_path("ledger.db", path);
	assert_int_equal(mkdir(path, 0700), 0);
}

static void mend(void)
{
	char path[128];

	bench_path("ledger.db", path);
	assert_int_equal(remove(path), 0);
}

static int64_t on_disk(const char *sql)
{
	int64_t n = INT64_MIN;
	char path[128];
	sqlite3 *db;

	bench_path("ledger.db", path);
	assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
	sqlite3_busy_timeout(db, PATIENCE_MS);
	assert_int_equal(sql_number(db, sql, &n), SQLITE_OK);
	sqlite3_close(db);
	return n;
}

static int set_up(void **state)
{
	(void)state;
	bench_make("clock = rtc\n");
	chip_start();
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	hang_up();
	bench_stop();
	bench_remove();
	return 0;
}

/* LEDGER_RETRY_MS are over: it is tried again, and has failed again or not. */
static void tried_again(bool good)
{
	assert_non_null(opener.timer);
	timer_arm(opener.timer, loop_mono());
	until(opener.running);
	until(!opener.running);
	assert_int_equal(shell.ledger != NULL, good);
}

static enum verdict at_the_door(void)
{
	struct shoptoken_token token;
	union message m;

	token_of(&anna, "viken/front", &token);
	token_message(MESSAGE_UNLOCK, "front", &token, &m);
	caller_ask(&counter, &m, MESSAGE_VERDICT);
	return (enum verdict)m.verdict.verdict;
}

static bool ledger_said_ok(void)
{
	union message m;

	message_init(&m, MESSAGE_STATUS, 0);
	caller_ask(&counter, &m, MESSAGE_STATUS_IS);
	return m.status_is.ledger_ok;
}

static void closed_but_watched(void (*in_the_way)(void))
{
	struct phone annas = {.counter = &counter, .person = &anna, .visit = 77};
	union message m;
	uint64_t facts;

	in_the_way();
	bench_start();
	dial();
	member_add(&control, &anna, 0, 0);
	assert_null(shell.ledger);
	assert_false(ledger_said_ok());
	/* it has run for a while: a token made now was not used before it started */
	shell.shop.start_mono = mono_add(shell.shop.start_mono, -60000);
	assert_int_equal(at_the_door(), VERDICT_LEDGER_UNAVAILABLE);
	phone_asks_in(&annas, &m);
	assert_int_equal(m.visit_is.verdict, VERDICT_LEDGER_UNAVAILABLE);
	annas.visit = 77;
	assert_int_equal(phone_puts(&annas, "k1", 1, 1000, NULL), ANSWER_LEDGER_UNAVAILABLE);
	assert_int_equal(phone_closes(&annas), ANSWER_LEDGER_UNAVAILABLE);
	/* the door */
	assert_int_equal(chip_hand(HAND_FORCE), SIM_OK);
	until(logged_that("forced raised"));
	assert_int_equal(chip_hand(HAND_CLOSE), SIM_OK);
	until(logged_that("front: closed"));
	tried_again(false);
	facts = shell.counts.entries;
	assert_true(opener.kept > 3);

	mend();
	tried_again(true);
	until(shell.shop.ledger_ok);
	until(shell.ticket == shell.committed);
	assert_true(ledger_said_ok());
	assert_true(on_disk("SELECT count(*) FROM entry") >= (int64_t)facts);
	assert_int_equal(on_disk("SELECT count(*) FROM entry WHERE seq = 1 AND kind = 1"), 1);
	assert_true(on_disk("SELECT count(*) FROM entry WHERE kind = 20") >= 1);
	assert_true(on_disk("SELECT count(*) FROM entry WHERE kind = 30") >= 2);
	assert_int_equal(at_the_door(), VERDICT_ADMITTED);
	phone_enters(&annas, &counter, &anna);
	assert_int_equal(phone_closes(&annas), ANSWER_OK);
}

static void damaged(void **state)
{
	(void)state;
	closed_but_watched(damage);
}

static void obstructed(void **state)
{
	(void)state;
	closed_but_watched(obstruct);
}

static void command(enum command word)
{
	struct event e = shopd_event(&shell, EVENT_COMMAND);

	e.command.command = word;
	shopd_step(&shell, &e);
}

/* More facts than are kept: those that came last are counted, and the count is a fact. */
static void more_than_is_kept(void **state)
{
	char text[64];
	uint32_t lost;

	(void)state;
	obstruct();
	bench_start();
	dial();
	for (int i = 0; i < BACKLOG_MAX; i++)
		command(i % 2 ? COMMAND_LOCK : COMMAND_UNLOCK);
	assert_int_equal(opener.kept, BACKLOG_MAX);
	lost = opener.lost;
	assert_int_equal(BACKLOG_MAX + lost, shell.counts.entries);
	assert_true(lost > 0);
	mend();
	tried_again(true);
	snprintf(text, sizeof(text), "%u rows found no room", lost);
	until(logged_that(text));
	until(shell.ticket == shell.committed);
	assert_int_equal(on_disk("SELECT count(*) FROM entry WHERE kind = 60"), 1);
	assert_true(on_disk("SELECT count(*) FROM entry WHERE seq <= 256 AND kind = 20") > 200);
}

/* Ends while it waits; nothing is left over for the next start. */
static void stopped_while_it_waits(void **state)
{
	(void)state;
	obstruct();
	bench_start();
	dial();
	hang_up();
	bench_stop();
	mend();
	bench_start();
	dial();
	assert_non_null(shell.ledger);
	assert_true(ledger_said_ok());
}

/* Ends just when it had opened: what was kept is written down. */
static void stopped_while_it_opens(void **state)
{
	(void)state;
	obstruct();
	bench_start();
	dial();
	command(COMMAND_UNLOCK);
	mend();
	timer_arm(opener.timer, loop_mono());
	until(opener.running);
	hang_up();
	bench_stop();
	assert_int_equal(on_disk("SELECT count(*) FROM entry WHERE kind = 1"), 1);
	assert_int_equal(on_disk("SELECT count(*) FROM entry WHERE kind = 2"), 1);
	bench_start();
	dial();
	assert_true(shell.shop.clean);
}

/* What the ledger knows of the time holds from then on, as after a start. */
static void floor_comes_late(void **state)
{
	char path[128], aside[128];

	(void)state;
	bench_start();
	dial();
	hang_up();
	bench_stop();
	bench_path("ledger.db", path);
	bench_path("aside", aside);
	assert_int_equal(rename(path, aside), 0);
	obstruct();
	bench_start();
	dial();
	assert_int_equal(shell.clock_floor.ms, 0);
	mend();
	assert_int_equal(rename(aside, path), 0);
	tried_again(true);
	assert_true(shell.clock_floor.ms > 0);
}

/* What the desk writes at the start, the rates and the accounts, moves the head that readers go by,
 * without a sale after it. */
static void the_desk_moves_the_head(void **state)
{
	(void)state;
	bench_start();
	dial();
	until(shell.head_seq > 0 &&
	      on_disk("SELECT count(*) FROM entry WHERE kind IN (70, 71)") == 2 &&
	      (int64_t)shell.head_seq == on_disk("SELECT max(seq) FROM entry"));
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		T(damaged),
		T(obstructed),
		T(more_than_is_kept),
		T(stopped_while_it_waits),
		T(stopped_while_it_opens),
		T(floor_comes_late),
		T(the_desk_moves_the_head),
	};

	return cmocka_run_group_tests_name("shopd_keep", tests, NULL, NULL);
}
