/* goods_products.h: articles and their prices, as people and programs ask for them. */
#ifndef SHOP_OFFICED_GOODS_PRODUCTS_H
#define SHOP_OFFICED_GOODS_PRODUCTS_H

#include "officed/goods_scope.h"
#include "officed/goods_store.h"

extern route_fn product_set, product_show, product_list, product_delete, product_price_set,
	product_price_delete, product_import;

/** gtin_read - a GTIN of a path; else 400 in *r. */
MUST_CHECK bool gtin_read(const char *text, struct gtin *ret, struct reply *r);

/** product_json - with `currency`; prices are the caller's to add. */
json_t *product_json(const struct product *p, const char *currency);

#endif
