/*
 * fuzz_cosekey.c: any bytes as a COSE_Key, public or private, and as a door's challenge. A public
 * key that is taken is the one encoding of its point; no key with a private part is ever taken.
 */
#include <errno.h>
#include <string.h>

#include "shoptoken.h"
#include "token/claims.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_public(struct span bytes)
{
	struct shoptoken_public_key outer;
	struct public_key key;
	uint8_t again[COSE_KEY_SIZE];
	int error = shoptoken_cose_key_parse(bytes.data, bytes.len, &outer);

	switch (cose_key_parse(bytes, &key)) {
	case COSE_KEY_GOOD:
		cose_key_encode(&key, again);
		CHECK(span_is(bytes, again, sizeof(again)));
		CHECK(error == 0 || error == -EINVAL); /* the point may be off the curve */
		CHECK(error != 0 || memcmp(outer.x, key.x, sizeof(key.x)) == 0);
		break;
	case COSE_KEY_MALFORMED:
		CHECK(error == -EINVAL);
		break;
	case COSE_KEY_PRIVATE:
		CHECK(error == -EPERM);
		break;
	}
}

static void check_private(struct span bytes)
{
	uint8_t again[SHOPTOKEN_COSE_SECRET_SIZE];
	struct shoptoken_public_key public;
	struct shoptoken_key key;

	if (shoptoken_cose_secret_parse(bytes.data, bytes.len, &key) != 0)
		return;
	shoptoken_cose_secret(&key, again);
	CHECK(span_is(bytes, again, sizeof(again)));
	CHECK(shoptoken_cose_key_parse(bytes.data, bytes.len, &public) == -EPERM);
}

static void check_challenge(struct span bytes)
{
	char audience[AUDIENCE_MAX + 1];
	uint8_t nonce[NONCE_SIZE], again[128];
	uint32_t len;

	if (!challenge_parse(bytes, audience, nonce))
		return;
	len = challenge_encode(audience, nonce, again, sizeof(again));
	CHECK(span_is(bytes, again, len));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span bytes = {data, (uint32_t)size};

	if (size == 0 || size > TOKEN_SIZE_MAX)
		return 0;
	check_public(bytes);
	check_private(bytes);
	check_challenge(bytes);
	return 0;
}
