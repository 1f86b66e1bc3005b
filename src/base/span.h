/* span.h: bounded reading and building of bytes. No reader runs past its end, no builder past its
 * size. */
#ifndef SHOP_BASE_SPAN_H
#define SHOP_BASE_SPAN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/check.h"

/** Bytes that somebody else owns. */
struct span {
	const uint8_t *data;
	uint32_t len;
};

/** A builder over the caller's buffer. A write that does not fit sets `failed` and writes nothing,
 * and so does every later one: build it all, then look once. */
struct builder {
	uint8_t *data;
	uint32_t len;
	uint32_t size;
	bool failed;
};

static inline struct builder builder_of(void *data, uint32_t size)
{
	return (struct builder){.data = data, .size = size};
}

/** build_bytes, build_u8 … big-endian appends. */
void build_bytes(struct builder *b, const void *bytes, uint32_t len);
void build_u8(struct builder *b, uint8_t v);
void build_u16(struct builder *b, uint16_t v);
void build_u32(struct builder *b, uint32_t v);
void build_u64(struct builder *b, uint64_t v);

/** span_take - splits `len` bytes off the front of *s. False, and *s untouched, when it is shorter.
 */
MUST_CHECK bool span_take(struct span *s, uint32_t len, struct span *ret);
MUST_CHECK bool span_take_u8(struct span *s, uint8_t *ret);

/** span_take_varint - one LEB128 number: at most 63 bits, and no longer than it has to be. */
MUST_CHECK bool span_take_varint(struct span *s, uint64_t *ret);

/** span_is - same length, same bytes. */
bool span_is(struct span s, const void *bytes, uint32_t len);

#endif
