/* sms_house.h: a courier's decisions in virtual time, for several tests: nothing here sleeps, a day
 * passes in a call. After cmocka.h. */
#ifndef SHOP_TESTS_SMS_HOUSE_H
#define SHOP_TESTS_SMS_HOUSE_H

#include "base/check.h"
#include "courierd/sms.h"

enum {
	GATEWAY = 1 << SMS_BY_GATEWAY,
	MODEM = 1 << SMS_BY_MODEM,
	BOTH = GATEWAY | MODEM,
};

static struct sms s; /* 100 kB */
static struct mono now;

static inline void start(uint32_t roads)
{
	now = (struct mono){1000};
	sms_init(&s, now, roads, 3, 20261121);
	if (roads & MODEM)
		sms_modem(&s, now, true);
}

static inline struct sms_order order_of(uint64_t alarm, enum text_kind kind, uint32_t contact)
{
	return (struct sms_order){.name = {.alarm = alarm, .kind = kind, .contact = contact},
				  .severity = SEVERITY_URGENT,
				  .words = "words"};
}

static inline void take_kind(uint64_t alarm, enum text_kind kind)
{
	struct sms_order order = order_of(alarm, kind, 0);

	assert_true(sms_take(&s, now, &order));
}

static inline void take(uint64_t alarm)
{
	take_kind(alarm, TEXT_RAISED);
}

static inline void take_grave(uint64_t alarm, enum severity severity, uint32_t contact)
{
	struct sms_order order = order_of(alarm, TEXT_RAISED, contact);

	order.severity = severity;
	assert_true(sms_take(&s, now, &order));
}

static inline struct sms_due next(void)
{
	struct sms_due due;

	assert_true(sms_next(&s, now, &due));
	return due;
}

/** The next one, which goes by this road. */
static inline struct sms_due next_by(enum sms_road road)
{
	struct sms_due due = next();

	assert_int_equal(due.road, road);
	return due;
}

static inline void none_due(void)
{
	struct sms_due due;

	assert_false(sms_next(&s, now, &due));
}

static inline void result(const struct sms_due *due, enum sms_try how)
{
	sms_result(&s, now, due->text, due->road, how, -1, "");
}

static inline void named(const struct sms_due *due, const char *id)
{
	sms_result(&s, now, due->text, due->road, TRY_TAKEN, -1, id);
}

static inline void told(uint64_t alarm, enum text_kind kind, enum text_outcome outcome,
			enum sms_road road, uint32_t texts)
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

static inline void nothing_told(void)
{
	struct sms_report report;

	assert_false(sms_report(&s, &report));
}

static inline void fault(enum sms_road road, bool failing)
{
	enum sms_road which;
	bool how;

	assert_true(roads_fault(&s.roads, &which, &how));
	assert_int_equal(which, road);
	assert_int_equal(how, failing);
	roads_told(&s.roads, which, how);
}

static inline void no_fault(void)
{
	enum sms_road which;
	bool how;

	assert_false(roads_fault(&s.roads, &which, &how));
}

/** Lets time pass until something is due. */
static inline void wait_until_due(void)
{
	assert_true(sms_deadline(&s).ms < MONO_NEVER.ms);
	now = sms_deadline(&s);
}

#endif
