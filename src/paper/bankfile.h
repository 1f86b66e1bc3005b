/*
 * bankfile.h: what banks send about money that came in: ISO 20022 camt.054 (versions .02 to .08;
 * XML by libexpat, no entities, no DTD) and Bankgiro Inbetalningar (BgMax, fixed 80-character
 * records, ISO 8859-1). Names, addresses and account numbers in them are passed over, never kept.
 */
#ifndef SHOP_PAPER_BANKFILE_H
#define SHOP_PAPER_BANKFILE_H

#include "books/payment.h"

#define BANKFILE_MAX	 (16u << 20) /* bytes: 20,000 payments and more */
#define BANKFILE_WHY_MAX 200

/** Told of each payment, in the file's order. Not 0: stop, and hand that back. */
typedef int bankfile_fn(void *data, const struct bank_payment *payment);

/** bankfile_read - which of the two it is shows in its first bytes. A file is read through once to
 * check it whole before the first payment is told: counts and sums that it states about itself must
 * hold. 0; what `each` gave; -EINVAL with `why` (line or record, what is wrong); -EFBIG. */
MUST_CHECK int bankfile_read(const char *bytes, uint32_t len, bankfile_fn *each, void *data,
			     char why[BANKFILE_WHY_MAX]);

#endif
