/*
 * backup.c: a copy of the ledger at one moment. All pages in one go: a copy that takes turns with
 * the writer begins anew with each of its commits, and on a busy day never ends. What a reader
 * holds up meanwhile is only the writer's log, which grows by what is written in those seconds.
 */
#include "ledger/backup.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "ledger/shelf.h"
#include "ledger/sql.h"
#include "ledger/store.h"

#define BUSY_MS 5000

static int trouble(sqlite3 *db, int rc, const char *what, char why[WHY_MAX])
{
	why_format(why, "%s: %s", what, db ? sqlite3_errmsg(db) : sqlite3_errstr(rc));
	return sql_errno(db, rc);
}

static int copy(sqlite3 *from, sqlite3 *to, char why[WHY_MAX])
{
	sqlite3_backup *backup = sqlite3_backup_init(to, "main", from, "main");
	int rc;

	if (!backup)
		return trouble(to, sqlite3_errcode(to), "the copy cannot be begun", why);
	do
		rc = sqlite3_backup_step(backup, -1);
	while (rc == SQLITE_OK);
	sqlite3_backup_finish(backup);
	if (rc != SQLITE_DONE)
		return trouble(to, rc, "the copy cannot be made", why);
	/* it stands alone: no journal is ever beside it */
	rc = sql_exec(to, "PRAGMA journal_mode = DELETE");
	return rc == SQLITE_OK ? 0 : trouble(to, rc, "the copy cannot be finished", why);
}

static int file_make(const char *path, char why[WHY_MAX])
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	int r = fd < 0 ? -errno : 0;

	if (r < 0)
		why_format(why, "%s: %s", path,
			   r == -EEXIST ? "is there already" : "cannot be made");
	else
		close(fd);
	return r;
}

static int file_sync(const char *path, char why[WHY_MAX])
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int r = fd < 0 || fsync(fd) < 0 ? -errno : 0;

	if (fd >= 0)
		close(fd);
	if (r < 0)
		why_format(why, "%s cannot be synced", path);
	return r;
}

static int copy_of(const char *dir, const char *name, const char *to, char why[WHY_MAX])
{
	sqlite3 *from_db = NULL, *to_db = NULL;
	char path[512];
	int rc, r;

	if (snprintf(path, sizeof(path), "%s/%s", dir, name) >= (int)sizeof(path))
		return -ENAMETOOLONG;
	r = file_make(to, why);
	if (r < 0)
		return r;
	rc = sqlite3_open_v2(path, &from_db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_open_v2(to, &to_db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
	if (rc != SQLITE_OK) {
		r = trouble(from_db, rc, path, why);
	} else {
		sqlite3_busy_timeout(from_db, BUSY_MS);
		r = copy(from_db, to_db, why);
	}
	sqlite3_close(from_db);
	sqlite3_close(to_db);
	if (r == 0)
		r = file_sync(to, why);
	if (r < 0)
		unlink(to);
	return r;
}

int ledger_backup(const char *dir, const char *to, char why[WHY_MAX])
{
	return copy_of(dir, ledger_file.name, to, why);
}

int catalogue_backup(const char *dir, const char *to, char why[WHY_MAX])
{
	return copy_of(dir, catalogue_file.name, to, why);
}
