/*
 * test_courierd_roads.c: when the other road follows, and how the roads stand.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "sms_house.h"

/* ---- two roads ---- */

/** Until the other road takes over: how long after the alarm. */
static int64_t other_road_after(enum sms_try how, int64_t takes_ms)
{
	struct mono began;

	start(BOTH);
	take(1);
	began = now;
	for (;;) {
		struct sms_due due;

		if (!sms_next(&s, now, &due)) {
			wait_until_due();
			continue;
		}
		if (due.road == SMS_BY_MODEM)
			return now.ms - began.ms;
		now.ms += takes_ms;
		result(&due, how);
	}
}

static void the_other_road_follows_in_time(void **state)
{
	(void)state;
	assert_int_equal(other_road_after(TRY_REFUSED, 100), 100);
	assert_int_equal(other_road_after(TRY_BARRED, 100), 100);
	assert_in_range(other_road_after(TRY_BUSY, 100), 900, 1500);
	assert_in_range(other_road_after(TRY_NO_WAY, 4000), 4000, 9300);
	assert_int_equal(other_road_after(TRY_DOUBT, 8000), 8000);
	assert_int_equal(other_road_after(TRY_TAKEN, 100), 100 + SMS_DELIVERY_MS);
	assert_in_range(other_road_after(TRY_TAKEN, 9900), 20000, 30000);
}

static void a_request_that_hangs_is_overtaken(void **state)
{
	struct sms_due slow, fast;

	(void)state;
	start(BOTH);
	take(1);
	slow = next_by(SMS_BY_GATEWAY);
	wait_until_due();
	assert_int_equal(now.ms, 1000 + SMS_OTHER_MS);
	fast = next_by(SMS_BY_MODEM);
	none_due();
	result(&fast, TRY_TAKEN);
	told(1, TEXT_RAISED, TEXT_LEFT, SMS_BY_MODEM, 1);
	result(&slow, TRY_TAKEN);
	told(1, TEXT_RAISED, TEXT_LEFT, SMS_BY_MODEM, 2);
	none_due();
}

/* three alarms for eight people, and a gateway that answers nobody: 24 texts, 8 requests */
static void eight_that_hang_hold_nobody_up(void **state)
{
	struct mono lands[SMS_FLYING_MAX], began;
	struct sms_due flying[SMS_FLYING_MAX], due;
	uint32_t flies = 0, by_modem = 0;

	(void)state;
	now = (struct mono){1000};
	sms_init(&s, now, BOTH, CONTACTS_MAX, 1);
	sms_modem(&s, now, true);
	for (uint64_t alarm = 1; alarm <= 3; alarm++)
		for (uint32_t c = 0; c < CONTACTS_MAX; c++)
			take_grave(alarm, SEVERITY_EMERGENCY, c);
	began = now;
	while (by_modem < 3 * CONTACTS_MAX) {
		struct mono at;

		while (sms_next(&s, now, &due)) {
			if (due.road == SMS_BY_MODEM) {
				by_modem++;
				result(&due, TRY_TAKEN);
				continue;
			}
			assert_true(flies < SMS_FLYING_MAX);
			flying[flies] = due;
			lands[flies++] = mono_add(now, 8000);
		}
		at = sms_deadline(&s);
		for (uint32_t i = 0; i < flies; i++)
			at = mono_min(at, lands[i]);
		assert_true(at.ms < MONO_NEVER.ms || by_modem == 3 * CONTACTS_MAX);
		now = at.ms < MONO_NEVER.ms ? at : now;
		for (uint32_t i = flies; i > 0; i--) {
			if (!mono_due(now, lands[i - 1]))
				continue;
			due = flying[i - 1];
			flies--;
			flying[i - 1] = flying[flies];
			lands[i - 1] = lands[flies];
			result(&due, TRY_DOUBT);
		}
	}
	assert_true(now.ms - began.ms <= SMS_OTHER_MS);
}

static void a_failing_gateway_is_passed_by(void **state)
{
	struct sms_due due;

	(void)state;
	start(BOTH);
	take(1);
	due = next_by(SMS_BY_GATEWAY);
	result(&due, TRY_BARRED);
	fault(SMS_BY_GATEWAY, true);
	due = next_by(SMS_BY_MODEM);
	result(&due, TRY_TAKEN);
	take(2);
	due = next_by(SMS_BY_MODEM); /* at once */
	result(&due, TRY_TAKEN);
	/* a minute later the gateway gets one to see; an emergency waits for nobody */
	now.ms += ROAD_SHUN_MS;
	take_grave(3, SEVERITY_EMERGENCY, 1);
	due = next_by(SMS_BY_MODEM);
	result(&due, TRY_TAKEN);
	take_grave(4, SEVERITY_WARNING, 1);
	due = next_by(SMS_BY_GATEWAY);
	result(&due, TRY_TAKEN);
	fault(SMS_BY_GATEWAY, false);
	take(5);
	(void)next_by(SMS_BY_GATEWAY);
}

static void a_modem_that_is_not_ready_is_not_waited_for(void **state)
{
	struct sms_due due;

	(void)state;
	start(BOTH);
	fault(SMS_BY_MODEM, false);
	sms_modem(&s, now, false);
	no_fault();
	take(1);
	due = next_by(SMS_BY_GATEWAY);
	result(&due, TRY_BUSY);
	wait_until_due();
	due = next_by(SMS_BY_GATEWAY);
	result(&due, TRY_BUSY);
	/* the gateway is the only one there is: it is tried as such */
	wait_until_due();
	due = next_by(SMS_BY_GATEWAY);
	result(&due, TRY_BUSY);
	sms_modem(&s, now, true);
	due = next_by(SMS_BY_MODEM);
	result(&due, TRY_TAKEN);
	told(1, TEXT_RAISED, TEXT_LEFT, SMS_BY_MODEM, 1);
}

static void a_modem_alone_waits_until_it_is_ready(void **state)
{
	struct sms_due due;

	(void)state;
	start(MODEM);
	sms_modem(&s, now, false);
	take(1);
	none_due();
	wait_until_due();
	assert_int_equal(now.ms, 1000 + SMS_STUCK_MS);
	none_due();
	told(1, TEXT_RAISED, TEXT_STUCK, 0, 0);
	sms_modem(&s, now, true);
	due = next_by(SMS_BY_MODEM);
	result(&due, TRY_TAKEN);
	told(1, TEXT_RAISED, TEXT_LEFT, SMS_BY_MODEM, 1);
}

static void what_was_delivered_is_not_sent_again(void **state)
{
	struct sms_asked asked;
	struct sms_due due;

	(void)state;
	start(BOTH);
	take(1);
	due = next();
	named(&due, "s1");
	told(1, TEXT_RAISED, TEXT_LEFT, SMS_BY_GATEWAY, 1);
	wait_until_due();
	assert_true(sms_ask(&s, now, &asked));
	assert_false(sms_ask(&s, now, &asked));
	sms_answered(&s, now, asked.text, DELIVERY_WAITING);
	wait_until_due();
	assert_true(sms_ask(&s, now, &asked));
	sms_answered(&s, now, asked.text, DELIVERY_DONE);
	told(1, TEXT_RAISED, TEXT_DELIVERED, SMS_BY_GATEWAY, 1);
	assert_true(sms_deadline(&s).ms == MONO_NEVER.ms);
}

static void what_failed_goes_by_the_other_road(void **state)
{
	struct sms_asked asked;
	struct sms_due due;

	(void)state;
	start(BOTH);
	take_grave(1, SEVERITY_NOTICE, 0); /* of every severity */
	due = next();
	named(&due, "s1");
	told(1, TEXT_RAISED, TEXT_LEFT, SMS_BY_GATEWAY, 1);
	wait_until_due();
	assert_true(sms_ask(&s, now, &asked));
	sms_answered(&s, now, asked.text, DELIVERY_FAILED);
	due = next_by(SMS_BY_MODEM);
	result(&due, TRY_TAKEN);
	told(1, TEXT_RAISED, TEXT_LEFT, SMS_BY_MODEM, 2);
	none_due();
}

static void what_is_not_urgent_is_not_sent_twice(void **state)
{
	struct sms_asked asked;
	struct sms_due due;

	(void)state;
	start(BOTH);
	take_grave(1, SEVERITY_WARNING, 0);
	due = next();
	named(&due, "s1");
	for (uint32_t asks = 0; sms_deadline(&s).ms != MONO_NEVER.ms; asks++) {
		wait_until_due();
		none_due();
		assert_true(sms_ask(&s, now, &asked));
		sms_answered(&s, now, asked.text, DELIVERY_WAITING);
		assert_true(asks < 10);
	}
}

static void again_goes_by_the_road_that_has_not_taken_it(void **state)
{
	struct sms_order again = order_of(1, TEXT_RAISED, 0);
	struct sms_due due;

	(void)state;
	start(BOTH);
	again.again = true;
	take_grave(1, SEVERITY_WARNING, 0);
	due = next_by(SMS_BY_GATEWAY);
	result(&due, TRY_TAKEN);
	now.ms += 25000;
	none_due();
	assert_true(sms_take(&s, now, &again));
	due = next_by(SMS_BY_MODEM);
	result(&due, TRY_TAKEN);
	assert_true(sms_take(&s, now, &again)); /* both roads have taken it */
	none_due();
	told(1, TEXT_RAISED, TEXT_LEFT, SMS_BY_MODEM, 2);
}

/* six in the hour: no second one, by whatever road */
static void no_duplicate_beyond_the_hours_six(void **state)
{
	struct sms_due due;

	(void)state;
	start(BOTH);
	for (uint64_t alarm = 1; alarm <= TEXTS_AN_HOUR; alarm++) {
		take(alarm);
		due = next_by(SMS_BY_GATEWAY);
		named(&due, "");
		if (alarm < TEXTS_AN_HOUR)
			sms_enough(&s, alarm);
	}
	now.ms += SMS_DELIVERY_MS;
	none_due();
	/* another person's hour is their own */
	take_grave(7, SEVERITY_URGENT, 1);
	due = next_by(SMS_BY_GATEWAY);
	named(&due, "");
	now.ms += SMS_DELIVERY_MS;
	(void)next_by(SMS_BY_MODEM);
}

static void a_rehearsal_tries_both_in_turn(void **state)
{
	struct sms_due due;

	(void)state;
	start(BOTH);
	for (uint64_t alarm = 1; alarm <= 4; alarm++) {
		struct sms_order order = order_of(alarm, TEXT_RAISED, 0);

		order.prove = true;
		order.severity = SEVERITY_NOTICE;
		assert_true(sms_take(&s, now, &order));
		due = next_by(alarm % 2 == 1 ? SMS_BY_GATEWAY : SMS_BY_MODEM);
		result(&due, TRY_TAKEN);
		now.ms += 1000;
	}
}

/* ---- how the roads stand ---- */

static void one_lost_packet_is_no_fault(void **state)
{
	struct sms_due due;

	(void)state;
	start(GATEWAY);
	take(1);
	due = next();
	result(&due, TRY_NO_WAY);
	no_fault();
	wait_until_due();
	due = next();
	result(&due, TRY_TAKEN);
	fault(SMS_BY_GATEWAY, false);
	take(2);
	due = next();
	result(&due, TRY_DOUBT);
	no_fault();
	wait_until_due();
	due = next();
	result(&due, TRY_BUSY);
	fault(SMS_BY_GATEWAY, true);
}

static void what_one_text_met_twice_is_a_fault(void **state)
{
	struct sms_due one, other;

	(void)state;
	start(GATEWAY);
	take(1);
	take_grave(2, SEVERITY_URGENT, 1);
	one = next();
	other = next();
	result(&one, TRY_BUSY);
	result(&other, TRY_TAKEN); /* not in a row, all texts together */
	fault(SMS_BY_GATEWAY, false);
	wait_until_due();
	one = next();
	result(&one, TRY_BUSY);
	fault(SMS_BY_GATEWAY, true);
}

/** A text that the gateway takes, and that has not come to the phone when the other road follows.
 */
static void lost(uint64_t alarm, uint32_t contact)
{
	struct sms_asked asked;
	struct sms_due due;

	take_grave(alarm, SEVERITY_URGENT, contact);
	due = next_by(SMS_BY_GATEWAY);
	named(&due, "s1");
	while (!sms_next(&s, now, &due)) {
		wait_until_due();
		while (sms_ask(&s, now, &asked))
			sms_answered(&s, now, asked.text, DELIVERY_WAITING);
	}
	assert_int_equal(due.road, SMS_BY_MODEM);
	result(&due, TRY_TAKEN);
}

static void a_gateway_that_loses_texts_is_failing(void **state)
{
	struct sms_asked asked;
	struct sms_due due;

	(void)state;
	start(BOTH);
	sms_inbox(&s, now, true);
	fault(SMS_BY_GATEWAY, false);
	fault(SMS_BY_MODEM, false);
	lost(1, 0);
	lost(2, 0); /* the same person's: their phone may be off */
	no_fault();
	lost(3, 1);
	fault(SMS_BY_GATEWAY, true);
	sms_inbox(&s, now, true);
	no_fault(); /* that proves nothing */
	take_grave(4, SEVERITY_EMERGENCY, 2);
	due = next_by(SMS_BY_MODEM);
	result(&due, TRY_TAKEN);
	/* what it gets to see whether it is well is watched, of whatever severity */
	now.ms += ROAD_SHUN_MS;
	take_grave(5, SEVERITY_NOTICE, 2);
	due = next_by(SMS_BY_GATEWAY);
	named(&due, "s2");
	no_fault();
	assert_true(s.text[due.text].second_at.ms == now.ms + SMS_DELIVERY_MS);
	while (!sms_ask(&s, now, &asked))
		wait_until_due();
	while (strcmp(asked.id, "s2") != 0) {
		sms_answered(&s, now, asked.text, DELIVERY_WAITING);
		while (!sms_ask(&s, now, &asked))
			wait_until_due();
	}
	sms_answered(&s, now, asked.text, DELIVERY_DONE);
	fault(SMS_BY_GATEWAY, false);
}

static void a_gateway_that_is_deaf_is_failing(void **state)
{
	(void)state;
	start(BOTH);
	sms_inbox(&s, now, true);
	fault(SMS_BY_GATEWAY, false);
	fault(SMS_BY_MODEM, false);
	sms_inbox(&s, now, false);
	sms_inbox(&s, now, false);
	no_fault();
	sms_inbox(&s, now, false);
	fault(SMS_BY_GATEWAY, true);
	take(1);
	(void)next_by(SMS_BY_MODEM);
	sms_inbox(&s, now, true);
	fault(SMS_BY_GATEWAY, false);
	no_fault();
	/* shopd is another one: all is said again */
	sms_untold(&s, now);
	fault(SMS_BY_GATEWAY, false);
	fault(SMS_BY_MODEM, false);
}

static void an_inbox_proves_nothing_of_a_gateway_that_answers(void **state)
{
	struct sms_due due;

	(void)state;
	start(GATEWAY);
	take(1);
	for (uint32_t i = 0; i < 2; i++) {
		wait_until_due();
		due = next();
		result(&due, TRY_BUSY);
	}
	fault(SMS_BY_GATEWAY, true);
	sms_inbox(&s, now, true);
	no_fault();
	wait_until_due();
	due = next();
	result(&due, TRY_TAKEN);
	fault(SMS_BY_GATEWAY, false);
	/* nor of one that takes requests and answers none, however often it is read between them */
	for (uint64_t alarm = 2; alarm <= 3; alarm++) {
		take(alarm);
		due = next();
		result(&due, TRY_DOUBT);
		sms_inbox(&s, now, true);
	}
	fault(SMS_BY_GATEWAY, true);
}

static void an_inbox_that_is_read_shows_that_there_is_a_way(void **state)
{
	struct sms_due due;

	(void)state;
	start(GATEWAY);
	take(1);
	for (uint32_t i = 0; i < 2; i++) {
		wait_until_due();
		due = next();
		result(&due, TRY_NO_WAY);
	}
	fault(SMS_BY_GATEWAY, true);
	sms_inbox(&s, now, true);
	fault(SMS_BY_GATEWAY, false);
}

static void a_modem_that_comes_and_goes_is_failing(void **state)
{
	(void)state;
	start(BOTH);
	fault(SMS_BY_MODEM, false);
	sms_modem(&s, now, false);
	wait_until_due();
	assert_int_equal(now.ms, 1000 + ROAD_LOST_MS);
	none_due();
	fault(SMS_BY_MODEM, true);
	sms_modem(&s, now, true);
	no_fault();
	now.ms += ROAD_LOST_MS - 1;
	sms_modem(&s, now, false);
	sms_modem(&s, now, true);
	none_due();
	no_fault();
	wait_until_due();
	none_due();
	fault(SMS_BY_MODEM, false);
}

static void a_modem_that_never_was_ready_is_a_fault(void **state)
{
	(void)state;
	now = (struct mono){1000};
	sms_init(&s, now, BOTH, 1, 1);
	no_fault();
	wait_until_due();
	none_due();
	fault(SMS_BY_MODEM, true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_other_road_follows_in_time),
		cmocka_unit_test(a_request_that_hangs_is_overtaken),
		cmocka_unit_test(eight_that_hang_hold_nobody_up),
		cmocka_unit_test(a_failing_gateway_is_passed_by),
		cmocka_unit_test(a_modem_that_is_not_ready_is_not_waited_for),
		cmocka_unit_test(a_modem_alone_waits_until_it_is_ready),
		cmocka_unit_test(what_was_delivered_is_not_sent_again),
		cmocka_unit_test(what_failed_goes_by_the_other_road),
		cmocka_unit_test(what_is_not_urgent_is_not_sent_twice),
		cmocka_unit_test(again_goes_by_the_road_that_has_not_taken_it),
		cmocka_unit_test(no_duplicate_beyond_the_hours_six),
		cmocka_unit_test(a_rehearsal_tries_both_in_turn),
		cmocka_unit_test(one_lost_packet_is_no_fault),
		cmocka_unit_test(what_one_text_met_twice_is_a_fault),
		cmocka_unit_test(a_gateway_that_loses_texts_is_failing),
		cmocka_unit_test(a_gateway_that_is_deaf_is_failing),
		cmocka_unit_test(an_inbox_proves_nothing_of_a_gateway_that_answers),
		cmocka_unit_test(an_inbox_that_is_read_shows_that_there_is_a_way),
		cmocka_unit_test(a_modem_that_comes_and_goes_is_failing),
		cmocka_unit_test(a_modem_that_never_was_ready_is_a_fault),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
