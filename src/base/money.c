/* money.c: checked arithmetic on minor units. */
#include "base/money.h"

#include <stdio.h>

#define QUANTITY_ONE 1000 /* thousandths in one piece (contracts 6) */

bool money_add(struct money a, struct money b, struct money *ret)
{
	int64_t sum;

	if (__builtin_add_overflow(a.minor, b.minor, &sum))
		return false;
	ret->minor = sum;
	return true;
}

bool money_sub(struct money a, struct money b, struct money *ret)
{
	int64_t difference;

	if (__builtin_sub_overflow(a.minor, b.minor, &difference))
		return false;
	ret->minor = difference;
	return true;
}

bool money_times(struct money unit, int64_t quantity_milli, struct money *ret)
{
	int64_t product, half = QUANTITY_ONE / 2;

	if (__builtin_mul_overflow(unit.minor, quantity_milli, &product))
		return false;
	if (__builtin_add_overflow(product, product < 0 ? -half : half, &product))
		return false;
	ret->minor = product / QUANTITY_ONE;
	return true;
}

int money_compare(struct money a, struct money b)
{
	return (a.minor > b.minor) - (a.minor < b.minor);
}

void money_text(struct money m, char text[MONEY_TEXT_SIZE])
{
	uint64_t size = m.minor < 0 ? -(uint64_t)m.minor : (uint64_t)m.minor;

	snprintf(text, MONEY_TEXT_SIZE, "%s%llu.%02llu", m.minor < 0 ? "-" : "",
		 (unsigned long long)(size / 100), (unsigned long long)(size % 100));
}
