/* command_body.h: the JSON of a person's word to a door: {verb, seconds?}, read as strictly as
 * body.h. Pure. */
#ifndef SHOP_COUNTERD_COMMAND_BODY_H
#define SHOP_COUNTERD_COMMAND_BODY_H

#include "base/span.h"
#include "wire/message.h"

#define COMMAND_SECONDS_MAX 43200 /* twelve hours: what a door may be propped for at most */

struct command_body {
	enum door_verb verb;
	int64_t seconds; /* of PROP 1 … COMMAND_SECONDS_MAX; else 0 */
};

/** command_body_parse - false, and *ret untouched, on anything else. */
MUST_CHECK bool command_body_parse(struct span body, struct command_body *ret);

#endif
