/*
 * db_postgres.c: the engine for an office that grows: statements, their values and rows.
 *
 * Everything travels in binary: a number is eight bytes, bytes are bytes. A statement is prepared
 * for the types of its values at first use, and once more if it is used with others. Answers are
 * taken whole, so any number of them can be open at a time; DB_ROWS_MAX and every query's LIMIT
 * bound them.
 */
#include "db/db_postgres.h"

#include <endian.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { /* pg_type.oid: what can be read or written */
	OID_BOOL = 16,
	OID_BYTEA = 17,
	OID_NAME = 19,
	OID_INT8 = 20,
	OID_INT2 = 21,
	OID_INT4 = 23,
	OID_TEXT = 25,
	OID_BYTEAS = 1001, /* bytea[] … */
	OID_TEXTS = 1009,
	OID_INT8S = 1016,
	OID_VARCHAR = 1043,
};

/* --- transactions */

static void lose(struct db_postgres *p)
{
	db_forget_all(&p->base);
	postgres_disconnect(p);
}

/* A server that was started anew while we had nothing to ask is no failure. */
static void postgres_begin(struct db *d, enum db_mode mode)
{
	const char *sql = mode == DB_WRITES ? "BEGIN ISOLATION LEVEL READ COMMITTED"
					    : "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY";
	struct db_postgres *p = postgres_of(d);
	bool fresh = !p->conn || p->lost;

	for (;;) {
		if (fresh) {
			lose(p);
			if (postgres_connect(p))
				return;
		}
		if (postgres_say(p, sql, DB_ANSWER_MS) || fresh || !p->lost)
			return;
		d->failed = 0;
		fresh = true;
	}
}

static void postgres_commit(struct db *d)
{
	postgres_say(postgres_of(d), "COMMIT", DB_ANSWER_MS);
}

/* What failed before still sticks; the rollback's own failure only costs the connection. */
static void postgres_rollback(struct db *d)
{
	struct db_postgres *p = postgres_of(d);
	struct {
		int failed;
		bool again;
	} before = {d->failed, d->again};

	if (!p->lost)
		postgres_bulk_drop(p);
	if (!p->lost && PQtransactionStatus(p->conn) != PQTRANS_IDLE) {
		d->failed = 0;
		p->lost = !postgres_say(p, "ROLLBACK", DB_ANSWER_MS) ||
			  PQtransactionStatus(p->conn) != PQTRANS_IDLE;
	}
	d->failed = before.failed;
	d->again = before.again;
}

static void postgres_script(struct db *d, const char *sql)
{
	struct db_postgres *p = postgres_of(d);

	if (postgres_say(p, "SET LOCAL statement_timeout = 0", DB_ANSWER_MS))
		postgres_say(p, sql, DB_SCRIPT_MS);
}

/* --- statements */

static Oid oid_of(enum db_type type)
{
	switch (type) {
	case DB_NULL:
		return 0; /* whatever the statement makes of it */
	case DB_INT:
		return OID_INT8;
	case DB_TEXT:
		return OID_TEXT;
	case DB_BYTES:
		return OID_BYTEA;
	}
	return 0;
}

static Oid array_oid_of(enum db_type type)
{
	return type == DB_INT ? OID_INT8S : type == DB_TEXT ? OID_TEXTS : OID_BYTEAS;
}

/* Any number of rows are one statement, of an array a column. */
static void merge_text(const char *into, uint32_t columns, char *text, size_t size)
{
	const char *conflict = db_conflict(into);
	int at = snprintf(text, size, "INSERT INTO %.*s SELECT * FROM unnest",
			  (int)(conflict - into), into);

	for (uint32_t i = 1; i <= columns; i++)
		at += snprintf(text + at, size - (size_t)at, "%c$%u", i == 1 ? '(' : ',', i);
	snprintf(text + at, size - (size_t)at, ")%s", conflict);
}

static void name_of(const struct db_statement *s, char name[16])
{
	snprintf(name, 16, "s%u", s->number);
}

static bool postgres_prepare(struct db *d, struct db_statement *s, const struct db_value *value)
{
	struct db_postgres *p = postgres_of(d);
	char text[DB_INTO_MAX + 8 * DB_VALUES_MAX + 64], name[16];
	const char *sql = s->sql;
	Oid types[DB_VALUES_MAX];
	PGresult *result;

	if (!postgres_bulk_end(p))
		return false;
	for (uint32_t i = 0; i < s->values; i++)
		types[i] = s->bulk ? array_oid_of(value[i].type) : oid_of(value[i].type);
	if (s->bulk) {
		merge_text(s->sql, s->bulk, text, sizeof(text));
		sql = text;
	}
	s->number = ++p->prepared;
	name_of(s, name);
	result = postgres_answer(p, PQsendPrepare(p->conn, name, sql, (int)s->values, types),
				 DB_ANSWER_MS);
	PQclear(result);
	return result;
}

/* Only when there are too many, which no program of literals has, has the server to be told. */
static void postgres_forget(struct db *d, struct db_statement *s)
{
	struct db_postgres *p = postgres_of(d);
	char name[16], sql[32];

	if (p->lost || !p->conn || d->inside == DB_OUTSIDE || d->failed)
		return;
	name_of(s, name);
	snprintf(sql, sizeof(sql), "DEALLOCATE %s", name);
	postgres_say(p, sql, DB_ANSWER_MS);
}

static PGresult *execute(struct db_postgres *p, struct db_statement *s,
			 const struct db_value *value)
{
	const char *bytes[DB_VALUES_MAX];
	int len[DB_VALUES_MAX], binary[DB_VALUES_MAX];
	uint64_t number[DB_VALUES_MAX];
	char name[16];

	if (!postgres_bulk_end(p))
		return NULL;
	for (uint32_t i = 0; i < s->values; i++) {
		const struct db_value *v = &value[i];

		binary[i] = 1;
		bytes[i] = v->bytes.len ? (const char *)v->bytes.data : "";
		len[i] = (int)v->bytes.len;
		if (v->type == DB_NULL) {
			bytes[i] = NULL;
			len[i] = 0;
		} else if (v->type == DB_INT) {
			number[i] = htobe64((uint64_t)v->n);
			bytes[i] = (const char *)&number[i];
			len[i] = 8;
		}
	}
	name_of(s, name);
	return postgres_answer(
		p, PQsendQueryPrepared(p->conn, name, (int)s->values, bytes, len, binary, 1),
		DB_ANSWER_MS);
}

static int64_t postgres_run(struct db *d, struct db_statement *s, const struct db_value *value)
{
	PGresult *result = execute(postgres_of(d), s, value);
	int64_t touched = result && s->counts ? strtoll(PQcmdTuples(result), NULL, 10) : 0;

	PQclear(result);
	return touched;
}

static void postgres_merge(struct db *d, const char *into, uint32_t columns, uint32_t rows,
			   const struct db_value *value)
{
	struct db_postgres *p = postgres_of(d);
	struct db_statement *s = db_statement(d, into, columns, value, columns);
	const char *bytes[DB_VALUES_MAX] = {NULL};
	int len[DB_VALUES_MAX] = {0}, binary[DB_VALUES_MAX];
	bool room = s && postgres_bulk_end(p);
	PGresult *result = NULL;
	char name[16];

	for (uint32_t i = 0; room && i < columns; i++) {
		binary[i] = 1;
		bytes[i] = postgres_array(columns, rows, value + i, oid_of(value[i].type), &len[i]);
		room = bytes[i];
		if (!room)
			db_fail(d, -ENOMEM, "no memory for %u rows", rows);
	}
	if (room) {
		name_of(s, name);
		result = postgres_answer(
			p, PQsendQueryPrepared(p->conn, name, (int)columns, bytes, len, binary, 1),
			DB_ANSWER_MS);
	}
	PQclear(result);
	for (uint32_t i = 0; i < columns; i++)
		free((void *)(uintptr_t)bytes[i]);
	if (s)
		db_statement_end(d, s);
}

static void postgres_many(struct db *d, const char *into, uint32_t columns, uint32_t rows,
			  const struct db_value *value)
{
	if (db_conflict(into))
		postgres_merge(d, into, columns, rows, value);
	else
		postgres_bulk(d, into, columns, rows, value);
}

/* --- rows */

static void postgres_ask(struct db_rows *r, struct db_statement *s, const struct db_value *value)
{
	r->result = execute(postgres_of(r->d), s, value);
	db_statement_end(r->d, s);
	if (r->result && PQntuples(r->result) > DB_ROWS_MAX)
		db_fail(r->d, -E2BIG, "more than %d rows", DB_ROWS_MAX);
}

/* r->row is the number of those given before. */
static bool postgres_next(struct db_rows *r)
{
	return r->row < PQntuples(r->result);
}

static int64_t number_in(const char *bytes, int len)
{
	uint64_t n = bytes[0] & 0x80 ? UINT64_MAX : 0;

	for (int i = 0; i < len; i++)
		n = n << 8 | (uint8_t)bytes[i];
	return (int64_t)n;
}

static bool postgres_column(struct db_rows *r, uint32_t column, struct db_value *ret)
{
	int row = (int)r->row - 1, at = (int)column, len;
	const char *bytes;

	*ret = db_null();
	if (column >= (uint32_t)PQnfields(r->result))
		return false;
	if (PQgetisnull(r->result, row, at))
		return true;
	bytes = PQgetvalue(r->result, row, at);
	len = PQgetlength(r->result, row, at);
	switch (PQftype(r->result, at)) {
	case OID_BOOL:
		*ret = db_int(bytes[0] != 0);
		return true;
	case OID_INT2:
	case OID_INT4:
	case OID_INT8:
		*ret = db_int(number_in(bytes, len));
		return true;
	case OID_NAME:
	case OID_TEXT:
	case OID_VARCHAR:
		*ret = db_text_n(bytes, (uint32_t)len);
		return true;
	case OID_BYTEA:
		*ret = db_bytes(bytes, (uint32_t)len);
		return true;
	default:
		return false;
	}
}

static void postgres_end(struct db_rows *r)
{
	PQclear(r->result);
}

static bool postgres_has_table(struct db *d, const char *table)
{
	int64_t n;

	return db_one(d, &n,
		      "SELECT 1 FROM pg_catalog.pg_tables WHERE tablename = $1 AND "
		      "schemaname = current_schema() LIMIT 1",
		      DB_VALUES(db_text(table)));
}

/* --- open and close */

static void postgres_close(struct db *d)
{
	struct db_postgres *p = postgres_of(d);

	postgres_disconnect(p);
	free(p->where);
	free(p);
}

static const struct db_ops postgres_ops = {
	.begin = postgres_begin,
	.commit = postgres_commit,
	.rollback = postgres_rollback,
	.script = postgres_script,
	.prepare = postgres_prepare,
	.forget = postgres_forget,
	.run = postgres_run,
	.ask = postgres_ask,
	.next = postgres_next,
	.column = postgres_column,
	.end = postgres_end,
	.bulk = postgres_many,
	.has_table = postgres_has_table,
	.close = postgres_close,
};

int db_postgres_open(const char *where, struct db **ret, char why[DB_WHY_MAX])
{
	struct db_postgres *p = calloc(1, sizeof(*p));
	int r;

	CHECK(p);
	p->base.ops = &postgres_ops;
	p->base.engine = DB_POSTGRES;
	p->where = strdup(where);
	CHECK(p->where);
	r = postgres_connect(p);
	if (!r) {
		*ret = &p->base;
		return 0;
	}
	snprintf(why, DB_WHY_MAX, "%s", p->base.why);
	postgres_close(&p->base);
	return r;
}
