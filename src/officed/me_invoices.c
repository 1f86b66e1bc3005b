/* me_invoices.c: an invoice as the member sees it, and all of hers, the newest first, page by page.
 */
#include <stdio.h>
#include <string.h>

#include "officed/me.h"
#include "officed/page.h"
#include "officed/pull.h"

static json_t *period_json(int64_t period)
{
	char text[PERIOD_TEXT_SIZE];

	if (!period_valid((struct period){(int32_t)period}))
		return json_null();
	period_text((struct period){(int32_t)period}, text);
	return json_string(text);
}

json_t *my_invoice_json(struct db_rows *rows)
{
	bool note = db_col_int(rows, 2) != 0;
	int64_t open = db_col_int(rows, 6) - db_col_int(rows, 7) - db_col_int(rows, 8);

	return json_pack("{s:s, s:o, s:b, s:o, s:o, s:o, s:I, s:I, s:I, s:I, s:s}", "shop",
			 db_col_text(rows, 0), "number",
			 pull_number(db_col_text(rows, 0), db_col_int(rows, 1)), "credit_note",
			 note, "period", period_json(db_col_int(rows, 3)), "issued",
			 pull_day(db_col_int(rows, 4)), "due", pull_day(db_col_int(rows, 5)),
			 "payable_minor", (json_int_t)db_col_int(rows, 6), "paid_minor",
			 (json_int_t)db_col_int(rows, 7), "credited_minor",
			 (json_int_t)db_col_int(rows, 8), "open_minor",
			 (json_int_t)(note ? 0 : open), "currency", db_col_text(rows, 9));
}

struct paging {
	struct office *o;
	const struct ask *a;
	struct reply *r;
	struct page_place after;
	int64_t limit;
	json_t *list;
	char next[PAGE_PLACE_SIZE];
};

static int invoices_work(struct db *d, void *data)
{
	struct paging *g = data;
	struct person p;
	struct db_rows *rows;
	struct page_place place = {0};
	bool more = false;

	if (!me_read(g->o, g->a, true, &p, g->r))
		return db_failed(d) ? db_failed(d) : WORK_REFUSED;
	explicit_bzero(p.party, sizeof(p.party));
	json_array_clear(g->list);
	g->next[0] = '\0';
	db_ask(d, &rows,
	       MY_INVOICE_COLUMNS "AND (i.issued < $2 OR (i.issued = $2 AND (i.shop > $3 OR"
				  " (i.shop = $3 AND i.id < $4))))"
				  " ORDER BY i.issued DESC, i.shop, i.id DESC LIMIT $5",
	       DB_VALUES(db_bytes(p.customer.byte, sizeof(p.customer.byte)), db_int(g->after.time),
			 db_text(g->after.shop), db_int(g->after.id), db_int(g->limit + 1)));
	while (db_next(rows)) {
		more = (int64_t)json_array_size(g->list) == g->limit;
		if (more)
			break;
		json_array_append_new(g->list, my_invoice_json(rows));
		place.time = db_col_int(rows, 4);
		place.id = db_col_int(rows, 1);
		snprintf(place.shop, sizeof(place.shop), "%s", db_col_text(rows, 0));
		page_place_text(&place, g->next);
	}
	if (!more)
		g->next[0] = '\0';
	db_rows_end(rows);
	return db_failed(d);
}

/** GET /v1/me/invoices?after=&limit= */
int me_invoices(struct office *o, const struct ask *a, struct reply *r)
{
	struct paging g = {.o = o, .a = a, .r = r};
	int error;

	if (!page_limit(a, &g.limit, r) || !page_place_after(a, DAY_MAX + INT64_C(1), &g.after, r))
		return 0;
	g.list = json_array();
	error = db_read(o->db, invoices_work, &g);
	if (error == 0)
		reply_json(r, 200,
			   json_pack("{s:O, s:o}", "invoices", g.list, "next",
				     g.next[0] != '\0' ? json_string(g.next) : json_null()));
	json_decref(g.list);
	return work_answered(error);
}
