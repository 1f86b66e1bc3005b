/*
 * intake.h: entries of a shop on their way into the office's tables (contracts 5).
 *
 *   intake_batch.c    bytes -> facts, their hashes, what of them can be read
 *   intake.c          a batch that came in: judged, taken in one transaction, acknowledged
 *   intake_tail.c     a batch that goes out again, to a box that is restored
 *   intake_rebuild.c  every table of a shop made again from its entries
 *   derive*.c         what follows from entries (officed/derive.h)
 */
#ifndef SHOP_OFFICED_INTAKE_H
#define SHOP_OFFICED_INTAKE_H

#include <openssl/evp.h>
#include <pthread.h>

#include "officed/office.h"

/** The last moment that a shop's clock can say: the end of the year 9999. */
#define INTAKE_AT_MAX INT64_C(253402300799999)
/** Minor units of one line, one invoice: no sum over a million of them passes 64 bits. */
#define INTAKE_AMOUNT_MAX INT64_C(1000000000000)

enum {
	INTAKE_TRIES = 8,   /* of a batch that others for the same shop came in before */
	INTAKE_ASIDE = 256, /* entries from which on a batch is hashed on a thread of its own */
};

/** An entry, taken apart before anything is written. */
struct fact {
	struct sync_entry raw; /* `body` is lent; of an erased one its hash */
	struct sha256 body_hash, hash;
	bool readable; /* `e` holds what its body says */
	struct entry e;
};

struct batch {
	uint32_t facts, size;
	struct fact *fact;
	struct sha256 end; /* what its last entry's hash is said to be */
	EVP_MD_CTX *hash;
	EVP_MD *sha256;
	bool aside; /* `thread` is at the hashes */
	pthread_t thread;
	struct sha256 before;
};

/** batch_read - takes a CBOR sequence of entries apart; bodies stay the caller's. False when it is
 * none, or of too many. batch_free - always, also after false. */
MUST_CHECK bool batch_read(struct span bytes, struct batch *ret);
void batch_free(struct batch *b);

/** batch_begin, batch_add - the same for entries from our own table, whose hashes are known: room
 * for `size`, and one more of them. */
void batch_begin(struct batch *b, uint32_t size);
void batch_add(struct batch *b, const struct sync_entry *raw, const struct sha256 *hash);

/** batch_chain - every entry's hash, the first one following `before` (contracts 4).
 * batch_chain_aside - the same on a thread, while the caller goes on with what needs no hash.
 * batch_chained - waits for that thread, where there is one: whether the last hash is the one that
 * the batch ends with. */
void batch_chain(struct batch *b, const struct sha256 *before);
void batch_chain_aside(struct batch *b, const struct sha256 *before);
MUST_CHECK bool batch_chained(struct batch *b);

/** batch_sha256 - of any bytes. */
struct sha256 batch_sha256(struct batch *b, struct span bytes);

/** fact_unread - whether nobody here can read it, and somebody should know: what was erased in
 * order is not meant. */
bool fact_unread(const struct fact *f);

/* --- routes */

/** POST /v1/shops/{shop}/entries?epoch=E */
int box_entries_post(struct office *o, const struct ask *a, struct reply *r);
/** GET /v1/shops/{shop}/entries?after=SEQ */
int box_entries_get(struct office *o, const struct ask *a, struct reply *r);

/* --- making the tables again */

struct rebuilt {
	uint32_t shops;
	uint64_t entries;
	uint32_t differ;     /* tables of a shop that were not what their entries say */
	char first[64 + 32]; /* "SHOP: table" of the first; '': there is none */
	char which[128];     /* tables of the last shop: "line, invoice" */
};

/**
 * intake_rebuild - makes every derived table of a shop again from its entries, or of all shops
 * (`shop` NULL), each in one transaction; what was there is replaced. Intake of that shop waits
 * meanwhile. 0 with *ret, or -errno: -ENOENT no such shop; db_why() tells the rest.
 */
MUST_CHECK int intake_rebuild(struct office *o, const char *shop, struct wall now,
			      struct rebuilt *ret);

#endif
