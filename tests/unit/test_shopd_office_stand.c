/*
 * test_shopd_office_stand.c: the office stands elsewhere than the shop believes: at an epoch that
 * it has forgotten, at an entry that is not ours, or only the way has broken what was sent.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "shopd_office.h"

static void an_office_that_has_forgotten_our_epoch_is_asked_for_a_higher_one(void **state)
{
	struct sync_head h;

	(void)state;
	enrol();
	assert_null(ack(SYNC_TAKEN, 1, 2));
	assert_null(ack(SYNC_FORK, 1, 3));
	until_sync(office.sync.want_epoch);
	h = head_of(5, 2);
	h.hash = hash_of(2);
	say_head(&office.key, SAID_GRANT, &h);
	assert_null(bring_said());
	until_sync(office.sync.epoch == 5 && !office.sync.want_epoch);
	until(!shell.office->pin.restoring);
	assert_null(ack(SYNC_TAKEN, 5, 3));
	until(!alarm_is_up(CONDITION_OFFICE_REFUSED));
	/* it was restored: its epoch is 2, its newest entry the first */
	assert_null(ack(SYNC_EPOCH_OLD, 2, 1));
	until_sync(office.sync.want_epoch);
	assert_false(alarm_is_up(CONDITION_OFFICE_REFUSED));
	h = head_of(5, 1);
	h.hash = hash_of(1);
	say_head(&office.key, SAID_GRANT, &h);
	assert_refused(bring_said(), "not newer than ours");
	h.epoch = 6;
	say_head(&office.key, SAID_GRANT, &h);
	assert_null(bring_said());
	until_sync(office.sync.epoch == 6 && !office.sync.want_epoch && office.sync.acked == 1);
}

/* A feed with nothing in it, of this epoch, signed then. */
static const char *feed_of_epoch(uint32_t epoch, int64_t at_ms)
{
	uint8_t bytes[256];
	struct builder b = builder_of(bytes, sizeof(bytes));
	struct sync_feed head = {
		.shop = "viken", .epoch = epoch, .to = 9, .at = {at_ms}, .part = -1};

	sync_feed_put(&b, &head);
	say(&office.key, &b);
	return bring_said();
}

static void its_feed_tells_a_shop_that_sells_nothing(void **state)
{
	struct sync_head h;

	(void)state;
	enrol();
	assert_null(ack(SYNC_TAKEN, 1, 2));
	assert_null(ack(SYNC_FORK, 1, 3));
	until_sync(office.sync.want_epoch);
	h = head_of(5, 2);
	h.hash = hash_of(2);
	h.at.ms += 1000;
	say_head(&office.key, SAID_GRANT, &h);
	assert_null(bring_said());
	until_sync(office.sync.epoch == 5 && !office.sync.want_epoch);
	until(!shell.office->pin.restoring);
	/* it was on its way when the epoch was granted */
	assert_refused(feed_of_epoch(1, h.at.ms), "another shop or epoch");
	courier_nothing_else();
	assert_false(office.sync.want_epoch);
	assert_refused(feed_of_epoch(6, h.at.ms + 1000), "another shop or epoch");
	courier_nothing_else();
	assert_false(office.sync.want_epoch);
	assert_refused(feed_of_epoch(1, h.at.ms + 1000), "another shop or epoch");
	until_sync(office.sync.want_epoch);
}

/* An answer "broken" where the office's newest entry is our own, and where it is not. */
static void what_the_way_has_broken_is_sent_again(void **state)
{
	(void)state;
	enrol();
	assert_null(ack(SYNC_TAKEN, 1, 2));
	for (uint32_t i = 0; i < 3; i++) {
		assert_false(alarm_is_up(CONDITION_OFFICE_REFUSED));
		assert_refused(ack(SYNC_BROKEN, 1, i), "sent again");
		until_sync(office.sync.acked == i);
		assert_false(office.sync.want_epoch);
	}
	until(alarm_is_up(CONDITION_OFFICE_REFUSED));
	assert_null(ack(SYNC_TAKEN, 1, 3));
	until(!alarm_is_up(CONDITION_OFFICE_REFUSED));
	assert_refused(ack(SYNC_BROKEN, 1, 3), "sent again");
	assert_false(alarm_is_up(CONDITION_OFFICE_REFUSED));
}

static void broken_where_the_ledgers_have_parted_is_a_fork(void **state)
{
	struct sync_head h;

	(void)state;
	enrol();
	assert_null(ack(SYNC_TAKEN, 1, 2));
	h = head_of(1, 2);
	h.answer = SYNC_BROKEN;
	h.hash.byte[0] = 1;
	say_head(&office.key, SAID_ACK, &h);
	assert_null(bring_said());
	until_sync(office.sync.want_epoch);
	until(alarm_is_up(CONDITION_OFFICE_REFUSED));
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, office_set_up, office_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(an_office_that_has_forgotten_our_epoch_is_asked_for_a_higher_one),
		TEST(its_feed_tells_a_shop_that_sells_nothing),
		TEST(what_the_way_has_broken_is_sent_again),
		TEST(broken_where_the_ledgers_have_parted_is_a_fork),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
