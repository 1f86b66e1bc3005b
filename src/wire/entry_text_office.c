/*
 * entry_text_office.c: what passes between shop and office, as one line each. A command names who
 * gave it, for it opened a door; what was erased of a person names the key's first digits alone.
 */
#include "wire/entry_say.h"
#include "wire/sync.h"

static void say_event(struct text_out *out, const struct entry_office *o)
{
	switch (o->event) {
	case OFFICE_ENROLLED:
		say(out, "enrolled with the office, epoch %u, its keys of set %u", o->epoch,
		    o->keys_version);
		return;
	case OFFICE_EPOCH:
		say(out, "epoch %u goes on from entry %llu of the office, %u of ours again",
		    o->epoch, (unsigned long long)o->seq, o->again);
		return;
	case OFFICE_KEYS:
		say(out, "the office signs with the keys of set %u", o->keys_version);
		return;
	}
	CHECK(false);
}

static void say_command(struct text_out *out, const struct entry_command *c)
{
	say_place(out, &c->place);
	if (c->id != 0)
		say(out, "the office's command %llu, ", (unsigned long long)c->id);
	say(out, "%s", command_verb_word((enum command_verb)c->verb));
	if (c->setting[0] != '\0')
		say(out, " %s = %s", c->setting, c->value);
	if (c->verb == VERB_PROP)
		say(out, " for %lld s", (long long)(c->hold_ms / 1000));
	say(out, ": %s", command_outcome_word((enum command_outcome)c->outcome));
	if (c->by[0] != '\0')
		say(out, ", by %s", c->by);
}

static void say_erased(struct text_out *out, const struct entry_erased *e)
{
	say(out, "%u %s of entries %llu to %llu erased", e->bodies,
	    e->bodies == 1 ? "body" : "bodies", (unsigned long long)e->first,
	    (unsigned long long)e->last);
	if (!e->whose_known) {
		say(out, ", their retention over");
		return;
	}
	say(out, ", of ");
	say_customer(out, e->whose);
	say(out, ", who is to be forgotten");
}

void say_office(struct text_out *out, const struct entry *e)
{
	switch ((int)e->kind) {
	case ENTRY_OFFICE:
		say_event(out, &e->office);
		return;
	case ENTRY_COMMAND:
		say_command(out, &e->command);
		return;
	case ENTRY_ERASED:
		say_erased(out, &e->erased);
		return;
	}
	CHECK(false);
}
