/*
 * effect.h: everything that we can do about what happened. Effects are values in three fixed
 * arrays, done in this order (design 2):
 *
 *   now      strike, buzzer, lights, the reply to an unlock, an alarm on its way to courierd
 *   record   facts for the ledger: all of one step under one ticket
 *   after    replies and beeps about visits and money: they leave when the newest ticket given so
 * far is on disk
 */
#ifndef SHOP_CORE_EFFECT_H
#define SHOP_CORE_EFFECT_H

#include "core/event.h"
#include "wire/picture.h"

enum effect_kind {
	EFFECT_OUTPUT = 1, /* now: a door's output has this level from now on */
	EFFECT_LIGHT, /* now: a reader says yes or no for LIGHT_MS; the shell times it (no decision
			 hangs on it) */
	EFFECT_VERDICT, /* now: what became of a token at a reader, a door or a session; a till's
			   reader tells its person by EFFECT_BEEP, a phone at the till gets
			   EFFECT_VISIT */
	EFFECT_DONE,	/* now: the answer to a command or an acknowledgement */
	EFFECT_NOTIFY,	/* now: tell courierd to text one person about this alarm */
	EFFECT_ENOUGH,	/* now: what has not left yet about this alarm need not leave */
	EFFECT_PICTURE, /* now: the cameras keep what they see */
	EFFECT_LOG,	/* now: a line for the log that is no fact for the ledger */
	EFFECT_VISIT,	/* after: the answer to a phone's till token */
	EFFECT_LINE,	/* after: the answer to a line */
	EFFECT_CLOSED,	/* after: the answer to a close */
	EFFECT_INVITED, /* after: the code that another phone may join by */
	EFFECT_BEEP, /* after: a till's scanner says that the goods (or the token) are taken, or not
		      */
};

struct effect_output {
	uint8_t door;
	enum door_part part; /* an output */
	bool level;
};

struct effect_light {
	uint8_t reader;
	bool yes;
};

struct effect_verdict {
	struct request request;
	uint8_t reader;
	enum verdict verdict;
	struct visit_id visit; /* admitted */
	uint32_t unlock_ms;
	struct customer customer; /* where the token's key is known */
	enum role role;
};

struct effect_done {
	struct request request;
	bool ok; /* false: no such door or alarm, or not now */
	struct alarm_id alarm;
};

struct effect_notify {
	char contact[PLACE_MAX_LEN + 1];
	enum text_kind kind;
	bool again; /* nobody has answered: once more, by the road that it did not take */
	struct alarm_id alarm; /* GROUP: the gravest of them */
	uint32_t code;
	enum condition condition;
	struct place place;
	enum severity severity;
	struct wall at;	 /* raised or cleared at */
	uint32_t open_s; /* held open: for how long, so far */
	uint32_t count;	 /* alarms that it tells of: a GROUP, or that several are over or taken */
	int64_t value;	 /* of a sensor, where value_known */
	bool value_known;
	char by[NAME_MAX_LEN + 1]; /* TAKEN: who */
};

/** EFFECT_ENOUGH: it was acknowledged, or is over. */
struct effect_enough {
	struct alarm_id alarm;
};

struct effect_picture {
	enum picture_kind kind;
	uint64_t ref; /* an alarm's number, or a visit's */
};

struct effect_log {
	char text[120]; /* no control characters */
};

/** EFFECT_VISIT: opened (201), joined (200), or the verdict that refused the token; `answer` says
 * why else. */
struct effect_visit {
	struct request request;
	enum verdict verdict; /* admitted, or not */
	enum answer
		answer; /* OK: opened; REPEATED: joined; else refused although the token was good */
	struct visit_id visit;
	bool limited;
	struct money credit_left;
	uint32_t price_version;
};

struct effect_line {
	struct request request;
	enum answer answer; /* OK: 201; REPEATED: 200; else refused and `line` is empty */
	struct visit_id visit;
	struct line line; /* `name` is lent: valid until the next step, so the shell copies it */
	struct money visit_total;
};

struct effect_closed {
	struct request request;
	enum answer answer;
	struct visit_id visit;
};

struct effect_invited {
	struct request request;
	enum answer answer;
	char join_code[9];
};

/** EFFECT_BEEP, with what it is about for the screen beside the till. */
struct effect_beep {
	uint8_t reader;
	bool yes;
	bool silent; /* no sound: more lines of the same code follow */
	bool goods;  /* else a token, and its `verdict` */
	enum verdict verdict;
	enum answer answer;    /* goods: OK, REPEATED, or why they were not taken */
	struct visit_id visit; /* 0: nobody's */
	struct line_key key;   /* empty: there is no line */
	struct gtin gtin;      /* 0: what was scanned is none */
};

struct effect {
	enum effect_kind kind;
	union {
		struct effect_output output;
		struct effect_light light;
		struct effect_verdict verdict;
		struct effect_done done;
		struct effect_notify notify;
		struct effect_enough enough;
		struct effect_picture picture;
		struct effect_log log;
		struct effect_visit visit;
		struct effect_line line;
		struct effect_closed closed;
		struct effect_invited invited;
		struct effect_beep beep;
	};
};

/** A fact and what becomes of it when the disk is full: a fact is kept and written later; a claim
 * (a purchase, a visit that only a phone asked for) is refused, for nobody has been told yet that
 * it holds. */
struct record {
	struct entry entry;
	bool fact;
};

/* The most that one step may do: every visit ended by the start of a long-dead shop is the largest;
 * proven by CHECK, and by the simulation that prints the high-water marks. */
enum {
	EFFECTS_NOW_MAX = 64,
	EFFECTS_RECORD_MAX = 32,
	EFFECTS_AFTER_MAX = 4,
};

struct effects {
	uint32_t nows, records, afters;
	struct effect now[EFFECTS_NOW_MAX];
	struct record record[EFFECTS_RECORD_MAX];
	struct effect after[EFFECTS_AFTER_MAX];
};

#endif
