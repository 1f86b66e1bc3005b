/* test_cbor.c: the deterministic CBOR of base/cbor.h, by the examples of RFC 8949 appendix A and by
 * everything that it must refuse. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/cbor.h"
#include "base/ids.h"
#include "base/utf8.h"

#define SIZE_MAX_BYTES 256

/* The bytes of a hex text, for as long as the test runs. */
static struct span hex(const char *text, uint8_t bytes[SIZE_MAX_BYTES])
{
	uint32_t len = (uint32_t)strlen(text) / 2;

	assert_true(len <= SIZE_MAX_BYTES);
	assert_true(hex_parse(text, 2 * len, bytes, len));
	return (struct span){bytes, len};
}

static void assert_built(const struct builder *b, const char *want)
{
	char text[2 * SIZE_MAX_BYTES + 1];

	assert_false(b->failed);
	hex_text(b->data, b->len, text);
	assert_string_equal(text, want);
}

/* RFC 8949 appendix A, table 6 */
static const struct {
	int64_t value;
	const char *hex;
} integers[] = {
	{0, "00"},
	{1, "01"},
	{10, "0a"},
	{23, "17"},
	{24, "1818"},
	{25, "1819"},
	{100, "1864"},
	{255, "18ff"},
	{256, "190100"},
	{1000, "1903e8"},
	{65535, "19ffff"},
	{65536, "1a00010000"},
	{1000000, "1a000f4240"},
	{4294967295, "1affffffff"},
	{4294967296, "1b0000000100000000"},
	{1000000000000, "1b000000e8d4a51000"},
	{INT64_MAX, "1b7fffffffffffffff"},
	{-1, "20"},
	{-10, "29"},
	{-24, "37"},
	{-25, "3818"},
	{-100, "3863"},
	{-1000, "3903e7"},
	{INT64_MIN, "3b7fffffffffffffff"},
};

static void integers_both_ways(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(integers); i++) {
		uint8_t bytes[SIZE_MAX_BYTES], out[16];
		struct span s = hex(integers[i].hex, bytes);
		struct builder b = builder_of(out, sizeof(out));
		int64_t value = 0;
		uint64_t natural = 0;

		assert_true(cbor_take_int(&s, &value));
		assert_int_equal(s.len, 0);
		assert_true(value == integers[i].value);
		cbor_put_int(&b, value);
		assert_built(&b, integers[i].hex);

		s = hex(integers[i].hex, bytes);
		assert_int_equal(cbor_take_uint(&s, &natural), value >= 0);
		if (value >= 0)
			assert_true(natural == (uint64_t)value);
	}
}

static void largest_unsigned(void **state)
{
	uint8_t bytes[SIZE_MAX_BYTES], out[16];
	struct span s = hex("1bffffffffffffffff", bytes);
	struct builder b = builder_of(out, sizeof(out));
	uint64_t value;
	int64_t number = 7;

	(void)state;
	assert_false(cbor_take_int(&s, &number)); /* past INT64_MAX */
	assert_int_equal(number, 7);
	assert_int_equal(s.len, 9);
	assert_true(cbor_take_uint(&s, &value));
	assert_true(value == UINT64_MAX);
	cbor_put_uint(&b, value);
	assert_built(&b, "1bffffffffffffffff");
	s = hex("3bffffffffffffffff", bytes); /* -2^64 */
	assert_false(cbor_take_int(&s, &number));
	s = hex("3b8000000000000000", bytes); /* INT64_MIN - 1 */
	assert_false(cbor_take_int(&s, &number));
}

/* What is well formed but not the one deterministic form, what is cut short, and what is not said.
 */
static const char *const not_deterministic[] = {
	"",
	"1800", /* 0 in two bytes */
	"1817", /* 23 in two bytes */
	"190018",
	"1900ff",	      /* one byte is enough */
	"1a0000ffff",	      /* two are */
	"1b00000000ffffffff", /* four are */
	"3817",
	"3900ff",
	"3a0000ffff", /* negative ones */
	"5800",
	"5801aa",
	"590001aa", /* lengths */
	"7801"
	"61",
	"790001"
	"61",
	"980100",
	"b8010000",
	"b9000100ff",
	"d80000", /* a tag */
	"18",
	"19ff",
	"1affffff",
	"1bffffffffffffff", /* cut short */
	"41",
	"42aa",
	"5818",
	"61",
	"6261",
	"81",
	"a1",
	"a100",
	"c0",
	"d2",
	"1c",
	"1d",
	"1e",
	"3c",
	"5c",
	"7d",
	"9e",
	"bc",
	"dc",
	"fc",
	"fd",
	"fe", /* reserved */
	"5f41aaff",
	"7f6161ff",
	"9f00ff",
	"bf0000ff",
	"ff", /* indefinite */
	"1f",
	"3f",
	"df",
	"f90000",
	"fa00000000",
	"fb0000000000000000", /* floats */
	"f7",
	"e0",
	"f3",
	"f800",
	"f814",
	"f818",
	"f820",
	"f8ff", /* other simple values */
	"61ff",
	"62c080",
	"63eda080",
	"64f4908080", /* no UTF-8 */
	"a2000000"
	"00",	      /* the same key twice */
	"a201000000", /* keys descend */
	"a2616100"
	"0000",
	"a2206100"
	"0000",
	"a300000100"
	"0100",
	"9bffffffffffffffff",
	"bbffffffffffffffff",
	"5bffffffffffffffff",
	"5affffffff",
	"9a00010000"
	"00",
	"ba80000000"
	"00",
};

static void refused_items(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(not_deterministic); i++) {
		uint8_t bytes[SIZE_MAX_BYTES];
		struct span s = hex(not_deterministic[i], bytes), before = s;

		if (cbor_skip(&s))
			fail_msg("%s was taken", not_deterministic[i]);
		assert_ptr_equal(s.data, before.data);
		assert_int_equal(s.len, before.len);
	}
}

static void accepted_items(void **state)
{
	static const char *const good[] = {
		"00",
		"20",
		"40",
		"4401020304",
		"60",
		"6161",
		"6449455446",
		"62225c",
		"62c3bc",
		"63e6b0b4",
		"64f0908591",
		"80",
		"83010203",
		"8301820203820405",
		"a0",
		"a201020304",
		"a26161016162820203",
		"826161a161626163",
		"f4",
		"f5",
		"f6",
		"c074323031332d30332d3231543"
		"2303a30343a30305a",
		"c11a514b67b0",
		"d74401020304",
		"d818456449455446",
		"a3000001006000",
		"a2613000"
		"626161"
		"00",
		"6100",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(good); i++) {
		uint8_t bytes[SIZE_MAX_BYTES];
		struct span s = hex(good[i], bytes);

		if (!cbor_skip(&s) || s.len != 0)
			fail_msg("%s was refused", good[i]);
	}
}

static void each_taker_wants_its_type(void **state)
{
	static const char *const of_type[] = {"01",	"20",	"4101", "6161", "8101",
					      "a10101", "c101", "f5",	"f6"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(of_type); i++) {
		uint8_t bytes[SIZE_MAX_BYTES];
		const struct span whole = hex(of_type[i], bytes);
		struct span s, string;
		uint64_t natural;
		int64_t number;
		uint32_t count;
		bool flag;

		assert_int_equal((s = whole, cbor_take_uint(&s, &natural)), i == 0);
		assert_int_equal((s = whole, cbor_take_int(&s, &number)), i <= 1);
		assert_int_equal((s = whole, cbor_take_bytes(&s, &string)), i == 2);
		assert_int_equal((s = whole, cbor_take_text(&s, &string)), i == 3);
		assert_int_equal((s = whole, cbor_take_array(&s, &count)), i == 4);
		assert_int_equal((s = whole, cbor_take_map(&s, &count)), i == 5);
		assert_int_equal((s = whole, cbor_take_tag(&s, &natural)), i == 6);
		assert_int_equal((s = whole, cbor_take_bool(&s, &flag)), i == 7);
		assert_int_equal((s = whole, cbor_take_null(&s)), i == 8);
	}
}

static void strings_are_lent(void **state)
{
	uint8_t bytes[SIZE_MAX_BYTES];
	struct span s = hex("4401020304"
			    "63e6b0b4"
			    "40",
			    bytes),
		    got;

	(void)state;
	assert_true(cbor_take_bytes(&s, &got));
	assert_ptr_equal(got.data, bytes + 1);
	assert_int_equal(got.len, 4);
	assert_true(cbor_take_text(&s, &got));
	assert_true(span_is(got, "\xe6\xb0\xb4", 3));
	assert_true(cbor_take_bytes(&s, &got));
	assert_int_equal(got.len, 0);
	assert_int_equal(s.len, 0);
}

static void counts_are_held_against_the_bytes(void **state)
{
	uint8_t bytes[SIZE_MAX_BYTES];
	struct span s = hex("83010203", bytes);
	uint32_t count = 99;

	(void)state;
	assert_true(cbor_take_array(&s, &count));
	assert_int_equal(count, 3);
	s = hex("830102", bytes);
	assert_false(cbor_take_array(&s, &count));
	assert_int_equal(s.len, 3);
	s = hex("a201020304", bytes);
	assert_true(cbor_take_map(&s, &count));
	assert_int_equal(count, 2);
	s = hex("a2010203", bytes);
	assert_false(cbor_take_map(&s, &count));
}

static void nesting_is_bounded(void **state)
{
	static const uint8_t opener[] = {0x81, 0xC1, 0xA1};
	uint8_t bytes[64];

	(void)state;
	for (size_t kind = 0; kind < ARRAY_LEN(opener); kind++) {
		for (uint32_t depth = 0; depth <= CBOR_DEPTH_MAX + 1; depth++) {
			struct builder b = builder_of(bytes, sizeof(bytes));
			struct span s;

			for (uint32_t i = 0; i < depth; i++) {
				build_u8(&b, opener[kind]);
				if (opener[kind] == 0xA1)
					build_u8(&b, 0);
			}
			build_u8(&b, 0);
			s = (struct span){bytes, b.len};
			assert_int_equal(cbor_skip(&s), depth <= CBOR_DEPTH_MAX);
		}
	}
}

static void keys_ascend_bytewise(void **state)
{
	uint8_t bytes[SIZE_MAX_BYTES];
	/* RFC 8949 4.2.1: 10, 100, -1, "z", "aa", [100], [-1], false */
	struct span s = hex("0a"
			    "1864"
			    "20"
			    "617a"
			    "626161"
			    "811864"
			    "8120"
			    "f4",
			    bytes),
		    key;
	struct cbor_keys keys = CBOR_KEYS_START;
	int64_t label;

	(void)state;
	for (int i = 0; i < 8; i++)
		assert_true(cbor_take_key(&s, &keys, &key));
	assert_int_equal(s.len, 0);

	s = hex("0404", bytes);
	keys = CBOR_KEYS_START;
	assert_true(cbor_take_int_key(&s, &keys, &label));
	assert_int_equal(label, 4);
	label = 0;
	assert_false(cbor_take_int_key(&s, &keys, &label));
	assert_int_equal(label, 0);
	assert_int_equal(s.len, 1);

	s = hex("2003", bytes); /* -1 sorts after every positive one */
	keys = CBOR_KEYS_START;
	assert_true(cbor_take_int_key(&s, &keys, &label));
	assert_int_equal(label, -1);
	assert_false(cbor_take_int_key(&s, &keys, &label));

	s = hex("6161", bytes);
	keys = CBOR_KEYS_START;
	assert_false(cbor_take_int_key(&s, &keys, &label));
	assert_int_equal(keys.last.len, 0);
}

static void all_writers(void **state)
{
	uint8_t out[SIZE_MAX_BYTES];
	struct builder b = builder_of(out, sizeof(out));

	(void)state;
	cbor_put_array(&b, 7);
	cbor_put_bytes(&b, "\x01\x02", 2);
	cbor_put_text(&b, "mj\xc3\xb6lk", 6);
	cbor_put_map(&b, 1);
	cbor_put_int(&b, -7);
	cbor_put_bool(&b, true);
	cbor_put_bool(&b, false);
	cbor_put_null(&b);
	cbor_put_tag(&b, 18);
	cbor_put_uint(&b, 24);
	cbor_put_bytes(&b, NULL, 0);
	assert_built(&b, "87"
			 "420102"
			 "666d6ac3b66c6b"
			 "a126f5"
			 "f4"
			 "f6"
			 "d21818"
			 "40");
}

static void long_strings_get_longer_heads(void **state)
{
	static char text[70000];
	static uint8_t out[70010];
	static const uint32_t sizes[] = {23, 24, 255, 256, 65535, 65536};
	static const char *const heads[] = {"57", "5818", "58ff", "590100", "59ffff", "5a00010000"};

	(void)state;
	memset(text, 'a', sizeof(text));
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		struct builder b = builder_of(out, sizeof(out));
		uint8_t want[SIZE_MAX_BYTES];
		struct span head = hex(heads[i], want), s, got;

		cbor_put_bytes(&b, text, sizes[i]);
		assert_false(b.failed);
		assert_int_equal(b.len, head.len + sizes[i]);
		assert_memory_equal(out, want, head.len);
		s = (struct span){out, b.len};
		assert_true(cbor_take_bytes(&s, &got));
		assert_int_equal(got.len, sizes[i]);
	}
}

static void a_full_builder_fails_and_stays_so(void **state)
{
	uint8_t out[4] = {0};
	struct builder b = builder_of(out, 3);

	(void)state;
	cbor_put_text(&b, "abc", 3);
	assert_true(b.failed);
	cbor_put_uint(&b, 1);
	assert_true(b.failed);
	assert_int_equal(out[3], 0);
	b = builder_of(out, sizeof(out));
	cbor_put_text(&b, "\xff", 1);
	assert_true(b.failed);
}

static void utf8(void **state)
{
	static const char *const good[] = {"",	       "7f",	   "c280",   "dfbf",
					   "e0a080",   "ed9fbf",   "ee8080", "efbfbf",
					   "f0908080", "f48fbfbf", "00",     "c3a5c3a4c3b6"};
	static const char *const bad[] = {
		"80",	    "bf",	"c0af",	    "c1bf",	"c2",	    "c27f",
		"c2c0",	    "e08080",	"e09fbf",   "e0a0",	"eda080",   "edbfbf",
		"f0808080", "f08fbfbf", "f4908080", "f5808080", "f8888080", "ff",
		"fe",	    "f09080",	"e1807f",   "f1808041", "61c3",
	};
	uint8_t bytes[SIZE_MAX_BYTES];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(good); i++) {
		struct span s = hex(good[i], bytes);

		assert_true(utf8_valid(s.data, s.len));
	}
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct span s = hex(bad[i], bytes);

		if (utf8_valid(s.data, s.len))
			fail_msg("%s was taken", bad[i]);
	}
}

/* Every one- and two-byte input, and each of those before a longer tail: never past the end, and
 * what is taken is written back as it was. */
static void short_inputs_exhaustively(void **state)
{
	(void)state;
	for (uint32_t pair = 0; pair < 1 << 16; pair++) {
		const uint8_t bytes[4] = {(uint8_t)(pair >> 8), (uint8_t)pair, 0xFF, 0xFF};

		for (uint32_t len = 1; len <= sizeof(bytes); len++) {
			struct span s = {bytes, len};
			int64_t number;
			uint8_t out[16];
			struct builder b = builder_of(out, sizeof(out));

			if (!cbor_take_int(&s, &number))
				continue;
			cbor_put_int(&b, number);
			assert_int_equal(b.len, len - s.len);
			assert_memory_equal(out, bytes, b.len);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(integers_both_ways),
		cmocka_unit_test(largest_unsigned),
		cmocka_unit_test(refused_items),
		cmocka_unit_test(accepted_items),
		cmocka_unit_test(each_taker_wants_its_type),
		cmocka_unit_test(strings_are_lent),
		cmocka_unit_test(counts_are_held_against_the_bytes),
		cmocka_unit_test(nesting_is_bounded),
		cmocka_unit_test(keys_ascend_bytewise),
		cmocka_unit_test(all_writers),
		cmocka_unit_test(long_strings_get_longer_heads),
		cmocka_unit_test(a_full_builder_fails_and_stays_so),
		cmocka_unit_test(utf8),
		cmocka_unit_test(short_inputs_exhaustively),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
