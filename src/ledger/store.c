/*
 * store.c: the ledger's one connection: its statements, its transactions, its checkpoints.
 *
 * A write either is on disk when store_commit() returns STORED_OK, or there was no room and nothing
 * of the transaction is there. There is no third way: an error of another kind leaves unknown what
 * the disk holds, so the process ends and finds out by opening the file again (design 2).
 */
#include "ledger/store.h"

#include <errno.h>
#include <stdio.h>

static const char *const statement_text[STATEMENTS] = {
	[DO_BEGIN] = "BEGIN IMMEDIATE",
	[DO_COMMIT] = "COMMIT",
	[DO_ROLLBACK] = "ROLLBACK",
	[DO_ENTRY] = "INSERT INTO entry(epoch, seq, at, kind, body, body_hash, prev_hash, hash)"
		     " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
	[DO_META] = "INSERT INTO meta(name, value) VALUES(?1, ?2)"
		    " ON CONFLICT(name) DO UPDATE SET value = excluded.value",
	[DO_TOKEN] = "INSERT OR REPLACE INTO token_used(slot, seq, kid, cti, iat_s, exp_s)"
		     " VALUES(?1, ?2, ?3, ?4, ?5, ?6)",
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
	[DO_LINE] =
		"INSERT INTO line(seq, visit, key, customer, gtin, name, quantity_milli,"
		" unit_price, total, vat_bp, class, price_version, at, scanned_at, late, before)"
		" VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15,"
		" coalesce((SELECT last_line FROM visit WHERE id = ?2), 0))",
	[DO_LINE_VOIDED] = "UPDATE line SET voided = ?3 WHERE seq = (" LINES_OF_VISIT
			   "SELECT seq FROM line JOIN chain USING(seq) WHERE key = ?2)"
			   " AND voided = 0 RETURNING customer, total",
	[DO_VISIT_ADD] = "UPDATE visit SET lines = lines + ?2, lines_ever = lines_ever + ?3,"
			 " total = total + ?4, last_line = max(last_line, ?5) WHERE id = ?1",
	[DO_BALANCE] = "INSERT INTO balance(customer, unbilled) VALUES(?1, ?2)"
		       " ON CONFLICT(customer) DO UPDATE SET unbilled ="
		       " unbilled + excluded.unbilled",
	[GET_VISITS_OPEN] = "SELECT " ROW_VISIT " FROM visit WHERE over = 0"
			    " ORDER BY id DESC LIMIT ?1",
	[GET_VISIT] = "SELECT " ROW_VISIT " FROM visit WHERE id = ?1",
	[GET_BEARERS] = "SELECT hash, customer FROM bearer WHERE visit = ?1"
			" ORDER BY seq DESC LIMIT ?2",
	[GET_LINES] = LINES_OF_VISIT "SELECT " ROW_LINE " FROM line JOIN chain USING(seq)"
				     " ORDER BY seq LIMIT ?2",
	[GET_TOKENS] = "SELECT kid, cti, iat_s, exp_s FROM token_used WHERE exp_s >= ?1"
		       " ORDER BY seq DESC LIMIT ?2",
	[GET_ALARMS] = "SELECT id, code, condition, place, severity, state, acknowledged_by,"
		       " raised_at"
		       " FROM alarm WHERE over = 0 ORDER BY id DESC LIMIT ?1",
	[GET_MODES] = "SELECT substr(name, 1 + length(?1)), value FROM meta"
		      " WHERE substr(name, 1, length(?1)) = ?1 ORDER BY name LIMIT ?2",
	[GET_BALANCES] = "SELECT customer, unbilled FROM balance WHERE unbilled <> 0",
};

static int on_wal(void *data, sqlite3 *db, const char *name, int frames)
{
	struct store *s = data;

	(void)db;
	(void)name;
	/* fewer than before: the WAL is written from its start again */
	if ((uint32_t)frames < s->wal_attempted)
		s->wal_attempted = 0;
	s->wal_frames = (uint32_t)frames;
	return SQLITE_OK;
}

static int prepare_all(struct store *s)
{
	for (uint32_t i = 0; i < STATEMENTS; i++) {
		s->statement[i] = sql_prepare(s->writer.db, statement_text[i]);
		if (!s->statement[i])
			return sqlite3_extended_errcode(s->writer.db);
	}
	return SQLITE_OK;
}

static int read_note(sqlite3 *db, const char *sql, int64_t *ret)
{
	int rc = sql_number(db, sql, ret);

	return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

/* The newest entry, which has to be what its hash says: a file that was cut or patched at its end
 * is found before anything is put on top of it. The rest is `ledger verify`'s. */
static int read_head(struct store *s, char why[WHY_MAX])
{
	sqlite3_stmt *get =
		sql_prepare(s->writer.db, "SELECT epoch, seq, at, kind, body_hash, prev_hash, hash"
					  " FROM entry ORDER BY seq DESC LIMIT 1");
	struct chain_entry link = {0};
	struct sha256 hash, again;
	int rc = get ? sqlite3_step(get) : sqlite3_extended_errcode(s->writer.db);

	if (rc == SQLITE_ROW) {
		link.epoch = (uint32_t)column_i64(get, 0);
		link.seq = (uint64_t)column_i64(get, 1);
		link.at.ms = column_i64(get, 2);
		link.kind = (uint16_t)column_i64(get, 3);
		if (column_blob(get, 4, &link.body_hash, sizeof(link.body_hash)) &&
		    column_blob(get, 5, &link.prev_hash, sizeof(link.prev_hash)) &&
		    column_blob(get, 6, &hash, sizeof(hash))) {
			again = chain_hash(s->hash, s->sha256, &link);
			rc = memcmp(&hash, &again, sizeof(hash)) == 0 ? SQLITE_DONE : SQLITE_ROW;
		}
		if (rc == SQLITE_ROW) {
			why_format(why, "%s is damaged: entry %llu is not what its hash says",
				   ledger_file.name, (unsigned long long)link.seq);
			sqlite3_finalize(get);
			return -EBADMSG;
		}
		s->head = (struct head){
			.epoch = link.epoch, .seq = link.seq, .hash = hash, .at = link.at};
	}
	sqlite3_finalize(get);
	return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

static int read_notes(struct store *s)
{
	sqlite3 *db = s->writer.db;
	int64_t floor = 0, trusted = 0, running = 0, slot = 0;
	int rc = read_note(db, "SELECT value FROM meta WHERE name = 'clock_floor'", &floor);

	if (rc == SQLITE_OK)
		rc = read_note(db, "SELECT value FROM meta WHERE name = 'clock_trusted'", &trusted);
	if (rc == SQLITE_OK)
		rc = read_note(db, "SELECT value FROM meta WHERE name = 'running'", &running);
	if (rc == SQLITE_OK)
		rc = read_note(db, "SELECT slot + 1 FROM token_used ORDER BY seq DESC LIMIT 1",
			       &slot);
	s->head.clock_floor.ms = floor;
	s->head.clock_trusted = trusted != 0;
	s->head.running = running != 0;
	s->head.token_slot = (uint32_t)(slot % FRESH_TOKENS_MAX);
	return rc;
}

int store_open(const char *dir, uint32_t pages_max, struct store *s, char why[WHY_MAX])
{
	char bound[64];
	int r;

	memset(s, 0, sizeof(*s));
	r = sql_open_writer(dir, &ledger_file, &s->writer, why);
	if (r < 0)
		return r;
	s->sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
	s->hash = EVP_MD_CTX_new();
	if (!s->sha256 || !s->hash) {
		why_format(why, "no memory");
		store_close(s);
		return -ENOMEM;
	}
	sqlite3_wal_hook(s->writer.db, on_wal, s);
	r = prepare_all(s);
	if (r == SQLITE_OK)
		r = read_head(s, why);
	if (r == SQLITE_OK)
		r = read_notes(s);
	if (r == SQLITE_OK && pages_max > 0) {
		snprintf(bound, sizeof(bound), "PRAGMA max_page_count=%u", pages_max);
		r = sql_exec(s->writer.db, bound);
	}
	if (r > 0) {
		why_format(why, "%s: %s (%d)", ledger_file.name, sqlite3_errmsg(s->writer.db), r);
		r = sql_errno(s->writer.db, r);
	}
	if (r < 0)
		store_close(s);
	return r;
}

void store_close(struct store *s)
{
	for (uint32_t i = 0; i < STATEMENTS; i++)
		sqlite3_finalize(s->statement[i]);
	EVP_MD_CTX_free(s->hash);
	EVP_MD_free(s->sha256);
	sql_close_writer(&s->writer);
	memset(s, 0, sizeof(*s));
	s->writer.lock_fd = -1;
}

enum stored store_step(struct store *s, enum statement which, const char *doing)
{
	sqlite3_stmt *statement = s->statement[which];
	int rc = sqlite3_step(statement);

	sqlite3_reset(statement);
	if (rc == SQLITE_DONE)
		return STORED_OK;
	if (sql_full(s->writer.db, rc))
		return STORED_FULL;
	sql_panic(s->writer.db, rc, doing);
}

bool store_row(struct store *s, enum statement which)
{
	int rc = s->read_error ? s->read_error : sqlite3_step(s->statement[which]);

	if (rc == SQLITE_ROW)
		return true;
	sqlite3_reset(s->statement[which]);
	if (rc != SQLITE_DONE && s->read_error == 0)
		s->read_error = rc;
	return false;
}

enum stored store_begin(struct store *s)
{
	s->before = s->head;
	return store_step(s, DO_BEGIN, "beginning");
}

enum stored store_commit(struct store *s)
{
	return store_step(s, DO_COMMIT, "committing");
}

void store_rollback(struct store *s)
{
	/* SQLite may have rolled back by itself when it found no room */
	if (!sqlite3_get_autocommit(s->writer.db) &&
	    store_step(s, DO_ROLLBACK, "rolling back") != STORED_OK)
		panic(__FILE__, __LINE__, "ledger: a rollback found no room");
	s->head = s->before;
}

enum stored store_probe(struct store *s)
{
	bind_text(s->statement[DO_META], 1, "probe");
	bind_i64(s->statement[DO_META], 2, (int64_t)s->head.seq);
	return store_step(s, DO_META, "probing for room");
}

enum stored store_mark_running(struct store *s)
{
	enum stored stored = store_begin(s);

	if (stored == STORED_OK) {
		bind_text(s->statement[DO_META], 1, "running");
		bind_i64(s->statement[DO_META], 2, true);
		stored = store_step(s, DO_META, "marking the ledger as in use");
	}
	if (stored == STORED_OK)
		stored = store_commit(s);
	if (stored == STORED_OK)
		s->head.running = true;
	else
		store_rollback(s);
	return stored;
}

uint32_t store_wal_new(const struct store *s)
{
	return s->wal_frames - s->wal_attempted;
}

void store_checkpoint(struct store *s)
{
	int rc = sqlite3_wal_checkpoint_v2(s->writer.db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL,
					   NULL);

	/* no room for the file to grow: the WAL keeps it all, and the next commit will tell */
	if (rc != SQLITE_OK && rc != SQLITE_BUSY && !sql_full(s->writer.db, rc))
		sql_panic(s->writer.db, rc, "checkpointing");
	/* where a reader stood in the way it is tried again after as many pages more */
	s->wal_attempted = s->wal_frames;
}
