/*
 * derive_close.c: the sums that a shop found when it closed a month, held against our own tables.
 *
 * The entry of the close before tells where to begin: every line before its low-water mark was on
 * an invoice, voided or credited by then and can change no more. So what has to add up is what came
 * since: lines that hold now less those that held then, documents, payments (ledger/audit.h shows
 * the same from inside). A row that was taken back says by which entry, so each can be read as it
 * was at either end.
 */
#include "officed/derive.h"

#include <stdio.h>

/* Amounts of one month, in minor units. */
struct sums {
	int64_t lines, vat;	    /* held at the end, less what held at the beginning */
	int64_t invoiced, noted;    /* gross of invoices, of credit notes */
	int64_t payable, paper_vat; /* of invoices less credit notes */
	int64_t posted;		    /* VAT of the lines of its invoices, as it was sold */
	int64_t paid;
};

struct span_of {
	uint64_t low, from, upto; /* first line that counts; after `from`, up to `upto` */
};

static struct db_value of_seq(uint64_t seq)
{
	return db_int((int64_t)seq);
}

static void sum_lines(struct derive *x, const struct span_of *s, struct sums *ret)
{
	struct db_rows *rows;

	db_ask(x->o->db, &rows,
	       "SELECT CAST(coalesce(sum((now - before) * total), 0) AS BIGINT),"
	       " CAST(coalesce(sum((now - before) * vat), 0) AS BIGINT) FROM (SELECT total, vat,"
	       " CASE WHEN (voided = 0 OR voided > $4) AND (credited = 0 OR credited > $4)"
	       "  THEN 1 ELSE 0 END AS now,"
	       " CASE WHEN seq <= $3 AND (voided = 0 OR voided > $3)"
	       "  AND (credited = 0 OR credited > $3) THEN 1 ELSE 0 END AS before"
	       " FROM line WHERE shop = $1 AND seq >= $2 AND seq <= $4) AS held LIMIT 1",
	       DB_VALUES(db_text(x->shop), of_seq(s->low), of_seq(s->from), of_seq(s->upto)));
	if (db_next(rows)) {
		ret->lines = db_col_int(rows, 0);
		ret->vat = db_col_int(rows, 1);
	}
	db_rows_end(rows);
}

static void add_document(uint16_t kind, struct span body, struct sums *s)
{
	bool note = kind == ENTRY_CREDIT_NOTE;
	const struct invoice_rate *rate;
	struct entry e;
	uint32_t rates;

	if (!entry_decode(kind, body, &e))
		return;
	rate = note ? e.credit_note.rate : e.invoice.rate;
	rates = note ? e.credit_note.rates : e.invoice.rates;
	s->payable += note ? -money_minor(e.credit_note.payable) : money_minor(e.invoice.payable);
	for (uint32_t i = 0; i < rates; i++) {
		int64_t gross = money_minor(rate[i].gross), vat = money_minor(rate[i].vat);

		s->invoiced += note ? 0 : gross;
		s->noted += note ? gross : 0;
		s->paper_vat += note ? -vat : vat;
		s->posted += note ? 0 : money_minor(rate[i].posted);
	}
}

static void sum_documents(struct derive *x, const struct span_of *s, struct sums *ret)
{
	enum {
		PAGE = 1000
	};
	uint64_t after = s->from;
	uint32_t found = PAGE;
	struct db_rows *rows;

	while (found == PAGE) {
		found = 0;
		db_ask(x->o->db, &rows,
		       "SELECT i.seq, e.kind, e.body FROM invoice i JOIN entry e"
		       " ON e.shop = i.shop AND e.seq = i.seq WHERE i.shop = $1 AND i.seq > $2"
		       " AND i.seq <= $3 ORDER BY i.seq LIMIT $4",
		       DB_VALUES(db_text(x->shop), of_seq(after), of_seq(s->upto), db_int(PAGE)));
		for (; db_next(rows); found++) {
			after = (uint64_t)db_col_int(rows, 0);
			add_document((uint16_t)db_col_int(rows, 1), db_col_bytes(rows, 2), ret);
		}
		db_rows_end(rows);
	}
}

/* A payment counts from the entry on that says whose it is. */
static void sum_payments(struct derive *x, const struct span_of *s, struct sums *ret)
{
	static const struct customer nobody;

	if (!db_one(x->o->db, &ret->paid,
		    "SELECT CAST(coalesce(sum(amount), 0) AS BIGINT) FROM payment WHERE shop = $1"
		    " AND customer <> $4 AND CASE WHEN assigned > 0 THEN assigned ELSE seq END > $2"
		    " AND CASE WHEN assigned > 0 THEN assigned ELSE seq END <= $3 LIMIT 1",
		    DB_VALUES(db_text(x->shop), of_seq(s->from), of_seq(s->upto),
			      db_bytes(nobody.byte, sizeof(nobody.byte)))))
		ret->paid = 0;
}

/* --- the comparison */

static void differ(struct derive *x, const struct entry_period_closed *p, const char *what,
		   int64_t shop, int64_t ours)
{
	char detail[200], month[PERIOD_TEXT_SIZE];

	if (x->quiet)
		return;
	period_text(p->period, month);
	snprintf(detail, sizeof(detail),
		 "%s: the shop's %s grew by %lld öre since the month before, ours by %lld", month,
		 what, (long long)shop, (long long)ours);
	notice_add(x->o, x->shop, NOTICE_MONEY, detail, x->now);
}

static void compare(struct derive *x, const struct entry_period_closed *before,
		    const struct entry_period_closed *p, const struct sums *s)
{
	int64_t unbilled = s->lines - s->invoiced;
	const struct {
		const char *what;
		struct money then, now;
		int64_t ours;
	} rows[] = {
		{"lines", before->lines, p->lines, s->lines - s->noted},
		{"invoiced lines", before->invoiced, p->invoiced, s->invoiced - s->noted},
		{"lines not billed", before->unbilled, p->unbilled, unbilled},
		{"payable", before->payable, p->payable, s->payable},
		{"payments", before->paid, p->paid, s->paid},
		{"receivable", before->receivable, p->receivable, s->payable - s->paid + unbilled},
		{"VAT", before->vat, p->vat, s->paper_vat + s->vat - s->posted},
	};

	for (uint32_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct money grew = MONEY_ZERO;

		if (money_sub(rows[i].now, rows[i].then, &grew) &&
		    money_minor(grew) == rows[i].ours)
			continue;
		differ(x, p, rows[i].what, money_minor(grew), rows[i].ours);
		return;
	}
}

/* The close before this one; zero where it is the first. */
static void read_before(struct derive *x, uint64_t seq, struct entry_period_closed *ret)
{
	struct db_rows *rows;
	struct entry e;

	*ret = (struct entry_period_closed){0};
	db_ask(x->o->db, &rows,
	       "SELECT e.body FROM period_closed p JOIN entry e ON e.shop = p.shop AND"
	       " e.seq = p.seq WHERE p.shop = $1 AND p.seq < $2 ORDER BY p.seq DESC LIMIT 1",
	       DB_VALUES(db_text(x->shop), of_seq(seq)));
	if (db_next(rows) && entry_decode(ENTRY_PERIOD_CLOSED, db_col_bytes(rows, 0), &e))
		*ret = e.period_closed;
	db_rows_end(rows);
}

static void tell_period(struct derive *x, const struct fact *f)
{
	const struct entry_period_closed *p = &f->e.period_closed;
	char json[200], month[PERIOD_TEXT_SIZE];

	if (x->quiet)
		return;
	period_text(p->period, month);
	snprintf(json, sizeof(json), "{\"period\":\"%s\",\"invoices\":%u,\"seq\":%llu}", month,
		 p->invoices, (unsigned long long)f->raw.seq);
	hook_add(x->o, x->shop, "period.closed", json, x->now);
}

void derive_later_period(struct derive *x, const struct fact *f)
{
	const struct entry_period_closed *p = &f->e.period_closed;
	struct entry_period_closed before;
	struct span_of span;
	struct sums sums = {0};

	read_before(x, f->raw.seq, &before);
	span = (struct span_of){.low = before.low > 0 ? before.low : 1,
				.from = before.upto,
				.upto = p->upto < f->raw.seq ? p->upto : f->raw.seq};
	if (!x->quiet) {
		sum_lines(x, &span, &sums);
		sum_documents(x, &span, &sums);
		sum_payments(x, &span, &sums);
		if (db_failed(x->o->db) == 0)
			compare(x, &before, p, &sums);
	}
	db_do(x->o->db,
	      "INSERT INTO period_closed(shop, period, seq, invoices, receivable)"
	      " VALUES($1, $2, $3, $4, $5) ON CONFLICT(shop, period) DO UPDATE SET"
	      " seq = excluded.seq, invoices = excluded.invoices,"
	      " receivable = excluded.receivable",
	      DB_VALUES(db_text(x->shop), db_int(p->period.n), of_seq(f->raw.seq),
			db_int(p->invoices), db_int(money_minor(p->receivable))));
	tell_period(x, f);
}
