/*
 * counterd_alarms_house.h: shopd's alarms and sensors, played for counterd_house.h. Alarm 17 is the
 * only one that can be acknowledged; the first byte of the token is the verdict on it.
 */
#ifndef TESTS_UNIT_COUNTERD_ALARMS_HOUSE_H
#define TESTS_UNIT_COUNTERD_ALARMS_HOUSE_H

#include <stdio.h>
#include <string.h>

#include "core/config.h"
#include "wire/message.h"

#define ALARM_KNOWN  17
#define LONGEST_NAME "abcdefghijklmno0"

/* Set before the house is. */
static uint32_t alarms_there = 2, sensors_there = 3;
static bool lists_stop; /* in the middle: DONE never comes */
static bool lists_fail;

static inline void play_told(struct message_alarm_is *a, const char *contact, enum text_kind kind,
			     enum text_outcome outcome, enum sms_road road, uint8_t texts)
{
	struct message_told *t = &a->told[a->tolds++];

	*t = (struct message_told){.at_ms = 1764000001000,
				   .kind = (uint8_t)kind,
				   .outcome = (uint8_t)outcome,
				   .road = (uint8_t)road,
				   .texts = texts};
	snprintf(t->contact, sizeof(t->contact), "%s", contact);
}

/* As large as an alarm can be. */
static inline void play_large(struct message_alarm_is *a)
{
	a->alarm = INT64_MAX;
	a->code = UINT32_MAX;
	memset(a->by, 'b', NAME_MAX_LEN);
	memset(a->place, 'p', PLACE_MAX_LEN);
	a->condition = CONDITION_SENSOR_FAILING;
	a->cleared_at_ms = a->raised_at_ms;
	while (a->tolds < CONTACTS_MAX)
		play_told(a, LONGEST_NAME, TEXT_RAISED, TEXT_DELIVERED, SMS_BY_GATEWAY, 2);
}

static inline void play_alarm(uint32_t i, uint32_t request, union message *m)
{
	struct message_alarm_is *a = &m->alarm_is;

	message_init(m, MESSAGE_ALARM_IS, request);
	a->alarm = ALARM_KNOWN - i;
	a->code = 123456;
	a->condition = CONDITION_FREEZER_WARM;
	a->state = ALARM_ESCALATED;
	a->severity = SEVERITY_URGENT;
	a->raised_at_ms = 1764000000000;
	snprintf(a->place, sizeof(a->place), "freezer-1");
	if (alarms_there > 2) {
		play_large(a);
	} else if (i == 0) {
		play_told(a, "anna", TEXT_RAISED, TEXT_DELIVERED, SMS_BY_GATEWAY, 1);
		play_told(a, "bo", TEXT_GROUP, TEXT_STUCK, SMS_BY_MODEM, 0);
	} else {
		a->condition = CONDITION_HELD_OPEN;
		a->state = ALARM_CLEARED;
		a->over = 1;
		a->cleared_at_ms = 1764000060000;
		snprintf(a->place, sizeof(a->place), "front");
		snprintf(a->by, sizeof(a->by), "owner-c0c1c2c3");
	}
}

static inline void play_sensor(uint32_t i, uint32_t request, union message *m)
{
	struct message_sensor_is *s = &m->sensor_is;

	message_init(m, MESSAGE_SENSOR_IS, request);
	*s = (struct message_sensor_is){.head = s->head,
					.kind = i == 1 ? SENSOR_WATER : SENSOR_FREEZER,
					.state = i == 0 ? SENSOR_STALE : SENSOR_OK,
					.heard = i != 2,
					.value = i == 1 ? 1 : -18249,
					.age_ms = i == 2 ? 0 : 61000,
					.low = SENSOR_NO_BOUND,
					.high = i == 1 ? 0 : -15000};
	if (i == 2)
		s->state = SENSOR_UNKNOWN;
	if (sensors_there > 3) {
		s->kind = SENSOR_HUMIDITY;
		s->value = s->high = INT64_MIN + 1;
		s->age_ms = s->low = INT64_MAX;
	}
	snprintf(s->name, sizeof(s->name), sensors_there > 3 ? LONGEST_NAME : "milk-%u", i);
}

/* What follows when there is nothing more to say; false: nothing does. */
static inline bool play_done(uint32_t request, union message *m)
{
	message_init(m, MESSAGE_DONE, request);
	m->done.error = lists_fail;
	return !lists_stop;
}

static inline void play_ack(const struct message_ack *a, union message *m)
{
	uint8_t first = a->token[0];

	if (first != 0 && first < VERDICTS) {
		message_init(m, MESSAGE_VERDICT, a->head.request);
		m->verdict.verdict = first;
	} else if (first == 0xe0) {
		message_init(m, MESSAGE_ANSWER, a->head.request);
		m->answer.answer = ANSWER_LEDGER_UNAVAILABLE;
	} else if (first == 0xe1) {
		message_init(m, MESSAGE_VERDICT, a->head.request);
	} else if (a->alarm != ALARM_KNOWN) {
		message_init(m, MESSAGE_DONE, a->head.request);
		m->done.error = 1;
	} else {
		play_alarm(0, a->head.request, m);
		m->alarm_is.state = ALARM_ACKNOWLEDGED;
		snprintf(m->alarm_is.by, sizeof(m->alarm_is.by), "staff-%02x%02x", a->token_len,
			 a->token[1]);
	}
}

#endif
