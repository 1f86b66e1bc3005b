/*
 * derive.c: what follows from a batch of entries.
 *
 * In one walk the rows that only grow are gathered: visits, lines, invoices, and what moved the
 * shelf. A line voided or a visit closed in the batch that opened it is found there. Everything
 * else waits until those rows are written, and is then worked off in the order of the entries, each
 * by statements of its own that look no further than their entry: money set against invoices, lines
 * of older batches taken back, days put right. So it makes no difference how entries were cut into
 * batches.
 */
#include "officed/derive.h"
#include "officed/unanswered.h"

#include <stdlib.h>

static void *room(uint32_t n, size_t size)
{
	void *p = malloc((n > 0 ? n : 1) * size);

	CHECK(p);
	return p;
}

static void later(struct derive *x, uint32_t i)
{
	x->later[x->laters++] = i;
}

/* --- the walk */

static void closed(struct derive *x, uint32_t i)
{
	const struct fact *f = &x->fact[i];

	for (uint32_t n = x->visits, k = 0; n > 0 && k < DERIVE_LOOK_BACK; n--, k++) {
		struct derived_visit *v = &x->visit[n - 1];

		if (x->fact[v->fact].e.visit_opened.visit.n == f->e.visit_closed.visit.n) {
			v->closed_at = f->raw.at.ms;
			return;
		}
	}
	later(x, i);
}

static void voided(struct derive *x, uint32_t i)
{
	const struct fact *f = &x->fact[i];
	const struct entry_line_voided *v = &f->e.line_voided;

	x->line_changes++;
	for (uint32_t n = x->lines, k = 0; n > 0 && k < DERIVE_LOOK_BACK; n--, k++) {
		struct derived_line *l = &x->line[n - 1];
		const struct entry_line *e = &x->fact[l->fact].e.line;

		if (e->visit.n != v->visit.n || strcmp(e->key.text, v->key.text) != 0 ||
		    l->voided != 0 || l->credited != 0)
			continue;
		l->voided = f->raw.seq;
		derive_move(x, e->gtin, e->quantity_milli, f->raw.seq);
		return;
	}
	later(x, i);
}

static void sold(struct derive *x, uint32_t i)
{
	const struct fact *f = &x->fact[i];

	x->line_changes++;
	x->line[x->lines++] = (struct derived_line){.fact = i};
	derive_move(x, f->e.line.gtin, -(int64_t)f->e.line.quantity_milli, f->raw.seq);
}

/* The INVOICE_LINES entries that stand right before an invoice; those of an older batch are counted
 * when it is written. */
static void billed(struct derive *x, uint32_t i)
{
	const struct fact *f = x->fact;
	uint32_t first = i;

	while (first > 0 && f[first - 1].readable && f[first - 1].e.kind == ENTRY_INVOICE_LINES &&
	       f[first - 1].e.invoice_lines.invoice.n == f[i].e.invoice.invoice.n)
		first--;
	x->invoice_changes++;
	x->invoice[x->invoices++] =
		(struct derived_invoice){.fact = i, .first_seq = f[first].raw.seq};
	later(x, i);
}

static void unread(struct derive *x, uint32_t i)
{
	if (!fact_unread(&x->fact[i]))
		return;
	if (x->unread++ == 0) {
		x->unread_first = x->fact[i].raw.seq;
		x->unread_kind = x->fact[i].raw.kind;
	}
}

static void walk(struct derive *x, uint32_t i)
{
	const struct fact *f = &x->fact[i];

	if (!f->readable) {
		unread(x, i);
		return;
	}
	switch (f->e.kind) {
	case ENTRY_VISIT_OPENED:
		x->visit[x->visits++] = (struct derived_visit){.fact = i};
		break;
	case ENTRY_VISIT_CLOSED:
		closed(x, i);
		break;
	case ENTRY_LINE:
		sold(x, i);
		break;
	case ENTRY_LINE_VOIDED:
		voided(x, i);
		break;
	case ENTRY_LINE_CREDITED:
		x->line_changes++;
		later(x, i);
		break;
	case ENTRY_STOCK:
		derive_stock_entry(x, f);
		break;
	case ENTRY_INVOICE:
		billed(x, i);
		break;
	case ENTRY_CREDIT_NOTE:
		x->invoice_changes++;
		later(x, i);
		break;
	case ENTRY_START:
	case ENTRY_CLOCK:
	case ENTRY_ALARM:
	case ENTRY_PAYMENT:
	case ENTRY_PAYMENT_ASSIGNED:
	case ENTRY_PERIOD_CLOSED:
	case ENTRY_COMMAND:
	case ENTRY_ERASED:
		later(x, i);
		break;
	case ENTRY_STOP:
	case ENTRY_ADMITTED:
	case ENTRY_REFUSED:
	case ENTRY_REFUSALS:
	case ENTRY_DOOR:
	case ENTRY_VISIT_JOINED:
	case ENTRY_LOST:
	case ENTRY_TAX:
	case ENTRY_CHART:
	case ENTRY_INVOICE_LINES:
	case ENTRY_CHECK:
	case ENTRY_REPORTED:
	case ENTRY_OFFICE:
	case ENTRY_TOLD:
		break; /* no table of ours follows from them */
	}
}

/* --- one by one, after the rows */

static void work_off(struct derive *x, const struct fact *f)
{
	switch ((int)f->e.kind) {
	case ENTRY_START:
	case ENTRY_CLOCK:
		derive_later_clock(x, f);
		break;
	case ENTRY_ALARM:
		x->alarms = true;
		derive_later_alarm(x, f);
		break;
	case ENTRY_VISIT_CLOSED:
		derive_later_closed(x, f);
		break;
	case ENTRY_LINE_VOIDED:
		derive_later_void(x, f);
		break;
	case ENTRY_LINE_CREDITED:
		derive_later_credit(x, f);
		break;
	case ENTRY_INVOICE:
		derive_later_invoice(x, f);
		break;
	case ENTRY_CREDIT_NOTE:
		derive_later_note(x, f);
		break;
	case ENTRY_PAYMENT:
		derive_later_payment(x, f);
		break;
	case ENTRY_PAYMENT_ASSIGNED:
		derive_later_assigned(x, f);
		break;
	case ENTRY_PERIOD_CLOSED:
		derive_later_period(x, f);
		break;
	case ENTRY_COMMAND:
		derive_later_command(x, f);
		break;
	case ENTRY_ERASED:
		derive_later_erased(x, f);
		break;
	}
}

void derive_batch(struct derive *x, struct office *o, const char *shop, struct batch *b,
		  uint32_t skip, struct wall now, bool quiet)
{
	uint32_t n = b->facts - skip;

	*x = (struct derive){.o = o,
			     .shop = shop,
			     .now = now,
			     .quiet = quiet,
			     .batch = b,
			     .fact = b->fact + skip,
			     .facts = n,
			     .visit = room(n, sizeof(*x->visit)),
			     .line = room(n, sizeof(*x->line)),
			     .invoice = room(n, sizeof(*x->invoice)),
			     .later = room(n, sizeof(*x->later))};
	for (uint32_t i = 0; i < n; i++)
		walk(x, i);
	derive_put_visits(x);
	derive_put_lines(x);
	if (!quiet) {
		if (!batch_chained(b))
			return;
		derive_entries(x);
	}
	derive_put_invoices(x);
	derive_put_unread(x);
	for (uint32_t i = 0; i < x->laters && db_failed(o->db) == 0; i++)
		work_off(x, &x->fact[x->later[i]]);
	derive_put_stock(x);
	if (x->alarms && !quiet)
		unanswered_look(o, shop, now);
}

void derive_free(struct derive *x)
{
	free(x->visit);
	free(x->line);
	free(x->invoice);
	free(x->later);
	free(x->stock);
	free(x->stock_slot);
	*x = (struct derive){0};
}

/* --- its number among all batches */

static void number(struct derive *x, int64_t n, uint64_t first, uint64_t last, uint32_t invoices,
		   uint32_t moves)
{
	db_do(x->o->db,
	      "INSERT INTO arrival(shop, n, first_seq, last_seq, lines, invoices, moves)"
	      " VALUES($1, $2, $3, $4, $5, $6, $7)",
	      DB_VALUES(db_text(x->shop), db_int(n), db_int((int64_t)first), db_int((int64_t)last),
			db_int(x->line_changes), db_int(invoices), db_int(moves)));
}

/* Lines of older batches whose day was put right are told once more, under a number of their own.
 */
void derive_arrival(struct derive *x)
{
	bool again = x->dated_first != 0;
	int64_t n = 0;

	if (again && x->line_changes == 0)
		x->line_changes = 1;
	if (x->line_changes == 0 && x->invoice_changes == 0 && x->stocks == 0)
		return;
	if (!db_one(x->o->db, &n,
		    "UPDATE counter SET n = n + $1 WHERE name = 'arrival' RETURNING n",
		    DB_VALUES(db_int(again ? 2 : 1))))
		return;
	if (again)
		number(x, n - 1, x->dated_first, x->dated_last, 0, 0);
	number(x, n, x->fact[0].raw.seq, x->fact[x->facts - 1].raw.seq, x->invoice_changes,
	       x->stocks);
}
