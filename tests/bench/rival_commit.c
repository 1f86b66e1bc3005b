/* The ledger's rival: every derived row that a line has, with libsqlite3 alone, one commit a line.
 * DIR SECONDS */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
static const char schema[] =
	"PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
	"CREATE TABLE entry(epoch INTEGER, seq INTEGER PRIMARY KEY, at INTEGER, kind INTEGER, body "
	"BLOB,"
	" body_hash BLOB, prev_hash BLOB, hash BLOB);"
	"CREATE TABLE visit(id INTEGER PRIMARY KEY, customer BLOB, lines INTEGER, lines_ever "
	"INTEGER, total INTEGER);"
	"CREATE TABLE line(seq INTEGER PRIMARY KEY, visit INTEGER, key TEXT, customer BLOB, gtin "
	"INTEGER, name TEXT,"
	" quantity INTEGER, unit INTEGER, total INTEGER, vat INTEGER, class INTEGER, prices "
	"INTEGER, at INTEGER,"
	" scanned INTEGER, late INTEGER, voided INTEGER, before INTEGER);"
	"CREATE TABLE balance(customer BLOB PRIMARY KEY, unbilled INTEGER) WITHOUT ROWID;";
static const char *const sql[] = {
	"BEGIN IMMEDIATE",
	"INSERT INTO entry VALUES(0, ?1, ?1, 50, randomblob(190), randomblob(32), randomblob(32), "
	"randomblob(32))",
	"INSERT INTO line VALUES(?1, ?2, 'k' || ?1, x'00112233445566778899aabbccddeeff', "
	"7310865004703,"
	" 'Svensk mellanmjölk 1,5 % 1 liter', 1000, 1490, 1490, 600, 0, 7, ?1, 0, 0, 0,"
	" (SELECT coalesce(max(seq), 0) FROM line))",
	"UPDATE visit SET lines = lines + 1, lines_ever = lines_ever + 1, total = total + 1490 "
	"WHERE id = ?2",
	"INSERT INTO balance VALUES(?3, 1490) ON CONFLICT DO UPDATE SET unbilled = unbilled + 1490",
	"COMMIT",
};
int main(int argc, char **argv)
{
	sqlite3_stmt *statement[6];
	sqlite3 *db;
	char path[400];
	long lines = 0, seconds = argc == 3 ? strtol(argv[2], NULL, 10) : 5;
	time_t end;
	snprintf(path, sizeof(path), "%s/rival.db", argv[1]);
	if (sqlite3_open(path, &db) || sqlite3_exec(db, schema, 0, 0, 0))
		return 1;
	for (int i = 0; i < 64; i++)
		sqlite3_exec(db, "INSERT INTO visit VALUES(NULL, randomblob(9), 0, 0, 0)", 0, 0, 0);
	for (int i = 0; i < 6; i++)
		if (sqlite3_prepare_v2(db, sql[i], -1, &statement[i], 0))
			return 2;
	for (end = time(NULL) + seconds; time(NULL) < end; lines++)
		for (int i = 0; i < 6; i++, sqlite3_reset(statement[i - 1])) {
			sqlite3_bind_int64(statement[i], 1, lines + 1);
			sqlite3_bind_int64(statement[i], 2, lines % 64 + 1);
			sqlite3_bind_int64(statement[i], 3, lines % 64 + 1);
			if (sqlite3_step(statement[i]) != SQLITE_DONE)
				return 3;
		}
	printf("%.1f\n", (double)lines / (double)seconds);
	return 0;
}
