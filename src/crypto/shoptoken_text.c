/*
 * shoptoken_text.c: the library's QR texts: of a token, and of the challenge that a door shows. A
 * text is written only when all of it fits.
 */
#include <errno.h>
#include <string.h>

#include "shoptoken.h"
#include "token/base45.h"
#include "token/claims.h"

_Static_assert(SHOPTOKEN_TEXT_SIZE == TOKEN_QR_MAX + 1, "characters of a token");

static uint32_t bounded(size_t size)
{
	return size > TOKEN_QR_MAX + 1 ? TOKEN_QR_MAX + 1 : (uint32_t)size;
}

int shoptoken_text(const struct shoptoken_token *token, char *ret_text, size_t size)
{
	char text[TOKEN_QR_MAX + 1];
	uint32_t len;

	if (token->len == 0 || token->len > sizeof(token->byte))
		return -EINVAL;
	len = qr_text_encode(QR_TOKEN_PREFIX, token->byte, (uint32_t)token->len, text,
			     bounded(size));
	if (len == 0)
		return -EMSGSIZE;
	memcpy(ret_text, text, len + 1);
	return 0;
}

int shoptoken_text_parse(const char *text, size_t len, struct shoptoken_token *ret)
{
	uint8_t bytes[SHOPTOKEN_TOKEN_MAX];
	uint32_t got;

	if (len > TOKEN_QR_MAX ||
	    !qr_text_decode(QR_TOKEN_PREFIX, text, (uint32_t)len, bytes, sizeof(bytes), &got))
		return -EINVAL;
	memcpy(ret->byte, bytes, got);
	ret->len = got;
	return 0;
}

int shoptoken_challenge_text(const struct shoptoken_challenge *challenge, char *ret_text,
			     size_t size)
{
	uint8_t bytes[AUDIENCE_MAX + NONCE_SIZE + 8];
	char text[TOKEN_QR_MAX + 1];
	size_t audience = strnlen(challenge->audience, sizeof(challenge->audience));
	uint32_t len;

	if (audience == sizeof(challenge->audience) ||
	    !audience_valid(challenge->audience, (uint32_t)audience))
		return -EINVAL;
	len = challenge_encode(challenge->audience, challenge->nonce, bytes, sizeof(bytes));
	CHECK(len > 0);
	len = qr_text_encode(QR_CHALLENGE_PREFIX, bytes, len, text, bounded(size));
	if (len == 0)
		return -EMSGSIZE;
	memcpy(ret_text, text, len + 1);
	return 0;
}

int shoptoken_challenge_parse(const char *text, size_t len, struct shoptoken_challenge *ret)
{
	uint8_t bytes[SHOPTOKEN_TOKEN_MAX];
	struct shoptoken_challenge challenge;
	uint32_t got;

	if (len > TOKEN_QR_MAX ||
	    !qr_text_decode(QR_CHALLENGE_PREFIX, text, (uint32_t)len, bytes, sizeof(bytes), &got) ||
	    !challenge_parse((struct span){bytes, got}, challenge.audience, challenge.nonce))
		return -EINVAL;
	*ret = challenge;
	return 0;
}
