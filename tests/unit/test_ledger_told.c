/*
 * test_ledger_told.c: what a start remembers of those who were told: the texts of the last hour,
 * so that nobody gets more of them than six, and when the last rehearsal was.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "ledger_house.h"

#define NOW_MS	  1790000000000LL
#define MINUTE_MS 60000LL
#define DAY_MS	  86400000LL

static int set_up(void **state)
{
	static struct house h;

	house_make(&h);
	*state = &h;
	return 0;
}

static int tear_down(void **state)
{
	house_remove(*state);
	return 0;
}

static void told_at(struct house *h, uint64_t alarm, int64_t at_ms)
{
	struct entry e = sample_entry(ENTRY_TOLD);

	e.at.ms = at_ms;
	e.told.alarm.n = alarm;
	e.told.outcome = TEXT_LEFT;
	house_write(h, &e);
}

static void texts_of_the_last_hour(void **state)
{
	struct house *h = *state;
	const struct remembered *r;

	house_open_at(h, (struct wall){NOW_MS});
	assert_int_equal(h->recall->remembered.tolds, 0);
	told_at(h, 1, NOW_MS - 61 * MINUTE_MS);
	told_at(h, 2, NOW_MS - 59 * MINUTE_MS);
	told_at(h, 3, NOW_MS - MINUTE_MS);
	house_close(h);
	house_open_at(h, (struct wall){NOW_MS});
	r = &h->recall->remembered;
	assert_int_equal(r->tolds, 2);
	assert_int_equal(r->told[0].told.alarm.n, 3);
	assert_int_equal(r->told[0].at.ms, NOW_MS - MINUTE_MS);
	assert_int_equal(r->told[0].told.outcome, TEXT_LEFT);
	assert_string_equal(r->told[0].told.contact.name, "anna");
	assert_int_equal(r->told[1].told.alarm.n, 2);
	house_close(h);
	house_open_at(h, (struct wall){NOW_MS + DAY_MS});
	assert_int_equal(h->recall->remembered.tolds, 0);
	house_close(h);
}

static void the_last_rehearsal(void **state)
{
	struct house *h = *state;
	struct entry e = sample_entry(ENTRY_ALARM);

	house_open_at(h, (struct wall){NOW_MS});
	assert_int_equal(h->recall->remembered.last_rehearsal.ms, 0);
	e.at.ms = NOW_MS - 9 * DAY_MS;
	house_write(h, &e); /* no rehearsal, but the shop has begun */
	house_close(h);
	house_open_at(h, (struct wall){NOW_MS});
	assert_int_equal(h->recall->remembered.last_rehearsal.ms, NOW_MS - 9 * DAY_MS);
	e.alarm.alarm.n = 10;
	e.alarm.condition = CONDITION_REHEARSAL;
	e.alarm.place.name[0] = '\0';
	e.at.ms = NOW_MS - 5 * DAY_MS;
	house_write(h, &e);
	e.alarm.over = true; /* answered a day later: it was when it was */
	e.at.ms = NOW_MS - 4 * DAY_MS;
	house_write(h, &e);
	house_close(h);
	house_open_at(h, (struct wall){NOW_MS});
	assert_int_equal(h->recall->remembered.last_rehearsal.ms, NOW_MS - 5 * DAY_MS);
	house_close(h);
}

#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {T(texts_of_the_last_hour), T(the_last_rehearsal)};

	return cmocka_run_group_tests_name("ledger_told", tests, NULL, NULL);
}
