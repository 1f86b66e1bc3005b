/*
 * alarm.c: what a person must look at (design 5).
 *
 * "A condition raises one alarm: raised -> notified -> escalated -> acknowledged -> cleared." One
 * function changes a state, alarm_enter(), and writes the row. What is over is kept a while for the
 * list.
 *
 * A door's alarm "latches until cleared and acknowledged" (contracts 2). They differ in what else
 * ends the calls for help: "held open, power and sensor alarms also end it when they clear, with
 * one text that says so; forced, tamper and fire never do" (design 5). So a held open that has
 * cleared is `cleared` at once and only waits for somebody to have seen it; a forced door that was
 * shut again stays raised or notified until somebody answers.
 */
#include "core/alarm.h"

#include <stdio.h>
#include <string.h>

#include "core/step.h"

#define CODE_FIRST 100000U
#define CODES	   900000U

/* What sets the conditions apart. */
struct rule {
	enum severity severity;
	bool latches;	   /* over only when a person has answered too */
	bool ends_cleared; /* the ladder ends when it clears, with one text */
	bool silent;	   /* no text: it is about texts */
	bool of_door;
};

static const struct rule rules[CONDITIONS] = {
	[CONDITION_HELD_OPEN] = {SEVERITY_URGENT, .latches = true, .ends_cleared = true,
				 .of_door = true},
	[CONDITION_FORCED] = {SEVERITY_EMERGENCY, .latches = true, .of_door = true},
	[CONDITION_TAMPER] = {SEVERITY_EMERGENCY, .latches = true, .of_door = true},
	[CONDITION_LEDGER_FAILING] = {SEVERITY_URGENT, .ends_cleared = true},
	[CONDITION_SMS_FAILING] = {SEVERITY_WARNING, .ends_cleared = true, .silent = true},
	[CONDITION_CLOCK_UNTRUSTED] = {SEVERITY_NOTICE, .ends_cleared = true},
	[CONDITION_FIRE] = {SEVERITY_EMERGENCY, .latches = true, .of_door = true},
	[CONDITION_SENSOR_FAILING] = {SEVERITY_WARNING, .ends_cleared = true, .of_door = true},
	[CONDITION_CLOSE_REFUSED] = {SEVERITY_WARNING, .ends_cleared = true},
	[CONDITION_ROSTER_STALE] = {SEVERITY_WARNING, .ends_cleared = true},
	[CONDITION_OFFICE_REFUSED] = {SEVERITY_URGENT, .ends_cleared = true},
	[CONDITION_POWER_LOST] = {SEVERITY_WARNING, .ends_cleared = true},
	[CONDITION_BATTERY_LOW] = {SEVERITY_URGENT, .ends_cleared = true},
	[CONDITION_FRIDGE_WARM] = {SEVERITY_URGENT, .ends_cleared = true},
	[CONDITION_FREEZER_WARM] = {SEVERITY_URGENT, .ends_cleared = true},
	[CONDITION_ROOM_COLD] = {SEVERITY_WARNING, .ends_cleared = true},
	[CONDITION_HUMID] = {SEVERITY_WARNING, .ends_cleared = true},
	[CONDITION_CO2_HIGH] = {SEVERITY_URGENT, .ends_cleared = true},
	[CONDITION_WATER] = {SEVERITY_URGENT, .ends_cleared = true},
	[CONDITION_MOTION] = {SEVERITY_EMERGENCY, .latches = true},
	[CONDITION_SENSOR_LOST] = {SEVERITY_WARNING, .ends_cleared = true},
	[CONDITION_READER_LOST] = {SEVERITY_WARNING, .ends_cleared = true},
	[CONDITION_CAMERA_LOST] = {SEVERITY_WARNING, .ends_cleared = true},
	[CONDITION_DISK_FAILING] = {SEVERITY_URGENT, .ends_cleared = true},
	[CONDITION_SYNC_STALE] = {SEVERITY_WARNING, .ends_cleared = true},
	[CONDITION_ROAD_FAILING] = {SEVERITY_WARNING, .ends_cleared = true},
	[CONDITION_MANY_REFUSALS] = {SEVERITY_URGENT, .ends_cleared = true},
	[CONDITION_INSIDE_LONG] = {SEVERITY_WARNING, .ends_cleared = true},
	[CONDITION_REHEARSAL] = {SEVERITY_NOTICE, .ends_cleared = true},
};

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

static void tell_door_at(struct step *s, const struct place *place)
{
	for (uint32_t i = 0; i < s->shop->config.doors; i++)
		if (strcmp(s->shop->config.door[i].place.name, place->name) == 0)
			tell_door(s, &s->shop->door[i]);
}

static void notify(struct step *s, const struct alarm *alarm, bool cleared)
{
	struct effect_notify *n;

	if (rules[alarm->condition].silent)
		return;
	n = &step_now(s, EFFECT_NOTIFY)->notify;
	n->alarm = alarm->id;
	n->code = alarm->code;
	n->condition = alarm->condition;
	n->place = alarm->place;
	n->severity = alarm->severity;
	n->kind = cleared ? TEXT_OVER : TEXT_RAISED;
	n->at = cleared ? alarm->cleared_at : alarm->raised_at;
	n->open_s = alarm->open_s;
}

static void write_row(struct step *s, const struct alarm *alarm)
{
	struct entry_alarm *e = &step_fact(s, ENTRY_ALARM)->alarm;

	e->alarm = alarm->id;
	e->code = alarm->code;
	e->condition = alarm->condition;
	e->place = alarm->place;
	e->severity = alarm->severity;
	e->state = alarm->state;
	e->over = alarm->over;
	memcpy(e->by, alarm->by, sizeof(e->by));
}

/* From the alarms that are not over to the last finished ones. */
static void finish(struct alarms *a, struct alarm *alarm)
{
	uint32_t i = (uint32_t)(alarm - a->alarm);
	uint32_t keep = a->pasts < ALARMS_PAST_MAX ? a->pasts : ALARMS_PAST_MAX - 1;

	memmove(&a->past[1], &a->past[0], keep * sizeof(a->past[0]));
	a->past[0] = *alarm;
	a->pasts = keep + 1;
	a->count--;
	memmove(&a->alarm[i], &a->alarm[i + 1], (a->count - i) * sizeof(a->alarm[0]));
}

/* The one place where an alarm's state changes. It may be gone from where it stood afterwards. */
static void alarm_enter(struct step *s, struct alarm *alarm, enum alarm_state state)
{
	struct place place = alarm->place;
	bool of_door = rules[alarm->condition].of_door;

	alarm->state = state;
	alarm->over = !alarm->active && (alarm->acknowledged || !rules[alarm->condition].latches);
	write_row(s, alarm);
	if (alarm->over)
		finish(&s->shop->alarms, alarm);
	if (of_door)
		tell_door_at(s, &place);
}

/* A code that no other alarm answers to. */
static uint32_t free_code(const struct alarms *a, uint32_t drawn)
{
	uint32_t code = CODE_FIRST + (drawn < CODE_FIRST ? drawn : drawn - CODE_FIRST) % CODES;

	for (uint32_t i = 0; i < a->count;) {
		if (a->alarm[i].code != code) {
			i++;
			continue;
		}
		code = code + 1 < CODE_FIRST + CODES ? code + 1 : CODE_FIRST;
		i = 0;
	}
	return code;
}

static void raise_new(struct step *s, enum condition condition, const struct place *place,
		      struct mono since)
{
	struct alarms *a = &s->shop->alarms;
	struct alarm *alarm = &a->alarm[a->count];
	int64_t so_far_ms = s->now->mono.ms - since.ms;

	CHECK(a->count < ALARMS_MAX);
	*alarm = (struct alarm){.id = {++a->last.n},
				.code = free_code(a, s->draw->alarm_code + s->codes++),
				.condition = condition,
				.severity = rules[condition].severity,
				.active = true,
				.raised_mono = s->now->mono,
				.since_mono = since,
				.retry = MONO_NEVER,
				.raised_at = s->now->wall};
	if (place)
		alarm->place = *place;
	if (condition == CONDITION_HELD_OPEN && so_far_ms > 0)
		alarm->open_s = (uint32_t)(so_far_ms / 1000);
	a->count++;
	notify(s, alarm, false);
	alarm_enter(s, alarm, ALARM_RAISED);
}

/* It was cleared and nobody had answered yet; now it holds again. */
static void raise_again(struct step *s, struct alarm *alarm)
{
	alarm->active = true;
	alarm->cleared_at.ms = 0;
	alarm_enter(s, alarm, alarm->told ? ALARM_NOTIFIED : ALARM_RAISED);
}

/* Each time the door is held open is told anew; the time before needs no answer any more. */
static void supersede(struct step *s, struct alarm *alarm)
{
	alarm->acknowledged = true;
	alarm->over = true;
	write_row(s, alarm);
	finish(&s->shop->alarms, alarm);
}

void alarm_raise(struct step *s, enum condition condition, const struct place *place,
		 struct mono since)
{
	struct alarm *alarm = find(&s->shop->alarms, condition, place);

	CHECK(condition > 0 && condition < CONDITIONS);
	if (alarm && alarm->active)
		return;
	if (alarm && !rules[condition].ends_cleared) {
		raise_again(s, alarm);
		return;
	}
	if (alarm)
		supersede(s, alarm);
	raise_new(s, condition, place, since);
}

void alarm_clear(struct step *s, enum condition condition, const struct place *place)
{
	struct alarm *alarm = find(&s->shop->alarms, condition, place);

	if (!alarm || !alarm->active)
		return;
	alarm->active = false;
	alarm->cleared_at = s->now->wall;
	if (condition == CONDITION_HELD_OPEN && s->now->mono.ms > alarm->since_mono.ms)
		alarm->open_s = (uint32_t)((s->now->mono.ms - alarm->since_mono.ms) / 1000);
	if (rules[condition].ends_cleared) {
		alarm->retry = MONO_NEVER;
		notify(s, alarm, true);
	}
	if (rules[condition].ends_cleared || alarm->acknowledged)
		alarm_enter(s, alarm, ALARM_CLEARED);
}

/* --- what people and courierd say
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
	if (alarm->acknowledged)
		return;
	alarm->acknowledged = true;
	alarm->retry = MONO_NEVER;
	snprintf(alarm->by, sizeof(alarm->by), "%.*s", NAME_MAX_LEN, e->by);
	if (alarm->over)
		write_row(s, alarm); /* it was over before the answer came: that is kept too */
	else
		alarm_enter(s, alarm, alarm->active ? ALARM_ACKNOWLEDGED : ALARM_CLEARED);
}

/* Which text is owed about it: none, the first, or the one that says it is over. */
static bool owes_text(const struct alarm *alarm, bool *ret_cleared)
{
	*ret_cleared = !alarm->active && rules[alarm->condition].ends_cleared;
	if (*ret_cleared)
		return !alarm->told_clear;
	return !alarm->told && !alarm->acknowledged;
}

/* What finds no room in this step is due at once in the next. */
void alarms_courier_up(struct step *s)
{
	struct alarms *a = &s->shop->alarms;
	bool cleared;

	for (uint32_t i = 0; i < a->count; i++) {
		a->alarm[i].retry = MONO_NEVER;
		if (!owes_text(&a->alarm[i], &cleared))
			continue;
		if (step_room(s, 1))
			notify(s, &a->alarm[i], cleared);
		else
			a->alarm[i].retry = s->now->mono;
	}
	for (uint32_t i = 0; i < a->pasts && step_room(s, 1); i++)
		if (owes_text(&a->past[i], &cleared) && cleared)
			notify(s, &a->past[i], true);
}

static void text_left(struct step *s, struct alarm *alarm, bool cleared)
{
	bool failing = alarm_find(&s->shop->alarms, CONDITION_SMS_FAILING, NULL);

	alarm->retry = MONO_NEVER;
	if (cleared)
		alarm->told_clear = true;
	else
		alarm->told = true;
	if (!cleared && !alarm->over && alarm->state == ALARM_RAISED)
		alarm_enter(s, alarm, ALARM_NOTIFIED);
	if (!failing)
		return;
	/* the road is back: what it refused meanwhile is asked for again */
	alarm_clear(s, CONDITION_SMS_FAILING, NULL);
	alarms_courier_up(s);
}

void alarms_notified(struct step *s, const struct event_notified *e)
{
	struct alarm *alarm = e->alarm.n ? find_named(&s->shop->alarms, e->alarm, 0) : NULL;

	if (!alarm || rules[alarm->condition].silent)
		return;
	if (e->outcome != TEXT_STUCK) {
		text_left(s, alarm, e->kind == TEXT_OVER);
		return;
	}
	if (!alarm->over)
		alarm->retry = mono_add(s->now->mono, ALARM_RETRY_MS);
	alarm_raise(s, CONDITION_SMS_FAILING, NULL, s->now->mono);
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
	struct alarms *a = &s->shop->alarms;
	bool cleared;

	watch_clock(s);
	for (uint32_t i = 0; i < a->count && step_room(s, 1); i++) {
		if (!mono_due(s->now->mono, a->alarm[i].retry))
			continue;
		a->alarm[i].retry = MONO_NEVER;
		if (owes_text(&a->alarm[i], &cleared))
			notify(s, &a->alarm[i], cleared);
	}
}

struct mono alarms_deadline(const struct alarms *a)
{
	struct mono at = MONO_NEVER;

	if (!alarm_find(a, CONDITION_CLOCK_UNTRUSTED, NULL))
		at = mono_add(a->untrusted_since, CLOCK_UNTRUSTED_MS);
	for (uint32_t i = 0; i < a->count; i++)
		at = mono_min(at, a->alarm[i].retry);
	return at;
}

/* --- after a restart
 * ---------------------------------------------------------------------------------------- */

/* Places in the table that the conditions of this shop's own doors may still need. */
#define OWN_MAX (5 * DOORS_MAX + 6)

/* Whether a place that a row names is still one of the shop's. */
static bool place_known(const struct shop_config *c, const struct entry_alarm *e)
{
	if (!rules[e->condition].of_door)
		return true;
	for (uint32_t i = 0; i < c->doors; i++)
		if (strcmp(c->door[i].place.name, e->place.name) == 0)
			return true;
	return false;
}

/* Whether the row tells of an alarm that can still be one of ours. */
static bool worth_remembering(const struct entry_alarm *e)
{
	const struct rule *rule;

	if (e->alarm.n == 0 || e->over || (uint32_t)e->state >= ALARM_STATES ||
	    (uint32_t)e->condition >= CONDITIONS || e->condition == 0)
		return false;
	rule = &rules[e->condition];
	if (rule->of_door && e->place.name[0] == '\0')
		return false;
	return e->state != ALARM_CLEARED || (rule->latches && e->by[0] == '\0');
}

static void remember_one(struct step *s, const struct entry_alarm *e, const struct wall *raised_at)
{
	struct alarms *a = &s->shop->alarms;
	struct alarm *alarm = &a->alarm[a->count];
	bool gone;

	if (!worth_remembering(e) || find(a, e->condition, &e->place))
		return;
	gone = !place_known(&s->shop->config, e);
	/* of a door that is no longer in the configuration: it only waits for an answer */
	if (gone &&
	    (a->count >= ALARMS_MAX - OWN_MAX || !rules[e->condition].latches || e->by[0] != '\0'))
		return;
	CHECK(a->count < ALARMS_MAX);
	*alarm = (struct alarm){.id = e->alarm,
				.code = free_code(a, e->code),
				.condition = e->condition,
				.place = e->place,
				.severity = rules[e->condition].severity,
				.state = e->state,
				.active = e->state != ALARM_CLEARED && !gone,
				.acknowledged = e->by[0] != '\0',
				.told = e->state != ALARM_RAISED,
				.told_clear = e->state == ALARM_CLEARED,
				.raised_mono = s->now->mono,
				.since_mono = s->now->mono,
				.retry = MONO_NEVER,
				.raised_at = raised_at ? *raised_at : s->now->wall};
	memcpy(alarm->by, e->by, sizeof(alarm->by));
	a->count++;
	if (e->alarm.n > a->last.n)
		a->last = e->alarm;
}

/* Without a ledger nobody knows which numbers were given: then the time begins a range of its own,
 * far above any that was counted to, and below 2^53 for those who read it in JSON. */
void alarms_number(struct step *s, const struct remembered *r)
{
	struct alarms *a = &s->shop->alarms;
	int64_t unix_s = s->now->wall.ms / 1000;

	if (!r->ledger_ok && a->last.n == 0 && unix_s >= 0 && unix_s <= UINT32_MAX)
		a->last.n = (uint64_t)unix_s << 20 | (s->draw->visit_low & 0xfffff);
	if (r->last_alarm.n > a->last.n)
		a->last = r->last_alarm;
}

void alarms_remember(struct step *s, const struct remembered *r)
{
	alarms_number(s, r);
	for (uint32_t i = 0; i < r->alarms; i++)
		remember_one(s, &r->alarm[i], r->alarm_at ? &r->alarm_at[i] : NULL);
	for (uint32_t i = 0; i < s->shop->config.doors; i++)
		tell_door(s, &s->shop->door[i]);
}

void alarms_check(const struct alarms *a)
{
	CHECK(a->count <= ALARMS_MAX && a->pasts <= ALARMS_PAST_MAX);
	for (uint32_t i = 0; i < a->count; i++) {
		const struct alarm *alarm = &a->alarm[i];

		CHECK(!alarm->over && alarm->id.n != 0 && alarm->id.n <= a->last.n);
		CHECK(alarm->active || rules[alarm->condition].latches);
		CHECK(!alarm->active || alarm->state != ALARM_CLEARED);
		CHECK(alarm->code >= CODE_FIRST && alarm->code < CODE_FIRST + CODES);
	}
	for (uint32_t i = 0; i < a->pasts; i++)
		CHECK(a->past[i].over);
}
