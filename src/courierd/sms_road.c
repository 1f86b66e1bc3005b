/*
 * sms_road.c: one text's way out. It has a leg on each road; each leg is tried when due, quickly a
 * few times and then ever more slowly. The first road is the better one of the moment; the other
 * follows when the first has failed twice, refuses, has not taken the text for SMS_OTHER_MS, or has
 * taken it and nothing of it has come to the phone, at the latest SMS_LATEST_MS after the alarm.
 *
 * It promises:
 *  - a text leaves at most twice, counting what may have left without our being told. Only where
 *    there is no other road is a silent one tried again as if it had taken nothing: twice told is
 *    better than not told.
 *  - it leaves a second time only while its person got, or is about to get, less than
 *    TEXTS_AN_HOUR texts in the hour.
 *  - where no road took it within SMS_STUCK_MS it is stuck: shopd hears so, and it goes on slowly.
 *    Two doubts rest for SMS_SAME_MS; after that it counts as asked for anew.
 */
#include "courierd/sms_parts.h"

#include <string.h>

/* ---- the hour of one person ---- */

/** Whether a text may leave a second time: what has left for its person, and what is about to. */
static bool hour_has_room(const struct sms *s, struct mono now, uint32_t contact)
{
	const struct sms_hour *h = &s->hour[contact];
	uint32_t used = 0;

	for (uint32_t i = 0; i < h->count; i++)
		used += !mono_due(now, mono_add(h->at[i], SMS_HOUR_MS));
	for (uint32_t i = 0; i < SMS_TEXTS_MAX; i++) {
		const struct sms_text *t = &s->text[i];
		uint32_t flies;

		if (t->name.alarm == 0 || t->name.contact != contact)
			continue;
		flies = text_flies(t);
		used += flies > 0 ? flies : text_waits(s, t) && !t->stuck && t->doubted == 0;
	}
	return used < TEXTS_AN_HOUR;
}

/* ---- what a text is about to do ---- */

uint32_t text_flies(const struct sms_text *t)
{
	uint32_t flies = 0;

	for (uint32_t r = 0; r < SMS_ROADS; r++)
		flies += t->leg[r].state == LEG_FLYING;
	return flies;
}

bool text_waits(const struct sms *s, const struct sms_text *t)
{
	if (t->name.alarm == 0 || t->left > 0 || t->enough)
		return false;
	for (uint32_t r = 0; r < SMS_ROADS; r++)
		if (s->roads.road[r].fitted &&
		    (t->leg[r].state == LEG_OPEN || t->leg[r].state == LEG_FLYING))
			return true;
	return false;
}

/** How often it has left or may have, now or when what flies has landed. */
static uint32_t text_copies(const struct sms *s, const struct sms_text *t)
{
	return t->left + text_flies(t) + (t->left > 0 || roads_both(&s->roads) ? t->doubts : 0);
}

static struct mono later(struct mono a, struct mono b)
{
	return a.ms > b.ms ? a : b;
}

/** When this leg is to be tried, as far as time decides. */
static struct mono leg_when(const struct sms *s, const struct sms_text *t, enum sms_road road)
{
	const struct sms_leg *leg = &t->leg[road];
	uint32_t most = road == SMS_BY_MODEM ? SMS_AIR_MAX : SMS_FLYING_MAX;
	uint32_t limit = leg->slow > 0 && leg->tries > 0 ? most / 2 : most;

	if (leg->state != LEG_OPEN || t->enough || !road_open(&s->roads.road[road]))
		return MONO_NEVER;
	if (s->flying[road] >= limit)
		return MONO_NEVER; /* a result comes before anything can be done */
	switch (text_copies(s, t)) {
	case 0:
		return leg->due;
	case 1:
		return later(leg->due, t->second_at);
	default:
		if (t->left > 0 || text_flies(t) > 0)
			return MONO_NEVER;
		return later(leg->due, mono_add(t->doubt_at, SMS_SAME_MS));
	}
}

/** What would leave now may be a second copy, and the hour is full: it stays, or waits. */
static bool text_denied(struct sms *s, struct mono now, struct sms_text *t)
{
	bool first = t->left + text_flies(t) == 0 && t->doubted == 0;

	if (first || hour_has_room(s, now, t->name.contact))
		return false;
	t->second_at = t->left > 0 ? MONO_NEVER : mono_add(now, SMS_SLOW_MS);
	for (uint32_t r = 0; t->left == 0 && r < SMS_ROADS; r++)
		t->leg[r].due = later(t->leg[r].due, mono_add(now, SMS_SLOW_MS));
	return true;
}

/** Which of two roads that are both due: the one that works, or was tried less. */
static bool better(const struct sms *s, const struct sms_text *t, enum sms_road a, enum sms_road b)
{
	bool a_fails = road_failing(&s->roads.road[a]), b_fails = road_failing(&s->roads.road[b]);

	return a_fails != b_fails ? b_fails : t->leg[a].tries < t->leg[b].tries;
}

/** The road by which this text is due now. */
static bool text_due(struct sms *s, struct mono now, struct sms_text *t, enum sms_road *ret)
{
	enum sms_road other = road_beside(t->road);
	bool this_due, other_due;

	if (text_blocked(s, t))
		return false;
	this_due = mono_due(now, leg_when(s, t, t->road));
	other_due = mono_due(now, leg_when(s, t, other));
	if ((!this_due && !other_due) || text_denied(s, now, t))
		return false;
	*ret = !this_due || (other_due && better(s, t, other, t->road)) ? other : t->road;
	return true;
}

void text_begin(struct sms *s, struct mono now, struct sms_text *t, bool prove)
{
	t->road = roads_first(&s->roads, now, t->severity, prove);
	t->leg[t->road].due = now;
	t->leg[road_beside(t->road)].due = mono_add(now, SMS_OTHER_MS);
	t->second_at = mono_add(now, SMS_OTHER_MS);
	t->ask_at = MONO_NEVER;
}

void text_hurry(struct sms_text *t, struct mono now)
{
	for (uint32_t r = 0; r < SMS_ROADS; r++)
		if (t->leg[r].state == LEG_OPEN && t->leg[r].slow > 0)
			t->leg[r].due = now;
}

void text_both(struct sms_text *t, struct mono now)
{
	t->second_at = mono_min(t->second_at, now);
	for (uint32_t r = 0; r < SMS_ROADS; r++)
		if (t->leg[r].state != LEG_OPEN)
			text_turn(t, now, (enum sms_road)r);
}

/* ---- what is due ---- */

/** What is wrong goes before what is over or answered, and a notice after all. */
static uint32_t text_rank(const struct sms_text *t)
{
	bool news = t->name.kind == TEXT_RAISED || t->name.kind == TEXT_GROUP;

	if (text_is_notice(t))
		return 0;
	return news ? 2 + (uint32_t)t->severity : 1;
}

bool text_graver(const struct sms_text *a, const struct sms_text *b)
{
	if (text_rank(a) != text_rank(b))
		return text_rank(a) > text_rank(b);
	if (a->taken_at.ms != b->taken_at.ms)
		return a->taken_at.ms < b->taken_at.ms;
	return a->name.alarm < b->name.alarm;
}

bool sms_next(struct sms *s, struct mono now, struct sms_due *ret)
{
	struct sms_text *best = NULL;
	enum sms_road by = SMS_BY_GATEWAY, road;

	sms_time(s, now);
	for (uint32_t i = 0; i < SMS_TEXTS_MAX; i++) {
		struct sms_text *t = &s->text[i];

		if (t->name.alarm == 0 || (best != NULL && !text_graver(t, best)) ||
		    !text_due(s, now, t, &road))
			continue;
		best = t;
		by = road;
	}
	if (best == NULL)
		return false;
	if (text_flies(best) == 0 && best->left == 0 && best->doubts >= 2)
		best->doubts = 0; /* SMS_SAME_MS are over: as if asked for anew */
	if (best->left == 1 && best->id[0] != '\0' && !best->delivered && best->fails == 0)
		roads_lost(&s->roads, now, best->name.contact, s->contacts);
	best->road = by;
	best->leg[by].state = LEG_FLYING;
	best->leg[by].tries++;
	s->flying[by]++;
	*ret = (struct sms_due){.text = (uint32_t)(best - s->text),
				.road = by,
				.name = best->name,
				.words = best->words,
				.tries = best->leg[by].tries};
	return true;
}

struct mono sms_deadline(const struct sms *s)
{
	struct mono first = roads_deadline(&s->roads);

	for (uint32_t i = 0; i < SMS_TEXTS_MAX; i++) {
		const struct sms_text *t = &s->text[i];

		if (t->name.alarm == 0)
			continue;
		if (!text_blocked(s, t)) {
			first = mono_min(first, leg_when(s, t, SMS_BY_GATEWAY));
			first = mono_min(first, leg_when(s, t, SMS_BY_MODEM));
		}
		if (!t->asking && s->asking < SMS_ASKING_MAX)
			first = mono_min(first, t->ask_at);
		if (!t->stuck && text_waits(s, t))
			first = mono_min(first, mono_add(t->taken_at, SMS_STUCK_MS));
	}
	return first;
}
