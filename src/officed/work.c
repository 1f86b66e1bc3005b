/*
 * work.c: which job is next, and how its answer comes back.
 *
 * Fairness is kept in time, not in numbers: a batch of 4,096 entries takes as long as hundreds of
 * small questions. Each class counts the time that it has used; the waiting class with the least
 * goes next, and one that comes back after a rest starts level with the others, so that it can not
 * save up. With a SQLite file there is one worker and so one writer.
 *
 * Answers go to the loop through one list and one eventfd. Only the loop calls work_add(), so
 * `done` is never called from inside of it.
 */
#include "officed/work.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "officed/schema.h"

#define REOPEN_MS 1000 /* between two tries to open a database that is away */

/* Bounds of the queues: what two seconds of work may be, and for entries the memory of their
 * bodies. */
static const uint32_t queue_max[WORK_CLASSES] = {
	[WORK_PROOF] = 16384, [WORK_BOX] = 2048, [WORK_ENTRIES] = 64,
	[WORK_PEOPLE] = 256,  [WORK_OWN] = 64,	 [WORK_POST] = 4,
};

/* Who does a class's jobs. */
enum crew {
	CREW_PROOF = 0, /* one thread, no database */
	CREW_POST = 1,	/* likewise */
	CREW_DATABASE = 2,
};
#define CREWS 3

static enum crew crew_of(enum work_class class)
{
	return class == WORK_PROOF ? CREW_PROOF : class == WORK_POST ? CREW_POST : CREW_DATABASE;
}

struct queue {
	struct job *first, **last;
	struct job **urgent_last; /* where the next urgent one goes: before those that are not */
	struct work_counts counts;
	uint64_t level_us; /* time used, as fairness counts it */
};

struct thread {
	struct work *work;
	pthread_t id;
	enum crew crew;
	struct office office;
	struct mono opened_at;
};

struct work {
	pthread_mutex_t lock;
	pthread_cond_t wake[CREWS];
	struct queue queue[WORK_CLASSES];
	struct job *done, **done_last;
	bool ending;
	int fd;
	struct watch *watch;
	const struct config *config;
	uint32_t threads;
	struct thread thread[WORKERS_MAX + CREW_DATABASE];
};

/* ---- queues, under the lock ---- */

static struct job *queue_take(struct queue *q)
{
	struct job *j = q->first;

	if (j == NULL)
		return NULL;
	q->first = j->next;
	if (q->first == NULL)
		q->last = &q->first;
	if (q->urgent_last == &j->next)
		q->urgent_last = &q->first;
	q->counts.waiting--;
	j->next = NULL;
	return j;
}

/** The least that a waiting class of the workers has used; `or` where none waits. */
static uint64_t level_least(const struct work *w, uint64_t otherwise)
{
	uint64_t least = UINT64_MAX;

	for (int c = WORK_BOX; c <= WORK_OWN; c++)
		if (w->queue[c].first != NULL && w->queue[c].level_us < least)
			least = w->queue[c].level_us;
	return least == UINT64_MAX ? otherwise : least;
}

static struct job *next_of(struct work *w, enum crew crew)
{
	struct queue *best = NULL;

	if (crew != CREW_DATABASE)
		return queue_take(&w->queue[crew == CREW_PROOF ? WORK_PROOF : WORK_POST]);
	for (int c = WORK_BOX; c <= WORK_OWN; c++) {
		struct queue *q = &w->queue[c];

		if (q->first != NULL && (best == NULL || q->level_us < best->level_us))
			best = q;
	}
	return best != NULL ? queue_take(best) : NULL;
}

static void queue_put(struct queue *q, struct job *j)
{
	struct job **at = j->urgent ? q->urgent_last : q->last;

	j->next = *at;
	*at = j;
	if (j->next == NULL)
		q->last = &j->next;
	if (j->urgent)
		q->urgent_last = &j->next;
	q->counts.waiting++;
}

bool work_add(struct work *w, enum work_class class, struct job *j)
{
	struct queue *q = &w->queue[class];
	uint32_t most = j->urgent ? 2 * queue_max[class] : queue_max[class];
	bool room;

	j->class = class;
	j->next = NULL;
	j->result = 0;
	pthread_mutex_lock(&w->lock);
	room = !w->ending && q->counts.waiting < most;
	if (room) {
		uint64_t least = level_least(w, q->level_us);

		if (q->first == NULL && q->level_us < least)
			q->level_us = least;
		queue_put(q, j);
		pthread_cond_signal(&w->wake[crew_of(class)]);
	} else {
		q->counts.refused++;
	}
	pthread_mutex_unlock(&w->lock);
	return room;
}

struct work_counts work_counts(struct work *w, enum work_class class)
{
	struct work_counts counts;

	pthread_mutex_lock(&w->lock);
	counts = w->queue[class].counts;
	pthread_mutex_unlock(&w->lock);
	return counts;
}

/* ---- on a thread ---- */

static uint64_t now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

/** A connection for this thread, at most one try a second. */
static bool database_ready(struct thread *t)
{
	struct office *o = &t->office;
	char why[DB_WHY_MAX] = "";
	int r;

	if (o->db != NULL)
		return true;
	if (t->opened_at.ms != 0 && loop_mono().ms < t->opened_at.ms + REOPEN_MS)
		return false;
	t->opened_at = loop_mono();
	r = db_open(t->work->config->database, &o->db, why);
	if (r == 0) {
		r = office_schema_ready(o->db, why);
		if (r == 0)
			return true;
		db_close(o->db);
	}
	o->db = NULL;
	fprintf(stderr, "officed: the database does not open: %s (%s)\n", why, strerrordesc_np(-r));
	return false;
}

static void job_run(struct thread *t, struct job *j)
{
	if (t->crew != CREW_DATABASE)
		j->run(NULL, j);
	else if (database_ready(t))
		j->run(&t->office, j);
	else
		j->result = -ENOTCONN;
}

static void *thread_main(void *data)
{
	struct thread *t = data;
	struct work *w = t->work;
	struct job *j;

	pthread_mutex_lock(&w->lock);
	while (!w->ending) {
		uint64_t began, used;

		j = next_of(w, t->crew);
		if (j == NULL) {
			pthread_cond_wait(&w->wake[t->crew], &w->lock);
			continue;
		}
		pthread_mutex_unlock(&w->lock);
		began = now_us();
		job_run(t, j);
		used = now_us() - began;
		pthread_mutex_lock(&w->lock);
		w->queue[j->class].level_us += used;
		w->queue[j->class].counts.used_us += used;
		w->queue[j->class].counts.done++;
		if (w->done == NULL)
			(void)eventfd_write(w->fd, 1); /* it counts to 2^64: there is always room */
		*w->done_last = j;
		w->done_last = &j->next;
	}
	pthread_mutex_unlock(&w->lock);
	db_close(t->office.db);
	return NULL;
}

/* ---- on the loop ---- */

static struct job *done_take(struct work *w)
{
	struct job *j;

	pthread_mutex_lock(&w->lock);
	j = w->done;
	w->done = NULL;
	w->done_last = &w->done;
	pthread_mutex_unlock(&w->lock);
	return j;
}

static void done_all(struct job *j)
{
	while (j != NULL) {
		struct job *next = j->next;

		j->next = NULL;
		j->done(j);
		j = next;
	}
}

static void on_done(void *data, int fd, uint32_t events)
{
	eventfd_t count;

	(void)events;
	(void)eventfd_read(fd, &count);
	done_all(done_take(data));
}

static int threads_start(struct work *w, const struct office_keys *keys)
{
	bool one = !db_where_is_postgres(w->config->database);
	uint32_t wanted = CREW_DATABASE + (one ? 1 : w->config->workers);

	for (uint32_t i = 0; i < wanted; i++) {
		struct thread *t = &w->thread[i];
		int r;

		*t = (struct thread){.work = w,
				     .crew = i < CREW_DATABASE ? (enum crew)i : CREW_DATABASE};
		t->office = (struct office){.config = w->config, .keys = keys};
		r = pthread_create(&t->id, NULL, thread_main, t);
		if (r != 0)
			return -r;
		w->threads++;
	}
	return 0;
}

int work_open(struct loop *loop, const struct config *config, const struct office_keys *keys,
	      struct work **ret)
{
	struct work *w = calloc(1, sizeof(*w));
	int r;

	if (w == NULL)
		return -ENOMEM;
	w->config = config;
	w->done_last = &w->done;
	for (int c = 0; c < WORK_CLASSES; c++)
		w->queue[c].last = w->queue[c].urgent_last = &w->queue[c].first;
	pthread_mutex_init(&w->lock, NULL);
	for (int c = 0; c < CREWS; c++)
		pthread_cond_init(&w->wake[c], NULL);
	w->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	r = w->fd < 0 ? -errno
		      : watch_add(loop, w->fd, EPOLLIN, WATCH_NORMAL, on_done, w, &w->watch);
	if (r == 0)
		r = threads_start(w, keys);
	if (r < 0) {
		work_close(w);
		return r;
	}
	*ret = w;
	return 0;
}

static void cancel_all(struct work *w)
{
	struct job *j;

	for (int c = 0; c < WORK_CLASSES; c++)
		while ((j = queue_take(&w->queue[c])) != NULL) {
			j->result = -ECANCELED;
			j->done(j);
		}
}

void work_close(struct work *w)
{
	if (w == NULL)
		return;
	pthread_mutex_lock(&w->lock);
	w->ending = true;
	for (int c = 0; c < CREWS; c++)
		pthread_cond_broadcast(&w->wake[c]);
	pthread_mutex_unlock(&w->lock);
	for (uint32_t i = 0; i < w->threads; i++)
		pthread_join(w->thread[i].id, NULL);
	done_all(done_take(w));
	cancel_all(w);
	watch_free(w->watch);
	if (w->fd >= 0)
		close(w->fd);
	for (int c = 0; c < CREWS; c++)
		pthread_cond_destroy(&w->wake[c]);
	pthread_mutex_destroy(&w->lock);
	free(w);
}
