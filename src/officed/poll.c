/*
 * poll.c: ten thousand shops wait here, and nobody works for them. A poll is an `asked` in two
 * lists: that of its shop, and that of all, looked through once a second for those whose time is
 * up. When fleet.c sees a shop's feed move, its poll goes to a worker for one look at the database.
 *
 * A price that changes for all wakes all: they go to the workers as the queue has room, the rest
 * waits in line, so that such a wave takes nothing from entries or people. A box that polls a
 * second time has given up on the first.
 */
#include "officed/poll.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
	SWEEP_MS = 1000,
	WAVE_MS = 20, /* until the queue is looked at again for room */
};

struct polls {
	struct loop *loop;
	struct timer *sweep, *wave;
	struct asked *held;		   /* by `next` */
	struct asked *woken, **woken_last; /* wait for room in the queue */
	uint32_t count;
};

/* ---- lists ---- */

static void list_put(struct asked **first, struct asked *a)
{
	a->next = *first;
	a->link = first;
	if (a->next != NULL)
		a->next->link = &a->next;
	*first = a;
}

static void list_take(struct asked *a)
{
	*a->link = a->next;
	if (a->next != NULL)
		a->next->link = a->link;
	a->next = NULL;
	a->link = NULL;
}

static void hold(struct polls *p, struct asked *a)
{
	a->at = ASKED_HELD;
	list_put(&p->held, a);
	a->next_of_shop = a->shop->polls;
	a->shop->polls = a;
	if (p->count++ == 0)
		timer_arm(p->sweep, mono_add(loop_mono(), SWEEP_MS));
}

/** A shop has one, or a few for a moment. False: it is not held, it is woken. */
static bool unhold(struct polls *p, struct asked *a)
{
	struct asked **at = &a->shop->polls;

	while (*at != NULL && *at != a)
		at = &(*at)->next_of_shop;
	if (*at != a)
		return false;
	*at = a->next_of_shop;
	a->next_of_shop = NULL;
	list_take(a);
	p->count--;
	return true;
}

/* those that wait for room stand in the order in which they were woken */
static void wake(struct polls *p, struct asked *a)
{
	a->at = ASKED_HELD;
	a->next = NULL;
	a->link = p->woken_last;
	*p->woken_last = a;
	p->woken_last = &a->next;
}

static void unwake(struct polls *p, struct asked *a)
{
	if (a->next == NULL)
		p->woken_last = a->link;
	list_take(a);
}

/* ---- answers ---- */

static void nothing_new(struct asked *a)
{
	reply_bytes(&a->reply, 204, NULL, NULL, 0);
	web_answer(a);
}

static void revoked(struct asked *a)
{
	reply_problem(&a->reply, 403, "revoked",
		      "This box was revoked: ask the office for a claim code for another.");
	web_answer(a);
}

/* ---- to the workers, as there is room ---- */

static void wave(void *data)
{
	struct polls *p = data;

	while (p->woken != NULL && web_job_room(p->woken->web)) {
		struct asked *a = p->woken;

		unwake(p, a);
		web_job(a);
	}
	if (p->woken != NULL)
		timer_arm(p->wave, mono_add(loop_mono(), WAVE_MS));
}

/* ---- what web.c and fleet.c tell ---- */

void polls_take(struct polls *p, struct asked *a)
{
	int64_t after, wait_s;

	if (!ask_query_int(&a->ask, "after", 0, INT64_C(999999999999999999), 0, &after,
			   &a->reply) ||
	    !ask_query_int(&a->ask, "wait", 0, SYNC_POLL_S, 0, &wait_s, &a->reply)) {
		web_answer(a);
		return;
	}
	a->after = (uint64_t)after;
	a->until = mono_add(loop_mono(), wait_s * 1000);
	while (a->shop->polls != NULL) {
		struct asked *older = a->shop->polls;

		(void)unhold(p, older);
		nothing_new(older);
	}
	if (a->after == a->shop->feed_to && a->after > 0 && wait_s > 0)
		hold(p, a);
	else
		web_job(a);
}

void polls_answered(struct polls *p, struct asked *a)
{
	bool late = mono_due(loop_mono(), a->until) || a->http == NULL;

	if (a->reply.status != 204 || late) {
		web_answer(a);
		return;
	}
	reply_free(&a->reply);
	if (a->shop->feed_to > a->after) /* it has moved while we looked */
		web_job(a);
	else
		hold(p, a);
}

void polls_gone(struct polls *p, struct asked *a)
{
	if (!unhold(p, a))
		unwake(p, a);
}

void polls_changed(struct polls *p, struct shop_now *shop)
{
	struct asked *a = shop->polls, *next;

	for (; a != NULL; a = next) {
		next = a->next_of_shop;
		if (shop->state == SHOP_REVOKED) {
			(void)unhold(p, a);
			revoked(a);
		} else if (shop->feed_to != a->after) {
			(void)unhold(p, a);
			wake(p, a);
		}
	}
	wave(p);
}

uint32_t polls_held(const struct polls *p)
{
	return p->count;
}

/* ---- time ---- */

static void sweep(void *data)
{
	struct polls *p = data;
	struct mono now = loop_mono();
	struct asked *a = p->held, *next;

	for (; a != NULL; a = next) {
		next = a->next;
		if (!mono_due(now, a->until))
			continue;
		(void)unhold(p, a);
		nothing_new(a);
	}
	if (p->count > 0)
		timer_arm(p->sweep, mono_add(now, SWEEP_MS));
}

int polls_open(struct loop *loop, struct polls **ret)
{
	struct polls *p = calloc(1, sizeof(*p));
	int r;

	if (p == NULL)
		return -ENOMEM;
	p->loop = loop;
	p->woken_last = &p->woken;
	r = timer_add(loop, WATCH_IDLE, 100, sweep, p, &p->sweep);
	if (r == 0)
		r = timer_add(loop, WATCH_NORMAL, 0, wave, p, &p->wave);
	if (r < 0) {
		polls_free(p);
		return r;
	}
	*ret = p;
	return 0;
}

void polls_stop(struct polls *p)
{
	struct asked *a;

	if (p == NULL)
		return;
	while ((a = p->held) != NULL) {
		(void)unhold(p, a);
		nothing_new(a);
	}
	while ((a = p->woken) != NULL) {
		unwake(p, a);
		nothing_new(a);
	}
}

void polls_free(struct polls *p)
{
	if (p == NULL)
		return;
	timer_free(p->sweep);
	timer_free(p->wave);
	free(p);
}
