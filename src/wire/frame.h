/*
 * frame.h: a scanner's bytes -> frames (contracts 1): up to CR or LF, or 50 ms of silence; ≤ 512
 * bytes; a longer one is told once as too long, up to its end; an AIM prefix ("]Q1") is dropped.
 * Pure: time arrives.
 */
#ifndef SHOP_WIRE_FRAME_H
#define SHOP_WIRE_FRAME_H

#include "base/clock.h"
#include "base/limits.h"
#include "base/span.h"

#define FRAME_SILENCE_MS 50

struct framer {
	uint8_t bytes[TOKEN_SIZE_MAX];
	uint32_t len;
	bool overlong;
	struct mono last_byte; /* MONO_NEVER: nothing is pending */
};

enum framed {
	FRAMED_NOTHING = 0, /* all bytes taken, no frame yet */
	FRAMED_FRAME = 1,   /* *ret is a frame (≥ 1 byte), valid until the next call */
	FRAMED_OVERLONG = 2,
};

/** framer_init - nothing pending. */
void framer_init(struct framer *f);

/** framer_take - takes bytes off the front of *bytes until a frame is complete or they are used up:
 * call until NOTHING. */
enum framed framer_take(struct framer *f, struct span *bytes, struct mono now, struct span *ret);

/** framer_deadline - when silence will end what is pending; framer_silence - ends it if that time
 * has come. Silence is judged here alone: a program that was late for both its bytes and this timer
 * reads the bytes first. */
struct mono framer_deadline(const struct framer *f);
enum framed framer_silence(struct framer *f, struct mono now, struct span *ret);

#endif
