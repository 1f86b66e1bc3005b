/*
 * sync_batch.c: entries on their way up, one array after the other, and the hash that ends them.
 *
 * A shop may be newer than its office: a kind of entry that nobody here knows is carried like any
 * other, a body may be longer than ours are, and only its bytes are hashed. An entry says all that
 * its hash is made of but the hash before it, which is its neighbour's.
 */
#include "wire/sync_parts.h"

#include <string.h>

#define HASH_SIZE sizeof(struct sha256)

void sync_entry_put(struct builder *b, const struct sync_entry *e)
{
	if (e->seq == 0 || e->seq > INT64_MAX || e->body.len > SYNC_BODY_MAX ||
	    (e->erased && e->body.len != HASH_SIZE))
		b->failed = true;
	cbor_put_array(b, 5);
	cbor_put_uint(b, e->epoch);
	cbor_put_uint(b, e->seq);
	cbor_put_int(b, e->at.ms);
	cbor_put_uint(b, e->kind);
	if (e->erased)
		cbor_put_array(b, 1);
	cbor_put_bytes(b, e->body.data, e->body.len);
}

bool sync_entry_take(struct span *s, struct sync_entry *ret)
{
	struct reading r = {.rest = *s};
	struct sync_entry e;
	uint32_t one;

	memset(&e, 0, sizeof(e));
	reading_array(&r, 5, 5);
	e.epoch = reading_u32(&r);
	e.seq = reading_number(&r);
	e.at = reading_wall(&r);
	e.kind = (uint16_t)reading_uint(&r, UINT16_MAX);
	e.erased = !r.bad && cbor_take_array(&r.rest, &one);
	if (e.erased && one != 1)
		return false;
	e.body = reading_span(&r, e.erased ? HASH_SIZE : SYNC_BODY_MAX);
	if (r.bad || e.seq == 0 || (e.erased && e.body.len != HASH_SIZE))
		return false;
	*s = r.rest;
	*ret = e;
	return true;
}

void sync_hash_put(struct builder *b, const struct sha256 *hash)
{
	cbor_put_bytes(b, hash->byte, HASH_SIZE);
}

bool sync_hash_take(struct span *s, struct sha256 *ret)
{
	struct reading r = {.rest = *s};
	struct sha256 hash;

	reading_bytes(&r, hash.byte, HASH_SIZE);
	if (!reading_good(&r))
		return false;
	*s = r.rest;
	*ret = hash;
	return true;
}
