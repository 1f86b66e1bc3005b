/* goods_store.h: articles and prices onto their tables, inside the caller's transaction; who
 * changes them tells the shops by goods_tell(). */
#ifndef SHOP_OFFICED_GOODS_STORE_H
#define SHOP_OFFICED_GOODS_STORE_H

#include "officed/goods_price.h"

enum {
	NUTRITION_MAX = 512, /* bytes of the JSON */
};
#define PRICE_MAX      INT64_C(99999999) /* a million but one öre, a piece or a kilogram */
#define DEPOSIT_MAX    INT64_C(100000)
#define VALID_FROM_MAX INT64_C(4102444800000) /* 2100-01-01 */

struct product {
	struct gtin gtin;
	char name[ARTICLE_NAME_MAX + 1];
	enum article_class class;
	enum article_state state;
	enum vat_class vat_class;
	int64_t vat_bp; /* VAT_FIXED alone */
	int64_t deposit, reorder;
	char nutrition[NUTRITION_MAX + 1]; /* JSON; empty: not known */
};

/** product_read - whether there is one. */
MUST_CHECK bool product_read(struct office *o, struct gtin gtin, struct product *ret);
/** product_write - true when that changed something. */
bool product_write(struct office *o, const struct product *p, struct wall now);

enum price_put {
	PRICE_SAME = 0, /* it held already */
	PRICE_NEW = 1,
	PRICE_TOO_MANY = 2, /* PRICES_AHEAD_MAX are to come in this scope already */
};

/** price_put - from `valid_from` (0: from now) this price in this scope. The same again changes
 * nothing. */
enum price_put price_put(struct office *o, struct gtin gtin, const struct scope *scope,
			 int64_t valid_from, int64_t price, struct wall now);

/** nutrition_word - a name of what an article may hold, by its place; NULL past the last.
 * nutrition_check - whether so many thousandths per 100 g or ml can be: false with what would be
 * right, "" for a word that is none. nutrition_put - appends it to the JSON text of a product,
 * which nutrition_end() closes. */
const char *nutrition_word(uint32_t i);
MUST_CHECK bool nutrition_check(const char *word, int64_t milli, const char **ret_right);
void nutrition_put(char text[NUTRITION_MAX + 1], const char *word, int64_t milli);
void nutrition_end(char text[NUTRITION_MAX + 1]);

#endif
