/*
 * opening.c: what went through a door, and how long it stands open (contracts 2).
 *
 * "Read the contact's level, never toggle on edges." An opening belongs to whoever it can be
 * explained by, in this order: a mode that lets anyone through, an admission ("an opening <= 0.5 s
 * after it still belongs to it"), a request to exit, an exit that no sensor tells ("with none an
 * opening while a visit is open is an exit, not forced"), a slam that bounced. What is left is
 * forced, after the grace for a REX that comes late.
 */
#include "core/opening.h"

#include "core/step.h"

#define REX_STUCK_MS 60000 /* nobody leans on a button for a minute: it is stuck */

/* --- whose opening it was
 * ------------------------------------------------------------------------------------ */

/* A press counts for one opening within the unlock time, or for as long as it is held; a press from
 * before the last close has to be made anew. */
static bool rex_explains(const struct door *d, const struct door_config *c, struct mono edge)
{
	if (c->exit_sensing == EXIT_NONE || !d->rex_armed)
		return false;
	return edge.ms - d->rex_at.ms <= c->unlock_ms ||
	       (d->rex.level && d->rex_at.ms > d->closed_at.ms);
}

static bool admission_explains(const struct door *d, const struct door_config *c, struct mono edge)
{
	return d->admitted && edge.ms <= d->unlock_end.ms + c->opening_grace_ms;
}

static enum opening explain(const struct step *s, const struct door *d, struct mono edge)
{
	const struct door_config *c = door_config_of(s, d);

	if (d->standing == DOOR_LOCKED && !d->fire && admission_explains(d, c, edge))
		return OPENING_ENTRY;
	if (rex_explains(d, c, edge))
		return OPENING_EXIT;
	if (!door_watched(d))
		return OPENING_ENTRY;
	if (c->exit_sensing == EXIT_NONE && s->shop->visits.count > 0)
		return OPENING_EXIT;
	if (d->settling)
		return d->opening;
	return c->exit_sensing == EXIT_NONE ? OPENING_FORCED : OPENING_DOUBTFUL;
}

/* The admission has had its opening. */
static void admission_used(struct step *s, struct door *d)
{
	d->entered = true;
	d->opening_extended = d->extended;
	if (door_config_of(s, d)->relock == RELOCK_ON_CLOSE && d->access) {
		d->hold = true;
		return;
	}
	d->admitted = false;
	door_relock(s, d);
}

static void forced(struct step *s, struct door *d)
{
	d->opening = OPENING_FORCED;
	d->forced_due = MONO_NEVER;
	alarm_raise(s, CONDITION_FORCED, door_place(s, d), d->opened_at);
	if (d->physical != PHYSICAL_OPEN) /* it was shut again before that could be told */
		alarm_clear(s, CONDITION_FORCED, door_place(s, d));
}

static void opened(struct step *s, struct door *d, struct mono edge)
{
	const struct door_config *c = door_config_of(s, d);
	bool entry = d->standing == DOOR_LOCKED && !d->fire && admission_explains(d, c, edge);

	d->opening = explain(s, d, edge);
	d->settling = false;
	d->opened_at = edge;
	d->opening_extended = false;
	d->held = false;
	watches_passed(s, edge, entry);
	door_physical_is(s, d, PHYSICAL_OPEN);
	door_row(s, d, d->opening == OPENING_EXIT ? DOOR_EVENT_EXIT : DOOR_EVENT_OPENED, entry);
	if (entry)
		admission_used(s, d);
	if (d->opening == OPENING_EXIT)
		d->rex_armed = false;
	if (d->opening == OPENING_DOUBTFUL && d->forced_due.ms == MONO_NEVER.ms)
		d->forced_due = mono_add(edge, c->rex_grace_ms + c->debounce_ms);
	if (d->opening == OPENING_FORCED)
		forced(s, d);
}

static void closed(struct step *s, struct door *d, struct mono edge)
{
	bool was_open = d->physical == PHYSICAL_OPEN;

	d->closed_at = edge;
	d->settling = was_open;
	door_physical_is(s, d, PHYSICAL_CLOSED);
	door_buzz(s, d, false);
	if (was_open)
		door_row(s, d, DOOR_EVENT_CLOSED, false);
	if (d->hold) {
		d->admitted = false;
		door_relock(s, d);
	}
	alarm_clear(s, CONDITION_HELD_OPEN, door_place(s, d));
	alarm_clear(s, CONDITION_FORCED, door_place(s, d));
}

/* "A door found open at start is not forced"; neither is one that was open before its contact was
 * lost. It stands open, though, and that is told in time. */
static void found_open(struct step *s, struct door *d, struct mono now)
{
	d->opening = OPENING_FOUND;
	watches_passed(s, now, false);
	d->settling = false;
	d->opened_at = now;
	d->opening_extended = false;
	d->held = false;
	door_physical_is(s, d, PHYSICAL_OPEN);
	door_row(s, d, DOOR_EVENT_FOUND_OPEN, false);
}

void opening_contact(struct step *s, struct door *d, bool open, struct mono edge, bool found)
{
	bool known = d->seen && !(found && d->last_open);

	d->seen = true;
	d->last_open = open;
	if (!open)
		closed(s, d, edge);
	else if (known)
		opened(s, d, edge);
	else
		found_open(s, d, edge);
}

void opening_lost(struct step *s, struct door *d)
{
	watches_passed(s, s->now->mono, false); /* or may: nobody sees it */
	door_physical_is(s, d, PHYSICAL_FAULT);
	door_buzz(s, d, false);
	d->opening = OPENING_NONE;
	d->settling = false;
	d->forced_due = MONO_NEVER;
	if (d->hold) { /* it cannot be seen to shut: the strike goes off now */
		d->admitted = false;
		door_relock(s, d);
	}
}

/* "Late-REX grace 0.7 s": handles that move the latch before their switch. "A held REX at start is
 * not a press." */
void opening_rex(struct step *s, struct door *d, bool pressed, struct mono edge, bool found)
{
	const struct door_config *c = door_config_of(s, d);

	if (!pressed && d->rex_stuck) {
		d->rex_stuck = false;
		step_log(s, &c->place, "the request to exit is free again");
		door_row(s, d, DOOR_EVENT_FAULT, false);
	}
	if (!pressed)
		return;
	d->rex_at = edge;
	d->rex_armed = !found;
	if (found || c->exit_sensing == EXIT_NONE || d->opening != OPENING_DOUBTFUL ||
	    edge.ms > d->forced_due.ms - c->debounce_ms)
		return;
	d->opening = OPENING_EXIT;
	d->forced_due = MONO_NEVER;
	d->rex_armed = false;
	door_row(s, d, DOOR_EVENT_EXIT, false);
}

/* "A new admission while open starts both again"; and whoever comes in now is not the one who goes
 * out. */
void opening_admitted(struct step *s, struct door *d, bool extended)
{
	if (d->opening == OPENING_EXIT || d->opening == OPENING_FOUND)
		d->opening = OPENING_ENTRY;
	if (d->physical != PHYSICAL_OPEN)
		return;
	d->opened_at = s->now->mono;
	d->opening_extended = extended;
	d->held = false;
	door_buzz(s, d, false);
}

/* --- how long it stands open
 * ------------------------------------------------------------------------------------ */

void opening_watch(struct step *s, struct door *d, bool was_watched)
{
	if (door_watched(d)) {
		if (!was_watched)
			d->opened_at = s->now->mono;
		return;
	}
	/* it may stand open now: what was doubtful or too long is so no more */
	d->held = false;
	d->forced_due = MONO_NEVER;
	if (d->opening == OPENING_DOUBTFUL)
		d->opening = OPENING_ENTRY;
	door_buzz(s, d, false);
	alarm_clear(s, CONDITION_HELD_OPEN, door_place(s, d));
}

static struct mono held_due(const struct door *d, const struct door_config *c)
{
	return mono_add(d->opened_at,
			d->opening_extended ? c->held_open_extended_ms : c->held_open_ms);
}

/* The buzzer warns as long before the alarm for who has 30 s as for who has 8 s. */
static struct mono buzzer_due(const struct door *d, const struct door_config *c)
{
	int64_t warning_ms = c->held_open_ms - c->buzzer_ms;

	return d->opening_extended ? mono_add(held_due(d, c), -warning_ms)
				   : mono_add(d->opened_at, c->buzzer_ms);
}

static bool timed(const struct door *d)
{
	return d->physical == PHYSICAL_OPEN && door_watched(d);
}

/* A forced door is told already, and graver. */
static bool awaits_held(const struct door *d)
{
	return timed(d) && !d->held && d->opening != OPENING_FORCED;
}

static bool awaits_stuck(const struct door *d)
{
	return d->rex.known && d->rex.level && !d->rex_stuck;
}

/* Shut for good: "or when the door shuts after an exit and it was the only one". A doubt about the
 * opening is settled first. */
static bool awaits_settle(const struct door *d)
{
	return d->settling && d->forced_due.ms == MONO_NEVER.ms;
}

void opening_time(struct step *s, struct door *d)
{
	const struct door_config *c = door_config_of(s, d);
	struct mono now = s->now->mono;

	if (mono_due(now, d->forced_due))
		forced(s, d);
	if (timed(d) && !d->buzzer && mono_due(now, buzzer_due(d, c)))
		door_buzz(s, d, true);
	if (awaits_held(d) && mono_due(now, held_due(d, c))) {
		d->held = true;
		alarm_raise(s, CONDITION_HELD_OPEN, door_place(s, d), d->opened_at);
	}
	if (awaits_settle(d) && mono_due(now, mono_add(d->closed_at, c->settle_ms))) {
		d->settling = false;
		if (d->opening == OPENING_EXIT)
			visits_door_shut(s);
		d->opening = OPENING_NONE;
	}
	if (awaits_stuck(d) && mono_due(now, mono_add(d->rex_at, REX_STUCK_MS))) {
		d->rex_stuck = true;
		d->rex_armed = false;
		step_log(s, &c->place, "the request to exit is stuck");
		door_row(s, d, DOOR_EVENT_FAULT, false);
	}
}

struct mono opening_deadline(const struct door *d, const struct door_config *c)
{
	struct mono at = d->forced_due;

	if (timed(d) && !d->buzzer)
		at = mono_min(at, buzzer_due(d, c));
	if (awaits_held(d))
		at = mono_min(at, held_due(d, c));
	if (awaits_settle(d))
		at = mono_min(at, mono_add(d->closed_at, c->settle_ms));
	if (awaits_stuck(d))
		at = mono_min(at, mono_add(d->rex_at, REX_STUCK_MS));
	return at;
}
