/*
 * test_read_books.c: the books from another program's side: pages of them, papers whose lines are
 * their sums, what may expire, what went missing; and faults planted in the rows, each found and
 * named.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include <time.h>

#include "books/chart.h"
#include "books_house.h"
#include "ledger/read_books.h"

#define MILK  7310865004703
#define BREAD 7310130003547

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

static void ask(struct books *b, struct desk_request *q)
{
	snprintf(q->entry.stock.key, NAME_MAX_LEN + 1, "key-%u", ++b->key);
	assert_int_equal(books_ask(b, q), DESK_DONE);
}

static void move(struct books *b, enum movement kind, uint64_t gtin, int64_t quantity,
		 struct day best_before, const char *lot)
{
	struct desk_request q = books_request(b, DESK_STOCK);
	struct entry_stock *s = &q.entry.stock;

	s->kind = kind;
	s->gtin.n = gtin;
	s->quantity_milli = quantity;
	s->unit_cost = money_of(kind == MOVEMENT_DELIVERY ? 500 : 0);
	s->best_before = best_before;
	snprintf(s->lot, sizeof(s->lot), "%s", lot);
	snprintf(s->by, sizeof(s->by), "owner");
	ask(b, &q);
}

static void credit(struct books *b, uint64_t invoice, uint64_t visit, const char *line,
		   enum credit_reason reason)
{
	struct desk_request q = books_request(b, DESK_CREDIT);
	struct entry_credit_note *n = &q.entry.credit_note;

	q.visit.n = visit;
	snprintf(q.line.text, sizeof(q.line.text), "%s", line);
	n->invoice.n = invoice;
	n->reason = reason;
	snprintf(n->by, sizeof(n->by), "owner");
	snprintf(n->key, sizeof(n->key), "key-%u", ++b->key);
	assert_int_equal(books_ask(b, &q), DESK_DONE);
}

static void pay(struct books *b, int64_t amount, uint64_t invoice)
{
	struct desk_request q = books_request(b, DESK_PAYMENT);

	q.entry.payment.amount = money_of(amount);
	q.entry.payment.invoice.n = invoice;
	q.entry.payment.booked = b->today;
	snprintf(q.entry.payment.key, sizeof(q.entry.payment.key), "key-%u", ++b->key);
	assert_int_equal(books_ask(b, &q), DESK_DONE);
}

/* Three households, two months, a line of each rate, deposits, a credit, a void, payments. */
static void two_months(struct books *b)
{
	struct entry e;

	b->today = on(2026, 3, 10);
	for (uint32_t i = 1; i <= 3; i++) {
		books_visit(b, i);
		for (uint32_t k = 0; k < 5; k++) {
			e = line_entry(b, i, 1000 + 37 * k + i, k % 2 ? 2500 : 1200);
			e.line.deposit = money_of(k == 3 ? 200 : 0);
			books_write(b, &e);
		}
		books_leave(b);
	}
	b->today = on(2026, 4, 1);
	assert_closed(b, 202603);
	pay(b, 2000, 2026000001);
	pay(b, 100, 0);
	credit(b, 0, 2, "k-7", CREDIT_WRONG_LINE);
	b->today = on(2026, 4, 20);
	books_visit(b, 1);
	books_line(b, 1, 4444, 600);
	e = line_entry(b, 1, 300, 600);
	books_write(b, &e);
	{
		struct entry v = {.kind = ENTRY_LINE_VOIDED, .at = books_at(b)};

		v.line_voided.visit.n = b->visit;
		v.line_voided.key = e.line.key;
		v.line_voided.customer = household(1);
		v.line_voided.total = money_of(300);
		books_write(b, &v);
	}
	books_leave(b);
	b->today = on(2026, 5, 1);
	assert_closed(b, 202604);
	books_buy(b, 2, 999, 600);
	books_buy(b, 3, 1999, 2500);
}

/* --- invoices */

static void invoices(void **state)
{
	struct books *b = *state;
	struct invoice_row row[8];

	two_months(b);
	assert_int_equal(
		reader_invoices(reader, (struct period){202603}, (struct invoice_id){0}, row, 8),
		3);
	assert_int_equal(row[0].id.n, 2026000001);
	assert_int_equal(row[0].lines, 5);
	assert_int_equal(row[0].rates, 2);
	assert_int_equal(row[0].rate[0].vat_bp, 2500);
	assert_int_equal(row[0].rate[1].vat_bp, 1200);
	assert_int_equal(money_minor(row[0].paid), 2000);
	assert_true(customer_is(row[1].customer, household(2)));
	assert_int_equal(money_minor(row[1].credited), 1000 + 37 + 2);
	assert_int_equal(reader_invoices(reader, (struct period){0},
					 (struct invoice_id){2026000002}, row, 8),
			 3);
	assert_int_equal(row[1].original.n, 2026000002);
	assert_int_equal(row[1].reason, CREDIT_WRONG_LINE);
	assert_int_equal(
		reader_invoices(reader, (struct period){0}, (struct invoice_id){0}, row, 2), 2);
	assert_int_equal(reader_invoice(reader, (struct invoice_id){2026000005}, row), 1);
	assert_int_equal(row[0].period.n, 202604);
	assert_int_equal(reader_invoice(reader, (struct invoice_id){2026000006}, row), 0);
	assert_int_equal(reader_invoice(reader, (struct invoice_id){UINT64_MAX}, row), 0);
	assert_int_equal(reader_invoices(reader, (struct period){0},
					 (struct invoice_id){UINT64_MAX}, row, 8),
			 0);
}

static int64_t net_of(const struct paper *p, int32_t bp)
{
	int64_t net = 0;

	for (uint32_t i = 0; i < p->lines; i++)
		if (p->line[i].vat_bp == bp)
			net += money_minor(p->line[i].net) + money_minor(p->line[i].deposit_net);
	return net;
}

static void papers(void **state)
{
	struct books *b = *state;
	struct paper *p, *note;

	two_months(b);
	for (uint64_t id = 2026000001; id <= 2026000003; id++) {
		assert_int_equal(reader_paper(reader, (struct invoice_id){id}, &p), 1);
		assert_int_equal(p->lines, 5);
		assert_false(p->credit_note);
		for (uint32_t i = 0; i < p->rates; i++)
			assert_int_equal(net_of(p, p->rate[i].vat_bp),
					 money_minor(p->rate[i].base));
		assert_int_equal(money_minor(p->line[3].deposit), 200);
		assert_string_equal(p->line[4].name, "Mj\xc3\xb6lk");
		assert_int_equal(p->line[0].bought.n, on(2026, 3, 10).n);
		free(p);
	}
	/* the note of one line shows that line as its invoice did */
	assert_int_equal(reader_paper(reader, (struct invoice_id){2026000002}, &p), 1);
	assert_int_equal(reader_paper(reader, (struct invoice_id){2026000004}, &note), 1);
	assert_true(note->credit_note);
	assert_int_equal(note->original.n, 2026000002);
	assert_int_equal(note->lines, 1);
	assert_int_equal(note->line[0].seq, p->line[1].seq);
	assert_int_equal(money_minor(note->line[0].net), money_minor(p->line[1].net));
	assert_int_equal(net_of(note, 2500), money_minor(note->rate[0].base));
	free(p);
	free(note);
	credit(b, 2026000003, 0, "", CREDIT_GOODWILL);
	assert_int_equal(reader_paper(reader, b->answer->invoice, &note), 1);
	assert_int_equal(note->lines, 5);
	assert_string_equal(note->why, "");
	free(note);
	assert_int_equal(reader_paper(reader, (struct invoice_id){2026000999}, &p), 0);
}

static void money_in(void **state)
{
	struct books *b = *state;
	struct payment_row payment[4];
	struct owed owed[8];

	two_months(b);
	assert_int_equal(reader_payments(reader, false, 0, payment, 4), 2);
	assert_true(payment[0].claimed);
	assert_int_equal(payment[0].invoice.n, 2026000001);
	assert_int_equal(reader_payments(reader, true, 0, payment, 4), 1);
	assert_false(payment[0].claimed);
	assert_int_equal(money_minor(payment[0].amount), 100);
	assert_int_equal(reader_payments(reader, true, payment[0].seq, payment, 4), 0);
	assert_int_equal(reader_owed(reader, (struct invoice_id){0}, owed, 8), 4);
	assert_int_equal(money_minor(owed[0].paid), 2000);
	assert_int_equal(owed[0].due.n, on(2026, 5, 1).n);
	assert_int_equal(reader_owed(reader, (struct invoice_id){2026000003}, owed, 8), 1);
}

/* --- stock */

static void shelf(void **state)
{
	struct books *b = *state;
	struct stock_row stock[4];
	struct movement_row moved[16];
	uint64_t after = 0;
	uint32_t n = 0;
	int got;

	move(b, MOVEMENT_DELIVERY, MILK, 30000, DAY_NONE, "");
	move(b, MOVEMENT_DELIVERY, BREAD, 5000, DAY_NONE, "");
	two_months(b);
	move(b, MOVEMENT_COUNT, MILK, 10000, DAY_NONE, "");
	assert_int_equal(reader_stock(reader, (struct gtin){0}, stock, 4), 2);
	assert_int_equal(stock[0].gtin.n, BREAD);
	assert_int_equal(stock[0].counted_at.ms, 0);
	assert_int_equal(stock[1].on_hand_milli, 10000);
	assert_true(stock[1].counted_at.ms > 0);
	/* 30 delivered, 19 sold, 2 put back: 13 by the books, 10 counted */
	assert_int_equal(stock[1].shrunk_milli, 30000 - 19000 + 2000 - 10000);
	assert_int_equal(reader_stock_one(reader, (struct gtin){BREAD}, stock), 1);
	assert_int_equal(money_minor(stock[0].value), 2500);
	assert_int_equal(reader_stock_one(reader, (struct gtin){1}, stock), 0);
	/* pages, until there are no more; what moved adds up to what is there */
	{
		int64_t sum = 0;
		uint32_t sales = 0, returns = 0;

		while ((got = reader_movements(reader, (struct gtin){MILK}, after, moved, 3)) > 0) {
			for (int i = 0; i < got; i++) {
				assert_true(moved[i].seq > after);
				after = moved[i].seq;
				sum += moved[i].quantity_milli;
				sales += moved[i].kind == MOVEMENT_SALE;
				returns += moved[i].kind == MOVEMENT_RETURN;
				assert_true(moved[i].day.n >= on(2026, 3, 1).n);
				n++;
			}
		}
		assert_int_equal(sum, 10000);
		assert_int_equal(sales, 19);
		assert_int_equal(returns, 2);
		assert_int_equal(n, 1 + 19 + 2 + 1);
	}
	assert_int_equal(reader_movements(reader, (struct gtin){0}, 0, moved, 16), 16);
	assert_int_equal(moved[1].gtin.n, BREAD);
	assert_int_equal(reader_movements(reader, (struct gtin){BREAD}, 0, moved, 16), 1);
	assert_int_equal(reader_movements(reader, (struct gtin){1}, 0, moved, 16), 0);
}

static void lots(void **state)
{
	struct books *b = *state;
	struct lot_row lot[8];

	move(b, MOVEMENT_DELIVERY, MILK, 10000, on(2026, 3, 5), "A");
	move(b, MOVEMENT_DELIVERY, MILK, 10000, on(2026, 3, 20), "B");
	move(b, MOVEMENT_DELIVERY, MILK, 10000, on(2026, 4, 20), "C");
	move(b, MOVEMENT_DELIVERY, BREAD, 4000, on(2026, 3, 4), "");
	/* 14 sold, first expired first: lot A is gone, four of B */
	books_visit(b, 1);
	for (uint32_t i = 0; i < 14; i++)
		books_line(b, 1, 1000, 1200);
	books_leave(b);
	assert_int_equal(reader_lots(reader, on(2026, 3, 31), lot, 8), 2);
	assert_int_equal(lot[0].gtin.n, BREAD);
	assert_int_equal(lot[0].left_milli, 4000);
	assert_string_equal(lot[1].lot, "B");
	assert_int_equal(lot[1].left_milli, 6000);
	assert_int_equal(lot[1].best_before.n, on(2026, 3, 20).n);
	assert_int_equal(reader_lots(reader, on(2026, 12, 31), lot, 8), 3);
	assert_int_equal(reader_lots(reader, on(2026, 12, 31), lot, 1), 1);
	assert_int_equal(reader_lots(reader, on(2026, 3, 1), lot, 8), 0);
	/* thrown away, it is no longer there to expire */
	move(b, MOVEMENT_WASTE, BREAD, 4000, on(2026, 3, 4), "");
	assert_int_equal(reader_lots(reader, on(2026, 3, 31), lot, 8), 1);
}

static void shrink(void **state)
{
	struct books *b = *state;
	struct shrink_row row[4];

	move(b, MOVEMENT_DELIVERY, MILK, 20000, DAY_NONE, "");
	b->today = on(2026, 3, 3);
	books_buy(b, 1, 1000, 1200);
	b->today = on(2026, 3, 4);
	move(b, MOVEMENT_COUNT, MILK, 19000, DAY_NONE, ""); /* nothing is missing */
	b->today = on(2026, 3, 5);
	books_buy(b, 1, 1000, 1200);
	books_buy(b, 2, 1000, 1200);
	books_buy(b, 3, 1000, 1200);
	b->today = on(2026, 3, 6);
	move(b, MOVEMENT_COUNT, MILK, 14000, DAY_NONE, ""); /* two are */
	b->today = on(2026, 3, 7);
	books_buy(b, 3, 1000, 1200);
	assert_int_equal(reader_shrink(reader, 0, row, 4), 1);
	assert_int_equal(row[0].missing_milli, 2000);
	assert_int_equal(money_minor(row[0].value), 1000);
	assert_int_equal(row[0].visits, 3);
	assert_int_equal(reader_shrink(reader, row[0].seq, row, 4), 0);
}

static void checks_and_reports(void **state)
{
	struct books *b = *state;
	struct desk_request q = books_request(b, DESK_CHECK);
	struct check_row check[4];
	struct reported_row reported[4];

	books_buy(b, 1, 1000, 1200);
	q.entry.check.visit.n = b->visit;
	snprintf(q.entry.check.by, 8, "owner");
	assert_int_equal(books_ask(b, &q), DESK_DONE);
	assert_int_equal(reader_checks(reader, true, (struct visit_id){0}, check, 4), 1);
	assert_int_equal(check[0].reason, CHECK_OWNER);
	q = books_request(b, DESK_REPORT);
	q.entry.reported.visit.n = b->visit;
	snprintf(q.entry.reported.line.text, 8, "k-1");
	q.entry.reported.reason = CREDIT_PRICE;
	snprintf(q.entry.reported.why, 16, "stod 8 kr");
	assert_int_equal(books_ask(b, &q), DESK_DONE);
	assert_int_equal(reader_reported(reader, true, 0, reported, 4), 1);
	assert_string_equal(reported[0].key.text, "k-1");
	assert_string_equal(reported[0].why, "stod 8 kr");
	assert_int_equal(money_minor(reported[0].total), 1000);
	assert_int_equal(reported[0].answered, 0);
	/* the check's result answers the report too */
	q = books_request(b, DESK_CHECK);
	q.entry.check.visit.n = b->visit;
	q.entry.check.state = CHECK_PASSED;
	snprintf(q.entry.check.by, 8, "owner");
	assert_int_equal(books_ask(b, &q), DESK_DONE);
	assert_int_equal(reader_checks(reader, true, (struct visit_id){0}, check, 4), 0);
	assert_int_equal(reader_checks(reader, false, (struct visit_id){0}, check, 4), 1);
	assert_int_equal(check[0].state, CHECK_PASSED);
	assert_int_equal(reader_reported(reader, true, 0, reported, 4), 0);
	assert_int_equal(reader_reported(reader, false, 0, reported, 4), 1);
	assert_int_equal(reported[0].answered, check[0].seq);
}

/* --- the account book */

struct account_sum {
	struct day first, last;
	int64_t sum, receivable, rows;
	struct account_row before;
};

static int add_account(void *data, const struct account_row *row)
{
	struct account_sum *s = data;

	assert_true(row->day.n >= s->first.n && row->day.n <= s->last.n);
	/* ascending, and each once */
	assert_true(row->day.n > s->before.day.n ||
		    (row->day.n == s->before.day.n &&
		     (row->kind > s->before.kind ||
		      (row->kind == s->before.kind && row->account > s->before.account))));
	s->before = *row;
	s->sum += money_minor(row->amount);
	if (row->account == 1510)
		s->receivable += money_minor(row->amount);
	s->rows++;
	return 0;
}

static void account_days(void **state)
{
	struct books *b = *state;
	struct account_sum march = {.first = on(2026, 3, 1), .last = on(2026, 3, 31)};
	struct account_sum april = {.first = on(2026, 4, 1), .last = on(2026, 4, 30)};
	struct account_sum may = {.first = on(2026, 5, 1), .last = on(2026, 5, 31)};
	struct account_sum before = {.first = on(2026, 4, 1), .last = on(2026, 4, 30)};
	struct entry late;

	two_months(b);
	assert_int_equal(reader_account_days(reader, (struct period){202604}, add_account, &before),
			 0);
	/* a line of April that came in May, after April's close, does not change April's book */
	late = line_entry(b, 2, 555, 600);
	late.line.bought = on(2026, 4, 30);
	books_write(b, &late);
	assert_int_equal(reader_account_days(reader, (struct period){202603}, add_account, &march),
			 0);
	assert_int_equal(reader_account_days(reader, (struct period){202604}, add_account, &april),
			 0);
	assert_int_equal(reader_account_days(reader, (struct period){202605}, add_account, &may),
			 0);
	assert_true(march.rows > 0 && april.rows > 0 && may.rows > 0);
	assert_int_equal(april.rows, before.rows);
	assert_int_equal(april.receivable, before.receivable);
	assert_int_equal(march.sum + april.sum + may.sum, 0);
	assert_int_equal(march.sum, 0);
	assert_int_equal(april.sum, 0);
	assert_int_equal(march.receivable + april.receivable + may.receivable,
			 books_number(b, "SELECT sum(amount) FROM posting WHERE account = 1510"));
	assert_true(reader_account_days(reader, (struct period){0}, add_account, &may) < 0);
}

/* --- the sums */

static void sums_hold(void **state)
{
	struct books *b = *state;
	struct sums_found found;

	assert_int_equal(reader_check_sums(reader, &found), 0);
	assert_true(found.ok);
	two_months(b);
	assert_int_equal(reader_check_sums(reader, &found), 0);
	if (!found.ok)
		print_error("%s\n", found.why);
	assert_true(found.ok);
	assert_int_equal(found.invoices, 5);
	assert_int_equal(found.lines, books_number(b, "SELECT count(*) FROM line"));
	assert_int_equal(found.postings, books_number(b, "SELECT count(*) FROM posting"));
}

/* What somebody could do to the rows, and in which words it is found. */
static const struct fault {
	const char *sql, *words;
} faults[] = {
	{"INSERT INTO invoice_pack SELECT 2026000002, line, json_array(line) FROM invoice_line "
	 "WHERE"
	 " invoice = 2026000001 LIMIT 1",
	 "is on two invoices"},
	{"UPDATE invoice_rate SET gross = gross + (CASE vat_bp WHEN 1200 THEN 1 ELSE -1 END)"
	 " WHERE invoice = 2026000001",
	 "2026-000001, VAT rate"},
	{"UPDATE line SET total = total + 1 WHERE seq = (SELECT min(seq) FROM line)",
	 "sum 4 (receivable): line"},
	{"UPDATE invoice_pack SET lines = json_remove(lines, '$[#-1]') WHERE invoice = 2026000003",
	 "2026-000003"},
	{"DELETE FROM posting WHERE id = (SELECT max(id) FROM posting WHERE account = 2611)",
	 "sum 2 (double entry): the postings of entry"},
	{"UPDATE posting SET amount = amount + 1 WHERE id = (SELECT max(id) FROM posting WHERE"
	 " account = 1510); UPDATE posting SET amount = amount - 1 WHERE id = (SELECT max(id) FROM"
	 " posting WHERE account = 3001)",
	 "sum 4 (receivable): line"},
	{"UPDATE posting SET account = 2621 WHERE id = (SELECT min(id) FROM posting WHERE account ="
	 " 2611)",
	 "sum 3 (VAT), VAT rate"},
	{"UPDATE invoice SET payable = payable + 100 WHERE id = 2026000005",
	 "sum 4 (receivable): invoice 2026-000005"},
	{"DELETE FROM invoice WHERE id = 2026000002", "sum 1 (lines)"},
	{"UPDATE line SET voided = 3 WHERE seq = (SELECT min(seq) FROM line)", "was taken back"},
	{"INSERT INTO line SELECT seq + 1, visit, customer, total, vat_bp, vat, bought, day_sure,"
	 " voided, credited, key || 'x', gtin, name, quantity_milli, unit_price, list_price, "
	 "deposit,"
	 " vat_class, cost, class, price_version, at, scanned_at, use_by, best_before, lot, late,"
	 " before FROM line WHERE seq = (SELECT max(seq) FROM line)",
	 "sum 4 (receivable): line"},
	{"UPDATE payment SET amount = amount + 1 WHERE seq = (SELECT min(seq) FROM payment)",
	 "sum 4 (receivable): for the payment of entry"},
	{"DELETE FROM posting WHERE seq = (SELECT max(seq) FROM payment)",
	 "sum 4 (receivable): for the payment of entry"},
	{"UPDATE invoice_rate SET vat = vat + 1, base = base - 1 WHERE invoice = 2026000001 AND"
	 " vat_bp = 1200",
	 "sum 3 (VAT), VAT rate 12.00 %"},
	{"UPDATE invoice_rate SET gross = gross - 1 WHERE invoice = 2026000004", "2026-000004"},
	{"DELETE FROM line WHERE seq = (SELECT max(seq) FROM line)", "sum 3 (VAT)"},
	{"UPDATE posting SET account = 1930 WHERE account = 1510 AND seq = (SELECT seq FROM invoice"
	 " WHERE id = 2026000002)",
	 "sum 4 (receivable): for invoice 2026-000002"},
	{"UPDATE posting SET account = 3999 WHERE account IN (2611, 2621) AND seq = (SELECT seq "
	 "FROM"
	 " invoice WHERE id = 2026000004)",
	 "look at entry"},
};

static void faults_are_named(void **state)
{
	struct books *b = *state;
	struct sums_found found;

	two_months(b);
	for (uint32_t i = 0; i < ARRAY_LEN(faults); i++) {
		books_begin(b);
		books_plant(b, faults[i].sql);
		assert_int_not_equal(sqlite3_changes(b->store.writer.db), 0);
		books_commit(b);
		assert_int_equal(reader_check_sums(reader, &found), 0);
		if (found.ok || !strstr(found.why, faults[i].words))
			fail_msg("%s\n-> \"%s\", wanted \"%s\"", faults[i].sql,
				 found.ok ? "" : found.why, faults[i].words);
		/* as it was */
		tear_down(state);
		set_up(state);
		b = *state;
		two_months(b);
	}
}

/* What a close finds, it refuses, in the same words; mended, it closes. */
static void a_close_refuses(void **state)
{
	struct books *b = *state;

	two_months(b);
	books_plant(b, "UPDATE posting SET amount = amount + 1 WHERE id = (SELECT max(id) FROM"
		       " posting WHERE account = 1510)");
	b->today = on(2026, 6, 1);
	assert_refused(b, books_close(b, 202605), "sum 2 (double entry): the postings of entry");
	assert_int_equal(books_number(b, "SELECT count(*) FROM period_closed"), 2);
	books_plant(b,
		    "UPDATE posting SET amount = amount - 1 WHERE seq IN (SELECT seq FROM posting"
		    " GROUP BY seq HAVING sum(amount) <> 0) AND account = 1510");
	assert_closed(b, 202605);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(invoices, set_up, tear_down),
		cmocka_unit_test_setup_teardown(papers, set_up, tear_down),
		cmocka_unit_test_setup_teardown(money_in, set_up, tear_down),
		cmocka_unit_test_setup_teardown(shelf, set_up, tear_down),
		cmocka_unit_test_setup_teardown(lots, set_up, tear_down),
		cmocka_unit_test_setup_teardown(shrink, set_up, tear_down),
		cmocka_unit_test_setup_teardown(checks_and_reports, set_up, tear_down),
		cmocka_unit_test_setup_teardown(account_days, set_up, tear_down),
		cmocka_unit_test_setup_teardown(sums_hold, set_up, tear_down),
		cmocka_unit_test_setup_teardown(faults_are_named, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_close_refuses, set_up, tear_down),
	};

	setenv("TZ", "Europe/Stockholm", 1);
	tzset();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
