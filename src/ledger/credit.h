/* credit.h: what is to be credited, and how a note mirrors it. Internal to ledger/. */
#ifndef SHOP_LEDGER_CREDIT_H
#define SHOP_LEDGER_CREDIT_H

#include "ledger/desk_inside.h"

struct credit_target {
	struct entry_invoice invoice; /* number 0: the line is on none */
	uint64_t seq;		      /* of the line; 0: the whole invoice */
	struct customer customer;     /* of the line */
	struct money total;
};

/** credit_mirror - fills in the note's amounts, its invoice and its customer. False: refused, *r
 * names the note that credits it already. */
MUST_CHECK bool credit_mirror(struct desk *d, const struct credit_target *t,
			      struct entry_credit_note *n, struct desk_result *r);

#endif
