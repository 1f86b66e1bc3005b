/*
 * derive_rows.c: rows of a batch into their tables, many at once.
 *
 * Rows that a table may have already (a visit or an invoice of a number that was given twice) would
 * end the whole batch, and with it all that this shop ever sends again. So only those go in at once
 * whose numbers rise from the newest one on, as a shop's do; for the others the first that came
 * holds.
 */
#include "officed/derive.h"

#include <stdlib.h>

#include "books/vat.h"

#define DAY_MS 86400000LL

/* Rows on their way into one table. */
struct rows {
	struct db *db;
	const char *into;
	uint32_t columns, count;
	struct db_value *value;
};

static struct rows rows_begin(struct derive *x, const char *into, uint32_t columns)
{
	struct rows r = {.db = x->o->db,
			 .into = into,
			 .columns = columns,
			 .value = malloc(DERIVE_ROWS * columns * sizeof(struct db_value))};

	CHECK(r.value && columns <= DERIVE_COLUMNS);
	return r;
}

static void rows_flush(struct rows *r)
{
	if (r->count > 0)
		db_bulk(r->db, r->into, r->columns, r->count, r->value);
	r->count = 0;
}

static struct db_value *rows_next(struct rows *r)
{
	if (r->count == DERIVE_ROWS)
		rows_flush(r);
	return &r->value[r->columns * r->count++];
}

static void rows_end(struct rows *r)
{
	rows_flush(r);
	free(r->value);
}

static struct db_value of_seq(uint64_t seq)
{
	return db_int((int64_t)seq);
}

static struct db_value of_money(struct money m)
{
	return db_int(money_minor(m));
}

static struct db_value of_customer(const struct customer *c)
{
	return db_bytes(c->byte, sizeof(c->byte));
}

/* --- entries */

void derive_entries(struct derive *x)
{
	struct rows r =
		rows_begin(x, "entry(shop, seq, epoch, at, kind, body, body_hash, hash)", 8);
	struct db_value shop = db_text(x->shop);

	for (uint32_t i = 0; i < x->facts; i++) {
		const struct fact *f = &x->fact[i];
		struct db_value *v = rows_next(&r);

		v[0] = shop;
		v[1] = of_seq(f->raw.seq);
		v[2] = db_int(f->raw.epoch);
		v[3] = db_int(f->raw.at.ms);
		v[4] = db_int(f->raw.kind);
		v[5] = f->raw.erased ? db_null() : db_bytes(f->raw.body.data, f->raw.body.len);
		v[6] = f->raw.erased ? db_bytes(f->body_hash.byte, sizeof(f->body_hash.byte))
				     : db_null();
		v[7] = db_bytes(f->hash.byte, sizeof(f->hash.byte));
	}
	rows_end(&r);
}

/* --- visits */

static void visit_values(const struct derive *x, const struct derived_visit *d, struct db_value *v)
{
	const struct fact *f = &x->fact[d->fact];
	const struct entry_visit_opened *e = &f->e.visit_opened;

	v[0] = db_text(x->shop);
	v[1] = db_int((int64_t)e->visit.n);
	v[2] = of_customer(&e->customer);
	v[3] = db_text(e->place.name);
	v[4] = db_int(f->raw.at.ms);
	v[5] = db_int(d->closed_at);
	v[6] = of_seq(f->raw.seq);
}

void derive_put_visits(struct derive *x)
{
	struct rows r =
		rows_begin(x, "visit(shop, visit, customer, place, opened_at, closed_at, seq)", 7);
	int64_t newest = 0;

	if (x->visits > 0 && !db_one(x->o->db, &newest,
				     "SELECT visit FROM visit WHERE shop = $1"
				     " ORDER BY visit DESC LIMIT 1",
				     DB_VALUES(db_text(x->shop))))
		newest = 0;
	for (uint32_t i = 0; i < x->visits; i++) {
		struct db_value v[7];

		visit_values(x, &x->visit[i], v);
		if (v[1].n > newest) {
			newest = v[1].n;
			memcpy(rows_next(&r), v, sizeof(v));
			continue;
		}
		rows_flush(&r);
		db_do(x->o->db,
		      "INSERT INTO visit(shop, visit, customer, place, opened_at, closed_at, seq)"
		      " VALUES($1, $2, $3, $4, $5, $6, $7) ON CONFLICT(shop, visit) DO NOTHING",
		      7, v);
	}
	rows_end(&r);
}

/* --- lines */

struct day derive_day(const struct fact *f)
{
	int64_t days = f->raw.at.ms / DAY_MS - (f->raw.at.ms % DAY_MS < 0);

	if (f->e.line.bought.n != DAY_NONE.n)
		return f->e.line.bought;
	return days < 0 || days > DAY_MAX ? DAY_NONE : (struct day){(int32_t)days};
}

static void line_values(const struct derive *x, const struct derived_line *d, struct db_value *v)
{
	const struct fact *f = &x->fact[d->fact];
	const struct entry_line *l = &f->e.line;

	*v++ = db_text(x->shop);
	*v++ = of_seq(f->raw.seq);
	*v++ = db_int((int64_t)l->visit.n);
	*v++ = db_text(l->key.text);
	*v++ = of_customer(&l->customer);
	*v++ = db_int((int64_t)l->gtin.n);
	*v++ = db_text(l->name);
	*v++ = db_int(l->quantity_milli);
	*v++ = of_money(l->unit_price);
	*v++ = of_money(l->list_price);
	*v++ = of_money(l->total);
	*v++ = of_money(l->deposit);
	*v++ = db_int(l->vat_bp);
	*v++ = of_money(vat_included(l->total, l->vat_bp));
	*v++ = db_int(l->vat_class);
	*v++ = db_int(l->class);
	*v++ = db_int(derive_day(f).n);
	*v++ = db_int(f->raw.at.ms);
	*v++ = db_int(l->late);
	*v++ = of_seq(d->voided);
	*v++ = of_seq(d->credited);
}

void derive_put_lines(struct derive *x)
{
	struct rows r = rows_begin(
		x,
		"line(shop, seq, visit, key, customer, gtin, name, quantity_milli, unit_price,"
		" list_price, total, deposit, vat_bp, vat, vat_class, class, bought, at, late,"
		" voided, credited)",
		21);

	for (uint32_t i = 0; i < x->lines; i++)
		line_values(x, &x->line[i], rows_next(&r));
	rows_end(&r);
}

/* --- invoices */

/* The first of the INVOICE_LINES entries right before `seq`, in older batches. */
static uint64_t first_before(struct derive *x, uint64_t seq, struct invoice_id invoice)
{
	enum {
		LOOK = 200
	}; /* an invoice of INVOICE_LINES_MAX lines has fewer */
	uint64_t first = seq;
	struct db_rows *rows;
	struct entry e;

	db_ask(x->o->db, &rows,
	       "SELECT seq, kind, body FROM entry WHERE shop = $1 AND seq < $2"
	       " ORDER BY seq DESC LIMIT $3",
	       DB_VALUES(db_text(x->shop), of_seq(seq), db_int(LOOK)));
	while (db_next(rows) && db_col_int(rows, 1) == ENTRY_INVOICE_LINES &&
	       entry_decode(ENTRY_INVOICE_LINES, db_col_bytes(rows, 2), &e) &&
	       e.invoice_lines.invoice.n == invoice.n)
		first = (uint64_t)db_col_int(rows, 0);
	db_rows_end(rows);
	return first;
}

static void invoice_values(struct derive *x, const struct derived_invoice *d, struct db_value *v)
{
	const struct fact *f = &x->fact[d->fact];
	const struct entry_invoice *i = &f->e.invoice;
	uint64_t first = d->first_seq;

	if (first == x->fact[0].raw.seq)
		first = first_before(x, first, i->invoice);
	*v++ = db_text(x->shop);
	*v++ = db_int((int64_t)i->invoice.n);
	*v++ = of_seq(f->raw.seq);
	*v++ = of_seq(first);
	*v++ = db_int(0);
	*v++ = of_customer(&i->customer);
	*v++ = db_int(i->period.n);
	*v++ = db_int(i->issued.n);
	*v++ = db_int(i->due.n);
	*v++ = db_int(i->lines);
	*v++ = of_money(i->gross);
	*v++ = of_money(i->rounding);
	*v++ = of_money(i->payable);
	for (uint32_t k = 0; k < 3; k++)
		*v++ = db_int(0); /* original, paid, credited */
}

#define INVOICE_COLUMNS                                                                            \
	"invoice(shop, id, seq, first_seq, credit_note, customer, period, issued, due, lines,"     \
	" gross, rounding, payable, original, paid, credited)"

void derive_put_invoices(struct derive *x)
{
	struct rows r = rows_begin(x, INVOICE_COLUMNS, 16);
	int64_t newest = 0;

	if (x->invoices > 0 &&
	    !db_one(x->o->db, &newest,
		    "SELECT id FROM invoice WHERE shop = $1 ORDER BY id DESC LIMIT 1",
		    DB_VALUES(db_text(x->shop))))
		newest = 0;
	for (uint32_t i = 0; i < x->invoices; i++) {
		struct db_value v[16];

		invoice_values(x, &x->invoice[i], v);
		if (v[1].n > newest) {
			newest = v[1].n;
			memcpy(rows_next(&r), v, sizeof(v));
			continue;
		}
		rows_flush(&r);
		db_do(x->o->db,
		      "INSERT INTO " INVOICE_COLUMNS
		      " VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15,"
		      " $16) ON CONFLICT(shop, id) DO NOTHING",
		      16, v);
	}
	rows_end(&r);
}

/* --- what nobody here can read */

void derive_put_unread(struct derive *x)
{
	struct rows r = rows_begin(x, "unread(shop, seq, kind, at)", 4);

	for (uint32_t i = 0; i < x->facts && x->unread > 0; i++) {
		const struct fact *f = &x->fact[i];
		struct db_value *v;

		if (!fact_unread(f))
			continue;
		v = rows_next(&r);
		v[0] = db_text(x->shop);
		v[1] = of_seq(f->raw.seq);
		v[2] = db_int(f->raw.kind);
		v[3] = db_int(f->raw.at.ms);
	}
	rows_end(&r);
}
