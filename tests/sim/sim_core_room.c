/*
 * sim_core_room.c: the room and what is watched in it: fridges that warm up, wires that come loose,
 * somebody who moves at night, codes that are tried, parts that fail. What should be told of each
 * is worked out here once more, from nothing but what happened: a thing is bad for so long before
 * it is called so, and well for so long before it is called well again.
 */
#include <stdio.h>
#include <string.h>

#include "sim_core.h"

#define NEVER_MS    INT64_MIN
#define RESTLESS_MS 60000 /* "what goes on and off is told once in so long" */
#define WARNING_MS  3000
#define DAY_MS	    86400000
#define AHEAD_MS    300000 /* "five minutes before" */

enum level {
	WELL,
	EDGE, /* neither */
	BAD
};

static bool one_in(struct world *w, uint64_t n)
{
	return world_draw(w, n) == 0;
}

/* --- what stands in the shop
 * ------------------------------------------------------------------------------------ */

static void draw_sensor(struct world *w, struct sensor_config *c, uint32_t i)
{
	static const int64_t waits_ms[] = {0, 1000, 30000, 300000};

	*c = (struct sensor_config){.kind = (enum sensor_kind)world_draw(w, SENSOR_KINDS),
				    .high = (int64_t)world_draw(w, 20000) - 10000,
				    .low = SENSOR_NO_BOUND,
				    .hysteresis = (int64_t)world_draw(w, 3) * 400,
				    .debounce_ms = waits_ms[world_draw(w, 4)],
				    .pre_ms = one_in(w, 3) ? waits_ms[1 + world_draw(w, 3)] : 0,
				    .stale_ms = one_in(w, 4) ? 0 : 20000 << world_draw(w, 7)};
	if (one_in(w, 3))
		c->low = c->high - 2 * c->hysteresis - 1 - (int64_t)world_draw(w, 5000);
	if (one_in(w, 5)) {
		c->low = c->high;
		c->high = SENSOR_NO_BOUND;
	}
	if (c->kind == SENSOR_MOTION)
		c->pre_ms = 0;
	snprintf(c->place.name, sizeof(c->place.name), "sensor-%u", i % 100);
}

void room_draw(struct world *w, struct shop_config *c)
{
	static const int64_t waits_ms[] = {0, 1000, 60000, 600000};

	c->sensors = (uint32_t)world_draw(w, 7);
	for (uint32_t i = 0; i < c->sensors; i++)
		draw_sensor(w, &c->sensor[i], i);
	c->watch.inside_ms = one_in(w, 3) ? 0 : 60000 * (1 + (int64_t)world_draw(w, 90));
	c->watch.refusals = (uint32_t)world_draw(w, 7);
	c->watch.refusals_ms = 30000 * (1 + (int64_t)world_draw(w, 10));
	c->watch.empty_grace_ms = waits_ms[world_draw(w, 4)];
}

static void draw_parts(struct world *w)
{
	static const struct {
		enum condition condition;
		const char *name;
	} parts[] = {
		{CONDITION_READER_LOST, "front"},  {CONDITION_READER_LOST, "till"},
		{CONDITION_CAMERA_LOST, "front"},  {CONDITION_CAMERA_LOST, "yard"},
		{CONDITION_CAMERA_LOST, "milk"},   {CONDITION_ROAD_FAILING, "gateway"},
		{CONDITION_ROAD_FAILING, "modem"}, {CONDITION_DISK_FAILING, ""},
		{CONDITION_SYNC_STALE, ""},
	};

	w->parts = ARRAY_LEN(parts);
	CHECK(w->parts <= WORLD_FAULTS);
	for (uint32_t i = 0; i < w->parts; i++) {
		w->room.fault[i].condition = parts[i].condition;
		snprintf(w->room.fault[i].place.name, sizeof(w->room.fault[i].place.name), "%s",
			 parts[i].name);
	}
}

/* --- what happens in it
 * ------------------------------------------------------------------------------------ */

static int64_t draw_value(struct world *w, const struct sensor_config *c)
{
	static const int64_t ends[] = {INT64_MIN, INT64_MAX, 0, -1};
	bool low = c->low != SENSOR_NO_BOUND && (c->high == SENSOR_NO_BOUND || one_in(w, 2));
	int64_t bound = low ? c->low : c->high, in = low ? 1 : -1;

	if (c->kind >= SENSOR_WATER)
		return one_in(w, 40) ? ends[world_draw(w, 4)] : (int64_t)world_draw(w, 2);
	switch (world_draw(w, 10)) {
	case 0:
		return bound;
	case 1:
		return bound + in;
	case 2:
	case 3:
		return bound - in;
	case 4:
		return bound + in * c->hysteresis;
	case 5:
		return bound + in * (c->hysteresis - 1);
	case 6:
		return one_in(w, 4) ? ends[world_draw(w, 4)] : bound - 500 * in;
	default:
		return bound + in * (c->hysteresis + (int64_t)world_draw(w, 900));
	}
}

static void sensor_speaks(struct world *w)
{
	struct event *e = world_event(w, EVENT_SENSOR);
	const struct shop_config *c = &w->shop.config;
	uint32_t i = (uint32_t)world_draw(w, one_in(w, 40) ? 256 : c->sensors + 1);

	e->sensor.sensor = (uint8_t)i;
	e->sensor.lost = one_in(w, 8);
	if (i < c->sensors)
		e->sensor.value = draw_value(w, &c->sensor[i]);
	world_step(w);
}

static void part_fails(struct world *w)
{
	struct event *e = world_event(w, EVENT_FAULT);
	uint32_t i = (uint32_t)world_draw(w, w->parts);

	e->fault.condition = w->room.fault[i].condition;
	e->fault.place = w->room.fault[i].place;
	e->fault.failing = one_in(w, 2);
	if (one_in(w, 20)) { /* nothing that can fail */
		e->fault.condition = one_in(w, 2) ? CONDITION_FORCED : (enum condition)77;
		e->fault.failing = true;
	}
	world_step(w);
}

void room_happens(struct world *w)
{
	if (one_in(w, 4))
		part_fails(w);
	else
		sensor_speaks(w);
}

/* --- what should be told of it
 * ------------------------------------------------------------------------------------ */

static void forget(struct world_hold *h, bool up)
{
	*h = (struct world_hold){
		.up = up, .bad_ms = NEVER_MS, .well_ms = NEVER_MS, .ended_ms = NEVER_MS};
}

static int64_t since(int64_t now_ms, int64_t then_ms)
{
	return then_ms == NEVER_MS ? INT64_MAX : now_ms - then_ms;
}

static void see(struct world_hold *h, enum level level, int64_t now_ms, int64_t bad_for_ms,
		int64_t well_for_ms)
{
	if (level == BAD) {
		h->well_ms = NEVER_MS;
		if (h->bad_ms == NEVER_MS)
			h->bad_ms = now_ms;
		h->up |= now_ms - h->bad_ms >= bad_for_ms;
	} else if (level == WELL) {
		h->bad_ms = NEVER_MS;
		if (h->well_ms == NEVER_MS)
			h->well_ms = now_ms;
		if (since(h->well_ms, h->ended_ms) < RESTLESS_MS && well_for_ms < RESTLESS_MS)
			well_for_ms = RESTLESS_MS;
		if (h->up && now_ms - h->well_ms >= well_for_ms) {
			h->up = false;
			h->ended_ms = now_ms;
		}
	}
}

/* In numbers so wide that nothing overflows. */
static enum level level_of(const struct sensor_config *c, int64_t value)
{
	__int128 v = value, high = c->high, low = c->low;

	if (c->kind >= SENSOR_WATER)
		return v == 0 ? WELL : BAD;
	if (c->high == SENSOR_NO_BOUND)
		high = (__int128)1 << 100;
	if (c->low == SENSOR_NO_BOUND)
		low = -((__int128)1 << 100);
	if (v > high || v < low)
		return BAD;
	return v <= high - c->hysteresis && v >= low + c->hysteresis ? WELL : EDGE;
}

static void see_sensor(struct world *w, uint32_t i)
{
	const struct sensor_config *c = &w->shop.config.sensor[i];
	struct world_sensor *x = &w->room.sensor[i];
	int64_t now_ms = w->mono.ms, from_ms = x->heard ? x->heard_ms : w->started.ms;

	if (c->stale_ms > 0 && now_ms - from_ms >= c->stale_ms)
		x->silent = true;
	see(&x->lost, x->silent ? BAD : x->heard ? WELL : EDGE, now_ms, 0, 0);
	if (x->silent) {
		x->beyond.well_ms = NEVER_MS; /* "the time of its silence does not count as well" */
		return;
	}
	if (x->heard)
		see(&x->beyond, level_of(c, x->value), now_ms, c->debounce_ms, c->debounce_ms);
	if (x->beyond.bad_ms == NEVER_MS)
		x->warned = false;
	else if (!x->warned && c->pre_ms > 0 && level_of(c, x->value) == BAD &&
		 now_ms - x->beyond.bad_ms >= c->pre_ms)
		x->warned = w->room.warns = true;
}

static void see_parts(struct world *w)
{
	for (uint32_t i = 0; i < w->parts; i++) {
		struct world_fault *f = &w->room.fault[i];
		bool slow = f->condition == CONDITION_READER_LOST ||
			    f->condition == CONDITION_CAMERA_LOST;

		if (f->named_by_ms != NEVER_MS && w->mono.ms >= f->named_by_ms) {
			f->failing = false;
			f->named_by_ms = NEVER_MS;
		}
		see(&f->hold, f->failing ? BAD : WELL, w->mono.ms, slow ? 60000 : 0, 0);
	}
}

static void see_refused(struct world *w)
{
	int64_t within_ms = w->shop.config.watch.refusals_ms;

	for (uint32_t i = 0; i < w->shop.config.doors; i++) {
		struct world_refused *r = &w->room.refused[i];
		bool calm = r->count > 0 && w->mono.ms - r->at_ms[r->count - 1] >= within_ms;

		if (!calm && w->shop.config.watch.refusals > 0)
			continue;
		r->up = false;
		r->count = 0;
	}
}

/* Whether somebody has a right to be inside; `ever`: or could be, for all that the outside knows.
 */
static bool occupied(const struct world *w, bool ever)
{
	if (w->shop.visits.count > 0)
		return true;
	for (uint32_t i = 0; i < w->shop.config.doors; i++) {
		const struct world_door *d = &w->door[i];
		const struct door_config *c = &w->shop.config.door[i];
		int64_t after_ms = c->opening_grace_ms + 2 * c->debounce_ms;

		if (d->word == DOOR_UNLOCKED || d->word == DOOR_PROPPED)
			return true;
		/* who goes through a door that was never heard of is seen by nobody */
		if (ever &&
		    (w->shop.door[i].physical == PHYSICAL_UNKNOWN || d->strike || d->contact ||
		     d->contact_lost || d->fire || w->mono.ms - d->allowed.ms <= after_ms ||
		     w->mono.ms - d->fire_changed.ms <= c->debounce_ms ||
		     w->mono.ms - d->contact_changed.ms <= after_ms))
			return true;
	}
	return false;
}

/* "Five minutes before": who will soon have been inside for too long is asked. */
static void see_long(struct world *w)
{
	int64_t inside_ms = w->shop.config.watch.inside_ms;

	for (uint32_t i = 0; i < w->shop.visits.count && inside_ms > AHEAD_MS; i++) {
		const struct world_opened *by = books_opened(w, w->shop.visits.open[i].id);
		int64_t at_ms = by ? by->mono_ms + inside_ms - AHEAD_MS : INT64_MAX;

		w->room.may_warn |= at_ms > w->room.looked_ms && at_ms <= w->mono.ms;
	}
	if (inside_ms > AHEAD_MS) {
		struct mono at = mono_add(w->shop.watches.silent.since, inside_ms - AHEAD_MS);

		w->room.may_warn |= at.ms > w->room.looked_ms && mono_due(w->mono, at);
	}
	w->room.looked_ms = w->mono.ms;
}

static void see_people(struct world *w)
{
	see_long(w);
	if (occupied(w, false))
		w->room.inside_ms = w->mono.ms;
	if (occupied(w, true))
		w->room.moved_ms = w->mono.ms;
	if (w->mono.ms - w->room.moved_ms <= w->shop.config.watch.empty_grace_ms)
		w->room.empty_ms = NEVER_MS;
	else if (w->room.empty_ms == NEVER_MS)
		w->room.empty_ms = w->mono.ms; /* seen, for a busy machine comes late */
}

/* Somebody has moved for long enough where nobody has had a right to for long enough. */
static void see_motion(struct world *w, uint32_t i)
{
	const struct sensor_config *c = &w->shop.config.sensor[i];
	const struct world_sensor *x = &w->room.sensor[i];

	w->room.motion_may[i] |=
		x->heard && !x->silent && x->value != 0 &&
		since(w->mono.ms, x->beyond.bad_ms) >= c->debounce_ms &&
		w->mono.ms - w->room.inside_ms >= w->shop.config.watch.empty_grace_ms;
}

static void see_all(struct world *w)
{
	see_people(w);
	for (uint32_t i = 0; i < w->shop.config.sensors; i++) {
		see_sensor(w, i);
		see_motion(w, i);
	}
	see_parts(w);
	see_refused(w);
}

/* --- what was told
 * ------------------------------------------------------------------------------------ */

static bool is_up(const struct world *w, enum condition condition, const struct place *place)
{
	const struct alarm *a = alarm_find(&w->shop.alarms, condition, place);

	return a && a->active;
}

static void must_be(struct world *w, enum condition condition, const struct place *place, bool up)
{
	if (is_up(w, condition, place) != up)
		world_fail(w, "%s at '%s' should be %s", condition_word(condition),
			   place ? place->name : "", up ? "an alarm" : "none");
}

/* Who moves where nobody is. The outside sees less than the shop of who goes through a door: what
 * lies between is left to it. */
static void check_motion(struct world *w, uint32_t i, bool was_up)
{
	const struct sensor_config *c = &w->shop.config.sensor[i];
	const struct world_sensor *x = &w->room.sensor[i];
	int64_t grace_ms = w->shop.config.watch.empty_grace_ms;
	bool up = is_up(w, CONDITION_MOTION, &c->place);
	bool moves = x->heard && !x->silent && x->value != 0;

	if (up && !was_up && !w->room.motion_may[i])
		world_fail(w, "%s: motion that is somebody's right", c->place.name);
	if (!up && moves && since(w->mono.ms, x->beyond.bad_ms) >= c->debounce_ms + grace_ms &&
	    since(w->mono.ms, x->lost.well_ms) >= c->debounce_ms + grace_ms &&
	    since(w->mono.ms, w->room.empty_ms) >= c->debounce_ms && w->room.empty_ms != NEVER_MS)
		world_fail(w, "%s: somebody moves, and nobody is told", c->place.name);
	w->motions += up && !was_up;
}

static void check_sensor(struct world *w, uint32_t i)
{
	const struct sensor_config *c = &w->shop.config.sensor[i];
	const struct world_sensor *x = &w->room.sensor[i];
	const struct sensor *have = &w->shop.sensors.sensor[i];
	enum sensor_state state = SENSOR_OK;

	must_be(w, CONDITION_SENSOR_LOST, &c->place, x->lost.up);
	if (x->heard &&
	    (!have->heard || have->value != x->value || have->heard_at.ms != x->heard_ms))
		world_fail(w, "%s: another value than was heard", c->place.name);
	if (c->kind == SENSOR_MOTION) {
		if (x->silent != (have->state == SENSOR_STALE))
			world_fail(w, "%s: stale, or not", c->place.name);
		return;
	}
	must_be(w, sensor_condition(c->kind), &c->place, x->beyond.up);
	if (x->silent)
		state = SENSOR_STALE;
	else if (!x->heard)
		state = SENSOR_UNKNOWN;
	else if (x->beyond.up)
		state = SENSOR_ALARM;
	else if (x->beyond.bad_ms != NEVER_MS)
		state = SENSOR_BEYOND;
	if (have->state != state)
		world_fail(w, "%s: should be %s", c->place.name, sensor_state_word(state));
}

static bool long_inside(const struct world *w)
{
	int64_t inside_ms = w->shop.config.watch.inside_ms;

	for (uint32_t i = 0; i < w->shop.visits.count && inside_ms > 0; i++) {
		const struct world_opened *by = books_opened(w, w->shop.visits.open[i].id);

		if (by && w->mono.ms - by->mono_ms >= inside_ms)
			return true;
	}
	/* nor has left who says nothing any more, while no door has opened to let them out */
	return inside_ms > 0 &&
	       mono_due(w->mono, mono_add(w->shop.watches.silent.since, inside_ms));
}

/* "pre_ms -> the buzzer of every door for 3 s", and nothing of the room's for longer. */
static void check_buzzers(struct world *w)
{
	bool warned = since(w->mono.ms, w->room.warned_ms) < WARNING_MS;

	if (w->room.warns)
		world_fail(w, "the buzzers do not warn");
	w->room.warns = w->room.may_warn = false;
	for (uint32_t i = 0; i < w->shop.config.doors; i++) {
		if (warned && !w->door[i].buzzer)
			world_fail(w, "door %u does not warn", i);
		if (!warned && w->door[i].buzzer && w->door[i].contact_lost)
			world_fail(w, "door %u: it buzzes though its contact is lost", i);
	}
}

static void check_all(struct world *w)
{
	const struct shop_config *c = &w->shop.config;

	for (uint32_t i = 0; i < c->sensors; i++)
		check_sensor(w, i);
	for (uint32_t i = 0; i < w->parts; i++)
		must_be(w, w->room.fault[i].condition, &w->room.fault[i].place,
			w->room.fault[i].hold.up);
	for (uint32_t i = 0; i < c->doors; i++)
		must_be(w, CONDITION_MANY_REFUSALS, &c->door[i].place, w->room.refused[i].up);
	if (!w->full)
		must_be(w, CONDITION_INSIDE_LONG, NULL, long_inside(w));
	check_buzzers(w);
}

/* --- around a step
 * ------------------------------------------------------------------------------------ */

void room_before(struct world *w)
{
	if (w->event.kind == EVENT_START)
		return;
	for (uint32_t i = 0; i < w->shop.config.sensors; i++) {
		w->room.motion_was[i] = is_up(w, CONDITION_MOTION, &w->shop.config.sensor[i].place);
		w->room.motion_may[i] = false;
	}
	see_all(w);
	for (uint32_t i = 0; i < w->shop.config.sensors; i++)
		w->room.motion_was[i] = is_up(w, CONDITION_MOTION, &w->shop.config.sensor[i].place);
}

/* "When it was opened, by the clock of this boot: it may have been before it." */
static void recall_visits(struct world *w, const struct remembered *r)
{
	for (uint32_t i = 0; i < r->visits; i++) {
		struct world_opened *by = books_opened(w, r->visit[i].id);
		int64_t ago_ms = w->wall_ms - r->visit[i].opened_at.ms;

		if (!w->trusted || ago_ms < 0 || ago_ms > 7 * 86400000LL)
			ago_ms = 0;
		if (by)
			by->mono_ms = w->mono.ms - ago_ms;
	}
}

/* A new start: the alarms that were up still are, and nothing else is known. */
static void begin(struct world *w)
{
	const struct shop_config *c = &w->shop.config;

	if (w->parts == 0)
		draw_parts(w);
	for (uint32_t i = 0; i < c->sensors; i++) {
		struct world_sensor *x = &w->room.sensor[i];

		*x = (struct world_sensor){0};
		forget(&x->beyond,
		       is_up(w, sensor_condition(c->sensor[i].kind), &c->sensor[i].place));
		forget(&x->lost, is_up(w, CONDITION_SENSOR_LOST, &c->sensor[i].place));
		w->room.motion_was[i] = x->beyond.up;
	}
	for (uint32_t i = 0; i < w->parts; i++) {
		struct world_fault *f = &w->room.fault[i];

		f->failing = is_up(w, f->condition, &f->place);
		f->named_by_ms = NEVER_MS;
		forget(&f->hold, f->failing);
	}
	for (uint32_t i = 0; i < c->doors; i++) {
		struct world_refused *r = &w->room.refused[i];

		r->up = is_up(w, CONDITION_MANY_REFUSALS, &c->door[i].place);
		r->count = r->up;
		r->at_ms[0] = w->mono.ms;
	}
	w->room.moved_ms = w->room.inside_ms = w->mono.ms;
	w->room.warned_ms = w->room.empty_ms = NEVER_MS;
	w->room.looked_ms = w->mono.ms;
	w->room.warns = w->room.may_warn = false;
	recall_visits(w, &w->event.start.remembered);
}

static void hear_sensor(struct world *w, const struct event_sensor *e)
{
	struct world_sensor *x;

	if (e->sensor >= w->shop.config.sensors)
		return;
	x = &w->room.sensor[e->sensor];
	x->silent = e->lost;
	if (e->lost)
		return;
	x->heard = true;
	x->value = e->value;
	x->heard_ms = w->mono.ms;
}

static void courierd_comes(struct world *w)
{
	for (uint32_t i = 0; i < w->parts; i++) {
		struct world_fault *f = &w->room.fault[i];

		if (f->failing && (f->condition == CONDITION_CAMERA_LOST ||
				   f->condition == CONDITION_ROAD_FAILING))
			f->named_by_ms = w->mono.ms + DAY_MS;
	}
}

static void hear_fault(struct world *w, const struct event_fault *e)
{
	for (uint32_t i = 0; i < w->parts; i++) {
		struct world_fault *f = &w->room.fault[i];

		if (f->condition != e->condition || strcmp(f->place.name, e->place.name) != 0)
			continue;
		f->failing = e->failing;
		f->named_by_ms = NEVER_MS;
	}
}

static void refused(struct world *w, uint8_t reader)
{
	const struct watch_config *c = &w->shop.config.watch;
	struct world_refused *r = &w->room.refused[w->shop.config.reader[reader].door];
	bool up = false;

	if (w->shop.config.reader[reader].till)
		return;

	CHECK(r->count < ARRAY_LEN(r->at_ms));
	r->at_ms[r->count++] = w->mono.ms;
	if (c->refusals > 0 && r->count >= c->refusals)
		up = w->mono.ms - r->at_ms[r->count - c->refusals] < c->refusals_ms;
	w->tried += up && !r->up;
	r->up |= up;
}

static void see_effects(struct world *w)
{
	uint32_t logs = 0;

	for (uint32_t i = 0; i < w->effects.nows; i++) {
		const struct effect *e = &w->effects.now[i];

		if (e->kind == EFFECT_LIGHT && !e->light.yes)
			refused(w, e->light.reader);
		if (e->kind == EFFECT_LOG && strstr(e->log.text, "the buzzers sound")) {
			w->room.warned_ms = w->mono.ms;
			logs++;
		}
	}
	if (logs > 0 && !w->room.warns && !w->room.may_warn)
		world_fail(w, "the buzzers warn for no reason");
	if (logs > 0)
		w->room.warns = false;
	w->warnings += logs;
}

/* Rows of new alarms, for the summary. */
static void count(struct world *w)
{
	for (uint32_t i = 0; i < w->effects.records; i++) {
		const struct entry *e = &w->effects.record[i].entry;

		if (e->kind != ENTRY_ALARM || e->alarm.state != ALARM_RAISED)
			continue;
		w->losts += e->alarm.condition == CONDITION_SENSOR_LOST;
		w->longs += e->alarm.condition == CONDITION_INSIDE_LONG;
		w->beyonds += e->alarm.condition >= CONDITION_POWER_LOST &&
			      e->alarm.condition <= CONDITION_WATER;
		w->faults += e->alarm.condition >= CONDITION_READER_LOST &&
			     e->alarm.condition <= CONDITION_ROAD_FAILING;
	}
}

void room_after(struct world *w)
{
	const struct shop_config *c = &w->shop.config;
	bool first = w->event.kind == EVENT_START;

	if (w->event.kind == EVENT_STOP)
		return;
	if (first)
		begin(w);
	if (w->event.kind == EVENT_SENSOR)
		hear_sensor(w, &w->event.sensor);
	if (w->event.kind == EVENT_FAULT)
		hear_fault(w, &w->event.fault);
	if (w->event.kind == EVENT_COURIER_UP)
		courierd_comes(w);
	if (w->event.kind == EVENT_LEDGER && w->event.ledger.news == LEDGER_WELL)
		recall_visits(w, &w->event.ledger.remembered);
	see_all(w);
	see_effects(w);
	count(w);
	if (shop_deadline(&w->shop).ms <= w->mono.ms)
		return; /* there is more to do, at once */
	check_all(w);
	for (uint32_t i = 0; i < c->sensors; i++)
		if (c->sensor[i].kind == SENSOR_MOTION)
			check_motion(w, i, w->room.motion_was[i]);
}
