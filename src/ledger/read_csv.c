/*
 * read_csv.c: one query a table, each bounded and begun again behind the last row of the page
 * before. A row's columns are written by a letter each, beside the query that gives them; the
 * query's first two columns are where the next page begins.
 *
 * What came after `upto` is left out, also where it changed a row that was there before: a line
 * voided later is a line that holds.
 */
#include "ledger/read_csv.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "books/chart.h"
#include "books/number.h"
#include "books/vat.h"
#include "ledger/reader.h"

enum {
	PAGE_ROWS = 500,
	ROW_SIZE = 512 /* the longest: a name of 96 bytes, all of them quotes, and 20 numbers */
};

struct table {
	const char *name, *head;
	const char *columns; /* i number, d day, p month, h id in hex, n an invoice's number, t
				text, c VAT class, k kind */
	const char *sql;     /* ?1 ?2 after, ?3 upto */
};

#define LINE_HEAD                                                                                  \
	"seq,visit,customer,key,gtin,name,bought,quantity_milli,unit_price_minor,"                 \
	"list_price_minor,total_minor,deposit_minor,vat_bp,vat_class,vat_minor,cost_minor,late,"   \
	"voided,credited\r\n"
#define INVOICE_HEAD                                                                               \
	"id,number,kind,customer,period,issued,due,lines,gross_minor,rounding_minor,"              \
	"payable_minor,original,line,reason,credited_minor,paid_minor\r\n"
#define CLOSED_HEAD                                                                                \
	"period,seq,upto,invoices,lines_minor,invoiced_minor,unbilled_minor,payable_minor,"        \
	"paid_minor,receivable_minor,vat_minor\r\n"
#define KNOWN "(SELECT id FROM invoice WHERE seq <= ?3)"

static const struct table tables[CSV_TABLES] = {
	[CSV_LINES] = {"lines", LINE_HEAD, "iihtitdiiiiiiciiiii",
		       "SELECT seq, 0, seq, visit, customer, key, gtin, name, bought,"
		       " quantity_milli, unit_price, list_price, total, deposit, vat_bp, vat_class,"
		       " vat, cost, late, iif(voided <= ?3, voided, 0),"
		       " iif(credited <= ?3, credited, 0) FROM line"
		       " WHERE seq > ?1 AND seq <= ?3 AND ?2 = 0 ORDER BY seq LIMIT ?4"},
	[CSV_POSTINGS] = {"postings", "seq,kind,account,amount_minor\r\n", "ikii",
			  "SELECT p.id, 0, p.seq, e.kind, p.account, p.amount FROM posting p"
			  " JOIN entry e ON e.seq = p.seq WHERE p.id > ?1 AND p.seq <= ?3"
			  " AND ?2 = 0 ORDER BY p.id LIMIT ?4"},
	[CSV_INVOICES] = {"invoices", INVOICE_HEAD, "inthpddiiiiiitii",
			  "SELECT id, 0, id, id,"
			  " iif(original = 0, 'invoice', 'credit_note'), customer, period, issued,"
			  " due, lines, gross, rounding, payable, original, line,"
			  " iif(original = 0, '', CASE reason WHEN 0 THEN 'wrong_line'"
			  " WHEN 1 THEN 'broken' WHEN 2 THEN 'price' ELSE 'goodwill' END),"
			  " iif(original = 0, (SELECT coalesce(sum(n.payable), 0) FROM invoice n"
			  " WHERE n.original = i.id AND n.seq <= ?3), 0), paid FROM invoice i"
			  " WHERE id > ?1 AND seq <= ?3 AND ?2 = 0 ORDER BY id LIMIT ?4"},
	[CSV_INVOICE_RATES] = {"invoice_rates",
			       "id,vat_bp,gross_minor,base_minor,vat_minor,posted_minor\r\n",
			       "iiiiii",
			       "SELECT invoice, vat_bp, invoice, vat_bp, gross, base, vat, posted"
			       " FROM invoice_rate WHERE (invoice, vat_bp) > (?1, ?2)"
			       " AND invoice IN " KNOWN " ORDER BY invoice, vat_bp LIMIT ?4"},
	[CSV_INVOICE_LINES] = {"invoice_lines", "id,line\r\n", "ii",
			       "SELECT invoice, line, invoice, line FROM invoice_line"
			       " WHERE invoice >= ?1 AND (invoice > ?1 OR line > ?2)"
			       " AND invoice IN " KNOWN " ORDER BY invoice, first LIMIT ?4"},
	[CSV_PAYMENTS] = {"payments", "seq,key,customer,invoice,amount_minor,booked\r\n", "ithiid",
			  "SELECT seq, 0, seq, key, customer, invoice, amount, booked FROM payment"
			  " WHERE seq > ?1 AND seq <= ?3 AND ?2 = 0 ORDER BY seq LIMIT ?4"},
	[CSV_CLOSED] = {"closed", CLOSED_HEAD, "piiiiiiiiii",
			"SELECT period, 0, period, seq, upto, invoices, lines, invoiced, unbilled,"
			" payable, paid, receivable, vat FROM period_closed"
			" WHERE period > ?1 AND seq <= ?3 AND ?2 = 0 ORDER BY period LIMIT ?4"},
	[CSV_CHART] = {"chart", "role,vat_bp,account\r\n", "", NULL},
	[CSV_TAX] = {"tax", "class,vat_bp,from\r\n", "", NULL},
};

const char *csv_table_name(enum csv_table t)
{
	CHECK(t < CSV_TABLES);
	return tables[t].name;
}

const char *csv_table_head(enum csv_table t)
{
	CHECK(t < CSV_TABLES);
	return tables[t].head;
}

/* --- cells */

static void put(struct csv_page *p, const char *text, uint32_t len)
{
	CHECK(p->len + len < CSV_PAGE_SIZE);
	memcpy(p->text + p->len, text, len);
	p->len += len;
	p->text[p->len] = '\0';
}

static void put_word(struct csv_page *p, const char *text)
{
	put(p, text, (uint32_t)strlen(text));
}

static void put_number(struct csv_page *p, int64_t n)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRId64, n);
	put_word(p, text);
}

/* In quotes where RFC 4180 asks for them. */
static void put_text(struct csv_page *p, const char *text)
{
	if (!strpbrk(text, ",\"\r\n")) {
		put_word(p, text);
		return;
	}
	put(p, "\"", 1);
	for (; *text; text++) {
		if (*text == '"')
			put(p, "\"", 1);
		put(p, text, 1);
	}
	put(p, "\"", 1);
}

static void put_day(struct csv_page *p, int64_t n)
{
	char text[DAY_TEXT_SIZE];

	if (n == 0)
		return;
	day_text((struct day){(int32_t)n}, text);
	put_word(p, text);
}

static void put_invoice(struct csv_page *p, struct invoice_id id)
{
	char text[NUMBER_TEXT_SIZE];

	number_text(p->shop, id, text);
	put_word(p, text[0] == '-' ? text + 1 : text);
}

static void put_cell(struct csv_page *p, sqlite3_stmt *get, int at, char how)
{
	char text[ARTICLE_NAME_MAX + NAME_MAX_LEN];
	uint8_t id[16];
	int64_t n = column_i64(get, at);

	switch (how) {
	case 'i':
		put_number(p, n);
		return;
	case 'n':
		put_invoice(p, (struct invoice_id){(uint64_t)n});
		return;
	case 'd':
		put_day(p, n);
		return;
	case 'p':
		period_text((struct period){(int32_t)n}, text);
		put_word(p, text);
		return;
	case 'h':
		if (column_blob(get, at, id, sizeof(id))) {
			hex_text(id, sizeof(id), text);
			put_word(p, text);
		}
		return;
	case 't':
		column_text(get, at, text, sizeof(text));
		put_text(p, text);
		return;
	case 'c':
		put_word(p, n >= 0 && n < VAT_CLASSES ? vat_class_word((enum vat_class)n) : "");
		return;
	case 'k':
		put_word(p, entry_kind_word((uint16_t)n));
		return;
	}
	panic(__FILE__, __LINE__, "a column of no kind");
}

/* --- pages of a table */

struct csv_query {
	enum csv_table table;
	uint64_t upto;
	int64_t after[2];
	struct csv_page *page;
};

static int csv_query(struct reader *r, void *data)
{
	struct csv_query *q = data;
	const struct table *t = &tables[q->table];
	struct csv_page *p = q->page;
	sqlite3_stmt *get = sql_prepare(r->connection[READ_LEDGER].db, t->sql);
	int rc = SQLITE_ERROR;

	if (!get)
		return sqlite3_extended_errcode(r->connection[READ_LEDGER].db);
	p->rows = p->len = 0;
	memcpy(p->after, q->after, sizeof(p->after));
	bind_i64(get, 1, q->after[0]);
	bind_i64(get, 2, q->after[1]);
	bind_u64(get, 3, q->upto);
	bind_u64(get, 4, PAGE_ROWS);
	while (p->len + 2 * ROW_SIZE < CSV_PAGE_SIZE && (rc = sqlite3_step(get)) == SQLITE_ROW) {
		p->after[0] = column_i64(get, 0);
		p->after[1] = column_i64(get, 1);
		for (int i = 0; t->columns[i]; i++) {
			if (i > 0)
				put(p, ",", 1);
			put_cell(p, get, i + 2, t->columns[i]);
		}
		put(p, "\r\n", 2);
		p->rows++;
	}
	if (rc == SQLITE_ROW)
		rc = SQLITE_OK;
	sqlite3_finalize(get);
	return rc;
}

/* --- rates and accounts: the newest on record, or those that hold before any is */

struct newest_query {
	uint16_t kind;
	uint64_t upto;
	bool found;
	struct entry entry;
};

static int newest_query(struct reader *r, void *data)
{
	struct newest_query *q = data;
	/* the two kinds by name, so that their own small index serves */
	sqlite3_stmt *get =
		sql_prepare(r->connection[READ_LEDGER].db,
			    q->kind == ENTRY_TAX ? "SELECT body FROM entry WHERE kind = 70"
						   " AND seq <= ?1 ORDER BY seq DESC LIMIT 1"
						 : "SELECT body FROM entry WHERE kind = 71"
						   " AND seq <= ?1 ORDER BY seq DESC LIMIT 1");
	int rc;

	if (!get)
		return sqlite3_extended_errcode(r->connection[READ_LEDGER].db);
	bind_u64(get, 1, q->upto);
	rc = sqlite3_step(get);
	q->found = false;
	if (rc == SQLITE_ROW) {
		struct span body = {sqlite3_column_blob(get, 0),
				    (uint32_t)sqlite3_column_bytes(get, 0)};

		q->found = true;
		rc = entry_decode(q->kind, body, &q->entry) ? SQLITE_OK : SQLITE_CORRUPT;
	}
	sqlite3_finalize(get);
	return rc;
}

static void put_role(struct csv_page *p, const char *role, const char *vat_bp, uint32_t account)
{
	char row[64];

	if (account == 0)
		return;
	snprintf(row, sizeof(row), "%s,%s,%u\r\n", role, vat_bp, account);
	put_word(p, row);
	p->rows++;
}

static void put_chart(struct csv_page *p, const struct entry_chart *c)
{
	put_role(p, "receivable", "", c->receivable);
	put_role(p, "rounding", "", c->rounding);
	put_role(p, "stock", "", c->stock);
	put_role(p, "received", "", c->received);
	put_role(p, "cost", "", c->cost);
	put_role(p, "waste", "", c->waste);
	put_role(p, "shrink", "", c->shrink);
	put_role(p, "own_use", "", c->own_use);
	put_role(p, "bank", "", c->bank);
	put_role(p, "unassigned", "", c->unassigned);
	for (uint32_t i = 0; i < c->rates; i++) {
		char bp[12];

		snprintf(bp, sizeof(bp), "%d", c->rate[i].vat_bp);
		put_role(p, "sales", bp, c->rate[i].sales);
		put_role(p, "vat", bp, c->rate[i].vat);
		put_role(p, "deposit", bp, c->rate[i].deposit);
	}
}

static void put_tax(struct csv_page *p, const struct entry_tax *tax)
{
	for (uint32_t i = 0; i < tax->rates; i++) {
		put_word(p, vat_class_word(tax->rate[i].class));
		put(p, ",", 1);
		put_number(p, tax->rate[i].vat_bp);
		put(p, ",", 1);
		put_day(p, tax->rate[i].from.n);
		put(p, "\r\n", 2);
		p->rows++;
	}
}

static int rules_csv(struct reader *r, enum csv_table t, uint64_t upto, struct csv_page *page)
{
	struct newest_query q = {.kind = t == CSV_TAX ? ENTRY_TAX : ENTRY_CHART, .upto = upto};
	bool over = page->after[0] != 0;
	int error = over ? 0 : reader_run(r, READ_LEDGER, newest_query, &q);

	page->rows = page->len = 0;
	if (error < 0 || over)
		return error;
	page->after[0] = 1;
	if (t == CSV_TAX) {
		struct entry_tax tax = q.found ? q.entry.tax : vat_sweden();

		put_tax(page, &tax);
	} else {
		struct entry_chart chart = q.found ? q.entry.chart : chart_bas();

		put_chart(page, &chart);
	}
	return 0;
}

int reader_chart(struct reader *r, uint64_t upto, struct entry_chart *ret)
{
	struct newest_query q = {.kind = ENTRY_CHART, .upto = upto};
	int error = reader_run(r, READ_LEDGER, newest_query, &q);

	if (error == 0)
		*ret = q.found ? q.entry.chart : chart_bas();
	return error;
}

int reader_csv(struct reader *r, enum csv_table t, uint64_t upto, struct csv_page *page)
{
	struct csv_query q = {
		.table = t, .upto = upto, .after = {page->after[0], page->after[1]}, .page = page};

	CHECK(t < CSV_TABLES);
	if (!tables[t].sql)
		return rules_csv(r, t, upto, page);
	return reader_run(r, READ_LEDGER, csv_query, &q);
}
