/*
 * import_log.c: lists that were read in. What a list changed stands in its tables; who sent it, and
 * what the file was called, would be gone with the answer: a wrong price on Monday is traced to
 * Friday's file by this.
 */
#include "officed/import_log.h"

#include <stdio.h>

#include "base/utf8.h"
#include "officed/json.h"

enum {
	LIMIT_USUAL = 50,
	LIMIT_MAX = 200,
};

struct logging {
	const struct ask *a;
	enum import_kind kind;
	const char *shop;
	const struct import_counts *counts;
	char file[IMPORT_FILE_MAX + 1];
};

static int log_work(struct db *d, void *data)
{
	struct logging *l = data;
	int64_t n = 0;

	if (!db_one(d, &n, "UPDATE counter SET n = n + 1 WHERE name = 'import' RETURNING n", 0,
		    NULL))
		return db_failed(d);
	db_do(d,
	      "INSERT INTO list_import(n, kind, at, who, shop, file, row_count, changed, bad) "
	      "VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9)",
	      DB_VALUES(db_int(n), db_int(l->kind), db_int(l->a->now.ms), db_text(l->a->who.name),
			db_text(l->shop), db_text(l->file), db_int(l->counts->rows),
			db_int(l->counts->changed), db_int(l->counts->bad)));
	db_do(d,
	      "DELETE FROM list_import WHERE kind = $1 AND n <= (SELECT n FROM list_import WHERE "
	      "kind = $1 ORDER BY n DESC LIMIT 1 OFFSET $2)",
	      DB_VALUES(db_int(l->kind), db_int(IMPORTS_KEPT)));
	return db_failed(d);
}

int import_log(struct office *o, const struct ask *a, enum import_kind kind, const char *shop,
	       const struct import_counts *counts)
{
	struct logging l = {.a = a, .kind = kind, .shop = shop, .counts = counts};
	const char *file = ask_query(a, "file");

	utf8_cut(file != NULL ? file : "", l.file, sizeof(l.file));
	return db_transact(o->db, log_work, &l);
}

/* --- a list of them */

struct listing {
	const struct ask *a;
	enum import_kind kind;
	bool all;
	int64_t before, limit, last;
	bool more;
	json_t *items;
};

static json_t *item_json(struct db_rows *rows)
{
	const char *shop = db_col_text(rows, 3), *file = db_col_text(rows, 4);

	return json_pack("{s:I, s:o, s:s, s:o, s:o, s:I, s:I, s:I}", "n",
			 (json_int_t)db_col_int(rows, 0), "at", json_wall(db_col_int(rows, 1)),
			 "who", db_col_text(rows, 2), "shop",
			 shop[0] != '\0' ? json_string(shop) : json_null(), "file",
			 file[0] != '\0' ? json_string(file) : json_null(), "rows",
			 (json_int_t)db_col_int(rows, 5), "changed",
			 (json_int_t)db_col_int(rows, 6), "bad", (json_int_t)db_col_int(rows, 7));
}

static int list_work(struct db *d, void *data)
{
	struct listing *l = data;
	struct db_rows *rows;

	json_array_clear(l->items);
	l->more = false;
	db_ask(d, &rows,
	       "SELECT n, at, who, shop, file, row_count, changed, bad FROM list_import WHERE kind "
	       "= $1 AND n < $2 AND ($3 = 1 OR who = $4) ORDER BY n DESC LIMIT $5",
	       DB_VALUES(db_int(l->kind), db_int(l->before), db_int(l->all),
			 db_text(l->a->who.name), db_int(l->limit + 1)));
	while (db_next(rows)) {
		l->more = (int64_t)json_array_size(l->items) == l->limit;
		if (l->more)
			break;
		l->last = db_col_int(rows, 0);
		(void)json_array_append_new(l->items, item_json(rows));
	}
	db_rows_end(rows);
	return db_failed(d);
}

static int list(struct office *o, const struct ask *a, struct reply *r, enum import_kind kind,
		enum right right)
{
	struct listing l = {.a = a, .kind = kind, .all = who_may(&a->who, right, NULL)};
	char next[24];
	int error;

	if (!ask_query_int(a, "limit", 1, LIMIT_MAX, LIMIT_USUAL, &l.limit, r) ||
	    !ask_query_int(a, "after", 1, INT64_MAX, INT64_MAX, &l.before, r))
		return 0;
	l.items = json_array();
	error = db_read(o->db, list_work, &l);
	snprintf(next, sizeof(next), "%lld", (long long)l.last);
	if (error == 0)
		reply_json(r, 200,
			   json_pack("{s:O, s:o}", "imports", l.items, "next",
				     l.more ? json_string(next) : json_null()));
	json_decref(l.items);
	return error;
}

int goods_imports(struct office *o, const struct ask *a, struct reply *r)
{
	return list(o, a, r, IMPORT_GOODS, RIGHT_GOODS);
}

int payments_imports(struct office *o, const struct ask *a, struct reply *r)
{
	return list(o, a, r, IMPORT_PAYMENTS, RIGHT_MONEY);
}
