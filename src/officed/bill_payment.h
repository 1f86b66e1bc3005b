/* bill_payment.h: money that banks tell of: whose it is, and which shop books it. */
#ifndef SHOP_OFFICED_BILL_PAYMENT_H
#define SHOP_OFFICED_BILL_PAYMENT_H

#include "books/payment.h"
#include "officed/bill.h"

enum {
	PAYMENTS_MAX = 20000,	/* of one file */
	PAYMENTS_A_CHUNK = 200, /* placed in one transaction */
	PAYEES_MAX = 10000,	/* shops that may be meant */
	OVERDUE_A_JOB = 200,
};

/** A shop that a payment may be for. */
struct payee {
	struct place shop;
	char currency[4];
};

/** What became of a payment. */
struct placed {
	enum payment_match match;
	bool repeated;		      /* it was told of before: nothing was done */
	char shop[PLACE_MAX_LEN + 1]; /* "": unclaimed */
	struct invoice_id invoice;
	uint32_t shares; /* shops that a bundle's payment was spread over */
};

/** payees_of - the shops, by name (NULL: any) or by the giro number of their seller (NULL: any);
 * the caller's: free(). Within a transaction. */
uint32_t payees_of(struct office *o, const char *shop, const char *giro, struct payee **ret);

/** payment_place - books one payment: told to its shop, or kept unclaimed; the same again changes
 * nothing. Within a transaction. */
void payment_place(struct office *o, const struct payee *payee, uint32_t payees,
		   const struct bank_payment *p, struct wall now, struct placed *ret);

/** payment_told - a payment of a customer is given to the shop's feed. */
void payment_told(struct office *o, const char *shop, const struct entry_payment *p,
		  const char *reference, struct wall now);

/** overdue_mark - members who owe for longer than the policy's bar are marked overdue in all their
 * shops, those who have paid are not any more. True when there may be more. Within a transaction.
 */
bool overdue_mark(struct office *o, struct wall now);

/* bill_payment_routes.c */
/** POST /v1/payments/import?shop=|giro= - a bank's file. GET /v1/payments?unclaimed=1. POST
 * /v1/payments/{key}/assign - whose it was. GET /v1/reminders?date= - what is unpaid and calls for
 * something. */
int payments_import(struct office *o, const struct ask *a, struct reply *r);
int payments_list(struct office *o, const struct ask *a, struct reply *r);
int payment_assign(struct office *o, const struct ask *a, struct reply *r);
int reminders_list(struct office *o, const struct ask *a, struct reply *r);
/* bill_list.c */
/** GET /v1/bills?shop=&member=&number=&state= - invoices as people look through them. */
int bills_list(struct office *o, const struct ask *a, struct reply *r);

#endif
