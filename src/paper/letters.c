/*
 * letters.c: UTF-8, decoded strictly. Names come from price lists and party files; whatever is not
 * text, or would make a document lie about itself (a control character in XML, an override that
 * shows an amount backwards), is seen here, and the writers put U+FFFD in its place.
 */
#include "paper/letters.h"

static uint32_t tail(unsigned char byte)
{
	return byte & 0x3fu;
}

static bool is_tail(unsigned char byte)
{
	return (byte & 0xc0u) == 0x80u;
}

/** Bytes of the sequence that `first` begins, 0 for none; its own bits in *ret. */
static uint32_t begin(unsigned char first, uint32_t *ret)
{
	*ret = first;
	if (first < 0x80)
		return 1;
	*ret = first & 0x1fu;
	if (first >= 0xc2 && first < 0xe0)
		return 2;
	*ret = first & 0x0fu;
	if (first >= 0xe0 && first < 0xf0)
		return 3;
	*ret = first & 0x07u;
	return first >= 0xf0 && first < 0xf5 ? 4 : 0;
}

uint32_t letter_next(const char **text)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	const unsigned char *s = (const unsigned char *)*text;
	uint32_t letter, len;

	if (!*s)
		return 0;
	len = begin(*s, &letter);
	for (uint32_t i = 1; i < len; i++) {
		if (!is_tail(s[i])) { /* the NUL at the end is none, so nothing is read past it */
			len = 0;
			break;
		}
		letter = letter << 6 | tail(s[i]);
	}
	bool good = len > 0 && letter >= least[len] && letter <= 0x10ffff &&
		    (letter < 0xd800 || letter > 0xdfff);

	*text += good ? len : 1;
	return good ? letter : LETTER_UNKNOWN;
}

bool letter_shown(uint32_t letter)
{
	if (letter < 0x20 || (letter >= 0x7f && letter < 0xa0))
		return false;
	if (letter >= 0x2028 && letter <= 0x202e)
		return false;
	if ((letter >= 0x2066 && letter <= 0x2069) || letter == 0x200e || letter == 0x200f)
		return false;
	if (letter == 0xfeff || (letter & 0xfffe) == 0xfffe)
		return false;
	return letter <= 0x10ffff && (letter < 0xd800 || letter > 0xdfff);
}
