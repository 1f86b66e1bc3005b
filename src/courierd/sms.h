/*
 * sms.h: which text goes to whom, when it is tried again, and what shopd is told. Values and
 * decisions only: time, results and random numbers arrive, nothing is sent from here.
 *
 * A notice (what has to be ordered) goes to one contact, after every alarm, and nobody is told how
 * it went.
 *
 * The way of a text: sms_take() -> sms_next() hands it out once per contact as it comes due ->
 * sms_result() says how that went -> … -> sms_report() is the answer for shopd.
 */
#ifndef SHOP_COURIERD_SMS_H
#define SHOP_COURIERD_SMS_H

#include "base/clock.h"
#include "base/limits.h"
#include "base/words.h"
#include "net/sms_gateway.h"

enum {
	SMS_CONTACTS_MAX = 8,
	SMS_TEXT_MAX = 320, /* bytes: two plain parts, or one of letters like å */
	SMS_NOTICES_MAX = 4,
	SMS_TEXTS_MAX = 2 * ALARMS_MAX + SMS_NOTICES_MAX, /* each alarm's two texts */
	SMS_DONE_MAX = 512, /* finished ones remembered, so that none is sent twice */
	SMS_FLYING_MAX = 8, /* requests at once */

	SMS_TRIES_MAX = 5,	  /* quick ones, before shopd is told that it does not work */
	SMS_QUICK_MS = 25000,	  /* and none of them begins later than this after the first */
	SMS_BACKOFF_MS = 1000,	  /* doubles: 1, 2, 4, 8 s */
	SMS_SLOW_MS = 60000,	  /* after that: 1, 2, 4 … */
	SMS_SLOW_MAX_MS = 900000, /* 15 min */
	SMS_LIFE_MS = 86400000,	  /* a text that could not leave in a day is no news any more */
};

enum sms_send_state {
	SEND_WAITING = 0,
	SEND_FLYING = 1,
	SEND_ACCEPTED = 2,
	SEND_REFUSED = 3,
	SEND_DROPPED = 4, /* over, or too old, before it could leave */
};

/** One text to one contact. */
struct sms_send {
	enum sms_send_state state;
	uint32_t tries;
	uint32_t slow; /* tries since the quick ones were over, plus one; 0: they are not */
	struct mono due;
};

#define SMS_NOTICE (UINT64_C(1) << 63) /* in place of an alarm's number, which never is so high */

/** Which text: an alarm's number alone may come back when a ledger was lost. */
struct sms_name {
	uint64_t alarm; /* 0: none; with SMS_NOTICE set: no alarm but a notice of our own number */
	int64_t at_ms;	/* UTC: of what the text tells */
	bool cleared;	/* the text that says it is over */
};

struct sms_text {
	struct sms_name name; /* alarm 0: this place is free */
	enum severity severity;
	struct mono taken_at;
	struct sms_send to[SMS_CONTACTS_MAX];
	bool told;	/* shopd has been given an answer … */
	bool told_sent; /* … and this one */
	char text[SMS_TEXT_MAX + 1];
};

/** A finished text, remembered by its name. */
struct sms_done {
	struct sms_name name;
	bool sent, told;
};

struct sms {
	uint32_t contacts;
	uint32_t flying;
	uint64_t random;
	uint64_t notices; /* ever taken */
	struct sms_text text[SMS_TEXTS_MAX];
	struct sms_done done[SMS_DONE_MAX];
	uint32_t done_next;
};

/** A text that is due to one contact. */
struct sms_due {
	uint32_t text, contact; /* for sms_result() */
	const char *words;	/* lent until the next call */
	uint64_t alarm;
	uint32_t tries; /* this one included */
};

/** What shopd is to be told (MESSAGE_NOTIFIED). */
struct sms_report {
	struct sms_name name;
	bool sent;
};

/** sms_init - `seed` spreads the retries of many shops apart. */
void sms_init(struct sms *s, uint32_t contacts, uint64_t seed);

/**
 * sms_take - a text to every contact, due now. The same name is taken once: when it comes again,
 * what was reported is reported again, and what waited for its next try (or was refused by the
 * gateway for everybody) is due now.
 * @return false when there is no room for it; it is reported as not sent.
 */
bool sms_take(struct sms *s, struct mono now, const struct sms_name *name, enum severity severity,
	      const char *words);

/** sms_notice - a text to this contact alone; what waits for it in the same words is not taken
 * twice. False when SMS_NOTICES_MAX wait already. */
bool sms_notice(struct sms *s, struct mono now, uint32_t contact, const char *words);

/** sms_next - the gravest text that is due, then the oldest; it counts as flying until
 * sms_result(). False: none is due, or SMS_FLYING_MAX fly. */
bool sms_next(struct sms *s, struct mono now, struct sms_due *ret);

/** sms_result - how it went. `retry_after_ms` ≥ 0: the gateway asked for that pause; else -1. */
void sms_result(struct sms *s, struct mono now, uint32_t text, uint32_t contact,
		enum sms_outcome outcome, int64_t retry_after_ms);

/** sms_report - the next answer for shopd. sms_reported - it has left. */
bool sms_report(const struct sms *s, struct sms_report *ret);
void sms_reported(struct sms *s, const struct sms_report *report);

/** sms_deadline - when sms_next() will have something; MONO_NEVER when nothing waits. */
struct mono sms_deadline(const struct sms *s);

#endif
