/*
 * alarm.h: what a person must look at (design 5): one alarm a condition and place, raised ->
 * notified -> escalated -> acknowledged -> cleared, and over when nothing is awaited any more.
 */
#ifndef SHOP_CORE_ALARM_H
#define SHOP_CORE_ALARM_H

#include "core/effect.h"

struct step;

#define ALARMS_PAST_MAX	   16	  /* finished ones, kept for the list */
#define ALARM_RETRY_MS	   300000 /* a text that no road took is tried again */
#define CLOCK_UNTRUSTED_MS 60000  /* so long after the start a clock may still find itself */

struct alarm {
	struct alarm_id id;
	uint32_t code;
	enum condition condition;
	struct place place; /* a door's, a sensor's, a part's; empty where there is but one */
	enum severity severity;
	enum alarm_state state;
	bool active;	   /* the condition holds */
	bool acknowledged; /* by a person */
	bool over;
	bool told;	 /* its text has left */
	bool told_clear; /* so has the one that says it is over, where there is one */
	struct mono raised_mono;
	struct mono since_mono; /* held open: of the opening, to say for how long */
	struct mono retry;	/* when to ask for the text again */
	struct wall raised_at;
	struct wall cleared_at; /* 0: not yet */
	uint32_t open_s;
	char by[NAME_MAX_LEN + 1];
};

struct alarms {
	uint32_t count; /* not over, oldest first */
	struct alarm alarm[ALARMS_MAX];
	uint32_t pasts; /* over, newest first */
	struct alarm past[ALARMS_PAST_MAX];
	struct alarm_id last;
	struct mono untrusted_since; /* of the wall clock; MONO_NEVER while it is trusted */
};

/** alarms_init - none was ever raised. */
void alarms_init(struct alarms *a);

/** alarms_remember - those that were not over when the program ended. What the inputs say next
 * decides whether they still hold. */
void alarms_remember(struct step *s, const struct remembered *r);

/** alarms_number - the next alarm's number will be above all that `r` knows of. */
void alarms_number(struct step *s, const struct remembered *r);

/** alarm_raise - the condition holds at this place (NULL or empty where there is but one). One that
 * is up already stays as it is. `since`: of what it tells. */
void alarm_raise(struct step *s, enum condition condition, const struct place *place,
		 struct mono since);

/** alarm_clear - it does not hold any more. */
void alarm_clear(struct step *s, enum condition condition, const struct place *place);

/** alarm_find - not over, of this condition at this place (NULL: as above), or NULL. */
const struct alarm *alarm_find(const struct alarms *a, enum condition condition,
			       const struct place *place);

/** alarms_ack, alarms_notified, alarms_courier_up - the events. */
void alarms_ack(struct step *s, const struct event_alarm_ack *e);
void alarms_notified(struct step *s, const struct event_notified *e);
void alarms_courier_up(struct step *s);

/** alarms_time - texts to try again, a clock that has not found itself. */
void alarms_time(struct step *s);
struct mono alarms_deadline(const struct alarms *a);

/** alarms_check - CHECKs what must always hold. */
void alarms_check(const struct alarms *a);

#endif
