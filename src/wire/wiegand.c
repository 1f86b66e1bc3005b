/*
 * wiegand.c: pulses in the order of their times, cut where there is a gap.
 *
 * The kernel tells each wire's pulses by themselves, so a program that was late finds all of one
 * wire's before the other's: they are sorted in by the chip's own times, and a burst is judged
 * only when its silence is over by those. Then it may have been late by as much as the kernel
 * keeps, sixteen edges a wire, and that is a key of eight bits.
 */
#include "wire/wiegand.h"

#include <string.h>

#include "base/check.h"

#define CARD_BITS_MIN 24 /* below are keys, or what was left of something */

void wiegand_init(struct wiegand *w)
{
	*w = (struct wiegand){.pulses = 0};
}

/* Whether this wire had a pulse so shortly before that this is its echo on a long cable. */
static bool rings(const struct wiegand *w, uint32_t at, int64_t at_us, bool one)
{
	while (at > 0 && at_us - w->at_us[at - 1] < WIEGAND_RING_US) {
		at--;
		if (w->bit[at] == one)
			return true;
	}
	return false;
}

void wiegand_pulse(struct wiegand *w, int64_t at_us, bool one)
{
	uint32_t at = w->pulses;

	CHECK(w->pulses <= WIEGAND_BITS_MAX);
	if (at_us < 0)
		at_us = 0; /* before the machine was there */
	if (w->pulses == WIEGAND_BITS_MAX) {
		w->lost += w->lost < UINT32_MAX;
		if (at_us > w->lost_us)
			w->lost_us = at_us;
		return;
	}
	while (at > 0 && w->at_us[at - 1] > at_us)
		at--;
	if (rings(w, at, at_us, one))
		return;
	memmove(&w->at_us[at + 1], &w->at_us[at], (w->pulses - at) * sizeof(w->at_us[0]));
	memmove(&w->bit[at + 1], &w->bit[at], (w->pulses - at) * sizeof(w->bit[0]));
	w->at_us[at] = at_us;
	w->bit[at] = one;
	w->pulses++;
}

/* How many pulses stand before the first gap; all of them, if there is none. */
static uint32_t burst_len(const struct wiegand *w)
{
	uint32_t n = 1;

	while (n < w->pulses && w->at_us[n] - w->at_us[n - 1] < WIEGAND_GAP_MS * 1000)
		n++;
	return n;
}

static struct mono end_of(const struct wiegand *w, uint32_t len)
{
	int64_t last_us = w->at_us[len - 1];

	if (len == w->pulses && w->lost > 0 && w->lost_us > last_us)
		last_us = w->lost_us;
	/* rounded up: not before the gap is over */
	return mono_add((struct mono){last_us / 1000 + 1}, WIEGAND_GAP_MS);
}

struct mono wiegand_deadline(const struct wiegand *w)
{
	return w->pulses == 0 ? MONO_NEVER : end_of(w, burst_len(w));
}

/* The key of these bits, or NUL. */
static char key_of(const uint8_t *bit, uint32_t bits)
{
	static const char keys[] = "0123456789*#";
	uint32_t number = 0;

	for (uint32_t i = 0; i < bits; i++)
		number = number << 1 | bit[i];
	if (bits == 8 && number >> 4 == (~number & 0xf))
		number &= 0xf;
	else if (bits != 4)
		return '\0';
	return number < sizeof(keys) - 1 ? keys[number] : '\0';
}

enum wiegand_said wiegand_take(struct wiegand *w, struct mono now, char *ret_key,
			       uint32_t *ret_bits)
{
	uint32_t len;
	char key;

	if (!mono_due(now, wiegand_deadline(w)))
		return WIEGAND_NOTHING;
	len = burst_len(w);
	key = key_of(w->bit, len);
	w->pulses -= len;
	memmove(w->at_us, w->at_us + len, w->pulses * sizeof(w->at_us[0]));
	memmove(w->bit, w->bit + len, w->pulses * sizeof(w->bit[0]));
	*ret_bits = len;
	if (w->pulses == 0) { /* what found no room was the last one's */
		if (w->lost > 0)
			key = '\0';
		*ret_bits += w->lost > WIEGAND_BITS_MAX ? WIEGAND_BITS_MAX : w->lost;
		w->lost = 0;
		w->lost_us = 0;
	}
	if (key == '\0')
		return *ret_bits >= CARD_BITS_MIN ? WIEGAND_CARD : WIEGAND_BROKEN;
	*ret_key = key;
	return WIEGAND_KEY;
}
