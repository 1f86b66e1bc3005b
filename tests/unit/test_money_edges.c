/*
 * test_money_edges.c: the corners of the books that are seldom trodden: notes for every line of an
 * invoice, goods sold before they were delivered, money that is recalled, accounts that change
 * their purpose, rates that no chart knows.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "books/chart.h"
#include "books_house.h"
#include "ledger/read_books.h"
#include "ledger/rebuild.h"
#include "paper/ubl.h"
#include "paper_made.h"

#define MILK 7310865004703

/* Every entry's postings sum to 0, the stock account is what the shelf is worth, and the entries
 * alone give the same tables. */
static void check_books(struct books *b)
{
	struct rebuild_found found;

	assert_int_equal(books_number(b, "SELECT count(*) FROM (SELECT 1 FROM posting GROUP BY seq"
					 " HAVING sum(amount) <> 0)"),
			 0);
	assert_int_equal(books_number(b, "SELECT coalesce(sum(amount), 0) FROM posting"
					 " WHERE account = 1460"),
			 books_number(b, "SELECT coalesce(sum(value), 0) FROM stock"));
	if (ledger_rebuild_check(b->dir, &found, NULL, NULL) != 0 || !found.ok)
		fail_msg("%s %s: %s", found.table, found.key, found.why);
}

/* --- notes, line by line */

static enum desk_answer credit(struct books *b, const char *line)
{
	struct desk_request q = books_request(b, DESK_CREDIT);
	struct entry_credit_note *n = &q.entry.credit_note;

	q.visit.n = b->visit;
	snprintf(q.line.text, sizeof(q.line.text), "%s", line);
	books_key(b, n->key);
	n->reason = CREDIT_PRICE;
	snprintf(n->by, sizeof(n->by), "owner");
	snprintf(n->why, sizeof(n->why), "fel pris");
	return books_ask(b, &q);
}

/* Invoices and notes, as whoever gets them would see them. */
static void all_render(struct books *b)
{
	static const char text[] =
		"{\"seller\": {\"name\": \"Vikens lanthandel\", \"street\": \"Strandgatan 1\","
		" \"postcode\": \"26361\", \"city\": \"Viken\", \"country\": \"SE\","
		" \"vat_number\": \"SE556036079301\", \"bankgiro\": \"50501055\"},"
		" \"buyer\": {\"name\": \"Anna\", \"street\": \"Bygatan 2\","
		" \"postcode\": \"26361\", \"city\": \"Viken\", \"country\": \"SE\"}}";
	struct parties parties;
	struct reader *r;
	int64_t id = 0;
	char sql[80], why[PARTY_WHY_MAX] = "";

	if (!party_read(text, sizeof(text) - 1, &parties, why))
		fail_msg("%s", why);
	assert_int_equal(reader_open(b->dir, &r), 0);
	for (;;) {
		struct paper *p = NULL;
		char *out = NULL;
		size_t len = 0;
		FILE *f;

		snprintf(sql, sizeof(sql),
			 "SELECT coalesce(min(id), 0) FROM invoice WHERE id > %lld", (long long)id);
		id = books_number(b, sql);
		if (id == 0)
			break;
		assert_int_equal(reader_paper(r, (struct invoice_id){(uint64_t)id}, &p), 1);
		snprintf(p->currency, sizeof(p->currency), "SEK");
		snprintf(p->shop.name, sizeof(p->shop.name), "viken");
		f = open_memstream(&out, &len);
		assert_non_null(f);
		if (ubl_write(p, &parties, f, why) != 0)
			fail_msg("%lld: %s", (long long)id, why);
		fclose(f);
		free(out);
		free(p);
	}
	reader_close(r);
}

/* A visit's lines on an invoice, then a note for each of them. */
static void note_all(struct books *b, uint32_t lines, const int64_t *total, const int32_t *bp)
{
	uint32_t first = b->lines + 1;
	int32_t month = 0;
	char key[24];

	books_visit(b, 1);
	for (uint32_t i = 0; i < lines; i++)
		books_line(b, 1, total[i], bp[i]);
	books_leave(b);
	month = period_of(b->today).n;
	b->today = period_first(period_add((struct period){month}, 1));
	assert_closed(b, month);
	for (uint32_t i = 0; i < lines; i++) {
		snprintf(key, sizeof(key), "k-%u", first + i);
		assert_int_equal(credit(b, key), DESK_DONE);
		assert_true(books_number(b, "SELECT unpaid FROM balance") >= 0);
	}
	assert_int_equal(books_number(b, "SELECT unpaid FROM balance"), 0);
}

static void notes_render(void **state)
{
	struct books *b = *state;

	/* base 179, VAT 21: 90 + 11 and 89 + 11 */
	note_all(b, 2, (const int64_t[]){100, 100}, (const int32_t[]){1200, 1200});
	assert_int_equal(books_number(b, "SELECT count(*) FROM invoice_rate r JOIN invoice i ON"
					 " i.id = r.invoice WHERE i.original > 0 AND r.vat <> 11"),
			 0);
	/* payable 200 of 180, 100 of 149: the last takes what is left, and none takes more */
	note_all(b, 2, (const int64_t[]){90, 90}, (const int32_t[]){1200, 600});
	note_all(b, 2, (const int64_t[]){120, 29}, (const int32_t[]){2500, 1200});
	note_all(b, 3, (const int64_t[]){20, 0, 29}, (const int32_t[]){2500, 1200, 600});
	note_all(b, 7, (const int64_t[]){1, 2, 3, 5, 5, 5, 40},
		 (const int32_t[]){1200, 1200, 1200, 1200, 600, 600, 2500});
	all_render(b);
	/* VAT is the base's, the base is the invoice's, and so is what is payable */
	assert_int_equal(books_number(b, "SELECT count(*) FROM invoice_rate WHERE vat <>"
					 " (2 * base * vat_bp + 10000) / 20000"),
			 0);
	assert_int_equal(
		books_number(b, "SELECT count(*) FROM invoice_rate o JOIN invoice i ON i.id ="
				" o.invoice WHERE i.original = 0 AND o.base <> (SELECT sum(r.base)"
				" FROM invoice n JOIN invoice_rate r ON r.invoice = n.id WHERE"
				" n.original = i.id AND r.vat_bp = o.vat_bp)"),
		0);
	b->today = period_first(period_add(period_of(b->today), 1));
	assert_closed(b, period_add(period_of(b->today), -1).n);
	check_books(b);
}

/* --- the shelf */

static enum desk_answer moved(struct books *b, enum movement kind, int64_t quantity, int64_t cost)
{
	struct desk_request q = books_request(b, DESK_STOCK);
	struct entry_stock *s = &q.entry.stock;

	books_key(b, s->key);
	s->kind = kind;
	s->gtin.n = MILK;
	s->quantity_milli = quantity;
	s->unit_cost = money_of(cost);
	snprintf(s->by, sizeof(s->by), "owner");
	return books_ask(b, &q);
}

#define assert_moved(b, kind, quantity, cost)                                                      \
	assert_int_equal(moved(b, kind, quantity, cost), DESK_DONE)

static void sold(struct books *b, int32_t quantity)
{
	struct entry e;

	books_visit(b, 1);
	e = line_entry(b, 1, 2000, 1200);
	e.line.quantity_milli = quantity;
	books_write(b, &e);
	books_leave(b);
}

#define assert_shelf(b, on_hand_milli, worth)                                                      \
	do {                                                                                       \
		assert_int_equal(books_number(b, "SELECT on_hand FROM stock"), on_hand_milli);     \
		assert_int_equal(books_number(b, "SELECT value FROM stock"), worth);               \
	} while (0)

static int64_t account(struct books *b, uint32_t number)
{
	char sql[96];

	snprintf(sql, sizeof(sql),
		 "SELECT coalesce(sum(amount), 0) FROM posting WHERE account = %u", number);
	return books_number(b, sql);
}

static void sold_before_delivered(void **state)
{
	struct books *b = *state;

	sold(b, 50000);
	assert_shelf(b, -50000, 0);
	assert_moved(b, MOVEMENT_DELIVERY, 60000, 1000);
	assert_shelf(b, 10000, 10000);
	assert_int_equal(account(b, 4960), -60000);
	assert_int_equal(account(b, 4961), 50000);
	/* found: fifty more, each worth what the newest cost; missing: at the average */
	assert_moved(b, MOVEMENT_COUNT, 60000, 0);
	assert_shelf(b, 60000, 60000);
	assert_int_equal(account(b, 4963), -50000);
	assert_moved(b, MOVEMENT_DELIVERY, 60000, 3000);
	assert_shelf(b, 120000, 240000);
	assert_moved(b, MOVEMENT_COUNT, 90000, 0);
	assert_shelf(b, 90000, 180000);
	assert_moved(b, MOVEMENT_COUNT, 91000, 0);
	assert_shelf(b, 91000, 183000);
	assert_moved(b, MOVEMENT_COUNT, 0, 0);
	assert_shelf(b, 0, 0);
	/* nine short at no more than the newest cost, twelve come at another */
	sold(b, 9000);
	assert_shelf(b, -9000, -27000);
	assert_moved(b, MOVEMENT_DELIVERY, 4000, 700);
	assert_shelf(b, -5000, -3500);
	assert_moved(b, MOVEMENT_DELIVERY, 8000, 700);
	assert_shelf(b, 3000, 2100);
	/* exactly as many as were lacking */
	sold(b, 4000);
	assert_shelf(b, -1000, -700);
	assert_moved(b, MOVEMENT_DELIVERY, 1000, 900);
	assert_shelf(b, 0, 0);
	check_books(b);
}

/* A fraction says nothing of a million; and what cannot be posted is refused in words. */
static void absurd_shelves(void **state)
{
	struct books *b = *state;
	const int64_t most = 1000000000;

	assert_moved(b, MOVEMENT_WASTE, most - 1, 0);
	assert_moved(b, MOVEMENT_DELIVERY, most, most);
	assert_shelf(b, 1, most / 1000);
	assert_moved(b, MOVEMENT_DELIVERY, 1, 100);
	assert_moved(b, MOVEMENT_COUNT, most, 0);
	assert_shelf(b, most, most / 1000 + 100000000);
	assert_moved(b, MOVEMENT_COUNT, 0, 0);
	assert_shelf(b, 0, 0);
	for (uint32_t i = 0; i < 120; i++)
		assert_moved(b, MOVEMENT_WASTE, most, 0);
	assert_shelf(b, -120 * most, -120 * 100000000LL);
	assert_refused(b, moved(b, MOVEMENT_DELIVERY, 1000, most), "count it first");
	assert_moved(b, MOVEMENT_COUNT, 0, 0);
	assert_moved(b, MOVEMENT_DELIVERY, 1000, most);
	assert_shelf(b, 1000, most);
	check_books(b);
}

/* --- money that is recalled */

static enum desk_answer paid(struct books *b, int64_t amount, uint64_t invoice)
{
	struct desk_request q = books_request(b, DESK_PAYMENT);

	books_key(b, q.entry.payment.key);
	q.entry.payment.amount = money_of(amount);
	q.entry.payment.invoice.n = invoice;
	q.entry.payment.booked = b->today;
	return books_ask(b, &q);
}

static void overpayment_recalled(void **state)
{
	struct books *b = *state;

	books_buy(b, 1, 5000, 1200);
	b->today = on(2026, 4, 1);
	assert_closed(b, 202603);
	assert_int_equal(paid(b, 10000, 2026000001), DESK_DONE);
	assert_int_equal(books_number(b, "SELECT unpaid FROM balance"), -5000);
	assert_refused(b, paid(b, -10001, 2026000001), "less has been paid");
	assert_int_equal(paid(b, -10000, 2026000001), DESK_DONE);
	assert_int_equal(books_number(b, "SELECT unpaid FROM balance"), 5000);
	assert_refused(b, paid(b, -1, 2026000001), "less has been paid");
	/* what was too much has paid the next invoice meanwhile: it came in on this one */
	assert_int_equal(paid(b, 10000, 2026000001), DESK_DONE);
	books_buy(b, 1, 5000, 1200);
	b->today = on(2026, 5, 1);
	assert_closed(b, 202604);
	assert_int_equal(books_number(b, "SELECT unpaid FROM balance"), 0);
	assert_refused(b, paid(b, -5001, 2026000002), "less has been paid");
	assert_int_equal(paid(b, -10000, 2026000001), DESK_DONE);
	assert_int_equal(books_number(b, "SELECT sum(paid) FROM invoice"), 0);
	assert_int_equal(books_number(b, "SELECT unpaid FROM balance"), 10000);
	b->today = on(2026, 6, 1);
	assert_closed(b, 202605);
	check_books(b);
}

/* --- accounts that change their purpose */

static struct desk_request chart_of(struct books *b, struct entry_chart chart)
{
	struct desk_request q = books_request(b, DESK_BOOKS);

	q.tax = vat_sweden();
	q.chart = chart;
	return q;
}

static void purposes_stay(void **state)
{
	struct books *b = *state;
	struct entry_chart chart = chart_bas();
	struct desk_request q = chart_of(b, chart);

	assert_int_equal(books_ask(b, &q), DESK_DONE);
	/* nothing was posted to it: it may become what it likes */
	chart.rate[0].sales = 3011;
	chart.rate[0].vat = 3001;
	q = chart_of(b, chart);
	assert_int_equal(books_ask(b, &q), DESK_DONE);
	q = chart_of(b, chart_bas());
	assert_int_equal(books_ask(b, &q), DESK_DONE);
	books_buy(b, 1, 10000, 2500);
	q = chart_of(b, chart);
	assert_refused(b, books_ask(b, &q), "account 3001 was for sales at 25.00 %");
	/* nor after it has been for nothing for a while */
	chart.rate[0].vat = 2611;
	q = chart_of(b, chart);
	assert_int_equal(books_ask(b, &q), DESK_DONE);
	assert_int_equal(books_ask(b, &q), DESK_REPEATED);
	chart.rate[1].sales = 3001;
	q = chart_of(b, chart);
	assert_refused(b, books_ask(b, &q), "account 3001 was for sales at 25.00 %");
	chart.rate[1].sales = 3002;
	chart.waste = 1510;
	chart.receivable = 1511;
	q = chart_of(b, chart);
	assert_refused(b, books_ask(b, &q), "account 1510 was for what customers owe");
	/* what may stand on one account may change places; and the old one may come back */
	chart = chart_bas();
	chart.waste = 4961;
	chart.rate[0].deposit = 3001;
	q = chart_of(b, chart);
	assert_int_equal(books_ask(b, &q), DESK_DONE);
	b->today = on(2026, 4, 1);
	assert_closed(b, 202603);
	check_books(b);
}

/* --- rates that no chart knows */

static void rates_without_accounts(void **state)
{
	struct books *b = *state;
	struct entry e = {.kind = ENTRY_CHART, .at = books_at(b), .chart = chart_bas()};

	/* 13 % is in no chart; 6 % is in the standard one only, the other rates have new accounts
	 */
	e.chart.rates = 2;
	e.chart.rate[0].vat = 2615;
	e.chart.rate[1].vat = 2625;
	books_write(b, &e);
	books_visit(b, 1);
	books_line(b, 1, 11300, 1300);
	books_line(b, 1, 12500, 2500);
	books_line(b, 1, 5303, 600);
	books_line(b, 1, 1130, 1300);
	books_leave(b);
	b->today = on(2026, 4, 1);
	assert_refused(b, books_close(b, 202603), "13.00 %");
	/* an invoice waits for accounts; then what was posted before is still what the lines say */
	e.chart = chart_bas();
	e.chart.rate[1] = (struct chart_rate){1300, 3012, 2612, 3592};
	books_write(b, &e);
	assert_closed(b, 202603);
	assert_int_equal(credit(b, "k-1"), DESK_DONE);
	assert_int_equal(credit(b, "k-3"), DESK_DONE);
	/* and a note after they have gone again */
	e.chart.rate[1].vat_bp = 1500;
	books_write(b, &e);
	assert_int_equal(credit(b, "k-4"), DESK_DONE);
	books_buy(b, 1, 1130, 1300);
	e.chart.rate[1].vat_bp = 1300;
	books_write(b, &e);
	b->today = on(2026, 5, 1);
	/* and it is still seen when the accounts are not what the lines say */
	books_plant(b, "UPDATE posting SET account = 3001 WHERE account = 2611 AND amount = -130");
	assert_refused(b, books_close(b, 202604), "sum 3");
	books_plant(b, "UPDATE posting SET account = 2611 WHERE account = 3001 AND amount = -130");
	assert_closed(b, 202604);
	check_books(b);
}

#define UNIT(test) cmocka_unit_test_setup_teardown(test, books_set_up, books_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(notes_render),   UNIT(sold_before_delivered),
		UNIT(absurd_shelves), UNIT(overpayment_recalled),
		UNIT(purposes_stay),  UNIT(rates_without_accounts),
	};

	return cmocka_run_group_tests_name("money_edges", tests, NULL, NULL);
}
