/*
 * derive.h: what follows from entries, into the office's tables. Internal to intake.
 *
 *   derive.c        kind by kind; rows gathered, what has to wait put aside, then all of it written
 *   derive_rows.c   gathered rows into their tables
 *   derive_line.c   lines taken back, visits closed, alarms, answers to commands
 *   derive_stock.c  what moves the shelf
 *   derive_money.c  payments set against invoices, credit notes
 *   derive_clock.c  days put right
 *   derive_erase.c  bodies that go
 *   derive_close.c  a month's sums, held against our own
 *
 * The shop's tables are a pure function of its entries in their order, whatever batches they came
 * in: what is worked off after the rows of its batch are written reads no row of a later entry.
 */
#ifndef SHOP_OFFICED_DERIVE_H
#define SHOP_OFFICED_DERIVE_H

#include "officed/intake.h"

enum {
	DERIVE_ROWS = 128,     /* rows handed to the database at once */
	DERIVE_COLUMNS = 24,   /* of the widest of them, at most */
	DERIVE_LOOK_BACK = 256 /* lines or visits of a batch that are looked through for one */
};

/** Rows of a batch, each beside the fact that made it. */
struct derived_visit {
	uint32_t fact;
	int64_t closed_at;
};
struct derived_line {
	uint32_t fact;
	uint64_t voided, credited;
};
struct derived_invoice {
	uint32_t fact;
	uint64_t first_seq; /* of its INVOICE_LINES entries */
};

/** What a batch does to one article's stock: a sum, from the newest count on where there is one. */
struct derived_stock {
	struct gtin gtin;
	bool counted, delivered;
	uint64_t counted_seq, seq; /* seq: the newest entry that moved it */
	uint64_t delivered_seq;
	int64_t quantity_milli;
	int64_t unit_cost;
};

struct derive {
	struct office *o;
	const char *shop;
	struct wall now;
	bool quiet; /* tables are made again: nobody is told */
	struct batch *batch;
	const struct fact *fact; /* those that are new */
	uint32_t facts;

	uint32_t visits, lines, invoices, laters;
	struct derived_visit *visit;
	struct derived_line *line;
	struct derived_invoice *invoice;
	uint32_t *later; /* facts that are worked off one by one */
	uint32_t stocks, stocks_size, stock_slots;
	struct derived_stock *stock;
	uint32_t *stock_slot; /* hashed by gtin: index + 1, 0: empty */

	/* what accounting systems have to hear of */
	uint32_t line_changes, invoice_changes;
	uint64_t dated_first, dated_last; /* older lines whose day was put right; 0: none */
	char currency[4];		  /* of the shop; empty: not asked for yet */
	bool alarms;			  /* some have changed */
	uint32_t unread;
	uint64_t unread_first;
	uint16_t unread_kind;
};

/** derive_batch - everything that follows from these facts, in the caller's transaction; errors
 * stick to o->db. The entries themselves are written as soon as they are hashed (derive_entries),
 * before anything that may read them; where their chain does not end as the batch says
 * (batch_chained()) neither they nor the rest. */
void derive_batch(struct derive *x, struct office *o, const char *shop, struct batch *b,
		  uint32_t skip, struct wall now, bool quiet);
/** derive_arrival - the batch's number among all that brought something: the last thing that is
 * done, for whoever has the counter holds up all others. */
void derive_arrival(struct derive *x);
void derive_free(struct derive *x);

/* --- derive_rows.c */
void derive_entries(struct derive *x);
void derive_put_visits(struct derive *x);
void derive_put_lines(struct derive *x);
void derive_put_invoices(struct derive *x);
void derive_put_unread(struct derive *x);
/** derive_day - the day a line was bought: of a line from before lines had one, the day of its
 * entry in UTC, as at the shop. */
struct day derive_day(const struct fact *f);

/* --- derive_line.c */
void derive_later_void(struct derive *x, const struct fact *f);
void derive_later_credit(struct derive *x, const struct fact *f);
void derive_later_closed(struct derive *x, const struct fact *f);
void derive_later_alarm(struct derive *x, const struct fact *f);
void derive_later_command(struct derive *x, const struct fact *f);

/* --- derive_stock.c */
/** derive_move - so much more or less on the shelf, by the entry `seq`. derive_count - what stands
 * there. derive_cost - what it costs by the newest delivery. In any order of entries. */
void derive_move(struct derive *x, struct gtin gtin, int64_t quantity_milli, uint64_t seq);
void derive_stock_entry(struct derive *x, const struct fact *f);
void derive_put_stock(struct derive *x);

/* --- derive_money.c */
void derive_later_payment(struct derive *x, const struct fact *f);
void derive_later_assigned(struct derive *x, const struct fact *f);
void derive_later_note(struct derive *x, const struct fact *f);
void derive_later_invoice(struct derive *x, const struct fact *f);

/* --- derive_clock.c, derive_erase.c, derive_close.c */
void derive_later_clock(struct derive *x, const struct fact *f);
void derive_later_erased(struct derive *x, const struct fact *f);
void derive_later_period(struct derive *x, const struct fact *f);

#endif
