/*
 * bankfile_part.h: what the readers of bank files share, for the parts of bankfile.h alone.
 *
 *   bankfile.c  which file it is, payments gathered and told, their keys
 *   camt.c      ISO 20022 camt.054: what each element is for   camt_entry.c  an entry, added up
 *   bgmax.c     Bankgiro Inbetalningar
 */
#ifndef SHOP_PAPER_BANKFILE_PART_H
#define SHOP_PAPER_BANKFILE_PART_H

#include "paper/bankfile.h"

#define REFERENCE_MAX (sizeof(((struct bank_payment *)0)->reference) - 1)

/** The payments of a file, until all of it has been judged. */
struct harvest {
	struct bank_payment *payment;
	uint32_t count, room;
	uint32_t *slot; /* payments by key: index + 1; 0 is free */
	uint32_t slots; /* a power of two, at least twice `count` */
	char *why;	/* BANKFILE_WHY_MAX */
	int error;	/* 0, or why it ended: -EINVAL with `why`, -ENOMEM */
};

/** harvest_wrong - the file cannot be used: -EINVAL and `why`, unless something was wrong before.
 */
void harvest_wrong(struct harvest *h, const char *form, ...) __attribute__((format(printf, 2, 3)));

/** What makes a payment this one and no other, in the bank's own words. */
struct identity {
	const char *text[8]; /* NULL and "" count as none */
};

/** harvest_add - one payment more; its key is a hash over what `id`, amount, day, currency and
 * reference say, and over how many like it came before: so the same file gives the same keys. */
void harvest_add(struct harvest *h, struct bank_payment p, const struct identity *id);

/** bank_amount_parse - "1234", "1234.5", "1234.50" exactly, no sign; up to five decimals where
 * those past the second are 0. False on anything else, and what does not fit. */
MUST_CHECK bool bank_amount_parse(const char *text, uint32_t len, struct money *ret);

/** reference_set - text that may hold a reference into `ret`: blanks at its ends taken off; a
 * longer one keeps the words with a digit in them; when even those are too long it is empty: a
 * person has to look. */
void reference_set(const char *text, char ret[REFERENCE_MAX + 1]);

/** camt_read, bgmax_read - the whole file into *h; what is wrong with it in h->error and h->why. */
void camt_read(struct harvest *h, const char *bytes, uint32_t len);
void bgmax_read(struct harvest *h, const char *bytes, uint32_t len);

#endif
