/*
 * restore_place.c: the new file in the old one's place.
 *
 * A file in WAL mode is three: what the rename moves has to be whole in one, and nothing of the old
 * one's WAL may lie beside the new. So both are first written into themselves; then the old one
 * gets its second name, its empty WAL goes, and one rename puts the new one there. Between any two
 * of these steps the name "ledger.db" leads to a whole ledger, the old or the new.
 */
#include "ledger/restore_inside.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define BUSY_MS	       5000
#define DIRECTORY_MODE 02750 /* contracts 4 */

/* As ledger_file, but for its name. */
const struct sql_file restore_file = {
	.name = "ledger.db.new",
	.application_id = 0x534b4c47,
	.migration = ledger_forms,
	.migrations = LEDGER_FORMS,
	/* what is cut short is thrown away, so nothing has to be on the disk before it is whole */
	.pragmas = "PRAGMA cache_size=-16384; PRAGMA wal_autocheckpoint=0;"
		   "PRAGMA secure_delete=ON; PRAGMA synchronous=OFF; PRAGMA temp_store=FILE;",
};

static void in(const char *dir, const char *name, char path[PATH_MAX])
{
	if (snprintf(path, PATH_MAX, "%s/%s", dir, name) >= PATH_MAX)
		path[0] = '\0'; /* no such file */
}

int place_lock(const char *dir, int *ret_fd, char why[WHY_MAX])
{
	char path[PATH_MAX];
	int error;

	if (mkdir(dir, 0750) == 0 && chmod(dir, DIRECTORY_MODE) < 0) {
		why_format(why, "%s: %m", dir);
		return -errno;
	}
	in(dir, "ledger.db.lock", path);
	*ret_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (*ret_fd >= 0 && flock(*ret_fd, LOCK_EX | LOCK_NB) == 0)
		return 0;
	error = errno;
	if (*ret_fd >= 0)
		close(*ret_fd);
	*ret_fd = -1;
	if (error == EWOULDBLOCK) {
		why_format(why, "%s/%s is being written: stop the shop first", dir,
			   ledger_file.name);
		return -EBUSY;
	}
	why_format(why, "%s: %s", path, strerror(error));
	return -error;
}

static void remove_beside(const char *dir, const char *name)
{
	char path[PATH_MAX];

	in(dir, name, path);
	unlink(path);
}

void place_clear(const char *dir)
{
	remove_beside(dir, "ledger.db.new");
	remove_beside(dir, "ledger.db.new-wal");
	remove_beside(dir, "ledger.db.new-shm");
	remove_beside(dir, "ledger.db.new.lock");
}

static int sync_path(const char *path, int flags, char why[WHY_MAX])
{
	int fd = open(path, flags | O_CLOEXEC);
	int r = fd >= 0 && fsync(fd) == 0 ? 0 : -errno;

	if (r < 0)
		why_format(why, "%s: %s", path, strerror(-r));
	if (fd >= 0)
		close(fd);
	return r;
}

/* The old file's WAL into the old file. */
static int empty_wal(const char *path, char why[WHY_MAX])
{
	sqlite3 *db = NULL;
	int rc = sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);

	if (rc == SQLITE_OK) {
		sqlite3_extended_result_codes(db, 1);
		sqlite3_busy_timeout(db, BUSY_MS);
		rc = sqlite3_wal_checkpoint_v2(db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	}
	if (rc != SQLITE_OK)
		why_format(why, "%s: %s", path, sqlite3_errstr(rc));
	sqlite3_close(db);
	return rc == SQLITE_OK ? 0 : (rc & 0xff) == SQLITE_BUSY ? -EAGAIN : -EIO;
}

/* Under its second name, whatever an earlier try of this epoch has left under that. */
static int keep_old(const char *old, const char *kept, char why[WHY_MAX])
{
	if ((unlink(kept) < 0 && errno != ENOENT) || link(old, kept) < 0) {
		why_format(why, "%s: %m", kept);
		return -errno;
	}
	return 0;
}

static void at_stage(enum restore_stage stage)
{
	if (restore_at)
		restore_at(stage);
}

static int set_old_aside(const char *dir, const char *old, uint32_t epoch, char why[WHY_MAX])
{
	char name[64], kept[PATH_MAX];
	int r = empty_wal(old, why);

	if (r < 0)
		return r;
	at_stage(RESTORE_EMPTIED);
	snprintf(name, sizeof(name), "ledger.db.before-%u", epoch);
	in(dir, name, kept);
	r = keep_old(old, kept, why);
	if (r < 0)
		return r;
	at_stage(RESTORE_KEPT);
	/* a reader who has them open keeps them, with the old file */
	remove_beside(dir, "ledger.db-wal");
	remove_beside(dir, "ledger.db-shm");
	at_stage(RESTORE_BARED);
	return 0;
}

int place_put(const char *dir, uint32_t epoch, char why[WHY_MAX])
{
	char old[PATH_MAX], fresh[PATH_MAX];
	int r;

	in(dir, "ledger.db", old);
	in(dir, "ledger.db.new", fresh);
	r = sync_path(fresh, O_RDWR, why);
	if (r < 0)
		return r;
	at_stage(RESTORE_SYNCED);
	if (access(old, F_OK) == 0) {
		r = set_old_aside(dir, old, epoch, why);
		if (r < 0)
			return r;
	}
	if (rename(fresh, old) < 0) {
		why_format(why, "%s: %m", old);
		return -errno;
	}
	at_stage(RESTORE_RENAMED);
	r = sync_path(dir, O_RDONLY | O_DIRECTORY, why);
	place_clear(dir);
	return r;
}
