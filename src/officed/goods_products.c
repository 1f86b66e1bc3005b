/*
 * goods_products.c: one article: made, changed, recalled, shown, taken away. What a PUT does not
 * say stays as it was; a new article has to have a name and say how it is taxed, for a wrong VAT
 * rate is found by the tax office and a missing one by us.
 */
#include "officed/goods_products.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

struct setting {
	struct office *o;
	const struct ask *a;
	struct reply *r;
	struct gtin gtin;
	const json_t *body;
	struct product product;
	json_t *answer;
};

bool gtin_read(const char *text, struct gtin *ret, struct reply *r)
{
	if (gtin_parse(text, (uint32_t)strlen(text), ret))
		return true;
	reply_problem(r, 400, "malformed",
		      "A GTIN has 8, 12, 13 or 14 digits, the last of which checks the others.");
	return false;
}

json_t *product_json(const struct product *p, const char *currency)
{
	char gtin[GTIN_TEXT_MAX + 1];
	json_t *j, *nutrition = p->nutrition[0] ? json_loads(p->nutrition, 0, NULL) : NULL;

	gtin_text(p->gtin, gtin);
	j = json_pack("{s:s, s:s, s:s, s:s, s:s, s:I, s:I, s:s, s:o}", "gtin", gtin, "name",
		      p->name, "class", article_class_word(p->class), "state",
		      article_state_word(p->state), "vat",
		      p->vat_class == VAT_FIXED ? "fixed" : vat_class_word(p->vat_class),
		      "deposit_minor", (json_int_t)p->deposit, "reorder", (json_int_t)p->reorder,
		      "currency", currency, "nutrition", nutrition ? nutrition : json_null());
	if (p->vat_class == VAT_FIXED)
		json_object_set_new(j, "vat_bp", json_integer(p->vat_bp));
	return j;
}

/* --- reading one */

static bool words_take(const json_t *body, struct product *p, struct reply *r)
{
	const char *class = NULL, *state = NULL, *vat = NULL;

	if (!json_take_text(body, "class", false, 16, &class, r) ||
	    !json_take_text(body, "state", false, 16, &state, r) ||
	    !json_take_text(body, "vat", false, 16, &vat, r))
		return false;
	if (class && !article_class_parse(class, &p->class))
		reply_problem(r, 422, "bad_class",
			      "class is grocery, household, alcohol, tobacco or medicine.");
	else if (state && !article_state_parse(state, &p->state))
		reply_problem(r, 422, "bad_state", "state is sold, recalled or expired.");
	else if (vat && (!vat_class_parse(vat, &p->vat_class) || p->vat_class == VAT_FIXED))
		reply_problem(r, 422, "bad_vat",
			      "vat is food, standard, restaurant, culture or none; a rate that no "
			      "date changes is vat_bp.");
	else
		return true;
	return false;
}

static bool vat_bp_take(const json_t *body, struct product *p, struct reply *r)
{
	int64_t bp = -1;

	if (!json_take_int(body, "vat_bp", false, 0, 10000, &bp, r))
		return false;
	if (bp >= 0 && json_object_get(body, "vat")) {
		reply_problem(r, 422, "bad_vat", "Say vat or vat_bp, not both.");
		return false;
	}
	if (bp >= 0) {
		p->vat_class = VAT_FIXED;
		p->vat_bp = bp;
	} else if (p->vat_class != VAT_FIXED) {
		p->vat_bp = 0;
	}
	return true;
}

static bool name_take(const json_t *body, struct product *p, struct reply *r)
{
	const char *name = NULL;

	if (!json_take_text(body, "name", false, ARTICLE_NAME_MAX, &name, r))
		return false;
	if (!name)
		return true;
	if (!name[0]) {
		reply_problem(r, 422, "bad_name",
			      "An article has a name: shops take none without.");
		return false;
	}
	for (uint32_t at = 0, len = (uint32_t)strlen(name); at < len;) {
		uint32_t code = 0, one = utf8_one(name + at, len - at, &code);

		if (one == 0 || utf8_harmful(code)) {
			reply_problem(r, 422, "bad_name",
				      "The name holds a character that nobody can see.");
			return false;
		}
		at += one;
	}
	snprintf(p->name, sizeof(p->name), "%s", name);
	return true;
}

/** In thousandths; -1 for what is no number that could stand here. */
static int64_t milli_of(const json_t *value)
{
	if (!json_is_number(value) || !(json_number_value(value) >= 0) ||
	    json_number_value(value) > 1000000)
		return -1;
	return (int64_t)(json_number_value(value) * 1000 + 0.5);
}

static bool nutrition_take(const json_t *body, struct product *p, struct reply *r)
{
	json_t *n = json_object_get(body, "nutrition"), *value;
	const char *word, *right = "";

	if (!n)
		return true;
	memset(p->nutrition, 0, sizeof(p->nutrition));
	if (json_is_null(n))
		return true;
	if (!json_is_object(n)) {
		reply_problem(r, 422, "bad_nutrition",
			      "nutrition is an object like {\"fat_g\": 1.5}, per 100 g or ml.");
		return false;
	}
	json_object_foreach(n, word, value)
	{
		if (!nutrition_check(word, milli_of(value), &right)) {
			reply_problem(r, 422, "bad_nutrition",
				      right[0] ? "nutrition: %.32s per 100 g or ml is a number, %s."
					       : "nutrition knows no '%.32s'.%s",
				      word, right);
			return false;
		}
	}
	for (uint32_t i = 0; nutrition_word(i); i++) {
		value = json_object_get(n, nutrition_word(i));
		if (value)
			nutrition_put(p->nutrition, nutrition_word(i), milli_of(value));
	}
	nutrition_end(p->nutrition);
	return true;
}

static bool product_take(const json_t *body, struct product *p, struct reply *r)
{
	return name_take(body, p, r) && words_take(body, p, r) && vat_bp_take(body, p, r) &&
	       json_take_int(body, "deposit_minor", false, 0, DEPOSIT_MAX, &p->deposit, r) &&
	       json_take_int(body, "reorder", false, 0, UINT16_MAX, &p->reorder, r) &&
	       nutrition_take(body, p, r);
}

/** A new one cannot be guessed at. */
static bool new_whole(const json_t *body, struct reply *r)
{
	if (json_object_get(body, "name") &&
	    (json_object_get(body, "vat") || json_object_get(body, "vat_bp")))
		return true;
	reply_problem(r, 422, "incomplete",
		      "There is no such article yet: a new one needs name, and vat or vat_bp.");
	return false;
}

static bool price_take(struct setting *s, bool *changed)
{
	static const struct scope all = {.kind = SCOPE_ALL};
	int64_t price = -1;

	if (!json_take_int(s->body, "price_minor", false, 0, PRICE_MAX, &price, s->r))
		return false;
	if (price >= 0 && price_put(s->o, s->gtin, &all, 0, price, s->a->now) == PRICE_NEW)
		*changed = true;
	return true;
}

static int set_work(struct db *d, void *data)
{
	struct setting *s = data;
	struct product p = {.gtin = s->gtin};
	char currency[CURRENCY_SIZE];
	bool there = product_read(s->o, s->gtin, &p), changed;

	if (db_failed(d))
		return db_failed(d);
	if ((!there && !new_whole(s->body, s->r)) || !product_take(s->body, &p, s->r))
		return WORK_REFUSED;
	changed = product_write(s->o, &p, s->a->now);
	if (!price_take(s, &changed))
		return WORK_REFUSED;
	if (changed)
		goods_tell(s->o, (int64_t)s->gtin.n, &(struct scope){.kind = SCOPE_ALL}, 0,
			   s->a->now);
	office_currency(s->o, currency);
	json_decref(s->answer);
	s->answer = product_json(&p, currency);
	return db_failed(d);
}

/** PUT /v1/products/{gtin} */
int product_set(struct office *o, const struct ask *a, struct reply *r)
{
	static const char *const members[] = {
		"name",		 "class",   "state",	 "vat",		"vat_bp",
		"deposit_minor", "reorder", "nutrition", "price_minor", NULL};
	struct setting s = {.o = o, .a = a, .r = r};
	json_t *body;
	int error = 0;

	if (!gtin_read(a->param[0], &s.gtin, r) ||
	    !scope_may(a, RIGHT_GOODS, &(struct scope){.kind = SCOPE_ALL}, r))
		return 0;
	body = ask_json(a, r);
	if (!body)
		return 0;
	s.body = body;
	if (json_only(body, members, r))
		error = db_transact(o->db, set_work, &s);
	if (error == 0 && s.answer) {
		reply_json(r, 200, json_incref(s.answer));
	}
	json_decref(s.answer);
	json_decref(body);
	return work_answered(error);
}

/* --- showing */

/** All prices of the article that hold somewhere or are to come. */
static json_t *prices_json(struct office *o, int64_t gtin, const char *currency, struct wall now)
{
	json_t *list = json_array();
	struct db_rows *rows;

	db_ask(o->db, &rows,
	       "SELECT scope, valid_from, price FROM price p WHERE gtin = $1 AND (valid_from > $2"
	       " OR valid_from = (SELECT max(q.valid_from) FROM price q WHERE q.gtin = p.gtin AND"
	       " q.scope = p.scope AND q.valid_from <= $2)) ORDER BY scope, valid_from LIMIT 5000",
	       DB_VALUES(db_int(gtin), db_int(now.ms)));
	while (db_next(rows))
		json_array_append_new(
			list, json_pack("{s:s, s:o, s:I, s:s}", "scope", db_col_text(rows, 0),
					"valid_from", json_wall(db_col_int(rows, 1)), "price_minor",
					(json_int_t)db_col_int(rows, 2), "currency", currency));
	db_rows_end(rows);
	return list;
}

static int show_work(struct db *d, void *data)
{
	struct setting *s = data;
	char currency[CURRENCY_SIZE];

	json_decref(s->answer);
	s->answer = NULL;
	if (!product_read(s->o, s->gtin, &s->product)) {
		if (db_failed(d))
			return db_failed(d);
		reply_problem(s->r, 404, "unknown_article", "There is no article of this GTIN.");
		return WORK_REFUSED;
	}
	office_currency(s->o, currency);
	s->answer = product_json(&s->product, currency);
	json_object_set_new(s->answer, "prices",
			    prices_json(s->o, (int64_t)s->gtin.n, currency, s->a->now));
	return db_failed(d);
}

/** GET /v1/products/{gtin} */
int product_show(struct office *o, const struct ask *a, struct reply *r)
{
	struct setting s = {.o = o, .a = a, .r = r};
	int error;

	if (!gtin_read(a->param[0], &s.gtin, r))
		return 0;
	error = db_read(o->db, show_work, &s);
	if (error == 0)
		reply_json(r, 200, json_incref(s.answer));
	json_decref(s.answer);
	return work_answered(error);
}

static int delete_work(struct db *d, void *data)
{
	struct setting *s = data;
	struct sync_change c = {.kind = SYNC_ARTICLE_GONE, .article_gone = s->gtin};

	if (db_do(d, "DELETE FROM product WHERE gtin = $1",
		  DB_VALUES(db_int((int64_t)s->gtin.n))) == 1) {
		db_do(d, "DELETE FROM price WHERE gtin = $1",
		      DB_VALUES(db_int((int64_t)s->gtin.n)));
		feed_add_scope(s->o, "", &c, s->a->now);
	}
	return db_failed(d);
}

/** DELETE /v1/products/{gtin}: it is sold nowhere any more; what was sold stays as it is. */
int product_delete(struct office *o, const struct ask *a, struct reply *r)
{
	struct setting s = {.o = o, .a = a, .r = r};
	int error;

	if (!gtin_read(a->param[0], &s.gtin, r) ||
	    !scope_may(a, RIGHT_GOODS, &(struct scope){.kind = SCOPE_ALL}, r))
		return 0;
	error = db_transact(o->db, delete_work, &s);
	if (error == 0)
		reply_bytes(r, 204, NULL, NULL, 0);
	return error;
}
