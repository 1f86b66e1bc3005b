/* view.h: what a view of a member, an export and an erasure read alike. */
#ifndef SHOP_OFFICED_VIEW_H
#define SHOP_OFFICED_VIEW_H

#include "officed/people.h"

/** How much of each list: a view shows the newest, an export all. */
struct view_depth {
	int64_t visits, lines, invoices, payments;
	bool every_line; /* also those in visits that another member opened */
};

/** view_of - what shops know of the member: {open_minor, currency, shops, visits, purchases,
 * invoices, payments}, of the shops over which `who` has the right. */
json_t *view_of(struct office *o, const struct who *who, const struct person *p,
		const struct view_depth *depth);

/** view_looks - who has looked at the member, the newest first. */
json_t *view_looks(struct office *o, const char *member, int64_t limit);

/** open_invoices - invoices of the member that are not paid; *ret_minor: what is left of them. */
int64_t open_invoices(struct office *o, const struct customer *c, int64_t *ret_minor);

#endif
