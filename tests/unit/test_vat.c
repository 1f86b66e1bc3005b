/*
 * test_vat.c: the VAT of a price, against brute force and against 128-bit arithmetic that is
 * written differently: with twice the numerator and a remainder, not with half the denominator.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/limits.h"
#include "books/vat.h"

__extension__ typedef __int128 wide;

#define CASES	  100000
#define GROSS_MAX 200000

static uint64_t seed = 0x5eed0fb00c5ULL;

static uint64_t draw(uint64_t below)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed % below;
}

/* a / b, half away from zero. */
static int64_t rounded(wide a, wide b)
{
	wide size = a < 0 ? -a : a, whole = size / b;

	if ((size - whole * b) * 2 >= b)
		whole++;
	return (int64_t)(a < 0 ? -whole : whole);
}

static int64_t gross_of(int64_t base, int32_t bp)
{
	return base + rounded((wide)base * bp, 10000);
}

static struct day on(int32_t year, int32_t month, int32_t day)
{
	struct day d = DAY_NONE;

	assert_true(day_of(year, month, day, &d));
	return d;
}

static void swedish_rates_by_date(void **state)
{
	struct entry_tax tax = vat_sweden();

	(void)state;
	assert_null(vat_tax_wrong(&tax));
	assert_int_equal(vat_rate_on(&tax, VAT_FOOD, on(2026, 3, 31)), 1200);
	assert_int_equal(vat_rate_on(&tax, VAT_FOOD, on(2026, 4, 1)), 600);
	assert_int_equal(vat_rate_on(&tax, VAT_FOOD, on(2027, 12, 31)), 600);
	assert_int_equal(vat_rate_on(&tax, VAT_FOOD, on(2028, 1, 1)), 1200);
	assert_int_equal(vat_rate_on(&tax, VAT_FOOD, on(9999, 12, 31)), 1200);
	assert_int_equal(vat_rate_on(&tax, VAT_FOOD, DAY_NONE), 1200);
	for (int32_t year = 2016; year < 2036; year++) {
		for (int32_t month = 1; month <= 12; month++) {
			struct day d = on(year, month, 15);

			assert_int_equal(vat_rate_on(&tax, VAT_STANDARD, d), 2500);
			assert_int_equal(vat_rate_on(&tax, VAT_RESTAURANT, d), 1200);
			assert_int_equal(vat_rate_on(&tax, VAT_CULTURE, d), 600);
			assert_int_equal(vat_rate_on(&tax, VAT_NONE, d), 0);
		}
	}
}

static void tables_that_cannot_be_used(void **state)
{
	struct entry_tax good = vat_sweden(), tax;

	(void)state;
	for (uint32_t i = 0; i < good.rates; i++) { /* without one of the rates */
		tax = good;
		for (uint32_t j = i; j + 1 < tax.rates; j++)
			tax.rate[j] = tax.rate[j + 1];
		tax.rates--;
		/* of food two of three may go: the first holds from ever */
		assert_int_equal(vat_tax_wrong(&tax) == NULL, i == 2 || i == 3);
		tax = good;
		tax.rate[i].vat_bp = 10001;
		assert_non_null(vat_tax_wrong(&tax));
		tax.rate[i].vat_bp = -1;
		assert_non_null(vat_tax_wrong(&tax));
		tax = good;
		tax.rate[i].class = VAT_FIXED;
		assert_non_null(vat_tax_wrong(&tax));
		tax.rate[i].class = (enum vat_class)VAT_CLASSES;
		assert_non_null(vat_tax_wrong(&tax));
		tax = good;
		tax.rate[i].from.n = -1;
		assert_non_null(vat_tax_wrong(&tax));
		tax.rate[i].from.n = DAY_MAX + 1;
		assert_non_null(vat_tax_wrong(&tax));
	}
	tax = good;
	tax.rate[2].from = tax.rate[3].from; /* twice the same day */
	assert_non_null(vat_tax_wrong(&tax));
	tax.rate[2].from.n = tax.rate[3].from.n + 1; /* out of order */
	assert_non_null(vat_tax_wrong(&tax));
	tax = good;
	tax.rate[0] = good.rate[1];
	tax.rate[1] = good.rate[0];
	assert_non_null(vat_tax_wrong(&tax));
	tax = good;
	tax.rate[3].from.n = DAY_MAX;
	assert_null(vat_tax_wrong(&tax));
	tax.rates = 0;
	assert_non_null(vat_tax_wrong(&tax));
	tax.rates = VAT_RATES_MAX + 1;
	assert_non_null(vat_tax_wrong(&tax));
}

static void vat_in_and_on_top(void **state)
{
	static const int64_t known[][4] = {
		/* gross, rate, VAT in it, VAT on top of it */
		{1250, 2500, 250, 313}, {1120, 1200, 120, 134},	   {1060, 600, 60, 64},
		{100, 0, 0, 0},		{-1250, 2500, -250, -313}, {1, 10000, 1, 1},
		{0, 2500, 0, 0},	{2, 2500, 0, 1},	   {-2, 2500, 0, -1},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(known); i++) {
		struct money m = money_of(known[i][0]);
		int32_t bp = (int32_t)known[i][1];

		assert_int_equal(money_minor(vat_included(m, bp)), known[i][2]);
		assert_int_equal(money_minor(vat_on_top(m, bp)), known[i][3]);
	}
	for (int i = 0; i < CASES; i++) {
		int64_t m = (int64_t)(draw(UINT64_MAX) >> draw(63));
		int32_t bp = (int32_t)draw(10001);

		if (i % 2)
			m = -m;
		assert_true(money_minor(vat_included(money_of(m), bp)) ==
			    rounded((wide)m * bp, 10000 + bp));
		assert_true(money_minor(vat_on_top(money_of(m), bp)) ==
			    rounded((wide)m * bp, 10000));
	}
}

/* Every gross amount to 2000 kr against every base: none is nearer, none as near is smaller, none
 * misses by more than an öre; and how many miss is what was measured by others. */
static void net_base_by_brute_force(void **state)
{
	static const struct {
		int32_t bp, missed_permille;
	} rates[] = {{600, 57}, {1200, 107}, {2500, 200}, {0, 0}, {10000, 500}, {1, 0}};

	(void)state;
	for (size_t r = 0; r < ARRAY_LEN(rates); r++) {
		int32_t bp = rates[r].bp;
		int64_t at = 0, missed = 0;

		for (int64_t gross = 0; gross <= GROSS_MAX; gross++) {
			int64_t base = money_minor(vat_net_base(money_of(gross), bp)), best;

			/* the gross of a base never falls: the last not past it, or the next */
			while (gross_of(at + 1, bp) <= gross)
				at++;
			best = gross_of(at + 1, bp) - gross < gross - gross_of(at, bp) ? at + 1
										       : at;
			if (base != best)
				fail_msg("%lld at %d: base %lld, not %lld", (long long)gross, bp,
					 (long long)base, (long long)best);
			assert_in_range(gross_of(base, bp) - gross + 1, 0, 2);
			missed += gross_of(base, bp) != gross;
		}
		assert_int_equal((missed * 1000 + GROSS_MAX / 2) / GROSS_MAX,
				 rates[r].missed_permille);
	}
}

static void net_base_of_great_sums(void **state)
{
	(void)state;
	for (int i = 0; i < CASES; i++) {
		int64_t gross = (int64_t)(draw(INT64_MAX) >> draw(62));
		int32_t bp = (int32_t)draw(10001);
		int64_t base = money_minor(vat_net_base(money_of(gross), bp));
		wide gap = (wide)base + rounded((wide)base * bp, 10000) - gross;

		assert_true(gap >= -1 && gap <= 1);
	}
	assert_true(money_minor(vat_net_base(money_of(INT64_MAX), 0)) == INT64_MAX);
	for (int32_t bp = 1; bp <= 10000; bp++) {
		int64_t base = money_minor(vat_net_base(money_of(INT64_MAX), bp));

		assert_true((wide)base + rounded((wide)base * bp, 10000) >= (wide)INT64_MAX - 1);
	}
}

#define PARTS (2 * INVOICE_LINES_MAX)
static struct money part[PARTS], net[PARTS];
static uint32_t order[PARTS];

/* By the definition, as slowly as it reads: while an öre is left, the greatest remainder gets it.
 */
static void spread_slowly(int64_t base, uint32_t n, int64_t sum, int64_t *ret)
{
	wide rest[64];
	int64_t left = base;

	for (uint32_t i = 0; i < n; i++) {
		wide share = (wide)base * money_minor(part[i]);

		ret[i] = sum == 0 ? 0 : (int64_t)(share / sum);
		rest[i] = sum == 0 ? 0 : share - (wide)ret[i] * sum;
		left -= ret[i];
	}
	for (; left > 0; left--) {
		uint32_t most = 0;

		for (uint32_t i = 1; i < n; i++) {
			if (rest[i] > rest[most])
				most = i;
		}
		ret[most]++;
		rest[most] = -1;
	}
}

static void spreads_as_defined(void **state)
{
	(void)state;
	for (int i = 0; i < CASES / 4; i++) {
		uint32_t n = 1 + (uint32_t)draw(40);
		uint64_t size = 1 + (draw(1000000) >> draw(20));
		int64_t sum = 0, base, want[64];

		for (uint32_t k = 0; k < n; k++) {
			part[k] = money_of((int64_t)draw(size));
			sum += money_minor(part[k]);
		}
		base = sum == 0 ? 0 : (int64_t)draw((uint64_t)sum + 1);
		spread_slowly(base, n, sum, want);
		vat_spread(money_of(base), part, n, net, order);
		for (uint32_t k = 0; k < n; k++)
			assert_true(money_minor(net[k]) == want[k]);
	}
}

/* As many parts as there may be, in the orders that sorts dislike: equal, rising, falling, mixed.
 */
static void spreads_the_longest_invoice(void **state)
{
	(void)state;
	for (int shape = 0; shape < 5; shape++) {
		int64_t sum = 0, total = 0, base;

		for (uint32_t i = 0; i < PARTS; i++) {
			int64_t m = shape == 0	 ? 1990
				    : shape == 1 ? i
				    : shape == 2 ? PARTS - i
				    : shape == 3 ? (int64_t)draw(100000)
						 : (int64_t)(i % 2 ? 0 : INT64_MAX / PARTS);

			part[i] = money_of(m);
			sum += m;
		}
		base = money_minor(vat_net_base(money_of(sum), 2500));
		vat_spread(money_of(base), part, PARTS, net, order);
		for (uint32_t i = 0; i < PARTS; i++) {
			wide off =
				(wide)money_minor(net[i]) * sum - (wide)base * money_minor(part[i]);

			assert_true(off < sum && off > -(wide)sum);
			assert_true(money_minor(net[i]) <= money_minor(part[i]));
			total += money_minor(net[i]);
		}
		assert_true(total == base);
	}
}

static void spreads_at_the_edges(void **state)
{
	(void)state;
	vat_spread(MONEY_ZERO, part, 0, net, order);
	part[0] = part[1] = MONEY_ZERO;
	net[0] = net[1] = money_of(7);
	vat_spread(MONEY_ZERO, part, 2, net, order);
	assert_int_equal(money_minor(net[0]), 0);
	assert_int_equal(money_minor(net[1]), 0);
	for (int i = 0; i < 3; i++)
		part[i] = money_of(100);
	vat_spread(money_of(200), part, 3, net, order); /* of equal claims the first wins */
	assert_int_equal(money_minor(net[0]), 67);
	assert_int_equal(money_minor(net[1]), 67);
	assert_int_equal(money_minor(net[2]), 66);
	part[0] = money_of(INT64_MAX - 1);
	part[1] = money_of(1);
	vat_spread(money_of(INT64_MAX), part, 2, net, order);
	assert_true(money_minor(net[0]) == INT64_MAX - 1);
	assert_int_equal(money_minor(net[1]), 1);
}

static void whole_kronor(void **state)
{
	static const int64_t known[][2] = {
		{0, 0},	     {1, 0},	   {49, 0},	 {50, 100},	 {99, 100},
		{100, 100},  {149, 100},   {150, 200},	 {44080, 44100}, {-49, 0},
		{-50, -100}, {-149, -100}, {-150, -200}, {12349, 12300},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		assert_int_equal(money_minor(vat_round_krona(money_of(known[i][0]))), known[i][1]);
	for (int64_t m = -1000000; m <= 1000000; m += 7) {
		int64_t got = money_minor(vat_round_krona(money_of(m)));

		assert_true(got % 100 == 0 && got == rounded(m, 100) * 100);
	}
	/* and to the very ends of 64 bits */
	assert_true(money_minor(vat_round_krona(money_of(INT64_MAX))) == INT64_MAX / 100 * 100);
	assert_true(money_minor(vat_round_krona(money_of(INT64_MIN))) == INT64_MIN / 100 * 100);
}

/* --- what must never happen stops the program --- */

static void rate_past_the_whole(void)
{
	(void)vat_included(money_of(100), 10001);
}

static void rate_below_nothing(void)
{
	(void)vat_on_top(money_of(100), -1);
}

static void base_of_a_debt(void)
{
	(void)vat_net_base(money_of(-1), 2500);
}

static void fixed_class_in_the_table(void)
{
	struct entry_tax tax = vat_sweden();

	(void)vat_rate_on(&tax, VAT_FIXED, DAY_NONE);
}

static void base_over_nothing(void)
{
	part[0] = MONEY_ZERO;
	vat_spread(money_of(1), part, 1, net, order);
}

static void more_base_than_parts(void)
{
	part[0] = money_of(-1);
	part[1] = money_of(2);
	vat_spread(money_of(1), part, 2, net, order);
}

static void stops_at_the_impossible(void **state)
{
	static void (*const wrong[])(void) = {rate_past_the_whole, rate_below_nothing,
					      base_of_a_debt,	   fixed_class_in_the_table,
					      base_over_nothing,   more_base_than_parts};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		int status;
		pid_t child = fork();

		assert_true(child >= 0);
		if (child == 0) {
			int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

			signal(SIGABRT, SIG_DFL);
			if (null >= 0)
				dup2(null, STDERR_FILENO);
			wrong[i]();
			_exit(0);
		}
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(swedish_rates_by_date),
		cmocka_unit_test(tables_that_cannot_be_used),
		cmocka_unit_test(vat_in_and_on_top),
		cmocka_unit_test(net_base_by_brute_force),
		cmocka_unit_test(net_base_of_great_sums),
		cmocka_unit_test(spreads_as_defined),
		cmocka_unit_test(spreads_the_longest_invoice),
		cmocka_unit_test(spreads_at_the_edges),
		cmocka_unit_test(whole_kronor),
		cmocka_unit_test(stops_at_the_impossible),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
