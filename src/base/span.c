/* span.c: bounded reading and building of bytes. */
#include "base/span.h"

#include <string.h>

void build_bytes(struct builder *b, const void *bytes, uint32_t len)
{
	CHECK(b->len <= b->size);
	if (b->failed || len > b->size - b->len) {
		b->failed = true;
		return;
	}
	if (len > 0)
		memcpy(b->data + b->len, bytes, len);
	b->len += len;
}

static void build_big_endian(struct builder *b, uint64_t v, uint32_t width)
{
	uint8_t byte[8];

	for (uint32_t i = 0; i < width; i++)
		byte[i] = (uint8_t)(v >> (8 * (width - 1 - i)));
	build_bytes(b, byte, width);
}

void build_u8(struct builder *b, uint8_t v)
{
	build_big_endian(b, v, 1);
}

void build_u16(struct builder *b, uint16_t v)
{
	build_big_endian(b, v, 2);
}

void build_u32(struct builder *b, uint32_t v)
{
	build_big_endian(b, v, 4);
}

void build_u64(struct builder *b, uint64_t v)
{
	build_big_endian(b, v, 8);
}

bool span_take(struct span *s, uint32_t len, struct span *ret)
{
	if (len > s->len)
		return false;
	*ret = (struct span){s->data, len};
	s->data += len;
	s->len -= len;
	return true;
}

bool span_take_u8(struct span *s, uint8_t *ret)
{
	struct span one;

	if (!span_take(s, 1, &one))
		return false;
	*ret = one.data[0];
	return true;
}

bool span_take_varint(struct span *s, uint64_t *ret)
{
	uint64_t n = 0;

	for (uint32_t i = 0; i < s->len && i < 9; i++) {
		n |= (uint64_t)(s->data[i] & 0x7f) << (7 * i);
		if (s->data[i] & 0x80)
			continue;
		if (i > 0 && s->data[i] == 0)
			return false;
		*s = (struct span){s->data + i + 1, s->len - i - 1};
		*ret = n;
		return true;
	}
	return false;
}

bool span_is(struct span s, const void *bytes, uint32_t len)
{
	return s.len == len && (len == 0 || memcmp(s.data, bytes, len) == 0);
}
