/* first_body.h: the JSON of whoever would be the first owner: {code, key}, read as strictly as
 * body.h. Pure. */
#ifndef SHOP_COUNTERD_FIRST_BODY_H
#define SHOP_COUNTERD_FIRST_BODY_H

#include "base/ids.h"
#include "base/span.h"
#include "wire/first_code.h"

struct first_body {
	char code[FIRST_CODE_MAX + 1]; /* as typed: shopd judges */
	struct public_key key;	       /* read from a COSE_Key in hex */
};

/** first_body_parse - false, and *ret untouched, on anything else; a private key is anything else.
 */
MUST_CHECK bool first_body_parse(struct span body, struct first_body *ret);

#endif
