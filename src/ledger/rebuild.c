/*
 * rebuild.c: the derived tables, made again from the entries, where they are behind them: in a file
 * of an older form, or one whose rebuilding was cut short.
 *
 * Entries are derived in their order by the very code that derives them as they are appended, in
 * transactions of bounded size; the note `derived` goes forward with each, so that a rebuilding
 * that is interrupted goes on. What an erased entry told is gone with it: only a door's mode is
 * kept from before, for it is a note that outlives its row, and so are the id of a token that was
 * used and the counter of a card, for neither may be used again.
 */
#include "ledger/store.h"

#include <errno.h>

enum {
	ENTRIES_A_COMMIT = 5000
};

/* `running` is written ahead of the entries, `probe` beside them; a door's mode may come from a row
 * that is erased. */
static const char wipe[] =
	"DELETE FROM visit; DELETE FROM bearer; DELETE FROM line; DELETE FROM balance;"
	"DELETE FROM posting; DELETE FROM invoice; DELETE FROM invoice_rate;"
	"DELETE FROM invoice_pack; DELETE FROM period_closed; DELETE FROM payment;"
	"DELETE FROM settled; DELETE FROM stock; DELETE FROM movement; DELETE FROM visit_check;"
	"DELETE FROM reported; DELETE FROM desk_key; DELETE FROM alarm;"
	"DELETE FROM token_used WHERE"
	" coalesce((SELECT body IS NOT NULL FROM entry e WHERE e.seq = token_used.seq), 1);"
	"DELETE FROM meta WHERE name IN ('clock_floor', 'clock_trusted', 'derived');";

enum stored rebuild_entry(struct store *s, sqlite3_stmt *row, bool *ret_read)
{
	struct span body = {sqlite3_column_blob(row, 3), (uint32_t)sqlite3_column_bytes(row, 3)};
	enum stored stored = STORED_OK;
	struct entry e;

	s->head.seq = (uint64_t)column_i64(row, 0);
	s->head.posted = 0;
	*ret_read = body.data && entry_decode((uint16_t)column_i64(row, 2), body, &e);
	if (*ret_read) {
		e.at.ms = column_i64(row, 1);
		stored = derive_entry(s, &e);
	}
	s->head.at.ms = column_i64(row, 1);
	return stored;
}

/* One transaction's worth. */
static enum stored derive_some(struct store *s, sqlite3_stmt *entries)
{
	enum stored stored = store_begin(s);
	int rc = SQLITE_DONE;
	bool read;

	bind_u64(entries, 1, s->head.seq);
	bind_u64(entries, 2, ENTRIES_A_COMMIT);
	while (stored == STORED_OK && (rc = sqlite3_step(entries)) == SQLITE_ROW)
		stored = rebuild_entry(s, entries, &read);
	sqlite3_reset(entries);
	if (stored == STORED_OK && rc != SQLITE_DONE)
		sql_panic(s->writer.db, rc, "reading entries");
	if (stored == STORED_OK)
		stored = store_commit(s);
	if (stored != STORED_OK) {
		s->wrong_seq = s->head.seq;
		store_rollback(s);
	}
	return stored;
}

static enum stored begin_anew(struct store *s)
{
	enum stored stored = store_begin(s);
	int rc;

	if (stored == STORED_OK) {
		rc = sql_exec(s->writer.db, wipe);
		if (rc != SQLITE_OK && !sql_full(s->writer.db, rc))
			sql_panic(s->writer.db, rc, "emptying the derived tables");
		stored = rc == SQLITE_OK ? store_commit(s) : STORED_FULL;
		derive_forget(s);
	}
	if (stored != STORED_OK)
		store_rollback(s);
	return stored;
}

/* The head as it was when the tables were derived up to `derived`. */
static int head_at(struct store *s, uint64_t derived)
{
	sqlite3_stmt *get = sql_prepare(s->writer.db, "SELECT at FROM entry WHERE seq = ?1");
	int rc = get ? SQLITE_OK : sqlite3_extended_errcode(s->writer.db);

	s->head = (struct head){.seq = derived};
	if (get) {
		bind_u64(get, 1, derived);
		if (sqlite3_step(get) == SQLITE_ROW)
			s->head.at.ms = column_i64(get, 0);
		rc = sqlite3_finalize(get);
	}
	return rc == SQLITE_OK ? store_read_notes(s) : rc;
}

static enum stored derive_all(struct store *s, uint64_t newest, rebuild_progress_fn *progress,
			      void *data)
{
	sqlite3_stmt *entries =
		sql_prepare(s->writer.db, "SELECT seq, at, kind, body FROM entry WHERE seq > ?1"
					  " ORDER BY seq LIMIT ?2");
	enum stored stored = STORED_OK;

	if (!entries)
		sql_panic(s->writer.db, sqlite3_extended_errcode(s->writer.db), "reading entries");
	while (stored == STORED_OK && s->head.seq < newest) {
		stored = derive_some(s, entries);
		store_checkpoint(s);
		if (progress)
			progress(data, s->head.seq, newest);
	}
	sqlite3_finalize(entries);
	return stored;
}

/* The note that a file from before all this may lack. */
static enum stored keep_running(struct store *s)
{
	int64_t known = 0;

	if (sql_number(s->writer.db, "SELECT count(*) FROM meta WHERE name = 'running'", &known) !=
		    SQLITE_OK ||
	    known != 0 || !s->head.running)
		return STORED_OK;
	return store_mark_running(s);
}

int store_rebuild(struct store *s, rebuild_progress_fn *progress, void *data, char why[WHY_MAX])
{
	const struct head newest = s->head;
	enum stored stored = STORED_OK;
	int64_t derived = 0;
	int rc = sql_number(s->writer.db,
			    "SELECT coalesce((SELECT value FROM meta"
			    " WHERE name = 'derived'), 0)",
			    &derived);

	if (rc != SQLITE_OK || derived == (int64_t)newest.seq)
		return rc;
	s->rebuilding = true;
	if (derived <= 0 || (uint64_t)derived > newest.seq) {
		derived = 0;
		stored = begin_anew(s);
	}
	if (stored == STORED_OK) {
		rc = head_at(s, (uint64_t)derived);
		if (rc == SQLITE_OK)
			stored = derive_all(s, newest.seq, progress, data);
	}
	if (rc == SQLITE_OK && stored == STORED_OK)
		stored = keep_running(s);
	s->rebuilding = false;
	s->head = newest;
	if (stored == STORED_OK)
		return rc;
	if (s->wrong) {
		why_format(why, "%s: entry %llu cannot follow from those before it: %s",
			   ledger_file.name, (unsigned long long)s->wrong_seq, s->wrong);
		return -EBADMSG;
	}
	why_format(why, "%s: there is no room to make the tables again from the entries: free some",
		   ledger_file.name);
	return -ENOSPC;
}
