/* body.c: jansson reads, this file judges: every member is known, of its type, and there once. */
#include "counterd/body.h"

#include <jansson.h>
#include <string.h>

#define QUANTITY_DEFAULT_MILLI 1000

static json_t *object_of(struct span body)
{
	json_t *root = json_loadb((const char *)body.data, body.len, JSON_REJECT_DUPLICATES, NULL);

	if (root && !json_is_object(root)) {
		json_decref(root);
		return NULL;
	}
	return root;
}

#define GS 0x1d /* FNC1 between GS1 element strings */

/* What is too long or has other characters than a code on goods is none; shopd will say so. */
static void scanned_copy(const json_t *value, char scanned[SCANNED_MAX + 1])
{
	const char *text = json_string_value(value);
	size_t len = json_string_length(value);

	if (len > SCANNED_MAX)
		len = 0;
	for (size_t i = 0; i < len; i++)
		if ((text[i] <= ' ' && text[i] != GS) || text[i] > '~')
			len = 0;
	memcpy(scanned, text, len);
	scanned[len] = '\0';
}

static bool member_take(const char *name, const json_t *value, struct line_body *ret)
{
	if (strcmp(name, "gtin") == 0) {
		if (!json_is_string(value))
			return false;
		scanned_copy(value, ret->scanned);
		return true;
	}
	if (strcmp(name, "quantity") == 0) {
		ret->quantity_milli = json_integer_value(value);
		return json_is_integer(value);
	}
	if (strcmp(name, "scanned_at") == 0)
		return json_is_string(value) &&
		       wall_parse(json_string_value(value), (uint32_t)json_string_length(value),
				  &ret->scanned_at);
	return false;
}

bool body_line_parse(struct span body, struct line_body *ret)
{
	struct line_body line = {.quantity_milli = QUANTITY_DEFAULT_MILLI};
	json_t *root = object_of(body);
	bool good = root && json_object_get(root, "gtin");

	for (void *at = good ? json_object_iter(root) : NULL; at && good;
	     at = json_object_iter_next(root, at))
		good = member_take(json_object_iter_key(at), json_object_iter_value(at), &line);
	json_decref(root);
	if (good)
		*ret = line;
	return good;
}

bool body_is_empty(struct span body)
{
	json_t *root = body.len > 0 ? object_of(body) : NULL;
	bool empty = body.len == 0 || (root && json_object_size(root) == 0);

	json_decref(root);
	return empty;
}

bool body_pin_parse(struct span body, char ret[PASS_PIN_MAX + 1])
{
	json_t *root = object_of(body);
	const char *pin = json_string_value(json_object_get(root, "pin"));
	size_t len = pin ? json_string_length(json_object_get(root, "pin")) : 0;
	bool good = json_object_size(root) == 1 && len >= PASS_PIN_MIN && len <= PASS_PIN_MAX &&
		    strspn(pin, "0123456789") == len;

	if (good)
		memcpy(ret, pin, len + 1);
	json_decref(root);
	return good;
}
