/* test_clock.c: the two clocks: RFC 3339 both ways, held against libc's calendar, and deadlines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include <stdio.h>
#include <time.h>

#include "base/check.h"
#include "base/clock.h"

#define DAY_MS	INT64_C(86400000)
#define LAST_MS INT64_C(253402300799999) /* 9999-12-31T23:59:59.999Z */

static void known_instants(void **state)
{
	static const struct {
		int64_t ms;
		const char *text;
	} cases[] = {
		{0, "1970-01-01T00:00:00.000Z"},
		{951782400000, "2000-02-29T00:00:00.000Z"},
		{1709164800000, "2024-02-29T00:00:00.000Z"},
		{1795302004123, "2026-11-21T23:00:04.123Z"},
		{4107542400000, "2100-03-01T00:00:00.000Z"},
		{4107542399999, "2100-02-28T23:59:59.999Z"},
		{LAST_MS, "9999-12-31T23:59:59.999Z"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char text[WALL_TEXT_SIZE];
		struct wall got;

		wall_text((struct wall){cases[i].ms}, text);
		assert_string_equal(text, cases[i].text);
		assert_true(wall_parse(text, (uint32_t)strlen(text), &got));
		assert_true(got.ms == cases[i].ms);
	}
}

static void clamped(void **state)
{
	char text[WALL_TEXT_SIZE];

	(void)state;
	wall_text((struct wall){-1}, text);
	assert_string_equal(text, "1970-01-01T00:00:00.000Z");
	wall_text((struct wall){INT64_MIN}, text);
	assert_string_equal(text, "1970-01-01T00:00:00.000Z");
	wall_text((struct wall){LAST_MS + 1}, text);
	assert_string_equal(text, "9999-12-31T23:59:59.999Z");
	wall_text((struct wall){INT64_MAX}, text);
	assert_string_equal(text, "9999-12-31T23:59:59.999Z");
}

/* Each day of 450 years, and odd instants up to 9999, against the C library. */
static void against_libc(void **state)
{
	(void)state;
	for (int64_t ms = 0, day = 0; ms <= LAST_MS; day++) {
		char text[WALL_TEXT_SIZE], want[64];
		time_t seconds = (time_t)(ms / 1000);
		struct wall got;
		struct tm tm;

		assert_non_null(gmtime_r(&seconds, &tm));
		snprintf(want, sizeof(want), "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ",
			 tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min,
			 tm.tm_sec, (int)(ms % 1000));
		wall_text((struct wall){ms}, text);
		assert_string_equal(text, want);
		assert_true(wall_parse(text, WALL_TEXT_SIZE - 1, &got));
		assert_true(got.ms == ms);
		ms += day < 164362 ? DAY_MS + 1 : 37 * DAY_MS + 12345677;
	}
}

static void other_spellings(void **state)
{
	static const struct {
		const char *text;
		int64_t ms;
	} cases[] = {
		{"1970-01-01T00:00:01Z", 1000},
		{"1970-01-01t00:00:01z", 1000},
		{"1970-01-01T00:00:01.5Z", 1500},
		{"1970-01-01T00:00:01.05Z", 1050},
		{"1970-01-01T00:00:01.0009Z", 1000},
		{"1970-01-01T00:00:01.999999999999999999999999Z", 1999},
		{"1970-01-01T01:00:00+01:00", 0},
		{"1970-01-01T01:30:00+01:30", 0},
		{"1970-01-01T00:00:00-01:00", 3600000},
		{"1970-01-01T00:00:00-00:00", 0},
		{"1970-01-02T00:00:00+23:59", 60000},
		{"2026-11-22T00:00:04+01:00", 1795302004000},
		{"2016-12-31T23:59:60Z", 1483228800000}, /* a leap second that was */
		{"2016-12-31T23:59:60.5Z", 1483228800500},
		{"2017-01-01T00:59:60+01:00", 1483228800000},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct wall got;

		if (!wall_parse(cases[i].text, (uint32_t)strlen(cases[i].text), &got))
			fail_msg("%s was refused", cases[i].text);
		assert_true(got.ms == cases[i].ms);
	}
}

static void refused(void **state)
{
	static const char *const bad[] = {
		"",
		"2026",
		"2026-11-21",
		"2026-11-21T23:00:04", /* no zone */
		"2026-11-21 23:00:04Z",
		"2026-11-21T23:00Z",
		"2026-11-21T23:00:04.Z",
		"2026-11-21T23:00:04,5Z",
		"2026-11-21T23:00:04Z ",
		" 2026-11-21T23:00:04Z",
		"2026-11-21T23:00:04ZZ",
		"2026-11-21T23:00:04+1:00",
		"2026-11-21T23:00:04+0100",
		"2026-11-21T23:00:04+24:00",
		"2026-11-21T23:00:04+01:60",
		"2026-11-21T23:00:04+01:00Z",
		"2026-11-21T24:00:00Z",
		"2026-11-21T23:60:00Z",
		"2026-11-21T23:00:61Z",
		"2026-11-21T12:00:60Z", /* no leap second is at noon */
		"2026-11-21T23:59:60+01:00",
		"2026-00-21T23:00:04Z",
		"2026-13-21T23:00:04Z",
		"2026-11-00T23:00:04Z",
		"2026-11-31T23:00:04Z",
		"2026-02-29T00:00:00Z",
		"2100-02-29T00:00:00Z", /* no leap year */
		"1969-12-31T23:59:59Z",
		"1970-01-01T00:00:00+00:01",
		"9999-12-31T23:59:59-00:01",
		"9999-12-31T23:59:60Z",
		"0000-01-01T00:00:00Z",
		"-001-01-01T00:00:00Z",
		"+2026-11-21T23:00:04Z",
		"2026-11-2 T23:00:04Z",
		"2026-11-21T23:00:4Z",
		"2026-1-21T23:00:04Z",
		"20261-11-21T23:00:04Z",
		"\xd9\xa2-26-11-21T23:00:04Z",
	};
	struct wall got = {77};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		if (wall_parse(bad[i], (uint32_t)strlen(bad[i]), &got))
			fail_msg("%s was taken", bad[i]);
	assert_false(wall_parse("2026-11-21T23:00:04Z\0", 21, &got));
	assert_false(wall_parse("2026-11-21T23:00:04\0", 20, &got));
	assert_true(got.ms == 77);
	assert_true(wall_parse("2000-02-29T00:00:00Z", 20, &got));
}

static void every_cut(void **state)
{
	static const char text[] = "2026-11-21T23:00:04.123+01:00";

	(void)state;
	for (uint32_t len = 0; len < sizeof(text) - 1; len++) {
		char *copy = test_malloc(len + 1); /* of its own size: ASan sees a read past it */
		struct wall got;

		memcpy(copy + 1, text, len);
		assert_false(wall_parse(copy + 1, len, &got));
		test_free(copy);
	}
}

static void deadlines(void **state)
{
	const struct mono t = {1000};

	(void)state;
	assert_true(mono_add(t, 500).ms == 1500);
	assert_true(mono_add(t, -500).ms == 500);
	assert_true(mono_add(t, -1500).ms == -500);
	assert_true(mono_add(t, INT64_MAX).ms == INT64_MAX);
	assert_true(mono_add(t, INT64_MAX - 1000).ms == INT64_MAX);
	assert_true(mono_add(t, INT64_MAX - 1001).ms == INT64_MAX - 1);
	assert_true(mono_add((struct mono){-2}, INT64_MIN).ms == INT64_MIN);
	assert_true(mono_add(t, INT64_MIN).ms == INT64_MIN + 1000);
	assert_true(mono_add(MONO_NEVER, 1).ms == INT64_MAX);
	assert_true(mono_add(MONO_NEVER, -1).ms == INT64_MAX); /* never is never */
	assert_true(mono_min(t, MONO_NEVER).ms == 1000);
	assert_true(mono_min(MONO_NEVER, t).ms == 1000);
	assert_true(mono_due(t, t));
	assert_true(mono_due((struct mono){1001}, t));
	assert_false(mono_due((struct mono){999}, t));
	assert_false(mono_due(t, MONO_NEVER));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_instants), cmocka_unit_test(clamped),
		cmocka_unit_test(against_libc),	  cmocka_unit_test(other_spellings),
		cmocka_unit_test(refused),	  cmocka_unit_test(every_cut),
		cmocka_unit_test(deadlines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
