/*
 * alarm_remember.c: which alarms of the time before a restart are alarms still.
 *
 * What was not over comes back as it was. What names a door or a sensor that is no longer in the
 * configuration holds no more: nothing could ever clear it; where it latches it still waits for an
 * answer. However many there are, every condition of the shop as it is now finds a place.
 *
 * A ledger that would not open at the start tells late. By then the inputs have been seen: what
 * still holds is up again under a new number, and stands for what was; the rest is over, but for
 * what somebody has to answer.
 */
#include "core/alarm.h"

#include <string.h>

#include "core/alarm_rules.h"
#include "core/sensor.h"
#include "core/step.h"

/* Places in the table that the conditions of this shop may still need: of each door six, of each
 * sensor two, of each part one, and those that the shop has but once. */
#define OWN_MAX	   (6 * DOORS_MAX + 2 * SENSORS_MAX + READERS_MAX + CAMERAS_MAX + SMS_ROADS + 11)
#define OTHERS_MAX (ALARMS_MAX - OWN_MAX)
_Static_assert(OWN_MAX < ALARMS_MAX, "every condition at every place has room");

static bool of_sensor(enum condition condition)
{
	for (int kind = 0; kind < SENSOR_KINDS; kind++)
		if (sensor_condition((enum sensor_kind)kind) == condition)
			return true;
	return condition == CONDITION_SENSOR_LOST;
}

/* Whether what a row names is still one of the shop's doors or sensors. A camera or a road may be:
 * that is only known when it fails or is well again. */
static bool place_known(const struct shop_config *c, const struct entry_alarm *e)
{
	if (alarm_rule(e->condition)->of_door) {
		for (uint32_t i = 0; i < c->doors; i++)
			if (strcmp(c->door[i].place.name, e->place.name) == 0)
				return true;
		return false;
	}
	for (uint32_t i = 0; i < c->sensors && of_sensor(e->condition); i++)
		if (strcmp(c->sensor[i].place.name, e->place.name) == 0)
			return true;
	return !of_sensor(e->condition);
}

/* Whether the row tells of an alarm that can still be one of ours. */
static bool worth_remembering(const struct entry_alarm *e)
{
	const struct alarm_rule *rule;

	if (e->alarm.n == 0 || e->over || (uint32_t)e->state >= ALARM_STATES ||
	    (uint32_t)e->condition >= CONDITIONS || e->condition == 0)
		return false;
	rule = alarm_rule(e->condition);
	if (rule->of_door && e->place.name[0] == '\0')
		return false;
	return e->state != ALARM_CLEARED || (rule->latches && e->by[0] == '\0');
}

static void remember(struct step *s, const struct entry_alarm *e, const struct wall *raised_at)
{
	struct alarms *a = &s->shop->alarms;
	struct alarm *alarm = &a->alarm[a->count];

	*alarm = (struct alarm){.id = e->alarm,
				.code = alarm_code(a, e->code),
				.condition = e->condition,
				.place = e->place,
				.severity = alarm_rule(e->condition)->severity,
				.state = e->state,
				.active = e->state != ALARM_CLEARED,
				.acknowledged = e->by[0] != '\0',
				.raised_mono = s->now->mono,
				.since_mono = s->now->mono,
				.raised_at = raised_at ? *raised_at : s->now->wall};
	memcpy(alarm->by, e->by, NAME_MAX_LEN);
	a->count++;
	if (e->alarm.n > a->last.n)
		a->last = e->alarm;
	ladder_raised(s, alarm);
}

/* Returns whether it took one of the places that are kept for what is not surely the shop's. */
static bool remember_one(struct step *s, const struct entry_alarm *e, const struct wall *raised_at,
			 bool room)
{
	struct alarms *a = &s->shop->alarms;
	bool known, sure;

	if (!worth_remembering(e) || alarm_find(a, e->condition, &e->place))
		return false;
	known = place_known(&s->shop->config, e);
	sure = known && (e->place.name[0] == '\0' || alarm_rule(e->condition)->of_door ||
			 of_sensor(e->condition));
	if (a->count >= ALARMS_MAX || (!sure && !room))
		return false;
	remember(s, e, raised_at);
	if (!known)
		alarm_clear(s, e->condition, &e->place);
	return !sure;
}

/* Without a ledger nobody knows which numbers were given: then the time begins a range of its own,
 * far above any that was counted to, and below 2^53 for those who read it in JSON. */
void alarms_number(struct step *s, const struct remembered *r)
{
	struct alarms *a = &s->shop->alarms;
	int64_t unix_s = s->now->wall.ms / 1000;

	if (!r->ledger_ok && a->last.n == 0 && unix_s >= 0 && unix_s <= UINT32_MAX)
		a->last.n = (uint64_t)unix_s << 20 | (s->draw->visit_low & 0xfffff);
	if (r->last_alarm.n > a->last.n)
		a->last = r->last_alarm;
}

void alarms_remember(struct step *s, const struct remembered *r)
{
	uint32_t others = 0;

	alarms_number(s, r);
	for (uint32_t i = 0; i < r->alarms; i++)
		others += remember_one(s, &r->alarm[i], r->alarm_at ? &r->alarm_at[i] : NULL,
				       others < OTHERS_MAX);
	alarms_tell_doors(s);
}

/* One of the time before that a newer one stands for: its row is owed, and no more. */
static void superseded(struct alarms *a, const struct entry_alarm *e)
{
	struct alarm *past = &a->past[a->pasts];

	if (a->pasts == ALARMS_PAST_MAX)
		return; /* the next start asks again */
	a->pasts++;
	*past = (struct alarm){.id = e->alarm,
			       .code = alarm_code(a, e->code),
			       .condition = e->condition,
			       .place = e->place,
			       .severity = alarm_rule(e->condition)->severity,
			       .state = ALARM_CLEARED,
			       .acknowledged = true,
			       .over = true,
			       .row_owed = true,
			       .call = {.step_due = MONO_NEVER, .again_due = MONO_NEVER}};
	memcpy(past->by, e->by, NAME_MAX_LEN);
}

static void recall_one(struct step *s, const struct entry_alarm *e, const struct wall *raised_at)
{
	struct alarms *a = &s->shop->alarms;

	if (!worth_remembering(e) || alarm_named(a, e->alarm))
		return;
	if (alarm_find(a, e->condition, &e->place)) {
		superseded(a, e);
		return;
	}
	(void)remember_one(s, e, raised_at, true);
	if (e->condition != CONDITION_REHEARSAL)
		alarm_clear(s, e->condition, &e->place);
}

void alarms_recall(struct step *s, const struct remembered *r)
{
	for (uint32_t i = 0; i < r->alarms; i++)
		recall_one(s, &r->alarm[i], r->alarm_at ? &r->alarm_at[i] : NULL);
	alarms_tell_doors(s);
}
