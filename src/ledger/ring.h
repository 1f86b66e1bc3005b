/*
 * ring.h: the two counters of a queue between exactly two threads, one that puts and one that
 * takes, neither of which ever waits for the other. The slots are an array beside it, of a power of
 * two. Internal to ledger/.
 *
 * The counters run freely and wrap; what is between them is what is in the queue. Each stands on a
 * cache line of its own, for each is written by another thread.
 */
#ifndef SHOP_LEDGER_RING_H
#define SHOP_LEDGER_RING_H

#include <stdalign.h>
#include <stdatomic.h>
#include <stdint.h>

struct ring {
	alignas(64) _Atomic uint32_t put;
	alignas(64) _Atomic uint32_t taken;
};

/* The putter's side: what it wrote into the slots is seen by whoever sees the counter. */
static inline uint32_t ring_used(const struct ring *r, uint32_t put)
{
	return put - atomic_load_explicit(&r->taken, memory_order_acquire);
}
/* In one order with the sleeper's flag (thread.c), hence stronger than a release. */
static inline void ring_publish(struct ring *r, uint32_t put)
{
	atomic_store_explicit(&r->put, put, memory_order_seq_cst);
}

/* The taker's side. */
static inline uint32_t ring_waiting(const struct ring *r, uint32_t taken)
{
	return atomic_load_explicit(&r->put, memory_order_seq_cst) - taken;
}
static inline void ring_release(struct ring *r, uint32_t taken)
{
	atomic_store_explicit(&r->taken, taken, memory_order_release);
}

#endif
