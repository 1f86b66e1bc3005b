/*
 * money.h: an amount in minor units (öre, cent) that cannot overflow unseen and knows no float.
 *
 * Design 4. Nobody but money.[ch] touches `.minor` (`make check-source` proves it): make an amount
 * with money_of(), read it with money_minor() where it leaves as an integer (wire, disk, text).
 */
#ifndef SHOP_BASE_MONEY_H
#define SHOP_BASE_MONEY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/check.h"

/** Whole minor units; may be negative (a void, a credit). */
struct money {
	int64_t minor;
};

#define MONEY_ZERO money_of(0)

/** An amount of `minor` minor units, and back. */
static inline struct money money_of(int64_t minor)
{
	return (struct money){minor};
}

static inline int64_t money_minor(struct money m)
{
	return m.minor;
}

/** money_add, money_sub - *ret = a ± b. False, and *ret untouched, when it does not fit. */
MUST_CHECK bool money_add(struct money a, struct money b, struct money *ret);
MUST_CHECK bool money_sub(struct money a, struct money b, struct money *ret);

/** money_times - unit price × quantity in thousandths, rounded half away from zero to a minor unit.
 *  False, and *ret untouched, when unit × quantity does not fit 64 bits. */
MUST_CHECK bool money_times(struct money unit, int64_t quantity_milli, struct money *ret);

/** money_ratio - m × num / den, rounded half away from zero, without overflow on the way. den > 0
 *  (CHECKed). False, and *ret untouched, when the result does not fit. */
MUST_CHECK bool money_ratio(struct money m, int64_t num, int64_t den, struct money *ret);

/** money_share - how much of `whole` falls to a `part` of `sum` (0 <= part <= sum, sum > 0,
 *  whole >= 0; CHECKed): whole × part / sum in whole minor units, and the remainder of that
 *  division, 0 <= rest < sum, to weigh who gets the units left over. */
struct money money_share(struct money whole, struct money part, struct money sum,
			 int64_t *ret_rest);

/** -1, 0, 1 as a is less than, equal to, greater than b. */
int money_compare(struct money a, struct money b);

/** Room for "-92233720368547758.08 SEK" and its NUL. */
#define MONEY_TEXT_SIZE 32

/** money_text - "12.50" (two decimals, point), for people's output in logs and command lines. */
void money_text(struct money m, char text[MONEY_TEXT_SIZE]);

#endif
