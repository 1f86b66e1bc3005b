/*
 * cose.c: the envelope of a token and the key that it names. Of COSE (RFC 9052) contracts 1 leaves
 * exactly one form: tag 18, ES256, an 8-byte kid, nothing unprotected, so a token is these bytes
 *
 *	D2 84  4D A2 01 26 04 48 <kid 8>  A0  <payload as a bstr>  58 40 <r, s>
 *
 * and everything else is refused before anybody asks what it might have meant. Here nothing is
 * hashed or verified: that is for crypto/, with the spans given out.
 */
#include <string.h>

#include "base/cbor.h"
#include "token/shape.h"

#define SIGNATURE_SIZE 64

enum cose_key_label {
	KEY_TYPE = 1,
	KEY_CURVE = -1,
	KEY_X = -2,
	KEY_Y = -3,
	KEY_PRIVATE = -4,
};

/* all up to the kid: tag 18, an array of 4, a bstr of 13, {1: -7, 4: bstr of 8 */
static const uint8_t opening[] = {0xD2, 0x84, 0x4D, 0xA2, 0x01, 0x26, 0x04, 0x48};
#define PROTECTED_AT 3 /* in the token, and `opening` from there on is in the protected header */

static bool take_exactly(struct span *s, const void *bytes, uint32_t len)
{
	struct span got;

	return span_take(s, len, &got) && span_is(got, bytes, len);
}

bool token_parse(struct span bytes, struct token *ret)
{
	static const uint8_t nothing_unprotected[] = {0xA0}, signature_head[] = {0x58, 0x40};
	struct span s = bytes, kid;

	if (bytes.len > TOKEN_SIZE_MAX || !take_exactly(&s, opening, sizeof(opening)) ||
	    !span_take(&s, KID_SIZE, &kid) ||
	    !take_exactly(&s, nothing_unprotected, sizeof(nothing_unprotected)) ||
	    !cbor_take_bytes(&s, &ret->payload) ||
	    !take_exactly(&s, signature_head, sizeof(signature_head)) || s.len != SIGNATURE_SIZE)
		return false;
	ret->protected_header = (struct span){bytes.data + PROTECTED_AT, TOKEN_PROTECTED_SIZE};
	memcpy(ret->kid.byte, kid.data, KID_SIZE);
	memcpy(ret->signature, s.data, SIGNATURE_SIZE);
	return claims_parse(ret->payload, &ret->claims);
}

uint32_t token_to_be_signed(struct span protected_header, struct span payload,
			    uint8_t out[TO_BE_SIGNED_MAX])
{
	static const char context[] = "Signature1";
	struct builder b = builder_of(out, TO_BE_SIGNED_MAX);

	cbor_put_array(&b, 4);
	cbor_put_text(&b, context, sizeof(context) - 1);
	cbor_put_bytes(&b, protected_header.data, protected_header.len);
	cbor_put_bytes(&b, NULL, 0); /* external_aad */
	cbor_put_bytes(&b, payload.data, payload.len);
	CHECK(!b.failed);
	return b.len;
}

void token_protected(struct kid kid, uint8_t out[TOKEN_PROTECTED_SIZE])
{
	struct builder b = builder_of(out, TOKEN_PROTECTED_SIZE);

	build_bytes(&b, opening + PROTECTED_AT, sizeof(opening) - PROTECTED_AT);
	build_bytes(&b, kid.byte, KID_SIZE);
	CHECK(!b.failed && b.len == TOKEN_PROTECTED_SIZE);
}

uint32_t token_assemble(struct kid kid, struct span payload, const uint8_t signature[64],
			uint8_t *out, uint32_t size)
{
	struct builder b = builder_of(out, size < TOKEN_SIZE_MAX ? size : TOKEN_SIZE_MAX);

	build_bytes(&b, opening, sizeof(opening));
	build_bytes(&b, kid.byte, KID_SIZE);
	cbor_put_map(&b, 0);
	cbor_put_bytes(&b, payload.data, payload.len);
	cbor_put_bytes(&b, signature, SIGNATURE_SIZE);
	return b.failed ? 0 : b.len;
}

void cose_key_encode(const struct public_key *key, uint8_t out[COSE_KEY_SIZE])
{
	struct builder b = builder_of(out, COSE_KEY_SIZE);

	cbor_put_map(&b, 4);
	cbor_put_int(&b, KEY_TYPE);
	cbor_put_int(&b, 2); /* EC2 */
	cbor_put_int(&b, KEY_CURVE);
	cbor_put_int(&b, 1); /* P-256 */
	cbor_put_int(&b, KEY_X);
	cbor_put_bytes(&b, key->x, sizeof(key->x));
	cbor_put_int(&b, KEY_Y);
	cbor_put_bytes(&b, key->y, sizeof(key->y));
	CHECK(!b.failed && b.len == COSE_KEY_SIZE);
}

/* Whether the bytes are one map that holds a private part, whatever else is in it. */
static bool holds_private(struct span bytes)
{
	struct cbor_keys keys = CBOR_KEYS_START;
	uint32_t pairs;
	bool found = false;

	if (!cbor_take_map(&bytes, &pairs))
		return false;
	for (uint32_t i = 0; i < pairs; i++) {
		struct span key;
		int64_t label;

		if (!cbor_take_key(&bytes, &keys, &key) || !cbor_skip(&bytes))
			return false;
		if (cbor_take_int(&key, &label) && label == KEY_PRIVATE)
			found = true;
	}
	return found && bytes.len == 0;
}

enum cose_key_parse cose_key_parse(struct span bytes, struct public_key *ret)
{
	static const uint8_t head[] = {0xA4, 0x01, 0x02, 0x20, 0x01};
	static const uint8_t head_x[] = {0x21, 0x58, 0x20}, head_y[] = {0x22, 0x58, 0x20};
	struct span s = bytes, x, y;

	if (!take_exactly(&s, head, sizeof(head)) || !take_exactly(&s, head_x, sizeof(head_x)) ||
	    !span_take(&s, sizeof(ret->x), &x) || !take_exactly(&s, head_y, sizeof(head_y)) ||
	    !span_take(&s, sizeof(ret->y), &y) || s.len != 0)
		return holds_private(bytes) ? COSE_KEY_PRIVATE : COSE_KEY_MALFORMED;
	memcpy(ret->x, x.data, sizeof(ret->x));
	memcpy(ret->y, y.data, sizeof(ret->y));
	return COSE_KEY_GOOD;
}
