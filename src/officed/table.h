/* table.h: the routes of all authors as one table. */
#ifndef SHOP_OFFICED_TABLE_H
#define SHOP_OFFICED_TABLE_H

#include "net/http_route.h"
#include "officed/routes.h"

/** table_find - as route_match(); the row in *ret. */
enum routed table_find(const char *method, const char *path, const struct office_route **ret,
		       struct route_match *ret_match);

/** table_body_max - bytes of the largest body that any route takes. */
uint32_t table_body_max(void);

/** table_each - the rows one by one: NULL past the end. For tests. */
const struct office_route *table_each(uint32_t i);

#endif
