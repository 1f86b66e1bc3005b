/*
 * office_sync.c: what courierd is told there is to carry, the tokens that it carries it with, and
 * what the shop makes of a road that does not carry.
 *
 * courierd is told everything at once in one message, again whenever something of it has changed:
 * it keeps nothing, so a courierd that was killed begins where the message says. The head of the
 * ledger moves with every sale and is told at most five times a second.
 *
 * The office is stale when its newest signed word is older than policy says; by the monotonic clock
 * since we have listened where the wall clock cannot be trusted. A shop where nothing happens asks
 * for a word in time (the answer to a nonce), so that a quiet night is no alarm.
 */
#include "shopd/office.h"

#include <stdio.h>
#include <string.h>

#include "crypto/es256.h"
#include "shopd/told.h"

#define TELL_MS		200   /* the head: at most five times a second */
#define LOOK_MS		60000 /* conditions are minutes apart from being noticed, not more */
#define SLACK_MS	1000
#define NONCE_MS	60000  /* an answer to a nonce of ours is fresh for so long */
#define TIME_AGAIN_MS	300000 /* after an answer that did not help */
#define TOKEN_LIFE_S	60
#define CLOCK_AGREES_MS 10000
#define HOUR_MS		3600000LL

/* --- what there is to carry */

static void doors_of(const struct shopd *sd, struct message_sync *m)
{
	m->doors = sd->config.doors;
	for (uint32_t i = 0; i < sd->config.doors; i++) {
		const struct door *d = &sd->shop.door[i];

		memcpy(m->door[i].name, sd->config.door[i].name, sizeof(m->door[i].name));
		m->door[i].mode = (uint8_t)d->mode;
		m->door[i].physical = (uint8_t)d->physical;
		m->door[i].alarm = (uint8_t)d->alarm;
		m->door[i].tamper = d->tamper;
	}
}

/* There is a road that takes texts: not one that every text is stuck on, not only failing ones. */
static bool texts_leave(const struct shopd *sd)
{
	const struct alarms *a = &sd->shop.alarms;
	uint32_t fitted = told_contacts(sd)->roads, failing = 0;
	struct place place = {""};

	for (uint32_t i = 0; i < SMS_ROADS; i++) {
		snprintf(place.name, sizeof(place.name), "%s", sms_road_word((enum sms_road)i));
		if (alarm_find(a, CONDITION_ROAD_FAILING, &place))
			failing |= 1U << i;
	}
	if (fitted != 0 && (fitted & ~failing) == 0)
		return false;
	return !alarm_find(a, CONDITION_SMS_FAILING, NULL);
}

static void health_of(const struct shopd *sd, struct message_sync *m)
{
	m->clock_trusted = sd->clock_trusted;
	m->ledger_ok = sd->shop.ledger_ok;
	m->sms_ok = texts_leave(sd);
	m->visits_open = sd->shop.visits.count;
	m->alarms_open = shop_alarms_open(&sd->shop);
	m->up_ms = loop_mono().ms - sd->started.ms;
	doors_of(sd, m);
}

static void wants_of(const struct office_side *o, struct message_sync *m)
{
	bool fetching = o->restore.step == RESTORE_FETCHES || o->restore.step == RESTORE_TAKES;

	m->want_epoch = o->want_epoch && !o->pin.restoring;
	m->want_tail = fetching;
	m->tail_after = fetching ? o->restore.after : 0;
	m->want_snapshot = o->want_snapshot;
	m->want_keys = o->want_keys;
	m->want_time = o->has_nonce;
	if (o->has_nonce)
		memcpy(m->time_nonce, o->nonce, sizeof(m->time_nonce));
}

static void sync_of(const struct shopd *sd, union message *ret)
{
	const struct office_side *o = sd->office;
	struct message_sync *m = &ret->sync;
	bool asks = o->enrolling.on && !o->enrolling.pinned && o->has_key;

	message_init(ret, MESSAGE_SYNC, 0);
	m->enrolled = o->pin.enrolled;
	memcpy(m->shop, sd->config.shop, sizeof(m->shop));
	memcpy(m->url, asks ? o->enrolling.url : o->pin.url, sizeof(m->url));
	if (asks)
		memcpy(m->code, o->enrolling.text, sizeof(m->code));
	memcpy(m->key, o->key.x, 32);
	memcpy(m->key + 32, o->key.y, 32);
	if (!o->pin.enrolled)
		return;
	m->epoch = o->pin.epoch;
	/* while the ledger is being made anew nothing of it goes up */
	m->acked = o->acked;
	m->head_seq = o->pin.restoring || sd->head_seq < o->acked ? o->acked : sd->head_seq;
	memcpy(m->acked_hash, o->acked_hash.byte, sizeof(m->acked_hash));
	m->feed = o->feed.cursor;
	wants_of(o, m);
	health_of(sd, m);
}

void sync_tell(struct shopd *sd)
{
	struct office_side *o = sd->office;
	union message m;

	if (!sd->courier || listener_peers(sd->courier) == 0)
		return;
	o->synced_at = loop_mono();
	timer_arm(o->sync_timer, MONO_NEVER);
	sync_of(sd, &m);
	for (uint32_t i = listener_peers(sd->courier); i > 0; i--)
		listener_send(sd->courier, listener_peer_at(sd->courier, i - 1), &m);
}

void sync_soon(struct shopd *sd)
{
	struct office_side *o = sd->office;

	if (!o->pin.enrolled)
		return;
	if (mono_due(loop_mono(), mono_add(o->synced_at, TELL_MS)))
		sync_tell(sd);
	else
		timer_arm(o->sync_timer, mono_add(o->synced_at, TELL_MS));
}

static void on_sync_timer(void *data)
{
	sync_tell(data);
}

/* What the heartbeat says besides has changed. */
static bool moved(struct shopd *sd)
{
	struct office_side *o = sd->office;
	bool other = o->seen_visits != sd->shop.visits.count ||
		     o->seen_alarms != shop_alarms_open(&sd->shop) ||
		     o->seen_trusted != sd->clock_trusted;

	for (uint32_t i = 0; i < sd->config.doors; i++) {
		const struct door *d = &sd->shop.door[i];
		const uint8_t is[4] = {(uint8_t)d->mode, (uint8_t)d->physical, (uint8_t)d->alarm,
				       d->tamper};

		other = other || memcmp(o->seen_door[i], is, sizeof(is)) != 0;
		memcpy(o->seen_door[i], is, sizeof(is));
	}
	o->seen_visits = sd->shop.visits.count;
	o->seen_alarms = shop_alarms_open(&sd->shop);
	o->seen_trusted = sd->clock_trusted;
	return other;
}

void office_moved(struct shopd *sd)
{
	if (sd->office && sd->office->pin.enrolled && moved(sd))
		sync_soon(sd);
}

/* --- the clock, by the office's word */

/* Its word is wanted where ours cannot be trusted, and where nothing of it came for half the time
 * after which it counts as stale. */
static bool word_wanted(const struct shopd *sd)
{
	const struct office_side *o = sd->office;
	int64_t half_ms = sd->policy.roster_max_hours * HOUR_MS / 2;

	if (!o->pin.enrolled)
		return false;
	return !sd->clock_trusted || mono_due(loop_mono(), mono_add(o->heard_mono, half_ms));
}

static void nonce_look(struct shopd *sd)
{
	struct office_side *o = sd->office;
	struct mono now = loop_mono();
	bool had = o->has_nonce;

	if (o->has_nonce && (!word_wanted(sd) || mono_due(now, o->nonce_until)))
		o->has_nonce = false;
	if (!o->has_nonce && word_wanted(sd) && mono_due(now, o->time_at)) {
		random_bytes(o->nonce, sizeof(o->nonce));
		o->nonce_until = mono_add(now, NONCE_MS);
		o->has_nonce = true;
	}
	if (o->has_nonce || had)
		sync_soon(sd);
}

void sync_time_said(struct shopd *sd, const struct sync_time *t)
{
	struct office_side *o = sd->office;
	struct wall wall = loop_wall();
	int64_t apart = t->at.ms > wall.ms ? t->at.ms - wall.ms : wall.ms - t->at.ms;

	o->has_nonce = false;
	o->time_at = mono_add(loop_mono(), TIME_AGAIN_MS);
	if (apart <= CLOCK_AGREES_MS) {
		if (!sd->clock_trusted)
			time_vouch(sd, "the office");
		return;
	}
	journal_line(sd, "clock: the office's is %lld s %s ours, which is not trusted",
		     (long long)apart / 1000, t->at.ms > wall.ms ? "ahead of" : "behind");
}

/* --- conditions */

static bool is_stale(const struct shopd *sd)
{
	const struct office_side *o = sd->office;
	int64_t most_ms = sd->policy.roster_max_hours * HOUR_MS;

	if (!o->pin.enrolled)
		return false;
	if (mono_due(loop_mono(), mono_add(o->heard_mono, most_ms)))
		return true;
	return sd->clock_trusted && o->heard.ms != 0 && loop_wall().ms - o->heard.ms > most_ms;
}

static void conditions_look(struct shopd *sd)
{
	struct office_side *o = sd->office;
	bool refused = o->pin.enrolled && (o->refused_by_word || o->refused_by_road);
	bool stale = is_stale(sd);
	bool known = !o->pin.enrolled || o->heard.ms != 0 || refused || stale;
	char heard[WALL_TEXT_SIZE];
	struct event e;

	if (o->conditions_told ? refused == o->refused && stale == o->stale : !known)
		return;
	o->conditions_told = true;
	if (stale && !o->stale) {
		wall_text(o->heard, heard);
		journal_line(sd, "office: its newest word is of %s, older than %lld h",
			     o->heard.ms ? heard : "before this start",
			     (long long)sd->policy.roster_max_hours);
	}
	o->refused = refused;
	o->stale = stale;
	e = shopd_event(sd, EVENT_OFFICE);
	e.office.refused = refused;
	e.office.stale = stale;
	shopd_step(sd, &e);
}

void sync_heard(struct shopd *sd, struct wall at)
{
	struct office_side *o = sd->office;

	if (at.ms > o->heard.ms)
		o->heard = at;
	o->heard_mono = loop_mono();
}

/* A price list's next price, by a clock that can be trusted. */
static struct mono due_look(struct shopd *sd)
{
	struct wall due = catalogue_due(sd->catalogue), now = loop_wall();

	if (due.ms == 0 || !sd->clock_trusted)
		return MONO_NEVER;
	if (due.ms <= now.ms) {
		catalogue_clock(sd->catalogue, now);
		return MONO_NEVER; /* it reports, and then we look again */
	}
	return mono_add(loop_mono(), due.ms - now.ms);
}

void sync_look(struct shopd *sd)
{
	struct office_side *o = sd->office;
	struct mono at = mono_add(loop_mono(), LOOK_MS);

	if (!sd->shop.started || sd->shop.stopped)
		return;
	nonce_look(sd);
	conditions_look(sd);
	behind_look(sd);
	at = mono_min(at, due_look(sd));
	at = mono_min(at, restore_look(sd));
	at = mono_min(at, todo_look(sd));
	if (o->enrolling.on && !o->enrolling.pinned)
		at = mono_min(at, enrol_look(sd));
	/* a shop without an office has nothing to look at but its prices to come */
	if (!o->pin.enrolled && !o->enrolling.on)
		at = due_look(sd);
	timer_arm(o->timer, at);
}

static void on_timer(void *data)
{
	sync_look(data);
}

/* --- what courierd says and asks */

void sync_carried(struct shopd *sd, const struct message_carried *m)
{
	struct office_side *o = sd->office;
	struct enrolling *e = &o->enrolling;

	if (o->road != m->how && !e->on)
		journal_line(sd, "office: %s%s%s",
			     m->how == CARRIED_WELL ? "the road is well" : "nothing is carried",
			     m->why[0] ? ": " : "", m->why);
	o->road = m->how;
	if (e->on && !e->pinned) {
		memcpy(e->trouble, m->why, sizeof(e->trouble));
		if (m->how == CARRIED_ENROL_REFUSED)
			enrol_failed(sd, m->why[0] ? m->why : "the office refuses this code");
		return;
	}
	if (m->how == CARRIED_REFUSED)
		o->refused_by_road = true;
	else if (m->how == CARRIED_WELL)
		o->refused_by_road = false;
	sync_look(sd);
}

static uint32_t token_make(const struct shopd *sd, const struct message_proof *m, uint8_t *out,
			   uint32_t size)
{
	const struct office_side *o = sd->office;
	struct claims c = {.iat_s = loop_wall().ms / 1000, .cti_len = CTI_SIZE_MAX};
	uint8_t payload[TOKEN_SIZE_MAX], protected[TOKEN_PROTECTED_SIZE], tbs[TO_BE_SIGNED_MAX];
	uint8_t signature[64];
	struct kid kid = kid_of(&o->key);
	uint32_t len;

	snprintf(c.audience, sizeof(c.audience), "office/%s", m->purpose);
	if (c.iat_s < 0)
		c.iat_s = 0; /* a clock before 1970: the office answers with a nonce */
	c.exp_s = c.iat_s + TOKEN_LIFE_S;
	random_bytes(c.cti, c.cti_len);
	c.has_nonce = m->has_nonce;
	memcpy(c.nonce, m->nonce, sizeof(c.nonce));
	len = token_payload(&c, payload, sizeof(payload));
	if (len == 0)
		return 0;
	token_protected(kid, protected);
	if (es256_sign(o->secret, tbs,
		       token_to_be_signed((struct span){protected, sizeof(protected)},
					  (struct span){payload, len}, tbs),
		       signature) < 0)
		return 0;
	return token_assemble(kid, (struct span){payload, len}, signature, out, size);
}

void sync_proof(struct shopd *sd, uint32_t peer, const struct message_proof *m)
{
	union message reply;

	message_init(&reply, MESSAGE_PROOF_IS, m->head.request);
	if (sd->office->has_key && place_valid(m->purpose, (uint32_t)strlen(m->purpose)))
		reply.proof_is.token_len = (uint16_t)token_make(sd, m, reply.proof_is.token,
								sizeof(reply.proof_is.token));
	peers_send(sd, peer, &reply);
}

int sync_start(struct shopd *sd)
{
	struct office_side *o = sd->office;
	int r = timer_add(sd->loop, WATCH_NORMAL, 0, on_sync_timer, sd, &o->sync_timer);

	o->synced_at = mono_add(loop_mono(), -TELL_MS);
	o->heard_mono = loop_mono();
	o->time_at = loop_mono();
	return r < 0 ? r : timer_add(sd->loop, WATCH_IDLE, SLACK_MS, on_timer, sd, &o->timer);
}

void sync_stop(struct shopd *sd)
{
	timer_free(sd->office->timer);
	timer_free(sd->office->sync_timer);
}
