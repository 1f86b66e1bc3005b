/*
 * payment.h: whose money came in, and what an unpaid invoice calls for (design 4, payments). Pure:
 * files are read elsewhere, days come in.
 */
#ifndef SHOP_BOOKS_PAYMENT_H
#define SHOP_BOOKS_PAYMENT_H

#include "base/day.h"
#include "books/number.h"

/** One payment as a bank's file tells it. Names and account numbers are not read into it. */
struct bank_payment {
	char bank_key[NAME_MAX_LEN +
		      1];   /* hex of a hash over the bank's own reference, account, day, amount */
	char reference[36]; /* structured (OCR), or a text that may hold one; NUL-terminated */
	struct money amount;
	char currency[4];
	struct day booked;
};

/** What is owed on an invoice. */
struct owed {
	struct invoice_id invoice;
	struct customer customer;
	struct day issued, due;
	struct money payable, paid; /* paid: payments and credit notes; may be more than payable */
};

enum payment_match {
	PAYMENT_EXACT = 0,
	PAYMENT_UNDER = 1, /* the rest stays open */
	PAYMENT_OVER = 2, /* the rest counts for the customer's other invoices, then as a balance in
			     favour */
	PAYMENT_ALREADY_PAID = 3, /* all of it is over */
	PAYMENT_UNKNOWN = 4, /* no reference, or no invoice of ours: a person has to say whose */
	PAYMENT_BAD_REFERENCE = 5,  /* digits, but the check digit is wrong */
	PAYMENT_WRONG_CURRENCY = 6, /* not taken at all */
};
#define PAYMENT_MATCHES 7
const char *payment_match_word(enum payment_match m);

/** payment_reference - the invoice that a reference names: an OCR number, or a text that holds
 * exactly one number of this shop. EXACT when found, else UNKNOWN or BAD_REFERENCE. payment_judge -
 * how an amount meets what is owed. */
enum payment_match payment_reference(struct place shop, const char *reference,
				     struct invoice_id *ret);
enum payment_match payment_judge(const struct owed *owed, struct money amount);

/** What the shop does about an unpaid invoice; days after the due day, each at least the one
 * before. */
struct reminder_policy {
	int32_t first_days;  /* a friendly word (5) */
	int32_t second_days; /* with a fee that the member has agreed to (15; fee 60 kr at most, lag
				1981:739) */
	struct money fee;
	int32_t bar_days; /* no entry until it is paid (30) */
};
enum reminder {
	REMINDER_NONE = 0,
	REMINDER_FIRST = 1,
	REMINDER_SECOND = 2,
	REMINDER_BAR = 3
};
#define REMINDERS 4
const char *reminder_word(enum reminder r);
struct reminder_policy reminder_policy_default(void);

/** reminder_due - what calls for doing today; NONE when it is paid. */
enum reminder reminder_due(const struct reminder_policy *p, const struct owed *owed,
			   struct day today);

#endif
