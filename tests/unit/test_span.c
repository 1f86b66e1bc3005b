/* test_span.c: no reader past its end, no builder past its size. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/span.h"
#include "base/utf8.h"

static void takes_off_the_front(void **state)
{
	static const uint8_t bytes[] = {1, 2, 3, 4, 5};
	struct span s = {bytes, sizeof(bytes)}, got;
	uint8_t one = 0;

	(void)state;
	assert_true(span_take_u8(&s, &one));
	assert_int_equal(one, 1);
	assert_true(span_take(&s, 2, &got));
	assert_ptr_equal(got.data, bytes + 1);
	assert_int_equal(got.len, 2);
	assert_true(span_take(&s, 0, &got));
	assert_int_equal(got.len, 0);
	assert_int_equal(s.len, 2);
	assert_false(span_take(&s, 3, &got));
	assert_int_equal(s.len, 2);
	assert_ptr_equal(s.data, bytes + 3);
	assert_false(span_take(&s, UINT32_MAX, &got));
	assert_true(span_take(&s, 2, &got));
	one = 77;
	assert_false(span_take_u8(&s, &one));
	assert_int_equal(one, 77);
}

static void equality(void **state)
{
	static const uint8_t bytes[] = {'a', 'b', 'c'};

	(void)state;
	assert_true(span_is((struct span){bytes, 3}, "abc", 3));
	assert_false(span_is((struct span){bytes, 3}, "abd", 3));
	assert_false(span_is((struct span){bytes, 3}, "abcd", 4));
	assert_false(span_is((struct span){bytes, 2}, "abc", 3));
	assert_true(span_is((struct span){NULL, 0}, NULL, 0));
}

static void big_endian(void **state)
{
	static const uint8_t want[] = {0x01, 0x23, 0x45, 0x67, 0x89, 0xAB, 0xCD, 0xEF,
				       0xFF, 0xEE, 0xDD, 0xCC, 0xBB, 0xAA, 0x99};
	uint8_t out[sizeof(want)];
	struct builder b = builder_of(out, sizeof(out));

	(void)state;
	build_u8(&b, 0x01);
	build_u16(&b, 0x2345);
	build_u32(&b, 0x6789ABCD);
	build_u64(&b, 0xEFFFEEDDCCBBAA99);
	assert_false(b.failed);
	assert_int_equal(b.len, sizeof(want));
	assert_memory_equal(out, want, sizeof(want));
}

/* A write that does not fit writes nothing, and so does every later one, even a smaller one. */
static void failure_is_whole_and_stays(void **state)
{
	uint8_t out[6] = {9, 9, 9, 9, 9, 9};
	struct builder b = builder_of(out, 4);

	(void)state;
	build_u8(&b, 1);
	build_u32(&b, 2);
	assert_true(b.failed);
	assert_int_equal(b.len, 1);
	build_u8(&b, 3);
	build_bytes(&b, "xy", 2);
	build_bytes(&b, NULL, 0);
	assert_int_equal(b.len, 1);
	assert_int_equal(out[1], 9);
	assert_true(b.failed);
}

static void filled_to_the_brim(void **state)
{
	uint8_t out[5] = {9, 9, 9, 9, 9};
	struct builder b = builder_of(out, 4);

	(void)state;
	build_bytes(&b, "abcd", 4);
	assert_false(b.failed);
	build_bytes(&b, NULL, 0);
	assert_false(b.failed);
	build_u8(&b, 0);
	assert_true(b.failed);
	assert_int_equal(out[4], 9);
	b = builder_of(NULL, 0);
	build_bytes(&b, NULL, 0);
	assert_false(b.failed);
	build_bytes(&b, out, UINT32_MAX);
	assert_true(b.failed);
}

static void assert_cut(const char *text, size_t size, const char *want)
{
	char out[16];

	memset(out, 'x', sizeof(out));
	assert_int_equal(utf8_cut(text, out, size), strlen(want));
	assert_string_equal(out, want);
	assert_true(size == sizeof(out) || out[size] == 'x'); /* nothing beyond its room */
}

static void a_text_is_cut_between_letters(void **state)
{
	(void)state;
	assert_cut("", 1, "");
	assert_cut("abc", 4, "abc");
	assert_cut("abc", 3, "ab");
	assert_cut("abc", 1, "");
	assert_cut("dörr", 6, "dörr");
	assert_cut("dörr", 4, "dö");
	assert_cut("dörr", 3, "d"); /* not half an ö */
	assert_cut("€", 3, "");
	assert_cut("a€b", 5, "a€");
	assert_cut("\x80\x80\x80", 3, ""); /* no UTF-8: cut where it may be */
	assert_cut("\xff\xff", 2, "\xff");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_off_the_front),
		cmocka_unit_test(equality),
		cmocka_unit_test(big_endian),
		cmocka_unit_test(failure_is_whole_and_stays),
		cmocka_unit_test(filled_to_the_brim),
		cmocka_unit_test(a_text_is_cut_between_letters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
