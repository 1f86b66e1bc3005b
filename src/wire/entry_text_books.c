/*
 * entry_text_books.c: the facts of the books as one line each. An invoice's number stands without
 * the shop's name: a line of a log has that already.
 */
#include "wire/entry_say.h"

static void say_invoice(struct text_out *out, const char *before, struct invoice_id id)
{
	say(out, "%s%04u-%06u", before, (unsigned)(id.n / 1000000), (unsigned)(id.n % 1000000));
}

static void say_day(struct text_out *out, const char *before, struct day day)
{
	char text[DAY_TEXT_SIZE];

	if (day.n == DAY_NONE.n)
		return;
	day_text(day, text);
	say(out, "%s%s", before, text);
}

static void say_period(struct text_out *out, const char *before, struct period period)
{
	char text[PERIOD_TEXT_SIZE];

	period_text(period, text);
	say(out, "%s%s", before, text);
}

static void say_by(struct text_out *out, const char *by)
{
	if (by[0] != '\0')
		say(out, ", by %s", by);
}

static void say_tax(struct text_out *out, const struct entry_tax *t)
{
	say(out, "VAT rates:");
	for (uint32_t i = 0; i < t->rates && out->len < ENTRY_TEXT_SIZE - 64; i++) {
		say(out, "%s %s %d.%02d %%", i ? "," : "", vat_class_word(t->rate[i].class),
		    t->rate[i].vat_bp / 100, t->rate[i].vat_bp % 100);
		say_day(out, " from ", t->rate[i].from);
	}
}

static void say_chart(struct text_out *out, const struct entry_chart *c)
{
	say(out, "chart of accounts: receivable %u, bank %u, stock %u", c->receivable, c->bank,
	    c->stock);
	for (uint32_t i = 0; i < c->rates; i++)
		say(out, ", %d.%02d %%: %u %u %u", c->rate[i].vat_bp / 100, c->rate[i].vat_bp % 100,
		    c->rate[i].sales, c->rate[i].vat, c->rate[i].deposit);
}

static void say_invoice_lines(struct text_out *out, const struct entry_invoice_lines *l)
{
	say_invoice(out, "invoice ", l->invoice);
	say(out, " bears %u %s", l->lines, l->lines == 1 ? "line" : "lines");
}

static void say_made_invoice(struct text_out *out, const struct entry_invoice *i)
{
	say_invoice(out, "invoice ", i->invoice);
	say(out, " to ");
	say_customer(out, i->customer);
	say_period(out, " for ", i->period);
	say(out, ", %u %s,", i->lines, i->lines == 1 ? "line" : "lines");
	say_money(out, " ", i->payable);
	say_day(out, ", due ", i->due);
}

static void say_credit_note(struct text_out *out, const struct entry_credit_note *n)
{
	say_invoice(out, "credit note ", n->credit_note);
	say_invoice(out, " on invoice ", n->invoice);
	if (n->line != 0)
		say(out, ", line %llu", (unsigned long long)n->line);
	say(out, ", to ");
	say_customer(out, n->customer);
	say_money(out, ", ", n->payable);
	say(out, " (%s)", credit_reason_word(n->reason));
	say_by(out, n->by);
}

static void say_line_credited(struct text_out *out, const struct entry_line_credited *l)
{
	say(out, "line %llu credited to ", (unsigned long long)l->line);
	say_customer(out, l->customer);
	say_money(out, ", ", l->total);
	say(out, " (%s)", credit_reason_word(l->reason));
	say_by(out, l->by);
}

static void say_period_closed(struct text_out *out, const struct entry_period_closed *p)
{
	say_period(out, "", p->period);
	say(out, " closed: %u %s, lines", p->invoices, p->invoices == 1 ? "invoice" : "invoices");
	say_money(out, " ", p->lines);
	say_money(out, " = invoiced ", p->invoiced);
	say_money(out, " + unbilled ", p->unbilled);
}

/* Thousandths, as people write them. */
static void say_quantity(struct text_out *out, const char *before, int64_t milli)
{
	say(out, "%s%s%lld.%03lld", before, milli < 0 ? "-" : "",
	    (long long)(milli < 0 ? -(milli / 1000) : milli / 1000),
	    (long long)(milli < 0 ? -(milli % 1000) : milli % 1000));
}

static void say_stock(struct text_out *out, const struct entry_stock *s)
{
	char gtin[GTIN_TEXT_MAX + 1];

	gtin_text(s->gtin, gtin);
	say(out, "stock: %s of %s", movement_word(s->kind), gtin);
	say_quantity(out, ", ", s->quantity_milli);
	if (s->kind == MOVEMENT_DELIVERY)
		say_money(out, " at ", s->unit_cost);
	say_day(out, ", use by ", s->use_by);
	say_day(out, ", best before ", s->best_before);
	say_by(out, s->by);
}

static void say_owner(struct text_out *out, struct customer customer)
{
	static const struct customer nobody;

	if (customer_is(customer, nobody)) {
		say(out, "nobody yet");
		return;
	}
	say_customer(out, customer);
}

static void say_payment(struct text_out *out, const struct entry_payment *p)
{
	say_money(out, "payment of ", p->amount);
	say_day(out, ", booked ", p->booked);
	say(out, ", from ");
	say_owner(out, p->customer);
	if (p->invoice.n != 0)
		say_invoice(out, ", for invoice ", p->invoice);
}

static void say_payment_assigned(struct text_out *out, const struct entry_payment_assigned *p)
{
	say(out, "a payment is from ");
	say_owner(out, p->customer);
	if (p->invoice.n != 0)
		say_invoice(out, ", for invoice ", p->invoice);
	say_by(out, p->by);
}

static void say_check(struct text_out *out, const struct entry_check *c)
{
	say_visit(out, "", c->visit);
	say(out, ": check %s (%s)", check_state_word(c->state), check_reason_word(c->reason));
	say_by(out, c->by);
}

static void say_reported(struct text_out *out, const struct entry_reported *r)
{
	say_visit(out, "", r->visit);
	say(out, ": line %s reported (%s)", r->line.text, credit_reason_word(r->reason));
}

void say_books(struct text_out *out, const struct entry *e)
{
	switch ((int)e->kind) {
	case ENTRY_TAX:
		say_tax(out, &e->tax);
		return;
	case ENTRY_CHART:
		say_chart(out, &e->chart);
		return;
	case ENTRY_INVOICE_LINES:
		say_invoice_lines(out, &e->invoice_lines);
		return;
	case ENTRY_INVOICE:
		say_made_invoice(out, &e->invoice);
		return;
	case ENTRY_CREDIT_NOTE:
		say_credit_note(out, &e->credit_note);
		return;
	case ENTRY_LINE_CREDITED:
		say_line_credited(out, &e->line_credited);
		return;
	case ENTRY_PERIOD_CLOSED:
		say_period_closed(out, &e->period_closed);
		return;
	case ENTRY_STOCK:
		say_stock(out, &e->stock);
		return;
	case ENTRY_PAYMENT:
		say_payment(out, &e->payment);
		return;
	case ENTRY_PAYMENT_ASSIGNED:
		say_payment_assigned(out, &e->payment_assigned);
		return;
	case ENTRY_CHECK:
		say_check(out, &e->check);
		return;
	case ENTRY_REPORTED:
		say_reported(out, &e->reported);
		return;
	}
	CHECK(false);
}
