/*
 * view.c: one view of a member over all shops: purchases, visits, invoices, payments, what is open,
 * devices. Each asker sees the shops over which he has the right and no others; and every look is
 * written down, where the member can be told of it.
 */
#include "officed/view.h"

#include <stdio.h>
#include <string.h>

#include "books/number.h"

void look_add(struct office *o, const struct who *who, const char *member, const char *what,
	      struct wall now)
{
	int64_t n = 0;

	if (strcmp(who->member, member) == 0)
		return;
	if (!db_one(o->db, &n, "UPDATE counter SET n = n + 1 WHERE name = 'look' RETURNING n", 0,
		    NULL))
		return;
	db_do(o->db, "INSERT INTO look(n, at, who, member, what) VALUES($1, $2, $3, $4, $5)",
	      DB_VALUES(db_int(n), db_int(now.ms), db_text(who->name), db_text(member),
			db_text(what)));
}

/** What is collected of the shops that may be seen. */
struct viewing {
	struct office *o;
	const struct who *who;
	struct customer customer;
	const struct view_depth *depth;
	json_t *shops; /* by name: {currency, open_minor} */
	json_t *view;
};

static struct db_value customer_value(const struct customer *c)
{
	return db_bytes(c->byte, sizeof(c->byte));
}

/** The shop's own object, made when it is first met; NULL: it may not be seen. */
static json_t *shop_of(struct viewing *v, const char *shop)
{
	json_t *s = json_object_get(v->shops, shop);
	struct db_rows *rows;

	if (s || !who_may(v->who, RIGHT_MEMBERS, shop))
		return s;
	db_ask(v->o->db, &rows, "SELECT currency, title FROM shop WHERE shop = $1 LIMIT 1",
	       DB_VALUES(db_text(shop)));
	s = json_pack("{s:s, s:i}", "currency", db_next(rows) ? db_col_text(rows, 0) : "",
		      "open_minor", 0);
	db_rows_end(rows);
	json_object_set_new(v->shops, shop, s);
	return s;
}

static const char *currency_of(const json_t *shop)
{
	return json_string_value(json_object_get(shop, "currency"));
}

static void visits_read(struct viewing *v)
{
	json_t *list = json_array();
	struct db_rows *rows;

	db_ask(v->o->db, &rows,
	       "SELECT v.shop, v.visit, v.place, v.opened_at, v.closed_at,"
	       " (SELECT count(*) FROM line l WHERE l.shop = v.shop AND l.visit = v.visit"
	       " AND l.voided = 0 AND l.credited = 0),"
	       " (SELECT CAST(COALESCE(sum(l.total), 0) AS BIGINT) FROM line l"
	       " WHERE l.shop = v.shop AND l.visit = v.visit AND l.voided = 0"
	       " AND l.credited = 0)"
	       " FROM visit v WHERE v.customer = $1 ORDER BY v.opened_at DESC LIMIT $2",
	       DB_VALUES(customer_value(&v->customer), db_int(v->depth->visits)));
	while (db_next(rows)) {
		const json_t *shop = shop_of(v, db_col_text(rows, 0));
		char name[VISIT_TEXT_SIZE];

		if (!shop)
			continue;
		visit_text((struct visit_id){(uint64_t)db_col_int(rows, 1)}, name);
		json_array_append_new(
			list,
			json_pack("{s:s, s:s, s:s, s:o, s:o, s:I, s:I, s:s}", "shop",
				  db_col_text(rows, 0), "visit", name, "place",
				  db_col_text(rows, 2), "opened_at", json_wall(db_col_int(rows, 3)),
				  "closed_at", json_wall(db_col_int(rows, 4)), "lines",
				  (json_int_t)db_col_int(rows, 5), "total_minor",
				  (json_int_t)db_col_int(rows, 6), "currency", currency_of(shop)));
	}
	db_rows_end(rows);
	json_object_set_new(v->view, "visits", list);
}

#define LINE_COLUMNS                                                                               \
	" l.shop, l.seq, l.visit, l.gtin, l.name, l.quantity_milli, l.unit_price, l.total,"        \
	" l.vat_bp, l.at, l.voided, l.credited "

static json_t *line_json(struct db_rows *rows, const json_t *shop)
{
	char visit[VISIT_TEXT_SIZE], gtin[GTIN_TEXT_MAX + 1];

	visit_text((struct visit_id){(uint64_t)db_col_int(rows, 2)}, visit);
	gtin_text((struct gtin){(uint64_t)db_col_int(rows, 3)}, gtin);
	return json_pack("{s:s, s:I, s:s, s:s, s:s, s:I, s:I, s:I, s:I, s:s, s:o, s:b, s:b}",
			 "shop", db_col_text(rows, 0), "seq", (json_int_t)db_col_int(rows, 1),
			 "visit", visit, "gtin", gtin, "name", db_col_text(rows, 4), "quantity",
			 (json_int_t)db_col_int(rows, 5), "unit_price_minor",
			 (json_int_t)db_col_int(rows, 6), "total_minor",
			 (json_int_t)db_col_int(rows, 7), "vat_bp", (json_int_t)db_col_int(rows, 8),
			 "currency", currency_of(shop), "at", json_wall(db_col_int(rows, 9)),
			 "voided", db_col_int(rows, 10) != 0, "credited",
			 db_col_int(rows, 11) != 0);
}

static void lines_read(struct viewing *v)
{
	json_t *list = json_array();
	struct db_rows *rows;

	if (v->depth->every_line)
		db_ask(v->o->db, &rows,
		       "SELECT" LINE_COLUMNS "FROM line l WHERE l.customer = $1"
		       " ORDER BY l.at DESC LIMIT $2",
		       DB_VALUES(customer_value(&v->customer), db_int(v->depth->lines)));
	else
		db_ask(v->o->db, &rows,
		       "SELECT" LINE_COLUMNS "FROM visit v JOIN line l ON l.shop = v.shop"
		       " AND l.visit = v.visit WHERE v.customer = $1 AND l.customer = $1"
		       " ORDER BY l.at DESC LIMIT $2",
		       DB_VALUES(customer_value(&v->customer), db_int(v->depth->lines)));
	while (db_next(rows)) {
		const json_t *shop = shop_of(v, db_col_text(rows, 0));

		if (shop)
			json_array_append_new(list, line_json(rows, shop));
	}
	db_rows_end(rows);
	json_object_set_new(v->view, "purchases", list);
}

static json_t *day_json(int64_t day)
{
	char text[DAY_TEXT_SIZE];

	if (day == 0)
		return json_null();
	day_text((struct day){(int32_t)day}, text);
	return json_string(text);
}

static json_t *number_json(const char *shop, int64_t id)
{
	char text[NUMBER_TEXT_SIZE];
	struct invoice_id number = {(uint64_t)id};
	struct place place = {0};

	if (!number_valid(number))
		return json_null();
	snprintf(place.name, sizeof(place.name), "%s", shop);
	number_text(place, number, text);
	return json_string(text);
}

static json_t *invoice_json(struct db_rows *rows, const json_t *shop, int64_t open)
{
	return json_pack(
		"{s:s, s:o, s:b, s:o, s:o, s:I, s:I, s:I, s:I, s:s}", "shop", db_col_text(rows, 0),
		"number", number_json(db_col_text(rows, 0), db_col_int(rows, 1)), "credit_note",
		db_col_int(rows, 2) != 0, "issued", day_json(db_col_int(rows, 3)), "due",
		day_json(db_col_int(rows, 4)), "payable_minor", (json_int_t)db_col_int(rows, 5),
		"paid_minor", (json_int_t)db_col_int(rows, 6), "credited_minor",
		(json_int_t)db_col_int(rows, 7), "open_minor", (json_int_t)open, "currency",
		currency_of(shop));
}

static void invoices_read(struct viewing *v)
{
	json_t *list = json_array();
	struct db_rows *rows;

	db_ask(v->o->db, &rows,
	       "SELECT shop, id, credit_note, issued, due, payable, paid, credited FROM invoice"
	       " WHERE customer = $1 ORDER BY issued DESC, shop, id DESC LIMIT $2",
	       DB_VALUES(customer_value(&v->customer), db_int(v->depth->invoices)));
	while (db_next(rows)) {
		json_t *shop = shop_of(v, db_col_text(rows, 0));
		int64_t open = db_col_int(rows, 5) - db_col_int(rows, 6) - db_col_int(rows, 7);

		if (!shop)
			continue;
		open = db_col_int(rows, 2) != 0 ? 0 : open;
		json_array_append_new(list, invoice_json(rows, shop, open));
	}
	db_rows_end(rows);
	json_object_set_new(v->view, "invoices", list);
}

/** What is open in each shop, whatever of the invoices is shown. */
static void open_read(struct viewing *v)
{
	struct db_rows *rows;

	db_ask(v->o->db, &rows,
	       "SELECT shop, CAST(sum(payable - paid - credited) AS BIGINT) FROM invoice"
	       " WHERE customer = $1 AND credit_note = 0 GROUP BY shop ORDER BY shop LIMIT 1000",
	       DB_VALUES(customer_value(&v->customer)));
	while (db_next(rows)) {
		json_t *shop = shop_of(v, db_col_text(rows, 0));

		if (shop)
			json_object_set_new(shop, "open_minor", json_integer(db_col_int(rows, 1)));
	}
	db_rows_end(rows);
}

static void payments_read(struct viewing *v)
{
	json_t *list = json_array();
	struct db_rows *rows;

	db_ask(v->o->db, &rows,
	       "SELECT shop, key, invoice, amount, booked FROM payment WHERE customer = $1"
	       " ORDER BY booked DESC, shop, key LIMIT $2",
	       DB_VALUES(customer_value(&v->customer), db_int(v->depth->payments)));
	while (db_next(rows)) {
		const json_t *shop = shop_of(v, db_col_text(rows, 0));

		if (!shop)
			continue;
		json_array_append_new(
			list,
			json_pack("{s:s, s:s, s:o, s:I, s:s, s:o}", "shop", db_col_text(rows, 0),
				  "payment", db_col_text(rows, 1), "invoice",
				  number_json(db_col_text(rows, 0), db_col_int(rows, 2)),
				  "amount_minor", (json_int_t)db_col_int(rows, 3), "currency",
				  currency_of(shop), "booked", day_json(db_col_int(rows, 4))));
	}
	db_rows_end(rows);
	json_object_set_new(v->view, "payments", list);
}

/** One sum where all shops have one currency; else each shop's stands for itself. */
static void sum_up(struct viewing *v)
{
	const char *shop, *currency = NULL;
	int64_t open = 0;
	bool one = true;
	json_t *s;

	json_object_foreach(v->shops, shop, s)
	{
		if (currency && strcmp(currency, currency_of(s)) != 0)
			one = false;
		currency = currency_of(s);
		open += json_integer_value(json_object_get(s, "open_minor"));
	}
	if (currency && one) {
		json_object_set_new(v->view, "open_minor", json_integer(open));
		json_object_set_new(v->view, "currency", json_string(currency));
	}
	json_object_set(v->view, "shops", v->shops);
}

json_t *view_of(struct office *o, const struct who *who, const struct person *p,
		const struct view_depth *depth)
{
	struct viewing v = {.o = o,
			    .who = who,
			    .customer = p->customer,
			    .depth = depth,
			    .shops = json_object(),
			    .view = json_object()};

	visits_read(&v);
	lines_read(&v);
	invoices_read(&v);
	payments_read(&v);
	open_read(&v);
	sum_up(&v);
	json_decref(v.shops);
	return v.view;
}

json_t *view_looks(struct office *o, const char *member, int64_t limit)
{
	json_t *list = json_array();
	struct db_rows *rows;

	db_ask(o->db, &rows,
	       "SELECT at, who, what FROM look WHERE member = $1 ORDER BY n DESC LIMIT $2",
	       DB_VALUES(db_text(member), db_int(limit)));
	while (db_next(rows))
		json_array_append_new(
			list, json_pack("{s:o, s:s, s:s}", "at", json_wall(db_col_int(rows, 0)),
					"who", db_col_text(rows, 1), "what", db_col_text(rows, 2)));
	db_rows_end(rows);
	return list;
}

int64_t open_invoices(struct office *o, const struct customer *c, int64_t *ret_minor)
{
	struct db_rows *rows;
	int64_t n = 0;

	*ret_minor = 0;
	db_ask(o->db, &rows,
	       "SELECT count(*), CAST(COALESCE(sum(payable - paid - credited), 0) AS BIGINT)"
	       " FROM invoice WHERE customer = $1 AND credit_note = 0"
	       " AND payable > paid + credited LIMIT 1",
	       DB_VALUES(customer_value(c)));
	if (db_next(rows)) {
		n = db_col_int(rows, 0);
		*ret_minor = db_col_int(rows, 1);
	}
	db_rows_end(rows);
	return n;
}
