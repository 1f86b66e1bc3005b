/* sales.h: what the pages about sales and orders share. */
#ifndef SHOP_COUNTERD_SALES_H
#define SHOP_COUNTERD_SALES_H

#include "ledger/read_sales.h"

/** sales_zone - the process's time is that of `zone` from now on: the shop's, as shopd says. */
void sales_zone(const char *zone);

/** order_needed - whether to order, and how much, all in thousandths: see order.c. */
bool order_needed(int64_t on_hand, int64_t reorder, int64_t sold_week, int64_t *ret_suggest);

#endif
