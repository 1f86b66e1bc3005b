/*
 * store_sql.c: what the ledger's one connection says to SQLite. Every statement is made at open,
 * but for the postings', of which few counts of rows ever come up.
 */
#include "ledger/store.h"

/* The same chain, where the visit is bound as ?2. */
#define LINES_OF_VISIT_2                                                                           \
	"WITH RECURSIVE chain(seq) AS (SELECT last_line FROM visit WHERE id = ?2 UNION ALL"        \
	" SELECT before FROM line JOIN chain USING(seq) WHERE before > 0) "
#define FREE_OF_PAYMENT                                                                            \
	"p.amount - coalesce((SELECT sum(amount) FROM settled WHERE payment = p.seq), 0)"

const char *const store_statements[STATEMENTS] = {
	[DO_BEGIN] = "BEGIN IMMEDIATE",
	[DO_COMMIT] = "COMMIT",
	[DO_ROLLBACK] = "ROLLBACK",
	[DO_ENTRY] = "INSERT INTO entry(epoch, seq, at, kind, body, body_hash, prev_hash, hash)"
		     " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
	[DO_META] = "INSERT INTO meta(name, value) VALUES(?1, ?2)"
		    " ON CONFLICT(name) DO UPDATE SET value = excluded.value",
	/* a later one in its slot stays: it is there already while the tables are made again */
	[DO_TOKEN] = "INSERT INTO token_used(slot, seq, kid, cti, iat_s, exp_s)"
		     " VALUES(?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT(slot) DO UPDATE SET"
		     " seq = excluded.seq, kid = excluded.kid, cti = excluded.cti,"
		     " iat_s = excluded.iat_s, exp_s = excluded.exp_s"
		     " WHERE token_used.seq <= excluded.seq",
	/* of those whose entry is erased alone: what else there is follows from the entries */
	[DO_TOKENS_GONE] = "DELETE FROM token_used WHERE exp_s < ?1 AND"
			   " (SELECT body IS NULL FROM entry e WHERE e.seq = token_used.seq)",
	[DO_CARD] = "INSERT INTO card_used(kid, counter) VALUES(?1, ?2) ON CONFLICT(kid) DO UPDATE"
		    " SET counter = max(counter, excluded.counter)",
	[DO_ERASE] = "UPDATE entry SET body = NULL WHERE seq = ?1",
	[GET_ERASABLE] = "SELECT seq, at, kind, body FROM entry INDEXED BY entry_erasable"
			 " WHERE seq > ?1 AND seq <= ?2 AND body IS NOT NULL"
			 " AND kind IN (10, 11, 12, 20, 85) ORDER BY seq",
	[DO_ALARM] =
		"INSERT INTO alarm(id, code, condition, place, severity, state, over,"
		" acknowledged_by, raised_at, changed_at)"
		" VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9)"
		" ON CONFLICT(id) DO UPDATE SET severity = excluded.severity,"
		" state = excluded.state, over = excluded.over, changed_at = excluded.changed_at,"
		" acknowledged_by = CASE WHEN excluded.acknowledged_by <> ''"
		"  THEN excluded.acknowledged_by ELSE acknowledged_by END",
	[DO_VISIT_OPENED] = "INSERT INTO visit(id, customer, place, price_version, opened_at)"
			    " VALUES(?1, ?2, ?3, ?4, ?5)",
	[DO_VISIT_JOINED] = "INSERT INTO bearer(visit, seq, hash, customer) VALUES(?1, ?2, ?3, ?4)",
	[DO_VISIT_CLOSED] = "UPDATE visit SET over = 1, closed_at = ?2, ended = ?3 WHERE id = ?1",
	[DO_LINE] = "INSERT INTO line(seq, visit, key, customer, gtin, name, quantity_milli,"
		    " unit_price, list_price, total, deposit, vat_bp, vat_class, vat, cost, bought,"
		    " day_sure, class, price_version, at, scanned_at, use_by, best_before, lot,"
		    " late, before)"
		    " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16,"
		    " ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25,"
		    " coalesce((SELECT last_line FROM visit WHERE id = ?2), 0))",
	[DO_LINE_VOIDED] = "UPDATE line SET voided = ?3 WHERE seq = (" LINES_OF_VISIT
			   "SELECT seq FROM line JOIN chain USING(seq) WHERE key = ?2)"
			   " AND voided = 0 AND credited = 0 RETURNING " ROW_SOLD,
	[DO_LINE_CREDITED] = "UPDATE line SET credited = ?2 WHERE seq = ?1 AND voided = 0"
			     " AND credited = 0 RETURNING " ROW_SOLD,
	[DO_LINE_DATED] = "UPDATE line SET day_sure = 1, bought = ?2, vat_bp = ?3, vat = ?4"
			  " WHERE seq = ?1",
	[GET_LINE] = "SELECT " ROW_SOLD " FROM line WHERE seq = ?1",
	[GET_LINE_UNSURE] = "SELECT seq, at, vat_class, bought, voided + credited, " ROW_SOLD
			    " FROM line WHERE day_sure = 0 ORDER BY seq LIMIT 1",
	[GET_CLOCK_BEFORE] = "SELECT seq, at, kind, body FROM entry WHERE kind IN (1, 3)"
			     " AND seq < ?1 ORDER BY seq DESC LIMIT 1",
	[GET_CLOCK_AFTER] = "SELECT seq, at, kind, body FROM entry WHERE kind IN (1, 3)"
			    " AND seq > ?1 AND seq <= ?2 ORDER BY seq LIMIT 1",
	[DO_VISIT_ADD] = "UPDATE visit SET lines = lines + ?2, lines_ever = lines_ever + ?3,"
			 " total = total + ?4, last_line = max(last_line, ?5) WHERE id = ?1",
	/* the first of a key is the one that was answered */
	[DO_DESK_KEY] = "INSERT INTO desk_key(key, seq) VALUES(?1, ?2) ON CONFLICT DO NOTHING",
	[DO_BALANCE_LINE] = "INSERT INTO balance(customer, unbilled) VALUES(?1, ?2)"
			    " ON CONFLICT(customer) DO UPDATE SET unbilled ="
			    " unbilled + excluded.unbilled",
	[DO_BALANCE] = "INSERT INTO balance(customer, unbilled, unpaid) VALUES(?1, ?2, ?3)"
		       " ON CONFLICT(customer) DO UPDATE SET"
		       " unbilled = unbilled + excluded.unbilled,"
		       " unpaid = unpaid + excluded.unpaid RETURNING unpaid",
	/* who owes nothing on the whole is not late with a part */
	[DO_BALANCE_DUE] = "UPDATE balance SET oldest_due = CASE WHEN unpaid <= 0 THEN 0 ELSE"
			   " coalesce((SELECT min(due) FROM invoice WHERE customer = ?1"
			   " AND original = 0 AND payable > credited + paid), 0) END"
			   " WHERE customer = ?1",
	[DO_STOCK_NEW] = "INSERT INTO stock(gtin, on_hand, value, unit_cost, counted, shrunk)"
			 " VALUES(?1, ?2, ?3, ?4, ?5, ?6)",
	[DO_STOCK] = "UPDATE stock SET on_hand = ?2, value = ?3, unit_cost = ?4, counted = ?5,"
		     " shrunk = ?6 WHERE gtin = ?1",
	[GET_STOCK] = "SELECT on_hand, value, unit_cost, counted, shrunk FROM stock"
		      " WHERE gtin = ?1",
	[DO_MOVEMENT] = "INSERT INTO movement(seq, kind, gtin, quantity, value, day, use_by,"
			" best_before, lot, why, by)"
			" VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
	[DO_INVOICE] = "INSERT INTO invoice(id, seq, customer, period, issued, due, lines, gross,"
		       " rounding, payable, original, line, reason, why)"
		       " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
	[DO_INVOICE_RATE] = "INSERT INTO invoice_rate(invoice, vat_bp, gross, base, vat, posted)"
			    " VALUES(?1, ?2, ?3, ?4, ?5, ?6)",
	[DO_INVOICE_LINES] = "INSERT INTO invoice_pack(invoice, first, lines) VALUES(?1, ?2, ?3)",
	[DO_INVOICE_DUE] = "UPDATE balance SET oldest_due = ?2 WHERE customer = ?1"
			   " AND (oldest_due = 0 OR oldest_due > ?2)",
	[DO_INVOICE_CREDITED] = "UPDATE invoice SET credited = credited + ?2 WHERE id = ?1"
				" AND original = 0 RETURNING credited + paid - payable, paid",
	[GET_INVOICE] = "SELECT period, lines FROM invoice WHERE id = ?1 AND original = 0",
	[GET_INVOICE_LINES] = "SELECT " ROW_SOLD " FROM invoice_line i JOIN line ON seq = i.line"
			      " WHERE i.invoice = ?1 ORDER BY i.line",
	[DO_PERIOD_CLOSED] =
		"INSERT OR REPLACE INTO period_closed(period, seq, upto, invoices, lines,"
		" invoiced, unbilled, payable, paid, receivable, vat)"
		" VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
	[DO_PAYMENT] = "INSERT INTO payment(seq, key, customer, invoice, amount, booked)"
		       " VALUES(?1, ?2, ?3, ?4, ?5, ?6)",
	[DO_PAYMENT_ASSIGNED] = "UPDATE payment SET customer = ?2, invoice = ?3, assigned = ?4"
				" WHERE seq = ?1",
	[GET_PAYMENT] = "SELECT p.seq, p.amount, p.invoice, p.customer IS NOT NULL"
			" FROM desk_key k JOIN payment p ON p.seq = k.seq WHERE k.key = ?1",
	[DO_SETTLED] = "INSERT INTO settled(payment, invoice, amount) VALUES(?1, ?2, ?3)"
		       " ON CONFLICT(payment, invoice) DO UPDATE SET"
		       " amount = amount + excluded.amount",
	[DO_SETTLED_GONE] = "DELETE FROM settled WHERE payment = ?1 AND invoice = ?2"
			    " AND amount = 0",
	[DO_INVOICE_PAID] = "UPDATE invoice SET paid = paid + ?2 WHERE id = ?1",
	/* what has come in from a customer, and is set against nothing */
	[GET_POOL] = "SELECT coalesce(sum(" FREE_OF_PAYMENT "), 0) FROM payment p"
		     " WHERE p.customer = ?1",
	[GET_FREE_PAYMENT] = "SELECT p.seq, " FREE_OF_PAYMENT " FROM payment p"
			     " WHERE p.customer = ?1 AND " FREE_OF_PAYMENT " > 0"
			     " ORDER BY p.seq LIMIT 1",
	[GET_TAKEN_PAYMENT] = "SELECT p.seq, " FREE_OF_PAYMENT " FROM payment p"
			      " WHERE p.customer = ?1 AND " FREE_OF_PAYMENT " < 0"
			      " ORDER BY p.seq LIMIT 1",
	[GET_UNPAID] = "SELECT id, payable - credited - paid FROM invoice WHERE customer = ?1"
		       " AND original = 0 AND payable > credited + paid"
		       " ORDER BY id <> ?2, due, id LIMIT 1",
	[GET_PAID] = "SELECT id, paid FROM invoice WHERE customer = ?1 AND original = 0"
		     " AND paid > 0 ORDER BY id <> ?2, due DESC, id DESC LIMIT 1",
	[GET_SETTLED] = "SELECT s.payment, s.amount FROM payment p CROSS JOIN settled s"
			" ON s.payment = p.seq AND s.invoice = ?2"
			" WHERE p.customer = ?1 AND s.amount > 0 ORDER BY p.seq DESC LIMIT 1",
	/* a result keeps why and when the visit was picked */
	[DO_CHECK] = "INSERT INTO visit_check(visit, seq, state, reason, picked_at, why, by)"
		     " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT(visit) DO UPDATE SET"
		     " seq = excluded.seq, state = excluded.state, why = excluded.why,"
		     " by = excluded.by,"
		     " reason = CASE WHEN excluded.state = 0 THEN excluded.reason ELSE reason END,"
		     " picked_at = CASE WHEN excluded.state = 0 THEN excluded.picked_at"
		     "  ELSE picked_at END",
	[DO_REPORTED] = "INSERT INTO reported(seq, visit, line, reason, why) VALUES(?1, ?2,"
			" coalesce((" LINES_OF_VISIT_2
			"SELECT seq FROM line JOIN chain USING(seq) WHERE key = ?3), 0), ?4, ?5)",
	[DO_ANSWERED_VISIT] = "UPDATE reported SET answered = ?2 WHERE answered = 0 AND visit = ?1",
	[DO_ANSWERED_LINE] = "UPDATE reported SET answered = ?2 WHERE answered = 0 AND line = ?1",
	[DO_ANSWERED_INVOICE] = "UPDATE reported SET answered = ?2 WHERE answered = 0 AND line IN"
				" (SELECT line FROM invoice_line WHERE invoice = ?1)",
	[GET_VISITS_OPEN] = "SELECT " ROW_VISIT " FROM visit WHERE over = 0"
			    " ORDER BY id DESC LIMIT ?1",
	[GET_VISIT] = "SELECT " ROW_VISIT " FROM visit WHERE id = ?1",
	[GET_BEARERS] = "SELECT hash, customer FROM bearer WHERE visit = ?1"
			" ORDER BY seq DESC LIMIT ?2",
	[GET_LINES] = LINES_OF_VISIT "SELECT " ROW_LINE " FROM line JOIN chain USING(seq)"
				     " ORDER BY seq LIMIT ?2",
	[GET_TOKENS] = "SELECT kid, cti, iat_s, exp_s FROM token_used WHERE exp_s >= ?1"
		       " ORDER BY seq DESC LIMIT ?2",
	[GET_CARDS] = "SELECT kid, counter FROM card_used ORDER BY kid LIMIT ?1",
	[GET_ALARMS] = "SELECT id, code, condition, place, severity, state, acknowledged_by,"
		       " raised_at"
		       " FROM alarm WHERE over = 0 ORDER BY id DESC LIMIT ?1",
	[GET_MODES] = "SELECT substr(name, 1 + length(?1)), value FROM meta"
		      " WHERE substr(name, 1, length(?1)) = ?1 ORDER BY name LIMIT ?2",
	[GET_BALANCES] = "SELECT customer, unbilled, unpaid, oldest_due FROM balance"
			 " WHERE unbilled <> 0 OR unpaid <> 0",
	[GET_BOOKS] = "SELECT body FROM entry WHERE kind IN (70, 71) AND kind = ?1 AND seq <= ?2"
		      " ORDER BY seq DESC",
};

int store_prepare(struct store *s)
{
	for (uint32_t i = 0; i < STATEMENTS; i++) {
		s->statement[i] = sql_prepare(s->writer.db, store_statements[i]);
		if (!s->statement[i])
			return sqlite3_extended_errcode(s->writer.db);
	}
	return SQLITE_OK;
}

void store_finalize(struct store *s)
{
	for (uint32_t i = 0; i < STATEMENTS; i++)
		sqlite3_finalize(s->statement[i]);
	for (uint32_t i = 0; i <= POSTINGS_MAX; i++)
		sqlite3_finalize(s->posting[i]);
}
