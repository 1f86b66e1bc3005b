/*
 * schema.c: what ledger.db holds (contracts 4).
 *
 * `entry` is the truth: a chain that triggers keep from being cut, changed or reordered, with one
 * exception, the erasure of the body of a kind that has a retention. Everything after it is derived
 * in the same transaction and can be made again from it (rebuild.c). Rows that are written often
 * have ascending keys, so that one commit of many visits touches few pages.
 */
#include "ledger/store.h"

static const char first_form[] =
	"CREATE TABLE entry("
	" epoch INTEGER NOT NULL,"
	" seq INTEGER PRIMARY KEY," /* rises across epochs too, so (epoch, seq) is unique */
	" at INTEGER NOT NULL,"	    /* UTC, milliseconds */
	" kind INTEGER NOT NULL,"
	" body BLOB," /* NULL: erased */
	" body_hash BLOB NOT NULL CHECK(length(body_hash) = 32),"
	" prev_hash BLOB NOT NULL CHECK(length(prev_hash) = 32),"
	" hash BLOB NOT NULL CHECK(length(hash) = 32)"
	") STRICT;"
	"CREATE TRIGGER entry_insert BEFORE INSERT ON entry"
	" WHEN new.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM entry)"
	" BEGIN SELECT RAISE(ABORT, 'entries are only appended'); END;"
	"CREATE TRIGGER entry_delete BEFORE DELETE ON entry"
	" BEGIN SELECT RAISE(ABORT, 'entries are never deleted'); END;"
	"CREATE TRIGGER entry_update BEFORE UPDATE ON entry"
	" WHEN new.epoch IS NOT old.epoch OR new.seq IS NOT old.seq OR new.at IS NOT old.at"
	"  OR new.kind IS NOT old.kind OR new.body_hash IS NOT old.body_hash"
	"  OR new.prev_hash IS NOT old.prev_hash OR new.hash IS NOT old.hash"
	"  OR new.body IS NOT NULL OR old.kind NOT IN (10, 11, 12, 20)" /* until told_form */
	" BEGIN SELECT RAISE(ABORT, 'entries are never changed'); END;"

	"CREATE TABLE visit("
	" id INTEGER PRIMARY KEY,"
	" customer BLOB NOT NULL,"
	" place TEXT NOT NULL,"
	" price_version INTEGER NOT NULL,"
	" opened_at INTEGER NOT NULL,"
	" closed_at INTEGER NOT NULL DEFAULT 0,"
	" over INTEGER NOT NULL DEFAULT 0,"
	" ended INTEGER NOT NULL DEFAULT 0," /* enum visit_end, once over */
	" lines INTEGER NOT NULL DEFAULT 0," /* not voided */
	" lines_ever INTEGER NOT NULL DEFAULT 0,"
	" total INTEGER NOT NULL DEFAULT 0,"
	" last_line INTEGER NOT NULL DEFAULT 0" /* seq of its newest line */
	") STRICT;"
	"CREATE INDEX visit_open ON visit(id) WHERE over = 0;"

	"CREATE TABLE bearer("
	" visit INTEGER NOT NULL,"
	" seq INTEGER NOT NULL,"
	" hash BLOB NOT NULL,"
	" customer BLOB NOT NULL,"
	" PRIMARY KEY(visit, seq)"
	") STRICT, WITHOUT ROWID;"

	/* A visit's lines hang on a chain, newest first, instead of in an index: with many phones
	 * at once an index is a page of its own to write for every line. That a key comes once in a
	 * visit is the core's promise; verify.c holds it to that. */
	"CREATE TABLE line("
	" seq INTEGER PRIMARY KEY," /* of its entry: the order scanned */
	" visit INTEGER NOT NULL,"
	" key TEXT NOT NULL,"
	" customer BLOB NOT NULL,"
	" gtin INTEGER NOT NULL,"
	" name TEXT NOT NULL,"
	" quantity_milli INTEGER NOT NULL,"
	" unit_price INTEGER NOT NULL,"
	" total INTEGER NOT NULL,"
	" vat_bp INTEGER NOT NULL,"
	" class INTEGER NOT NULL,"
	" price_version INTEGER NOT NULL,"
	" at INTEGER NOT NULL,"
	" scanned_at INTEGER NOT NULL,"
	" late INTEGER NOT NULL,"
	" voided INTEGER NOT NULL DEFAULT 0,"	       /* seq of the entry that took it back */
	" before INTEGER NOT NULL CHECK(before < seq)" /* the visit's line before it, or 0 */
	") STRICT;"

	"CREATE TABLE balance("
	" customer BLOB PRIMARY KEY,"
	" unbilled INTEGER NOT NULL"
	") STRICT, WITHOUT ROWID;"

	/* a ring of the newest FRESH_TOKENS_MAX: no more are ever recalled */
	"CREATE TABLE token_used("
	" slot INTEGER PRIMARY KEY,"
	" seq INTEGER NOT NULL,"
	" kid BLOB NOT NULL,"
	" cti BLOB NOT NULL,"
	" iat_s INTEGER NOT NULL,"
	" exp_s INTEGER NOT NULL"
	") STRICT;"

	"CREATE TABLE alarm("
	" id INTEGER PRIMARY KEY,"
	" code INTEGER NOT NULL,"
	" condition INTEGER NOT NULL,"
	" place TEXT NOT NULL,"
	" severity INTEGER NOT NULL,"
	" state INTEGER NOT NULL,"
	" over INTEGER NOT NULL,"
	" acknowledged_by TEXT NOT NULL,"
	" raised_at INTEGER NOT NULL,"
	" changed_at INTEGER NOT NULL"
	") STRICT;"
	"CREATE INDEX alarm_unfinished ON alarm(id) WHERE over = 0;"

	"CREATE TABLE meta("
	" name TEXT PRIMARY KEY,"
	" value INTEGER NOT NULL"
	") STRICT, WITHOUT ROWID;";

/* The books (design 4). Every derived table is made anew, and filled again from the entries when
 * the file is next opened (rebuild.c): a form never has to know how an older one filled them. Only
 * the notes stay: some tell of what is in no entry any more, or not yet. */
const char ledger_tables[] =
	"DROP TABLE IF EXISTS visit; DROP TABLE IF EXISTS bearer; DROP TABLE IF EXISTS line;"
	"DROP TABLE IF EXISTS balance; DROP TABLE IF EXISTS token_used;"
	"DROP TABLE IF EXISTS alarm;"

	"CREATE TABLE visit("
	" id INTEGER PRIMARY KEY,"
	" customer BLOB NOT NULL,"
	" place TEXT NOT NULL,"
	" price_version INTEGER NOT NULL,"
	" opened_at INTEGER NOT NULL,"
	" closed_at INTEGER NOT NULL DEFAULT 0,"
	" over INTEGER NOT NULL DEFAULT 0,"
	" ended INTEGER NOT NULL DEFAULT 0," /* enum visit_end, once over */
	" lines INTEGER NOT NULL DEFAULT 0," /* not voided, not credited */
	" lines_ever INTEGER NOT NULL DEFAULT 0,"
	" total INTEGER NOT NULL DEFAULT 0,"
	" last_line INTEGER NOT NULL DEFAULT 0" /* seq of its newest line */
	") STRICT;"
	"CREATE INDEX visit_open ON visit(id) WHERE over = 0;"

	"CREATE TABLE bearer("
	" visit INTEGER NOT NULL,"
	" seq INTEGER NOT NULL,"
	" hash BLOB NOT NULL,"
	" customer BLOB NOT NULL,"
	" PRIMARY KEY(visit, seq)"
	") STRICT, WITHOUT ROWID;"

	/* A visit's lines hang on a chain, newest first, instead of in an index: with many phones
	 * at once an index is a page of its own to write for every line. That a key comes once in a
	 * visit is the core's promise; verify.c holds it to that. Which invoice bears a line stands
	 * in invoice_line, which only grows: a close writes no page of this table. */
	"CREATE TABLE line("
	" seq INTEGER PRIMARY KEY," /* of its entry: the order scanned */
	/* first what a close reads of every line: it never gets to what stands behind */
	" visit INTEGER NOT NULL,"
	" customer BLOB NOT NULL,"
	" total INTEGER NOT NULL," /* gross, deposit included */
	" vat_bp INTEGER NOT NULL,"
	" vat INTEGER NOT NULL,"	      /* of total, as posted */
	" bought INTEGER NOT NULL,"	      /* day */
	" day_sure INTEGER NOT NULL,"	      /* 0: scanned while the clock was not trusted, and not
						 put right yet */
	" voided INTEGER NOT NULL DEFAULT 0," /* seq of the entry that took it back */
	" credited INTEGER NOT NULL DEFAULT 0," /* seq of the LINE_CREDITED entry */
	" key TEXT NOT NULL,"
	" gtin INTEGER NOT NULL,"
	" name TEXT NOT NULL,"
	" quantity_milli INTEGER NOT NULL,"
	" unit_price INTEGER NOT NULL,"
	" list_price INTEGER NOT NULL,"
	" deposit INTEGER NOT NULL," /* of total */
	" vat_class INTEGER NOT NULL,"
	" cost INTEGER NOT NULL," /* what its goods had cost, as posted */
	" class INTEGER NOT NULL,"
	" price_version INTEGER NOT NULL,"
	" at INTEGER NOT NULL,"
	" scanned_at INTEGER NOT NULL,"
	" use_by INTEGER NOT NULL,"
	" best_before INTEGER NOT NULL,"
	" lot TEXT NOT NULL,"
	" late INTEGER NOT NULL,"
	" before INTEGER NOT NULL CHECK(before < seq)" /* the visit's line before it, or 0 */
	") STRICT;"
	"CREATE INDEX line_unsure ON line(seq) WHERE day_sure = 0;"

	"CREATE TABLE balance("
	" customer BLOB PRIMARY KEY,"
	" unbilled INTEGER NOT NULL DEFAULT 0,"
	" unpaid INTEGER NOT NULL DEFAULT 0,"
	" oldest_due INTEGER NOT NULL DEFAULT 0"
	") STRICT, WITHOUT ROWID;"

	/* double entry: debit > 0; those of one entry sum to 0. Its number stands in their ids,
	 * 2^20 for each entry: so they are found by it, and it is kept once. */
	"CREATE TABLE posting("
	" id INTEGER PRIMARY KEY," /* seq << 20 | which of the entry's */
	" account INTEGER NOT NULL,"
	" amount INTEGER NOT NULL,"
	" seq INTEGER GENERATED ALWAYS AS (id >> 20) VIRTUAL"
	") STRICT;"

	"CREATE TABLE invoice("
	" id INTEGER PRIMARY KEY," /* year * 1,000,000 + counter: one series with the credit notes
				    */
	" seq INTEGER NOT NULL,"
	" customer BLOB NOT NULL,"
	" period INTEGER NOT NULL,"
	" issued INTEGER NOT NULL,"
	" due INTEGER NOT NULL,"
	" lines INTEGER NOT NULL,"
	" gross INTEGER NOT NULL,"
	" rounding INTEGER NOT NULL,"
	" payable INTEGER NOT NULL,"
	" original INTEGER NOT NULL DEFAULT 0," /* of a credit note: the invoice */
	" line INTEGER NOT NULL DEFAULT 0,"	/* of a credit note: the one line; 0: the whole */
	" reason INTEGER NOT NULL DEFAULT 0,"
	" why TEXT NOT NULL DEFAULT '',"
	" credited INTEGER NOT NULL DEFAULT 0," /* of an invoice: Σ payable of its credit notes */
	" paid INTEGER NOT NULL DEFAULT 0"	/* of an invoice: payments set against it */
	") STRICT;"
	"CREATE INDEX invoice_customer ON invoice(customer, id);"
	"CREATE INDEX invoice_period ON invoice(period, id);"
	"CREATE INDEX invoice_original ON invoice(original) WHERE original > 0;"

	"CREATE TABLE invoice_rate("
	" invoice INTEGER NOT NULL,"
	" vat_bp INTEGER NOT NULL,"
	" gross INTEGER NOT NULL,"
	" base INTEGER NOT NULL,"
	" vat INTEGER NOT NULL,"
	" posted INTEGER NOT NULL,"
	" PRIMARY KEY(invoice, vat_bp)"
	") STRICT, WITHOUT ROWID;"

	/* Which lines an invoice bears: many to a row, as an array of their numbers, for a close
	 * writes a million. Ascending as it goes on; that no line is on two is held by the close's
	 * own sums and by `ledger check`, not by an index. Read it by the view. */
	"CREATE TABLE invoice_pack("
	" invoice INTEGER NOT NULL,"
	" first INTEGER NOT NULL," /* of the row's lines */
	" lines TEXT NOT NULL,"	   /* JSON: [12,13,21] */
	" PRIMARY KEY(invoice, first)"
	") STRICT, WITHOUT ROWID;"
	"CREATE VIEW invoice_line(invoice, first, line) AS SELECT p.invoice, p.first, j.value"
	" FROM invoice_pack p CROSS JOIN json_each(p.lines) j;"

	"CREATE TABLE period_closed("
	" period INTEGER PRIMARY KEY,"
	" seq INTEGER NOT NULL,"
	" upto INTEGER NOT NULL,"
	" invoices INTEGER NOT NULL,"
	" lines INTEGER NOT NULL,"
	" invoiced INTEGER NOT NULL,"
	" unbilled INTEGER NOT NULL,"
	" payable INTEGER NOT NULL,"
	" paid INTEGER NOT NULL,"
	" receivable INTEGER NOT NULL,"
	" vat INTEGER NOT NULL"
	") STRICT;"

	"CREATE TABLE payment("
	" seq INTEGER PRIMARY KEY,"
	" key TEXT NOT NULL,"
	" customer BLOB," /* NULL: nobody knows whose it is */
	" invoice INTEGER NOT NULL,"
	" amount INTEGER NOT NULL,"
	" booked INTEGER NOT NULL,"
	" assigned INTEGER NOT NULL DEFAULT 0" /* seq of the entry that said whose it is */
	") STRICT;"
	"CREATE INDEX payment_customer ON payment(customer);"
	"CREATE INDEX payment_assigned ON payment(assigned) WHERE assigned > 0;"

	/* what of a payment was set against which invoice */
	"CREATE TABLE settled("
	" payment INTEGER NOT NULL,"
	" invoice INTEGER NOT NULL,"
	" amount INTEGER NOT NULL,"
	" PRIMARY KEY(payment, invoice)"
	") STRICT, WITHOUT ROWID;"

	/* A row for every article that was ever sold or moved, so that what is on hand is a sum
	 * from the first day on: what was sold and never delivered is below nothing. The rows are
	 * short, a hundred and more to a page: the lines of one commit share few pages of them. */
	"CREATE TABLE stock("
	" gtin INTEGER PRIMARY KEY,"
	" on_hand INTEGER NOT NULL DEFAULT 0,"	 /* thousandths; may be negative */
	" value INTEGER NOT NULL DEFAULT 0,"	 /* at cost, moving average */
	" unit_cost INTEGER NOT NULL DEFAULT 0," /* of the newest delivery */
	" counted INTEGER NOT NULL DEFAULT 0,"	 /* seq of the newest count */
	" shrunk INTEGER NOT NULL DEFAULT 0" /* what that count found missing, thousandths; < 0: too
						many */
	") STRICT;"

	/* not the sales: they are lines */
	"CREATE TABLE movement("
	" seq INTEGER PRIMARY KEY,"
	" kind INTEGER NOT NULL,"
	" gtin INTEGER NOT NULL,"
	" quantity INTEGER NOT NULL," /* what it changed: thousandths, with a sign */
	" value INTEGER NOT NULL,"    /* at cost, with a sign */
	" day INTEGER NOT NULL,"
	" use_by INTEGER NOT NULL,"
	" best_before INTEGER NOT NULL,"
	" lot TEXT NOT NULL,"
	" why TEXT NOT NULL,"
	" by TEXT NOT NULL"
	") STRICT;"
	"CREATE INDEX movement_gtin ON movement(gtin, seq);"

	"CREATE TABLE visit_check("
	" visit INTEGER PRIMARY KEY,"
	" seq INTEGER NOT NULL," /* of the newest entry about it */
	" state INTEGER NOT NULL,"
	" reason INTEGER NOT NULL,"
	" picked_at INTEGER NOT NULL,"
	" why TEXT NOT NULL,"
	" by TEXT NOT NULL"
	") STRICT;"
	"CREATE INDEX check_open ON visit_check(visit) WHERE state = 0;"

	"CREATE TABLE reported("
	" seq INTEGER PRIMARY KEY,"
	" visit INTEGER NOT NULL,"
	" line INTEGER NOT NULL," /* seq */
	" reason INTEGER NOT NULL,"
	" why TEXT NOT NULL,"
	" answered INTEGER NOT NULL DEFAULT 0" /* seq of what credited the line, or of the check's
						  result */
	") STRICT;"
	"CREATE INDEX reported_open ON reported(seq) WHERE answered = 0;"

	/* the keys of requests to the desk, and the entry that each made */
	"CREATE TABLE desk_key("
	" key TEXT PRIMARY KEY,"
	" seq INTEGER NOT NULL"
	") STRICT, WITHOUT ROWID;"

	/* a ring of the newest FRESH_TOKENS_MAX: no more are ever recalled */
	"CREATE TABLE token_used("
	" slot INTEGER PRIMARY KEY,"
	" seq INTEGER NOT NULL,"
	" kid BLOB NOT NULL,"
	" cti BLOB NOT NULL,"
	" iat_s INTEGER NOT NULL,"
	" exp_s INTEGER NOT NULL"
	") STRICT;"

	"CREATE TABLE alarm("
	" id INTEGER PRIMARY KEY,"
	" code INTEGER NOT NULL,"
	" condition INTEGER NOT NULL,"
	" place TEXT NOT NULL,"
	" severity INTEGER NOT NULL,"
	" state INTEGER NOT NULL,"
	" over INTEGER NOT NULL,"
	" acknowledged_by TEXT NOT NULL,"
	" raised_at INTEGER NOT NULL,"
	" changed_at INTEGER NOT NULL"
	") STRICT;"
	"CREATE INDEX alarm_unfinished ON alarm(id) WHERE over = 0;"

	/* `derived`: the newest entry that the tables above know of */
	"CREATE TABLE IF NOT EXISTS meta("
	" name TEXT PRIMARY KEY,"
	" value INTEGER NOT NULL"
	") STRICT, WITHOUT ROWID;";

/* The few among millions that are looked for by what they are: which rates and which accounts held
 * when, and what the clock did. */
static const char marks_form[] =
	"CREATE INDEX entry_books ON entry(kind, seq) WHERE kind IN (70, 71);"
	"CREATE INDEX entry_clock ON entry(seq) WHERE kind IN (1, 3);";

/* What may be erased and is not yet: found without reading all that may not. */
static const char erasable_form[] =
	"CREATE INDEX entry_erasable ON entry(seq)"
	" WHERE body IS NOT NULL AND kind IN (10, 11, 12, 20);"; /* until told_form */

/* Who was told of an alarm is about a person, and may be erased too. */
static const char told_form[] =
	"DROP TRIGGER entry_update;"
	"CREATE TRIGGER entry_update BEFORE UPDATE ON entry"
	" WHEN new.epoch IS NOT old.epoch OR new.seq IS NOT old.seq OR new.at IS NOT old.at"
	"  OR new.kind IS NOT old.kind OR new.body_hash IS NOT old.body_hash"
	"  OR new.prev_hash IS NOT old.prev_hash OR new.hash IS NOT old.hash"
	"  OR new.body IS NOT NULL OR old.kind NOT IN (10, 11, 12, 20, 85)" /* entry_erasable() */
	" BEGIN SELECT RAISE(ABORT, 'entries are never changed'); END;"
	"DROP INDEX entry_erasable;"
	"CREATE INDEX entry_erasable ON entry(seq)"
	" WHERE body IS NOT NULL AND kind IN (10, 11, 12, 20, 85);"; /* entry_erasable() */

/* The newest counter of every card that was ever honoured. It only rises; no rebuilding empties it,
 * for what told of it may be erased, and a card that was read off in secret must stay used up. */
const char ledger_cards[] = "CREATE TABLE card_used("
			    " kid BLOB PRIMARY KEY CHECK(length(kid) = 8),"
			    " counter INTEGER NOT NULL"
			    ") STRICT, WITHOUT ROWID;";

/* Append only. A form that has been in a shop is never edited. */
const char *const ledger_forms[LEDGER_FORMS] = {
	first_form, ledger_tables, marks_form, erasable_form, told_form, ledger_cards,
};

const struct sql_file ledger_file = {
	.name = "ledger.db",
	.application_id = 0x534b4c47, /* "SKLG" */
	.migration = ledger_forms,
	.migrations = LEDGER_FORMS,
	/* 1 MiB of pages: the tails of its tables; the checkpoint is the thread's to time, never a
	   commit's */
	.pragmas = "PRAGMA cache_size=-1024; PRAGMA wal_autocheckpoint=0;"
		   /* what is erased is overwritten (erase.c) */
		   "PRAGMA secure_delete=ON;",
};
