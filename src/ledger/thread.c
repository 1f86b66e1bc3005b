/*
 * thread.c: the ledger's thread. It takes all that waits, writes it in one transaction, says what
 * is on disk, and begins again: while one commit waits for its sync the next one's rows gather, so
 * a slow disk makes commits larger, not lines slower.
 *
 * Rows stay in the queue until they are on disk; nothing is copied. On a full disk the transaction
 * is rolled back as a whole: its claims are refused, for nobody has been told that they hold, and
 * its facts are kept aside, as many as the queue is long, and written when a small write succeeds
 * again. A visit that is asked for is read after the commit of all that was flushed before the
 * question, and so is a request at the desk. A month's close goes on between commits, one slice at
 * a time, whenever nothing else is to be done first.
 */
#include "ledger/thread.h"

#include <poll.h>
#include <stdlib.h>
#include <sys/statvfs.h>
#include <time.h>

enum {
	NICE = 5, /* design 2: the door goes first */

	/* With few writers a pause can only cost. With many even a disk whose sync is no wait earns
	 * a short one: a commit's own work is as much for one line as for ten. */
	GATHER_WRITERS_MIN = 8,
	GATHER_PAUSE_MIN_US = 200,
	GATHER_PAUSE_MAX_US = 3000, /* a round trip of 64 phones is 1 to 2 ms */
	GATHER_SLICE_US = 100,

	/* Pages in the WAL: a busy shop is checkpointed once in so many that its lines seldom meet
	 * one, a quiet one early enough that the WAL stays small; and never for nothing. */
	CHECKPOINT_BUSY_PAGES = 4096, /* 16 MiB */
	CHECKPOINT_IDLE_PAGES = 256,  /* 1 MiB */
	CHECKPOINT_IDLE_MS = 1000,

	CLEAN_AGAIN_MS = 50, /* a reader's query is over long before */

	HELD_REPORT_MS = 10, /* the loop has half of REPORTS_MAX to read: try again soon */

	/* A write that succeeds says little when there is room for nothing else. */
	ROOM_MIN_BYTES = 1 << 20,
};

static bool put_report(struct ledger *l, const struct report *report, uint32_t most)
{
	if (ring_used(&l->reports, l->reports_put) >= most)
		return false;
	l->report[l->reports_put++ % REPORTS_MAX] = *report;
	ring_publish(&l->reports, l->reports_put);
	eventfd_tell(l->report_fd);
	return true;
}

/* Commits that the loop is too slow to read are told as one. */
static void flush_held(struct ledger *l)
{
	if (l->report_held && put_report(l, &l->held, REPORTS_MAX / 2))
		l->report_held = false;
}

static void report_commit(struct ledger *l, uint32_t rows, int64_t commit_us)
{
	struct report fresh = {
		.kind = REPORT_COMMITTED,
		.ticket = l->newest_ticket,
		.head_seq = l->store.head.seq,
		.rows = rows,
		.commit_us = commit_us,
		.rows_lost = atomic_exchange_explicit(&l->lost, 0, memory_order_relaxed),
	};

	if (l->report_held) {
		fresh.rows += l->held.rows;
		fresh.rows_lost += l->held.rows_lost;
		if (fresh.commit_us < l->held.commit_us)
			fresh.commit_us = l->held.commit_us;
	}
	l->held = fresh;
	l->report_held = true;
	flush_held(l);
}

/* What may not be merged has room: there are ASKS_MAX books at most, one last answer for each of
 * DESK_ASKS_MAX requests, and a full disk is told once in LEDGER_RETRY_MS. */
static void report_always(struct ledger *l, const struct report *report)
{
	if (l->report_held) {
		CHECK(put_report(l, &l->held, REPORTS_MAX));
		l->report_held = false;
	}
	CHECK(put_report(l, report, REPORTS_MAX));
}

static struct wall wall_now(const struct ledger *l)
{
	struct wall now = {l->opened_wall.ms + (thread_mono().ms - l->opened_mono.ms)};

	/* an entry may know of a clock that was set since */
	return l->store.head.at.ms > now.ms ? l->store.head.at : now;
}

static void keep(struct ledger *l, const struct queued *q)
{
	if (!q->record.fact)
		return;
	if (l->kepts == LEDGER_QUEUE_MAX) {
		atomic_fetch_add_explicit(&l->lost, 1, memory_order_relaxed);
		return;
	}
	l->kept[l->kepts++] = *q;
}

/* Out of the queue: facts aside, claims gone. */
static void keep_rows(struct ledger *l, uint32_t rows)
{
	for (uint32_t i = 0; i < rows; i++) {
		const struct queued *q = &l->row[l->rows_taken++ % LEDGER_QUEUE_MAX];

		l->newest_ticket = q->ticket;
		keep(l, q);
	}
	ring_release(&l->rows, l->rows_taken);
}

static void become_full(struct ledger *l, uint32_t rows)
{
	store_rollback(&l->store);
	l->kept = malloc(LEDGER_QUEUE_MAX * sizeof(*l->kept));
	CHECK(l->kept);
	l->kepts = 0;
	atomic_store_explicit(&l->full, true, memory_order_release);
	keep_rows(l, rows);
	l->retry_at = mono_add(thread_mono(), l->retry_ms);
	report_always(l, &(struct report){.kind = REPORT_FULL,
					  .ticket = l->newest_ticket,
					  .head_seq = l->store.head.seq});
}

static enum stored write_rows(struct ledger *l, uint32_t rows)
{
	struct store *s = &l->store;
	enum stored stored;
	int64_t written;

	if (store_begin(s) != STORED_OK)
		return STORED_FULL;
	for (uint32_t i = 0; i < rows; i++) {
		const struct queued *q = &l->row[(l->rows_taken + i) % LEDGER_QUEUE_MAX];

		if (store_append(s, &q->record.entry) != STORED_OK)
			return STORED_FULL;
	}
	written = thread_mono_us();
	stored = store_commit(s);
	l->sync_us += (thread_mono_us() - written - l->sync_us) / 4;
	return stored;
}

static void commit_rows(struct ledger *l, uint32_t rows)
{
	int64_t began = thread_mono_us();

	if (write_rows(l, rows) != STORED_OK) {
		become_full(l, rows);
		return;
	}
	l->newest_ticket = l->row[(l->rows_taken + rows - 1) % LEDGER_QUEUE_MAX].ticket;
	l->rows_taken += rows;
	ring_release(&l->rows, l->rows_taken);
	report_commit(l, rows, thread_mono_us() - began);
	l->writers = rows + ring_waiting(&l->rows, l->rows_taken);
	if (store_wal_new(&l->store) >= CHECKPOINT_BUSY_PAGES)
		store_checkpoint(&l->store);
}

static void pause_us(int64_t us)
{
	struct timespec t = {.tv_nsec = us * 1000};

	clock_nanosleep(CLOCK_MONOTONIC, 0, &t, NULL);
}

/*
 * Who got an answer from the last commit is about to ask again. Without a pause those who answer
 * fast meet those who had to wait only in every other commit; so it is worth
 * up to half a sync, and a moment at least, to have them all in the same. `writers` is how many
 * that were the last time.
 */
static void gather(struct ledger *l)
{
	int64_t left = l->sync_us / 2;

	if (l->writers < GATHER_WRITERS_MIN)
		return;
	if (left < GATHER_PAUSE_MIN_US)
		left = GATHER_PAUSE_MIN_US;
	if (left > GATHER_PAUSE_MAX_US)
		left = GATHER_PAUSE_MAX_US;
	for (; left > 0 && ring_waiting(&l->rows, l->rows_taken) < l->writers;
	     left -= GATHER_SLICE_US)
		pause_us(GATHER_SLICE_US);
}

static void answer_asks(struct ledger *l, uint32_t asks)
{
	for (uint32_t i = 0; i < asks; i++) {
		struct visit_id visit = l->ask[l->asks_taken++ % ASKS_MAX];

		report_always(l, &(struct report){
					 .kind = REPORT_VISIT,
					 .head_seq = l->store.head.seq,
					 .book = store_book(&l->store, visit, wall_now(l)),
					 .visit = visit,
				 });
	}
	ring_release(&l->asks, l->asks_taken);
}

static void report_desk(struct ledger *l, struct desk_result *answer)
{
	if (answer)
		report_always(l, &(struct report){.kind = REPORT_DESK,
						  .head_seq = l->store.head.seq,
						  .desk = answer});
}

/* Requests in the order they came; of a close only its beginning. */
static void answer_desk(struct ledger *l, uint32_t requests)
{
	for (uint32_t i = 0; i < requests; i++) {
		const struct desk_request *q = &l->request[l->requests_taken++ % DESK_ASKS_MAX];

		report_desk(l, l->kept ? desk_answer_unavailable(q) : desk_do(&l->desk, q));
	}
	ring_release(&l->requests, l->requests_taken);
}

static bool rows_wait(void *data)
{
	struct ledger *l = data;

	return ring_waiting(&l->rows, l->rows_taken) > 0 ||
	       atomic_load_explicit(&l->stopping, memory_order_relaxed);
}

/* How a close gets on is told while there is plenty of room for it. */
static void go_on_closing(struct ledger *l)
{
	bool tell = ring_used(&l->reports, l->reports_put) < REPORTS_MAX / 4;

	report_desk(l, l->kept ? desk_drop(&l->desk) : desk_slice(&l->desk, tell, rows_wait, l));
	if (store_wal_new(&l->store) >= CHECKPOINT_BUSY_PAGES)
		store_checkpoint(&l->store);
}

static void take_erase(struct ledger *l)
{
	if (l->erasing || !atomic_load_explicit(&l->erase_asked, memory_order_seq_cst))
		return;
	erase_begin(&l->erase, &l->erase_ask, &l->store);
	l->erasing = true;
	l->clean_at = thread_mono();
	atomic_store_explicit(&l->erase_asked, false, memory_order_seq_cst);
}

/* Whether an erasure has something to do now: not while the disk is full. */
static bool erase_due(const struct ledger *l)
{
	if (l->kept)
		return false;
	if (!l->erasing)
		return atomic_load_explicit(&l->erase_asked, memory_order_seq_cst);
	return !l->erase.swept || mono_due(thread_mono(), l->clean_at);
}

/* A slice; or once all is gone, the file clean, and that is told. */
static void go_on_erasing(struct ledger *l)
{
	take_erase(l);
	if (!l->erase.swept) {
		if (erase_slice(&l->store, &l->erase, wall_now(l), rows_wait, l) != STORED_OK)
			become_full(l, 0);
	} else if (erase_clean(&l->store, &l->erase)) {
		l->erasing = false;
		report_always(l, &(struct report){.kind = REPORT_ERASED,
						  .head_seq = l->store.head.seq,
						  .rows = l->erase.bodies});
	} else {
		l->clean_at = mono_add(thread_mono(), CLEAN_AGAIN_MS);
	}
	if (store_wal_new(&l->store) >= CHECKPOINT_BUSY_PAGES)
		store_checkpoint(&l->store);
}

static bool has_room(const struct ledger *l)
{
	struct statvfs fs;
	const char *path = sqlite3_db_filename(l->store.writer.db, NULL);

	return statvfs(path, &fs) < 0 || fs.f_bavail * fs.f_frsize >= ROOM_MIN_BYTES;
}

static enum stored write_kept(struct ledger *l)
{
	struct store *s = &l->store;

	if (store_begin(s) != STORED_OK)
		return STORED_FULL;
	for (uint32_t i = 0; i < l->kepts; i++)
		if (store_append(s, &l->kept[i].record.entry) != STORED_OK)
			return STORED_FULL;
	return store_commit(s);
}

/* One small write; then all that was kept; only then are we well again. */
static void retry(struct ledger *l)
{
	struct report well = {.kind = REPORT_WELL};

	l->retry_at = mono_add(thread_mono(), l->retry_ms);
	l->store.before = l->store.head;
	if (!has_room(l) || store_probe(&l->store) != STORED_OK || write_kept(l) != STORED_OK) {
		store_rollback(&l->store);
		return;
	}
	free(l->kept);
	l->kept = NULL;
	l->kepts = 0;
	well.ticket = l->newest_ticket;
	well.head_seq = l->store.head.seq;
	well.rows_lost = atomic_exchange_explicit(&l->lost, 0, memory_order_relaxed);
	well.recall = store_recall(&l->store, wall_now(l));
	if (!well.recall)
		sql_panic(l->store.writer.db, l->store.read_error, "recalling");
	atomic_store_explicit(&l->full, false, memory_order_release);
	report_always(l, &well);
}

/* How long to sleep at most; -1 for ever. */
static int sleep_ms(const struct ledger *l)
{
	if (l->report_held)
		return HELD_REPORT_MS;
	if (l->kept) {
		int64_t left = l->retry_at.ms - thread_mono().ms;

		return left < 0 ? 0 : (int)left;
	}
	if (l->erasing)
		return CLEAN_AGAIN_MS;
	return store_wal_new(&l->store) >= CHECKPOINT_IDLE_PAGES ? CHECKPOINT_IDLE_MS : -1;
}

static bool anything(const struct ledger *l)
{
	return ring_waiting(&l->rows, l->rows_taken) > 0 ||
	       ring_waiting(&l->asks, l->asks_taken) > 0 ||
	       ring_waiting(&l->requests, l->requests_taken) > 0 || desk_busy(&l->desk) ||
	       erase_due(l) || atomic_load_explicit(&l->stopping, memory_order_seq_cst);
}

/* Until there is something to do. */
static void rest(struct ledger *l)
{
	struct pollfd fd = {.fd = l->wake_fd, .events = POLLIN};
	int n = 0, ms = sleep_ms(l);

	atomic_store_explicit(&l->asleep, true, memory_order_seq_cst);
	if (!anything(l))
		n = poll(&fd, 1, ms);
	atomic_store_explicit(&l->asleep, false, memory_order_seq_cst);
	if (n > 0)
		eventfd_clear(l->wake_fd);
	else if (n == 0 && !anything(l) && !l->kept && !l->report_held &&
		 store_wal_new(&l->store) >= CHECKPOINT_IDLE_PAGES)
		store_checkpoint(&l->store);
	flush_held(l);
}

static void turn(struct ledger *l)
{
	/* questions are counted first: rows that were flushed before one are seen with it */
	uint32_t asks = ring_waiting(&l->asks, l->asks_taken);
	uint32_t requests = ring_waiting(&l->requests, l->requests_taken);
	uint32_t rows = ring_waiting(&l->rows, l->rows_taken);

	l->store.acked_to = atomic_load_explicit(&l->acked, memory_order_relaxed);
	if (rows > 0 && !l->kept) {
		gather(l);
		rows = ring_waiting(&l->rows, l->rows_taken);
	}
	if (l->kept) {
		keep_rows(l, rows);
		if (mono_due(thread_mono(), l->retry_at))
			retry(l);
	} else if (rows > 0) {
		commit_rows(l, rows);
	}
	answer_asks(l, asks);
	answer_desk(l, requests);
}

/* What no commit has taken along. Where there is no room the office only tells it again. */
static void note_acked(struct ledger *l)
{
	struct store *s = &l->store;

	if (l->kept || s->acked_to == s->head.acked)
		return;
	if (store_begin(s) != STORED_OK || store_commit(s) != STORED_OK)
		store_rollback(s);
}

void *ledger_thread(void *data)
{
	struct ledger *l = data;

	thread_be_nice(NICE);
	while (!atomic_load_explicit(&l->stopping, memory_order_seq_cst)) {
		turn(l);
		if (desk_busy(&l->desk))
			go_on_closing(l);
		if (erase_due(l))
			go_on_erasing(l);
		if (!anything(l))
			rest(l);
	}
	/* what was published before we were told to stop */
	if (l->kept)
		l->retry_at = thread_mono();
	turn(l);
	note_acked(l);
	eventfd_tell(l->done_fd);
	return NULL;
}
