/*
 * bill_payment.c: a bank's payment finds its invoice by its reference: a bundle's, an invoice's OCR
 * number, or a text that holds a number. An OCR number does not say of which shop: where several of
 * those that may be meant have such an invoice, the one whose open amount is exactly this is taken,
 * and if that is not one, a person has to say.
 *
 * The shop books it (ENTRY_PAYMENT) when it hears of it by its feed: what is paid stays one shop's
 * fact, and comes back up as such.
 */
#include "officed/bill_payment.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- which shops */

/* Whether the seller of a shop is paid on this giro number. */
static bool is_paid_on(const char *seller, const char *giro)
{
	json_t *s = json_loads(seller, 0, NULL);
	const char *words[] = {"bankgiro", "plusgiro", "iban"};
	bool found = false;

	for (uint32_t i = 0; i < ARRAY_LEN(words) && !found; i++) {
		const char *at = json_string_value(json_object_get(s, words[i])), *want = giro;

		if (!at)
			continue;
		for (; *at; at++) {
			if (*at == '-' || *at == ' ')
				continue;
			if (*at != *want)
				break;
			want++;
		}
		found = !*at && !*want && want != giro;
	}
	json_decref(s);
	return found;
}

uint32_t payees_of(struct office *o, const char *shop, const char *giro, struct payee **ret)
{
	struct db_rows *rows;
	uint32_t n = 0;

	*ret = calloc(PAYEES_MAX, sizeof(**ret));
	CHECK(*ret);
	db_ask(o->db, &rows,
	       "SELECT shop, currency, seller FROM shop WHERE $1 = '' OR shop = $1 ORDER BY shop"
	       " LIMIT $2",
	       DB_VALUES(db_text(shop ? shop : ""), db_int(PAYEES_MAX)));
	while (db_next(rows)) {
		struct payee *p = &(*ret)[n];

		if (giro && !is_paid_on(db_col_text(rows, 2), giro))
			continue;
		snprintf(p->shop.name, sizeof(p->shop.name), "%s", db_col_text(rows, 0));
		snprintf(p->currency, sizeof(p->currency), "%s", db_col_text(rows, 1));
		n++;
	}
	db_rows_end(rows);
	return n;
}

static const struct payee *payee_find(const struct payee *payee, uint32_t payees, const char *shop)
{
	uint32_t low = 0, high = payees;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		int order = strcmp(payee[middle].shop.name, shop);

		if (order == 0)
			return &payee[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

/* --- telling the shop */

void payment_told(struct office *o, const char *shop, const struct entry_payment *p,
		  const char *reference, struct wall now)
{
	struct sync_change change = {.kind = SYNC_PAYMENT, .payment = *p};

	db_do(o->db,
	      "INSERT INTO money_in(shop, key, customer, invoice, amount, booked, reference, "
	      "came_at)"
	      " VALUES($1, $2, $3, $4, $5, $6, $7, $8)",
	      DB_VALUES(db_text(shop), db_text(p->key),
			db_bytes(p->customer.byte, sizeof(p->customer.byte)),
			db_int((int64_t)p->invoice.n), db_int(money_minor(p->amount)),
			db_int(p->booked.n), db_text(reference), db_int(now.ms)));
	if (shop[0])
		feed_add(o, shop, &change, now);
}

static struct entry_payment payment_of(const struct bank_payment *p)
{
	struct entry_payment e = {.amount = p->amount, .booked = p->booked};

	memcpy(e.key, p->bank_key, sizeof(e.key));
	return e;
}

/* --- by an invoice's number */

/* An invoice that may be meant. */
struct meant {
	char shop[PLACE_MAX_LEN + 1];
	struct owed owed;
};

static struct owed owed_of(struct db_rows *rows, uint32_t from)
{
	struct owed owed = {.invoice = {(uint64_t)db_col_int(rows, from)},
			    .payable = money_of(db_col_int(rows, from + 1))};
	struct span customer = db_col_bytes(rows, from + 4);

	CHECK(money_add(money_of(db_col_int(rows, from + 2)), money_of(db_col_int(rows, from + 3)),
			&owed.paid));
	if (customer.len == sizeof(owed.customer.byte))
		memcpy(owed.customer.byte, customer.data, customer.len);
	return owed;
}

/* Of the invoices with this number the one that is meant; how many there are. */
static uint32_t find_meant(struct office *o, const struct payee *payee, uint32_t payees,
			   struct invoice_id id, struct money amount, struct meant *ret)
{
	uint32_t found = 0, exact = 0;
	struct meant fits = {.shop = ""};
	struct db_rows *rows;

	db_ask(o->db, &rows,
	       "SELECT shop, id, payable, paid, credited, customer FROM invoice"
	       " WHERE id = $1 AND credit_note = 0 ORDER BY shop LIMIT $2",
	       DB_VALUES(db_int((int64_t)id.n), db_int(PAYEES_MAX)));
	while (db_next(rows)) {
		struct meant m = {.owed = owed_of(rows, 1)};

		if (!payee_find(payee, payees, db_col_text(rows, 0)))
			continue;
		snprintf(m.shop, sizeof(m.shop), "%s", db_col_text(rows, 0));
		*ret = m;
		found++;
		if (payment_judge(&m.owed, amount) == PAYMENT_EXACT) {
			fits = m;
			exact++;
		}
	}
	db_rows_end(rows);
	if (found > 1 && exact == 1) {
		*ret = fits;
		return 1;
	}
	return found;
}

/* The number that a reference names: for any of the shops, or in a text that names its shop. */
static enum payment_match number_of_reference(const struct payee *payee, uint32_t payees,
					      const char *reference, struct invoice_id *ret,
					      const struct payee **ret_of)
{
	enum payment_match worst = PAYMENT_UNKNOWN;
	uint32_t len = (uint32_t)strnlen(reference, sizeof(((struct bank_payment *)0)->reference));

	*ret_of = NULL;
	if (ocr_parse(reference, len, ret))
		return PAYMENT_EXACT;
	for (uint32_t i = 0; i < payees; i++) {
		enum payment_match match = payment_reference(payee[i].shop, reference, ret);

		if (match == PAYMENT_EXACT) {
			*ret_of = &payee[i];
			return match;
		}
		if (match == PAYMENT_BAD_REFERENCE)
			worst = match;
	}
	return worst;
}

static bool place_invoice(struct office *o, const struct payee *payee, uint32_t payees,
			  const struct bank_payment *p, struct wall now, struct placed *ret)
{
	struct entry_payment e = payment_of(p);
	const struct payee *of, *one;
	struct invoice_id id;
	struct meant m;

	ret->match = number_of_reference(payee, payees, p->reference, &id, &of);
	if (ret->match != PAYMENT_EXACT)
		return false;
	if (find_meant(o, of ? of : payee, of ? 1 : payees, id, p->amount, &m) != 1) {
		ret->match = PAYMENT_UNKNOWN;
		return false;
	}
	one = payee_find(payee, payees, m.shop);
	if (strcmp(p->currency, one->currency) != 0) {
		ret->match = PAYMENT_WRONG_CURRENCY;
		return true;
	}
	ret->match = payment_judge(&m.owed, p->amount);
	ret->invoice = id;
	snprintf(ret->shop, sizeof(ret->shop), "%s", m.shop);
	e.customer = m.owed.customer;
	e.invoice = id;
	payment_told(o, m.shop, &e, p->reference, now);
	return true;
}

/* --- by a bundle's number: each shop gets what is open of its invoices, the last one the rest */

struct share {
	char shop[PLACE_MAX_LEN + 1];
	struct customer customer;
	struct invoice_id first;
	struct money open, part;
};

static uint32_t shares_of(struct office *o, const struct payee *payee, uint32_t payees,
			  uint64_t bundle, struct share share[BUNDLE_PAPERS_MAX])
{
	struct db_rows *rows;
	uint32_t n = 0;

	db_ask(o->db, &rows,
	       "SELECT i.shop, i.id, i.payable, i.paid, i.credited, i.customer FROM bundle_invoice "
	       "b"
	       " JOIN invoice i ON i.shop = b.shop AND i.id = b.invoice"
	       " WHERE b.bundle = $1 AND i.credit_note = 0 ORDER BY i.shop, i.id LIMIT $2",
	       DB_VALUES(db_int((int64_t)bundle), db_int(BUNDLE_PAPERS_MAX)));
	while (db_next(rows)) {
		struct owed owed = owed_of(rows, 1);
		struct money open;

		if (!payee_find(payee, payees, db_col_text(rows, 0)) ||
		    !money_sub(owed.payable, owed.paid, &open))
			continue;
		if (n == 0 || strcmp(share[n - 1].shop, db_col_text(rows, 0)) != 0) {
			share[n] = (struct share){.customer = owed.customer, .first = owed.invoice};
			snprintf(share[n++].shop, sizeof(share[0].shop), "%s",
				 db_col_text(rows, 0));
		}
		if (money_compare(open, MONEY_ZERO) > 0)
			CHECK(money_add(share[n - 1].open, open, &share[n - 1].open));
	}
	db_rows_end(rows);
	return n;
}

static void spread_shares(struct share *share, uint32_t shares, struct money amount)
{
	struct money left = amount;

	for (uint32_t i = 0; i < shares; i++) {
		bool last = i + 1 == shares;
		struct money part =
			last || money_compare(left, share[i].open) < 0 ? left : share[i].open;

		share[i].part = part;
		CHECK(money_sub(left, part, &left));
	}
}

static bool place_bundle(struct office *o, const struct payee *payee, uint32_t payees,
			 uint64_t bundle, const struct bank_payment *p, struct wall now,
			 struct placed *ret)
{
	struct share share[BUNDLE_PAPERS_MAX];
	uint32_t shares = shares_of(o, payee, payees, bundle, share);
	struct owed all = {.payable = MONEY_ZERO};

	ret->match = PAYMENT_UNKNOWN;
	if (shares == 0)
		return false;
	if (strcmp(p->currency, payee_find(payee, payees, share[0].shop)->currency) != 0) {
		ret->match = PAYMENT_WRONG_CURRENCY;
		return true;
	}
	spread_shares(share, shares, p->amount);
	for (uint32_t i = 0; i < shares; i++) {
		struct entry_payment e = payment_of(p);

		CHECK(money_add(all.payable, share[i].open, &all.payable));
		e.customer = share[i].customer;
		e.invoice = share[i].first;
		e.amount = share[i].part;
		if (money_compare(e.amount, MONEY_ZERO) != 0)
			payment_told(o, share[i].shop, &e, p->reference, now);
	}
	ret->match = payment_judge(&all, p->amount);
	snprintf(ret->shop, sizeof(ret->shop), "%s", share[0].shop);
	ret->invoice = share[0].first;
	ret->shares = shares;
	return true;
}

void payment_place(struct office *o, const struct payee *payee, uint32_t payees,
		   const struct bank_payment *p, struct wall now, struct placed *ret)
{
	struct entry_payment unclaimed = payment_of(p);
	int64_t known;
	uint64_t bundle;
	bool placed;

	*ret = (struct placed){.match = PAYMENT_UNKNOWN};
	if (db_one(o->db, &known, "SELECT 1 FROM money_in WHERE key = $1 LIMIT 1",
		   DB_VALUES(db_text(p->bank_key)))) {
		ret->repeated = true;
		return;
	}
	if (bundle_of_reference(p->reference, (uint32_t)strnlen(p->reference, sizeof(p->reference)),
				&bundle))
		placed = place_bundle(o, payee, payees, bundle, p, now, ret);
	else
		placed = place_invoice(o, payee, payees, p, now, ret);
	if (!placed)
		payment_told(o, "", &unclaimed, p->reference, now);
}
