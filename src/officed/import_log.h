/* import_log.h: who read in which list and when: lists of articles, and banks' files. */
#ifndef SHOP_OFFICED_IMPORT_LOG_H
#define SHOP_OFFICED_IMPORT_LOG_H

#include "officed/office.h"

enum import_kind {
	IMPORT_GOODS = 1,
	IMPORT_PAYMENTS = 2,
};

enum {
	IMPORT_FILE_MAX = 120, /* bytes of a file's name that are kept */
	IMPORTS_KEPT = 1000,   /* of a kind */
};

struct import_counts {
	int64_t rows;	 /* of the list; payments of the file */
	int64_t changed; /* articles and prices; payments that were new */
	int64_t bad;	 /* rows that were not taken; payments that nobody has an invoice for */
};

/** import_log - writes down what was read in, in a transaction of its own; the file's name is the
 * request's `file`. `shop`: whose it was alone, or "". 0 or -errno. */
MUST_CHECK int import_log(struct office *o, const struct ask *a, enum import_kind kind,
			  const char *shop, const struct import_counts *counts);

/** GET /v1/products/imports, /v1/payments/imports: the newest first. Who has the right over all
 * shops sees all of them, others their own. */
extern route_fn goods_imports, payments_imports;

#endif
