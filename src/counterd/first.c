/*
 * first.c: POST /v1/first-owner: the code that a box without an owner shows, and the key that is to
 * be the owner's. It is carried: whether the code is the right one, and how often somebody may be
 * wrong, is for shopd alone to say. The code is in the body, which no proxy logs.
 */
#include <jansson.h>
#include <string.h>

#include "counterd/counter.h"
#include "counterd/books.h"
#include "counterd/first_body.h"
#include "counterd/problem.h"
#include "counterd/reply.h"
#include "counterd/routes.h"

static void made(struct counter *c, struct http_request *r, const uint8_t customer[16])
{
	char body[128], text[33];
	struct builder b = builder_of(body, sizeof(body));

	hex_text(customer, 16, text);
	json_put(&b, "{");
	json_member(&b, "customer");
	json_text(&b, text);
	json_member(&b, "role");
	json_text(&b, role_word(ROLE_OWNER));
	json_put(&b, "}");
	reply_json(c, r, 201, &b);
}

static void on_first(struct counter *c, struct http_request *r, const union message *m)
{
	const struct message_first_owner_is *is = &m->first_owner_is;

	switch ((enum first_answer)is->answer) {
	case FIRST_MADE:
		made(c, r, is->customer);
		return;
	case FIRST_UNKNOWN:
		problem_fault(c, r, FAULT_UNKNOWN_CODE);
		return;
	case FIRST_HAS_OWNER:
		problem_fault(c, r, FAULT_HAS_OWNER);
		return;
	case FIRST_BUSY:
		problem_busy(c, r, is->wait_s);
		return;
	case FIRST_BAD_KEY:
		problem_fault(c, r, FAULT_MALFORMED);
		return;
	case FIRST_UNAVAILABLE:
		break;
	}
	problem_fault(c, r, FAULT_UNAVAILABLE);
}

void first_owner_post(struct counter *c, const struct call *call)
{
	struct first_body body;
	union message m;

	if (!first_body_parse(call->request->body, &body)) {
		problem_fault(c, call->request, FAULT_MALFORMED);
		return;
	}
	message_init(&m, MESSAGE_FIRST_OWNER, 0);
	memcpy(m.first_owner.code, body.code, sizeof(m.first_owner.code));
	memcpy(m.first_owner.x, body.key.x, sizeof(m.first_owner.x));
	memcpy(m.first_owner.y, body.key.y, sizeof(m.first_owner.y));
	pending_ask(c, call->request, &m, MESSAGE_FIRST_OWNER_IS, on_first);
	explicit_bzero(&body, sizeof(body));
	explicit_bzero(&m.first_owner, sizeof(m.first_owner));
}
