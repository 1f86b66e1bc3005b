/*
 * desk_books.c: the VAT rates and the accounts that hold from now on.
 *
 * A rate that goods have been sold at keeps its accounts for ever: a credit note of next year still
 * has to post to them. So a chart may change every account, and only add rates.
 */
#include "ledger/desk_inside.h"

#include "books/chart.h"
#include "books/vat.h"

static bool newest(struct desk *d, enum entry_kind kind, struct entry *ret)
{
	sqlite3_stmt *get = desk_get(d, DESK_GET_BOOKS);

	bind_u64(get, 1, (uint64_t)kind);
	if (!desk_row(d, DESK_GET_BOOKS))
		return false;
	desk_entry(d, get, 0, ret);
	desk_done(d, DESK_GET_BOOKS);
	return true;
}

bool desk_tax_on_record(struct desk *d, struct entry_tax *ret)
{
	struct entry e;

	if (!newest(d, ENTRY_TAX, &e))
		return false;
	*ret = e.tax;
	return true;
}

bool desk_chart_on_record(struct desk *d, struct entry_chart *ret)
{
	struct entry e;

	if (!newest(d, ENTRY_CHART, &e))
		return false;
	*ret = e.chart;
	return true;
}

static bool tax_is(const struct entry_tax *a, const struct entry_tax *b)
{
	if (a->rates != b->rates)
		return false;
	for (uint32_t i = 0; i < a->rates; i++)
		if (a->rate[i].class != b->rate[i].class ||
		    a->rate[i].vat_bp != b->rate[i].vat_bp ||
		    a->rate[i].from.n != b->rate[i].from.n)
			return false;
	return true;
}

static bool chart_is(const struct entry_chart *a, const struct entry_chart *b)
{
	if (a->receivable != b->receivable || a->rounding != b->rounding || a->stock != b->stock ||
	    a->received != b->received || a->cost != b->cost || a->waste != b->waste ||
	    a->shrink != b->shrink || a->own_use != b->own_use || a->bank != b->bank ||
	    a->unassigned != b->unassigned || a->rates != b->rates)
		return false;
	for (uint32_t i = 0; i < a->rates; i++)
		if (a->rate[i].vat_bp != b->rate[i].vat_bp ||
		    a->rate[i].sales != b->rate[i].sales || a->rate[i].vat != b->rate[i].vat ||
		    a->rate[i].deposit != b->rate[i].deposit)
			return false;
	return true;
}

/* Every rate of the table has accounts. */
static bool rates_lack(const struct entry_tax *tax, const struct entry_chart *chart,
		       struct desk_result *r)
{
	for (uint32_t i = 0; i < tax->rates; i++)
		if (!chart_rate(chart, tax->rate[i].vat_bp)) {
			desk_refuse(
				r,
				"the chart of accounts has none for the VAT rate of %d.%02d %%: "
				"give it sales, VAT and deposit accounts",
				tax->rate[i].vat_bp / 100, tax->rate[i].vat_bp % 100);
			return true;
		}
	return false;
}

/* No rate that lines may bear loses its accounts. */
static bool rates_lost(struct desk *d, const struct entry_chart *was, const struct entry_chart *now,
		       struct desk_result *r)
{
	bool sold;

	desk_get(d, DESK_GET_ANY_LINE);
	sold = desk_row(d, DESK_GET_ANY_LINE);
	if (sold)
		desk_done(d, DESK_GET_ANY_LINE);
	for (uint32_t i = 0; sold && i < was->rates; i++)
		if (!chart_rate(now, was->rate[i].vat_bp)) {
			desk_refuse(r,
				    "the VAT rate of %d.%02d %% has to keep accounts: goods may "
				    "have been sold at it",
				    was->rate[i].vat_bp / 100, was->rate[i].vat_bp % 100);
			return true;
		}
	return false;
}

enum stored desk_books(struct desk *d, const struct desk_request *q, struct desk_result *r)
{
	struct entry e = {.at = q->at};
	struct entry_tax tax = {0};
	struct entry_chart chart = {0};
	const char *wrong = vat_tax_wrong(&q->tax);
	bool has_tax = desk_tax_on_record(d, &tax);
	bool has_chart = desk_chart_on_record(d, &chart);
	enum stored stored = STORED_OK;

	if (!wrong)
		wrong = chart_wrong(&q->chart);
	if (wrong)
		return desk_refuse(r, "%s", wrong);
	if (!has_chart)
		chart = chart_bas();
	if (rates_lack(&q->tax, &q->chart, r) || rates_lost(d, &chart, &q->chart, r))
		return STORED_OK;
	r->answer = DESK_REPEATED;
	/* the chart first: a rate has accounts before it holds */
	if (!has_chart || !chart_is(&chart, &q->chart)) {
		e.kind = ENTRY_CHART;
		e.chart = q->chart;
		stored = desk_append(d, &e, r);
	}
	if (stored == STORED_OK && (!has_tax || !tax_is(&tax, &q->tax))) {
		e.kind = ENTRY_TAX;
		e.tax = q->tax;
		stored = desk_append(d, &e, r);
	}
	return stored;
}
