/*
 * office_work.c: a thread for what may block: files that are synced, a ledger that is made anew.
 * Jobs are done one after the other, in the order in which they were handed over; what became of
 * each is told on the loop. There are never more than a handful, for each follows from one word of
 * the office, and those come one at a time.
 */
#include "shopd/office.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct office_work {
	pthread_t thread;
	pthread_mutex_t mutex;
	pthread_cond_t more;
	bool stop;
	struct job *first, **last; /* to be done */
	struct job *done, **done_last;
	int fd;
	struct watch *watch;
};

static struct job *job_take(struct job **first, struct job ***last)
{
	struct job *job = *first;

	if (!job)
		return NULL;
	*first = job->next;
	if (!*first)
		*last = first;
	job->next = NULL;
	return job;
}

static void job_put(struct job *job, struct job ***last)
{
	**last = job;
	*last = &job->next;
}

static void *work(void *data)
{
	struct office_work *w = data;
	uint64_t one = 1;

	pthread_mutex_lock(&w->mutex);
	for (;;) {
		struct job *job = job_take(&w->first, &w->last);

		if (!job && w->stop)
			break;
		if (!job) {
			pthread_cond_wait(&w->more, &w->mutex);
			continue;
		}
		pthread_mutex_unlock(&w->mutex);
		job->run(job);
		pthread_mutex_lock(&w->mutex);
		job_put(job, &w->done_last);
		if (write(w->fd, &one, sizeof(one)) != sizeof(one))
			panic(__FILE__, __LINE__, "eventfd");
	}
	pthread_mutex_unlock(&w->mutex);
	return NULL;
}

static void on_done(void *data, int fd, uint32_t events)
{
	struct shopd *sd = data;
	struct office_work *w = sd->office->work;
	uint64_t count;

	(void)events;
	if (read(fd, &count, sizeof(count)) != sizeof(count))
		return;
	for (;;) {
		struct job *job;

		pthread_mutex_lock(&w->mutex);
		job = job_take(&w->done, &w->done_last);
		pthread_mutex_unlock(&w->mutex);
		if (!job)
			return;
		job->done(sd, job);
		free(job);
	}
}

void *office_job_new(size_t size, void (*run)(struct job *),
		     void (*done)(struct shopd *, struct job *))
{
	struct job *job = calloc(1, size);

	CHECK(job);
	job->run = run;
	job->done = done;
	return job;
}

void office_job(struct shopd *sd, struct job *job)
{
	struct office_work *w = sd->office->work;

	pthread_mutex_lock(&w->mutex);
	job_put(job, &w->last);
	pthread_cond_signal(&w->more);
	pthread_mutex_unlock(&w->mutex);
}

int office_work_start(struct shopd *sd)
{
	struct office_work *w = calloc(1, sizeof(*w));
	int r;

	if (!w)
		return -ENOMEM;
	w->last = &w->first;
	w->done_last = &w->done;
	w->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	r = w->fd < 0 ? -errno
		      : watch_add(sd->loop, w->fd, EPOLLIN, WATCH_NORMAL, on_done, sd, &w->watch);
	if (r == 0) {
		pthread_mutex_init(&w->mutex, NULL);
		pthread_cond_init(&w->more, NULL);
		r = -pthread_create(&w->thread, NULL, work, w);
	}
	if (r < 0) {
		watch_free(w->watch);
		if (w->fd >= 0)
			close(w->fd);
		free(w);
		return r;
	}
	sd->office->work = w;
	return 0;
}

void office_work_stop(struct shopd *sd)
{
	struct office_work *w = sd->office->work;
	struct job *job;

	if (!w)
		return;
	pthread_mutex_lock(&w->mutex);
	w->stop = true;
	pthread_cond_signal(&w->more);
	pthread_mutex_unlock(&w->mutex);
	CHECK(pthread_join(w->thread, NULL) == 0);
	while ((job = job_take(&w->done, &w->done_last)))
		free(job);
	watch_free(w->watch);
	close(w->fd);
	pthread_mutex_destroy(&w->mutex);
	pthread_cond_destroy(&w->more);
	free(w);
	sd->office->work = NULL;
}
