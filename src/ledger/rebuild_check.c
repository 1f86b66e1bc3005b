/*
 * rebuild_check.c: whether every derived table is what follows from the entries (contracts 4).
 *
 * The tables are made again in a temporary file, by the very code that made them, with the ledger
 * attached to read from; then both are walked side by side, row by row and column by column. The
 * shop goes on writing: entries and rows are read a few thousand at a time, each time in a short
 * read transaction in which first what is new is derived too, so that what is compared is of one
 * moment. Different code looks at the sums: desk_close.c, and a program in another language.
 */
#include "ledger/rebuild.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "ledger/derive.h"

enum {
	ENTRIES_A_READ = 5000,
	ROWS_A_READ = 10000,
	BUSY_MS = 5000,
};

/* A derived table and what its rows are ordered by. */
struct table {
	const char *name;
	const char *key; /* one column, or two */
	uint32_t keys;
	bool of_erasable; /* told by entries that may be erased */
	const char *except;
};

static const struct table tables[] = {
	{"visit", "id", 1, false, NULL},
	{"bearer", "visit, seq", 2, false, NULL},
	{"line", "seq", 1, false, NULL},
	{"balance", "customer", 1, false, NULL},
	{"posting", "id", 1, false, NULL},
	{"invoice", "id", 1, false, NULL},
	{"invoice_rate", "invoice, vat_bp", 2, false, NULL},
	{"invoice_pack", "invoice, first", 2, false, NULL},
	{"period_closed", "period", 1, false, NULL},
	{"payment", "seq", 1, false, NULL},
	{"settled", "payment, invoice", 2, false, NULL},
	{"stock", "gtin", 1, false, NULL},
	{"movement", "seq", 1, false, NULL},
	{"visit_check", "visit", 1, false, NULL},
	{"reported", "seq", 1, false, NULL},
	{"desk_key", "key", 1, false, NULL},
	{"alarm", "id", 1, false, NULL},
	{"token_used", "slot", 1, true, NULL},
	/* `running` is written ahead of the entries, `probe` beside them */
	{"meta", "name", 1, false,
	 "name NOT IN ('running', 'probe') AND name NOT GLOB '" NOTE_MODE "*'"},
	{"meta", "name", 1, true, "name GLOB '" NOTE_MODE "*'"},
};

struct check {
	struct store store; /* of the temporary file */
	struct rebuild_found *ret;
	sqlite3_stmt *entries;
	uint64_t newest;
	bool erased; /* a body is gone */
};

__attribute__((format(printf, 3, 4))) static int fail(struct check *c, int error,
						      const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(c->ret->why, sizeof(c->ret->why), format, arguments);
	va_end(arguments);
	return error;
}

static int fail_sql(struct check *c, const char *doing)
{
	sqlite3 *db = c->store.writer.db;

	return fail(c, sql_errno(db, sqlite3_extended_errcode(db)), "%s: %s", doing,
		    sqlite3_errmsg(db));
}

/* The ledger's path as a URI that is only read. */
static bool uri_of(const char *dir, char *uri, size_t size)
{
	int wrote = snprintf(uri, size, "file:");
	size_t len = (size_t)wrote;

	for (; *dir && len + 4 < size; dir++) {
		if (isalnum((unsigned char)*dir) || strchr("/._-~", *dir))
			uri[len++] = *dir;
		else
			len += (size_t)snprintf(uri + len, size - len, "%%%02X",
						(unsigned char)*dir);
	}
	wrote = snprintf(uri + len, size - len, "/%s?mode=ro", ledger_file.name);
	return *dir == '\0' && wrote > 0 && (size_t)wrote < size - len;
}

static int attach_uri(struct check *c, const char *uri)
{
	sqlite3_stmt *attach = sql_prepare(c->store.writer.db, "ATTACH ?1 AS ledger");

	if (!attach)
		return fail_sql(c, "attaching the ledger");
	bind_text(attach, 1, uri);
	sqlite3_step(attach);
	return sqlite3_finalize(attach) == SQLITE_OK ? 0 : fail_sql(c, "opening the ledger");
}

static int attach(struct check *c, const char *dir)
{
	char path[PATH_MAX], uri[3 * PATH_MAX + 64];
	int64_t form = 0, id = 0;
	sqlite3 *db = c->store.writer.db;
	int r;

	if (snprintf(path, sizeof(path), "%s/%s", dir, ledger_file.name) >= (int)sizeof(path) ||
	    !uri_of(dir, uri, sizeof(uri)))
		return fail(c, -ENAMETOOLONG, "the folder's name is too long");
	if (access(path, R_OK) < 0)
		return fail(c, -errno, "%s: %m", path);
	r = attach_uri(c, uri);
	if (r < 0)
		return r;
	if (sql_number(db, "PRAGMA ledger.application_id", &id) != SQLITE_OK ||
	    sql_number(db, "PRAGMA ledger.user_version", &form) != SQLITE_OK)
		return fail_sql(c, path);
	if (id != ledger_file.application_id)
		return fail(c, -EBADMSG, "%s is not a file of this program", path);
	if (form != ledger_file.migrations)
		return fail(c, -EPROTO,
			    "%s is of form %lld, this program's is %u: let the shop's own program "
			    "open it first",
			    path, (long long)form, ledger_file.migrations);
	return 0;
}

/* A private file that SQLite deletes by itself: nothing of it has to survive anything. */
static int open_check(struct check *c, const char *dir)
{
	struct store *s = &c->store;
	int r;

	if (sqlite3_open_v2("", &s->writer.db,
			    SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_URI |
				    SQLITE_OPEN_NOMUTEX,
			    NULL) != SQLITE_OK)
		return fail_sql(c, "making a temporary file");
	sqlite3_busy_timeout(s->writer.db, BUSY_MS);
	if (sql_exec(s->writer.db,
		     "PRAGMA journal_mode=MEMORY; PRAGMA synchronous=OFF;"
		     "PRAGMA cache_size=-8192; PRAGMA trusted_schema=OFF;") != SQLITE_OK ||
	    sql_exec(s->writer.db, ledger_tables) != SQLITE_OK)
		return fail_sql(c, "making the tables again");
	r = attach(c, dir);
	if (r < 0)
		return r;
	c->entries = sql_prepare(s->writer.db, "SELECT seq, at, kind, body FROM entry"
					       " WHERE seq > ?1 ORDER BY seq LIMIT ?2");
	if (!c->entries || store_prepare(s) != SQLITE_OK || store_read_notes(s) != SQLITE_OK)
		return fail_sql(c, "making the tables again");
	s->rebuilding = true;
	return 0;
}

static void close_check(struct check *c)
{
	sqlite3_finalize(c->entries);
	store_finalize(&c->store);
	if (c->store.writer.db)
		CHECK(sqlite3_close(c->store.writer.db) == SQLITE_OK);
}

static void count(struct check *c, sqlite3_stmt *row, bool read)
{
	c->ret->entries++;
	if (read)
		return;
	if (sqlite3_column_type(row, 3) == SQLITE_NULL) {
		c->erased = true;
		c->ret->erased++;
	} else {
		c->ret->unreadable++;
	}
}

/* Derives at most so many of the entries that are new. 1 when there were no more, 0, or -errno. */
static int derive_new(struct check *c, uint32_t most)
{
	struct store *s = &c->store;
	enum stored stored = STORED_OK;
	uint32_t n = 0;
	int rc = SQLITE_DONE;
	bool read;

	bind_u64(c->entries, 1, s->head.seq);
	bind_u64(c->entries, 2, most);
	while (stored == STORED_OK && (rc = sqlite3_step(c->entries)) == SQLITE_ROW) {
		stored = rebuild_entry(s, c->entries, &read);
		count(c, c->entries, read);
		n++;
	}
	sqlite3_reset(c->entries);
	if (stored != STORED_OK)
		return fail(c, -ENOSPC, "there is no room for the temporary file");
	if (rc != SQLITE_DONE)
		return fail_sql(c, "reading entries");
	if (n == most)
		return 0;
	if (derive_note(s, "derived", (int64_t)s->head.seq) != STORED_OK)
		return fail(c, -ENOSPC, "there is no room for the temporary file");
	return 1;
}

static int begin(struct check *c)
{
	return sql_exec(c->store.writer.db, "BEGIN") == SQLITE_OK ? 0 : fail_sql(c, "beginning");
}

static int end(struct check *c)
{
	if (sqlite3_get_autocommit(c->store.writer.db))
		return 0;
	return sql_exec(c->store.writer.db, "COMMIT") == SQLITE_OK ? 0 : fail_sql(c, "ending");
}

static int derive_all(struct check *c, rebuild_progress_fn *progress, void *data)
{
	int64_t newest = 0;
	int r = 0, ended;

	while (r == 0) {
		r = begin(c);
		if (r == 0)
			r = derive_new(c, ENTRIES_A_READ);
		ended = end(c);
		if (r >= 0 && ended < 0)
			r = ended;
		if (sql_number(c->store.writer.db, "SELECT coalesce(max(seq), 0) FROM entry",
			       &newest) == SQLITE_OK)
			c->newest = (uint64_t)newest;
		if (progress && r >= 0)
			progress(data, c->store.head.seq, c->newest);
	}
	return r < 0 ? r : 0;
}

/* --- side by side */

/* One table on both sides, from the last row that was compared on. */
struct walk {
	const struct table *table;
	sqlite3_stmt *side[2]; /* made again; as it is */
	sqlite3_value *last[2];
	bool more;
};

static sqlite3_stmt *side_of(struct check *c, const struct table *t, const char *schema, bool from)
{
	char sql[512];

	snprintf(sql, sizeof(sql), "SELECT %s, * FROM %s.%s WHERE %s%s%s%s%s ORDER BY %s LIMIT %u",
		 t->key, schema, t->name, t->except ? t->except : "1", from ? " AND (" : "",
		 from ? t->key : "",
		 !from		? ""
		 : t->keys == 2 ? ") > (?1, ?2)"
				: ") > ?1",
		 "", t->key, ROWS_A_READ);
	return sql_prepare(c->store.writer.db, sql);
}

/* A value as people read it: a customer by eight digits, other bytes by as many. */
static void value_text(sqlite3_stmt *row, int at, char *text, size_t size)
{
	char hex[9];

	if (sqlite3_column_type(row, at) == SQLITE_BLOB) {
		uint8_t head[4] = {0};
		int len = sqlite3_column_bytes(row, at);

		if (len > 0)
			memcpy(head, sqlite3_column_blob(row, at), len < 4 ? (size_t)len : 4);
		hex_text(head, sizeof(head), hex);
		snprintf(text, size, "%s", hex);
	} else if (sqlite3_column_type(row, at) == SQLITE_NULL) {
		snprintf(text, size, "nothing");
	} else {
		snprintf(text, size, "%.48s", (const char *)sqlite3_column_text(row, at));
	}
}

static void name_row(struct check *c, const struct table *t, sqlite3_stmt *row)
{
	char first[49], second[49];

	c->ret->ok = false;
	snprintf(c->ret->table, sizeof(c->ret->table), "%s", t->name);
	value_text(row, 0, first, sizeof(first));
	if (t->keys == 2)
		value_text(row, 1, second, sizeof(second));
	snprintf(c->ret->key, sizeof(c->ret->key), "%s%s%s", first, t->keys == 2 ? ", " : "",
		 t->keys == 2 ? second : "");
}

static bool same_value(sqlite3_stmt *a, sqlite3_stmt *b, int at)
{
	int type = sqlite3_column_type(a, at);
	const void *x, *y;
	int len;

	if (type != sqlite3_column_type(b, at))
		return false;
	if (type == SQLITE_INTEGER)
		return column_i64(a, at) == column_i64(b, at);
	if (type == SQLITE_NULL)
		return true;
	x = sqlite3_column_blob(a, at);
	y = sqlite3_column_blob(b, at);
	len = sqlite3_column_bytes(a, at);
	return len == sqlite3_column_bytes(b, at) && (len == 0 || memcmp(x, y, (size_t)len) == 0);
}

/* Whether two rows that stand in the same place are the same; else says what differs. */
static bool same_row(struct check *c, const struct table *t, sqlite3_stmt *a, sqlite3_stmt *b)
{
	char made[50], there[50];

	for (int at = 0; at < sqlite3_column_count(a); at++) {
		if (same_value(a, b, at))
			continue;
		name_row(c, t, a);
		if (at < (int)t->keys) {
			snprintf(c->ret->why, sizeof(c->ret->why),
				 "the table and the entries have other rows");
			return false;
		}
		value_text(a, at, made, sizeof(made));
		value_text(b, at, there, sizeof(there));
		snprintf(c->ret->why, sizeof(c->ret->why),
			 "%s is %s, and from the entries it is %s", sqlite3_column_name(a, at),
			 there, made);
		return false;
	}
	return true;
}

static void keep_last(struct walk *w, sqlite3_stmt *row)
{
	for (uint32_t i = 0; i < w->table->keys; i++) {
		sqlite3_value_free(w->last[i]);
		w->last[i] = sqlite3_value_dup(sqlite3_column_value(row, (int)i));
		CHECK(w->last[i]);
	}
}

/* The next rows of both. 0, or -errno; more or a difference stand in the walk and the result. */
static int compare_some(struct check *c, struct walk *w)
{
	sqlite3_stmt *made = w->side[0], *there = w->side[1];
	uint32_t n = 0;
	int a, b;

	w->more = false;
	for (;;) {
		a = sqlite3_step(made);
		b = sqlite3_step(there);
		if (a != SQLITE_ROW || b != SQLITE_ROW)
			break;
		if (!same_row(c, w->table, made, there))
			return 0;
		c->ret->rows++;
		if (++n == ROWS_A_READ) {
			keep_last(w, made);
			w->more = true;
		}
	}
	if ((a != SQLITE_DONE && a != SQLITE_ROW) || (b != SQLITE_DONE && b != SQLITE_ROW))
		return fail_sql(c, w->table->name);
	if (a == b)
		return 0;
	name_row(c, w->table, a == SQLITE_ROW ? made : there);
	snprintf(c->ret->why, sizeof(c->ret->why), "%s",
		 a == SQLITE_ROW ? "the row is missing" : "no entry tells of this row");
	return 0;
}

/* One short read: first what is new, then rows that are all of one moment. */
static int walk_on(struct check *c, struct walk *w, bool from)
{
	int r = begin(c), ended;

	if (r == 0)
		do
			r = derive_new(c, ENTRIES_A_READ);
		while (r == 0);
	for (int i = 0; r == 1 && i < 2; i++) {
		w->side[i] = side_of(c, w->table, i == 0 ? "main" : "ledger", from);
		if (!w->side[i])
			r = fail_sql(c, w->table->name);
		for (uint32_t k = 0; r == 1 && from && k < w->table->keys; k++)
			sqlite3_bind_value(w->side[i], (int)k + 1, w->last[k]);
	}
	if (r == 1)
		r = compare_some(c, w);
	for (int i = 0; i < 2; i++) {
		sqlite3_finalize(w->side[i]);
		w->side[i] = NULL;
	}
	ended = end(c);
	return r < 0 ? r : ended;
}

static int compare_table(struct check *c, const struct table *t)
{
	struct walk w = {.table = t};
	bool from = false;
	int r;

	do {
		r = walk_on(c, &w, from);
		from = true;
	} while (r == 0 && c->ret->ok && w.more);
	for (uint32_t i = 0; i < ARRAY_LEN(w.last); i++)
		sqlite3_value_free(w.last[i]);
	c->ret->tables++;
	return r;
}

int ledger_rebuild_check(const char *dir, struct rebuild_found *ret, rebuild_progress_fn *progress,
			 void *data)
{
	struct check c = {.store = {.writer = {.lock_fd = -1}}, .ret = ret};
	int r;

	*ret = (struct rebuild_found){.ok = true};
	r = open_check(&c, dir);
	if (r == 0)
		r = derive_all(&c, progress, data);
	for (uint32_t i = 0; r == 0 && ret->ok && i < ARRAY_LEN(tables); i++)
		if (!tables[i].of_erasable || !c.erased)
			r = compare_table(&c, &tables[i]);
	close_check(&c);
	if (r < 0)
		ret->ok = false;
	return r;
}
