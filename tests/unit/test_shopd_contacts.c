/*
 * test_shopd_contacts.c: a door with two contacts, on the simulated chip: what a hand does to the
 * door moves both, what a burglar does to a wire moves one.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "shopd_bench.h"

#include "core/alarm.h"
#include "loop/loop.h"

static int tear_down(void **state)
{
	(void)state;
	bench_stop();
	bench_remove();
	return 0;
}

/* The second contact, by hand: true = open, as it is while the door is shut. */
static enum simchip_say second_is(bool lost, bool open)
{
	struct simchip_message m = {
		.version = SIMCHIP_VERSION, .say = SIM_SENSE, .level = !lost, .at_us = open};
	struct pollfd answered;
	struct caller c;

	snprintf(m.door, sizeof(m.door), "second");
	caller_connect(&c, "chip.sock");
	assert_int_equal(send(c.fd, &m, SIMCHIP_HEAD_SIZE, MSG_NOSIGNAL), SIMCHIP_HEAD_SIZE);
	answered = (struct pollfd){.fd = c.fd, .events = POLLIN};
	assert_int_equal(poll(&answered, 1, PATIENCE_MS), 1);
	assert_true(recv(c.fd, &m, sizeof(m), 0) >= (ssize_t)SIMCHIP_HEAD_SIZE);
	caller_leave(&c);
	return (enum simchip_say)m.say;
}

static const struct door *door(void)
{
	return &shell.shop.door[0];
}

static bool alarm_up(enum condition condition)
{
	struct place front = shell.shop.config.door[0].place;

	return alarm_find(&shell.shop.alarms, condition, &front) != NULL;
}

static void turn_for(int64_t ms)
{
	struct mono end = mono_add(loop_mono(), ms);

	while (!mono_due(loop_mono(), end))
		turn();
}

static void make(void)
{
	bench_make("");
	snprintf(shell.config.door[0].contact_2, GPIO_LINE_NAME_MAX, "sensor-second");
	chip_start();
	bench_start();
	until(second_is(false, true) == SIM_OK); /* before it is believed to be closed */
	until(door()->physical == PHYSICAL_CLOSED);
}

static void test_a_door_moves_both(void **state)
{
	(void)state;
	make();
	assert_int_equal(chip_hand(HAND_EXIT), SIM_OK);
	assert_int_equal(second_is(false, false), SIM_OK);
	until(door()->physical == PHYSICAL_OPEN);
	turn_for(1200);
	assert_int_equal(door()->physical, PHYSICAL_OPEN);
	assert_false(alarm_up(CONDITION_TAMPER));
	assert_int_equal(second_is(false, true), SIM_OK);
	assert_int_equal(chip_hand(HAND_CLOSE), SIM_OK);
	until(door()->physical == PHYSICAL_CLOSED);
	turn_for(1200);
	assert_int_equal(door()->physical, PHYSICAL_CLOSED);
	assert_false(logged_that("contradict"));
}

/* The first contact's wire is shorted: it says shut for ever. Then the door is opened. */
static void test_a_shorted_wire_is_tampering(void **state)
{
	(void)state;
	make();
	assert_int_equal(second_is(false, false), SIM_OK);
	until(alarm_up(CONDITION_TAMPER));
	assert_int_equal(door()->physical, PHYSICAL_FAULT);
	assert_true(logged_that("its contacts contradict each other"));
	/* rattling at the one contact tells nothing while the other is not believed */
	assert_int_equal(second_is(false, true), SIM_OK);
	until(door()->physical == PHYSICAL_CLOSED);
	assert_true(logged_that("its contacts agree again"));
	assert_true(alarm_up(CONDITION_TAMPER)); /* until a person has answered */
}

/* The second contact's wire is cut: it says open, also while the door stands open. */
static void test_a_cut_wire_of_the_second(void **state)
{
	(void)state;
	make();
	assert_int_equal(chip_hand(HAND_FORCE), SIM_OK);
	until(door()->physical == PHYSICAL_OPEN); /* by the first, at once */
	until(door()->physical == PHYSICAL_FAULT);
	until(alarm_up(CONDITION_TAMPER));
}

static void test_a_second_that_is_not_there(void **state)
{
	(void)state;
	make();
	assert_int_equal(second_is(true, true), SIM_OK);
	until(alarm_up(CONDITION_SENSOR_FAILING));
	assert_false(alarm_up(CONDITION_TAMPER));
	/* the first goes on alone */
	assert_int_equal(chip_hand(HAND_EXIT), SIM_OK);
	until(door()->physical == PHYSICAL_OPEN);
	assert_int_equal(chip_hand(HAND_CLOSE), SIM_OK);
	until(door()->physical == PHYSICAL_CLOSED);
	until(second_is(false, true) == SIM_OK);
	until(!alarm_up(CONDITION_SENSOR_FAILING));
	assert_int_equal(door()->physical, PHYSICAL_CLOSED);
}

static void test_the_chip_goes_and_comes(void **state)
{
	(void)state;
	make();
	assert_int_equal(chip_hand(HAND_UNPLUG), SIM_OK);
	until(door()->physical == PHYSICAL_FAULT);
	until(door()->physical == PHYSICAL_CLOSED);
	turn_for(1200);
	assert_int_equal(door()->physical, PHYSICAL_CLOSED);
	assert_false(alarm_up(CONDITION_TAMPER));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_a_door_moves_both, tear_down),
		cmocka_unit_test_teardown(test_a_shorted_wire_is_tampering, tear_down),
		cmocka_unit_test_teardown(test_a_cut_wire_of_the_second, tear_down),
		cmocka_unit_test_teardown(test_a_second_that_is_not_there, tear_down),
		cmocka_unit_test_teardown(test_the_chip_goes_and_comes, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
