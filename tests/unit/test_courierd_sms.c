/*
 * test_courierd_sms.c: the courier's patience with one road, its order, its room. Two roads:
 * test_courierd_roads.c; what must hold in every world: test_courierd_sms_model.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "sms_house.h"

/* ---- one road ---- */

static void one_text_however_often_it_is_asked(void **state)
{
	struct sms_due due;

	(void)state;
	start(GATEWAY);
	assert_true(sms_deadline(&s).ms == MONO_NEVER.ms);
	take(7);
	due = next_by(SMS_BY_GATEWAY);
	assert_string_equal(due.words, "words");
	none_due();
	take(7);
	none_due();
	nothing_told();
	result(&due, TRY_TAKEN);
	told(7, TEXT_RAISED, TEXT_LEFT, SMS_BY_GATEWAY, 1);
	nothing_told();
	now.ms += SMS_SAME_MS - 1;
	take(7);
	none_due();
	told(7, TEXT_RAISED, TEXT_LEFT, SMS_BY_GATEWAY, 1);
	now.ms += 1; /* a round of the ladder later */
	take(7);
	due = next();
	result(&due, TRY_TAKEN);
	told(7, TEXT_RAISED, TEXT_LEFT, SMS_BY_GATEWAY, 1);
}

/* a group that grew while it waited is told as it is now */
static void what_waits_goes_in_its_newest_words(void **state)
{
	struct sms_order order = order_of(7, TEXT_GROUP, 0);
	struct sms_due due;

	(void)state;
	start(GATEWAY);
	order.words = "3 alarms, the worst: fire";
	assert_true(sms_take(&s, now, &order));
	order.words = "4 alarms";
	assert_true(sms_take(&s, now, &order));
	due = next();
	assert_string_equal(due.words, "4 alarms");
	order.words = "5 alarms";
	assert_true(sms_take(&s, now, &order));
	assert_string_equal(s.text[due.text].words, "4 alarms"); /* it flies */
}

static void contacts_and_kinds_are_texts_of_their_own(void **state)
{
	struct sms_order other = order_of(7, TEXT_RAISED, 1);

	(void)state;
	start(GATEWAY);
	take(7);
	assert_true(sms_take(&s, now, &other));
	take_kind(7, TEXT_GROUP);
	(void)next();
	(void)next();
	(void)next();
	none_due();
}

static void the_only_road_is_tried_as_patiently_as_ever(void **state)
{
	struct mono began;
	uint32_t tries = 0;
	struct sms_due due;

	(void)state;
	start(GATEWAY);
	take(1);
	began = now;
	for (; !s.text[0].stuck; tries++) {
		wait_until_due();
		due = next();
		result(&due, TRY_BUSY);
	}
	assert_int_equal(tries, SMS_TRIES_MAX);
	assert_in_range(now.ms - began.ms, 11000, 20000);
	told(1, TEXT_RAISED, TEXT_STUCK, 0, 0);
	/* slowly for a day, at most every 15 min and a quarter */
	for (tries = 0; sms_deadline(&s).ms != MONO_NEVER.ms; tries++) {
		assert_true(sms_deadline(&s).ms - now.ms <= SMS_SLOW_MAX_MS * 5 / 4);
		wait_until_due();
		if (!sms_next(&s, now, &due))
			break;
		result(&due, TRY_BUSY);
		nothing_told();
	}
	assert_in_range(tries, 75, 140);
	assert_true(now.ms - began.ms > 23 * INT64_C(3600000));
}

static void a_silent_road_is_stuck_after_30_s(void **state)
{
	struct sms_report report;
	struct mono began;
	uint32_t tries = 0;

	(void)state;
	start(GATEWAY);
	take(1);
	began = now;
	while (!sms_report(&s, &report)) {
		struct sms_due due;

		if (sms_next(&s, now, &due)) {
			tries++;
			now.ms += 8000; /* the time-out of a request */
			result(&due, TRY_DOUBT);
		} else if (!sms_report(&s, &report)) {
			wait_until_due();
		}
	}
	assert_int_equal(report.outcome, TEXT_STUCK);
	assert_int_equal(report.texts, 2);
	assert_true(now.ms - began.ms <= 33000);
	assert_in_range(tries, 3, 4);
}

static void retry_after_is_kept(void **state)
{
	struct sms_due due;

	(void)state;
	start(GATEWAY);
	take(1);
	due = next();
	sms_result(&s, now, due.text, due.road, TRY_BUSY, 10000, "");
	assert_in_range(sms_deadline(&s).ms - now.ms, 10000, 11250);
	/* a wish beyond all reason is cut */
	wait_until_due();
	due = next();
	sms_result(&s, now, due.text, due.road, TRY_BUSY, INT64_MAX / 2, "");
	told(1, TEXT_RAISED, TEXT_STUCK, 0, 0);
	assert_in_range(sms_deadline(&s).ms - now.ms, 15000, SMS_SLOW_MAX_MS * 9 / 8);
}

static void a_refusal_is_final_on_its_road(void **state)
{
	struct sms_due due;

	(void)state;
	start(GATEWAY);
	take(1);
	due = next();
	result(&due, TRY_REFUSED);
	told(1, TEXT_RAISED, TEXT_STUCK, 0, 0);
	assert_true(sms_deadline(&s).ms == MONO_NEVER.ms);
	no_fault(); /* the number is wrong, not the road */
}

static void a_text_that_failed_is_sent_once_more(void **state)
{
	struct sms_asked asked;
	struct sms_due due;

	(void)state;
	start(GATEWAY);
	take(1);
	due = next();
	named(&due, "s1");
	told(1, TEXT_RAISED, TEXT_LEFT, SMS_BY_GATEWAY, 1);
	wait_until_due();
	assert_true(sms_ask(&s, now, &asked));
	assert_string_equal(asked.id, "s1");
	sms_answered(&s, now, asked.text, DELIVERY_FAILED);
	nothing_told();
	wait_until_due();
	due = next();
	named(&due, "s2");
	told(1, TEXT_RAISED, TEXT_LEFT, SMS_BY_GATEWAY, 2);
	wait_until_due();
	assert_true(sms_ask(&s, now, &asked));
	sms_answered(&s, now, asked.text, DELIVERY_FAILED);
	told(1, TEXT_RAISED, TEXT_STUCK, 0, 2);
	assert_true(sms_deadline(&s).ms == MONO_NEVER.ms);
}

/* ---- order ---- */

static void over_comes_after_raised(void **state)
{
	struct sms_due due;

	(void)state;
	start(GATEWAY);
	take(1);
	due = next();
	take_kind(1, TEXT_OVER);
	none_due();
	result(&due, TRY_BUSY);
	none_due();
	wait_until_due();
	due = next();
	assert_int_equal(due.name.kind, TEXT_RAISED);
	result(&due, TRY_TAKEN);
	due = next();
	assert_int_equal(due.name.kind, TEXT_OVER);
}

static void raised_that_is_stuck_gives_way_to_over(void **state)
{
	struct sms_due due;

	(void)state;
	start(GATEWAY);
	take(1);
	while (!s.text[0].stuck) {
		wait_until_due();
		due = next();
		result(&due, TRY_BUSY);
	}
	told(1, TEXT_RAISED, TEXT_STUCK, 0, 0);
	take_kind(1, TEXT_OVER);
	due = next();
	assert_int_equal(due.name.kind, TEXT_OVER);
	result(&due, TRY_TAKEN);
	told(1, TEXT_OVER, TEXT_LEFT, SMS_BY_GATEWAY, 1);
	assert_true(sms_deadline(&s).ms == MONO_NEVER.ms); /* nothing is left of "raised" */
}

static void the_gravest_goes_first(void **state)
{
	static const uint64_t order[] = {3, 2, 4, 1, 5};

	(void)state;
	start(GATEWAY);
	take_grave(1, SEVERITY_NOTICE, 0);
	take_grave(2, SEVERITY_URGENT, 0);
	take_grave(3, SEVERITY_EMERGENCY, 0);
	now.ms++;
	take_grave(4, SEVERITY_URGENT, 0);
	take_kind(5, TEXT_TAKEN); /* what is settled goes after what is not */
	assert_true(sms_notice(&s, now, 0, "milk"));
	for (size_t i = 0; i < ARRAY_LEN(order); i++)
		assert_int_equal(next().name.alarm, order[i]);
	assert_string_equal(next().words, "milk");
	none_due();
}

static void enough_is_enough(void **state)
{
	struct sms_due due;

	(void)state;
	start(BOTH);
	take(1);
	take_grave(1, SEVERITY_URGENT, 1);
	due = next();
	sms_enough(&s, 1);
	none_due();
	result(&due, TRY_BUSY); /* it flew: it is not tried again */
	none_due();
	assert_true(sms_deadline(&s).ms == MONO_NEVER.ms);
	nothing_told();
	/* taken, not delivered, and answered: the other road stays silent */
	take(2);
	due = next();
	result(&due, TRY_TAKEN);
	told(2, TEXT_RAISED, TEXT_LEFT, SMS_BY_GATEWAY, 1);
	sms_enough(&s, 2);
	now.ms += SMS_DELIVERY_MS;
	none_due();
	/* and those who were told hear who has taken it */
	take_kind(2, TEXT_TAKEN);
	assert_int_equal(next().name.kind, TEXT_TAKEN);
}

static void an_answer_is_awaited(void **state)
{
	struct sms_due due;

	(void)state;
	start(GATEWAY);
	assert_false(sms_awaits(&s, now));
	take(1);
	assert_false(sms_awaits(&s, now));
	due = next();
	result(&due, TRY_TAKEN);
	assert_true(sms_awaits(&s, now));
	sms_enough(&s, 1);
	assert_false(sms_awaits(&s, now));
	take_kind(1, TEXT_TAKEN);
	due = next();
	result(&due, TRY_TAKEN);
	assert_false(sms_awaits(&s, now));
}

/* ---- room ---- */

static void the_least_grave_and_oldest_gives_way(void **state)
{
	struct sms_order last = order_of(9999, TEXT_RAISED, 0);
	struct sms_due due;

	(void)state;
	start(GATEWAY);
	for (uint64_t alarm = 1; alarm <= SMS_TEXTS_MAX; alarm++) {
		take_grave(alarm, alarm == 50 || alarm == 60 ? SEVERITY_WARNING : SEVERITY_URGENT,
			   0);
		now.ms++;
	}
	take_grave(1000, SEVERITY_EMERGENCY, 0);
	told(50, TEXT_RAISED, TEXT_STUCK, 0, 0);
	take_grave(1001, SEVERITY_WARNING, 0);
	told(60, TEXT_RAISED, TEXT_STUCK, 0, 0);
	take_grave(1002, SEVERITY_URGENT, 0);
	told(1001, TEXT_RAISED, TEXT_STUCK, 0, 0);
	take_grave(1003, SEVERITY_URGENT, 0);
	told(1, TEXT_RAISED, TEXT_STUCK, 0, 0);
	/* all that waits is graver: it is not taken */
	last.severity = SEVERITY_WARNING;
	assert_false(sms_take(&s, now, &last));
	told(9999, TEXT_RAISED, TEXT_STUCK, 0, 0);
	assert_false(sms_notice(&s, now, 0, "milk"));
	/* what flies stays */
	due = next();
	assert_int_equal(due.name.alarm, 1000);
	for (uint64_t alarm = 2000; alarm < 2000 + 2 * SMS_TEXTS_MAX; alarm++) {
		take_grave(alarm, SEVERITY_EMERGENCY, 0);
		now.ms++;
	}
	result(&due, TRY_TAKEN);
}

static void what_is_done_makes_room_first(void **state)
{
	struct sms_due due;

	(void)state;
	start(GATEWAY);
	for (uint64_t alarm = 1; alarm <= 3 * SMS_TEXTS_MAX; alarm++) {
		take_grave(alarm, SEVERITY_URGENT, 0);
		due = next();
		result(&due, TRY_TAKEN);
		told(alarm, TEXT_RAISED, TEXT_LEFT, SMS_BY_GATEWAY, 1);
		now.ms++;
	}
	nothing_told();
}

static void shopd_that_is_away_misses_nothing(void **state)
{
	struct sms_due due;

	(void)state;
	start(GATEWAY);
	take(1);
	due = next();
	result(&due, TRY_TAKEN);
	told(1, TEXT_RAISED, TEXT_LEFT, SMS_BY_GATEWAY, 1);
	nothing_told();
	sms_untold(&s, now);
	told(1, TEXT_RAISED, TEXT_LEFT, SMS_BY_GATEWAY, 1);
	now.ms += 3600000;
	sms_untold(&s, now); /* an hour later it has heard, or needs no more */
	nothing_told();
}

/* ---- notices ---- */

static void a_notice_is_no_alarm(void **state)
{
	struct sms_due due;

	(void)state;
	start(BOTH);
	assert_true(sms_notice(&s, now, 1, "milk"));
	assert_true(sms_notice(&s, now, 1, "milk")); /* waits already */
	due = next();
	assert_int_equal(due.name.contact, 1);
	assert_true((due.name.alarm & SMS_NOTICE) != 0);
	none_due();
	named(&due, "s1");
	nothing_told();
	assert_true(sms_deadline(&s).ms == MONO_NEVER.ms); /* nobody asks what became of it */
	for (int i = 0; i < SMS_NOTICES_MAX; i++) {
		char words[] = "0";

		words[0] = (char)('0' + i);
		assert_true(sms_notice(&s, now, 1, words));
	}
	assert_false(sms_notice(&s, now, 1, "one more"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_text_however_often_it_is_asked),
		cmocka_unit_test(what_waits_goes_in_its_newest_words),
		cmocka_unit_test(contacts_and_kinds_are_texts_of_their_own),
		cmocka_unit_test(the_only_road_is_tried_as_patiently_as_ever),
		cmocka_unit_test(a_silent_road_is_stuck_after_30_s),
		cmocka_unit_test(retry_after_is_kept),
		cmocka_unit_test(a_refusal_is_final_on_its_road),
		cmocka_unit_test(a_text_that_failed_is_sent_once_more),
		cmocka_unit_test(over_comes_after_raised),
		cmocka_unit_test(raised_that_is_stuck_gives_way_to_over),
		cmocka_unit_test(the_gravest_goes_first),
		cmocka_unit_test(enough_is_enough),
		cmocka_unit_test(an_answer_is_awaited),
		cmocka_unit_test(the_least_grave_and_oldest_gives_way),
		cmocka_unit_test(what_is_done_makes_room_first),
		cmocka_unit_test(shopd_that_is_away_misses_nothing),
		cmocka_unit_test(a_notice_is_no_alarm),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
