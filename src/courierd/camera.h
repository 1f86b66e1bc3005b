/*
 * camera.h: one camera: which pictures it owes, when it is asked for one, whether it fails. Values
 * and decisions only: the time and how a request went arrive, nothing is asked from here.
 *
 * camera_owe() -> camera_next() hands out one at a time -> camera_result() says how that went. When
 * nothing was asked of it for long it is asked for a picture that nobody keeps, so that a dead
 * camera is known before it is needed.
 */
#ifndef SHOP_COURIERD_CAMERA_H
#define SHOP_COURIERD_CAMERA_H

#include "base/check.h"
#include "base/clock.h"
#include "wire/picture.h"

enum {
	CAMERA_OWED_MAX = 4,
	CAMERA_OWED_MS = 30000,	   /* later than that, a picture shows something else */
	CAMERA_AGAIN_MS = 2000,	   /* an alarm's picture that failed is tried again, within that */
	CAMERA_FAILURES_MAX = 3,   /* in a row, or … */
	CAMERA_FAILING_MS = 60000, /* … for so long: it fails */
	CAMERA_PROBE_MS = 600000,  /* without a picture: look whether it still can */
	CAMERA_PROBE_SOON_MS = 15000, /* after a failure: three are less than a minute */
	CAMERA_PROBE_LOST_MS = 60000, /* while it fails: is it back? */
};

/** A picture that is owed, or asked for now. */
struct camera_owed {
	enum picture_kind kind;
	uint64_t ref;
	bool probe; /* nobody keeps it */
	struct mono asked_at, due;
};

struct camera {
	bool flying;
	struct camera_owed flight;
	uint32_t owed;
	struct camera_owed owe[CAMERA_OWED_MAX]; /* in the order they were asked for */
	uint32_t failures;			 /* in a row */
	struct mono failed_at;			 /* the first of them */
	bool failing;
	bool known; /* a picture has come, or it fails */
	struct mono probe_at;
	uint64_t lost; /* pictures that were owed and never taken */
};

/** What a result changed. */
enum camera_change {
	CAMERA_SAME = 0,
	CAMERA_FAILS = 1, /* from now on */
	CAMERA_WELL = 2,  /* again, or for the first time since the start */
};

/** camera_init - owes nothing; it is looked at `probe_ms` from now. */
void camera_init(struct camera *c, struct mono now, int64_t probe_ms);

/** camera_owe - one picture more, once a (kind, ref). Where CAMERA_OWED_MAX are owed one gives way:
 * the oldest of an entry, else of a request, else of an alarm; `lost` counts it. */
void camera_owe(struct camera *c, struct mono now, enum picture_kind kind, uint64_t ref);

/** camera_next - what to ask for now: alarms first, the oldest first. It counts as flying until
 * camera_result(). False: nothing is due, or one flies. */
MUST_CHECK bool camera_next(struct camera *c, struct mono now, struct camera_owed *ret);

/** camera_result - whether a picture came. An alarm's that did not is owed again for a while. */
enum camera_change camera_result(struct camera *c, struct mono now, bool good);

/** camera_deadline - when camera_next() has something. MONO_NEVER while one flies. */
struct mono camera_deadline(const struct camera *c);

#endif
