/*
 * audit_walk.c: all lines from the low-water mark on and all postings since the close before, side
 * by side in the order of their entries: what a line says has to be what was posted for it.
 */
#include "ledger/audit_inside.h"

#include <stdlib.h>

#include "books/chart.h"

/* A line as its row is. */
struct row {
	uint64_t seq;
	int64_t total, vat;
	int32_t bp;
	uint64_t voided, credited;
};

/* --- postings */

/* A posting's id tells its entry. */
static uint64_t entry_of(uint64_t posting)
{
	return posting >> 20;
}

void audit_walk_begin(struct audit *a)
{
	a->bas = chart_bas();
	a->posting_at = ((a->from.upto + 1) << 20) - 1;
}

/* The chart that an entry was posted by. */
static const struct entry_chart *chart_at(struct audit *a, uint64_t seq)
{
	while (a->chart_at < a->charts && a->chart[a->chart_at].seq <= seq)
		a->chart_at++;
	if (a->chart_at > 0)
		return &a->chart[a->chart_at - 1].chart;
	return &a->bas;
}

/* The payments up to an entry: what was posted for each is what it says. */
static void payments_posted(struct audit *a, uint64_t seq)
{
	for (; a->payment_at < a->payments && a->payment[a->payment_at].seq <= seq;
	     a->payment_at++) {
		const struct audit_payment *p = &a->payment[a->payment_at];
		bool it = p->seq == a->entry.seq;
		int64_t posted = 0;

		if (it)
			posted = p->assigned ? -a->entry.receivable : a->entry.bank;
		if (posted != p->amount)
			audit_fail(a,
				   "sum 4 (receivable): the payment of entry %llu says %lld öre, "
				   "%lld were posted for it, %lld off",
				   (unsigned long long)p->seq, (long long)p->amount,
				   (long long)posted, (long long)(posted - p->amount));
	}
}

static void sum_to_nothing(struct audit *a)
{
	if (a->entry.seq != 0 && a->entry.sum != 0)
		audit_fail(a, "sum 2 (double entry): the postings of entry %llu are %lld öre off",
			   (unsigned long long)a->entry.seq, (long long)a->entry.sum);
}

/* All postings of an entry have come. */
static void end_entry(struct audit *a)
{
	sum_to_nothing(a);
	if (a->entry.seq != 0)
		payments_posted(a, a->entry.seq);
	a->entry = (struct audit_entry){0};
}

static void take_posting(struct audit *a, uint64_t seq, uint32_t account, int64_t amount)
{
	const struct entry_chart *c = chart_at(a, seq);

	if (seq != a->entry.seq) {
		end_entry(a);
		a->entry.seq = seq;
	}
	a->found.postings++;
	audit_add(a, &a->entry.sum, amount);
	if (account == c->bank)
		audit_add(a, &a->entry.bank, amount);
	if (account == c->receivable) {
		audit_add(a, &a->receivable, amount);
		audit_add(a, &a->entry.receivable, amount);
		return;
	}
	for (uint32_t i = 0; i < c->rates; i++)
		if (c->rate[i].vat_bp != 0 && account == c->rate[i].vat) {
			audit_add(a, &audit_rate_of(a, c->rate[i].vat_bp)->vat_posted, -amount);
			audit_add(a, &a->entry.vat, -amount);
			a->entry.vat_bp = c->rate[i].vat_bp;
			return;
		}
}

/* A statement that stands at a row, or is at its end. */
struct cursor {
	sqlite3_stmt *get;
	int rc;
};

static void next(struct cursor *c)
{
	if (c->rc == SQLITE_ROW)
		c->rc = sqlite3_step(c->get);
}

/* Takes the postings of entries up to `seq`. */
static void postings_to(struct audit *a, struct cursor *p, uint64_t seq)
{
	while (p->rc == SQLITE_ROW && !a->failed) {
		uint64_t id = (uint64_t)column_i64(p->get, 0);

		if (entry_of(id) > seq)
			return;
		a->posting_at = id;
		take_posting(a, entry_of(id), (uint32_t)column_i64(p->get, 1),
			     column_i64(p->get, 2));
		next(p);
	}
}

/* --- lines */

static bool taken_back(const struct row *l, uint64_t by)
{
	return (l->voided > 0 && l->voided <= by) || (l->credited > 0 && l->credited <= by);
}

/* Takes a line off what its invoice says that it bears. */
static void bear(struct audit *a, struct audit_invoice *i, const struct row *l)
{
	for (uint32_t k = 0; k < i->rates; k++)
		if (i->rate[k].bp == l->bp) {
			audit_add(a, &i->rate[k].gross, -l->total);
			audit_add(a, &i->rate[k].posted, -l->vat);
			i->lines--;
			return;
		}
	audit_fail(a,
		   "sum 1 (lines): line %llu at %d.%02d %% is on invoice %s, which has no such "
		   "VAT rate",
		   (unsigned long long)l->seq, l->bp / 100, l->bp % 100, audit_number(i->id).text);
}

/* What was posted for a line, against what it says. */
static void line_posted(struct audit *a, const struct row *l, struct audit_rate *r)
{
	bool it = a->entry.seq == l->seq;
	int64_t receivable = it ? a->entry.receivable : 0, vat = it ? a->entry.vat : 0;

	if (it)
		sum_to_nothing(a);
	if (receivable != l->total)
		audit_fail(a,
			   "sum 4 (receivable): line %llu says %lld öre, %lld were posted for it, "
			   "%lld off",
			   (unsigned long long)l->seq, (long long)l->total, (long long)receivable,
			   (long long)(receivable - l->total));
	/* a rate put right later is posted by another entry: only a hint */
	if (r->suspect == 0 && (vat != l->vat || (vat != 0 && a->entry.vat_bp != l->bp)))
		r->suspect = l->seq;
}

static void take_line(struct audit *a, const struct row *l)
{
	uint32_t owner = a->owner[l->seq - a->low];
	struct audit_rate *r = audit_rate_of(a, l->bp);
	bool before =
		l->seq <= a->from.upto && !taken_back(l, a->from.upto) && owner != OWNED_BEFORE;
	bool holds = !taken_back(l, a->upto);

	a->found.lines++;
	if (owner != OWNED_BY_NONE && !holds)
		audit_fail(a,
			   "sum 1 (lines): line %llu was taken back by entry %llu and is on an "
			   "invoice",
			   (unsigned long long)l->seq,
			   (unsigned long long)(l->voided ? l->voided : l->credited));
	if (before) {
		audit_add(a, &r->unbilled_before, l->total);
		audit_add(a, &r->vat_before, l->vat);
		if (!holds)
			audit_add(a, &r->gone, l->total);
	}
	if (l->seq > a->from.upto && holds)
		audit_add(a, &r->made, l->total);
	if (owner == OWNED_BY_NONE && holds) {
		audit_add(a, &r->unbilled_after, l->total);
		audit_add(a, &r->vat_after, l->vat);
		if (a->low_next > l->seq)
			a->low_next = l->seq;
	}
	if (owner != OWNED_BY_NONE && owner != OWNED_BEFORE)
		bear(a, &a->invoice[owner - 1], l);
}

static struct row row_of(sqlite3_stmt *get)
{
	return (struct row){
		.seq = (uint64_t)column_i64(get, 0),
		.total = column_i64(get, 1),
		.bp = (int32_t)column_i64(get, 2),
		.vat = column_i64(get, 3),
		.voided = (uint64_t)column_i64(get, 4),
		.credited = (uint64_t)column_i64(get, 5),
	};
}

/* --- side by side */

static void side_by_side(struct audit *a, struct cursor *lines, struct cursor *postings,
			 uint64_t to)
{
	while (lines->rc == SQLITE_ROW && !a->failed) {
		struct row l = row_of(lines->get);

		a->torn = true;
		if (l.bp < 0 || l.bp > 10000) {
			audit_fail(a, "line %llu has no possible VAT rate",
				   (unsigned long long)l.seq);
			return;
		}
		postings_to(a, postings, l.seq);
		take_line(a, &l);
		if (l.seq > a->from.upto)
			line_posted(a, &l, audit_rate_of(a, l.bp));
		next(lines);
	}
	if (lines->rc == SQLITE_DONE)
		postings_to(a, postings, to);
	a->at = to;
}

/* What the invoices say and no line has shown. */
static void invoices_shown(struct audit *a)
{
	for (uint32_t n = 0; n < a->invoices && !a->failed; n++) {
		const struct audit_invoice *i = &a->invoice[n];

		for (uint32_t k = 0; k < i->rates; k++) {
			if (i->rate[k].gross != 0)
				audit_fail(a,
					   "sum 1 (lines): invoice %s, VAT rate %d.%02d %%: it is "
					   "%lld öre %s than its lines",
					   audit_number(i->id).text, i->rate[k].bp / 100,
					   i->rate[k].bp % 100, llabs(i->rate[k].gross),
					   i->rate[k].gross > 0 ? "more" : "less");
			if (i->rate[k].posted != 0)
				audit_fail(a,
					   "sum 3 (VAT): invoice %s, VAT rate %d.%02d %%: it says "
					   "%lld öre %s VAT posted than its lines",
					   audit_number(i->id).text, i->rate[k].bp / 100,
					   i->rate[k].bp % 100, llabs(i->rate[k].posted),
					   i->rate[k].posted > 0 ? "more" : "less");
		}
		if (i->lines != 0)
			audit_fail(a, "sum 1 (lines): invoice %s bears %d lines fewer than it says",
				   audit_number(i->id).text, (int)i->lines);
	}
}

int audit_walk(struct audit *a, sqlite3 *db)
{
	uint64_t to = a->at + AUDIT_STEP_ENTRIES < a->upto ? a->at + AUDIT_STEP_ENTRIES : a->upto;
	struct cursor lines = {.rc = SQLITE_ROW}, postings = {.rc = SQLITE_ROW};
	int rc;

	lines.get = sql_prepare(db, "SELECT seq, total, vat_bp, vat, voided, credited FROM line"
				    " WHERE seq > ?1 AND seq <= ?2 ORDER BY seq");
	postings.get = sql_prepare(db, "SELECT id, account, amount FROM posting WHERE id > ?1"
				       " ORDER BY id");
	if (!lines.get || !postings.get) {
		rc = sqlite3_extended_errcode(db);
	} else {
		bind_u64(lines.get, 1, a->at);
		bind_u64(lines.get, 2, to);
		bind_u64(postings.get, 1, a->posting_at);
		next(&lines);
		next(&postings);
		side_by_side(a, &lines, &postings, to);
		rc = lines.rc != SQLITE_DONE ? lines.rc : postings.rc;
	}
	sqlite3_finalize(lines.get);
	sqlite3_finalize(postings.get);
	if (a->failed)
		return SQLITE_DONE;
	if (rc != SQLITE_DONE && rc != SQLITE_ROW)
		return rc;
	a->torn = false;
	if (to < a->upto)
		return SQLITE_OK;
	end_entry(a);
	payments_posted(a, a->upto);
	invoices_shown(a);
	return SQLITE_DONE;
}
