/*
 * text_send.c: from a row that is due to the gateway. A job leases what is due, the loop posts it,
 * another job writes down what came of it. A lease is a minute long: when this officed dies in
 * between, another one sends the text again, for twice told is better than not told.
 */
#include "officed/text_send.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "net/http_client.h"
#include "net/sms_gateway.h"

#define LOOK_MS 1000

struct flight {
	struct job job;
	struct texts *texts;
	bool used;
	struct text_due due;
	enum text_end end;
};

struct texts {
	struct job job;
	struct loop *loop;
	struct work *work;
	struct http_client *http;
	struct timer *timer;
	struct gateway gateway;
	bool looking, stopped;
	uint32_t flying;
	struct flight flight[TEXTS_MAX];
	/* of the look */
	uint32_t count;
	struct text_due due[TEXTS_MAX];
};

static void end_run(struct office *o, struct job *j)
{
	struct flight *f = j->data;

	j->result = texts_end(o, &f->due, f->end, loop_wall());
}

static void end_done(struct job *j)
{
	struct flight *f = j->data;

	f->used = false; /* not written down: its lease ends, and it is sent again */
	f->texts->flying--;
}

static void flight_end(struct flight *f, enum text_end end)
{
	f->end = end;
	f->job = (struct job){.run = end_run, .done = end_done, .data = f};
	if (!work_add(f->texts->work, WORK_OWN, &f->job))
		end_done(&f->job);
}

/* the phone's number stands in no log */
static void on_answer(void *data, const struct http_answer *answer)
{
	struct flight *f = data;
	enum text_end end = TEXT_AGAIN;

	switch (gateway_outcome(answer)) {
	case SMS_ACCEPTED:
		end = TEXT_SENT;
		break;
	case SMS_REFUSED:
		end = TEXT_REFUSED;
		break;
	case SMS_TROUBLE:
		break;
	}
	fprintf(stderr, "text to %s of %s: %s (try %lld, status %ld%s%s)\n", f->due.contact,
		f->due.shop,
		end == TEXT_SENT      ? "taken by the gateway"
		: end == TEXT_REFUSED ? "refused by the gateway, for good"
				      : "not sent, tried again later",
		(long long)f->due.tries, answer->status, answer->trouble[0] != '\0' ? ", " : "",
		answer->trouble);
	flight_end(f, end);
}

static void fly(struct texts *t, const struct text_due *due)
{
	struct flight *f = t->flight;
	uint8_t bytes[HTTP_POST_MAX];
	struct builder body = builder_of(bytes, sizeof(bytes));
	struct http_post post = {.url = t->gateway.url,
				 .user = t->gateway.user,
				 .password = t->gateway.password,
				 .content_type = "application/x-www-form-urlencoded"};

	while (f->used)
		f++;
	*f = (struct flight){.texts = t, .used = true, .due = *due};
	t->flying++;
	if (!gateway_body(&t->gateway, due->phone, due->words, &body)) {
		flight_end(f, TEXT_REFUSED);
		return;
	}
	post.body = (struct span){body.data, body.len};
	if (http_post(t->http, &post, on_answer, f) < 0)
		flight_end(f, TEXT_AGAIN);
}

static void look_run(struct office *o, struct job *j)
{
	struct texts *t = j->data;

	j->result = texts_lease(o, loop_wall(), t->due, &t->count);
}

static void look_done(struct job *j)
{
	struct texts *t = j->data;

	t->looking = false;
	if (t->stopped)
		return;
	for (uint32_t i = 0; j->result == 0 && i < t->count; i++)
		fly(t, &t->due[i]);
	timer_arm(t->timer, mono_add(loop_mono(), LOOK_MS));
}

static void on_time(void *data)
{
	struct texts *t = data;

	/* a lease is for all places, so all have to be free */
	if (t->flying == 0 && !t->stopped) {
		t->count = 0;
		t->looking = work_add(t->work, WORK_OWN, &t->job);
	}
	if (!t->looking)
		timer_arm(t->timer, mono_add(loop_mono(), LOOK_MS));
}

int texts_open(struct loop *loop, struct work *work, struct http_client *http,
	       const struct config *config, struct texts **ret)
{
	struct texts *t;
	int r;

	*ret = NULL;
	if (!config->sms.given)
		return 0;
	t = calloc(1, sizeof(*t));
	if (t == NULL)
		return -ENOMEM;
	t->loop = loop;
	t->work = work;
	t->http = http;
	t->job = (struct job){.run = look_run, .done = look_done, .data = t};
	t->gateway.preset = config->sms.preset;
	snprintf(t->gateway.user, sizeof(t->gateway.user), "%s", config->sms.user);
	snprintf(t->gateway.password, sizeof(t->gateway.password), "%s", config->sms.password);
	snprintf(t->gateway.from, sizeof(t->gateway.from), "%s", config->sms.from);
	r = gateway_address(&t->gateway, config->sms.url) == NULL ? 0 : -EINVAL;
	if (r == 0)
		r = timer_add(loop, WATCH_IDLE, 0, on_time, t, &t->timer);
	if (r < 0) {
		texts_free(t);
		return r;
	}
	timer_arm(t->timer, mono_add(loop_mono(), LOOK_MS));
	*ret = t;
	return 0;
}

void texts_stop(struct texts *t)
{
	if (t != NULL)
		t->stopped = true;
}

void texts_free(struct texts *t)
{
	if (t == NULL)
		return;
	timer_free(t->timer);
	explicit_bzero(&t->gateway, sizeof(t->gateway));
	free(t);
}
