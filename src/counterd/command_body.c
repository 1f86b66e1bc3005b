/* command_body.c: jansson reads, this file judges: a verb that there is, and seconds where it wants
 * them and nowhere else. */
#include "counterd/command_body.h"

#include <jansson.h>
#include <string.h>

static const char *const verbs[] = {
	[DOOR_VERB_LOCK] = "lock", [DOOR_VERB_UNLOCK] = "unlock", [DOOR_VERB_LOCKDOWN] = "lockdown",
	[DOOR_VERB_PROP] = "prop", [DOOR_VERB_NORMAL] = "normal",
};

static bool verb_take(const json_t *value, enum door_verb *ret)
{
	const char *text = json_string_value(value);

	for (uint32_t i = DOOR_VERB_LOCK; text && i < ARRAY_LEN(verbs); i++) {
		if (strcmp(text, verbs[i]) != 0)
			continue;
		*ret = (enum door_verb)i;
		return true;
	}
	return false;
}

bool command_body_parse(struct span body, struct command_body *ret)
{
	json_t *root = json_loadb((const char *)body.data, body.len, JSON_REJECT_DUPLICATES, NULL);
	const json_t *seconds = json_object_get(root, "seconds");
	struct command_body b = {.seconds = json_integer_value(seconds)};
	bool good = verb_take(json_object_get(root, "verb"), &b.verb) &&
		    json_object_size(root) == (seconds ? 2U : 1U) &&
		    (seconds != NULL) == (b.verb == DOOR_VERB_PROP);

	if (good && seconds)
		good = json_is_integer(seconds) && b.seconds >= 1 &&
		       b.seconds <= COMMAND_SECONDS_MAX;
	json_decref(root);
	if (good)
		*ret = b;
	return good;
}
