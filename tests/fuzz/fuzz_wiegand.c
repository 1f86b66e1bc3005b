/*
 * fuzz_wiegand.c: pulses in whatever order and at whatever times. A burst's key may not depend on
 * the order in which the two wires told their pulses, every burst ends, and nothing is kept past
 * it.
 *
 * The input: a byte a pulse. Its lowest bit is the wire, the next one whether its wire tells late,
 * the rest how long after the one before, in two steps of fineness.
 */
#include <string.h>

#include "base/check.h"
#include "wire/wiegand.h"

#define PULSES_MAX 60 /* less than one burst may have: what finds no room depends on the order */

struct pulse {
	int64_t at_us;
	bool one;
};

/* Every burst as it was told, up to the end; how many pulses they had. */
static uint32_t all_bursts(struct wiegand *w, char keys[PULSES_MAX + 1])
{
	struct mono end = {INT64_MAX - 1};
	uint32_t bits, sum = 0, n = 0;
	enum wiegand_said what;
	char key;

	while ((what = wiegand_take(w, end, &key, &bits)) != WIEGAND_NOTHING) {
		CHECK(bits > 0 && n < PULSES_MAX);
		if (what == WIEGAND_KEY)
			CHECK((bits == 4 || bits == 8) && strchr("0123456789*#", key) && key);
		if (what == WIEGAND_CARD)
			CHECK(bits >= 24);
		keys[n++] = what == WIEGAND_KEY ? key : what == WIEGAND_CARD ? 'c' : '!';
		sum += bits;
	}
	CHECK(wiegand_deadline(w).ms == MONO_NEVER.ms);
	keys[n] = '\0';
	return sum;
}

/* In order, then one wire's before the other's: the same keys. */
static void in_any_order(const struct pulse *pulse, uint32_t pulses)
{
	char straight[PULSES_MAX + 1], mixed[PULSES_MAX + 1];
	struct wiegand w;
	uint32_t sum;

	wiegand_init(&w);
	for (uint32_t i = 0; i < pulses; i++)
		wiegand_pulse(&w, pulse[i].at_us, pulse[i].one);
	sum = all_bursts(&w, straight);
	CHECK(sum <= pulses && (sum > 0 || pulses == 0)); /* echoes are none */
	for (int wire = 1; wire >= 0; wire--)
		for (uint32_t i = 0; i < pulses; i++)
			if (pulse[i].one == (wire == 1))
				wiegand_pulse(&w, pulse[i].at_us, pulse[i].one);
	CHECK(all_bursts(&w, mixed) == sum);
	CHECK(strcmp(straight, mixed) == 0);
}

/* As many as there are, at any time at all, judged now and then. */
static void without_end(const uint8_t *data, size_t size)
{
	struct wiegand w;
	uint32_t bits;
	int64_t at_us = 0;
	char key;

	wiegand_init(&w);
	for (size_t i = 0; i + 1 < size; i += 2) {
		at_us = (int64_t)((uint64_t)at_us * 31 + (uint64_t)data[i] * 4099);
		wiegand_pulse(&w, data[i] & 2 ? at_us : (int64_t)i * 700, data[i] & 1);
		CHECK(w.pulses <= WIEGAND_BITS_MAX);
		if (data[i + 1] == 0)
			(void)!wiegand_take(&w, (struct mono){at_us / 1000}, &key, &bits);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pulse pulse[PULSES_MAX];
	uint32_t pulses = 0;
	int64_t at_us = 1000000;

	for (size_t i = 0; i < size && pulses < PULSES_MAX; i++) {
		at_us += 1 + (data[i] & 2 ? (data[i] >> 2) * 1500 : (data[i] >> 2) * 50);
		pulse[pulses++] = (struct pulse){at_us, data[i] & 1};
	}
	in_any_order(pulse, pulses);
	without_end(data, size);
	return 0;
}
