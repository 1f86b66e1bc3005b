/*
 * texting_gateway.c: requests to the HTTP gateway: one text to one number, what became of it, and
 * what came in there. The inbox is looked into often while somebody has been told and nobody has
 * answered, or the last look failed, and now and then else: so a gateway that does not answer is
 * found before it is needed.
 */
#include "courierd/texting_parts.h"

#include <stdio.h>
#include <string.h>

enum {
	LOOK_SOON_MS = 10000,
	LOOK_LATE_MS = 60000,
	LOOK_TEXTS = 20, /* what came in since the last look, and what left … */
	LOOK_TEXTS_SOON = CONTACTS_MAX * TEXTS_AN_HOUR + 12, /* … while all are told of something */
	LIST_BYTES_MAX = 512 * 1024, /* of INBOX_LIST_MAX texts, escaped as JSON */
	DAY_S = 86400,		     /* past what sms.c honours of a pause */
};

_Static_assert((int)LOOK_TEXTS_SOON <= (int)INBOX_LIST_MAX, "room for a look");

/* ---- texts ---- */

/** A refusal of this text or its number. Every other (money, a password, a page that has moved, a
 * login in front of the net) is one of us, whatever we send. */
static bool about_text(long status)
{
	return status == 400 || status == 413 || status == 422;
}

static enum sms_try how_it_went(const struct http_answer *answer)
{
	switch (gateway_outcome(answer)) {
	case SMS_ACCEPTED:
		return TRY_TAKEN;
	case SMS_REFUSED:
		return about_text(answer->status) ? TRY_REFUSED : TRY_BARRED;
	case SMS_TROUBLE:
		/* 504: whoever stands before the gateway has lost sight of it; 1xx is no answer */
		if (answer->status == 504 || (answer->status < 200 && answer->reached))
			return TRY_DOUBT;
		return answer->status == 0 ? TRY_NO_WAY : TRY_BUSY;
	}
	panic(__FILE__, __LINE__, "an outcome that does not exist");
}

static void on_answer(void *data, const struct http_answer *answer)
{
	struct flight *f = data;
	struct texting *t = f->texting;
	int64_t pause_ms = answer->retry_after_s;
	char id[GATEWAY_ID_MAX + 1] = "", why[200];
	enum sms_try how = how_it_went(answer);

	if (pause_ms >= 0)
		pause_ms = (pause_ms < DAY_S ? pause_ms : DAY_S) * 1000;
	if (how == TRY_TAKEN)
		gateway_id(&t->config->gateway, answer, id);
	snprintf(why, sizeof(why), "status %ld%s%s", answer->status,
		 answer->trouble[0] != '\0' ? ", " : "", answer->trouble);
	flight_landed(f, how, pause_ms, id, why);
	if (how == TRY_NO_WAY || how == TRY_DOUBT)
		t->look_at = loop_mono(); /* is it there at all? */
	texting_work(t);
}

void gateway_send(struct texting *t, struct flight *f, const char *words)
{
	const struct gateway *g = &t->config->gateway;
	uint8_t bytes[HTTP_POST_MAX];
	struct builder body = builder_of(bytes, sizeof(bytes));
	bool fits = gateway_body(g, t->config->contact[f->due.name.contact].phone, words, &body);
	struct http_post post = {.url = g->url,
				 .user = g->user,
				 .password = g->password,
				 .content_type = "application/x-www-form-urlencoded",
				 .body = {body.data, body.len}};
	int r;

	CHECK(fits); /* three bytes for each of SMS_TEXT_MAX, and the names */
	r = http_post(t->http, &post, on_answer, f);
	if (r < 0)
		flight_landed(f, TRY_NO_WAY, -1, "", strerror(-r));
}

/* ---- questions ---- */

static int get(struct texting *t, const char *url, uint32_t answer_max, http_done_fn *done,
	       void *data)
{
	const struct gateway *g = &t->config->gateway;
	struct http_ask ask = {.method = "GET",
			       .url = url,
			       .user = g->user,
			       .password = g->password,
			       .answer_max = answer_max,
			       .total_ms = HTTP_TOTAL_MS};

	return http_ask(t->http, &ask, done, data);
}

static void asked_landed(struct flight *f, enum sms_delivery what)
{
	struct texting *t = f->texting;

	f->texting = NULL;
	sms_answered(&t->sms, loop_mono(), f->due.text, what);
}

static void on_status(void *data, const struct http_answer *answer)
{
	struct flight *f = data;
	struct texting *t = f->texting;

	asked_landed(f, gateway_status(&t->config->gateway, answer));
	texting_work(t);
}

void gateway_ask(struct texting *t, const struct sms_asked *asked)
{
	struct flight *f = flight_free(t->asking, SMS_ASKING_MAX);
	char url[HTTP_URL_MAX + 1];

	*f = (struct flight){.texting = t, .due = {.text = asked->text}};
	if (!gateway_status_url(&t->config->gateway, asked->id, url) ||
	    get(t, url, HTTP_ANSWER_MAX, on_status, f) < 0)
		asked_landed(f, DELIVERY_UNKNOWN);
}

/* ---- the inbox ---- */

static void on_list(void *data, const struct http_answer *answer)
{
	struct texting *t = data;
	int texts = gateway_inbox(&t->config->gateway, answer, t->list, INBOX_LIST_MAX);

	t->looking = false;
	sms_inbox(&t->sms, loop_mono(), texts >= 0);
	if (texts < 0)
		fprintf(stderr, "gateway: its inbox could not be read: status %ld%s%s\n",
			answer->status, answer->trouble[0] != '\0' ? ", " : "", answer->trouble);
	for (int i = texts - 1; i >= 0; i--) /* the oldest first */
		texting_heard(t, SMS_BY_GATEWAY, t->list[i].id, t->list[i].from, t->list[i].text,
			      t->list[i].at_ms);
	if (texts >= 0)
		inbox_looked(&t->inbox);
	texting_work(t);
}

void gateway_look(struct texting *t, struct mono now)
{
	bool soon = sms_awaits(&t->sms, now) || t->sms.roads.road[SMS_BY_GATEWAY].deaf > 0;
	char url[HTTP_URL_MAX + 1];

	if (!t->config->gateway_fitted || t->looking)
		return;
	if (soon)
		t->look_at = mono_min(t->look_at, mono_add(now, LOOK_SOON_MS));
	if (!mono_due(now, t->look_at))
		return;
	t->look_at = mono_add(now, soon ? LOOK_SOON_MS : LOOK_LATE_MS);
	t->looking =
		gateway_inbox_url(&t->config->gateway, soon ? LOOK_TEXTS_SOON : LOOK_TEXTS, url) &&
		get(t, url, LIST_BYTES_MAX, on_list, t) == 0;
}
