/*
 * fuzz_goods_csv.c: any bytes at all as a list of articles for the office. A row is taken or a
 * problem is said, never both or neither; a problem names its line and is text with an end; what is
 * taken is in its bounds.
 */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/utf8.h"
#include "officed/goods_csv.h"

#define INPUT_MAX 65536

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void header_hold(const struct goods_header *h, const struct csv_row *row)
{
	CHECK(h->fields == row->fields);
	for (uint32_t i = 0; i < GOODS_COLUMNS; i++)
		CHECK(h->at[i] == UINT32_MAX || h->at[i] < h->fields);
}

static void problem_hold(const struct goods_problem *p, const struct csv_row *row)
{
	CHECK(p->line == row->line);
	CHECK(memchr(p->column, '\0', sizeof(p->column)));
	CHECK(memchr(p->problem, '\0', sizeof(p->problem)) && p->problem[0] != '\0');
	CHECK(utf8_valid(p->problem, (uint32_t)strlen(p->problem)));
}

static void row_hold(const struct goods_row *r, const struct csv_row *row)
{
	CHECK(r->line == row->line);
	CHECK(!r->has_price || r->price >= 0);
	CHECK(r->valid_from >= 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct csv_row row;
	struct goods_header header;
	struct goods_problem problem;
	struct goods_row taken;
	char text[GOODS_PROBLEM_MAX] = "";
	const char *why = NULL;
	struct csv csv;
	enum csv_got got;

	if (size > INPUT_MAX)
		return 0;
	csv_init(&csv, (struct span){data, (uint32_t)size});
	if (csv_next(&csv, &row, &why) != CSV_ROW)
		return 0;
	if (!goods_header_read(&row, &header, text)) {
		CHECK(memchr(text, '\0', sizeof(text)) && text[0] != '\0');
		return 0;
	}
	header_hold(&header, &row);
	while ((got = csv_next(&csv, &row, &why)) != CSV_END) {
		if (got == CSV_BAD)
			continue;
		memset(&problem, 0, sizeof(problem));
		if (goods_row_read(&header, &row, &taken, &problem))
			row_hold(&taken, &row);
		else
			problem_hold(&problem, &row);
	}
	return 0;
}
