/*
 * answer.c: status, type and (of a refusal) the problem+json of what the office answered.
 * Statements and entries are not looked at: shopd judges those.
 *
 * The words of a refusal reach the owner's screen, so they are cut and cleaned; an office, or who
 * plays one, may write whatever it likes.
 */
#include "courierd/answer.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/ids.h"
#include "base/utf8.h"

/** The media type, whatever parameters follow it. */
static bool type_is(const struct http_answer *answer, const char *type)
{
	size_t len = strcspn(answer->content_type, "; ");

	return len == strlen(type) && strncasecmp(answer->content_type, type, len) == 0;
}

/** At most what *ret->why takes, never half a letter, no control character. */
static void why_put(struct office_answer *ret, const char *text)
{
	(void)utf8_cut(text, ret->why, sizeof(ret->why));
	for (char *c = ret->why; *c != '\0'; c++)
		if ((unsigned char)*c < 0x20 || *c == 0x7f)
			*c = ' ';
}

static json_t *problem_of(const struct http_answer *answer)
{
	if (!type_is(answer, "application/problem+json") || answer->body.len == 0 ||
	    answer->body.len > ANSWER_PROBLEM_MAX)
		return NULL;
	return json_loadb((const char *)answer->body.data, answer->body.len, 0, NULL);
}

static const char *problem_word(const json_t *problem, const char *name)
{
	const char *word = json_string_value(json_object_get(problem, name));

	return word != NULL ? word : "";
}

static bool nonce_read(const json_t *problem, uint8_t nonce[16])
{
	const char *text = problem_word(problem, "nonce");

	return strcmp(problem_word(problem, "code"), "stale") == 0 && strlen(text) == 32 &&
	       hex_parse(text, 32, nonce, 16);
}

/** What a lane gets when all is well. */
static enum went success(enum lane lane, const struct http_answer *answer)
{
	switch (lane) {
	case LANE_ENROL:
	case LANE_EPOCH:
	case LANE_TIME:
	case LANE_KEYS:
	case LANE_ENTRIES:
		break;
	case LANE_TAIL:
		return answer->status == 200 && type_is(answer, "application/cbor-seq") ? WENT_SAID
											: WENT_ODD;
	case LANE_FEED:
		if (answer->status == 204)
			return WENT_WELL;
		break;
	case LANE_PULSE:
	case LANE_PULSE_TOO:
		return WENT_WELL;
	}
	return answer->status == 200 && type_is(answer, "application/cose") ? WENT_SAID : WENT_ODD;
}

static enum went conflict(enum lane lane, const struct http_answer *answer)
{
	if (lane == LANE_ENTRIES && type_is(answer, "application/cose"))
		return WENT_SAID;
	if (lane == LANE_FEED)
		return WENT_REFETCH;
	return lane == LANE_ENROL || lane == LANE_EPOCH ? WENT_REFUSED : WENT_ODD;
}

static enum went went_of(enum lane lane, const struct http_answer *answer)
{
	long status = answer->status;

	if (status < 100 || !answer->whole)
		return WENT_LOST;
	if (status >= 200 && status < 300)
		return success(lane, answer);
	if (status == 409)
		return conflict(lane, answer);
	if (status == 410 && lane == LANE_FEED)
		return WENT_REFETCH;
	if (status >= 500 || status == 408 || status == 425 || status == 429)
		return WENT_BUSY;
	if (status == 401 || status == 403)
		return WENT_REFUSED;
	/* a code with a slip of the pen in it: not again, a person waits */
	return lane == LANE_ENROL && status >= 400 ? WENT_REFUSED : WENT_ODD;
}

void answer_read(enum lane lane, const struct http_answer *answer, struct office_answer *ret)
{
	bool well;
	json_t *problem;
	char text[64];

	memset(ret, 0, sizeof(*ret));
	ret->went = went_of(lane, answer);
	well = ret->went == WENT_SAID || ret->went == WENT_WELL;
	if (well)
		return;
	if (ret->went == WENT_LOST) {
		why_put(ret, answer->trouble[0] != '\0' ? answer->trouble : "no answer");
		return;
	}
	problem = problem_of(answer);
	snprintf(text, sizeof(text), "the office answers %ld", answer->status);
	why_put(ret, problem_word(problem, "detail")[0] != '\0' ? problem_word(problem, "detail")
								: text);
	if (answer->status == 401)
		ret->doubts_clock = nonce_read(problem, ret->nonce);
	json_decref(problem);
}
