/*
 * people_invite.c: invitations. A code is shown once and kept as its hash; it says which shop,
 * which role, and whether somebody has to approve. One for a member who is known already adds a
 * key: a new phone in the place of a lost one.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "crypto/es256.h"
#include "officed/people_code.h"

enum {
	CODE_LEN = 12,
	ID_BYTES = 8, /* of the hash: an invitation's name */
	USES_MAX = 10000,
	DAYS_MAX = 366,
	DAYS_USUAL = 14,
	LISTED_MAX = 1000, /* at once, the newest */
};
#define DAY_MS INT64_C(86400000)

static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

void code_new(char text[INVITE_CODE_SIZE])
{
	uint8_t random[CODE_LEN];
	uint32_t out = 0;

	random_bytes(random, sizeof(random));
	for (uint32_t i = 0; i < CODE_LEN; i++) {
		if (i > 0 && i % 4 == 0)
			text[out++] = '-';
		text[out++] = alphabet[random[i] & 31];
	}
	text[out] = '\0';
}

bool code_hash(const char *text, struct sha256 *ret)
{
	char plain[CODE_LEN];
	uint32_t n = 0;

	for (; *text; text++) {
		char c = *text;

		if (c == '-' || c == ' ')
			continue;
		c = (char)(c >= 'a' && c <= 'z' ? c - 32 : c);
		c = c == 'I' || c == 'L' ? '1' : c == 'O' ? '0' : c;
		if (n == CODE_LEN || !strchr(alphabet, c))
			return false;
		plain[n++] = c;
	}
	if (n != CODE_LEN)
		return false;
	*ret = sha256(plain, sizeof(plain));
	return true;
}

void code_for_member(struct office *o, const char *member, const char *made_by,
		     const struct sha256 *hash, struct wall now, int64_t expires_at)
{
	db_do(o->db, "DELETE FROM invitation WHERE member = $1 AND made_by = $2",
	      DB_VALUES(db_text(member), db_text(made_by)));
	/* which shop is of no matter: she may enter those that she may enter */
	db_do(o->db,
	      "INSERT INTO invitation(code_hash, shop, role, member, approved, uses_left, made_by,"
	      " made_at, expires_at) VALUES($1, '*', 0, $2, 1, 1, $3, $4, $5)",
	      DB_VALUES(db_bytes(hash->byte, sizeof(hash->byte)), db_text(member), db_text(made_by),
			db_int(now.ms), db_int(expires_at)));
}

struct inviting {
	struct office *o;
	const struct ask *a;
	struct reply *r;
	const char *shop, *member;
	enum role role;
	bool approved;
	int64_t uses, expires;
	char code[INVITE_CODE_SIZE];
	struct sha256 hash;
	json_t *items;
};

static int make_work(struct db *d, void *data)
{
	struct inviting *v = data;
	struct person p = {.role = ROLE_MEMBER};

	if (!place_may(v->o, v->a, v->shop, v->r))
		return db_failed(d) ? db_failed(d) : WORK_REFUSED;
	if (v->member[0] && (!person_read(v->o, v->member, &p) || p.state == MEMBER_ERASED ||
			     person_reach(v->o, &v->a->who, v->member) != REACH_ALL)) {
		if (!db_failed(d))
			reply_problem(v->r, 404, "unknown_member",
				      "There is no member of this number whom you may change.");
		return db_failed(d) ? db_failed(d) : WORK_REFUSED;
	}
	if (!owner_may(&v->a->who, v->role, v->r) || !owner_may(&v->a->who, p.role, v->r))
		return WORK_REFUSED;
	db_do(d,
	      "INSERT INTO invitation(code_hash, shop, role, member, approved, uses_left, made_by,"
	      " made_at, expires_at) VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9)",
	      DB_VALUES(db_bytes(v->hash.byte, sizeof(v->hash.byte)), db_text(v->shop),
			db_int(v->role), db_text(v->member), db_int(v->approved), db_int(v->uses),
			db_text(v->a->who.name), db_int(v->a->now.ms), db_int(v->expires)));
	return db_failed(d);
}

static bool expiry_take(const json_t *body, struct inviting *v)
{
	const char *text = NULL;
	struct wall at;

	v->expires = v->a->now.ms + DAYS_USUAL * DAY_MS;
	if (!json_take_text(body, "expires_at", false, 40, &text, v->r))
		return false;
	if (!text)
		return true;
	if (wall_parse(text, (uint32_t)strlen(text), &at) && at.ms > v->a->now.ms &&
	    at.ms <= v->a->now.ms + DAYS_MAX * DAY_MS) {
		v->expires = at.ms;
		return true;
	}
	reply_problem(v->r, 422, "bad_expiry",
		      "expires_at is a time to come, at most a year from now.");
	return false;
}

static bool invitation_take(const json_t *body, struct inviting *v)
{
	static const char *const members[] = {"shop",	    "role",   "uses", "approved",
					      "expires_at", "member", NULL};
	const char *role = "member";

	v->shop = v->member = "";
	v->uses = 1;
	if (!json_only(body, members, v->r) ||
	    !json_take_text(body, "shop", true, PLACE_MAX_LEN, &v->shop, v->r) ||
	    !json_take_text(body, "role", false, 16, &role, v->r) ||
	    !json_take_text(body, "member", false, MEMBER_TEXT_SIZE - 1, &v->member, v->r) ||
	    !json_take_int(body, "uses", false, 1, USES_MAX, &v->uses, v->r) ||
	    !json_take_bool(body, "approved", false, &v->approved, v->r) || !expiry_take(body, v))
		return false;
	if (!role_parse(role, &v->role)) {
		reply_problem(v->r, 422, "bad_role", "role is member, owner, staff or delivery.");
		return false;
	}
	if (v->member[0] && v->uses != 1) {
		reply_problem(v->r, 422, "bad_uses",
			      "An invitation for one member's new phone is for one use.");
		return false;
	}
	return true;
}

static void id_text(const struct sha256 *hash, char text[2 * ID_BYTES + 1])
{
	hex_text(hash->byte, ID_BYTES, text);
}

/** POST /v1/invitations {"shop", "role", "uses", "approved", "expires_at", "member"} */
int invitation_make(struct office *o, const struct ask *a, struct reply *r)
{
	struct inviting v = {.o = o, .a = a, .r = r};
	char id[2 * ID_BYTES + 1];
	json_t *body = ask_json(a, r);
	int error = 0;

	if (!body)
		return 0;
	if (invitation_take(body, &v)) {
		code_new(v.code);
		CHECK(code_hash(v.code, &v.hash));
		id_text(&v.hash, id);
		error = db_transact(o->db, make_work, &v);
		if (error == 0)
			reply_json(r, 201,
				   json_pack("{s:s, s:s, s:s, s:s, s:I, s:b, s:o}", "invitation",
					     id, "code", v.code, "shop", v.shop, "role",
					     role_word(v.role), "uses", (json_int_t)v.uses,
					     "approved", v.approved, "expires_at",
					     json_wall(v.expires)));
	}
	explicit_bzero(v.code, sizeof(v.code));
	json_decref(body);
	return work_answered(error);
}

static bool may_see(const struct ask *a, const char *shop)
{
	return who_may(&a->who, RIGHT_MEMBERS, strcmp(shop, EVERY_SHOP) == 0 ? NULL : shop);
}

static int list_work(struct db *d, void *data)
{
	struct inviting *v = data;
	struct db_rows *rows;
	struct sha256 hash;

	json_array_clear(v->items);
	db_ask(d, &rows,
	       "SELECT code_hash, shop, role, member, approved, uses_left, made_by, made_at,"
	       " expires_at FROM invitation WHERE expires_at > $1 AND uses_left > 0"
	       " ORDER BY made_at DESC LIMIT $2",
	       DB_VALUES(db_int(v->a->now.ms), db_int(DB_ROWS_MAX)));
	while (json_array_size(v->items) < LISTED_MAX && db_next(rows)) {
		char id[2 * ID_BYTES + 1];
		struct span bytes = db_col_bytes(rows, 0);

		if (bytes.len != sizeof(hash) || !may_see(v->a, db_col_text(rows, 1)))
			continue;
		memcpy(&hash, bytes.data, sizeof(hash));
		id_text(&hash, id);
		json_array_append_new(
			v->items,
			json_pack("{s:s, s:s, s:s, s:s, s:b, s:I, s:s, s:o, s:o}", "invitation", id,
				  "shop", db_col_text(rows, 1), "role",
				  role_word((enum role)db_col_int(rows, 2)), "member",
				  db_col_text(rows, 3), "approved", (int)db_col_int(rows, 4),
				  "uses_left", (json_int_t)db_col_int(rows, 5), "made_by",
				  db_col_text(rows, 6), "made_at", json_wall(db_col_int(rows, 7)),
				  "expires_at", json_wall(db_col_int(rows, 8))));
	}
	db_rows_end(rows);
	return db_failed(d);
}

/** GET /v1/invitations: those that can still be used; their codes nobody knows. */
int invitation_list(struct office *o, const struct ask *a, struct reply *r)
{
	struct inviting v = {.o = o, .a = a, .r = r, .items = json_array()};
	int error = db_read(o->db, list_work, &v);

	if (error == 0)
		reply_json(r, 200, json_pack("{s:O}", "invitations", v.items));
	json_decref(v.items);
	return error;
}

static int delete_work(struct db *d, void *data)
{
	struct inviting *v = data;
	struct sha256 low = {0}, high;
	struct db_rows *rows;
	bool ours;

	memset(&high, 0xff, sizeof(high));
	if (!hex_parse(v->a->param[0], (uint32_t)strlen(v->a->param[0]), low.byte, ID_BYTES))
		return 0;
	memcpy(high.byte, low.byte, ID_BYTES);
	db_ask(d, &rows,
	       "SELECT shop FROM invitation WHERE code_hash >= $1 AND code_hash <= $2 LIMIT 1",
	       DB_VALUES(db_bytes(&low, sizeof(low)), db_bytes(&high, sizeof(high))));
	ours = db_next(rows) && may_see(v->a, db_col_text(rows, 0));
	db_rows_end(rows);
	if (ours)
		db_do(d, "DELETE FROM invitation WHERE code_hash >= $1 AND code_hash <= $2",
		      DB_VALUES(db_bytes(&low, sizeof(low)), db_bytes(&high, sizeof(high))));
	return db_failed(d);
}

/** DELETE /v1/invitations/{invitation} */
int invitation_delete(struct office *o, const struct ask *a, struct reply *r)
{
	struct inviting v = {.o = o, .a = a, .r = r};
	int error = db_transact(o->db, delete_work, &v);

	if (error == 0)
		reply_bytes(r, 204, NULL, NULL, 0);
	return error;
}
