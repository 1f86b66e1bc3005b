/*
 * chart.c: the accounts, and which charts of them can be kept. Two roles may share an account only
 * where nobody has to tell them apart again: what goods do to the result, and a rate's deposits
 * with its sales. The close adds up VAT, receivable and rounding by account, so those stand alone.
 */
#include "books/chart.h"

#include <string.h>

#include "base/limits.h"

struct entry_chart chart_bas(void)
{
	return (struct entry_chart){
		.receivable = 1510,
		.rounding = 3740,
		.stock = 1460,
		.received = 4960,
		.cost = 4961,
		.waste = 4962,
		.shrink = 4963,
		.own_use = 4964,
		.bank = 1930,
		.unassigned = 2990,
		.rates = 4,
		.rate =
			{
				{2500, 3001, 2611, 3591},
				{1200, 3002, 2621, 3592},
				{600, 3003, 2631, 3593},
				{0, 3004, 0, 3594},
			},
	};
}

/* --- is a chart one that can be kept? -----------------------------------------------------------
 */

enum {
	ALONE,
	GOODS, /* what goods do to the result: received, cost, waste, shrink, own use */
	SALES, /* a rate's sales with its deposits */

	FIXED_USES = 10, /* before those of the rates, three of each */

	ACCOUNT_MIN = 1000,
	ACCOUNT_MAX = 9999,
};

static struct chart_use fixed_use(const struct entry_chart *c, uint32_t n)
{
	const struct chart_use fixed[FIXED_USES] = {
		{c->receivable, "what customers owe", -1, ALONE},
		{c->rounding, "rounding", -1, ALONE},
		{c->stock, "stock", -1, ALONE},
		{c->bank, "the bank", -1, ALONE},
		{c->unassigned, "money that nobody has claimed", -1, ALONE},
		{c->received, "goods received", -1, GOODS},
		{c->cost, "the cost of goods", -1, GOODS},
		{c->waste, "waste", -1, GOODS},
		{c->shrink, "shrink", -1, GOODS},
		{c->own_use, "own use", -1, GOODS},
	};

	return fixed[n];
}

bool chart_use(const struct entry_chart *chart, uint32_t n, struct chart_use *ret)
{
	const struct chart_rate *r;

	if (n < FIXED_USES) {
		*ret = fixed_use(chart, n);
		return true;
	}
	n -= FIXED_USES;
	if (n / 3 >= chart->rates || n / 3 >= RATES_MAX)
		return false;
	r = &chart->rate[n / 3];
	if (n % 3 == 0)
		*ret = (struct chart_use){r->sales, "sales", r->vat_bp, SALES};
	else if (n % 3 == 1)
		*ret = (struct chart_use){r->deposit, "deposits", r->vat_bp, SALES};
	else if (r->vat_bp == 0)
		return false; /* the last rate there can be, and it has no VAT */
	else
		*ret = (struct chart_use){r->vat, "VAT", r->vat_bp, ALONE};
	return true;
}

bool chart_use_joins(const struct chart_use *a, const struct chart_use *b)
{
	if (a->vat_bp != b->vat_bp)
		return false;
	return a->group == ALONE ? strcmp(a->what, b->what) == 0 : a->group == b->group;
}

static const char *rates_wrong(const struct entry_chart *c)
{
	if (c->rates == 0 || c->rates > RATES_MAX)
		return "the chart has no VAT rates, or too many";
	for (uint32_t i = 0; i < c->rates; i++) {
		if (c->rate[i].vat_bp < 0 || c->rate[i].vat_bp > 10000)
			return "a VAT rate of the chart is not between 0 and 100 %";
		if (i > 0 && c->rate[i].vat_bp >= c->rate[i - 1].vat_bp)
			return "the chart's VAT rates do not fall, or one stands twice";
		if (c->rate[i].vat_bp == 0 && c->rate[i].vat != 0)
			return "a VAT rate of 0 % has no VAT account";
	}
	return NULL;
}

const char *chart_wrong(const struct entry_chart *chart)
{
	const char *wrong = rates_wrong(chart);
	struct chart_use use, other;

	if (wrong != NULL)
		return wrong;
	for (uint32_t i = 0; chart_use(chart, i, &use); i++) {
		if (use.account < ACCOUNT_MIN || use.account > ACCOUNT_MAX)
			return "an account is not a number from 1000 to 9999";
		for (uint32_t j = 0; j < i && chart_use(chart, j, &other); j++) {
			if (use.account == other.account && !chart_use_joins(&use, &other))
				return "an account serves two purposes that have to be told apart";
		}
	}
	return NULL;
}

const struct chart_rate *chart_rate(const struct entry_chart *chart, int32_t vat_bp)
{
	for (uint32_t i = 0; i < chart->rates && i < RATES_MAX; i++) {
		if (chart->rate[i].vat_bp == vat_bp)
			return &chart->rate[i];
	}
	return NULL;
}
