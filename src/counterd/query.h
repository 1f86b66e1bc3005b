/*
 * query.h: what stands behind the '?' of a request that lists things, read strictly: no name that
 * the route does not know, none twice, no value that is none. Pure; fuzzed.
 */
#ifndef SHOP_COUNTERD_QUERY_H
#define SHOP_COUNTERD_QUERY_H

#include "base/day.h"
#include "base/ids.h"
#include "ledger/read_sales.h"
#include "ledger/read_timeline.h"
#include "wire/entry.h"
#include "wire/picture.h"

#define PAGE_MAX 100 /* things on one page, and so many where nobody says: 150 kB at most */

/** The names, each with what its value is. `after` is what stood last on the page before. */
enum query_name {
	QUERY_PERIOD = 1 << 0,	     /* period=2026-10 */
	QUERY_UNTIL = 1 << 1,	     /* until=2026-10-31 */
	QUERY_OPEN = 1 << 2,	     /* open=true: those alone that wait for somebody */
	QUERY_GTIN = 1 << 3,	     /* gtin=7310865004703 */
	QUERY_MAX = 1 << 4,	     /* max=1 … PAGE_MAX */
	QUERY_AFTER_NUMBER = 1 << 5, /* after=VIKEN-2026-000123 */
	QUERY_AFTER_GTIN = 1 << 6,
	QUERY_AFTER_SEQ = 1 << 7, /* after=4711; 0 from the start */
	QUERY_AFTER_VISIT = 1 << 8,
	QUERY_ALARM = 1 << 9,	       /* alarm=17 */
	QUERY_VISIT = 1 << 10,	       /* visit=00000000000004d2 */
	QUERY_FROM = 1 << 11,	       /* from=2026-11-22T10:00:00Z */
	QUERY_TO = 1 << 12,	       /* to=2026-11-22T11:00:00Z, not that moment itself */
	QUERY_AFTER_PICTURE = 1 << 13, /* after=20261122T101530123Z-alarm-17-front.jpg */
	QUERY_FIRST_DAY = 1 << 20,     /* from=2026-10-01 */
	QUERY_LAST_DAY = 1 << 21,      /* to=2026-10-31, that day too */
	QUERY_BY = 1 << 22,	       /* by=hour, weekday, day or article */
	QUERY_BEFORE = 1 << 23,	       /* before=00000000000004d2-0000000000000011 */
};

struct query {
	uint32_t given; /* bits of query_name */
	struct period period;
	struct day until;
	bool open;
	struct gtin gtin;
	uint32_t max;
	struct invoice_id after_number;
	struct gtin after_gtin;
	uint64_t after_seq;
	struct visit_id after_visit;
	uint64_t alarm;
	struct visit_id visit;
	struct wall from, to;
	char after_picture[PICTURE_NAME_MAX];
	struct day first, last;
	enum sales_by by;
	struct sight_cursor before;
};

/** query_init - nothing given. */
void query_init(struct query *q);

/** query_take - one name and its value (NULL: none) of a route that knows the names of `known`.
 * `shop` names the invoices' series. False on anything that it may not be. */
MUST_CHECK bool query_take(struct query *q, uint32_t known, struct place shop, const char *name,
			   const char *value);

#endif
