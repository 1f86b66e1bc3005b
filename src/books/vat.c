/*
 * vat.c: the VAT of a price.
 *
 * Shelf prices include VAT and are what a member has agreed to; an invoice (EN 16931) adds VAT to
 * net amounts. Between the two there is no exact bridge: at 25 % every fifth gross amount is
 * net + VAT of no net amount at all. So the shop finds, per rate, the net base that comes nearest,
 * shares it out over the lines, and lets the öre that is left over be seen in the rounding.
 *
 * Promises: integers only; every product is made in 128 bits; what is shared out adds up.
 */
#include "books/vat.h"

#include "base/limits.h"

#define WHOLE 10000 /* basis points */
#define KRONA 100

/* Swedish rates, basis points */
#define STANDARD 2500
#define REDUCED	 1200
#define LOW	 600

struct entry_tax vat_sweden(void)
{
	struct day food_lower, food_back;
	bool real = day_of(2026, 4, 1, &food_lower) && day_of(2028, 1, 1, &food_back);

	CHECK(real);
	return (struct entry_tax){.rates = 7,
				  .rate = {
					  {VAT_STANDARD, STANDARD, DAY_NONE},
					  {VAT_FOOD, REDUCED, DAY_NONE},
					  {VAT_FOOD, LOW, food_lower},
					  {VAT_FOOD, REDUCED, food_back},
					  {VAT_RESTAURANT, REDUCED, DAY_NONE},
					  {VAT_CULTURE, LOW, DAY_NONE},
					  {VAT_NONE, 0, DAY_NONE},
				  }};
}

static bool follows(const struct vat_rate *a, const struct vat_rate *b)
{
	return a->class < b->class || (a->class == b->class && a->from.n < b->from.n);
}

const char *vat_tax_wrong(const struct entry_tax *tax)
{
	uint32_t seen = 0;

	if (tax->rates == 0 || tax->rates > VAT_RATES_MAX)
		return "there are no VAT rates, or too many";
	for (uint32_t i = 0; i < tax->rates; i++) {
		const struct vat_rate *r = &tax->rate[i];

		if (r->class <= VAT_FIXED || r->class >= VAT_CLASSES)
			return "a VAT rate is for no class that has rates";
		if (r->vat_bp < 0 || r->vat_bp > WHOLE)
			return "a VAT rate is not between 0 and 100 %";
		if (r->from.n < 0 || r->from.n > DAY_MAX)
			return "a VAT rate holds from an impossible day";
		if (i > 0 && !follows(r - 1, r))
			return "VAT rates are not in order of class and day, or one stands twice";
		if (r->from.n == DAY_NONE.n)
			seen++;
	}
	/* sorted, and no pair twice: so many rates from ever are as many classes */
	if (seen != VAT_CLASSES - 1)
		return "a VAT class has no rate that holds from ever";
	return NULL;
}

int32_t vat_rate_on(const struct entry_tax *tax, enum vat_class class, struct day day)
{
	int32_t vat_bp = -1;

	CHECK(class != VAT_FIXED && tax->rates <= VAT_RATES_MAX);
	for (uint32_t i = 0; i < tax->rates; i++) {
		const struct vat_rate *r = &tax->rate[i];

		if (r->class == class && (r->from.n == DAY_NONE.n || r->from.n <= day.n))
			vat_bp = r->vat_bp;
	}
	CHECK(vat_bp >= 0);
	return vat_bp;
}

struct money vat_included(struct money gross, int32_t vat_bp)
{
	struct money vat = MONEY_ZERO;
	bool fits =
		vat_bp >= 0 && vat_bp <= WHOLE && money_ratio(gross, vat_bp, WHOLE + vat_bp, &vat);

	CHECK(fits);
	return vat;
}

struct money vat_on_top(struct money base, int32_t vat_bp)
{
	struct money vat = MONEY_ZERO;
	bool fits = vat_bp >= 0 && vat_bp <= WHOLE && money_ratio(base, vat_bp, WHOLE, &vat);

	CHECK(fits);
	return vat;
}

/* How far this base's gross is from `gross`; false where that cannot be reckoned. */
static bool gap_of(struct money base, int32_t vat_bp, struct money gross, struct money *ret)
{
	struct money sum;

	if (money_compare(base, MONEY_ZERO) < 0)
		return false;
	if (!money_add(base, vat_on_top(base, vat_bp), &sum))
		return false;
	return money_compare(sum, gross) < 0 ? money_sub(gross, sum, ret)
					     : money_sub(sum, gross, ret);
}

/* The gross of a base grows by at least an öre with each öre of the base and is at most half an öre
 * off the straight line: so a base that fits without rest can only be the exact quotient, rounded.
 * Where that one misses, it is by one öre, and at best the one below misses by as much. */
struct money vat_net_base(struct money gross, int32_t vat_bp)
{
	struct money exact = MONEY_ZERO, best = MONEY_ZERO, best_gap = gross;
	bool fits = vat_bp >= 0 && vat_bp <= WHOLE && money_compare(gross, MONEY_ZERO) >= 0 &&
		    money_ratio(gross, WHOLE, WHOLE + vat_bp, &exact);

	CHECK(fits);
	for (int step = -1; step <= 0; step++) {
		struct money base, gap;

		if (!money_add(exact, money_of(step), &base) || !gap_of(base, vat_bp, gross, &gap))
			continue;
		if (money_compare(gap, best_gap) < 0) {
			best = base;
			best_gap = gap;
		}
	}
	return best;
}

/* --- by largest remainder ----------------------------------------------------------------------
 *
 * Everybody gets their share rounded down; the öre then left go, one each, to the parts that lost
 * most by that. The order is made by heapsort: in place, no worst case, no recursion. While it
 * sorts, `rest` holds what each part lost.
 */

/* Whether part a comes before part b when the öre left over are handed out. */
static bool first_served(const struct money *rest, uint32_t a, uint32_t b)
{
	int order = money_compare(rest[a], rest[b]);

	return order > 0 || (order == 0 && a < b);
}

/* A heap with the part that is served last on top; `at` may be out of place. */
static void sift_down(const struct money *rest, uint32_t *heap, uint32_t at, uint32_t n)
{
	for (uint32_t child; (child = 2 * at + 1) < n; at = child) {
		uint32_t moved = heap[at];

		if (child + 1 < n && first_served(rest, heap[child], heap[child + 1]))
			child++;
		if (!first_served(rest, moved, heap[child]))
			return;
		heap[at] = heap[child];
		heap[child] = moved;
	}
}

static void sort_served(const struct money *rest, uint32_t *order, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		order[i] = i;
	for (uint32_t i = n / 2; i-- > 0;)
		sift_down(rest, order, i, n);
	for (uint32_t last = n; last-- > 1;) {
		uint32_t top = order[0];

		order[0] = order[last];
		order[last] = top;
		sift_down(rest, order, 0, last);
	}
}

static struct money sum_of(const struct money *part, uint32_t n)
{
	struct money sum = MONEY_ZERO;

	for (uint32_t i = 0; i < n; i++) {
		bool fits =
			money_compare(part[i], MONEY_ZERO) >= 0 && money_add(sum, part[i], &sum);

		CHECK(fits);
	}
	return sum;
}

void vat_spread(struct money base, const struct money *gross, uint32_t n, struct money *ret_net,
		uint32_t *order)
{
	struct money sum, left = base;
	int64_t rest;

	CHECK(n <= 2 * INVOICE_LINES_MAX);
	sum = sum_of(gross, n);
	if (money_compare(sum, MONEY_ZERO) == 0) {
		CHECK(money_compare(base, MONEY_ZERO) == 0);
		for (uint32_t i = 0; i < n; i++)
			ret_net[i] = MONEY_ZERO;
		return;
	}
	for (uint32_t i = 0; i < n; i++) {
		bool fits = money_sub(left, money_share(base, gross[i], sum, &rest), &left);

		CHECK(fits);
		ret_net[i] = money_of(rest);
	}
	sort_served(ret_net, order, n);
	for (uint32_t i = 0; i < n; i++) {
		struct money share = money_share(base, gross[order[i]], sum, &rest);
		bool more = money_compare(left, MONEY_ZERO) > 0;
		bool fits = money_sub(left, money_of(more), &left) &&
			    money_add(share, money_of(more), &share);

		CHECK(fits);
		ret_net[order[i]] = share;
	}
	CHECK(money_compare(left, MONEY_ZERO) == 0);
}

struct money vat_round_krona(struct money amount)
{
	struct money kronor = MONEY_ZERO;
	/* the ends of 64 bits are 7 and 8 öre from a whole krona: both go towards zero */
	bool fits =
		money_ratio(amount, 1, KRONA, &kronor) && money_ratio(kronor, KRONA, 1, &kronor);

	CHECK(fits);
	return kronor;
}
