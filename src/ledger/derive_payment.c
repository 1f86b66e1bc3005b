/*
 * derive_payment.c: money that came in, and which invoice it pays.
 *
 * A payment is set against the invoice that it names, then against the customer's oldest unpaid
 * ones; what is left is in the customer's favour and pays the next invoice as that is made. So
 * nobody has both something in favour and something unpaid, and an invoice never has more paid on
 * it than is owed: where a credit note makes it owe less, what is too much is free again. Money
 * that went back takes first what was free, then from what had been paid, the named invoice before
 * the newest. All of it is a pure function of the entries in their order.
 */
#include "ledger/derive.h"

static struct money smaller(struct money a, struct money b)
{
	return money_compare(a, b) < 0 ? a : b;
}

static struct money less(struct money a, struct money b)
{
	struct money rest = MONEY_ZERO;
	bool fits = money_sub(a, b, &rest);

	CHECK(fits);
	return rest;
}

/* What came in and is set against nothing; < 0: more went back than was free. */
static struct money pool_of(struct store *s, struct customer customer)
{
	sqlite3_stmt *get = s->statement[GET_POOL];
	struct money pool;
	bool found;

	bind_blob(get, 1, customer.byte, sizeof(customer.byte));
	found = derive_row(s, GET_POOL);
	CHECK(found);
	pool = column_money(get, 0);
	derive_read(s, GET_POOL);
	return pool;
}

/* The one row that a read gives of a customer (and an invoice): a number and an amount. */
static bool find(struct store *s, enum statement which, struct customer customer,
		 const struct invoice_id *invoice, uint64_t *ret_id, struct money *ret_amount)
{
	sqlite3_stmt *get = s->statement[which];
	bool found;

	bind_blob(get, 1, customer.byte, sizeof(customer.byte));
	if (invoice)
		bind_u64(get, 2, invoice->n);
	found = derive_row(s, which);
	if (found) {
		*ret_id = (uint64_t)column_i64(get, 0);
		*ret_amount = column_money(get, 1);
		derive_read(s, which);
	}
	return found;
}

/* Sets an amount of a payment against an invoice, or with its sign turned takes it off again. */
static enum stored settle(struct store *s, uint64_t payment, uint64_t invoice, struct money amount)
{
	sqlite3_stmt *set = s->statement[DO_SETTLED];
	sqlite3_stmt *gone = s->statement[DO_SETTLED_GONE];
	sqlite3_stmt *paid = s->statement[DO_INVOICE_PAID];

	bind_u64(set, 1, payment);
	bind_u64(set, 2, invoice);
	bind_money(set, 3, amount);
	if (store_step(s, DO_SETTLED, "setting a payment against an invoice") != STORED_OK)
		return STORED_FULL;
	bind_u64(gone, 1, payment);
	bind_u64(gone, 2, invoice);
	if (store_step(s, DO_SETTLED_GONE, "freeing a payment") != STORED_OK)
		return STORED_FULL;
	bind_u64(paid, 1, invoice);
	bind_money(paid, 2, amount);
	return store_step(s, DO_INVOICE_PAID, "paying an invoice");
}

/* What is in favour, against what is unpaid. */
static enum stored use_pool(struct store *s, struct customer customer, struct invoice_id first,
			    struct money pool)
{
	uint64_t payment, invoice;
	struct money free = MONEY_ZERO, rest, part;
	bool found;

	while (money_compare(pool, MONEY_ZERO) > 0 &&
	       find(s, GET_UNPAID, customer, &first, &invoice, &rest)) {
		found = find(s, GET_FREE_PAYMENT, customer, NULL, &payment, &free);
		CHECK(found);
		part = smaller(pool, smaller(free, rest));
		if (settle(s, payment, invoice, part) != STORED_OK)
			return STORED_FULL;
		pool = less(pool, part);
	}
	return STORED_OK;
}

/* What went back and was not free, off what had been paid. */
static enum stored take_from_paid(struct store *s, struct customer customer,
				  struct invoice_id first, struct money pool)
{
	struct money lacks = money_negative(pool), taken = MONEY_ZERO, paid, part;
	uint64_t payment, invoice;
	bool found;

	while (money_compare(lacks, MONEY_ZERO) > 0 &&
	       find(s, GET_PAID, customer, &first, &invoice, &paid)) {
		found = find(s, GET_TAKEN_PAYMENT, customer, NULL, &payment, &taken);
		CHECK(found);
		part = smaller(lacks, smaller(money_negative(taken), paid));
		if (settle(s, payment, invoice, money_negative(part)) != STORED_OK)
			return STORED_FULL;
		lacks = less(lacks, part);
	}
	return STORED_OK;
}

enum stored derive_settle(struct store *s, struct customer customer, struct invoice_id first)
{
	struct money pool = pool_of(s, customer);

	if (use_pool(s, customer, first, pool) != STORED_OK ||
	    take_from_paid(s, customer, first, pool) != STORED_OK)
		return STORED_FULL;
	return derive_due(s, customer);
}

enum stored derive_unsettle(struct store *s, struct customer customer, struct invoice_id invoice,
			    struct money over)
{
	struct money amount, part;
	uint64_t payment;

	while (money_compare(over, MONEY_ZERO) > 0 &&
	       find(s, GET_SETTLED, customer, &invoice, &payment, &amount)) {
		part = smaller(over, amount);
		if (settle(s, payment, invoice.n, money_negative(part)) != STORED_OK)
			return STORED_FULL;
		over = less(over, part);
	}
	return STORED_OK;
}

static bool is_nobody(struct customer customer)
{
	static const struct customer nobody;

	return customer_is(customer, nobody);
}

/* A payment that is somebody's: off the account, against the invoices. */
static enum stored credit(struct store *s, struct customer customer, struct invoice_id invoice,
			  struct money amount)
{
	struct money unpaid;

	if (derive_balance(s, customer, MONEY_ZERO, money_negative(amount), &unpaid) != STORED_OK)
		return STORED_FULL;
	return derive_settle(s, customer, invoice);
}

enum stored derive_payment(struct store *s, const struct entry_payment *p)
{
	sqlite3_stmt *insert = s->statement[DO_PAYMENT];
	bool claimed = !is_nobody(p->customer);
	struct postings postings;

	bind_u64(insert, 1, s->head.seq);
	bind_text(insert, 2, p->key);
	if (claimed)
		bind_blob(insert, 3, p->customer.byte, sizeof(p->customer.byte));
	else
		sqlite3_bind_null(insert, 3);
	bind_u64(insert, 4, p->invoice.n);
	bind_money(insert, 5, p->amount);
	bind_i64(insert, 6, p->booked.n);
	if (store_step(s, DO_PAYMENT, "keeping a payment") != STORED_OK ||
	    derive_key(s, p->key) != STORED_OK)
		return STORED_FULL;
	if (!post_payment(&s->head.chart, p->amount, claimed, &postings))
		return derive_wrong(s, "a payment cannot be posted");
	if (derive_post(s, &postings) != STORED_OK)
		return STORED_FULL;
	return claimed ? credit(s, p->customer, p->invoice, p->amount) : STORED_OK;
}

struct payment_found {
	uint64_t seq;
	struct money amount;
	struct invoice_id invoice;
	bool claimed;
};

static bool find_payment(struct store *s, const char *key, struct payment_found *ret)
{
	sqlite3_stmt *get = s->statement[GET_PAYMENT];
	bool found;

	bind_text(get, 1, key);
	found = derive_row(s, GET_PAYMENT);
	if (found) {
		*ret = (struct payment_found){
			.seq = (uint64_t)column_i64(get, 0),
			.amount = column_money(get, 1),
			.invoice = {(uint64_t)column_i64(get, 2)},
			.claimed = column_i64(get, 3) != 0,
		};
		derive_read(s, GET_PAYMENT);
	}
	return found;
}

enum stored derive_assigned(struct store *s, const struct entry_payment_assigned *p)
{
	sqlite3_stmt *update = s->statement[DO_PAYMENT_ASSIGNED];
	struct payment_found found;
	struct postings postings;

	if (!find_payment(s, p->key, &found) || found.claimed || is_nobody(p->customer))
		return derive_wrong(s,
				    "a payment was assigned that is not there, or is somebody's");
	if (p->invoice.n != 0)
		found.invoice = p->invoice;
	bind_u64(update, 1, found.seq);
	bind_blob(update, 2, p->customer.byte, sizeof(p->customer.byte));
	bind_u64(update, 3, found.invoice.n);
	bind_u64(update, 4, s->head.seq);
	if (store_step(s, DO_PAYMENT_ASSIGNED, "assigning a payment") != STORED_OK)
		return STORED_FULL;
	if (!post_assigned(&s->head.chart, found.amount, &postings))
		return derive_wrong(s, "an assigned payment cannot be posted");
	if (derive_post(s, &postings) != STORED_OK)
		return STORED_FULL;
	return credit(s, p->customer, found.invoice, found.amount);
}
