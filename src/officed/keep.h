/* keep.h: what is old enough goes, a little at a time. */
#ifndef SHOP_OFFICED_KEEP_H
#define SHOP_OFFICED_KEEP_H

#include "officed/work.h"

struct keep;

MUST_CHECK int keep_open(struct loop *loop, struct work *work, struct keep **ret);
void keep_stop(struct keep *k); /* before work_close() */
void keep_free(struct keep *k);

/** keep_tidy - one round of it; true when there is more to do. 0 or -errno. */
MUST_CHECK int keep_tidy(struct office *o, struct wall now, bool *ret_more);

#endif
