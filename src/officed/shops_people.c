/* shops_people.c: whom a shop's texts go to, and what they had to know. A contact's number is never
 * in a log and never in a shop's feed. */
#include <stdio.h>
#include <string.h>

#include "net/sms_gateway.h"
#include "officed/notice.h"
#include "officed/shops.h"
#include "officed/texts.h"

/* ---- contacts ---- */

struct contacting {
	const struct ask *a;
	const char *phone;
	json_t *list;
	bool there, full;
};

static bool shop_there(struct db *d, const char *shop)
{
	int64_t one;

	return db_one(d, &one, "SELECT 1 FROM shop WHERE shop = $1 LIMIT 1",
		      DB_VALUES(db_text(shop)));
}

static int contacts_work(struct db *d, void *data)
{
	struct contacting *c = data;
	struct db_rows *rows;

	json_array_clear(c->list);
	c->there = shop_there(d, c->a->param[0]);
	db_ask(d, &rows,
	       "SELECT name, phone FROM shop_contact WHERE shop = $1 ORDER BY name LIMIT "
	       "100",
	       DB_VALUES(db_text(c->a->param[0])));
	while (db_next(rows))
		(void)json_array_append_new(c->list,
					    json_pack("{s:s, s:s}", "name", db_col_text(rows, 0),
						      "phone", db_col_text(rows, 1)));
	db_rows_end(rows);
	return db_failed(d);
}

int contacts_list(struct office *o, const struct ask *a, struct reply *r)
{
	struct contacting c = {.a = a, .list = json_array()};
	int error = db_read(o->db, contacts_work, &c);

	if (error < 0 || !c.there) {
		json_decref(c.list);
		if (error == 0)
			shop_unknown(r);
		return error;
	}
	reply_json(r, 200, json_pack("{s:o}", "contacts", c.list));
	return 0;
}

static int put_work(struct db *d, void *data)
{
	struct contacting *c = data;
	int64_t count = 0;

	c->there = shop_there(d, c->a->param[0]);
	(void)db_one(d, &count,
		     "SELECT count(*) FROM shop_contact WHERE shop = $1 AND name <> $2 LIMIT 1",
		     DB_VALUES(db_text(c->a->param[0]), db_text(c->a->param[1])));
	c->full = count >= CONTACTS_MAX;
	if (c->there && !c->full)
		db_do(d,
		      "INSERT INTO shop_contact(shop, name, phone) VALUES($1, $2, $3) ON "
		      "CONFLICT(shop, name) DO UPDATE SET phone = excluded.phone",
		      DB_VALUES(db_text(c->a->param[0]), db_text(c->a->param[1]),
				db_text(c->phone)));
	return db_failed(d);
}

int contacts_put(struct office *o, const struct ask *a, struct reply *r)
{
	static const char *const names[] = {"phone", NULL};
	struct contacting c = {.a = a};
	json_t *body = ask_json(a, r);
	int error = 0;

	if (body == NULL)
		return 0;
	if (json_only(body, names, r) &&
	    json_take_text(body, "phone", true, PHONE_MAX, &c.phone, r)) {
		if (!phone_valid(c.phone)) {
			reply_problem(r, 400, "malformed",
				      "\"phone\" must be a number with its country, digits only, "
				      "as in +46701234567.");
		} else {
			error = db_transact(o->db, put_work, &c);
			if (error == 0 && !c.there)
				shop_unknown(r);
			else if (error == 0 && c.full)
				reply_problem(r, 409, "too_many", "A shop has at most %d contacts.",
					      CONTACTS_MAX);
			else if (error == 0)
				reply_json(r, 200,
					   json_pack("{s:s, s:s}", "name", a->param[1], "phone",
						     c.phone));
		}
	}
	json_decref(body);
	return error;
}

static int delete_work(struct db *d, void *data)
{
	struct contacting *c = data;

	c->there = db_do(d, "DELETE FROM shop_contact WHERE shop = $1 AND name = $2",
			 DB_VALUES(db_text(c->a->param[0]), db_text(c->a->param[1]))) == 1;
	return db_failed(d);
}

int contacts_delete(struct office *o, const struct ask *a, struct reply *r)
{
	struct contacting c = {.a = a};
	int error = db_transact(o->db, delete_work, &c);

	if (error == 0 && c.there)
		reply_bytes(r, 204, NULL, NULL, 0);
	else if (error == 0)
		reply_problem(r, 404, "unknown_contact", "The shop has no contact of this name.");
	return error;
}

/* ---- notices ---- */

struct noticing {
	struct office *o;
	const struct ask *a;
	const char *shop;
	int64_t before, limit, open;
	json_t *list;
	bool done;
};

static json_t *notice_json(struct db_rows *rows)
{
	const char *by = db_col_text(rows, 6);
	json_t *j = json_object();

	(void)json_object_set_new(j, "shop", json_string(db_col_text(rows, 0)));
	(void)json_object_set_new(j, "n", json_integer(db_col_int(rows, 1)));
	(void)json_object_set_new(j, "at", json_wall(db_col_int(rows, 2)));
	(void)json_object_set_new(j, "kind",
				  json_string(notice_word((enum notice_kind)db_col_int(rows, 3))));
	(void)json_object_set_new(j, "detail", json_string(db_col_text(rows, 4)));
	(void)json_object_set_new(j, "over_at", json_wall(db_col_int(rows, 5)));
	(void)json_object_set_new(j, "acknowledged_by",
				  by[0] != '\0' ? json_string(by) : json_null());
	return j;
}

static int notices_work(struct db *d, void *data)
{
	struct noticing *g = data;
	struct db_rows *rows;

	json_array_clear(g->list);
	if (g->shop != NULL)
		db_ask(d, &rows,
		       "SELECT shop, n, at, kind, detail, over_at, acknowledged_by FROM notice "
		       "WHERE shop = $1 AND ($2 = 0 OR over_at = 0 OR acknowledged_by = '') AND "
		       "at <= $3 ORDER BY at DESC, n DESC LIMIT 1000",
		       DB_VALUES(db_text(g->shop), db_int(g->open), db_int(g->before)));
	else
		db_ask(d, &rows,
		       "SELECT shop, n, at, kind, detail, over_at, acknowledged_by FROM notice "
		       "WHERE ($1 = 0 OR over_at = 0 OR acknowledged_by = '') AND at <= $2 ORDER "
		       "BY at DESC, shop, n DESC LIMIT 100000",
		       DB_VALUES(db_int(g->open), db_int(g->before)));
	while (db_next(rows) && (int64_t)json_array_size(g->list) < g->limit)
		if (who_may(&g->a->who, RIGHT_FLEET, db_col_text(rows, 0)))
			(void)json_array_append_new(g->list, notice_json(rows));
	db_rows_end(rows);
	return db_failed(d);
}

int notices_list(struct office *o, const struct ask *a, struct reply *r)
{
	struct noticing g = {.o = o, .a = a, .shop = ask_query(a, "shop")};
	const char *before = ask_query(a, "before");
	struct wall at = {INT64_MAX};
	int error;

	if (a->param[0][0] != '\0')
		g.shop = a->param[0];
	if (!ask_query_int(a, "limit", 1, 1000, 100, &g.limit, r) ||
	    !ask_query_int(a, "open", 0, 1, 0, &g.open, r))
		return 0;
	if (before != NULL && !wall_parse(before, (uint32_t)strlen(before), &at)) {
		reply_problem(r, 400, "malformed", "before= is a time as in 2026-11-21T23:00:00Z.");
		return 0;
	}
	g.before = at.ms;
	g.list = json_array();
	error = db_read(o->db, notices_work, &g);
	if (error < 0) {
		json_decref(g.list);
		return error;
	}
	reply_json(r, 200, json_pack("{s:o}", "notices", g.list));
	return 0;
}

static int acknowledge_work(struct db *d, void *data)
{
	struct noticing *g = data;

	g->done = notice_acknowledge(g->o, g->shop, g->before, g->a->who.name, g->a->now);
	return db_failed(d);
}

int notices_acknowledge(struct office *o, const struct ask *a, struct reply *r)
{
	struct noticing g = {.o = o, .a = a, .shop = a->param[0]};
	size_t len = strlen(a->param[1]);
	int error;

	if (len == 0 || len > 15 || strspn(a->param[1], "0123456789") != len) {
		reply_problem(r, 404, "unknown_notice", "The shop has no notice of this number.");
		return 0;
	}
	for (size_t i = 0; i < len; i++)
		g.before = g.before * 10 + (a->param[1][i] - '0');
	error = db_transact(o->db, acknowledge_work, &g);
	if (error == 0 && g.done)
		reply_bytes(r, 204, NULL, NULL, 0);
	else if (error == 0)
		reply_problem(r, 404, "unknown_notice", "The shop has no notice of this number.");
	return error;
}
