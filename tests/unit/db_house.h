/* db_house.h: an empty database of one's own for a test: a SQLite file in a fresh folder, or a
 * schema of the PostgreSQL that SHOP_TEST_POSTGRES names. */
#ifndef SHOP_TESTS_DB_HOUSE_H
#define SHOP_TESTS_DB_HOUSE_H

#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "db/db.h"

struct db_house {
	enum db_engine engine;
	char folder[32];  /* SQLite's */
	char schema[32];  /* PostgreSQL's */
	char where[1000]; /* for db_open() */
};

static inline void db_house_say(const char *sql)
{
	PGconn *conn = PQconnectdb(getenv("SHOP_TEST_POSTGRES"));
	PGresult *result;

	CHECK(PQstatus(conn) == CONNECTION_OK);
	PQclear(PQexec(conn, "SET client_min_messages = warning"));
	result = PQexec(conn, sql);
	CHECK(PQresultStatus(result) == PGRES_COMMAND_OK);
	PQclear(result);
	PQfinish(conn);
}

/** db_house_open - an empty database. False: PostgreSQL, and there is no server; skip() the test.
 */
static inline bool db_house_open(struct db_house *h, enum db_engine engine)
{
	const char *server = getenv("SHOP_TEST_POSTGRES");
	static unsigned number;
	char sql[100];

	*h = (struct db_house){.engine = engine};
	if (engine == DB_SQLITE) {
		snprintf(h->folder, sizeof(h->folder), "/tmp/shop-db-XXXXXX");
		CHECK(mkdtemp(h->folder));
		snprintf(h->where, sizeof(h->where), "%s/office.db", h->folder);
		return true;
	}
	if (!server || !server[0])
		return false;
	snprintf(h->schema, sizeof(h->schema), "t_%d_%u", (int)getpid(), ++number);
	snprintf(sql, sizeof(sql), "CREATE SCHEMA %s", h->schema);
	db_house_say(sql);
	snprintf(h->where, sizeof(h->where), "%s%coptions=-csearch_path%%3D%s", server,
		 strchr(server, '?') ? '&' : '?', h->schema);
	return true;
}

static inline void db_house_close(struct db_house *h)
{
	static const char *const names[] = {"", "-wal", "-shm", "-lock", "-journal"};
	char text[1100];

	if (h->engine == DB_POSTGRES && h->schema[0]) {
		snprintf(text, sizeof(text), "DROP SCHEMA %s CASCADE", h->schema);
		db_house_say(text);
	}
	for (size_t i = 0; h->folder[0] && i < ARRAY_LEN(names); i++) {
		snprintf(text, sizeof(text), "%s%s", h->where, names[i]);
		unlink(text);
	}
	if (h->folder[0])
		rmdir(h->folder);
	h->schema[0] = h->folder[0] = '\0';
}

#endif
