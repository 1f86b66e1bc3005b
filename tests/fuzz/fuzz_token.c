/*
 * fuzz_token.c: any bytes as a token, and as one CBOR item. What is taken must be bounded and must
 * be the one encoding of what it says: written again, it is the same bytes.
 */
#include <string.h>

#include "base/cbor.h"
#include "base/limits.h"
#include "shoptoken.h"
#include "token/claims.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A pass may say iat 0, which we would leave out; an audience that fits nothing is kept as "". */
static bool says_all(const struct token *token)
{
	const struct claims *c = &token->claims;

	return !(c->is_pass && c->iat_s == 0) && c->audience[0] != '\0';
}

static void check_bounds(const struct claims *c)
{
	CHECK(memchr(c->audience, '\0', sizeof(c->audience)));
	CHECK(c->cti_len >= CTI_SIZE_MIN && c->cti_len <= CTI_SIZE_MAX);
	CHECK(c->iat_s >= 0 && c->iat_s <= INT64_C(1) << 53);
	CHECK(c->exp_s >= 0 && c->exp_s <= INT64_C(1) << 53);
	CHECK(c->nbf_s >= 0 && c->nbf_s <= INT64_C(1) << 53);
	CHECK(!(c->is_pass && c->has_nonce));
}

static void check_token(struct span bytes)
{
	uint8_t payload[TOKEN_SIZE_MAX], whole[TOKEN_SIZE_MAX], to_be_signed[TO_BE_SIGNED_MAX];
	uint8_t protected[TOKEN_PROTECTED_SIZE];
	struct token token;
	uint32_t len;

	if (!token_parse(bytes, &token))
		return;
	CHECK(bytes.len <= TOKEN_SIZE_MAX);
	check_bounds(&token.claims);
	token_protected(token.kid, protected);
	CHECK(span_is(token.protected_header, protected, sizeof(protected)));
	len = token_to_be_signed(token.protected_header, token.payload, to_be_signed);
	CHECK(len > token.payload.len);
	len = token_assemble(token.kid, token.payload, token.signature, whole, sizeof(whole));
	CHECK(span_is(bytes, whole, len));
	if (says_all(&token)) {
		len = token_payload(&token.claims, payload, sizeof(payload));
		CHECK(span_is(token.payload, payload, len));
	}
}

static void check_library(const uint8_t *data, size_t size)
{
	static const struct shoptoken_public_key no_key;
	const struct shoptoken_expected expected = {.audience = "viken/front"};
	struct token token;
	bool parses =
		size <= UINT32_MAX && token_parse((struct span){data, (uint32_t)size}, &token);
	enum shoptoken_verdict verdict = shoptoken_parse(data, size, NULL, NULL);

	CHECK((verdict == SHOPTOKEN_GOOD) == parses);
	/* a key that is none: never good */
	verdict = shoptoken_check(data, size, &no_key, &expected, NULL);
	CHECK(verdict != SHOPTOKEN_GOOD);
}

static bool copy_item(struct span *s, struct builder *b);

static bool copy_items(struct span *s, struct builder *b, uint64_t items)
{
	for (uint64_t i = 0; i < items; i++)
		if (!copy_item(s, b))
			return false;
	return true;
}

/* Writes again what it reads. False past INT64_MIN, which our writers do not write. */
static bool copy_item(struct span *s, struct builder *b)
{
	struct span string;
	uint64_t natural;
	int64_t number;
	uint32_t count;
	bool flag;

	if (cbor_take_uint(s, &natural)) {
		cbor_put_uint(b, natural);
	} else if (cbor_take_int(s, &number)) {
		cbor_put_int(b, number);
	} else if (cbor_take_bytes(s, &string)) {
		cbor_put_bytes(b, string.data, string.len);
	} else if (cbor_take_text(s, &string)) {
		cbor_put_text(b, (const char *)string.data, string.len);
	} else if (cbor_take_bool(s, &flag)) {
		cbor_put_bool(b, flag);
	} else if (cbor_take_null(s)) {
		cbor_put_null(b);
	} else if (cbor_take_tag(s, &natural)) {
		cbor_put_tag(b, natural);
		return copy_item(s, b);
	} else if (cbor_take_array(s, &count)) {
		cbor_put_array(b, count);
		return copy_items(s, b, count);
	} else if (cbor_take_map(s, &count)) {
		cbor_put_map(b, count);
		return copy_items(s, b, 2 * (uint64_t)count);
	} else {
		return false;
	}
	return true;
}

static void check_cbor(struct span bytes)
{
	static uint8_t out[4096];
	struct span rest = bytes, copy = bytes;
	struct builder b = builder_of(out, sizeof(out));
	uint32_t taken;

	if (!cbor_skip(&rest)) {
		CHECK(rest.data == bytes.data && rest.len == bytes.len);
		return;
	}
	taken = bytes.len - rest.len;
	CHECK(taken > 0 && taken <= bytes.len);
	if (taken <= sizeof(out) && copy_item(&copy, &b)) {
		CHECK(copy.len == rest.len);
		CHECK(!b.failed && b.len == taken && memcmp(out, bytes.data, taken) == 0);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0 || size > 4096)
		return 0;
	check_token((struct span){data, (uint32_t)size});
	check_library(data, size);
	check_cbor((struct span){data, (uint32_t)size});
	return 0;
}
