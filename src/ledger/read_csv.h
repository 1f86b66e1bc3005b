/*
 * read_csv.h: the books' tables as CSV (RFC 4180, UTF-8), page by page, for whoever checks them or
 * keeps them elsewhere: short reads, so that a shop goes on selling meanwhile.
 *
 * Amounts are whole minor units, quantities thousandths, days like 2026-10-31, customers 32 hex
 * digits, other ids numbers, classes and kinds words; what is missing is empty, or 0 where it is a
 * number. A text that a spreadsheet would take for a formula stays what it is: this is for
 * programs.
 */
#ifndef SHOP_LEDGER_READ_CSV_H
#define SHOP_LEDGER_READ_CSV_H

#include "ledger/read.h"

enum csv_table {
	CSV_LINES = 0,
	CSV_POSTINGS = 1,
	CSV_INVOICES = 2, /* and credit notes */
	CSV_INVOICE_RATES = 3,
	CSV_INVOICE_LINES = 4,
	CSV_PAYMENTS = 5,
	CSV_CLOSED = 6,
	CSV_CHART = 7,
	CSV_TAX = 8,
};
#define CSV_TABLES 9

/** csv_table_name - "lines", … csv_table_head - the line of its columns' names, CRLF behind it. */
const char *csv_table_name(enum csv_table t);
const char *csv_table_head(enum csv_table t);

#define CSV_PAGE_SIZE (256 << 10)

/** Where a table has been read to, and the rows of the newest page. Zero it to begin a table, all
 * but the shop's name, which stands in the invoices' numbers. */
struct csv_page {
	struct place shop;
	int64_t after[2];
	uint32_t rows, len; /* 0 rows: the table is over */
	char text[CSV_PAGE_SIZE];
};

/** reader_csv - the next page of a table: rows of entries up to `upto` alone (a head read before
 * the first page), so that the tables agree with each other. 0 or -errno. */
int reader_csv(struct reader *r, enum csv_table t, uint64_t upto, struct csv_page *page);

/** reader_chart - the accounts on record up to `upto`, or those that hold before any are. 0 or
 * -errno. */
int reader_chart(struct reader *r, uint64_t upto, struct entry_chart *ret);

#endif
