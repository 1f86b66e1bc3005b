/*
 * test_courierd_plan.c: the courier's patience with the office, in virtual time: what it asks when,
 * and when again. Nothing here waits.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "courierd/plan.h"

static struct plan plan;
static struct mono now;

static struct message_sync sync_of(uint64_t acked, uint64_t head, uint64_t feed)
{
	struct message_sync s = {.enrolled = 1, .epoch = 1, .acked = acked, .head_seq = head};

	s.feed = feed;
	snprintf(s.url, sizeof(s.url), "https://office.example");
	snprintf(s.shop, sizeof(s.shop), "viken");
	return s;
}

static void sync_is(struct message_sync s)
{
	plan_sync(&plan, now, &s);
}

static int begin(void **state)
{
	(void)state;
	plan_init(&plan, 7);
	now = (struct mono){1000000};
	return 0;
}

/** The lanes that go now, a bit each. */
static uint32_t gone(void)
{
	uint32_t lanes = 0;
	enum lane lane;

	while (plan_next(&plan, now, &lane))
		lanes |= 1U << lane;
	return lanes;
}

#define BIT(lane) (1U << (lane))

static void pass(int64_t ms)
{
	now = mono_add(now, ms);
}

/** On to the next deadline; how long that took. */
static int64_t on(void)
{
	struct mono due = plan_deadline(&plan);
	int64_t ms = due.ms - now.ms;

	assert_true(due.ms != MONO_NEVER.ms);
	if (ms > 0)
		now = due;
	return ms;
}

static void answer(enum lane lane, enum went went)
{
	plan_answer(&plan, now, lane, went, -1, "why", "");
}

static void without_an_office_nothing_is_asked(void **state)
{
	struct message_sync s = {.head_seq = 9};

	(void)state;
	assert_int_equal(gone(), 0);
	sync_is(s);
	assert_int_equal(gone(), 0);
	assert_int_equal(plan_deadline(&plan).ms, MONO_NEVER.ms);
}

static void heartbeat_and_poll_go_at_once_and_entries_gather(void **state)
{
	(void)state;
	sync_is(sync_of(0, 3, 0));
	assert_int_equal(gone(), BIT(LANE_FEED) | BIT(LANE_PULSE) | BIT(LANE_ENTRIES));
	answer(LANE_ENTRIES, WENT_SAID);
	plan_said(&plan, now, LANE_ENTRIES, true, "");
	sync_is(sync_of(3, 3, 0));
	assert_int_equal(gone(), 0);
	pass(100);
	sync_is(sync_of(3, 4, 0));
	assert_int_equal(gone(), 0);
	pass(PLAN_GATHER_MS / 2);
	sync_is(sync_of(3, 5, 0)); /* more of them does not put it off */
	assert_int_equal(gone(), 0);
	pass(PLAN_GATHER_MS / 2);
	assert_int_equal(gone(), BIT(LANE_ENTRIES));
}

static void one_batch_at_a_time_and_no_pause_while_behind(void **state)
{
	(void)state;
	sync_is(sync_of(0, 100000, 0));
	gone();
	for (uint64_t acked = 4096; acked < 60000; acked += 4096) {
		sync_is(sync_of(acked - 4096, 100000 + acked, 0));
		assert_int_equal(gone(), 0); /* one is on its way */
		answer(LANE_ENTRIES, WENT_SAID);
		plan_said(&plan, now, LANE_ENTRIES, true, "");
		assert_int_equal(gone(), 0); /* not before shopd says where to go on */
		sync_is(sync_of(acked, 100000 + acked, 0));
		assert_int_equal(gone(), BIT(LANE_ENTRIES));
	}
}

static void what_changes_nothing_is_not_asked_in_a_loop(void **state)
{
	uint32_t asked = 0;

	(void)state;
	sync_is(sync_of(5, 9, 0));
	gone();
	answer(LANE_PULSE, WENT_WELL);
	for (int64_t end = now.ms + 600000; now.ms < end; on()) {
		uint32_t lanes = gone();

		if (lanes & BIT(LANE_PULSE))
			answer(LANE_PULSE, WENT_WELL);
		if (plan.lane[LANE_ENTRIES].state != LANE_ASKS)
			continue;
		/* taken, says shopd, and stays where it is */
		answer(LANE_ENTRIES, WENT_SAID);
		plan_said(&plan, now, LANE_ENTRIES, true, "");
		sync_is(sync_of(5, 9, 0));
		asked++;
	}
	assert_in_range(asked, 3, 16);
}

static void a_pause_doubles_up_to_five_minutes(void **state)
{
	int64_t most = 0, waited;

	(void)state;
	sync_is(sync_of(0, 9, 0));
	gone();
	plan.pulse_due = MONO_NEVER;
	plan.lane[LANE_PULSE].since = MONO_NEVER;
	plan.lane[LANE_FEED].since = MONO_NEVER;
	for (int i = 0; i < 14; i++) {
		int64_t whole = PLAN_BACKOFF_MS << (i < 9 ? i : 9);

		if (whole > PLAN_BACKOFF_MAX_MS)
			whole = PLAN_BACKOFF_MAX_MS;
		answer(LANE_ENTRIES, WENT_LOST);
		waited = on();
		assert_in_range(waited, whole / 2, whole);
		most = waited > most ? waited : most;
		assert_int_equal(gone(), BIT(LANE_ENTRIES));
	}
	assert_true(most > PLAN_BACKOFF_MAX_MS / 2);
	/* a success, and it is patient anew */
	answer(LANE_ENTRIES, WENT_SAID);
	plan_said(&plan, now, LANE_ENTRIES, true, "");
	sync_is(sync_of(4, 9, 0));
	pass(PLAN_GATHER_MS);
	assert_int_equal(gone() & BIT(LANE_ENTRIES), BIT(LANE_ENTRIES));
	answer(LANE_ENTRIES, WENT_LOST);
	assert_in_range(plan.lane[LANE_ENTRIES].due.ms - now.ms, PLAN_BACKOFF_MS / 2,
			PLAN_BACKOFF_MS);
}

static void two_shops_do_not_wait_alike(void **state)
{
	int64_t first;

	(void)state;
	sync_is(sync_of(0, 9, 0));
	gone();
	answer(LANE_ENTRIES, WENT_LOST);
	first = plan.lane[LANE_ENTRIES].due.ms;
	plan_init(&plan, 8);
	sync_is(sync_of(0, 9, 0));
	gone();
	answer(LANE_ENTRIES, WENT_LOST);
	assert_int_not_equal(first, plan.lane[LANE_ENTRIES].due.ms);
}

static void an_office_gets_the_pause_that_it_asks_for(void **state)
{
	(void)state;
	sync_is(sync_of(0, 9, 0));
	gone();
	plan_answer(&plan, now, LANE_ENTRIES, WENT_BUSY, 30, "busy", "");
	assert_in_range(plan.lane[LANE_ENTRIES].due.ms - now.ms, 30000, 46000);
	plan_answer(&plan, now, LANE_PULSE, WENT_BUSY, 40, "busy", "");
	assert_in_range(plan.pulse_due.ms - now.ms, 40000, 61000);
	plan_answer(&plan, now, LANE_FEED, WENT_BUSY, INT64_MAX / 2, "busy", "");
	assert_in_range(plan.lane[LANE_FEED].due.ms - now.ms, PLAN_ASKED_MAX_MS,
			2 * PLAN_ASKED_MAX_MS);
}

static void heartbeats_wait_for_nobody(void **state)
{
	int64_t last = now.ms, end = now.ms + 600000;
	uint32_t beats = 0;

	(void)state;
	sync_is(sync_of(0, 100000, 0));
	for (; now.ms < end; on()) {
		uint32_t lanes = gone();

		/* the batch and the poll never end; each heartbeat takes 20 s */
		for (uint32_t lane = LANE_PULSE; lane <= LANE_PULSE_TOO; lane++) {
			if (lanes & BIT(lane)) {
				beats++;
				assert_true(now.ms - last <= SYNC_HEARTBEAT_MS + 6000);
				last = now.ms;
			}
			if (plan.lane[lane].state == LANE_ASKS &&
			    now.ms - plan.lane[lane].since.ms >= 14000)
				answer((enum lane)lane, WENT_WELL);
		}
	}
	assert_in_range(beats, 38, 42);
}

static void a_road_that_is_back_wakes_all_who_wait_for_it(void **state)
{
	(void)state;
	sync_is(sync_of(0, 9, 0));
	for (int i = 0; i < 12; i++) {
		pass(400000);
		gone();
		answer(LANE_ENTRIES, WENT_LOST);
		answer(LANE_FEED, WENT_LOST);
		answer(LANE_PULSE, WENT_LOST);
	}
	pass(SYNC_HEARTBEAT_MS);
	assert_int_equal(gone() & ~(BIT(LANE_ENTRIES) | BIT(LANE_FEED)), BIT(LANE_PULSE));
	plan.lane[LANE_ENTRIES].state = LANE_RESTS;
	plan.lane[LANE_ENTRIES].due = mono_add(now, 250000);
	plan.lane[LANE_ENTRIES].lost = true;
	answer(LANE_PULSE, WENT_WELL);
	assert_true(plan.lane[LANE_ENTRIES].due.ms <= now.ms + PLAN_WAKE_MS);
}

static void a_snapshot_goes_part_by_part(void **state)
{
	struct message_sync s = sync_of(9, 9, 5);

	(void)state;
	sync_is(s);
	gone();
	assert_false(plan.snapshot);
	answer(LANE_FEED, WENT_REFETCH);
	assert_true(plan.snapshot && plan.next[0] == '\0');
	assert_int_equal(gone(), BIT(LANE_FEED));
	plan_answer(&plan, now, LANE_FEED, WENT_SAID, -1, "", "p2");
	plan_said(&plan, now, LANE_FEED, true, "");
	assert_int_equal(gone(), BIT(LANE_FEED)); /* no MESSAGE_SYNC between parts */
	assert_string_equal(plan.next, "p2");
	answer(LANE_FEED, WENT_LOST); /* the same part again, later */
	pass(PLAN_BACKOFF_MS);
	assert_int_equal(gone() & BIT(LANE_FEED), BIT(LANE_FEED));
	assert_string_equal(plan.next, "p2");
	plan_answer(&plan, now, LANE_FEED, WENT_SAID, -1, "", "");
	plan_said(&plan, now, LANE_FEED, true, "");
	assert_false(plan.snapshot);
	assert_int_equal(gone() & BIT(LANE_FEED), 0);
	s.feed = 70;
	sync_is(s);
	assert_int_equal(gone() & BIT(LANE_FEED), BIT(LANE_FEED));
	assert_false(plan.snapshot);
}

static void shopd_may_want_a_snapshot_and_throw_one_away(void **state)
{
	struct message_sync s = sync_of(9, 9, 0);

	(void)state;
	s.want_snapshot = 1;
	sync_is(s);
	assert_int_equal(gone() & BIT(LANE_FEED), BIT(LANE_FEED));
	assert_true(plan.snapshot);
	plan_answer(&plan, now, LANE_FEED, WENT_SAID, -1, "", "p2");
	plan_said(&plan, now, LANE_FEED, false, "not signed");
	assert_false(plan.snapshot);
	pass(PLAN_BACKOFF_MS);
	assert_int_equal(gone() & BIT(LANE_FEED), BIT(LANE_FEED));
	assert_true(plan.snapshot && plan.next[0] == '\0'); /* from its first part */
	plan_answer(&plan, now, LANE_FEED, WENT_SAID, -1, "", "");
	plan_said(&plan, now, LANE_FEED, true, "");
	sync_is(s); /* something else has changed: it is still to show */
	assert_int_equal(gone() & BIT(LANE_FEED), 0);
	s.want_snapshot = 0;
	s.feed = 12;
	sync_is(s);
	assert_int_equal(gone() & BIT(LANE_FEED), BIT(LANE_FEED));
	assert_false(plan.snapshot);
}

static void keys_are_fetched_while_shopd_wants_them(void **state)
{
	struct message_sync s = sync_of(9, 9, 5);

	(void)state;
	sync_is(s);
	assert_int_equal(gone() & BIT(LANE_KEYS), 0);
	s.want_keys = 1;
	sync_is(s);
	assert_int_equal(gone(), BIT(LANE_KEYS));
	plan_answer(&plan, now, LANE_KEYS, WENT_SAID, -1, "", "");
	plan_said(&plan, now, LANE_KEYS, true, "");
	assert_int_equal(gone(), 0);
	s.want_keys = 0;
	sync_is(s);
	assert_int_equal(plan.lane[LANE_KEYS].state, LANE_RESTS);
	assert_int_equal(gone() & BIT(LANE_KEYS), 0);
	s.want_keys = 1;
	sync_is(s); /* another stranger: at once */
	assert_int_equal(gone() & BIT(LANE_KEYS), BIT(LANE_KEYS));
	plan_answer(&plan, now, LANE_KEYS, WENT_SAID, -1, "", "");
	plan_said(&plan, now, LANE_KEYS, false, "not signed by its root");
	assert_int_equal(gone() & BIT(LANE_KEYS), 0);
	pass(PLAN_BACKOFF_MS);
	assert_int_equal(gone() & BIT(LANE_KEYS), BIT(LANE_KEYS));
}

static void an_empty_answer_at_once_is_not_asked_in_a_loop(void **state)
{
	(void)state;
	sync_is(sync_of(9, 9, 5));
	gone();
	answer(LANE_FEED, WENT_WELL);
	assert_int_equal(gone(), 0);
	assert_int_equal(on(), PLAN_POLL_MIN_MS);
	assert_int_equal(gone(), BIT(LANE_FEED));
	pass(55000);
	answer(LANE_FEED, WENT_WELL);
	assert_int_equal(gone() & BIT(LANE_FEED), BIT(LANE_FEED));
}

static void an_epoch_then_the_tail_then_entries(void **state)
{
	struct message_sync s = sync_of(9, 20, 5);

	(void)state;
	s.want_epoch = 1;
	sync_is(s);
	assert_int_equal(gone(), BIT(LANE_EPOCH) | BIT(LANE_PULSE));
	answer(LANE_EPOCH, WENT_SAID);
	plan_said(&plan, now, LANE_EPOCH, true, "");
	s.want_epoch = 0;
	s.epoch = 2;
	s.want_tail = 1;
	s.tail_after = 9;
	sync_is(s);
	answer(LANE_PULSE, WENT_WELL);
	assert_int_equal(gone(), BIT(LANE_TAIL) | BIT(LANE_PULSE));
	answer(LANE_TAIL, WENT_SAID);
	plan_said(&plan, now, LANE_TAIL, true, "");
	assert_int_equal(gone() & BIT(LANE_TAIL), 0);
	s.tail_after = 400;
	sync_is(s);
	assert_int_equal(gone(), BIT(LANE_TAIL)); /* there is more of it */
	answer(LANE_TAIL, WENT_SAID);
	plan_said(&plan, now, LANE_TAIL, true, "");
	s.want_tail = 0;
	s.acked = 400;
	s.head_seq = 500;
	sync_is(s);
	pass(PLAN_GATHER_MS);
	assert_int_equal(gone(), BIT(LANE_ENTRIES) | BIT(LANE_FEED));
}

static void what_was_asked_for_another_epoch_counts_no_more(void **state)
{
	struct message_sync s = sync_of(9, 20, 5);

	(void)state;
	sync_is(s);
	gone();
	assert_true(plan_current(&plan, LANE_ENTRIES));
	s.epoch = 2;
	sync_is(s);
	assert_false(plan_current(&plan, LANE_ENTRIES));
	answer(LANE_ENTRIES, WENT_REFUSED);
	assert_int_equal(plan.road, CARRIED_WELL);
	assert_int_equal(gone() & BIT(LANE_ENTRIES), BIT(LANE_ENTRIES));
	assert_true(plan_current(&plan, LANE_ENTRIES));
	plan_down(&plan);
	assert_false(plan_current(&plan, LANE_ENTRIES));
	assert_int_equal(gone(), 0);
}

static void a_code_is_tried_until_it_is_refused(void **state)
{
	struct message_sync s = sync_of(0, 0, 0);
	enum carried how;
	const char *why;

	(void)state;
	s.enrolled = 0;
	snprintf(s.code, sizeof(s.code), "VIKEN-1");
	sync_is(s);
	assert_int_equal(gone(), BIT(LANE_ENROL));
	answer(LANE_ENROL, WENT_LOST);
	assert_true(plan_road(&plan, &how, &why)); /* a person waits: told at once */
	assert_int_equal(how, CARRIED_NO_ROAD);
	plan_road_told(&plan);
	on();
	assert_int_equal(gone(), BIT(LANE_ENROL));
	plan_answer(&plan, now, LANE_ENROL, WENT_REFUSED, -1, "used already", "");
	assert_true(plan_road(&plan, &how, &why));
	assert_int_equal(how, CARRIED_ENROL_REFUSED);
	assert_string_equal(why, "used already");
	pass(10000000);
	assert_int_equal(gone(), 0);
	plan_road_told(&plan);
	snprintf(s.code, sizeof(s.code), "VIKEN-2");
	sync_is(s);
	assert_int_equal(gone(), BIT(LANE_ENROL));
	plan_answer(&plan, now, LANE_ENROL, WENT_REFUSED, -1, "used already", "");
	assert_true(plan_road(&plan, &how, &why)); /* who tries again hears the same again */
	assert_int_equal(how, CARRIED_ENROL_REFUSED);
	snprintf(s.code, sizeof(s.code), "VIKEN-3");
	sync_is(s);
	assert_int_equal(gone(), BIT(LANE_ENROL));
	answer(LANE_ENROL, WENT_SAID);
	plan_said(&plan, now, LANE_ENROL, true, "");
	sync_is(sync_of(0, 1, 0));
	assert_int_equal(gone() & BIT(LANE_ENROL), 0);
}

static void shopd_hears_of_the_road_when_it_changes(void **state)
{
	enum carried how;
	const char *why;

	(void)state;
	sync_is(sync_of(0, 9, 0));
	gone();
	assert_false(plan_road(&plan, &how, &why));
	answer(LANE_ENTRIES, WENT_LOST);
	assert_false(plan_road(&plan, &how, &why)); /* one is the weather */
	answer(LANE_FEED, WENT_LOST);
	assert_true(plan_road(&plan, &how, &why));
	assert_int_equal(how, CARRIED_NO_ROAD);
	plan_road_told(&plan);
	assert_false(plan_road(&plan, &how, &why));
	answer(LANE_PULSE, WENT_WELL);
	assert_true(plan_road(&plan, &how, &why));
	assert_int_equal(how, CARRIED_WELL);
	plan_road_told(&plan);
	pass(400000);
	gone();
	answer(LANE_ENTRIES, WENT_REFUSED); /* at once */
	assert_true(plan_road(&plan, &how, &why));
	assert_int_equal(how, CARRIED_REFUSED);
	plan_road_told(&plan);
	plan_down(&plan);
	sync_is(sync_of(0, 9, 0)); /* another shopd: it does not know */
	assert_true(plan_road(&plan, &how, &why));
	assert_int_equal(how, CARRIED_REFUSED);
}

static void what_takes_for_ever_is_given_up(void **state)
{
	(void)state;
	sync_is(sync_of(0, 9, 0));
	gone();
	pass(PLAN_FLIGHT_MS);
	gone();
	assert_int_equal(plan.lane[LANE_ENTRIES].state, LANE_RESTS);
	assert_false(plan_current(&plan, LANE_ENTRIES));
	answer(LANE_ENTRIES, WENT_WELL); /* too late: it changes nothing */
	assert_int_equal(plan.lane[LANE_ENTRIES].tries, 1);
}

/* An office that was put back from a backup knows less than it has acknowledged: it is asked at a
 * start and when the road is back, also where there is nothing new. */
static void with_nothing_new_the_office_is_asked_once_whether_it_still_has_it_all(void **state)
{
	(void)state;
	sync_is(sync_of(5, 5, 0));
	assert_true(gone() & BIT(LANE_ENTRIES));
	assert_true(plan.lane[LANE_ENTRIES].empty);
	answer(LANE_ENTRIES, WENT_SAID);
	plan_said(&plan, now, LANE_ENTRIES, true, "");
	assert_false(gone() & BIT(LANE_ENTRIES));
	pass(PLAN_SETTLE_MS);
	assert_false(gone() & BIT(LANE_ENTRIES));
	/* the road was lost, and is back */
	answer(LANE_PULSE, WENT_LOST);
	pass(PLAN_BACKOFF_MAX_MS);
	gone();
	answer(LANE_PULSE, WENT_WELL);
	pass(PLAN_WAKE_MS);
	assert_true(gone() & BIT(LANE_ENTRIES));
	/* it has less: what it lacks goes up again */
	answer(LANE_ENTRIES, WENT_SAID);
	sync_is(sync_of(3, 5, 0));
	plan_said(&plan, now, LANE_ENTRIES, true, "");
	pass(PLAN_GATHER_MS);
	assert_true(gone() & BIT(LANE_ENTRIES));
	assert_false(plan.lane[LANE_ENTRIES].empty);
}

#define TEST(name) cmocka_unit_test_setup(name, begin)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(without_an_office_nothing_is_asked),
		TEST(heartbeat_and_poll_go_at_once_and_entries_gather),
		TEST(one_batch_at_a_time_and_no_pause_while_behind),
		TEST(what_changes_nothing_is_not_asked_in_a_loop),
		TEST(a_pause_doubles_up_to_five_minutes),
		TEST(two_shops_do_not_wait_alike),
		TEST(an_office_gets_the_pause_that_it_asks_for),
		TEST(heartbeats_wait_for_nobody),
		TEST(a_road_that_is_back_wakes_all_who_wait_for_it),
		TEST(a_snapshot_goes_part_by_part),
		TEST(shopd_may_want_a_snapshot_and_throw_one_away),
		TEST(keys_are_fetched_while_shopd_wants_them),
		TEST(an_empty_answer_at_once_is_not_asked_in_a_loop),
		TEST(an_epoch_then_the_tail_then_entries),
		TEST(what_was_asked_for_another_epoch_counts_no_more),
		TEST(a_code_is_tried_until_it_is_refused),
		TEST(shopd_hears_of_the_road_when_it_changes),
		TEST(what_takes_for_ever_is_given_up),
		TEST(with_nothing_new_the_office_is_asked_once_whether_it_still_has_it_all),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
