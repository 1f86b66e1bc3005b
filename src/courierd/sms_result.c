/*
 * sms_result.c: what a try came to, and what the gateway says later: whether and when the same road
 * is tried again, whether the other one need not wait, and that a text is stuck.
 */
#include "courierd/sms_parts.h"

#include <string.h>

/* ---- pauses ---- */

/** splitmix64: spreads retries, guards nothing. */
static uint64_t random_next(struct sms *s)
{
	uint64_t z = s->random += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

/** `base` doubled `times` times, at most `cap`, then up to a quarter more or less. */
static int64_t backoff_ms(struct sms *s, int64_t base, uint32_t times, int64_t cap)
{
	int64_t pause = base;

	while (times-- > 0 && pause < cap)
		pause *= 2;
	if (pause > cap)
		pause = cap;
	return pause - pause / 4 + (int64_t)(random_next(s) % (uint64_t)(pause / 2 + 1));
}

/** The road's own wish, within reason, and a little more so that not all come at once. */
static int64_t asked_pause_ms(struct sms *s, int64_t asked)
{
	if (asked > SMS_SLOW_MAX_MS)
		asked = SMS_SLOW_MAX_MS;
	return asked + (int64_t)(random_next(s) % (uint64_t)(asked / 8 + 1));
}

/* ---- how it went ---- */

static void hour_add(struct sms *s, struct mono now, uint32_t contact)
{
	struct sms_hour *h = &s->hour[contact];

	h->at[h->next] = now;
	h->next = (h->next + 1) % TEXTS_AN_HOUR;
	h->count += h->count < TEXTS_AN_HOUR;
}

void text_turn(struct sms_text *t, struct mono now, enum sms_road road)
{
	struct sms_leg *other = &t->leg[road_beside(road)];

	if (other->state == LEG_OPEN && other->tries == 0)
		other->due = mono_min(other->due, now);
}

/** When the gateway should be asked what became of it, after it was taken: soon where the other
 * road hangs on it. */
static struct mono ask_when(const struct sms_text *t)
{
	static const int64_t urgent[] = {2000, 5000, 9000, 14000, 18500, 60000, 300000, 900000};
	static const int64_t others[] = {5000, 60000, 300000, 900000};
	bool soon = t->severity >= SEVERITY_URGENT || t->second_at.ms != MONO_NEVER.ms;
	const int64_t *after = soon ? urgent : others;
	uint32_t count = soon ? ARRAY_LEN(urgent) : ARRAY_LEN(others);

	return t->asked < count ? mono_add(t->left_at, after[t->asked]) : MONO_NEVER;
}

/** A road has taken it. Where the gateway is not to be believed, the other one is due later. */
static void text_left(struct sms *s, struct mono now, struct sms_text *t, enum sms_road road,
		      const char *id)
{
	struct mono latest = mono_add(t->taken_at, SMS_LATEST_MS);

	t->leg[road].state = LEG_TAKEN;
	t->left++;
	t->left_at = now;
	t->second_at = MONO_NEVER;
	hour_add(s, now, t->name.contact);
	sms_awaited(s, now, t);
	if (text_is_notice(t) || road != SMS_BY_GATEWAY)
		return;
	if (t->left == 1 && t->doubted == 0 && !t->enough && roads_both(&s->roads) &&
	    (t->severity >= SEVERITY_URGENT || s->roads.road[SMS_BY_GATEWAY].lossy)) {
		t->second_at = mono_add(now, SMS_DELIVERY_MS);
		if (now.ms < latest.ms)
			t->second_at = mono_min(t->second_at, latest);
		t->leg[SMS_BY_MODEM].due = t->second_at;
	}
	memcpy(t->id, id, strnlen(id, GATEWAY_ID_MAX));
	t->id[strnlen(id, GATEWAY_ID_MAX)] = '\0';
	t->asked = 0;
	t->ask_at = t->id[0] != '\0' ? ask_when(t) : MONO_NEVER;
}

/** The next try of a leg that met with trouble, and whether the other road should wait for it. */
static void leg_again(struct sms *s, struct mono now, struct sms_text *t, enum sms_road road,
		      int64_t asked, bool quick)
{
	struct sms_leg *leg = &t->leg[road];
	bool two = road_open(&s->roads.road[road_beside(road)]);
	int64_t pause = asked >= 0 ? asked_pause_ms(s, asked)
				   : backoff_ms(s, SMS_BACKOFF_MS, leg->tries - 1, SMS_SLOW_MS);

	quick = quick && !t->stuck && leg->slow == 0 &&
		leg->tries < (two ? (uint32_t)SMS_TRIES_TWO : (uint32_t)SMS_TRIES_MAX) &&
		mono_due(mono_add(t->taken_at, two ? SMS_OTHER_MS : SMS_QUICK_MS),
			 mono_add(now, pause));
	if (!quick) {
		if (asked < 0)
			pause = backoff_ms(s, SMS_SLOW_MS, leg->slow, SMS_SLOW_MAX_MS);
		leg->slow++;
		text_turn(t, now, road);
	}
	leg->due = mono_add(now, pause);
	leg->state = LEG_OPEN;
}

/** All that could be tried quickly was: none of its open legs is still quick. */
static bool text_tried(const struct sms *s, const struct sms_text *t)
{
	bool tried = false;

	for (uint32_t r = 0; r < SMS_ROADS; r++) {
		const struct sms_leg *leg = &t->leg[r];

		if (!s->roads.road[r].fitted)
			continue;
		if (leg->state == LEG_FLYING ||
		    (leg->state == LEG_OPEN && leg->slow == 0 && road_open(&s->roads.road[r])))
			return false;
		tried |= leg->state == LEG_REFUSED || leg->slow > 0;
	}
	return tried;
}

static void text_stuck(struct sms *s, struct sms_text *t)
{
	t->stuck = true;
	for (uint32_t r = 0; r < SMS_ROADS; r++)
		t->leg[r].slow += t->leg[r].slow == 0;
	if (t->doubts == 0)
		t->second_at = MONO_NEVER;
	text_give_way(s, t);
}

/** What waits for a road that fails goes by the other one, if that does not. */
static void roads_turn(struct sms *s, struct mono now)
{
	for (uint32_t r = 0; r < SMS_ROADS; r++) {
		if (!road_failing(&s->roads.road[r]) ||
		    road_failing(&s->roads.road[road_beside((enum sms_road)r)]))
			continue;
		for (uint32_t i = 0; i < SMS_TEXTS_MAX; i++)
			if (text_waits(s, &s->text[i]) && text_flies(&s->text[i]) == 0)
				text_turn(&s->text[i], now, (enum sms_road)r);
	}
}

void sms_result(struct sms *s, struct mono now, uint32_t text, enum sms_road road, enum sms_try how,
		int64_t retry_after_ms, const char *id)
{
	struct sms_text *t = &s->text[text];

	CHECK(text < SMS_TEXTS_MAX && t->name.alarm != 0);
	CHECK(t->leg[road].state == LEG_FLYING && s->flying[road] > 0);
	s->flying[road]--;
	roads_tried(&s->roads, now, road, how, t->leg[road].tries);
	switch (how) {
	case TRY_TAKEN:
		text_left(s, now, t, road, id);
		break;
	case TRY_REFUSED:
		t->leg[road].state = LEG_REFUSED;
		text_turn(t, now, road);
		break;
	case TRY_DOUBT:
		t->doubts++;
		t->doubted++;
		t->doubt_at = now;
		t->second_at = now;
		hour_add(s, now, t->name.contact);
		leg_again(s, now, t, road, retry_after_ms, true);
		text_turn(t, now, road);
		break;
	case TRY_BARRED:
	case TRY_BUSY:
	case TRY_NO_WAY:
		leg_again(s, now, t, road, retry_after_ms, how != TRY_BARRED);
		break;
	}
	if (t->left == 0 && !t->stuck && text_tried(s, t))
		text_stuck(s, t);
	text_give_way(s, t);
	roads_turn(s, now);
}

/* ---- what became of it ---- */

bool sms_ask(struct sms *s, struct mono now, struct sms_asked *ret)
{
	if (s->asking >= SMS_ASKING_MAX)
		return false;
	for (uint32_t i = 0; i < SMS_TEXTS_MAX; i++) {
		struct sms_text *t = &s->text[i];

		if (t->name.alarm == 0 || t->asking || !mono_due(now, t->ask_at))
			continue;
		t->asking = true;
		s->asking++;
		*ret = (struct sms_asked){.text = i, .id = t->id};
		return true;
	}
	return false;
}

/** The gateway says that the phone will not get it. */
static void text_failed(struct sms *s, struct mono now, struct sms_text *t)
{
	t->fails++;
	t->ask_at = MONO_NEVER;
	roads_lost(&s->roads, now, t->name.contact, s->contacts);
	if (t->left != 1 || t->doubted > 0 || t->enough || text_flies(t) > 0)
		return;
	t->second_at = now;
	if (roads_both(&s->roads)) {
		t->leg[SMS_BY_MODEM].due = now;
		return;
	}
	t->second_at = mono_add(now, SMS_SLOW_MS); /* the only road, and once more */
	t->leg[SMS_BY_GATEWAY] = (struct sms_leg){
		.state = LEG_OPEN, .tries = t->leg[SMS_BY_GATEWAY].tries, .due = t->second_at};
}

void sms_answered(struct sms *s, struct mono now, uint32_t text, enum sms_delivery what)
{
	struct sms_text *t = &s->text[text];

	CHECK(text < SMS_TEXTS_MAX && t->asking && s->asking > 0);
	s->asking--;
	t->asking = false;
	t->asked++;
	t->ask_at = ask_when(t);
	switch (what) {
	case DELIVERY_DONE:
		t->delivered = true;
		roads_delivered(&s->roads);
		t->second_at = MONO_NEVER;
		t->ask_at = MONO_NEVER;
		break;
	case DELIVERY_FAILED:
		text_failed(s, now, t);
		break;
	case DELIVERY_WAITING:
	case DELIVERY_UNKNOWN:
		break;
	}
}

/* ---- the roads, and time ---- */

void sms_modem(struct sms *s, struct mono now, bool ready)
{
	roads_ready(&s->roads, now, ready);
	for (uint32_t i = 0; ready && i < SMS_TEXTS_MAX; i++)
		if (text_waits(s, &s->text[i]))
			text_hurry(&s->text[i], now);
}

void sms_inbox(struct sms *s, struct mono now, bool heard)
{
	bool failing = road_failing(&s->roads.road[SMS_BY_GATEWAY]);

	roads_heard(&s->roads, now, heard);
	roads_turn(s, now);
	if (!failing || road_failing(&s->roads.road[SMS_BY_GATEWAY]))
		return;
	for (uint32_t i = 0; i < SMS_TEXTS_MAX; i++)
		if (text_waits(s, &s->text[i]))
			text_hurry(&s->text[i], now);
}

void sms_time(struct sms *s, struct mono now)
{
	roads_time(&s->roads, now);
	for (uint32_t i = 0; i < SMS_TEXTS_MAX; i++) {
		struct sms_text *t = &s->text[i];

		if (t->name.alarm == 0)
			continue;
		if (!t->stuck && text_waits(s, t) &&
		    mono_due(now, mono_add(t->taken_at, SMS_STUCK_MS)))
			text_stuck(s, t);
		if (t->left > 0 && t->second_at.ms != MONO_NEVER.ms &&
		    mono_due(now, mono_add(t->second_at, SMS_SECOND_MS)))
			t->second_at = MONO_NEVER;
		if (text_waits(s, t) && text_flies(t) == 0 &&
		    mono_due(now, mono_add(t->taken_at, SMS_LIFE_MS)))
			t->enough = true;
	}
}
