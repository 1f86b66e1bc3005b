/*
 * owner.c: a person's word to a door, from the owner's page. counterd is not believed: the token
 * that signed the request is proven here, and what is written down of who asked is what it proves.
 *
 * The owner may say all words. Staff may open, prop and lock, for that is a day's work; a lockdown
 * admits nobody, the owner's family among them, and to begin or to end one is the owner's alone. A
 * lockdown ends by `normal` and by nothing else here, so that nobody ends one by locking a door.
 *
 * The door does at once what it is told; the entry that says who told it follows, also of a word
 * that was refused to somebody whose token was good.
 */
#include "shopd/owner.h"

#include <string.h>

#include "shopd/staff.h"
#include "wire/sync.h"

/* What became of the command that is in the core now. */
static bool commanded;

void owner_commanded(struct shopd *sd, bool ok)
{
	(void)sd;
	commanded = ok;
}

static enum command command_of(enum door_verb verb)
{
	switch (verb) {
	case DOOR_VERB_UNLOCK:
		return COMMAND_RELEASE;
	case DOOR_VERB_LOCKDOWN:
		return COMMAND_LOCKDOWN;
	case DOOR_VERB_PROP:
		return COMMAND_PROP;
	case DOOR_VERB_LOCK:
	case DOOR_VERB_NORMAL:
		break;
	}
	return COMMAND_LOCK;
}

static enum command_verb entry_verb(enum door_verb verb)
{
	switch (verb) {
	case DOOR_VERB_UNLOCK:
		return VERB_RELEASE;
	case DOOR_VERB_LOCKDOWN:
		return VERB_LOCKDOWN;
	case DOOR_VERB_PROP:
		return VERB_PROP;
	case DOOR_VERB_LOCK:
	case DOOR_VERB_NORMAL:
		break;
	}
	return VERB_LOCK;
}

static void record(struct shopd *sd, const struct message_door_asked *m, const char *by, bool done)
{
	struct entry e = {.kind = ENTRY_COMMAND, .at = loop_wall()};

	e.command.verb = entry_verb((enum door_verb)m->verb);
	e.command.outcome = done ? COMMAND_DONE : COMMAND_REFUSED;
	memcpy(e.command.place.name, m->door, sizeof(e.command.place.name));
	e.command.hold_ms = m->hold_ms;
	memcpy(e.command.by, by, sizeof(e.command.by));
	journal_line(sd, "%s: %s by %s: %s", m->door,
		     command_verb_word((enum command_verb)e.command.verb), by,
		     command_outcome_word((enum command_outcome)e.command.outcome));
	keep_fact(sd, &e);
}

static bool command(struct shopd *sd, const struct message_door_asked *m, uint8_t door)
{
	struct event e = shopd_event(sd, EVENT_COMMAND);

	e.command.request = (struct request){.peer = PEER_OWNER};
	e.command.door = door;
	e.command.command = command_of((enum door_verb)m->verb);
	e.command.hold_ms = m->hold_ms;
	commanded = false;
	shopd_step(sd, &e);
	return commanded;
}

void owner_doors(const struct shopd *sd, uint32_t request, union message *ret)
{
	message_init(ret, MESSAGE_DOORS_ARE, request);
	ret->doors_are.doors = sd->config.doors;
	for (uint32_t i = 0; i < sd->config.doors; i++) {
		const struct door *d = &sd->shop.door[i];
		struct message_door *to = &ret->doors_are.door[i];

		memcpy(to->name, sd->config.door[i].name, sizeof(to->name));
		to->mode = (uint8_t)d->mode;
		to->physical = (uint8_t)d->physical;
		to->alarm = (uint8_t)d->alarm;
		to->tamper = d->tamper;
		to->strike = d->strike;
		to->since_ms = d->since.ms;
	}
}

static void refuse(struct shopd *sd, uint32_t peer, uint32_t request, enum door_refusal why)
{
	union message m;

	message_init(&m, MESSAGE_DONE, request);
	m.done.error = 1;
	m.done.number = why;
	peers_send(sd, peer, &m);
}

static void refuse_token(struct shopd *sd, uint32_t peer, uint32_t request, enum verdict verdict)
{
	union message m;

	message_init(&m, MESSAGE_VERDICT, request);
	m.verdict.verdict = verdict;
	peers_send(sd, peer, &m);
}

/* Somebody whom the shop knows has asked. */
static void asked_by(struct shopd *sd, uint32_t peer, const struct message_door_asked *m,
		     uint8_t door, const struct staff *staff)
{
	bool locked_down = sd->shop.door[door].standing == DOOR_LOCKDOWN;
	bool ends = m->verb == DOOR_VERB_NORMAL || m->verb == DOOR_VERB_LOCKDOWN;
	bool owners = m->verb == DOOR_VERB_LOCKDOWN || (locked_down && ends);
	union message reply;
	bool done;

	if ((owners && staff->role != ROLE_OWNER) || (locked_down && !ends)) {
		record(sd, m, staff->by, false);
		if (owners)
			refuse(sd, peer, m->head.request, DOOR_FORBIDDEN);
		else
			refuse_token(sd, peer, m->head.request, VERDICT_LOCKED_DOWN);
		return;
	}
	done = command(sd, m, door);
	record(sd, m, staff->by, done);
	if (!done) {
		refuse(sd, peer, m->head.request, DOOR_REFUSED);
		return;
	}
	owner_doors(sd, m->head.request, &reply);
	peers_send(sd, peer, &reply);
}

static void on_asked(struct shopd *sd, uint32_t peer, const struct message_door_asked *m)
{
	uint8_t door = control_door(sd, m->door);
	union message reply;
	struct staff staff;

	if (door == UINT8_MAX) { /* which doors there are is no secret, and the token is kept */
		refuse(sd, peer, m->head.request, DOOR_UNKNOWN);
		return;
	}
	switch (staff_prove(sd, (struct span){m->token, m->token_len}, &staff)) {
	case STAFF_PROVEN:
		asked_by(sd, peer, m, door, &staff);
		return;
	case STAFF_REFUSED:
		if (staff.other)
			refuse(sd, peer, m->head.request, DOOR_FORBIDDEN);
		else
			refuse_token(sd, peer, m->head.request, staff.verdict);
		return;
	case STAFF_AGAIN:
		message_init(&reply, MESSAGE_ANSWER, m->head.request);
		reply.answer.answer = ANSWER_LEDGER_UNAVAILABLE;
		peers_send(sd, peer, &reply);
		return;
	}
}

bool owner_message(struct shopd *sd, uint32_t peer, const union message *m)
{
	if (m->head.type == MESSAGE_DOOR_ASKED)
		on_asked(sd, peer, &m->door_asked);
	else if (m->head.type == MESSAGE_VIEW)
		view_message(sd, peer, &m->view);
	else
		return false;
	return true;
}
