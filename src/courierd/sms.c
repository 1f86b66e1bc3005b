/*
 * sms.c: the patience of the courier. A text is tried quickly by both roads; where that does not
 * work shopd hears so, and the text keeps being tried, ever more slowly, until it is out, somebody
 * has answered, its alarm is over, or a day has gone (sms_road.c has the rules of one text's way).
 *
 * It promises:
 *  - however often shopd asks for the same text within SMS_SAME_MS, or while it is on its way, it
 *    is one text.
 *  - of one alarm, a person gets "over" after "raised", never before. "Raised" that is stuck when
 *    the alarm ends is dropped: "over" says all that is left to say.
 *  - what sms_enough() has cancelled does not leave, unless it was on its way already.
 *  - a notice never takes an alarm's place, nor its turn.
 *  - nobody waits for somebody else: each text has its own clock, the gravest goes first, and the
 *    slow ones use at most half of the requests that may fly.
 *  - when there is no room left, the least grave and oldest that waits gives way, and shopd hears
 *    that it is stuck.
 *
 * A text that is done keeps its place until another needs it: so the same name is known again, and
 * what shopd may not have heard can be said again.
 */
#include "courierd/sms.h"

#include <string.h>

#include "courierd/sms_parts.h"

enum {
	AWAITED_MS = 7200000, /* an answer comes within two hours, or the ladder has told again */
	RETOLD_MS = 900000,   /* what is older shopd has heard, or needs no more */
};

void sms_init(struct sms *s, struct mono now, uint32_t roads, uint32_t contacts, uint64_t seed)
{
	CHECK(contacts > 0 && contacts <= CONTACTS_MAX);
	memset(s, 0, sizeof(*s));
	roads_init(&s->roads, now, roads);
	s->contacts = contacts;
	s->random = seed;
}

/* ---- names ---- */

static bool name_is(const struct sms_name *a, const struct sms_name *b)
{
	return a->alarm == b->alarm && a->kind == b->kind && a->contact == b->contact;
}

static struct sms_text *text_find(struct sms *s, const struct sms_name *name)
{
	for (uint32_t i = 0; i < SMS_TEXTS_MAX; i++)
		if (name_is(&s->text[i].name, name))
			return &s->text[i];
	return NULL;
}

static const struct sms_text *text_of(const struct sms *s, const struct sms_text *t,
				      enum text_kind kind)
{
	struct sms_name name = {t->name.alarm, kind, t->name.contact};

	for (uint32_t i = 0; i < SMS_TEXTS_MAX; i++)
		if (name_is(&s->text[i].name, &name))
			return &s->text[i];
	return NULL;
}

/** Whether its person is just hearing of the alarm for the first time. */
static bool text_under_way(const struct sms *s, const struct sms_text *t)
{
	return t != NULL && (text_flies(t) > 0 || (text_waits(s, t) && !t->stuck));
}

bool text_blocked(const struct sms *s, const struct sms_text *t)
{
	if ((t->name.kind != TEXT_OVER && t->name.kind != TEXT_TAKEN) || text_is_notice(t))
		return false;
	return text_under_way(s, text_of(s, t, TEXT_RAISED)) ||
	       text_under_way(s, text_of(s, t, TEXT_GROUP));
}

void text_give_way(struct sms *s, struct sms_text *t)
{
	if (t->name.kind == TEXT_RAISED && t->stuck && text_waits(s, t) &&
	    text_of(s, t, TEXT_OVER) != NULL)
		t->enough = true;
}

/* ---- reports ---- */

/** What shopd can be told of a text by now. */
static bool text_report(const struct sms_text *t, struct sms_report *ret)
{
	uint32_t texts = t->left + t->doubted;

	*ret = (struct sms_report){
		.name = t->name, .road = t->road, .texts = texts < 2 ? texts : 2};
	if (t->name.alarm == 0 || text_is_notice(t))
		return false;
	if (t->delivered)
		ret->outcome = TEXT_DELIVERED;
	else if (t->left > t->fails || (t->left > 0 && t->second_at.ms != MONO_NEVER.ms))
		ret->outcome = TEXT_LEFT;
	else
		ret->outcome = TEXT_STUCK;
	return t->left > 0 || t->stuck;
}

static bool report_is(const struct sms_report *a, const struct sms_report *b)
{
	return name_is(&a->name, &b->name) && a->outcome == b->outcome && a->texts == b->texts &&
	       (a->outcome == TEXT_STUCK || a->road == b->road);
}

static void give_up(struct sms *s, const struct sms_report *report)
{
	if (s->given_up_count == SMS_GIVEN_UP_MAX) { /* shopd has been away for long */
		memmove(&s->given_up[0], &s->given_up[1],
			sizeof(s->given_up) - sizeof(s->given_up[0]));
		s->given_up_count--;
	}
	s->given_up[s->given_up_count++] = *report;
}

bool sms_report(const struct sms *s, struct sms_report *ret)
{
	if (s->given_up_count > 0) {
		*ret = s->given_up[0];
		return true;
	}
	for (uint32_t i = 0; i < SMS_TEXTS_MAX; i++)
		if (text_report(&s->text[i], ret) && !report_is(ret, &s->text[i].told))
			return true;
	return false;
}

void sms_reported(struct sms *s, const struct sms_report *report)
{
	struct sms_text *t = text_find(s, &report->name);

	if (s->given_up_count > 0 && report_is(report, &s->given_up[0])) {
		s->given_up_count--;
		memmove(&s->given_up[0], &s->given_up[1],
			s->given_up_count * sizeof(s->given_up[0]));
		return;
	}
	if (t != NULL)
		t->told = *report;
}

void sms_untold(struct sms *s, struct mono now)
{
	roads_untold(&s->roads);
	for (uint32_t i = 0; i < SMS_TEXTS_MAX; i++) {
		struct sms_text *t = &s->text[i];
		struct mono at = t->left > 0 ? t->left_at : now;

		if (!mono_due(now, mono_add(at, RETOLD_MS)))
			t->told = (struct sms_report){.name = {.alarm = 0}};
	}
}

/* ---- alarms that wait for an answer ---- */

void sms_awaited(struct sms *s, struct mono now, const struct sms_text *t)
{
	struct sms_awaited *place = &s->awaited[0];

	if (text_is_notice(t) || t->enough ||
	    (t->name.kind != TEXT_RAISED && t->name.kind != TEXT_GROUP))
		return;
	for (uint32_t i = 0; i < SMS_AWAITED_MAX; i++) {
		if (s->awaited[i].alarm == t->name.alarm) {
			place = &s->awaited[i];
			break;
		}
		if (s->awaited[i].until.ms < place->until.ms)
			place = &s->awaited[i];
	}
	*place = (struct sms_awaited){t->name.alarm, mono_add(now, AWAITED_MS)};
}

bool sms_awaits(const struct sms *s, struct mono now)
{
	for (uint32_t i = 0; i < SMS_AWAITED_MAX; i++)
		if (s->awaited[i].alarm != 0 && !mono_due(now, s->awaited[i].until))
			return true;
	return false;
}

void sms_enough(struct sms *s, uint64_t alarm)
{
	for (uint32_t i = 0; i < SMS_TEXTS_MAX; i++) {
		struct sms_text *t = &s->text[i];

		/* of the others that a group tells of shopd asks anew */
		if (t->name.alarm != alarm ||
		    (t->name.kind != TEXT_RAISED && t->name.kind != TEXT_GROUP))
			continue;
		t->enough = true;
		t->second_at = MONO_NEVER;
	}
	for (uint32_t i = 0; i < SMS_AWAITED_MAX; i++)
		if (s->awaited[i].alarm == alarm)
			s->awaited[i] = (struct sms_awaited){.alarm = 0};
}

/* ---- room ---- */

/** How readily a text gives its place away. */
enum room {
	ROOM_FREE = 0,
	ROOM_DONE = 1, /* nothing more happens to it, and shopd knows */
	ROOM_LEFT = 2, /* it has left; only what became of it is not known */
	ROOM_WAITS = 3,
	ROOM_NONE = 4, /* it is on its way at this moment */
};

static enum room text_room(const struct sms *s, const struct sms_text *t)
{
	struct sms_report report;

	if (t->name.alarm == 0)
		return ROOM_FREE;
	if (t->asking || text_flies(t) > 0)
		return ROOM_NONE;
	if (text_waits(s, t))
		return ROOM_WAITS;
	if (t->ask_at.ms != MONO_NEVER.ms || t->second_at.ms != MONO_NEVER.ms)
		return ROOM_LEFT;
	return text_report(t, &report) && !report_is(&report, &t->told) ? ROOM_LEFT : ROOM_DONE;
}

/** Whether `a` should go rather than `b`, which gives its place as readily. */
static bool sooner_gone(enum room room, const struct sms_text *a, const struct sms_text *b)
{
	if (room == ROOM_WAITS && a->severity != b->severity)
		return a->severity < b->severity;
	return a->taken_at.ms < b->taken_at.ms;
}

/** Makes room for `fresh`: a free place, or the one that can be missed most easily. NULL when all
 * that waits is graver, or would have to give up more than `most`. */
static struct sms_text *room_make(struct sms *s, const struct sms_text *fresh, enum room most)
{
	struct sms_text *place = NULL;
	enum room least = ROOM_NONE;
	struct sms_report report;

	for (uint32_t i = 0; i < SMS_TEXTS_MAX; i++) {
		struct sms_text *t = &s->text[i];
		enum room room = text_room(s, t);

		if (room < least ||
		    (room == least && place != NULL && sooner_gone(room, t, place))) {
			place = t;
			least = room;
		}
	}
	if (place == NULL || least > most ||
	    (least == ROOM_WAITS && place->severity > fresh->severity))
		return NULL;
	if (least >= ROOM_LEFT && !text_is_notice(place)) {
		bool known = text_report(place, &report);

		if (least == ROOM_WAITS)
			report.outcome = TEXT_STUCK;
		if ((known || least == ROOM_WAITS) && !report_is(&report, &place->told))
			give_up(s, &report);
	}
	return place;
}

/* ---- texts come in ---- */

static void words_keep(struct sms_text *t, const char *words)
{
	size_t len = strnlen(words, SMS_TEXT_MAX);

	memcpy(t->words, words, len);
	t->words[len] = '\0';
}

/** shopd asks for a text that is known: in its newest words, as long as none of it has left. */
static void text_again(struct sms *s, struct mono now, struct sms_text *t, const char *words,
		       bool again)
{
	t->told = (struct sms_report){.name = {.alarm = 0}};
	if (t->left + t->doubted + text_flies(t) == 0)
		words_keep(t, words);
	if (text_waits(s, t))
		text_hurry(t, now);
	if (again && !t->enough && t->doubted == 0 && t->left < 2 && roads_both(&s->roads))
		text_both(t, now);
}

bool sms_take(struct sms *s, struct mono now, const struct sms_order *order)
{
	struct sms_text fresh = {.name = order->name, .severity = order->severity, .taken_at = now};
	struct sms_text *t = text_find(s, &order->name);
	const struct sms_text *raised;

	CHECK(order->name.alarm != 0 && order->name.contact < s->contacts);
	if (t != NULL && (text_waits(s, t) || text_flies(t) > 0 || t->asking ||
			  !mono_due(now, mono_add(t->taken_at, SMS_SAME_MS)))) {
		text_again(s, now, t, order->words, order->again);
		return true;
	}
	if (t == NULL)
		t = room_make(s, &fresh, ROOM_WAITS);
	if (t == NULL) {
		give_up(s, &(struct sms_report){.name = order->name, .outcome = TEXT_STUCK});
		return false;
	}
	words_keep(&fresh, order->words);
	text_begin(s, now, &fresh, order->prove);
	*t = fresh;
	raised = order->name.kind == TEXT_OVER ? text_of(s, t, TEXT_RAISED) : NULL;
	if (raised != NULL)
		text_give_way(s, &s->text[raised - s->text]);
	return true;
}

bool sms_notice(struct sms *s, struct mono now, uint32_t contact, const char *words)
{
	struct sms_text fresh = {.name = {.contact = contact}, .taken_at = now};
	struct sms_text *place;
	uint32_t notices = 0;

	CHECK(contact < s->contacts);
	for (uint32_t i = 0; i < SMS_TEXTS_MAX; i++) {
		const struct sms_text *t = &s->text[i];

		if (!text_is_notice(t) || !text_waits(s, t))
			continue;
		notices++;
		if (t->name.contact == contact && strncmp(t->words, words, SMS_TEXT_MAX) == 0)
			return true;
	}
	place = notices < SMS_NOTICES_MAX ? room_make(s, &fresh, ROOM_DONE) : NULL;
	if (place == NULL)
		return false;
	fresh.name.alarm = SMS_NOTICE | ++s->notices;
	words_keep(&fresh, words);
	text_begin(s, now, &fresh, false);
	*place = fresh;
	return true;
}
