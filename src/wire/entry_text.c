/*
 * entry_text.c: a fact as one line for a log, a person, a story. It names a customer by the first
 * eight digits of the key, which finds the row again and says nothing to a stranger; it names no
 * token id, no bearer, no alarm's code and no bank's reference, and it leaves out what somebody
 * wrote of a credit, a count or a report: such words may hold a name.
 */
#include "wire/entry_say.h"

#include <stdarg.h>
#include <stdio.h>

void say(struct text_out *out, const char *format, ...)
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

void say_place(struct text_out *out, const struct place *place)
{
	if (place->name[0] != '\0')
		say(out, "%s: ", place->name);
}

void say_customer(struct text_out *out, struct customer customer)
{
	char hex[2 * sizeof(customer.byte) + 1];

	hex_text(customer.byte, sizeof(customer.byte), hex);
	say(out, "%.8s", hex);
}

void say_visit(struct text_out *out, const char *before, struct visit_id visit)
{
	char name[VISIT_TEXT_SIZE];

	visit_text(visit, name);
	say(out, "%svisit %s", before, name);
}

void say_money(struct text_out *out, const char *before, struct money money)
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

static void say_start(struct text_out *out, const struct entry_start *s)
{
	say(out, "start after %s stop, clock %s", s->clean ? "an orderly" : "no orderly",
	    s->wall_trusted ? "trusted" : "not trusted");
}

static void say_told(struct text_out *out, const struct entry_told *t)
{
	say(out, "alarm %llu: %s to %s %s", (unsigned long long)t->alarm.n, text_kind_word(t->kind),
	    t->contact.name, text_outcome_word(t->outcome));
	if (t->outcome != TEXT_STUCK)
		say(out, ", by %s", sms_road_word(t->road));
	if (t->texts > 1)
		say(out, ", %u texts", t->texts);
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

void entry_text(const struct entry *e, char text[ENTRY_TEXT_SIZE])
{
	struct text_out out = {.text = text};

	text[0] = '\0';
	switch (e->kind) {
	case ENTRY_START:
		say_start(&out, &e->start);
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
	case ENTRY_TOLD:
		say_told(&out, &e->told);
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
	case ENTRY_CHART:
	case ENTRY_INVOICE_LINES:
	case ENTRY_INVOICE:
	case ENTRY_CREDIT_NOTE:
	case ENTRY_LINE_CREDITED:
	case ENTRY_PERIOD_CLOSED:
	case ENTRY_STOCK:
	case ENTRY_PAYMENT:
	case ENTRY_PAYMENT_ASSIGNED:
	case ENTRY_CHECK:
	case ENTRY_REPORTED:
		say_books(&out, e);
		return;
	case ENTRY_OFFICE:
	case ENTRY_COMMAND:
	case ENTRY_ERASED:
		say_office(&out, e);
		return;
	}
	CHECK(false);
}
