/*
 * me.h: what a member asks about herself, with a token for office/me. The key says who she is: no
 * path, query or body can name another member.
 *
 *   me.c        herself, her keys, and what operators' routes answer of her alike
 *   me_bill.c   what no invoice bears yet      me_view.c   a month of hers
 *   me_invoices.c   her invoices               me_shops.c  her shops, and how old their word is
 *   recover.c   a mailed code, in the place of a lost phone
 */
#ifndef SHOP_OFFICED_ME_H
#define SHOP_OFFICED_ME_H

#include "officed/people.h"

enum {
	MY_SHOPS_MAX = 200,
	CODE_MINUTES = 10, /* that a code for another phone is good for */
	CURRENCY_TEXT_SIZE = 4,
};

/** A shop of hers, and as of when the office knows what happened there. */
struct my_shop {
	char name[PLACE_MAX_LEN + 1];
	char currency[CURRENCY_TEXT_SIZE];
	char title[81]; /* cut between letters */
	int64_t as_of;	/* 0: never heard */
};

struct my_shops {
	uint32_t count;
	struct my_shop shop[MY_SHOPS_MAX];
};

/** my_shops_enter - those that she may enter. my_shops_known - those, and where she has bought.
 * Within a transaction; *ret is some kilobytes. */
void my_shops_enter(struct office *o, const struct person *p, struct wall now,
		    struct my_shops *ret);
void my_shops_known(struct office *o, const struct person *p, struct wall now,
		    struct my_shops *ret);
/** my_shops_as_of - what every one of them has told by then is known; 0: one was never heard. */
int64_t my_shops_as_of(const struct my_shops *s);
const struct my_shop *my_shops_find(const struct my_shops *s, const char *name);
/** my_currency - the one that all have; NULL: several, or no shop. */
const char *my_currency(const struct my_shops *s);

/** my_bill - MyBill of the API. my_unbilled - its total; false where there is none. */
json_t *my_bill(struct office *o, const struct person *p, const struct my_shops *s);
bool my_unbilled(const json_t *bill, int64_t *ret_minor);

/** my_owed - what is left of her invoices, in these shops. */
int64_t my_owed(struct office *o, const struct person *p, const struct my_shops *s);

/** A query for her invoices, begun: $1 is her customer key. my_invoice_json - a row of it. */
#define MY_INVOICE_COLUMNS                                                                         \
	"SELECT i.shop, i.id, i.credit_note, i.period, i.issued, i.due, i.payable, i.paid,"        \
	" i.credited, s.currency FROM invoice i JOIN shop s ON s.shop = i.shop"                    \
	" WHERE i.customer = $1 "
json_t *my_invoice_json(struct db_rows *rows);

/** me_read - the member who asks; false with the problem in *r. `approved`: not while she waits. */
MUST_CHECK bool me_read(struct office *o, const struct ask *a, bool approved, struct person *ret,
			struct reply *r);

extern route_fn me_show, me_change, me_forget, me_view, me_invoices, me_document, me_keys,
	me_key_remove, me_invite, me_export, me_recover;

#endif
