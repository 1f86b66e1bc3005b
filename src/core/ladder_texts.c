/*
 * ladder_texts.c: which text to whom, now (ladder.h).
 *
 * Each person is served by themselves: first what was raised, the gravest first; then what is over,
 * then what somebody else has taken. The first texts of an hour leave at once and one by one; after
 * LADDER_SINGLES of them what comes within LADDER_GATHER_MS of the last one waits that long and is
 * told together. What is graver than all that was sent in the hour waits for nothing.
 */
#include "core/ladder_parts.h"

#include <string.h>

#include "core/sensor.h"

/* What one contact is owed of one kind and may be told now. */
struct owed {
	uint32_t count;
	struct alarm *first; /* the gravest, and of those the oldest */
};

static bool has_room(const struct step *s)
{
	return s->effects->nows < EFFECTS_NOW_MAX;
}

/* --- one text
 * ------------------------------------------------------------------------------------ */

static uint32_t open_s(const struct step *s, const struct alarm *alarm)
{
	int64_t so_far_ms = s->now->mono.ms - alarm->since_mono.ms;

	if (alarm->condition != CONDITION_HELD_OPEN)
		return 0;
	return alarm->active && so_far_ms > 0 ? (uint32_t)(so_far_ms / 1000) : alarm->open_s;
}

static void say(struct step *s, uint32_t contact, const struct ladder_sent *sent,
		const struct alarm *alarm)
{
	const struct shop *shop = s->shop;
	struct effect_notify *n = &step_now(s, EFFECT_NOTIFY)->notify;

	memcpy(n->contact, shop->ladder.contact[contact].name, sizeof(n->contact));
	n->kind = sent->kind;
	n->again = sent->again;
	n->count = sent->count;
	n->alarm = alarm->id;
	n->code = alarm->code;
	n->condition = alarm->condition;
	n->place = alarm->place;
	n->severity = alarm->severity;
	n->at = alarm->raised_at;
	if (sent->kind == TEXT_OVER)
		n->at = alarm->cleared_at;
	if (sent->kind == TEXT_TAKEN) {
		n->at = s->now->wall;
		memcpy(n->by, alarm->by, sizeof(n->by));
	}
	n->open_s = open_s(s, alarm);
	n->value_known = sensors_value(&shop->sensors, &shop->config, alarm->condition,
				       &alarm->place, &n->value);
}

/* Holds a place for it, and asks. */
static void ask(struct step *s, uint32_t contact, enum text_kind kind, const struct alarm *alarm,
		uint32_t count)
{
	struct ladder_contact *c = &s->shop->ladder.told[contact];
	struct ladder_sent sent = {.at = s->now->mono,
				   .severity = alarm->severity,
				   .alarm = alarm->id,
				   .kind = kind,
				   .count = count,
				   .pending = true,
				   .ask_again = MONO_NEVER};

	c->asked_at = s->now->mono;
	say(s, contact, places_take(c, &sent), alarm);
}

/* --- what is owed
 * ------------------------------------------------------------------------------------ */

static bool is_owed(struct step *s, const struct alarm *alarm, uint32_t contact,
		    enum text_kind kind, struct mono *wait)
{
	struct mono quiet_end;

	if (!(alarm->call.owed[kind] & ladder_bit(contact)))
		return false;
	if (!ladder_quiet(s, alarm->severity, &quiet_end))
		return true;
	*wait = mono_min(*wait, quiet_end);
	return false;
}

static void add(struct owed *o, struct alarm *alarm)
{
	if (o->count++ == 0 || alarm->severity > o->first->severity ||
	    (alarm->severity == o->first->severity && alarm->id.n < o->first->id.n))
		o->first = alarm;
}

static struct owed owed_to(struct step *s, uint32_t contact, enum text_kind kind, struct mono *wait)
{
	struct alarms *a = &s->shop->alarms;
	struct owed o = {0};

	for (uint32_t i = 0; i < a->count; i++)
		if (is_owed(s, &a->alarm[i], contact, kind, wait))
			add(&o, &a->alarm[i]);
	for (uint32_t i = 0; i < a->pasts; i++)
		if (is_owed(s, &a->past[i], contact, kind, wait))
			add(&o, &a->past[i]);
	return o;
}

static void asked(struct step *s, struct alarm *alarm, uint32_t contact, enum text_kind kind,
		  struct alarm_id group)
{
	alarm->call.owed[kind] &= (uint16_t) ~(1U << contact);
	if (kind != TEXT_RAISED)
		return;
	alarm->call.group[contact] = group;
	ladder_called(s, alarm, contact, group.n == 0);
}

static void ask_alone(struct step *s, uint32_t contact, enum text_kind kind, struct alarm *alarm)
{
	asked(s, alarm, contact, kind, (struct alarm_id){0});
	ask(s, contact, kind, alarm, 1);
}

/* All that is owed of this kind, in one text that names the first. */
static void ask_together(struct step *s, uint32_t contact, enum text_kind kind, struct owed o)
{
	struct alarms *a = &s->shop->alarms;
	struct alarm_id first = o.first->id;
	struct mono wait = MONO_NEVER;

	for (uint32_t i = 0; i < a->count; i++)
		if (is_owed(s, &a->alarm[i], contact, kind, &wait))
			asked(s, &a->alarm[i], contact, kind, first);
	for (uint32_t i = 0; i < a->pasts; i++)
		if (is_owed(s, &a->past[i], contact, kind, &wait))
			asked(s, &a->past[i], contact, kind, first);
	ask(s, contact, kind == TEXT_RAISED ? TEXT_GROUP : kind, o.first, o.count);
}

/* Whether it waits for what may come with it. */
static bool is_gathered(const struct step *s, const struct ladder_contact *c, struct mono *wait)
{
	struct mono end = mono_add(c->asked_at, LADDER_GATHER_MS);

	if (c->count < LADDER_SINGLES || mono_due(s->now->mono, end))
		return true;
	*wait = mono_min(*wait, end);
	return false;
}

/* One text of this kind; false when none may leave now. `wait`: until when, at most. */
static bool serve_one(struct step *s, uint32_t contact, enum text_kind kind, struct mono *wait)
{
	const struct ladder_contact *c = &s->shop->ladder.told[contact];
	struct owed o = owed_to(s, contact, kind, wait);
	struct mono freed;

	if (o.count == 0)
		return false;
	if (!has_room(s)) {
		*wait = s->now->mono;
		return false;
	}
	if (kind == TEXT_RAISED && places_gravest(c, o.first->severity)) {
		ask_alone(s, contact, kind, o.first);
		return true;
	}
	if (!places_free(c, o.first->severity, &freed)) {
		*wait = mono_min(*wait, freed);
		return false;
	}
	if (!is_gathered(s, c, wait))
		return false;
	if (o.count > 1 && c->count >= LADDER_SINGLES)
		ask_together(s, contact, kind, o);
	else
		ask_alone(s, contact, kind, o.first);
	return true;
}

/* --- once more
 * ------------------------------------------------------------------------------------ */

/* courierd was away, or no road took it: the very same text, which has its place. */
static void ask_again(struct step *s, uint32_t contact, struct mono *wait)
{
	struct ladder_contact *c = &s->shop->ladder.told[contact];

	for (uint32_t i = 0; i < c->count; i++) {
		struct ladder_sent *sent = &c->sent[i];
		const struct alarm *alarm = alarm_named(&s->shop->alarms, sent->alarm);

		if (!sent->pending || !mono_due(s->now->mono, sent->ask_again) || !has_room(s)) {
			*wait = mono_min(*wait, sent->pending ? sent->ask_again : MONO_NEVER);
			continue;
		}
		sent->ask_again = MONO_NEVER;
		if (alarm)
			say(s, contact, sent, alarm);
	}
}

static uint32_t roads(const struct ladder *l)
{
	return (l->roads >> SMS_BY_GATEWAY & 1) + (l->roads >> SMS_BY_MODEM & 1);
}

/* Nobody has answered an emergency: the text that one road took may have been lost there. */
static void other_road(struct step *s, struct alarm *alarm)
{
	struct ladder *l = &s->shop->ladder;
	struct ladder_call *call = &alarm->call;
	struct mono freed;

	if (!mono_due(s->now->mono, call->again_due))
		return;
	for (uint32_t i = 0; i < l->contacts && roads(l) > 1; i++) {
		const struct ladder_sent *first = places_find(&l->told[i], alarm->id, TEXT_RAISED);
		struct ladder_sent copy = {.at = s->now->mono,
					   .severity = alarm->severity,
					   .alarm = alarm->id,
					   .kind = TEXT_RAISED,
					   .count = 1,
					   .again = true,
					   .ask_again = MONO_NEVER};

		if (!(call->again & ladder_bit(i)) || !first || first->pending || !has_room(s))
			continue; /* what has not left yet has both roads before it still */
		if (places_free(&l->told[i], alarm->severity, &freed))
			say(s, i, places_take(&l->told[i], &copy), alarm);
	}
	call->again = 0;
	call->again_due = MONO_NEVER;
}

/* Whom anything is owed to, by kind: mostly nobody. */
static void all_owed(const struct alarms *a, uint16_t owed[LADDER_OWED])
{
	for (uint32_t k = 0; k < LADDER_OWED; k++) {
		for (uint32_t i = 0; i < a->count; i++)
			owed[k] |= a->alarm[i].call.owed[k];
		for (uint32_t i = 0; i < a->pasts; i++)
			owed[k] |= a->past[i].call.owed[k];
	}
}

struct mono texts_serve(struct step *s)
{
	static const enum text_kind kinds[LADDER_OWED] = {TEXT_RAISED, TEXT_OVER, TEXT_TAKEN};
	struct alarms *a = &s->shop->alarms;
	struct mono wait = MONO_NEVER;
	uint16_t owed[LADDER_OWED] = {0};

	if (s->shop->stopped)
		return wait;
	all_owed(a, owed);
	for (uint32_t i = 0; i < s->shop->ladder.contacts; i++) {
		ask_again(s, i, &wait);
		for (uint32_t k = 0; k < ARRAY_LEN(kinds); k++)
			while ((owed[k] & ladder_bit(i)) && serve_one(s, i, kinds[k], &wait))
				;
	}
	for (uint32_t i = 0; i < a->count; i++)
		if (ladder_calls(&a->alarm[i]))
			other_road(s, &a->alarm[i]);
	return wait;
}
