/*
 * me_view.c: a month of a member: her visits with their lines, invoices, payments.
 *
 * A line belongs to the month of the day it was bought on, in the shop's own time zone; a visit
 * without lines to the one in which it began, in the process's. Lines are found by entry number:
 * those of a month came after the close two months before it and mostly before the close of the
 * month after, so that no more than a few months of a shop's lines are looked through; which finds
 * her lines in visits that others opened, too.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "officed/me.h"
#include "officed/pull.h"

enum {
	LINES_MAX = 5000,
	VISITS_MAX = 1000,
	PAPERS_MAX = 500,
};
#define DAY_MS INT64_C(86400000)

struct viewing {
	struct office *o;
	const struct ask *a;
	struct reply *r;
	struct period month;
	struct day first, last;
	struct person p;
	struct my_shops shops;
	json_t *visits; /* by "shop/visit" */
	json_t *answer;
};

static struct db_value customer_of(const struct viewing *v)
{
	return db_bytes(v->p.customer.byte, sizeof(v->p.customer.byte));
}

/* ---- visits ---- */

static void visit_key(const char *shop, int64_t visit, char key[64])
{
	snprintf(key, 64, "%s/%020lld", shop, (long long)visit);
}

static json_t *visit_json(const struct my_shop *shop, struct db_rows *rows, bool mine)
{
	char name[VISIT_TEXT_SIZE];

	visit_text((struct visit_id){(uint64_t)db_col_int(rows, 1)}, name);
	return json_pack("{s:s, s:s, s:s, s:o, s:o, s:b, s:i, s:s, s:[]}", "shop", shop->name,
			 "visit", name, "place", db_col_text(rows, 2), "opened_at",
			 json_wall(db_col_int(rows, 3)), "closed_at",
			 json_wall(db_col_int(rows, 4)), "mine", mine, "total_minor", 0, "currency",
			 shop->currency, "lines");
}

/** The month that an instant belongs to where this process is. */
static struct period month_at(int64_t ms)
{
	time_t seconds = (time_t)(ms / 1000);
	struct tm t = {0};

	localtime_r(&seconds, &t);
	return (struct period){(t.tm_year + 1900) * 100 + t.tm_mon + 1};
}

static void visits_read(struct viewing *v)
{
	struct db_rows *rows;

	db_ask(v->o->db, &rows,
	       "SELECT shop, visit, place, opened_at, closed_at FROM visit WHERE customer = $1"
	       " AND opened_at >= $2 AND opened_at < $3 ORDER BY opened_at DESC LIMIT $4",
	       DB_VALUES(customer_of(v), db_int((v->first.n - 1) * DAY_MS),
			 db_int((v->last.n + 2) * DAY_MS), db_int(VISITS_MAX)));
	while (db_next(rows)) {
		const struct my_shop *shop = my_shops_find(&v->shops, db_col_text(rows, 0));
		char key[64];

		if (shop == NULL || month_at(db_col_int(rows, 3)).n != v->month.n)
			continue;
		visit_key(shop->name, db_col_int(rows, 1), key);
		json_object_set_new(v->visits, key, visit_json(shop, rows, true));
	}
	db_rows_end(rows);
}

/** The visit of a line, looked up where it is not there yet; NULL: it is unknown. */
static json_t *visit_of(struct viewing *v, const struct my_shop *shop, int64_t visit)
{
	struct db_rows *rows;
	char key[64];
	json_t *j;

	visit_key(shop->name, visit, key);
	j = json_object_get(v->visits, key);
	if (j != NULL || json_object_size(v->visits) >= 2 * VISITS_MAX)
		return j;
	db_ask(v->o->db, &rows,
	       "SELECT shop, visit, place, opened_at, closed_at, customer FROM visit"
	       " WHERE shop = $1 AND visit = $2 LIMIT 1",
	       DB_VALUES(db_text(shop->name), db_int(visit)));
	if (db_next(rows)) {
		j = visit_json(shop, rows,
			       span_is(db_col_bytes(rows, 5), v->p.customer.byte,
				       sizeof(v->p.customer.byte)));
		json_object_set_new(v->visits, key, j);
	}
	db_rows_end(rows);
	return j;
}

/* ---- lines ---- */

static void line_add(struct viewing *v, const struct my_shop *shop, struct db_rows *rows)
{
	json_t *visit = visit_of(v, shop, db_col_int(rows, 1)), *total;
	bool back = db_col_int(rows, 10) != 0 || db_col_int(rows, 11) != 0;
	char gtin[GTIN_TEXT_MAX + 1];

	if (visit == NULL)
		return;
	gtin_text((struct gtin){(uint64_t)db_col_int(rows, 2)}, gtin);
	total = json_object_get(visit, "total_minor");
	if (!back)
		json_integer_set(total, json_integer_value(total) + db_col_int(rows, 6));
	json_array_append_new(
		json_object_get(visit, "lines"),
		json_pack("{s:I, s:o, s:s, s:s, s:I, s:I, s:I, s:I, s:I, s:s, s:b, s:b}", "seq",
			  (json_int_t)db_col_int(rows, 0), "at", json_wall(db_col_int(rows, 9)),
			  "gtin", gtin, "name", db_col_text(rows, 3), "quantity",
			  (json_int_t)db_col_int(rows, 4), "unit_price_minor",
			  (json_int_t)db_col_int(rows, 5), "total_minor",
			  (json_int_t)db_col_int(rows, 6), "deposit_minor",
			  (json_int_t)db_col_int(rows, 7), "vat_bp",
			  (json_int_t)db_col_int(rows, 8), "currency", shop->currency, "late",
			  db_col_int(rows, 12) != 0, "taken_back", back));
}

/** The number of the entry that closed a month, of those up to `month`; or of those from it on. */
static int64_t closed_at(struct viewing *v, const char *shop, struct period month, bool from)
{
	int64_t seq = from ? INT64_MAX : 0;

	if (from)
		db_one(v->o->db, &seq,
		       "SELECT seq FROM period_closed WHERE shop = $1 AND period >= $2"
		       " ORDER BY seq LIMIT 1",
		       DB_VALUES(db_text(shop), db_int(month.n)));
	else
		db_one(v->o->db, &seq,
		       "SELECT seq FROM period_closed WHERE shop = $1 AND period <= $2"
		       " ORDER BY seq DESC LIMIT 1",
		       DB_VALUES(db_text(shop), db_int(month.n)));
	return seq;
}

static void lines_read(struct viewing *v, const struct my_shop *shop)
{
	int64_t low = closed_at(v, shop->name, period_add(v->month, -2), false);
	int64_t high = closed_at(v, shop->name, period_add(v->month, 1), true);
	struct db_rows *rows;

	db_ask(v->o->db, &rows,
	       "SELECT seq, visit, gtin, name, quantity_milli, unit_price, total, deposit, vat_bp,"
	       " at, voided, credited, late FROM line WHERE shop = $1 AND seq > $2 AND seq <= $3"
	       " AND customer = $4 AND bought >= $5 AND bought <= $6 ORDER BY seq LIMIT $7",
	       DB_VALUES(db_text(shop->name), db_int(low), db_int(high), customer_of(v),
			 db_int(v->first.n), db_int(v->last.n), db_int(LINES_MAX)));
	while (db_next(rows))
		line_add(v, shop, rows);
	db_rows_end(rows);
}

static int newest_first(const void *a, const void *b)
{
	const json_t *left = *(json_t *const *)a, *right = *(json_t *const *)b;
	const char *l = json_string_value(json_object_get(left, "opened_at"));
	const char *r = json_string_value(json_object_get(right, "opened_at"));

	return strcmp(r != NULL ? r : "", l != NULL ? l : "");
}

static json_t *visits_sorted(struct viewing *v)
{
	size_t n = json_object_size(v->visits), i = 0;
	json_t **all = calloc(n + 1, sizeof(*all)), *list = json_array(), *visit;
	const char *key;

	CHECK(all != NULL);
	json_object_foreach(v->visits, key, visit)
	{
		all[i++] = visit;
	}
	qsort(all, n, sizeof(*all), newest_first);
	for (i = 0; i < n; i++)
		json_array_append(list, all[i]);
	free(all);
	return list;
}

/* ---- invoices and payments ---- */

/** The month's own invoice, made after its end, and the notes that were made in it. */
static json_t *invoices_of_month(struct viewing *v)
{
	json_t *list = json_array();
	struct db_rows *rows;

	db_ask(v->o->db, &rows,
	       MY_INVOICE_COLUMNS "AND ((i.credit_note = 0 AND i.period = $2) OR (i.credit_note = 1"
				  " AND i.issued >= $3 AND i.issued <= $4))"
				  " ORDER BY i.issued DESC, i.shop, i.id DESC LIMIT $5",
	       DB_VALUES(customer_of(v), db_int(v->month.n), db_int(v->first.n), db_int(v->last.n),
			 db_int(PAPERS_MAX)));
	while (db_next(rows))
		json_array_append_new(list, my_invoice_json(rows));
	db_rows_end(rows);
	return list;
}

static json_t *payments_of_month(struct viewing *v)
{
	json_t *list = json_array();
	struct db_rows *rows;

	for (uint32_t i = 0; i < v->shops.count; i++) {
		const struct my_shop *shop = &v->shops.shop[i];

		db_ask(v->o->db, &rows,
		       "SELECT key, invoice, amount, booked FROM payment WHERE shop = $1"
		       " AND customer = $2 AND booked >= $3 AND booked <= $4"
		       " ORDER BY booked DESC, key LIMIT $5",
		       DB_VALUES(db_text(shop->name), customer_of(v), db_int(v->first.n),
				 db_int(v->last.n), db_int(PAPERS_MAX)));
		while (db_next(rows))
			json_array_append_new(
				list,
				json_pack("{s:s, s:s, s:o, s:I, s:s, s:o}", "shop", shop->name,
					  "payment", db_col_text(rows, 0), "invoice",
					  pull_number(shop->name, db_col_int(rows, 1)),
					  "amount_minor", (json_int_t)db_col_int(rows, 2),
					  "currency", shop->currency, "booked",
					  pull_day(db_col_int(rows, 3))));
		db_rows_end(rows);
	}
	return list;
}

/* ---- the month ---- */

static int view_work(struct db *d, void *data)
{
	struct viewing *v = data;
	char month[PERIOD_TEXT_SIZE];

	if (!me_read(v->o, v->a, true, &v->p, v->r))
		return db_failed(d) ? db_failed(d) : WORK_REFUSED;
	explicit_bzero(v->p.party, sizeof(v->p.party));
	my_shops_known(v->o, &v->p, v->a->now, &v->shops);
	json_decref(v->visits);
	v->visits = json_object();
	visits_read(v);
	for (uint32_t i = 0; i < v->shops.count; i++)
		lines_read(v, &v->shops.shop[i]);
	period_text(v->month, month);
	json_decref(v->answer);
	v->answer = json_pack("{s:s, s:o, s:o, s:o, s:o, s:o}", "month", month, "visits",
			      visits_sorted(v), "invoices", invoices_of_month(v), "payments",
			      payments_of_month(v), "bill", my_bill(v->o, &v->p, &v->shops),
			      "as_of", json_wall(my_shops_as_of(&v->shops)));
	return db_failed(d);
}

/** GET /v1/me/view?month= */
int me_view(struct office *o, const struct ask *a, struct reply *r)
{
	const char *month = ask_query(a, "month");
	struct viewing v = {.o = o, .a = a, .r = r, .month = month_at(a->now.ms)};
	int error;

	if (month != NULL && !period_parse(month, (uint32_t)strlen(month), &v.month)) {
		reply_problem(r, 400, "malformed", "month is a month like 2026-11.");
		return 0;
	}
	v.first = period_first(v.month);
	v.last.n = period_first(period_add(v.month, 1)).n - 1;
	error = db_read(o->db, view_work, &v);
	if (error == 0)
		reply_json(r, 200, json_incref(v.answer));
	json_decref(v.visits);
	json_decref(v.answer);
	explicit_bzero(&v.p, sizeof(v.p));
	return work_answered(error);
}
