/* bill_post.h: what has to be billed and mailed, looked for again and again. */
#ifndef SHOP_OFFICED_BILL_POST_H
#define SHOP_OFFICED_BILL_POST_H

#include "officed/bill.h"
#include "officed/work.h"

enum {
	POST_LOOK_MS = 5000,	  /* between two looks when there was nothing to do */
	OVERDUE_LOOK_MS = 600000, /* who owes too long: days count, not minutes */
};

struct post;

/** post_open - begins to look: bundles are made, and mailed where the configuration has a [mail].
 * 0 or -errno. post_close - after work_close(); NULL is fine. */
MUST_CHECK int post_open(struct loop *loop, struct work *work, const struct config *config,
			 struct post **ret);
void post_close(struct post *p);

#endif
