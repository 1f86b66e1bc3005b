/* test_ids.c: ids as text and back: hex, names, visits, GTINs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/check.h"
#include "base/ids.h"

static uint32_t length(const char *text)
{
	return (uint32_t)strlen(text);
}

static void hex_both_ways(void **state)
{
	const uint8_t bytes[] = {0x00, 0x01, 0x9A, 0xBC, 0xDE, 0xFF};
	uint8_t got[7] = {0, 0, 0, 0, 0, 0, 77};
	char text[13];

	(void)state;
	hex_text(bytes, sizeof(bytes), text);
	assert_string_equal(text, "00019abcdeff");
	assert_true(hex_parse(text, 12, got, 6));
	assert_memory_equal(got, bytes, 6);
	assert_true(hex_parse("00019ABCdeFF", 12, got, 6));
	assert_memory_equal(got, bytes, 6);
	assert_int_equal(got[6], 77);
	hex_text(bytes, 0, text);
	assert_string_equal(text, "");
	assert_true(hex_parse("", 0, got, 0));
}

static void hex_refused(void **state)
{
	static const char *const bad[] = {"0",	"000", "0g", "g0", " 0", "0x", "-1",
					  "+1", "0\n", "0/", "0:", "0@", "0G", "0`"};
	uint8_t byte = 77;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_false(hex_parse(bad[i], length(bad[i]), &byte, 1));
	assert_false(hex_parse("\0\0", 2, &byte, 1));
	assert_false(hex_parse("12", 2, &byte, 0));
	assert_int_equal(byte, 77); /* not half written either */
}

static void every_character_of_names(void **state)
{
	(void)state;
	for (int c = 0; c < 256; c++) {
		char text[3] = {'a', (char)c, 'b'};
		bool lower = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
		bool name = lower || (c >= 'A' && c <= 'Z') || c == '_';

		assert_int_equal(name_valid(text, 3), name);
		assert_int_equal(place_valid(text, 3), lower);
		assert_int_equal(name_valid(text + 1, 1), name);
		assert_int_equal(place_valid(text + 1, 1), lower);
	}
}

static void lengths_of_names(void **state)
{
	char text[80];

	(void)state;
	memset(text, 'a', sizeof(text));
	for (uint32_t len = 0; len <= sizeof(text); len++) {
		assert_int_equal(name_valid(text, len), len >= 1 && len <= 64);
		assert_int_equal(place_valid(text, len), len >= 1 && len <= 16);
	}
}

static void visits(void **state)
{
	static const char *const bad[] = {
		"0000000000000000",			/* no visit */
		"8000000000000000", "ffffffffffffffff", /* past 2^63 - 1 */
		"000000000000001",  "00000000000000011", "", "000000000000001g", " 00000000000001f",
		"00000000000001AF", "00000000000001F0"};
	struct visit_id visit = {0x1AF}, got = {77};
	char text[VISIT_TEXT_SIZE];

	(void)state;
	visit_text(visit, text);
	assert_string_equal(text, "00000000000001af");
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_false(visit_parse(bad[i], length(bad[i]), &got));
	assert_true(got.n == 77);
	assert_true(visit_parse(text, 16, &got));
	assert_true(got.n == visit.n);
	assert_true(visit_parse("7fffffffffffffff", 16, &got));
	assert_true(got.n == INT64_MAX);
	visit_text(got, text);
	assert_string_equal(text, "7fffffffffffffff");
}

static void gtins_accepted(void **state)
{
	static const struct {
		const char *text;
		uint64_t n;
		const char *shown;
	} cases[] = {
		{"7310865004703", 7310865004703, "7310865004703"},
		{"07310865004703", 7310865004703, "7310865004703"}, /* GTIN-14 of the same */
		{"614141000036", 614141000036, "0614141000036"},    /* GTIN-12 (UPC-A) */
		{"0614141000036", 614141000036, "0614141000036"},   /* with its 0 */
		{"00614141000036", 614141000036, "0614141000036"},
		{"96385074", 96385074, "96385074"}, /* GTIN-8 */
		{"00000096385074", 96385074, "96385074"},
		{"10614141000415", 10614141000415, "10614141000415"}, /* GTIN-14 of a case */
		{"99999999999997", 99999999999997, "99999999999997"},
		{"00000017", 17, "00000017"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct gtin got;
		char text[GTIN_TEXT_MAX + 1];

		if (!gtin_parse(cases[i].text, length(cases[i].text), &got))
			fail_msg("%s was refused", cases[i].text);
		assert_true(got.n == cases[i].n);
		gtin_text(got, text);
		assert_string_equal(text, cases[i].shown);
	}
}

static void gtins_refused(void **state)
{
	static const char *const bad[] = {
		"",
		"0",
		"7310865004700", /* check digit */
		"7310865004730", /* two digits swapped */
		"731086500470",	 /* a digit lost */
		"073108650047030",
		"00000000",
		"0000000000000",
		"00000000000000",
		"9638507",
		"96385075",
		" 96385074",
		"96385074 ",
		"9638507A",
		"9638507\n",
		"+6385074",
		"9638507\xb4",
		"10614141000416",
		"614141000037",
		"12345678901",
	};
	struct gtin got = {77};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		if (gtin_parse(bad[i], length(bad[i]), &got))
			fail_msg("%s was taken", bad[i]);
	assert_false(gtin_parse("9638507\0", 8, &got));
	assert_true(got.n == 77);
}

/* Every single wrong digit is caught: that is what the check digit is for. */
static void every_wrong_digit_is_caught(void **state)
{
	char text[] = "7310865004703";

	(void)state;
	for (uint32_t i = 0; i < 13; i++) {
		char right = text[i];
		struct gtin got;

		for (char c = '0'; c <= '9'; c++) {
			text[i] = c;
			assert_int_equal(gtin_parse(text, 13, &got), c == right);
		}
		text[i] = right;
	}
}

static void customers(void **state)
{
	struct customer a = {{1, 2, 3}}, b = a;

	(void)state;
	assert_true(customer_is(a, b));
	b.byte[15] = 1;
	assert_false(customer_is(a, b));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hex_both_ways),
		cmocka_unit_test(hex_refused),
		cmocka_unit_test(every_character_of_names),
		cmocka_unit_test(lengths_of_names),
		cmocka_unit_test(visits),
		cmocka_unit_test(gtins_accepted),
		cmocka_unit_test(gtins_refused),
		cmocka_unit_test(every_wrong_digit_is_caught),
		cmocka_unit_test(customers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
