/* keep.h: what is old enough goes, a little at a time. */
#ifndef SHOP_OFFICED_KEEP_H
#define SHOP_OFFICED_KEEP_H

#include "officed/work.h"

struct keep;

/** keep_open - begins its rounds. 0 or -errno. keep_stop - before work_close(). keep_free - after
 * it. NULL is fine. */
MUST_CHECK int keep_open(struct loop *loop, struct work *work, struct keep **ret);
void keep_stop(struct keep *k);
void keep_free(struct keep *k);

/** keep_tidy - one round of it; true when there is more to do. 0 or -errno. */
MUST_CHECK int keep_tidy(struct office *o, struct wall now, bool *ret_more);

#endif
