/*
 * ladder_places.c: the six texts that one person gets in an hour, and what became of each.
 *
 * A place is held from the moment when a text is asked for: one that waits for a road may leave at
 * any time. An hour runs from when it left. What need not leave any more gives its place back an
 * hour after that was said, for it may just have left.
 *
 * What courierd says is written down once for each text and outcome, however often it is said.
 */
#include "core/ladder_parts.h"

#include <string.h>

#include "core/alarm_rules.h"

/* --- places
 * ------------------------------------------------------------------------------------ */

/* Whether one counted place is more than `severity` may use up to. */
static uint32_t most(enum severity severity)
{
	return TEXTS_AN_HOUR - (SEVERITIES - 1) + (uint32_t)severity;
}

static struct mono freed(const struct ladder_sent *sent)
{
	/* one more millisecond: an hour that begins and ends with a text has but six */
	return sent->pending ? MONO_NEVER : mono_add(sent->at, LADDER_HOUR_MS + 1);
}

bool places_free(const struct ladder_contact *c, enum severity severity, struct mono *ret)
{
	*ret = MONO_NEVER;
	if (c->count < most(severity))
		return true;
	for (uint32_t i = 0; i < c->count; i++)
		*ret = mono_min(*ret, freed(&c->sent[i]));
	return false;
}

bool places_gravest(const struct ladder_contact *c, enum severity severity)
{
	for (uint32_t i = 0; i < c->count; i++)
		if (c->sent[i].severity >= severity)
			return false;
	return true;
}

static void give_back(struct ladder_contact *c, uint32_t i)
{
	c->count--;
	for (; i < c->count; i++)
		c->sent[i] = c->sent[i + 1];
}

/* courierd's own copies may have taken the last place: then the first one to be free is shared. */
static void make_room(struct ladder_contact *c)
{
	uint32_t first = 0;

	if (c->count < TEXTS_AN_HOUR)
		return;
	for (uint32_t i = 1; i < c->count; i++)
		if (freed(&c->sent[i]).ms < freed(&c->sent[first]).ms)
			first = i;
	give_back(c, first);
}

struct ladder_sent *places_take(struct ladder_contact *c, const struct ladder_sent *sent)
{
	make_room(c);
	c->sent[c->count] = *sent;
	return &c->sent[c->count++];
}

struct ladder_sent *places_find(struct ladder_contact *c, struct alarm_id alarm,
				enum text_kind kind)
{
	for (uint32_t i = c->count; i > 0; i--) { /* the newest */
		struct ladder_sent *sent = &c->sent[i - 1];

		if (sent->alarm.n == alarm.n && sent->kind == kind && !sent->again && !sent->extra)
			return sent;
	}
	return NULL;
}

bool places_waits(struct ladder *l, uint32_t contact, const struct alarm *alarm)
{
	struct ladder_contact *c = &l->told[contact];
	struct alarm_id first = alarm->call.group[contact];
	const struct ladder_sent *sent = places_find(c, alarm->id, TEXT_RAISED);

	if (sent && sent->pending)
		return true;
	sent = first.n != 0 ? places_find(c, first, TEXT_GROUP) : NULL;
	return sent && sent->pending;
}

/* --- what need not leave any more
 * ------------------------------------------------------------------------------------ */

/* Those of the group that nobody has answered are owed a text of their own again. */
static void part_group(struct step *s, uint32_t contact, struct alarm_id first)
{
	struct alarms *a = &s->shop->alarms;

	for (uint32_t i = 0; i < a->count; i++) {
		struct ladder_call *call = &a->alarm[i].call;

		if (call->group[contact].n != first.n || !ladder_calls(&a->alarm[i]))
			continue;
		call->group[contact].n = 0;
		call->owed[TEXT_RAISED] |= ladder_bit(contact);
	}
}

/* courierd was told that it is enough about this alarm: it drops what waited. */
static bool is_dropped(struct step *s, const struct ladder_sent *sent)
{
	const struct alarm *alarm = alarm_named(&s->shop->alarms, sent->alarm);

	if (!alarm)
		return true;
	return (sent->kind == TEXT_RAISED || sent->kind == TEXT_GROUP) && !ladder_calls(alarm);
}

/* Nobody remembers what it is about: courierd shall not either. */
static bool is_forgotten(struct step *s, const struct ladder_sent *sent)
{
	return alarm_named(&s->shop->alarms, sent->alarm) == NULL;
}

static void sent_time(struct step *s, uint32_t contact, struct ladder_sent *sent)
{
	if (!sent->pending || !is_dropped(s, sent))
		return;
	if (is_forgotten(s, sent)) {
		if (!step_room(s, 1))
			return;
		step_now(s, EFFECT_ENOUGH)->enough.alarm = sent->alarm;
	}
	sent->pending = sent->stuck = false;
	sent->at = s->now->mono;
	sent->ask_again = MONO_NEVER;
	if (sent->kind == TEXT_GROUP)
		part_group(s, contact, sent->alarm);
}

void places_time(struct step *s)
{
	struct ladder *l = &s->shop->ladder;

	for (uint32_t i = 0; i < l->contacts; i++) {
		struct ladder_contact *c = &l->told[i];

		for (uint32_t k = 0; k < c->count;) {
			sent_time(s, i, &c->sent[k]);
			if (mono_due(s->now->mono, freed(&c->sent[k])))
				give_back(c, k);
			else
				k++;
		}
	}
}

/* --- what courierd says
 * ------------------------------------------------------------------------------------ */

/* Whether this was not said of it before. */
static bool is_news(struct ladder_sent *sent, const struct event_notified *e)
{
	uint32_t texts = e->texts < SMS_ROADS ? e->texts : SMS_ROADS;
	uint16_t said = (uint16_t)(1U << ((uint32_t)e->outcome * (SMS_ROADS + 1) + texts));
	bool news = !(sent->seen & said);

	sent->seen |= said;
	return news;
}

static void write_told(struct step *s, const struct event_notified *e)
{
	struct entry_told *row = &step_fact(s, ENTRY_TOLD)->told;

	row->alarm = e->alarm;
	row->kind = e->kind;
	row->outcome = e->outcome;
	row->road = e->road;
	row->texts = e->texts < SMS_ROADS ? e->texts : SMS_ROADS;
	row->contact = step_place(e->contact);
}

/* No text about it has left for anybody, and none is on its way that might. */
static bool all_stuck(const struct ladder *l, const struct alarm *alarm, enum text_kind kind)
{
	if (alarm->call.told != 0 && (kind == TEXT_RAISED || kind == TEXT_GROUP))
		return false;
	for (uint32_t i = 0; i < l->contacts; i++)
		for (uint32_t k = 0; k < l->told[i].count; k++) {
			const struct ladder_sent *sent = &l->told[i].sent[k];

			if (sent->alarm.n == alarm->id.n && sent->kind == kind && !sent->stuck &&
			    !sent->again && !sent->extra)
				return false;
		}
	return true;
}

static void text_stuck(struct step *s, const struct alarm *alarm, struct ladder_sent *sent)
{
	if (!sent->pending)
		return;
	sent->stuck = true;
	sent->ask_again = mono_add(s->now->mono, LADDER_RETRY_MS);
	if (all_stuck(&s->shop->ladder, alarm, sent->kind))
		alarm_raise(s, CONDITION_SMS_FAILING, NULL, s->now->mono);
}

/* A road takes texts again: what it refused meanwhile is asked for again. */
static void road_is_back(struct step *s)
{
	struct ladder *l = &s->shop->ladder;

	alarm_clear(s, CONDITION_SMS_FAILING, NULL);
	for (uint32_t i = 0; i < l->contacts; i++)
		for (uint32_t k = 0; k < l->told[i].count; k++)
			if (l->told[i].sent[k].stuck)
				l->told[i].sent[k].ask_again = s->now->mono;
}

/* Both roads took it: the copy has a place too, which was held for it or is taken now. */
static void copy_left(struct step *s, struct ladder_contact *c, const struct ladder_sent *sent)
{
	struct ladder_sent copy = *sent;

	for (uint32_t k = 0; k < c->count; k++)
		if (c->sent[k].again && c->sent[k].alarm.n == sent->alarm.n) {
			c->sent[k].at = s->now->mono;
			return;
		}
	copy.extra = true;
	copy.at = s->now->mono;
	places_take(c, &copy);
}

/* Who was told hears of the end too, also when that came while the text was in the air. */
static void told(struct alarm *alarm, uint32_t contact, bool answered_it)
{
	const struct alarm_rule *rule = alarm_rule(alarm->condition);
	struct ladder_call *call = &alarm->call;
	uint16_t bit = ladder_bit(contact);

	if (call->told & bit)
		return;
	call->told |= bit;
	if (!alarm->active && rule->ends_cleared)
		call->owed[TEXT_OVER] |= bit;
	else if (alarm->acknowledged && !answered_it)
		call->owed[TEXT_TAKEN] |= bit;
}

static void group_told(struct alarms *a, uint32_t contact, struct alarm_id first, const char *who)
{
	for (uint32_t i = 0; i < a->count; i++)
		if (a->alarm[i].call.group[contact].n == first.n)
			told(&a->alarm[i], contact, strcmp(a->alarm[i].by, who) == 0);
	for (uint32_t i = 0; i < a->pasts; i++)
		if (a->past[i].call.group[contact].n == first.n)
			told(&a->past[i], contact, strcmp(a->past[i].by, who) == 0);
}

static void text_left(struct step *s, struct alarm *alarm, uint32_t contact,
		      struct ladder_sent *sent, const struct event_notified *e)
{
	struct ladder *l = &s->shop->ladder;
	const char *who = l->contact[contact].name;
	bool copied = e->texts > 1 && sent->texts <= 1;

	if (e->texts > sent->texts)
		sent->texts = e->texts;
	sent->ask_again = MONO_NEVER;
	if (sent->pending)
		sent->at = s->now->mono;
	sent->pending = sent->stuck = false;
	if (copied)
		copy_left(s, &l->told[contact], sent);
	if (e->kind == TEXT_RAISED)
		told(alarm, contact, strcmp(alarm->by, who) == 0);
	else if (e->kind == TEXT_GROUP)
		group_told(&s->shop->alarms, contact, alarm->id, who);
	if (alarm_find(&s->shop->alarms, CONDITION_SMS_FAILING, NULL))
		road_is_back(s);
}

/* A text that we know nothing of any more: from before a restart, or of more than an hour ago. */
static struct ladder_sent *unknown_text(struct step *s, struct ladder_contact *c,
					const struct alarm *alarm, enum text_kind kind)
{
	struct ladder_sent sent = {.at = s->now->mono,
				   .severity = alarm->severity,
				   .alarm = alarm->id,
				   .kind = kind,
				   .count = 1,
				   .ask_again = MONO_NEVER};

	return c->count < TEXTS_AN_HOUR ? places_take(c, &sent) : NULL;
}

void ladder_notified(struct step *s, const struct event_notified *e)
{
	struct ladder *l = &s->shop->ladder;
	struct alarm *alarm = alarm_named(&s->shop->alarms, e->alarm);
	uint32_t contact = ladder_contact(l, e->contact);
	struct ladder_sent *sent;

	if (!alarm || contact == CONTACTS_MAX || alarm_rule(alarm->condition)->silent ||
	    (uint32_t)e->kind >= TEXT_KINDS || (uint32_t)e->outcome >= TEXT_OUTCOMES ||
	    (uint32_t)e->road >= SMS_ROADS)
		return;
	sent = places_find(&l->told[contact], e->alarm, e->kind);
	/* a phone that was off for a day gets its texts now, and yesterday's places are free */
	if (!sent && e->outcome != TEXT_DELIVERED)
		sent = unknown_text(s, &l->told[contact], alarm, e->kind);
	if (!sent)
		return;
	if (is_news(sent, e))
		write_told(s, e);
	if (e->outcome == TEXT_STUCK)
		text_stuck(s, alarm, sent);
	else
		text_left(s, alarm, contact, sent, e);
}
