/* reply.c: answers leave through here, and are counted. */
#include "counterd/reply.h"

#include "counterd/counter.h"

void reply_answer(struct counter *c, struct http_request *r, const struct http_answer *answer)
{
	CHECK(answer->status >= 200 && answer->status < 600);
	c->tally.responses[answer->status / 100]++;
	http_respond(r, answer);
}

void reply_json(struct counter *c, struct http_request *r, uint32_t status, const struct builder *b)
{
	struct http_answer answer = {
		.status = status,
		.content_type = "application/json",
		.body = b->data,
		.body_len = b->len,
	};

	CHECK(!b->failed);
	reply_answer(c, r, &answer);
}
