/*
 * cbor.h: the CBOR (RFC 8949) that the shop speaks, and no more: integers, byte and text strings,
 * arrays, maps, tags, booleans and null, in the one deterministic encoding of section 4.2.1.
 *
 * Every reader takes one item off the front of *s. It returns false, and leaves *s and *ret alone,
 * when the item is of another type, is cut short, is longer than its shortest form, has an
 * indefinite length, or holds what is not said here (floats, other simple values).
 */
#ifndef SHOP_BASE_CBOR_H
#define SHOP_BASE_CBOR_H

#include "base/span.h"

/** Arrays, maps and tags inside each other that cbor_skip() follows. */
#define CBOR_DEPTH_MAX 8

/** cbor_take_uint - not negative. cbor_take_bytes, cbor_take_text - lent from *s's bytes. */
MUST_CHECK bool cbor_take_uint(struct span *s, uint64_t *ret);
/** cbor_take_int - of either sign; false below INT64_MIN or above INT64_MAX too. */
MUST_CHECK bool cbor_take_int(struct span *s, int64_t *ret);
MUST_CHECK bool cbor_take_bytes(struct span *s, struct span *ret);
/** cbor_take_text - valid UTF-8; it may hold a NUL. */
MUST_CHECK bool cbor_take_text(struct span *s, struct span *ret);
/** cbor_take_array - the head; its items follow. False when more are promised than *s has bytes. */
MUST_CHECK bool cbor_take_array(struct span *s, uint32_t *ret_items);
/** cbor_take_map - the head; `*ret_pairs` keys and values follow. Read the keys with
 * cbor_take_key() or cbor_take_int_key(), which hold them to their order. */
MUST_CHECK bool cbor_take_map(struct span *s, uint32_t *ret_pairs);
MUST_CHECK bool cbor_take_tag(struct span *s, uint64_t *ret);
MUST_CHECK bool cbor_take_bool(struct span *s, bool *ret);
MUST_CHECK bool cbor_take_null(struct span *s);
/** cbor_skip - one whole item of any kind, checked like the others; its maps' keys ascend, and it
 * is nested no deeper than CBOR_DEPTH_MAX. */
MUST_CHECK bool cbor_skip(struct span *s);

/** The last key of a map, encoded; start each map with CBOR_KEYS_START. */
struct cbor_keys {
	struct span last;
};
#define CBOR_KEYS_START ((struct cbor_keys){{0, 0}})

/** cbor_take_key - the next key, of any kind, as its encoded bytes. False when it does not come
 * after the one before it in bytewise order: so no key is there twice. */
MUST_CHECK bool cbor_take_key(struct span *s, struct cbor_keys *keys, struct span *ret);
MUST_CHECK bool cbor_take_int_key(struct span *s, struct cbor_keys *keys, int64_t *ret);

/** The writers append the shortest form; what does not fit sets b->failed (span.h). The order of a
 *  map's keys is the caller's to keep. */
void cbor_put_uint(struct builder *b, uint64_t v);
void cbor_put_int(struct builder *b, int64_t v);
void cbor_put_bytes(struct builder *b, const void *bytes, uint32_t len);
/** cbor_put_text - `len` bytes; what is not UTF-8 sets b->failed. */
void cbor_put_text(struct builder *b, const char *text, uint32_t len);
void cbor_put_array(struct builder *b, uint32_t items);
void cbor_put_map(struct builder *b, uint32_t pairs);
void cbor_put_tag(struct builder *b, uint64_t tag);
void cbor_put_bool(struct builder *b, bool v);
void cbor_put_null(struct builder *b);

#endif
