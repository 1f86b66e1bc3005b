/*
 * kiosk.c: counterd says that somebody listens, and is told how doors and tills stand, whole and
 * again at every change; what becomes of tokens and goods at the scanners follows as it happens.
 * What is about a visit or money leaves when it is on disk, like the beep (design 2).
 *
 * A till's screen speaks for the visit of who stands there by a bearer that is made of the visit,
 * the till and a secret of this run: asked for again it is the same, so that asking costs no row
 * and no other device its place.
 */
#include "shopd/kiosk.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/es256.h"
#include "shopd/challenge.h"
#include "shopd/owner.h"

struct kiosk {
	uint32_t listeners;
	uint32_t listener[PEERS_MAX];
	struct message_doors_are doors; /* as told last */
	struct message_tills_are tills; /* … or to be told when `ticket` is on disk */
	bool tills_wait;
	uint64_t ticket;
	struct challenge challenge[DOORS_MAX];
	uint8_t secret[32];
};

static void tell(struct shopd *sd, const union message *m)
{
	const struct kiosk *k = sd->kiosk;

	for (uint32_t i = 0; i < k->listeners; i++)
		(void)peers_send(sd, k->listener[i], m); /* who is gone is told by on_peer */
}

static bool anybody(const struct shopd *sd)
{
	return sd->kiosk && sd->kiosk->listeners > 0;
}

/* --- how it stands --- */

/* config_shop() put two readers for each door first, then the tills' scanners. */
static uint8_t till_reader(const struct shopd *sd, uint32_t till)
{
	return (uint8_t)(2 * sd->config.doors + till);
}

static void look_tills(const struct shopd *sd, struct message_tills_are *ret)
{
	ret->tills = sd->config.tills;
	ret->silence_ms = TILL_SILENCE_MS;
	for (uint32_t i = 0; i < sd->config.tills; i++) {
		const struct visit *visit = shop_till_visit(&sd->shop, till_reader(sd, i));

		memcpy(ret->till[i].name, sd->config.till[i].name, sizeof(ret->till[i].name));
		ret->till[i].visit = visit ? visit->id.n : 0;
	}
}

static bool doors_same(const struct message_doors_are *a, const struct message_doors_are *b)
{
	for (uint32_t i = 0; i < a->doors; i++) {
		const struct message_door *x = &a->door[i], *y = &b->door[i];

		if (x->mode != y->mode || x->physical != y->physical || x->alarm != y->alarm)
			return false;
	}
	return a->doors == b->doors;
}

static bool tills_same(const struct message_tills_are *a, const struct message_tills_are *b)
{
	for (uint32_t i = 0; i < a->tills; i++)
		if (a->till[i].visit != b->till[i].visit)
			return false;
	return a->tills == b->tills;
}

void kiosk_committed(struct shopd *sd)
{
	struct kiosk *k = sd->kiosk;
	union message m;

	if (!anybody(sd) || !k->tills_wait || k->ticket > sd->committed)
		return;
	k->tills_wait = false;
	message_init(&m, MESSAGE_TILLS_ARE, 0);
	look_tills(sd, &m.tills_are);
	tell(sd, &m);
}

void kiosk_moved(struct shopd *sd)
{
	struct kiosk *k = sd->kiosk;
	struct message_tills_are tills = {.tills = 0};
	union message m;

	if (!anybody(sd))
		return;
	owner_doors(sd, 0, &m);
	if (!doors_same(&m.doors_are, &k->doors)) {
		k->doors = m.doors_are;
		tell(sd, &m);
	}
	look_tills(sd, &tills);
	if (!tills_same(&tills, &k->tills)) {
		k->tills = tills;
		k->tills_wait = true;
		k->ticket = sd->ticket;
	}
	kiosk_committed(sd);
}

/* --- what happens --- */

static void tell_shown(struct shopd *sd, uint8_t reader, enum verdict verdict)
{
	const struct reader_config *r = &sd->shop.config.reader[reader];
	union message m;

	message_init(&m, MESSAGE_SHOWN, 0);
	m.shown.till = r->till;
	m.shown.verdict = verdict;
	memcpy(m.shown.name, r->place.name, sizeof(m.shown.name));
	tell(sd, &m);
}

static void challenge_is(struct shopd *sd, uint8_t door, uint32_t request, union message *ret)
{
	const struct challenge *c = &sd->kiosk->challenge[door];
	int64_t left_ms = c->changes.ms - loop_mono().ms;

	message_init(ret, MESSAGE_CHALLENGE_IS, request);
	memcpy(ret->challenge_is.door, sd->config.door[door].name, sizeof(ret->challenge_is.door));
	memcpy(ret->challenge_is.text, c->text, sizeof(ret->challenge_is.text));
	ret->challenge_is.changes_in_ms = left_ms > 0 ? (uint32_t)left_ms : 0;
}

/* Admission at a door may have used the code that its screen shows: the next in the queue needs
 * another, and counterd asks for it. */
static void look_at_challenge(struct shopd *sd, uint8_t door)
{
	struct challenge *c = &sd->kiosk->challenge[door];
	union message m;

	if (!c->drawn || !challenge_used(sd, door, c))
		return;
	c->changes = loop_mono();
	challenge_is(sd, door, 0, &m);
	tell(sd, &m);
}

void kiosk_verdict(struct shopd *sd, const struct effect_verdict *v)
{
	const struct reader_config *r;

	if (!anybody(sd) || v->reader >= sd->shop.config.readers)
		return;
	r = &sd->shop.config.reader[v->reader];
	if (!r->till && v->verdict == VERDICT_ADMITTED)
		look_at_challenge(sd, r->door);
	if (r->road != ROAD_PHONE && !(r->till && v->verdict == VERDICT_ADMITTED))
		tell_shown(sd, v->reader, v->verdict);
}

void kiosk_beep(struct shopd *sd, const struct effect_beep *beep)
{
	union message m;

	if (!anybody(sd))
		return;
	if (!beep->goods) {
		tell_shown(sd, beep->reader, beep->verdict);
		return;
	}
	message_init(&m, MESSAGE_SCANNED, 0);
	memcpy(m.scanned.till, sd->shop.config.reader[beep->reader].place.name,
	       sizeof(m.scanned.till));
	memcpy(m.scanned.key, beep->key.text, sizeof(m.scanned.key));
	m.scanned.visit = beep->visit.n;
	m.scanned.gtin = beep->gtin.n;
	m.scanned.answer = beep->answer;
	tell(sd, &m);
}

/* --- what is asked --- */

void kiosk_gone(struct shopd *sd, uint32_t peer)
{
	struct kiosk *k = sd->kiosk;

	for (uint32_t i = 0; k && i < k->listeners; i++)
		if (k->listener[i] == peer)
			k->listener[i--] = k->listener[--k->listeners];
}

/* Who begins to listen hears how everything stands. */
static void on_kiosk(struct shopd *sd, uint32_t peer, const struct message_kiosk *m)
{
	struct kiosk *k = sd->kiosk;
	union message is;

	kiosk_gone(sd, peer);
	if (!m->listens || k->listeners == PEERS_MAX)
		return;
	owner_doors(sd, 0, &is);
	k->doors = is.doors_are;
	k->listener[k->listeners++] = peer;
	peers_send(sd, peer, &is);
	message_init(&is, MESSAGE_TILLS_ARE, 0);
	look_tills(sd, &is.tills_are);
	k->tills = is.tills_are;
	k->tills_wait = false;
	peers_send(sd, peer, &is);
}

static void on_nonce(struct shopd *sd, uint32_t peer, const struct message_spot *s)
{
	uint8_t door = s->till ? UINT8_MAX : control_door(sd, s->name);
	union message m;

	if (door == UINT8_MAX) {
		message_init(&m, MESSAGE_CHALLENGE_IS, s->head.request);
		memcpy(m.challenge_is.door, s->name, sizeof(m.challenge_is.door));
	} else {
		(void)challenge_renew(sd, door, &sd->kiosk->challenge[door]);
		challenge_is(sd, door, s->head.request, &m);
	}
	peers_send(sd, peer, &m);
}

/* The scanner's reader of a door or a till; UINT8_MAX: there is no such place. */
static uint8_t spot_reader(const struct shopd *sd, const struct message_spot *s)
{
	uint8_t door = s->till ? UINT8_MAX : control_door(sd, s->name);

	if (door != UINT8_MAX)
		return (uint8_t)(2 * door);
	for (uint32_t i = 0; i < sd->config.tills && s->till; i++)
		if (strcmp(sd->config.till[i].name, s->name) == 0)
			return till_reader(sd, i);
	return UINT8_MAX;
}

static void answer(struct shopd *sd, uint32_t peer, uint32_t request, enum answer how)
{
	union message m;

	message_init(&m, MESSAGE_ANSWER, request);
	m.answer.answer = how;
	peers_send(sd, peer, &m);
}

static void till_bearer(const struct shopd *sd, uint8_t reader, uint8_t ret[32])
{
	uint8_t bytes[sizeof(sd->kiosk->secret) + sizeof(uint64_t) + 1];
	const struct visit *visit = shop_till_visit(&sd->shop, reader);
	uint64_t id = visit ? visit->id.n : 0;
	struct sha256 hash;

	memcpy(bytes, sd->kiosk->secret, sizeof(sd->kiosk->secret));
	memcpy(bytes + sizeof(sd->kiosk->secret), &id, sizeof(id));
	bytes[sizeof(bytes) - 1] = reader;
	hash = sha256(bytes, sizeof(bytes));
	memcpy(ret, hash.byte, sizeof(hash.byte));
}

static void on_till_visit(struct shopd *sd, uint32_t peer, const union message *m, uint8_t reader)
{
	struct event e = shopd_event(sd, EVENT_TILL_VISIT);
	struct customer customer;
	uint8_t bearer[32];

	if (!keep_room(sd)) {
		counter_refuse(sd, peer, m);
		return;
	}
	e.till.reader = reader;
	e.till.request = (struct request){peer, m->head.request};
	if (shop_till_customer(&sd->shop, reader, &customer))
		e.till.member = accounts_member(sd, customer);
	till_bearer(sd, reader, bearer);
	e.draw.bearer_hash = sha256(bearer, sizeof(bearer));
	replies_hold_bearer(sd, bearer);
	memset(bearer, 0, sizeof(bearer));
	shopd_step(sd, &e);
}

static void on_till_leave(struct shopd *sd, uint32_t peer, uint32_t request, uint8_t reader)
{
	struct event e = shopd_event(sd, EVENT_TILL_LEAVE);

	e.till.reader = reader;
	readers_forget_pass(sd, reader);
	shopd_step(sd, &e);
	answer(sd, peer, request, ANSWER_OK);
}

static void on_pin(struct shopd *sd, uint32_t peer, const struct message_spot *s, uint8_t reader)
{
	if (s->till && !keep_room(sd))
		answer(sd, peer, s->head.request, ANSWER_LEDGER_UNAVAILABLE);
	else
		answer(sd, peer, s->head.request,
		       readers_pin(sd, reader, s->pin) ? ANSWER_OK : ANSWER_NO_PASS);
}

/* That there is no such place counterd hears as an answer that nothing else gives it. */
static void on_spot(struct shopd *sd, uint32_t peer, const union message *m)
{
	uint8_t reader = spot_reader(sd, &m->spot);
	uint16_t type = m->head.type;
	bool there = reader != UINT8_MAX && (type == MESSAGE_PIN || m->spot.till);

	if (!there)
		answer(sd, peer, m->head.request, ANSWER_UNKNOWN_VISIT);
	else if (type == MESSAGE_TILL_VISIT)
		on_till_visit(sd, peer, m, reader);
	else if (type == MESSAGE_TILL_LEAVE)
		on_till_leave(sd, peer, m->head.request, reader);
	else
		on_pin(sd, peer, &m->spot, reader);
}

bool kiosk_message(struct shopd *sd, uint32_t peer, const union message *m)
{
	uint16_t type = sd->kiosk ? m->head.type : 0;

	if (type == MESSAGE_KIOSK)
		on_kiosk(sd, peer, &m->kiosk);
	else if (type == MESSAGE_NONCE)
		on_nonce(sd, peer, &m->spot);
	else if (type == MESSAGE_TILL_VISIT || type == MESSAGE_TILL_LEAVE || type == MESSAGE_PIN)
		on_spot(sd, peer, m);
	else
		return false;
	return true;
}

int kiosk_start(struct shopd *sd)
{
	sd->kiosk = calloc(1, sizeof(*sd->kiosk));
	if (!sd->kiosk)
		return -ENOMEM;
	random_bytes(sd->kiosk->secret, sizeof(sd->kiosk->secret));
	return 0;
}

void kiosk_stop(struct shopd *sd)
{
	free(sd->kiosk);
	sd->kiosk = NULL;
}
