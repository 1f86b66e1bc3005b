/* told.h: who is told of alarms, as courierd says, and what became of the texts to them, for lists.
 * Decides nothing: who is called, and when, is the core's (core/ladder.h). */
#ifndef SHOP_SHOPD_TOLD_H
#define SHOP_SHOPD_TOLD_H

#include "shopd/shopd.h"

/** told_start - nobody is known, nothing was told: 0 or -errno. told_stop - forgets all. */
MUST_CHECK int told_start(struct shopd *sd);
void told_stop(struct shopd *sd);

/** told_contact - one of who is to be told. True when with it all are known: told_contacts() is
 * what EVENT_CONTACTS is to say. One that comes out of its order is passed over, and so are all up
 * to the next that is the first of its kind. */
bool told_contact(struct shopd *sd, uint32_t peer, const struct message_contact *c);
const struct event_contacts *told_contacts(const struct shopd *sd);

/** told_heard - courierd says how it stands with a text. */
void told_heard(struct shopd *sd, const struct message_notified *n, struct wall at);
/** told_remember - the core has taken over what the ledger remembers: texts of before this start
 * are listed too. */
void told_remember(struct shopd *sd, const struct remembered *r);

/** told_alarm - MESSAGE_ALARM_IS of this alarm; false when it is in no list. */
bool told_alarm(struct shopd *sd, struct alarm_id alarm, uint32_t request, union message *ret);

/** told_rows - the rows of such a list (ALARMS, SENSORS, CONTACTS) to a peer; false: it is gone. */
bool told_rows(struct shopd *sd, uint32_t peer, enum message_type list, uint32_t request);

/** told_message - answers ALARMS, SENSORS and CONTACTS of shopctl and counterd; false: it is none
 * of them. From memory: also while the ledger is away. */
bool told_message(struct shopd *sd, uint32_t peer, const union message *m);

#endif
