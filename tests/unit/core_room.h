/* core_room.h: a shop with two doors and whatever sensors a test wants, stepped as the shell does
 * it: at every deadline, and never in between. */
#ifndef SHOP_TESTS_CORE_ROOM_H
#define SHOP_TESTS_CORE_ROOM_H

#include "core/shop.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define ROOM_START_MS 1000000

static struct shop shop;
static struct effects effects;
static struct shop_config config;
static int64_t now_ms;
static uint32_t steps, raised, cleared; /* rows of alarms, ever */
static bool buzzer[DOORS_MAX];
static uint32_t buzzes;

/* What the outside sees of a step. */
static inline void see(void)
{
	for (uint32_t i = 0; i < effects.nows; i++) {
		const struct effect *e = &effects.now[i];

		if (e->kind != EFFECT_OUTPUT || e->output.part != PART_BUZZER)
			continue;
		buzzes += e->output.level && !buzzer[e->output.door];
		buzzer[e->output.door] = e->output.level;
	}
	for (uint32_t i = 0; i < effects.records; i++) {
		const struct entry *e = &effects.record[i].entry;

		raised += e->kind == ENTRY_ALARM && e->alarm.state == ALARM_RAISED;
		cleared += e->kind == ENTRY_ALARM && e->alarm.state == ALARM_CLEARED;
	}
}

static struct event event_of(enum event_kind kind)
{
	struct event e;

	memset(&e, 0, sizeof(e));
	e.kind = kind;
	e.now = (struct now){{now_ms}, {1795392000000 + now_ms}, true, 600, {20780}};
	e.draw.visit_low = 0xabcdef0123456789 + steps;
	e.draw.alarm_code = 100000 + steps % 900000;
	return e;
}

static inline void step(const struct event *e)
{
	shop_step(&shop, e, &effects);
	steps++;
	see();
}

/* Everything that falls due until then, each at its time; nothing may be due for ever. */
static inline void until(int64_t ms)
{
	for (int still = 0; shop_deadline(&shop).ms <= ms; still++) {
		struct event e;

		if (shop_deadline(&shop).ms > now_ms) {
			now_ms = shop_deadline(&shop).ms;
			still = 0;
		}
		assert_in_range(still, 0, 60);
		e = event_of(EVENT_TIME);
		step(&e);
	}
	now_ms = ms;
}

static inline void pass(int64_t ms)
{
	until(now_ms + ms);
}

static inline void hear(uint8_t sensor, int64_t value)
{
	struct event e = event_of(EVENT_SENSOR);

	e.sensor.sensor = sensor;
	e.sensor.value = value;
	step(&e);
}

static inline void lose(uint8_t sensor)
{
	struct event e = event_of(EVENT_SENSOR);

	e.sensor.sensor = sensor;
	e.sensor.lost = true;
	step(&e);
}

static inline void command(uint8_t door, enum command what)
{
	struct event e = event_of(EVENT_COMMAND);

	e.command.door = door;
	e.command.command = what;
	e.command.hold_ms = 60000;
	step(&e);
}

static inline void part(uint8_t door, enum door_part what, bool level)
{
	struct event e = event_of(EVENT_PART);

	e.part.door = door;
	e.part.part = what;
	e.part.level = level;
	step(&e);
}

/* A token of this member at the door, good but for its signature where `good` is false. */
static inline void show(uint8_t door, uint8_t member, bool good)
{
	struct event e = event_of(EVENT_DOOR_TOKEN);
	struct token_shown *t = &e.token.token;

	e.token.reader = door;
	t->proof = good ? PROOF_GOOD : PROOF_BAD_SIGNATURE;
	t->member_known = true;
	memset(t->member.customer.byte, member, sizeof(t->member.customer.byte));
	t->kid.byte[0] = member;
	snprintf(t->claims.audience, sizeof(t->claims.audience), "viken/%s",
		 config.door[door].place.name);
	t->claims.iat_s = e.now.wall.ms / 1000;
	t->claims.exp_s = t->claims.iat_s + 60;
	t->claims.cti_len = 8;
	memcpy(t->claims.cti, &steps, sizeof(steps));
	memcpy(t->bytes.byte, &steps, sizeof(steps));
	step(&e);
}

/* Ends every visit, as a phone does. */
static inline void all_leave(void)
{
	while (shop.visits.count > 0) {
		struct event e = event_of(EVENT_VISIT_CLOSE);
		struct visit *v = &shop.visits.open[0];

		v->bearers = 1;
		v->bearer[0].hash.byte[0] = 7;
		e.visit_close.call.visit = v->id;
		e.visit_close.call.bearer.byte[0] = 7;
		step(&e);
	}
}

static inline const struct alarm *alarm_of(enum condition condition, const char *name)
{
	struct place place;

	memset(&place, 0, sizeof(place));
	snprintf(place.name, sizeof(place.name), "%s", name);
	return alarm_find(&shop.alarms, condition, &place);
}

static inline bool is_up(enum condition condition, const char *name)
{
	const struct alarm *alarm = alarm_of(condition, name);

	return alarm && alarm->active;
}

static inline void acknowledge(enum condition condition, const char *name)
{
	struct event e = event_of(EVENT_ALARM_ACK);

	e.alarm_ack.alarm = alarm_of(condition, name)->id;
	snprintf(e.alarm_ack.by, sizeof(e.alarm_ack.by), "owner");
	step(&e);
}

static inline struct sensor_config *sensor(enum sensor_kind kind, const char *name)
{
	struct sensor_config *c = &config.sensor[config.sensors++];

	*c = (struct sensor_config){.kind = kind,
				    .high = 8000,
				    .low = SENSOR_NO_BOUND,
				    .hysteresis = 500,
				    .debounce_ms = 60000,
				    .stale_ms = 600000};
	snprintf(c->place.name, sizeof(c->place.name), "%s", name);
	return c;
}

static inline void start_with(const struct remembered *r)
{
	struct event e;

	shop_init(&shop, &config);
	e = event_of(EVENT_START);
	e.start.remembered = *r;
	step(&e);
	for (uint8_t i = 0; i < config.doors; i++)
		part(i, PART_CONTACT, false);
}

static inline void start(void)
{
	start_with(&(struct remembered){.ledger_ok = true, .clean = true});
}

/* Two doors, nothing that is watched. */
static inline int room_setup(void **state)
{
	(void)state;
	memset(&config, 0, sizeof(config));
	config.shop = (struct place){"viken"};
	config.doors = config.readers = 2;
	for (uint8_t i = 0; i < 2; i++) {
		config.door[i] = door_config_default();
		config.door[i].place = i == 0 ? (struct place){"front"} : (struct place){"back"};
		config.reader[i] =
			(struct reader_config){ROAD_SCANNER, false, i, config.door[i].place};
	}
	for (uint32_t i = 0; i < 7; i++)
		config.hours[i] = (struct hours){0, 1440};
	now_ms = ROOM_START_MS;
	steps = raised = cleared = buzzes = 0;
	memset(buzzer, 0, sizeof(buzzer));
	return 0;
}

#endif
