/*
 * audit_walk.c: all lines from the low-water mark on and all postings since the close before, side
 * by side, a stretch of entries at a time: what a line says has to be what was posted for it.
 */
#include "ledger/audit_inside.h"

#include <stdlib.h>

#include "ledger/sql_each.h"

#define POSTINGS_AN_ENTRY_BITS 20 /* of a posting's id; the rest is its entry's number */

/* --- postings */

static void not_as_expected(struct audit *a, const struct audit_expected *e, int64_t receivable,
			    int64_t bank)
{
	bool at_bank = receivable == e->receivable;
	int64_t is = at_bank ? bank : receivable, has_to = at_bank ? e->bank : e->receivable;

	if (e->paper != 0)
		audit_fail(a,
			   "sum 4 (receivable): for invoice %s %lld öre were posted, and it says "
			   "%lld, %lld off",
			   audit_number(e->paper).text, (long long)is, (long long)has_to,
			   (long long)(is - has_to));
	else
		audit_fail(a,
			   "sum 4 (receivable): for the payment of entry %llu %lld öre were posted "
			   "%s, and it says %lld, %lld off",
			   (unsigned long long)e->seq, (long long)is,
			   at_bank ? "at the bank" : "on the account", (long long)has_to,
			   (long long)(is - has_to));
}

/* Payments and papers up to an entry: what was posted for each is what it says. */
static void as_expected(struct audit *a, uint64_t seq)
{
	for (; a->expected_at < a->expecteds && a->expected[a->expected_at].seq <= seq;
	     a->expected_at++) {
		const struct audit_expected *e = &a->expected[a->expected_at];
		bool it = e->seq == a->entry.seq;
		int64_t receivable = it ? a->entry.receivable : 0, bank = it ? a->entry.bank : 0;

		if (receivable != e->receivable || bank != e->bank)
			not_as_expected(a, e, receivable, bank);
		if (a->suspect == 0 && (it ? a->entry.vat : 0) != e->vat)
			a->suspect = e->seq;
	}
}

static void sum_to_nothing(struct audit *a)
{
	if (a->entry.seq != 0 && a->entry.sum != 0)
		audit_fail(a, "sum 2 (double entry): the postings of entry %llu are %lld öre off",
			   (unsigned long long)a->entry.seq, (long long)a->entry.sum);
}

/* What was posted for a line, against what it says. */
static void line_posted(struct audit *a, struct audit_row *l)
{
	struct audit_rate *r = audit_rate_of(a, l->bp);
	bool it = a->entry.seq == l->seq;
	int64_t receivable = it ? a->entry.receivable : 0, vat = it ? a->entry.vat : 0;

	l->posted = true;
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

/* All postings of an entry have come. */
static void end_entry(struct audit *a)
{
	struct audit_row *l;

	if (a->entry.seq == 0)
		return;
	sum_to_nothing(a);
	as_expected(a, a->entry.seq);
	/* an entry before the lines that are looked at has none */
	if (a->entry.seq > a->at) {
		l = &a->row[a->entry.seq - a->at - 1];
		if (l->seq != 0)
			line_posted(a, l);
	}
	a->entry = (struct audit_entry){0};
}

static void add_posting(struct audit *a, uint64_t seq, uint32_t account, int64_t amount)
{
	const struct entry_chart *c = audit_chart_at(a, seq);
	int32_t bp;

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
	bp = audit_rate_at(a, c, account);
	if (bp < 0)
		return;
	audit_add(a, &audit_rate_of(a, bp)->vat_posted, -amount);
	audit_add(a, &a->entry.vat, -amount);
	a->entry.vat_bp = bp;
}

/* id, account, amount */
static void take_posting(void *data, sqlite3_value **value)
{
	struct audit *a = data;

	a->torn = true;
	if (!a->failed)
		add_posting(a, (uint64_t)sqlite3_value_int64(value[0]) >> POSTINGS_AN_ENTRY_BITS,
			    (uint32_t)sqlite3_value_int64(value[1]), sqlite3_value_int64(value[2]));
}

/* --- lines */

static bool taken_back(const struct audit_row *l, uint64_t by)
{
	return (l->voided > 0 && l->voided <= by) || (l->credited > 0 && l->credited <= by);
}

/* Takes a line off what its invoice says that it bears. */
static void bear(struct audit *a, struct audit_invoice *i, const struct audit_row *l)
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

static void add_line(struct audit *a, const struct audit_row *l)
{
	uint32_t owner = a->owner[l->seq - a->low];
	struct audit_rate *r = audit_rate_of(a, l->bp);
	bool before =
		l->seq <= a->from.upto && !taken_back(l, a->from.upto) && owner != OWNED_BEFORE;
	bool holds = !taken_back(l, a->upto);

	if (l->seq > a->from.upto)
		a->found.lines++; /* one left over from before was counted then */
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

/* seq, total, vat_bp, vat, voided, credited */
static void take_line(void *data, sqlite3_value **value)
{
	struct audit *a = data;
	uint64_t seq = (uint64_t)sqlite3_value_int64(value[0]);
	int64_t bp = sqlite3_value_int64(value[2]);
	struct audit_row *l = &a->row[seq - a->at - 1];

	a->torn = true;
	if (a->failed)
		return;
	if (bp < 0 || bp > 10000) {
		audit_fail(a, "line %llu has no possible VAT rate", (unsigned long long)seq);
		return;
	}
	*l = (struct audit_row){
		.seq = seq,
		.total = sqlite3_value_int64(value[1]),
		.bp = (int32_t)bp,
		.vat = sqlite3_value_int64(value[3]),
		.voided = (uint64_t)sqlite3_value_int64(value[4]),
		.credited = (uint64_t)sqlite3_value_int64(value[5]),
	};
	add_line(a, l);
}

/* Lines for which nothing at all was posted. */
static void lines_not_posted(struct audit *a, uint64_t to)
{
	for (uint64_t seq = a->at + 1; seq <= to && !a->failed; seq++) {
		struct audit_row *l = &a->row[seq - a->at - 1];

		if (l->seq > a->from.upto && !l->posted)
			line_posted(a, l);
	}
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

/* The lines and the postings of the entries after a->at, up to `to`. */
static int walk(struct audit *a, sqlite3_stmt *lines, sqlite3_stmt *postings, uint64_t to)
{
	uint64_t from = a->at > a->from.upto ? a->at : a->from.upto;
	int rc;

	memset(a->row, 0, (to - a->at) * sizeof(*a->row));
	bind_u64(lines, 1, a->at);
	bind_u64(lines, 2, to);
	rc = sql_each(lines, take_line, a);
	if (rc != SQLITE_DONE || from >= to)
		return rc;
	bind_u64(postings, 1, (from + 1) << POSTINGS_AN_ENTRY_BITS);
	bind_u64(postings, 2, (to + 1) << POSTINGS_AN_ENTRY_BITS);
	rc = sql_each(postings, take_posting, a);
	if (rc == SQLITE_DONE) {
		end_entry(a);
		lines_not_posted(a, to);
	}
	return rc;
}

int audit_walk(struct audit *a, sqlite3 *db)
{
	uint64_t to = a->at + AUDIT_STEP_ENTRIES < a->upto ? a->at + AUDIT_STEP_ENTRIES : a->upto;
	sqlite3_stmt *lines =
		sql_each_prepare(db, "SELECT each(seq, total, vat_bp, vat, voided, credited)"
				     " FROM line WHERE seq > ?1 AND seq <= ?2");
	sqlite3_stmt *postings = sql_each_prepare(db, "SELECT each(id, account, amount)"
						      " FROM posting WHERE id >= ?1 AND id < ?2");
	int rc = lines && postings ? walk(a, lines, postings, to) : sqlite3_extended_errcode(db);

	sqlite3_finalize(lines);
	sqlite3_finalize(postings);
	if (a->failed)
		return SQLITE_DONE;
	if (rc != SQLITE_DONE)
		return rc;
	a->torn = false;
	a->at = to;
	if (to < a->upto)
		return SQLITE_OK;
	as_expected(a, a->upto);
	invoices_shown(a);
	return SQLITE_DONE;
}
