/*
 * audit_paper.c: the invoices and credit notes since the close before, what they say of themselves,
 * and which lines they bear.
 *
 * Invoices of before that close are looked at as far as they may bear a line that is looked at, for
 * no line may be on two.
 */
#include "ledger/audit_inside.h"

#include <stdlib.h>

#include "ledger/pack.h"

#define YEAR	      1000000
#define PAPERS_A_STEP 1024
#define PACKS_A_STEP  64 /* of up to INVOICE_PACKED_MAX lines */
#define SIZE_AT_FIRST 256

static int one_number(sqlite3 *db, const char *sql, uint64_t x, uint64_t y, uint64_t *ret)
{
	sqlite3_stmt *get = sql_prepare(db, sql);
	int rc;

	if (!get)
		return sqlite3_extended_errcode(db);
	bind_u64(get, 1, x);
	bind_u64(get, 2, y);
	rc = sqlite3_step(get);
	*ret = rc == SQLITE_ROW ? (uint64_t)column_i64(get, 0) : 0;
	sqlite3_finalize(get);
	return rc == SQLITE_ROW ? SQLITE_DONE : rc;
}

/* The first number of the year whose entry is `low` or later: numbers rise with the entries. */
static int first_of_year(struct audit *a, sqlite3 *db)
{
	uint64_t low = a->last - a->last % YEAR, high = a->last + 1, seq;
	int rc = SQLITE_DONE;

	while (low < high && rc == SQLITE_DONE) {
		uint64_t middle = low + (high - low) / 2;

		rc = one_number(db,
				"SELECT coalesce((SELECT seq FROM invoice WHERE id BETWEEN ?1"
				" AND ?2 ORDER BY id LIMIT 1), 0)",
				middle, a->last, &seq);
		if (seq == 0 || seq >= a->low)
			high = middle;
		else
			low = middle + 1;
	}
	a->first = low;
	return rc;
}

int audit_year(struct audit *a, sqlite3 *db)
{
	int rc = one_number(db, "SELECT coalesce(max(id), 0) FROM invoice WHERE id < ?1 AND ?2 = 0",
			    a->year_end, 0, &a->last);

	if (rc != SQLITE_DONE || a->last == 0)
		return rc;
	rc = first_of_year(a, db);
	if (rc != SQLITE_DONE)
		return rc;
	a->year_end = a->last - a->last % YEAR;
	rc = one_number(db, "SELECT coalesce(max(id), ?1) FROM invoice WHERE id >= ?1 AND id < ?2",
			a->year_end, a->first, &a->before_id);
	if (rc != SQLITE_DONE)
		return rc;
	a->at = a->first > 0 ? a->first - 1 : 0;
	a->at_line = 0;
	a->year_at = a->invoices;
	return SQLITE_DONE;
}

/* --- what a paper says of itself */

static struct audit_invoice *new_invoice(struct audit *a)
{
	if (a->invoices == a->invoices_size) {
		a->invoices_size = a->invoices_size ? 2 * a->invoices_size : SIZE_AT_FIRST;
		a->invoice = realloc(a->invoice, a->invoices_size * sizeof(*a->invoice));
		CHECK(a->invoice);
	}
	a->invoice[a->invoices] = (struct audit_invoice){0};
	return &a->invoice[a->invoices++];
}

static void keep_invoice(struct audit *a, const struct audit_paper *p)
{
	struct audit_invoice *i = new_invoice(a);

	i->id = p->id;
	i->lines = p->lines;
	i->rates = p->rates;
	for (uint32_t k = 0; k < p->rates; k++) {
		i->rate[k].bp = p->rate[k].vat_bp;
		i->rate[k].gross = money_minor(p->rate[k].gross);
		i->rate[k].posted = money_minor(p->rate[k].posted);
	}
}

/* Its parts have to be its whole. */
static void paper_holds(struct audit *a, const struct audit_paper *p)
{
	int64_t gross = 0, payable = p->rounding;

	for (uint32_t k = 0; k < p->rates; k++) {
		audit_add(a, &gross, money_minor(p->rate[k].gross));
		audit_add(a, &payable, money_minor(p->rate[k].base));
		audit_add(a, &payable, money_minor(p->rate[k].vat));
	}
	if (gross != p->gross)
		audit_fail(a,
			   "sum 1 (lines): invoice %s says %lld öre, its VAT rates %lld, %lld off",
			   audit_number(p->id).text, (long long)p->gross, (long long)gross,
			   (long long)(p->gross - gross));
	if (payable != p->payable)
		audit_fail(a,
			   "sum 4 (receivable): invoice %s asks for %lld öre, its base, VAT and "
			   "rounding are %lld, %lld off",
			   audit_number(p->id).text, (long long)p->payable, (long long)payable,
			   (long long)(p->payable - payable));
}

static void add_paper(struct audit *a, const struct audit_paper *p)
{
	bool note = p->original != 0;
	struct audit_expected e = {.seq = p->seq, .paper = p->id};

	a->found.invoices++;
	audit_add(a, &a->payable, note ? -p->payable : p->payable);
	for (uint32_t k = 0; k < p->rates; k++) {
		struct audit_rate *r = audit_rate_of(a, p->rate[k].vat_bp);

		audit_add(a, note ? &r->noted : &r->invoiced, money_minor(p->rate[k].gross));
		audit_add(a, note ? &r->vat_noted : &r->vat_invoiced, money_minor(p->rate[k].vat));
		/* an invoice's lines have posted theirs; a note takes all of it back */
		audit_add(a, &e.vat,
			  note ? -money_minor(p->rate[k].vat)
			       : money_minor(p->rate[k].vat) - money_minor(p->rate[k].posted));
	}
	audit_add(a, &e.receivable, note ? -p->payable : p->payable);
	audit_add(a, &e.receivable, note ? 0 : -p->gross);
	audit_expect(a, &e);
	if (!note)
		keep_invoice(a, p);
}

/* A note, and all notes of its invoice together, against what they mirror. */
static int note_mirrors(struct audit *a, sqlite3 *db, const struct audit_paper *p)
{
	uint64_t over = 0, differ = 0;
	int rc = one_number(
		db,
		"SELECT count(*) FROM invoice_rate o WHERE o.invoice = ?1 AND ?2 > 0 AND (o.gross <"
		" (SELECT coalesce(sum(r.gross), 0) FROM invoice n JOIN invoice_rate r ON r.invoice"
		" = n.id WHERE n.original = ?1 AND n.original > 0 AND r.vat_bp = o.vat_bp)"
		" OR (SELECT sum(payable) FROM invoice WHERE original = ?1 AND original > 0)"
		" > (SELECT payable FROM invoice WHERE id = ?1))",
		p->original, p->id, &over);

	if (rc == SQLITE_DONE && p->line == 0)
		rc = one_number(db,
				"SELECT count(*) FROM invoice_rate n LEFT JOIN invoice_rate o ON"
				" o.invoice = ?1 AND o.vat_bp = n.vat_bp WHERE n.invoice = ?2 AND"
				" (n.gross IS NOT o.gross OR n.base IS NOT o.base"
				" OR n.vat IS NOT o.vat)",
				p->original, p->id, &differ);
	else if (rc == SQLITE_DONE)
		rc = one_number(db,
				"SELECT NOT EXISTS (SELECT 1 FROM invoice_line b JOIN line l ON"
				" l.seq = b.line JOIN invoice_rate n ON n.invoice = ?2 AND"
				" n.vat_bp = l.vat_bp AND n.gross = l.total JOIN invoice i ON"
				" i.id = ?2 AND i.line = l.seq WHERE b.invoice = ?1"
				" AND b.line = i.line)",
				p->original, p->id, &differ);
	if (rc != SQLITE_DONE)
		return rc;
	if (over > 0)
		audit_fail(a,
			   "sum 4 (receivable): the credit notes of invoice %s, as %s, are more "
			   "than the invoice",
			   audit_number(p->original).text, audit_number(p->id).text);
	if (differ > 0)
		audit_fail(a, "sum 1 (lines): credit note %s does not mirror invoice %s",
			   audit_number(p->id).text, audit_number(p->original).text);
	return SQLITE_DONE;
}

/* All of a paper's rows have come. */
static int end_paper(struct audit *a, sqlite3 *db, struct audit_paper *p)
{
	int rc = SQLITE_DONE;

	if (p->id == 0)
		return rc;
	a->at = p->id;
	if (p->seq > a->upto)
		return rc; /* of later: none of this audit's */
	if (p->id != a->before_id + 1)
		audit_fail(a, "sum 1 (lines): no invoice or credit note has the number %s",
			   audit_number(a->before_id + 1).text);
	a->before_id = p->id;
	if (p->seq <= a->from.upto)
		return rc;
	paper_holds(a, p);
	add_paper(a, p);
	return p->original != 0 ? note_mirrors(a, db, p) : rc;
}

static void take_rate(struct audit *a, sqlite3_stmt *get, struct audit_paper *p)
{
	if (sqlite3_column_type(get, 8) == SQLITE_NULL)
		return;
	if (p->rates == RATES_MAX) {
		audit_fail(a, "invoice %s has more VAT rates than it can",
			   audit_number(p->id).text);
		return;
	}
	p->rate[p->rates++] = (struct invoice_rate){
		.vat_bp = (int32_t)column_i64(get, 8),
		.gross = column_money(get, 9),
		.base = column_money(get, 10),
		.vat = column_money(get, 11),
		.posted = column_money(get, 12),
	};
}

static struct audit_paper paper_of(sqlite3_stmt *get)
{
	return (struct audit_paper){
		.id = (uint64_t)column_i64(get, 0),
		.seq = (uint64_t)column_i64(get, 1),
		.original = (uint64_t)column_i64(get, 2),
		.line = (uint64_t)column_i64(get, 3),
		.lines = (uint32_t)column_i64(get, 4),
		.gross = column_i64(get, 5),
		.rounding = column_i64(get, 6),
		.payable = column_i64(get, 7),
	};
}

int audit_papers(struct audit *a, sqlite3 *db)
{
	sqlite3_stmt *get = sql_prepare(
		db, "SELECT i.id, i.seq, i.original, i.line, i.lines, i.gross, i.rounding,"
		    " i.payable, r.vat_bp, r.gross, r.base, r.vat, r.posted FROM invoice i"
		    " LEFT JOIN invoice_rate r ON r.invoice = i.id"
		    " WHERE i.id > ?1 AND i.id <= ?2 ORDER BY i.id, r.vat_bp DESC");
	uint64_t to = a->at + PAPERS_A_STEP < a->last ? a->at + PAPERS_A_STEP : a->last;
	struct audit_paper p = {0};
	int rc, rc_end = SQLITE_DONE;

	if (!get)
		return sqlite3_extended_errcode(db);
	bind_u64(get, 1, a->at);
	bind_u64(get, 2, to);
	while ((rc = sqlite3_step(get)) == SQLITE_ROW && rc_end == SQLITE_DONE && !a->failed) {
		a->torn = true;
		if (p.id != (uint64_t)column_i64(get, 0)) {
			rc_end = end_paper(a, db, &p);
			p = paper_of(get);
		}
		take_rate(a, get, &p);
	}
	sqlite3_finalize(get);
	if (rc == SQLITE_DONE)
		rc = rc_end == SQLITE_DONE ? end_paper(a, db, &p) : rc_end;
	if (a->failed)
		return SQLITE_DONE;
	if (rc != SQLITE_DONE)
		return rc;
	a->torn = false;
	if (to < a->last) {
		a->at = to;
		return SQLITE_OK;
	}
	a->at = a->first;
	return SQLITE_DONE;
}

/* --- whose lines */

/* The index + 1 of the invoice; OWNED_BEFORE of one that is not this audit's. */
static uint32_t owner_of(const struct audit *a, uint64_t id)
{
	uint32_t low = a->year_at, high = a->invoices;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (a->invoice[middle].id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low < a->invoices && a->invoice[low].id == id ? low + 1 : OWNED_BEFORE;
}

static void own(struct audit *a, uint64_t id, uint64_t line)
{
	uint32_t owner = owner_of(a, id), *was;

	if (line > a->upto)
		return; /* and so is its invoice: of later */
	if (line < a->low) {
		if (owner != OWNED_BEFORE)
			audit_fail(a,
				   "sum 1 (lines): line %llu is on invoice %s, and was settled "
				   "before the last close",
				   (unsigned long long)line, audit_number(id).text);
		return;
	}
	was = &a->owner[line - a->low];
	if (*was != OWNED_BY_NONE)
		audit_fail(a, "sum 1 (lines): line %llu is on two invoices: %s and %s",
			   (unsigned long long)line,
			   *was == OWNED_BEFORE ? "an earlier one"
						: audit_number(a->invoice[*was - 1].id).text,
			   audit_number(id).text);
	*was = owner;
}

/* When the invoice was made; 0: it is not there. */
static int seq_of(sqlite3_stmt *get, uint64_t id, uint64_t *ret)
{
	int rc;

	bind_u64(get, 1, id);
	rc = sqlite3_step(get);
	*ret = rc == SQLITE_ROW ? (uint64_t)column_i64(get, 0) : 0;
	sqlite3_reset(get);
	return rc == SQLITE_ROW ? SQLITE_DONE : rc;
}

/* One row's lines. */
static void take_pack(struct audit *a, const char *text)
{
	uint64_t line;

	while (text && pack_next(&text, &line) && !a->failed)
		own(a, a->at, line);
	if (!text || *text != '\0')
		audit_fail(a, "sum 1 (lines): the lines of invoice %s cannot be read",
			   audit_number(a->at).text);
}

/* The rows that `get` gives. */
static int take_packs(struct audit *a, sqlite3_stmt *get, sqlite3_stmt *made, uint32_t *ret_rows)
{
	uint64_t invoice = 0, seq = 0;
	int rc, rc_made = SQLITE_DONE;

	*ret_rows = 0;
	while ((rc = sqlite3_step(get)) == SQLITE_ROW && !a->failed) {
		if (invoice != (uint64_t)column_i64(get, 0)) {
			invoice = (uint64_t)column_i64(get, 0);
			rc_made = seq_of(made, invoice, &seq);
		}
		if (rc_made != SQLITE_DONE)
			return rc_made;
		a->at = invoice;
		a->at_line = (uint64_t)column_i64(get, 1);
		++*ret_rows;
		if (seq == 0)
			audit_fail(a,
				   "sum 1 (lines): line %llu is on invoice %s, which is not there",
				   (unsigned long long)a->at_line, audit_number(a->at).text);
		else if (seq <= a->upto)
			take_pack(a, (const char *)sqlite3_column_text(get, 2));
	}
	return rc;
}

int audit_bears(struct audit *a, sqlite3 *db)
{
	sqlite3_stmt *made = sql_prepare(db, "SELECT seq FROM invoice WHERE id = ?1");
	sqlite3_stmt *get = sql_prepare(db, "SELECT invoice, first, lines FROM invoice_pack"
					    " WHERE (invoice, first) > (?1, ?2) AND invoice <= ?3"
					    " ORDER BY invoice, first LIMIT ?4");
	uint32_t n = 0;
	int rc = sqlite3_extended_errcode(db);

	if (get && made) {
		bind_u64(get, 1, a->at);
		bind_u64(get, 2, a->at_line);
		bind_u64(get, 3, a->last);
		bind_u64(get, 4, PACKS_A_STEP);
		rc = take_packs(a, get, made, &n);
	}
	sqlite3_finalize(get);
	sqlite3_finalize(made);
	if (a->failed)
		return SQLITE_DONE;
	return rc == SQLITE_DONE && n == PACKS_A_STEP ? SQLITE_OK : rc;
}
