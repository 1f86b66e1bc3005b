/*
 * sim_year_check.c: the books at the end of the year, read with nothing of ours but SQLite, against
 * what the village remembers: every line once, at its price, on its day, with what became of it.
 */
#include "sim_year.h"

#include <stdio.h>
#include <stdlib.h>

sqlite3 *check_open(struct year *y)
{
	char path[300];
	sqlite3 *db;

	snprintf(path, sizeof(path), "%s/ledger.db", y->dir);
	CHECK(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK);
	sqlite3_busy_timeout(db, 10000);
	return db;
}

static void check_line(struct year *y, sqlite3_stmt *s, bool *seen)
{
	const char *key = (const char *)sqlite3_column_text(s, 0);
	uint32_t at = (uint32_t)strtoul(key + 1, NULL, 10);
	const struct year_line *l = &y->line[at];
	bool voided = sqlite3_column_int64(s, 4) != 0, credited = sqlite3_column_int64(s, 5) != 0;

	if (at >= y->lines || seen[at]) {
		year_fail(y, "line %s is on record twice, or nobody bought it", key);
		return;
	}
	seen[at] = true;
	if (memcmp(y->member[l->member].byte, sqlite3_column_blob(s, 1), 16) != 0 ||
	    sqlite3_column_int64(s, 2) != l->total)
		year_fail(y, "line %s is another's, or of another total", key);
	if (sqlite3_column_int(s, 3) != l->bought.n || sqlite3_column_int(s, 6) != 1)
		year_fail(y, "line %s was bought on day %d, not %d (sure: %d)", key, l->bought.n,
			  sqlite3_column_int(s, 3), sqlite3_column_int(s, 6));
	if (voided != (l->fate == FATE_VOIDED) || credited != (l->fate == FATE_CREDITED))
		year_fail(y, "line %s: another fate than the village remembers", key);
}

static void check_lines(struct year *y, sqlite3 *db)
{
	static bool seen[YEAR_LINES];
	sqlite3_stmt *s;
	uint32_t rows = 0;

	memset(seen, 0, sizeof(seen));
	CHECK(sqlite3_prepare_v2(db,
				 "SELECT key, customer, total, bought, voided, credited, day_sure"
				 " FROM line",
				 -1, &s, NULL) == SQLITE_OK);
	for (; sqlite3_step(s) == SQLITE_ROW && y->why[0] == '\0'; rows++)
		check_line(y, s, seen);
	sqlite3_finalize(s);
	if (y->why[0] == '\0' && rows != y->lines)
		year_fail(y, "%u lines on record, %u were bought", rows, y->lines);
}

static int64_t number(sqlite3 *db, const char *sql)
{
	int64_t n = INT64_MIN;
	sqlite3_stmt *s;

	CHECK(sqlite3_prepare_v2(db, sql, -1, &s, NULL) == SQLITE_OK);
	if (sqlite3_step(s) == SQLITE_ROW)
		n = sqlite3_column_int64(s, 0);
	sqlite3_finalize(s);
	return n;
}

/* That must be 0 whatever happened. */
static void none(struct year *y, sqlite3 *db, const char *what, const char *sql)
{
	int64_t n = number(db, sql);

	if (n != 0)
		year_fail(y, "%s: %lld", what, (long long)n);
}

void check_books(struct year *y)
{
	sqlite3 *db = check_open(y);

	check_lines(y, db);
	none(y, db, "lines on two invoices",
	     "SELECT count(*) - count(DISTINCT line) FROM invoice_line");
	none(y, db, "lines that were taken back on invoices",
	     "SELECT count(*) FROM invoice_line i JOIN line l ON l.seq = i.line"
	     " WHERE l.voided > 0 OR l.credited > 0");
	none(y, db, "entries whose postings do not sum to 0",
	     "SELECT count(*) FROM (SELECT 1 FROM posting GROUP BY seq HAVING sum(amount) <> 0)");
	none(y, db, "gaps in the numbers",
	     "SELECT count(*) FROM invoice i WHERE id % 1000000 > 1"
	     " AND NOT EXISTS (SELECT 1 FROM invoice p WHERE p.id = i.id - 1)");
	if (number(db, "SELECT count(*) FROM period_closed") != y->closes)
		year_fail(y, "not every close is on record, or one twice");
	sqlite3_close(db);
}
