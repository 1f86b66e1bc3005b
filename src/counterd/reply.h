/* reply.h: answers, counted and sent. */
#ifndef SHOP_COUNTERD_REPLY_H
#define SHOP_COUNTERD_REPLY_H

#include "net/http_server.h"
#include "net/json.h"

struct counter;

/** reply_answer - sends it, and counts it. */
void reply_answer(struct counter *c, struct http_request *r, const struct http_answer *answer);

/** reply_json - sends what was built (copied) as application/json; CHECKs that it fitted. */
void reply_json(struct counter *c, struct http_request *r, uint32_t status,
		const struct builder *b);

#endif
