/*
 * feed_snapshot.c: everything that holds for a shop, in parts.
 *
 * The first part reads the shop's feed_to and names it in all of them: `to`. The tables are read
 * after that, a page at a time, each in a transaction of its own and in the order of a key. What
 * changes while that goes on has a number above `to`, so it comes by the feed afterwards, and every
 * change is whole in itself: whether a page showed it already makes no difference.
 *
 * What a shop has to do once (money that came in, people to be forgotten) is in it too, as long as
 * the shop has not shown that it is done: the changes that told of it are among those that a
 * snapshot skips.
 *
 * Where to go on is text that the box hands back: `to`.part.stage.key. It is only the box's own
 * place in its own data, so it is checked for form and not for origin.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "officed/feed_snap.h"
#include "token/statement.h"

enum {
	HEAD_ROOM = 128, /* of a feed's head within SYNC_FEED_MAX */
};

/** A first snapshot is above the cursor that every box begins with. */
static int begin_work(struct db *d, void *data)
{
	const struct snap *s = data;

	db_do(d, "UPDATE shop SET feed_to = 1 WHERE shop = $1 AND feed_to = 0",
	      DB_VALUES(db_text(s->shop)));
	return db_failed(d);
}

static bool shop_read(struct snap *s)
{
	struct db_rows *rows;
	bool found;

	db_ask(s->o->db, &rows,
	       "SELECT epoch, feed_to, shop_group FROM shop WHERE shop = $1 LIMIT 1",
	       DB_VALUES(db_text(s->shop)));
	found = db_next(rows);
	if (found) {
		s->epoch = db_col_int(rows, 0);
		if (s->part == 1)
			s->to = db_col_int(rows, 1);
		snprintf(s->group, sizeof(s->group), "%s", db_col_text(rows, 2));
	}
	db_rows_end(rows);
	return found;
}

static int snap_work(struct db *d, void *data)
{
	struct snap *s = data;

	s->stage = s->from.stage; /* it may run again */
	memcpy(s->key, s->from.key, sizeof(s->key));
	s->b.len = 0;
	s->changes = 0;
	if (!shop_read(s))
		return db_failed(d) ? db_failed(d) : -ENOENT;
	while (s->stage < SNAP_STAGES && !db_failed(d) && snap_stages[s->stage](s)) {
		s->stage++;
		s->key[0] = '\0';
	}
	s->last = s->stage == SNAP_STAGES;
	return db_failed(d);
}

/** A number of at most `digits` digits up to the next point; false where there is none. */
static bool number_take(const char **at, uint32_t digits, int64_t *ret)
{
	uint32_t n = (uint32_t)strspn(*at, "0123456789");

	if (n == 0 || n > digits || (*at)[n] != '.')
		return false;
	*ret = strtoll(*at, NULL, 10);
	*at += n + 1;
	return true;
}

/** "to.part.stage.key", as next_say() made it. */
static bool next_read(struct snap *s, const char *next)
{
	int64_t stage;
	uint32_t len;

	if (!number_take(&next, 18, &s->to) || !number_take(&next, 9, &s->part) ||
	    !number_take(&next, 2, &stage))
		return false;
	len = (uint32_t)strnlen(next, NAME_MAX_LEN + 1);
	if (s->to == 0 || s->part < 2 || stage >= SNAP_STAGES ||
	    (len > 0 && !name_valid(next, len)))
		return false;
	s->from.stage = (uint32_t)stage;
	memcpy(s->from.key, next, len + 1);
	return true;
}

static void next_say(const struct snap *s, struct reply *r)
{
	snprintf(r->next, sizeof(r->next), "%" PRId64 ".%" PRId64 ".%u.%s", s->to, s->part + 1,
		 s->stage, s->key);
}

static void snap_sign(struct snap *s, struct reply *r)
{
	uint32_t size = s->b.len + HEAD_ROOM;
	uint8_t *payload = malloc(size), *out = malloc(size + STATEMENT_EXTRA);
	struct builder b = builder_of(payload, size);
	struct sync_feed f = {.epoch = (uint32_t)s->epoch,
			      .to = (uint64_t)s->to,
			      .at = s->a->now,
			      .part = (int32_t)(s->last ? -s->part : s->part),
			      .changes = s->changes};

	CHECK(payload && out);
	snprintf(f.shop, sizeof(f.shop), "%s", s->shop);
	sync_feed_put(&b, &f);
	build_bytes(&b, s->b.data, s->b.len);
	CHECK(!b.failed);
	reply_bytes(r, 200, "application/cose", out,
		    office_sign(s->o, &b, out, size + STATEMENT_EXTRA));
	free(payload);
	free(out);
	if (!s->last)
		next_say(s, r);
}

int feed_snapshot(struct office *o, const struct ask *a, const char *next, struct reply *r)
{
	struct snap s = {.o = o, .a = a, .shop = a->param[0], .part = 1};
	int error;

	if (next && !next_read(&s, next)) {
		reply_problem(r, 400, "malformed",
			      "next is none that this office gave: begin the snapshot anew.");
		return 0;
	}
	s.b = builder_of(malloc(SYNC_FEED_MAX - HEAD_ROOM), SYNC_FEED_MAX - HEAD_ROOM);
	CHECK(s.b.data);
	error = next ? 0 : db_transact(o->db, begin_work, &s);
	if (error == 0)
		error = db_read(o->db, snap_work, &s);
	if (error == 0)
		snap_sign(&s, r);
	else if (error == -ENOENT)
		reply_problem(r, 404, "unknown_shop", "There is no shop of this name.");
	free(s.b.data);
	return error == -ENOENT ? 0 : error;
}
