/*
 * product_office.c: a price list on its way to the office, which takes at most a MiB at once: a
 * larger one goes in parts, each with the line of column names first, cut between lines (not within
 * quotes). The office judges every row; lines are told by their number in the whole file.
 */
#include "shopctl/product_office.h"

#include <stdlib.h>
#include <string.h>

#include "shopctl/text.h"

#define PART_MAX (1000 * 1000)

struct sum {
	int64_t taken, changed, bad, by_rule;
	json_t *problems;
};

/** Bytes up to behind the last line's end within `max` that is not inside quotes; *ret_lines of
 * them. All of it where it fits; 0 when there is none. */
static uint32_t lines_take(struct span text, uint32_t max, uint32_t *ret_lines)
{
	uint32_t end = 0, lines = 0;
	bool quoted = false;

	*ret_lines = 0;
	for (uint32_t i = 0; i < text.len && i < max; i++) {
		quoted ^= text.data[i] == '"';
		if (text.data[i] == '\n')
			lines++;
		if (text.data[i] == '\n' && !quoted) {
			end = i + 1;
			*ret_lines = lines;
		}
	}
	return text.len <= max ? text.len : end;
}

static int64_t number(const json_t *answer, const char *name)
{
	return json_integer_value(json_object_get(answer, name));
}

/** `before`: lines of the file before this part's first, less the line of names. */
static void sum_add(struct sum *sum, const json_t *answer, int64_t before)
{
	const json_t *problem;
	size_t i;

	sum->taken += number(answer, "taken");
	sum->changed += number(answer, "changed");
	sum->bad += number(answer, "bad");
	sum->by_rule += number(answer, "priced_by_rule");
	json_array_foreach(json_object_get(answer, "problems"), i, problem)
	{
		const char *what = json_string_value(json_object_get(problem, "problem"));

		json_array_append_new(sum->problems,
				      json_pack("{s:I, s:o}", "line",
						(json_int_t)(number(problem, "line") + before),
						"reason", json_clean(what ? what : "")));
	}
}

static enum ctl_exit part_send(struct ctl *ctl, const struct office_api *api, struct span names,
			       struct span rows, const char *path, json_t **ret)
{
	uint8_t *body = malloc(names.len + rows.len + 1);
	enum ctl_exit code;

	if (!body)
		return ctl_fail(ctl, CTL_INTERNAL, "out of memory");
	memcpy(body, names.data, names.len);
	memcpy(body + names.len, rows.data, rows.len);
	code = api_call(ctl, api, "POST", path, "text/csv",
			(struct span){body, names.len + rows.len}, false, ret);
	free(body);
	return code;
}

static enum ctl_exit all_send(struct ctl *ctl, const struct office_api *api, struct span text,
			      bool rule, bool dry, struct sum *sum)
{
	struct span names = text, rest;
	uint32_t lines = 0;
	int64_t before = 0;
	char path[64];

	names.len = 0;
	while (names.len < text.len && names.len < PART_MAX / 2 && text.data[names.len] != '\n')
		names.len++;
	names.len += names.len < text.len;
	rest = (struct span){text.data + names.len, text.len - names.len};
	snprintf(path, sizeof(path), "/v1/products/import?dry_run=%d&rule=%d", dry, rule);
	do {
		struct span part = {rest.data, lines_take(rest, PART_MAX - names.len, &lines)};
		json_t *answer = NULL;
		enum ctl_exit code;

		if (part.len == 0 && rest.len > 0)
			return ctl_fail(ctl, CTL_REFUSED, "a row is longer than a row may be");
		code = part_send(ctl, api, names, part, path, &answer);
		if (code != CTL_DONE)
			return code;
		sum_add(sum, answer, before);
		json_decref(answer);
		before += lines;
		rest.data += part.len;
		rest.len -= part.len;
	} while (rest.len > 0);
	return CTL_DONE;
}

static void problems_say(struct ctl *ctl, const struct sum *sum)
{
	const json_t *problem;
	size_t i;

	json_array_foreach(sum->problems, i, problem)
		ctl_note(ctl, "line %lld: %s", (long long)number(problem, "line"),
			 json_string_value(json_object_get(problem, "reason")));
	if (sum->by_rule > 0)
		ctl_note(ctl,
			 "articles without a price: %lld, each got one made up for demonstrations",
			 (long long)sum->by_rule);
}

static enum ctl_exit sum_say(struct ctl *ctl, const struct sum *sum)
{
	if (ctl->json)
		return ctl_json(ctl, CTL_DONE,
				json_pack("{s:I, s:I, s:I, s:I, s:O}", "rows",
					  (json_int_t)sum->taken, "changed",
					  (json_int_t)sum->changed, "bad", (json_int_t)sum->bad,
					  "priced_by_rule", (json_int_t)sum->by_rule, "problems",
					  sum->problems));
	ctl_say(ctl,
		"The office took %lld articles, %lld of them new or changed; %lld rows were left "
		"out.",
		(long long)sum->taken, (long long)sum->changed, (long long)sum->bad);
	return CTL_DONE;
}

enum ctl_exit product_office_import(struct ctl *ctl, const struct office_api *api, struct span text,
				    bool rule, bool strict)
{
	struct sum sum = {.problems = json_array()};
	enum ctl_exit code = CTL_DONE;

	if (strict) { /* nothing is changed by looking */
		code = all_send(ctl, api, text, rule, true, &sum);
		if (code == CTL_DONE && sum.bad > 0) {
			problems_say(ctl, &sum);
			code = ctl_fail(ctl, CTL_REFUSED,
					"refused: %lld rows are bad, none was taken",
					(long long)sum.bad);
		}
		json_array_clear(sum.problems);
		sum = (struct sum){.problems = sum.problems};
	}
	if (code == CTL_DONE) {
		code = all_send(ctl, api, text, rule, false, &sum);
		problems_say(ctl, &sum);
	}
	if (code == CTL_DONE)
		code = sum_say(ctl, &sum);
	json_decref(sum.problems);
	return code;
}
