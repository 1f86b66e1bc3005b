/*
 * goods.c: what was scanned, in whichever of its three forms, judged to the end: digits alone (a
 * GTIN), a GS1 element string, a GS1 Digital Link.
 *
 * What it promises: of the same text the same answer, whatever the phone or the till's scanner
 * that read it; nothing half read. Each thing may be said once: a label with two lots, two weights
 * or two numbers is refused rather than one of them believed. A weight is rounded to the gram, half
 * up; a price that is no whole number of minor units is refused.
 *
 * Where a label tells weight and price both, the price is what is paid and the weight is what
 * leaves the stock.
 */
#include "wire/goods_parts.h"

#include <string.h>

#define PRICE_MAX      1000000000ULL /* minor units, as of an article: a typing error long before */
#define YEAR_BELIEVED  2026 /* a clock that stands before this program was made says no century */
#define MONEY_DECIMALS 2    /* of each currency that goods_currency() knows */
#define KILO_DECIMALS  3    /* quantities are thousandths */

uint64_t goods_digits(const char *digits, uint32_t len)
{
	uint64_t n = 0;

	CHECK(len <= 18);
	for (uint32_t i = 0; i < len; i++)
		n = n * 10 + (uint64_t)(digits[i] - '0');
	return n;
}

/* Whether this is the first time that the reading hears of it. */
static bool first(struct goods_reading *r, enum goods_use use)
{
	uint32_t bit = 1U << use;

	if (r->seen & bit)
		return false;
	r->seen |= bit;
	return true;
}

bool goods_weight(struct goods_reading *r, uint64_t value, uint32_t decimals)
{
	for (; decimals < KILO_DECIMALS; decimals++)
		value *= 10;
	for (; decimals > KILO_DECIMALS + 1; decimals--)
		value /= 10; /* a digit past the first that is dropped cannot change a half */
	if (decimals > KILO_DECIMALS)
		value = (value + 5) / 10;
	if (!first(r, GOODS_USE_WEIGHT) || value == 0 || value > QUANTITY_MAX_MILLI)
		return false;
	r->goods.quantity_milli = (int32_t)value;
	return true;
}

bool goods_price(struct goods_reading *r, uint64_t value, uint32_t decimals)
{
	for (; decimals > MONEY_DECIMALS; decimals--) {
		if (value % 10 != 0)
			return false;
		value /= 10;
	}
	if (!first(r, GOODS_USE_PRICE) || value == 0 || value > PRICE_MAX)
		return false;
	for (; decimals < MONEY_DECIMALS; decimals++)
		value *= 10;
	if (value > PRICE_MAX)
		return false;
	r->goods.price = money_of((int64_t)value);
	return true;
}

bool goods_gtin(struct goods_reading *r, const char *digits, uint32_t len)
{
	struct gtin number;

	if (!first(r, GOODS_USE_GTIN) || !gtin_parse(digits, len, &number) ||
	    !goods_restricted(r, &number))
		return false;
	r->goods.gtin = number;
	return true;
}

/* YYMMDD. The century is the one that brings the year nearest to ours: within 49 back, 50 ahead
 * (General Specifications 7.12); day 00 is the month's last (3.4.4 and after it). */
static bool take_date(const struct goods_reading *r, const char *value, struct day *ret)
{
	int32_t year = (int32_t)goods_digits(value, 2), month, day, ours, past;
	struct day date;

	day_civil(r->today, &ours, &month, &day);
	if (ours < YEAR_BELIEVED)
		ours = YEAR_BELIEVED;
	past = ours % 100;
	month = (int32_t)goods_digits(value + 2, 2);
	day = (int32_t)goods_digits(value + 4, 2);
	year += ours - past - (year - past > 50 ? 100 : 0) + (past - year > 49 ? 100 : 0);
	if (day > 0)
		return day_of(year, month, day, ret);
	if (!day_of(year, month, 1, &date))
		return false;
	for (day = 31; !day_of(year, month, day, ret);)
		day--;
	return true;
}

/* "0752" and the rest: a price in another country's money is none that the shop could ask for. */
static bool take_foreign(struct goods_reading *r, const char *value, uint32_t len,
			 uint32_t decimals)
{
	uint32_t currency = goods_currency(r->country);

	return currency != 0 && goods_digits(value, 3) == currency &&
	       goods_price(r, goods_digits(value + 3, len - 3), decimals);
}

static bool take_lot(struct goods_reading *r, const char *value, uint32_t len)
{
	if (!first(r, GOODS_USE_LOT))
		return false;
	memcpy(r->goods.lot, value, len);
	r->goods.lot[len] = '\0';
	return true;
}

bool goods_take(struct goods_reading *r, const struct goods_ai *ai, const char *digits,
		const char *value, uint32_t len)
{
	uint32_t decimals = (uint32_t)(digits[ai->digits - 1] - '0');

	if (!goods_ai_value(ai, value, len))
		return false;
	switch (ai->use) {
	case GOODS_USE_SKIP:
		return true;
	case GOODS_USE_GTIN:
		return goods_gtin(r, value, len);
	case GOODS_USE_LOT:
		return take_lot(r, value, len);
	case GOODS_USE_BEST_BEFORE:
		return first(r, ai->use) && take_date(r, value, &r->goods.best_before);
	case GOODS_USE_USE_BY:
		return first(r, ai->use) && take_date(r, value, &r->goods.use_by);
	case GOODS_USE_WEIGHT:
		return goods_weight(r, goods_digits(value, len), decimals);
	case GOODS_USE_PRICE:
		return goods_price(r, goods_digits(value, len), decimals);
	case GOODS_USE_PRICE_CURRENCY:
		return take_foreign(r, value, len, decimals);
	case GOODS_USE_REFUSE:
		break;
	}
	return false;
}

/* "]C1", "]d2": what the scanner saw (ISO/IEC 15424). It says no more than the text itself, and
 * most are set up not to send it. */
static uint32_t aim_len(const char *text, uint32_t len)
{
	bool letter = len >= 3 &&
		      ((text[1] >= 'A' && text[1] <= 'Z') || (text[1] >= 'a' && text[1] <= 'z'));

	return letter && text[0] == ']' && text[2] >= '0' && text[2] <= '9' ? 3 : 0;
}

static bool digits_alone(const char *text, uint32_t len)
{
	for (uint32_t i = 0; i < len; i++)
		if (text[i] < '0' || text[i] > '9')
			return false;
	return len <= GTIN_TEXT_MAX; /* the shortest element string with a number has 16 */
}

static bool take(struct goods_reading *r, const char *text, uint32_t len)
{
	if (digits_alone(text, len))
		return goods_gtin(r, text, len);
	if (goods_is_link(text, len))
		return goods_link(r, text, len);
	return goods_elements(r, text, len);
}

bool goods_read(const char *text, uint32_t len, enum goods_country country, struct day today,
		struct goods *ret)
{
	struct goods_reading r = {.country = country, .today = today};
	uint32_t aim;

	memset(ret, 0, sizeof(*ret));
	if (len > SCANNED_MAX)
		return false;
	aim = aim_len(text, len);
	if (!take(&r, text + aim, len - aim) || r.goods.gtin.n == 0)
		return false;
	if (money_minor(r.goods.price) > 0)
		r.goods.measure = GOODS_PRICE;
	else if (r.goods.quantity_milli > 0)
		r.goods.measure = GOODS_WEIGHT;
	*ret = r.goods;
	return true;
}
