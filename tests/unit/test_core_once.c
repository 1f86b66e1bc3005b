/* test_core_once.c: inputs without bounces, ids and nonces that are used once, opening hours: the
 * small machines of the core, each by itself. */
#include "core/admission.h"
#include "core/input.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define AT(ms) ((struct mono){ms})

static void a_first_level_is_believed(void **state)
{
	struct input in = {0};

	(void)state;
	assert_int_equal(input_read(&in, AT(100), true, false, 30), INPUT_FOUND);
	assert_true(in.level);
	assert_int_equal(input_read(&in, AT(200), true, false, 30), INPUT_NOTHING);
	assert_int_equal(input_deadline(&in, 30).ms, MONO_NEVER.ms);
}

static void a_level_has_to_stand(void **state)
{
	struct input in = {0};

	(void)state;
	input_read(&in, AT(0), false, false, 30);
	assert_int_equal(input_read(&in, AT(100), true, false, 30), INPUT_NOTHING);
	assert_int_equal(input_deadline(&in, 30).ms, 130);
	assert_int_equal(input_settle(&in, AT(129), 30), INPUT_NOTHING);
	assert_int_equal(input_settle(&in, AT(130), 30), INPUT_CHANGED);
	assert_true(in.level);
	assert_int_equal(in.edge.ms, 100);
	/* there and back within the time: nothing was ever the matter */
	assert_int_equal(input_read(&in, AT(200), false, false, 30), INPUT_NOTHING);
	assert_int_equal(input_read(&in, AT(210), true, false, 30), INPUT_NOTHING);
	assert_int_equal(input_settle(&in, AT(240), 30), INPUT_NOTHING);
	assert_int_equal(input_deadline(&in, 30).ms, MONO_NEVER.ms);
}

static void a_restless_line_is_true(void **state)
{
	struct input in = {0};
	enum input_news news = INPUT_NOTHING;
	int64_t ms = 1000;

	(void)state;
	input_read(&in, AT(0), false, false, 30);
	for (bool level = true; news == INPUT_NOTHING && ms < 2000; ms += 20, level = !level)
		news = input_read(&in, AT(ms), level, false, 30);
	assert_int_equal(news, INPUT_CHANGED);
	assert_true(in.level);
	assert_in_range(ms, 1300, 1320);
	/* and once only, until it comes to rest */
	assert_int_equal(input_settle(&in, AT(ms), 30), INPUT_NOTHING);
	in.raw = false;
	assert_int_equal(input_settle(&in, AT(ms + 100), 30), INPUT_CHANGED);
	assert_false(in.level);
}

static void a_lost_line_is_told_once(void **state)
{
	struct input in = {0};

	(void)state;
	input_read(&in, AT(0), true, false, 30);
	assert_int_equal(input_read(&in, AT(10), false, true, 30), INPUT_LOST);
	assert_int_equal(input_read(&in, AT(20), true, true, 30), INPUT_NOTHING);
	assert_int_equal(input_read(&in, AT(30), false, false, 30), INPUT_FOUND);
	assert_false(in.level);
}

static struct fresh_token token(uint32_t n, int64_t iat_s, int64_t exp_s)
{
	struct fresh_token t = {.cti_len = 8, .iat_s = iat_s, .exp_s = exp_s};

	memcpy(t.cti, &n, sizeof(n));
	return t;
}

static bool used(const struct fresh *f, uint32_t n)
{
	struct fresh_token t = token(n, 0, 0);

	return fresh_used(f, t.kid, t.cti, t.cti_len);
}

static void an_id_is_used_by_its_key_only(void **state)
{
	static struct fresh f;
	struct fresh_token t = token(7, 1000, 1060);
	struct kid other = {{1}};

	(void)state;
	fresh_init(&f);
	fresh_add(&f, &t, 1000);
	assert_true(used(&f, 7));
	assert_false(used(&f, 8));
	assert_false(fresh_used(&f, other, t.cti, t.cti_len));
	assert_false(fresh_used(&f, t.kid, t.cti, 9));
}

static void expired_ids_make_room_and_stay_used_if_the_clock_goes_back(void **state)
{
	static struct fresh f;
	struct fresh_token old = token(1, 1000, 1060), new = token(2, 1100, 1160);

	(void)state;
	fresh_init(&f);
	fresh_add(&f, &old, 1000);
	assert_false(fresh_predates(&f, 1000, 1000));
	fresh_add(&f, &new, 1100);
	assert_int_equal(f.count, 1);
	assert_false(used(&f, 1));
	assert_false(fresh_predates(&f, 1000, 1100)); /* expired by itself */
	assert_true(fresh_predates(&f, 1000, 1059));  /* the clock went back */
	assert_false(fresh_predates(&f, 1001, 1059)); /* another one, never used */
}

static void a_full_table_forgets_the_oldest_and_everything_before_it(void **state)
{
	static struct fresh f;
	struct fresh_token t;

	(void)state;
	fresh_init(&f);
	for (uint32_t i = 0; i < FRESH_TOKENS_MAX; i++) {
		t = token(i, 1000 + i, 100000);
		fresh_add(&f, &t, 1000);
	}
	assert_int_equal(f.iat_floor, -1);
	t = token(FRESH_TOKENS_MAX, 5, 100000);
	fresh_add(&f, &t, 1000);
	assert_int_equal(f.count, FRESH_TOKENS_MAX);
	assert_false(used(&f, 0));
	assert_true(fresh_predates(&f, 1000, 1000));
	assert_false(fresh_predates(&f, 1001, 1000));
	assert_true(used(&f, 1));
	/* every id ever added is either remembered or too old to be judged */
	for (uint32_t i = 0; i < FRESH_TOKENS_MAX; i++)
		assert_true(used(&f, i) || fresh_predates(&f, 1000 + i, 1000));
}

static void a_nonce_lives_for_a_minute(void **state)
{
	struct nonces n = {0};
	uint8_t a[NONCE_SIZE] = {1};

	(void)state;
	nonces_give(&n, a, AT(5000));
	assert_non_null(nonces_find(&n, a, AT(65000)));
	assert_null(nonces_find(&n, a, AT(65001)));
	for (uint8_t i = 2; i < 2 + NONCES_MAX; i++) {
		a[0] = i;
		nonces_give(&n, a, AT(5000 + i));
	}
	a[0] = 1;
	assert_null(nonces_find(&n, a, AT(5000))); /* it made room */
	a[0] = 2;
	assert_non_null(nonces_find(&n, a, AT(5010)));
	nonces_find(&n, a, AT(5010))->live = false;
	assert_null(nonces_find(&n, a, AT(5010)));
}

static void hours_of_a_week(void **state)
{
	struct hours h[7] = {{480, 1320}, {0, 0}, {1320, 120}, {480, 1320},
			     {0, 1440},	  {0, 0}, {1200, 60}};

	(void)state;
	assert_true(hours_open(h, 0)); /* Sunday's night */
	assert_false(hours_open(h, 60));
	assert_false(hours_open(h, 479));
	assert_true(hours_open(h, 480));
	assert_true(hours_open(h, 1319));
	assert_false(hours_open(h, 1320));
	for (uint16_t m = 1440; m < 2 * 1440 + 1320; m++)
		assert_false(hours_open(h, m)); /* Tuesday is shut, Wednesday begins late */
	assert_true(hours_open(h, 2 * 1440 + 1320));
	assert_true(hours_open(h, 3 * 1440 + 119));
	assert_false(hours_open(h, 3 * 1440 + 120));
	for (uint16_t m = 4 * 1440; m < 5 * 1440; m++)
		assert_true(hours_open(h, m)); /* Friday: all day */
	assert_false(hours_open(h, 5 * 1440));
	assert_true(hours_open(h, 7 * 1440 - 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_first_level_is_believed),
		cmocka_unit_test(a_level_has_to_stand),
		cmocka_unit_test(a_restless_line_is_true),
		cmocka_unit_test(a_lost_line_is_told_once),
		cmocka_unit_test(an_id_is_used_by_its_key_only),
		cmocka_unit_test(expired_ids_make_room_and_stay_used_if_the_clock_goes_back),
		cmocka_unit_test(a_full_table_forgets_the_oldest_and_everything_before_it),
		cmocka_unit_test(a_nonce_lives_for_a_minute),
		cmocka_unit_test(hours_of_a_week),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
