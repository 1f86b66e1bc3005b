/*
 * catalog.h: roster and catalogue as shopd keeps them in memory: flat sorted arrays, built
 * elsewhere (ledger/), never changed in place, swapped whole. Lookups only; pure.
 *
 * Sizes are the budget: 80 B a key, 16 B a card, 40 B a member, 40 B an article and its name
 * (design 2).
 */
#ifndef SHOP_CORE_CATALOG_H
#define SHOP_CORE_CATALOG_H

#include "base/clock.h"
#include "base/ids.h"
#include "base/money.h"
#include "base/words.h"

/** One live key; sorted by kid, then member. */
struct key_row {
	struct kid kid;
	struct public_key key;
	uint32_t member; /* index into members */
	uint32_t reserved;
};

/** A card; sorted by kid, each of one member. */
struct card_row {
	struct kid kid;
	uint32_t member; /* index into members */
	uint32_t reserved;
};

enum member_flags {
	MEMBER_BLOCKED = 1,
	MEMBER_OVERDUE = 2,
	MEMBER_EXTENDED = 4, /* longer door timings (contracts 2) */
	MEMBER_LIMITED = 8,  /* credit_limit holds; without it there is none */
};

/** One member; sorted by customer. */
struct member_row {
	struct customer customer;
	struct money credit_limit;
	uint16_t flags;
	uint8_t role;  /* enum role */
	uint8_t trust; /* enum trust */
	uint8_t reserved[4];
};

/** An office's key that signs passes; and a pass of which the office told something (contracts 1,
 * pass). */
struct office_key_row {
	struct kid kid;
	struct public_key key;
};

struct pass_row {
	uint8_t cti_len;
	uint8_t cti[CTI_SIZE_MAX]; /* sorted by (cti_len, cti) */
	bool revoked;
	bool wants_pin;
	uint8_t pin_salt[16];
	struct sha256
		pin_hash; /* SHA-256(salt ‖ digits); four digits guard a door's log, not a secret */
};

#define OFFICE_KEYS_MAX 16
#define PASSES_MAX	4096

struct roster {
	uint32_t keys, cards, members, office_keys, passes;
	struct key_row *key;
	struct card_row *card;
	struct member_row *member;
	struct office_key_row *office_key;
	struct pass_row *pass;
};

/** One article as sold. Sorted by gtin. */
struct article_row {
	struct gtin gtin;
	struct money price;    /* VAT included, a piece or a kilogram; the deposit comes on top */
	uint32_t name_at;      /* offset into names, NUL-terminated there */
	int32_t deposit_minor; /* a piece, VAT included at the rate of what it holds; 0: none */
	uint16_t vat_bp;       /* of VAT_FIXED alone; else the class and the day decide */
	uint16_t reorder;      /* whole pieces or kilograms at which to order; 0: never told */
	uint8_t class;	       /* enum article_class */
	uint8_t state;	       /* enum article_state */
	uint8_t vat_class;     /* enum vat_class */
	uint8_t reserved;
};

/** An article as it was before price version `until`; sorted by (gtin, until). */
struct article_past {
	struct article_row row;
	uint32_t until;
	bool absent; /* it was not in the catalogue then */
};

struct articles {
	uint32_t version;    /* of the price list: rises with each import */
	struct wall made_at; /* when that version was made; 0 while there is none */
	uint32_t rows, pasts;
	uint32_t names_len;
	struct article_row *row;
	struct article_past *past;
	char *names;
};

/** roster_keys_of - the run of keys with this kid: how many (0 if none, at most KID_SHARED_MAX),
 * first in *ret. */
uint32_t roster_keys_of(const struct roster *r, struct kid kid, const struct key_row **ret);

/** roster_card - the card of this kid, or NULL. */
const struct card_row *roster_card(const struct roster *r, struct kid kid);

/** roster_member - by customer key, or NULL. roster_office_key, roster_pass - or NULL. */
const struct member_row *roster_member(const struct roster *r, struct customer c);
const struct office_key_row *roster_office_key(const struct roster *r, struct kid kid);
const struct pass_row *roster_pass(const struct roster *r, const uint8_t *cti, uint8_t cti_len);

/** articles_now - the article today, or NULL. */
const struct article_row *articles_now(const struct articles *a, struct gtin gtin);

/** articles_then - the article as it was in price version `version` (≤ the present one), or NULL
 * where there was none. Versions forgotten (older than VISIT_LATE_DAYS + 1 days) give the oldest
 * that is known. */
const struct article_row *articles_then(const struct articles *a, struct gtin gtin,
					uint32_t version);

/** articles_name - the row's name; lives as long as `a`. */
const char *articles_name(const struct articles *a, const struct article_row *row);

#endif
