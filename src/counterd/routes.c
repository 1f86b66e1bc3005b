/*
 * routes.c: the checks that every request passes, in one order: the Host is ours (a page elsewhere
 * that points its name at us is refused), the path and method exist, the body is not too large, the
 * query can be read, the caller proves what the route asks for, the body is of the right size and
 * type. Then the handler: it sees only what may be asked.
 *
 * Who a member is, and whether a bearer holds, only shopd says; here a bearer merely has the form
 * of one. A browser's session is the exception: shopd judged its token, and it lives here.
 */
#include "counterd/routes.h"

#include <string.h>
#include <strings.h>

#include "net/base64url.h"
#include "counterd/body.h"
#include "counterd/counter.h"
#include "counterd/problem.h"

enum asks {
	ASKS_NONE,    /* anybody, or the token in the body */
	ASKS_BEARER,  /* Authorization: Bearer, of the visit in the path */
	ASKS_OWNER,   /* a session, or Authorization: SK1 with a token of owner or staff */
	ASKS_COOKIE,  /* a session, and a write: same origin */
	ASKS_SIGNED,  /* Authorization: SK1, which shopd itself wants to see: it writes */
	ASKS_MACHINE, /* on this machine, not through a proxy: else there is nothing here */
	ASKS_KIOSK,   /* the same, and a write: same origin */
};

enum body_kind {
	BODY_NONE,   /* nothing looks at it */
	BODY_TOKEN,  /* application/cose, ≤ TOKEN_SIZE_MAX */
	BODY_JSON,   /* application/json */
	BODY_EMPTY,  /* nothing, or {} */
	BODY_COOKIE, /* the same, and Content-Type: application/json even without one */
};

static const struct {
	enum asks proof;
	enum body_kind body;
	bool visit; /* the first parameter is a visit */
	route_fn *fn;
} rules[ROUTES] = {
	[ROUTE_LINE_PUT] = {ASKS_BEARER, BODY_JSON, true, line_put},
	[ROUTE_LINE_VOID] = {ASKS_BEARER, BODY_EMPTY, true, line_void},
	[ROUTE_UNLOCK] = {ASKS_NONE, BODY_TOKEN, false, door_unlock},
	[ROUTE_VISIT_OPEN] = {ASKS_NONE, BODY_TOKEN, false, visit_open},
	[ROUTE_VISIT] = {ASKS_BEARER, BODY_NONE, true, visit_show},
	[ROUTE_CLOSE] = {ASKS_BEARER, BODY_EMPTY, true, visit_close},
	[ROUTE_RECEIPT] = {ASKS_BEARER, BODY_NONE, true, visit_receipt},
	[ROUTE_INVITE] = {ASKS_BEARER, BODY_EMPTY, true, visit_invite},
	[ROUTE_PRODUCT] = {ASKS_NONE, BODY_NONE, false, product_show},
	[ROUTE_PRODUCTS] = {ASKS_NONE, BODY_NONE, false, products_list},
	[ROUTE_CHALLENGE] = {ASKS_NONE, BODY_NONE, false, challenge_show},
	[ROUTE_DOOR_PIN] = {ASKS_KIOSK, BODY_JSON, false, door_pin},
	[ROUTE_TILL_PIN] = {ASKS_KIOSK, BODY_JSON, false, till_pin},
	[ROUTE_TILL_VISIT] = {ASKS_KIOSK, BODY_EMPTY, false, till_visit},
	[ROUTE_TILL_LEAVE] = {ASKS_KIOSK, BODY_EMPTY, false, till_leave},
	[ROUTE_KIOSK_EVENTS] = {ASKS_MACHINE, BODY_NONE, false, kiosk_listen},
	[ROUTE_PLACE] = {ASKS_NONE, BODY_NONE, false, place_show},
	[ROUTE_HEALTH] = {ASKS_NONE, BODY_NONE, false, metrics_health},
	[ROUTE_SESSION_OPEN] = {ASKS_NONE, BODY_TOKEN, false, owner_session_open},
	[ROUTE_SESSION_CLOSE] = {ASKS_COOKIE, BODY_COOKIE, false, owner_session_close},
	[ROUTE_EVENTS] = {ASKS_OWNER, BODY_NONE, false, events_listen},
	[ROUTE_METRICS] = {ASKS_MACHINE, BODY_NONE, false, metrics_show},
	[ROUTE_INVOICES] = {ASKS_OWNER, BODY_NONE, false, invoices_list},
	[ROUTE_INVOICE] = {ASKS_OWNER, BODY_NONE, false, invoice_show},
	[ROUTE_INVOICE_CREDIT] = {ASKS_SIGNED, BODY_JSON, false, post_invoice_credit},
	[ROUTE_STOCK] = {ASKS_OWNER, BODY_NONE, false, stock_list},
	[ROUTE_MOVEMENTS] = {ASKS_OWNER, BODY_NONE, false, stock_movements},
	[ROUTE_MOVE] = {ASKS_SIGNED, BODY_JSON, false, post_movement},
	[ROUTE_LOTS] = {ASKS_OWNER, BODY_NONE, false, stock_lots},
	[ROUTE_SHRINK] = {ASKS_OWNER, BODY_NONE, false, stock_shrink},
	[ROUTE_STOCK_ONE] = {ASKS_OWNER, BODY_NONE, false, stock_show},
	[ROUTE_LINE_CREDIT] = {ASKS_SIGNED, BODY_JSON, true, post_line_credit},
	[ROUTE_LINE_REPORT] = {ASKS_BEARER, BODY_JSON, true, post_report},
	[ROUTE_CHECKS] = {ASKS_OWNER, BODY_NONE, false, checks_list},
	[ROUTE_CHECK] = {ASKS_SIGNED, BODY_JSON, true, post_check},
	[ROUTE_REPORTS] = {ASKS_OWNER, BODY_NONE, false, reports_list},
	[ROUTE_ALARMS] = {ASKS_OWNER, BODY_NONE, false, alarms_list},
	[ROUTE_ALARM_ACK] = {ASKS_NONE, BODY_TOKEN, false, alarm_acknowledge},
	[ROUTE_SENSORS] = {ASKS_OWNER, BODY_NONE, false, sensors_list},
	[ROUTE_PICTURES] = {ASKS_OWNER, BODY_NONE, false, pictures_list},
	[ROUTE_PICTURE] = {ASKS_OWNER, BODY_NONE, false, picture_show},
	[ROUTE_NOW] = {ASKS_OWNER, BODY_NONE, false, now_show},
	[ROUTE_SETTINGS] = {ASKS_OWNER, BODY_NONE, false, settings_show},
	[ROUTE_TIMELINE] = {ASKS_OWNER, BODY_NONE, false, timeline_list},
	[ROUTE_TIMELINE_ONE] = {ASKS_OWNER, BODY_NONE, false, timeline_show},
	[ROUTE_SALES] = {ASKS_OWNER, BODY_NONE, false, sales_show},
	[ROUTE_ORDER] = {ASKS_OWNER, BODY_NONE, false, order_list},
	[ROUTE_CHECKUP] = {ASKS_OWNER, BODY_NONE, false, health_show},
	[ROUTE_DOOR_COMMAND] = {ASKS_SIGNED, BODY_JSON, false, door_command_post},
	[ROUTE_FIRST_OWNER] = {ASKS_NONE, BODY_JSON, false, first_owner_post},
};

static bool header_twice(const struct http_request *r, enum http_header h)
{
	return (r->repeated >> h & 1) != 0;
}

static bool refuse(struct counter *c, struct http_request *r, enum fault fault)
{
	problem_fault(c, r, fault);
	return false;
}

/* --- bodies --- */

static bool media_is(const struct http_request *r, const char *type)
{
	const char *text = r->header[HTTP_CONTENT_TYPE];
	size_t len = text ? strcspn(text, "; \t") : 0;

	return text && !header_twice(r, HTTP_CONTENT_TYPE) && len == strlen(type) &&
	       strncasecmp(text, type, len) == 0;
}

static bool body_empty_right(struct counter *c, struct http_request *r, bool typed)
{
	if ((typed || r->body.len > 0) && !media_is(r, "application/json"))
		return refuse(c, r, FAULT_MEDIA_TYPE);
	return body_is_empty(r->body) || refuse(c, r, FAULT_MALFORMED);
}

static bool body_right(struct counter *c, const struct call *call)
{
	struct http_request *r = call->request;
	enum body_kind kind = rules[call->match.route].body;

	if (kind == BODY_TOKEN && r->body.len > TOKEN_SIZE_MAX)
		return refuse(c, r, FAULT_TOO_LARGE);
	switch (kind) {
	case BODY_NONE:
		return true;
	case BODY_TOKEN:
		if (!media_is(r, "application/cose"))
			return refuse(c, r, FAULT_MEDIA_TYPE);
		return r->body.len > 0 || refuse(c, r, FAULT_MALFORMED);
	case BODY_JSON:
		return media_is(r, "application/json") || refuse(c, r, FAULT_MEDIA_TYPE);
	case BODY_EMPTY:
		return body_empty_right(c, r, false);
	case BODY_COOKIE:
		return body_empty_right(c, r, true);
	}
	panic(__FILE__, __LINE__, "a body that is none");
}

/* --- queries --- */

#define STRICT (1U << 31) /* no name but these is let through */

static const uint32_t queries[ROUTES] = {
	[ROUTE_PRODUCTS] = STRICT | QUERY_AFTER_GTIN | QUERY_MAX,
	[ROUTE_CHALLENGE] = STRICT,
	[ROUTE_DOOR_PIN] = STRICT,
	[ROUTE_TILL_PIN] = STRICT,
	[ROUTE_TILL_VISIT] = STRICT,
	[ROUTE_TILL_LEAVE] = STRICT,
	[ROUTE_INVOICES] = STRICT | QUERY_PERIOD | QUERY_AFTER_NUMBER | QUERY_MAX,
	[ROUTE_INVOICE] = STRICT,
	[ROUTE_INVOICE_CREDIT] = STRICT,
	[ROUTE_STOCK] = STRICT | QUERY_AFTER_GTIN | QUERY_MAX,
	[ROUTE_MOVEMENTS] = STRICT | QUERY_GTIN | QUERY_AFTER_SEQ | QUERY_MAX,
	[ROUTE_MOVE] = STRICT,
	[ROUTE_LOTS] = STRICT | QUERY_UNTIL | QUERY_MAX,
	[ROUTE_SHRINK] = STRICT | QUERY_AFTER_SEQ | QUERY_MAX,
	[ROUTE_STOCK_ONE] = STRICT,
	[ROUTE_LINE_CREDIT] = STRICT,
	[ROUTE_LINE_REPORT] = STRICT,
	[ROUTE_CHECKS] = STRICT | QUERY_OPEN | QUERY_AFTER_VISIT | QUERY_MAX,
	[ROUTE_CHECK] = STRICT,
	[ROUTE_REPORTS] = STRICT | QUERY_OPEN | QUERY_AFTER_SEQ | QUERY_MAX,
	[ROUTE_ALARMS] = STRICT,
	[ROUTE_ALARM_ACK] = STRICT,
	[ROUTE_SENSORS] = STRICT,
	[ROUTE_PICTURES] = STRICT | QUERY_ALARM | QUERY_VISIT | QUERY_FROM | QUERY_TO |
			   QUERY_AFTER_PICTURE | QUERY_MAX,
	[ROUTE_PICTURE] = STRICT,
	[ROUTE_NOW] = STRICT,
	[ROUTE_SETTINGS] = STRICT,
	[ROUTE_TIMELINE] = STRICT | QUERY_BEFORE | QUERY_MAX,
	[ROUTE_TIMELINE_ONE] = STRICT,
	[ROUTE_SALES] = STRICT | QUERY_FIRST_DAY | QUERY_LAST_DAY | QUERY_BY,
	[ROUTE_ORDER] = STRICT | QUERY_MAX,
	[ROUTE_CHECKUP] = STRICT,
	[ROUTE_DOOR_COMMAND] = STRICT,
	[ROUTE_FIRST_OWNER] = STRICT,
};

struct query_reading {
	struct query *query;
	uint32_t known;
	struct place shop;
};

static bool on_query_name(void *data, const char *name, const char *value)
{
	struct query_reading *q = data;

	return query_take(q->query, q->known, q->shop, name, value);
}

/* Before the proof: a token is good for one answer, and not to be spent on a slip of the pen. */
static bool query_read(const struct counter *c, struct call *call)
{
	struct query_reading q = {&call->query, queries[call->match.route], {{0}}};

	query_init(&call->query);
	memcpy(q.shop.name, c->config.shop, sizeof(q.shop.name));
	return !(q.known & STRICT) || http_query_each(call->request, on_query_name, &q);
}

/* --- proofs --- */

/* The credentials behind an Authorization scheme (RFC 9110 11.4), or NULL. */
static const char *credentials(const struct http_request *r, const char *scheme)
{
	const char *text = r->header[HTTP_AUTHORIZATION];
	size_t len = strlen(scheme);

	if (!text || header_twice(r, HTTP_AUTHORIZATION) || strncasecmp(text, scheme, len) != 0 ||
	    text[len] != ' ')
		return NULL;
	return text + len + strspn(text + len, " ");
}

static bool bearer_read(struct call *call)
{
	const char *text = credentials(call->request, "Bearer");
	uint32_t n;

	return text &&
	       base64url_decode(text, (uint32_t)strlen(text), call->bearer, sizeof(call->bearer),
				&n) &&
	       n == sizeof(call->bearer);
}

/* A browser says where the page that asks came from; older ones name its origin. */
static bool same_origin(const struct http_request *r)
{
	const char *site = r->header[HTTP_SEC_FETCH_SITE], *origin = r->header[HTTP_ORIGIN];
	const char *host = origin ? strstr(origin, "://") : NULL;

	if (header_twice(r, HTTP_SEC_FETCH_SITE) || header_twice(r, HTTP_ORIGIN))
		return false;
	if (site)
		return strcmp(site, "same-origin") == 0;
	return host && strcasecmp(host + 3, r->header[HTTP_HOST]) == 0;
}

static struct session *session_of(struct counter *c, const struct http_request *r)
{
	if (header_twice(r, HTTP_COOKIE))
		return NULL;
	return session_use(&c->sessions, r->header[HTTP_COOKIE], loop_mono());
}

static void on_owner_token(struct counter *c, struct http_request *r, const union message *m)
{
	struct call call = {.request = r};

	if (m->verdict.verdict != VERDICT_ADMITTED) {
		problem_verdict(c, r, (enum verdict)m->verdict.verdict);
		return;
	}
	if (m->verdict.role != ROLE_OWNER && m->verdict.role != ROLE_STAFF) {
		problem_fault(c, r, FAULT_FORBIDDEN);
		return;
	}
	CHECK(route_find(r->method, r->path, &call.match) == ROUTED && query_read(c, &call));
	if (body_right(c, &call))
		rules[call.match.route].fn(c, &call);
}

/* The owner's own token instead of a session: shopd judges it, then the route goes on. */
static void owner_token_ask(struct counter *c, struct http_request *r, const char *text)
{
	union message m;
	uint32_t n;

	message_init(&m, MESSAGE_SESSION, 0);
	if (!base64url_decode(text, (uint32_t)strlen(text), m.token.token, TOKEN_SIZE_MAX, &n)) {
		problem_fault(c, r, FAULT_MALFORMED);
		return;
	}
	m.token.token_len = (uint16_t)n;
	pending_ask(c, r, &m, MESSAGE_VERDICT, on_owner_token);
}

/* True: go on. False: answered, or on its way. */
static bool owner_proven(struct counter *c, struct call *call)
{
	struct session *session = session_of(c, call->request);
	const char *token = credentials(call->request, "SK1");

	if (session) {
		call->session = session->number;
		return true;
	}
	if (token)
		owner_token_ask(c, call->request, token);
	else
		problem_fault(c, call->request, FAULT_LOGGED_OUT);
	return false;
}

static bool cookie_proven(struct counter *c, struct call *call)
{
	struct session *session = session_of(c, call->request);

	if (!session) {
		problem_fault(c, call->request, FAULT_LOGGED_OUT);
		return false;
	}
	call->session = session->number;
	if (same_origin(call->request))
		return true;
	problem_fault(c, call->request, FAULT_CROSS_SITE);
	return false;
}

/* Who writes is named by what is written, so shopd wants the signature itself; a session, which is
 * counterd's own word, is none. */
static bool signature_read(struct counter *c, struct call *call)
{
	const char *text = credentials(call->request, "SK1");
	uint32_t n;

	if (!text)
		return refuse(c, call->request, FAULT_UNSIGNED);
	if (!base64url_decode(text, (uint32_t)strlen(text), call->token, sizeof(call->token), &n))
		return refuse(c, call->request, FAULT_MALFORMED);
	call->token_len = (uint16_t)n;
	return true;
}

static bool on_this_machine(const struct http_request *r)
{
	return r->peer_loopback && !r->header[HTTP_FORWARDED];
}

static bool proven(struct counter *c, struct call *call)
{
	struct http_request *r = call->request;

	switch (rules[call->match.route].proof) {
	case ASKS_NONE:
		return true;
	case ASKS_BEARER:
		return bearer_read(call) || refuse(c, r, FAULT_UNAUTHORIZED);
	case ASKS_OWNER:
		return owner_proven(c, call);
	case ASKS_COOKIE:
		return cookie_proven(c, call);
	case ASKS_SIGNED:
		return signature_read(c, call);
	case ASKS_MACHINE:
		return on_this_machine(r) || refuse(c, r, FAULT_NOT_FOUND);
	case ASKS_KIOSK:
		if (!on_this_machine(r))
			return refuse(c, r, FAULT_NOT_FOUND);
		return same_origin(r) || refuse(c, r, FAULT_CROSS_SITE);
	}
	panic(__FILE__, __LINE__, "a proof that is none");
}

/* --- the way in --- */

static bool visit_named(struct counter *c, struct call *call)
{
	const struct route_param *param = &call->match.param[0];

	if (!rules[call->match.route].visit)
		return true;
	if (visit_parse(param->text, param->len, &call->visit))
		return true;
	problem_answer(c, call->request, ANSWER_UNKNOWN_VISIT);
	return false;
}

bool call_again(struct call *call)
{
	const struct route_param *param = &call->match.param[0];

	return route_find(call->request->method, call->request->path, &call->match) == ROUTED &&
	       bearer_read(call) && visit_parse(param->text, param->len, &call->visit);
}

bool routes_query(const struct counter *c, struct http_request *r, struct query *ret)
{
	struct call call = {.request = r};

	if (route_find(r->method, r->path, &call.match) != ROUTED || !query_read(c, &call))
		return false;
	*ret = call.query;
	return true;
}

static bool host_right(struct counter *c, struct http_request *r)
{
	if (r->body_ambiguous || !r->header[HTTP_HOST] || header_twice(r, HTTP_HOST))
		return refuse(c, r, FAULT_MALFORMED);
	return config_host_known(&c->config, r->header[HTTP_HOST]) ||
	       refuse(c, r, FAULT_WRONG_HOST);
}

void routes_serve(void *data, struct http_request *r)
{
	struct counter *c = data;
	struct call call = {.request = r};

	if (!host_right(c, r))
		return;
	switch (route_find(r->method, r->path, &call.match)) {
	case ROUTED_NO_PATH:
		if (!site_page(c, r))
			problem_fault(c, r, FAULT_NOT_FOUND);
		return;
	case ROUTED_NO_METHOD:
		problem_method(c, r, call.match.allow);
		return;
	case ROUTED:
		break;
	}
	if (r->body_too_large)
		problem_fault(c, r, FAULT_TOO_LARGE);
	else if (!query_read(c, &call))
		problem_fault(c, r, FAULT_MALFORMED);
	else if (proven(c, &call) && body_right(c, &call) && visit_named(c, &call))
		rules[call.match.route].fn(c, &call);
}
