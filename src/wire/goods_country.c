/*
 * goods_country.c: the numbers that a country gives to goods weighed, counted or priced in the
 * shop. GS1 reserves prefixes 20 to 29 of a GTIN-13 for them and leaves their inside to the member
 * organisation of each country (GS1 General Specifications 2.1.11), so the same label means 1.234
 * kg in Stockholm and 12.34 kr in Copenhagen: a table per country, each from that country's own
 * organisation.
 *
 *	SE  GS1 Sweden, "Hur skapar jag mina viktvarunummer?": 20 21 22 price with 2, 1, 0
 *	    decimals, 23 24 25 kilograms with 3, 2, 1; four digits.
 *	FI  GS1 Finland, "How to identify the product (GTIN)": 23 24 25 kilograms with 3, 2, 1
 *	    decimals; four digits. Its catalogue, too, names the article with the weight zeroed.
 *	DK  GS1 Denmark, "GTIN-varenummer inkl. prisangivelse (RCN)": 21 to 24 price in øre, six
 *	    digits; "GS1 varenummer inkl. vægtangivelse (RCN)": 26 and 28 grams, six digits; 27
 *grams, five. DE  GS1 Germany, "SAN-4-Konzept" and "Die Globale Artikelnummer (GTIN) in der
 *Anwendung": 22 23 price in cents, 25 26 pieces, 28 29 grams; five digits after a check digit of
 *their own. NO  GS1 Norway publishes no rule that we could find: all of 20 to 29 are plain numbers
 *there.
 *
 * Nor have we found a publisher's own word on what follows 7388 on Swedish magazines (a price, it
 * is said) and 99 on coupons: plain numbers, both.
 *
 * A prefix that stands in no table is a plain number of the shop's own: so are 26 to 29 in Sweden,
 * 20 to 22 in Finland, 02 everywhere, and the eight-digit numbers that begin with 0 or 2.
 *
 * The article's own number is the label's with the value's digits zeroed and the check digits
 * reckoned anew: it is a right GTIN-13, and the catalogue holds that.
 */
#include "wire/goods_parts.h"

#include <string.h>

#define PREFIX_UNIT	 100000000000ULL /* of the first two of thirteen digits */
#define RESTRICTED_FIRST (20 * PREFIX_UNIT)
#define RESTRICTED_LAST	 (30 * PREFIX_UNIT - 1)
#define GTIN_13		 13

enum restricted {
	RESTRICTED_PRICE = 0,
	RESTRICTED_WEIGHT = 1,
	RESTRICTED_COUNT = 2,
};

struct rule {
	uint8_t country;  /* enum goods_country */
	uint8_t prefix;	  /* 20 to 29 */
	uint8_t what;	  /* enum restricted */
	uint8_t digits;	  /* of the value, the last before the check digit */
	uint8_t decimals; /* of the value, in kilograms or units of currency */
	bool checked;	  /* the digit before the value is its check digit */
};

static const struct rule rules[] = {
	{GOODS_SE, 20, RESTRICTED_PRICE, 4, 2, false},
	{GOODS_SE, 21, RESTRICTED_PRICE, 4, 1, false},
	{GOODS_SE, 22, RESTRICTED_PRICE, 4, 0, false},
	{GOODS_SE, 23, RESTRICTED_WEIGHT, 4, 3, false},
	{GOODS_SE, 24, RESTRICTED_WEIGHT, 4, 2, false},
	{GOODS_SE, 25, RESTRICTED_WEIGHT, 4, 1, false},
	{GOODS_FI, 23, RESTRICTED_WEIGHT, 4, 3, false},
	{GOODS_FI, 24, RESTRICTED_WEIGHT, 4, 2, false},
	{GOODS_FI, 25, RESTRICTED_WEIGHT, 4, 1, false},
	{GOODS_DK, 21, RESTRICTED_PRICE, 6, 2, false},
	{GOODS_DK, 22, RESTRICTED_PRICE, 6, 2, false},
	{GOODS_DK, 23, RESTRICTED_PRICE, 6, 2, false},
	{GOODS_DK, 24, RESTRICTED_PRICE, 6, 2, false},
	{GOODS_DK, 26, RESTRICTED_WEIGHT, 6, 3, false},
	{GOODS_DK, 27, RESTRICTED_WEIGHT, 5, 3, false},
	{GOODS_DK, 28, RESTRICTED_WEIGHT, 6, 3, false},
	{GOODS_DE, 22, RESTRICTED_PRICE, 5, 2, true},
	{GOODS_DE, 23, RESTRICTED_PRICE, 5, 2, true},
	{GOODS_DE, 25, RESTRICTED_COUNT, 5, 0, true},
	{GOODS_DE, 26, RESTRICTED_COUNT, 5, 0, true},
	{GOODS_DE, 28, RESTRICTED_WEIGHT, 5, 3, true},
	{GOODS_DE, 29, RESTRICTED_WEIGHT, 5, 3, true},
};

const char *const goods_country_words[GOODS_COUNTRIES + 1] = {
	[GOODS_NO_COUNTRY] = "none", [GOODS_SE] = "se", [GOODS_NO] = "no",
	[GOODS_FI] = "fi",	     [GOODS_DK] = "dk", [GOODS_DE] = "de",
};

/* ISO 4217; the euro and the three crowns have two decimals. */
static const uint16_t currencies[GOODS_COUNTRIES] = {
	[GOODS_SE] = 752, [GOODS_NO] = 578, [GOODS_FI] = 978, [GOODS_DK] = 208, [GOODS_DE] = 978,
};

const char *goods_country_word(enum goods_country c)
{
	CHECK((uint32_t)c < GOODS_COUNTRIES);
	return goods_country_words[c];
}

bool goods_country_parse(const char *text, enum goods_country *ret)
{
	for (uint32_t i = 0; i < GOODS_COUNTRIES; i++)
		if (strcmp(text, goods_country_words[i]) == 0) {
			*ret = (enum goods_country)i;
			return true;
		}
	return false;
}

uint32_t goods_currency(enum goods_country c)
{
	CHECK((uint32_t)c < GOODS_COUNTRIES);
	return currencies[c];
}

/* The check digit of a five-digit price or weight: GS1 General Specifications 7.9, "price check
 * digit calculation for five-digit price fields". Each place has a weight of its own, whose carry
 * is added (5+) or taken away (2-, 5-). */
static uint32_t five_check(uint32_t value)
{
	static const uint8_t two_minus[10] = {0, 2, 4, 6, 8, 9, 1, 3, 5, 7};
	static const uint8_t five_plus[10] = {0, 5, 1, 6, 2, 7, 3, 8, 4, 9};
	static const uint8_t five_minus[10] = {0, 5, 9, 4, 8, 3, 7, 2, 6, 1};
	static const uint8_t *const weight[5] = {two_minus, five_plus, five_minus, two_minus,
						 five_plus}; /* from the right */
	uint32_t sum = 0, check = 0;

	for (uint32_t i = 0; i < ARRAY_LEN(weight); i++, value /= 10)
		sum += weight[i][value % 10];
	while ((sum + five_minus[check]) % 10 != 0)
		check++;
	return check;
}

/* The check digit that makes a GTIN-13 of twelve digits (GS1 General Specifications 7.9). */
static uint64_t with_check(uint64_t twelve)
{
	uint64_t sum = 0, rest = twelve;

	for (uint32_t i = 0; i < GTIN_13 - 1; i++, rest /= 10)
		sum += i % 2 == 0 ? rest % 10 * 3 : rest % 10;
	return twelve * 10 + (10 - sum % 10) % 10;
}

static const struct rule *rule_of(enum goods_country c, uint64_t number)
{
	uint64_t prefix = number / PREFIX_UNIT;

	if (number < RESTRICTED_FIRST || number > RESTRICTED_LAST)
		return NULL;
	for (uint32_t i = 0; i < ARRAY_LEN(rules); i++)
		if (rules[i].country == c && rules[i].prefix == prefix)
			return &rules[i];
	return NULL;
}

static bool take_value(struct goods_reading *r, const struct rule *rule, uint64_t value)
{
	switch ((enum restricted)rule->what) {
	case RESTRICTED_PRICE:
		return goods_price(r, value, rule->decimals);
	case RESTRICTED_WEIGHT:
	case RESTRICTED_COUNT:
		break;
	}
	return goods_weight(r, value, rule->decimals); /* a piece counts as a kilogram does */
}

bool goods_restricted(struct goods_reading *r, struct gtin *number)
{
	const struct rule *rule = rule_of(r->country, number->n);
	uint64_t twelve = number->n / 10, scale = 1, value;

	if (!rule)
		return true;
	for (uint32_t i = 0; i < rule->digits; i++)
		scale *= 10;
	value = twelve % scale;
	twelve -= value;
	if (rule->checked) {
		if (five_check((uint32_t)value) != twelve / scale % 10)
			return false;
		/* the check digit of five zeros is 0 */
		twelve -= twelve / scale % 10 * scale;
	}
	if (!take_value(r, rule, value))
		return false;
	number->n = with_check(twelve);
	return true;
}
