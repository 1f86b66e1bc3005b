/* people_code.h: an invitation's code, as people type it: Crockford's base32, either case, I and L
 * read as 1, O as 0, hyphens and blanks left out. */
#ifndef SHOP_OFFICED_PEOPLE_CODE_H
#define SHOP_OFFICED_PEOPLE_CODE_H

#include "officed/people.h"

/** code_new - 60 random bits. code_hash - SHA-256 of its plain form; false: it is none. */
void code_new(char text[INVITE_CODE_SIZE]);
MUST_CHECK bool code_hash(const char *text, struct sha256 *ret);

#endif
