/*
 * test_courierd_sms.c: the courier's patience in virtual time: nothing here sleeps, a day passes in
 * a call. What must hold in every world stands in test_courierd_sms_model.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/check.h"
#include "courierd/sms.h"

enum {
	GATEWAY = 1 << SMS_BY_GATEWAY,
	MODEM = 1 << SMS_BY_MODEM,
	BOTH = GATEWAY | MODEM,
};

static struct sms s; /* 100 kB */
static struct mono now;

static void start(uint32_t roads)
{
	now = (struct mono){1000};
	sms_init(&s, now, roads, 3, 20261121);
	if (roads & MODEM)
		sms_modem(&s, now, true);
}

static struct sms_order order_of(uint64_t alarm, enum text_kind kind, uint32_t contact)
{
	return (struct sms_order){.name = {.alarm = alarm, .kind = kind, .contact = contact},
				  .severity = SEVERITY_URGENT,
				  .words = "words"};
}

static void take_kind(uint64_t alarm, enum text_kind kind)
{
	struct sms_order order = order_of(alarm, kind, 0);

	assert_true(sms_take(&s, now, &order));
}

static void take(uint64_t alarm)
{
	take_kind(alarm, TEXT_RAISED);
}

static void take_grave(uint64_t alarm, enum severity severity, uint32_t contact)
{
	struct sms_order order = order_of(alarm, TEXT_RAISED, contact);

	order.severity = severity;
	assert_true(sms_take(&s, now, &order));
}

static struct sms_due next(void)
{
	struct sms_due due;

	assert_true(sms_next(&s, now, &due));
	return due;
}

/** The next one, which goes by this road. */
static struct sms_due next_by(enum sms_road road)
{
	struct sms_due due = next();

	assert_int_equal(due.road, road);
	return due;
}

static void none_due(void)
{
	struct sms_due due;

	assert_false(sms_next(&s, now, &due));
}

static void result(const struct sms_due *due, enum sms_try how)
{
	sms_result(&s, now, due->text, due->road, how, -1, "");
}

static void named(const struct sms_due *due, const char *id)
{
	sms_result(&s, now, due->text, due->road, TRY_TAKEN, -1, id);
}

static void told(uint64_t alarm, enum text_kind kind, enum text_outcome outcome, enum sms_road road,
		 uint32_t texts)
{
	struct sms_report report;

	assert_true(sms_report(&s, &report));
	assert_int_equal(report.name.alarm, alarm);
	assert_int_equal(report.name.kind, kind);
	assert_int_equal(report.outcome, outcome);
	if (outcome != TEXT_STUCK)
		assert_int_equal(report.road, road);
	assert_int_equal(report.texts, texts);
	sms_reported(&s, &report);
}

static void nothing_told(void)
{
	struct sms_report report;

	assert_false(sms_report(&s, &report));
}

static void fault(enum sms_road road, bool failing)
{
	enum sms_road which;
	bool how;

	assert_true(roads_fault(&s.roads, &which, &how));
	assert_int_equal(which, road);
	assert_int_equal(how, failing);
	roads_told(&s.roads, which, how);
}

static void no_fault(void)
{
	enum sms_road which;
	bool how;

	assert_false(roads_fault(&s.roads, &which, &how));
}

/** Lets time pass until something is due. */
static void wait_until_due(void)
{
	assert_true(sms_deadline(&s).ms < MONO_NEVER.ms);
	now = sms_deadline(&s);
}

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
