/* timeline.h: what happened in a shop, as its entries tell, for its owner far from it: the same
 * rows and steps as the shop's own page has, less what never leaves the shop. */
#ifndef SHOP_OFFICED_TIMELINE_H
#define SHOP_OFFICED_TIMELINE_H

#include "officed/json.h"
#include "officed/pull.h"

/** GET /v1/shops/{shop}/timeline?before=&limit=: visits and alarms, the newest first.
 * GET /v1/shops/{shop}/timeline/{visit}: one of them, step by step. For the shop's owner alone. */
extern route_fn timeline_list, timeline_show;

/** timeline_owner - whether an owner of the shop asks; else the problem in *r. Who works at the
 * office looks at one member at a time, and each look is written down (view.c). */
MUST_CHECK bool timeline_owner(const struct ask *a, struct reply *r);

/** A visit as both show it. */
struct timeline_visit {
	int64_t visit, opened_at, closed_at; /* closed_at 0: it is open */
	int64_t seq;			     /* of the entry that opened it */
	struct customer customer;
	char place[PLACE_MAX_LEN + 1];
	int64_t role; /* now; -1: no member any more */
	int64_t lines, total;
	int64_t newest;	 /* entry of its newest line that holds; 0: none */
	int64_t invoice; /* that bears it; 0: none yet */
};

/** timeline_visits - the newest up to `limit` of those before `before` (0: of all), or with `only`
 * that one; how many. */
uint32_t timeline_visits(struct office *o, const char *shop, int64_t before, int64_t only,
			 uint32_t limit, struct timeline_visit *ret);

/** timeline_visit_json - the members that both have. */
json_t *timeline_visit_json(const char *shop, const char *currency, const struct timeline_visit *v);

/** timeline_currency - the shop's; false: there is no such shop. */
MUST_CHECK bool timeline_currency(struct office *o, const char *shop, char ret[CURRENCY_SIZE]);

/** invoice_bearing - the invoice of this customer that bears the line of this entry; 0: none. */
int64_t invoice_bearing(struct office *o, const char *shop, const struct customer *c, int64_t line);

#endif
