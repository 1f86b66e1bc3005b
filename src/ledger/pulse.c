/*
 * pulse.c: what both of this folder's threads need of the system: to start without signals, to be
 * nice, to tell and be told by eventfd, and the monotonic clock for their own pauses.
 */
#include "ledger/pulse.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

int thread_start(pthread_t *thread, void *(*fn)(void *), void *data, const char *name)
{
	sigset_t all, before;
	int error;

	sigfillset(&all);
	error = pthread_sigmask(SIG_SETMASK, &all, &before);
	if (error == 0) {
		error = pthread_create(thread, NULL, fn, data);
		CHECK(pthread_sigmask(SIG_SETMASK, &before, NULL) == 0);
	}
	if (error == 0)
		pthread_setname_np(*thread, name);
	return -error;
}

bool thread_wait_done(int done_fd, int ms)
{
	struct pollfd fd = {.fd = done_fd, .events = POLLIN};
	int64_t until = thread_mono().ms + ms;
	int n;

	do {
		int64_t left = until - thread_mono().ms;

		n = poll(&fd, 1, left > 0 ? (int)left : 0);
	} while (n < 0 && errno == EINTR);
	return n == 1;
}

void thread_be_nice(int nice)
{
	/* on Linux this is the calling thread's alone; where it is not allowed, it is as before */
	setpriority(PRIO_PROCESS, (id_t)gettid(), nice);
}

int64_t thread_mono_us(void)
{
	struct timespec t;

	CHECK(clock_gettime(CLOCK_MONOTONIC, &t) == 0);
	return t.tv_sec * INT64_C(1000000) + t.tv_nsec / 1000;
}

struct mono thread_mono(void)
{
	return (struct mono){thread_mono_us() / 1000};
}

void eventfd_tell(int fd)
{
	/* EAGAIN: it is full of tidings already */
	CHECK(eventfd_write(fd, 1) == 0 || errno == EAGAIN);
}

void eventfd_clear(int fd)
{
	eventfd_t count;

	CHECK(eventfd_read(fd, &count) == 0 || errno == EAGAIN || errno == EINTR);
}
