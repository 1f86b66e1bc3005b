/*
 * test_read_view.c: the ledger as the owner's page looks at it: sums by the shop's own clock, also
 * on the days when that is put forward and back; visits and alarms in one line; one visit from the
 * door to its invoice.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <time.h>

#include "books_house.h"
#include "ledger/read_sales.h"
#include "ledger/read_timeline.h"
#include "ledger/read_view.h"

#define MILK	7310865004703
#define BREAD	7310130003547
#define HOUR_MS 3600000LL
#define DAY_MS	(24 * HOUR_MS)

static struct reader *reader;

static int set_up(void **state)
{
	static struct books b;

	books_make(&b);
	*state = &b;
	return reader_open(b.dir, &reader);
}

static int tear_down(void **state)
{
	reader_close(reader);
	books_end(*state);
	return 0;
}

/* --- sales --- */

static struct sales *sum(enum sales_by by, struct day from, struct day to)
{
	struct sales *s = sales_new(by, from, to);
	int more;

	while ((more = sales_step(reader, s)) > 0)
		;
	assert_int_equal(more, 0);
	return s;
}

/* One line at each full hour from `from` on, all of one day of the shop. */
static void hourly(struct books *b, int64_t from_ms, uint32_t hours, struct day day)
{
	books_visit(b, 0);
	books_begin(b);
	for (uint32_t i = 0; i < hours; i++) {
		struct entry e = line_entry(b, 0, 100, 1200);

		e.at.ms = from_ms + i * HOUR_MS;
		e.line.bought = day;
		books_add(b, &e);
	}
	books_commit(b);
}

static void hours_are(struct day day, uint32_t all, uint32_t odd_hour, uint32_t odd)
{
	struct sales *s = sum(SALES_BY_HOUR, day, day);
	const struct sold_row *row;
	uint32_t rows;

	row = sales_rows(s, &rows);
	assert_int_equal(rows, 24);
	for (uint32_t h = 0; h < rows; h++) {
		assert_int_equal(row[h].key, h);
		assert_int_equal(row[h].lines, h == odd_hour ? odd : 1);
	}
	assert_int_equal(sales_total(s).lines, all);
	sales_free(s);
}

static void a_day_of_twenty_three_hours(void **state)
{
	struct books *b = *state;
	struct day day = on(2026, 3, 29), before = on(2026, 3, 28);

	/* midnight there is 23:00 in UTC the day before; two o'clock never comes */
	hourly(b, (before.n * DAY_MS) + 23 * HOUR_MS, 23, day);
	hours_are(day, 23, 2, 0);
}

static void a_day_of_twenty_five_hours(void **state)
{
	struct books *b = *state;
	struct day day = on(2026, 10, 25), before = on(2026, 10, 24);

	hourly(b, (before.n * DAY_MS) + 22 * HOUR_MS, 25, day);
	hours_are(day, 25, 2, 2);
	hours_are(day, 25, 2, 2); /* and the same again */
}

static void weekdays_and_days(void **state)
{
	struct books *b = *state;
	struct day monday = on(2026, 3, 2), sunday = on(2026, 3, 8);
	const struct sold_row *row;
	struct sales *s;
	uint32_t rows;

	for (int32_t i = 0; i < 14; i++) {
		b->today.n = monday.n + i;
		for (int32_t n = 0; n <= i % 7; n++)
			books_buy(b, 0, 100 + n, 1200);
	}
	s = sum(SALES_BY_WEEKDAY, monday, (struct day){monday.n + 13});
	row = sales_rows(s, &rows);
	assert_int_equal(rows, 7);
	for (uint32_t i = 0; i < rows; i++)
		assert_int_equal(row[i].lines, 2 * (i + 1));
	sales_free(s);
	s = sum(SALES_BY_DAY, monday, sunday);
	row = sales_rows(s, &rows);
	assert_int_equal(rows, 7);
	for (uint32_t i = 0; i < rows; i++) {
		assert_int_equal(row[i].key, monday.n + (int32_t)i);
		assert_int_equal(row[i].lines, i + 1);
		assert_int_equal(row[i].quantity_milli, 1000 * (i + 1));
	}
	assert_int_equal(money_minor(row[1].total), 201);
	sales_free(s);
}

/* Days apart and lines that come late: what is found by halving is what adding up all would find.
 */
static void every_range_is_what_adding_up_would_find(void **state)
{
	enum {
		DAYS = 60,
		A_DAY = 90,
	};
	struct books *b = *state;
	struct day first = b->today;
	uint32_t per_day[DAYS] = {0};

	books_visit(b, 0);
	books_begin(b);
	for (uint32_t i = 0; i < DAYS * A_DAY; i++) {
		int32_t day = (int32_t)(i / A_DAY), back = i % 11 == 0 ? (int32_t)(i % 8) : 0;
		struct entry e = line_entry(b, 0, 100, 1200);

		if (back > day)
			back = 0;
		e.at.ms = (first.n + day) * DAY_MS + 12 * HOUR_MS;
		e.line.late = back > 0;
		e.line.bought.n = first.n + day - back;
		e.line.scanned_at.ms = back > 0 ? e.at.ms - back * DAY_MS : 0;
		per_day[day - back]++;
		books_add(b, &e);
	}
	books_commit(b);
	for (int32_t from = 0; from < DAYS; from += 7) {
		for (int32_t to = from; to < DAYS; to += 13) {
			struct sales *s = sum(SALES_BY_HOUR, (struct day){first.n + from},
					      (struct day){first.n + to});
			uint32_t expected = 0;

			for (int32_t i = from; i <= to; i++)
				expected += per_day[i];
			assert_int_equal(sales_total(s).lines, expected);
			sales_free(s);
		}
	}
}

static void late_lines_count_when_they_were_scanned(void **state)
{
	struct books *b = *state;
	struct day today = b->today;
	const struct sold_row *row;
	struct entry e;
	struct sales *s;
	uint32_t rows;

	books_visit(b, 0);
	e = line_entry(b, 0, 100, 1200);
	e.line.late = true;
	e.at.ms = today.n * DAY_MS + 9 * HOUR_MS;
	e.line.bought.n = today.n - 1;
	e.line.scanned_at.ms = (today.n - 1) * DAY_MS + 17 * HOUR_MS; /* 18 in winter */
	books_write(b, &e);
	s = sum(SALES_BY_HOUR, (struct day){today.n - 1}, (struct day){today.n - 1});
	row = sales_rows(s, &rows);
	assert_int_equal(row[18].lines, 1);
	sales_free(s);
	s = sum(SALES_BY_HOUR, today, today);
	assert_int_equal(sales_total(s).lines, 0);
	sales_free(s);
}

static void the_best_sold_come_first(void **state)
{
	struct books *b = *state;
	char name[ARTICLE_NAME_MAX + 1];
	const struct sold_row *row;
	struct sales *s;
	uint32_t rows;

	books_visit(b, 0);
	books_begin(b);
	for (uint32_t i = 0; i < 2000; i++) { /* more articles than there are slots at first */
		struct entry e = line_entry(b, 0, 100, 1200);

		e.line.gtin.n = i < 1000 ? 1000 + i : BREAD;
		books_add(b, &e);
	}
	books_commit(b);
	s = sum(SALES_BY_ARTICLE, b->today, b->today);
	assert_non_null(sales_of(s, (struct gtin){BREAD}));
	assert_null(sales_of(s, (struct gtin){MILK}));
	assert_null(sales_of(s, (struct gtin){0}));
	row = sales_rows(s, &rows);
	assert_int_equal(rows, 1001);
	assert_int_equal(row[0].key, BREAD);
	assert_int_equal(row[0].lines, 1000);
	assert_int_equal(row[1].key, 1000); /* as much as the next: by number */
	assert_int_equal(reader_line_name(reader, row[0].last_seq, name), 1);
	assert_string_equal(name, "Mj\xc3\xb6lk");
	assert_int_equal(reader_line_name(reader, 1, name), 0);
	sales_free(s);
}

static void credit(struct books *b, uint64_t invoice, uint64_t visit, const char *line)
{
	struct desk_request q = books_request(b, DESK_CREDIT);
	struct entry_credit_note *n = &q.entry.credit_note;

	q.visit.n = visit;
	snprintf(q.line.text, sizeof(q.line.text), "%s", line);
	n->invoice.n = invoice;
	n->reason = CREDIT_GOODWILL;
	snprintf(n->by, sizeof(n->by), "owner");
	books_key(b, n->key);
	assert_int_equal(books_ask(b, &q), DESK_DONE);
}

static int64_t sold(struct day from, struct day to)
{
	struct sales *s = sum(SALES_BY_DAY, from, to);
	int64_t total = money_minor(sales_total(s).total);

	sales_free(s);
	return total;
}

static void what_was_taken_back_was_never_sold(void **state)
{
	struct books *b = *state;
	struct day from = b->today, to = {b->today.n + 60};
	struct entry voided = {.kind = ENTRY_LINE_VOIDED};
	uint64_t first;

	books_visit(b, 1);
	books_line(b, 1, 10000, 1200);
	books_line(b, 1, 200, 1200);
	voided.at = books_at(b);
	voided.line_voided.visit.n = b->visit;
	voided.line_voided.customer = household(1);
	voided.line_voided.total = money_of(200);
	snprintf(voided.line_voided.key.text, sizeof(voided.line_voided.key.text), "k-2");
	books_write(b, &voided);
	books_line(b, 1, 3000, 1200);
	books_leave(b);
	first = b->visit;
	books_buy(b, 2, 5000, 1200);
	books_buy(b, 2, 7000, 1200);
	assert_int_equal(sold(from, to), 25000);
	credit(b, 0, first, "k-3"); /* on no invoice yet */
	assert_int_equal(sold(from, to), 22000);
	b->today = on(2026, 4, 1);
	assert_closed(b, 202603);
	assert_int_equal(sold(from, to), 22000);
	credit(b, 0, first, "k-1"); /* a line of an invoice */
	assert_int_equal(sold(from, to), 12000);
	credit(b, 2026000002, 0, ""); /* the whole of the other */
	assert_int_equal(sold(from, to), 0);
}

static void a_file_that_is_not_there(void **state)
{
	struct reader *none;
	struct sales *s = sales_new(SALES_BY_DAY, (struct day){20000}, (struct day){20000});
	struct basket_row basket;

	(void)state;
	assert_int_equal(reader_open("/nonexistent", &none), 0);
	assert_true(sales_step(none, s) < 0);
	assert_true(reader_baskets(none, &basket, 1) < 0);
	reader_close(none);
	sales_free(s);
}

/* --- the timeline --- */

static void alarm_at(struct books *b, uint64_t id, enum condition condition, int64_t at_ms)
{
	struct entry e = {.kind = ENTRY_ALARM, .at = {at_ms}};

	e.alarm.alarm.n = id;
	e.alarm.code = 123456;
	e.alarm.condition = condition;
	e.alarm.place = (struct place){"front"};
	e.alarm.severity = SEVERITY_URGENT;
	books_add(b, &e);
}

static struct sights *page(struct sight_cursor before, uint32_t max)
{
	static struct sights s;

	assert_int_equal(reader_sights(reader, before, max, &s), 0);
	return &s;
}

/* Three visits: 1 from hour 10 to 11, 2 from 10:30 on and still open, 3 from 12 to 12:30. */
static void three_visits(struct books *b, int64_t day_ms)
{
	static const int64_t minute[3][2] = {{600, 660}, {630, 0}, {720, 750}};
	struct entry open = {.kind = ENTRY_VISIT_OPENED}, close = {.kind = ENTRY_VISIT_CLOSED};

	for (uint32_t i = 0; i < 3; i++) {
		open.visit_opened.visit.n = ++b->visit;
		open.visit_opened.customer = household(i);
		open.visit_opened.place = (struct place){"front"};
		open.at.ms = day_ms + minute[i][0] * 60000;
		books_write(b, &open);
		close.visit_closed.visit.n = b->visit;
		close.visit_closed.end = END_EXIT;
		close.at.ms = day_ms + minute[i][1] * 60000;
		if (minute[i][1] != 0)
			books_write(b, &close);
	}
}

static void alarms_stand_at_their_visits(void **state)
{
	struct books *b = *state;
	int64_t day_ms = b->today.n * DAY_MS;
	const struct sights *s;

	three_visits(b, day_ms);
	books_begin(b);
	alarm_at(b, 10, CONDITION_HELD_OPEN, day_ms + 600 * 60000 - 1); /* nobody was there */
	alarm_at(b, 11, CONDITION_HELD_OPEN, day_ms + 640 * 60000);	/* 2 came last */
	alarm_at(b, 12, CONDITION_INSIDE_LONG, day_ms + 650 * 60000);	/* 1 came first */
	alarm_at(b, 13, CONDITION_FORCED, day_ms + 700 * 60000);	/* nobody's */
	books_commit(b);
	s = page(SIGHT_NEWEST, 10);
	assert_int_equal(s->rows, 5);
	assert_false(s->more);
	assert_int_equal(s->row[0].visit.id.n, 3);
	assert_true(s->row[1].is_alarm);
	assert_int_equal(s->row[1].alarm.id.n, 13);
	assert_int_equal(s->row[2].visit.id.n, 2);
	assert_int_equal(s->row[2].visit.closed_at.ms, 0);
	assert_int_equal(s->row[3].visit.id.n, 1);
	assert_int_equal(s->row[4].alarm.id.n, 10);
	assert_int_equal(s->alarms, 2);
	assert_int_equal(s->alarm[0].id.n, 11);
	assert_int_equal(s->alarm[0].visit.n, 2);
	assert_int_equal(s->alarm[1].visit.n, 1);
}

static void pages_have_all_of_it_once(void **state)
{
	struct books *b = *state;
	int64_t day_ms = b->today.n * DAY_MS;

	three_visits(b, day_ms);
	books_begin(b);
	/* more alarms at a visit than one look goes through, and two of nobody on either side */
	alarm_at(b, 20, CONDITION_FORCED, day_ms + 610 * 60000);
	for (uint64_t i = 0; i < SIGHT_SCAN_MAX + 30; i++)
		alarm_at(b, 100 + i, CONDITION_HELD_OPEN, day_ms + 640 * 60000 + (int64_t)i);
	alarm_at(b, 5000, CONDITION_FORCED, day_ms + 730 * 60000);
	books_commit(b);
	for (uint32_t max = 1; max <= 6; max++) {
		struct sight_cursor before = SIGHT_NEWEST;
		uint32_t rows = 0, turns = 0;
		int64_t last = INT64_MAX;

		for (bool more = true; more; turns++) {
			const struct sights *s = page(before, max);

			assert_true(turns < 20 && s->rows <= max);
			for (uint32_t i = 0; i < s->rows; i++) {
				int64_t at = s->row[i].is_alarm ? s->row[i].alarm.raised_at.ms
								: s->row[i].visit.opened_at.ms;

				assert_true(at <= last);
				last = at;
			}
			rows += s->rows;
			before = s->next;
			more = s->more;
		}
		assert_int_equal(rows, 5);
	}
}

static struct sight_whole *whole(uint64_t visit)
{
	static struct sight_whole w;

	assert_int_equal(reader_sight(reader, (struct visit_id){visit}, &w), 1);
	return &w;
}

static uint32_t steps_of(const struct sight_whole *w, enum sight_kind kind)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < w->steps; i++)
		n += w->step[i].kind == kind;
	return n;
}

static void a_visit_is_billed(void **state)
{
	struct books *b = *state;
	struct desk_request pay = {0};
	const struct sight_whole *w;
	uint64_t visit;

	books_buy(b, 1, 10000, 1200);
	visit = b->visit;
	books_buy(b, 2, 5000, 1200);
	w = whole(visit);
	assert_int_equal(w->invoices, 0);
	assert_int_equal(w->steps, 3); /* opened, a line, closed */
	b->today = on(2026, 4, 1);
	assert_closed(b, 202603);
	pay = books_request(b, DESK_PAYMENT);
	pay.entry.payment.invoice.n = 2026000001;
	pay.entry.payment.amount = money_of(4000);
	pay.entry.payment.booked = b->today;
	books_key(b, pay.entry.payment.key);
	assert_int_equal(books_ask(b, &pay), DESK_DONE);
	w = whole(visit);
	assert_int_equal(steps_of(w, SIGHT_PAYMENT), 1);
	assert_int_equal(money_minor(w->invoice[0].paid), 4000);
	credit(b, 2026000001, 0, ""); /* what was paid is for others from here on */
	w = whole(visit);
	assert_int_equal(w->visit.invoice.n, w->line[0].invoice.n);
	assert_int_equal(w->invoices, 2);
	assert_int_equal(steps_of(w, SIGHT_INVOICE), 1);
	assert_int_equal(steps_of(w, SIGHT_CREDIT_NOTE), 1);
	assert_false(w->truncated);
	for (uint32_t i = 1; i < w->steps; i++)
		assert_true(w->step[i - 1].at.ms <= w->step[i].at.ms);
	assert_int_equal(page(SIGHT_NEWEST, 1)->row[0].visit.invoice.n, 2026000002);
}

static void no_such_visit(void **state)
{
	static struct sight_whole w;

	(void)state;
	assert_int_equal(reader_sight(reader, (struct visit_id){77}, &w), 0);
	assert_int_equal(reader_sight(reader, (struct visit_id){0}, &w), 0);
	assert_int_equal(reader_sight(reader, (struct visit_id){UINT64_MAX}, &w), 0);
}

static void who_is_inside(void **state)
{
	struct books *b = *state;
	struct basket_row row[4];

	books_buy(b, 1, 100, 1200); /* gone */
	books_visit(b, 2);
	books_line(b, 2, 250, 1200);
	books_visit(b, 3);
	assert_int_equal(reader_baskets(reader, row, 4), 2);
	assert_int_equal(row[0].visit.n, 2);
	assert_int_equal(row[0].lines, 1);
	assert_int_equal(money_minor(row[0].total), 250);
	assert_int_equal(row[1].lines, 0);
	assert_int_equal(reader_baskets(reader, row, 1), 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_day_of_twenty_three_hours),
		TEST(a_day_of_twenty_five_hours),
		TEST(weekdays_and_days),
		TEST(every_range_is_what_adding_up_would_find),
		TEST(late_lines_count_when_they_were_scanned),
		TEST(the_best_sold_come_first),
		TEST(what_was_taken_back_was_never_sold),
		TEST(a_file_that_is_not_there),
		TEST(alarms_stand_at_their_visits),
		TEST(pages_have_all_of_it_once),
		TEST(a_visit_is_billed),
		TEST(no_such_visit),
		TEST(who_is_inside),
	};

	setenv("TZ", "Europe/Stockholm", 1);
	tzset();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
