/*
 * timeline.c: visits and alarms in one line, the newest first, from the tables that a shop's
 * entries have made here. A page goes on where the last visit and the last alarm of the one before
 * it stood, both by their number, which rise with time.
 *
 * No picture is here: what a camera saw stays at the shop. Nor is a name: a visit is its customer
 * key's, as at the shop.
 */
#include "officed/timeline.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "officed/shops.h"

enum {
	PAGE_MAX = 100,
	PAGE_USUAL = 50,
	CURSOR_SIZE = 34, /* two numbers of 16 digits and a hyphen */
};

bool timeline_owner(const struct ask *a, struct reply *r)
{
	if (a->who.owner && who_may(&a->who, RIGHT_MEMBERS, a->param[0]))
		return true;
	reply_problem(r, 403, "forbidden",
		      "What happens in a shop is told to its owner: of one member there is "
		      "/v1/members/{member}/view.");
	return false;
}

bool timeline_currency(struct office *o, const char *shop, char ret[CURRENCY_SIZE])
{
	struct db_rows *rows;
	bool there;

	db_ask(o->db, &rows, "SELECT currency FROM shop WHERE shop = $1 LIMIT 1",
	       DB_VALUES(db_text(shop)));
	there = db_next(rows);
	snprintf(ret, CURRENCY_SIZE, "%s", there ? db_col_text(rows, 0) : "");
	db_rows_end(rows);
	return there;
}

/* --- visits */

static void visit_take(struct db_rows *rows, struct timeline_visit *v)
{
	struct span customer = db_col_bytes(rows, 1);

	*v = (struct timeline_visit){.visit = db_col_int(rows, 0),
				     .opened_at = db_col_int(rows, 3),
				     .closed_at = db_col_int(rows, 4),
				     .seq = db_col_int(rows, 5),
				     .role = db_col_int(rows, 6),
				     .lines = db_col_int(rows, 7),
				     .total = db_col_int(rows, 8),
				     .newest = db_col_int(rows, 9)};
	if (customer.len == sizeof(v->customer.byte))
		memcpy(v->customer.byte, customer.data, sizeof(v->customer.byte));
	snprintf(v->place, sizeof(v->place), "%s", db_col_text(rows, 2));
}

uint32_t timeline_visits(struct office *o, const char *shop, int64_t before, int64_t only,
			 uint32_t limit, struct timeline_visit *ret)
{
	struct db_rows *rows;
	uint32_t n = 0;

#define HOLDS                                                                                      \
	" FROM line l WHERE l.shop = v.shop AND l.visit = v.visit AND l.voided = 0 AND "           \
	"l.credited = 0)"
	db_ask(o->db, &rows,
	       "SELECT v.visit, v.customer, v.place, v.opened_at, v.closed_at, v.seq,"
	       " coalesce((SELECT m.role FROM member m WHERE m.customer = v.customer"
	       "  AND m.state <> 4), -1),"
	       " (SELECT count(*)" HOLDS ","
	       " (SELECT CAST(coalesce(sum(l.total), 0) AS BIGINT)" HOLDS ","
	       " (SELECT coalesce(max(l.seq), 0)" HOLDS
	       " FROM visit v WHERE v.shop = $1 AND ($2 = 0 OR v.visit < $2)"
	       " AND ($3 = 0 OR v.visit = $3) ORDER BY v.visit DESC LIMIT $4",
	       DB_VALUES(db_text(shop), db_int(before), db_int(only), db_int(limit)));
#undef HOLDS
	while (n < limit && db_next(rows))
		visit_take(rows, &ret[n++]);
	db_rows_end(rows);
	for (uint32_t i = 0; i < n; i++)
		if (ret[i].newest > 0)
			ret[i].invoice = invoice_bearing(o, shop, &ret[i].customer, ret[i].newest);
	return n;
}

json_t *timeline_visit_json(const char *shop, const char *currency, const struct timeline_visit *v)
{
	char visit[VISIT_TEXT_SIZE];

	visit_text((struct visit_id){(uint64_t)v->visit}, visit);
	return json_pack(
		"{s:s, s:o, s:o, s:o, s:o, s:o, s:I, s:I, s:s, s:o, s:n}", "visit", visit,
		"customer",
		pull_customer((struct span){v->customer.byte, sizeof(v->customer.byte)}), "role",
		v->role >= 0 && v->role < ROLES ? json_string(role_word((enum role)v->role))
						: json_null(),
		"door", v->place[0] != '\0' ? json_string(v->place) : json_null(), "opened_at",
		json_wall(v->opened_at), "closed_at", json_wall(v->closed_at), "lines",
		(json_int_t)v->lines, "total_minor", (json_int_t)v->total, "currency", currency,
		"invoice", v->invoice > 0 ? pull_number(shop, v->invoice) : json_null(), "check");
}

/* --- a page */

struct paging {
	struct office *o;
	const struct ask *a;
	int64_t limit, visit, alarm; /* those before these; 0: from the newest on */
	bool there;
	json_t *rows, *alarms;
	char next[CURSOR_SIZE];
	struct timeline_visit visits[PAGE_MAX + 1];
};

static bool cursor_read(const char *text, struct paging *p)
{
	char visit[17] = "", alarm[17] = "";

	if (text == NULL)
		return true;
	if (strlen(text) != CURSOR_SIZE - 1 || text[16] != '-' ||
	    strspn(text, "0123456789abcdef") != 16 || strspn(text + 17, "0123456789abcdef") != 16)
		return false;
	memcpy(visit, text, 16);
	memcpy(alarm, text + 17, 16);
	p->visit = strtoll(visit, NULL, 16);
	p->alarm = strtoll(alarm, NULL, 16);
	return p->visit > 0 && p->alarm > 0;
}

/** When the row happened, of the list of alarms; -1 behind its end. */
static const char *alarm_at(const struct paging *p, size_t i)
{
	const json_t *alarm = json_array_get(p->alarms, i);

	return alarm != NULL ? json_string_value(json_object_get(alarm, "raised_at")) : NULL;
}

/** The newer of the next visit and the next alarm, until the page is full. */
static void merge(struct paging *p, const char *currency, uint32_t visits)
{
	size_t alarms = json_array_size(p->alarms), a = 0;
	uint32_t v = 0;

	while ((v < visits || a < alarms) && (int64_t)json_array_size(p->rows) < p->limit) {
		json_t *row = v < visits
				      ? timeline_visit_json(p->a->param[0], currency, &p->visits[v])
				      : NULL;
		const char *opened =
			row != NULL ? json_string_value(json_object_get(row, "opened_at")) : NULL;
		const char *raised = alarm_at(p, a);

		if (row != NULL && (raised == NULL || strcmp(opened, raised) >= 0)) {
			json_object_set_new(row, "kind", json_string("visit"));
			p->visit = p->visits[v++].visit;
			json_array_append_new(p->rows, row);
			continue;
		}
		json_decref(row);
		row = json_incref(json_array_get(p->alarms, a++));
		p->alarm = (int64_t)json_integer_value(json_object_get(row, "alarm"));
		json_object_set_new(row, "kind", json_string("alarm"));
		json_array_append_new(p->rows, row);
	}
	if (v < visits || a < alarms)
		snprintf(p->next, sizeof(p->next), "%016" PRIx64 "-%016" PRIx64,
			 (uint64_t)(p->visit > 0 ? p->visit : INT64_MAX),
			 (uint64_t)(p->alarm > 0 ? p->alarm : INT64_MAX));
}

static int list_work(struct db *d, void *data)
{
	struct paging *p = data;
	const char *shop = p->a->param[0];
	char currency[CURRENCY_SIZE];
	int64_t visit = p->visit, alarm = p->alarm;
	uint32_t visits;

	json_array_clear(p->rows);
	json_array_clear(p->alarms);
	p->next[0] = '\0';
	p->there = timeline_currency(p->o, shop, currency);
	if (!p->there)
		return db_failed(d);
	visits = timeline_visits(p->o, shop, visit, 0, (uint32_t)p->limit + 1, p->visits);
	alarms_before(p->o, shop, alarm, (uint32_t)p->limit + 1, p->alarms);
	merge(p, currency, visits);
	return db_failed(d);
}

int timeline_list(struct office *o, const struct ask *a, struct reply *r)
{
	struct paging *p;
	int error = 0;

	if (!timeline_owner(a, r))
		return 0;
	p = calloc(1, sizeof(*p));
	CHECK(p != NULL);
	p->o = o;
	p->a = a;
	p->rows = json_array();
	p->alarms = json_array();
	if (!cursor_read(ask_query(a, "before"), p))
		reply_problem(r, 400, "malformed", "before is the next of a page before.");
	else if (ask_query_int(a, "limit", 1, PAGE_MAX, PAGE_USUAL, &p->limit, r)) {
		error = db_read(o->db, list_work, p);
		if (error == 0 && !p->there)
			shop_unknown(r);
		else if (error == 0)
			reply_json(
				r, 200,
				json_pack("{s:O, s:o}", "rows", p->rows, "next",
					  p->next[0] != '\0' ? json_string(p->next) : json_null()));
	}
	json_decref(p->rows);
	json_decref(p->alarms);
	free(p);
	return error;
}
