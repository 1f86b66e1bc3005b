/*
 * fuzz_frame.c: frames do not depend on how the bytes were cut on their way. The input goes in
 * whole and again in pieces; both must tell the same, and no frame may hold what no frame can.
 */
#include <string.h>

#include "wire/frame.h"

/* What was told, as one number: every frame's length and bytes, every refusal. */
struct told {
	uint64_t sum;
	uint64_t bytes;
};

static void tell(struct told *t, const void *bytes, uint32_t len)
{
	const uint8_t *byte = bytes;

	t->sum = (t->sum ^ (len + 1)) * 0x100000001b3ULL;
	for (uint32_t i = 0; i < len; i++)
		t->sum = (t->sum ^ byte[i]) * 0x100000001b3ULL;
	t->bytes += len;
}

static void tell_framed(struct told *t, enum framed framed, struct span frame)
{
	switch (framed) {
	case FRAMED_NOTHING:
		break;
	case FRAMED_FRAME:
		CHECK(frame.len >= 1 && frame.len <= TOKEN_SIZE_MAX);
		CHECK(!memchr(frame.data, '\r', frame.len));
		CHECK(!memchr(frame.data, '\n', frame.len));
		tell(t, frame.data, frame.len);
		break;
	case FRAMED_OVERLONG:
		tell(t, "", 0);
		break;
	}
}

static void take(struct framer *f, struct told *t, const uint8_t *data, uint32_t len)
{
	struct span bytes = {data, len}, frame = {NULL, 0};
	enum framed framed;

	do {
		framed = framer_take(f, &bytes, (struct mono){0}, &frame);
		tell_framed(t, framed, frame);
	} while (framed != FRAMED_NOTHING);
	CHECK(bytes.len == 0);
}

/* Pieces of 1 to 16 bytes, as the input itself says. */
static struct told whole_or_cut(const uint8_t *data, uint32_t len, bool cut)
{
	struct told t = {.sum = 1};
	struct framer f;
	struct span frame = {NULL, 0};

	framer_init(&f);
	for (uint32_t at = 0, step; at < len; at += step) {
		step = cut ? (data[at] & 15U) + 1 : len;
		if (step > len - at)
			step = len - at;
		take(&f, &t, data + at, step);
	}
	tell_framed(&t, framer_silence(&f, (struct mono){FRAME_SILENCE_MS}, &frame), frame);
	CHECK(framer_deadline(&f).ms == MONO_NEVER.ms);
	return t;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct told whole, cut;

	if (size > 65536)
		return 0;
	whole = whole_or_cut(data, (uint32_t)size, false);
	cut = whole_or_cut(data, (uint32_t)size, true);
	CHECK(whole.sum == cut.sum && whole.bytes == cut.bytes);
	CHECK(whole.bytes <= size);
	return 0;
}
