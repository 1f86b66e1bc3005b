/*
 * test_shopd_replies.c: money is recorded, then answered: no answer before its row is on disk, a
 * repeat's neither, and none that was given holds when the disk turns out to be full.
 *
 * The ledger is a file that ends where the test says.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sched.h>
#include <sys/mount.h>

#include "shopd_bench.h"

#include "ledger/thread.h"

static struct ledger_tuning tuning;
#define ledger_open(dir, now, ret, ret_recall, why)                                                \
	ledger_open_tuned(dir, now, tuning, ret, ret_recall, why)
#include "shopd/keep.c"

#define PRICE_MINOR 100

static struct caller control, counter;
static struct person anna, bo;
static struct phone annas;
static int till;

static int begin(void **state)
{
	const struct price price = {.article = 1, .minor = PRICE_MINOR};

	(void)state;
	till = scanner_plug("one");
	bench_start();
	caller_dial(&control, ROLE_CONTROL);
	caller_dial(&counter, ROLE_COUNTER);
	prices_set(&control, &price, 1);
	member_add(&control, &anna, MEMBER_LIMITED, 1000000);
	member_add(&control, &bo, 0, 0);
	phone_enters(&annas, &counter, &anna);
	return 0;
}

static int set_up(void **state)
{
	tuning = (struct ledger_tuning){.retry_ms = LEDGER_RETRY_MS};
	bench_make("clock = rtc\n");
	return begin(state);
}

static int tear_down(void **state)
{
	(void)state;
	caller_leave(&control);
	caller_leave(&counter);
	bench_stop();
	close(till);
	bench_remove();
	return 0;
}

static void restart(void)
{
	caller_leave(&control);
	caller_leave(&counter);
	bench_restart();
	caller_dial(&control, ROLE_CONTROL);
	caller_dial(&counter, ROLE_COUNTER);
}

static void say_put(const char *key)
{
	union message m;

	line_message(&annas, MESSAGE_LINE_PUT, key, 1, 1000, &m);
	caller_say(&counter, &m);
}

static void say_token(enum message_type type, const struct person *p, const char *audience)
{
	struct shoptoken_token token;
	union message m;

	token_of(p, audience, &token);
	token_message(type, "front", &token, &m);
	caller_say(&counter, &m);
}

static void say_bearer(enum message_type type)
{
	union message m;

	bearer_message(&annas, type, &m);
	caller_say(&counter, &m);
}

/* The next answer is of this type and says this. */
static void hears(enum message_type type, uint32_t what)
{
	union message m;

	caller_hear(&counter, &m);
	assert_int_equal(m.head.type, type);
	assert_int_equal(type == MESSAGE_LINE_IS    ? m.line_is.answer
			 : type == MESSAGE_VISIT_IS ? m.visit_is.answer
			 : type == MESSAGE_VERDICT  ? m.verdict.verdict
						    : m.answer.answer,
			 what);
}

static int64_t unbilled(const struct person *p)
{
	const struct member_row *row = roster_member(shell.roster, p->customer);

	assert_non_null(row);
	return money_minor(shell.owing.unbilled[row - shell.roster->member]);
}

/* What the file says, by a connection of its own. */
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

/* --- record, then reply */

static void nothing_before_the_disk(void **state)
{
	(void)state;
	assert_int_equal(phone_puts(&annas, "k0", 1, 1000, NULL), ANSWER_OK);
	disk_stalls();
	say_put("k1"); /* a line */
	say_put("k0"); /* a repeat of one on disk waits too: it tells the visit's new total */
	say_put("k1"); /* a repeat of one that is not on disk */
	say_token(MESSAGE_VISIT, &bo, "viken/till");
	say_bearer(MESSAGE_INVITE);
	say_bearer(MESSAGE_CLOSE);
	caller_heard_nothing(&counter);
	caller_heard_nothing(&counter);
	/* a door is no money: its verdict does not wait */
	say_token(MESSAGE_UNLOCK, &bo, "viken/front");
	hears(MESSAGE_VERDICT, VERDICT_ADMITTED);
	say_token(MESSAGE_SESSION, &anna, "viken/owner");
	hears(MESSAGE_VERDICT, VERDICT_ADMITTED);
	disk_goes_on();
	hears(MESSAGE_LINE_IS, ANSWER_OK);
	hears(MESSAGE_LINE_IS, ANSWER_REPEATED);
	hears(MESSAGE_LINE_IS, ANSWER_REPEATED);
	hears(MESSAGE_VISIT_IS, ANSWER_OK);
	hears(MESSAGE_ANSWER, ANSWER_OK);
	hears(MESSAGE_ANSWER, ANSWER_OK);
	assert_int_equal(on_disk("SELECT count(*) FROM line"), 2);
}

static void beeps_wait_too(void **state)
{
	struct shoptoken_token token;
	char code[33], bell;

	(void)state;
	article_code(1, code);
	token_of(&anna, "viken/till", &token);
	disk_stalls();
	scan_token(till, &token);
	until(shell.ticket > shell.committed);
	caller_heard_nothing(&counter);
	assert_true(read(till, &bell, 1) < 0);
	disk_goes_on();
	assert_int_equal(scanner_heard(till), 1);
	disk_stalls();
	scan(till, code);
	until(shell.ticket > shell.committed);
	caller_heard_nothing(&counter);
	assert_true(read(till, &bell, 1) < 0);
	disk_goes_on();
	assert_int_equal(scanner_heard(till), 1);
	assert_int_equal(unbilled(&anna), PRICE_MINOR);
	assert_int_equal(on_disk("SELECT total FROM line"), PRICE_MINOR);
}

/* Whoever asked may be gone when the answer may leave: nobody else gets it. */
static void asked_and_gone(void **state)
{
	(void)state;
	disk_stalls();
	say_put("k1");
	caller_heard_nothing(&counter);
	caller_leave(&counter);
	caller_dial(&counter, ROLE_COUNTER);
	disk_goes_on();
	until(shell.ticket == shell.committed);
	caller_heard_nothing(&counter);
	assert_int_equal(phone_puts(&annas, "k1", 1, 1000, NULL), ANSWER_REPEATED);
}

/* More than there is room for: the rest is refused at once, and what was taken is kept. */
static void no_room_for_more(void **state)
{
	enum {
		LINES = 900,
		ASKED = REPLIES_MAX + 100
	};
	uint32_t refused = 0;
	union message m;
	char key[16];

	(void)state;
	disk_stalls();
	for (uint32_t i = 0; i < ASKED; i++) {
		snprintf(key, sizeof(key), "k%u", i % LINES);
		say_put(key);
		while (caller_took(&counter, &m)) {
			assert_int_equal(m.line_is.answer, ANSWER_LEDGER_UNAVAILABLE);
			refused++;
		}
	}
	while (refused < ASKED - (REPLIES_MAX - EFFECTS_AFTER_MAX + 1))
		hears(MESSAGE_LINE_IS, ANSWER_LEDGER_UNAVAILABLE), refused++;
	caller_heard_nothing(&counter);
	assert_false(replies_room(&shell));
	/* this many answers in one go are more than the socket may hold: counterd dials again */
	caller_leave(&counter);
	caller_dial(&counter, ROLE_COUNTER);
	disk_goes_on();
	until(shell.ticket == shell.committed && replies_room(&shell));
	assert_int_equal(on_disk("SELECT count(*) FROM line"), LINES);
	assert_int_equal(unbilled(&anna), LINES * PRICE_MINOR);
	assert_int_equal(phone_puts(&annas, "k899", 1, 1000, NULL), ANSWER_REPEATED);
	assert_int_equal(phone_puts(&annas, "more", 1, 1000, NULL), ANSWER_OK);
}

/* --- a full disk */

enum {
	GUESTS = 60,
	LINES_A_ROUND = 10
};
static struct person guest[GUESTS];

static bool write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);
	bool wrote = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

	if (fd >= 0)
		close(fd);
	return wrote;
}

/* Mounts that only this process sees; who is not root becomes root of a world of its own. */
static bool own_mounts(void)
{
	char map[32];

	snprintf(map, sizeof(map), "0 %u 1", (unsigned)getuid());
	if (unshare(CLONE_NEWNS) < 0 &&
	    (unshare(CLONE_NEWUSER | CLONE_NEWNS) < 0 || !write_file("/proc/self/uid_map", map)))
		return false;
	return mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
}

/* Something else takes all that is left. */
static void fill_disk(void)
{
	static const uint8_t zero[4096];
	char path[128];
	int fd;

	bench_path("ballast", path);
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	while (write(fd, zero, sizeof(zero)) > 0)
		;
	close(fd);
}

/* Lines and a guest's visit; keeps what was answered as done. False when one was refused. */
static bool buy(uint32_t round, bool ret_line[GUESTS * LINES_A_ROUND], bool ret_visit[GUESTS])
{
	bool all = true;

	for (uint32_t i = 0; i < LINES_A_ROUND; i++) {
		char key[16];

		snprintf(key, sizeof(key), "k%u", round * LINES_A_ROUND + i);
		say_put(key);
	}
	say_token(MESSAGE_VISIT, &guest[round], "viken/till");
	for (uint32_t i = 0; i <= LINES_A_ROUND; i++) {
		union message m;
		uint32_t answer;

		caller_hear(&counter, &m);
		answer = m.head.type == MESSAGE_LINE_IS ? m.line_is.answer : m.visit_is.answer;
		assert_true(answer == ANSWER_OK || answer == ANSWER_LEDGER_UNAVAILABLE);
		all &= answer == ANSWER_OK;
		if (m.head.type == MESSAGE_VISIT_IS)
			ret_visit[round] = answer == ANSWER_OK;
		else if (answer == ANSWER_OK)
			ret_line[strtoul(m.line_is.key + 1, NULL, 10)] = true;
		else
			assert_int_equal(m.line_is.total_minor, 0);
	}
	return all;
}

static void holds(const bool line[GUESTS * LINES_A_ROUND], const bool visit[GUESTS])
{
	const struct visit *annas_visit = shop_visit(&shell.shop, (struct visit_id){annas.visit});
	uint32_t lines = 0, visits = 1;

	for (uint32_t i = 0; i < GUESTS * LINES_A_ROUND; i++)
		lines += line[i];
	for (uint32_t i = 0; i < GUESTS; i++) {
		visits += visit[i];
		assert_int_equal(shop_visit_of(&shell.shop, guest[i].customer) != NULL, visit[i]);
	}
	assert_true(lines > 0);
	assert_int_equal(on_disk("SELECT count(*) FROM line"), lines);
	assert_int_equal(on_disk("SELECT sum(total) FROM line"), lines * PRICE_MINOR);
	assert_int_equal(on_disk("SELECT count(*) FROM visit"), visits);
	assert_int_equal(unbilled(&anna), lines * PRICE_MINOR);
	assert_non_null(annas_visit);
	assert_int_equal(annas_visit->lines, lines);
	assert_int_equal(money_minor(annas_visit->total), lines * PRICE_MINOR);
	assert_int_equal(shell.shop.visits.count, visits);
}

static void full_and_well(void **state)
{
	static bool line[GUESTS * LINES_A_ROUND], visit[GUESTS];
	char key[16], path[128];
	union message m;
	uint32_t round;

	(void)state;
	for (uint32_t i = 0; i < GUESTS; i++)
		member_add(&control, &guest[i], 0, 0);
	for (round = 0; round < 10; round++)
		assert_true(buy(round, line, visit));
	fill_disk();
	while (buy(round++, line, visit))
		assert_true(round < GUESTS);
	until(!shell.shop.ledger_ok);
	assert_true(logged_that("the disk is full"));
	/* nobody waits for an answer, and whoever asks now is told at once */
	say_put("k0");
	hears(MESSAGE_LINE_IS, ANSWER_LEDGER_UNAVAILABLE);
	say_bearer(MESSAGE_CLOSE);
	hears(MESSAGE_ANSWER, ANSWER_LEDGER_UNAVAILABLE);
	say_token(MESSAGE_VISIT, &bo, "viken/till");
	hears(MESSAGE_VISIT_IS, ANSWER_LEDGER_UNAVAILABLE);
	say_token(MESSAGE_UNLOCK, &bo, "viken/front");
	hears(MESSAGE_VERDICT, VERDICT_LEDGER_UNAVAILABLE);
	scan(till, "SK1::");
	assert_int_equal(scanner_heard(till), 2);
	message_init(&m, MESSAGE_STATUS, 0);
	caller_ask(&counter, &m, MESSAGE_STATUS_IS);
	assert_int_equal(m.status_is.ledger_ok, 0);
	assert_true(m.status_is.alarms_open > 0);

	bench_path("ballast", path);
	assert_int_equal(unlink(path), 0);
	until(shell.shop.ledger_ok);
	holds(line, visit);
	/* what was done stays done, what was refused can be bought now */
	for (uint32_t i = 0; i < GUESTS * LINES_A_ROUND; i++) {
		snprintf(key, sizeof(key), "k%u", i);
		assert_int_equal(phone_puts(&annas, key, 1, 1000, NULL),
				 line[i] ? ANSWER_REPEATED : ANSWER_OK);
		line[i] = true;
	}
	holds(line, visit);
	restart();
	holds(line, visit);
}

static int set_up_small(void **state)
{
	tuning = (struct ledger_tuning){.retry_ms = 100};
	bench_make("clock = rtc\n");
	if (!own_mounts() || mount("test", bench.dir, "tmpfs", 0, "size=40m") < 0) {
		print_message("no right to mount a small file system: not tested\n");
		bench_remove();
		bench.dir[0] = '\0';
		return 0;
	}
	return begin(state);
}

static int tear_down_small(void **state)
{
	if (!bench.dir[0])
		return 0;
	tear_down(state);
	if (umount(bench.dir) < 0)
		return -1;
	bench_remove(); /* what the small one stood upon */
	return 0;
}

static void full_by_disk(void **state)
{
	if (!bench.dir[0])
		skip();
	full_and_well(state);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		T(nothing_before_the_disk),
		T(beeps_wait_too),
		T(asked_and_gone),
		T(no_room_for_more),
		cmocka_unit_test_setup_teardown(full_by_disk, set_up_small, tear_down_small),
	};

	return cmocka_run_group_tests_name("shopd_replies", tests, NULL, NULL);
}
