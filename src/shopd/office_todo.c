/*
 * office_todo.c: what the feed asks of the shop beside its roster and prices: money that came in,
 * people to be forgotten, new keys of the office. The catalogue keeps each until it is on record
 * here; they are done one after the other, and each may come twice: its key, its customer or its
 * version tells.
 */
#include "shopd/office.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define AGAIN_MS 10000 /* what could not be asked for now */

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

void todo_keys(struct shopd *sd, bool saved)
{
	struct todo_side *t = &sd->office->todo;
	const struct feed_todo *todo = first(sd);

	if (!todo || !t->asked || t->forgetting || todo->change.kind != SYNC_KEY_SET)
		return;
	if (saved)
		forget(sd);
	else
		again_later(sd);
}

/* True when the pin is being written. */
static bool keys_ask(struct shopd *sd, const struct feed_todo *todo)
{
	char why[200] = "";

	if (keys_change(sd, (struct span){todo->key_set, todo->key_set_len}, why))
		return true;
	if (why[0])
		journal_line(sd, "office: NEW KEYS REFUSED: %s", why);
	return false;
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
		if (keys_ask(sd, todo))
			return false;
		forget(sd);
		return true;
	case SYNC_COMMAND:
		command_do(sd, &todo->change.command);
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
	case SYNC_CARD:
	case SYNC_CARD_GONE:
		forget(sd); /* the catalogue's own */
		return true;
	}
	if (!t->asked)
		t->again_at = mono_add(loop_mono(), AGAIN_MS);
	return false;
}

struct mono todo_look(struct shopd *sd)
{
	struct todo_side *t = &sd->office->todo;

	if (t->todos > 0 && t->forget_again && mono_due(loop_mono(), t->again_at))
		forget(sd);
	while (t->todos > 0 && !t->asked && mono_due(loop_mono(), t->again_at))
		if (!todo_do(sd, first(sd)))
			break;
	return t->todos > 0 && (!t->asked || t->forget_again) ? t->again_at : MONO_NEVER;
}

void todo_add(struct shopd *sd, struct feed_todo *more, uint32_t count)
{
	struct todo_side *t = &sd->office->todo;

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

void todo_forgotten(struct shopd *sd, int error)
{
	struct todo_side *t = &sd->office->todo;

	if (t->todos == 0 || !t->forgetting)
		return;
	if (error == 0) {
		todo_pop(t);
		return;
	}
	t->forgetting = false;
	t->forget_again = true;
	t->again_at = mono_add(loop_mono(), AGAIN_MS);
}

void todo_stop(struct shopd *sd)
{
	struct todo_side *t = &sd->office->todo;

	while (t->todos > 0)
		todo_pop(t);
	free(t->todo);
	t->todo = NULL;
}
