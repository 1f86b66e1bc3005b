/* letters.h: five bits as a letter that can be read out and typed: Crockford's base32 has no I, L,
 * O or U, and what was heard or seen as one of the first three is the digit that it looks like. */
#ifndef SHOP_WIRE_LETTERS_H
#define SHOP_WIRE_LETTERS_H

#include <stdint.h>

#include "base/check.h"

/** letter_of - the letter of these five bits. */
char letter_of(uint8_t five);

/** letter_value - the five bits of a letter of either case; -1: it is none. */
int letter_value(char c);

#endif
