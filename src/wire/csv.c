/*
 * csv.c: rows out of a text that somebody's spreadsheet wrote. Nothing is repaired: a row that does
 * not hold to RFC 4180 is told with its line and left out.
 *
 * How the reader finds its feet again matters more than what it refuses. A bad row whose quotes are
 * in order ends where it would have ended. One whose quote never closes would swallow the rest of
 * the file: it ends with the line on which it began, so that one stray quote costs one row.
 */
#include "wire/csv.h"

#include <stdbool.h>
#include <string.h>

#include "base/utf8.h"

void csv_init(struct csv *csv, struct span text)
{
	struct span mark;

	*csv = (struct csv){.rest = text, .line = 1};
	if (text.len >= 3 && memcmp(text.data, "\xef\xbb\xbf", 3) == 0)
		CHECK(span_take(&csv->rest, 3, &mark));
}

/** What is being read of one row. */
struct scan {
	const uint8_t *data;
	uint32_t len;
	uint32_t at;
	uint32_t out;	 /* bytes of row->bytes used */
	uint32_t lines;	 /* line ends passed */
	const char *why; /* the first thing that is wrong */
	bool quote_open; /* it ended within quotes */
};

static void scan_wrong(struct scan *s, const char *why)
{
	if (!s->why)
		s->why = why;
}

static void scan_put(struct scan *s, struct csv_row *row, uint8_t byte)
{
	if (s->out + 1 >= CSV_ROW_MAX)
		scan_wrong(s, "the row is longer than 4096 bytes");
	else
		row->bytes[s->out++] = (char)byte;
	if (byte == 0)
		scan_wrong(s, "there is a NUL in it");
}

static bool scan_line_end(const struct scan *s)
{
	return s->data[s->at] == '\n' ||
	       (s->data[s->at] == '\r' && s->at + 1 < s->len && s->data[s->at + 1] == '\n');
}

/** Reads from behind the opening quote to behind the closing one. */
static void scan_quoted(struct scan *s, struct csv_row *row)
{
	while (s->at < s->len) {
		uint8_t byte = s->data[s->at++];

		if (byte == '"') {
			if (s->at == s->len || s->data[s->at] != '"')
				return;
			s->at++;
		}
		s->lines += byte == '\n';
		scan_put(s, row, byte);
		/* no field is this long: the quote was a slip, and the file is not to be lost */
		if (s->out + 1 >= CSV_ROW_MAX)
			break;
	}
	s->quote_open = true;
	scan_wrong(s, "a quote is not closed");
}

static void scan_field(struct scan *s, struct csv_row *row)
{
	bool quoted = s->at < s->len && s->data[s->at] == '"';

	if (quoted) {
		s->at++;
		scan_quoted(s, row);
	}
	while (s->at < s->len && !s->quote_open && s->data[s->at] != ',' && !scan_line_end(s)) {
		uint8_t byte = s->data[s->at++];

		if (quoted)
			scan_wrong(s, "there is text behind a closing quote");
		else if (byte == '"')
			scan_wrong(s, "there is a quote within a field that is not quoted");
		else if (byte == '\r')
			scan_wrong(s, "there is a lone carriage return");
		scan_put(s, row, byte);
	}
}

/** Reads one row's fields; s->at then stands on its line end or the text's end. */
static void scan_row(struct scan *s, struct csv_row *row)
{
	row->fields = 0;
	for (;;) {
		uint32_t from = s->out;

		scan_field(s, row);
		if (row->fields == CSV_FIELDS_MAX) {
			scan_wrong(s, "there are more than 64 fields");
		} else {
			uint32_t len = s->out - from;

			row->field[row->fields] = row->bytes + from;
			row->field_len[row->fields++] = len;
			row->bytes[s->out] = '\0';
			s->out += s->out + 1 < CSV_ROW_MAX;
			if (!s->why && !utf8_valid(row->bytes + from, len))
				scan_wrong(s, "it is not UTF-8");
		}
		if (s->quote_open || s->at == s->len || s->data[s->at] != ',')
			return;
		s->at++;
	}
}

static void skip_line(struct csv *csv, uint32_t from)
{
	const uint8_t *end = from < csv->rest.len
				     ? memchr(csv->rest.data + from, '\n', csv->rest.len - from)
				     : NULL;
	uint32_t len = end ? (uint32_t)(end - csv->rest.data) + 1 : csv->rest.len;
	struct span line;

	CHECK(span_take(&csv->rest, len, &line));
	csv->line++;
}

enum csv_got csv_next(struct csv *csv, struct csv_row *row, const char **ret_why)
{
	struct scan s = {0};

	for (;;) {
		s = (struct scan){.data = csv->rest.data, .len = csv->rest.len};
		if (s.len == 0)
			return CSV_END;
		if (!scan_line_end(&s))
			break;
		skip_line(csv, 0);
	}
	row->line = csv->line;
	scan_row(&s, row);
	csv->line += s.quote_open ? 0 : s.lines;
	skip_line(csv, s.quote_open ? 0 : s.at);
	if (s.why)
		*ret_why = s.why;
	return s.why ? CSV_BAD : CSV_ROW;
}
