/*
 * test_core_storm.c: who is told when everything goes wrong at once. A courierd of our own takes
 * the texts: some leave at once, some late, some by no road for a while, some twice. Whatever
 * happens,
 *
 *   nobody gets more than six texts in any hour;
 *   a first alarm that is graver than all that somebody was told in the hour is told in that step;
 *   nothing less than urgent is asked for in the quiet hours;
 *   each step at the deadline gets on.
 */
#include "core/alarm_rules.h"
#include "core/shop.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define HOUR_MS	  3600000LL
#define DAY_MS	  86400000LL
#define MONDAY_MS 1795392000000LL
#define PEOPLE	  4
#ifdef __SANITIZE_ADDRESS__
#define MINUTES 5 /* the hour takes half a minute there */
#else
#define MINUTES 60
#endif
#define WAITING_MAX 64
#define LEFT_MAX    4096
#define TOLD_MAX    512

/* A text that courierd has taken and that has not left. */
struct waiting {
	struct effect_notify notify;
	int64_t leaves_ms;
	bool stuck; /* until then */
	bool said_so;
};

static struct {
	struct shop shop;
	struct shop_config config;
	struct effects effects;
	struct event_contacts contacts;
	int64_t at_ms, boot_ms;
	uint64_t random;
	uint32_t waitings;
	struct waiting waiting[WAITING_MAX];
	bool courier;
	enum severity worst; /* that may happen yet */
	/* what each person got, and when they were asked for */
	uint32_t lefts[PEOPLE];
	int64_t left_ms[PEOPLE][LEFT_MAX];
	struct ladder_sent asked[PEOPLE][64];
	uint32_t askeds[PEOPLE];
	/* for restarts: what the ledger would hold */
	uint32_t tolds;
	struct told_text told[TOLD_MAX];
	uint32_t rows;
	struct entry_alarm row[ALARMS_MAX];
	struct wall row_at[ALARMS_MAX];
	uint64_t last_alarm;
	uint32_t texts, groups, most;
} w;

static uint64_t draw(uint64_t below)
{
	w.random ^= w.random << 13;
	w.random ^= w.random >> 7;
	w.random ^= w.random << 17;
	return w.random % below;
}

static struct wall wall_now(void)
{
	return (struct wall){MONDAY_MS + w.at_ms};
}

static struct event event_of(enum event_kind kind)
{
	struct event e;

	memset(&e, 0, sizeof(e));
	e.kind = kind;
	e.now = (struct now){{w.at_ms - w.boot_ms},
			     wall_now(),
			     true,
			     (uint16_t)(w.at_ms / 60000 % 10080),
			     {(int32_t)((MONDAY_MS + w.at_ms) / DAY_MS)}};
	e.draw.alarm_code = 100000 + (uint32_t)draw(900000);
	e.draw.visit_low = draw(UINT64_MAX);
	return e;
}

static uint32_t person(const char *name)
{
	for (uint32_t i = 0; i < w.contacts.contacts; i++)
		if (strcmp(w.contacts.contact[i].name, name) == 0)
			return i;
	fail_msg("nobody of that name: %s", name);
	return 0;
}

static bool is_quiet(void)
{
	const struct hours *h = &w.config.ladder.quiet;
	int64_t minute = w.at_ms / 60000 % 1440;

	return h->open != h->close && (minute >= h->open || minute < h->close);
}

/* --- what was said to whom
 * ------------------------------------------------------------------------------------ */

static void keep_row(const struct entry *e)
{
	const struct entry_alarm *a = &e->alarm;
	uint32_t i = 0;

	if (e->kind == ENTRY_TOLD) {
		w.told[w.tolds++ % TOLD_MAX] = (struct told_text){e->at, e->told};
		return;
	}
	if (e->kind != ENTRY_ALARM)
		return;
	while (i < w.rows && w.row[i].alarm.n != a->alarm.n)
		i++;
	if (i == w.rows) {
		assert_true(w.rows < ALARMS_MAX);
		w.row_at[w.rows++] = e->at;
	}
	w.row[i] = *a;
	if (a->alarm.n > w.last_alarm)
		w.last_alarm = a->alarm.n;
	if (!a->over)
		return;
	w.row[i] = w.row[--w.rows];
	w.row_at[i] = w.row_at[w.rows];
}

/* The texts asked for in the last hour, without the newest `but`. */
static bool all_less_grave(uint32_t p, enum severity severity)
{
	for (uint32_t i = 0; i < w.askeds[p] && i < 64; i++)
		if (w.asked[p][i].at.ms > w.at_ms - HOUR_MS - 1 &&
		    w.asked[p][i].severity >= severity)
			return false;
	return true;
}

static bool waits_already(const struct effect_notify *n)
{
	for (uint32_t i = 0; i < w.waitings; i++) {
		const struct effect_notify *o = &w.waiting[i].notify;

		if (o->alarm.n == n->alarm.n && o->kind == n->kind && o->again == n->again &&
		    strcmp(o->contact, n->contact) == 0)
			return true;
	}
	return false;
}

static void take_text(const struct effect_notify *n)
{
	struct waiting *t = &w.waiting[w.waitings];
	uint64_t luck = draw(100);

	if (!w.courier || waits_already(n))
		return;
	assert_true(w.waitings < WAITING_MAX);
	*t = (struct waiting){.notify = *n, .leaves_ms = w.at_ms + (int64_t)draw(2000)};
	if (luck < 10)
		t->leaves_ms += (int64_t)draw(60000);
	t->stuck = luck < 5 && !n->again; /* a copy that is late is no help */
	if (t->stuck)
		t->leaves_ms += (int64_t)draw(2 * HOUR_MS);
	w.waitings++;
}

static void enough(struct alarm_id alarm)
{
	for (uint32_t i = 0; i < w.waitings;)
		if (w.waiting[i].notify.alarm.n == alarm.n)
			w.waiting[i] = w.waiting[--w.waitings];
		else
			i++;
}

static void on_notify(const struct effect_notify *n)
{
	uint32_t p = person(n->contact);
	struct ladder_sent asked = {.at = {w.at_ms}, .severity = n->severity};

	assert_true(n->code >= 100000 && n->code <= 999999);
	assert_true(n->count >= 1 && (n->kind != TEXT_GROUP || n->count <= ALARMS_MAX));
	if (n->severity < SEVERITY_URGENT && w.courier)
		assert_false(is_quiet());
	w.asked[p][w.askeds[p]++ % 64] = asked;
	w.groups += n->kind == TEXT_GROUP;
	w.texts++;
	take_text(n);
}

/* An alarm that nobody knew of before this step, and that is graver than all of the hour. */
static void expect_gravest(uint64_t before, const enum severity gravest[PEOPLE],
			   const bool knows[PEOPLE])
{
	for (uint32_t p = 0; p < w.contacts.contacts; p++) {
		enum severity worst = SEVERITY_NOTICE;
		bool any = false, told = false;

		if (!knows[p] || w.contacts.contact[p].step != 1)
			continue;
		for (uint32_t i = 0; i < w.shop.alarms.count; i++) {
			const struct alarm *a = &w.shop.alarms.alarm[i];

			if (a->id.n > before && !alarm_rule(a->condition)->silent &&
			    a->severity > gravest[p] && a->severity >= SEVERITY_URGENT &&
			    a->severity >= worst) {
				any = true;
				worst = a->severity;
			}
		}
		for (uint32_t i = 0; i < w.effects.nows && any; i++)
			told |= w.effects.now[i].kind == EFFECT_NOTIFY &&
				w.effects.now[i].notify.severity >= worst &&
				person(w.effects.now[i].notify.contact) == p;
		assert_true(!any || told);
	}
}

static void step(const struct event *e)
{
	uint64_t before = w.shop.alarms.last.n;
	enum severity gravest[PEOPLE];
	bool knows[PEOPLE];

	for (uint32_t p = 0; p < PEOPLE; p++) {
		gravest[p] = SEVERITY_EMERGENCY;
		knows[p] = w.shop.started && w.shop.ladder.contacts > p;
		while (gravest[p] > SEVERITY_NOTICE && all_less_grave(p, gravest[p]))
			gravest[p]--;
		/* none at all: anything is graver; notices are not looked at */
	}
	shop_step(&w.shop, e, &w.effects);
	if (e->kind != EVENT_START && w.courier && w.config.ladder.quiet.open == 0)
		expect_gravest(before, gravest, knows);
	for (uint32_t i = 0; i < w.effects.records; i++)
		keep_row(&w.effects.record[i].entry);
	for (uint32_t i = 0; i < w.effects.nows; i++)
		if (w.effects.now[i].kind == EFFECT_NOTIFY)
			on_notify(&w.effects.now[i].notify);
		else if (w.effects.now[i].kind == EFFECT_ENOUGH)
			enough(w.effects.now[i].enough.alarm);
	if (w.effects.nows > w.most)
		w.most = w.effects.nows;
}

/* --- courierd
 * ------------------------------------------------------------------------------------ */

static void report(const struct effect_notify *n, enum text_outcome outcome, uint32_t texts)
{
	struct event e = event_of(EVENT_NOTIFIED);

	e.notified.alarm = n->alarm;
	e.notified.kind = n->kind;
	e.notified.outcome = outcome;
	e.notified.texts = texts;
	memcpy(e.notified.contact, n->contact, sizeof(e.notified.contact));
	step(&e);
}

static void leave(const struct effect_notify *n)
{
	uint32_t p = person(n->contact);

	assert_true(w.lefts[p] < LEFT_MAX);
	w.left_ms[p][w.lefts[p]++] = w.at_ms;
	/* any hour: the seventh text before this one left more than an hour ago */
	if (w.lefts[p] > TEXTS_AN_HOUR)
		assert_true(w.left_ms[p][w.lefts[p] - 1 - TEXTS_AN_HOUR] < w.at_ms - HOUR_MS);
	report(n, TEXT_LEFT, n->again ? 2 : 1);
	if (draw(4) == 0)
		report(n, TEXT_DELIVERED, n->again ? 2 : 1);
}

static void courier(void)
{
	for (uint32_t i = 0; i < w.waitings && w.courier; i++) {
		struct waiting t = w.waiting[i];

		if (w.at_ms >= t.leaves_ms) {
			w.waiting[i] = w.waiting[--w.waitings];
			leave(&t.notify);
			i = UINT32_MAX; /* what waits may have changed: from the start */
		} else if (t.stuck && !t.said_so) {
			w.waiting[i].said_so = true;
			report(&t.notify, TEXT_STUCK, 0);
		}
	}
}

static void courier_comes(void)
{
	struct event e = event_of(EVENT_COURIER_UP);

	w.courier = true;
	w.waitings = 0;
	step(&e);
	e = event_of(EVENT_CONTACTS);
	e.contacts = w.contacts;
	step(&e);
}

/* --- time
 * ------------------------------------------------------------------------------------ */

static int64_t next_ms(int64_t to)
{
	int64_t at = shop_deadline(&w.shop).ms;

	at = at == INT64_MAX ? to : at + w.boot_ms;
	for (uint32_t i = 0; i < w.waitings && w.courier; i++)
		if (w.waiting[i].leaves_ms < at)
			at = w.waiting[i].leaves_ms;
	return at < to ? at : to;
}

static void pass_to(int64_t to)
{
	uint32_t standing = 0;

	for (;;) {
		int64_t at = next_ms(to + 1);
		struct event e;

		if (at > to)
			break;
		standing = at > w.at_ms ? 0 : standing + 1;
		assert_true(standing < 64); /* it gets on */
		if (at > w.at_ms)
			w.at_ms = at;
		e = event_of(EVENT_TIME);
		step(&e);
		courier();
	}
	w.at_ms = to;
}

static void start(void)
{
	struct event e = event_of(EVENT_START);
	struct remembered *r = &e.start.remembered;

	*r = (struct remembered){.ledger_ok = true,
				 .clean = true,
				 .last_alarm = {w.last_alarm},
				 .alarms = w.rows,
				 .alarm = w.row,
				 .alarm_at = w.row_at,
				 .tolds = w.tolds < TOLD_MAX ? w.tolds : TOLD_MAX,
				 .told = w.told,
				 .last_rehearsal = {MONDAY_MS}};
	shop_init(&w.shop, &w.config);
	step(&e);
}

/* --- what happens
 * ------------------------------------------------------------------------------------ */

static void setup(uint64_t seed)
{
	static const char *const doors[] = {"front", "back"};
	struct shop_config *c = &w.config;

	memset(&w, 0, sizeof(w));
	w.random = seed;
	w.worst = SEVERITY_EMERGENCY;
	w.at_ms = 8 * HOUR_MS;
	w.boot_ms = w.at_ms - 1000000;
	c->shop = (struct place){"viken"};
	c->doors = 2;
	for (uint32_t i = 0; i < c->doors; i++) {
		c->door[i] = door_config_default();
		snprintf(c->door[i].place.name, sizeof(c->door[i].place.name), "%s", doors[i]);
	}
	c->sensors = SENSORS_MAX;
	for (uint32_t i = 0; i < c->sensors; i++) {
		c->sensor[i] = (struct sensor_config){.kind = (enum sensor_kind)(i % SENSOR_KINDS),
						      .high = 0,
						      .low = SENSOR_NO_BOUND};
		snprintf(c->sensor[i].place.name, sizeof(c->sensor[i].place.name), "s%u", i);
	}
	c->ladder = ladder_config_default();
	w.contacts = (struct event_contacts){
		.contacts = PEOPLE,
		.contact = {{.name = "olle", .step = 1},
			    {.name = "eva", .step = 1},
			    {.name = "karin", .role = CONTACT_KEYHOLDER, .step = 2},
			    {.name = "nils",
			     .role = CONTACT_NEIGHBOUR,
			     .step = 3,
			     .least = SEVERITY_EMERGENCY}},
		.roads = 3};
	for (uint32_t i = 0; i < w.contacts.contacts; i++)
		w.contacts.contact[i].hours = (struct hours){0, 0};
}

static void move_part(void)
{
	struct event e = event_of(EVENT_PART);

	e.part.door = (uint8_t)draw(2);
	e.part.part = (enum door_part)draw(PART_FIRE + 1);
	e.part.level = draw(2);
	e.part.lost = draw(20) == 0;
	step(&e);
}

static void fault(void)
{
	static const enum condition conditions[] = {CONDITION_READER_LOST, CONDITION_CAMERA_LOST,
						    CONDITION_ROAD_FAILING, CONDITION_DISK_FAILING,
						    CONDITION_SYNC_STALE};
	struct event e = event_of(EVENT_FAULT);
	uint32_t i = (uint32_t)draw(ARRAY_LEN(conditions));

	e.fault.condition = conditions[i];
	if (alarm_rule(conditions[i])->severity > w.worst)
		return;
	if (i < 3)
		snprintf(e.fault.place.name, sizeof(e.fault.place.name), "p%u", (uint32_t)draw(10));
	e.fault.failing = draw(2);
	step(&e);
}

static void answer(void)
{
	struct event e = event_of(EVENT_REPLY);
	const struct alarm *a = shop_alarm_at(&w.shop, (uint32_t)draw(ALARMS_MAX));

	snprintf(e.reply.contact, sizeof(e.reply.contact), "%s",
		 w.contacts.contact[draw(PEOPLE)].name);
	e.reply.code = a ? a->code : (uint32_t)draw(1000000);
	step(&e);
}

static void measure(void)
{
	struct event e = event_of(EVENT_SENSOR);
	enum sensor_kind kind;

	e.sensor.sensor = (uint8_t)draw(SENSORS_MAX);
	kind = w.config.sensor[e.sensor.sensor].kind;
	e.sensor.lost = draw(10) == 0;
	e.sensor.value = draw(2) ? 1 : kind >= SENSOR_WATER ? 0 : -1;
	if (alarm_rule(sensor_condition(kind))->severity <= w.worst)
		step(&e);
}

static void something(uint32_t people_answer)
{
	struct event e;
	uint64_t which = draw(100);

	if (which < 60) {
		measure();
	} else if (which < 85) {
		if (w.worst == SEVERITY_EMERGENCY)
			move_part();
	} else if (which < 95) {
		fault();
	} else if (which < 97) {
		e = event_of(EVENT_OFFICE);
		e.office.stale = draw(2);
		e.office.refused = w.worst >= SEVERITY_URGENT && draw(2);
		step(&e);
	} else if (draw(1000) < people_answer) {
		answer();
	}
	courier();
}

static void ten_thousand_a_minute(void **state)
{
	(void)state;
	setup(20261122);
	start();
	courier_comes();
	for (uint32_t i = 0; i < MINUTES * 10000; i++) {
		/* it grows worse while the last text is not ten seconds old */
		w.worst = i < 2000   ? SEVERITY_WARNING
			  : i < 2500 ? SEVERITY_URGENT
				     : SEVERITY_EMERGENCY;
		pass_to(w.at_ms + 6);
		something(1);
	}
	assert_true(w.groups > 0);
	for (uint32_t p = 0; p < PEOPLE; p++)
		assert_in_range(w.lefts[p], 1, 2 * TEXTS_AN_HOUR);
	print_message("an hour: %u, %u, %u and %u texts, %u of groups; most effects %u of %u\n",
		      w.lefts[0], w.lefts[1], w.lefts[2], w.lefts[3], w.groups, w.most,
		      EFFECTS_NOW_MAX);
}

/* Contacts with hours, quiet nights, restarts of either program, and people who answer at times. */
static void thirty_days(void **state)
{
	(void)state;
	setup(7);
	w.config.ladder.quiet = (struct hours){22 * 60, 7 * 60};
	w.contacts.contact[1].hours = (struct hours){7 * 60, 22 * 60};
	w.contacts.contact[2].hours = (struct hours){18 * 60, 8 * 60};
	start();
	courier_comes();
	while (w.at_ms < 30 * DAY_MS) {
		bool storm = draw(40) == 0;

		for (uint32_t i = storm ? 50 : 1; i > 0; i--) {
			something(800);
			if (storm)
				pass_to(w.at_ms + (int64_t)draw(500));
		}
		for (uint32_t i = (uint32_t)draw(4); i > 0; i--)
			answer();
		if (draw(60) == 0)
			courier_comes();
		if (draw(200) == 0) {
			w.boot_ms = w.at_ms - 5000;
			start();
			courier_comes();
		}
		pass_to(w.at_ms + (int64_t)draw(HOUR_MS));
	}
	assert_true(w.lefts[0] > 100 && w.lefts[3] > 10);
	print_message("thirty days: %u, %u, %u and %u texts\n", w.lefts[0], w.lefts[1], w.lefts[2],
		      w.lefts[3]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ten_thousand_a_minute),
		cmocka_unit_test(thirty_days),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
