/*
 * test_desk_thread.c: the desk beside a loop that scans: rows first, answers never lost, a close
 * between commits, a stop and a full disk in the middle of it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "ledger/desk.h"
#include "ledger_house.h"

static int set_up(void **state)
{
	static struct house h;

	house_make(&h);
	*state = &h;
	return 0;
}

static int tear_down(void **state)
{
	house_remove(*state);
	return 0;
}

static struct day today(void)
{
	struct day d;

	assert_true(day_of(2026, 4, 1, &d));
	return d;
}

static void push_start(struct house *h)
{
	struct entry e = {.kind = ENTRY_START, .at = {1774000000000}};

	e.start.clean = e.start.wall_trusted = true;
	house_push(h, &e, true);
	e = sample_entry(ENTRY_VISIT_OPENED);
	e.visit_opened.visit.n = 1;
	house_push(h, &e, true);
	e = sample_entry(ENTRY_VISIT_CLOSED);
	e.visit_closed.visit.n = 1;
	house_write(h, &e);
}

/* A line of `visit` bought on that day. */
static bool push_line(struct house *h, uint64_t visit, uint32_t n, struct day bought)
{
	struct entry e;
	char key[24];

	snprintf(key, sizeof(key), "k-%u", n);
	e = sample_line(visit, key, 100 + n % 900);
	e.line.customer.byte[0] = (uint8_t)(n % 50);
	e.line.bought = bought;
	e.line.list_price = e.line.unit_price;
	return house_push(h, &e, false);
}

/* So many lines of March, on disk. */
static void fill(struct house *h, uint32_t lines)
{
	struct day march = {today().n - 5};

	for (uint32_t i = 0; i < lines; i++) {
		assert_true(push_line(h, 1, i, march));
		if (i % 1000 == 999 || i == lines - 1) {
			ledger_flush(h->ledger);
			house_committed(h, h->ticket);
		}
	}
}

static struct desk_request request(enum desk_kind kind, uint32_t tag)
{
	struct desk_request q = {.kind = kind,
				 .tag = tag,
				 .at = {1775000000000},
				 .today = today(),
				 .clock_trusted = true,
				 .policy = {.due_days = 30}};

	q.period.n = 202603;
	return q;
}

static struct desk_request delivery(uint32_t n)
{
	struct desk_request q = request(DESK_STOCK, n);
	struct entry_stock *s = &q.entry.stock;

	snprintf(s->key, sizeof(s->key), "d-%u", n);
	snprintf(s->by, sizeof(s->by), "owner");
	s->kind = MOVEMENT_DELIVERY;
	s->gtin.n = 7310865004703;
	s->quantity_milli = 1000;
	return q;
}

static void rows_come_first(void **state)
{
	struct house *h = *state;
	struct desk_request q = request(DESK_REPORT, 3);
	struct report report;

	house_open(h);
	push_start(h);
	/* a report of a line that is flushed and not yet known to be on disk */
	assert_true(push_line(h, 1, 1, today()));
	ledger_flush(h->ledger);
	q.entry.reported.visit.n = 1;
	snprintf(q.entry.reported.line.text, 8, "k-1");
	q.entry.reported.reason = CREDIT_BROKEN;
	assert_true(ledger_ask_desk(h->ledger, &q));
	report = house_wait(h, REPORT_DESK);
	assert_int_equal(report.desk->answer, DESK_DONE);
	assert_int_equal(report.desk->tag, 3);
	assert_true(report.head_seq >= report.desk->seq);
	desk_result_free(report.desk);
	house_close(h);
}

static void as_many_as_it_takes(void **state)
{
	struct house *h = *state;
	struct desk_request q;
	uint32_t asked = 0;

	house_open(h);
	push_start(h);
	/* more than are taken at once are refused at once, and none that was taken is lost */
	for (; asked < DESK_ASKS_MAX; asked++) {
		q = delivery(asked);
		assert_true(ledger_ask_desk(h->ledger, &q));
	}
	q = delivery(asked);
	assert_false(ledger_ask_desk(h->ledger, &q));
	for (uint32_t i = 0; i < asked; i++) {
		struct report report = house_wait(h, REPORT_DESK);

		assert_int_equal(report.desk->tag, i);
		assert_int_equal(report.desk->answer, DESK_DONE);
		desk_result_free(report.desk);
	}
	assert_true(ledger_ask_desk(h->ledger, &q));
	desk_result_free(house_wait(h, REPORT_DESK).desk);
	house_close(h);
	assert_int_equal(house_number(h, "ledger.db", "SELECT on_hand FROM stock"),
			 1000 * (DESK_ASKS_MAX + 1));
}

enum {
	LINES = 6000,
};

/* What a loop learns from the reports while a close goes on. */
struct told {
	uint64_t committed;
	uint32_t deliveries, invoices;
	bool closed;
	struct money unpaid;
};

static void hear(struct told *t, struct report *report)
{
	struct desk_result *r = report->desk;

	if (report->kind == REPORT_COMMITTED)
		t->committed = report->ticket;
	if (report->kind != REPORT_DESK)
		return;
	for (uint32_t i = 0; i < r->changes; i++)
		assert_true(money_add(t->unpaid, r->change[i].unpaid, &t->unpaid));
	if (r->kind == DESK_STOCK) {
		assert_int_equal(r->answer, DESK_DONE);
		t->deliveries++;
	} else if (r->answer != DESK_WORKING) {
		assert_int_equal(r->answer, DESK_DONE);
		t->closed = true;
		t->invoices = r->done;
	}
	desk_result_free(r);
}

static void listen_to(struct house *h, struct told *t)
{
	struct pollfd fd = {.fd = ledger_fd(h->ledger), .events = POLLIN};
	struct report report;

	assert_int_equal(poll(&fd, 1, WAIT_MS), 1);
	while (ledger_report(h->ledger, &report))
		hear(t, &report);
}

/* Scans and deliveries are committed while a month is closed. */
static void scans_go_on(void **state)
{
	struct house *h = *state;
	struct desk_request q = request(DESK_CLOSE, 9), d = delivery(1);
	struct told t = {.committed = 0};
	uint32_t scans = 0;

	house_open(h);
	push_start(h);
	fill(h, LINES);
	assert_true(ledger_ask_desk(h->ledger, &q));
	assert_true(ledger_ask_desk(h->ledger, &d));
	t.committed = h->ticket;
	while (!t.closed || t.deliveries == 0) {
		/* the next scan when the one before it is on disk */
		if (!t.closed && t.committed == h->ticket) {
			assert_true(push_line(h, 2, LINES + scans++, today()));
			ledger_flush(h->ledger);
		}
		listen_to(h, &t);
	}
	house_close(h);
	assert_true(scans > 1);
	assert_int_equal(t.invoices, 50);
	assert_int_equal(house_number(h, "ledger.db", "SELECT count(*) FROM invoice_line"), LINES);
	assert_int_equal(house_number(h, "ledger.db", "SELECT count(*) FROM line"), LINES + scans);
	assert_int_equal(house_number(h, "ledger.db", "SELECT sum(unpaid) FROM balance"),
			 money_minor(t.unpaid));
}

static void stop_in_the_middle(void **state)
{
	struct house *h = *state;
	struct desk_request q = request(DESK_CLOSE, 9);
	struct report report;

	house_open(h);
	push_start(h);
	fill(h, LINES);
	for (uint32_t times = 0; times < 5; times++) {
		assert_true(ledger_ask_desk(h->ledger, &q));
		ledger_ask_visit(h->ledger, (struct visit_id){1});
		free(house_wait(h, REPORT_VISIT).book);
		house_close(h);
		assert_int_equal(house_number(h, "ledger.db",
					      "SELECT count(*) FROM invoice_line l WHERE NOT EXISTS"
					      " (SELECT 1 FROM invoice WHERE id = l.invoice)"),
				 0);
		house_open(h);
	}
	assert_true(ledger_ask_desk(h->ledger, &q));
	do {
		report = house_wait(h, REPORT_DESK);
		assert_int_not_equal(report.desk->answer, DESK_REFUSED);
		q.tag = report.desk->answer;
		desk_result_free(report.desk);
	} while (q.tag == DESK_WORKING);
	house_close(h);
	assert_int_equal(house_number(h, "ledger.db", "SELECT count(*) FROM invoice"), 50);
	assert_int_equal(house_number(h, "ledger.db", "SELECT count(*) FROM period_closed"), 1);
}

/* A disk that fills up while a month is closed: nothing half written, and asked again it is. */
static void full_in_the_middle(void **state)
{
	struct house *h = *state;
	struct ledger_tuning tuning = {.retry_ms = 50};
	struct desk_request q = request(DESK_CLOSE, 9);
	struct report report;

	house_open(h);
	push_start(h);
	fill(h, LINES);
	house_close(h);
	tuning.pages_max = (uint32_t)house_number(h, "ledger.db",
						  "SELECT page_count FROM pragma_page_count()") +
			   4;
	assert_int_equal(ledger_open_tuned(h->dir, (struct wall){1790000000000}, tuning, &h->ledger,
					   &h->recall, h->why),
			 0);
	assert_true(ledger_ask_desk(h->ledger, &q));
	do {
		report = house_wait(h, REPORT_DESK);
		q.tag = report.desk->answer;
		if (q.tag == DESK_UNAVAILABLE)
			assert_non_null(strstr(report.desk->why, "close again"));
		desk_result_free(report.desk);
	} while (q.tag == DESK_WORKING);
	assert_int_equal(q.tag, DESK_UNAVAILABLE);
	/* the door goes on; what finds room is written */
	house_close(h);
	assert_int_equal(house_number(h, "ledger.db", "SELECT count(*) FROM period_closed"), 0);
	assert_int_equal(house_number(h, "ledger.db",
				      "SELECT count(*) FROM invoice_line l WHERE NOT EXISTS"
				      " (SELECT 1 FROM invoice WHERE id = l.invoice)"),
			 0);
	house_open(h);
	assert_true(ledger_ask_desk(h->ledger, &q));
	do {
		report = house_wait(h, REPORT_DESK);
		q.tag = report.desk->answer;
		desk_result_free(report.desk);
	} while (q.tag == DESK_WORKING);
	assert_int_equal(q.tag, DESK_DONE);
	house_close(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(rows_come_first, set_up, tear_down),
		cmocka_unit_test_setup_teardown(as_many_as_it_takes, set_up, tear_down),
		cmocka_unit_test_setup_teardown(scans_go_on, set_up, tear_down),
		cmocka_unit_test_setup_teardown(stop_in_the_middle, set_up, tear_down),
		cmocka_unit_test_setup_teardown(full_in_the_middle, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
