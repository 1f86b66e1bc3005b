/*
 * utf8.c: one character at a time, and no repairing: what is not the one right form of a code point
 * is nothing at all, so that no filter behind this one can be slipped past.
 */
#include "base/utf8.h"

#include <string.h>

uint32_t utf8_one(const char *s, uint32_t len, uint32_t *ret)
{
	static const uint32_t least[5] = {0, 0, 0x80, 0x800, 0x10000};
	uint8_t first = (uint8_t)s[0];
	uint32_t size = first < 0x80		 ? 1
			: (first & 0xe0) == 0xc0 ? 2
			: (first & 0xf0) == 0xe0 ? 3
			: (first & 0xf8) == 0xf0 ? 4
						 : 0;
	uint32_t code = size == 1 ? first : first & (0xffu >> (size + 1));

	if (size == 0 || size > len)
		return 0;
	for (uint32_t i = 1; i < size; i++) {
		uint8_t next = (uint8_t)s[i];

		if ((next & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (next & 0x3fu);
	}
	if (code < least[size] || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
		return 0;
	*ret = code;
	return size;
}

bool utf8_valid(const void *text, uint32_t len)
{
	const char *s = text;

	for (uint32_t done = 0, size, code; done < len; done += size) {
		size = utf8_one(s + done, len - done, &code);
		if (size == 0)
			return false;
	}
	return true;
}

uint32_t utf8_cut(const char *text, char *out, size_t size)
{
	size_t len = strnlen(text, size - 1);

	while (len > 0 && ((unsigned char)text[len] & 0xc0) == 0x80)
		len--;
	memcpy(out, text, len);
	out[len] = '\0';
	return (uint32_t)len;
}

bool utf8_control(uint32_t code)
{
	return code < 0x20 || (code >= 0x7f && code <= 0x9f);
}

bool utf8_plain(const void *text, uint32_t len)
{
	const char *s = text;

	for (uint32_t done = 0, size, code; done < len; done += size) {
		size = utf8_one(s + done, len - done, &code);
		if (size == 0 || utf8_control(code))
			return false;
	}
	return true;
}

bool utf8_harmful(uint32_t code)
{
	return utf8_control(code) || code == 0x061c || (code >= 0x200b && code <= 0x200f) ||
	       (code >= 0x2028 && code <= 0x202e) || (code >= 0x2060 && code <= 0x206f) ||
	       code == 0xfeff;
}
