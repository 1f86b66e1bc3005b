/*
 * sms.h: which text goes to whom by which road, when it is tried again, and what shopd is told.
 * Values and decisions only: time, results and random numbers arrive, nothing is sent from here.
 *
 * The way of a text: sms_take() -> sms_next() hands it out with a road as it comes due ->
 * sms_result() says how that went -> where the gateway knows what became of it: sms_ask() ->
 * sms_answered() -> … -> sms_report() is what shopd is told.
 *
 *   roads.c     how the two roads stand (pure)
 *   sms.c       the texts: taken, given up, reported
 *   sms_road.c  one text's way: by which road, and when
 *   sms_result.c  what a try came to: when again, when by the other road
 */
#ifndef SHOP_COURIERD_SMS_H
#define SHOP_COURIERD_SMS_H

#include "base/clock.h"
#include "base/limits.h"
#include "base/words.h"
#include "courierd/roads.h"
#include "net/sms_gateway.h"

enum {
	SMS_TEXT_MAX = 320, /* bytes: two plain parts with letters like å among them */
	SMS_NOTICES_MAX = 4,
	SMS_TEXTS_MAX =
		4 * CONTACTS_MAX * TEXTS_AN_HOUR, /* four hours of all that may be told to all */
	SMS_GIVEN_UP_MAX = 32,			  /* reports of texts that found no room */
	SMS_AWAITED_MAX = ALARMS_MAX,		  /* alarms that were told and not answered */
	SMS_FLYING_MAX = 8,			  /* by one road at once … */
	SMS_AIR_MAX = 2,    /* … and by the modem: one on the air, and the next */
	SMS_ASKING_MAX = 4, /* questions what became of a text, at once */

	SMS_TRIES_MAX = 5,	  /* quick ones of a road that is the only one … */
	SMS_QUICK_MS = 25000,	  /* … and none of them begins later than this after the first */
	SMS_TRIES_TWO = 2,	  /* of a road beside which there is another */
	SMS_BACKOFF_MS = 1000,	  /* doubles: 1, 2, 4, 8 s */
	SMS_OTHER_MS = 10000,	  /* not taken for so long: the other road as well */
	SMS_DELIVERY_MS = 20000,  /* taken, urgent, and not delivered for so long: the same … */
	SMS_LATEST_MS = 29000,	  /* … at the latest so long after the alarm: 30 s are promised */
	SMS_SECOND_MS = 120000,	  /* after that nobody needs it twice */
	SMS_STUCK_MS = 30000,	  /* no road has taken it: shopd is told */
	SMS_SLOW_MS = 60000,	  /* after that: 1, 2, 4 … */
	SMS_SLOW_MAX_MS = 900000, /* 15 min */
	SMS_SAME_MS = 60000,	  /* asked again within so long it is the same text */
	SMS_LIFE_MS = 86400000,	  /* a text that could not leave in a day is no news any more */
	SMS_HOUR_MS = 3600000,
};

#define SMS_NOTICE (UINT64_C(1) << 63) /* in place of an alarm's number, which never is so high */

/** Which text. */
struct sms_name {
	uint64_t alarm; /* 0: none; with SMS_NOTICE set: no alarm but a notice of our own number */
	enum text_kind kind;
	uint32_t contact; /* of the configuration: 0 … */
};

/** What shopd wants told. */
struct sms_order {
	struct sms_name name;
	enum severity severity;
	bool again; /* nobody has answered: by the other road as well */
	bool prove; /* a rehearsal: by the road that has been silent for longer */
	const char *words;
};

enum leg_state {
	LEG_OPEN = 0, /* tried when due */
	LEG_FLYING = 1,
	LEG_TAKEN = 2,
	LEG_REFUSED = 3, /* for good */
};

/** One text on one road. */
struct sms_leg {
	enum leg_state state;
	uint32_t tries;
	uint32_t slow; /* tries since the quick ones were over, plus one; 0: they are not */
	struct mono due;
};

/** What shopd is to be told (MESSAGE_NOTIFIED). */
struct sms_report {
	struct sms_name name; /* alarm 0: nothing yet */
	enum text_outcome outcome;
	enum sms_road road;
	uint32_t texts; /* that have left, or may have */
};

struct sms_text {
	struct sms_name name; /* alarm 0: this place is free */
	enum severity severity;
	struct mono taken_at;
	struct sms_leg leg[SMS_ROADS];
	enum sms_road road;    /* that took it last, or was tried last */
	struct mono second_at; /* from here on it may leave a second time; MONO_NEVER: it may not */
	uint32_t left;	       /* how often a road has taken it */
	uint32_t doubts;       /* how often one may have, and did not say so */
	uint32_t doubted;      /* and so often in all: what leaves now may be one more copy */
	struct mono doubt_at;
	bool enough;	/* nothing more is to leave … */
	bool stuck;	/* it did not leave quickly: it goes on slowly */
	bool delivered; /* says the gateway … */
	uint32_t fails; /* … or that it will not be, so often */
	bool asking;	/* a question what became of it is on its way */
	uint32_t asked;
	struct mono ask_at;
	struct mono left_at;
	char id[GATEWAY_ID_MAX + 1]; /* that the gateway gave it */
	struct sms_report told;	     /* what shopd has heard last */
	char words[SMS_TEXT_MAX + 1];
};

/** What has left for one person of late: a ring. */
struct sms_hour {
	struct mono at[TEXTS_AN_HOUR];
	uint32_t count, next;
};

/** An alarm that somebody was told of and nobody has answered. */
struct sms_awaited {
	uint64_t alarm;
	struct mono until;
};

struct sms {
	struct roads roads;
	uint32_t contacts;
	uint32_t flying[SMS_ROADS];
	uint32_t asking;
	uint64_t random;
	uint64_t notices; /* ever taken */
	struct sms_hour hour[CONTACTS_MAX];
	struct sms_text text[SMS_TEXTS_MAX];
	struct sms_report given_up[SMS_GIVEN_UP_MAX];
	uint32_t given_up_count;
	struct sms_awaited awaited[SMS_AWAITED_MAX];
};

/** A text that is due on a road. */
struct sms_due {
	uint32_t text; /* for sms_result() */
	enum sms_road road;
	struct sms_name name;
	const char *words; /* lent until the next call */
	uint32_t tries;	   /* by this road, this one included */
};

/** A text of which the gateway should be asked what became of it. */
struct sms_asked {
	uint32_t text;	/* for sms_answered() */
	const char *id; /* lent */
};

/** sms_init - `roads`: a bit for each that is fitted. `seed` spreads the retries of many shops
 * apart. */
void sms_init(struct sms *s, struct mono now, uint32_t roads, uint32_t contacts, uint64_t seed);

/**
 * sms_take - a text to one contact, due now. The same name again within SMS_SAME_MS, or while it
 * is on its way, is the same text: its report is said again, and what waits for its next try is due
 * now; `again` sends it by the other road as well.
 * @return false when all that waits is graver: it is reported as stuck.
 */
bool sms_take(struct sms *s, struct mono now, const struct sms_order *order);

/** sms_notice - no alarm but a notice to this contact, after every alarm, of which nobody is told
 * how it went; what waits in the same words is not taken twice. False when SMS_NOTICES_MAX wait
 * already. */
bool sms_notice(struct sms *s, struct mono now, uint32_t contact, const char *words);

/** sms_enough - somebody has answered, or it is over: what waits about this alarm need not leave.
 */
void sms_enough(struct sms *s, uint64_t alarm);

/** sms_next - the gravest text that is due on an open road, then the oldest; it counts as flying
 * until sms_result(). */
bool sms_next(struct sms *s, struct mono now, struct sms_due *ret);

/** sms_result - how it went. `retry_after_ms` ≥ 0: the road asked for that pause; else -1. `id`:
 * what the gateway calls the text that it took; "": nothing. */
void sms_result(struct sms *s, struct mono now, uint32_t text, enum sms_road road, enum sms_try how,
		int64_t retry_after_ms, const char *id);

/** sms_ask - the next text to ask the gateway about; it counts as asked until sms_answered(). */
bool sms_ask(struct sms *s, struct mono now, struct sms_asked *ret);
void sms_answered(struct sms *s, struct mono now, uint32_t text, enum sms_delivery what);

/** sms_modem - the modem has become ready, or ceased to be. sms_inbox - the gateway's inbox could
 * be read, or not. */
void sms_modem(struct sms *s, struct mono now, bool ready);
void sms_inbox(struct sms *s, struct mono now, bool heard);

/** sms_awaits - somebody was told of an alarm that nobody has answered yet. */
bool sms_awaits(const struct sms *s, struct mono now);

/** sms_report - the next answer for shopd. sms_reported - it has left. sms_untold - shopd is back,
 * and may not have heard the latest of them: they and the roads' faults are said again. */
bool sms_report(const struct sms *s, struct sms_report *ret);
void sms_reported(struct sms *s, const struct sms_report *report);
void sms_untold(struct sms *s, struct mono now);

/** sms_deadline - when sms_next() or sms_ask() will have something, or a road or a text is to be
 * reported; MONO_NEVER when nothing waits. */
struct mono sms_deadline(const struct sms *s);

#endif
