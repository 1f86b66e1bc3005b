/*
 * ladder.h: who is told about an alarm, and when the next one is (design 5).
 *
 * Contacts stand on steps. An alarm is told to all on its first step who may be called now; without
 * an answer for ladder_config.step_ms of its severity the next step follows, and after the last one
 * the first again, ever more slowly. Only an answer ends it, or the end of a condition that ends
 * the calls by itself (rules in alarm.c).
 *
 * One person gets at most TEXTS_AN_HOUR texts in an hour. Each severity may use three of them and
 * one more a degree (notice 3, warning 4, urgent 5, emergency 6): so a first alarm that is graver
 * than all that was sent always finds room. What finds none is told together, in one text, as soon
 * as there is room again.
 */
#ifndef SHOP_CORE_LADDER_H
#define SHOP_CORE_LADDER_H

#include "core/effect.h"

struct step;
struct alarm;

#define LADDER_HOUR_MS	    3600000
#define LADDER_AGAIN_MS	    25000 /* an emergency that nobody has answered takes the other road too */
#define LADDER_GATHER_MS    10000   /* what comes so soon after each other is told together */
#define LADDER_ROUND_MAX_MS 3600000 /* between two rounds, at most */

/** A text that has left, for the hour's count. */
struct ladder_sent {
	struct mono at;
	enum severity severity;
};

/** What one contact has been told of late. */
struct ladder_contact {
	struct ladder_sent sent[TEXTS_AN_HOUR]; /* of the last hour, a ring, the oldest first */
	uint32_t count;
};

struct ladder {
	uint32_t contacts, roads;
	struct contact contact[CONTACTS_MAX];
	struct ladder_contact told[CONTACTS_MAX];
};

#endif
