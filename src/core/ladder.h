/*
 * ladder.h: who is told about an alarm, and when the next one is (design 5).
 *
 * Contacts stand on steps. An alarm is told to all on its first step who may be called now; without
 * an answer for ladder_config.step_ms of its severity the next step follows, and after the last one
 * the first again, ever more slowly. Only an answer ends it, or the end of a condition that ends
 * the calls by itself (alarm_rules.c).
 *
 * One person gets at most TEXTS_AN_HOUR texts in an hour. Each severity may use three of them and
 * one more a degree (notice 3, warning 4, urgent 5, emergency 6): so a first alarm that is graver
 * than all that was sent always finds room. What finds none is told together, in one text, as soon
 * as there is room again.
 */
#ifndef SHOP_CORE_LADDER_H
#define SHOP_CORE_LADDER_H

#include "core/effect.h"

struct step;
struct shop;
struct alarm;

#define LADDER_HOUR_MS	    3600000
#define LADDER_AGAIN_MS	    25000 /* an emergency that nobody has answered takes the other road too */
#define LADDER_GATHER_MS    10000   /* what comes so soon after each other is told together … */
#define LADDER_SINGLES	    3	    /* … once so many texts have left one by one */
#define LADDER_ROUND_MAX_MS 3600000 /* between two rounds, at most */
#define LADDER_RETRY_MS	    300000  /* a text that no road took is asked for again */
#define LADDER_GUESSES	    5	    /* codes that are none, of one person in an hour */

/** What one alarm may owe to somebody: raised, over, taken. A group is told for what was raised. */
#define LADDER_OWED 3

/** How an alarm stands with those who are to be told. Sets of contacts: bit i is contact i. */
struct ladder_call {
	uint16_t owed[LADDER_OWED]; /* by enum text_kind: not asked for yet */
	uint16_t told;		    /* that it was raised: it has left for them */
	uint16_t again;		    /* asked for in this step: they get it by the other road too */
	bool called;		    /* somebody was, in this step */
	bool enough;		    /* courierd may drop what still waits: not said yet */
	uint8_t step;		    /* it stands there; 0: nobody to call */
	uint8_t round;
	struct mono step_due, again_due;
	struct alarm_id group[CONTACTS_MAX]; /* whose text stood for it, where one did */
};

/** A text that was asked for: it holds a place from then on until an hour after it left. */
struct ladder_sent {
	struct mono at; /* asked for, then left */
	enum severity severity;
	struct alarm_id alarm; /* of a group: the gravest */
	enum text_kind kind;
	uint32_t count;	       /* alarms that it tells of */
	bool pending;	       /* no road has taken it yet */
	bool stuck;	       /* courierd says that none does */
	bool again;	       /* the other road's copy */
	bool extra;	       /* courierd's own copy, which asked nobody for a place */
	uint32_t texts;	       /* that have left, as courierd says */
	uint16_t seen;	       /* what courierd has said of it: each once in the ledger */
	struct mono ask_again; /* MONO_NEVER: no need */
};

/** What one contact has been told of late. */
struct ladder_contact {
	uint32_t count;
	struct ladder_sent sent[TEXTS_AN_HOUR];
	struct mono asked_at; /* for the last one */
	uint32_t guesses;     /* wrong codes since: */
	struct mono guessed;
};

/** A text of the hour before a restart, until courierd says who its contact is. */
struct ladder_recalled {
	struct place contact;
	struct ladder_sent sent;
};

#define LADDER_RECALLED_MAX (CONTACTS_MAX * TEXTS_AN_HOUR)

struct ladder {
	uint32_t contacts, roads;
	struct contact contact[CONTACTS_MAX];
	struct ladder_contact told[CONTACTS_MAX];
	uint32_t recalleds;
	struct ladder_recalled recalled[LADDER_RECALLED_MAX];
	struct mono due; /* when there is something to do next */
};

/** ladder_config_check - CHECKs what a configuration must hold. */
void ladder_config_check(const struct ladder_config *c);

/** ladder_init - nobody is known. */
void ladder_init(struct ladder *l);

/** ladder_remember - the texts of the hour before a restart count as those after it. */
void ladder_remember(struct step *s, const struct remembered *r);

/** ladder_raised - the calls about it begin; where its state says that somebody was told before a
 * restart, they go on. */
void ladder_raised(struct step *s, struct alarm *alarm);

/** ladder_ended - the condition holds no more and that ends the calls: who was told hears it. */
void ladder_ended(struct alarm *alarm);

/** ladder_taken - somebody (`alarm->by`) has answered: the others who were told hear it. */
void ladder_taken(struct step *s, struct alarm *alarm);

/** ladder_dropped - a newer alarm tells the same: nobody needs to hear of this one any more. */
void ladder_dropped(struct alarm *alarm);

/** The events. */
void ladder_contacts(struct step *s, const struct event_contacts *e);
void ladder_notified(struct step *s, const struct event_notified *e);
void ladder_reply(struct step *s, const struct event_reply *e);

/** ladder_settle - the end of every step: climbs what is due, and asks for every text that is owed
 * and has a place. What finds no room in the step is due at once. */
void ladder_settle(struct step *s);

/** ladder_deadline - when ladder_settle() has something to do next, as it stands after a step. */
struct mono ladder_deadline(const struct ladder *l);

/** ladder_check - CHECKs what must always hold. */
void ladder_check(const struct shop *shop);

#endif
