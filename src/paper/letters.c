/*
 * letters.c: the letters of a document. Names come from price lists and party files; whatever is
 * not text, or would make a document lie about itself (a control character in XML, an override that
 * shows an amount backwards), is seen here, and the writers put U+FFFD in its place.
 */
#include "paper/letters.h"

#include <string.h>

#include "base/utf8.h"

uint32_t letter_next(const char **text)
{
	uint32_t letter, len = (uint32_t)strnlen(*text, UTF8_LONGEST);

	if (len == 0)
		return 0;
	len = utf8_one(*text, len, &letter);
	*text += len > 0 ? len : 1;
	return len > 0 ? letter : LETTER_UNKNOWN;
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
