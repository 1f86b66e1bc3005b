/*
 * box_enrol.c: a box takes up a shop with a claim code (contracts 5). The request is signed by the
 * key that it brings, so whoever has the code has the key too.
 *
 * A code is good once, for a day. Only who used it may use it again, with the same key and before
 * anybody else enrolled: the answer may have been lost on its way, and a box that is half enrolled
 * would be stuck. A box that was revoked stays out whatever code it has.
 */
#include "officed/box.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>

#include "crypto/es256.h"
#include "token/statement.h"

enum claim_found {
	CLAIM_NONE = 0,
	CLAIM_GOOD = 1,
	CLAIM_REPEATED = 2, /* by the same box, whose answer was lost */
	CLAIM_REVOKED = 3,  /* the code is good, the box is not */
};

struct enrolling {
	struct office *o;
	const struct ask *a;
	struct sync_enrol e;
	struct sha256 code_hash;
	enum claim_found found;
	bool restore;
	struct sync_head head;
	int64_t state;
	bool same_key; /* the shop's box has it already */
};

void reply_signed(struct office *o, const struct builder *payload, struct reply *r)
{
	uint32_t size = payload->len + STATEMENT_EXTRA;
	uint8_t *out = malloc(size);

	CHECK(out != NULL);
	reply_bytes(r, 200, "application/cose", out, office_sign(o, payload, out, size));
	free(out);
}

/* ---- the claim ---- */

/** Looks at every code of the shop, so that nothing tells how near a guess was. */
static bool claim_find(struct enrolling *g, struct db *d, int64_t *ret_used_at)
{
	struct db_rows *rows;
	bool found = false;

	db_ask(d, &rows,
	       "SELECT code_hash, used_at, restore FROM claim WHERE shop = $1 AND expires_at > $2 "
	       "ORDER BY made_at DESC LIMIT 64",
	       DB_VALUES(db_text(g->a->param[0]), db_int(g->a->now.ms)));
	while (db_next(rows)) {
		struct span hash = db_col_bytes(rows, 0);

		if (hash.len != sizeof(g->code_hash) ||
		    CRYPTO_memcmp(hash.data, &g->code_hash, sizeof(g->code_hash)) != 0)
			continue;
		found = true;
		*ret_used_at = db_col_int(rows, 1);
		g->restore = db_col_int(rows, 2) != 0;
	}
	db_rows_end(rows);
	return found;
}

static bool key_revoked(struct enrolling *g, struct db *d)
{
	int64_t one;

	return db_one(d, &one,
		      "SELECT 1 FROM box_key WHERE shop = $1 AND key = $2 AND revoked = 1 LIMIT 1",
		      DB_VALUES(db_text(g->a->param[0]), db_bytes(&g->e.key, sizeof(g->e.key))));
}

/** The shop's row, ours until we commit. */
static void shop_take(struct enrolling *g, struct db *d)
{
	struct db_rows *rows;

	db_ask(d, &rows,
	       "UPDATE shop SET changed = changed WHERE shop = $1 RETURNING state, key, epoch, "
	       "head_seq, head_hash",
	       DB_VALUES(db_text(g->a->param[0])));
	if (db_next(rows)) {
		struct span key = db_col_bytes(rows, 1), hash = db_col_bytes(rows, 4);

		g->state = db_col_int(rows, 0);
		g->same_key = span_is(key, &g->e.key, sizeof(g->e.key));
		g->head.epoch = (uint32_t)db_col_int(rows, 2);
		g->head.seq = (uint64_t)db_col_int(rows, 3);
		if (hash.len == sizeof(g->head.hash))
			memcpy(&g->head.hash, hash.data, sizeof(g->head.hash));
	}
	db_rows_end(rows);
}

static enum claim_found claim_judge(struct enrolling *g, struct db *d)
{
	int64_t used_at = 0;

	if (!claim_find(g, d, &used_at))
		return CLAIM_NONE;
	if (key_revoked(g, d))
		return CLAIM_REVOKED;
	if (used_at > 0)
		return g->same_key && g->state == SHOP_LIVE ? CLAIM_REPEATED : CLAIM_NONE;
	/* whoever moves used_at has it */
	return db_do(d,
		     "UPDATE claim SET used_at = $1 WHERE shop = $2 AND code_hash = $3 AND used_at "
		     "= 0",
		     DB_VALUES(db_int(g->a->now.ms), db_text(g->a->param[0]),
			       db_bytes(&g->code_hash, sizeof(g->code_hash)))) == 1
		       ? CLAIM_GOOD
		       : CLAIM_NONE;
}

/* ---- the box becomes the shop's ---- */

static void box_put(struct enrolling *g, struct db *d)
{
	const char *shop = g->a->param[0];
	int64_t now = g->a->now.ms;
	struct db_value key = db_bytes(&g->e.key, sizeof(g->e.key));
	char detail[160];

	g->head.epoch++;
	db_do(d, "UPDATE box_key SET gone_at = $1 WHERE shop = $2 AND gone_at = 0",
	      DB_VALUES(db_int(now), db_text(shop)));
	db_do(d,
	      "INSERT INTO box_key(shop, key, enrolled_at, gone_at, revoked) VALUES($1, $2, $3, 0, "
	      "0) ON CONFLICT(shop, key) DO UPDATE SET enrolled_at = excluded.enrolled_at, gone_at "
	      "= 0",
	      DB_VALUES(db_text(shop), key, db_int(now)));
	db_do(d, "UPDATE shop SET state = 1, key = $1, epoch = $2, granted_at = 0 WHERE shop = $3",
	      DB_VALUES(key, db_int(g->head.epoch), db_text(shop)));
	db_do(d,
	      "INSERT INTO shop_seen(shop, seen_at, said, silent_since) VALUES($1, $2, $3, 0) ON "
	      "CONFLICT(shop) DO UPDATE SET seen_at = excluded.seen_at, said = excluded.said",
	      DB_VALUES(db_text(shop), db_int(now), db_bytes("", 0)));
	shop_touch(g->o, shop);
	snprintf(detail, sizeof(detail), "A box with version %s enrolled%s; epoch %u.",
		 g->e.version, g->restore ? " in place of another" : "", g->head.epoch);
	notice_add(g->o, shop, NOTICE_ENROLLED, detail, g->a->now);
}

static int enrol_work(struct db *d, void *data)
{
	struct enrolling *g = data;

	g->head = (struct sync_head){0};
	g->state = SHOP_WAITING;
	g->same_key = false;
	shop_take(g, d);
	g->found = claim_judge(g, d);
	if (g->found == CLAIM_GOOD)
		box_put(g, d);
	return db_failed(d);
}

static void enrolled_sign(struct enrolling *g, struct reply *r)
{
	const struct office_keys *keys = g->o->keys;
	uint32_t size = keys->statement_len + 512;
	uint8_t *payload = malloc(size);
	struct builder b = builder_of(payload, size);

	CHECK(payload != NULL);
	memcpy(g->head.shop, g->a->param[0], strlen(g->a->param[0]) + 1);
	g->head.at = g->a->now;
	g->head.root = keys->root;
	g->head.keys = (struct span){keys->statement, keys->statement_len};
	sync_head_put(&b, SAID_ENROLLED, &g->head);
	reply_signed(g->o, &b, r);
	free(payload);
}

/** The code of this shop at this office; its secret's hash. */
static bool code_read(struct enrolling *g)
{
	struct sha256 root = sha256(&g->o->keys->root, sizeof(g->o->keys->root));
	struct claim_code code;

	if (!claim_code_parse(g->e.code, (uint32_t)strlen(g->e.code), &code) ||
	    strcmp(code.shop, g->a->param[0]) != 0 ||
	    memcmp(code.root_hash, root.byte, sizeof(code.root_hash)) != 0)
		return false;
	g->code_hash = sha256(code.secret, sizeof(code.secret));
	return true;
}

int box_enrol(struct office *o, const struct ask *a, struct reply *r)
{
	struct enrolling g = {.o = o, .a = a};
	int error;

	if (!sync_enrol_take(a->body, &g.e) || !es256_key_valid(&g.e.key)) {
		reply_problem(r, 400, "malformed", "The body is no enrolment.");
		return 0;
	}
	if (code_read(&g)) {
		error = db_transact(o->db, enrol_work, &g);
		if (error < 0)
			return error;
	}
	switch (g.found) {
	case CLAIM_NONE:
		reply_problem(r, 403, "claim_unknown",
			      "This claim code is none of this shop's, or was used, or is older "
			      "than a day: ask for a new one.");
		break;
	case CLAIM_REVOKED:
		reply_problem(r, 403, "revoked",
			      "This box was revoked: it stays out, whatever code it has.");
		break;
	case CLAIM_GOOD:
	case CLAIM_REPEATED:
		enrolled_sign(&g, r);
		break;
	}
	return 0;
}
