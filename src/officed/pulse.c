/*
 * pulse.c: from a heartbeat to its row. A heartbeat touches no database while it is answered; the
 * newest of each shop waits in the loop's memory, and one job a second writes them all and then
 * judges. While the database is away they go on being kept, each shop's newest.
 *
 * Nobody is called silent before they had three heartbeats' time to be heard: after our own start,
 * after the database was away or slow, and after our clock was set.
 */
#include "officed/pulse.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct pulse {
	struct job job;
	struct loop *loop;
	struct work *work;
	struct timer *timer;
	bool running, stopped;
	struct shop_now *beats; /* shops with a heartbeat that is not written down */
	uint32_t count;
	struct mono judge_from; /* nobody is silent before */
	/* of the running job */
	uint32_t writing;
	struct beat *beat;
	struct shop_now **of;
	bool judge, late;
	struct mono began_at;
	struct wall now;
};

/* ---- heard ---- */

static void beat_note(struct pulse *p, struct shop_now *s, struct wall at, const uint8_t *said,
		      uint16_t len)
{
	uint8_t *copy = malloc(len > 0 ? len : 1);

	if (copy == NULL)
		return; /* it will beat again */
	memcpy(copy, said, len);
	free(s->said);
	s->said = copy;
	s->said_len = len;
	s->heard_at = at;
	if (s->beat)
		return;
	s->beat = true;
	s->beat_next = p->beats;
	p->beats = s;
	p->count++;
}

void pulse_heard(struct pulse *p, struct asked *a)
{
	struct span body = {a->body, a->body_len};
	struct sync_heartbeat h;

	if (a->packed || body.len > SYNC_HEARTBEAT_MAX || !sync_heartbeat_take(body, &h)) {
		reply_problem(&a->reply, 400, "malformed", "The body is no heartbeat.");
		web_answer(a);
		return;
	}
	beat_note(p, a->shop, a->ask.now, body.data, (uint16_t)body.len);
	reply_bytes(&a->reply, 204, NULL, NULL, 0);
	web_answer(a);
}

/* ---- written, once a second ---- */

static void beats_free(struct pulse *p)
{
	for (uint32_t i = 0; i < p->writing; i++)
		free(p->beat[i].said);
	free(p->beat);
	free(p->of);
	p->beat = NULL;
	p->of = NULL;
	p->writing = 0;
}

/** The heartbeats move to the job. */
static bool beats_take(struct pulse *p)
{
	struct shop_now *s = p->beats;

	p->beat = calloc(p->count + 1, sizeof(*p->beat));
	p->of = calloc(p->count + 1, sizeof(struct shop_now *));
	p->writing = 0;
	if (p->beat == NULL || p->of == NULL) {
		beats_free(p);
		return false;
	}
	for (; s != NULL; s = s->beat_next) {
		struct beat *b = &p->beat[p->writing];

		memcpy(b->shop, s->shop, sizeof(b->shop));
		b->at = s->heard_at;
		b->said = s->said;
		b->said_len = s->said_len;
		s->said = NULL;
		s->beat = false;
		p->of[p->writing++] = s;
	}
	p->beats = NULL;
	p->count = 0;
	return true;
}

/** It could not be written: what is not newer by now is kept for the next time. */
static void beats_return(struct pulse *p)
{
	for (uint32_t i = 0; i < p->writing; i++)
		if (!p->of[i]->beat)
			beat_note(p, p->of[i], p->beat[i].at, p->beat[i].said, p->beat[i].said_len);
}

static void pulse_run(struct office *o, struct job *j)
{
	struct pulse *p = j->data;

	p->late = loop_mono().ms - p->began_at.ms > PULSE_LATE_MS;
	j->result = pulse_write(o, p->beat, p->writing);
	if (j->result == 0)
		j->result = pulse_texts(o, p->beat, p->writing, p->now);
	p->late = p->late || loop_mono().ms - p->began_at.ms > PULSE_LATE_MS;
	if (j->result == 0 && p->judge && !p->late)
		j->result = pulse_judge(o, p->now);
}

static void pulse_done(struct job *j)
{
	struct pulse *p = j->data;

	p->running = false;
	if (j->result < 0)
		beats_return(p);
	if (j->result < 0 || p->late)
		p->judge_from = mono_add(loop_mono(), SYNC_SILENT_MS);
	beats_free(p);
	if (!p->stopped)
		timer_arm(p->timer, mono_add(p->began_at, PULSE_WRITE_MS));
}

static void on_time(void *data)
{
	struct pulse *p = data;
	struct mono now = loop_mono();

	if (p->running || p->stopped)
		return;
	p->began_at = now;
	p->now = loop_wall();
	p->judge = mono_due(now, p->judge_from);
	p->running = beats_take(p);
	if (p->running && !work_add(p->work, WORK_OWN, &p->job)) {
		p->running = false;
		beats_return(p);
		beats_free(p);
	}
	if (!p->running)
		timer_arm(p->timer, mono_add(now, PULSE_WRITE_MS));
}

static void on_clock_step(void *data)
{
	struct pulse *p = data;

	p->judge_from = mono_add(loop_mono(), SYNC_SILENT_MS);
}

/* ---- start and stop ---- */

int pulse_open(struct loop *loop, struct work *work, struct pulse **ret)
{
	struct pulse *p = calloc(1, sizeof(*p));
	int r;

	if (p == NULL)
		return -ENOMEM;
	p->loop = loop;
	p->work = work;
	p->job = (struct job){.run = pulse_run, .done = pulse_done, .data = p};
	p->judge_from = mono_add(loop_mono(), SYNC_SILENT_MS);
	r = timer_add(loop, WATCH_NORMAL, 0, on_time, p, &p->timer);
	if (r == 0)
		r = loop_on_clock_step(loop, on_clock_step, p);
	if (r < 0) {
		pulse_free(p);
		return r;
	}
	timer_arm(p->timer, mono_add(loop_mono(), PULSE_WRITE_MS));
	*ret = p;
	return 0;
}

void pulse_stop(struct pulse *p)
{
	if (p != NULL)
		p->stopped = true;
}

void pulse_free(struct pulse *p)
{
	if (p == NULL)
		return;
	timer_free(p->timer);
	free(p);
}
