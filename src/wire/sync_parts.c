/*
 * sync_parts.c: items of deterministic CBOR, each held to its type and range as it is taken. What
 * fails, fails the whole: nobody acts on half of what an office or a shop said.
 */
#include "wire/sync_parts.h"

#include <string.h>

#include "base/utf8.h"

uint32_t reading_array(struct reading *r, uint32_t low, uint32_t high)
{
	uint32_t items = 0;

	if (r->bad || !cbor_take_array(&r->rest, &items) || items < low || items > high) {
		r->bad = true;
		return 0;
	}
	return items;
}

void reading_word(struct reading *r, const char *word)
{
	struct span text;

	if (r->bad || !cbor_take_text(&r->rest, &text) ||
	    !span_is(text, word, (uint32_t)strlen(word)))
		r->bad = true;
}

uint64_t reading_uint(struct reading *r, uint64_t most)
{
	uint64_t number = 0;

	if (r->bad || !cbor_take_uint(&r->rest, &number) || number > most) {
		r->bad = true;
		return 0;
	}
	return number;
}

uint8_t reading_u8(struct reading *r, uint8_t most)
{
	return (uint8_t)reading_uint(r, most);
}

uint32_t reading_u32(struct reading *r)
{
	return (uint32_t)reading_uint(r, UINT32_MAX);
}

uint64_t reading_number(struct reading *r)
{
	return reading_uint(r, INT64_MAX);
}

int64_t reading_int(struct reading *r, int64_t low, int64_t high)
{
	int64_t number = 0;

	if (r->bad || !cbor_take_int(&r->rest, &number) || number < low || number > high) {
		r->bad = true;
		return 0;
	}
	return number;
}

struct wall reading_wall(struct reading *r)
{
	return (struct wall){reading_int(r, INT64_MIN, INT64_MAX)};
}

bool reading_bool(struct reading *r)
{
	bool flag = false;

	if (r->bad || !cbor_take_bool(&r->rest, &flag))
		r->bad = true;
	return flag;
}

void reading_bytes(struct reading *r, void *to, uint32_t len)
{
	struct span bytes;

	if (r->bad || !cbor_take_bytes(&r->rest, &bytes) || bytes.len != len) {
		r->bad = true;
		memset(to, 0, len);
		return;
	}
	memcpy(to, bytes.data, len);
}

struct span reading_span(struct reading *r, uint32_t most)
{
	struct span bytes = {r->rest.data, 0};

	if (r->bad || !cbor_take_bytes(&r->rest, &bytes) || bytes.len > most) {
		r->bad = true;
		bytes.len = 0;
	}
	return bytes;
}

void reading_text(struct reading *r, char *to, uint32_t size)
{
	struct span text;

	memset(to, 0, size);
	if (r->bad || !cbor_take_text(&r->rest, &text) || text.len >= size ||
	    !utf8_plain(text.data, text.len)) {
		r->bad = true;
		return;
	}
	memcpy(to, text.data, text.len);
}

void reading_key(struct reading *r, struct public_key *to)
{
	reading_bytes(r, to, sizeof(*to));
}

bool reading_good(const struct reading *r)
{
	return !r->bad && r->rest.len == 0;
}

void put_text(struct builder *b, const char *text, uint32_t size)
{
	if (text_plain(text, size))
		cbor_put_text(b, text, (uint32_t)strlen(text));
	else
		b->failed = true;
}

void put_key(struct builder *b, const struct public_key *key)
{
	cbor_put_bytes(b, key, sizeof(*key));
}

bool text_plain(const char *text, uint32_t size)
{
	uint32_t len = (uint32_t)strnlen(text, size);

	return len < size && utf8_plain(text, len);
}

bool text_place(const char *text, uint32_t size, bool or_none)
{
	uint32_t len = (uint32_t)strnlen(text, size);

	return len < size && ((or_none && len == 0) || place_valid(text, len));
}

/* x ‖ y, as they stand in every array that holds a key. */
_Static_assert(sizeof(struct public_key) == 64 && offsetof(struct public_key, y) == 32,
	       "a key is its two coordinates and nothing between them");
