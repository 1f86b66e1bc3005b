/*
 * sole.c: a reader cannot stop the writer.
 *
 * SQLite's WAL takes POSIX locks on bytes of the -shm file. Whoever may read that file may hold a
 * shared lock on the byte that says "I write" (120), and every commit then answers BUSY for as long
 * as it likes. Honest readers hold a shared lock there for an instant at most, and whoever really
 * writes or recovers holds an *exclusive* one. So: where the lock is refused and all that stands
 * against us are shared ones, we go on without it. Two writers stay apart as before, by the
 * exclusive lock, and by NAME.lock before that. The same holds for the bytes of the checkpoint and
 * of recovery, which only a writer takes.
 *
 * It is done by giving this one connection's file a copy of its method table with another
 * xShmLock. The question which lock stands against us is put through a descriptor of our own that
 * stays open as long as the connection: closing one drops a process's POSIX locks on the file.
 */
#include "ledger/sql.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define SHM_LOCK_BASE 120 /* of the -shm file, from SQLite's file format */
#define SLOT_READ     3	  /* slots 0 write, 1 checkpoint, 2 recovery; then the readers' */

struct sole {
	sqlite3_io_methods methods; /* first: a file's pMethods leads here */
	const sqlite3_io_methods *base;
	uint32_t without; /* slots that we hold without a lock */
	int shm_fd;	  /* -1 until it is needed */
	char shm[PATH_MAX + 8];
};

/* Whether nothing but shared locks of other processes stand against us on these slots. */
static bool only_shared(struct sole *sole, int slot, int slots)
{
	if (sole->shm_fd < 0)
		sole->shm_fd = open(sole->shm, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (sole->shm_fd < 0)
		return false;
	for (int i = slot; i < slot + slots; i++) {
		struct flock lock = {.l_type = F_WRLCK,
				     .l_whence = SEEK_SET,
				     .l_start = SHM_LOCK_BASE + i,
				     .l_len = 1};

		if (fcntl(sole->shm_fd, F_GETLK, &lock) < 0 || lock.l_type == F_WRLCK)
			return false;
	}
	return true;
}

static int sole_lock(sqlite3_file *file, int slot, int slots, int flags)
{
	struct sole *sole = (struct sole *)(uintptr_t)file->pMethods;
	uint32_t bits = ((1U << slots) - 1) << slot;
	int rc;

	if ((flags & SQLITE_SHM_UNLOCK) && (sole->without & bits) == bits) {
		sole->without &= ~bits;
		return SQLITE_OK;
	}
	rc = sole->base->xShmLock(file, slot, slots, flags);
	if (rc == SQLITE_BUSY && (flags & SQLITE_SHM_EXCLUSIVE) && slot + slots <= SLOT_READ &&
	    only_shared(sole, slot, slots)) {
		sole->without |= bits;
		return SQLITE_OK;
	}
	return rc;
}

int sole_new(sqlite3 *db, const char *path, struct sole **ret)
{
	sqlite3_file *file = NULL;
	struct sole *sole;

	if (sqlite3_file_control(db, NULL, SQLITE_FCNTL_FILE_POINTER, &file) != SQLITE_OK ||
	    !file || !file->pMethods || file->pMethods->iVersion < 2)
		return -ENOTSUP;
	sole = calloc(1, sizeof(*sole));
	if (!sole)
		return -ENOMEM;
	sole->methods = *file->pMethods;
	sole->base = file->pMethods;
	sole->shm_fd = -1;
	snprintf(sole->shm, sizeof(sole->shm), "%s-shm", path);
	sole->methods.xShmLock = sole_lock;
	file->pMethods = &sole->methods;
	*ret = sole;
	return 0;
}

void sole_free(struct sole *sole)
{
	if (!sole)
		return;
	if (sole->shm_fd >= 0)
		close(sole->shm_fd);
	free(sole);
}
