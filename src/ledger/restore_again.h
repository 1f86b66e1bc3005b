/* restore_again.h: what the files share that append a box's own entries again. Internal to
 * ledger/. */
#ifndef SHOP_LEDGER_RESTORE_AGAIN_H
#define SHOP_LEDGER_RESTORE_AGAIN_H

#include "ledger/restore_inside.h"

enum again_statement {
	AGAIN_HASH,
	AGAIN_HAS_BODY,
	AGAIN_PUT_BODY,
	AGAIN_HAS_LINE,
	AGAIN_PUT_LINE,
	AGAIN_VISIT,
	AGAIN_SAME_VISIT,
	AGAIN_ALARM,
	AGAIN_SAME_ALARM,
	AGAIN_LINE,
	AGAIN_LINE_OF_KEY,
	AGAIN_BORNE,
	AGAIN_ON_INVOICE,
	AGAIN_KEY,
	AGAIN_PAYMENT,
	AGAIN_NEWEST,
	AGAIN_INVOICE,
	AGAIN_NOTES,
	AGAIN_STATEMENTS
};

/** Numbers of ours that mean something else by now, and what they are instead; ascending. */
struct again_map {
	struct again_pair {
		uint64_t own, now;
	} * pair;
	uint32_t n, size;
};

struct again {
	struct restoring *x;
	struct store *s;
	sqlite3_stmt *statement[AGAIN_STATEMENTS];
	uint64_t office; /* the newest entry of the office's */
	/* of the source at hand */
	struct source *source;
	uint64_t common; /* the newest entry that it has in common with the office */
	uint64_t *now;	 /* by its entries after that: where they stand; 0: nowhere */
	struct again_map visit, alarm;
	struct entry *pack; /* lines of the invoice that is to come */
	uint32_t packs, packs_size;
	char why[100]; /* why the entry at hand cannot be */
};

/** What is done with an entry of ours. */
enum again_verdict {
	AGAIN_APPEND,
	AGAIN_CHANGED, /* with other numbers in it */
	AGAIN_THERE,   /* it is there already: *ret_seq */
	AGAIN_LEFT,    /* it cannot be: a->why */
};

/** again_get - a statement, to be bound. again_row - true for a row; else it is reset. */
sqlite3_stmt *again_get(struct again *a, enum again_statement which);
MUST_CHECK bool again_row(struct again *a, enum again_statement which);
void again_done(struct again *a, enum again_statement which);

/** again_found - the one number that a statement gives: false: none. */
MUST_CHECK bool again_found(struct again *a, enum again_statement which, uint64_t *ret);

/** again_now - where an entry of the source stands; 0: nowhere. */
uint64_t again_now(const struct again *a, uint64_t seq);
/** again_left - AGAIN_LEFT, with the words. */
__attribute__((format(printf, 2, 3))) enum again_verdict again_left(struct again *a,
								    const char *format, ...);
/** again_key - whether a request of this key is on record. */
bool again_key(struct again *a, const char *key, uint64_t *ret_seq);

/* --- restore_numbers.c */

/** again_opened - of a visit as it is told to begin: whether the office has it, and under which
 * number it is from here on. again_visit, again_alarm - the visit or alarm that an entry speaks of,
 * by its number of now: whether that is another. */
enum again_verdict again_opened(struct again *a, struct wall at, struct entry_visit_opened *v);
bool again_visit(struct again *a, struct visit_id *visit);
bool again_alarm(struct again *a, struct entry_alarm *l);
/** again_told - of a text about an alarm: likewise. */
bool again_told(struct again *a, struct entry_told *t);

/* --- restore_books.c */

/** again_books - of an entry about money that is no line: its verdict; the numbers in it changed.
 * again_invoice - of an invoice, whose lines are in a->pack: the same, and they are changed. */
enum again_verdict again_books(struct again *a, struct entry *e, uint64_t *ret_seq);
enum again_verdict again_invoice(struct again *a, const struct entry_invoice *i);
/** again_voided - of a line taken back in its visit, whose number is changed already. */
enum again_verdict again_voided(struct again *a, const struct entry_line_voided *v);

#endif
