/* test_core_bounds.c: the core at its bounds: every place taken, every sum at its edge, everything
 * due at once. What must hold: refused by name, nothing half done, and each step at the deadline
 * gets on. */
#include "core/shop.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct shop shop;
static struct effects effects;
static int64_t at_ms;
static uint32_t draws;

static struct event event_of(enum event_kind kind)
{
	struct event e;

	memset(&e, 0, sizeof(e));
	e.kind = kind;
	e.now = (struct now){{at_ms}, {1795392000000LL + at_ms}, true, 600, {20780}};
	e.draw.alarm_code = 123456;
	e.draw.visit_low = ++draws;
	memcpy(e.draw.bearer_hash.byte, &draws, sizeof(draws));
	snprintf(e.draw.line_key, sizeof(e.draw.line_key), "t%u", draws);
	snprintf(e.draw.join_code, sizeof(e.draw.join_code), "J%07u", draws % 10000000);
	return e;
}

static void step(const struct event *e)
{
	shop_step(&shop, e, &effects);
}

static void simply(enum event_kind kind)
{
	struct event e = event_of(kind);

	step(&e);
}

static void begin(uint32_t doors)
{
	static const char *const names[] = {"front", "back", "side", "cellar"};
	struct shop_config c = {.shop = {"viken"}, .doors = doors, .readers = doors + 1};
	struct event e;

	for (uint32_t i = 0; i < doors; i++) {
		c.door[i] = door_config_default();
		snprintf(c.door[i].place.name, sizeof(c.door[i].place.name), "%s", names[i]);
		c.reader[i] =
			(struct reader_config){ROAD_SCANNER, false, (uint8_t)i, c.door[i].place};
	}
	c.reader[doors] = (struct reader_config){ROAD_PHONE, true, 0, {"till"}};
	for (uint32_t i = 0; i < 7; i++)
		c.hours[i] = (struct hours){0, 1440};
	at_ms = 1000000;
	shop_init(&shop, &c);
	e = event_of(EVENT_START);
	e.start.remembered.ledger_ok = e.start.remembered.clean = true;
	step(&e);
}

static struct customer customer(uint32_t n)
{
	struct customer c = {{0}};

	memcpy(c.byte, &n, sizeof(n));
	return c;
}

/* A till token of customer n by phone; its answer. */
static struct effect_visit visit_of(uint32_t n)
{
	struct event e = event_of(EVENT_TILL_TOKEN);
	struct token_shown *t = &e.token.token;

	e.token.reader = (uint8_t)shop.config.doors;
	t->proof = PROOF_GOOD;
	t->member_known = true;
	t->member.customer = customer(n);
	snprintf(t->claims.audience, sizeof(t->claims.audience), "viken/till");
	t->claims.iat_s = e.now.wall.ms / 1000;
	t->claims.exp_s = t->claims.iat_s + 60;
	t->claims.cti_len = 8;
	memcpy(t->claims.cti, &draws, sizeof(draws));
	memcpy(t->bytes.byte, &draws, sizeof(draws));
	step(&e);
	assert_int_equal(effects.afters, 1);
	return effects.after[0].visit;
}

static struct effect_line put_line(struct visit_id visit, const char *key, int64_t price_minor,
				   int32_t quantity_milli)
{
	struct event e = event_of(EVENT_LINE_PUT);
	struct event_line_put *p = &e.line_put;
	const struct visit *open = shop_visit(&shop, visit);

	p->call.visit = visit;
	if (open)
		p->call.bearer = open->bearer[0].hash;
	snprintf(p->key.text, sizeof(p->key.text), "%s", key);
	p->goods.gtin.n = 7310865004703;
	p->quantity_milli = quantity_milli;
	p->now = (struct article){.known = true,
				  .gtin = p->goods.gtin,
				  .price = money_of(price_minor),
				  .vat_bp = 600,
				  .name = "milk"};
	p->then = p->now;
	step(&e);
	assert_int_equal(effects.afters, 1);
	return effects.after[0].line;
}

static void every_place_taken(void **state)
{
	uint64_t last = 0;

	(void)state;
	begin(1);
	for (uint32_t i = 0; i < VISITS_OPEN_MAX; i++) {
		struct effect_visit v = visit_of(i);

		assert_int_equal(v.verdict, VERDICT_ADMITTED);
		assert_int_equal(v.answer, ANSWER_OK);
		assert_true(v.visit.n > last && v.visit.n <= INT64_MAX);
		last = v.visit.n;
	}
	assert_int_equal(visit_of(VISITS_OPEN_MAX).verdict, VERDICT_SHOP_FULL);
	assert_int_equal(effects.records, 1);
	assert_int_equal(visit_of(0).answer, ANSWER_REPEATED); /* who is inside is not shut out */
}

static void two_hundred_and_fifty_six_silences_at_once(void **state)
{
	uint32_t steps = 0;

	(void)state;
	begin(1);
	for (uint32_t i = 0; i < VISITS_OPEN_MAX; i++)
		visit_of(i);
	at_ms += VISIT_SILENCE_MS;
	while (shop_deadline(&shop).ms <= at_ms) {
		uint32_t before = shop.visits.count;

		simply(EVENT_TIME);
		assert_true(shop.visits.count < before); /* each step gets on */
		assert_true(++steps <= VISITS_OPEN_MAX);
	}
	assert_int_equal(shop.visits.count, 0);
}

static void ids_ascend_whatever_the_clock_says(void **state)
{
	struct event e;
	struct visit_id first, second;

	(void)state;
	begin(1);
	first = visit_of(1).visit;
	at_ms -= 900000; /* the wall clock of the next event is behind */
	second = visit_of(2).visit;
	assert_true(second.n == first.n + 1);
	/* the largest number there can be */
	begin(1);
	e = event_of(EVENT_LEDGER);
	e.ledger.news = LEDGER_WELL;
	e.ledger.remembered.last_visit.n = INT64_MAX - 1;
	step(&e);
	assert_true(visit_of(1).visit.n == INT64_MAX);
	assert_int_equal(visit_of(2).verdict, VERDICT_SHOP_FULL);
}

static void a_visit_holds_a_thousand_lines(void **state)
{
	struct visit_id visit;
	char key[16];

	(void)state;
	begin(1);
	visit = visit_of(1).visit;
	for (uint32_t i = 0; i < VISIT_LINES_MAX; i++) {
		snprintf(key, sizeof(key), "k%u", i);
		assert_int_equal(put_line(visit, key, 100, 1000).answer, ANSWER_OK);
	}
	assert_int_equal(put_line(visit, "more", 100, 1000).answer, ANSWER_VISIT_FULL);
	assert_int_equal(effects.records, 0);
	assert_int_equal(money_minor(shop_visit(&shop, visit)->total), 100 * VISIT_LINES_MAX);
}

static void sums_that_do_not_fit_are_refused(void **state)
{
	struct visit_id visit;

	(void)state;
	begin(1);
	visit = visit_of(1).visit;
	assert_int_equal(put_line(visit, "a", INT64_MAX, 1001).answer, ANSWER_VISIT_FULL);
	assert_int_equal(put_line(visit, "a", INT64_MAX / 1000 - 1, 1000).answer, ANSWER_OK);
	for (int i = 0; i < 998; i++)
		assert_int_equal(put_line(visit, "b", INT64_MAX / 1000 - 1, 1000).answer,
				 ANSWER_OK);
	assert_int_equal(put_line(visit, "c", 10000, 1000).answer, ANSWER_OK);
	assert_int_equal(put_line(visit, "d", -1, 1000).answer, ANSWER_VISIT_FULL);
	begin(1);
	visit = visit_of(1).visit;
	assert_int_equal(put_line(visit, "a", -1, 1000).answer, ANSWER_UNKNOWN_ARTICLE);
	assert_int_equal(put_line(visit, "a", 0, 1000).answer, ANSWER_OK);
	assert_int_equal(put_line(visit, "b", 1490, QUANTITY_MAX_MILLI).answer, ANSWER_OK);
	assert_int_equal(put_line(visit, "c", 1490, QUANTITY_MAX_MILLI + 1).answer,
			 ANSWER_MALFORMED);
	assert_int_equal(put_line(visit, "", 1490, 1000).answer, ANSWER_MALFORMED);
	assert_int_equal(put_line(visit, "no spaces", 1490, 1000).answer, ANSWER_MALFORMED);
}

static void part(uint8_t door, enum door_part which, bool level, bool lost)
{
	struct event e = event_of(EVENT_PART);

	e.part.door = door;
	e.part.part = which;
	e.part.level = level;
	e.part.lost = lost;
	step(&e);
}

/* How many alarms this step has told of. */
static uint32_t alarms_told(void)
{
	uint32_t told = 0;

	for (uint32_t i = 0; i < effects.nows; i++)
		if (effects.now[i].kind == EFFECT_NOTIFY)
			told += effects.now[i].notify.count;
	return told;
}

/* Everything that can be wrong with four doors, at once and unanswered. */
static void all_alarms_of_all_doors(void **state)
{
	struct event e;
	uint32_t told;

	(void)state;
	begin(4);
	for (uint8_t i = 0; i < 4; i++) {
		for (int p = PART_CONTACT; p <= PART_FIRE; p++)
			part(i, (enum door_part)p, false, false);
		part(i, PART_CONTACT, true, false);
		part(i, PART_TAMPER, true, false);
	}
	at_ms += 60000; /* debounce, forced, buzzer: all late, all in one step */
	simply(EVENT_TIME);
	assert_int_equal(shop_alarms_open(&shop), 8);
	for (uint8_t i = 0; i < 4; i++)
		part(i, PART_FIRE, true, false);
	at_ms += 60000;
	simply(EVENT_TIME);
	for (uint8_t i = 0; i < 4; i++)
		part(i, PART_REX, false, true);
	e = event_of(EVENT_LEDGER);
	e.ledger.news = LEDGER_FULL;
	step(&e);
	assert_int_equal(shop_alarms_open(&shop), 4 * 4 + 1);
	simply(EVENT_COURIER_UP);
	e = event_of(EVENT_CONTACTS);
	e.contacts = (struct event_contacts){.contacts = 1, .contact = {{"olle", .step = 1}}};
	step(&e);
	told = alarms_told();
	assert_int_equal(told, LADDER_SINGLES);
	at_ms += LADDER_GATHER_MS; /* and all the others in one text */
	simply(EVENT_TIME);
	told += alarms_told();
	assert_int_equal(told, 17);
	/* every alarm has a code of its own, though the same number was drawn for all */
	for (uint32_t i = 0; i < shop_alarms_open(&shop); i++)
		for (uint32_t j = 0; j < i; j++)
			assert_int_not_equal(shop_alarm_at(&shop, i)->code,
					     shop_alarm_at(&shop, j)->code);
	assert_null(shop_alarm_at(&shop, 17 + ALARMS_PAST_MAX));
}

static void what_is_remembered_is_hostile_too(void **state)
{
	static struct entry_alarm alarm[400];
	static struct visit visit[VISITS_OPEN_MAX + 20];
	struct event e;

	(void)state;
	begin(1);
	shop_init(&shop, &(struct shop_config){.shop = {"viken"}});
	for (uint32_t i = 0; i < ARRAY_LEN(alarm); i++) {
		alarm[i] = (struct entry_alarm){.alarm = {i + 1},
						.code = 7,
						.condition = (enum condition)(i % 31),
						.state = (enum alarm_state)(i % 7),
						.over = i % 5 == 0};
		if (i % 3)
			snprintf(alarm[i].place.name, sizeof(alarm[i].place.name), "gone-%u", i);
	}
	for (uint32_t i = 0; i < ARRAY_LEN(visit); i++)
		visit[i] = (struct visit){.id = {i * 2},
					  .customer = customer(i / 2),
					  .bearers = 1000,
					  .over = i % 7 == 0};
	e = event_of(EVENT_START);
	e.start.remembered = (struct remembered){.ledger_ok = true,
						 .alarms = ARRAY_LEN(alarm),
						 .alarm = alarm,
						 .visits = ARRAY_LEN(visit),
						 .visit = visit};
	step(&e); /* the invariants are CHECKed in there */
	assert_in_range(shop_alarms_open(&shop), 1, ALARMS_MAX);
	assert_in_range(shop.visits.count, 100, VISITS_OPEN_MAX);
}

static void fail_part(enum condition condition, uint32_t i)
{
	struct event e = event_of(EVENT_FAULT);

	e.fault.condition = condition;
	if (condition != CONDITION_DISK_FAILING && condition != CONDITION_SYNC_STALE)
		snprintf(e.fault.place.name, sizeof(e.fault.place.name), "part-%u", i);
	e.fault.failing = true;
	step(&e);
}

/* A shop of every door, sensor and part there can be, started on a ledger that remembers alarms of
 * parts that are not there any more; then all of it fails. */
static void every_alarm_there_can_be(void **state)
{
	static struct entry_alarm alarm[ALARMS_MAX];
	struct shop_config c;
	struct event e;

	(void)state;
	begin(4);
	c = shop.config;
	c.sensors = SENSORS_MAX;
	for (uint32_t i = 0; i < c.sensors; i++) {
		c.sensor[i] = (struct sensor_config){.kind = SENSOR_FRIDGE, .low = SENSOR_NO_BOUND};
		snprintf(c.sensor[i].place.name, sizeof(c.sensor[i].place.name), "s%u", i);
	}
	for (uint32_t i = 0; i < ARRAY_LEN(alarm); i++) {
		alarm[i] = (struct entry_alarm){.alarm = {i + 1},
						.condition = i % 2 ? CONDITION_FORCED
								   : CONDITION_CAMERA_LOST,
						.state = ALARM_NOTIFIED};
		snprintf(alarm[i].place.name, sizeof(alarm[i].place.name), "gone-%u", i);
	}
	shop_init(&shop, &c);
	e = event_of(EVENT_START);
	e.start.remembered =
		(struct remembered){.ledger_ok = true, .alarms = ARRAY_LEN(alarm), .alarm = alarm};
	step(&e);
	assert_int_equal(shop_alarms_open(&shop), ALARMS_MAX - 114);
	for (uint8_t i = 0; i < SENSORS_MAX; i++) {
		e = event_of(EVENT_SENSOR);
		e.sensor.sensor = i;
		e.sensor.value = 20000;
		step(&e);
		e = event_of(EVENT_SENSOR);
		e.sensor.sensor = i;
		e.sensor.lost = true;
		step(&e);
	}
	for (uint32_t i = 0; i < 30; i++) {
		fail_part(CONDITION_READER_LOST, i);
		fail_part(CONDITION_CAMERA_LOST, i);
		fail_part(CONDITION_ROAD_FAILING, i);
		fail_part(CONDITION_DISK_FAILING, i);
	}
	at_ms += 120000;
	simply(EVENT_TIME);
	while (shop_deadline(&shop).ms <= at_ms)
		simply(EVENT_TIME);
	for (uint8_t i = 0; i < 4; i++) {
		for (int p = PART_CONTACT; p <= PART_FIRE; p++)
			part(i, (enum door_part)p, false, false);
		part(i, PART_CONTACT, true, false);
		part(i, PART_TAMPER, true, false);
	}
	at_ms += 60000;
	simply(EVENT_TIME);
	for (uint8_t i = 0; i < 4; i++) {
		assert_non_null(alarm_find(&shop.alarms, CONDITION_FORCED, &c.door[i].place));
		assert_non_null(alarm_find(&shop.alarms, CONDITION_TAMPER, &c.door[i].place));
	}
	assert_in_range(shop_alarms_open(&shop), 2 * SENSORS_MAX + 30, ALARMS_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_place_taken),
		cmocka_unit_test(two_hundred_and_fifty_six_silences_at_once),
		cmocka_unit_test(ids_ascend_whatever_the_clock_says),
		cmocka_unit_test(a_visit_holds_a_thousand_lines),
		cmocka_unit_test(sums_that_do_not_fit_are_refused),
		cmocka_unit_test(all_alarms_of_all_doors),
		cmocka_unit_test(what_is_remembered_is_hostile_too),
		cmocka_unit_test(every_alarm_there_can_be),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
