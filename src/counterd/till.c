/*
 * till.c: what the screen beside a till or a door asks for: to speak for the visit of who stands
 * there, to let go of it, and the PIN of a pass that the scanner has read. On this machine and from
 * our own page alone (routes.c): who stands there has shown no token to the screen, but to the
 * scanner beside it.
 */
#include <string.h>

#include "counterd/body.h"
#include "counterd/counter.h"
#include "counterd/problem.h"
#include "counterd/reply.h"
#include "counterd/routes.h"
#include "counterd/visits.h"

static bool spot_of(struct counter *c, const struct call *call, enum message_type type, bool till,
		    union message *ret)
{
	const struct route_param *name = &call->match.param[0];

	if (!place_valid(name->text, name->len)) {
		problem_fault(c, call->request, FAULT_NOT_FOUND);
		return false;
	}
	message_init(ret, type, 0);
	ret->spot.till = till;
	memcpy(ret->spot.name, name->text, name->len);
	return true;
}

/* shopd's only answer of this kind is that there is no such place. */
static bool no_such_place(struct counter *c, struct http_request *r, const union message *m)
{
	if (m->head.type != MESSAGE_ANSWER || m->answer.answer != ANSWER_UNKNOWN_VISIT)
		return false;
	problem_fault(c, r, FAULT_NOT_FOUND);
	return true;
}

static void on_done(struct counter *c, struct http_request *r, const union message *m)
{
	const struct http_answer done = {.status = 204};

	if (no_such_place(c, r, m))
		return;
	if (m->answer.answer == ANSWER_OK)
		reply_answer(c, r, &done);
	else
		problem_answer(c, r, (enum answer)m->answer.answer);
}

static void on_till_visit(struct counter *c, struct http_request *r, const union message *m)
{
	if (no_such_place(c, r, m))
		return;
	if (m->head.type == MESSAGE_VISIT_IS)
		visit_is_reply(c, r, &m->visit_is);
	else
		problem_fault(c, r, FAULT_UNAVAILABLE);
}

void till_visit(struct counter *c, const struct call *call)
{
	union message m;

	if (spot_of(c, call, MESSAGE_TILL_VISIT, true, &m))
		pending_ask(c, call->request, &m, PENDING_ANY, on_till_visit);
}

void till_leave(struct counter *c, const struct call *call)
{
	union message m;

	if (spot_of(c, call, MESSAGE_TILL_LEAVE, true, &m))
		pending_ask(c, call->request, &m, MESSAGE_ANSWER, on_done);
}

static void pin_typed(struct counter *c, const struct call *call, bool till)
{
	union message m;

	if (!spot_of(c, call, MESSAGE_PIN, till, &m))
		return;
	if (!body_pin_parse(call->request->body, m.spot.pin)) {
		problem_fault(c, call->request, FAULT_MALFORMED);
		return;
	}
	pending_ask(c, call->request, &m, MESSAGE_ANSWER, on_done);
	memset(m.spot.pin, 0, sizeof(m.spot.pin));
}

void till_pin(struct counter *c, const struct call *call)
{
	pin_typed(c, call, true);
}

void door_pin(struct counter *c, const struct call *call)
{
	pin_typed(c, call, false);
}
