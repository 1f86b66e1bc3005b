/* price.h: what a line that is asked for would be: which article, how much of it, at what price,
 * with which deposit, or why it cannot be sold. Decides; records nothing. */
#ifndef SHOP_CORE_PRICE_H
#define SHOP_CORE_PRICE_H

#include "core/config.h"
#include "core/event.h"

/** A line that is asked for, from a phone or a till. */
struct wish {
	struct visit *open; /* NULL: late, into `visit` that is over */
	const struct visit *visit;
	struct customer customer; /* who speaks, and pays */
	const struct member *member;
	struct line_key key;
	const struct goods *goods; /* as scanned */
	int32_t quantity_milli;	   /* asked for */
	struct wall scanned_at;
	struct day bought;
	const struct article *then, *now;
	uint32_t price_version_now;
};

/** price_quantity - how much it is: of pieces what was asked for, of weighed goods what their label
 * says, of priced goods one. False where that is no quantity that is sold, or a label is asked for
 * more than once under one key. */
MUST_CHECK bool price_quantity(const struct wish *w, int32_t *ret_milli);

/** price_wish - the line, as it is at `now`; CHECKs that its quantity was judged. ANSWER_OK, or why
 * not: unknown_article, barred_class, recalled, expired, or visit_full where a sum does not fit. */
enum answer price_wish(const struct shop_config *c, const struct now *now, const struct wish *w,
		       struct line *ret);

/** price_same - whether `earlier` is what this wish would have been: the same goods, as many. */
bool price_same(const struct line *earlier, const struct wish *w);

#endif
