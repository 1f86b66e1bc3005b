/* test_nfc_apdu.c: what is said to a phone and to a card, byte for byte as include/nfc.md has it,
 * and what is made of whatever they answer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/words.h"
#include "device/nfc_apdu.h"

static const uint8_t nonce[NONCE_SIZE] = {0xa0, 0xa1, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7,
					  0xa8, 0xa9, 0xaa, 0xab, 0xac, 0xad, 0xae, 0xaf};
static struct nfc_talk talk;

static int fresh(void **state)
{
	(void)state;
	memset(&talk, 0, sizeof(talk));
	return 0;
}

static void says(const uint8_t *bytes, uint32_t len)
{
	uint8_t challenge[NFC_CHALLENGE_MAX], out[NFC_COMMAND_MAX];
	uint32_t n = nfc_challenge_bytes("viken/front", nonce, challenge);

	assert_int_equal(nfc_say(&talk, (struct span){challenge, n}, out), len);
	assert_memory_equal(out, bytes, len);
}

static void hears(const char *bytes, uint32_t len)
{
	nfc_hear(&talk, (struct span){(const uint8_t *)bytes, len});
}

#define SAYS(...)                                                                                  \
	says((const uint8_t[]){__VA_ARGS__}, (uint32_t)sizeof((const uint8_t[]){__VA_ARGS__}))
#define HEARS(text) hears(text, sizeof(text) - 1)

#define SAYS_APP  SAYS(0x00, 0xa4, 4, 0, 9, 0xf0, 'S', 'H', 'O', 'P', 'K', 'E', 'E', 'P', 0)
#define SAYS_NDEF SAYS(0x00, 0xa4, 4, 0, 7, 0xd2, 0x76, 0, 0, 0x85, 1, 1, 0)
#define SAYS_FILE SAYS(0x00, 0xa4, 0, 0x0c, 2, 0xe1, 0x04)
#define SAYS_CHALLENGE                                                                             \
	SAYS(0x80, 0xc0, 0, 0, 30, 0x82, 0x6b, 'v', 'i', 'k', 'e', 'n', '/', 'f', 'r', 'o', 'n',   \
	     't', 0x50, 0xa0, 0xa1, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7, 0xa8, 0xa9, 0xaa, 0xab,    \
	     0xac, 0xad, 0xae, 0xaf, 0)

static void over(enum nfc_shown shown, uint16_t status)
{
	uint8_t out[NFC_COMMAND_MAX];

	assert_int_equal(nfc_say(&talk, (struct span){nonce, 0}, out), 0);
	assert_int_equal(talk.shown, shown);
	assert_int_equal(talk.status, status);
}

static void phone_shows_a_token(void **state)
{
	(void)state;
	SAYS_APP;
	HEARS("\x01\x90\x00");
	SAYS_CHALLENGE;
	HEARS("token\x90\x00");
	over(NFC_SHOWN_TOKEN, 0x9000);
	assert_int_equal(talk.len, 5);
	assert_memory_equal(talk.bytes, "token", 5);
}

static void longer_greeting_is_the_same_version(void **state)
{
	(void)state;
	HEARS("\x01whatever comes later\x90\x00");
	SAYS_CHALLENGE;
}

static void card_shows_its_file(void **state)
{
	(void)state;
	HEARS("\x6a\x82");
	SAYS_NDEF;
	HEARS("\x90\x00");
	SAYS_FILE;
	HEARS("\x90\x00");
	SAYS(0x00, 0xb0, 0, 0, 0);
	HEARS("\x00\x03"
	      "abc\x90\x00");
	over(NFC_SHOWN_CARD, 0x9000);
	assert_int_equal(talk.len, 5);
	assert_memory_equal(talk.bytes,
			    "\x00\x03"
			    "abc",
			    5);
}

static void card_names_the_length_once(void **state)
{
	(void)state;
	HEARS("\x6a\x82");
	HEARS("\x90\x00");
	HEARS("\x90\x00");
	HEARS("\x6c\x80");
	SAYS(0x00, 0xb0, 0, 0, 0x80);
	HEARS("x\x62\x82");
	over(NFC_SHOWN_CARD, 0x6282);
	fresh(NULL);
	HEARS("\x6a\x82");
	HEARS("\x90\x00");
	HEARS("\x90\x00");
	HEARS("\x6c\x80");
	HEARS("\x6c\x80");
	over(NFC_SHOWN_STRANGE, 0x6c80);
}

static void yes_without_a_version_is_no_phone(void **state)
{
	static const char *const answers[] = {"\x90", "\x02\x90", "\x02\x01\x90"};

	(void)state;
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		fresh(NULL);
		hears(answers[i], (uint32_t)strlen(answers[i]) + 1); /* 90 00 */
		SAYS_NDEF;
	}
}

static void phone_without_a_token_is_put_aside(void **state)
{
	static const char *const answers[] = {"\x69\x82", "\x69\x85", "\x6a\x88"};

	(void)state;
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		fresh(NULL);
		HEARS("\x01\x90\x00");
		hears(answers[i], 2);
		assert_int_equal(talk.shown, NFC_SHOWN_ASIDE);
		assert_int_equal(talk.len, 0);
	}
	fresh(NULL);
	HEARS("\x01\x90\x00");
	HEARS("\x90\x00"); /* yes, and nothing */
	over(NFC_SHOWN_STRANGE, 0x9000);
}

static void strangers(void **state)
{
	static const char zeros[300];
	static const struct {
		uint32_t len;
		uint16_t status;
	} lengths[] = {{0, 0}, {1, 0}, {259, 0}, {300, 0}};

	(void)state;
	for (uint32_t heard = 0; heard < 2; heard++)
		for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
			fresh(NULL);
			if (heard)
				HEARS("\x01\x90\x00");
			hears(zeros, lengths[i].len);
			over(NFC_SHOWN_STRANGE, lengths[i].status);
		}
	fresh(NULL);
	HEARS("\x6a\x82");
	HEARS("\x6a\x82"); /* a bank's card */
	over(NFC_SHOWN_STRANGE, 0x6a82);
	fresh(NULL);
	HEARS("\x6a\x82");
	HEARS("\x90\x00");
	HEARS("\x6a\x82"); /* no file */
	over(NFC_SHOWN_STRANGE, 0x6a82);
	fresh(NULL);
	HEARS("\x6a\x82");
	HEARS("\x90\x00");
	HEARS("\x90\x00");
	HEARS("\x90\x00"); /* an empty one */
	over(NFC_SHOWN_STRANGE, 0x9000);
}

static void answers_are_full_at_256(void **state)
{
	char answer[NFC_ANSWER_MAX];

	(void)state;
	memset(answer, 0x55, sizeof(answer));
	memcpy(answer + 256, "\x90\x00", 2);
	HEARS("\x01\x90\x00");
	hears(answer, sizeof(answer));
	over(NFC_SHOWN_TOKEN, 0x9000);
	assert_int_equal(talk.len, 256);
	assert_memory_equal(talk.bytes, answer, 256);
}

/* What is said after the end changes nothing. */
static void over_is_over(void **state)
{
	(void)state;
	HEARS("\x01\x90\x00");
	HEARS("token\x90\x00");
	HEARS("other\x90\x00");
	assert_int_equal(talk.shown, NFC_SHOWN_TOKEN);
	assert_memory_equal(talk.bytes, "token", 5);
}

static void verdicts(void **state)
{
	static const uint8_t yes[] = {0x80, 0xc2, 0,   0,   13,	 0x82, 0x68, 'a',  'd', 'm',
				      'i',  't',  't', 'e', 'd', 0x19, 0x13, 0x88, 0};
	static const uint8_t no[] = {0x80, 0xc2, 0,   0,   10,	0x82, 0x67, 'e',
				     'x',  'p',	 'i', 'r', 'e', 'd',  0x00, 0};
	uint8_t out[NFC_COMMAND_MAX];

	(void)state;
	assert_int_equal(nfc_verdict_say("admitted", 5000, out), sizeof(yes));
	assert_memory_equal(out, yes, sizeof(yes));
	assert_int_equal(nfc_verdict_say("expired", 0, out), sizeof(no));
	assert_memory_equal(out, no, sizeof(no));
	for (enum verdict v = VERDICT_ADMITTED; v < VERDICTS; v++)
		assert_true(nfc_verdict_say(verdict_word(v), UINT32_MAX, out) > 0);
}

static void challenges(void **state)
{
	uint8_t out[NFC_CHALLENGE_MAX];

	(void)state;
	assert_int_equal(nfc_challenge_bytes("viken/till", NULL, out), 12);
	assert_memory_equal(out, "\x81\x6aviken/till", 12);
	assert_int_equal(nfc_challenge_bytes("abcdefghijklmnop/abcdefghijklmnop", nonce, out), 53);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(phone_shows_a_token, fresh),
		cmocka_unit_test_setup(longer_greeting_is_the_same_version, fresh),
		cmocka_unit_test_setup(card_shows_its_file, fresh),
		cmocka_unit_test_setup(card_names_the_length_once, fresh),
		cmocka_unit_test_setup(yes_without_a_version_is_no_phone, fresh),
		cmocka_unit_test_setup(phone_without_a_token_is_put_aside, fresh),
		cmocka_unit_test_setup(strangers, fresh),
		cmocka_unit_test_setup(answers_are_full_at_256, fresh),
		cmocka_unit_test_setup(over_is_over, fresh),
		cmocka_unit_test(verdicts),
		cmocka_unit_test(challenges),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
