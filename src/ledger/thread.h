/*
 * thread.h: what the loop's side (queue.c) and the thread's side (thread.c) of the ledger share.
 * Internal to ledger/.
 */
#ifndef SHOP_LEDGER_THREAD_H
#define SHOP_LEDGER_THREAD_H

#include "ledger/desk_inside.h"
#include "ledger/erase.h"
#include "ledger/pulse.h"
#include "ledger/ring.h"
#include "ledger/store.h"

enum {
	ASKS_MAX = 64,	   /* visits asked for and not yet answered */
	REPORTS_MAX = 512, /* reports that the loop has not read; commits merge past the half */
};
_Static_assert((DESK_ASKS_MAX & (DESK_ASKS_MAX - 1)) == 0, "and so does the desk's");
_Static_assert(ASKS_MAX + DESK_ASKS_MAX + 4 < REPORTS_MAX / 2, "what is never lost has room");
_Static_assert((LEDGER_QUEUE_MAX & (LEDGER_QUEUE_MAX - 1)) == 0, "a ring wraps at a power of two");

struct queued {
	uint64_t ticket;
	struct record record;
};

struct ledger {
	/* loop -> thread */
	struct ring rows, asks, requests;
	struct queued row[LEDGER_QUEUE_MAX];
	struct visit_id ask[ASKS_MAX];
	struct desk_request request[DESK_ASKS_MAX];
	_Atomic bool asleep; /* the thread is, or is about to: whoever puts wakes it */
	_Atomic bool stopping;
	_Atomic uint64_t acked; /* what the office has of us; kept with the next commit */
	struct erase_ask erase_ask;
	_Atomic bool erase_asked; /* that is there, and not taken yet */
	int wake_fd;

	/* thread -> loop */
	struct ring reports;
	struct report report[REPORTS_MAX];
	_Atomic bool full;     /* no claim is taken */
	_Atomic uint32_t lost; /* facts that found no room */
	int report_fd;
	int done_fd; /* readable when the thread has ended */

	/* the loop's own */
	alignas(64) uint32_t rows_put; /* pushed; published by the flush */
	uint32_t asks_put, asks_open, reports_taken;
	uint32_t requests_put, requests_open;
	uint64_t ticket;
	bool erase_open; /* asked for, its report not read yet */
	pthread_t thread;

	/* the thread's own */
	alignas(64) struct store store;
	struct wall opened_wall; /* with opened_mono: the wall time now, without asking for it */
	struct mono opened_mono;
	struct desk desk;
	uint32_t rows_taken, asks_taken, requests_taken, reports_put;
	uint64_t newest_ticket;
	bool report_held; /* a commit that found no room among the reports */
	struct report held;
	uint32_t writers;    /* rows that one commit may hope for, see gather() */
	int64_t sync_us;     /* how long a commit waits for the disk, smoothed */
	struct queued *kept; /* facts, while the disk is full */
	uint32_t kepts;
	bool erasing;
	struct erase erase;
	struct mono clean_at; /* when the file is to be cleaned, at the earliest */
	struct mono retry_at;
	int64_t retry_ms;
};

/** ledger_thread - the thread's function. */
void *ledger_thread(void *ledger);

/** What tests turn, to see a disk get full and well again while they look on. */
struct ledger_tuning {
	uint32_t pages_max; /* of the file; 0: as many as there is room for */
	int64_t retry_ms;   /* LEDGER_RETRY_MS */
};

/** ledger_open_tuned - ledger_open with other bounds. */
MUST_CHECK int ledger_open_tuned(const char *dir, struct wall now, struct ledger_tuning tuning,
				 struct ledger **ret, struct recall **ret_recall,
				 char why[WHY_MAX]);

#endif
