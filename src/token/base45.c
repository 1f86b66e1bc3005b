/*
 * base45.c: bytes as the 45 characters that a QR code packs best (RFC 9285). Two bytes are three
 * characters, least significant first; a last single byte is two. Every text that is accepted here
 * is the one that base45_encode() writes for those bytes.
 */
#include "token/base45.h"

#include <string.h>

#define BASE 45U

static const char alphabet[BASE + 1] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

uint32_t base45_encode(const uint8_t *bytes, uint32_t len, char *text, uint32_t size)
{
	uint64_t need = (uint64_t)len / 2 * 3 + len % 2 * 2;
	uint32_t at = 0;

	if (need > size)
		return 0;
	for (uint32_t i = 0; i + 1 < len; i += 2) {
		uint32_t value = (uint32_t)bytes[i] << 8 | bytes[i + 1];

		text[at++] = alphabet[value % BASE];
		text[at++] = alphabet[value / BASE % BASE];
		text[at++] = alphabet[value / (BASE * BASE)];
	}
	if (len % 2 == 1) {
		text[at++] = alphabet[bytes[len - 1] % BASE];
		text[at++] = alphabet[bytes[len - 1] / BASE];
	}
	CHECK(at == need);
	return at;
}

/* The value of a character, or UINT32_MAX. */
static uint32_t digit_value(char c)
{
	const char *symbol;

	if (c >= '0' && c <= '9')
		return (uint32_t)(c - '0');
	if (c >= 'A' && c <= 'Z')
		return (uint32_t)(c - 'A') + 10;
	symbol = memchr(alphabet + 36, c, BASE - 36);
	return symbol ? (uint32_t)(symbol - alphabet) : UINT32_MAX;
}

/* The value of a group of 2 or 3 characters, or UINT32_MAX. */
static uint32_t group_value(const char *text, uint32_t len)
{
	uint32_t value = 0;

	for (uint32_t i = len; i-- > 0;) {
		uint32_t digit = digit_value(text[i]);

		if (digit == UINT32_MAX)
			return UINT32_MAX;
		value = value * BASE + digit;
	}
	return value;
}

bool base45_decode(const char *text, uint32_t len, uint8_t *bytes, uint32_t size, uint32_t *ret_len)
{
	uint32_t need = len / 3 * 2 + len % 3 / 2, done = 0;

	if (len % 3 == 1 || need > size)
		return false;
	for (uint32_t i = 0; i < len; i += 3) {
		uint32_t group = len - i < 3 ? 2 : 3;
		uint32_t value = group_value(text + i, group);

		if (value > (group == 3 ? UINT16_MAX : UINT8_MAX))
			return false;
		if (group == 3)
			bytes[done++] = (uint8_t)(value >> 8);
		bytes[done++] = (uint8_t)value;
	}
	CHECK(done == need);
	*ret_len = done;
	return true;
}

uint32_t qr_text_encode(const char *prefix, const uint8_t *bytes, uint32_t len, char *text,
			uint32_t size)
{
	uint32_t head = (uint32_t)strlen(prefix), body;

	if (size <= head)
		return 0;
	body = base45_encode(bytes, len, text + head, size - head - 1);
	if (body == 0)
		return 0;
	memcpy(text, prefix, head);
	text[head + body] = '\0';
	return head + body;
}

bool qr_text_decode(const char *prefix, const char *text, uint32_t len, uint8_t *bytes,
		    uint32_t size, uint32_t *ret_len)
{
	uint32_t head = (uint32_t)strlen(prefix);

	if (len <= head || len > TOKEN_QR_MAX || memcmp(text, prefix, head) != 0)
		return false;
	return base45_decode(text + head, len - head, bytes, size, ret_len);
}
