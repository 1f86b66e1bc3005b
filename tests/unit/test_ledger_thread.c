/*
 * test_ledger_thread.c: the ledger's thread beside a loop: order, group commit on a slow disk, room
 * when the disk does not answer, a disk that is full and well again, and others who hold locks.
 *
 * SQLite's syncs come through here: they can be made slow, or held until the test lets them go.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "ledger_house.h"

static _Atomic int sync_ms;    /* how long each sync takes more than it does */
static _Atomic uint32_t syncs; /* made so far */
static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER; /* held: no sync ends */

int fdatasync(int fd)
{
	int ms = atomic_load(&sync_ms);

	atomic_fetch_add(&syncs, 1);
	pthread_mutex_lock(&gate);
	pthread_mutex_unlock(&gate);
	if (ms > 0)
		poll(NULL, 0, ms);
	return (int)syscall(SYS_fdatasync, fd);
}

static int set_up(void **state)
{
	static struct house h;

	atomic_store(&sync_ms, 0);
	house_make(&h);
	*state = &h;
	return 0;
}

static int tear_down(void **state)
{
	house_remove(*state);
	return 0;
}

static void wait_for_sync(uint32_t before)
{
	struct mono until = mono_add(thread_mono(), WAIT_MS);

	while (atomic_load(&syncs) == before) {
		assert_false(mono_due(thread_mono(), until));
		poll(NULL, 0, 1);
	}
}

/* --- order */

enum {
	STEPS = 3000
};

static void order(void **state)
{
	struct house *h = *state;
	struct entry lost = {.kind = ENTRY_LOST};
	uint64_t told = 0, ticket = 0;
	uint32_t rows = 0, rows_told = 0, number = 0;
	struct report report;

	house_open(h);
	while (told < STEPS) {
		/* steps of 1 to 7 records under one ticket, flushed whole */
		if (ticket < STEPS && ledger_room(h->ledger, true)) {
			struct record r = {.entry = lost, .fact = true};

			ticket++;
			for (uint64_t i = 0; i < 1 + ticket % 7; i++, rows++) {
				r.entry.lost.rows = ++number;
				assert_true(ledger_push(h->ledger, &r, ticket));
			}
			ledger_flush(h->ledger);
		}
		while (ledger_report(h->ledger, &report)) {
			assert_int_equal(report.kind, REPORT_COMMITTED);
			assert_true(report.ticket > told && report.ticket <= ticket);
			told = report.ticket;
			rows_told += report.rows;
			assert_int_equal(report.head_seq, rows_told);
		}
	}
	assert_int_equal(rows_told, rows);
	house_close(h);
	assert_int_equal(house_number(h, "ledger.db", "SELECT count(*) FROM entry"), rows);
	/* each said its number, in the order pushed; the body's array ends with it */
	assert_int_equal(house_number(h, "ledger.db",
				      "SELECT count(*) FROM entry WHERE seq <= 23 AND"
				      " hex(body) <> '8250' || hex(substr(body, 3, 16)) ||"
				      " printf('%02X', seq)"),
			 0);
}

static void stop_writes_all(void **state)
{
	struct house *h = *state;
	struct entry lost = {.kind = ENTRY_LOST, .lost = {1}};

	house_open(h);
	for (int i = 0; i < 500; i++)
		assert_true(house_push(h, &lost, false));
	house_close(h); /* without a flush */
	assert_int_equal(house_number(h, "ledger.db", "SELECT count(*) FROM entry"), 500);
}

/* --- room */

static void reserved(void **state)
{
	struct house *h = *state;
	struct entry lost = {.kind = ENTRY_LOST, .lost = {1}};
	uint32_t claims = 1, facts = 0, lost_told = 0, before = atomic_load(&syncs);
	struct report report;

	house_open(h);
	pthread_mutex_lock(&gate);
	assert_true(house_push(h, &lost, false));
	ledger_flush(h->ledger);
	wait_for_sync(before); /* the disk does not answer from here on */
	while (house_push(h, &lost, false))
		claims++;
	assert_int_equal(claims, LEDGER_QUEUE_MAX - LEDGER_RESERVED);
	assert_false(ledger_room(h->ledger, false));
	assert_true(ledger_room(h->ledger, true));
	while (house_push(h, &lost, true))
		facts++;
	assert_int_equal(facts, LEDGER_RESERVED);
	assert_false(ledger_room(h->ledger, true));
	ledger_flush(h->ledger);
	pthread_mutex_unlock(&gate);
	/* the claim and the fact that were refused had a ticket each; of the fact it is told */
	do {
		report = house_wait(h, REPORT_COMMITTED);
		lost_told += report.rows_lost;
	} while (report.ticket < h->ticket - 1);
	assert_int_equal(report.head_seq, LEDGER_QUEUE_MAX);
	assert_int_equal(lost_told, 1);
	assert_true(ledger_room(h->ledger, false));
	house_close(h);
}

/* --- group commit */

#define PHONES	   64
#define SYNC_MS	   5
#define LINES_EACH 40

static int by_size(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* 64 phones that each send a line when the last one is answered, each sync slowed to 5 ms. */
static void many_phones(void **state)
{
	static int64_t took[PHONES * LINES_EACH];
	struct house *h = *state;
	uint64_t waits[PHONES];
	int64_t sent[PHONES];
	uint32_t left[PHONES], lines = 0, commits = 0, done = 0;
	struct report report;

	house_open(h);
	for (uint32_t i = 0; i < PHONES; i++) {
		struct entry e = sample_entry(ENTRY_VISIT_OPENED);

		e.visit_opened.visit.n = 1 + i;
		house_push(h, &e, true);
	}
	ledger_flush(h->ledger);
	house_committed(h, h->ticket);
	atomic_store(&sync_ms, SYNC_MS);
	for (uint32_t i = 0; i < PHONES; i++) {
		waits[i] = 0;
		left[i] = LINES_EACH;
	}
	while (done < PHONES * LINES_EACH) {
		for (uint32_t i = 0; i < PHONES; i++) {
			char key[24];
			struct entry e;

			if (waits[i] != 0 || left[i] == 0)
				continue;
			snprintf(key, sizeof(key), "%u", left[i]--);
			e = sample_line(1 + i, key, 200);
			assert_true(house_push(h, &e, false));
			ledger_flush(h->ledger);
			waits[i] = h->ticket;
			sent[i] = thread_mono_us();
		}
		report = house_wait(h, REPORT_COMMITTED);
		lines += report.rows;
		commits++;
		for (uint32_t i = 0; i < PHONES; i++) {
			if (waits[i] == 0 || waits[i] > report.ticket)
				continue;
			took[done++] = thread_mono_us() - sent[i];
			waits[i] = 0;
		}
	}
	atomic_store(&sync_ms, 0);
	qsort(took, done, sizeof(*took), by_size);
	print_message("%u lines in %u commits: %.1f each; p50 %lld us, p99 %lld us\n", lines,
		      commits, (double)lines / commits, (long long)took[done / 2],
		      (long long)took[done * 99 / 100]);
	assert_true(lines / commits >= 50);
	house_close(h);
}

/* --- a full disk */

static void push_until_full(struct house *h, struct report *ret)
{
	struct entry line;
	struct report report = {0};
	char key[24];

	for (uint32_t i = 0; report.kind != REPORT_FULL; i++) {
		struct pollfd fd = {.fd = ledger_fd(h->ledger), .events = POLLIN};

		snprintf(key, sizeof(key), "f%u", i);
		line = sample_line(5, key, 100);
		if (house_push(h, &line, false))
			ledger_flush(h->ledger);
		assert_true(i < 200000);
		poll(&fd, 1, 10);
		while (report.kind != REPORT_FULL && ledger_report(h->ledger, &report))
			assert_true(report.kind == REPORT_COMMITTED || report.kind == REPORT_FULL);
	}
	*ret = report;
}

/* What is true of any full disk; `free_some` makes room again. */
static void full_and_well(struct house *h, void (*free_some)(struct house *h))
{
	struct entry opened = sample_entry(ENTRY_VISIT_OPENED);
	struct entry line = sample_line(5, "after", 700), door = sample_entry(ENTRY_DOOR);
	struct report full, well;
	int64_t lines;

	house_write(h, &opened);
	push_until_full(h, &full);
	assert_true(full.ticket <= h->ticket);
	lines = house_number(h, "ledger.db", "SELECT count(*) FROM line");
	assert_true(lines > 0);
	/* no claim is taken, facts are */
	assert_false(ledger_room(h->ledger, false));
	assert_false(house_push(h, &line, false));
	for (int i = 0; i < 100; i++)
		assert_true(house_push(h, &door, true));
	ledger_flush(h->ledger);
	free_some(h);
	well = house_wait(h, REPORT_WELL);
	assert_true(well.ticket >= full.ticket);
	assert_int_equal(well.rows_lost, 0);
	assert_int_equal(well.recall->remembered.visits, 1);
	/* the facts are there, and of the claims none that was refused */
	assert_int_equal(house_number(h, "ledger.db", "SELECT count(*) FROM entry WHERE kind = 20"),
			 100);
	assert_int_equal(house_number(h, "ledger.db", "SELECT count(*) FROM line"), lines);
	assert_int_equal(well.recall->remembered.visit[0].lines, lines);
	assert_int_equal(money_minor(well.recall->balance[0].unbilled), 100 * lines);
	ledger_recall_free(well.recall);
	assert_true(ledger_room(h->ledger, false));
	assert_true(house_push(h, &line, false));
	ledger_flush(h->ledger);
	house_committed(h, h->ticket);
}

static void ballast_path(const struct house *h, char path[128])
{
	house_path(h, "ballast", path);
}

static void drop_ballast(struct house *h)
{
	char path[128];

	ballast_path(h, path);
	assert_int_equal(unlink(path), 0);
}

static bool write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);
	bool wrote = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

	if (fd >= 0)
		close(fd);
	return wrote;
}

/* Mounts that only this process sees; who is not root becomes root of a world of its own. */
static bool own_mounts(void)
{
	char map[32];

	snprintf(map, sizeof(map), "0 %u 1", (unsigned)getuid());
	if (unshare(CLONE_NEWNS) < 0 &&
	    (unshare(CLONE_NEWUSER | CLONE_NEWNS) < 0 || !write_file("/proc/self/uid_map", map)))
		return false;
	return mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
}

/* A real one, with an end: a file system of 4 MiB of which something else takes most. */
static void full_by_disk(void **state)
{
	struct house *h = *state;
	struct ledger_tuning tuning = {.retry_ms = 100};
	static const uint8_t zero[4096];
	char path[128];
	int fd;

	if (!own_mounts() || mount("test", h->dir, "tmpfs", 0, "size=4m") < 0) {
		print_message("no right to mount a small file system: not tested\n");
		skip();
	}
	assert_int_equal(
		ledger_open_tuned(h->dir, (struct wall){1}, tuning, &h->ledger, &h->recall, h->why),
		0);
	ballast_path(h, path);
	fd = open(path, O_WRONLY | O_CREAT, 0600);
	for (int left = 3 << 20; left > 0; left -= (int)sizeof(zero))
		assert_int_equal(write(fd, zero, sizeof(zero)), sizeof(zero));
	close(fd);
	full_and_well(h, drop_ballast);
	house_close(h);
	assert_int_equal(umount(h->dir), 0);
}

static void keeps_what_it_can(void **state)
{
	struct house *h = *state;
	/* SQLite counts pages when it gives them out: this disk ends before the real one */
	struct ledger_tuning tuning = {.pages_max = 60, .retry_ms = 1000000};
	struct entry door = sample_entry(ENTRY_DOOR);
	struct entry opened = sample_entry(ENTRY_VISIT_OPENED);
	struct report report;

	assert_int_equal(
		ledger_open_tuned(h->dir, (struct wall){1}, tuning, &h->ledger, &h->recall, h->why),
		0);
	house_write(h, &opened);
	push_until_full(h, &report);
	/* far more than are kept; an ask in between shows that the thread has taken them */
	for (int i = 0; i < 5; i++) {
		for (int j = 0; j < 1000; j++)
			house_push(h, &door, true);
		ledger_flush(h->ledger);
		assert_true(ledger_ask_visit(h->ledger, (struct visit_id){5}));
		free(house_wait(h, REPORT_VISIT).book);
	}
	assert_int_equal(h->ledger->kepts, LEDGER_QUEUE_MAX);
	assert_int_equal(atomic_load(&h->ledger->lost), 5000 - LEDGER_QUEUE_MAX);
	/* a stop tries once more, and ends also when there is still no room */
	house_close(h);
}

/* --- others who hold locks */

/* A child that holds a lock of this type on the byte of the -shm file that says "I write". */
static pid_t hold_lock(const struct house *h, short type, int *ret_pipe)
{
	int ready[2], end[2];
	char byte;
	pid_t child;

	assert_int_equal(pipe(ready), 0);
	assert_int_equal(pipe(end), 0);
	child = fork();
	if (child == 0) {
		struct flock lock = {
			.l_type = type, .l_whence = SEEK_SET, .l_start = 120, .l_len = 1};
		char path[128];
		int fd;

		close(end[1]);
		house_path(h, "ledger.db-shm", path);
		fd = open(path, type == F_RDLCK ? O_RDONLY : O_RDWR);
		if (fcntl(fd, F_SETLK, &lock) < 0 || write(ready[1], "x", 1) != 1)
			_exit(1);
		_exit(read(end[0], &byte, 1) == 0 ? 0 : 1);
	}
	close(end[0]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	close(ready[1]);
	*ret_pipe = end[1];
	return child;
}

static void reader_cannot_freeze(void **state)
{
	struct house *h = *state;
	struct entry lost = {.kind = ENTRY_LOST, .lost = {1}};
	int end, status;
	pid_t child;

	house_open(h);
	house_write(h, &lost);
	child = hold_lock(h, F_RDLCK, &end);
	for (int i = 0; i < 50; i++)
		house_write(h, &lost);
	close(end);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	for (int i = 0; i < 50; i++)
		house_write(h, &lost);
	house_close(h);
	assert_int_equal(house_number(h, "ledger.db", "SELECT count(*) FROM entry"), 101);
}

/* Who really writes is waited for: the lock is not ignored, only its misuse is. */
static void writer_is_waited_for(void **state)
{
	struct house *h = *state;
	struct entry lost = {.kind = ENTRY_LOST, .lost = {1}};
	struct pollfd fd;
	int end, status;
	pid_t child;

	house_open(h);
	house_write(h, &lost);
	child = hold_lock(h, F_WRLCK, &end);
	assert_true(house_push(h, &lost, true));
	ledger_flush(h->ledger);
	fd = (struct pollfd){.fd = ledger_fd(h->ledger), .events = POLLIN};
	eventfd_clear(fd.fd);
	assert_int_equal(poll(&fd, 1, 300), 0);
	close(end);
	house_committed(h, h->ticket);
	assert_int_equal(waitpid(child, &status, 0), child);
	house_close(h);
}

/* --- the WAL */

static void wal_stays_small(void **state)
{
	struct house *h = *state;
	struct entry e = sample_entry(ENTRY_VISIT_OPENED);
	char path[128];
	struct stat st;

	house_open(h);
	house_write(h, &e);
	for (uint32_t i = 0; i < 40000; i++) {
		char key[24];

		snprintf(key, sizeof(key), "w%u", i);
		e = sample_line(5, key, 100);
		assert_true(house_push(h, &e, true));
		if (i % 16 == 0) {
			ledger_flush(h->ledger);
			house_committed(h, h->ticket);
		}
	}
	ledger_flush(h->ledger);
	house_committed(h, h->ticket);
	house_path(h, "ledger.db-wal", path);
	assert_int_equal(stat(path, &st), 0);
	print_message("WAL of %lld KiB after 40,000 lines\n", (long long)st.st_size / 1024);
	assert_true(st.st_size < 20 << 20);
	house_close(h);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		T(order),
		T(stop_writes_all),
		T(reserved),
		T(many_phones),
		T(keeps_what_it_can),
		T(reader_cannot_freeze),
		T(writer_is_waited_for),
		T(wal_stays_small),
		T(full_by_disk),
	};

	return cmocka_run_group_tests_name("ledger_thread", tests, NULL, NULL);
}
