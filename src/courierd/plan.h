/*
 * plan.h: what courierd asks the office next, and when again if it fails. Values and decisions
 * only: time, what shopd wants, answers and random numbers arrive; nothing is sent from here.
 *
 * What there is to ask goes in lanes that do not wait for each other: a heartbeat is never late
 * because a month of entries goes up. A lane has one request on its way at most:
 *
 *   plan_next() hands it out -> plan_answer() says how it went -> what the office said goes to
 *   shopd, plan_said() says what shopd thinks of it -> the lane waits until shopd's next
 *   MESSAGE_SYNC (plan_sync()) shows that it counts -> plan_next() …
 */
#ifndef SHOP_COURIERD_PLAN_H
#define SHOP_COURIERD_PLAN_H

#include "base/clock.h"
#include "wire/message.h"

enum lane {
	LANE_ENROL = 0,
	LANE_EPOCH = 1,
	LANE_TAIL = 2,
	LANE_TIME = 3,
	LANE_KEYS = 4,
	LANE_ENTRIES = 5,
	LANE_FEED = 6,
	LANE_PULSE = 7,
	LANE_PULSE_TOO = 8, /* on a slow road the next heartbeat leaves before the last has come */
};
#define LANES 9

enum {
	PLAN_GATHER_MS = 250, /* entries that come together leave together */
	PLAN_BEHIND = 256,    /* so many that wait leave at once */
	PLAN_BACKOFF_MS = 1000,
	PLAN_BACKOFF_MAX_MS = 300000, /* 5 min */
	PLAN_ASKED_MAX_MS = 3600000,  /* the longest pause that an office may ask for */
	PLAN_SETTLE_MS = 5000,	 /* shopd took it: so long until it must show in a MESSAGE_SYNC */
	PLAN_FLIGHT_MS = 150000, /* no request, proof and answer of shopd together take longer */
	PLAN_POLL_MIN_MS = 1000, /* a poll that is answered "nothing" at once is not asked in a loop
				  */
	PLAN_WAKE_MS = 2000,	 /* the road is back: others try within this */
	PLAN_NEXT_MAX = 128,
};

/** What an answer of the office is to us. */
enum went {
	WENT_SAID = 0,	  /* something for shopd to judge */
	WENT_WELL = 1,	  /* nothing to hand on */
	WENT_REFETCH = 2, /* the cursor, or the snapshot, is not known there */
	WENT_LOST = 3,	  /* no answer, or half of one */
	WENT_BUSY = 4,	  /* later */
	WENT_REFUSED = 5, /* this box is not known there, or what it asks is not for it */
	WENT_ODD = 6,	  /* no answer that we understand; or shopd does not */
};

enum lane_state {
	LANE_RESTS = 0,	  /* may go at `due` */
	LANE_ASKS = 1,	  /* proof or request is on its way, or shopd is thinking */
	LANE_SETTLES = 2, /* shopd took it; until `due` to see it in a MESSAGE_SYNC */
};

struct lane_plan {
	enum lane_state state;
	struct mono due, since;
	uint32_t tries; /* that failed in a row */
	bool lost;	/* it rests because there was no road */
	bool outdated;	/* what is on its way belongs to what was wanted before */
	uint64_t from;	/* what `acked`, `feed`, `tail_after` or the nonce was when it was asked */
	bool refetch;	/* what `want_snapshot` was then */
	bool empty;	/* of entries: there were none; whether both stand the same is asked */
};

struct plan {
	bool up; /* shopd is here, and `sync` is what it said */
	struct message_sync sync;
	struct mono sync_at;
	struct lane_plan lane[LANES];
	struct mono pulse_due;
	bool doubt; /* the office may be another than it was (restored from a backup): it is asked
		       whether it still has what it has acknowledged, though there is nothing new */
	bool snapshot;		  /* one is being fetched */
	char next[PLAN_NEXT_MAX]; /* of the snapshot: the office's word for the next part; "": first
				   */
	char refused_code[CLAIM_CODE_MAX + 1]; /* not to be tried again */
	uint64_t random;
	/* the road, as told to shopd */
	uint32_t failures; /* in a row, of any lane */
	enum carried road;
	char why[200];
	bool road_news;
};

/** plan_init - `seed` spreads the retries of many shops apart. */
void plan_init(struct plan *p, uint64_t seed);

/** plan_down - shopd is gone: what is on its way is for nobody. */
void plan_down(struct plan *p);

/** plan_sync - what shopd wants now. */
void plan_sync(struct plan *p, struct mono now, const struct message_sync *sync);

/** plan_next - a lane that is to ask now; it counts as asking until plan_answer(). */
bool plan_next(struct plan *p, struct mono now, enum lane *ret);

/** plan_current - whether what this lane has on its way is still wanted. */
bool plan_current(const struct plan *p, enum lane lane);
/** plan_asks - whether the plan waits for this lane at all. */
bool plan_asks(const struct plan *p, enum lane lane);

/**
 * plan_answer - how it went. After WENT_SAID the lane waits for plan_said().
 * @retry_after_s: ≥ 0: the office asked for that pause; else -1.
 * @why: for people; cut to its room.
 * @next: the office's word for a snapshot's next part; "" where it gave none.
 */
void plan_answer(struct plan *p, struct mono now, enum lane lane, enum went went,
		 int64_t retry_after_s, const char *why, const char *next);

/** plan_said - what shopd thinks of what the office said. */
void plan_said(struct plan *p, struct mono now, enum lane lane, bool taken, const char *why);

/** plan_road - how the road is, when shopd has not been told yet. plan_road_told - it has. */
bool plan_road(const struct plan *p, enum carried *ret_how, const char **ret_why);
void plan_road_told(struct plan *p);

/** plan_deadline - when plan_next() will have something; MONO_NEVER when nothing waits. */
struct mono plan_deadline(const struct plan *p);

/** lane_word - "entries", "feed" …, for logs. */
const char *lane_word(enum lane lane);

#endif
