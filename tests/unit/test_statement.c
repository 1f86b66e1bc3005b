/*
 * test_statement.c: what an office signs: the envelope against statements that another
 * implementation made (tests/data/sync-vectors.json), their signatures, and every way in which the
 * envelope can be another.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <jansson.h>

#include "base/cbor.h"
#include "crypto/es256.h"
#include "token/claims.h"
#include "token/statement.h"

#define VECTORS "tests/data/sync-vectors.json"
#define SIZE	4096

static const struct kid kid = {{1, 2, 3, 4, 5, 6, 7, 8}};

static uint32_t bytes_at(json_t *row, const char *name, uint8_t bytes[SIZE])
{
	const char *hex = json_string_value(json_object_get(row, name));
	uint32_t len = (uint32_t)strlen(hex) / 2;

	assert_true(len <= SIZE);
	assert_true(hex_parse(hex, 2 * len, bytes, len));
	return len;
}

static void one_vector(json_t *row)
{
	uint8_t bytes[SIZE], payload[SIZE], key[SIZE], room[SIZE];
	uint32_t len = bytes_at(row, "bytes", bytes);
	uint32_t payload_len = bytes_at(row, "payload", payload);
	struct public_key public_key;
	struct statement s;
	struct token t;
	uint32_t signed_len;

	assert_int_equal(bytes_at(row, "key", key), sizeof(public_key));
	memcpy(&public_key, key, sizeof(public_key));
	assert_true(statement_parse((struct span){bytes, len}, &s));
	assert_true(span_is(s.payload, payload, payload_len));
	signed_len = statement_to_be_signed(s.kid, s.payload, room, payload_len + STATEMENT_EXTRA);
	assert_int_equal(es256_verify(&public_key, room, signed_len, s.signature), 1);
	room[signed_len - 1] ^= 1;
	assert_int_equal(es256_verify(&public_key, room, signed_len, s.signature), 0);
	assert_int_equal(statement_assemble(s.kid, s.payload, s.signature, room, sizeof(room)),
			 len);
	assert_memory_equal(room, bytes, len);
	assert_int_equal(statement_assemble(s.kid, s.payload, s.signature, room, len - 1), 0);
	/* it can never pass for a token */
	assert_false(token_parse((struct span){bytes, len}, &t));
}

static void statements_of_another(void **state)
{
	json_error_t error;
	json_t *vectors = json_load_file(VECTORS, 0, &error), *row;
	size_t i, done = 0;

	(void)state;
	assert_non_null(vectors);
	json_array_foreach(vectors, i, row)
	{
		if (strcmp(json_string_value(json_object_get(row, "what")), "statement") != 0)
			continue;
		one_vector(row);
		done++;
	}
	assert_int_equal(done, 4);
	json_decref(vectors);
}

static uint32_t sample(uint8_t out[SIZE])
{
	static const uint8_t payload[] = {0x82, 0x63, 'a', 'c', 'k', 0x01}, signature[64] = {9};
	uint32_t len = statement_assemble(kid, (struct span){payload, sizeof(payload)}, signature,
					  out, SIZE);

	assert_true(len > 0);
	return len;
}

static bool parses(const uint8_t *bytes, uint32_t len)
{
	struct statement s;

	return statement_parse((struct span){bytes, len}, &s);
}

/* In blocks of exactly their size, so that a reader past its end is seen. */
static void every_length_cut(void **state)
{
	uint8_t bytes[SIZE];
	uint32_t len = sample(bytes);

	(void)state;
	for (uint32_t cut = 0; cut < len; cut++) {
		uint8_t *copy = malloc(cut > 0 ? cut : 1);

		assert_non_null(copy);
		memcpy(copy, bytes, cut);
		assert_false(parses(copy, cut));
		free(copy);
	}
	assert_true(parses(bytes, len));
	bytes[len] = 0;
	assert_false(parses(bytes, len + 1));
}

/* Only the kid, the payload's bytes and the signature may be others. */
static void every_byte_changed(void **state)
{
	uint8_t bytes[SIZE], again[SIZE];
	uint32_t len = sample(bytes), payload_at = 18;

	(void)state;
	for (uint32_t at = 0; at < len; at++) {
		bool free_to_be = (at >= 8 && at < 16) ||
				  (at >= payload_at && at < payload_at + 6) || at >= len - 64;

		for (uint32_t change = 1; change < 256; change++) {
			struct statement s;

			bytes[at] ^= (uint8_t)change;
			assert_int_equal(parses(bytes, len), free_to_be);
			if (statement_parse((struct span){bytes, len}, &s)) {
				assert_int_equal(statement_assemble(s.kid, s.payload, s.signature,
								    again, sizeof(again)),
						 len);
				assert_memory_equal(again, bytes, len);
			}
			bytes[at] ^= (uint8_t)change;
		}
	}
}

static void the_largest(void **state)
{
	uint32_t size = STATEMENT_SIZE_MAX + 16;
	uint8_t *payload = calloc(1, size), *out = calloc(1, size);
	const uint8_t signature[64] = {0};
	struct span most = {payload, STATEMENT_PAYLOAD_MAX}, more = {payload, most.len + 1};
	uint32_t len;

	(void)state;
	assert_non_null(payload);
	assert_non_null(out);
	len = statement_assemble(kid, most, signature, out, size);
	assert_true(len > STATEMENT_PAYLOAD_MAX && len <= STATEMENT_SIZE_MAX);
	assert_true(parses(out, len));
	assert_int_equal(statement_assemble(kid, more, signature, out, size), 0);
	assert_true(statement_to_be_signed(kid, most, out, most.len + STATEMENT_EXTRA) <=
		    most.len + STATEMENT_EXTRA);
	/* one byte past the most, well-formed otherwise */
	{
		struct builder b = builder_of(out, size);

		build_bytes(&b, "\xd2\x84\x4d\xa2\x01\x26\x04\x48", 8);
		build_bytes(&b, kid.byte, sizeof(kid.byte));
		cbor_put_map(&b, 0);
		cbor_put_bytes(&b, more.data, more.len);
		cbor_put_bytes(&b, signature, sizeof(signature));
		assert_false(b.failed);
		assert_false(parses(out, b.len));
	}
	assert_false(parses(out, size));
	free(payload);
	free(out);
}

static void an_empty_payload(void **state)
{
	const uint8_t signature[64] = {0};
	uint8_t out[256];
	struct statement s;
	uint32_t len = statement_assemble(kid, (struct span){out, 0}, signature, out, sizeof(out));

	(void)state;
	assert_int_equal(len, 8 + 8 + 1 + 1 + 66);
	assert_true(statement_parse((struct span){out, len}, &s));
	assert_int_equal(s.payload.len, 0);
	assert_memory_equal(&s.kid, &kid, sizeof(kid));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(statements_of_another), cmocka_unit_test(every_length_cut),
		cmocka_unit_test(every_byte_changed),	 cmocka_unit_test(the_largest),
		cmocka_unit_test(an_empty_payload),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
