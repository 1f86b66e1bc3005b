/* test_courierd_texts.c: every condition has its words, in both languages, and each fits one SMS.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "courierd/texts.h"

#define AT_MS INT64_C(1795355104123) /* 2026-11-22T13:45:04Z, 14:45:04 in Stockholm */

static struct message_notify notify_of(enum condition condition, bool cleared)
{
	struct message_notify n = {.alarm = 7,
				   .code = 471147,
				   .condition = condition,
				   .severity = SEVERITY_URGENT,
				   .cleared = cleared,
				   .open_s = 8,
				   .at_ms = AT_MS,
				   .place = "front",
				   .shop = "viken"};
	return n;
}

static int zone(void **state)
{
	(void)state;
	setenv("TZ", "Europe/Stockholm", 1);
	tzset();
	return 0;
}

static void held_open_tells_of_the_opening(void **state)
{
	struct message_notify n = notify_of(CONDITION_HELD_OPEN, false);
	char words[SMS_TEXT_MAX + 1];

	(void)state;
	text_make("viken", &n, LANGUAGE_SV, words);
	assert_string_equal(words, "viken: dörren front står öppen sedan 14:44:56 (22/11). Gå dit "
				   "eller ring någon som kan stänga. Kvittera: 471147");
	n.cleared = 1;
	n.open_s = 11100;
	text_make("viken", &n, LANGUAGE_EN, words);
	assert_string_equal(words, "viken: over: door front was shut 14:45:04 (22 Nov) after 3 h 5 "
				   "min. Alarm 471147");
}

/* summer time ends at 03:00 on 2026-10-25: the same clock time comes twice, and both are the shop's
 */
static void time_is_the_shops_own(void **state)
{
	struct message_notify n = notify_of(CONDITION_FORCED, false);
	char words[SMS_TEXT_MAX + 1];

	(void)state;
	n.at_ms = INT64_C(1792888200000); /* 2026-10-25T00:30:00Z */
	text_make("viken", &n, LANGUAGE_EN, words);
	assert_non_null(strstr(words, "02:30:00 (25 Oct)"));
	n.at_ms += 3600000;
	text_make("viken", &n, LANGUAGE_EN, words);
	assert_non_null(strstr(words, "02:30:00 (25 Oct)"));
	n.at_ms = INT64_MIN;
	text_make("viken", &n, LANGUAGE_EN, words);
	assert_non_null(strstr(words, "opened ? and"));
	n.at_ms = INT64_MAX;
	text_make("viken", &n, LANGUAGE_EN, words);
	assert_non_null(strstr(words, "opened ? and"));
}

/* with the longest names that there can be */
static void every_text_fits_one_sms(void **state)
{
	char words[SMS_TEXT_MAX + 1];
	uint32_t longest = 0;

	(void)state;
	for (uint32_t language = 0; language < LANGUAGES; language++) {
		for (uint32_t condition = 1; condition < CONDITIONS; condition++) {
			for (uint32_t cleared = 0; cleared < 2; cleared++) {
				struct message_notify n =
					notify_of((enum condition)condition, cleared != 0);
				uint32_t septets;

				n.code = 999999;
				n.open_s = 359999;
				snprintf(n.place, sizeof(n.place), "lagerdorren-nord");
				text_make("byabutiken-viken", &n, (enum language)language, words);
				septets = text_septets(words);
				if (septets == 0 || septets > SEPTETS_OF_ONE)
					fail_msg("%u septets: %s", septets, words);
				if (strchr(words, '{') != NULL || strstr(words, "999999") == NULL)
					fail_msg("not filled in: %s", words);
				assert_memory_equal(words, "byabutiken-viken: ", 18);
				longest = septets > longest ? septets : longest;
			}
		}
	}
	print_message("longest: %u septets\n", longest);
}

static void septets_are_counted(void **state)
{
	(void)state;
	assert_int_equal(text_septets("abc"), 3);
	assert_int_equal(text_septets("åäöÅÄÖé"), 7);
	assert_int_equal(text_septets("€["), 4);
	assert_int_equal(text_septets("ç"), 0); /* only the capital is in the alphabet */
	assert_int_equal(text_septets("a–b"), 0);
	assert_int_equal(text_septets("\xc3"), 0);
	assert_int_equal(text_septets("\xff\xff"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(held_open_tells_of_the_opening),
		cmocka_unit_test(time_is_the_shops_own),
		cmocka_unit_test(every_text_fits_one_sms),
		cmocka_unit_test(septets_are_counted),
	};
	return cmocka_run_group_tests(tests, zone, NULL);
}
