/* test_courierd_reply.c: which texts hold a code, and how any text looks in the log. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/utf8.h"
#include "courierd/reply.h"

static void assert_code(const char *text, uint32_t want)
{
	uint32_t code = 0;

	if (!reply_code(text, &code) || code != want)
		fail_msg("%u from '%s'", code, text);
}

static void assert_none(const char *text)
{
	uint32_t code = 7;

	if (reply_code(text, &code))
		fail_msg("%u from '%s'", code, text);
	assert_int_equal(code, 7);
}

static void a_code_stands_alone(void **state)
{
	(void)state;
	assert_code("123456", 123456);
	assert_code(" 123456 ", 123456);
	assert_code("\t123456\r\n", 123456);
	assert_code("kvittera 123456 tack", 123456);
	assert_code("Kvittera: 123456.", 123456);
	assert_code("(123456)", 123456);
	assert_code("ok!123456!", 123456);
	assert_code("Är där om 10 min\n123456\n/Åsa", 123456);
	assert_code("larm 17, kod 999999, kl 14:45 (22/11)", 999999);
	assert_code("”123456”", 123456);
	assert_code("kod –123456–", 123456);
	assert_code("\xc2\xa0"
		    "123456",
		    123456);
	assert_code("123456, 5 minuter", 123456);
	assert_code("Kommer, 100000", 100000);
}

static void what_is_no_code(void **state)
{
	(void)state;
	assert_none("");
	assert_none("hej");
	assert_none("12345");
	assert_none("1234567");
	assert_none("123 456");
	assert_none("a123456");
	assert_none("123456a");
	assert_none("å123456");
	assert_none("123456å");
	assert_none("_123456");
	assert_none("unlock");
	assert_none("+123456");
	assert_none("#123456");
	assert_none("850101-1234"); /* six digits of a person's number */
	assert_none("1.123456");
	assert_none("123456.7");
	assert_none("12:123456");
	assert_none("+46701234567");
	assert_none("0701-234567");
}

static void two_codes_are_none(void **state)
{
	(void)state;
	assert_none("123456 654321");
	assert_none("123456 123456");
	assert_none("123456\n123456");
	assert_none("100000 100001 100002 100003");
}

static void digits_of_other_scripts_are_none(void **state)
{
	(void)state;
	assert_none("١٢٣٤٥٦");
	assert_none("１２３４５６");
	assert_none("१२३४५६");
	assert_none("12345６");
	assert_none("１23456");
	assert_none("𝟏23456");
	assert_none("123456٧");
}

static void what_may_turn_or_hide_it_is_none(void **state)
{
	(void)state;
	assert_none("\xe2\x80\xae"
		    "654321"); /* right-to-left override */
	assert_none("123456\xe2\x80\x8f");
	assert_none("\xe2\x80\x8b"
		    "123456"); /* zero-width space */
	assert_none("\x1b[1m123456");
	assert_none("\x01"
		    "123456");
	assert_none("123456\x7f");
	assert_none("\xff"
		    "123456");
	assert_none("123456\x80");
	assert_none("123456\xc3"); /* cut off */
}

static void assert_escaped(const char *text, const char *want)
{
	char out[REPLY_LOG_MAX + 8];

	reply_escaped(text, out);
	assert_string_equal(out, want);
}

static void the_log_shows_plain_letters(void **state)
{
	(void)state;
	assert_escaped("", "");
	assert_escaped("Hej på dig, é!", "Hej på dig, é!");
	assert_escaped("a\r\nalarm 7: acknowledged", "a\\x0D\\x0Aalarm 7: acknowledged");
	assert_escaped("\x1b[31mröd", "\\x1B[31mröd");
	assert_escaped("a\\nb", "a\\x5Cnb");
	assert_escaped("\xff\xc3(", "\\xFF\\xC3(");
	assert_escaped("\xe2\x80\xaegpj", "\\u{202E}gpj");
	assert_escaped("\xe2\x80\xa8", "\\u{2028}");
	assert_escaped("\xc2\x9b", "\\u{009B}");
	assert_escaped("👍", "\\u{1F44D}");
	assert_escaped("привет", "\\u{043F}\\u{0440}\\u{0438}\\u{0432}\\u{0435}\\u{0442}");
}

static void numbers_of_people_are_hidden(void **state)
{
	(void)state;
	assert_escaped("kod 123456", "kod 123456");
	assert_escaped("ring +46701234567 nu", "ring +*********** nu");
	assert_escaped("ring 070-123 45 67.", "ring ***-*** ** **.");
	assert_escaped("850101-1234", "******-****");
	assert_escaped("0701234567 0701234568", "********** **********");
	assert_escaped("1 2 3 4 5 6 7", "* * * * * * *");
	assert_escaped("14:45 22/11", "14:45 22/11");
}

/* one line, bounded, whole letters, whatever comes */
static void a_line_is_bounded(void **state)
{
	static const char *const pieces[] = {"å", "x", "\xff", "\n", "👍", "7", "\xe2\x80\xae"};
	char text[4000], out[REPLY_LOG_MAX + 8];

	(void)state;
	for (size_t p = 0; p < ARRAY_LEN(pieces); p++) {
		for (size_t shift = 0; shift < 8; shift++) {
			memset(text, 0, sizeof(text));
			memset(text, 'a', shift);
			for (size_t len = shift; len < 3000; len = strlen(text))
				memcpy(text + len, pieces[p], strlen(pieces[p]));
			reply_escaped(text, out);
			assert_true(strlen(out) <= REPLY_LOG_MAX + strlen("…"));
			assert_true(strlen(out) > REPLY_LOG_MAX - 10);
			assert_true(utf8_plain(out, (uint32_t)strlen(out)));
			assert_string_equal(out + strlen(out) - strlen("…"), "…");
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_code_stands_alone),
		cmocka_unit_test(what_is_no_code),
		cmocka_unit_test(two_codes_are_none),
		cmocka_unit_test(digits_of_other_scripts_are_none),
		cmocka_unit_test(what_may_turn_or_hide_it_is_none),
		cmocka_unit_test(the_log_shows_plain_letters),
		cmocka_unit_test(numbers_of_people_are_hidden),
		cmocka_unit_test(a_line_is_bounded),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
