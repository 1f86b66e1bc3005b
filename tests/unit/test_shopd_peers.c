/*
 * test_shopd_peers.c: those on the sockets who are broken or taken over. Whatever they do, the door
 * is served, and who behaves is answered.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "shopd_bench.h"

static struct caller control, counter;
static struct person anna;

static int set_up(void **state)
{
	const struct price price = {.article = 1, .minor = 100};

	(void)state;
	bench_make("clock = rtc\n");
	chip_start();
	bench_start();
	caller_dial(&control, ROLE_CONTROL);
	caller_dial(&counter, ROLE_COUNTER);
	prices_set(&control, &price, 1);
	member_add(&control, &anna, 0, 0);
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

/* The door admits, opens, shuts; the test's other callers must not be in its way. */
static void door_works(void)
{
	struct shoptoken_token token;
	union message m;

	token_of(&anna, "viken/front", &token);
	token_message(MESSAGE_UNLOCK, "front", &token, &m);
	caller_ask(&counter, &m, MESSAGE_VERDICT);
	assert_int_equal(m.verdict.verdict, VERDICT_ADMITTED);
	log_forget();
	until(chip_hand(HAND_OPEN) == SIM_OK);
	until(logged_that("front: opened"));
	assert_int_equal(chip_hand(HAND_CLOSE), SIM_OK);
	until(logged_that("front: closed"));
}

static bool hung_up(const struct caller *c)
{
	union message m;
	ssize_t n = recv(c->fd, &m, sizeof(m), MSG_DONTWAIT);

	return n == 0 || (n < 0 && errno == ECONNRESET);
}

/* --- */

static void unknown_door(void **state)
{
	const char *const name[] = {"back", "till", "owner", "fron", "frontt"};
	struct shoptoken_token token;
	union message m;

	(void)state;
	token_of(&anna, "viken/front", &token);
	for (uint32_t i = 0; i < ARRAY_LEN(name); i++) {
		token_message(MESSAGE_UNLOCK, name[i], &token, &m);
		snprintf(m.token.door, sizeof(m.token.door), "%s", name[i]);
		caller_ask(&counter, &m, MESSAGE_VERDICT);
		assert_int_equal(m.verdict.verdict, VERDICT_WRONG_AUDIENCE);
	}
	door_works(); /* and the token was not used up */
	token_message(MESSAGE_UNLOCK, "front", &token, &m);
	caller_ask(&counter, &m, MESSAGE_VERDICT);
	assert_int_equal(m.verdict.verdict, VERDICT_ADMITTED);
}

/* Sends one more; when its socket is full the shell gets a turn. Answers heard on the way. */
static uint32_t flood_more(struct caller *flooder, const union message *m)
{
	uint32_t answered = 0;
	union message answer;

	while (send(flooder->fd, m, message_size(m->head.type), MSG_DONTWAIT) < 0) {
		turn();
		while (caller_took(flooder, &answer)) {
			assert_int_equal(answer.verdict.verdict, VERDICT_BAD_SIGNATURE);
			answered++;
		}
	}
	return answered;
}

/* 1,000 tokens in one go, each of which costs a verification; the contact is read in between, and
 * never waits for more than the burst that is under way. The openings are by the handle: on a slow
 * machine the flood takes longer than a late REX has, and without one the door would be forced.
 */
static void flood(void **state)
{
	enum {
		TOKENS = 1000,
		BURST = 64
	};
	const struct input *contact = &shell.shop.door[0].contact;
	struct shoptoken_token token;
	struct caller flooder;
	uint32_t answered = 0;
	uint64_t refused;
	union message m;

	(void)state;
	until(contact->known);
	caller_dial(&flooder, ROLE_COUNTER);
	token_of(&anna, "viken/front", &token);
	token.byte[token.len - 1] ^= 1;
	token_message(MESSAGE_UNLOCK, "front", &token, &m);
	for (uint32_t i = 0; i < TOKENS; i++) {
		answered += flood_more(&flooder, &m);
		if (i % 100 != 50)
			continue;
		assert_int_equal(chip_hand(i % 200 == 50 ? HAND_EXIT : HAND_CLOSE), SIM_OK);
		refused = shell.counts.refusals;
		until(contact->raw == (i % 200 == 50));
		assert_true(shell.counts.refusals - refused <= BURST);
	}
	while (answered < TOKENS) {
		caller_hear(&flooder, &m);
		assert_int_equal(m.verdict.verdict, VERDICT_BAD_SIGNATURE);
		answered++;
	}
	assert_int_equal(shell.counts.refusals, TOKENS);
	/* refusals are counted, not written one by one */
	assert_true(shell.counts.entries < 100);
	caller_leave(&flooder);
	until(!contact->pending && !contact->level && shell.shop.door[0].alarm == DOOR_NORMAL);
	door_works();
}

/* It asks and asks, and never reads an answer. */
static void deaf(void **state)
{
	struct caller peer;
	union message m;
	ssize_t n;

	(void)state;
	caller_dial(&peer, ROLE_COUNTER);
	log_forget();
	message_init(&m, MESSAGE_STATUS, 1);
	for (uint32_t i = 0; i < 100000 && !logged_that("counterd is gone"); i++) {
		n = send(peer.fd, &m, message_size(MESSAGE_STATUS), MSG_DONTWAIT | MSG_NOSIGNAL);
		if (n < 0)
			turn();
	}
	until(logged_that("counterd is gone"));
	assert_int_equal(listener_peers(shell.counter), 1);
	caller_leave(&peer);
	door_works();
}

/* As many answers as may wait for the disk, for one that does not read them. */
static void deaf_to_money(void **state)
{
	struct caller peer;
	struct phone phone;
	union message m;
	char key[16];

	(void)state;
	caller_dial(&peer, ROLE_COUNTER);
	phone_enters(&phone, &peer, &anna);
	disk_stalls();
	for (uint32_t i = 0; i < 1200; i++) {
		snprintf(key, sizeof(key), "k%u", i % 800);
		line_message(&phone, MESSAGE_LINE_PUT, key, 1, 1000, &m);
		caller_say(&peer, &m);
	}
	caller_heard_nothing(&counter);
	disk_goes_on();
	until(shell.ticket == shell.committed);
	caller_heard_nothing(&counter);
	caller_leave(&peer);
	/* what it was not told stands nevertheless */
	phone.counter = &counter;
	assert_int_equal(phone_puts(&phone, "k799", 1, 1000, NULL), ANSWER_REPEATED);
	door_works();
}

static void wrong_words(void **state)
{
	const enum message_type type[] = {MESSAGE_COMMAND, MESSAGE_MEMBER_ADD, MESSAGE_VERDICT,
					  MESSAGE_HELLO, MESSAGE_NOTIFIED};
	struct caller peer;
	union message m;

	(void)state;
	for (uint32_t i = 0; i < ARRAY_LEN(type); i++) {
		caller_dial(&peer, ROLE_COUNTER);
		message_init(&m, type[i], 1);
		caller_say(&peer, &m);
		until(recv(peer.fd, &m, sizeof(m), MSG_DONTWAIT) > 0);
		assert_int_equal(m.head.type, MESSAGE_BYE);
		until(hung_up(&peer));
		caller_leave(&peer);
	}
	caller_dial(&peer, ROLE_COUNTER);
	message_init(&m, MESSAGE_UNLOCK, 1);
	m.token.token_len = TOKEN_SIZE_MAX + 1;
	caller_say(&peer, &m);
	until(recv(peer.fd, &m, sizeof(m), MSG_DONTWAIT) > 0);
	assert_int_equal(m.head.type, MESSAGE_BYE);
	caller_leave(&peer);
	assert_int_equal(shell.shop.door[0].mode, DOOR_LOCKED);
	door_works();
}

/* More command lines than there are places, and changes than are queued: told so, and served. */
static void crowd(void **state)
{
	struct caller caller[PEERS_MAX];
	struct shoptoken_key key;
	union message m;
	uint32_t busy = 0, done = 0;

	(void)state;
	assert_int_equal(shoptoken_key_make(&key), 0);
	for (uint32_t i = 0; i < PEERS_MAX - 1; i++)
		caller_dial(&caller[i], ROLE_CONTROL);
	caller_connect(&caller[PEERS_MAX - 1], "control.sock");
	until(recv(caller[PEERS_MAX - 1].fd, &m, sizeof(m), MSG_DONTWAIT) > 0);
	assert_int_equal(m.head.type, MESSAGE_BYE);
	caller_leave(&caller[PEERS_MAX - 1]);
	message_init(&m, MESSAGE_MEMBER_ADD, 1);
	memcpy(m.member.x, key.public_key.x, sizeof(m.member.x));
	memcpy(m.member.y, key.public_key.y, sizeof(m.member.y));
	for (uint32_t round = 0; round < 40; round++)
		caller_say(&caller[0], &m);
	while (busy + done < 40) {
		caller_hear(&caller[0], &m);
		assert_int_equal(m.head.type, MESSAGE_DONE);
		if (m.done.error)
			assert_non_null(strstr(m.done.text, "busy"));
		busy += m.done.error;
		done += !m.done.error;
	}
	assert_true(done >= 16);
	assert_int_equal(shell.roster->members, 2);
	for (uint32_t i = 0; i < PEERS_MAX - 1; i++)
		caller_leave(&caller[i]);
	door_works();
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		T(unknown_door), T(flood), T(deaf), T(deaf_to_money), T(wrong_words), T(crowd),
	};

	return cmocka_run_group_tests_name("shopd_peers", tests, NULL, NULL);
}
