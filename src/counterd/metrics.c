/*
 * metrics.c: /healthz, which tells a watcher yes or no and nothing more, and /metrics in the text
 * format of Prometheus 0.0.4, for this machine alone. Both ask shopd: a counterd that runs beside a
 * dead shop is not healthy.
 */
#include "counterd/counter.h"
#include "counterd/problem.h"
#include "counterd/reply.h"
#include "counterd/routes.h"

#define METRICS_SIZE 8192

static void on_health(struct counter *c, struct http_request *r, const union message *m)
{
	char body[16];
	struct builder b = builder_of(body, sizeof(body));

	if (!m->status_is.ledger_ok) {
		problem_fault(c, r, FAULT_UNAVAILABLE);
		return;
	}
	json_put(&b, "{\"ok\":true}");
	reply_json(c, r, 200, &b);
}

void metrics_health(struct counter *c, const struct call *call)
{
	union message m;

	message_init(&m, MESSAGE_STATUS, 0);
	pending_ask(c, call->request, &m, MESSAGE_STATUS_IS, on_health);
}

static void metric(struct builder *b, const char *name, const char *type, const char *help,
		   int64_t value)
{
	json_put(b, "# HELP shopkeeper_");
	json_put(b, name);
	json_put(b, " ");
	json_put(b, help);
	json_put(b, "\n# TYPE shopkeeper_");
	json_put(b, name);
	json_put(b, " ");
	json_put(b, type);
	json_put(b, "\nshopkeeper_");
	json_put(b, name);
	json_put(b, " ");
	json_int(b, value);
	json_put(b, "\n");
}

static void shopd_metrics(struct builder *b, const struct message_status_is *s)
{
	metric(b, "ledger_ok", "gauge", "1 while the ledger can be written.", s->ledger_ok);
	metric(b, "clock_trusted", "gauge", "1 while the wall clock is trusted.", s->clock_trusted);
	metric(b, "courier_connected", "gauge", "1 while courierd is connected.",
	       s->courier_connected);
	metric(b, "ledger_head_seq", "gauge", "Newest entry on disk.", (int64_t)s->head_seq);
	metric(b, "ledger_entries_total", "counter", "Entries written since shopd started.",
	       (int64_t)s->entries_written);
	metric(b, "ledger_commits_total", "counter", "Transactions since shopd started.",
	       (int64_t)s->commits);
	metric(b, "ledger_queue_rows", "gauge", "Rows that wait for the disk.",
	       (int64_t)s->queue_rows);
	metric(b, "admissions_total", "counter", "Tokens admitted since shopd started.",
	       (int64_t)s->admissions);
	metric(b, "refusals_total", "counter", "Tokens refused since shopd started.",
	       (int64_t)s->refusals);
	metric(b, "lines_total", "counter", "Lines taken since shopd started.", (int64_t)s->lines);
	metric(b, "visits_open", "gauge", "Visits that are open.", s->visits_open);
	metric(b, "alarms_open", "gauge", "Alarms that are not over.", s->alarms_open);
	metric(b, "members", "gauge", "Members in the roster.", s->members);
	metric(b, "articles", "gauge", "Articles in the catalogue.", s->articles);
	metric(b, "price_version", "gauge", "Version of the price list.", s->price_version);
	metric(b, "uptime_seconds", "gauge", "Since shopd started.", s->up_ms / 1000);
}

static void responses_metric(struct builder *b, const struct tally *t)
{
	json_put(b, "# HELP shopkeeper_http_responses_total Answers since counterd started.\n"
		    "# TYPE shopkeeper_http_responses_total counter\n");
	for (int i = 2; i <= 5; i++) {
		json_put(b, "shopkeeper_http_responses_total{status=\"");
		json_int(b, i);
		json_put(b, "xx\"} ");
		json_int(b, (int64_t)t->responses[i]);
		json_put(b, "\n");
	}
}

static void counterd_metrics(struct builder *b, const struct counter *c, bool up)
{
	metric(b, "up", "gauge", "1 while shopd answers counterd.", up);
	responses_metric(b, &c->tally);
	metric(b, "http_connections", "gauge", "Connections that are open.",
	       http_server_connections(c->http));
	metric(b, "http_waiting", "gauge", "Requests that wait for shopd.", c->pending.waiting);
	metric(b, "http_timeouts_total", "counter", "Requests that shopd did not answer in time.",
	       (int64_t)c->tally.shopd_timeouts);
	metric(b, "http_absences_total", "counter", "Requests refused because shopd was away.",
	       (int64_t)c->tally.shopd_absences);
	metric(b, "sessions", "gauge", "Browser sessions that live.",
	       sessions_alive(&c->sessions, loop_mono()));
	metric(b, "event_streams", "gauge", "Pages that listen to events.", c->events.clients);
}

static void metrics_reply(struct counter *c, struct http_request *r,
			  const struct message_status_is *status)
{
	char body[METRICS_SIZE];
	struct builder b = builder_of(body, sizeof(body));
	struct http_answer answer = {
		.status = 200,
		.content_type = "text/plain; version=0.0.4; charset=utf-8",
	};

	counterd_metrics(&b, c, status != NULL);
	if (status)
		shopd_metrics(&b, status);
	CHECK(!b.failed);
	answer.body = b.data;
	answer.body_len = b.len;
	reply_answer(c, r, &answer);
}

static void on_metrics(struct counter *c, struct http_request *r, const union message *m)
{
	metrics_reply(c, r, &m->status_is);
}

void metrics_show(struct counter *c, const struct call *call)
{
	union message m;

	if (!link_up(c->link)) {
		metrics_reply(c, call->request, NULL);
		return;
	}
	message_init(&m, MESSAGE_STATUS, 0);
	pending_ask(c, call->request, &m, MESSAGE_STATUS_IS, on_metrics);
}
