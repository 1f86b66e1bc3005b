/*
 * proof.c: once is enough. What was shown is remembered as eight bytes of a hash, in two
 * generations: when the elder has outlived every token in it, it is dropped and a new one begun. A
 * generation grows as it fills, up to GENERATION_MAX; past that the asker is told to come later,
 * rather than that anything is forgotten.
 */
#include "officed/proof.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/es256.h"

#define GENERATION_MIN 4096
#define GENERATION_MAX (1U << 20) /* 7,000 proofs a second: past what one core verifies */
/* how long a token can be good: its life, and the skew on either side */
#define GENERATION_MS ((TOKEN_LIFE_MAX_S + 2 * TOKEN_SKEW_S) * 1000)

struct generation {
	uint64_t *mark; /* 0: free */
	uint32_t size, used;
};

struct proofs {
	uint8_t secret[32];
	struct generation young, old;
	struct wall since;
};

/* ---- what was shown ---- */

static bool marked(const struct generation *g, uint64_t mark)
{
	if (g->size == 0)
		return false;
	for (uint32_t i = (uint32_t)mark & (g->size - 1); g->mark[i] != 0;
	     i = (i + 1) & (g->size - 1))
		if (g->mark[i] == mark)
			return true;
	return false;
}

static void mark_put(struct generation *g, uint64_t mark)
{
	uint32_t i = (uint32_t)mark & (g->size - 1);

	while (g->mark[i] != 0)
		i = (i + 1) & (g->size - 1);
	g->mark[i] = mark;
	g->used++;
}

/** Room for one more, half of it always free. */
static bool room(struct generation *g)
{
	struct generation more = {.size = g->size == 0 ? GENERATION_MIN : 2 * g->size};

	if (2 * (g->used + 1) <= g->size)
		return true;
	if (more.size > GENERATION_MAX)
		return false;
	more.mark = calloc(more.size, sizeof(uint64_t));
	if (more.mark == NULL)
		return false;
	for (uint32_t i = 0; i < g->size; i++)
		if (g->mark[i] != 0)
			mark_put(&more, g->mark[i]);
	free(g->mark);
	*g = more;
	return true;
}

static void turn(struct proofs *p, struct wall now)
{
	int64_t age = now.ms - p->since.ms;

	if (age >= 0 && age < GENERATION_MS)
		return;
	/* a clock that was set back begins a new one too, and keeps the last */
	free(p->old.mark);
	p->old = p->young;
	p->young = (struct generation){0};
	p->since = now;
}

static enum proof first_time(struct proofs *p, const void *bytes, uint32_t len, struct wall now)
{
	struct sha256 hash = sha256(bytes, len);
	uint64_t mark;

	memcpy(&mark, hash.byte, sizeof(mark));
	mark |= 1; /* never the free one */
	turn(p, now);
	if (marked(&p->young, mark) || marked(&p->old, mark))
		return PROOF_USED;
	if (!room(&p->young))
		return PROOF_FULL;
	mark_put(&p->young, mark);
	return PROOF_FRESH;
}

/* ---- nonces ---- */

static void nonce_seal(const struct proofs *p, uint8_t nonce[NONCE_SIZE])
{
	uint8_t text[32 + 8];
	struct sha256 hash;

	memcpy(text, p->secret, 32);
	memcpy(text + 32, nonce, 8);
	hash = sha256(text, sizeof(text)); /* of a fixed length: nothing can be added behind it */
	memcpy(nonce + 8, hash.byte, 8);
	explicit_bzero(text, sizeof(text));
}

void proof_nonce(struct proofs *p, struct wall now, uint8_t ret[NONCE_SIZE])
{
	uint32_t seconds = (uint32_t)(now.ms / 1000);

	memcpy(ret, &seconds, sizeof(seconds));
	random_bytes(ret + 4, 4);
	nonce_seal(p, ret);
}

/** One that we gave, not long ago. */
static bool nonce_ours(const struct proofs *p, const uint8_t nonce[NONCE_SIZE], struct wall now)
{
	uint8_t again[NONCE_SIZE], wrong = 0;
	uint32_t seconds;
	int64_t age_ms;

	memcpy(again, nonce, 8);
	nonce_seal(p, again);
	for (uint32_t i = 8; i < NONCE_SIZE; i++)
		wrong |= (uint8_t)(again[i] ^ nonce[i]);
	memcpy(&seconds, nonce, sizeof(seconds));
	age_ms = now.ms - (int64_t)seconds * 1000;
	return wrong == 0 && age_ms >= -1000 && age_ms <= NONCE_LIFE_MS;
}

/* ---- the judgement ---- */

static enum proof by_clock(const struct claims *c, struct wall now)
{
	int64_t now_s = now.ms / 1000;

	if (c->exp_s - c->iat_s > TOKEN_LIFE_MAX_S)
		return PROOF_LONG;
	if (c->iat_s > now_s + TOKEN_SKEW_S || c->exp_s + TOKEN_SKEW_S <= now_s)
		return PROOF_STALE;
	return PROOF_FRESH;
}

enum proof proof_judge(struct proofs *p, struct kid kid, const struct claims *c, struct wall now)
{
	uint8_t once[KID_SIZE + 1 + CTI_SIZE_MAX] = {0};
	enum proof proof;

	if (c->has_nonce)
		return nonce_ours(p, c->nonce, now) ? first_time(p, c->nonce, NONCE_SIZE, now)
						    : PROOF_STALE;
	proof = by_clock(c, now);
	if (proof != PROOF_FRESH)
		return proof;
	memcpy(once, kid.byte, KID_SIZE);
	once[KID_SIZE] = c->cti_len;
	memcpy(once + KID_SIZE + 1, c->cti, c->cti_len);
	return first_time(p, once, sizeof(once), now);
}

struct proofs *proofs_new(const uint8_t secret[32])
{
	static const char what[] = "shopkeeper office nonce";
	struct proofs *p = calloc(1, sizeof(*p));
	uint8_t text[32 + sizeof(what)];
	struct sha256 hash;

	if (p == NULL)
		return NULL;
	memcpy(text, secret, 32);
	memcpy(text + 32, what, sizeof(what));
	hash = sha256(text, sizeof(text));
	memcpy(p->secret, hash.byte, 32);
	explicit_bzero(text, sizeof(text));
	return p;
}

void proofs_free(struct proofs *p)
{
	if (p == NULL)
		return;
	free(p->young.mark);
	free(p->old.mark);
	explicit_bzero(p, sizeof(*p));
	free(p);
}
