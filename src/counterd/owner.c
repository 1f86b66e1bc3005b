/*
 * owner.c: POST and DELETE /v1/session: a browser changes one token for a cookie (contracts 6).
 * Only owner and staff get one: there is nothing that a member could do with it.
 */
#include <stdio.h>
#include <string.h>

#include "counterd/counter.h"
#include "counterd/problem.h"
#include "counterd/reply.h"
#include "counterd/routes.h"

#define COOKIE_ATTRIBUTES "; Path=/; HttpOnly; Secure; SameSite=Strict"

static void session_reply(struct counter *c, struct http_request *r,
			  const struct message_verdict *v)
{
	char secret[SESSION_SECRET_TEXT_SIZE], cookie[160], body[160];
	struct builder b = builder_of(body, sizeof(body));
	struct http_answer answer = {.status = 200, .content_type = "application/json"};
	struct customer customer;

	memcpy(customer.byte, v->customer, sizeof(customer.byte));
	(void)session_open(&c->sessions, customer, (enum role)v->role, loop_mono(), secret);
	snprintf(cookie, sizeof(cookie), SESSION_COOKIE "=%s; Max-Age=%d" COOKIE_ATTRIBUTES, secret,
		 SESSION_LIFE_MS / 1000);
	json_put(&b, "{\"role\":");
	json_text(&b, role_word((enum role)v->role));
	json_put(&b, ",\"idle_s\":");
	json_int(&b, SESSION_IDLE_MS / 1000);
	json_put(&b, ",\"expires_at\":");
	json_time(&b, (struct wall){loop_wall().ms + SESSION_LIFE_MS});
	json_put(&b, "}");
	CHECK(!b.failed);
	answer.body = b.data;
	answer.body_len = b.len;
	answer.header[0] = (struct http_answer_header){"Set-Cookie", cookie};
	reply_answer(c, r, &answer);
}

static void on_session_verdict(struct counter *c, struct http_request *r, const union message *m)
{
	const struct message_verdict *v = &m->verdict;

	if (v->verdict != VERDICT_ADMITTED)
		problem_verdict(c, r, (enum verdict)v->verdict);
	else if (v->role != ROLE_OWNER && v->role != ROLE_STAFF)
		problem_fault(c, r, FAULT_FORBIDDEN);
	else
		session_reply(c, r, v);
}

/* Another site's page may not log a browser in as somebody of its choosing. A phone's own program
 * says nothing about sites. */
static bool from_elsewhere(const struct http_request *r)
{
	const char *site = r->header[HTTP_SEC_FETCH_SITE];

	return site && strcmp(site, "same-origin") != 0 && strcmp(site, "none") != 0;
}

void owner_session_open(struct counter *c, const struct call *call)
{
	struct http_request *r = call->request;
	union message m;

	if (from_elsewhere(r)) {
		problem_fault(c, r, FAULT_CROSS_SITE);
		return;
	}
	message_init(&m, MESSAGE_SESSION, 0);
	m.token.token_len = (uint16_t)r->body.len;
	memcpy(m.token.token, r->body.data, r->body.len);
	pending_ask(c, r, &m, MESSAGE_VERDICT, on_session_verdict);
}

void owner_session_close(struct counter *c, const struct call *call)
{
	struct session *session =
		session_use(&c->sessions, call->request->header[HTTP_COOKIE], loop_mono());
	struct http_answer answer = {
		.status = 204,
		.header = {{"Set-Cookie", SESSION_COOKIE "=; Max-Age=0" COOKIE_ATTRIBUTES}},
	};

	CHECK(session && session->number == call->session);
	session_close(session);
	events_session_ended(c);
	reply_answer(c, call->request, &answer);
}
