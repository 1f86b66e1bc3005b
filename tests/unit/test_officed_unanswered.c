/* test_officed_unanswered.c: the office calls for help where the shop's own people did not answer,
 * or could not be told. On SQLite, and on PostgreSQL where there is one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "intake_house.h"
#include "officed/notice.h"
#include "officed/pulse.h"

#define HOUR_MS INT64_C(3600000)

static int64_t moment_ms = INT64_C(1790000000000); /* of the entries */

static void with_contacts(struct office_house *h)
{
	h->config.sms.given = true;
	house_do(h, "INSERT INTO shop_contact(shop, name, phone) VALUES('viken', 'anna', "
		    "'+46701'), ('viken', 'bo', '+46702')");
}

/** An alarm of the shop enters this state, and its entry comes to the office. */
static void alarm_is(struct office_house *h, uint64_t n, enum condition condition,
		     enum severity severity, enum alarm_state state, const char *by)
{
	struct entry e = {.kind = ENTRY_ALARM,
			  .at = {moment_ms},
			  .alarm = {.alarm = {n},
				    .code = 123456,
				    .condition = condition,
				    .place = {"front"},
				    .severity = severity,
				    .state = state,
				    .over = state == ALARM_CLEARED}};

	snprintf(e.alarm.by, sizeof(e.alarm.by), "%s", by);
	(void)box_add(&h->box, &e);
	house_sync(h, 100);
}

static int64_t open_notices(struct office_house *h, enum notice_kind kind)
{
	char sql[100];

	snprintf(sql, sizeof(sql), "SELECT count(*) FROM notice WHERE over_at = 0 AND kind = %d",
		 (int)kind);
	return house_number(h, sql);
}

static int64_t texts(struct office_house *h)
{
	return house_number(h, "SELECT count(*) FROM text_out");
}

static void what_the_shop_settles_is_its_own(struct office_house *h)
{
	alarm_is(h, 1, CONDITION_FORCED, SEVERITY_EMERGENCY, ALARM_RAISED, "");
	alarm_is(h, 1, CONDITION_FORCED, SEVERITY_EMERGENCY, ALARM_NOTIFIED, "");
	alarm_is(h, 1, CONDITION_FORCED, SEVERITY_EMERGENCY, ALARM_ACKNOWLEDGED, "anna");
	alarm_is(h, 2, CONDITION_CAMERA_LOST, SEVERITY_WARNING, ALARM_ESCALATED, "");
	assert_int_equal(open_notices(h, NOTICE_UNANSWERED), 0);
	assert_int_equal(texts(h), 0);
}

static void an_alarm_that_nobody_answers(struct office_house *h)
{
	alarm_is(h, 1, CONDITION_FREEZER_WARM, SEVERITY_URGENT, ALARM_ESCALATED, "");
	assert_int_equal(open_notices(h, NOTICE_UNANSWERED), 1);
	assert_int_equal(texts(h), 2);
	assert_int_equal(house_number(h, "SELECT count(*) FROM text_out WHERE words LIKE "
					 "'%frysen%(front)%'"),
			 2);
	/* a second one while the first holds: the same notice stands for both … */
	alarm_is(h, 4, CONDITION_WATER, SEVERITY_URGENT, ALARM_ESCALATED, "");
	assert_int_equal(texts(h), 2);
	alarm_is(h, 4, CONDITION_WATER, SEVERITY_URGENT, ALARM_ACKNOWLEDGED, "anna");
	/* … unless it is graver: a leaking freezer does not hide a burglar */
	alarm_is(h, 2, CONDITION_FORCED, SEVERITY_EMERGENCY, ALARM_ESCALATED, "");
	assert_int_equal(open_notices(h, NOTICE_UNANSWERED), 1);
	assert_int_equal(texts(h), 4);
	alarm_is(h, 1, CONDITION_FREEZER_WARM, SEVERITY_URGENT, ALARM_ACKNOWLEDGED, "anna");
	assert_int_equal(open_notices(h, NOTICE_UNANSWERED), 1);
	alarm_is(h, 2, CONDITION_FORCED, SEVERITY_EMERGENCY, ALARM_ACKNOWLEDGED, "bo");
	assert_int_equal(open_notices(h, NOTICE_UNANSWERED), 0);
	assert_int_equal(texts(h), 6); /* over, to each who heard of it */
	/* the tables are made again: nobody is told once more */
	alarm_is(h, 3, CONDITION_WATER, SEVERITY_URGENT, ALARM_ESCALATED, "");
	assert_int_equal(open_notices(h, NOTICE_UNANSWERED), 1);
}

static int acknowledge(struct db *d, void *o)
{
	assert_true(notice_acknowledge(o, "viken", 1, "carin", (struct wall){moment_ms}));
	return db_failed(d);
}

/* Whoever has acknowledged the notice is not told of the same alarm again when another one moves.
 */
static void an_alarm_that_the_office_has_acknowledged(struct office_house *h)
{
	alarm_is(h, 1, CONDITION_FREEZER_WARM, SEVERITY_URGENT, ALARM_ESCALATED, "");
	assert_int_equal(texts(h), 2);
	assert_int_equal(db_transact(h->o.db, acknowledge, &h->o), 0);
	assert_int_equal(open_notices(h, NOTICE_UNANSWERED), 0);
	alarm_is(h, 2, CONDITION_CAMERA_LOST, SEVERITY_WARNING, ALARM_RAISED, "");
	assert_int_equal(open_notices(h, NOTICE_UNANSWERED), 0);
	assert_int_equal(texts(h), 2);
	moment_ms++;
	alarm_is(h, 3, CONDITION_WATER, SEVERITY_URGENT, ALARM_ESCALATED, "");
	assert_int_equal(open_notices(h, NOTICE_UNANSWERED), 1);
	assert_int_equal(texts(h), 4);
}

static void a_month_that_comes_late_tells_only_what_still_holds(struct office_house *h)
{
	for (uint64_t n = 1; n <= 40; n++) {
		struct entry e = {.kind = ENTRY_ALARM,
				  .at = {INT64_C(1790000000000) + (int64_t)n * HOUR_MS},
				  .alarm = {.alarm = {n},
					    .code = 123456,
					    .condition = CONDITION_FORCED,
					    .place = {"front"},
					    .severity = SEVERITY_EMERGENCY,
					    .state = ALARM_ESCALATED}};

		(void)box_add(&h->box, &e);
		e.alarm.state = ALARM_CLEARED;
		e.alarm.over = true;
		snprintf(e.alarm.by, sizeof(e.alarm.by), "anna");
		(void)box_add(&h->box, &e);
	}
	house_sync(h, 100);
	assert_int_equal(house_number(h, "SELECT count(*) FROM alarm"), 40);
	assert_int_equal(texts(h), 0);
}

static void a_rehearsal_without_an_answer(struct office_house *h)
{
	alarm_is(h, 7, CONDITION_REHEARSAL, SEVERITY_NOTICE, ALARM_NOTIFIED, "");
	assert_int_equal(open_notices(h, NOTICE_REHEARSAL), 0);
	alarm_is(h, 7, CONDITION_REHEARSAL, SEVERITY_NOTICE, ALARM_ESCALATED, "");
	assert_int_equal(open_notices(h, NOTICE_REHEARSAL), 1);
	assert_int_equal(open_notices(h, NOTICE_UNANSWERED), 0);
	assert_int_equal(texts(h), 2);
	alarm_is(h, 7, CONDITION_REHEARSAL, SEVERITY_NOTICE, ALARM_CLEARED, "anna");
	assert_int_equal(open_notices(h, NOTICE_REHEARSAL), 0);
}

static void beat(struct office_house *h, bool sms_ok)
{
	struct sync_heartbeat said = {.epoch = 1, .ledger_ok = true, .sms_ok = sms_ok};
	uint8_t bytes[SYNC_HEARTBEAT_MAX];
	struct builder b = builder_of(bytes, sizeof(bytes));
	struct beat one = {.at = {INT64_C(1790000000000)}, .said = bytes};

	snprintf(said.version, sizeof(said.version), "1");
	sync_heartbeat_put(&b, &said);
	assert_false(b.failed);
	one.said_len = (uint16_t)b.len;
	memcpy(one.shop, HOUSE_SHOP, sizeof(HOUSE_SHOP));
	assert_int_equal(pulse_write(&h->o, &one, 1), 0);
	assert_int_equal(pulse_texts(&h->o, &one, 1, one.at), 0);
}

static void the_office_tells_for_a_shop_without_texts(struct office_house *h)
{
	beat(h, true);
	assert_int_equal(open_notices(h, NOTICE_NO_TEXTS), 0);
	alarm_is(h, 1, CONDITION_FORCED, SEVERITY_EMERGENCY, ALARM_RAISED, "");
	assert_int_equal(open_notices(h, NOTICE_UNANSWERED),
			 0); /* its own texts may be on the way */
	beat(h, false);
	beat(h, false);
	assert_int_equal(open_notices(h, NOTICE_NO_TEXTS), 1);
	assert_int_equal(open_notices(h, NOTICE_UNANSWERED), 1);
	assert_int_equal(texts(h), 4);
	alarm_is(h, 2, CONDITION_HELD_OPEN, SEVERITY_URGENT, ALARM_RAISED, "");
	assert_int_equal(texts(h), 4);
	beat(h, true);
	assert_int_equal(open_notices(h, NOTICE_NO_TEXTS), 0);
	assert_int_equal(open_notices(h, NOTICE_UNANSWERED), 0); /* its own ladder goes on */
}

static void (*const cases[])(struct office_house *) = {
	what_the_shop_settles_is_its_own,
	an_alarm_that_nobody_answers,
	an_alarm_that_the_office_has_acknowledged,
	a_month_that_comes_late_tells_only_what_still_holds,
	a_rehearsal_without_an_answer,
	the_office_tells_for_a_shop_without_texts,
};

static void run(enum db_engine engine)
{
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct office_house h;

		if (!house_open(&h, engine))
			skip();
		with_contacts(&h);
		cases[i](&h);
		house_close(&h);
	}
}

static void on_sqlite(void **state)
{
	(void)state;
	run(DB_SQLITE);
}

static void on_postgres(void **state)
{
	(void)state;
	run(DB_POSTGRES);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(on_sqlite),
					   cmocka_unit_test(on_postgres)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
