/*
 * test_core_price.c: what a line would be, and which visits are picked: the tables behind price.c
 * and check.c, at their edges.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/check.h"
#include "core/price.h"

static struct shop_config config;
static struct now now;
static struct visit visit;
static struct goods goods;
static struct article article, gone;
static struct wish wish;
static struct line line;

static int set_up(void **state)
{
	(void)state;
	config = (struct shop_config){.past_best_before_bp = 3333};
	now = (struct now){.wall = {1795392000000}, .wall_trusted = true, .day = {20780}};
	visit = (struct visit){.id = {1}, .price_version = 7};
	goods = (struct goods){.gtin = {73101079}};
	article = (struct article){.known = true,
				   .gtin = {73101079},
				   .price = money_of(1490),
				   .vat_bp = 600,
				   .vat_class = VAT_FOOD,
				   .name = "gum"};
	gone = (struct article){.name = ""};
	wish = (struct wish){.open = &visit,
			     .visit = &visit,
			     .goods = &goods,
			     .quantity_milli = 1000,
			     .bought = now.day,
			     .then = &article,
			     .now = &article,
			     .price_version_now = 9};
	return 0;
}

static int64_t total(void)
{
	assert_int_equal(price_wish(&config, &now, &wish, &line), ANSWER_OK);
	return money_minor(line.total);
}

static enum answer answer(void)
{
	return price_wish(&config, &now, &wish, &line);
}

static void quantities(void **state)
{
	static const struct {
		enum goods_measure measure;
		int32_t asked, label, wanted; /* 0: none */
	} cases[] = {
		{GOODS_PIECES, 1, 0, 1},
		{GOODS_PIECES, QUANTITY_MAX_MILLI, 0, QUANTITY_MAX_MILLI},
		{GOODS_PIECES, QUANTITY_MAX_MILLI + 1, 0, 0},
		{GOODS_PIECES, 0, 0, 0},
		{GOODS_PIECES, -1000, 0, 0},
		{GOODS_PIECES, INT32_MIN, 0, 0},
		{GOODS_WEIGHT, 1000, 333, 333},
		{GOODS_WEIGHT, 333, 333, 0},
		{GOODS_WEIGHT, 2000, 333, 0},
		{GOODS_WEIGHT, 1000, 0, 0},
		{GOODS_WEIGHT, 1000, -5, 0},
		{GOODS_WEIGHT, 1000, QUANTITY_MAX_MILLI + 1, 0},
		{GOODS_PRICE, 1000, 333, 1000},
		{GOODS_PRICE, 2000, 0, 0},
		{GOODS_PRICE, 0, 0, 0},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		int32_t got = 0;

		goods.measure = cases[i].measure;
		goods.quantity_milli = cases[i].label;
		wish.quantity_milli = cases[i].asked;
		if (price_quantity(&wish, &got) != (cases[i].wanted > 0) || got != cases[i].wanted)
			fail_msg("case %u: %d", (unsigned)i, got);
	}
}

static void sums_that_do_not_fit(void **state)
{
	const int64_t most = INT64_MAX / QUANTITY_MAX_MILLI;

	(void)state;
	article.price = money_of(most);
	wish.quantity_milli = QUANTITY_MAX_MILLI;
	assert_int_equal(total(), most * (QUANTITY_MAX_MILLI / 1000));
	article.price = money_of(INT64_MAX / 1000);
	assert_int_equal(answer(), ANSWER_VISIT_FULL);
	article.deposit = money_of(INT64_MAX / 1000);
	assert_int_equal(answer(), ANSWER_VISIT_FULL);
	/* a price that does not even go with its deposit is none */
	article.price = money_of(INT64_MAX);
	assert_int_equal(answer(), ANSWER_UNKNOWN_ARTICLE);
	article.price = money_of(1490);
	article.deposit = money_of(INT64_MAX - 1490);
	assert_int_equal(answer(), ANSWER_VISIT_FULL);
	article.price = money_of(-1);
	assert_int_equal(answer(), ANSWER_UNKNOWN_ARTICLE);
	article.price = money_of(1);
	article.deposit = money_of(-1);
	assert_int_equal(answer(), ANSWER_UNKNOWN_ARTICLE);
}

static void discounts_round_half_away(void **state)
{
	static const struct {
		int64_t list, unit;
		uint16_t bp;
	} cases[] = {
		{1490, 993, 3333}, {5, 3, 5000},     {3, 2, 5000}, {1, 1, 5000}, {1, 0, 5001},
		{1490, 1490, 0},   {1490, 0, 10000}, {0, 0, 3333}, {1, 1, 1},
	};

	(void)state;
	goods.best_before.n = now.day.n - 1;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		article.price = money_of(cases[i].list);
		config.past_best_before_bp = cases[i].bp;
		assert_int_equal(total(), cases[i].unit);
		assert_int_equal(money_minor(line.unit_price), cases[i].unit);
		assert_int_equal(money_minor(line.list_price), cases[i].list);
		assert_true(line_past_best_before(&line));
	}
	goods.best_before = now.day; /* its last day */
	article.price = money_of(1490);
	assert_int_equal(total(), 1490);
	assert_false(line_past_best_before(&line));
}

static void dates_wait_for_a_clock(void **state)
{
	(void)state;
	goods.use_by.n = now.day.n - 1;
	assert_int_equal(answer(), ANSWER_EXPIRED);
	wish.bought.n = now.day.n - 1; /* a phone had kept it since yesterday */
	assert_int_equal(answer(), ANSWER_OK);
	wish.bought = now.day;
	now.wall_trusted = false;
	assert_int_equal(answer(), ANSWER_OK);
	goods.use_by = DAY_NONE;
	goods.best_before.n = 1;
	assert_int_equal(total(), 1490);
	now.wall_trusted = true;
	assert_int_equal(total(), 993);
	article.state = ARTICLE_RECALLED;
	assert_int_equal(answer(), ANSWER_RECALLED);
}

static void labels(void **state)
{
	(void)state;
	article.deposit = money_of(100);
	goods.measure = GOODS_WEIGHT;
	goods.quantity_milli = 500;
	assert_int_equal(total(), 745 + 100); /* one piece, whatever it weighs */
	goods.measure = GOODS_PRICE;
	goods.price = money_of(4990);
	assert_int_equal(total(), 4990);
	assert_int_equal(money_minor(line.deposit), 0); /* it is in the price */
	goods.price = money_of(0);
	assert_int_equal(answer(), ANSWER_UNKNOWN_ARTICLE);
	goods.price = money_of(-1);
	assert_int_equal(answer(), ANSWER_UNKNOWN_ARTICLE);
	goods.measure = GOODS_PIECES;
	wish.quantity_milli = 3000;
	assert_int_equal(total(), 3 * 1490 + 300);
	/* pinned: what costs less with its deposit */
	gone = article;
	gone.price = money_of(1400);
	gone.deposit = money_of(190);
	gone.vat_bp = 1200;
	wish.now = &gone;
	assert_int_equal(total(), 3 * 1490 + 300);
	assert_int_equal(line.price_version, 7);
	gone.deposit = money_of(189);
	assert_int_equal(total(), 3 * 1400 + 567);
	assert_int_equal(line.price_version, 9);
	assert_int_equal(line.vat_bp, 1200);
}

static void the_same_again(void **state)
{
	struct line earlier;

	(void)state;
	snprintf(goods.lot, sizeof(goods.lot), "A1");
	goods.best_before = now.day;
	total();
	earlier = line;
	assert_true(price_same(&earlier, &wish));
	article.price = money_of(1); /* what it costs now does not matter */
	assert_true(price_same(&earlier, &wish));
	goods.lot[1] = '2';
	assert_false(price_same(&earlier, &wish));
	goods.lot[1] = '1';
	goods.use_by = now.day;
	assert_false(price_same(&earlier, &wish));
	goods.use_by = DAY_NONE;
	goods.gtin.n++;
	assert_false(price_same(&earlier, &wish));
	goods.gtin.n--;
	wish.quantity_milli = 1001;
	assert_false(price_same(&earlier, &wish));
}

/* --- checks */

static void picked(void **state)
{
	enum check_reason reason;
	struct mono heard = {900000};

	(void)state;
	config.check = (struct check_config){.long_ms = 900000, .voids_min = 4, .voids_bp = 5000};
	config.trust[TRUST_NEW].check_bp = 100;
	visit.lot = 100;
	assert_true(check_pick(&config, &visit, heard, &reason));
	assert_int_equal(reason, CHECK_LONG_AND_EMPTY);
	heard.ms--;
	assert_false(check_pick(&config, &visit, heard, &reason));
	visit.lines_ever = 8;
	visit.lines = 4;
	assert_true(check_pick(&config, &visit, heard, &reason));
	assert_int_equal(reason, CHECK_MANY_VOIDS);
	visit.lines_ever = 9; /* four of nine are less than half */
	visit.lines = 5;
	assert_false(check_pick(&config, &visit, heard, &reason));
	visit.shrinking = true;
	assert_true(check_pick(&config, &visit, heard, &reason));
	assert_int_equal(reason, CHECK_SHRINKING_ARTICLE);
	for (uint32_t role = 0; role < ROLES; role++) {
		visit.role = (enum role)role;
		assert_int_equal(check_pick(&config, &visit, heard, &reason), role == ROLE_MEMBER);
	}
	visit.role = ROLE_MEMBER;
	visit.shrinking = false;
	visit.lot = 99;
	assert_true(check_pick(&config, &visit, heard, &reason));
	assert_int_equal(reason, CHECK_SHARE);
	visit.trust = TRUST_TRUSTED;
	assert_false(check_pick(&config, &visit, heard, &reason));
	/* no rule, no share: nobody */
	config = (struct shop_config){0};
	visit = (struct visit){.id = {1}, .lines_ever = 100};
	heard.ms = INT64_MAX / 2;
	assert_false(check_pick(&config, &visit, heard, &reason));
}

/* One in a hundred is one in a hundred, near enough, and the same lots give the same visits. */
static void a_share_is_a_share(void **state)
{
	uint32_t n = 0, lot = 12345;
	enum check_reason reason;

	(void)state;
	config.trust[TRUST_NEW].check_bp = 100;
	visit.lines = visit.lines_ever = 1;
	for (uint32_t i = 0; i < 100000; i++) {
		lot = lot * 1664525 + 1013904223;
		visit.lot = lot;
		n += check_pick(&config, &visit, now.mono, &reason);
	}
	assert_in_range(n, 900, 1100);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup(name, set_up)
	const struct CMUnitTest tests[] = {
		T(quantities),
		T(sums_that_do_not_fit),
		T(discounts_round_half_away),
		T(dates_wait_for_a_clock),
		T(labels),
		T(the_same_again),
		T(picked),
		T(a_share_is_a_share),
	};

	return cmocka_run_group_tests_name("core_price", tests, NULL, NULL);
}
