/*
 * desk.c: what is asked of the books by HTTP: goods that came or went, a line or an invoice taken
 * back, the result of a check, a shopper's report.
 *
 * Nothing is judged here. The owner's dealings go to shopd with the very token that signed them: it
 * verifies who asks, and the row it writes names them. One token, one request; who must ask again
 * signs anew, under the same key. A report goes with the bearer of its visit.
 */
#include <string.h>

#include "books/number.h"
#include "counterd/books.h"
#include "counterd/counter.h"
#include "counterd/desk_body.h"
#include "counterd/problem.h"
#include "counterd/routes.h"
#include "ledger/desk.h"

static bool answered_well(struct counter *c, struct http_request *r,
			  const struct message_desk_is *d)
{
	switch ((enum desk_answer)d->answer) {
	case DESK_DONE:
	case DESK_REPEATED:
		return true;
	case DESK_REFUSED:
		problem_refused(c, r,
				d->why[0] ? d->why : "The books do not allow this as it stands.");
		return false;
	case DESK_WORKING: /* a close's, which nobody asks for here */
	case DESK_UNAVAILABLE:
		break;
	}
	problem_fault(c, r, FAULT_UNAVAILABLE);
	return false;
}

static void done_reply(struct counter *c, struct http_request *r, const struct message_desk_is *d,
		       bool credit)
{
	char body[96];
	struct builder b = builder_of(body, sizeof(body));

	json_put(&b, "{");
	json_member(&b, "seq");
	json_int(&b, (int64_t)d->seq);
	if (credit) {
		json_member(&b, "credit_note");
		json_number(&b, &c->config, (struct invoice_id){d->invoice});
	}
	json_put(&b, "}");
	reply_json(c, r, d->answer == DESK_DONE ? 201 : 200, &b);
}

static void on_signed(struct counter *c, struct http_request *r, const union message *m,
		      bool credit)
{
	const struct message_desk_is *d = &m->desk_is;

	if (d->verdict != VERDICT_ADMITTED)
		problem_verdict(c, r, (enum verdict)d->verdict);
	else if (answered_well(c, r, d))
		done_reply(c, r, d, credit);
}

static void on_done(struct counter *c, struct http_request *r, const union message *m)
{
	on_signed(c, r, m, false);
}

static void on_credited(struct counter *c, struct http_request *r, const union message *m)
{
	on_signed(c, r, m, true);
}

/* Like every bearer's refusal, it tells a stranger nothing. */
static void on_reported(struct counter *c, struct http_request *r, const union message *m)
{
	if (m->desk_is.verdict != VERDICT_ADMITTED)
		problem_fault(c, r, FAULT_UNAUTHORIZED);
	else if (answered_well(c, r, &m->desk_is))
		done_reply(c, r, &m->desk_is, false);
}

/* The body, and whose word it is, into `m`. False: refused. */
static bool desk_read(struct counter *c, const struct call *call, enum desk_kind kind,
		      enum desk_form form, union message *m)
{
	struct desk_body body;

	if (!desk_body_parse(call->request->body, form, &body)) {
		problem_fault(c, call->request, FAULT_MALFORMED);
		return false;
	}
	message_init(m, MESSAGE_DESK, 0);
	m->desk.kind = kind;
	m->desk.word = body.word;
	m->desk.gtin = body.gtin.n;
	m->desk.quantity_milli = body.quantity_milli;
	m->desk.amount_minor = body.unit_cost_minor;
	m->desk.use_by = body.use_by.n;
	m->desk.best_before = body.best_before.n;
	memcpy(m->desk.lot, body.lot, sizeof(body.lot));
	memcpy(m->desk.why, body.why, sizeof(body.why));
	memcpy(m->desk.key, body.key, sizeof(body.key));
	m->desk.visit = call->visit.n;
	memcpy(m->desk.bearer, call->bearer, sizeof(m->desk.bearer));
	m->desk.token_len = call->token_len;
	memcpy(m->desk.token, call->token, sizeof(m->desk.token));
	return true;
}

/* The line that the path names. */
static bool line_named(struct counter *c, const struct call *call, union message *m)
{
	const struct route_param *key = &call->match.param[1];

	if (!name_valid(key->text, key->len)) {
		problem_fault(c, call->request, FAULT_MALFORMED);
		return false;
	}
	memcpy(m->desk.line, key->text, key->len);
	return true;
}

void post_movement(struct counter *c, const struct call *call)
{
	union message m;

	if (desk_read(c, call, DESK_STOCK, DESK_FORM_MOVEMENT, &m))
		pending_ask(c, call->request, &m, MESSAGE_DESK_IS, on_done);
}

void post_line_credit(struct counter *c, const struct call *call)
{
	union message m;

	if (desk_read(c, call, DESK_CREDIT, DESK_FORM_CREDIT, &m) && line_named(c, call, &m))
		pending_ask(c, call->request, &m, MESSAGE_DESK_IS, on_credited);
}

void post_invoice_credit(struct counter *c, const struct call *call)
{
	const struct route_param *param = &call->match.param[0];
	struct invoice_id id;
	struct place shop;
	union message m;

	memcpy(shop.name, c->config.shop, sizeof(shop.name));
	if (!number_parse(shop, param->text, param->len, &id)) {
		problem_fault(c, call->request, FAULT_NOT_FOUND);
		return;
	}
	if (!desk_read(c, call, DESK_CREDIT, DESK_FORM_CREDIT, &m))
		return;
	m.desk.invoice = id.n;
	pending_ask(c, call->request, &m, MESSAGE_DESK_IS, on_credited);
}

void post_check(struct counter *c, const struct call *call)
{
	union message m;

	if (desk_read(c, call, DESK_CHECK, DESK_FORM_CHECK, &m))
		pending_ask(c, call->request, &m, MESSAGE_DESK_IS, on_done);
}

void post_report(struct counter *c, const struct call *call)
{
	union message m;

	if (desk_read(c, call, DESK_REPORT, DESK_FORM_REPORT, &m) && line_named(c, call, &m))
		pending_ask(c, call->request, &m, MESSAGE_DESK_IS, on_reported);
}
