/*
 * sim_shop_disk.c: the disk under the shop. SQLite's writes and syncs come through here, so that it
 * can be full, fail to sync, or see the shop die in the middle of a write.
 *
 * What was written and not synced is written down with what stood there before, in memory that
 * outlives the process: when it is the power that went, the village takes it back.
 */
#include "sim_shop.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define UNDO_BYTES (16 << 20)
#define FILES_MAX  16

/* One write or cut, and what it replaced. Its bytes follow. */
struct undo {
	ino_t file;
	off_t at, size_before;
	uint32_t len; /* of the bytes that follow */
	bool synced;
};

static struct journal {
	uint32_t used;
	_Alignas(16) uint8_t byte[UNDO_BYTES];
} * journal;

static struct {
	_Atomic bool on, limited, full, sync_fails;
	_Atomic uint32_t room, die_at, calls;
	struct {
		ino_t inode;
		bool counts;
	} file[FILES_MAX];
	uint32_t files;
} disk;

ssize_t pwrite64(int fd, const void *bytes, size_t len, off64_t at);
int ftruncate64(int fd, off64_t size);

/* --- what is not synced */

static struct undo *undo_at(uint32_t at)
{
	return (struct undo *)(void *)&journal->byte[at];
}

static uint32_t undo_size(uint32_t len)
{
	return (uint32_t)(sizeof(struct undo) + len + 15) & ~15U;
}

static void note(int fd, const struct stat *st, off_t at, size_t len)
{
	struct undo *u = undo_at(journal->used);
	ssize_t had;

	CHECK(journal->used + undo_size((uint32_t)len) <= UNDO_BYTES);
	had = syscall(SYS_pread64, fd, u + 1, len, at);
	CHECK(had >= 0);
	*u = (struct undo){st->st_ino, at, st->st_size, (uint32_t)had, false};
	journal->used += undo_size((uint32_t)had);
}

static void synced(ino_t file)
{
	bool all = true;

	for (uint32_t at = 0; at < journal->used; at += undo_size(undo_at(at)->len)) {
		if (undo_at(at)->file == file)
			undo_at(at)->synced = true;
		all &= undo_at(at)->synced;
	}
	if (all)
		journal->used = 0;
}

/* SQLite's shared memory is made anew after a power cut whatever stands in it. */
static bool counts(int fd, const struct stat *st)
{
	char link[64], path[PATH_MAX];
	ssize_t len;

	for (uint32_t i = 0; i < disk.files; i++)
		if (disk.file[i].inode == st->st_ino)
			return disk.file[i].counts;
	CHECK(disk.files < FILES_MAX);
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	len = readlink(link, path, sizeof(path) - 1);
	CHECK(len > 4);
	path[len] = '\0';
	disk.file[disk.files].inode = st->st_ino;
	disk.file[disk.files].counts = S_ISREG(st->st_mode) && strcmp(path + len - 4, "-shm") != 0;
	return disk.file[disk.files++].counts;
}

/* --- faults */

static bool dies_now(void)
{
	return atomic_fetch_add(&disk.calls, 1) + 1 == atomic_load(&disk.die_at);
}

static void die(void)
{
	kill(getpid(), SIGKILL);
	for (;;)
		pause();
}

ssize_t pwrite64(int fd, const void *bytes, size_t len, off64_t at)
{
	struct stat st;

	if (!atomic_load(&disk.on) || fstat(fd, &st) < 0 || !counts(fd, &st))
		return syscall(SYS_pwrite64, fd, bytes, len, at);
	if (atomic_load(&disk.full)) {
		errno = ENOSPC;
		return -1;
	}
	if (atomic_load(&disk.limited)) {
		if (len > atomic_load(&disk.room)) {
			atomic_store(&disk.full, true); /* until somebody makes room */
			len = atomic_load(&disk.room);
		}
		atomic_fetch_sub(&disk.room, (uint32_t)len);
	}
	note(fd, &st, at, len);
	if (dies_now()) {
		syscall(SYS_pwrite64, fd, bytes, len / 2, at);
		die();
	}
	return syscall(SYS_pwrite64, fd, bytes, len, at);
}

int ftruncate64(int fd, off64_t size)
{
	struct stat st;

	if (atomic_load(&disk.on) && fstat(fd, &st) == 0 && counts(fd, &st)) {
		note(fd, &st, size, st.st_size > size ? (size_t)(st.st_size - size) : 0);
		if (dies_now())
			die();
	}
	return (int)syscall(SYS_ftruncate, fd, size);
}

int fdatasync(int fd)
{
	struct stat st;

	if (!atomic_load(&disk.on) || fstat(fd, &st) < 0 || !counts(fd, &st))
		return (int)syscall(SYS_fdatasync, fd);
	if (dies_now())
		die();
	if (atomic_exchange(&disk.sync_fails, false)) {
		errno = EIO;
		return -1;
	}
	synced(st.st_ino);
	return 0;
}

void disk_on(void)
{
	journal->used = 0;
	disk.files = 0;
	atomic_store(&disk.on, true);
}

void disk_fill(uint32_t room)
{
	atomic_store(&disk.room, room);
	atomic_store(&disk.limited, true);
}

void disk_empty(void)
{
	atomic_store(&disk.limited, false);
	atomic_store(&disk.full, false);
}

void disk_die_at(uint32_t call)
{
	atomic_store(&disk.calls, 0);
	atomic_store(&disk.die_at, call);
}

void disk_sync_fails(void)
{
	atomic_store(&disk.sync_fails, true);
}

/* --- the power goes */

void disk_make(void)
{
	if (journal)
		return;
	journal = mmap(NULL, sizeof(*journal), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		       -1, 0);
	CHECK(journal != MAP_FAILED);
}

uint32_t disk_unsynced(void)
{
	uint32_t n = 0;

	for (uint32_t at = 0; at < journal->used; at += undo_size(undo_at(at)->len))
		n += !undo_at(at)->synced;
	return n;
}

static int open_inode(const char *dir, ino_t inode)
{
	DIR *folder = opendir(dir);
	struct dirent *e;
	int fd = -1;

	CHECK(folder);
	while (fd < 0 && (e = readdir(folder)))
		if (e->d_ino == inode)
			fd = openat(dirfd(folder), e->d_name, O_RDWR | O_CLOEXEC);
	closedir(folder);
	return fd;
}

static void take_back(const char *dir, const struct undo *u)
{
	int fd = open_inode(dir, u->file);

	if (fd < 0)
		return; /* it was removed since */
	CHECK(syscall(SYS_pwrite64, fd, u + 1, (size_t)u->len, u->at) == u->len);
	CHECK(syscall(SYS_ftruncate, fd, u->size_before) == 0);
	close(fd);
}

void disk_cut(const char *dir, uint32_t kept)
{
	static uint32_t order[UNDO_BYTES / sizeof(struct undo)];
	uint32_t n = 0, keep;

	for (uint32_t at = 0; at < journal->used; at += undo_size(undo_at(at)->len))
		if (!undo_at(at)->synced)
			order[n++] = at;
	keep = n * kept / 256;
	while (n > keep)
		take_back(dir, undo_at(order[--n]));
	journal->used = 0;
}
