/*
 * text.c: the way out to people and programs. Names of articles, notes on acknowledgements, words
 * in an answer: all of it was typed by somebody, so nothing of it reaches a terminal that could
 * move its cursor, colour it, or turn the reading direction around.
 */
#include "shopctl/text.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/utf8.h"

uint32_t text_clean(const char *text, char *clean, uint32_t size)
{
	static const char instead[] = "\xef\xbf\xbd";
	uint32_t len = (uint32_t)strlen(text), out = 0;

	CHECK(size > 0);
	for (uint32_t at = 0; at < len;) {
		uint32_t code = 0, one = utf8_one(text + at, len - at, &code);
		bool harmful = one == 0 || utf8_harmful(code);
		uint32_t bytes = harmful ? 3 : one;

		if (out + bytes >= size)
			break;
		memcpy(clean + out, harmful ? instead : text + at, bytes);
		out += bytes;
		at += one ? one : 1;
	}
	clean[out] = '\0';
	return out;
}

/** Characters that the text takes on a terminal: one a code point is right for our languages. */
static uint32_t text_width(const char *text)
{
	uint32_t width = 0;

	for (const char *c = text; *c; c++)
		width += ((uint8_t)*c & 0xc0) != 0x80;
	return width;
}

/** Adds a cell, which takes the string over. */
static void cell_add(struct table *t, char *text)
{
	if (t->cells == t->room && !t->failed) {
		uint32_t room = t->room ? t->room * 2 : 64;
		char **cell = reallocarray(t->cell, room, sizeof(*cell));

		t->failed = !cell;
		if (cell) {
			t->cell = cell;
			t->room = room;
		}
	}
	if (!text || t->failed) {
		t->failed = true;
		free(text);
		return;
	}
	t->cell[t->cells++] = text;
}

void table_init(struct table *t, const char *const *title, uint32_t columns)
{
	CHECK(columns > 0 && columns <= TABLE_COLUMNS_MAX);
	*t = (struct table){.columns = columns};
	for (uint32_t i = 0; i < columns; i++)
		cell_add(t, strdup(title[i]));
}

void table_cell(struct table *t, const char *format, ...)
{
	char raw[CTL_MESSAGE_SIZE], clean[CTL_MESSAGE_SIZE];
	va_list args;

	va_start(args, format);
	vsnprintf(raw, sizeof(raw), format, args);
	va_end(args);
	text_clean(raw, clean, sizeof(clean));
	cell_add(t, strdup(clean));
}

/** Prints row `first` .. of the table; the titles' '>' says which columns are set right. */
static void row_print(FILE *out, const struct table *t, uint32_t first, const uint32_t *width)
{
	for (uint32_t c = 0; c < t->columns; c++) {
		const char *text = t->cell[first + c];
		bool right = t->cell[c][0] == '>';

		if (first == 0 && right)
			text++;
		uint32_t pad = width[c] - text_width(text);

		if (right)
			fprintf(out, "%*s", (int)pad, "");
		fputs(text, out);
		if (c + 1 < t->columns)
			fprintf(out, "%*s", (int)(right ? 2 : pad + 2), "");
	}
	fputc('\n', out);
}

static void table_lay(FILE *out, const struct table *t)
{
	uint32_t width[TABLE_COLUMNS_MAX] = {0};

	for (uint32_t i = 0; i < t->cells; i++) {
		uint32_t wide = text_width(t->cell[i]);

		wide -= i < t->columns && t->cell[i][0] == '>';
		if (wide > width[i % t->columns])
			width[i % t->columns] = wide;
	}
	for (uint32_t i = 0; i < t->cells; i += t->columns)
		row_print(out, t, i, width);
}

void table_free(struct table *t)
{
	for (uint32_t i = 0; i < t->cells; i++)
		free(t->cell[i]);
	free(t->cell);
	*t = (struct table){0};
}

enum ctl_exit table_print(struct ctl *ctl, struct table *t, const char *none)
{
	bool failed = t->failed;

	CHECK(failed || t->cells % t->columns == 0);
	if (!failed && t->cells == t->columns)
		fprintf(ctl->out, "%s\n", none);
	else if (!failed)
		table_lay(ctl->out, t);
	table_free(t);
	return failed ? ctl_fail(ctl, CTL_INTERNAL, "out of memory") : CTL_DONE;
}

json_t *json_clean(const char *text)
{
	char clean[CTL_MESSAGE_SIZE];

	text_clean(text, clean, sizeof(clean));
	return json_string(clean);
}

json_t *json_text_or_null(const char *text)
{
	return text[0] ? json_clean(text) : json_null();
}

json_t *json_hex(const void *bytes, uint32_t len)
{
	char text[CTL_MESSAGE_SIZE];

	CHECK(2 * len < sizeof(text));
	hex_text(bytes, len, text);
	return json_string(text);
}

json_t *json_wall(int64_t ms)
{
	char text[WALL_TEXT_SIZE];

	if (ms == 0)
		return json_null();
	wall_text((struct wall){ms}, text);
	return json_string(text);
}

json_t *json_gtin(struct gtin gtin)
{
	char text[GTIN_TEXT_MAX + 1];

	gtin_text(gtin, text);
	return json_string(text);
}

void wall_people(int64_t ms, char text[WALL_PEOPLE_SIZE])
{
	time_t seconds = (time_t)(ms / 1000);
	struct tm local;

	if (ms == 0 || !localtime_r(&seconds, &local) ||
	    strftime(text, WALL_PEOPLE_SIZE, "%Y-%m-%d %H:%M:%S", &local) == 0)
		snprintf(text, WALL_PEOPLE_SIZE, "-");
}
