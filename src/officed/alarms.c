/*
 * alarms.c: GET /v1/shops/{shop}/alarms?open=1: what is wrong in a shop, as its entries say: those
 * that are not over first, then the newest; GET /v1/alarms: in all of them, the newest first, page
 * by page. Somebody who has seen to one says so by the command `acknowledge` (command.c), for the
 * alarm is the shop's and only its box ends it.
 *
 * Of a shop that was not heard lately the list is as old as its newest entry: `heard_at` says so.
 */
#include "officed/page.h"
#include "officed/shops.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
	ALARMS_USUAL = 100,
	ALARMS_PAGE_MAX = 1000,
};

struct listing {
	const char *shop;
	int64_t limit, open, heard_at;
	json_t *list;
};

static json_t *word_or_number(bool known, const char *word, int64_t n)
{
	char number[24];

	snprintf(number, sizeof(number), "%" PRId64, n);
	return json_string(known ? word : number);
}

/** Words of a newer shop's that we do not know yet stand as their numbers. */
static json_t *alarm_json(struct db_rows *rows)
{
	int64_t condition = db_col_int(rows, 2), severity = db_col_int(rows, 4);
	int64_t state = db_col_int(rows, 5);
	bool known = condition > 0 && condition < CONDITIONS;
	const char *by = db_col_text(rows, 9);
	json_t *j = json_object();

	(void)json_object_set_new(j, "alarm", json_integer(db_col_int(rows, 0)));
	(void)json_object_set_new(j, "code", json_integer(db_col_int(rows, 1)));
	(void)json_object_set_new(
		j, "condition",
		word_or_number(known, known ? condition_word((enum condition)condition) : "",
			       condition));
	(void)json_object_set_new(j, "place", json_string(db_col_text(rows, 3)));
	known = severity >= 0 && severity < SEVERITIES;
	(void)json_object_set_new(
		j, "severity",
		word_or_number(known, known ? severity_word((enum severity)severity) : "",
			       severity));
	known = state >= 0 && state < ALARM_STATES;
	(void)json_object_set_new(
		j, "state",
		word_or_number(known, known ? alarm_state_word((enum alarm_state)state) : "",
			       state));
	(void)json_object_set_new(j, "over", json_boolean(db_col_int(rows, 6)));
	(void)json_object_set_new(j, "raised_at", json_wall(db_col_int(rows, 7)));
	(void)json_object_set_new(j, "changed_at", json_wall(db_col_int(rows, 8)));
	(void)json_object_set_new(j, "acknowledged_by",
				  by[0] != '\0' ? json_string(by) : json_null());
	return j;
}

static int list_work(struct db *d, void *data)
{
	struct listing *l = data;
	struct db_rows *rows;

	json_array_clear(l->list);
	l->heard_at = -1;
	(void)db_one(
		d, &l->heard_at,
		"SELECT coalesce(max(s.seen_at), 0) FROM shop h LEFT JOIN shop_seen s ON s.shop "
		"= h.shop WHERE h.shop = $1 GROUP BY h.shop LIMIT 1",
		DB_VALUES(db_text(l->shop)));
	db_ask(d, &rows,
	       "SELECT alarm, code, condition, place, severity, state, over, raised_at, "
	       "changed_at, "
	       "acknowledged_by FROM alarm WHERE shop = $1 AND ($2 = 0 OR over = 0) ORDER BY over, "
	       "raised_at DESC, alarm DESC LIMIT 1000",
	       DB_VALUES(db_text(l->shop), db_int(l->open)));
	while (db_next(rows) && (int64_t)json_array_size(l->list) < l->limit)
		(void)json_array_append_new(l->list, alarm_json(rows));
	db_rows_end(rows);
	return db_failed(d);
}

void alarms_before(struct office *o, const char *shop, int64_t before, uint32_t limit, json_t *list)
{
	struct db_rows *rows;

	db_ask(o->db, &rows,
	       "SELECT alarm, code, condition, place, severity, state, over, raised_at, "
	       "changed_at, acknowledged_by FROM alarm WHERE shop = $1 AND ($2 = 0 OR alarm < $2) "
	       "ORDER BY alarm DESC LIMIT $3",
	       DB_VALUES(db_text(shop), db_int(before), db_int(limit)));
	while (db_next(rows))
		(void)json_array_append_new(list, alarm_json(rows));
	db_rows_end(rows);
}

int alarms_list(struct office *o, const struct ask *a, struct reply *r)
{
	struct listing l = {.shop = a->param[0]};
	int error;

	if (!ask_query_int(a, "limit", 1, ALARMS_PAGE_MAX, ALARMS_USUAL, &l.limit, r) ||
	    !ask_query_int(a, "open", 0, 1, 0, &l.open, r))
		return 0;
	l.list = json_array();
	error = db_read(o->db, list_work, &l);
	if (error == 0 && l.heard_at < 0)
		reply_problem(r, 404, "unknown_shop", "There is no shop of this name.");
	else if (error == 0)
		reply_json(r, 200,
			   json_pack("{s:o, s:O}", "heard_at", json_wall(l.heard_at), "alarms",
				     l.list));
	json_decref(l.list);
	return error;
}

/* ---- of all shops ---- */

struct everywhere {
	const struct ask *a;
	int64_t limit, open;
	struct page_place from, end; /* behind which the page begins, and where it ends */
	json_t *list;
	bool more;
};

static void everywhere_rows(struct everywhere *e, struct db_rows *rows)
{
	while (!e->more && db_next(rows)) {
		const char *shop = db_col_text(rows, 10);
		json_t *j;

		if (!who_may(&e->a->who, RIGHT_FLEET, shop))
			continue;
		e->more = (int64_t)json_array_size(e->list) == e->limit;
		if (e->more)
			break;
		j = alarm_json(rows);
		(void)json_object_set_new(j, "shop", json_string(shop));
		(void)json_object_set_new(j, "heard_at", json_wall(db_col_int(rows, 11)));
		(void)json_array_append_new(e->list, j);
		e->end.time = db_col_int(rows, 7);
		e->end.id = db_col_int(rows, 0);
		snprintf(e->end.shop, sizeof(e->end.shop), "%s", shop);
	}
	db_rows_end(rows);
}

static int everywhere_work(struct db *d, void *data)
{
	struct everywhere *e = data;
	struct db_rows *rows;

	json_array_clear(e->list);
	e->more = false;
	/* who sees but some shops has to be looked for among all of them */
	db_ask(d, &rows,
	       "SELECT a.alarm, a.code, a.condition, a.place, a.severity, a.state, a.over,"
	       " a.raised_at, a.changed_at, a.acknowledged_by, a.shop, s.seen_at FROM alarm a"
	       " LEFT JOIN shop_seen s ON s.shop = a.shop WHERE ($1 = 0 OR a.over = 0)"
	       " AND (a.raised_at < $2 OR (a.raised_at = $2 AND (a.shop > $3 OR (a.shop = $3"
	       " AND a.alarm < $4)))) ORDER BY a.raised_at DESC, a.shop, a.alarm DESC LIMIT $5",
	       DB_VALUES(db_int(e->open), db_int(e->from.time), db_text(e->from.shop),
			 db_int(e->from.id),
			 db_int(who_may(&e->a->who, RIGHT_FLEET, NULL) ? e->limit + 1
								       : DB_ROWS_MAX)));
	everywhere_rows(e, rows);
	return db_failed(d);
}

/** GET /v1/alarms?open=&after=&limit= */
int alarms_everywhere(struct office *o, const struct ask *a, struct reply *r)
{
	struct everywhere e = {.a = a};
	char next[PAGE_PLACE_SIZE];
	int error;

	if (!ask_query_int(a, "limit", 1, ALARMS_PAGE_MAX, ALARMS_USUAL, &e.limit, r) ||
	    !ask_query_int(a, "open", 0, 1, 0, &e.open, r) ||
	    !page_place_after(a, INT64_MAX, &e.from, r))
		return 0;
	e.list = json_array();
	error = db_read(o->db, everywhere_work, &e);
	page_place_text(&e.end, next);
	if (error == 0)
		reply_json(r, 200,
			   json_pack("{s:O, s:o}", "alarms", e.list, "next",
				     e.more ? json_string(next) : json_null()));
	json_decref(e.list);
	return error;
}
