/*
 * loop.h: one sd-event loop a program: fds, one-shot timers on the monotonic clock, SIGINT/SIGTERM,
 * readiness and the watchdog of the service manager (harmless without one). Callbacks come last in
 * an argument list.
 *
 * Also the only place where a program reads a clock (loop_now), so that one step has one `now`.
 */
#ifndef SHOP_LOOP_LOOP_H
#define SHOP_LOOP_LOOP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/check.h"
#include "base/clock.h"

struct loop;
struct watch;
struct timer;

/** loop_new - a loop that has SIGINT and SIGTERM for itself: make it before any thread. 0 or
 * -errno. loop_free - with its watches and timers freed before; NULL is fine. */
MUST_CHECK int loop_new(struct loop **ret);
void loop_free(struct loop *l);

/** loop_run - until loop_stop() or SIGINT/SIGTERM; sends READY=1 first, STOPPING=1 at the end;
 * pings the watchdog at half its interval. 0 or -errno. */
MUST_CHECK int loop_run(struct loop *l);
void loop_stop(struct loop *l);

/** loop_event - the sd-event loop itself, for sd-bus, which lives in one. Lent. */
struct sd_event;
struct sd_event *loop_event(struct loop *l);

/** loop_mono, loop_wall - CLOCK_MONOTONIC and CLOCK_REALTIME, read now. */
struct mono loop_mono(void);
struct wall loop_wall(void);
/** loop_wall_synchronised - the kernel says that the wall clock is disciplined (adjtimex, no
 * STA_UNSYNC). Where a unit's filter forbids that call, for it sets the clock as well: another unit
 * asked, and left the mark (shopkeeper-clock.service). */
#define CLOCK_MARK "/run/shopkeeper-clock/synchronised"
bool loop_wall_synchronised(void);

typedef void watch_fn(void *data, int fd, uint32_t events);
/** watch_add - epoll `events` (EPOLLIN …). `priority`: smaller goes first; the door uses
 * WATCH_DOOR. */
#define WATCH_DOOR   (-10)
#define WATCH_NORMAL 0
#define WATCH_IDLE   10
MUST_CHECK int watch_add(struct loop *l, int fd, uint32_t events, int priority, watch_fn *fn,
			 void *data, struct watch **ret);
MUST_CHECK int watch_set(struct watch *w, uint32_t events);
void watch_free(struct watch *w); /* the fd stays the caller's; NULL is fine */

typedef void timer_fn(void *data);
/** timer_add - a one-shot timer, unarmed. timer_arm - at `at` (again and again; MONO_NEVER
 * disarms; of no effect once the loop has ended). `slack_ms`: how late it may be, so that wake-ups
 * can be shared: 0 for a door's timers.
 */
MUST_CHECK int timer_add(struct loop *l, int priority, int64_t slack_ms, timer_fn *fn, void *data,
			 struct timer **ret);
void timer_arm(struct timer *t, struct mono at);
void timer_free(struct timer *t);

/** loop_on_clock_step - told when CLOCK_REALTIME was set (timerfd TFD_TIMER_CANCEL_ON_SET). */
MUST_CHECK int loop_on_clock_step(struct loop *l, timer_fn *fn, void *data);

#endif
