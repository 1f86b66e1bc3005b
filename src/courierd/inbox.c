/*
 * inbox.c: a text has an effect only when it comes from the number of a contact, to the digit, and
 * holds one code; what it means is shopd's to say. Everything else is one line in the log, without
 * the number, and a flood of them is a count.
 *
 * A gateway shows its newest texts again and again: their names are remembered. What the first list
 * holds from before our start was another run's to read, and its codes are old: it is remembered
 * and nothing else. Only what came in shortly before may have been missed by a run that was ended
 * between two looks; it is read, for an answer that was heard before changes nothing when it is
 * heard again. "Before" is reckoned back from now, so a clock that was set meanwhile changes
 * nothing.
 */
#include "courierd/inbox.h"

#include <stdio.h>

void inbox_init(struct inbox *b, struct mono now)
{
	memset(b, 0, sizeof(*b));
	b->start = now;
	b->minute = now;
}

/* ---- once ---- */

/** FNV-1a: a gateway names its texts, so nobody else chooses what is hashed. */
static uint64_t name_hash(const char *id)
{
	uint64_t hash = UINT64_C(14695981039346656037);

	for (; *id != '\0'; id++)
		hash = (hash ^ (unsigned char)*id) * UINT64_C(1099511628211);
	return hash != 0 ? hash : 1;
}

/** Whether this text was here before; from now on it was. */
static bool seen(struct inbox *b, const char *id)
{
	uint64_t hash = name_hash(id);

	for (uint32_t i = 0; i < INBOX_SEEN_MAX; i++)
		if (b->seen[i] == hash)
			return true;
	b->seen[b->seen_next] = hash;
	b->seen_next = (b->seen_next + 1) % INBOX_SEEN_MAX;
	return false;
}

/** Whether it came in before we were here to hear it. */
static bool old(const struct inbox *b, struct mono now, struct wall wall, int64_t at_ms)
{
	int64_t start = wall.ms - (now.ms - b->start.ms);

	if (!b->looked)
		return at_ms < start - INBOX_MISSED_MS;
	return at_ms != 0 && at_ms < start - INBOX_SKEW_MS;
}

void inbox_looked(struct inbox *b)
{
	b->looked = true;
}

/* ---- a minute's worth ---- */

static void minute_turn(struct inbox *b, struct mono now)
{
	if (!mono_due(now, mono_add(b->minute, INBOX_MINUTE_MS)))
		return;
	b->minute = now;
	b->lines = 0;
	memset(b->replies, 0, sizeof(b->replies));
}

uint32_t inbox_more(struct inbox *b, struct mono now)
{
	uint32_t more = b->more;

	if (!mono_due(now, inbox_deadline(b)))
		return 0;
	b->more = 0;
	minute_turn(b, now);
	return more;
}

struct mono inbox_deadline(const struct inbox *b)
{
	return b->more > 0 ? mono_add(b->minute, INBOX_MINUTE_MS) : MONO_NEVER;
}

/* ---- one text ---- */

static uint32_t contact_of(const struct config *config, const char *from)
{
	uint32_t i = 0;

	while (i < config->contacts && strcmp(config->contact[i].phone, from) != 0)
		i++;
	return i;
}

static void odd(struct inbox *b, const struct config *config, uint32_t contact, const char *text,
		struct inbox_found *ret)
{
	char escaped[REPLY_LOG_MAX + 8];

	if (b->lines >= INBOX_LINES) {
		b->more += b->more < UINT32_MAX;
		return;
	}
	b->lines++;
	reply_escaped(text, escaped);
	ret->is = INBOX_ODD;
	snprintf(ret->line, sizeof(ret->line), "a text from %s without effect: \"%s\"",
		 contact < config->contacts ? config->contact[contact].name : "a number of nobody",
		 escaped);
}

void inbox_text(struct inbox *b, const struct config *config, struct mono now, struct wall wall,
		const char *id, const char *from, const char *text, int64_t at_ms,
		struct inbox_found *ret)
{
	uint32_t contact = contact_of(config, from);

	*ret = (struct inbox_found){.is = INBOX_NOTHING};
	if (id[0] != '\0' && (seen(b, id) || old(b, now, wall, at_ms)))
		return;
	minute_turn(b, now);
	if (contact < config->contacts && reply_code(text, &ret->code) &&
	    b->replies[contact] < INBOX_REPLIES) {
		b->replies[contact]++;
		ret->is = INBOX_REPLY;
		ret->contact = contact;
		return;
	}
	odd(b, config, contact, text, ret);
}
