/*
 * restore_house.h: two of the same shop, one whose entries are at the office and one that is to be
 * made whole from them; and what has to hold of it afterwards.
 */
#ifndef SHOP_TESTS_RESTORE_HOUSE_H
#define SHOP_TESTS_RESTORE_HOUSE_H

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "ledger/audit.h"
#include "ledger/restore_inside.h"
#include "ledger_history.h"
#include "store_sales.h"

#define NOW (T0 + 400 * DAY_MS)

/* --- two of the same shop: what the office has, and the box */

struct two {
	struct shop office, box;
	struct history *at_office, *at_box;
	uint64_t fork;
	char why[WHY_MAX];
};

static inline void folder(struct shop *h)
{
	snprintf(h->dir, sizeof(h->dir), "%s", "/tmp/shopkeeper-test-XXXXXX");
	assert_non_null(mkdtemp(h->dir));
}

static inline void empty_folder(const char *dir)
{
	nftw(dir, shop_remove_one, 16, FTW_DEPTH | FTW_PHYS);
	assert_int_equal(mkdir(dir, 0750), 0);
}

static inline int set_up(void **state)
{
	struct two *t = calloc(1, sizeof(*t));

	assert_non_null(t);
	folder(&t->office);
	folder(&t->box);
	*state = t;
	return 0;
}

static inline int tear_down(void **state)
{
	struct two *t = *state;

	restore_at = NULL;
	shop_close(&t->office);
	shop_close(&t->box);
	nftw(t->office.dir, shop_remove_one, 16, FTW_DEPTH | FTW_PHYS);
	nftw(t->box.dir, shop_remove_one, 16, FTW_DEPTH | FTW_PHYS);
	free(t->at_office);
	free(t->at_box);
	free(t);
	return 0;
}

/* A copy of a ledger that is open, as a card's image or a backup. */
static inline void copy_to(struct shop *from, const char *dir)
{
	char sql[192];

	snprintf(sql, sizeof(sql), "VACUUM INTO '%s/ledger.db'", dir);
	if (sql_exec(from->store.writer.db, sql) != SQLITE_OK)
		fail_msg("%s", sqlite3_errmsg(from->store.writer.db));
}

static inline void exec(struct shop *h, const char *sql)
{
	if (sql_exec(h->store.writer.db, sql) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(h->store.writer.db));
}

static inline void acked(struct shop *h, uint64_t seq)
{
	h->store.acked_to = seq;
	shop_begin(h);
	shop_commit(h);
	assert_int_equal(h->store.head.acked, seq);
}

/* One shop up to the fork, then two. */
static inline void fork_by_lot(struct two *t, uint64_t seed, uint32_t before, uint32_t at_office,
			       uint32_t at_box)
{
	t->at_office = begin_history(&t->office, seed);
	live(t->at_office, before);
	t->fork = t->office.store.head.seq;
	acked(&t->office, t->fork);
	copy_to(&t->office, t->box.dir);
	t->at_box = calloc(1, sizeof(*t->at_box));
	assert_non_null(t->at_box);
	*t->at_box = *t->at_office;
	t->at_box->shop = &t->box;
	t->at_box->random ^= 0x5deece66d;
	shop_open(&t->box);
	if (at_office)
		live(t->at_office, at_office);
	if (at_box)
		live(t->at_box, at_box);
}

static inline struct restore restore_of(const struct two *t, uint32_t epoch)
{
	const struct head *head = &t->office.store.head;

	return (struct restore){.dir = t->box.dir,
				.head = {.epoch = epoch, .seq = head->seq, .hash = head->hash}};
}

/* --- the way from the office */

static uint8_t batch[SYNC_BATCH_MAX];

struct filling {
	struct builder b;
	struct sha256 last;
	uint32_t n;
};

static inline bool fill(void *data, const struct raw_entry *e)
{
	struct filling *f = data;
	struct sync_entry s = {.epoch = e->epoch,
			       .seq = e->seq,
			       .at = e->at,
			       .kind = e->kind,
			       .erased = e->erased,
			       .body = e->body};

	assert_non_null(e);
	sync_entry_put(&f->b, &s);
	f->last = e->hash;
	f->n++;
	return true;
}

static inline struct span batch_after(struct shop *office, uint64_t after, uint32_t max)
{
	struct filling f = {.b = builder_of(batch, sizeof(batch))};
	struct reader *r;

	assert_int_equal(reader_open(office->dir, &r), 0);
	assert_true(reader_raw(r, after, max, fill, &f) >= 0);
	reader_close(r);
	sync_hash_put(&f.b, &f.last);
	assert_false(f.b.failed);
	return (struct span){batch, f.b.len};
}

static inline struct restoring *begun(struct two *t, const struct restore *r)
{
	struct restoring *x = NULL;
	int error = restore_begin(r, (struct wall){NOW}, &x, t->why);

	if (error != 0)
		fail_msg("%d: %s", error, t->why);
	return x;
}

static inline void take_all(struct two *t, struct restoring *x, uint64_t after, uint64_t upto)
{
	while (after < upto) {
		uint32_t max = upto - after < 777 ? (uint32_t)(upto - after) : 777;
		int error = restore_take(x, batch_after(&t->office, after, max), &after, t->why);

		if (error != 0)
			fail_msg("%d: %s", error, t->why);
	}
}

/* All of it; how many of the box's own came again. */
static inline uint32_t restored(struct two *t, const struct restore *r)
{
	struct restoring *x;
	uint64_t common;
	uint32_t again = UINT32_MAX;
	int error;

	shop_close(&t->box);
	error = restore_common(r, &common, t->why);
	if (error != 0)
		fail_msg("%d: %s", error, t->why);
	x = begun(t, r);
	take_all(t, x, common, r->head.seq);
	error = restore_end(x, true, &again, t->why);
	if (error != 0)
		fail_msg("%d: %s", error, t->why);
	shop_open(&t->box);
	return again;
}

/* --- what has to hold */

static inline void check_audit(struct shop *h, const char *whose)
{
	struct audit *a = audit_new(&(struct entry_period_closed){0}, h->store.head.seq);
	struct audit_found found = {0};
	int rc;

	while ((rc = audit_step(a, h->store.writer.db, &found)) == SQLITE_OK)
		;
	audit_free(a);
	assert_int_equal(rc, SQLITE_DONE);
	if (!found.ok)
		fail_msg("%s: %s", whose, found.why);
}

static inline void check_all(struct shop *h)
{
	shop_check_books(h);
	shop_check_rebuild(h);
	check_audit(h, "restored");
}

static inline void only_whole_files(const struct shop *h, uint32_t epoch)
{
	static const char *const gone[] = {"ledger.db.new", "ledger.db.new-wal",
					   "ledger.db.new-shm", "ledger.db.new.lock"};
	char path[128];

	for (uint32_t i = 0; i < ARRAY_LEN(gone); i++) {
		snprintf(path, sizeof(path), "%s/%s", h->dir, gone[i]);
		assert_int_equal(access(path, F_OK), -1);
	}
	snprintf(path, sizeof(path), "%s/ledger.db.before-%u", h->dir, epoch);
	assert_int_equal(access(path, F_OK), epoch ? 0 : -1);
}

/* The office's entries are all there, as they were, and then the word of the new epoch. */
static inline void check_office(struct two *t, uint32_t epoch, uint32_t again)
{
	struct seq_entry word[1];
	struct reader *r;
	char sql[512];

	snprintf(sql, sizeof(sql), "ATTACH '%s/ledger.db' AS office", t->office.dir);
	exec(&t->box, sql);
	assert_int_equal(shop_number(&t->box, "SELECT count(*) FROM office.entry o JOIN main.entry"
					      " n USING(seq) WHERE o.hash = n.hash"),
			 t->office.store.head.seq);
	exec(&t->box, "DETACH office");
	assert_int_equal(reader_open(t->box.dir, &r), 0);
	assert_int_equal(reader_entries(r, t->office.store.head.seq, word, 1), 1);
	reader_close(r);
	assert_int_equal(word[0].kind, ENTRY_OFFICE);
	assert_int_equal(word[0].epoch, epoch);
	assert_int_equal(word[0].entry.office.event, OFFICE_EPOCH);
	assert_int_equal(word[0].entry.office.epoch, epoch);
	assert_int_equal(word[0].entry.office.seq, t->office.store.head.seq);
	assert_int_equal(word[0].entry.office.again, again);
	assert_int_equal(t->box.store.head.seq, t->office.store.head.seq + 1 + again);
	assert_int_equal(t->box.store.head.epoch, epoch);
	assert_int_equal(t->box.store.head.acked, t->office.store.head.seq);
	assert_true(t->box.store.head.running);
}

#endif
