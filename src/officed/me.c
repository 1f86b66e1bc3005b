/*
 * me.c: a member about herself. What operators may ask of a member she may ask of herself, and by
 * the same code: her request is handed to it as one of somebody who may see this one member whole.
 * Who has registered and waits sees that she does, and no more.
 */
#include "officed/me.h"

#include <stdio.h>
#include <string.h>

#include "crypto/es256.h"
#include "net/mail.h"
#include "officed/bill_paper.h"
#include "officed/people_code.h"
#include "officed/recover.h"
#include "officed/routes.h"

#define JSON "application/json"

enum {
	BODY_MAX = 1024,
};

struct mine {
	struct office *o;
	const struct ask *a;
	struct reply *r;
	const json_t *body;
	char code[INVITE_CODE_SIZE];
	struct sha256 hash;
	int64_t expires;
	json_t *answer;
};

/* ---- who she is ---- */

/** Whether she has been let in; else the problem in *r. */
static bool approved(const struct ask *a, struct reply *r)
{
	if (a->who.state == MEMBER_LIVE || a->who.state == MEMBER_BARRED)
		return true;
	reply_problem(r, 403, "waits_for_approval",
		      a->who.state == MEMBER_DECLINED
			      ? "The shop has declined: ask it why."
			      : "The shop has not approved you yet: it has to, first.");
	return false;
}

bool me_read(struct office *o, const struct ask *a, bool want, struct person *ret, struct reply *r)
{
	if (want && !approved(a, r))
		return false;
	if (person_read(o, a->who.member, ret) && ret->state != MEMBER_ERASED)
		return true;
	if (!db_failed(o->db)) /* erased since her key was looked up */
		reply_problem(r, 401, "unauthorized",
			      "Nobody we know signed this request; prove who you are in "
			      "Authorization.");
	return false;
}

/** Her request as one of somebody who may see her whole, and nobody else. */
static struct ask of_herself(const struct ask *a, const char *first, const char *second)
{
	struct ask mine = *a;

	mine.who.kind = WHO_OPERATOR;
	mine.who.herself = true;
	mine.who.rights = 1U << RIGHT_MEMBERS | 1U << RIGHT_MONEY;
	mine.who.shops = "*";
	mine.param[0] = first;
	mine.param[1] = second;
	return mine;
}

/* ---- herself ---- */

static json_t *shops_json(const struct my_shops *s)
{
	json_t *list = json_array();

	for (uint32_t i = 0; i < s->count; i++)
		json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:o}", "shop",
						      s->shop[i].name, "title", s->shop[i].title,
						      "currency", s->shop[i].currency, "as_of",
						      json_wall(s->shop[i].as_of)));
	return list;
}

static json_t *party_text(const json_t *party, const char *name)
{
	const char *text = json_string_value(json_object_get(party, name));

	return text != NULL && text[0] != '\0' ? json_string(text) : json_null();
}

static void money_put(struct mine *m, json_t *j, const struct person *p,
		      const struct my_shops *known)
{
	const char *currency = my_currency(known);
	json_t *bill = my_bill(m->o, p, known);
	int64_t unbilled = 0;
	bool one = my_unbilled(bill, &unbilled);

	json_object_set_new(j, "currency", currency != NULL ? json_string(currency) : json_null());
	json_object_set_new(j, "owed_minor",
			    currency != NULL ? json_integer(my_owed(m->o, p, known)) : json_null());
	json_object_set_new(j, "unbilled_minor", one ? json_integer(unbilled) : json_null());
	json_object_set_new(j, "as_of", json_wall(my_shops_as_of(known)));
	json_decref(bill);
}

static json_t *me_json(struct mine *m, const struct person *p)
{
	struct my_shops shops;
	json_t *j, *party = p->party[0] != '\0' ? json_loads(p->party, 0, NULL) : NULL;
	char customer[2 * sizeof(p->customer.byte) + 1];

	hex_text(p->customer.byte, sizeof(p->customer.byte), customer);
	my_shops_enter(m->o, p, m->a->now, &shops);
	j = json_pack("{s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:b, s:s, s:o, s:b}", "member",
		      p->member, "customer", customer, "state", member_state_word(p->state), "role",
		      role_word((enum role)p->role), "shops", shops_json(&shops), "name",
		      party_text(party, "name"), "email", party_text(party, "email"),
		      "mail_invoices", p->mail_invoices, "language",
		      p->language == LANGUAGE_EN ? "en" : "sv", "credit_limit_minor",
		      p->flags & MEMBER_LIMITED ? json_integer(p->credit_limit) : json_null(),
		      "overdue", (p->flags & MEMBER_OVERDUE) != 0);
	json_decref(party);
	my_shops_known(m->o, p, m->a->now, &shops);
	money_put(m, j, p, &shops);
	return j;
}

static void answer(struct mine *m, json_t *value)
{
	json_decref(m->answer);
	m->answer = value;
}

static int answered(struct mine *m, uint32_t status, int error)
{
	if (error == 0)
		reply_json(m->r, status, json_incref(m->answer));
	json_decref(m->answer);
	return work_answered(error);
}

static int show_work(struct db *d, void *data)
{
	struct mine *m = data;
	struct person p;

	if (!me_read(m->o, m->a, false, &p, m->r))
		return db_failed(d) ? db_failed(d) : WORK_REFUSED;
	answer(m, me_json(m, &p));
	explicit_bzero(&p, sizeof(p));
	return db_failed(d);
}

/** GET /v1/me */
int me_show(struct office *o, const struct ask *a, struct reply *r)
{
	struct mine m = {.o = o, .a = a, .r = r};

	return answered(&m, 200, db_read(o->db, show_work, &m));
}

/* ---- what she may change ---- */

static bool email_put(const json_t *email, struct person *p, struct reply *r)
{
	json_t *party = p->party[0] != '\0' ? json_loads(p->party, 0, NULL) : json_object();
	const char *text = json_string_value(email);
	bool good;

	if (!json_is_null(email) && (text == NULL || !mail_address_valid(text))) {
		reply_problem(r, 422, "bad_email", "email is an address like anna@example.com.");
		json_decref(party);
		return false;
	}
	if (text != NULL)
		json_object_set_new(party, "email", json_string(text));
	else
		json_object_del(party, "email");
	good = json_object_size(party) == 0 || party_take(party, p->party, r);
	json_decref(party);
	return good;
}

/** The body's words onto the row: false with the problem. */
static bool change_take(struct mine *m, struct person *p)
{
	const json_t *email = json_object_get(m->body, "email");
	const char *language = NULL;

	if (!json_take_text(m->body, "language", false, 2, &language, m->r) ||
	    !json_take_bool(m->body, "mail_invoices", false, &p->mail_invoices, m->r))
		return false;
	if (language != NULL && strcmp(language, "sv") != 0 && strcmp(language, "en") != 0) {
		reply_problem(m->r, 422, "bad_language", "language is sv or en.");
		return false;
	}
	if (language != NULL)
		p->language = strcmp(language, "en") == 0 ? LANGUAGE_EN : LANGUAGE_SV;
	if (email != NULL && !email_put(email, p, m->r))
		return false;
	if (!p->mail_invoices || party_has_email(p->party))
		return true;
	reply_problem(m->r, 422, "bad_email",
		      "Invoices by mail need an address to mail to: say email, or mail_invoices "
		      "false.");
	return false;
}

static int change_work(struct db *d, void *data)
{
	struct mine *m = data;
	struct person p, was;

	person_hold(m->o, m->a->who.member);
	if (!me_read(m->o, m->a, true, &p, m->r))
		return db_failed(d) ? db_failed(d) : WORK_REFUSED;
	was = p;
	if (!change_take(m, &p))
		return db_failed(d) ? db_failed(d) : WORK_REFUSED;
	p.changed_at = m->a->now.ms;
	person_write(m->o, &p, false);
	recover_changed(m->o, &was, &p, RECOVER_CHANGED, m->a->now);
	answer(m, me_json(m, &p));
	explicit_bzero(&p, sizeof(p));
	explicit_bzero(&was, sizeof(was));
	return db_failed(d);
}

/** PUT /v1/me {"language", "email", "mail_invoices"} */
int me_change(struct office *o, const struct ask *a, struct reply *r)
{
	static const char *const members[] = {"language", "email", "mail_invoices", NULL};
	struct mine m = {.o = o, .a = a, .r = r};
	json_t *body = approved(a, r) ? ask_json(a, r) : NULL;
	int error = WORK_REFUSED;

	m.body = body;
	if (body != NULL && json_only(body, members, r))
		error = db_transact(o->db, change_work, &m);
	error = answered(&m, 200, error);
	json_decref(body);
	return error;
}

/* ---- as operators ask of her ---- */

/** GET /v1/me/export */
int me_export(struct office *o, const struct ask *a, struct reply *r)
{
	struct ask mine = of_herself(a, a->who.member, "");

	return approved(a, r) ? member_export(o, &mine, r) : 0;
}

/** DELETE /v1/me?force=1 */
int me_forget(struct office *o, const struct ask *a, struct reply *r)
{
	struct ask mine = of_herself(a, a->who.member, "");

	return approved(a, r) ? member_erase(o, &mine, r) : 0;
}

/** GET /v1/me/invoices/{shop}/{number}?format=pdf|ubl */
int me_document(struct office *o, const struct ask *a, struct reply *r)
{
	struct ask mine = of_herself(a, a->param[0], a->param[1]);

	if (!approved(a, r))
		return 0;
	if (!place_valid(a->param[0], (uint32_t)strlen(a->param[0]))) {
		reply_problem(r, 404, "unknown_invoice", "No invoice of yours has this number.");
		return 0;
	}
	return document_show(o, &mine, r);
}

/* ---- her keys ---- */

static int keys_work(struct db *d, void *data)
{
	struct mine *m = data;
	struct db_rows *rows;
	json_t *list = json_array();

	db_ask(d, &rows,
	       "SELECT kid, kind, label, added_at FROM member_key WHERE member = $1"
	       " AND removed_at = 0 ORDER BY added_at, kid LIMIT 100",
	       DB_VALUES(db_text(m->a->who.member)));
	while (db_next(rows)) {
		struct span kid = db_col_bytes(rows, 0);
		char text[2 * KID_SIZE + 1] = "";

		if (kid.len != KID_SIZE)
			continue;
		hex_text(kid.data, KID_SIZE, text);
		json_array_append_new(
			list, json_pack("{s:s, s:s, s:s, s:o, s:b}", "kid", text, "kind",
					db_col_text(rows, 1), "label", db_col_text(rows, 2),
					"added_at", json_wall(db_col_int(rows, 3)), "this",
					memcmp(kid.data, m->a->who.kid.byte, KID_SIZE) == 0));
	}
	db_rows_end(rows);
	answer(m, json_pack("{s:o}", "keys", list));
	return db_failed(d);
}

/** GET /v1/me/keys */
int me_keys(struct office *o, const struct ask *a, struct reply *r)
{
	struct mine m = {.o = o, .a = a, .r = r};

	return approved(a, r) ? answered(&m, 200, db_read(o->db, keys_work, &m)) : 0;
}

/** DELETE /v1/me/keys/{kid}?last=1: people_keys.c asks for `last` where it is the only one. */
int me_key_remove(struct office *o, const struct ask *a, struct reply *r)
{
	struct ask mine = of_herself(a, a->who.member, a->param[0]);

	return approved(a, r) ? member_key_remove(o, &mine, r) : 0;
}

/* ---- another phone ---- */

static bool room_for_key(struct mine *m)
{
	int64_t n = 0;

	db_one(m->o->db, &n,
	       "SELECT count(*) FROM member_key WHERE member = $1 AND removed_at = 0 LIMIT 1",
	       DB_VALUES(db_text(m->a->who.member)));
	return n < MEMBER_KEYS_MAX || !key_add_said(KEY_MANY, m->r);
}

static int invite_work(struct db *d, void *data)
{
	struct mine *m = data;
	struct person p;

	person_hold(m->o, m->a->who.member);
	if (!me_read(m->o, m->a, true, &p, m->r))
		return db_failed(d) ? db_failed(d) : WORK_REFUSED;
	explicit_bzero(p.party, sizeof(p.party));
	if (!room_for_key(m))
		return db_failed(d) ? db_failed(d) : WORK_REFUSED;
	code_for_member(m->o, p.member, p.member, &m->hash, m->a->now, m->expires);
	return db_failed(d);
}

/** POST /v1/me/invitation */
int me_invite(struct office *o, const struct ask *a, struct reply *r)
{
	struct mine m = {.o = o, .a = a, .r = r};
	int error;

	if (!approved(a, r))
		return 0;
	code_new(m.code);
	CHECK(code_hash(m.code, &m.hash));
	m.expires = a->now.ms + CODE_MINUTES * 60000;
	error = db_transact(o->db, invite_work, &m);
	if (error == 0)
		reply_json(r, 201,
			   json_pack("{s:s, s:o}", "code", m.code, "expires_at",
				     json_wall(m.expires)));
	explicit_bzero(m.code, sizeof(m.code));
	return work_answered(error);
}

#define OF_ME(m, p, fn)                                                                            \
	{                                                                                          \
		.method = m, .path = p, .who = FOR_MEMBER, .answer = fn                            \
	}

const struct office_route me_routes[] = {
	OF_ME("GET", "/v1/me", me_show),
	{.method = "PUT",
	 .path = "/v1/me",
	 .who = FOR_MEMBER,
	 .content_type = JSON,
	 .body_max = BODY_MAX,
	 .answer = me_change},
	OF_ME("DELETE", "/v1/me", me_forget),
	OF_ME("GET", "/v1/me/view", me_view),
	OF_ME("GET", "/v1/me/invoices", me_invoices),
	OF_ME("GET", "/v1/me/invoices/{shop}/{number}", me_document),
	OF_ME("GET", "/v1/me/keys", me_keys),
	OF_ME("DELETE", "/v1/me/keys/{kid}", me_key_remove),
	OF_ME("POST", "/v1/me/invitation", me_invite),
	OF_ME("GET", "/v1/me/export", me_export),
	{.method = "POST",
	 .path = "/v1/recover",
	 .who = FOR_ANYBODY,
	 .content_type = JSON,
	 .body_max = BODY_MAX,
	 .answer = me_recover},
	{0},
};
