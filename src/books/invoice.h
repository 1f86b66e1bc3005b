/*
 * invoice.h: from a household's lines to its invoice, and from an invoice to what stands on the
 * paper (design 4). Sums are made here and nowhere else; documents only show them.
 */
#ifndef SHOP_BOOKS_INVOICE_H
#define SHOP_BOOKS_INVOICE_H

#include "base/day.h"
#include "books/number.h"
#include "wire/entry.h"

/** Gathers the lines of one customer, in any order. Zero it to begin. */
struct invoice_sum {
	uint32_t lines;
	uint32_t rates;
	struct invoice_rate rate[RATES_MAX]; /* gross and posted, falling vat_bp */
	struct money gross;
};

/** invoice_add - one line's gross and the VAT that was posted for it. False when it does not fit:
 * too many lines or rates, a negative amount, a sum past 1e17; nothing is added then. */
MUST_CHECK bool invoice_add(struct invoice_sum *s, int32_t vat_bp, struct money total,
			    struct money vat_posted);

/** invoice_make - base and VAT of each rate, payable, rounding. number, customer and days are the
 * caller's. Sums must be ≥ 0. */
void invoice_make(const struct invoice_sum *s, struct entry_invoice *ret);

/** invoice_rolls - whether so small a sum waits for the next month: gross < `least`, and its oldest
 * line is younger than `months` months at the end of `period`. */
bool invoice_rolls(struct money gross, struct day oldest, struct period period, struct money least,
		   int32_t months);

/** One line as it stands on the paper. `name` is lent. */
struct paper_line {
	uint64_t seq;	   /* of its entry */
	struct day bought; /* BT-134/BT-135 */
	struct gtin gtin;
	const char *name;
	int32_t quantity_milli;
	int32_t vat_bp;
	struct money unit_price; /* gross, a piece or kilogram */
	struct money gross;	 /* goods alone, without deposit */
	struct money deposit;	 /* gross */
	struct money net;	 /* BT-131 of the goods */
	struct money deposit_net;
	bool late;
	struct money list_price; /* what unit_price was before a discount; 0 or the same: none */
};

/** An invoice or a credit note, whole: what a renderer is handed. */
struct paper {
	struct place shop;
	char currency[4];
	bool credit_note;
	struct invoice_id id;
	struct invoice_id original; /* of a credit note */
	struct customer customer;
	struct period period;
	struct day issued, due;
	uint32_t rates;
	struct invoice_rate rate[RATES_MAX];
	struct money gross, rounding, payable;
	enum credit_reason reason; /* of a credit note */
	const char *why;
	uint32_t lines;
	struct paper_line *line; /* the caller's */
};

/** paper_spread - fills in `net` and `deposit_net` of every line: each rate's base over its lines
 * by largest remainder. `room` is for 2 × lines money and as many indices. Lines stand in ascending
 * seq; of equal claims to an öre the earlier wins, a line's goods before its deposit. False where
 * the paper does not hold: lines out of order, or Σ lines' gross of a rate is not the rate's. A
 * credit note of one line is not spread: its line is the invoice's, as spread there. */
struct paper_room {
	struct money *gross, *net;
	uint32_t *order;
};
MUST_CHECK bool paper_spread(struct paper *p, struct paper_room room);

/** credit_whole - a note that mirrors all of an invoice: every amount as it is there. credit_line -
 * one line of it: net as spread on the invoice, VAT on that net, payable the line's gross to the
 * öre, the difference in `rounding`. Number, day, reason, why, by, key are the caller's. */
void credit_whole(const struct entry_invoice *i, struct entry_credit_note *ret);
void credit_line(const struct paper_line *l, struct entry_credit_note *ret);

#endif
