/*
 * read_sight_paper.c: what became of a visit's money: which invoices bear its lines, what was
 * credited of them, and what was paid.
 */
#include "ledger/read_rows.h"
#include "ledger/read_sight.h"

#define PAPER                                                                                      \
	"SELECT i.id, i.seq, e.at, i.period, i.issued, i.due, i.payable, i.paid, i.credited,"      \
	" i.original FROM invoice i JOIN entry e ON e.seq = i.seq "

static uint32_t invoice_at(const struct sight_whole *w, struct invoice_id id)
{
	for (uint32_t i = 0; i < w->invoices; i++)
		if (w->invoice[i].id.n == id.n)
			return i;
	return UINT32_MAX;
}

/* One more invoice or credit note, and its step. */
static void paper_add(struct sight_whole *w, sqlite3_stmt *s, enum sight_kind kind)
{
	struct sight_step *step;

	if (w->invoices == SIGHT_INVOICES_MAX) {
		w->truncated = true;
		return;
	}
	w->invoice[w->invoices] = (struct sight_invoice){
		.id = {(uint64_t)column_i64(s, 0)},
		.seq = (uint64_t)column_i64(s, 1),
		.note = column_i64(s, 9) != 0,
		.period = {(int32_t)column_i64(s, 3)},
		.issued = column_day(s, 4),
		.due = column_day(s, 5),
		.payable = column_money(s, 6),
		.paid = column_money(s, 7),
		.credited = column_money(s, 8),
	};
	step = sight_step_new(w, kind, (struct wall){column_i64(s, 2)}, (uint64_t)column_i64(s, 1));
	if (step)
		step->invoice = w->invoices;
	w->invoices++;
}

/* Credit notes of an invoice: of all of it, or of a line of this visit. */
static int notes(struct reader *r, struct sight_whole *w, struct invoice_id id)
{
	int rc;
	sqlite3_stmt *get = rows_prepare(
		r,
		PAPER "WHERE i.original > 0 AND i.original = ?1 AND (i.line = 0 OR EXISTS"
		      " (SELECT 1 FROM line l WHERE l.seq = i.line AND l.visit = ?2))"
		      " ORDER BY i.id LIMIT ?3",
		&rc);

	if (!get)
		return rc;
	bind_u64(get, 1, id.n);
	bind_u64(get, 2, w->visit.id.n);
	bind_i64(get, 3, SIGHT_INVOICES_MAX);
	while ((rc = sqlite3_step(get)) == SQLITE_ROW)
		paper_add(w, get, SIGHT_CREDIT_NOTE);
	sqlite3_finalize(get);
	return rc;
}

/* Payments are found by looking through what was ever settled: a few thousand rows a year. */
static int payments(struct reader *r, struct sight_whole *w, struct invoice_id id)
{
	int rc;
	sqlite3_stmt *get =
		rows_prepare(r,
			     "SELECT s.payment, e.at FROM settled s JOIN entry e"
			     " ON e.seq = s.payment WHERE s.invoice = ?1 AND s.amount > 0"
			     " ORDER BY s.payment LIMIT ?2",
			     &rc);
	struct sight_step *step;

	if (!get)
		return rc;
	bind_u64(get, 1, id.n);
	bind_i64(get, 2, SIGHT_INVOICES_MAX);
	while ((rc = sqlite3_step(get)) == SQLITE_ROW) {
		step = sight_step_new(w, SIGHT_PAYMENT, (struct wall){column_i64(get, 1)},
				      (uint64_t)column_i64(get, 0));
		if (step)
			step->invoice = invoice_at(w, id);
	}
	sqlite3_finalize(get);
	return rc;
}

static int invoice_read(struct reader *r, struct sight_whole *w, struct invoice_id id)
{
	int rc;
	sqlite3_stmt *get = rows_prepare(r, PAPER "WHERE i.id = ?1", &rc);

	if (!get)
		return rc;
	bind_u64(get, 1, id.n);
	rc = sqlite3_step(get);
	if (rc == SQLITE_ROW)
		paper_add(w, get, SIGHT_INVOICE);
	sqlite3_finalize(get);
	if (rc != SQLITE_ROW)
		return rc == SQLITE_DONE ? SQLITE_CORRUPT : rc;
	rc = notes(r, w, id);
	return rc == SQLITE_DONE ? payments(r, w, id) : rc;
}

int sight_papers(struct reader *r, struct sight_whole *w)
{
	int rc = SQLITE_OK;
	sqlite3_stmt *find = sight_invoice_prepare(r, &rc);

	w->visit.invoice = (struct invoice_id){0};
	for (uint32_t i = 0; find && i < w->lines && rc == SQLITE_OK; i++) {
		struct sight_line *l = &w->line[i];

		if (l->voided != 0 || l->credited != 0)
			continue;
		rc = sight_invoice_of(find, &l->customer, l->seq, &l->invoice);
		if (rc != SQLITE_OK || l->invoice.n == 0)
			continue;
		w->visit.invoice = l->invoice;
		if (invoice_at(w, l->invoice) != UINT32_MAX || w->invoices == SIGHT_INVOICES_MAX)
			continue;
		rc = invoice_read(r, w, l->invoice);
		rc = rc == SQLITE_DONE ? SQLITE_OK : rc;
	}
	sqlite3_finalize(find);
	return rc == SQLITE_OK ? SQLITE_DONE : rc;
}
