/*
 * test_token.c: the C parser, verifier and library against tokens that another implementation in
 * another language made (tests/data/token-vectors.json, written by tests/phone/vectors.py): good
 * ones say what they should, and one of each wrong kind gets its verdict. Then what vectors cannot
 * reach: sizes, bounds, every byte changed, every length cut.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include <jansson.h>

#include "base/words.h"
#include "crypto/es256.h"
#include "shoptoken.h"
#include "token/base45.h"
#include "token/claims.h"

#define VECTORS	   "tests/data/token-vectors.json"
#define BYTES_MAX  2048
#define ROWS_LEAST 140 /* fewer, and the file has lost some */

struct vector {
	const char *name;
	const char *verdict;
	const char *key;
	uint8_t bytes[BYTES_MAX];
	uint32_t len;
	json_t *claims;
	json_t *nonce;
};

static const char *text_at(json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	if (!text)
		fail_msg("no text %s in the vectors", name);
	return text;
}

static uint32_t bytes_at(json_t *object, const char *name, uint8_t *bytes, uint32_t size)
{
	const char *text = text_at(object, name);
	uint32_t len = (uint32_t)strlen(text) / 2;

	assert_true(len <= size);
	assert_true(hex_parse(text, 2 * len, bytes, len));
	return len;
}

static int load(void **state)
{
	json_error_t error;

	*state = json_load_file(VECTORS, 0, &error);
	if (!*state)
		print_error("%s:%d: %s\n", VECTORS, error.line, error.text);
	return *state ? 0 : -1;
}

static int unload(void **state)
{
	json_decref(*state);
	return 0;
}

static struct vector vector_at(json_t *root, size_t index)
{
	json_t *row = json_array_get(json_object_get(root, "tokens"), index);
	struct vector v = {.name = text_at(row, "name"), .verdict = text_at(row, "verdict")};
	const char *key = json_string_value(json_object_get(row, "key"));

	v.key = key ? key : "phone";
	v.len = bytes_at(row, "token", v.bytes, sizeof(v.bytes));
	v.claims = json_object_get(row, "claims");
	v.nonce = json_object_get(row, "nonce");
	return v;
}

static size_t vectors(json_t *root)
{
	return json_array_size(json_object_get(root, "tokens"));
}

static struct vector vector_named(json_t *root, const char *name)
{
	for (size_t i = 0; i < vectors(root); i++) {
		struct vector v = vector_at(root, i);

		if (strcmp(v.name, name) == 0)
			return v;
	}
	fail_msg("no vector %s", name);
	return (struct vector){0};
}

static struct public_key key_named(json_t *root, const char *name)
{
	json_t *row = json_object_get(json_object_get(root, "keys"), name);
	struct public_key key;

	assert_int_equal(bytes_at(row, "x", key.x, 32), 32);
	assert_int_equal(bytes_at(row, "y", key.y, 32), 32);
	return key;
}

static bool signature_holds(const struct token *token, const struct public_key *key)
{
	uint8_t message[TO_BE_SIGNED_MAX];
	uint32_t len = token_to_be_signed(token->protected_header, token->payload, message);

	return es256_verify(key, message, len, token->signature) == 1;
}

/* --- the vectors ------------------------------------------------------------------------------ */

/* What shopd asks, in its order: does it parse, is the key known, does the signature hold? */
static enum verdict first_verdicts(const struct vector *v, const struct public_key *key)
{
	struct kid kid = kid_of(key);
	struct token token;

	if (!token_parse((struct span){v->bytes, v->len}, &token))
		return VERDICT_MALFORMED;
	if (memcmp(kid.byte, token.kid.byte, sizeof(kid.byte)) != 0)
		return VERDICT_UNKNOWN_KEY;
	return signature_holds(&token, key) ? VERDICT_ADMITTED : VERDICT_BAD_SIGNATURE;
}

static void every_vector_parses_and_verifies_as_it_should(void **state)
{
	(void)state;
	assert_true(vectors(*state) >= ROWS_LEAST);
	for (size_t i = 0; i < vectors(*state); i++) {
		struct vector v = vector_at(*state, i);
		struct public_key key = key_named(*state, v.key);
		enum verdict got = first_verdicts(&v, &key), want = VERDICT_ADMITTED;

		if (strcmp(v.verdict, "malformed") == 0)
			want = VERDICT_MALFORMED;
		else if (strcmp(v.name, "stranger") == 0)
			want = VERDICT_UNKNOWN_KEY;
		else if (strcmp(v.verdict, "bad_signature") == 0)
			want = VERDICT_BAD_SIGNATURE;
		if (got != want)
			fail_msg("%s: verdict %d, not %d", v.name, (int)got, (int)want);
	}
}

static void every_vector_gets_its_verdict_of_the_library(void **state)
{
	const char *audience = text_at(*state, "audience");
	int64_t now_s = json_integer_value(json_object_get(*state, "now"));

	for (size_t i = 0; i < vectors(*state); i++) {
		struct vector v = vector_at(*state, i);
		struct public_key inner = key_named(*state, v.key);
		struct shoptoken_public_key key;
		uint8_t nonce[NONCE_SIZE];
		struct shoptoken_expected expected = {.audience = audience, .now_s = now_s};
		const char *word;

		memcpy(key.x, inner.x, 32);
		memcpy(key.y, inner.y, 32);
		expected.office = strcmp(v.key, "office") == 0;
		if (v.nonce) {
			assert_true(hex_parse(json_string_value(v.nonce), 32, nonce, 16));
			expected.nonce = nonce;
		}
		word = shoptoken_verdict_word(
			shoptoken_check(v.bytes, v.len, &key, &expected, NULL));
		if (strcmp(word, v.verdict) != 0)
			fail_msg("%s: %s, not %s", v.name, word, v.verdict);
	}
}

static int64_t number_at(json_t *claims, const char *name)
{
	json_t *number = json_object_get(claims, name);

	assert_true(json_is_integer(number));
	return json_integer_value(number);
}

static void assert_claims(const struct vector *v, const struct claims *c)
{
	uint8_t bytes[32];

	assert_string_equal(c->audience, text_at(v->claims, "aud"));
	assert_true(c->iat_s == number_at(v->claims, "iat"));
	assert_true(c->exp_s == number_at(v->claims, "exp"));
	assert_int_equal(c->cti_len, bytes_at(v->claims, "cti", bytes, sizeof(bytes)));
	assert_memory_equal(c->cti, bytes, c->cti_len);
	assert_int_equal(c->has_nonce, json_object_get(v->claims, "nonce") != NULL);
	if (c->has_nonce) {
		assert_int_equal(bytes_at(v->claims, "nonce", bytes, sizeof(bytes)), NONCE_SIZE);
		assert_memory_equal(c->nonce, bytes, NONCE_SIZE);
	}
	assert_int_equal(c->is_pass, json_object_get(v->claims, "sub") != NULL);
	if (c->is_pass) {
		assert_int_equal(bytes_at(v->claims, "sub", bytes, sizeof(bytes)), 16);
		assert_memory_equal(c->sub.byte, bytes, 16);
		assert_true(c->nbf_s == number_at(v->claims, "nbf"));
	}
}

/* A good token says what its maker said, and our writer writes the maker's bytes. */
static void good_tokens_both_ways(void **state)
{
	uint32_t good = 0;

	for (size_t i = 0; i < vectors(*state); i++) {
		struct vector v = vector_at(*state, i);
		uint8_t payload[TOKEN_SIZE_MAX], whole[TOKEN_SIZE_MAX];
		struct token token;
		uint32_t len;

		if (!v.claims)
			continue;
		good++;
		assert_true(token_parse((struct span){v.bytes, v.len}, &token));
		assert_claims(&v, &token.claims);
		len = token_payload(&token.claims, payload, sizeof(payload));
		assert_true(span_is(token.payload, payload, len));
		len = token_assemble(token.kid, token.payload, token.signature, whole,
				     sizeof(whole));
		assert_int_equal(len, v.len);
		assert_memory_equal(whole, v.bytes, len);
	}
	assert_true(good >= 13);
}

static void keys_and_kids_agree(void **state)
{
	const char *name;
	json_t *row;

	json_object_foreach(json_object_get(*state, "keys"), name, row)
	{
		struct public_key key = key_named(*state, name), parsed;
		struct kid kid = kid_of(&key);
		uint8_t want[COSE_KEY_SIZE], got[COSE_KEY_SIZE], secret[128];
		uint32_t len;

		assert_int_equal(bytes_at(row, "kid", want, sizeof(want)), KID_SIZE);
		assert_memory_equal(kid.byte, want, KID_SIZE);
		assert_int_equal(bytes_at(row, "cose_key", want, sizeof(want)), COSE_KEY_SIZE);
		cose_key_encode(&key, got);
		assert_memory_equal(got, want, COSE_KEY_SIZE);
		assert_int_equal(cose_key_parse((struct span){want, COSE_KEY_SIZE}, &parsed),
				 COSE_KEY_GOOD);
		assert_memory_equal(&parsed, &key, sizeof(key));
		len = bytes_at(row, "cose_secret", secret, sizeof(secret));
		assert_int_equal(cose_key_parse((struct span){secret, len}, &parsed),
				 COSE_KEY_PRIVATE);
	}
}

static void qr_texts_agree(void **state)
{
	json_t *row = json_array_get(json_object_get(*state, "texts"), 0);
	const char *text = text_at(row, "text");
	uint8_t want[TOKEN_SIZE_MAX], got[TOKEN_SIZE_MAX];
	uint32_t len = bytes_at(row, "token", want, sizeof(want)), got_len;
	char again[TOKEN_QR_MAX + 1];

	/* "186, version 6-L, for aud viken/front, cti of 8, no nonce" (contracts 1) */
	assert_int_equal(strlen(text), 186);
	assert_true(qr_text_decode(QR_TOKEN_PREFIX, text, (uint32_t)strlen(text), got, sizeof(got),
				   &got_len));
	assert_int_equal(got_len, len);
	assert_memory_equal(got, want, len);
	assert_int_equal(qr_text_encode(QR_TOKEN_PREFIX, got, len, again, sizeof(again)), 186);
	assert_string_equal(again, text);
}

static void challenges_agree(void **state)
{
	json_t *row = json_object_get(*state, "challenge");
	const char *text = text_at(row, "text");
	uint8_t want[NONCE_SIZE], nonce[NONCE_SIZE], bytes[128], out[128];
	char audience[AUDIENCE_MAX + 1];
	uint32_t len;

	bytes_at(row, "nonce", want, sizeof(want));
	assert_true(qr_text_decode(QR_CHALLENGE_PREFIX, text, (uint32_t)strlen(text), bytes,
				   sizeof(bytes), &len));
	assert_true(challenge_parse((struct span){bytes, len}, audience, nonce));
	assert_string_equal(audience, text_at(row, "audience"));
	assert_memory_equal(nonce, want, sizeof(nonce));
	assert_int_equal(challenge_encode(audience, nonce, out, sizeof(out)), len);
	assert_memory_equal(out, bytes, len);
	assert_int_equal(challenge_encode(audience, nonce, out, len - 1), 0);
	for (uint32_t cut = 0; cut < len; cut++)
		assert_false(challenge_parse((struct span){bytes, cut}, audience, nonce));
	bytes[len] = 0;
	assert_false(challenge_parse((struct span){bytes, len + 1}, audience, nonce));
}

/* --- beyond the vectors ----------------------------------------------------------------------- */

/* Whatever one byte is changed to, the token is no longer good. */
static void every_byte_counts(void **state)
{
	struct vector v = vector_named(*state, "with_nonce");
	struct public_key key = key_named(*state, "phone");
	struct kid kid = kid_of(&key);

	for (uint32_t i = 0; i < v.len; i++) {
		struct token token;
		uint8_t was = v.bytes[i];

		for (uint32_t other = 0; other < 256; other++) {
			v.bytes[i] = (uint8_t)other;
			if (other == was || !token_parse((struct span){v.bytes, v.len}, &token))
				continue;
			if (memcmp(token.kid.byte, kid.byte, KID_SIZE) != 0)
				continue;
			/* the slow question, put to one in 16 of those that still parse */
			if (other % 16 == i % 16 && signature_holds(&token, &key))
				fail_msg("byte %u may be %u", i, other);
		}
		v.bytes[i] = was;
	}
}

static void every_cut_is_refused(void **state)
{
	struct vector v = vector_named(*state, "with_nonce");
	struct token token;

	for (uint32_t len = 0; len < v.len; len++) {
		/* a copy of its own size, so that ASan sees a read past it */
		uint8_t *bytes = test_malloc(len + 1);

		memcpy(bytes + 1, v.bytes, len);
		assert_false(token_parse((struct span){bytes + 1, len}, &token));
		test_free(bytes);
	}
	assert_false(token_parse((struct span){NULL, 0}, &token));
}

static struct claims plain_claims(void)
{
	struct claims c = {
		.audience = "viken/front", .iat_s = 1795258800, .exp_s = 1795258860, .cti_len = 8};

	memset(c.cti, 0xC7, 8);
	return c;
}

static bool says_the_same(const struct claims *c)
{
	uint8_t payload[TOKEN_SIZE_MAX], whole[TOKEN_SIZE_MAX], signature[64] = {1};
	struct kid kid = {{1, 2, 3, 4, 5, 6, 7, 8}};
	uint32_t len = token_payload(c, payload, sizeof(payload));
	struct token token;

	if (len == 0)
		return false;
	len = token_assemble(kid, (struct span){payload, len}, signature, whole, sizeof(whole));
	return token_parse((struct span){whole, len}, &token) &&
	       strcmp(token.claims.audience, c->audience) == 0 && token.claims.iat_s == c->iat_s &&
	       token.claims.exp_s == c->exp_s && token.claims.cti_len == c->cti_len &&
	       memcmp(token.claims.cti, c->cti, c->cti_len) == 0 &&
	       token.claims.has_nonce == c->has_nonce && token.claims.is_pass == c->is_pass &&
	       memcmp(token.kid.byte, kid.byte, KID_SIZE) == 0 &&
	       memcmp(token.signature, signature, 64) == 0;
}

static void bounds_of_claims(void **state)
{
	struct claims c = plain_claims();

	(void)state;
	assert_true(says_the_same(&c));
	for (uint32_t len = 0; len <= 20; len++) {
		c.cti_len = (uint8_t)len;
		assert_int_equal(says_the_same(&c), len >= 8 && len <= 16);
	}
	c = plain_claims();
	c.exp_s = INT64_C(1) << 53;
	assert_true(says_the_same(&c));
	c.exp_s++;
	assert_false(says_the_same(&c));
	c.exp_s = -1;
	assert_false(says_the_same(&c));
	c.exp_s = 0;
	c.iat_s = 0;
	assert_true(says_the_same(&c));
	memset(c.audience, 'a', sizeof(c.audience));
	assert_false(says_the_same(&c)); /* no NUL */
	c.audience[AUDIENCE_MAX] = '\0';
	assert_true(says_the_same(&c));
	c.has_nonce = true;
	assert_true(says_the_same(&c));
	c.is_pass = true;
	assert_false(says_the_same(&c));
	c.has_nonce = false;
	assert_true(says_the_same(&c));
}

static void too_small_a_buffer(void **state)
{
	struct claims c = plain_claims();
	uint8_t payload[64], whole[TOKEN_SIZE_MAX], signature[64] = {0};
	struct kid kid = {{0}};
	uint32_t len = token_payload(&c, payload, sizeof(payload)), all;

	(void)state;
	assert_int_equal(len, 1 + 1 + 12 + 1 + 5 + 1 + 5 + 1 + 9);
	for (uint32_t size = 0; size < len; size++)
		assert_int_equal(token_payload(&c, whole, size), 0);
	all = token_assemble(kid, (struct span){payload, len}, signature, whole, sizeof(whole));
	assert_int_equal(all, 121);
	for (uint32_t size = 0; size < all; size++)
		assert_int_equal(
			token_assemble(kid, (struct span){payload, len}, signature, whole, size),
			0);
}

/* RFC 9052 4.4, by hand */
static void what_is_signed(void **state)
{
	static const char want[] = "846a5369676e617475726531"
				   "4da201260448"
				   "0102030405060708"
				   "40"
				   "43a0a1a2";
	static const uint8_t payload[] = {0xA0, 0xA1, 0xA2};
	struct kid kid = {{1, 2, 3, 4, 5, 6, 7, 8}};
	uint8_t protected[TOKEN_PROTECTED_SIZE], out[TO_BE_SIGNED_MAX];
	char text[2 * TO_BE_SIGNED_MAX + 1];
	uint32_t len;

	(void)state;
	token_protected(kid, protected);
	len = token_to_be_signed((struct span){protected, sizeof(protected)},
				 (struct span){payload, sizeof(payload)}, out);
	hex_text(out, len, text);
	assert_string_equal(text, want);
}

static void cose_keys_refused(void **state)
{
	struct public_key key = key_named(*state, "phone"), parsed;
	uint8_t good[COSE_KEY_SIZE + 1], bytes[COSE_KEY_SIZE + 1];

	cose_key_encode(&key, good);
	good[COSE_KEY_SIZE] = 0;
	for (uint32_t len = 0; len < COSE_KEY_SIZE; len++)
		assert_int_equal(cose_key_parse((struct span){good, len}, &parsed),
				 COSE_KEY_MALFORMED);
	assert_int_equal(cose_key_parse((struct span){good, sizeof(good)}, &parsed),
			 COSE_KEY_MALFORMED);
	for (uint32_t i = 0; i < COSE_KEY_SIZE; i++) {
		bool coordinate = (i >= 8 && i < 40) || i >= 43;
		enum cose_key_parse got;

		memcpy(bytes, good, sizeof(good));
		bytes[i] ^= 0x01;
		got = cose_key_parse((struct span){bytes, COSE_KEY_SIZE}, &parsed);
		/* y's label -3 becomes the private part's -4 */
		assert_int_equal(got, coordinate ? COSE_KEY_GOOD
				      : i == 40	 ? COSE_KEY_PRIVATE
						 : COSE_KEY_MALFORMED);
	}
	/* only a private part makes a map private: {-4: h'00'}, not {-5: …}, nor text "-4" */
	assert_int_equal(
		cose_key_parse((struct span){(const uint8_t *)"\xa1\x23\x41\x00", 4}, &parsed),
		COSE_KEY_PRIVATE);
	assert_int_equal(
		cose_key_parse((struct span){(const uint8_t *)"\xa1\x24\x41\x00", 4}, &parsed),
		COSE_KEY_MALFORMED);
	assert_int_equal(
		cose_key_parse((struct span){(const uint8_t *)"\xa1\x62-4\x00", 5}, &parsed),
		COSE_KEY_MALFORMED);
}

static void audiences(void **state)
{
	static const char *const good[] = {"viken",    "viken/front",
					   "a/b",      "0/0",
					   "v-1/till", "abcdefghijklmnop/abcdefghijklmnop"};
	static const char *const bad[] = {"",
					  "/",
					  "viken/",
					  "/front",
					  "a/b/c",
					  "Viken",
					  "viken/fr ont",
					  "viken/fr\xc3\xb6",
					  "a_b",
					  "viken.",
					  "abcdefghijklmnopq",
					  "a/abcdefghijklmnopq"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(good); i++)
		assert_true(audience_valid(good[i], (uint32_t)strlen(good[i])));
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		if (audience_valid(bad[i], (uint32_t)strlen(bad[i])))
			fail_msg("%s was taken", bad[i]);
	assert_false(audience_valid("a\0b", 3));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_vector_parses_and_verifies_as_it_should),
		cmocka_unit_test(every_vector_gets_its_verdict_of_the_library),
		cmocka_unit_test(good_tokens_both_ways),
		cmocka_unit_test(keys_and_kids_agree),
		cmocka_unit_test(qr_texts_agree),
		cmocka_unit_test(challenges_agree),
		cmocka_unit_test(every_byte_counts),
		cmocka_unit_test(every_cut_is_refused),
		cmocka_unit_test(bounds_of_claims),
		cmocka_unit_test(too_small_a_buffer),
		cmocka_unit_test(what_is_signed),
		cmocka_unit_test(cose_keys_refused),
		cmocka_unit_test(audiences),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
