/*
 * fleet.h: every shop, its key and where its feed stands, in the loop's memory: who asks is known
 * without asking the database, and a held poll is woken when its shop's feed moves. Another officed
 * on the same PostgreSQL may have moved it: a look at what has changed, FLEET_LOOK_MS apart, finds
 * its changes as it finds ours.
 */
#ifndef SHOP_OFFICED_FLEET_H
#define SHOP_OFFICED_FLEET_H

#include "loop/loop.h"
#include "officed/work.h"

enum {
	FLEET_LOOK_MS = 200,
	FLEET_LATE_MS = 5000,  /* without a look that came back for so long: the database is away */
	FLEET_ROWS_MAX = 1000, /* of one look */
};

struct asked;

/** web_guess.c's: codes that were tried since the window began. */
struct guesses {
	struct mono until;
	uint32_t tries;
};

/** A shop as the database last had it. It stays where it is while we run. */
struct shop_now {
	char shop[PLACE_MAX_LEN + 1];
	enum shop_state state;
	struct public_key key;
	struct kid kid;
	uint32_t epoch;
	uint64_t feed_to;
	struct shop_now *next; /* of the same place in the table */
	/* poll.c's: requests that wait for its feed */
	struct asked *polls;
	/* pulse.c's: its newest heartbeat, while it is not written down */
	struct shop_now *beat_next;
	bool beat;
	struct wall heard_at;
	uint16_t said_len;
	uint8_t *said;
	struct guesses guesses;
};

struct fleet_listener {
	void (*changed)(void *data, struct shop_now *shop); /* it is new or another now */
	/* a look came back; false: the database did not answer */
	void (*looked)(void *data, bool good);
	void *data;
};

struct fleet;

/** fleet_open - begins to look. 0 or -errno. fleet_close - after work_close(); NULL is fine. */
MUST_CHECK int fleet_open(struct loop *loop, struct work *work,
			  const struct fleet_listener *listener, struct fleet **ret);
void fleet_close(struct fleet *f);

/** fleet_find - NULL for a name that no shop has, as far as we have seen. */
struct shop_now *fleet_find(const struct fleet *f, const char *shop);
uint32_t fleet_shops(const struct fleet *f);
/** fleet_look - looks again as soon as can be: what is committed by now will have been seen when
 * fleet_looked() has reached the number returned. */
uint64_t fleet_look(struct fleet *f);
uint64_t fleet_looked(const struct fleet *f);
/** fleet_heard - the database has answered lately, and all shops have been read. */
bool fleet_heard(const struct fleet *f);

#endif
