/*
 * camt_entry.c: what an entry of a camt.054 means. Money that came in is a credit; a debit that is
 * marked as a reversal is money that had come in and went back. Other debits, and credits that
 * reverse a debit, are the account's own business and nobody's payment. Only booked entries count.
 *
 * An entry may be a batch: its transactions then are the payments, and must come to its amount. A
 * transaction may pay several references: it is divided where each has its amount, and together
 * they are all of it; else nobody can know, and it has none.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "paper/camt_part.h"

#define ROOM_FIRST 16

/* Room for one more of `size` bytes in the caller's array. */
static bool room(struct camt *c, void **array, uint32_t count, uint32_t *ret_room, size_t size)
{
	uint32_t wanted = *ret_room ? *ret_room * 2 : ROOM_FIRST;
	void *more;

	if (count < *ret_room)
		return true;
	more = reallocarray(*array, wanted, size);
	if (!more) {
		if (c->h->error == 0)
			c->h->error = -ENOMEM;
		return false;
	}
	*array = more;
	*ret_room = wanted;
	return true;
}

struct camt_transaction *camt_transaction_begin(struct camt *c)
{
	struct camt_transaction *t;

	if (!room(c, (void **)&c->transaction, c->entry.transactions, &c->transactions_room,
		  sizeof(*t)))
		return NULL;
	t = &c->transaction[c->entry.transactions++];
	*t = (struct camt_transaction){.first_part = c->entry.parts};
	return t;
}

struct camt_part *camt_part_begin(struct camt *c)
{
	struct camt_part *p;

	if (!room(c, (void **)&c->part, c->entry.parts, &c->parts_room, sizeof(*p)))
		return NULL;
	p = &c->part[c->entry.parts++];
	*p = (struct camt_part){.transaction = c->entry.transactions - 1};
	c->transaction[c->entry.transactions - 1].parts++;
	return p;
}

static struct money signed_amount(struct money m, enum side side)
{
	return side == SIDE_DEBIT ? money_of(-money_minor(m)) : m;
}

/* `end_to_end` in the payer's hand may be the same every month, and NtryRef the same in every file:
 * neither tells one payment from another. */
static bool bank_knows_it(const struct camt_entry *e, const struct camt_transaction *t)
{
	return e->bank_id[0] || (t && (t->bank_id[0] || t->transaction_id[0]));
}

static void payment(struct camt *c, const struct camt_transaction *t, uint32_t at,
		    struct money amount, const char *reference)
{
	const struct camt_entry *e = &c->entry;
	struct bank_payment p = {.amount = amount, .booked = e->booked.n ? e->booked : e->valued};
	char place[3 * CAMT_ID_SIZE + 48], bank_ids[2 * CAMT_ID_SIZE], number[16];
	struct identity id = {{"camt", c->account, bank_ids, t ? t->transaction_id : "",
			       t ? t->end_to_end : "", number, place}};

	/* the bank's own name for it is good in any file; else it is its place in this one */
	place[0] = '\0';
	if (!bank_knows_it(e, t))
		snprintf(place, sizeof(place), "%s %s %s %llu", c->message, c->notification,
			 e->reference, (unsigned long long)c->entries);
	snprintf(bank_ids, sizeof(bank_ids), "%s %s", e->bank_id, t ? t->bank_id : "");
	snprintf(number, sizeof(number), "%u", at);
	if (money_compare(amount, MONEY_ZERO) == 0)
		return;
	memcpy(p.currency, e->amount.currency, sizeof(p.currency));
	reference_set(reference, p.reference);
	harvest_add(c->h, p, &id);
}

/* Whether the parts say how the transaction is divided. */
static bool divided(const struct camt *c, const struct camt_transaction *t, struct money amount)
{
	struct money sum = MONEY_ZERO;

	if (t->parts < 2)
		return false;
	for (uint32_t i = t->first_part; i < t->first_part + t->parts; i++) {
		const struct camt_part *p = &c->part[i];

		if (!p->remitted.given || p->reference[0] == '\0' ||
		    strcmp(p->remitted.currency, c->entry.amount.currency) != 0 ||
		    !money_add(sum, p->remitted.amount, &sum))
			return false;
	}
	return money_compare(sum, amount) == 0;
}

/* The one reference of a transaction: the structured one, when all that there are agree; else the
 * text. */
static const char *reference_of(const struct camt *c, const struct camt_transaction *t)
{
	const char *found = "";

	for (uint32_t i = t->first_part; i < t->first_part + t->parts; i++) {
		const char *one = c->part[i].reference;

		if (one[0] && found[0] && strcmp(one, found) != 0)
			return "";
		if (one[0])
			found = one;
	}
	if (found[0])
		return found;
	return t->text_too_long ? "" : t->text;
}

static void transaction(struct camt *c, uint32_t at, struct money amount)
{
	const struct camt_transaction *t = &c->transaction[at];
	enum side side = t->side ? t->side : c->entry.side;

	if (divided(c, t, amount))
		for (uint32_t i = 0; i < t->parts; i++) {
			const struct camt_part *p = &c->part[t->first_part + i];

			payment(c, t, at, signed_amount(p->remitted.amount, side), p->reference);
		}
	else
		payment(c, t, at, signed_amount(amount, side), reference_of(c, t));
}

/* Whether transactions and entry agree: each with an amount in the entry's currency, and Σ of them
 * its own. *ret_whole: the entry has but one, and the amount stands on the entry alone. */
static bool adds_up(struct camt *c, bool *ret_whole)
{
	const struct camt_entry *e = &c->entry;
	struct money sum = MONEY_ZERO;

	*ret_whole = e->transactions == 1 &&
		     (!c->transaction[0].amount.given ||
		      strcmp(c->transaction[0].amount.currency, e->amount.currency) != 0);
	if (e->batch_counted && e->batch_count != e->transactions) {
		harvest_wrong(c->h, "line %llu: the batch is of %llu payments, here are %u",
			      (unsigned long long)e->line, (unsigned long long)e->batch_count,
			      e->transactions);
		return false;
	}
	if (*ret_whole)
		return true;
	for (uint32_t i = 0; i < e->transactions; i++) {
		const struct camt_transaction *t = &c->transaction[i];

		if (!t->amount.given || strcmp(t->amount.currency, e->amount.currency) != 0) {
			harvest_wrong(c->h,
				      "line %llu: payment %u of the batch has no amount in %s",
				      (unsigned long long)e->line, i + 1, e->amount.currency);
			return false;
		}
		if (!money_add(sum, signed_amount(t->amount.amount, t->side ? t->side : e->side),
			       &sum)) {
			harvest_wrong(c->h, "line %llu: the sum is too large",
				      (unsigned long long)e->line);
			return false;
		}
	}
	if (money_compare(sum, signed_amount(e->amount.amount, e->side)) != 0) {
		char has[MONEY_TEXT_SIZE], told[MONEY_TEXT_SIZE];

		money_text(sum, has);
		money_text(signed_amount(e->amount.amount, e->side), told);
		harvest_wrong(c->h, "line %llu: the entry is of %s, its payments come to %s",
			      (unsigned long long)e->line, told, has);
		return false;
	}
	return true;
}

static void count_in(struct camt *c, struct camt_summary *s, struct money m)
{
	s->have_count++;
	if (!money_add(s->have_sum, m, &s->have_sum))
		harvest_wrong(c->h, "line %llu: the sum of all entries is too large",
			      (unsigned long long)c->entry.line);
}

/* What every entry must say. */
static const char *lacks(const struct camt_entry *e)
{
	if (!e->amount.given)
		return "Amt";
	if (e->side == SIDE_NONE)
		return "CdtDbtInd";
	if (!e->status_given)
		return "Sts";
	if (e->booked_status && e->booked.n == 0 && e->valued.n == 0)
		return "BookgDt";
	return NULL;
}

void camt_entry_end(struct camt *c)
{
	const struct camt_entry *e = &c->entry;
	const char *missing = lacks(e);
	bool whole = false;

	c->entries++;
	if (missing) {
		harvest_wrong(c->h, "line %llu: the entry has no %s", (unsigned long long)e->line,
			      missing);
		return;
	}
	count_in(c, &c->all, e->amount.amount);
	count_in(c, e->side == SIDE_CREDIT ? &c->credits : &c->debits, e->amount.amount);
	if (e->transactions > 0 && !adds_up(c, &whole))
		return;
	if (!e->booked_status || e->reversal != (e->side == SIDE_DEBIT))
		return;
	if (e->transactions == 0)
		payment(c, NULL, 0, signed_amount(e->amount.amount, e->side), "");
	else if (whole)
		transaction(c, 0, e->amount.amount);
	else
		for (uint32_t i = 0; i < e->transactions; i++)
			transaction(c, i, c->transaction[i].amount.amount);
}

static void hold(struct camt *c, const struct camt_summary *s, struct money other, const char *name)
{
	char told[MONEY_TEXT_SIZE], has[MONEY_TEXT_SIZE];

	if (s->count_given && s->count != s->have_count)
		harvest_wrong(c->h, "the notification tells of %llu entries (%s), here are %llu",
			      (unsigned long long)s->count, name,
			      (unsigned long long)s->have_count);
	if (!s->sum_given || money_compare(s->sum, s->have_sum) == 0 ||
	    money_compare(s->sum, other) == 0)
		return;
	money_text(s->sum, told);
	money_text(s->have_sum, has);
	harvest_wrong(c->h, "the notification's sum (%s) is %s, its entries come to %s", name, told,
		      has);
}

/* Of all entries together some banks tell the sum of both sides, others what is left between them.
 */
void camt_notification_end(struct camt *c)
{
	struct money net = MONEY_ZERO;

	if (money_compare(c->credits.have_sum, c->debits.have_sum) >= 0)
		(void)!money_sub(c->credits.have_sum, c->debits.have_sum, &net);
	else
		(void)!money_sub(c->debits.have_sum, c->credits.have_sum, &net);
	hold(c, &c->all, net, "TtlNtries");
	hold(c, &c->credits, c->credits.have_sum, "TtlCdtNtries");
	hold(c, &c->debits, c->debits.have_sum, "TtlDbtNtries");
}
