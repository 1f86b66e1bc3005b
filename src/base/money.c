/* money.c: checked arithmetic on minor units. */
#include "base/money.h"

#include <stdio.h>

/* Two amounts multiplied fit here, so that only results have to be looked at. */
__extension__ typedef __int128 wide;

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

bool money_ratio(struct money m, int64_t num, int64_t den, struct money *ret)
{
	wide product = (wide)m.minor * num;

	CHECK(den > 0);
	product = (product + (product < 0 ? -(den / 2) : den / 2)) / den;
	if (product > INT64_MAX || product < INT64_MIN)
		return false;
	ret->minor = (int64_t)product;
	return true;
}

struct money money_share(struct money whole, struct money part, struct money sum, int64_t *ret_rest)
{
	wide product = (wide)whole.minor * part.minor;

	CHECK(whole.minor >= 0 && sum.minor > 0);
	CHECK(part.minor >= 0 && part.minor <= sum.minor);
	*ret_rest = (int64_t)(product % sum.minor);
	return (struct money){(int64_t)(product / sum.minor)};
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
