/*
 * door.c: a door as a machine of independent axes (contracts 2).
 *
 * What it decides: when the strike is released and for how long, whose opening an opening was, and
 * when a door that stands open or was forced is told. What it promises: the strike is on only in
 * the modes accessed, propped, unlocked and released_by_fire; nothing here is asked for an exit,
 * for the handle opens without us; no timer reads any clock but the monotonic one it is given.
 *
 * The mode follows from what stands (locked, propped, unlocked, lockdown: a person's word), an
 * access that runs, and a fire: door_follow() works it out, door_enter() is the one place where it
 * changes. How the openings and their timers go stands in opening.c.
 */
#include "core/door.h"

#include <string.h>

#include "core/opening.h"
#include "core/step.h"

#define PROP_MAX_MS (12 * 3600 * 1000LL) /* a delivery, a move; longer is `unlock` */

struct door_config door_config_default(void)
{
	return (struct door_config){.exit_sensing = EXIT_REX,
				    .relock = RELOCK_ON_OPEN,
				    .unlock_ms = 5000,
				    .unlock_extended_ms = 15000,
				    .opening_grace_ms = 500,
				    .buzzer_ms = 5000,
				    .held_open_ms = 8000,
				    .held_open_extended_ms = 30000,
				    .rex_grace_ms = 700,
				    .debounce_ms = 30,
				    .settle_ms = 1000};
}

const struct door_config *door_config_of(const struct step *s, const struct door *d)
{
	return &s->shop->config.door[d->index];
}

const struct place *door_place(const struct step *s, const struct door *d)
{
	return &door_config_of(s, d)->place;
}

void door_row(struct step *s, const struct door *d, enum door_event event, bool with_customer)
{
	struct entry_door *e = &step_fact(s, ENTRY_DOOR)->door;

	e->place = door_config_of(s, d)->place;
	e->event = event;
	e->mode = d->mode;
	e->customer_known = with_customer && d->customer_known;
	if (e->customer_known)
		e->customer = d->customer;
}

/* --- the axes
 * ------------------------------------------------------------------------------------ */

static bool strike_in(enum door_mode mode)
{
	switch (mode) {
	case DOOR_ACCESSED:
	case DOOR_PROPPED:
	case DOOR_UNLOCKED:
	case DOOR_RELEASED_BY_FIRE:
		return true;
	case DOOR_LOCKED:
	case DOOR_LOCKDOWN:
		return false;
	}
	return false;
}

/* The one place where the mode changes; the strike before all else. */
static void door_enter(struct step *s, struct door *d, enum door_mode mode)
{
	enum door_mode old = d->mode;

	if (mode == old)
		return;
	d->mode = mode;
	d->since = s->now->wall;
	if (strike_in(mode) != d->strike) {
		d->strike = strike_in(mode);
		step_output(s, d->index, PART_STRIKE, d->strike);
	}
	step_log(s, &door_config_of(s, d)->place, "%s -> %s", door_mode_word(old),
		 door_mode_word(mode));
}

void door_follow(struct step *s, struct door *d)
{
	enum door_mode mode = d->standing;

	if (d->access && d->standing == DOOR_LOCKED)
		mode = DOOR_ACCESSED;
	if (d->fire)
		mode = DOOR_RELEASED_BY_FIRE;
	door_enter(s, d, mode);
}

void door_physical_is(struct step *s, struct door *d, enum door_physical physical)
{
	enum door_physical old = d->physical;

	if (physical == old)
		return;
	d->physical = physical;
	d->since = s->now->wall;
	step_log(s, &door_config_of(s, d)->place, "%s -> %s", door_physical_word(old),
		 door_physical_word(physical));
}

void door_alarm_is(struct step *s, struct door *d, enum door_alarm alarm, bool tamper)
{
	const struct place *place = &door_config_of(s, d)->place;

	if (alarm != d->alarm)
		step_log(s, place, "%s -> %s", door_alarm_word(d->alarm), door_alarm_word(alarm));
	if (tamper != d->tamper)
		step_log(s, place, "%s", tamper ? "tampered with" : "no longer tampered with");
	if (alarm != d->alarm || tamper != d->tamper)
		d->since = s->now->wall;
	d->alarm = alarm;
	d->tamper = tamper;
}

/* The buzzer has two reasons to sound, and one output. */
static void sound(struct step *s, struct door *d, bool own, bool warns)
{
	bool was = d->buzzer || d->warns;

	d->buzzer = own;
	d->warns = warns;
	if (was != (own || warns))
		step_output(s, d->index, PART_BUZZER, own || warns);
}

void door_buzz(struct step *s, struct door *d, bool on)
{
	sound(s, d, on, d->warns);
}

void door_warn(struct step *s, struct door *d, bool on)
{
	sound(s, d, d->buzzer, on);
}

bool door_watched(const struct door *d)
{
	return !d->fire && (d->standing == DOOR_LOCKED || d->standing == DOOR_LOCKDOWN);
}

bool door_lets_through(const struct door *d)
{
	bool passes = d->opening == OPENING_ENTRY || d->opening == OPENING_EXIT;

	return !door_watched(d) || d->access || d->admitted ||
	       (passes && d->physical == PHYSICAL_OPEN);
}

/* --- access
 * ------------------------------------------------------------------------------------ */

void door_relock(struct step *s, struct door *d)
{
	bool was = d->mode == DOOR_ACCESSED;

	d->access = false;
	d->hold = false;
	door_follow(s, d);
	if (was && d->mode != DOOR_ACCESSED)
		door_row(s, d, DOOR_EVENT_RELOCKED, false);
}

/* An access ends without having been used. */
static void end_access(struct step *s, struct door *d)
{
	d->admitted = false;
	door_relock(s, d);
}

static uint32_t admit(struct step *s, struct door *d, const struct customer *customer,
		      bool extended)
{
	const struct door_config *c = door_config_of(s, d);
	int32_t unlock_ms = extended ? c->unlock_extended_ms : c->unlock_ms;
	bool open = d->physical == PHYSICAL_OPEN;

	if (open || d->settling)
		opening_admitted(s, d, extended);
	if (d->standing != DOOR_LOCKED || d->fire)
		return (uint32_t)unlock_ms; /* it lets anyone in: there is nothing to release */
	d->access = true;
	d->hold = false;
	d->admitted = true;
	d->entered = d->physical != PHYSICAL_CLOSED; /* nobody can tell whether one went in */
	d->extended = extended;
	d->customer_known = customer != NULL;
	if (customer)
		d->customer = *customer;
	d->unlock_end = mono_add(s->now->mono, unlock_ms);
	door_follow(s, d);
	door_row(s, d, DOOR_EVENT_UNLOCKED, true);
	return (uint32_t)unlock_ms;
}

uint32_t door_admit(struct step *s, struct door *d, struct customer customer, bool extended)
{
	return admit(s, d, &customer, extended);
}

void door_withdraw(struct step *s, struct door *d, struct customer customer)
{
	if (d->access && !d->entered && d->customer_known && customer_is(d->customer, customer))
		end_access(s, d);
}

/* --- a person's word
 * ------------------------------------------------------------------------------------ */

static void stand(struct step *s, struct door *d, enum door_mode standing)
{
	bool was = door_watched(d);

	d->standing = standing;
	d->admitted = false;
	d->access = false;
	d->hold = false;
	door_follow(s, d);
	door_row(s, d, DOOR_EVENT_MODE, false);
	opening_watch(s, d, was);
}

bool door_command(struct step *s, struct door *d, enum command command, int64_t hold_ms)
{
	if (d->standing == DOOR_LOCKDOWN && command != COMMAND_LOCK && command != COMMAND_LOCKDOWN)
		return false;
	switch (command) {
	case COMMAND_LOCK: /* "lock ends an access" */
		stand(s, d, DOOR_LOCKED);
		return true;
	case COMMAND_UNLOCK:
		stand(s, d, DOOR_UNLOCKED);
		return true;
	case COMMAND_PROP: /* "prop holds open for a stated time" */
		if (hold_ms < 1 || hold_ms > PROP_MAX_MS)
			return false;
		d->prop_end = mono_add(s->now->mono, hold_ms);
		stand(s, d, DOOR_PROPPED);
		return true;
	case COMMAND_LOCKDOWN: /* "lockdown admits nobody" */
		stand(s, d, DOOR_LOCKDOWN);
		return true;
	case COMMAND_RELEASE:
		admit(s, d, NULL, false);
		return true;
	}
	return false;
}

/* --- inputs
 * ------------------------------------------------------------------------------------ */

static void fire_is(struct step *s, struct door *d, bool fire)
{
	bool was = door_watched(d);

	if (fire == d->fire)
		return;
	d->fire = fire;
	d->admitted = false;
	d->access = false;
	d->hold = false;
	door_follow(s, d);
	door_row(s, d, DOOR_EVENT_MODE, false);
	opening_watch(s, d, was);
}

/* A condition that an input's level is. */
static void condition_is(struct step *s, struct door *d, enum condition condition, bool holds)
{
	if (holds)
		alarm_raise(s, condition, door_place(s, d), s->now->mono);
	else
		alarm_clear(s, condition, door_place(s, d));
}

static struct input *input_of(struct door *d, enum door_part part)
{
	switch (part) {
	case PART_CONTACT:
		return &d->contact;
	case PART_REX:
		return &d->rex;
	case PART_TAMPER:
		return &d->tamper_line;
	case PART_FIRE:
		return &d->fire_line;
	case PART_STRIKE:
	case PART_BUZZER:
	case PART_LIGHT_YES:
	case PART_LIGHT_NO:
		break;
	}
	return NULL;
}

/* "Loss or return of any link never releases the door": it is told, and that is all. */
static void line_lost(struct step *s, struct door *d, enum door_part part)
{
	if (part == PART_CONTACT)
		opening_lost(s, d);
	if (part == PART_REX)
		d->rex_armed = false;
	door_row(s, d, DOOR_EVENT_FAULT, false);
	alarm_raise(s, CONDITION_SENSOR_FAILING, door_place(s, d), s->now->mono);
}

static void line_found(struct step *s, struct door *d)
{
	if (d->contact.lost || d->rex.lost || d->tamper_line.lost || d->fire_line.lost)
		return;
	if (alarm_find(&s->shop->alarms, CONDITION_SENSOR_FAILING, door_place(s, d)))
		door_row(s, d, DOOR_EVENT_FAULT, false);
	alarm_clear(s, CONDITION_SENSOR_FAILING, door_place(s, d));
}

static void told(struct step *s, struct door *d, enum door_part part, enum input_news news)
{
	const struct input *in = input_of(d, part);

	if (news == INPUT_NOTHING)
		return;
	if (news == INPUT_LOST) {
		line_lost(s, d, part);
		return;
	}
	if (news == INPUT_FOUND)
		line_found(s, d);
	if (part == PART_CONTACT) {
		opening_contact(s, d, in->level, in->edge, news == INPUT_FOUND);
	} else if (part == PART_REX) {
		opening_rex(s, d, in->level, in->edge, news == INPUT_FOUND);
	} else if (part == PART_TAMPER) {
		condition_is(s, d, CONDITION_TAMPER, in->level);
	} else if (part == PART_FIRE) {
		fire_is(s, d, in->level);
		condition_is(s, d, CONDITION_FIRE, in->level);
	}
}

void door_level(struct step *s, struct door *d, enum door_part part, bool level, bool lost)
{
	struct input *in = input_of(d, part);

	if (!in)
		return; /* an output has no level to tell */
	told(s, d, part,
	     input_read(in, s->now->mono, level, lost, door_config_of(s, d)->debounce_ms));
}

/* --- time
 * ------------------------------------------------------------------------------------ */

static const enum door_part inputs[] = {PART_FIRE, PART_REX, PART_CONTACT, PART_TAMPER};

/* Until when an opening may still be claimed by the admission: its edge counts, and is believed a
 * debounce later. */
static struct mono grace_end(const struct door *d, const struct door_config *c)
{
	return mono_add(d->unlock_end, c->opening_grace_ms + c->debounce_ms);
}

static void access_time(struct step *s, struct door *d)
{
	const struct door_config *c = door_config_of(s, d);

	if (d->access && !d->hold && mono_due(s->now->mono, d->unlock_end)) {
		/* a bolt is not thrown while the door stands open */
		if (c->relock == RELOCK_ON_CLOSE && d->physical == PHYSICAL_OPEN)
			d->hold = true;
		else
			door_relock(s, d);
	}
	if (d->admitted && !d->access && !d->contact.pending &&
	    mono_due(s->now->mono, grace_end(d, c))) {
		d->admitted = false;
		if (!d->entered)
			door_row(s, d, DOOR_EVENT_NOT_ENTERED, true);
	}
	if (d->standing == DOOR_PROPPED && mono_due(s->now->mono, d->prop_end))
		stand(s, d, DOOR_LOCKED);
}

void door_time(struct step *s, struct door *d)
{
	const struct door_config *c = door_config_of(s, d);

	for (uint32_t i = 0; i < ARRAY_LEN(inputs); i++)
		told(s, d, inputs[i],
		     input_settle(input_of(d, inputs[i]), s->now->mono, c->debounce_ms));
	access_time(s, d);
	opening_time(s, d);
}

struct mono door_deadline(const struct door *d, const struct door_config *c)
{
	struct mono at = opening_deadline(d, c);

	at = mono_min(at, input_deadline(&d->contact, c->debounce_ms));
	at = mono_min(at, input_deadline(&d->rex, c->debounce_ms));
	at = mono_min(at, input_deadline(&d->tamper_line, c->debounce_ms));
	at = mono_min(at, input_deadline(&d->fire_line, c->debounce_ms));
	if (d->access && !d->hold)
		at = mono_min(at, d->unlock_end);
	if (d->admitted && !d->access && !d->contact.pending)
		at = mono_min(at, grace_end(d, c));
	if (d->standing == DOOR_PROPPED)
		at = mono_min(at, d->prop_end);
	return at;
}

/* --- from start to stop
 * ------------------------------------------------------------------------------------ */

void door_start(struct step *s, struct door *d, bool lockdown)
{
	uint8_t index = d->index;

	*d = (struct door){.index = index, .since = s->now->wall};
	d->forced_due = MONO_NEVER;
	d->mode = d->standing = lockdown ? DOOR_LOCKDOWN : DOOR_LOCKED;
	step_output(s, index, PART_STRIKE, false);
	step_output(s, index, PART_BUZZER, false);
}

void door_stop(struct step *s, struct door *d)
{
	if (d->standing != DOOR_LOCKDOWN)
		d->standing = DOOR_LOCKED;
	d->fire = false; /* the panel holds its own contact; ours is off either way */
	d->admitted = false;
	door_relock(s, d);
	CHECK(!d->strike);
	step_output(s, d->index, PART_STRIKE, false);
	d->buzzer = d->warns = false;
	step_output(s, d->index, PART_BUZZER, false);
}

void door_check(const struct door *d, const struct door_config *c)
{
	CHECK(d->strike == strike_in(d->mode));
	CHECK(d->mode != DOOR_ACCESSED || (d->access && d->standing == DOOR_LOCKED));
	CHECK(d->standing != DOOR_ACCESSED && d->standing != DOOR_RELEASED_BY_FIRE);
	CHECK((d->mode == DOOR_RELEASED_BY_FIRE) == d->fire);
	CHECK(!d->hold || c->relock == RELOCK_ON_CLOSE);
	CHECK(!d->buzzer || d->physical == PHYSICAL_OPEN);
}
