/*
 * told.c: who is told of alarms and what became of it, and the lists that people ask for (told.h).
 *
 * courierd names its contacts one after the other, from the first, whenever it has come. They hold
 * from the last one on, all at once: a half-told list would call half of the people. A courierd
 * that was killed in between begins again at the first.
 *
 * Of the texts only the newest to each person about each alarm is kept, and of those the last
 * TEXTS_KEPT: the whole story stands in the ledger (`told`), which tells those of the last hour
 * again after a restart.
 */
#include "shopd/told.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define TEXTS_KEPT     512 /* room for every alarm that may be up, told to four */
#define MINUTES_OF_DAY 1440

struct kept {
	uint64_t alarm; /* 0: none */
	struct message_told told;
};

struct told {
	struct event_contacts known, coming;
	uint32_t peer;	      /* that is telling */
	uint32_t next, count; /* `coming` is complete up to here, of so many */
	struct kept text[TEXTS_KEPT];
	uint32_t at; /* the oldest, when the ring is full */
};

int told_start(struct shopd *sd)
{
	sd->told = calloc(1, sizeof(*sd->told));
	return sd->told ? 0 : -ENOMEM;
}

void told_stop(struct shopd *sd)
{
	free(sd->told);
	sd->told = NULL;
}

/* --- contacts
 * ------------------------------------------------------------------------------------ */

static bool is_named(const struct event_contacts *e, const char *name)
{
	for (uint32_t i = 0; i < e->contacts; i++)
		if (strcmp(e->contact[i].name, name) == 0)
			return true;
	return false;
}

static struct contact contact_of(const struct message_contact *c)
{
	struct contact ret = {.role = (enum contact_role)c->role,
			      .step = (uint8_t)c->step,
			      .hours = {c->open, c->close},
			      .least = (enum severity)c->least};

	memcpy(ret.name, c->name, sizeof(ret.name));
	return ret;
}

bool told_contact(struct shopd *sd, uint32_t peer, const struct message_contact *c)
{
	struct told *t = sd->told;

	if (c->number == 0) {
		t->coming = (struct event_contacts){0};
		t->peer = peer;
		t->next = 0;
		t->count = c->count;
	}
	if (peer != t->peer || c->number != t->next || c->count != t->count ||
	    is_named(&t->coming, c->name)) {
		journal_line(sd, "contacts: courierd's %u of %u, %s, is out of order: passed over",
			     c->number + 1, c->count, c->name);
		t->next = CONTACTS_MAX; /* the first one begins anew */
		return false;
	}
	t->coming.contact[t->next++] = contact_of(c);
	t->coming.contacts = t->next;
	t->coming.roads = c->roads;
	if (t->next < c->count)
		return false;
	t->known = t->coming;
	t->next = CONTACTS_MAX;
	return true;
}

const struct event_contacts *told_contacts(const struct shopd *sd)
{
	return &sd->told->known;
}

/* Hours that begin where they end are all of them (core/config.h). */
static bool on_duty(const struct hours *h, uint16_t minute_of_week)
{
	uint16_t minute = minute_of_week % MINUTES_OF_DAY;

	if (h->open == h->close)
		return true;
	if (h->close < h->open)
		return minute >= h->open || minute < h->close;
	return minute >= h->open && minute < h->close;
}

static bool contact_row(struct shopd *sd, uint32_t i, uint32_t request, union message *ret)
{
	const struct event_contacts *known = &sd->told->known;
	struct message_contact *c = &ret->contact;

	if (i >= known->contacts)
		return false;
	message_init(ret, MESSAGE_CONTACT, request);
	c->number = i;
	c->count = known->contacts;
	c->roads = known->roads;
	c->role = known->contact[i].role;
	c->step = known->contact[i].step;
	c->least = known->contact[i].least;
	c->open = known->contact[i].hours.open;
	c->close = known->contact[i].hours.close;
	c->on_duty = on_duty(&known->contact[i].hours, time_now(sd).minute_of_week);
	memcpy(c->name, known->contact[i].name, sizeof(c->name));
	return true;
}

/* --- texts
 * ------------------------------------------------------------------------------------ */

/* A courierd that was taken over may name any alarm: what is not in the list is not kept. */
static bool is_listed(const struct shop *shop, uint64_t alarm)
{
	const struct alarm *a;

	for (uint32_t i = 0; (a = shop_alarm_at(shop, i)); i++)
		if (a->id.n == alarm)
			return true;
	return false;
}

static struct kept *text_of(struct told *t, uint64_t alarm, const char *contact)
{
	for (uint32_t i = 0; i < TEXTS_KEPT; i++)
		if (t->text[i].alarm == alarm && strcmp(t->text[i].told.contact, contact) == 0)
			return &t->text[i];
	return NULL;
}

/* The newest word about a text stays. */
static void keep(struct shopd *sd, uint64_t alarm, const struct message_told *told)
{
	struct told *t = sd->told;
	struct kept *k = text_of(t, alarm, told->contact);

	if (k && k->told.at_ms > told->at_ms)
		return;
	if (!k && !is_listed(&sd->shop, alarm))
		return;
	if (!k) {
		k = &t->text[t->at];
		t->at = (t->at + 1) % TEXTS_KEPT;
	}
	k->alarm = alarm;
	k->told = *told;
}

void told_heard(struct shopd *sd, const struct message_notified *n, struct wall at)
{
	struct message_told told = {.at_ms = at.ms,
				    .kind = (uint8_t)n->kind,
				    .outcome = (uint8_t)n->outcome,
				    .road = (uint8_t)n->road,
				    .texts = (uint8_t)n->texts};

	memcpy(told.contact, n->contact, sizeof(told.contact));
	keep(sd, n->alarm, &told);
}

void told_remember(struct shopd *sd, const struct remembered *r)
{
	/* the newest is the first of them, and two may be of one moment */
	for (uint32_t i = r->tolds; i > 0; i--) {
		const struct entry_told *e = &r->told[i - 1].told;
		struct message_told told = {
			.at_ms = r->told[i - 1].at.ms,
			.kind = (uint8_t)e->kind,
			.outcome = (uint8_t)e->outcome,
			.road = (uint8_t)e->road,
			.texts = (uint8_t)(e->texts < SMS_ROADS ? e->texts : SMS_ROADS)};

		memcpy(told.contact, e->contact.name, sizeof(told.contact));
		if (place_valid(told.contact, (uint32_t)strlen(told.contact)))
			keep(sd, e->alarm.n, &told);
	}
}

static bool has_told(const struct message_alarm_is *is, const char *contact)
{
	for (uint32_t i = 0; i < is->tolds; i++)
		if (strcmp(is->told[i].contact, contact) == 0)
			return true;
	return false;
}

/* Who heard of it in a text about several alarms, which bears the gravest one's number. */
static void told_together(struct shopd *sd, const struct alarm *a, struct message_alarm_is *is)
{
	const struct ladder *l = &sd->shop.ladder;
	const struct kept *k;

	for (uint32_t i = 0; i < l->contacts && is->tolds < CONTACTS_MAX; i++) {
		if (a->call.group[i].n == 0 || has_told(is, l->contact[i].name))
			continue;
		k = text_of(sd->told, a->call.group[i].n, l->contact[i].name);
		if (k && k->told.kind == TEXT_GROUP)
			is->told[is->tolds++] = k->told;
	}
}

/* Newest first: those that are not over, then the last finished ones. */
static bool alarm_row(struct shopd *sd, uint32_t i, uint32_t request, union message *ret)
{
	const struct alarm *a = shop_alarm_at(&sd->shop, i);
	const struct told *t = sd->told;
	struct message_alarm_is *is = &ret->alarm_is;

	if (!a)
		return false;
	message_init(ret, MESSAGE_ALARM_IS, request);
	is->alarm = a->id.n;
	is->code = a->code;
	is->condition = a->condition;
	is->state = a->state;
	is->severity = a->severity;
	is->over = a->over;
	is->raised_at_ms = a->raised_at.ms;
	is->cleared_at_ms = a->cleared_at.ms;
	memcpy(is->place, a->place.name, sizeof(is->place));
	memcpy(is->by, a->by, sizeof(is->by));
	for (uint32_t k = 0; k < TEXTS_KEPT && is->tolds < CONTACTS_MAX; k++)
		if (t->text[k].alarm == a->id.n)
			is->told[is->tolds++] = t->text[k].told;
	told_together(sd, a, is);
	return true;
}

bool told_alarm(struct shopd *sd, struct alarm_id alarm, uint32_t request, union message *ret)
{
	for (uint32_t i = 0; alarm_row(sd, i, request, ret); i++)
		if (ret->alarm_is.alarm == alarm.n)
			return true;
	return false;
}

/* --- sensors
 * ------------------------------------------------------------------------------------ */

static bool sensor_row(struct shopd *sd, uint32_t i, uint32_t request, union message *ret)
{
	const struct shop_config *config = &sd->shop.config;
	struct message_sensor_is *is = &ret->sensor_is;
	struct mono now = loop_mono();
	const struct sensor *s;

	if (i >= config->sensors)
		return false;
	s = &sd->shop.sensors.sensor[i];
	message_init(ret, MESSAGE_SENSOR_IS, request);
	is->kind = config->sensor[i].kind;
	is->state = s->state;
	is->heard = s->heard;
	is->high = config->sensor[i].high;
	is->low = config->sensor[i].low;
	if (s->heard) {
		is->value = s->value;
		is->age_ms = now.ms > s->heard_at.ms ? now.ms - s->heard_at.ms : 0;
	}
	memcpy(is->name, config->sensor[i].place.name, sizeof(is->name));
	return true;
}

/* --- the lists
 * ------------------------------------------------------------------------------------ */

/* The i-th row of a list; false past its end. */
typedef bool row_fn(struct shopd *sd, uint32_t i, uint32_t request, union message *ret);

static row_fn *rows_of(uint16_t list)
{
	return list == MESSAGE_ALARMS	  ? alarm_row
	       : list == MESSAGE_SENSORS  ? sensor_row
	       : list == MESSAGE_CONTACTS ? contact_row
					  : NULL;
}

bool told_rows(struct shopd *sd, uint32_t peer, enum message_type list, uint32_t request)
{
	row_fn *row = rows_of((uint16_t)list);
	union message m;

	CHECK(row);
	for (uint32_t i = 0; row(sd, i, request, &m); i++)
		if (!peers_send(sd, peer, &m))
			return false;
	return true;
}

bool told_message(struct shopd *sd, uint32_t peer, const union message *m)
{
	union message answer;

	if (!rows_of(m->head.type))
		return false;
	if (!told_rows(sd, peer, (enum message_type)m->head.type, m->head.request))
		return true;
	message_init(&answer, MESSAGE_DONE, m->head.request);
	peers_send(sd, peer, &answer);
	return true;
}
