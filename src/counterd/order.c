/*
 * order.c: GET /v1/stock/order: what to order, the most urgent first. An article is on the list
 * when the books have less of it than its reorder point, or less than a week's sales of the last
 * four weeks. Suggested is what brings it up to two weeks' sales, or to twice the reorder point,
 * whichever is more: the simplest rule that a shopkeeper can check by head.
 */
#include <stdlib.h>
#include <string.h>

#include "counterd/books.h"
#include "counterd/counter.h"
#include "counterd/problem.h"
#include "counterd/routes.h"
#include "counterd/sales.h"
#include "ledger/read_books.h"
#include "ledger/read_order.h"

#define ORDER_JSON_MAX (288 + JSON_TEXT_MAX(ARTICLE_NAME_MAX))

enum {
	WEEKS = 4,	       /* that sales are counted over */
	ARTICLES_A_TURN = 256, /* that one slice looks at */
	PIECE_MILLI = 1000,
};

/* An article that may have to be ordered. */
struct need {
	struct gtin gtin;
	int64_t on_hand, reorder, sold_week, suggest; /* thousandths */
	int64_t days_left;			      /* -1: nothing was sold */
};

enum stage {
	STAGE_SALES,
	STAGE_POINTS, /* articles with a reorder point, that were never sold or moved among them */
	STAGE_STOCK,  /* all that ever stood on the shelves */
};

struct ordering {
	enum stage stage;
	uint32_t max;
	struct day from, to;
	struct sales *sales;
	struct gtin after;
	uint32_t needs, size;
	struct need *need;
};

static void ordering_end(void *data)
{
	struct ordering *o = data;

	sales_free(o->sales);
	free(o->need);
	free(o);
}

/* --- the rule --- */

/* Whole pieces or kilograms, upwards. */
static int64_t whole(int64_t milli)
{
	return (milli + PIECE_MILLI - 1) / PIECE_MILLI * PIECE_MILLI;
}

bool order_needed(int64_t on_hand, int64_t reorder, int64_t sold_week, int64_t *ret_suggest)
{
	int64_t want = 2 * (reorder > sold_week ? reorder : sold_week);

	if (on_hand >= reorder && (sold_week <= 0 || on_hand >= sold_week))
		return false;
	if (want <= 0)
		return false;
	*ret_suggest = whole(want - on_hand);
	return *ret_suggest > 0;
}

static void need_add(struct ordering *o, struct gtin gtin, int64_t on_hand, int64_t reorder)
{
	const struct sold_row *sold = sales_of(o->sales, gtin);
	struct need n = {.gtin = gtin, .on_hand = on_hand, .reorder = reorder, .days_left = -1};

	n.sold_week = sold ? sold->quantity_milli / WEEKS : 0;
	if (!order_needed(on_hand, reorder, n.sold_week, &n.suggest))
		return;
	if (n.sold_week > 0)
		n.days_left = on_hand > 0 ? on_hand * 7 / n.sold_week : 0;
	if (o->needs == o->size) {
		o->size = o->size ? 2 * o->size : 64;
		o->need = realloc(o->need, o->size * sizeof(*o->need));
		CHECK(o->need);
	}
	o->need[o->needs++] = n;
}

/* What runs out first; of what sells nothing, what is furthest below its point. */
static int by_urgency(const void *a, const void *b)
{
	const struct need *x = a, *y = b;

	if ((x->days_left < 0) != (y->days_left < 0))
		return x->days_left < 0 ? 1 : -1;
	if (x->days_left != y->days_left)
		return x->days_left < y->days_left ? -1 : 1;
	if (x->suggest != y->suggest)
		return x->suggest > y->suggest ? -1 : 1;
	return x->gtin.n < y->gtin.n ? -1 : x->gtin.n > y->gtin.n;
}

/* --- the answer --- */

static void need_write(struct builder *b, struct counter *c, const struct need *n)
{
	struct product p;
	bool known = reader_product(c->reader, n->gtin, &p) > 0;

	json_member(b, "gtin");
	json_gtin(b, n->gtin);
	json_member(b, "name");
	json_words(b, known ? p.name : "");
	json_member(b, "on_hand");
	json_int(b, n->on_hand);
	json_int_or_null(b, "reorder_at", n->reorder > 0, n->reorder);
	json_member(b, "sold_week");
	json_int(b, n->sold_week);
	json_int_or_null(b, "days_left", n->days_left >= 0, n->days_left);
	json_member(b, "suggest");
	json_int(b, n->suggest);
}

static void order_reply(struct counter *c, struct http_request *r, struct ordering *o)
{
	uint32_t shown = o->needs < o->max ? o->needs : o->max;
	struct builder b = books_page("order", shown, ORDER_JSON_MAX);

	if (o->needs > 1)
		qsort(o->need, o->needs, sizeof(*o->need), by_urgency);
	for (uint32_t i = 0; i < shown; i++) {
		json_put(&b, i > 0 ? ",{" : "{");
		need_write(&b, c, &o->need[i]);
		json_put(&b, "}");
	}
	json_put(&b, "]");
	json_member(&b, "from");
	json_day(&b, o->from);
	json_member(&b, "to");
	json_day(&b, o->to);
	json_member(&b, "more");
	json_bool(&b, o->needs > shown);
	json_put(&b, "}");
	books_send(c, r, &b);
}

/* --- the way there --- */

static int sales_turn(struct counter *c, struct ordering *o)
{
	int more = sales_step(c->reader, o->sales);

	if (more != 0)
		return more;
	o->stage = STAGE_POINTS;
	return 1;
}

/* What has never been on the shelf is not in the stock, and has to be ordered too. */
static int points_turn(struct counter *c, struct ordering *o)
{
	struct reorder_row *row = books_rows(ARTICLES_A_TURN, sizeof(*row));
	int found = reader_reorders(c->reader, o->after, row, ARTICLES_A_TURN);
	struct stock_row stock;

	for (int i = 0; i < found; i++) {
		int there = reader_stock_one(c->reader, row[i].gtin, &stock);

		if (there < 0)
			found = there;
		else
			need_add(o, row[i].gtin, there > 0 ? stock.on_hand_milli : 0,
				 row[i].reorder_milli);
		o->after = row[i].gtin;
	}
	free(row);
	if (found == ARTICLES_A_TURN || found < 0)
		return found;
	o->after = (struct gtin){0};
	o->stage = STAGE_STOCK;
	return 1;
}

static int stock_turn(struct counter *c, struct ordering *o)
{
	struct stock_row *row = books_rows(ARTICLES_A_TURN, sizeof(*row));
	int found = reader_stock(c->reader, o->after, row, ARTICLES_A_TURN);
	struct product p;

	for (int i = 0; i < found; i++) {
		o->after = row[i].gtin;
		if (!sales_of(o->sales, row[i].gtin))
			continue;
		/* those with a point were looked at; what has left the catalogue is not ordered */
		if (reader_product(c->reader, row[i].gtin, &p) > 0 && p.reorder == 0 &&
		    p.state == ARTICLE_SOLD)
			need_add(o, row[i].gtin, row[i].on_hand_milli, 0);
	}
	free(row);
	return found == ARTICLES_A_TURN || found < 0 ? found : 0;
}

static bool go_on(struct counter *c, struct http_request *r, void *data)
{
	struct ordering *o = data;
	int more = 0;

	switch (o->stage) {
	case STAGE_SALES:
		more = sales_turn(c, o);
		break;
	case STAGE_POINTS:
		more = points_turn(c, o);
		break;
	case STAGE_STOCK:
		more = stock_turn(c, o);
		break;
	}
	if (more > 0)
		return true;
	if (more < 0)
		problem_fault(c, r, FAULT_UNAVAILABLE);
	else
		order_reply(c, r, o);
	return false;
}

static void on_today(struct counter *c, struct http_request *r, const union message *m)
{
	struct ordering *o = calloc(1, sizeof(*o));
	struct query query;

	CHECK(o && routes_query(c, r, &query));
	sales_zone(m->status_is.time_zone);
	o->max = query.max;
	o->to.n = m->status_is.today > 7 * WEEKS ? m->status_is.today : 7 * WEEKS;
	o->from.n = o->to.n - 7 * WEEKS + 1;
	o->sales = sales_new(SALES_BY_ARTICLE, o->from, o->to);
	turns_begin(c, r, go_on, ordering_end, o);
}

void order_list(struct counter *c, const struct call *call)
{
	union message m;

	message_init(&m, MESSAGE_STATUS, 0);
	pending_ask(c, call->request, &m, MESSAGE_STATUS_IS, on_today);
}
