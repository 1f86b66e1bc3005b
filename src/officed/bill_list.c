/*
 * bill_list.c: GET /v1/bills: invoices and credit notes with the member they are for, the newest
 * first, page by page: what people at head office look through. Accounting systems pull
 * /v1/invoices instead, which is ordered by arrival and has no names. Whose name is shown was
 * looked at.
 */
#include <stdio.h>
#include <string.h>

#include "books/number.h"
#include "officed/bill_payment.h"
#include "officed/goods_scope.h"
#include "officed/page.h"
#include "officed/pull.h"

enum bill_state {
	BILLS_ALL = 0,
	BILLS_OPEN = 1,	   /* not paid */
	BILLS_OVERDUE = 2, /* of them those whose day is over */
	BILLS_PAID = 3,
};

struct listing {
	struct office *o;
	const struct ask *a;
	struct reply *r;
	int64_t limit, today;
	enum bill_state state;
	const char *shop, *member;
	char of_shop[PLACE_MAX_LEN + 1]; /* of `number` */
	int64_t of_id;			 /* 0: any */
	struct page_place from;
	json_t *items;
	char next[PAGE_PLACE_SIZE];
};

static json_t *name_json(const char *party, bool erased)
{
	json_t *p = !erased && party[0] ? json_loads(party, 0, NULL) : NULL;
	json_t *name = json_object_get(p, "name");

	name = json_is_string(name) ? json_incref(name) : json_null();
	json_decref(p);
	return name;
}

static json_t *bill_json(struct db_rows *rows)
{
	int64_t open = db_col_int(rows, 7) - db_col_int(rows, 8) - db_col_int(rows, 9);
	bool note = db_col_int(rows, 2) != 0;
	const char *member = db_col_text(rows, 12);
	char period[PERIOD_TEXT_SIZE] = "";

	if (period_valid((struct period){(int32_t)db_col_int(rows, 3)}))
		period_text((struct period){(int32_t)db_col_int(rows, 3)}, period);
	return json_pack("{s:s, s:o, s:b, s:o, s:o, s:o, s:o, s:I, s:I, s:I, s:I, s:s, s:o, s:o}",
			 "shop", db_col_text(rows, 0), "number",
			 pull_number(db_col_text(rows, 0), db_col_int(rows, 1)), "credit_note",
			 note, "period", period[0] ? json_string(period) : json_null(), "issued",
			 pull_day(db_col_int(rows, 4)), "due", pull_day(db_col_int(rows, 5)),
			 "customer", pull_customer(db_col_bytes(rows, 6)), "payable_minor",
			 (json_int_t)db_col_int(rows, 7), "paid_minor",
			 (json_int_t)db_col_int(rows, 8), "credited_minor",
			 (json_int_t)db_col_int(rows, 9), "open_minor",
			 (json_int_t)(note ? 0 : open), "currency", db_col_text(rows, 10), "member",
			 member[0] ? json_string(member) : json_null(), "name",
			 name_json(db_col_text(rows, 11), db_col_int(rows, 13) == MEMBER_ERASED));
}

/** Whether the name may be seen too: that is the right over members. */
static void row_add(struct listing *l, struct db_rows *rows)
{
	const char *member = db_col_text(rows, 12);
	json_t *j = bill_json(rows);
	struct page_place place;

	if (!who_may(&l->a->who, RIGHT_MEMBERS, db_col_text(rows, 0)))
		json_object_set_new(j, "name", json_null());
	else if (member[0] && json_is_string(json_object_get(j, "name")))
		look_add(l->o, &l->a->who, member, "bills", l->a->now);
	json_array_append_new(l->items, j);
	place = (struct page_place){.time = db_col_int(rows, 4), .id = db_col_int(rows, 1)};
	snprintf(place.shop, sizeof(place.shop), "%s", db_col_text(rows, 0));
	page_place_text(&place, l->next);
}

static int list_work(struct db *d, void *data)
{
	struct listing *l = data;
	struct db_rows *rows;
	bool more = false;

	json_array_clear(l->items);
	db_ask(d, &rows,
	       "SELECT i.shop, i.id, i.credit_note, i.period, i.issued, i.due, i.customer,"
	       " i.payable, i.paid, i.credited, s.currency, m.party, m.member, m.state"
	       " FROM invoice i JOIN shop s ON s.shop = i.shop"
	       " LEFT JOIN member m ON m.customer = i.customer"
	       " WHERE (i.issued < $1 OR (i.issued = $1 AND (i.shop > $2 OR (i.shop = $2 AND"
	       " i.id < $3)))) AND ($4 = '' OR i.shop = $4) AND ($5 = '' OR m.member = $5)"
	       " AND ($6 = 0 OR (i.id = $6 AND ($7 = '' OR i.shop = $7)))"
	       " AND ($8 = 0 OR (i.credit_note = 0 AND CASE WHEN i.payable > i.paid + i.credited"
	       "  THEN $8 = 1 OR ($8 = 2 AND i.due < $9) ELSE $8 = 3 END))"
	       " ORDER BY i.issued DESC, i.shop, i.id DESC LIMIT $10",
	       DB_VALUES(db_int(l->from.time), db_text(l->from.shop), db_int(l->from.id),
			 db_text(l->shop), db_text(l->member), db_int(l->of_id),
			 db_text(l->of_shop), db_int(l->state), db_int(l->today),
			 /* who sees but some shops has to be looked for among all of them */
			 db_int(l->shop[0] || who_may(&l->a->who, RIGHT_MONEY, NULL)
					? l->limit + 1
					: DB_ROWS_MAX)));
	while (!more && db_next(rows)) {
		if (!who_may(&l->a->who, RIGHT_MONEY, db_col_text(rows, 0)))
			continue;
		more = (int64_t)json_array_size(l->items) == l->limit;
		if (!more)
			row_add(l, rows);
	}
	db_rows_end(rows);
	if (!more)
		l->next[0] = '\0';
	return db_failed(d);
}

/** The number as it stands on the paper: VIKEN-2026-000123, in either case; or the reference that
 * it is paid with, which names no shop. */
static bool number_read(struct listing *l, const char *text)
{
	size_t len = strlen(text);
	struct place shop = {.name = ""};
	struct invoice_id id;
	const char *end = text + len;

	if (len < 40 && ocr_parse(text, (uint32_t)len, &id) && id.n <= INT64_MAX) {
		l->of_id = (int64_t)id.n;
		return true;
	}
	for (int dashes = 0; end > text && dashes < 2;)
		dashes += *--end == '-';
	if (end == text || (size_t)(end - text) > PLACE_MAX_LEN)
		return false;
	for (size_t i = 0; i < (size_t)(end - text); i++)
		shop.name[i] = (char)(text[i] >= 'A' && text[i] <= 'Z' ? text[i] + 32 : text[i]);
	if (!place_valid(shop.name, (uint32_t)strlen(shop.name)) || len >= NUMBER_TEXT_SIZE)
		return false;
	if (!number_parse(shop, text, (uint32_t)len, &id) || id.n > INT64_MAX)
		return false;
	memcpy(l->of_shop, shop.name, sizeof(l->of_shop));
	l->of_id = (int64_t)id.n;
	return true;
}

static bool state_read(struct listing *l, const char *word)
{
	static const char *const words[] = {
		[BILLS_ALL] = "all",
		[BILLS_OPEN] = "open",
		[BILLS_OVERDUE] = "overdue",
		[BILLS_PAID] = "paid",
	};

	for (uint32_t i = 0; word && i < ARRAY_LEN(words); i++) {
		if (strcmp(words[i], word) == 0) {
			l->state = (enum bill_state)i;
			return true;
		}
	}
	return !word;
}

static bool query_read(struct listing *l)
{
	const char *shop = ask_query(l->a, "shop"), *member = ask_query(l->a, "member");
	const char *number = ask_query(l->a, "number");

	l->shop = shop ? shop : "";
	l->member = member ? member : "";
	if (!page_limit(l->a, &l->limit, l->r) ||
	    !page_place_after(l->a, DAY_MAX + INT64_C(1), &l->from, l->r))
		return false;
	if (!state_read(l, ask_query(l->a, "state")))
		reply_problem(l->r, 400, "malformed", "state is all, open, overdue or paid.");
	else if (number && !number_read(l, number))
		reply_problem(l->r, 400, "malformed",
			      "number is an invoice's whole number, like VIKEN-2026-000123, or its "
			      "reference.");
	else if (shop && !who_may(&l->a->who, RIGHT_MONEY, shop))
		reply_problem(l->r, 403, "forbidden", "You have no such right over this shop.");
	else
		return true;
	return false;
}

/** GET /v1/bills?shop=&member=&number=&state=&after=&limit= */
int bills_list(struct office *o, const struct ask *a, struct reply *r)
{
	struct listing l = {.o = o, .a = a, .r = r, .today = a->now.ms / 86400000};
	int error;

	if (!query_read(&l))
		return 0;
	l.items = json_array();
	error = db_transact(o->db, list_work, &l);
	if (error == 0)
		reply_json(r, 200,
			   json_pack("{s:O, s:o}", "bills", l.items, "next",
				     l.next[0] ? json_string(l.next) : json_null()));
	json_decref(l.items);
	return error;
}
