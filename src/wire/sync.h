/*
 * sync.h: what a shop and its office say to each other (contracts 5), between structs and
 * deterministic CBOR. Pure, bounded, fuzzed. Numbers of kinds are on the wire: never renumber.
 *
 * Up, POST /v1/shops/{shop}/entries: a CBOR sequence of `[epoch, seq, at, kind, body]` in ascending
 * seq, then the hash of the last one as a byte string of 32. `body` is a byte string; where it was
 * erased, an array of one: its hash. Content-Encoding zstd. The office's answer is always an ack.
 *
 * Whatever the office says is a statement (token/statement.h) whose payload is one of these arrays:
 *   ["ack", shop, epoch, seq, hash, at, answer]           what the office has of this shop, durably
 *   ["grant", shop, epoch, seq, hash, at]                 a new epoch, and where it begins
 *   ["enrolled", shop, epoch, seq, hash, at, root, keys]  root: x ‖ y; keys: the statement below
 *   ["keys", version, at, [x ‖ y, …]]                     signed by the root, which is kept offline
 *   ["time", nonce, at]                                   answers a nonce of 16 bytes
 *   ["feed", shop, epoch, from, to, at, part, [change …]] changes from+1 .. to; or a snapshot's
 * part A feed's `part` is 0 for changes. A snapshot has the parts 1, 2 …, the last one negative
 * (-3), all with from 0 and the same `to`; it is everything that holds at `to`, no commands.
 */
#ifndef SHOP_WIRE_SYNC_H
#define SHOP_WIRE_SYNC_H

#include "base/clock.h"
#include "base/day.h"
#include "base/ids.h"
#include "base/money.h"
#include "base/span.h"
#include "base/words.h"
#include "wire/entry.h"

enum {
	SYNC_BATCH_MAX = 1024 * 1024, /* bytes of entries, unpacked */
	SYNC_ENTRIES_MAX = 4096,      /* entries in a batch */
	SYNC_BODY_MAX = 4096, /* of one entry: those of a newer shop may be longer than ours */
	SYNC_KEY_SET_SIZE_MAX = 1024, /* bytes of a "keys" statement */
	SYNC_FEED_MAX = 1000 * 1000,  /* bytes of a feed's payload */
	SYNC_CHANGES_MAX =
		1000,	   /* changes in a feed batch: what a shop applies in one transaction */
	SYNC_KEYS_MAX = 8, /* keys of an office's set */
	SYNC_CHANGE_SIZE_MAX = 2048, /* bytes of one change */
	SYNC_HEARTBEAT_MAX = 512,
	SYNC_HEARTBEAT_MS = 15000,	       /* contracts: design 5 */
	SYNC_SILENT_MS = 45000,		       /* three heartbeats */
	SYNC_POLL_S = 55,		       /* how long a poll of the feed is held */
	SYNC_SAID_MAX = SYNC_BATCH_MAX + 1024, /* a statement, or a batch and its hash */
	CLAIM_CODE_MAX = 64,
	OFFICE_URL_MAX = 255,
	SETTING_NAME_MAX = 32,
	SETTING_VALUE_MAX = 128,
	VERSION_TEXT_MAX = 32,
};

/* --- up */

struct sync_entry {
	uint32_t epoch;
	uint64_t seq;
	struct wall at;
	uint16_t kind;
	bool erased;
	struct span body; /* erased: its SHA-256 */
};

/** sync_entry_put - one entry of a batch. Every sync_…_put fails the builder (base/span.h) over
 * what its taker would refuse, so that nobody sends or signs it. */
void sync_entry_put(struct builder *b, const struct sync_entry *e);
/** sync_entry_take - the next of a batch off the front of *s; `body` is lent. False when it is none
 * (the last item is the hash: sync_hash_take). */
MUST_CHECK bool sync_entry_take(struct span *s, struct sync_entry *ret);
/** sync_hash_put - the end of a batch: the hash of its last entry. */
void sync_hash_put(struct builder *b, const struct sha256 *hash);
/** sync_hash_take - the hash that ends a batch; nothing may follow. */
MUST_CHECK bool sync_hash_take(struct span *s, struct sha256 *ret);

/** What became of a batch. */
enum sync_answer {
	SYNC_TAKEN = 0,	    /* all of it is durable, now or before */
	SYNC_GAP = 1,	    /* it does not begin where the office stands: go on after `seq` */
	SYNC_FORK = 2,	    /* the same (epoch, seq) with another hash: ask for a new epoch */
	SYNC_EPOCH_OLD = 3, /* a newer epoch was granted: this box may not write */
	SYNC_BROKEN = 4,    /* the hashes do not follow from the entries: nothing was taken */
};
#define SYNC_ANSWERS 5

/** sync_answer_word - "taken", "gap", "fork", "epoch_old", "broken". */
const char *sync_answer_word(enum sync_answer answer);

/* --- what the office says */

enum sync_said {
	SAID_ACK = 1,
	SAID_GRANT = 2,
	SAID_ENROLLED = 3,
	SAID_KEYS = 4,
	SAID_TIME = 5,
	SAID_FEED = 6,
};

/** An ack, a grant, or the head of an enrolment. */
struct sync_head {
	char shop[PLACE_MAX_LEN + 1];
	uint32_t epoch;
	uint64_t seq; /* 0: the office has nothing */
	struct sha256 hash;
	struct wall at;
	enum sync_answer answer; /* ACK */
	struct public_key root;	 /* ENROLLED */
	struct span keys;	 /* ENROLLED: a whole statement, lent */
};

struct sync_keys {
	uint32_t version; /* rises */
	struct wall at;
	uint32_t keys;
	struct public_key key[SYNC_KEYS_MAX];
};

struct sync_time {
	uint8_t nonce[NONCE_SIZE];
	struct wall at;
};

struct sync_feed {
	char shop[PLACE_MAX_LEN + 1];
	uint32_t epoch;
	uint64_t from, to;
	struct wall at;
	int32_t part;
	uint32_t changes;
	struct span change; /* lent: that many, one behind the other */
};

/** sync_said_kind - which of them a payload is; 0: none of them. */
enum sync_said sync_said_kind(struct span payload);
/** sync_head_take - an ACK, GRANT or ENROLLED. sync_keys_take, sync_time_take - the one that they
 * name. False when the payload is anything else, or a field is out of range. */
MUST_CHECK bool sync_head_take(struct span payload, enum sync_said kind, struct sync_head *ret);
MUST_CHECK bool sync_keys_take(struct span payload, struct sync_keys *ret);
MUST_CHECK bool sync_time_take(struct span payload, struct sync_time *ret);
/** sync_feed_take - the head of a feed; every change in it is well-formed (or of a kind that is not
 * known, which is skipped when it is applied: an office may be newer). */
MUST_CHECK bool sync_feed_take(struct span payload, struct sync_feed *ret);
/** sync_head_put, sync_keys_put, sync_time_put - the payload to be signed. */
void sync_head_put(struct builder *b, enum sync_said kind, const struct sync_head *h);
void sync_keys_put(struct builder *b, const struct sync_keys *k);
void sync_time_put(struct builder *b, const struct sync_time *t);
/** sync_feed_put - the head; `f->changes` changes follow, put by sync_change_put. */
void sync_feed_put(struct builder *b, const struct sync_feed *f);

/* --- changes of the feed */

enum sync_change_kind {
	SYNC_MEMBER = 1,      /* a member of this shop, new or changed */
	SYNC_MEMBER_GONE = 2, /* no member here any more, nor its keys */
	SYNC_KEY = 3,	      /* a key of a member */
	SYNC_KEY_GONE = 4,
	SYNC_ARTICLE = 5, /* an article and its price from a moment on */
	SYNC_ARTICLE_GONE = 6,
	SYNC_PASS = 7,
	SYNC_SETTING = 8,  /* policy: a name and its value; an empty value: as in shopd.conf */
	SYNC_KEY_SET = 9,  /* a "keys" statement, signed by the root */
	SYNC_COMMAND = 10, /* not in a snapshot */
	SYNC_PAYMENT = 11, /* money that came in at the office; ≥ once, its key tells */
	SYNC_PAYMENT_ASSIGNED = 12,
	SYNC_ERASE = 13, /* a person is to be forgotten */
	SYNC_CARD = 14,	 /* a card of a member, who loses it where it was another's */
	SYNC_CARD_GONE = 15,
};

enum command_verb {
	VERB_RELEASE = 1, /* one opening, as for a member */
	VERB_UNLOCK = 2,  /* until it is locked again */
	VERB_LOCK = 3,
	VERB_PROP = 4, /* hold_ms */
	VERB_LOCKDOWN = 5,
	VERB_SET = 6,	      /* a setting */
	VERB_ACKNOWLEDGE = 7, /* setting "alarm": its number in decimal */
};
#define VERB_LAST VERB_ACKNOWLEDGE

enum command_outcome {
	COMMAND_DONE = 0,
	COMMAND_REFUSED = 1,
	COMMAND_EXPIRED = 2, /* it came too late, or the clock cannot tell */
};
#define COMMAND_OUTCOMES 3

/** command_verb_word - "release", "unlock", "lock", "prop", "lockdown", "set",
 * "acknowledge". command_outcome_word
 * - "done", "refused", "expired". command_verb_parse - the word back; false when it is none. */
const char *command_verb_word(enum command_verb verb);
const char *command_outcome_word(enum command_outcome outcome);
bool command_verb_parse(const char *text, enum command_verb *ret);

struct sync_member {
	struct customer customer;
	uint8_t role;	/* enum role */
	uint16_t flags; /* core/catalog.h member_flags */
	struct money credit_limit;
};

struct sync_key {
	struct customer customer;
	struct public_key key;
};

struct sync_card {
	struct customer customer;
	struct kid kid;
};

struct sync_article {
	struct gtin gtin;
	struct wall valid_from; /* 0: at once */
	struct money price;	/* VAT included, a piece or a kilogram */
	int32_t deposit_minor;
	uint16_t vat_bp; /* VAT_FIXED alone */
	uint16_t reorder;
	uint8_t class, state, vat_class;
	char name[ARTICLE_NAME_MAX + 1];
};

struct sync_pass {
	uint8_t cti_len;
	uint8_t cti[CTI_SIZE_MAX];
	bool revoked, wants_pin;
	uint8_t pin_salt[16];
	struct sha256 pin_hash;
};

/** Names of settings (policy) that a shop knows: "hours.monday" … "hours.sunday" ("05:00-23:00" or
 * "closed"), "occupancy_max", "barred" (classes), "door_log_days" (retention of what may be
 * erased), "roster_max_hours" (older: an alarm). Values are those of shopd.conf. */
struct sync_setting {
	char name[SETTING_NAME_MAX + 1];
	char value[SETTING_VALUE_MAX + 1];
};

struct sync_command {
	uint64_t id;
	enum command_verb verb;
	char door[PLACE_MAX_LEN + 1]; /* empty: the only door */
	int64_t hold_ms;
	struct wall expires;
	char by[NAME_MAX_LEN + 1];
	struct sync_setting setting; /* VERB_SET, VERB_ACKNOWLEDGE */
};

struct sync_change {
	enum sync_change_kind kind;
	union {
		struct sync_member member;
		struct customer gone;  /* MEMBER_GONE, ERASE */
		struct sync_key key;   /* KEY, KEY_GONE */
		struct sync_card card; /* CARD, CARD_GONE */
		struct sync_article article;
		struct gtin article_gone;
		struct sync_pass pass;
		struct sync_setting setting;
		struct span key_set; /* lent */
		struct sync_command command;
		struct entry_payment payment;
		struct entry_payment_assigned assigned;
	};
};

/** sync_change_put - one change, as a feed bears it. */
void sync_change_put(struct builder *b, const struct sync_change *c);
/** What sync_change_take found. */
enum sync_taken {
	SYNC_CHANGE_BAD = 0,
	SYNC_CHANGE_GOOD = 1,
	SYNC_CHANGE_UNKNOWN = 2, /* well-formed, of a newer kind: it was skipped */
};
/** sync_change_take - the next change off the front of *s, which stays as it is where that is BAD;
 * *ret is written where it is GOOD, a key set in it lent. */
enum sync_taken sync_change_take(struct span *s, struct sync_change *ret);

/* --- heartbeat, and what a box asks: bodies of requests, proven by their Authorization alone */

/* `["heartbeat", epoch, head_seq, acked_seq, feed, at, clock_trusted, ledger_ok, sms_ok, up_ms,
 * visits_open, alarms_open, [[name, mode, physical, alarm, tamper] …], version]` */

struct sync_door {
	char name[PLACE_MAX_LEN + 1];
	uint8_t mode, physical, alarm, tamper;
};

struct sync_heartbeat {
	uint32_t epoch;
	uint64_t head_seq, acked_seq, feed;
	struct wall at; /* the shop's clock, right or wrong */
	bool clock_trusted, ledger_ok, sms_ok;
	int64_t up_ms;
	uint32_t visits_open, alarms_open;
	uint32_t doors;
	struct sync_door door[DOORS_MAX];
	char version[VERSION_TEXT_MAX + 1];
};
/** sync_heartbeat_put, sync_heartbeat_take - the body of a heartbeat. */
void sync_heartbeat_put(struct builder *b, const struct sync_heartbeat *h);
MUST_CHECK bool sync_heartbeat_take(struct span bytes, struct sync_heartbeat *ret);

/** POST /v1/shops/{shop}/enrol: `["enrol", code, x ‖ y, version]`. */
struct sync_enrol {
	char code[CLAIM_CODE_MAX + 1];
	struct public_key key;
	char version[VERSION_TEXT_MAX + 1];
};
/** sync_enrol_put, sync_enrol_take - it as bytes and back; the code is any plain text. */
void sync_enrol_put(struct builder *b, const struct sync_enrol *e);
MUST_CHECK bool sync_enrol_take(struct span bytes, struct sync_enrol *ret);

/** POST /v1/shops/{shop}/epoch: `["epoch", epoch, seq, hash]`: the newest entry of ours that we
 * know the office to have. */
struct sync_epoch {
	uint32_t epoch;
	uint64_t seq;
	struct sha256 hash;
};
/** sync_epoch_put, sync_epoch_take - it as bytes and back. */
void sync_epoch_put(struct builder *b, const struct sync_epoch *e);
MUST_CHECK bool sync_epoch_take(struct span bytes, struct sync_epoch *ret);

/* --- claim code: SHOP-XXXX-XXXX-XXXX-XXXX-RRRR-RRRR, Crockford's base32: 80 random bits, then 40
 * bits of SHA-256 of the office's root key (x ‖ y), so that who has the code knows the office */
struct claim_code {
	char shop[PLACE_MAX_LEN + 1];
	uint8_t secret[10];
	uint8_t root_hash[5];
};
/** claim_code_text - as it is read out: in capitals, in groups of four. */
void claim_code_text(const struct claim_code *c, char text[CLAIM_CODE_MAX + 1]);
/** claim_code_parse - either case, I L O read as 1 1 0, hyphens between groups may lack. */
MUST_CHECK bool claim_code_parse(const char *text, uint32_t len, struct claim_code *ret);

#endif
