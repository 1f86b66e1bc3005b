/* goods_parts.h: what the files of goods.h share, and nobody else includes. */
#ifndef SHOP_WIRE_GOODS_PARTS_H
#define SHOP_WIRE_GOODS_PARTS_H

#include "wire/goods.h"

/** What an application identifier is to a shop. */
enum goods_use {
	GOODS_USE_SKIP = 0, /* of known length, and nothing to us */
	GOODS_USE_GTIN = 1,
	GOODS_USE_LOT = 2,
	GOODS_USE_BEST_BEFORE = 3,
	GOODS_USE_USE_BY = 4,
	GOODS_USE_WEIGHT = 5,	      /* kilograms, as many decimals as the AI's last digit says */
	GOODS_USE_PRICE = 6,	      /* likewise */
	GOODS_USE_PRICE_CURRENCY = 7, /* likewise, after three digits of ISO 4217 */
	GOODS_USE_REFUSE = 8,	      /* another trade item than the one in the hand */
};

/** A row of the GS1 dictionary: AIs `first` to `last`, all with the same number of digits. */
struct goods_ai {
	uint16_t first, last;
	uint8_t digits;	  /* of the AI, its decimals counted */
	uint8_t decimals; /* its last digit may be 0 to this; `first` and `last` are without it */
	uint8_t min, max; /* characters of its value */
	uint8_t numeric;  /* so many of them, from the front, are digits */
	bool fixed;	  /* predefined length: no FNC1 need follow */
	enum goods_use use;
};

/** What has been read so far. */
struct goods_reading {
	enum goods_country country;
	struct day today;
	uint32_t seen; /* bit of each goods_use */
	struct goods goods;
};

/** goods_ai_find - the row of the AI that `text` begins with; NULL when it begins with none. */
const struct goods_ai *goods_ai_find(const char *text, uint32_t len);

/** goods_ai_value - whether `value` is what the row says: its length, its digits, and characters
 * of GS1's set 82. */
bool goods_ai_value(const struct goods_ai *ai, const char *value, uint32_t len);

/** goods_take - one AI and its value, both of the dictionary. False when the shop cannot sell
 * what it says. */
MUST_CHECK bool goods_take(struct goods_reading *r, const struct goods_ai *ai, const char *digits,
			   const char *value, uint32_t len);

/** goods_gtin - the article's number, 8, 12, 13 or 14 digits; one of a country's restricted ones
 * tells weight or price too. False on a wrong one, and on a second. */
MUST_CHECK bool goods_gtin(struct goods_reading *r, const char *digits, uint32_t len);

/** goods_weight, goods_price - `value` × 10^-decimals kilograms, or units of currency. False when
 * there was one before, when it is nothing, or more than a line may hold. */
MUST_CHECK bool goods_weight(struct goods_reading *r, uint64_t value, uint32_t decimals);
MUST_CHECK bool goods_price(struct goods_reading *r, uint64_t value, uint32_t decimals);

/** goods_elements - the whole text as a GS1 element string. goods_link - as a Digital Link URI;
 * goods_is_link - whether it is to be one. */
MUST_CHECK bool goods_elements(struct goods_reading *r, const char *text, uint32_t len);
bool goods_is_link(const char *text, uint32_t len);
MUST_CHECK bool goods_link(struct goods_reading *r, const char *text, uint32_t len);

/** goods_restricted - reads *number by the country's table: weight, count or price into *r, the
 * number with its value zeroed into *number. True, and nothing done, when the table has no such
 * prefix. */
MUST_CHECK bool goods_restricted(struct goods_reading *r, struct gtin *number);

/** goods_currency - the ISO 4217 number of the country's money; 0 when that is not known. */
uint32_t goods_currency(enum goods_country c);

/** goods_digits - the number that `len` digits say, ≤ 18 of them. */
uint64_t goods_digits(const char *digits, uint32_t len);

#endif
