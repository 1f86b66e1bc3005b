/* message_view.h: the owner's page's messages, as plain as they can be. */
#ifndef TESTS_UNIT_MESSAGE_VIEW_H
#define TESTS_UNIT_MESSAGE_VIEW_H

#include <stdio.h>

#include "wire/message.h"

static inline void sound_view(union message *m, enum message_type type)
{
	if (type == MESSAGE_VIEW)
		m->view.what = VIEW_HEALTH; /* of the roles that may ask, one may ask this alone */
	if (type == MESSAGE_DOOR_ASKED) {
		m->door_asked.verb = DOOR_VERB_LOCK;
		snprintf(m->door_asked.door, sizeof(m->door_asked.door), "front");
	}
	if (type == MESSAGE_INSIDE_IS) {
		m->inside_is.visits = 1;
		m->inside_is.visit[0].visit = 1;
	}
}

/* the screens beside doors and tills */
static inline void of_kiosk(union message *m, enum message_type type)
{
	if (type == MESSAGE_NONCE || type == MESSAGE_TILL_VISIT || type == MESSAGE_TILL_LEAVE ||
	    type == MESSAGE_PIN)
		snprintf(m->spot.name, sizeof(m->spot.name), "%s", "front");
	if (type == MESSAGE_PIN)
		snprintf(m->spot.pin, sizeof(m->spot.pin), "%s", "4711");
	if (type == MESSAGE_CHALLENGE_IS)
		snprintf(m->challenge_is.door, sizeof(m->challenge_is.door), "%s", "front");
	if (type == MESSAGE_SHOWN)
		snprintf(m->shown.name, sizeof(m->shown.name), "%s", "front");
	if (type == MESSAGE_SCANNED)
		snprintf(m->scanned.till, sizeof(m->scanned.till), "%s", "one");
}

#endif
