/*
 * conf_value.c: how a value of each type is written in a configuration file. One function a type;
 * each looks at every byte of the value before the field is touched, and what it refuses it refuses
 * with what would have been right.
 */
#include "wire/conf_value.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/ids.h"
#include "base/limits.h"
#include "wire/nearest.h"

enum {
	DIGITS_MAX = 18, /* always fits an int64_t */
	DAY_MINUTES = 1440,
	LISTED_MAX = 120, /* bytes of the words that a message offers */
};

/** Where a value goes, or the reason why not. */
struct field {
	uint8_t *at;
	char *why;
};

__attribute__((format(printf, 2, 3))) static bool refuse(const struct field *f, const char *format,
							 ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(f->why, CONF_WHY_MAX, format, args);
	va_end(args);
	return false;
}

struct quote quote_of(struct span s)
{
	struct quote q = {{0}};
	uint32_t len = s.len;

	if (len > QUOTE_MAX) {
		len = QUOTE_MAX;
		while (len > 0 && (s.data[len] & 0xc0) == 0x80)
			len--;
	}
	if (len > 0)
		memcpy(q.text, s.data, len);
	if (len < s.len)
		memcpy(q.text + len, "…", sizeof("…"));
	return q;
}

bool span_is_word(struct span s, const char *word)
{
	return span_is(s, word, (uint32_t)strlen(word));
}

static bool word_find(const char *const *words, struct span s, uint32_t *ret)
{
	for (uint32_t i = 0; words[i] != NULL; i++) {
		if (span_is_word(s, words[i])) {
			*ret = i;
			return true;
		}
	}
	return false;
}

static bool refuse_value(const struct field *f, const struct conf_key *key, struct span value,
			 const char *allowed)
{
	bool comment = memchr(value.data, '#', value.len) != NULL;
	const char *hint = comment ? " (a comment needs a line of its own)" : "";

	if (key->private)
		return refuse(f, "'%s' must be %s%s", key->name, allowed, hint);
	return refuse(f, "'%s' is '%s': it must be %s%s", key->name, quote_of(value).text, allowed,
		      hint);
}

static bool refuse_word(const struct field *f, const struct conf_key *key, struct span value)
{
	struct nearest near = nearest_to(value);
	char list[LISTED_MAX] = "";
	size_t len = 0;

	for (uint32_t i = 0; key->words[i] != NULL; i++) {
		size_t room = sizeof(list) - len;
		int more = snprintf(list + len, room, "%s%s", i == 0 ? "" : ", ", key->words[i]);

		nearest_consider(&near, key->words[i]);
		if (more < 0 || (size_t)more >= room) {
			list[len] = '\0'; /* whole words only */
			continue;
		}
		len += (size_t)more;
	}
	return refuse(f, "'%s' is '%s': it must be %s: %s%s", key->name, quote_of(value).text,
		      key->type == CONF_LIST ? "some of" : "one of", list,
		      nearest_hint(&near, "'", "'").text);
}

static bool value_text(const struct field *f, const struct conf_key *key, struct span value)
{
	char allowed[48];
	const char *must;

	CHECK(key->size > 0);
	if (value.len >= key->size) {
		snprintf(allowed, sizeof(allowed), "at most %zu bytes long", key->size - 1);
		return refuse_value(f, key, value, allowed);
	}
	memset(f->at, 0, key->size);
	memcpy(f->at, value.data, value.len);
	must = key->rule != NULL ? key->rule((const char *)f->at) : NULL;
	return must == NULL || refuse_value(f, key, value, must);
}

static bool value_place(const struct field *f, const struct conf_key *key, struct span value)
{
	if (!place_valid((const char *)value.data, value.len))
		return refuse_value(f, key, value, "1 to 16 of the characters a-z, 0-9 and -");
	memset(f->at, 0, PLACE_MAX_LEN + 1);
	memcpy(f->at, value.data, value.len);
	return true;
}

/** Decimal digits only, at most DIGITS_MAX of them. */
static bool digits_parse(struct span s, int64_t *ret)
{
	int64_t n = 0;

	if (s.len == 0 || s.len > DIGITS_MAX)
		return false;
	for (uint32_t i = 0; i < s.len; i++) {
		if (s.data[i] < '0' || s.data[i] > '9')
			return false;
		n = n * 10 + (s.data[i] - '0');
	}
	*ret = n;
	return true;
}

static bool value_int(const struct field *f, const struct conf_key *key, struct span value)
{
	struct span digits = value;
	bool negative = value.len > 0 && value.data[0] == '-';
	int64_t n = 0;
	char allowed[80];

	if (negative)
		digits = (struct span){value.data + 1, value.len - 1};
	if (digits_parse(digits, &n)) {
		n = negative ? -n : n;
		if (n >= key->min && n <= key->max) {
			memcpy(f->at, &n, sizeof(n));
			return true;
		}
	}
	snprintf(allowed, sizeof(allowed), "a whole number from %lld to %lld", (long long)key->min,
		 (long long)key->max);
	return refuse_value(f, key, value, allowed);
}

static bool value_bool(const struct field *f, const struct conf_key *key, struct span value)
{
	bool yes = span_is_word(value, "yes");

	if (!yes && !span_is_word(value, "no"))
		return refuse_value(f, key, value, "yes or no");
	memcpy(f->at, &yes, sizeof(yes));
	return true;
}

static bool value_word(const struct field *f, const struct conf_key *key, struct span value)
{
	uint32_t index;

	if (!word_find(key->words, value, &index))
		return refuse_word(f, key, value);
	memcpy(f->at, &index, sizeof(index));
	return true;
}

static bool is_list_gap(uint8_t byte)
{
	return byte == ' ' || byte == '\t' || byte == ',';
}

static bool value_list(const struct field *f, const struct conf_key *key, struct span value)
{
	uint32_t bits = 0, i = 0;

	while (i < value.len) {
		uint32_t start = i, index;

		while (i < value.len && !is_list_gap(value.data[i]))
			i++;
		if (i == start) {
			i++;
			continue;
		}
		struct span word = {value.data + start, i - start};

		if (!word_find(key->words, word, &index))
			return refuse_word(f, key, word);
		CHECK(index < 32);
		if (bits & (UINT32_C(1) << index))
			return refuse(f, "'%s' names '%s' twice", key->name, key->words[index]);
		bits |= UINT32_C(1) << index;
	}
	memcpy(f->at, &bits, sizeof(bits));
	return true;
}

/** "08:30" -> 510; up to "24:00". */
static bool minutes_parse(const uint8_t *text, uint16_t *ret)
{
	int64_t hour, minute;

	if (text[2] != ':' || !digits_parse((struct span){text, 2}, &hour) ||
	    !digits_parse((struct span){text + 3, 2}, &minute))
		return false;
	if (minute > 59 || hour * 60 + minute > DAY_MINUTES)
		return false;
	*ret = (uint16_t)(hour * 60 + minute);
	return true;
}

static bool value_hours(const struct field *f, const struct conf_key *key, struct span value)
{
	enum {
		TIME_LEN = 5,
		HOURS_LEN = 11
	};
	uint16_t minutes[2] = {0, 0}; /* closed: opens and shuts at the same minute */

	if (!span_is_word(value, "closed")) {
		if (value.len != HOURS_LEN || value.data[TIME_LEN] != '-' ||
		    !minutes_parse(value.data, &minutes[0]) ||
		    !minutes_parse(value.data + TIME_LEN + 1, &minutes[1]))
			return refuse_value(f, key, value, "like 08:00-22:00, or closed");
		if (minutes[0] >= minutes[1])
			return refuse_value(f, key, value,
					    "a later time after the dash, at most 24:00");
	}
	memcpy(f->at, minutes, sizeof(minutes));
	return true;
}

static bool value_own(const struct field *f, const struct conf_key *key, struct span value)
{
	char text[CONF_OWN_MAX + 1] = "";
	const char *must;

	CHECK(key->read != NULL);
	if (value.len > CONF_OWN_MAX)
		return refuse_value(f, key, value, "at most 240 bytes long");
	memcpy(text, value.data, value.len);
	must = key->read(text, f->at);
	return must == NULL || refuse_value(f, key, value, must);
}

static bool value_write(const struct field *f, const struct conf_key *key, struct span value)
{
	switch (key->type) {
	case CONF_TEXT:
		return value_text(f, key, value);
	case CONF_PLACE:
		return value_place(f, key, value);
	case CONF_INT:
		return value_int(f, key, value);
	case CONF_BOOL:
		return value_bool(f, key, value);
	case CONF_WORD:
		return value_word(f, key, value);
	case CONF_HOURS:
		return value_hours(f, key, value);
	case CONF_LIST:
		return value_list(f, key, value);
	case CONF_OWN:
		return value_own(f, key, value);
	}
	panic(__FILE__, __LINE__, "a conf_type that does not exist");
}

bool conf_value(const struct conf_key *key, struct span value, uint8_t *fields,
		char why[CONF_WHY_MAX])
{
	return value_write(&(struct field){fields + key->offset, why}, key, value);
}
