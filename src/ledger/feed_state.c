/*
 * feed_state.c: what catalog.db notes of the office's feed: how far it was applied, what of it the
 * loop still has to do, the settings that hold.
 */
#include "ledger/shelf.h"

#include <openssl/evp.h>
#include <stdlib.h>

#include "token/claims.h"

struct kid shelf_kid(const struct public_key *key)
{
	uint8_t encoded[COSE_KEY_SIZE], sum[32];
	struct kid kid;

	cose_key_encode(key, encoded);
	CHECK(EVP_Digest(encoded, sizeof(encoded), sum, NULL, EVP_sha256(), NULL) == 1);
	memcpy(kid.byte, sum, sizeof(kid.byte));
	return kid;
}

bool feed_is_todo(enum sync_change_kind kind)
{
	return kind == SYNC_KEY_SET || kind == SYNC_COMMAND || kind == SYNC_PAYMENT ||
	       kind == SYNC_PAYMENT_ASSIGNED || kind == SYNC_ERASE;
}

int feed_todo_keep(struct shelf *s, const char *suffix, struct span change, uint64_t *ret_n)
{
	sqlite3_stmt *write;
	char sql[60];
	int rc;

	sqlite3_snprintf(sizeof(sql), sql, "INSERT INTO todo%s(change) VALUES(?1)", suffix);
	write = sql_prepare(s->writer.db, sql);
	if (!write)
		return sqlite3_extended_errcode(s->writer.db);
	bind_blob(write, 1, change.data, change.len);
	rc = sqlite3_step(write);
	sqlite3_finalize(write);
	*ret_n = (uint64_t)sqlite3_last_insert_rowid(s->writer.db);
	return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

void feed_todo_of(const struct sync_change *c, uint64_t n, struct feed_todo *ret)
{
	*ret = (struct feed_todo){.n = n, .change = *c};
	if (c->kind != SYNC_KEY_SET)
		return;
	ret->key_set_len = c->key_set.len;
	ret->key_set = malloc(c->key_set.len + 1);
	CHECK(ret->key_set);
	memcpy(ret->key_set, c->key_set.data, c->key_set.len);
	ret->change.key_set = (struct span){ret->key_set, ret->key_set_len};
}

int feed_todos_load(struct shelf *s, uint64_t after, struct feed_todo **ret, uint32_t *ret_todos)
{
	sqlite3_stmt *get =
		sql_prepare(s->writer.db, "SELECT n, change FROM todo WHERE n > ?1 ORDER BY n");
	struct feed_todo *todo;
	uint32_t todos = 0;
	int64_t rows = 0;
	int rc = sql_number(s->writer.db, "SELECT count(*) FROM todo", &rows);

	if (rc != SQLITE_OK || !get) {
		sqlite3_finalize(get);
		return rc != SQLITE_OK ? rc : sqlite3_extended_errcode(s->writer.db);
	}
	todo = calloc((size_t)rows + 1, sizeof(*todo));
	CHECK(todo);
	bind_u64(get, 1, after);
	while ((rc = sqlite3_step(get)) == SQLITE_ROW && todos < rows) {
		struct span bytes = {sqlite3_column_blob(get, 1),
				     (uint32_t)sqlite3_column_bytes(get, 1)};
		struct sync_change change;

		if (sync_change_take(&bytes, &change) == SYNC_CHANGE_GOOD &&
		    feed_is_todo(change.kind))
			feed_todo_of(&change, (uint64_t)column_i64(get, 0), &todo[todos++]);
	}
	sqlite3_finalize(get);
	*ret = todo;
	*ret_todos = todos;
	return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

int feed_note(struct shelf *s, uint64_t cursor, struct wall heard)
{
	sqlite3_stmt *write =
		sql_prepare(s->writer.db, "INSERT OR REPLACE INTO meta(name, value) VALUES"
					  "('feed_cursor', ?1), ('feed_heard', ?2)");
	int rc;

	if (!write)
		return sqlite3_extended_errcode(s->writer.db);
	bind_u64(write, 1, cursor);
	bind_i64(write, 2, heard.ms);
	rc = sqlite3_step(write);
	sqlite3_finalize(write);
	return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

int feed_open(struct shelf *s)
{
	int64_t cursor = 0, heard = 0;
	int rc = sql_number(s->writer.db, "SELECT value FROM meta WHERE name = 'feed_cursor'",
			    &cursor);

	s->feed_known = rc == SQLITE_OK;
	if (rc == SQLITE_DONE)
		rc = SQLITE_OK;
	if (s->feed_known)
		rc = sql_number(s->writer.db, "SELECT value FROM meta WHERE name = 'feed_heard'",
				&heard);
	if (rc == SQLITE_OK && cursor < 0)
		rc = SQLITE_CORRUPT;
	s->feed_cursor = (uint64_t)cursor;
	s->feed_heard.ms = heard;
	if (rc == SQLITE_OK)
		rc = snapshot_clear(s);
	return rc == SQLITE_OK ? due_find(s) : rc;
}

struct feed_state *feed_state_new(struct shelf *s)
{
	struct feed_state *f = calloc(1, sizeof(*f));
	sqlite3_stmt *get =
		sql_prepare(s->writer.db, "SELECT name, value FROM setting ORDER BY name LIMIT ?1");

	CHECK(f);
	f->known = s->feed_known;
	f->cursor = s->feed_cursor;
	f->heard = s->feed_heard;
	f->part = s->part;
	f->snapshot_to = s->part_to;
	if (get)
		bind_i64(get, 1, SETTINGS_MAX);
	while (get && sqlite3_step(get) == SQLITE_ROW) {
		struct sync_setting *t = &f->setting[f->settings++];

		column_text(get, 0, t->name, sizeof(t->name));
		column_text(get, 1, t->value, sizeof(t->value));
	}
	sqlite3_finalize(get);
	return f;
}

int feed_room(struct shelf *s, const char *suffix, char why[WHY_MAX])
{
	static const struct {
		const char *table, *what;
		int64_t max;
	} bounds[] = {
		{"member", "members", MEMBERS_MAX},    {"member_key", "keys", KEYS_MAX},
		{"member_card", "cards", CARDS_MAX},   {"pass", "passes", PASSES_MAX},
		{"setting", "settings", SETTINGS_MAX},
	};
	int rc = SQLITE_OK;

	for (uint32_t i = 0; i < ARRAY_LEN(bounds) && rc == SQLITE_OK; i++) {
		char sql[80];
		int64_t n = 0;

		sqlite3_snprintf(sizeof(sql), sql, "SELECT count(*) FROM %s%s", bounds[i].table,
				 suffix);
		rc = sql_number(s->writer.db, sql, &n);
		if (rc == SQLITE_OK && n > bounds[i].max) {
			why_format(why, "the office sends %lld %s, a shop holds %lld", (long long)n,
				   bounds[i].what, (long long)bounds[i].max);
			rc = SQLITE_FULL;
		}
	}
	return rc;
}
