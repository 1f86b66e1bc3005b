/*
 * people_members.c: a member made by hand, changed, approved, declined, blocked. What a PUT does
 * not say stays. What concerns the shops reaches them in the transaction that makes it so.
 */
#include <stdio.h>
#include <string.h>

#include "crypto/es256.h"
#include "officed/people.h"
#include "officed/recover.h"

struct changing {
	struct office *o;
	const struct ask *a;
	struct reply *r;
	const json_t *body;
	const char *shop;
	struct public_key key;
	bool has_key;
	char party[PARTY_JSON_MAX + 1];
	enum member_state state; /* of approve, block … */
	uint32_t status;
	json_t *answer;
};

static void answer(struct changing *c, const struct person *p, uint32_t status)
{
	c->status = status;
	json_decref(c->answer);
	c->answer = person_json(p, true);
	json_object_set_new(c->answer, "shops", person_shops_json(c->o, p->member));
	json_object_set_new(c->answer, "keys", person_keys_json(c->o, p->member, false));
}

static int answered(struct changing *c, int error)
{
	if (error == 0)
		reply_json(c->r, c->status, json_incref(c->answer));
	json_decref(c->answer);
	explicit_bzero(c->party, sizeof(c->party));
	return work_answered(error);
}

static bool words_take(const json_t *body, struct person *p, struct reply *r)
{
	const char *role = NULL, *language = NULL;
	enum role parsed = ROLE_MEMBER;

	if (!json_take_text(body, "role", false, 16, &role, r) ||
	    !json_take_text(body, "language", false, 2, &language, r))
		return false;
	if (role && !role_parse(role, &parsed)) {
		reply_problem(r, 422, "bad_role", "role is member, owner, staff or delivery.");
		return false;
	}
	if (role)
		p->role = parsed;
	if (language && strcmp(language, "sv") != 0 && strcmp(language, "en") != 0) {
		reply_problem(r, 422, "bad_language", "language is sv or en.");
		return false;
	}
	if (language)
		p->language = strcmp(language, "en") == 0 ? LANGUAGE_EN : LANGUAGE_SV;
	return true;
}

static void flag_set(struct person *p, int64_t flag, bool on)
{
	p->flags = on ? p->flags | flag : p->flags & ~flag;
}

/** The body's words onto the row: false with the problem. */
static bool person_take(struct changing *c, struct person *p)
{
	bool extended = p->flags & MEMBER_EXTENDED, mail = p->mail_invoices;
	const json_t *limit = json_object_get(c->body, "credit_limit_minor");
	const json_t *party = json_object_get(c->body, "party");

	if (!words_take(c->body, p, c->r) ||
	    !json_take_bool(c->body, "extended", false, &extended, c->r) ||
	    !json_take_bool(c->body, "mail_invoices", false, &mail, c->r))
		return false;
	flag_set(p, MEMBER_EXTENDED, extended);
	if (json_is_null(limit)) {
		flag_set(p, MEMBER_LIMITED, false);
		p->credit_limit = 0;
	} else if (limit) {
		if (!json_take_int(c->body, "credit_limit_minor", false, 0, LIMIT_MAX,
				   &p->credit_limit, c->r))
			return false;
		flag_set(p, MEMBER_LIMITED, true);
	}
	if (party && !party_take(party, p->party, c->r))
		return false;
	p->mail_invoices = mail;
	if (mail && !party_has_email(p->party)) {
		reply_problem(c->r, 422, "bad_party",
			      "Invoices by mail need an address to mail to: party's email.");
		return false;
	}
	return true;
}

/* --- made by hand */

static int make_work(struct db *d, void *data)
{
	struct changing *c = data;
	char owner[MEMBER_TEXT_SIZE];
	struct person p = {.state = MEMBER_LIVE};

	if (!place_may(c->o, c->a, c->shop, c->r))
		return db_failed(d) ? db_failed(d) : WORK_REFUSED;
	if (c->has_key)
		keys_hold(c->o);
	if (c->has_key && key_owner(c->o, &c->key, owner)) {
		person_hold(c->o, owner);
		if (!person_read(c->o, owner, &p))
			return db_failed(d);
		if (person_reach(c->o, &c->a->who, owner) == REACH_NONE)
			return key_add_said(KEY_OTHERS, c->r) ? 0 : WORK_REFUSED;
		if (!owner_may(&c->a->who, p.role, c->r))
			return WORK_REFUSED;
		shop_join(c->o, &p, c->shop, c->a->now);
		look_add(c->o, &c->a->who, p.member, "show", c->a->now);
		answer(c, &p, 200);
		return db_failed(d);
	}
	person_new(&p, c->a->now);
	if (!person_take(c, &p) || !owner_may(&c->a->who, p.role, c->r))
		return WORK_REFUSED;
	person_write(c->o, &p, true);
	shop_join(c->o, &p, c->shop, c->a->now);
	if (c->has_key && !key_add_said(key_add(c->o, &p, &c->key, "phone", "", c->a->now), c->r))
		return WORK_REFUSED;
	answer(c, &p, 201);
	explicit_bzero(p.party, sizeof(p.party));
	return db_failed(d);
}

/** POST /v1/members {"shop", "key", "role", "party", …}: who is known by the key is not made
 * twice. */
int member_make(struct office *o, const struct ask *a, struct reply *r)
{
	static const char *const members[] = {"shop",	  "key",	   "role",
					      "party",	  "language",	   "credit_limit_minor",
					      "extended", "mail_invoices", NULL};
	struct changing c = {.o = o, .a = a, .r = r};
	json_t *body = ask_json(a, r);
	int error = WORK_REFUSED;

	if (!body)
		return 0;
	c.body = body;
	if (json_only(body, members, r) &&
	    json_take_text(body, "shop", true, PLACE_MAX_LEN, &c.shop, r) &&
	    key_take(body, false, &c.key, &c.has_key, r))
		error = db_transact(o->db, make_work, &c);
	error = answered(&c, error);
	json_decref(body);
	return error;
}

/* --- changed */

static int change_work(struct db *d, void *data)
{
	struct changing *c = data;
	struct person p, before;

	person_hold(c->o, c->a->param[0]);
	if (!person_find(c->o, c->a, REACH_ALL, &p, c->r))
		return db_failed(d) ? db_failed(d) : WORK_REFUSED;
	before = p;
	if (p.state == MEMBER_ERASED) {
		reply_problem(c->r, 409, "erased", "This member was erased.");
		return WORK_REFUSED;
	}
	if (!person_take(c, &p) || (p.role != before.role && !owner_may(&c->a->who, p.role, c->r)))
		return WORK_REFUSED;
	p.changed_at = c->a->now.ms;
	person_write(c->o, &p, false);
	if (p.role != before.role || p.flags != before.flags ||
	    p.credit_limit != before.credit_limit)
		person_tell(c->o, &p, c->a->now);
	recover_changed(c->o, &before, &p, RECOVER_CHANGED_BY_SHOP, c->a->now);
	look_add(c->o, &c->a->who, p.member, "change", c->a->now);
	answer(c, &p, 200);
	explicit_bzero(&p, sizeof(p));
	explicit_bzero(&before, sizeof(before));
	return db_failed(d);
}

/** PUT /v1/members/{member} */
int member_change(struct office *o, const struct ask *a, struct reply *r)
{
	static const char *const members[] = {
		"role",	    "party",	     "language", "credit_limit_minor",
		"extended", "mail_invoices", NULL};
	struct changing c = {.o = o, .a = a, .r = r};
	json_t *body = ask_json(a, r);
	int error = WORK_REFUSED;

	if (!body)
		return 0;
	c.body = body;
	if (json_only(body, members, r))
		error = db_transact(o->db, change_work, &c);
	error = answered(&c, error);
	json_decref(body);
	return error;
}

/* --- approved, declined, blocked */

/** Whether this can follow that; the same again always. */
static bool state_follows(enum member_state from, enum member_state to)
{
	if (from == to)
		return true;
	switch (from) {
	case MEMBER_ASKS:
	case MEMBER_DECLINED:
		return to == MEMBER_LIVE || to == MEMBER_DECLINED;
	case MEMBER_LIVE:
		return to == MEMBER_BARRED;
	case MEMBER_BARRED:
		return to == MEMBER_LIVE;
	case MEMBER_ERASED:
		break;
	}
	return false;
}

static int state_work(struct db *d, void *data)
{
	struct changing *c = data;
	struct person p;

	person_hold(c->o, c->a->param[0]);
	if (!person_find(c->o, c->a, REACH_ALL, &p, c->r))
		return db_failed(d) ? db_failed(d) : WORK_REFUSED;
	if (!state_follows(p.state, c->state)) {
		reply_problem(c->r, 409, "wrong_state", "This cannot be: the member's state is %s.",
			      member_state_word(p.state));
		return WORK_REFUSED;
	}
	if (p.state != c->state) {
		p.state = c->state;
		flag_set(&p, MEMBER_BLOCKED, p.state == MEMBER_BARRED);
		p.changed_at = c->a->now.ms;
		person_write(c->o, &p, false);
		person_tell(c->o, &p, c->a->now);
	}
	look_add(c->o, &c->a->who, p.member, "change", c->a->now);
	answer(c, &p, 200);
	explicit_bzero(&p, sizeof(p));
	return db_failed(d);
}

static int state_set(struct office *o, const struct ask *a, struct reply *r, enum member_state to)
{
	struct changing c = {.o = o, .a = a, .r = r, .state = to};

	return answered(&c, db_transact(o->db, state_work, &c));
}

/** POST /v1/members/{member}/approve, decline, block, unblock */
int member_approve(struct office *o, const struct ask *a, struct reply *r)
{
	return state_set(o, a, r, MEMBER_LIVE);
}

int member_decline(struct office *o, const struct ask *a, struct reply *r)
{
	return state_set(o, a, r, MEMBER_DECLINED);
}

int member_block(struct office *o, const struct ask *a, struct reply *r)
{
	return state_set(o, a, r, MEMBER_BARRED);
}

int member_unblock(struct office *o, const struct ask *a, struct reply *r)
{
	return state_set(o, a, r, MEMBER_LIVE);
}
