/*
 * entry.c: a fact's body, from struct to deterministic CBOR and back.
 *
 * Both ways walk the same table of fields, so what is written is what is read. A field's range is
 * checked on both: a body that this program could not read again is a bug found before it is in the
 * ledger, where it could never be mended; a body from elsewhere that is out of range is unreadable.
 */
#include "wire/entry_fields.h"

#include <string.h>

#include "base/cbor.h"

/* Text that can stand in a log, on a receipt or a screen: C0, DEL and C1 are kept out. */
static bool text_plain(const char *text, uint32_t len)
{
	const uint8_t *byte = (const uint8_t *)text;

	if (!utf8_valid(text, len))
		return false;
	for (uint32_t i = 0; i < len; i++)
		if (byte[i] < 0x20 || byte[i] == 0x7f ||
		    (byte[i] == 0xc2 && byte[i + 1] >= 0x80 && byte[i + 1] < 0xa0))
			return false;
	return true;
}

static bool text_in_range(enum field_type type, const char *text, uint32_t len)
{
	if (type == FIELD_PLACE)
		return len == 0 || place_valid(text, len);
	if (type == FIELD_KEY)
		return name_valid(text, len);
	return text_plain(text, len);
}

static bool number_of(const struct field *f, const uint8_t *at, int64_t *ret)
{
	int64_t wide;
	uint32_t unsigned_word;
	int32_t signed_word;

	if (f->type == FIELD_I64) {
		memcpy(&wide, at, sizeof(wide));
		*ret = wide;
	} else if (f->type == FIELD_U32) {
		memcpy(&unsigned_word, at, sizeof(unsigned_word));
		*ret = unsigned_word;
	} else {
		memcpy(&signed_word, at, sizeof(signed_word));
		*ret = signed_word;
	}
	return *ret >= f->min && *ret <= f->max;
}

/* Whether what stands in the struct may stand in the ledger. */
static bool field_in_range(const struct field *f, const uint8_t *at)
{
	int64_t number;

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
		return number_of(f, at, &number);
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
		CHECK(number_of(f, at, &number));
		cbor_put_int(b, number);
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

	if (!cbor_take_int(s, &number) || number < f->min || number > f->max)
		return false;
	if (f->type == FIELD_I64) {
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
		return take_number(s, f, at);
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
		uint8_t *at = (uint8_t *)&e + k->field[i].offset;

		/* a field that lacks is 0, and 0 has to be in its range too */
		if (i < items ? !take_field(&body, &k->field[i], at)
			      : !field_in_range(&k->field[i], at))
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
