/* goods_routes.c: what may be asked of articles, prices, settings and groups, and by whom. */
#include "officed/goods_products.h"
#include "officed/import_log.h"
#include "officed/policy.h"
#include "officed/policy_group.h"
#include "officed/routes.h"

#define JSON "application/json"

enum {
	BODY_MAX = 4096,
	IMPORT_MAX = 1024 * 1024,
};

#define GET(p, fn)                                                                                 \
	{                                                                                          \
		.method = "GET", .path = p, .who = FOR_OPERATOR, .right = RIGHT_GOODS,             \
		.answer = fn                                                                       \
	}
#define PUT(p, fn)                                                                                 \
	{                                                                                          \
		.method = "PUT", .path = p, .who = FOR_OPERATOR, .right = RIGHT_GOODS,             \
		.content_type = JSON, .body_max = BODY_MAX, .answer = fn                           \
	}
#define DELETE(p, fn)                                                                              \
	{                                                                                          \
		.method = "DELETE", .path = p, .who = FOR_OPERATOR, .right = RIGHT_GOODS,          \
		.answer = fn                                                                       \
	}

const struct office_route goods_routes[] = {
	{.method = "POST",
	 .path = "/v1/products/import",
	 .who = FOR_OPERATOR,
	 .right = RIGHT_GOODS,
	 .content_type = "text/csv",
	 .body_max = IMPORT_MAX,
	 .answer = product_import},
	GET("/v1/products", product_list),
	GET("/v1/products/imports", goods_imports),
	GET("/v1/products/{gtin}", product_show),
	PUT("/v1/products/{gtin}", product_set),
	DELETE("/v1/products/{gtin}", product_delete),
	PUT("/v1/products/{gtin}/prices", product_price_set),
	DELETE("/v1/products/{gtin}/prices", product_price_delete),
	GET("/v1/policy", policy_list),
	PUT("/v1/policy/{scope}/{name}", policy_set),
	GET("/v1/shops/{shop}/policy", policy_of_shop),
	GET("/v1/groups", group_list),
	{.method = "PUT",
	 .path = "/v1/groups/{group}",
	 .who = FOR_OPERATOR,
	 .right = RIGHT_GOODS,
	 .answer = group_put},
	DELETE("/v1/groups/{group}", group_delete),
	PUT("/v1/shops/{shop}/group", group_join),
	{0},
};
