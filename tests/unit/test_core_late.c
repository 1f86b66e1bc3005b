/* test_core_late.c: a ledger that does not open at the start, and does later: what it remembers
 * holds from then on, but not against what a person has said meanwhile. */
#include "core/shop.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static struct shop shop;
static struct effects effects;
static const struct entry_door locked_down[] = {
	{.place = {"front"}, .event = DOOR_EVENT_MODE, .mode = DOOR_LOCKDOWN},
	{.place = {"yard"}, .event = DOOR_EVENT_MODE, .mode = DOOR_LOCKDOWN},
};

static struct event event_of(enum event_kind kind)
{
	struct event e;

	memset(&e, 0, sizeof(e));
	e.kind = kind;
	e.now = (struct now){{1000000}, {1795392000000}, true, 600, {20780}};
	e.draw.visit_low = 0xabcdef0123456789;
	e.draw.alarm_code = 123456;
	return e;
}

static const struct entry_alarm *alarm_row(void)
{
	for (uint32_t i = 0; i < effects.records; i++)
		if (effects.record[i].entry.kind == ENTRY_ALARM)
			return &effects.record[i].entry.alarm;
	return NULL;
}

static int start_without(void **state)
{
	struct shop_config c = {.shop = {"viken"}, .doors = 2};
	struct event e = event_of(EVENT_START);

	(void)state;
	c.door[0] = c.door[1] = door_config_default();
	c.door[0].place = (struct place){"front"};
	c.door[1].place = (struct place){"yard"};
	shop_init(&shop, &c);
	shop_step(&shop, &e, &effects);
	return 0;
}

static void become_well(uint64_t last_alarm)
{
	struct event e = event_of(EVENT_LEDGER);

	e.ledger.news = LEDGER_WELL;
	e.ledger.remembered = (struct remembered){
		.ledger_ok = true, .last_alarm = {last_alarm}, .modes = 2, .mode = locked_down};
	shop_step(&shop, &e, &effects);
}

static void command(uint8_t door, enum command what)
{
	struct event e = event_of(EVENT_COMMAND);

	e.command.door = door;
	e.command.command = what;
	shop_step(&shop, &e, &effects);
}

static void a_lockdown_comes_back_late(void **state)
{
	(void)state;
	assert_int_equal(shop.door[0].mode, DOOR_LOCKED);
	become_well(7);
	assert_int_equal(shop.door[0].mode, DOOR_LOCKDOWN);
	assert_int_equal(shop.door[1].mode, DOOR_LOCKDOWN);
}

static void a_persons_word_is_newer(void **state)
{
	(void)state;
	command(0, COMMAND_LOCK);
	become_well(7);
	assert_int_equal(shop.door[0].mode, DOOR_LOCKED);
	assert_int_equal(shop.door[1].mode, DOOR_LOCKDOWN);
}

static void only_once(void **state)
{
	struct event full = event_of(EVENT_LEDGER);

	(void)state;
	become_well(7);
	command(0, COMMAND_LOCK);
	full.ledger.news = LEDGER_FULL;
	shop_step(&shop, &full, &effects);
	become_well(7); /* as the ledger had it before it was full */
	assert_int_equal(shop.door[0].mode, DOOR_LOCKED);
}

static void no_number_is_given_twice(void **state)
{
	const struct entry_alarm *row = alarm_row();
	uint64_t n;

	(void)state;
	assert_non_null(row); /* ledger_failing */
	n = row->alarm.n;
	assert_true(n > 1000000000000); /* others were counted from 1 */
	assert_true(n < 1ULL << 53);
	become_well(n + 5);
	assert_int_equal(shop.alarms.last.n, n + 5);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup(name, start_without)
	const struct CMUnitTest tests[] = {
		T(a_lockdown_comes_back_late),
		T(a_persons_word_is_newer),
		T(only_once),
		T(no_number_is_given_twice),
	};

	return cmocka_run_group_tests_name("core_late", tests, NULL, NULL);
}
