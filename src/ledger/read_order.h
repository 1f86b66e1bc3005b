/* read_order.h: the articles that somebody wants to be told of when they run low. */
#ifndef SHOP_LEDGER_READ_ORDER_H
#define SHOP_LEDGER_READ_ORDER_H

#include "ledger/read.h"

struct reorder_row {
	struct gtin gtin;
	char name[ARTICLE_NAME_MAX + 1];
	int64_t reorder_milli;
};

/** reader_reorders - of today's price list, sold and with a reorder point, gtins > `after`,
 * ascending; at most max. Count or -errno. */
int reader_reorders(struct reader *r, struct gtin after, struct reorder_row *ret, uint32_t max);

#endif
