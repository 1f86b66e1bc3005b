/*
 * test_core_recall.c: a ledger that would not open at the start tells late which alarms were up
 * when the program ended. Meanwhile the inputs have been seen: what is not up by now holds no more;
 * what somebody must answer still waits for that.
 */
#include "core_room.h"

#define ROWS_MAX 16

static struct entry_alarm row[ROWS_MAX];
static uint32_t rows;

static void see_rows(void)
{
	for (uint32_t i = 0; i < effects.records && rows < ROWS_MAX; i++)
		if (effects.record[i].entry.kind == ENTRY_ALARM)
			row[rows++] = effects.record[i].entry.alarm;
}

/* The newest row about this alarm. */
static const struct entry_alarm *row_of(uint64_t alarm)
{
	for (uint32_t i = rows; i > 0; i--)
		if (row[i - 1].alarm.n == alarm)
			return &row[i - 1];
	return NULL;
}

static struct entry_alarm before(uint64_t n, enum condition condition, const char *place)
{
	struct entry_alarm e = {.alarm = {n},
				.code = 200000 + (uint32_t)n,
				.condition = condition,
				.severity = SEVERITY_URGENT,
				.state = ALARM_NOTIFIED};

	snprintf(e.place.name, sizeof(e.place.name), "%s", place);
	return e;
}

static void ledger_opens(const struct entry_alarm *alarm, uint32_t alarms)
{
	struct event e = event_of(EVENT_LEDGER);

	e.ledger.news = LEDGER_WELL;
	e.ledger.remembered = (struct remembered){
		.ledger_ok = true, .last_alarm = {9}, .alarms = alarms, .alarm = alarm};
	rows = 0;
	step(&e);
	see_rows();
}

static int setup(void **state)
{
	room_setup(state);
	sensor(SENSOR_FRIDGE, "f1");
	sensor(SENSOR_FRIDGE, "f2");
	start_with(&(struct remembered){.ledger_ok = false});
	hear(0, 4000);
	hear(1, 12000);
	pass(60000);
	assert_true(is_up(CONDITION_FRIDGE_WARM, "f2"));
	return 0;
}

static void what_is_well_by_now_is_over(void **state)
{
	struct entry_alarm e = before(3, CONDITION_FRIDGE_WARM, "f1");

	(void)state;
	ledger_opens(&e, 1);
	assert_false(is_up(CONDITION_FRIDGE_WARM, "f1"));
	assert_non_null(row_of(3));
	assert_true(row_of(3)->over);
}

static void what_is_up_again_stands_for_it(void **state)
{
	struct entry_alarm e = before(3, CONDITION_FRIDGE_WARM, "f2");
	uint64_t now_up = alarm_of(CONDITION_FRIDGE_WARM, "f2")->id.n;

	(void)state;
	ledger_opens(&e, 1);
	assert_int_equal(alarm_of(CONDITION_FRIDGE_WARM, "f2")->id.n, now_up);
	assert_non_null(row_of(3));
	assert_true(row_of(3)->over);
	assert_null(row_of(now_up));
}

static void what_needs_an_answer_waits_for_it(void **state)
{
	struct entry_alarm e[] = {before(3, CONDITION_FORCED, "front"),
				  before(4, CONDITION_REHEARSAL, "")};

	(void)state;
	ledger_opens(e, 2);
	assert_int_equal(alarm_of(CONDITION_FORCED, "front")->id.n, 3);
	assert_int_equal(alarm_of(CONDITION_REHEARSAL, "")->id.n, 4);
	acknowledge(CONDITION_FORCED, "front");
	see_rows();
	assert_true(row_of(3)->over);
	acknowledge(CONDITION_REHEARSAL, "");
	see_rows();
	assert_true(row_of(4)->over);
}

/* Full once more and well again: what is up is up. */
static void only_once(void **state)
{
	struct entry_alarm e = before(3, CONDITION_FORCED, "front");
	struct event full = event_of(EVENT_LEDGER);

	(void)state;
	ledger_opens(&e, 1);
	acknowledge(CONDITION_FORCED, "front");
	full = event_of(EVENT_LEDGER);
	full.ledger.news = LEDGER_FULL;
	step(&full);
	ledger_opens(&e, 1);
	assert_null(alarm_of(CONDITION_FORCED, "front"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(what_is_well_by_now_is_over, setup),
		cmocka_unit_test_setup(what_is_up_again_stands_for_it, setup),
		cmocka_unit_test_setup(what_needs_an_answer_waits_for_it, setup),
		cmocka_unit_test_setup(only_once, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
