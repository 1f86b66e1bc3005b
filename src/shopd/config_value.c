/*
 * config_value.c: times, spans and measures as people write them in shopd.conf. Whole texts are
 * judged: what is behind a value is no value.
 */
#include "shopd/config_value.h"

#include <string.h>

#include "device/sensor.h"

#define DAY_MS	  86400000
#define HOUR_MS	  3600000
#define MINUTE_MS 60000
#define SECOND_MS 1000

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static const char *blanks_skip(const char *text)
{
	while (*text == ' ' || *text == '\t')
		text++;
	return text;
}

/* "07:30" of five letters. */
static bool clock_take(const char *text, uint16_t *ret)
{
	int hour, minute;

	for (uint32_t i = 0; i < 5; i++)
		if (i == 2 ? text[i] != ':' : !is_digit(text[i]))
			return false;
	hour = (text[0] - '0') * 10 + text[1] - '0';
	minute = (text[3] - '0') * 10 + text[4] - '0';
	*ret = (uint16_t)(hour * 60 + minute);
	return hour <= 23 && minute <= 59;
}

const char *read_clock(const char *text, void *field)
{
	uint16_t minute;

	if (!clock_take(text, &minute) || text[5] != '\0')
		return "a time from 00:00 to 23:59";
	memcpy(field, &minute, sizeof(minute));
	return NULL;
}

const char *read_night(const char *text, void *field)
{
	uint16_t from_to[2] = {0, 0};

	if (strcmp(text, "never") != 0 &&
	    (!clock_take(text, &from_to[0]) || text[5] != '-' ||
	     !clock_take(text + 6, &from_to[1]) || text[11] != '\0' || from_to[0] == from_to[1]))
		return "from one time to another, as in 22:00-07:00, or never";
	memcpy(field, from_to, sizeof(from_to));
	return NULL;
}

/* A number of at most six digits and one of the words behind it, as its unit says. */
static bool amount_take(const char *text, const char *const *words, const int64_t *unit,
			int64_t *ret)
{
	int64_t n = 0;
	uint32_t digits = 0;

	for (; is_digit(*text) && digits < 6; text++, digits++)
		n = n * 10 + (*text - '0');
	text = blanks_skip(text);
	for (uint32_t i = 0; digits > 0 && words[i]; i++) {
		if (strcmp(text, words[i]) != 0)
			continue;
		*ret = n * unit[i];
		return true;
	}
	return false;
}

static bool time_take(const char *text, int64_t *ret_ms)
{
	static const char *const words[] = {"s", "min", "h", NULL};
	static const int64_t unit[] = {SECOND_MS, MINUTE_MS, HOUR_MS};

	return amount_take(text, words, unit, ret_ms) && *ret_ms <= DAY_MS;
}

const char *read_span(const char *text, void *field)
{
	int64_t ms = 0;

	if (strcmp(text, "never") != 0 && (!time_take(text, &ms) || ms == 0))
		return "a time from 1 s to 24 h, as in 15 min, or never";
	memcpy(field, &ms, sizeof(ms));
	return NULL;
}

const char *read_wait(const char *text, void *field)
{
	int64_t ms;

	if (!time_take(text, &ms))
		return "a time from 0 s to 24 h, as in 15 min";
	memcpy(field, &ms, sizeof(ms));
	return NULL;
}

const char *read_days(const char *text, void *field)
{
	static const char *const words[] = {"day", "days", NULL};
	static const int64_t unit[] = {1, 1};
	int64_t n = 0;
	uint16_t days;

	if (strcmp(text, "never") != 0 &&
	    (!amount_take(text, words, unit, &n) || n == 0 || n > 366))
		return "from 1 day to 366 days, as in 30 days, or never";
	days = (uint16_t)n;
	memcpy(field, &days, sizeof(days));
	return NULL;
}

/* What may stand behind a measure. */
static bool unit_take(const char *text, char *ret)
{
	static const struct {
		const char *word;
		char unit;
	} units[] = {{"", '\0'}, {"°C", 'C'}, {"C", 'C'}, {"%", '%'}, {"ppm", 'p'}};

	for (uint32_t i = 0; i < ARRAY_LEN(units); i++) {
		if (strcmp(text, units[i].word) != 0)
			continue;
		*ret = units[i].unit;
		return true;
	}
	return false;
}

/* A decimal comma is one too. */
static bool measure_take(const char *text, struct bound *ret)
{
	char number[24];
	uint32_t len = 0;

	for (; len < sizeof(number) && *text && strchr("+-.,0123456789", *text); text++)
		number[len++] = *text == ',' ? '.' : *text;
	ret->said = BOUND_IS;
	return len < sizeof(number) && sensor_decimal(number, len, &ret->milli) &&
	       unit_take(blanks_skip(text), &ret->unit);
}

const char *read_bound(const char *text, void *field)
{
	struct bound bound = {.said = BOUND_NONE};

	if (strcmp(text, "none") != 0 && !measure_take(text, &bound))
		return "a number as in -15 or 8.5 °C, 75 %, 1500 ppm, or none";
	memcpy(field, &bound, sizeof(bound));
	return NULL;
}

const char *read_width(const char *text, void *field)
{
	struct bound bound = {.said = BOUND_IS};

	if (!measure_take(text, &bound) || bound.milli < 0)
		return "a number from 0 on, as in 1 or 0.5 °C";
	memcpy(field, &bound, sizeof(bound));
	return NULL;
}
