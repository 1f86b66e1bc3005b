/* listing.h: a list out of the shop's files, as one JSON array or one table. */
#ifndef SHOP_SHOPCTL_LISTING_H
#define SHOP_SHOPCTL_LISTING_H

#include "shopctl/desk.h"
#include "shopctl/text.h"

#define LISTING_PAGE 500 /* rows of one read */

struct listing {
	struct ctl *ctl;
	struct reader *reader;
	json_t *array; /* or: */
	struct table table;
};

/** listing_begin - opens the files, and a table with these titles or an array. */
enum ctl_exit listing_begin(struct ctl *ctl, const char *const *title, uint32_t columns,
			    struct listing *ret);
/** listing_end - prints it and gives all back; `n` is what the last read gave, -errno to fail. */
enum ctl_exit listing_end(struct listing *l, int n, const char *none);

/** Cells of a table. */
void gtin_cell(struct table *t, struct gtin gtin);
void quantity_cell(struct table *t, int64_t milli);
void money_cell(struct table *t, struct money m);
void day_cell(struct table *t, struct day d);
void wall_cell(struct table *t, struct wall at);

#endif
