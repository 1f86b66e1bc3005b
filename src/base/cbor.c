/*
 * cbor.c: a strict, bounded reader and writer of deterministic CBOR. What two libraries could read
 * in two ways, or one value written in two ways, is refused: then a hash or a signature over bytes
 * is a hash or a signature over what they say. No item is trusted about its length before the bytes
 * are there, and nothing recurses deeper than CBOR_DEPTH_MAX.
 */
#include "base/cbor.h"
#include "base/utf8.h"

#include <string.h>

enum major {
	MAJOR_UINT = 0,
	MAJOR_NEGATIVE = 1,
	MAJOR_BYTES = 2,
	MAJOR_TEXT = 3,
	MAJOR_ARRAY = 4,
	MAJOR_MAP = 5,
	MAJOR_TAG = 6,
	MAJOR_SIMPLE = 7,
};

enum simple {
	SIMPLE_FALSE = 20,
	SIMPLE_TRUE = 21,
	SIMPLE_NULL = 22,
};

/* An item's first byte and argument (RFC 8949 3), in the shortest form only. */
static bool take_head(struct span *s, enum major *ret_major, uint64_t *ret_argument)
{
	/* the least argument that needs 1, 2, 4, 8 more bytes */
	static const uint64_t least[] = {24, UINT64_C(1) << 8, UINT64_C(1) << 16,
					 UINT64_C(1) << 32};
	struct span rest = *s, more;
	uint8_t first, info;
	uint64_t argument = 0;

	if (!span_take_u8(&rest, &first))
		return false;
	info = first & 31;
	if (info < 24) {
		argument = info;
	} else {
		/* 28..30 are reserved, 31 is an indefinite length */
		if (info > 27 || !span_take(&rest, 1U << (info - 24), &more))
			return false;
		for (uint32_t i = 0; i < more.len; i++)
			argument = argument << 8 | more.data[i];
		if (argument < least[info - 24])
			return false;
	}
	*s = rest;
	*ret_major = (enum major)(first >> 5);
	*ret_argument = argument;
	return true;
}

static bool take_of(struct span *s, enum major want, uint64_t *ret_argument)
{
	struct span rest = *s;
	enum major major;
	uint64_t argument;

	if (!take_head(&rest, &major, &argument) || major != want)
		return false;
	*s = rest;
	*ret_argument = argument;
	return true;
}

bool cbor_take_uint(struct span *s, uint64_t *ret)
{
	return take_of(s, MAJOR_UINT, ret);
}

bool cbor_take_int(struct span *s, int64_t *ret)
{
	struct span rest = *s;
	enum major major;
	uint64_t argument;

	if (!take_head(&rest, &major, &argument) || argument > INT64_MAX)
		return false;
	if (major != MAJOR_UINT && major != MAJOR_NEGATIVE)
		return false;
	*s = rest;
	*ret = major == MAJOR_UINT ? (int64_t)argument : -1 - (int64_t)argument;
	return true;
}

static bool take_string(struct span *s, enum major want, struct span *ret)
{
	struct span rest = *s, string;
	uint64_t len;

	if (!take_of(&rest, want, &len) || len > rest.len ||
	    !span_take(&rest, (uint32_t)len, &string))
		return false;
	if (want == MAJOR_TEXT && !utf8_valid(string.data, string.len))
		return false;
	*s = rest;
	*ret = string;
	return true;
}

bool cbor_take_bytes(struct span *s, struct span *ret)
{
	return take_string(s, MAJOR_BYTES, ret);
}

bool cbor_take_text(struct span *s, struct span *ret)
{
	return take_string(s, MAJOR_TEXT, ret);
}

/* Each item is a byte at least, so a count past the bytes left is a lie that no loop need follow.
 */
static bool take_count(struct span *s, enum major want, uint32_t bytes_each, uint32_t *ret)
{
	struct span rest = *s;
	uint64_t count;

	if (!take_of(&rest, want, &count) || count > rest.len / bytes_each)
		return false;
	*s = rest;
	*ret = (uint32_t)count;
	return true;
}

bool cbor_take_array(struct span *s, uint32_t *ret_items)
{
	return take_count(s, MAJOR_ARRAY, 1, ret_items);
}

bool cbor_take_map(struct span *s, uint32_t *ret_pairs)
{
	return take_count(s, MAJOR_MAP, 2, ret_pairs);
}

bool cbor_take_tag(struct span *s, uint64_t *ret)
{
	return take_of(s, MAJOR_TAG, ret);
}

static bool take_simple(struct span *s, uint64_t low, uint64_t high, uint64_t *ret)
{
	struct span rest = *s;
	uint64_t value;

	/* the 2-byte form is for 32..255 (RFC 8949 3.3), the longer ones are floats: neither is in
	 * range, for take_head() gives them an argument past 23 */
	if (!take_of(&rest, MAJOR_SIMPLE, &value) || value < low || value > high)
		return false;
	*s = rest;
	*ret = value;
	return true;
}

bool cbor_take_bool(struct span *s, bool *ret)
{
	uint64_t value;

	if (!take_simple(s, SIMPLE_FALSE, SIMPLE_TRUE, &value))
		return false;
	*ret = value == SIMPLE_TRUE;
	return true;
}

bool cbor_take_null(struct span *s)
{
	uint64_t value;

	return take_simple(s, SIMPLE_NULL, SIMPLE_NULL, &value);
}

static bool skip(struct span *s, int depth);

static bool skip_items(struct span *s, uint32_t items, int depth)
{
	for (uint32_t i = 0; i < items; i++)
		if (!skip(s, depth))
			return false;
	return true;
}

/* Whether an encoded key comes after another: bytewise, and of two of which one begins the other
 * (no two whole items do) the longer. */
static bool key_after(struct span key, struct span before)
{
	uint32_t common = key.len < before.len ? key.len : before.len;
	int order = common > 0 ? memcmp(key.data, before.data, common) : 0;

	return order > 0 || (order == 0 && key.len > before.len);
}

static bool take_key(struct span *s, struct cbor_keys *keys, struct span *ret, int depth)
{
	struct span rest = *s, key = {s->data, 0};

	if (!skip(&rest, depth))
		return false;
	key.len = s->len - rest.len;
	if (!key_after(key, keys->last))
		return false;
	*s = rest;
	keys->last = key;
	*ret = key;
	return true;
}

static bool skip_pairs(struct span *s, uint32_t pairs, int depth)
{
	struct cbor_keys keys = CBOR_KEYS_START;
	struct span key;

	for (uint32_t i = 0; i < pairs; i++)
		if (!take_key(s, &keys, &key, depth) || !skip(s, depth))
			return false;
	return true;
}

static bool skip_inside(struct span *s, enum major major, int depth)
{
	struct span string;
	uint64_t value;
	uint32_t count;

	switch (major) {
	case MAJOR_UINT:
	case MAJOR_NEGATIVE:
		return take_of(s, major, &value);
	case MAJOR_BYTES:
	case MAJOR_TEXT:
		return take_string(s, major, &string);
	case MAJOR_ARRAY:
		return depth > 0 && cbor_take_array(s, &count) && skip_items(s, count, depth - 1);
	case MAJOR_MAP:
		return depth > 0 && cbor_take_map(s, &count) && skip_pairs(s, count, depth - 1);
	case MAJOR_TAG:
		return depth > 0 && cbor_take_tag(s, &value) && skip(s, depth - 1);
	case MAJOR_SIMPLE:
		return take_simple(s, SIMPLE_FALSE, SIMPLE_NULL, &value);
	}
	return false;
}

static bool skip(struct span *s, int depth)
{
	return s->len > 0 && skip_inside(s, (enum major)(s->data[0] >> 5), depth);
}

bool cbor_skip(struct span *s)
{
	struct span rest = *s;

	if (!skip(&rest, CBOR_DEPTH_MAX))
		return false;
	*s = rest;
	return true;
}

bool cbor_take_key(struct span *s, struct cbor_keys *keys, struct span *ret)
{
	return take_key(s, keys, ret, CBOR_DEPTH_MAX);
}

bool cbor_take_int_key(struct span *s, struct cbor_keys *keys, int64_t *ret)
{
	struct span rest = *s, key;
	struct cbor_keys after = *keys;

	if (!cbor_take_key(&rest, &after, &key) || !cbor_take_int(&key, ret))
		return false;
	*s = rest;
	*keys = after;
	return true;
}

static void put_head(struct builder *b, enum major major, uint64_t argument)
{
	uint8_t first = (uint8_t)(major << 5);

	if (argument < 24) {
		build_u8(b, (uint8_t)(first | argument));
	} else if (argument <= UINT8_MAX) {
		build_u8(b, first | 24);
		build_u8(b, (uint8_t)argument);
	} else if (argument <= UINT16_MAX) {
		build_u8(b, first | 25);
		build_u16(b, (uint16_t)argument);
	} else if (argument <= UINT32_MAX) {
		build_u8(b, first | 26);
		build_u32(b, (uint32_t)argument);
	} else {
		build_u8(b, first | 27);
		build_u64(b, argument);
	}
}

void cbor_put_uint(struct builder *b, uint64_t v)
{
	put_head(b, MAJOR_UINT, v);
}

void cbor_put_int(struct builder *b, int64_t v)
{
	if (v < 0)
		put_head(b, MAJOR_NEGATIVE, (uint64_t)(-1 - v));
	else
		put_head(b, MAJOR_UINT, (uint64_t)v);
}

void cbor_put_bytes(struct builder *b, const void *bytes, uint32_t len)
{
	put_head(b, MAJOR_BYTES, len);
	build_bytes(b, bytes, len);
}

void cbor_put_text(struct builder *b, const char *text, uint32_t len)
{
	if (!utf8_valid(text, len))
		b->failed = true;
	put_head(b, MAJOR_TEXT, len);
	build_bytes(b, text, len);
}

void cbor_put_array(struct builder *b, uint32_t items)
{
	put_head(b, MAJOR_ARRAY, items);
}

void cbor_put_map(struct builder *b, uint32_t pairs)
{
	put_head(b, MAJOR_MAP, pairs);
}

void cbor_put_tag(struct builder *b, uint64_t tag)
{
	put_head(b, MAJOR_TAG, tag);
}

void cbor_put_bool(struct builder *b, bool v)
{
	put_head(b, MAJOR_SIMPLE, v ? SIMPLE_TRUE : SIMPLE_FALSE);
}

void cbor_put_null(struct builder *b)
{
	put_head(b, MAJOR_SIMPLE, SIMPLE_NULL);
}
