/*
 * office_behind.c: how long the oldest entry that the office lacks has waited for it. The loop
 * knows which one that is, the file when it was written: it is asked on the thread, once an entry,
 * and only of one that is still waiting when somebody looks.
 *
 * Its age by the wall clock holds also across restarts, where that clock can be trusted; one that
 * was written with a clock that was wrong must have waited BEHIND_LEAST_MS by the other clock too.
 * Where it cannot be trusted, the other clock decides alone.
 */
#include "shopd/office.h"

#include <string.h>

#include "ledger/read.h"

#define BEHIND_LEAST_MS 600000
#define HOUR_MS		3600000LL

struct behind_job {
	struct job job;
	char dir[PATH_SIZE];
	uint64_t seq;
	struct wall at;
};

static bool first(void *data, const struct raw_entry *e)
{
	struct behind_job *j = data;

	if (e && e->seq == j->seq)
		j->at = e->at;
	return true;
}

static void behind_run(struct job *job)
{
	struct behind_job *j = (struct behind_job *)job;
	struct reader *reader = NULL;

	if (reader_open(j->dir, &reader) < 0)
		return;
	/* a file that cannot be read now is asked again at the next look */
	(void)!reader_raw(reader, j->seq - 1, 1, first, j);
	reader_close(reader);
}

static void behind_done(struct shopd *sd, struct job *job)
{
	const struct behind_job *j = (const struct behind_job *)job;
	struct behind *b = &sd->office->behind;

	b->asked = false;
	if (j->seq == b->seq)
		b->at = j->at;
}

static void ask(struct shopd *sd)
{
	struct behind_job *j = office_job_new(sizeof(*j), behind_run, behind_done);

	memcpy(j->dir, sd->config.state, sizeof(j->dir));
	j->seq = sd->office->behind.seq;
	sd->office->behind.asked = true;
	office_job(sd, &j->job);
}

static void tell(struct shopd *sd, bool stale)
{
	struct behind *b = &sd->office->behind;
	struct event e;

	if (b->told && b->stale == stale)
		return;
	if (stale)
		journal_line(sd, "office: entry %llu has waited for more than %lld h to be carried",
			     (unsigned long long)b->seq,
			     (long long)sd->config.alarms.sync_max_hours);
	b->told = true;
	b->stale = stale;
	e = shopd_event(sd, EVENT_FAULT);
	e.fault.condition = CONDITION_SYNC_STALE;
	e.fault.failing = stale;
	shopd_step(sd, &e);
}

void behind_look(struct shopd *sd)
{
	const struct office_side *o = sd->office;
	struct behind *b = &sd->office->behind;
	int64_t most_ms = sd->config.alarms.sync_max_hours * HOUR_MS;
	struct mono now = loop_mono();
	bool aged;

	if (o->pin.enrolled && o->pin.restoring)
		return; /* the office is ahead of us: nothing of ours waits for it */
	if (!o->pin.enrolled || sd->head_seq <= o->acked) {
		b->seq = 0;
		tell(sd, false);
		return;
	}
	if (b->seq != o->acked + 1) {
		b->seq = o->acked + 1;
		b->at = (struct wall){0};
		b->since = now;
	}
	if (b->at.ms == 0 && !b->asked)
		ask(sd);
	aged = sd->clock_trusted && b->at.ms != 0 && loop_wall().ms - b->at.ms > most_ms;
	if (mono_due(now, mono_add(b->since, most_ms)) ||
	    (aged && mono_due(now, mono_add(b->since, BEHIND_LEAST_MS))))
		tell(sd, true);
	else if (sd->clock_trusted && !aged && b->at.ms != 0)
		tell(sd, false); /* younger than that: also where an older one was carried */
}
