/*
 * pictures.c: the thread that writes pictures. An SD card can stall for seconds, and what else
 * courierd carries (a text about a forced door) must not stand still for it: pictures wait in a
 * short queue, and where that is full they are dropped and counted.
 *
 * A picture is written under another name and renamed, so that nobody reads half of one. Nothing is
 * synced: a sync would stand in front of the ledger's own on the same disk, for something that may
 * be missing after a power cut. What a cut leaves behind empty is removed at the next start.
 *
 * The shelf (shelf.h) is read from the folder once and kept in step; it says what has to go: after
 * each write, when the oldest is too old, and every hour, for the wall clock may have been set. The
 * disk is the ledger's first: where less than PICTURES_FREE_MIN_MB is free the oldest go early, and
 * when none is left nothing is written.
 */
#include "courierd/pictures.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

#include "courierd/shelf.h"
#include "loop/loop.h"

#define FRESH_NAME ".new"
#define PATH_ROOM  256
#define MODE	   02750 /* of the folder: the group is the ledger's readers', counterd among them */

struct waiting {
	struct picture picture;
	uint8_t *jpeg;
	uint32_t len;
};

struct pictures {
	char path[PATH_ROOM];
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t changed;

	/* under the lock */
	struct waiting queue[PICTURES_QUEUE_MAX];
	uint32_t first, waiting;
	bool stopping;

	/* the giver's */
	uint64_t dropped; /* since the log was told */
	struct mono complain_at;

	/* the thread's */
	int folder; /* -1: not open */
	bool loaded, broken;
	struct shelf shelf;
	struct mono look_at;
};

/* ---- the folder ---- */

/* Says it once, until it is well again. */
static void broken(struct pictures *p, const char *what, int error)
{
	if (!p->broken)
		fprintf(stderr, "pictures: none can be kept: %s: %s\n", what,
			strerrordesc_np(error));
	p->broken = true;
}

static void well(struct pictures *p)
{
	if (p->broken)
		fprintf(stderr, "pictures: they are kept again\n");
	p->broken = false;
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

static int folder_open(const char *path)
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

static void folder_leave(struct pictures *p)
{
	if (p->folder >= 0)
		close(p->folder);
	p->folder = -1;
	p->loaded = false;
}

/* ---- what is there ---- */

/* A file whose name and whose time both lie ahead would never grow old: from now on it does. */
static struct wall changed_at(const struct pictures *p, const char *name, const struct stat *st)
{
	struct wall now = loop_wall(), changed = {(int64_t)st->st_mtim.tv_sec * 1000};

	if (changed.ms <= now.ms + SHELF_FUTURE_MS)
		return changed;
	(void)utimensat(p->folder, name, NULL, AT_SYMLINK_NOFOLLOW);
	return now;
}

/* False: there is no room for it on the shelf. What is no picture of ours is left alone. */
static bool file_found(struct pictures *p, const char *name)
{
	struct picture picture;
	struct stat st;

	if (!picture_parse(name, &picture) ||
	    fstatat(p->folder, name, &st, AT_SYMLINK_NOFOLLOW) < 0 || !S_ISREG(st.st_mode))
		return true;
	if (st.st_size <= 0 || st.st_size > PICTURE_BYTES_MAX) {
		unlinkat(p->folder, name, 0);
		return true;
	}
	return shelf_found(&p->shelf, &picture, (uint32_t)st.st_size, changed_at(p, name, &st));
}

/* True: all of the folder is on the shelf. */
static bool folder_read(struct pictures *p)
{
	int fd = openat(p->folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
	const struct dirent *entry;
	bool all = true;

	if (dir == NULL) {
		broken(p, p->path, errno);
		if (fd >= 0)
			close(fd);
		return false;
	}
	shelf_clear(&p->shelf);
	while (all && (entry = readdir(dir)) != NULL)
		all = file_found(p, entry->d_name);
	closedir(dir);
	return all;
}

/* Opens and reads the folder where that is still to be done; false: it cannot be used. What was too
 * much for the shelf is read when there is room on it. */
static bool folder_ready(struct pictures *p)
{
	if (p->folder < 0)
		p->folder = folder_open(p->path);
	if (p->folder < 0) {
		broken(p, p->path, -p->folder);
		p->folder = -1;
		return false;
	}
	if (!p->loaded)
		p->loaded = folder_read(p);
	return true;
}

/* Takes the oldest off the shelf and off the disk. What cannot be removed is found again later. */
static bool oldest_remove(struct pictures *p)
{
	struct picture picture;
	char name[PICTURE_NAME_MAX];

	if (!shelf_oldest(&p->shelf, &picture))
		return false;
	picture_name(&picture, name);
	if (unlinkat(p->folder, name, 0) == 0 || errno == ENOENT)
		return true;
	fprintf(stderr, "pictures: %s cannot be removed: %s\n", name, strerrordesc_np(errno));
	p->loaded = false;
	return false;
}

static bool disk_short(const struct pictures *p)
{
	struct statvfs v;

	return fstatvfs(p->folder, &v) == 0 &&
	       (uint64_t)v.f_bavail * v.f_frsize < (uint64_t)PICTURES_FREE_MIN_MB << 20;
}

/* Removes what has to go, and says when to look again. */
static void look(struct pictures *p)
{
	struct mono now = loop_mono();
	int64_t left = PICTURES_LOOK_MS;
	uint32_t removed = 0;

	p->look_at = mono_add(now, left);
	if (!folder_ready(p))
		return;
	shelf_order(&p->shelf, now, loop_wall());
	while (shelf_due(&p->shelf) && oldest_remove(p))
		removed++;
	while (disk_short(p) && oldest_remove(p))
		removed++;
	if (p->loaded)
		left = shelf_left_ms(&p->shelf);
	else if (removed > 0)
		left = PICTURES_AGAIN_MS;
	if (left < PICTURES_LOOK_MS)
		p->look_at = mono_add(now, left > 0 ? left : 0);
}

/* ---- a picture ---- */

static int write_all(int fd, const uint8_t *bytes, uint32_t len)
{
	while (len > 0) {
		ssize_t done = write(fd, bytes, len);

		if (done < 0 && errno != EINTR)
			return -errno;
		if (done > 0) {
			bytes += done;
			len -= (uint32_t)done;
		}
	}
	return 0;
}

static int file_write(int folder, const char *name, const struct waiting *w)
{
	int fd = openat(folder, FRESH_NAME, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC,
			0640);
	int r;

	if (fd < 0)
		return -errno;
	r = fchmod(fd, 0640) < 0 ? -errno : write_all(fd, w->jpeg, w->len);
	if (close(fd) < 0 && r == 0)
		r = -errno;
	if (r == 0 && renameat(folder, FRESH_NAME, folder, name) < 0)
		r = -errno;
	if (r < 0)
		unlinkat(folder, FRESH_NAME, 0);
	return r;
}

static void picture_write(struct pictures *p, const struct waiting *w)
{
	char name[PICTURE_NAME_MAX];
	int r;

	if (!folder_ready(p))
		return;
	if (disk_short(p))
		look(p);
	picture_name(&w->picture, name);
	r = disk_short(p) ? -ENOSPC : file_write(p->folder, name, w);
	if (r == -ENOENT) { /* somebody has removed the folder */
		folder_leave(p);
		r = folder_ready(p) ? file_write(p->folder, name, w) : r;
	}
	if (r < 0) {
		broken(p, p->path, -r);
		return;
	}
	well(p);
	if (!shelf_taken(&p->shelf, &w->picture, w->len, loop_mono()))
		p->loaded = false;
}

/* ---- the thread ---- */

static void wait_until(struct pictures *p, struct mono at)
{
	struct timespec t = {.tv_sec = at.ms / 1000, .tv_nsec = at.ms % 1000 * 1000000};

	pthread_cond_timedwait(&p->changed, &p->lock, &t);
}

/* What to do next: a picture, or (false) a look; *ret_end: neither, it is over. */
static bool work_wait(struct pictures *p, struct waiting *ret, bool *ret_end)
{
	bool picture;

	pthread_mutex_lock(&p->lock);
	while (p->waiting == 0 && !p->stopping && !mono_due(loop_mono(), p->look_at))
		wait_until(p, p->look_at);
	picture = p->waiting > 0;
	if (picture) {
		*ret = p->queue[p->first];
		p->queue[p->first].jpeg = NULL;
		p->first = (p->first + 1) % PICTURES_QUEUE_MAX;
		p->waiting--;
	}
	*ret_end = !picture && p->stopping;
	pthread_mutex_unlock(&p->lock);
	return picture;
}

static void *run(void *data)
{
	struct pictures *p = data;
	struct waiting w;
	bool end = false;

	look(p);
	for (;;) {
		bool picture = work_wait(p, &w, &end);

		if (end)
			return NULL;
		if (picture) {
			picture_write(p, &w);
			free(w.jpeg);
		}
		look(p);
	}
}

/* ---- its owner ---- */

static int locks_make(struct pictures *p)
{
	pthread_condattr_t attr;
	int r = pthread_condattr_init(&attr);

	if (r != 0)
		return -r;
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	r = pthread_cond_init(&p->changed, &attr);
	pthread_condattr_destroy(&attr);
	if (r != 0)
		return -r;
	r = pthread_mutex_init(&p->lock, NULL);
	if (r != 0)
		pthread_cond_destroy(&p->changed);
	return -r;
}

static void locks_free(struct pictures *p)
{
	pthread_mutex_destroy(&p->lock);
	pthread_cond_destroy(&p->changed);
}

static bool path_of(const char *state, char path[PATH_ROOM])
{
	int len = snprintf(path, PATH_ROOM, "%s/" PICTURE_FOLDER, state);

	return len > 0 && len < PATH_ROOM;
}

int pictures_open(const char *state, int64_t keep_hours, int64_t disk_mb, struct pictures **ret)
{
	struct pictures *p = calloc(1, sizeof(*p));
	int r;

	CHECK(keep_hours > 0 && disk_mb > 0);
	if (p == NULL)
		return -ENOMEM;
	p->folder = -1;
	shelf_init(&p->shelf, keep_hours * 3600000, (uint64_t)disk_mb << 20);
	r = path_of(state, p->path) ? locks_make(p) : -ENAMETOOLONG;
	if (r == 0) {
		r = -pthread_create(&p->thread, NULL, run, p);
		if (r < 0)
			locks_free(p);
	}
	if (r < 0)
		free(p);
	else
		*ret = p;
	return r;
}

void pictures_close(struct pictures *p)
{
	if (p == NULL)
		return;
	pthread_mutex_lock(&p->lock);
	p->stopping = true;
	pthread_cond_signal(&p->changed);
	pthread_mutex_unlock(&p->lock);
	pthread_join(p->thread, NULL);
	CHECK(p->waiting == 0);
	folder_leave(p);
	shelf_free(&p->shelf);
	locks_free(p);
	free(p);
}

/* A full queue fills the log with one line a minute, not with one a picture. */
static void dropped_tell(struct pictures *p)
{
	struct mono now = loop_mono();

	if (p->dropped == 0 || !mono_due(now, p->complain_at))
		return;
	fprintf(stderr, "pictures: the disk is too slow: %llu dropped\n",
		(unsigned long long)p->dropped);
	p->dropped = 0;
	p->complain_at = mono_add(now, PICTURES_COMPLAIN_MS);
}

/* Where a picture goes; with a full queue that of one which gives way to an alarm's; NULL: nowhere.
 */
static struct waiting *place_for(struct pictures *p, enum picture_kind kind)
{
	if (p->waiting < PICTURES_QUEUE_MAX)
		return &p->queue[(p->first + p->waiting++) % PICTURES_QUEUE_MAX];
	for (uint32_t i = 0; i < PICTURES_QUEUE_MAX && kind == PICTURE_ALARM; i++)
		if (p->queue[i].picture.kind != PICTURE_ALARM)
			return &p->queue[i];
	return NULL;
}

/* Queues `w`, and gives back what has no place for it: nothing, another, or itself. */
static struct waiting put(struct pictures *p, const struct waiting *w)
{
	struct waiting out = *w, *place;

	pthread_mutex_lock(&p->lock);
	place = place_for(p, w->picture.kind);
	if (place != NULL) {
		out = *place;
		*place = *w;
		pthread_cond_signal(&p->changed);
	}
	pthread_mutex_unlock(&p->lock);
	return out;
}

bool pictures_keep(struct pictures *p, const struct picture *picture, struct span jpeg)
{
	struct waiting w = {.picture = *picture, .len = jpeg.len}, out;
	bool kept;

	CHECK(jpeg.len > 0 && jpeg.len <= PICTURE_BYTES_MAX);
	out.jpeg = w.jpeg = malloc(jpeg.len);
	if (w.jpeg != NULL) {
		memcpy(w.jpeg, jpeg.data, jpeg.len);
		out = put(p, &w);
	}
	kept = out.jpeg != w.jpeg;
	if (!kept || out.jpeg != NULL)
		p->dropped++;
	free(out.jpeg);
	dropped_tell(p);
	return kept;
}

bool pictures_there(const char *state)
{
	char path[PATH_ROOM];

	return path_of(state, path) && access(path, F_OK) == 0;
}
