/*
 * intake_tail.c: entries back to a box that lacks them: a card that was restored from an old
 * backup, or a new box in the place of a broken one. As they came, in the same form; what was
 * erased stays erased.
 */
#include <errno.h>
#include <stdlib.h>

#include "net/pack.h"
#include "officed/intake.h"

enum {
	TAIL_PAGE = 512,
	TAIL_ENTRY = 64 + SYNC_BODY_MAX, /* bytes of one, at most */
	TAIL_END = 64,			 /* of the hash at the end */
};

struct tail {
	const char *shop;
	uint64_t asked, after; /* after: the newest in it */
	struct builder b;
	uint32_t entries;
	bool there; /* the entry that it follows */
	bool full;
	struct sha256 hash; /* of the newest in it */
};

static bool take_hash(struct span bytes, struct sha256 *ret)
{
	if (bytes.len != sizeof(ret->byte))
		return false;
	memcpy(ret->byte, bytes.data, sizeof(ret->byte));
	return true;
}

/* The row at hand; false when there is no more room. */
static bool put_row(struct tail *t, struct db_rows *rows)
{
	struct sync_entry e = {
		.epoch = (uint32_t)db_col_int(rows, 1),
		.seq = (uint64_t)db_col_int(rows, 0),
		.at = {db_col_int(rows, 2)},
		.kind = (uint16_t)db_col_int(rows, 3),
		.erased = db_col_null(rows, 4),
		.body = db_col_bytes(rows, db_col_null(rows, 4) ? 5 : 4),
	};

	if (t->entries == SYNC_ENTRIES_MAX || t->b.size - t->b.len < TAIL_ENTRY + TAIL_END ||
	    !take_hash(db_col_bytes(rows, 6), &t->hash))
		return false;
	sync_entry_put(&t->b, &e);
	t->after = e.seq;
	t->entries++;
	return !t->b.failed;
}

static uint32_t put_page(struct db *d, struct tail *t)
{
	struct db_rows *rows;
	uint32_t found = 0;

	db_ask(d, &rows,
	       "SELECT seq, epoch, at, kind, body, body_hash, hash FROM entry WHERE shop = $1"
	       " AND seq > $2 ORDER BY seq LIMIT $3",
	       DB_VALUES(db_text(t->shop), db_int((int64_t)t->after), db_int(TAIL_PAGE)));
	while (!t->full && db_next(rows)) {
		t->full = !put_row(t, rows);
		found++;
	}
	db_rows_end(rows);
	return found;
}

static int read_tail(struct db *d, void *data)
{
	struct tail *t = data;
	struct db_rows *rows;

	t->b.len = t->entries = 0;
	t->after = t->asked; /* it may run again */
	t->full = false;
	t->hash = (struct sha256){{0}};
	db_ask(d, &rows, "SELECT hash FROM entry WHERE shop = $1 AND seq = $2 LIMIT 1",
	       DB_VALUES(db_text(t->shop), db_int((int64_t)t->after)));
	t->there = t->after == 0 || (db_next(rows) && take_hash(db_col_bytes(rows, 0), &t->hash));
	db_rows_end(rows);
	while (t->there && !t->full && put_page(d, t) == TAIL_PAGE)
		;
	sync_hash_put(&t->b, &t->hash);
	return db_failed(d);
}

static void answer(const struct tail *t, struct reply *r)
{
	uint32_t size = pack_bound(t->b.len), len;
	uint8_t *packed = malloc(size);

	CHECK(packed && !t->b.failed);
	len = pack((struct span){t->b.data, t->b.len}, packed, size);
	CHECK(len > 0);
	reply_bytes(r, 200, "application/cbor-seq", packed, len);
	free(packed);
}

int box_entries_get(struct office *o, const struct ask *a, struct reply *r)
{
	struct tail t = {.shop = a->param[0]};
	int64_t after;
	uint8_t *bytes;
	int result;

	if (!ask_query_int(a, "after", 0, INT64_MAX - 1, 0, &after, r))
		return 0;
	bytes = malloc(SYNC_BATCH_MAX);
	CHECK(bytes);
	t.b = builder_of(bytes, SYNC_BATCH_MAX);
	t.asked = (uint64_t)after;
	result = db_read(o->db, read_tail, &t);
	if (result == 0 && !t.there)
		reply_problem(r, 404, "unknown_entry", "Entry %lld is not on record here.",
			      (long long)after);
	else if (result == 0)
		answer(&t, r);
	free(bytes);
	return result;
}
