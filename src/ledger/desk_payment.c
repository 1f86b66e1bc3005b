/*
 * desk_payment.c: money that came in, and whose it was.
 *
 * A payment is never turned away for what its sender wrote on it: money that no invoice of ours
 * explains is kept as nobody's until a person says whose it is. What is turned away is what is no
 * payment: nothing at all, or more back than an invoice's payer has paid.
 */
#include "ledger/desk_inside.h"

#include <stdio.h>

#define AMOUNT_MAX 100000000000LL /* a thousand million kronor: past any invoice of ours */

static const struct customer nobody;

/* Whose invoice; false: there is none, or it is a credit note. */
static bool invoice_of(struct desk *d, struct invoice_id id, struct customer *ret_customer,
		       struct money *ret_paid)
{
	sqlite3_stmt *get = desk_get(d, DESK_GET_INVOICE);
	bool found = false;

	if (id.n == 0 || id.n > INT64_MAX)
		return false;
	bind_u64(get, 1, id.n);
	if (!desk_row(d, DESK_GET_INVOICE))
		return false;
	if (column_i64(get, 10) == 0) {
		if (!column_blob(get, 2, ret_customer, sizeof(*ret_customer)))
			desk_damaged(d, "an invoice without its customer");
		*ret_paid = column_money(get, 13);
		found = true;
	}
	desk_done(d, DESK_GET_INVOICE);
	return found;
}

static bool invoice_possible(struct invoice_id id)
{
	return id.n == 0 ||
	       (id.n / 1000000 >= 1970 && id.n / 1000000 <= 9999 && id.n % 1000000 != 0);
}

static bool payment_bad(const struct desk_request *q, struct desk_result *r)
{
	const struct entry_payment *p = &q->entry.payment;
	int64_t amount = money_minor(p->amount);

	if (amount == 0)
		desk_refuse(r, "a payment of nothing is none");
	else if (amount > AMOUNT_MAX || amount < -AMOUNT_MAX)
		desk_refuse(r, "an amount that large is a mistake in the file");
	else if (desk_day_bad("the day it was booked", p->booked, r))
		return true;
	else if (q->clock_trusted && p->booked.n > q->today.n + 1)
		desk_refuse(r, "it is said to be booked on a day that has not come yet");
	else
		return false;
	return true;
}

/* The invoice it names may be known by now though it was not then: the file is the same. */
static bool same(const struct entry_payment *was, const struct entry_payment *is)
{
	return money_compare(was->amount, is->amount) == 0 &&
	       (is->booked.n == 0 || was->booked.n == is->booked.n) &&
	       (is->invoice.n == was->invoice.n || was->invoice.n == 0) &&
	       (customer_is(is->customer, nobody) || customer_is(was->customer, nobody) ||
		customer_is(is->customer, was->customer));
}

/* Whether so much can go back: no more than has been paid on the invoice and is in the customer's
 * favour, or than came in naming it, whatever else that has paid since. */
static bool may_go_back(struct desk *d, const struct entry_payment *p, struct money paid)
{
	sqlite3_stmt *get = desk_get(d, DESK_GET_CAME_IN);
	struct money unpaid = desk_balance(d, p->customer).unpaid, came_in, at_most = paid;

	bind_blob(get, 1, p->customer.byte, sizeof(p->customer.byte));
	bind_u64(get, 2, p->invoice.n);
	if (!desk_row(d, DESK_GET_CAME_IN))
		desk_damaged(d, "what came in on an invoice");
	came_in = column_money(get, 0);
	desk_done(d, DESK_GET_CAME_IN);
	if (money_minor(unpaid) < 0 && !money_sub(paid, unpaid, &at_most))
		desk_damaged(d, "a balance past all bounds");
	if (money_compare(at_most, came_in) < 0)
		at_most = came_in;
	return money_minor(at_most) + money_minor(p->amount) >= 0;
}

/* Fills in whose it is. False: it is refused. */
static bool claim(struct desk *d, struct entry_payment *p, struct desk_result *r)
{
	struct customer owner;
	struct money paid;
	bool known = invoice_of(d, p->invoice, &owner, &paid);

	if (known && !customer_is(p->customer, nobody) && !customer_is(p->customer, owner)) {
		desk_refuse(r, "that invoice is another customer's: leave the customer out, or "
			       "name the right invoice");
		return false;
	}
	if (known)
		p->customer = owner;
	else
		p->invoice.n = 0;
	if (money_minor(p->amount) > 0)
		return true;
	if (customer_is(p->customer, nobody)) {
		desk_refuse(r, "money that went back has to say whose it was: name the customer or "
			       "the invoice");
		return false;
	}
	if (known && !may_go_back(d, p, paid)) {
		desk_refuse(r, "less has been paid on that invoice than would go back");
		return false;
	}
	return true;
}

enum stored desk_payment(struct desk *d, const struct desk_request *q, struct desk_result *r)
{
	struct entry e = {.kind = ENTRY_PAYMENT, .at = q->at, .payment = q->entry.payment};
	struct entry_payment *p = &e.payment;
	struct entry earlier;
	struct balance before;
	enum stored stored;

	if (desk_key_bad(p->key, r))
		return STORED_OK;
	if (desk_key(d, p->key, &r->seq, &earlier)) {
		if (earlier.kind != ENTRY_PAYMENT || !same(&earlier.payment, p))
			return desk_refuse(r, "key_reused: this key was given to another payment");
		r->answer = DESK_REPEATED;
		return STORED_OK;
	}
	if (payment_bad(q, r) || !claim(d, p, r))
		return STORED_OK;
	if (p->booked.n == 0)
		p->booked = q->today;
	before = desk_balance(d, p->customer);
	stored = desk_append(d, &e, r);
	if (stored == STORED_OK && !customer_is(p->customer, nobody))
		desk_changed(d, &before, r);
	return stored;
}

/* --- whose it was */

struct payment {
	uint64_t seq;
	bool claimed;
	struct customer customer;
	struct invoice_id invoice;
	uint64_t assigned;
};

static void read_payment(struct desk *d, uint64_t seq, struct payment *ret)
{
	sqlite3_stmt *get = desk_get(d, DESK_GET_PAYMENT);

	*ret = (struct payment){.seq = seq};
	bind_u64(get, 1, seq);
	if (!desk_row(d, DESK_GET_PAYMENT))
		desk_damaged(d, "a payment that is in no table");
	ret->claimed = column_i64(get, 1) != 0;
	if (ret->claimed && !column_blob(get, 2, &ret->customer, sizeof(ret->customer)))
		desk_damaged(d, "a payment of no customer's");
	ret->invoice.n = (uint64_t)column_i64(get, 3);
	ret->assigned = (uint64_t)column_i64(get, 6);
	desk_done(d, DESK_GET_PAYMENT);
}

static enum stored already(const struct payment *p, const struct entry_payment_assigned *a,
			   struct desk_result *r)
{
	if (p->assigned == 0)
		return desk_refuse(r, "that payment named its invoice itself: it is not nobody's");
	if (!customer_is(p->customer, a->customer) ||
	    (a->invoice.n != 0 && p->invoice.n != 0 && p->invoice.n != a->invoice.n))
		return desk_refuse(r, "that payment was assigned to another already");
	r->answer = DESK_REPEATED;
	r->seq = p->assigned;
	return STORED_OK;
}

enum stored desk_assign(struct desk *d, const struct desk_request *q, struct desk_result *r)
{
	struct entry e = {.kind = ENTRY_PAYMENT_ASSIGNED,
			  .at = q->at,
			  .payment_assigned = q->entry.payment_assigned};
	struct entry_payment_assigned *a = &e.payment_assigned;
	struct customer owner;
	struct money paid;
	struct entry earlier;
	struct payment p;
	struct balance before;
	enum stored stored;
	uint64_t seq;

	if (desk_key_bad(a->key, r) || desk_by_bad(a->by, r))
		return STORED_OK;
	if (!desk_key(d, a->key, &seq, &earlier) || earlier.kind != ENTRY_PAYMENT)
		return desk_refuse(r, "no payment has come in under that key");
	if (a->invoice.n != 0 &&
	    (!invoice_possible(a->invoice) || !invoice_of(d, a->invoice, &owner, &paid)))
		return desk_refuse(r, "there is no such invoice");
	if (a->invoice.n != 0 && customer_is(a->customer, nobody))
		a->customer = owner;
	if (a->invoice.n != 0 && !customer_is(a->customer, owner))
		return desk_refuse(r, "that invoice is another customer's");
	if (customer_is(a->customer, nobody))
		return desk_refuse(r, "whose payment it is has to be told: a customer or an "
				      "invoice");
	read_payment(d, seq, &p);
	if (p.claimed)
		return already(&p, a, r);
	before = desk_balance(d, a->customer);
	stored = desk_append(d, &e, r);
	if (stored == STORED_OK)
		desk_changed(d, &before, r);
	return stored;
}
