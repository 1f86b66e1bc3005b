/* desk_body.c: jansson reads, this file judges: one table of members, and which form has which. */
#include "counterd/desk_body.h"
#include "base/utf8.h"

#include <jansson.h>
#include <string.h>

enum {
	MOVEMENT = 1 << DESK_FORM_MOVEMENT,
	CREDIT = 1 << DESK_FORM_CREDIT,
	REPORT = 1 << DESK_FORM_REPORT,
	CHECK_FORM = 1 << DESK_FORM_CHECK,
	ALL = MOVEMENT | CREDIT | REPORT | CHECK_FORM,
};

/* Text of so many bytes at least and at most, none of them a control character's; jansson has seen
 * to it that there is no NUL. */
static bool take_text(const json_t *value, size_t size, char *to)
{
	const char *text = json_string_value(value);
	size_t len = text ? json_string_length(value) : 0;

	if (len == 0 || len >= size || !utf8_plain(text, (uint32_t)len))
		return false;
	memcpy(to, text, len + 1);
	return true;
}

static bool take_kind(const json_t *value, struct desk_body *b)
{
	enum movement m;

	if (!json_is_string(value) || !movement_parse(json_string_value(value), &m))
		return false;
	b->word = m;
	return m <= MOVEMENT_OWN_USE; /* sales and returns are lines */
}

static bool take_reason(const json_t *value, struct desk_body *b)
{
	enum credit_reason r;

	if (!json_is_string(value) || !credit_reason_parse(json_string_value(value), &r))
		return false;
	b->word = r;
	return true;
}

/* Goodwill is the owner's to show. */
static bool take_report_reason(const json_t *value, struct desk_body *b)
{
	return take_reason(value, b) && b->word != CREDIT_GOODWILL;
}

static bool take_result(const json_t *value, struct desk_body *b)
{
	enum check_state s;

	if (!json_is_string(value) || !check_state_parse(json_string_value(value), &s))
		return false;
	b->word = s;
	return true;
}

static bool take_gtin(const json_t *value, struct desk_body *b)
{
	return json_is_string(value) &&
	       gtin_parse(json_string_value(value), (uint32_t)json_string_length(value), &b->gtin);
}

static bool take_quantity(const json_t *value, struct desk_body *b)
{
	b->quantity_milli = json_integer_value(value);
	return json_is_integer(value);
}

static bool take_cost(const json_t *value, struct desk_body *b)
{
	b->unit_cost_minor = json_integer_value(value);
	return json_is_integer(value);
}

static bool take_day(const json_t *value, struct day *ret)
{
	return json_is_string(value) &&
	       day_parse(json_string_value(value), (uint32_t)json_string_length(value), ret);
}

static bool take_use_by(const json_t *value, struct desk_body *b)
{
	return take_day(value, &b->use_by);
}

static bool take_best_before(const json_t *value, struct desk_body *b)
{
	return take_day(value, &b->best_before);
}

static bool take_lot(const json_t *value, struct desk_body *b)
{
	return take_text(value, sizeof(b->lot), b->lot);
}

static bool take_why(const json_t *value, struct desk_body *b)
{
	return take_text(value, sizeof(b->why), b->why);
}

static bool take_key(const json_t *value, struct desk_body *b)
{
	return take_text(value, sizeof(b->key), b->key) &&
	       name_valid(b->key, (uint32_t)strlen(b->key));
}

static const struct member {
	const char *name;
	uint8_t may, must; /* forms */
	bool (*take)(const json_t *value, struct desk_body *b);
} members[] = {
	{"kind", MOVEMENT, MOVEMENT, take_kind},
	{"reason", CREDIT, CREDIT, take_reason},
	{"reason", REPORT, REPORT, take_report_reason},
	{"result", CHECK_FORM, CHECK_FORM, take_result},
	{"gtin", MOVEMENT, MOVEMENT, take_gtin},
	{"quantity", MOVEMENT, MOVEMENT, take_quantity},
	{"unit_cost_minor", MOVEMENT, 0, take_cost},
	{"lot", MOVEMENT, 0, take_lot},
	{"use_by", MOVEMENT, 0, take_use_by},
	{"best_before", MOVEMENT, 0, take_best_before},
	{"why", ALL, 0, take_why},
	{"key", MOVEMENT | CREDIT, MOVEMENT | CREDIT, take_key},
};

static const struct member *member_of(uint32_t form, const char *name)
{
	for (uint32_t i = 0; i < ARRAY_LEN(members); i++)
		if ((members[i].may & form) && strcmp(members[i].name, name) == 0)
			return &members[i];
	return NULL;
}

static bool all_there(const json_t *root, uint32_t form)
{
	for (uint32_t i = 0; i < ARRAY_LEN(members); i++)
		if ((members[i].must & form) && !json_object_get(root, members[i].name))
			return false;
	return true;
}

bool desk_body_parse(struct span body, enum desk_form form, struct desk_body *ret)
{
	json_t *root = json_loadb((const char *)body.data, body.len, JSON_REJECT_DUPLICATES, NULL);
	struct desk_body b = {0};
	bool good = json_is_object(root) && all_there(root, 1U << form);

	for (void *at = good ? json_object_iter(root) : NULL; at && good;
	     at = json_object_iter_next(root, at)) {
		const struct member *m = member_of(1U << form, json_object_iter_key(at));

		good = m && m->take(json_object_iter_value(at), &b);
	}
	json_decref(root);
	good = good && !(form == DESK_FORM_MOVEMENT && b.word == MOVEMENT_WASTE && !b.why[0]);
	if (good)
		*ret = b;
	return good;
}
