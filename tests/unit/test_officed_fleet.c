/* test_officed_fleet.c: the fleet in memory follows the database, workers share their time, and
 * jobs come back to the loop. A real loop, threads and database. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <errno.h>

#include <cmocka.h>

#include "intake_house.h"
#include "officed/fleet.h"

#define PATIENCE_MS 20000

struct harbour {
	struct office_house house;
	struct loop *loop;
	struct work *work;
	struct fleet *fleet;
	struct timer *late;
	uint32_t changed, looked;
	/* when to end the loop */
	bool (*enough)(struct harbour *h);
	bool too_late, restored;
};

static void ask_enough(struct harbour *h)
{
	if (h->enough != NULL && h->enough(h))
		loop_stop(h->loop);
}

static void on_changed(void *data, struct shop_now *shop)
{
	struct harbour *h = data;

	(void)shop;
	h->changed++;
	ask_enough(h);
}

static void on_looked(void *data, bool good)
{
	struct harbour *h = data;

	assert_true(good);
	h->looked++;
	ask_enough(h);
}

static void on_late(void *data)
{
	struct harbour *h = data;

	h->too_late = true;
	loop_stop(h->loop);
}

static void run_until(struct harbour *h, bool (*enough)(struct harbour *h))
{
	h->enough = enough;
	timer_arm(h->late, mono_add(loop_mono(), PATIENCE_MS));
	assert_int_equal(loop_run(h->loop), 0);
	assert_false(h->too_late);
}

static void harbour_open(struct harbour *h)
{
	struct fleet_listener listener = {on_changed, on_looked, h};

	memset(h, 0, sizeof(*h));
	assert_true(house_open(&h->house, DB_SQLITE));
	snprintf(h->house.config.database, sizeof(h->house.config.database), "%.500s",
		 h->house.db.where);
	assert_int_equal(loop_new(&h->loop), 0);
	assert_int_equal(timer_add(h->loop, WATCH_NORMAL, 0, on_late, h, &h->late), 0);
	assert_int_equal(work_open(h->loop, &h->house.config, &h->house.keys, &h->work), 0);
	assert_int_equal(fleet_open(h->loop, h->work, &listener, &h->fleet), 0);
}

static void harbour_close(struct harbour *h)
{
	work_close(h->work);
	fleet_close(h->fleet);
	timer_free(h->late);
	loop_free(h->loop);
	house_close(&h->house);
}

/** First the shop as it is; then, as another officed would have it, its feed moves. */
static bool fed(struct harbour *h)
{
	const struct shop_now *shop = fleet_find(h->fleet, "viken");

	if (!fleet_heard(h->fleet))
		return false;
	assert_non_null(shop);
	if (h->changed == 2 && !h->restored) { /* a backup is put in place: all of it is news */
		h->restored = true;
		house_do(&h->house, "UPDATE counter SET n = 0 WHERE name = 'fleet';"
				    "UPDATE shop SET feed_to = 3, changed = 0");
	}
	if (h->changed == 1 && h->looked == 1)
		house_do(&h->house, "UPDATE counter SET n = n + 1 WHERE name = 'fleet';"
				    "UPDATE shop SET feed_to = 5, changed = (SELECT n FROM counter "
				    "WHERE name = 'fleet')");
	return shop->feed_to == 3;
}

static void a_change_is_seen(void **state)
{
	struct harbour h;

	(void)state;
	harbour_open(&h);
	assert_null(fleet_find(h.fleet, "viken"));
	assert_false(fleet_heard(h.fleet));
	run_until(&h, fed);
	assert_int_equal(fleet_find(h.fleet, "viken")->state, SHOP_LIVE);
	assert_null(fleet_find(h.fleet, "falun"));
	assert_int_equal(h.changed, 3); /* looks that find nothing change nothing */
	harbour_close(&h);
}

static bool all_there(struct harbour *h)
{
	return fleet_shops(h->fleet) == 2501;
}

static void many_shops_of_one_turn_are_all_read(void **state)
{
	struct harbour h;

	(void)state;
	harbour_open(&h);
	house_do(
		&h.house,
		"INSERT INTO shop(shop, shop_group, title, language, currency, seller, state, key, "
		"epoch, granted_at, head_seq, head_hash, head_at, took_at, feed_to, feed_from, "
		"changed) WITH RECURSIVE i(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM i WHERE n < "
		"2500) SELECT 's' || n, '', '', 'sv', 'SEK', '', 1, '', 1, 0, 0, '', 0, 0, 0, 0, 9 "
		"FROM i");
	run_until(&h, all_there);
	assert_non_null(fleet_find(h.fleet, "s1"));
	assert_non_null(fleet_find(h.fleet, "s2500"));
	harbour_close(&h);
}

/* ---- fairness ---- */

struct chore {
	struct job job;
	struct harbour *harbour;
	struct chore *others;
	uint32_t burn_ms;
	bool done;
};

static void chore_run(struct office *o, struct job *j)
{
	struct chore *c = j->data;
	struct mono until = mono_add(loop_mono(), c->burn_ms);

	assert_true((o == NULL) == (j->class == WORK_PROOF));
	while (!mono_due(loop_mono(), until))
		;
}

static uint32_t slow_done, slow_before_people, waiting;

static void chore_done(struct job *j)
{
	struct chore *c = j->data;

	c->done = true;
	if (j->class == WORK_ENTRIES)
		slow_done++;
	else
		slow_before_people = slow_done;
	if (--waiting == 0)
		loop_stop(c->harbour->loop);
}

static void a_flood_of_entries_leaves_people_their_turn(void **state)
{
	enum {
		SLOW = 40,
		QUICK = 10
	};
	static struct chore slow[SLOW], quick[QUICK];
	struct harbour h;

	(void)state;
	harbour_open(&h);
	slow_done = slow_before_people = 0;
	waiting = SLOW + QUICK;
	for (int i = 0; i < SLOW; i++) {
		slow[i] = (struct chore){.harbour = &h, .burn_ms = 10};
		slow[i].job = (struct job){.run = chore_run, .done = chore_done, .data = &slow[i]};
		assert_true(work_add(h.work, WORK_ENTRIES, &slow[i].job));
	}
	for (int i = 0; i < QUICK; i++) {
		quick[i] = (struct chore){.harbour = &h, .burn_ms = 1};
		quick[i].job =
			(struct job){.run = chore_run, .done = chore_done, .data = &quick[i]};
		assert_true(work_add(h.work, i % 2 ? WORK_PEOPLE : WORK_BOX, &quick[i].job));
	}
	run_until(&h, NULL);
	assert_int_equal(slow_done, SLOW);
	/* they waited for what ran, and for what the sharing gave the flood meanwhile */
	assert_true(slow_before_people < 10);
	harbour_close(&h);
}

static void a_full_queue_says_so(void **state)
{
	enum {
		MANY = 200
	};
	static struct chore chore[MANY];
	struct harbour h;
	uint32_t taken = 0;

	(void)state;
	harbour_open(&h);
	waiting = UINT32_MAX;
	for (int i = 0; i < MANY; i++) {
		chore[i] = (struct chore){.harbour = &h, .burn_ms = 1};
		chore[i].job =
			(struct job){.run = chore_run, .done = chore_done, .data = &chore[i]};
		taken += work_add(h.work, WORK_ENTRIES, &chore[i].job);
	}
	assert_true(taken >= 64 && taken < MANY);
	assert_true(work_counts(h.work, WORK_ENTRIES).refused > 0);
	harbour_close(&h); /* those that did not run are handed back */
	for (uint32_t i = 0; i < taken; i++)
		assert_true(chore[i].done);
}

static void without_a_database_jobs_say_so(void **state)
{
	static struct chore one;
	struct harbour h;

	(void)state;
	memset(&h, 0, sizeof(h));
	assert_true(house_open(&h.house, DB_SQLITE));
	snprintf(h.house.config.database, sizeof(h.house.config.database),
		 "/nonexistent/office.db");
	assert_int_equal(loop_new(&h.loop), 0);
	assert_int_equal(timer_add(h.loop, WATCH_NORMAL, 0, on_late, &h, &h.late), 0);
	assert_int_equal(work_open(h.loop, &h.house.config, &h.house.keys, &h.work), 0);
	waiting = 1;
	one = (struct chore){.harbour = &h};
	one.job = (struct job){.run = chore_run, .done = chore_done, .data = &one};
	assert_true(work_add(h.work, WORK_PEOPLE, &one.job));
	run_until(&h, NULL);
	assert_int_equal(one.job.result, -ENOTCONN);
	harbour_close(&h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_change_is_seen),
		cmocka_unit_test(many_shops_of_one_turn_are_all_read),
		cmocka_unit_test(a_flood_of_entries_leaves_people_their_turn),
		cmocka_unit_test(a_full_queue_says_so),
		cmocka_unit_test(without_a_database_jobs_say_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
