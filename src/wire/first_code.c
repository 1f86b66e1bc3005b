/* first_code.c: a person reads it off a screen and types it with a thumb: case, hyphens and letters
 * that look like digits are not held against anybody. */
#include "wire/first_code.h"

#include <string.h>

#include "wire/letters.h"

enum {
	LETTERS = 16,
	GROUP = 4,
	LETTER_BITS = 5,
};

_Static_assert(LETTERS *LETTER_BITS == FIRST_CODE_SIZE * 8, "letters and bytes are as many bits");
_Static_assert(LETTERS + LETTERS / GROUP - 1 == FIRST_CODE_TEXT, "the text's length");

void first_code_text(const uint8_t code[FIRST_CODE_SIZE], char text[FIRST_CODE_TEXT + 1])
{
	uint32_t bits = 0, have = 0, at = 0, len = 0;

	for (uint32_t i = 0; i < LETTERS; i++) {
		if (have < LETTER_BITS) {
			bits = bits << 8 | code[at++];
			have += 8;
		}
		have -= LETTER_BITS;
		if (i > 0 && i % GROUP == 0)
			text[len++] = '-';
		text[len++] = letter_of((uint8_t)(bits >> have & 31));
		bits &= (1U << have) - 1;
	}
	text[len] = '\0';
}

bool first_code_parse(const char *text, uint8_t ret[FIRST_CODE_SIZE])
{
	uint32_t bits = 0, have = 0, at = 0, letters = 0;
	uint8_t code[FIRST_CODE_SIZE];

	for (; *text; text++) {
		int value;

		if (*text == '-' || *text == ' ')
			continue;
		value = letter_value(*text);
		if (value < 0 || letters == LETTERS)
			return false;
		letters++;
		bits = bits << LETTER_BITS | (uint32_t)value;
		have += LETTER_BITS;
		if (have >= 8) {
			have -= 8;
			code[at++] = (uint8_t)(bits >> have);
			bits &= (1U << have) - 1;
		}
	}
	if (letters != LETTERS)
		return false;
	memcpy(ret, code, sizeof(code));
	return true;
}
