/*
 * operators.c: operators made here, beside those of officed.conf. One is made with rights and shops
 * by somebody who has those rights over all shops; a code, told once and good for a day, is taken
 * up by the key of a browser, which never leaves it. Rights are not changed: one is deleted and
 * made again, so that what somebody could do at a time is seen from two lines of the log.
 */
#include <stdio.h>
#include <string.h>

#include "crypto/es256.h"
#include "officed/goods_scope.h"
#include "officed/operators.h"
#include "officed/people_code.h"
#include "officed/routes.h"

#define JSON	"application/json"
#define DAY_MS	INT64_C(86400000)
#define CODE_MS DAY_MS

enum {
	BODY_MAX = 4096,
	COWORKERS_MAX = 500,
};

struct operating {
	struct office *o;
	const struct ask *a;
	struct reply *r;
	const char *name;
	uint32_t rights;
	char shops[SHOPS_TEXT_MAX + 1];
	char code[INVITE_CODE_SIZE];
	struct sha256 hash;
	int64_t expires;
	bool found;
	json_t *answer;
};

static void answer(struct operating *p, json_t *value)
{
	json_decref(p->answer);
	p->answer = value;
}

/* ---- in words ---- */

json_t *operator_rights_json(uint32_t rights)
{
	json_t *list = json_array();

	for (uint32_t i = 0; right_words[i] != NULL; i++)
		if ((rights & 1U << (RIGHT_FLEET + i)) != 0)
			json_array_append_new(list, json_string(right_words[i]));
	return list;
}

json_t *operator_shops_json(const char *words)
{
	json_t *list = json_array();

	for (const char *at = words; *at != '\0'; at += strspn(at, " ")) {
		size_t len = strcspn(at, " ");

		json_array_append_new(list, json_stringn(at, len));
		at += len;
	}
	return list;
}

static json_t *kid_json(struct span kid)
{
	char text[2 * KID_SIZE + 1];

	if (kid.len != KID_SIZE)
		return json_null();
	hex_text(kid.data, KID_SIZE, text);
	return json_string(text);
}

static const struct operator_conf *in_file(const struct office *o, const char *name)
{
	for (uint32_t i = 0; i < o->config->operators; i++)
		if (strcmp(o->config->operator[i].name, name) == 0)
			return &o->config->operator[i];
	return NULL;
}

/** Whoever makes operators reaches everything: those of some shops do not. */
static bool may(const struct ask *a, struct reply *r)
{
	if (who_may(&a->who, RIGHT_FLEET, NULL))
		return true;
	reply_problem(r, 403, "forbidden",
		      "Who may work here is for operators with the right fleet over all shops.");
	return false;
}

/* ---- list ---- */

static json_t *of_file(const struct operator_conf *c)
{
	struct kid kid = kid_of(&c->key);

	return json_pack("{s:s, s:s, s:o, s:o, s:o, s:n, s:n, s:n, s:n}", "name", c->name, "state",
			 "in_file", "rights", operator_rights_json(c->rights), "shops",
			 operator_shops_json(c->shops), "kid",
			 kid_json((struct span){kid.byte, KID_SIZE}), "made_by", "made_at",
			 "expires_at", "enrolled_at");
}

static json_t *of_row(struct db_rows *rows, struct wall now)
{
	bool enrolled = db_col_int(rows, 7) != 0;
	const char *state = enrolled ? "live" : db_col_int(rows, 6) > now.ms ? "invited" : "lapsed";

	return json_pack("{s:s, s:s, s:o, s:o, s:o, s:s, s:o, s:o, s:o}", "name",
			 db_col_text(rows, 0), "state", state, "rights",
			 operator_rights_json((uint32_t)db_col_int(rows, 1)), "shops",
			 operator_shops_json(db_col_text(rows, 2)), "kid",
			 kid_json(db_col_bytes(rows, 3)), "made_by", db_col_text(rows, 4),
			 "made_at", json_wall(db_col_int(rows, 5)), "expires_at",
			 enrolled ? json_null() : json_wall(db_col_int(rows, 6)), "enrolled_at",
			 json_wall(db_col_int(rows, 7)));
}

static int list_work(struct db *d, void *data)
{
	struct operating *p = data;
	json_t *list = json_array();
	struct db_rows *rows;

	for (uint32_t i = 0; i < p->o->config->operators; i++)
		json_array_append_new(list, of_file(&p->o->config->operator[i]));
	db_ask(d, &rows,
	       "SELECT name, rights, shops, kid, made_by, made_at, expires_at, enrolled_at"
	       " FROM coworker ORDER BY name LIMIT $1",
	       DB_VALUES(db_int(COWORKERS_MAX)));
	while (db_next(rows))
		json_array_append_new(list, of_row(rows, p->a->now));
	db_rows_end(rows);
	answer(p, json_pack("{s:o}", "operators", list));
	return db_failed(d);
}

/** GET /v1/operators */
int operators_list(struct office *o, const struct ask *a, struct reply *r)
{
	struct operating p = {.o = o, .a = a, .r = r};
	int error;

	if (!may(a, r))
		return 0;
	error = db_read(o->db, list_work, &p);
	if (error == 0)
		reply_json(r, 200, json_incref(p.answer));
	json_decref(p.answer);
	return error;
}

/* ---- made ---- */

static bool rights_take(const json_t *body, struct operating *p)
{
	const json_t *list = json_object_get(body, "rights"), *word;
	size_t at;

	json_array_foreach(list, at, word)
	{
		const char *text = json_string_value(word);
		uint32_t i = 0;

		while (right_words[i] != NULL && (!text || strcmp(right_words[i], text) != 0))
			i++;
		if (right_words[i] == NULL)
			break;
		p->rights |= 1U << (RIGHT_FLEET + i);
	}
	if (json_array_size(list) == 0 || at < json_array_size(list)) {
		reply_problem(p->r, 422, "bad_rights",
			      "rights is a list of fleet, members, goods, remote, money, pull.");
		return false;
	}
	if ((p->rights & ~p->a->who.rights) == 0)
		return true;
	reply_problem(p->r, 403, "forbidden", "You cannot give a right that you have not.");
	return false;
}

static bool shop_take(struct operating *p, const json_t *word, bool alone)
{
	const char *text = json_string_value(word);
	size_t len = strlen(p->shops), more;

	if (text == NULL ||
	    !((alone && strcmp(text, "*") == 0) || place_valid(text, (uint32_t)strnlen(text, 64))))
		return false;
	more = strlen(text) + (len > 0);
	if (len + more >= sizeof(p->shops))
		return false;
	if (len > 0)
		p->shops[len++] = ' ';
	memcpy(p->shops + len, text, strlen(text) + 1);
	return true;
}

static bool shops_take(const json_t *body, struct operating *p)
{
	const json_t *list = json_object_get(body, "shops"), *word;
	size_t at;

	json_array_foreach(list, at, word)
	{
		if (!shop_take(p, word, json_array_size(list) == 1))
			break;
	}
	if (json_array_size(list) > 0 && at == json_array_size(list))
		return true;
	reply_problem(p->r, 422, "bad_shops",
		      "shops is a list of shops' names, %d characters in all, or \"*\" alone.",
		      SHOPS_TEXT_MAX);
	return false;
}

static bool name_take(const json_t *body, struct operating *p)
{
	if (!json_take_text(body, "name", true, NAME_MAX_LEN, &p->name, p->r))
		return false;
	if (name_valid(p->name, (uint32_t)strlen(p->name)) &&
	    strncmp(p->name, OWNER_PREFIX, strlen(OWNER_PREFIX)) != 0)
		return true;
	reply_problem(p->r, 422, "bad_name",
		      "name has letters, digits, - and _, and does not begin with " OWNER_PREFIX
		      ".");
	return false;
}

static bool shops_there(struct operating *p)
{
	const char *at = p->shops;

	while (*at != '\0' && *at != '*') {
		struct scope s = {.kind = SCOPE_SHOP};
		size_t len = strcspn(at, " ");

		memcpy(s.name, at, len);
		if (!scope_there(p->o, &s, p->r))
			return false;
		at += len;
		at += strspn(at, " ");
	}
	return true;
}

static bool room(struct operating *p)
{
	int64_t there = 0;

	/* whose code nobody used makes room */
	db_do(p->o->db,
	      "DELETE FROM coworker WHERE name = $1 AND enrolled_at = 0"
	      " AND expires_at <= $2",
	      DB_VALUES(db_text(p->name), db_int(p->a->now.ms)));
	db_one(p->o->db, &there, "SELECT count(*) FROM coworker", 0, NULL);
	if (there < COWORKERS_MAX)
		return true;
	reply_problem(p->r, 409, "too_many", "There are %d operators: delete one.", COWORKERS_MAX);
	return false;
}

static int make_work(struct db *d, void *data)
{
	struct operating *p = data;

	if (!shops_there(p) || !room(p))
		return db_failed(d) ? db_failed(d) : WORK_REFUSED;
	if (db_do(d,
		  "INSERT INTO coworker(name, rights, shops, key, kid, code_hash, made_by,"
		  " made_at, expires_at, enrolled_at) VALUES($1, $2, $3, $4, $4, $5, $6, $7, $8,"
		  " 0) ON CONFLICT(name) DO NOTHING",
		  DB_VALUES(db_text(p->name), db_int(p->rights), db_text(p->shops), db_bytes("", 0),
			    db_bytes(p->hash.byte, sizeof(p->hash.byte)), db_text(p->a->who.name),
			    db_int(p->a->now.ms), db_int(p->expires))) == 1 ||
	    db_failed(d))
		return db_failed(d);
	reply_problem(p->r, 409, "name_taken",
		      "There is an operator of this name: delete that one first.");
	return WORK_REFUSED;
}

/** POST /v1/operators {"name", "rights", "shops"} */
int operator_make(struct office *o, const struct ask *a, struct reply *r)
{
	static const char *const members[] = {"name", "rights", "shops", NULL};
	struct operating p = {.o = o, .a = a, .r = r};
	json_t *body = may(a, r) ? ask_json(a, r) : NULL;
	int error = WORK_REFUSED;

	if (body == NULL)
		return 0;
	if (json_only(body, members, r) && name_take(body, &p) && rights_take(body, &p) &&
	    shops_take(body, &p)) {
		code_new(p.code);
		CHECK(code_hash(p.code, &p.hash));
		p.expires = a->now.ms + CODE_MS;
		if (in_file(o, p.name) != NULL)
			reply_problem(r, 409, "name_taken",
				      "An operator of officed.conf has this name.");
		else
			error = db_transact(o->db, make_work, &p);
	}
	if (error == 0)
		reply_json(r, 201,
			   json_pack("{s:s, s:s, s:o}", "name", p.name, "code", p.code,
				     "expires_at", json_wall(p.expires)));
	explicit_bzero(p.code, sizeof(p.code));
	json_decref(body);
	return work_answered(error);
}

/* ---- deleted ---- */

static int delete_work(struct db *d, void *data)
{
	struct operating *p = data;

	p->found = db_do(d, "DELETE FROM coworker WHERE name = $1",
			 DB_VALUES(db_text(p->a->param[0]))) > 0;
	return db_failed(d);
}

/** DELETE /v1/operators/{operator} */
int operator_delete(struct office *o, const struct ask *a, struct reply *r)
{
	struct operating p = {.o = o, .a = a, .r = r};
	int error;

	if (!may(a, r))
		return 0;
	if (in_file(o, a->param[0]) != NULL) {
		reply_problem(r, 409, "in_file",
			      "This operator stands in officed.conf: take the section out there, "
			      "and start officed again.");
		return 0;
	}
	error = db_transact(o->db, delete_work, &p);
	if (error == 0 && p.found)
		reply_bytes(r, 204, NULL, NULL, 0);
	else if (error == 0)
		reply_problem(r, 404, "unknown_operator", "There is no operator of this name.");
	return error;
}

#define OF(m, p, of, fn)                                                                           \
	{                                                                                          \
		.method = m, .path = p, .who = FOR_OPERATOR, .right = of, .answer = fn             \
	}

const struct office_route operator_routes[] = {
	{.method = "POST",
	 .path = "/v1/operators/enrol",
	 .who = FOR_ANYBODY,
	 .content_type = JSON,
	 .body_max = BODY_MAX,
	 .answer = operator_enrol},
	OF("GET", "/v1/operators", RIGHT_FLEET, operators_list),
	{.method = "POST",
	 .path = "/v1/operators",
	 .who = FOR_OPERATOR,
	 .right = RIGHT_FLEET,
	 .content_type = JSON,
	 .body_max = BODY_MAX,
	 .answer = operator_make},
	OF("DELETE", "/v1/operators/{operator}", RIGHT_FLEET, operator_delete),
	OF("GET", "/v1/whoami", 0, operator_whoami),
	{0},
};
