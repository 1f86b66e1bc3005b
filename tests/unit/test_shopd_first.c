/*
 * test_shopd_first.c: a box's first hour: its code stands in the console's file and nowhere else,
 * and makes one owner, once; wrong ones are counted; how it is written and read.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "shopd_bench.h"

#include "shopd/first.c"
#include "shopd/office.h"

static struct caller control, counter;

static int set_up(void **state)
{
	(void)state;
	bench_make("page = https://viken.example\n");
	chip_start();
	bench_start();
	caller_dial(&control, ROLE_CONTROL);
	caller_dial(&counter, ROLE_COUNTER);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	caller_leave(&control);
	caller_leave(&counter);
	bench_stop();
	bench_remove();
	return 0;
}

/* What the console's login prompt would print; "" when there is nothing. */
static const char *issue(void)
{
	static char text[ISSUE_SIZE];
	struct stat st;
	char path[128];
	ssize_t len;
	int fd;

	bench_path(FIRST_ISSUE, path);
	text[0] = '\0';
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return text;
	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	len = read(fd, text, sizeof(text) - 1);
	assert_true(len > 0);
	text[len] = '\0';
	close(fd);
	return text;
}

/* The code, as shopctl is told it; it is on the console too, and not in the log. */
static void code_of(char ret[FIRST_CODE_TEXT + 1])
{
	char address[128];
	union message m;

	message_init(&m, MESSAGE_OWNER_CODE, 0);
	caller_ask(&control, &m, MESSAGE_DONE);
	assert_int_equal(m.done.error, 0);
	snprintf(ret, FIRST_CODE_TEXT + 1, "%.*s", FIRST_CODE_TEXT, m.done.text);
	snprintf(address, sizeof(address), "%s https://viken.example/#/first/%s", ret, ret);
	assert_string_equal(m.done.text, address);
	assert_non_null(strstr(issue(), address + FIRST_CODE_TEXT + 1));
	assert_non_null(strstr(issue(), "\u2588"));
	assert_null(strchr(issue(), '\\'));
	assert_false(logged_that(ret));
}

static uint32_t bring(const char *code, const struct shoptoken_key *key, union message *m)
{
	message_init(m, MESSAGE_FIRST_OWNER, 0);
	snprintf(m->first_owner.code, sizeof(m->first_owner.code), "%s", code);
	memcpy(m->first_owner.x, key->public_key.x, sizeof(m->first_owner.x));
	memcpy(m->first_owner.y, key->public_key.y, sizeof(m->first_owner.y));
	caller_ask(&counter, m, MESSAGE_FIRST_OWNER_IS);
	return m->first_owner_is.answer;
}

static void test_once(void **state)
{
	char code[FIRST_CODE_TEXT + 1], typed[FIRST_CODE_TEXT + 1];
	struct shoptoken_key key, other;
	const struct member_row *row;
	struct customer customer;
	union message m;

	(void)state;
	assert_int_equal(shoptoken_key_make(&key), 0);
	assert_int_equal(shoptoken_key_make(&other), 0);
	code_of(code);
	/* as a thumb types it */
	for (uint32_t i = 0; i <= FIRST_CODE_TEXT; i++)
		typed[i] = code[i] >= 'A' ? (char)(code[i] + 32) : code[i] == '-' ? ' ' : code[i];
	assert_int_equal(bring(typed, &key, &m), FIRST_MADE);
	memcpy(customer.byte, m.first_owner_is.customer, sizeof(customer.byte));
	row = roster_member(shell.roster, customer);
	assert_non_null(row);
	assert_int_equal(row->role, ROLE_OWNER);
	assert_string_equal(issue(), "");
	assert_false(logged_that(code));
	/* again, by whomever, with the right code and with a wrong one */
	assert_int_equal(bring(code, &key, &m), FIRST_HAS_OWNER);
	assert_int_equal(bring("0000-0000-0000-0000", &other, &m), FIRST_HAS_OWNER);
	message_init(&m, MESSAGE_OWNER_CODE, 0);
	caller_ask(&control, &m, MESSAGE_DONE);
	assert_int_equal(m.done.error, 1);
	/* and after a restart */
	caller_leave(&control);
	caller_leave(&counter);
	bench_restart();
	caller_dial(&control, ROLE_CONTROL);
	caller_dial(&counter, ROLE_COUNTER);
	assert_string_equal(issue(), "");
	assert_int_equal(bring(code, &other, &m), FIRST_HAS_OWNER);
}

static void test_dies(void **state)
{
	char code[FIRST_CODE_TEXT + 1], fresh[FIRST_CODE_TEXT + 1];
	struct shoptoken_key key;
	struct person person;
	union message m;

	(void)state;
	assert_int_equal(shoptoken_key_make(&key), 0);
	code_of(code);
	/* a member is no owner */
	member_add(&control, &person, 0, 0);
	code_of(fresh);
	assert_string_equal(code, fresh);
	/* it is another one after a restart, and the first holds no more */
	caller_leave(&control);
	caller_leave(&counter);
	bench_stop();
	assert_string_equal(issue(), "");
	bench_start();
	caller_dial(&control, ROLE_CONTROL);
	caller_dial(&counter, ROLE_COUNTER);
	code_of(fresh);
	assert_string_not_equal(code, fresh);
	assert_int_equal(bring(code, &key, &m), FIRST_UNKNOWN);
	/* a key that is a member's, and one that is none */
	assert_int_equal(bring(fresh, &person.key, &m), FIRST_BAD_KEY);
	memset(&person.key, 1, sizeof(person.key));
	assert_int_equal(bring(fresh, &person.key, &m), FIRST_BAD_KEY);
	/* an owner by shopctl */
	message_init(&m, MESSAGE_MEMBER_ADD, 0);
	memcpy(m.member.x, key.public_key.x, sizeof(m.member.x));
	memcpy(m.member.y, key.public_key.y, sizeof(m.member.y));
	m.member.role = ROLE_OWNER;
	office_done(&control, &m);
	assert_string_equal(issue(), "");
	assert_int_equal(bring(fresh, &key, &m), FIRST_HAS_OWNER);
}

static void test_guesses(void **state)
{
	char code[FIRST_CODE_TEXT + 1];
	struct shoptoken_key key;
	union message m;

	(void)state;
	assert_int_equal(shoptoken_key_make(&key), 0);
	code_of(code);
	assert_int_equal(bring("", &key, &m), FIRST_UNKNOWN);
	for (uint32_t i = 1; i < FIRST_WRONG_MAX; i++)
		assert_int_equal(bring("0000-0000-0000-0000", &key, &m), FIRST_UNKNOWN);
	assert_true(logged_that("wrong codes within a minute"));
	assert_int_equal(bring("0000-0000-0000-0000", &key, &m), FIRST_BUSY);
	assert_in_range(m.first_owner_is.wait_s, 50, 60);
	/* a minute later */
	first.locked_until = loop_mono();
	/* four in this minute, and one that is older than that */
	for (uint32_t i = 1; i < FIRST_WRONG_MAX; i++)
		assert_int_equal(bring("0000-0000-0000-0000", &key, &m), FIRST_UNKNOWN);
	first.wrong[0] = mono_add(loop_mono(), -FIRST_MINUTE_MS);
	assert_int_equal(bring("0000-0000-0000-0000", &key, &m), FIRST_UNKNOWN);
	assert_int_equal(bring("0000-0000-0000-0000", &key, &m), FIRST_UNKNOWN);
	assert_int_equal(bring("0000-0000-0000-0000", &key, &m), FIRST_BUSY);
	/* whoever guesses keeps nobody out: the right one is taken all the while */
	assert_int_equal(bring(code, &key, &m), FIRST_MADE);
	assert_false(logged_that(code));
}

static void say_code(const char *code, const struct shoptoken_key *key)
{
	union message m;

	message_init(&m, MESSAGE_FIRST_OWNER, ++counter.requests);
	snprintf(m.first_owner.code, sizeof(m.first_owner.code), "%s", code);
	memcpy(m.first_owner.x, key->public_key.x, sizeof(m.first_owner.x));
	memcpy(m.first_owner.y, key->public_key.y, sizeof(m.first_owner.y));
	caller_say(&counter, &m);
}

static void told_that_there_is_an_owner(void)
{
	union message m;

	caller_hear(&counter, &m);
	assert_int_equal(m.head.type, MESSAGE_FIRST_OWNER_IS);
	assert_int_equal(m.first_owner_is.answer, FIRST_HAS_OWNER);
	assert_false(first.making);
}

/* What the catalogue's thread has written down already is taken back before anybody is told. */
static void test_an_office_comes_between(void **state)
{
	char code[FIRST_CODE_TEXT + 1], fresh[FIRST_CODE_TEXT + 1];
	struct shoptoken_key key;
	struct person person;
	union message m;

	(void)state;
	assert_int_equal(shoptoken_key_make(&key), 0);
	member_add(&control, &person, 0, 0);
	for (uint32_t pinned = 0; pinned < 2; pinned++) {
		code_of(code);
		say_code(code, &key);
		until(first.making);
		shell.office->pin.enrolled = true; /* it has said yes … */
		if (pinned)
			first_look(&shell); /* … and that is on disk */
		told_that_there_is_an_owner();
		assert_int_equal(shell.roster->members, 1);
		assert_int_equal(shell.roster->keys, 1);
		assert_false(logged_that("is the owner now"));
		assert_int_equal(bring(code, &key, &m), FIRST_HAS_OWNER);
		first_look(&shell);
		assert_string_equal(issue(), "");
		shell.office->pin.enrolled = false; /* and is left */
		first_look(&shell);
		code_of(fresh);
		assert_string_not_equal(code, fresh);
	}
	/* the key is free for an owner in her own time, who stays the only one */
	caller_leave(&control);
	caller_leave(&counter);
	bench_restart();
	caller_dial(&control, ROLE_CONTROL);
	caller_dial(&counter, ROLE_COUNTER);
	assert_int_equal(shell.roster->members, 1);
	code_of(code);
	assert_int_equal(bring(code, &key, &m), FIRST_MADE);
	assert_int_equal(shell.roster->members, 2);
}

/* A code that has died stays dead, though another one is shown when its owner is written down. */
static void test_left_again_meanwhile(void **state)
{
	char code[FIRST_CODE_TEXT + 1];
	struct shoptoken_key key;

	(void)state;
	assert_int_equal(shoptoken_key_make(&key), 0);
	code_of(code);
	say_code(code, &key);
	until(first.making);
	shell.office->pin.enrolled = true;
	first_look(&shell);
	shell.office->pin.enrolled = false;
	first_look(&shell);
	assert_true(first.on);
	told_that_there_is_an_owner();
	assert_int_equal(shell.roster->members, 0);
	assert_true(first.on);
}

static void test_shopctl_comes_between(void **state)
{
	char code[FIRST_CODE_TEXT + 1];
	struct shoptoken_key key, other;
	union message m;

	(void)state;
	assert_int_equal(shoptoken_key_make(&key), 0);
	assert_int_equal(shoptoken_key_make(&other), 0);
	code_of(code);
	message_init(&m, MESSAGE_MEMBER_ADD, ++control.requests);
	memcpy(m.member.x, other.public_key.x, sizeof(m.member.x));
	memcpy(m.member.y, other.public_key.y, sizeof(m.member.y));
	m.member.role = ROLE_OWNER;
	caller_say(&control, &m);
	say_code(code, &key);
	told_that_there_is_an_owner();
	assert_int_equal(shell.roster->members, 1);
	assert_memory_equal(&shell.roster->key[0].key, &other.public_key, sizeof(other.public_key));
}

static void test_text(void **state)
{
	uint8_t code[FIRST_CODE_SIZE], back[FIRST_CODE_SIZE];
	static const char *const none[] = {"", "0000-0000-0000-000", "0000-0000-0000-00000",
					   "0000-0000-0000-000U", "0000-0000-0000-000\xc3\xa5"};
	char text[FIRST_CODE_TEXT + 1];

	(void)state;
	for (uint32_t i = 0; i < 200; i++) {
		random_bytes(code, sizeof(code));
		first_code_text(code, text);
		assert_true(first_code_parse(text, back));
		assert_memory_equal(code, back, sizeof(code));
	}
	memset(code, 0, sizeof(code));
	code[0] = 0x08;
	first_code_text(code, text);
	assert_string_equal(text, "1000-0000-0000-0000");
	assert_true(first_code_parse("lOoo 0000o000oooO", back));
	assert_memory_equal(code, back, sizeof(code));
	for (uint32_t i = 0; i < ARRAY_LEN(none); i++)
		assert_false(first_code_parse(none[i], back));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_once, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_dies, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_guesses, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_an_office_comes_between, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_left_again_meanwhile, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_shopctl_comes_between, set_up, tear_down),
		cmocka_unit_test(test_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
