/*
 * frame.c: cuts a scanner's bytes into frames, and never keeps more than one frame of them.
 *
 * What no frame can be is told the moment its 513th byte comes, and its rest is swallowed up to the
 * end: a scanner that babbles for a minute is one refusal, not a thousand.
 *
 * Silence is judged by framer_silence() alone. A program that was kept from running for longer than
 * 50 ms finds both its timer due and bytes waiting; if it reads first, a code that arrived in two
 * pieces meanwhile stays one code.
 */
#include "wire/frame.h"

#define AIM_PREFIX_LEN 3

void framer_init(struct framer *f)
{
	*f = (struct framer){.last_byte = MONO_NEVER};
}

static bool letter(uint8_t c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* "]Q1": a bracket, the symbology's letter, a modifier (ISO/IEC 15424) */
static bool has_aim_prefix(const uint8_t *bytes, uint32_t len)
{
	return len >= AIM_PREFIX_LEN && bytes[0] == ']' && letter(bytes[1]) &&
	       (letter(bytes[2]) || (bytes[2] >= '0' && bytes[2] <= '9'));
}

/* The end of whatever was pending: a frame, unless it was empty or told already. */
static enum framed finish(struct framer *f, struct span *ret)
{
	struct span frame = {f->bytes, f->len};
	bool told = f->overlong;

	f->len = 0;
	f->overlong = false;
	f->last_byte = MONO_NEVER;
	if (told)
		return FRAMED_NOTHING;
	if (has_aim_prefix(frame.data, frame.len)) {
		frame.data += AIM_PREFIX_LEN;
		frame.len -= AIM_PREFIX_LEN;
	}
	if (frame.len == 0)
		return FRAMED_NOTHING;
	*ret = frame;
	return FRAMED_FRAME;
}

enum framed framer_take(struct framer *f, struct span *bytes, struct mono now, struct span *ret)
{
	uint8_t byte;

	CHECK(f->len <= sizeof(f->bytes));
	while (span_take_u8(bytes, &byte)) {
		if (byte == '\r' || byte == '\n') {
			if (finish(f, ret) == FRAMED_FRAME)
				return FRAMED_FRAME;
			continue;
		}
		f->last_byte = now;
		if (f->overlong)
			continue;
		if (f->len == sizeof(f->bytes)) {
			f->overlong = true;
			return FRAMED_OVERLONG;
		}
		f->bytes[f->len++] = byte;
	}
	return FRAMED_NOTHING;
}

struct mono framer_deadline(const struct framer *f)
{
	return mono_add(f->last_byte, FRAME_SILENCE_MS);
}

enum framed framer_silence(struct framer *f, struct mono now, struct span *ret)
{
	if (f->last_byte.ms == MONO_NEVER.ms || !mono_due(now, framer_deadline(f)))
		return FRAMED_NOTHING;
	return finish(f, ret);
}
