/*
 * test_shopd_office_command.c: what the office asks of the shop: doors, settings, an alarm that
 * somebody has seen to. courierd and the office are played by the test, ledger and catalogue are
 * the real ones.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sys/stat.h>

#include "shopd_office.h"

static void a_command_is_done_once_and_in_time(void **state)
{
	struct sync_change c = command_of_office(VERB_LOCKDOWN, 60000);
	struct entry e;

	(void)state;
	enrol();
	feed_first();
	assert_null(feed_one(&c));
	assert_int_equal(shell.shop.door[0].mode, DOOR_LOCKDOWN);
	until(recorded(ENTRY_COMMAND, &e));
	assert_int_equal(e.command.outcome, COMMAND_DONE);
	assert_int_equal(e.command.id, 77);
	assert_string_equal(e.command.by, "karin");
	assert_string_equal(e.command.place.name, "front");
	/* too late */
	c = command_of_office(VERB_LOCK, -1);
	c.command.id = 78;
	assert_null(feed_one(&c));
	assert_int_equal(shell.shop.door[0].mode, DOOR_LOCKDOWN);
	until(recorded(ENTRY_COMMAND, &e) && e.command.id == 78);
	assert_int_equal(e.command.outcome, COMMAND_EXPIRED);
	/* no such door */
	c = command_of_office(VERB_LOCK, 60000);
	c.command.id = 79;
	memcpy(c.command.door, "back", 5);
	assert_null(feed_one(&c));
	until(recorded(ENTRY_COMMAND, &e) && e.command.id == 79);
	assert_int_equal(e.command.outcome, COMMAND_REFUSED);
	/* by a clock that nobody trusts it is too late too */
	shell.clock_trusted = false;
	shell.clock_floor.ms = loop_wall().ms + 3600000;
	c = command_of_office(VERB_LOCK, 60000);
	c.command.id = 80;
	assert_null(feed_one(&c));
	until(recorded(ENTRY_COMMAND, &e) && e.command.id == 80);
	assert_int_equal(e.command.outcome, COMMAND_EXPIRED);
}

static const char *setting(const char *name, const char *value)
{
	struct sync_change c = {.kind = SYNC_SETTING};

	snprintf(c.setting.name, sizeof(c.setting.name), "%s", name);
	snprintf(c.setting.value, sizeof(c.setting.value), "%s", value);
	return feed_one(&c);
}

static void a_setting_holds_at_once(void **state)
{
	struct sync_change c = command_of_office(VERB_SET, 60000);
	struct entry e;

	(void)state;
	enrol();
	feed_first();
	assert_null(setting("hours.monday", "08:00-16:00"));
	assert_int_equal(shell.shop.config.hours[0].open, 480);
	assert_int_equal(shell.shop.config.hours[0].close, 960);
	assert_null(setting("occupancy_max", "3"));
	assert_int_equal(shell.shop.config.occupancy_max, 3);
	/* a typing error falls back to shopd.conf, and so does what is not said any more */
	log_forget();
	assert_null(setting("occupancy_max", "three"));
	assert_int_equal(shell.shop.config.occupancy_max, 0);
	assert_true(logged_that("shopd.conf holds"));
	assert_null(setting("hours.monday", ""));
	assert_int_equal(shell.shop.config.hours[0].close, 1440);
	/* a command sets it until the feed speaks of it */
	memcpy(c.command.setting.name, "occupancy_max", 14);
	memcpy(c.command.setting.value, "2", 2);
	assert_null(feed_one(&c));
	assert_int_equal(shell.shop.config.occupancy_max, 2);
	assert_null(setting("hours.sunday", "closed"));
	assert_int_equal(shell.shop.config.occupancy_max, 2);
	assert_null(setting("occupancy_max", "9"));
	assert_int_equal(shell.shop.config.occupancy_max, 9);
	memcpy(c.command.setting.value, "x", 2);
	c.command.id = 78;
	assert_null(feed_one(&c));
	until(recorded(ENTRY_COMMAND, &e) && e.command.id == 78);
	assert_int_equal(e.command.outcome, COMMAND_REFUSED);
	assert_string_equal(e.command.setting, "occupancy_max");
}

static const char *acknowledge(uint64_t id, const char *alarm)
{
	struct sync_change c = command_of_office(VERB_ACKNOWLEDGE, 60000);

	c.command.id = id;
	snprintf(c.command.setting.name, sizeof(c.command.setting.name), "alarm");
	snprintf(c.command.setting.value, sizeof(c.command.setting.value), "%s", alarm);
	return feed_one(&c);
}

static void an_alarm_is_acknowledged_from_afar(void **state)
{
	static const char *const none[] = {"0", "-1", "1x", "", "99999999999999999999", "4711"};
	struct event refused;
	const struct alarm *a;
	char number[24];
	struct entry e;

	(void)state;
	enrol();
	feed_first();
	refused = shopd_event(&shell, EVENT_CLOSE);
	refused.close.refused = true;
	shopd_step(&shell, &refused);
	a = alarm_find(&shell.shop.alarms, CONDITION_CLOSE_REFUSED, NULL);
	assert_non_null(a);
	for (uint64_t i = 0; i < ARRAY_LEN(none); i++) {
		assert_null(acknowledge(200 + i, none[i]));
		until(recorded(ENTRY_COMMAND, &e) && e.command.id == 200 + i);
		assert_int_equal(e.command.outcome, COMMAND_REFUSED);
	}
	assert_false(a->acknowledged);
	snprintf(number, sizeof(number), "%llu", (unsigned long long)a->id.n);
	assert_null(acknowledge(300, number));
	until(recorded(ENTRY_COMMAND, &e) && e.command.id == 300);
	assert_int_equal(e.command.outcome, COMMAND_DONE);
	assert_string_equal(e.command.value, number);
	assert_string_equal(e.command.place.name, "");
	assert_true(a->acknowledged);
	assert_string_equal(a->by, e.command.by);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, office_set_up, office_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(a_command_is_done_once_and_in_time),
		TEST(a_setting_holds_at_once),
		TEST(an_alarm_is_acknowledged_from_afar),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
