/*
 * shops_box.c: what an operator does about a shop's box. A claim code is shown once, to the person
 * who asked for it; only its hash is kept. A revocation is known to every officed within
 * FLEET_LOOK_MS: polls end, nothing of the box is heard any more, and its key stays out for good.
 */
#include <stdio.h>
#include <string.h>

#include "crypto/es256.h"
#include "officed/box.h"
#include "officed/notice.h"
#include "officed/shops.h"

/* ---- claims ---- */

struct claiming {
	struct office *o;
	const struct ask *a;
	bool restore, there, needs_restore, too_many;
	struct claim_code code;
	int64_t expires_at;
};

static int claim_work(struct db *d, void *data)
{
	struct claiming *c = data;
	const char *shop = c->a->param[0];
	struct sha256 hash = sha256(c->code.secret, sizeof(c->code.secret));
	struct db_rows *rows;
	int64_t open = 0;

	db_ask(d, &rows,
	       "UPDATE shop SET changed = changed WHERE shop = $1 RETURNING state, head_seq",
	       DB_VALUES(db_text(shop)));
	c->there = db_next(rows);
	c->needs_restore =
		!c->restore && (db_col_int(rows, 0) == SHOP_LIVE || db_col_int(rows, 1) > 0);
	db_rows_end(rows);
	(void)db_one(d, &open,
		     "SELECT count(*) FROM claim WHERE shop = $1 AND used_at = 0 AND expires_at > "
		     "$2 LIMIT 1",
		     DB_VALUES(db_text(shop), db_int(c->a->now.ms)));
	c->too_many = open >= CLAIMS_OPEN_MAX;
	if (!c->there || c->needs_restore || c->too_many)
		return db_failed(d);
	db_do(d, "DELETE FROM claim WHERE shop = $1 AND expires_at < $2",
	      DB_VALUES(db_text(shop), db_int(c->a->now.ms - CLAIM_LIFE_MS)));
	db_do(d,
	      "INSERT INTO claim(shop, code_hash, restore, made_at, expires_at, used_at, made_by) "
	      "VALUES($1, $2, $3, $4, $5, 0, $6)",
	      DB_VALUES(db_text(shop), db_bytes(&hash, sizeof(hash)), db_int(c->restore),
			db_int(c->a->now.ms), db_int(c->expires_at), db_text(c->a->who.name)));
	return db_failed(d);
}

static void claim_reply(const struct claiming *c, struct reply *r)
{
	char text[CLAIM_CODE_MAX + 1];
	json_t *body = json_object();

	claim_code_text(&c->code, text);
	(void)json_object_set_new(body, "shop", json_string(c->code.shop));
	(void)json_object_set_new(body, "code", json_string(text));
	(void)json_object_set_new(body, "url", json_string(c->o->config->url));
	(void)json_object_set_new(body, "restore", json_boolean(c->restore));
	(void)json_object_set_new(body, "expires_at", json_wall(c->expires_at));
	explicit_bzero(text, sizeof(text));
	reply_json(r, 201, body);
}

int shops_claim(struct office *o, const struct ask *a, struct reply *r)
{
	static const char *const names[] = {"restore", NULL};
	struct claiming c = {.o = o, .a = a, .expires_at = a->now.ms + CLAIM_LIFE_MS};
	struct sha256 root = sha256(&o->keys->root, sizeof(o->keys->root));
	json_t *body = ask_json(a, r);
	bool good = body != NULL && json_only(body, names, r) &&
		    json_take_bool(body, "restore", false, &c.restore, r);
	int error;

	json_decref(body);
	if (!good)
		return 0;
	memcpy(c.code.shop, a->param[0], strlen(a->param[0]) + 1);
	random_bytes(c.code.secret, sizeof(c.code.secret));
	memcpy(c.code.root_hash, root.byte, sizeof(c.code.root_hash));
	error = db_transact(o->db, claim_work, &c);
	if (error < 0)
		return error;
	if (!c.there)
		shop_unknown(r);
	else if (c.needs_restore)
		reply_problem(r, 409, "needs_restore",
			      "This shop has a box or a history: ask for a code with restore, for "
			      "a box that takes its place.");
	else if (c.too_many)
		reply_problem(r, 409, "too_many",
			      "%d codes of this shop are open: use one, or wait a day.",
			      CLAIMS_OPEN_MAX);
	else
		claim_reply(&c, r);
	return 0;
}

/* ---- revocation ---- */

struct revoking {
	struct office *o;
	const struct ask *a;
	const char *reason;
	bool there, live;
};

static int revoke_work(struct db *d, void *data)
{
	struct revoking *v = data;
	const char *shop = v->a->param[0];
	int64_t now = v->a->now.ms, state = 0;
	char detail[240];

	v->there = db_one(d, &state,
			  "UPDATE shop SET changed = changed WHERE shop = $1 RETURNING state",
			  DB_VALUES(db_text(shop)));
	v->live = state == SHOP_LIVE;
	if (!v->there)
		return db_failed(d);
	/* open codes could have been read by whoever has the box */
	db_do(d, "UPDATE claim SET expires_at = $1 WHERE shop = $2 AND expires_at > $1",
	      DB_VALUES(db_int(now), db_text(shop)));
	if (!v->live)
		return db_failed(d);
	db_do(d, "UPDATE shop SET state = 2 WHERE shop = $1", DB_VALUES(db_text(shop)));
	db_do(d, "UPDATE box_key SET revoked = 1, gone_at = $1 WHERE shop = $2 AND gone_at = 0",
	      DB_VALUES(db_int(now), db_text(shop)));
	db_do(d, "UPDATE shop_seen SET silent_since = 0 WHERE shop = $1", DB_VALUES(db_text(shop)));
	notice_end(v->o, shop, NOTICE_SILENT, " Its box was revoked.", 0, v->a->now, false);
	snprintf(detail, sizeof(detail), "Revoked by %s%s%s.", v->a->who.name,
		 v->reason[0] != '\0' ? ": " : "", v->reason);
	notice_add(v->o, shop, NOTICE_REVOKED, detail, v->a->now);
	shop_touch(v->o, shop);
	return db_failed(d);
}

int shops_revoke(struct office *o, const struct ask *a, struct reply *r)
{
	static const char *const names[] = {"reason", NULL};
	struct revoking v = {.o = o, .a = a, .reason = ""};
	json_t *body = ask_json(a, r);
	int error = 0;

	if (body == NULL)
		return 0;
	if (json_only(body, names, r) &&
	    json_take_text(body, "reason", false, REASON_MAX, &v.reason, r)) {
		error = db_transact(o->db, revoke_work, &v);
		if (error == 0 && v.there)
			error = shops_get(o, a, r);
		else if (error == 0)
			shop_unknown(r);
	}
	json_decref(body);
	return error;
}

/* ---- another epoch ---- */

static int allow_work(struct db *d, void *data)
{
	struct revoking *v = data;

	v->there = db_do(d, "UPDATE shop SET granted_at = 0 WHERE shop = $1",
			 DB_VALUES(db_text(v->a->param[0]))) == 1;
	return db_failed(d);
}

int shops_allow_epoch(struct office *o, const struct ask *a, struct reply *r)
{
	struct revoking v = {.o = o, .a = a};
	int error = db_transact(o->db, allow_work, &v);

	if (error < 0)
		return error;
	if (v.there)
		return shops_get(o, a, r);
	shop_unknown(r);
	return 0;
}
