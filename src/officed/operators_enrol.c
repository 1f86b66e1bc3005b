/*
 * operators_enrol.c: an operator's browser takes up its place with a code; and whoever signs for
 * office/admin hears who he is here. A key is one person's: who is in officed.conf, or a member, is
 * not somebody else by the same key, for nobody could tell who did what.
 */
#include <string.h>

#include "crypto/es256.h"
#include "officed/goods_scope.h"
#include "officed/operators.h"
#include "officed/people_code.h"

struct enrolling {
	struct office *o;
	const struct ask *a;
	struct reply *r;
	struct sha256 hash;
	struct public_key key;
	struct kid kid;
	uint32_t status;
	bool found;
	json_t *answer;
};

static void answer(struct enrolling *p, json_t *value)
{
	json_decref(p->answer);
	p->answer = value;
}

/* ---- enrolled ---- */

static json_t *who_json(const char *name, uint32_t rights, const char *shops)
{
	return json_pack("{s:s, s:s, s:o, s:[], s:o, s:b, s:n}", "name", name, "kind", "operator",
			 "rights", operator_rights_json(rights), "reads", "shops",
			 operator_shops_json(shops), "global", strcmp(shops, "*") == 0, "member");
}

/** Whether the key is somebody's already: of one made here, 200 with who that is. */
static bool key_free(struct enrolling *p)
{
	char member[MEMBER_TEXT_SIZE];
	struct db_rows *rows;

	for (uint32_t i = 0; i < p->o->config->operators; i++)
		if (memcmp(&p->o->config->operator[i].key, &p->key, sizeof(p->key)) == 0)
			p->found = true;
	if (!p->found && key_owner(p->o, &p->key, member))
		p->found = true;
	if (p->found) {
		reply_problem(p->r, 409, "key_taken",
			      "Somebody signs with this key already: make a new one.");
		return false;
	}
	db_ask(p->o->db, &rows,
	       "SELECT name, rights, shops FROM coworker WHERE kid = $1 AND key = $2 LIMIT 1",
	       DB_VALUES(db_bytes(p->kid.byte, KID_SIZE), db_bytes(&p->key, sizeof(p->key))));
	p->found = db_next(rows);
	if (p->found) {
		p->status = 200;
		answer(p, who_json(db_col_text(rows, 0), (uint32_t)db_col_int(rows, 1),
				   db_col_text(rows, 2)));
	}
	db_rows_end(rows);
	return true;
}

static int enrol_work(struct db *d, void *data)
{
	struct enrolling *p = data;
	struct db_rows *rows;

	p->found = false;
	keys_hold(p->o);
	if (!key_free(p))
		return db_failed(d) ? db_failed(d) : WORK_REFUSED;
	if (p->found)
		return db_failed(d);
	db_ask(d, &rows,
	       "UPDATE coworker SET key = $2, kid = $3, enrolled_at = $4, code_hash = $5"
	       " WHERE code_hash = $1 AND enrolled_at = 0 AND expires_at > $4"
	       " RETURNING name, rights, shops",
	       DB_VALUES(db_bytes(p->hash.byte, sizeof(p->hash.byte)),
			 db_bytes(&p->key, sizeof(p->key)), db_bytes(p->kid.byte, KID_SIZE),
			 db_int(p->a->now.ms), db_bytes("", 0)));
	p->found = db_next(rows);
	if (p->found) {
		p->status = 201;
		answer(p, who_json(db_col_text(rows, 0), (uint32_t)db_col_int(rows, 1),
				   db_col_text(rows, 2)));
	}
	db_rows_end(rows);
	if (p->found || db_failed(d))
		return db_failed(d);
	reply_problem(
		p->r, 403, "code_unknown",
		"This code is not known, or was used, or its day is over: ask for a new one.");
	return WORK_REFUSED;
}

static bool enrol_take(const json_t *body, struct enrolling *p)
{
	static const char *const members[] = {"code", "key", "token", NULL};
	const char *code = NULL, *token = NULL;
	bool there;

	if (!json_only(body, members, p->r) ||
	    !json_take_text(body, "code", true, 32, &code, p->r) ||
	    !json_take_text(body, "token", true, 700, &token, p->r) ||
	    !key_take(body, true, &p->key, &there, p->r))
		return false;
	p->kid = kid_of(&p->key);
	if (!key_proves(token, &p->key, "office/operator", p->a->now))
		reply_problem(p->r, 401, "unauthorized",
			      "token is none that this key has signed for office/operator just "
			      "now; is this machine's clock right?");
	else if (!code_hash(code, &p->hash))
		reply_problem(p->r, 403, "code_unknown",
			      "This is no code: it has 12 letters and digits.");
	else
		return true;
	return false;
}

/** POST /v1/operators/enrol {"code", "key", "token"} */
int operator_enrol(struct office *o, const struct ask *a, struct reply *r)
{
	struct enrolling p = {.o = o, .a = a, .r = r};
	json_t *body = ask_json(a, r);
	int error = WORK_REFUSED;

	if (body == NULL)
		return 0;
	if (enrol_take(body, &p))
		error = db_transact(o->db, enrol_work, &p);
	if (error == 0)
		reply_json(r, p.status, json_incref(p.answer));
	json_decref(p.answer);
	json_decref(body);
	return work_answered(error);
}

/* ---- who asks ---- */

static int whoami_work(struct db *d, void *data)
{
	struct enrolling *p = data;
	const struct who *who = &p->a->who;
	json_t *party;
	struct person person;

	if (!person_read(p->o, who->member, &person))
		return db_failed(d);
	party = json_loads(person.party, 0, NULL);
	if (json_is_string(json_object_get(party, "name")))
		json_object_set(p->answer, "name", json_object_get(party, "name"));
	json_decref(party);
	explicit_bzero(&person, sizeof(person));
	return db_failed(d);
}

/** GET /v1/whoami */
int operator_whoami(struct office *o, const struct ask *a, struct reply *r)
{
	struct enrolling p = {.o = o, .a = a, .r = r};
	int error = 0;

	p.answer = who_json(a->who.name, a->who.rights, a->who.shops);
	if (a->who.owner) {
		json_object_set_new(p.answer, "kind", json_string("owner"));
		json_object_set_new(p.answer, "rights", operator_rights_json(OWNER_RIGHTS));
		json_object_set_new(p.answer, "reads", operator_rights_json(OWNER_READS));
		json_object_set_new(p.answer, "global", json_false());
		json_object_set_new(p.answer, "member", json_string(a->who.member));
		error = db_read(o->db, whoami_work, &p);
	}
	if (error == 0)
		reply_json(r, 200, json_incref(p.answer));
	json_decref(p.answer);
	return error;
}
