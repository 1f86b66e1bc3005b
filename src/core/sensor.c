/*
 * sensor.c: what a value of the room means (sensor.h).
 *
 * What it decides: a value that is beyond its bound, and has not been well for debounce_ms, is an
 * alarm; one that is well, and has not been beyond for debounce_ms, ends it. Well is back within
 * the bound by the hysteresis: what flutters around the bound is beyond all the while, so it makes
 * one alarm and not many. What was over and comes back within SENSOR_RESTLESS_MS has to be well for
 * that long before it is over again: a loose wire cannot fill the ledger.
 *
 * What it promises: a sensor that does not speak is stale, never well. While it is silent its old
 * value neither raises an alarm nor ends one; the time of its silence does not count as well. An
 * alarm that was raised before stays.
 *
 * Who moves is nobody's business while somebody may be inside: a visit is open, a door is released
 * or stands open for somebody, or lets anyone in; and for empty_grace_ms after that.
 */
#include "core/sensor.h"

#include <string.h>

#include "core/step.h"

void sensors_config_check(const struct shop_config *config)
{
	CHECK(config->sensors <= SENSORS_MAX && config->watch.empty_grace_ms >= 0);
	for (uint32_t i = 0; i < config->sensors; i++) {
		const struct sensor_config *c = &config->sensor[i];

		CHECK((uint32_t)c->kind < SENSOR_KINDS);
		CHECK(c->hysteresis >= 0 && c->debounce_ms >= 0 && c->pre_ms >= 0);
	}
}

void sensors_init(struct sensors *s)
{
	memset(s, 0, sizeof(*s));
	for (uint32_t i = 0; i < SENSORS_MAX; i++) {
		struct sensor *sensor = &s->sensor[i];

		sensor->beyond = sensor->well = sensor->speaks = MONO_NEVER;
		sensor->alarm.ended.ms = sensor->lost_alarm.ended.ms = INT64_MIN;
	}
}

enum condition sensor_condition(enum sensor_kind kind)
{
	switch (kind) {
	case SENSOR_FRIDGE:
		return CONDITION_FRIDGE_WARM;
	case SENSOR_FREEZER:
		return CONDITION_FREEZER_WARM;
	case SENSOR_ROOM:
		return CONDITION_ROOM_COLD;
	case SENSOR_HUMIDITY:
		return CONDITION_HUMID;
	case SENSOR_CO2:
		return CONDITION_CO2_HIGH;
	case SENSOR_WATER:
		return CONDITION_WATER;
	case SENSOR_MOTION:
		return CONDITION_MOTION;
	case SENSOR_POWER:
		return CONDITION_POWER_LOST;
	case SENSOR_BATTERY:
		return CONDITION_BATTERY_LOW;
	}
	CHECK(false); /* no such kind */
	return CONDITION_SENSOR_LOST;
}

static bool is_switch(enum sensor_kind kind)
{
	switch (kind) {
	case SENSOR_WATER:
	case SENSOR_MOTION:
	case SENSOR_POWER:
	case SENSOR_BATTERY:
		return true;
	case SENSOR_FRIDGE:
	case SENSOR_FREEZER:
	case SENSOR_ROOM:
	case SENSOR_HUMIDITY:
	case SENSOR_CO2:
		return false;
	}
	return false;
}

bool sensors_value(const struct sensors *s, const struct shop_config *config,
		   enum condition condition, const struct place *place, int64_t *ret)
{
	for (uint32_t i = 0; i < config->sensors; i++) {
		const struct sensor_config *c = &config->sensor[i];

		if (strcmp(c->place.name, place->name) != 0 || !s->sensor[i].heard ||
		    is_switch(c->kind))
			continue;
		if (condition != CONDITION_SENSOR_LOST && condition != sensor_condition(c->kind))
			continue;
		*ret = s->sensor[i].value;
		return true;
	}
	return false;
}

/* --- what a value means
 * ------------------------------------------------------------------------------------ */

/* How far `value` is from a bound that it does not pass; any two values have a distance. */
static bool by_hysteresis(const struct sensor_config *c, int64_t above, int64_t below)
{
	return (uint64_t)above - (uint64_t)below >= (uint64_t)c->hysteresis;
}

static enum sensor_level level_of(const struct sensor_config *c, int64_t value)
{
	bool high = c->high != SENSOR_NO_BOUND, low = c->low != SENSOR_NO_BOUND;

	if (is_switch(c->kind))
		return value != 0 ? LEVEL_BEYOND : LEVEL_WITHIN;
	if ((high && value > c->high) || (low && value < c->low))
		return LEVEL_BEYOND;
	if ((high && !by_hysteresis(c, c->high, value)) ||
	    (low && !by_hysteresis(c, value, c->low)))
		return LEVEL_EDGE;
	return LEVEL_WITHIN;
}

/* Somebody may be inside, as far as doors and visits can tell. */
static bool is_occupied(const struct shop *shop)
{
	if (shop->visits.count > 0)
		return true;
	for (uint32_t i = 0; i < shop->config.doors; i++)
		if (door_lets_through(&shop->door[i]))
			return true;
	return false;
}

static struct mono empty_at(const struct sensors *s, const struct shop_config *config)
{
	return s->occupied ? MONO_NEVER : mono_add(s->left, config->watch.empty_grace_ms);
}

/* --- the alarms
 * ------------------------------------------------------------------------------------ */

/* For how long it must be well, and was since `since`, before the alarm is over. */
static int64_t calm_ms(const struct sensor_alarm *a, struct mono since, int64_t debounce_ms)
{
	bool restless = since.ms < mono_add(a->ended, SENSOR_RESTLESS_MS).ms;

	return restless && debounce_ms < SENSOR_RESTLESS_MS ? SENSOR_RESTLESS_MS : debounce_ms;
}

/* When what is seen now is to be told; MONO_NEVER when nothing changes by itself. */
static struct mono raise_due(const struct sensor *x, const struct sensor_config *c)
{
	bool waits = x->heard && !x->lost && !x->alarm.up && x->level == LEVEL_BEYOND;

	return waits ? mono_add(x->beyond, c->debounce_ms) : MONO_NEVER;
}

static struct mono clear_due(const struct sensor *x, const struct sensor_config *c)
{
	bool waits = x->heard && !x->lost && x->alarm.up && x->level == LEVEL_WITHIN;

	return waits ? mono_add(x->well, calm_ms(&x->alarm, x->well, c->debounce_ms)) : MONO_NEVER;
}

static struct mono pre_due(const struct sensor *x, const struct sensor_config *c)
{
	bool waits = x->heard && !x->lost && !x->pre_told && x->level == LEVEL_BEYOND;

	return waits && c->pre_ms > 0 ? mono_add(x->beyond, c->pre_ms) : MONO_NEVER;
}

static struct mono stale_due(const struct sensors *s, const struct sensor *x,
			     const struct sensor_config *c)
{
	if (x->lost || c->stale_ms <= 0)
		return MONO_NEVER;
	return mono_add(x->heard ? x->heard_at : s->start, c->stale_ms);
}

static struct mono found_due(const struct sensor *x)
{
	bool waits = x->lost_alarm.up && x->heard && !x->lost;

	return waits ? mono_add(x->speaks, calm_ms(&x->lost_alarm, x->speaks, 0)) : MONO_NEVER;
}

static void raise(struct step *s, struct sensor_alarm *a, enum condition condition,
		  const struct sensor_config *c, struct mono since)
{
	a->up = true;
	alarm_raise(s, condition, &c->place, since);
}

static void clear(struct step *s, struct sensor_alarm *a, enum condition condition,
		  const struct sensor_config *c)
{
	a->up = false;
	a->ended = s->now->mono;
	alarm_clear(s, condition, &c->place);
}

static void is_lost(struct sensor *x)
{
	x->lost = true;
	x->speaks = MONO_NEVER;
	x->well = MONO_NEVER; /* who knows what it was meanwhile */
}

/* The level of the newest value, and since when. */
static void follow(struct sensor *x, enum sensor_level level, struct mono now)
{
	x->level = level;
	switch (level) {
	case LEVEL_BEYOND:
		if (x->beyond.ms == MONO_NEVER.ms)
			x->beyond = now;
		x->well = MONO_NEVER;
		return;
	case LEVEL_EDGE:
		return;
	case LEVEL_WITHIN:
		if (x->well.ms == MONO_NEVER.ms)
			x->well = now;
		x->beyond = MONO_NEVER;
		x->pre_told = false;
		return;
	}
}

static enum sensor_state state_of(const struct sensor *x)
{
	if (x->lost)
		return SENSOR_STALE;
	if (!x->heard)
		return SENSOR_UNKNOWN;
	if (x->alarm.up)
		return SENSOR_ALARM;
	return x->beyond.ms == MONO_NEVER.ms ? SENSOR_OK : SENSOR_BEYOND;
}

static void tell(struct step *s, struct sensor *x, const struct sensor_config *c)
{
	struct mono now = s->now->mono;
	enum condition condition = sensor_condition(c->kind);

	if (x->lost && !x->lost_alarm.up)
		raise(s, &x->lost_alarm, CONDITION_SENSOR_LOST, c,
		      x->heard ? x->heard_at : s->shop->sensors.start);
	if (mono_due(now, found_due(x)))
		clear(s, &x->lost_alarm, CONDITION_SENSOR_LOST, c);
	if (mono_due(now, pre_due(x, c)) && step_room(s, 2)) { /* else at once in the next step */
		x->pre_told = true;
		step_log(s, &c->place, "beyond its bound: the buzzers sound");
		watches_warn(s);
	}
	if (mono_due(now, raise_due(x, c)))
		raise(s, &x->alarm, condition, c, x->beyond);
	if (mono_due(now, clear_due(x, c)))
		clear(s, &x->alarm, condition, c);
}

static void sensor_time(struct step *s, uint32_t i)
{
	struct sensors *sensors = &s->shop->sensors;
	const struct sensor_config *c = &s->shop->config.sensor[i];
	struct sensor *x = &sensors->sensor[i];
	struct mono now = s->now->mono;

	if (mono_due(now, stale_due(sensors, x, c)))
		is_lost(x);
	if (x->heard && !x->lost) {
		enum sensor_level level = level_of(c, x->value);

		if (c->kind == SENSOR_MOTION && !mono_due(now, empty_at(sensors, &s->shop->config)))
			level = LEVEL_WITHIN;
		follow(x, level, now);
	}
	tell(s, x, c);
	x->state = state_of(x);
}

/* --- the events
 * ------------------------------------------------------------------------------------ */

static void look_inside(struct step *s)
{
	struct sensors *sensors = &s->shop->sensors;
	bool was = sensors->occupied;

	sensors->occupied = is_occupied(s->shop);
	if (was && !sensors->occupied)
		sensors->left = s->now->mono;
}

void sensors_time(struct step *s)
{
	look_inside(s);
	for (uint32_t i = 0; i < s->shop->config.sensors; i++)
		sensor_time(s, i);
}

void sensors_heard(struct step *s, const struct event_sensor *e)
{
	struct sensor *x;

	if (e->sensor >= s->shop->config.sensors)
		return;
	x = &s->shop->sensors.sensor[e->sensor];
	if (e->lost) {
		is_lost(x);
		return;
	}
	if (x->speaks.ms == MONO_NEVER.ms)
		x->speaks = s->now->mono;
	x->lost = false;
	x->heard = true;
	x->value = e->value;
	x->heard_at = s->now->mono;
}

static bool is_up(const struct step *s, enum condition condition, const struct place *place)
{
	const struct alarm *alarm = alarm_find(&s->shop->alarms, condition, place);

	return alarm && alarm->active;
}

static bool measures(const struct shop_config *c, enum condition condition,
		     const struct place *place)
{
	for (uint32_t i = 0; i < c->sensors; i++)
		if (sensor_condition(c->sensor[i].kind) == condition &&
		    strcmp(c->sensor[i].place.name, place->name) == 0)
			return true;
	return false;
}

static bool is_measured(enum condition condition)
{
	for (int kind = 0; kind < SENSOR_KINDS; kind++)
		if (sensor_condition((enum sensor_kind)kind) == condition)
			return true;
	return false;
}

/* A sensor that measures something else now, under the name that it had, will never end what it was
 * an alarm about. */
static void let_go(struct step *s)
{
	const struct alarms *a = &s->shop->alarms;

	for (uint32_t i = a->count; i > 0; i--) { /* one that is over leaves its place */
		enum condition condition = a->alarm[i - 1].condition;
		struct place place = a->alarm[i - 1].place;

		if (is_measured(condition) && !measures(&s->shop->config, condition, &place))
			alarm_clear(s, condition, &place);
	}
}

void sensors_start(struct step *s)
{
	struct sensors *sensors = &s->shop->sensors;

	sensors->start = sensors->left = s->now->mono;
	let_go(s);
	for (uint32_t i = 0; i < s->shop->config.sensors; i++) {
		const struct sensor_config *c = &s->shop->config.sensor[i];
		struct sensor *x = &sensors->sensor[i];

		x->alarm.up = is_up(s, sensor_condition(c->kind), &c->place);
		x->lost_alarm.up = is_up(s, CONDITION_SENSOR_LOST, &c->place);
	}
}

struct mono sensors_deadline(const struct sensors *s, const struct shop_config *config)
{
	struct mono at = MONO_NEVER;

	for (uint32_t i = 0; i < config->sensors; i++) {
		const struct sensor_config *c = &config->sensor[i];
		const struct sensor *x = &s->sensor[i];

		at = mono_min(at, stale_due(s, x, c));
		at = mono_min(at, raise_due(x, c));
		at = mono_min(at, clear_due(x, c));
		at = mono_min(at, pre_due(x, c));
		at = mono_min(at, found_due(x));
		/* who moves now will be somebody's business then */
		if (c->kind == SENSOR_MOTION && x->heard && !x->lost && x->value != 0 &&
		    x->level != LEVEL_BEYOND)
			at = mono_min(at, empty_at(s, config));
	}
	return at;
}
