/*
 * shots.h: the pictures that were taken beside certain visits and alarms, found among the names in
 * courierd's folder, a slice of it at a time.
 */
#ifndef SHOP_COUNTERD_SHOTS_H
#define SHOP_COUNTERD_SHOTS_H

#include <dirent.h>

#include "wire/picture.h"

struct counter;

enum {
	SHOTS_WANTED_MAX = 400, /* rows of a page, and the alarms that stand at them */
	SHOTS_MAX = 512,	/* pictures of one page */
	SHOTS_EACH_MAX = 16,	/* of one visit or alarm: every camera twice */
	SHOTS_SLICE = 512,	/* files a turn */
};

struct shot {
	uint32_t of; /* which of those wanted */
	char name[PICTURE_NAME_MAX];
};

struct shots {
	DIR *dir;
	uint32_t files, wanted, n;
	struct {
		enum picture_kind kind;
		uint64_t ref;
		uint32_t shots;
	} want[SHOTS_WANTED_MAX];
	struct shot shot[SHOTS_MAX];
};

/** shots_open - the folder, if there is one: without it nothing was ever seen. shots_close - lets
 * go of it. */
void shots_open(const struct counter *c, struct shots *s);
void shots_close(struct shots *s);

/** shots_want - one more visit (ENTRY) or alarm; which it is, or UINT32_MAX when there is no room.
 */
uint32_t shots_want(struct shots *s, enum picture_kind kind, uint64_t ref);

/** shots_look - looks at the next slice. True: there is more. Then they are in order: by what they
 * are of, oldest first. */
bool shots_look(struct shots *s);

#endif
