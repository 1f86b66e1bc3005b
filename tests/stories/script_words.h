/* script_words.h: a line of a story, word by word; and the parts of the language that are about
 * alarms (script_alarms.c) and about the till's screen (script_till.c). */
#ifndef SHOP_TESTS_SCRIPT_WORDS_H
#define SHOP_TESTS_SCRIPT_WORDS_H

#include "script.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORDS_MAX 12
#define WORD_SIZE 40

struct words {
	uint32_t count;
	char word[WORDS_MAX][WORD_SIZE];
};

static inline bool split(const char *line, struct words *ret)
{
	memset(ret, 0, sizeof(*ret));
	while (*line) {
		size_t len = strcspn(line, " \t");

		if (len > 0) {
			if (ret->count == WORDS_MAX || len >= WORD_SIZE)
				return false;
			memcpy(ret->word[ret->count++], line, len);
		}
		line += len + strspn(line + len, " \t");
	}
	return ret->count > 0;
}

/* The value of NAME=value, or NULL. */
static inline const char *option(const struct words *w, const char *name)
{
	size_t len = strlen(name);

	for (uint32_t i = 1; i < w->count; i++)
		if (strncmp(w->word[i], name, len) == 0 && w->word[i][len] == '=')
			return w->word[i] + len + 1;
	return NULL;
}

static inline bool flag(const struct words *w, const char *name)
{
	for (uint32_t i = 1; i < w->count; i++)
		if (strcmp(w->word[i], name) == 0)
			return true;
	return false;
}

static inline int64_t number(const char *text, int64_t otherwise)
{
	return text ? strtoll(text, NULL, 10) : otherwise;
}

/* "14.90" -> 1490 öre */
static inline struct money kronor(const char *text)
{
	int64_t minor = strtoll(text, NULL, 10) * 100;
	const char *point = strchr(text, '.');

	if (point)
		minor += strtoll(point + 1, NULL, 10);
	return money_of(minor);
}

static inline bool is(const struct words *w, uint32_t i, const char *word)
{
	return i < w->count && strcmp(w->word[i], word) == 0;
}

static inline bool date(const char *text, struct day *ret)
{
	return day_parse(text, (uint32_t)strlen(text), ret);
}

static inline bool setup_hours(struct hours hours[7], const char *text)
{
	int oh, om, ch, cm;

	if (sscanf(text, "%d:%d-%d:%d", &oh, &om, &ch, &cm) != 4)
		return false;
	for (uint32_t i = 0; i < 7; i++)
		hours[i] = (struct hours){(uint16_t)(oh * 60 + om), (uint16_t)(ch * 60 + cm)};
	return true;
}

/** script_setup_alarms - who is told, and when; what is measured. False when the line is about
 * something else, or not understood. */
bool script_setup_alarms(struct fake_shell *f, const struct words *w);

/** script_alarm - texts, answers, rehearsals. script_room - sensors and parts that fail. Likewise.
 */
bool script_alarm(struct fake_shell *f, const struct words *w);
bool script_room(struct fake_shell *f, const struct words *w);
/** script_till - the till's screen, and what a phone had kept. Likewise. script_scanned_at -
 * at=HH:MM:SS of the story's day, as the phone has it. */
bool script_till(struct fake_shell *f, const struct words *w);
struct wall script_scanned_at(const struct fake_shell *f, const struct words *w);

#endif
