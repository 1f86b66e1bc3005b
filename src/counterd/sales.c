/*
 * sales.c: GET /v1/sales: what was sold, by hour, weekday, day or article, by the clock and the
 * calendar of the shop. Which zone that is, shopd says; the sums are worked out a slice a turn, for
 * a year has a million lines.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "counterd/books.h"
#include "counterd/counter.h"
#include "counterd/problem.h"
#include "counterd/routes.h"
#include "counterd/sales.h"
#include "counterd/view_words.h"
#include "ledger/read_sales.h"

#define SALES_ROW_JSON_MAX (224 + JSON_TEXT_MAX(ARTICLE_NAME_MAX))
#define BEST_MAX	   100 /* articles: the best sold */

static const char *const words[SALES_BYS] = {
	[SALES_BY_HOUR] = "hour",
	[SALES_BY_WEEKDAY] = "weekday",
	[SALES_BY_DAY] = "day",
	[SALES_BY_ARTICLE] = "article",
};

void sales_zone(const char *zone)
{
	const char *is = getenv("TZ");

	if (zone[0] == '\0' || (is && strcmp(is, zone) == 0))
		return;
	setenv("TZ", zone, 1);
	tzset();
}

/* What is asked, and how far it is. */
struct asked {
	enum sales_by by;
	struct day from, to;
	struct sales *sales;
};

static void asked_end(void *data)
{
	struct asked *a = data;

	sales_free(a->sales);
	free(a);
}

/* --- the answer --- */

static void key_write(struct builder *b, enum sales_by by, uint64_t key)
{
	char text[DAY_TEXT_SIZE];

	json_member(b, "key");
	switch (by) {
	case SALES_BY_HOUR:
		snprintf(text, sizeof(text), "%02u", (unsigned)key % 24);
		json_text(b, text);
		return;
	case SALES_BY_WEEKDAY:
		json_text(b, weekday_word((uint32_t)key));
		return;
	case SALES_BY_DAY:
		json_day(b, (struct day){(int32_t)key});
		return;
	case SALES_BY_ARTICLE:
		json_gtin(b, (struct gtin){key});
		return;
	}
}

/* As the catalogue calls it, or as its line did. */
static void name_write(struct builder *b, struct counter *c, enum sales_by by,
		       const struct sold_row *row)
{
	char name[ARTICLE_NAME_MAX + 1] = "";
	struct product p;

	json_member(b, "name");
	if (by != SALES_BY_ARTICLE) {
		json_put(b, "null");
		return;
	}
	if (reader_product(c->reader, (struct gtin){row->key}, &p) > 0)
		memcpy(name, p.name, sizeof(name));
	else if (reader_line_name(c->reader, row->last_seq, name) <= 0)
		name[0] = '\0';
	json_words(b, name);
}

static void row_write(struct builder *b, struct counter *c, enum sales_by by,
		      const struct sold_row *row)
{
	key_write(b, by, row->key);
	name_write(b, c, by, row);
	json_member(b, "lines");
	json_int(b, row->lines);
	json_member(b, "quantity");
	json_int(b, row->quantity_milli);
	json_money(b, "total_minor", row->total);
}

static void sums_reply(struct counter *c, struct http_request *r, struct asked *a)
{
	const char *zone = getenv("TZ");
	struct sold_row total = sales_total(a->sales);
	uint32_t rows;
	const struct sold_row *row = sales_rows(a->sales, &rows);
	struct builder b;

	if (a->by == SALES_BY_ARTICLE && rows > BEST_MAX)
		rows = BEST_MAX;
	b = books_page("rows", rows, SALES_ROW_JSON_MAX);
	for (uint32_t i = 0; i < rows; i++) {
		json_put(&b, i > 0 ? ",{" : "{");
		row_write(&b, c, a->by, &row[i]);
		json_put(&b, "}");
	}
	json_put(&b, "]");
	json_member(&b, "by");
	json_text(&b, words[a->by]);
	json_member(&b, "from");
	json_day(&b, a->from);
	json_member(&b, "to");
	json_day(&b, a->to);
	json_currency(&b, &c->config);
	json_member(&b, "time_zone");
	json_text(&b, zone ? zone : "UTC");
	json_member(&b, "lines");
	json_int(&b, total.lines);
	json_money(&b, "total_minor", total.total);
	json_put(&b, "}");
	books_send(c, r, &b);
}

/* --- the way there --- */

static bool go_on(struct counter *c, struct http_request *r, void *data)
{
	struct asked *a = data;
	int more = sales_step(c->reader, a->sales);

	if (more > 0)
		return true;
	if (more < 0)
		problem_fault(c, r, FAULT_UNAVAILABLE);
	else
		sums_reply(c, r, a);
	return false;
}

static bool asked_read(const struct query *q, struct asked *ret)
{
	uint32_t all = QUERY_FIRST_DAY | QUERY_LAST_DAY | QUERY_BY;

	if ((q->given & all) != all || q->first.n <= 0 || q->last.n < q->first.n ||
	    q->last.n - q->first.n >= SALES_DAYS_MAX)
		return false;
	*ret = (struct asked){.by = q->by, .from = q->first, .to = q->last};
	return true;
}

/* The request is held by now, and so is read once more. */
static void on_zone(struct counter *c, struct http_request *r, const union message *m)
{
	struct asked *a = malloc(sizeof(*a));
	struct query query;

	CHECK(a && routes_query(c, r, &query) && asked_read(&query, a));
	sales_zone(m->status_is.time_zone);
	a->sales = sales_new(a->by, a->from, a->to);
	turns_begin(c, r, go_on, asked_end, a);
}

void sales_show(struct counter *c, const struct call *call)
{
	struct asked asked;
	union message m;

	if (!asked_read(&call->query, &asked)) {
		problem_fault(c, call->request, FAULT_MALFORMED);
		return;
	}
	message_init(&m, MESSAGE_STATUS, 0);
	pending_ask(c, call->request, &m, MESSAGE_STATUS_IS, on_zone);
}
