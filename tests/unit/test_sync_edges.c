/*
 * test_sync_edges.c: what shop and office say to each other, where vectors do not reach: what a
 * writer will not write, what is too large, and what people make of a code that they were told.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/cbor.h"
#include "core/catalog.h"
#include "wire/sync.h"

static void the_hash_is_the_last(void **state)
{
	uint8_t bytes[40] = {0x58, 0x20};
	struct span s = {bytes, 35};
	struct sha256 hash;

	(void)state;
	assert_false(sync_hash_take(&s, &hash)); /* something follows */
	s.len = 33;
	assert_false(sync_hash_take(&s, &hash));
	s.len = 34;
	assert_true(sync_hash_take(&s, &hash));
	assert_int_equal(s.len, 0);
	bytes[1] = 0x1f;
	s = (struct span){bytes, 33};
	assert_false(sync_hash_take(&s, &hash));
}

/* --- what a writer will not write */

#define NOT_WRITTEN(put, ...)                                                                      \
	do {                                                                                       \
		uint8_t room[2048];                                                                \
		struct builder b = builder_of(room, sizeof(room));                                 \
                                                                                                   \
		put(&b, __VA_ARGS__);                                                              \
		assert_true(b.failed);                                                             \
	} while (0)

static void nothing_bad_is_written(void **state)
{
	struct sync_change c = {.kind = SYNC_MEMBER, .member.role = ROLES};
	struct sync_head h = {.shop = "viken"};
	struct sync_keys k = {.version = 1, .keys = SYNC_KEYS_MAX + 1};
	struct sync_feed f = {.shop = "viken", .from = 2, .to = 1};
	struct sync_time t = {.at = {-1}};
	struct sync_heartbeat beat = {.doors = DOORS_MAX + 1};
	struct sync_enrol e = {.code = ""};
	struct sync_epoch epoch = {.seq = UINT64_MAX};
	struct sync_entry entry = {.seq = 0};

	(void)state;
	NOT_WRITTEN(sync_change_put, &c);
	c = (struct sync_change){.kind = (enum sync_change_kind)16};
	NOT_WRITTEN(sync_change_put, &c);
	c = (struct sync_change){.kind = SYNC_SETTING, .setting.name = "a"};
	memset(c.setting.value, 'v', sizeof(c.setting.value));
	NOT_WRITTEN(sync_change_put, &c);
	c = (struct sync_change){.kind = SYNC_ARTICLE, .article = {.gtin = {1}, .name = "\xc3"}};
	NOT_WRITTEN(sync_change_put, &c);
	memset(h.shop, 'a', sizeof(h.shop));
	NOT_WRITTEN(sync_head_put, SAID_ACK, &h);
	h = (struct sync_head){.shop = "viken", .answer = (enum sync_answer)SYNC_ANSWERS};
	NOT_WRITTEN(sync_head_put, SAID_ACK, &h);
	h = (struct sync_head){.shop = "viken"}; /* no keys */
	NOT_WRITTEN(sync_head_put, SAID_ENROLLED, &h);
	NOT_WRITTEN(sync_keys_put, &k);
	NOT_WRITTEN(sync_feed_put, &f);
	NOT_WRITTEN(sync_time_put, &t);
	NOT_WRITTEN(sync_heartbeat_put, &beat);
	NOT_WRITTEN(sync_enrol_put, &e);
	NOT_WRITTEN(sync_epoch_put, &epoch);
	NOT_WRITTEN(sync_entry_put, &entry);
	entry = (struct sync_entry){.seq = 1, .erased = true, .body = {(const uint8_t *)"x", 1}};
	NOT_WRITTEN(sync_entry_put, &entry);
}

/* The flags of this floor are the core's. */
static void every_flag_of_a_member(void **state)
{
	struct sync_change c = {.kind = SYNC_MEMBER};
	uint8_t room[64];
	struct builder b = builder_of(room, sizeof(room));

	(void)state;
	c.member.flags = MEMBER_BLOCKED | MEMBER_OVERDUE | MEMBER_EXTENDED | MEMBER_LIMITED;
	sync_change_put(&b, &c);
	assert_false(b.failed);
}

/* A feed of as many and as large changes as can be is past its bytes; one less than that is not. */
static void a_feed_is_bounded(void **state)
{
	static uint8_t bytes[2 * SYNC_FEED_MAX], set[SYNC_KEY_SET_SIZE_MAX];
	struct sync_change c = {.kind = SYNC_KEY_SET, .key_set = {set, sizeof(set)}};
	struct sync_feed f = {.shop = "viken", .epoch = 1, .to = 1}, back;

	(void)state;
	for (f.changes = 968; f.changes <= SYNC_CHANGES_MAX; f.changes++) {
		struct builder b = builder_of(bytes, sizeof(bytes));

		sync_feed_put(&b, &f);
		for (uint32_t i = 0; i < f.changes; i++)
			sync_change_put(&b, &c);
		assert_false(b.failed);
		assert_int_equal(sync_feed_take((struct span){bytes, b.len}, &back),
				 b.len <= SYNC_FEED_MAX);
	}
}

static void the_largest_heartbeat_fits(void **state)
{
	struct sync_heartbeat h = {.epoch = UINT32_MAX,
				   .head_seq = INT64_MAX,
				   .acked_seq = INT64_MAX,
				   .feed = INT64_MAX,
				   .at = {INT64_MIN},
				   .up_ms = INT64_MAX,
				   .visits_open = UINT32_MAX,
				   .alarms_open = UINT32_MAX,
				   .doors = DOORS_MAX};
	uint8_t bytes[SYNC_HEARTBEAT_MAX];
	struct builder b = builder_of(bytes, sizeof(bytes));

	(void)state;
	for (uint32_t i = 0; i < DOORS_MAX; i++)
		memset(h.door[i].name, 'd', PLACE_MAX_LEN);
	memset(h.version, 'v', VERSION_TEXT_MAX);
	sync_heartbeat_put(&b, &h);
	assert_false(b.failed);
	assert_true(sync_heartbeat_take((struct span){bytes, b.len}, &h));
}

/* --- words and codes */

static void words(void **state)
{
	enum command_verb verb;

	(void)state;
	assert_string_equal(sync_answer_word(SYNC_EPOCH_OLD), "epoch_old");
	for (int i = VERB_RELEASE; i <= VERB_LAST; i++) {
		assert_true(command_verb_parse(command_verb_word((enum command_verb)i), &verb));
		assert_int_equal(verb, i);
	}
	assert_false(command_verb_parse("none", &verb));
	assert_false(command_verb_parse("", &verb));
	assert_string_equal(command_outcome_word(COMMAND_EXPIRED), "expired");
}

static bool parses(const char *text, struct claim_code *ret)
{
	return claim_code_parse(text, (uint32_t)strlen(text), ret);
}

/* What people make of a code that they were told. */
static void claim_codes_by_ear(void **state)
{
	static const char *const same[] = {
		"VIKEN-0123-4567-89AB-CDEF-GHJK-1110", "viken-0123-4567-89ab-cdef-ghjk-1110",
		"viken-o123-4567-89ab-cdef-ghjk-lIiO", "viken-0123456789abcdefghjk1110",
		"VIKEN-0123-456789AB-CDEFGHJK-1110",
	};
	static const char *const none[] = {
		"",
		"VIKEN",
		"VIKEN-0123-4567-89AB-CDEF-GHJK-111",		   /* a letter short */
		"VIKEN-0123-4567-89AB-CDEF-GHJK-111U",		   /* no such letter */
		"VIKEN-0123-4567-89AB-CDEF-GHJK--1110",		   /* two hyphens */
		"VIKEN-0123-4567-89AB-CDEF-GHJ-K1110",		   /* a hyphen within */
		"VIKEN-0123-4567-89AB-CDEF-GHJK-1110-",		   /* at the end */
		"VIKEN-0123-4567-89AB-CDEF-GHJK-1110 ",		   /* a space */
		"-0123-4567-89AB-CDEF-GHJK-1110",		   /* of no shop */
		"0123-4567-89AB-CDEF-GHJK-1110",		   /* of no shop */
		"VI KEN-0123-4567-89AB-CDEF-GHJK-1110",		   /* no shop's name */
		"VIKEN_-0123-4567-89AB-CDEF-GHJK-1110",		   /* no shop's name */
		"ABCDEFGHIJKLMNOPQ-0123-4567-89AB-CDEF-GHJK-1110", /* longer than any */
	};
	struct claim_code first, c;

	(void)state;
	assert_true(parses(same[0], &first));
	for (size_t i = 1; i < ARRAY_LEN(same); i++) {
		assert_true(parses(same[i], &c));
		assert_memory_equal(&c, &first, sizeof(c));
	}
	for (size_t i = 0; i < ARRAY_LEN(none); i++)
		if (parses(none[i], &c))
			fail_msg("%s is taken", none[i]);
	assert_false(claim_code_parse("VIKEN\0-123-4567-89AB-CDEF-GHJK-1110", 34, &c));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_hash_is_the_last),
		cmocka_unit_test(nothing_bad_is_written),
		cmocka_unit_test(every_flag_of_a_member),
		cmocka_unit_test(a_feed_is_bounded),
		cmocka_unit_test(the_largest_heartbeat_fits),
		cmocka_unit_test(words),
		cmocka_unit_test(claim_codes_by_ear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
