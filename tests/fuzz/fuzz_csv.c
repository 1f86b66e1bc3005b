/*
 * fuzz_csv.c: any bytes at all as a price list. The reader ends, its lines only grow, its fields
 * are NUL-terminated text within their row, and what it takes keeps its promises.
 */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/utf8.h"
#include "wire/csv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void row_hold(const struct csv_row *row)
{
	CHECK(row->fields >= 1 && row->fields <= CSV_FIELDS_MAX);
	for (uint32_t i = 0; i < row->fields; i++) {
		CHECK(row->field[i] >= row->bytes);
		CHECK(row->field[i] + row->field_len[i] < row->bytes + CSV_ROW_MAX);
		CHECK(strlen(row->field[i]) == row->field_len[i]);
		CHECK(utf8_valid(row->field[i], row->field_len[i]));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct csv_row row;
	struct csv csv;
	uint32_t line = 0;

	if (size > 65536)
		return 0;
	csv_init(&csv, (struct span){data, (uint32_t)size});
	for (uint32_t rows = 0;; rows++) {
		const char *why = NULL;
		uint32_t left = csv.rest.len;
		enum csv_got got = csv_next(&csv, &row, &why);

		if (got == CSV_END)
			break;
		CHECK(rows <= size && csv.rest.len < left);
		CHECK(row.line > line && csv.line > row.line);
		line = row.line;
		CHECK((got == CSV_BAD) == (why != NULL));
		if (got == CSV_ROW)
			row_hold(&row);
	}
	CHECK(csv.rest.len == 0);
	return 0;
}
