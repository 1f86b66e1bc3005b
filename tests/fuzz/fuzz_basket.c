/*
 * fuzz_basket.c: any bytes as a basket that a phone shows. What is taken is bounded, and is the one
 * encoding of what it says: written again, it is the same bytes.
 */
#include <string.h>

#include "base/cbor.h"
#include "wire/basket.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_line(const struct basket_line *l, struct builder *b)
{
	CHECK(l->key_len >= BASKET_KEY_MIN && l->key_len <= BASKET_KEY_MAX);
	CHECK(l->gtin.n >= 1 && l->gtin.n <= 99999999999999);
	CHECK(l->quantity_milli >= 1 && l->quantity_milli <= QUANTITY_MAX_MILLI);
	CHECK(l->scanned_at.ms >= 0 && l->scanned_at.ms % 1000 == 0);
	cbor_put_array(b, 4);
	cbor_put_bytes(b, l->key, l->key_len);
	cbor_put_uint(b, l->gtin.n);
	cbor_put_uint(b, (uint64_t)l->quantity_milli);
	cbor_put_uint(b, (uint64_t)(l->scanned_at.ms / 1000));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t again[1024];
	struct builder b = builder_of(again, sizeof(again));
	struct basket basket;

	if (size > sizeof(again) || !basket_parse((struct span){data, (uint32_t)size}, &basket))
		return 0;
	CHECK(basket.lines >= 1 && basket.lines <= BASKET_LINES_MAX);
	cbor_put_array(&b, basket.lines);
	for (uint32_t i = 0; i < basket.lines; i++)
		check_line(&basket.line[i], &b);
	CHECK(!b.failed && b.len == size && memcmp(again, data, size) == 0);
	return 0;
}
