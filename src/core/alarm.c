/*
 * alarm.c: what a person must look at (design 5).
 *
 * "A condition raises one alarm: raised -> notified -> escalated -> acknowledged -> cleared." One
 * function changes a state, alarm_is(), and writes the row. What is over is kept a while for the
 * list, and for those who are still to hear that it is.
 *
 * A door's alarm "latches until cleared and acknowledged" (contracts 2); alarm_rules.c says what
 * else ends the calls for help. So a held open that has cleared is `cleared` at once and only waits
 * for somebody to have seen it; a forced door that was shut again stays raised or notified until
 * somebody answers.
 *
 * However many conditions change in one step: what they have to say waits for room (alarms_settle),
 * and is said in the next step at the latest.
 */
#include "core/alarm.h"

#include <stdio.h>
#include <string.h>

#include "core/alarm_rules.h"
#include "core/step.h"

#define CODE_FIRST 100000U
#define CODES	   900000U

void alarms_init(struct alarms *a)
{
	memset(a, 0, sizeof(*a));
	a->untrusted_since = MONO_NEVER;
}

static bool is_at(const struct alarm *alarm, enum condition condition, const struct place *place)
{
	const char *name = place ? place->name : "";

	return alarm->condition == condition &&
	       strncmp(alarm->place.name, name, sizeof(alarm->place.name)) == 0;
}

static struct alarm *find(struct alarms *a, enum condition condition, const struct place *place)
{
	for (uint32_t i = 0; i < a->count; i++)
		if (is_at(&a->alarm[i], condition, place))
			return &a->alarm[i];
	return NULL;
}

const struct alarm *alarm_find(const struct alarms *a, enum condition condition,
			       const struct place *place)
{
	for (uint32_t i = 0; i < a->count; i++)
		if (is_at(&a->alarm[i], condition, place))
			return &a->alarm[i];
	return NULL;
}

/* A door's axes follow its alarms. */
static void tell_door(struct step *s, struct door *door)
{
	const struct alarms *a = &s->shop->alarms;
	const struct place *place = &s->shop->config.door[door->index].place;
	enum door_alarm alarm = DOOR_NORMAL;

	if (alarm_find(a, CONDITION_FORCED, place))
		alarm = DOOR_FORCED;
	else if (alarm_find(a, CONDITION_HELD_OPEN, place))
		alarm = DOOR_HELD_OPEN;
	door_alarm_is(s, door, alarm, alarm_find(a, CONDITION_TAMPER, place) != NULL);
}

void alarms_tell_doors(struct step *s)
{
	for (uint32_t i = 0; i < s->shop->config.doors; i++)
		tell_door(s, &s->shop->door[i]);
}

static void tell_door_at(struct step *s, const struct place *place)
{
	for (uint32_t i = 0; i < s->shop->config.doors; i++)
		if (strcmp(s->shop->config.door[i].place.name, place->name) == 0)
			tell_door(s, &s->shop->door[i]);
}

static void write_row(struct step *s, struct alarm *alarm)
{
	struct entry_alarm *e;

	alarm->row_owed = !step_room(s, 1);
	if (alarm->row_owed)
		return;
	e = &step_fact(s, ENTRY_ALARM)->alarm;
	e->alarm = alarm->id;
	e->code = alarm->code;
	e->condition = alarm->condition;
	e->place = alarm->place;
	e->severity = alarm->severity;
	e->state = alarm->state;
	e->over = alarm->over;
	memcpy(e->by, alarm->by, sizeof(e->by));
}

static bool owes(const struct alarm *alarm)
{
	return alarm->row_owed || alarm->picture_owed || alarm->call.enough ||
	       (alarm->call.owed[TEXT_OVER] | alarm->call.owed[TEXT_TAKEN]) != 0;
}

/* Room among the finished ones: the oldest goes that owes nobody anything, else the oldest. */
static void forget_one(struct alarms *a)
{
	uint32_t i = a->pasts - 1;

	if (a->pasts < ALARMS_PAST_MAX)
		return;
	while (i > 0 && owes(&a->past[i]))
		i--;
	if (owes(&a->past[i]))
		i = a->pasts - 1;
	a->pasts--;
	memmove(&a->past[i], &a->past[i + 1], (a->pasts - i) * sizeof(a->past[0]));
}

/* From the alarms that are not over to the last finished ones. */
static void finish(struct alarms *a, struct alarm *alarm)
{
	uint32_t i = (uint32_t)(alarm - a->alarm);

	forget_one(a);
	memmove(&a->past[1], &a->past[0], a->pasts * sizeof(a->past[0]));
	a->past[0] = *alarm;
	a->pasts++;
	a->count--;
	memmove(&a->alarm[i], &a->alarm[i + 1], (a->count - i) * sizeof(a->alarm[0]));
}

void alarm_is(struct step *s, struct alarm *alarm, enum alarm_state state)
{
	const struct alarm_rule *rule = alarm_rule(alarm->condition);
	struct place place = alarm->place;

	alarm->state = state;
	alarm->over = !alarm->active && (alarm->acknowledged || !rule->latches);
	write_row(s, alarm);
	if (alarm->over)
		finish(&s->shop->alarms, alarm);
	if (rule->of_door)
		tell_door_at(s, &place);
}

static bool code_is_used(const struct alarms *a, uint32_t code)
{
	for (uint32_t i = 0; i < a->count; i++)
		if (a->alarm[i].code == code)
			return true;
	for (uint32_t i = 0; i < a->pasts; i++)
		if (a->past[i].code == code)
			return true;
	return false;
}

uint32_t alarm_code(const struct alarms *a, uint64_t drawn)
{
	uint32_t code = CODE_FIRST + (uint32_t)((drawn + CODES - CODE_FIRST) % CODES);

	while (code_is_used(a, code))
		code = code + 1 < CODE_FIRST + CODES ? code + 1 : CODE_FIRST;
	return code;
}

/* What one draw gives for several alarms of one step: the codes lie far apart. */
static uint32_t draw_code(struct step *s)
{
	uint64_t stride = 1 + s->draw->visit_low % (CODES - 1);
	uint32_t drawn = s->draw->alarm_code;

	return alarm_code(&s->shop->alarms, drawn + stride * s->codes++);
}

static void raise_new(struct step *s, enum condition condition, const struct place *place,
		      struct mono since)
{
	const struct alarm_rule *rule = alarm_rule(condition);
	struct alarms *a = &s->shop->alarms;
	struct alarm *alarm = &a->alarm[a->count];

	CHECK(a->count < ALARMS_MAX);
	*alarm = (struct alarm){.id = {++a->last.n},
				.code = draw_code(s),
				.condition = condition,
				.severity = rule->severity,
				.active = true,
				.picture_owed = rule->pictures,
				.raised_mono = s->now->mono,
				.since_mono = since,
				.raised_at = s->now->wall};
	if (place)
		alarm->place = *place;
	a->count++;
	ladder_raised(s, alarm);
	alarm_is(s, alarm, ALARM_RAISED);
}

/* It was cleared and nobody had answered yet; now it holds again. */
static void raise_again(struct step *s, struct alarm *alarm)
{
	alarm->active = true;
	alarm->cleared_at.ms = 0;
	alarm->picture_owed = alarm_rule(alarm->condition)->pictures;
	alarm_is(s, alarm, alarm->state);
}

/* Each time the door is held open is told anew; the time before needs no answer any more, and
 * nobody need hear that it was over. */
void alarm_replace(struct step *s, enum condition condition, const struct place *place)
{
	struct alarms *a = &s->shop->alarms;
	struct alarm *alarm = find(a, condition, place);

	for (uint32_t i = 0; i < a->pasts; i++)
		if (is_at(&a->past[i], condition, place))
			ladder_dropped(&a->past[i]);
	if (!alarm)
		return;
	alarm->active = false;
	alarm->acknowledged = alarm->over = true;
	alarm->state = ALARM_CLEARED;
	ladder_dropped(alarm);
	write_row(s, alarm);
	finish(a, alarm);
}

void alarm_raise(struct step *s, enum condition condition, const struct place *place,
		 struct mono since)
{
	struct alarm *alarm = find(&s->shop->alarms, condition, place);

	if (alarm && alarm->active)
		return;
	if (alarm && !alarm_rule(condition)->ends_cleared) {
		raise_again(s, alarm);
		return;
	}
	alarm_replace(s, condition, place);
	raise_new(s, condition, place, since);
}

void alarm_clear(struct step *s, enum condition condition, const struct place *place)
{
	struct alarm *alarm = find(&s->shop->alarms, condition, place);
	bool ends = alarm_rule(condition)->ends_cleared;

	if (!alarm || !alarm->active)
		return;
	alarm->active = false;
	alarm->cleared_at = s->now->wall;
	if (condition == CONDITION_HELD_OPEN && s->now->mono.ms > alarm->since_mono.ms)
		alarm->open_s = (uint32_t)((s->now->mono.ms - alarm->since_mono.ms) / 1000);
	if (ends)
		ladder_ended(alarm);
	if (ends || alarm->acknowledged)
		alarm_is(s, alarm, ALARM_CLEARED);
}

/* --- what people say
 * ---------------------------------------------------------------------------------------- */

static struct alarm *find_named(struct alarms *a, struct alarm_id id, uint32_t code)
{
	for (uint32_t i = 0; i < a->count; i++)
		if (id.n != 0 ? a->alarm[i].id.n == id.n : a->alarm[i].code == code)
			return &a->alarm[i];
	for (uint32_t i = 0; i < a->pasts; i++)
		if (id.n != 0 ? a->past[i].id.n == id.n : a->past[i].code == code)
			return &a->past[i];
	return NULL;
}

struct alarm *alarm_named(struct alarms *a, struct alarm_id id)
{
	return id.n != 0 ? find_named(a, id, 0) : NULL;
}

struct alarm *alarm_of_code(struct alarms *a, uint32_t code)
{
	return code != 0 ? find_named(a, (struct alarm_id){0}, code) : NULL;
}

void alarm_answered(struct step *s, struct alarm *alarm, const char *by)
{
	if (alarm->acknowledged)
		return;
	alarm->acknowledged = true;
	snprintf(alarm->by, sizeof(alarm->by), "%.*s", NAME_MAX_LEN, by);
	ladder_taken(s, alarm);
	if (alarm->condition == CONDITION_REHEARSAL && alarm->active) {
		alarm->active = false; /* an answer is all that it asked for */
		alarm->cleared_at = s->now->wall;
	}
	if (alarm->over)
		write_row(s, alarm); /* it was over before the answer came: that is kept too */
	else
		alarm_is(s, alarm, alarm->active ? ALARM_ACKNOWLEDGED : ALARM_CLEARED);
}

void alarms_ack(struct step *s, const struct event_alarm_ack *e)
{
	struct alarm *alarm = NULL;
	struct effect_done *done = &step_now(s, EFFECT_DONE)->done;

	if (e->alarm.n != 0 || e->code != 0)
		alarm = find_named(&s->shop->alarms, e->alarm, e->code);
	done->request = e->request;
	done->ok = alarm != NULL;
	if (!alarm)
		return;
	done->alarm = alarm->id;
	alarm_answered(s, alarm, e->by);
}

/* --- time
 * ---------------------------------------------------------------------------------------- */

static void watch_clock(struct step *s)
{
	struct alarms *a = &s->shop->alarms;

	if (s->now->wall_trusted) {
		a->untrusted_since = MONO_NEVER;
		alarm_clear(s, CONDITION_CLOCK_UNTRUSTED, NULL);
		return;
	}
	if (a->untrusted_since.ms == MONO_NEVER.ms)
		a->untrusted_since = s->now->mono;
	if (mono_due(s->now->mono, mono_add(a->untrusted_since, CLOCK_UNTRUSTED_MS)))
		alarm_raise(s, CONDITION_CLOCK_UNTRUSTED, NULL, a->untrusted_since);
}

void alarms_time(struct step *s)
{
	watch_clock(s);
}

struct mono alarms_deadline(const struct alarms *a)
{
	if (alarm_find(a, CONDITION_CLOCK_UNTRUSTED, NULL))
		return MONO_NEVER;
	return mono_add(a->untrusted_since, CLOCK_UNTRUSTED_MS);
}

/* What one alarm owes; false when there is no room for it. */
static bool settle_one(struct step *s, struct alarm *alarm)
{
	if (alarm->row_owed)
		write_row(s, alarm);
	if (alarm->call.enough && step_room(s, 1)) {
		step_now(s, EFFECT_ENOUGH)->enough.alarm = alarm->id;
		alarm->call.enough = false;
	}
	if (alarm->picture_owed && step_room(s, 1)) {
		step_now(s, EFFECT_PICTURE)->picture =
			(struct effect_picture){PICTURE_ALARM, alarm->id.n};
		alarm->picture_owed = false;
	}
	return !alarm->row_owed && !alarm->call.enough && !alarm->picture_owed;
}

bool alarms_settle(struct step *s)
{
	struct alarms *a = &s->shop->alarms;
	bool all = true;

	for (uint32_t i = 0; i < a->count; i++)
		all = settle_one(s, &a->alarm[i]) && all;
	for (uint32_t i = a->pasts; i > 0; i--) /* oldest first */
		all = settle_one(s, &a->past[i - 1]) && all;
	return all;
}

void alarms_check(const struct alarms *a)
{
	CHECK(a->count <= ALARMS_MAX && a->pasts <= ALARMS_PAST_MAX);
	for (uint32_t i = 0; i < a->count; i++) {
		const struct alarm *alarm = &a->alarm[i];

		CHECK(!alarm->over && alarm->id.n != 0 && alarm->id.n <= a->last.n);
		CHECK(alarm->active || alarm_rule(alarm->condition)->latches);
		CHECK(!alarm->active || alarm->state != ALARM_CLEARED);
		CHECK(alarm->code >= CODE_FIRST && alarm->code < CODE_FIRST + CODES);
	}
	for (uint32_t i = 0; i < a->pasts; i++)
		CHECK(a->past[i].over);
}
