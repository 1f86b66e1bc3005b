/*
 * counter.c: what phones say through counterd -> events. counterd is not believed: message_check()
 *saw to the form, and every token and bearer is proven here.
 *
 *~ purchase 2: a message from counterd arrives here; its visit and the earlier line of its key are
 *looked up.
 */
#include "shopd/shopd.h"

#include <stdio.h>
#include <string.h>

#include "crypto/es256.h"
#include "shopd/first.h"
#include "shopd/kiosk.h"
#include "shopd/owner.h"
#include "shopd/staff.h"
#include "shopd/told.h"

void counter_refuse(struct shopd *sd, uint32_t peer, const union message *m)
{
	union message reply;
	bool line = m->head.type == MESSAGE_LINE_PUT || m->head.type == MESSAGE_LINE_VOID;

	if (m->head.type == MESSAGE_DESK) {
		desk_come_again(sd, peer, m);
		return;
	}
	if (m->head.type == MESSAGE_VISIT || m->head.type == MESSAGE_TILL_VISIT) {
		message_init(&reply, MESSAGE_VISIT_IS, m->head.request);
		reply.visit_is.verdict = VERDICT_LEDGER_UNAVAILABLE;
		reply.visit_is.answer = ANSWER_LEDGER_UNAVAILABLE;
	} else if (line) {
		message_init(&reply, MESSAGE_LINE_IS, m->head.request);
		reply.line_is.answer = ANSWER_LEDGER_UNAVAILABLE;
	} else {
		message_init(&reply, MESSAGE_ANSWER, m->head.request);
		reply.answer.answer = ANSWER_LEDGER_UNAVAILABLE;
	}
	peers_send(sd, peer, &reply);
}

static void on_token(struct shopd *sd, uint32_t peer, const struct message_token *m)
{
	bool door = m->head.type == MESSAGE_UNLOCK;
	uint8_t reader = readers_phone(sd, door ? m->door : NULL), bearer[32];
	struct event e;
	union message none;

	if (reader == UINT8_MAX) { /* no such door: its audience can be nobody's */
		message_init(&none, MESSAGE_VERDICT, m->head.request);
		none.verdict.verdict = VERDICT_WRONG_AUDIENCE;
		peers_send(sd, peer, &none);
		return;
	}
	e = shopd_event(sd, door			      ? EVENT_DOOR_TOKEN
			    : m->head.type == MESSAGE_SESSION ? EVENT_SESSION_TOKEN
							      : EVENT_TILL_TOKEN);
	e.token.reader = reader;
	e.token.request = (struct request){peer, m->head.request};
	e.token.price_version = sd->articles->version;
	memcpy(e.token.join_code, m->join_code, sizeof(e.token.join_code));
	proof_of(sd, (struct span){m->token, m->token_len}, NULL, &e.token.token);
	if (e.kind == EVENT_TILL_TOKEN) {
		random_bytes(bearer, sizeof(bearer));
		e.draw.bearer_hash = sha256(bearer, sizeof(bearer));
		replies_hold_bearer(sd, bearer);
		memset(bearer, 0, sizeof(bearer));
	}
	shopd_step(sd, &e);
}

/* Fills in who speaks about which visit; false when the message was parked or refused meanwhile. */
static bool call_of(struct shopd *sd, uint32_t peer, const union message *m, uint64_t visit,
		    const uint8_t bearer[32], const char *key, struct visit_call *ret)
{
	ret->request = (struct request){peer, m->head.request};
	ret->visit = (struct visit_id){visit};
	ret->bearer = sha256(bearer, 32);
	switch (books_find(sd, ret, key, peer, m)) {
	case BOOK_READY:
		return true;
	case BOOK_ASKED:
		return false;
	case BOOK_BUSY:
		break;
	}
	counter_refuse(sd, peer, m);
	return false;
}

static void on_line_put(struct shopd *sd, uint32_t peer, const union message *m)
{
	const struct message_line *l = &m->line;
	struct event e = shopd_event(sd, EVENT_LINE_PUT);
	struct event_line_put *put = &e.line_put;
	const struct visit *visit;

	if (!call_of(sd, peer, m, l->visit, l->bearer, l->key, &put->call))
		return;
	visit = shop_visit(&sd->shop, put->call.visit);
	if (!visit)
		visit = put->call.past;
	memcpy(put->key.text, l->key, sizeof(put->key.text));
	accounts_goods(sd, l->scanned, (uint32_t)strlen(l->scanned), e.now.day, &put->goods);
	/* what does not fit the core's field is no quantity either: the core refuses 0 */
	if (l->quantity_milli >= INT32_MIN && l->quantity_milli <= INT32_MAX)
		put->quantity_milli = (int32_t)l->quantity_milli;
	put->scanned_at = (struct wall){l->scanned_at_ms};
	put->price_version = sd->articles->version;
	put->bought = accounts_bought(sd, visit, put->scanned_at, &e.now);
	accounts_article(sd, put->goods.gtin, visit ? visit->price_version : put->price_version,
			 put->bought, &put->then, &put->now);
	shopd_step(sd, &e);
}

static void on_line_void(struct shopd *sd, uint32_t peer, const union message *m)
{
	const struct message_line *l = &m->line;
	struct event e = shopd_event(sd, EVENT_LINE_VOID);

	if (!call_of(sd, peer, m, l->visit, l->bearer, l->key, &e.line_void.call))
		return;
	memcpy(e.line_void.key.text, l->key, sizeof(e.line_void.key.text));
	shopd_step(sd, &e);
}

static void on_bearer(struct shopd *sd, uint32_t peer, const union message *m)
{
	const struct message_bearer *b = &m->bearer;
	struct event e;

	if (m->head.type == MESSAGE_CLOSE) {
		e = shopd_event(sd, EVENT_VISIT_CLOSE);
		if (!call_of(sd, peer, m, b->visit, b->bearer, NULL, &e.visit_close.call))
			return;
	} else {
		e = shopd_event(sd, EVENT_VISIT_INVITE);
		if (!call_of(sd, peer, m, b->visit, b->bearer, NULL, &e.visit_invite.call))
			return;
	}
	shopd_step(sd, &e);
}

/* An acknowledgement is the owner's or staff's, and by their token's name. */
static void on_ack(struct shopd *sd, uint32_t peer, const struct message_ack *ack)
{
	union message reply;
	struct staff staff;
	struct event e;

	switch (staff_prove(sd, (struct span){ack->token, ack->token_len}, &staff)) {
	case STAFF_PROVEN:
		e = shopd_event(sd, EVENT_ALARM_ACK);
		e.alarm_ack.request = (struct request){peer, ack->head.request};
		e.alarm_ack.alarm = (struct alarm_id){ack->alarm};
		e.alarm_ack.code = ack->code;
		memcpy(e.alarm_ack.by, staff.by, sizeof(e.alarm_ack.by));
		shopd_step(sd, &e); /* counter_acked() hears of it */
		return;
	case STAFF_REFUSED:
		message_init(&reply, MESSAGE_VERDICT, ack->head.request);
		reply.verdict.verdict = staff.other ? VERDICT_WRONG_AUDIENCE : staff.verdict;
		break;
	case STAFF_AGAIN:
		message_init(&reply, MESSAGE_ANSWER, ack->head.request);
		reply.answer.answer = ANSWER_LEDGER_UNAVAILABLE;
		break;
	}
	peers_send(sd, peer, &reply);
}

void counter_acked(struct shopd *sd, const struct effect_done *done)
{
	union message m;

	if (!done->ok || !told_alarm(sd, done->alarm, done->request.tag, &m)) {
		message_init(&m, MESSAGE_DONE, done->request.tag);
		m.done.error = 1;
		snprintf(m.done.text, sizeof(m.done.text), "there is no such alarm");
	}
	peers_send(sd, done->request.peer, &m);
}

void counter_message(void *data, uint32_t peer, const union message *m, int fd)
{
	struct shopd *sd = data;
	uint16_t type = m->head.type;
	union message status;

	(void)fd;
	if (type == MESSAGE_STATUS) {
		peers_status(sd, m->head.request, &status);
		peers_send(sd, peer, &status);
	} else if (told_message(sd, peer, m) || owner_message(sd, peer, m) ||
		   kiosk_message(sd, peer, m) || first_message(sd, peer, m)) {
		return;
	} else if (type == MESSAGE_ALARM_ACK) {
		on_ack(sd, peer, &m->ack);
	} else if (type == MESSAGE_UNLOCK || type == MESSAGE_SESSION) {
		on_token(sd, peer, &m->token);
	} else if (!keep_room(sd)) {
		counter_refuse(sd, peer, m);
	} else if (type == MESSAGE_VISIT) {
		on_token(sd, peer, &m->token);
	} else if (type == MESSAGE_LINE_PUT) {
		on_line_put(sd, peer, m);
	} else if (type == MESSAGE_LINE_VOID) {
		on_line_void(sd, peer, m);
	} else if (type == MESSAGE_CLOSE || type == MESSAGE_INVITE) {
		on_bearer(sd, peer, m);
	} else if (type == MESSAGE_DESK) {
		desk_message(sd, peer, m);
	}
}

static void tell_all(struct shopd *sd, const union message *m)
{
	for (uint32_t i = listener_peers(sd->counter); i > 0; i--)
		listener_send(sd->counter, listener_peer_at(sd->counter, i - 1), m);
}

void counter_news(struct shopd *sd)
{
	union message m;

	message_init(&m, MESSAGE_NEWS, 0);
	m.news.head_seq = sd->head_seq;
	tell_all(sd, &m);
}

void counter_blocked(struct shopd *sd, struct customer customer)
{
	union message m;

	message_init(&m, MESSAGE_BLOCKED, 0);
	memcpy(m.blocked.customer, customer.byte, sizeof(m.blocked.customer));
	tell_all(sd, &m);
}

static void on_peer(void *data, uint32_t peer, bool here)
{
	if (!here)
		kiosk_gone(data, peer);
	journal_line(data, "counterd %s (%u)", here ? "is here" : "is gone", peer - PEER_COUNTER);
}

int counter_start(struct shopd *sd)
{
	char path[PATH_SIZE + 16];

	snprintf(path, sizeof(path), "%s/counter.sock", sd->config.run);
	return listener_open(sd->loop, path, 0660, ROLE_COUNTER, PEER_COUNTER, counter_message,
			     on_peer, sd, &sd->counter);
}
