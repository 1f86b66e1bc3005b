/*
 * test_ledger_invoice.c: what invoices, payments and credits do to accounts, shelves and what a
 * customer owes, öre by öre, with the sums done by hand.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "store_sales.h"

/* --- invoices */

/* The lines so far: one of 53.13 at 12 %, four of 0.25 at 6 %, each a piece that cost 10 öre. */
struct sold_lines {
	uint64_t large, small[4];
};

static struct sold_lines sell_five(struct shop *h)
{
	struct sold_lines sold;

	move(h, MOVEMENT_DELIVERY, 10000, 10);
	open_visit(h, 5, 0xc0);
	sold.large = sell(h, 5, "k-1", COFFEE, 5313, 1200); /* VAT 569.25 */
	for (uint32_t i = 0; i < 4; i++) {
		char key[8];

		snprintf(key, sizeof(key), "s-%u", i);
		sold.small[i] = sell(h, 5, key, MILK, 25, 600); /* VAT 1.42 */
	}
	close_visit(h, 5);
	return sold;
}

static struct entry_invoice first_invoice(void)
{
	return (struct entry_invoice){
		.invoice = {2026000001},
		.customer = sample_customer(0xc0),
		.period = {202609},
		.issued = {20728},
		.due = {20758},
		.lines = 5,
		.rates = 2,
		.rate = {{1200, money_of(5313), money_of(4744), money_of(569), money_of(569)},
			 {600, money_of(100), money_of(94), money_of(6), money_of(4)}},
		.gross = money_of(5413),
		.rounding = money_of(-13),
		.payable = money_of(5400),
	};
}

static void put_varint(struct entry_invoice_lines *l, uint64_t n)
{
	while (n >= 0x80) {
		l->packed[l->packed_len++] = (uint8_t)(n | 0x80);
		n >>= 7;
	}
	l->packed[l->packed_len++] = (uint8_t)n;
}

static uint64_t bill(struct shop *h, const struct entry_invoice *i, const uint64_t *lines)
{
	struct entry e = {.kind = ENTRY_INVOICE_LINES, .at = {T0}};
	uint64_t seq, before = 0;

	e.invoice_lines.invoice = i->invoice;
	e.invoice_lines.lines = i->lines;
	for (uint32_t n = 0; n < i->lines; n++) {
		put_varint(&e.invoice_lines, lines[n] - before);
		before = lines[n];
	}
	shop_begin(h);
	shop_add(h, &e);
	memset(&e, 0, sizeof(e));
	e.kind = ENTRY_INVOICE;
	e.at.ms = T0;
	e.invoice = *i;
	seq = shop_add(h, &e);
	shop_commit(h);
	return seq;
}

static uint64_t bill_first(struct shop *h, const struct sold_lines *sold)
{
	const struct entry_invoice i = first_invoice();
	uint64_t lines[5] = {sold->large, sold->small[0], sold->small[1], sold->small[2],
			     sold->small[3]};

	return bill(h, &i, lines);
}

/* A second one: 30.00 at 6 %. */
static uint64_t bill_second(struct shop *h, uint64_t *ret_line)
{
	struct entry_invoice i = {
		.invoice = {2026000002},
		.customer = sample_customer(0xc0),
		.period = {202610},
		.issued = {20758},
		.due = {20788},
		.lines = 1,
		.rates = 1,
		.rate = {{600, money_of(3000), money_of(2830), money_of(170), money_of(170)}},
		.gross = money_of(3000),
		.payable = money_of(3000),
	};

	open_visit(h, 6, 0xc0);
	*ret_line = sell(h, 6, "k-9", MILK, 3000, 600);
	close_visit(h, 6);
	return bill(h, &i, ret_line);
}

static uint64_t pay(struct shop *h, const char *key, uint8_t customer, uint64_t invoice,
		    int64_t amount)
{
	struct entry e = sample_entry(ENTRY_PAYMENT);

	snprintf(e.payment.key, sizeof(e.payment.key), "%s", key);
	e.payment.customer = customer ? sample_customer(customer) : (struct customer){{0}};
	e.payment.invoice.n = invoice;
	e.payment.amount = money_of(amount);
	return shop_write(h, &e);
}

static int64_t paid(struct shop *h, uint64_t invoice)
{
	return shop_number(h, "SELECT paid FROM invoice WHERE id = %llu",
			   (unsigned long long)invoice);
}

static void invoice(void **state)
{
	struct shop *h = *state;
	struct sold_lines sold;
	uint64_t seq;

	start(h);
	sold = sell_five(h);
	assert_int_equal(shop_balance(h, 0xc0, "unbilled"), 5413);
	seq = bill_first(h, &sold);
	assert_int_equal(shop_balance(h, 0xc0, "unbilled"), 0);
	assert_int_equal(shop_balance(h, 0xc0, "unpaid"), 5400);
	assert_int_equal(shop_balance(h, 0xc0, "oldest_due"), 20758);
	/* the lines posted 4 öre of VAT at 6 %, the invoice has 6 */
	assert_int_equal(shop_posted(h, seq, 2631), -2);
	assert_int_equal(shop_posted(h, seq, 3003), 2);
	assert_int_equal(shop_posted(h, seq, 1510), -13);
	assert_int_equal(shop_posted(h, seq, 3740), 13);
	assert_int_equal(shop_posted(h, seq, 2621), 0);
	assert_int_equal(shop_account(h, 2631), -6);
	assert_int_equal(shop_number(h, "SELECT count(*) FROM invoice_line"), 5);
	assert_int_equal(shop_number(h, "SELECT line FROM invoice_line LIMIT 1 OFFSET 4"),
			 (int64_t)sold.small[3]);
	assert_int_equal(shop_number(h, "SELECT posted FROM invoice_rate WHERE vat_bp = 600"), 4);
	shop_check_books(h);
	shop_check_rebuild(h);
}

/* More lines than one statement takes, and than one entry holds. */
static void many_lines_on_an_invoice(void **state)
{
	struct shop *h = *state;
	struct entry_invoice i = first_invoice();
	uint64_t line[53];
	const uint32_t n = ARRAY_LEN(line);

	start(h);
	open_visit(h, 5, 0xc0);
	for (uint32_t k = 0; k < n; k++) {
		char key[8];

		snprintf(key, sizeof(key), "k-%u", k);
		line[k] = sell(h, 5, key, MILK, 100, 600);
		for (uint32_t gap = k == 20 ? 300 : 0; gap > 0; gap--)
			shop_write(h, &(struct entry){.kind = ENTRY_LOST, .lost = {1}});
	}
	i.lines = n;
	i.rates = 1;
	i.gross = i.payable = money_of(100 * n);
	i.rounding = MONEY_ZERO;
	i.rate[0] =
		(struct invoice_rate){600, i.gross, money_of(5000), money_of(300), money_of(6 * n)};
	bill(h, &i, line);
	assert_int_equal(shop_number(h, "SELECT count(*) FROM invoice_line"), n);
	assert_int_equal(shop_number(h, "SELECT count(*) FROM invoice_line JOIN line ON seq ="
					" invoice_line.line"),
			 n);
	assert_int_equal(shop_number(h, "SELECT max(line) FROM invoice_line"),
			 (int64_t)line[n - 1]);
	shop_check_books(h);
	shop_check_rebuild(h);
}

static void payments(void **state)
{
	struct shop *h = *state;
	struct sold_lines sold;
	uint64_t seq, line;

	start(h);
	sold = sell_five(h);
	bill_first(h, &sold);
	seq = pay(h, "p-1", 0xc0, 2026000001, 2400);
	assert_int_equal(shop_posted(h, seq, 1930), 2400);
	assert_int_equal(shop_posted(h, seq, 1510), -2400);
	assert_int_equal(paid(h, 2026000001), 2400);
	assert_int_equal(shop_balance(h, 0xc0, "unpaid"), 3000);
	assert_int_equal(shop_balance(h, 0xc0, "oldest_due"), 20758);

	/* 50.00 that names nothing: the oldest, and 20.00 are left */
	pay(h, "p-2", 0xc0, 0, 5000);
	assert_int_equal(paid(h, 2026000001), 5400);
	assert_int_equal(shop_balance(h, 0xc0, "unpaid"), -2000);
	assert_int_equal(shop_balance(h, 0xc0, "oldest_due"), 0);
	shop_check_books(h);

	/* which pay for the next as it is made */
	bill_second(h, &line);
	assert_int_equal(paid(h, 2026000002), 2000);
	assert_int_equal(shop_balance(h, 0xc0, "unpaid"), 1000);
	assert_int_equal(shop_balance(h, 0xc0, "oldest_due"), 20788);

	/* money that went back */
	seq = pay(h, "p-3", 0xc0, 2026000002, -1500);
	assert_int_equal(shop_posted(h, seq, 1930), -1500);
	assert_int_equal(shop_posted(h, seq, 1510), 1500);
	assert_int_equal(paid(h, 2026000002), 500);
	assert_int_equal(paid(h, 2026000001), 5400);
	assert_int_equal(shop_balance(h, 0xc0, "unpaid"), 2500);
	/* more than was ever paid on it: then off the newest that was */
	pay(h, "p-4", 0xc0, 2026000002, -1000);
	assert_int_equal(paid(h, 2026000002), 0);
	assert_int_equal(paid(h, 2026000001), 4900);
	assert_int_equal(shop_balance(h, 0xc0, "oldest_due"), 20758);
	/* one that names an invoice of somebody else pays its own customer's */
	pay(h, "p-5", 0xd0, 2026000001, 700);
	assert_int_equal(paid(h, 2026000001), 4900);
	assert_int_equal(shop_balance(h, 0xd0, "unpaid"), -700);
	/* what was free goes back first */
	pay(h, "p-6", 0xd0, 0, -300);
	assert_int_equal(shop_balance(h, 0xd0, "unpaid"), -400);
	assert_int_equal(shop_number(h, "SELECT count(*) FROM settled WHERE payment = %llu",
				     (unsigned long long)h->store.head.seq),
			 0);
	shop_check_books(h);
	shop_check_rebuild(h);
}

/* The named invoice first, though an older one is unpaid. */
static void payment_for_the_newer(void **state)
{
	struct shop *h = *state;
	struct sold_lines sold;
	uint64_t line;

	start(h);
	sold = sell_five(h);
	bill_first(h, &sold);
	bill_second(h, &line);
	assert_int_equal(shop_balance(h, 0xc0, "unpaid"), 8400);
	pay(h, "p-1", 0xc0, 2026000002, 3100);
	assert_int_equal(paid(h, 2026000002), 3000);
	assert_int_equal(paid(h, 2026000001), 100);
	assert_int_equal(shop_balance(h, 0xc0, "oldest_due"), 20758);
	shop_check_books(h);
	shop_check_rebuild(h);
}

static void payment_of_nobody(void **state)
{
	struct shop *h = *state;
	struct entry e = sample_entry(ENTRY_PAYMENT_ASSIGNED);
	struct sold_lines sold;
	uint64_t seq;

	start(h);
	sold = sell_five(h);
	bill_first(h, &sold);
	seq = pay(h, "p-1", 0, 0, 700);
	assert_int_equal(shop_posted(h, seq, 1930), 700);
	assert_int_equal(shop_posted(h, seq, 2990), -700);
	assert_int_equal(shop_number(h, "SELECT count(*) FROM payment WHERE customer IS NULL"), 1);
	snprintf(e.payment_assigned.key, sizeof(e.payment_assigned.key), "p-1");
	e.payment_assigned.invoice.n = 2026000001;
	seq = shop_write(h, &e);
	assert_int_equal(shop_account(h, 2990), 0);
	assert_int_equal(shop_posted(h, seq, 1510), -700);
	assert_int_equal(paid(h, 2026000001), 700);
	assert_int_equal(shop_balance(h, 0xc0, "unpaid"), 4700);
	assert_int_equal(shop_number(h, "SELECT assigned FROM payment"), (int64_t)seq);
	assert_int_equal(shop_number(h, "SELECT invoice FROM payment"), 2026000001);
	shop_check_books(h);
	shop_check_rebuild(h);
}

/* --- credits */

static struct entry note_on(uint64_t note, uint64_t invoice_id, uint64_t line,
			    enum credit_reason reason)
{
	struct entry e = {.kind = ENTRY_CREDIT_NOTE, .at = {T0}};

	e.credit_note = (struct entry_credit_note){
		.credit_note = {note},
		.invoice = {invoice_id},
		.line = line,
		.customer = sample_customer(0xc0),
		.issued = {20760},
		.reason = reason,
		.by = "owner",
	};
	snprintf(e.credit_note.key, sizeof(e.credit_note.key), "n-%llu", (unsigned long long)note);
	return e;
}

static void credit_one_line(void **state)
{
	struct shop *h = *state;
	struct sold_lines sold;
	struct entry e;
	uint64_t seq, line;

	start(h);
	sold = sell_five(h);
	bill_first(h, &sold);
	pay(h, "p-1", 0xc0, 2026000001, 5400);
	bill_second(h, &line);
	assert_stock(h, 5000, 50);

	/* 25 öre that had been paid: they pay the other invoice */
	e = note_on(2026000003, 2026000001, sold.small[1], CREDIT_WRONG_LINE);
	e.credit_note.rates = 1;
	e.credit_note.rate[0] =
		(struct invoice_rate){600, money_of(25), money_of(24), money_of(1), money_of(1)};
	e.credit_note.gross = e.credit_note.payable = money_of(25);
	seq = shop_write(h, &e);
	assert_int_equal(shop_posted(h, seq, 1510), -25);
	assert_int_equal(shop_posted(h, seq, 3003), 24);
	assert_int_equal(shop_posted(h, seq, 2631), 1);
	assert_int_equal(shop_posted(h, seq, 1460), 10); /* back on the shelf, at cost */
	assert_int_equal(shop_posted(h, seq, 4961), -10);
	assert_stock(h, 6000, 60);
	assert_int_equal(paid(h, 2026000001), 5375);
	assert_int_equal(shop_number(h, "SELECT credited FROM invoice WHERE id = 2026000001"), 25);
	assert_int_equal(paid(h, 2026000002), 25);
	assert_int_equal(shop_balance(h, 0xc0, "unpaid"), 2975);
	assert_int_equal(shop_balance(h, 0xc0, "oldest_due"), 20788);
	assert_int_equal(shop_number(h, "SELECT period FROM invoice WHERE id = 2026000003"),
			 202611);
	assert_int_equal(shop_number(h, "SELECT lines FROM invoice WHERE id = 2026000003"), 1);
	shop_check_books(h);

	/* broken: from the cost of goods sold to waste, and none on the shelf */
	e = note_on(2026000004, 2026000001, sold.small[2], CREDIT_BROKEN);
	e.credit_note.rates = 1;
	e.credit_note.rate[0] =
		(struct invoice_rate){600, money_of(25), money_of(24), money_of(1), money_of(1)};
	e.credit_note.gross = e.credit_note.payable = money_of(25);
	seq = shop_write(h, &e);
	assert_int_equal(shop_posted(h, seq, 4962), 10);
	assert_int_equal(shop_posted(h, seq, 4961), -10);
	assert_stock(h, 6000, 60);
	shop_check_books(h);
	shop_check_rebuild(h);
}

/* A whole invoice with a deposit on it: the deposit goes back to its own account. */
static void credit_a_whole_invoice(void **state)
{
	struct shop *h = *state;
	struct entry_invoice i = {
		.invoice = {2026000001},
		.customer = sample_customer(0xc0),
		.period = {202609},
		.issued = {20728},
		.due = {20758},
		.lines = 2,
		.rates = 2,
		.rate = {{1200, money_of(2200), money_of(1964), money_of(236), money_of(236)},
			 {600, money_of(3100), money_of(2925), money_of(175), money_of(175)}},
		.gross = money_of(5300),
		.payable = money_of(5300),
	};
	struct entry e;
	uint64_t line[2], seq;

	start(h);
	open_visit(h, 5, 0xc0);
	e = piece(5, "k-1", COFFEE, 2200, 1200);
	e.line.deposit = money_of(200);
	line[0] = shop_write(h, &e);
	line[1] = sell(h, 5, "k-2", MILK, 3100, 600);
	close_visit(h, 5);
	bill(h, &i, line);
	pay(h, "p-1", 0xc0, 2026000001, 1000);
	e = note_on(2026000002, 2026000001, 0, CREDIT_GOODWILL);
	e.credit_note.rates = i.rates;
	memcpy(e.credit_note.rate, i.rate, sizeof(i.rate));
	e.credit_note.gross = i.gross;
	e.credit_note.payable = i.payable;
	seq = shop_write(h, &e);
	assert_int_equal(shop_posted(h, seq, 3592), 179);
	assert_int_equal(shop_posted(h, seq, 3002), 1785);
	assert_int_equal(shop_posted(h, seq, 2621), 236);
	assert_int_equal(shop_posted(h, seq, 3003), 2925);
	assert_int_equal(shop_posted(h, seq, 2631), 175);
	assert_int_equal(shop_posted(h, seq, 1510), -5300);
	assert_int_equal(shop_account(h, 3592), 0);
	assert_int_equal(paid(h, 2026000001), 0);
	assert_int_equal(shop_number(h, "SELECT count(*) FROM settled"), 0);
	assert_int_equal(shop_balance(h, 0xc0, "unpaid"), -1000); /* in favour */
	assert_int_equal(shop_balance(h, 0xc0, "oldest_due"), 0);
	assert_int_equal(shop_number(h, "SELECT lines FROM invoice WHERE id = 2026000002"), 2);
	assert_stock(h, -1000, 0); /* sold all the same */
	shop_check_books(h);
	shop_check_rebuild(h);
}

static uint64_t credit_line_of(struct shop *h, uint64_t line, int64_t total,
			       enum credit_reason reason)
{
	struct entry e = sample_entry(ENTRY_LINE_CREDITED);

	e.line_credited.line = line;
	e.line_credited.total = money_of(total);
	e.line_credited.reason = reason;
	snprintf(e.line_credited.key, sizeof(e.line_credited.key), "c-%llu",
		 (unsigned long long)line);
	return shop_write(h, &e);
}

static void line_credited_before_its_invoice(void **state)
{
	struct shop *h = *state;
	struct sold_lines sold;
	struct entry e = sample_entry(ENTRY_REPORTED);
	uint64_t seq;

	start(h);
	sold = sell_five(h);
	snprintf(e.reported.line.text, sizeof(e.reported.line.text), "s-1");
	shop_write(h, &e);
	assert_int_equal(shop_number(h, "SELECT line FROM reported WHERE answered = 0"),
			 (int64_t)sold.small[1]);
	seq = credit_line_of(h, sold.small[1], 25, CREDIT_BROKEN);
	assert_int_equal(shop_posted(h, seq, 1510), -25);
	assert_int_equal(shop_posted(h, seq, 2631), 1);
	assert_int_equal(shop_posted(h, seq, 3003), 24);
	assert_int_equal(shop_posted(h, seq, 4962), 10);
	assert_int_equal(shop_posted(h, seq, 4961), -10);
	assert_stock(h, 6000, 60);
	assert_int_equal(shop_balance(h, 0xc0, "unbilled"), 5388);
	assert_int_equal(shop_number(h, "SELECT total FROM visit WHERE id = 5"), 5388);
	assert_int_equal(shop_number(h, "SELECT lines FROM visit WHERE id = 5"), 4);
	assert_int_equal(shop_number(h, "SELECT answered FROM reported"), (int64_t)seq);
	assert_int_equal(shop_number(h, "SELECT seq FROM desk_key WHERE key = 'c-%llu'",
				     (unsigned long long)sold.small[1]),
			 (int64_t)seq);
	seq = credit_line_of(h, sold.small[2], 25, CREDIT_WRONG_LINE);
	assert_stock(h, 7000, 70);
	seq = credit_line_of(h, sold.small[3], 25, CREDIT_PRICE);
	assert_stock(h, 7000, 70);
	assert_int_equal(shop_posted(h, seq, 4961), 0);
	shop_check_books(h);
	shop_check_rebuild(h);
}

/* Due before the one that was made before it. */
static void due_sooner(void **state)
{
	struct shop *h = *state;
	struct sold_lines sold;
	uint64_t line;

	start(h);
	bill_second(h, &line);
	assert_int_equal(shop_balance(h, 0xc0, "oldest_due"), 20788);
	sold = sell_five(h);
	bill_first(h, &sold);
	assert_int_equal(shop_balance(h, 0xc0, "oldest_due"), 20758);
	pay(h, "p-1", 0xc0, 2026000001, 5400);
	assert_int_equal(shop_balance(h, 0xc0, "oldest_due"), 20788);
	shop_check_rebuild(h);
}

/* More öre are credited than the rounded invoice asked for: who owes nothing is not late. */
static void owes_nothing_on_the_whole(void **state)
{
	struct shop *h = *state;
	struct sold_lines sold;
	struct entry e;
	uint64_t line;

	start(h);
	sold = sell_five(h);
	bill_first(h, &sold); /* 54.13, rounded to 54.00 */
	e = note_on(2026000003, 2026000001, 0, CREDIT_GOODWILL);
	e.credit_note.rates = 2;
	memcpy(e.credit_note.rate, first_invoice().rate, sizeof(e.credit_note.rate));
	e.credit_note.gross = e.credit_note.payable = money_of(5413);
	shop_write(h, &e);
	assert_int_equal(shop_balance(h, 0xc0, "unpaid"), -13);
	bill_second(h, &line);
	assert_int_equal(shop_balance(h, 0xc0, "unpaid"), 2987);
	pay(h, "p-1", 0xc0, 2026000002, 2986);
	assert_int_equal(shop_balance(h, 0xc0, "oldest_due"), 20788);
	pay(h, "p-2", 0xc0, 2026000002, 1);
	assert_int_equal(shop_balance(h, 0xc0, "unpaid"), 0);
	assert_int_equal(shop_balance(h, 0xc0, "oldest_due"), 0);
	shop_check_books(h);
	shop_check_rebuild(h);
}

static void balances_recalled(void **state)
{
	struct shop *h = *state;
	struct sold_lines sold;
	struct recall *r;

	start(h);
	sold = sell_five(h);
	bill_first(h, &sold);
	pay(h, "p-1", 0xd0, 0, 100);
	pay(h, "p-2", 0xe0, 0, 100);
	pay(h, "p-3", 0xe0, 0, -100); /* nothing is left of it */
	r = store_recall(&h->store, (struct wall){T0});
	assert_int_equal(r->balances, 2);
	assert_int_equal(money_minor(r->balance[0].unpaid), 5400);
	assert_int_equal(r->balance[0].oldest_due.n, 20758);
	assert_int_equal(money_minor(r->balance[1].unpaid), -100);
	assert_int_equal(r->balance[1].oldest_due.n, 0);
	ledger_recall_free(r);
	shop_check_rebuild(h);
}

#define UNIT(name) cmocka_unit_test_setup_teardown(name, shop_set_up, shop_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(invoice),
		UNIT(many_lines_on_an_invoice),
		UNIT(payments),
		UNIT(payment_for_the_newer),
		UNIT(payment_of_nobody),
		UNIT(due_sooner),
		UNIT(owes_nothing_on_the_whole),
		UNIT(credit_one_line),
		UNIT(credit_a_whole_invoice),
		UNIT(line_credited_before_its_invoice),
		UNIT(balances_recalled),
	};

	return cmocka_run_group_tests_name("ledger_invoice", tests, NULL, NULL);
}
