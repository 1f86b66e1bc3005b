/*
 * me_bill.c: what a member has bought that no invoice bears yet. Which lines an invoice bears
 * stands in its entries and nowhere else: a close leaves out visits that still go on, so that no
 * day and no entry number parts what is billed from what is not. The newest close says before which
 * entry every line is done with; behind it her lines are read, and her invoices' lists of theirs.
 *
 * Prices have their VAT in them. The invoice is rounded to whole kronor, this is not.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "books/invoice.h"
#include "officed/me.h"
#include "wire/entry.h"

enum {
	LINES_MAX = 20000, /* of one member that no invoice bears; DB_ROWS_MAX is farther */
	BILL_RATES_MAX = 16,
	PAPERS_MAX = 24,  /* invoices since the newest close: one, and few more */
	CHUNKS_MAX = 500, /* INVOICE_LINES entries of one invoice */
};

struct rate {
	int64_t vat_bp, total, vat;
};

struct summing {
	struct office *o;
	const struct person *p;
	const struct my_shop *shop;
	uint64_t low; /* every line before it is done with */
	uint64_t *billed;
	uint32_t billeds, room;
	int64_t lines, total, deposit, credit;
	uint32_t rates;
	struct rate rate[BILL_RATES_MAX];
};

static struct db_value customer_of(const struct person *p)
{
	return db_bytes(p->customer.byte, sizeof(p->customer.byte));
}

static void low_read(struct summing *s)
{
	struct db_rows *rows;
	struct entry e;

	s->low = 1;
	db_ask(s->o->db, &rows,
	       "SELECT e.body FROM period_closed p JOIN entry e ON e.shop = p.shop AND"
	       " e.seq = p.seq WHERE p.shop = $1 ORDER BY p.seq DESC LIMIT 1",
	       DB_VALUES(db_text(s->shop->name)));
	if (db_next(rows) && entry_decode(ENTRY_PERIOD_CLOSED, db_col_bytes(rows, 0), &e) &&
	    e.period_closed.low > 0 && e.period_closed.low < INT64_MAX)
		s->low = e.period_closed.low;
	db_rows_end(rows);
}

/* ---- what invoices bear ---- */

static void billed_add(struct summing *s, uint64_t line)
{
	if (line < s->low)
		return;
	if (s->billeds == s->room) {
		s->room = s->room == 0 ? 256 : 2 * s->room;
		s->billed = realloc(s->billed, s->room * sizeof(*s->billed));
		CHECK(s->billed != NULL);
	}
	s->billed[s->billeds++] = line;
}

static void unpack(struct summing *s, const struct entry_invoice_lines *l)
{
	struct span packed = {l->packed, l->packed_len};
	uint64_t line = 0, step;

	while (packed.len > 0 && s->billeds < DB_ROWS_MAX && span_take_varint(&packed, &step)) {
		line += step;
		billed_add(s, line);
	}
}

static void invoice_read(struct summing *s, int64_t first_seq, int64_t seq)
{
	struct db_rows *rows;

	db_ask(s->o->db, &rows,
	       "SELECT body FROM entry WHERE shop = $1 AND seq >= $2 AND seq < $3 AND kind = $4"
	       " ORDER BY seq LIMIT $5",
	       DB_VALUES(db_text(s->shop->name), db_int(first_seq), db_int(seq),
			 db_int(ENTRY_INVOICE_LINES), db_int(CHUNKS_MAX)));
	while (db_next(rows)) {
		struct entry e;

		if (entry_decode(ENTRY_INVOICE_LINES, db_col_bytes(rows, 0), &e))
			unpack(s, &e.invoice_lines);
	}
	db_rows_end(rows);
}

static int ascending(const void *a, const void *b)
{
	uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;

	return left < right ? -1 : left > right;
}

static void billed_read(struct summing *s)
{
	struct db_rows *rows;

	db_ask(s->o->db, &rows,
	       "SELECT first_seq, seq FROM invoice WHERE customer = $1 AND shop = $2"
	       " AND credit_note = 0 AND seq > $3 ORDER BY seq DESC LIMIT $4",
	       DB_VALUES(customer_of(s->p), db_text(s->shop->name), db_int((int64_t)s->low),
			 db_int(PAPERS_MAX)));
	while (db_next(rows))
		invoice_read(s, db_col_int(rows, 0), db_col_int(rows, 1));
	db_rows_end(rows);
	if (s->billeds > 0)
		qsort(s->billed, s->billeds, sizeof(*s->billed), ascending);
}

static bool is_billed(const struct summing *s, uint64_t line)
{
	return s->billeds > 0 && bsearch(&line, s->billed, s->billeds, sizeof(line), ascending);
}

/* ---- the lines ---- */

static void rate_add(struct summing *s, int64_t vat_bp, int64_t total, int64_t vat)
{
	uint32_t i = 0;

	while (i < s->rates && s->rate[i].vat_bp != vat_bp)
		i++;
	if (i == BILL_RATES_MAX)
		return; /* the sum has it all the same */
	if (i == s->rates)
		s->rate[s->rates++] = (struct rate){.vat_bp = vat_bp};
	s->rate[i].total += total;
	s->rate[i].vat += vat;
}

static void lines_read(struct summing *s)
{
	struct db_rows *rows;

	db_ask(s->o->db, &rows,
	       "SELECT seq, total, deposit, vat_bp, vat, credited FROM line WHERE shop = $1"
	       " AND seq >= $2 AND customer = $3 AND voided = 0 ORDER BY seq LIMIT $4",
	       DB_VALUES(db_text(s->shop->name), db_int((int64_t)s->low), customer_of(s->p),
			 db_int(LINES_MAX)));
	while (db_next(rows)) {
		if (is_billed(s, (uint64_t)db_col_int(rows, 0)))
			continue;
		if (db_col_int(rows, 5) != 0) {
			s->credit += db_col_int(rows, 1);
			continue;
		}
		s->lines++;
		s->total += db_col_int(rows, 1);
		s->deposit += db_col_int(rows, 2);
		rate_add(s, db_col_int(rows, 3), db_col_int(rows, 1), db_col_int(rows, 4));
	}
	db_rows_end(rows);
}

/* ---- the answer ---- */

static json_t *shop_json(const struct summing *s)
{
	json_t *vat = json_array();

	for (uint32_t i = 0; i < s->rates; i++)
		json_array_append_new(vat, json_pack("{s:I, s:I, s:I, s:s}", "vat_bp",
						     (json_int_t)s->rate[i].vat_bp, "total_minor",
						     (json_int_t)s->rate[i].total, "vat_minor",
						     (json_int_t)s->rate[i].vat, "currency",
						     s->shop->currency));
	return json_pack("{s:s, s:s, s:I, s:I, s:I, s:I, s:o, s:s, s:o}", "shop", s->shop->name,
			 "title", s->shop->title, "lines", (json_int_t)s->lines, "total_minor",
			 (json_int_t)s->total, "deposit_minor", (json_int_t)s->deposit,
			 "credit_minor", (json_int_t)s->credit, "vat", vat, "currency",
			 s->shop->currency, "as_of", json_wall(s->shop->as_of));
}

static json_t *sum_json(bool one, int64_t minor)
{
	return one ? json_integer(minor) : json_null();
}

json_t *my_bill(struct office *o, const struct person *p, const struct my_shops *shops)
{
	const char *currency = my_currency(shops);
	int64_t total = 0, deposit = 0, credit = 0;
	json_t *list = json_array();

	for (uint32_t i = 0; i < shops->count; i++) {
		struct summing s = {.o = o, .p = p, .shop = &shops->shop[i]};

		low_read(&s);
		billed_read(&s);
		lines_read(&s);
		if (s.lines > 0 || s.credit != 0)
			json_array_append_new(list, shop_json(&s));
		total += s.total;
		deposit += s.deposit;
		credit += s.credit;
		free(s.billed);
	}
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "shops", list, "total_minor",
			 sum_json(currency != NULL, total), "deposit_minor",
			 sum_json(currency != NULL, deposit), "credit_minor",
			 sum_json(currency != NULL, credit), "currency",
			 currency != NULL ? json_string(currency) : json_null(), "as_of",
			 json_wall(my_shops_as_of(shops)));
}

bool my_unbilled(const json_t *bill, int64_t *ret_minor)
{
	const json_t *total = json_object_get(bill, "total_minor");

	if (!json_is_integer(total))
		return false;
	*ret_minor = json_integer_value(total);
	return true;
}
