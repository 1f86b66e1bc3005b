/*
 * db_transact.c: a transaction from its begin to its commit, again and again while others are in
 * its way.
 *
 * Between two tries lies a pause that doubles and is drawn by lot, so that two who met do not meet
 * again. Only what the engine has rolled back for certain is tried again; a server that vanished
 * under a COMMIT may have done it, and then the caller is told (-ENOTCONN) and has to look.
 */
#include "db/db_inside.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <sys/random.h>
#include <time.h>

enum {
	PAUSE_FIRST_MS = 4,
	PAUSE_MOST_MS = 200,
};

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void pause_a_little(uint32_t try)
{
	uint32_t most = try > 5 ? PAUSE_MOST_MS : (uint32_t)PAUSE_FIRST_MS << try;
	uint32_t lot = 0;

	if (most > PAUSE_MOST_MS)
		most = PAUSE_MOST_MS;
	if (getrandom(&lot, sizeof(lot), GRND_NONBLOCK) != sizeof(lot))
		lot = (uint32_t)now_ms();
	poll(NULL, 0, (int)(most / 2 + lot % (most / 2 + 1)));
}

static void forget_failure(struct db *d)
{
	d->failed = 0;
	d->again = false;
	d->why[0] = '\0';
}

static int once(struct db *d, enum db_mode mode, db_work_fn *work, void *data)
{
	int r;

	forget_failure(d);
	d->ops->begin(d, mode);
	if (d->failed)
		return d->failed;
	d->inside = mode;
	r = work(d, data);
	CHECK(r <= 0 && !d->rows_open);
	if (!r && !d->failed) {
		if (d->trouble && mode == DB_WRITES) {
			d->trouble--;
			db_fail(d, -EAGAIN, "trouble as asked for");
		} else {
			d->ops->commit(d);
		}
	}
	if (r || d->failed)
		d->ops->rollback(d);
	d->inside = DB_OUTSIDE;
	return d->failed ? d->failed : r;
}

static int transact(struct db *d, enum db_mode mode, db_work_fn *work, void *data)
{
	int64_t began = now_ms();

	CHECK(d->inside == DB_OUTSIDE);
	for (uint32_t try = 1;; try++) {
		int r = once(d, mode, work, data);

		if (!d->again || try == DB_TRIES_MAX || now_ms() - began > DB_TRIES_MS)
			return r;
		pause_a_little(try - 1);
	}
}

int db_transact(struct db *d, db_work_fn *work, void *data)
{
	return transact(d, DB_WRITES, work, data);
}

int db_read(struct db *d, db_work_fn *work, void *data)
{
	return transact(d, DB_READS, work, data);
}

static int run_script(struct db *d, void *data)
{
	d->ops->script(d, data);
	return d->failed;
}

int db_script(struct db *d, const char *sql, char why[DB_WHY_MAX])
{
	int r = db_transact(d, run_script, (void *)(uintptr_t)sql);

	snprintf(why, DB_WHY_MAX, "%s", d->why);
	return r;
}
