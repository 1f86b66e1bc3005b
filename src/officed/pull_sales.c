/*
 * pull_sales.c: GET /v1/sales: every line that was sold, and every one that was taken back before
 * it stood on an invoice, in the order in which they came in. A line that is taken back is told
 * twice: as it was sold, and with its signs turned; the sum over all rows is what holds. What was
 * taken back from an invoice is a credit note (pull_invoices.c).
 */
#include "officed/pull.h"

enum column {
	COLUMN_N,
	COLUMN_SEQ,
	COLUMN_WHAT,
	COLUMN_SHOP,
	COLUMN_LINE,
	COLUMN_VISIT,
	COLUMN_CUSTOMER,
	COLUMN_GTIN,
	COLUMN_NAME,
	COLUMN_QUANTITY,
	COLUMN_UNIT_PRICE,
	COLUMN_LIST_PRICE,
	COLUMN_TOTAL,
	COLUMN_DEPOSIT,
	COLUMN_VAT_BP,
	COLUMN_VAT,
	COLUMN_VAT_CLASS,
	COLUMN_CLASS,
	COLUMN_BOUGHT,
	COLUMN_AT,
	COLUMN_LATE,
	COLUMN_CURRENCY,
};

#define LINES(seq, what)                                                                           \
	"SELECT a.n AS n, l." seq " AS seq, " what                                                 \
	" AS what, l.shop AS shop, l.seq AS line, l.visit,"                                        \
	" l.customer, l.gtin, l.name, l.quantity_milli, l.unit_price, l.list_price, l.total,"      \
	" l.deposit, l.vat_bp, l.vat, l.vat_class, l.class, l.bought, l.at, l.late, s.currency"    \
	" FROM arrival a JOIN line l ON l.shop = a.shop AND l." seq " >= a.first_seq"              \
	" AND l." seq " <= a.last_seq JOIN shop s ON s.shop = l.shop"                              \
	" WHERE a.n >= $1 AND a.n <= $3 AND a.lines > 0 AND (a.n > $1 OR l." seq " > $2)"
#define OF_SHOP " AND a.shop = $5"
/* the partial indexes are found by these words */
#define VOIDED	 " AND l.voided > 0"
#define CREDITED " AND l.credited > 0"
#define END	 " ORDER BY n, seq LIMIT $4"

static const char of_all[] = LINES("seq", "0") " UNION ALL " LINES("voided", "1") VOIDED
	" UNION ALL " LINES("credited", "2") CREDITED END;
static const char of_shop[] = LINES("seq", "0") OF_SHOP " UNION ALL " LINES("voided", "1")
	VOIDED OF_SHOP " UNION ALL " LINES("credited", "2") CREDITED OF_SHOP END;

static void put(json_t *o, const char *name, json_t *value)
{
	json_object_set_new(o, name, value);
}

static json_t *word_json(const char *word)
{
	return word ? json_string(word) : json_null();
}

static json_t *visit_json(int64_t visit)
{
	char text[VISIT_TEXT_SIZE];

	visit_text((struct visit_id){(uint64_t)visit}, text);
	return json_string(text);
}

static json_t *wall_json(int64_t ms)
{
	char text[WALL_TEXT_SIZE];

	wall_text((struct wall){ms}, text);
	return json_string(text);
}

static void put_goods(json_t *o, struct db_rows *rows, int64_t sign)
{
	int64_t vat_class = db_col_int(rows, COLUMN_VAT_CLASS);
	int64_t class = db_col_int(rows, COLUMN_CLASS);

	put(o, "gtin", pull_gtin(db_col_int(rows, COLUMN_GTIN)));
	put(o, "name", json_string(db_col_text(rows, COLUMN_NAME)));
	put(o, "quantity", json_integer(sign * db_col_int(rows, COLUMN_QUANTITY)));
	put(o, "unit_price_minor", json_integer(db_col_int(rows, COLUMN_UNIT_PRICE)));
	put(o, "list_price_minor", json_integer(db_col_int(rows, COLUMN_LIST_PRICE)));
	put(o, "total_minor", json_integer(sign * db_col_int(rows, COLUMN_TOTAL)));
	put(o, "deposit_minor", json_integer(sign * db_col_int(rows, COLUMN_DEPOSIT)));
	put(o, "vat_bp", json_integer(db_col_int(rows, COLUMN_VAT_BP)));
	put(o, "vat_minor", json_integer(sign * db_col_int(rows, COLUMN_VAT)));
	put(o, "vat_class",
	    word_json(vat_class >= 0 && vat_class < VAT_CLASSES
			      ? vat_class_word((enum vat_class)vat_class)
			      : NULL));
	put(o, "class",
	    word_json(class >= 0 && class < ARTICLE_CLASSES
			      ? article_class_word((enum article_class) class)
			      : NULL));
	put(o, "currency", json_string(db_col_text(rows, COLUMN_CURRENCY)));
}

static json_t *row_json(const struct pull_page *p, struct db_rows *rows)
{
	static const char *const kinds[] = {"sale", "void", "credit"};
	int64_t what = db_col_int(rows, COLUMN_WHAT);
	json_t *o;

	if (!pull_mine(p, db_col_text(rows, COLUMN_SHOP)))
		return NULL;
	o = json_object();
	put(o, "shop", json_string(db_col_text(rows, COLUMN_SHOP)));
	put(o, "seq", json_integer(db_col_int(rows, COLUMN_SEQ)));
	put(o, "kind", json_string(kinds[what]));
	put(o, "line", json_integer(db_col_int(rows, COLUMN_LINE)));
	put(o, "visit", visit_json(db_col_int(rows, COLUMN_VISIT)));
	put(o, "customer", pull_customer(db_col_bytes(rows, COLUMN_CUSTOMER)));
	put(o, "bought", pull_day(db_col_int(rows, COLUMN_BOUGHT)));
	put(o, "at", wall_json(db_col_int(rows, COLUMN_AT)));
	put(o, "late", json_boolean(db_col_int(rows, COLUMN_LATE)));
	put_goods(o, rows, what == 0 ? 1 : -1);
	return o;
}

static void read_window(struct db *d, struct pull_page *p)
{
	struct db_rows *rows;

	if (p->shop[0] == '\0')
		db_ask(d, &rows, of_all,
		       DB_VALUES(db_int(p->after.n), db_int(p->after.seq), db_int(p->window),
				 db_int(pull_rows(p))));
	else
		db_ask(d, &rows, of_shop,
		       DB_VALUES(db_int(p->after.n), db_int(p->after.seq), db_int(p->window),
				 db_int(pull_rows(p)), db_text(p->shop)));
	while (db_next(rows) && pull_take(p, db_col_int(rows, COLUMN_N),
					  db_col_int(rows, COLUMN_SEQ), row_json(p, rows)))
		;
	db_rows_end(rows);
}

static int read_page(struct db *d, void *data)
{
	struct pull_page *p = data;

	pull_page_begin(p);
	if (pull_window(d, p, PULL_LINES))
		read_window(d, p);
	return db_failed(d);
}

int pull_sales(struct office *o, const struct ask *a, struct reply *r)
{
	const char *by = ask_query(a, "by");
	struct pull_page p = {0};
	int result;

	if (by && strcmp(by, "day") == 0)
		return pull_days(o, a, r);
	if (by) {
		reply_problem(r, 400, "malformed", "`by` is day, or is not there.");
		return 0;
	}
	if (!pull_page_ask(&p, a, r))
		return 0;
	result = db_read(o->db, read_page, &p);
	if (result == 0)
		pull_page_send(&p, "sales");
	json_decref(p.rows);
	return result;
}
