/*
 * db_postgres_rows.c: many rows at once, by COPY, or as one array a column.
 *
 * A COPY stays open while rows of the same columns follow, so the server takes some in while the
 * next are made; and it is begun once, not for every thousand: PostgreSQL notes each of the rows
 * that it holds back for one COPY in a list that it looks through for each of them.
 */
#include "db/db_postgres.h"

#include <endian.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	COPY_CHUNK = 256 * 1024,
	COPY_AHEAD = 4 << 20, /* bytes that may wait here for the server */
	COPY_HEAD = 19,
};

static void put_u16(uint8_t **at, uint16_t n)
{
	n = htobe16(n);
	memcpy(*at, &n, 2);
	*at += 2;
}

static void put_u32(uint8_t **at, uint32_t n)
{
	n = htobe32(n);
	memcpy(*at, &n, 4);
	*at += 4;
}

static size_t value_size(const struct db_value *v)
{
	return 4 + (v->type == DB_INT ? 8 : v->bytes.len);
}

static void put_value(uint8_t **at, const struct db_value *v)
{
	uint64_t n;

	if (v->type == DB_NULL) {
		put_u32(at, UINT32_MAX);
	} else if (v->type == DB_INT) {
		n = htobe64((uint64_t)v->n);
		put_u32(at, 8);
		memcpy(*at, &n, 8);
		*at += 8;
	} else {
		put_u32(at, v->bytes.len);
		if (v->bytes.len)
			memcpy(*at, v->bytes.data, v->bytes.len);
		*at += v->bytes.len;
	}
}

/* Dimensions, no NULLs, the type; the one dimension's length and its lower bound; the values. */
char *postgres_array(uint32_t columns, uint32_t rows, const struct db_value *value, Oid type,
		     int *ret_len)
{
	size_t size = 5 * 4;
	uint8_t *made, *at;

	for (uint64_t i = 0; i < rows; i++)
		size += value_size(&value[i * columns]);
	made = at = size <= INT_MAX ? malloc(size) : NULL;
	if (!made)
		return NULL;
	put_u32(&at, 1);
	put_u32(&at, 0);
	put_u32(&at, type);
	put_u32(&at, rows);
	put_u32(&at, 1);
	for (uint64_t i = 0; i < rows; i++)
		put_value(&at, &value[i * columns]);
	*ret_len = (int)(at - made);
	CHECK((size_t)*ret_len == size);
	return (char *)made;
}

/* COPY's binary form: a head, per row its columns, each with its length, and -1 at the end. */
static const uint8_t copy_head[COPY_HEAD] = "PGCOPY\n\377\r\n";
static const uint8_t copy_tail[2] = {0xff, 0xff};

static uint8_t *copy_made(uint32_t columns, uint32_t rows, const struct db_value *value,
			  size_t *ret_len)
{
	uint64_t values = (uint64_t)columns * rows;
	size_t size = 2 * (size_t)rows;
	uint8_t *made, *at;

	for (uint64_t i = 0; i < values; i++)
		size += value_size(&value[i]);
	made = at = malloc(size);
	if (!made)
		return NULL;
	for (uint32_t row = 0; row < rows; row++) {
		put_u16(&at, (uint16_t)columns);
		for (uint32_t i = 0; i < columns; i++)
			put_value(&at, value++);
	}
	*ret_len = (size_t)(at - made);
	CHECK(*ret_len <= size);
	return made;
}

/* Handed to the connection, which sends what the server takes just now. A failure shows when the
 * COPY ends. */
static bool copy_sent(struct db_postgres *p, const uint8_t *made, size_t len)
{
	while (len) {
		int part = len > COPY_CHUNK ? COPY_CHUNK : (int)len, r;

		if (PQputCopyData(p->conn, (const char *)made, part) != 1)
			return false;
		p->unflushed += (size_t)part;
		r = PQflush(p->conn);
		if (r < 0 || (r > 0 && p->unflushed > COPY_AHEAD && !postgres_flush(p)))
			return false;
		if (r == 0 || p->unflushed > COPY_AHEAD)
			p->unflushed = 0;
		made += part;
		len -= (size_t)part;
	}
	return true;
}

static bool copy_began(struct db_postgres *p, const char *into)
{
	char sql[DB_INTO_MAX + 64];
	PGresult *result;
	bool open;

	snprintf(sql, sizeof(sql), "COPY %s FROM STDIN (FORMAT binary)", into);
	result = postgres_answer(p, PQsendQuery(p->conn, sql), DB_ANSWER_MS);
	open = result && PQresultStatus(result) == PGRES_COPY_IN;
	if (result && !open)
		db_fail(&p->base, -EIO, "no COPY begun");
	PQclear(result);
	if (!open)
		return false;
	snprintf(p->copying, sizeof(p->copying), "%s", into);
	p->unflushed = 0;
	return true;
}

/* What the server says to all of it; `sent`: the end is on its way. */
static bool copy_ended(struct db_postgres *p, bool sent)
{
	PGresult *result = postgres_answer(p, sent, DB_ANSWER_MS);

	p->copying[0] = '\0';
	PQclear(result);
	return result;
}

bool postgres_bulk_end(struct db_postgres *p)
{
	return !p->copying[0] || copy_ended(p, copy_sent(p, copy_tail, sizeof(copy_tail)) &&
						       PQputCopyEnd(p->conn, NULL) == 1);
}

void postgres_bulk_drop(struct db_postgres *p)
{
	if (p->copying[0])
		copy_ended(p, PQputCopyEnd(p->conn, "given up") == 1);
}

void postgres_bulk(struct db *d, const char *into, uint32_t columns, uint32_t rows,
		   const struct db_value *value)
{
	struct db_postgres *p = postgres_of(d);
	bool open = !strcmp(p->copying, into);
	uint8_t *made;
	size_t len;

	if (!open && (!postgres_bulk_end(p) || !copy_began(p, into)))
		return;
	made = copy_made(columns, rows, value, &len);
	if (!made)
		db_fail(d, -ENOMEM, "no memory for %u rows", rows);
	else if ((!open && !copy_sent(p, copy_head, COPY_HEAD)) || !copy_sent(p, made, len))
		copy_ended(p, false);
	free(made);
}
