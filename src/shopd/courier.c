/*
 * courier.c: alarms on their way to courierd, and what it says of them. An alarm goes as a message,
 * not by way of the ledger, so that *ledger failing* can leave too (design 2). While courierd is
 * away nothing is lost: the core keeps what it was not told, and tells it when courierd is there
 * again.
 *
 * What courierd has said of its cameras and of the texts' roads stays as it was while it is away:
 * an alarm about a camera neither clears silently nor is new when courierd is back and says the
 * same again. That it is away is no alarm here, for nothing of ours could be texted then; the
 * heartbeat is carried by courierd too, so the office misses it within a minute and texts by a road
 * of its own.
 */
#include "shopd/shopd.h"

#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "shopd/sensors.h"
#include "shopd/told.h"

static void tell_all(struct shopd *sd, const union message *m)
{
	for (uint32_t i = listener_peers(sd->courier); i > 0; i--)
		listener_send(sd->courier, listener_peer_at(sd->courier, i - 1), m);
}

void courier_notify(struct shopd *sd, const struct effect_notify *n)
{
	union message m;

	message_init(&m, MESSAGE_NOTIFY, 0);
	m.notify.alarm = n->alarm.n;
	m.notify.kind = n->kind;
	m.notify.again = n->again;
	m.notify.code = n->code;
	m.notify.condition = n->condition;
	m.notify.severity = n->severity;
	m.notify.open_s = n->open_s;
	m.notify.count = n->count;
	m.notify.value_known = n->value_known;
	m.notify.value = n->value;
	m.notify.at_ms = n->at.ms;
	memcpy(m.notify.contact, n->contact, sizeof(m.notify.contact));
	memcpy(m.notify.place, n->place.name, sizeof(m.notify.place));
	memcpy(m.notify.shop, sd->config.shop, sizeof(m.notify.shop));
	memcpy(m.notify.by, n->by, sizeof(m.notify.by));
	tell_all(sd, &m);
}

void courier_enough(struct shopd *sd, const struct effect_enough *e)
{
	union message m;

	message_init(&m, MESSAGE_ENOUGH, 0);
	m.enough.alarm = e->alarm.n;
	tell_all(sd, &m);
}

bool courier_picture(struct shopd *sd, enum picture_kind kind, uint64_t ref)
{
	union message m;

	if (listener_peers(sd->courier) == 0)
		return false;
	message_init(&m, MESSAGE_PICTURE, 0);
	m.picture.kind = kind;
	m.picture.ref = ref;
	tell_all(sd, &m);
	return true;
}

bool courier_notice(struct shopd *sd, const char *contact, const char *text)
{
	union message m;

	if (listener_peers(sd->courier) == 0)
		return false;
	message_init(&m, MESSAGE_NOTICE, 0);
	(void)utf8_cut(text, m.notice.text, sizeof(m.notice.text));
	snprintf(m.notice.contact, sizeof(m.notice.contact), "%s", contact);
	return listener_send(sd->courier, listener_peer_at(sd->courier, 0), &m);
}

/* --- what courierd says
 * ------------------------------------------------------------------------------------ */

static void on_notified(struct shopd *sd, const struct message_notified *n)
{
	struct event e = shopd_event(sd, EVENT_NOTIFIED);

	e.notified.alarm = (struct alarm_id){n->alarm};
	e.notified.kind = (enum text_kind)n->kind;
	e.notified.outcome = (enum text_outcome)n->outcome;
	e.notified.road = (enum sms_road)n->road;
	e.notified.texts = n->texts;
	memcpy(e.notified.contact, n->contact, sizeof(e.notified.contact));
	told_heard(sd, n, e.now.wall);
	shopd_step(sd, &e);
}

static void on_contact(struct shopd *sd, uint32_t peer, const struct message_contact *c)
{
	struct event e;

	if (!told_contact(sd, peer, c))
		return;
	e = shopd_event(sd, EVENT_CONTACTS);
	e.contacts = *told_contacts(sd);
	shopd_step(sd, &e);
}

static void on_reply(struct shopd *sd, const struct message_reply *r)
{
	struct event e = shopd_event(sd, EVENT_REPLY);

	e.reply.code = r->code;
	e.reply.road = (enum sms_road)r->road;
	memcpy(e.reply.contact, r->contact, sizeof(e.reply.contact));
	shopd_step(sd, &e);
}

static void on_fault(struct shopd *sd, const struct message_fault *f)
{
	struct event e = shopd_event(sd, EVENT_FAULT);

	e.fault.condition = (enum condition)f->condition;
	e.fault.failing = f->failing;
	memcpy(e.fault.place.name, f->place, sizeof(e.fault.place.name));
	shopd_step(sd, &e);
}

static void on_message(void *data, uint32_t peer, const union message *m, int fd)
{
	struct shopd *sd = data;
	uint16_t type = m->head.type;

	if (type == MESSAGE_NOTIFIED)
		on_notified(sd, &m->notified);
	else if (type == MESSAGE_CONTACT)
		on_contact(sd, peer, &m->contact);
	else if (type == MESSAGE_REPLY)
		on_reply(sd, &m->reply);
	else if (type == MESSAGE_FAULT)
		on_fault(sd, &m->fault);
	else if (type == MESSAGE_READING)
		sensors_reading(sd, &m->reading);
	else
		office_courier_message(sd, peer, m, fd);
}

static void on_peer(void *data, uint32_t peer, bool here)
{
	struct shopd *sd = data;
	struct event e;

	journal_line(sd, "courierd %s (%u)", here ? "is here" : "is gone", peer - PEER_COURIER);
	if (sd->office)
		office_courier(sd, here);
	if (!here || !sd->shop.started)
		return;
	e = shopd_event(sd, EVENT_COURIER_UP);
	shopd_step(sd, &e);
	nights_clock(sd); /* a notice may have waited for it */
}

int courier_start(struct shopd *sd)
{
	char path[PATH_SIZE + 16];
	int r = told_start(sd);

	if (r < 0)
		return r;
	snprintf(path, sizeof(path), "%s/courier.sock", sd->config.run);
	return listener_open(sd->loop, path, 0660, ROLE_COURIER, PEER_COURIER, on_message, on_peer,
			     sd, &sd->courier);
}
