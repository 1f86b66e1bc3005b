/*
 * sync_parts.h: what the files of sync.h share: a reader that fails once and for all, and the
 * ranges that hold both ways. Internal to wire/.
 */
#ifndef SHOP_WIRE_SYNC_PARTS_H
#define SHOP_WIRE_SYNC_PARTS_H

#include <stddef.h>

#include "base/cbor.h"
#include "wire/sync.h"

/** Bytes being read. After the first item that is not what was asked for `bad` holds, and every
 * later one reads as nothing: read it all, then look once. */
struct reading {
	struct span rest;
	bool bad;
};

/** reading_array - its items; bad when they are not low..high. */
uint32_t reading_array(struct reading *r, uint32_t low, uint32_t high);
/** reading_word - the text that says what an array is. */
void reading_word(struct reading *r, const char *word);
uint64_t reading_uint(struct reading *r, uint64_t most);
uint8_t reading_u8(struct reading *r, uint8_t most);
uint32_t reading_u32(struct reading *r);
/** reading_number - a number of a database: SQLite's and PostgreSQL's integers are signed. */
uint64_t reading_number(struct reading *r);
int64_t reading_int(struct reading *r, int64_t low, int64_t high);
struct wall reading_wall(struct reading *r);
bool reading_bool(struct reading *r);
/** reading_bytes - a byte string of exactly `len`; its bytes are zero when it is bad.
 * reading_span - one of at most `most`, lent. */
void reading_bytes(struct reading *r, void *to, uint32_t len);
struct span reading_span(struct reading *r, uint32_t most);
/** reading_text - plain UTF-8 (base/utf8.h) into `to` with a NUL; bad when it is longer. */
void reading_text(struct reading *r, char *to, uint32_t size);
void reading_key(struct reading *r, struct public_key *to);
/** reading_good - nothing was bad, and nothing is left. */
MUST_CHECK bool reading_good(const struct reading *r);

/** put_text - a NUL-terminated text; one without its end or not plain fails the builder. */
void put_text(struct builder *b, const char *text, uint32_t size);
void put_key(struct builder *b, const struct public_key *key);

/** text_plain - it ends within `size` and is plain UTF-8. text_place - a place's name, or with
 * `or_none` nothing. */
bool text_plain(const char *text, uint32_t size);
bool text_place(const char *text, uint32_t size, bool or_none);

/** sync_change_good - every field of it is in its range (sync_range.c). */
bool sync_change_good(const struct sync_change *c);

#endif
