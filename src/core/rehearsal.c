/*
 * rehearsal.c: when the next rehearsal is (rehearsal.h).
 *
 * The days are the shop's own, and begin and end where its people's do; one that the shop slept
 * through is made up for when it is awake again. A clock that nobody trusts begins none. What comes
 * of it, and who is told when nobody answers, is the ladder's.
 */
#include "core/rehearsal.h"

#include "core/step.h"

#define MINUTE_MS      60000
#define MINUTES_OF_DAY 1440

/* So long a timer goes wrong by no more than an hour: a summer may begin or end meanwhile. */
#define LOOK_MS (12 * 3600000LL)

void rehearsal_init(struct rehearsal *r)
{
	*r = (struct rehearsal){.due = MONO_NEVER};
}

void rehearsal_remember(struct step *s, const struct remembered *r)
{
	if (r->last_rehearsal.ms > s->shop->rehearsal.last.ms)
		s->shop->rehearsal.last = r->last_rehearsal;
	s->shop->rehearsal.due = s->now->mono;
}

/* Minutes of the shop's own time since its day 0. */
static int64_t local_minute(const struct now *now)
{
	return (int64_t)now->day.n * MINUTES_OF_DAY + now->minute_of_week % MINUTES_OF_DAY;
}

/* The shop's day of an instant, by how far its clock is from UTC now. */
static int64_t day_at(const struct now *now, struct wall at)
{
	int64_t ahead = local_minute(now) - now->wall.ms / MINUTE_MS;

	return (at.ms / MINUTE_MS + ahead) / MINUTES_OF_DAY;
}

static void begin(struct step *s)
{
	alarm_replace(s, CONDITION_REHEARSAL, NULL);
	alarm_raise(s, CONDITION_REHEARSAL, NULL, s->now->mono);
	/* by a clock that is wrong the next would be counted from some other day: from the day on
	 * which it is right, then */
	s->shop->rehearsal.last = s->now->wall_trusted ? s->now->wall : (struct wall){0};
}

void rehearsal_now(struct step *s, const struct event_rehearse *e)
{
	struct effect_done *done = &step_now(s, EFFECT_DONE)->done;

	begin(s);
	s->shop->rehearsal.due = s->now->mono;
	done->request = e->request;
	done->ok = true;
	done->alarm = alarm_find(&s->shop->alarms, CONDITION_REHEARSAL, NULL)->id;
}

void rehearsal_time(struct step *s)
{
	const struct ladder_config *c = &s->shop->config.ladder;
	struct rehearsal *r = &s->shop->rehearsal;
	int64_t minutes;

	if (c->rehearse_days == 0)
		r->due = MONO_NEVER;
	if (!mono_due(s->now->mono, r->due))
		return;
	r->due = mono_add(s->now->mono, LOOK_MS);
	if (!s->now->wall_trusted)
		return;
	if (r->last.ms == 0 || r->last.ms > s->now->wall.ms)
		r->last = s->now->wall;
	minutes = (day_at(s->now, r->last) + c->rehearse_days) * MINUTES_OF_DAY + c->rehearse_at -
		  local_minute(s->now);
	if (minutes <= 0)
		begin(s);
	else if (minutes * MINUTE_MS < LOOK_MS)
		r->due = mono_add(s->now->mono, minutes * MINUTE_MS - s->now->wall.ms % MINUTE_MS);
}

struct mono rehearsal_deadline(const struct rehearsal *r)
{
	return r->due;
}
