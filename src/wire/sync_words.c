/*
 * sync_words.c: the words for what a shop and its office say to each other, as a log, a table and
 * an operator's command line spell them.
 */
#include "wire/sync.h"

#include <string.h>

static const char *const answers[SYNC_ANSWERS] = {
	[SYNC_TAKEN] = "taken",		[SYNC_GAP] = "gap",	  [SYNC_FORK] = "fork",
	[SYNC_EPOCH_OLD] = "epoch_old", [SYNC_BROKEN] = "broken",
};

static const char *const verbs[VERB_LAST + 1] = {
	[0] = "none",
	[VERB_RELEASE] = "release",
	[VERB_UNLOCK] = "unlock",
	[VERB_LOCK] = "lock",
	[VERB_PROP] = "prop",
	[VERB_LOCKDOWN] = "lockdown",
	[VERB_SET] = "set",
	[VERB_ACKNOWLEDGE] = "acknowledge",
};

static const char *const outcomes[COMMAND_OUTCOMES] = {
	[COMMAND_DONE] = "done",
	[COMMAND_REFUSED] = "refused",
	[COMMAND_EXPIRED] = "expired",
};

const char *sync_answer_word(enum sync_answer answer)
{
	CHECK((uint32_t)answer < SYNC_ANSWERS);
	return answers[answer];
}

const char *command_verb_word(enum command_verb verb)
{
	CHECK(verb >= VERB_RELEASE && verb <= VERB_LAST);
	return verbs[verb];
}

const char *command_outcome_word(enum command_outcome outcome)
{
	CHECK((uint32_t)outcome < COMMAND_OUTCOMES);
	return outcomes[outcome];
}

bool command_verb_parse(const char *text, enum command_verb *ret)
{
	for (uint32_t i = VERB_RELEASE; i <= VERB_LAST; i++) {
		if (strcmp(text, verbs[i]) != 0)
			continue;
		*ret = (enum command_verb)i;
		return true;
	}
	return false;
}
