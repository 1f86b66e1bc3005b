/*
 * courier.c: alarms on their way to courierd, and its word on whether the texts left. An alarm goes
 * as a message, not by way of the ledger, so that *ledger failing* can leave too (design 2). While
 * courierd is away nothing is lost: the core keeps what it was not told, and tells it when courierd
 * is there again.
 */
#include "shopd/shopd.h"

#include <stdio.h>
#include <string.h>

void courier_notify(struct shopd *sd, const struct effect_notify *n)
{
	union message m;

	message_init(&m, MESSAGE_NOTIFY, 0);
	m.notify.alarm = n->alarm.n;
	m.notify.code = n->code;
	m.notify.condition = n->condition;
	m.notify.severity = n->severity;
	m.notify.cleared = n->cleared;
	m.notify.open_s = n->open_s;
	m.notify.at_ms = n->at.ms;
	memcpy(m.notify.place, n->place.name, sizeof(m.notify.place));
	memcpy(m.notify.shop, sd->config.shop, sizeof(m.notify.shop));
	for (uint32_t i = listener_peers(sd->courier); i > 0; i--)
		listener_send(sd->courier, listener_peer_at(sd->courier, i - 1), &m);
}

bool courier_notice(struct shopd *sd, const char *contact, const char *text)
{
	union message m;
	size_t len = strlen(text);

	if (listener_peers(sd->courier) == 0)
		return false;
	message_init(&m, MESSAGE_NOTICE, 0);
	if (len >= sizeof(m.notice.text))
		len = sizeof(m.notice.text) - 1;
	while (len > 0 && ((unsigned char)text[len] & 0xc0) == 0x80)
		len--; /* never within a letter */
	memcpy(m.notice.text, text, len);
	snprintf(m.notice.contact, sizeof(m.notice.contact), "%s", contact);
	return listener_send(sd->courier, listener_peer_at(sd->courier, 0), &m);
}

static void on_message(void *data, uint32_t peer, const union message *m, int fd)
{
	struct shopd *sd = data;
	struct event e;

	if (m->head.type != MESSAGE_NOTIFIED) {
		office_courier_message(sd, peer, m, fd);
		return;
	}
	e = shopd_event(sd, EVENT_NOTIFIED);
	e.notified.alarm = (struct alarm_id){m->notified.alarm};
	e.notified.cleared = m->notified.cleared;
	e.notified.sent = m->notified.sent;
	shopd_step(sd, &e);
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

	snprintf(path, sizeof(path), "%s/courier.sock", sd->config.run);
	return listener_open(sd->loop, path, 0660, ROLE_COURIER, PEER_COURIER, on_message, on_peer,
			     sd, &sd->courier);
}
