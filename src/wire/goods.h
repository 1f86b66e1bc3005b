/*
 * goods.h: what a scanner read off an article -> what it is (GS1 General Specifications). Pure;
 * every byte is hostile; fuzzed.
 *
 * Read: GTIN-8, 12, 13, 14 (a scanner that drops the leading 0 of a GTIN-13 gives 12 digits); GS1
 * element strings (GS1-128, DataMatrix: FNC1 as GS 0x1d, an AIM prefix ]C1 ]d2 ]Q3 ]e0 is dropped)
 * with AI 01 10 15 17 310n 392n 393n and any other of known length skipped; GS1 Digital Link URIs
 * with the same; and the restricted circulation numbers that a country gives to goods weighed or
 * priced in the shop, by its table.
 */
#ifndef SHOP_WIRE_GOODS_H
#define SHOP_WIRE_GOODS_H

#include "base/day.h"
#include "base/ids.h"
#include "base/limits.h"
#include "base/money.h"

enum goods_measure {
	GOODS_PIECES = 0, /* as many as are asked for */
	GOODS_WEIGHT = 1, /* quantity_milli stands in the code: grams, or pieces counted (DE) */
	GOODS_PRICE = 2,  /* price stands in the code: of this piece, deposit and all */
};

struct goods {
	struct gtin gtin; /* 0: none. Of a weighed or priced article: its number with the value
			     zeroed */
	enum goods_measure measure;
	int32_t quantity_milli; /* 1..QUANTITY_MAX_MILLI; 0: not told. A code may tell it and the
				   price: measure is GOODS_PRICE then */
	struct money price;
	struct day best_before; /* AI 15 */
	struct day use_by;	/* AI 17 */
	char lot[LOT_MAX + 1];	/* AI 10 */
};

/** Whose table of restricted numbers holds (prefixes 02, 20 to 29). */
enum goods_country {
	GOODS_NO_COUNTRY = 0, /* 20..29 are plain numbers of the shop's own */
	GOODS_SE = 1,
	GOODS_NO = 2,
	GOODS_FI = 3,
	GOODS_DK = 4,
	GOODS_DE = 5,
};
#define GOODS_COUNTRIES 6
/** goods_country_words - of each by its number, then a NULL: for a table of wire/conf.h. */
extern const char *const goods_country_words[GOODS_COUNTRIES + 1];
const char *goods_country_word(enum goods_country c);
bool goods_country_parse(const char *text, enum goods_country *ret);

/** goods_read - `text` as scanned, ≤ SCANNED_MAX. `today` gives a two-digit year its century (GS1
 * General Specifications 7.12: within 49 years back, 50 ahead). False, *ret zeroed, when it is
 * nothing that can be sold: a wrong check digit, an AI that is none, a date that is none, two
 * GTINs, a weight of 0. */
MUST_CHECK bool goods_read(const char *text, uint32_t len, enum goods_country country,
			   struct day today, struct goods *ret);

#endif
