/*
 * test_shopd_accounts.c: what a member may still take, what an article costs, and that neither is
 * lost when roster or price list are exchanged under open visits.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "books/vat.h"
#include "shopd_bench.h"

#define LIMIT_MINOR 1000

static const struct price list[] = {
	{.article = 1, .minor = 100},
	{.article = 2, .minor = 300},
	{.article = 3, .minor = 50, .class = CLASS_ALCOHOL},
	{.article = 4, .minor = 50, .state = ARTICLE_RECALLED},
};

static struct caller control, counter;
static struct person anna;
static struct phone annas;
static int till;

static int set_up(void **state)
{
	(void)state;
	bench_make("clock = rtc\n");
	till = scanner_plug("one");
	bench_start();
	caller_dial(&control, ROLE_CONTROL);
	caller_dial(&counter, ROLE_COUNTER);
	prices_set(&control, list, ARRAY_LEN(list));
	member_add(&control, &anna, MEMBER_LIMITED, LIMIT_MINOR);
	phone_enters(&annas, &counter, &anna);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	caller_leave(&control);
	caller_leave(&counter);
	bench_stop();
	close(till);
	bench_remove();
	return 0;
}

static int64_t credit_left(const struct person *p)
{
	struct member m = accounts_member(&shell, p->customer);

	assert_true(m.limited);
	return money_minor(m.credit_left);
}

/* --- sums */

static void credit_falls_and_returns(void **state)
{
	struct phone again = {.counter = &counter, .person = &anna};
	union message m;

	(void)state;
	assert_int_equal(credit_left(&anna), LIMIT_MINOR);
	assert_int_equal(phone_puts(&annas, "k1", 2, 3000, NULL), ANSWER_OK);
	assert_int_equal(credit_left(&anna), 100);
	assert_int_equal(phone_puts(&annas, "k1", 2, 3000, NULL), ANSWER_REPEATED);
	assert_int_equal(credit_left(&anna), 100);
	assert_int_equal(phone_puts(&annas, "k2", 2, 1000, NULL), ANSWER_CREDIT_EXHAUSTED);
	assert_int_equal(phone_puts(&annas, "k3", 1, 1000, NULL), ANSWER_OK);
	assert_int_equal(credit_left(&anna), 0);
	assert_int_equal(phone_puts(&annas, "k4", 1, 1000, NULL), ANSWER_CREDIT_EXHAUSTED);
	assert_int_equal(phone_voids(&annas, "k1", NULL), ANSWER_OK);
	assert_int_equal(credit_left(&anna), 900);
	assert_int_equal(phone_voids(&annas, "k1", NULL), ANSWER_REPEATED);
	assert_int_equal(credit_left(&anna), 900);
	/* what the phone is told when it joins */
	phone_asks_in(&again, &m);
	assert_int_equal(m.visit_is.limited, 1);
	assert_int_equal(m.visit_is.credit_left_minor, 900);
	/* closing pays nothing */
	assert_int_equal(phone_closes(&annas), ANSWER_OK);
	assert_int_equal(credit_left(&anna), 900);
	/* a late line counts as well */
	assert_int_equal(phone_puts(&annas, "k5", 2, 1000, NULL), ANSWER_OK);
	assert_int_equal(credit_left(&anna), 600);
}

static void spent_means_no_entry(void **state)
{
	struct shoptoken_token token;
	union message m;

	(void)state;
	assert_int_equal(phone_puts(&annas, "k1", 1, 10000, NULL), ANSWER_OK);
	assert_int_equal(phone_closes(&annas), ANSWER_OK);
	token_of(&anna, "viken/front", &token);
	token_message(MESSAGE_UNLOCK, "front", &token, &m);
	caller_ask(&counter, &m, MESSAGE_VERDICT);
	assert_int_equal(m.verdict.verdict, VERDICT_CREDIT_EXHAUSTED);
}

/* The roster is in the order of random numbers: members come before and after those with sums. */
static void sums_outlive_the_roster(void **state)
{
	enum {
		OTHERS = 24
	};
	static struct person other[OTHERS];
	const struct roster *roster = shell.roster;
	struct phone others;

	(void)state;
	assert_int_equal(phone_puts(&annas, "k1", 1, 1000, NULL), ANSWER_OK);
	for (uint32_t i = 0; i < OTHERS; i++) {
		member_add(&control, &other[i], MEMBER_LIMITED, LIMIT_MINOR);
		assert_ptr_not_equal(shell.roster, roster);
		roster = shell.roster;
		assert_int_equal(credit_left(&anna), LIMIT_MINOR - 100);
		phone_enters(&others, &counter, &other[i]);
		assert_int_equal(phone_puts(&others, "k1", 1, 1000 * (1 + i % 3), NULL), ANSWER_OK);
	}
	assert_int_equal(credit_left(&anna), LIMIT_MINOR - 100);
	for (uint32_t i = 0; i < OTHERS; i++)
		assert_int_equal(credit_left(&other[i]), LIMIT_MINOR - 100 * (1 + i % 3));
	/* the ledger says the same */
	caller_leave(&control);
	caller_leave(&counter);
	bench_restart();
	caller_dial(&control, ROLE_CONTROL);
	caller_dial(&counter, ROLE_COUNTER);
	assert_int_equal(credit_left(&anna), LIMIT_MINOR - 100);
	for (uint32_t i = 0; i < OTHERS; i++)
		assert_int_equal(credit_left(&other[i]), LIMIT_MINOR - 100 * (1 + i % 3));
}

/* A roster is exchanged while lines wait for the disk: they count already, and only once. */
static void sums_of_lines_under_way(void **state)
{
	struct person bo;
	union message m;

	(void)state;
	disk_stalls();
	line_message(&annas, MESSAGE_LINE_PUT, "k1", 1, 1000, &m);
	caller_say(&counter, &m);
	until(shell.ticket > shell.committed);
	disk_goes_on();
	member_add(&control, &bo, 0, 0);
	assert_int_equal(credit_left(&anna), LIMIT_MINOR - 100);
	caller_hear(&counter, &m);
	assert_int_equal(m.line_is.answer, ANSWER_OK);
	assert_int_equal(credit_left(&anna), LIMIT_MINOR - 100);
}

static void unknown_customer(void **state)
{
	struct customer nobody = {"nobody's number"};
	struct member m = accounts_member(&shell, nobody);

	(void)state;
	assert_false(m.limited || m.blocked || m.overdue || m.extended);
	assert_int_equal(m.role, ROLE_MEMBER);
	accounts_add(&shell, nobody, money_of(100), false); /* and no sum to add it to */
	assert_int_equal(credit_left(&anna), LIMIT_MINOR);
}

/* --- trust, unpaid invoices */

static void trust_set(const struct person *p, enum trust trust)
{
	union message m;

	message_init(&m, MESSAGE_MEMBER_TRUST, 0);
	memcpy(m.member.customer, p->customer.byte, sizeof(m.member.customer));
	m.member.role = trust;
	office_done(&control, &m);
}

static void trust_has_a_limit(void **state)
{
	struct person rich, free_one, olle;

	(void)state;
	member_add(&control, &rich, MEMBER_LIMITED, 100000);
	member_add(&control, &free_one, 0, 0);
	member_add(&control, &olle, 0, 0);
	shell.config.trust[TRUST_NEW] =
		(struct trust_config){.limited = true, .credit_limit = money_of(5000)};
	shell.config.trust[TRUST_RESTRICTED] =
		(struct trust_config){.limited = true, .credit_limit = money_of(700)};
	/* the lower of the own limit and that of the level */
	assert_int_equal(credit_left(&anna), LIMIT_MINOR);
	assert_int_equal(credit_left(&rich), 5000);
	assert_int_equal(credit_left(&free_one), 5000);
	trust_set(&anna, TRUST_RESTRICTED);
	assert_int_equal(accounts_member(&shell, anna.customer).trust, TRUST_RESTRICTED);
	assert_int_equal(credit_left(&anna), 700);
	trust_set(&rich, TRUST_TRUSTED);
	assert_int_equal(credit_left(&rich), 100000);
	trust_set(&free_one, TRUST_TRUSTED);
	assert_false(accounts_member(&shell, free_one.customer).limited);
	/* the owner has no level */
	for (uint32_t i = 0; i < shell.roster->members; i++)
		if (customer_is(shell.roster->member[i].customer, olle.customer))
			shell.roster->member[i].role = ROLE_OWNER;
	assert_false(accounts_member(&shell, olle.customer).limited);
}

static enum verdict door(const struct person *p)
{
	struct shoptoken_token token;
	union message m;

	token_of(p, "viken/front", &token);
	token_message(MESSAGE_UNLOCK, "front", &token, &m);
	caller_ask(&counter, &m, MESSAGE_VERDICT);
	return (enum verdict)m.verdict.verdict;
}

static struct balance_change owes(const struct person *p, int64_t unbilled, int64_t unpaid,
				  int32_t due_days_ago)
{
	struct balance_change c = {.customer = p->customer,
				   .unbilled = money_of(unbilled),
				   .unpaid = money_of(unpaid)};

	if (due_days_ago >= 0)
		c.oldest_due.n = time_now(&shell).day.n - due_days_ago;
	return c;
}

/* An invoice takes what was unbilled over; it counts against the credit until it is paid, and bars
 * entry once it is overdue for too long: not the way on, and not the way out. */
static void unpaid_and_overdue(void **state)
{
	struct balance_change c;

	(void)state;
	assert_int_equal(shell.config.reminder.bar_days, 30);
	assert_int_equal(phone_puts(&annas, "k1", 2, 1000, NULL), ANSWER_OK);
	c = owes(&anna, -300, 300, 29);
	accounts_change(&shell, &c);
	assert_int_equal(credit_left(&anna), LIMIT_MINOR - 300);
	assert_int_equal(door(&anna), VERDICT_ADMITTED);
	c = owes(&anna, 0, 0, 30);
	accounts_change(&shell, &c);
	assert_true(accounts_member(&shell, anna.customer).overdue);
	assert_int_equal(door(&anna), VERDICT_OVERDUE);
	assert_int_equal(phone_puts(&annas, "k2", 1, 1000, NULL), ANSWER_OK);
	assert_int_equal(phone_voids(&annas, "k2", NULL), ANSWER_OK);
	assert_int_equal(phone_closes(&annas), ANSWER_OK);
	/* nobody knows what day it is: then the office's word alone counts */
	shell.clock_trusted = false;
	assert_false(accounts_member(&shell, anna.customer).overdue);
	shell.clock_trusted = true;
	/* what is owed moves with the roster */
	for (int i = 0; i < 8; i++) {
		struct person other;

		member_add(&control, &other, 0, 0);
		assert_true(accounts_member(&shell, anna.customer).overdue);
		assert_false(accounts_member(&shell, other.customer).overdue);
		assert_int_equal(credit_left(&anna), LIMIT_MINOR - 300);
	}
	c = owes(&anna, 0, -350, -1); /* and a little too much */
	accounts_change(&shell, &c);
	assert_int_equal(credit_left(&anna), LIMIT_MINOR + 50);
	assert_int_equal(door(&anna), VERDICT_ADMITTED);
	c.customer.byte[0] ^= 1;
	accounts_change(&shell, &c); /* nobody's */
}

static void sums_end_at_the_ends(void **state)
{
	struct balance_change c = owes(&anna, INT64_MAX, INT64_MAX, -1);

	(void)state;
	accounts_change(&shell, &c);
	accounts_change(&shell, &c);
	assert_int_equal(credit_left(&anna), 0); /* what does not fit is no credit */
	accounts_add(&shell, anna.customer, money_of(INT64_MAX), false);
	accounts_add(&shell, anna.customer, money_of(INT64_MIN), true);
	assert_int_equal(credit_left(&anna), 0);
}

/* --- blocked */

static void block_is_now(void **state)
{
	struct phone again = {.counter = &counter, .person = &anna};
	struct shoptoken_token token;
	union message m;
	char code[33];

	(void)state;
	article_code(1, code);
	token_of(&anna, "viken/till", &token);
	scan_token(till, &token);
	assert_int_equal(scanner_heard(till), 1);
	scan(till, code);
	assert_int_equal(scanner_heard(till), 1);
	member_block(&control, &anna, true);
	scan(till, code); /* her till is nobody's */
	assert_int_equal(scanner_heard(till), 2);
	phone_asks_in(&again, &m);
	assert_int_equal(m.visit_is.verdict, VERDICT_BLOCKED);
	token_of(&anna, "viken/front", &token);
	token_message(MESSAGE_UNLOCK, "front", &token, &m);
	caller_ask(&counter, &m, MESSAGE_VERDICT);
	assert_int_equal(m.verdict.verdict, VERDICT_BLOCKED);
	assert_int_equal(bench.blocked, 1); /* so that her session in a browser ends, too */
	/* what she has in her hands can still be written down */
	assert_int_equal(phone_puts(&annas, "k1", 1, 1000, NULL), ANSWER_OK);
	member_block(&control, &anna, false);
	phone_asks_in(&again, &m);
	assert_int_equal(m.visit_is.verdict, VERDICT_ADMITTED);
	assert_int_equal(credit_left(&anna), LIMIT_MINOR - 200);
}

/* --- articles */

static void price_pinned_unless_lower(void **state)
{
	const struct price dearer[] = {{.article = 1, .minor = 120}, {.article = 2, .minor = 250}};
	struct message_line_is line;
	struct phone bos;
	struct person bo;

	(void)state;
	member_add(&control, &bo, 0, 0);
	assert_int_equal(phone_puts(&annas, "k1", 1, 1000, &line), ANSWER_OK);
	prices_set(&control, dearer, ARRAY_LEN(dearer));
	assert_int_equal(phone_puts(&annas, "k1", 1, 1000, &line), ANSWER_REPEATED);
	assert_int_equal(line.total_minor, 100);
	assert_int_equal(phone_puts(&annas, "k2", 1, 1000, &line), ANSWER_OK);
	assert_int_equal(line.unit_price_minor, 100);
	assert_int_equal(phone_puts(&annas, "k3", 2, 1000, &line), ANSWER_OK);
	assert_int_equal(line.unit_price_minor, 250);
	phone_enters(&bos, &counter, &bo);
	assert_int_equal(phone_puts(&bos, "k1", 1, 1000, &line), ANSWER_OK);
	assert_int_equal(line.unit_price_minor, 120);
	/* a repeat tells the name that the article had */
	assert_int_equal(phone_puts(&annas, "k2", 1, 1000, &line), ANSWER_REPEATED);
	assert_int_equal(line.unit_price_minor, 100);
	assert_string_equal(line.name, "article 1");
}

static void articles_come_and_go(void **state)
{
	const struct price fewer[] = {{.article = 2, .minor = 300}, {.article = 5, .minor = 70}};
	struct message_line_is line;
	struct phone bos;
	struct person bo;

	(void)state;
	assert_int_equal(phone_puts(&annas, "k1", 1, 1000, NULL), ANSWER_OK);
	prices_set(&control, fewer, ARRAY_LEN(fewer));
	/* still on her shelf, for the price that stood there */
	assert_int_equal(phone_puts(&annas, "k2", 1, 1000, &line), ANSWER_OK);
	assert_int_equal(line.unit_price_minor, 100);
	assert_string_equal(line.name, "article 1");
	assert_int_equal(phone_puts(&annas, "k1", 1, 1000, &line), ANSWER_REPEATED);
	assert_string_equal(line.name, "article 1");
	/* new since she came */
	assert_int_equal(phone_puts(&annas, "k3", 5, 1000, &line), ANSWER_OK);
	assert_int_equal(line.unit_price_minor, 70);
	member_add(&control, &bo, 0, 0);
	phone_enters(&bos, &counter, &bo);
	assert_int_equal(phone_puts(&bos, "k1", 1, 1000, NULL), ANSWER_UNKNOWN_ARTICLE);
	assert_int_equal(phone_puts(&bos, "k1", 5, 1000, NULL), ANSWER_OK);
}

static void refused_articles(void **state)
{
	const struct price recalled[] = {{.article = 1, .minor = 100, .state = ARTICLE_RECALLED},
					 {.article = 2, .minor = 300, .state = ARTICLE_EXPIRED}};

	(void)state;
	assert_int_equal(phone_puts(&annas, "k1", 3, 1000, NULL), ANSWER_BARRED_CLASS);
	assert_int_equal(phone_puts(&annas, "k1", 4, 1000, NULL), ANSWER_RECALLED);
	assert_int_equal(phone_puts(&annas, "k1", 1, 1000, NULL), ANSWER_OK);
	prices_set(&control, recalled, ARRAY_LEN(recalled));
	/* a recall does not wait for the next visit */
	assert_int_equal(phone_puts(&annas, "k2", 1, 1000, NULL), ANSWER_RECALLED);
	assert_int_equal(phone_puts(&annas, "k2", 2, 1000, NULL), ANSWER_EXPIRED);
	assert_int_equal(phone_puts(&annas, "k1", 1, 1000, NULL), ANSWER_REPEATED);
}

/* --- what is scanned */

static enum answer puts_text(const char *key, const char *text, int64_t quantity_milli,
			     union message *ret)
{
	line_message(&annas, MESSAGE_LINE_PUT, key, 1, quantity_milli, ret);
	snprintf(ret->line.scanned, sizeof(ret->line.scanned), "%s", text);
	caller_ask(&counter, ret, MESSAGE_LINE_IS);
	return (enum answer)ret->line_is.answer;
}

/* A GS1 element string of article 2 with a date so many days from today. */
static void dated(const char *ai, int32_t days, const char *more, char text[SCANNED_MAX + 1])
{
	int32_t year, month, day;
	char code[33];

	article_code(2, code);
	day_civil((struct day){time_now(&shell).day.n + days}, &year, &month, &day);
	snprintf(text, SCANNED_MAX + 1, "010%s%s%02d%02d%02d%s", code, ai, (int)(year % 100),
		 (int)month, (int)day, more);
}

static const struct price goods[] = {
	{.article = 1, .minor = 1500, .vat = VAT_FOOD, .deposit_minor = 100},
	{.article = 2, .minor = 1490, .vat = VAT_STANDARD},
	{.article = 3, .minor = 12900, .vat = VAT_FOOD, .gtin = 2301234500006},
	{.article = 4, .minor = 0, .vat = VAT_FOOD, .gtin = 2001234500005},
};

static void goods_make(void)
{
	shell.shop.config.past_best_before_bp = 3333;
	shell.config.country = GOODS_SE;
	prices_set(&control, goods, ARRAY_LEN(goods));
	for (uint32_t i = 0; i < shell.roster->members; i++)
		shell.roster->member[i].flags = 0; /* no limits here */
	assert_int_equal(phone_closes(&annas), ANSWER_OK);
	phone_enters(&annas, &counter, &anna); /* at these prices */
}

static void labels_deposits_dates(void **state)
{
	char text[SCANNED_MAX + 1];
	struct message_line_is line;
	union message m;

	(void)state;
	goods_make();
	assert_int_equal(phone_puts(&annas, "cola", 1, 3000, &line), ANSWER_OK);
	assert_int_equal(line.unit_price_minor, 1500);
	assert_int_equal(line.deposit_minor, 300);
	assert_int_equal(line.total_minor, 4800);
	assert_int_equal(line.vat_bp,
			 vat_rate_on(&shell.config.tax, VAT_FOOD, time_now(&shell).day));
	assert_int_equal(line.best_before, 0);
	assert_int_equal(puts_text("ham", "2301234508545", 1000, &m), ANSWER_OK);
	assert_int_equal(m.line_is.gtin, 2301234500006);
	assert_int_equal(m.line_is.quantity_milli, 854);
	assert_int_equal(m.line_is.total_minor, 11017);
	assert_int_equal(puts_text("two", "2301234508545", 2000, &m), ANSWER_MALFORMED);
	assert_int_equal(puts_text("cheese", "2001234549905", 1000, &m), ANSWER_OK);
	assert_int_equal(m.line_is.total_minor, 4990);
	dated("17", -1, "", text);
	assert_int_equal(puts_text("old", text, 1000, &m), ANSWER_EXPIRED);
	dated("17", 0, "", text);
	assert_int_equal(puts_text("last", text, 1000, &m), ANSWER_OK);
	dated("15", -1, "10LOT7", text);
	assert_int_equal(puts_text("less", text, 1000, &m), ANSWER_OK);
	assert_int_equal(m.line_is.unit_price_minor, 993);
	assert_int_equal(m.line_is.list_price_minor, 1490);
	assert_int_equal(m.line_is.best_before, time_now(&shell).day.n - 1);
	assert_int_equal(puts_text("none", "", 1000, &m), ANSWER_UNKNOWN_ARTICLE);
	shell.config.country = GOODS_NO_COUNTRY; /* there it is a number like any other */
	assert_int_equal(puts_text("no", "2301234508545", 1000, &m), ANSWER_UNKNOWN_ARTICLE);
}

/* "The same request again is answered the same": from memory, and from the disk after a restart. */
static void repeats_are_the_same(void **state)
{
	static const char *const key[] = {"cola", "ham", "cheese", "less"};
	char text[4][SCANNED_MAX + 1] = {"", "2301234508545", "2001234549905", ""};
	union message first[4], again;

	(void)state;
	goods_make();
	article_code(1, text[0]);
	dated("15", -1, "10LOT7", text[3]);
	for (int i = 0; i < 4; i++)
		assert_int_equal(puts_text(key[i], text[i], 1000, &first[i]), ANSWER_OK);
	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < 4; i++) {
			assert_int_equal(puts_text(key[i], text[i], 1000, &again), ANSWER_REPEATED);
			again.line_is.head = first[i].line_is.head;
			again.line_is.answer = ANSWER_OK;
			/* that of the visit as it is now */
			again.line_is.visit_total_minor = first[i].line_is.visit_total_minor;
			assert_memory_equal(&again.line_is, &first[i].line_is,
					    sizeof(again.line_is));
		}
		dated("15", -1, "10LOT8", text[3]);
		assert_int_equal(puts_text("less", text[3], 1000, &again), ANSWER_KEY_REUSED);
		dated("15", -1, "10LOT7", text[3]);
		caller_leave(&control);
		caller_leave(&counter);
		if (round == 0)
			bench_restart();
		shell.config.country = GOODS_SE;
		caller_dial(&control, ROLE_CONTROL);
		caller_dial(&counter, ROLE_COUNTER);
	}
}

/* The day that counts is the one on which the phone was in the shop. */
static void the_day_it_was_bought(void **state)
{
	const int64_t hour = 3600000, night = 1774994400000; /* 2026-04-01 00:00 in Sweden */
	const struct visit open = {.opened_at = {night - 2 * hour}};
	const struct visit over = {
		.opened_at = {night - 2 * hour}, .closed_at = {night - hour}, .over = true};
	const struct visit ahead = {
		.opened_at = {night}, .closed_at = {night + 48 * hour}, .over = true};
	const struct now now = {.wall = {night + hour}};
	struct day march, april;
	struct entry_tax tax = shell.config.tax;

	(void)state;
	assert_true(day_of(2026, 3, 31, &march) && day_of(2026, 4, 1, &april));
#define BOUGHT(visit, ms) accounts_bought(&shell, visit, (struct wall){ms}, &now).n
	assert_int_equal(BOUGHT(&open, 0), april.n);
	assert_int_equal(BOUGHT(&open, night - 1), march.n);
	assert_int_equal(BOUGHT(&open, night), april.n);
	assert_int_equal(BOUGHT(&open, night - 2 * hour - 1), april.n); /* before it came in */
	assert_int_equal(BOUGHT(&open, night + hour + 1), april.n);	/* that is to come */
	assert_int_equal(BOUGHT(&over, 0), march.n);
	assert_int_equal(BOUGHT(&over, night - hour + 1), march.n);
	assert_int_equal(BOUGHT(&over, night + 1), march.n);
	assert_int_equal(BOUGHT(NULL, night - 1), april.n);
	assert_int_equal(BOUGHT(&ahead, 0), april.n); /* by a clock that was put back since */
	assert_int_equal(vat_rate_on(&tax, VAT_FOOD, march), 1200);
	assert_int_equal(vat_rate_on(&tax, VAT_FOOD, april), 600);
}

/* A chart that was changed may leave articles behind whose rate has no account: they are told, and
 * not sold, for there is nothing that they could be posted to. */
static void a_rate_without_accounts(void **state)
{
	struct message_line_is line;

	(void)state;
	assert_int_equal(phone_puts(&annas, "k1", 1, 1000, &line), ANSWER_OK);
	assert_int_equal(line.vat_bp, 1200);
	assert_false(logged_that("no account is for the VAT rate"));
	for (uint32_t i = 0; i < shell.config.chart.rates; i++)
		if (shell.config.chart.rate[i].vat_bp == 1200)
			shell.config.chart.rate[i].vat_bp = 1100;
	assert_int_equal(phone_puts(&annas, "k2", 1, 1000, NULL), ANSWER_UNKNOWN_ARTICLE);
	caller_leave(&control);
	caller_leave(&counter);
	bench_restart();
	caller_dial(&control, ROLE_CONTROL);
	caller_dial(&counter, ROLE_COUNTER);
	assert_true(logged_that("no account is for the VAT rate of 4 articles"));
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		T(credit_falls_and_returns),  T(spent_means_no_entry), T(sums_outlive_the_roster),
		T(sums_of_lines_under_way),   T(unknown_customer),     T(block_is_now),
		T(price_pinned_unless_lower), T(articles_come_and_go), T(refused_articles),
		T(trust_has_a_limit),	      T(unpaid_and_overdue),   T(sums_end_at_the_ends),
		T(labels_deposits_dates),     T(repeats_are_the_same), T(the_day_it_was_bought),
		T(a_rate_without_accounts),
	};

	return cmocka_run_group_tests_name("shopd_accounts", tests, NULL, NULL);
}
