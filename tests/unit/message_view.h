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

#endif
