/* test_number.c: an invoice's number in its three forms, and the slips of a finger. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "books/number.h"

static const struct place viken = {"viken"};

static uint32_t len(const char *text)
{
	return (uint32_t)strlen(text);
}

static void numbers_in_words(void **state)
{
	char text[NUMBER_TEXT_SIZE];
	struct invoice_id id = number_of(2026, 123), got;

	(void)state;
	assert_true(id.n == 2026000123);
	assert_int_equal(number_year(id), 2026);
	assert_int_equal(number_counter(id), 123);
	number_text(viken, id, text);
	assert_string_equal(text, "VIKEN-2026-000123");
	assert_true(number_parse(viken, "viken-2026-000123", 17, &got) && got.n == id.n);
	assert_true(number_parse(viken, "ViKeN-2026-000123", 17, &got) && got.n == id.n);
	number_text((struct place){"sixteen-letters-"}, number_of(9999, INVOICE_COUNTER_MAX), text);
	assert_string_equal(text, "SIXTEEN-LETTERS--9999-999999");
	assert_int_equal(len(text), NUMBER_TEXT_SIZE - 1);
}

static void every_number_reads_back(void **state)
{
	static const struct place shops[] = {{"viken"}, {"a"}, {"by-2"}, {"sixteen-letters-"}};
	char text[NUMBER_TEXT_SIZE], ocr[OCR_TEXT_SIZE];
	struct invoice_id got;

	(void)state;
	for (uint32_t i = 0; i < 100000; i++) {
		struct invoice_id id = number_of(1970 + (int32_t)(i * 7919 % 8030),
						 1 + (uint32_t)(i * 104729ULL % 999999));
		struct place shop = shops[i % ARRAY_LEN(shops)];

		assert_true(number_valid(id));
		number_text(shop, id, text);
		assert_true(number_parse(shop, text, len(text), &got) && got.n == id.n);
		ocr_text(id, ocr);
		assert_int_equal(len(ocr), OCR_DIGITS);
		assert_true(ocr_parse(ocr, OCR_DIGITS, &got) && got.n == id.n);
	}
}

static void numbers_that_are_none(void **state)
{
	static const char *const wrong[] = {
		"",
		"VIKEN",
		"VIKEN-2026-00012",
		"VIKEN-2026-0001234",
		"VIKEN-2026-000000",
		"VIKEN-1969-000001",
		"VIKEN 2026 000123",
		"VIKEN-2026_000123",
		"VIKEM-2026-000123",
		"VIKEN-2O26-000123",
		"VIKEN-2026-0001 3",
		" VIKEN-2026-00012",
		"BYVIKEN-2026-00012",
		"VIKEN-2026--00123",
		"VIKEN-0000-000000",
		"2026-000123",
		"-2026-000123",
	};
	static const uint64_t invalid[] = {0,	       1,	   2026000000,	1969000001,
					   1969999999, 9999000000, 10000000001, UINT64_MAX};
	struct invoice_id got = {77};
	char text[NUMBER_TEXT_SIZE];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		assert_false(number_parse(viken, wrong[i], len(wrong[i]), &got));
	assert_false(number_parse((struct place){""}, "-2026-000123", 12, &got));
	for (size_t i = 0; i < ARRAY_LEN(invalid); i++) {
		assert_false(number_valid((struct invoice_id){invalid[i]}));
		assert_int_equal(number_year((struct invoice_id){invalid[i]}), 0);
		assert_int_equal(number_counter((struct invoice_id){invalid[i]}), 0);
		number_text(viken, (struct invoice_id){invalid[i]}, text);
		assert_string_equal(text, "VIKEN-0000-000000");
	}
	assert_true(number_valid((struct invoice_id){1970000001}));
	assert_true(number_valid((struct invoice_id){9999999999}));
	assert_true(got.n == 77);
}

/* Vectors of other people's (banktools-se), and the one that a known page has wrong. */
static void luhn_vectors(void **state)
{
	static const char *const vectors[] = {"1230",	     "12345678903",	 "123455",
					      "79927398713", "4111111111111111", "00"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(vectors); i++) {
		uint32_t n = len(vectors[i]);

		assert_true(luhn_holds(vectors[i], n));
		assert_int_equal(luhn_digit(vectors[i], n - 1), vectors[i][n - 1]);
	}
	assert_false(luhn_holds("123451", 6));
	assert_false(luhn_holds("7", 1));
	assert_false(luhn_holds("", 0));
	/* with a length digit: ten digits, a 2, the sum */
	assert_int_equal(luhn_digit("12345678902", 11), '3');
}

static void references(void **state)
{
	char text[OCR_TEXT_SIZE];
	struct invoice_id got;

	(void)state;
	ocr_text((struct invoice_id){1978000001}, text);
	assert_memory_equal(text, "19780000012", 11);
	ocr_text(number_of(2026, 123), text);
	assert_string_equal(text, "202600012324");
	assert_true(ocr_parse("2026 0001 2324", 14, &got) && got.n == 2026000123);
	assert_true(ocr_parse("  202600012324  ", 16, &got) && got.n == 2026000123);
	memset(text, 'x', sizeof(text));
	assert_int_equal(ocr_digits(" 00 12 3", 8, text), 3);
	assert_string_equal(text, "123");
	assert_int_equal(ocr_digits("12x", 3, text), 0);
	/* a field of 25, filled up in front or behind */
	assert_true(ocr_parse("0000000000000202600012324", 25, &got) && got.n == 2026000123);
	assert_true(ocr_parse("202600012324             ", 25, &got) && got.n == 2026000123);
}

static void references_that_are_none(void **state)
{
	static const char *const wrong[] = {
		"",
		" ",
		"0",
		"123455",
		"123456789023",
		"2026000123",
		"20260001230",
		"2026000123240",
		"20260001232O",
		"2026-00012324",
		"202600012324.",
		"202600012321",
		"202600012330",
		"\t202600012324",
		"20260001232420260001232420260001232",
		"000000000000",
	};
	struct invoice_id got = {77};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		assert_false(ocr_parse(wrong[i], len(wrong[i]), &got));
	assert_true(got.n == 77);
}

/* What Luhn's sum is for: no single wrong digit and, but for 0 with 9, no two that changed places
 * get through. */
static void slips_are_caught(void **state)
{
	char right[OCR_TEXT_SIZE], wrong[OCR_TEXT_SIZE];
	struct invoice_id got;

	(void)state;
	for (uint32_t counter = 1; counter < 999999; counter += 997) {
		ocr_text(number_of(2026, counter), right);
		for (uint32_t i = 0; i < OCR_DIGITS; i++) {
			memcpy(wrong, right, sizeof(wrong));
			for (char c = '0'; c <= '9'; c++) {
				wrong[i] = c;
				assert_int_equal(ocr_parse(wrong, OCR_DIGITS, &got), c == right[i]);
			}
			memcpy(wrong, right, sizeof(wrong));
			if (i == 0 || right[i] == right[i - 1] ||
			    (right[i] + right[i - 1] == '0' + '9' &&
			     (right[i] == '0' || right[i] == '9')))
				continue;
			wrong[i] = right[i - 1];
			wrong[i - 1] = right[i];
			assert_false(ocr_parse(wrong, OCR_DIGITS, &got));
		}
		assert_false(ocr_parse(right, OCR_DIGITS - 1, &got));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_in_words),
		cmocka_unit_test(every_number_reads_back),
		cmocka_unit_test(numbers_that_are_none),
		cmocka_unit_test(luhn_vectors),
		cmocka_unit_test(references),
		cmocka_unit_test(references_that_are_none),
		cmocka_unit_test(slips_are_caught),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
