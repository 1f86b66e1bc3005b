/* pulse.h: what both of this folder's threads need of the system. Internal to ledger/. */
#ifndef SHOP_LEDGER_PULSE_H
#define SHOP_LEDGER_PULSE_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/check.h"
#include "base/clock.h"

/** thread_start - starts `fn` with all signals blocked, for no handler may run there. 0 or -errno.
 */
MUST_CHECK int thread_start(pthread_t *thread, void *(*fn)(void *), void *data, const char *name);
/** thread_wait_done - waits until `done_fd` is readable, for at most `ms`. */
bool thread_wait_done(int done_fd, int ms);
/** thread_be_nice - lowers the calling thread's claim to a processor, and no other's. */
void thread_be_nice(int nice);

/** thread_mono, thread_mono_us - CLOCK_MONOTONIC, for a thread's own pauses. */
struct mono thread_mono(void);
int64_t thread_mono_us(void);

/** eventfd_tell, eventfd_clear - of an eventfd that does not block. */
void eventfd_tell(int fd);
void eventfd_clear(int fd);

#endif
