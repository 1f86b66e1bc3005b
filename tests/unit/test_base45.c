/* test_base45.c: base45 by the examples of RFC 9285, and the QR texts of contracts 1. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "token/base45.h"

static const struct {
	const char *bytes;
	const char *text;
} examples[] = {
	{"AB", "BB8"}, /* RFC 9285 4.3, 4.4 */
	{"Hello!!", "%69 VD92EX0"},
	{"base-45", "UJCLQE7W581"},
	{"ietf!", "QED8WEX0"},
	{"\xff\xff", "FGW"},
	{"\xff", "U5"},
	{"\x01", "10"},
};

static void examples_both_ways(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(examples); i++) {
		uint32_t text_len = (uint32_t)strlen(examples[i].text), len;
		uint32_t bytes_len = (uint32_t)strlen(examples[i].bytes);
		char text[64];
		uint8_t bytes[64];

		len = base45_encode((const uint8_t *)examples[i].bytes, bytes_len, text,
				    sizeof(text));
		assert_int_equal(len, text_len);
		assert_memory_equal(text, examples[i].text, len);
		assert_true(base45_decode(examples[i].text, text_len, bytes, sizeof(bytes), &len));
		assert_int_equal(len, bytes_len);
		assert_memory_equal(bytes, examples[i].bytes, len);
	}
}

static void refused_texts(void **state)
{
	static const char *const bad[] = {
		"A",   "BB8A",			 /* no length of anything */
		"GGW",				 /* 65536, RFC 9285 6 */
		":::",				 /* 91124 */
		"V5",  "::",			 /* 256, 2024 */
		"bb8", "BB8bb8", "B\tB", "BB\n", /* not in the alphabet */
		"AB,", "AB;",	 "AB_",	 "A\"B", "(AB",	       "AB=",
		"AB@", "AB[",	 "AB`",	 "AB{",	 "\xc3\xa5 A",
	};
	uint8_t bytes[64];
	uint32_t len = 99;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		if (base45_decode(bad[i], (uint32_t)strlen(bad[i]), bytes, sizeof(bytes), &len))
			fail_msg("%s was taken", bad[i]);
	assert_false(base45_decode("A\0A", 3, bytes, sizeof(bytes), &len));
	assert_int_equal(len, 99);
}

static void sizes_are_kept(void **state)
{
	static const uint8_t three[] = {1, 2, 3};
	char text[6] = "------";
	uint8_t bytes[4] = {9, 9, 9, 9};
	uint32_t len;

	(void)state;
	assert_int_equal(base45_encode(three, 3, text, 4), 0);
	assert_int_equal(base45_encode(three, 3, text, 5), 5);
	assert_int_equal(text[5], '-');
	assert_int_equal(base45_encode(three, 0, text, 5), 0);
	assert_int_equal(base45_encode(three, 3, text, 0), 0);
	assert_false(base45_decode(text, 5, bytes, 2, &len));
	assert_true(base45_decode(text, 5, bytes, 3, &len));
	assert_int_equal(len, 3);
	assert_int_equal(bytes[3], 9);
	assert_true(base45_decode(text, 0, bytes, 0, &len));
	assert_int_equal(len, 0);
}

/* One text for each two bytes, and two bytes for each text that is one. */
static void every_group(void **state)
{
	static const char alphabet[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
	uint32_t good = 0;

	(void)state;
	for (uint32_t i = 0; i < 45 * 45 * 45; i++) {
		char text[3] = {alphabet[i % 45], alphabet[i / 45 % 45], alphabet[i / 2025]};
		char again[3];
		uint8_t bytes[2];
		uint32_t len;

		if (!base45_decode(text, 3, bytes, 2, &len))
			continue;
		good++;
		assert_int_equal(bytes[0] << 8 | bytes[1], i);
		assert_int_equal(base45_encode(bytes, 2, again, 3), 3);
		assert_memory_equal(again, text, 3);
	}
	assert_int_equal(good, 65536);
	good = 0;
	for (uint32_t i = 0; i < 45 * 45; i++) {
		char text[2] = {alphabet[i % 45], alphabet[i / 45]};
		uint8_t byte;
		uint32_t len;

		if (base45_decode(text, 2, &byte, 1, &len)) {
			good++;
			assert_int_equal(byte, i);
		}
	}
	assert_int_equal(good, 256);
}

static void qr_texts(void **state)
{
	static const uint8_t bytes[] = {'A', 'B'};
	uint8_t out[512];
	char text[16];
	uint32_t len;

	(void)state;
	assert_int_equal(qr_text_encode(QR_TOKEN_PREFIX, bytes, 2, text, sizeof(text)), 7);
	assert_string_equal(text, "SK1:BB8");
	assert_int_equal(qr_text_encode(QR_TOKEN_PREFIX, bytes, 2, text, 8), 7);
	assert_int_equal(qr_text_encode(QR_TOKEN_PREFIX, bytes, 2, text, 7), 0);
	assert_int_equal(qr_text_encode(QR_TOKEN_PREFIX, bytes, 2, text, 3), 0);
	assert_int_equal(qr_text_encode(QR_TOKEN_PREFIX, bytes, 0, text, 16), 0);
	assert_true(qr_text_decode(QR_TOKEN_PREFIX, "SK1:BB8", 7, out, 2, &len));
	assert_int_equal(len, 2);
	assert_memory_equal(out, bytes, 2);
	assert_false(qr_text_decode(QR_TOKEN_PREFIX, "SK1:", 4, out, sizeof(out), &len));
	assert_false(qr_text_decode(QR_TOKEN_PREFIX, "SK1", 3, out, sizeof(out), &len));
	assert_false(qr_text_decode(QR_TOKEN_PREFIX, "sk1:BB8", 7, out, sizeof(out), &len));
	assert_false(qr_text_decode(QR_TOKEN_PREFIX, "SKN1:BB8", 8, out, sizeof(out), &len));
	assert_true(qr_text_decode(QR_CHALLENGE_PREFIX, "SKN1:BB8", 8, out, sizeof(out), &len));
}

/* "QR text … ≤ 400 characters" (contracts 1): 4 and 132 groups of 3 are 400 */
static void the_longest_text(void **state)
{
	char text[TOKEN_QR_MAX + 3];
	uint8_t out[512];
	uint32_t len;

	(void)state;
	memset(text, '0', sizeof(text));
	memcpy(text, "SK1:", 4);
	assert_true(qr_text_decode(QR_TOKEN_PREFIX, text, 400, out, sizeof(out), &len));
	assert_int_equal(len, 264);
	assert_false(qr_text_decode(QR_TOKEN_PREFIX, text, 402, out, sizeof(out), &len));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(examples_both_ways), cmocka_unit_test(refused_texts),
		cmocka_unit_test(sizes_are_kept),     cmocka_unit_test(every_group),
		cmocka_unit_test(qr_texts),	      cmocka_unit_test(the_longest_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
