/*
 * rebuild_walk.c: two tables side by side, row by row and column by column, in the order of their
 * keys: what was made again from the entries, and what is there.
 */
#include "ledger/rebuild_inside.h"

#include <stdio.h>

enum {
	ROWS_A_READ = 10000
};

/* A derived table and what its rows are ordered by. */
struct table {
	const char *name;
	const char *key; /* one column, or two */
	uint32_t keys;
	bool of_erasable; /* told by entries that may be erased */
	const char *except;
};

static const struct table tables[] = {
	{"visit", "id", 1, false, NULL},
	{"bearer", "visit, seq", 2, false, NULL},
	{"line", "seq", 1, false, NULL},
	{"balance", "customer", 1, false, NULL},
	{"posting", "id", 1, false, NULL},
	{"invoice", "id", 1, false, NULL},
	{"invoice_rate", "invoice, vat_bp", 2, false, NULL},
	{"invoice_pack", "invoice, first", 2, false, NULL},
	{"period_closed", "period", 1, false, NULL},
	{"payment", "seq", 1, false, NULL},
	{"settled", "payment, invoice", 2, false, NULL},
	{"stock", "gtin", 1, false, NULL},
	{"movement", "seq", 1, false, NULL},
	{"visit_check", "visit", 1, false, NULL},
	{"reported", "seq", 1, false, NULL},
	{"desk_key", "key", 1, false, NULL},
	{"alarm", "id", 1, false, NULL},
	{"token_used", "slot", 1, true, NULL},
	{"card_used", "kid", 1, true, NULL},
	/* `running` is written ahead of the entries, `probe` and `acked` beside them */
	{"meta", "name", 1, false,
	 "name NOT IN ('running', 'probe', 'acked') AND name NOT GLOB '" NOTE_MODE "*'"},
	{"meta", "name", 1, true, "name GLOB '" NOTE_MODE "*'"},
};

/* One table on both sides, from the last row that was compared on. */
struct walk {
	const struct table *table;
	sqlite3_stmt *side[2]; /* made again; as it is */
	sqlite3_value *last[2];
	bool more;
};

static sqlite3_stmt *side_of(struct rebuild_check *c, const struct table *t, const char *schema,
			     bool from)
{
	char sql[512];

	snprintf(sql, sizeof(sql), "SELECT %s, * FROM %s.%s WHERE %s%s%s%s%s ORDER BY %s LIMIT %u",
		 t->key, schema, t->name, t->except ? t->except : "1", from ? " AND (" : "",
		 from ? t->key : "",
		 !from		? ""
		 : t->keys == 2 ? ") > (?1, ?2)"
				: ") > ?1",
		 "", t->key, ROWS_A_READ);
	return sql_prepare(c->store.writer.db, sql);
}

/* A value as people read it: a customer by eight digits, other bytes by as many. */
static void value_text(sqlite3_stmt *row, int at, char *text, size_t size)
{
	char hex[9];

	if (sqlite3_column_type(row, at) == SQLITE_BLOB) {
		uint8_t head[4] = {0};
		int len = sqlite3_column_bytes(row, at);

		if (len > 0)
			memcpy(head, sqlite3_column_blob(row, at), len < 4 ? (size_t)len : 4);
		hex_text(head, sizeof(head), hex);
		snprintf(text, size, "%s", hex);
	} else if (sqlite3_column_type(row, at) == SQLITE_NULL) {
		snprintf(text, size, "nothing");
	} else {
		snprintf(text, size, "%.48s", (const char *)sqlite3_column_text(row, at));
	}
}

static void name_row(struct rebuild_check *c, const struct table *t, sqlite3_stmt *row)
{
	char first[49], second[49];

	c->ret->ok = false;
	snprintf(c->ret->table, sizeof(c->ret->table), "%s", t->name);
	value_text(row, 0, first, sizeof(first));
	if (t->keys == 2)
		value_text(row, 1, second, sizeof(second));
	snprintf(c->ret->key, sizeof(c->ret->key), "%s%s%s", first, t->keys == 2 ? ", " : "",
		 t->keys == 2 ? second : "");
}

static bool same_value(sqlite3_stmt *a, sqlite3_stmt *b, int at)
{
	int type = sqlite3_column_type(a, at);
	const void *x, *y;
	int len;

	if (type != sqlite3_column_type(b, at))
		return false;
	if (type == SQLITE_INTEGER)
		return column_i64(a, at) == column_i64(b, at);
	if (type == SQLITE_NULL)
		return true;
	x = sqlite3_column_blob(a, at);
	y = sqlite3_column_blob(b, at);
	len = sqlite3_column_bytes(a, at);
	return len == sqlite3_column_bytes(b, at) && (len == 0 || memcmp(x, y, (size_t)len) == 0);
}

/* Whether two rows that stand in the same place are the same; else says what differs. */
static bool same_row(struct rebuild_check *c, const struct table *t, sqlite3_stmt *a,
		     sqlite3_stmt *b)
{
	char made[50], there[50];

	for (int at = 0; at < sqlite3_column_count(a); at++) {
		if (same_value(a, b, at))
			continue;
		name_row(c, t, a);
		if (at < (int)t->keys) {
			snprintf(c->ret->why, sizeof(c->ret->why),
				 "the table and the entries have other rows");
			return false;
		}
		value_text(a, at, made, sizeof(made));
		value_text(b, at, there, sizeof(there));
		snprintf(c->ret->why, sizeof(c->ret->why),
			 "%s is %s, and from the entries it is %s", sqlite3_column_name(a, at),
			 there, made);
		return false;
	}
	return true;
}

static void keep_last(struct walk *w, sqlite3_stmt *row)
{
	for (uint32_t i = 0; i < w->table->keys; i++) {
		sqlite3_value_free(w->last[i]);
		w->last[i] = sqlite3_value_dup(sqlite3_column_value(row, (int)i));
		CHECK(w->last[i]);
	}
}

/* The next rows of both. 0, or -errno; more or a difference stand in the walk and the result. */
static int compare_some(struct rebuild_check *c, struct walk *w)
{
	sqlite3_stmt *made = w->side[0], *there = w->side[1];
	uint32_t n = 0;
	int a, b;

	w->more = false;
	for (;;) {
		a = sqlite3_step(made);
		b = sqlite3_step(there);
		if (a != SQLITE_ROW || b != SQLITE_ROW)
			break;
		if (!same_row(c, w->table, made, there))
			return 0;
		c->ret->rows++;
		if (++n == ROWS_A_READ) {
			keep_last(w, made);
			w->more = true;
		}
	}
	if ((a != SQLITE_DONE && a != SQLITE_ROW) || (b != SQLITE_DONE && b != SQLITE_ROW))
		return rebuild_fail_sql(c, w->table->name);
	if (a == b)
		return 0;
	name_row(c, w->table, a == SQLITE_ROW ? made : there);
	snprintf(c->ret->why, sizeof(c->ret->why), "%s",
		 a == SQLITE_ROW ? "the row is missing" : "no entry tells of this row");
	return 0;
}

/* One short read: first what is new, then rows that are all of one moment. */
static int walk_on(struct rebuild_check *c, struct walk *w, bool from)
{
	int r = rebuild_begin(c), ended;

	if (r == 0)
		do
			r = rebuild_derive(c);
		while (r == 0);
	for (int i = 0; r == 1 && i < 2; i++) {
		w->side[i] = side_of(c, w->table, i == 0 ? "main" : "ledger", from);
		if (!w->side[i])
			r = rebuild_fail_sql(c, w->table->name);
		for (uint32_t k = 0; r == 1 && from && k < w->table->keys; k++)
			sqlite3_bind_value(w->side[i], (int)k + 1, w->last[k]);
	}
	if (r == 1)
		r = compare_some(c, w);
	for (int i = 0; i < 2; i++) {
		sqlite3_finalize(w->side[i]);
		w->side[i] = NULL;
	}
	ended = rebuild_end(c);
	return r < 0 ? r : ended;
}

static int compare_table(struct rebuild_check *c, const struct table *t)
{
	struct walk w = {.table = t};
	bool from = false;
	int r;

	do {
		r = walk_on(c, &w, from);
		from = true;
	} while (r == 0 && c->ret->ok && w.more);
	for (uint32_t i = 0; i < ARRAY_LEN(w.last); i++)
		sqlite3_value_free(w.last[i]);
	c->ret->tables++;
	return r;
}

int rebuild_compare(struct rebuild_check *c)
{
	int r = 0;

	for (uint32_t i = 0; r == 0 && c->ret->ok && i < ARRAY_LEN(tables); i++)
		if (!tables[i].of_erasable || !c->erased)
			r = compare_table(c, &tables[i]);
	return r;
}
