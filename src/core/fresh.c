/*
 * fresh.c: what may be used once.
 *
 * "cti unused by this key" (contracts 1) for as long as a token could still be fresh. The table is
 * bounded; when it is full, the id with the smallest iat goes and everything as old as it is
 * refused from then on, so that nothing forgotten can be used again: at worst a slow phone has to
 * sign once more.
 */
#include "core/fresh.h"

#include <string.h>

#include "base/check.h"

void fresh_init(struct fresh *f)
{
	memset(f, 0, sizeof(*f));
	f->iat_floor = -1;
	f->forgotten_iat = -1;
	f->forgotten_at = INT64_MIN;
}

bool fresh_used(const struct fresh *f, struct kid kid, const uint8_t *cti, uint8_t cti_len)
{
	for (uint32_t i = 0; i < f->count; i++) {
		const struct fresh_token *t = &f->token[i];

		if (t->cti_len == cti_len && memcmp(t->cti, cti, cti_len) == 0 &&
		    memcmp(t->kid.byte, kid.byte, sizeof(kid.byte)) == 0)
			return true;
	}
	return false;
}

bool fresh_predates(const struct fresh *f, int64_t iat_s, int64_t now_s)
{
	if (iat_s <= f->iat_floor)
		return true;
	/* the clock went back before the moment in which these ids expired and were forgotten */
	return now_s < f->forgotten_at && iat_s <= f->forgotten_iat;
}

static void forget(struct fresh *f, uint32_t i)
{
	f->token[i] = f->token[--f->count];
}

static void forget_expired(struct fresh *f, int64_t now_s)
{
	for (uint32_t i = 0; i < f->count;) {
		if (now_s < f->token[i].exp_s) {
			i++;
			continue;
		}
		if (f->token[i].iat_s > f->forgotten_iat)
			f->forgotten_iat = f->token[i].iat_s;
		if (now_s > f->forgotten_at)
			f->forgotten_at = now_s;
		forget(f, i);
	}
}

static void evict_oldest(struct fresh *f)
{
	uint32_t oldest = 0;

	for (uint32_t i = 1; i < f->count; i++)
		if (f->token[i].iat_s < f->token[oldest].iat_s)
			oldest = i;
	if (f->token[oldest].iat_s > f->iat_floor)
		f->iat_floor = f->token[oldest].iat_s;
	forget(f, oldest);
}

void fresh_add(struct fresh *f, const struct fresh_token *t, int64_t now_s)
{
	CHECK(t->cti_len <= CTI_SIZE_MAX);
	forget_expired(f, now_s);
	if (f->count == FRESH_TOKENS_MAX)
		evict_oldest(f);
	f->token[f->count++] = *t;
}

void nonces_give(struct nonces *n, const uint8_t nonce[NONCE_SIZE], struct mono now)
{
	struct nonce *place = &n->nonce[0];

	for (uint32_t i = 0; i < NONCES_MAX && place->live; i++)
		if (!n->nonce[i].live || n->nonce[i].given_at.ms < place->given_at.ms)
			place = &n->nonce[i];
	place->live = true;
	place->given_at = now;
	memcpy(place->byte, nonce, NONCE_SIZE);
}

struct nonce *nonces_find(struct nonces *n, const uint8_t nonce[NONCE_SIZE], struct mono now)
{
	for (uint32_t i = 0; i < NONCES_MAX; i++) {
		struct nonce *have = &n->nonce[i];

		if (have->live && memcmp(have->byte, nonce, NONCE_SIZE) == 0 &&
		    now.ms - have->given_at.ms <= NONCE_LIFE_MS)
			return have;
	}
	return NULL;
}
