/*
 * watch.h: what is watched and is neither a door nor a sensor: who has been inside for too long,
 * codes that are tried at a door, and parts of the shop that others say have failed. And the
 * warning before an alarm: the buzzer of every door, for whoever is inside.
 */
#ifndef SHOP_CORE_WATCH_H
#define SHOP_CORE_WATCH_H

#include "core/event.h"

struct step;
struct shop;

#define WATCH_WARNING_MS    3000   /* the buzzers */
#define WATCH_INSIDE_PRE_MS 300000 /* so long before inside_long they sound */
#define WATCH_FAULT_MS	    60000 /* a reader, a camera that is away for less is nobody's business */

#define WATCH_RESTLESS_MS 60000 /* what goes on and off is told once in so long */

#define WATCH_DOUBT_MS 86400000 /* courierd names every part of its own when it comes */

/** Parts that may fail at the same time. */
#define FAULTS_MAX (READERS_MAX + CAMERAS_MAX + SMS_ROADS + 2)

/** The last refusals at one door. */
struct refused {
	uint32_t count; /* since it was calm, as far as they are kept */
	uint32_t next;	/* place in the ring */
	struct mono at[REFUSALS_WATCHED_MAX];
	bool told;	  /* many_refusals is up */
	struct mono calm; /* from then on, unless one more comes */
};

/** A part that fails, or failed a moment ago. */
struct fault {
	enum condition condition;
	struct place place;
	bool failing;
	bool told;	   /* its alarm is up */
	struct mono since; /* … it fails, or is well again */
	struct mono ended; /* when the alarm was over last; INT64_MIN: never */
	struct mono
		doubt; /* nobody has named it since courierd came: then it is no part any more */
};

/** Who is inside though their visit has ended: by silence, and nobody has gone out since. */
struct silent {
	struct mono came;  /* the last opening by somebody who was let in; INT64_MIN: none … */
	struct mono went;  /* … and the last one that anybody may have left by */
	struct mono since; /* inside since then, the longest; MONO_NEVER: nobody */
};

struct watches {
	struct silent silent;
	struct refused refused[DOORS_MAX];
	uint32_t faults;
	struct fault fault[FAULTS_MAX];
	bool inside_told;    /* inside_long is up */
	struct mono looked;  /* at who is inside, last */
	struct mono warning; /* the buzzers sound until then; MONO_NEVER: they do not */
};

/** watches_init - nothing was ever seen. */
void watches_init(struct watches *w);

/** watches_start - alarms that were up when the program ended are up until what they are about is
 * seen to be well. */
void watches_start(struct step *s);

/** watches_passed - a door has opened: for who was let in, or so that anybody may have left.
 * watches_silent - this visit ends by its silence: whoever it is may have fallen. */
void watches_passed(struct step *s, struct mono at, bool entry);
void watches_silent(struct step *s, const struct visit *visit);

/** watches_refused - one more refusal at this door. */
void watches_refused(struct step *s, uint8_t door);

/** watches_fault - EVENT_FAULT. What names no part that can fail has no effect. */
void watches_fault(struct step *s, const struct event_fault *e);

/** watches_courier - EVENT_COURIER_UP: what it said of its parts before, it will say again; one
 * that it does not name for a day was taken away, and its alarm ends. */
void watches_courier(struct step *s);

/** watches_warn - the buzzer of every door, for WATCH_WARNING_MS. */
void watches_warn(struct step *s);

/** watches_time - what falls due by now, also by what has happened in this step: to be called
 * before the event and after it. */
void watches_time(struct step *s);
struct mono watches_deadline(const struct shop *shop);

/** inside_start, inside_time, inside_deadline - the part of it that stands in inside.c. */
void inside_start(struct step *s);
void inside_time(struct step *s);
struct mono inside_deadline(const struct shop *shop);

/** watches_check - CHECKs what must always hold. */
void watches_check(const struct watches *w);

#endif
