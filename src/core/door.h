/*
 * door.h: a door as a machine of independent axes (contracts 2, after ONVIF): mode, physical,
 * alarm, tamper. Nothing here opens for an exit: the handle does that, without us.
 */
#ifndef SHOP_CORE_DOOR_H
#define SHOP_CORE_DOOR_H

#include "core/config.h"
#include "core/effect.h"
#include "core/input.h"

struct step;

/** Why the door stands open. */
enum opening {
	OPENING_NONE = 0,
	OPENING_ENTRY = 1,    /* belongs to an admission, or the mode lets anyone in */
	OPENING_EXIT = 2,     /* from inside */
	OPENING_FOUND = 3,    /* open when the program started */
	OPENING_DOUBTFUL = 4, /* forced, unless a late REX explains it */
	OPENING_FORCED = 5,
};

struct door {
	uint8_t index;

	/* the axes */
	enum door_mode mode;
	enum door_physical physical;
	enum door_alarm alarm; /* the gravest that is not yet cleared and acknowledged */
	bool tamper;	       /* likewise */
	bool fire;	       /* the input's level */
	bool strike;	       /* as last told to the output */
	bool buzzer;	       /* for its own reasons */
	bool warns;	       /* and for whoever is inside */
	struct wall since;     /* of the last change of any axis */

	enum door_mode
		standing; /* what a fire gives way to again: locked, propped, unlocked, lockdown */

	/* an admission, from its release to its opening */
	bool access;   /* the strike is released for it */
	bool hold;     /* relock on close: released until the door shuts, not until unlock_end */
	bool admitted; /* it may still claim an opening: the window, and the grace after it */
	bool entered;  /* somebody went through, so far as can be told */
	bool extended;
	bool customer_known; /* else a person released it from afar */
	struct customer customer;
	struct mono unlock_end; /* of the window; the grace runs from here */
	struct mono prop_end;

	/* an opening, from its edge to its settled close */
	enum opening opening;
	bool opening_extended;
	bool held;		/* held open has been told for it */
	bool settling;		/* shut, but it may be a slam that bounces */
	struct mono opened_at;	/* buzzer and held open run from here */
	struct mono forced_due; /* doubtful: then it is forced */
	struct mono closed_at;

	struct input contact, rex, tamper_line, fire_line;
	bool seen;	/* the contact has been read since the start */
	bool last_open; /* as read last, also through a fault */
	bool rex_armed; /* a press that no opening has used up */
	bool rex_stuck;
	struct mono rex_at; /* of the press */
};

/** door_start - every output off, nothing known of the inputs. `lockdown`: it was locked down when
 * the program ended, and stays so. */
void door_start(struct step *s, struct door *d, bool lockdown);

/** door_stop - locks it: the strike and buzzer go off. */
void door_stop(struct step *s, struct door *d);

/** door_level - an input of the door has this level, or can no longer be read. */
void door_level(struct step *s, struct door *d, enum door_part part, bool level, bool lost);

/** door_admit - lets this member in: releases the strike, starts the window. Returns it in ms. */
uint32_t door_admit(struct step *s, struct door *d, struct customer customer, bool extended);

/** door_command - a person's word. False when it is not for now: in a lockdown only `lock` is
 * heard. */
bool door_command(struct step *s, struct door *d, enum command command, int64_t hold_ms);

/** door_withdraw - this customer was blocked: an access not yet used ends. */
void door_withdraw(struct step *s, struct door *d, struct customer customer);

/** door_warn - the buzzer sounds for whoever is inside, or no more; one that sounds for a reason of
 * the door's own goes on. */
void door_warn(struct step *s, struct door *d, bool on);

/** door_lets_through - somebody may go through it without a visit: it is released, stands open for
 * who came in or went out, or lets anyone in. */
bool door_lets_through(const struct door *d);

/** door_time - whatever is due at the step's time. */
void door_time(struct step *s, struct door *d);

/** door_deadline - when door_time next has something to do. */
struct mono door_deadline(const struct door *d, const struct door_config *c);

/** door_alarm_is - the alarms of this door have changed: its axes follow. */
void door_alarm_is(struct step *s, struct door *d, enum door_alarm alarm, bool tamper);

/** door_check - CHECKs what must always hold. */
void door_check(const struct door *d, const struct door_config *c);

#endif
