/* turns.c: one timer that is due at once while there is anything to do, and asleep else. */
#include "counterd/turns.h"

#include "counterd/counter.h"
#include "counterd/problem.h"

static void over(struct counter *c, struct turn *t)
{
	t->end(t->data);
	*t = (struct turn){0};
	CHECK(c->turns.going > 0);
	c->turns.going--;
}

static void on_turn(void *data)
{
	struct counter *c = data;

	for (uint32_t i = 0; i < TURNS_MAX; i++) {
		struct turn *t = &c->turns.turn[i];

		if (t->request && !t->go_on(c, t->request, t->data))
			over(c, t);
	}
	if (c->turns.going > 0)
		timer_arm(c->turns.timer, loop_mono());
}

int turns_open(struct counter *c)
{
	return timer_add(c->loop, WATCH_IDLE, 0, on_turn, c, &c->turns.timer);
}

void turns_close(struct counter *c)
{
	for (uint32_t i = 0; i < TURNS_MAX; i++) {
		struct turn *t = &c->turns.turn[i];

		if (!t->request)
			continue;
		problem_fault(c, t->request, FAULT_UNAVAILABLE);
		over(c, t);
	}
	timer_free(c->turns.timer);
	c->turns.timer = NULL;
}

static struct turn *turn_free(struct turns *t)
{
	for (uint32_t i = 0; i < TURNS_MAX; i++)
		if (!t->turn[i].request)
			return &t->turn[i];
	return NULL;
}

void turns_begin(struct counter *c, struct http_request *r, turn_fn *go_on, void (*end)(void *data),
		 void *data)
{
	struct turn *t = turn_free(&c->turns);

	if (!t) {
		problem_fault(c, r, FAULT_TOO_MANY);
		end(data);
		return;
	}
	*t = (struct turn){r, go_on, end, data};
	c->turns.going++;
	timer_arm(c->turns.timer, loop_mono());
}

void turns_hold(struct counter *c, struct http_request *r, turn_fn *go_on, void (*end)(void *data),
		void *data)
{
	if (turn_free(&c->turns))
		http_hold(r);
	turns_begin(c, r, go_on, end, data);
}
