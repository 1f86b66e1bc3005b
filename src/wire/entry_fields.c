/*
 * entry_fields.c: what stands in the body of each kind of entry. The order is the order on disk and
 * wire: append to a table, never insert, never take out (contracts 4).
 */
#include "wire/entry_fields.h"

#include <stddef.h>

#include "wire/sync.h"

#define AT(member) offsetof(struct entry, member), sizeof(((struct entry *)0)->member)
#define F_BYTES(member)                                                                            \
	{                                                                                          \
		FIELD_BYTES, AT(member), 0, 0, NULL                                                \
	}
#define F_PLACE(member)                                                                            \
	{                                                                                          \
		FIELD_PLACE, AT(member), 0, 0, NULL                                                \
	}
#define F_TEXT(member)                                                                             \
	{                                                                                          \
		FIELD_TEXT, AT(member), 0, 0, NULL                                                 \
	}
#define F_BOOL(member)                                                                             \
	{                                                                                          \
		FIELD_BOOL, AT(member), 0, 1, NULL                                                 \
	}
#define F_U32(member, least, most)                                                                 \
	{                                                                                          \
		FIELD_U32, AT(member), least, most, NULL                                           \
	}
#define F_I32(member, least, most)                                                                 \
	{                                                                                          \
		FIELD_I32, AT(member), least, most, NULL                                           \
	}
#define F_I64(member, least, most)                                                                 \
	{                                                                                          \
		FIELD_I64, AT(member), least, most, NULL                                           \
	}
#define F_WORD(member, words) F_U32(member, 0, (words)-1)
#define F_MONEY(member)                                                                            \
	{                                                                                          \
		FIELD_MONEY, AT(member), 0, 0, NULL                                                \
	}
#define F_KEY(member)                                                                              \
	{                                                                                          \
		FIELD_KEY, AT(member), 0, 0, NULL                                                  \
	}
#define F_DAY(member)                                                                              \
	{                                                                                          \
		FIELD_DAY, AT(member), 0, DAY_MAX, NULL                                            \
	}
#define F_PERIOD(member)                                                                           \
	{                                                                                          \
		FIELD_PERIOD, AT(member), 0, 0, NULL                                               \
	}
#define F_INVOICE(member)                                                                          \
	{                                                                                          \
		FIELD_INVOICE, AT(member), 1, INVOICE_LAST, NULL                                   \
	}
#define F_INVOICE_OR_NONE(member)                                                                  \
	{                                                                                          \
		FIELD_INVOICE, AT(member), 0, INVOICE_LAST, NULL                                   \
	}
#define F_LIST(count, list)                                                                        \
	{                                                                                          \
		FIELD_LIST, AT(count), 0, 0, &(list)                                               \
	}
#define F_SEQ(member)	F_I64(member, 1, INT64_MAX)
#define F_VISIT(member) F_I64(member, 1, INT64_MAX)

_Static_assert(sizeof(enum verdict) == sizeof(uint32_t), "a word is read and written as uint32_t");

#define GTIN_MAX	  99999999999999 /* 14 digits */
#define CODE_MAX	  999999
#define DAY_MAX		  2932896 /* 9999-12-31 */
#define INVOICE_LAST	  9999999999
#define ACCOUNT_MAX	  9999
#define PAYMENT_MAX_MINOR 1000000000000 /* ten thousand million: any bank asks first */
#define OFFSET_MAX	  1080 /* minutes: no zone is farther from UTC than 14 hours, nor ever was 18 */

static const struct field start_fields[] = {
	F_BYTES(start.boot_id),
	F_I64(start.mono, 0, INT64_MAX),
	F_BOOL(start.clean),
	F_BOOL(start.wall_trusted),
	F_I32(start.utc_offset_min, -OFFSET_MAX, OFFSET_MAX),
};

static const struct field stop_fields[] = {
	F_BYTES(stop.boot_id),
	F_I64(stop.mono, 0, INT64_MAX),
};

static const struct field clock_fields[] = {
	F_BYTES(clock.boot_id),
	F_I64(clock.mono, 0, INT64_MAX),
	F_I64(clock.before, INT64_MIN, INT64_MAX),
	F_BOOL(clock.wall_trusted),
	F_I32(clock.utc_offset_min, -OFFSET_MAX, OFFSET_MAX),
};

static const struct field admitted_fields[] = {
	F_PLACE(admitted.place),
	F_WORD(admitted.road, ROADS),
	F_BYTES(admitted.customer),
	F_BYTES(admitted.kid),
	F_I64(admitted.visit, 0, INT64_MAX),
	{FIELD_CTI, offsetof(struct entry, admitted.cti_len), 1 + CTI_SIZE_MAX, 0, 0, NULL},
	F_I64(admitted.iat_s, 0, INT64_MAX),
	F_I64(admitted.exp_s, 0, INT64_MAX),
	F_U32(admitted.card_counter, 0, CARD_COUNTER_MAX),
};
_Static_assert(offsetof(struct entry_admitted, cti) == offsetof(struct entry_admitted, cti_len) + 1,
	       "a cti follows its length");

static const struct field refused_fields[] = {
	F_PLACE(refused.place),
	F_WORD(refused.road, ROADS),
	F_WORD(refused.verdict, VERDICTS),
	F_BOOL(refused.customer_known),
	F_BYTES(refused.customer),
	F_BYTES(refused.kid),
};

static const struct field refusals_fields[] = {
	F_PLACE(refusals.place),
	F_WORD(refusals.road, ROADS),
	{FIELD_COUNTS, AT(refusals.count), 0, 0, NULL},
};

static const struct field door_fields[] = {
	F_PLACE(door.place),	     F_WORD(door.event, DOOR_EVENTS), F_WORD(door.mode, DOOR_MODES),
	F_BOOL(door.customer_known), F_BYTES(door.customer),
};

static const struct field alarm_fields[] = {
	F_I64(alarm.alarm, 1, INT64_MAX),
	F_U32(alarm.code, 0, CODE_MAX),
	F_U32(alarm.condition, 1, CONDITIONS - 1),
	F_PLACE(alarm.place),
	F_WORD(alarm.severity, SEVERITIES),
	F_WORD(alarm.state, ALARM_STATES),
	F_BOOL(alarm.over),
	F_TEXT(alarm.by),
};

static const struct field visit_opened_fields[] = {
	F_VISIT(visit_opened.visit),
	F_BYTES(visit_opened.customer),
	F_PLACE(visit_opened.place),
	F_U32(visit_opened.price_version, 0, UINT32_MAX),
};

static const struct field visit_joined_fields[] = {
	F_VISIT(visit_joined.visit),
	F_BYTES(visit_joined.customer),
	F_BYTES(visit_joined.bearer),
};

static const struct field visit_closed_fields[] = {
	F_VISIT(visit_closed.visit),
	F_WORD(visit_closed.end, VISIT_ENDS),
	F_U32(visit_closed.lines, 0, UINT32_MAX),
	F_MONEY(visit_closed.total),
};

static const struct field line_fields[] = {
	F_VISIT(line.visit),
	F_KEY(line.key),
	F_BYTES(line.customer),
	F_I64(line.gtin, 1, GTIN_MAX),
	F_TEXT(line.name),
	F_I32(line.quantity_milli, 1, QUANTITY_MAX_MILLI),
	F_MONEY(line.unit_price),
	F_MONEY(line.total),
	F_I32(line.vat_bp, 0, 10000),
	F_WORD(line.class, ARTICLE_CLASSES),
	F_U32(line.price_version, 0, UINT32_MAX),
	F_I64(line.scanned_at, 0, INT64_MAX),
	F_BOOL(line.late),
	F_DAY(line.bought),
	F_WORD(line.vat_class, VAT_CLASSES),
	F_MONEY(line.deposit),
	F_MONEY(line.list_price),
	F_DAY(line.use_by),
	F_DAY(line.best_before),
	F_TEXT(line.lot),
};

static const struct field line_voided_fields[] = {
	F_VISIT(line_voided.visit),
	F_KEY(line_voided.key),
	F_BYTES(line_voided.customer),
	F_MONEY(line_voided.total),
};

static const struct field lost_fields[] = {
	F_U32(lost.rows, 0, UINT32_MAX),
};

#define IN(type, member) offsetof(struct type, member), sizeof(((struct type *)0)->member)
#define F_RATE_BP(type)                                                                            \
	{                                                                                          \
		FIELD_I32, IN(type, vat_bp), 0, 10000, NULL                                        \
	}
#define F_ACCOUNT_IN(type, member)                                                                 \
	{                                                                                          \
		FIELD_U32, IN(type, member), 0, ACCOUNT_MAX, NULL                                  \
	}
#define F_MONEY_IN(type, member)                                                                   \
	{                                                                                          \
		FIELD_MONEY, IN(type, member), 0, 0, NULL                                          \
	}
#define F_ACCOUNT(member) F_U32(member, 0, ACCOUNT_MAX)
#define LIST(rates_at, most, type)                                                                 \
	{                                                                                          \
		offsetof(struct entry, rates_at), most, sizeof(struct type),                       \
			ARRAY_LEN(type##_fields), type##_fields                                    \
	}

static const struct field vat_rate_fields[] = {
	{FIELD_U32, IN(vat_rate, class), 0, VAT_CLASSES - 1, NULL},
	F_RATE_BP(vat_rate),
	{FIELD_DAY, IN(vat_rate, from), 0, DAY_MAX, NULL},
};

static const struct field chart_rate_fields[] = {
	F_RATE_BP(chart_rate),
	F_ACCOUNT_IN(chart_rate, sales),
	F_ACCOUNT_IN(chart_rate, vat),
	F_ACCOUNT_IN(chart_rate, deposit),
};

static const struct field invoice_rate_fields[] = {
	F_RATE_BP(invoice_rate),	  F_MONEY_IN(invoice_rate, gross),
	F_MONEY_IN(invoice_rate, base),	  F_MONEY_IN(invoice_rate, vat),
	F_MONEY_IN(invoice_rate, posted),
};

static const struct list tax_rates = LIST(tax.rate, VAT_RATES_MAX, vat_rate);
static const struct list chart_rates = LIST(chart.rate, RATES_MAX, chart_rate);
static const struct list invoice_rates = LIST(invoice.rate, RATES_MAX, invoice_rate);
static const struct list credit_note_rates = LIST(credit_note.rate, RATES_MAX, invoice_rate);

static const struct field tax_fields[] = {
	F_LIST(tax.rates, tax_rates),
};

static const struct field chart_fields[] = {
	F_ACCOUNT(chart.receivable),
	F_ACCOUNT(chart.rounding),
	F_ACCOUNT(chart.stock),
	F_ACCOUNT(chart.received),
	F_ACCOUNT(chart.cost),
	F_ACCOUNT(chart.waste),
	F_ACCOUNT(chart.shrink),
	F_ACCOUNT(chart.own_use),
	F_ACCOUNT(chart.bank),
	F_ACCOUNT(chart.unassigned),
	F_LIST(chart.rates, chart_rates),
};

static const struct field invoice_lines_fields[] = {
	F_INVOICE(invoice_lines.invoice),
	F_U32(invoice_lines.lines, 0, INVOICE_PACKED_MAX),
	{FIELD_PACKED, offsetof(struct entry, invoice_lines.packed_len),
	 sizeof(uint32_t) + INVOICE_PACKED_MAX, 0, 0, NULL},
};
_Static_assert(offsetof(struct entry_invoice_lines, packed) ==
		       offsetof(struct entry_invoice_lines, packed_len) + sizeof(uint32_t),
	       "packed bytes follow their length");

static const struct field invoice_fields[] = {
	F_INVOICE(invoice.invoice),
	F_BYTES(invoice.customer),
	F_PERIOD(invoice.period),
	F_DAY(invoice.issued),
	F_DAY(invoice.due),
	F_U32(invoice.lines, 0, INVOICE_LINES_MAX),
	F_LIST(invoice.rates, invoice_rates),
	F_MONEY(invoice.gross),
	F_MONEY(invoice.rounding),
	F_MONEY(invoice.payable),
};

static const struct field credit_note_fields[] = {
	F_INVOICE(credit_note.credit_note),
	F_INVOICE(credit_note.invoice),
	F_I64(credit_note.line, 0, INT64_MAX),
	F_BYTES(credit_note.customer),
	F_DAY(credit_note.issued),
	F_LIST(credit_note.rates, credit_note_rates),
	F_MONEY(credit_note.gross),
	F_MONEY(credit_note.rounding),
	F_MONEY(credit_note.payable),
	F_WORD(credit_note.reason, CREDIT_REASONS),
	F_TEXT(credit_note.why),
	F_TEXT(credit_note.by),
	F_KEY(credit_note.key),
};

static const struct field line_credited_fields[] = {
	F_SEQ(line_credited.line),    F_BYTES(line_credited.customer),
	F_MONEY(line_credited.total), F_WORD(line_credited.reason, CREDIT_REASONS),
	F_TEXT(line_credited.why),    F_TEXT(line_credited.by),
	F_KEY(line_credited.key),
};

static const struct field period_closed_fields[] = {
	F_PERIOD(period_closed.period),
	F_I64(period_closed.upto, 0, INT64_MAX),
	F_U32(period_closed.invoices, 0, UINT32_MAX),
	F_MONEY(period_closed.lines),
	F_MONEY(period_closed.invoiced),
	F_MONEY(period_closed.unbilled),
	F_MONEY(period_closed.payable),
	F_MONEY(period_closed.paid),
	F_MONEY(period_closed.receivable),
	F_MONEY(period_closed.vat),
	F_I64(period_closed.low, 0, INT64_MAX),
};

static const struct field stock_fields[] = {
	F_KEY(stock.key),
	F_U32(stock.kind, MOVEMENT_DELIVERY, MOVEMENT_OWN_USE),
	F_I64(stock.gtin, 1, GTIN_MAX),
	F_I64(stock.quantity_milli, 0, STOCK_QUANTITY_MAX_MILLI),
	F_I64(stock.unit_cost, 0, UNIT_COST_MAX_MINOR),
	F_DAY(stock.use_by),
	F_DAY(stock.best_before),
	F_TEXT(stock.lot),
	F_DAY(stock.day),
	F_TEXT(stock.why),
	F_TEXT(stock.by),
};

static const struct field payment_fields[] = {
	F_KEY(payment.key),
	F_BYTES(payment.customer),
	F_INVOICE_OR_NONE(payment.invoice),
	F_I64(payment.amount, -PAYMENT_MAX_MINOR, PAYMENT_MAX_MINOR),
	F_DAY(payment.booked),
};

static const struct field payment_assigned_fields[] = {
	F_KEY(payment_assigned.key),
	F_BYTES(payment_assigned.customer),
	F_INVOICE_OR_NONE(payment_assigned.invoice),
	F_TEXT(payment_assigned.by),
};

static const struct field check_fields[] = {
	F_VISIT(check.visit),
	F_WORD(check.state, CHECK_STATES),
	F_WORD(check.reason, CHECK_REASONS),
	F_TEXT(check.why),
	F_TEXT(check.by),
};

static const struct field reported_fields[] = {
	F_VISIT(reported.visit),
	F_KEY(reported.line),
	F_WORD(reported.reason, CREDIT_REASONS),
	F_TEXT(reported.why),
};

static const struct field office_fields[] = {
	F_WORD(office.event, OFFICE_EVENTS),	   F_U32(office.epoch, 0, UINT32_MAX),
	F_I64(office.seq, 0, INT64_MAX),	   F_U32(office.again, 0, UINT32_MAX),
	F_U32(office.keys_version, 0, UINT32_MAX),
};

static const struct field command_fields[] = {
	F_I64(command.id, 0, INT64_MAX),
	F_U32(command.verb, VERB_RELEASE, VERB_LAST),
	F_WORD(command.outcome, COMMAND_OUTCOMES),
	F_PLACE(command.place),
	F_I64(command.hold_ms, 0, INT64_MAX),
	F_TEXT(command.by),
	F_TEXT(command.setting),
	F_TEXT(command.value),
};

static const struct field erased_fields[] = {
	F_SEQ(erased.first),	    F_SEQ(erased.last),	   F_U32(erased.bodies, 0, UINT32_MAX),
	F_BOOL(erased.whose_known), F_BYTES(erased.whose),
};

static const struct field told_fields[] = {
	F_I64(told.alarm, 1, INT64_MAX),     F_WORD(told.kind, TEXT_KINDS),
	F_WORD(told.outcome, TEXT_OUTCOMES), F_WORD(told.road, SMS_ROADS),
	F_U32(told.texts, 0, TEXTS_AN_HOUR), F_PLACE(told.contact),
};

#define KIND(number, erasable, name, word)                                                         \
	{                                                                                          \
		number, erasable, ARRAY_LEN(name##_fields), name##_fields, word                    \
	}

static const struct kind kinds[] = {
	KIND(ENTRY_START, false, start, "start"),
	KIND(ENTRY_STOP, false, stop, "stop"),
	KIND(ENTRY_CLOCK, false, clock, "clock"),
	KIND(ENTRY_ADMITTED, true, admitted, "admitted"),
	KIND(ENTRY_REFUSED, true, refused, "refused"),
	KIND(ENTRY_REFUSALS, true, refusals, "refusals"),
	KIND(ENTRY_DOOR, true, door, "door"),
	KIND(ENTRY_ALARM, false, alarm, "alarm"),
	KIND(ENTRY_VISIT_OPENED, false, visit_opened, "visit_opened"),
	KIND(ENTRY_VISIT_JOINED, false, visit_joined, "visit_joined"),
	KIND(ENTRY_VISIT_CLOSED, false, visit_closed, "visit_closed"),
	KIND(ENTRY_LINE, false, line, "line"),
	KIND(ENTRY_LINE_VOIDED, false, line_voided, "line_voided"),
	KIND(ENTRY_LOST, false, lost, "lost"),
	KIND(ENTRY_TAX, false, tax, "tax"),
	KIND(ENTRY_CHART, false, chart, "chart"),
	KIND(ENTRY_INVOICE_LINES, false, invoice_lines, "invoice_lines"),
	KIND(ENTRY_INVOICE, false, invoice, "invoice"),
	KIND(ENTRY_CREDIT_NOTE, false, credit_note, "credit_note"),
	KIND(ENTRY_LINE_CREDITED, false, line_credited, "line_credited"),
	KIND(ENTRY_PERIOD_CLOSED, false, period_closed, "period_closed"),
	KIND(ENTRY_STOCK, false, stock, "stock"),
	KIND(ENTRY_PAYMENT, false, payment, "payment"),
	KIND(ENTRY_PAYMENT_ASSIGNED, false, payment_assigned, "payment_assigned"),
	KIND(ENTRY_CHECK, false, check, "check"),
	KIND(ENTRY_REPORTED, false, reported, "reported"),
	KIND(ENTRY_OFFICE, false, office, "office"),
	KIND(ENTRY_COMMAND, false, command, "command"),
	KIND(ENTRY_ERASED, false, erased, "erased"),
	KIND(ENTRY_TOLD, true, told, "told"),
};

const struct kind *kind_of(uint16_t number)
{
	for (uint32_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (kinds[i].number == number)
			return &kinds[i];
	return NULL;
}

bool entry_erasable(enum entry_kind kind)
{
	const struct kind *k = kind_of((uint16_t)kind);

	return k && k->erasable;
}

const char *entry_kind_word(uint16_t kind)
{
	const struct kind *k = kind_of(kind);

	return k ? k->word : "unknown";
}
