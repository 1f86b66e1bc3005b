/*
 * feed_routes.c: what a box asks of its feed. Changes after its cursor, as one signed statement;
 * or that it has to fetch everything anew.
 *
 * A box is told `must_refetch` when its cursor is none of ours: 0, with which every box begins; one
 * whose changes are forgotten; one above all numbers given. The last happens when this office was
 * restored from an older backup: then numbers would be given a second time, so the shop's are
 * raised above the box's cursor first, and the snapshot it fetches has a higher `to`.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "officed/feed.h"
#include "officed/routes.h"
#include "token/statement.h"

enum {
	HEAD_ROOM = 128,
	FIRST_ROOM = 16 * 1024, /* of the changes' buffer; most answers are one change */
};

#define CURSOR_MAX INT64_C(999999999999999999)
/* Changes that an office can have told since the backup that it was restored from. A box that says
 * more is broken, or not ours any more: raised above it, the numbers would come to their end. */
#define AHEAD_MAX INT64_C(1000000000)

struct news {
	struct office *o;
	const struct ask *a;
	int64_t after, to, epoch;
	struct builder b;
	uint32_t changes;
	bool refetch, unknown, ahead;
};

static void room_make(struct news *n, uint32_t len)
{
	uint32_t size = n->b.size;

	while (size - n->b.len < len)
		size = size < FIRST_ROOM ? FIRST_ROOM : size * 2;
	if (size == n->b.size)
		return;
	n->b.data = realloc(n->b.data, size);
	CHECK(n->b.data);
	n->b.size = size;
}

/** The changes after the cursor, as many as one statement holds. */
static void changes_read(struct news *n)
{
	struct db_rows *rows;

	db_ask(n->o->db, &rows,
	       "SELECT n, change FROM feed WHERE shop = $1 AND n > $2 ORDER BY n LIMIT 1000",
	       DB_VALUES(db_text(n->a->param[0]), db_int(n->after)));
	while (db_next(rows)) {
		struct span change = db_col_bytes(rows, 1);

		if (n->b.len + change.len > SYNC_FEED_MAX - HEAD_ROOM)
			break;
		if (db_col_int(rows, 0) != n->to + 1)
			n->refetch = true; /* some were forgotten */
		n->to = db_col_int(rows, 0);
		room_make(n, change.len);
		build_bytes(&n->b, change.data, change.len);
		n->changes++;
	}
	db_rows_end(rows);
}

static int news_work(struct db *d, void *data)
{
	struct news *n = data;
	struct db_rows *rows;
	int64_t from = 0, to = 0;

	n->b.len = n->changes = 0;
	n->to = n->after;
	n->refetch = n->unknown = false;
	db_ask(d, &rows, "SELECT epoch, feed_from, feed_to FROM shop WHERE shop = $1 LIMIT 1",
	       DB_VALUES(db_text(n->a->param[0])));
	n->unknown = !db_next(rows);
	n->epoch = db_col_int(rows, 0);
	from = db_col_int(rows, 1);
	to = db_col_int(rows, 2);
	db_rows_end(rows);
	n->refetch = n->after == 0 || n->after < from || n->after > to;
	n->ahead = n->after > to && n->after - to <= AHEAD_MAX;
	if (!n->refetch && n->after < to)
		changes_read(n);
	return db_failed(d);
}

/** The numbers that an older office gave are not given again. */
static int raise_work(struct db *d, void *data)
{
	const struct news *n = data;

	db_do(d, "UPDATE shop SET feed_to = $2, feed_from = $2 WHERE shop = $1 AND feed_to < $2",
	      DB_VALUES(db_text(n->a->param[0]), db_int(n->after + 1)));
	shop_touch(n->o, n->a->param[0]);
	return db_failed(d);
}

static void news_sign(struct news *n, struct reply *r)
{
	uint32_t size = n->b.len + HEAD_ROOM;
	uint8_t *payload = malloc(size), *out = malloc(size + STATEMENT_EXTRA);
	struct builder b = builder_of(payload, size);
	struct sync_feed f = {.epoch = (uint32_t)n->epoch,
			      .from = (uint64_t)n->after,
			      .to = (uint64_t)n->to,
			      .at = n->a->now,
			      .changes = n->changes};

	CHECK(payload && out);
	snprintf(f.shop, sizeof(f.shop), "%s", n->a->param[0]);
	sync_feed_put(&b, &f);
	build_bytes(&b, n->b.data, n->b.len);
	CHECK(!b.failed);
	reply_bytes(r, 200, "application/cose", out,
		    office_sign(n->o, &b, out, size + STATEMENT_EXTRA));
	free(payload);
	free(out);
}

static int box_feed(struct office *o, const struct ask *a, struct reply *r)
{
	struct news n = {.o = o, .a = a};
	int64_t snapshot = 0;
	int error;

	if (!ask_query_int(a, "snapshot", 0, 1, 0, &snapshot, r) ||
	    !ask_query_int(a, "after", 0, CURSOR_MAX, 0, &n.after, r))
		return 0;
	if (snapshot)
		return feed_snapshot(o, a, ask_query(a, "next"), r);
	error = db_read(o->db, news_work, &n);
	if (error == 0 && n.ahead && !n.unknown)
		error = db_transact(o->db, raise_work, &n);
	if (error == 0 && n.unknown)
		reply_problem(r, 404, "unknown_shop", "There is no shop of this name.");
	else if (error == 0 && n.refetch)
		reply_problem(r, 409, "must_refetch",
			      "This cursor is none of this office's: fetch the snapshot.");
	else if (error == 0 && n.changes == 0)
		reply_bytes(r, 204, NULL, NULL, 0);
	else if (error == 0)
		news_sign(&n, r);
	free(n.b.data);
	return error;
}

const struct office_route feed_routes[] = {
	{.method = "GET",
	 .path = "/v1/shops/{shop}/feed",
	 .who = FOR_BOX,
	 .purpose = "feed",
	 .answer = box_feed},
	{0},
};
