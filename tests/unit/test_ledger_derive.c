/*
 * test_ledger_derive.c: what follows from each entry, öre by öre, with the sums done by hand.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "store_sales.h"

static void line_there_and_back(void **state)
{
	struct shop *h = *state;
	struct entry e;
	uint64_t seq;

	start(h);
	open_visit(h, 5, 0xc0);
	seq = sell(h, 5, "k-1", MILK, 3100, 600);
	/* 3100 × 6 / 106 = 175.47 */
	assert_int_equal(shop_posted(h, seq, 1510), 3100);
	assert_int_equal(shop_posted(h, seq, 3003), -2925);
	assert_int_equal(shop_posted(h, seq, 2631), -175);
	assert_int_equal(shop_number(h, "SELECT count(*) FROM posting"), 3);
	assert_int_equal(shop_number(h, "SELECT vat FROM line"), 175);
	assert_int_equal(shop_number(h, "SELECT bought FROM line"), 20717);
	assert_int_equal(shop_number(h, "SELECT day_sure FROM line"), 1);
	assert_int_equal(shop_balance(h, 0xc0, "unbilled"), 3100);
	/* sold and never delivered */
	assert_stock(h, -1000, 0);

	/* 2200 × 12 / 112 = 235.71; of the deposit 200 × 12 / 112 = 21.43 */
	e = piece(5, "k-2", COFFEE, 2200, 1200);
	e.line.deposit = money_of(200);
	seq = shop_write(h, &e);
	assert_int_equal(shop_posted(h, seq, 1510), 2200);
	assert_int_equal(shop_posted(h, seq, 2621), -236);
	assert_int_equal(shop_posted(h, seq, 3592), -179);
	assert_int_equal(shop_posted(h, seq, 3002), -1785);
	assert_int_equal(shop_balance(h, 0xc0, "unbilled"), 5300);
	shop_check_books(h);

	e = sample_voided(5, "k-2", 2200);
	seq = shop_write(h, &e);
	assert_int_equal(shop_posted(h, seq, 1510), -2200);
	assert_int_equal(shop_posted(h, seq, 2621), 236);
	assert_int_equal(shop_posted(h, seq, 3592), 179);
	assert_int_equal(shop_posted(h, seq, 3002), 1785);
	assert_int_equal(shop_balance(h, 0xc0, "unbilled"), 3100);
	assert_int_equal(shop_number(h, "SELECT total FROM visit WHERE id = 5"), 3100);
	assert_int_equal(shop_number(h, "SELECT lines * 10 + lines_ever FROM visit WHERE id = 5"),
			 12);
	assert_int_equal(shop_number(h, "SELECT on_hand FROM stock WHERE gtin = %lld", COFFEE), 0);
	shop_check_books(h);
	shop_check_rebuild(h);
}

/* More than the books have: all that they have, and the rest at the newest delivery's cost. */
static void sold_beyond_the_books(void **state)
{
	struct shop *h = *state;
	struct entry e;
	uint64_t seq;

	start(h);
	open_visit(h, 5, 0xc0);
	move(h, MOVEMENT_DELIVERY, 2000, 10);
	move(h, MOVEMENT_DELIVERY, 2000, 30);
	assert_stock(h, 4000, 80);
	e = piece(5, "k-1", MILK, 600, 600);
	e.line.quantity_milli = 6000;
	seq = shop_write(h, &e);
	assert_int_equal(shop_posted(h, seq, 4961), 80 + 2 * 30);
	assert_stock(h, -2000, -60);
	/* a gram is left that is worth a krona: it does not make the next kilogram cost 1,000 */
	move(h, MOVEMENT_COUNT, 0, 0);
	move(h, MOVEMENT_DELIVERY, 1, 100000);
	move(h, MOVEMENT_DELIVERY, 1000, 30);
	e = piece(5, "k-2", MILK, 600, 600);
	e.line.quantity_milli = 2001;
	seq = shop_write(h, &e);
	assert_int_equal(shop_posted(h, seq, 4961), 100 + 30 + 30);
	assert_stock(h, -1000, -30);
	/* and a count finds more than the books have */
	move(h, MOVEMENT_COUNT, 1000, 0);
	assert_stock(h, 1000, 30);
	move(h, MOVEMENT_DELIVERY, 1000, 50);
	seq = move(h, MOVEMENT_COUNT, 3000, 0);
	assert_stock(h, 3000, 80 + 50);
	assert_int_equal(shop_posted(h, seq, 4963), -50);
	shop_check_books(h);
	shop_check_rebuild(h);
}

/* A chart can forget a rate that something was sold at. */
static void rate_without_accounts(void **state)
{
	struct shop *h = *state;
	struct entry chart = sample_entry(ENTRY_CHART); /* 12 and 6 % alone */
	uint64_t seq;

	start(h);
	shop_write(h, &chart);
	open_visit(h, 5, 0xc0);
	seq = sell(h, 5, "k-1", MILK, 1250, 2500); /* the standard chart's accounts */
	assert_int_equal(shop_posted(h, seq, 2611), -250);
	assert_int_equal(shop_posted(h, seq, 3001), -1000);
	seq = sell(h, 5, "k-2", MILK, 1100, 1000); /* nobody's rate: the chart's first accounts */
	assert_int_equal(shop_posted(h, seq, 2621), -100);
	assert_int_equal(shop_posted(h, seq, 3002), -1000);
	shop_check_books(h);
	shop_check_rebuild(h);
}

/* A chart or a tax table that cannot be used is on record, and what held before it holds. */
static void books_on_record(void **state)
{
	struct shop *h = *state;
	struct entry chart = sample_entry(ENTRY_CHART), tax = sample_entry(ENTRY_TAX);
	struct recall *r;

	start(h);
	r = store_recall(&h->store, (struct wall){T0});
	assert_int_equal(r->tax.rates, 0);
	assert_int_equal(r->chart.rates, 0);
	assert_int_equal(r->first_line.n, DAY_NONE.n);
	assert_int_equal(r->closed.n, 0);
	ledger_recall_free(r);
	assert_int_equal(h->store.head.chart.receivable, 1510);

	chart.chart = chart_bas();
	chart.chart.receivable = 1519;
	shop_write(h, &chart);
	assert_int_equal(h->store.head.chart.receivable, 1519);
	chart.chart.rates = 0;
	shop_write(h, &chart);
	assert_int_equal(h->store.head.chart.receivable, 1519);
	shop_write(h, &tax); /* it lacks classes */
	assert_false(h->store.head.tax_known);

	/* gone with its transaction */
	chart.chart = chart_bas();
	shop_begin(h);
	shop_add(h, &chart);
	assert_int_equal(h->store.head.chart.receivable, 1510);
	store_rollback(&h->store);
	assert_int_equal(h->store.head.chart.receivable, 1519);

	shop_close(h);
	shop_open(h);
	assert_int_equal(h->store.head.chart.receivable, 1519);
	open_visit(h, 5, 0xc0);
	assert_int_equal(shop_posted(h, sell(h, 5, "k-1", MILK, 3100, 600), 1519), 3100);
	r = store_recall(&h->store, (struct wall){T0});
	assert_int_equal(r->chart.receivable, 1519);
	assert_int_equal(r->tax.rates, 0);
	assert_int_equal(r->first_line.n, 20717);
	ledger_recall_free(r);
	shop_check_rebuild(h);
}

static void moving_average(void **state)
{
	struct shop *h = *state;
	struct entry e;
	uint64_t seq;

	start(h);
	open_visit(h, 5, 0xc0);
	seq = move(h, MOVEMENT_DELIVERY, 10000, 1000);
	assert_stock(h, 10000, 10000);
	assert_int_equal(shop_posted(h, seq, 1460), 10000);
	assert_int_equal(shop_posted(h, seq, 4960), -10000);
	move(h, MOVEMENT_DELIVERY, 5000, 1300);
	assert_stock(h, 15000, 16500);

	e = piece(5, "k-1", MILK, 8000, 600);
	e.line.quantity_milli = 4000;
	seq = shop_write(h, &e);
	assert_stock(h, 11000, 12100); /* 16500 × 4 / 15 = 4400 */
	assert_int_equal(shop_posted(h, seq, 4961), 4400);
	assert_int_equal(shop_posted(h, seq, 1460), -4400);
	e = sample_voided(5, "k-1", 8000);
	shop_write(h, &e);
	assert_stock(h, 15000, 16500);

	seq = move(h, MOVEMENT_WASTE, 1000, 0);
	assert_stock(h, 14000, 15400);
	assert_int_equal(shop_posted(h, seq, 4962), 1100);
	seq = move(h, MOVEMENT_OWN_USE, 2000, 0);
	assert_stock(h, 12000, 13200);
	assert_int_equal(shop_posted(h, seq, 4964), 2200);

	seq = move(h, MOVEMENT_COUNT, 10000, 0); /* two are missing */
	assert_stock(h, 10000, 11000);
	assert_int_equal(shop_posted(h, seq, 4963), 2200);
	assert_int_equal(shop_number(h, "SELECT shrunk FROM stock"), 2000);
	assert_int_equal(shop_number(h, "SELECT counted FROM stock"), (int64_t)seq);
	assert_int_equal(shop_number(h, "SELECT quantity FROM movement WHERE seq = %llu",
				     (unsigned long long)seq),
			 -2000);
	assert_int_equal(shop_number(h, "SELECT value FROM movement WHERE seq = %llu",
				     (unsigned long long)seq),
			 -2200);
	shop_check_books(h);

	/* all of the value with the last piece; what is not there costs what the newest did */
	e = piece(5, "k-2", MILK, 20000, 600);
	e.line.quantity_milli = 10000;
	seq = shop_write(h, &e);
	assert_stock(h, 0, 0);
	assert_int_equal(shop_posted(h, seq, 4961), 11000);
	seq = sell(h, 5, "k-3", MILK, 2000, 600);
	assert_stock(h, -1000, -1300);
	assert_int_equal(shop_posted(h, seq, 4961), 1300);
	/* there are three: worth what the newest cost */
	seq = move(h, MOVEMENT_COUNT, 3000, 0);
	assert_stock(h, 3000, 3900);
	assert_int_equal(shop_posted(h, seq, 4963), -5200);
	assert_int_equal(shop_number(h, "SELECT shrunk FROM stock"), -4000);
	/* as many as the books say: a row, and nothing posted */
	seq = move(h, MOVEMENT_COUNT, 3000, 0);
	assert_int_equal(shop_number(h, "SELECT count(*) FROM posting WHERE seq = %llu",
				     (unsigned long long)seq),
			 0);
	seq = move(h, MOVEMENT_COUNT, 0, 0);
	assert_stock(h, 0, 0);
	assert_int_equal(shop_number(h, "SELECT count(*) FROM desk_key"), 8);
	shop_check_books(h);
	shop_check_rebuild(h);
}

/* A kilogram at a time: thirds of an öre, rounded half away from zero. */
static void stock_rounds(void **state)
{
	struct shop *h = *state;
	struct entry e;

	start(h);
	open_visit(h, 5, 0xc0);
	move(h, MOVEMENT_DELIVERY, 3000, 33); /* 99 */
	e = piece(5, "k-1", MILK, 500, 600);
	e.line.quantity_milli = 250;
	shop_write(h, &e);
	assert_stock(h, 2750, 91); /* 99 × 250 / 3000 = 8.25 */
	e = piece(5, "k-2", MILK, 500, 600);
	e.line.quantity_milli = 500;
	shop_write(h, &e);
	assert_stock(h, 2250, 74); /* 91 × 500 / 2750 = 16.55 */
	shop_check_books(h);
	shop_check_rebuild(h);
}

static void checks_and_reports(void **state)
{
	struct shop *h = *state;
	struct entry check = sample_entry(ENTRY_CHECK), report = sample_entry(ENTRY_REPORTED);
	uint64_t seq;

	start(h);
	open_visit(h, 5, 0xc0);
	sell(h, 5, "k-1", MILK, 3100, 600);
	close_visit(h, 5);
	check.check.state = CHECK_PICKED;
	check.check.reason = CHECK_MANY_VOIDS;
	check.at.ms = T0 + 5;
	shop_write(h, &check);
	assert_int_equal(shop_number(h, "SELECT visit FROM visit_check WHERE state = 0"), 5);
	shop_write(h, &report);
	snprintf(report.reported.line.text, sizeof(report.reported.line.text), "none-such");
	shop_write(h, &report);
	assert_int_equal(shop_number(h, "SELECT max(line) FROM reported WHERE line = 0"), 0);
	check = sample_entry(ENTRY_CHECK);
	check.at.ms = T0 + 9;
	seq = shop_write(h, &check);
	/* a result keeps why and when it was picked */
	assert_int_equal(shop_number(h, "SELECT state FROM visit_check"), CHECK_PASSED);
	assert_int_equal(shop_number(h, "SELECT reason FROM visit_check"), CHECK_MANY_VOIDS);
	assert_int_equal(shop_number(h, "SELECT picked_at FROM visit_check"), T0 + 5);
	assert_int_equal(shop_number(h, "SELECT seq FROM visit_check"), (int64_t)seq);
	assert_int_equal(shop_number(h, "SELECT count(*) FROM reported WHERE answered = %llu",
				     (unsigned long long)seq),
			 2);
	shop_check_rebuild(h);
}

static void month_closed(void **state)
{
	struct shop *h = *state;
	struct entry e = sample_entry(ENTRY_PERIOD_CLOSED);
	struct recall *r;

	start(h);
	shop_write(h, &e);
	assert_int_equal(shop_number(h, "SELECT invoiced FROM period_closed WHERE period = 202610"),
			 10013);
	r = store_recall(&h->store, (struct wall){T0});
	assert_int_equal(r->closed.n, 202610);
	ledger_recall_free(r);
	shop_check_rebuild(h);
}

#define UNIT(name) cmocka_unit_test_setup_teardown(name, shop_set_up, shop_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(line_there_and_back), UNIT(rate_without_accounts), UNIT(books_on_record),
		UNIT(moving_average),	   UNIT(sold_beyond_the_books), UNIT(stock_rounds),
		UNIT(checks_and_reports),  UNIT(month_closed),
	};

	return cmocka_run_group_tests_name("ledger_derive", tests, NULL, NULL);
}
