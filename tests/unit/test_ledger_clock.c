/*
 * test_ledger_clock.c: days of lines that were scanned while nobody knew the time, put right when
 * the clock is; and what a change of VAT in between does to them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "store_house.h"

#define MINUTE 60000LL
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)
#define APRIL  20544 /* 2026-04-01, when food goes from 12 to 6 % */

/* The shop's midnight between March and April: UTC+2 in summer. */
#define MIDNIGHT (APRIL * DAY - 2 * HOUR)

static void start_at(struct shop *h, uint8_t boot, int64_t mono, int64_t at, bool trusted)
{
	struct entry e = {.kind = ENTRY_START, .at = {at}};

	e.start = (struct entry_start){.boot_id = {boot},
				       .mono = {mono},
				       .clean = true,
				       .wall_trusted = trusted,
				       .utc_offset_min = 120};
	shop_write(h, &e);
}

/* The clock says `at` where it would have said `before`. */
static uint64_t clock_at(struct shop *h, uint8_t boot, int64_t before, int64_t at, bool trusted)
{
	struct entry e = {.kind = ENTRY_CLOCK, .at = {at}};

	e.clock = (struct entry_clock){.boot_id = {boot},
				       .before = {before},
				       .wall_trusted = trusted,
				       .utc_offset_min = 120};
	return shop_write(h, &e);
}

/* Milk for 31.00 at 12 %, as the shop's clock had it. */
static uint64_t sell_at(struct shop *h, const char *key, int64_t at)
{
	struct entry e = sample_line(5, key, 3100);

	e.at.ms = at;
	e.line.vat_bp = 1200;
	e.line.bought.n = (int32_t)((at + 2 * HOUR) / DAY);
	return shop_write(h, &e);
}

static void open_visit(struct shop *h)
{
	struct entry e = sample_entry(ENTRY_VISIT_OPENED);

	shop_write(h, &e);
}

static int64_t of_line(struct shop *h, uint64_t seq, const char *column)
{
	return shop_number(h, "SELECT %s FROM line WHERE seq = %llu", column,
			   (unsigned long long)seq);
}

static void same_boot(void **state)
{
	struct shop *h = *state;
	uint64_t march, april, sure, seq;

	shop_open(h);
	start_at(h, 1, 10, 5 * MINUTE, false); /* 1970: no battery in the clock */
	open_visit(h);
	march = sell_at(h, "k-1", 20 * MINUTE);
	april = sell_at(h, "k-2", 40 * MINUTE);
	assert_int_equal(of_line(h, march, "day_sure"), 0);
	/* at 1970-01-01T01:00 it is found to be 20 minutes past midnight */
	seq = clock_at(h, 1, 60 * MINUTE, MIDNIGHT + 20 * MINUTE + 10 * MINUTE, true);
	assert_int_equal(of_line(h, march, "day_sure"), 1);
	assert_int_equal(of_line(h, march, "bought"), APRIL - 1);
	assert_int_equal(of_line(h, march, "vat_bp"), 1200);
	assert_int_equal(of_line(h, march, "vat"), 332);
	assert_int_equal(of_line(h, april, "bought"), APRIL);
	assert_int_equal(of_line(h, april, "vat_bp"), 600);
	assert_int_equal(of_line(h, april, "vat"), 175);
	/* 3100 × 12 / 112 = 332.14 and 3100 × 6 / 106 = 175.47: from the one to the other */
	assert_int_equal(shop_posted(h, seq, 3002), 2768);
	assert_int_equal(shop_posted(h, seq, 2621), 332);
	assert_int_equal(shop_posted(h, seq, 3003), -2925);
	assert_int_equal(shop_posted(h, seq, 2631), -175);
	assert_int_equal(shop_posted(h, seq, 1510), 0);
	assert_int_equal(shop_balance(h, 0xc0, "unbilled"), 6200);

	/* from here on days are sure, and no later step touches them */
	sure = sell_at(h, "k-3", MIDNIGHT + HOUR);
	assert_int_equal(of_line(h, sure, "day_sure"), 1);
	clock_at(h, 1, MIDNIGHT + 2 * HOUR, MIDNIGHT + 90 * DAY, true);
	assert_int_equal(of_line(h, sure, "bought"), APRIL);
	assert_int_equal(of_line(h, april, "bought"), APRIL);
	shop_check_books(h);
	shop_check_rebuild(h);
}

static void several_steps(void **state)
{
	struct shop *h = *state;
	uint64_t first, second, third;

	shop_open(h);
	start_at(h, 1, 0, 0, false);
	open_visit(h);
	first = sell_at(h, "k-1", 10 * MINUTE);
	clock_at(h, 1, 30 * MINUTE, 300 * DAY, false); /* somebody set it, and was wrong */
	second = sell_at(h, "k-2", 300 * DAY + 10 * MINUTE);
	clock_at(h, 1, 300 * DAY + 30 * MINUTE, 100 * DAY, false);
	third = sell_at(h, "k-3", 100 * DAY + 10 * MINUTE);
	/* 90 minutes after the start; midnight was 65 minutes after it */
	clock_at(h, 1, 100 * DAY + 30 * MINUTE, MIDNIGHT + 25 * MINUTE, true);
	assert_int_equal(of_line(h, first, "bought"), APRIL - 1);
	assert_int_equal(of_line(h, second, "bought"), APRIL - 1);
	assert_int_equal(of_line(h, third, "bought"), APRIL);
	assert_int_equal(of_line(h, second, "vat_bp"), 1200);
	assert_int_equal(of_line(h, third, "vat_bp"), 600);
	shop_check_books(h);
	shop_check_rebuild(h);
}

/* The program comes up again in the same boot, and the clock is right by then: the clock that does
 * not step says how far it was moved. */
static void started_again(void **state)
{
	struct shop *h = *state;
	uint64_t line;

	shop_open(h);
	start_at(h, 1, 5 * MINUTE, 5 * MINUTE, false);
	open_visit(h);
	line = sell_at(h, "k-1", 20 * MINUTE);
	start_at(h, 1, 50 * MINUTE, MIDNIGHT + 25 * MINUTE, true);
	assert_int_equal(of_line(h, line, "bought"), APRIL - 1); /* 5 minutes before midnight */
	assert_int_equal(of_line(h, line, "day_sure"), 1);
	shop_check_rebuild(h);
}

static void another_boot(void **state)
{
	struct shop *h = *state;
	uint64_t line, seq;

	shop_open(h);
	start_at(h, 1, 0, 0, false);
	open_visit(h);
	line = sell_at(h, "k-1", 10 * MINUTE);
	start_at(h, 2, 0, 0, false);
	assert_int_equal(of_line(h, line, "day_sure"), 0);
	seq = clock_at(h, 2, MINUTE, MIDNIGHT + 3 * DAY, true);
	assert_int_equal(of_line(h, line, "bought"), APRIL + 3);
	assert_int_equal(of_line(h, line, "vat_bp"), 600);
	assert_int_equal(shop_posted(h, seq, 2631), -175);
	shop_check_books(h);
	shop_check_rebuild(h);
}

/* What was taken back stays as it was posted; a rate that was given as a number follows no date;
 * and no line was bought after the day on which that is found out. */
static void left_alone(void **state)
{
	struct shop *h = *state;
	struct entry e;
	uint64_t voided, fixed, ahead, seq;

	shop_open(h);
	start_at(h, 1, 0, 0, false);
	open_visit(h);
	voided = sell_at(h, "k-1", 10 * MINUTE);
	e = sample_voided(5, "k-1", 3100);
	shop_write(h, &e);
	e = sample_line(5, "k-2", 3100);
	e.at.ms = 10 * MINUTE;
	e.line.vat_bp = 1200;
	e.line.vat_class = VAT_FIXED;
	fixed = shop_write(h, &e);
	ahead = sell_at(h, "k-3", 40 * DAY); /* the clock was set far ahead for a while */
	seq = clock_at(h, 1, 20 * MINUTE, MIDNIGHT + HOUR, true);
	assert_int_equal(of_line(h, voided, "bought"), APRIL);
	assert_int_equal(of_line(h, voided, "vat_bp"), 1200);
	assert_int_equal(of_line(h, fixed, "bought"), APRIL);
	assert_int_equal(of_line(h, fixed, "vat_bp"), 1200);
	assert_int_equal(of_line(h, ahead, "bought"), APRIL);
	assert_int_equal(shop_posted(h, seq, 2621), 332); /* of the one line alone */
	shop_check_books(h);
	shop_check_rebuild(h);
}

/* Lines from before lines had a day: that of their entry, in UTC. */
static void day_of_an_old_line(void **state)
{
	struct shop *h = *state;
	struct entry e = sample_line(5, "k-1", 3100);

	shop_open(h);
	start_at(h, 1, 0, MIDNIGHT, true);
	open_visit(h);
	e.at.ms = MIDNIGHT + HOUR; /* 23:00 in UTC */
	e.line.bought = DAY_NONE;
	assert_int_equal(of_line(h, shop_write(h, &e), "bought"), APRIL - 1);
	shop_check_rebuild(h);
}

#define UNIT(name) cmocka_unit_test_setup_teardown(name, shop_set_up, shop_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(same_boot),    UNIT(several_steps), UNIT(started_again),
		UNIT(another_boot), UNIT(left_alone),	 UNIT(day_of_an_old_line),
	};

	return cmocka_run_group_tests_name("ledger_clock", tests, NULL, NULL);
}
