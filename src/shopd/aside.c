/*
 * aside.c: threads that may be left behind. Who is the last to have one, the loop or the thread
 * itself, frees it: they agree by one exchange of its state.
 */
#include "shopd/aside.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "loop/loop.h"

#define STACK_SIZE (256 * 1024)

enum aside_state {
	ASIDE_RUNS = 0,
	ASIDE_ENDED, /* the thread wants nothing of it any more */
	ASIDE_LEFT,  /* nor does the loop */
};

struct aside {
	pthread_t thread;
	_Atomic uint32_t state; /* enum aside_state */
	_Atomic bool stop;
	int stop_fd; /* wakes it from its rest */
	int done_fd; /* readable when it has ended */
	aside_turn *turn;
	aside_end *end;
	void *data;
};

static void aside_free(struct aside *a)
{
	a->end(a->data);
	if (a->stop_fd >= 0)
		close(a->stop_fd);
	if (a->done_fd >= 0)
		close(a->done_fd);
	free(a);
}

static void rest(const struct aside *a, int64_t ms)
{
	struct pollfd fd = {.fd = a->stop_fd, .events = POLLIN};

	if (ms > INT32_MAX)
		ms = INT32_MAX;
	if (ms > 0)
		poll(&fd, 1, (int)ms); /* woken too early it takes a turn too early */
}

static void *run(void *data)
{
	struct aside *a = data;

	while (!atomic_load(&a->stop))
		rest(a, a->turn(a->data));
	if (atomic_exchange(&a->state, ASIDE_ENDED) == ASIDE_LEFT)
		aside_free(a);
	else
		CHECK(eventfd_write(a->done_fd, 1) == 0);
	return NULL;
}

/* With all signals blocked, for the loop has them, and with a small stack: all of it counts as
 * memory that is locked for the door's sake. */
static int thread_start(struct aside *a)
{
	sigset_t all, before;
	pthread_attr_t attr;
	int r;

	sigfillset(&all);
	r = pthread_attr_init(&attr);
	if (r != 0)
		return r;
	pthread_attr_setstacksize(&attr, STACK_SIZE);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	r = pthread_create(&a->thread, &attr, run, a);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&attr);
	return r;
}

int aside_start(const char *name, aside_turn *turn, aside_end *end, void *data, struct aside **ret)
{
	struct aside *a = calloc(1, sizeof(*a));
	int r;

	if (!a) {
		end(data);
		return -ENOMEM;
	}
	*a = (struct aside){.turn = turn, .end = end, .data = data};
	a->stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	a->done_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	r = a->stop_fd < 0 || a->done_fd < 0 ? errno : 0;
	if (r == 0)
		r = thread_start(a);
	if (r != 0) {
		aside_free(a);
		return -r;
	}
	pthread_setname_np(a->thread, name);
	*ret = a;
	return 0;
}

void aside_tell(struct aside *a)
{
	if (!a)
		return;
	atomic_store(&a->stop, true);
	CHECK(eventfd_write(a->stop_fd, 1) == 0 || errno == EAGAIN);
}

void aside_stop(struct aside *a)
{
	struct mono until = mono_add(loop_mono(), ASIDE_END_MS);
	struct pollfd fd = {.events = POLLIN};
	pthread_t thread;
	int64_t left;

	if (!a)
		return;
	aside_tell(a);
	fd.fd = a->done_fd;
	do
		left = until.ms - loop_mono().ms;
	while (left > 0 && poll(&fd, 1, (int)left) < 0);
	thread = a->thread;
	if (atomic_exchange(&a->state, ASIDE_LEFT) == ASIDE_RUNS) {
		pthread_detach(thread);
		return;
	}
	CHECK(pthread_join(thread, NULL) == 0);
	aside_free(a);
}
