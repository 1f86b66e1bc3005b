/* json.c: reading what people and programs send, with a sentence for each thing that is wrong, and
 * writing what they get. */
#include "officed/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

/* A number that is no integer (nutrition) has at most so many digits: 0.13, not
 * 0.13000000000000000444. */
#define JSON_FLAGS (JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(9))

void reply_json(struct reply *r, uint32_t status, json_t *value)
{
	char *text = value != NULL ? json_dumps(value, JSON_FLAGS) : NULL;

	json_decref(value);
	if (text == NULL) {
		reply_problem(r, 500, "internal", "The answer could not be made; try again.");
		return;
	}
	reply_bytes(r, status, "application/json", text, strlen(text));
	free(text);
}

json_t *ask_json(const struct ask *a, struct reply *r)
{
	json_error_t error;
	json_t *value =
		json_loadb((const char *)a->body.data, a->body.len, JSON_REJECT_DUPLICATES, &error);

	if (value == NULL) {
		reply_problem(r, 400, "malformed", "The body is no JSON: %.80s (line %d).",
			      error.text, error.line);
		return NULL;
	}
	if (!json_is_object(value)) {
		json_decref(value);
		reply_problem(r, 400, "malformed", "The body must be a JSON object.");
		return NULL;
	}
	return value;
}

json_t *json_wall(int64_t ms)
{
	char text[WALL_TEXT_SIZE];

	if (ms == 0)
		return json_null();
	wall_text((struct wall){ms}, text);
	return json_string(text);
}

bool json_only(const json_t *object, const char *const *names, struct reply *r)
{
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)object, key, value)
	{
		uint32_t i = 0;

		while (names[i] != NULL && strcmp(names[i], key) != 0)
			i++;
		if (names[i] != NULL)
			continue;
		reply_problem(r, 400, "malformed", "There is no member \"%.40s\" here.", key);
		return false;
	}
	return true;
}

static bool missing(const char *name, bool required, struct reply *r)
{
	if (required)
		reply_problem(r, 400, "malformed", "The member \"%s\" is missing.", name);
	return !required;
}

bool json_take_text(const json_t *object, const char *name, bool required, uint32_t max_len,
		    const char **ret, struct reply *r)
{
	const json_t *v = json_object_get(object, name);
	size_t len = json_is_string(v) ? json_string_length(v) : 0;

	if (v == NULL)
		return missing(name, required, r);
	if (!json_is_string(v) || len > max_len || (required && len == 0) ||
	    !utf8_plain(json_string_value(v), (uint32_t)len)) {
		reply_problem(r, 400, "malformed", "\"%s\" must be a text of at most %u bytes.",
			      name, max_len);
		return false;
	}
	*ret = json_string_value(v);
	return true;
}

bool json_take_int(const json_t *object, const char *name, bool required, int64_t low, int64_t high,
		   int64_t *ret, struct reply *r)
{
	const json_t *v = json_object_get(object, name);
	int64_t n = json_is_integer(v) ? (int64_t)json_integer_value(v) : 0;

	CHECK(low >= -JSON_INTS_MAX && high <= JSON_INTS_MAX);
	if (v == NULL)
		return missing(name, required, r);
	if (!json_is_integer(v) || n < low || n > high) {
		reply_problem(r, 400, "malformed", "\"%s\" must be a whole number, %lld to %lld.",
			      name, (long long)low, (long long)high);
		return false;
	}
	*ret = n;
	return true;
}

bool json_take_bool(const json_t *object, const char *name, bool required, bool *ret,
		    struct reply *r)
{
	const json_t *v = json_object_get(object, name);

	if (v == NULL)
		return missing(name, required, r);
	if (!json_is_boolean(v)) {
		reply_problem(r, 400, "malformed", "\"%s\" must be true or false.", name);
		return false;
	}
	*ret = json_is_true(v);
	return true;
}
