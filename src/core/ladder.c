/*
 * ladder.c: who is called about an alarm, and when the next one is (ladder.h).
 *
 * Who is off duty is passed over, unless nobody is on duty at all: then everybody is called. A
 * contact's `least` holds for all but an emergency. In the quiet hours what is less grave waits,
 * and so does its next step: nobody is woken for what another one slept through.
 *
 * A rehearsal has two steps of its own: the owners, whom it is for, and after rehearse_wait_ms
 * without an answer everybody else. It is told to each once.
 */
#include "core/ladder.h"

#include <string.h>

#include "core/alarm_rules.h"
#include "core/ladder_parts.h"

#define REHEARSAL_STEPS 2

void ladder_init(struct ladder *l)
{
	memset(l, 0, sizeof(*l));
	l->due = MONO_NEVER;
}

/* --- who stands where
 * ------------------------------------------------------------------------------------ */

uint32_t ladder_contact(const struct ladder *l, const char *name)
{
	for (uint32_t i = 0; i < l->contacts; i++)
		if (strncmp(l->contact[i].name, name, sizeof(l->contact[i].name)) == 0)
			return i;
	return CONTACTS_MAX;
}

static bool is_rehearsal(const struct alarm *alarm)
{
	return alarm->condition == CONDITION_REHEARSAL;
}

/* Those who may be called about it at all, now. */
static uint16_t callable(const struct step *s, const struct alarm *alarm)
{
	const struct ladder *l = &s->shop->ladder;
	uint16_t all = 0, duty = 0;

	for (uint32_t i = 0; i < l->contacts; i++) {
		const struct contact *c = &l->contact[i];

		if (alarm->severity < c->least && alarm->severity != SEVERITY_EMERGENCY &&
		    !is_rehearsal(alarm))
			continue;
		all |= ladder_bit(i);
		if (ladder_on_duty(c, s->now))
			duty |= ladder_bit(i);
	}
	return duty ? duty : all;
}

static uint8_t lowest_step(const struct ladder *l)
{
	uint8_t step = CONTACTS_MAX;

	for (uint32_t i = 0; i < l->contacts; i++)
		if (l->contact[i].step < step)
			step = l->contact[i].step;
	return step;
}

/* The owners; where there is none, who is called first. */
static bool is_rehearsed(const struct ladder *l, const struct contact *c)
{
	for (uint32_t i = 0; i < l->contacts; i++)
		if (l->contact[i].role == CONTACT_OWNER)
			return c->role == CONTACT_OWNER;
	return c->step == lowest_step(l);
}

static bool stands_on(const struct ladder *l, const struct contact *c, const struct alarm *alarm,
		      uint8_t step)
{
	if (is_rehearsal(alarm))
		return is_rehearsed(l, c) == (step == 1);
	return c->step == step;
}

/* All on this step who may be called. A rehearsal is for its owners at any hour: when it is, they
 * have said themselves. */
static uint16_t on_step(const struct step *s, const struct alarm *alarm, uint8_t step)
{
	const struct ladder *l = &s->shop->ladder;
	uint16_t may = is_rehearsal(alarm) ? UINT16_MAX : callable(s, alarm), set = 0;

	for (uint32_t i = 0; i < l->contacts; i++)
		if ((may & ladder_bit(i)) && stands_on(l, &l->contact[i], alarm, step))
			set |= ladder_bit(i);
	return set;
}

/* The first step above this one where somebody stands; 0: there is none. */
static uint8_t step_above(const struct step *s, const struct alarm *alarm, uint8_t step)
{
	if (is_rehearsal(alarm))
		return step < REHEARSAL_STEPS ? step + 1 : 0;
	while (++step <= CONTACTS_MAX)
		if (on_step(s, alarm, step))
			return step;
	return 0;
}

/* --- climbing
 * ------------------------------------------------------------------------------------ */

bool ladder_calls(const struct alarm *alarm)
{
	const struct alarm_rule *rule = alarm_rule(alarm->condition);

	return !rule->silent && !alarm->acknowledged && !alarm->over &&
	       (alarm->active || !rule->ends_cleared);
}

/* "After the last one the first again", each round twice as slowly. 0: there is no next step. */
static int64_t pause_ms(const struct step *s, const struct alarm *alarm)
{
	const struct ladder_config *c = &s->shop->config.ladder;
	int64_t pause = c->step_ms[alarm->severity];

	if (is_rehearsal(alarm))
		return alarm->call.step == 1 ? c->rehearse_wait_ms : 0;
	for (uint32_t i = 0; i < alarm->call.round && pause < LADDER_ROUND_MAX_MS; i++)
		pause = 2 * pause < LADDER_ROUND_MAX_MS ? 2 * pause : LADDER_ROUND_MAX_MS;
	return pause;
}

static void pause_begins(struct step *s, struct alarm *alarm)
{
	int64_t pause = pause_ms(s, alarm);

	alarm->call.step_due = pause > 0 ? mono_add(s->now->mono, pause) : MONO_NEVER;
}

void ladder_called(struct step *s, struct alarm *alarm, uint32_t contact, bool alone)
{
	struct ladder_call *call = &alarm->call;

	if (!call->called)
		pause_begins(s, alarm);
	call->called = true;
	if (!alone || alarm->severity != SEVERITY_EMERGENCY || call->round > 0)
		return;
	if (call->again_due.ms == MONO_NEVER.ms)
		call->again_due = mono_add(s->now->mono, LADDER_AGAIN_MS);
	call->again |= ladder_bit(contact);
}

/* Goes to this step, and owes a text to all there whose last one has left. */
static void stand_on(struct step *s, struct alarm *alarm, uint8_t step)
{
	struct ladder_call *call = &alarm->call;
	uint16_t set = on_step(s, alarm, step);

	call->step = step;
	call->called = false;
	for (uint32_t i = 0; i < s->shop->ladder.contacts; i++)
		if ((set & ladder_bit(i)) && !places_waits(&s->shop->ladder, i, alarm))
			call->owed[TEXT_RAISED] |= ladder_bit(i);
	pause_begins(s, alarm);
}

/* Nobody has answered for long enough. */
static void climb(struct step *s, struct alarm *alarm)
{
	struct ladder_call *call = &alarm->call;
	uint8_t next = step_above(s, alarm, call->step);

	if (next == 0) {
		if (is_rehearsal(alarm))
			return;
		if (call->round < UINT8_MAX)
			call->round++;
		next = step_above(s, alarm, 0);
	}
	if (next == 0) {
		call->step = 0; /* nobody may be called about it, until there are other contacts */
		return;
	}
	stand_on(s, alarm, next);
	if (alarm->state == ALARM_RAISED || alarm->state == ALARM_NOTIFIED)
		alarm_is(s, alarm, ALARM_ESCALATED);
}

/* The highest step that somebody was told on. */
static uint8_t step_told(const struct ladder *l, const struct alarm *alarm)
{
	uint8_t step = 0;

	for (uint32_t i = 0; i < l->contacts; i++) {
		uint8_t theirs = l->contact[i].step;

		if (is_rehearsal(alarm))
			theirs = is_rehearsed(l, &l->contact[i]) ? 1 : REHEARSAL_STEPS;
		if ((alarm->call.told & ladder_bit(i)) && theirs > step)
			step = theirs;
	}
	return step;
}

/* It was told before a restart. To whom the ledger says, for an hour (ladder_heard.c); of
 * longer ago we take it that those on the first step were told, and on the second where it was
 * escalated. */
static void go_on(struct step *s, struct alarm *alarm, uint8_t first)
{
	struct ladder_call *call = &alarm->call;

	call->step = step_told(&s->shop->ladder, alarm);
	if (call->step == 0) {
		call->step = first;
		call->told = on_step(s, alarm, first);
		if (alarm->state == ALARM_ESCALATED) {
			uint8_t next = step_above(s, alarm, first);

			call->step = next ? next : first;
			call->told |= on_step(s, alarm, call->step);
		}
	}
	call->called = true;
	pause_begins(s, alarm);
}

void ladder_begins(struct step *s, struct alarm *alarm)
{
	struct ladder_call *call = &alarm->call;
	uint8_t first = step_above(s, alarm, 0);
	struct mono quiet_end;

	if (!ladder_calls(alarm) || first == 0 || call->step != 0)
		return;
	if (s->shop->ladder.contacts == 0) { /* a rehearsal without courierd fails in time too */
		call->step_due = mono_add(s->now->mono, s->shop->config.ladder.rehearse_wait_ms);
		return;
	}
	if (alarm->state == ALARM_RAISED && ladder_quiet(s, alarm->severity, &quiet_end)) {
		call->step_due = quiet_end; /* who is on duty then will be told */
		return;
	}
	if (alarm->state == ALARM_RAISED) {
		stand_on(s, alarm, first);
		return;
	}
	go_on(s, alarm, first);
}

void ladder_anew(struct step *s, struct alarm *alarm)
{
	uint8_t first = step_above(s, alarm, 0);

	if (first != 0)
		stand_on(s, alarm, first);
}

void ladder_raised(struct step *s, struct alarm *alarm)
{
	alarm->call = (struct ladder_call){.step_due = MONO_NEVER, .again_due = MONO_NEVER};
	ladder_begins(s, alarm);
}

/* --- the end of the calls
 * ------------------------------------------------------------------------------------ */

static void stop(struct alarm *alarm)
{
	struct ladder_call *call = &alarm->call;

	if (call->step != 0)
		call->enough = true;
	call->step = 0;
	call->owed[TEXT_RAISED] = 0;
	call->again = 0;
	call->step_due = call->again_due = MONO_NEVER;
}

void ladder_ended(struct alarm *alarm)
{
	stop(alarm);
	alarm->call.owed[TEXT_TAKEN] = 0; /* that it is over says more */
	alarm->call.owed[TEXT_OVER] = alarm->call.told;
}

void ladder_taken(struct step *s, struct alarm *alarm)
{
	uint32_t who = ladder_contact(&s->shop->ladder, alarm->by);

	if (!alarm->active && alarm_rule(alarm->condition)->ends_cleared)
		return; /* who was told knows that it is over */
	stop(alarm);
	alarm->call.owed[TEXT_TAKEN] = alarm->call.told;
	if (who < CONTACTS_MAX)
		alarm->call.owed[TEXT_TAKEN] &= (uint16_t)~ladder_bit(who);
}

void ladder_dropped(struct alarm *alarm)
{
	stop(alarm);
	alarm->call.owed[TEXT_OVER] = alarm->call.owed[TEXT_TAKEN] = 0;
}

/* --- every step
 * ------------------------------------------------------------------------------------ */

/* When its next step is; one that has come in the quiet hours is at their end. What waits for that
 * end from the start on goes by the wall clock as it is now: it may have been put right. */
static struct mono climb_due(const struct step *s, const struct alarm *alarm)
{
	struct mono due = alarm->call.step_due, quiet_end;
	bool waits =
		alarm->call.step == 0 && s->shop->ladder.contacts > 0 && due.ms != MONO_NEVER.ms;

	if (!waits && !mono_due(s->now->mono, due))
		return due;
	if (ladder_quiet(s, alarm->severity, &quiet_end))
		return quiet_end;
	return waits ? s->now->mono : due;
}

/* Whether it has climbed. */
static bool call_time(struct step *s, struct alarm *alarm)
{
	if (!ladder_calls(alarm))
		return false;
	if (alarm->state == ALARM_RAISED && alarm->call.told != 0)
		alarm_is(s, alarm, ALARM_NOTIFIED);
	if (!mono_due(s->now->mono, climb_due(s, alarm)))
		return false;
	alarm->call.step_due = MONO_NEVER;
	if (alarm->call.step == 0 && s->shop->ladder.contacts > 0)
		ladder_begins(s, alarm);
	else
		climb(s, alarm);
	return true;
}

void ladder_settle(struct step *s)
{
	struct ladder *l = &s->shop->ladder;
	struct alarms *a = &s->shop->alarms;
	bool all, climbed = false;
	struct mono due;

	CHECK(s->settling);
	places_time(s);
	all = alarms_settle(s);
	due = texts_serve(s); /* first, for what has waited: its pause begins when it is told */
	for (uint32_t i = 0; i < a->count; i++)
		climbed = call_time(s, &a->alarm[i]) || climbed;
	if (climbed)
		due = texts_serve(s);
	for (uint32_t i = 0; i < a->count; i++) {
		due = mono_min(due, climb_due(s, &a->alarm[i]));
		due = mono_min(due, a->alarm[i].call.again_due);
		all = all && !a->alarm[i].row_owed;
	}
	l->due = all ? due : s->now->mono;
}

struct mono ladder_deadline(const struct ladder *l)
{
	return l->due;
}

static void call_check(const struct shop *shop, const struct alarm *alarm)
{
	const struct ladder_call *call = &alarm->call;
	uint16_t known = (uint16_t)((1U << shop->ladder.contacts) - 1);
	uint16_t owed = call->owed[TEXT_RAISED] | call->owed[TEXT_OVER] | call->owed[TEXT_TAKEN];

	CHECK(((owed | call->told | call->again) & ~known) == 0);
	CHECK(call->step <= CONTACTS_MAX);
	if (!ladder_calls(alarm))
		CHECK(call->owed[TEXT_RAISED] == 0 && call->step_due.ms == MONO_NEVER.ms &&
		      call->again == 0);
}

void ladder_check(const struct shop *shop)
{
	const struct ladder *l = &shop->ladder;

	CHECK(l->contacts <= CONTACTS_MAX);
	for (uint32_t i = 0; i < shop->alarms.count; i++)
		call_check(shop, &shop->alarms.alarm[i]);
	for (uint32_t i = 0; i < shop->alarms.pasts; i++)
		call_check(shop, &shop->alarms.past[i]);
	for (uint32_t i = 0; i < l->contacts; i++) {
		CHECK(l->told[i].count <= TEXTS_AN_HOUR && l->told[i].guesses <= LADDER_GUESSES);
		CHECK(l->contact[i].step > 0 && ladder_contact(l, l->contact[i].name) == i);
	}
}
