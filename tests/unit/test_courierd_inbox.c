/* test_courierd_inbox.c: whose texts mean something, once each, and what a flood of others costs.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "courierd/inbox.h"

#define START_WALL INT64_C(1795355104123)
#define BEFORE	   (START_WALL - INBOX_MISSED_MS)
#define ANNA	   "+46701234567"
#define BO	   "+46709876543"

static struct inbox inbox;
static struct config config; /* 20 kB */
static struct mono now;
static int64_t wall_ahead; /* of what it was at the start */
static struct inbox_found found;

static void contact(uint32_t i, const char *name, const char *phone)
{
	snprintf(config.contact[i].name, sizeof(config.contact[i].name), "%s", name);
	snprintf(config.contact[i].phone, sizeof(config.contact[i].phone), "%s", phone);
	config.contacts = i + 1;
}

static void start(void)
{
	memset(&config, 0, sizeof(config));
	contact(0, "anna", ANNA);
	contact(1, "bo", BO);
	now = (struct mono){5000};
	wall_ahead = 0;
	inbox_init(&inbox, now);
}

static struct wall wall(void)
{
	return (struct wall){START_WALL + now.ms - 5000 + wall_ahead};
}

static enum inbox_is comes(const char *id, const char *from, const char *text, int64_t at_ms)
{
	inbox_text(&inbox, &config, now, wall(), id, from, text, at_ms, &found);
	return found.is;
}

static void a_contacts_code_is_a_reply(void **state)
{
	(void)state;
	start();
	inbox_looked(&inbox);
	assert_int_equal(comes("s1", BO, "Kvittera 471147", START_WALL), INBOX_REPLY);
	assert_int_equal(found.contact, 1);
	assert_int_equal(found.code, 471147);
	assert_int_equal(comes("", ANNA, "471148", 0), INBOX_REPLY);
	assert_int_equal(found.contact, 0);
	assert_int_equal(found.code, 471148);
}

static void nobody_else_is_heard(void **state)
{
	static const char *const numbers[] = {"",
					      "+4670123456",
					      "+467012345670",
					      "46701234567",
					      "0701234567",
					      "+46701234567 ",
					      "Viken",
					      "anna",
					      "+46 701234567",
					      "+46701234568"};

	(void)state;
	start();
	inbox_looked(&inbox);
	for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
		assert_int_equal(comes("", numbers[i], "471147", 0), INBOX_ODD);
		assert_string_equal(found.line,
				    "a text from a number of nobody without effect: \"471147\"");
	}
}

static void the_line_has_no_number_and_no_second_line(void **state)
{
	(void)state;
	start();
	assert_int_equal(comes("", ANNA, "unlock\r\nfront \x1b[2J\xe2\x80\xae+46701234567", 0),
			 INBOX_ODD);
	assert_string_equal(found.line, "a text from anna without effect: "
					"\"unlock\\x0D\\x0Afront \\x1B[2J\\u{202E}+***********\"");
}

static void a_gateways_text_counts_once(void **state)
{
	(void)state;
	start();
	inbox_looked(&inbox);
	assert_int_equal(comes("s1", ANNA, "471147", START_WALL), INBOX_REPLY);
	for (int i = 0; i < 100; i++)
		assert_int_equal(comes("s1", ANNA, "471147", START_WALL), INBOX_NOTHING);
	/* a list is INBOX_LIST_MAX long at most: it is remembered whole, and some */
	for (uint32_t i = 0; i < INBOX_SEEN_MAX - 1; i++) {
		char id[16];

		snprintf(id, sizeof(id), "x%u", i);
		(void)comes(id, "", "x", START_WALL);
	}
	assert_int_equal(comes("s1", ANNA, "471147", START_WALL), INBOX_NOTHING);
}

static void what_came_before_us_is_old(void **state)
{
	(void)state;
	start();
	assert_int_equal(comes("s1", ANNA, "471147", BEFORE - 1), INBOX_NOTHING);
	assert_int_equal(comes("s2", ANNA, "471147", 0), INBOX_NOTHING);
	/* what the run before us cannot have seen is heard */
	assert_int_equal(comes("s3", ANNA, "471147", BEFORE), INBOX_REPLY);
	assert_int_equal(comes("s7", ANNA, "471147", START_WALL + 1), INBOX_REPLY);
	inbox_looked(&inbox);
	now.ms += 60000;
	/* later what is new is new, whatever the gateway's clock says within reason */
	assert_int_equal(comes("s1", ANNA, "471147", BEFORE - 1), INBOX_NOTHING);
	assert_int_equal(comes("s4", ANNA, "471147", 0), INBOX_REPLY);
	assert_int_equal(comes("s5", ANNA, "471147", START_WALL - 300000), INBOX_REPLY);
	assert_int_equal(comes("s6", ANNA, "471147", START_WALL - 86400000), INBOX_NOTHING);
}

/* a box without a battery clock starts in the past, and its clock is set when the net is there */
static void a_clock_that_is_set_changes_nothing(void **state)
{
	(void)state;
	start();
	wall_ahead = 30 * INT64_C(86400000);
	now.ms += 20000;
	assert_int_equal(comes("s1", ANNA, "471147", BEFORE + wall_ahead - 1), INBOX_NOTHING);
	assert_int_equal(comes("s2", ANNA, "471147", BEFORE + wall_ahead + 1), INBOX_REPLY);
}

static void a_flood_is_counted(void **state)
{
	uint32_t lines = 0;

	(void)state;
	start();
	inbox_looked(&inbox);
	assert_true(inbox_deadline(&inbox).ms == MONO_NEVER.ms);
	for (int i = 0; i < 10000; i++)
		lines += comes("", "+46700000000", "buy", 0) == INBOX_ODD;
	assert_int_equal(lines, INBOX_LINES);
	assert_int_equal(inbox_more(&inbox, now), 0);
	now = inbox_deadline(&inbox);
	assert_int_equal(inbox_more(&inbox, now), 10000 - INBOX_LINES);
	assert_int_equal(inbox_more(&inbox, now), 0);
	assert_true(inbox_deadline(&inbox).ms == MONO_NEVER.ms);
	assert_int_equal(comes("", "", "buy", 0), INBOX_ODD);
	/* and the answer of one who is told is heard among them */
	for (int i = 0; i < 1000; i++)
		(void)comes("", "", "buy", 0);
	assert_int_equal(comes("", ANNA, "471147", 0), INBOX_REPLY);
}

static void a_flood_in_a_contacts_name_is_bounded(void **state)
{
	uint32_t replies = 0;

	(void)state;
	start();
	for (int i = 0; i < 10000; i++) {
		char code[8];

		snprintf(code, sizeof(code), "%d", 100000 + i);
		replies += comes("", ANNA, code, 0) == INBOX_REPLY;
	}
	assert_int_equal(replies, INBOX_REPLIES);
	assert_int_equal(comes("", BO, "471147", 0), INBOX_REPLY);
	now.ms += INBOX_MINUTE_MS;
	assert_int_equal(comes("", ANNA, "471147", 0), INBOX_REPLY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_contacts_code_is_a_reply),
		cmocka_unit_test(nobody_else_is_heard),
		cmocka_unit_test(the_line_has_no_number_and_no_second_line),
		cmocka_unit_test(a_gateways_text_counts_once),
		cmocka_unit_test(what_came_before_us_is_old),
		cmocka_unit_test(a_clock_that_is_set_changes_nothing),
		cmocka_unit_test(a_flood_is_counted),
		cmocka_unit_test(a_flood_in_a_contacts_name_is_bounded),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
