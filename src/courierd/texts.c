/*
 * texts.c: the sentences filled in. Each is short enough for one SMS with the longest names, keeps
 * to the GSM alphabet, and says what to do in the words that one would use on the phone; a test
 * proves the former of all of them. Times are the shop's own.
 *
 * There is no degree sign in the GSM alphabet.
 */
#include "courierd/texts.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/check.h"

#define YEAR_9999_MS  INT64_C(253402300799999)
#define FILLING_MAX   48
#define VALUE_MAX     999999	/* thousandths: what a thermometer may say and be believed */
#define PPM_VALUE_MAX 999999999 /* the same of a gas */

struct filling {
	const char *name; /* with its braces */
	char value[FILLING_MAX];
};

/* ---- values ---- */

static void fill_time(char value[FILLING_MAX], int64_t at_ms, uint32_t before_s, const char *format)
{
	struct tm local;
	time_t at;

	snprintf(value, FILLING_MAX, "?");
	if (at_ms < 0 || at_ms > YEAR_9999_MS)
		return;
	at = (time_t)(at_ms / 1000) - (time_t)before_s;
	if (localtime_r(&at, &local) == NULL || strftime(value, FILLING_MAX, format, &local) == 0)
		snprintf(value, FILLING_MAX, "?");
}

/** "45 s", "12 min", "3 h 5 min" */
static void fill_duration(char value[FILLING_MAX], uint32_t seconds)
{
	uint32_t minutes = seconds / 60;

	if (seconds < 120)
		snprintf(value, FILLING_MAX, "%u s", seconds);
	else if (minutes < 120)
		snprintf(value, FILLING_MAX, "%u min", minutes);
	else
		snprintf(value, FILLING_MAX, "%u h %u min", minutes / 60, minutes % 60);
}

/** Thousandths with one decimal, rounded. */
static void fill_decimal(char value[FILLING_MAX], int64_t milli, const char *unit, char comma)
{
	int64_t tenths;

	if (milli > VALUE_MAX || milli < -VALUE_MAX)
		return;
	tenths = (milli + (milli < 0 ? -50 : 50)) / 100;
	snprintf(value, FILLING_MAX, " (%s%" PRId64 "%c%" PRId64 " %s)", tenths < 0 ? "-" : "",
		 (tenths < 0 ? -tenths : tenths) / 10, comma, (tenths < 0 ? -tenths : tenths) % 10,
		 unit);
}

/** " (8,5 grader)", or nothing where there is no number worth telling. */
static void fill_value(char value[FILLING_MAX], const struct message_notify *n,
		       const struct language_words *language)
{
	value[0] = '\0';
	if (n->value_known == 0)
		return;
	switch ((enum condition)n->condition) {
	case CONDITION_FRIDGE_WARM:
	case CONDITION_FREEZER_WARM:
	case CONDITION_ROOM_COLD:
		fill_decimal(value, n->value, language->degrees, language->comma);
		return;
	case CONDITION_HUMID:
		fill_decimal(value, n->value, "%", language->comma);
		return;
	case CONDITION_CO2_HIGH:
		if (n->value >= 0 && n->value <= PPM_VALUE_MAX)
			snprintf(value, FILLING_MAX, " (%" PRId64 " ppm)", (n->value + 500) / 1000);
		return;
	case CONDITION_HELD_OPEN:
	case CONDITION_FORCED:
	case CONDITION_TAMPER:
	case CONDITION_LEDGER_FAILING:
	case CONDITION_SMS_FAILING:
	case CONDITION_CLOCK_UNTRUSTED:
	case CONDITION_FIRE:
	case CONDITION_SENSOR_FAILING:
	case CONDITION_CLOSE_REFUSED:
	case CONDITION_ROSTER_STALE:
	case CONDITION_OFFICE_REFUSED:
	case CONDITION_POWER_LOST:
	case CONDITION_BATTERY_LOW:
	case CONDITION_WATER:
	case CONDITION_MOTION:
	case CONDITION_SENSOR_LOST:
	case CONDITION_READER_LOST:
	case CONDITION_CAMERA_LOST:
	case CONDITION_DISK_FAILING:
	case CONDITION_SYNC_STALE:
	case CONDITION_ROAD_FAILING:
	case CONDITION_MANY_REFUSALS:
	case CONDITION_INSIDE_LONG:
	case CONDITION_REHEARSAL:
		return;
	}
}

/** "anna (owner)"; who is no contact answered on the page or at the box. */
static void fill_by(char value[FILLING_MAX], const char *by, const struct config *config,
		    const struct language_words *language)
{
	snprintf(value, FILLING_MAX, "%s", language->somebody);
	for (uint32_t i = 0; i < config->contacts; i++) {
		const struct contact_section *contact = &config->contact[i];

		if (strcmp(contact->name, by) == 0)
			snprintf(value, FILLING_MAX, "%s (%s)", contact->name,
				 language->role[contact->role]);
	}
}

/* ---- sentences ---- */

/** Appends as much of `text` as fits. */
static void append(char *words, size_t size, const char *text, size_t len)
{
	size_t have = strlen(words);

	if (len > size - 1 - have)
		len = size - 1 - have;
	memcpy(words + have, text, len);
	words[have + len] = '\0';
}

static void fill(char *words, size_t size, const char *sentence, const struct filling *with,
		 size_t fillings)
{
	while (*sentence != '\0') {
		size_t plain = strcspn(sentence, "{"), i = 0;

		append(words, size, sentence, plain);
		sentence += plain;
		if (*sentence == '\0')
			return;
		while (i < fillings && strncmp(sentence, with[i].name, strlen(with[i].name)) != 0)
			i++;
		CHECK(i < fillings); /* the table says nothing that cannot be filled in */
		append(words, size, with[i].value, strlen(with[i].value));
		sentence += strlen(with[i].name);
	}
}

static const char *sentence_of(const struct language_words *language,
			       const struct message_notify *n)
{
	const struct condition_words *c = &language->condition[n->condition];

	switch ((enum text_kind)n->kind) {
	case TEXT_RAISED:
		return c->raised;
	case TEXT_OVER:
		return n->count > 1 ? language->over_many : c->over;
	case TEXT_TAKEN:
		return n->count > 1 ? language->taken_many : language->taken;
	case TEXT_GROUP:
		return language->group;
	}
	panic(__FILE__, __LINE__, "a kind of text that does not exist");
}

/** The pictures that the cameras took of it, if two parts have room for the address. */
static void link_add(const struct config *config, const struct message_notify *n,
		     const struct language_words *language, char words[SMS_TEXT_MAX + 1])
{
	struct filling with[] = {{.name = "{alarm}"}};
	const char *link = language->link, *page = strstr(link, "{page}");
	char whole[SMS_TEXT_MAX + 2]; /* one byte more than fits: so it is seen */
	uint32_t septets;

	if (config->page[0] == '\0' || config->cameras == 0 || n->kind != TEXT_RAISED ||
	    n->severity < SEVERITY_URGENT)
		return;
	snprintf(with[0].value, FILLING_MAX, "%" PRIu64, n->alarm);
	memcpy(whole, words, strlen(words) + 1);
	append(whole, sizeof(whole), link, (size_t)(page - link));
	append(whole, sizeof(whole), config->page, strlen(config->page));
	fill(whole, sizeof(whole), page + strlen("{page}"), with, 1);
	septets = text_septets(whole);
	if (strlen(whole) <= SMS_TEXT_MAX && septets > 0 && septets <= SEPTETS_OF_TWO)
		memcpy(words, whole, strlen(whole) + 1);
}

void text_make(const struct config *config, const struct message_notify *n, enum language language,
	       char words[SMS_TEXT_MAX + 1])
{
	struct filling with[] = {{"{place}", ""}, {"{time}", ""}, {"{for}", ""},   {"{code}", ""},
				 {"{value}", ""}, {"{by}", ""},	  {"{count}", ""}, {"{name}", ""}};
	const struct language_words *said = language == LANGUAGE_SV ? &texts_sv : &texts_en;
	bool since_opening = n->condition == CONDITION_HELD_OPEN && n->kind == TEXT_RAISED;

	CHECK(n->condition >= CONDITION_HELD_OPEN && n->condition < CONDITIONS);
	CHECK(n->kind < TEXT_KINDS);
	snprintf(with[0].value, FILLING_MAX, "%s", n->place);
	/* the alarm came seconds after the door opened; a person wants to know of the opening */
	fill_time(with[1].value, n->at_ms, since_opening ? n->open_s : 0, said->time);
	fill_duration(with[2].value, n->open_s);
	snprintf(with[3].value, FILLING_MAX, "%u", n->code);
	fill_value(with[4].value, n, said);
	fill_by(with[5].value, n->by, config, said);
	snprintf(with[6].value, FILLING_MAX, "%u", n->count);
	fill(with[7].value, FILLING_MAX, said->condition[n->condition].name, with, 1);
	words[0] = '\0';
	append(words, SMS_TEXT_MAX + 1, config->shop, strlen(config->shop));
	append(words, SMS_TEXT_MAX + 1, ": ", 2);
	fill(words, SMS_TEXT_MAX + 1, sentence_of(said, n), with, ARRAY_LEN(with));
	link_add(config, n, said, words);
}
