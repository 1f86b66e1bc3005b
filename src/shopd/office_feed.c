/*
 * office_feed.c: the feed on its way to the catalogue, and the commands in it.
 *
 * A feed is a MiB at most and is verified on the catalogue's thread, against a copy of the pinned
 * keys that is not touched while one is under way. Commands are done once, at once, and only before
 * they expire by a clock that can be trusted: what comes late is answered as expired. What else the
 * feed asks of the shop: office_todo.c.
 */
#include "shopd/office.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* --- a feed to the catalogue */

/* On the catalogue's thread: only `judge` is looked at, which nobody writes meanwhile. */
static bool verify(void *data, struct span statement, struct span *ret_payload, char why[200])
{
	struct feed_judging *judge = data;
	struct sync_feed feed;

	judge->stranger = !keys_know(&judge->keys, statement);
	if (!keys_hold(&judge->keys, statement, ret_payload, why))
		return false;
	if (sync_feed_take(*ret_payload, &feed)) {
		judge->epoch = feed.epoch;
		judge->at = feed.at;
	}
	return true;
}

bool feed_take(struct shopd *sd, int fd, uint32_t bytes, char why[200])
{
	struct office_side *o = sd->office;
	struct change change = {.kind = CHANGE_FEED, .fd = fd, .tag = TAG_OFFICE, .rows = bytes};
	const char *wrong = NULL;

	change.judge =
		(struct feed_judge){.verify = verify, .data = &o->judge, .epoch = o->pin.epoch};
	memcpy(change.judge.shop, sd->config.shop, sizeof(change.judge.shop));
	if (!o->pin.enrolled)
		wrong = "this shop has no office";
	else if (bytes > STATEMENT_SIZE_MAX)
		wrong = "a feed has at most a MiB";
	else if (o->feeding)
		wrong = "one feed at a time";
	if (!wrong) {
		o->judge = (struct feed_judging){.keys = o->pin.keys};
		o->feeding = catalogue_change(sd->catalogue, &change, loop_wall());
		if (!o->feeding)
			wrong = "busy: other changes are being made";
	}
	if (!wrong)
		return true;
	close(fd);
	snprintf(why, 200, "%s", wrong);
	return false;
}

/* --- commands */

static enum command command_of(enum command_verb verb)
{
	switch (verb) {
	case VERB_RELEASE:
		return COMMAND_RELEASE;
	case VERB_UNLOCK:
		return COMMAND_UNLOCK;
	case VERB_PROP:
		return COMMAND_PROP;
	case VERB_LOCKDOWN:
		return COMMAND_LOCKDOWN;
	case VERB_LOCK:
	case VERB_SET:
	case VERB_ACKNOWLEDGE: /* door_command_do() does not see them */
		break;
	}
	return COMMAND_LOCK;
}

static bool door_command_do(struct shopd *sd, const struct sync_command *c, uint8_t door)
{
	struct office_side *o = sd->office;
	struct event e = shopd_event(sd, EVENT_COMMAND);

	if (door == UINT8_MAX)
		return false;
	e.command.request = (struct request){.peer = PEER_OFFICE};
	e.command.door = door;
	e.command.command = command_of(c->verb);
	e.command.hold_ms = c->hold_ms;
	o->command_done = false;
	shopd_step(sd, &e);
	return o->command_done;
}

/* A person at the office, or the owner on its page from afar, has seen to an alarm. */
static bool acknowledge(struct shopd *sd, const struct sync_command *c)
{
	struct office_side *o = sd->office;
	struct event e = shopd_event(sd, EVENT_ALARM_ACK);
	char *end;

	if (strcmp(c->setting.name, "alarm") != 0 || !strchr("123456789", c->setting.value[0]))
		return false;
	errno = 0;
	e.alarm_ack.alarm.n = strtoull(c->setting.value, &end, 10);
	if (errno != 0 || *end != '\0' || e.alarm_ack.alarm.n == 0)
		return false;
	e.alarm_ack.request = (struct request){.peer = PEER_OFFICE};
	snprintf(e.alarm_ack.by, sizeof(e.alarm_ack.by), "%s", c->by);
	o->command_done = false;
	shopd_step(sd, &e);
	return o->command_done;
}

static bool carry_out(struct shopd *sd, const struct sync_command *c, uint8_t door, char why[200])
{
	if (c->verb == VERB_SET)
		return settings_command(sd, &c->setting, why);
	if (c->verb == VERB_ACKNOWLEDGE)
		return acknowledge(sd, c);
	return door_command_do(sd, c, door);
}

void office_commanded(struct shopd *sd, bool ok)
{
	sd->office->command_done = ok;
}

void command_do(struct shopd *sd, const struct sync_command *c)
{
	struct entry e = {.kind = ENTRY_COMMAND};
	struct entry_command *row = &e.command;
	uint8_t door = control_door(sd, c->door);
	char why[200] = "";
	bool ok = false, about_no_door = c->verb == VERB_SET || c->verb == VERB_ACKNOWLEDGE;

	e.at = loop_wall();
	row->outcome = COMMAND_EXPIRED;
	if (sd->clock_trusted && e.at.ms <= c->expires.ms) {
		ok = carry_out(sd, c, door, why);
		row->outcome = ok ? COMMAND_DONE : COMMAND_REFUSED;
	}
	row->id = c->id;
	row->verb = c->verb;
	if (!about_no_door && door != UINT8_MAX)
		memcpy(row->place.name, sd->config.door[door].name, sizeof(row->place.name));
	row->hold_ms = c->hold_ms;
	memcpy(row->by, c->by, sizeof(row->by));
	if (about_no_door) {
		memcpy(row->setting, c->setting.name, sizeof(c->setting.name));
		memcpy(row->value, c->setting.value, sizeof(c->setting.value));
	}
	journal_line(sd, "office: %s by %s: %s%s%s", command_verb_word(c->verb), c->by,
		     row->outcome == COMMAND_DONE ? "done"
		     : row->outcome == COMMAND_REFUSED
			     ? "refused"
			     : "too late, or nobody knows what time it is",
		     why[0] ? ": " : "", why);
	keep_fact(sd, &e);
}

/* --- what the catalogue has made of it */

/* Commands at once: a lockdown does not wait for a payment. The rest in its order. */
static void todos_take(struct shopd *sd, struct changed *c)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < c->todos; i++) {
		if (c->todo[i].change.kind == SYNC_COMMAND && c->todo[i].n == 0)
			command_do(sd, &c->todo[i].change.command);
		else
			c->todo[kept++] = c->todo[i];
	}
	if (kept > 0)
		todo_add(sd, c->todo, kept);
	c->todos = 0; /* their keys went along */
}

/* The office's newest word names an epoch below ours: a shop that sells nothing would not hear so
 * of its entries. An older word is one that was on its way while ours was granted. */
static bool epoch_forgotten(const struct office_side *o)
{
	return o->judge.epoch != 0 && o->judge.epoch < o->pin.epoch && !o->pin.restoring &&
	       o->judge.at.ms > o->heard.ms;
}

static void fed(struct shopd *sd, struct changed *c)
{
	struct office_side *o = sd->office;

	o->feeding = false;
	if (c->error != 0) {
		if (c->must_refetch && !o->want_snapshot) {
			journal_line(sd,
				     "office: the feed does not go on from where we are: all of it "
				     "is fetched anew");
			o->want_snapshot = true;
		}
		if (o->judge.stranger)
			keys_stranger(sd);
		if (epoch_forgotten(o))
			said_epoch(sd, "the office has forgotten ours: it was restored from a "
				       "backup");
		/* what was applied before our answer was lost is no fault: what is next stands in
		 * the SYNC that follows. A snapshot that is no news is all there is to have */
		if (c->error == -EALREADY && c->feed && c->feed->known)
			o->want_snapshot = false;
		said_answer(sd, c->error == -EALREADY ? NULL
				: c->why[0]	      ? c->why
						      : strerror(-c->error));
		return;
	}
	if (c->feed) {
		settings_feed(sd, c->feed);
		sync_heard(sd, c->feed->heard);
		if (c->feed->part == 0)
			o->want_snapshot = false;
	}
	todos_take(sd, c);
	said_answer(sd, NULL);
	sync_look(sd);
}

void office_changed(struct shopd *sd, struct changed *c)
{
	if (c->kind == CHANGE_FEED)
		fed(sd, c);
	else if (c->kind == CHANGE_TODO_DONE)
		todo_forgotten(sd, c->error);
	if (sd->shop.started)
		sync_look(sd);
}

int feed_start(struct shopd *sd)
{
	struct office_side *o = sd->office;
	struct feed_todo *todo = NULL;
	uint32_t todos = 0;
	struct feed_state *feed = catalogue_feed(sd->catalogue, &todo, &todos);

	if (feed) {
		o->feed = *feed;
		o->heard = feed->heard;
	}
	free(feed);
	if (todos > 0)
		todo_add(sd, todo, todos);
	free(todo);
	/* a snapshot that was cut short, or a box that knows nothing yet */
	o->want_snapshot = o->pin.enrolled && (o->feed.cursor == 0 || o->feed.part != 0);
	return 0;
}
