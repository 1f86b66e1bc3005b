/* test_ndef.c: a card's file in the one form that is taken, and each way to be another one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/ids.h"
#include "token/ndef.h"

#define P "p=00112233445566778899AABBCCDDEEFF"
#define M "m=0123456789ABCDEF"

static uint8_t bytes[600];

/* A file with this payload behind the prefix; the lengths can be wrong by so much. */
static struct span file_of(uint8_t prefix, const char *uri, int record_off, int file_off)
{
	uint32_t len = (uint32_t)strlen(uri) + 1;
	struct builder b = builder_of(bytes, sizeof(bytes));

	build_u16(&b, (uint16_t)((int)len + 4 + file_off));
	build_u8(&b, 0xd1);
	build_u8(&b, 1);
	build_u8(&b, (uint8_t)((int)len + record_off));
	build_u8(&b, 'U');
	build_u8(&b, prefix);
	build_bytes(&b, uri, len - 1);
	assert_false(b.failed);
	return (struct span){bytes, b.len};
}

static bool taken(const char *uri)
{
	struct card_said said;

	return ndef_card(file_of(4, uri, 0, 0), &said);
}

static void the_values(void **state)
{
	struct card_said said;
	char hex[33];

	(void)state;
	assert_true(ndef_card(file_of(4, "viken.example/k?" P "&" M, 0, 0), &said));
	hex_text(said.picc, 16, hex);
	assert_string_equal(hex, "00112233445566778899aabbccddeeff");
	hex_text(said.mac, 8, hex);
	assert_string_equal(hex, "0123456789abcdef");
}

static void every_https_address(void **state)
{
	struct card_said said;

	(void)state;
	assert_true(taken("a?" M "&" P));
	assert_true(taken("a.example/x/y?shop=viken&" P "&lang=sv&" M "&pp=1"));
	assert_true(taken("a?p&m&" P "&" M "&"));
	assert_true(taken("a?" P "&" M "&q=a?b"));
	assert_true(ndef_card(file_of(0, "https://a?" P "&" M, 0, 0), &said));
	assert_true(ndef_card(file_of(2, "a.example?" P "&" M, 0, 0), &said));
	assert_false(ndef_card(file_of(3, "a.example?" P "&" M, 0, 0), &said)); /* http:// */
	assert_false(ndef_card(file_of(0, "http://a?" P "&" M, 0, 0), &said));
	assert_false(ndef_card(file_of(0, "HTTPS://a?" P "&" M, 0, 0), &said));
	assert_false(ndef_card(file_of(5, "?" P "&" M, 0, 0), &said)); /* tel: */
}

static void refused_addresses(void **state)
{
	static const char *const uri[] = {
		"",
		"?",
		"a",
		"a?" P,
		"a?" M,
		"a?" P "&" M "&" M,
		"a?" P "&" P "&" M,
		"a?" P "0&" M,
		"a?p=00112233445566778899AABBCCDDEE&" M,
		"a?p=00112233445566778899AABBCCDDEEFG&" M,
		"a?" P "&m=0123456789ABCDE",
		"a?" P "&m=",
		"a?p=&" M,
		"a?p=&" P "&" M,
		"a?P=00112233445566778899AABBCCDDEEFF&" M,
		"a?%70=00112233445566778899AABBCCDDEEFF&" M,
		"a?" P ";" M,
		"a#?" P "&" M,
		"a?" P "&" M "#x",
		"a ?" P "&" M,
		"a?" P "&" M "\n",
		"\xc3\xa5?" P "&" M,
		P "&" M,
	};

	(void)state;
	for (uint32_t i = 0; i < ARRAY_LEN(uri); i++)
		if (taken(uri[i]))
			fail_msg("%s", uri[i]);
}

static void refused_files(void **state)
{
	static const uint8_t heads[] = {0xd0, 0xd2, 0x91, 0x51, 0xc1, 0xd9, 0xf1, 0x00};
	const char *uri = "a?" P "&" M;
	struct card_said said;
	struct span file;

	(void)state;
	assert_false(ndef_card((struct span){NULL, 0}, &said));
	for (int off = -3; off <= 3; off++) {
		assert_int_equal(ndef_card(file_of(4, uri, off, 0), &said), off == 0);
		assert_int_equal(ndef_card(file_of(4, uri, 0, off), &said), off == 0);
	}
	for (uint32_t i = 0; i < ARRAY_LEN(heads); i++) {
		file = file_of(4, uri, 0, 0);
		bytes[2] = heads[i];
		assert_false(ndef_card(file, &said));
	}
	file = file_of(4, uri, 0, 0);
	bytes[5] = 'T';
	assert_false(ndef_card(file, &said));
	file = file_of(4, uri, 0, 0);
	for (uint32_t len = 0; len < file.len; len++)
		assert_false(ndef_card((struct span){bytes, len}, &said));
	memset(bytes + file.len, 0xff, sizeof(bytes) - file.len);
	assert_true(ndef_card((struct span){bytes, CARD_NDEF_MAX}, &said));
	assert_false(ndef_card((struct span){bytes, CARD_NDEF_MAX + 1}, &said));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_values),
		cmocka_unit_test(every_https_address),
		cmocka_unit_test(refused_addresses),
		cmocka_unit_test(refused_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
