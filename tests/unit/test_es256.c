/* test_es256.c: signatures by the vectors of RFC 6979 A.2.5, thumbprints by RFC 9679 6, and every
 * key and signature that must be refused without harm. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <openssl/err.h>
#include <pthread.h>

#include "crypto/es256.h"

#define RFC_PRIVATE "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721"
#define RFC_X	    "60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"
#define RFC_Y	    "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299"
#define ORDER	    "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"
#define PRIME	    "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff"

static const struct {
	const char *message;
	const char *signature;
} rfc6979[] = {
	{"sample", "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
		   "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8"},
	{"test", "f1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d38367"
		 "019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083"},
};

static void bytes_of(const char *hex, void *bytes)
{
	assert_true(hex_parse(hex, (uint32_t)strlen(hex), bytes, (uint32_t)strlen(hex) / 2));
}

static struct public_key key_of(const char *x, const char *y)
{
	struct public_key key;

	bytes_of(x, key.x);
	bytes_of(y, key.y);
	return key;
}

static int verify(const struct public_key *key, const char *message, const uint8_t signature[64])
{
	int verdict =
		es256_verify(key, (const uint8_t *)message, (uint32_t)strlen(message), signature);

	assert_int_equal(ERR_peek_error(), 0); /* nothing piles up */
	return verdict;
}

static void known_signatures(void **state)
{
	struct public_key key = key_of(RFC_X, RFC_Y);

	(void)state;
	assert_true(es256_key_valid(&key));
	for (size_t i = 0; i < ARRAY_LEN(rfc6979); i++) {
		uint8_t signature[64];

		bytes_of(rfc6979[i].signature, signature);
		assert_int_equal(verify(&key, rfc6979[i].message, signature), 1);
		assert_int_equal(verify(&key, "Sample", signature), 0);
		for (uint32_t bit = 0; bit < 512; bit += 37) {
			signature[bit / 8] ^= (uint8_t)(1U << bit % 8);
			assert_int_equal(verify(&key, rfc6979[i].message, signature), 0);
			signature[bit / 8] ^= (uint8_t)(1U << bit % 8);
		}
	}
}

/* n - s of a big-endian number, by hand */
static void negate(uint8_t half[32])
{
	uint8_t order[32];
	int borrow = 0;

	bytes_of(ORDER, order);
	for (int i = 31; i >= 0; i--) {
		int digit = order[i] - half[i] - borrow;

		borrow = digit < 0;
		half[i] = (uint8_t)digit;
	}
}

/* "either s of ECDSA is valid" (contracts 1) */
static void either_s(void **state)
{
	struct public_key key = key_of(RFC_X, RFC_Y);
	uint8_t signature[64];

	(void)state;
	bytes_of(rfc6979[0].signature, signature);
	negate(signature + 32);
	assert_int_equal(verify(&key, "sample", signature), 1);
	negate(signature);
	assert_int_equal(verify(&key, "sample", signature), 0);
}

static void r_and_s_out_of_range(void **state)
{
	static const char *const halves[] = {
		"0000000000000000000000000000000000000000000000000000000000000000",
		ORDER,
		"ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632552",
		"ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
	};
	struct public_key key = key_of(RFC_X, RFC_Y);
	uint8_t signature[64];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(halves); i++) {
		bytes_of(rfc6979[0].signature, signature);
		bytes_of(halves[i], signature);
		assert_int_equal(verify(&key, "sample", signature), 0);
		bytes_of(rfc6979[0].signature, signature);
		bytes_of(halves[i], signature + 32);
		assert_int_equal(verify(&key, "sample", signature), 0);
		bytes_of(halves[i], signature);
		assert_int_equal(verify(&key, "sample", signature), 0);
	}
	/* every count of leading zeros: each makes another DER length */
	for (uint32_t zeros = 0; zeros <= 64; zeros++) {
		memset(signature, 0xFF, sizeof(signature));
		memset(signature, 0, zeros);
		assert_int_equal(verify(&key, "sample", signature), 0);
		memset(signature, 0x01, sizeof(signature));
		memset(signature + 32, 0, zeros > 32 ? 32 : zeros);
		assert_int_equal(verify(&key, "sample", signature), 0);
	}
}

static void points_off_the_curve(void **state)
{
	struct public_key good = key_of(RFC_X, RFC_Y), key;
	uint8_t signature[64];

	(void)state;
	bytes_of(rfc6979[0].signature, signature);
	key = (struct public_key){0};
	assert_false(es256_key_valid(&key));
	assert_int_equal(verify(&key, "sample", signature), -EINVAL);
	key = good;
	key.y[31] ^= 1;
	assert_false(es256_key_valid(&key));
	assert_int_equal(verify(&key, "sample", signature), -EINVAL);
	key = key_of(PRIME, RFC_Y); /* a coordinate not below the prime */
	assert_false(es256_key_valid(&key));
	memset(&key, 0xFF, sizeof(key));
	assert_false(es256_key_valid(&key));
	assert_int_equal(verify(&key, "sample", signature), -EINVAL);
	assert_int_equal(verify(&good, "sample", signature), 1); /* and the next good one is good */
}

static void the_public_key_of_a_private_one(void **state)
{
	struct public_key want = key_of(RFC_X, RFC_Y), got;
	uint8_t secret[32];

	(void)state;
	bytes_of(RFC_PRIVATE, secret);
	assert_int_equal(es256_public(secret, &got), 0);
	assert_memory_equal(&got, &want, sizeof(got));
	memset(secret, 0, sizeof(secret));
	assert_int_equal(es256_public(secret, &got), -EINVAL);
	bytes_of(ORDER, secret);
	assert_int_equal(es256_public(secret, &got), -EINVAL);
	secret[31]--; /* n - 1: the generator's mirror image */
	assert_int_equal(es256_public(secret, &got), 0);
	assert_true(es256_key_valid(&got));
	memset(secret, 0xFF, sizeof(secret));
	assert_int_equal(es256_public(secret, &got), -EINVAL);
	assert_int_equal(es256_sign(secret, secret, 32, (uint8_t[64]){0}), -EINVAL);
}

static void made_keys_sign(void **state)
{
	struct public_key first = {0};

	(void)state;
	for (int i = 0; i < 50; i++) {
		uint8_t secret[32], signature[64];
		struct public_key key, derived;
		const char *message = "an apple, a loaf, a cup of coffee";

		assert_int_equal(es256_make(secret, &key), 0);
		assert_memory_not_equal(&key, &first, sizeof(key));
		first = key;
		assert_int_equal(es256_public(secret, &derived), 0);
		assert_memory_equal(&key, &derived, sizeof(key));
		assert_int_equal(es256_sign(secret, (const uint8_t *)message,
					    (uint32_t)strlen(message), signature),
				 0);
		assert_int_equal(verify(&key, message, signature), 1);
		assert_int_equal(verify(&key, "an apple", signature), 0);
	}
}

/* Two keys in turn, the first again, one that is none, and the second after it. */
static void a_kept_key_is_the_one_that_was_asked_for(void **state)
{
	static const uint8_t message[] = "what an office says";
	uint8_t secret[3][32], signature[64];
	struct public_key key[2];
	const int turn[] = {0, 1, 0, 0, 2, 1, 1};

	(void)state;
	assert_int_equal(es256_make(secret[0], &key[0]), 0);
	assert_int_equal(es256_make(secret[1], &key[1]), 0);
	memset(secret[2], 0, sizeof(secret[2]));
	for (uint32_t i = 0; i < ARRAY_LEN(turn); i++) {
		int n = turn[i];
		int r = es256_sign_often(secret[n], message, sizeof(message), signature);

		assert_int_equal(r, n == 2 ? -EINVAL : 0);
		if (n == 2)
			continue;
		assert_int_equal(es256_verify(&key[n], message, sizeof(message), signature), 1);
		assert_int_equal(es256_verify(&key[!n], message, sizeof(message), signature), 0);
	}
}

static void hashes(void **state)
{
	uint8_t want[32];
	struct sha256 got;

	(void)state;
	/* FIPS 180-4 */
	bytes_of("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", want);
	got = sha256("abc", 3);
	assert_memory_equal(got.byte, want, 32);
	bytes_of("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", want);
	got = sha256("", 0);
	assert_memory_equal(got.byte, want, 32);
}

static void thumbprint(void **state)
{
	/* RFC 9679 6 */
	struct public_key key =
		key_of("65eda5a12577c2bae829437fe338701a10aaa375e1bb5b5de108de439c08551d",
		       "1e52ed75701163f7f9e40ddf9f341b3dc9ba860af7e0ca7ca7e9eecd0084d19c");
	struct kid kid = kid_of(&key);
	uint8_t want[8];

	(void)state;
	bytes_of("496bd8afadf307e5", want);
	assert_memory_equal(kid.byte, want, 8);
}

static void random_bytes_differ(void **state)
{
	uint8_t a[64] = {0}, b[64] = {0}, zero[64] = {0};

	(void)state;
	random_bytes(a, sizeof(a));
	random_bytes(b, 63);
	assert_memory_not_equal(a, b, 63);
	assert_memory_not_equal(a, zero, 64);
	assert_int_equal(b[63], 0);
	random_bytes(b, 0);
}

static void *verify_many(void *failed)
{
	struct public_key key = key_of(RFC_X, RFC_Y);
	uint8_t signature[64];

	bytes_of(rfc6979[0].signature, signature);
	for (int i = 0; i < 200; i++) {
		signature[0] ^= (uint8_t)(i & 1);
		if (es256_verify(&key, (const uint8_t *)"sample", 6, signature) !=
		    (signature[0] == 0xEF))
			*(bool *)failed = true;
	}
	return NULL;
}

/* Each thread keeps a verifier of its own, and frees it: ASan and TSan watch. */
static void threads_do_not_meet(void **state)
{
	pthread_t thread[4];
	bool failed[4] = {false};

	(void)state;
	for (int i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&thread[i], NULL, verify_many, &failed[i]), 0);
	for (int i = 0; i < 4; i++) {
		assert_int_equal(pthread_join(thread[i], NULL), 0);
		assert_false(failed[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_signatures),
		cmocka_unit_test(either_s),
		cmocka_unit_test(r_and_s_out_of_range),
		cmocka_unit_test(points_off_the_curve),
		cmocka_unit_test(the_public_key_of_a_private_one),
		cmocka_unit_test(made_keys_sign),
		cmocka_unit_test(a_kept_key_is_the_one_that_was_asked_for),
		cmocka_unit_test(hashes),
		cmocka_unit_test(thumbprint),
		cmocka_unit_test(random_bytes_differ),
		cmocka_unit_test(threads_do_not_meet),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
