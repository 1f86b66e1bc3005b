/*
 * first_code.h: the code that makes a phone the first owner of a fresh box: 80 bits in 16 letters,
 * in groups of four. Whoever reads it stands before the box.
 */
#ifndef SHOP_WIRE_FIRST_CODE_H
#define SHOP_WIRE_FIRST_CODE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/check.h"

#define FIRST_CODE_SIZE 10 /* bytes */
#define FIRST_CODE_TEXT 19 /* "ABCD-EFGH-JKMN-PQRS" */
#define FIRST_CODE_MAX	64 /* what somebody may send as one: more is none */

/** first_code_text - as it is shown. */
void first_code_text(const uint8_t code[FIRST_CODE_SIZE], char text[FIRST_CODE_TEXT + 1]);

/** first_code_parse - either case, I L O read as 1 1 0; hyphens and blanks are passed over. False,
 * and *ret untouched, for anything that is not 16 letters. */
MUST_CHECK bool first_code_parse(const char *text, uint8_t ret[FIRST_CODE_SIZE]);

#endif
