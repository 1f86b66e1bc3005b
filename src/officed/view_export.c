/* view_export.c: the view, the looks and the export of a member, as they are asked for. */
#include <stdio.h>
#include <string.h>

#include "officed/view.h"

enum {
	LOOKS_SHOWN = 1000
};

struct looking {
	struct office *o;
	const struct ask *a;
	struct reply *r;
	json_t *answer;
};

static void answer(struct looking *l, json_t *value)
{
	json_decref(l->answer);
	l->answer = value;
}

static int answered(struct looking *l, int error)
{
	if (error == 0)
		reply_json(l->r, 200, json_incref(l->answer));
	json_decref(l->answer);
	return work_answered(error);
}

static int view_work(struct db *d, void *data)
{
	static const struct view_depth newest = {
		.visits = 50, .lines = 200, .invoices = 50, .payments = 50};
	struct looking *l = data;
	struct person p;
	json_t *view;

	if (!person_find(l->o, l->a, REACH_SOME, &p, l->r))
		return db_failed(d) ? db_failed(d) : WORK_REFUSED;
	view = view_of(l->o, &l->a->who, &p, &newest);
	json_object_set_new(view, "member", person_json(&p, true));
	json_object_set_new(view, "devices", person_keys_json(l->o, p.member, true));
	json_object_set_new(view, "complete",
			    json_boolean(person_reach(l->o, &l->a->who, p.member) == REACH_ALL));
	answer(l, view);
	look_add(l->o, &l->a->who, p.member, "view", l->a->now);
	explicit_bzero(p.party, sizeof(p.party));
	return db_failed(d);
}

/** GET /v1/members/{member}/view */
int member_view(struct office *o, const struct ask *a, struct reply *r)
{
	struct looking l = {.o = o, .a = a, .r = r};

	return answered(&l, db_transact(o->db, view_work, &l));
}

static int looks_work(struct db *d, void *data)
{
	struct looking *l = data;
	struct person p;

	if (!person_find(l->o, l->a, REACH_ALL, &p, l->r))
		return db_failed(d) ? db_failed(d) : WORK_REFUSED;
	answer(l, json_pack("{s:s, s:o}", "member", p.member, "looks",
			    view_looks(l->o, p.member, LOOKS_SHOWN)));
	explicit_bzero(p.party, sizeof(p.party));
	return db_failed(d);
}

/** GET /v1/members/{member}/looks: who has looked, and at what */
int member_looks(struct office *o, const struct ask *a, struct reply *r)
{
	struct looking l = {.o = o, .a = a, .r = r};

	return answered(&l, db_read(o->db, looks_work, &l));
}

static json_t *passes_json(struct office *o, const char *member)
{
	json_t *list = json_array();
	struct db_rows *rows;

	db_ask(o->db, &rows,
	       "SELECT shop, label, not_before, expires_at, revoked, made_by, made_at FROM pass"
	       " WHERE member = $1 ORDER BY made_at LIMIT 5000",
	       DB_VALUES(db_text(member)));
	while (db_next(rows))
		json_array_append_new(
			list, json_pack("{s:s, s:s, s:o, s:o, s:b, s:s, s:o}", "shop",
					db_col_text(rows, 0), "label", db_col_text(rows, 1),
					"not_before", json_wall(db_col_int(rows, 2)), "expires_at",
					json_wall(db_col_int(rows, 3)), "revoked",
					(int)db_col_int(rows, 4), "made_by", db_col_text(rows, 5),
					"made_at", json_wall(db_col_int(rows, 6))));
	db_rows_end(rows);
	return list;
}

static json_t *bundles_json(struct office *o, const char *member)
{
	json_t *list = json_array();
	struct db_rows *rows;

	db_ask(o->db, &rows,
	       "SELECT b.shop, b.period, b.payable, b.mailed_at, s.currency FROM bundle b"
	       " LEFT JOIN shop s ON s.shop = b.shop WHERE b.member = $1"
	       " ORDER BY b.period, b.shop LIMIT 5000",
	       DB_VALUES(db_text(member)));
	while (db_next(rows)) {
		char period[PERIOD_TEXT_SIZE];

		period_text((struct period){(int32_t)db_col_int(rows, 1)}, period);
		json_array_append_new(list,
				      json_pack("{s:s, s:s, s:I, s:s, s:o}", "shop",
						db_col_text(rows, 0), "period", period,
						"payable_minor", (json_int_t)db_col_int(rows, 2),
						"currency", db_col_text(rows, 4), "mailed_at",
						json_wall(db_col_int(rows, 3))));
	}
	db_rows_end(rows);
	return list;
}

static int export_work(struct db *d, void *data)
{
	static const struct view_depth all = {.visits = DB_ROWS_MAX,
					      .lines = DB_ROWS_MAX,
					      .invoices = DB_ROWS_MAX,
					      .payments = DB_ROWS_MAX,
					      .every_line = true};
	struct looking *l = data;
	struct person p;
	json_t *view;

	if (!person_find(l->o, l->a, REACH_ALL, &p, l->r))
		return db_failed(d) ? db_failed(d) : WORK_REFUSED;
	look_add(l->o, &l->a->who, p.member, "export", l->a->now);
	view = view_of(l->o, &l->a->who, &p, &all);
	json_object_set_new(view, "exported_at", json_wall(l->a->now.ms));
	json_object_set_new(view, "member", person_json(&p, true));
	json_object_set_new(view, "devices", person_keys_json(l->o, p.member, true));
	json_object_set_new(view, "may_enter", person_shops_json(l->o, p.member));
	json_object_set_new(view, "passes", passes_json(l->o, p.member));
	json_object_set_new(view, "mails", bundles_json(l->o, p.member));
	json_object_set_new(view, "looks", view_looks(l->o, p.member, DB_ROWS_MAX));
	answer(l, view);
	explicit_bzero(p.party, sizeof(p.party));
	return db_failed(d);
}

/** GET /v1/members/{member}/export: all that is known (GDPR art. 15 and 20); the door's log of the
 * shops, which is kept there, is told by the shops. */
int member_export(struct office *o, const struct ask *a, struct reply *r)
{
	struct looking l = {.o = o, .a = a, .r = r};

	return answered(&l, db_transact(o->db, export_work, &l));
}
