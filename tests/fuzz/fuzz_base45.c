/*
 * fuzz_base45.c: any text as base45 and as the QR texts of contracts 1, any bytes into it. What is
 * decoded encodes to the same text, what is encoded decodes to the same bytes.
 */
#include <string.h>

#include "base/check.h"
#include "shoptoken.h"
#include "token/base45.h"
#include "token/claims.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define INPUT_MAX 2048

static void text_and_back(const char *text, uint32_t len)
{
	static uint8_t bytes[INPUT_MAX];
	static char again[INPUT_MAX];
	uint32_t got, back;

	if (!base45_decode(text, len, bytes, sizeof(bytes), &got))
		return;
	CHECK(got == len / 3 * 2 + len % 3 / 2);
	back = base45_encode(bytes, got, again, sizeof(again));
	CHECK(back == len && memcmp(again, text, len) == 0);
	if (got > 0) /* a byte too few is refused, whatever it was */
		CHECK(!base45_decode(text, len, bytes, got - 1, &got));
}

static void bytes_and_back(const uint8_t *bytes, uint32_t len)
{
	static char text[INPUT_MAX * 3 / 2 + 2];
	static uint8_t again[INPUT_MAX];
	uint32_t got = base45_encode(bytes, len, text, sizeof(text)), back;

	CHECK(got > 0);
	CHECK(base45_decode(text, got, again, sizeof(again), &back));
	CHECK(back == len && memcmp(again, bytes, len) == 0);
}

static void qr_texts(const char *text, uint32_t len)
{
	struct shoptoken_challenge challenge;
	struct shoptoken_token token;
	char again[SHOPTOKEN_TEXT_SIZE];

	if (shoptoken_text_parse(text, len, &token) == 0) {
		CHECK(shoptoken_text(&token, again, sizeof(again)) == 0);
		CHECK(strlen(again) == len && memcmp(again, text, len) == 0);
	}
	if (shoptoken_challenge_parse(text, len, &challenge) == 0) {
		CHECK(shoptoken_challenge_text(&challenge, again, sizeof(again)) == 0);
		CHECK(strlen(again) == len && memcmp(again, text, len) == 0);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0 || size > INPUT_MAX)
		return 0;
	text_and_back((const char *)data, (uint32_t)size);
	bytes_and_back(data, (uint32_t)size);
	qr_texts((const char *)data, (uint32_t)size);
	return 0;
}
