/* challenge.c: GET /v1/door/{door}/challenge: the code that the door shows now, for phones that
 * cannot see it. Whoever asks gets the same one: there is nothing to use up, and little to ask. */
#include <string.h>

#include "counterd/counter.h"
#include "counterd/kiosk_json.h"
#include "counterd/problem.h"
#include "counterd/reply.h"
#include "counterd/routes.h"

static void on_challenge_is(struct counter *c, struct http_request *r, const union message *m)
{
	const struct message_challenge_is *is = &m->challenge_is;
	char body[JSON_TEXT_MAX(CHALLENGE_TEXT_MAX) + 128];
	struct builder b = builder_of(body, sizeof(body));

	if (!is->text[0]) {
		problem_fault(c, r, FAULT_NOT_FOUND);
		return;
	}
	json_put(&b, "{");
	challenge_put(&b, is, is->changes_in_ms);
	json_put(&b, "}");
	reply_json(c, r, 200, &b);
}

void challenge_show(struct counter *c, const struct call *call)
{
	const struct route_param *door = &call->match.param[0];
	union message m;

	if (!place_valid(door->text, door->len)) {
		problem_fault(c, call->request, FAULT_NOT_FOUND);
		return;
	}
	message_init(&m, MESSAGE_NONCE, 0);
	memcpy(m.spot.name, door->text, door->len);
	pending_ask(c, call->request, &m, MESSAGE_CHALLENGE_IS, on_challenge_is);
}
