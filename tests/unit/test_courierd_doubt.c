/*
 * test_courierd_doubt.c: a text that may have left, to a person whose hour is full: it waits for a
 * place, and is not lost for that.
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_doubt_in_a_full_hour_waits_for_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
