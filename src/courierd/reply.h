/* reply.h: what a text that came in says: one code, or nothing. Pure. */
#ifndef SHOP_COURIERD_REPLY_H
#define SHOP_COURIERD_REPLY_H

#include "base/check.h"
#include "base/ids.h"

/** reply_code - the one number of six digits that stands in a text by itself, whatever other words
 * stand around it. False when there is none, or more than one: a guess must cost a text each. */
MUST_CHECK bool reply_code(const char *text, uint32_t *ret);

/** reply_escaped - `text` as one line for the log: what is no plain letter is \\xNN or \\u{NNNN},
 * digits of a number that could be a phone's are hidden, cut with "…" at REPLY_LOG_MAX bytes. */
#define REPLY_LOG_MAX 200
void reply_escaped(const char *text, char out[REPLY_LOG_MAX + 8]);

#endif
