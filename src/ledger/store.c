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

#include "books/vat.h"

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

/* The newest of a kind that can be used. */
static int read_books(struct store *s, enum entry_kind kind)
{
	sqlite3_stmt *get = s->statement[GET_BOOKS];
	struct head *head = &s->head;
	struct entry e;
	bool found = false;
	int rc = SQLITE_DONE;

	bind_u64(get, 1, (uint64_t)kind);
	bind_u64(get, 2, head->seq);
	while (!found && (rc = sqlite3_step(get)) == SQLITE_ROW) {
		struct span body = {sqlite3_column_blob(get, 0),
				    (uint32_t)sqlite3_column_bytes(get, 0)};

		if (!body.data || !entry_decode((uint16_t)kind, body, &e))
			continue;
		found = kind == ENTRY_TAX ? !vat_tax_wrong(&e.tax) : !chart_wrong(&e.chart);
	}
	sqlite3_reset(get);
	if (found && kind == ENTRY_TAX)
		head->tax = e.tax;
	if (found && kind == ENTRY_CHART)
		head->chart = e.chart;
	*(kind == ENTRY_TAX ? &head->tax_known : &head->chart_known) = found;
	return found || rc == SQLITE_DONE ? SQLITE_OK : rc;
}

/* Where the next used token id goes. Those of entries to come are there already while the tables
 * are made again: their own entries were erased. */
static int read_slot(struct store *s, int64_t *ret)
{
	char sql[128];

	snprintf(sql, sizeof(sql),
		 "SELECT slot + 1 FROM token_used WHERE seq <= %llu ORDER BY seq DESC LIMIT 1",
		 (unsigned long long)s->head.seq);
	return read_note(s->writer.db, sql, ret);
}

int store_read_notes(struct store *s)
{
	sqlite3 *db = s->writer.db;
	int64_t floor = 0, trusted = 0, running = 0, acked = 0, slot = 0;
	int rc = read_note(db, "SELECT value FROM meta WHERE name = 'clock_floor'", &floor);

	if (rc == SQLITE_OK)
		rc = read_note(db, "SELECT value FROM meta WHERE name = 'clock_trusted'", &trusted);
	if (rc == SQLITE_OK)
		rc = read_note(db, "SELECT value FROM meta WHERE name = 'running'", &running);
	if (rc == SQLITE_OK)
		rc = read_note(db, "SELECT value FROM meta WHERE name = 'acked'", &acked);
	if (rc == SQLITE_OK)
		rc = read_slot(s, &slot);
	s->head.clock_floor.ms = floor;
	s->head.clock_trusted = trusted != 0;
	s->head.running = running != 0;
	s->head.acked = s->acked_to = acked > 0 ? (uint64_t)acked : 0;
	s->head.token_slot = (uint32_t)(slot % FRESH_TOKENS_MAX);
	s->head.tax = vat_sweden();
	s->head.chart = chart_bas();
	if (rc == SQLITE_OK)
		rc = read_books(s, ENTRY_TAX);
	return rc == SQLITE_OK ? read_books(s, ENTRY_CHART) : rc;
}

int store_open(const char *dir, uint32_t pages_max, struct store *s, char why[WHY_MAX])
{
	return store_open_file(dir, &ledger_file, pages_max, s, why);
}

int store_open_file(const char *dir, const struct sql_file *file, uint32_t pages_max,
		    struct store *s, char why[WHY_MAX])
{
	char bound[64];
	int r;

	memset(s, 0, sizeof(*s));
	r = sql_open_writer(dir, file, &s->writer, why);
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
	r = store_prepare(s);
	if (r == SQLITE_OK)
		r = read_head(s, why);
	if (r == SQLITE_OK)
		r = store_rebuild(s, NULL, NULL, why);
	if (r == SQLITE_OK)
		r = store_read_notes(s);
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
	store_finalize(s);
	EVP_MD_CTX_free(s->hash);
	EVP_MD_free(s->sha256);
	sql_close_writer(&s->writer);
	memset(s, 0, sizeof(*s));
	s->writer.lock_fd = -1;
}

enum stored store_failed(struct store *s, int rc, const char *doing)
{
	if (sql_full(s->writer.db, rc))
		return STORED_FULL;
	if (!s->checking)
		sql_panic(s->writer.db, rc, doing);
	s->wrong = doing;
	return STORED_FULL;
}

enum stored store_step(struct store *s, enum statement which, const char *doing)
{
	sqlite3_stmt *statement = s->statement[which];
	int rc = sqlite3_step(statement);

	sqlite3_reset(statement);
	return rc == SQLITE_DONE ? STORED_OK : store_failed(s, rc, doing);
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

/* `derived`: up to where the tables tell what the entries do (rebuild.c). `acked`: up to where the
 * office has them. */
static enum stored note(struct store *s, const char *name, uint64_t seq)
{
	bind_text(s->statement[DO_META], 1, name);
	bind_u64(s->statement[DO_META], 2, seq);
	return store_step(s, DO_META, "noting how far we are");
}

enum stored store_begin(struct store *s)
{
	s->before = s->head;
	return store_step(s, DO_BEGIN, "beginning");
}

enum stored store_commit(struct store *s)
{
	if (s->head.seq != s->before.seq && note(s, "derived", s->head.seq) != STORED_OK)
		return STORED_FULL;
	if (s->acked_to != s->head.acked && s->acked_to <= s->head.seq) {
		if (note(s, "acked", s->acked_to) != STORED_OK)
			return STORED_FULL;
		s->head.acked = s->acked_to;
	}
	return store_step(s, DO_COMMIT, "committing");
}

void store_rollback(struct store *s)
{
	/* SQLite may have rolled back by itself when it found no room */
	if (!sqlite3_get_autocommit(s->writer.db) &&
	    store_step(s, DO_ROLLBACK, "rolling back") != STORED_OK)
		panic(__FILE__, __LINE__, "ledger: a rollback found no room");
	s->head = s->before;
	derive_forget(s);
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
