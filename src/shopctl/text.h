/*
 * text.h: how a result looks: data made fit for a terminal, aligned columns, and the JSON forms of
 * times, ids and money.
 */
#ifndef SHOP_SHOPCTL_TEXT_H
#define SHOP_SHOPCTL_TEXT_H

#include "base/clock.h"
#include "base/ids.h"
#include "base/money.h"
#include "shopctl/shopctl.h"

/**
 * text_clean - copies `text` so that it can do nothing to a terminal: C0, DEL and C1 controls,
 * bidirectional overrides, line separators and whatever is not UTF-8 become U+FFFD; a space stays.
 * Cut at a character's edge when `size` is short; always NUL-terminated. @return bytes, no NUL.
 */
uint32_t text_clean(const char *text, char *clean, uint32_t size);

/** A table for people: a line of titles, then rows; each column as wide as its widest cell. The
 * last column is not padded. A title that starts with '>' is a column of numbers, set right. */
#define TABLE_COLUMNS_MAX 12
struct table {
	uint32_t columns;
	uint32_t cells, room; /* titles included */
	bool failed;	      /* memory ran out */
	char **cell;
};

/** table_init - an empty table with these titles. */
void table_init(struct table *t, const char *const *title, uint32_t columns);
/** table_cell - the next cell, left to right, row by row. */
void table_cell(struct table *t, const char *format, ...) __attribute__((format(printf, 2, 3)));
/** table_print - prints, frees; CTL_INTERNAL when memory had run out. With no row prints `none`. */
enum ctl_exit table_print(struct ctl *ctl, struct table *t, const char *none);
/** table_free - for a table that is not printed after all. */
void table_free(struct table *t);

/** json_clean - a JSON string of cleaned text; json_text_or_null - null where it is empty. */
json_t *json_clean(const char *text);
json_t *json_text_or_null(const char *text);
/** json_hex, json_wall - lowercase hex; RFC 3339, or null for 0. */
json_t *json_hex(const void *bytes, uint32_t len);
json_t *json_wall(int64_t ms);
/** json_gtin - as digits in a string. */
json_t *json_gtin(struct gtin gtin);

/** wall_people - "2026-11-21 23:00:04" in the time zone of whoever reads; "-" for 0. */
#define WALL_PEOPLE_SIZE 32
void wall_people(int64_t ms, char text[WALL_PEOPLE_SIZE]);

#endif
