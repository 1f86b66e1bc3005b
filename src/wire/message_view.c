/*
 * message_view.c: what the owner's page sees of the shop, and its word to a door. What is listed is
 * counted within its bounds; what is a word is one of its set; of what is a number only the sign
 * is looked at, for it is shown and nothing hangs on it.
 */
#include "wire/message_fields.h"

enum {
	HOLD_MAX_MS = 12 * 3600 * 1000, /* as long as a door may be propped */
	MINUTES_OF_DAY = 1440,
	EXITS_KNOWN = 3,   /* core/config.h enum exit_sensing, which is above this floor */
	RELOCKS_KNOWN = 2, /* likewise enum relock */
	CHECK_BP_MAX = 10000,
};

const char *message_view_fields(const union message *m, enum message_role role)
{
	if (role == ROLE_CONTROL && m->view.what != VIEW_HEALTH)
		return "view: what";
	return m->view.what >= VIEW_NOW && m->view.what <= VIEW_SETTINGS ? NULL : "view: what";
}

const char *message_door_asked_fields(const union message *m, enum message_role role)
{
	const struct message_door_asked *d = &m->door_asked;
	bool prop = d->verb == DOOR_VERB_PROP;

	(void)role;
	if (d->verb < DOOR_VERB_LOCK || d->verb > DOOR_VERB_LAST)
		return "door asked: verb";
	if (prop ? d->hold_ms < 1 || d->hold_ms > HOLD_MAX_MS : d->hold_ms != 0)
		return "door asked: hold";
	if (!message_is_place(d->door, sizeof(d->door)))
		return "door asked: door";
	return d->token_len <= sizeof(d->token) ? NULL : "door asked: token";
}

const char *message_inside_is_fields(const union message *m, enum message_role role)
{
	const struct message_inside_is *i = &m->inside_is;

	(void)role;
	if (i->visits == 0 || i->visits > INSIDE_MAX)
		return "inside: count";
	for (uint32_t n = 0; n < i->visits; n++) {
		if (i->visit[n].visit == 0 || !message_is_number_or_none(i->visit[n].visit))
			return "inside: visit";
		if (!message_is_place_or_empty(i->visit[n].place, sizeof(i->visit[n].place)))
			return "inside: place";
		if (i->visit[n].role >= ROLES)
			return "inside: role";
	}
	return NULL;
}

static const char *doors_wrong(const struct message_door *door, uint32_t doors)
{
	if (doors > DOORS_MAX)
		return "doors: count";
	for (uint32_t i = 0; i < doors; i++) {
		if (!message_is_place(door[i].name, sizeof(door[i].name)))
			return "doors: name";
		if (door[i].mode >= DOOR_MODES || door[i].physical >= DOOR_PHYSICALS ||
		    door[i].alarm >= DOOR_ALARMS)
			return "doors: axis";
		if (!message_is_flag(door[i].tamper) || !message_is_flag(door[i].strike))
			return "doors: flag";
	}
	return NULL;
}

const char *message_doors_are_fields(const union message *m, enum message_role role)
{
	(void)role;
	return doors_wrong(m->doors_are.door, m->doors_are.doors);
}

const char *message_now_is_fields(const union message *m, enum message_role role)
{
	const struct message_now_is *n = &m->now_is;
	const char *wrong = doors_wrong(n->door, n->doors);

	(void)role;
	if (wrong)
		return wrong;
	if (!message_is_flag(n->ledger_ok) || !message_is_flag(n->clock_trusted) ||
	    !message_is_flag(n->courier_connected) || !message_is_flag(n->simulated) ||
	    !message_is_flag(n->enrolled) || !message_is_flag(n->restoring))
		return "now: flag";
	if (n->road >= CARRIEDS || n->sms_roads >= 1U << SMS_ROADS)
		return "now: road";
	if (!message_is_number_or_none(n->acked_seq) || !message_is_number_or_none(n->head_seq))
		return "now: entry";
	if (n->heard_at_ms < 0 || n->unsent_since_ms < 0 || n->rehearsed_at_ms < 0)
		return "now: time";
	if (n->contacts > CONTACTS_MAX || n->owners > n->contacts)
		return "now: contacts";
	return n->readers <= READERS_MAX && n->readers_lost <= n->readers ? NULL : "now: readers";
}

static const char *places_wrong(const struct message_settings_is *s)
{
	if (s->doors > DOORS_MAX || s->tills > TILLS_MAX)
		return "settings: count";
	for (uint32_t i = 0; i < s->doors; i++) {
		if (!message_is_place(s->door[i].name, sizeof(s->door[i].name)))
			return "settings: door";
		if (s->door[i].exit >= EXITS_KNOWN || s->door[i].relock >= RELOCKS_KNOWN ||
		    !message_is_flag(s->door[i].scanner))
			return "settings: door's word";
	}
	for (uint32_t i = 0; i < s->tills; i++)
		if (!message_is_place(s->till[i].name, sizeof(s->till[i].name)) ||
		    !message_is_flag(s->till[i].scanner))
			return "settings: till";
	return NULL;
}

static const char *policy_wrong(const struct message_settings_is *s)
{
	for (uint32_t i = 0; i < ARRAY_LEN(s->hours); i++)
		if (s->hours[i].open > MINUTES_OF_DAY || s->hours[i].close > MINUTES_OF_DAY)
			return "settings: hours";
	for (uint32_t i = 0; i < TRUSTS; i++)
		if (!message_is_flag(s->trust[i].limited) || s->trust[i].check_bp > CHECK_BP_MAX)
			return "settings: trust";
	return s->barred < 1U << ARTICLE_CLASSES ? NULL : "settings: barred";
}

const char *message_settings_is_fields(const union message *m, enum message_role role)
{
	const struct message_settings_is *s = &m->settings_is;
	const char *wrong = places_wrong(s);

	(void)role;
	if (!wrong)
		wrong = policy_wrong(s);
	if (wrong)
		return wrong;
	if (!message_is_flag(s->set_by_office) || !message_is_flag(s->enrolled) ||
	    !message_is_flag(s->simulated))
		return "settings: flag";
	if (s->sms_roads >= 1U << SMS_ROADS)
		return "settings: word";
	if (!message_is_day(s->today) || s->heard_at_ms < 0 || !message_is_number_or_none(s->feed))
		return "settings: office";
	return message_plain(s->time_zone, sizeof(s->time_zone)) &&
			       message_plain(s->office, sizeof(s->office))
		       ? NULL
		       : "settings: text";
}
