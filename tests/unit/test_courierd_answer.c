/* test_courierd_answer.c: what each answer of an office is to each lane. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "courierd/answer.h"

static struct office_answer read_it(enum lane lane, long status, const char *type, const char *body)
{
	struct http_answer a = {
		.status = status, .whole = true, .trouble = "", .retry_after_s = -1};
	struct office_answer ret;

	snprintf(a.content_type, sizeof(a.content_type), "%s", type);
	a.body = (struct span){(const uint8_t *)body, (uint32_t)strlen(body)};
	answer_read(lane, &a, &ret);
	return ret;
}

#define COSE	"application/cose"
#define PROBLEM "application/problem+json"

static void what_each_lane_takes(void **state)
{
	static const struct {
		enum lane lane;
		long status;
		const char *type;
		enum went went;
	} of[] = {
		{LANE_ENTRIES, 200, COSE, WENT_SAID},
		{LANE_ENTRIES, 200, "Application/COSE; x=1", WENT_SAID},
		{LANE_ENTRIES, 409, COSE, WENT_SAID},
		{LANE_ENTRIES, 409, PROBLEM, WENT_ODD},
		{LANE_ENTRIES, 204, "", WENT_ODD},
		{LANE_ENTRIES, 200, "application/cosecant", WENT_ODD},
		{LANE_ENTRIES, 413, PROBLEM, WENT_ODD},
		{LANE_ENTRIES, 307, "", WENT_ODD},
		{LANE_ENTRIES, 503, PROBLEM, WENT_BUSY},
		{LANE_ENTRIES, 429, PROBLEM, WENT_BUSY},
		{LANE_ENTRIES, 502, "text/html", WENT_BUSY},
		{LANE_ENTRIES, 401, PROBLEM, WENT_REFUSED},
		{LANE_ENTRIES, 403, PROBLEM, WENT_REFUSED},
		{LANE_ENTRIES, 0, "", WENT_LOST},
		{LANE_FEED, 200, COSE, WENT_SAID},
		{LANE_FEED, 204, "", WENT_WELL},
		{LANE_FEED, 409, PROBLEM, WENT_REFETCH},
		{LANE_FEED, 410, PROBLEM, WENT_REFETCH},
		{LANE_FEED, 404, PROBLEM, WENT_ODD},
		{LANE_TAIL, 200, "application/cbor-seq", WENT_SAID},
		{LANE_TAIL, 200, COSE, WENT_ODD},
		{LANE_PULSE, 204, "", WENT_WELL},
		{LANE_PULSE_TOO, 200, "", WENT_WELL},
		{LANE_EPOCH, 200, COSE, WENT_SAID},
		{LANE_EPOCH, 409, PROBLEM, WENT_REFUSED},
		{LANE_TIME, 200, COSE, WENT_SAID},
		{LANE_KEYS, 200, COSE, WENT_SAID},
		{LANE_KEYS, 404, PROBLEM, WENT_ODD},
		{LANE_ENROL, 200, COSE, WENT_SAID},
		{LANE_ENROL, 404, PROBLEM, WENT_REFUSED},
		{LANE_ENROL, 409, PROBLEM, WENT_REFUSED},
		{LANE_ENROL, 422, PROBLEM, WENT_REFUSED},
		{LANE_ENROL, 429, PROBLEM, WENT_BUSY},
		{LANE_ENROL, 302, "", WENT_ODD},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(of); i++)
		if (read_it(of[i].lane, of[i].status, of[i].type, "").went != of[i].went)
			fail_msg("%s: %ld %s", lane_word(of[i].lane), of[i].status, of[i].type);
}

static void an_answer_that_was_cut_off_is_lost(void **state)
{
	struct http_answer a = {.status = 200, .whole = false, .trouble = "cut off"};
	struct office_answer ret;

	(void)state;
	snprintf(a.content_type, sizeof(a.content_type), COSE);
	answer_read(LANE_ENTRIES, &a, &ret);
	assert_int_equal(ret.went, WENT_LOST);
	assert_string_equal(ret.why, "cut off");
}

static void nonces(void **state)
{
	static const char *const bad[] = {
		"{\"code\":\"unauthorized\",\"nonce\":\"000102030405060708090a0b0c0d0e0f\"}",
		"{\"code\":\"stale\",\"nonce\":\"00\"}",
		"{\"code\":\"stale\",\"nonce\":17}",
		"{\"code\":\"stale\",\"nonce\":\"zz0102030405060708090a0b0c0d0e0f\"}",
		"{\"code\":\"stale\"}",
		"[\"stale\"]",
		"\"stale\"",
		"{",
		"",
	};
	struct office_answer good =
		read_it(LANE_FEED, 401, PROBLEM,
			"{\"code\":\"stale\",\"nonce\":\"000102030405060708090A0b0c0d0e0f\"}");

	(void)state;
	assert_true(good.doubts_clock);
	assert_int_equal(good.nonce[10], 10);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_false(read_it(LANE_FEED, 401, PROBLEM, bad[i]).doubts_clock);
	assert_false(read_it(LANE_FEED, 401, "text/html",
			     "{\"code\":\"stale\",\"nonce\":\"000102030405060708090a0b0c0d0e0f\"}")
			     .doubts_clock);
}

static void words_for_people_are_cut_and_cleaned(void **state)
{
	char body[1200] = "{\"detail\":\"a";
	struct office_answer a =
		read_it(LANE_ENROL, 403, PROBLEM, "{\"detail\":\"no\\u001b[31m\\n\\u007fmore\"}");

	(void)state;
	assert_string_equal(a.why, "no [31m  more");
	assert_string_equal(read_it(LANE_ENROL, 403, PROBLEM, "{}").why, "the office answers 403");
	for (size_t len = strlen(body), i = 0; i < 300; i++, len += 2)
		memcpy(body + len, "\xc3\xa5\"}", 5);
	a = read_it(LANE_ENROL, 403, PROBLEM, body);
	assert_int_equal(strlen(a.why), 199); /* "a" and whole letters */
	assert_int_equal((unsigned char)a.why[198], 0xa5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_each_lane_takes),
		cmocka_unit_test(an_answer_that_was_cut_off_is_lost),
		cmocka_unit_test(nonces),
		cmocka_unit_test(words_for_people_are_cut_and_cleaned),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
