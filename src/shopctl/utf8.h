/* utf8.h: UTF-8 character by character (RFC 3629), and what of it may do mischief on a terminal.
 * Pure. */
#ifndef SHOP_SHOPCTL_UTF8_H
#define SHOP_SHOPCTL_UTF8_H

#include <stdbool.h>
#include <stdint.h>

/** utf8_one - the first character of `s` (len ≥ 1): its length in bytes, and its code point in
 * *ret; 0 for an overlong form, a surrogate, what is past U+10FFFF or cut off. */
uint32_t utf8_one(const char *s, uint32_t len, uint32_t *ret);

/** utf8_harmful - C0, DEL and C1 controls, line separators, and what is unseen or turns the reading
 * direction around. */
bool utf8_harmful(uint32_t code);

#endif
