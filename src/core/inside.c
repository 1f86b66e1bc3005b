/*
 * inside.c: who has been inside for too long (watch.h).
 *
 * As far as visits tell: whoever has one that was opened inside_ms ago. The buzzers ask five
 * minutes before. And as far as doors tell: a visit ends by two hours of silence, and somebody who
 * has fallen is silent. They count as inside still where a door was opened for them to come in and
 * none so that they may have left; whether it was they who left, nobody asks. What they do not
 * count for is everything else that a visit is.
 *
 * After a restart nothing is known of the doors any more. An alarm that was up stays up until a
 * door is opened, for nothing says that they have gone.
 */
#include "core/watch.h"

#include "core/step.h"

void watches_passed(struct step *s, struct mono at, bool entry)
{
	struct silent *silent = &s->shop->watches.silent;

	if (entry) {
		silent->came = at;
		return;
	}
	silent->went = at;
	silent->since = MONO_NEVER;
}

void watches_silent(struct step *s, const struct visit *visit)
{
	struct silent *silent = &s->shop->watches.silent;

	if (silent->came.ms >= visit->opened.ms && silent->went.ms < visit->opened.ms)
		silent->since = mono_min(silent->since, visit->opened);
}

/* Since when the i-th of them is inside; the last of them is who is silent. */
static struct mono inside_since(const struct shop *shop, uint32_t i)
{
	return i < shop->visits.count ? shop->visits.open[i].opened : shop->watches.silent.since;
}

static struct mono long_at(struct mono since, const struct watch_config *c)
{
	return c->inside_ms > 0 ? mono_add(since, c->inside_ms) : MONO_NEVER;
}

static struct mono warned_at(struct mono since, const struct watch_config *c)
{
	return c->inside_ms > WATCH_INSIDE_PRE_MS
		       ? mono_add(since, c->inside_ms - WATCH_INSIDE_PRE_MS)
		       : MONO_NEVER;
}

/* Whether `at` has come since we looked last. */
static bool has_come(const struct step *s, struct mono at)
{
	return at.ms > s->shop->watches.looked.ms && mono_due(s->now->mono, at);
}

/* Somebody else has been inside for too long now than whom a person has answered for. */
static bool is_another(const struct step *s, bool comes)
{
	const struct alarm *alarm = alarm_find(&s->shop->alarms, CONDITION_INSIDE_LONG, NULL);

	return comes && alarm && alarm->acknowledged;
}

static void ask_who(struct step *s)
{
	step_log(s, &s->shop->config.shop, "somebody is inside for long: the buzzers sound");
	watches_warn(s);
}

void inside_time(struct step *s)
{
	struct watches *w = &s->shop->watches;
	const struct watch_config *c = &s->shop->config.watch;
	bool any = false, comes = false, ask = false;
	struct mono since = MONO_NEVER;

	if (!step_room(s, 2))
		return; /* the next step is due at once */
	for (uint32_t i = 0; i <= s->shop->visits.count; i++) {
		struct mono in = inside_since(s->shop, i), at = long_at(in, c);

		any |= mono_due(s->now->mono, at);
		comes |= has_come(s, at);
		ask |= has_come(s, warned_at(in, c)) && !mono_due(s->now->mono, at);
		since = mono_min(since, in);
	}
	w->looked = s->now->mono;
	if (ask)
		ask_who(s);
	if (w->inside_told && (!any || is_another(s, comes))) {
		alarm_clear(s, CONDITION_INSIDE_LONG, NULL);
		w->inside_told = false;
	}
	if (any && !w->inside_told) {
		alarm_raise(s, CONDITION_INSIDE_LONG, NULL, since);
		w->inside_told = true;
	}
}

struct mono inside_deadline(const struct shop *shop)
{
	const struct watches *w = &shop->watches;
	const struct watch_config *c = &shop->config.watch;
	struct mono at = MONO_NEVER;
	bool any = false;

	for (uint32_t i = 0; i <= shop->visits.count; i++) {
		struct mono due = long_at(inside_since(shop, i), c);
		struct mono ask = warned_at(inside_since(shop, i), c);

		any |= mono_due(w->looked, due);
		if (due.ms > w->looked.ms)
			at = mono_min(at, due);
		if (ask.ms > w->looked.ms)
			at = mono_min(at, ask);
	}
	return any == w->inside_told ? at : w->looked; /* there was no room */
}

void inside_start(struct step *s)
{
	struct watches *w = &s->shop->watches;
	const struct alarm *alarm = alarm_find(&s->shop->alarms, CONDITION_INSIDE_LONG, NULL);
	const struct visits *v = &s->shop->visits;

	w->inside_told = alarm && alarm->active;
	for (uint32_t i = 0; i < v->count; i++)
		if (mono_due(s->now->mono, long_at(v->open[i].opened, &s->shop->config.watch)))
			return;
	if (w->inside_told)
		w->silent.since = mono_add(s->now->mono, -s->shop->config.watch.inside_ms);
}
