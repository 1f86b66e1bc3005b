/*
 * pictures.c: the thread that writes pictures. An SD card can stall for seconds, and what else
 * courierd carries (a text about a forced door) must not stand still for it: pictures wait in a
 * short queue, and where that is full they are dropped and counted, an alarm's last. The thread has
 * the folder (folder.h) for itself: it looks for what is too old after each write, when the oldest
 * is, and every hour, for the wall clock may have been set.
 */
#include "courierd/pictures.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "courierd/folder.h"
#include "loop/loop.h"

struct waiting {
	struct picture picture;
	uint8_t *jpeg;
	uint32_t len;
};

struct pictures {
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t changed;

	/* under the lock */
	struct waiting queue[PICTURES_QUEUE_MAX];
	uint32_t first, waiting;
	bool stopping;

	uint64_t dropped; /* the giver's: since the log was told */
	struct mono complain_at;

	struct folder folder; /* the thread's */
};

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
	while (p->waiting == 0 && !p->stopping && !mono_due(loop_mono(), p->folder.look_at))
		wait_until(p, p->folder.look_at);
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

	folder_look(&p->folder);
	for (;;) {
		bool picture = work_wait(p, &w, &end);

		if (end)
			return NULL;
		if (picture) {
			folder_write(&p->folder, &w.picture, (struct span){w.jpeg, w.len});
			free(w.jpeg);
		}
		folder_look(&p->folder);
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

int pictures_open(const char *state, int64_t keep_hours, int64_t disk_mb, struct pictures **ret)
{
	struct pictures *p = calloc(1, sizeof(*p));
	int r;

	CHECK(keep_hours > 0 && disk_mb > 0);
	if (p == NULL)
		return -ENOMEM;
	r = folder_init(&p->folder, state, keep_hours * 3600000, (uint64_t)disk_mb << 20)
		    ? locks_make(p)
		    : -ENAMETOOLONG;
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
	folder_free(&p->folder);
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
	char path[FOLDER_PATH_SIZE];

	return folder_path(state, path) && access(path, F_OK) == 0;
}
