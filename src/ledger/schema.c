/*
 * schema.c: what ledger.db holds (contracts 4).
 *
 * `entry` is the truth: a chain that triggers keep from being cut, changed or reordered, with one
 * exception, the erasure of the body of a kind that has a retention. Everything after it is derived
 * in the same transaction and can be made again from it. Rows that are written often have ascending
 * keys, so that one commit of many visits touches few pages.
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
	"  OR new.body IS NOT NULL OR old.kind NOT IN (10, 11, 12, 20)" /* entry_erasable() */
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

/* Append only. A form that has been in a shop is never edited. */
static const char *const forms[] = {
	first_form,
};

const struct sql_file ledger_file = {
	.name = "ledger.db",
	.application_id = 0x534b4c47, /* "SKLG" */
	.migration = forms,
	.migrations = ARRAY_LEN(forms),
	/* 1 MiB of pages: the tails of its tables; the checkpoint is the thread's to time, never a
	   commit's */
	.pragmas = "PRAGMA cache_size=-1024; PRAGMA wal_autocheckpoint=0;",
};
