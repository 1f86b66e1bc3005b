/*
 * entry.c: a fact's body, from struct to deterministic CBOR and back.
 *
 * Both ways walk the same table of fields, so what is written is what is read. A field's range is
 * checked on both: a body that this program could not read again is a bug found before it is in the
 * ledger, where it could never be mended; a body from elsewhere that is out of range is unreadable.
 */
#include "wire/entry_fields.h"

#include <stddef.h>
#include <string.h>

#include "base/cbor.h"
#include "base/utf8.h"

enum {
	YEAR_MIN = 1970,
	YEAR_MAX = 9999,
	INVOICES_A_YEAR = 1000000, /* struct invoice_id: year and counter in one number */
};

static bool text_in_range(enum field_type type, const char *text, uint32_t len)
{
	if (type == FIELD_PLACE)
		return len == 0 || place_valid(text, len);
	if (type == FIELD_KEY)
		return name_valid(text, len);
	return utf8_plain(text, len);
}

static bool number_in_range(const struct field *f, int64_t number)
{
	if (f->type == FIELD_PERIOD)
		return number / 100 >= YEAR_MIN && number / 100 <= YEAR_MAX && number % 100 >= 1 &&
		       number % 100 <= 12;
	if (number < f->min || number > f->max)
		return false;
	return f->type != FIELD_INVOICE || number == 0 ||
	       (number / INVOICES_A_YEAR >= YEAR_MIN && number % INVOICES_A_YEAR != 0);
}

static bool number_of(const struct field *f, const uint8_t *at, int64_t *ret)
{
	int64_t wide;
	uint32_t unsigned_word;
	int32_t signed_word;

	if (f->type == FIELD_I64 || f->type == FIELD_INVOICE) {
		memcpy(&wide, at, sizeof(wide));
		*ret = wide;
	} else if (f->type == FIELD_U32) {
		memcpy(&unsigned_word, at, sizeof(unsigned_word));
		*ret = unsigned_word;
	} else {
		memcpy(&signed_word, at, sizeof(signed_word));
		*ret = signed_word;
	}
	return number_in_range(f, *ret);
}

/* Whether what stands in the struct may stand in the ledger. */
static bool field_in_range(const struct field *f, const uint8_t *at)
{
	int64_t number;
	uint32_t count;

	switch (f->type) {
	case FIELD_CTI:
		return at[0] == 0 || (at[0] >= CTI_SIZE_MIN && at[0] <= CTI_SIZE_MAX);
	case FIELD_PLACE:
	case FIELD_KEY:
	case FIELD_TEXT: {
		uint32_t len = (uint32_t)strnlen((const char *)at, f->size);

		return len < f->size && text_in_range(f->type, (const char *)at, len);
	}
	case FIELD_U32:
	case FIELD_I32:
	case FIELD_I64:
	case FIELD_DAY:
	case FIELD_PERIOD:
	case FIELD_INVOICE:
		return number_of(f, at, &number);
	case FIELD_LIST:
		memcpy(&count, at, sizeof(count));
		return count <= f->list->max;
	case FIELD_PACKED:
		memcpy(&count, at, sizeof(count));
		return count <= f->size - sizeof(count);
	case FIELD_BYTES:
	case FIELD_BOOL:
	case FIELD_MONEY:
	case FIELD_COUNTS:
		return true;
	}
	return false;
}

static void put_counts(struct builder *b, const uint8_t *at)
{
	uint32_t count;

	cbor_put_array(b, VERDICTS);
	for (uint32_t i = 0; i < VERDICTS; i++) {
		memcpy(&count, at + i * sizeof(count), sizeof(count));
		cbor_put_uint(b, count);
	}
}

static void put_field(struct builder *b, const struct field *f, const uint8_t *at)
{
	struct money money;
	int64_t number = 0;
	uint32_t len;
	bool flag;

	switch (f->type) {
	case FIELD_BYTES:
		cbor_put_bytes(b, at, f->size);
		break;
	case FIELD_CTI:
		cbor_put_bytes(b, at + 1, at[0]);
		break;
	case FIELD_PLACE:
	case FIELD_KEY:
	case FIELD_TEXT:
		cbor_put_text(b, (const char *)at, (uint32_t)strlen((const char *)at));
		break;
	case FIELD_BOOL:
		memcpy(&flag, at, sizeof(flag));
		cbor_put_bool(b, flag);
		break;
	case FIELD_U32:
	case FIELD_I32:
	case FIELD_I64:
	case FIELD_DAY:
	case FIELD_PERIOD:
	case FIELD_INVOICE:
		CHECK(number_of(f, at, &number));
		cbor_put_int(b, number);
		break;
	case FIELD_PACKED:
		memcpy(&len, at, sizeof(len));
		cbor_put_bytes(b, at + sizeof(len), len);
		break;
	case FIELD_LIST: /* put_list(): what is in a list is no list */
		CHECK(false);
		break;
	case FIELD_MONEY:
		memcpy(&money, at, sizeof(money));
		cbor_put_int(b, money_minor(money));
		break;
	case FIELD_COUNTS:
		put_counts(b, at);
		break;
	}
}

static void put_list(struct builder *b, const struct entry *e, const struct field *f)
{
	const struct list *list = f->list;
	const uint8_t *item = (const uint8_t *)e + list->at;
	uint32_t count;

	memcpy(&count, (const uint8_t *)e + f->offset, sizeof(count));
	cbor_put_array(b, count);
	for (uint32_t i = 0; i < count; i++, item += list->size) {
		cbor_put_array(b, list->fields);
		for (uint32_t j = 0; j < list->fields; j++) {
			const uint8_t *at = item + list->field[j].offset;

			CHECK(field_in_range(&list->field[j], at));
			put_field(b, &list->field[j], at);
		}
	}
}

static bool list_in_range(const struct entry *e, const struct field *f)
{
	const struct list *list = f->list;
	const uint8_t *item = (const uint8_t *)e + list->at;
	uint32_t count;

	memcpy(&count, (const uint8_t *)e + f->offset, sizeof(count));
	for (uint32_t i = 0; i < count; i++, item += list->size)
		for (uint32_t j = 0; j < list->fields; j++)
			if (!field_in_range(&list->field[j], item + list->field[j].offset))
				return false;
	return true;
}

bool entry_valid(const struct entry *e)
{
	const struct kind *k = kind_of((uint16_t)e->kind);

	for (uint32_t i = 0; k && i < k->fields; i++) {
		const struct field *f = &k->field[i];

		if (!field_in_range(f, (const uint8_t *)e + f->offset) ||
		    (f->type == FIELD_LIST && !list_in_range(e, f)))
			return false;
	}
	return k != NULL;
}

uint32_t entry_encode(const struct entry *e, const uint8_t salt[SALT_SIZE],
		      uint8_t body[ENTRY_BODY_MAX])
{
	const struct kind *k = kind_of((uint16_t)e->kind);
	struct builder b = builder_of(body, ENTRY_BODY_MAX);

	CHECK(k);
	cbor_put_array(&b, 1 + k->fields);
	cbor_put_bytes(&b, salt, SALT_SIZE);
	for (uint32_t i = 0; i < k->fields; i++) {
		const uint8_t *at = (const uint8_t *)e + k->field[i].offset;

		CHECK(field_in_range(&k->field[i], at));
		if (k->field[i].type == FIELD_LIST)
			put_list(&b, e, &k->field[i]);
		else
			put_field(&b, &k->field[i], at);
	}
	CHECK(!b.failed);
	return b.len;
}

static bool take_text(struct span *s, const struct field *f, uint8_t *at)
{
	struct span text;

	if (!cbor_take_text(s, &text) || text.len >= f->size ||
	    !text_in_range(f->type, (const char *)text.data, text.len))
		return false;
	memcpy(at, text.data, text.len); /* the entry was zeroed: the NUL is there */
	return true;
}

static bool take_number(struct span *s, const struct field *f, uint8_t *at)
{
	int64_t number;

	if (!cbor_take_int(s, &number) || !number_in_range(f, number))
		return false;
	if (f->type == FIELD_I64 || f->type == FIELD_INVOICE) {
		memcpy(at, &number, sizeof(number));
	} else if (f->type == FIELD_U32) {
		memcpy(at, &(uint32_t){(uint32_t)number}, sizeof(uint32_t));
	} else {
		memcpy(at, &(int32_t){(int32_t)number}, sizeof(int32_t));
	}
	return true;
}

/* A later program may know more verdicts, an earlier one fewer. */
static bool take_counts(struct span *s, uint8_t *at)
{
	uint32_t items;
	uint64_t count;

	if (!cbor_take_array(s, &items))
		return false;
	for (uint32_t i = 0; i < items; i++) {
		if (!cbor_take_uint(s, &count) || count > UINT32_MAX)
			return false;
		if (i < VERDICTS)
			memcpy(at + i * sizeof(uint32_t), &(uint32_t){(uint32_t)count},
			       sizeof(uint32_t));
	}
	return true;
}

static bool take_field(struct span *s, const struct field *f, uint8_t *at)
{
	struct span bytes;
	int64_t number;
	bool flag;

	switch (f->type) {
	case FIELD_BYTES:
		if (!cbor_take_bytes(s, &bytes) || bytes.len != f->size)
			return false;
		memcpy(at, bytes.data, bytes.len);
		return true;
	case FIELD_CTI:
		if (!cbor_take_bytes(s, &bytes) || bytes.len > CTI_SIZE_MAX)
			return false;
		at[0] = (uint8_t)bytes.len;
		memcpy(at + 1, bytes.data, bytes.len);
		return field_in_range(f, at);
	case FIELD_PLACE:
	case FIELD_KEY:
	case FIELD_TEXT:
		return take_text(s, f, at);
	case FIELD_BOOL:
		if (!cbor_take_bool(s, &flag))
			return false;
		memcpy(at, &flag, sizeof(flag));
		return true;
	case FIELD_U32:
	case FIELD_I32:
	case FIELD_I64:
	case FIELD_DAY:
	case FIELD_PERIOD:
	case FIELD_INVOICE:
		return take_number(s, f, at);
	case FIELD_PACKED:
		if (!cbor_take_bytes(s, &bytes) || bytes.len > f->size - sizeof(bytes.len))
			return false;
		memcpy(at, &bytes.len, sizeof(bytes.len));
		memcpy(at + sizeof(bytes.len), bytes.data, bytes.len);
		return true;
	case FIELD_LIST: /* take_list() */
		return false;
	case FIELD_MONEY:
		if (!cbor_take_int(s, &number))
			return false;
		memcpy(at, (struct money[]){money_of(number)}, sizeof(struct money));
		return true;
	case FIELD_COUNTS:
		return take_counts(s, at);
	}
	return false;
}

/* A struct of a list may have more fields than we know, as a body may. */
static bool take_list(struct span *s, const struct field *f, struct entry *e)
{
	const struct list *list = f->list;
	uint8_t *item = (uint8_t *)e + list->at;
	uint32_t count, items;

	if (!cbor_take_array(s, &count) || count > list->max)
		return false;
	memcpy((uint8_t *)e + f->offset, &count, sizeof(count));
	for (uint32_t i = 0; i < count; i++, item += list->size) {
		if (!cbor_take_array(s, &items) || items < list->fields)
			return false;
		for (uint32_t j = 0; j < items; j++)
			if (j < list->fields
				    ? !take_field(s, &list->field[j], item + list->field[j].offset)
				    : !cbor_skip(s))
				return false;
	}
	return true;
}

/* A field that lacks is 0, and 0 has to be in its range too. One has had another meaning from the
 * start: before there were discounts, the price paid was the price on the list. */
static bool lack_field(const struct field *f, struct entry *e)
{
	if (e->kind == ENTRY_LINE && f->offset == offsetof(struct entry, line.list_price))
		e->line.list_price = e->line.unit_price;
	return field_in_range(f, (const uint8_t *)e + f->offset);
}

bool entry_decode(uint16_t kind, struct span body, struct entry *ret)
{
	const struct kind *k = kind_of(kind);
	struct entry e;
	struct span salt;
	uint32_t items;

	memset(&e, 0, sizeof(e));
	if (!k || body.len > ENTRY_BODY_MAX || !cbor_take_array(&body, &items) || items == 0 ||
	    !cbor_take_bytes(&body, &salt) || salt.len != SALT_SIZE)
		return false;
	e.kind = (enum entry_kind)kind;
	items--;
	for (uint32_t i = 0; i < k->fields; i++) {
		const struct field *f = &k->field[i];
		bool taken;

		if (i >= items)
			taken = lack_field(f, &e);
		else if (f->type == FIELD_LIST)
			taken = take_list(&body, f, &e);
		else
			taken = take_field(&body, f, (uint8_t *)&e + f->offset);
		if (!taken)
			return false;
	}
	for (uint32_t i = k->fields; i < items; i++)
		if (!cbor_skip(&body))
			return false;
	if (body.len != 0)
		return false;
	*ret = e;
	return true;
}
