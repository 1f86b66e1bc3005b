/*
 * message_alarm.c: the messages about alarms: who is to be told what, who has answered, what
 * courierd and the sensors say of the shop (message.c says who may say them).
 */
#include "wire/message_fields.h"

#include "wire/picture.h"

#define MINUTES_OF_DAY 1440

bool message_is_condition(uint32_t c)
{
	return c >= CONDITION_HELD_OPEN && c < CONDITIONS;
}

static bool is_alarm(uint64_t n)
{
	return n > 0 && message_is_number_or_none(n);
}

const char *message_notify_fields(const union message *m, enum message_role role)
{
	const struct message_notify *n = &m->notify;

	(void)role;
	if (!is_alarm(n->alarm))
		return "notify: alarm";
	if (n->kind >= TEXT_KINDS)
		return "notify: kind";
	if (!message_is_condition(n->condition))
		return "notify: condition";
	if (n->severity >= SEVERITIES)
		return "notify: severity";
	if (!message_is_flag(n->again) || !message_is_flag(n->value_known))
		return "notify: flag";
	if (!message_is_place(n->contact, sizeof(n->contact)))
		return "notify: contact";
	if (!message_is_place_or_empty(n->place, sizeof(n->place)))
		return "notify: place";
	if (n->by[0] != '\0' && !message_is_name(n->by, sizeof(n->by)))
		return "notify: by";
	return message_is_place(n->shop, sizeof(n->shop)) ? NULL : "notify: shop";
}

const char *message_notified_fields(const union message *m, enum message_role role)
{
	const struct message_notified *n = &m->notified;

	(void)role;
	if (!is_alarm(n->alarm))
		return "notified: alarm";
	if (n->kind >= TEXT_KINDS || n->outcome >= TEXT_OUTCOMES || n->road >= SMS_ROADS)
		return "notified: word";
	if (n->texts > SMS_ROADS)
		return "notified: texts";
	return message_is_place(n->contact, sizeof(n->contact)) ? NULL : "notified: contact";
}

const char *message_enough_fields(const union message *m, enum message_role role)
{
	(void)role;
	return is_alarm(m->enough.alarm) ? NULL : "enough: alarm";
}

const char *message_contact_fields(const union message *m, enum message_role role)
{
	const struct message_contact *c = &m->contact;

	(void)role;
	if (c->count == 0 || c->count > CONTACTS_MAX || c->number >= c->count)
		return "contact: number";
	if (c->roads >= 1U << SMS_ROADS)
		return "contact: roads";
	if (c->role >= CONTACT_ROLES || c->least >= SEVERITIES)
		return "contact: word";
	if (c->step == 0 || c->step > CONTACTS_MAX)
		return "contact: step";
	if (!message_is_flag(c->on_duty))
		return "contact: duty";
	if (c->open > MINUTES_OF_DAY || c->close > MINUTES_OF_DAY)
		return "contact: hours";
	return message_is_place(c->name, sizeof(c->name)) ? NULL : "contact: name";
}

const char *message_reply_fields(const union message *m, enum message_role role)
{
	(void)role;
	if (m->reply.road >= SMS_ROADS)
		return "reply: road";
	return message_is_place(m->reply.contact, sizeof(m->reply.contact)) ? NULL
									    : "reply: contact";
}

const char *message_fault_fields(const union message *m, enum message_role role)
{
	const struct message_fault *f = &m->fault;

	(void)role;
	if (f->condition != CONDITION_CAMERA_LOST && f->condition != CONDITION_ROAD_FAILING)
		return "fault: condition";
	if (!message_is_flag(f->failing))
		return "fault: flag";
	return message_is_place(f->place, sizeof(f->place)) ? NULL : "fault: place";
}

const char *message_reading_fields(const union message *m, enum message_role role)
{
	(void)role;
	if (!message_is_flag(m->reading.lost))
		return "reading: flag";
	return message_is_place(m->reading.sensor, sizeof(m->reading.sensor)) ? NULL
									      : "reading: sensor";
}

const char *message_picture_fields(const union message *m, enum message_role role)
{
	(void)role;
	if (m->picture.kind >= PICTURE_KINDS)
		return "picture: kind";
	return message_is_number_or_none(m->picture.ref) ? NULL : "picture: ref";
}

const char *message_ack_fields(const union message *m, enum message_role role)
{
	const struct message_ack *a = &m->ack;

	if (!message_is_number_or_none(a->alarm))
		return "acknowledgement: alarm";
	if (role == ROLE_COUNTER)
		return a->by[0] == '\0' && a->token_len > 0 && a->token_len <= sizeof(a->token)
			       ? NULL
			       : "acknowledgement: token";
	if (a->token_len != 0)
		return "acknowledgement: token";
	return message_is_name(a->by, sizeof(a->by)) ? NULL : "acknowledgement: by";
}

static const char *told_fields(const struct message_alarm_is *a)
{
	if (a->tolds > CONTACTS_MAX)
		return "alarm: told";
	for (uint32_t i = 0; i < a->tolds; i++) {
		const struct message_told *t = &a->told[i];

		if (t->kind >= TEXT_KINDS || t->outcome >= TEXT_OUTCOMES || t->road >= SMS_ROADS ||
		    t->texts > SMS_ROADS)
			return "alarm: told word";
		if (!message_is_place(t->contact, sizeof(t->contact)))
			return "alarm: told contact";
	}
	return NULL;
}

const char *message_alarm_is_fields(const union message *m, enum message_role role)
{
	const struct message_alarm_is *a = &m->alarm_is;

	(void)role;
	if (!is_alarm(a->alarm))
		return "alarm: alarm";
	if (!message_is_condition(a->condition))
		return "alarm: condition";
	if (a->state >= ALARM_STATES || a->severity >= SEVERITIES)
		return "alarm: state";
	if (!message_is_place_or_empty(a->place, sizeof(a->place)))
		return "alarm: place";
	if (a->by[0] != '\0' && !message_is_name(a->by, sizeof(a->by)))
		return "alarm: by";
	if (!message_is_flag(a->over))
		return "alarm: over";
	return told_fields(a);
}

const char *message_sensor_is_fields(const union message *m, enum message_role role)
{
	const struct message_sensor_is *s = &m->sensor_is;

	(void)role;
	if (s->kind >= SENSOR_KINDS || s->state >= SENSOR_STATES)
		return "sensor: word";
	if (!message_is_flag(s->heard) || s->age_ms < 0)
		return "sensor: heard";
	return message_is_place(s->name, sizeof(s->name)) ? NULL : "sensor: name";
}
