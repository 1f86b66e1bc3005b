/*
 * audit_chart.c: which VAT rate an account is of, by the chart that an entry was posted by. A rate
 * that this chart has no accounts for is posted all the same: to those of the standard chart, and
 * where that knows it neither, to those of the chart's first rate. Then two rates share an account,
 * and only the sum of both can be held against it.
 */
#include "ledger/audit_inside.h"

/* The chart that entries from the i-th change on were posted by; 0: before the first. */
static const struct entry_chart *nth_chart(const struct audit *a, uint32_t i)
{
	return i == 0 ? &a->bas : &a->chart[i - 1].chart;
}

const struct entry_chart *audit_chart_at(struct audit *a, uint64_t seq)
{
	while (a->chart_at < a->charts && a->chart[a->chart_at].seq <= seq)
		a->chart_at++;
	return nth_chart(a, a->chart_at);
}

static const struct chart_rate *row_of(const struct entry_chart *c, int32_t bp)
{
	for (uint32_t i = 0; i < c->rates; i++)
		if (c->rate[i].vat_bp == bp)
			return &c->rate[i];
	return NULL;
}

/* The account of a rate's VAT; 0: it has none. */
static uint32_t account_of(const struct audit *a, const struct entry_chart *c, int32_t bp)
{
	const struct chart_rate *row = row_of(c, bp);

	if (bp == 0)
		return 0;
	if (!row)
		row = row_of(&a->bas, bp);
	return row ? row->vat : c->rate[0].vat;
}

int32_t audit_rate_at(const struct audit *a, const struct entry_chart *c, uint32_t account)
{
	for (uint32_t i = 0; i < c->rates; i++)
		if (c->rate[i].vat_bp != 0 && c->rate[i].vat == account)
			return c->rate[i].vat_bp;
	for (uint32_t i = 0; i < a->bas.rates; i++) {
		int32_t bp = a->bas.rate[i].vat_bp;

		if (bp != 0 && a->bas.rate[i].vat == account && !row_of(c, bp))
			return bp;
	}
	return -1;
}

/* Adds what is known of the VAT of one rate to another's. */
static void fold(struct audit *a, struct audit_rate *into, struct audit_rate *r)
{
	audit_add(a, &into->vat_before, r->vat_before);
	audit_add(a, &into->vat_after, r->vat_after);
	audit_add(a, &into->vat_invoiced, r->vat_invoiced);
	audit_add(a, &into->vat_noted, r->vat_noted);
	audit_add(a, &into->vat_posted, r->vat_posted);
	if (into->suspect == 0)
		into->suspect = r->suspect;
	r->vat_before = r->vat_after = r->vat_invoiced = r->vat_noted = r->vat_posted = 0;
}

/* By one chart: whichever rates had one account. `into` is where each rate's VAT is by now. */
static void fold_by(struct audit *a, const struct entry_chart *c, uint32_t into[AUDIT_RATES_MAX])
{
	for (uint32_t i = 1; i < a->rates; i++)
		for (uint32_t j = 0; j < i; j++) {
			uint32_t account = account_of(a, c, a->rate[i].bp), from = into[i];

			if (account == 0 || account != account_of(a, c, a->rate[j].bp) ||
			    from == into[j])
				continue;
			fold(a, &a->rate[into[j]], &a->rate[from]);
			for (uint32_t k = 0; k < a->rates; k++)
				if (into[k] == from)
					into[k] = into[j];
		}
}

void audit_fold_rates(struct audit *a)
{
	uint32_t into[AUDIT_RATES_MAX];

	for (uint32_t i = 0; i < AUDIT_RATES_MAX; i++)
		into[i] = i;
	/* a chart that another had followed before the first entry that is looked at says nothing
	 */
	for (uint32_t i = 0; i <= a->charts; i++)
		if (i == a->charts || a->chart[i].seq > a->from.upto + 1)
			fold_by(a, nth_chart(a, i), into);
}
