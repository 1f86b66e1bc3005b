/* db_postgres.h: what the files of the PostgreSQL engine share. */
#ifndef SHOP_DB_DB_POSTGRES_H
#define SHOP_DB_DB_POSTGRES_H

#include <libpq-fe.h>

#include "db/db_inside.h"

struct db_postgres {
	struct db base;
	PGconn *conn; /* NULL: not connected */
	char *where;
	uint32_t prepared; /* statements that this connection has been given names for */
	bool lost;	   /* the connection is of no use any more */
	/* rows are on their way: a COPY into this is open, and ends when anything else is said */
	char copying[DB_INTO_MAX + 1];
	size_t unflushed; /* bytes of it that may still lie here */
};

static inline struct db_postgres *postgres_of(struct db *d)
{
	return (struct db_postgres *)(void *)d;
}

/** postgres_connect - a new connection, set up; 0, or the error that sticks. */
int postgres_connect(struct db_postgres *p);
void postgres_disconnect(struct db_postgres *p);

/**
 * postgres_answer - what the server answers to that which was sent (`sent`: libpq took it): the
 * last result, or the first that failed. NULL after a failure, which sticks by then. PQclear() it.
 */
PGresult *postgres_answer(struct db_postgres *p, bool sent, int within_ms);

/** postgres_say - SQL of one or several statements, without values and rows. */
bool postgres_say(struct db_postgres *p, const char *sql, int within_ms);

/** postgres_bulk - db_bulk() by COPY, which stays open for more rows of the same columns: the
 * server takes them in while the next are made. What it has against them is heard at
 * postgres_bulk_end(), which stands before whatever else is said; false: it failed.
 * postgres_bulk_drop - none of them is wanted. */
void postgres_bulk(struct db *d, const char *into, uint32_t columns, uint32_t rows,
		   const struct db_value *value);
bool postgres_bulk_end(struct db_postgres *p);
void postgres_bulk_drop(struct db_postgres *p);

/** postgres_array - the binary form of an array of every `columns`-th value; free() it. NULL: no
 * memory. */
char *postgres_array(uint32_t columns, uint32_t rows, const struct db_value *value, Oid type,
		     int *ret_len);

/** postgres_flush - what was sent is out. False: the server is gone. */
bool postgres_flush(struct db_postgres *p);

#endif
