/* policy_routes.c: settings and groups, as people and programs ask for them. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "officed/goods_scope.h"
#include "officed/policy.h"
#include "officed/policy_group.h"

struct putting {
	struct office *o;
	const struct ask *a;
	struct reply *r;
	struct scope scope;
	const char *name, *value;
};

static int set_work(struct db *d, void *data)
{
	struct putting *p = data;

	if (!scope_there(p->o, &p->scope, p->r))
		return db_failed(d) ? db_failed(d) : WORK_REFUSED;
	policy_put(p->o, &p->scope, p->name, p->value, p->a->now);
	return db_failed(d);
}

/** In a path a setting may be spelled with a _ for its point: hours_monday. */
static const char *name_plain(const char *name, char plain[SETTING_NAME_MAX + 1])
{
	snprintf(plain, SETTING_NAME_MAX + 1, "%s", name);
	if (strncmp(plain, "hours_", 6) == 0)
		plain[5] = '.';
	return plain;
}

/** PUT /v1/policy/{scope}/{name} {"value": "…"} */
int policy_set(struct office *o, const struct ask *a, struct reply *r)
{
	static const char *const members[] = {"value", NULL};
	char why[POLICY_WHY_MAX], plain[SETTING_NAME_MAX + 1];
	struct putting p = {.o = o, .a = a, .r = r, .value = ""};
	json_t *body = NULL;
	int error = 0;

	p.name = name_plain(a->param[1], plain);
	if (!scope_read(a->param[0], &p.scope, r) || !scope_may(a, RIGHT_GOODS, &p.scope, r))
		return 0;
	body = ask_json(a, r);
	if (!body)
		return 0;
	if (!json_only(body, members, r) ||
	    !json_take_text(body, "value", false, SETTING_VALUE_MAX, &p.value, r))
		goto out;
	if (!policy_check(p.name, p.value, why)) {
		reply_problem(r, 422, "bad_setting", "%s", why);
		goto out;
	}
	error = db_transact(o->db, set_work, &p);
	if (error == 0)
		reply_json(r, 200,
			   json_pack("{s:o, s:s, s:s}", "scope", json_scope(&p.scope), "name",
				     p.name, "value", p.value));
out:
	json_decref(body);
	return work_answered(error);
}

struct listing {
	struct office *o;
	const struct ask *a;
	struct reply *r;
	struct scope scope;
	bool all;
	json_t *items;
};

static int list_work(struct db *d, void *data)
{
	struct listing *l = data;
	char text[SCOPE_TEXT_MAX + 1];
	struct db_rows *rows;

	json_array_clear(l->items);
	scope_text(&l->scope, text);
	db_ask(d, &rows,
	       "SELECT scope, name, value FROM policy WHERE $1 = 1 OR scope = $2"
	       " ORDER BY scope, name LIMIT 20000",
	       DB_VALUES(db_int(l->all), db_text(text)));
	while (db_next(rows)) {
		struct scope s;

		if (!scope_parse(db_col_text(rows, 0), &s) ||
		    (s.kind == SCOPE_SHOP && !who_may(&l->a->who, RIGHT_GOODS, s.name)))
			continue;
		json_array_append_new(
			l->items, json_pack("{s:o, s:s, s:s}", "scope", json_scope(&s), "name",
					    db_col_text(rows, 1), "value", db_col_text(rows, 2)));
	}
	db_rows_end(rows);
	return db_failed(d);
}

/** GET /v1/policy?scope= */
int policy_list(struct office *o, const struct ask *a, struct reply *r)
{
	struct listing l = {.o = o, .a = a, .r = r};
	const char *scope = ask_query(a, "scope");
	int error;

	l.all = !scope;
	if (scope && !scope_read(scope, &l.scope, r))
		return 0;
	l.items = json_array();
	error = db_read(o->db, list_work, &l);
	if (error == 0)
		reply_json(r, 200, json_pack("{s:O}", "policy", l.items));
	json_decref(l.items);
	return error;
}

static int effective_work(struct db *d, void *data)
{
	struct listing *l = data;
	struct sync_setting setting[POLICY_NAMES];
	char group[PLACE_MAX_LEN + 1] = "";
	struct db_rows *rows;
	uint32_t n;
	bool there;

	json_object_clear(l->items);
	db_ask(d, &rows, "SELECT shop_group FROM shop WHERE shop = $1 LIMIT 1",
	       DB_VALUES(db_text(l->a->param[0])));
	there = db_next(rows);
	snprintf(group, sizeof(group), "%s", db_col_text(rows, 0));
	db_rows_end(rows);
	if (!there && !db_failed(d)) {
		reply_problem(l->r, 404, "unknown_shop", "There is no shop of this name.");
		return WORK_REFUSED;
	}
	n = policy_effective(l->o, l->a->param[0], group, setting);
	for (uint32_t i = 0; i < n; i++)
		json_object_set_new(l->items, setting[i].name, json_string(setting[i].value));
	return db_failed(d);
}

/** GET /v1/shops/{shop}/policy */
int policy_of_shop(struct office *o, const struct ask *a, struct reply *r)
{
	struct listing l = {.o = o, .a = a, .r = r, .items = json_object()};
	int error = db_read(o->db, effective_work, &l);

	if (error == 0)
		reply_json(r, 200, json_pack("{s:s, s:O}", "shop", a->param[0], "policy", l.items));
	json_decref(l.items);
	return work_answered(error);
}

/* --- groups */

static int group_make_work(struct db *d, void *data)
{
	db_do(d, "INSERT INTO shop_group(name) VALUES($1) ON CONFLICT(name) DO NOTHING",
	      DB_VALUES(db_text(data)));
	return db_failed(d);
}

/** PUT /v1/groups/{group} */
int group_put(struct office *o, const struct ask *a, struct reply *r)
{
	char name[PLACE_MAX_LEN + 1];
	int error;

	if (!scope_may(a, RIGHT_GOODS, &(struct scope){.kind = SCOPE_ALL}, r))
		return 0;
	if (!place_valid(a->param[0], (uint32_t)strlen(a->param[0]))) {
		reply_problem(r, 400, "malformed", "A group's name is 1 to %d of a-z, 0-9 and -.",
			      PLACE_MAX_LEN);
		return 0;
	}
	snprintf(name, sizeof(name), "%s", a->param[0]);
	error = db_transact(o->db, group_make_work, name);
	if (error == 0)
		reply_json(r, 200, json_pack("{s:s}", "group", name));
	return error;
}

static int group_gone_work(struct db *d, void *data)
{
	struct putting *p = data;
	char text[SCOPE_TEXT_MAX + 1];
	int64_t one;

	scope_text(&p->scope, text);
	if (!scope_there(p->o, &p->scope, p->r))
		return db_failed(d) ? db_failed(d) : WORK_REFUSED;
	if (db_one(d, &one, "SELECT 1 FROM shop WHERE shop_group = $1 LIMIT 1",
		   DB_VALUES(db_text(p->scope.name)))) {
		reply_problem(p->r, 409, "group_in_use",
			      "There are shops in this group: move them first.");
		return WORK_REFUSED;
	}
	db_do(d, "DELETE FROM price WHERE scope = $1", DB_VALUES(db_text(text)));
	db_do(d, "DELETE FROM policy WHERE scope = $1", DB_VALUES(db_text(text)));
	db_do(d, "DELETE FROM shop_group WHERE name = $1", DB_VALUES(db_text(p->scope.name)));
	return db_failed(d);
}

/** DELETE /v1/groups/{group}: with its prices and settings; refused while it has shops. */
int group_delete(struct office *o, const struct ask *a, struct reply *r)
{
	struct putting p = {.o = o, .a = a, .r = r, .scope.kind = SCOPE_GROUP};
	int error;

	if (!scope_may(a, RIGHT_GOODS, &(struct scope){.kind = SCOPE_ALL}, r))
		return 0;
	snprintf(p.scope.name, sizeof(p.scope.name), "%.16s", a->param[0]);
	error = db_transact(o->db, group_gone_work, &p);
	if (error == 0)
		reply_bytes(r, 204, NULL, NULL, 0);
	return work_answered(error);
}

static int groups_work(struct db *d, void *data)
{
	struct listing *l = data;
	struct db_rows *rows;

	json_array_clear(l->items);
	db_ask(d, &rows,
	       "SELECT g.name, s.shop FROM shop_group g LEFT JOIN shop s ON s.shop_group = g.name"
	       " ORDER BY g.name, s.shop LIMIT 100000",
	       0, NULL);
	while (db_next(rows)) {
		size_t n = json_array_size(l->items);
		json_t *group = n > 0 ? json_array_get(l->items, n - 1) : NULL;

		if (!group || strcmp(json_string_value(json_object_get(group, "group")),
				     db_col_text(rows, 0)) != 0) {
			group = json_pack("{s:s, s:[]}", "group", db_col_text(rows, 0), "shops");
			json_array_append_new(l->items, group);
		}
		if (!db_col_null(rows, 1) && who_may(&l->a->who, RIGHT_GOODS, db_col_text(rows, 1)))
			json_array_append_new(json_object_get(group, "shops"),
					      json_string(db_col_text(rows, 1)));
	}
	db_rows_end(rows);
	return db_failed(d);
}

/** GET /v1/groups */
int group_list(struct office *o, const struct ask *a, struct reply *r)
{
	struct listing l = {.o = o, .a = a, .r = r, .items = json_array()};
	int error = db_read(o->db, groups_work, &l);

	if (error == 0)
		reply_json(r, 200, json_pack("{s:O}", "groups", l.items));
	json_decref(l.items);
	return error;
}

static int join_work(struct db *d, void *data)
{
	struct putting *p = data;
	struct scope shop = {.kind = SCOPE_SHOP};

	snprintf(shop.name, sizeof(shop.name), "%.16s", p->a->param[0]);
	if (!scope_there(p->o, &shop, p->r) || (p->value[0] && !scope_there(p->o, &p->scope, p->r)))
		return db_failed(d) ? db_failed(d) : WORK_REFUSED;
	if (db_do(d, "UPDATE shop SET shop_group = $2 WHERE shop = $1 AND shop_group <> $2",
		  DB_VALUES(db_text(shop.name), db_text(p->value))) > 0)
		feed_forget(p->o, shop.name); /* its prices and settings are other ones now */
	return db_failed(d);
}

/** PUT /v1/shops/{shop}/group {"group": "…"}; "" for none. */
int group_join(struct office *o, const struct ask *a, struct reply *r)
{
	static const char *const members[] = {"group", NULL};
	struct putting p = {.o = o, .a = a, .r = r, .scope.kind = SCOPE_GROUP, .value = ""};
	json_t *body;
	int error = 0;

	if (!scope_may(a, RIGHT_GOODS, &(struct scope){.kind = SCOPE_ALL}, r))
		return 0;
	body = ask_json(a, r);
	if (!body)
		return 0;
	if (json_only(body, members, r) &&
	    json_take_text(body, "group", false, PLACE_MAX_LEN, &p.value, r)) {
		snprintf(p.scope.name, sizeof(p.scope.name), "%.16s", p.value);
		error = db_transact(o->db, join_work, &p);
		if (error == 0)
			reply_json(r, 200,
				   json_pack("{s:s, s:s}", "shop", a->param[0], "group", p.value));
	}
	json_decref(body);
	return work_answered(error);
}
