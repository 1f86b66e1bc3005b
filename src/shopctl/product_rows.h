/* product_rows.h: a CSV of articles -> the rows of an import, with a word for each that is not
 * taken. */
#ifndef SHOP_SHOPCTL_PRODUCT_ROWS_H
#define SHOP_SHOPCTL_PRODUCT_ROWS_H

#include "base/span.h"
#include "ledger/catalogue.h"
#include "wire/entry.h"

/** Reasons are kept for the first bad rows; all are counted. */
#define PROBLEMS_MAX 20

struct problem {
	uint32_t line;
	char why[160]; /* may hold data: clean it before it is shown */
};

struct product_rows {
	uint32_t rows;
	uint32_t bad;	  /* rows left out */
	uint32_t by_rule; /* rows whose price product_rule.h set */
	uint32_t problems;
	struct problem problem[PROBLEMS_MAX];
	struct import_row *row; /* free() */
};

/**
 * product_rows_read - every row of `text`.
 * @chart: a fixed VAT rate without accounts in it makes a row bad; NULL: shopd will say.
 * @rule: whether product_rule.h may set prices and deposits; else a row without a price is bad, and
 * one without a deposit has none.
 * @return 0; -EINVAL with `why` when the file as a whole is none (header); -ENOMEM. ret->row is
 * only set on 0.
 */
MUST_CHECK int product_rows_read(struct span text, const struct entry_chart *chart, bool rule,
				 struct product_rows *ret, char why[160]);

#endif
