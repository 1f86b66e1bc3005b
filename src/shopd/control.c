/*
 * control.c: what the owner and the operator say through shopctl. What changes a door or an alarm
 * is an event like any other; what changes roster or catalogue goes to their thread, and is
 * answered when it is on disk and in use.
 */
#include "shopd/shopd.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "crypto/es256.h"
#include "shopd/challenge.h"
#include "shopd/first.h"
#include "shopd/owner.h"
#include "shopd/told.h"

static const char no_such_door[] = "no such door: name one of `shopctl door`";

/* Changes under way: who asked, by the tag that the catalogue hands back. As many as the catalogue
 * queues. */
#define CHANGES_MAX 16
static struct {
	uint32_t peer, request;
	bool taken;
} asked[CHANGES_MAX];

static bool send_done(struct shopd *sd, uint32_t peer, uint32_t request, bool ok, const char *text)
{
	union message m;

	message_init(&m, MESSAGE_DONE, request);
	m.done.error = !ok;
	snprintf(m.done.text, sizeof(m.done.text), "%s", text);
	return peers_send(sd, peer, &m);
}

void control_done(struct shopd *sd, const struct effect_done *done)
{
	union message m;

	if (done->request.peer == PEER_OFFICE) {
		office_commanded(sd, done->ok);
		return;
	}
	if (done->request.peer == PEER_OWNER) {
		owner_commanded(sd, done->ok);
		return;
	}
	if (done->request.peer >= PEER_COUNTER && done->request.peer < PEER_COURIER) {
		counter_acked(sd, done);
		return;
	}
	message_init(&m, MESSAGE_DONE, done->request.tag);
	m.done.error = !done->ok;
	m.done.number = done->alarm.n;
	if (!done->ok)
		snprintf(m.done.text, sizeof(m.done.text), "refused: %s",
			 "there is no such door or alarm, or not now");
	peers_send(sd, done->request.peer, &m);
}

/* --- doors and alarms
 * ------------------------------------------------------------------------------------ */

uint8_t control_door(const struct shopd *sd, const char *name)
{
	if (!name[0])
		return sd->config.doors == 1 ? 0 : UINT8_MAX;
	for (uint8_t i = 0; i < sd->config.doors; i++)
		if (strcmp(sd->config.door[i].name, name) == 0)
			return i;
	return UINT8_MAX;
}

static void on_doors(struct shopd *sd, uint32_t peer, uint32_t request)
{
	union message m;

	owner_doors(sd, request, &m);
	peers_send(sd, peer, &m);
}

static void on_command(struct shopd *sd, uint32_t peer, const struct message_command *c)
{
	struct event e = shopd_event(sd, EVENT_COMMAND);

	e.command.request = (struct request){peer, c->head.request};
	e.command.door = control_door(sd, c->door);
	e.command.command = (enum command)c->command;
	e.command.hold_ms = c->hold_ms;
	if (e.command.door == UINT8_MAX)
		send_done(sd, peer, c->head.request, false, no_such_door);
	else
		shopd_step(sd, &e);
}

/* A code of one's own, which nobody else uses up. */
static void on_challenge(struct shopd *sd, uint32_t peer, const struct message_command *c)
{
	uint8_t door = control_door(sd, c->door);
	struct challenge challenge;

	if (door == UINT8_MAX) {
		send_done(sd, peer, c->head.request, false, no_such_door);
		return;
	}
	challenge_draw(sd, door, &challenge);
	send_done(sd, peer, c->head.request, true, challenge.text);
}

static void on_ack(struct shopd *sd, uint32_t peer, const struct message_ack *ack)
{
	struct event e = shopd_event(sd, EVENT_ALARM_ACK);

	e.alarm_ack.request = (struct request){peer, ack->head.request};
	e.alarm_ack.alarm = (struct alarm_id){ack->alarm};
	e.alarm_ack.code = ack->code;
	memcpy(e.alarm_ack.by, ack->by, sizeof(e.alarm_ack.by));
	shopd_step(sd, &e);
}

static void on_rehearse(struct shopd *sd, uint32_t peer, uint32_t request)
{
	struct event e = shopd_event(sd, EVENT_REHEARSE);

	e.rehearse.request = (struct request){peer, request};
	shopd_step(sd, &e);
}

/* Nobody waits for a camera: that they were asked is the answer. */
static void on_look(struct shopd *sd, uint32_t peer, uint32_t request)
{
	bool here = courier_picture(sd, PICTURE_REQUEST, 0);

	send_done(sd, peer, request, here, here ? "" : "courierd, which has the cameras, is away");
}

/* --- roster and catalogue
 * -------------------------------------------------------------------------------- */

/* Queues a change and remembers who asked for it. `change->fd` is closed if it was not taken. */
static void change_ask(struct shopd *sd, uint32_t peer, uint32_t request, struct change *change)
{
	for (uint32_t i = 0; i < CHANGES_MAX; i++) {
		if (asked[i].taken)
			continue;
		change->tag = i;
		if (!catalogue_change(sd->catalogue, change, loop_wall()))
			break;
		asked[i].peer = peer;
		asked[i].request = request;
		asked[i].taken = true;
		return;
	}
	if (change->fd >= 0)
		close(change->fd);
	send_done(sd, peer, request, false, "busy: other changes are being made, try again");
}

static void on_member_add(struct shopd *sd, uint32_t peer, const struct message_member *m)
{
	struct change change = {.kind = CHANGE_MEMBER_ADD, .fd = -1};

	memcpy(change.key.x, m->x, sizeof(change.key.x));
	memcpy(change.key.y, m->y, sizeof(change.key.y));
	if (!es256_key_valid(&change.key)) {
		send_done(sd, peer, m->head.request, false, "the key is no point of P-256");
		return;
	}
	if (m->head.type == MESSAGE_OFFICE_KEY)
		change.kind = CHANGE_OFFICE_KEY_ADD;
	change.kid = kid_of(&change.key);
	change.role = (uint8_t)m->role;
	change.flags = (uint16_t)m->flags;
	change.credit_limit = money_of(m->credit_limit_minor);
	random_bytes(change.customer.byte, sizeof(change.customer.byte));
	change_ask(sd, peer, m->head.request, &change);
}

static void on_member_block(struct shopd *sd, uint32_t peer, const struct message_member *m)
{
	struct change change = {.kind = CHANGE_MEMBER_BLOCK, .fd = -1, .on = m->flags & 1};

	memcpy(change.customer.byte, m->customer, sizeof(change.customer.byte));
	change_ask(sd, peer, m->head.request, &change);
}

static void on_member_trust(struct shopd *sd, uint32_t peer, const struct message_member *m)
{
	struct change change = {.kind = CHANGE_MEMBER_TRUST, .fd = -1, .trust = (uint8_t)m->role};

	memcpy(change.customer.byte, m->customer, sizeof(change.customer.byte));
	change_ask(sd, peer, m->head.request, &change);
}

static void on_card(struct shopd *sd, uint32_t peer, const struct message_card *m)
{
	struct change change = {.kind = m->head.type == MESSAGE_CARD_ADD ? CHANGE_CARD_ADD
									 : CHANGE_CARD_GONE,
				.fd = -1,
				.on = m->make,
				.role = (uint8_t)m->role,
				.flags = (uint16_t)m->flags,
				.credit_limit = money_of(m->credit_limit_minor)};

	memcpy(change.kid.byte, m->kid, sizeof(change.kid.byte));
	memcpy(change.customer.byte, m->customer, sizeof(change.customer.byte));
	if (m->make)
		random_bytes(change.customer.byte, sizeof(change.customer.byte));
	change_ask(sd, peer, m->head.request, &change);
}

static void on_pass(struct shopd *sd, uint32_t peer, const struct message_pass *m)
{
	struct change change = {.kind = CHANGE_PASS, .fd = -1};
	struct pass_row *pass = &change.pass;

	pass->cti_len = m->cti_len;
	memcpy(pass->cti, m->cti, sizeof(pass->cti));
	pass->revoked = m->revoked;
	pass->wants_pin = m->wants_pin;
	memcpy(pass->pin_salt, m->pin_salt, sizeof(pass->pin_salt));
	memcpy(pass->pin_hash.byte, m->pin_hash, sizeof(pass->pin_hash.byte));
	change_ask(sd, peer, m->head.request, &change);
}

static void on_import(struct shopd *sd, uint32_t peer, const struct message_import *m, int fd)
{
	struct change change = {.kind = CHANGE_IMPORT, .fd = fd, .rows = m->rows};

	if (fd < 0)
		send_done(sd, peer, m->head.request, false, "an import comes with a sealed memfd");
	else
		change_ask(sd, peer, m->head.request, &change);
}

/* What without an office is said here (contracts 7); with one, only whom not to let in, and what
 * the shop thinks of somebody. */
static void on_office(struct shopd *sd, uint32_t peer, const union message *m, int fd)
{
	uint16_t type = m->head.type;

	if (office_enrolled(sd) && type != MESSAGE_MEMBER_BLOCK && type != MESSAGE_MEMBER_TRUST) {
		send_done(sd, peer, m->head.request, false,
			  "members, prices and passes come from the office: say it there");
		if (fd >= 0)
			close(fd);
	} else if (type == MESSAGE_MEMBER_BLOCK)
		on_member_block(sd, peer, &m->member);
	else if (type == MESSAGE_MEMBER_TRUST)
		on_member_trust(sd, peer, &m->member);
	else if (type == MESSAGE_CARD_ADD || type == MESSAGE_CARD_GONE)
		on_card(sd, peer, &m->card);
	else if (type == MESSAGE_PASS)
		on_pass(sd, peer, &m->pass);
	else if (type == MESSAGE_IMPORT)
		on_import(sd, peer, &m->import, fd);
	else
		on_member_add(sd, peer, &m->member);
}

void control_changed(struct shopd *sd, const struct changed *c)
{
	union message m;

	CHECK(c->tag < CHANGES_MAX && asked[c->tag].taken);
	asked[c->tag].taken = false;
	if (c->kind == CHANGE_IMPORT)
		journal_line(sd, "catalogue: %u articles, price list %u%s%s", sd->articles->rows,
			     sd->articles->version, c->error ? ", import refused: " : "", c->why);
	message_init(&m, MESSAGE_DONE, asked[c->tag].request);
	m.done.error = c->error != 0;
	m.done.number = c->rows;
	m.done.existed = c->existed;
	memcpy(m.done.customer, c->customer.byte, sizeof(m.done.customer));
	snprintf(m.done.text, sizeof(m.done.text), "%s", c->why);
	peers_send(sd, asked[c->tag].peer, &m);
}

/* --- the socket
 * ------------------------------------------------------------------------------------------ */

static void on_status(struct shopd *sd, uint32_t peer, uint32_t request)
{
	union message m;

	peers_status(sd, request, &m);
	peers_send(sd, peer, &m);
}

/* What the office may be asked or told here; without it members and prices. */
static void on_words(struct shopd *sd, uint32_t peer, const union message *m, int fd)
{
	uint16_t type = m->head.type;

	if (type == MESSAGE_ENROL)
		office_enrol(sd, peer, &m->enrol, fd);
	else if (type == MESSAGE_LEAVE)
		office_leave(sd, peer, m->head.request);
	else
		on_office(sd, peer, m, fd);
}

static void on_message(void *data, uint32_t peer, const union message *m, int fd)
{
	struct shopd *sd = data;
	uint16_t type = m->head.type;

	if (fd >= 0 && type != MESSAGE_IMPORT && type != MESSAGE_ENROL)
		close(fd);
	if (type == MESSAGE_STATUS) {
		on_status(sd, peer, m->head.request);
	} else if (type == MESSAGE_DOORS) {
		on_doors(sd, peer, m->head.request);
	} else if (type == MESSAGE_COMMAND) {
		on_command(sd, peer, &m->command);
	} else if (type == MESSAGE_CHALLENGE) {
		on_challenge(sd, peer, &m->command);
	} else if (told_message(sd, peer, m)) {
		return;
	} else if (type == MESSAGE_ALARM_ACK) {
		on_ack(sd, peer, &m->ack);
	} else if (type == MESSAGE_REHEARSE) {
		on_rehearse(sd, peer, m->head.request);
	} else if (type == MESSAGE_LOOK) {
		on_look(sd, peer, m->head.request);
	} else if (type == MESSAGE_DESK) {
		desk_message(sd, peer, m);
	} else if (type == MESSAGE_VIEW) {
		view_message(sd, peer, &m->view);
	} else if (type == MESSAGE_OWNER_CODE) {
		first_tell(sd, peer, m->head.request);
	} else if (type == MESSAGE_CLOCK_TRUST) {
		time_vouch(sd, "a person");
		send_done(sd, peer, m->head.request, true, "");
	} else {
		/* message_check() lets none but those of members, prices and the office through */
		on_words(sd, peer, m, fd);
	}
}

/* A command line comes and goes; its commands are logged, not its coming. */
static void on_peer(void *data, uint32_t peer, bool here)
{
	(void)data;
	(void)peer;
	(void)here;
}

int control_start(struct shopd *sd)
{
	char path[PATH_SIZE + 16];

	snprintf(path, sizeof(path), "%s/control.sock", sd->config.run);
	return listener_open(sd->loop, path, 0660, ROLE_CONTROL, PEER_CONTROL, on_message, on_peer,
			     sd, &sd->control);
}
