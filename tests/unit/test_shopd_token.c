/*
 * test_shopd_token.c: what shopd makes of a token's bytes, and of whatever a scanner says instead.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "shopd_bench.h"

static struct caller control, counter;
static struct person anna;
static int front, till;

static int set_up(void **state)
{
	(void)state;
	bench_make("clock = rtc\n");
	front = scanner_plug("front");
	till = scanner_plug("one");
	chip_start();
	bench_start();
	caller_dial(&control, ROLE_CONTROL);
	caller_dial(&counter, ROLE_COUNTER);
	member_add(&control, &anna, 0, 0);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	caller_leave(&control);
	caller_leave(&counter);
	bench_stop();
	close(front);
	close(till);
	bench_remove();
	return 0;
}

#define FRONT  0 /* readers, in the order of config_shop() */
#define TILL   2
#define LIFE_S 3600

static struct token_shown proven(const struct shoptoken_token *token, const char *pin)
{
	struct token_shown shown;

	proof_of(&shell, (struct span){token->byte, (uint32_t)token->len}, pin, &shown);
	return shown;
}

/* A pass for `sub` that starts now. */
static void pass_of(const struct shoptoken_key *office, const struct customer *sub,
		    struct shoptoken_token *ret, uint8_t ret_cti[CTI_SIZE_MAX])
{
	int64_t now_s = loop_wall().ms / 1000;

	assert_int_equal(shoptoken_issue_pass(office, "viken", sub->byte, now_s, now_s + LIFE_S,
					      ret, ret_cti),
			 0);
}

/* Waits for this line of the log, which must come after all that was asked for before. */
static void told(const char *text)
{
	until(logged_that(text));
	log_forget();
}

/* --- what is proven */

static void good(void **state)
{
	struct shoptoken_token token;
	struct token_shown shown;

	(void)state;
	token_of(&anna, "viken/front", &token);
	shown = proven(&token, NULL);
	assert_int_equal(shown.proof, PROOF_GOOD);
	assert_true(shown.member_known);
	assert_false(shown.pass);
	assert_true(customer_is(shown.member.customer, anna.customer));
	assert_string_equal(shown.claims.audience, "viken/front");
}

static void malformed(void **state)
{
	struct shoptoken_token token;
	uint8_t large[TOKEN_SIZE_MAX + 1];
	struct token_shown shown;

	(void)state;
	token_of(&anna, "viken/front", &token);
	/* every beginning of a token is none, the empty one too */
	for (size_t len = token.len; len-- > 0;) {
		struct shoptoken_token part = token;

		part.len = len;
		assert_int_equal(proven(&part, NULL).proof, PROOF_MALFORMED);
	}
	memset(large, 0, sizeof(large));
	memcpy(large, token.byte, token.len);
	proof_of(&shell, (struct span){large, sizeof(large)}, NULL, &shown);
	assert_int_equal(shown.proof, PROOF_MALFORMED);
	assert_false(shown.member_known || shown.pass);
}

static void unknown_key(void **state)
{
	struct person stranger;
	struct shoptoken_token token;
	struct token_shown shown;

	(void)state;
	assert_int_equal(shoptoken_key_make(&stranger.key), 0);
	token_of(&stranger, "viken/front", &token);
	shown = proven(&token, NULL);
	assert_int_equal(shown.proof, PROOF_UNKNOWN_KEY);
	assert_false(shown.member_known);
	/* a member's key makes no pass, an office's no member's token */
	pass_of(&anna.key, &anna.customer, &token, NULL);
	assert_int_equal(proven(&token, NULL).proof, PROOF_UNKNOWN_KEY);
	office_key(&control, &stranger.key);
	token_of(&stranger, "viken/front", &token);
	assert_int_equal(proven(&token, NULL).proof, PROOF_UNKNOWN_KEY);
}

static void bad_signature(void **state)
{
	struct shoptoken_token token, bent;
	struct token_shown shown;

	(void)state;
	token_of(&anna, "viken/front", &token);
	for (size_t i = 1; i <= 64; i++) {
		bent = token;
		bent.byte[bent.len - i] ^= 1;
		shown = proven(&bent, NULL);
		assert_int_equal(shown.proof, PROOF_BAD_SIGNATURE);
		assert_false(shown.member_known);
	}
}

/* A token that names `named` and is signed by `signer`. */
static void signed_by(const struct person *named, const struct person *signer,
		      struct shoptoken_token *ret)
{
	struct claims claims = {.audience = "viken/front", .cti_len = 8};
	uint8_t payload[200], header[TOKEN_PROTECTED_SIZE], text[TO_BE_SIGNED_MAX], signature[64];
	struct public_key key;
	struct span said = {payload, 0};

	claims.iat_s = loop_wall().ms / 1000;
	claims.exp_s = claims.iat_s + 60;
	random_bytes(claims.cti, 8);
	memcpy(key.x, named->key.public_key.x, sizeof(key.x));
	memcpy(key.y, named->key.public_key.y, sizeof(key.y));
	said.len = token_payload(&claims, payload, sizeof(payload));
	token_protected(kid_of(&key), header);
	assert_int_equal(
		es256_sign(signer->key.private_key, text,
			   token_to_be_signed((struct span){header, sizeof(header)}, said, text),
			   signature),
		0);
	ret->len = token_assemble(kid_of(&key), said, signature, ret->byte, sizeof(ret->byte));
	assert_true(ret->len > 0);
}

/* No two keys with one kid can be found; so two of the roster's rows are given the same one. */
static void shared_kid(void **state)
{
	struct person bo;
	struct shoptoken_token token;
	struct token_shown shown;
	struct key_row *row;

	(void)state;
	member_add(&control, &bo, 0, 0);
	row = shell.roster->key;
	assert_int_equal(shell.roster->keys, 2);
	signed_by(&anna, &bo, &token);
	assert_int_equal(proven(&token, NULL).proof, PROOF_BAD_SIGNATURE);
	if (memcmp(row[0].key.x, anna.key.public_key.x, 32) == 0)
		row[1].kid = row[0].kid;
	else
		row[0].kid = row[1].kid;
	shown = proven(&token, NULL);
	assert_int_equal(shown.proof, PROOF_GOOD);
	assert_true(customer_is(shown.member.customer, bo.customer));
	signed_by(&anna, &anna, &token);
	shown = proven(&token, NULL);
	assert_int_equal(shown.proof, PROOF_GOOD);
	assert_true(customer_is(shown.member.customer, anna.customer));
}

static void passes(void **state)
{
	struct shoptoken_key office;
	struct shoptoken_token pass;
	struct customer guest = {"a guest, no row"};
	uint8_t cti[CTI_SIZE_MAX];
	struct token_shown shown;

	(void)state;
	office_key(&control, &office);
	pass_of(&office, &guest, &pass, cti);
	shown = proven(&pass, NULL);
	assert_int_equal(shown.proof, PROOF_GOOD);
	assert_true(shown.pass && shown.member_known);
	assert_true(customer_is(shown.member.customer, guest));
	assert_false(shown.member.limited || shown.member.blocked || shown.pass_revoked);
	assert_int_equal(shown.pin, PIN_NOT_WANTED);
	pass.byte[pass.len - 1] ^= 1;
	assert_int_equal(proven(&pass, NULL).proof, PROOF_BAD_SIGNATURE);
	pass.byte[pass.len - 1] ^= 1;

	pass_told(&control, cti, false, "1234");
	assert_int_equal(proven(&pass, NULL).pin, PIN_MISSING);
	assert_int_equal(proven(&pass, "1235").pin, PIN_WRONG);
	assert_int_equal(proven(&pass, "").pin, PIN_WRONG);
	assert_int_equal(proven(&pass, "12345678").pin, PIN_WRONG);
	assert_int_equal(proven(&pass, "1234").pin, PIN_RIGHT);
	assert_false(proven(&pass, NULL).pass_revoked);
	pass_told(&control, cti, true, "1234");
	assert_true(proven(&pass, NULL).pass_revoked);
	/* a member with a pass keeps the member's limits */
	member_block(&control, &anna, true);
	pass_of(&office, &anna.customer, &pass, cti);
	assert_true(proven(&pass, NULL).member.blocked);
}

static enum verdict judged(enum message_type type, const struct shoptoken_token *token,
			   uint32_t *ret_role)
{
	union message m;

	token_message(type, "front", token, &m);
	caller_ask(&counter, &m, MESSAGE_VERDICT);
	*ret_role = m.verdict.role;
	return (enum verdict)m.verdict.verdict;
}

/* The office's own token: for the owner's page as a fresh one of the owner's, for nothing else. */
static void office_as_owner(void **state)
{
	static const char *const elsewhere[] = {"viken/till", "viken", "viken/owners",
						"molle/owner"};
	struct person office = {.customer = {{0}}};
	struct shoptoken_token token;
	struct token_shown shown;
	uint32_t role = ROLE_MEMBER;

	(void)state;
	office_key(&control, &office.key);
	token_of(&office, "viken/owner", &token);
	shown = proven(&token, NULL);
	assert_int_equal(shown.proof, PROOF_GOOD);
	assert_true(shown.member_known && !shown.pass);
	assert_int_equal(shown.member.role, ROLE_OWNER);
	assert_true(customer_is(shown.member.customer, office.customer));
	assert_int_equal(judged(MESSAGE_UNLOCK, &token, &role), VERDICT_WRONG_AUDIENCE);
	assert_int_equal(judged(MESSAGE_SESSION, &token, &role), VERDICT_ADMITTED);
	assert_int_equal(role, ROLE_OWNER);
	assert_int_equal(judged(MESSAGE_SESSION, &token, &role), VERDICT_REPLAYED);
	token.byte[token.len - 1] ^= 1;
	assert_int_equal(proven(&token, NULL).proof, PROOF_BAD_SIGNATURE);
	for (uint32_t i = 0; i < ARRAY_LEN(elsewhere); i++) {
		token_of(&office, elsewhere[i], &token);
		assert_int_equal(proven(&token, NULL).proof, PROOF_UNKNOWN_KEY);
	}
}

/* --- what is typed after a pass */

static void pass_with_pin(struct shoptoken_token *ret)
{
	struct shoptoken_key office;
	uint8_t cti[CTI_SIZE_MAX];

	office_key(&control, &office);
	pass_of(&office, &anna.customer, ret, cti);
	pass_told(&control, cti, false, "2468");
}

static void pin_typed(void **state)
{
	struct shoptoken_token pass;

	(void)state;
	pass_with_pin(&pass);
	scan_token(front, &pass);
	told("by scanner: pin_required");
	scan(front, "2469");
	told("by scanner: pin_wrong");
	assert_int_equal(shell.counts.admissions, 0);
	scan(front, "2468");
	told("front: admitted");
	assert_int_equal(shell.counts.admissions, 1);
	assert_int_equal(shell.port[FRONT].pass_len, 0);
	/* it is used up: the same digits are no token of their own */
	scan(front, "2468");
	told("by scanner: malformed");
}

static void pin_too_late(void **state)
{
	struct shoptoken_token pass;

	(void)state;
	pass_with_pin(&pass);
	scan_token(front, &pass);
	told("by scanner: pin_required");
	shell.port[FRONT].pass_until = loop_mono();
	scan(front, "2468");
	told("by scanner: malformed");
	assert_int_equal(shell.counts.admissions, 0);
}

/* Another code in between: the digits after it are not for the pass before it. */
static void pin_for_another(void **state)
{
	struct person stranger;
	struct shoptoken_token pass, token;

	(void)state;
	pass_with_pin(&pass);
	assert_int_equal(shoptoken_key_make(&stranger.key), 0);
	token_of(&stranger, "viken/front", &token);
	scan_token(front, &pass);
	told("by scanner: pin_required");
	scan_token(front, &token);
	told("by scanner: unknown_key");
	scan(front, "2468");
	told("by scanner: malformed");
	assert_int_equal(shell.counts.admissions, 0);
}

/* Digits at a till are goods, unless a pass there has just been asked for its PIN. */
static void pin_at_till(void **state)
{
	struct shoptoken_token pass;

	(void)state;
	scan(till, "2468");
	assert_int_equal(scanner_heard(till), 2);
	assert_int_equal(shell.counts.refusals, 0);
	pass_with_pin(&pass);
	scan_token(till, &pass);
	assert_int_equal(scanner_heard(till), 2);
	told("by scanner: pin_required");
	scan(till, "2468");
	assert_int_equal(scanner_heard(till), 1);
	assert_int_equal(shell.counts.admissions, 1);
	assert_non_null(shop_till_visit(&shell.shop, TILL));
}

/* --- what scanners send */

static void door_by_scanner(void **state)
{
	struct shoptoken_token token;

	(void)state;
	token_of(&anna, "viken/front", &token);
	scan_token(front, &token);
	told("front: admitted");
	until(chip_hand(HAND_OPEN) == SIM_OK);
	told("front: opened");
	token_of(&anna, "viken/till", &token);
	scan_token(front, &token);
	told("by scanner: wrong_audience");
}

static void half_frame(void **state)
{
	struct shoptoken_token token;
	char text[SHOPTOKEN_TEXT_SIZE];
	size_t half;

	(void)state;
	token_of(&anna, "viken/front", &token);
	assert_int_equal(shoptoken_text(&token, text, sizeof(text)), 0);
	half = strlen(text) / 2;
	/* 50 ms of silence end it */
	scan_bytes(front, text, half);
	told("by scanner: malformed");
	/* and the other half is none either */
	scan(front, text + half);
	told("by scanner: malformed");
	/* the whole of it without an end is a frame after the silence */
	scan_bytes(front, text, strlen(text));
	told("front: admitted");
}

static void hostile_frames(void **state)
{
	struct shoptoken_token token;
	char text[600];

	(void)state;
	memset(text, 'A', sizeof(text));
	scan_bytes(front, text, sizeof(text));
	scan_bytes(front, "\r", 1);
	told("by scanner: malformed");
	scan_bytes(front, "SK1:\0\0\0\0\r", 9);
	told("by scanner: malformed");
	scan_bytes(front, "\0\r", 2);
	told("by scanner: malformed");
	scan(front, "SK1:");
	told("by scanner: malformed");
	scan(front, "SK1:abc"); /* lower case is no base45 */
	told("by scanner: malformed");
	scan(front, "SK1:::"); /* past 255 */
	told("by scanner: malformed");
	memcpy(text, "SK1:", 4);
	memset(text + 4, '0', TOKEN_QR_MAX + 1 - 4);
	text[TOKEN_QR_MAX + 1] = '\0';
	scan(front, text);
	told("by scanner: malformed");
	assert_int_equal(shell.counts.refusals, 7);
	assert_int_equal(shell.counts.admissions, 0);
	token_of(&anna, "viken/front", &token);
	scan_token(front, &token);
	told("front: admitted");
}

/* Far more frames than answers can wait for a disk that does not answer: the till says no at once,
 * the door is served on. */
static void flooded_till(void **state)
{
	static char flood[12 * REPLIES_MAX];
	struct shoptoken_token token;

	(void)state;
	disk_stalls();
	for (size_t i = 0; i < sizeof(flood); i += 6)
		memcpy(flood + i, "SK1::\r", 6);
	for (size_t at = 0, n; at < sizeof(flood); at += n) {
		char bells[4096];

		n = sizeof(flood) - at < 2048 ? sizeof(flood) - at : 2048;
		scan_bytes(till, flood + at, n);
		(void)!read(till, bells, sizeof(bells));
	}
	token_of(&anna, "viken/front", &token);
	scan_token(front, &token);
	told("front: admitted");
	disk_goes_on();
	until(shell.ticket == shell.committed);
	until(replies_room(&shell));
}

static void unplugged(void **state)
{
	struct shoptoken_token token;

	(void)state;
	scan_bytes(front, "SK1:HALF A CODE", 15);
	close(front);
	told("front: the scanner is gone");
	token_of(&anna, "viken/till", &token);
	scan_token(till, &token); /* the others go on */
	assert_int_equal(scanner_heard(till), 1);
	front = scanner_plug("front");
	told("front: the scanner is there");
	token_of(&anna, "viken/front", &token);
	scan_token(front, &token);
	told("front: admitted");
}

/* No secret is ever logged: not a token, not a PIN, not a bearer. */
static void secrets_stay(void **state)
{
	struct shoptoken_token pass, token;
	char text[SHOPTOKEN_TEXT_SIZE], hex[65];
	struct phone phone;

	(void)state;
	pass_with_pin(&pass);
	scan_token(front, &pass);
	until(logged_that("by scanner: pin_required"));
	scan(front, "2468");
	until(logged_that("front: admitted"));
	token_of(&anna, "viken/front", &token);
	scan_token(front, &token);
	until(shell.counts.admissions == 2);
	phone_enters(&phone, &counter, &anna);
	assert_int_equal(shoptoken_text(&token, text, sizeof(text)), 0);
	text[40] = '\0';
	assert_false(logged_that(text + 10));
	assert_false(logged_that("2468"));
	hex_text(phone.bearer, 32, hex);
	hex[16] = '\0';
	assert_false(logged_that(hex));
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		T(good),	   T(malformed),       T(unknown_key),
		T(bad_signature),  T(shared_kid),      T(passes),
		T(pin_typed),	   T(pin_too_late),    T(pin_for_another),
		T(pin_at_till),	   T(door_by_scanner), T(half_frame),
		T(hostile_frames), T(flooded_till),    T(unplugged),
		T(secrets_stay),   T(office_as_owner),
	};

	return cmocka_run_group_tests_name("shopd_token", tests, NULL, NULL);
}
