/*
 * put_back.c: a backup takes the place of the books. SQLite's log stands beside its file, and would
 * be played into whatever file has that name: so what is in the log is first folded into the file
 * that it belongs to, and only then the two files change places, at once, by
 * renameat2(RENAME_EXCHANGE).
 */
#include "ledger/backup.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ledger/shelf.h"
#include "ledger/sql.h"
#include "ledger/store.h"

#define FILE_MODE 0640

struct places {
	char now[PATH_MAX], fresh[PATH_MAX], before[PATH_MAX], lock[PATH_MAX];
};

static const struct sql_file *file_of(bool catalogue)
{
	return catalogue ? &catalogue_file : &ledger_file;
}

static bool places_of(const char *dir, const char *name, struct places *ret)
{
	size_t size = sizeof(ret->now);

	return snprintf(ret->now, size, "%s/%s", dir, name) < (int)size - 16 &&
	       snprintf(ret->fresh, size, "%s/" RESTORE_DIR "/%s", dir, name) < (int)size &&
	       snprintf(ret->before, size, "%s/%s" RESTORE_BEFORE, dir, name) < (int)size &&
	       snprintf(ret->lock, size, "%s/%s.lock", dir, name) < (int)size;
}

void books_forms(uint32_t *ret_ledger, uint32_t *ret_catalogue)
{
	*ret_ledger = ledger_file.migrations;
	*ret_catalogue = catalogue_file.migrations;
}

/* All of it read: the pages' own order, and every row of every table. */
static int whole(sqlite3 *db, char why[WHY_MAX])
{
	sqlite3_stmt *s = sql_prepare(db, "PRAGMA integrity_check(1)");
	char said[WHY_MAX] = "";

	if (s && sqlite3_step(s) == SQLITE_ROW)
		column_text(s, 0, said, sizeof(said));
	sqlite3_finalize(s);
	if (strcmp(said, "ok") == 0)
		return 0;
	why_format(why, "it is damaged: %.150s", said[0] ? said : sqlite3_errmsg(db));
	return -EBADMSG;
}

int backup_sound(const char *path, bool catalogue, char why[WHY_MAX])
{
	const struct sql_file *file = file_of(catalogue);
	int64_t id = 0, form = 0;
	sqlite3 *db = NULL;
	int r = 0;

	if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL) !=
		    SQLITE_OK ||
	    sql_number(db, "PRAGMA application_id", &id) != SQLITE_OK ||
	    sql_number(db, "PRAGMA user_version", &form) != SQLITE_OK) {
		why_format(why, "%s cannot be read: %s", path,
			   db ? sqlite3_errmsg(db) : "no memory");
		r = -EBADMSG;
	} else if (id != file->application_id) {
		why_format(why, "%s is no copy of %s", path, file->name);
		r = -EBADMSG;
	} else if (form > file->migrations) {
		why_format(why,
			   "%s was written by a newer program (its form is %lld, this one knows "
			   "%u): install that one again",
			   path, (long long)form, file->migrations);
		r = -EPROTO;
	} else {
		r = whole(db, why);
	}
	sqlite3_close(db);
	return r;
}

/* What stands in the log goes into its file, and the log goes. A file that cannot be opened any
 * more is what a backup is for: its log is of no use to anybody then. */
static int fold(const char *path, char why[WHY_MAX])
{
	char beside[PATH_MAX + 8];
	sqlite3 *db = NULL;
	int64_t busy = 0;
	int persist = 0, rc;

	if (access(path, F_OK) < 0)
		return errno == ENOENT ? 0 : -errno;
	rc = sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
	if (rc == SQLITE_OK) {
		sqlite3_file_control(db, NULL, SQLITE_FCNTL_PERSIST_WAL, &persist);
		rc = sql_number(db, "PRAGMA wal_checkpoint(TRUNCATE)", &busy);
	}
	sqlite3_close(db);
	if (rc == SQLITE_OK && busy) {
		why_format(why, "%s is being read by another program; stop that one first", path);
		return -EBUSY;
	}
	if (rc != SQLITE_OK && (rc & 0xff) != SQLITE_CORRUPT && (rc & 0xff) != SQLITE_NOTADB) {
		why_format(why, "%s: %s", path, sqlite3_errstr(rc));
		return -EIO;
	}
	snprintf(beside, sizeof(beside), "%s-wal", path);
	unlink(beside);
	snprintf(beside, sizeof(beside), "%s-shm", path);
	unlink(beside);
	return 0;
}

/* As the books' own files: of the folder's owner and group. By what is open and not by its name,
 * for that owner may give the name to another file meanwhile. */
static int owned(const char *dir, int fd)
{
	struct stat st;

	if (stat(dir, &st) < 0)
		return -errno;
	if (geteuid() == 0 && fchown(fd, st.st_uid, st.st_gid) < 0)
		return -errno;
	return fchmod(fd, FILE_MODE) < 0 ? -errno : 0;
}

static int owned_at(const char *dir, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	int r = fd < 0 ? -errno : owned(dir, fd);

	if (fd >= 0)
		close(fd);
	return r;
}

static int sync_dir(const char *dir)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC), r = 0;

	if (fd < 0 || fsync(fd) < 0)
		r = -errno;
	if (fd >= 0)
		close(fd);
	return r;
}

static int swap(const char *dir, const struct places *p)
{
	int r = owned_at(dir, p->fresh);

	if (r < 0)
		return r;
	if (access(p->now, F_OK) < 0)
		r = rename(p->fresh, p->now);
	else
		r = renameat2(AT_FDCWD, p->fresh, AT_FDCWD, p->now, RENAME_EXCHANGE);
	if (r < 0 || sync_dir(dir) < 0)
		return -errno;
	if (access(p->fresh, F_OK) == 0 && rename(p->fresh, p->before) < 0)
		return -errno;
	return sync_dir(dir);
}

int backup_put_back(const char *dir, bool catalogue, char why[WHY_MAX])
{
	struct places p;
	int lock, r;

	why[0] = '\0';
	if (!places_of(dir, file_of(catalogue)->name, &p))
		return -ENAMETOOLONG;
	if (access(p.fresh, F_OK) < 0)
		return -errno;
	lock = open(p.lock, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (lock < 0)
		return -errno;
	if (flock(lock, LOCK_EX | LOCK_NB) < 0) {
		close(lock);
		why_format(why, "%s is being written: stop shopd first", p.now);
		return -EBUSY;
	}
	r = owned(dir, lock);
	if (r == 0)
		r = fold(p.now, why);
	if (r == 0)
		r = swap(dir, &p);
	close(lock);
	if (r < 0 && !why[0])
		why_format(why, "%s: %s", p.now, strerror(-r));
	return r;
}
