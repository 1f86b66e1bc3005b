/*
 * test_chart.c: what each fact does to the accounts, against a set of books that is kept here by
 * hand: an array of balances and arithmetic of its own.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/limits.h"
#include "books/chart.h"
#include "books/invoice.h"
#include "books/vat.h"

#define CASES 100000

static uint64_t seed = 0x5eed0fb00c5ULL;

static int64_t draw(int64_t below)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (int64_t)(seed % (uint64_t)below);
}

/* --- the books by hand --- */

static int64_t books[10000];

static void enter(const struct postings *p)
{
	int64_t sum = 0;

	posting_check(p);
	assert_true(p->count <= POSTINGS_MAX);
	for (uint32_t i = 0; i < p->count; i++) {
		int64_t amount = money_minor(p->posting[i].amount);

		assert_in_range(p->posting[i].account, 1000, 9999);
		assert_true(amount != 0);
		for (uint32_t j = 0; j < i; j++)
			assert_int_not_equal(p->posting[j].account, p->posting[i].account);
		books[p->posting[i].account] += amount;
		sum += amount;
	}
	assert_true(sum == 0);
}

static void begin(void)
{
	memset(books, 0, sizeof(books));
}

static void expect_rows(const struct postings *p, const int64_t rows[][2], uint32_t count)
{
	assert_int_equal(p->count, count);
	for (uint32_t i = 0; i < count; i++) {
		assert_int_equal(p->posting[i].account, rows[i][0]);
		assert_int_equal(money_minor(p->posting[i].amount), rows[i][1]);
	}
}
#define EXPECT(p, ...)                                                                             \
	do {                                                                                       \
		static const int64_t rows[][2] = {__VA_ARGS__};                                    \
		expect_rows(p, rows, ARRAY_LEN(rows));                                             \
	} while (0)

static struct line_money line(int64_t total, int64_t deposit, int32_t bp, int64_t cost)
{
	return (struct line_money){money_of(total), money_of(deposit), bp, money_of(cost)};
}

/* --- charts --- */

static void the_swedish_chart(void **state)
{
	struct entry_chart c = chart_bas();

	(void)state;
	assert_null(chart_wrong(&c));
	assert_int_equal(c.receivable, 1510);
	assert_int_equal(c.rounding, 3740);
	assert_int_equal(chart_rate(&c, 2500)->vat, 2611);
	assert_int_equal(chart_rate(&c, 1200)->sales, 3002);
	assert_int_equal(chart_rate(&c, 600)->deposit, 3593);
	assert_int_equal(chart_rate(&c, 0)->vat, 0);
	assert_null(chart_rate(&c, 1300));
	assert_null(chart_rate(&c, -1));
}

static void charts_that_may_be_kept(void **state)
{
	struct entry_chart c = chart_bas();

	(void)state;
	c.received = c.cost = c.waste = c.shrink = c.own_use = 4960;
	assert_null(chart_wrong(&c));
	for (uint32_t i = 0; i < c.rates; i++)
		c.rate[i].deposit = c.rate[i].sales;
	assert_null(chart_wrong(&c));
	c.rates = 1;
	c.bank = 1000;
	c.unassigned = 9999;
	assert_null(chart_wrong(&c));
	assert_non_null(chart_rate(&c, 2500));
	assert_null(chart_rate(&c, 1200)); /* past the end */
}

/* Each account of the chart, where it is. */
static uint32_t *account(struct entry_chart *c, uint32_t n)
{
	uint32_t *fixed[] = {&c->receivable, &c->rounding, &c->stock, &c->bank,	  &c->unassigned,
			     &c->received,   &c->cost,	   &c->waste, &c->shrink, &c->own_use};
	struct chart_rate *r;

	if (n < ARRAY_LEN(fixed))
		return fixed[n];
	n -= (uint32_t)ARRAY_LEN(fixed);
	r = &c->rate[n / 3];
	return n % 3 == 0 ? &r->sales : n % 3 == 1 ? &r->deposit : &r->vat;
}

#define ACCOUNTS (10 + 3 * 3) /* of three rates that have VAT */

static bool may_join(uint32_t a, uint32_t b)
{
	if (a >= 5 && b >= 5 && a < 10 && b < 10)
		return true;
	return a >= 10 && b >= 10 && (a - 10) / 3 == (b - 10) / 3 && (a - 10) % 3 < 2 &&
	       (b - 10) % 3 < 2;
}

static void charts_that_may_not(void **state)
{
	struct entry_chart good = chart_bas(), c;

	(void)state;
	for (uint32_t a = 0; a < ACCOUNTS; a++) {
		static const uint32_t wrong[] = {0, 1, 999, 10000, UINT32_MAX};

		for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
			c = good;
			*account(&c, a) = wrong[i];
			assert_non_null(chart_wrong(&c));
		}
		for (uint32_t b = 0; b < ACCOUNTS; b++) {
			c = good;
			*account(&c, a) = *account(&c, b);
			assert_int_equal(chart_wrong(&c) == NULL, a == b || may_join(a, b));
		}
	}
	c = good;
	c.rate[3].vat = 2641; /* at 0 % */
	assert_non_null(chart_wrong(&c));
	c = good;
	c.rate[1].vat_bp = 2500; /* twice */
	assert_non_null(chart_wrong(&c));
	c.rate[1].vat_bp = 2600; /* rising */
	assert_non_null(chart_wrong(&c));
	c = good;
	c.rate[0].vat_bp = 10001;
	assert_non_null(chart_wrong(&c));
	c = good;
	c.rate[3].vat_bp = -1;
	assert_non_null(chart_wrong(&c));
	c.rates = 0;
	assert_non_null(chart_wrong(&c));
	c.rates = RATES_MAX + 1;
	assert_non_null(chart_wrong(&c));
}

/* --- sales --- */

static void a_sale_row_by_row(void **state)
{
	struct entry_chart c = chart_bas();
	struct line_money cola = line(2200, 200, 1200, 1100), bag = line(700, 0, 2500, 0);
	struct line_money stamp = line(1500, 0, 0, 900);
	struct postings p;

	(void)state;
	/* 22.00 with 2.00 deposit at 12 %: VAT 2.36, deposit net 1.79, sales 17.85 */
	assert_true(post_line(&c, &cola, &p));
	EXPECT(&p, {1510, 2200}, {3002, -1785}, {3592, -179}, {2621, -236}, {4961, 1100},
	       {1460, -1100});
	assert_true(post_line_back(&c, &cola, CREDIT_WRONG_LINE, &p));
	EXPECT(&p, {1510, -2200}, {3002, 1785}, {3592, 179}, {2621, 236}, {4961, -1100},
	       {1460, 1100});
	assert_true(post_line_back(&c, &cola, CREDIT_BROKEN, &p));
	EXPECT(&p, {1510, -2200}, {3002, 1785}, {3592, 179}, {2621, 236}, {4961, -1100},
	       {4962, 1100});
	assert_true(post_line_back(&c, &cola, CREDIT_PRICE, &p));
	EXPECT(&p, {1510, -2200}, {3002, 1785}, {3592, 179}, {2621, 236});
	assert_true(post_line_back(&c, &cola, CREDIT_GOODWILL, &p));
	EXPECT(&p, {1510, -2200}, {3002, 1785}, {3592, 179}, {2621, 236});
	/* 22.00 at 6 %: VAT 1.25, deposit net 1.89 */
	assert_true(post_line_rerated(&c, &cola, 600, &p));
	EXPECT(&p, {3002, 1785}, {3592, 179}, {2621, 236}, {3003, -1886}, {3593, -189},
	       {2631, -125});
	assert_true(post_line_rerated(&c, &cola, 1200, &p));
	assert_int_equal(p.count, 0);
	assert_true(post_line(&c, &bag, &p));
	EXPECT(&p, {1510, 700}, {3001, -560}, {2611, -140});
	assert_true(post_line(&c, &stamp, &p));
	EXPECT(&p, {1510, 1500}, {3004, -1500}, {4961, 900}, {1460, -900});
	cola = line(0, 0, 1200, 0); /* a free sample of no value */
	assert_true(post_line(&c, &cola, &p));
	assert_int_equal(p.count, 0);
}

static void joined_accounts_are_one_row(void **state)
{
	struct entry_chart c = chart_bas();
	struct line_money cola = line(2200, 200, 1200, 1100);
	struct postings p;

	(void)state;
	c.rate[1].deposit = c.rate[1].sales;
	c.waste = c.cost;
	assert_null(chart_wrong(&c));
	assert_true(post_line(&c, &cola, &p));
	EXPECT(&p, {1510, 2200}, {3002, -1964}, {2621, -236}, {4961, 1100}, {1460, -1100});
	assert_true(post_line_back(&c, &cola, CREDIT_BROKEN, &p));
	EXPECT(&p, {1510, -2200}, {3002, 1964}, {2621, 236});
	assert_true(post_goods_back(&c, CREDIT_BROKEN, money_of(1100), &p));
	assert_int_equal(p.count, 0);
}

static void sales_against_the_books_by_hand(void **state)
{
	static const int32_t rates[] = {2500, 1200, 600, 0};
	struct entry_chart c = chart_bas();
	struct postings p;

	(void)state;
	for (int i = 0; i < CASES; i++) {
		int32_t bp = rates[draw(4)], now = rates[draw(4)];
		int64_t total = draw(200000), deposit = draw(total + 1), cost = draw(total + 1);
		int64_t vat = (total * bp * 2 + 10000 + bp) / (2 * (10000 + bp));
		int64_t vat_in_deposit = (deposit * bp * 2 + 10000 + bp) / (2 * (10000 + bp));
		struct line_money l = line(total, deposit, bp, cost);
		const struct chart_rate *at = chart_rate(&c, bp);
		enum credit_reason reason = (enum credit_reason)draw(CREDIT_REASONS);

		begin();
		assert_true(post_line(&c, &l, &p));
		enter(&p);
		assert_int_equal(books[c.receivable], total);
		assert_int_equal(books[at->vat], -vat);
		assert_int_equal(books[at->deposit], -(deposit - vat_in_deposit));
		assert_int_equal(books[at->sales], -(total - vat - deposit + vat_in_deposit));
		assert_int_equal(books[c.cost], cost);
		assert_int_equal(books[c.stock], -cost);
		assert_true(post_line_rerated(&c, &l, now, &p));
		enter(&p);
		l.vat_bp = now;
		assert_true(post_line_back(&c, &l, reason, &p));
		enter(&p);
		/* nothing is left but what became of the goods */
		assert_int_equal(books[c.stock], reason == CREDIT_WRONG_LINE ? 0 : -cost);
		assert_int_equal(books[c.waste], reason == CREDIT_BROKEN ? cost : 0);
		books[c.stock] = books[c.waste] = books[c.cost] = 0;
		for (uint32_t k = 0; k < c.rates; k++) {
			assert_int_equal(books[c.rate[k].sales], 0);
			assert_int_equal(books[c.rate[k].deposit], 0);
			assert_int_equal(books[c.rate[k].vat], 0);
		}
		assert_int_equal(books[c.receivable], 0);
	}
}

/* --- the month --- */

#define LINES 40

/* A household's month: its lines posted, billed, and taken back whole. */
static void a_month(const struct entry_chart *c, uint32_t lines, int64_t most)
{
	struct invoice_sum sum = {0};
	struct money deposit[RATES_MAX] = {{0}};
	struct entry_invoice invoice = {0};
	struct entry_credit_note note = {0};
	struct postings p;
	int64_t paid;

	begin();
	for (uint32_t i = 0; i < lines; i++) {
		const struct chart_rate *at = &c->rate[draw(c->rates)];
		int64_t total = draw(most);
		struct line_money l = line(total, draw(total / 5 + 1), at->vat_bp, 0);

		assert_true(post_line(c, &l, &p));
		enter(&p);
		assert_true(
			invoice_add(&sum, at->vat_bp, l.total, vat_included(l.total, at->vat_bp)));
	}
	invoice_make(&sum, &invoice);
	assert_true(post_invoice(c, &invoice, &p));
	enter(&p);
	assert_int_equal(books[c->receivable], money_minor(invoice.payable));
	assert_int_equal(books[c->rounding], -money_minor(invoice.rounding));
	for (uint32_t k = 0; k < invoice.rates; k++) {
		const struct chart_rate *at = chart_rate(c, invoice.rate[k].vat_bp);
		int64_t vat = at->vat == 0 ? 0 : books[at->vat];

		assert_int_equal(vat, -money_minor(invoice.rate[k].vat));
		assert_int_equal(books[at->sales] + books[at->deposit],
				 -money_minor(invoice.rate[k].base));
		deposit[k] = money_of(-books[at->deposit]);
	}
	paid = money_minor(invoice.payable);
	assert_true(post_payment(c, money_of(paid), true, &p));
	enter(&p);
	assert_int_equal(books[c->receivable], 0);
	assert_true(post_payment(c, money_of(-paid), true, &p));
	enter(&p);
	credit_whole(&invoice, &note);
	assert_true(post_credit_note(c, &note, deposit, &p));
	enter(&p);
	for (size_t a = 0; a < ARRAY_LEN(books); a++)
		assert_int_equal(books[a], 0);
}

static void months_leave_nothing_behind(void **state)
{
	struct entry_chart c = chart_bas();

	(void)state;
	for (int i = 0; i < 3000; i++)
		a_month(&c, (uint32_t)draw(LINES), 1 + draw(i % 3 == 0 ? 300 : 50000));
}

static void an_invoice_row_by_row(void **state)
{
	struct entry_chart c = chart_bas();
	struct postings p;
	/* gross 10.03 at 25 %: lines posted 2.03 as VAT; base 8.02 + 2.01 (2.005) = 10.03 */
	struct entry_invoice i = {
		.rates = 1,
		.rate = {{2500, money_of(1003), money_of(802), money_of(201), money_of(203)}},
		.gross = money_of(1003),
		.rounding = money_of(-3),
		.payable = money_of(1000),
	};

	(void)state;
	assert_true(post_invoice(&c, &i, &p));
	EXPECT(&p, {1510, -3}, {3001, -2}, {2611, 2}, {3740, 3});
	/* gross 10.02 has no base: 8.01 + 2.00 = 10.01, and the öre is in the rounding */
	i.gross = i.rate[0].gross = money_of(1002);
	i.rate[0].base = money_of(801);
	i.rate[0].vat = money_of(200);
	i.rate[0].posted = money_of(200);
	i.rounding = money_of(-1);
	assert_true(post_invoice(&c, &i, &p));
	EXPECT(&p, {1510, -2}, {3001, 1}, {3740, 1});
}

static void a_note_of_one_line(void **state)
{
	struct entry_chart c = chart_bas();
	struct paper_line l = {.seq = 17,
			       .vat_bp = 1200,
			       .gross = money_of(2000),
			       .deposit = money_of(200),
			       .net = money_of(1786),
			       .deposit_net = money_of(179)};
	struct money deposit[RATES_MAX] = {money_of(179)};
	struct entry_credit_note n = {0};
	struct postings p;

	(void)state;
	credit_line(&l, &n);
	assert_true(post_credit_note(&c, &n, deposit, &p));
	/* net 19.65, VAT on it 2.36, one öre too many is in the rounding */
	EXPECT(&p, {1510, -2200}, {3002, 1786}, {3592, 179}, {2621, 236}, {3740, -1});
}

static void stock_and_money(void **state)
{
	struct entry_chart c = chart_bas();
	struct postings p;

	(void)state;
	assert_true(post_stock(&c, MOVEMENT_DELIVERY, money_of(5000), &p));
	EXPECT(&p, {1460, 5000}, {4960, -5000});
	assert_true(post_delivery(&c, money_of(5000), MONEY_ZERO, &p));
	EXPECT(&p, {1460, 5000}, {4960, -5000});
	assert_true(post_delivery(&c, money_of(5000), money_of(-3000), &p));
	EXPECT(&p, {1460, 2000}, {4960, -5000}, {4961, 3000});
	assert_true(post_delivery(&c, money_of(5000), money_of(-5000), &p));
	EXPECT(&p, {4960, -5000}, {4961, 5000});
	c.received = c.cost;
	assert_true(post_delivery(&c, money_of(5000), money_of(-3000), &p));
	EXPECT(&p, {1460, 2000}, {4961, -2000});
	c = chart_bas();
	assert_true(post_stock(&c, MOVEMENT_COUNT, money_of(-700), &p));
	EXPECT(&p, {1460, -700}, {4963, 700});
	assert_true(post_stock(&c, MOVEMENT_COUNT, money_of(300), &p));
	EXPECT(&p, {1460, 300}, {4963, -300});
	assert_true(post_stock(&c, MOVEMENT_COUNT, MONEY_ZERO, &p));
	assert_int_equal(p.count, 0);
	assert_true(post_stock(&c, MOVEMENT_WASTE, money_of(-700), &p));
	EXPECT(&p, {1460, -700}, {4962, 700});
	assert_true(post_stock(&c, MOVEMENT_OWN_USE, money_of(-700), &p));
	EXPECT(&p, {1460, -700}, {4964, 700});
	assert_true(post_stock(&c, MOVEMENT_SALE, money_of(-700), &p));
	EXPECT(&p, {1460, -700}, {4961, 700});
	assert_true(post_stock(&c, MOVEMENT_RETURN, money_of(700), &p));
	EXPECT(&p, {1460, 700}, {4961, -700});
	assert_true(post_goods_back(&c, CREDIT_WRONG_LINE, money_of(700), &p));
	EXPECT(&p, {4961, -700}, {1460, 700});
	assert_true(post_goods_back(&c, CREDIT_BROKEN, money_of(700), &p));
	EXPECT(&p, {4961, -700}, {4962, 700});
	assert_true(post_goods_back(&c, CREDIT_PRICE, money_of(700), &p));
	assert_int_equal(p.count, 0);
	assert_true(post_payment(&c, money_of(44100), true, &p));
	EXPECT(&p, {1930, 44100}, {1510, -44100});
	assert_true(post_payment(&c, money_of(-100), true, &p));
	EXPECT(&p, {1930, -100}, {1510, 100});
	assert_true(post_payment(&c, money_of(44100), false, &p));
	EXPECT(&p, {1930, 44100}, {2990, -44100});
	assert_true(post_assigned(&c, money_of(44100), &p));
	EXPECT(&p, {2990, 44100}, {1510, -44100});
}

/* --- what cannot be posted leaves no row --- */

static void refused(bool posted, const struct postings *p)
{
	assert_false(posted);
	assert_int_equal(p->count, 0);
}

static void documents_that_do_not_hold(void **state)
{
	struct entry_chart c = chart_bas();
	struct money deposit[RATES_MAX] = {{0}};
	struct entry_invoice good = {0}, i;
	struct invoice_sum sum = {0};
	struct entry_credit_note n = {0};
	struct postings p;

	(void)state;
	assert_true(invoice_add(&sum, 2500, money_of(1003), money_of(201)));
	assert_true(invoice_add(&sum, 0, money_of(500), money_of(0)));
	invoice_make(&sum, &good);
	good.rate[2] = good.rate[0]; /* what stands behind the last rate is nothing */
	credit_whole(&good, &n);
	assert_true(post_credit_note(&c, &n, deposit, &p));
	assert_true(post_invoice(&c, &good, &p));
	for (int fault = 0; fault < 8; fault++) {
		struct money *at[] = {&i.gross,		&i.rounding,	 &i.payable,
				      &i.rate[0].gross, &i.rate[0].base, &i.rate[0].vat,
				      &i.rate[1].gross, &i.rate[1].base};

		i = good;
		*at[fault] = money_of(money_minor(*at[fault]) + 1);
		refused(post_invoice(&c, &i, &p), &p);
		credit_whole(&i, &n);
		refused(post_credit_note(&c, &n, deposit, &p), &p);
	}
	i = good;
	i.rates = RATES_MAX + 1;
	refused(post_invoice(&c, &i, &p), &p);
	i = good;
	i.rate[1].vat_bp = 1300; /* no accounts */
	refused(post_invoice(&c, &i, &p), &p);
	credit_whole(&i, &n);
	refused(post_credit_note(&c, &n, deposit, &p), &p);
	i = good; /* VAT at 0 % */
	i.rate[1].vat = money_of(1);
	i.rate[1].base = money_of(499);
	refused(post_invoice(&c, &i, &p), &p);
}

static void amounts_that_are_absurd(void **state)
{
	static const int64_t ends[] = {INT64_MAX, INT64_MIN, INT64_MAX / 2, INT64_MIN / 2, 0,
				       1,	  -1};
	struct entry_chart c = chart_bas();
	struct line_money l = line(100, 0, 1300, 0);
	struct postings p;

	(void)state;
	refused(post_line(&c, &l, &p), &p); /* a rate without accounts */
	refused(post_line_back(&c, &l, CREDIT_BROKEN, &p), &p);
	refused(post_line_rerated(&c, &l, 1200, &p), &p);
	l.vat_bp = 1200;
	refused(post_line_rerated(&c, &l, 1300, &p), &p);
	refused(post_line_back(&c, &l, (enum credit_reason)CREDIT_REASONS, &p), &p);
	refused(post_stock(&c, (enum movement)0, money_of(1), &p), &p);
	for (size_t a = 0; a < ARRAY_LEN(ends); a++) {
		refused(post_payment(&c, money_of(a % 2 ? INT64_MIN : INT64_MAX), true, &p), &p);
		for (size_t b = 0; b < ARRAY_LEN(ends); b++) {
			for (size_t k = 0; k < ARRAY_LEN(ends); k++) {
				l = line(ends[a], ends[b], 2500, ends[k]);
				if (post_line(&c, &l, &p))
					posting_check(&p);
				if (post_line_back(&c, &l, CREDIT_WRONG_LINE, &p))
					posting_check(&p);
				if (post_line_rerated(&c, &l, 1200, &p))
					posting_check(&p);
			}
		}
	}
}

/* The one helper that all postings pass stops what is not double entry. */
static void rows_that_are_no_postings(void **state)
{
	static const struct postings wrong[] = {
		{1, {{1510, {1}}}},
		{2, {{1510, {100}}, {3001, {-99}}}},
		{2, {{1510, {100}}, {1510, {-100}}}},
		{3, {{1510, {100}}, {3001, {-100}}, {2611, {0}}}},
		{POSTINGS_MAX + 1, {{1510, {0}}}},
	};

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
			posting_check(&wrong[i]);
			_exit(0);
		}
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_swedish_chart),
		cmocka_unit_test(charts_that_may_be_kept),
		cmocka_unit_test(charts_that_may_not),
		cmocka_unit_test(a_sale_row_by_row),
		cmocka_unit_test(joined_accounts_are_one_row),
		cmocka_unit_test(sales_against_the_books_by_hand),
		cmocka_unit_test(months_leave_nothing_behind),
		cmocka_unit_test(an_invoice_row_by_row),
		cmocka_unit_test(a_note_of_one_line),
		cmocka_unit_test(stock_and_money),
		cmocka_unit_test(documents_that_do_not_hold),
		cmocka_unit_test(amounts_that_are_absurd),
		cmocka_unit_test(rows_that_are_no_postings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
