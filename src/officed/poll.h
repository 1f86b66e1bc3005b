/* poll.h: polls of the feed, held until there is something to tell. */
#ifndef SHOP_OFFICED_POLL_H
#define SHOP_OFFICED_POLL_H

#include "officed/web.h"

struct polls;

/** polls_open - 0 or -ENOMEM. */
MUST_CHECK int polls_open(struct loop *loop, struct polls **ret);
/** polls_stop - answers all that are held. polls_free - after it. */
void polls_stop(struct polls *p);
void polls_free(struct polls *p);

/** polls_take - a proven poll: to the database when its shop's feed has moved past its cursor, else
 * it is held. polls_answered - the database had nothing after all (204): hold it on. polls_gone -
 * its sender has hung up; it is freed by the caller. */
void polls_take(struct polls *p, struct asked *a);
void polls_answered(struct polls *p, struct asked *a);
void polls_gone(struct polls *p, struct asked *a);

/** polls_changed - a shop's row is another: those of its polls that it concerns are woken. */
void polls_changed(struct polls *p, struct shop_now *shop);

/** polls_held - how many are. */
uint32_t polls_held(const struct polls *p);

#endif
