/* reply.h: writing JSON into a fixed buffer, and sending it. */
#ifndef SHOP_COUNTERD_REPLY_H
#define SHOP_COUNTERD_REPLY_H

#include "base/clock.h"
#include "base/span.h"
#include "net/http_server.h"

struct counter;

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

/** reply_answer - sends it, and counts it. */
void reply_answer(struct counter *c, struct http_request *r, const struct http_answer *answer);

/** reply_json - sends what was built (copied) as application/json; CHECKs that it fitted. */
void reply_json(struct counter *c, struct http_request *r, uint32_t status,
		const struct builder *b);

#endif
