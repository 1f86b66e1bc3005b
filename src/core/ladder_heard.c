/*
 * ladder_heard.c: what courierd says of people: who is to be told, and what they answer.
 *
 * Names are all that is known of them here. Whoever is named again stays who they were: what they
 * were told holds, and so do their places in the hour.
 *
 * A reply answers for the alarm whose code it holds, and for those that the same text told of:
 * their codes were told to nobody. It opens no door and asks no other question. An old code has no
 * effect, nor has one that is none; whoever sends five of those is not heard for the rest of the
 * hour, so that nobody can guess.
 */
#include <string.h>

#include "core/ladder_parts.h"

/* --- the contacts
 * ------------------------------------------------------------------------------------ */

static bool is_contact(const struct ladder *l, const struct contact *c)
{
	return c->name[0] != '\0' && memchr(c->name, '\0', sizeof(c->name)) && c->step > 0 &&
	       c->step <= CONTACTS_MAX && (uint32_t)c->role < CONTACT_ROLES &&
	       (uint32_t)c->least < SEVERITIES && ladder_contact(l, c->name) == CONTACTS_MAX;
}

static uint16_t moved(uint16_t set, const uint32_t to[CONTACTS_MAX])
{
	uint16_t ret = 0;

	for (uint32_t i = 0; i < CONTACTS_MAX; i++)
		if ((set & ladder_bit(i)) && to[i] < CONTACTS_MAX)
			ret |= ladder_bit(to[i]);
	return ret;
}

/* Contact i stands at to[i] now. */
static void move_call(struct ladder_call *call, const uint32_t to[CONTACTS_MAX])
{
	struct ladder_call old = *call;

	for (uint32_t k = 0; k < LADDER_OWED; k++)
		call->owed[k] = moved(old.owed[k], to);
	call->told = moved(old.told, to);
	call->again = moved(old.again, to);
	memset(call->group, 0, sizeof(call->group));
	for (uint32_t i = 0; i < CONTACTS_MAX; i++)
		if (to[i] < CONTACTS_MAX)
			call->group[to[i]] = old.group[i];
}

static struct ladder_sent sent_before(const struct step *s, const struct told_text *t)
{
	const struct alarm *alarm = alarm_named(&s->shop->alarms, t->told.alarm);
	int64_t ago_ms = s->now->wall.ms - t->at.ms;

	return (struct ladder_sent){.at = mono_add(s->now->mono, ago_ms > 0 ? -ago_ms : 0),
				    .severity = alarm ? alarm->severity : SEVERITY_URGENT,
				    .alarm = t->told.alarm,
				    .kind = t->told.kind,
				    .count = 1,
				    .extra = t->told.texts > 1,
				    .texts = t->told.texts,
				    .ask_again = MONO_NEVER};
}

/* That it was delivered, too, makes no second text of it. */
static void remember_text(struct step *s, const struct told_text *t)
{
	struct ladder *l = &s->shop->ladder;

	if (t->told.outcome != TEXT_LEFT || s->now->wall.ms - t->at.ms > LADDER_HOUR_MS ||
	    l->recalleds == LADDER_RECALLED_MAX)
		return;
	l->recalled[l->recalleds].contact = step_place(t->told.contact.name);
	l->recalled[l->recalleds++].sent = sent_before(s, t);
}

void ladder_remember(struct step *s, const struct remembered *r)
{
	for (uint32_t i = 0; i < r->tolds; i++)
		remember_text(s, &r->told[i]);
}

/* What they were told before the restart, now that they are known. */
static void recall_contacts(struct ladder *l)
{
	for (uint32_t i = 0; i < l->recalleds; i++) {
		uint32_t contact = ladder_contact(l, l->recalled[i].contact.name);

		if (contact < CONTACTS_MAX && l->told[contact].count < TEXTS_AN_HOUR)
			places_take(&l->told[contact], &l->recalled[i].sent);
	}
	l->recalleds = 0;
}

static bool was_told(const struct ladder_contact *c, struct alarm_id alarm)
{
	for (uint32_t i = 0; i < c->count; i++)
		if (c->sent[i].alarm.n == alarm.n &&
		    (c->sent[i].kind == TEXT_RAISED || c->sent[i].kind == TEXT_GROUP))
			return true;
	return false;
}

/* Who was told of it in the hour before a restart, or has answered it. */
static void told_before(const struct ladder *l, struct alarm *alarm)
{
	for (uint32_t i = 0; i < l->contacts; i++)
		if (was_told(&l->told[i], alarm->id) || strcmp(alarm->by, l->contact[i].name) == 0)
			alarm->call.told |= ladder_bit(i);
}

/* Whether somebody who is a contact now was told, or will be. */
static bool reaches_any(struct ladder *l, const struct alarm *alarm)
{
	bool any = (alarm->call.told | alarm->call.owed[TEXT_RAISED]) != 0;

	for (uint32_t i = 0; i < l->contacts && !any; i++)
		any = places_waits(l, i, alarm);
	return any;
}

static void take_contacts(struct ladder *l, const struct event_contacts *e,
			  uint32_t to[CONTACTS_MAX])
{
	struct ladder old = *l;

	l->contacts = 0;
	memset(l->contact, 0, sizeof(l->contact));
	memset(l->told, 0, sizeof(l->told));
	for (uint32_t i = 0; i < e->contacts && i < CONTACTS_MAX; i++)
		if (is_contact(l, &e->contact[i]))
			l->contact[l->contacts++] = e->contact[i];
	for (uint32_t i = 0; i < CONTACTS_MAX; i++) {
		to[i] = i < old.contacts ? ladder_contact(l, old.contact[i].name) : CONTACTS_MAX;
		if (to[i] < CONTACTS_MAX)
			l->told[to[i]] = old.told[i];
	}
	l->roads = e->roads;
}

/* courierd is here (again): it is asked for what has not left, and for what nobody was there for.
 */
void ladder_contacts(struct step *s, const struct event_contacts *e)
{
	struct ladder *l = &s->shop->ladder;
	struct alarms *a = &s->shop->alarms;
	uint32_t to[CONTACTS_MAX];
	bool first = l->contacts == 0;

	take_contacts(l, e, to);
	recall_contacts(l);
	for (uint32_t i = 0; i < a->count; i++) {
		move_call(&a->alarm[i].call, to);
		if (first)
			told_before(l, &a->alarm[i]);
		if (a->alarm[i].call.step != 0 && ladder_calls(&a->alarm[i]) &&
		    !reaches_any(l, &a->alarm[i]))
			ladder_anew(s, &a->alarm[i]);
		ladder_begins(s, &a->alarm[i]);
	}
	for (uint32_t i = 0; i < a->pasts; i++)
		move_call(&a->past[i].call, to);
	for (uint32_t i = 0; i < l->contacts; i++)
		for (uint32_t k = 0; k < l->told[i].count; k++)
			if (l->told[i].sent[k].pending)
				l->told[i].sent[k].ask_again = s->now->mono;
}

/* --- a reply
 * ------------------------------------------------------------------------------------ */

/* Whoever guesses codes is not heard for the rest of the hour. */
static bool is_heard(struct ladder_contact *c, struct mono now)
{
	if (c->guesses > 0 && mono_due(now, mono_add(c->guessed, LADDER_HOUR_MS)))
		c->guesses = 0;
	return c->guesses < LADDER_GUESSES;
}

static void guessed(struct step *s, uint32_t contact)
{
	struct ladder_contact *c = &s->shop->ladder.told[contact];
	struct place who = step_place(s->shop->ladder.contact[contact].name);

	if (c->guesses++ == 0)
		c->guessed = s->now->mono;
	step_log(s, &who, "a reply with no alarm's code%s",
		 c->guesses == LADDER_GUESSES ? ", no more are heard for an hour" : "");
}

/* The next alarm that one text has told this contact of, and nobody has answered. */
static struct alarm *told_together(struct alarms *a, uint32_t contact, struct alarm_id first)
{
	for (uint32_t i = 0; i < a->count; i++)
		if (!a->alarm[i].acknowledged && a->alarm[i].call.group[contact].n == first.n)
			return &a->alarm[i];
	return NULL;
}

static void answered_by(struct step *s, uint32_t contact, struct alarm *alarm)
{
	struct alarm_id first = alarm->id;
	struct place who = step_place(s->shop->ladder.contact[contact].name);

	step_log(s, &who, "a reply with the code of alarm %llu%s", (unsigned long long)first.n,
		 alarm->over	       ? ", which is over"
		 : alarm->acknowledged ? ", which is answered already"
				       : "");
	/* one that is over needs no answer; what else that text told of does */
	if (!alarm->over)
		alarm_answered(s, alarm, who.name);
	while ((alarm = told_together(&s->shop->alarms, contact, first)))
		alarm_answered(s, alarm, who.name);
}

void ladder_reply(struct step *s, const struct event_reply *e)
{
	struct ladder *l = &s->shop->ladder;
	uint32_t contact = ladder_contact(l, e->contact);
	struct alarm *alarm = alarm_of_code(&s->shop->alarms, e->code);

	if (contact == CONTACTS_MAX || !is_heard(&l->told[contact], s->now->mono))
		return;
	if (alarm)
		answered_by(s, contact, alarm);
	else
		guessed(s, contact);
}
