/*
 * read_sales.h: what was sold between two days, summed by hour, weekday, day or article, in the
 * zone of the process (TZ). A year has a million lines, so they are read in steps of a few
 * milliseconds each; between them the caller serves others. Money that was taken back, by a void, a
 * credit or a credit note, was never sold.
 */
#ifndef SHOP_LEDGER_READ_SALES_H
#define SHOP_LEDGER_READ_SALES_H

#include "ledger/read.h"

enum sales_by {
	SALES_BY_HOUR = 0,
	SALES_BY_WEEKDAY = 1,
	SALES_BY_DAY = 2,
	SALES_BY_ARTICLE = 3,
};
#define SALES_BYS 4

#define SALES_DAYS_MAX 400

struct sold_row {
	uint64_t key;	   /* 0..23; Monday 0 to Sunday 6; a day since 1970; a GTIN */
	uint64_t last_seq; /* of its newest line; 0: nothing was sold */
	uint32_t lines;
	int64_t quantity_milli;
	struct money total;
};

struct sales;

/** sales_new - nothing read yet; from..to (both count) at most SALES_DAYS_MAX days, CHECKed. Never
 * NULL. */
struct sales *sales_new(enum sales_by by, struct day from, struct day to);
void sales_free(struct sales *s);

/** sales_step - reads on. 1: there is more; 0: all is summed; -errno. */
MUST_CHECK int sales_step(struct reader *r, struct sales *s);

/** sales_rows - the sums: all hours, weekdays or days, in order; articles by what they brought,
 * most first. Lent. Once only, when all is summed. */
const struct sold_row *sales_rows(struct sales *s, uint32_t *ret_rows);

/** sales_total - of all of it. sales_of - of one article; NULL: nothing was sold of it. */
struct sold_row sales_total(const struct sales *s);
const struct sold_row *sales_of(const struct sales *s, struct gtin gtin);

/** reader_line_name - what the line of this entry was called: 1, 0, -errno. */
int reader_line_name(struct reader *r, uint64_t seq, char name[ARTICLE_NAME_MAX + 1]);

#endif
