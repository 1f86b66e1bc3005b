/*
 * read_timeline.h: visits and alarms in one line, newest first, and one visit from the door to its
 * invoice. As read.h: short bounded queries.
 */
#ifndef SHOP_LEDGER_READ_TIMELINE_H
#define SHOP_LEDGER_READ_TIMELINE_H

#include "books/invoice.h"
#include "ledger/read.h"

/** Where a page begins: visits and alarms of lower numbers than these are on it. */
struct sight_cursor {
	struct visit_id visit;
	struct alarm_id alarm;
};
#define SIGHT_NEWEST ((struct sight_cursor){{INT64_MAX}, {INT64_MAX}})

enum {
	SIGHTS_MAX = 100,	/* rows of one page */
	SIGHT_ALARMS_MAX = 256, /* that stand at the visits of one page */
	SIGHT_SCAN_MAX = 512,	/* alarms that are looked through for one page */
	SIGHT_STEPS_MAX = 1200, /* of one visit */
	SIGHT_INVOICES_MAX = 32,
	SIGHT_ENTRIES_MAX = 8192 /* that are looked through for one visit */
};

struct sight_alarm {
	struct alarm_id id;
	enum condition condition;
	struct place place;
	enum severity severity;
	enum alarm_state state;
	bool over;
	char by[NAME_MAX_LEN + 1];
	struct wall raised_at, changed_at;
	struct visit_id visit; /* that it is about; 0: none */
};

struct sight_visit {
	struct visit_id id;
	struct customer customer;
	struct place place;
	struct wall opened_at, closed_at; /* closed_at 0: still open */
	enum visit_end end;
	uint32_t lines;
	struct money total;
	uint64_t last_line; /* the newest, or 0 */
	struct invoice_id invoice;
	bool checked; /* it was picked: */
	enum check_state check;
};

struct sight {
	bool is_alarm;
	union {
		struct sight_visit visit;
		struct sight_alarm alarm;
	};
};

struct sights {
	uint32_t rows;
	struct sight row[SIGHTS_MAX];
	uint32_t alarms; /* of those visits */
	struct sight_alarm alarm[SIGHT_ALARMS_MAX];
	bool more;
	struct sight_cursor next;
};

/** reader_sights - a page of at most max (≤ SIGHTS_MAX) rows. 0 or -errno. */
int reader_sights(struct reader *r, struct sight_cursor before, uint32_t max, struct sights *ret);

/* --- one visit */

enum sight_kind {
	SIGHT_ADMITTED = 0,
	SIGHT_DOOR,
	SIGHT_OPENED,
	SIGHT_JOINED,
	SIGHT_LINE,
	SIGHT_LINE_VOIDED,
	SIGHT_LINE_CREDITED,
	SIGHT_REPORTED,
	SIGHT_CLOSED,
	SIGHT_ALARM,
	SIGHT_TOLD,
	SIGHT_CHECK,
	SIGHT_INVOICE,
	SIGHT_CREDIT_NOTE,
	SIGHT_PAYMENT,
};
#define SIGHT_KINDS 15

struct sight_line {
	uint64_t seq;
	struct line_key key;
	struct customer customer;
	struct gtin gtin;
	char name[ARTICLE_NAME_MAX + 1];
	int64_t quantity_milli;
	struct money unit_price, deposit, total;
	int32_t vat_bp;
	uint64_t voided, credited; /* entries that took it back; 0: none */
	bool late;
	struct wall at;
	struct invoice_id invoice;
};

struct sight_invoice {
	struct invoice_id id;
	uint64_t seq;
	bool note; /* a credit note */
	struct period period;
	struct day issued, due;
	struct money payable, paid, credited;
};

struct sight_step {
	enum sight_kind kind;
	struct wall at;
	uint64_t seq;
	struct place place;
	char by[NAME_MAX_LEN + 1];
	uint32_t line, invoice; /* of the lines and invoices beside it: LINE …; INVOICE … */
	union {
		struct {
			enum road road;
			bool token; /* a phone's; else a pass, a card, a challenge */
		} admitted;
		struct {
			enum door_event event;
			enum door_mode mode;
		} door;
		enum visit_end end;
		struct {
			struct alarm_id alarm;
			enum condition condition;
			enum alarm_state state;
			enum severity severity;
		} alarm;
		struct entry_told told;
		struct {
			enum check_state state;
			enum check_reason reason;
			char why[REASON_MAX + 1];
		} check;
		struct {
			enum credit_reason reason;
			char why[REASON_MAX + 1];
		} report;
	};
};

struct sight_whole {
	struct sight_visit visit;
	uint32_t alarms;
	struct sight_alarm alarm[SIGHT_ALARMS_MAX];
	uint32_t lines;
	struct sight_line line[VISIT_LINES_MAX];
	uint32_t invoices;
	struct sight_invoice invoice[SIGHT_INVOICES_MAX];
	bool truncated;
	uint32_t steps;
	struct sight_step step[SIGHT_STEPS_MAX];
};

/** reader_sight - one visit with all its steps, in the order in which they happened. 1, 0 no such
 * visit, -errno. `ret` is large: the caller's to allocate. */
int reader_sight(struct reader *r, struct visit_id visit, struct sight_whole *ret);

#endif
