/* test_pack.c: packed batches, and what only looks like one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "net/pack.h"

enum {
	LARGE = 1024 * 1024
};

static uint8_t *bytes, *packed, *back;

static int rooms(void **state)
{
	(void)state;
	bytes = malloc(LARGE);
	packed = malloc(pack_bound(LARGE));
	back = malloc(LARGE);
	for (uint32_t i = 0; i < LARGE; i++)
		bytes[i] = (uint8_t)(i % 251 * (i / 1000 % 7));
	return bytes && packed && back ? 0 : -1;
}

static int no_rooms(void **state)
{
	(void)state;
	free(bytes);
	free(packed);
	free(back);
	return 0;
}

static void it_comes_back(void **state)
{
	static const uint32_t lengths[] = {0, 1, 100, 65536, LARGE};
	uint32_t len, got;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(lengths); i++) {
		len = pack((struct span){bytes, lengths[i]}, packed, pack_bound(lengths[i]));
		assert_true(len > 0);
		assert_true(unpack((struct span){packed, len}, back, LARGE, &got));
		assert_int_equal(got, lengths[i]);
		assert_memory_equal(back, bytes, got);
	}
	assert_true(len < LARGE / 10);
}

static void what_is_too_large_is_none(void **state)
{
	uint32_t got = 7, len = pack((struct span){bytes, LARGE}, packed, pack_bound(LARGE));

	(void)state;
	assert_int_equal(pack((struct span){bytes, LARGE}, packed, 100), 0);
	len = pack((struct span){bytes, LARGE}, packed, pack_bound(LARGE));
	assert_false(unpack((struct span){packed, len}, back, LARGE - 1, &got));
	assert_false(unpack((struct span){packed, len}, back, 0, &got));
	assert_int_equal(got, 7);
	/* zeros: a megabyte in a few bytes */
	memset(bytes, 0, LARGE);
	len = pack((struct span){bytes, LARGE}, packed, pack_bound(LARGE));
	assert_true(len < 200);
	assert_false(unpack((struct span){packed, len}, back, 65536, &got));
}

static void what_is_no_frame_is_none(void **state)
{
	uint32_t got, len = pack((struct span){bytes, 5000}, packed, pack_bound(5000));

	(void)state;
	for (uint32_t cut = 0; cut < len; cut++)
		assert_false(unpack((struct span){packed, cut}, back, LARGE, &got));
	memcpy(packed + len, packed, len); /* two of them */
	assert_false(unpack((struct span){packed, 2 * len}, back, LARGE, &got));
	assert_false(unpack((struct span){packed, len + 1}, back, LARGE, &got));
	packed[0] ^= 1;
	assert_false(unpack((struct span){packed, len}, back, LARGE, &got));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(it_comes_back, rooms, no_rooms),
		cmocka_unit_test_setup_teardown(what_is_too_large_is_none, rooms, no_rooms),
		cmocka_unit_test_setup_teardown(what_is_no_frame_is_none, rooms, no_rooms),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
