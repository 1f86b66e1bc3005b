/*
 * claims.c: what a token says. The claims of contracts 1 as a deterministic CBOR map, in one of two
 * shapes and no other:
 *
 *	a member's token	{3: aud, 4: exp, 6: iat, 7: cti [, 10: nonce]}
 *	an office's pass	{2: sub, 3: aud, 4: exp, 5: nbf [, 6: iat], 7: cti}
 *
 * Nothing here is held against a clock, an audience or a key: it is read, bounded and handed on.
 */
#include "token/claims.h"

#include <string.h>

#include "base/cbor.h"
#include "token/shape.h"

enum claim {
	CLAIM_SUB = 2,
	CLAIM_AUD = 3,
	CLAIM_EXP = 4,
	CLAIM_NBF = 5,
	CLAIM_IAT = 6,
	CLAIM_CTI = 7,
	CLAIM_NONCE = 10,
};

#define BIT(claim)	 (1U << (claim))
#define SHAPE_PERSONAL	 (BIT(CLAIM_AUD) | BIT(CLAIM_EXP) | BIT(CLAIM_IAT) | BIT(CLAIM_CTI))
#define SHAPE_CHALLENGED (SHAPE_PERSONAL | BIT(CLAIM_NONCE))
#define SHAPE_PASS                                                                                 \
	(BIT(CLAIM_SUB) | BIT(CLAIM_AUD) | BIT(CLAIM_EXP) | BIT(CLAIM_NBF) | BIT(CLAIM_CTI))
#define SHAPE_DATED_PASS (SHAPE_PASS | BIT(CLAIM_IAT))

/* Seconds that every language holds exactly (2^53), and that times 1000 fit 64 bits. */
#define SECONDS_MAX (INT64_C(1) << 53)

#define SUB_TEXT_LEN 32

static bool take_seconds(struct span *s, int64_t *ret)
{
	uint64_t seconds;

	if (!cbor_take_uint(s, &seconds) || seconds > (uint64_t)SECONDS_MAX)
		return false;
	*ret = (int64_t)seconds;
	return true;
}

/* Well-formed but longer than any audience of a shop, or with a NUL inside: a good token for
 * somebody else, so it becomes the text that fits nothing. */
static bool take_audience(struct span *s, char audience[AUDIENCE_MAX + 1])
{
	struct span text;

	if (!cbor_take_text(s, &text))
		return false;
	memset(audience, 0, AUDIENCE_MAX + 1);
	if (text.len > 0 && text.len <= AUDIENCE_MAX && !memchr(text.data, '\0', text.len))
		memcpy(audience, text.data, text.len);
	return true;
}

/* 32 lowercase hex digits; hex_parse() alone would let capitals pass. */
static bool take_sub(struct span *s, struct customer *ret)
{
	struct span text;

	if (!cbor_take_text(s, &text))
		return false;
	for (uint32_t i = 0; i < text.len; i++)
		if (text.data[i] >= 'A' && text.data[i] <= 'F')
			return false;
	return hex_parse((const char *)text.data, text.len, ret->byte, sizeof(ret->byte));
}

static bool take_cti(struct span *s, struct claims *c)
{
	struct span cti;

	if (!cbor_take_bytes(s, &cti) || cti.len < CTI_SIZE_MIN || cti.len > CTI_SIZE_MAX)
		return false;
	memcpy(c->cti, cti.data, cti.len);
	c->cti_len = (uint8_t)cti.len;
	return true;
}

static bool take_nonce(struct span *s, uint8_t nonce[NONCE_SIZE])
{
	struct span bytes;

	if (!cbor_take_bytes(s, &bytes) || bytes.len != NONCE_SIZE)
		return false;
	memcpy(nonce, bytes.data, NONCE_SIZE);
	return true;
}

static bool take_claim(struct span *s, enum claim claim, struct claims *c)
{
	switch (claim) {
	case CLAIM_SUB:
		return take_sub(s, &c->sub);
	case CLAIM_AUD:
		return take_audience(s, c->audience);
	case CLAIM_EXP:
		return take_seconds(s, &c->exp_s);
	case CLAIM_NBF:
		return take_seconds(s, &c->nbf_s);
	case CLAIM_IAT:
		return take_seconds(s, &c->iat_s);
	case CLAIM_CTI:
		return take_cti(s, c);
	case CLAIM_NONCE:
		return take_nonce(s, c->nonce);
	}
	return false;
}

bool claims_parse(struct span payload, struct claims *ret)
{
	struct cbor_keys keys = CBOR_KEYS_START;
	struct claims c = {0};
	uint32_t pairs, seen = 0;
	int64_t key;

	if (!cbor_take_map(&payload, &pairs) || pairs > 6)
		return false;
	for (uint32_t i = 0; i < pairs; i++) {
		if (!cbor_take_int_key(&payload, &keys, &key) || key < CLAIM_SUB ||
		    key > CLAIM_NONCE || !take_claim(&payload, (enum claim)key, &c))
			return false;
		seen |= BIT(key);
	}
	if (payload.len != 0)
		return false;
	c.is_pass = seen == SHAPE_PASS || seen == SHAPE_DATED_PASS;
	c.has_nonce = seen == SHAPE_CHALLENGED;
	if (!c.is_pass && !c.has_nonce && seen != SHAPE_PERSONAL)
		return false;
	*ret = c;
	return true;
}

static bool seconds_sayable(int64_t seconds)
{
	return seconds >= 0 && seconds <= SECONDS_MAX;
}

static bool claims_sayable(const struct claims *c)
{
	return memchr(c->audience, '\0', sizeof(c->audience)) && c->cti_len >= CTI_SIZE_MIN &&
	       c->cti_len <= CTI_SIZE_MAX && seconds_sayable(c->iat_s) &&
	       seconds_sayable(c->exp_s) && seconds_sayable(c->nbf_s) &&
	       !(c->is_pass && c->has_nonce);
}

static void put_pass(struct builder *b, const struct claims *c)
{
	char sub[SUB_TEXT_LEN + 1];

	hex_text(c->sub.byte, sizeof(c->sub.byte), sub);
	cbor_put_map(b, c->iat_s > 0 ? 6 : 5);
	cbor_put_uint(b, CLAIM_SUB);
	cbor_put_text(b, sub, SUB_TEXT_LEN);
	cbor_put_uint(b, CLAIM_AUD);
	cbor_put_text(b, c->audience, (uint32_t)strlen(c->audience));
	cbor_put_uint(b, CLAIM_EXP);
	cbor_put_int(b, c->exp_s);
	cbor_put_uint(b, CLAIM_NBF);
	cbor_put_int(b, c->nbf_s);
	if (c->iat_s > 0) {
		cbor_put_uint(b, CLAIM_IAT);
		cbor_put_int(b, c->iat_s);
	}
	cbor_put_uint(b, CLAIM_CTI);
	cbor_put_bytes(b, c->cti, c->cti_len);
}

static void put_personal(struct builder *b, const struct claims *c)
{
	cbor_put_map(b, c->has_nonce ? 5 : 4);
	cbor_put_uint(b, CLAIM_AUD);
	cbor_put_text(b, c->audience, (uint32_t)strlen(c->audience));
	cbor_put_uint(b, CLAIM_EXP);
	cbor_put_int(b, c->exp_s);
	cbor_put_uint(b, CLAIM_IAT);
	cbor_put_int(b, c->iat_s);
	cbor_put_uint(b, CLAIM_CTI);
	cbor_put_bytes(b, c->cti, c->cti_len);
	if (c->has_nonce) {
		cbor_put_uint(b, CLAIM_NONCE);
		cbor_put_bytes(b, c->nonce, NONCE_SIZE);
	}
}

uint32_t token_payload(const struct claims *c, uint8_t *out, uint32_t size)
{
	struct builder b = builder_of(out, size);

	if (!claims_sayable(c))
		return 0;
	if (c->is_pass)
		put_pass(&b, c);
	else
		put_personal(&b, c);
	return b.failed ? 0 : b.len;
}

bool audience_valid(const char *text, uint32_t len)
{
	const char *slash = len > 0 ? memchr(text, '/', len) : NULL;
	uint32_t shop = slash ? (uint32_t)(slash - text) : len;

	return place_valid(text, shop) && (!slash || place_valid(slash + 1, len - shop - 1));
}

uint32_t challenge_encode(const char *audience, const uint8_t nonce[NONCE_SIZE], uint8_t *out,
			  uint32_t size)
{
	struct builder b = builder_of(out, size);

	cbor_put_array(&b, 2);
	cbor_put_text(&b, audience, (uint32_t)strlen(audience));
	cbor_put_bytes(&b, nonce, NONCE_SIZE);
	return b.failed ? 0 : b.len;
}

bool challenge_parse(struct span bytes, char ret_audience[AUDIENCE_MAX + 1],
		     uint8_t ret_nonce[NONCE_SIZE])
{
	struct span audience, nonce;
	uint32_t items;

	if (!cbor_take_array(&bytes, &items) || items != 2 || !cbor_take_text(&bytes, &audience) ||
	    !cbor_take_bytes(&bytes, &nonce) || bytes.len != 0 || nonce.len != NONCE_SIZE ||
	    !audience_valid((const char *)audience.data, audience.len))
		return false;
	memset(ret_audience, 0, AUDIENCE_MAX + 1);
	memcpy(ret_audience, audience.data, audience.len);
	memcpy(ret_nonce, nonce.data, NONCE_SIZE);
	return true;
}
