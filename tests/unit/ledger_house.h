/* ledger_house.h: a folder for a ledger, and short forms for pushing and waiting, for its tests. */
#ifndef SHOP_TESTS_LEDGER_HOUSE_H
#define SHOP_TESTS_LEDGER_HOUSE_H

#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "entry_samples.h"
#include "ledger/thread.h"

#define WAIT_MS 60000

struct house {
	char dir[64];
	struct ledger *ledger;
	struct recall *recall;
	uint64_t ticket;
	char why[200];
};

static inline int house_remove_one(const char *path, const struct stat *st, int type,
				   struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static inline void house_make(struct house *h)
{
	memset(h, 0, sizeof(*h));
	snprintf(h->dir, sizeof(h->dir), "%s", "/tmp/shopkeeper-test-XXXXXX");
	assert_non_null(mkdtemp(h->dir));
}

static inline void house_remove(struct house *h)
{
	nftw(h->dir, house_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static inline void house_open_at(struct house *h, struct wall now)
{
	int r = ledger_open(h->dir, now, &h->ledger, &h->recall, h->why);

	if (r != 0)
		print_error("%s\n", h->why);
	assert_int_equal(r, 0);
}

static inline void house_open(struct house *h)
{
	house_open_at(h, (struct wall){1790000000000});
}

static inline void house_close(struct house *h)
{
	ledger_recall_free(h->recall);
	ledger_stop(h->ledger);
	h->recall = NULL;
	h->ledger = NULL;
}

/* One record under a ticket of its own, not yet flushed. */
static inline bool house_push(struct house *h, const struct entry *e, bool fact)
{
	struct record r = {.entry = *e, .fact = fact};

	return ledger_push(h->ledger, &r, ++h->ticket);
}

static inline struct report house_wait(struct house *h, enum report_kind kind)
{
	struct pollfd fd = {.fd = ledger_fd(h->ledger), .events = POLLIN};
	struct report report;
	struct mono until = mono_add(thread_mono(), WAIT_MS);

	for (;;) {
		while (ledger_report(h->ledger, &report)) {
			if (report.kind == kind)
				return report;
			if (report.kind == REPORT_WELL)
				ledger_recall_free(report.recall);
			if (report.kind == REPORT_VISIT)
				free(report.book);
		}
		assert_false(mono_due(thread_mono(), until));
		poll(&fd, 1, 1000);
	}
}

/* Until `ticket` is on disk. */
static inline struct report house_committed(struct house *h, uint64_t ticket)
{
	struct report report;

	do {
		report = house_wait(h, REPORT_COMMITTED);
	} while (report.ticket < ticket);
	return report;
}

/* Pushed, flushed, on disk. */
static inline void house_write(struct house *h, const struct entry *e)
{
	assert_true(house_push(h, e, true));
	ledger_flush(h->ledger);
	house_committed(h, h->ticket);
}

static inline void house_path(const struct house *h, const char *name, char path[128])
{
	snprintf(path, 128, "%s/%s", h->dir, name);
}

/* A connection beside the writer's, as somebody with the file in hand would open it. */
static inline sqlite3 *house_raw(const struct house *h, const char *name)
{
	char path[128];
	sqlite3 *db;

	house_path(h, name, path);
	assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
	sqlite3_busy_timeout(db, 5000);
	return db;
}

static inline int64_t house_number(const struct house *h, const char *name, const char *sql)
{
	sqlite3 *db = house_raw(h, name);
	int64_t n = INT64_MIN;

	assert_int_equal(sql_number(db, sql, &n), SQLITE_OK);
	sqlite3_close(db);
	return n;
}

#endif
