/*
 * message.h: what the programs on the box say to each other over AF_UNIX SOCK_SEQPACKET (design 2).
 * One struct a packet: a head, then the struct of its type, nothing more. Same machine, same build:
 * fields are in host order, but every one is checked on arrival (message_check), for a peer may be
 * broken or taken over.
 *
 * The first packet of a peer is HELLO with its version; shopd answers HELLO, or BYE that says by
 * name why not. Each socket admits only its own messages: counter.sock, courier.sock, control.sock.
 */
#ifndef SHOP_WIRE_MESSAGE_H
#define SHOP_WIRE_MESSAGE_H

#include "base/ids.h"
#include "base/limits.h"
#include "base/words.h"
#include "wire/entry.h"
#include "wire/first_code.h"
#include "wire/message_type.h"
#include "wire/sync.h"

struct message_hello {
	struct message_head head;
	uint32_t role; /* enum message_role */
	char program[NAME_MAX_LEN + 1];
};

struct message_bye {
	struct message_head head;
	char why[128];
};

struct message_token {
	struct message_head head;
	char door[PLACE_MAX_LEN + 1]; /* UNLOCK */
	char join_code[9];	      /* VISIT; empty: one's own */
	uint16_t token_len;
	uint8_t token[TOKEN_SIZE_MAX];
};

struct message_line {
	struct message_head head;
	uint64_t visit;
	uint8_t bearer[32]; /* as presented: shopd hashes it */
	char key[NAME_MAX_LEN + 1];
	char scanned[SCANNED_MAX +
		     1];	/* PUT: as scanned (GS is 0x1d); what is longer comes as "" */
	int64_t quantity_milli; /* PUT: as asked for, any integer; the core judges it */
	int64_t scanned_at_ms;	/* PUT; 0: none */
};

struct message_bearer {
	struct message_head head;
	uint64_t visit;
	uint8_t bearer[32];
};

struct message_kiosk {
	struct message_head head;
	uint32_t listens; /* 0 or 1 */
};

/** A door or a till by its name, and the digits that were typed there. */
struct message_spot {
	struct message_head head;
	uint32_t till; /* 0 or 1: `name` is a till's */
	char name[PLACE_MAX_LEN + 1];
	char pin[PASS_PIN_MAX + 1]; /* PIN: digits; else empty */
};

struct message_tills_are {
	struct message_head head;
	uint32_t tills;
	uint32_t silence_ms; /* a till lets go of a visit by itself after so long */
	struct {
		char name[PLACE_MAX_LEN + 1];
		uint64_t visit; /* 0: nobody's */
	} till[TILLS_MAX];
};

/** `text` is empty where there is no such door. */
struct message_challenge_is {
	struct message_head head;
	char door[PLACE_MAX_LEN + 1];
	char text[CHALLENGE_TEXT_MAX + 1]; /* SKN1:… */
	uint32_t changes_in_ms;
};

struct message_shown {
	struct message_head head;
	uint32_t till; /* 0 or 1: at a till */
	char name[PLACE_MAX_LEN + 1];
	uint32_t verdict;
};

struct message_scanned {
	struct message_head head;
	char till[PLACE_MAX_LEN + 1];
	char key[NAME_MAX_LEN + 1]; /* empty: there is no line */
	uint64_t visit;		    /* 0: nobody's */
	uint64_t gtin;		    /* 0: what was scanned is none */
	uint32_t answer;
};

/** Who stands before a box that has no owner, with the code that it shows. */
struct message_first_owner {
	struct message_head head;
	char code[FIRST_CODE_MAX + 1]; /* as typed */
	uint8_t x[32], y[32];	       /* of the key that is to be the owner's */
};

enum first_answer {
	FIRST_MADE = 0,	       /* `customer` is the owner */
	FIRST_UNKNOWN = 1,     /* that is not the code */
	FIRST_HAS_OWNER = 2,   /* there is an owner, or an office that says who is */
	FIRST_BUSY = 3,	       /* wrong, after too many: again after `wait_s` */
	FIRST_BAD_KEY = 4,     /* no point of P-256 */
	FIRST_UNAVAILABLE = 5, /* it could not be written down */
};
#define FIRST_ANSWERS 6

struct message_first_owner_is {
	struct message_head head;
	uint32_t answer; /* enum first_answer */
	uint32_t wait_s; /* BUSY */
	uint8_t customer[16];
};

struct message_verdict {
	struct message_head head;
	uint32_t verdict;
	uint32_t role; /* SESSION: of the key's member */
	uint64_t visit;
	uint32_t unlock_ms;
	uint8_t customer[16]; /* SESSION */
};

struct message_visit_is {
	struct message_head head;
	uint32_t verdict; /* admitted, or why not */
	uint32_t answer;  /* OK: opened; REPEATED: joined; else refused though the token was good */
	uint64_t visit;
	uint8_t bearer[32];
	uint32_t limited; /* 0 or 1 */
	int64_t credit_left_minor;
	int64_t prices_as_of_ms; /* when the price list that is pinned was made */
};

struct message_line_is {
	struct message_head head;
	uint32_t answer;
	uint32_t voided; /* 0 or 1 */
	char key[NAME_MAX_LEN + 1];
	char name[ARTICLE_NAME_MAX + 1];
	uint64_t gtin;
	int64_t quantity_milli;
	int64_t unit_price_minor;
	int64_t total_minor;
	int64_t visit_total_minor;
	int64_t deposit_minor;	  /* of total */
	int64_t list_price_minor; /* unit_price before a discount */
	int32_t vat_bp;
	int32_t best_before; /* a day that has passed; 0: none */
};

struct message_answer {
	struct message_head head;
	uint32_t answer;
	uint64_t visit;
	char text[16]; /* INVITE: the code */
};

struct message_status_is {
	struct message_head head;
	uint32_t ledger_ok, clock_trusted, courier_connected, counter_connected; /* 0 or 1 */
	uint32_t simulated; /* 0 or 1: the doors are the simulated chip's */
	uint64_t head_seq;
	uint64_t entries_written; /* since start */
	uint64_t commits;
	uint64_t queue_rows;
	uint64_t admissions, refusals, lines; /* since start */
	uint32_t visits_open, alarms_open;
	uint32_t members, articles, price_version;
	int64_t up_ms;
	char shop[PLACE_MAX_LEN + 1];
	/* what the shop's configuration says, for those who read the books */
	int32_t today;	   /* its civil day */
	uint32_t barcodes; /* enum goods_country */
	int32_t reminder_days, second_reminder_days, bar_days;
	int64_t reminder_fee_minor;
	/* the office */
	uint32_t enrolled, epoch; /* 0 or 1; of this box */
	uint64_t acked_seq, feed;
	uint32_t road;		      /* enum carried */
	uint32_t boxes_key;	      /* 0 or 1: there is a key of this box */
	int64_t heard_at_ms;	      /* UTC, when the office's newest word was signed; 0: never */
	uint64_t restored, restoring; /* entries taken back, of so many; 0: none are */
	char office[OFFICE_URL_MAX + 1];
	/* the place, for pages: what its doors and tills are called, and whose time is shown */
	uint32_t doors, tills;
	char door[DOORS_MAX][PLACE_MAX_LEN + 1], till[TILLS_MAX][PLACE_MAX_LEN + 1];
	char time_zone[64];
};

/** What somebody asks of the books (ledger/desk.h). From shopctl all kinds; from counterd STOCK,
 * CREDIT and CHECK with an owner's or staff's token, REPORT with the visit's bearer. */
struct message_desk {
	struct message_head head;
	uint32_t kind;			  /* enum desk_kind */
	uint32_t word;			  /* movement, credit_reason or check_state */
	int32_t period;			  /* CLOSE */
	int32_t day, use_by, best_before; /* STOCK: day 0 is today; PAYMENT: booked */
	uint64_t gtin;
	int64_t quantity_milli;
	int64_t amount_minor; /* STOCK: unit cost; PAYMENT */
	uint64_t invoice;     /* CREDIT, PAYMENT, ASSIGN */
	uint64_t visit;	      /* CREDIT of a line, CHECK, REPORT */
	uint8_t customer[16]; /* PAYMENT, ASSIGN */
	char key[NAME_MAX_LEN + 1];
	char line[NAME_MAX_LEN + 1]; /* CREDIT of a line, REPORT */
	char by[NAME_MAX_LEN + 1];
	char lot[LOT_MAX + 1];
	char why[REASON_MAX + 1];
	uint8_t bearer[32]; /* REPORT */
	uint16_t token_len; /* from counterd */
	uint8_t token[256]; /* a token of ours is 128 to 160 bytes */
};

struct message_desk_is {
	struct message_head head;
	uint32_t answer; /* enum desk_answer */
	uint32_t done, all;
	uint64_t invoice;
	uint64_t seq;
	uint32_t verdict; /* of the token, where it was refused */
	char why[200];
};

struct message_notice {
	struct message_head head;
	char contact[NAME_MAX_LEN + 1]; /* a name of courierd.conf */
	char text[400];			/* UTF-8, no control characters but line feeds */
};

/** What the office is to be asked and told: sent when courierd has come, and when any of it changes
 * (the head at most five times a second). */
struct message_sync {
	struct message_head head;
	uint32_t enrolled;	      /* 0 or 1; 0 with a code: to be enrolled now */
	char url[OFFICE_URL_MAX + 1]; /* without a slash at its end */
	char shop[PLACE_MAX_LEN + 1];
	char code[CLAIM_CODE_MAX + 1]; /* not empty: post an enrolment */
	uint8_t key[64];	       /* of this box, x ‖ y */
	uint32_t epoch;
	uint64_t acked, head_seq; /* entries after `acked` up to `head_seq` are to go up */
	uint8_t acked_hash[32];	  /* of entry `acked` */
	uint64_t feed;		  /* the cursor */
	uint32_t want_epoch;	  /* 0 or 1: ask for a new epoch */
	uint64_t tail_after;	  /* with want_tail: fetch the office's entries after it */
	uint32_t want_tail;	  /* 0 or 1 */
	uint32_t want_snapshot;	  /* 0 or 1: nothing is known, or the cursor is not */
	uint32_t want_time;	  /* 0 or 1: ask with time_nonce */
	uint8_t time_nonce[16];
	uint32_t want_keys; /* 0 or 1: it signs with a key that is in no set we know */
	/* for the heartbeat */
	uint32_t clock_trusted, ledger_ok, sms_ok; /* 0 or 1 */
	uint32_t visits_open, alarms_open, doors;
	struct {
		char name[PLACE_MAX_LEN + 1];
		uint8_t mode, physical, alarm, tamper;
	} door[DOORS_MAX];
	int64_t up_ms;
};

/** A token of this box for one request. */
struct message_proof {
	struct message_head head;
	char purpose[PLACE_MAX_LEN + 1]; /* entries, feed, heartbeat, epoch, enrol, time, keys */
	uint32_t has_nonce;		 /* 0 or 1: the office doubts our clock */
	uint8_t nonce[16];
};

struct message_proof_is {
	struct message_head head;
	uint16_t token_len; /* 0: there is no key to sign with */
	uint8_t token[256];
};

/** What came from the office, unread; the memfd holds `bytes` bytes. */
enum carry {
	CARRY_STATEMENT = 1, /* one statement (wire/sync.h) */
	CARRY_TAIL = 2,	     /* a batch of the office's own entries of this shop */
};
struct message_said {
	struct message_head head;
	uint32_t what; /* enum carry */
	uint32_t bytes;
};

struct message_said_is {
	struct message_head head;
	uint32_t taken; /* 0 or 1; a MESSAGE_SYNC with what is next follows */
	char why[200];	/* not taken: why */
};

/** How the road to the office is: for alarms and `shopctl status`. */
enum carried {
	CARRIED_WELL = 0,
	CARRIED_NO_ROAD = 1,	   /* no answer */
	CARRIED_BUSY = 2,	   /* 503, 429, 5xx */
	CARRIED_REFUSED = 3,	   /* 401, 403: this box is not, or no more, known there */
	CARRIED_ODD = 4,	   /* an answer that makes no sense */
	CARRIED_ENROL_REFUSED = 5, /* `why` is for the person who typed the code */
};
#define CARRIEDS 6
struct message_carried {
	struct message_head head;
	uint32_t how; /* enum carried */
	char why[200];
};

/** Also for a box that takes the place of another: then one fd may come with it, the ledger.db of a
 * backup, which is read before the office's entries. */
struct message_enrol {
	struct message_head head;
	char url[OFFICE_URL_MAX + 1];
	char code[CLAIM_CODE_MAX + 1];
};

struct message_news {
	struct message_head head;
	uint64_t head_seq;
};

struct message_blocked {
	struct message_head head;
	uint8_t customer[16];
};

/** A text to one person. */
struct message_notify {
	struct message_head head;
	uint64_t alarm;
	uint32_t kind;	/* enum text_kind */
	uint32_t again; /* 0 or 1: by the road that has not taken it yet */
	uint32_t code;
	uint32_t condition;
	uint32_t severity;
	uint32_t open_s;
	uint32_t count;	      /* alarms that it tells of */
	uint32_t value_known; /* 0 or 1 */
	int64_t value;	      /* of a sensor, in its unit */
	int64_t at_ms;	      /* UTC */
	char contact[PLACE_MAX_LEN + 1];
	char place[PLACE_MAX_LEN + 1];
	char shop[PLACE_MAX_LEN + 1];
	char by[NAME_MAX_LEN + 1]; /* TAKEN: who has answered */
};

struct message_notified {
	struct message_head head;
	uint64_t alarm;
	uint32_t kind;	  /* enum text_kind */
	uint32_t outcome; /* enum text_outcome */
	uint32_t road;	  /* enum sms_road */
	uint32_t texts;	  /* that have left for it by now: 0..2 */
	char contact[PLACE_MAX_LEN + 1];
};

struct message_enough {
	struct message_head head;
	uint64_t alarm;
};

/** One of who is to be told, in the order of the configuration: 0, 1 … `count` - 1. From courierd
 * one after the other whenever it has come; to shopctl as the answer to CONTACTS. */
struct message_contact {
	struct message_head head;
	uint32_t number, count;
	uint32_t roads; /* bit per enum sms_road: those that are fitted */
	uint32_t role;	/* enum contact_role */
	uint32_t step;
	uint32_t least;	      /* enum severity */
	uint32_t on_duty;     /* to shopctl: 0 or 1, may be called now */
	uint16_t open, close; /* minutes of the day, as struct hours */
	char name[PLACE_MAX_LEN + 1];
};

struct message_reply {
	struct message_head head;
	uint32_t code;
	uint32_t road; /* enum sms_road */
	char contact[PLACE_MAX_LEN + 1];
};

struct message_fault {
	struct message_head head;
	uint32_t condition; /* CAMERA_LOST, ROAD_FAILING */
	uint32_t failing;   /* 0 or 1 */
	char place[PLACE_MAX_LEN + 1];
};

/** Of a UPS: what it says of its power and its battery. */
struct message_reading {
	struct message_head head;
	uint32_t lost; /* 0 or 1 */
	int64_t value;
	char sensor[PLACE_MAX_LEN +
		    1]; /* a [sensor NAME] of shopd.conf whose source is `courier` */
};

struct message_picture {
	struct message_head head;
	uint32_t kind; /* enum picture_kind */
	uint64_t ref;
};

struct message_sensor_is {
	struct message_head head;
	uint32_t kind;	/* enum sensor_kind */
	uint32_t state; /* enum sensor_state */
	uint32_t heard; /* 0 or 1: it ever was */
	int64_t value;
	int64_t age_ms;	   /* of the value */
	int64_t high, low; /* SENSOR_NO_BOUND (INT64_MIN): none */
	char name[PLACE_MAX_LEN + 1];
};

struct message_command {
	struct message_head head;
	uint32_t command; /* core/event.h enum command; ignored by CHALLENGE */
	int64_t hold_ms;
	char door[PLACE_MAX_LEN + 1]; /* empty: the only door */
};

/** What of the shop is to be seen. */
enum view {
	VIEW_NOW = 1,	   /* INSIDE_IS …, then NOW_IS */
	VIEW_HEALTH = 2,   /* ALARM_IS … of those that are not over, SENSOR_IS …, then NOW_IS */
	VIEW_SETTINGS = 3, /* CONTACT …, SENSOR_IS …, then SETTINGS_IS */
};
struct message_view {
	struct message_head head;
	uint32_t what; /* enum view */
};

/** Why a person's word to a door is not done, where that is not about their token. */
enum door_refusal {
	DOOR_REFUSED = 1,   /* not now, or not for so long */
	DOOR_UNKNOWN = 2,   /* there is no such door */
	DOOR_FORBIDDEN = 3, /* the owner's word, and staff asks */
};

enum door_verb {
	DOOR_VERB_LOCK = 1,
	DOOR_VERB_UNLOCK = 2, /* one opening */
	DOOR_VERB_LOCKDOWN = 3,
	DOOR_VERB_PROP = 4,
	DOOR_VERB_NORMAL = 5, /* the end of all of these */
};
#define DOOR_VERB_LAST DOOR_VERB_NORMAL

struct message_door_asked {
	struct message_head head;
	uint32_t verb;	 /* enum door_verb */
	int64_t hold_ms; /* PROP; else 0 */
	char door[PLACE_MAX_LEN + 1];
	uint16_t token_len;
	uint8_t token[256];
};

/** Open visits, so many to a message. */
#define INSIDE_MAX 16
struct message_inside_is {
	struct message_head head;
	uint32_t visits;
	struct {
		uint64_t visit;
		int64_t since_ms; /* UTC */
		uint8_t customer[16];
		char place[PLACE_MAX_LEN + 1]; /* where it began */
		uint8_t role;		       /* enum role */
	} visit[INSIDE_MAX];
};

/** From counterd with an owner's or staff's token, whose key is then who acknowledges. */
struct message_ack {
	struct message_head head;
	uint64_t alarm; /* or 0 and: */
	uint32_t code;
	char by[NAME_MAX_LEN + 1]; /* from shopctl */
	uint16_t token_len;	   /* from counterd */
	uint8_t token[256];
};

struct message_member {
	struct message_head head;
	uint8_t x[32], y[32]; /* ADD, OFFICE_KEY */
	uint8_t customer[16]; /* BLOCK */
	uint32_t role;	      /* ADD */
	uint32_t flags;	      /* ADD: core/catalog.h member_flags; BLOCK: 1 block, 0 unblock */
	int64_t credit_limit_minor;
};

/** A card. */
struct message_card {
	struct message_head head;
	uint8_t kid[KID_SIZE];
	uint8_t make; /* 0 or 1: a member is made with it, as MEMBER_ADD does; else: */
	uint8_t customer[16];
	uint32_t role, flags; /* of whom is made: as message_member */
	int64_t credit_limit_minor;
};

struct message_import {
	struct message_head head;
	uint32_t rows; /* of struct import_row in the memfd */
};

struct message_pass {
	struct message_head head;
	uint8_t cti_len;
	uint8_t cti[CTI_SIZE_MAX];
	uint8_t revoked, wants_pin; /* 0 or 1 */
	uint8_t pin_salt[16];
	uint8_t pin_hash[32];
};

struct message_door {
	char name[PLACE_MAX_LEN + 1];
	uint8_t mode, physical, alarm, tamper, strike;
	int64_t since_ms; /* UTC: of the last change of any axis */
};

struct message_doors_are {
	struct message_head head;
	uint32_t doors;
	struct message_door door[DOORS_MAX];
};

struct message_now_is {
	struct message_head head;
	uint32_t doors;
	struct message_door door[DOORS_MAX];
	uint32_t ledger_ok, clock_trusted, courier_connected, simulated, enrolled; /* 0 or 1 */
	uint32_t restoring; /* 0 or 1: a restored box takes back what the office has of it */
	uint32_t alarms_open;
	uint32_t road; /* enum carried */
	uint64_t acked_seq, head_seq;
	int64_t heard_at_ms;	 /* as in status_is */
	int64_t unsent_since_ms; /* UTC: of the oldest entry that the office lacks; 0: not known */
	int64_t roster_max_ms;	 /* an office that was not heard for so long is an alarm */
	int64_t free_mib;	 /* of the ledger's disk; -1: not known yet */
	int64_t least_free_mib;	 /* less is an alarm; 0: not watched */
	uint32_t contacts, owners; /* who are told; of them owners */
	uint32_t sms_roads;	   /* bit per enum sms_road: those that are fitted */
	uint32_t rehearse_days;	   /* 0: never */
	int64_t rehearsed_at_ms;   /* UTC; 0: not known */
	uint32_t readers, readers_lost;
};

/** What holds: shopd.conf, and what the office has set of it. */
struct message_settings_is {
	struct message_head head;
	uint32_t doors, tills;
	struct {
		char name[PLACE_MAX_LEN + 1];
		uint8_t exit, relock, scanner; /* core/config.h; scanner 0 or 1 */
		int32_t unlock_ms, unlock_extended_ms, opening_grace_ms, buzzer_ms, held_open_ms,
			held_open_extended_ms, rex_grace_ms, debounce_ms, settle_ms;
	} door[DOORS_MAX];
	struct {
		char name[PLACE_MAX_LEN + 1];
		uint8_t scanner; /* 0 or 1 */
	} till[TILLS_MAX];
	struct {
		uint16_t open, close;	/* minutes of the day; the same: closed */
	} hours[7];			/* Monday first */
	uint32_t set_by_office;		/* 0 or 1: of hours and policy, something is its word */
	uint32_t occupancy_max, barred; /* bit per enum article_class */
	int32_t roster_max_hours, door_log_days;
	struct {
		uint32_t limited; /* 0 or 1 */
		uint32_t check_bp;
		int64_t credit_limit_minor;
	} trust[TRUSTS];
	int64_t step_ms[SEVERITIES];
	int64_t inside_ms, refusals_ms, disk_free_mb, sync_max_hours;
	uint32_t rehearse_days, refusals;
	uint32_t sms_roads; /* bit per enum sms_road: those that are fitted */
	int32_t reminder_days, second_reminder_days, bar_days;
	int64_t reminder_fee_minor;
	int32_t today;		      /* the shop's civil day */
	uint32_t enrolled, simulated; /* 0 or 1 */
	uint32_t epoch, price_version, members, articles;
	uint64_t feed;
	int64_t heard_at_ms, up_ms;
	char time_zone[64];
	char office[161]; /* its URL, cut where it is longer */
};

/** The newest text about an alarm to one contact, and what became of it. */
struct message_told {
	int64_t at_ms;	 /* UTC: when that was heard */
	uint8_t kind;	 /* enum text_kind */
	uint8_t outcome; /* enum text_outcome */
	uint8_t road;	 /* enum sms_road */
	uint8_t texts;	 /* that have left for it: 0..2 */
	char contact[PLACE_MAX_LEN + 1];
};

struct message_alarm_is {
	struct message_head head;
	uint64_t alarm;
	uint32_t code, condition, state, severity;
	uint32_t over;			     /* 0 or 1: nothing is awaited any more */
	uint32_t tolds;			     /* since shopd has run */
	int64_t raised_at_ms, cleared_at_ms; /* 0: not yet */
	char place[PLACE_MAX_LEN + 1];
	char by[NAME_MAX_LEN + 1];
	struct message_told told[CONTACTS_MAX];
};

struct message_done {
	struct message_head head;
	uint32_t error;	 /* 0, or 1 refused */
	uint64_t number; /* rows imported, alarm … */
	uint32_t existed;
	uint8_t customer[16];
	char text[400]; /* why not; or the challenge */
};

/** The largest of them, for receive buffers. */
union message {
	struct message_head head;
	struct message_hello hello;
	struct message_bye bye;
	struct message_token token;
	struct message_line line;
	struct message_bearer bearer;
	struct message_first_owner first_owner;
	struct message_first_owner_is first_owner_is;
	struct message_verdict verdict;
	struct message_visit_is visit_is;
	struct message_kiosk kiosk;
	struct message_spot spot;
	struct message_tills_are tills_are;
	struct message_challenge_is challenge_is;
	struct message_shown shown;
	struct message_scanned scanned;
	struct message_line_is line_is;
	struct message_answer answer;
	struct message_status_is status_is;
	struct message_desk desk;
	struct message_desk_is desk_is;
	struct message_notice notice;
	struct message_sync sync;
	struct message_proof proof;
	struct message_proof_is proof_is;
	struct message_said said;
	struct message_said_is said_is;
	struct message_carried carried;
	struct message_enrol enrol;
	struct message_news news;
	struct message_blocked blocked;
	struct message_notify notify;
	struct message_notified notified;
	struct message_enough enough;
	struct message_contact contact;
	struct message_reply reply;
	struct message_fault fault;
	struct message_reading reading;
	struct message_picture picture;
	struct message_sensor_is sensor_is;
	struct message_view view;
	struct message_door_asked door_asked;
	struct message_inside_is inside_is;
	struct message_now_is now_is;
	struct message_settings_is settings_is;
	struct message_command command;
	struct message_ack ack;
	struct message_member member;
	struct message_card card;
	struct message_import import;
	struct message_pass pass;
	struct message_doors_are doors_are;
	struct message_alarm_is alarm_is;
	struct message_done done;
	uint8_t bytes[MESSAGE_MAX];
};

/** message_size - bytes of a message of this type; 0 when there is no such type. */
uint32_t message_size(uint16_t type);

/** Which way a message goes, and on which socket. */
enum message_way {
	WAY_TO_SHOPD = 0,
	WAY_FROM_SHOPD = 1
};

/**
 * message_check - whether `len` bytes are one well-formed message that may go this way on the
 * socket of `role`: size, version, every enum in range, every text NUL-terminated and, where it is
 * a name, a valid name, every flag 0 or 1.
 * @return NULL, or what is wrong in words. Pure, fuzzed.
 */
const char *message_check(const union message *m, uint32_t len, enum message_role role,
			  enum message_way way);

/** message_init - zeroes *m and fills the head. */
void message_init(union message *m, enum message_type type, uint32_t request);

#endif
