/*
 * test_shopd_office_keys.c: the office signs with other keys. The shop may have been away, the old
 * key may be in somebody else's hands, and the new set may be none of its root's.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sys/stat.h>

#include "shopd_office.h"

static const char *keys_bring(const struct signer *root, const struct signer *key, uint32_t version)
{
	uint8_t keys[KEYS_STATEMENT_MAX];

	return bring(CARRY_STATEMENT, keys, keys_say(root, key, version, keys));
}

/* The office has changed its key while the shop was away: from now on `next` signs. */
static void office_goes_on_with(struct signer *next)
{
	enrol();
	feed_first();
	assert_null(ack(SYNC_TAKEN, 1, 1));
	assert_false(office.sync.want_keys);
	signer_make(next);
	office.key = *next;
}

static void a_stranger_s_feed_has_the_keys_fetched(void **state)
{
	struct sync_change c = {.kind = SYNC_SETTING};
	struct signer next;
	struct entry e;

	(void)state;
	office_goes_on_with(&next);
	memcpy(c.setting.name, "occupancy_max", 14);
	memcpy(c.setting.value, "7", 2);
	assert_refused(feed_one(&c), "not signed by a key");
	until_sync(office.sync.want_keys);
	assert_null(keys_bring(&office.root, &next, 2));
	until_sync(!office.sync.want_keys);
	until(recorded(ENTRY_OFFICE, &e) && e.office.event == OFFICE_KEYS);
	assert_int_equal(e.office.keys_version, 2);
	assert_null(feed_one(&c));
	/* the feed says it too, and that is no news */
	c = (struct sync_change){.kind = SYNC_KEY_SET};
	c.key_set = (struct span){office.keys, keys_say(&office.root, &next, 2, office.keys)};
	assert_null(feed_one(&c));
	until(shell.office->todo.todos == 0);
	assert_false(logged_that("NEW KEYS REFUSED"));
	/* it is pinned */
	caller_leave(&office.control);
	caller_leave(&office.courier);
	bench_restart();
	caller_dial(&office.control, ROLE_CONTROL);
	courier_dial();
	assert_null(ack(SYNC_TAKEN, 1, 1));
}

static void a_stranger_s_answer_has_them_fetched_too(void **state)
{
	struct signer next;

	(void)state;
	office_goes_on_with(&next);
	assert_refused(ack(SYNC_TAKEN, 1, 2), "not signed by a key");
	until_sync(office.sync.want_keys);
	assert_int_equal(office.sync.acked, 1);
	assert_null(keys_bring(&office.root, &next, 2));
	until_sync(!office.sync.want_keys);
	assert_null(ack(SYNC_TAKEN, 1, 2));
}

static void a_set_that_is_not_newer_or_not_the_root_s_changes_nothing(void **state)
{
	struct signer next, other, first = office.key;

	(void)state;
	office_goes_on_with(&next);
	signer_make(&other);
	assert_refused(keys_bring(&office.root, &next, 2), "not asked for");
	for (uint32_t i = 0; i < 3; i++) {
		static const char *const why[] = {"not signed by its root", "version 1 of them",
						  "newest set"};

		assert_refused(ack(SYNC_TAKEN, 1, 2), "not signed by a key");
		until_sync(office.sync.want_keys);
		assert_refused(keys_bring(i == 0 ? &other : &office.root, i == 2 ? &first : &next,
					  i == 0 ? 2 : 1),
			       why[i]);
		until_sync(!office.sync.want_keys);
	}
	assert_int_equal(shell.office->pin.keys.version, 1);
	/* a word that is malformed, or signed badly by a key that we know, asks for none */
	assert_refused(bring(CARRY_STATEMENT, "nonsense", 8), "malformed");
	office.key = first;
	(void)ack(SYNC_TAKEN, 1, 2);
	office.said[office.said_len - 1] ^= 1;
	assert_refused(bring_said(), "not signed by a key");
	courier_nothing_else();
	assert_false(office.sync.want_keys);
}

static void keys_that_were_fetched_wait_for_the_disk(void **state)
{
	struct signer next;
	char path[128];

	(void)state;
	office_goes_on_with(&next);
	assert_refused(ack(SYNC_TAKEN, 1, 2), "not signed by a key");
	bench_path("office.cbor.new", path);
	until(mkdir(path, 0700) == 0);
	assert_refused(keys_bring(&office.root, &next, 2), "could not be written");
	until_sync(office.sync.want_keys);
	assert_int_equal(rmdir(path), 0);
	assert_null(keys_bring(&office.root, &next, 2));
	until_sync(!office.sync.want_keys);
	assert_null(ack(SYNC_TAKEN, 1, 2));
}

/* --- the old key was stolen */

/* A pass for the till, signed by `by`: what is proven of it. */
static enum proof pass_proof(const struct signer *by)
{
	struct claims c = {.is_pass = true, .cti_len = CTI_SIZE_MAX};
	uint8_t payload[TOKEN_SIZE_MAX], head[TOKEN_PROTECTED_SIZE], tbs[TO_BE_SIGNED_MAX];
	uint8_t signature[64], pass[TOKEN_SIZE_MAX];
	struct kid kid = kid_of(&by->key);
	struct token_shown shown;
	uint32_t len;

	memcpy(c.audience, "viken", 6);
	c.iat_s = c.nbf_s = loop_wall().ms / 1000;
	c.exp_s = c.iat_s + 3600;
	memset(c.cti, 7, sizeof(c.cti));
	memset(c.sub.byte, 9, sizeof(c.sub.byte));
	len = token_payload(&c, payload, sizeof(payload));
	assert_true(len > 0);
	token_protected(kid, head);
	assert_int_equal(es256_sign(by->secret, tbs,
				    token_to_be_signed((struct span){head, sizeof(head)},
						       (struct span){payload, len}, tbs),
				    signature),
			 0);
	len = token_assemble(kid, (struct span){payload, len}, signature, pass, sizeof(pass));
	assert_true(len > 0);
	proof_of(&shell, (struct span){pass, len}, NULL, &shown);
	return shown.proof;
}

static void a_key_that_is_named_no_more_is_a_stranger_s(void **state)
{
	struct signer stolen = office.key, next;
	union message m;

	(void)state;
	/* it was told here, before there was an office to belong to */
	message_init(&m, MESSAGE_OFFICE_KEY, 0);
	memcpy(m.member.x, stolen.key.x, 32);
	memcpy(m.member.y, stolen.key.y, 32);
	caller_ask(&office.control, &m, MESSAGE_DONE);
	assert_int_equal(m.done.error, 0);
	assert_int_equal(pass_proof(&stolen), PROOF_GOOD);
	office_goes_on_with(&next);
	assert_int_equal(pass_proof(&stolen), PROOF_GOOD);
	assert_int_equal(pass_proof(&next), PROOF_UNKNOWN_KEY);
	assert_refused(ack(SYNC_TAKEN, 1, 2), "not signed by a key");
	until_sync(office.sync.want_keys);
	assert_null(keys_bring(&office.root, &next, 2));
	assert_int_equal(pass_proof(&next), PROOF_GOOD);
	assert_int_equal(pass_proof(&stolen), PROOF_UNKNOWN_KEY);
	office.key = stolen;
	assert_refused(ack(SYNC_TAKEN, 1, 3), "not signed by a key");
	/* the set that named it is not taken back */
	until_sync(office.sync.want_keys);
	assert_refused(keys_bring(&office.root, &stolen, 1), "version 1 of them, and 2 is pinned");
	assert_int_equal(pass_proof(&stolen), PROOF_UNKNOWN_KEY);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, office_set_up, office_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(a_stranger_s_feed_has_the_keys_fetched),
		TEST(a_stranger_s_answer_has_them_fetched_too),
		TEST(a_set_that_is_not_newer_or_not_the_root_s_changes_nothing),
		TEST(keys_that_were_fetched_wait_for_the_disk),
		TEST(a_key_that_is_named_no_more_is_a_stranger_s),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
