/* base64url.c: strict both ways: one text for some bytes, and no other is taken for them. */
#include "net/base64url.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static int digit_value(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '-' ? 62 : c == '_' ? 63 : -1;
}

void base64url_encode(const void *bytes, uint32_t len, char *text)
{
	const uint8_t *byte = bytes;
	uint32_t held = 0, bits = 0;

	for (uint32_t i = 0; i < len; i++) {
		held = held << 8 | byte[i];
		for (bits += 8; bits >= 6; bits -= 6)
			*text++ = alphabet[held >> (bits - 6) & 63];
	}
	if (bits > 0)
		*text++ = alphabet[held << (6 - bits) & 63];
	*text = '\0';
}

bool base64url_decode(const char *text, uint32_t len, uint8_t *bytes, uint32_t size,
		      uint32_t *ret_len)
{
	uint32_t held = 0, bits = 0, n = 0;

	for (uint32_t i = 0; i < len; i++) {
		int value = digit_value(text[i]);

		if (value < 0)
			return false;
		held = held << 6 | (uint32_t)value;
		bits += 6;
		if (bits < 8)
			continue;
		bits -= 8;
		if (n == size)
			return false;
		bytes[n++] = (uint8_t)(held >> bits);
	}
	if (bits >= 6 || (held & ((1u << bits) - 1)) != 0)
		return false;
	*ret_len = n;
	return true;
}
