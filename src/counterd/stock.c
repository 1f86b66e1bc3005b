/*
 * stock.c: GET /v1/stock, one article of it, what moved it, which lots expire, and what counts
 * found missing: for the owner and the office. What stands on hand is the sum of what moved it, and
 * may be negative: a sale is never refused because the books say that there is none.
 */
#include <stdlib.h>
#include <string.h>

#include "counterd/books.h"
#include "counterd/counter.h"
#include "counterd/problem.h"
#include "counterd/routes.h"
#include "ledger/read_books.h"

#define STOCK_JSON_MAX (480 + JSON_TEXT_MAX(ARTICLE_NAME_MAX))
#define MOVEMENT_JSON_MAX                                                                          \
	(640 + JSON_TEXT_MAX(LOT_MAX) + JSON_TEXT_MAX(REASON_MAX) + JSON_TEXT_MAX(NAME_MAX_LEN))
#define SHRINK_JSON_MAX (320 + JSON_TEXT_MAX(ARTICLE_NAME_MAX))
#define LOT_JSON_MAX	(320 + JSON_TEXT_MAX(LOT_MAX) + JSON_TEXT_MAX(ARTICLE_NAME_MAX))

/* --- what stands on the shelves --- */

/* Name and reorder point are the catalogue's; an article may have left it, and stand there still.
 */
static void stock_write(struct builder *b, struct counter *c, const struct stock_row *s)
{
	struct product p = {0};
	bool known = reader_product(c->reader, s->gtin, &p) > 0;

	json_member(b, "gtin");
	json_gtin(b, s->gtin);
	json_member(b, "name");
	json_words(b, known ? p.name : "");
	json_member(b, "on_hand");
	json_int(b, s->on_hand_milli);
	json_int_or_null(b, "reorder_at", known && p.reorder > 0, (int64_t)p.reorder * 1000);
	json_money(b, "value_minor", s->value);
	json_money(b, "unit_cost_minor", s->unit_cost);
	json_currency(b, &c->config);
	json_member(b, "counted_at");
	json_moment(b, s->counted_at);
	json_member(b, "shrunk");
	json_int(b, s->shrunk_milli);
}

static void stock_reply(struct counter *c, struct http_request *r, const struct stock_row *row,
			uint32_t found, uint32_t max)
{
	uint32_t shown = books_shown((int)found, max);
	struct builder b = books_page("stock", shown, STOCK_JSON_MAX);

	for (uint32_t i = 0; i < shown; i++) {
		json_put(&b, i > 0 ? ",{" : "{");
		stock_write(&b, c, &row[i]);
		json_put(&b, "}");
	}
	json_put(&b, "]");
	json_member(&b, "next");
	if (found > shown)
		json_gtin(&b, row[shown - 1].gtin);
	else
		json_put(&b, "null");
	json_put(&b, "}");
	books_send(c, r, &b);
}

void stock_list(struct counter *c, const struct call *call)
{
	const struct query *q = &call->query;
	struct stock_row *row = books_rows(q->max, sizeof(*row));
	int found = reader_stock(c->reader, q->after_gtin, row, q->max + 1);

	if (found < 0)
		problem_fault(c, call->request, FAULT_UNAVAILABLE);
	else
		stock_reply(c, call->request, row, (uint32_t)found, q->max);
	free(row);
}

void stock_show(struct counter *c, const struct call *call)
{
	const struct route_param *param = &call->match.param[0];
	char body[STOCK_JSON_MAX];
	struct builder b = builder_of(body, sizeof(body));
	struct stock_row row;
	struct gtin gtin;
	int found = 0;

	if (gtin_parse(param->text, param->len, &gtin))
		found = reader_stock_one(c->reader, gtin, &row);
	if (found < 0) {
		problem_fault(c, call->request, FAULT_UNAVAILABLE);
	} else if (found == 0) {
		problem_answer(c, call->request, ANSWER_UNKNOWN_ARTICLE);
	} else {
		json_put(&b, "{");
		stock_write(&b, c, &row);
		json_put(&b, "}");
		reply_json(c, call->request, 200, &b);
	}
}

/* --- what moved it --- */

static void movement_write(struct builder *b, const struct config *c, const struct movement_row *m)
{
	json_member(b, "seq");
	json_int(b, (int64_t)m->seq);
	json_member(b, "at");
	json_time(b, m->at);
	json_member(b, "day");
	json_day(b, m->day);
	json_member(b, "kind");
	json_text(b, movement_word(m->kind));
	json_member(b, "gtin");
	json_gtin(b, m->gtin);
	json_member(b, "quantity");
	json_int(b, m->quantity_milli);
	json_money(b, "value_minor", m->value);
	json_currency(b, c);
	json_member(b, "lot");
	json_words(b, m->lot);
	json_member(b, "use_by");
	json_day(b, m->use_by);
	json_member(b, "best_before");
	json_day(b, m->best_before);
	json_member(b, "why");
	json_words(b, m->why);
	json_member(b, "by");
	json_words(b, m->by);
	json_member(b, "visit");
	json_visit(b, m->visit);
}

/* `next` is where to go on from, now or when something more has happened. */
static void movements_reply(struct counter *c, const struct call *call,
			    const struct movement_row *row, uint32_t found)
{
	uint32_t shown = books_shown((int)found, call->query.max);
	struct builder b = books_page("movements", shown, MOVEMENT_JSON_MAX);

	for (uint32_t i = 0; i < shown; i++) {
		json_put(&b, i > 0 ? ",{" : "{");
		movement_write(&b, &c->config, &row[i]);
		json_put(&b, "}");
	}
	json_put(&b, "]");
	json_member(&b, "next");
	json_int(&b, (int64_t)(shown > 0 ? row[shown - 1].seq : call->query.after_seq));
	json_member(&b, "more");
	json_bool(&b, found > shown);
	json_put(&b, "}");
	books_send(c, call->request, &b);
}

void stock_movements(struct counter *c, const struct call *call)
{
	const struct query *q = &call->query;
	struct movement_row *row = books_rows(q->max, sizeof(*row));
	int found = reader_movements(c->reader, q->gtin, q->after_seq, row, q->max + 1);

	if (found < 0)
		problem_fault(c, call->request, FAULT_UNAVAILABLE);
	else
		movements_reply(c, call, row, (uint32_t)found);
	free(row);
}

/* --- what expires --- */

static void lot_write(struct builder *b, struct counter *c, const struct lot_row *l)
{
	struct product p;
	bool known = reader_product(c->reader, l->gtin, &p) > 0;

	json_member(b, "gtin");
	json_gtin(b, l->gtin);
	json_member(b, "name");
	json_words(b, known ? p.name : "");
	json_member(b, "lot");
	json_words(b, l->lot);
	json_member(b, "use_by");
	json_day(b, l->use_by);
	json_member(b, "best_before");
	json_day(b, l->best_before);
	json_member(b, "left");
	json_int(b, l->left_milli);
}

static void lots_reply(struct counter *c, const struct call *call, const struct lot_row *row,
		       uint32_t found)
{
	uint32_t shown = books_shown((int)found, call->query.max);
	struct builder b = books_page("lots", shown, LOT_JSON_MAX);

	for (uint32_t i = 0; i < shown; i++) {
		json_put(&b, i > 0 ? ",{" : "{");
		lot_write(&b, c, &row[i]);
		json_put(&b, "}");
	}
	json_put(&b, "]");
	json_member(&b, "until");
	json_day(&b, call->query.until);
	json_member(&b, "more");
	json_bool(&b, found > shown);
	json_put(&b, "}");
	books_send(c, call->request, &b);
}

/* Which day it is in the shop, counterd does not know: who asks says until when. */
void stock_lots(struct counter *c, const struct call *call)
{
	const struct query *q = &call->query;
	struct lot_row *row;
	int found;

	if (!(q->given & QUERY_UNTIL)) {
		problem_fault(c, call->request, FAULT_MALFORMED);
		return;
	}
	row = books_rows(q->max, sizeof(*row));
	found = reader_lots(c->reader, q->until, row, q->max + 1);
	if (found < 0)
		problem_fault(c, call->request, FAULT_UNAVAILABLE);
	else
		lots_reply(c, call, row, (uint32_t)found);
	free(row);
}

/* --- what counts found missing --- */

static void shrink_write(struct builder *b, struct counter *c, const struct shrink_row *s)
{
	struct product p;
	bool known = reader_product(c->reader, s->gtin, &p) > 0;

	json_member(b, "seq");
	json_int(b, (int64_t)s->seq);
	json_member(b, "at");
	json_time(b, s->at);
	json_member(b, "gtin");
	json_gtin(b, s->gtin);
	json_member(b, "name");
	json_words(b, known ? p.name : "");
	json_member(b, "missing");
	json_int(b, s->missing_milli);
	json_money(b, "value_minor", s->value);
	json_currency(b, &c->config);
	json_member(b, "visits");
	json_int(b, s->visits);
}

static void shrink_reply(struct counter *c, struct http_request *r, const struct shrink_row *row,
			 uint32_t found, uint32_t max)
{
	uint32_t shown = books_shown((int)found, max);
	struct builder b = books_page("shrink", shown, SHRINK_JSON_MAX);

	for (uint32_t i = 0; i < shown; i++) {
		json_put(&b, i > 0 ? ",{" : "{");
		shrink_write(&b, c, &row[i]);
		json_put(&b, "}");
	}
	json_put(&b, "]");
	json_member(&b, "next");
	if (found > shown)
		json_int(&b, (int64_t)row[shown - 1].seq);
	else
		json_put(&b, "null");
	json_put(&b, "}");
	books_send(c, r, &b);
}

/* How many visits there were since the count before: a suspicion, never an accusation. */
void stock_shrink(struct counter *c, const struct call *call)
{
	const struct query *q = &call->query;
	struct shrink_row *row = books_rows(q->max, sizeof(*row));
	int found = reader_shrink(c->reader, q->after_seq, row, q->max + 1);

	if (found < 0)
		problem_fault(c, call->request, FAULT_UNAVAILABLE);
	else
		shrink_reply(c, call->request, row, (uint32_t)found, q->max);
	free(row);
}
