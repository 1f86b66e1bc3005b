/* goods_list.c: articles page by page, found by a piece of name or of number, and with ?shop= each
 * with the price that holds there. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "officed/goods_products.h"
#include "officed/page.h"

struct listing {
	struct office *o;
	const struct ask *a;
	struct reply *r;
	int64_t after, limit, state; /* state -1: all */
	const char *shop;
	char pattern[4 * ARTICLE_NAME_MAX], digits[GTIN_TEXT_MAX + 3];
	json_t *items;
	int64_t last;
	bool more;
};

/** When the price that holds in the shop now began to: a step that has begun does not say. */
static int64_t price_began(struct listing *l, int64_t gtin, const char *group)
{
	char of_group[PLACE_MAX_LEN + 8], of_shop[PLACE_MAX_LEN + 8];
	int64_t began = 0;

	snprintf(of_group, sizeof(of_group), "group:%s", group);
	snprintf(of_shop, sizeof(of_shop), "shop:%s", l->shop);
	db_one(l->o->db, &began,
	       "SELECT valid_from FROM price WHERE gtin = $1 AND scope IN ('', $2, $3) AND"
	       " valid_from <= $4 ORDER BY CASE scope WHEN '' THEN 0 WHEN $2 THEN 1 ELSE 2 END"
	       " DESC, valid_from DESC LIMIT 1",
	       DB_VALUES(db_int(gtin), db_text(of_group), db_text(of_shop), db_int(l->a->now.ms)));
	return began;
}

/** The price that holds in the shop now: the step that has begun. */
static void price_add(struct listing *l, json_t *item, int64_t gtin, const char *group,
		      const char *currency)
{
	struct price_pages *p = price_pages_new(l->o, l->shop, group, l->a->now);
	struct sync_change c[PRICE_STEPS_MAX];
	json_t *prices = json_array();
	uint32_t n = 0;
	int64_t found = 0;

	if (price_pages_next(p, gtin - 1, c, &n, &found) && found == gtin)
		for (uint32_t i = 0; i < n; i++)
			json_array_append_new(
				prices, json_pack("{s:o, s:I, s:s}", "valid_from",
						  json_wall(c[i].article.valid_from.ms > 0
								    ? c[i].article.valid_from.ms
								    : price_began(l, gtin, group)),
						  "price_minor",
						  (json_int_t)money_minor(c[i].article.price),
						  "currency", currency));
	json_object_set_new(item, "prices", prices);
	price_pages_free(p);
}

static bool group_read(struct listing *l, char group[PLACE_MAX_LEN + 1])
{
	struct db_rows *rows;
	bool there;

	db_ask(l->o->db, &rows, "SELECT shop_group FROM shop WHERE shop = $1 LIMIT 1",
	       DB_VALUES(db_text(l->shop)));
	there = db_next(rows);
	snprintf(group, PLACE_MAX_LEN + 1, "%s", db_col_text(rows, 0));
	db_rows_end(rows);
	if (!there && !db_failed(l->o->db))
		reply_problem(l->r, 404, "unknown_shop", "There is no shop of this name.");
	return there;
}

static int list_work(struct db *d, void *data)
{
	struct listing *l = data;
	char currency[CURRENCY_SIZE], group[PLACE_MAX_LEN + 1] = "";
	struct db_rows *rows;
	struct gtin gtin;
	struct product p;

	json_array_clear(l->items);
	l->more = false;
	office_currency(l->o, currency);
	if (l->shop && !group_read(l, group))
		return db_failed(d) ? db_failed(d) : WORK_REFUSED;
	db_ask(d, &rows,
	       "SELECT gtin FROM product WHERE gtin > $1 AND ($2 < 0 OR state = $2)"
	       " AND ($3 = '' OR lower(name) LIKE $3 ESCAPE '\\' OR CAST(gtin AS TEXT) LIKE $5)"
	       " ORDER BY gtin LIMIT $4",
	       DB_VALUES(db_int(l->after), db_int(l->state), db_text(l->pattern),
			 db_int(l->limit + 1), db_text(l->digits)));
	while (db_next(rows)) {
		l->more = (int64_t)json_array_size(l->items) == l->limit;
		if (l->more)
			break;
		gtin.n = (uint64_t)db_col_int(rows, 0);
		if (!product_read(l->o, gtin, &p))
			continue;
		json_t *item = product_json(&p, currency);

		l->last = (int64_t)gtin.n;
		if (l->shop)
			price_add(l, item, l->last, group, currency);
		json_array_append_new(l->items, item);
	}
	db_rows_end(rows);
	return db_failed(d);
}

static bool list_read(struct listing *l)
{
	const char *q = ask_query(l->a, "q"), *state = ask_query(l->a, "state");
	const char *shop = ask_query(l->a, "shop");
	enum article_state word;

	l->state = -1;
	if (!page_limit(l->a, &l->limit, l->r) ||
	    !ask_query_int(l->a, "after", 0, INT64_C(99999999999999), 0, &l->after, l->r))
		return false;
	if (state && !article_state_parse(state, &word)) {
		reply_problem(l->r, 400, "malformed", "state is sold, recalled or expired.");
		return false;
	}
	if (state)
		l->state = word;
	if (q && q[0] && !page_pattern(q, l->pattern, sizeof(l->pattern))) {
		reply_problem(l->r, 400, "malformed", "q is too long.");
		return false;
	}
	if (q && strspn(q, "0123456789") == strlen(q) && strlen(q) <= GTIN_TEXT_MAX) {
		q += strspn(q, "0"); /* numbers are kept without them */
		snprintf(l->digits, sizeof(l->digits), q[0] ? "%%%s%%" : "%s", q);
	}
	if (shop && !who_may(&l->a->who, RIGHT_GOODS, shop)) {
		reply_problem(l->r, 403, "forbidden", "You have no such right over this shop.");
		return false;
	}
	l->shop = shop;
	return true;
}

/** GET /v1/products?after=&limit=&q=&state=&shop= */
int product_list(struct office *o, const struct ask *a, struct reply *r)
{
	struct listing l = {.o = o, .a = a, .r = r};
	char next[24] = "";
	int error;

	if (!list_read(&l))
		return 0;
	l.items = json_array();
	error = db_read(o->db, list_work, &l);
	if (l.more)
		snprintf(next, sizeof(next), "%" PRId64, l.last);
	if (error == 0)
		reply_json(r, 200,
			   json_pack("{s:O, s:o}", "products", l.items, "next",
				     l.more ? json_string(next) : json_null()));
	json_decref(l.items);
	return work_answered(error);
}
