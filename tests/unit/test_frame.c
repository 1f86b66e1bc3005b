/* test_frame.c: a scanner's bytes become frames, however they arrive. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "wire/frame.h"

static struct mono at(int64_t ms)
{
	return (struct mono){ms};
}

/* Feeds `text` at `ms` and writes every frame, each followed by '|', "!" for an overlong one. */
static void feed(struct framer *f, const char *text, size_t len, int64_t ms, char *told)
{
	struct span bytes = {(const uint8_t *)text, (uint32_t)len}, frame;
	enum framed framed;

	while ((framed = framer_take(f, &bytes, at(ms), &frame)) != FRAMED_NOTHING) {
		if (framed == FRAMED_OVERLONG) {
			strncat(told, "!|", 3);
			continue;
		}
		strncat(told, (const char *)frame.data, frame.len);
		strncat(told, "|", 2);
	}
	assert_int_equal(bytes.len, 0);
}

static void ends_at_cr_and_lf(void **state)
{
	struct framer f;
	char told[200] = "";

	(void)state;
	framer_init(&f);
	feed(&f, "SK1:ABC\r\n7310\n\n\rX\r", 18, 0, told);
	assert_string_equal(told, "SK1:ABC|7310|X|");
	assert_true(framer_deadline(&f).ms == MONO_NEVER.ms);
}

static void arrives_byte_by_byte(void **state)
{
	struct framer f;
	char told[200] = "";

	(void)state;
	framer_init(&f);
	for (const char *c = "SK1:ABC\rDEF\n"; *c; c++)
		feed(&f, c, 1, 7, told);
	assert_string_equal(told, "SK1:ABC|DEF|");
}

static void ends_after_silence(void **state)
{
	struct framer f;
	struct span frame;
	char told[200] = "";

	(void)state;
	framer_init(&f);
	assert_int_equal(framer_silence(&f, at(1000000), &frame), FRAMED_NOTHING);
	feed(&f, "SK1:", 4, 100, told);
	feed(&f, "ABC", 3, 140, told);
	assert_string_equal(told, "");
	assert_int_equal(framer_deadline(&f).ms, 190);
	assert_int_equal(framer_silence(&f, at(189), &frame), FRAMED_NOTHING);
	assert_int_equal(framer_silence(&f, at(190), &frame), FRAMED_FRAME);
	assert_true(span_is(frame, "SK1:ABC", 7));
	assert_true(framer_deadline(&f).ms == MONO_NEVER.ms);
	assert_int_equal(framer_silence(&f, at(500), &frame), FRAMED_NOTHING);
}

static void takes_512_bytes_and_not_one_more(void **state)
{
	static char text[TOKEN_SIZE_MAX + 2], told[2048];
	struct framer f;

	(void)state;
	memset(text, 'A', sizeof(text));
	text[TOKEN_SIZE_MAX] = '\n';
	framer_init(&f);
	feed(&f, text, TOKEN_SIZE_MAX + 1, 0, told);
	assert_int_equal(strlen(told), TOKEN_SIZE_MAX + 1);
	assert_true(told[0] == 'A' && told[TOKEN_SIZE_MAX] == '|');

	told[0] = '\0';
	text[TOKEN_SIZE_MAX] = 'A';
	text[TOKEN_SIZE_MAX + 1] = '\n';
	feed(&f, text, TOKEN_SIZE_MAX + 2, 0, told);
	assert_string_equal(told, "!|");
}

static void tells_a_7000_byte_code_once(void **state)
{
	static char text[7000];
	char told[200] = "";
	struct framer f;
	struct span frame;

	(void)state;
	memset(text, 'Z', sizeof(text));
	framer_init(&f);
	for (int i = 0; i < 10; i++)
		feed(&f, text, sizeof(text), i, told);
	assert_string_equal(told, "!|");
	feed(&f, "\rNEXT\r", 6, 20, told);
	assert_string_equal(told, "!|NEXT|");

	/* and its end may be silence: nothing is told of that */
	feed(&f, text, sizeof(text), 30, told);
	assert_string_equal(told, "!|NEXT|!|");
	assert_int_equal(framer_deadline(&f).ms, 80);
	assert_int_equal(framer_silence(&f, at(80), &frame), FRAMED_NOTHING);
	feed(&f, "GOOD\r", 5, 90, told);
	assert_string_equal(told, "!|NEXT|!|GOOD|");
}

static void drops_an_aim_prefix(void **state)
{
	static const struct {
		const char *bytes, *told;
	} cases[] = {
		{"]Q1SK1:A\r", "SK1:A|"}, {"]E07310865004703\r", "7310865004703|"},
		{"]d2X\r", "X|"},	  {"]Q1\r", ""},
		{"]Q\r", "]Q|"},	  {"]\r", "]|"},
		{"Q1]\r", "Q1]|"},	  {"]1QX\r", "]1QX|"},
		{"]Q1]Q1A\r", "]Q1A|"}, /* once */
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct framer f;
		char told[200] = "";

		framer_init(&f);
		feed(&f, cases[i].bytes, strlen(cases[i].bytes), 0, told);
		assert_string_equal(told, cases[i].told);
	}
}

static void keeps_every_other_byte(void **state)
{
	static const char hostile[] = "a\0b\x1b[2J\xff\x80'; DROP TABLE\n";
	struct span bytes = {(const uint8_t *)hostile, sizeof(hostile) - 1}, frame;
	struct framer f;

	(void)state;
	framer_init(&f);
	assert_int_equal(framer_take(&f, &bytes, at(0), &frame), FRAMED_FRAME);
	assert_true(span_is(frame, hostile, sizeof(hostile) - 2));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ends_at_cr_and_lf),
		cmocka_unit_test(arrives_byte_by_byte),
		cmocka_unit_test(ends_after_silence),
		cmocka_unit_test(takes_512_bytes_and_not_one_more),
		cmocka_unit_test(tells_a_7000_byte_code_once),
		cmocka_unit_test(drops_an_aim_prefix),
		cmocka_unit_test(keeps_every_other_byte),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
