/*
 * camera.c: at most one request of a camera flies, and what it owes meanwhile is bounded by number
 * and by time, so that one which hangs costs nothing but its own pictures. What is graver is taken
 * first and given up last.
 */
#include "courierd/camera.h"

#include <string.h>

/* An alarm's goes before what somebody wanted to see, and that before an entry's. */
static uint32_t weight(const struct camera_owed *o)
{
	switch (o->kind) {
	case PICTURE_ALARM:
		return 2;
	case PICTURE_REQUEST:
		return 1;
	case PICTURE_ENTRY:
		return 0;
	}
	panic(__FILE__, __LINE__, "a picture of no kind");
}

static void owed_remove(struct camera *c, uint32_t i)
{
	CHECK(i < c->owed);
	c->owed--;
	memmove(&c->owe[i], &c->owe[i + 1], (c->owed - i) * sizeof(c->owe[0]));
}

/* What was asked for too long ago is not taken any more. */
static void owed_age(struct camera *c, struct mono now)
{
	for (uint32_t i = c->owed; i-- > 0;) {
		if (!mono_due(now, mono_add(c->owe[i].asked_at, CAMERA_OWED_MS)))
			continue;
		owed_remove(c, i);
		c->lost++;
	}
}

/* Which of those that are owed gives way to `fresh`; CAMERA_OWED_MAX: that one itself. */
static uint32_t gives_way(const struct camera *c, const struct camera_owed *fresh)
{
	uint32_t least = CAMERA_OWED_MAX, of = weight(fresh);

	for (uint32_t i = 0; i < c->owed; i++) {
		if (weight(&c->owe[i]) < of ||
		    (least == CAMERA_OWED_MAX && weight(&c->owe[i]) == of)) {
			least = i;
			of = weight(&c->owe[i]);
		}
	}
	return least;
}

static void owed_add(struct camera *c, const struct camera_owed *fresh)
{
	if (c->owed == CAMERA_OWED_MAX) {
		uint32_t least = gives_way(c, fresh);

		c->lost++;
		if (least == CAMERA_OWED_MAX)
			return;
		owed_remove(c, least);
	}
	c->owe[c->owed++] = *fresh;
}

static bool same(const struct camera_owed *o, enum picture_kind kind, uint64_t ref)
{
	return !o->probe && o->kind == kind && o->ref == ref;
}

void camera_init(struct camera *c, struct mono now, int64_t probe_ms)
{
	memset(c, 0, sizeof(*c));
	c->probe_at = mono_add(now, probe_ms);
}

void camera_owe(struct camera *c, struct mono now, enum picture_kind kind, uint64_t ref)
{
	struct camera_owed fresh = {.kind = kind, .ref = ref, .asked_at = now, .due = now};

	CHECK(kind < PICTURE_KINDS);
	owed_age(c, now);
	if (c->flying && same(&c->flight, kind, ref))
		return;
	for (uint32_t i = 0; i < c->owed; i++)
		if (same(&c->owe[i], kind, ref))
			return;
	owed_add(c, &fresh);
}

/* The first to take of those that are due; `owed` when there is none. */
static uint32_t owed_first(const struct camera *c, struct mono now)
{
	uint32_t first = c->owed;

	for (uint32_t i = 0; i < c->owed; i++)
		if (mono_due(now, c->owe[i].due) &&
		    (first == c->owed || weight(&c->owe[i]) > weight(&c->owe[first])))
			first = i;
	return first;
}

bool camera_next(struct camera *c, struct mono now, struct camera_owed *ret)
{
	uint32_t first;

	if (c->flying)
		return false;
	owed_age(c, now);
	first = owed_first(c, now);
	if (first < c->owed) {
		c->flight = c->owe[first];
		owed_remove(c, first);
	} else if (mono_due(now, c->probe_at)) {
		c->flight = (struct camera_owed){.probe = true, .asked_at = now};
	} else {
		return false;
	}
	c->flying = true;
	*ret = c->flight;
	return true;
}

static enum camera_change failed(struct camera *c, struct mono now)
{
	bool before = c->failing;

	if (c->failures++ == 0)
		c->failed_at = now;
	c->failing = before || c->failures >= CAMERA_FAILURES_MAX ||
		     now.ms - c->failed_at.ms >= CAMERA_FAILING_MS;
	c->known = c->known || c->failing;
	c->probe_at = mono_add(now, c->failing ? CAMERA_PROBE_LOST_MS : CAMERA_PROBE_SOON_MS);
	return c->failing && !before ? CAMERA_FAILS : CAMERA_SAME;
}

static enum camera_change succeeded(struct camera *c, struct mono now)
{
	bool news = c->failing || !c->known;

	c->failures = 0;
	c->failing = false;
	c->known = true;
	c->probe_at = mono_add(now, CAMERA_PROBE_MS);
	return news ? CAMERA_WELL : CAMERA_SAME;
}

static void owe_again(struct camera *c, struct mono now)
{
	struct camera_owed again = c->flight;

	again.due = mono_add(now, CAMERA_AGAIN_MS);
	if (again.kind == PICTURE_ALARM &&
	    !mono_due(again.due, mono_add(again.asked_at, CAMERA_OWED_MS)))
		owed_add(c, &again);
	else
		c->lost++;
}

enum camera_change camera_result(struct camera *c, struct mono now, bool good)
{
	CHECK(c->flying);
	c->flying = false;
	if (good)
		return succeeded(c, now);
	if (!c->flight.probe)
		owe_again(c, now);
	return failed(c, now);
}

struct mono camera_deadline(const struct camera *c)
{
	struct mono at = c->probe_at;

	if (c->flying)
		return MONO_NEVER;
	for (uint32_t i = 0; i < c->owed; i++)
		at = mono_min(at, c->owe[i].due);
	return at;
}
