/* letters.h: UTF-8 text letter by letter (RFC 3629), for what goes into a document. Pure. */
#ifndef SHOP_PAPER_LETTERS_H
#define SHOP_PAPER_LETTERS_H

#include <stdbool.h>
#include <stdint.h>

#define LETTER_UNKNOWN 0xfffdu

/** letter_next - the code point at *text, which then stands behind it; 0 at the end. LETTER_UNKNOWN
 * for a byte that begins no well-formed sequence: that byte alone is passed over. */
uint32_t letter_next(const char **text);

/** letter_shown - whether a document may carry it: no control, no line or paragraph separator,
 * nothing that turns the reading direction around, none of what XML 1.0 forbids. */
bool letter_shown(uint32_t letter);

#endif
