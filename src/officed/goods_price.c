/*
 * goods_price.c: from the table of prices to what a shop is told.
 *
 * A price stands for a scope and a moment. In a shop, at any moment, the narrowest scope holds that
 * has a price which has begun; so a price to come in one scope may make no difference there, or
 * only after another has begun. A shop is therefore told every moment at which anything begins in
 * a scope of its own, with the price that holds then: it needs to know no scopes, and a price that
 * was taken away is told as what holds instead of it.
 *
 * Shops are told in classes: those with a price of their own one by one, those of a group with one
 * together, all others together.
 */
#include "officed/goods_price.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	PAGE_PRODUCTS = 200,
	PAGE_PRICES = PAGE_PRODUCTS * PRICE_STEPS_MAX,
};

/** What holds at a moment. */
static const struct price_row *price_at(const struct price_row *row, uint32_t rows, int64_t at)
{
	const struct price_row *best = NULL;

	for (uint32_t i = 0; i < rows; i++)
		if (row[i].valid_from <= at &&
		    (!best || row[i].kind > best->kind ||
		     (row[i].kind == best->kind && row[i].valid_from > best->valid_from)))
			best = &row[i];
	return best;
}

/** The next moment after `at` at which anything begins; INT64_MAX: none. */
static int64_t next_moment(const struct price_row *row, uint32_t rows, int64_t at, int64_t also)
{
	int64_t next = also > at ? also : INT64_MAX;

	for (uint32_t i = 0; i < rows; i++)
		if (row[i].valid_from > at && row[i].valid_from < next)
			next = row[i].valid_from;
	return next;
}

uint32_t price_steps(const struct price_row *row, uint32_t rows, int64_t now, int64_t also,
		     struct price_step step[PRICE_STEPS_MAX])
{
	const struct price_row *p = price_at(row, rows, now);
	uint32_t n = 0;

	if (p)
		step[n++] = (struct price_step){0, p->price};
	for (int64_t at = next_moment(row, rows, now, also); at != INT64_MAX && n < PRICE_STEPS_MAX;
	     at = next_moment(row, rows, at, also)) {
		p = price_at(row, rows, at);
		if (p)
			step[n++] = (struct price_step){at, p->price};
	}
	return n;
}

/* --- reading */

struct product_row {
	int64_t gtin;
	struct sync_article article; /* without price and valid_from */
};

struct price_of {
	int64_t gtin;
	struct price_row row;
};

struct price_pages {
	struct office *o;
	char group_scope[SCOPE_TEXT_MAX + 1], shop_scope[SCOPE_TEXT_MAX + 1];
	struct wall now;
	uint32_t products, at, prices, price_at;
	bool last;
	struct product_row product[PAGE_PRODUCTS];
	struct price_of price[PAGE_PRICES];
};

static void product_of(struct db_rows *rows, struct product_row *ret)
{
	struct sync_article *a = &ret->article;

	memset(ret, 0, sizeof(*ret));
	ret->gtin = db_col_int(rows, 0);
	a->gtin.n = (uint64_t)ret->gtin;
	snprintf(a->name, sizeof(a->name), "%s", db_col_text(rows, 1));
	a->class = (uint8_t)db_col_int(rows, 2);
	a->state = (uint8_t)db_col_int(rows, 3);
	a->vat_class = (uint8_t)db_col_int(rows, 4);
	a->vat_bp = (uint16_t)db_col_int(rows, 5);
	a->deposit_minor = (int32_t)db_col_int(rows, 6);
	a->reorder = (uint16_t)db_col_int(rows, 7);
}

static void products_read(struct price_pages *p, int64_t after, int64_t upto)
{
	struct db_rows *rows;

	p->products = p->at = 0;
	db_ask(p->o->db, &rows,
	       "SELECT gtin, name, class, state, vat_class, vat_bp, deposit, reorder FROM product"
	       " WHERE gtin > $1 AND gtin <= $2 ORDER BY gtin LIMIT 200",
	       DB_VALUES(db_int(after), db_int(upto)));
	while (p->products < PAGE_PRODUCTS && db_next(rows))
		product_of(rows, &p->product[p->products++]);
	db_rows_end(rows);
	p->last = p->products < PAGE_PRODUCTS;
}

static enum scope_kind kind_of(const char *scope)
{
	return scope[0] == 'g' ? SCOPE_GROUP : scope[0] == 's' ? SCOPE_SHOP : SCOPE_ALL;
}

/** Of the products in hand: the newest price of each scope that has begun, and all to come. */
static void prices_read(struct price_pages *p)
{
	struct db_rows *rows;

	p->prices = p->price_at = 0;
	if (p->products == 0)
		return;
	db_ask(p->o->db, &rows,
	       "SELECT gtin, scope, valid_from, price FROM price p WHERE gtin >= $1 AND gtin <= $2"
	       " AND scope IN ('', $3, $4) AND (valid_from > $5 OR valid_from ="
	       " (SELECT max(q.valid_from) FROM price q WHERE q.gtin = p.gtin"
	       " AND q.scope = p.scope AND q.valid_from <= $5))"
	       " ORDER BY gtin, scope, valid_from LIMIT 9600",
	       DB_VALUES(db_int(p->product[0].gtin), db_int(p->product[p->products - 1].gtin),
			 db_text(p->group_scope), db_text(p->shop_scope), db_int(p->now.ms)));
	while (p->prices < PAGE_PRICES && db_next(rows)) {
		struct price_of *price = &p->price[p->prices++];

		price->gtin = db_col_int(rows, 0);
		price->row.kind = kind_of(db_col_text(rows, 1));
		price->row.valid_from = db_col_int(rows, 2);
		price->row.price = db_col_int(rows, 3);
	}
	db_rows_end(rows);
}

static struct price_pages *pages_of(struct office *o, const char *shop, const char *group,
				    struct wall now)
{
	struct price_pages *p = calloc(1, sizeof(*p));

	CHECK(p);
	p->o = o;
	p->now = now;
	/* a scope that no row has stands for "no group", "no shop" */
	snprintf(p->group_scope, sizeof(p->group_scope), "group:%s", group);
	snprintf(p->shop_scope, sizeof(p->shop_scope), "shop:%s", shop);
	return p;
}

struct price_pages *price_pages_new(struct office *o, const char *shop, const char *group,
				    struct wall now)
{
	return pages_of(o, shop, group, now);
}

void price_pages_free(struct price_pages *p)
{
	free(p);
}

/** The prices of the product stood on; they come in the same order. */
static uint32_t rows_of(struct price_pages *p, int64_t gtin, struct price_row row[PRICE_STEPS_MAX])
{
	uint32_t n = 0;

	while (p->price_at < p->prices && p->price[p->price_at].gtin < gtin)
		p->price_at++;
	while (p->price_at < p->prices && p->price[p->price_at].gtin == gtin) {
		if (n < PRICE_STEPS_MAX)
			row[n++] = p->price[p->price_at].row;
		p->price_at++;
	}
	return n;
}

static uint32_t changes_of(const struct product_row *product, const struct price_step *step,
			   uint32_t steps, struct sync_change ret[PRICE_STEPS_MAX])
{
	for (uint32_t i = 0; i < steps; i++) {
		ret[i] = (struct sync_change){.kind = SYNC_ARTICLE, .article = product->article};
		ret[i].article.valid_from.ms = step[i].begins;
		ret[i].article.price = money_of(step[i].price);
	}
	return steps;
}

bool price_pages_next(struct price_pages *p, int64_t after, struct sync_change ret[PRICE_STEPS_MAX],
		      uint32_t *ret_changes, int64_t *ret_gtin)
{
	struct price_row row[PRICE_STEPS_MAX];
	struct price_step step[PRICE_STEPS_MAX];

	for (;;) {
		if (p->at == p->products) {
			if (p->last)
				return false;
			if (p->products > 0)
				after = p->product[p->products - 1].gtin;
			products_read(p, after, INT64_MAX);
			prices_read(p);
			if (p->products == 0)
				return false;
		}
		const struct product_row *product = &p->product[p->at++];
		uint32_t rows = rows_of(p, product->gtin, row);

		*ret_changes =
			changes_of(product, step, price_steps(row, rows, p->now.ms, 0, step), ret);
		*ret_gtin = product->gtin;
		if (*ret_changes > 0)
			return true;
	}
}

/* --- telling */

/** The shops of a class: what holds there, told by feed_add_article. */
static void class_tell(struct office *o, int64_t gtin, const struct scope *class, const char *group,
		       int64_t also, struct wall now)
{
	struct price_pages *p =
		pages_of(o, class->kind == SCOPE_SHOP ? class->name : "", group, now);
	struct sync_change c[PRICE_STEPS_MAX], gone = {.kind = SYNC_ARTICLE_GONE};
	struct price_row row[PRICE_STEPS_MAX];
	struct price_step step[PRICE_STEPS_MAX];
	uint32_t steps = 0, rows = 0;

	products_read(p, gtin - 1, gtin);
	prices_read(p);
	if (p->products > 0) {
		rows = rows_of(p, gtin, row);
		steps = price_steps(row, rows, now.ms, also, step);
		changes_of(&p->product[0], step, steps, c);
	}
	gone.article_gone.n = (uint64_t)gtin;
	if (steps == 0 || step[0].begins != 0)
		feed_add_article(o, class, &gone, now);
	for (uint32_t i = 0; i < steps; i++)
		feed_add_article(o, class, &c[i], now);
	price_pages_free(p);
}

/** The group of the shop with a price of its own; a shop that is not there has none. */
static void shop_class_tell(struct office *o, int64_t gtin, const struct scope *shop, int64_t also,
			    struct wall now, const struct scope *within)
{
	char group[PLACE_MAX_LEN + 1] = "";
	struct db_rows *rows;
	bool there;

	db_ask(o->db, &rows, "SELECT shop_group FROM shop WHERE shop = $1 LIMIT 1",
	       DB_VALUES(db_text(shop->name)));
	there = db_next(rows);
	snprintf(group, sizeof(group), "%s", db_col_text(rows, 0));
	db_rows_end(rows);
	if (there && (within->kind != SCOPE_GROUP || strcmp(within->name, group) == 0))
		class_tell(o, gtin, shop, group, also, now);
}

void goods_tell(struct office *o, int64_t gtin, const struct scope *scope, int64_t also,
		struct wall now)
{
	struct db_rows *rows;

	if (scope->kind == SCOPE_SHOP) {
		shop_class_tell(o, gtin, scope, also, now, scope);
		return;
	}
	class_tell(o, gtin, scope, scope->name, also, now);
	db_ask(o->db, &rows,
	       "SELECT DISTINCT scope FROM price WHERE gtin = $1 AND scope <> '' ORDER BY scope"
	       " LIMIT 100000",
	       DB_VALUES(db_int(gtin)));
	while (db_next(rows)) {
		struct scope narrow;

		if (!scope_parse(db_col_text(rows, 0), &narrow))
			continue;
		if (narrow.kind == SCOPE_SHOP)
			shop_class_tell(o, gtin, &narrow, also, now, scope);
		else if (scope->kind == SCOPE_ALL)
			class_tell(o, gtin, &narrow, narrow.name, also, now);
	}
	db_rows_end(rows);
}

void office_currency(struct office *o, char currency[CURRENCY_SIZE])
{
	struct db_rows *rows;

	db_ask(o->db, &rows, "SELECT currency FROM shop ORDER BY shop LIMIT 1", 0, NULL);
	snprintf(currency, CURRENCY_SIZE, "%.3s", db_next(rows) ? db_col_text(rows, 0) : "SEK");
	db_rows_end(rows);
}
