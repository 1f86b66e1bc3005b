/*
 * pictures.h: the folder of pictures: a thread of its own writes what it is given and removes what
 * has been kept long enough. Whoever gives does not wait, however long the disk takes.
 */
#ifndef SHOP_COURIERD_PICTURES_H
#define SHOP_COURIERD_PICTURES_H

#include "base/span.h"
#include "wire/picture.h"

enum {
	PICTURES_QUEUE_MAX = 8,	      /* that wait for the disk: one of each camera */
	PICTURES_COMPLAIN_MS = 60000, /* a log's line about pictures that are dropped */
};

struct pictures;

/** pictures_open - keeps STATE/pictures (made when it lacks): each picture for `keep_hours`, all
 * together `disk_mb` at most. A folder that cannot be written is named in the log, and tried again
 * with each picture. 0 or -errno. */
MUST_CHECK int pictures_open(const char *state, int64_t keep_hours, int64_t disk_mb,
			     struct pictures **ret);

/** pictures_close - what waits is written first. NULL is fine. */
void pictures_close(struct pictures *p);

/** pictures_keep - `jpeg` (copied, ≤ PICTURE_BYTES_MAX) as `picture`. Where PICTURES_QUEUE_MAX wait
 * already one is dropped, an alarm's last; a line in the log says how many were. False: this one.
 */
bool pictures_keep(struct pictures *p, const struct picture *picture, struct span jpeg);

/** pictures_there - whether STATE/pictures is there: it may hold what cameras left that are gone.
 */
bool pictures_there(const char *state);

#endif
