/*
 * event.h: everything that can happen to a shop. Read this first, then effect.h: between them
 * stands the whole product, and shop_step() is the arrow.
 *
 * An event is a value. What the core may not do itself (look up, verify, draw random bytes, read a
 * clock) has been done by the shell and stands in the event. Pointers are lent for the length of
 * the step.
 */
#ifndef SHOP_CORE_EVENT_H
#define SHOP_CORE_EVENT_H

#include "base/clock.h"
#include "base/ids.h"
#include "base/limits.h"
#include "base/money.h"
#include "base/words.h"
#include "core/config.h"
#include "token/claims.h"
#include "wire/entry.h"
#include "wire/goods.h"

/** The parts of a door, the shop's inputs and outputs. Numbers are shared with wire/ and hw/. */
enum door_part {
	PART_CONTACT = 0, /* input: true = open (wired normally closed, so a cut wire reads open) */
	PART_REX = 1,	  /* input: true = pressed */
	PART_TAMPER = 2,  /* input: true = the case is open */
	PART_FIRE = 3,	  /* input: true = the fire panel has taken the power from the lock */
	PART_STRIKE = 4,  /* output: true = released */
	PART_BUZZER = 5,  /* output */
	PART_LIGHT_YES = 6,
	PART_LIGHT_NO = 7,
};
#define DOOR_PARTS 8

/** Names the peer and its question; the shell made it, the core only hands it back. */
struct request {
	uint32_t peer; /* 0: nobody waits for an answer */
	uint32_t tag;
};

/** What the shell proved of a token's bytes, in the order of contracts 1. */
enum proof {
	PROOF_MALFORMED = 0,
	PROOF_UNKNOWN_KEY = 1,
	PROOF_BAD_SIGNATURE = 2,
	PROOF_GOOD = 3,
};

/** The member behind a token or a visit, as the roster has it now. */
struct member {
	struct customer customer;
	bool blocked;
	bool overdue;
	bool extended;
	bool limited; /* credit_left means something */
	struct money
		credit_left; /* limit − unbilled lines − unpaid invoices so far; may be negative */
	enum role role;
	enum trust trust;
};

enum pin {
	PIN_NOT_WANTED = 0,
	PIN_MISSING = 1,
	PIN_RIGHT = 2,
	PIN_WRONG = 3
};

/** A token, anywhere. */
struct token_shown {
	enum proof proof;
	struct claims claims; /* from PROOF_UNKNOWN_KEY on: they parsed */
	struct kid kid;
	bool member_known; /* from PROOF_GOOD on */
	struct member member;
	bool pass; /* signed by the office: claims.sub is set */
	bool pass_revoked;
	enum pin pin;
	struct sha256 bytes; /* of the token as shown: the same again within 5 s is a re-read */
	bool card; /* an NFC card (contracts 1, card): no claims, but a counter that only rises */
	uint32_t card_counter;
	uint32_t card_last; /* the newest counter ever honoured of this card; 0: none */
};

/** Random bytes drawn for this one event (any event may open a visit or raise an alarm); never
 * logged. */
struct draw {
	uint64_t visit_low;		 /* for a new visit's number */
	struct sha256 bearer_hash;	 /* of the bearer that the shell drew and will hand out */
	char line_key[NAME_MAX_LEN + 1]; /* for a line scanned at the till */
	uint32_t alarm_code;		 /* 100000..999999 */
	char join_code[9];		 /* 8 characters of A-Z2-9 without look-alikes, NUL */
};

/** An article as a line needs it. */
struct article {
	bool known;
	struct gtin gtin;
	struct money price;
	struct money deposit; /* a piece */
	int32_t vat_bp;	      /* on the day it is bought */
	enum vat_class vat_class;
	enum article_class class;
	enum article_state state;
	bool shrinking; /* counts have found it short: a visit that takes it may be looked at */
	const char *name;
};

/** A line as the ledger has it. */
struct line {
	struct line_key key;
	struct gtin gtin;
	int32_t quantity_milli;
	struct money unit_price;
	struct money total;
	int32_t vat_bp;
	enum vat_class vat_class;
	enum article_class class;
	struct money deposit;	 /* of total */
	struct money list_price; /* unit_price before a discount */
	struct day bought, use_by, best_before;
	char lot[LOT_MAX + 1];
	bool voided;
	bool late;
	uint32_t price_version;
	struct wall at;
	struct wall scanned_at;
	struct customer customer;
	const char *name; /* lent */
};

/** line_past_best_before - the goods were sold after their best-before date. */
static inline bool line_past_best_before(const struct line *l)
{
	return l->best_before.n != 0 && l->best_before.n < l->bought.n;
}

/** A device that may speak for a visit. */
struct bearer {
	struct sha256 hash;
	struct customer customer;
};

/** A visit as kept by the core while open, and as looked up by the shell when it is over. */
struct visit {
	struct visit_id id;
	struct customer customer;
	struct place place;	/* where it began */
	uint32_t price_version; /* pinned */
	bool over;
	enum visit_end end;
	struct wall opened_at;
	struct wall closed_at; /* when over */
	struct mono opened;    /* the same by the clock that does not step, while open */
	struct mono last_at;   /* of the last thing done in it, while open */
	enum role role;	       /* of the customer, as the roster had it when the visit began … */
	enum trust trust;      /* … or, after a restart, when it was recalled: the shell's word */
	uint32_t lot;	/* drawn when it began; never told: whether it is picked for a check */
	uint32_t lines; /* not voided */
	uint32_t lines_ever;
	bool shrinking; /* it took an article that shrinks, since the program runs */
	struct money total;
	uint32_t bearers;
	struct bearer bearer[BEARERS_MAX];
};

/* --- the events
 * ------------------------------------------------------------------------------------------ */

enum event_kind {
	EVENT_START = 1,     /* always the first, once */
	EVENT_STOP,	     /* always the last: locks doors, records the stop */
	EVENT_TIME,	     /* the deadline has come; nothing else happened */
	EVENT_CLOCK,	     /* the wall clock stepped or its trust changed */
	EVENT_PART,	     /* an input of a door has this level now */
	EVENT_DOOR_TOKEN,    /* a token at a door: scanner or phone */
	EVENT_TILL_TOKEN,    /* a token at a till's scanner, or POST /v1/visits (reader = the phone
				road) */
	EVENT_SESSION_TOKEN, /* a token for a browser's session: aud <shop>/owner */
	EVENT_FRAME_REFUSED, /* a frame that is no token and no PIN: `malformed` */
	EVENT_LINE_PUT,
	EVENT_LINE_VOID,
	EVENT_VISIT_CLOSE,
	EVENT_VISIT_INVITE, /* a device asks for a code that another member's phone may join by */
	EVENT_GOODS,	    /* goods scanned at a till */
	EVENT_COMMAND,	    /* a person: lock, unlock, prop, lockdown */
	EVENT_NONCE,	    /* the shell drew a nonce for this door and shows it now */
	EVENT_ALARM_ACK,    /* a person answered */
	EVENT_NOTIFIED,	    /* courierd: a text about this alarm left, or could not */
	EVENT_ROSTER,	    /* a member was blocked: now */
	EVENT_LEDGER,	    /* full, failed, or well again */
	EVENT_ROWS_LOST,    /* rows that found no room while the disk was full, told when it is well
			       again */
	EVENT_CLOSE,	    /* a month was closed, or could not be */
	EVENT_COURIER_UP,   /* courierd is there (again): who is to be told follows */
	EVENT_SETTINGS,	    /* hours, occupancy, barred classes: these hold from now on */
	EVENT_OFFICE,	    /* how it stands with the office */
	EVENT_CONTACTS,	  /* courierd: who is to be told; what it was not asked yet is asked now */
	EVENT_REPLY,	  /* courierd: somebody who is told has answered by text */
	EVENT_SENSOR,	  /* a sensor of the room has this value, or does not answer */
	EVENT_FAULT,	  /* a part of the shop fails, or is well again */
	EVENT_REHEARSE,	  /* a person wants the rehearsal now */
	EVENT_TILL_VISIT, /* the screen beside a till asks to speak for who stands there */
	EVENT_TILL_LEAVE, /* … and says that they are done */
};

/** A text that has left, as it stands in the ledger. */
struct told_text {
	struct wall at;
	struct entry_told told;
};

/** What the ledger remembers, for EVENT_START and for a ledger that is well again. All lent. */
struct remembered {
	bool ledger_ok;
	bool clean; /* the last stop was in order, or there was none. That this run has begun must
		       be on disk before it is stepped: else a power cut right after the start looks
		       clean to the next one, and what was used in between could be used again */
	struct visit_id last_visit;
	struct alarm_id last_alarm;
	uint32_t visits;
	const struct visit *visit; /* open ones; last_at is set by the core to now */
	uint32_t tokens;
	const struct entry_admitted
		*token; /* used ids that may still be fresh; only cti, kid, iat, exp count */
	uint32_t alarms;
	const struct entry_alarm *alarm; /* not over: the newest row of each */
	const struct wall *alarm_at;	 /* when each was raised; NULL: not known */
	uint32_t tolds;
	const struct told_text *told; /* of the last hour, so that it stays one of so many texts */
	struct wall last_rehearsal;   /* when it was; there was none: when the shop began; 0: now */
	uint32_t modes;
	const struct entry_door *mode; /* the last DOOR_EVENT_MODE row of each door: only a lockdown
					  outlives a restart */
};

struct event_start {
	struct remembered remembered;
	uint8_t boot_id[BOOT_ID_SIZE];
	int32_t utc_offset_min;
};

struct event_clock {
	uint8_t boot_id[BOOT_ID_SIZE];
	struct wall before; /* what the wall clock would have said */
	int32_t utc_offset_min;
};

struct event_part {
	uint8_t door;
	enum door_part part; /* an input */
	bool level;
	bool lost; /* the line cannot be read: physical `fault`, not a level */
};

/** `reader` indexes shop_config.reader. */
struct event_token {
	uint8_t reader;
	struct request request;
	struct token_shown token;
	uint32_t price_version; /* today's */
	char join_code[9]; /* EVENT_TILL_TOKEN by a phone: join another's visit; empty: one's own */
};

struct event_frame_refused {
	uint8_t reader;
};

/** Who speaks about which visit; what the shell looked up about it. */
struct visit_call {
	struct request request;
	struct visit_id visit;
	struct sha256 bearer; /* SHA-256 of what the caller presented */
	bool past_known;      /* the visit is not open but was, ≤ 7 days ago */
	const struct visit *past;
	bool earlier_known; /* EVENT_LINE_*: the line of this key */
	struct line earlier;
	struct member member; /* of the bearer's customer; zero where the visit is unknown */
};

struct event_line_put {
	struct visit_call call;
	struct line_key key;
	struct goods goods;	/* gtin 0 when what was scanned is none: unknown_article */
	int32_t quantity_milli; /* checked by the core: 1..QUANTITY_MAX_MILLI */
	struct wall scanned_at; /* 0: none */
	struct day bought;   /* the day of scanned_at where the visit was open then, else of our own
				time */
	struct article then; /* in the visit's price version */
	struct article now;
	uint32_t price_version; /* today's */
};

struct event_line_void {
	struct visit_call call;
	struct line_key key;
};

struct event_visit_close {
	struct visit_call call;
};

struct event_visit_invite {
	struct visit_call call;
};

struct event_goods {
	uint8_t reader; /* a till's scanner; its current visit stands in the core */
	struct goods goods;
	struct member member; /* of that visit, see shop_till_visit() */
	struct article then;
	struct article now;
	uint32_t price_version;
	/* A line that a phone had kept, read off its screen: its own key (else empty, and the rest
	 * means nothing), and what is known of it. */
	struct line_key key;
	int32_t quantity_milli;
	struct wall scanned_at; /* 0: none */
	struct day bought;
	bool earlier_known;
	struct line earlier;
	bool more;   /* of the same code: one beep for all, with the last … */
	bool failed; /* … which says no where one before it was refused */
};

/** TILL_VISIT and TILL_LEAVE; draw.bearer_hash is that of the bearer which the till gets. */
struct event_till {
	uint8_t reader; /* a till's scanner */
	struct request request;
	struct member member; /* TILL_VISIT: of shop_till_customer() */
};

enum command {
	COMMAND_LOCK = 0,     /* ends an access, a prop, an unlock or a lockdown */
	COMMAND_UNLOCK = 1,   /* until locked again */
	COMMAND_PROP = 2,     /* held open for `hold_ms`, no alarm meanwhile */
	COMMAND_LOCKDOWN = 3, /* admits nobody */
	COMMAND_RELEASE = 4,  /* one opening, as if a member had been admitted */
};
#define COMMANDS 5

struct event_command {
	struct request request;
	uint8_t door;
	enum command command;
	int64_t hold_ms;
};

struct event_nonce {
	uint8_t door;
	uint8_t nonce[NONCE_SIZE];
};

struct event_alarm_ack {
	struct request request;
	struct alarm_id alarm; /* or 0 and: */
	uint32_t code;
	char by[NAME_MAX_LEN + 1];
};

/** The core counts texts by person: one of TEXT_GROUP stands for the alarm that it names. */
struct event_notified {
	struct alarm_id alarm;
	enum text_kind kind;
	char contact[PLACE_MAX_LEN + 1];
	enum text_outcome outcome;
	enum sms_road road; /* of TEXT_LEFT and TEXT_DELIVERED */
	uint32_t texts;	    /* how many have left for it by now: 2 where both roads took it */
};

struct event_contacts {
	uint32_t contacts;
	struct contact contact[CONTACTS_MAX];
	uint32_t roads; /* bit per enum sms_road: those that are fitted */
};

/** A text that came in from a contact's number and holds one code. What else comes in never gets
 * here. */
struct event_reply {
	char contact[PLACE_MAX_LEN + 1];
	uint32_t code;
	enum sms_road road;
};

struct event_sensor {
	uint8_t sensor; /* index in shop_config.sensor */
	bool lost;	/* it does not answer, or makes no sense */
	int64_t value;	/* enum sensor_kind has its unit */
};

/** Of READER_LOST, CAMERA_LOST, DISK_FAILING, SYNC_STALE, ROAD_FAILING. */
struct event_fault {
	enum condition condition;
	struct place place; /* the part's name; empty where there is but one */
	bool failing;
};

struct event_rehearse {
	struct request request;
};

struct event_roster {
	struct customer blocked;
};

enum ledger_news {
	LEDGER_FULL = 0,
	LEDGER_WELL = 1,
	LEDGER_AWAY = 2, /* it is being made whole: no entry and no purchase, and no alarm */
};

struct event_ledger {
	enum ledger_news news;
	struct remembered
		remembered; /* when well: visits are taken from here, the rest of the core stays */
};

struct event_rows_lost {
	uint32_t rows;
};

struct event_close {
	bool refused;
};

struct event_settings {
	struct policy policy;
};

struct event_office {
	bool stale;   /* its newest word is older than policy says */
	bool refused; /* it refuses this box */
};

struct event {
	enum event_kind kind;
	struct now now;
	struct draw draw;
	union {
		struct event_start start;
		struct event_clock clock;
		struct event_part part;
		struct event_token token; /* DOOR_TOKEN, TILL_TOKEN, SESSION_TOKEN */
		struct event_frame_refused frame_refused;
		struct event_line_put line_put;
		struct event_line_void line_void;
		struct event_visit_close visit_close;
		struct event_visit_invite visit_invite;
		struct event_goods goods;
		struct event_till till;
		struct event_command command;
		struct event_nonce nonce;
		struct event_alarm_ack alarm_ack;
		struct event_notified notified;
		struct event_roster roster;
		struct event_ledger ledger;
		struct event_rows_lost rows_lost;
		struct event_close close;
		struct event_settings settings;
		struct event_office office;
		struct event_contacts contacts;
		struct event_reply reply;
		struct event_sensor sensor;
		struct event_fault fault;
		struct event_rehearse rehearse;
	};
};

#endif
