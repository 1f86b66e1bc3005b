/*
 * test_goods.c: labels as they are printed, and what a shop makes of them. The numbers of the
 * country tables are the examples that the GS1 organisations themselves print.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "wire/goods.h"

#define GS   "\x1d"
#define MILK "07310865004703"

static struct day day_at(const char *text)
{
	struct day d;

	assert_true(day_parse(text, (uint32_t)strlen(text), &d));
	return d;
}

static bool read_at(const char *text, enum goods_country c, const char *today, struct goods *g)
{
	return goods_read(text, (uint32_t)strlen(text), c, day_at(today), g);
}

static struct goods good_of(const char *text, enum goods_country c)
{
	struct goods g;

	if (!read_at(text, c, "2026-11-22", &g))
		fail_msg("refused: %s", text);
	return g;
}

static struct goods good(const char *text)
{
	return good_of(text, GOODS_SE);
}

/* Refused, and nothing of it kept. */
static void bad_of(const char *text, uint32_t len, enum goods_country c)
{
	static const struct goods none;
	struct goods g;

	memset(&g, 7, sizeof(g));
	if (goods_read(text, len, c, day_at("2026-11-22"), &g))
		fail_msg("taken: %s", text);
	assert_memory_equal(&g, &none, sizeof(g));
}

static void bad(const char *text)
{
	bad_of(text, (uint32_t)strlen(text), GOODS_SE);
}

static void is_day(struct day d, const char *expected)
{
	char text[DAY_TEXT_SIZE];

	day_text(d, text);
	assert_string_equal(text, expected);
}

static void reads_plain_numbers(void **state)
{
	static const char *const same[] = {"7310865004703", "07310865004703", "]E07310865004703"};

	(void)state;
	for (uint32_t i = 0; i < ARRAY_LEN(same); i++) {
		struct goods g = good(same[i]);

		assert_int_equal(g.gtin.n, 7310865004703);
		assert_int_equal(g.measure, GOODS_PIECES);
		assert_int_equal(g.quantity_milli, 0);
		assert_int_equal(money_minor(g.price), 0);
		assert_int_equal(g.best_before.n, 0);
		assert_int_equal(g.use_by.n, 0);
		assert_string_equal(g.lot, "");
	}
	/* a GTIN-13 whose leading 0 the scanner dropped; a GTIN-8; a case of milk */
	assert_int_equal(good("036000291452").gtin.n, 36000291452);
	assert_int_equal(good("73513537").gtin.n, 73513537);
	assert_int_equal(good("17310865004700").gtin.n, 17310865004700);
}

static void leaves_the_shop_its_own_numbers(void **state)
{
	(void)state;
	/* eight digits from 0 and 2, and 02: never weighed */
	assert_int_equal(good("00012348").measure, GOODS_PIECES);
	assert_int_equal(good("20880606").gtin.n, 20880606);
	assert_int_equal(good("20880606").measure, GOODS_PIECES);
	assert_int_equal(good("0288060112349").measure, GOODS_PIECES);
	assert_int_equal(good("288060112349").gtin.n, 288060112349);
	/* prefixes that a country's table lacks, and countries that have none */
	assert_int_equal(good("2688060112345").gtin.n, 2688060112345);
	assert_int_equal(good_of("2088060112343", GOODS_FI).gtin.n, 2088060112343);
	assert_int_equal(good_of("2388060112344", GOODS_NO).gtin.n, 2388060112344);
	assert_int_equal(good_of("2388060112344", GOODS_NO_COUNTRY).measure, GOODS_PIECES);
	/* a carton's number is not of them */
	assert_int_equal(good("22388060112348").gtin.n, 22388060112348);
}

static void reads_swedish_weights_and_prices(void **state)
{
	static const struct {
		const char *label;
		int64_t price;
		int32_t grams;
		uint64_t article;
	} labels[] = {
		{"2088060112343", 1234, 0, 2088060100005},   /* 12.34 kr */
		{"2188060112340", 12340, 0, 2188060100002},  /* 123.4 kr */
		{"2288060112347", 123400, 0, 2288060100009}, /* 1234 kr */
		{"2388060112344", 0, 1234, 2388060100006},   /* 1.234 kg */
		{"2488060112341", 0, 12340, 2488060100003},  /* 12.34 kg */
		{"2588060112348", 0, 123400, 2588060100000}, /* 123.4 kg */
	};

	(void)state;
	for (uint32_t i = 0; i < ARRAY_LEN(labels); i++) {
		struct goods g = good(labels[i].label);

		assert_int_equal(money_minor(g.price), labels[i].price);
		assert_int_equal(g.quantity_milli, labels[i].grams);
		assert_int_equal(g.measure, labels[i].grams ? GOODS_WEIGHT : GOODS_PRICE);
		assert_int_equal(g.gtin.n, labels[i].article);
	}
	bad("2388060100006"); /* 0 g: the article's own number is no label */
	bad("2088060100005"); /* 0 kr */
	bad("2388060112345"); /* a wrong check digit */
	bad("2588060199998"); /* 999.9 kg: more than a line may hold */
}

static void reads_the_neighbours(void **state)
{
	struct goods g;

	(void)state;
	g = good_of("2364001011556", GOODS_FI);
	assert_int_equal(g.quantity_milli, 1155);
	g = good_of("2135040039753", GOODS_DK); /* 39.75 kr */
	assert_int_equal(money_minor(g.price), 3975);
	assert_int_equal(g.gtin.n, 2135040000005);
	g = good_of("2623570001505", GOODS_DK); /* 150 g */
	assert_int_equal(g.quantity_milli, 150);
	assert_int_equal(g.gtin.n, 2623570000003);
	g = good_of("2712341002251", GOODS_DK); /* 225 g */
	assert_int_equal(g.quantity_milli, 225);
	assert_int_equal(g.gtin.n, 2712341000004);
	g = good_of("2330714002396", GOODS_DE); /* 2.39 EUR */
	assert_int_equal(money_minor(g.price), 239);
	assert_int_equal(g.gtin.n, 2330710000006);
	g = good_of("2630719000121", GOODS_DE); /* 12 pieces */
	assert_int_equal(g.measure, GOODS_WEIGHT);
	assert_int_equal(g.quantity_milli, 12000);
	g = good_of("2930711068700", GOODS_DE); /* 6.870 kg */
	assert_int_equal(g.quantity_milli, 6870);
	bad_of("2330715002395", 13, GOODS_DE); /* the price's own check digit is wrong */
	bad_of("2623579999995", 13, GOODS_DK); /* 999.999 kg */
}

static void reads_element_strings(void **state)
{
	struct goods g = good("]C101" MILK "17261031"
			      "10L-42/a");

	(void)state;
	assert_int_equal(g.gtin.n, 7310865004703);
	is_day(g.use_by, "2026-10-31");
	assert_string_equal(g.lot, "L-42/a");
	/* FNC1 where it must be, may be, and at either end */
	g = good(GS "10ABC" GS "15270215" GS "01" MILK "21SERIAL" GS);
	assert_string_equal(g.lot, "ABC");
	is_day(g.best_before, "2027-02-15");
	assert_int_equal(g.use_by.n, 0);
	/* the longest lot, and every character that GS1 allows in one */
	g = good("01" MILK "10!\"%&'()*+,-./:;<=>?_");
	assert_string_equal(g.lot, "!\"%&'()*+,-./:;<=>?_");
	/* of all the rest only the length matters */
	g = good("01" MILK "11260101"
		 "2042"
		 "4127350000000007"
		 "7003261031120"
		 "0" GS "3303000500"
		 "30"
		 "12" GS "421752"
		 "X1" GS "8008260101120000" GS "255" MILK "1" GS "99x");
	assert_int_equal(g.gtin.n, 7310865004703);
}

static void reads_weights_of_every_decimal(void **state)
{
	static const struct {
		const char *text;
		int32_t grams;
	} labels[] = {
		{"3100000012", 12000}, {"3101000012", 1200}, {"3102000012", 120},
		{"3103000012", 12},    {"3104000124", 12},   {"3104000125", 13},
		{"3105001249", 12},    {"3105001250", 13},   {"3104000005", 1},
	};

	(void)state;
	for (uint32_t i = 0; i < ARRAY_LEN(labels); i++) {
		char text[64];

		snprintf(text, sizeof(text), "01" MILK "%s", labels[i].text);
		assert_int_equal(good(text).quantity_milli, labels[i].grams);
		assert_int_equal(good(text).measure, GOODS_WEIGHT);
	}
	bad("01" MILK "3103000000");
	bad("01" MILK "3104000004"); /* 0.4 g */
	bad("01" MILK "3100001000"); /* a tonne */
	bad("01" MILK "3106000012"); /* no such AI */
	bad("01" MILK "310300012");
	bad("01" MILK "31030000x2");
	bad("01" MILK "31030000123102000012"); /* two weights */
	bad("01"
	    "02388060112344"
	    "3103001234");
}

static void reads_prices(void **state)
{
	struct goods g = good("01" MILK "3103000500"
			      "3922"
			      "1290");

	(void)state;
	/* the price is paid, the weight leaves the stock */
	assert_int_equal(g.measure, GOODS_PRICE);
	assert_int_equal(money_minor(g.price), 1290);
	assert_int_equal(g.quantity_milli, 500);
	assert_int_equal(money_minor(good("01" MILK "392012").price), 1200);
	assert_int_equal(money_minor(good("01" MILK "3921125").price), 1250);
	assert_int_equal(money_minor(good("01" MILK "392312990").price), 1299);
	assert_int_equal(money_minor(good("01" MILK "3932752"
					  "1290")
					     .price),
			 1290);
	assert_int_equal(money_minor(good_of("01" MILK "39329781290", GOODS_FI).price), 1290);
	assert_int_equal(money_minor(good_of("01" MILK "39325781290", GOODS_NO).price), 1290);
	assert_int_equal(money_minor(good_of("01" MILK "3922"
					     "5",
					     GOODS_NO_COUNTRY)
					     .price),
			 5);
	bad("01" MILK "392312995");		  /* half an öre */
	bad("01" MILK "39220");			  /* nothing */
	bad("01" MILK "392012345678");		  /* past any price tag */
	bad("01" MILK "39201000000000");	  /* at the bound before the decimals */
	bad("01" MILK "3920999999999999999");	  /* fifteen digits */
	bad("01" MILK "39209999999999999999");	  /* sixteen: no such field */
	bad("01" MILK "39329781290");		  /* euro in Sweden */
	bad("01" MILK "3932752");		  /* a currency and no price */
	bad("01" MILK "3922100" GS "3932752100"); /* two prices */
	bad("01"
	    "02088060112343"
	    "3922100");
	bad_of("01" MILK "39327521290", 16 + 11, GOODS_NO_COUNTRY);
}

static void reads_dates(void **state)
{
	static const struct {
		const char *today, *field, *date;
	} cases[] = {
		{"2026-11-22", "260228", "2026-02-28"},
		{"2026-11-22", "260200", "2026-02-28"},
		{"2026-11-22", "280200", "2028-02-29"},
		{"2026-11-22", "280229", "2028-02-29"},
		{"2026-11-22", "261200", "2026-12-31"},
		{"2026-11-22", "260400", "2026-04-30"},
		/* 50 years ahead, 49 back */
		{"2026-11-22", "760101", "2076-01-01"},
		{"2026-11-22", "770101", "1977-01-01"},
		{"2051-01-01", "000101", "2100-01-01"},
		{"2051-01-01", "010101", "2101-01-01"},
		{"2051-01-01", "020101", "2002-01-01"},
		{"2099-12-31", "500101", "2050-01-01"},
		{"2099-12-31", "490101", "2149-01-01"},
		{"2100-01-01", "500101", "2150-01-01"},
		/* a clock that begins at 1970 does not make milk of next week a hundred years old
		 */
		{"1970-01-02", "261130", "2026-11-30"},
	};
	static const char *const wrong[] = {"260229", "261301", "260001", "261131",
					    "260000", "26113x", "261132"};
	struct goods g;
	char text[64];

	(void)state;
	for (uint32_t i = 0; i < ARRAY_LEN(cases); i++) {
		snprintf(text, sizeof(text), "01" MILK "15%s", cases[i].field);
		assert_true(read_at(text, GOODS_SE, cases[i].today, &g));
		is_day(g.best_before, cases[i].date);
	}
	for (uint32_t i = 0; i < ARRAY_LEN(wrong); i++) {
		snprintf(text, sizeof(text), "01" MILK "17%s", wrong[i]);
		bad(text);
	}
}

static void refuses_what_is_no_element_string(void **state)
{
	static const char *const wrong[] = {
		"",
		GS,
		"]C1",
		"01",
		"1",
		"0",
		"01" MILK GS GS,
		GS GS "01" MILK,
		"01" MILK "04",			     /* no AI */
		"01" MILK "2",			     /* half an AI */
		"01" MILK "9",			     /* likewise */
		"01" MILK "98",			     /* an AI and nothing */
		"01" MILK "10",			     /* a lot and none */
		"01" MILK "10" GS "17261031",	     /* likewise */
		"01" MILK "10123456789012345678901", /* 21 characters */
		"01" MILK "10A B",		     /* a space is not in set 82 */
		"01" MILK "10A\x7f",
		"01" MILK "10\xc3\xa5",
		"01" MILK "10A" GS "10A", /* two lots */
		"01" MILK "17261031"
		"17261031",
		"01" MILK "15261031"
		"15261031",
		"01" MILK "01" MILK, /* two articles */
		"01" MILK "02" MILK, /* a carton and what is in it */
		"02" MILK "37"
		"12",
		"10ABC", /* a lot of nothing */
		"00123456789012345675",
		"01"
		"07310865004704", /* a wrong check digit */
		"01"
		"00000000000000",
		"01"
		"0731086500470", /* a digit short */
		"01"
		"0731086500470x",
		"01"
		"073108650" GS "4703",
		"421"
		"7x2"
		"A",
		"(01)07310865004703",
		"(01)07310865004703(17)261031",
		"]C1(01)07310865004703",
		"SK1:NCFOXN",
		"731086500470",
		"7310865004704",
		"731086500470\xc3",
		" 7310865004703",
		"7310865004703 ",
		"+7310865004703",
		"0000000000000",
	};

	(void)state;
	for (uint32_t i = 0; i < ARRAY_LEN(wrong); i++)
		bad(wrong[i]);
}

static void bounds_what_it_reads(void **state)
{
	char text[SCANNED_MAX + 2] = "01" MILK "91";
	struct goods g;

	(void)state;
	memset(text + 18, 'x', 90);
	assert_true(goods_read(text, 18 + 90, GOODS_SE, day_at("2026-11-22"), &g));
	memset(text + 18 + 90, 'x', 1);
	bad_of(text, 18 + 91, GOODS_SE);
	/* 160 characters are read, 161 are not */
	snprintf(text, sizeof(text), "https://%0126d/01/" MILK "?a=1234", 0);
	assert_int_equal(strlen(text), 159);
	strncat(text, "5", 2);
	assert_true(goods_read(text, SCANNED_MAX, GOODS_SE, day_at("2026-11-22"), &g));
	strncat(text, "6", 2);
	bad_of(text, SCANNED_MAX + 1, GOODS_SE);
	/* a NUL in the midst ends nothing */
	bad_of("7310865004703\0", 14, GOODS_SE);
	bad_of("01" MILK "10A\0B", 21, GOODS_SE);
	bad_of("https://a.se/01/" MILK "/10/A\0B", 38, GOODS_SE);
}

static void reads_digital_links(void **state)
{
	static const char *const plain[] = {
		"https://id.gs1.org/01/" MILK,
		"http://example.com/01/" MILK,
		"HTTPS://EXAMPLE.COM/01/" MILK "/",
		"https://example.com:8443/our/goods/01/" MILK "?linkType=gs1:pip&11=260101",
		"https://example.com/01/01/" MILK,
		"https://example.com/01/2/01/" MILK,
		"https://example.com/01/7310865004703#17=991231",
		"https://example.com/01/" MILK "?",
		"https://example.com/01/" MILK "?&&a&=1",
		"]Q3https://example.com/01/%30"
		"7310865004703",
	};
	struct goods g;

	(void)state;
	for (uint32_t i = 0; i < ARRAY_LEN(plain); i++) {
		g = good(plain[i]);
		assert_int_equal(g.gtin.n, 7310865004703);
		assert_int_equal(g.use_by.n, 0);
	}
	g = good("https://id.gs1.org/01/" MILK
		 "/22/2A/10/AB%2f%31+%2541/21/7?17=261100;3103=000250");
	assert_string_equal(g.lot, "AB/1+%41");
	is_day(g.use_by, "2026-11-30");
	assert_int_equal(g.quantity_milli, 250);
	g = good("https://id.gs1.org/01/" MILK "?15=270101&10=L1&3922=995");
	assert_string_equal(g.lot, "L1");
	assert_int_equal(money_minor(g.price), 995);
	assert_int_equal(good("https://a.se/01/" MILK "/235/X").gtin.n, 7310865004703);
	assert_int_equal(good("https://a.se/01/2388060112344").quantity_milli, 1234);
	assert_int_equal(good("https://a.se/01/73513537").gtin.n, 73513537);
}

static void refuses_what_is_no_digital_link(void **state)
{
	static const char *const wrong[] = {
		"https://",
		"https:///01/" MILK,
		"https://example.com",
		"https://example.com/",
		"https://example.com/01",
		"https://example.com/01/",
		"https://example.com?01=" MILK,
		"https://example.com/gtin/" MILK,
		"https://example.com/00/123456789012345675",
		"https://example.com/01/07310865004704",
		"https://example.com/01/" MILK "/10",
		"https://example.com/01/" MILK "/10/",
		"https://example.com/01/" MILK "/10//",
		"https://example.com/01/" MILK "//",
		"https://example.com/01/" MILK "/lot/A",
		"https://example.com/01/" MILK "/17/261031",
		"https://example.com/01/" MILK "/21/7/10/A",
		"https://example.com/01/" MILK "/10/A/10/A",
		"https://example.com/01/" MILK "/10/A/235/X",
		"https://example.com/01/" MILK "/10/A?10=A",
		"https://example.com/01/" MILK "/10/A%1D",
		"https://example.com/01/" MILK "/10/A%00",
		"https://example.com/01/" MILK "/10/A%2",
		"https://example.com/01/" MILK "/10/A%g0",
		"https://example.com/01/" MILK "/10/A%0g",
		"https://example.com/01/" MILK "/10/A%",
		"https://example.com/01/" MILK "/01/" MILK "/01/07310865004704",
		"https://example.com/01/" MILK "?01=" MILK,
		"https://example.com/01/" MILK "?17",
		"https://example.com/01/" MILK "?17=",
		"https://example.com/01/" MILK "?17=261131&17=261130",
		"https://example.com/01/" MILK "?17=260231",
		"https://example.com/01/" MILK "?04=1",
		"https://example.com/01/" MILK "?170=1",
		"https://example.com/01/" MILK "?3103=%",
		"ftp://example.com/01/" MILK,
		"https:/example.com/01/" MILK,
	};

	(void)state;
	for (uint32_t i = 0; i < ARRAY_LEN(wrong); i++)
		bad(wrong[i]);
}

static void has_a_word_for_each_country(void **state)
{
	enum goods_country c = GOODS_DE;

	(void)state;
	for (uint32_t i = 0; i < GOODS_COUNTRIES; i++) {
		assert_true(goods_country_parse(goods_country_word((enum goods_country)i), &c));
		assert_int_equal(c, i);
	}
	assert_false(goods_country_parse("SE", &c));
	assert_false(goods_country_parse("", &c));
	assert_int_equal(c, GOODS_DE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_plain_numbers),
		cmocka_unit_test(leaves_the_shop_its_own_numbers),
		cmocka_unit_test(reads_swedish_weights_and_prices),
		cmocka_unit_test(reads_the_neighbours),
		cmocka_unit_test(reads_element_strings),
		cmocka_unit_test(reads_weights_of_every_decimal),
		cmocka_unit_test(reads_prices),
		cmocka_unit_test(reads_dates),
		cmocka_unit_test(refuses_what_is_no_element_string),
		cmocka_unit_test(bounds_what_it_reads),
		cmocka_unit_test(reads_digital_links),
		cmocka_unit_test(refuses_what_is_no_digital_link),
		cmocka_unit_test(has_a_word_for_each_country),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
