/*
 * db_postgres_talk.c: the connection: made, spoken over, lost.
 *
 * Nothing waits for ever. The server ends a statement after DB_STATEMENT_MS and the wait for a lock
 * after DB_BUSY_MS; what it has not answered in DB_ANSWER_MS it never will, and the connection is
 * given up. TCP's own keep-alives find a network that is gone.
 *
 * A password may stand in the connection string: what libpq says about one that it cannot read is
 * not repeated.
 */
#include "db/db_postgres.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* --- what went wrong, by SQLSTATE */

static int errno_of(const char *state)
{
	static const struct {
		const char *state;
		int error;
	} known[] = {
		{"40001", -EAGAIN},   {"40P01", -EAGAIN},   {"55P03", -EAGAIN},
		{"57014", -EAGAIN},   {"53100", -ENOSPC},   {"23505", -EEXIST},
		{"25006", -EINVAL},   {"53300", -ENOTCONN}, {"57P01", -ENOTCONN},
		{"57P02", -ENOTCONN}, {"57P03", -ENOTCONN}, {"57P05", -ENOTCONN},
		{"25P03", -ENOTCONN}, {"08P01", -EIO},	    {"54000", -E2BIG},
		{"53200", -ENOMEM},
	};

	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		if (!strcmp(state, known[i].state))
			return known[i].error;
	return !strncmp(state, "08", 2) ? -ENOTCONN : -EIO;
}

static void lost(struct db_postgres *p, const char *why)
{
	p->lost = true;
	db_fail(&p->base, -ENOTCONN, "%s", why);
}

static void failed_by(struct db_postgres *p, const PGresult *result)
{
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	const char *why = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
	int error;

	if (!state) { /* libpq's own: the connection broke */
		lost(p, PQerrorMessage(p->conn));
		return;
	}
	error = errno_of(state);
	p->lost |= error == -ENOTCONN;
	if (!strcmp(state, "57014"))
		db_fail_late(&p->base, why ? why : "cancelled");
	else
		db_fail(&p->base, error, "%s (%s)", why ? why : "failed", state);
}

/* --- waiting */

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static bool wait_for(struct db_postgres *p, short events, int64_t until)
{
	struct pollfd fd = {.fd = PQsocket(p->conn), .events = events};
	int64_t left = until - now_ms();

	if (fd.fd < 0 || left <= 0 || poll(&fd, 1, (int)left) == 0) {
		lost(p, "the server does not answer");
		return false;
	}
	if ((fd.revents & (POLLIN | POLLERR | POLLHUP)) && !PQconsumeInput(p->conn)) {
		lost(p, PQerrorMessage(p->conn));
		return false;
	}
	return true;
}

static bool flushed(struct db_postgres *p, int64_t until)
{
	for (;;) {
		int r = PQflush(p->conn);

		if (!r)
			return true;
		if (r < 0) {
			/* what the server said before it went is worth more than the pipe's end */
			(void)!PQconsumeInput(p->conn);
			return false;
		}
		if (!wait_for(p, POLLIN | POLLOUT, until))
			return false;
	}
}

bool postgres_flush(struct db_postgres *p)
{
	return flushed(p, now_ms() + DB_ANSWER_MS);
}

static bool good(const PGresult *result)
{
	switch (PQresultStatus(result)) {
	case PGRES_COMMAND_OK:
	case PGRES_TUPLES_OK:
	case PGRES_COPY_IN:
	case PGRES_EMPTY_QUERY:
		return true;
	case PGRES_COPY_OUT:
	case PGRES_BAD_RESPONSE:
	case PGRES_NONFATAL_ERROR:
	case PGRES_FATAL_ERROR:
	case PGRES_COPY_BOTH:
	case PGRES_SINGLE_TUPLE:
	case PGRES_PIPELINE_SYNC:
	case PGRES_PIPELINE_ABORTED:
		return false;
	}
	return false;
}

/* The next of the results; false: the server is gone. *ret NULL: there are no more. */
static bool next_result(struct db_postgres *p, int64_t until, PGresult **ret)
{
	while (PQisBusy(p->conn))
		if (!wait_for(p, POLLIN, until))
			return false;
	*ret = PQgetResult(p->conn);
	return true;
}

PGresult *postgres_answer(struct db_postgres *p, bool sent, int within_ms)
{
	int64_t until = now_ms() + within_ms;
	PGresult *last = NULL, *result;

	if (!sent && PQstatus(p->conn) == CONNECTION_OK) {
		db_fail(&p->base, -EIO, "%s", PQerrorMessage(p->conn));
		return NULL;
	}
	flushed(p, until); /* a failure shows in the result */
	while (!p->lost && next_result(p, until, &result)) {
		if (!result)
			break;
		if (!good(result))
			failed_by(p, result);
		PQclear(last);
		last = result;
		if (PQresultStatus(result) == PGRES_COPY_IN)
			break;
	}
	if (PQstatus(p->conn) == CONNECTION_BAD)
		lost(p, PQerrorMessage(p->conn));
	if (!last && !p->base.failed)
		lost(p, "the server has not answered");
	if (!p->base.failed)
		return last;
	PQclear(last);
	return NULL;
}

bool postgres_say(struct db_postgres *p, const char *sql, int within_ms)
{
	PGresult *result;

	if (!postgres_bulk_end(p))
		return false;
	result = postgres_answer(p, PQsendQuery(p->conn, sql), within_ms);

	PQclear(result);
	return result;
}

/* --- connecting */

static void say_nothing(void *data, const char *message)
{
	(void)data;
	(void)message;
}

void postgres_disconnect(struct db_postgres *p)
{
	PQfinish(p->conn);
	p->conn = NULL;
	p->lost = false;
	p->prepared = 0;
	p->copying[0] = '\0';
}

/* Waits have ends; what was committed is on the server's disk, however it is configured. */
static bool set_up(struct db_postgres *p)
{
	const char *encoding = PQparameterStatus(p->conn, "server_encoding");
	char sql[400];

	if (!encoding || strcmp(encoding, "UTF8")) {
		db_fail(&p->base, -EINVAL, "the database is not in UTF8");
		return false;
	}
	if (PQsetnonblocking(p->conn, 1)) {
		lost(p, PQerrorMessage(p->conn));
		return false;
	}
	PQsetNoticeProcessor(p->conn, say_nothing, NULL);
	snprintf(sql, sizeof(sql),
		 "SET statement_timeout = %d; SET lock_timeout = %d;"
		 "SET idle_in_transaction_session_timeout = 60000; SET jit = off;"
		 "SELECT set_config('synchronous_commit', 'on', false)"
		 " WHERE current_setting('synchronous_commit') IN ('off', 'local')",
		 DB_STATEMENT_MS, DB_BUSY_MS);
	return postgres_say(p, sql, DB_ANSWER_MS);
}

static bool readable(struct db_postgres *p)
{
	char *error = NULL;
	PQconninfoOption *options = PQconninfoParse(p->where, &error);

	PQfreemem(error);
	if (!options)
		db_fail(&p->base, -EINVAL, "not a connection string of PostgreSQL");
	PQconninfoFree(options);
	return options;
}

int postgres_connect(struct db_postgres *p)
{
	/* what stands before `dbname` is for what the string leaves open */
	static const char *const names[] = {"connect_timeout",	   "keepalives_idle",
					    "keepalives_interval", "keepalives_count",
					    "tcp_user_timeout",	   "application_name",
					    "gssencmode",	   "dbname",
					    "client_encoding",	   NULL};
	const char *const values[] = {"5",	    "30",      "10",	 "3",	 "30000",
				      "shopkeeper", "disable", p->where, "UTF8", NULL};

	if (!readable(p))
		return p->base.failed;
	p->conn = PQconnectdbParams(names, values, 1);
	CHECK(p->conn);
	if (PQstatus(p->conn) != CONNECTION_OK)
		lost(p, PQerrorMessage(p->conn));
	else
		set_up(p);
	if (p->base.failed)
		postgres_disconnect(p);
	return p->base.failed;
}
