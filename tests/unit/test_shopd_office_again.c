/*
 * test_shopd_office_again.c: alarms about the office that were up when shopd stopped. They end when
 * the office is well, though this run has never seen it otherwise; and not before it was heard.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "shopd_office.h"

/* The same shop again, with those who stand around it. */
static void start_again(void)
{
	until(shell.committed >= shell.ticket);
	caller_leave(&office.control);
	caller_leave(&office.courier);
	bench_restart();
	caller_dial(&office.control, ROLE_CONTROL);
	courier_dial();
}

static void refused(void)
{
	enrol();
	assert_null(ack(SYNC_TAKEN, 1, 2));
	for (uint32_t i = 0; i < 3; i++) {
		assert_refused(ack(SYNC_BROKEN, 1, i), "sent again");
		until_sync(office.sync.acked == i);
	}
	until(alarm_is_up(CONDITION_OFFICE_REFUSED));
}

static void a_refusal_ends_though_it_is_from_before_the_start(void **state)
{
	(void)state;
	refused();
	start_again();
	assert_true(alarm_is_up(CONDITION_OFFICE_REFUSED));
	until_sync(office.sync.enrolled && shell.head_seq >= 3);
	assert_true(alarm_is_up(CONDITION_OFFICE_REFUSED)); /* who knows yet */
	assert_null(ack(SYNC_TAKEN, 1, 3));
	until(!alarm_is_up(CONDITION_OFFICE_REFUSED));
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, office_set_up, office_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(a_refusal_ends_though_it_is_from_before_the_start),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
