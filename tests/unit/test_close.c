/*
 * test_close.c: the month's close: what it bills, what it leaves, when it refuses, and that nothing
 * that happens half way through, a crash, a full disk, a credit, changes what comes out of it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "books_house.h"

/* --- what an invoice says */

static void two_rates_on_one(void **state)
{
	struct books *b = *state;

	/* March at 12 %, April at 6 %: the March line came late, after its month was closed */
	b->today = on(2026, 3, 20);
	books_buy(b, 1, 11200, 1200);
	b->today = on(2026, 4, 1);
	assert_closed(b, 202603);
	assert_int_equal(b->answer->done, 1);
	b->today = on(2026, 4, 10);
	books_visit(b, 1);
	books_line(b, 1, 10600, 600);
	{
		struct entry late = line_entry(b, 1, 5600, 1200);

		late.line.bought = on(2026, 3, 31);
		late.line.late = true;
		books_write(b, &late);
	}
	books_leave(b);
	b->today = on(2026, 5, 1);
	assert_closed(b, 202604);
	assert_int_equal(books_number(b, "SELECT count(*) FROM invoice"), 2);
	assert_int_equal(books_number(b, "SELECT id FROM invoice WHERE period = 202604"),
			 2026000002);
	assert_int_equal(books_number(b, "SELECT payable FROM invoice WHERE id = 2026000002"),
			 16200);
	assert_int_equal(books_number(b, "SELECT gross FROM invoice_rate WHERE"
					 " invoice = 2026000002 AND vat_bp = 1200"),
			 5600);
	assert_int_equal(books_number(b, "SELECT base FROM invoice_rate WHERE"
					 " invoice = 2026000002 AND vat_bp = 1200"),
			 5000);
	assert_int_equal(books_number(b, "SELECT vat FROM invoice_rate WHERE"
					 " invoice = 2026000002 AND vat_bp = 600"),
			 600);
	assert_int_equal(books_number(b, "SELECT count(*) FROM invoice_line"), 3);
	assert_int_equal(books_number(b, "SELECT issued FROM invoice WHERE id = 2026000002"),
			 on(2026, 5, 1).n);
	assert_int_equal(books_number(b, "SELECT due FROM invoice WHERE id = 2026000002"),
			 on(2026, 5, 31).n);
	/* what was told of the balances is what they are */
	assert_int_equal(money_minor(b->unbilled), -27400);
	assert_int_equal(money_minor(b->unpaid), 27400);
	assert_int_equal(books_number(b, "SELECT sum(unbilled) FROM balance"), 0);
	assert_int_equal(books_number(b, "SELECT sum(unpaid) FROM balance"), 27400);
}

static void sums_on_record(void **state)
{
	struct books *b = *state;

	books_buy(b, 1, 11250, 1200);
	books_buy(b, 2, 3333, 2500);
	b->today = on(2026, 4, 2);
	books_buy(b, 1, 777, 600);
	assert_closed(b, 202603);
	assert_int_equal(b->answer->done, 2);
	assert_int_equal(books_number(b, "SELECT lines FROM period_closed"), 11250 + 3333 + 777);
	assert_int_equal(books_number(b, "SELECT invoiced FROM period_closed"), 11250 + 3333);
	assert_int_equal(books_number(b, "SELECT unbilled FROM period_closed"), 777);
	assert_int_equal(books_number(b, "SELECT payable FROM period_closed"), 11300 + 3300);
	assert_int_equal(books_number(b, "SELECT paid FROM period_closed"), 0);
	assert_int_equal(books_number(b, "SELECT receivable FROM period_closed"),
			 11300 + 3300 + 777);
	assert_int_equal(books_number(b, "SELECT invoices FROM period_closed"), 2);
	/* the same again is answered, not done */
	assert_int_equal(books_close(b, 202603), DESK_REPEATED);
	assert_int_equal(b->answer->done, 2);
	assert_int_equal(books_number(b, "SELECT count(*) FROM period_closed"), 1);
}

static void left_for_later(void **state)
{
	struct books *b = *state;
	uint64_t open;

	books_buy(b, 1, 10000, 1200);
	books_visit(b, 2);
	books_line(b, 2, 20000, 1200);
	open = b->visit;
	b->today = on(2026, 4, 1);
	books_buy(b, 1, 500, 600);
	assert_closed(b, 202603);
	/* not the line of a visit that goes on, nor one of the month to come */
	assert_int_equal(b->answer->done, 1);
	assert_int_equal(books_number(b, "SELECT sum(gross) FROM invoice"), 10000);
	b->visit = open;
	books_leave(b);
	b->today = on(2026, 5, 2);
	assert_closed(b, 202604);
	assert_int_equal(b->answer->done, 2);
	assert_int_equal(books_number(b, "SELECT sum(gross) FROM invoice"), 30500);
}

static void voided_and_credited(void **state)
{
	struct books *b = *state;
	struct entry e = {.kind = ENTRY_LINE_VOIDED};
	struct desk_request q;

	books_visit(b, 1);
	books_line(b, 1, 10000, 1200);
	books_line(b, 1, 4000, 1200);
	e.at = books_at(b);
	e.line_voided.visit.n = b->visit;
	snprintf(e.line_voided.key.text, sizeof(e.line_voided.key.text), "k-2");
	e.line_voided.customer = household(1);
	e.line_voided.total = money_of(4000);
	books_write(b, &e);
	books_line(b, 1, 700, 1200);
	books_leave(b);
	q = books_request(b, DESK_CREDIT);
	q.visit.n = b->visit;
	snprintf(q.line.text, sizeof(q.line.text), "k-3");
	snprintf(q.entry.credit_note.key, 16, "credit-1");
	snprintf(q.entry.credit_note.by, 16, "owner");
	assert_int_equal(books_ask(b, &q), DESK_DONE);
	b->today = on(2026, 4, 1);
	assert_closed(b, 202603);
	assert_int_equal(books_number(b, "SELECT gross FROM invoice"), 10000);
	assert_int_equal(books_number(b, "SELECT lines FROM period_closed"), 10000);
}

static void small_sums_roll(void **state)
{
	struct books *b = *state;

	b->policy.roll_least = money_of(10000);
	b->policy.roll_months = 3;
	books_buy(b, 1, 900, 1200);   /* of March: younger than three months until June */
	books_buy(b, 2, 10000, 1200); /* enough */
	b->today = on(2026, 4, 1);
	assert_closed(b, 202603);
	assert_int_equal(b->answer->done, 1);
	b->today = on(2026, 5, 1);
	assert_closed(b, 202604);
	assert_int_equal(b->answer->done, 0);
	b->today = on(2026, 6, 1);
	assert_closed(b, 202605);
	assert_int_equal(b->answer->done, 0);
	assert_int_equal(books_number(b, "SELECT unbilled FROM period_closed WHERE"
					 " period = 202605"),
			 900);
	b->today = on(2026, 7, 1);
	assert_closed(b, 202606);
	assert_int_equal(b->answer->done, 1);
	assert_int_equal(books_number(b, "SELECT gross FROM invoice WHERE period = 202606"), 900);
	assert_int_equal(books_number(b, "SELECT unbilled FROM period_closed WHERE"
					 " period = 202606"),
			 0);
}

static void free_goods(void **state)
{
	struct books *b = *state;

	/* a line of nothing is a line: it stands on an invoice of nothing */
	books_buy(b, 1, 0, 1200);
	b->today = on(2026, 4, 1);
	assert_closed(b, 202603);
	assert_int_equal(b->answer->done, 1);
	assert_int_equal(books_number(b, "SELECT payable FROM invoice"), 0);
	assert_int_equal(books_number(b, "SELECT count(*) FROM invoice_line"), 1);
}

static void no_lines(void **state)
{
	struct books *b = *state;

	b->today = on(2026, 4, 1);
	assert_closed(b, 202603);
	assert_int_equal(b->answer->done, 0);
	assert_int_equal(books_number(b, "SELECT count(*) FROM period_closed"), 1);
}

/* --- when it refuses */

static void refusals(void **state)
{
	struct books *b = *state;

	books_buy(b, 1, 10000, 1200);
	assert_refused(b, books_close(b, 202603), "2026-03 is not over yet");
	assert_refused(b, books_close(b, 202613), "no month");
	assert_refused(b, books_close(b, 0), "no month");
	b->today = on(2026, 3, 31);
	assert_refused(b, books_close(b, 202603), "from 2026-04-01");
	b->today = on(2026, 4, 1);
	b->clock_untrusted = true;
	assert_refused(b, books_close(b, 202603), "clock is not trusted");
	b->clock_untrusted = false;
	b->policy.due_days = -1;
	assert_refused(b, books_close(b, 202603), "due");
	b->policy.due_days = 30;
	/* in order */
	books_buy(b, 1, 10000, 600);
	b->today = on(2026, 5, 1);
	assert_refused(b, books_close(b, 202604), "2026-03 is not closed yet");
	assert_int_equal(books_number(b, "SELECT count(*) FROM invoice"), 0);
	assert_closed(b, 202603);
	assert_closed(b, 202604);
	assert_refused(b, books_close(b, 202602), "2026-04 is closed already");
}

static void unsure_days(void **state)
{
	struct books *b = *state;

	books_clock(b, false);
	books_buy(b, 1, 10000, 1200);
	b->today = on(2026, 4, 1);
	assert_refused(b, books_close(b, 202603), "its day is not put right yet");
	books_clock(b, true);
	assert_closed(b, 202603);
}

static void numbers_used_up(void **state)
{
	struct books *b = *state;

	books_buy(b, 1, 10000, 1200);
	books_buy(b, 2, 10000, 1200);
	/* as if the year had been a busy one: a paper with the last number but one */
	books_plant(b, "INSERT INTO invoice(id, seq, customer, period, issued, due, lines, gross,"
		       " rounding, payable) VALUES(2026999998, 1, zeroblob(16), 202601, 1, 1, 0, 0,"
		       " 0, 0)");
	b->today = on(2026, 4, 1);
	assert_refused(b, books_close(b, 202603), "numbers are used up");
	assert_int_equal(books_number(b, "SELECT count(*) FROM invoice WHERE seq > 1"), 1);
	assert_int_equal(books_number(b, "SELECT count(*) FROM period_closed"), 0);
	assert_false(desk_busy(&b->desk));
	/* next year's are fresh: the rest goes on from there, when the plant is out of the way */
	books_plant(b, "UPDATE invoice SET id = 2026000001 WHERE id = 2026999999;"
		       "UPDATE invoice_pack SET invoice = 2026000001;"
		       "UPDATE invoice_rate SET invoice = 2026000001;"
		       "DELETE FROM invoice WHERE id = 2026999998");
	b->today = on(2027, 1, 4);
	assert_closed(b, 202603);
	assert_int_equal(books_number(b, "SELECT max(id) FROM invoice"), 2027000001);
}

/* --- what happens half way */

enum {
	HOUSEHOLDS = 700,
};

static void fill(struct books *b)
{
	books_visit(b, 0);
	for (uint32_t i = 0; i < HOUSEHOLDS; i++) {
		struct entry e;

		books_begin(b);
		for (uint32_t k = 0; k < 1 + i % 5; k++) {
			e = line_entry(b, i, 100 + 37 * (i + k) % 10000, k % 2 ? 2500 : 1200);
			books_add(b, &e);
		}
		books_commit(b);
	}
	books_leave(b);
}

static void gapless_and_whole(struct books *b)
{
	assert_int_equal(books_number(b, "SELECT max(id) - min(id) + 1 - count(*) FROM invoice"),
			 0);
	assert_int_equal(books_number(b, "SELECT count(*) FROM invoice"), HOUSEHOLDS);
	assert_int_equal(books_number(b, "SELECT count(*) FROM invoice_line"),
			 books_number(b, "SELECT count(*) FROM line"));
	assert_int_equal(books_number(b, "SELECT count(DISTINCT line) FROM invoice_line"),
			 books_number(b, "SELECT count(*) FROM line"));
	assert_int_equal(books_number(b, "SELECT sum(gross) FROM invoice"),
			 books_number(b, "SELECT sum(total) FROM line"));
	assert_int_equal(books_number(b, "SELECT count(*) FROM (SELECT sum(amount) s FROM posting"
					 " GROUP BY seq HAVING s <> 0)"),
			 0);
}

/* A crash between any two transactions of a close: what is there is whole, the next goes on. */
static void crashes(void **state)
{
	struct books *b = *state;
	enum desk_answer answer = DESK_WORKING;
	uint32_t times = 0;

	fill(b);
	b->today = on(2026, 4, 1);
	b->hurry = true; /* the smallest slices */
	b->slices_max = 6;
	while (answer == DESK_WORKING) {
		answer = books_close(b, 202603);
		books_reopen(b);
		assert_int_equal(books_number(b, "SELECT coalesce(max(id) - 2026000000 - count(*),"
						 " 0) FROM invoice"),
				 0);
		/* one more each time, so that every boundary is met */
		b->slices_max += times++ % 3;
		assert_true(times < 200);
	}
	assert_int_equal(answer, DESK_DONE);
	assert_true(times > 2);
	gapless_and_whole(b);
}

/* A close left when some of its invoices are made. */
static void begin_close(struct books *b, int32_t period)
{
	enum desk_answer answer;

	b->hurry = true;
	b->slices_max = 1;
	for (answer = books_close(b, period); answer == DESK_WORKING; answer = books_go_on(b))
		if (books_number(b, "SELECT count(*) FROM invoice") > 0)
			break;
	assert_int_equal(answer, DESK_WORKING);
	assert_true(books_number(b, "SELECT count(*) FROM invoice") < HOUSEHOLDS);
	b->slices_max = 0;
}

static void late_line_after_crash(void **state)
{
	struct books *b = *state;
	struct entry late;

	fill(b);
	b->today = on(2026, 4, 1);
	begin_close(b, 202603);
	books_reopen(b);
	/* who has March's invoice gets no second one for what came in between */
	late = line_entry(b, 0, 5000, 1200);
	late.line.bought = on(2026, 3, 31);
	books_write(b, &late);
	assert_closed(b, 202603);
	assert_int_equal(books_number(b, "SELECT count(*) FROM invoice"), HOUSEHOLDS);
	assert_int_equal(books_number(b, "SELECT unbilled FROM period_closed"), 5000);
	b->today = on(2026, 5, 1);
	assert_closed(b, 202604);
	assert_int_equal(books_number(b, "SELECT sum(gross) FROM invoice WHERE period = 202604"),
			 5000);
}

/* The desk and the door go on while a month is closed. */
static void between_slices(void **state)
{
	struct books *b = *state;
	struct desk_request q, close = books_request(b, DESK_CLOSE);

	fill(b);
	books_buy(b, 9999, 4200, 1200);
	b->today = on(2026, 4, 1);
	begin_close(b, 202603);
	/* another close waits its turn */
	close.period.n = 202603;
	assert_refused(b, books_ask(b, &close), "being closed at this moment");
	/* a line that was gathered already is credited: its household's invoice is without it */
	q = books_request(b, DESK_CREDIT);
	q.visit.n = b->visit;
	snprintf(q.line.text, sizeof(q.line.text), "k-%u", b->lines);
	snprintf(q.entry.credit_note.key, 16, "credit-1");
	snprintf(q.entry.credit_note.by, 16, "owner");
	assert_int_equal(books_ask(b, &q), DESK_DONE);
	/* what is bought meanwhile is not this month's */
	books_buy(b, 3, 12300, 600);
	assert_int_equal(books_go_on(b), DESK_DONE);
	assert_int_equal(books_number(b, "SELECT count(*) FROM invoice"), HOUSEHOLDS);
	assert_int_equal(books_number(b, "SELECT unbilled FROM period_closed"), 12300);
	assert_int_equal(books_number(b, "SELECT count(*) FROM invoice WHERE customer ="
					 " (SELECT customer FROM line WHERE credited > 0)"),
			 0);
}

static void full_disk(void **state)
{
	struct books *b = *state;
	int64_t invoices;

	fill(b);
	b->today = on(2026, 4, 1);
	begin_close(b, 202603);
	invoices = books_number(b, "SELECT count(*) FROM invoice");
	books_plant(b, "PRAGMA max_page_count=1");
	assert_int_equal(books_go_on(b), DESK_UNAVAILABLE);
	assert_false(desk_busy(&b->desk));
	assert_true(books_number(b, "SELECT count(*) FROM invoice") >= invoices);
	assert_int_equal(books_number(b, "SELECT count(*) FROM period_closed"), 0);
	books_plant(b, "PRAGMA max_page_count=1000000");
	assert_closed(b, 202603);
	gapless_and_whole(b);
	/* what was told of the balances, then and now, is what they are */
	assert_int_equal(money_minor(b->unpaid),
			 books_number(b, "SELECT sum(unpaid) FROM balance"));
}

/* --- households that one invoice cannot hold */

static void many_lines(void **state)
{
	struct books *b = *state;
	struct entry e;

	books_visit(b, 1);
	books_begin(b);
	for (uint32_t i = 0; i < INVOICE_LINES_MAX + 5; i++) {
		e = line_entry(b, 1, 100, 1200);
		books_add(b, &e);
	}
	books_commit(b);
	books_leave(b);
	b->today = on(2026, 4, 1);
	assert_closed(b, 202603);
	assert_int_equal(b->answer->done, 2);
	assert_int_equal(books_number(b, "SELECT lines FROM invoice WHERE id = 2026000001"),
			 INVOICE_LINES_MAX);
	assert_int_equal(books_number(b, "SELECT lines FROM invoice WHERE id = 2026000002"), 5);
	assert_int_equal(books_number(b, "SELECT count(DISTINCT line) FROM invoice_line"),
			 INVOICE_LINES_MAX + 5);
}

static void split_over_a_crash(void **state)
{
	struct books *b = *state;
	struct entry e;

	books_visit(b, 1);
	books_begin(b);
	for (uint32_t i = 0; i < INVOICE_LINES_MAX + 5; i++) {
		e = line_entry(b, 1, 100, 1200);
		books_add(b, &e);
	}
	books_commit(b);
	books_leave(b);
	b->today = on(2026, 4, 1);
	for (b->slices_max = 1; books_close(b, 202603) == DESK_WORKING; b->slices_max++) {
		assert_true(b->slices_max < 200);
		if (books_number(b, "SELECT count(*) FROM invoice") == 1)
			books_reopen(b);
		else if (desk_busy(&b->desk))
			books_reopen(b);
	}
	assert_int_equal(b->answer->answer, DESK_DONE);
	assert_int_equal(books_number(b, "SELECT count(*) FROM invoice"), 2);
	assert_int_equal(books_number(b, "SELECT sum(gross) FROM invoice"),
			 (INVOICE_LINES_MAX + 5) * 100);
}

/* --- years */

/* Only what is not settled is looked at: the low-water mark rises with every close. */
static void low_water(void **state)
{
	struct books *b = *state;
	struct entry_period_closed closed[24];
	sqlite3_stmt *get;
	uint32_t n = 0;

	b->today = on(2026, 1, 15);
	b->policy.roll_least = money_of(5000);
	b->policy.roll_months = 3;
	for (int32_t i = 0; i < 14; i++) {
		struct period p = period_add((struct period){202601}, i);

		b->today.n = period_first(p).n + 14;
		books_buy(b, 1, 9000, 1200);
		books_buy(b, 2, 700, 2500);
		b->today = period_first(period_add(p, 1));
		assert_closed(b, p.n);
	}
	get = sql_prepare(b->store.writer.db, "SELECT e.body FROM period_closed p JOIN entry e"
					      " USING(seq) ORDER BY p.period");
	while (sqlite3_step(get) == SQLITE_ROW) {
		struct entry e;
		struct span body = {sqlite3_column_blob(get, 0),
				    (uint32_t)sqlite3_column_bytes(get, 0)};

		assert_true(entry_decode(ENTRY_PERIOD_CLOSED, body, &e));
		closed[n++] = e.period_closed;
	}
	sqlite3_finalize(get);
	assert_int_equal(n, 14);
	for (uint32_t i = 1; i < n; i++)
		assert_true(closed[i].low >= closed[i - 1].low &&
			    closed[i].low <= closed[i].upto + 1);
	/* at most three months' lines are kept waiting by a small sum */
	assert_true(closed[13].low > closed[10].low);
	assert_int_equal(books_number(b, "SELECT count(*) FROM invoice WHERE customer ="
					 " (SELECT customer FROM invoice ORDER BY gross LIMIT 1)"),
			 3);
	/* numbers began anew with the year, without gaps in either */
	assert_int_equal(books_number(b, "SELECT min(id) FROM invoice WHERE id > 2027000000"),
			 2027000001);
	assert_int_equal(books_number(b, "SELECT count(*) FROM (SELECT id / 1000000 y, max(id)"
					 " - min(id) + 1 - count(*) g FROM invoice GROUP BY y)"
					 " WHERE g <> 0"),
			 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(two_rates_on_one, books_set_up, books_tear_down),
		cmocka_unit_test_setup_teardown(sums_on_record, books_set_up, books_tear_down),
		cmocka_unit_test_setup_teardown(left_for_later, books_set_up, books_tear_down),
		cmocka_unit_test_setup_teardown(voided_and_credited, books_set_up, books_tear_down),
		cmocka_unit_test_setup_teardown(small_sums_roll, books_set_up, books_tear_down),
		cmocka_unit_test_setup_teardown(free_goods, books_set_up, books_tear_down),
		cmocka_unit_test_setup_teardown(no_lines, books_set_up, books_tear_down),
		cmocka_unit_test_setup_teardown(refusals, books_set_up, books_tear_down),
		cmocka_unit_test_setup_teardown(unsure_days, books_set_up, books_tear_down),
		cmocka_unit_test_setup_teardown(numbers_used_up, books_set_up, books_tear_down),
		cmocka_unit_test_setup_teardown(crashes, books_set_up, books_tear_down),
		cmocka_unit_test_setup_teardown(late_line_after_crash, books_set_up,
						books_tear_down),
		cmocka_unit_test_setup_teardown(between_slices, books_set_up, books_tear_down),
		cmocka_unit_test_setup_teardown(full_disk, books_set_up, books_tear_down),
		cmocka_unit_test_setup_teardown(many_lines, books_set_up, books_tear_down),
		cmocka_unit_test_setup_teardown(split_over_a_crash, books_set_up, books_tear_down),
		cmocka_unit_test_setup_teardown(low_water, books_set_up, books_tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
