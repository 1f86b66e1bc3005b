/*
 * csv.h: a strict, bounded reader of comma-separated values (RFC 4180) in UTF-8. Pure: works on the
 * whole text in memory, allocates nothing. Fuzzed.
 */
#ifndef SHOP_WIRE_CSV_H
#define SHOP_WIRE_CSV_H

#include "base/span.h"

#define CSV_FIELDS_MAX 64   /* columns: Open Food Facts' own export cut to what a shop needs */
#define CSV_ROW_MAX    4096 /* bytes of one row's fields: a long name and thirty numbers */
#define CSV_TEXT_MAX   (64u << 20) /* bytes of a file: 200,000 articles of 300 bytes */

struct csv {
	struct span rest;
	uint32_t line; /* of what comes next, counted from 1 */
};

/** One row. Fields are NUL-terminated and lie in `bytes`; the reader lets no NUL into them. */
struct csv_row {
	uint32_t line; /* where it begins */
	uint32_t fields;
	const char *field[CSV_FIELDS_MAX];
	uint32_t field_len[CSV_FIELDS_MAX];
	char bytes[CSV_ROW_MAX];
};

enum csv_got {
	CSV_END = 0,
	CSV_ROW = 1,
	CSV_BAD = 2, /* row->line and the reason; the next call goes on behind it */
};

/** csv_init - `text` is lent for as long as the reader is used; a byte order mark is dropped. */
void csv_init(struct csv *csv, struct span text);

/**
 * csv_next - the next row. Lines end in LF or CRLF; an empty line is skipped; a field may stand in
 * quotes, "" in it is a quote, and it may hold commas and line ends. Bad is: a quote within an
 * unquoted field or text behind a closing one, a quote that never closes, a lone CR, NUL, what is
 * not UTF-8, more than CSV_FIELDS_MAX fields or CSV_ROW_MAX bytes.
 */
enum csv_got csv_next(struct csv *csv, struct csv_row *row, const char **ret_why);

#endif
