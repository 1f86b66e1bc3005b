/* test_invoice.c: from lines to an invoice, and from an invoice to what stands on its paper. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/limits.h"
#include "books/invoice.h"
#include "books/vat.h"

#define CASES 100000
#define LINES 200

static uint64_t seed = 0x5eed0fb00c5ULL;

static int64_t draw(int64_t below)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (int64_t)(seed % (uint64_t)below);
}

static void add(struct invoice_sum *s, int32_t bp, int64_t total, int64_t posted)
{
	assert_true(invoice_add(s, bp, money_of(total), money_of(posted)));
}

/* Food of March at 12 % beside food of April at 6 %, and a bag at 25 %: 264.60, to pay
 * 265.00. */
static void march_and_april_on_one_invoice(void **state)
{
	struct invoice_sum s = {0};
	struct entry_invoice i;

	(void)state;
	memset(&i, 0xa5, sizeof(i));
	add(&s, 600, 6990, 396);
	add(&s, 1200, 12990, 1392);
	add(&s, 2500, 4990, 998);
	add(&s, 600, 1490, 84);
	add(&s, 1200, 0, 0);
	assert_int_equal(s.lines, 5);
	invoice_make(&s, &i);
	assert_int_equal(i.lines, 5);
	assert_int_equal(i.rates, 3);
	assert_int_equal(i.rate[0].vat_bp, 2500);
	assert_int_equal(i.rate[1].vat_bp, 1200);
	assert_int_equal(i.rate[2].vat_bp, 600);
	assert_int_equal(money_minor(i.rate[0].gross), 4990);
	assert_int_equal(money_minor(i.rate[0].base), 3992);
	assert_int_equal(money_minor(i.rate[0].vat), 998);
	assert_int_equal(money_minor(i.rate[1].gross), 12990);
	assert_int_equal(money_minor(i.rate[1].base), 11598);
	assert_int_equal(money_minor(i.rate[1].vat), 1392);
	assert_int_equal(money_minor(i.rate[2].gross), 8480);
	assert_int_equal(money_minor(i.rate[2].base), 8000);
	assert_int_equal(money_minor(i.rate[2].vat), 480);
	assert_int_equal(money_minor(i.rate[2].posted), 480);
	assert_int_equal(money_minor(i.gross), 26460);
	assert_int_equal(money_minor(i.payable), 26500);
	assert_int_equal(money_minor(i.rounding), 40);
	for (uint32_t k = 3; k < RATES_MAX; k++)
		assert_int_equal(money_minor(i.rate[k].gross) + money_minor(i.rate[k].base) +
					 money_minor(i.rate[k].vat) + i.rate[k].vat_bp,
				 0);
}

static void every_oere_is_somewhere(void **state)
{
	static const int32_t rates[] = {600, 2500, 0, 1200, 10000, 1};

	(void)state;
	for (int n = 0; n < CASES / 10; n++) {
		struct invoice_sum s = {0};
		struct entry_invoice i;
		int64_t gross[ARRAY_LEN(rates)] = {0}, posted[ARRAY_LEN(rates)] = {0};
		int64_t all = 0, sum = 0;
		uint32_t lines = (uint32_t)draw(20);

		for (uint32_t k = 0; k < lines; k++) {
			size_t r = (size_t)draw((int64_t)ARRAY_LEN(rates));
			int64_t total = draw(n % 2 ? 100 : 100000), vat = draw(total + 1);

			add(&s, rates[r], total, vat);
			gross[r] += total;
			posted[r] += vat;
			all += total;
		}
		invoice_make(&s, &i);
		assert_int_equal(i.lines, lines);
		assert_int_equal(money_minor(i.gross), all);
		for (uint32_t k = 0; k < i.rates; k++) {
			size_t r = 0;

			while (rates[r] != i.rate[k].vat_bp)
				r++;
			assert_true(k == 0 || i.rate[k].vat_bp < i.rate[k - 1].vat_bp);
			assert_int_equal(money_minor(i.rate[k].gross), gross[r]);
			assert_int_equal(money_minor(i.rate[k].posted), posted[r]);
			gross[r] = 0;
			sum += money_minor(i.rate[k].base) + money_minor(i.rate[k].vat);
		}
		for (size_t r = 0; r < ARRAY_LEN(rates); r++)
			assert_int_equal(gross[r], 0);
		assert_int_equal(money_minor(i.payable), (all + 50) / 100 * 100);
		assert_int_equal(money_minor(i.rounding), money_minor(i.payable) - sum);
		/* half a krona, and an öre a rate */
		assert_in_range(money_minor(i.rounding) + 50 + i.rates, 0, 100 + 2 * i.rates);
	}
}

static void what_does_not_fit(void **state)
{
	struct invoice_sum s = {0}, before;
	struct entry_invoice i;

	(void)state;
	for (int32_t k = 0; k < RATES_MAX; k++)
		add(&s, k * 100, 100, 1);
	before = s;
	assert_false(invoice_add(&s, 50, money_of(100), money_of(1)));
	assert_false(invoice_add(&s, 100, money_of(-1), money_of(0)));
	assert_false(invoice_add(&s, 100, money_of(INT64_MAX), money_of(0)));
	assert_false(invoice_add(&s, 100, money_of(1), money_of(INT64_MAX)));
	assert_false(invoice_add(&s, 100, money_of(1), money_of(-100)));
	assert_false(invoice_add(&s, -1, money_of(1), money_of(0)));
	assert_false(invoice_add(&s, 10001, money_of(1), money_of(0)));
	assert_memory_equal(&s, &before, sizeof(s));
	memset(&s, 0, sizeof(s));
	add(&s, 2500, INT64_MAX / 64, 0); /* the most there may be, and it can be billed */
	assert_false(invoice_add(&s, 2500, money_of(1), money_of(0)));
	assert_false(invoice_add(&s, 1200, money_of(1), money_of(0)));
	assert_int_equal(s.rates, 1);
	invoice_make(&s, &i);
	assert_true(money_minor(i.payable) == 144115188075855900);
	memset(&s, 0, sizeof(s));
	for (uint32_t k = 0; k < INVOICE_LINES_MAX; k++)
		add(&s, 2500, 1990, 398);
	assert_false(invoice_add(&s, 2500, money_of(1), money_of(0)));
	assert_int_equal(money_minor(s.gross), 1990LL * INVOICE_LINES_MAX);
}

static bool rolls(int64_t gross, const char *oldest, int32_t period, int64_t least, int32_t months)
{
	struct day day;

	assert_true(day_parse(oldest, 10, &day));
	return invoice_rolls(money_of(gross), day, (struct period){period}, money_of(least),
			     months);
}

static void small_sums_roll_forward(void **state)
{
	(void)state;
	assert_true(rolls(4999, "2026-10-02", 202610, 5000, 3));
	assert_false(rolls(5000, "2026-10-02", 202610, 5000, 3));
	assert_true(rolls(0, "2026-10-31", 202610, 5000, 3));
	/* at October's end a line of August's first day is not yet three months old */
	assert_true(rolls(100, "2026-08-01", 202610, 5000, 3));
	assert_false(rolls(100, "2026-07-31", 202610, 5000, 3));
	assert_true(rolls(100, "2025-12-01", 202602, 5000, 3));
	assert_false(rolls(100, "2025-11-30", 202602, 5000, 3));
	assert_true(rolls(100, "2026-10-01", 202610, 5000, 1));
	assert_false(rolls(100, "2026-09-30", 202610, 5000, 1));
	assert_false(rolls(100, "2026-10-31", 202610, 5000, 0)); /* switched off */
	assert_false(rolls(100, "2026-10-31", 202610, 0, 3));
	assert_false(rolls(100, "2026-10-31", 202610, 5000, -1));
	assert_true(rolls(100, "1970-01-01", 197001, 5000, 12));
}

/* --- the paper --- */

static struct paper_line line[LINES];
static struct money room_gross[2 * LINES], room_net[2 * LINES];
static uint32_t room_order[2 * LINES];
static const struct paper_room room = {room_gross, room_net, room_order};

static struct paper paper_of(uint32_t lines, int64_t most, struct entry_invoice *ret)
{
	static const int32_t rates[] = {2500, 1200, 600, 0};
	struct invoice_sum s = {0};
	struct paper p = {.lines = lines, .line = line};

	memset(line, 0, sizeof(line));
	for (uint32_t i = 0; i < lines; i++) {
		line[i].seq = i == 0 ? 1 : line[i - 1].seq + 1 + (uint64_t)draw(3);
		line[i].vat_bp = rates[draw(4)];
		line[i].gross = money_of(draw(most));
		line[i].deposit = money_of(draw(3) == 0 ? draw(most / 10 + 1) : 0);
		add(&s, line[i].vat_bp, money_minor(line[i].gross) + money_minor(line[i].deposit),
		    0);
	}
	memset(ret, 0, sizeof(*ret));
	invoice_make(&s, ret);
	p.rates = ret->rates;
	memcpy(p.rate, ret->rate, sizeof(p.rate));
	p.gross = ret->gross;
	p.rounding = ret->rounding;
	p.payable = ret->payable;
	return p;
}

/* Per rate the lines' net amounts are the base; none is an öre or more from its share; a part of
 * no gross has no net; and the same paper again is the same. */
static void nets_add_up_to_the_base(void **state)
{
	struct paper_line before[LINES];
	struct entry_invoice invoice;

	(void)state;
	for (int n = 0; n < 1000; n++) {
		uint32_t lines = (uint32_t)draw(LINES + 1);
		struct paper p = paper_of(lines, n % 2 ? 10000 : 30, &invoice);
		int64_t sum[10001] = {0};

		assert_true(paper_spread(&p, room));
		for (uint32_t i = 0; i < lines; i++) {
			int64_t net = money_minor(line[i].net), gross = money_minor(line[i].gross);
			int64_t deposit_net = money_minor(line[i].deposit_net);

			sum[line[i].vat_bp] += net + deposit_net;
			assert_true(net >= 0 && net <= gross);
			assert_true(deposit_net >= 0 &&
				    deposit_net <= money_minor(line[i].deposit));
			for (uint32_t k = 0; k < p.rates; k++) {
				int64_t whole = money_minor(p.rate[k].gross);
				int64_t off = net * whole - gross * money_minor(p.rate[k].base);

				if (p.rate[k].vat_bp == line[i].vat_bp && whole > 0)
					assert_true(off < whole && off > -whole);
			}
		}
		for (uint32_t k = 0; k < p.rates; k++)
			assert_int_equal(sum[p.rate[k].vat_bp], money_minor(p.rate[k].base));
		memcpy(before, line, sizeof(before));
		assert_true(paper_spread(&p, room));
		assert_memory_equal(before, line, sizeof(before));
	}
}

static void the_earlier_line_wins(void **state)
{
	struct paper p = {.lines = 3, .line = line, .rates = 1};

	(void)state;
	memset(line, 0, sizeof(line));
	for (uint32_t i = 0; i < 3; i++) {
		line[i].seq = 10 + i;
		line[i].vat_bp = 2500;
		line[i].gross = money_of(100);
		line[i].deposit = money_of(100);
	}
	p.rate[0] = (struct invoice_rate){
		.vat_bp = 2500, .gross = money_of(600), .base = money_of(480 + 3)};
	assert_true(paper_spread(&p, room));
	/* 80.5 each: the goods and deposit of the first, then the goods of the second */
	assert_int_equal(money_minor(line[0].net), 81);
	assert_int_equal(money_minor(line[0].deposit_net), 81);
	assert_int_equal(money_minor(line[1].net), 81);
	assert_int_equal(money_minor(line[1].deposit_net), 80);
	assert_int_equal(money_minor(line[2].net), 80);
	assert_int_equal(money_minor(line[2].deposit_net), 80);
}

static void as_many_rates_as_there_may_be(void **state)
{
	struct paper p = {.lines = RATES_MAX, .line = line, .rates = RATES_MAX};

	(void)state;
	memset(line, 0, sizeof(line));
	for (uint32_t i = 0; i < RATES_MAX; i++) {
		line[i].seq = 1 + i;
		line[i].vat_bp = (int32_t)(RATES_MAX - i) * 100;
		line[i].gross = money_of(1000);
		p.rate[i] = (struct invoice_rate){.vat_bp = line[i].vat_bp,
						  .gross = money_of(1000),
						  .base = money_of(900 + i)};
	}
	assert_true(paper_spread(&p, room));
	for (uint32_t i = 0; i < RATES_MAX; i++)
		assert_int_equal(money_minor(line[i].net), 900 + i);
}

static void papers_that_do_not_hold(void **state)
{
	struct entry_invoice invoice;
	struct paper good = paper_of(LINES, 10000, &invoice), p;

	(void)state;
	assert_int_equal(good.rates, 4);
	assert_true(paper_spread(&good, room));
	p = good;
	p.lines--; /* one is missing */
	assert_false(paper_spread(&p, room));
	p = good;
	p.rates--; /* lines of a rate that is not on the paper */
	assert_false(paper_spread(&p, room));
	p = good;
	p.rate[1].gross = money_of(money_minor(p.rate[1].gross) + 1);
	assert_false(paper_spread(&p, room));
	p = good;
	p.rate[1].base = money_of(money_minor(p.rate[1].gross) + 1);
	assert_false(paper_spread(&p, room));
	p.rate[1].base = money_of(-1);
	assert_false(paper_spread(&p, room));
	p = good;
	p.rate[1].vat_bp = 2500; /* twice */
	assert_false(paper_spread(&p, room));
	p = good; /* a rate that no line has */
	p.rate[p.rates++] = (struct invoice_rate){.vat_bp = -1};
	assert_false(paper_spread(&p, room));
	p = good;
	p.rates = RATES_MAX + 1;
	assert_false(paper_spread(&p, room));
	p = good;
	p.lines = INVOICE_LINES_MAX + 1;
	assert_false(paper_spread(&p, room));
	line[0].seq = line[1].seq; /* the same line twice */
	assert_false(paper_spread(&good, room));
	line[0].seq = line[1].seq - 1;
	line[7].seq = line[6].seq;
	assert_false(paper_spread(&good, room));
	line[7].seq = line[6].seq + 1;
	assert_true(paper_spread(&good, room));
	line[7].gross = money_of(-money_minor(line[7].gross) - 1);
	assert_false(paper_spread(&good, room));
}

/* --- credit notes --- */

static void a_whole_invoice_is_mirrored(void **state)
{
	struct entry_invoice i;
	struct entry_credit_note n;

	(void)state;
	(void)paper_of(30, 10000, &i);
	i.invoice.n = 2026000123;
	memset(i.customer.byte, 0x5a, sizeof(i.customer.byte));
	memset(&n, 0, sizeof(n));
	n.reason = CREDIT_GOODWILL;
	n.line = 99;
	credit_whole(&i, &n);
	assert_true(n.invoice.n == i.invoice.n && n.line == 0 && n.credit_note.n == 0);
	assert_true(customer_is(n.customer, i.customer));
	assert_int_equal(n.rates, i.rates);
	assert_memory_equal(n.rate, i.rate, sizeof(n.rate));
	assert_int_equal(money_minor(n.gross), money_minor(i.gross));
	assert_int_equal(money_minor(n.rounding), money_minor(i.rounding));
	assert_int_equal(money_minor(n.payable), money_minor(i.payable));
	assert_int_equal(n.reason, CREDIT_GOODWILL);
}

/* The member gets back what the shelf said, to the öre; all lines' notes take back the whole base.
 */
static void a_line_is_credited_to_the_oere(void **state)
{
	struct entry_invoice invoice;

	(void)state;
	for (int round = 0; round < 500; round++) {
		uint32_t lines = 1 + (uint32_t)draw(LINES);
		struct paper p = paper_of(lines, 10000, &invoice);
		int64_t base[10001] = {0}, gross = 0;

		assert_true(paper_spread(&p, room));
		for (uint32_t k = 0; k < lines; k++) {
			struct entry_credit_note n;
			int64_t shelf = money_minor(line[k].gross) + money_minor(line[k].deposit);
			int64_t net, vat;

			memset(&n, 0xa5, sizeof(n));
			credit_line(&line[k], &n);
			net = money_minor(n.rate[0].base);
			vat = money_minor(n.rate[0].vat);
			assert_true(n.line == line[k].seq);
			assert_int_equal(n.rates, 1);
			assert_int_equal(n.rate[0].vat_bp, line[k].vat_bp);
			assert_int_equal(n.rate[1].vat_bp, 0);
			assert_int_equal(money_minor(n.gross), shelf);
			assert_int_equal(money_minor(n.payable), shelf);
			assert_int_equal(vat, (net * line[k].vat_bp * 2 + 10000) / 20000);
			assert_int_equal(money_minor(n.rate[0].posted), vat);
			assert_int_equal(money_minor(n.rounding), shelf - net - vat);
			base[line[k].vat_bp] += net;
			gross += shelf;
		}
		assert_int_equal(gross, money_minor(invoice.gross));
		for (uint32_t k = 0; k < p.rates; k++)
			assert_int_equal(base[p.rate[k].vat_bp], money_minor(p.rate[k].base));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(march_and_april_on_one_invoice),
		cmocka_unit_test(every_oere_is_somewhere),
		cmocka_unit_test(what_does_not_fit),
		cmocka_unit_test(small_sums_roll_forward),
		cmocka_unit_test(nets_add_up_to_the_base),
		cmocka_unit_test(the_earlier_line_wins),
		cmocka_unit_test(as_many_rates_as_there_may_be),
		cmocka_unit_test(papers_that_do_not_hold),
		cmocka_unit_test(a_whole_invoice_is_mirrored),
		cmocka_unit_test(a_line_is_credited_to_the_oere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
