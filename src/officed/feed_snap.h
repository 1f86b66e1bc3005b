/* feed_snap.h: a snapshot's part in the making, between feed_snapshot.c, which makes the part, and
 * feed_stages.c, which fills it. */
#ifndef SHOP_OFFICED_FEED_SNAP_H
#define SHOP_OFFICED_FEED_SNAP_H

#include "officed/feed.h"

#define SNAP_STAGES 9

struct snap {
	struct office *o;
	const struct ask *a;
	const char *shop;
	char group[PLACE_MAX_LEN + 1];
	int64_t epoch, to, part;
	uint32_t stage;
	char key[NAME_MAX_LEN + 1]; /* the last that is in: of this stage */
	struct {
		uint32_t stage;
		char key[NAME_MAX_LEN + 1];
	} from; /* where this part begins */
	struct builder b;
	uint32_t changes;
	bool last;
};

/** A stage emits what comes after s->key until there is no more (true) or the part is full. */
typedef bool snap_stage_fn(struct snap *s);
extern snap_stage_fn *const snap_stages[SNAP_STAGES];

#endif
