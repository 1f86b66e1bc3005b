/*
 * web.c: requests arrive and answers leave. A request is copied when it is whole, for libmicrohttpd
 * takes its own back as soon as the sender hangs up; from then on it is one `struct asked` that
 * belongs to whoever is at it, and ends in web_answer().
 */
#include "officed/web.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/utf8.h"
#include "crypto/es256.h"
#include "net/http_server.h"
#include "net/json.h"
#include "officed/table.h"
#include "officed/web_inside.h"

enum {
	CONNECTION_MEMORY = 6 * 1024, /* a request's line and headers, through nginx */
	PACKED_EXTRA = 64 * 1024,     /* more than the largest body: frames that do not shrink */
	SPARE_CONNECTIONS = 512,      /* people, programs, nginx's spare ones */
	BUSY_S = 2,
	AWAY_S = 5,
	FULL_S = 60,
};

/* ---- answers ---- */

static void header_add(struct http_answer *m, uint32_t *n, const char *name, const char *value)
{
	if (value[0] != '\0' && *n < HTTP_ANSWER_HEADERS_MAX)
		m->header[(*n)++] = (struct http_answer_header){name, value};
}

/** Whether the asker has it already (RFC 9110 13.1.2). */
static bool etag_known(const struct asked *a)
{
	const char *known = a->ask.etag, *etag = a->reply.etag;
	const char *at = known != NULL && etag[0] != '\0' ? strstr(known, etag) : NULL;

	if (a->reply.status != 200 || a->write)
		return false;
	return at != NULL || (known != NULL && etag[0] != '\0' && strcmp(known, "*") == 0);
}

static void send_reply(struct asked *a)
{
	struct reply *r = &a->reply;
	char retry[12] = "";
	struct http_answer m = {.status = r->status,
				.content_type = r->content_type,
				.body = r->bytes,
				.body_len = r->len,
				.body_owned = r->len > 0};
	uint32_t n = 0;

	if (etag_known(a)) {
		m.status = 304;
		m.content_type = NULL;
		m.body = NULL;
		m.body_len = 0;
		m.body_owned = false;
	} else {
		r->bytes = NULL; /* the server's now */
	}
	if (r->retry_after_s > 0)
		snprintf(retry, sizeof(retry), "%u", r->retry_after_s);
	header_add(&m, &n, "ETag", r->etag);
	header_add(&m, &n, "SK-Next", r->next);
	header_add(&m, &n, "Retry-After", retry);
	if (r->status == 401)
		header_add(&m, &n, "WWW-Authenticate",
			   a->route->who & FOR_CLIENT ? "SK1, Bearer" : "SK1");
	if (r->status == 200 && r->content_type != NULL &&
	    strcmp(r->content_type, "application/cbor-seq") == 0)
		header_add(&m, &n, "Content-Encoding", "zstd");
	web_send(a->web, a->http, &m);
}

static void asked_free(struct asked *a)
{
	a->web->open--;
	reply_free(&a->reply);
	free(a->token_bytes);
	free(a->shops);
	free(a->body);
	free(a);
}

/** What a person did stands in the log: who, what, and what came of it. */
static void log_write(const struct asked *a)
{
	const struct who *who = &a->ask.who; /* a member's name here is a number */

	if (a->write && (who->kind == WHO_OPERATOR || who->kind == WHO_MEMBER))
		fprintf(stderr, "%s %s: %s %s %s -> %u\n",
			who->kind == WHO_OPERATOR ? "operator" : "member", who->name,
			a->route->method, a->route->path, a->ask.param[0], a->reply.status);
}

void web_answer(struct asked *a)
{
	CHECK(a->reply.status != 0);
	web_guessed(a);
	log_write(a);
	if (a->http != NULL) {
		a->http->owner = NULL;
		send_reply(a);
	}
	asked_free(a);
}

void web_refuse(struct asked *a, uint32_t status, const char *code, const char *detail, ...)
{
	char sentence[256];
	va_list args;

	va_start(args, detail);
	vsnprintf(sentence, sizeof(sentence), detail, args);
	va_end(args);
	reply_problem(&a->reply, status, code, "%s", sentence);
	web_answer(a);
}

static void unavailable(struct asked *a, const char *code, uint32_t retry_s, const char *detail)
{
	reply_problem(&a->reply, 503, code, "%s", detail);
	a->reply.retry_after_s = retry_s;
	web_answer(a);
}

void web_busy(struct asked *a)
{
	unavailable(a, "busy", BUSY_S, "The office has more to do than it can: ask again soon.");
}

/* ---- the work ---- */

static void failed(struct asked *a, int r)
{
	reply_free(&a->reply);
	if (r == -ENOTCONN || r == -ECANCELED) {
		unavailable(a, "unavailable", AWAY_S,
			    "The office's database is away: ask again soon.");
	} else if (r == -ENOSPC) {
		unavailable(a, "full", FULL_S,
			    "The office's disk is full: nothing was kept, ask again later.");
	} else if (r == -EAGAIN) {
		web_busy(a);
	} else {
		fprintf(stderr, "officed: %s %s: %s\n", a->route->method, a->route->path,
			strerrordesc_np(-r));
		web_refuse(a, 500, "internal", "Something is wrong in the office; it was logged.");
	}
}

static bool is_poll(const struct asked *a)
{
	return a->ask.who.kind == WHO_BOX && strcmp(a->route->purpose, "feed") == 0 &&
	       ask_query(&a->ask, "snapshot") == NULL;
}

/** Whether it may have changed what the loop knows of a shop: a revocation holds, and a box that
 * has enrolled is known, from the moment that its asker hears so. */
static bool changes_fleet(const struct asked *a)
{
	if (a->reply.status >= 300 || !a->write)
		return false;
	if (a->ask.who.kind == WHO_BOX)
		return strcmp(a->route->purpose, "enrol") == 0 ||
		       strcmp(a->route->purpose, "epoch") == 0;
	return a->ask.who.kind == WHO_OPERATOR && a->route->right == RIGHT_FLEET;
}

static void settle(struct asked *a)
{
	struct web *w = a->web;

	a->at = ASKED_SETTLING;
	a->after = fleet_look(w->fleet);
	a->next = w->settling;
	w->settling = a;
}

static void on_job(struct job *j)
{
	struct asked *a = j->data;
	struct web *w = a->web;

	if (j->result < 0)
		failed(a, j->result);
	else if (is_poll(a))
		w->listener.poll_answered(w->listener.data, a);
	else if (changes_fleet(a) && !w->stopping)
		settle(a);
	else
		web_answer(a);
}

static enum work_class class_of(const struct asked *a)
{
	if (a->ask.who.kind != WHO_BOX)
		return WORK_PEOPLE;
	return strcmp(a->route->purpose, "entries") == 0 ? WORK_ENTRIES : WORK_BOX;
}

void web_job(struct asked *a)
{
	a->at = ASKED_WORKING;
	a->job = (struct job){.run = asked_run, .done = on_job, .data = a};
	if (!work_add(a->web->work, class_of(a), &a->job))
		web_busy(a);
}

bool web_job_room(struct web *w)
{
	return work_counts(w->work, WORK_BOX).waiting < 1024;
}

/** The right that the route wants; over the shop in its path, where there is one. */
static bool may(const struct asked *a)
{
	const struct who *who = &a->ask.who;
	bool of_shop = strncmp(a->route->path, "/v1/shops/{shop}", 16) == 0;

	if (who->kind != WHO_OPERATOR && who->kind != WHO_CLIENT)
		return true;
	if (a->route->right == 0)
		return true;
	if ((who->rights & 1U << a->route->right) == 0)
		return false;
	return !of_shop || who_may(who, a->route->right, a->ask.param[0]);
}

void web_proven(struct asked *a)
{
	struct web *w = a->web;
	uint32_t wait_s;

	free(a->token_bytes);
	a->token_bytes = NULL;
	if (!may(a)) {
		web_refuse(a, 403, "forbidden", "You have no such right, or not over this shop.");
		return;
	}
	wait_s = web_guess(a);
	if (wait_s > 0) {
		reply_problem(&a->reply, 429, "too_many",
			      "Too many tries within a minute: wait %u s, and look again what it "
			      "has to be.",
			      wait_s);
		a->reply.retry_after_s = wait_s;
		web_answer(a);
		return;
	}
	if (a->ask.who.kind == WHO_BOX && strcmp(a->route->purpose, "heartbeat") == 0)
		w->listener.heartbeat(w->listener.data, a);
	else if (is_poll(a))
		w->listener.poll(w->listener.data, a);
	else
		web_job(a);
}

static void settled(struct web *w, bool all)
{
	struct asked **at = &w->settling;

	while (*at != NULL) {
		struct asked *a = *at;

		if (!all && a->after > fleet_looked(w->fleet)) {
			at = &a->next;
			continue;
		}
		*at = a->next;
		web_answer(a);
	}
}

void web_looked(struct web *w, bool good)
{
	struct asked *a = w->parked;

	settled(w, !good);
	if (!good)
		return;
	w->parked = NULL;
	w->parked_count = 0;
	while (a != NULL) {
		struct asked *next = a->next;

		a->next = NULL;
		web_unparked(a);
		a = next;
	}
}

/* ---- arrival: a request is copied ---- */

/** Percent-decoded, in place; false for what is no plain UTF-8 then. */
static bool decode(char *text)
{
	char *to = text;

	for (const char *at = text; *at != '\0'; at++) {
		uint8_t byte;

		if (*at == '%') {
			if (!hex_parse(at + 1, at[1] != '\0' ? 2 : 0, &byte, 1) || byte == 0)
				return false;
			*to++ = (char)byte;
			at += 2;
		} else {
			*to++ = *at == '+' ? ' ' : *at;
		}
	}
	*to = '\0';
	return utf8_plain(text, (uint32_t)(to - text));
}

/** Where the copies of texts go: `at` within the room behind an asked. */
struct copier {
	struct asked *a;
	char *at;
	size_t room;
};

static const char *copy(struct copier *c, const char *text, size_t len)
{
	char *to = c->at;

	CHECK(len < c->room);
	memcpy(to, text, len);
	to[len] = '\0';
	c->at += len + 1;
	c->room -= len + 1;
	return to;
}

static bool query_take(void *data, const char *name, const char *value)
{
	struct copier *c = data;
	struct ask *ask = &c->a->ask;
	char *name_copy, *value_copy;

	if (ask->queries == ASK_QUERY_MAX)
		return false;
	name_copy = (char *)copy(c, name, strlen(name));
	value_copy = (char *)copy(c, value != NULL ? value : "", value != NULL ? strlen(value) : 0);
	if (!decode(name_copy) || !decode(value_copy) || ask_query(ask, name_copy) != NULL)
		return false;
	ask->query[ask->queries].name = name_copy;
	ask->query[ask->queries++].value = value_copy;
	return true;
}

struct room {
	size_t bytes;
};

static bool query_measure(void *data, const char *name, const char *value)
{
	struct room *room = data;

	room->bytes += strlen(name) + 2 + (value != NULL ? strlen(value) : 0);
	return true;
}

static bool params_take(struct copier *c, const struct route_match *match)
{
	bool of_shop = strncmp(c->a->route->path, "/v1/shops/{shop}", 16) == 0;

	for (uint32_t i = 0; i < ASK_PARAMS_MAX; i++) {
		const struct route_param *p = &match->param[i];

		c->a->ask.param[i] = "";
		if (p->text == NULL)
			continue;
		if (!(i == 0 && of_shop ? place_valid(p->text, p->len)
					: name_valid(p->text, p->len)))
			return false;
		c->a->ask.param[i] = copy(c, p->text, p->len);
	}
	return true;
}

/** A request copied; NULL without memory. *ret_good: its path and query are what they can be. */
static struct asked *asked_new(struct web *w, struct http_request *http, const char *shop,
			       const struct office_route *route, const struct route_match *match,
			       bool *ret_good)
{
	const char *etag = http->header[HTTP_IF_NONE_MATCH];
	struct room room = {strlen(http->path) + ASK_PARAMS_MAX + 2 +
			    (etag != NULL ? strlen(etag) + 1 : 0)};
	struct asked *a;
	struct copier c;

	(void)!http_query_each(http, query_measure, &room);
	a = calloc(1, sizeof(*a) + room.bytes);
	if (a == NULL)
		return NULL;
	a->web = w;
	w->open++;
	a->http = http;
	http->owner = a;
	a->route = route;
	a->write = strcmp(route->method, "GET") != 0;
	a->ask.now = loop_wall();
	memcpy(a->ask.place, shop, strlen(shop) + 1);
	c = (struct copier){a, a->text, room.bytes};
	*ret_good = params_take(&c, match) && http_query_each(http, query_take, &c);
	if (etag != NULL)
		a->ask.etag = copy(&c, etag, strlen(etag));
	a->body = http->body.len > 0 ? malloc(http->body.len) : NULL;
	if (a->body != NULL) {
		memcpy(a->body, http->body.data, http->body.len);
		a->body_len = http->body.len;
	} else if (http->body.len > 0) {
		asked_free(a);
		http->owner = NULL;
		return NULL;
	}
	return a;
}

/* ---- arrival: what it is ---- */

static void respond_now(struct web *w, struct http_request *http, uint32_t status, const char *code,
			const char *detail, const char *allow)
{
	char body[512];
	struct builder b = builder_of(body, sizeof(body));
	struct http_answer m = {.status = status, .content_type = HTTP_PROBLEM_TYPE};

	problem_put(&b, status, code, detail, NULL, NULL);
	CHECK(!b.failed);
	m.body = body;
	m.body_len = b.len;
	if (allow != NULL)
		m.header[0] = (struct http_answer_header){"Allow", allow};
	if (status == 503)
		m.header[0] = (struct http_answer_header){"Retry-After", "2"};
	web_send(w, http, &m);
}

/** "application/json; charset=utf-8" is application/json. */
static bool media_is(const char *header, const char *type)
{
	size_t len = strcspn(header, "; \t");

	return len == strlen(type) && strncasecmp(header, type, len) == 0;
}

/** A body of another kind than the route takes: 415. */
static bool body_fits(struct asked *a, const struct http_request *http)
{
	const char *type = http->header[HTTP_CONTENT_TYPE];
	const char *encoding = http->header[HTTP_CONTENT_ENCODING];
	const char *wanted = a->route->content_type;

	a->packed = encoding != NULL && strcasecmp(encoding, "zstd") == 0;
	if (wanted == NULL)
		return a->body_len == 0;
	if (type == NULL || !media_is(type, wanted))
		return false;
	return encoding == NULL || a->packed || strcasecmp(encoding, "identity") == 0;
}

static void begin(struct asked *a, struct http_request *http, bool good)
{
	const char *wanted = a->route->content_type;

	if (!good)
		web_refuse(a, 400, "malformed",
			   "The path or the query is none: a parameter twice, a name that is no "
			   "name, or bytes that are no UTF-8.");
	else if (!body_fits(a, http))
		web_refuse(a, 415, "unsupported_media_type",
			   wanted != NULL ? "The body must be %s, plain or packed with zstd."
					  : "%sThis request takes no body.",
			   wanted != NULL ? wanted : "");
	else if (http->body_too_large || (!a->packed && a->body_len > a->route->body_max))
		web_refuse(a, 413, "too_large", "The body may have at most %u bytes.",
			   a->route->body_max);
	else
		web_prove(a, http->header[HTTP_AUTHORIZATION]);
}

static void on_health(struct web *w, struct http_request *http)
{
	bool well = fleet_heard(w->fleet);
	struct http_answer m = {.status = well ? 200 : 503,
				.content_type = "application/json",
				.body = well ? "{\"status\":\"ok\"}"
					     : "{\"status\":\"unavailable\"}"};

	m.body_len = strlen(m.body);
	http_respond(http, &m);
}

/** No route of ours: a page, or nothing. */
static void on_no_route(struct web *w, struct http_request *http, const char *shop)
{
	switch (web_page(w, http, shop)) {
	case PAGES_NO_PATH:
		respond_now(w, http, 404, "not_found", "There is nothing of this name.", NULL);
		return;
	case PAGES_NO_METHOD:
		respond_now(w, http, 405, "method_not_allowed",
			    "It can be asked, but not like this.", PAGES_METHODS);
		return;
	case PAGES_FOUND:
		return;
	}
}

/** What needs nobody's proof and no route. False: answered. */
static bool is_ours(struct web *w, struct http_request *http, char ret_shop[PLACE_MAX_LEN + 1])
{
	if (http->body_ambiguous)
		respond_now(w, http, 400, "malformed",
			    "Where the body ends can be read in two ways.", NULL);
	else if (strcmp(http->path, "/healthz") == 0)
		on_health(w, http);
	else if (web_preflight(w, http))
		return false;
	else if (!web_shop(w, http, ret_shop) && !fleet_heard(w->fleet))
		respond_now(w, http, 503, "busy", "The office is starting: ask again soon.", NULL);
	else if (!web_shop(w, http, ret_shop))
		respond_now(w, http, 421, "wrong_host", "There is no shop of this name.", NULL);
	else if (web_not_here(http->path, ret_shop))
		respond_now(w, http, 404, "not_here",
			    "This is done in the shop alone: go on its Wi-Fi, or show your code at "
			    "its door or till.",
			    NULL);
	else
		return true;
	return false;
}

static void on_request(void *data, struct http_request *http)
{
	struct web *w = data;
	const struct office_route *route = NULL;
	char shop[PLACE_MAX_LEN + 1] = "";
	struct route_match match;
	struct asked *a;
	bool good = false;

	if (!is_ours(w, http, shop))
		return;
	switch (table_find(http->method, http->path, &route, &match)) {
	case ROUTED_NO_PATH:
		on_no_route(w, http, shop);
		return;
	case ROUTED_NO_METHOD:
		respond_now(w, http, 405, "method_not_allowed",
			    "It can be asked, but not like this.", match.allow);
		return;
	case ROUTED:
		break;
	}
	a = w->stopping ? NULL : asked_new(w, http, shop, route, &match, &good);
	if (a == NULL) {
		respond_now(w, http, 503, "busy", "The office is busy: ask again soon.", NULL);
		return;
	}
	begin(a, http, good);
	if (http->owner != NULL) /* it was not answered at once */
		http_hold(http);
}

static void parked_remove(struct web *w, struct asked *a)
{
	struct asked **at = &w->parked;

	while (*at != a)
		at = &(*at)->next;
	*at = a->next;
	w->parked_count--;
	asked_free(a);
}

static void on_gone(void *data, struct http_request *http)
{
	struct web *w = data;
	struct asked *a = http->owner;

	if (a == NULL)
		return;
	a->http = NULL;
	http->owner = NULL;
	switch (a->at) {
	case ASKED_WORKING:
	case ASKED_SETTLING:
		break; /* it comes back, and is let go of then */
	case ASKED_HELD:
		w->listener.gone(w->listener.data, a);
		asked_free(a);
		break;
	case ASKED_PARKED:
		parked_remove(w, a);
		break;
	}
}

/* ---- start and stop ---- */

int web_open(struct loop *loop, const struct config *config, const struct office_keys *keys,
	     struct work *work, struct fleet *fleet, const struct web_listener *listener,
	     struct web **ret, char why[CONF_WHY_MAX])
{
	struct http_limits limits = {.connections = 2 * config->shops_max + SPARE_CONNECTIONS,
				     .connections_per_ip =
					     2 * config->shops_max + SPARE_CONNECTIONS,
				     .connection_memory = CONNECTION_MEMORY,
				     .body_max = table_body_max() + PACKED_EXTRA,
				     .body_drain_max = 2 * table_body_max() + PACKED_EXTRA,
				     .quiet_ms = HTTP_QUIET_MS};
	struct web *w = calloc(1, sizeof(*w));
	struct http_handler handler = {.request = on_request, .gone = on_gone, .data = w};
	char http_why[200] = "no memory";
	int r;

	if (w == NULL)
		return -ENOMEM;
	*w = (struct web){.loop = loop,
			  .config = config,
			  .work = work,
			  .fleet = fleet,
			  .listener = *listener};
	for (uint32_t i = 0; i < config->operators; i++)
		w->operator_kid[i] = kid_of(&config->operator[i].key);
	w->proofs = proofs_new(keys->private_key);
	r = w->proofs != NULL && web_site_open(w)
		    ? http_server_open(loop, config->listen, &handler, &limits, &w->http, http_why)
		    : -ENOMEM;
	if (r < 0) {
		snprintf(why, CONF_WHY_MAX, "%s", http_why);
		web_free(w);
		return r;
	}
	*ret = w;
	return 0;
}

void web_stop(struct web *w)
{
	if (w == NULL)
		return;
	w->stopping = true;
	settled(w, true);
	while (w->parked != NULL) {
		struct asked *a = w->parked;

		w->parked = a->next;
		w->parked_count--;
		a->at = ASKED_WORKING;
		failed(a, -ECANCELED);
	}
}

void web_free(struct web *w)
{
	if (w == NULL)
		return;
	http_server_close(w->http);
	CHECK(w->open == 0);
	proofs_free(w->proofs);
	pages_close(w->pages);
	free(w);
}

uint16_t web_port(const struct web *w)
{
	return http_server_port(w->http);
}
