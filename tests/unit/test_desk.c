/*
 * test_desk.c: what may be asked at the desk, what is refused and in which words, that the same
 * request twice is one, and that credit notes mirror their invoices to the öre.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "books/chart.h"
#include "books_house.h"

#define MILK 7310865004703

/* --- stock */

static struct desk_request stock(struct books *b, enum movement kind, int64_t quantity,
				 int64_t cost)
{
	struct desk_request q = books_request(b, DESK_STOCK);
	struct entry_stock *s = &q.entry.stock;

	books_key(b, s->key);
	s->kind = kind;
	s->gtin.n = MILK;
	s->quantity_milli = quantity;
	s->unit_cost = money_of(cost);
	snprintf(s->by, sizeof(s->by), "owner");
	return q;
}

static void movements(void **state)
{
	struct books *b = *state;
	struct desk_request q = stock(b, MOVEMENT_DELIVERY, 10000, 800);

	assert_int_equal(books_ask(b, &q), DESK_DONE);
	assert_int_equal(b->answer->levels, 1);
	assert_int_equal(b->answer->level[0].on_hand_milli, 10000);
	assert_int_equal(books_number(b, "SELECT value FROM stock"), 8000);
	assert_int_equal(books_number(b, "SELECT day FROM movement"), b->today.n);
	q = stock(b, MOVEMENT_WASTE, 1000, 0);
	assert_int_equal(books_ask(b, &q), DESK_DONE);
	q = stock(b, MOVEMENT_OWN_USE, 2000, 0);
	assert_int_equal(books_ask(b, &q), DESK_DONE);
	q = stock(b, MOVEMENT_COUNT, 0, 0);
	assert_int_equal(books_ask(b, &q), DESK_DONE);
	assert_int_equal(b->answer->level[0].on_hand_milli, 0);
	assert_int_equal(books_number(b, "SELECT shrunk FROM stock"), 7000);
	/* more may be sold and thrown away than the books know of */
	q = stock(b, MOVEMENT_WASTE, 5000, 0);
	assert_int_equal(books_ask(b, &q), DESK_DONE);
	assert_int_equal(b->answer->level[0].on_hand_milli, -5000);
	q = books_request(b, DESK_LEVELS);
	assert_int_equal(books_ask(b, &q), DESK_DONE);
	assert_int_equal(b->answer->levels, 1);
	assert_int_equal(b->answer->level[0].gtin.n, MILK);
	assert_int_equal(b->answer->level[0].on_hand_milli, -5000);
}

static void movements_refused(void **state)
{
	struct books *b = *state;
	struct desk_request q;

	q = stock(b, MOVEMENT_DELIVERY, 0, 0);
	assert_refused(b, books_ask(b, &q), "more than nothing");
	q = stock(b, MOVEMENT_DELIVERY, -1000, 0);
	assert_refused(b, books_ask(b, &q), "more than nothing");
	q = stock(b, MOVEMENT_COUNT, -1, 0);
	assert_refused(b, books_ask(b, &q), "more than nothing");
	q = stock(b, MOVEMENT_DELIVERY, 1000000001, 0);
	assert_refused(b, books_ask(b, &q), "typing error");
	q = stock(b, MOVEMENT_DELIVERY, INT64_MAX, INT64_MAX);
	assert_refused(b, books_ask(b, &q), "typing error");
	q = stock(b, MOVEMENT_DELIVERY, 1000, -1);
	assert_refused(b, books_ask(b, &q), "cost of a piece");
	q = stock(b, MOVEMENT_DELIVERY, 1000, INT64_MAX);
	assert_refused(b, books_ask(b, &q), "cost of a piece");
	q = stock(b, MOVEMENT_WASTE, 1000, 5);
	assert_refused(b, books_ask(b, &q), "only a delivery");
	q = stock(b, MOVEMENT_SALE, 1000, 0);
	assert_refused(b, books_ask(b, &q), "only deliveries");
	q = stock(b, (enum movement)99, 1000, 0);
	assert_refused(b, books_ask(b, &q), "only deliveries");
	q = stock(b, MOVEMENT_DELIVERY, 1000, 0);
	q.entry.stock.gtin.n = 0;
	assert_refused(b, books_ask(b, &q), "no article's number");
	q.entry.stock.gtin.n = UINT64_MAX;
	assert_refused(b, books_ask(b, &q), "no article's number");
	q = stock(b, MOVEMENT_DELIVERY, 1000, 0);
	q.entry.stock.use_by.n = -1;
	assert_refused(b, books_ask(b, &q), "no date");
	q.entry.stock.use_by.n = INT32_MAX;
	assert_refused(b, books_ask(b, &q), "no date");
	q.entry.stock.use_by.n = 0;
	q.entry.stock.day.n = b->today.n + 1;
	assert_refused(b, books_ask(b, &q), "not come yet");
	q = stock(b, MOVEMENT_DELIVERY, 1000, 0);
	q.entry.stock.why[0] = '\n';
	assert_refused(b, books_ask(b, &q), "plain text");
	memset(q.entry.stock.why, 'x', sizeof(q.entry.stock.why));
	assert_refused(b, books_ask(b, &q), "plain text");
	q = stock(b, MOVEMENT_DELIVERY, 1000, 0);
	q.entry.stock.key[0] = '\0';
	assert_refused(b, books_ask(b, &q), "no key");
	memset(q.entry.stock.key, 'k', sizeof(q.entry.stock.key));
	assert_refused(b, books_ask(b, &q), "no key");
	q = stock(b, MOVEMENT_DELIVERY, 1000, 0);
	q.entry.stock.by[0] = '\0';
	assert_refused(b, books_ask(b, &q), "who asks");
	q.kind = (enum desk_kind)77;
	assert_refused(b, books_ask(b, &q), "nobody knows");
	assert_int_equal(books_number(b, "SELECT count(*) FROM movement"), 0);
	assert_int_equal(books_number(b, "SELECT count(*) FROM entry"), 1);
}

static void a_shelf_has_an_end(void **state)
{
	struct books *b = *state;
	struct desk_request q;
	enum desk_answer answer;
	uint32_t n = 0;

	do {
		q = stock(b, MOVEMENT_DELIVERY, 1000000000, 1000000000);
		answer = books_ask(b, &q);
	} while (answer == DESK_DONE && n++ < 2000);
	assert_refused(b, answer, "more than can be");
	assert_true(n > 10);
	assert_int_equal(books_number(b, "SELECT count(*) FROM (SELECT sum(amount) s FROM posting"
					 " GROUP BY seq HAVING s <> 0)"),
			 0);
}

static void keys(void **state)
{
	struct books *b = *state;
	struct desk_request q = stock(b, MOVEMENT_DELIVERY, 1000, 0), other;
	uint64_t seq;

	assert_int_equal(books_ask(b, &q), DESK_DONE);
	seq = b->answer->seq;
	b->today.n++; /* the phone asks again the next day */
	q.today = b->today;
	assert_int_equal(books_ask(b, &q), DESK_REPEATED);
	assert_int_equal(b->answer->seq, seq);
	other = q;
	other.entry.stock.quantity_milli = 2000;
	assert_refused(b, books_ask(b, &other), "key_reused");
	other = books_request(b, DESK_PAYMENT);
	memcpy(other.entry.payment.key, q.entry.stock.key, sizeof(other.entry.payment.key));
	other.entry.payment.amount = money_of(100);
	assert_refused(b, books_ask(b, &other), "key_reused");
	assert_int_equal(books_number(b, "SELECT count(*) FROM movement"), 1);
}

/* --- credit */

static struct desk_request credit_line_of(struct books *b, uint64_t visit, const char *line)
{
	struct desk_request q = books_request(b, DESK_CREDIT);
	struct entry_credit_note *n = &q.entry.credit_note;

	q.visit.n = visit;
	snprintf(q.line.text, sizeof(q.line.text), "%s", line);
	books_key(b, n->key);
	n->reason = CREDIT_BROKEN;
	snprintf(n->by, sizeof(n->by), "owner");
	snprintf(n->why, sizeof(n->why), "sur mj\xc3\xb6lk");
	return q;
}

static struct desk_request credit_of(struct books *b, uint64_t invoice)
{
	struct desk_request q = credit_line_of(b, 0, "");

	q.entry.credit_note.invoice.n = invoice;
	return q;
}

static void unbilled_lines(void **state)
{
	struct books *b = *state;
	struct desk_request q;

	books_visit(b, 1);
	books_line(b, 1, 1000, 1200);
	q = credit_line_of(b, b->visit, "k-1");
	assert_refused(b, books_ask(b, &q), "take the line back in the visit");
	books_leave(b);
	assert_int_equal(books_ask(b, &q), DESK_DONE);
	assert_int_equal(b->answer->invoice.n, 0);
	assert_int_equal(b->answer->changes, 1);
	assert_int_equal(money_minor(b->answer->change[0].unbilled), -1000);
	assert_int_equal(books_ask(b, &q), DESK_REPEATED);
	snprintf(q.entry.credit_note.why, 16, "another");
	assert_refused(b, books_ask(b, &q), "key_reused");
	q = credit_line_of(b, b->visit, "k-1");
	assert_refused(b, books_ask(b, &q), "credited already");
	q = credit_line_of(b, b->visit, "k-2");
	assert_refused(b, books_ask(b, &q), "no such line");
	q = credit_line_of(b, 99, "k-1");
	assert_refused(b, books_ask(b, &q), "no such line");
	q.entry.credit_note.reason = (enum credit_reason)9;
	assert_refused(b, books_ask(b, &q), "why it is credited");
	assert_int_equal(books_number(b, "SELECT unbilled FROM balance"), 0);
}

static void whole_invoice(void **state)
{
	struct books *b = *state;
	struct desk_request q;

	books_buy(b, 1, 11234, 1200);
	books_buy(b, 1, 3333, 2500);
	b->today = on(2026, 4, 1);
	assert_closed(b, 202603);
	q = credit_of(b, 2026000001);
	b->clock_untrusted = true;
	q.clock_trusted = false;
	assert_refused(b, books_ask(b, &q), "clock is not trusted");
	b->clock_untrusted = false;
	q.clock_trusted = true;
	assert_int_equal(books_ask(b, &q), DESK_DONE);
	assert_int_equal(b->answer->invoice.n, 2026000002);
	/* nothing is left of it, in any amount of any rate */
	assert_int_equal(books_number(b, "SELECT count(*) FROM invoice_rate a JOIN invoice_rate b"
					 " USING(vat_bp, gross, base, vat) WHERE a.invoice ="
					 " 2026000001 AND b.invoice = 2026000002"),
			 2);
	assert_int_equal(books_number(b, "SELECT unpaid FROM balance"), 0);
	assert_int_equal(books_number(b, "SELECT sum(amount) FROM posting WHERE account = 1510"),
			 0);
	assert_int_equal(books_number(b, "SELECT sum(amount) FROM posting WHERE account IN"
					 " (2611, 2621, 3001, 3002, 3740)"),
			 0);
	assert_int_equal(books_ask(b, &q), DESK_REPEATED);
	assert_int_equal(b->answer->invoice.n, 2026000002);
	q = credit_of(b, 2026000001);
	assert_refused(b, books_ask(b, &q), "2026-000002");
	q = credit_of(b, 2026000002);
	assert_refused(b, books_ask(b, &q), "credit note itself");
	q = credit_of(b, 2026000009);
	assert_refused(b, books_ask(b, &q), "no such invoice");
	q = credit_of(b, 0);
	assert_refused(b, books_ask(b, &q), "no such invoice");
	q = credit_line_of(b, 1, "k-1");
	assert_refused(b, books_ask(b, &q), "2026-000002");
	b->today = on(2026, 5, 1);
	assert_closed(b, 202604);
}

/* Notes for every line are together the invoice: for many amounts that do not divide well. */
static void line_by_line(void **state)
{
	struct books *b = *state;
	char key[16];
	int64_t payable;

	for (int32_t month = 3; month < 9; month++) {
		uint32_t first = b->lines + 1, lines = 7 + (uint32_t)month;

		b->today = on(2026, month, 5);
		books_visit(b, 1);
		for (uint32_t i = 0; i < lines; i++) {
			struct entry e = line_entry(b, 1, 3 + 97 * (i + (uint32_t)month) % 1009,
						    i % 3 == 0	 ? 2500
						    : i % 3 == 1 ? 1200
								 : 600);

			e.line.deposit = money_of(i % 4 == 0 ? 2 : 0);
			books_write(b, &e);
		}
		books_leave(b);
		b->today = on(2026, month + 1, 1);
		assert_closed(b, 202600 + month);
		payable = books_number(b, "SELECT payable FROM invoice WHERE original = 0"
					  " ORDER BY id DESC LIMIT 1");
		for (uint32_t i = 0; i < lines; i++) {
			struct desk_request q;

			snprintf(key, sizeof(key), "k-%u", first + i);
			q = credit_line_of(b, b->visit, key);
			q.entry.credit_note.reason = (enum credit_reason)(i % 4);
			assert_int_equal(books_ask(b, &q), DESK_DONE);
			/* at no moment more than the invoice */
			assert_true(books_number(b, "SELECT unpaid FROM balance") >= 0);
			if (i == 0) {
				q = credit_of(b, (uint64_t)books_number(
							 b, "SELECT max(id) FROM invoice WHERE"
							    " original = 0"));
				assert_refused(b, books_ask(b, &q), "one by one");
			}
			q = credit_line_of(b, b->visit, key);
			assert_refused(b, books_ask(b, &q), "credited already");
		}
		assert_true(payable > 0);
		assert_int_equal(books_number(b, "SELECT unpaid FROM balance"), 0);
	}
	/* of every rate of every invoice: the notes' base is its own, their VAT is each base's */
	assert_int_equal(
		books_number(b, "SELECT count(*) FROM invoice i JOIN invoice_rate o ON o.invoice ="
				" i.id WHERE i.original = 0 AND (SELECT (sum(r.gross), sum(r.base))"
				" = (o.gross, o.base) AND 2 * abs(sum(r.vat) - o.vat) <="
				" count(*) + 1 FROM invoice n JOIN"
				" invoice_rate r ON r.invoice = n.id WHERE n.original = i.id AND"
				" r.vat_bp = o.vat_bp) IS NOT 1"),
		0);
	assert_int_equal(books_number(b, "SELECT count(*) FROM invoice_rate WHERE vat <>"
					 " (2 * base * vat_bp + 10000) / 20000"),
			 0);
	/* nothing is owed, nothing sold; the öre between stand in the rounding */
	assert_int_equal(books_number(b, "SELECT count(*) FROM (SELECT sum(amount) s FROM posting"
					 " WHERE account IN (1510, 3001, 3002, 3003, 3591, 3592)"
					 " GROUP BY account HAVING s <> 0)"),
			 0);
	assert_int_equal(books_number(b, "SELECT sum(amount) FROM posting"
					 " WHERE account IN (2611, 2621, 2631, 3740)"),
			 0);
	b->today = on(2026, 10, 1);
	assert_closed(b, 202609);
}

/* --- payments */

static struct desk_request payment(struct books *b, int64_t amount, uint64_t invoice)
{
	struct desk_request q = books_request(b, DESK_PAYMENT);

	books_key(b, q.entry.payment.key);
	q.entry.payment.amount = money_of(amount);
	q.entry.payment.invoice.n = invoice;
	q.entry.payment.booked = b->today;
	return q;
}

static void payments(void **state)
{
	struct books *b = *state;
	struct desk_request q;

	books_buy(b, 1, 10000, 1200);
	books_buy(b, 2, 5000, 1200);
	b->today = on(2026, 4, 1);
	assert_closed(b, 202603);
	/* under */
	q = payment(b, 4000, 2026000001);
	assert_int_equal(books_ask(b, &q), DESK_DONE);
	assert_int_equal(money_minor(b->answer->change[0].unpaid), -4000);
	assert_int_equal(b->answer->change[0].oldest_due.n, on(2026, 5, 1).n);
	assert_int_equal(books_ask(b, &q), DESK_REPEATED);
	q.entry.payment.amount = money_of(4001);
	assert_refused(b, books_ask(b, &q), "key_reused");
	/* over: the rest is in the customer's favour */
	q = payment(b, 7000, 2026000001);
	assert_int_equal(books_ask(b, &q), DESK_DONE);
	assert_int_equal(b->answer->change[0].oldest_due.n, 0);
	assert_int_equal(books_number(b, "SELECT min(unpaid) FROM balance"), -1000);
	/* nobody's, until somebody says whose */
	q = payment(b, 5000, 2026000999);
	assert_int_equal(books_ask(b, &q), DESK_DONE);
	assert_int_equal(b->answer->changes, 0);
	assert_int_equal(books_number(b, "SELECT sum(amount) FROM posting WHERE account = 2990"),
			 -5000);
	assert_int_equal(books_ask(b, &q), DESK_REPEATED);
	{
		struct desk_request a = books_request(b, DESK_ASSIGN);
		struct entry_payment_assigned *p = &a.entry.payment_assigned;

		memcpy(p->key, q.entry.payment.key, sizeof(p->key));
		snprintf(p->by, sizeof(p->by), "owner");
		assert_refused(b, books_ask(b, &a), "whose payment");
		p->invoice.n = 2026000077;
		assert_refused(b, books_ask(b, &a), "no such invoice");
		p->invoice.n = 2026000002;
		p->customer = household(1);
		assert_refused(b, books_ask(b, &a), "another customer's");
		p->customer = (struct customer){{0}};
		assert_int_equal(books_ask(b, &a), DESK_DONE);
		assert_int_equal(money_minor(b->answer->change[0].unpaid), -5000);
		assert_int_equal(books_ask(b, &a), DESK_REPEATED);
		p->invoice.n = 2026000001;
		assert_refused(b, books_ask(b, &a), "another");
		snprintf(p->key, sizeof(p->key), "no-such");
		assert_refused(b, books_ask(b, &a), "no payment");
	}
	assert_int_equal(books_number(b, "SELECT sum(amount) FROM posting WHERE account = 2990"),
			 0);
	b->today = on(2026, 5, 1);
	assert_closed(b, 202604);
	assert_int_equal(books_number(b, "SELECT paid FROM period_closed WHERE period = 202604"),
			 16000);
	assert_int_equal(books_number(b, "SELECT receivable FROM period_closed WHERE period ="
					 " 202604"),
			 -1000);
}

static void payments_refused(void **state)
{
	struct books *b = *state;
	struct desk_request q = payment(b, 0, 0);

	books_buy(b, 1, 10000, 1200);
	b->today = on(2026, 4, 1);
	assert_closed(b, 202603);
	assert_refused(b, books_ask(b, &q), "payment of nothing");
	q = payment(b, -100, 0);
	assert_refused(b, books_ask(b, &q), "whose it was");
	q = payment(b, -100, 2026000001);
	assert_refused(b, books_ask(b, &q), "less has been paid");
	q = payment(b, INT64_MAX, 0);
	assert_refused(b, books_ask(b, &q), "mistake in the file");
	q = payment(b, INT64_MIN, 0);
	assert_refused(b, books_ask(b, &q), "mistake in the file");
	q = payment(b, 100, UINT64_MAX);
	assert_int_equal(books_ask(b, &q), DESK_DONE); /* kept as nobody's */
	q = payment(b, 100, 2026000001);
	q.entry.payment.customer = household(2);
	assert_refused(b, books_ask(b, &q), "another customer's");
	q = payment(b, 100, 2026000001);
	q.entry.payment.booked.n = b->today.n + 40;
	assert_refused(b, books_ask(b, &q), "not come yet");
	q.entry.payment.booked.n = -7;
	assert_refused(b, books_ask(b, &q), "no date");
	/* and money that went back of what had been paid */
	q = payment(b, 10000, 2026000001);
	assert_int_equal(books_ask(b, &q), DESK_DONE);
	q = payment(b, -10000, 2026000001);
	assert_int_equal(books_ask(b, &q), DESK_DONE);
	assert_int_equal(books_number(b, "SELECT max(unpaid) FROM balance"), 10000);
}

/* --- visits */

static void checks(void **state)
{
	struct books *b = *state;
	struct desk_request q = books_request(b, DESK_CHECK);
	struct entry_check *c = &q.entry.check;

	books_buy(b, 1, 10000, 1200);
	c->visit.n = b->visit;
	c->state = CHECK_PASSED;
	snprintf(c->by, sizeof(c->by), "owner");
	assert_refused(b, books_ask(b, &q), "not picked");
	c->state = CHECK_PICKED;
	assert_int_equal(books_ask(b, &q), DESK_DONE);
	assert_int_equal(books_ask(b, &q), DESK_REPEATED);
	assert_int_equal(books_number(b, "SELECT reason FROM visit_check"), CHECK_OWNER);
	c->state = CHECK_FAILED;
	snprintf(c->why, sizeof(c->why), "en ost f\xc3\xb6r lite");
	assert_int_equal(books_ask(b, &q), DESK_DONE);
	assert_int_equal(books_ask(b, &q), DESK_REPEATED);
	c->state = CHECK_PASSED;
	assert_refused(b, books_ask(b, &q), "checked already: failed");
	c->state = CHECK_PICKED;
	assert_refused(b, books_ask(b, &q), "checked already");
	c->visit.n = 77;
	assert_refused(b, books_ask(b, &q), "no such visit");
	c->visit.n = UINT64_MAX;
	assert_refused(b, books_ask(b, &q), "no such visit");
	c->state = (enum check_state)9;
	assert_refused(b, books_ask(b, &q), "passes, fails");
}

static void reports(void **state)
{
	struct books *b = *state;
	struct desk_request q = books_request(b, DESK_REPORT), credit;
	struct entry_reported *p = &q.entry.reported;
	uint64_t seq;

	books_buy(b, 1, 10000, 1200);
	p->visit.n = b->visit;
	snprintf(p->line.text, sizeof(p->line.text), "k-1");
	p->reason = CREDIT_BROKEN;
	assert_int_equal(books_ask(b, &q), DESK_DONE);
	seq = b->answer->seq;
	assert_int_equal(books_ask(b, &q), DESK_REPEATED);
	assert_int_equal(b->answer->seq, seq);
	p->reason = CREDIT_PRICE;
	assert_refused(b, books_ask(b, &q), "reported already");
	p->reason = CREDIT_GOODWILL;
	assert_refused(b, books_ask(b, &q), "reported as wrong");
	p->reason = CREDIT_BROKEN;
	snprintf(p->line.text, sizeof(p->line.text), "k-9");
	assert_refused(b, books_ask(b, &q), "no such line");
	memset(p->line.text, 'x', sizeof(p->line.text));
	assert_refused(b, books_ask(b, &q), "which line");
	p->visit.n = 0;
	snprintf(p->line.text, sizeof(p->line.text), "k-1");
	assert_refused(b, books_ask(b, &q), "no such visit");
	/* the credit answers it */
	credit = credit_line_of(b, b->visit, "k-1");
	assert_int_equal(books_ask(b, &credit), DESK_DONE);
	assert_int_equal(books_number(b, "SELECT answered FROM reported"), b->answer->seq);
}

/* --- the books themselves */

static void rates_and_accounts(void **state)
{
	struct books *b = *state;
	struct desk_request q = books_request(b, DESK_BOOKS);

	q.tax = vat_sweden();
	q.chart = chart_bas();
	assert_int_equal(books_ask(b, &q), DESK_DONE);
	assert_int_equal(books_number(b, "SELECT count(*) FROM entry WHERE kind IN (70, 71)"), 2);
	assert_int_equal(books_ask(b, &q), DESK_REPEATED);
	assert_int_equal(books_number(b, "SELECT count(*) FROM entry WHERE kind IN (70, 71)"), 2);
	q.chart.receivable = 1511;
	assert_int_equal(books_ask(b, &q), DESK_DONE);
	assert_int_equal(books_number(b, "SELECT count(*) FROM entry WHERE kind IN (70, 71)"), 3);
	q.chart.receivable = 15;
	assert_refused(b, books_ask(b, &q), "1000 to 9999");
	q.chart.receivable = 1511;
	q.chart.rates = 3; /* 0 % has no accounts any more */
	assert_refused(b, books_ask(b, &q), "0.00 %");
	q.chart.rates = UINT32_MAX;
	assert_refused(b, books_ask(b, &q), "");
	q.chart = chart_bas();
	q.tax.rates = UINT32_MAX;
	assert_refused(b, books_ask(b, &q), "");
	/* a rate that goods were sold at keeps its accounts */
	books_buy(b, 1, 1000, 1200);
	q.tax = vat_sweden();
	q.tax.rates = 0;
	for (uint32_t c = VAT_STANDARD; c < VAT_CLASSES; c++)
		q.tax.rate[q.tax.rates++] = (struct vat_rate){.class = c, .vat_bp = 2500};
	q.chart.rates = 1;
	assert_refused(b, books_ask(b, &q), "12.00 %");
}

/* Postings of before and after a change of accounts are one sum. */
static void accounts_change(void **state)
{
	struct books *b = *state;
	struct desk_request q = books_request(b, DESK_BOOKS);

	books_buy(b, 1, 10000, 1200);
	q.tax = vat_sweden();
	q.chart = chart_bas();
	q.chart.receivable = 1515;
	q.chart.rate[0].vat = 2610;
	q.chart.rate[1].vat = 2611; /* that of 25 % until now */
	assert_int_equal(books_ask(b, &q), DESK_DONE);
	books_buy(b, 1, 5000, 1200);
	books_buy(b, 1, 5000, 2500);
	b->today = on(2026, 4, 1);
	assert_closed(b, 202603);
	assert_int_equal(books_number(b, "SELECT receivable FROM period_closed"), 20000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(movements, books_set_up, books_tear_down),
		cmocka_unit_test_setup_teardown(movements_refused, books_set_up, books_tear_down),
		cmocka_unit_test_setup_teardown(a_shelf_has_an_end, books_set_up, books_tear_down),
		cmocka_unit_test_setup_teardown(keys, books_set_up, books_tear_down),
		cmocka_unit_test_setup_teardown(unbilled_lines, books_set_up, books_tear_down),
		cmocka_unit_test_setup_teardown(whole_invoice, books_set_up, books_tear_down),
		cmocka_unit_test_setup_teardown(line_by_line, books_set_up, books_tear_down),
		cmocka_unit_test_setup_teardown(payments, books_set_up, books_tear_down),
		cmocka_unit_test_setup_teardown(payments_refused, books_set_up, books_tear_down),
		cmocka_unit_test_setup_teardown(checks, books_set_up, books_tear_down),
		cmocka_unit_test_setup_teardown(reports, books_set_up, books_tear_down),
		cmocka_unit_test_setup_teardown(rates_and_accounts, books_set_up, books_tear_down),
		cmocka_unit_test_setup_teardown(accounts_change, books_set_up, books_tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
