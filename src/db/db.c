/*
 * db.c: what both engines have in common: errors that stick, values looked at before they leave,
 * prepared statements found again, rows and their columns.
 *
 * Values are judged here and not by the engine, so that both refuse the same: SQLite would keep a
 * text with a NUL inside or with broken UTF-8, PostgreSQL would not. The same with the number of
 * values, the type of a column that is read, and the length of an answer.
 */
#include "db/db_inside.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

bool db_where_is_postgres(const char *where)
{
	return !strncmp(where, "postgresql://", 13) || !strncmp(where, "postgres://", 11);
}

int db_open(const char *where, struct db **ret, char why[DB_WHY_MAX])
{
	why[0] = '\0';
	return db_where_is_postgres(where) ? db_postgres_open(where, ret, why)
					   : db_sqlite_open(where, ret, why);
}

void db_close(struct db *d)
{
	if (!d)
		return;
	CHECK(d->inside == DB_OUTSIDE && !d->rows_open);
	db_forget_all(d);
	d->ops->close(d);
}

enum db_engine db_engine(const struct db *d)
{
	return d->engine;
}

int db_failed(const struct db *d)
{
	return d->failed;
}

const char *db_why(const struct db *d)
{
	return d->why;
}

void db_scrub(struct db *d)
{
	CHECK(d->inside == DB_OUTSIDE);
	if (d->ops->scrub)
		d->ops->scrub(d);
}

void db_trouble_inject(struct db *d, uint32_t times)
{
	d->trouble = times;
}

void db_fail(struct db *d, int error, const char *why, ...)
{
	va_list list;

	CHECK(error < 0);
	if (d->failed)
		return;
	d->failed = error;
	d->again = error == -EAGAIN;
	va_start(list, why);
	vsnprintf(d->why, sizeof(d->why), why, list);
	va_end(list);
	for (char *at = d->why; *at; at++)
		if ((uint8_t)*at < ' ')
			*at = ' ';
}

void db_fail_late(struct db *d, const char *why)
{
	if (d->failed)
		return;
	db_fail(d, -EAGAIN, "%s", why);
	d->again = false;
}

/* --- values */

struct db_value db_text(const char *text)
{
	size_t len = strlen(text);

	/* one that is too long for the type is too long for any database: values_fit() says so */
	return db_text_n(text, len > UINT32_MAX ? UINT32_MAX : (uint32_t)len);
}

static bool plain_ascii(const uint8_t *at, uint32_t len)
{
	uint8_t high = 0;
	bool zero = false;

	for (uint32_t i = 0; i < len; i++) {
		high |= at[i];
		zero |= !at[i];
	}
	return high < 0x80 && !zero;
}

static bool is_text(struct span s)
{
	return !s.len || plain_ascii(s.data, s.len) ||
	       (!memchr(s.data, 0, s.len) && utf8_valid(s.data, s.len));
}

static bool values_fit(struct db *d, uint64_t values, const struct db_value *value)
{
	for (uint64_t i = 0; i < values; i++) {
		const struct db_value *v = &value[i];

		if (v->type == DB_NULL || v->type == DB_INT)
			continue;
		if (v->bytes.len > DB_VALUE_MAX)
			db_fail(d, -E2BIG, "a value of %u bytes", v->bytes.len);
		else if (v->type == DB_TEXT && !is_text(v->bytes))
			db_fail(d, -EINVAL, "value %u is no UTF-8 text", (unsigned)i + 1);
		else
			continue;
		return false;
	}
	return true;
}

/* The highest $n of a statement; those in quotes are none. */
static uint32_t values_wanted(const char *sql)
{
	uint32_t most = 0;
	char quote = 0;

	for (const char *at = sql; *at; at++) {
		if (quote) {
			quote = *at == quote ? 0 : quote;
		} else if (*at == '\'' || *at == '"') {
			quote = *at;
		} else if (*at == '$') {
			uint32_t n = (uint32_t)strtoul(at + 1, NULL, 10);

			most = n > most ? n : most;
		}
	}
	return most;
}

/* --- prepared statements */

static uint32_t slot_of(const char *sql)
{
	return (uint32_t)(((uintptr_t)sql * 0x9E3779B97F4A7C15ULL) >> 55) % DB_SLOTS;
}

static void statement_free(struct db *d, struct db_statement *s)
{
	d->ops->forget(d, s);
	free(s->text);
	free(s);
}

void db_forget_all(struct db *d)
{
	for (uint32_t i = 0; i < DB_SLOTS; i++) {
		while (d->slot[i]) {
			struct db_statement *s = d->slot[i];

			CHECK(!s->busy);
			d->slot[i] = s->next;
			statement_free(d, s);
		}
	}
	d->statements = 0;
}

/* PostgreSQL prepares a statement for types; a NULL goes with any. */
static bool types_match(const struct db *d, const struct db_statement *s,
			const struct db_value *value)
{
	if (d->engine == DB_SQLITE)
		return true;
	for (uint32_t i = 0; i < s->values; i++)
		if (value[i].type != DB_NULL && value[i].type != s->types[i])
			return false;
	return true;
}

static bool counts_rows(const char *sql)
{
	static const char *const words[] = {"INSERT", "UPDATE", "DELETE", "WITH", "REPLACE"};

	sql += strspn(sql, " \t\n(");
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (!strncasecmp(sql, words[i], strlen(words[i])))
			return true;
	return false;
}

static struct db_statement *statement_new(struct db *d, const char *sql, uint32_t values,
					  const struct db_value *value, uint32_t bulk)
{
	struct db_statement *s = calloc(1, sizeof(*s));
	char *text = strdup(sql);

	if (!s || !text) {
		db_fail(d, -ENOMEM, "no memory for a statement");
		free(s);
		free(text);
		return NULL;
	}
	*s = (struct db_statement){.sql = sql,
				   .text = text,
				   .bulk = bulk,
				   .values = bulk ? bulk : values_wanted(sql),
				   .counts = counts_rows(sql)};
	for (uint32_t i = 0; i < values; i++)
		s->types[i] = (uint8_t)value[i].type;
	if (s->values != values)
		db_fail(d, -EINVAL, "%u values for a statement of %u: %.80s", values, s->values,
			sql);
	else if (d->ops->prepare(d, s, value))
		return s;
	free(text);
	free(s);
	return NULL;
}

struct db_statement *db_statement(struct db *d, const char *sql, uint32_t values,
				  const struct db_value *value, uint32_t bulk)
{
	uint32_t slot = slot_of(sql);
	struct db_statement *s;
	bool taken = false;

	for (s = d->slot[slot]; s; s = s->next) {
		if (s->sql != sql || s->bulk != bulk || s->values != values ||
		    strcmp(s->text, sql) || !types_match(d, s, value))
			continue;
		if (!s->busy)
			return s;
		taken = true;
	}
	if (d->statements >= DB_STATEMENTS_MAX && !d->rows_open)
		db_forget_all(d);
	s = statement_new(d, sql, values, value, bulk);
	if (!s)
		return NULL;
	s->single = taken || d->statements >= DB_STATEMENTS_MAX;
	if (!s->single) {
		s->next = d->slot[slot];
		d->slot[slot] = s;
		d->statements++;
	}
	return s;
}

void db_statement_end(struct db *d, struct db_statement *s)
{
	s->busy = false;
	if (s->single)
		statement_free(d, s);
}

/* The statement, when everything about the call is in order. */
static struct db_statement *made_ready(struct db *d, const char *sql, uint32_t values,
				       const struct db_value *value)
{
	CHECK(d->inside != DB_OUTSIDE && values <= DB_VALUES_MAX);
	if (d->failed || !values_fit(d, values, value))
		return NULL;
	return db_statement(d, sql, values, value, 0);
}

int64_t db_do(struct db *d, const char *sql, uint32_t values, const struct db_value *value)
{
	struct db_statement *s = made_ready(d, sql, values, value);
	int64_t touched;

	if (!s)
		return d->failed;
	touched = d->ops->run(d, s, value);
	db_statement_end(d, s);
	return d->failed ? d->failed : touched;
}

const char *db_conflict(const char *into)
{
	return strstr(into, " ON CONFLICT");
}

/* Rows that travel column by column, each of one type. */
static bool columns_fit(struct db *d, uint32_t columns, uint32_t rows, const struct db_value *value)
{
	for (uint64_t i = 0; i < (uint64_t)columns * rows; i++) {
		if (value[i].type != DB_NULL && value[i].type == value[i % columns].type)
			continue;
		db_fail(d, -EINVAL, "column %u of rows that may be there is NULL or of two types",
			(unsigned)(i % columns) + 1);
		return false;
	}
	return true;
}

void db_bulk(struct db *d, const char *into, uint32_t columns, uint32_t rows,
	     const struct db_value *value)
{
	CHECK(d->inside != DB_OUTSIDE && columns > 0 && columns <= DB_VALUES_MAX);
	CHECK(strlen(into) <= DB_INTO_MAX);
	if (d->failed || !rows || !values_fit(d, (uint64_t)columns * rows, value) ||
	    (db_conflict(into) && !columns_fit(d, columns, rows, value)))
		return;
	d->ops->bulk(d, into, columns, rows, value);
}

/* --- rows */

void db_ask(struct db *d, struct db_rows **ret, const char *sql, uint32_t values,
	    const struct db_value *value)
{
	struct db_rows *r = calloc(1, sizeof(*r));
	struct db_statement *s;

	CHECK(r);
	r->d = d;
	*ret = r;
	s = made_ready(d, sql, values, value);
	d->rows_open++;
	if (s)
		d->ops->ask(r, s, value);
}

bool db_next(struct db_rows *r)
{
	struct db *d = r->d;

	r->on = false;
	if (d->failed)
		return false;
	r->on = d->ops->next(r);
	if (r->on && ++r->row > DB_ROWS_MAX) {
		db_fail(d, -E2BIG, "more than %d rows", DB_ROWS_MAX);
		r->on = false;
	}
	return r->on;
}

void db_rows_end(struct db_rows *r)
{
	CHECK(r->d->rows_open > 0);
	r->d->ops->end(r);
	r->d->rows_open--;
	free(r);
}

/* The column's value, when it is of this type. */
static bool column_of(struct db_rows *r, uint32_t column, enum db_type type, struct db_value *ret)
{
	if (!r->on || r->d->failed)
		return false;
	if (!r->d->ops->column(r, column, ret)) {
		db_fail(r->d, -EINVAL,
			"column %u is not there, or is neither number, text nor bytes", column);
		return false;
	}
	if (ret->type == DB_NULL)
		return false;
	if (ret->type == type || (ret->type == DB_TEXT && type == DB_BYTES))
		return true;
	db_fail(r->d, -EINVAL, "column %u is of another type than it is read as", column);
	return false;
}

int64_t db_col_int(struct db_rows *r, uint32_t column)
{
	struct db_value v;

	return column_of(r, column, DB_INT, &v) ? v.n : 0;
}

const char *db_col_text(struct db_rows *r, uint32_t column)
{
	struct db_value v;

	return column_of(r, column, DB_TEXT, &v) ? (const char *)v.bytes.data : "";
}

struct span db_col_bytes(struct db_rows *r, uint32_t column)
{
	struct db_value v;

	return column_of(r, column, DB_BYTES, &v) ? v.bytes : (struct span){NULL, 0};
}

bool db_col_null(struct db_rows *r, uint32_t column)
{
	struct db_value v;

	if (!r->on || r->d->failed)
		return true;
	return !r->d->ops->column(r, column, &v) || v.type == DB_NULL;
}

bool db_one(struct db *d, int64_t *ret, const char *sql, uint32_t values,
	    const struct db_value *value)
{
	struct db_rows *r;
	bool found;
	int64_t n;

	db_ask(d, &r, sql, values, value);
	found = db_next(r);
	n = db_col_int(r, 0);
	db_rows_end(r);
	if (!found || d->failed)
		return false;
	*ret = n;
	return true;
}

bool db_has_table(struct db *d, const char *table)
{
	CHECK(d->inside != DB_OUTSIDE);
	return d->ops->has_table(d, table);
}
