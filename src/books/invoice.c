/*
 * invoice.c: from a household's lines to its invoice, and from the invoice to its paper.
 *
 * The month's lines are added up gross, per VAT rate; each rate gets the net base that comes
 * nearest; the whole is rounded once, to kronor; what is then left over stands in the rounding
 * field. So the member pays what the shelf said, and payable = base + VAT + rounding to the öre.
 *
 * A credit note mirrors: it takes amounts from the invoice and never reckons them anew, so that an
 * invoice and its note leave nothing behind.
 */
#include "books/invoice.h"

#include "base/limits.h"
#include "books/vat.h"

/* Past this no shop's month goes, and below it nothing here can overflow. */
#define SUM_MAX (INT64_MAX / 64)

static bool fits_sum(struct money a)
{
	return money_compare(a, MONEY_ZERO) >= 0 && money_compare(a, money_of(SUM_MAX)) <= 0;
}

static struct money plus(struct money a, struct money b)
{
	struct money sum = MONEY_ZERO;
	bool fits = money_add(a, b, &sum);

	CHECK(fits);
	return sum;
}

static struct money less(struct money a, struct money b)
{
	struct money rest = MONEY_ZERO;
	bool fits = money_sub(a, b, &rest);

	CHECK(fits);
	return rest;
}

bool invoice_add(struct invoice_sum *s, int32_t vat_bp, struct money total, struct money vat_posted)
{
	struct invoice_rate added = {.vat_bp = vat_bp};
	struct money gross;
	uint32_t i = 0;
	bool is_new;

	if (s->lines >= INVOICE_LINES_MAX || vat_bp < 0 || vat_bp > 10000 || !fits_sum(total))
		return false;
	while (i < s->rates && s->rate[i].vat_bp > vat_bp)
		i++;
	is_new = i == s->rates || s->rate[i].vat_bp != vat_bp;
	if (is_new && s->rates >= RATES_MAX)
		return false;
	if (!is_new)
		added = s->rate[i];
	if (!money_add(added.gross, total, &added.gross) || !money_add(s->gross, total, &gross) ||
	    !money_add(added.posted, vat_posted, &added.posted))
		return false;
	if (!fits_sum(gross) || !fits_sum(added.posted))
		return false;
	if (is_new) {
		for (uint32_t j = s->rates++; j > i; j--)
			s->rate[j] = s->rate[j - 1];
	}
	s->rate[i] = added;
	s->gross = gross;
	s->lines++;
	return true;
}

void invoice_make(const struct invoice_sum *s, struct entry_invoice *ret)
{
	struct money sum = MONEY_ZERO;

	CHECK(s->rates <= RATES_MAX && fits_sum(s->gross));
	ret->lines = s->lines;
	ret->rates = s->rates;
	for (uint32_t i = 0; i < RATES_MAX; i++) {
		struct invoice_rate *rate = &ret->rate[i];

		*rate = i < s->rates ? s->rate[i] : (struct invoice_rate){0};
		rate->base = vat_net_base(rate->gross, rate->vat_bp);
		rate->vat = vat_on_top(rate->base, rate->vat_bp);
		sum = plus(sum, plus(rate->base, rate->vat));
	}
	ret->gross = s->gross;
	ret->payable = vat_round_krona(s->gross);
	ret->rounding = less(ret->payable, sum);
}

bool invoice_rolls(struct money gross, struct day oldest, struct period period, struct money least,
		   int32_t months)
{
	if (money_compare(gross, least) >= 0 || months <= 0)
		return false;
	/* in October a line waits its third month when it is of August */
	return oldest.n >= period_first(period_add(period, 1 - months)).n;
}

/* The amounts of one rate, as the paper's lines show them: goods, deposit, goods, deposit … */
static uint32_t gather(const struct paper *p, int32_t vat_bp, struct money *gross)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < p->lines; i++) {
		if (p->line[i].vat_bp == vat_bp) {
			gross[n++] = p->line[i].gross;
			gross[n++] = p->line[i].deposit;
		}
	}
	return n;
}

static bool adds_up(const struct money *part, uint32_t n, struct money to)
{
	struct money sum = MONEY_ZERO;

	for (uint32_t i = 0; i < n; i++) {
		if (!fits_sum(part[i]) || !money_add(sum, part[i], &sum))
			return false;
	}
	return fits_sum(to) && money_compare(sum, to) == 0;
}

static void hand_out(struct paper *p, int32_t vat_bp, const struct money *net)
{
	for (uint32_t i = 0; i < p->lines; i++) {
		if (p->line[i].vat_bp == vat_bp) {
			p->line[i].net = *net++;
			p->line[i].deposit_net = *net++;
		}
	}
}

bool paper_spread(struct paper *p, struct paper_room room)
{
	uint32_t found = 0;

	if (p->lines > INVOICE_LINES_MAX || p->rates > RATES_MAX)
		return false;
	for (uint32_t i = 1; i < p->lines; i++) {
		if (p->line[i].seq <= p->line[i - 1].seq)
			return false;
	}
	for (uint32_t i = 0; i < p->rates; i++) {
		const struct invoice_rate *rate = &p->rate[i];
		uint32_t n = gather(p, rate->vat_bp, room.gross);

		if (n == 0 || (i > 0 && rate->vat_bp >= rate[-1].vat_bp))
			return false;
		if (!adds_up(room.gross, n, rate->gross) || !fits_sum(rate->base) ||
		    money_compare(rate->base, rate->gross) > 0)
			return false;
		vat_spread(rate->base, room.gross, n, room.net, room.order);
		hand_out(p, rate->vat_bp, room.net);
		found += n / 2;
	}
	return found == p->lines;
}

void credit_whole(const struct entry_invoice *i, struct entry_credit_note *ret)
{
	ret->invoice = i->invoice;
	ret->line = 0;
	ret->customer = i->customer;
	ret->rates = i->rates;
	for (uint32_t k = 0; k < RATES_MAX; k++)
		ret->rate[k] = i->rate[k];
	ret->gross = i->gross;
	ret->rounding = i->rounding;
	ret->payable = i->payable;
}

void credit_line(const struct paper_line *l, struct entry_credit_note *ret)
{
	struct invoice_rate rate = {.vat_bp = l->vat_bp};

	rate.gross = plus(l->gross, l->deposit);
	rate.base = plus(l->net, l->deposit_net);
	rate.vat = vat_on_top(rate.base, rate.vat_bp);
	rate.posted = rate.vat;
	ret->line = l->seq;
	ret->rates = 1;
	for (uint32_t k = 0; k < RATES_MAX; k++)
		ret->rate[k] = k == 0 ? rate : (struct invoice_rate){0};
	ret->gross = rate.gross;
	ret->payable = rate.gross;
	ret->rounding = less(rate.gross, plus(rate.base, rate.vat));
}
