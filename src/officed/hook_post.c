/*
 * hook_post.c: webhooks leave through the loop's HTTP client, a handful at once; when all of them
 * have ended, how it went is noted and the next look begins. A receiver that hangs holds up a
 * handful for HOOK_POST_MS and nothing else.
 *
 * Addresses that are not of the public internet are refused, looked at after the name was resolved:
 * a webhook is a way to have somebody else's server ask inside of ours. officed.conf's
 * `private_webhooks` allows them, for a receiver on one's own network.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "net/http_client.h"
#include "officed/hook.h"

struct flight {
	struct hook_post *post;
	struct hook_call *call;
};

struct hook_post {
	struct work *work;
	const struct config *config;
	struct http_client *http;
	struct timer *timer;
	struct job job;
	struct wall now;
	uint32_t calls, flying;
	struct hook_call call[HOOKS_A_LOOK];
	struct flight flight[HOOKS_A_LOOK];
};

static void look_again(struct hook_post *p, int64_t in_ms)
{
	if (p->timer)
		timer_arm(p->timer, mono_add(loop_mono(), in_ms));
}

static void forget_calls(struct hook_post *p)
{
	for (uint32_t i = 0; i < p->calls; i++)
		hook_call_free(&p->call[i]);
	p->calls = 0;
}

/* --- noting */

static int note_work(struct db *d, void *data)
{
	struct hook_post *p = ((struct job *)data)->data;
	struct office o = {.db = d, .config = p->config};

	for (uint32_t i = 0; i < p->calls; i++)
		hook_note(&o, &p->call[i], p->now);
	return db_failed(d);
}

static void note_run(struct office *o, struct job *j)
{
	j->result = db_transact(o->db, note_work, j);
}

/* What could not be noted is told again when its lease is over, under the same id. */
static void note_done(struct job *j)
{
	struct hook_post *p = j->data;

	forget_calls(p);
	look_again(p, j->result == 0 ? 0 : HOOK_LOOK_MS);
}

static void note(struct hook_post *p)
{
	p->now = loop_wall();
	p->job = (struct job){.run = note_run, .done = note_done, .data = p};
	if (work_add(p->work, WORK_OWN, &p->job))
		return;
	forget_calls(p);
	look_again(p, HOOK_LOOK_MS);
}

/* --- posting */

static void on_answer(void *data, const struct http_answer *answer)
{
	struct flight *f = data;
	struct hook_post *p = f->post;

	f->call->status = answer->status;
	snprintf(f->call->trouble, sizeof(f->call->trouble), "%.*s",
		 (int)sizeof(f->call->trouble) - 1, answer->trouble);
	if (--p->flying == 0)
		note(p);
}

static bool fly(struct hook_post *p, struct flight *f)
{
	const struct hook_call *c = f->call;
	char id[HOOK_ID_MAX + 16], timestamp[48], signature[HOOK_SIGNATURE_SIZE + 32];
	char value[HOOK_SIGNATURE_SIZE];
	int64_t now_s = loop_wall().ms / 1000;
	struct http_ask ask = {
		.method = "POST",
		.url = c->url,
		.content_type = "application/json",
		.extra = {id, timestamp, signature},
		.body = {(const uint8_t *)c->body, (uint32_t)strlen(c->body)},
		.answer_max = 4096,
		.total_ms = HOOK_POST_MS,
		.public_only = !p->config->private_webhooks,
	};
	int r;

	hook_signature(c, now_s, value);
	snprintf(id, sizeof(id), "webhook-id: %s", c->id);
	snprintf(timestamp, sizeof(timestamp), "webhook-timestamp: %lld", (long long)now_s);
	snprintf(signature, sizeof(signature), "webhook-signature: %s", value);
	r = http_ask(p->http, &ask, on_answer, f);
	if (r < 0)
		snprintf(f->call->trouble, sizeof(f->call->trouble), "%s", strerror(-r));
	return r == 0;
}

static void fly_all(struct hook_post *p)
{
	p->flying = 1; /* one more, until all have left */
	for (uint32_t i = 0; i < p->calls; i++) {
		p->flight[i] = (struct flight){p, &p->call[i]};
		p->flying += fly(p, &p->flight[i]);
	}
	if (--p->flying == 0)
		note(p);
}

/* --- looking */

static int look_work(struct db *d, void *data)
{
	struct hook_post *p = ((struct job *)data)->data;
	struct office o = {.db = d, .config = p->config};

	forget_calls(p);
	p->calls = hook_lease(&o, p->now, p->call);
	return db_failed(d);
}

static void look_run(struct office *o, struct job *j)
{
	j->result = db_transact(o->db, look_work, j);
}

static void look_done(struct job *j)
{
	struct hook_post *p = j->data;

	if (j->result < 0)
		forget_calls(p);
	if (p->calls > 0 && p->http)
		fly_all(p);
	else
		look_again(p, HOOK_LOOK_MS);
}

static void on_time(void *data)
{
	struct hook_post *p = data;

	p->now = loop_wall();
	p->job = (struct job){.run = look_run, .done = look_done, .data = p};
	if (!work_add(p->work, WORK_OWN, &p->job))
		look_again(p, HOOK_LOOK_MS);
}

int hook_post_open(struct loop *loop, struct work *work, const struct config *config,
		   struct hook_post **ret)
{
	struct hook_post *p = calloc(1, sizeof(*p));
	int r;

	if (!p)
		return -ENOMEM;
	p->work = work;
	p->config = config;
	r = http_client_new(loop, &p->http);
	if (r == 0)
		r = timer_add(loop, WATCH_IDLE, 0, on_time, p, &p->timer);
	if (r < 0) {
		hook_post_stop(p);
		hook_post_free(p);
		return r;
	}
	look_again(p, 0);
	*ret = p;
	return 0;
}

void hook_post_stop(struct hook_post *p)
{
	if (!p)
		return;
	http_client_free(p->http);
	timer_free(p->timer);
	p->http = NULL;
	p->timer = NULL;
}

void hook_post_free(struct hook_post *p)
{
	if (!p)
		return;
	forget_calls(p);
	free(p);
}
