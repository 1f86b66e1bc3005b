/*
 * audit.c: the four sums of design 4, per rate and gross.
 *
 *   1  lines = lines on invoices + lines unbilled, each line on one invoice at most
 *   2  the postings of every entry sum to 0
 *   3  VAT accounts = VAT of invoices less credit notes + VAT of unbilled lines
 *   4  receivable = payable of invoices less credit notes - paid + unbilled
 *
 * What a close found stands in its entry, so only what came since has to be added: lines from its
 * low-water mark on, postings, papers and payments after it. A row that changed since (a line taken
 * back) says by which entry, so that every row can be read as it was at either end.
 */
#include "ledger/audit_inside.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "books/chart.h"

#define LIST_AT_FIRST 8

void audit_fail(struct audit *a, const char *format, ...)
{
	va_list arguments;

	if (a->failed)
		return;
	a->failed = true;
	va_start(arguments, format);
	vsnprintf(a->found.why, sizeof(a->found.why), format, arguments);
	va_end(arguments);
}

void audit_add(struct audit *a, int64_t *to, int64_t amount)
{
	if (__builtin_add_overflow(*to, amount, to))
		audit_fail(a, "a sum is past all bounds");
}

struct audit_rate *audit_rate_of(struct audit *a, int32_t bp)
{
	for (uint32_t i = 0; i < a->rates; i++)
		if (a->rate[i].bp == bp)
			return &a->rate[i];
	if (a->rates == AUDIT_RATES_MAX) {
		audit_fail(a, "more VAT rates than there can be: %d.%02d %% is one of them",
			   bp / 100, bp % 100);
		return &a->rate[0];
	}
	a->rate[a->rates] = (struct audit_rate){.bp = bp};
	return &a->rate[a->rates++];
}

struct audit_number audit_number(uint64_t id)
{
	struct audit_number n;

	snprintf(n.text, sizeof(n.text), "%llu-%06llu", (unsigned long long)(id / 1000000),
		 (unsigned long long)(id % 1000000));
	return n;
}

struct audit *audit_new(const struct entry_period_closed *from, uint64_t upto)
{
	struct audit *a = calloc(1, sizeof(*a));

	CHECK(a);
	a->from = *from;
	a->upto = upto;
	a->low = from->low > 0 ? from->low : 1;
	a->low_next = upto + 1;
	a->year_end = INT64_MAX;
	return a;
}

void audit_free(struct audit *a)
{
	if (!a)
		return;
	free(a->chart);
	free(a->invoice);
	free(a->owner);
	free(a->expected);
	free(a->row);
	free(a);
}

bool audit_torn(const struct audit *a)
{
	return a->torn;
}

/* --- the charts that postings were made by, and room for the lines' owners */

static int read_charts(struct audit *a, sqlite3 *db)
{
	sqlite3_stmt *get = sql_prepare(db, "SELECT seq, body FROM entry WHERE kind IN (70, 71)"
					    " AND kind = 71 AND seq <= ?1 ORDER BY seq");
	uint32_t size = 0;
	int rc;

	if (!get)
		return sqlite3_extended_errcode(db);
	bind_u64(get, 1, a->upto);
	a->charts = 0;
	while ((rc = sqlite3_step(get)) == SQLITE_ROW) {
		struct span body = {sqlite3_column_blob(get, 1),
				    (uint32_t)sqlite3_column_bytes(get, 1)};
		struct entry e;

		if (a->charts == size) {
			size = size ? 2 * size : LIST_AT_FIRST;
			a->chart = realloc(a->chart, size * sizeof(*a->chart));
			CHECK(a->chart);
		}
		if (!body.data || !entry_decode(ENTRY_CHART, body, &e)) {
			audit_fail(a, "entry %lld, a chart of accounts, cannot be read",
				   (long long)column_i64(get, 0));
			break;
		}
		a->chart[a->charts++] =
			(struct audit_chart){.seq = (uint64_t)column_i64(get, 0), .chart = e.chart};
	}
	sqlite3_finalize(get);
	return rc == SQLITE_ROW ? SQLITE_DONE : rc;
}

static int begin(struct audit *a, sqlite3 *db)
{
	int rc = read_charts(a, db);

	if (rc != SQLITE_DONE)
		return rc;
	if (a->upto >= a->low && !a->owner) {
		a->owner = calloc(a->upto - a->low + 1, sizeof(*a->owner));
		CHECK(a->owner);
	}
	if (!a->row)
		a->row = calloc(AUDIT_STEP_ENTRIES, sizeof(*a->row));
	CHECK(a->row);
	a->bas = chart_bas();
	return SQLITE_DONE;
}

/* --- payments: those that somebody's account has received */

void audit_expect(struct audit *a, const struct audit_expected *e)
{
	if (a->expecteds == a->expecteds_size) {
		a->expecteds_size = a->expecteds_size ? 2 * a->expecteds_size : LIST_AT_FIRST;
		a->expected = realloc(a->expected, a->expecteds_size * sizeof(*a->expected));
		CHECK(a->expected);
	}
	a->expected[a->expecteds++] = *e;
}

static int by_entry(const void *a, const void *b)
{
	const struct audit_expected *x = a, *y = b;

	return x->seq < y->seq ? -1 : x->seq > y->seq;
}

static int payments(struct audit *a, sqlite3 *db)
{
	/* a payment counts from the entry on that says whose it is */
	sqlite3_stmt *get = sql_prepare(
		db, "SELECT seq, amount, 0, assigned = 0 AND customer IS NOT NULL FROM payment"
		    " WHERE seq > ?1 AND seq <= ?2"
		    " UNION ALL SELECT assigned, amount, 1, 1 FROM payment WHERE assigned > ?1 AND"
		    " assigned <= ?2 AND assigned > 0 ORDER BY 1");
	int64_t paid = 0;
	int rc;

	if (!get)
		return sqlite3_extended_errcode(db);
	bind_u64(get, 1, a->from.upto);
	bind_u64(get, 2, a->upto);
	a->expecteds = a->papers; /* where it is read again */
	while ((rc = sqlite3_step(get)) == SQLITE_ROW) {
		int64_t amount = column_i64(get, 1);
		bool assigned = column_i64(get, 2) != 0, claimed = column_i64(get, 3) != 0;

		audit_expect(a, &(struct audit_expected){.seq = (uint64_t)column_i64(get, 0),
							 .receivable = claimed ? -amount : 0,
							 .bank = assigned ? 0 : amount});
		if (claimed)
			audit_add(a, &paid, amount);
	}
	sqlite3_finalize(get);
	a->paid = paid;
	if (a->expecteds > 1)
		qsort(a->expected, a->expecteds, sizeof(*a->expected), by_entry);
	return rc;
}

/* --- the sums */

static void sum_of_lines(struct audit *a)
{
	for (uint32_t i = 0; i < a->rates && !a->failed; i++) {
		const struct audit_rate *r = &a->rate[i];
		int64_t lines = 0, elsewhere = 0;

		audit_add(a, &lines, r->unbilled_before);
		audit_add(a, &lines, r->made);
		audit_add(a, &lines, -r->gone);
		audit_add(a, &elsewhere, r->invoiced);
		audit_add(a, &elsewhere, r->unbilled_after);
		if (lines != elsewhere)
			audit_fail(a,
				   "sum 1 (lines), VAT rate %d.%02d %%: %lld öre in lines, %lld on "
				   "invoices and unbilled, %lld off",
				   r->bp / 100, r->bp % 100, (long long)lines, (long long)elsewhere,
				   (long long)(lines - elsewhere));
	}
}

static void sum_of_vat(struct audit *a)
{
	for (uint32_t i = 0; i < a->rates && !a->failed; i++) {
		const struct audit_rate *r = &a->rate[i];
		int64_t papers = 0;
		char where[48] = "";

		audit_add(a, &papers, r->vat_invoiced);
		audit_add(a, &papers, -r->vat_noted);
		audit_add(a, &papers, r->vat_after);
		audit_add(a, &papers, -r->vat_before);
		if (r->vat_posted == papers)
			continue;
		if (r->suspect != 0 || a->suspect != 0)
			snprintf(where, sizeof(where), "; look at entry %llu",
				 (unsigned long long)(r->suspect ? r->suspect : a->suspect));
		audit_fail(a,
			   "sum 3 (VAT), VAT rate %d.%02d %%: %lld öre posted, %lld on invoices, "
			   "credit notes and unbilled lines, %lld off%s",
			   r->bp / 100, r->bp % 100, (long long)r->vat_posted, (long long)papers,
			   (long long)(r->vat_posted - papers), where);
	}
}

/* The totals of before and what came since. */
static void add_up(struct audit *a)
{
	int64_t lines = money_minor(a->from.lines), invoiced = money_minor(a->from.invoiced);
	int64_t vat = money_minor(a->from.vat), unbilled = 0, before = 0;
	int64_t payable = money_minor(a->from.payable), paid = money_minor(a->from.paid);
	int64_t receivable = money_minor(a->from.receivable);
	struct entry_period_closed *s = &a->found.sums;

	for (uint32_t i = 0; i < a->rates; i++) {
		const struct audit_rate *r = &a->rate[i];

		audit_add(a, &lines, r->made);
		audit_add(a, &lines, -r->gone);
		audit_add(a, &lines, -r->noted);
		audit_add(a, &invoiced, r->invoiced);
		audit_add(a, &invoiced, -r->noted);
		audit_add(a, &unbilled, r->unbilled_after);
		audit_add(a, &before, r->unbilled_before);
		audit_add(a, &vat, r->vat_posted);
	}
	audit_add(a, &payable, a->payable);
	audit_add(a, &paid, a->paid);
	audit_add(a, &receivable, a->receivable);
	if (before != money_minor(a->from.unbilled))
		audit_fail(a,
			   "sum 1 (lines): %lld öre were unbilled at the close before, %lld by the "
			   "lines of then, %lld off",
			   (long long)money_minor(a->from.unbilled), (long long)before,
			   (long long)(money_minor(a->from.unbilled) - before));
	*s = (struct entry_period_closed){
		.upto = a->upto,
		.lines = money_of(lines),
		.invoiced = money_of(invoiced),
		.unbilled = money_of(unbilled),
		.payable = money_of(payable),
		.paid = money_of(paid),
		.receivable = money_of(receivable),
		.vat = money_of(vat),
		.low = a->low_next,
	};
}

static void sum_of_receivable(struct audit *a)
{
	const struct entry_period_closed *s = &a->found.sums;
	int64_t owed = 0, is = money_minor(s->receivable);

	audit_add(a, &owed, money_minor(s->payable));
	audit_add(a, &owed, -money_minor(s->paid));
	audit_add(a, &owed, money_minor(s->unbilled));
	if (is != owed)
		audit_fail(a,
			   "sum 4 (receivable): %lld öre on the account, %lld by invoices, credit "
			   "notes, payments and unbilled lines, %lld off",
			   (long long)is, (long long)owed, (long long)(is - owed));
}

static int sums(struct audit *a)
{
	sum_of_lines(a);
	audit_fold_rates(a);
	sum_of_vat(a);
	add_up(a);
	sum_of_receivable(a);
	return SQLITE_DONE;
}

/* --- steps */

static int step(struct audit *a, sqlite3 *db)
{
	switch (a->phase) {
	case AUDIT_BEGIN:
		return begin(a, db);
	case AUDIT_YEAR:
		return audit_year(a, db);
	case AUDIT_PAPERS:
		return audit_papers(a, db);
	case AUDIT_BEARS:
		return audit_bears(a, db);
	case AUDIT_WALK:
		return audit_walk(a, db);
	case AUDIT_PAYMENTS:
		return payments(a, db);
	case AUDIT_SUMS:
		return sums(a);
	}
	return SQLITE_INTERNAL;
}

/* The phase that follows one that is done. A year without papers to look at is the last. */
static void go_on(struct audit *a)
{
	switch (a->phase) {
	case AUDIT_YEAR:
		a->phase = a->last > 0 ? AUDIT_PAPERS : AUDIT_PAYMENTS;
		a->papers = a->expecteds;
		break;
	case AUDIT_BEARS:
		a->phase = AUDIT_YEAR;
		break;
	case AUDIT_PAYMENTS:
		a->at = a->low - 1;
		a->phase = AUDIT_WALK;
		break;
	case AUDIT_WALK:
		a->phase = AUDIT_SUMS;
		break;
	case AUDIT_BEGIN:
		a->phase = AUDIT_YEAR;
		break;
	case AUDIT_PAPERS:
		a->phase = AUDIT_BEARS;
		break;
	case AUDIT_SUMS:
		break;
	}
}

int audit_step(struct audit *a, sqlite3 *db, struct audit_found *ret)
{
	int rc = step(a, db);

	if (rc != SQLITE_OK && rc != SQLITE_DONE)
		return rc;
	if (a->failed || (rc == SQLITE_DONE && a->phase == AUDIT_SUMS)) {
		a->found.ok = !a->failed;
		*ret = a->found;
		return SQLITE_DONE;
	}
	if (rc == SQLITE_DONE)
		go_on(a);
	return SQLITE_OK;
}
