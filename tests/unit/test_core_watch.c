/* test_core_watch.c: what is watched and is neither a door nor a sensor: codes that are tried, who
 * is inside for too long, parts that are said to fail; each at its millisecond. */
#include "core_room.h"

#include <stdlib.h>

/* --- many_refusals
 * ------------------------------------------------------------------------------------ */

static void five_in_a_minute(void)
{
	config.watch.refusals = 5;
	config.watch.refusals_ms = 60000;
	start();
}

static void so_many_refusals(void **state)
{
	(void)state;
	five_in_a_minute();
	for (uint32_t i = 0; i < 4; i++) {
		show(0, 1, false);
		pass(1000);
	}
	assert_false(is_up(CONDITION_MANY_REFUSALS, "front"));
	show(0, 1, false);
	assert_true(is_up(CONDITION_MANY_REFUSALS, "front"));
	assert_false(is_up(CONDITION_MANY_REFUSALS, "back"));
	pass(30000);
	show(0, 1, false); /* it goes on */
	pass(59999);
	assert_true(is_up(CONDITION_MANY_REFUSALS, "front"));
	pass(1);
	assert_false(is_up(CONDITION_MANY_REFUSALS, "front"));
	assert_int_equal(raised, 1);
}

/* The first and the last of them, exactly so long apart, and one less. */
static void within_so_long(void **state)
{
	static const struct {
		int64_t apart_ms;
		bool many;
	} cases[] = {{60000, false}, {59999, true}};

	(void)state;
	for (uint32_t i = 0; i < ARRAY_LEN(cases); i++) {
		room_setup(NULL);
		five_in_a_minute();
		show(0, 1, false);
		pass(cases[i].apart_ms - 3);
		for (uint32_t j = 0; j < 3; j++) {
			show(0, 1, false);
			pass(1);
		}
		show(0, 1, false);
		assert_int_equal(is_up(CONDITION_MANY_REFUSALS, "front"), cases[i].many);
	}
}

static void each_door_for_itself(void **state)
{
	(void)state;
	five_in_a_minute();
	for (uint32_t i = 0; i < 8; i++)
		show(i % 2, 1, false);
	assert_int_equal(raised, 0);
	show(1, 1, false);
	assert_true(is_up(CONDITION_MANY_REFUSALS, "back"));
	assert_false(is_up(CONDITION_MANY_REFUSALS, "front"));
}

static void the_admitted_do_not_count(void **state)
{
	(void)state;
	five_in_a_minute();
	for (uint8_t i = 1; i < 20; i++)
		show(0, i, true);
	assert_int_equal(raised, 0);
	assert_true(shop.visits.count == 19);
}

static void not_watched(void **state)
{
	(void)state;
	start();
	for (uint32_t i = 0; i < 100; i++)
		show(0, 1, false);
	assert_int_equal(raised, 0);
	assert_int_equal(shop.watches.refused[0].count, 0);
}

static void a_thousand_are_one_alarm(void **state)
{
	(void)state;
	config.watch.refusals = REFUSALS_WATCHED_MAX;
	config.watch.refusals_ms = 3600000;
	start();
	for (uint32_t i = 0; i < 1000; i++) {
		show(0, 1, false);
		assert_int_equal(raised, i + 1 >= REFUSALS_WATCHED_MAX);
		pass(100);
	}
	until(now_ms - 100 + 3600000);
	assert_int_equal(cleared, 1);
	show(0, 1, false); /* what came before is forgotten */
	assert_int_equal(raised, 1);
}

static void refusals_outlive_the_program(void **state)
{
	struct entry_alarm row = {.alarm = {9},
				  .code = 123456,
				  .condition = CONDITION_MANY_REFUSALS,
				  .place = {"back"},
				  .severity = SEVERITY_URGENT,
				  .state = ALARM_NOTIFIED};
	struct remembered r = {.ledger_ok = true, .alarms = 1, .alarm = &row};

	(void)state;
	config.watch.refusals = 5;
	config.watch.refusals_ms = 60000;
	start_with(&r);
	assert_true(is_up(CONDITION_MANY_REFUSALS, "back"));
	until(ROOM_START_MS + 59999);
	assert_true(is_up(CONDITION_MANY_REFUSALS, "back"));
	pass(1);
	assert_false(is_up(CONDITION_MANY_REFUSALS, "back"));
	room_setup(NULL); /* not watched any more */
	start_with(&r);
	pass(1);
	assert_false(is_up(CONDITION_MANY_REFUSALS, "back"));
}

/* --- inside_long
 * ------------------------------------------------------------------------------------ */

static void an_hour(void)
{
	config.watch.inside_ms = 3600000;
	start();
}

static void inside_for_too_long(void **state)
{
	(void)state;
	an_hour();
	show(0, 1, true);
	pass(3299999);
	assert_int_equal(buzzes, 0);
	pass(1);
	assert_true(buzzer[0] && buzzer[1]);
	pass(2999);
	assert_true(buzzer[0] && buzzer[1]);
	pass(1);
	assert_false(buzzer[0] || buzzer[1]);
	pass(296999);
	assert_false(is_up(CONDITION_INSIDE_LONG, ""));
	pass(1);
	assert_true(is_up(CONDITION_INSIDE_LONG, ""));
	all_leave();
	assert_false(is_up(CONDITION_INSIDE_LONG, ""));
	assert_int_equal(buzzes, 2);
}

static void gone_in_time(void **state)
{
	(void)state;
	an_hour();
	show(0, 1, true);
	pass(3599999);
	all_leave();
	pass(3600000);
	assert_int_equal(raised, 0);
}

static void one_of_several(void **state)
{
	(void)state;
	an_hour();
	show(0, 1, true);
	pass(1000000);
	show(0, 2, true);
	pass(2600000);
	assert_int_equal(raised, 1);
	pass(1000000);
	assert_int_equal(raised, 1); /* nobody has answered yet: they are one alarm */
	all_leave();
	assert_false(is_up(CONDITION_INSIDE_LONG, ""));
}

/* The owner knows of the one who paints the shelves; not of the one who has fallen. */
static void another_one_after_an_answer(void **state)
{
	(void)state;
	an_hour();
	show(0, 1, true);
	pass(1000000);
	show(0, 2, true);
	pass(2600000);
	acknowledge(CONDITION_INSIDE_LONG, "");
	pass(999999);
	assert_int_equal(raised, 1);
	pass(1);
	assert_int_equal(raised, 2);
	assert_true(is_up(CONDITION_INSIDE_LONG, ""));
	assert_false(alarm_of(CONDITION_INSIDE_LONG, "")->acknowledged);
}

static void nobody_is_asked_where_there_is_no_time_to(void **state)
{
	(void)state;
	config.watch.inside_ms = 300000;
	start();
	show(0, 1, true);
	pass(299999);
	assert_int_equal(buzzes + raised, 0);
	pass(1);
	assert_int_equal(raised, 1);
	assert_int_equal(buzzes, 0);
}

static void nobody_looks(void **state)
{
	(void)state;
	start();
	show(0, 1, true);
	pass(7000000);
	assert_int_equal(raised, 0);
}

static void inside_since_before_the_restart(void **state)
{
	struct visit v = {.id = {77}, .opened_at = {1795392000000 + ROOM_START_MS - 3000000}};
	struct remembered r = {.ledger_ok = true, .visits = 1, .visit = &v};

	(void)state;
	config.watch.inside_ms = 3600000;
	start_with(&r);
	until(ROOM_START_MS + 599999);
	assert_int_equal(raised, 0);
	pass(1);
	assert_int_equal(raised, 1);
	room_setup(NULL);
	config.watch.inside_ms = 1000000;
	start_with(&r);
	assert_int_equal(raised, 1);
	assert_int_equal(buzzes, 0);
}

static void the_longest_time(void **state)
{
	(void)state;
	config.watch.inside_ms = INT64_MAX;
	config.watch.refusals_ms = INT64_MAX;
	config.watch.refusals = 1;
	config.watch.empty_grace_ms = INT64_MAX;
	sensor(SENSOR_MOTION, "it")->stale_ms = INT64_MAX;
	start();
	hear(0, 1);
	show(0, 1, true);
	show(0, 1, false);
	assert_true(is_up(CONDITION_MANY_REFUSALS, "front"));
	pass(7100000);
	all_leave();
	pass(7000000);
	assert_int_equal(raised, 1);
}

/* --- faults
 * ------------------------------------------------------------------------------------ */

static void fault(enum condition condition, const char *name, bool failing)
{
	struct event e = event_of(EVENT_FAULT);

	e.fault.condition = condition;
	e.fault.failing = failing;
	snprintf(e.fault.place.name, sizeof(e.fault.place.name), "%s", name);
	step(&e);
}

static const struct {
	enum condition condition;
	const char *place;
	int64_t debounce_ms;
	uint32_t parts;
} faults[] = {
	{CONDITION_READER_LOST, "front", 60000, READERS_MAX},
	{CONDITION_CAMERA_LOST, "yard", 60000, CAMERAS_MAX},
	{CONDITION_ROAD_FAILING, "gateway", 0, SMS_ROADS},
	{CONDITION_DISK_FAILING, "", 0, 1},
	{CONDITION_SYNC_STALE, "", 0, 1},
};

static void each_fault_at_its_millisecond(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < ARRAY_LEN(faults); i++) {
		enum condition c = faults[i].condition;

		room_setup(NULL);
		start();
		fault(c, faults[i].place, true);
		if (faults[i].debounce_ms > 0) {
			pass(faults[i].debounce_ms - 1);
			assert_false(is_up(c, faults[i].place));
			pass(1);
		}
		assert_true(is_up(c, faults[i].place));
		fault(c, faults[i].place, true); /* said again */
		assert_int_equal(raised, 1);
		fault(c, faults[i].place, false);
		assert_false(is_up(c, faults[i].place));
		fault(c, faults[i].place, false);
		assert_int_equal(cleared, 1);
	}
}

static void well_again_in_time(void **state)
{
	(void)state;
	start();
	fault(CONDITION_CAMERA_LOST, "yard", true);
	pass(59999);
	fault(CONDITION_CAMERA_LOST, "yard", false);
	pass(1);
	fault(CONDITION_CAMERA_LOST, "yard", true); /* begins anew */
	pass(59999);
	assert_int_equal(raised, 0);
	pass(1);
	assert_int_equal(raised, 1);
}

static void no_more_parts_than_there_are(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < ARRAY_LEN(faults); i++) {
		room_setup(NULL);
		start();
		for (uint32_t j = 0; j < 1000; j++) {
			char name[PLACE_MAX_LEN + 1];

			snprintf(name, sizeof(name), "part-%u", j);
			fault(faults[i].condition, name, true);
		}
		pass(60000);
		assert_int_equal(raised, faults[i].parts);
		for (uint32_t j = 0; j < 1000; j++) {
			char name[PLACE_MAX_LEN + 1];

			snprintf(name, sizeof(name), "part-%u", j);
			fault(faults[i].condition, name, false);
		}
		pass(60000);
		assert_int_equal(cleared, faults[i].parts);
		fault(faults[i].condition, "one-more", true);
		pass(60000);
		assert_int_equal(raised, faults[i].parts + 1);
	}
}

static void what_is_no_fault(void **state)
{
	static const int64_t conditions[] = {-1, 0, CONDITIONS, CONDITIONS + 1, 1000000, INT32_MAX};

	(void)state;
	start();
	for (int i = 0; i < CONDITIONS; i++) {
		bool known = false;

		for (uint32_t j = 0; j < ARRAY_LEN(faults); j++)
			known |= faults[j].condition == (enum condition)i;
		if (!known)
			fault((enum condition)i, "it", true);
	}
	for (uint32_t i = 0; i < ARRAY_LEN(conditions); i++)
		fault((enum condition)conditions[i], "it", true);
	pass(100000);
	assert_int_equal(raised, 0);
	assert_int_equal(shop.watches.faults, 0);
}

/* Whoever has taken courierd over says anything as often as he likes. */
static void faults_in_a_storm(void **state)
{
	(void)state;
	start();
	for (uint32_t i = 0; i < 6000; i++) { /* ten minutes */
		char name[PLACE_MAX_LEN + 1];

		snprintf(name, sizeof(name), "road-%u", i / 2 % 5);
		fault(CONDITION_ROAD_FAILING, name, i % 2 == 0);
		pass(100);
	}
	assert_in_range(raised, 4, 2 * 11);
	for (uint32_t i = 0; i < 5; i++) {
		char name[PLACE_MAX_LEN + 1];

		snprintf(name, sizeof(name), "road-%u", i);
		fault(CONDITION_ROAD_FAILING, name, false);
	}
	pass(60000);
	assert_int_equal(raised, cleared);
	pass(60000);
	fault(CONDITION_ROAD_FAILING, "gateway", true);
	fault(CONDITION_ROAD_FAILING, "modem", true);
	assert_true(is_up(CONDITION_ROAD_FAILING, "gateway"));
	assert_true(is_up(CONDITION_ROAD_FAILING, "modem"));
}

static void a_fault_outlives_the_program(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < ARRAY_LEN(faults); i++) {
		struct entry_alarm row = {.alarm = {9},
					  .code = 123456,
					  .condition = faults[i].condition,
					  .severity = SEVERITY_WARNING,
					  .state = ALARM_ESCALATED};
		struct remembered r = {.ledger_ok = true, .alarms = 1, .alarm = &row};

		room_setup(NULL);
		snprintf(row.place.name, sizeof(row.place.name), "%s", faults[i].place);
		start_with(&r);
		pass(1000000);
		assert_true(is_up(faults[i].condition, faults[i].place));
		fault(faults[i].condition, faults[i].place, true);
		pass(100000);
		assert_int_equal(raised, 0);
		fault(faults[i].condition, faults[i].place, false);
		assert_false(is_up(faults[i].condition, faults[i].place));
	}
}

static void recall(enum condition condition, const char *name)
{
	struct entry_alarm row = {.alarm = {9},
				  .code = 123456,
				  .condition = condition,
				  .severity = SEVERITY_WARNING,
				  .state = ALARM_NOTIFIED};
	struct remembered r = {.ledger_ok = true, .alarms = 1, .alarm = &row};

	room_setup(NULL);
	snprintf(row.place.name, sizeof(row.place.name), "%s", name);
	start_with(&r);
}

static void courier_comes(void)
{
	struct event e = event_of(EVENT_COURIER_UP);

	step(&e);
}

/* A camera that broke, and was taken out of the configuration. */
static void a_part_that_was_taken_away(void **state)
{
	static const struct {
		enum condition condition;
		const char *place;
	} parts[] = {{CONDITION_CAMERA_LOST, "yard"}, {CONDITION_ROAD_FAILING, "modem"}};

	(void)state;
	for (uint32_t i = 0; i < ARRAY_LEN(parts); i++) {
		recall(parts[i].condition, parts[i].place);
		pass(3 * (int64_t)WATCH_DOUBT_MS); /* nobody is there who could name it */
		assert_true(is_up(parts[i].condition, parts[i].place));
		courier_comes();
		pass(WATCH_DOUBT_MS - 1);
		assert_true(is_up(parts[i].condition, parts[i].place));
		pass(1);
		assert_false(is_up(parts[i].condition, parts[i].place));
	}
}

static void a_part_that_is_named_again(void **state)
{
	(void)state;
	recall(CONDITION_CAMERA_LOST, "yard");
	courier_comes();
	fault(CONDITION_CAMERA_LOST, "yard", true);
	pass(3 * (int64_t)WATCH_DOUBT_MS);
	assert_true(is_up(CONDITION_CAMERA_LOST, "yard"));
	assert_int_equal(raised, 0);
	courier_comes();
	pass(1000);
	fault(CONDITION_CAMERA_LOST, "yard", false);
	assert_false(is_up(CONDITION_CAMERA_LOST, "yard"));
}

static void a_reader_that_was_taken_away(void **state)
{
	(void)state;
	recall(CONDITION_READER_LOST, "cellar");
	assert_false(is_up(CONDITION_READER_LOST, "cellar"));
	recall(CONDITION_READER_LOST, "back");
	assert_true(is_up(CONDITION_READER_LOST, "back"));
}

static void courierd_knows_nothing_of_our_disk(void **state)
{
	(void)state;
	start();
	fault(CONDITION_DISK_FAILING, "", true);
	fault(CONDITION_READER_LOST, "front", true);
	courier_comes();
	pass(3 * (int64_t)WATCH_DOUBT_MS);
	assert_true(is_up(CONDITION_DISK_FAILING, ""));
	assert_true(is_up(CONDITION_READER_LOST, "front"));
}

int main(void)
{
#define T(name) cmocka_unit_test_setup(name, room_setup)
	const struct CMUnitTest tests[] = {
		T(so_many_refusals),
		T(within_so_long),
		T(each_door_for_itself),
		T(the_admitted_do_not_count),
		T(not_watched),
		T(a_thousand_are_one_alarm),
		T(refusals_outlive_the_program),
		T(inside_for_too_long),
		T(gone_in_time),
		T(one_of_several),
		T(another_one_after_an_answer),
		T(nobody_is_asked_where_there_is_no_time_to),
		T(nobody_looks),
		T(inside_since_before_the_restart),
		T(the_longest_time),
		T(each_fault_at_its_millisecond),
		T(well_again_in_time),
		T(no_more_parts_than_there_are),
		T(what_is_no_fault),
		T(faults_in_a_storm),
		T(a_fault_outlives_the_program),
		T(a_part_that_was_taken_away),
		T(a_part_that_is_named_again),
		T(a_reader_that_was_taken_away),
		T(courierd_knows_nothing_of_our_disk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
