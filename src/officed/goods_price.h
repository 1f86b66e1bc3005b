/*
 * goods_price.h: which price holds in a shop and which ones are to come: the narrowest scope that
 * has one that has begun, within it the newest. Inside the caller's transaction.
 */
#ifndef SHOP_OFFICED_GOODS_PRICE_H
#define SHOP_OFFICED_GOODS_PRICE_H

#include "officed/feed.h"

enum {
	PRICE_STEPS_MAX = 48,  /* the price now and those to come, of one article in one shop */
	PRICES_AHEAD_MAX = 15, /* of one article in one scope: three scopes fit in the steps */
};

/** A price as it stands in the table. */
struct price_row {
	enum scope_kind kind;
	int64_t valid_from, price;
};

/** From this moment on this price; `begins` 0: now. */
struct price_step {
	int64_t begins, price;
};

/** price_steps - the price now, if there is one, and each that is to come, by time; `also`: a
 * moment to come that a step is made of whatever stands there (0: none). How many. Pure. */
uint32_t price_steps(const struct price_row *row, uint32_t rows, int64_t now, int64_t also,
		     struct price_step step[PRICE_STEPS_MAX]);

struct price_pages;

/** price_pages_new - the articles of a shop with their prices, as changes of its feed.
 * price_pages_next - those of the next article after `after` that has a price: the changes and its
 * gtin. False at the end. */
struct price_pages *price_pages_new(struct office *o, const char *shop, const char *group,
				    struct wall now);
bool price_pages_next(struct price_pages *p, int64_t after, struct sync_change ret[PRICE_STEPS_MAX],
		      uint32_t *ret_changes, int64_t *ret_gtin);
void price_pages_free(struct price_pages *p);

/** goods_tell - an article, or a price of it in `scope`, has changed: every shop it concerns is
 * told all that holds now and is to come. `also`: the moment of a price that was taken away. */
void goods_tell(struct office *o, int64_t gtin, const struct scope *scope, int64_t also,
		struct wall now);

/** office_currency - of the shops; they have one. */
#define CURRENCY_SIZE 4
void office_currency(struct office *o, char currency[CURRENCY_SIZE]);

#endif
