/* opening.h: the half of a door that is about what went through it, for door.c alone: whose opening
 * it was, how long it stands open. */
#ifndef SHOP_CORE_OPENING_H
#define SHOP_CORE_OPENING_H

#include "core/door.h"

/* --- what door.c gives to opening.c */

/** door_config_of - what the door is made of. */
const struct door_config *door_config_of(const struct step *s, const struct door *d);

/** door_place - its name, which its alarms bear. */
const struct place *door_place(const struct step *s, const struct door *d);

/** door_row - an ENTRY_DOOR; `with_customer` names who was let in. */
void door_row(struct step *s, const struct door *d, enum door_event event, bool with_customer);

/** door_physical_is - the one place where that axis changes. */
void door_physical_is(struct step *s, struct door *d, enum door_physical physical);

/** door_buzz - the buzzer, if it is not so already. */
void door_buzz(struct step *s, struct door *d, bool on);

/** door_relock - an access is used up or over. */
void door_relock(struct step *s, struct door *d);

/** door_follow - the mode follows what has changed. */
void door_follow(struct step *s, struct door *d);

/** door_watched - whether an open door is to be told: not while propped, unlocked or released by
 * fire. */
bool door_watched(const struct door *d);

/* --- what opening.c gives to door.c */

/** opening_contact - the contact has this level since `edge`; `found`: it could not be read before.
 */
void opening_contact(struct step *s, struct door *d, bool open, struct mono edge, bool found);

/** opening_lost - the contact cannot be read any more. */
void opening_lost(struct step *s, struct door *d);

/** opening_rex - the request to exit has this level since `edge`. */
void opening_rex(struct step *s, struct door *d, bool pressed, struct mono edge, bool found);

/** opening_admitted - somebody was admitted while it stands open, or has not settled yet. */
void opening_admitted(struct step *s, struct door *d, bool extended);

/** opening_watch - the mode has changed: timers of an open door begin, or end. */
void opening_watch(struct step *s, struct door *d, bool was_watched);

/** opening_time, opening_deadline - buzzer, held open, forced, settled, a REX that sticks. */
void opening_time(struct step *s, struct door *d);
struct mono opening_deadline(const struct door *d, const struct door_config *c);

#endif
