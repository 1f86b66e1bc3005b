/*
 * sync_change.c: one change of the feed, `[kind, field …]`.
 *
 * The same ranges (sync_range.c) hold both ways. What a shop cannot know yet is not bad: a kind
 * past the last, or a command with a verb past the last, is well-formed and skipped. A known kind
 * has exactly its fields; what needs more is given a new number.
 */
#include "wire/sync_parts.h"

#include <string.h>

#define KINDS (SYNC_CARD_GONE + 1)

/* Items of each kind's array, its number among them. */
static const uint8_t items[KINDS] = {
	[SYNC_MEMBER] = 5,   [SYNC_MEMBER_GONE] = 2, [SYNC_KEY] = 3,
	[SYNC_KEY_GONE] = 3, [SYNC_ARTICLE] = 11,    [SYNC_ARTICLE_GONE] = 2,
	[SYNC_PASS] = 6,     [SYNC_SETTING] = 3,     [SYNC_KEY_SET] = 2,
	[SYNC_COMMAND] = 9,  [SYNC_PAYMENT] = 6,     [SYNC_PAYMENT_ASSIGNED] = 5,
	[SYNC_ERASE] = 2,    [SYNC_CARD] = 3,	     [SYNC_CARD_GONE] = 3,
};

/* --- out */

static void put_customer(struct builder *b, const struct customer *customer)
{
	cbor_put_bytes(b, customer->byte, sizeof(customer->byte));
}

static void put_article(struct builder *b, const struct sync_article *a)
{
	cbor_put_uint(b, a->gtin.n);
	cbor_put_int(b, a->valid_from.ms);
	cbor_put_int(b, money_minor(a->price));
	cbor_put_int(b, a->deposit_minor);
	cbor_put_uint(b, a->vat_bp);
	cbor_put_uint(b, a->reorder);
	cbor_put_uint(b, a->class);
	cbor_put_uint(b, a->state);
	cbor_put_uint(b, a->vat_class);
	put_text(b, a->name, sizeof(a->name));
}

static void put_pass(struct builder *b, const struct sync_pass *p)
{
	cbor_put_bytes(b, p->cti, p->cti_len);
	cbor_put_bool(b, p->revoked);
	cbor_put_bool(b, p->wants_pin);
	cbor_put_bytes(b, p->pin_salt, sizeof(p->pin_salt));
	cbor_put_bytes(b, p->pin_hash.byte, sizeof(p->pin_hash.byte));
}

static void put_setting(struct builder *b, const struct sync_setting *s)
{
	put_text(b, s->name, sizeof(s->name));
	put_text(b, s->value, sizeof(s->value));
}

static void put_command(struct builder *b, const struct sync_command *c)
{
	cbor_put_uint(b, c->id);
	cbor_put_uint(b, (uint64_t)c->verb);
	put_text(b, c->door, sizeof(c->door));
	cbor_put_int(b, c->hold_ms);
	cbor_put_int(b, c->expires.ms);
	put_text(b, c->by, sizeof(c->by));
	put_setting(b, &c->setting);
}

static void put_payment(struct builder *b, const struct entry_payment *p)
{
	put_text(b, p->key, sizeof(p->key));
	put_customer(b, &p->customer);
	cbor_put_uint(b, p->invoice.n);
	cbor_put_int(b, money_minor(p->amount));
	cbor_put_int(b, p->booked.n);
}

static void put_assigned(struct builder *b, const struct entry_payment_assigned *a)
{
	put_text(b, a->key, sizeof(a->key));
	put_customer(b, &a->customer);
	cbor_put_uint(b, a->invoice.n);
	put_text(b, a->by, sizeof(a->by));
}

static void put_fields(struct builder *b, const struct sync_change *c)
{
	switch (c->kind) {
	case SYNC_MEMBER:
		put_customer(b, &c->member.customer);
		cbor_put_uint(b, c->member.role);
		cbor_put_uint(b, c->member.flags);
		cbor_put_int(b, money_minor(c->member.credit_limit));
		break;
	case SYNC_MEMBER_GONE:
	case SYNC_ERASE:
		put_customer(b, &c->gone);
		break;
	case SYNC_KEY:
	case SYNC_KEY_GONE:
		put_customer(b, &c->key.customer);
		put_key(b, &c->key.key);
		break;
	case SYNC_CARD:
	case SYNC_CARD_GONE:
		put_customer(b, &c->card.customer);
		cbor_put_bytes(b, c->card.kid.byte, sizeof(c->card.kid.byte));
		break;
	case SYNC_ARTICLE:
		put_article(b, &c->article);
		break;
	case SYNC_ARTICLE_GONE:
		cbor_put_uint(b, c->article_gone.n);
		break;
	case SYNC_PASS:
		put_pass(b, &c->pass);
		break;
	case SYNC_SETTING:
		put_setting(b, &c->setting);
		break;
	case SYNC_KEY_SET:
		cbor_put_bytes(b, c->key_set.data, c->key_set.len);
		break;
	case SYNC_COMMAND:
		put_command(b, &c->command);
		break;
	case SYNC_PAYMENT:
		put_payment(b, &c->payment);
		break;
	case SYNC_PAYMENT_ASSIGNED:
		put_assigned(b, &c->assigned);
		break;
	}
}

void sync_change_put(struct builder *b, const struct sync_change *c)
{
	if (!sync_change_good(c)) {
		b->failed = true;
		return;
	}
	cbor_put_array(b, items[c->kind]);
	cbor_put_uint(b, (uint64_t)c->kind);
	put_fields(b, c);
}

/* --- in */

static void read_customer(struct reading *r, struct customer *to)
{
	reading_bytes(r, to->byte, sizeof(to->byte));
}

static struct money read_money(struct reading *r)
{
	return money_of(reading_int(r, INT64_MIN, INT64_MAX));
}

static void read_article(struct reading *r, struct sync_article *a)
{
	a->gtin.n = reading_number(r);
	a->valid_from = reading_wall(r);
	a->price = read_money(r);
	a->deposit_minor = (int32_t)reading_int(r, 0, INT32_MAX);
	a->vat_bp = (uint16_t)reading_uint(r, UINT16_MAX);
	a->reorder = (uint16_t)reading_uint(r, UINT16_MAX);
	a->class = reading_u8(r, ARTICLE_CLASSES - 1);
	a->state = reading_u8(r, ARTICLE_STATES - 1);
	a->vat_class = reading_u8(r, VAT_CLASSES - 1);
	reading_text(r, a->name, sizeof(a->name));
}

static void read_pass(struct reading *r, struct sync_pass *p)
{
	struct span cti = reading_span(r, CTI_SIZE_MAX);

	p->cti_len = (uint8_t)cti.len;
	if (cti.len > 0)
		memcpy(p->cti, cti.data, cti.len);
	p->revoked = reading_bool(r);
	p->wants_pin = reading_bool(r);
	reading_bytes(r, p->pin_salt, sizeof(p->pin_salt));
	reading_bytes(r, p->pin_hash.byte, sizeof(p->pin_hash.byte));
}

static void read_setting(struct reading *r, struct sync_setting *s)
{
	reading_text(r, s->name, sizeof(s->name));
	reading_text(r, s->value, sizeof(s->value));
}

/* False when its verb is one that we do not know. */
static bool read_command(struct reading *r, struct sync_command *c)
{
	uint64_t verb;

	c->id = reading_number(r);
	verb = reading_uint(r, UINT32_MAX);
	if (verb > VERB_LAST)
		return false;
	c->verb = (enum command_verb)verb;
	reading_text(r, c->door, sizeof(c->door));
	c->hold_ms = reading_int(r, 0, INT64_MAX);
	c->expires = reading_wall(r);
	reading_text(r, c->by, sizeof(c->by));
	read_setting(r, &c->setting);
	return true;
}

static void read_payment(struct reading *r, struct entry_payment *p)
{
	reading_text(r, p->key, sizeof(p->key));
	read_customer(r, &p->customer);
	p->invoice.n = reading_number(r);
	p->amount = read_money(r);
	p->booked.n = (int32_t)reading_int(r, INT32_MIN, INT32_MAX);
}

static void read_assigned(struct reading *r, struct entry_payment_assigned *a)
{
	reading_text(r, a->key, sizeof(a->key));
	read_customer(r, &a->customer);
	a->invoice.n = reading_number(r);
	reading_text(r, a->by, sizeof(a->by));
}

/* False when there is something in it that we do not know. */
static bool read_fields(struct reading *r, struct sync_change *c)
{
	switch (c->kind) {
	case SYNC_MEMBER:
		read_customer(r, &c->member.customer);
		c->member.role = reading_u8(r, ROLES - 1);
		c->member.flags = (uint16_t)reading_uint(r, UINT16_MAX);
		c->member.credit_limit = read_money(r);
		break;
	case SYNC_MEMBER_GONE:
	case SYNC_ERASE:
		read_customer(r, &c->gone);
		break;
	case SYNC_KEY:
	case SYNC_KEY_GONE:
		read_customer(r, &c->key.customer);
		reading_key(r, &c->key.key);
		break;
	case SYNC_CARD:
	case SYNC_CARD_GONE:
		read_customer(r, &c->card.customer);
		reading_bytes(r, c->card.kid.byte, sizeof(c->card.kid.byte));
		break;
	case SYNC_ARTICLE:
		read_article(r, &c->article);
		break;
	case SYNC_ARTICLE_GONE:
		c->article_gone.n = reading_number(r);
		break;
	case SYNC_PASS:
		read_pass(r, &c->pass);
		break;
	case SYNC_SETTING:
		read_setting(r, &c->setting);
		break;
	case SYNC_KEY_SET:
		c->key_set = reading_span(r, SYNC_KEY_SET_SIZE_MAX);
		break;
	case SYNC_COMMAND:
		return read_command(r, &c->command);
	case SYNC_PAYMENT:
		read_payment(r, &c->payment);
		break;
	case SYNC_PAYMENT_ASSIGNED:
		read_assigned(r, &c->assigned);
		break;
	}
	return true;
}

static enum sync_taken take_whole(struct reading r, struct sync_change *ret)
{
	uint32_t count = reading_array(&r, 1, SYNC_CHANGE_SIZE_MAX);
	uint64_t kind = reading_uint(&r, UINT64_MAX);
	struct sync_change c;

	if (r.bad || kind == 0)
		return SYNC_CHANGE_BAD;
	if (kind >= KINDS)
		return SYNC_CHANGE_UNKNOWN;
	if (count != items[kind])
		return SYNC_CHANGE_BAD;
	memset(&c, 0, sizeof(c));
	c.kind = (enum sync_change_kind)kind;
	if (!read_fields(&r, &c))
		return SYNC_CHANGE_UNKNOWN;
	if (!reading_good(&r) || !sync_change_good(&c))
		return SYNC_CHANGE_BAD;
	*ret = c;
	return SYNC_CHANGE_GOOD;
}

enum sync_taken sync_change_take(struct span *s, struct sync_change *ret)
{
	struct span rest = *s, whole = *s;
	enum sync_taken taken;

	if (!cbor_skip(&rest))
		return SYNC_CHANGE_BAD;
	whole.len -= rest.len;
	if (whole.len > SYNC_CHANGE_SIZE_MAX)
		return SYNC_CHANGE_BAD;
	taken = take_whole((struct reading){.rest = whole}, ret);
	if (taken != SYNC_CHANGE_BAD)
		*s = rest;
	return taken;
}
