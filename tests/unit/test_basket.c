/*
 * test_basket.c: the lines that a phone shows as a code: the one encoding of each is read, and
 * nothing else; every byte of it changed and every length cut is either refused or another basket.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/cbor.h"
#include "token/base45.h"
#include "wire/basket.h"

#define SIZE 1024

static uint8_t bytes[SIZE];

static void put_line(struct builder *b, uint32_t key_len, uint64_t gtin, uint64_t quantity,
		     uint64_t at_s)
{
	cbor_put_array(b, 4);
	cbor_put_bytes(b, "0123456789abcdefg", key_len);
	cbor_put_uint(b, gtin);
	cbor_put_uint(b, quantity);
	cbor_put_uint(b, at_s);
}

static struct span lines_of(uint32_t lines, uint32_t key_len, uint64_t quantity)
{
	struct builder b = builder_of(bytes, sizeof(bytes));

	cbor_put_array(&b, lines);
	for (uint32_t i = 0; i < lines; i++)
		put_line(&b, key_len, 7310865004703 + i, quantity, 1764000000 + i);
	assert_false(b.failed);
	return (struct span){bytes, b.len};
}

static struct span one(uint32_t key_len, uint64_t gtin, uint64_t quantity, uint64_t at_s)
{
	struct builder b = builder_of(bytes, sizeof(bytes));

	cbor_put_array(&b, 1);
	put_line(&b, key_len, gtin, quantity, at_s);
	return (struct span){bytes, b.len};
}

static void a_basket_says_what_was_put_in(void **state)
{
	struct basket basket;

	(void)state;
	for (uint32_t lines = 1; lines <= BASKET_LINES_MAX; lines++) {
		assert_true(basket_parse(lines_of(lines, 8 + lines % 9, 2000), &basket));
		assert_int_equal(basket.lines, lines);
		for (uint32_t i = 0; i < lines; i++) {
			const struct basket_line *l = &basket.line[i];

			assert_int_equal(l->key_len, 8 + lines % 9);
			assert_memory_equal(l->key, "0123456789abcdef", l->key_len);
			assert_int_equal(l->gtin.n, 7310865004703 + i);
			assert_int_equal(l->quantity_milli, 2000);
			assert_int_equal(l->scanned_at.ms, (1764000000LL + i) * 1000);
		}
	}
}

static void twelve_lines_fit_a_frame(void **state)
{
	struct span s = lines_of(BASKET_LINES_MAX, BASKET_KEY_MIN, 65000);
	char text[SIZE];
	uint32_t len = qr_text_encode(QR_BASKET_PREFIX, s.data, s.len, text, sizeof(text));

	(void)state;
	assert_in_range(len, 1, TOKEN_SIZE_MAX);
}

static void bounds(void **state)
{
	struct basket basket;

	(void)state;
	assert_false(basket_parse(lines_of(0, 8, 1000), &basket));
	assert_false(basket_parse(lines_of(BASKET_LINES_MAX + 1, 8, 1000), &basket));
	assert_false(basket_parse(lines_of(1, BASKET_KEY_MIN - 1, 1000), &basket));
	assert_false(basket_parse(lines_of(1, BASKET_KEY_MAX + 1, 1000), &basket));
	assert_true(basket_parse(one(16, 99999999999999, QUANTITY_MAX_MILLI, 0), &basket));
	assert_int_equal(basket.line[0].scanned_at.ms, 0);
	assert_false(basket_parse(one(8, 0, 1000, 1), &basket));
	assert_false(basket_parse(one(8, 100000000000000, 1000, 1), &basket));
	assert_false(basket_parse(one(8, 1, 0, 1), &basket));
	assert_false(basket_parse(one(8, 1, QUANTITY_MAX_MILLI + 1, 1), &basket));
	assert_false(basket_parse(one(8, 1, UINT64_MAX, 1), &basket));
	assert_true(basket_parse(one(8, 1, 1, 1ULL << 40), &basket));
	assert_false(basket_parse(one(8, 1, 1, (1ULL << 40) + 1), &basket));
	assert_false(basket_parse(one(8, 1, 1, UINT64_MAX), &basket));
	assert_false(basket_parse((struct span){bytes, 0}, &basket));
}

/* Lines of three or five items, a text for a key, a map, an indefinite length, a longer head. */
static void other_forms(void **state)
{
	static const struct {
		uint8_t bytes[24];
		uint32_t len;
	} wrong[] = {
		{{0x81, 0x83, 0x48, 1, 2, 3, 4, 5, 6, 7, 8, 1, 1}, 13},
		{{0x81, 0x85, 0x48, 1, 2, 3, 4, 5, 6, 7, 8, 1, 1, 1, 1}, 15},
		{{0x81, 0x84, 0x68, 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 1, 1, 1}, 14},
		{{0xa1, 0x84, 0x48, 1, 2, 3, 4, 5, 6, 7, 8, 1, 1, 1}, 14},
		{{0x9f, 0x84, 0x48, 1, 2, 3, 4, 5, 6, 7, 8, 1, 1, 1, 0xff}, 15},
		{{0x98, 0x01, 0x84, 0x48, 1, 2, 3, 4, 5, 6, 7, 8, 1, 1, 1}, 15},
		{{0x81, 0x84, 0x48, 1, 2, 3, 4, 5, 6, 7, 8, 0x18, 1, 1, 1}, 15},
		{{0x81, 0x84, 0x48, 1, 2, 3, 4, 5, 6, 7, 8, 1, 0x20, 1}, 14},
		{{0x81, 0x84, 0x48, 1, 2, 3, 4, 5, 6, 7, 8, 1, 1, 1, 0}, 15},
	};
	struct basket basket;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		assert_false(basket_parse((struct span){wrong[i].bytes, wrong[i].len}, &basket));
	assert_true(basket_parse(one(8, 1, 1, 1), &basket));
	assert_int_equal(one(8, 1, 1, 1).len, 14);
}

static void every_cut_is_refused(void **state)
{
	struct span s = lines_of(3, 11, 1000);
	struct basket basket;

	(void)state;
	for (uint32_t len = 0; len < s.len; len++)
		assert_false(basket_parse((struct span){s.data, len}, &basket));
	assert_true(basket_parse(s, &basket));
	bytes[s.len] = 0;
	assert_false(basket_parse((struct span){s.data, s.len + 1}, &basket));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_basket_says_what_was_put_in),
		cmocka_unit_test(twelve_lines_fit_a_frame),
		cmocka_unit_test(bounds),
		cmocka_unit_test(other_forms),
		cmocka_unit_test(every_cut_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
