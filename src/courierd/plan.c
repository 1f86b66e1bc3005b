/*
 * plan.c: the patience of the courier with the office.
 *
 * It promises:
 *  - one batch of entries is on its way at a time, and the next one begins where shopd says, never
 *    where we think it should;
 *  - heartbeats leave every SYNC_HEARTBEAT_MS, whatever the other lanes do;
 *  - a lane that fails is tried again after 1 s, twice as long each time up to 5 min, never two
 * shops at the same moments; an office that names a pause gets it; any success on any lane wakes
 * those that had found no road;
 *  - what shopd took but does not show in what it wants next counts as a failure, so that two who
 *    do not understand each other do not talk in a loop;
 *  - shopd hears how the road is when that changes: at the second failure in a row, for one is the
 *    weather, but at once where a person waits for an enrolment or the office refuses us.
 */
#include "courierd/plan.h"

#include <stdio.h>
#include <string.h>

#include "base/check.h"

const char *lane_word(enum lane lane)
{
	static const char *const words[LANES] = {
		[LANE_ENROL] = "enrolment",    [LANE_EPOCH] = "epoch",
		[LANE_TAIL] = "tail",	       [LANE_TIME] = "time",
		[LANE_KEYS] = "keys",	       [LANE_ENTRIES] = "entries",
		[LANE_FEED] = "feed",	       [LANE_PULSE] = "heartbeat",
		[LANE_PULSE_TOO] = "heartbeat"};

	CHECK(lane < LANES);
	return words[lane];
}

static bool is_pulse(enum lane lane)
{
	return lane == LANE_PULSE || lane == LANE_PULSE_TOO;
}

void plan_init(struct plan *p, uint64_t seed)
{
	memset(p, 0, sizeof(*p));
	p->random = seed;
}

/* ---- pauses ---- */

/** splitmix64: spreads retries, guards nothing. */
static int64_t random_below(struct plan *p, int64_t bound)
{
	uint64_t z = p->random += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return (int64_t)((z ^ z >> 31) % (uint64_t)bound);
}

/** Doubled for each failure, then anywhere from half of it to the whole. */
static int64_t backoff_ms(struct plan *p, uint32_t tries)
{
	int64_t pause = PLAN_BACKOFF_MS;

	while (--tries > 0 && pause < PLAN_BACKOFF_MAX_MS)
		pause *= 2;
	if (pause > PLAN_BACKOFF_MAX_MS)
		pause = PLAN_BACKOFF_MAX_MS;
	return pause / 2 + random_below(p, pause / 2 + 1);
}

/** The office's own wish, within reason, and up to half as much more so that not all come at once.
 */
static int64_t asked_pause_ms(struct plan *p, int64_t seconds)
{
	int64_t ms = seconds > PLAN_ASKED_MAX_MS / 1000 ? PLAN_ASKED_MAX_MS : seconds * 1000;

	return ms + random_below(p, ms / 2 + PLAN_BACKOFF_MS);
}

/* ---- what is wanted ---- */

static bool wanted(const struct plan *p, enum lane lane)
{
	const struct message_sync *s = &p->sync;
	bool member = p->up && s->enrolled != 0 && s->url[0] != '\0';

	switch (lane) {
	case LANE_ENROL:
		return p->up && s->url[0] != '\0' && s->code[0] != '\0' &&
		       strcmp(s->code, p->refused_code) != 0;
	case LANE_EPOCH:
		return member && s->want_epoch != 0;
	case LANE_TAIL:
		return member && s->want_epoch == 0 && s->want_tail != 0;
	case LANE_TIME:
		return member && s->want_time != 0;
	case LANE_KEYS:
		return member && s->want_keys != 0;
	case LANE_ENTRIES:
		return member && s->want_epoch == 0 && s->want_tail == 0 &&
		       (s->head_seq > s->acked || (p->doubt && s->acked > 0));
	case LANE_FEED:
		return member && s->want_epoch == 0 && s->want_tail == 0;
	case LANE_PULSE:
	case LANE_PULSE_TOO:
		return member;
	}
	panic(__FILE__, __LINE__, "a lane that is none");
}

/** When a resting lane may go; MONO_NEVER when nobody wants it to. */
static struct mono lane_due(const struct plan *p, enum lane lane)
{
	const struct lane_plan *l = &p->lane[lane];

	if (l->state == LANE_ASKS)
		return mono_add(l->since, PLAN_FLIGHT_MS);
	if (l->state == LANE_SETTLES)
		return l->due;
	if (!wanted(p, lane))
		return MONO_NEVER;
	if (!is_pulse(lane))
		return l->due;
	/* the second one leaves only while the first is on its way */
	if (lane == LANE_PULSE_TOO && p->lane[LANE_PULSE].state == LANE_RESTS)
		return MONO_NEVER;
	return p->pulse_due;
}

static void rest(struct plan *p, enum lane lane, struct mono due)
{
	p->lane[lane].state = LANE_RESTS;
	p->lane[lane].due = due;
	p->lane[lane].outdated = false;
}

/* ---- the road ---- */

static void road_is(struct plan *p, enum carried how, const char *why)
{
	if (p->road == how &&
	    (how == CARRIED_WELL || strncmp(p->why, why, sizeof(p->why) - 1) == 0))
		return;
	p->road = how;
	snprintf(p->why, sizeof(p->why), "%s", why);
	p->road_news = true;
}

static void road_failed(struct plan *p, enum lane lane, enum carried how, const char *why)
{
	bool at_once = how == CARRIED_REFUSED || how == CARRIED_ENROL_REFUSED || lane == LANE_ENROL;

	p->failures++;
	if (at_once || p->failures >= 2)
		road_is(p, how, why);
	if (lane == LANE_ENROL) /* a person waits for it, also where the last one heard the same */
		p->road_news = true;
}

static void road_good(struct plan *p, struct mono now)
{
	p->doubt = p->doubt || p->failures > 0;
	p->failures = 0;
	road_is(p, CARRIED_WELL, "");
	for (uint32_t i = 0; i < LANES; i++) {
		struct lane_plan *l = &p->lane[i];

		if (l->state == LANE_RESTS && l->lost) {
			l->due = mono_min(l->due, mono_add(now, random_below(p, PLAN_WAKE_MS)));
			l->lost = false;
		}
	}
}

bool plan_road(const struct plan *p, enum carried *ret_how, const char **ret_why)
{
	if (!p->road_news || !p->up)
		return false;
	*ret_how = p->road;
	*ret_why = p->why;
	return true;
}

void plan_road_told(struct plan *p)
{
	p->road_news = false;
}

/* ---- failures ---- */

/** The lane rests for a while. */
static void lane_failed(struct plan *p, struct mono now, enum lane lane, int64_t retry_after_s)
{
	struct lane_plan *l = &p->lane[lane];
	int64_t pause;

	if (retry_after_s < 0)
		l->tries++;
	pause = retry_after_s >= 0 ? asked_pause_ms(p, retry_after_s) : backoff_ms(p, l->tries);
	rest(p, lane, mono_add(now, pause));
	if (is_pulse(lane) && retry_after_s >= 0)
		p->pulse_due.ms = l->due.ms > p->pulse_due.ms ? l->due.ms : p->pulse_due.ms;
}

static void lane_good(struct plan *p, struct mono now, enum lane lane)
{
	p->lane[lane].tries = 0;
	p->lane[lane].lost = false;
	road_good(p, now);
}

/* ---- shopd ---- */

void plan_down(struct plan *p)
{
	p->up = false;
	p->snapshot = false;
	for (uint32_t i = 0; i < LANES; i++)
		rest(p, (enum lane)i, (struct mono){0});
	/* the next shopd knows nothing of the road */
	p->road_news = p->road != CARRIED_WELL;
}

/** Whether what is on its way by now would be about somebody else. */
static bool other_box(const struct message_sync *a, const struct message_sync *b)
{
	return a->enrolled != b->enrolled || a->epoch != b->epoch || strcmp(a->url, b->url) != 0 ||
	       strcmp(a->shop, b->shop) != 0 || strcmp(a->code, b->code) != 0 ||
	       memcmp(a->key, b->key, sizeof(a->key)) != 0;
}

static void begin_anew(struct plan *p, struct mono now)
{
	p->snapshot = false;
	p->doubt = true;
	p->failures = 0;
	p->pulse_due = now;
	if (strcmp(p->sync.code, p->refused_code) != 0)
		memset(p->refused_code, 0, sizeof(p->refused_code));
	for (uint32_t i = 0; i < LANES; i++) {
		p->lane[i].tries = 0;
		p->lane[i].lost = false;
		if (p->lane[i].state == LANE_ASKS)
			p->lane[i].outdated = true;
		else
			rest(p, (enum lane)i, now);
	}
}

/** News of the ledger: entries that come together leave together. */
static void entries_gather(struct plan *p, struct mono now)
{
	struct lane_plan *l = &p->lane[LANE_ENTRIES];
	uint64_t wait = p->sync.head_seq - p->sync.acked;

	if (l->tries == 0)
		l->due = mono_add(now, wait >= PLAN_BEHIND ? 0 : PLAN_GATHER_MS);
}

/** What moves when an answer counts. */
static uint64_t mark(const struct message_sync *s, enum lane lane)
{
	uint64_t nonce;

	memcpy(&nonce, s->time_nonce, sizeof(nonce));
	return lane == LANE_ENTRIES ? s->acked
	       : lane == LANE_TAIL  ? s->tail_after
	       : lane == LANE_TIME  ? nonce
	       : lane == LANE_FEED  ? s->feed
				    : 0;
}

static void settle(struct plan *p, struct mono now)
{
	const struct message_sync *s = &p->sync;
	struct lane_plan *entries = &p->lane[LANE_ENTRIES], *feed = &p->lane[LANE_FEED];

	if (entries->state == LANE_SETTLES &&
	    (s->acked != entries->from || s->want_epoch != 0 || s->want_tail != 0)) {
		lane_good(p, now, LANE_ENTRIES);
		rest(p, LANE_ENTRIES, now);
		if (wanted(p, LANE_ENTRIES))
			entries_gather(p, now);
	}
	if (feed->state == LANE_SETTLES &&
	    (s->feed != feed->from || (s->want_snapshot != 0) != feed->refetch)) {
		lane_good(p, now, LANE_FEED);
		rest(p, LANE_FEED, now);
	}
	for (uint32_t i = LANE_ENROL; i <= LANE_KEYS; i++) {
		/* what is wanted no more is done; a tail goes on where shopd says */
		if (p->lane[i].state == LANE_SETTLES &&
		    (!wanted(p, (enum lane)i) || p->lane[i].from != mark(s, (enum lane)i))) {
			lane_good(p, now, (enum lane)i);
			rest(p, (enum lane)i, now);
		}
	}
}

void plan_sync(struct plan *p, struct mono now, const struct message_sync *sync)
{
	struct lane_plan *entries = &p->lane[LANE_ENTRIES], *feed = &p->lane[LANE_FEED];
	bool anew = !p->up || other_box(&p->sync, sync), had_entries = wanted(p, LANE_ENTRIES);

	p->up = true;
	p->sync = *sync;
	p->sync_at = now;
	if (anew)
		begin_anew(p, now);
	settle(p, now);
	if (!anew && wanted(p, LANE_ENTRIES) && entries->state == LANE_RESTS) {
		if (!had_entries)
			entries_gather(p, now);
		else if (entries->tries == 0 && sync->head_seq - sync->acked >= PLAN_BEHIND)
			entries->due = mono_min(entries->due, now);
	}
	if (sync->want_snapshot != 0 && !p->snapshot && feed->state == LANE_RESTS) {
		p->snapshot = true;
		p->next[0] = '\0';
		if (feed->tries == 0)
			feed->due = now;
	}
}

/* ---- out ---- */

static void begin(struct plan *p, struct mono now, enum lane lane)
{
	struct lane_plan *l = &p->lane[lane];

	l->state = LANE_ASKS;
	l->since = now;
	l->outdated = false;
	l->from = mark(&p->sync, lane);
	l->empty = p->sync.head_seq == p->sync.acked;
	if (lane == LANE_FEED && p->sync.want_snapshot != 0 && !p->snapshot) {
		p->snapshot = true;
		p->next[0] = '\0';
	}
	l->refetch = p->sync.want_snapshot != 0;
	if (!is_pulse(lane))
		return;
	p->pulse_due = mono_add(p->pulse_due, SYNC_HEARTBEAT_MS);
	if (mono_due(now, p->pulse_due))
		p->pulse_due = mono_add(now, SYNC_HEARTBEAT_MS);
}

bool plan_next(struct plan *p, struct mono now, enum lane *ret)
{
	if (!p->up)
		return false;
	for (uint32_t i = 0; i < LANES; i++) {
		enum lane lane = (enum lane)i;
		struct lane_plan *l = &p->lane[i];

		if (!mono_due(now, lane_due(p, lane)))
			continue;
		if (l->state == LANE_RESTS) {
			begin(p, now, lane);
			*ret = lane;
			return true;
		}
		/* an answer of shopd that never came, or that changed nothing */
		lane_failed(p, now, lane, -1);
		road_failed(p, lane, CARRIED_ODD,
			    "the office and the shop do not agree on what comes next");
	}
	return false;
}

bool plan_current(const struct plan *p, enum lane lane)
{
	return p->up && p->lane[lane].state == LANE_ASKS && !p->lane[lane].outdated;
}

bool plan_asks(const struct plan *p, enum lane lane)
{
	return p->lane[lane].state == LANE_ASKS;
}

/* ---- in ---- */

static void answer_good(struct plan *p, struct mono now, enum lane lane)
{
	struct lane_plan *l = &p->lane[lane];
	struct mono due = now;

	lane_good(p, now, lane);
	if (lane == LANE_FEED && now.ms - l->since.ms < PLAN_POLL_MIN_MS)
		due = mono_add(l->since, PLAN_POLL_MIN_MS);
	rest(p, lane, due);
}

static void answer_refetch(struct plan *p, struct mono now, enum lane lane)
{
	if (lane != LANE_FEED) {
		lane_failed(p, now, lane, -1);
		road_failed(p, lane, CARRIED_ODD, "the office asks for what was not sent");
		return;
	}
	if (p->snapshot) { /* the snapshot itself is not known any more */
		p->next[0] = '\0';
		lane_failed(p, now, lane, -1);
		return;
	}
	p->snapshot = true;
	p->next[0] = '\0';
	rest(p, lane, now);
}

static void answer_refused(struct plan *p, struct mono now, enum lane lane, const char *why)
{
	if (lane == LANE_ENROL) {
		memcpy(p->refused_code, p->sync.code, sizeof(p->refused_code));
		rest(p, lane, now);
		road_failed(p, lane, CARRIED_ENROL_REFUSED, why);
		return;
	}
	lane_failed(p, now, lane, -1);
	road_failed(p, lane, CARRIED_REFUSED, why);
}

void plan_answer(struct plan *p, struct mono now, enum lane lane, enum went went,
		 int64_t retry_after_s, const char *why, const char *next)
{
	struct lane_plan *l = &p->lane[lane];

	if (l->state != LANE_ASKS)
		return;
	if (l->outdated) {
		rest(p, lane, now);
		return;
	}
	l->lost = went == WENT_LOST;
	switch (went) {
	case WENT_SAID:
		if (lane == LANE_FEED && p->snapshot)
			snprintf(p->next, sizeof(p->next), "%s", next);
		return;
	case WENT_WELL:
		answer_good(p, now, lane);
		return;
	case WENT_REFETCH:
		answer_refetch(p, now, lane);
		return;
	case WENT_REFUSED:
		answer_refused(p, now, lane, why);
		return;
	case WENT_LOST:
		lane_failed(p, now, lane, -1);
		road_failed(p, lane, CARRIED_NO_ROAD, why);
		return;
	case WENT_BUSY:
		lane_failed(p, now, lane, retry_after_s);
		road_failed(p, lane, CARRIED_BUSY, why);
		return;
	case WENT_ODD:
		lane_failed(p, now, lane, -1);
		road_failed(p, lane, CARRIED_ODD, why);
		return;
	}
	panic(__FILE__, __LINE__, "an outcome that is none");
}

void plan_said(struct plan *p, struct mono now, enum lane lane, bool taken, const char *why)
{
	struct lane_plan *l = &p->lane[lane];

	if (l->state != LANE_ASKS)
		return;
	if (l->outdated) {
		rest(p, lane, now);
		return;
	}
	if (!taken) {
		p->snapshot = p->snapshot && lane != LANE_FEED;
		lane_failed(p, now, lane, -1);
		road_failed(p, lane, lane == LANE_ENROL ? CARRIED_ENROL_REFUSED : CARRIED_ODD, why);
		if (lane == LANE_ENROL)
			memcpy(p->refused_code, p->sync.code, sizeof(p->refused_code));
		return;
	}
	if (lane == LANE_FEED && p->snapshot && p->next[0] != '\0') {
		lane_good(p, now, lane);
		rest(p, lane, now);
		return;
	}
	p->snapshot = p->snapshot && lane != LANE_FEED;
	p->doubt = p->doubt && lane != LANE_ENTRIES;
	if (lane == LANE_ENTRIES &&
	    l->empty) { /* nothing has to move; if it does, there is a sync */
		lane_good(p, now, lane);
		p->doubt = false; /* also where this answer was what brought the road back */
		rest(p, lane, now);
		return;
	}
	l->state = LANE_SETTLES;
	l->due = mono_add(now, PLAN_SETTLE_MS);
	/* what counts may be known already */
	settle(p, now);
}

struct mono plan_deadline(const struct plan *p)
{
	struct mono due = MONO_NEVER;

	for (uint32_t i = 0; p->up && i < LANES; i++)
		due = mono_min(due, lane_due(p, (enum lane)i));
	return due;
}
