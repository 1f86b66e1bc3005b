/*
 * visits.c: a visit from the phone's side: open or join it, look at it, close it, its receipt, and
 * the code by which another phone may join. What changes goes to shopd; what is looked at is read
 * from the ledger, where every answered line already is.
 */
#include <stdlib.h>
#include <string.h>

#include "net/base64url.h"
#include "counterd/counter.h"
#include "counterd/line_json.h"
#include "counterd/problem.h"
#include "counterd/reply.h"
#include "counterd/routes.h"
#include "counterd/visits.h"
#include "crypto/es256.h"

#define JOIN_CODE_LEN	 8
#define INVITE_LIFE_S	 60
#define BEARER_TEXT_SIZE (BASE64URL_LEN(32) + 1)

#define VISIT_JSON_FIXED  4096
#define VISIT_LINE_MAX	  (LINE_JSON_MAX + 96) /* when it came, late, voided */
#define NAMES_SIZE	  (VISIT_LINES_MAX * (ARTICLE_NAME_MAX + 1))
#define RECEIPT_RATES_MAX 16

/* A visit as read, and the room that reading takes. */
struct visit_page {
	struct visit visit;
	uint32_t lines;
	struct line line[VISIT_LINES_MAX];
	char names[NAMES_SIZE];
};

/* --- what a visit looks like --- */

static void page_line_write(struct builder *b, const struct config *config, const struct line *l)
{
	json_put(b, "{");
	line_json_put(b, l, config->currency);
	json_put(b, ",\"at\":");
	json_time(b, l->at);
	json_put(b, ",\"late\":");
	json_bool(b, l->late);
	json_put(b, ",\"voided\":");
	json_bool(b, l->voided);
	json_put(b, "}");
}

static void page_write(struct builder *b, const struct config *config, const struct visit_page *p)
{
	char visit[VISIT_TEXT_SIZE];

	visit_text(p->visit.id, visit);
	json_put(b, "\"visit\":");
	json_text(b, visit);
	json_put(b, p->visit.over ? ",\"state\":\"closed\"" : ",\"state\":\"open\"");
	json_put(b, ",\"currency\":");
	json_text(b, config->currency);
	json_put(b, ",\"lines\":[");
	for (uint32_t i = 0; i < p->lines; i++) {
		if (i > 0)
			json_put(b, ",");
		page_line_write(b, config, &p->line[i]);
	}
	json_put(b, "],\"total_minor\":");
	json_int(b, money_minor(p->visit.total));
}

/* What was bought at each VAT rate, VAT included, in the order in which the rates first came. */
static void vat_write(struct builder *b, const struct config *config, const struct visit_page *p)
{
	struct money total[RECEIPT_RATES_MAX];
	int32_t rate[RECEIPT_RATES_MAX];
	uint32_t rates = 0, at;

	for (uint32_t i = 0; i < p->lines; i++) {
		bool fits = true;

		if (p->line[i].voided)
			continue;
		for (at = 0; at < rates && rate[at] != p->line[i].vat_bp; at++)
			;
		if (at == rates) {
			CHECK(rates < RECEIPT_RATES_MAX); /* no country has so many at once */
			rate[rates] = p->line[i].vat_bp;
			total[rates++] = MONEY_ZERO;
		}
		fits = money_add(total[at], p->line[i].total, &total[at]);
		CHECK(fits);
	}
	json_put(b, ",\"vat\":[");
	for (at = 0; at < rates; at++) {
		json_put(b, at > 0 ? ",{\"vat_bp\":" : "{\"vat_bp\":");
		json_int(b, rate[at]);
		json_put(b, ",\"total_minor\":");
		json_int(b, money_minor(total[at]));
		json_put(b, ",\"currency\":");
		json_text(b, config->currency);
		json_put(b, "}");
	}
	json_put(b, "]");
}

static void receipt_write(struct builder *b, const struct config *config,
			  const struct visit_page *p)
{
	json_put(b, "{\"shop\":");
	json_text(b, config->shop);
	json_put(b, ",\"opened_at\":");
	json_time(b, p->visit.opened_at);
	json_put(b, ",\"closed_at\":");
	if (p->visit.over)
		json_time(b, p->visit.closed_at);
	else
		json_put(b, "null");
	vat_write(b, config, p);
	json_put(b, ",");
	page_write(b, config, p);
	json_put(b, "}");
}

/* --- reading it --- */

/* Reads the visit for this bearer, or answers why not. Like shopd, it tells a stranger nothing
 * about which visits there are. */
static bool page_read(struct counter *c, struct http_request *r, struct visit_id visit,
		      const struct sha256 *bearer, struct visit_page *p)
{
	int found = reader_visit(c->reader, visit, bearer, &p->visit, p->line, VISIT_LINES_MAX,
				 &p->lines, p->names, sizeof(p->names));

	if (found > 0)
		return true;
	if (found < 0)
		problem_fault(c, r, FAULT_UNAVAILABLE);
	else
		problem_fault(c, r, FAULT_UNAUTHORIZED);
	return false;
}

static void page_reply(struct counter *c, struct http_request *r, const struct visit_page *p,
		       bool receipt)
{
	uint32_t size = VISIT_JSON_FIXED + p->lines * VISIT_LINE_MAX;
	struct http_answer answer = {
		.status = 200, .content_type = "application/json", .body_owned = true};
	struct builder b = builder_of(malloc(size), size);

	CHECK(b.data);
	if (receipt) {
		receipt_write(&b, &c->config, p);
	} else {
		json_put(&b, "{");
		page_write(&b, &c->config, p);
		json_put(&b, "}");
	}
	CHECK(!b.failed);
	answer.body = b.data;
	answer.body_len = b.len;
	reply_answer(c, r, &answer);
}

static void page_serve(struct counter *c, struct http_request *r, struct visit_id visit,
		       const uint8_t bearer[32], bool receipt)
{
	struct visit_page *p = malloc(sizeof(*p));
	struct sha256 hash = sha256(bearer, 32);

	CHECK(p);
	if (page_read(c, r, visit, &hash, p))
		page_reply(c, r, p, receipt);
	free(p);
}

void visit_show(struct counter *c, const struct call *call)
{
	page_serve(c, call->request, call->visit, call->bearer, false);
}

void visit_receipt(struct counter *c, const struct call *call)
{
	page_serve(c, call->request, call->visit, call->bearer, true);
}

/* --- opening, closing, inviting --- */

static void visit_reply(struct counter *c, struct http_request *r, const struct message_visit_is *v)
{
	char body[384], visit[VISIT_TEXT_SIZE], bearer[BEARER_TEXT_SIZE];
	struct builder b = builder_of(body, sizeof(body));

	visit_text((struct visit_id){v->visit}, visit);
	base64url_encode(v->bearer, sizeof(v->bearer), bearer);
	json_put(&b, "{\"visit\":");
	json_text(&b, visit);
	json_put(&b, ",\"bearer\":");
	json_text(&b, bearer);
	json_put(&b, ",\"currency\":");
	json_text(&b, c->config.currency);
	json_put(&b, ",\"credit_left_minor\":");
	if (v->limited)
		json_int(&b, v->credit_left_minor);
	else
		json_put(&b, "null");
	json_put(&b, ",\"prices_as_of\":");
	json_time(&b, (struct wall){v->prices_as_of_ms});
	json_put(&b, "}");
	reply_json(c, r, v->answer == ANSWER_OK ? 201 : 200, &b);
}

void visit_is_reply(struct counter *c, struct http_request *r, const struct message_visit_is *v)
{
	if (v->verdict != VERDICT_ADMITTED)
		problem_verdict(c, r, (enum verdict)v->verdict);
	else if (v->answer != ANSWER_OK && v->answer != ANSWER_REPEATED)
		problem_answer(c, r, (enum answer)v->answer);
	else
		visit_reply(c, r, v);
}

static void on_visit_is(struct counter *c, struct http_request *r, const union message *m)
{
	visit_is_reply(c, r, &m->visit_is);
}

/* A code as a person may have typed it: small letters are taken for capitals. */
static bool join_code_take(const char *text, char code[JOIN_CODE_LEN + 1])
{
	if (strlen(text) != JOIN_CODE_LEN || !name_valid(text, JOIN_CODE_LEN))
		return false;
	for (uint32_t i = 0; i < JOIN_CODE_LEN; i++)
		code[i] = text[i] >= 'a' && text[i] <= 'z' ? (char)(text[i] - 'a' + 'A') : text[i];
	return true;
}

void visit_open(struct counter *c, const struct call *call)
{
	struct http_request *r = call->request;
	const char *join = http_query(r, "join");
	union message m;

	message_init(&m, MESSAGE_VISIT, 0);
	if (join && !join_code_take(join, m.token.join_code)) {
		problem_fault(c, r, FAULT_MALFORMED);
		return;
	}
	m.token.token_len = (uint16_t)r->body.len;
	memcpy(m.token.token, r->body.data, r->body.len);
	pending_ask(c, r, &m, MESSAGE_VISIT_IS, on_visit_is);
}

static void bearer_ask(struct counter *c, const struct call *call, enum message_type type,
		       pending_fn *fn)
{
	union message m;

	message_init(&m, type, 0);
	m.bearer.visit = call->visit.n;
	memcpy(m.bearer.bearer, call->bearer, sizeof(m.bearer.bearer));
	pending_ask(c, call->request, &m, MESSAGE_ANSWER, fn);
}

static bool answered_well(struct counter *c, struct http_request *r, const union message *m)
{
	if (m->answer.answer == ANSWER_OK || m->answer.answer == ANSWER_REPEATED)
		return true;
	problem_answer(c, r, (enum answer)m->answer.answer);
	return false;
}

/* The receipt of the visit that the path names, by the bearer that shopd has just accepted. */
static void on_visit_closed(struct counter *c, struct http_request *r, const union message *m)
{
	struct call call = {.request = r};

	if (!answered_well(c, r, m))
		return;
	CHECK(call_again(&call));
	page_serve(c, r, call.visit, call.bearer, true);
}

void visit_close(struct counter *c, const struct call *call)
{
	bearer_ask(c, call, MESSAGE_CLOSE, on_visit_closed);
}

static void on_invited(struct counter *c, struct http_request *r, const union message *m)
{
	char body[64];
	struct builder b = builder_of(body, sizeof(body));

	if (!answered_well(c, r, m))
		return;
	json_put(&b, "{\"code\":");
	json_text(&b, m->answer.text);
	json_put(&b, ",\"expires_in_s\":");
	json_int(&b, INVITE_LIFE_S);
	json_put(&b, "}");
	reply_json(c, r, 200, &b);
}

void visit_invite(struct counter *c, const struct call *call)
{
	bearer_ask(c, call, MESSAGE_INVITE, on_invited);
}
