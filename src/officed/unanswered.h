/* unanswered.h: alarms of a shop that nobody there has answered, or could be told of. The shop's
 * ladder of contacts has come to its next step, so the office tells the contacts that it knows. */
#ifndef SHOP_OFFICED_UNANSWERED_H
#define SHOP_OFFICED_UNANSWERED_H

#include "officed/office.h"

/** unanswered_look - raises or ends NOTICE_UNANSWERED and NOTICE_REHEARSAL by what the table of
 * alarms says, in the caller's transaction. To be called when one of the shop's alarms has changed,
 * or whether its texts leave. */
void unanswered_look(struct office *o, const char *shop, struct wall now);

/** unanswered_texts - whether the shop can send texts, by its newest heartbeat: NOTICE_NO_TEXTS. */
void unanswered_texts(struct office *o, const char *shop, bool leave, struct wall now);

#endif
