/*
 * test_courierd_doubt.c: what a text waits for: for a place in its person's hour, when it may have
 * left already; for the modem's one air, behind graver ones.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "sms_house.h"

/** Five texts have left for the first contact. */
static void hour_nearly_full(void)
{
	for (uint64_t alarm = 1; alarm < TEXTS_AN_HOUR; alarm++) {
		struct sms_due due;

		take(alarm);
		due = next_by(SMS_BY_GATEWAY);
		named(&due, "");
		for (uint32_t i = 0; i < SMS_TEXTS_MAX; i++)
			s.text[i].second_at = MONO_NEVER; /* they arrive */
	}
}

/* The sixth: the gateway read it, and was not heard of again. The modem may not say it a second
 * time now, but it does as soon as the hour has room. */
static void a_doubt_in_a_full_hour_waits_for_room(void **state)
{
	struct mono began;
	struct sms_due due;

	(void)state;
	start(BOTH);
	began = now;
	hour_nearly_full();
	take(9);
	due = next_by(SMS_BY_GATEWAY);
	result(&due, TRY_DOUBT);
	none_due();
	while (now.ms < began.ms + SMS_HOUR_MS + 2 * SMS_SLOW_MS) {
		if (sms_next(&s, now, &due)) {
			assert_true(now.ms >= began.ms + SMS_HOUR_MS);
			assert_int_equal(due.name.alarm, 9);
			assert_int_equal(due.road, SMS_BY_MODEM);
			result(&due, TRY_TAKEN);
			none_due();
			return;
		}
		wait_until_due();
	}
	fail_msg("it never left");
}

/* A modem has one air, and what it was handed leaves in that order: so little is handed to it. */
static void the_gravest_does_not_queue_behind_the_others(void **state)
{
	struct sms_due due, flying[SMS_FLYING_MAX];
	uint32_t fly = 0;

	(void)state;
	start(MODEM);
	for (uint64_t alarm = 1; alarm <= 12; alarm++)
		take_grave(alarm, SEVERITY_WARNING, (uint32_t)alarm % 3);
	while (sms_next(&s, now, &due))
		flying[fly++] = due;
	take_grave(99, SEVERITY_EMERGENCY, 0);
	for (uint32_t i = 0; i < 2; i++) {
		now.ms += 4000;
		result(&flying[i], TRY_TAKEN);
		due = next_by(SMS_BY_MODEM);
		if (due.name.alarm == 99)
			break;
	}
	assert_int_equal(due.name.alarm, 99);
	assert_true(fly <= 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_doubt_in_a_full_hour_waits_for_room),
		cmocka_unit_test(the_gravest_does_not_queue_behind_the_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
