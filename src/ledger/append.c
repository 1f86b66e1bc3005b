/*
 * append.c: one entry onto the chain. Its hash covers the entry before it, so nothing behind the
 * head can change without the head changing (contracts 4). The body goes into the hash by its own
 * hash: it can be erased and the chain still holds. The salt in it keeps a hash that outlives its
 * body from being guessed back. Epochs only rise, each with the office's word as its first entry
 * (contracts 5).
 */
#include "ledger/store.h"

#include <errno.h>
#include <sys/random.h>

struct sha256 chain_sha256(EVP_MD_CTX *hash, const EVP_MD *sha256, struct span bytes)
{
	struct sha256 sum;

	CHECK(EVP_DigestInit_ex2(hash, sha256, NULL) == 1 &&
	      EVP_DigestUpdate(hash, bytes.data, bytes.len) == 1 &&
	      EVP_DigestFinal_ex(hash, sum.byte, NULL) == 1);
	return sum;
}

struct sha256 chain_hash(EVP_MD_CTX *hash, const EVP_MD *sha256, const struct chain_entry *e)
{
	uint8_t bytes[4 + 4 + 8 + 8 + 2 + 32 + 32];
	struct builder b = builder_of(bytes, sizeof(bytes));

	build_bytes(&b, "SKL1", 4);
	build_u32(&b, e->epoch);
	build_u64(&b, e->seq);
	build_u64(&b, (uint64_t)e->at.ms);
	build_u16(&b, e->kind);
	build_bytes(&b, e->body_hash.byte, sizeof(e->body_hash.byte));
	build_bytes(&b, e->prev_hash.byte, sizeof(e->prev_hash.byte));
	CHECK(!b.failed && b.len == sizeof(bytes));
	return chain_sha256(hash, sha256, (struct span){bytes, b.len});
}

static const uint8_t *next_salt(struct store *s)
{
	size_t have = 0;

	if (s->salts == 0) {
		while (have < sizeof(s->salt)) {
			ssize_t n = getrandom((uint8_t *)s->salt + have, sizeof(s->salt) - have, 0);

			CHECK(n > 0 || errno == EINTR);
			have += n > 0 ? (size_t)n : 0;
		}
		s->salts = SALTS;
	}
	return s->salt[--s->salts];
}

enum stored store_chain(struct store *s, const struct chained *c)
{
	sqlite3_stmt *insert = s->statement[DO_ENTRY];
	struct chain_entry link = {
		.epoch = c->epoch,
		.seq = s->head.seq + 1,
		.at = c->at,
		.kind = c->kind,
		.body_hash =
			c->body.data ? chain_sha256(s->hash, s->sha256, c->body) : c->body_hash,
		.prev_hash = s->head.hash,
	};
	struct sha256 hash = chain_hash(s->hash, s->sha256, &link);

	bind_u64(insert, 1, link.epoch);
	bind_u64(insert, 2, link.seq);
	bind_i64(insert, 3, link.at.ms);
	bind_u64(insert, 4, link.kind);
	if (c->body.data)
		bind_blob(insert, 5, c->body.data, c->body.len);
	else
		sqlite3_bind_null(insert, 5);
	bind_blob(insert, 6, link.body_hash.byte, sizeof(link.body_hash.byte));
	bind_blob(insert, 7, link.prev_hash.byte, sizeof(link.prev_hash.byte));
	bind_blob(insert, 8, hash.byte, sizeof(hash.byte));
	if (store_step(s, DO_ENTRY, "appending an entry") != STORED_OK)
		return STORED_FULL;
	s->head.epoch = link.epoch;
	s->head.seq = link.seq;
	s->head.posted = 0;
	s->head.hash = hash;
	return STORED_OK;
}

/* The epoch of an entry: the office's word that a new one begins is the first of it. */
static uint32_t epoch_of(const struct store *s, const struct entry *e)
{
	bool begins = e->kind == ENTRY_OFFICE && e->office.event != OFFICE_KEYS;

	return begins && e->office.epoch > s->head.epoch ? e->office.epoch : s->head.epoch;
}

enum stored store_append(struct store *s, const struct entry *e)
{
	uint8_t body[ENTRY_BODY_MAX];
	uint32_t len = entry_encode(e, next_salt(s), body);
	struct chained c = {.epoch = epoch_of(s, e),
			    .at = e->at,
			    .kind = (uint16_t)e->kind,
			    .body = {body, len}};

	if (store_chain(s, &c) != STORED_OK || derive_entry(s, e) != STORED_OK)
		return STORED_FULL;
	s->head.at = e->at;
	return STORED_OK;
}
