/*
 * folder.c: pictures as files. One is written under another name and renamed, so that nobody reads
 * half of it. Nothing is synced: a sync would stand in front of the ledger's own on the same disk,
 * for something that may be missing after a power cut. What a cut leaves behind empty is removed at
 * the next start.
 *
 * The shelf (shelf.h) is read from the folder once and kept in step; it says what has to go. The
 * disk is the ledger's first: where less than FOLDER_FREE_MIN_MB is free the oldest go early, and
 * when none is left nothing is written.
 */
#include "courierd/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "loop/loop.h"

#define FRESH_NAME ".new"
#define MODE	   02750 /* of the folder: the group is the ledger's readers', counterd among them */

/* ---- the folder ---- */

/* Says it once, until it is well again. */
static void broken(struct folder *f, const char *what, int error)
{
	if (!f->broken)
		fprintf(stderr, "pictures: none can be kept: %s: %s\n", what,
			strerrordesc_np(error));
	f->broken = true;
}

static void well(struct folder *f)
{
	if (f->broken)
		fprintf(stderr, "pictures: they are kept again\n");
	f->broken = false;
}

/* Owner and group and nobody else, whoever made it. A service that may set no such bit keeps the
 * one that the folder has from the one above it. */
static int close_to_others(int fd)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return -errno;
	if ((st.st_mode & 07777) == MODE || fchmod(fd, MODE) == 0 || fchmod(fd, MODE & 0777) == 0)
		return 0;
	return (st.st_mode & 0007) == 0 ? 0 : -EPERM;
}

static int open_closed(const char *path)
{
	int fd, r;

	if (mkdir(path, 0700) < 0 && errno != EEXIST)
		return -errno;
	fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	unlinkat(fd, FRESH_NAME, 0); /* of a writer that was ended in the middle */
	r = close_to_others(fd);
	if (r == 0)
		return fd;
	close(fd);
	return r;
}

static void leave(struct folder *f)
{
	if (f->fd >= 0)
		close(f->fd);
	f->fd = -1;
	f->loaded = false;
}

/* ---- what is there ---- */

/* A file whose name and whose time both lie ahead would never grow old: from now on it does. */
static struct wall changed_at(const struct folder *f, const char *name, const struct stat *st)
{
	struct wall now = loop_wall(), changed = {(int64_t)st->st_mtim.tv_sec * 1000};

	if (changed.ms <= now.ms + SHELF_FUTURE_MS)
		return changed;
	(void)utimensat(f->fd, name, NULL, AT_SYMLINK_NOFOLLOW);
	return now;
}

/* False: there is no room for it on the shelf. What is no picture of ours is left alone. */
static bool file_found(struct folder *f, const char *name)
{
	struct picture picture;
	struct stat st;

	if (!picture_parse(name, &picture) || fstatat(f->fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0 ||
	    !S_ISREG(st.st_mode))
		return true;
	if (st.st_size <= 0 || st.st_size > PICTURE_BYTES_MAX) {
		unlinkat(f->fd, name, 0);
		return true;
	}
	return shelf_found(&f->shelf, &picture, (uint32_t)st.st_size, changed_at(f, name, &st));
}

/* True: all of the folder is on the shelf. */
static bool read_all(struct folder *f)
{
	int fd = openat(f->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
	const struct dirent *entry;
	bool all = true;

	if (dir == NULL) {
		broken(f, f->path, errno);
		if (fd >= 0)
			close(fd);
		return false;
	}
	shelf_clear(&f->shelf);
	while (all && (entry = readdir(dir)) != NULL)
		all = file_found(f, entry->d_name);
	closedir(dir);
	return all;
}

/* Opens and reads the folder where that is still to be done; false: it cannot be used. What was too
 * much for the shelf is read when there is room on it. */
static bool ready(struct folder *f)
{
	if (f->fd < 0)
		f->fd = open_closed(f->path);
	if (f->fd < 0) {
		broken(f, f->path, -f->fd);
		f->fd = -1;
		return false;
	}
	if (!f->loaded)
		f->loaded = read_all(f);
	return true;
}

/* Takes the oldest off the shelf and off the disk. What cannot be removed is found again later. */
static bool oldest_remove(struct folder *f)
{
	struct picture picture;
	char name[PICTURE_NAME_MAX];

	if (!shelf_oldest(&f->shelf, &picture))
		return false;
	picture_name(&picture, name);
	if (unlinkat(f->fd, name, 0) == 0 || errno == ENOENT)
		return true;
	fprintf(stderr, "pictures: %s cannot be removed: %s\n", name, strerrordesc_np(errno));
	f->loaded = false;
	return false;
}

static bool disk_short(const struct folder *f)
{
	struct statvfs v;

	return fstatvfs(f->fd, &v) == 0 &&
	       (uint64_t)v.f_bavail * v.f_frsize < (uint64_t)FOLDER_FREE_MIN_MB << 20;
}

/* Removes what has to go, and says when to look again. */
void folder_look(struct folder *f)
{
	struct mono now = loop_mono();
	int64_t left = FOLDER_LOOK_MS;
	uint32_t removed = 0;

	f->look_at = mono_add(now, left);
	if (!ready(f))
		return;
	shelf_order(&f->shelf, now, loop_wall());
	while (shelf_due(&f->shelf) && oldest_remove(f))
		removed++;
	while (disk_short(f) && oldest_remove(f))
		removed++;
	if (f->loaded)
		left = shelf_left_ms(&f->shelf);
	else if (removed > 0)
		left = FOLDER_AGAIN_MS;
	if (left < FOLDER_LOOK_MS)
		f->look_at = mono_add(now, left > 0 ? left : 0);
}

/* ---- a picture ---- */

static int write_all(int fd, struct span s)
{
	while (s.len > 0) {
		ssize_t done = write(fd, s.data, s.len);

		if (done < 0 && errno != EINTR)
			return -errno;
		if (done > 0) {
			s.data += done;
			s.len -= (uint32_t)done;
		}
	}
	return 0;
}

static int file_write(int folder, const char *name, struct span jpeg)
{
	int fd = openat(folder, FRESH_NAME, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC,
			0640);
	int r;

	if (fd < 0)
		return -errno;
	r = fchmod(fd, 0640) < 0 ? -errno : write_all(fd, jpeg);
	if (close(fd) < 0 && r == 0)
		r = -errno;
	if (r == 0 && renameat(folder, FRESH_NAME, folder, name) < 0)
		r = -errno;
	if (r < 0)
		unlinkat(folder, FRESH_NAME, 0);
	return r;
}

void folder_write(struct folder *f, const struct picture *picture, struct span jpeg)
{
	char name[PICTURE_NAME_MAX];
	int r;

	if (!ready(f))
		return;
	if (disk_short(f))
		folder_look(f);
	picture_name(picture, name);
	r = disk_short(f) ? -ENOSPC : file_write(f->fd, name, jpeg);
	if (r == -ENOENT) { /* somebody has removed the folder */
		leave(f);
		r = ready(f) ? file_write(f->fd, name, jpeg) : r;
	}
	if (r < 0) {
		broken(f, f->path, -r);
		return;
	}
	well(f);
	if (!shelf_taken(&f->shelf, picture, jpeg.len, loop_mono()))
		f->loaded = false;
}

/* ---- its owner ---- */

bool folder_path(const char *state, char path[FOLDER_PATH_SIZE])
{
	int len = snprintf(path, FOLDER_PATH_SIZE, "%s/" PICTURE_FOLDER, state);

	return len > 0 && len < FOLDER_PATH_SIZE;
}

bool folder_init(struct folder *f, const char *state, int64_t keep_ms, uint64_t bytes_max)
{
	*f = (struct folder){.fd = -1};
	shelf_init(&f->shelf, keep_ms, bytes_max);
	return folder_path(state, f->path);
}

void folder_free(struct folder *f)
{
	leave(f);
	shelf_free(&f->shelf);
}
