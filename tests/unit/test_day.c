/* test_day.c: the calendar, against one that is counted day by day. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/day.h"

static uint32_t len(const char *text)
{
	return (uint32_t)strlen(text);
}

/* The calendar that children learn: one day after the other from Thursday, 1970-01-01. */
struct walk {
	int32_t year, month, day;
	uint32_t weekday;
};

static void walk_on(struct walk *w)
{
	static const int32_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = w->year % 400 == 0 || (w->year % 4 == 0 && w->year % 100 != 0);
	int32_t last = days[w->month - 1] + (leap && w->month == 2);

	w->weekday = (w->weekday + 1) % 7;
	if (++w->day <= last)
		return;
	w->day = 1;
	if (++w->month <= 12)
		return;
	w->month = 1;
	w->year++;
}

static void every_day_of_8030_years(void **state)
{
	struct walk w = {1970, 1, 1, 3};
	int32_t n = 0;

	(void)state;
	for (; w.year <= 9999; n++, walk_on(&w)) {
		struct day d = {-1};
		int32_t year, month, day;

		if (!day_of(w.year, w.month, w.day, &d) || d.n != n)
			fail_msg("%d-%d-%d is day %d, not %d", w.year, w.month, w.day, n, d.n);
		day_civil(d, &year, &month, &day);
		if (year != w.year || month != w.month || day != w.day)
			fail_msg("day %d is %d-%d-%d", n, year, month, day);
		if (day_weekday(d) != w.weekday || period_of(d).n != year * 100 + month)
			fail_msg("day %d has a wrong weekday or month", n);
	}
	assert_int_equal(n - 1, DAY_MAX);
}

static void dates_that_are_none(void **state)
{
	static const int32_t wrong[][3] = {
		{2026, 2, 29},	{2028, 2, 30},	{2100, 2, 29}, {2026, 4, 31},
		{2026, 13, 1},	{2026, 0, 1},	{2026, 1, 0},  {2026, 1, 32},
		{1969, 12, 31}, {10000, 1, 1},	{-2026, 1, 1}, {2026, -1, 1},
		{2026, 1, -1},	{2026, 11, 31}, {0, 0, 0},     {INT32_MAX, 1, 1},
	};
	struct day d = {77};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		assert_false(day_of(wrong[i][0], wrong[i][1], wrong[i][2], &d));
	assert_int_equal(d.n, 77);
	assert_true(day_of(2028, 2, 29, &d));
	assert_true(day_of(2000, 2, 29, &d));
}

static void texts_and_back(void **state)
{
	char text[DAY_TEXT_SIZE];
	struct day d;

	(void)state;
	for (int32_t n = 0; n <= DAY_MAX; n += 97) {
		day_text((struct day){n}, text);
		assert_true(day_parse(text, len(text), &d));
		assert_int_equal(d.n, n);
	}
	assert_true(day_parse("2026-10-31", 10, &d));
	assert_int_equal(d.n, 20757);
	day_text(d, text);
	assert_string_equal(text, "2026-10-31");
	day_text((struct day){DAY_MAX}, text);
	assert_string_equal(text, "9999-12-31");
}

static void texts_that_are_no_date(void **state)
{
	static const char *const wrong[] = {
		"",
		"2026-10-3",
		"2026-10-311",
		"2026/10/31",
		"2026-10-32",
		"2026-02-29",
		"26-10-31",
		" 2026-10-31",
		"2026-10-31 ",
		"+026-10-31",
		"2026-1O-31",
		"20261031",
		"2026-00-10",
		"2026-10-00",
		"1969-12-31",
		"2026--1-31",
		"2026-10- 1",
		"0000-00-00",
		"2026-10\0-31",
		"2026-10-31T00:00",
		"2026-\xd9\xa2-31",
	};
	struct day d = {77};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		assert_false(day_parse(wrong[i], len(wrong[i]), &d));
	assert_false(day_parse("2026-10-31", 9, &d));
	assert_int_equal(d.n, 77);
}

/* What nobody should ever print is printed all the same without harm. */
static void days_past_the_ends(void **state)
{
	static const int32_t past[] = {-1, DAY_MAX + 1, INT32_MIN, INT32_MAX};
	char text[DAY_TEXT_SIZE], month[PERIOD_TEXT_SIZE];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(past); i++) {
		struct day d = {past[i]};
		int32_t year, m, day;

		day_civil(d, &year, &m, &day);
		assert_in_range(m, 1, 12);
		assert_in_range(day, 1, 31);
		assert_in_range(day_weekday(d), 0, 6);
		day_text(d, text);
		assert_string_equal(text, "----------");
		period_text((struct period){past[i]}, month);
		assert_string_equal(month, "-------");
		assert_int_equal(period_first((struct period){past[i]}).n, 0);
		assert_int_equal(period_add((struct period){past[i]}, 1).n, 0);
	}
}

static void months(void **state)
{
	static const char *const wrong[] = {"",		"2026",	   "2026-1",  "2026-13", "2026-00",
					    "2026-10 ", "1969-12", "2026/10", "x026-10", "202610 "};
	struct period p = {77};
	char text[PERIOD_TEXT_SIZE];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		assert_false(period_parse(wrong[i], len(wrong[i]), &p));
	assert_int_equal(p.n, 77);
	for (int32_t year = 1970; year <= 9999; year += 7) {
		for (int32_t month = 1; month <= 12; month++) {
			struct period made = {year * 100 + month};
			struct day first;

			period_text(made, text);
			assert_true(period_parse(text, len(text), &p));
			assert_int_equal(p.n, made.n);
			assert_true(day_of(year, month, 1, &first));
			assert_int_equal(period_first(p).n, first.n);
			assert_int_equal(period_of(first).n, p.n);
		}
	}
}

static void months_later_and_earlier(void **state)
{
	static const int32_t cases[][3] = {
		{202610, 0, 202610},
		{202610, 1, 202611},
		{202612, 1, 202701},
		{202601, -1, 202512},
		{202610, 27, 202901},
		{202610, -12, 202510},
		{202610, -22, 202412},
		{197001, 0, 197001},
		{197001, -1, 0},
		{999912, 1, 0},
		{999911, 1, 999912},
		{202610, INT32_MAX, 0},
		{0, 1, 0},
		{202613, 1, 0},
		{202600, 1, 0},
		{202610, INT32_MIN, 0},
		{197001, 96359, 999912},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_int_equal(period_add((struct period){cases[i][0]}, cases[i][1]).n,
				 cases[i][2]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_day_of_8030_years),
		cmocka_unit_test(dates_that_are_none),
		cmocka_unit_test(texts_and_back),
		cmocka_unit_test(texts_that_are_no_date),
		cmocka_unit_test(days_past_the_ends),
		cmocka_unit_test(months),
		cmocka_unit_test(months_later_and_earlier),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
