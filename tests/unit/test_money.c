/* test_money.c: arithmetic on minor units that cannot overflow unseen (design 4). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/money.h"

#define KEPT 4711 /* what an untouched result still holds */

static void adds_and_subtracts(void **state)
{
	static const struct {
		int64_t a, b, sum;
		bool fits;
	} cases[] = {
		{1250, 250, 1500, true},
		{-1250, 250, -1000, true},
		{0, 0, 0, true},
		{INT64_MAX, 0, INT64_MAX, true},
		{INT64_MAX, 1, 0, false},
		{INT64_MIN, -1, 0, false},
		{INT64_MIN, INT64_MAX, -1, true},
		{INT64_MAX - 5, 5, INT64_MAX, true},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct money got = money_of(KEPT);
		bool fits = money_add(money_of(cases[i].a), money_of(cases[i].b), &got);

		assert_int_equal(fits, cases[i].fits);
		assert_true(money_minor(got) == (fits ? cases[i].sum : KEPT));
		if (fits) { /* and back */
			assert_true(money_sub(got, money_of(cases[i].b), &got));
			assert_true(money_minor(got) == cases[i].a);
		}
	}
}

static void subtraction_at_the_edges(void **state)
{
	struct money got = money_of(KEPT);

	(void)state;
	assert_false(money_sub(money_of(INT64_MIN), money_of(1), &got));
	assert_false(money_sub(money_of(0), money_of(INT64_MIN), &got));
	assert_false(money_sub(money_of(INT64_MAX), money_of(-1), &got));
	assert_true(money_minor(got) == KEPT);
	assert_true(money_sub(money_of(-1), money_of(INT64_MIN), &got));
	assert_true(money_minor(got) == INT64_MAX);
	assert_true(money_sub(money_of(5), money_of(5), &got));
	assert_true(money_minor(got) == 0);
}

/* Quantities are thousandths; a result half way between two öre goes away from zero. */
static void price_times_quantity(void **state)
{
	static const struct {
		int64_t unit, quantity_milli, total;
	} cases[] = {
		{1250, 1000, 1250},
		{1250, 3000, 3750},
		{1990, 500, 995},
		{1, 499, 0},
		{1, 500, 1},
		{1, 1499, 1},
		{1, 1500, 2},
		{-1, 499, 0},
		{-1, 500, -1},
		{-1, 1500, -2},
		{1, -500, -1},
		{-1, -500, 1},
		{1995, 333, 664},
		{12990, 1234, 16030},
		{0, 999000, 0},
		{1250, 0, 0},
		{10000000000, 999000, 9990000000000},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct money got = money_of(KEPT);

		assert_true(money_times(money_of(cases[i].unit), cases[i].quantity_milli, &got));
		assert_true(money_minor(got) == cases[i].total);
	}
}

static void products_that_do_not_fit(void **state)
{
	struct money got = money_of(KEPT);

	(void)state;
	assert_false(money_times(money_of(INT64_MAX), 2, &got));
	assert_false(money_times(money_of(INT64_MIN), -1, &got));
	assert_false(money_times(money_of(INT64_MAX), 1, &got)); /* the rounding half */
	assert_false(money_times(money_of(INT64_MIN), 1, &got));
	assert_false(money_times(money_of(INT64_MAX / 1000), 1001, &got));
	assert_true(money_minor(got) == KEPT);
	assert_true(money_times(money_of(INT64_MAX - 500), 1, &got));
	assert_true(money_minor(got) == INT64_MAX / 1000);
	assert_true(money_times(money_of(-(INT64_MAX - 500)), 1, &got));
	assert_true(money_minor(got) == -(INT64_MAX / 1000));
}

/* Against rounding by another road: quotient and remainder. */
static void rounding_by_another_road(void **state)
{
	(void)state;
	for (int64_t unit = -30; unit <= 30; unit++) {
		for (int64_t quantity = -3000; quantity <= 3000; quantity += 7) {
			int64_t product = unit * quantity, whole = product / 1000;
			int64_t rest = product % 1000;
			struct money got;

			if (rest >= 500)
				whole++;
			if (rest <= -500)
				whole--;
			assert_true(money_times(money_of(unit), quantity, &got));
			assert_true(money_minor(got) == whole);
		}
	}
}

static void comparison(void **state)
{
	(void)state;
	assert_int_equal(money_compare(money_of(1), money_of(2)), -1);
	assert_int_equal(money_compare(money_of(2), money_of(2)), 0);
	assert_int_equal(money_compare(money_of(3), money_of(2)), 1);
	assert_int_equal(money_compare(money_of(INT64_MIN), money_of(INT64_MAX)), -1);
	assert_int_equal(money_compare(MONEY_ZERO, money_of(-1)), 1);
}

static void texts(void **state)
{
	static const struct {
		int64_t amount;
		const char *text;
	} cases[] = {
		{0, "0.00"},
		{5, "0.05"},
		{50, "0.50"},
		{1250, "12.50"},
		{-5, "-0.05"},
		{-1250, "-12.50"},
		{100000, "1000.00"},
		{INT64_MAX, "92233720368547758.07"},
		{INT64_MIN, "-92233720368547758.08"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char text[MONEY_TEXT_SIZE];

		money_text(money_of(cases[i].amount), text);
		assert_string_equal(text, cases[i].text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(adds_and_subtracts),
		cmocka_unit_test(subtraction_at_the_edges),
		cmocka_unit_test(price_times_quantity),
		cmocka_unit_test(products_that_do_not_fit),
		cmocka_unit_test(rounding_by_another_road),
		cmocka_unit_test(comparison),
		cmocka_unit_test(texts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
