/* page.h: where a page of what is ordered by time ended: the time or day of its last row, the shop,
 * the row's number there. It goes out as `next`, and comes back as `after`. */
#ifndef SHOP_OFFICED_PAGE_H
#define SHOP_OFFICED_PAGE_H

#include "officed/office.h"

enum {
	PAGE_PLACE_SIZE = 64,
};

struct page_place {
	int64_t time, id;
	char shop[PLACE_MAX_LEN + 1];
};

/** page_place_text - "1790000000000.viken.17". page_place_read - that; NULL is the place before
 * all, `latest` its time; false for what is none. */
void page_place_text(const struct page_place *p, char text[PAGE_PLACE_SIZE]);
MUST_CHECK bool page_place_read(const char *text, int64_t latest, struct page_place *ret);
/** page_place_after - the same from the query's `after`; false with the problem in *r. */
MUST_CHECK bool page_place_after(const struct ask *a, int64_t latest, struct page_place *ret,
				 struct reply *r);

/** page_pattern - a piece of text that is searched for as a pattern of LIKE … ESCAPE '\\', for
 * lower() of a column, which both engines read alike: letters outside ASCII match any one. False:
 * it does not fit. */
MUST_CHECK bool page_pattern(const char *q, char *to, size_t size);

#endif
