/*
 * test_shopctl_words.c: the command line without a shop: help, options, exit codes, what reaches a
 * terminal, an entry's JSON, keys and tokens of a test phone.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "shopctl/args.h"
#include "shopctl/log_entry.h"
#include "shopctl/text.h"
#include "shoptoken.h"
#include "shopctl_run.h"

static void fits_a_screen(const char *text)
{
	int lines = 0, width = 0;

	for (const char *c = text; *c; c++) {
		width += ((uint8_t)*c & 0xc0) != 0x80;
		if (*c != '\n')
			continue;
		if (width - 1 > 80)
			fail_msg("%d columns in: %s", width - 1, text);
		lines++;
		width = 0;
	}
	if (lines > 23) /* and the prompt below it */
		fail_msg("%d lines: %s", lines, text);
}

static void help_fits_a_screen(void **state)
{
	(void)state;
	assert_int_equal(run("help", NULL), 0);
	fits_a_screen(out);
	for (uint32_t i = 0; i < ARRAY_LEN(commands); i++)
		assert_non_null(strstr(out, commands[i].name));
	assert_int_equal(run("--help", NULL), 0);
	for (uint32_t i = 0; i < ARRAY_LEN(commands); i++) {
		assert_int_equal(run("help", commands[i].name, NULL), 0);
		fits_a_screen(out);
		assert_int_equal(run(commands[i].name, "--help", NULL), 0);
		assert_non_null(strstr(out, "shopctl "));
	}
}

static const char *const no_usage[][6] = {
	{"nonsense"},
	{"help", "nonsense"},
	{"help", "door", "sim"},
	{"--nonsense"},
	{"status", "extra"},
	{"status", "--nonsense"},
	{"door", "nonsense"},
	{"door", "lock", "front", "back"},
	{"door", "lock", "Front!"},
	{"door", "lock", "a-name-that-is-too-long"},
	{"door", "prop"},
	{"door", "prop", "0"},
	{"door", "prop", "721"},
	{"door", "prop", "1.5"},
	{"door", "prop", "-5"},
	{"sim"},
	{"sim", "nonsense"},
	{"sim", "open", "Front!"},
	{"member"},
	{"member", "add"},
	{"member", "add", "--key"},
	{"member", "add", "--key", "xyz"},
	{"member", "add", "--key", "a4", "--key", "a4"},
	{"member", "block"},
	{"member", "block", "abc"},
	{"pass", "revoke", "00"},
	{"pass", "revoke", "zz00112233445566"},
	{"pass", "pin", "0011223344556677", "123"},
	{"pass", "pin", "0011223344556677", "123456789"},
	{"pass", "pin", "0011223344556677", "12a4"},
	{"token", "make"},
	{"token", "make", "--key", "f"},
	{"token", "make", "--aud", "viken/front"},
	{"product", "show", "123"},
	{"product", "show", "7310865004704"},
	{"product", "import"},
	{"visit", "nonsense"},
	{"visit", "--max", "0"},
	{"alarm", "list", "3"},
	{"alarm", "nonsense"},
	{"contact", "add"},
	{"contact", "list", "anna"},
	{"sensor", "list", "milk"},
	{"sensor", "nonsense"},
	{"look", "front"},
	{"rehearse", "--by", "anna"},
	{"alarm", "ack"},
	{"alarm", "ack", "0"},
	{"alarm", "ack", "12x"},
	{"alarm", "ack", "99999999999999999999999"},
	{"alarm", "ack", "1", "--by", "two words"},
	{"log", "--after", "x"},
	{"log", "--max", "100001"},
	{"log", "--kind", "nonsense"},
	{"ledger", "nonsense"},
	{"clock"},
	{"config", "check", "nonsense.conf"},
	{"--run"},
};

static void usage_is_exit_2(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(no_usage); i++) {
		const char *const *l = no_usage[i];
		int code = run(l[0], l[1], l[2], l[3], l[4], l[5], NULL);

		if (code != CTL_USAGE)
			fail_msg("%s %s %s: exit %d", l[0], l[1] ? l[1] : "", l[2] ? l[2] : "",
				 code);
		assert_string_equal(out, "");
		assert_memory_equal(err, "shopctl: ", 9);
	}
	assert_int_equal(run(NULL, NULL), CTL_USAGE); /* nothing at all: the overview */
	assert_non_null(strstr(out, "Usage"));
}

static void json_says_why_too(void **state)
{
	json_t *value;

	(void)state;
	for (int i = 0; i < 2; i++) {
		assert_int_equal(i ? run("--json", "door", "prop", "x", NULL)
				   : run("door", "prop", "x", "--json", NULL),
				 CTL_USAGE);
		value = out_json();
		assert_string_equal(json_string_value(json_object_get(value, "error")), "usage");
		assert_non_null(json_object_get(value, "message"));
		json_decref(value);
	}
}

static void options_stand_anywhere(void **state)
{
	char name[] = "log", dashes[] = "--";
	char by[] = "--by=me", flag[] = "--strict", file[] = "file", minus[] = "-x";
	char *argv[] = {flag, by, file, dashes, minus};
	const struct ctl_command command = {.name = name};
	struct ctl ctl = {.command = &command, .err = stderr, .argc = 5, .argv = argv};
	const char *value = NULL, *word[3];
	bool strict = false;
	const struct option options[] = {{"--by", &value, NULL}, {"--strict", NULL, &strict}};

	(void)state;
	assert_int_equal(args_read(&ctl, options, 2, word, 2, 3), CTL_DONE);
	assert_true(strict);
	assert_string_equal(value, "me");
	assert_string_equal(word[0], "file");
	assert_string_equal(word[1], "-x");
	assert_null(word[2]);
}

static void numbers(void **state)
{
	uint64_t n = 7;

	(void)state;
	assert_true(digits_read("0", 0, &n) && n == 0);
	assert_true(digits_read("18446744073709551615", UINT64_MAX, &n) && n == UINT64_MAX);
	n = 7;
	assert_false(digits_read("18446744073709551616", UINT64_MAX, &n));
	assert_false(digits_read("11", 10, &n));
	assert_false(digits_read("20", 10, &n));
	assert_false(digits_read("5", 3, &n));
	assert_false(digits_read("", 10, &n));
	assert_false(digits_read("+1", 10, &n));
	assert_false(digits_read(" 1", 10, &n));
	assert_false(digits_read("0x1", 10, &n));
	assert_int_equal(n, 7);
}

#define GONE "\xef\xbf\xbd"

static void nothing_moves_the_cursor(void **state)
{
	static const struct {
		const char *text, *clean;
	} cases[] = {
		{"", ""},
		{"Räksmörgås 12,90", "Räksmörgås 12,90"},
		{"a\x1b[2Jb", "a" GONE "[2Jb"},
		{"a\rb\nc\td\b\x7f", "a" GONE "b" GONE "c" GONE "d" GONE GONE},
		{"\xc2\x9b"
		 "31m",
		 GONE "31m"}, /* C1: CSI in one character */
		{"\xe2\x80\xae"
		 "txt.exe",
		 GONE "txt.exe"}, /* right to left */
		{"\xe2\x81\xa6\xe2\x80\x8b\xef\xbb\xbf", GONE GONE GONE},
		{"\xff\xc3(", GONE GONE "("},
		{"\xc0\x9b", GONE GONE}, /* ESC in an overlong form */
		{"\xed\xa0\x80", GONE GONE GONE},
		{"\xc3", GONE},
		{"🛒", "🛒"},
	};
	char clean[64];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		assert_int_equal(text_clean(cases[i].text, clean, sizeof(clean)),
				 strlen(cases[i].clean));
		assert_string_equal(clean, cases[i].clean);
	}
	assert_int_equal(text_clean("åäö", clean, 4), 2); /* cut between characters */
	assert_string_equal(clean, "å");
	/* our own arguments come back in messages */
	assert_int_equal(run("\x1b[31mred", NULL), CTL_USAGE);
	assert_null(strchr(err, '\x1b'));
}

/* --- entries */

static void entry_holds(const struct seq_entry *e, const char *wanted)
{
	json_t *value = log_entry_json(e);

	assert_non_null(value);
	json_object_del(value, "text"); /* wire/ has its own tests of the words */
	char *text = json_dumps(value, JSON_COMPACT);

	assert_string_equal(text, wanted);
	free(text);
	json_decref(value);
}

static void entries_in_json(void **state)
{
	struct seq_entry e = {.epoch = 1, .seq = 7, .readable = true};

	(void)state;
	e.kind = ENTRY_REFUSED;
	e.entry = (struct entry){.kind = ENTRY_REFUSED, .at = {1795302004123}};
	e.entry.refused = (struct entry_refused){
		.place = {"front"}, .verdict = VERDICT_WRONG_AUDIENCE, .customer_known = false};
	entry_holds(&e, "{\"seq\":7,\"at\":\"2026-11-21T23:00:04.123Z\",\"kind\":\"refused\","
			"\"door\":\"front\",\"verdict\":\"wrong_audience\",\"customer\":null}");
	e.entry.refused.customer_known = true;
	e.entry.refused.customer.byte[15] = 0xab;
	entry_holds(&e, "{\"seq\":7,\"at\":\"2026-11-21T23:00:04.123Z\",\"kind\":\"refused\","
			"\"door\":\"front\",\"verdict\":\"wrong_audience\","
			"\"customer\":\"000000000000000000000000000000ab\"}");

	e.kind = ENTRY_ADMITTED;
	e.entry = (struct entry){.kind = ENTRY_ADMITTED, .at = {1795302004123}};
	e.entry.admitted = (struct entry_admitted){.place = {"front"}, .visit = {1}};
	entry_holds(&e, "{\"seq\":7,\"at\":\"2026-11-21T23:00:04.123Z\",\"kind\":\"admitted\","
			"\"door\":\"front\",\"verdict\":\"admitted\","
			"\"customer\":\"00000000000000000000000000000000\"}");

	e.kind = ENTRY_ALARM;
	e.entry = (struct entry){.kind = ENTRY_ALARM, .at = {1795302004123}};
	e.entry.alarm = (struct entry_alarm){.condition = CONDITION_LEDGER_FAILING};
	entry_holds(&e, "{\"seq\":7,\"at\":\"2026-11-21T23:00:04.123Z\",\"kind\":\"alarm\","
			"\"door\":null,\"verdict\":null,\"customer\":null}");
}

static void entries_that_cannot_be_read(void **state)
{
	struct seq_entry e = {.seq = 9, .erased = true, .kind = ENTRY_DOOR};
	char text[ENTRY_TEXT_SIZE];
	uint16_t kind;

	(void)state;
	e.entry.at.ms = 1795302004123;
	entry_holds(&e, "{\"seq\":9,\"at\":\"2026-11-21T23:00:04.123Z\",\"kind\":\"door\","
			"\"door\":null,\"verdict\":null,\"customer\":null}");
	log_entry_text(&e, text);
	assert_non_null(strstr(text, "erased"));
	e.erased = false;
	e.kind = 999;
	entry_holds(&e, "{\"seq\":9,\"at\":\"2026-11-21T23:00:04.123Z\",\"kind\":\"unknown\","
			"\"door\":null,\"verdict\":null,\"customer\":null}");
	assert_true(log_kind_parse("refused", &kind) && kind == ENTRY_REFUSED);
	assert_false(log_kind_parse("unknown", &kind));
}

/* --- a test phone */

static char folder[] = P_tmpdir "/shopctl-XXXXXX";
static char key_path[64];

static int folder_make(void **state)
{
	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(key_path, sizeof(key_path), "%s/phone.key", folder);
	return 0;
}

static int folder_remove(void **state)
{
	(void)state;
	unlink(key_path);
	return rmdir(folder);
}

static void key_of(struct shoptoken_public_key *ret)
{
	json_t *value = out_json();
	const char *hex = json_string_value(json_object_get(value, "key"));
	uint8_t bytes[SHOPTOKEN_COSE_KEY_SIZE];

	assert_non_null(hex);
	assert_true(hex_parse(hex, (uint32_t)strlen(hex), bytes, sizeof(bytes)));
	assert_int_equal(shoptoken_cose_key_parse(bytes, sizeof(bytes), ret), 0);
	json_decref(value);
}

static void a_phone_of_ones_own(void **state)
{
	struct shoptoken_public_key key;
	struct shoptoken_token token;
	struct shoptoken_claims claims;
	struct shoptoken_expected expected = {.audience = "viken/front", .now_s = 1795302005};
	struct stat st;

	(void)state;
	assert_int_equal(run("token", "key", key_path, "--json", NULL), 0);
	key_of(&key);
	assert_int_equal(stat(key_path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(run("token", "key", key_path, NULL), CTL_REFUSED); /* never overwritten */

	assert_int_equal(run("token", "make", "--key", key_path, "--aud", "viken/front", "--at",
			     "2026-11-21T23:00:00Z", "--text", NULL),
			 0);
	assert_int_equal(shoptoken_text_parse(out, strlen(out) - 1, &token), 0);
	assert_int_equal(shoptoken_check(token.byte, token.len, &key, &expected, &claims),
			 SHOPTOKEN_GOOD);
	assert_int_equal(claims.exp_s - claims.iat_s, 60);
	assert_int_equal(claims.cti_len, 8);

	/* what is wrong with a token is the caller's choice */
	assert_int_equal(run("token", "make", "--key", key_path, "--aud", "viken/front", "--at",
			     "2026-11-21T23:00:00Z", "--life", "121", "--text", NULL),
			 0);
	assert_int_equal(shoptoken_text_parse(out, strlen(out) - 1, &token), 0);
	assert_int_equal(shoptoken_check(token.byte, token.len, &key, &expected, NULL),
			 SHOPTOKEN_TOO_LONG_LIVED);
	/* the picture comes below the text */
	assert_int_equal(run("token", "make", "--key", key_path, "--aud", "viken/front", NULL), 0);
	assert_non_null(strstr(out, "▀"));
	assert_int_equal(run("token", "make", "--key", key_path, "--aud", "Viken/front", NULL),
			 CTL_USAGE);
}

static void a_challenge_names_door_and_nonce(void **state)
{
	struct shoptoken_challenge challenge = {.audience = "viken/front", .nonce = {1, 2, 3}};
	struct shoptoken_token token;
	struct shoptoken_claims claims;
	char text[128];

	(void)state;
	assert_int_equal(shoptoken_challenge_text(&challenge, text, sizeof(text)), 0);
	assert_int_equal(
		run("token", "make", "--key", key_path, "--challenge", text, "--text", NULL), 0);
	assert_int_equal(shoptoken_text_parse(out, strlen(out) - 1, &token), 0);
	assert_int_equal(shoptoken_parse(token.byte, token.len, NULL, &claims), SHOPTOKEN_GOOD);
	assert_string_equal(claims.audience, "viken/front");
	assert_true(claims.has_nonce);
	assert_memory_equal(claims.nonce, challenge.nonce, sizeof(claims.nonce));
	assert_int_equal(run("token", "make", "--key", key_path, "--challenge", "SKN1:AAAA", NULL),
			 CTL_USAGE);
}

static void a_key_that_others_may_read_is_none(void **state)
{
	(void)state;
	assert_int_equal(chmod(key_path, 0640), 0);
	assert_int_equal(run("token", "make", "--key", key_path, "--aud", "viken/front", NULL),
			 CTL_REFUSED);
	assert_int_equal(chmod(key_path, 0600), 0);
	assert_int_equal(truncate(key_path, 100), 0);
	assert_int_equal(run("token", "make", "--key", key_path, "--aud", "viken/front", NULL),
			 CTL_REFUSED);
	assert_int_equal(run("token", "make", "--key", folder, "--aud", "viken/front", NULL),
			 CTL_REFUSED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(help_fits_a_screen),
		cmocka_unit_test(usage_is_exit_2),
		cmocka_unit_test(json_says_why_too),
		cmocka_unit_test(options_stand_anywhere),
		cmocka_unit_test(numbers),
		cmocka_unit_test(nothing_moves_the_cursor),
		cmocka_unit_test(entries_in_json),
		cmocka_unit_test(entries_that_cannot_be_read),
		cmocka_unit_test(a_phone_of_ones_own),
		cmocka_unit_test(a_challenge_names_door_and_nonce),
		cmocka_unit_test(a_key_that_others_may_read_is_none),
	};

	return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
