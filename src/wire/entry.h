/*
 * entry.h: one fact in the ledger, as a struct and as the deterministic CBOR array that is its body
 * (contracts 4). The core makes them, the ledger keeps them, shopctl, counterd and the office read
 * them.
 *
 * Body: `[salt bstr(16), field, field …]`, the fields of a kind in the order of its struct here,
 * integers as integers, ids as byte strings, words as their numbers, text as text strings. New
 * fields are appended; a reader takes a body with more fields than it knows, and gives 0 to those
 * that lack (a line's list_price then is its unit_price; its `bought` of none is the day of its
 * `at` in UTC). A body decodes only if the kind is known and every field is in range: else it is
 * `unreadable`, kept and shown as such.
 */
#ifndef SHOP_WIRE_ENTRY_H
#define SHOP_WIRE_ENTRY_H

#include "base/clock.h"
#include "base/day.h"
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
	/* the books (design 4): made by the ledger's desk (ledger/desk.h), not by the core */
	ENTRY_TAX = 70,		  /* the VAT rates by class and date that hold from here on */
	ENTRY_CHART = 71,	  /* the accounts that postings go to from here on */
	ENTRY_INVOICE_LINES = 72, /* which lines the invoice after it bears */
	ENTRY_INVOICE = 73,
	ENTRY_CREDIT_NOTE = 74,
	ENTRY_LINE_CREDITED = 75, /* a line that is on no invoice is taken back, its visit over */
	ENTRY_PERIOD_CLOSED = 76, /* every invoice of the month is made, and the sums hold */
	ENTRY_STOCK = 77,	  /* delivery, count, waste, own use */
	ENTRY_PAYMENT = 78,	  /* money has come in */
	ENTRY_PAYMENT_ASSIGNED = 79, /* whose money it was */
	ENTRY_CHECK = 80,	     /* a visit was picked for a check, or its result */
	ENTRY_REPORTED = 81,	     /* a shopper says that a line is wrong or goods are broken */
	/* the office (contracts 5) */
	ENTRY_OFFICE = 82, /* enrolled, a new epoch, a new set of its keys */
	/* what the office, or a person on the owner's page, asked of the shop, and what came of it
	 */
	ENTRY_COMMAND = 83,
	ENTRY_ERASED = 84, /* bodies of a range that may be erased are gone */
	ENTRY_TOLD = 85,   /* a text about an alarm has left, or found no road; erasable */
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
	int32_t utc_offset_min; /* of the shop's time zone, by the clock as it is now */
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
	int32_t utc_offset_min; /* of the shop's time zone, by the clock as it is now */
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
	uint32_t card_counter; /* of a card, which kid names: it never goes back; 0: no card */
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

/** To whom a text about an alarm went. The contact by the name that the configuration has. */
struct entry_told {
	struct alarm_id alarm;
	enum text_kind kind;
	enum text_outcome outcome;
	enum sms_road road;
	uint32_t texts; /* that have left for it by now */
	struct place contact;
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
	struct day bought; /* the day it was bought, in the shop's time zone: its month, its rate */
	enum vat_class vat_class;
	struct money deposit;	 /* of `total`: the deposit (pant), at the rate of what it holds */
	struct money list_price; /* what unit_price was before a discount; the same where there is
				    none */
	struct day use_by, best_before; /* as scanned */
	char lot[LOT_MAX + 1];
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

/** A rate and the first day on which it holds; DAY_NONE: from ever. */
struct vat_rate {
	enum vat_class class;
	int32_t vat_bp;
	struct day from;
};

/** The rates of one country, sorted by (class, from). */
struct entry_tax {
	uint32_t rates;
	struct vat_rate rate[VAT_RATES_MAX];
};

/** The accounts of one VAT rate. */
struct chart_rate {
	int32_t vat_bp;
	uint32_t sales, vat, deposit; /* vat 0: a rate of 0 % has none */
};

/** The chart of accounts: four digits each, by what is posted there. */
struct entry_chart {
	uint32_t receivable, rounding, stock, received, cost, waste, shrink, own_use, bank,
		unassigned;
	uint32_t rates;
	struct chart_rate rate[RATES_MAX];
};

/** An invoice's or credit note's number: year × 1,000,000 + counter; 0 is none. In words
 * VIKEN-2026-000123 (books/number.h). */
struct invoice_id {
	uint64_t n;
};

/** One VAT rate of an invoice (EN 16931 BG-23). */
struct invoice_rate {
	int32_t vat_bp;
	struct money gross;  /* Σ of its lines, VAT included */
	struct money base;   /* BT-116 */
	struct money vat;    /* BT-117 */
	struct money posted; /* Σ of its lines' own VAT, as their sales were posted */
};

/** Entry numbers of lines, ascending: the first as a varint (LEB128), then each less the one before
 * it. An invoice may have many of these entries; they stand right before it, in its transaction. */
struct entry_invoice_lines {
	struct invoice_id invoice;
	uint32_t lines;
	uint32_t packed_len;
	uint8_t packed[INVOICE_PACKED_MAX];
};

struct entry_invoice {
	struct invoice_id invoice;
	struct customer customer;
	struct period period; /* whose close made it; lines may be older */
	struct day issued, due;
	uint32_t lines;
	uint32_t rates;
	struct invoice_rate rate[RATES_MAX]; /* falling vat_bp */
	struct money gross;		     /* Σ rates' gross */
	struct money rounding;		     /* BT-114: payable − Σ (base + vat) */
	struct money payable;		     /* BT-115: whole kronor */
};

/** Mirrors an invoice, or one line of it; amounts are positive, as on the invoice. */
struct entry_credit_note {
	struct invoice_id credit_note;
	struct invoice_id invoice;
	uint64_t line; /* entry number; 0: the whole invoice */
	struct customer customer;
	struct day issued;
	uint32_t rates;
	struct invoice_rate rate[RATES_MAX];
	struct money gross, rounding, payable;
	enum credit_reason reason;
	char why[REASON_MAX + 1];
	char by[NAME_MAX_LEN + 1];
	char key[NAME_MAX_LEN + 1]; /* of the request: the same again is the same credit note */
};

struct entry_line_credited {
	uint64_t line; /* entry number */
	struct customer customer;
	struct money total;
	enum credit_reason reason;
	char why[REASON_MAX + 1];
	char by[NAME_MAX_LEN + 1];
	char key[NAME_MAX_LEN + 1];
};

/** The sums of design 4 when the month was closed: what a later check may start from. */
struct entry_period_closed {
	struct period period;
	uint64_t upto; /* entry number: the sums are over all entries up to it */
	uint32_t invoices;
	struct money lines;	 /* Σ gross of all lines that hold */
	struct money invoiced;	 /* of them on invoices, less what was credited */
	struct money unbilled;	 /* of them on none */
	struct money payable;	 /* Σ payable of all invoices less credit notes */
	struct money paid;	 /* Σ payments */
	struct money receivable; /* the account */
	struct money vat;	 /* the VAT accounts together, as a positive amount */
	uint64_t low; /* entry number: every line before it is on an invoice, voided or credited, so
			 that the next close begins here */
};

struct entry_stock {
	char key[NAME_MAX_LEN + 1];
	enum movement kind; /* DELIVERY, COUNT, WASTE or OWN_USE */
	struct gtin gtin;
	int64_t quantity_milli; /* > 0; of a COUNT what was counted, may be 0 */
	struct money unit_cost; /* DELIVERY: a piece or kilogram, VAT excluded; else 0 */
	struct day use_by, best_before;
	char lot[LOT_MAX + 1];
	struct day day;
	char why[REASON_MAX + 1];
	char by[NAME_MAX_LEN + 1];
};

struct entry_payment {
	char key[NAME_MAX_LEN +
		 1]; /* of the bank's own reference: the same file again changes nothing */
	struct customer customer; /* zero: nobody knows yet whose it is */
	struct invoice_id
		invoice;     /* what its reference named; 0: none, the oldest unpaid come first */
	struct money amount; /* > 0; < 0 for money that went back */
	struct day booked;
};

struct entry_payment_assigned {
	char key[NAME_MAX_LEN + 1]; /* the payment's */
	struct customer customer;
	struct invoice_id invoice;
	char by[NAME_MAX_LEN + 1];
};

struct entry_check {
	struct visit_id visit;
	enum check_state state;
	enum check_reason reason;
	char why[REASON_MAX + 1]; /* the owner's words on the result */
	char by[NAME_MAX_LEN + 1];
};

struct entry_reported {
	struct visit_id visit;
	struct line_key line;
	enum credit_reason reason; /* WRONG_LINE, BROKEN or PRICE */
	char why[REASON_MAX + 1];
};

/** What happened between shop and office. */
enum office_event {
	OFFICE_ENROLLED = 0,
	OFFICE_EPOCH = 1, /* a new epoch: this is its first entry */
	OFFICE_KEYS = 2,  /* the office signs with other keys from here on */
};
#define OFFICE_EVENTS 3

struct entry_office {
	enum office_event event;
	uint32_t epoch;
	uint64_t seq;	/* EPOCH: of the office's head that it continues */
	uint32_t again; /* EPOCH: entries after it that this box had made and appended again */
	uint32_t keys_version;
};

struct entry_command {
	uint64_t id;	    /* the office's; 0: asked here, on the owner's page */
	uint32_t verb;	    /* wire/sync.h command_verb */
	uint32_t outcome;   /* wire/sync.h command_outcome */
	struct place place; /* a door; empty: none */
	int64_t hold_ms;
	char by[NAME_MAX_LEN + 1];
	char setting[33], value[129];
};

/** Erased bodies: of these kinds of entries in first..last, or with `whose` known of this customer
 * alone. */
struct entry_erased {
	uint64_t first, last;
	uint32_t bodies;
	bool whose_known; /* asked for by a person; else their retention was over */
	struct customer whose;
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
		struct entry_told told;
		struct entry_visit_opened visit_opened;
		struct entry_visit_joined visit_joined;
		struct entry_visit_closed visit_closed;
		struct entry_line line;
		struct entry_line_voided line_voided;
		struct entry_lost lost;
		struct entry_tax tax;
		struct entry_chart chart;
		struct entry_invoice_lines invoice_lines;
		struct entry_invoice invoice;
		struct entry_credit_note credit_note;
		struct entry_line_credited line_credited;
		struct entry_period_closed period_closed;
		struct entry_stock stock;
		struct entry_payment payment;
		struct entry_payment_assigned payment_assigned;
		struct entry_check check;
		struct entry_reported reported;
		struct entry_office office;
		struct entry_command command;
		struct entry_erased erased;
	};
};

#define SALT_SIZE 16

/** entry_encode - the body of `e` with this salt, into `body` (≤ ENTRY_BODY_MAX bytes; CHECKs that
 * it fits). */
uint32_t entry_encode(const struct entry *e, const uint8_t salt[SALT_SIZE],
		      uint8_t body[ENTRY_BODY_MAX]);

/** entry_valid - whether entry_encode would take it: every field in the range of its kind. For
 * facts made of what people typed, which are refused before they are CHECKed. */
MUST_CHECK bool entry_valid(const struct entry *e);

/** entry_decode - a body of `kind` into *ret (`at` left 0). False when unreadable. Pure, bounded,
 * fuzzed. */
MUST_CHECK bool entry_decode(uint16_t kind, struct span body, struct entry *ret);

/** Room for entry_text. */
#define ENTRY_TEXT_SIZE 640

/** entry_text - the fact as one line, as the daemon logs it and a story tells it:
 *  "front: admitted 3f…9a by scanner, visit 0123…". No control characters. */
void entry_text(const struct entry *e, char text[ENTRY_TEXT_SIZE]);

#endif
