/* check.h: which visits the owner is asked to look at. */
#ifndef SHOP_CORE_CHECK_H
#define SHOP_CORE_CHECK_H

#include "core/config.h"
#include "core/event.h"

/** check_pick - whether a visit that ends now is picked, and why. `heard`: when somebody was there
 * last. Never a visit of the owner, of staff, of a delivery. */
bool check_pick(const struct shop_config *c, const struct visit *visit, struct mono heard,
		enum check_reason *ret);

#endif
