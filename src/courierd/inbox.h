/*
 * inbox.h: what a text that came in is to us: an answer of one of the contacts, or a line in the
 * log. Pure: time arrives, nothing is written from here.
 */
#ifndef SHOP_COURIERD_INBOX_H
#define SHOP_COURIERD_INBOX_H

#include "base/clock.h"
#include "courierd/config.h"
#include "courierd/reply.h"

enum {
	INBOX_SEEN_MAX = 512, /* names of texts remembered: five times the longest list */
	INBOX_LIST_MAX = 100, /* of one look */
	INBOX_LINES = 20,     /* of odd texts in the log, a minute: a flood is counted instead */
	INBOX_REPLIES = 10,   /* of one person, a minute: past it they are odd */
	INBOX_MINUTE_MS = 60000,
	INBOX_SKEW_MS = 600000,	  /* the gateway's clock and ours may differ so much */
	INBOX_MISSED_MS = 120000, /* what came so shortly before us may have been heard by nobody */
};

struct inbox {
	struct mono start;
	bool looked; /* the first list was read: what it held is remembered */
	uint64_t seen[INBOX_SEEN_MAX];
	uint32_t seen_next;
	struct mono minute; /* that these counts are of */
	uint32_t lines, more;
	uint32_t replies[CONTACTS_MAX];
};

enum inbox_is {
	INBOX_NOTHING = 0, /* known already, old, or past what a minute may log */
	INBOX_REPLY = 1,
	INBOX_ODD = 2,
};

/** What became of one. */
struct inbox_found {
	enum inbox_is is;
	uint32_t contact;	       /* REPLY */
	uint32_t code;		       /* REPLY */
	char line[REPLY_LOG_MAX + 80]; /* ODD: who said what, as one line of plain letters */
};

/** inbox_init - nothing was seen; from `now` on texts are ours to read. */
void inbox_init(struct inbox *b, struct mono now);

/** inbox_text - one that came in. `id`: its name at the gateway; "" (a modem's texts come once) is
 * always new. `at_ms`: UTC, 0: not known. */
void inbox_text(struct inbox *b, const struct config *config, struct mono now, struct wall wall,
		const char *id, const char *from, const char *text, int64_t at_ms,
		struct inbox_found *ret);

/** inbox_looked - a list of the gateway was read to its end. */
void inbox_looked(struct inbox *b);

/** inbox_more - how many odd texts the minute that is over held beyond INBOX_LINES: told once.
 * inbox_deadline - when it is over; MONO_NEVER when nothing is to be told. */
uint32_t inbox_more(struct inbox *b, struct mono now);
struct mono inbox_deadline(const struct inbox *b);

#endif
