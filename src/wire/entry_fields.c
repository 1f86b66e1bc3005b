/*
 * entry_fields.c: what stands in the body of each kind of entry. The order is the order on disk and
 * wire: append to a table, never insert, never take out (contracts 4).
 */
#include "wire/entry_fields.h"

#include <stddef.h>

#define AT(member) offsetof(struct entry, member), sizeof(((struct entry *)0)->member)
#define F_BYTES(member)                                                                            \
	{                                                                                          \
		FIELD_BYTES, AT(member), 0, 0                                                      \
	}
#define F_PLACE(member)                                                                            \
	{                                                                                          \
		FIELD_PLACE, AT(member), 0, 0                                                      \
	}
#define F_TEXT(member)                                                                             \
	{                                                                                          \
		FIELD_TEXT, AT(member), 0, 0                                                       \
	}
#define F_BOOL(member)                                                                             \
	{                                                                                          \
		FIELD_BOOL, AT(member), 0, 1                                                       \
	}
#define F_U32(member, least, most)                                                                 \
	{                                                                                          \
		FIELD_U32, AT(member), least, most                                                 \
	}
#define F_I32(member, least, most)                                                                 \
	{                                                                                          \
		FIELD_I32, AT(member), least, most                                                 \
	}
#define F_I64(member, least, most)                                                                 \
	{                                                                                          \
		FIELD_I64, AT(member), least, most                                                 \
	}
#define F_WORD(member, words) F_U32(member, 0, (words)-1)
#define F_MONEY(member)                                                                            \
	{                                                                                          \
		FIELD_MONEY, AT(member), 0, 0                                                      \
	}
#define F_VISIT(member) F_I64(member, 1, INT64_MAX)

_Static_assert(sizeof(enum verdict) == sizeof(uint32_t), "a word is read and written as uint32_t");

#define GTIN_MAX 99999999999999 /* 14 digits */
#define CODE_MAX 999999

static const struct field start_fields[] = {
	F_BYTES(start.boot_id),
	F_I64(start.mono, 0, INT64_MAX),
	F_BOOL(start.clean),
	F_BOOL(start.wall_trusted),
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
};

static const struct field admitted_fields[] = {
	F_PLACE(admitted.place),
	F_WORD(admitted.road, ROADS),
	F_BYTES(admitted.customer),
	F_BYTES(admitted.kid),
	F_I64(admitted.visit, 0, INT64_MAX),
	{FIELD_CTI, offsetof(struct entry, admitted.cti_len), 1 + CTI_SIZE_MAX, 0, 0},
	F_I64(admitted.iat_s, 0, INT64_MAX),
	F_I64(admitted.exp_s, 0, INT64_MAX),
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
	{FIELD_COUNTS, AT(refusals.count), 0, 0},
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
	{FIELD_KEY, AT(line.key), 0, 0},
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
};

static const struct field line_voided_fields[] = {
	F_VISIT(line_voided.visit),
	{FIELD_KEY, AT(line_voided.key), 0, 0},
	F_BYTES(line_voided.customer),
	F_MONEY(line_voided.total),
};

static const struct field lost_fields[] = {
	F_U32(lost.rows, 0, UINT32_MAX),
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
