/* goods_prices.c: a price from a moment on, in a scope: said, taken back. */
#include <stdio.h>
#include <string.h>

#include "officed/goods_products.h"

struct pricing {
	struct office *o;
	const struct ask *a;
	struct reply *r;
	struct gtin gtin;
	struct scope scope;
	int64_t valid_from; /* 0: now */
	int64_t price;
	bool gone;
	char currency[CURRENCY_SIZE];
};

static bool article_there(struct pricing *p)
{
	int64_t one;

	if (db_one(p->o->db, &one, "SELECT 1 FROM product WHERE gtin = $1 LIMIT 1",
		   DB_VALUES(db_int((int64_t)p->gtin.n))))
		return true;
	if (!db_failed(p->o->db))
		reply_problem(p->r, 404, "unknown_article",
			      "There is no article of this GTIN: make it first.");
	return false;
}

static int put_work(struct db *d, void *data)
{
	struct pricing *p = data;

	office_currency(p->o, p->currency);
	if (!article_there(p) || !scope_there(p->o, &p->scope, p->r))
		return db_failed(d) ? db_failed(d) : WORK_REFUSED;
	switch (price_put(p->o, p->gtin, &p->scope, p->valid_from, p->price, p->a->now)) {
	case PRICE_SAME:
		break;
	case PRICE_NEW:
		goods_tell(p->o, (int64_t)p->gtin.n, &p->scope, 0, p->a->now);
		break;
	case PRICE_TOO_MANY:
		reply_problem(p->r, 409, "too_many_prices",
			      "%d prices are to come here already: take one back first.",
			      PRICES_AHEAD_MAX);
		return WORK_REFUSED;
	}
	return db_failed(d);
}

static bool moment_read(const char *text, int64_t *ret, struct reply *r)
{
	struct wall at;

	if (wall_parse(text, (uint32_t)strlen(text), &at) && at.ms > 0 && at.ms <= VALID_FROM_MAX) {
		*ret = at.ms;
		return true;
	}
	reply_problem(r, 422, "bad_valid_from",
		      "valid_from is a time like 2026-12-01T00:00:00Z, or with its offset.");
	return false;
}

static bool price_take(struct pricing *p, const json_t *body)
{
	static const char *const members[] = {"scope", "valid_from", "price_minor", NULL};
	const char *from = NULL;

	return json_only(body, members, p->r) && scope_take(body, &p->scope, p->r) &&
	       json_take_int(body, "price_minor", true, 0, PRICE_MAX, &p->price, p->r) &&
	       json_take_text(body, "valid_from", false, 40, &from, p->r) &&
	       (!from || moment_read(from, &p->valid_from, p->r)) &&
	       scope_may(p->a, RIGHT_GOODS, &p->scope, p->r);
}

/** PUT /v1/products/{gtin}/prices {"scope", "valid_from", "price_minor"} */
int product_price_set(struct office *o, const struct ask *a, struct reply *r)
{
	struct pricing p = {.o = o, .a = a, .r = r};
	json_t *body;
	int error = 0;

	if (!gtin_read(a->param[0], &p.gtin, r))
		return 0;
	body = ask_json(a, r);
	if (!body)
		return 0;
	if (price_take(&p, body)) {
		error = db_transact(o->db, put_work, &p);
		if (error == 0)
			reply_json(r, 200,
				   json_pack("{s:o, s:o, s:I, s:s}", "scope", json_scope(&p.scope),
					     "valid_from",
					     json_wall(p.valid_from ? p.valid_from : a->now.ms),
					     "price_minor", (json_int_t)p.price, "currency",
					     p.currency));
	}
	json_decref(body);
	return work_answered(error);
}

static int gone_work(struct db *d, void *data)
{
	struct pricing *p = data;
	char text[SCOPE_TEXT_MAX + 1];

	scope_text(&p->scope, text);
	if (db_do(d, "DELETE FROM price WHERE gtin = $1 AND scope = $2 AND valid_from = $3",
		  DB_VALUES(db_int((int64_t)p->gtin.n), db_text(text), db_int(p->valid_from))) == 1)
		goods_tell(p->o, (int64_t)p->gtin.n, &p->scope, p->valid_from, p->a->now);
	return db_failed(d);
}

/** DELETE /v1/products/{gtin}/prices?scope=&valid_from= */
int product_price_delete(struct office *o, const struct ask *a, struct reply *r)
{
	struct pricing p = {.o = o, .a = a, .r = r};
	const char *scope = ask_query(a, "scope"), *from = ask_query(a, "valid_from");
	int error;

	if (!gtin_read(a->param[0], &p.gtin, r) || !scope_read(scope ? scope : "", &p.scope, r) ||
	    !moment_read(from ? from : "", &p.valid_from, r) ||
	    !scope_may(a, RIGHT_GOODS, &p.scope, r))
		return 0;
	error = db_transact(o->db, gone_work, &p);
	if (error == 0)
		reply_bytes(r, 204, NULL, NULL, 0);
	return error;
}
