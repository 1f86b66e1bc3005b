/*
 * sync_range.c: what a change of the feed may say, asked before one is signed and after one is
 * read. An office signs nothing that a shop would refuse: a feed is applied in order, and one bad
 * change would stop it for good.
 */
#include "wire/sync_parts.h"

#include <string.h>

enum {
	MEMBER_FLAGS_KNOWN = 15, /* core/catalog.h enum member_flags, which is above us */
	VAT_BP_MAX = 10000,
	DEPOSIT_MAX_MINOR = 1000000, /* as of an import: a keg's or a crate's */
};
#define GTIN_MAX	UINT64_C(99999999999999)
#define PRICE_MAX_MINOR INT64_C(1000000000) /* as of an import: a typing error long before it */

static bool member_good(const struct sync_member *m)
{
	return m->role < ROLES && m->flags <= MEMBER_FLAGS_KNOWN &&
	       money_minor(m->credit_limit) >= 0;
}

static bool gtin_good(struct gtin gtin)
{
	return gtin.n >= 1 && gtin.n <= GTIN_MAX;
}

static bool article_good(const struct sync_article *a)
{
	int64_t price_minor = money_minor(a->price);

	return gtin_good(a->gtin) && a->valid_from.ms >= 0 && price_minor >= 0 &&
	       price_minor <= PRICE_MAX_MINOR && a->deposit_minor >= 0 &&
	       a->deposit_minor <= DEPOSIT_MAX_MINOR && a->class < ARTICLE_CLASSES &&
	       a->state < ARTICLE_STATES && a->vat_class < VAT_CLASSES && a->vat_bp <= VAT_BP_MAX &&
	       (a->vat_class == VAT_FIXED || a->vat_bp == 0) && a->name[0] != '\0' &&
	       text_plain(a->name, sizeof(a->name));
}

static bool setting_good(const struct sync_setting *s)
{
	uint32_t len = (uint32_t)strnlen(s->name, sizeof(s->name));

	if (len < 1 || len > SETTING_NAME_MAX)
		return false;
	for (uint32_t i = 0; i < len; i++)
		if (!(s->name[i] >= 'a' && s->name[i] <= 'z') && s->name[i] != '_' &&
		    s->name[i] != '.')
			return false;
	return text_plain(s->value, sizeof(s->value));
}

static bool command_good(const struct sync_command *c)
{
	bool setting = c->verb == VERB_SET || c->verb == VERB_ACKNOWLEDGE
			       ? setting_good(&c->setting)
			       : c->setting.name[0] == '\0' && c->setting.value[0] == '\0';

	return c->id >= 1 && c->id <= INT64_MAX && c->verb >= VERB_RELEASE &&
	       c->verb <= VERB_LAST && text_place(c->door, sizeof(c->door), true) &&
	       c->hold_ms >= 0 && c->expires.ms >= 0 && text_plain(c->by, sizeof(c->by)) && setting;
}

/* What the shop will put on record must be what a record may hold. */
static bool payment_good(const struct entry_payment *p)
{
	struct entry e;

	memset(&e, 0, sizeof(e));
	e.kind = ENTRY_PAYMENT;
	e.payment = *p;
	return entry_valid(&e);
}

static bool assigned_good(const struct entry_payment_assigned *a)
{
	struct entry e;

	memset(&e, 0, sizeof(e));
	e.kind = ENTRY_PAYMENT_ASSIGNED;
	e.payment_assigned = *a;
	return entry_valid(&e);
}

bool sync_change_good(const struct sync_change *c)
{
	switch (c->kind) {
	case SYNC_MEMBER:
		return member_good(&c->member);
	case SYNC_ARTICLE:
		return article_good(&c->article);
	case SYNC_ARTICLE_GONE:
		return gtin_good(c->article_gone);
	case SYNC_PASS:
		return c->pass.cti_len >= CTI_SIZE_MIN && c->pass.cti_len <= CTI_SIZE_MAX;
	case SYNC_SETTING:
		return setting_good(&c->setting);
	case SYNC_KEY_SET:
		return c->key_set.len >= 1 && c->key_set.len <= SYNC_KEY_SET_SIZE_MAX;
	case SYNC_COMMAND:
		return command_good(&c->command);
	case SYNC_PAYMENT:
		return payment_good(&c->payment);
	case SYNC_PAYMENT_ASSIGNED:
		return assigned_good(&c->assigned);
	case SYNC_MEMBER_GONE:
	case SYNC_KEY:
	case SYNC_KEY_GONE:
	case SYNC_ERASE:
	case SYNC_CARD:
	case SYNC_CARD_GONE:
		return true;
	}
	return false;
}
