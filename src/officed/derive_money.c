/*
 * derive_money.c: money that came in, and which invoice it pays: the shop's own rule
 * (ledger/derive_payment.c), so that both say the same of every invoice.
 *
 * A payment is set against the invoice that it names, then against the customer's oldest unpaid
 * ones; what is left is in the customer's favour and pays the next invoice as that is made. Where a
 * credit note makes an invoice owe less than was paid on it, what is too much is free again. Money
 * that went back takes first what was free, then from what had been paid, the named invoice before
 * the newest. Which payment paid which invoice is nobody's question: what is free is all that came
 * in less all that is paid.
 */
#include "officed/derive.h"

#include <stdio.h>
#include <stdlib.h>

#include "officed/pull.h"

static struct db_value of_seq(uint64_t seq)
{
	return db_int((int64_t)seq);
}

static struct db_value of_customer(const struct customer *c)
{
	return db_bytes(c->byte, sizeof(c->byte));
}

static int64_t smaller(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* What came in and is set against nothing; < 0: more went back than was free. */
static int64_t pool_of(struct derive *x, const struct customer *customer)
{
	int64_t pool = 0;

	if (!db_one(x->o->db, &pool,
		    "SELECT CAST(coalesce((SELECT sum(amount) FROM payment WHERE shop = $1"
		    " AND customer = $2), 0) - coalesce((SELECT sum(paid) FROM invoice"
		    " WHERE shop = $1 AND customer = $2 AND credit_note = 0), 0) AS BIGINT)"
		    " LIMIT 1",
		    DB_VALUES(db_text(x->shop), of_customer(customer))))
		return 0;
	return pool;
}

static void pay(struct derive *x, int64_t invoice, int64_t amount)
{
	db_do(x->o->db, "UPDATE invoice SET paid = paid + $3 WHERE shop = $1 AND id = $2",
	      DB_VALUES(db_text(x->shop), db_int(invoice), db_int(amount)));
}

/* An invoice and an amount, by a query of (shop, customer, newest entry, first invoice). */
static bool find(struct derive *x, const char *sql, const struct fact *f,
		 const struct customer *customer, struct invoice_id first, int64_t *ret_id,
		 int64_t *ret_amount)
{
	struct db_rows *rows;
	bool found;

	db_ask(x->o->db, &rows, sql,
	       DB_VALUES(db_text(x->shop), of_customer(customer), of_seq(f->raw.seq),
			 of_seq(first.n)));
	found = db_next(rows);
	if (found) {
		*ret_id = db_col_int(rows, 0);
		*ret_amount = db_col_int(rows, 1);
	}
	db_rows_end(rows);
	return found;
}

static const char get_unpaid[] =
	"SELECT id, payable - credited - paid FROM invoice WHERE shop = $1 AND customer = $2"
	" AND credit_note = 0 AND seq <= $3 AND payable > credited + paid"
	" ORDER BY CASE WHEN id = $4 THEN 0 ELSE 1 END, due, id LIMIT 1";
static const char get_paid[] =
	"SELECT id, paid FROM invoice WHERE shop = $1 AND customer = $2"
	" AND credit_note = 0 AND seq <= $3 AND paid > 0"
	" ORDER BY CASE WHEN id = $4 THEN 0 ELSE 1 END, due DESC, id DESC LIMIT 1";

/* Sets what a customer has in favour against what is unpaid, `first` before the rest; or takes what
 * went back and was not free off what had been paid. */
static void settle(struct derive *x, const struct fact *f, const struct customer *customer,
		   struct invoice_id first)
{
	int64_t pool = pool_of(x, customer), invoice, amount, part;

	while (pool > 0 && find(x, get_unpaid, f, customer, first, &invoice, &amount)) {
		part = smaller(pool, amount);
		pay(x, invoice, part);
		pool -= part;
	}
	while (pool < 0 && find(x, get_paid, f, customer, first, &invoice, &amount)) {
		part = smaller(-pool, amount);
		pay(x, invoice, -part);
		pool += part;
	}
}

static bool is_nobody(const struct customer *customer)
{
	static const struct customer nobody;

	return customer_is(*customer, nobody);
}

void derive_later_payment(struct derive *x, const struct fact *f)
{
	const struct entry_payment *p = &f->e.payment;

	db_do(x->o->db,
	      "INSERT INTO payment(shop, key, seq, customer, invoice, amount, booked, assigned)"
	      " VALUES($1, $2, $3, $4, $5, $6, $7, 0) ON CONFLICT(shop, key) DO NOTHING",
	      DB_VALUES(db_text(x->shop), db_text(p->key), of_seq(f->raw.seq),
			of_customer(&p->customer), of_seq(p->invoice.n),
			db_int(money_minor(p->amount)), db_int(p->booked.n)));
	if (!is_nobody(&p->customer))
		settle(x, f, &p->customer, p->invoice);
}

void derive_later_assigned(struct derive *x, const struct fact *f)
{
	static const struct customer nobody;
	const struct entry_payment_assigned *p = &f->e.payment_assigned;
	int64_t named = 0;

	if (is_nobody(&p->customer) ||
	    !db_one(x->o->db, &named,
		    "UPDATE payment SET customer = $3, assigned = $5,"
		    " invoice = CASE WHEN $4 > 0 THEN $4 ELSE invoice END"
		    " WHERE shop = $1 AND key = $2 AND customer = $6 RETURNING invoice",
		    DB_VALUES(db_text(x->shop), db_text(p->key), of_customer(&p->customer),
			      of_seq(p->invoice.n), of_seq(f->raw.seq), of_customer(&nobody))))
		return;
	settle(x, f, &p->customer, (struct invoice_id){(uint64_t)named});
}

static const char *currency_of(struct derive *x)
{
	struct db_rows *rows;

	if (x->currency[0] != '\0')
		return x->currency;
	db_ask(x->o->db, &rows, "SELECT currency FROM shop WHERE shop = $1 LIMIT 1",
	       DB_VALUES(db_text(x->shop)));
	if (db_next(rows))
		snprintf(x->currency, sizeof(x->currency), "%s", db_col_text(rows, 0));
	db_rows_end(rows);
	return x->currency;
}

static void tell_document(struct derive *x, const struct fact *f)
{
	char *json;

	if (x->quiet)
		return;
	json = pull_document_json(x->shop, currency_of(x), f->raw.seq, &f->e);
	hook_add(x->o, x->shop, "invoice.created", json, x->now);
	free(json);
}

void derive_later_invoice(struct derive *x, const struct fact *f)
{
	settle(x, f, &f->e.invoice.customer, f->e.invoice.invoice);
	tell_document(x, f);
}

/* --- credit notes */

/* What had been paid of it already and is more than it owes now, is free again. */
static void unbill(struct derive *x, const struct fact *f)
{
	const struct entry_credit_note *n = &f->e.credit_note;
	int64_t over = 0, paid = 0;
	struct db_rows *rows;

	db_ask(x->o->db, &rows,
	       "UPDATE invoice SET credited = credited + $3 WHERE shop = $1 AND id = $2"
	       " AND credit_note = 0 AND seq < $4 RETURNING credited + paid - payable, paid",
	       DB_VALUES(db_text(x->shop), of_seq(n->invoice.n), db_int(money_minor(n->payable)),
			 of_seq(f->raw.seq)));
	if (db_next(rows)) {
		over = db_col_int(rows, 0);
		paid = db_col_int(rows, 1);
	}
	db_rows_end(rows);
	over = smaller(over, paid);
	if (over > 0)
		pay(x, (int64_t)n->invoice.n, -over);
	settle(x, f, &n->customer, (struct invoice_id){0});
}

/* Goods of one line, back on the shelf. */
static void return_line(struct derive *x, uint64_t line, uint64_t seq)
{
	struct db_rows *rows;

	db_ask(x->o->db, &rows,
	       "SELECT gtin, quantity_milli FROM line WHERE shop = $1 AND seq = $2 LIMIT 1",
	       DB_VALUES(db_text(x->shop), of_seq(line)));
	if (db_next(rows))
		derive_move(x, (struct gtin){(uint64_t)db_col_int(rows, 0)}, db_col_int(rows, 1),
			    seq);
	db_rows_end(rows);
}

static void return_packed(struct derive *x, const struct entry_invoice_lines *l, uint64_t seq)
{
	struct span packed = {l->packed, l->packed_len};
	uint64_t line = 0, step;

	while (span_take_varint(&packed, &step) && step > 0 && step < seq - line) {
		line += step;
		return_line(x, line, seq);
	}
}

/* Goods of every line that the invoice bears. */
static void return_all(struct derive *x, const struct fact *f, int64_t first, int64_t invoice_seq)
{
	struct db_rows *rows;
	struct entry e;

	db_ask(x->o->db, &rows,
	       "SELECT kind, body FROM entry WHERE shop = $1 AND seq >= $2 AND seq < $3"
	       " ORDER BY seq LIMIT 1000",
	       DB_VALUES(db_text(x->shop), db_int(first), db_int(invoice_seq)));
	while (db_next(rows))
		if (db_col_int(rows, 0) == ENTRY_INVOICE_LINES &&
		    entry_decode(ENTRY_INVOICE_LINES, db_col_bytes(rows, 1), &e))
			return_packed(x, &e.invoice_lines, f->raw.seq);
	db_rows_end(rows);
}

static void put_note(struct derive *x, const struct fact *f, int64_t lines)
{
	const struct entry_credit_note *n = &f->e.credit_note;

	db_do(x->o->db,
	      "INSERT INTO invoice(shop, id, seq, first_seq, credit_note, customer, period, issued,"
	      " due, lines, gross, rounding, payable, original, paid, credited)"
	      " VALUES($1, $2, $3, $3, 1, $4, $5, $6, $6, $7, $8, $9, $10, $11, 0, 0)"
	      " ON CONFLICT(shop, id) DO NOTHING",
	      DB_VALUES(db_text(x->shop), of_seq(n->credit_note.n), of_seq(f->raw.seq),
			of_customer(&n->customer), db_int(period_of(n->issued).n),
			db_int(n->issued.n), db_int(lines), db_int(money_minor(n->gross)),
			db_int(money_minor(n->rounding)), db_int(money_minor(n->payable)),
			of_seq(n->invoice.n)));
}

void derive_later_note(struct derive *x, const struct fact *f)
{
	const struct entry_credit_note *n = &f->e.credit_note;
	int64_t lines = 1, first = 0, last = 0;
	struct db_rows *rows;

	db_ask(x->o->db, &rows,
	       "SELECT lines, first_seq, seq FROM invoice WHERE shop = $1 AND id = $2"
	       " AND credit_note = 0 LIMIT 1",
	       DB_VALUES(db_text(x->shop), of_seq(n->invoice.n)));
	if (n->line == 0 && db_next(rows)) {
		lines = db_col_int(rows, 0);
		first = db_col_int(rows, 1);
		last = db_col_int(rows, 2);
	}
	db_rows_end(rows);
	put_note(x, f, lines);
	if (n->reason == CREDIT_WRONG_LINE && n->line != 0)
		return_line(x, n->line, f->raw.seq);
	else if (n->reason == CREDIT_WRONG_LINE)
		return_all(x, f, first, last);
	unbill(x, f);
	tell_document(x, f);
}
