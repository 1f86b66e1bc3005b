/*
 * db_file.c: a SQLite file has one process and one writer.
 *
 * SQLite takes care of several writers by itself, but for one race of its releases before 3.51.3:
 * when one connection resets the WAL while another checkpoints, pages can be lost. So the
 * connections of this process take turns from BEGIN to the end of COMMIT, in which the
 * checkpoint runs; and other processes are held off by a lock on FILE-lock.
 *
 * The file itself is never opened here once a connection has it: closing any descriptor of a file
 * drops all POSIX locks that the process holds on it.
 */
#include "db/db_inside.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

struct db_file {
	struct db_file *next;
	dev_t dev;
	ino_t ino;
	int fd;
	uint32_t users;
	bool taken;
	pthread_mutex_t mutex; /* of `taken` */
	pthread_cond_t given;
};

static pthread_mutex_t files_mutex = PTHREAD_MUTEX_INITIALIZER;
static struct db_file *files;

/* For the owner and his group, whatever the umask lets others do. */
static int make_database(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0640);

	if (fd < 0)
		return errno == EEXIST ? 0 : -errno;
	close(fd);
	return 0;
}

/* One that no step of the wall clock can hold up. */
static void make_condition(pthread_cond_t *cond)
{
	pthread_condattr_t attr;

	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(cond, &attr);
	pthread_condattr_destroy(&attr);
}

/* Our lock on this file, new or as another connection of ours has it already. Takes over `fd`. */
static int share_file(int fd, const char *path, struct db_file **ret)
{
	struct db_file *f;
	struct stat st;
	int r;

	if (fstat(fd, &st) < 0)
		goto failed;
	for (f = files; f; f = f->next) {
		if (f->dev != st.st_dev || f->ino != st.st_ino)
			continue;
		close(fd);
		f->users++;
		*ret = f;
		return 0;
	}
	if (flock(fd, LOCK_EX | LOCK_NB) < 0)
		goto failed;
	r = make_database(path);
	f = r ? NULL : calloc(1, sizeof(*f));
	if (!f) {
		close(fd);
		return r ? r : -ENOMEM;
	}
	*f = (struct db_file){.next = files,
			      .dev = st.st_dev,
			      .ino = st.st_ino,
			      .fd = fd,
			      .users = 1,
			      .mutex = PTHREAD_MUTEX_INITIALIZER};
	make_condition(&f->given);
	files = *ret = f;
	return 0;
failed:
	r = errno == EWOULDBLOCK ? -EBUSY : -errno;
	close(fd);
	return r;
}

int db_file_open(const char *path, struct db_file **ret, char why[DB_WHY_MAX])
{
	char lock[PATH_MAX];
	int fd, r;

	if (snprintf(lock, sizeof(lock), "%s-lock", path) >= (int)sizeof(lock))
		return -ENAMETOOLONG;
	fd = open(lock, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0640);
	if (fd < 0) {
		r = -errno;
		snprintf(why, DB_WHY_MAX, "%s", strerror(errno));
		return r;
	}
	pthread_mutex_lock(&files_mutex);
	r = share_file(fd, path, ret);
	pthread_mutex_unlock(&files_mutex);
	if (r)
		snprintf(why, DB_WHY_MAX, "%s",
			 r == -EBUSY ? "another program has this database open" : strerror(-r));
	return r;
}

void db_file_close(struct db_file *f)
{
	pthread_mutex_lock(&files_mutex);
	CHECK(f->users > 0);
	if (!--f->users) {
		struct db_file **at = &files;

		while (*at != f)
			at = &(*at)->next;
		*at = f->next;
		close(f->fd);
		pthread_cond_destroy(&f->given);
		pthread_mutex_destroy(&f->mutex);
		free(f);
	}
	pthread_mutex_unlock(&files_mutex);
}

int db_file_take(struct db_file *f)
{
	struct timespec until;
	int r = 0;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += DB_BUSY_MS / 1000;
	pthread_mutex_lock(&f->mutex);
	while (f->taken && !r)
		r = pthread_cond_timedwait(&f->given, &f->mutex, &until);
	r = f->taken ? -EAGAIN : 0;
	f->taken = true;
	pthread_mutex_unlock(&f->mutex);
	return r;
}

void db_file_give(struct db_file *f)
{
	pthread_mutex_lock(&f->mutex);
	CHECK(f->taken);
	f->taken = false;
	pthread_cond_signal(&f->given);
	pthread_mutex_unlock(&f->mutex);
}
