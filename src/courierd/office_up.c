/*
 * office_up.c: entries on their way up. They are read from ledger.db as they stand there, a batch
 * at a time, so that a shop that was alone for a month needs no more memory than one that was not.
 * What is packed here is hashed there: an entry that went wrong on the way is found, not kept.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "courierd/office.h"
#include "net/pack.h"
#include "wire/sync.h"

#define HASH_ROOM 64 /* the hash that ends a batch */

struct batch {
	struct builder
		entries; /* of SYNC_BATCH_MAX - HASH_ROOM bytes, and the hash's room behind */
	uint32_t count;
	uint64_t next; /* the seq that must come now */
	uint64_t first;
	struct sha256 hash;
};

static bool on_entry(void *data, const struct raw_entry *e)
{
	struct batch *b = data;
	struct sync_entry put;
	uint32_t len = b->entries.len;

	if (e == NULL) {
		b->entries.len = 0;
		b->count = 0;
		b->next = b->first;
		return true;
	}
	if (e->seq != b->next)
		return false; /* nothing may be left out: the chain would not hold */
	put = (struct sync_entry){.epoch = e->epoch,
				  .seq = e->seq,
				  .at = e->at,
				  .kind = e->kind,
				  .erased = e->erased,
				  .body = e->body};
	sync_entry_put(&b->entries, &put);
	if (b->entries.failed) { /* full: this one is the next batch's first */
		b->entries.failed = false;
		b->entries.len = len;
		return false;
	}
	b->hash = e->hash;
	b->next++;
	b->count++;
	return true;
}

static int batch_pack(const struct batch *b, uint8_t **ret, uint32_t *ret_len)
{
	uint32_t room = pack_bound(b->entries.len), len;
	uint8_t *packed = malloc(room);

	if (packed == NULL)
		return -ENOMEM;
	len = pack((struct span){b->entries.data, b->entries.len}, packed, room);
	if (len == 0) {
		free(packed);
		return -ENOMEM;
	}
	*ret = packed; /* what is left of its room was never touched, and costs nothing */
	*ret_len = len;
	return 0;
}

int office_batch(struct reader *ledger, uint64_t acked, uint8_t **ret, uint32_t *ret_len)
{
	uint8_t *room = malloc(SYNC_BATCH_MAX);
	struct batch b = {.next = acked + 1, .first = acked + 1};
	int r;

	if (room == NULL)
		return -ENOMEM;
	b.entries = builder_of(room, SYNC_BATCH_MAX - HASH_ROOM);
	r = reader_raw(ledger, acked, SYNC_ENTRIES_MAX, on_entry, &b);
	if (r >= 0 && b.count == 0)
		r = -ENODATA;
	if (r >= 0) {
		b.entries.size = SYNC_BATCH_MAX;
		sync_hash_put(&b.entries, &b.hash);
		CHECK(!b.entries.failed);
		r = batch_pack(&b, ret, ret_len);
	}
	free(room);
	return r;
}

int office_batch_empty(const struct sha256 *acked_hash, uint8_t **ret, uint32_t *ret_len)
{
	uint8_t room[HASH_ROOM];
	struct batch b = {.entries = builder_of(room, sizeof(room))};

	sync_hash_put(&b.entries, acked_hash);
	CHECK(!b.entries.failed);
	return batch_pack(&b, ret, ret_len);
}

uint8_t *office_batch_open(struct span packed, uint32_t *ret_len)
{
	uint8_t *room = malloc(SYNC_BATCH_MAX + HASH_ROOM);
	uint32_t len;

	if (room == NULL || !unpack(packed, room, SYNC_BATCH_MAX + HASH_ROOM, &len) || len == 0) {
		free(room);
		return NULL;
	}
	*ret_len = len;
	return room;
}
