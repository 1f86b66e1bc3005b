/* conf_value.h: the values of conf.h, one way of writing each type. conf.c's own. */
#ifndef SHOP_WIRE_CONF_VALUE_H
#define SHOP_WIRE_CONF_VALUE_H

#include "wire/conf.h"

#define QUOTE_MAX 40 /* bytes of the reader's own text handed back in a message */

/** What the reader wrote, short enough for a message. */
struct quote {
	char text[QUOTE_MAX + sizeof("…")];
};

/** quote_of - `s` must be UTF-8; it is cut between characters, never inside one. */
struct quote quote_of(struct span s);

/** span_is_word - whether `s` is this word, to the letter. */
bool span_is_word(struct span s, const char *word);

/**
 * conf_value - writes the field of `key` in the struct at `fields`.
 * @value: trimmed, at least one byte, printable UTF-8.
 * @return true, or false with `why`: "'unlock_ms' is '5s': it must be a whole number from …".
 */
MUST_CHECK bool conf_value(const struct conf_key *key, struct span value, uint8_t *fields,
			   char why[CONF_WHY_MAX]);

#endif
