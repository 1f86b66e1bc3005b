/*
 * pull_days.c: GET /v1/sales?by=day&shop=SHOP&from=DAY&to=DAY: what was sold on each day of a shop,
 * by VAT rate and class of goods, as it holds now: lines that were taken back before their invoice
 * are not in it. Days are those of the shop's own time zone.
 */
#include "officed/pull.h"

#define DAY_MS INT64_C(86400000)

enum {
	DAYS_MAX = 366,
	GROUPS_MAX = 20000, /* days × VAT rates × classes, and more: nobody has so many rates */
};

struct days {
	const struct ask *a;
	const char *shop;
	struct day from, to;
	json_t *rows;
	bool known, past;
};

static void put(json_t *o, const char *name, int64_t value)
{
	json_object_set_new(o, name, json_integer(value));
}

static json_t *row_json(struct db_rows *rows, const char *currency)
{
	int64_t class = db_col_int(rows, 2);
	json_t *o = json_object();

	json_object_set_new(o, "day", pull_day(db_col_int(rows, 0)));
	put(o, "vat_bp", db_col_int(rows, 1));
	json_object_set_new(o, "class",
			    class >= 0 && class < ARTICLE_CLASSES
				    ? json_string(article_class_word((enum article_class) class))
				    : json_null());
	put(o, "line_count", db_col_int(rows, 3));
	put(o, "total_minor", db_col_int(rows, 4));
	put(o, "vat_minor", db_col_int(rows, 5));
	put(o, "deposit_minor", db_col_int(rows, 6));
	json_object_set_new(o, "currency", json_string(currency));
	return o;
}

static bool read_currency(struct db *d, struct days *x, char currency[CURRENCY_SIZE])
{
	struct db_rows *rows;

	db_ask(d, &rows, "SELECT currency FROM shop WHERE shop = $1 LIMIT 1",
	       DB_VALUES(db_text(x->shop)));
	x->known = db_next(rows);
	memset(currency, 0, CURRENCY_SIZE);
	strncpy(currency, db_col_text(rows, 0), CURRENCY_SIZE - 1);
	db_rows_end(rows);
	return x->known;
}

/* No month is closed while a line's day is not sure, and none is bought after the day it came in:
 * so a close before the first day wanted stands behind every line of that day. An index by day
 * would cost every line that ever comes in more than this does. */
static int64_t first_line(struct db *d, const struct days *x)
{
	int64_t seq = 0, day_before_ms = (x->from.n - 1) * DAY_MS;

	if (!db_one(d, &seq,
		    "SELECT p.seq FROM period_closed p JOIN entry e ON e.shop = p.shop AND"
		    " e.seq = p.seq WHERE p.shop = $1 AND e.at < $2 ORDER BY p.seq DESC LIMIT 1",
		    DB_VALUES(db_text(x->shop), db_int(day_before_ms))))
		return 0;
	return seq;
}

static int read_days(struct db *d, void *data)
{
	struct days *x = data;
	char currency[CURRENCY_SIZE];
	struct db_rows *rows;

	json_decref(x->rows);
	x->rows = json_array();
	x->past = false;
	if (!read_currency(d, x, currency))
		return db_failed(d);
	db_ask(d, &rows,
	       "SELECT bought, vat_bp, class, CAST(count(*) AS BIGINT),"
	       " CAST(sum(total) AS BIGINT), CAST(sum(vat) AS BIGINT),"
	       " CAST(sum(deposit) AS BIGINT) FROM line WHERE shop = $1 AND seq > $5"
	       " AND bought >= $2 AND bought <= $3 AND voided = 0 AND credited = 0"
	       " GROUP BY bought, vat_bp, class ORDER BY bought, vat_bp, class LIMIT $4",
	       DB_VALUES(db_text(x->shop), db_int(x->from.n), db_int(x->to.n),
			 db_int(GROUPS_MAX + 1), db_int(first_line(d, x))));
	while (db_next(rows))
		json_array_append_new(x->rows, row_json(rows, currency));
	db_rows_end(rows);
	x->past = json_array_size(x->rows) > GROUPS_MAX;
	return db_failed(d);
}

static bool ask_day(const struct ask *a, const char *name, struct day *ret, struct reply *r)
{
	const char *text = ask_query(a, name);

	if (text && day_parse(text, (uint32_t)strlen(text), ret))
		return true;
	reply_problem(r, 400, "malformed", "`%s` is a day, like 2026-10-31.", name);
	return false;
}

static bool ask_days(struct days *x, const struct ask *a, struct reply *r)
{
	const char *shop = ask_query(a, "shop");

	if (!shop || !place_valid(shop, (uint32_t)strlen(shop))) {
		reply_problem(r, 400, "malformed", "Say of which `shop` the days are wanted.");
		return false;
	}
	if (!who_may(&a->who, RIGHT_PULL, shop)) {
		reply_problem(r, 403, "forbidden", "You may not see shop %s.", shop);
		return false;
	}
	x->shop = shop;
	if (!ask_day(a, "from", &x->from, r) || !ask_day(a, "to", &x->to, r))
		return false;
	if (x->to.n >= x->from.n && x->to.n - x->from.n < DAYS_MAX)
		return true;
	reply_problem(r, 400, "malformed", "`to` is not before `from`, and less than %d days on.",
		      DAYS_MAX);
	return false;
}

int pull_days(struct office *o, const struct ask *a, struct reply *r)
{
	struct days x = {.a = a};
	int result;

	if (!ask_days(&x, a, r))
		return 0;
	result = db_read(o->db, read_days, &x);
	if (result == 0 && !x.known)
		reply_problem(r, 404, "unknown_shop", "There is no shop %s.", x.shop);
	else if (result == 0 && x.past)
		reply_problem(r, 422, "too_many", "That is too much at once: ask for fewer days.");
	else if (result == 0)
		pull_send(a, r, json_pack("{s:s, s:O}", "shop", x.shop, "days", x.rows));
	json_decref(x.rows);
	return result;
}
