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
#include <sys/wait.h>

#include <cmocka.h>

#include "restore_house.h"

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
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
