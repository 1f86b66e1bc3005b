/*
 * entry_text.c: a fact as one line for a log, a person, a story. It names a customer by the first
 * eight digits of the key, which finds the row again and says nothing to a stranger; it names no
 * token id, no bearer, no alarm's code and no bank's reference, and it leaves out what somebody
 * wrote of a credit, a count or a report: such words may hold a name.
 */
#include "wire/entry.h"

#include <stdarg.h>
#include <stdio.h>

struct text_out {
	char *text;
	uint32_t len; /* < ENTRY_TEXT_SIZE */
};

__attribute__((format(printf, 2, 3))) static void say(struct text_out *out, const char *format, ...)
{
	uint32_t room = ENTRY_TEXT_SIZE - out->len;
	va_list arguments;
	int wrote;

	va_start(arguments, format);
	wrote = vsnprintf(out->text + out->len, room, format, arguments);
	va_end(arguments);
	CHECK(wrote >= 0 && (uint32_t)wrote < room);
	out->len += (uint32_t)wrote;
}

static void say_place(struct text_out *out, const struct place *place)
{
	if (place->name[0] != '\0')
		say(out, "%s: ", place->name);
}

static void say_customer(struct text_out *out, struct customer customer)
{
	char hex[2 * sizeof(customer.byte) + 1];

	hex_text(customer.byte, sizeof(customer.byte), hex);
	say(out, "%.8s", hex);
}

static void say_visit(struct text_out *out, const char *before, struct visit_id visit)
{
	char name[VISIT_TEXT_SIZE];

	visit_text(visit, name);
	say(out, "%svisit %s", before, name);
}

static void say_money(struct text_out *out, const char *before, struct money money)
{
	char text[MONEY_TEXT_SIZE];

	money_text(money, text);
	say(out, "%s%s", before, text);
}

static const char *road_word(enum road road)
{
	static const char *const words[ROADS] = {"scanner", "phone", "nfc"};

	CHECK(road < ROADS);
	return words[road];
}

static void say_clock(struct text_out *out, const struct entry *e)
{
	int64_t step_ms = 0;

	if (e->at.ms != 0 && __builtin_sub_overflow(e->at.ms, e->clock.before.ms, &step_ms))
		step_ms = 0;
	say(out, "clock stepped by %lld ms, %s", (long long)step_ms,
	    e->clock.wall_trusted ? "trusted" : "not trusted");
}

static void say_admitted(struct text_out *out, const struct entry_admitted *a)
{
	say_place(out, &a->place);
	say(out, "admitted ");
	say_customer(out, a->customer);
	say(out, " by %s", road_word(a->road));
	if (a->visit.n != 0)
		say_visit(out, ", ", a->visit);
}

static void say_refused(struct text_out *out, const struct entry_refused *r)
{
	say_place(out, &r->place);
	say(out, "refused ");
	if (r->customer_known) {
		say_customer(out, r->customer);
		say(out, " ");
	}
	say(out, "by %s: %s", road_word(r->road), verdict_word(r->verdict));
}

static void say_refusals(struct text_out *out, const struct entry_refusals *r)
{
	const char *before = "";
	uint64_t all = 0;

	for (uint32_t i = 0; i < VERDICTS; i++)
		all += r->count[i];
	say_place(out, &r->place);
	say(out, "refused %llu more by %s", (unsigned long long)all, road_word(r->road));
	for (uint32_t i = 0; i < VERDICTS && out->len < ENTRY_TEXT_SIZE - 64; i++) {
		if (r->count[i] == 0)
			continue;
		say(out, "%s%s %u", *before ? before : ": ", verdict_word((enum verdict)i),
		    r->count[i]);
		before = ", ";
	}
}

static void say_door(struct text_out *out, const struct entry_door *d)
{
	say_place(out, &d->place);
	say(out, "%s, %s", door_event_word(d->event), door_mode_word(d->mode));
	if (d->customer_known) {
		say(out, ", for ");
		say_customer(out, d->customer);
	}
}

static void say_alarm(struct text_out *out, const struct entry_alarm *a)
{
	say_place(out, &a->place);
	say(out, "alarm %llu %s %s, %s", (unsigned long long)a->alarm.n,
	    condition_word(a->condition), alarm_state_word(a->state), severity_word(a->severity));
	if (a->by[0] != '\0')
		say(out, ", by %s", a->by);
	if (a->over)
		say(out, ", over");
}

static void say_line(struct text_out *out, const struct entry_line *l)
{
	char gtin[GTIN_TEXT_MAX + 1];

	gtin_text(l->gtin, gtin);
	say_visit(out, "", l->visit);
	say(out, ": %s %s, %d.%03d at", gtin, l->name, l->quantity_milli / 1000,
	    l->quantity_milli % 1000);
	say_money(out, " ", l->unit_price);
	say_money(out, " = ", l->total);
	say(out, "%s", l->late ? ", late" : "");
}

static void say_visit_opened(struct text_out *out, const struct entry_visit_opened *v)
{
	say_place(out, &v->place);
	say_visit(out, "", v->visit);
	say(out, " opened for ");
	say_customer(out, v->customer);
	say(out, ", price list %u", v->price_version);
}

static void say_visit_joined(struct text_out *out, const struct entry_visit_joined *v)
{
	say_visit(out, "", v->visit);
	say(out, " joined by a device of ");
	say_customer(out, v->customer);
}

static void say_visit_closed(struct text_out *out, const struct entry_visit_closed *v)
{
	say_visit(out, "", v->visit);
	say(out, " ended (%s), %u %s,", visit_end_word(v->end), v->lines,
	    v->lines == 1 ? "line" : "lines");
	say_money(out, " ", v->total);
}

static void say_line_voided(struct text_out *out, const struct entry_line_voided *l)
{
	say_visit(out, "", l->visit);
	say(out, ": line %s voided,", l->key.text);
	say_money(out, " ", l->total);
}

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

void entry_text(const struct entry *e, char text[ENTRY_TEXT_SIZE])
{
	struct text_out out = {.text = text};

	text[0] = '\0';
	switch (e->kind) {
	case ENTRY_START:
		say(&out, "start after %s stop, clock %s",
		    e->start.clean ? "an orderly" : "no orderly",
		    e->start.wall_trusted ? "trusted" : "not trusted");
		return;
	case ENTRY_STOP:
		say(&out, "stop");
		return;
	case ENTRY_CLOCK:
		say_clock(&out, e);
		return;
	case ENTRY_ADMITTED:
		say_admitted(&out, &e->admitted);
		return;
	case ENTRY_REFUSED:
		say_refused(&out, &e->refused);
		return;
	case ENTRY_REFUSALS:
		say_refusals(&out, &e->refusals);
		return;
	case ENTRY_DOOR:
		say_door(&out, &e->door);
		return;
	case ENTRY_ALARM:
		say_alarm(&out, &e->alarm);
		return;
	case ENTRY_VISIT_OPENED:
		say_visit_opened(&out, &e->visit_opened);
		return;
	case ENTRY_VISIT_JOINED:
		say_visit_joined(&out, &e->visit_joined);
		return;
	case ENTRY_VISIT_CLOSED:
		say_visit_closed(&out, &e->visit_closed);
		return;
	case ENTRY_LINE:
		say_line(&out, &e->line);
		return;
	case ENTRY_LINE_VOIDED:
		say_line_voided(&out, &e->line_voided);
		return;
	case ENTRY_LOST:
		say(&out, "%u rows found no room while the disk was full", e->lost.rows);
		return;
	case ENTRY_TAX:
		say_tax(&out, &e->tax);
		return;
	case ENTRY_CHART:
		say_chart(&out, &e->chart);
		return;
	case ENTRY_INVOICE_LINES:
		say_invoice_lines(&out, &e->invoice_lines);
		return;
	case ENTRY_INVOICE:
		say_made_invoice(&out, &e->invoice);
		return;
	case ENTRY_CREDIT_NOTE:
		say_credit_note(&out, &e->credit_note);
		return;
	case ENTRY_LINE_CREDITED:
		say_line_credited(&out, &e->line_credited);
		return;
	case ENTRY_PERIOD_CLOSED:
		say_period_closed(&out, &e->period_closed);
		return;
	case ENTRY_STOCK:
		say_stock(&out, &e->stock);
		return;
	case ENTRY_PAYMENT:
		say_payment(&out, &e->payment);
		return;
	case ENTRY_PAYMENT_ASSIGNED:
		say_payment_assigned(&out, &e->payment_assigned);
		return;
	case ENTRY_CHECK:
		say_check(&out, &e->check);
		return;
	case ENTRY_REPORTED:
		say_reported(&out, &e->reported);
		return;
	}
	CHECK(false);
}
