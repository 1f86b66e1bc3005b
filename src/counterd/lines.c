/*
 * lines.c: PUT and DELETE /v1/visits/{visit}/lines/{key}. shopd answers only when the line is on
 * disk, so 201 means bought; the same request again is answered the same, with 200.
 */
#include <string.h>

#include "counterd/body.h"
#include "counterd/counter.h"
#include "counterd/line_json.h"
#include "counterd/problem.h"
#include "counterd/reply.h"
#include "counterd/routes.h"

#define LINE_REPLY_SIZE (LINE_JSON_MAX + 64)

/* The line as shopd tells it. It names the best-before date only where that had passed. */
static struct line line_told(const struct message_line_is *m)
{
	struct line l = {
		.gtin = {m->gtin},
		.quantity_milli = (int32_t)m->quantity_milli,
		.unit_price = money_of(m->unit_price_minor),
		.list_price = money_of(m->list_price_minor),
		.deposit = money_of(m->deposit_minor),
		.total = money_of(m->total_minor),
		.vat_bp = m->vat_bp,
		.best_before = {m->best_before},
		.bought = {m->best_before > 0 ? m->best_before + 1 : 0},
		.name = m->name,
	};

	memcpy(l.key.text, m->key, sizeof(l.key.text));
	return l;
}

static void line_write(struct builder *b, const struct config *config,
		       const struct message_line_is *m)
{
	struct line l = line_told(m);

	json_put(b, "{");
	line_json_put(b, &l, config->currency);
	json_put(b, ",\"visit_total_minor\":");
	json_int(b, m->visit_total_minor);
	json_put(b, ",\"voided\":");
	json_bool(b, m->voided != 0);
	json_put(b, "}");
}

static void line_reply(struct counter *c, struct http_request *r, const union message *m,
		       uint32_t status_done)
{
	const struct message_line_is *l = &m->line_is;
	char body[LINE_REPLY_SIZE];
	struct builder b = builder_of(body, sizeof(body));

	if (l->answer != ANSWER_OK && l->answer != ANSWER_REPEATED) {
		problem_answer(c, r, (enum answer)l->answer);
		return;
	}
	line_write(&b, &c->config, l);
	reply_json(c, r, l->answer == ANSWER_OK ? status_done : 200, &b);
}

static void on_line_put(struct counter *c, struct http_request *r, const union message *m)
{
	line_reply(c, r, m, 201);
}

static void on_line_void(struct counter *c, struct http_request *r, const union message *m)
{
	line_reply(c, r, m, 200);
}

/* Visit, bearer and key of the call into `m`. False: refused. */
static bool line_address(struct counter *c, const struct call *call, union message *m)
{
	const struct route_param *key = &call->match.param[1];

	if (!name_valid(key->text, key->len)) {
		problem_fault(c, call->request, FAULT_MALFORMED);
		return false;
	}
	m->line.visit = call->visit.n;
	memcpy(m->line.bearer, call->bearer, sizeof(m->line.bearer));
	memcpy(m->line.key, key->text, key->len);
	return true;
}

void line_put(struct counter *c, const struct call *call)
{
	struct line_body body;
	union message m;

	message_init(&m, MESSAGE_LINE_PUT, 0);
	if (!line_address(c, call, &m))
		return;
	if (!body_line_parse(call->request->body, &body)) {
		problem_fault(c, call->request, FAULT_MALFORMED);
		return;
	}
	memcpy(m.line.scanned, body.scanned, sizeof(body.scanned));
	m.line.quantity_milli = body.quantity_milli;
	m.line.scanned_at_ms = body.scanned_at.ms;
	pending_ask(c, call->request, &m, MESSAGE_LINE_IS, on_line_put);
}

void line_void(struct counter *c, const struct call *call)
{
	union message m;

	message_init(&m, MESSAGE_LINE_VOID, 0);
	if (line_address(c, call, &m))
		pending_ask(c, call->request, &m, MESSAGE_LINE_IS, on_line_void);
}
