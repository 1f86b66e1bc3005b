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
	f->first_exp_s = INT64_MAX;
	f->iat_floor = -1;
	f->forgotten_iat = -1;
	f->forgotten_at = INT64_MIN;
}

/* The last bytes of an id are as random as its phone made them; two alike only cost a second look.
 */
static uint32_t mark_of(const uint8_t *cti, uint8_t cti_len)
{
	uint32_t mark = cti_len;

	for (uint32_t i = cti_len < 4 ? 0 : cti_len - 4U; i < cti_len; i++)
		mark = mark << 8 ^ cti[i];
	return mark;
}

bool fresh_used(const struct fresh *f, struct kid kid, const uint8_t *cti, uint8_t cti_len)
{
	uint32_t mark = mark_of(cti, cti_len);

	for (uint32_t i = 0; i < f->count; i++) {
		const struct fresh_token *t = &f->token[i];

		if (f->mark[i] != mark)
			continue;
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
	f->count--;
	f->token[i] = f->token[f->count];
	f->mark[i] = f->mark[f->count];
}

static void forget_expired(struct fresh *f, int64_t now_s)
{
	if (now_s < f->first_exp_s)
		return;
	f->first_exp_s = INT64_MAX;
	for (uint32_t i = 0; i < f->count;) {
		if (now_s < f->token[i].exp_s) {
			if (f->token[i].exp_s < f->first_exp_s)
				f->first_exp_s = f->token[i].exp_s;
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

/* With the oldest go all that are as old: their iat is below the floor now, which refuses them by
 * itself. */
static void evict_oldest(struct fresh *f)
{
	int64_t oldest = INT64_MAX;

	for (uint32_t i = 0; i < f->count; i++)
		if (f->token[i].iat_s < oldest)
			oldest = f->token[i].iat_s;
	if (oldest > f->iat_floor)
		f->iat_floor = oldest;
	for (uint32_t i = 0; i < f->count;) {
		if (f->token[i].iat_s <= oldest)
			forget(f, i);
		else
			i++;
	}
}

void fresh_add(struct fresh *f, const struct fresh_token *t, int64_t now_s)
{
	CHECK(t->cti_len <= CTI_SIZE_MAX);
	forget_expired(f, now_s);
	if (f->count == FRESH_TOKENS_MAX)
		evict_oldest(f);
	if (t->exp_s < f->first_exp_s)
		f->first_exp_s = t->exp_s;
	f->mark[f->count] = mark_of(t->cti, t->cti_len);
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
