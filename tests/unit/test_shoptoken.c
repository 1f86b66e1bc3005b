/* test_shoptoken.c: the public library as an app would use it, with nothing but its header. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>

#include "shoptoken.h"

#define NOW INT64_C(1795258800)

static struct shoptoken_key made_key(void)
{
	struct shoptoken_key key;

	assert_int_equal(shoptoken_key_make(&key), 0);
	return key;
}

static const struct shoptoken_expected at_front = {.audience = "viken/front", .now_s = NOW};

static enum shoptoken_verdict check(const struct shoptoken_token *token,
				    const struct shoptoken_key *key,
				    struct shoptoken_expected expected)
{
	return shoptoken_check(token->byte, token->len, &key->public_key, &expected, NULL);
}

static void a_token_from_key_to_door(void **state)
{
	struct shoptoken_key key = made_key();
	struct shoptoken_token token, read;
	struct shoptoken_claims claims;
	char text[SHOPTOKEN_TEXT_SIZE];

	(void)state;
	assert_int_equal(shoptoken_issue(&key, "viken/front", NOW, 60, NULL, &token), 0);
	assert_int_equal(shoptoken_text(&token, text, sizeof(text)), 0);
	/* "186, version 6-L, for aud viken/front, cti of 8, no nonce" (contracts 1) */
	assert_int_equal(strlen(text), 186);
	assert_int_equal(shoptoken_text_parse(text, strlen(text), &read), 0);
	assert_int_equal(read.len, token.len);
	assert_int_equal(shoptoken_check(read.byte, read.len, &key.public_key, &at_front, &claims),
			 SHOPTOKEN_GOOD);
	assert_string_equal(claims.audience, "viken/front");
	assert_true(claims.iat_s == NOW && claims.exp_s == NOW + 60);
	assert_int_equal(claims.cti_len, 8);
	assert_false(claims.has_nonce || claims.is_pass);
}

static void two_tokens_differ(void **state)
{
	struct shoptoken_key key = made_key();
	struct shoptoken_claims first, second;
	struct shoptoken_token token;
	struct shoptoken_kid kid, want;

	(void)state;
	assert_int_equal(shoptoken_issue(&key, "viken/till", NOW, 1, NULL, &token), 0);
	assert_int_equal(shoptoken_parse(token.byte, token.len, &kid, &first), SHOPTOKEN_GOOD);
	shoptoken_kid(&key.public_key, &want);
	assert_memory_equal(&kid, &want, sizeof(kid));
	assert_int_equal(shoptoken_issue(&key, "viken/till", NOW, 1, NULL, &token), 0);
	assert_int_equal(shoptoken_parse(token.byte, token.len, NULL, &second), SHOPTOKEN_GOOD);
	assert_memory_not_equal(first.cti, second.cti, 8);
	assert_int_equal(shoptoken_parse(token.byte, token.len, NULL, NULL), SHOPTOKEN_GOOD);
	assert_int_equal(shoptoken_parse(token.byte, token.len - 1, NULL, NULL),
			 SHOPTOKEN_MALFORMED);
	assert_int_equal(shoptoken_parse(token.byte, SIZE_MAX, NULL, NULL), SHOPTOKEN_MALFORMED);
	assert_int_equal(shoptoken_parse(NULL, 0, NULL, NULL), SHOPTOKEN_MALFORMED);
}

static void what_cannot_be_issued(void **state)
{
	struct shoptoken_key key = made_key(), none = {0};
	struct shoptoken_token token = {.len = 7};
	const char *const audiences[] = {"",
					 "Viken/front",
					 "viken/",
					 "/front",
					 "viken/front/x",
					 "a23456789012345678/front",
					 "viken/a2345678901234567",
					 "a234567890123456/a2345678901234567890"};

	(void)state;
	for (size_t i = 0; i < sizeof(audiences) / sizeof(audiences[0]); i++)
		assert_int_equal(shoptoken_issue(&key, audiences[i], NOW, 60, NULL, &token),
				 -EINVAL);
	assert_int_equal(shoptoken_issue(&key, "viken/front", NOW, 0, NULL, &token), -EINVAL);
	assert_int_equal(shoptoken_issue(&key, "viken/front", NOW, 121, NULL, &token), -EINVAL);
	assert_int_equal(shoptoken_issue(&key, "viken/front", -1, 60, NULL, &token), -EINVAL);
	assert_int_equal(shoptoken_issue(&key, "viken/front", INT64_MAX, 60, NULL, &token),
			 -EINVAL);
	assert_int_equal(shoptoken_issue(&none, "viken/front", NOW, 60, NULL, &token), -EINVAL);
	assert_int_equal(token.len, 7); /* untouched */
}

static void times_at_their_edges(void **state)
{
	struct shoptoken_key key = made_key();
	struct shoptoken_expected e = at_front;
	struct shoptoken_token token;

	(void)state;
	assert_int_equal(shoptoken_issue(&key, "viken/front", NOW, 120, NULL, &token), 0);
	e.now_s = NOW - 11;
	assert_int_equal(check(&token, &key, e), SHOPTOKEN_NOT_YET_VALID);
	e.now_s = NOW - 10;
	assert_int_equal(check(&token, &key, e), SHOPTOKEN_GOOD);
	e.now_s = NOW + 119;
	assert_int_equal(check(&token, &key, e), SHOPTOKEN_GOOD);
	e.now_s = NOW + 120;
	assert_int_equal(check(&token, &key, e), SHOPTOKEN_EXPIRED);
	e.now_s = INT64_MAX;
	assert_int_equal(check(&token, &key, e), SHOPTOKEN_EXPIRED);
	e.now_s = INT64_MIN;
	assert_int_equal(check(&token, &key, e), SHOPTOKEN_NOT_YET_VALID);
}

/* The first verdict that applies, in the shop's order: worse faults hide behind better ones. */
static void the_first_verdict_wins(void **state)
{
	struct shoptoken_key key = made_key(), other = made_key();
	struct shoptoken_claims c = {.audience = "viken/back", .exp_s = NOW - 1, .cti_len = 8};
	struct shoptoken_token token;

	(void)state;
	assert_int_equal(shoptoken_sign(&key, &c, &token), 0); /* iat 0: far too long, expired */
	assert_int_equal(check(&token, &other, at_front), SHOPTOKEN_UNKNOWN_KEY);
	assert_int_equal(check(&token, &key, at_front), SHOPTOKEN_WRONG_AUDIENCE);
	token.byte[token.len - 1] ^= 1;
	assert_int_equal(check(&token, &key, at_front), SHOPTOKEN_BAD_SIGNATURE);
	memcpy(c.audience, "viken/front", 12);
	assert_int_equal(shoptoken_sign(&key, &c, &token), 0);
	assert_int_equal(check(&token, &key, at_front), SHOPTOKEN_TOO_LONG_LIVED);
	c.iat_s = NOW - 60;
	c.has_nonce = 1;
	assert_int_equal(shoptoken_sign(&key, &c, &token), 0);
	assert_int_equal(check(&token, &key, at_front), SHOPTOKEN_NONCE_UNKNOWN);
	c.has_nonce = 0;
	assert_int_equal(shoptoken_sign(&key, &c, &token), 0);
	assert_int_equal(check(&token, &key, at_front), SHOPTOKEN_EXPIRED);
}

static void a_challenge_answered(void **state)
{
	struct shoptoken_challenge shown = {.audience = "viken/front", .nonce = {1, 2, 3}}, read;
	struct shoptoken_key key = made_key();
	struct shoptoken_expected e = at_front;
	struct shoptoken_token token;
	char text[SHOPTOKEN_TEXT_SIZE];

	(void)state;
	assert_int_equal(shoptoken_challenge_text(&shown, text, sizeof(text)), 0);
	assert_memory_equal(text, "SKN1:", 5);
	assert_int_equal(shoptoken_challenge_parse(text, strlen(text), &read), 0);
	assert_string_equal(read.audience, shown.audience);
	assert_memory_equal(read.nonce, shown.nonce, sizeof(read.nonce));
	/* the phone believes that it is 1970 */
	assert_int_equal(shoptoken_issue(&key, read.audience, 0, 60, read.nonce, &token), 0);
	assert_int_equal(check(&token, &key, e), SHOPTOKEN_NONCE_UNKNOWN);
	e.nonce = shown.nonce;
	assert_int_equal(check(&token, &key, e), SHOPTOKEN_GOOD);

	assert_int_equal(shoptoken_challenge_parse(text, strlen(text) - 1, &read), -EINVAL);
	assert_int_equal(shoptoken_challenge_parse(text, 5, &read), -EINVAL);
	assert_int_equal(shoptoken_challenge_parse("SK1:BB8", 7, &read), -EINVAL);
	assert_int_equal(shoptoken_challenge_text(&shown, text, 10), -EMSGSIZE);
	shown.audience[0] = 'V';
	assert_int_equal(shoptoken_challenge_text(&shown, text, sizeof(text)), -EINVAL);
	memset(shown.audience, 'v', sizeof(shown.audience));
	assert_int_equal(shoptoken_challenge_text(&shown, text, sizeof(text)), -EINVAL);
}

static void passes(void **state)
{
	struct shoptoken_key office = made_key();
	struct shoptoken_expected e = at_front;
	const uint8_t sub[16] = {0xAB, 0xCD};
	uint8_t cti[SHOPTOKEN_CTI_MAX];
	struct shoptoken_claims claims;
	struct shoptoken_token token;

	(void)state;
	e.office = 1;
	assert_int_equal(
		shoptoken_issue_pass(&office, "viken", sub, NOW, NOW + 31536000, &token, cti), 0);
	assert_int_equal(shoptoken_check(token.byte, token.len, &office.public_key, &e, &claims),
			 SHOPTOKEN_GOOD);
	assert_true(claims.is_pass);
	assert_memory_equal(claims.sub, sub, sizeof(sub));
	assert_memory_equal(claims.cti, cti, sizeof(cti));
	assert_int_equal(claims.cti_len, sizeof(cti));
	e.audience = "viken/till";
	assert_int_equal(check(&token, &office, e), SHOPTOKEN_GOOD);
	e.audience = "vik/till";
	assert_int_equal(check(&token, &office, e), SHOPTOKEN_WRONG_AUDIENCE);
	e.audience = "vikens/till";
	assert_int_equal(check(&token, &office, e), SHOPTOKEN_WRONG_AUDIENCE);
	e.audience = "viken/till";
	e.now_s = NOW - 1;
	assert_int_equal(check(&token, &office, e), SHOPTOKEN_NOT_YET_VALID);
	e.now_s = NOW + 31536000;
	assert_int_equal(check(&token, &office, e), SHOPTOKEN_EXPIRED);
	e.office = 0; /* a member cannot sign one */
	assert_int_equal(check(&token, &office, e), SHOPTOKEN_UNKNOWN_KEY);
	assert_int_equal(shoptoken_issue_pass(&office, "viken/front", sub, 0, 1, &token, NULL),
			 -EINVAL);
	assert_int_equal(shoptoken_issue_pass(&office, "viken", sub, 1, 1, &token, NULL), -EINVAL);
	assert_int_equal(shoptoken_issue_pass(&office, "viken", sub, 0, 1, &token, NULL), 0);
	assert_int_equal(shoptoken_issue(&office, "viken/till", NOW, 60, NULL, &token), 0);
	e.office = 1; /* nor an office's key open as a member's */
	assert_int_equal(check(&token, &office, e), SHOPTOKEN_UNKNOWN_KEY);
}

static void keys_as_bytes(void **state)
{
	struct shoptoken_key key = made_key(), again;
	struct shoptoken_public_key public;
	uint8_t shared[SHOPTOKEN_COSE_KEY_SIZE + 1], secret[SHOPTOKEN_COSE_SECRET_SIZE];

	(void)state;
	shoptoken_cose_key(&key.public_key, shared);
	assert_int_equal(shoptoken_cose_key_parse(shared, SHOPTOKEN_COSE_KEY_SIZE, &public), 0);
	assert_memory_equal(&public, &key.public_key, sizeof(public));
	assert_int_equal(shoptoken_cose_key_parse(shared, sizeof(shared), &public), -EINVAL);
	assert_int_equal(shoptoken_cose_key_parse(shared, 0, &public), -EINVAL);
	assert_int_equal(shoptoken_cose_key_parse(shared, SIZE_MAX, &public), -EINVAL);
	shared[50] ^= 1; /* no point of the curve */
	assert_int_equal(shoptoken_cose_key_parse(shared, SHOPTOKEN_COSE_KEY_SIZE, &public),
			 -EINVAL);

	shoptoken_cose_secret(&key, secret);
	assert_int_equal(shoptoken_cose_key_parse(secret, sizeof(secret), &public), -EPERM);
	assert_int_equal(shoptoken_cose_secret_parse(secret, sizeof(secret), &again), 0);
	assert_memory_equal(&again, &key, sizeof(key));
	for (size_t i = 0; i < sizeof(secret); i++) {
		secret[i] ^= 1; /* all of it is held together: d belongs to x, y */
		assert_int_equal(shoptoken_cose_secret_parse(secret, sizeof(secret), &again),
				 -EINVAL);
		secret[i] ^= 1;
	}
	assert_int_equal(shoptoken_cose_secret_parse(secret, sizeof(secret) - 1, &again), -EINVAL);
	assert_int_equal(shoptoken_key_from_private(key.private_key, &again), 0);
	assert_memory_equal(&again, &key, sizeof(key));
	assert_int_equal(shoptoken_key_from_private((uint8_t[32]){0}, &again), -EINVAL);
}

static void texts_refused(void **state)
{
	struct shoptoken_token token = {.len = 0};
	char text[SHOPTOKEN_TEXT_SIZE + 8];

	(void)state;
	assert_int_equal(shoptoken_text(&token, text, sizeof(text)), -EINVAL);
	token.len = SHOPTOKEN_TOKEN_MAX + 1;
	assert_int_equal(shoptoken_text(&token, text, sizeof(text)), -EINVAL);
	token.len = SHOPTOKEN_TOKEN_MAX; /* 772 characters */
	assert_int_equal(shoptoken_text(&token, text, sizeof(text)), -EMSGSIZE);
	token.len = 264; /* 396 and the prefix: the longest */
	memset(token.byte, 0, sizeof(token.byte));
	assert_int_equal(shoptoken_text(&token, text, SHOPTOKEN_TEXT_SIZE), 0);
	assert_int_equal(strlen(text), 400);
	assert_int_equal(shoptoken_text(&token, text, 400), -EMSGSIZE);
	assert_int_equal(shoptoken_text(&token, text, 0), -EMSGSIZE);
	token.len = 265;
	assert_int_equal(shoptoken_text(&token, text, sizeof(text)), -EMSGSIZE);
	assert_int_equal(shoptoken_text_parse(text, 400, &token), 0);
	assert_int_equal(token.len, 264);
	assert_int_equal(shoptoken_text_parse(text, 401, &token), -EINVAL);
	assert_int_equal(shoptoken_text_parse(text, SIZE_MAX, &token), -EINVAL);
	assert_int_equal(shoptoken_text_parse("7310865004703", 13, &token), -EINVAL);
	assert_int_equal(shoptoken_text_parse("", 0, &token), -EINVAL);
}

static void every_verdict_has_its_word(void **state)
{
	(void)state;
	assert_string_equal(shoptoken_verdict_word(SHOPTOKEN_GOOD), "good");
	assert_string_equal(shoptoken_verdict_word(SHOPTOKEN_TOO_LONG_LIVED), "too_long_lived");
	assert_string_equal(shoptoken_verdict_word((enum shoptoken_verdict)7), "unknown");
	assert_string_equal(shoptoken_verdict_word((enum shoptoken_verdict) - 1), "unknown");
}

/* --- pictures --------------------------------------------------------------------------------- */

/* A finder's 7 x 7: dark ring, light ring, dark 3 x 3 */
static void assert_finder(const struct shoptoken_qr *qr, unsigned x0, unsigned y0)
{
	for (unsigned y = 0; y < 7; y++) {
		for (unsigned x = 0; x < 7; x++) {
			bool ring = x == 0 || x == 6 || y == 0 || y == 6;
			bool core = x >= 2 && x <= 4 && y >= 2 && y <= 4;

			assert_int_equal(qr->module[(y0 + y) * qr->side + x0 + x], ring || core);
		}
	}
}

static void a_token_is_version_6_l(void **state)
{
	struct shoptoken_key key = made_key();
	struct shoptoken_token token;
	struct shoptoken_qr qr;
	char text[SHOPTOKEN_TEXT_SIZE];

	(void)state;
	assert_int_equal(shoptoken_issue(&key, "viken/front", NOW, 60, NULL, &token), 0);
	assert_int_equal(shoptoken_text(&token, text, sizeof(text)), 0);
	assert_int_equal(shoptoken_qr(text, SHOPTOKEN_QR_L, &qr), 0);
	assert_int_equal(qr.version, 6);
	assert_int_equal(qr.side, 41);
	assert_finder(&qr, 0, 0);
	assert_finder(&qr, 34, 0);
	assert_finder(&qr, 0, 34);
}

static void levels_and_sizes(void **state)
{
	static struct shoptoken_qr qr;
	char text[1300];

	(void)state;
	memset(text, 'A', sizeof(text));
	text[1249] = '\0'; /* what 20-L holds of alphanumerics */
	assert_int_equal(shoptoken_qr(text, SHOPTOKEN_QR_L, &qr), 0);
	assert_int_equal(qr.version, 20);
	assert_int_equal(qr.side, SHOPTOKEN_QR_SIDE_MAX);
	assert_int_equal(shoptoken_qr(text, SHOPTOKEN_QR_M, &qr), -EMSGSIZE);
	text[1249] = 'A';
	text[1250] = '\0';
	assert_int_equal(shoptoken_qr(text, SHOPTOKEN_QR_L, &qr), -EMSGSIZE);
	assert_int_equal(shoptoken_qr("", SHOPTOKEN_QR_L, &qr), -EINVAL);
	assert_int_equal(shoptoken_qr("a", (enum shoptoken_qr_level)4, &qr), -EINVAL);
	assert_int_equal(shoptoken_qr("a", SHOPTOKEN_QR_H, &qr), 0);
	assert_int_equal(qr.version, 1);
}

/* The next module of a PBM picture, breaks skipped. */
static int next_pixel(const char **at)
{
	while (**at == '\n')
		(*at)++;
	assert_true(**at == '0' || **at == '1');
	return *(*at)++ - '0';
}

static int module_at(const struct shoptoken_qr *qr, int x, int y)
{
	x -= SHOPTOKEN_QR_QUIET;
	y -= SHOPTOKEN_QR_QUIET;
	return x >= 0 && y >= 0 && x < qr->side && y < qr->side ? qr->module[y * qr->side + x] : 0;
}

static void a_pbm_picture(void **state)
{
	struct shoptoken_qr qr;

	(void)state;
	assert_int_equal(shoptoken_qr("SK1:HELLO", SHOPTOKEN_QR_M, &qr), 0);
	for (unsigned scale = 1; scale <= 16; scale++) {
		size_t size = SHOPTOKEN_PBM_SIZE(qr.side, scale), len = 0;
		int side = (qr.side + 8) * (int)scale, width = 0, height = 0, skipped = 0;
		char *text = test_malloc(size);
		const char *at = text;

		assert_int_equal(shoptoken_qr_pbm(&qr, scale, text, size, &len), 0);
		assert_int_equal(strlen(text), len);
		assert_int_equal(sscanf(text, "P1\n%d %d\n%n", &width, &height, &skipped), 2);
		assert_true(width == side && height == side);
		at += skipped;
		for (int y = 0; y < side; y++)
			for (int x = 0; x < side; x++)
				assert_int_equal(next_pixel(&at),
						 module_at(&qr, x / (int)scale, y / (int)scale));
		assert_string_equal(at, "\n");
		assert_int_equal(shoptoken_qr_pbm(&qr, scale, text, len + 1, NULL), 0);
		assert_int_equal(shoptoken_qr_pbm(&qr, scale, text, len, NULL), -EMSGSIZE);
		test_free(text);
	}
	assert_int_equal(shoptoken_qr_pbm(&qr, 0, NULL, 0, NULL), -EINVAL);
	assert_int_equal(shoptoken_qr_pbm(&qr, 17, NULL, 0, NULL), -EINVAL);
	qr.side = 255;
	assert_int_equal(shoptoken_qr_pbm(&qr, 1, NULL, 0, NULL), -EINVAL);
	assert_int_equal(shoptoken_qr_terminal(&qr, 1, NULL, 0, NULL), -EINVAL);
}

/* One character of the terminal's picture -> its two halves, inked or not. */
static int next_halves(const char **at)
{
	static const char *const block[] = {" ", "\xe2\x96\x80", "\xe2\x96\x84", "\xe2\x96\x88"};

	for (int i = 0; i < 4; i++) {
		if (strncmp(*at, block[i], strlen(block[i])) == 0) {
			*at += strlen(block[i]);
			return i;
		}
	}
	fail_msg("no block: %s", *at);
	return 0;
}

static void a_terminal_picture(void **state)
{
	struct shoptoken_qr qr;

	(void)state;
	assert_int_equal(shoptoken_qr("SK1:HELLO", SHOPTOKEN_QR_L, &qr), 0);
	for (int light = 0; light <= 1; light++) {
		char text[SHOPTOKEN_TERMINAL_SIZE(SHOPTOKEN_QR_SIDE_MAX)];
		const char *at = text;
		size_t len = 0, size = SHOPTOKEN_TERMINAL_SIZE(qr.side);
		int side = qr.side + 8;

		assert_int_equal(shoptoken_qr_terminal(&qr, light, text, size, &len), 0);
		assert_int_equal(strlen(text), len);
		for (int y = 0; y < side; y += 2) {
			for (int x = 0; x < side; x++) {
				int halves = next_halves(&at);

				assert_int_equal(halves & 1, module_at(&qr, x, y) != light);
				if (y + 1 < side)
					assert_int_equal(halves >> 1,
							 module_at(&qr, x, y + 1) != light);
			}
			assert_int_equal(*at++, '\n');
		}
		assert_int_equal(*at, '\0');
		assert_int_equal(shoptoken_qr_terminal(&qr, light, text, len, NULL), -EMSGSIZE);
		assert_int_equal(shoptoken_qr_terminal(&qr, light, text, len + 1, NULL), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_token_from_key_to_door),
		cmocka_unit_test(two_tokens_differ),
		cmocka_unit_test(what_cannot_be_issued),
		cmocka_unit_test(times_at_their_edges),
		cmocka_unit_test(the_first_verdict_wins),
		cmocka_unit_test(a_challenge_answered),
		cmocka_unit_test(passes),
		cmocka_unit_test(keys_as_bytes),
		cmocka_unit_test(texts_refused),
		cmocka_unit_test(every_verdict_has_its_word),
		cmocka_unit_test(a_token_is_version_6_l),
		cmocka_unit_test(levels_and_sizes),
		cmocka_unit_test(a_pbm_picture),
		cmocka_unit_test(a_terminal_picture),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
