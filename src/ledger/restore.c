/*
 * restore.c: a ledger that is behind what its office has, made whole again (contracts 5).
 *
 * The office's entries are put on a chain of their own, in a new file, and nothing is derived from
 * one of them before the last has the hash that the office has signed: whoever carried them can
 * have changed none. A body that was erased here stays erased, also where the office has it still.
 * Then the tables are derived, the office's word of the new epoch is appended, and behind it what
 * this box had made since (restore_again.c). Only then does the new file take the old one's place
 * (restore_place.c); until then the old one is not touched.
 */
#include "ledger/restore_inside.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define WAL_PAGES_MAX 4096
#define ROWS_A_COMMIT 5000

void (*restore_at)(enum restore_stage stage);

static void at_stage(enum restore_stage stage)
{
	if (restore_at)
		restore_at(stage);
}

/* --- the sources */

static void close_sources(struct source source[SOURCES])
{
	for (uint32_t i = 0; i < SOURCES; i++)
		source_close(&source[i]);
}

static int open_sources(const struct restore *r, struct source source[SOURCES], char why[WHY_MAX])
{
	char path[PATH_MAX];
	int error = 0;

	for (uint32_t i = 0; i < SOURCES; i++)
		source[i] = (struct source){0};
	if (r->backup && access(r->backup, R_OK) < 0) {
		why_format(why, "%s: %m", r->backup);
		return -errno;
	}
	if (snprintf(path, sizeof(path), "%s/%s", r->dir, ledger_file.name) >= (int)sizeof(path)) {
		why_format(why, "the folder's name is too long");
		return -ENAMETOOLONG;
	}
	if (r->backup)
		error = source_open(r->backup, false, &source[0], why);
	if (error == 0)
		error = source_open(path, true, &source[1], why);
	if (error < 0)
		close_sources(source);
	return error;
}

/* The one that has most of what the office has. */
static int best_source(struct source source[SOURCES], const struct sync_head *head,
		       struct source **ret, uint64_t *ret_seq)
{
	int error = 0;

	*ret = NULL;
	*ret_seq = 0;
	for (uint32_t i = 0; error == 0 && i < SOURCES; i++) {
		uint64_t seq = 0;

		if (source[i].db)
			error = source_certain(&source[i], head, &seq);
		if (seq > *ret_seq) {
			*ret_seq = seq;
			*ret = &source[i];
		}
	}
	return error;
}

int restore_common(const struct restore *r, uint64_t *ret_seq, char why[WHY_MAX])
{
	struct source source[SOURCES], *best;
	int error = open_sources(r, source, why);

	if (error < 0)
		return error;
	error = best_source(source, &r->head, &best, ret_seq);
	if (error < 0)
		why_format(why, "%s: %s", ledger_file.name, strerror(-error));
	close_sources(source);
	return error;
}

/* --- the new file */

static void shut(struct restoring *x)
{
	if (x->open)
		store_close(&x->store);
	x->open = false;
}

static int fresh_file(struct restoring *x, char why[WHY_MAX])
{
	int r;

	shut(x);
	place_clear(x->dir);
	r = store_open_file(x->dir, &restore_file, 0, &x->store, why);
	x->open = r == 0;
	/* what does not follow from what comes before it is told, and ends nothing */
	x->store.checking = x->open;
	return r;
}

/* What became of a write to the new file, which is thrown away when it did not go well. */
static int failed(struct restoring *x, const char *doing, char why[WHY_MAX])
{
	sqlite3 *db = x->store.writer.db;

	if (x->store.wrong)
		why_format(why, "%s: %s: %s", doing, x->store.wrong, sqlite3_errmsg(db));
	else
		why_format(why, "%s: there is no room: free some", doing);
	store_rollback(&x->store);
	return x->store.wrong ? -EIO : -ENOSPC;
}

static int commit(struct restoring *x, char why[WHY_MAX])
{
	struct store *s = &x->store;
	/* these are only kept; store_rebuild() finds out that nothing is derived */
	int rc = sql_exec(s->writer.db, "COMMIT");

	if (rc != SQLITE_OK && store_failed(s, rc, "committing") != STORED_OK)
		return failed(x, "keeping entries", why);
	if (store_wal_new(s) >= WAL_PAGES_MAX)
		store_checkpoint(s);
	return 0;
}

/* An entry of which this box, too, knows something. */
static int merge(struct restoring *x, struct chained *c, uint64_t seq, char why[WHY_MAX])
{
	bool erasable = entry_erasable((enum entry_kind)c->kind);
	struct source_entry e;
	int error = 0;

	for (uint32_t i = 0; i < SOURCES; i++) {
		if (!source_at(&x->source[i], seq, &e, &error) || e.kind != c->kind ||
		    memcmp(&e.body_hash, &c->body_hash, sizeof(e.body_hash)) != 0)
			continue;
		if (!e.body.data && erasable)
			c->body = (struct span){0};
		else if (!c->body.data && !erasable)
			c->body = e.body;
	}
	if (error < 0) {
		why_format(why, "%s: %s", ledger_file.name, strerror(-error));
		return error;
	}
	if (c->body.data || erasable)
		return 0;
	why_format(why, "entry %llu came without its body, and is of a kind that is never erased",
		   (unsigned long long)seq);
	return -EBADMSG;
}

static int put(struct restoring *x, struct chained *c, char why[WHY_MAX])
{
	struct store *s = &x->store;
	int r;

	if (c->body.data)
		c->body_hash = chain_sha256(s->hash, s->sha256, c->body);
	r = merge(x, c, s->head.seq + 1, why);
	if (r < 0)
		return r;
	return store_chain(s, c) == STORED_OK ? 0 : failed(x, "keeping entries", why);
}

/* What a source and the office certainly have in common. */
static int copy_source(struct restoring *x, struct source *from, char why[WHY_MAX])
{
	struct store *s = &x->store;
	sqlite3_stmt *get = sql_prepare(from->db, "SELECT epoch, seq, at, kind, body, body_hash,"
						  " hash FROM entry WHERE seq <= ?1 ORDER BY seq");
	int rc = SQLITE_DONE, r = get ? 0 : -EBADMSG;
	struct sha256 hash;

	if (get)
		bind_u64(get, 1, x->base);
	while (r == 0 && (rc = sqlite3_step(get)) == SQLITE_ROW) {
		struct chained c = {
			.epoch = (uint32_t)column_i64(get, 0),
			.at = {column_i64(get, 2)},
			.kind = (uint16_t)column_i64(get, 3),
			.body = {sqlite3_column_blob(get, 4),
				 (uint32_t)sqlite3_column_bytes(get, 4)},
		};

		if (s->head.seq % ROWS_A_COMMIT == 0 && store_begin(s) != STORED_OK)
			r = failed(x, "copying entries", why);
		if (r == 0 && !column_blob(get, 5, &c.body_hash, sizeof(c.body_hash)))
			r = -EBADMSG;
		if (r == 0)
			r = put(x, &c, why);
		if (r == 0 && ((uint64_t)column_i64(get, 1) != s->head.seq ||
			       !column_blob(get, 6, &hash, sizeof(hash)) ||
			       memcmp(&hash, &s->head.hash, sizeof(hash)) != 0))
			r = -EBADMSG;
		if (r == 0 && s->head.seq % ROWS_A_COMMIT == 0)
			r = commit(x, why);
	}
	sqlite3_finalize(get);
	if (r == 0 && rc == SQLITE_DONE && s->head.seq == x->base)
		return sqlite3_get_autocommit(s->writer.db) ? 0 : commit(x, why);
	if (r == 0 || r == -EBADMSG) {
		why_format(why,
			   "entry %llu of what this box has is damaged: move %s away to take all "
			   "from the office",
			   (unsigned long long)s->head.seq, ledger_file.name);
		r = -EBADMSG;
	}
	return r;
}

static void throw_away(struct restoring *x)
{
	close_sources(x->source);
	shut(x);
	/* without the lock what lies there may be another's */
	if (x->lock_fd >= 0) {
		place_clear(x->dir);
		close(x->lock_fd);
	}
	free(x);
}

int restore_begin(const struct restore *r, struct wall now, struct restoring **ret,
		  char why[WHY_MAX])
{
	struct restoring *x = calloc(1, sizeof(*x));
	struct source *best;
	int error = 0;

	if (!x)
		return -ENOMEM;
	x->r = *r;
	x->now = now;
	x->lock_fd = -1;
	if (snprintf(x->dir, sizeof(x->dir), "%s", r->dir) >= (int)sizeof(x->dir) ||
	    r->head.seq > INT64_MAX) {
		why_format(why, "the folder's name is too long, or the office's head no number");
		error = -EINVAL;
	}
	x->r.dir = x->dir;
	if (error == 0)
		error = place_lock(x->dir, &x->lock_fd, why);
	if (error == 0)
		error = fresh_file(x, why);
	if (error == 0)
		error = open_sources(r, x->source, why);
	if (error == 0 && (error = best_source(x->source, &r->head, &best, &x->base)) < 0)
		why_format(why, "%s: %s", ledger_file.name, strerror(-error));
	if (error == 0 && best)
		error = copy_source(x, best, why);
	if (error < 0) {
		throw_away(x);
		return error;
	}
	x->based = x->base == r->head.seq;
	at_stage(RESTORE_BEGUN);
	*ret = x;
	return 0;
}

/* --- the office's entries */

static int put_from_office(struct restoring *x, const struct sync_entry *e, char why[WHY_MAX])
{
	struct store *s = &x->store;
	struct chained c = {.epoch = e->epoch, .at = e->at, .kind = e->kind};

	if (e->seq != s->head.seq + 1 || e->seq > x->r.head.seq || e->epoch < s->head.epoch ||
	    e->epoch >= x->r.head.epoch) {
		why_format(why,
			   "the office sent entry %llu of epoch %u after entry %llu of epoch %u, "
			   "and has signed %llu for the epoch %u",
			   (unsigned long long)e->seq, e->epoch, (unsigned long long)s->head.seq,
			   s->head.epoch, (unsigned long long)x->r.head.seq, x->r.head.epoch);
		return -EBADMSG;
	}
	if (e->erased)
		memcpy(&c.body_hash, e->body.data, sizeof(c.body_hash));
	else
		c.body = e->body;
	return put(x, &c, why);
}

/* Inside a transaction. */
static int take_batch(struct restoring *x, struct span batch, char why[WHY_MAX])
{
	struct sync_entry e;
	struct sha256 hash;
	uint32_t n = 0;
	int r = 0;

	while (r == 0 && n <= SYNC_ENTRIES_MAX && sync_entry_take(&batch, &e)) {
		r = put_from_office(x, &e, why);
		n++;
	}
	if (r < 0)
		return r;
	if (n == 0 || n > SYNC_ENTRIES_MAX || !sync_hash_take(&batch, &hash)) {
		why_format(why, "what came from the office after entry %llu is no batch of entries",
			   (unsigned long long)x->store.head.seq);
		return -EBADMSG;
	}
	if (memcmp(&hash, &x->store.head.hash, sizeof(hash)) == 0)
		return 0;
	why_format(why, "the hashes of the entries up to %llu do not follow from them",
		   (unsigned long long)x->store.head.seq);
	return -ESTALE;
}

int restore_take(struct restoring *x, struct span batch, uint64_t *ret_after, char why[WHY_MAX])
{
	struct store *s = &x->store;
	int r;

	if (batch.len > SYNC_BATCH_MAX) {
		why_format(why, "a batch of more than %d bytes", SYNC_BATCH_MAX);
		return -EBADMSG;
	}
	if (store_begin(s) != STORED_OK)
		return failed(x, "keeping entries", why);
	r = take_batch(x, batch, why);
	if (r == 0 && s->head.seq == x->r.head.seq &&
	    memcmp(&s->head.hash, &x->r.head.hash, sizeof(s->head.hash)) != 0) {
		why_format(why, "entry %llu is not the one that the office has signed",
			   (unsigned long long)s->head.seq);
		r = -EBADMSG;
	}
	if (r == 0)
		r = commit(x, why);
	else
		store_rollback(s);
	/* what we took for common is not: the office has forgotten what it had acknowledged */
	if (r == -ESTALE && x->base > 0 && !x->based) {
		x->base = 0;
		r = fresh_file(x, why);
	} else if (r == 0) {
		x->based = true;
	}
	if (r < 0)
		return r == -ESTALE ? -EBADMSG : r;
	*ret_after = s->head.seq;
	at_stage(RESTORE_TAKEN);
	return 0;
}

/* --- the end */

/* What the chain says is erased, in the order in which it says so. */
static int erase_again(struct restoring *x, char why[WHY_MAX])
{
	struct store *s = &x->store;
	sqlite3_stmt *get = sql_prepare(s->writer.db, "SELECT body FROM entry WHERE kind = 84"
						      " ORDER BY seq");
	enum stored stored = get ? store_begin(s) : STORED_FULL;
	struct entry e;
	int rc = SQLITE_DONE;

	while (stored == STORED_OK && (rc = sqlite3_step(get)) == SQLITE_ROW) {
		struct span body = {sqlite3_column_blob(get, 0),
				    (uint32_t)sqlite3_column_bytes(get, 0)};

		if (body.data && entry_decode(ENTRY_ERASED, body, &e))
			stored = erase_told(s, &e.erased);
	}
	sqlite3_finalize(get);
	if (stored != STORED_OK || rc != SQLITE_DONE)
		return failed(x, "erasing again", why);
	return commit(x, why);
}

static int derive(struct restoring *x, char why[WHY_MAX])
{
	struct store *s = &x->store;
	int r = store_rebuild(s, x->r.progress, x->r.progress_data, why);

	if (r == SQLITE_OK)
		r = store_read_notes(s);
	if (r > 0) {
		why_format(why, "%s: %s", restore_file.name, sqlite3_errmsg(s->writer.db));
		r = -EIO;
	}
	derive_forget(s);
	at_stage(RESTORE_DERIVED);
	return r;
}

/* All of it out of the WAL; what is left is one file. */
static int write_out(struct restoring *x, char why[WHY_MAX])
{
	sqlite3 *db = x->store.writer.db;
	int persist = 0;
	int rc = sqlite3_wal_checkpoint_v2(db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);

	if (rc != SQLITE_OK) {
		why_format(why, "%s: %s", restore_file.name, sqlite3_errmsg(db));
		return sql_errno(db, rc);
	}
	sqlite3_file_control(db, NULL, SQLITE_FCNTL_PERSIST_WAL, &persist);
	shut(x);
	at_stage(RESTORE_WRITTEN);
	return 0;
}

static int finish(struct restoring *x, char why[WHY_MAX])
{
	struct store *s = &x->store;
	int r = 0;

	if (s->head.seq != x->r.head.seq ||
	    (s->head.seq > 0 &&
	     memcmp(&s->head.hash, &x->r.head.hash, sizeof(s->head.hash)) != 0)) {
		why_format(why, "entries after %llu are still with the office",
			   (unsigned long long)s->head.seq);
		return -EINVAL;
	}
	if (x->r.head.epoch <= s->head.epoch) {
		why_format(why, "the epoch %u is not newer than that of the newest entry, %u",
			   x->r.head.epoch, s->head.epoch);
		return -EINVAL;
	}
	r = erase_again(x, why);
	if (r == 0)
		r = derive(x, why);
	if (r == 0)
		r = again_append(x, why);
	close_sources(x->source);
	if (r == 0)
		r = write_out(x, why);
	if (r == 0)
		r = place_put(x->dir, x->r.head.epoch, why);
	return r;
}

int restore_end(struct restoring *x, bool keep, uint32_t *ret_again, char why[WHY_MAX])
{
	int r = keep ? finish(x, why) : 0;

	if (r == 0) {
		*ret_again = x->again;
		why[0] = '\0';
		if (x->left > 0)
			why_format(why,
				   "%u of this box's own entries could not be appended again: %s",
				   x->left, x->left_why);
	}
	throw_away(x);
	return r;
}
