/*
 * alarm.h: what a person must look at (design 5): one alarm a condition and place, raised ->
 * notified -> escalated -> acknowledged -> cleared, and over when nothing is awaited any more.
 */
#ifndef SHOP_CORE_ALARM_H
#define SHOP_CORE_ALARM_H

#include "core/effect.h"
#include "core/ladder.h"

struct step;

#define ALARMS_PAST_MAX	   32	 /* finished ones, kept for the list and for what they still owe */
#define CLOCK_UNTRUSTED_MS 60000 /* so long after the start a clock may still find itself */

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
	bool row_owed;	   /* its row found no room in the step yet */
	bool picture_owed; /* nor did the word to the cameras */
	struct ladder_call call;
	struct mono raised_mono;
	struct mono since_mono; /* held open: of the opening, to say for how long */
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

/** alarms_recall - the same, of a ledger that would not open at the start: late. */
void alarms_recall(struct step *s, const struct remembered *r);

/** alarms_number - the next alarm's number will be above all that `r` knows of. */
void alarms_number(struct step *s, const struct remembered *r);

/** alarm_raise - the condition holds at this place (NULL or empty where there is but one). One that
 * is up already stays as it is. `since`: of what it tells. Takes no room in the step: rows, texts
 * and pictures that find none follow in the next. */
void alarm_raise(struct step *s, enum condition condition, const struct place *place,
		 struct mono since);

/** alarm_clear - it does not hold any more. */
void alarm_clear(struct step *s, enum condition condition, const struct place *place);

/** alarm_find - not over, of this condition at this place (NULL: as above), or NULL. */
const struct alarm *alarm_find(const struct alarms *a, enum condition condition,
			       const struct place *place);

/** alarm_named - by its number, also among the finished ones; NULL: none. */
struct alarm *alarm_named(struct alarms *a, struct alarm_id id);

/** alarm_of_code - the one that a reply with this code is about, likewise; NULL: none. */
struct alarm *alarm_of_code(struct alarms *a, uint32_t code);

/** alarm_replace - an alarm that a new one of the same condition and place stands for from now on
 * is over, unanswered. */
void alarm_replace(struct step *s, enum condition condition, const struct place *place);

/** alarm_answered - by a person: once; a second answer changes nothing. It may be gone from where
 * it stood afterwards. */
void alarm_answered(struct step *s, struct alarm *alarm, const char *by);

/** alarm_is - its state changes, for the ladder: notified, escalated. */
void alarm_is(struct step *s, struct alarm *alarm, enum alarm_state state);

/** alarm_code - one that no alarm answers to, not even one that is over: an old text's code is old.
 * `drawn` itself where it is free. alarms_tell_doors - the doors' axes follow their alarms. */
uint32_t alarm_code(const struct alarms *a, uint64_t drawn);
void alarms_tell_doors(struct step *s);

/** alarms_ack - the event. */
void alarms_ack(struct step *s, const struct event_alarm_ack *e);

/** alarms_time - a clock that has not found itself. */
void alarms_time(struct step *s);
struct mono alarms_deadline(const struct alarms *a);

/** alarms_settle - the end of every step: rows and pictures that are owed and find room. Returns
 * whether all did. */
bool alarms_settle(struct step *s);

/** alarms_check - CHECKs what must always hold. */
void alarms_check(const struct alarms *a);

#endif
