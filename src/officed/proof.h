/*
 * proof.h: whether a signed token of a machine or a person is fresh (contracts 1 and 5). Its
 * signature holds already.
 *
 * A token that bears no nonce is judged by our clock; where that does not fit, the asker gets a
 * nonce and may prove itself once more, whatever its own clock says. Nonces are made so that they
 * need no memory until they are used: 4 bytes of time, 4 random ones, 8 of a keyed hash over both.
 * Officed that share a database share the key, so either knows the other's.
 */
#ifndef SHOP_OFFICED_PROOF_H
#define SHOP_OFFICED_PROOF_H

#include "base/clock.h"
#include "token/claims.h"

enum proof {
	PROOF_FRESH = 0,
	PROOF_STALE = 1, /* its times do not fit our clock: answer with a nonce */
	PROOF_USED = 2,	 /* it was shown before */
	PROOF_LONG = 3,	 /* it was made to live longer than 120 s */
	PROOF_FULL = 4,	 /* more proofs in their lifetime than can be remembered: later */
};

struct proofs;

/** proofs_new - `secret`: what nonces are made with. NULL without memory. */
struct proofs *proofs_new(const uint8_t secret[32]);
void proofs_free(struct proofs *p);

/** proof_judge - and remembers it where it is fresh. */
enum proof proof_judge(struct proofs *p, struct kid kid, const struct claims *c, struct wall now);

/** proof_nonce - a new one, good for NONCE_LIFE_MS. */
void proof_nonce(struct proofs *p, struct wall now, uint8_t ret[NONCE_SIZE]);

#endif
