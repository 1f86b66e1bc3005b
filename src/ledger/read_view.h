/*
 * read_view.h: the ledger as the owner's page looks at it, from another process: who is inside, one
 * line of sight from "door opened" to "billed", what was sold when. As read.h: short bounded
 * queries; what reads much does so in steps, between which others are served.
 */
#ifndef SHOP_LEDGER_READ_VIEW_H
#define SHOP_LEDGER_READ_VIEW_H

#include "books/invoice.h"
#include "ledger/read.h"

/* --- who is inside (read_view.c) */

struct basket_row {
	struct visit_id visit;
	uint32_t lines; /* not taken back */
	struct money total;
};

/** reader_baskets - of the visits that are open, by number, at most max. Count or -errno. */
int reader_baskets(struct reader *r, struct basket_row *ret, uint32_t max);

/** reader_role - of a customer, as the catalogue has them now: 1, 0 no member, -errno. */
int reader_role(struct reader *r, struct customer customer, enum role *ret);

#endif
