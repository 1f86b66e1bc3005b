/*
 * shelf.h: which pictures there are, and which of them has to go: by age, by bytes, by number.
 * Values and decisions only; both clocks arrive, files are somebody else's.
 *
 * How old a picture is: one that was taken since this program started, by the clock that nobody can
 * set; one that was found on disk, by the time in its name; and where that lies in the future,
 * because the clock was wrong when it was taken, by the time the file was changed last.
 */
#ifndef SHOP_COURIERD_SHELF_H
#define SHOP_COURIERD_SHELF_H

#include "base/check.h"
#include "wire/picture.h"

enum {
	SHELF_MAX = 4 * PICTURES_MAX, /* found on disk at most; the rest when these are gone */
	SHELF_FUTURE_MS = 60000,      /* a name so far ahead was made by a wrong clock */
};

struct shelved {
	struct picture picture;
	uint32_t bytes;
	bool taken;	  /* since this program started */
	int64_t stamp_ms; /* taken: monotonic; else UTC: when the file was changed */
	int64_t age_ms;	  /* when it was looked at last */
};

struct shelf {
	struct shelved *place; /* the oldest last, after shelf_order() */
	uint32_t used, room;
	uint64_t bytes;
	int64_t keep_ms;
	uint64_t bytes_max;
};

/** shelf_init - empty; it keeps pictures for so long, of so many bytes together. shelf_clear -
 * empty again. shelf_free. */
void shelf_init(struct shelf *s, int64_t keep_ms, uint64_t bytes_max);
void shelf_clear(struct shelf *s);
void shelf_free(struct shelf *s);

/** shelf_taken - a picture was taken now. shelf_found - one was found on disk, its file changed at
 * `changed`. False: no memory, or SHELF_MAX are there. */
MUST_CHECK bool shelf_taken(struct shelf *s, const struct picture *p, uint32_t bytes,
			    struct mono now);
MUST_CHECK bool shelf_found(struct shelf *s, const struct picture *p, uint32_t bytes,
			    struct wall changed);

/** shelf_order - looks at every age; then shelf_due() and shelf_oldest() mean something. */
void shelf_order(struct shelf *s, struct mono mono, struct wall wall);

/** shelf_due - whether the oldest has to go: too old, or too many, or too many bytes.
 * shelf_oldest - takes it off. Both false when there is none. */
bool shelf_due(const struct shelf *s);
MUST_CHECK bool shelf_oldest(struct shelf *s, struct picture *ret);

/** shelf_left_ms - how long until the oldest is too old; INT64_MAX with none. */
int64_t shelf_left_ms(const struct shelf *s);

#endif
