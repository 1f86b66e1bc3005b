/* fresh.h: what may be used once: the ids of admitted tokens while they could still be fresh, and
 * the nonces that the doors gave. */
#ifndef SHOP_CORE_FRESH_H
#define SHOP_CORE_FRESH_H

#include "base/clock.h"
#include "base/ids.h"

struct fresh_token {
	struct kid kid;
	uint8_t cti_len;
	uint8_t cti[CTI_SIZE_MAX];
	int64_t iat_s;
	int64_t exp_s;
};

/** Ids of admitted tokens. What is forgotten can never come back: an id evicted for room raises
 * `iat_floor` over itself, an id forgotten because it expired counts again as used when the clock
 * goes back before that moment. */
struct fresh {
	uint32_t count;
	struct fresh_token token[FRESH_TOKENS_MAX];
	uint32_t mark[FRESH_TOKENS_MAX]; /* of the id in the same place: a first look through 16 KiB
					  */
	int64_t first_exp_s;		 /* no id expires before it */
	int64_t iat_floor;     /* a token with iat ≤ this is too old to be judged; −1: none */
	int64_t forgotten_iat; /* the youngest iat that was forgotten after its time; −1: none */
	int64_t forgotten_at;  /* wall seconds of the last such forgetting */
};

/** fresh_init - nothing used yet. */
void fresh_init(struct fresh *f);

/** fresh_used - whether this key has used this id. */
bool fresh_used(const struct fresh *f, struct kid kid, const uint8_t *cti, uint8_t cti_len);

/** fresh_predates - whether a token of this iat may be one that was forgotten. */
bool fresh_predates(const struct fresh *f, int64_t iat_s, int64_t now_s);

/** fresh_add - remembers an id until the token has expired. */
void fresh_add(struct fresh *f, const struct fresh_token *t, int64_t now_s);

struct nonce {
	bool live;
	uint8_t byte[NONCE_SIZE];
	struct mono given_at;
};

/** The nonces of one door. */
struct nonces {
	struct nonce nonce[NONCES_MAX];
};

/** nonces_give - this door shows it from now on; the oldest makes room. */
void nonces_give(struct nonces *n, const uint8_t nonce[NONCE_SIZE], struct mono now);

/** nonces_find - the live nonce of this value, at most NONCE_LIFE_MS old, or NULL. */
struct nonce *nonces_find(struct nonces *n, const uint8_t nonce[NONCE_SIZE], struct mono now);

#endif
