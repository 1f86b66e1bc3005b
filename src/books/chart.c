/*
 * chart.c: the accounts, and which charts of them can be kept. Two roles may share an account only
 * where nobody has to tell them apart again: what goods do to the result, and a rate's deposits
 * with its sales. The close adds up VAT, receivable and rounding by account, so those stand alone.
 */
#include "books/chart.h"

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

/* An account with what it may be joined with: the same `join`, unless that is 0. */
struct use {
	uint32_t account, join;
};

#define JOIN_GOODS  1 /* what goods do to the result: received, cost, waste, shrink, own use */
#define JOIN_SALES  2 /* + the rate's index: its sales with its deposits */
#define CHART_USES  (10 + 3 * RATES_MAX)
#define ACCOUNT_MIN 1000
#define ACCOUNT_MAX 9999

static uint32_t chart_uses(const struct entry_chart *c, struct use use[CHART_USES])
{
	const struct use fixed[] = {
		{c->receivable, 0},	 {c->rounding, 0},
		{c->stock, 0},		 {c->bank, 0},
		{c->unassigned, 0},	 {c->received, JOIN_GOODS},
		{c->cost, JOIN_GOODS},	 {c->waste, JOIN_GOODS},
		{c->shrink, JOIN_GOODS}, {c->own_use, JOIN_GOODS},
	};
	uint32_t n = 0;

	for (uint32_t i = 0; i < ARRAY_LEN(fixed); i++)
		use[n++] = fixed[i];
	for (uint32_t i = 0; i < c->rates; i++) {
		const struct chart_rate *r = &c->rate[i];

		use[n++] = (struct use){r->sales, JOIN_SALES + i};
		use[n++] = (struct use){r->deposit, JOIN_SALES + i};
		if (r->vat_bp != 0)
			use[n++] = (struct use){r->vat, 0};
	}
	return n;
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
	struct use use[CHART_USES];
	const char *wrong = rates_wrong(chart);
	uint32_t n;

	if (wrong != NULL)
		return wrong;
	n = chart_uses(chart, use);
	for (uint32_t i = 0; i < n; i++) {
		if (use[i].account < ACCOUNT_MIN || use[i].account > ACCOUNT_MAX)
			return "an account is not a number from 1000 to 9999";
		for (uint32_t j = 0; j < i; j++) {
			bool joined = use[i].join != 0 && use[i].join == use[j].join;

			if (use[i].account == use[j].account && !joined)
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
