/* test_core_sensor.c: the sensors of the room: beyond a bound for long enough, well again for long
 * enough, silent for too long; each at its millisecond, and never more often than once. */
#include "core_room.h"

#include <stdlib.h>

/* Every kind, a value that is beyond and one that is well. */
static const struct {
	enum sensor_kind kind;
	enum condition condition;
	int64_t high, low, beyond, well;
} kinds[] = {
	{SENSOR_FRIDGE, CONDITION_FRIDGE_WARM, 8000, SENSOR_NO_BOUND, 8001, 7500},
	{SENSOR_FREEZER, CONDITION_FREEZER_WARM, -15000, SENSOR_NO_BOUND, -14999, -15500},
	{SENSOR_ROOM, CONDITION_ROOM_COLD, SENSOR_NO_BOUND, 5000, 4999, 5500},
	{SENSOR_HUMIDITY, CONDITION_HUMID, 70000, SENSOR_NO_BOUND, 70001, 69500},
	{SENSOR_CO2, CONDITION_CO2_HIGH, 1400000, SENSOR_NO_BOUND, 1400001, 1399500},
	{SENSOR_WATER, CONDITION_WATER, 0, SENSOR_NO_BOUND, 1, 0},
	{SENSOR_MOTION, CONDITION_MOTION, 0, SENSOR_NO_BOUND, 1, 0},
	{SENSOR_POWER, CONDITION_POWER_LOST, 0, SENSOR_NO_BOUND, 1, 0},
	{SENSOR_BATTERY, CONDITION_BATTERY_LOW, 0, SENSOR_NO_BOUND, 1, 0},
};

static struct sensor_config *of_kind(uint32_t i, int64_t debounce_ms)
{
	struct sensor_config *c;

	room_setup(NULL);
	c = sensor(kinds[i].kind, "it");
	c->high = kinds[i].high;
	c->low = kinds[i].low;
	c->debounce_ms = debounce_ms;
	return c;
}

static enum sensor_state state_now(void)
{
	return shop.sensors.sensor[0].state;
}

/* --- beyond and well
 * ------------------------------------------------------------------------------------ */

static void each_kind_at_its_millisecond(void **state)
{
	(void)state;
	assert_int_equal(ARRAY_LEN(kinds), SENSOR_KINDS);
	for (uint32_t i = 0; i < SENSOR_KINDS; i++) {
		assert_int_equal(sensor_condition(kinds[i].kind), kinds[i].condition);
		of_kind(i, 60000);
		start();
		assert_int_equal(state_now(), SENSOR_UNKNOWN);
		hear(0, kinds[i].well);
		assert_int_equal(state_now(), SENSOR_OK);
		hear(0, kinds[i].beyond);
		assert_int_equal(state_now(), SENSOR_BEYOND);
		pass(59999);
		assert_false(is_up(kinds[i].condition, "it"));
		pass(1);
		assert_true(is_up(kinds[i].condition, "it"));
		assert_int_equal(state_now(), SENSOR_ALARM);
		hear(0, kinds[i].well);
		pass(59999);
		assert_true(is_up(kinds[i].condition, "it"));
		assert_int_equal(state_now(), SENSOR_ALARM);
		pass(1);
		assert_false(is_up(kinds[i].condition, "it"));
		assert_int_equal(state_now(), SENSOR_OK);
	}
}

static void back_one_below_is_no_alarm(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < SENSOR_KINDS; i++) {
		of_kind(i, 60000);
		start();
		hear(0, kinds[i].beyond);
		pass(59999);
		hear(0, kinds[i].well);
		pass(1000);
		hear(0, kinds[i].beyond); /* begins anew */
		pass(59999);
		assert_int_equal(raised, 0);
		pass(1);
		assert_int_equal(raised, 1);
	}
}

static void without_debounce_it_is_told_in_its_step(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < SENSOR_KINDS; i++) {
		of_kind(i, 0);
		start();
		hear(0, kinds[i].beyond);
		assert_true(is_up(kinds[i].condition, "it"));
		hear(0, kinds[i].well);
		assert_false(is_up(kinds[i].condition, "it"));
	}
}

static void a_machine_that_came_late_sees_it_too(void **state)
{
	(void)state;
	of_kind(0, 60000);
	start();
	hear(0, 9000);
	now_ms += 300000; /* and nobody stepped at the deadline */
	hear(0, 4000);
	assert_int_equal(raised, 1);
}

static void the_bound_itself_is_within(void **state)
{
	struct sensor_config *c;

	(void)state;
	c = of_kind(0, 0);
	c->low = 1000;
	start();
	hear(0, 8000);
	hear(0, 1000);
	assert_int_equal(raised, 0);
	hear(0, 999);
	assert_int_equal(raised, 1);
	assert_int_equal(state_now(), SENSOR_ALARM);
	hear(0, 1499); /* not back by the hysteresis */
	pass(500000);
	assert_true(is_up(CONDITION_FRIDGE_WARM, "it"));
	hear(0, 1500);
	assert_false(is_up(CONDITION_FRIDGE_WARM, "it"));
}

static void what_flutters_makes_one_alarm(void **state)
{
	(void)state;
	of_kind(0, 60000);
	start();
	for (int i = 0; i < 500; i++) {
		hear(0, i % 2 ? 8001 : 7999);
		pass(7000);
	}
	assert_int_equal(raised, 1);
	assert_int_equal(cleared, 0);
	hear(0, 7500);
	pass(60000);
	assert_int_equal(cleared, 1);
}

/* A fridge that was open for a moment and cools down slowly is within its bound all the while. */
static void just_within_is_no_alarm(void **state)
{
	(void)state;
	of_kind(0, 60000);
	start();
	hear(0, 8001);
	pass(1000);
	hear(0, 7900);
	pass(500000);
	assert_int_equal(raised, 0);
	assert_int_equal(state_now(), SENSOR_BEYOND);
	hear(0, 8001); /* it was not well since */
	assert_int_equal(raised, 1);
}

static void the_compressor_may_swing(void **state)
{
	(void)state;
	of_kind(0, 60000);
	start();
	hear(0, 9000);
	pass(60000);
	hear(0, 7400); /* well, then just not, and never beyond */
	pass(25000);
	hear(0, 7600);
	pass(60000);
	assert_true(is_up(CONDITION_FRIDGE_WARM, "it"));
	hear(0, 7400);
	assert_false(is_up(CONDITION_FRIDGE_WARM, "it"));
}

/* A wet wire, a mains that flickers: what goes on and off is told once a minute at most. */
static void a_storm_is_a_few_alarms(void **state)
{
	(void)state;
	of_kind(5, 0);
	start();
	for (int i = 0; i < 6000; i++) { /* ten minutes */
		hear(0, i % 2);
		pass(100);
	}
	assert_in_range(raised, 2, 11);
	hear(0, 0);
	pass(SENSOR_RESTLESS_MS);
	assert_false(is_up(CONDITION_WATER, "it"));
}

/* --- silence
 * ------------------------------------------------------------------------------------ */

static void silence_from_the_start_on(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < SENSOR_KINDS; i++) {
		of_kind(i, 60000);
		start();
		until(ROOM_START_MS + 599999);
		assert_false(is_up(CONDITION_SENSOR_LOST, "it"));
		assert_int_equal(state_now(), SENSOR_UNKNOWN);
		pass(1);
		assert_true(is_up(CONDITION_SENSOR_LOST, "it"));
		assert_int_equal(state_now(), SENSOR_STALE);
		hear(0, kinds[i].well);
		assert_false(is_up(CONDITION_SENSOR_LOST, "it"));
		assert_int_equal(state_now(), SENSOR_OK);
	}
}

static void silence_after_a_word(void **state)
{
	(void)state;
	of_kind(0, 60000);
	start();
	pass(400000);
	hear(0, 4000);
	pass(599999);
	assert_int_equal(state_now(), SENSOR_OK);
	pass(1);
	assert_int_equal(state_now(), SENSOR_STALE);
	assert_true(is_up(CONDITION_SENSOR_LOST, "it"));
	assert_int_equal(shop.sensors.sensor[0].value, 4000); /* shown with its age */
	assert_int_equal(shop.sensors.sensor[0].heard_at.ms, ROOM_START_MS + 400000);
}

static void said_to_be_lost(void **state)
{
	(void)state;
	of_kind(0, 60000);
	start();
	lose(0);
	assert_true(is_up(CONDITION_SENSOR_LOST, "it"));
	lose(0);
	assert_int_equal(raised, 1);
	hear(0, 4000);
	assert_false(is_up(CONDITION_SENSOR_LOST, "it"));
	assert_int_equal(cleared, 1);
}

static void an_alarm_outlives_its_sensor(void **state)
{
	(void)state;
	of_kind(0, 60000);
	start();
	hear(0, 9000);
	pass(60000);
	lose(0);
	pass(86400000);
	assert_true(is_up(CONDITION_FRIDGE_WARM, "it"));
	assert_true(is_up(CONDITION_SENSOR_LOST, "it"));
	assert_int_equal(state_now(), SENSOR_STALE);
	hear(0, 9000);
	assert_int_equal(state_now(), SENSOR_ALARM);
	hear(0, 4000);
	pass(60000);
	assert_false(is_up(CONDITION_FRIDGE_WARM, "it"));
	assert_int_equal(raised, 2);
}

/* An old value proves nothing: neither that it is warm, nor that it is well. */
static void silence_neither_raises_nor_clears(void **state)
{
	(void)state;
	of_kind(0, 60000);
	start();
	hear(0, 9000);
	pass(1000);
	lose(0);
	pass(3600000);
	assert_false(is_up(CONDITION_FRIDGE_WARM, "it"));
	hear(0, 9000); /* and it was never well since */
	assert_true(is_up(CONDITION_FRIDGE_WARM, "it"));
	hear(0, 4000);
	pass(59999);
	lose(0);
	pass(3600000);
	assert_true(is_up(CONDITION_FRIDGE_WARM, "it"));
	hear(0, 4000);
	pass(59999);
	assert_true(is_up(CONDITION_FRIDGE_WARM, "it"));
	pass(1);
	assert_false(is_up(CONDITION_FRIDGE_WARM, "it"));
}

static void lost_and_found_in_a_storm(void **state)
{
	(void)state;
	of_kind(0, 60000);
	start();
	for (int i = 0; i < 3000; i++) { /* ten minutes */
		lose(0);
		pass(100);
		hear(0, 4000);
		pass(100);
	}
	assert_in_range(raised, 2, 11);
	pass(SENSOR_RESTLESS_MS);
	assert_false(is_up(CONDITION_SENSOR_LOST, "it"));
	assert_int_equal(raised, cleared);
	assert_int_equal(state_now(), SENSOR_OK);
}

static void never_stale_where_nothing_is_said_of_it(void **state)
{
	(void)state;
	of_kind(0, 60000)->stale_ms = 0;
	start();
	assert_int_equal(shop_deadline(&shop).ms, MONO_NEVER.ms);
	pass(86400000);
	assert_int_equal(raised, 0);
}

/* --- the buzzers
 * ------------------------------------------------------------------------------------ */

static void the_buzzers_warn_once(void **state)
{
	(void)state;
	of_kind(0, 60000)->pre_ms = 20000;
	start();
	hear(0, 9000);
	pass(19999);
	assert_int_equal(buzzes, 0);
	pass(1);
	assert_true(buzzer[0] && buzzer[1]);
	pass(2999);
	assert_true(buzzer[0] && buzzer[1]);
	pass(1);
	assert_false(buzzer[0] || buzzer[1]);
	pass(500000);
	assert_int_equal(buzzes, 2);
	hear(0, 4000);
	pass(1000);
	hear(0, 9000); /* another time beyond */
	pass(20000);
	assert_int_equal(buzzes, 4);
	pass(3000);
	assert_false(buzzer[0] || buzzer[1]);
}

static void back_in_time_is_not_warned_of(void **state)
{
	(void)state;
	of_kind(0, 60000)->pre_ms = 20000;
	start();
	hear(0, 9000);
	pass(19999);
	hear(0, 4000);
	pass(60000);
	assert_int_equal(buzzes, 0);
}

static void a_door_keeps_its_own_buzzer(void **state)
{
	(void)state;
	of_kind(0, 60000)->pre_ms = 20000;
	start();
	hear(0, 9000);
	pass(14000);
	part(0, PART_CONTACT, true); /* forced, and it stands open: it buzzes from 19 s on */
	pass(6000);
	assert_true(buzzer[0] && buzzer[1]);
	pass(10000);
	assert_true(buzzer[0]);
	assert_false(buzzer[1]);
	part(0, PART_CONTACT, false);
	pass(1000);
	assert_false(buzzer[0]);
}

static void a_door_that_shuts_leaves_the_warning(void **state)
{
	(void)state;
	of_kind(0, 60000)->pre_ms = 20000;
	start();
	hear(0, 9000);
	pass(14000);
	part(0, PART_CONTACT, true);
	pass(6000);
	part(0, PART_CONTACT, false);
	pass(2999);
	assert_true(buzzer[0] && buzzer[1]);
	pass(1);
	assert_false(buzzer[0] || buzzer[1]);
}

static void a_stop_ends_the_warning(void **state)
{
	struct event e;

	(void)state;
	of_kind(0, 60000)->pre_ms = 20000;
	start();
	hear(0, 9000);
	pass(20000);
	e = event_of(EVENT_STOP);
	step(&e);
	assert_false(buzzer[0] || buzzer[1]);
	assert_int_equal(shop_deadline(&shop).ms, MONO_NEVER.ms);
}

/* --- motion
 * ------------------------------------------------------------------------------------ */

static void motion_in_a_shop_with_grace(int64_t grace_ms)
{
	of_kind(6, 0);
	config.watch.empty_grace_ms = grace_ms;
	start();
}

static void motion_after_the_start(void **state)
{
	(void)state;
	motion_in_a_shop_with_grace(120000);
	hear(0, 1); /* who may have been inside before */
	assert_false(is_up(CONDITION_MOTION, "it"));
	until(ROOM_START_MS + 119999);
	assert_false(is_up(CONDITION_MOTION, "it"));
	pass(1);
	assert_true(is_up(CONDITION_MOTION, "it"));
}

static void motion_is_a_members_right(void **state)
{
	(void)state;
	motion_in_a_shop_with_grace(120000);
	show(0, 1, true);
	assert_int_equal(shop.visits.count, 1);
	pass(500000);
	hear(0, 1);
	pass(100000);
	assert_false(is_up(CONDITION_MOTION, "it"));
	assert_int_equal(state_now(), SENSOR_OK);
	hear(0, 0);
	all_leave();
	pass(119998);
	hear(0, 1);
	pass(1);
	assert_false(is_up(CONDITION_MOTION, "it"));
	pass(1);
	assert_true(is_up(CONDITION_MOTION, "it"));
	show(0, 2, true); /* whoever comes in now has a right to move */
	assert_false(is_up(CONDITION_MOTION, "it"));
}

static void motion_under_a_persons_word(void **state)
{
	static const enum command words[] = {COMMAND_PROP, COMMAND_UNLOCK, COMMAND_RELEASE};

	(void)state;
	for (uint32_t i = 0; i < ARRAY_LEN(words); i++) {
		int64_t since_ms;

		motion_in_a_shop_with_grace(120000);
		pass(500000);
		command(1, words[i]);
		hear(0, 1);
		pass(5000);
		assert_false(is_up(CONDITION_MOTION, "it"));
		if (words[i] == COMMAND_RELEASE) {
			since_ms = now_ms + 500 + config.door[1].debounce_ms;
		} else {
			pass(5000);
			command(1, COMMAND_LOCK);
			since_ms = now_ms;
		}
		until(since_ms + 119999);
		assert_false(is_up(CONDITION_MOTION, "it"));
		pass(1);
		assert_true(is_up(CONDITION_MOTION, "it"));
	}
}

static void motion_while_somebody_goes_out(void **state)
{
	(void)state;
	motion_in_a_shop_with_grace(60000);
	pass(59000); /* an owner who has closed his visit, and goes home now */
	part(0, PART_REX, true);
	pass(100);
	part(0, PART_REX, false);
	part(0, PART_CONTACT, true);
	hear(0, 1);
	pass(2000);
	part(0, PART_CONTACT, false);
	hear(0, 0);
	pass(60000);
	assert_false(is_up(CONDITION_MOTION, "it"));
	hear(0, 1);
	pass(1000);
	assert_true(is_up(CONDITION_MOTION, "it"));
}

static void motion_after_a_forced_door(void **state)
{
	(void)state;
	motion_in_a_shop_with_grace(60000);
	pass(60000);
	part(0, PART_CONTACT, true);
	pass(2000);
	assert_true(is_up(CONDITION_FORCED, "front"));
	hear(0, 1);
	assert_true(is_up(CONDITION_MOTION, "it"));
}

static void motion_waits_for_its_debounce(void **state)
{
	(void)state;
	motion_in_a_shop_with_grace(60000);
	shop.config.sensor[0].debounce_ms = 5000;
	hear(0, 1);
	until(ROOM_START_MS + 64999);
	assert_false(is_up(CONDITION_MOTION, "it"));
	pass(1);
	assert_true(is_up(CONDITION_MOTION, "it"));
}

/* --- after a restart
 * ------------------------------------------------------------------------------------ */

static void restart_with(enum condition condition)
{
	struct entry_alarm row = {.alarm = {9},
				  .code = 123456,
				  .condition = condition,
				  .place = {"it"},
				  .severity = SEVERITY_URGENT,
				  .state = ALARM_NOTIFIED};
	struct remembered r = {.ledger_ok = true, .alarms = 1, .alarm = &row};

	start_with(&r);
}

static void an_alarm_outlives_the_program(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < SENSOR_KINDS; i++) {
		of_kind(i, 60000);
		restart_with(kinds[i].condition);
		assert_true(is_up(kinds[i].condition, "it"));
		assert_int_equal(state_now(), SENSOR_UNKNOWN);
		pass(300000);
		assert_true(is_up(kinds[i].condition, "it"));
		hear(0, kinds[i].well);
		assert_int_equal(state_now(), SENSOR_ALARM);
		pass(59999);
		assert_true(is_up(kinds[i].condition, "it"));
		pass(1);
		assert_false(is_up(kinds[i].condition, "it"));
	}
}

static void so_does_its_loss(void **state)
{
	(void)state;
	of_kind(0, 60000);
	restart_with(CONDITION_SENSOR_LOST);
	assert_true(is_up(CONDITION_SENSOR_LOST, "it"));
	pass(700000);
	assert_int_equal(raised, 0); /* it is the same loss */
	hear(0, 4000);
	assert_false(is_up(CONDITION_SENSOR_LOST, "it"));
}

/* The freezer stands where the fridge stood, and has its name. */
static void another_sensor_of_that_name(void **state)
{
	(void)state;
	of_kind(1, 60000);
	restart_with(CONDITION_FRIDGE_WARM);
	assert_null(alarm_of(CONDITION_FRIDGE_WARM, "it"));
	assert_int_equal(cleared, 1);
	of_kind(0, 60000);
	restart_with(CONDITION_MOTION); /* somebody has to have seen that */
	assert_non_null(alarm_of(CONDITION_MOTION, "it"));
	assert_false(is_up(CONDITION_MOTION, "it"));
}

/* --- numbers that nobody measures
 * ------------------------------------------------------------------------------------ */

static void the_ends_of_all_numbers(void **state)
{
	static const int64_t ends[] = {INT64_MIN, INT64_MIN + 1, -1,	   0,
				       1,	  INT64_MAX - 1, INT64_MAX};

	(void)state;
	for (uint32_t i = 0; i < SENSOR_KINDS; i++) {
		for (uint32_t high = 0; high < ARRAY_LEN(ends); high++)
			for (uint32_t low = 0; low <= high; low++) {
				struct sensor_config *c = of_kind(i, 0);

				c->high = ends[high];
				c->low = ends[low];
				c->hysteresis = ends[(high + low) % 4 + 3];
				c->debounce_ms = ends[low % 3 + 4] / (low % 2 + 1);
				c->pre_ms = INT64_MAX;
				c->stale_ms = INT64_MAX;
				start();
				for (uint32_t v = 0; v < ARRAY_LEN(ends); v++) {
					hear(0, ends[v]);
					pass(100000);
				}
				shop_deadline(&shop);
			}
	}
}

static void far_apart_is_far_apart(void **state)
{
	struct sensor_config *c;

	(void)state;
	c = of_kind(0, 0);
	c->high = INT64_MAX - 1;
	c->low = INT64_MIN + 1;
	c->hysteresis = INT64_MAX;
	start();
	hear(0, INT64_MAX);
	assert_true(is_up(CONDITION_FRIDGE_WARM, "it"));
	hear(0, 1); /* from the upper bound by two less than the hysteresis */
	assert_true(is_up(CONDITION_FRIDGE_WARM, "it"));
	hear(0, -1);
	assert_true(is_up(CONDITION_FRIDGE_WARM, "it"));
	hear(0, INT64_MIN);
	assert_int_equal(state_now(), SENSOR_ALARM);
}

static void no_such_sensor(void **state)
{
	(void)state;
	of_kind(0, 0);
	start();
	for (uint32_t i = 1; i < 256; i++) {
		hear((uint8_t)i, 9000);
		lose((uint8_t)i);
	}
	assert_int_equal(raised, 0);
}

static void all_at_once_find_room(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < SENSORS_MAX; i++) {
		char name[PLACE_MAX_LEN + 1];

		snprintf(name, sizeof(name), "fridge-%u", i);
		sensor(SENSOR_FRIDGE, name)->pre_ms = 30000;
	}
	start();
	for (uint8_t i = 0; i < SENSORS_MAX; i++)
		hear(i, 9000);
	pass(60000);
	for (uint32_t i = 0; i < SENSORS_MAX; i++)
		assert_true(is_up(CONDITION_FRIDGE_WARM, config.sensor[i].place.name));
	pass(600000);
	for (uint32_t i = 0; i < SENSORS_MAX; i++)
		assert_true(is_up(CONDITION_SENSOR_LOST, config.sensor[i].place.name));
}

static void a_text_knows_the_value(void **state)
{
	struct place it = {"it"}, other = {"other"};
	int64_t value = 0;

	(void)state;
	of_kind(0, 0);
	start();
	assert_false(sensors_value(&shop.sensors, &config, CONDITION_FRIDGE_WARM, &it, &value));
	hear(0, 9100);
	assert_true(sensors_value(&shop.sensors, &config, CONDITION_FRIDGE_WARM, &it, &value));
	assert_int_equal(value, 9100);
	assert_true(sensors_value(&shop.sensors, &config, CONDITION_SENSOR_LOST, &it, &value));
	assert_false(sensors_value(&shop.sensors, &config, CONDITION_HUMID, &it, &value));
	assert_false(sensors_value(&shop.sensors, &config, CONDITION_FRIDGE_WARM, &other, &value));
	of_kind(5, 0);
	start();
	hear(0, 1);
	assert_false(sensors_value(&shop.sensors, &config, CONDITION_WATER, &it, &value));
}

int main(void)
{
#define T(name) cmocka_unit_test_setup(name, room_setup)
	const struct CMUnitTest tests[] = {
		T(each_kind_at_its_millisecond),
		T(back_one_below_is_no_alarm),
		T(without_debounce_it_is_told_in_its_step),
		T(a_machine_that_came_late_sees_it_too),
		T(the_bound_itself_is_within),
		T(what_flutters_makes_one_alarm),
		T(just_within_is_no_alarm),
		T(the_compressor_may_swing),
		T(a_storm_is_a_few_alarms),
		T(silence_from_the_start_on),
		T(silence_after_a_word),
		T(said_to_be_lost),
		T(an_alarm_outlives_its_sensor),
		T(silence_neither_raises_nor_clears),
		T(lost_and_found_in_a_storm),
		T(never_stale_where_nothing_is_said_of_it),
		T(the_buzzers_warn_once),
		T(back_in_time_is_not_warned_of),
		T(a_door_keeps_its_own_buzzer),
		T(a_door_that_shuts_leaves_the_warning),
		T(a_stop_ends_the_warning),
		T(motion_after_the_start),
		T(motion_is_a_members_right),
		T(motion_under_a_persons_word),
		T(motion_while_somebody_goes_out),
		T(motion_after_a_forced_door),
		T(motion_waits_for_its_debounce),
		T(an_alarm_outlives_the_program),
		T(so_does_its_loss),
		T(another_sensor_of_that_name),
		T(the_ends_of_all_numbers),
		T(far_apart_is_far_apart),
		T(no_such_sensor),
		T(all_at_once_find_room),
		T(a_text_knows_the_value),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
