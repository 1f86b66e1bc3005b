/* base64.c: three bytes are four characters. */
#include "base/base64.h"

void base64_encode(const void *data, uint32_t len, char *text)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const uint8_t *bytes = data;

	for (uint32_t i = 0; i < len; i += 3) {
		uint32_t v = (uint32_t)bytes[i] << 16;

		v |= i + 1 < len ? (uint32_t)bytes[i + 1] << 8 : 0;
		v |= i + 2 < len ? bytes[i + 2] : 0;
		*text++ = digits[v >> 18 & 63];
		*text++ = digits[v >> 12 & 63];
		*text++ = i + 1 < len ? digits[v >> 6 & 63] : '=';
		*text++ = i + 2 < len ? digits[v & 63] : '=';
	}
	*text = '\0';
}
