/*
 * watch.c: what is watched and is neither a door nor a sensor (watch.h).
 *
 * What it decides: so many refusals at one door within so long is somebody who tries codes. A part
 * that is said to fail is an alarm: a reader or a camera when it has been away for a minute, all
 * else at once. Who is inside for too long stands in inside.c.
 *
 * What it promises: the end of each is seen as surely as its beginning, also across a restart. No
 * more parts fail than the shop can have, whatever is said.
 */
#include "core/watch.h"

#include <string.h>

#include "core/step.h"

void watches_init(struct watches *w)
{
	memset(w, 0, sizeof(*w));
	w->warning = w->silent.since = MONO_NEVER;
	w->silent.came.ms = w->silent.went.ms = INT64_MIN;
}

static bool is_up(const struct step *s, enum condition condition, const struct place *place)
{
	const struct alarm *alarm = alarm_find(&s->shop->alarms, condition, place);

	return alarm && alarm->active;
}

/* --- the buzzers
 * ------------------------------------------------------------------------------------ */

static void warn(struct step *s, bool on)
{
	for (uint32_t i = 0; i < s->shop->config.doors; i++)
		door_warn(s, &s->shop->door[i], on);
}

void watches_warn(struct step *s)
{
	s->shop->watches.warning = mono_add(s->now->mono, WATCH_WARNING_MS);
	warn(s, true);
}

static void warning_time(struct step *s)
{
	struct watches *w = &s->shop->watches;

	if (!mono_due(s->now->mono, w->warning) || !step_room(s, 2))
		return;
	w->warning = MONO_NEVER;
	warn(s, false);
}

/* --- many_refusals
 * ------------------------------------------------------------------------------------ */

static struct mono refused_at(const struct refused *r, uint32_t back)
{
	return r->at[(r->next + REFUSALS_WATCHED_MAX - 1 - back) % REFUSALS_WATCHED_MAX];
}

void watches_refused(struct step *s, uint8_t door)
{
	struct refused *r = &s->shop->watches.refused[door];

	CHECK(door < s->shop->config.doors);
	r->at[r->next] = s->now->mono;
	r->next = (r->next + 1) % REFUSALS_WATCHED_MAX;
	if (r->count < REFUSALS_WATCHED_MAX)
		r->count++;
	r->calm = mono_add(s->now->mono, s->shop->config.watch.refusals_ms);
}

/* The newest so many came within so long. */
static bool are_many(const struct refused *r, const struct watch_config *c)
{
	return c->refusals > 0 && r->count >= c->refusals &&
	       refused_at(r, 0).ms < mono_add(refused_at(r, c->refusals - 1), c->refusals_ms).ms;
}

static void refusals_time(struct step *s, uint32_t door)
{
	const struct watch_config *c = &s->shop->config.watch;
	const struct place *place = &s->shop->config.door[door].place;
	struct refused *r = &s->shop->watches.refused[door];

	if (c->refusals == 0 || mono_due(s->now->mono, r->calm))
		r->count = 0;
	if (!r->told && are_many(r, c)) {
		r->told = true;
		alarm_raise(s, CONDITION_MANY_REFUSALS, place, refused_at(r, c->refusals - 1));
	}
	if (r->told && r->count == 0) {
		r->told = false;
		alarm_clear(s, CONDITION_MANY_REFUSALS, place);
	}
}

/* --- faults
 * ------------------------------------------------------------------------------------ */

/* How many parts of this kind can fail; 0: none, it is no fault. */
static uint32_t parts_of(enum condition condition)
{
	if (condition == CONDITION_READER_LOST)
		return READERS_MAX;
	if (condition == CONDITION_CAMERA_LOST)
		return CAMERAS_MAX;
	if (condition == CONDITION_ROAD_FAILING)
		return SMS_ROADS;
	return condition == CONDITION_DISK_FAILING || condition == CONDITION_SYNC_STALE ? 1 : 0;
}

static struct fault *find_fault(struct watches *w, enum condition condition,
				const struct place *place)
{
	for (uint32_t i = 0; i < w->faults; i++)
		if (w->fault[i].condition == condition &&
		    strcmp(w->fault[i].place.name, place->name) == 0)
			return &w->fault[i];
	return NULL;
}

/* A place among the parts of its kind; NULL when the shop cannot have so many. */
static struct fault *add_fault(struct watches *w, enum condition condition,
			       const struct place *place)
{
	uint32_t have = 0;

	for (uint32_t i = 0; i < w->faults; i++)
		have += w->fault[i].condition == condition;
	if (have >= parts_of(condition))
		return NULL;
	CHECK(w->faults < FAULTS_MAX);
	w->fault[w->faults] = (struct fault){
		.condition = condition, .place = *place, .ended = {INT64_MIN}, .doubt = MONO_NEVER};
	return &w->fault[w->faults++];
}

void watches_fault(struct step *s, const struct event_fault *e)
{
	struct watches *w = &s->shop->watches;
	struct place place = step_place(e->place.name);
	struct fault *f = find_fault(w, e->condition, &place);

	if (f)
		f->doubt = MONO_NEVER;
	if (parts_of(e->condition) == 0 || e->failing == (f && f->failing))
		return;
	if (!f)
		f = add_fault(w, e->condition, &place);
	if (!f) {
		step_log(s, &place, "%s of more parts than a shop has",
			 condition_word(e->condition));
		return;
	}
	f->failing = e->failing;
	f->since = s->now->mono;
}

static bool is_couriers(enum condition condition)
{
	return condition == CONDITION_CAMERA_LOST || condition == CONDITION_ROAD_FAILING;
}

void watches_courier(struct step *s)
{
	struct watches *w = &s->shop->watches;

	for (uint32_t i = 0; i < w->faults; i++)
		if (w->fault[i].failing && is_couriers(w->fault[i].condition))
			w->fault[i].doubt = mono_add(s->now->mono, WATCH_DOUBT_MS);
}

/* When what is seen of it is to be told; MONO_NEVER when it is told. */
static struct mono fault_due(const struct fault *f)
{
	bool slow = f->condition == CONDITION_READER_LOST || f->condition == CONDITION_CAMERA_LOST;
	struct mono restless = mono_add(f->ended, WATCH_RESTLESS_MS);

	if (f->failing == f->told)
		return MONO_NEVER;
	if (f->failing)
		return mono_add(f->since, slow ? WATCH_FAULT_MS : 0);
	return mono_add(f->since, f->since.ms < restless.ms ? WATCH_RESTLESS_MS : 0);
}

static void doubt_time(const struct step *s, struct fault *f)
{
	if (!mono_due(s->now->mono, f->doubt))
		return;
	f->doubt = MONO_NEVER;
	f->failing = false;
	f->since = s->now->mono;
}

static void fault_time(struct step *s, struct fault *f)
{
	if (!mono_due(s->now->mono, fault_due(f)))
		return;
	f->told = f->failing;
	if (f->told) {
		alarm_raise(s, f->condition, &f->place, f->since);
	} else {
		f->ended = s->now->mono;
		alarm_clear(s, f->condition, &f->place);
	}
}

/* Nothing more is awaited of it. */
static bool is_past(const struct fault *f, struct mono now)
{
	return !f->failing && !f->told && mono_due(now, mono_add(f->ended, WATCH_RESTLESS_MS));
}

static void faults_time(struct step *s)
{
	struct watches *w = &s->shop->watches;

	for (uint32_t i = 0; i < w->faults;) {
		doubt_time(s, &w->fault[i]);
		fault_time(s, &w->fault[i]);
		if (is_past(&w->fault[i], s->now->mono))
			w->fault[i] = w->fault[--w->faults];
		else
			i++;
	}
}

/* --- all of it
 * ------------------------------------------------------------------------------------ */

static bool is_reader(const struct shop_config *c, const struct place *place)
{
	for (uint32_t i = 0; i < c->readers; i++)
		if (strcmp(c->reader[i].place.name, place->name) == 0)
			return true;
	return false;
}

/* An alarm of the time before the restart: whoever sees the part says how it is. A reader that the
 * shop has no more nobody will see. */
static void recall_fault(struct step *s, const struct alarm *alarm)
{
	struct fault *f = NULL;

	if (alarm->active && parts_of(alarm->condition) > 0)
		f = add_fault(&s->shop->watches, alarm->condition, &alarm->place);
	if (!f)
		return;
	f->told = true;
	f->failing = alarm->condition != CONDITION_READER_LOST ||
		     is_reader(&s->shop->config, &alarm->place);
	f->since = s->now->mono;
}

void watches_start(struct step *s)
{
	struct watches *w = &s->shop->watches;
	const struct alarms *a = &s->shop->alarms;

	w->looked = s->now->mono;
	inside_start(s);
	for (uint32_t i = 0; i < s->shop->config.doors; i++) {
		w->refused[i].told =
			is_up(s, CONDITION_MANY_REFUSALS, &s->shop->config.door[i].place);
		w->refused[i].calm = mono_add(s->now->mono, s->shop->config.watch.refusals_ms);
		w->refused[i].count = w->refused[i].told;
	}
	for (uint32_t i = 0; i < a->count; i++)
		recall_fault(s, &a->alarm[i]);
}

void watches_time(struct step *s)
{
	warning_time(s);
	for (uint32_t i = 0; i < s->shop->config.doors; i++)
		refusals_time(s, i);
	faults_time(s);
	inside_time(s);
}

struct mono watches_deadline(const struct shop *shop)
{
	const struct watches *w = &shop->watches;
	struct mono at = mono_min(w->warning, inside_deadline(shop));

	for (uint32_t i = 0; i < shop->config.doors; i++)
		at = mono_min(at, w->refused[i].told ? w->refused[i].calm : MONO_NEVER);
	for (uint32_t i = 0; i < w->faults; i++)
		at = mono_min(at, mono_min(fault_due(&w->fault[i]), w->fault[i].doubt));
	return at;
}

void watches_check(const struct watches *w)
{
	CHECK(w->faults <= FAULTS_MAX);
	for (uint32_t i = 0; i < w->faults; i++)
		CHECK(parts_of(w->fault[i].condition) > 0);
	for (uint32_t i = 0; i < DOORS_MAX; i++)
		CHECK(w->refused[i].count <= REFUSALS_WATCHED_MAX &&
		      w->refused[i].next < REFUSALS_WATCHED_MAX);
}
