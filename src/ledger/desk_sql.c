/*
 * desk_sql.c: what the desk asks of the tables. Statements are made when they are first needed, so
 * that a start pays for none of them.
 */
#include "ledger/desk_inside.h"
#include "ledger/sql_each.h"

#define INVOICE_COLUMNS                                                                            \
	"id, seq, customer, period, issued, due, lines, gross, rounding, payable, original, line," \
	" credited, paid"

static const char *const text[DESK_STATEMENTS] = {
	[DESK_GET_KEY] =
		"SELECT k.seq, e.kind, e.body FROM desk_key k JOIN entry e ON e.seq = k.seq"
		" WHERE k.key = ?1",
	[DESK_GET_BALANCE] = "SELECT unbilled, unpaid, oldest_due FROM balance WHERE customer = ?1",
	[DESK_GET_INVOICE] = "SELECT " INVOICE_COLUMNS " FROM invoice WHERE id = ?1",
	[DESK_GET_INVOICE_RATES] = "SELECT vat_bp, gross, base, vat, posted FROM invoice_rate"
				   " WHERE invoice = ?1 ORDER BY vat_bp DESC LIMIT ?2",
	/* the notes of an invoice: those of one line, or of the whole */
	[DESK_GET_NOTES] = "SELECT id, line, gross, payable FROM invoice"
			   " WHERE original = ?1 AND original > 0 ORDER BY id",
	[DESK_GET_NUMBER] = "SELECT coalesce(max(id), 0) FROM invoice WHERE id BETWEEN ?1 AND ?2",
	[DESK_GET_LINE_OF_KEY] = LINES_OF_VISIT "SELECT seq FROM line JOIN chain USING(seq)"
						" WHERE key = ?2",
	[DESK_GET_LINE] = "SELECT l.visit, l.customer, l.total, l.deposit, l.vat_bp, l.voided,"
			  " l.credited, coalesce(v.over, 1), l.bought FROM line l"
			  " LEFT JOIN visit v ON v.id = l.visit WHERE l.seq = ?1",
	/* a customer's invoices, newest first; those from before the line cannot bear it */
	[DESK_GET_LINE_INVOICE] = "SELECT i.id FROM invoice i CROSS JOIN invoice_line l"
				  " ON l.invoice = i.id AND l.line = ?2"
				  " WHERE i.customer = ?1 ORDER BY i.id DESC LIMIT 1",
	[DESK_GET_INVOICE_LINES] = "SELECT l.seq, l.vat_bp, l.total, l.deposit FROM invoice_line i"
				   " JOIN line l ON l.seq = i.line WHERE i.invoice = ?1"
				   " ORDER BY i.line",
	[DESK_GET_STOCK] = "SELECT on_hand, value, shrunk FROM stock WHERE gtin = ?1",
	[DESK_GET_LEVELS] = "SELECT gtin, on_hand, shrunk FROM stock ORDER BY gtin",
	[DESK_GET_PAYMENT] = "SELECT seq, customer IS NOT NULL, customer, invoice, amount, booked,"
			     " assigned FROM payment WHERE seq = ?1",
	/* what came in naming an invoice, less what went back */
	[DESK_GET_CAME_IN] = "SELECT coalesce(sum(amount), 0) FROM payment WHERE customer = ?1"
			     " AND invoice = ?2",
	[DESK_GET_VISIT] = "SELECT over FROM visit WHERE id = ?1",
	[DESK_GET_CHECK] = "SELECT seq, state, reason, why, by FROM visit_check WHERE visit = ?1",
	[DESK_GET_REPORTED] = "SELECT seq, reason, why FROM reported WHERE line = ?1"
			      " AND answered = 0 ORDER BY seq DESC LIMIT 1",
	[DESK_GET_BOOKS] = "SELECT kind, body FROM entry WHERE kind IN (70, 71) AND kind = ?1"
			   " ORDER BY seq DESC LIMIT 1",
	[DESK_GET_ANY_LINE] = "SELECT 1 FROM line LIMIT 1",
	[DESK_GET_CHARTS] = "SELECT kind, body, seq FROM entry WHERE kind IN (70, 71) AND kind = 71"
			    " ORDER BY seq",
	/* all postings are read: only a chart that gives an account away asks */
	[DESK_GET_POSTED] = "SELECT 1 FROM posting WHERE account = ?1 AND id >= ?2 AND id < ?3"
			    " LIMIT 1",

	[DESK_GET_PERIOD] = "SELECT seq, invoices FROM period_closed WHERE period = ?1",
	[DESK_GET_CLOSED] = "SELECT e.kind, e.body FROM period_closed p JOIN entry e USING(seq)"
			    " ORDER BY p.period DESC LIMIT 1",
	[DESK_GET_UNSURE] = "SELECT seq FROM line WHERE day_sure = 0 LIMIT 1",
	[DESK_GET_VISITS_OPEN] = "SELECT id FROM visit WHERE over = 0 ORDER BY id DESC LIMIT ?1",
	[DESK_GET_YEAR_BEFORE] = "SELECT coalesce(max(id), 0) FROM invoice WHERE id < ?1",
	[DESK_GET_INVOICE_FROM] = "SELECT id, seq FROM invoice WHERE id BETWEEN ?1 AND ?2"
				  " ORDER BY id LIMIT 1",
	[DESK_GET_BILLED] = "SELECT invoice, first, lines FROM invoice_pack"
			    " WHERE (invoice, first) > (?1, ?2) AND invoice <= ?3",
	[DESK_GET_PERIOD_BILLED] = "SELECT i.customer, i.lines,"
				   " (SELECT count(*) FROM invoice_rate WHERE invoice = i.id), i.id"
				   " FROM invoice i WHERE i.period = ?1 AND i.original = 0"
				   " AND i.id > ?2 ORDER BY i.id",
	[DESK_GET_PERIOD_COUNT] = "SELECT count(*) FROM invoice WHERE period = ?1 AND original = 0",
	[DESK_GET_LINES] = "SELECT each(seq, visit, customer, total, vat_bp, vat, bought)"
			   " FROM line WHERE seq > ?1 AND seq <= ?2 AND voided = 0"
			   " AND credited = 0",
	[DESK_GET_LINE_MONEY] = "SELECT total, vat_bp, vat FROM line WHERE seq = ?1"
				" AND voided = 0 AND credited = 0",
};

sqlite3_stmt *desk_get(struct desk *d, enum desk_statement which)
{
	if (!d->statement[which])
		d->statement[which] = sql_each_prepare(d->store->writer.db, text[which]);
	if (!d->statement[which])
		sql_panic(d->store->writer.db, sqlite3_extended_errcode(d->store->writer.db),
			  "preparing what the desk asks");
	return d->statement[which];
}

bool desk_row(struct desk *d, enum desk_statement which)
{
	int rc = sqlite3_step(d->statement[which]);

	if (rc == SQLITE_ROW)
		return true;
	if (rc != SQLITE_DONE)
		sql_panic(d->store->writer.db, rc, "reading the books");
	sqlite3_reset(d->statement[which]);
	return false;
}

void desk_done(struct desk *d, enum desk_statement which)
{
	sqlite3_reset(d->statement[which]);
}

void desk_damaged(struct desk *d, const char *doing)
{
	sql_panic(d->store->writer.db, SQLITE_CORRUPT, doing);
}

void desk_open(struct desk *d, struct store *s)
{
	*d = (struct desk){.store = s};
}

void desk_shut(struct desk *d)
{
	close_free(d->close);
	for (uint32_t i = 0; i < DESK_STATEMENTS; i++)
		sqlite3_finalize(d->statement[i]);
	*d = (struct desk){0};
}
