/*
 * aside.h: a thread beside the loop for what may take long, or never come back: a bus that hangs
 * holds its reader in the kernel, where no signal and no time-out reaches it. The loop never waits
 * for one, not even at the end: a thread that does not come back is left to the end of the process,
 * with all that it holds.
 */
#ifndef SHOP_SHOPD_ASIDE_H
#define SHOP_SHOPD_ASIDE_H

#include <stdint.h>

#include "base/check.h"

struct aside;

/** One turn of the thread's work: for how many milliseconds it rests then. */
typedef int64_t aside_turn(void *data);
/** What it holds is given back, on whichever thread is the last to have it. */
typedef void aside_end(void *data);

/** aside_start - runs turn(data) again and again on a thread of its own. 0 or -errno; `data` is the
 * thread's from here on, and on an error ended already. */
MUST_CHECK int aside_start(const char *name, aside_turn *turn, aside_end *end, void *data,
			   struct aside **ret);

/** aside_tell - it is to end. aside_stop - waits ASIDE_END_MS at most, then leaves it alone. NULL
 * is fine. */
#define ASIDE_END_MS 50
void aside_tell(struct aside *a);
void aside_stop(struct aside *a);

#endif
