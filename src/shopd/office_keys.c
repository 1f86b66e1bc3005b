/*
 * office_keys.c: the office signs with other keys from now on. A set counts if the root that was
 * pinned at enrolment has signed it and its version is higher than that of the one that is pinned:
 * then it takes the whole place of the one before, and a key that it does not name is a stranger's,
 * however long it was the office's.
 *
 * Sets come by the feed (office_todo.c). Who was away while one was changed may hear a feed that is
 * signed by a key which only that feed would name: so whoever meets a stranger's signature has the
 * set fetched, which stands on the root's word alone and needs no other.
 */
#include "shopd/office.h"

#include <stdio.h>
#include <string.h>

static bool same_keys(const struct sync_keys *a, const struct sync_keys *b)
{
	return a->keys == b->keys && memcmp(a->key, b->key, a->keys * sizeof(a->key[0])) == 0;
}

static void on_saved(struct shopd *sd, int error)
{
	struct office_side *o = sd->office;
	bool saved = error == 0;

	if (saved && o->keys_unsaved) {
		o->keys_unsaved = false;
		o->want_keys = false;
		office_keys_fact(sd);
	}
	todo_keys(sd, saved);
	if (o->keys_said)
		said_answer(sd, saved ? NULL : "the office's new keys could not be written down");
	o->keys_said = false;
	sync_look(sd);
}

bool keys_change(struct shopd *sd, struct span statement, char why[200])
{
	struct office_pin *pin = &sd->office->pin;
	struct sync_keys keys;

	if (!keys_read(statement, &pin->root, &keys, why))
		return false;
	if (keys.version < pin->keys.version ||
	    (keys.version == pin->keys.version && !same_keys(&keys, &pin->keys))) {
		snprintf(why, 200, "version %u of them, and %u is pinned here", keys.version,
			 pin->keys.version);
		return false;
	}
	if (keys.version == pin->keys.version && !sd->office->keys_unsaved)
		return false;
	journal_line(sd, "office: signs with other keys from now on, version %u", keys.version);
	pin->keys = keys;
	memcpy(pin->statement, statement.data, statement.len); /* keys_read() has bounded it */
	pin->statement_len = statement.len;
	sd->office->keys_unsaved = true;
	pin_save(sd, on_saved);
	return true;
}

void keys_said(struct shopd *sd, struct span statement)
{
	struct office_side *o = sd->office;
	char why[200] = "";

	if (!o->want_keys) {
		said_answer(sd, "keys that were not asked for");
		return;
	}
	o->keys_said = keys_change(sd, statement, why);
	if (o->keys_said)
		return;
	o->want_keys = false; /* until a stranger's signature is met again */
	said_answer(sd, why[0] ? why
			       : "the office signs with a key that is not in its root's newest "
				 "set");
}

void keys_stranger(struct shopd *sd)
{
	struct office_side *o = sd->office;

	if (!o->want_keys)
		journal_line(sd, "office: a word is signed by a key that is not pinned here: its "
				 "newest set of keys is asked for");
	o->want_keys = true;
}
