/* test_courierd_texts.c: every condition has its words for each kind of text, in both languages,
 * and each fits one SMS, or two with a link, whatever is filled in. */
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

static struct config config; /* 20 kB */

static struct message_notify notify_of(enum condition condition, enum text_kind kind)
{
	struct message_notify n = {.alarm = 7,
				   .kind = kind,
				   .code = 471147,
				   .condition = condition,
				   .severity = SEVERITY_URGENT,
				   .open_s = 8,
				   .count = kind == TEXT_GROUP ? 7 : 1,
				   .at_ms = AT_MS,
				   .contact = "anna",
				   .place = "front",
				   .shop = "viken",
				   .by = "bo"};
	return n;
}

static void configure(const char *shop)
{
	memset(&config, 0, sizeof(config));
	snprintf(config.shop, sizeof(config.shop), "%s", shop);
	config.contacts = 2;
	snprintf(config.contact[0].name, sizeof(config.contact[0].name), "anna");
	snprintf(config.contact[1].name, sizeof(config.contact[1].name), "bo");
	config.contact[1].role = CONTACT_NEIGHBOUR;
}

static int zone(void **state)
{
	(void)state;
	setenv("TZ", "Europe/Stockholm", 1);
	tzset();
	configure("viken");
	return 0;
}

static void assert_text(const struct message_notify *n, enum language language, const char *want)
{
	char words[SMS_TEXT_MAX + 1];

	text_make(&config, n, language, words);
	assert_string_equal(words, want);
}

static void held_open_tells_of_the_opening(void **state)
{
	struct message_notify n = notify_of(CONDITION_HELD_OPEN, TEXT_RAISED);

	(void)state;
	assert_text(&n, LANGUAGE_SV,
		    "viken: dörren front står öppen sedan 14:44:56 (22/11). Gå dit eller ring "
		    "någon som kan stänga. Kvittera: 471147");
	n.kind = TEXT_OVER;
	n.open_s = 11100;
	assert_text(&n, LANGUAGE_EN,
		    "viken: over: door front was shut 14:45:04 (22 Nov) after 3 h 5 min. Alarm "
		    "471147");
}

static void a_sensor_tells_its_value(void **state)
{
	struct message_notify n = notify_of(CONDITION_FREEZER_WARM, TEXT_RAISED);
	char words[SMS_TEXT_MAX + 1];

	(void)state;
	snprintf(n.place, sizeof(n.place), "glass");
	n.value_known = 1;
	n.value = -9460;
	assert_text(&n, LANGUAGE_SV,
		    "viken: frysen glass är för varm (-9,5 grader) sedan 14:45:04 (22/11). Stäng "
		    "den, kolla strömmen, flytta varorna. Kvittera: 471147");
	text_make(&config, &n, LANGUAGE_EN, words);
	assert_non_null(strstr(words, "too warm (-9.5 C) since"));
	n.value = -49;
	text_make(&config, &n, LANGUAGE_SV, words);
	assert_non_null(strstr(words, "(0,0 grader)")); /* and no minus before a nought */
	n.value = 8950;
	text_make(&config, &n, LANGUAGE_SV, words);
	assert_non_null(strstr(words, "(9,0 grader)"));
	n.condition = CONDITION_CO2_HIGH;
	n.value = 1850400;
	text_make(&config, &n, LANGUAGE_SV, words);
	assert_non_null(strstr(words, " (1850 ppm)"));
	n.condition = CONDITION_HUMID;
	n.value = 87000;
	text_make(&config, &n, LANGUAGE_SV, words);
	assert_non_null(strstr(words, " (87,0 %)"));
	n.condition = CONDITION_WATER;
	n.value = 1;
	text_make(&config, &n, LANGUAGE_SV, words);
	assert_null(strstr(words, "(1"));
}

static void what_no_thermometer_says_is_not_told(void **state)
{
	static const int64_t odd[] = {INT64_MIN, INT64_MAX, 1000000, -1000000};
	struct message_notify n = notify_of(CONDITION_FRIDGE_WARM, TEXT_RAISED);
	char words[SMS_TEXT_MAX + 1], plain[SMS_TEXT_MAX + 1];

	(void)state;
	text_make(&config, &n, LANGUAGE_SV, plain);
	n.value_known = 1;
	for (size_t i = 0; i < ARRAY_LEN(odd); i++) {
		n.value = odd[i];
		text_make(&config, &n, LANGUAGE_SV, words);
		assert_string_equal(words, plain);
	}
}

static void who_has_taken_it_is_told(void **state)
{
	struct message_notify n = notify_of(CONDITION_FORCED, TEXT_TAKEN);

	(void)state;
	assert_text(&n, LANGUAGE_SV,
		    "viken: bo (granne) har tagit hand om larmet: INBROTT? dörren front. Du "
		    "behöver inte göra något. Larm 471147");
	/* a member's key, or whatever shopctl was told, is in no text */
	snprintf(n.by, sizeof(n.by), "00112233445566778899aabbccddeeff");
	assert_text(&n, LANGUAGE_EN,
		    "viken: somebody on the page has taken the alarm: BREAK-IN? door front. You "
		    "need not do anything. Alarm 471147");
}

static void a_group_names_the_gravest(void **state)
{
	struct message_notify n = notify_of(CONDITION_FORCED, TEXT_GROUP);

	(void)state;
	assert_text(&n, LANGUAGE_SV,
		    "viken: 7 larm, värst: INBROTT? dörren front, 14:45:04 (22/11). Se sidan. "
		    "Kvittera: 471147");
}

static void several_are_over_or_taken(void **state)
{
	struct message_notify n = notify_of(CONDITION_FRIDGE_WARM, TEXT_OVER);

	(void)state;
	n.count = 3;
	assert_text(&n, LANGUAGE_EN,
		    "viken: over: 3 alarms, worst: fridge front is warm. Alarm 471147");
	n.kind = TEXT_TAKEN;
	assert_text(&n, LANGUAGE_SV,
		    "viken: bo (granne) tar hand om 3 larm, värst: kylen front är varm. "
		    "Du behöver inte göra något. Larm 471147");
}

static void pictures_are_linked(void **state)
{
	struct message_notify n = notify_of(CONDITION_FORCED, TEXT_RAISED);
	char words[SMS_TEXT_MAX + 1], plain[SMS_TEXT_MAX + 1];

	(void)state;
	text_make(&config, &n, LANGUAGE_SV, plain);
	snprintf(config.page, sizeof(config.page), "https://viken.example");
	text_make(&config, &n, LANGUAGE_SV, words);
	assert_string_equal(words, plain); /* there are no cameras */
	config.cameras = 1;
	text_make(&config, &n, LANGUAGE_SV, words);
	assert_memory_equal(words, plain, strlen(plain));
	assert_string_equal(words + strlen(plain), " Bilder: https://viken.example/a/7");
	n.severity = SEVERITY_WARNING;
	text_make(&config, &n, LANGUAGE_SV, words);
	assert_string_equal(words, plain);
	n.severity = SEVERITY_EMERGENCY;
	n.kind = TEXT_OVER;
	text_make(&config, &n, LANGUAGE_SV, words);
	assert_null(strstr(words, "https"));
	/* an address that has no room, or would cost the alphabet, is left out */
	n.kind = TEXT_RAISED;
	memset(config.page, 'a', sizeof(config.page) - 1);
	text_make(&config, &n, LANGUAGE_SV, words);
	assert_string_equal(words, plain);
	snprintf(config.page, sizeof(config.page), "https://viken.example/`");
	text_make(&config, &n, LANGUAGE_SV, words);
	assert_string_equal(words, plain);
	configure("viken");
}

/* summer time ends at 03:00 on 2026-10-25: the same clock time comes twice, and both are the shop's
 */
static void time_is_the_shops_own(void **state)
{
	struct message_notify n = notify_of(CONDITION_FORCED, TEXT_RAISED);
	char words[SMS_TEXT_MAX + 1];

	(void)state;
	n.at_ms = INT64_C(1792888200000); /* 2026-10-25T00:30:00Z */
	text_make(&config, &n, LANGUAGE_EN, words);
	assert_non_null(strstr(words, "02:30:00 (25 Oct)"));
	n.at_ms += 3600000;
	text_make(&config, &n, LANGUAGE_EN, words);
	assert_non_null(strstr(words, "02:30:00 (25 Oct)"));
	n.at_ms = INT64_MIN;
	text_make(&config, &n, LANGUAGE_EN, words);
	assert_non_null(strstr(words, "opened ? and"));
	n.at_ms = INT64_MAX;
	text_make(&config, &n, LANGUAGE_EN, words);
	assert_non_null(strstr(words, "opened ? and"));
}

/** With the longest of everything. */
static void longest(struct message_notify *n)
{
	n->alarm = (UINT64_C(1) << 63) - 1;
	n->code = 999999;
	n->open_s = UINT32_MAX;
	n->count = 128;
	n->value_known = 1;
	n->value = n->condition == CONDITION_CO2_HIGH ? 99999999 : -199950;
	snprintf(n->place, sizeof(n->place), "lagerdorren-nord");
	snprintf(n->by, sizeof(n->by), "grannen-mittemot");
	snprintf(config.contact[1].name, sizeof(config.contact[1].name), "grannen-mittemot");
}

static uint32_t assert_fits(const struct message_notify *n, enum language language, uint32_t most)
{
	char words[SMS_TEXT_MAX + 1];
	uint32_t septets;

	text_make(&config, n, language, words);
	septets = text_septets(words);
	if (septets == 0 || septets > most || strlen(words) == SMS_TEXT_MAX)
		fail_msg("%u septets: %s", septets, words);
	if (strpbrk(words, "{}\n") != NULL || strstr(words, "999999") == NULL)
		fail_msg("not filled in: %s", words);
	assert_memory_equal(words, "byabutiken-viken: ", 18);
	return septets;
}

static void every_text_fits_one_sms(void **state)
{
	uint32_t most = 0, septets;

	(void)state;
	configure("byabutiken-viken");
	for (uint32_t i = 0; i < LANGUAGES * (CONDITIONS - 1) * TEXT_KINDS; i++) {
		enum language language = (enum language)(i % LANGUAGES);
		struct message_notify n =
			notify_of((enum condition)(1 + i / LANGUAGES % (CONDITIONS - 1)),
				  (enum text_kind)(i / LANGUAGES / (CONDITIONS - 1)));

		longest(&n);
		septets = assert_fits(&n, language, SEPTETS_OF_ONE);
		n.count = n.kind == TEXT_GROUP ? n.count : 1;
		most = septets > most ? septets : most;
		septets = assert_fits(&n, language, SEPTETS_OF_ONE);
		most = septets > most ? septets : most;
		for (uint32_t role = 0; role < CONTACT_ROLES; role++) {
			config.contact[1].role = role;
			assert_fits(&n, language, SEPTETS_OF_ONE);
		}
	}
	print_message("longest: %u septets\n", most);
	configure("viken");
}

static void with_a_link_every_text_fits_two(void **state)
{
	uint32_t linked = 0;

	(void)state;
	configure("byabutiken-viken");
	config.cameras = 1;
	for (uint32_t i = 0; i < LANGUAGES * (CONDITIONS - 1) * 100; i++) {
		enum language language = (enum language)(i % LANGUAGES);
		struct message_notify n = notify_of(
			(enum condition)(1 + i / LANGUAGES % (CONDITIONS - 1)), TEXT_RAISED);
		size_t len = 60 + i / LANGUAGES / (CONDITIONS - 1);

		longest(&n);
		memset(config.page, 0, sizeof(config.page));
		memset(config.page, 'x', len);
		memcpy(config.page, "https://", 8);
		linked += assert_fits(&n, language, SEPTETS_OF_TWO) > SEPTETS_OF_ONE;
	}
	assert_true(linked > 1000 && linked < LANGUAGES * (CONDITIONS - 1) * 100);
	configure("viken");
}

/* each condition's "raised" says what to do and how to answer, and no two say the same */
static void no_sentence_is_another_ones(void **state)
{
	(void)state;
	for (uint32_t language = 0; language < LANGUAGES; language++) {
		const struct language_words *words =
			language == LANGUAGE_SV ? &texts_sv : &texts_en;

		for (uint32_t a = 1; a < CONDITIONS; a++) {
			const struct condition_words *c = &words->condition[a];

			assert_true(c->name != NULL && c->raised != NULL && c->over != NULL);
			assert_non_null(strstr(c->raised, "{time}"));
			assert_non_null(strstr(c->raised, language == LANGUAGE_SV
								  ? "Kvittera: {code}"
								  : "Acknowledge: {code}"));
			assert_non_null(
				strstr(c->raised, ". ")); /* a second sentence: what to do */
			for (uint32_t b = 1; b < a; b++) {
				assert_string_not_equal(c->name, words->condition[b].name);
				assert_string_not_equal(c->raised, words->condition[b].raised);
			}
		}
	}
}

static void septets_are_counted(void **state)
{
	(void)state;
	assert_int_equal(text_septets("abc"), 3);
	assert_int_equal(text_septets("åäöÅÄÖé"), 7);
	assert_int_equal(text_septets("€["), 4);
	assert_int_equal(text_septets("ç"), 0); /* only the capital is in the alphabet */
	assert_int_equal(text_septets("a–b"), 0);
	assert_int_equal(text_septets("8,5 °C"), 0);
	assert_int_equal(text_septets("\xc3"), 0);
	assert_int_equal(text_septets("\xff\xff"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(held_open_tells_of_the_opening),
		cmocka_unit_test(a_sensor_tells_its_value),
		cmocka_unit_test(what_no_thermometer_says_is_not_told),
		cmocka_unit_test(who_has_taken_it_is_told),
		cmocka_unit_test(a_group_names_the_gravest),
		cmocka_unit_test(several_are_over_or_taken),
		cmocka_unit_test(pictures_are_linked),
		cmocka_unit_test(time_is_the_shops_own),
		cmocka_unit_test(every_text_fits_one_sms),
		cmocka_unit_test(with_a_link_every_text_fits_two),
		cmocka_unit_test(no_sentence_is_another_ones),
		cmocka_unit_test(septets_are_counted),
	};
	return cmocka_run_group_tests(tests, zone, NULL);
}
