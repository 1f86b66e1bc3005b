/*
 * loop.c: sd-event behind the few words that the programs need.
 *
 * It promises that nothing here wakes an idle program but the service manager's watchdog: a timer
 * that is not armed costs nothing, signals and clock steps arrive as readable fds. SIGINT and
 * SIGTERM are blocked before any thread exists, so that every later thread inherits that and only
 * the loop ever sees them; SIGPIPE is ignored, for a write to somebody who left is an error code
 * and no reason to die.
 *
 * A watch or a timer may be freed inside its own callback: sd-event keeps the source until the
 * callback has returned, and nothing here looks at the struct after that.
 */
#include "loop/loop.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <sys/timex.h>
#include <systemd/sd-daemon.h>
#include <systemd/sd-event.h>
#include <time.h>
#include <unistd.h>

/* 1 us: 0 would mean sd-event's own 250 ms */
#define SLACK_NONE_US 1
#define FAR_FUTURE_S  (1LL << 40)

struct loop {
	sd_event *event;
	struct watch *clock_watch;
	int clock_fd;
	timer_fn *clock_fn;
	void *clock_data;
};

struct watch {
	sd_event_source *source;
	watch_fn *fn;
	void *data;
};

struct timer {
	sd_event_source *source;
	struct mono at; /* MONO_NEVER: not armed */
	timer_fn *fn;
	void *data;
};

static int take_signals(struct loop *l)
{
	sigset_t stop;
	int r;

	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&stop);
	sigaddset(&stop, SIGINT);
	sigaddset(&stop, SIGTERM);
	r = -pthread_sigmask(SIG_BLOCK, &stop, NULL);
	if (r < 0)
		return r;
	/* without a handler the loop ends, with its userdata as result */
	r = sd_event_add_signal(l->event, NULL, SIGINT, NULL, NULL);
	if (r < 0)
		return r;
	return sd_event_add_signal(l->event, NULL, SIGTERM, NULL, NULL);
}

int loop_new(struct loop **ret)
{
	struct loop *l = calloc(1, sizeof(*l));
	int r;

	if (!l)
		return -ENOMEM;
	l->clock_fd = -1;
	r = sd_event_new(&l->event);
	if (r >= 0)
		r = take_signals(l);
	if (r >= 0)
		r = sd_event_set_watchdog(l->event, true);
	if (r < 0) {
		loop_free(l);
		return r;
	}
	*ret = l;
	return 0;
}

void loop_free(struct loop *l)
{
	if (!l)
		return;
	watch_free(l->clock_watch);
	if (l->clock_fd >= 0)
		close(l->clock_fd);
	sd_event_unref(l->event);
	free(l);
}

int loop_run(struct loop *l)
{
	int r;

	/* whether a manager listens is none of our business */
	(void)sd_notify(0, "READY=1");
	r = sd_event_loop(l->event);
	(void)sd_notify(0, "STOPPING=1");
	return r < 0 ? r : 0;
}

void loop_stop(struct loop *l)
{
	int r = sd_event_exit(l->event, 0);

	/* one that has ended has nothing left to stop */
	CHECK(r >= 0 || r == -ESTALE);
}

struct sd_event *loop_event(struct loop *l)
{
	return l->event;
}

static struct timespec read_clock(clockid_t clock)
{
	struct timespec t;
	int r = clock_gettime(clock, &t);

	CHECK(r == 0);
	return t;
}

struct mono loop_mono(void)
{
	struct timespec t = read_clock(CLOCK_MONOTONIC);

	return (struct mono){t.tv_sec * 1000LL + t.tv_nsec / 1000000};
}

struct wall loop_wall(void)
{
	struct timespec t = read_clock(CLOCK_REALTIME);

	return (struct wall){t.tv_sec * 1000LL + t.tv_nsec / 1000000};
}

bool loop_wall_synchronised(void)
{
	struct timex kernel = {.modes = 0};

	if (adjtimex(&kernel) >= 0)
		return !(kernel.status & STA_UNSYNC);
	return access(CLOCK_MARK, F_OK) == 0;
}

static int on_io(sd_event_source *source, int fd, uint32_t events, void *data)
{
	struct watch *w = data;

	(void)source;
	w->fn(w->data, fd, events);
	return 0;
}

int watch_add(struct loop *l, int fd, uint32_t events, int priority, watch_fn *fn, void *data,
	      struct watch **ret)
{
	struct watch *w = calloc(1, sizeof(*w));
	int r;

	if (!w)
		return -ENOMEM;
	w->fn = fn;
	w->data = data;
	r = sd_event_add_io(l->event, &w->source, fd, events, on_io, w);
	if (r >= 0)
		r = sd_event_source_set_priority(w->source, priority);
	if (r < 0) {
		watch_free(w);
		return r;
	}
	*ret = w;
	return 0;
}

int watch_set(struct watch *w, uint32_t events)
{
	int r = sd_event_source_set_io_events(w->source, events);

	return r < 0 ? r : 0;
}

void watch_free(struct watch *w)
{
	if (!w)
		return;
	sd_event_source_disable_unref(w->source);
	free(w);
}

static int on_time(sd_event_source *source, uint64_t usec, void *data)
{
	struct timer *t = data;

	(void)source;
	(void)usec;
	t->at = MONO_NEVER;
	t->fn(t->data);
	return 0;
}

int timer_add(struct loop *l, int priority, int64_t slack_ms, timer_fn *fn, void *data,
	      struct timer **ret)
{
	struct timer *t = calloc(1, sizeof(*t));
	uint64_t slack_us = slack_ms > 0 ? (uint64_t)slack_ms * 1000 : SLACK_NONE_US;
	int r;

	if (!t)
		return -ENOMEM;
	t->at = MONO_NEVER;
	t->fn = fn;
	t->data = data;
	r = sd_event_add_time(l->event, &t->source, CLOCK_MONOTONIC, UINT64_MAX, slack_us, on_time,
			      t);
	if (r >= 0)
		r = sd_event_source_set_priority(t->source, priority);
	if (r >= 0)
		r = sd_event_source_set_enabled(t->source, SD_EVENT_OFF);
	if (r < 0) {
		timer_free(t);
		return r;
	}
	*ret = t;
	return 0;
}

void timer_arm(struct timer *t, struct mono at)
{
	bool never = at.ms >= INT64_MAX / 1000;
	int r = 0;

	/* Setting the same time again would put a timer that is due back at the end of its queue:
	 * whoever arms it on every event would never let it come. */
	if (at.ms == t->at.ms)
		return;
	t->at = at;
	if (!never)
		r = sd_event_source_set_time(t->source, at.ms < 0 ? 0 : (uint64_t)at.ms * 1000);
	if (r >= 0)
		r = sd_event_source_set_enabled(t->source, never ? SD_EVENT_OFF : SD_EVENT_ONESHOT);
	/* a loop that has ended has no timers: what closes after it need not care */
	CHECK(r >= 0 || r == -ESTALE);
}

void timer_free(struct timer *t)
{
	if (!t)
		return;
	sd_event_source_disable_unref(t->source);
	free(t);
}

/* A timer that never comes, but is cancelled by whoever sets the clock. */
static int arm_clock_fd(int fd)
{
	struct itimerspec far = {.it_value = {.tv_sec = FAR_FUTURE_S}};

	return timerfd_settime(fd, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &far, NULL) < 0
		       ? -errno
		       : 0;
}

static void on_clock_fd(void *data, int fd, uint32_t events)
{
	struct loop *l = data;
	uint64_t expirations;
	ssize_t n = read(fd, &expirations, sizeof(expirations));

	(void)events;
	if (n < 0 && errno != ECANCELED)
		return;
	if (arm_clock_fd(fd) == 0)
		l->clock_fn(l->clock_data);
}

int loop_on_clock_step(struct loop *l, timer_fn *fn, void *data)
{
	int r;

	CHECK(!l->clock_watch);
	l->clock_fd = timerfd_create(CLOCK_REALTIME, TFD_NONBLOCK | TFD_CLOEXEC);
	if (l->clock_fd < 0)
		return -errno;
	l->clock_fn = fn;
	l->clock_data = data;
	r = arm_clock_fd(l->clock_fd);
	if (r < 0)
		return r;
	return watch_add(l, l->clock_fd, EPOLLIN, WATCH_DOOR, on_clock_fd, l, &l->clock_watch);
}
