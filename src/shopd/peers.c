/* peers.c: what the three sockets share: a peer's number tells which of them it sits on. */
#include "shopd/shopd.h"

#include <string.h>

#include "shopd/told.h"

bool peers_send(struct shopd *sd, uint32_t peer, const union message *m)
{
	if (peer >= PEER_CONTROL)
		return listener_send(sd->control, peer, m);
	if (peer >= PEER_COURIER)
		return listener_send(sd->courier, peer, m);
	return peer >= PEER_COUNTER && listener_send(sd->counter, peer, m);
}

static void place_status(const struct config *c, struct message_status_is *s)
{
	s->doors = c->doors;
	for (uint32_t i = 0; i < c->doors; i++)
		memcpy(s->door[i], c->door[i].name, sizeof(s->door[i]));
	s->tills = c->tills;
	for (uint32_t i = 0; i < c->tills; i++)
		memcpy(s->till[i], c->till[i].name, sizeof(s->till[i]));
	memcpy(s->time_zone, c->timezone, sizeof(s->time_zone));
}

void peers_status(struct shopd *sd, uint32_t request, union message *ret)
{
	struct message_status_is *s = &ret->status_is;

	message_init(ret, MESSAGE_STATUS_IS, request);
	s->ledger_ok = sd->shop.ledger_ok;
	s->clock_trusted = sd->clock_trusted;
	s->courier_connected = listener_peers(sd->courier) > 0;
	s->counter_connected = listener_peers(sd->counter) > 0;
	s->simulated = config_simulated(&sd->config);
	s->head_seq = sd->head_seq;
	s->entries_written = sd->counts.entries;
	s->commits = sd->counts.commits;
	s->queue_rows = sd->ticket - sd->committed;
	s->admissions = sd->counts.admissions;
	s->refusals = sd->counts.refusals;
	s->lines = sd->counts.lines;
	s->visits_open = sd->shop.visits.count;
	s->alarms_open = shop_alarms_open(&sd->shop);
	s->members = sd->roster->members;
	s->articles = sd->articles->rows;
	s->price_version = sd->articles->version;
	s->up_ms = loop_mono().ms - sd->started.ms;
	memcpy(s->shop, sd->config.shop, sizeof(s->shop));
	s->today = time_now(sd).day.n;
	s->barcodes = sd->config.country;
	s->reminder_days = sd->config.reminder.first_days;
	s->second_reminder_days = sd->config.reminder.second_days;
	s->bar_days = sd->config.reminder.bar_days;
	s->reminder_fee_minor = money_minor(sd->config.reminder.fee);
	office_status(sd, s);
	place_status(&sd->config, s);
}

void peers_stop(struct shopd *sd)
{
	if (sd->counter)
		listener_close(sd->counter);
	if (sd->courier)
		listener_close(sd->courier);
	if (sd->control)
		listener_close(sd->control);
	told_stop(sd);
}
