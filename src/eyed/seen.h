/*
 * seen.h: a code is told once, however long it is held before the camera. Pure: time arrives.
 */
#ifndef SHOP_EYED_SEEN_H
#define SHOP_EYED_SEEN_H

#include "base/clock.h"
#include "eyed/decode.h"

#define SEEN_SILENCE_MS 1000 /* gone for so long: whoever shows it again means it again */
#define SEEN_MAX	8    /* codes at a time; the one not seen for longest makes way */

struct seen {
	struct {
		struct code code; /* of no length: free */
		struct mono last;
	} row[SEEN_MAX];
};

/** seen_new - told of every code in every picture: true when it is to be passed on. */
bool seen_new(struct seen *s, const struct code *code, struct mono now);

#endif
