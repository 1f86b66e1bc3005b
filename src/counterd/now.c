/*
 * now.c: GET /v1/now: what is happening in the shop at this moment. Asked of shopd, in whose memory
 * doors and visits are; what is in the baskets stands in the ledger, and is nothing while that
 * cannot be read.
 */
#include <stdlib.h>

#include "counterd/books.h"
#include "counterd/counter.h"
#include "counterd/door_json.h"
#include "counterd/problem.h"
#include "counterd/view_words.h"
#include "counterd/routes.h"
#include "ledger/read_view.h"

#define INSIDE_JSON_MAX (320 + JSON_TEXT_MAX(PLACE_MAX_LEN))
#define NOW_JSON_MAX	(1024 + DOORS_MAX * DOOR_JSON_MAX)

/* --- who is inside --- */

static const struct basket_row *basket_of(const struct basket_row *row, uint32_t rows,
					  uint64_t visit)
{
	for (uint32_t i = 0; i < rows; i++)
		if (row[i].visit.n == visit)
			return &row[i];
	return NULL;
}

static void inside_write(struct builder *b, const struct message_inside_is *is, uint32_t i,
			 const struct basket_row *basket)
{
	struct customer customer;

	memcpy(customer.byte, is->visit[i].customer, sizeof(customer.byte));
	json_put(b, "{");
	json_member(b, "visit");
	json_visit(b, (struct visit_id){is->visit[i].visit});
	json_member(b, "customer");
	json_customer(b, customer);
	json_member(b, "role");
	json_text(b, role_word((enum role)is->visit[i].role));
	json_member(b, "since");
	json_time(b, (struct wall){is->visit[i].since_ms});
	json_member(b, "door");
	json_words(b, is->visit[i].place);
	json_member(b, "lines");
	json_int(b, basket ? basket->lines : 0);
	json_money(b, "total_minor", basket ? basket->total : MONEY_ZERO);
	json_put(b, "}");
}

static uint32_t visits_of(const struct pending_list *list)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < list->rows; i++)
		if (list->row[i].head.type == MESSAGE_INSIDE_IS)
			n += list->row[i].inside_is.visits;
	return n;
}

static void inside_list(struct builder *b, struct counter *c)
{
	const struct pending_list *list = &c->pending.list;
	struct basket_row *row = books_rows(VISITS_OPEN_MAX, sizeof(*row));
	int found = reader_baskets(c->reader, row, VISITS_OPEN_MAX);
	bool first = true;

	json_put(b, "[");
	for (uint32_t i = 0; i < list->rows; i++) {
		const struct message_inside_is *is = &list->row[i].inside_is;

		if (is->head.type != MESSAGE_INSIDE_IS)
			continue;
		for (uint32_t v = 0; v < is->visits; v++, first = false) {
			json_put(b, first ? "" : ",");
			inside_write(b, is, v,
				     basket_of(row, found > 0 ? (uint32_t)found : 0,
					       is->visit[v].visit));
		}
	}
	json_put(b, "]");
	free(row);
}

/* --- the rest --- */

static void office_write(struct builder *b, const struct message_now_is *n)
{
	uint64_t unsent =
		n->enrolled && n->head_seq > n->acked_seq ? n->head_seq - n->acked_seq : 0;

	json_put(b, "{");
	json_member(b, "road");
	json_text(b, n->enrolled ? carried_word(n->road) : "none");
	json_member(b, "since");
	json_moment(b, (struct wall){n->enrolled ? n->heard_at_ms : 0});
	json_member(b, "unsent");
	json_int(b, (int64_t)unsent);
	json_member(b, "unsent_since");
	json_moment(b, (struct wall){unsent > 0 ? n->unsent_since_ms : 0});
	json_put(b, "}");
}

static void ledger_write(struct builder *b, const struct message_now_is *n)
{
	json_put(b, "{");
	json_member(b, "ok");
	json_bool(b, n->ledger_ok != 0);
	json_int_or_null(b, "free_mb", n->free_mib >= 0, n->free_mib);
	json_member(b, "entries");
	json_int(b, (int64_t)n->head_seq);
	json_put(b, "}");
}

static void on_now(struct counter *c, struct http_request *r, const union message *m)
{
	const struct message_now_is *n = &m->now_is;
	uint32_t size = NOW_JSON_MAX + visits_of(&c->pending.list) * INSIDE_JSON_MAX;
	struct builder b = builder_of(malloc(size), size);

	CHECK(b.data);
	json_put(&b, "{");
	json_member(&b, "at");
	json_time(&b, loop_wall());
	json_currency(&b, &c->config);
	json_member(&b, "doors");
	json_put(&b, "[");
	for (uint32_t i = 0; i < n->doors; i++) {
		json_put(&b, i > 0 ? "," : "");
		json_door(&b, &n->door[i]);
	}
	json_put(&b, "]");
	json_member(&b, "inside");
	inside_list(&b, c);
	json_member(&b, "alarms_open");
	json_int(&b, n->alarms_open);
	json_member(&b, "office");
	office_write(&b, n);
	json_member(&b, "clock");
	json_put(&b, n->clock_trusted ? "{\"trusted\":true}" : "{\"trusted\":false}");
	json_member(&b, "ledger");
	ledger_write(&b, n);
	json_put(&b, "}");
	books_send(c, r, &b);
}

void now_show(struct counter *c, const struct call *call)
{
	union message m;

	message_init(&m, MESSAGE_VIEW, 0);
	m.view.what = VIEW_NOW;
	pending_ask_rows(c, call->request, &m, MESSAGE_NOW_IS, on_now);
}
