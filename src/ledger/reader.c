/*
 * reader.c: read-only connections to files that another process writes.
 *
 * A file may not be there yet, may be replaced under us, and answers busy at odd moments: while the
 * writer starts, recovers, or has just been killed. All that is waited out for RETRY_MS, quietly,
 * and then told as -EAGAIN. The -shm file is opened for reading only as well: whatever goes wrong
 * in here cannot reach the writer. Statements are prepared once a connection.
 */
#include "ledger/reader.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ledger/pulse.h"

enum {
	RETRY_MS = 200,
	RETRY_PAUSE_MS = 5
};

struct statement_of {
	enum read_file file;
	const char *sql;
};

#define TODAY "(SELECT coalesce(max(version), 0) FROM price_version)"
#define HOLDS "since <= " TODAY " AND (until = 0 OR until > " TODAY ")"
#define PRODUCT                                                                                    \
	"name, price, vat_bp, class, state, " TODAY                                                \
	", vat_class, deposit, reorder, gtin FROM article"

static const struct statement_of statements[READ_STATEMENTS] = {
	[READ_BEGIN] = {READ_LEDGER, "BEGIN"},
	[READ_END] = {READ_LEDGER, "COMMIT"},
	[READ_HEAD] = {READ_LEDGER, "SELECT coalesce(max(seq), 0) FROM entry"},
	[READ_ENTRIES] = {READ_LEDGER, "SELECT epoch, seq, at, kind, body FROM entry"
				       " WHERE seq > ?1 ORDER BY seq LIMIT ?2"},
	[READ_RAW] = {READ_LEDGER, "SELECT epoch, seq, at, kind, body, body_hash, hash FROM entry"
				   " WHERE seq > ?1 ORDER BY seq LIMIT ?2"},
	[READ_VISIT] = {READ_LEDGER, "SELECT " ROW_VISIT " FROM visit WHERE id = ?1"},
	[READ_BEARERS] = {READ_LEDGER, "SELECT hash, customer FROM bearer WHERE visit = ?1"
				       " ORDER BY seq DESC LIMIT ?2"},
	[READ_LINES] = {READ_LEDGER,
			LINES_OF_VISIT "SELECT " ROW_LINE
				       " FROM line JOIN chain USING(seq) ORDER BY seq LIMIT ?2"},
	[READ_VISITS] = {READ_LEDGER, "SELECT " ROW_VISIT " FROM visit ORDER BY id DESC LIMIT ?1"},
	[READ_UNBILLED] = {READ_LEDGER, "SELECT unbilled, unpaid, oldest_due FROM balance"
					" WHERE customer = ?1"},
	/* the newest of its kind: an index is over these two alone */
	[READ_RATES] = {READ_LEDGER, "SELECT body FROM entry WHERE kind IN (70, 71) AND kind = ?1"
				     " ORDER BY seq DESC LIMIT 1"},
	[READ_CHAIN] = {READ_LEDGER, "SELECT epoch, seq, at, kind, body_hash, prev_hash, hash,"
				     " body FROM entry WHERE seq > ?1 ORDER BY seq LIMIT ?2"},
	/* ?3: entries past it have not been looked at; a line that one of them voids still counts
	 */
	[READ_LINE_SUMS] = {READ_LEDGER,
			    "SELECT count(*), coalesce(sum(total), 0),"
			    " coalesce(sum(voided BETWEEN 1 AND ?3), 0),"
			    " coalesce(sum(CASE WHEN voided BETWEEN 1 AND ?3 THEN total END), 0)"
			    " FROM line WHERE seq > ?1 AND seq <= ?2"},
	[READ_BALANCE_SUM] = {READ_LEDGER, "SELECT coalesce(sum(unbilled), 0),"
					   " (SELECT coalesce(max(seq), 0) FROM entry)"
					   " FROM balance"},
	[READ_PRODUCT] = {READ_CATALOGUE, "SELECT " PRODUCT " WHERE gtin = ?1 AND " HOLDS},
	[READ_PRODUCTS] = {READ_CATALOGUE, "SELECT " PRODUCT " WHERE gtin > ?1 AND " HOLDS
					   " ORDER BY gtin LIMIT ?2"},
	[READ_PRICES_AT] = {READ_CATALOGUE,
			    "SELECT at FROM price_version ORDER BY version DESC LIMIT 1"},
	[READ_MEMBERS] = {READ_CATALOGUE,
			  "SELECT k.kid, k.customer, m.flags, m.role, m.credit_limit, m.trust"
			  " FROM member_key k JOIN member m ON m.customer = k.customer"
			  " WHERE k.kid > ?1 ORDER BY k.kid, k.customer LIMIT ?2"},
	[READ_CARDS] = {READ_CATALOGUE, "SELECT c.kid, c.customer, m.flags, m.role"
					" FROM member_card c JOIN member m USING(customer)"
					" WHERE c.kid > ?1 ORDER BY c.kid LIMIT ?2"},
};

/* Result codes that pass: the writer is starting, recovering, or was killed (research: 14 is a file
 * not there yet, 264 a recovery that only a writer can do, 1288 and 1544 a -shm not there yet). */
static bool passes(int rc)
{
	return (rc & 0xff) == SQLITE_BUSY || (rc & 0xff) == SQLITE_CANTOPEN ||
	       rc == SQLITE_READONLY_RECOVERY || rc == SQLITE_READONLY_CANTINIT ||
	       rc == SQLITE_READONLY_DIRECTORY || rc == SQLITE_SCHEMA;
}

static void close_file(struct reader *r, enum read_file file)
{
	for (uint32_t i = 0; i < READ_STATEMENTS; i++) {
		if (statements[i].file != file)
			continue;
		sqlite3_finalize(r->statement[i]);
		r->statement[i] = NULL;
	}
	if (r->connection[file].db)
		CHECK(sqlite3_close(r->connection[file].db) == SQLITE_OK);
	r->connection[file] = (struct read_connection){0};
}

static int prepare_all(struct reader *r, enum read_file file)
{
	sqlite3 *db = r->connection[file].db;

	for (uint32_t i = 0; i < READ_STATEMENTS; i++) {
		if (statements[i].file != file)
			continue;
		r->statement[i] = sql_prepare(db, statements[i].sql);
		if (r->statement[i])
			continue;
		/* no such table: the writer has made the file and not yet what is in it */
		return sqlite3_errcode(db) == SQLITE_ERROR ? SQLITE_BUSY
							   : sqlite3_extended_errcode(db);
	}
	return SQLITE_OK;
}

/*
 * A path as a URI's: what has a meaning there is escaped. Where there is no -shm file (nobody has
 * the file open, and the last to close it was not our writer) SQLite has to make one, if we may
 * write in the folder. NULL when there is no memory.
 */
static char *uri_of(const char *path)
{
	size_t len = strlen(path);
	char *uri = malloc(3 * len + 64), *at = uri;
	bool shm;

	if (!uri)
		return NULL;
	snprintf(uri, len + 5, "%s-shm", path);
	shm = access(uri, F_OK) == 0;
	at += snprintf(at, 6, "file:");
	for (size_t i = 0; i < len; i++) {
		if (path[i] == '?' || path[i] == '#' || path[i] == '%')
			at += snprintf(at, 4, "%%%02x", (unsigned)path[i]);
		else
			*at++ = path[i];
	}
	snprintf(at, 32, "?mode=ro%s", shm ? "&readonly_shm=1" : "");
	return uri;
}

static int open_file(struct reader *r, enum read_file file, const struct stat *st)
{
	struct read_connection *c = &r->connection[file];
	char *uri = uri_of(r->path[file]);
	int rc;

	if (!uri)
		return SQLITE_NOMEM;
	rc = sqlite3_open_v2(uri, &c->db,
			     SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, NULL);
	free(uri);
	if (!c->db)
		return SQLITE_NOMEM;
	sqlite3_extended_result_codes(c->db, 1);
	c->device = st->st_dev;
	c->inode = st->st_ino;
	if (rc == SQLITE_OK)
		rc = sql_exec(c->db, "PRAGMA cache_size=-512; PRAGMA trusted_schema=OFF;");
	return rc == SQLITE_OK ? prepare_all(r, file) : rc;
}

/* Opened, if it is not, or if another file stands there by now. */
static int ensure_open(struct reader *r, enum read_file file)
{
	struct read_connection *c = &r->connection[file];
	struct stat st;

	if (stat(r->path[file], &st) < 0)
		return -errno;
	if (c->db && c->device == st.st_dev && c->inode == st.st_ino)
		return SQLITE_OK;
	close_file(r, file);
	return open_file(r, file, &st);
}

static int run_once(struct reader *r, enum read_file file, query_fn *query, void *data)
{
	sqlite3 *db;
	int rc = ensure_open(r, file);

	if (rc == SQLITE_OK)
		rc = query(r, data);
	for (uint32_t i = 0; i < READ_STATEMENTS; i++)
		if (statements[i].file == file && r->statement[i])
			sqlite3_reset(r->statement[i]);
	db = r->connection[file].db;
	/* whatever stopped it: never leave a transaction open behind us */
	if (db && !sqlite3_get_autocommit(db))
		sql_exec(db, "ROLLBACK");
	return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

int reader_run(struct reader *r, enum read_file file, query_fn *query, void *data)
{
	int64_t until = thread_mono().ms + RETRY_MS;
	int rc, error;

	while (passes(rc = run_once(r, file, query, data)) && thread_mono().ms < until) {
		close_file(r, file); /* it may have been set up only half */
		poll(NULL, 0, RETRY_PAUSE_MS);
	}
	if (rc <= 0)
		return rc;
	error = passes(rc) ? -EAGAIN : sql_errno(r->connection[file].db, rc);
	close_file(r, file);
	return error;
}

int reader_open(const char *dir, struct reader **ret)
{
	struct reader *r = calloc(1, sizeof(*r));
	static const char *const names[READ_FILES] = {"ledger.db", "catalog.db"};

	for (uint32_t i = 0; r && i < READ_FILES; i++) {
		if (asprintf(&r->path[i], "%s/%s", dir, names[i]) >= 0)
			continue;
		r->path[i] = NULL;
		reader_close(r);
		r = NULL;
	}
	if (!r)
		return -ENOMEM;
	*ret = r;
	return 0;
}

void reader_close(struct reader *r)
{
	for (uint32_t i = 0; i < READ_FILES; i++) {
		close_file(r, (enum read_file)i);
		free(r->path[i]);
	}
	free(r);
}
