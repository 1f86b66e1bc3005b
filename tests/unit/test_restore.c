/*
 * test_restore.c: a ledger that is behind its office's copy is whole again: nothing that either
 * side knows is lost or there twice, the chain holds, the tables follow from it, the books add up;
 * whoever carries the entries cannot change one; and whenever it is killed, there is the old ledger
 * or the new.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <cmocka.h>

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

static void folder(struct shop *h)
{
	snprintf(h->dir, sizeof(h->dir), "%s", "/tmp/shopkeeper-test-XXXXXX");
	assert_non_null(mkdtemp(h->dir));
}

static void empty_folder(const char *dir)
{
	nftw(dir, shop_remove_one, 16, FTW_DEPTH | FTW_PHYS);
	assert_int_equal(mkdir(dir, 0750), 0);
}

static int set_up(void **state)
{
	struct two *t = calloc(1, sizeof(*t));

	assert_non_null(t);
	folder(&t->office);
	folder(&t->box);
	*state = t;
	return 0;
}

static int tear_down(void **state)
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
static void copy_to(struct shop *from, const char *dir)
{
	char sql[192];

	snprintf(sql, sizeof(sql), "VACUUM INTO '%s/ledger.db'", dir);
	if (sql_exec(from->store.writer.db, sql) != SQLITE_OK)
		fail_msg("%s", sqlite3_errmsg(from->store.writer.db));
}

static void exec(struct shop *h, const char *sql)
{
	if (sql_exec(h->store.writer.db, sql) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(h->store.writer.db));
}

static void acked(struct shop *h, uint64_t seq)
{
	h->store.acked_to = seq;
	shop_begin(h);
	shop_commit(h);
	assert_int_equal(h->store.head.acked, seq);
}

/* One shop up to the fork, then two. */
static void fork_by_lot(struct two *t, uint64_t seed, uint32_t before, uint32_t at_office,
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

static struct restore restore_of(const struct two *t, uint32_t epoch)
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

static bool fill(void *data, const struct raw_entry *e)
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

static struct span batch_after(struct shop *office, uint64_t after, uint32_t max)
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

static struct restoring *begun(struct two *t, const struct restore *r)
{
	struct restoring *x = NULL;
	int error = restore_begin(r, (struct wall){NOW}, &x, t->why);

	if (error != 0)
		fail_msg("%d: %s", error, t->why);
	return x;
}

static void take_all(struct two *t, struct restoring *x, uint64_t after, uint64_t upto)
{
	while (after < upto) {
		uint32_t max = upto - after < 777 ? (uint32_t)(upto - after) : 777;
		int error = restore_take(x, batch_after(&t->office, after, max), &after, t->why);

		if (error != 0)
			fail_msg("%d: %s", error, t->why);
	}
}

/* All of it; how many of the box's own came again. */
static uint32_t restored(struct two *t, const struct restore *r)
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

static void check_audit(struct shop *h, const char *whose)
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

static void check_all(struct shop *h)
{
	shop_check_books(h);
	shop_check_rebuild(h);
	check_audit(h, "restored");
}

static void only_whole_files(const struct shop *h, uint32_t epoch)
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
static void check_office(struct two *t, uint32_t epoch, uint32_t again)
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

/* Every line that the box had made since is there once; but one whose key the visit has already. */
static void check_lines(struct two *t, uint32_t epoch)
{
	char sql[512];

	snprintf(sql, sizeof(sql),
		 "ATTACH '%s/ledger.db.before-%u' AS old; ATTACH '%s/ledger.db' AS office",
		 t->box.dir, epoch, t->office.dir);
	exec(&t->box, sql);
	assert_int_equal(
		shop_number(
			&t->box,
			"SELECT count(*) FROM old.line o WHERE o.seq > %llu AND"
			" 1 <> (SELECT count(*) FROM main.line n WHERE n.key = o.key"
			" AND n.at = o.at AND n.total = o.total AND n.gtin = o.gtin"
			" AND n.customer = o.customer)"
			" AND NOT EXISTS (SELECT 1 FROM office.line f WHERE f.visit = o.visit"
			" AND f.key = o.key AND EXISTS (SELECT 1 FROM old.visit v, office.visit w"
			" WHERE v.id = o.visit AND w.id = v.id AND v.opened_at = w.opened_at"
			" AND v.customer = w.customer))",
			(unsigned long long)t->fork),
		0);
	exec(&t->box, "DETACH old; DETACH office");
}

/* --- by lot */

static void by_lot(void **state)
{
	static const uint64_t seeds[] = {1, 2, 3, 4, 5, 6};

	for (uint32_t i = 0; i < ARRAY_LEN(seeds); i++) {
		struct two *t = *state;
		struct restore r;
		uint32_t again;
		uint64_t own;

		fork_by_lot(t, seeds[i], 600, 700, 500);
		check_audit(&t->office, "office");
		check_audit(&t->box, "box");
		own = t->box.store.head.seq - t->fork;
		r = restore_of(t, 1);
		again = restored(t, &r);
		print_message("seed %llu: %u of %llu again, %s\n", (unsigned long long)seeds[i],
			      again, (unsigned long long)own, t->why);
		assert_true(again > own / 2 && again <= own + 2);
		check_office(t, 1, again);
		check_lines(t, 1);
		check_all(&t->box);
		only_whole_files(&t->box, 1);
		tear_down(state);
		set_up(state);
	}
}

/* The old card put back once more, into a box whose entries the office has by now: not one of them
 * is there twice. */
static void the_old_card_again(void **state)
{
	struct two *t = *state;
	struct shop card = {0};
	struct restore r;
	char path[160];
	int64_t lines, entries;

	fork_by_lot(t, 11, 500, 400, 400);
	folder(&card);
	copy_to(&t->box, card.dir);
	r = restore_of(t, 1);
	restored(t, &r);
	lines = shop_number(&t->box, "SELECT count(*) FROM line");
	entries = shop_number(&t->box, "SELECT count(*) FROM entry");
	/* what the box has, the office has */
	shop_close(&t->office);
	empty_folder(t->office.dir);
	copy_to(&t->box, t->office.dir);
	shop_open(&t->office);
	shop_close(&t->box);
	empty_folder(t->box.dir);
	snprintf(path, sizeof(path), "%s/ledger.db", t->box.dir);
	{
		char from[160];

		snprintf(from, sizeof(from), "%s/ledger.db", card.dir);
		assert_int_equal(rename(from, path), 0);
	}
	r = restore_of(t, 2);
	assert_int_equal(restored(t, &r), 0);
	check_office(t, 2, 0);
	assert_int_equal(shop_number(&t->box, "SELECT count(*) FROM line"), lines);
	assert_int_equal(shop_number(&t->box, "SELECT count(*) FROM entry"), entries + 1);
	check_all(&t->box);
	nftw(card.dir, shop_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* A replacement: an empty folder, or one that is not even there. */
static void replacement(void **state)
{
	struct two *t = *state;
	struct restore r;

	fork_by_lot(t, 21, 900, 300, 0);
	shop_close(&t->box);
	empty_folder(t->box.dir);
	assert_int_equal(rmdir(t->box.dir), 0);
	r = restore_of(t, 4);
	assert_int_equal(restored(t, &r), 0);
	check_office(t, 4, 0);
	check_all(&t->box);
	only_whole_files(&t->box, 0);
}

/* And one with a backup: what the backup has is not fetched, what only it has is appended again,
 * and so is what the new box has begun with. */
static void with_backup(void **state)
{
	struct two *t = *state;
	struct entry e = sample_entry(ENTRY_START);
	struct restore r;
	char backup[128];
	struct shop old = {0};
	uint64_t common;
	uint32_t again, own;

	fork_by_lot(t, 31, 600, 200, 300);
	own = (uint32_t)(t->box.store.head.seq - t->fork);
	folder(&old);
	copy_to(&t->box, old.dir);
	snprintf(backup, sizeof(backup), "%s/ledger.db", old.dir);
	shop_close(&t->box);
	empty_folder(t->box.dir);
	shop_open(&t->box);
	e.at.ms = NOW - 5;
	shop_write(&t->box, &e);
	shop_write(&t->box, &(struct entry){.kind = ENTRY_LOST, .at = {NOW}, .lost = {3}});
	r = restore_of(t, 2);
	r.backup = backup;
	shop_close(&t->box);
	assert_int_equal(restore_common(&r, &common, t->why), 0);
	assert_int_equal(common, t->fork);
	again = restored(t, &r);
	assert_true(again > own / 2);
	check_office(t, 2, again);
	check_all(&t->box);
	assert_int_equal(shop_number(&t->box,
				     "SELECT count(*) FROM entry WHERE at >= %lld"
				     " AND kind IN (1, 60)",
				     (long long)NOW - 5),
			 2);
	nftw(old.dir, shop_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* Nothing lacks: a new epoch is begun, and all goes on. */
static void nothing_lacks(void **state)
{
	struct two *t = *state;
	struct restore r;
	uint64_t common;

	fork_by_lot(t, 41, 300, 0, 200);
	r = restore_of(t, 1);
	shop_close(&t->box);
	assert_int_equal(restore_common(&r, &common, t->why), 0);
	assert_int_equal(common, r.head.seq);
	restored(t, &r);
	check_all(&t->box);
}

/* The office was restored itself, from before what it had acknowledged, and was written to since:
 * our mark means nothing, and all is fetched from the beginning. */
static void a_mark_that_means_nothing(void **state)
{
	struct two *t = *state;
	struct restore r;
	uint64_t after = t->fork, common;
	struct restoring *x;
	uint32_t again;

	fork_by_lot(t, 51, 400, 500, 300);
	acked(&t->box, t->fork + 40);
	r = restore_of(t, 1);
	shop_close(&t->box);
	assert_int_equal(restore_common(&r, &common, t->why), 0);
	assert_int_equal(common, t->fork + 40);
	x = begun(t, &r);
	assert_int_equal(restore_take(x, batch_after(&t->office, common, 100), &after, t->why), 0);
	assert_int_equal(after, 0);
	take_all(t, x, 0, r.head.seq);
	assert_int_equal(restore_end(x, true, &again, t->why), 0);
	shop_open(&t->box);
	check_office(t, 1, again);
	check_lines(t, 1);
	check_all(&t->box);
	/* and an office that has less than it had acknowledged */
	shop_close(&t->box);
	r = restore_of(t, 2);
	r.head.seq = 20;
	assert_int_equal(restore_common(&r, &common, t->why), 0);
	assert_int_equal(common, 0);
}

/* --- who carries it cannot change it */

static void expect_bad(struct two *t, const struct restore *r, struct span bytes, int error,
		       const char *word)
{
	struct restoring *x = begun(t, r);
	uint64_t after = 0;

	assert_int_equal(restore_take(x, bytes, &after, t->why), error);
	if (!strstr(t->why, word))
		fail_msg("\"%s\" does not say \"%s\"", t->why, word);
	assert_int_equal(restore_end(x, false, &(uint32_t){0}, t->why), 0);
}

static void hostile(void **state)
{
	struct two *t = *state;
	struct restore r;
	struct span good;
	uint32_t again;
	struct sha256 old;
	struct restoring *x;
	uint64_t after;

	fork_by_lot(t, 61, 100, 300, 100);
	old = t->box.store.head.hash;
	shop_close(&t->box);
	empty_folder(t->box.dir);
	r = restore_of(t, 1);
	good = batch_after(&t->office, 0, 200);
	for (uint32_t at = 0; at < good.len; at += 97) {
		batch[at] ^= 0x10;
		expect_bad(t, &r, good, -EBADMSG, "");
		batch[at] ^= 0x10;
	}
	for (uint32_t len = 0; len < good.len; len += 311)
		expect_bad(t, &r, (struct span){batch, len}, -EBADMSG, "no batch");
	expect_bad(t, &r, (struct span){batch, SYNC_BATCH_MAX + 1}, -EBADMSG, "more than");
	expect_bad(t, &r, batch_after(&t->office, 7, 10), -EBADMSG, "sent entry 8");
	r.head.hash.byte[3] ^= 1;
	x = begun(t, &r);
	take_all(t, x, 0, r.head.seq - 1);
	assert_int_equal(
		restore_take(x, batch_after(&t->office, r.head.seq - 1, 1), &after, t->why),
		-EBADMSG);
	assert_non_null(strstr(t->why, "signed"));
	assert_int_equal(restore_end(x, true, &again, t->why), -EINVAL);
	r = restore_of(t, 1);
	r.head.seq = 50;
	expect_bad(t, &r, batch_after(&t->office, 0, 60), -EBADMSG, "sent entry 51");
	/* not all of it; an epoch that is none */
	r = restore_of(t, 1);
	x = begun(t, &r);
	take_all(t, x, 0, 150);
	assert_int_equal(restore_end(x, true, &again, t->why), -EINVAL);
	assert_non_null(strstr(t->why, "still with the office"));
	r = restore_of(t, 0);
	expect_bad(t, &r, batch_after(&t->office, 0, 60), -EBADMSG, "epoch");
	(void)old;
}

/* A body that the office says is erased, and cannot be. */
static void erased_by_the_way(void **state)
{
	struct two *t = *state;
	struct restore r;
	struct builder b = builder_of(batch, sizeof(batch));
	struct sha256 hash, body;
	struct entry e = sample_entry(ENTRY_VISIT_OPENED);

	shop_open(&t->office);
	shop_write(&t->office, &e);
	hash = t->office.store.head.hash;
	assert_int_equal(shop_number(&t->office, "SELECT length(body_hash) FROM entry"), 32);
	{
		sqlite3_stmt *get =
			sql_prepare(t->office.store.writer.db, "SELECT body_hash FROM entry");

		assert_int_equal(sqlite3_step(get), SQLITE_ROW);
		assert_true(column_blob(get, 0, &body, sizeof(body)));
		sqlite3_finalize(get);
	}
	sync_entry_put(&b, &(struct sync_entry){.seq = 1,
						.at = e.at,
						.kind = ENTRY_VISIT_OPENED,
						.erased = true,
						.body = {body.byte, 32}});
	sync_hash_put(&b, &hash);
	r = restore_of(t, 1);
	expect_bad(t, &r, (struct span){batch, b.len}, -EBADMSG, "without its body");
}

/* --- killed */

static enum restore_stage end_at;

static void end_there(enum restore_stage stage)
{
	if (stage == end_at)
		_exit(42);
}

static int killed_at(struct two *t, const struct restore *r, uint64_t common,
		     enum restore_stage stage)
{
	pid_t child = fork();
	int status;

	assert_true(child >= 0);
	if (child == 0) {
		struct restoring *x;
		uint64_t after = common;
		uint32_t again;

		end_at = stage;
		restore_at = end_there;
		if (restore_begin(r, (struct wall){NOW}, &x, t->why) != 0)
			_exit(1);
		while (after < r->head.seq) {
			uint32_t max =
				r->head.seq - after < 500 ? (uint32_t)(r->head.seq - after) : 500;

			if (restore_take(x, batch_after(&t->office, after, max), &after, t->why) !=
			    0)
				_exit(2);
		}
		_exit(restore_end(x, true, &again, t->why) == 0 ? 0 : 3);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void killed(void **state)
{
	struct two *t = *state;
	struct restore r;
	struct head before;
	uint64_t common;
	uint32_t again;

	fork_by_lot(t, 71, 400, 400, 300);
	before = t->box.store.head;
	r = restore_of(t, 1);
	for (uint32_t stage = 0; stage < RESTORE_STAGES; stage++) {
		shop_close(&t->box);
		assert_int_equal(restore_common(&r, &common, t->why), 0);
		assert_int_equal(killed_at(t, &r, common, (enum restore_stage)stage), 42);
		/* the shop starts: on the old ledger or on the new one, whole */
		shop_open(&t->box);
		if (stage < RESTORE_RENAMED) {
			assert_int_equal(t->box.store.head.seq, before.seq);
			assert_memory_equal(&t->box.store.head.hash, &before.hash, 32);
		} else {
			assert_int_equal(t->box.store.head.epoch, 1);
		}
		shop_check_rebuild(&t->box);
	}
	check_all(&t->box);
	/* again, after all that */
	r = restore_of(t, 2);
	again = restored(t, &r);
	check_office(t, 2, again);
	check_all(&t->box);
	only_whole_files(&t->box, 2);
}

/* While the shop runs nothing is restored; and while it is, no shop starts. */
static void one_at_a_time(void **state)
{
	struct two *t = *state;
	struct restoring *x = NULL;
	struct store second;
	struct restore r;

	fork_by_lot(t, 81, 50, 50, 0);
	r = restore_of(t, 1);
	assert_int_equal(restore_begin(&r, (struct wall){NOW}, &x, t->why), -EBUSY);
	shop_close(&t->box);
	x = begun(t, &r);
	assert_int_equal(store_open(t->box.dir, 0, &second, t->why), -EBUSY);
	assert_int_equal(restore_end(x, false, &(uint32_t){0}, t->why), 0);
	shop_open(&t->box);
	assert_int_equal(t->box.store.head.seq, t->fork);
	only_whole_files(&t->box, 0);
}

/* --- one thing at a time */

/* The office and the box with the same start; both go on by hand. */
static void fork_by_hand(struct two *t)
{
	start(&t->office);
	open_visit(&t->office, 1, 0xc0);
	sell(&t->office, 1, "common", MILK, 1000, 1200);
	t->fork = t->office.store.head.seq;
	acked(&t->office, t->fork);
	copy_to(&t->office, t->box.dir);
	shop_open(&t->box);
}

static uint32_t come_together(struct two *t)
{
	struct restore r = restore_of(t, 1);
	uint32_t again = restored(t, &r);

	check_office(t, 1, again);
	check_all(&t->box);
	return again;
}

static struct entry opened_at(uint64_t visit, uint8_t customer, int64_t at)
{
	struct entry e = sample_entry(ENTRY_VISIT_OPENED);

	e.at.ms = at;
	e.visit_opened.visit.n = visit;
	e.visit_opened.customer = sample_customer(customer);
	return e;
}

/* Two different visits under one number: ours gets the next, and its lines with it. */
static void visits_collide(void **state)
{
	struct two *t = *state;
	struct entry e = opened_at(2, 0x10, T0 + 100);

	fork_by_hand(t);
	shop_write(&t->office, &e);
	sell(&t->office, 2, "a", MILK, 500, 1200);
	close_visit(&t->office, 2);
	e = opened_at(2, 0xc0, T0 + 999);
	shop_write(&t->box, &e);
	sell(&t->box, 2, "a", MILK, 700, 1200);
	sell(&t->box, 2, "b", MILK, 300, 1200);
	e = sample_voided(2, "b", 300);
	shop_write(&t->box, &e);
	close_visit(&t->box, 2);
	e = opened_at(3, 0xc0, T0 + 5000);
	shop_write(&t->box, &e);
	sell(&t->box, 3, "c", MILK, 40, 1200);
	/* of the clock, and all seven */
	assert_int_equal(come_together(t), 8);
	assert_string_equal(t->why, "");
	assert_int_equal(shop_number(&t->box, "SELECT total FROM visit WHERE id = 2"), 500);
	assert_int_equal(shop_number(&t->box, "SELECT total FROM visit WHERE id = 4"), 700);
	assert_int_equal(shop_number(&t->box, "SELECT over FROM visit WHERE id = 4"), 1);
	assert_int_equal(shop_number(&t->box, "SELECT total FROM visit WHERE id = 3"), 40);
}

/* The same visit, and in it the same line: the phone sent it to both. */
static void a_line_comes_once(void **state)
{
	struct two *t = *state;
	struct entry e;

	fork_by_hand(t);
	sell(&t->office, 1, "twice", MILK, 500, 1200);
	sell(&t->box, 1, "twice", MILK, 500, 1200);
	sell(&t->box, 1, "once", MILK, 70, 1200);
	/* taken back at the box: it is, at the office's line */
	e = sample_voided(1, "twice", 500);
	shop_write(&t->box, &e);
	come_together(t);
	assert_string_equal(t->why, "");
	assert_int_equal(shop_number(&t->box, "SELECT count(*) FROM line WHERE key = 'twice'"), 1);
	assert_int_equal(shop_number(&t->box, "SELECT count(*) FROM line WHERE key = 'twice'"
					      " AND voided > 0"),
			 1);
	assert_int_equal(shop_balance(&t->box, 0xc0, "unbilled"), 1070);
}

/* A line of a visit that nobody knows: billed, and never in another's visit. */
static void a_visit_that_nobody_knows(void **state)
{
	struct two *t = *state;
	struct entry e = opened_at(7, 0x10, T0 + 100);

	fork_by_hand(t);
	shop_write(&t->office, &e);
	sell(&t->box, 7, "x", MILK, 600, 1200); /* its opening found no room */
	come_together(t);
	assert_int_equal(shop_number(&t->box, "SELECT total FROM visit WHERE id = 7"), 0);
	assert_int_equal(shop_number(&t->box, "SELECT visit FROM line WHERE key = 'x'"), 8);
	assert_int_equal(shop_balance(&t->box, 0xc0, "unbilled"), 1600);
}

static struct entry alarm_of(uint64_t id, uint32_t code, enum alarm_state state)
{
	struct entry e = sample_entry(ENTRY_ALARM);

	e.alarm.alarm.n = id;
	e.alarm.code = code;
	e.alarm.state = state;
	return e;
}

static void alarms_collide(void **state)
{
	struct two *t = *state;
	struct entry e = alarm_of(1, 111111, ALARM_RAISED);

	fork_by_hand(t);
	shop_write(&t->office, &e);
	e = alarm_of(1, 222222, ALARM_RAISED);
	shop_write(&t->box, &e);
	e = alarm_of(1, 222222, ALARM_ACKNOWLEDGED);
	shop_write(&t->box, &e);
	come_together(t);
	assert_int_equal(shop_number(&t->box, "SELECT code FROM alarm WHERE id = 1"), 111111);
	assert_int_equal(shop_number(&t->box, "SELECT state FROM alarm WHERE id = 1"),
			 ALARM_RAISED);
	assert_int_equal(shop_number(&t->box, "SELECT code FROM alarm WHERE id = 2"), 222222);
	assert_int_equal(shop_number(&t->box, "SELECT state FROM alarm WHERE id = 2"),
			 ALARM_ACKNOWLEDGED);
}

static struct entry payment(const char *key, int64_t amount)
{
	struct entry e = sample_entry(ENTRY_PAYMENT);

	snprintf(e.payment.key, sizeof(e.payment.key), "%s", key);
	e.payment.amount = money_of(amount);
	e.payment.invoice.n = 0;
	return e;
}

/* What has a key holds once. */
static void keys_hold_once(void **state)
{
	struct two *t = *state;
	struct entry e = payment("bank-1", 900);

	fork_by_hand(t);
	shop_write(&t->office, &e);
	e.at.ms++;
	shop_write(&t->box, &e);
	e = payment("bank-2", 50);
	shop_write(&t->box, &e);
	e = moved(MOVEMENT_DELIVERY, MILK, 4000, 100, "d-1");
	shop_write(&t->office, &e);
	e.at.ms++;
	shop_write(&t->box, &e);
	come_together(t);
	assert_string_equal(t->why, "");
	assert_int_equal(shop_number(&t->box, "SELECT count(*) FROM payment"), 2);
	assert_int_equal(shop_balance(&t->box, 0xc0, "unpaid"), -950);
	assert_int_equal(shop_number(&t->box, "SELECT on_hand FROM stock WHERE gtin = %lld", MILK),
			 3000);
}

/* An invoice over some lines of customer 0xc0's. */
static void bill(struct shop *h, uint64_t number, const uint64_t *line, uint32_t n)
{
	struct entry lines = {.kind = ENTRY_INVOICE_LINES, .at = {T0 + 70000}};
	struct entry e = {.kind = ENTRY_INVOICE, .at = {T0 + 70000}};
	struct invoice_sum sum = {0};
	uint64_t before = 0;

	lines.invoice_lines.invoice.n = number;
	for (uint32_t i = 0; i < n; i++) {
		unsigned long long seq = line[i];

		assert_true(line[i] - before < 0x80);
		lines.invoice_lines.packed[lines.invoice_lines.packed_len++] =
			(uint8_t)(line[i] - before);
		lines.invoice_lines.lines++;
		before = line[i];
		assert_true(invoice_add(
			&sum,
			(int32_t)shop_number(h, "SELECT vat_bp FROM line WHERE seq = %llu", seq),
			money_of(shop_number(h, "SELECT total FROM line WHERE seq = %llu", seq)),
			money_of(shop_number(h, "SELECT vat FROM line WHERE seq = %llu", seq))));
	}
	invoice_make(&sum, &e.invoice);
	e.invoice.invoice.n = number;
	e.invoice.customer = sample_customer(0xc0);
	e.invoice.period.n = 202609;
	e.invoice.issued.n = 20720;
	e.invoice.due.n = 20750;
	shop_begin(h);
	shop_add(h, &lines);
	shop_add(h, &e);
	shop_commit(h);
}

/* An invoice of the box's own: its number is the next, so it is kept, and bears its lines by the
 * numbers that they have now. */
static void an_invoice_comes_again(void **state)
{
	struct two *t = *state;
	uint64_t line[3] = {3, 0, 0};

	fork_by_hand(t);
	sell(&t->office, 1, "o-1", MILK, 111, 1200);
	sell(&t->office, 1, "o-2", MILK, 222, 1200);
	line[1] = sell(&t->box, 1, "b-1", MILK, 4000, 1200);
	line[2] = sell(&t->box, 1, "b-2", MILK, 500, 2500);
	bill(&t->box, 2026000001, line, 3);
	come_together(t);
	assert_string_equal(t->why, "");
	assert_int_equal(shop_number(&t->box, "SELECT count(*) FROM invoice_line i JOIN line l"
					      " ON l.seq = i.line WHERE l.key IN ('common', 'b-1',"
					      " 'b-2')"),
			 3);
	assert_int_equal(shop_balance(&t->box, 0xc0, "unbilled"), 333);
	assert_int_equal(shop_balance(&t->box, 0xc0, "unpaid"), 5500);
}

/* Its number is given: it is left out, with words, and its lines wait for the next. A line that the
 * office has on an invoice is not taken back at the box. A closed month is closed again. */
static void a_number_that_is_given(void **state)
{
	struct two *t = *state;
	const uint64_t common[1] = {3};
	uint64_t line[2] = {3, 0};
	struct entry e;

	fork_by_hand(t);
	bill(&t->office, 2026000001, common, 1);
	line[1] = sell(&t->box, 1, "b-1", MILK, 4000, 1200);
	bill(&t->box, 2026000001, line, 2);
	e = sample_entry(ENTRY_PERIOD_CLOSED);
	shop_write(&t->box, &e);
	come_together(t);
	assert_non_null(strstr(t->why, "2 of this box's own entries"));
	assert_non_null(strstr(t->why, "the number 2026-000001 is given"));
	assert_int_equal(shop_number(&t->box, "SELECT count(*) FROM invoice"), 1);
	assert_int_equal(shop_number(&t->box, "SELECT count(*) FROM period_closed"), 0);
	assert_int_equal(shop_balance(&t->box, 0xc0, "unbilled"), 4000);
	assert_int_equal(shop_balance(&t->box, 0xc0, "unpaid"), 1000);
}

static void a_line_that_is_billed(void **state)
{
	struct two *t = *state;
	const uint64_t common[1] = {3};
	struct entry e = sample_voided(1, "common", 1000);

	fork_by_hand(t);
	bill(&t->office, 2026000001, common, 1);
	shop_write(&t->box, &e);
	come_together(t);
	assert_non_null(strstr(t->why, "line 3 is on an invoice already"));
	assert_int_equal(shop_balance(&t->box, 0xc0, "unpaid"), 1000);
}

/* --- what is forgotten stays forgotten */

static uint64_t refused(struct shop *h, uint8_t mark, uint8_t customer)
{
	struct entry e = sample_entry(ENTRY_REFUSED);

	memset(e.refused.kid.byte, mark, sizeof(e.refused.kid.byte));
	e.refused.customer = sample_customer(customer);
	return shop_write(h, &e);
}

static bool never(void *data)
{
	(void)data;
	return false;
}

static void erase_of(struct shop *h, uint8_t customer)
{
	struct erase_ask ask = {
		.whose_known = true, .whose = sample_customer(customer), .before = {INT64_MAX}};
	struct erase e;

	erase_begin(&e, &ask, &h->store);
	while (!e.swept)
		assert_int_equal(erase_slice(&h->store, &e, (struct wall){T0}, never, NULL),
				 STORED_OK);
}

static bool in_file(const struct shop *h, uint8_t mark)
{
	char path[128];
	uint8_t want[8], *bytes;
	struct stat st;
	bool found;
	FILE *f;

	memset(want, mark, sizeof(want));
	snprintf(path, sizeof(path), "%s/ledger.db", h->dir);
	f = fopen(path, "rb");
	assert_non_null(f);
	assert_int_equal(fstat(fileno(f), &st), 0);
	bytes = malloc((size_t)st.st_size);
	assert_non_null(bytes);
	assert_int_equal(fread(bytes, 1, (size_t)st.st_size, f), st.st_size);
	fclose(f);
	found = memmem(bytes, (size_t)st.st_size, want, sizeof(want)) != NULL;
	free(bytes);
	return found;
}

/* Erased here, and the office has it still; told as erased by the office's entries; erased among
 * what comes again. None of it is in the new file. */
static void forgotten(void **state)
{
	struct two *t = *state;
	struct restore r;

	fork_by_hand(t);
	refused(&t->office, 0xa1, 5);
	refused(&t->office, 0xa2, 6);
	shop_close(&t->box);
	empty_folder(t->box.dir);
	copy_to(&t->office, t->box.dir);
	shop_open(&t->box);
	erase_of(&t->box, 5);
	refused(&t->box, 0xb1, 7);
	refused(&t->box, 0xb2, 8);
	erase_of(&t->box, 7);
	refused(&t->office, 0xa3, 9);
	erase_of(&t->office, 9);
	/* the office keeps what it had: as if it had never been told */
	{
		struct entry e = sample_entry(ENTRY_ERASED);

		e.erased = (struct entry_erased){.first = 1,
						 .last = t->office.store.head.seq,
						 .bodies = 1,
						 .whose_known = true,
						 .whose = sample_customer(6)};
		shop_write(&t->office, &e);
	}
	r = restore_of(t, 1);
	restored(t, &r);
	check_all(&t->box);
	shop_close(&t->box);
	assert_false(in_file(&t->box, 0xa1));
	assert_false(in_file(&t->box, 0xa2));
	assert_false(in_file(&t->box, 0xa3));
	assert_false(in_file(&t->box, 0xb1));
	assert_true(in_file(&t->box, 0xb2));
	shop_open(&t->box);
	assert_int_equal(shop_number(&t->box, "SELECT count(*) FROM entry WHERE kind = 84"), 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(by_lot, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_old_card_again, set_up, tear_down),
		cmocka_unit_test_setup_teardown(replacement, set_up, tear_down),
		cmocka_unit_test_setup_teardown(with_backup, set_up, tear_down),
		cmocka_unit_test_setup_teardown(nothing_lacks, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_mark_that_means_nothing, set_up, tear_down),
		cmocka_unit_test_setup_teardown(hostile, set_up, tear_down),
		cmocka_unit_test_setup_teardown(erased_by_the_way, set_up, tear_down),
		cmocka_unit_test_setup_teardown(killed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(one_at_a_time, set_up, tear_down),
		cmocka_unit_test_setup_teardown(visits_collide, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_line_comes_once, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_visit_that_nobody_knows, set_up, tear_down),
		cmocka_unit_test_setup_teardown(alarms_collide, set_up, tear_down),
		cmocka_unit_test_setup_teardown(keys_hold_once, set_up, tear_down),
		cmocka_unit_test_setup_teardown(an_invoice_comes_again, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_number_that_is_given, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_line_that_is_billed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(forgotten, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
