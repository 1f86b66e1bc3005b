/*
 * entry.h: one fact in the ledger, as a struct and as the deterministic CBOR array that is its body
 * (contracts 4). The core makes them, the ledger keeps them, shopctl, counterd and the office read
 * them.
 *
 * Body: `[salt bstr(16), field, field …]`, the fields of a kind in the order of its struct here,
 * integers as integers, ids as byte strings, words as their numbers, text as text strings. New
 * fields are appended; a reader takes a body with more fields than it knows, and gives 0 to those
 * that lack. A body decodes only if the kind is known and every field is in range: else it is
 * `unreadable`, kept and shown as such.
 */
#ifndef SHOP_WIRE_ENTRY_H
#define SHOP_WIRE_ENTRY_H

#include "base/clock.h"
#include "base/ids.h"
#include "base/money.h"
#include "base/span.h"
#include "base/words.h"

/** Kinds. On disk and wire: never renumber. */
enum entry_kind {
	ENTRY_START = 1,     /* shopd came up */
	ENTRY_STOP = 2,	     /* shopd went down in order: the used token ids are all here */
	ENTRY_CLOCK = 3,     /* the wall clock stepped, or became (un)trusted */
	ENTRY_ADMITTED = 10, /* erasable: a door log */
	ENTRY_REFUSED = 11,  /* erasable */
	ENTRY_REFUSALS = 12, /* erasable: a minute's refusals past the tenth at a reader, counted */
	ENTRY_DOOR = 20,     /* erasable */
	ENTRY_ALARM = 30,    /* an alarm changed its state */
	ENTRY_VISIT_OPENED = 40,
	ENTRY_VISIT_JOINED = 41, /* a device got its bearer */
	ENTRY_VISIT_CLOSED = 42,
	ENTRY_LINE = 50,
	ENTRY_LINE_VOIDED = 51,
	ENTRY_LOST = 60, /* rows that found no room while the disk was full, counted */
};

/** Whether the kind may be erased after its retention (contracts 4). */
bool entry_erasable(enum entry_kind kind);

/** The kind's word in `shopctl log` ("admitted", "line" …); "unknown" when there is none. */
const char *entry_kind_word(uint16_t kind);

#define BOOT_ID_SIZE 16

struct entry_start {
	uint8_t boot_id[BOOT_ID_SIZE];
	struct mono mono;
	bool clean; /* the stop before it was in order, or there was none */
	bool wall_trusted;
};

struct entry_stop {
	uint8_t boot_id[BOOT_ID_SIZE];
	struct mono mono;
};

struct entry_clock {
	uint8_t boot_id[BOOT_ID_SIZE];
	struct mono mono;
	struct wall before; /* what the wall clock would have said without the step */
	bool wall_trusted;
};

/** A place in the shop: a door's or a till's name, NUL-terminated. */
struct place {
	char name[PLACE_MAX_LEN + 1];
};

enum road {
	ROAD_SCANNER = 0,
	ROAD_PHONE = 1,
	ROAD_NFC = 2
};
#define ROADS 3

struct entry_admitted {
	struct place place; /* door or till */
	enum road road;
	struct customer customer;
	struct kid kid;
	struct visit_id visit;
	uint8_t cti_len; /* 0: nothing to remember (a nonce, a pass) */
	uint8_t cti[CTI_SIZE_MAX];
	int64_t iat_s; /* with exp: how long the id must be remembered */
	int64_t exp_s;
};

struct entry_refused {
	struct place place;
	enum road road;
	enum verdict verdict;
	bool customer_known;
	struct customer customer;
	struct kid kid; /* zero where none was read */
};

struct entry_refusals {
	struct place place;
	enum road road;
	uint32_t count[VERDICTS];
};

struct entry_door {
	struct place place;
	enum door_event event;
	enum door_mode mode;
	bool customer_known; /* who was let in, where that is what happened */
	struct customer customer;
};

struct entry_alarm {
	struct alarm_id alarm;
	uint32_t code; /* 4 to 6 digits that a person answers with */
	enum condition condition;
	struct place place; /* empty where the condition has none */
	enum severity severity;
	enum alarm_state state;	   /* the state entered */
	bool over;		   /* nothing is awaited any more */
	char by[NAME_MAX_LEN + 1]; /* who acknowledged, else empty */
};

struct entry_visit_opened {
	struct visit_id visit;
	struct customer customer;
	struct place place;
	uint32_t price_version;
};

struct entry_visit_joined {
	struct visit_id visit;
	struct customer customer; /* of the device: another member may join by a code */
	struct sha256 bearer;
};

struct entry_visit_closed {
	struct visit_id visit;
	enum visit_end end;
	uint32_t lines;
	struct money total;
};

struct entry_line {
	struct visit_id visit;
	struct line_key key;
	struct customer customer;
	struct gtin gtin;
	char name[ARTICLE_NAME_MAX + 1];
	int32_t quantity_milli;
	struct money unit_price;
	struct money total;
	int32_t vat_bp;
	enum article_class class;
	uint32_t price_version;
	struct wall scanned_at; /* the phone's word; 0 when it gave none */
	bool late;		/* the visit was over when it came */
};

struct entry_line_voided {
	struct visit_id visit;
	struct line_key key;
	struct customer customer;
	struct money total; /* what it takes back: the line's total */
};

struct entry_lost {
	uint32_t rows;
};

/** A fact. `at` is when it happened, by the wall clock of the step that made it. */
struct entry {
	enum entry_kind kind;
	struct wall at;
	union {
		struct entry_start start;
		struct entry_stop stop;
		struct entry_clock clock;
		struct entry_admitted admitted;
		struct entry_refused refused;
		struct entry_refusals refusals;
		struct entry_door door;
		struct entry_alarm alarm;
		struct entry_visit_opened visit_opened;
		struct entry_visit_joined visit_joined;
		struct entry_visit_closed visit_closed;
		struct entry_line line;
		struct entry_line_voided line_voided;
		struct entry_lost lost;
	};
};

#define SALT_SIZE 16

/** entry_encode - the body of `e` with this salt, into `body` (≤ ENTRY_BODY_MAX bytes; CHECKs that
 * it fits). */
uint32_t entry_encode(const struct entry *e, const uint8_t salt[SALT_SIZE],
		      uint8_t body[ENTRY_BODY_MAX]);

/** entry_decode - a body of `kind` into *ret (`at` left 0). False when unreadable. Pure, bounded,
 * fuzzed. */
MUST_CHECK bool entry_decode(uint16_t kind, struct span body, struct entry *ret);

/** Room for entry_text. */
#define ENTRY_TEXT_SIZE 512

/** entry_text - the fact as one line, as the daemon logs it and a story tells it:
 *  "front: admitted 3f…9a by scanner, visit 0123…". No control characters. */
void entry_text(const struct entry *e, char text[ENTRY_TEXT_SIZE]);

#endif
