/*
 * rebuild_check.c: whether every derived table is what follows from the entries (contracts 4).
 *
 * The tables are made again in a temporary file, by the very code that made them, with the ledger
 * attached to read from; then both are walked side by side, row by row and column by column. The
 * shop goes on writing: entries and rows are read a few thousand at a time, each time in a short
 * read transaction in which first what is new is derived too, so that what is compared is of one
 * moment (rebuild_walk.c). Different code looks at the sums: audit.c, and a program in another
 * language.
 */
#include "ledger/rebuild_inside.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

enum {
	ENTRIES_A_READ = 5000,
	BUSY_MS = 5000,
};

int rebuild_fail(struct rebuild_check *c, int error, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(c->ret->why, sizeof(c->ret->why), format, arguments);
	va_end(arguments);
	return error;
}

int rebuild_fail_sql(struct rebuild_check *c, const char *doing)
{
	sqlite3 *db = c->store.writer.db;

	return rebuild_fail(c, sql_errno(db, sqlite3_extended_errcode(db)), "%s: %s", doing,
			    sqlite3_errmsg(db));
}

/* The ledger's path as a URI that is only read. */
static bool uri_of(const char *dir, char *uri, size_t size)
{
	int wrote = snprintf(uri, size, "file:");
	size_t len = (size_t)wrote;

	for (; *dir && len + 4 < size; dir++) {
		if (isalnum((unsigned char)*dir) || strchr("/._-~", *dir))
			uri[len++] = *dir;
		else
			len += (size_t)snprintf(uri + len, size - len, "%%%02X",
						(unsigned char)*dir);
	}
	wrote = snprintf(uri + len, size - len, "/%s?mode=ro", ledger_file.name);
	return *dir == '\0' && wrote > 0 && (size_t)wrote < size - len;
}

static int attach_uri(struct rebuild_check *c, const char *uri)
{
	sqlite3_stmt *attach = sql_prepare(c->store.writer.db, "ATTACH ?1 AS ledger");

	if (!attach)
		return rebuild_fail_sql(c, "attaching the ledger");
	bind_text(attach, 1, uri);
	sqlite3_step(attach);
	return sqlite3_finalize(attach) == SQLITE_OK ? 0
						     : rebuild_fail_sql(c, "opening the ledger");
}

static int attach(struct rebuild_check *c, const char *dir)
{
	char path[PATH_MAX], uri[3 * PATH_MAX + 64];
	int64_t form = 0, id = 0;
	sqlite3 *db = c->store.writer.db;
	int r;

	if (snprintf(path, sizeof(path), "%s/%s", dir, ledger_file.name) >= (int)sizeof(path) ||
	    !uri_of(dir, uri, sizeof(uri)))
		return rebuild_fail(c, -ENAMETOOLONG, "the folder's name is too long");
	if (access(path, R_OK) < 0)
		return rebuild_fail(c, -errno, "%s: %m", path);
	r = attach_uri(c, uri);
	if (r < 0)
		return r;
	if (sql_number(db, "PRAGMA ledger.application_id", &id) != SQLITE_OK ||
	    sql_number(db, "PRAGMA ledger.user_version", &form) != SQLITE_OK)
		return rebuild_fail_sql(c, path);
	if (id != ledger_file.application_id)
		return rebuild_fail(c, -EBADMSG, "%s is not a file of this program", path);
	if (form != ledger_file.migrations)
		return rebuild_fail(
			c, -EPROTO,
			"%s is of form %lld, this program's is %u: let the shop's own program "
			"open it first",
			path, (long long)form, ledger_file.migrations);
	return 0;
}

/* A private file that SQLite deletes by itself: nothing of it has to survive anything. */
static int open_check(struct rebuild_check *c, const char *dir)
{
	struct store *s = &c->store;
	int r;

	if (sqlite3_open_v2("", &s->writer.db,
			    SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_URI |
				    SQLITE_OPEN_NOMUTEX,
			    NULL) != SQLITE_OK)
		return rebuild_fail_sql(c, "making a temporary file");
	sqlite3_busy_timeout(s->writer.db, BUSY_MS);
	if (sql_exec(s->writer.db,
		     "PRAGMA journal_mode=MEMORY; PRAGMA synchronous=OFF;"
		     "PRAGMA cache_size=-8192; PRAGMA trusted_schema=OFF;") != SQLITE_OK ||
	    sql_exec(s->writer.db, ledger_tables) != SQLITE_OK ||
	    sql_exec(s->writer.db, ledger_cards) != SQLITE_OK)
		return rebuild_fail_sql(c, "making the tables again");
	r = attach(c, dir);
	if (r < 0)
		return r;
	c->entries = sql_prepare(s->writer.db, "SELECT seq, at, kind, body FROM entry"
					       " WHERE seq > ?1 ORDER BY seq LIMIT ?2");
	if (!c->entries || store_prepare(s) != SQLITE_OK || store_read_notes(s) != SQLITE_OK)
		return rebuild_fail_sql(c, "making the tables again");
	s->rebuilding = s->checking = true;
	return 0;
}

static void close_check(struct rebuild_check *c)
{
	sqlite3_finalize(c->entries);
	store_finalize(&c->store);
	if (c->store.writer.db)
		CHECK(sqlite3_close(c->store.writer.db) == SQLITE_OK);
}

static void count(struct rebuild_check *c, sqlite3_stmt *row, bool read)
{
	c->ret->entries++;
	if (read)
		return;
	if (sqlite3_column_type(row, 3) == SQLITE_NULL) {
		c->erased = true;
		c->ret->erased++;
	} else {
		c->ret->unreadable++;
	}
}

/* Why the entry at hand gave no rows. */
static int not_derived(struct rebuild_check *c)
{
	struct store *s = &c->store;

	if (!s->wrong)
		return rebuild_fail(c, -ENOSPC, "there is no room for the temporary file");
	snprintf(c->ret->table, sizeof(c->ret->table), "entry");
	snprintf(c->ret->key, sizeof(c->ret->key), "%llu", (unsigned long long)s->head.seq);
	return rebuild_fail(c, -EBADMSG, "entry %s cannot follow from those before it: %s",
			    c->ret->key, s->wrong);
}

int rebuild_derive(struct rebuild_check *c)
{
	struct store *s = &c->store;
	enum stored stored = STORED_OK;
	uint32_t n = 0;
	int rc = SQLITE_DONE;
	bool read;

	bind_u64(c->entries, 1, s->head.seq);
	bind_u64(c->entries, 2, ENTRIES_A_READ);
	while (stored == STORED_OK && (rc = sqlite3_step(c->entries)) == SQLITE_ROW) {
		stored = rebuild_entry(s, c->entries, &read);
		count(c, c->entries, read);
		n++;
	}
	sqlite3_reset(c->entries);
	if (stored != STORED_OK)
		return not_derived(c);
	if (rc != SQLITE_DONE)
		return rebuild_fail_sql(c, "reading entries");
	if (n == ENTRIES_A_READ)
		return 0;
	if (derive_note(s, "derived", (int64_t)s->head.seq) != STORED_OK)
		return rebuild_fail(c, -ENOSPC, "there is no room for the temporary file");
	return 1;
}

int rebuild_begin(struct rebuild_check *c)
{
	return sql_exec(c->store.writer.db, "BEGIN") == SQLITE_OK
		       ? 0
		       : rebuild_fail_sql(c, "beginning");
}

int rebuild_end(struct rebuild_check *c)
{
	if (sqlite3_get_autocommit(c->store.writer.db))
		return 0;
	return sql_exec(c->store.writer.db, "COMMIT") == SQLITE_OK ? 0
								   : rebuild_fail_sql(c, "ending");
}

static int derive_all(struct rebuild_check *c, rebuild_progress_fn *progress, void *data)
{
	int64_t newest = 0;
	int r = 0, ended;

	while (r == 0) {
		r = rebuild_begin(c);
		if (r == 0)
			r = rebuild_derive(c);
		ended = rebuild_end(c);
		if (r >= 0 && ended < 0)
			r = ended;
		if (sql_number(c->store.writer.db, "SELECT coalesce(max(seq), 0) FROM entry",
			       &newest) == SQLITE_OK)
			c->newest = (uint64_t)newest;
		if (progress && r >= 0)
			progress(data, c->store.head.seq, c->newest);
	}
	return r < 0 ? r : 0;
}

int ledger_rebuild_check(const char *dir, struct rebuild_found *ret, rebuild_progress_fn *progress,
			 void *data)
{
	struct rebuild_check c = {.store = {.writer = {.lock_fd = -1}}, .ret = ret};
	int r;

	*ret = (struct rebuild_found){.ok = true};
	r = open_check(&c, dir);
	if (r == 0)
		r = derive_all(&c, progress, data);
	if (r == 0)
		r = rebuild_compare(&c);
	close_check(&c);
	if (r < 0)
		ret->ok = false;
	return r;
}
