/*
 * catalogue_snapshot.c: everything that holds at the office, in parts.
 *
 * Each part (≤ 1,000 rows) is written to tables of its own in one transaction, beside those that
 * hold; shoppers notice nothing. With the last part the price list is laid against the present one
 * like an import, and the transaction that makes its version also puts the staged tables in the
 * place of the old ones and notes the cursor: that is the switch. What the shop itself said of a
 * member (trust, a local block) stays, and what was revoked, as far as there is room: the office
 * tells again of every pass that has not run out. What the shop has to do once
 * (a payment, somebody to forget, new keys) is staged too and handed over with the switch: the
 * changes that told of it are among those that a snapshot skips. What waits to be done already is
 * not kept a second time. A snapshot that was cut short is begun again from its first part; nothing
 * of it was seen.
 */
#include "ledger/shelf.h"

#include <errno.h>
#include <stdlib.h>

static const char staged_tables[] =
	"DROP TABLE IF EXISTS member_new; DROP TABLE IF EXISTS member_key_new;"
	"DROP TABLE IF EXISTS pass_new; DROP TABLE IF EXISTS setting_new;"
	"DROP TABLE IF EXISTS member_card_new;"
	"DROP TABLE IF EXISTS article_new; DROP TABLE IF EXISTS todo_new;"
	"CREATE TABLE todo_new(n INTEGER PRIMARY KEY, change BLOB NOT NULL) STRICT;"
	"CREATE TABLE member_new("
	" customer BLOB PRIMARY KEY CHECK(length(customer) = 16),"
	" role INTEGER NOT NULL,"
	" flags INTEGER NOT NULL,"
	" credit_limit INTEGER NOT NULL,"
	" trust INTEGER NOT NULL DEFAULT 0"
	") STRICT, WITHOUT ROWID;"
	"CREATE TABLE member_key_new("
	" kid BLOB NOT NULL CHECK(length(kid) = 8),"
	" customer BLOB NOT NULL,"
	" key BLOB NOT NULL CHECK(length(key) = 64),"
	" PRIMARY KEY(kid, customer, key)"
	") STRICT, WITHOUT ROWID;"
	"CREATE TABLE member_card_new("
	" kid BLOB PRIMARY KEY CHECK(length(kid) = 8),"
	" customer BLOB NOT NULL"
	") STRICT, WITHOUT ROWID;"
	"CREATE TABLE pass_new("
	" cti BLOB PRIMARY KEY CHECK(length(cti) BETWEEN 8 AND 16),"
	" revoked INTEGER NOT NULL,"
	" wants_pin INTEGER NOT NULL,"
	" pin_salt BLOB NOT NULL CHECK(length(pin_salt) = 16),"
	" pin_hash BLOB NOT NULL CHECK(length(pin_hash) = 32)"
	") STRICT, WITHOUT ROWID;"
	"CREATE TABLE setting_new(name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT "
	"ROWID;"
	"CREATE TABLE article_new("
	" gtin INTEGER NOT NULL,"
	" valid_from INTEGER NOT NULL,"
	" price INTEGER NOT NULL,"
	" vat_bp INTEGER NOT NULL,"
	" class INTEGER NOT NULL,"
	" state INTEGER NOT NULL,"
	" name TEXT NOT NULL,"
	" vat_class INTEGER NOT NULL,"
	" deposit INTEGER NOT NULL,"
	" reorder INTEGER NOT NULL,"
	" PRIMARY KEY(gtin, valid_from)"
	") STRICT, WITHOUT ROWID;";

/* Within the transaction that makes the new price list hold. */
static const char switch_tables[] =
	"UPDATE member_new SET trust = (SELECT trust FROM member m"
	" WHERE m.customer = member_new.customer)"
	" WHERE customer IN (SELECT customer FROM member WHERE trust <> 0);"
	"UPDATE member_new SET flags = flags | 1"
	" WHERE customer IN (SELECT customer FROM local_block);"
	"UPDATE pass_new SET revoked = 1 WHERE cti IN (SELECT cti FROM pass WHERE revoked = 1);"
	"INSERT INTO pass_new SELECT cti, revoked, wants_pin, pin_salt, pin_hash FROM pass"
	" WHERE revoked = 1 AND cti NOT IN (SELECT cti FROM pass_new)"
	" LIMIT max(0, 2048 - (SELECT count(*) FROM pass_new));"
	"DROP TABLE member_card; ALTER TABLE member_card_new RENAME TO member_card;"
	"DROP TABLE member_key; DROP TABLE member; DROP TABLE pass; DROP TABLE setting;"
	"ALTER TABLE member_new RENAME TO member;"
	"ALTER TABLE member_key_new RENAME TO member_key;"
	"ALTER TABLE pass_new RENAME TO pass;"
	"ALTER TABLE setting_new RENAME TO setting;"
	"INSERT INTO todo(change) SELECT change FROM todo_new t WHERE NOT EXISTS"
	" (SELECT 1 FROM todo WHERE todo.change = t.change) ORDER BY t.n;"
	"DELETE FROM article_next;";

_Static_assert(PASSES_MAX == 2 * 2048, "half of the room stays free for those that come");

int snapshot_clear(struct shelf *s)
{
	int rc = sql_exec(s->writer.db, "BEGIN IMMEDIATE");

	if (rc == SQLITE_OK)
		rc = sql_exec(s->writer.db, staged_tables);
	s->part = 0;
	s->part_to = 0;
	return rc == SQLITE_OK ? sql_exec(s->writer.db, "COMMIT") : rc;
}

static int stage_one(struct feed_writer *w, const struct sync_change *c, struct span bytes)
{
	uint64_t n;

	if (!feed_is_todo(c->kind))
		return feed_write(w, c);
	/* a command is for now, and told by itself */
	return c->kind == SYNC_COMMAND ? SQLITE_OK : feed_todo_keep(w->s, "_new", bytes, &n);
}

static int stage_all(struct feed_writer *w, const struct sync_feed *feed)
{
	struct span rest = feed->change;
	int rc = sql_exec(w->s->writer.db, "BEGIN IMMEDIATE");

	for (uint32_t i = 0; i < feed->changes && rc == SQLITE_OK; i++) {
		const uint8_t *from = rest.data;
		struct sync_change change;
		enum sync_taken taken = sync_change_take(&rest, &change);

		CHECK(taken != SYNC_CHANGE_BAD);
		if (taken == SYNC_CHANGE_GOOD)
			rc = stage_one(w, &change,
				       (struct span){from, (uint32_t)(rest.data - from)});
	}
	return rc == SQLITE_OK ? sql_exec(w->s->writer.db, "COMMIT") : rc;
}

/* --- the switch */

struct switching {
	const struct sync_feed *feed;
	struct wall now;
};

static int keep_next(struct shelf *s, struct wall now)
{
	sqlite3_stmt *write =
		sql_prepare(s->writer.db, "INSERT INTO article_next SELECT * FROM article_new"
					  " WHERE valid_from > ?1");
	int rc = write ? SQLITE_OK : sqlite3_extended_errcode(s->writer.db);

	if (write) {
		bind_i64(write, 1, now.ms);
		rc = sqlite3_step(write);
	}
	sqlite3_finalize(write);
	return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

static int switch_over(struct shelf *s, void *data)
{
	const struct switching *w = data;
	int rc = sql_exec(s->writer.db, switch_tables);

	if (rc == SQLITE_OK)
		rc = keep_next(s, w->now);
	if (rc == SQLITE_OK)
		rc = sql_exec(s->writer.db, staged_tables);
	return rc == SQLITE_OK ? feed_note(s, w->feed->to, w->feed->at) : rc;
}

static void take_staged(sqlite3_stmt *get, struct import_row *r)
{
	*r = (struct import_row){
		.gtin = (uint64_t)column_i64(get, 0),
		.price_minor = column_i64(get, 1),
		.vat_bp = (uint16_t)column_i64(get, 2),
		.class = (uint8_t)column_i64(get, 3),
		.state = (uint8_t)column_i64(get, 4),
		.vat_class = (uint8_t)column_i64(get, 6),
		.deposit_minor = (int32_t)column_i64(get, 7),
		.reorder = (uint16_t)column_i64(get, 8),
		.name_len = (uint8_t)sqlite3_column_bytes(get, 5),
	};
	memcpy(r->name, sqlite3_column_text(get, 5), r->name_len);
}

/* What of the staged articles holds now: of each the row that began last. They were checked when
 * they were staged. */
static int staged_list(struct shelf *s, struct wall now, struct import_row *row, uint32_t *ret_rows)
{
	sqlite3_stmt *get = sql_prepare(s->writer.db,
					"SELECT gtin, price, vat_bp, class, state, name, vat_class,"
					" deposit, reorder FROM article_new WHERE valid_from <= ?1"
					" ORDER BY gtin, valid_from");
	uint32_t rows = 0;
	int rc = SQLITE_ROW;

	if (!get)
		return sqlite3_extended_errcode(s->writer.db);
	bind_i64(get, 1, now.ms);
	while ((rc = sqlite3_step(get)) == SQLITE_ROW) {
		if (rows > 0 && row[rows - 1].gtin == (uint64_t)column_i64(get, 0))
			rows--;
		if (rows == ARTICLES_MAX) {
			rc = SQLITE_TOOBIG;
			break;
		}
		take_staged(get, &row[rows++]);
	}
	sqlite3_finalize(get);
	*ret_rows = rows;
	return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

static int switch_all(struct shelf *s, const struct sync_feed *feed, struct wall now,
		      struct changed *ret)
{
	struct switching data = {feed, now};
	struct import_row *row = region_new(ARTICLES_MAX * sizeof(*row));
	uint32_t rows = 0;
	int rc = feed_room(s, "_new", ret->why);

	if (rc == SQLITE_OK)
		rc = staged_list(s, now, row, &rows);
	if (rc == SQLITE_TOOBIG)
		why_format(ret->why, "the office sends more than %d articles", ARTICLES_MAX);
	if (rc == SQLITE_OK)
		rc = import_list(s, row, rows, now, switch_over, &data, &ret->articles);
	region_free(row);
	return rc;
}

static void finish(struct shelf *s, const struct sync_feed *feed, struct wall now,
		   struct changed *ret)
{
	int64_t before = 0;
	int rc = sql_number(s->writer.db, "SELECT coalesce(max(n), 0) FROM todo", &before);

	if (rc == SQLITE_OK)
		rc = switch_all(s, feed, now, ret);
	s->part = 0;
	s->part_to = 0;
	if (rc == SQLITE_OK) {
		s->feed_known = true;
		s->feed_cursor = feed->to;
		s->feed_heard = feed->at;
		rc = roster_load(s->writer.db, &ret->roster);
	}
	if (rc == SQLITE_OK)
		rc = due_find(s);
	if (rc == SQLITE_OK)
		rc = feed_todos_load(s, (uint64_t)before, &ret->todo, &ret->todos);
	if (rc != SQLITE_OK && ret->why[0] != '\0')
		ret->error = -E2BIG;
	else if (rc != SQLITE_OK)
		shelf_fail(s, rc, "switching to the office's snapshot", ret);
	shelf_trim(s);
}

static void stage(struct shelf *s, const struct sync_feed *feed, struct wall now,
		  struct changed *ret)
{
	struct feed_writer w = {.s = s, .now = now, .into = INTO_STAGED};
	int rc = stage_all(&w, feed);

	feed_writer_end(&w);
	if (rc != SQLITE_OK) {
		shelf_fail(s, rc, "staging the office's snapshot", ret);
		return;
	}
	s->part = feed->part < 0 ? -feed->part : feed->part;
	s->part_to = feed->to;
	ret->rows = feed->changes;
	if (feed->part < 0)
		finish(s, feed, now, ret);
	if (ret->error == 0 && w.left_out > 0)
		why_format(ret->why, "%u left out; %s", w.left_out, w.why);
}

void snapshot_part(struct shelf *s, const struct sync_feed *feed, struct wall now,
		   struct changed *ret)
{
	int32_t part = feed->part < 0 ? -feed->part : feed->part;
	int rc;

	if (s->feed_known && feed->to <= s->feed_cursor) {
		shelf_refuse(ret, -EALREADY, "the snapshot is no newer than what this shop has");
		return;
	}
	if (part == 1) {
		rc = snapshot_clear(s);
		if (rc != SQLITE_OK) {
			shelf_fail(s, rc, "making room for the office's snapshot", ret);
			return;
		}
	} else if (part != s->part + 1 || feed->to != s->part_to) {
		s->part = 0;
		shelf_refuse(ret, -ESTALE, "a part of the snapshot lacks: it is begun again");
		ret->must_refetch = true;
		return;
	}
	stage(s, feed, now, ret);
}
