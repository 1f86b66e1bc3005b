/* letters.c: one alphabet for all codes that people carry from a screen to another. */
#include "wire/letters.h"

#include <string.h>

static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

char letter_of(uint8_t five)
{
	CHECK(five < 32);
	return alphabet[five];
}

int letter_value(char c)
{
	const char *at;

	if (c >= 'a' && c <= 'z')
		c = (char)(c - 'a' + 'A');
	if (c == 'I' || c == 'L')
		c = '1';
	if (c == 'O')
		c = '0';
	at = c != '\0' ? strchr(alphabet, c) : NULL;
	return at ? (int)(at - alphabet) : -1;
}
