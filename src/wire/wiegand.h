/*
 * wiegand.h: the pulses of a Wiegand keypad's two wires -> keys. Pure; time comes with each pulse.
 *
 * A pulse on D0 is a bit 0, one on D1 a bit 1; a burst of them, 30 ms apart from the next, is a
 * key: 4 bits, or 8 of which the first four are the last four turned over. 0 to 9 are digits, 10 is
 * `*`, 11 is `#`. Nothing else means anything here. Above all no card: 26 or 34 bits are a card's
 * number, which is sent in the clear and the same each time, and which anybody can copy who was
 * near it for a second.
 */
#ifndef SHOP_WIRE_WIEGAND_H
#define SHOP_WIRE_WIEGAND_H

#include "base/clock.h"

#define WIEGAND_GAP_MS 30 /* within a burst no keypad leaves more than 20 */
#define WIEGAND_RING_US                                                                            \
	100		    /* a wire's next pulse is 200 later at the soonest: before, it rings   \
			     */
#define WIEGAND_BITS_MAX 64 /* the longest card there is has 56; what is longer is noise */

struct wiegand {
	int64_t at_us[WIEGAND_BITS_MAX]; /* in their order */
	uint8_t bit[WIEGAND_BITS_MAX];
	uint32_t pulses, lost; /* kept, and past the last that can be */
	int64_t lost_us;       /* the newest of those */
};

enum wiegand_said {
	WIEGAND_NOTHING = 0,
	WIEGAND_KEY = 1,    /* '0' to '9', '*' or '#' */
	WIEGAND_CARD = 2,   /* 24 bits and more: a card's number, not looked at */
	WIEGAND_BROKEN = 3, /* a number of bits, or bits, that no key has */
};

/** wiegand_init - no pulse yet. */
void wiegand_init(struct wiegand *w);

/** wiegand_pulse - a pulse, on D1 or else D0, as the chip saw it (CLOCK_MONOTONIC). Each wire tells
 * its own in their order; the two may come in any. */
void wiegand_pulse(struct wiegand *w, int64_t at_us, bool one);

/** wiegand_deadline - when what is there is a whole burst: MONO_NEVER if nothing is. */
struct mono wiegand_deadline(const struct wiegand *w);

/** wiegand_take - the next whole burst: call until NOTHING. *ret_key is set for KEY, *ret_bits (how
 * many there were) for all. */
enum wiegand_said wiegand_take(struct wiegand *w, struct mono now, char *ret_key,
			       uint32_t *ret_bits);

#endif
