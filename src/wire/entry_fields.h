/*
 * entry_fields.h: the fields of each kind of entry, in the order in which they stand in its body.
 * Internal to wire/: entry.c walks the table both ways.
 */
#ifndef SHOP_WIRE_ENTRY_FIELDS_H
#define SHOP_WIRE_ENTRY_FIELDS_H

#include "wire/entry.h"

enum field_type {
	FIELD_BYTES,   /* exactly `size` bytes: an id, a hash */
	FIELD_CTI,     /* uint8_t length, then the bytes: 0 or CTI_SIZE_MIN..MAX */
	FIELD_PLACE,   /* char[]: a place's name or nothing */
	FIELD_KEY,     /* char[]: a line's key */
	FIELD_TEXT,    /* char[]: UTF-8 without control characters */
	FIELD_BOOL,    /* bool */
	FIELD_U32,     /* uint32_t or one of our enums, min..max */
	FIELD_I32,     /* int32_t, min..max */
	FIELD_I64,     /* int64_t, or a uint64_t no larger than INT64_MAX: min..max */
	FIELD_MONEY,   /* struct money */
	FIELD_COUNTS,  /* uint32_t[VERDICTS], as an array */
	FIELD_DAY,     /* struct day: 1970-01-01 (none) to 9999-12-31 */
	FIELD_PERIOD,  /* struct period: a month, never none */
	FIELD_INVOICE, /* struct invoice_id: with a year and a counter; `min` 0: or none */
	FIELD_LIST,    /* uint32_t count, then elsewhere structs of `list`: an array of arrays */
	FIELD_PACKED,  /* uint32_t length, then at once the bytes: a byte string */
};

struct field;

/** The structs of a list: how many there may be, how large one is, what stands in it. */
struct list {
	uint32_t at; /* of the first, into struct entry */
	uint32_t max;
	uint32_t size;
	uint32_t fields;
	const struct field *field; /* their offsets are into one of the structs */
};

struct field {
	enum field_type type;
	uint32_t offset; /* into struct entry */
	uint32_t size;
	int64_t min, max;
	const struct list *list; /* FIELD_LIST */
};

/** A kind: its number on disk, whether it may be erased, its word, its fields. */
struct kind {
	uint16_t number;
	bool erasable;
	uint32_t fields;
	const struct field *field;
	const char *word;
};

/** kind_of - the kind of this number, or NULL. */
const struct kind *kind_of(uint16_t number);

#endif
