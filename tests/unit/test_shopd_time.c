/*
 * test_shopd_time.c: how far shopd believes the wall clock, and which minute of the shop's week it
 * is.
 *
 * The test hands out the wall clock and the kernel's word on it; the monotonic one is the
 * machine's.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sys/timex.h>
#include <time.h>

#include "shopd_bench.h"

#include "shopd/time.c"

#define DAY_MS 86400000LL

static int64_t wall_ms; /* 0: the machine's */
static bool synchronised;

int clock_gettime(clockid_t clock, struct timespec *ret)
{
	if (clock != CLOCK_REALTIME || wall_ms == 0)
		return (int)syscall(SYS_clock_gettime, clock, ret);
	*ret = (struct timespec){.tv_sec = wall_ms / 1000, .tv_nsec = wall_ms % 1000 * 1000000};
	return 0;
}

int adjtimex(struct timex *ret)
{
	memset(ret, 0, sizeof(*ret));
	ret->status = synchronised ? 0 : STA_UNSYNC;
	return synchronised ? TIME_OK : TIME_ERROR;
}

static int64_t ms_of(const char *utc)
{
	struct wall wall;

	assert_true(wall_parse(utc, (uint32_t)strlen(utc), &wall));
	return wall.ms;
}

static void set_wall(const char *utc)
{
	wall_ms = ms_of(utc);
}

/* Set by somebody while shopd runs: the kernel cancels the loop's timer. */
static void step_wall(int64_t by_ms)
{
	wall_ms += by_ms;
	on_clock_step(&shell);
}

static void begin(const char *clock)
{
	bench_make(clock);
	bench_start();
}

static int set_up(void **state)
{
	(void)state;
	synchronised = false;
	set_wall("2026-11-20T10:00:00Z");
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	bench_stop();
	bench_remove();
	wall_ms = 0;
	return 0;
}

static bool trusted(void)
{
	return time_now(&shell).wall_trusted;
}

/* --- trust */

static void network(void **state)
{
	(void)state;
	begin("clock = network\n");
	assert_false(trusted());
	synchronised = true; /* NTP comes when it comes */
	assert_true(trusted());
	synchronised = false; /* and once is enough */
	assert_true(trusted());
	step_wall(3600000);
	assert_true(trusted());
}

static void rtc(void **state)
{
	(void)state;
	begin("clock = rtc\n");
	assert_true(trusted());
	assert_int_equal(shell.clock_floor.ms, 0); /* nothing was ever recorded */
	/* what was trusted a moment ago is a floor too, recorded or not */
	step_wall(-3600000);
	assert_false(trusted());
	step_wall(3605000);
	assert_true(trusted());
}

/* What a trusted clock was recorded as, none may fall below. */
static void below_the_floor(void **state)
{
	(void)state;
	begin("clock = rtc\n");
	until(shell.ticket == shell.committed);
	set_wall("2026-11-20T12:00:00Z");
	bench_restart();
	assert_true(trusted());
	set_wall("2026-11-20T09:00:00Z"); /* below what stands in the ledger */
	bench_restart();
	assert_true(shell.clock_floor.ms >= ms_of("2026-11-20T10:00:00Z"));
	assert_false(trusted());
	assert_true(logged_that("clock not trusted"));
	wall_ms = shell.clock_floor.ms - 1;
	assert_false(trusted());
	wall_ms = shell.clock_floor.ms;
	assert_true(trusted());
}

static void far_above_the_floor(void **state)
{
	(void)state;
	begin("clock = rtc\n");
	shell.clock_floor = (struct wall){wall_ms};
	step_wall(90 * DAY_MS + 60000);
	assert_false(trusted());
	step_wall(-60000);
	assert_true(trusted());
}

static void floor_and_network(void **state)
{
	(void)state;
	begin("clock = network\n");
	shell.clock_floor = (struct wall){wall_ms + 1000};
	synchronised = true;
	assert_false(trusted()); /* a wrong server is no better than none */
	step_wall(1000);
	assert_true(trusted());
}

static void a_person_vouches(void **state)
{
	struct caller control;
	union message m;

	(void)state;
	begin("clock = network\n");
	caller_dial(&control, ROLE_CONTROL);
	shell.clock_floor = (struct wall){wall_ms + 365 * DAY_MS};
	assert_false(trusted());
	message_init(&m, MESSAGE_CLOCK_TRUST, 0);
	caller_ask(&control, &m, MESSAGE_DONE);
	assert_int_equal(m.done.error, 0);
	assert_true(trusted());
	assert_int_equal(shell.clock_floor.ms, wall_ms); /* it may lower the floor */
	message_init(&m, MESSAGE_STATUS, 0);
	caller_ask(&control, &m, MESSAGE_STATUS_IS);
	assert_int_equal(m.status_is.clock_trusted, 1);
	/* it was for the clock as it stood then */
	step_wall(60000);
	assert_false(trusted());
	synchronised = true;
	assert_true(trusted());
	caller_leave(&control);
}

static void a_step_is_a_fact(void **state)
{
	(void)state;
	begin("clock = rtc\n");
	step_wall(7200000);
	/* to the millisecond, but for the monotonic ones that went by */
	assert_true(logged_that("clock stepped by 7199") || logged_that("clock stepped by 7200"));
	assert_in_range(shell.wall_minus_mono, wall_ms - loop_mono().ms - 5000,
			wall_ms - loop_mono().ms + 5000);
	step_wall(-3 * DAY_MS);
	assert_true(logged_that("clock stepped by -2592"));
}

static void something_happens(void)
{
	struct event e = shopd_event(&shell, EVENT_TIME);

	shopd_step(&shell, &e);
}

/* Nobody set it, the kernel only came to believe in it: from then on the ledger may, too. */
static void believed_later(void **state)
{
	(void)state;
	begin("clock = network\n");
	something_happens();
	assert_false(logged_that("clock stepped"));
	synchronised = true;
	something_happens();
	assert_true(logged_that(" ms, trusted"));
	log_forget();
	something_happens();
	assert_false(logged_that("clock stepped")); /* once */
	until(shell.ticket == shell.committed);
	bench_restart();
	assert_int_equal(shell.clock_floor.ms, wall_ms);
	assert_false(logged_that("clock stepped")); /* a start says itself what it believes */
}

/* --- the shop's week */

static uint16_t minute(const char *utc)
{
	set_wall(utc);
	return time_now(&shell).minute_of_week;
}

#define AT(day, hour, min) ((day)*1440 + (hour)*60 + (min))
enum {
	MONDAY,
	TUESDAY,
	FRIDAY = 4,
	SATURDAY,
	SUNDAY
};

static void week(void **state)
{
	(void)state;
	begin("clock = rtc\n");
	/* Stockholm, an hour ahead in winter */
	assert_int_equal(minute("2026-11-22T22:59:59Z"), AT(SUNDAY, 23, 59));
	assert_int_equal(minute("2026-11-22T23:00:00Z"), AT(MONDAY, 0, 0));
	assert_int_equal(minute("2026-11-20T10:00:00Z"), AT(FRIDAY, 11, 0));
	assert_int_equal(minute("2026-11-20T10:00:59Z"), AT(FRIDAY, 11, 0));
	assert_int_equal(minute("2026-11-20T10:01:00Z"), AT(FRIDAY, 11, 1));
	/* two in summer */
	assert_int_equal(minute("2026-07-03T10:00:00Z"), AT(FRIDAY, 12, 0));
	assert_int_equal(minute("2026-07-05T22:00:00Z"), AT(MONDAY, 0, 0));
}

static void day_is(const char *utc, const char *day, int32_t offset_min)
{
	char text[DAY_TEXT_SIZE];

	set_wall(utc);
	day_text(time_now(&shell).day, text);
	assert_string_equal(text, day);
	day_text(time_day(&shell, loop_wall()), text);
	assert_string_equal(text, day);
	assert_int_equal(time_utc_offset(&shell, loop_wall()), offset_min);
}

/* Stockholm's midnight, in winter and in summer, and the quarter of an hour in which they change.
 */
static void days(void **state)
{
	(void)state;
	begin("clock = rtc\n");
	day_is("2026-03-31T21:59:59Z", "2026-03-31", 120);
	day_is("2026-03-31T22:00:00Z", "2026-04-01", 120);
	day_is("2026-11-30T22:59:59Z", "2026-11-30", 60);
	day_is("2026-11-30T23:00:00Z", "2026-12-01", 60);
	day_is("2026-03-29T00:59:59Z", "2026-03-29", 60);
	day_is("2026-03-29T01:00:00Z", "2026-03-29", 120);
	day_is("2026-10-25T00:59:59Z", "2026-10-25", 120);
	day_is("2026-10-25T01:00:00Z", "2026-10-25", 60);
	day_is("2028-02-29T12:00:00Z", "2028-02-29", 60);
	assert_int_equal(time_day(&shell, (struct wall){-86400000LL * 2}).n, DAY_NONE.n);
	assert_int_equal(time_day(&shell, (struct wall){INT64_MAX / 2}).n, DAY_MAX);
}

static void days_of_change(void **state)
{
	(void)state;
	begin("clock = rtc\n");
	/* 2027-03-28: from 02:00 to 03:00 */
	assert_int_equal(minute("2027-03-28T00:59:00Z"), AT(SUNDAY, 1, 59));
	assert_int_equal(minute("2027-03-28T01:00:00Z"), AT(SUNDAY, 3, 0));
	/* 2026-10-25: 02:00 to 03:00 twice */
	assert_int_equal(minute("2026-10-25T00:30:00Z"), AT(SUNDAY, 2, 30));
	assert_int_equal(minute("2026-10-25T00:59:00Z"), AT(SUNDAY, 2, 59));
	assert_int_equal(minute("2026-10-25T01:00:00Z"), AT(SUNDAY, 2, 0));
	assert_int_equal(minute("2026-10-25T01:30:00Z"), AT(SUNDAY, 2, 30));
	assert_int_equal(minute("2026-10-25T02:00:00Z"), AT(SUNDAY, 3, 0));
}

static void another_zone(void **state)
{
	(void)state;
	begin("clock = rtc\n");
	bench_stop();
	memcpy(shell.config.timezone, "Asia/Kathmandu", 15);
	bench_start();
	assert_int_equal(minute("2026-11-20T10:00:00Z"), AT(FRIDAY, 15, 45));
	assert_int_equal(minute("2026-11-20T18:15:00Z"), AT(SATURDAY, 0, 0));
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		T(network),	      T(rtc),
		T(below_the_floor),   T(far_above_the_floor),
		T(floor_and_network), T(a_person_vouches),
		T(a_step_is_a_fact),  T(week),
		T(days_of_change),    T(another_zone),
		T(believed_later),    T(days),
	};

	return cmocka_run_group_tests_name("shopd_time", tests, NULL, NULL);
}
