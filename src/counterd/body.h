/* body.h: the JSON that phones send, read strictly (RFC 8259): nothing unknown, nothing twice, no
 * fractions. Bounded by HTTP_BODY_MAX before it comes here; fuzzed. */
#ifndef SHOP_COUNTERD_BODY_H
#define SHOP_COUNTERD_BODY_H

#include "base/clock.h"
#include "base/limits.h"
#include "base/span.h"

/** `{gtin, quantity?=1000, scanned_at?}` */
struct line_body {
	char scanned[SCANNED_MAX + 1]; /* as scanned; "" when it cannot be goods */
	int64_t quantity_milli;	       /* any integer: shopd judges */
	struct wall scanned_at;	       /* 0: none */
};

/** body_line_parse - false, and *ret untouched, on anything else. */
MUST_CHECK bool body_line_parse(struct span body, struct line_body *ret);

/** body_is_empty - no body, or an object without members: what a POST needs that asks nothing. */
MUST_CHECK bool body_is_empty(struct span body);

/** body_pin_parse - `{pin}`: PASS_PIN_MIN to PASS_PIN_MAX digits. */
MUST_CHECK bool body_pin_parse(struct span body, char ret[PASS_PIN_MAX + 1]);

#endif
