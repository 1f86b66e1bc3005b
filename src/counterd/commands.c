/*
 * commands.c: POST /v1/door/{door}/commands: a person's word to a door, from the owner's page. It
 * goes to shopd with the very token that signed it: whose it is, and whether they may, is judged
 * there. One token, one word; who must say it again signs anew.
 */
#include <string.h>

#include "counterd/command_body.h"
#include "counterd/counter.h"
#include "counterd/door_json.h"
#include "counterd/problem.h"
#include "counterd/reply.h"
#include "counterd/routes.h"

static void door_reply(struct counter *c, struct http_request *r,
		       const struct message_doors_are *are)
{
	struct route_match match;
	char body[DOOR_JSON_MAX];
	struct builder b = builder_of(body, sizeof(body));

	CHECK(route_find(r->method, r->path, &match) == ROUTED);
	for (uint32_t i = 0; i < are->doors; i++) {
		const char *name = are->door[i].name;

		if (strlen(name) != match.param[0].len ||
		    memcmp(name, match.param[0].text, match.param[0].len) != 0)
			continue;
		json_door(&b, &are->door[i]);
		reply_json(c, r, 200, &b);
		return;
	}
	problem_fault(c, r, FAULT_UNAVAILABLE); /* shopd has just obeyed it */
}

static void on_refused(struct counter *c, struct http_request *r, const struct message_done *done)
{
	switch ((enum door_refusal)done->number) {
	case DOOR_UNKNOWN:
		problem_fault(c, r, FAULT_NOT_FOUND);
		return;
	case DOOR_FORBIDDEN:
		problem_fault(c, r, FAULT_FORBIDDEN);
		return;
	case DOOR_REFUSED:
		break;
	}
	problem_fault(c, r, FAULT_UNAVAILABLE);
}

static void on_commanded(struct counter *c, struct http_request *r, const union message *m)
{
	if (m->head.type == MESSAGE_DOORS_ARE)
		door_reply(c, r, &m->doors_are);
	else if (m->head.type == MESSAGE_VERDICT && m->verdict.verdict != VERDICT_ADMITTED)
		problem_verdict(c, r, (enum verdict)m->verdict.verdict);
	else if (m->head.type == MESSAGE_DONE && m->done.error)
		on_refused(c, r, &m->done);
	else
		problem_fault(c, r, FAULT_UNAVAILABLE);
}

void door_command_post(struct counter *c, const struct call *call)
{
	const struct route_param *param = &call->match.param[0];
	struct command_body body;
	union message m;

	if (!place_valid(param->text, param->len)) {
		problem_fault(c, call->request, FAULT_NOT_FOUND);
		return;
	}
	if (!command_body_parse(call->request->body, &body)) {
		problem_fault(c, call->request, FAULT_MALFORMED);
		return;
	}
	message_init(&m, MESSAGE_DOOR_ASKED, 0);
	m.door_asked.verb = body.verb;
	m.door_asked.hold_ms = body.seconds * 1000;
	memcpy(m.door_asked.door, param->text, param->len);
	m.door_asked.token_len = call->token_len;
	memcpy(m.door_asked.token, call->token, sizeof(m.door_asked.token));
	pending_ask(c, call->request, &m, PENDING_ANY, on_commanded);
}
