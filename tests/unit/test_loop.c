/* test_loop.c: timers come when they should and never otherwise; signals, readiness and the
 * watchdog reach the service manager. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "loop/loop.h"

struct world {
	struct loop *loop;
	struct timer *timer[3];
	struct watch *watch;
	struct mono told[8];
	int order[8], tolds, turns;
	int pipe[2];
};

static void tell(struct world *w, int who)
{
	assert_true(w->tolds < 8);
	w->order[w->tolds] = who;
	w->told[w->tolds++] = loop_mono();
}

static void on_first(void *data)
{
	tell(data, 0);
}

static void on_second(void *data)
{
	tell(data, 1);
}

static void on_last(void *data)
{
	struct world *w = data;

	tell(w, 2);
	loop_stop(w->loop);
}

static void add_timers(struct world *w)
{
	assert_int_equal(loop_new(&w->loop), 0);
	assert_int_equal(timer_add(w->loop, WATCH_NORMAL, 0, on_first, w, &w->timer[0]), 0);
	assert_int_equal(timer_add(w->loop, WATCH_NORMAL, 0, on_second, w, &w->timer[1]), 0);
	assert_int_equal(timer_add(w->loop, WATCH_NORMAL, 0, on_last, w, &w->timer[2]), 0);
}

static void drop_world(struct world *w)
{
	for (int i = 0; i < 3; i++)
		timer_free(w->timer[i]);
	watch_free(w->watch);
	loop_free(w->loop);
}

static void timers_come_in_order_and_not_early(void **state)
{
	struct world w = {.tolds = 0};
	struct mono now;

	(void)state;
	add_timers(&w);
	now = loop_mono();
	timer_arm(w.timer[2], mono_add(now, 30));
	timer_arm(w.timer[0], mono_add(now, 20));
	timer_arm(w.timer[1], mono_add(now, 10));
	assert_int_equal(loop_run(w.loop), 0);
	assert_int_equal(w.tolds, 3);
	assert_int_equal(w.order[0], 1);
	assert_int_equal(w.order[1], 0);
	assert_int_equal(w.order[2], 2);
	assert_true(w.told[0].ms >= now.ms + 10 && w.told[1].ms >= now.ms + 20);
	assert_true(w.told[2].ms >= now.ms + 30);
	drop_world(&w);
}

static void a_timer_is_moved_and_disarmed(void **state)
{
	struct world w = {.tolds = 0};
	struct mono now;

	(void)state;
	add_timers(&w);
	now = loop_mono();
	timer_arm(w.timer[0], now);
	timer_arm(w.timer[0], MONO_NEVER);
	timer_arm(w.timer[1], mono_add(now, 3600000));
	timer_arm(w.timer[1], (struct mono){-5}); /* long past: at once */
	timer_arm(w.timer[2], mono_add(now, 20));
	assert_int_equal(loop_run(w.loop), 0);
	assert_int_equal(w.tolds, 2);
	assert_int_equal(w.order[0], 1);
	drop_world(&w);
}

static void on_again(void *data)
{
	struct world *w = data;

	tell(w, 0);
	if (w->tolds < 3)
		timer_arm(w->timer[0], loop_mono());
	else
		loop_stop(w->loop);
}

static void a_timer_may_arm_itself(void **state)
{
	struct world w = {.tolds = 0};

	(void)state;
	assert_int_equal(loop_new(&w.loop), 0);
	assert_int_equal(timer_add(w.loop, WATCH_NORMAL, 0, on_again, &w, &w.timer[0]), 0);
	timer_arm(w.timer[0], loop_mono());
	assert_int_equal(loop_run(w.loop), 0);
	assert_int_equal(w.tolds, 3);
	drop_world(&w);
}

static void on_pipe(void *data, int fd, uint32_t events)
{
	struct world *w = data;
	char byte;

	assert_true(events & EPOLLIN);
	assert_int_equal(read(fd, &byte, 1), 1);
	tell(w, byte);
	if (byte != 'z')
		return;
	/* its own end, from inside */
	watch_free(w->watch);
	w->watch = NULL;
	loop_stop(w->loop);
}

static void a_watch_tells_and_may_free_itself(void **state)
{
	struct world w = {.tolds = 0};

	(void)state;
	assert_int_equal(pipe(w.pipe), 0);
	assert_int_equal(loop_new(&w.loop), 0);
	assert_int_equal(watch_add(w.loop, w.pipe[0], 0, WATCH_NORMAL, on_pipe, &w, &w.watch), 0);
	assert_int_equal(watch_set(w.watch, EPOLLIN), 0);
	assert_int_equal(write(w.pipe[1], "abz", 3), 3);
	assert_int_equal(loop_run(w.loop), 0);
	assert_int_equal(w.tolds, 3);
	assert_int_equal(w.order[2], 'z');
	drop_world(&w);
	close(w.pipe[0]);
	close(w.pipe[1]);
}

static void on_door(void *data, int fd, uint32_t events)
{
	(void)fd;
	(void)events;
	on_last(data);
}

/* Both are ready in the same turn: the door goes first, and ends the loop before the other. */
static void the_door_goes_first(void **state)
{
	struct world w = {.tolds = 0};
	struct watch *door = NULL;

	(void)state;
	assert_int_equal(pipe(w.pipe), 0);
	assert_int_equal(write(w.pipe[1], "a", 1), 1);
	assert_int_equal(loop_new(&w.loop), 0);
	assert_int_equal(watch_add(w.loop, w.pipe[0], EPOLLIN, WATCH_NORMAL, on_pipe, &w, &w.watch),
			 0);
	int second = dup(w.pipe[0]);
	assert_true(second >= 0);
	assert_int_equal(watch_add(w.loop, second, EPOLLIN, WATCH_DOOR, on_door, &w, &door), 0);
	assert_int_equal(loop_run(w.loop), 0);
	assert_int_equal(w.tolds, 1);
	assert_int_equal(w.order[0], 2);
	watch_free(door);
	drop_world(&w);
	close(second);
	close(w.pipe[0]);
	close(w.pipe[1]);
}

/* A watch that is always ready arms the timer again and again, for the same time. */
static void on_busy(void *data, int fd, uint32_t events)
{
	struct world *w = data;

	(void)fd;
	(void)events;
	assert_true(w->turns++ < 100);
	timer_arm(w->timer[2], (struct mono){1});
}

static void a_due_timer_comes_although_it_is_armed_again(void **state)
{
	struct world w = {.tolds = 0};

	(void)state;
	add_timers(&w);
	assert_int_equal(pipe(w.pipe), 0);
	assert_int_equal(
		watch_add(w.loop, w.pipe[1], EPOLLOUT, WATCH_NORMAL, on_busy, &w, &w.watch), 0);
	assert_int_equal(loop_run(w.loop), 0);
	assert_int_equal(w.tolds, 1);
	timer_arm(w.timer[0], loop_mono()); /* after the end: of no effect, and no harm */
	drop_world(&w);
	close(w.pipe[0]);
	close(w.pipe[1]);
}

static void on_signal_time(void *data)
{
	tell(data, 0);
	kill(getpid(), SIGTERM);
}

static void sigterm_ends_the_loop(void **state)
{
	struct world w = {.tolds = 0};

	(void)state;
	assert_int_equal(loop_new(&w.loop), 0);
	assert_int_equal(timer_add(w.loop, WATCH_NORMAL, 0, on_signal_time, &w, &w.timer[0]), 0);
	timer_arm(w.timer[0], loop_mono());
	assert_int_equal(loop_run(w.loop), 0);
	assert_int_equal(w.tolds, 1);
	drop_world(&w);
}

static int manager_socket(void)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	socklen_t len = sizeof(sa_family_t);
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	char name[sizeof(address.sun_path) + 1];

	assert_true(fd >= 0);
	/* an abstract name of the kernel's choice */
	assert_int_equal(bind(fd, (struct sockaddr *)&address, len), 0);
	len = sizeof(address);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &len), 0);
	snprintf(name, sizeof(name), "@%.*s", (int)(len - sizeof(sa_family_t) - 1),
		 address.sun_path + 1);
	assert_int_equal(setenv("NOTIFY_SOCKET", name, 1), 0);
	return fd;
}

/* The next thing said, "" when there is none. */
static const char *manager_hears(int fd)
{
	static char text[256];
	ssize_t n = recv(fd, text, sizeof(text) - 1, MSG_DONTWAIT);

	text[n < 0 ? 0 : n] = '\0';
	return text;
}

static void the_manager_hears_ready_watchdog_stopping(void **state)
{
	struct world w = {.tolds = 0};
	int manager = manager_socket(), pings = 0;
	const char *said;

	(void)state;
	assert_int_equal(setenv("WATCHDOG_USEC", "40000", 1), 0);
	add_timers(&w);
	timer_arm(w.timer[2], mono_add(loop_mono(), 60));
	assert_int_equal(loop_run(w.loop), 0);
	drop_world(&w);
	assert_int_equal(unsetenv("WATCHDOG_USEC"), 0);
	assert_int_equal(unsetenv("NOTIFY_SOCKET"), 0);

	/* pinged once when it is switched on */
	assert_string_equal(manager_hears(manager), "WATCHDOG=1");
	assert_string_equal(manager_hears(manager), "READY=1");
	do {
		said = manager_hears(manager);
		pings += strcmp(said, "WATCHDOG=1") == 0;
	} while (strcmp(said, "WATCHDOG=1") == 0);
	assert_true(pings >= 1);
	assert_string_equal(said, "STOPPING=1");
	assert_string_equal(manager_hears(manager), "");
	close(manager);
}

static void on_step(void *data)
{
	tell(data, 3);
}

static int64_t voluntary_switches(void)
{
	struct rusage use;

	assert_int_equal(getrusage(RUSAGE_THREAD, &use), 0);
	return use.ru_nvcsw;
}

/* With timers far away, watches and the clock's fd, nothing wakes the loop but what ends it. */
static void an_idle_loop_sleeps(void **state)
{
	struct world w = {.tolds = 0};
	int64_t before;

	(void)state;
	add_timers(&w);
	assert_int_equal(loop_on_clock_step(w.loop, on_step, &w), 0);
	timer_arm(w.timer[0], mono_add(loop_mono(), 3600000));
	timer_arm(w.timer[2], mono_add(loop_mono(), 300));
	before = voluntary_switches();
	assert_int_equal(loop_run(w.loop), 0);
	assert_in_range(voluntary_switches() - before, 1, 6);
	assert_int_equal(w.tolds, 1);
	drop_world(&w);
}

static void the_clocks_read(void **state)
{
	struct mono a = loop_mono(), b = loop_mono();

	(void)state;
	assert_true(a.ms > 0 && b.ms >= a.ms);
	assert_true(loop_wall().ms > 1700000000000LL);
	(void)loop_wall_synchronised();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(timers_come_in_order_and_not_early),
		cmocka_unit_test(a_timer_is_moved_and_disarmed),
		cmocka_unit_test(a_timer_may_arm_itself),
		cmocka_unit_test(a_watch_tells_and_may_free_itself),
		cmocka_unit_test(the_door_goes_first),
		cmocka_unit_test(a_due_timer_comes_although_it_is_armed_again),
		cmocka_unit_test(sigterm_ends_the_loop),
		cmocka_unit_test(the_manager_hears_ready_watchdog_stopping),
		cmocka_unit_test(an_idle_loop_sleeps),
		cmocka_unit_test(the_clocks_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
