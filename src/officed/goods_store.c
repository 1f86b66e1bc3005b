/*
 * goods_store.c: the tables of articles and prices. Nothing is written where nothing would change,
 * so that a list imported again, or a request sent again, tells no shop anything.
 */
#include "officed/goods_store.h"

#include <stdio.h>
#include <string.h>

static void product_of(struct db_rows *rows, struct product *p)
{
	memset(p, 0, sizeof(*p));
	p->gtin.n = (uint64_t)db_col_int(rows, 0);
	snprintf(p->name, sizeof(p->name), "%s", db_col_text(rows, 1));
	p->class = (enum article_class)db_col_int(rows, 2);
	p->state = (enum article_state)db_col_int(rows, 3);
	p->vat_class = (enum vat_class)db_col_int(rows, 4);
	p->vat_bp = db_col_int(rows, 5);
	p->deposit = db_col_int(rows, 6);
	p->reorder = db_col_int(rows, 7);
	snprintf(p->nutrition, sizeof(p->nutrition), "%s", db_col_text(rows, 8));
}

bool product_read(struct office *o, struct gtin gtin, struct product *ret)
{
	struct db_rows *rows;
	bool there;

	db_ask(o->db, &rows,
	       "SELECT gtin, name, class, state, vat_class, vat_bp, deposit, reorder, nutrition"
	       " FROM product WHERE gtin = $1 LIMIT 1",
	       DB_VALUES(db_int((int64_t)gtin.n)));
	there = db_next(rows);
	if (there)
		product_of(rows, ret);
	db_rows_end(rows);
	return there;
}

static bool product_is(const struct product *a, const struct product *b)
{
	return strcmp(a->name, b->name) == 0 && a->class == b->class && a->state == b->state &&
	       a->vat_class == b->vat_class && a->vat_bp == b->vat_bp && a->deposit == b->deposit &&
	       a->reorder == b->reorder && strcmp(a->nutrition, b->nutrition) == 0;
}

bool product_write(struct office *o, const struct product *p, struct wall now)
{
	struct product before;

	if (product_read(o, p->gtin, &before) && product_is(&before, p))
		return false;
	db_do(o->db,
	      "INSERT INTO product(gtin, name, class, state, vat_class, vat_bp, deposit, reorder,"
	      " nutrition, changed_at) VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
	      " ON CONFLICT(gtin) DO UPDATE SET name = excluded.name, class = excluded.class,"
	      " state = excluded.state, vat_class = excluded.vat_class,"
	      " vat_bp = excluded.vat_bp, deposit = excluded.deposit,"
	      " reorder = excluded.reorder, nutrition = excluded.nutrition,"
	      " changed_at = excluded.changed_at",
	      DB_VALUES(db_int((int64_t)p->gtin.n), db_text(p->name), db_int(p->class),
			db_int(p->state), db_int(p->vat_class), db_int(p->vat_bp),
			db_int(p->deposit), db_int(p->reorder), db_text(p->nutrition),
			db_int(now.ms)));
	return true;
}

/** What the scope's own newest price is that has begun at `at`; -1: none. */
static int64_t price_begun(struct office *o, int64_t gtin, const char *scope, int64_t at)
{
	int64_t price = -1;

	db_one(o->db, &price,
	       "SELECT price FROM price WHERE gtin = $1 AND scope = $2 AND valid_from <= $3"
	       " ORDER BY valid_from DESC LIMIT 1",
	       DB_VALUES(db_int(gtin), db_text(scope), db_int(at)));
	return price;
}

static int64_t prices_ahead(struct office *o, int64_t gtin, const char *scope, int64_t now)
{
	int64_t n = 0;

	db_one(o->db, &n,
	       "SELECT count(*) FROM price WHERE gtin = $1 AND scope = $2 AND valid_from > $3"
	       " LIMIT 1",
	       DB_VALUES(db_int(gtin), db_text(scope), db_int(now)));
	return n;
}

enum price_put price_put(struct office *o, struct gtin gtin, const struct scope *scope,
			 int64_t valid_from, int64_t price, struct wall now)
{
	char text[SCOPE_TEXT_MAX + 1];
	int64_t n = (int64_t)gtin.n, old = -1;

	scope_text(scope, text);
	if (valid_from == 0) {
		if (price_begun(o, n, text, now.ms) == price)
			return PRICE_SAME;
		valid_from = now.ms;
	}
	if (db_one(o->db, &old,
		   "SELECT price FROM price WHERE gtin = $1 AND scope = $2 AND valid_from = $3"
		   " LIMIT 1",
		   DB_VALUES(db_int(n), db_text(text), db_int(valid_from))) &&
	    old == price)
		return PRICE_SAME;
	if (old < 0 && valid_from > now.ms && prices_ahead(o, n, text, now.ms) >= PRICES_AHEAD_MAX)
		return PRICE_TOO_MANY;
	db_do(o->db,
	      "INSERT INTO price(gtin, scope, valid_from, price) VALUES($1, $2, $3, $4)"
	      " ON CONFLICT(gtin, scope, valid_from) DO UPDATE SET price = excluded.price",
	      DB_VALUES(db_int(n), db_text(text), db_int(valid_from), db_int(price)));
	return PRICE_NEW;
}

/* --- nutrition, in thousandths per 100 g or ml */

static const struct {
	const char *word;
	int64_t max_milli;
	const char *right;
} nutrition[] = {
	{"energy_kj", 4000000, "0 to 4000"},	{"energy_kcal", 1000000, "0 to 1000"},
	{"fat_g", 100000, "0 to 100"},		{"saturated_fat_g", 100000, "0 to 100"},
	{"carbohydrate_g", 100000, "0 to 100"}, {"sugars_g", 100000, "0 to 100"},
	{"fiber_g", 100000, "0 to 100"},	{"protein_g", 100000, "0 to 100"},
	{"salt_g", 100000, "0 to 100"},
};

const char *nutrition_word(uint32_t i)
{
	return i < ARRAY_LEN(nutrition) ? nutrition[i].word : NULL;
}

bool nutrition_check(const char *word, int64_t milli, const char **ret_right)
{
	for (uint32_t i = 0; i < ARRAY_LEN(nutrition); i++) {
		if (strcmp(nutrition[i].word, word) != 0)
			continue;
		*ret_right = nutrition[i].right;
		return milli >= 0 && milli <= nutrition[i].max_milli;
	}
	*ret_right = "";
	return false;
}

void nutrition_put(char text[NUTRITION_MAX + 1], const char *word, int64_t milli)
{
	size_t len = strlen(text);
	char part[8] = "";

	if (milli % 1000 != 0) {
		size_t end = (size_t)snprintf(part, sizeof(part), ".%03d", (int)(milli % 1000));

		while (part[end - 1] == '0')
			part[--end] = '\0';
	}
	snprintf(text + len, NUTRITION_MAX + 1 - len, "%s\"%s\":%lld%s", len ? "," : "{", word,
		 (long long)(milli / 1000), part);
	CHECK(strlen(text) + 1 < NUTRITION_MAX);
}

void nutrition_end(char text[NUTRITION_MAX + 1])
{
	size_t len = strlen(text);

	if (len > 0)
		memcpy(text + len, "}", 2);
}
