/*
 * test_courierd_sms.c: the courier's patience in virtual time: nothing here sleeps, a day passes in
 * a call.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/check.h"
#include "courierd/sms.h"

#define HOUR_MS INT64_C(3600000)

static struct sms s;
static struct mono now;

static void start(uint32_t contacts)
{
	sms_init(&s, contacts, 20261121);
	now = (struct mono){1000};
}

static struct sms_name name_of(uint64_t alarm, bool cleared)
{
	return (struct sms_name){.alarm = alarm, .at_ms = 5, .cleared = cleared};
}

static void take(uint64_t alarm, bool cleared)
{
	struct sms_name name = name_of(alarm, cleared);
	char words[32];

	snprintf(words, sizeof(words), "%u %s", (unsigned)alarm, cleared ? "over" : "raised");
	assert_true(sms_take(&s, now, &name, SEVERITY_URGENT, words));
}

static struct sms_due next(void)
{
	struct sms_due due;

	assert_true(sms_next(&s, now, &due));
	return due;
}

static void none_due(void)
{
	struct sms_due due;

	assert_false(sms_next(&s, now, &due));
}

static void result(const struct sms_due *due, enum sms_outcome outcome)
{
	sms_result(&s, now, due->text, due->contact, outcome, -1);
}

static void told(uint64_t alarm, bool cleared, bool sent)
{
	struct sms_report report;

	assert_true(sms_report(&s, &report));
	assert_int_equal(report.name.alarm, alarm);
	assert_int_equal(report.name.cleared, cleared);
	assert_int_equal(report.sent, sent);
	sms_reported(&s, &report);
}

static void nothing_told(void)
{
	struct sms_report report;

	assert_false(sms_report(&s, &report));
}

/** Waits for what is due, lets it fail, and again, until shopd can be told. */
static uint32_t fail_until_told(void)
{
	struct sms_report report;
	struct sms_due due;
	uint32_t tries = 0;

	while (!sms_report(&s, &report)) {
		while (sms_next(&s, now, &due)) {
			result(&due, SMS_TROUBLE);
			tries++;
		}
		now = sms_deadline(&s);
	}
	return tries;
}

static void every_contact_gets_it_once(void **state)
{
	struct sms_due a, b;

	(void)state;
	start(2);
	assert_true(sms_deadline(&s).ms == MONO_NEVER.ms);
	take(7, false);
	a = next();
	assert_string_equal(a.words, "7 raised");
	b = next();
	assert_true(a.contact != b.contact);
	none_due();
	take(7, false); /* shopd asks again */
	none_due();
	nothing_told();
	result(&a, SMS_ACCEPTED);
	told(7, false, true);
	result(&b, SMS_ACCEPTED);
	nothing_told();
	take(7, false);
	none_due();
	told(7, false, true);
	assert_true(sms_deadline(&s).ms == MONO_NEVER.ms);
}

static void another_time_is_another_text(void **state)
{
	struct sms_name name = name_of(7, false);
	struct sms_due due;

	(void)state;
	start(1);
	take(7, false);
	due = next();
	result(&due, SMS_ACCEPTED);
	told(7, false, true);
	name.at_ms++; /* numbers began anew: a ledger was lost */
	assert_true(sms_take(&s, now, &name, SEVERITY_URGENT, "anew"));
	assert_string_equal(next().words, "anew");
}

static void trouble_backs_off_then_is_told_then_goes_on(void **state)
{
	struct mono began;
	struct sms_due due;
	uint32_t tries = 0;

	(void)state;
	start(1);
	take(1, false);
	began = now;
	assert_int_equal(fail_until_told(), SMS_TRIES_MAX);
	assert_true(now.ms - began.ms > 11000);
	told(1, false, false);
	/* slowly for a day, at most every 15 min and a quarter */
	while (sms_deadline(&s).ms != MONO_NEVER.ms) {
		int64_t pause = sms_deadline(&s).ms - now.ms;

		assert_true(pause <= SMS_SLOW_MAX_MS * 5 / 4);
		now = sms_deadline(&s);
		due = next();
		result(&due, SMS_TROUBLE);
		nothing_told();
		tries++;
	}
	assert_in_range(tries, 75, 140);
	assert_true(now.ms - began.ms > 23 * HOUR_MS);
	/* shopd asks once more, much later: nobody ever got it, so it goes */
	take(1, false);
	due = next();
	result(&due, SMS_ACCEPTED);
	told(1, false, true);
}

static void quick_tries_end_in_time_when_each_hangs(void **state)
{
	struct mono began;
	struct sms_report report;

	(void)state;
	start(1);
	take(1, false);
	began = now;
	while (!sms_report(&s, &report)) {
		struct sms_due due = next();

		now = mono_add(now, 8000); /* the time-out of a request */
		result(&due, SMS_TROUBLE);
		if (!sms_report(&s, &report))
			now = sms_deadline(&s);
	}
	assert_false(report.sent);
	assert_true(now.ms - began.ms <= 33000);
}

static void retry_after_is_kept(void **state)
{
	struct sms_due due;

	(void)state;
	start(1);
	take(1, false);
	due = next();
	sms_result(&s, now, due.text, due.contact, SMS_TROUBLE, 10000);
	assert_in_range(sms_deadline(&s).ms - now.ms, 10000, 11250);
	nothing_told();
	now = sms_deadline(&s);
	due = next();
	sms_result(&s, now, due.text, due.contact, SMS_TROUBLE, 120000);
	assert_in_range(sms_deadline(&s).ms - now.ms, 120000, 135000);
	told(1, false, false); /* too long for an alarm: shopd hears */
	now = sms_deadline(&s);
	due = next();
	sms_result(&s, now, due.text, due.contact, SMS_TROUBLE, INT64_MAX / 4);
	assert_true(sms_deadline(&s).ms - now.ms <= SMS_SLOW_MAX_MS * 9 / 8);
	now = sms_deadline(&s);
	due = next();
	result(&due, SMS_ACCEPTED);
	told(1, false, true);
}

static void refused_is_final(void **state)
{
	struct sms_due a, b;

	(void)state;
	start(2);
	take(1, false);
	a = next();
	b = next();
	result(&a, SMS_REFUSED);
	nothing_told();
	result(&b, SMS_REFUSED);
	told(1, false, false);
	assert_true(sms_deadline(&s).ms == MONO_NEVER.ms);
	/* one who cannot be reached does not hide one who can */
	take(2, false);
	a = next();
	b = next();
	result(&a, SMS_REFUSED);
	result(&b, SMS_ACCEPTED);
	told(2, false, true);
	nothing_told();
}

static void over_waits_for_raised(void **state)
{
	struct sms_due raised, over;

	(void)state;
	start(1);
	take(1, false);
	raised = next();
	take(1, true);
	none_due();
	assert_true(sms_deadline(&s).ms == MONO_NEVER.ms);
	result(&raised, SMS_TROUBLE);
	none_due();
	now = sms_deadline(&s);
	raised = next();
	assert_string_equal(raised.words, "1 raised");
	none_due();
	result(&raised, SMS_ACCEPTED);
	over = next();
	assert_string_equal(over.words, "1 over");
	result(&over, SMS_ACCEPTED);
	told(1, false, true);
	told(1, true, true);
}

static void over_takes_the_place_of_a_stuck_raised(void **state)
{
	struct sms_due due;

	(void)state;
	start(2);
	take(1, false);
	fail_until_told();
	told(1, false, false);
	take(1, true);
	for (int i = 0; i < 2; i++) {
		due = next();
		assert_string_equal(due.words, "1 over");
		result(&due, SMS_ACCEPTED);
	}
	told(1, true, true);
	nothing_told();
	assert_true(sms_deadline(&s).ms == MONO_NEVER.ms);
}

static void over_while_raised_flies_its_last_quick_try(void **state)
{
	struct sms_due due;

	(void)state;
	start(1);
	take(1, false);
	for (int i = 1; i < SMS_TRIES_MAX; i++) {
		due = next();
		result(&due, SMS_TROUBLE);
		now = sms_deadline(&s);
	}
	due = next();
	take(1, true);
	none_due();
	result(&due, SMS_TROUBLE);
	told(1, false, false);
	due = next();
	assert_string_equal(due.words, "1 over");
	result(&due, SMS_ACCEPTED);
	told(1, true, true);
}

static void the_gravest_goes_first(void **state)
{
	struct sms_name name;

	(void)state;
	start(1);
	for (uint32_t i = 0; i < SEVERITIES; i++) {
		name = name_of(10 + i, false);
		assert_true(sms_take(&s, now, &name, (enum severity)i, "x"));
	}
	name = name_of(20, false);
	assert_true(sms_take(&s, now, &name, SEVERITY_EMERGENCY, "x"));
	assert_int_equal(next().alarm, 13);
	assert_int_equal(next().alarm, 20);
	assert_int_equal(next().alarm, 12);
	assert_int_equal(next().alarm, 11);
}

static void slow_ones_leave_room_for_news(void **state)
{
	struct sms_due due;
	uint32_t slow = 0;

	(void)state;
	start(1);
	for (uint64_t alarm = 1; alarm <= 12; alarm++)
		take(alarm, false);
	while (sms_deadline(&s).ms < now.ms + 40000) {
		now = sms_deadline(&s);
		while (sms_next(&s, now, &due))
			result(&due, SMS_TROUBLE);
	}
	now = mono_add(now, HOUR_MS);
	while (sms_next(&s, now, &due))
		slow++;
	assert_int_equal(slow, SMS_FLYING_MAX / 2);
	take(99, false);
	assert_int_equal(next().alarm, 99);
}

static void room_is_bounded(void **state)
{
	struct sms_name name;
	uint64_t alarm = 1;
	struct sms_due due;

	(void)state;
	start(SMS_CONTACTS_MAX);
	for (; alarm <= SMS_TEXTS_MAX; alarm++)
		take(alarm, false);
	name = name_of(alarm, false);
	assert_false(sms_take(&s, now, &name, SEVERITY_URGENT, "no room"));
	told(alarm, false, false);
	for (uint32_t i = 0; i < SMS_FLYING_MAX; i++)
		next();
	none_due();
	/* when all have come to their slow tries, the oldest makes room */
	start(1);
	for (alarm = 1; alarm <= SMS_TEXTS_MAX; alarm++) {
		take(alarm, false);
		due = next();
		sms_result(&s, now, due.text, due.contact, SMS_TROUBLE, 60000);
		told(alarm, false, false);
		now = mono_add(now, 1);
	}
	take(alarm, false);
	due = next();
	assert_int_equal(due.alarm, alarm);
	result(&due, SMS_ACCEPTED);
	told(alarm, false, true);
}

/* far more alarms than are remembered, each asked for twice: none is sent twice in a row */
static void many_alarms_pass(void **state)
{
	struct sms_due due;
	uint32_t sent = 0;

	(void)state;
	start(1);
	for (uint64_t alarm = 1; alarm <= 3 * SMS_DONE_MAX; alarm++) {
		for (int again = 0; again < 2; again++) {
			take(alarm, false);
			while (sms_next(&s, now, &due)) {
				result(&due, SMS_ACCEPTED);
				sent++;
			}
			told(alarm, false, true);
			nothing_told();
		}
	}
	assert_int_equal(sent, 3 * SMS_DONE_MAX);
}

/* --- notices */

static void a_notice_goes_to_one_contact_and_nobody_is_told(void **state)
{
	struct sms_due due;

	(void)state;
	start(3);
	assert_true(sms_notice(&s, now, 1, "Viken: 1 vara"));
	assert_true(sms_notice(&s, now, 1, "Viken: 1 vara")); /* the same again: once */
	due = next();
	assert_int_equal(due.contact, 1);
	assert_string_equal(due.words, "Viken: 1 vara");
	assert_true(due.alarm & SMS_NOTICE);
	none_due();
	result(&due, SMS_ACCEPTED);
	none_due();
	nothing_told();
	assert_int_equal(sms_deadline(&s).ms, MONO_NEVER.ms);
	/* the same words on another day are news */
	assert_true(sms_notice(&s, now, 1, "Viken: 1 vara"));
	due = next();
	result(&due, SMS_REFUSED);
	nothing_told();
}

static void a_notice_waits_for_every_alarm(void **state)
{
	struct sms_name name = name_of(7, false);
	struct sms_due due;

	(void)state;
	start(1);
	assert_true(sms_notice(&s, now, 0, "order"));
	now = mono_add(now, 5);
	assert_true(sms_take(&s, now, &name, SEVERITY_NOTICE, "clock"));
	due = next();
	assert_int_equal(due.alarm, 7);
	due = next();
	assert_true(due.alarm & SMS_NOTICE);
}

static void notices_are_few_and_end_within_a_day(void **state)
{
	struct sms_due due;
	uint32_t tries = 0;
	char words[16];

	(void)state;
	start(2);
	for (uint32_t i = 0; i < SMS_NOTICES_MAX; i++) {
		snprintf(words, sizeof(words), "notice %u", i);
		assert_true(sms_notice(&s, now, i % 2, words));
	}
	assert_false(sms_notice(&s, now, 0, "one more"));
	/* room for every alarm is left */
	for (uint32_t i = 1; i <= 2 * ALARMS_MAX; i++)
		take(i, false);
	start(2);
	assert_true(sms_notice(&s, now, 0, "notice"));
	while (sms_deadline(&s).ms != MONO_NEVER.ms) {
		now = sms_deadline(&s);
		due = next();
		result(&due, SMS_TROUBLE);
		assert_true(++tries < 200);
	}
	assert_true(tries > 10);
	assert_true(now.ms <= 1000 + SMS_LIFE_MS);
	nothing_told();
	for (uint32_t i = 0; i < SMS_TEXTS_MAX; i++)
		assert_int_equal(s.text[i].name.alarm, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_contact_gets_it_once),
		cmocka_unit_test(another_time_is_another_text),
		cmocka_unit_test(trouble_backs_off_then_is_told_then_goes_on),
		cmocka_unit_test(quick_tries_end_in_time_when_each_hangs),
		cmocka_unit_test(retry_after_is_kept),
		cmocka_unit_test(refused_is_final),
		cmocka_unit_test(over_waits_for_raised),
		cmocka_unit_test(over_takes_the_place_of_a_stuck_raised),
		cmocka_unit_test(over_while_raised_flies_its_last_quick_try),
		cmocka_unit_test(the_gravest_goes_first),
		cmocka_unit_test(slow_ones_leave_room_for_news),
		cmocka_unit_test(room_is_bounded),
		cmocka_unit_test(many_alarms_pass),
		cmocka_unit_test(a_notice_goes_to_one_contact_and_nobody_is_told),
		cmocka_unit_test(a_notice_waits_for_every_alarm),
		cmocka_unit_test(notices_are_few_and_end_within_a_day),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
