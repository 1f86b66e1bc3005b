/*
 * test_shopd_owner.c: what the owner's page asks of shopd through counterd: how things stand, row
 * by row, and a person's signed word to a door: whose is heard, whose is not, and what is on
 * record.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "shopd_bench.h"

static struct caller control, counter;
static struct person owner, staff, member;

static void role_of(struct person *p, enum role role)
{
	union message m;

	assert_int_equal(shoptoken_key_make(&p->key), 0);
	message_init(&m, MESSAGE_MEMBER_ADD, 0);
	memcpy(m.member.x, p->key.public_key.x, sizeof(m.member.x));
	memcpy(m.member.y, p->key.public_key.y, sizeof(m.member.y));
	m.member.role = role;
	office_done(&control, &m);
	memcpy(p->customer.byte, m.done.customer, sizeof(p->customer.byte));
}

static int set_up(void **state)
{
	(void)state;
	bench_make("clock = rtc\n[sensor milk]\nkind = fridge\nsource = sim\n");
	chip_start();
	bench_start();
	caller_dial(&control, ROLE_CONTROL);
	caller_dial(&counter, ROLE_COUNTER);
	role_of(&owner, ROLE_OWNER);
	role_of(&staff, ROLE_STAFF);
	role_of(&member, ROLE_MEMBER);
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

/* --- a word to a door */

static void word_of(const struct person *p, const char *audience, const char *door,
		    enum door_verb verb, union message *ret)
{
	struct shoptoken_token token;

	token_of(p, audience, &token);
	message_init(ret, MESSAGE_DOOR_ASKED, 0);
	ret->door_asked.verb = verb;
	ret->door_asked.hold_ms = verb == DOOR_VERB_PROP ? 60000 : 0;
	snprintf(ret->door_asked.door, sizeof(ret->door_asked.door), "%s", door);
	ret->door_asked.token_len = (uint16_t)token.len;
	memcpy(ret->door_asked.token, token.byte, token.len);
}

static void done(const struct person *p, enum door_verb verb, enum door_mode mode)
{
	union message m;

	word_of(p, "viken/owner", "front", verb, &m);
	caller_ask(&counter, &m, MESSAGE_DOORS_ARE);
	assert_int_equal(m.doors_are.doors, 1);
	assert_int_equal(m.doors_are.door[0].mode, mode);
}

static void refused(const struct person *p, enum door_verb verb, enum door_refusal why)
{
	union message m;

	word_of(p, "viken/owner", "front", verb, &m);
	caller_ask(&counter, &m, MESSAGE_DONE);
	assert_int_equal(m.done.error, 1);
	assert_int_equal(m.done.number, why);
}

static void token_refused(const struct person *p, const char *audience, enum door_verb verb,
			  enum verdict verdict)
{
	union message m;

	word_of(p, audience, "front", verb, &m);
	caller_ask(&counter, &m, MESSAGE_VERDICT);
	assert_int_equal(m.verdict.verdict, verdict);
}

static void words_are_done(void **state)
{
	(void)state;
	done(&owner, DOOR_VERB_UNLOCK, DOOR_ACCESSED);
	assert_true(logged_that("release by owner-"));
	done(&staff, DOOR_VERB_LOCK, DOOR_LOCKED);
	assert_true(logged_that("lock by staff-"));
	done(&staff, DOOR_VERB_PROP, DOOR_PROPPED);
	done(&owner, DOOR_VERB_NORMAL, DOOR_LOCKED);
	done(&owner, DOOR_VERB_NORMAL, DOOR_LOCKED); /* and so it stays */
}

static void a_lockdown_is_the_owners(void **state)
{
	(void)state;
	refused(&staff, DOOR_VERB_LOCKDOWN, DOOR_FORBIDDEN);
	done(&owner, DOOR_VERB_LOCKDOWN, DOOR_LOCKDOWN);
	done(&owner, DOOR_VERB_LOCKDOWN, DOOR_LOCKDOWN);
	for (enum door_verb v = DOOR_VERB_LOCK; v <= DOOR_VERB_PROP; v++) {
		if (v == DOOR_VERB_LOCKDOWN)
			continue;
		token_refused(&owner, "viken/owner", v, VERDICT_LOCKED_DOWN);
		token_refused(&staff, "viken/owner", v, VERDICT_LOCKED_DOWN);
	}
	refused(&staff, DOOR_VERB_NORMAL, DOOR_FORBIDDEN);
	refused(&staff, DOOR_VERB_LOCKDOWN, DOOR_FORBIDDEN);
	assert_int_equal(shell.shop.door[0].mode, DOOR_LOCKDOWN);
	done(&owner, DOOR_VERB_NORMAL, DOOR_LOCKED);
}

static void whose_word_is_none(void **state)
{
	struct person stranger;
	union message m, again;

	(void)state;
	refused(&member, DOOR_VERB_UNLOCK, DOOR_FORBIDDEN);
	assert_int_equal(shoptoken_key_make(&stranger.key), 0);
	token_refused(&stranger, "viken/owner", DOOR_VERB_UNLOCK, VERDICT_UNKNOWN_KEY);
	token_refused(&owner, "viken/front", DOOR_VERB_UNLOCK, VERDICT_WRONG_AUDIENCE);
	token_refused(&owner, "other/owner", DOOR_VERB_UNLOCK, VERDICT_WRONG_AUDIENCE);
	word_of(&owner, "viken/owner", "back", DOOR_VERB_UNLOCK, &m);
	caller_ask(&counter, &m, MESSAGE_DONE);
	assert_int_equal(m.done.number, DOOR_UNKNOWN);
	assert_int_equal(shell.shop.door[0].mode, DOOR_LOCKED);
	word_of(&owner, "viken/owner", "front", DOOR_VERB_UNLOCK, &m);
	again = m;
	caller_ask(&counter, &m, MESSAGE_DOORS_ARE);
	caller_ask(&counter, &again, MESSAGE_VERDICT);
	assert_int_equal(again.verdict.verdict, VERDICT_REPLAYED);
}

/* --- how things stand */

static uint32_t view(enum view what, enum message_type last, uint32_t *ret_sensors,
		     union message *ret)
{
	uint32_t rows = 0;

	*ret_sensors = 0;
	message_init(ret, MESSAGE_VIEW, ++counter.requests);
	ret->view.what = what;
	caller_say(&counter, ret);
	for (caller_hear(&counter, ret); ret->head.type != last; caller_hear(&counter, ret)) {
		assert_int_equal(ret->head.request, counter.requests);
		*ret_sensors += ret->head.type == MESSAGE_SENSOR_IS;
		rows += ret->head.type == MESSAGE_INSIDE_IS ? ret->inside_is.visits
							    : ret->head.type == MESSAGE_ALARM_IS;
	}
	return rows;
}

static void what_is_seen(void **state)
{
	struct phone phone = {.counter = &counter, .person = &member};
	uint32_t sensors;
	union message m;

	(void)state;
	assert_int_equal(view(VIEW_NOW, MESSAGE_NOW_IS, &sensors, &m), 0);
	assert_int_equal(m.now_is.doors, 1);
	assert_int_equal(m.now_is.enrolled, 0);
	assert_int_equal(m.now_is.contacts, 0);
	phone_asks_in(&phone, &m);
	assert_int_equal(view(VIEW_NOW, MESSAGE_NOW_IS, &sensors, &m), 1);
	assert_int_equal(sensors, 0);
	assert_int_equal(view(VIEW_HEALTH, MESSAGE_NOW_IS, &sensors, &m), 0);
	assert_int_equal(sensors, 1);
	assert_int_equal(view(VIEW_SETTINGS, MESSAGE_SETTINGS_IS, &sensors, &m), 0);
	assert_int_equal(sensors, 1);
	assert_string_equal(m.settings_is.door[0].name, "front");
	assert_int_equal(m.settings_is.members, 3);
	assert_int_equal(m.settings_is.set_by_office, 0);
	until(shell.shop.door[0].contact.known);
	assert_int_equal(chip_hand(HAND_FORCE), SIM_OK);
	until(view(VIEW_HEALTH, MESSAGE_NOW_IS, &sensors, &m) == 1);
	assert_int_equal(m.now_is.alarms_open, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(words_are_done),
		TEST(a_lockdown_is_the_owners),
		TEST(whose_word_is_none),
		TEST(what_is_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
