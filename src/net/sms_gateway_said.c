/*
 * sms_gateway_said.c: what a gateway says of a text that it took, and what came in there. Gateways
 * can call a web address when either happens; a shop takes no calls from outside, so it asks.
 *
 *   46elks   POST …/a1/sms -> {"id":…}; GET …/a1/sms/ID ->
 * {"status":"created|sent|delivered|failed"}; GET …/a1/sms ->
 * {"data":[{"id","direction","from","message","created"}…]} Twilio   POST …/Messages.json ->
 * {"sid":…}; GET …/Messages/SID.json -> {"status":…}; GET …/Messages.json?To=OUR ->
 * {"messages":[{"sid","direction","from","body","date_sent"}…]}
 *
 * A status that we do not know waits; one that says failure is failure. What came in is of
 * anybody's making: texts are cut, numbers that are none become "", and nothing in it is obeyed
 * here.
 */
#include "net/sms_gateway.h"

#include <curl/curl.h>
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

enum shape {
	SHAPE_46ELKS = 0,
	SHAPE_TWILIO = 1,
};

/** The words of each shape, in the order of gateway_presets. */
static const struct words {
	const char *id, *list, *text, *at, *inbound;
} words[] = {
	[SHAPE_46ELKS] = {.id = "id",
			  .list = "data",
			  .text = "message",
			  .at = "created",
			  .inbound = "incoming"},
	[SHAPE_TWILIO] = {.id = "sid",
			  .list = "messages",
			  .text = "body",
			  .at = "date_sent",
			  .inbound = "inbound"},
};

static json_t *parsed(const struct http_answer *answer)
{
	if (answer->status < 200 || answer->status >= 300 || !answer->whole)
		return NULL;
	return json_loadb((const char *)answer->body.data, answer->body.len, JSON_REJECT_DUPLICATES,
			  NULL);
}

/** A member that is a text, or "". */
static const char *text_of(const json_t *object, const char *member)
{
	const char *text = json_string_value(json_object_get(object, member));

	return text != NULL ? text : "";
}

/** A name goes back into an address: nothing but letters and digits may be in it. */
static bool id_valid(const char *id)
{
	size_t len = strspn(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-");

	return len > 0 && len <= GATEWAY_ID_MAX && id[len] == '\0';
}

void gateway_id(const struct gateway *g, const struct http_answer *answer,
		char id[GATEWAY_ID_MAX + 1])
{
	json_t *said = parsed(answer);
	const char *name = text_of(said, words[g->preset].id);

	snprintf(id, GATEWAY_ID_MAX + 1, "%s", id_valid(name) ? name : "");
	json_decref(said);
}

/* ---- what became of a text ---- */

bool gateway_status_url(const struct gateway *g, const char *id, char url[HTTP_URL_MAX + 1])
{
	static const char end[] = ".json";
	size_t len = strlen(g->url);
	int n;

	if (!id_valid(id))
		return false;
	if (g->preset == SHAPE_46ELKS) {
		n = snprintf(url, HTTP_URL_MAX + 1, "%s/%s", g->url, id);
	} else {
		if (len < strlen(end) || strcmp(g->url + len - strlen(end), end) != 0)
			return false;
		n = snprintf(url, HTTP_URL_MAX + 1, "%.*s/%s.json", (int)(len - strlen(end)),
			     g->url, id);
	}
	return n > 0 && n <= HTTP_URL_MAX;
}

static bool is_one_of(const char *word, const char *const *list)
{
	while (*list != NULL && strcmp(*list, word) != 0)
		list++;
	return *list != NULL;
}

enum sms_delivery gateway_status(const struct gateway *g, const struct http_answer *answer)
{
	static const char *const done[] = {"delivered", "read", NULL};
	static const char *const failed[] = {"failed", "undelivered", "canceled", NULL};
	json_t *said = parsed(answer);
	const char *status = text_of(said, "status");
	enum sms_delivery is = DELIVERY_WAITING;

	CHECK(g->preset < ARRAY_LEN(words));
	if (status[0] == '\0')
		is = DELIVERY_UNKNOWN;
	else if (is_one_of(status, done))
		is = DELIVERY_DONE;
	else if (is_one_of(status, failed))
		is = DELIVERY_FAILED;
	json_decref(said);
	return is;
}

/* ---- what came in ---- */

bool gateway_inbox_url(const struct gateway *g, uint32_t texts, char url[HTTP_URL_MAX + 1])
{
	int n;

	if (!phone_valid(g->from))
		return false; /* nobody can answer to a name */
	if (g->preset == SHAPE_46ELKS)
		n = snprintf(url, HTTP_URL_MAX + 1, "%s?limit=%u", g->url, texts);
	else
		n = snprintf(url, HTTP_URL_MAX + 1, "%s?To=%%2B%s&PageSize=%u", g->url, g->from + 1,
			     texts);
	return n > 0 && n <= HTTP_URL_MAX;
}

/** RFC 3339 without its zone, or an HTTP date, both UTC; 0 when it is neither. */
static int64_t time_of(const char *text)
{
	char zoned[40];
	struct wall at;
	time_t s;

	snprintf(zoned, sizeof(zoned), "%.32s%s", text,
		 strchr(text, 'Z') == NULL && strchr(text, '+') == NULL ? "Z" : "");
	if (wall_parse(zoned, (uint32_t)strlen(zoned), &at))
		return at.ms;
	s = strlen(text) < sizeof(zoned) ? curl_getdate(text, NULL) : -1;
	return s > 0 ? (int64_t)s * 1000 : 0;
}

static bool inbound(const struct gateway *g, const json_t *one, struct gateway_text *ret)
{
	const struct words *w = &words[g->preset];
	const char *id = text_of(one, w->id), *from = text_of(one, "from");

	memset(ret, 0, sizeof(*ret));
	if (strcmp(text_of(one, "direction"), w->inbound) != 0 || !id_valid(id))
		return false;
	/* the account may have other numbers, whose texts are not the shop's business */
	if (strcmp(text_of(one, "to"), g->from) != 0)
		return false;
	snprintf(ret->id, sizeof(ret->id), "%s", id);
	if (phone_valid(from))
		snprintf(ret->from, sizeof(ret->from), "%.*s", PHONE_MAX, from);
	(void)utf8_cut(text_of(one, w->text), ret->text, sizeof(ret->text));
	ret->at_ms = time_of(text_of(one, w->at));
	return true;
}

int gateway_inbox(const struct gateway *g, const struct http_answer *answer,
		  struct gateway_text *ret, uint32_t max)
{
	json_t *said = parsed(answer);
	const json_t *list = json_object_get(said, words[g->preset].list);
	uint32_t count = 0;

	if (!json_is_array(list)) {
		json_decref(said);
		return -EBADMSG;
	}
	for (size_t i = 0; i < json_array_size(list) && count < max; i++)
		if (inbound(g, json_array_get(list, i), &ret[count]))
			count++;
	json_decref(said);
	return (int)count;
}
