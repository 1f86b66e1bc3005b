/*
 * restore_source.c: the ledgers that a restore begins with: the one in the folder, and a backup.
 *
 * Only their entries are read, never what was derived from them, so that any form will do. The
 * folder's own file may need its WAL recovered; a backup is not touched at all, it may lie on a
 * medium that cannot be written.
 */
#include "ledger/restore_inside.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#define BUSY_MS	      5000
#define ENTRY_COLUMNS "seq, at, kind, body, body_hash, hash"

/* A path as a URI's. */
static bool uri_of(const char *path, const char *options, char *uri, size_t size)
{
	size_t len = (size_t)snprintf(uri, size, "file:");

	for (; *path && len + 4 < size; path++) {
		if (isalnum((unsigned char)*path) || strchr("/._-~", *path))
			uri[len++] = *path;
		else
			len += (size_t)snprintf(uri + len, size - len, "%%%02X",
						(unsigned char)*path);
	}
	return *path == '\0' && snprintf(uri + len, size - len, "?%s", options) < (int)(size - len);
}

static int open_as(const char *path, const char *options, sqlite3 **ret)
{
	char uri[3 * PATH_MAX + 64];
	int rc;

	if (!uri_of(path, options, uri, sizeof(uri)))
		return SQLITE_CANTOPEN;
	rc = sqlite3_open_v2(uri, ret,
			     SQLITE_OPEN_READWRITE | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, NULL);
	if (rc == SQLITE_OK) {
		sqlite3_extended_result_codes(*ret, 1);
		sqlite3_busy_timeout(*ret, BUSY_MS);
		rc = sql_exec(*ret, "PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON;");
	}
	if (rc == SQLITE_OK)
		rc = sql_exec(*ret, "SELECT count(*) FROM sqlite_schema");
	if (rc != SQLITE_OK) {
		sqlite3_close(*ret);
		*ret = NULL;
	}
	return rc;
}

static int open_db(const char *path, bool ours, sqlite3 **ret)
{
	char wal[PATH_MAX + 8];
	int rc = open_as(path, ours ? "mode=rw" : "mode=ro", ret);

	snprintf(wal, sizeof(wal), "%s-wal", path);
	/* alone, and in a folder that cannot be written: nobody changes it */
	if (rc != SQLITE_OK && !ours && access(wal, F_OK) < 0)
		rc = open_as(path, "mode=ro&immutable=1", ret);
	return rc;
}

static int identify(struct source *s, const char *path, char why[WHY_MAX])
{
	int64_t id = 0, form = 0, tables = 0;

	if (sql_number(s->db, "PRAGMA application_id", &id) != SQLITE_OK ||
	    sql_number(s->db, "PRAGMA user_version", &form) != SQLITE_OK ||
	    sql_number(s->db, "SELECT count(*) FROM sqlite_schema", &tables) != SQLITE_OK) {
		why_format(why, "%s: %s", path, sqlite3_errmsg(s->db));
		return -EBADMSG;
	}
	if (tables == 0 && id == 0) { /* made, and nothing written yet */
		source_close(s);
		return 0;
	}
	if (id != ledger_file.application_id) {
		why_format(why, "%s is not a ledger", path);
		return -EBADMSG;
	}
	if (form > ledger_file.migrations) {
		why_format(why, "%s was written by a newer program: install that one again", path);
		return -EPROTO;
	}
	return 0;
}

static uint64_t number(struct source *s, const char *sql)
{
	int64_t n = 0;

	/* a table that is not there, or not whole, says nothing */
	return sql_number(s->db, sql, &n) == SQLITE_OK && n > 0 ? (uint64_t)n : 0;
}

int source_open(const char *path, bool ours, struct source *ret, char why[WHY_MAX])
{
	int rc, r;

	*ret = (struct source){0};
	if (access(path, F_OK) < 0 && errno == ENOENT)
		return 0;
	rc = open_db(path, ours, &ret->db);
	if (rc != SQLITE_OK) {
		why_format(why, "%s cannot be read: %s%s", path, sqlite3_errstr(rc),
			   ours ? "; move it away to take all from the office" : "");
		return (rc & 0xff) == SQLITE_CANTOPEN ? -EACCES : -EBADMSG;
	}
	r = identify(ret, path, why);
	if (r < 0 || !ret->db) {
		source_close(ret);
		return r;
	}
	ret->one = sql_prepare(ret->db, "SELECT " ENTRY_COLUMNS " FROM entry WHERE seq = ?1");
	ret->from = sql_prepare(ret->db, "SELECT " ENTRY_COLUMNS " FROM entry WHERE seq > ?1"
					 " ORDER BY seq LIMIT 1");
	ret->clock = sql_prepare(ret->db, "SELECT " ENTRY_COLUMNS " FROM entry WHERE seq <= ?1"
					  " AND kind IN (1, 3) ORDER BY seq DESC LIMIT 1");
	ret->visit = sql_prepare(ret->db, "SELECT 1 FROM visit WHERE id = ?1");
	if (!ret->one || !ret->from || !ret->clock || !ret->visit) {
		why_format(why, "%s: %s", path, sqlite3_errmsg(ret->db));
		source_close(ret);
		return -EBADMSG;
	}
	ret->head = number(ret, "SELECT max(seq) FROM entry");
	ret->acked = number(ret, "SELECT value FROM meta WHERE name = 'acked'");
	ret->last_visit = number(ret, "SELECT max(id) FROM visit");
	ret->last_alarm = number(ret, "SELECT max(id) FROM alarm");
	return 0;
}

void source_close(struct source *s)
{
	sqlite3_finalize(s->one);
	sqlite3_finalize(s->from);
	sqlite3_finalize(s->clock);
	sqlite3_finalize(s->visit);
	if (s->db)
		CHECK(sqlite3_close(s->db) == SQLITE_OK);
	*s = (struct source){0};
}

/* The entry that a statement finds; it stays lent until the statement is used again. */
static bool find(struct source *s, sqlite3_stmt *get, uint64_t seq, struct source_entry *ret,
		 int *ret_error)
{
	int rc;

	sqlite3_reset(get);
	bind_u64(get, 1, seq);
	rc = sqlite3_step(get);
	if (rc != SQLITE_ROW) {
		if (rc != SQLITE_DONE)
			*ret_error = sql_errno(s->db, rc);
		return false;
	}
	*ret = (struct source_entry){
		.seq = (uint64_t)column_i64(get, 0),
		.at = {column_i64(get, 1)},
		.kind = (uint16_t)column_i64(get, 2),
		.body = {sqlite3_column_blob(get, 3), (uint32_t)sqlite3_column_bytes(get, 3)},
	};
	if (column_blob(get, 4, &ret->body_hash, sizeof(ret->body_hash)) &&
	    column_blob(get, 5, &ret->hash, sizeof(ret->hash)))
		return true;
	*ret_error = -EBADMSG;
	return false;
}

bool source_at(struct source *s, uint64_t seq, struct source_entry *ret, int *ret_error)
{
	return s->db && seq > 0 && seq <= s->head && find(s, s->one, seq, ret, ret_error);
}

bool source_next(struct source *s, uint64_t after, struct source_entry *ret, int *ret_error)
{
	return s->db && after < s->head && find(s, s->from, after, ret, ret_error);
}

bool source_clock(struct source *s, uint64_t seq, struct source_entry *ret)
{
	int error = 0;

	return seq > 0 && find(s, s->clock, seq, ret, &error);
}

bool source_visit(struct source *s, uint64_t visit)
{
	bool found;

	bind_u64(s->visit, 1, visit);
	found = sqlite3_step(s->visit) == SQLITE_ROW;
	sqlite3_reset(s->visit);
	return found;
}

int source_certain(struct source *s, const struct sync_head *head, uint64_t *ret_seq)
{
	struct source_entry e;
	int error = 0;

	*ret_seq = 0;
	if (source_at(s, head->seq, &e, &error) &&
	    memcmp(&e.hash, &head->hash, sizeof(e.hash)) == 0)
		*ret_seq = head->seq;
	/* an office that does not know what it has acknowledged: from the beginning */
	else if (s->acked < head->seq && s->acked <= s->head)
		*ret_seq = s->acked;
	return error;
}
