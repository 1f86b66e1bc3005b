/*
 * desk_books.c: the VAT rates and the accounts that hold from now on.
 *
 * A rate that goods have been sold at keeps its accounts for ever: a credit note of next year still
 * has to post to them. So a chart may change every account, and only add rates. An account that has
 * been posted to is never for something else: the books of a year would tell two things as one.
 */
#include "ledger/desk_inside.h"

#include "books/chart.h"
#include "books/vat.h"

#include <stdio.h>

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

/* --- accounts that have been for something else */

/* Whether an account was posted to by the entries from `from` on, before `to`. */
static bool posted(struct desk *d, uint32_t account, uint64_t from, uint64_t to)
{
	sqlite3_stmt *get = desk_get(d, DESK_GET_POSTED);
	bool found;

	bind_u64(get, 1, account);
	bind_u64(get, 2, from << POSTING_SHIFT);
	bind_u64(get, 3, to << POSTING_SHIFT);
	found = desk_row(d, DESK_GET_POSTED);
	if (found)
		desk_done(d, DESK_GET_POSTED);
	return found;
}

static bool has_use(const struct entry_chart *chart, const struct chart_use *use)
{
	struct chart_use has;

	for (uint32_t i = 0; chart_use(chart, i, &has); i++)
		if (has.account == use->account && chart_use_joins(&has, use))
			return true;
	return false;
}

static void say_use(const struct chart_use *u, char text[64])
{
	if (u->vat_bp < 0)
		snprintf(text, 64, "%s", u->what);
	else
		snprintf(text, 64, "%s at %d.%02d %%", u->what, u->vat_bp / 100, u->vat_bp % 100);
}

/* A chart that held from the entry `from` to the entry `to`, against the one to come; what the
 * newest has already is not asked again. */
static bool use_changed(struct desk *d, const struct entry_chart *was, uint64_t from, uint64_t to,
			const struct entry_chart *newest, const struct entry_chart *next,
			struct desk_result *r)
{
	struct chart_use old, new;
	char was_for[64], is_for[64];

	for (uint32_t i = 0; chart_use(next, i, &new); i++) {
		if (has_use(newest, &new) || has_use(was, &new))
			continue;
		for (uint32_t j = 0; chart_use(was, j, &old); j++) {
			if (old.account != new.account || !posted(d, old.account, from, to))
				continue;
			say_use(&old, was_for);
			say_use(&new, is_for);
			desk_refuse(r,
				    "account %u was for %s, and has been posted to: take another "
				    "for %s",
				    old.account, was_for, is_for);
			return true;
		}
	}
	return false;
}

/* Every chart that has held, the standard one before the first. */
static bool uses_changed(struct desk *d, const struct entry_chart *newest,
			 const struct entry_chart *next, struct desk_result *r)
{
	sqlite3_stmt *get = desk_get(d, DESK_GET_CHARTS);
	struct entry_chart was = chart_bas();
	uint64_t from = 1, to;
	bool changed = false;
	struct entry e;

	while (!changed && desk_row(d, DESK_GET_CHARTS)) {
		to = (uint64_t)column_i64(get, 2);
		desk_entry(d, get, 0, &e);
		changed = use_changed(d, &was, from, to, newest, next, r);
		was = e.chart;
		from = to;
	}
	if (changed)
		desk_done(d, DESK_GET_CHARTS);
	else
		changed = use_changed(d, &was, from, d->store->head.seq + 1, newest, next, r);
	return changed;
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
	if ((!has_chart || !chart_is(&chart, &q->chart)) && uses_changed(d, &chart, &q->chart, r))
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
