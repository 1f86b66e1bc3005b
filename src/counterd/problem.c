/*
 * problem.c: refusals. Tables say which status and which words; one function writes them. A refusal
 * that heals by itself (503, 429) says when to come back.
 */
#include "counterd/problem.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "counterd/counter.h"
#include "counterd/reply.h"

#define PROBLEM_SIZE 1024
#define RETRY_AFTER  "2" /* seconds; longer than shopd's restart */

struct problem {
	uint32_t status;
	const char *code;
	const char *detail;
	const char *allow;
	const char *scheme; /* of a 401; NULL: Bearer */
	const char *retry;  /* of a 429; NULL: RETRY_AFTER */
};

static const struct {
	uint16_t status;
	const char *code;
	const char *detail[LANGUAGES];
} faults[FAULTS] = {
	/* the first two say what shopd would say: see problem_fault() */
	[FAULT_MALFORMED] = {400, NULL, {NULL, NULL}},
	[FAULT_UNAUTHORIZED] = {401, NULL, {NULL, NULL}},
	[FAULT_LOGGED_OUT] = {401,
			      "unauthorized",
			      {"Du är inte inloggad, eller har loggats ut. Logga in igen.",
			       "You are not logged in, or not any more. Log in again."}},
	[FAULT_UNSIGNED] = {401,
			    "unauthorized",
			    {"Det här måste ägaren eller personalen skriva under med sin nyckel.",
			     "The owner or staff must sign this with their own key."}},
	[FAULT_FORBIDDEN] = {403,
			     "forbidden",
			     {"Det här är bara för butikens ägare och personal.",
			      "This is for the shop's owner and staff only."}},
	[FAULT_CROSS_SITE] =
		{403,
		 "cross_site",
		 {"Begäran kom från en annan webbplats. Öppna butikens egen sida och "
		  "försök igen.",
		  "The request came from another site. Open the shop's own page and try "
		  "again."}},
	[FAULT_NOT_FOUND] = {404,
			     "not_found",
			     {"Det finns inget här. Kontrollera adressen.",
			      "There is nothing here. Check the address."}},
	[FAULT_METHOD] = {405,
			  "method_not_allowed",
			  {"Adressen finns, men inte för den här metoden.",
			   "The address exists, but not for this method."}},
	[FAULT_TOO_LARGE] = {413,
			     "too_large",
			     {"Det som skickades är för stort.", "What was sent is too large."}},
	[FAULT_MEDIA_TYPE] = {415,
			      "unsupported_media_type",
			      {"Innehållet har fel Content-Type för den här adressen.",
			       "The content has the wrong Content-Type for this address."}},
	[FAULT_WRONG_HOST] = {421,
			      "wrong_host",
			      {"Butiken svarar inte under det namnet.",
			       "The shop does not answer to that name."}},
	[FAULT_TOO_MANY] = {429,
			    "too_many",
			    {"För många lyssnar redan. Försök igen om en stund.",
			     "Too many are listening already. Try again in a moment."}},
	[FAULT_UNKNOWN_CODE] =
		{404,
		 "unknown_code",
		 {"Det är inte koden som boxen visar. Se efter på dess skärm och försök igen.",
		  "That is not the code that the box shows. Look at its screen and try again."}},
	[FAULT_HAS_OWNER] = {409,
			     "has_owner",
			     {"Butiken har redan en ägare. Be henne om plats.",
			      "The shop has an owner already. Ask her to let you in."}},
	[FAULT_BUSY] = {429,
			"busy",
			{"Koden har prövats för många gånger. Försök igen om en minut.",
			 "The code was tried too many times. Try again in a minute."}},
	[FAULT_UNAVAILABLE] = {503,
			       "unavailable",
			       {"Butiken svarar inte just nu. Försök igen om några sekunder.",
				"The shop does not answer right now. Try again in a few seconds."}},
};

uint32_t verdict_status(enum verdict v)
{
	CHECK(v != VERDICT_ADMITTED && v < VERDICTS);
	if (v == VERDICT_MALFORMED)
		return 400;
	return v == VERDICT_LEDGER_UNAVAILABLE ? 503 : 403;
}

uint32_t answer_status(enum answer a)
{
	switch (a) {
	case ANSWER_OK:
	case ANSWER_REPEATED:
		break;
	case ANSWER_MALFORMED:
		return 400;
	case ANSWER_UNAUTHORIZED:
		return 401;
	case ANSWER_UNKNOWN_VISIT:
	case ANSWER_UNKNOWN_LINE:
	case ANSWER_UNKNOWN_ARTICLE:
	case ANSWER_JOIN_CODE_UNKNOWN:
	case ANSWER_NO_VISIT:
		return 404;
	case ANSWER_BARRED_CLASS:
	case ANSWER_RECALLED:
	case ANSWER_EXPIRED:
	case ANSWER_CREDIT_EXHAUSTED:
		return 403;
	case ANSWER_VISIT_OVER:
	case ANSWER_VOIDED:
	case ANSWER_VISIT_FULL:
	case ANSWER_NO_PASS:
		return 409;
	case ANSWER_KEY_REUSED:
		return 422;
	case ANSWER_LEDGER_UNAVAILABLE:
		return 503;
	}
	panic(__FILE__, __LINE__, "an answer that is no refusal");
}

/* The weight of one element's parameters, in thousandths: "" or ";q=0.8". */
static int weight_of(const char *text, size_t len)
{
	int weight = 0, unit = 1000;
	size_t i = 0;

	while (i < len && (text[i] == ' ' || text[i] == '\t'))
		i++;
	if (i == len)
		return 1000;
	while (i < len && text[i] != '=')
		i++;
	for (i++; i < len && unit > 0; i++) {
		if (text[i] == '.')
			continue;
		if (text[i] < '0' || text[i] > '9')
			break;
		weight += (text[i] - '0') * unit;
		unit /= 10;
	}
	return weight > 1000 ? 1000 : weight;
}

enum language language_of(const char *accept, enum language otherwise)
{
	static const char *const tag[LANGUAGES] = {[LANGUAGE_SV] = "sv", [LANGUAGE_EN] = "en"};
	enum language best = otherwise;
	int best_weight = 0;

	while (accept && *accept) {
		size_t blanks = strspn(accept, " \t,");
		const char *element = accept + blanks;
		size_t len = strcspn(element, ","), name = strcspn(element, ",; \t-");

		accept = element + len;
		for (uint32_t i = 0; i < LANGUAGES; i++) {
			size_t range = strcspn(element, ",; \t");
			int weight = weight_of(element + range, len - range);

			if (name == 2 && strncasecmp(element, tag[i], 2) == 0 &&
			    weight > best_weight) {
				best = (enum language)i;
				best_weight = weight;
			}
		}
	}
	return best;
}

static void add_header(struct http_answer *answer, uint32_t *headers, const char *name,
		       const char *value)
{
	CHECK(*headers < HTTP_ANSWER_HEADERS_MAX);
	answer->header[(*headers)++] = (struct http_answer_header){name, value};
}

static void respond(struct counter *c, struct http_request *r, enum language language,
		    const struct problem *p)
{
	char body[PROBLEM_SIZE];
	struct builder b = builder_of(body, sizeof(body));
	struct http_answer answer = {.status = p->status, .content_type = HTTP_PROBLEM_TYPE};
	uint32_t headers = 0;

	problem_put(&b, p->status, p->code, p->detail, NULL, NULL);
	CHECK(!b.failed);
	answer.body = body;
	answer.body_len = b.len;
	add_header(&answer, &headers, "Content-Language", language == LANGUAGE_SV ? "sv" : "en");
	if (p->status == 401)
		add_header(&answer, &headers, "WWW-Authenticate", p->scheme ? p->scheme : "Bearer");
	if (p->status == 405)
		add_header(&answer, &headers, "Allow", p->allow);
	if (p->status == 503 || p->status == 429)
		add_header(&answer, &headers, "Retry-After", p->retry ? p->retry : RETRY_AFTER);
	reply_answer(c, r, &answer);
}

static enum language language_for(const struct counter *c, const struct http_request *r)
{
	return language_of(r->header[HTTP_ACCEPT_LANGUAGE], (enum language)c->config.language);
}

void problem_fault(struct counter *c, struct http_request *r, enum fault fault)
{
	enum language language = language_for(c, r);
	struct problem p = {.status = faults[fault].status,
			    .code = faults[fault].code,
			    .detail = faults[fault].detail[language],
			    .scheme = fault == FAULT_UNSIGNED ? "SK1" : NULL};

	if (fault == FAULT_MALFORMED)
		problem_answer(c, r, ANSWER_MALFORMED);
	else if (fault == FAULT_UNAUTHORIZED)
		problem_answer(c, r, ANSWER_UNAUTHORIZED);
	else
		respond(c, r, language, &p);
}

void problem_busy(struct counter *c, struct http_request *r, uint32_t seconds)
{
	enum language language = language_for(c, r);
	char retry[12];
	struct problem p = {.status = faults[FAULT_BUSY].status,
			    .code = faults[FAULT_BUSY].code,
			    .detail = faults[FAULT_BUSY].detail[language],
			    .retry = retry};

	snprintf(retry, sizeof(retry), "%u", seconds > 0 ? seconds : 1);
	respond(c, r, language, &p);
}

void problem_method(struct counter *c, struct http_request *r, const char *allow)
{
	enum language language = language_for(c, r);
	struct problem p = {.status = 405,
			    .code = faults[FAULT_METHOD].code,
			    .detail = faults[FAULT_METHOD].detail[language],
			    .allow = allow};

	respond(c, r, language, &p);
}

void problem_verdict(struct counter *c, struct http_request *r, enum verdict verdict)
{
	enum language language = language_for(c, r);
	struct problem p = {.status = verdict_status(verdict),
			    .code = verdict_word(verdict),
			    .detail = verdict_sentence(verdict, language)};

	respond(c, r, language, &p);
}

void problem_answer(struct counter *c, struct http_request *r, enum answer a)
{
	enum language language = language_for(c, r);
	struct problem p = {.status = answer_status(a),
			    .code = answer_word(a),
			    .detail = answer_sentence(a, language)};

	respond(c, r, language, &p);
}

void problem_refused(struct counter *c, struct http_request *r, const char *why)
{
	static const char name[] = "key_reused: ";
	struct problem p = {.status = 409, .code = "refused", .detail = why};

	if (strncmp(why, name, sizeof(name) - 1) == 0)
		p = (struct problem){.status = 422,
				     .code = answer_word(ANSWER_KEY_REUSED),
				     .detail = why + sizeof(name) - 1};
	respond(c, r, LANGUAGE_EN, &p);
}
