/*
 * test_shopd_parts.c: parts of the shop that fail and are well again: the disk under the books, a
 * scanner, the road to the office. What is wrong is told to the core as it changes; after how long
 * somebody is told is the core's business.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdatomic.h>
#include <sys/statvfs.h>

#define DISK_LOOK_MS  50
#define DISK_SLOW_MS  400
#define DISK_AFTER_MS 800
#include "shopd_bench.h"

#include "loop/loop.h"
#include "shopd/disk.c"
#include "shopd/office.h"

/* --- the disk, played */

static struct {
	_Atomic uint64_t free_mib;
	_Atomic bool read_only, broken, hangs, hung;
} played;

int statvfs(const char *restrict path, struct statvfs *restrict ret)
{
	(void)path;
	while (atomic_load(&played.hangs)) {
		atomic_store(&played.hung, true);
		poll(NULL, 0, 5);
	}
	memset(ret, 0, sizeof(*ret));
	ret->f_frsize = 4096;
	ret->f_bavail = atomic_load(&played.free_mib) * 256;
	ret->f_flag = atomic_load(&played.read_only) ? ST_RDONLY : 0;
	errno = EIO;
	return atomic_load(&played.broken) ? -1 : 0;
}

static int set_up(void **state)
{
	(void)state;
	played.free_mib = 5000;
	played.read_only = played.broken = played.hangs = played.hung = false;
	bench_make("clock = rtc\n");
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	played.hangs = false;
	bench_stop();
	bench_remove();
	return 0;
}

/* Whether the core has been told that this fails: 1, 0 that it does not, -1 nothing. */
static int failing(enum condition condition, const char *place)
{
	const struct watches *w = &shell.shop.watches;

	for (uint32_t i = 0; i < w->faults; i++)
		if (w->fault[i].condition == condition &&
		    strcmp(w->fault[i].place.name, place) == 0)
			return w->fault[i].failing;
	return 0;
}

#define DISK_FAILS (failing(CONDITION_DISK_FAILING, "") == 1)

static void looked_at_again(void)
{
	struct mono seen = shell.disk->seen_at;

	until(shell.disk->seen_at.ms > seen.ms + DISK_LOOK_MS);
}

static void test_a_disk_that_is_nearly_full(void **state)
{
	(void)state;
	bench_start();
	looked_at_again();
	assert_false(DISK_FAILS);
	played.free_mib = 199;
	until(DISK_FAILS);
	assert_true(logged_that(": nearly full, 199 MiB free"));
	played.free_mib = 240; /* a quarter more than 200 is well */
	looked_at_again();
	assert_true(DISK_FAILS);
	played.free_mib = 250;
	until(!DISK_FAILS);
	assert_true(logged_that(": well again, 250 MiB free"));
	played.free_mib = 240;
	looked_at_again();
	assert_false(DISK_FAILS);
}

static void test_a_disk_of_no_interest(void **state)
{
	(void)state;
	shell.config.alarms.disk_free_mb = 0;
	played.free_mib = 0;
	bench_start();
	looked_at_again();
	looked_at_again();
	assert_false(DISK_FAILS);
	played.free_mib = UINT64_C(1) << 54; /* past 64 bits in bytes */
	looked_at_again();
	assert_false(DISK_FAILS);
}

static void test_a_card_that_has_failed(void **state)
{
	(void)state;
	bench_start();
	played.read_only = true;
	until(DISK_FAILS);
	assert_true(logged_that(": read-only, 5000 MiB free"));
	played.free_mib = 10;
	until(logged_that(": nearly full, read-only, 10 MiB free"));
	played.read_only = false;
	looked_at_again();
	assert_true(DISK_FAILS);
	played.free_mib = 5000;
	until(!DISK_FAILS);
	played.broken = true;
	until(DISK_FAILS && logged_that(": does not answer"));
	played.broken = false;
	until(!DISK_FAILS);
}

static void test_a_disk_that_never_answers(void **state)
{
	struct mono began;

	(void)state;
	bench_start();
	played.hangs = true;
	until(played.hung && DISK_FAILS);
	assert_true(logged_that(": does not answer"));
	began = loop_mono();
	bench_stop(); /* leaves it behind */
	assert_true(loop_mono().ms - began.ms < 2000);
}

static void test_a_commit_that_takes_too_long(void **state)
{
	struct event e;

	(void)state;
	bench_start();
	until(shell.ticket == shell.committed);
	looked_at_again();
	assert_false(DISK_FAILS);
	disk_stalls();
	e = shopd_event(&shell, EVENT_COMMAND);
	e.command.command = COMMAND_UNLOCK;
	shopd_step(&shell, &e);
	assert_true(shell.ticket > shell.committed);
	until(DISK_FAILS); /* while it has not come to an end */
	assert_true(logged_that(": slow"));
	disk_goes_on();
	until(shell.ticket == shell.committed);
	looked_at_again();
	assert_true(DISK_FAILS); /* a card that has stalled once is watched for a while */
	until(!DISK_FAILS);
	/* and one that did come to an end, late */
	disk_committed(&shell, DISK_SLOW_MS * 1000 - 1);
	assert_false(DISK_FAILS);
	disk_committed(&shell, DISK_SLOW_MS * 1000);
	assert_true(DISK_FAILS);
	until(!DISK_FAILS);
}

/* --- scanners */

static void test_a_scanner_that_is_gone(void **state)
{
	int front = scanner_plug("front"), fd;
	char path[128];

	(void)state;
	bench_start();
	/* the till's was never there */
	assert_int_equal(failing(CONDITION_READER_LOST, "one"), 1);
	assert_int_equal(failing(CONDITION_READER_LOST, "front"), 0);
	close(front);
	until(failing(CONDITION_READER_LOST, "front") == 1);
	bench_path("front", path);
	assert_int_equal(unlink(path), 0);
	fd = scanner_plug("one");
	until(failing(CONDITION_READER_LOST, "one") == 0);
	assert_int_equal(failing(CONDITION_READER_LOST, "front"), 1);
	front = scanner_plug("front");
	until(failing(CONDITION_READER_LOST, "front") == 0);
	close(front);
	close(fd);
}

/* A door and a till of one name are one place in a text: well when both are there. */
static void test_two_scanners_of_one_name(void **state)
{
	int front = scanner_plug("front"), one = scanner_plug("one");
	char path[128];

	(void)state;
	bench_path("one", path);
	snprintf(shell.config.till[0].name, sizeof(shell.config.till[0].name), "front");
	bench_start();
	assert_int_equal(failing(CONDITION_READER_LOST, "front"), 0);
	close(front);
	until(failing(CONDITION_READER_LOST, "front") == 1);
	close(one);
	assert_int_equal(unlink(path), 0); /* another pty may get its number */
	until(shell.port[2].lost && shell.port[0].lost);
	front = scanner_plug("front");
	until(!shell.port[0].lost);
	assert_int_equal(failing(CONDITION_READER_LOST, "front"), 1);
	one = scanner_plug("one");
	until(failing(CONDITION_READER_LOST, "front") == 0);
	close(front);
	close(one);
}

/* --- the office */

#define SYNC_FAILS  (failing(CONDITION_SYNC_STALE, "") == 1)
#define DAY_MS	    86400000
#define TEN_MINUTES 600000

/* As if the oldest entry that the office lacks had been the oldest for so long, since this start,
 * and had been written so long ago. */
static void behind(int64_t since_ms, int64_t written_ms)
{
	struct behind *b = &shell.office->behind;
	bool trusted = shell.clock_trusted; /* a step of the loop judges it anew */

	behind_look(&shell);
	until(b->at.ms != 0);
	shell.clock_trusted = trusted;
	b->since = mono_add(loop_mono(), -since_ms);
	b->at.ms = loop_wall().ms - written_ms;
	behind_look(&shell);
}

static void test_entries_that_wait_for_the_office(void **state)
{
	struct office_side *o;

	(void)state;
	bench_start();
	until(shell.head_seq > 0 && shell.ticket == shell.committed);
	o = shell.office;
	assert_true(shell.clock_trusted);
	o->acked = 0;
	behind_look(&shell); /* no office, nothing waits */
	assert_int_equal(o->behind.seq, 0);
	o->pin.enrolled = true;
	behind(0, 0);
	assert_int_equal(o->behind.seq, 1);
	assert_false(SYNC_FAILS);
	behind(TEN_MINUTES - 1000, 2 * DAY_MS); /* written with a clock that was wrong, maybe */
	assert_false(SYNC_FAILS);
	behind(TEN_MINUTES, DAY_MS - 60000);
	assert_false(SYNC_FAILS);
	behind(TEN_MINUTES, DAY_MS + 1000);
	assert_true(SYNC_FAILS);
	assert_true(logged_that("office: entry 1 has waited for more than 24 h to be carried"));
	/* all of it is there */
	o->acked = shell.head_seq;
	behind_look(&shell);
	assert_false(SYNC_FAILS);
	/* a clock that cannot be trusted: the other one decides, from this start on */
	o->acked = 0;
	shell.clock_trusted = false;
	behind(DAY_MS - 60000, 5LL * DAY_MS);
	assert_false(SYNC_FAILS);
	shell.clock_trusted = false;
	behind(DAY_MS, 0);
	assert_true(SYNC_FAILS);
	shell.clock_trusted = false;
	behind(0, 0);
	assert_true(SYNC_FAILS);
	shell.clock_trusted = true; /* one that is trusted again knows better */
	behind(0, 0);
	assert_false(SYNC_FAILS);
	o->pin.enrolled = false;
	o->acked = 0;
}

/* When it was written is read from the file. */
static void test_the_entry_itself_is_asked(void **state)
{
	struct behind *b;
	uint64_t head;
	int64_t now;

	(void)state;
	bench_start();
	until(shell.head_seq > 0);
	head = shell.head_seq; /* it may move while the loop turns */
	b = &shell.office->behind;
	now = loop_wall().ms;
	shell.office->pin.enrolled = true;
	shell.office->acked = head - 1;
	behind_look(&shell);
	assert_true(b->asked);
	until(!b->asked);
	assert_int_equal(b->seq, head);
	assert_true(b->at.ms <= now && b->at.ms > now - 60000);
	shell.office->pin.enrolled = false;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_a_disk_that_is_nearly_full, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_disk_of_no_interest, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_card_that_has_failed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_disk_that_never_answers, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_commit_that_takes_too_long, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_a_scanner_that_is_gone, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_two_scanners_of_one_name, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_entries_that_wait_for_the_office, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_the_entry_itself_is_asked, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
