/*
 * statement.c: the envelope of what an office signs. It is a token's envelope (cose.c) around
 * something larger: tag 18, ES256, an 8-byte kid, nothing unprotected, and every other way of
 * writing the same is refused. What is inside begins as an array, a token's payload as a map.
 */
#include "token/statement.h"

#include <string.h>

#include "base/cbor.h"

#define SIGNATURE_SIZE 64

/* all up to the kid: tag 18, an array of 4, a bstr of 13, {1: -7, 4: bstr of 8 */
static const uint8_t opening[] = {0xD2, 0x84, 0x4D, 0xA2, 0x01, 0x26, 0x04, 0x48};
#define PROTECTED_AT   3 /* `opening` from there on is in the protected header */
#define PROTECTED_SIZE (sizeof(opening) - PROTECTED_AT + KID_SIZE)

static bool take_exactly(struct span *s, const void *bytes, uint32_t len)
{
	struct span got;

	return span_take(s, len, &got) && span_is(got, bytes, len);
}

bool statement_parse(struct span bytes, struct statement *ret)
{
	static const uint8_t nothing_unprotected[] = {0xA0}, signature_head[] = {0x58, 0x40};
	struct span s = bytes, kid, payload;

	if (bytes.len > STATEMENT_SIZE_MAX || !take_exactly(&s, opening, sizeof(opening)) ||
	    !span_take(&s, KID_SIZE, &kid) ||
	    !take_exactly(&s, nothing_unprotected, sizeof(nothing_unprotected)) ||
	    !cbor_take_bytes(&s, &payload) || payload.len > STATEMENT_PAYLOAD_MAX ||
	    !take_exactly(&s, signature_head, sizeof(signature_head)) || s.len != SIGNATURE_SIZE)
		return false;
	memcpy(ret->kid.byte, kid.data, KID_SIZE);
	ret->payload = payload;
	memcpy(ret->signature, s.data, SIGNATURE_SIZE);
	return true;
}

uint32_t statement_to_be_signed(struct kid kid, struct span payload, uint8_t *out, uint32_t size)
{
	static const char context[] = "Signature1";
	uint8_t protected_header[PROTECTED_SIZE];
	struct builder b = builder_of(out, size);

	memcpy(protected_header, opening + PROTECTED_AT, sizeof(opening) - PROTECTED_AT);
	memcpy(protected_header + sizeof(opening) - PROTECTED_AT, kid.byte, KID_SIZE);
	cbor_put_array(&b, 4);
	cbor_put_text(&b, context, sizeof(context) - 1);
	cbor_put_bytes(&b, protected_header, sizeof(protected_header));
	cbor_put_bytes(&b, NULL, 0); /* external_aad */
	cbor_put_bytes(&b, payload.data, payload.len);
	CHECK(!b.failed);
	return b.len;
}

uint32_t statement_assemble(struct kid kid, struct span payload, const uint8_t signature[64],
			    uint8_t *out, uint32_t size)
{
	struct builder b = builder_of(out, size < STATEMENT_SIZE_MAX ? size : STATEMENT_SIZE_MAX);

	build_bytes(&b, opening, sizeof(opening));
	build_bytes(&b, kid.byte, KID_SIZE);
	cbor_put_map(&b, 0);
	cbor_put_bytes(&b, payload.data, payload.len);
	cbor_put_bytes(&b, signature, SIGNATURE_SIZE);
	return b.failed || payload.len > STATEMENT_PAYLOAD_MAX ? 0 : b.len;
}
