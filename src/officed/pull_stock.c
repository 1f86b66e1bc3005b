/*
 * pull_stock.c: GET /v1/stock: what stands on the shelves, article by article, and by cursor only
 * what has moved since.
 *
 * A round is a stretch of batches, from the cursor's to the newest one when it began; its pages go
 * by shop and article. A row is as it is when its page is read: one that moves while the round goes
 * on may be told newer than the round, and comes again in the next.
 *
 * Cursor: "N" all up to batch N was told; "N-M-SHOP-GTIN" within the round of N to M, after that
 * article.
 */
#include <stdio.h>
#include <stdlib.h>

#include "officed/pull.h"

struct stock {
	const struct ask *a;
	const char *shop;
	int64_t from, to; /* batches after `from`, up to `to`; to 0: a round begins */
	char after_shop[PLACE_MAX_LEN + 1];
	int64_t after_gtin, limit;
	/* the answer in the making */
	json_t *rows;
	bool full;
	int64_t round_to, at_gtin;
	char at_shop[PLACE_MAX_LEN + 1];
};

/* --- the cursor */

static bool take_number(const char **text, int64_t *ret)
{
	char *end;

	if (**text < '0' || **text > '9' || strspn(*text, "0123456789") > 18)
		return false;
	*ret = strtoll(*text, &end, 10);
	*text = end;
	return true;
}

static bool take_dash(const char **text)
{
	return *(*text)++ == '-';
}

/* A shop's name may have dashes in it: what follows the last one is the article. */
static bool cursor_parse(const char *text, struct stock *s)
{
	const char *last;
	size_t len;

	if (!take_number(&text, &s->from))
		return false;
	if (*text == '\0')
		return true;
	if (!take_dash(&text) || !take_number(&text, &s->to) || !take_dash(&text))
		return false;
	last = strrchr(text, '-');
	len = last ? (size_t)(last - text) : 0;
	if (len == 0 || len > PLACE_MAX_LEN || !place_valid(text, (uint32_t)len))
		return false;
	memcpy(s->after_shop, text, len);
	text = last + 1;
	return take_number(&text, &s->after_gtin) && *text == '\0' && s->to >= s->from;
}

static json_t *cursor_json(const struct stock *s)
{
	if (!s->full)
		return json_sprintf("%lld", (long long)s->round_to);
	return json_sprintf("%lld-%lld-%s-%lld", (long long)s->from, (long long)s->round_to,
			    s->at_shop, (long long)s->at_gtin);
}

/* --- rows */

#define COLUMNS                                                                                    \
	"SELECT t.shop, t.gtin, t.on_hand_milli, t.unit_cost, t.seq, s.currency, p.name FROM "
#define JOINED                                                                                     \
	" JOIN shop s ON s.shop = t.shop LEFT JOIN product p ON p.gtin = t.gtin"                   \
	" WHERE (t.shop > $1 OR (t.shop = $1 AND t.gtin > $2))"
#define MOVED                                                                                      \
	"(SELECT shop, min(first_seq) AS low FROM arrival WHERE n > $4 AND n <= $5 AND moves > 0"
#define MOVED_END " GROUP BY shop) a JOIN stock t ON t.shop = a.shop AND t.seq >= a.low" JOINED
#define END	  " ORDER BY t.shop, t.gtin LIMIT $3"

static void ask_rows(struct db *d, const struct stock *s, struct db_rows **ret)
{
	struct db_value v[] = {
		db_text(s->after_shop), db_int(s->after_gtin), db_int(1 + s->limit),
		db_int(s->from),	db_int(s->round_to),   db_text(s->shop),
	};

	/* a first round tells all there is: what ever moved */
	if (s->from == 0 && s->shop[0] == '\0')
		db_ask(d, ret, COLUMNS "stock t" JOINED END, 3, v);
	else if (s->from == 0)
		db_ask(d, ret, COLUMNS "stock t" JOINED " AND t.shop = $4" END,
		       DB_VALUES(v[0], v[1], v[2], v[5]));
	else if (s->shop[0] == '\0')
		db_ask(d, ret, COLUMNS MOVED MOVED_END END, 5, v);
	else
		db_ask(d, ret, COLUMNS MOVED " AND shop = $6" MOVED_END END, 6, v);
}

static json_t *row_json(struct db_rows *rows)
{
	json_t *o = json_object();

	json_object_set_new(o, "shop", json_string(db_col_text(rows, 0)));
	json_object_set_new(o, "gtin", pull_gtin(db_col_int(rows, 1)));
	json_object_set_new(o, "name",
			    db_col_null(rows, 6) ? json_null() : json_string(db_col_text(rows, 6)));
	json_object_set_new(o, "on_hand", json_integer(db_col_int(rows, 2)));
	json_object_set_new(o, "unit_cost_minor", json_integer(db_col_int(rows, 3)));
	json_object_set_new(o, "seq", json_integer(db_col_int(rows, 4)));
	json_object_set_new(o, "currency", json_string(db_col_text(rows, 5)));
	return o;
}

static void take_rows(struct db *d, struct stock *s)
{
	struct db_rows *rows;
	int64_t looked = 0;

	ask_rows(d, s, &rows);
	while (db_next(rows)) {
		const char *shop = db_col_text(rows, 0);

		s->full = looked == s->limit;
		if (s->full)
			break;
		looked++;
		snprintf(s->at_shop, sizeof(s->at_shop), "%s", shop);
		s->at_gtin = db_col_int(rows, 1);
		if (who_may(&s->a->who, RIGHT_PULL, shop))
			json_array_append_new(s->rows, row_json(rows));
	}
	db_rows_end(rows);
}

static int read_page(struct db *d, void *data)
{
	struct stock *s = data;

	json_decref(s->rows);
	s->rows = json_array();
	s->full = false;
	s->round_to = s->to;
	if (s->to == 0 &&
	    !db_one(d, &s->round_to, "SELECT n FROM arrival ORDER BY n DESC LIMIT 1", 0, NULL))
		s->round_to = s->from;
	/* an office that was put back to an older state: what it has now is told from its start */
	if (s->round_to < s->from)
		s->from = 0;
	if (s->round_to > s->from || s->to != 0)
		take_rows(d, s);
	return db_failed(d);
}

static bool ask_stock(struct stock *s, const struct ask *a, struct reply *r)
{
	const char *after = ask_query(a, "after");
	struct pull_page p;
	struct ask without = *a;

	/* everything but the cursor is asked for as of any page */
	for (uint32_t i = 0; i < without.queries; i++)
		if (strcmp(without.query[i].name, "after") == 0)
			without.query[i].name = "";
	if (!pull_page_ask(&p, &without, r))
		return false;
	*s = (struct stock){.a = a, .shop = p.shop, .limit = p.limit};
	if (!after || cursor_parse(after, s))
		return true;
	reply_problem(r, 400, "malformed", "`after` is what the page before gave as `next`.");
	return false;
}

int pull_stock(struct office *o, const struct ask *a, struct reply *r)
{
	struct stock s;
	json_t *page;
	int result;

	if (!ask_stock(&s, a, r))
		return 0;
	result = db_read(o->db, read_page, &s);
	if (result < 0) {
		json_decref(s.rows);
		return result;
	}
	page = json_object();
	json_object_set_new(page, "stock", s.rows);
	json_object_set_new(page, "next", cursor_json(&s));
	json_object_set_new(page, "up_to_date", json_boolean(!s.full));
	pull_send(a, r, page);
	return 0;
}
