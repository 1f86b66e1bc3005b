/* sheet.h: an invoice's lines as CSV (RFC 4180, UTF-8, comma, point): one row a line, for people
 * with spreadsheets. */
#ifndef SHOP_PAPER_SHEET_H
#define SHOP_PAPER_SHEET_H

#include <stdio.h>

#include "books/invoice.h"

/** sheet_write - 0, or -errno of the stream. A cell that a spreadsheet would take for a formula is
 * quoted by a leading apostrophe. */
MUST_CHECK int sheet_write(const struct paper *p, FILE *out);

#endif
