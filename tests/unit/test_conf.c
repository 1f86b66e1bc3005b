/* test_conf.c: what a configuration file may say, and what is answered to everything else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/limits.h"
#include "wire/conf.h"
#include "wire/nearest.h"

struct door {
	int64_t unlock_ms;
	uint32_t relock;
	char name[PLACE_MAX_LEN + 1];
	char strike[8];
};

struct target {
	char shop[PLACE_MAX_LEN + 1];
	char city[16];
	char pin[5];
	bool realtime;
	int64_t offset_c;
	uint32_t barred;
	uint16_t monday[2], sunday[2];
	uint32_t doors;
	struct door door[2];
	uint32_t after; /* stays as it is: nothing writes past the doors */
};

static const char *const classes[] = {"grocery", "alcohol", "tobacco", NULL};
static const char *const relocks[] = {"on_open", "on_close", NULL};
static const struct door door_defaults = {.unlock_ms = 5000, .relock = 1};

static const char *pin_rule(const char *text)
{
	return strlen(text) == 4 ? NULL : "four digits";
}

#define AT(member) .offset = offsetof(struct target, member)
#define OF(member) .offset = offsetof(struct door, member)

static const struct conf_key top[] = {
	{.name = "shop", .type = CONF_PLACE, AT(shop), .required = true},
	{.name = "city", .type = CONF_TEXT, AT(city), .size = 16},
	{.name = "pin", .type = CONF_TEXT, AT(pin), .size = 5, .rule = pin_rule, .private = true},
	{.name = "realtime", .type = CONF_BOOL, AT(realtime)},
	{.name = "offset_c", .type = CONF_INT, AT(offset_c), .min = -10, .max = 10},
	{.name = "barred", .type = CONF_LIST, AT(barred), .words = classes},
};
static const struct conf_key hours[] = {
	{.name = "monday", .type = CONF_HOURS, AT(monday)},
	{.name = "sunday", .type = CONF_HOURS, AT(sunday)},
};
static const struct conf_key door[] = {
	{.name = "unlock_ms", .type = CONF_INT, OF(unlock_ms), .min = 100, .max = 60000},
	{.name = "relock", .type = CONF_WORD, OF(relock), .words = relocks},
	{.name = "strike", .type = CONF_TEXT, OF(strike), .size = 8, .required = true},
};
static const struct conf_section sections[] = {
	{.kind = "", .key = top, .keys = ARRAY_LEN(top)},
	{.kind = "hours", .key = hours, .keys = ARRAY_LEN(hours)},
	{.kind = "door",
	 .named = true,
	 .key = door,
	 .keys = ARRAY_LEN(door),
	 AT(door),
	 .stride = sizeof(struct door),
	 .max = 2,
	 .count_offset = offsetof(struct target, doors),
	 .name_offset = offsetof(struct door, name),
	 .defaults = &door_defaults},
};

static struct target target;
static char why[CONF_WHY_MAX];

static bool parse_bytes(const void *bytes, size_t len)
{
	uint8_t *copy = malloc(len > 0 ? len : 1); /* exact, so that a sanitizer sees its end */
	bool good;

	assert_non_null(copy);
	memcpy(copy, bytes, len);
	memset(&target, 0, sizeof(target));
	target.after = 0xabcdef;
	memset(why, 0, sizeof(why));
	good = conf_parse("shopd.conf", (struct span){copy, (uint32_t)len}, sections,
			  ARRAY_LEN(sections), &target, why);
	free(copy);
	assert_int_equal(target.after, 0xabcdef);
	assert_int_equal(why[0] == '\0', good);
	return good;
}

static void good(const char *text)
{
	if (!parse_bytes(text, strlen(text)))
		fail_msg("refused: %s", why);
}

static void bad(const char *text, const char *want)
{
	assert_false(parse_bytes(text, strlen(text)));
	assert_string_equal(why, want);
}

static void a_whole_file(void **state)
{
	(void)state;
	good("# our shop\n"
	     "shop = viken\n"
	     "city\t=  Höganäs = # 1 \n"
	     "pin = 1234\n"
	     "realtime=yes\n"
	     "offset_c = -7\n"
	     "barred = tobacco,, alcohol\n"
	     "\n"
	     "[hours]\n"
	     "  # closed on Sundays\n"
	     "  monday = 06:30-24:00\n"
	     "  sunday = closed\n"
	     "[door front]\n"
	     "strike = line-17\n"
	     "unlock_ms = 0100\n"
	     "[ door\tback-2 ]\n"
	     "relock = on_open\n"
	     "strike = x");
	assert_string_equal(target.shop, "viken");
	assert_string_equal(target.city, "Höganäs = # 1");
	assert_string_equal(target.pin, "1234");
	assert_true(target.realtime);
	assert_int_equal(target.offset_c, -7);
	assert_int_equal(target.barred, 1U << 1 | 1U << 2);
	assert_int_equal(target.monday[0], 390);
	assert_int_equal(target.monday[1], 1440);
	assert_int_equal(target.sunday[0], target.sunday[1]);
	assert_int_equal(target.doors, 2);
	assert_string_equal(target.door[0].name, "front");
	assert_string_equal(target.door[0].strike, "line-17");
	assert_int_equal(target.door[0].unlock_ms, 100);
	assert_int_equal(target.door[0].relock, 1);
	assert_string_equal(target.door[1].name, "back-2");
	assert_int_equal(target.door[1].unlock_ms, 5000);
	assert_int_equal(target.door[1].relock, 0);
}

static void what_is_not_said_stays(void **state)
{
	(void)state;
	good("shop=v\n");
	assert_int_equal(target.doors, 0);
	assert_int_equal(target.monday[1], 0);
	assert_false(target.realtime);
}

static void crlf_and_bom(void **state)
{
	(void)state;
	good("\xef\xbb\xbfshop = viken\r\n\r\n[hours]\r\nmonday = closed\r\n");
	assert_string_equal(target.shop, "viken");
	good("shop = viken\r");
	bad("shop = vi\rken\n",
	    "shopd.conf:1: byte 10 of the line (0x0d) is no printable UTF-8 text");
}

static void nearest_words(void **state)
{
	(void)state;
	bad("shop = v\n[door front]\nunlok_ms = 1\n",
	    "shopd.conf:3: unknown word 'unlok_ms' in [door front]; did you mean 'unlock_ms'?");
	bad("shop = v\n[hours]\nmondya = closed\n",
	    "shopd.conf:3: unknown word 'mondya' in [hours]; did you mean 'monday'?");
	bad("shop = v\n[hours]\nzebra = closed\n", "shopd.conf:3: unknown word 'zebra' in [hours]");
	bad("shpo = v\n",
	    "shopd.conf:1: unknown word 'shpo' in the first lines; did you mean 'shop'?");
	bad("shop = v\n[dor front]\n",
	    "shopd.conf:2: unknown section '[dor]'; did you mean '[door]'?");
	bad("shop = v\n[zebra]\n", "shopd.conf:2: unknown section '[zebra]'");
	bad("shop = v\n[]\n", "shopd.conf:2: unknown section '[]'");
	bad("shop = v\nbarred = tabaco\n",
	    "shopd.conf:2: 'barred' is 'tabaco': it must be some of: grocery, alcohol, tobacco; "
	    "did you mean 'tobacco'?");
	bad("shop = v\n[door a]\nrelock = open\n",
	    "shopd.conf:3: 'relock' is 'open': it must be one of: on_open, on_close");
}

static void words_in_the_wrong_place(void **state)
{
	(void)state;
	bad("shop = v\nunlock_ms = 1\n",
	    "shopd.conf:2: 'unlock_ms' does not belong here but in [door NAME]");
	bad("shop = v\n[door a]\nmonday = closed\n",
	    "shopd.conf:3: 'monday' does not belong here but in [hours]");
	bad("shop = v\n[hours]\nshop = v\n",
	    "shopd.conf:3: 'shop' does not belong here but in the first lines");
}

static void twice(void **state)
{
	(void)state;
	bad("shop = v\n\nshop = w\n",
	    "shopd.conf:3: 'shop' stands here a second time; the first is on line 1");
	bad("shop = v\n[hours]\n[door a]\nstrike = x\n[hours]\n",
	    "shopd.conf:5: [hours] stands here a second time; the first is on line 2");
	bad("shop = v\n[door a]\nstrike = x\n[door a]\n",
	    "shopd.conf:4: [door a] stands here a second time");
	bad("shop = v\nbarred = alcohol alcohol\n", "shopd.conf:2: 'barred' names 'alcohol' twice");
	good("shop = v\n[door a]\nstrike = x\n[door b]\nstrike = x\n");
	bad("shop = v\n[door a]\nstrike = x\n[door b]\nstrike = x\n[door c]\n",
	    "shopd.conf:6: too many [door …] sections: at most 2");
}

static void missing(void **state)
{
	(void)state;
	bad("", "shopd.conf:1: the first lines must have a line 'shop = …'");
	bad("# nothing\n[hours]\n", "shopd.conf:1: the first lines must have a line 'shop = …'");
	bad("shop = v\n\n[door front]\nunlock_ms = 200\n[door back]\nstrike = x\n",
	    "shopd.conf:3: [door front] must have a line 'strike = …'");
	bad("shop = v\n[door front]", "shopd.conf:2: [door front] must have a line 'strike = …'");
	bad("shop =\n", "shopd.conf:1: 'shop' has no value");
	bad("shop = v\n= w\n", "shopd.conf:2: there is no word before '='");
	bad("shop\n", "shopd.conf:1: 'shop' is neither 'word = value' nor '[section]'");
}

static void sections_malformed(void **state)
{
	(void)state;
	bad("shop = v\n[hours\n",
	    "shopd.conf:2: the section's name must end with ']', and nothing after it");
	bad("shop = v\n[hours] # ours\n",
	    "shopd.conf:2: the section's name must end with ']', and nothing after it");
	bad("shop = v\n[",
	    "shopd.conf:2: the section's name must end with ']', and nothing after it");
	bad("shop = v\n[door]\n", "shopd.conf:2: [door] needs a name, as in [door front]");
	bad("shop = v\n[hours front]\n", "shopd.conf:2: [hours] takes no name");
	bad("shop = v\n[door Front]\n",
	    "shopd.conf:2: the name 'Front' must be 1 to 16 of the characters a-z, 0-9 and -");
	bad("shop = v\n[door front door]\n",
	    "shopd.conf:2: the name 'front door' must be 1 to 16 of the characters a-z, 0-9 and -");
}

static void numbers(void **state)
{
	static const char *const wrong[] = {"99",    "60001", "-100", "5s",
					    "5.0",   "1e3",   "+100", "0x100",
					    "1 000", "-",     "٣٠٠",  "9223372036854775808"};
	char text[200], want[200];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		snprintf(text, sizeof(text), "shop = v\n[door a]\nunlock_ms = %s\n", wrong[i]);
		snprintf(want, sizeof(want),
			 "shopd.conf:3: 'unlock_ms' is '%s': it must be a whole number from 100 to "
			 "60000",
			 wrong[i]);
		bad(text, want);
	}
	bad("shop = v\n[door a]\nunlock_ms = 5000 # five\n",
	    "shopd.conf:3: 'unlock_ms' is '5000 # five': it must be a whole number from 100 to "
	    "60000 (a comment needs a line of its own)");
	bad("shop = v\noffset_c = -11\n",
	    "shopd.conf:2: 'offset_c' is '-11': it must be a whole number from -10 to 10");
	good("shop = v\n[door a]\nstrike = x\nunlock_ms = 60000\n");
	assert_int_equal(target.door[0].unlock_ms, 60000);
}

static void hours_of_a_day(void **state)
{
	static const char *const shape[] = {
		"8:00-22:00", "08:00",	     "08:00 - 22:00", "08:00-22:60",  "08:00-24:01",
		"08-22",      "08.00-22.00", "Closed",	      "08:00-22:00x", "-8:00-22:00"};
	char text[200], want[200];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(shape); i++) {
		snprintf(text, sizeof(text), "shop = v\n[hours]\nmonday = %s\n", shape[i]);
		snprintf(want, sizeof(want),
			 "shopd.conf:3: 'monday' is '%s': it must be like 08:00-22:00, or closed",
			 shape[i]);
		bad(text, want);
	}
	bad("shop = v\n[hours]\nmonday = 22:00-02:00\n",
	    "shopd.conf:3: 'monday' is '22:00-02:00': it must be a later time after the dash, at "
	    "most 24:00");
	good("shop = v\n[hours]\nmonday = 00:00-24:00\n");
	assert_int_equal(target.monday[0], 0);
	assert_int_equal(target.monday[1], 1440);
}

static void other_values(void **state)
{
	(void)state;
	bad("shop = Viken\n",
	    "shopd.conf:1: 'shop' is 'Viken': it must be 1 to 16 of the characters "
	    "a-z, 0-9 and -");
	bad("shop = v\nrealtime = true\n",
	    "shopd.conf:2: 'realtime' is 'true': it must be yes or no");
	bad("shop = v\ncity = 1234567890123456\n",
	    "shopd.conf:2: 'city' is '1234567890123456': it must be at most 15 bytes long");
	bad("shop = v\npin = 123\n", "shopd.conf:2: 'pin' must be four digits");
	bad("shop = v\npin = 123456\n", "shopd.conf:2: 'pin' must be at most 4 bytes long");
	/* what is handed back is short, and cut between characters */
	bad("shop = v\ncity = 123456789012345678901234567890123456789ååååå\n",
	    "shopd.conf:2: 'city' is '123456789012345678901234567890123456789…': it must be at "
	    "most "
	    "15 bytes long");
}

static void hostile_bytes(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
	} wrong[] = {
		{"shop = v\0x", 10},
		{"shop = \x1b[31m", 12},
		{"shop = \x7f", 8},
		{"shop = \xff", 8},
		{"shop = \xc3", 8},
		{"shop = \xc0\xaf", 9},
		{"shop = \xe0\x80\xaf", 10},
		{"shop = \xed\xa0\x80", 10},
		{"shop = \xc2\x9b", 9},
		{"shop = \xf4\x90\x80\x80", 11},
		{"\x00", 1},
		{"# \x08", 3},
	};
	size_t size = CONF_TEXT_MAX + 1;
	char *large = malloc(size);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		assert_false(parse_bytes(wrong[i].bytes, wrong[i].len));
		assert_non_null(strstr(why, "no printable UTF-8 text"));
	}
	assert_non_null(large);
	memset(large, '\n', size);
	memcpy(large, "shop=v", 6);
	assert_true(parse_bytes(large, CONF_TEXT_MAX));
	assert_false(parse_bytes(large, CONF_TEXT_MAX + 1));
	assert_string_equal(why, "shopd.conf:1: the file is larger than 65536 bytes");
	memset(large, 'a', size); /* one line */
	assert_false(parse_bytes(large, CONF_TEXT_MAX));
	free(large);
}

static void a_long_file_name_is_cut(void **state)
{
	char name[300];

	(void)state;
	memset(name, 'd', sizeof(name));
	memcpy(name + sizeof(name) - 9, "/x.conf", 8);
	assert_false(conf_parse(name, (struct span){(const uint8_t *)"?", 1}, sections,
				ARRAY_LEN(sections), &target, why));
	assert_non_null(strstr(why, "/x.conf:1: '?' is neither"));
}

/* every prefix and every single byte changed: refused or read, never more than that */
static void no_prefix_and_no_slip_does_harm(void **state)
{
	static const char text[] = "shop = viken\nbarred = tobacco, alcohol\n[hours]\nmonday = "
				   "06:30-24:00\n[door front]\nstrike = a\nunlock_ms = 700\n";
	char copy[sizeof(text)];

	(void)state;
	for (size_t len = 0; len < sizeof(text); len++)
		(void)!parse_bytes(text, len);
	for (size_t at = 0; at < sizeof(text) - 1; at++) {
		for (unsigned byte = 0; byte < 256; byte += 3) {
			memcpy(copy, text, sizeof(text));
			copy[at] = (char)byte;
			(void)!parse_bytes(copy, sizeof(text) - 1);
			assert_int_equal(target.doors > 2, 0);
		}
	}
}

static const char *near(const char *wanted)
{
	static const char *const known[] = {"unlock_ms", "unlock_extended_ms", "rex", "strike"};
	struct nearest n =
		nearest_to((struct span){(const uint8_t *)wanted, (uint32_t)strlen(wanted)});

	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		nearest_consider(&n, known[i]);
	return n.word != NULL ? n.word : "";
}

static void nearness(void **state)
{
	(void)state;
	assert_string_equal(near("unlock"), "unlock_ms");
	assert_string_equal(near("unlcok_ms"), "unlock_ms");
	assert_string_equal(near("unlock_extnded"), "");
	assert_string_equal(near("unlock_extended"), "unlock_extended_ms");
	assert_string_equal(near("rx"), "rex");
	assert_string_equal(near("r"), "");
	assert_string_equal(near("xer"), "");
	assert_string_equal(near(""), "");
	assert_string_equal(near("strikestrikestrikestrikestrikestrikestrikestrike"), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_whole_file),
		cmocka_unit_test(what_is_not_said_stays),
		cmocka_unit_test(crlf_and_bom),
		cmocka_unit_test(nearest_words),
		cmocka_unit_test(words_in_the_wrong_place),
		cmocka_unit_test(twice),
		cmocka_unit_test(missing),
		cmocka_unit_test(sections_malformed),
		cmocka_unit_test(numbers),
		cmocka_unit_test(hours_of_a_day),
		cmocka_unit_test(other_values),
		cmocka_unit_test(hostile_bytes),
		cmocka_unit_test(a_long_file_name_is_cut),
		cmocka_unit_test(no_prefix_and_no_slip_does_harm),
		cmocka_unit_test(nearness),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
