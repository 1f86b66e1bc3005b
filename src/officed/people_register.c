/*
 * people_register.c: somebody with an invitation's code and a key on the phone. Nobody vouches for
 * the request but the two: the code lets in, and a token that the key has signed for
 * `office/register` proves that the phone holds its private part.
 *
 * The natural key of a request is the phone's key: one that is registered already gets the same
 * answer again, whether or not its code has uses left. A code that is used up, too old or made up
 * is one and the same refusal: who guesses learns nothing.
 *
 * The token is not held to the second: it opens nothing, its nonce would cost the phone a request
 * more, and phones' clocks are wrong. Ten minutes keep out what lay about.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/es256.h"
#include "net/base64url.h"
#include "officed/people_code.h"
#include "token/claims.h"

#define CLOCK_OFF_MAX_S 600

struct registering {
	struct office *o;
	const struct ask *a;
	struct reply *r;
	const json_t *body;
	struct sha256 code;
	struct public_key key;
	bool mail;
	enum language language;
	char party[PARTY_JSON_MAX + 1];
	uint32_t status;
	json_t *answer;
};

bool key_proves(const char *text, const struct public_key *key, const char *audience,
		struct wall now)
{
	uint8_t bytes[TOKEN_SIZE_MAX], signed_bytes[TO_BE_SIGNED_MAX];
	struct token t;
	struct kid kid = kid_of(key);
	uint32_t len;
	int64_t now_s = now.ms / 1000;

	if (!base64url_decode(text, (uint32_t)strlen(text), bytes, sizeof(bytes), &len) ||
	    !token_parse((struct span){bytes, len}, &t) || memcmp(&t.kid, &kid, sizeof(kid)) != 0 ||
	    t.claims.is_pass || strcmp(t.claims.audience, audience) != 0)
		return false;
	len = token_to_be_signed(t.protected_header, t.payload, signed_bytes);
	return es256_verify(key, signed_bytes, len, t.signature) == 1 &&
	       t.claims.exp_s - t.claims.iat_s <= TOKEN_LIFE_MAX_S &&
	       t.claims.iat_s <= now_s + CLOCK_OFF_MAX_S &&
	       t.claims.exp_s >= now_s - CLOCK_OFF_MAX_S;
}

static void answer(struct registering *g, const struct person *p, uint32_t status)
{
	g->status = status;
	json_decref(g->answer);
	g->answer = person_json(p, false);
	json_object_del(g->answer, "name");
	json_object_set_new(g->answer, "shops", person_shops_json(g->o, p->member));
}

/** Takes one use of the code: what it stands for. */
static bool code_take(struct registering *g, struct person *p, char shop[PLACE_MAX_LEN + 1],
		      char member[MEMBER_TEXT_SIZE])
{
	struct db_rows *rows;
	bool taken;

	db_ask(g->o->db, &rows,
	       "UPDATE invitation SET uses_left = uses_left - 1 WHERE code_hash = $1"
	       " AND uses_left > 0 AND expires_at > $2 RETURNING shop, role, member, approved",
	       DB_VALUES(db_bytes(g->code.byte, sizeof(g->code.byte)), db_int(g->a->now.ms)));
	taken = db_next(rows);
	if (taken) {
		snprintf(shop, PLACE_MAX_LEN + 1, "%s", db_col_text(rows, 0));
		p->role = db_col_int(rows, 1);
		snprintf(member, MEMBER_TEXT_SIZE, "%s", db_col_text(rows, 2));
		p->state = db_col_int(rows, 3) != 0 ? MEMBER_LIVE : MEMBER_ASKS;
	}
	db_rows_end(rows);
	if (!taken && !db_failed(g->o->db))
		reply_problem(g->r, 403, "invitation_unknown",
			      "This invitation is not known, or its time or uses are over: ask the "
			      "shop for a new one.");
	return taken;
}

static bool person_make(struct registering *g, struct person *p, const char *shop)
{
	if (!g->party[0]) {
		reply_problem(g->r, 422, "bad_party",
			      "party is missing: the shop needs your name and address for its "
			      "invoices.");
		return false;
	}
	person_new(p, g->a->now);
	snprintf(p->party, sizeof(p->party), "%s", g->party);
	p->language = g->language;
	p->mail_invoices = g->mail;
	person_write(g->o, p, true);
	db_do(g->o->db, "INSERT INTO member_shop(shop, member, customer) VALUES($1, $2, $3)",
	      DB_VALUES(db_text(shop), db_text(p->member),
			db_bytes(p->customer.byte, sizeof(p->customer.byte))));
	person_tell(g->o, p, g->a->now);
	return true;
}

static int register_work(struct db *d, void *data)
{
	struct registering *g = data;
	char shop[PLACE_MAX_LEN + 1], member[MEMBER_TEXT_SIZE];
	struct person p = {0};
	enum key_add added;

	keys_hold(g->o);
	if (key_owner(g->o, &g->key, member) && person_read(g->o, member, &p)) {
		answer(g, &p, 200);
		return db_failed(d);
	}
	if (!code_take(g, &p, shop, member))
		return db_failed(d) ? db_failed(d) : WORK_REFUSED;
	if (member[0])
		person_hold(g->o, member);
	if (member[0] && (!person_read(g->o, member, &p) || p.state == MEMBER_ERASED)) {
		if (!db_failed(d))
			reply_problem(g->r, 403, "invitation_unknown",
				      "The member of this invitation is not there any more.");
		return db_failed(d) ? db_failed(d) : WORK_REFUSED;
	}
	if (!member[0] && !person_make(g, &p, shop))
		return WORK_REFUSED;
	added = key_add(g->o, &p, &g->key, "phone", "", g->a->now);
	if (!db_failed(d) && !key_add_said(added, g->r))
		return WORK_REFUSED;
	answer(g, &p, 201);
	return db_failed(d);
}

static bool language_take(const json_t *body, enum language *ret, struct reply *r)
{
	const char *text = "sv";

	if (!json_take_text(body, "language", false, 2, &text, r))
		return false;
	*ret = strcmp(text, "en") == 0 ? LANGUAGE_EN : LANGUAGE_SV;
	if (strcmp(text, "en") == 0 || strcmp(text, "sv") == 0)
		return true;
	reply_problem(r, 422, "bad_language", "language is sv or en.");
	return false;
}

static bool register_take(struct registering *g)
{
	static const char *const members[] = {"code",	  "key",	   "token", "party",
					      "language", "mail_invoices", NULL};
	const json_t *party = json_object_get(g->body, "party");
	const char *code = NULL, *token = NULL;
	bool there;

	if (!json_only(g->body, members, g->r) ||
	    !json_take_text(g->body, "code", true, 32, &code, g->r) ||
	    !json_take_text(g->body, "token", true, 700, &token, g->r) ||
	    !key_take(g->body, true, &g->key, &there, g->r) ||
	    !json_take_bool(g->body, "mail_invoices", false, &g->mail, g->r) ||
	    !language_take(g->body, &g->language, g->r) ||
	    (party && !party_take(party, g->party, g->r)))
		return false;
	if (!key_proves(token, &g->key, "office/register", g->a->now))
		reply_problem(g->r, 401, "unauthorized",
			      "token is none that this key has signed for office/register just "
			      "now; is the phone's clock right?");
	else if (!code_hash(code, &g->code))
		reply_problem(g->r, 403, "invitation_unknown",
			      "This is no invitation's code: it has 12 letters and digits.");
	else if (g->mail && !party_has_email(g->party))
		reply_problem(g->r, 422, "bad_party",
			      "Invoices by mail need an address to mail to: party's email.");
	else
		return true;
	return false;
}

/** POST /v1/register {"code", "key", "token", "party", "language", "mail_invoices"} */
int member_register(struct office *o, const struct ask *a, struct reply *r)
{
	struct registering g = {.o = o, .a = a, .r = r};
	json_t *body = ask_json(a, r);
	int error = 0;

	if (!body)
		return 0;
	g.body = body;
	if (register_take(&g)) {
		error = db_transact(o->db, register_work, &g);
		if (error == 0)
			reply_json(r, g.status, json_incref(g.answer));
	}
	json_decref(g.answer);
	explicit_bzero(g.party, sizeof(g.party));
	json_decref(body);
	return work_answered(error);
}
