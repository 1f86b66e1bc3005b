/*
 * pass.c: passes. A pass is a token that the office signs once and that its bearer shows as often
 * as it is good; what it says cannot be changed, so what may change (revoked, its PIN) is told to
 * the shop by its id. The code itself is shown once and not kept.
 *
 * A PIN of four to eight digits guards a door's log, not a secret: it is kept salted and hashed, as
 * the shop has to judge it without us.
 */
#include "officed/pass.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "core/catalog.h"
#include "crypto/es256.h"
#include "officed/people.h"
#include "token/base45.h"
#include "token/claims.h"

enum {
	CTI_LEN = 8,
	PIN_MIN = 4,
	PIN_MAX = 8,
	YEARS_MAX = 5,
	BEFORE_S = 60, /* a pass is good a little before it was made: shops' clocks differ */
};
#define DAY_MS INT64_C(86400000)

struct passing {
	struct office *o;
	const struct ask *a;
	struct reply *r;
	const char *shop, *member, *label, *pin;
	int64_t not_before, expires; /* ms */
	uint8_t cti[CTI_SIZE_MAX];
	uint32_t cti_len;
	uint8_t salt[16];
	struct sha256 pin_hash;
	struct person p;
	char code[TOKEN_QR_MAX + 1];
};

static void pin_make(struct passing *s)
{
	uint8_t bytes[sizeof(s->salt) + PIN_MAX];
	uint32_t len = (uint32_t)strlen(s->pin);

	random_bytes(s->salt, sizeof(s->salt));
	memcpy(bytes, s->salt, sizeof(s->salt));
	memcpy(bytes + sizeof(s->salt), s->pin, len);
	s->pin_hash = sha256(bytes, (uint32_t)sizeof(s->salt) + len);
	explicit_bzero(bytes, sizeof(bytes));
}

static bool pin_take(const json_t *body, struct passing *s)
{
	s->pin = "";
	if (!json_take_text(body, "pin", false, PIN_MAX, &s->pin, s->r))
		return false;
	if (s->pin[0] &&
	    (strlen(s->pin) < PIN_MIN || strspn(s->pin, "0123456789") != strlen(s->pin))) {
		reply_problem(s->r, 422, "bad_pin", "A PIN has %d to %d digits.", PIN_MIN, PIN_MAX);
		return false;
	}
	if (s->pin[0])
		pin_make(s);
	return true;
}

void pass_tell(struct office *o, const char *shop, const struct sync_pass *pass, struct wall now)
{
	struct sync_change c = {.kind = SYNC_PASS, .pass = *pass};

	feed_add(o, shop, &c, now);
}

/** How many passes the shop has to know of: PASSES_MAX of its memory. */
static bool room(struct passing *s)
{
	int64_t n = 0;

	db_one(s->o->db, &n,
	       "SELECT count(*) FROM pass WHERE shop = $1 AND (revoked = 1 OR wants_pin = 1)"
	       " AND expires_at > $2 LIMIT 1",
	       DB_VALUES(db_text(s->shop), db_int(s->a->now.ms)));
	if (n < PASSES_MAX)
		return true;
	reply_problem(s->r, 409, "too_many_passes",
		      "The shop can know of %d passes with a PIN or revoked: let some run out.",
		      PASSES_MAX);
	return false;
}

/** The member's own shop, and a member who is let in. */
static bool bearer_good(struct passing *s)
{
	int64_t one;

	if (!person_read(s->o, s->member, &s->p) ||
	    person_reach(s->o, &s->a->who, s->member) == REACH_NONE) {
		if (!db_failed(s->o->db))
			reply_problem(s->r, 404, "unknown_member",
				      "There is no member of this number.");
		return false;
	}
	if (s->p.state != MEMBER_LIVE ||
	    !db_one(s->o->db, &one,
		    "SELECT 1 FROM member_shop WHERE member = $1 AND shop IN ($2, '*') LIMIT 1",
		    DB_VALUES(db_text(s->member), db_text(s->shop)))) {
		if (!db_failed(s->o->db))
			reply_problem(s->r, 409, "not_let_in",
				      "This member may not enter this shop: a pass would open "
				      "nothing.");
		return false;
	}
	return true;
}

static int make_work(struct db *d, void *data)
{
	struct passing *s = data;
	struct span cti = {s->cti, s->cti_len}, salt = {s->salt, s->pin[0] ? sizeof(s->salt) : 0};
	struct span hash = {s->pin_hash.byte, s->pin[0] ? sizeof(s->pin_hash.byte) : 0};

	if (!place_may(s->o, s->a, s->shop, s->r) || !bearer_good(s) || (s->pin[0] && !room(s)))
		return db_failed(d) ? db_failed(d) : WORK_REFUSED;
	db_do(d,
	      "INSERT INTO pass(shop, cti, member, label, not_before, expires_at, revoked,"
	      " wants_pin, pin_salt, pin_hash, made_by, made_at)"
	      " VALUES($1, $2, $3, $4, $5, $6, 0, $7, $8, $9, $10, $11)",
	      DB_VALUES(db_text(s->shop), db_bytes(cti.data, cti.len), db_text(s->member),
			db_text(s->label), db_int(s->not_before), db_int(s->expires),
			db_int(s->pin[0] != '\0'), db_bytes(salt.data, salt.len),
			db_bytes(hash.data, hash.len), db_text(s->a->who.name),
			db_int(s->a->now.ms)));
	if (s->pin[0]) {
		struct sync_pass pass = feed_pass(cti, false, true, salt, hash);

		pass_tell(s->o, s->shop, &pass, s->a->now);
	}
	return db_failed(d);
}

/** The signed code, once the bearer is known. */
static bool pass_sign(struct passing *s)
{
	const struct office_keys *keys = s->o->keys;
	struct claims c = {.is_pass = true,
			   .sub = s->p.customer,
			   .nbf_s = s->not_before / 1000,
			   .exp_s = s->expires / 1000,
			   .iat_s = s->a->now.ms / 1000,
			   .cti_len = (uint8_t)s->cti_len};
	uint8_t payload[TOKEN_SIZE_MAX], head[TOKEN_PROTECTED_SIZE], bytes[TOKEN_SIZE_MAX];
	uint8_t to_sign[TO_BE_SIGNED_MAX], signature[64];
	uint32_t len, signed_len;

	snprintf(c.audience, sizeof(c.audience), "%s", s->shop);
	memcpy(c.cti, s->cti, s->cti_len);
	len = token_payload(&c, payload, sizeof(payload));
	token_protected(keys->kid, head);
	if (len == 0)
		return false;
	signed_len = token_to_be_signed((struct span){head, sizeof(head)},
					(struct span){payload, len}, to_sign);
	if (es256_sign(keys->private_key, to_sign, signed_len, signature) != 0)
		return false;
	len = token_assemble(keys->kid, (struct span){payload, len}, signature, bytes,
			     sizeof(bytes));
	return len > 0 && qr_text_encode(QR_TOKEN_PREFIX, bytes, len, s->code, sizeof(s->code)) > 0;
}

static bool moment_take(const json_t *body, const char *name, int64_t otherwise, int64_t *ret,
			struct reply *r)
{
	const char *text = NULL;
	struct wall at;

	*ret = otherwise;
	if (!json_take_text(body, name, otherwise == 0, 40, &text, r))
		return false;
	if (!text)
		return true;
	if (!wall_parse(text, (uint32_t)strlen(text), &at)) {
		reply_problem(r, 422, "bad_time", "%s is a time like 2026-12-01T08:00:00Z.", name);
		return false;
	}
	*ret = at.ms;
	return true;
}

static bool pass_take(const json_t *body, struct passing *s)
{
	static const char *const members[] = {"shop",	    "member", "label", "not_before",
					      "expires_at", "pin",    NULL};
	int64_t now = s->a->now.ms;

	s->label = "";
	if (!json_only(body, members, s->r) ||
	    !json_take_text(body, "shop", true, PLACE_MAX_LEN, &s->shop, s->r) ||
	    !json_take_text(body, "member", true, MEMBER_TEXT_SIZE - 1, &s->member, s->r) ||
	    !json_take_text(body, "label", false, LABEL_MAX, &s->label, s->r) ||
	    !moment_take(body, "not_before", now - BEFORE_S * 1000, &s->not_before, s->r) ||
	    !moment_take(body, "expires_at", 0, &s->expires, s->r) || !pin_take(body, s))
		return false;
	if (s->expires <= now || s->expires <= s->not_before ||
	    s->expires > now + YEARS_MAX * 366 * DAY_MS || s->not_before < now - DAY_MS) {
		reply_problem(s->r, 422, "bad_time",
			      "expires_at lies after not_before and now, at most %d years ahead; "
			      "not_before not in the past.",
			      YEARS_MAX);
		return false;
	}
	if (strcmp(s->shop, EVERY_SHOP) != 0)
		return true;
	reply_problem(s->r, 422, "bad_shop", "A pass is for one shop.");
	return false;
}

/** POST /v1/passes {"shop", "member", "label", "not_before", "expires_at", "pin"} -> 201 with the
 * code, which is told once */
int pass_make(struct office *o, const struct ask *a, struct reply *r)
{
	struct passing s = {.o = o, .a = a, .r = r, .cti_len = CTI_LEN};
	char cti[2 * CTI_LEN + 1];
	json_t *body = ask_json(a, r);
	int error = 0;

	if (!body)
		return 0;
	random_bytes(s.cti, CTI_LEN);
	hex_text(s.cti, CTI_LEN, cti);
	if (pass_take(body, &s)) {
		error = db_transact(o->db, make_work, &s);
		if (error == 0 && pass_sign(&s))
			reply_json(r, 201,
				   json_pack("{s:s, s:s, s:s, s:s, s:b, s:o, s:o}", "pass", cti,
					     "code", s.code, "shop", s.shop, "member", s.member,
					     "wants_pin", s.pin[0] != '\0', "not_before",
					     json_wall(s.not_before), "expires_at",
					     json_wall(s.expires)));
		else if (error == 0)
			reply_problem(r, 500, "internal",
				      "The pass could not be signed; revoke it and try again.");
	}
	explicit_bzero(&s.p, sizeof(s.p));
	json_decref(body);
	return work_answered(error);
}

/* --- of a pass that is there */

static bool cti_read(struct passing *s)
{
	size_t len = strlen(s->a->param[0]);

	s->cti_len = (uint32_t)len / 2;
	if (s->cti_len >= CTI_SIZE_MIN && s->cti_len <= CTI_SIZE_MAX &&
	    hex_parse(s->a->param[0], (uint32_t)len, s->cti, s->cti_len))
		return true;
	reply_problem(s->r, 400, "malformed", "A pass is named by 16 to 32 hex digits.");
	return false;
}

/** Changes the row and tells its shop: `$3` revoked (or stays), PIN as given where `pin` is. */
static int change_work(struct db *d, void *data)
{
	struct passing *s = data;
	struct sync_pass pass = {0};
	struct db_rows *rows;
	bool found, revoke = s->pin == NULL;

	if (!place_may(s->o, s->a, s->shop, s->r) || (!revoke && s->pin[0] && !room(s)))
		return db_failed(d) ? db_failed(d) : WORK_REFUSED;
	if (revoke)
		db_ask(d, &rows,
		       "UPDATE pass SET revoked = 1 WHERE shop = $1 AND cti = $2"
		       " RETURNING revoked, wants_pin, pin_salt, pin_hash",
		       DB_VALUES(db_text(s->shop), db_bytes(s->cti, s->cti_len)));
	else
		db_ask(d, &rows,
		       "UPDATE pass SET wants_pin = $3, pin_salt = $4, pin_hash = $5"
		       " WHERE shop = $1 AND cti = $2"
		       " RETURNING revoked, wants_pin, pin_salt, pin_hash",
		       DB_VALUES(db_text(s->shop), db_bytes(s->cti, s->cti_len),
				 db_int(s->pin[0] != '\0'),
				 db_bytes(s->salt, s->pin[0] ? sizeof(s->salt) : 0),
				 db_bytes(s->pin_hash.byte,
					  s->pin[0] ? sizeof(s->pin_hash.byte) : 0)));
	found = db_next(rows);
	if (found)
		pass = feed_pass((struct span){s->cti, s->cti_len}, db_col_int(rows, 0) != 0,
				 db_col_int(rows, 1) != 0, db_col_bytes(rows, 2),
				 db_col_bytes(rows, 3));
	db_rows_end(rows);
	if (found) {
		pass_tell(s->o, s->shop, &pass, s->a->now);
	} else if (!db_failed(d)) {
		reply_problem(s->r, 404, "unknown_pass", "This shop has no such pass.");
		return WORK_REFUSED;
	}
	return db_failed(d);
}

static bool shop_asked(struct passing *s)
{
	s->shop = ask_query(s->a, "shop");
	if (!s->shop || strcmp(s->shop, EVERY_SHOP) == 0)
		reply_problem(s->r, 400, "malformed", "Name the pass's shop: ?shop=NAME.");
	return s->shop && strcmp(s->shop, EVERY_SHOP) != 0;
}

/** DELETE /v1/passes/{pass}?shop= */
int pass_revoke(struct office *o, const struct ask *a, struct reply *r)
{
	struct passing s = {.o = o, .a = a, .r = r};
	int error;

	if (!cti_read(&s) || !shop_asked(&s))
		return 0;
	error = db_transact(o->db, change_work, &s);
	if (error == 0)
		reply_bytes(r, 204, NULL, NULL, 0);
	return work_answered(error);
}

/** PUT /v1/passes/{pass}/pin?shop= {"pin": "…"}; "" takes it off */
int pass_pin(struct office *o, const struct ask *a, struct reply *r)
{
	static const char *const members[] = {"pin", NULL};
	struct passing s = {.o = o, .a = a, .r = r};
	json_t *body = NULL;
	int error = 0;

	if (!cti_read(&s) || !shop_asked(&s))
		return 0;
	body = ask_json(a, r);
	if (!body)
		return 0;
	if (json_only(body, members, r) && pin_take(body, &s)) {
		error = db_transact(o->db, change_work, &s);
		if (error == 0)
			reply_bytes(r, 204, NULL, NULL, 0);
	}
	json_decref(body);
	return work_answered(error);
}
