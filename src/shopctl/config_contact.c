/*
 * config_contact.c: a name that one file gives and another must have. Both have been found good by
 * the programs they belong to, so only their form is read here: sections, and `word = value`.
 */
#include "shopctl/config_contact.h"

#include <string.h>

#define LINE_SIZE 256 /* longer ones hold neither a contact's name nor its section */

/** The next line without blanks around it; false at the end. */
static bool line_next(const char **text, char line[LINE_SIZE])
{
	size_t len = strcspn(*text, "\n"), from = strspn(*text, " \t"), end = len;

	if (**text == '\0')
		return false;
	while (end > from && strchr(" \t\r", (*text)[end - 1]))
		end--;
	line[0] = '\0';
	if (from < end && end - from < LINE_SIZE) {
		memcpy(line, *text + from, end - from);
		line[end - from] = '\0';
	}
	*text += len + ((*text)[len] == '\n');
	return true;
}

/** What stands behind `word` and its '='; NULL when the line is another's. */
static const char *value_of(const char *line, const char *word)
{
	size_t len = strlen(word);

	if (strncmp(line, word, len) != 0)
		return NULL;
	line += len + strspn(line + len, " \t");
	return *line == '=' ? line + 1 + strspn(line + 1, " \t") : NULL;
}

void contact_wanted(const char *shopd, char name[PLACE_MAX_LEN + 1])
{
	char line[LINE_SIZE];
	bool stock = false;
	const char *value;

	name[0] = '\0';
	while (line_next(&shopd, line)) {
		if (line[0] == '[')
			stock = strncmp(line + 1 + strspn(line + 1, " \t"), "stock", 5) == 0;
		value = stock ? value_of(line, "contact") : NULL;
		if (value && strlen(value) <= PLACE_MAX_LEN)
			memcpy(name, value, strlen(value) + 1);
	}
}

bool contact_known(const char *courierd, const char *name)
{
	char line[LINE_SIZE];
	size_t len = strlen(name);

	while (line_next(&courierd, line)) {
		const char *at = line + 1 + strspn(line + 1, " \t");

		if (line[0] != '[' || strncmp(at, "contact", 7) != 0)
			continue;
		at += 7 + strspn(at + 7, " \t");
		if (strncmp(at, name, len) == 0 && strchr(" \t]", at[len]) && at[len] != '\0')
			return true;
	}
	return false;
}
