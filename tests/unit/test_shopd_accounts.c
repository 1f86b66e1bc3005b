/*
 * test_shopd_accounts.c: what a member may still take, what an article costs, and that neither is
 * lost when roster or price list are exchanged under open visits.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

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

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		T(credit_falls_and_returns),  T(spent_means_no_entry), T(sums_outlive_the_roster),
		T(sums_of_lines_under_way),   T(unknown_customer),     T(block_is_now),
		T(price_pinned_unless_lower), T(articles_come_and_go), T(refused_articles),
	};

	return cmocka_run_group_tests_name("shopd_accounts", tests, NULL, NULL);
}
