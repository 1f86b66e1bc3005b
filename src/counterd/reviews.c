/*
 * reviews.c: GET /v1/checks and /v1/reports: visits that were picked for a look, and what shoppers
 * said was wrong. Questions, all of them: nobody is held, and nobody is accused by a list.
 */
#include <stdlib.h>

#include "counterd/books.h"
#include "counterd/counter.h"
#include "counterd/problem.h"
#include "counterd/routes.h"
#include "ledger/read_books.h"

#define CHECK_JSON_MAX (320 + JSON_TEXT_MAX(REASON_MAX) + JSON_TEXT_MAX(NAME_MAX_LEN))
#define REPORT_JSON_MAX                                                                            \
	(480 + JSON_TEXT_MAX(REASON_MAX) + JSON_TEXT_MAX(NAME_MAX_LEN) +                           \
	 JSON_TEXT_MAX(ARTICLE_NAME_MAX))

static void check_write(struct builder *b, const struct check_row *k)
{
	json_member(b, "visit");
	json_visit(b, k->visit);
	json_member(b, "seq");
	json_int(b, (int64_t)k->seq);
	json_member(b, "picked_at");
	json_time(b, k->picked_at);
	json_member(b, "state");
	json_text(b, check_state_word(k->state));
	json_member(b, "reason");
	json_text(b, check_reason_word(k->reason));
	json_member(b, "why");
	json_words(b, k->why);
	json_member(b, "by");
	json_words(b, k->by);
}

static void checks_reply(struct counter *c, struct http_request *r, const struct check_row *row,
			 uint32_t found, uint32_t max)
{
	uint32_t shown = books_shown((int)found, max);
	struct builder b = books_page("checks", shown, CHECK_JSON_MAX);

	for (uint32_t i = 0; i < shown; i++) {
		json_put(&b, i > 0 ? ",{" : "{");
		check_write(&b, &row[i]);
		json_put(&b, "}");
	}
	json_put(&b, "]");
	json_member(&b, "next");
	json_visit(&b, found > shown ? row[shown - 1].visit : (struct visit_id){0});
	json_put(&b, "}");
	books_send(c, r, &b);
}

void checks_list(struct counter *c, const struct call *call)
{
	const struct query *q = &call->query;
	struct check_row *row = books_rows(q->max, sizeof(*row));
	int found = reader_checks(c->reader, q->open, q->after_visit, row, q->max + 1);

	if (found < 0)
		problem_fault(c, call->request, FAULT_UNAVAILABLE);
	else
		checks_reply(c, call->request, row, (uint32_t)found, q->max);
	free(row);
}

static void report_write(struct builder *b, const struct config *c, const struct reported_row *o)
{
	json_member(b, "seq");
	json_int(b, (int64_t)o->seq);
	json_member(b, "at");
	json_time(b, o->at);
	json_member(b, "visit");
	json_visit(b, o->visit);
	json_member(b, "key");
	json_text(b, o->key.text);
	json_member(b, "gtin");
	json_gtin(b, o->gtin);
	json_member(b, "name");
	json_text(b, o->name);
	json_money(b, "total_minor", o->total);
	json_currency(b, c);
	json_member(b, "reason");
	json_text(b, credit_reason_word(o->reason));
	json_member(b, "why");
	json_words(b, o->why);
	json_int_or_null(b, "answered", o->answered != 0, (int64_t)o->answered);
}

static void reports_reply(struct counter *c, struct http_request *r, const struct reported_row *row,
			  uint32_t found, uint32_t max)
{
	uint32_t shown = books_shown((int)found, max);
	struct builder b = books_page("reports", shown, REPORT_JSON_MAX);
	uint64_t next = found > shown ? row[shown - 1].seq : 0;

	for (uint32_t i = 0; i < shown; i++) {
		json_put(&b, i > 0 ? ",{" : "{");
		report_write(&b, &c->config, &row[i]);
		json_put(&b, "}");
	}
	json_put(&b, "]");
	json_int_or_null(&b, "next", next != 0, (int64_t)next);
	json_put(&b, "}");
	books_send(c, r, &b);
}

void reports_list(struct counter *c, const struct call *call)
{
	const struct query *q = &call->query;
	struct reported_row *row = books_rows(q->max, sizeof(*row));
	int found = reader_reported(c->reader, q->open, q->after_seq, row, q->max + 1);

	if (found < 0)
		problem_fault(c, call->request, FAULT_UNAVAILABLE);
	else
		reports_reply(c, call->request, row, (uint32_t)found, q->max);
	free(row);
}
