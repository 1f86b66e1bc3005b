/*
 * json.h: JSON written straight into a fixed buffer, no tree; and a refusal as problem+json
 * (RFC 9457).
 */
#ifndef SHOP_NET_JSON_H
#define SHOP_NET_JSON_H

#include "base/clock.h"
#include "base/span.h"

/** json_put - text as it is: punctuation and keys. json_text - a string in quotes, escaped (RFC
 * 8259 7); bytes that are no UTF-8 become U+FFFD. json_int, json_bool, json_time (RFC 3339, in
 * quotes).
 */
void json_put(struct builder *b, const char *text);
void json_text(struct builder *b, const char *text);
void json_int(struct builder *b, int64_t n);
void json_bool(struct builder *b, bool yes);
void json_time(struct builder *b, struct wall at);

/** The most bytes that json_text makes of `len`: two quotes, and \u00xx for each. */
#define JSON_TEXT_MAX(len) (2 + 6 * (len))

#define HTTP_PROBLEM_TYPE "application/problem+json"

/** problem_put - {type, title, status, detail, code}: `detail` is a sentence that says what to do,
 * `code` a word of the API. A `member` (NULL: none) with its `value` comes last. */
void problem_put(struct builder *b, uint32_t status, const char *code, const char *detail,
		 const char *member, const char *value);

/** http_title - the words of a status (RFC 9110 15), "Error" for one that has none here. */
const char *http_title(uint32_t status);

#endif
