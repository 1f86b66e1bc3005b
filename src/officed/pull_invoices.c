/*
 * pull_invoices.c: GET /v1/invoices: every invoice and credit note of all shops, each once, in the
 * order in which they came in.
 */
#include "officed/pull.h"

struct invoices {
	struct pull_page page;
	int64_t period; /* 0: any */
};

static const char of_all[] =
	"SELECT a.n, i.seq, i.shop, i.credited, i.paid, e.kind, e.body, s.currency"
	" FROM arrival a JOIN invoice i ON i.shop = a.shop AND i.seq >= a.first_seq"
	" AND i.seq <= a.last_seq JOIN entry e ON e.shop = i.shop AND e.seq = i.seq"
	" JOIN shop s ON s.shop = i.shop WHERE a.n >= $1 AND a.n <= $3 AND a.invoices > 0"
	" AND (a.n > $1 OR i.seq > $2) AND ($4 = 0 OR i.period = $4)"
	" ORDER BY a.n, i.seq LIMIT $5";
static const char of_shop[] =
	"SELECT a.n, i.seq, i.shop, i.credited, i.paid, e.kind, e.body, s.currency"
	" FROM arrival a JOIN invoice i ON i.shop = a.shop AND i.seq >= a.first_seq"
	" AND i.seq <= a.last_seq JOIN entry e ON e.shop = i.shop AND e.seq = i.seq"
	" JOIN shop s ON s.shop = i.shop WHERE a.shop = $6 AND a.n >= $1 AND a.n <= $3"
	" AND a.invoices > 0 AND (a.n > $1 OR i.seq > $2) AND ($4 = 0 OR i.period = $4)"
	" ORDER BY a.n, i.seq LIMIT $5";

static json_t *row_json(const struct pull_page *p, struct db_rows *rows)
{
	const char *shop = db_col_text(rows, 2);
	int64_t kind = db_col_int(rows, 5);
	struct entry e;

	if (!pull_mine(p, shop) || (kind != ENTRY_INVOICE && kind != ENTRY_CREDIT_NOTE) ||
	    !entry_decode((uint16_t)kind, db_col_bytes(rows, 6), &e))
		return NULL;
	return pull_document(shop, db_col_text(rows, 7), (uint64_t)db_col_int(rows, 1), &e,
			     db_col_int(rows, 3), db_col_int(rows, 4));
}

static void read_window(struct db *d, struct invoices *i)
{
	struct pull_page *p = &i->page;
	struct db_rows *rows;

	if (p->shop[0] == '\0')
		db_ask(d, &rows, of_all,
		       DB_VALUES(db_int(p->after.n), db_int(p->after.seq), db_int(p->window),
				 db_int(i->period), db_int(pull_rows(p))));
	else
		db_ask(d, &rows, of_shop,
		       DB_VALUES(db_int(p->after.n), db_int(p->after.seq), db_int(p->window),
				 db_int(i->period), db_int(pull_rows(p)), db_text(p->shop)));
	while (db_next(rows) &&
	       pull_take(p, db_col_int(rows, 0), db_col_int(rows, 1), row_json(p, rows)))
		;
	db_rows_end(rows);
}

static int read_page(struct db *d, void *data)
{
	struct invoices *i = data;

	pull_page_begin(&i->page);
	if (pull_window(d, &i->page, PULL_INVOICES))
		read_window(d, i);
	return db_failed(d);
}

static bool ask_period(struct invoices *i, const struct ask *a, struct reply *r)
{
	const char *text = ask_query(a, "period");
	struct period period;

	if (!text)
		return true;
	if (!period_parse(text, (uint32_t)strlen(text), &period)) {
		reply_problem(r, 400, "malformed", "`period` is a month, like 2026-10.");
		return false;
	}
	i->period = period.n;
	return true;
}

int pull_invoices(struct office *o, const struct ask *a, struct reply *r)
{
	struct invoices i = {0};
	int result;

	if (!pull_page_ask(&i.page, a, r) || !ask_period(&i, a, r))
		return 0;
	result = db_read(o->db, read_page, &i);
	if (result == 0)
		pull_page_send(&i.page, "invoices");
	json_decref(i.page.rows);
	return result;
}
