/*
 * clock.h: the two clocks, as two types that cannot be mixed up.
 *
 * `mono` is CLOCK_MONOTONIC: every door timer, every time-out. `wall` is UTC: tokens, receipts,
 * months. Only a program's shell (and tests) read a clock; everything below is handed a `struct
 * now`.
 */
#ifndef SHOP_BASE_CLOCK_H
#define SHOP_BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/day.h"

/** Monotonic time, milliseconds since boot. */
struct mono {
	int64_t ms;
};

/** Wall-clock time, UTC milliseconds since 1970-01-01. */
struct wall {
	int64_t ms;
};

/** A deadline that never comes. */
#define MONO_NEVER ((struct mono){INT64_MAX})

/** One reading of both clocks; one `now` a step, nobody asks again. */
struct now {
	struct mono mono;
	struct wall wall;
	bool wall_trusted;	 /* contracts 1, clock: else only tokens with a nonce are judged */
	uint16_t minute_of_week; /* local time of the shop, Monday 00:00 = 0, < 10080 */
	struct day day;		 /* local date of the shop */
};

/** mono_add - `ms` later, or earlier when negative; MONO_NEVER stays so, and so does what would
 * pass it. */
static inline struct mono mono_add(struct mono t, int64_t ms)
{
	int64_t sum;

	if (t.ms == INT64_MAX)
		return t;
	if (__builtin_add_overflow(t.ms, ms, &sum))
		return (struct mono){ms > 0 ? INT64_MAX : INT64_MIN};
	return (struct mono){sum};
}

static inline struct mono mono_min(struct mono a, struct mono b)
{
	return a.ms < b.ms ? a : b;
}

/** Whether `deadline` has come at `now`. */
static inline bool mono_due(struct mono now, struct mono deadline)
{
	return now.ms >= deadline.ms;
}

/** Room for "2026-11-21T23:00:04.123Z" and its NUL. */
#define WALL_TEXT_SIZE 25

/** wall_text - RFC 3339 in UTC with milliseconds; years outside 1970..9999 are clamped. Pure. */
void wall_text(struct wall t, char text[WALL_TEXT_SIZE]);

/** wall_parse - reads RFC 3339 ("2026-11-21T23:00:04Z", fraction and offset allowed) of `len`
 * bytes: years 1970 to 9999, digits past the millisecond cut off, a leap second (only where one can
 * be, at the end of a day of UTC) as the second after it. Returns false, and leaves `ret` alone, on
 * anything else. */
bool wall_parse(const char *text, uint32_t len, struct wall *ret);

#endif
