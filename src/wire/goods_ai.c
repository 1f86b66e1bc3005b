/*
 * goods_ai.c: the application identifiers of GS1 (General Specifications 3, and the GS1 Barcode
 * Syntax Dictionary of July 2026): how long each is, how long its value may be, and what a shop
 * makes of it.
 *
 * A label may carry any of them beside the article's number, and only by their lengths does one
 * find where the next begins: so all of them stand here, most of them to be stepped over. What
 * stands here not is no AI, and a label with such a one is not read at all: what follows it cannot
 * be told apart.
 *
 * An AI of predefined length needs no separator after its value (7.8.5); the others end at an FNC1
 * or at the end of the text.
 */
#include "wire/goods_parts.h"

#include <string.h>

#define ALL 255 /* every character of the value is a digit */

#define FIXED(first, last, digits, len, use)                                                       \
	{                                                                                          \
		first, last, digits, 0, len, len, ALL, true, use                                   \
	}
#define NUMBER(first, last, digits, min, max)                                                      \
	{                                                                                          \
		first, last, digits, 0, min, max, ALL, false, GOODS_USE_SKIP                       \
	}
#define TEXT(first, last, digits, min, max, numeric)                                               \
	{                                                                                          \
		first, last, digits, 0, min, max, numeric, false, GOODS_USE_SKIP                   \
	}
#define MEASURE(first, last, use)                                                                  \
	{                                                                                          \
		first, last, 4, 5, 6, 6, ALL, true, use                                            \
	}
#define AMOUNT(first, digit, min, max, use)                                                        \
	{                                                                                          \
		first, first, 4, digit, min, max, ALL, false, use                                  \
	}

static const struct goods_ai dictionary[] = {
	FIXED(0, 0, 2, 18, GOODS_USE_SKIP), /* logistic unit */
	FIXED(1, 1, 2, 14, GOODS_USE_GTIN),
	FIXED(2, 3, 2, 14, GOODS_USE_REFUSE), /* contained goods; made to order */
	{10, 10, 2, 0, 1, 20, 0, false, GOODS_USE_LOT},
	FIXED(11, 13, 2, 6, GOODS_USE_SKIP), /* produced, due, packed */
	FIXED(15, 15, 2, 6, GOODS_USE_BEST_BEFORE),
	FIXED(16, 16, 2, 6, GOODS_USE_SKIP), /* sell by */
	FIXED(17, 17, 2, 6, GOODS_USE_USE_BY),
	FIXED(20, 20, 2, 2, GOODS_USE_SKIP),
	TEXT(21, 22, 2, 1, 20, 0),
	TEXT(235, 235, 3, 1, 28, 0),
	TEXT(240, 241, 3, 1, 30, 0),
	NUMBER(242, 242, 3, 1, 6),
	TEXT(243, 243, 3, 1, 20, 0),
	TEXT(250, 251, 3, 1, 30, 0),
	TEXT(253, 253, 3, 13, 30, 13),
	TEXT(254, 254, 3, 1, 20, 0),
	NUMBER(255, 255, 3, 13, 25),
	NUMBER(30, 30, 2, 1, 8),
	MEASURE(310, 310, GOODS_USE_WEIGHT),
	MEASURE(311, 316, GOODS_USE_SKIP),
	MEASURE(320, 337, GOODS_USE_SKIP),
	MEASURE(340, 357, GOODS_USE_SKIP),
	MEASURE(360, 369, GOODS_USE_SKIP),
	NUMBER(37, 37, 2, 1, 8),
	AMOUNT(390, 9, 1, 15, GOODS_USE_SKIP),
	AMOUNT(391, 9, 4, 18, GOODS_USE_SKIP),
	AMOUNT(392, 9, 1, 15, GOODS_USE_PRICE),
	AMOUNT(393, 9, 4, 18, GOODS_USE_PRICE_CURRENCY),
	AMOUNT(394, 3, 4, 4, GOODS_USE_SKIP),
	AMOUNT(395, 5, 6, 6, GOODS_USE_SKIP),
	TEXT(400, 401, 3, 1, 30, 0),
	NUMBER(402, 402, 3, 17, 17),
	TEXT(403, 403, 3, 1, 30, 0),
	FIXED(410, 417, 3, 13, GOODS_USE_SKIP),
	TEXT(420, 420, 3, 1, 20, 0),
	TEXT(421, 421, 3, 4, 12, 3),
	NUMBER(422, 422, 3, 3, 3),
	NUMBER(423, 423, 3, 3, 15),
	NUMBER(424, 424, 3, 3, 3),
	NUMBER(425, 425, 3, 3, 15),
	NUMBER(426, 426, 3, 3, 3),
	TEXT(427, 427, 3, 1, 3, 0),
	TEXT(4300, 4301, 4, 1, 35, 0),
	TEXT(4302, 4306, 4, 1, 70, 0),
	TEXT(4307, 4307, 4, 2, 2, 0),
	TEXT(4308, 4308, 4, 1, 30, 0),
	NUMBER(4309, 4309, 4, 20, 20),
	TEXT(4310, 4311, 4, 1, 35, 0),
	TEXT(4312, 4316, 4, 1, 70, 0),
	TEXT(4317, 4317, 4, 2, 2, 0),
	TEXT(4318, 4318, 4, 1, 20, 0),
	TEXT(4319, 4319, 4, 1, 30, 0),
	TEXT(4320, 4320, 4, 1, 35, 0),
	NUMBER(4321, 4323, 4, 1, 1),
	NUMBER(4324, 4325, 4, 10, 10),
	NUMBER(4326, 4326, 4, 6, 6),
	TEXT(4330, 4333, 4, 6, 7, 6),
	NUMBER(7001, 7001, 4, 13, 13),
	TEXT(7002, 7002, 4, 1, 30, 0),
	NUMBER(7003, 7003, 4, 10, 10),
	NUMBER(7004, 7004, 4, 1, 4),
	TEXT(7005, 7005, 4, 1, 12, 0),
	NUMBER(7006, 7006, 4, 6, 6),
	NUMBER(7007, 7007, 4, 6, 12),
	TEXT(7008, 7008, 4, 1, 3, 0),
	TEXT(7009, 7009, 4, 1, 10, 0),
	TEXT(7010, 7010, 4, 1, 2, 0),
	NUMBER(7011, 7011, 4, 6, 10),
	TEXT(7020, 7022, 4, 1, 20, 0),
	TEXT(7023, 7023, 4, 1, 30, 0),
	TEXT(7030, 7039, 4, 4, 30, 3),
	TEXT(7040, 7040, 4, 4, 4, 1),
	TEXT(7041, 7041, 4, 1, 4, 0),
	TEXT(710, 717, 3, 1, 20, 0),
	TEXT(7230, 7239, 4, 3, 30, 0),
	TEXT(7240, 7240, 4, 1, 20, 0),
	NUMBER(7241, 7241, 4, 2, 2),
	TEXT(7242, 7242, 4, 1, 25, 0),
	NUMBER(7250, 7250, 4, 8, 8),
	NUMBER(7251, 7251, 4, 12, 12),
	NUMBER(7252, 7252, 4, 1, 1),
	TEXT(7253, 7254, 4, 1, 40, 0),
	TEXT(7255, 7255, 4, 1, 10, 0),
	TEXT(7256, 7256, 4, 1, 90, 0),
	TEXT(7257, 7257, 4, 1, 70, 0),
	TEXT(7258, 7258, 4, 3, 3, 0),
	TEXT(7259, 7259, 4, 1, 40, 0),
	NUMBER(8001, 8001, 4, 14, 14),
	TEXT(8002, 8002, 4, 1, 20, 0),
	TEXT(8003, 8003, 4, 14, 30, 14),
	TEXT(8004, 8004, 4, 1, 30, 0),
	NUMBER(8005, 8005, 4, 6, 6),
	NUMBER(8006, 8006, 4, 18, 18),
	TEXT(8007, 8007, 4, 1, 34, 0),
	NUMBER(8008, 8008, 4, 8, 12),
	TEXT(8009, 8009, 4, 1, 50, 0),
	TEXT(8010, 8010, 4, 1, 30, 0),
	NUMBER(8011, 8011, 4, 1, 12),
	TEXT(8012, 8012, 4, 1, 20, 0),
	TEXT(8013, 8014, 4, 1, 25, 0),
	NUMBER(8017, 8018, 4, 18, 18),
	NUMBER(8019, 8019, 4, 1, 10),
	TEXT(8020, 8020, 4, 1, 25, 0),
	NUMBER(8026, 8026, 4, 18, 18),
	TEXT(8030, 8030, 4, 1, 90, 0),
	NUMBER(8040, 8041, 4, 15, 15),
	NUMBER(8042, 8042, 4, 32, 32),
	NUMBER(8043, 8043, 4, 18, 20),
	TEXT(8110, 8110, 4, 1, 70, 0),
	NUMBER(8111, 8111, 4, 4, 4),
	TEXT(8112, 8112, 4, 1, 70, 0),
	TEXT(8200, 8200, 4, 1, 70, 0),
	TEXT(90, 90, 2, 1, 30, 0),
	TEXT(91, 99, 2, 1, 90, 0),
};

static bool digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Whether the row is of the AI that these `digits` digits begin with. */
static bool row_has(const struct goods_ai *ai, const char *text)
{
	uint32_t plain = ai->decimals > 0 ? ai->digits - 1U : ai->digits, number;

	for (uint32_t i = 0; i < ai->digits; i++)
		if (!digit(text[i]))
			return false;
	number = (uint32_t)goods_digits(text, plain);
	if (number < ai->first || number > ai->last)
		return false;
	return ai->decimals == 0 || text[plain] - '0' <= ai->decimals;
}

const struct goods_ai *goods_ai_find(const char *text, uint32_t len)
{
	for (uint32_t i = 0; i < ARRAY_LEN(dictionary); i++)
		if (len >= dictionary[i].digits && row_has(&dictionary[i], text))
			return &dictionary[i];
	return NULL;
}

/* GS1's "encodable character set 82" (General Specifications 7.11). */
static bool in_set_82(char c)
{
	if (digit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'))
		return true;
	return c != '\0' && strchr("!\"%&'()*+,-./:;<=>?_", c) != NULL;
}

bool goods_ai_value(const struct goods_ai *ai, const char *value, uint32_t len)
{
	if (len < ai->min || len > ai->max)
		return false;
	for (uint32_t i = 0; i < len; i++)
		if (i < ai->numeric ? !digit(value[i]) : !in_set_82(value[i]))
			return false;
	return true;
}
