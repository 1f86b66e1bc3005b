/*
 * office_feed.c: the feed on its way to the catalogue, and what it asks of the shop beside its
 * roster and prices: commands, money that came in, people to be forgotten, new keys of the office.
 *
 * A feed is a MiB at most and is verified on the catalogue's thread, against a copy of the pinned
 * keys that is not touched while one is under way. Commands are done once, at once, and only before
 * they expire by a clock that can be trusted: what comes late is answered as expired. The rest is
 * kept by the catalogue until it is on record here, and done one after the other: each may come
 * twice, and its key, number or version tells.
 */
#include "shopd/office.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define AGAIN_MS 10000 /* what could not be asked for now */

/* --- a feed to the catalogue */

/* On the catalogue's thread: only `judge` is looked at, which nobody writes meanwhile. */
static bool verify(void *data, struct span statement, struct span *ret_payload, char why[200])
{
	return keys_hold(data, statement, ret_payload, why);
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
		o->judge = o->pin.keys;
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

static const char *const verb_words[] = {
	[VERB_RELEASE] = "release", [VERB_UNLOCK] = "unlock",	  [VERB_LOCK] = "lock",
	[VERB_PROP] = "prop",	    [VERB_LOCKDOWN] = "lockdown", [VERB_SET] = "set",
};

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
	case VERB_SET: /* door_command() does not see it */
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

void office_commanded(struct shopd *sd, bool ok)
{
	sd->office->command_done = ok;
}

static void command(struct shopd *sd, const struct sync_command *c)
{
	struct entry e = {.kind = ENTRY_COMMAND};
	struct entry_command *row = &e.command;
	uint8_t door = control_door(sd, c->door);
	char why[200] = "";
	bool ok = false;

	e.at = loop_wall();
	row->outcome = COMMAND_EXPIRED;
	if (sd->clock_trusted && e.at.ms <= c->expires.ms) {
		ok = c->verb == VERB_SET ? settings_command(sd, &c->setting, why)
					 : door_command_do(sd, c, door);
		row->outcome = ok ? COMMAND_DONE : COMMAND_REFUSED;
	}
	row->id = c->id;
	row->verb = c->verb;
	if (c->verb != VERB_SET && door != UINT8_MAX)
		memcpy(row->place.name, sd->config.door[door].name, sizeof(row->place.name));
	row->hold_ms = c->hold_ms;
	memcpy(row->by, c->by, sizeof(row->by));
	if (c->verb == VERB_SET) {
		memcpy(row->setting, c->setting.name, sizeof(c->setting.name));
		memcpy(row->value, c->setting.value, sizeof(c->setting.value));
	}
	journal_line(sd, "office: %s by %s: %s%s%s", verb_words[c->verb], c->by,
		     row->outcome == COMMAND_DONE ? "done"
		     : row->outcome == COMMAND_REFUSED
			     ? "refused"
			     : "too late, or nobody knows what time it is",
		     why[0] ? ": " : "", why);
	keep_fact(sd, &e);
}

/* --- what is kept until it is on record */

static struct feed_todo *first(struct shopd *sd)
{
	struct todo_side *t = &sd->office->todo;

	return t->todos > 0 ? &t->todo[t->at] : NULL;
}

static void todo_pop(struct todo_side *t)
{
	CHECK(t->todos > 0);
	free(t->todo[t->at].key_set);
	t->todos--;
	t->at++;
	t->asked = t->forgetting = t->forget_again = false;
}

static void again_later(struct shopd *sd)
{
	sd->office->todo.asked = false;
	sd->office->todo.again_at = mono_add(loop_mono(), AGAIN_MS);
	sync_look(sd);
}

/* It is on record here: the catalogue may forget it. */
static void forget(struct shopd *sd)
{
	struct todo_side *t = &sd->office->todo;
	struct change change = {.kind = CHANGE_TODO_DONE, .fd = -1, .tag = TAG_OFFICE};

	t->asked = true;
	change.todo = first(sd)->n;
	if (change.todo == 0) {
		todo_pop(t);
		return;
	}
	t->forgetting = catalogue_change(sd->catalogue, &change, loop_wall());
	t->forget_again = !t->forgetting;
	if (!t->forgetting)
		t->again_at = mono_add(loop_mono(), AGAIN_MS);
}

/* True when the desk was asked. */
static bool money_ask(struct shopd *sd, const struct sync_change *c)
{
	struct desk_request r = {.kind = DESK_PAYMENT};

	if (c->kind == SYNC_PAYMENT) {
		r.entry.kind = ENTRY_PAYMENT;
		r.entry.payment = c->payment;
	} else {
		r.kind = DESK_ASSIGN;
		r.entry.kind = ENTRY_PAYMENT_ASSIGNED;
		r.entry.payment_assigned = c->assigned;
	}
	return desk_ask(sd, &r);
}

void office_desk(struct shopd *sd, const struct desk_result *r)
{
	struct todo_side *t = &sd->office->todo;
	const struct feed_todo *todo = first(sd);

	if (!todo || !t->asked || t->forgetting)
		return;
	if (r->answer == DESK_UNAVAILABLE) {
		again_later(sd);
		return;
	}
	if (r->answer == DESK_REFUSED)
		journal_line(sd, "office: a payment is not booked: %s", r->why);
	forget(sd);
	sync_look(sd);
}

void office_erased(struct shopd *sd, bool done)
{
	struct todo_side *t = &sd->office->todo;
	const struct feed_todo *todo = first(sd);

	if (!todo || !t->asked || t->forgetting || todo->change.kind != SYNC_ERASE)
		return;
	if (!done) {
		t->asked = false;
		t->again_at = mono_add(loop_mono(), AGAIN_MS);
		return;
	}
	journal_line(sd, "office: what may be forgotten of a person is forgotten");
	forget(sd);
	sync_look(sd);
}

static void on_keys_saved(struct shopd *sd, int error)
{
	struct todo_side *t = &sd->office->todo;

	if (error == 0)
		office_keys_fact(sd);
	if (first(sd) && t->asked && !t->forgetting)
		forget(sd);
	sync_look(sd);
}

/* A new set counts if the root that was pinned has signed it, and it is newer than ours. True when
 * the pin is being written. */
static bool keys_change(struct shopd *sd, const struct feed_todo *todo)
{
	struct office_pin *pin = &sd->office->pin;
	struct sync_keys keys;
	char why[200] = "";

	if (!keys_read((struct span){todo->key_set, todo->key_set_len}, &pin->root, &keys, why)) {
		journal_line(sd, "office: NEW KEYS REFUSED: %s", why);
		return false;
	}
	if (keys.version <= pin->keys.version)
		return false;
	journal_line(sd, "office: signs with other keys from now on, version %u", keys.version);
	pin->keys = keys;
	memcpy(pin->statement, todo->key_set, todo->key_set_len);
	pin->statement_len = todo->key_set_len;
	pin_save(sd, on_keys_saved);
	return true;
}

/* The first one; false when it waits for somebody. */
static bool todo_do(struct shopd *sd, const struct feed_todo *todo)
{
	struct todo_side *t = &sd->office->todo;

	t->asked = true;
	switch (todo->change.kind) {
	case SYNC_PAYMENT:
	case SYNC_PAYMENT_ASSIGNED:
		t->asked = money_ask(sd, &todo->change);
		break;
	case SYNC_ERASE:
		t->asked = keep_erase(sd, &todo->change.gone, loop_wall(), ERASE_OFFICE);
		break;
	case SYNC_KEY_SET:
		if (keys_change(sd, todo))
			return false;
		forget(sd);
		return true;
	case SYNC_COMMAND:
		command(sd, &todo->change.command);
		forget(sd);
		return true;
	case SYNC_MEMBER:
	case SYNC_MEMBER_GONE:
	case SYNC_KEY:
	case SYNC_KEY_GONE:
	case SYNC_ARTICLE:
	case SYNC_ARTICLE_GONE:
	case SYNC_PASS:
	case SYNC_SETTING:
		forget(sd); /* the catalogue's own */
		return true;
	}
	if (!t->asked)
		t->again_at = mono_add(loop_mono(), AGAIN_MS);
	return false;
}

struct mono feed_look(struct shopd *sd)
{
	struct todo_side *t = &sd->office->todo;

	if (t->todos > 0 && t->forget_again && mono_due(loop_mono(), t->again_at))
		forget(sd);
	while (t->todos > 0 && !t->asked && mono_due(loop_mono(), t->again_at))
		if (!todo_do(sd, first(sd)))
			break;
	return t->todos > 0 && (!t->asked || t->forget_again) ? t->again_at : MONO_NEVER;
}

static void todo_add(struct todo_side *t, struct feed_todo *more, uint32_t count)
{
	if (t->todos > 0)
		memmove(t->todo, t->todo + t->at, t->todos * sizeof(t->todo[0]));
	t->at = 0;
	if (t->todos + count > t->size) {
		t->size = t->todos + count;
		t->todo = realloc(t->todo, t->size * sizeof(t->todo[0]));
		CHECK(t->todo);
	}
	memcpy(&t->todo[t->todos], more, count * sizeof(more[0]));
	t->todos += count;
}

/* --- what the catalogue has made of it */

/* Commands at once: a lockdown does not wait for a payment. The rest in its order. */
static void todos_take(struct shopd *sd, struct changed *c)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < c->todos; i++) {
		if (c->todo[i].change.kind == SYNC_COMMAND && c->todo[i].n == 0)
			command(sd, &c->todo[i].change.command);
		else
			c->todo[kept++] = c->todo[i];
	}
	if (kept > 0)
		todo_add(&sd->office->todo, c->todo, kept);
	c->todos = 0; /* their keys went along */
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
		/* what was applied before our answer was lost is no fault: what is next stands in
		 * the SYNC that follows */
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
	struct todo_side *t = &sd->office->todo;

	if (c->kind == CHANGE_FEED) {
		fed(sd, c);
	} else if (c->kind == CHANGE_TODO_DONE && t->todos > 0 && t->forgetting) {
		if (c->error == 0) {
			todo_pop(t);
		} else {
			t->forgetting = false;
			t->forget_again = true;
			t->again_at = mono_add(loop_mono(), AGAIN_MS);
		}
	}
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
		todo_add(&o->todo, todo, todos);
	free(todo);
	/* a snapshot that was cut short, or a box that knows nothing yet */
	o->want_snapshot = o->pin.enrolled && (o->feed.cursor == 0 || o->feed.part != 0);
	return 0;
}

void feed_stop(struct shopd *sd)
{
	struct todo_side *t = &sd->office->todo;

	while (t->todos > 0)
		todo_pop(t);
	free(t->todo);
	t->todo = NULL;
}
