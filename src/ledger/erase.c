/*
 * erase.c: bodies that may be forgotten, forgotten (contracts 4).
 *
 * A body goes, its hash stays: the chain holds. Which entries can be forgotten at all is a matter
 * of their kind, and a trigger holds everybody to it. Every slice says by an entry which range it
 * has gone through, in its own transaction; a body in that range is there only where it is another
 * customer's. The id of a used token stays among the used ones for as long as the token lives,
 * whatever became of its entry.
 *
 * Gone is gone from the disk's file: SQLite overwrites what it frees (secure_delete), and when all
 * is done the WAL, which still has the pages as they were, is emptied; so is the file that a
 * restore has set aside.
 */
#include "ledger/erase.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define ROWS_A_SLICE 5000 /* looked at */
#define BODIES_LEAST 100  /* a slice is not cut shorter */
#define BUSY_MS	     5000
#define KEPT_NAME    "ledger.db.before-"

void erase_begin(struct erase *e, const struct erase_ask *ask, const struct store *s)
{
	*e = (struct erase){.ask = *ask, .upto = s->head.seq};
}

/* --- which */

/* The customer that an entry tells of; false: none, or it cannot be read. */
static bool customer_of(const struct entry *e, struct customer *ret)
{
	switch ((int)e->kind) {
	case ENTRY_ADMITTED:
		*ret = e->admitted.customer;
		return true;
	case ENTRY_REFUSED:
		*ret = e->refused.customer;
		return e->refused.customer_known;
	case ENTRY_DOOR:
		*ret = e->door.customer;
		return e->door.customer_known;
	}
	return false;
}

static bool is_of(sqlite3_stmt *row, const struct customer *whose)
{
	struct span body = {sqlite3_column_blob(row, 3), (uint32_t)sqlite3_column_bytes(row, 3)};
	struct customer customer;
	struct entry e;

	return body.data && entry_decode((uint16_t)column_i64(row, 2), body, &e) &&
	       customer_of(&e, &customer) && customer_is(customer, *whose);
}

struct batch {
	uint32_t n;
	uint64_t seq[ERASE_SLICE];
	uint64_t looked; /* up to it */
	bool all;	 /* there are no more rows */
};

/* The next of them. One that is too young ends the range: what an entry says of it has to be true
 * of all of it, and clocks go back. */
static void gather(struct store *s, const struct erase *e, erase_hurry_fn *hurry, void *data,
		   struct batch *b)
{
	sqlite3_stmt *get = s->statement[GET_ERASABLE];
	uint32_t rows = 0;

	*b = (struct batch){.looked = e->at};
	bind_u64(get, 1, e->at);
	bind_u64(get, 2, e->upto);
	while (b->n < ERASE_SLICE && rows < ROWS_A_SLICE && store_row(s, GET_ERASABLE)) {
		uint64_t seq = (uint64_t)column_i64(get, 0);
		bool ours = !e->ask.whose_known || is_of(get, &e->ask.whose);
		bool old = column_i64(get, 1) < e->ask.before.ms;

		if (ours && !old && b->n > 0)
			break;
		if (ours && old)
			b->seq[b->n++] = seq;
		b->looked = seq;
		rows++;
		if (b->n >= BODIES_LEAST && hurry(data))
			break;
	}
	/* at the end of the rows the statement is reset, and has none */
	b->all = !sqlite3_stmt_busy(get);
	sqlite3_reset(get);
	if (s->read_error != 0)
		sql_panic(s->writer.db, s->read_error, "looking for what is to be erased");
}

/* --- gone */

static enum stored erase_one(struct store *s, uint64_t seq)
{
	bind_u64(s->statement[DO_ERASE], 1, seq);
	return store_step(s, DO_ERASE, "erasing a body");
}

/* What was used up of an erased token, once nobody can show it any more. */
static enum stored forget_tokens(struct store *s, struct wall now)
{
	bind_i64(s->statement[DO_TOKENS_GONE], 1, now.ms / 1000 - TOKEN_SKEW_S);
	return store_step(s, DO_TOKENS_GONE, "forgetting tokens");
}

static enum stored erase_batch(struct store *s, const struct erase *e, const struct batch *b,
			       struct wall now)
{
	struct entry told = {.kind = ENTRY_ERASED,
			     .at = now,
			     .erased = {.first = b->seq[0],
					.last = b->seq[b->n - 1],
					.bodies = b->n,
					.whose_known = e->ask.whose_known,
					.whose = e->ask.whose}};

	for (uint32_t i = 0; i < b->n; i++)
		if (erase_one(s, b->seq[i]) != STORED_OK)
			return STORED_FULL;
	return store_append(s, &told);
}

enum stored erase_slice(struct store *s, struct erase *e, struct wall now, erase_hurry_fn *hurry,
			void *data)
{
	struct batch b;
	enum stored stored;

	s->read_error = 0;
	gather(s, e, hurry, data, &b);
	stored = store_begin(s);
	if (stored == STORED_OK && b.n > 0)
		stored = erase_batch(s, e, &b, now);
	if (stored == STORED_OK)
		stored = forget_tokens(s, now);
	if (stored == STORED_OK)
		stored = store_commit(s);
	if (stored != STORED_OK) {
		store_rollback(s);
		return stored;
	}
	e->at = b.looked;
	e->bodies += b.n;
	e->swept = b.all;
	return STORED_OK;
}

enum stored erase_told(struct store *s, const struct entry_erased *told)
{
	struct erase e = {.ask = {.whose_known = told->whose_known, .whose = told->whose},
			  .at = told->first - 1,
			  .upto = told->last};
	sqlite3_stmt *get = s->statement[GET_ERASABLE];
	enum stored stored = STORED_OK;

	if (told->first == 0 || told->first > told->last || told->last > INT64_MAX)
		return STORED_OK;
	s->read_error = 0;
	while (stored == STORED_OK) {
		uint64_t seq = 0;

		bind_u64(get, 1, e.at);
		bind_u64(get, 2, e.upto);
		while (seq == 0 && store_row(s, GET_ERASABLE)) {
			e.at = (uint64_t)column_i64(get, 0);
			if (!e.ask.whose_known || is_of(get, &e.ask.whose))
				seq = e.at;
		}
		sqlite3_reset(get);
		if (s->read_error != 0)
			return store_failed(s, s->read_error, "looking for what was erased");
		if (seq == 0)
			break;
		stored = erase_one(s, seq);
	}
	return stored;
}

/* --- clean */

/* What a restore has set aside has the bodies still: it goes once it is older than what is erased,
 * and at once where a person is to be forgotten. */
static void remove_kept(const char *path, const struct erase *e)
{
	const char *slash = strrchr(path, '/');
	char folder[PATH_MAX];
	struct dirent *entry;
	struct stat st;
	DIR *dir;

	snprintf(folder, sizeof(folder), "%.*s", slash ? (int)(slash - path) : 1,
		 slash ? path : ".");
	dir = opendir(folder);
	while (dir && (entry = readdir(dir))) {
		if (strncmp(entry->d_name, KEPT_NAME, strlen(KEPT_NAME)) != 0)
			continue;
		if (fstatat(dirfd(dir), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0)
			continue;
		if (e->ask.whose_known || st.st_mtime < e->ask.before.ms / 1000)
			unlinkat(dirfd(dir), entry->d_name, 0);
	}
	if (dir)
		closedir(dir);
}

bool erase_clean(struct store *s, const struct erase *e)
{
	sqlite3 *db = s->writer.db;
	int rc;

	sqlite3_busy_timeout(db, 0);
	rc = sqlite3_wal_checkpoint_v2(db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	sqlite3_busy_timeout(db, BUSY_MS);
	if ((rc & 0xff) == SQLITE_BUSY || (rc != SQLITE_OK && sql_full(db, rc)))
		return false;
	if (rc != SQLITE_OK)
		sql_panic(db, rc, "emptying the WAL");
	s->wal_frames = s->wal_attempted = 0;
	remove_kept(sqlite3_db_filename(db, NULL), e);
	return true;
}
