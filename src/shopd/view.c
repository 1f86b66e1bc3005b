/*
 * view.c: how things stand, for the owner's page: now, health, settings. All of it is in memory, so
 * that it can be told while there is no ledger; nothing here changes anything, and nothing is asked
 * for that would keep the loop waiting.
 */
#include "shopd/owner.h"

#include <string.h>

#include "shopd/disk.h"
#include "shopd/office.h"
#include "shopd/told.h"

static bool inside_rows(struct shopd *sd, uint32_t peer, uint32_t request)
{
	const struct visits *v = &sd->shop.visits;
	union message m;

	for (uint32_t from = 0; from < v->count; from += INSIDE_MAX) {
		struct message_inside_is *is = &m.inside_is;

		message_init(&m, MESSAGE_INSIDE_IS, request);
		for (uint32_t i = from; i < v->count && is->visits < INSIDE_MAX; i++) {
			const struct visit *visit = &v->open[i];
			uint32_t at = is->visits++;

			is->visit[at].visit = visit->id.n;
			is->visit[at].since_ms = visit->opened_at.ms;
			memcpy(is->visit[at].customer, visit->customer.byte,
			       sizeof(is->visit[at].customer));
			memcpy(is->visit[at].place, visit->place.name, sizeof(is->visit[at].place));
			is->visit[at].role = (uint8_t)visit->role;
		}
		if (!peers_send(sd, peer, &m))
			return false;
	}
	return true;
}

/* Of those alarms that are not over. */
static bool alarm_rows(struct shopd *sd, uint32_t peer, uint32_t request)
{
	const struct alarm *a;
	union message m;

	for (uint32_t i = 0; (a = shop_alarm_at(&sd->shop, i)); i++)
		if (!a->over && told_alarm(sd, a->id, request, &m) && !peers_send(sd, peer, &m))
			return false;
	return true;
}

/* --- now */

static void now_office(const struct shopd *sd, struct message_now_is *n)
{
	const struct office_side *o = sd->office;

	n->head_seq = sd->head_seq;
	if (!o)
		return;
	n->enrolled = o->pin.enrolled;
	n->restoring = o->pin.restoring;
	n->road = o->road;
	n->acked_seq = o->acked;
	n->heard_at_ms = o->heard.ms;
	n->roster_max_ms = sd->policy.roster_max_hours * 3600000;
	if (o->pin.enrolled && o->behind.seq == o->acked + 1 && o->behind.at.ms > 0)
		n->unsent_since_ms = o->behind.at.ms;
}

static void now_contacts(struct shopd *sd, struct message_now_is *n)
{
	const struct event_contacts *known = told_contacts(sd);

	n->contacts = known->contacts;
	n->sms_roads = known->roads;
	for (uint32_t i = 0; i < known->contacts; i++)
		n->owners += known->contact[i].role == CONTACT_OWNER;
}

static void now_readers(const struct shopd *sd, struct message_now_is *n)
{
	for (uint32_t i = 0; i < READERS_MAX; i++) {
		bool nfc =
			i < sd->shop.config.readers && sd->shop.config.reader[i].road == ROAD_NFC;

		if (!sd->port[i].path && !nfc)
			continue;
		n->readers++;
		n->readers_lost += nfc ? sd->port[i].lost : sd->port[i].fd < 0;
	}
}

static void now_tell(struct shopd *sd, uint32_t peer, uint32_t request)
{
	union message m, doors;
	struct message_now_is *n = &m.now_is;

	message_init(&m, MESSAGE_NOW_IS, request);
	owner_doors(sd, request, &doors);
	n->doors = doors.doors_are.doors;
	memcpy(n->door, doors.doors_are.door, sizeof(n->door));
	n->ledger_ok = sd->shop.ledger_ok;
	n->clock_trusted = sd->clock_trusted;
	n->courier_connected = listener_peers(sd->courier) > 0;
	n->simulated = config_simulated(&sd->config);
	n->alarms_open = shop_alarms_open(&sd->shop);
	now_office(sd, n);
	n->free_mib = disk_free_mib(sd);
	n->least_free_mib = sd->config.alarms.disk_free_mb;
	now_contacts(sd, n);
	n->rehearse_days = sd->shop.config.ladder.rehearse_days;
	n->rehearsed_at_ms = sd->shop.rehearsal.last.ms;
	now_readers(sd, n);
	peers_send(sd, peer, &m);
}

/* --- settings */

static void settings_places(const struct config *c, struct message_settings_is *s)
{
	s->doors = c->doors;
	for (uint32_t i = 0; i < c->doors; i++) {
		const struct door_section *d = &c->door[i];

		memcpy(s->door[i].name, d->name, sizeof(s->door[i].name));
		s->door[i].exit = (uint8_t)d->exit_sensing;
		s->door[i].relock = (uint8_t)d->relock;
		s->door[i].scanner = d->scanner[0] != '\0';
		s->door[i].unlock_ms = (int32_t)d->unlock_ms;
		s->door[i].unlock_extended_ms = (int32_t)d->unlock_extended_ms;
		s->door[i].opening_grace_ms = (int32_t)d->opening_grace_ms;
		s->door[i].buzzer_ms = (int32_t)d->buzzer_ms;
		s->door[i].held_open_ms = (int32_t)d->held_open_ms;
		s->door[i].held_open_extended_ms = (int32_t)d->held_open_extended_ms;
		s->door[i].rex_grace_ms = (int32_t)d->rex_grace_ms;
		s->door[i].debounce_ms = (int32_t)d->debounce_ms;
		s->door[i].settle_ms = (int32_t)d->settle_ms;
	}
	s->tills = c->tills;
	for (uint32_t i = 0; i < c->tills; i++) {
		memcpy(s->till[i].name, c->till[i].name, sizeof(s->till[i].name));
		s->till[i].scanner = c->till[i].scanner[0] != '\0';
	}
}

static bool policy_is(const struct policy_config *a, const struct policy_config *b)
{
	return memcmp(a->hours, b->hours, sizeof(a->hours)) == 0 &&
	       a->occupancy_max == b->occupancy_max && a->barred == b->barred &&
	       a->door_log_days == b->door_log_days && a->roster_max_hours == b->roster_max_hours;
}

static void settings_policy(const struct shopd *sd, struct message_settings_is *s)
{
	const struct policy_config *p = &sd->policy;

	for (uint32_t i = 0; i < ARRAY_LEN(s->hours); i++) {
		s->hours[i].open = p->hours[i][0];
		s->hours[i].close = p->hours[i][1];
	}
	s->set_by_office = !policy_is(p, &sd->config.policy);
	s->occupancy_max = (uint32_t)p->occupancy_max;
	s->barred = p->barred;
	s->roster_max_hours = (int32_t)p->roster_max_hours;
	s->door_log_days = (int32_t)p->door_log_days;
	for (uint32_t i = 0; i < TRUSTS; i++) {
		s->trust[i].limited = sd->config.trust[i].limited;
		s->trust[i].check_bp = sd->config.trust[i].check_bp;
		s->trust[i].credit_limit_minor = money_minor(sd->config.trust[i].credit_limit);
	}
}

static void settings_alarms(struct shopd *sd, struct message_settings_is *s)
{
	const struct alarms_section *a = &sd->config.alarms;

	memcpy(s->step_ms, a->ladder.step_ms, sizeof(s->step_ms));
	s->inside_ms = a->inside_ms;
	s->refusals = (uint32_t)a->refusals;
	s->refusals_ms = a->refusals_ms;
	s->disk_free_mb = a->disk_free_mb;
	s->sync_max_hours = a->sync_max_hours;
	s->rehearse_days = a->ladder.rehearse_days;
	s->sms_roads = told_contacts(sd)->roads;
	s->reminder_days = sd->config.reminder.first_days;
	s->second_reminder_days = sd->config.reminder.second_days;
	s->bar_days = sd->config.reminder.bar_days;
	s->reminder_fee_minor = money_minor(sd->config.reminder.fee);
}

static void settings_shop(struct shopd *sd, struct message_settings_is *s)
{
	const struct office_side *o = sd->office;

	s->today = time_now(sd).day.n;
	s->simulated = config_simulated(&sd->config);
	s->price_version = sd->articles->version;
	s->members = sd->roster->members;
	s->articles = sd->articles->rows;
	s->up_ms = loop_mono().ms - sd->started.ms;
	memcpy(s->time_zone, sd->config.timezone, sizeof(s->time_zone));
	if (!o || !o->pin.enrolled)
		return;
	s->enrolled = 1;
	s->epoch = o->pin.epoch;
	s->feed = o->feed.cursor;
	s->heard_at_ms = o->heard.ms;
	memcpy(s->office, o->pin.url, sizeof(s->office) - 1);
}

static void settings_tell(struct shopd *sd, uint32_t peer, uint32_t request)
{
	union message m;

	message_init(&m, MESSAGE_SETTINGS_IS, request);
	settings_places(&sd->config, &m.settings_is);
	settings_policy(sd, &m.settings_is);
	settings_alarms(sd, &m.settings_is);
	settings_shop(sd, &m.settings_is);
	peers_send(sd, peer, &m);
}

/* --- the way in */

void view_message(struct shopd *sd, uint32_t peer, const struct message_view *m)
{
	uint32_t request = m->head.request;

	switch ((enum view)m->what) {
	case VIEW_NOW:
		if (inside_rows(sd, peer, request))
			now_tell(sd, peer, request);
		return;
	case VIEW_HEALTH:
		if (alarm_rows(sd, peer, request) && told_rows(sd, peer, MESSAGE_SENSORS, request))
			now_tell(sd, peer, request);
		return;
	case VIEW_SETTINGS:
		if (told_rows(sd, peer, MESSAGE_CONTACTS, request) &&
		    told_rows(sd, peer, MESSAGE_SENSORS, request))
			settings_tell(sd, peer, request);
		return;
	}
}
