/*
 * sql.c: opens a file of ours for its one writer, and puts SQLite's answers into our terms.
 *
 * A file is ours when its application_id says so, and usable when its user_version is not past what
 * this program knows: a program that is older than its file refuses rather than guesses. Migrations
 * are one list that only grows; each is a transaction with its number. Whoever writes holds
 * NAME.lock, so that two programs never write one file whatever SQLite's own locks say.
 */
#include "ledger/sql.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define DIRECTORY_MODE	02750 /* contracts 4: readers come in by group, and files inherit it */
#define FILE_MODE	0640
#define BUSY_TIMEOUT_MS 5000

void why_format(char why[WHY_MAX], const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(why, WHY_MAX, format, arguments);
	va_end(arguments);
}

bool sql_full(sqlite3 *db, int rc)
{
	int error;

	if ((rc & 0xff) == SQLITE_FULL)
		return true;
	/* never a sync: what it has lost is unknown (design 2) */
	if ((rc & 0xff) != SQLITE_IOERR || rc == SQLITE_IOERR_FSYNC || rc == SQLITE_IOERR_DIR_FSYNC)
		return false;
	error = sqlite3_system_errno(db);
	return error == ENOSPC || error == EDQUOT;
}

int sql_errno(sqlite3 *db, int rc)
{
	if (sql_full(db, rc))
		return -ENOSPC;
	switch (rc & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return -EAGAIN;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
	case SQLITE_FORMAT:
		return -EBADMSG;
	case SQLITE_NOMEM:
		return -ENOMEM;
	case SQLITE_READONLY:
	case SQLITE_CANTOPEN:
	case SQLITE_PERM:
	case SQLITE_AUTH:
		return -EACCES;
	default:
		return -EIO;
	}
}

void sql_panic(sqlite3 *db, int rc, const char *doing)
{
	char what[WHY_MAX];
	const char *file = sqlite3_db_filename(db, NULL);

	why_format(what, "%s: %s: %s (%d)", file ? file : "database", doing, sqlite3_errmsg(db),
		   rc);
	panic(__FILE__, __LINE__, what);
}

int sql_exec(sqlite3 *db, const char *sql)
{
	return sqlite3_exec(db, sql, NULL, NULL, NULL);
}

int sql_number(sqlite3 *db, const char *sql, int64_t *ret)
{
	sqlite3_stmt *s;
	int rc = sqlite3_prepare_v2(db, sql, -1, &s, NULL);

	if (rc != SQLITE_OK)
		return rc;
	rc = sqlite3_step(s);
	if (rc == SQLITE_ROW) {
		*ret = sqlite3_column_int64(s, 0);
		rc = SQLITE_OK;
	}
	sqlite3_finalize(s);
	return rc;
}

sqlite3_stmt *sql_prepare(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *s = NULL;

	if (sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &s, NULL) != SQLITE_OK)
		return NULL;
	return s;
}

int sql_run(sqlite3 *db, sqlite3_stmt *write)
{
	int rc;

	if (!write)
		return sqlite3_extended_errcode(db);
	rc = sqlite3_step(write);
	sqlite3_finalize(write);
	return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

void bind_u64(sqlite3_stmt *s, int at, uint64_t v)
{
	CHECK(v <= INT64_MAX);
	sqlite3_bind_int64(s, at, (int64_t)v);
}

void bind_i64(sqlite3_stmt *s, int at, int64_t v)
{
	sqlite3_bind_int64(s, at, v);
}

void bind_money(sqlite3_stmt *s, int at, struct money m)
{
	sqlite3_bind_int64(s, at, money_minor(m));
}

void bind_blob(sqlite3_stmt *s, int at, const void *bytes, uint32_t len)
{
	sqlite3_bind_blob(s, at, bytes, (int)len, SQLITE_STATIC);
}

void bind_text(sqlite3_stmt *s, int at, const char *text)
{
	sqlite3_bind_text(s, at, text, -1, SQLITE_STATIC);
}

bool column_blob(sqlite3_stmt *s, int at, void *ret, uint32_t len)
{
	const void *bytes = sqlite3_column_blob(s, at);

	if (!bytes || (uint32_t)sqlite3_column_bytes(s, at) != len)
		return false;
	memcpy(ret, bytes, len);
	return true;
}

void column_text(sqlite3_stmt *s, int at, char *ret, uint32_t size)
{
	const void *text = sqlite3_column_text(s, at);
	uint32_t len = (uint32_t)sqlite3_column_bytes(s, at);

	if (!text)
		len = 0;
	if (len > size - 1)
		len = size - 1;
	if (len > 0)
		memcpy(ret, text, len);
	ret[len] = '\0';
}

/* The folder and the file with the modes that readers by group need, whatever the umask. */
static int make_file(const char *dir, const char *path, char why[WHY_MAX])
{
	int fd;

	if (mkdir(dir, 0750) == 0 && chmod(dir, DIRECTORY_MODE) < 0) {
		why_format(why, "%s: %m", dir);
		return -errno;
	}
	fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, FILE_MODE);
	if (fd < 0 && errno == EEXIST)
		return 0;
	if (fd < 0 || fchmod(fd, FILE_MODE) < 0) {
		int error = errno;

		why_format(why, "%s cannot be made: %m; is the folder there, writable, not full?",
			   path);
		if (fd >= 0)
			close(fd);
		return -error;
	}
	close(fd);
	return 0;
}

static int take_lock(struct sql_writer *w, const char *path, char why[WHY_MAX])
{
	char lock[PATH_MAX + 8];
	int error;

	snprintf(lock, sizeof(lock), "%s.lock", path);
	w->lock_fd = open(lock, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (w->lock_fd >= 0 && flock(w->lock_fd, LOCK_EX | LOCK_NB) == 0)
		return 0;
	error = errno;
	if (w->lock_fd >= 0 && error == EWOULDBLOCK) {
		why_format(why, "%s is being written by another program; stop that one first",
			   path);
		return -EBUSY;
	}
	why_format(why, "%s: %m", lock);
	return -error;
}

/* Whether the file is ours: an empty one is. */
static int check_identity(sqlite3 *db, const struct sql_file *file, int64_t *ret_version,
			  char why[WHY_MAX])
{
	int64_t id = 0, tables = 0;
	int rc = sql_number(db, "PRAGMA application_id", &id);

	if (rc == SQLITE_OK)
		rc = sql_number(db, "PRAGMA user_version", ret_version);
	if (rc == SQLITE_OK)
		rc = sql_number(db, "SELECT count(*) FROM sqlite_schema", &tables);
	if (rc != SQLITE_OK)
		return rc;
	if (id != file->application_id && (id != 0 || tables != 0)) {
		why_format(why, "%s is not a file of this program", file->name);
		return -EBADMSG;
	}
	if (*ret_version > file->migrations) {
		why_format(why,
			   "%s was written by a newer program (its form is %lld, this one knows "
			   "%u): install that one again",
			   file->name, (long long)*ret_version, file->migrations);
		return -EPROTO;
	}
	return SQLITE_OK;
}

static int set_up(sqlite3 *db, const struct sql_file *file)
{
	char mode[16] = "";
	int persist = 1;
	sqlite3_stmt *s;
	int rc;

	sqlite3_busy_timeout(db, BUSY_TIMEOUT_MS);
	rc = sqlite3_prepare_v2(db, "PRAGMA journal_mode=WAL", -1, &s, NULL);
	if (rc != SQLITE_OK)
		return rc;
	rc = sqlite3_step(s);
	if (rc == SQLITE_ROW)
		column_text(s, 0, mode, sizeof(mode));
	sqlite3_finalize(s);
	if (rc != SQLITE_ROW)
		return rc;
	if (strcmp(mode, "wal") != 0)
		return SQLITE_IOERR;
	/* readers of another uid need -wal and -shm after our clean close too (design 8) */
	sqlite3_file_control(db, NULL, SQLITE_FCNTL_PERSIST_WAL, &persist);
	rc = sql_exec(db, "PRAGMA synchronous=FULL; PRAGMA trusted_schema=OFF;"
			  "PRAGMA cell_size_check=ON; PRAGMA temp_store=MEMORY;");
	return rc == SQLITE_OK ? sql_exec(db, file->pragmas) : rc;
}

static int migrate(sqlite3 *db, const struct sql_file *file, int64_t version)
{
	int rc = SQLITE_OK;

	for (uint32_t i = (uint32_t)version; rc == SQLITE_OK && i < file->migrations; i++) {
		char mark[96];

		snprintf(mark, sizeof(mark), "PRAGMA application_id=%u; PRAGMA user_version=%u;",
			 file->application_id, i + 1);
		rc = sql_exec(db, "BEGIN IMMEDIATE");
		if (rc == SQLITE_OK)
			rc = sql_exec(db, file->migration[i]);
		if (rc == SQLITE_OK)
			rc = sql_exec(db, mark);
		if (rc == SQLITE_OK)
			rc = sql_exec(db, "COMMIT");
		if (rc != SQLITE_OK && !sqlite3_get_autocommit(db))
			sql_exec(db, "ROLLBACK");
	}
	return rc;
}

/* Once a process, before the first file: a connection stays on its own thread, so SQLite's inner
 * locks and the counting of its memory (5 % of a line) guard nothing. Too late is no harm. */
static void set_up_library(void)
{
	sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

/* Result codes are positive, our own errors negative. */
static int open_database(struct sql_writer *w, const struct sql_file *file, const char *path,
			 char why[WHY_MAX])
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	int64_t version = 0;
	int rc;

	pthread_once(&once, set_up_library);
	rc = sqlite3_open_v2(path, &w->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
	if (!w->db)
		return -ENOMEM;
	sqlite3_extended_result_codes(w->db, 1);
	if (rc == SQLITE_OK)
		rc = sole_new(w->db, path, &w->sole);
	if (rc == SQLITE_OK)
		rc = check_identity(w->db, file, &version, why);
	if (rc == SQLITE_OK)
		rc = set_up(w->db, file);
	if (rc == SQLITE_OK)
		rc = migrate(w->db, file, version);
	return rc;
}

int sql_open_writer(const char *dir, const struct sql_file *file, struct sql_writer *ret,
		    char why[WHY_MAX])
{
	struct sql_writer w = {.lock_fd = -1};
	char path[PATH_MAX];
	int r;

	why[0] = '\0';
	if (snprintf(path, sizeof(path) - 8, "%s/%s", dir, file->name) >= (int)sizeof(path) - 8) {
		why_format(why, "the folder's name is too long");
		return -ENAMETOOLONG;
	}
	r = make_file(dir, path, why);
	if (r == 0)
		r = take_lock(&w, path, why);
	if (r == 0)
		r = open_database(&w, file, path, why);
	if (r == 0) {
		*ret = w;
		return 0;
	}
	if (r > 0) {
		why_format(why, "%s: %s (%d)", path, sqlite3_errmsg(w.db), r);
		r = sql_errno(w.db, r);
	}
	sql_close_writer(&w);
	return r;
}

void sql_close_writer(struct sql_writer *w)
{
	/* a statement left open would keep the file open: a bug, not a state */
	if (w->db)
		CHECK(sqlite3_close(w->db) == SQLITE_OK);
	sole_free(w->sole);
	if (w->lock_fd >= 0)
		close(w->lock_fd);
	*w = (struct sql_writer){.lock_fd = -1};
}
