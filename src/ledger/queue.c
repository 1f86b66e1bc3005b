/*
 * queue.c: the loop's side of the ledger: push, flush, read reports. Nothing here waits, allocates,
 * or asks the system for more than one eventfd write a flush, and that only when the thread sleeps.
 *
 * What is pushed is seen by the thread from the flush on, so a step's records are never torn apart.
 * The last LEDGER_RESERVED slots are for facts: when the disk falls behind it is purchases that are
 * refused, not the door that goes unrecorded.
 */
#include "ledger/thread.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define STOP_MS 5000

int ledger_fd(const struct ledger *l)
{
	return l->report_fd;
}

static uint32_t room(const struct ledger *l, bool fact)
{
	uint32_t used = ring_used(&l->rows, l->rows_put);
	uint32_t most = fact ? LEDGER_QUEUE_MAX : LEDGER_QUEUE_MAX - LEDGER_RESERVED;

	CHECK(used <= LEDGER_QUEUE_MAX);
	if (!fact && atomic_load_explicit(&l->full, memory_order_acquire))
		return 0;
	return used < most ? most - used : 0;
}

bool ledger_room(const struct ledger *l, bool fact)
{
	return room(l, fact) >= EFFECTS_RECORD_MAX;
}

bool ledger_push(struct ledger *l, const struct record *r, uint64_t ticket)
{
	struct queued *slot = &l->row[l->rows_put % LEDGER_QUEUE_MAX];

	CHECK(ticket >= l->ticket);
	l->ticket = ticket;
	if (room(l, r->fact) == 0) {
		if (r->fact)
			atomic_fetch_add_explicit(&l->lost, 1, memory_order_relaxed);
		return false;
	}
	slot->ticket = ticket;
	slot->record = *r;
	l->rows_put++;
	return true;
}

/* Both sides use one total order: either we see that it sleeps, or it sees what we put. */
static void wake(struct ledger *l)
{
	if (atomic_exchange_explicit(&l->asleep, false, memory_order_seq_cst))
		eventfd_tell(l->wake_fd);
}

void ledger_flush(struct ledger *l)
{
	ring_publish(&l->rows, l->rows_put);
	wake(l);
}

void ledger_acked(struct ledger *l, uint64_t seq)
{
	atomic_store_explicit(&l->acked, seq, memory_order_relaxed);
}

bool ledger_ask_visit(struct ledger *l, struct visit_id visit)
{
	/* counted until the answer is read, so that answers always find room among the reports */
	if (l->asks_open == ASKS_MAX)
		return false;
	l->asks_open++;
	l->ask[l->asks_put++ % ASKS_MAX] = visit;
	ring_publish(&l->asks, l->asks_put);
	wake(l);
	return true;
}

bool ledger_ask_desk(struct ledger *l, const struct desk_request *request)
{
	/* counted until its last answer is read, as above */
	if (l->requests_open == DESK_ASKS_MAX ||
	    atomic_load_explicit(&l->full, memory_order_acquire))
		return false;
	l->requests_open++;
	l->request[l->requests_put++ % DESK_ASKS_MAX] = *request;
	ring_publish(&l->requests, l->requests_put);
	wake(l);
	return true;
}

bool ledger_ask_erase(struct ledger *l, const struct customer *whose, struct wall before)
{
	if (l->erase_open)
		return false;
	l->erase_open = true;
	l->erase_ask = (struct erase_ask){.whose_known = whose != NULL, .before = before};
	if (whose)
		l->erase_ask.whose = *whose;
	atomic_store_explicit(&l->erase_asked, true, memory_order_seq_cst);
	wake(l);
	return true;
}

static void count_answered(struct ledger *l, const struct report *report)
{
	if (report->kind == REPORT_VISIT) {
		CHECK(l->asks_open > 0);
		l->asks_open--;
	}
	if (report->kind == REPORT_DESK && report->desk->answer != DESK_WORKING) {
		CHECK(l->requests_open > 0);
		l->requests_open--;
	}
	if (report->kind == REPORT_ERASED)
		l->erase_open = false;
}

bool ledger_report(struct ledger *l, struct report *ret)
{
	if (ring_waiting(&l->reports, l->reports_taken) == 0) {
		eventfd_clear(l->report_fd);
		/* what came before the clearing did not tell again */
		if (ring_waiting(&l->reports, l->reports_taken) == 0)
			return false;
	}
	*ret = l->report[l->reports_taken++ % REPORTS_MAX];
	ring_release(&l->reports, l->reports_taken);
	count_answered(l, ret);
	return true;
}

static void close_fd(int fd)
{
	if (fd >= 0)
		close(fd);
}

static void free_ledger(struct ledger *l)
{
	desk_shut(&l->desk);
	store_close(&l->store);
	close_fd(l->wake_fd);
	close_fd(l->report_fd);
	close_fd(l->done_fd);
	free(l->kept);
	free(l);
}

static int open_fds(struct ledger *l)
{
	l->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	l->report_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	l->done_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	return l->wake_fd < 0 || l->report_fd < 0 || l->done_fd < 0 ? -errno : 0;
}

int ledger_open_tuned(const char *dir, struct wall now, struct ledger_tuning tuning,
		      struct ledger **ret, struct recall **ret_recall, char why[WHY_MAX])
{
	struct ledger *l = aligned_alloc(64, sizeof(*l));
	struct recall *recall;
	int r;

	CHECK(l);
	memset(l, 0, sizeof(*l));
	l->wake_fd = l->report_fd = l->done_fd = -1;
	r = store_open(dir, tuning.pages_max, &l->store, why);
	if (r < 0) {
		free(l);
		return r;
	}
	desk_open(&l->desk, &l->store);
	l->retry_ms = tuning.retry_ms;
	atomic_store_explicit(&l->acked, l->store.head.acked, memory_order_relaxed);
	l->opened_wall = now;
	l->opened_mono = thread_mono();
	recall = store_recall(&l->store, now);
	if (!recall)
		why_format(why, "%s is damaged: %s", ledger_file.name,
			   sqlite3_errstr(l->store.read_error));
	r = recall ? open_fds(l) : sql_errno(l->store.writer.db, l->store.read_error);
	if (r == 0 && store_mark_running(&l->store) != STORED_OK)
		r = -ENOSPC;
	if (r == 0)
		r = thread_start(&l->thread, ledger_thread, l, "ledger");
	if (r < 0) {
		if (recall)
			why_format(why, "%s: %s", ledger_file.name, strerror(-r));
		ledger_recall_free(recall);
		free_ledger(l);
		return r;
	}
	*ret = l;
	*ret_recall = recall;
	return 0;
}

int ledger_open(const char *dir, struct wall now, struct ledger **ret, struct recall **ret_recall,
		char why[200])
{
	struct ledger_tuning tuning = {.retry_ms = LEDGER_RETRY_MS};

	return ledger_open_tuned(dir, now, tuning, ret, ret_recall, why);
}

void ledger_stop(struct ledger *l)
{
	struct report report;

	ring_publish(&l->rows, l->rows_put);
	atomic_store_explicit(&l->stopping, true, memory_order_seq_cst);
	wake(l);
	/* a disk that does not answer may hold the thread for ever: then it is left as it is, and
	 * the process ends around it */
	if (!thread_wait_done(l->done_fd, STOP_MS))
		return;
	CHECK(pthread_join(l->thread, NULL) == 0);
	while (ledger_report(l, &report)) {
		if (report.kind == REPORT_WELL)
			ledger_recall_free(report.recall);
		if (report.kind == REPORT_VISIT)
			free(report.book);
		if (report.kind == REPORT_DESK)
			desk_result_free(report.desk);
	}
	free_ledger(l);
}
