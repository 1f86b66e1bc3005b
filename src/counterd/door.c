/* door.c: POST /v1/door/{door}/unlock: a token on its way to shopd, and its verdict back. */
#include <string.h>

#include "counterd/counter.h"
#include "counterd/problem.h"
#include "counterd/reply.h"
#include "counterd/routes.h"

static void on_unlock_verdict(struct counter *c, struct http_request *r, const union message *m)
{
	const struct message_verdict *v = &m->verdict;
	char body[160], visit[VISIT_TEXT_SIZE];
	struct builder b = builder_of(body, sizeof(body));

	if (v->verdict != VERDICT_ADMITTED) {
		problem_verdict(c, r, (enum verdict)v->verdict);
		return;
	}
	visit_text((struct visit_id){v->visit}, visit);
	json_put(&b, "{\"decision\":\"admitted\",\"visit\":");
	json_text(&b, visit);
	json_put(&b, ",\"unlock_ms\":");
	json_int(&b, v->unlock_ms);
	json_put(&b, "}");
	reply_json(c, r, 200, &b);
}

void door_unlock(struct counter *c, const struct call *call)
{
	struct http_request *r = call->request;
	const struct route_param *door = &call->match.param[0];
	union message m;

	if (!place_valid(door->text, door->len)) {
		problem_fault(c, r, FAULT_NOT_FOUND);
		return;
	}
	message_init(&m, MESSAGE_UNLOCK, 0);
	memcpy(m.token.door, door->text, door->len);
	m.token.token_len = (uint16_t)r->body.len;
	memcpy(m.token.token, r->body.data, r->body.len);
	pending_ask(c, r, &m, MESSAGE_VERDICT, on_unlock_verdict);
}
