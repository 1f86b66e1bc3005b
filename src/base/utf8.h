/* utf8.h: UTF-8 character by character (RFC 3629), and what of it may do mischief. The one decoder:
 * whoever lets text through anywhere asks here. Pure. */
#ifndef SHOP_BASE_UTF8_H
#define SHOP_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define UTF8_LONGEST 4 /* bytes of one character */

/** utf8_one - the first character of `s` (len ≥ 1): its length in bytes, and its code point in
 * *ret; 0 for an overlong form, a surrogate, what is past U+10FFFF or cut off. */
uint32_t utf8_one(const char *s, uint32_t len, uint32_t *ret);

/** utf8_valid - well-formed UTF-8 of Unicode's table 3-7: no overlong form, no surrogate, nothing
 *  past U+10FFFF. */
bool utf8_valid(const void *text, uint32_t len);

/** utf8_cut - as much of `text` as `out` takes with its NUL, never half a letter. `text` is taken
 * at its word: what is no UTF-8 is cut anywhere and stays what it is. How many bytes. */
uint32_t utf8_cut(const char *text, char *out, size_t size);

/** utf8_control - a C0, DEL or C1 control. */
bool utf8_control(uint32_t code);

/** utf8_plain - well-formed and without controls: it can stand in a log, on a receipt or a screen.
 */
bool utf8_plain(const void *text, uint32_t len);

/** utf8_harmful - C0, DEL and C1 controls, line separators, and what is unseen or turns the reading
 * direction around. */
bool utf8_harmful(uint32_t code);

#endif
