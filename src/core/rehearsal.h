/*
 * rehearsal.h: a real text that only asks to be answered, on a schedule: whoever has not had an
 * alarm for months learns of a lost phone or a wrong number before it matters (design 5).
 */
#ifndef SHOP_CORE_REHEARSAL_H
#define SHOP_CORE_REHEARSAL_H

#include "core/effect.h"

struct step;

struct rehearsal {
	struct wall last; /* when the last one was, or the shop began; 0: not known yet */
	struct mono due;  /* when to look at the calendar next */
};

/** rehearsal_init - there was none. */
void rehearsal_init(struct rehearsal *r);

/** rehearsal_remember - when the last one was. */
void rehearsal_remember(struct step *s, const struct remembered *r);

/** rehearsal_now - EVENT_REHEARSE: it begins now, in place of one that nobody has answered. */
void rehearsal_now(struct step *s, const struct event_rehearse *e);

/** rehearsal_time - begins the next one on its day: ladder_config.rehearse_days after the last. */
void rehearsal_time(struct step *s);
struct mono rehearsal_deadline(const struct rehearsal *r);

#endif
