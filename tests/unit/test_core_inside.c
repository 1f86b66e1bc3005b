/*
 * test_core_inside.c: somebody who has fallen says nothing any more. Their visit ends by its
 * silence, long before they have been inside for too long, and they are inside all the same: as
 * long as no door was opened for anybody to leave.
 */
#include "core_room.h"

#define HOUR_MS 3600000

static void start_with_exit(const struct remembered *r)
{
	start_with(r);
	part(0, PART_REX, false);
}

static void watched_for(int64_t ms)
{
	config.watch.inside_ms = ms;
	start_with_exit(&(struct remembered){.ledger_ok = true, .clean = true});
}

static void four_hours(void)
{
	watched_for(4 * HOUR_MS);
}

static void comes_in(uint8_t member)
{
	show(0, member, true);
	pass(1000);
	part(0, PART_CONTACT, true);
	pass(2000);
	part(0, PART_CONTACT, false);
	pass(5000);
}

static void goes_out(void)
{
	part(0, PART_REX, true);
	pass(500);
	part(0, PART_CONTACT, true);
	pass(1000);
	part(0, PART_REX, false);
	part(0, PART_CONTACT, false);
	pass(5000);
}

static void who_has_fallen_is_inside(void **state)
{
	int64_t came = ROOM_START_MS;

	(void)state;
	four_hours();
	comes_in(1);
	until(came + VISIT_SILENCE_MS);
	assert_int_equal(shop.visits.count, 0);
	until(came + 4 * HOUR_MS - 1);
	assert_int_equal(raised, 0);
	assert_int_equal(buzzes, 2); /* they are asked */
	pass(1);
	assert_true(is_up(CONDITION_INSIDE_LONG, ""));
	/* somebody looks: it ends when they go out together */
	comes_in(2);
	assert_true(is_up(CONDITION_INSIDE_LONG, ""));
	goes_out();
	assert_false(is_up(CONDITION_INSIDE_LONG, ""));
	pass(12 * HOUR_MS);
	assert_int_equal(raised, 1);
}

static void who_was_told_of_is_not_gone_by_silence(void **state)
{
	(void)state;
	watched_for(HOUR_MS);
	comes_in(1);
	pass(HOUR_MS);
	assert_true(is_up(CONDITION_INSIDE_LONG, ""));
	pass(3 * HOUR_MS);
	assert_int_equal(shop.visits.count, 0);
	assert_true(is_up(CONDITION_INSIDE_LONG, ""));
	assert_int_equal(raised, 1);
	goes_out();
	assert_false(is_up(CONDITION_INSIDE_LONG, ""));
}

/* Whether it is they who have gone nobody knows: then nobody is called. */
static void who_may_have_left_is_gone(void **state)
{
	(void)state;
	four_hours();
	comes_in(1);
	comes_in(2);
	goes_out();
	pass(12 * HOUR_MS);
	assert_int_equal(raised, 0);
}

static void who_never_came_in_is_not_inside(void **state)
{
	(void)state;
	four_hours();
	comes_in(1);
	goes_out();
	assert_int_equal(shop.visits.count, 0);
	show(0, 2, true); /* and goes away again */
	pass(12 * HOUR_MS);
	assert_int_equal(raised, 0);
}

/* Who says that their visit is over walks and talks. */
static void who_has_closed_is_gone(void **state)
{
	(void)state;
	four_hours();
	comes_in(1);
	all_leave();
	pass(12 * HOUR_MS);
	assert_int_equal(raised, 0);
}

static void a_door_that_cannot_be_seen_lets_anybody_out(void **state)
{
	struct event e;

	(void)state;
	four_hours();
	comes_in(1);
	e = event_of(EVENT_PART);
	e.part.part = PART_CONTACT;
	e.part.lost = true;
	step(&e);
	pass(1000);
	part(0, PART_CONTACT, false);
	pass(12 * HOUR_MS);
	assert_int_equal(shop.visits.count, 0);
	assert_false(is_up(CONDITION_INSIDE_LONG, ""));
}

/* That the program began anew does not mean that they have gone. */
static void a_restart_lets_nobody_out(void **state)
{
	struct entry_alarm row = {.alarm = {5},
				  .code = 123456,
				  .condition = CONDITION_INSIDE_LONG,
				  .severity = SEVERITY_WARNING,
				  .state = ALARM_NOTIFIED};
	struct remembered r = {.ledger_ok = true, .alarms = 1, .alarm = &row};

	(void)state;
	config.watch.inside_ms = 4 * HOUR_MS;
	start_with_exit(&r);
	pass(HOUR_MS);
	assert_true(is_up(CONDITION_INSIDE_LONG, ""));
	goes_out();
	assert_false(is_up(CONDITION_INSIDE_LONG, ""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(who_has_fallen_is_inside, room_setup),
		cmocka_unit_test_setup(who_was_told_of_is_not_gone_by_silence, room_setup),
		cmocka_unit_test_setup(who_may_have_left_is_gone, room_setup),
		cmocka_unit_test_setup(who_never_came_in_is_not_inside, room_setup),
		cmocka_unit_test_setup(who_has_closed_is_gone, room_setup),
		cmocka_unit_test_setup(a_door_that_cannot_be_seen_lets_anybody_out, room_setup),
		cmocka_unit_test_setup(a_restart_lets_nobody_out, room_setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
