/*
 * box_epoch.c: a box that cannot go on from where the office has it asks for a new epoch (contracts
 * 5). Only the newest epoch may write, so a grant shuts out whoever else writes as this shop: it is
 * given once a day, more often only when a person says so, and is always a notice.
 *
 * A box whose answer was lost asks again, still in its old epoch: while nothing was written in the
 * one it was granted, it hears the same grant again.
 *
 * An office that was restored from an old backup may have forgotten the epoch that the box writes
 * in. What it grants is higher than both, so that the epochs along the chain never fall.
 */
#include "officed/box.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "officed/feed.h"

enum verdict_epoch {
	EPOCH_GRANTED = 0,
	EPOCH_REPEATED = 1,
	EPOCH_TOO_SOON = 2,
	EPOCH_STRANGE = 3, /* far past any that we could have granted */
	EPOCH_GONE = 4,	   /* no shop, or its box was revoked meanwhile */
};

struct granting {
	struct office *o;
	const struct ask *a;
	struct sync_epoch e;
	struct sync_head head;
	enum verdict_epoch verdict;
	int64_t granted_at;
};

/** The shop's row, ours until we commit. */
static bool shop_take(struct granting *g, struct db *d)
{
	struct db_rows *rows;
	bool live = false;

	db_ask(d, &rows,
	       "UPDATE shop SET changed = changed WHERE shop = $1 RETURNING state, epoch, "
	       "granted_at, head_seq, head_hash",
	       DB_VALUES(db_text(g->a->param[0])));
	if (db_next(rows)) {
		struct span hash = db_col_bytes(rows, 4);

		live = db_col_int(rows, 0) == SHOP_LIVE;
		g->head.epoch = (uint32_t)db_col_int(rows, 1);
		g->granted_at = db_col_int(rows, 2);
		g->head.seq = (uint64_t)db_col_int(rows, 3);
		if (hash.len == sizeof(g->head.hash))
			memcpy(&g->head.hash, hash.data, sizeof(g->head.hash));
	}
	db_rows_end(rows);
	return live;
}

/** Whether anything was written in the newest epoch. */
static bool written_in(struct granting *g, struct db *d)
{
	int64_t epoch = 0;

	return db_one(d, &epoch, "SELECT epoch FROM entry WHERE shop = $1 AND seq = $2 LIMIT 1",
		      DB_VALUES(db_text(g->a->param[0]), db_int((int64_t)g->head.seq))) &&
	       epoch == g->head.epoch;
}

static enum verdict_epoch judge(struct granting *g, struct db *d)
{
	int64_t since = g->a->now.ms - g->granted_at;

	if (!shop_take(g, d))
		return EPOCH_GONE;
	since = g->a->now.ms - g->granted_at;
	if (g->granted_at > 0 && g->e.epoch + 1 == g->head.epoch && !written_in(g, d))
		return EPOCH_REPEATED;
	if (g->e.epoch > g->head.epoch + EPOCH_AHEAD_MAX)
		return EPOCH_STRANGE;
	if (g->granted_at > 0 && since >= 0 && since < EPOCH_EVERY_MS)
		return EPOCH_TOO_SOON;
	return EPOCH_GRANTED;
}

static void grant(struct granting *g, struct db *d)
{
	const char *shop = g->a->param[0];
	char detail[200];

	bool forgot = g->e.epoch > g->head.epoch || g->e.seq > g->head.seq;

	if (g->e.epoch > g->head.epoch)
		g->head.epoch = g->e.epoch;
	g->head.epoch++;
	if (forgot) /* so are the numbers of its feed, which the box may have seen before */
		feed_leap(g->o, shop);
	db_do(d, "UPDATE shop SET epoch = $1, granted_at = $2 WHERE shop = $3",
	      DB_VALUES(db_int(g->head.epoch), db_int(g->a->now.ms), db_text(shop)));
	shop_touch(g->o, shop);
	snprintf(detail, sizeof(detail),
		 "Epoch %u was granted: the box has entries up to %llu of those that the office "
		 "has up to %llu.",
		 g->head.epoch, (unsigned long long)g->e.seq, (unsigned long long)g->head.seq);
	notice_add(g->o, shop, NOTICE_EPOCH, detail, g->a->now);
}

static int epoch_work(struct db *d, void *data)
{
	struct granting *g = data;

	g->head = (struct sync_head){0};
	g->granted_at = 0;
	g->verdict = judge(g, d);
	if (g->verdict == EPOCH_GRANTED)
		grant(g, d);
	return db_failed(d);
}

static void grant_sign(struct granting *g, struct reply *r)
{
	uint8_t payload[256];
	struct builder b = builder_of(payload, sizeof(payload));

	memcpy(g->head.shop, g->a->param[0], strlen(g->a->param[0]) + 1);
	g->head.at = g->a->now;
	sync_head_put(&b, SAID_GRANT, &g->head);
	reply_signed(g->o, &b, r);
}

int box_epoch(struct office *o, const struct ask *a, struct reply *r)
{
	struct granting g = {.o = o, .a = a};
	int error;

	if (!sync_epoch_take(a->body, &g.e)) {
		reply_problem(r, 400, "malformed", "The body does not ask for an epoch.");
		return 0;
	}
	error = db_transact(o->db, epoch_work, &g);
	if (error < 0)
		return error;
	switch (g.verdict) {
	case EPOCH_GRANTED:
	case EPOCH_REPEATED:
		grant_sign(&g, r);
		break;
	case EPOCH_TOO_SOON:
		reply_problem(r, 409, "epoch_too_soon",
			      "An epoch was granted less than a day ago: an operator has to allow "
			      "another (allow-epoch).");
		break;
	case EPOCH_STRANGE:
		reply_problem(r, 409, "epoch_unknown",
			      "This office never granted such an epoch: an operator has to look.");
		break;
	case EPOCH_GONE:
		reply_problem(r, 403, "revoked", "This box was revoked.");
		break;
	}
	return 0;
}
