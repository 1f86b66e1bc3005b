/*
 * office.c: the office side of shopd as the rest of it sees it: its start, its stop, and what the
 * other files tell it and ask of it. What it knows of its office it knows from two small files, the
 * ledger (how far the office has confirmed it) and the catalogue (how far the feed was applied).
 */
#include "shopd/office.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "crypto/es256.h"

/* --- what others ask of us */

bool office_enrolled(const struct shopd *sd)
{
	return sd->office && sd->office->pin.enrolled;
}

const struct public_key *office_key_of(const struct shopd *sd, struct kid kid)
{
	const struct sync_keys *keys;

	if (!office_enrolled(sd))
		return NULL;
	keys = &sd->office->pin.keys;
	for (uint32_t i = 0; i < keys->keys; i++) {
		struct kid of = kid_of(&keys->key[i]);

		if (memcmp(of.byte, kid.byte, sizeof(kid.byte)) == 0)
			return &keys->key[i];
	}
	return NULL;
}

void office_status(const struct shopd *sd, struct message_status_is *s)
{
	const struct office_side *o = sd->office;

	if (!o)
		return;
	s->enrolled = o->pin.enrolled;
	s->epoch = o->pin.epoch;
	s->acked_seq = o->acked;
	s->feed = o->feed.cursor;
	s->road = o->road;
	s->boxes_key = o->has_key;
	s->heard_at_ms = o->heard.ms;
	memcpy(s->office, o->pin.url, sizeof(s->office));
	if (o->restore.step >= RESTORE_FETCHES && o->restore.step <= RESTORE_ENDS) {
		s->restored = o->restore.after;
		s->restoring = o->pin.head.seq;
	}
}

void office_courier(struct shopd *sd, bool here)
{
	/* what it was told, and what it waited for, went with it */
	sd->office->said.on = sd->office->said.on && here;
	if (here)
		sync_tell(sd);
}

void office_courier_message(struct shopd *sd, uint32_t peer, const union message *m, int fd)
{
	if (m->head.type == MESSAGE_SAID) {
		said_message(sd, peer, &m->said, fd);
		return;
	}
	if (fd >= 0)
		close(fd);
	if (m->head.type == MESSAGE_PROOF)
		sync_proof(sd, peer, &m->proof);
	else if (m->head.type == MESSAGE_CARRIED)
		sync_carried(sd, &m->carried);
}

void office_up(struct shopd *sd)
{
	settings_apply(sd);
	sync_look(sd);
	sync_tell(sd);
}

void office_clock(struct shopd *sd)
{
	if (sd->office)
		sync_look(sd);
}

/* --- start and stop */

static void fact(struct shopd *sd, enum office_event event)
{
	struct office_side *o = sd->office;
	struct entry e = {.kind = ENTRY_OFFICE, .at = loop_wall()};

	e.office.event = event;
	e.office.epoch = o->pin.epoch;
	e.office.seq = o->pin.head.seq;
	e.office.keys_version = o->pin.keys.version;
	keep_fact(sd, &e);
}

void office_begins(struct shopd *sd, enum office_event event)
{
	struct office_side *o = sd->office;

	fact(sd, event);
	o->told_ticket = sd->ticket;
}

void office_keys_fact(struct shopd *sd)
{
	fact(sd, OFFICE_KEYS);
}

void office_recall(struct shopd *sd, const struct recall *recall)
{
	struct office_side *o = sd->office;
	bool back = o && o->restore.step == RESTORE_OPENS;

	if (!o) /* a shell without one: a fuzzer's */
		return;
	o->acked = recall->acked;
	o->acked_hash = recall->acked_hash;
	if (!o->pin.enrolled)
		return;
	if (back)
		restore_opened(sd);
	else if (o->pin.restoring && o->restore.step == RESTORE_NONE)
		head_check(sd);
	else if (!o->pin.told) /* killed between the pin and its entry */
		office_begins(sd, OFFICE_ENROLLED);
	sync_look(sd);
	sync_tell(sd);
}

static void pin_start(struct shopd *sd)
{
	struct office_side *o = sd->office;
	int r = pin_read(sd->config.state, sd->config.shop, &o->pin);

	if (r < 0 && r != -ENOENT)
		journal_line(sd,
			     "office: office.cbor cannot be used: %s. This shop goes on without "
			     "its office: enrol it again",
			     strerror(-r));
	r = box_key_read(sd->config.state, o->secret, &o->key);
	o->has_key = r == 0;
	if (r < 0 && r != -ENOENT)
		journal_line(sd, "office: box.key cannot be used: %s", strerror(-r));
}

int office_start(struct shopd *sd)
{
	struct office_side *o = calloc(1, sizeof(*o));
	int r;

	if (!o)
		return -ENOMEM;
	sd->office = o;
	o->restore.backup_fd = -1;
	sd->policy = sd->config.policy;
	pin_start(sd);
	r = office_work_start(sd);
	if (r == 0)
		r = sync_start(sd);
	if (r == 0)
		r = feed_start(sd);
	return r;
}

void office_stop(struct shopd *sd)
{
	struct office_side *o = sd->office;

	if (!o)
		return;
	office_work_stop(sd);
	restore_stop(sd);
	todo_stop(sd);
	sync_stop(sd);
	if (o->restore.backup_fd >= 0)
		close(o->restore.backup_fd);
	explicit_bzero(o, sizeof(*o));
	free(o);
	sd->office = NULL;
}
