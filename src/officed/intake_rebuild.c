/*
 * intake_rebuild.c: every table of a shop, made again from its entries.
 *
 * For an office whose tables are in doubt, and for a newer one that reads what an older one could
 * not. A table's digest before and after tells whether anything differed; what the entries say then
 * stands there. All of a shop is one transaction under its row, so its boxes wait and readers see
 * the old tables or the new ones. Nobody is told anything again: no webhook, no text, no number of
 * arrival.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "officed/derive.h"

enum {
	REBUILD_PAGE = 1024,  /* entries derived at once */
	DIGEST_PAGE = 5000,   /* rows */
	REBUILD_SHOPS = 1000, /* names read at once */
};

/* A table, its columns as i (number), t (text), b (bytes); the first is what pages go by. */
static const struct table {
	const char *name, *columns, *read, *clear;
} tables[] = {
	{"visit", "ibtiii",
	 "SELECT visit, customer, place, opened_at, closed_at, seq FROM visit WHERE shop = $1"
	 " AND visit > $2 ORDER BY visit LIMIT $3",
	 "DELETE FROM visit WHERE shop = $1"},
	{"line", "iitbitiiiiiiiiiiiiii",
	 "SELECT seq, visit, key, customer, gtin, name, quantity_milli, unit_price, list_price,"
	 " total, deposit, vat_bp, vat, vat_class, class, bought, at, late, voided, credited"
	 " FROM line WHERE shop = $1 AND seq > $2 ORDER BY seq LIMIT $3",
	 "DELETE FROM line WHERE shop = $1"},
	{"invoice", "iiiibiiiiiiiiii",
	 "SELECT id, seq, first_seq, credit_note, customer, period, issued, due, lines, gross,"
	 " rounding, payable, original, paid, credited FROM invoice WHERE shop = $1 AND id > $2"
	 " ORDER BY id LIMIT $3",
	 "DELETE FROM invoice WHERE shop = $1"},
	{"payment", "itbiiii",
	 "SELECT seq, key, customer, invoice, amount, booked, assigned FROM payment"
	 " WHERE shop = $1 AND seq > $2 ORDER BY seq LIMIT $3",
	 "DELETE FROM payment WHERE shop = $1"},
	{"stock", "iiii",
	 "SELECT gtin, on_hand_milli, unit_cost, seq FROM stock WHERE shop = $1 AND gtin > $2"
	 " ORDER BY gtin LIMIT $3",
	 "DELETE FROM stock WHERE shop = $1"},
	{"alarm", "iiitiiiiit",
	 "SELECT alarm, code, condition, place, severity, state, over, raised_at, changed_at,"
	 " acknowledged_by FROM alarm WHERE shop = $1 AND alarm > $2 ORDER BY alarm LIMIT $3",
	 "DELETE FROM alarm WHERE shop = $1"},
	{"period_closed", "iiii",
	 "SELECT period, seq, invoices, receivable FROM period_closed WHERE shop = $1"
	 " AND period > $2 ORDER BY period LIMIT $3",
	 "DELETE FROM period_closed WHERE shop = $1"},
	{"unread", "iii",
	 "SELECT seq, kind, at FROM unread WHERE shop = $1 AND seq > $2 ORDER BY seq LIMIT $3",
	 "DELETE FROM unread WHERE shop = $1"},
	{"command", "iii",
	 "SELECT id, answered_seq, outcome FROM command WHERE shop = $1 AND id > $2 ORDER BY id"
	 " LIMIT $3",
	 "UPDATE command SET answered_seq = 0, outcome = 0 WHERE shop = $1"},
};

struct rebuilding {
	struct office *o;
	const char *shop;
	struct wall now;
	bool known;
	uint64_t entries;
	uint32_t differ; /* a bit each of `tables` */
	uint8_t *room;	 /* bodies of a page */
};

/* --- what a table holds, as one hash */

static void digest_row(EVP_MD_CTX *hash, struct db_rows *rows, const char *columns)
{
	for (uint32_t i = 0; columns[i]; i++) {
		int64_t n = columns[i] == 'i' ? db_col_int(rows, i) : 0;
		struct span bytes = {NULL, 0};

		if (columns[i] != 'i') {
			bytes = db_col_bytes(rows, i);
			n = bytes.len;
		}
		CHECK(EVP_DigestUpdate(hash, &n, sizeof(n)) == 1 &&
		      (bytes.len == 0 || EVP_DigestUpdate(hash, bytes.data, bytes.len) == 1));
	}
}

static struct sha256 digest(struct rebuilding *x, const struct table *t)
{
	EVP_MD_CTX *hash = EVP_MD_CTX_new();
	int64_t after = INT64_MIN;
	uint32_t found = DIGEST_PAGE;
	struct db_rows *rows;
	struct sha256 sum;

	CHECK(hash && EVP_DigestInit_ex(hash, EVP_sha256(), NULL) == 1);
	while (found == DIGEST_PAGE) {
		found = 0;
		db_ask(x->o->db, &rows, t->read,
		       DB_VALUES(db_text(x->shop), db_int(after), db_int(DIGEST_PAGE)));
		for (; db_next(rows); found++) {
			after = db_col_int(rows, 0);
			digest_row(hash, rows, t->columns);
		}
		db_rows_end(rows);
	}
	CHECK(EVP_DigestFinal_ex(hash, sum.byte, NULL) == 1);
	EVP_MD_CTX_free(hash);
	return sum;
}

/* --- the entries, a page at a time */

static void add_row(struct rebuilding *x, struct batch *b, struct db_rows *rows)
{
	struct sync_entry raw = {
		.seq = (uint64_t)db_col_int(rows, 0),
		.epoch = (uint32_t)db_col_int(rows, 1),
		.at = {db_col_int(rows, 2)},
		.kind = (uint16_t)db_col_int(rows, 3),
		.erased = db_col_null(rows, 4),
	};
	struct span body = db_col_bytes(rows, 4), end = db_col_bytes(rows, 5);
	struct sha256 hash = {{0}};

	if (body.len > SYNC_BODY_MAX || end.len != sizeof(hash.byte))
		return;
	memcpy(hash.byte, end.data, end.len);
	raw.body = (struct span){x->room + b->facts * (size_t)SYNC_BODY_MAX, body.len};
	if (body.len > 0)
		memcpy(x->room + b->facts * (size_t)SYNC_BODY_MAX, body.data, body.len);
	batch_add(b, &raw, &hash);
}

/* How many rows there were. */
static uint32_t derive_page(struct rebuilding *x, int64_t *after)
{
	struct db_rows *rows;
	struct derive d;
	struct batch b;
	uint32_t found = 0;

	batch_begin(&b, REBUILD_PAGE);
	db_ask(x->o->db, &rows,
	       "SELECT seq, epoch, at, kind, body, hash FROM entry WHERE shop = $1 AND seq > $2"
	       " ORDER BY seq LIMIT $3",
	       DB_VALUES(db_text(x->shop), db_int(*after), db_int(REBUILD_PAGE)));
	for (; db_next(rows); found++) {
		*after = db_col_int(rows, 0);
		add_row(x, &b, rows);
	}
	db_rows_end(rows);
	if (b.facts > 0) {
		derive_batch(&d, x->o, x->shop, &b, 0, x->now, true);
		derive_free(&d);
	}
	batch_free(&b);
	return found;
}

static void derive_all(struct rebuilding *x)
{
	uint32_t found = REBUILD_PAGE;
	int64_t after = 0;

	while (found == REBUILD_PAGE && db_failed(x->o->db) == 0) {
		found = derive_page(x, &after);
		x->entries += found;
	}
}

static int rebuild_work(struct db *d, void *data)
{
	struct sha256 before[ARRAY_LEN(tables)], after;
	struct rebuilding *x = data;

	x->entries = 0;
	x->differ = 0;
	x->known = db_do(d, "UPDATE shop SET took_at = took_at WHERE shop = $1",
			 DB_VALUES(db_text(x->shop))) == 1;
	if (!x->known)
		return db_failed(d);
	for (uint32_t i = 0; i < ARRAY_LEN(tables); i++) {
		before[i] = digest(x, &tables[i]);
		db_do(d, tables[i].clear, DB_VALUES(db_text(x->shop)));
	}
	derive_all(x);
	for (uint32_t i = 0; i < ARRAY_LEN(tables); i++) {
		after = digest(x, &tables[i]);
		if (memcmp(before[i].byte, after.byte, sizeof(after.byte)) != 0)
			x->differ |= 1U << i;
	}
	return db_failed(d);
}

static void which_add(struct rebuilt *ret, const char *table)
{
	size_t len = strlen(ret->which);

	snprintf(ret->which + len, sizeof(ret->which) - len, "%s%s", len > 0 ? ", " : "", table);
}

static int rebuild_one(struct office *o, const char *shop, struct wall now, struct rebuilt *ret)
{
	struct rebuilding x = {.o = o, .shop = shop, .now = now};
	int r;

	x.room = malloc((size_t)REBUILD_PAGE * SYNC_BODY_MAX);
	CHECK(x.room);
	r = db_transact(o->db, rebuild_work, &x);
	free(x.room);
	if (r < 0 || !x.known)
		return r < 0 ? r : -ENOENT;
	ret->shops++;
	ret->entries += x.entries;
	ret->which[0] = '\0';
	for (uint32_t i = 0; i < ARRAY_LEN(tables); i++) {
		if ((x.differ & 1U << i) == 0)
			continue;
		which_add(ret, tables[i].name);
		if (ret->differ++ == 0)
			snprintf(ret->first, sizeof(ret->first), "%s: %s", shop, tables[i].name);
	}
	return 0;
}

/* --- one shop, or all */

struct names {
	char after[PLACE_MAX_LEN + 1];
	uint32_t count;
	char name[REBUILD_SHOPS][PLACE_MAX_LEN + 1];
};

static int read_names(struct db *d, void *data)
{
	struct names *n = data;
	struct db_rows *rows;

	n->count = 0;
	db_ask(d, &rows, "SELECT shop FROM shop WHERE shop > $1 ORDER BY shop LIMIT $2",
	       DB_VALUES(db_text(n->after), db_int(REBUILD_SHOPS)));
	while (db_next(rows))
		snprintf(n->name[n->count++], sizeof(n->name[0]), "%s", db_col_text(rows, 0));
	db_rows_end(rows);
	return db_failed(d);
}

int intake_rebuild(struct office *o, const char *shop, struct wall now, struct rebuilt *ret)
{
	struct rebuilt all = {0};
	struct names *n;
	int r = 0;

	if (shop) {
		r = rebuild_one(o, shop, now, &all);
		*ret = all;
		return r;
	}
	n = calloc(1, sizeof(*n));
	CHECK(n);
	do {
		r = db_read(o->db, read_names, n);
		for (uint32_t i = 0; r == 0 && i < n->count; i++)
			r = rebuild_one(o, n->name[i], now, &all);
		if (n->count > 0)
			memcpy(n->after, n->name[n->count - 1], sizeof(n->after));
	} while (r == 0 && n->count == REBUILD_SHOPS);
	free(n);
	*ret = all;
	return r;
}
