/*
 * ubl_judge.c: whether a document may be written. The official rules let an error of almost one
 * krona pass (they compare with a slack); here every sum has to hold to the öre, and what a rule
 * would refuse for want of a word is refused before with that word's name.
 */
#include "paper/ubl_part.h"

#include <string.h>

static bool money_is(struct money a, struct money b)
{
	return money_compare(a, b) == 0;
}

/** What Peppol asks for besides (PEPPOL-EN16931-R003, R010, R020). */
static const char *peppol_lacks(const struct parties *p)
{
	if (!p->seller.endpoint[0])
		return "the seller lacks endpoint, which Peppol needs of a business's invoice";
	if (!p->buyer.endpoint[0])
		return "the buyer lacks endpoint, which Peppol needs of a business";
	if (!p->buyer.reference[0])
		return "the buyer lacks reference, which Peppol needs of a business";
	return NULL;
}

/** SE-R-006: a Swedish seller's rates. */
static bool swedish_rate(int32_t vat_bp)
{
	return vat_bp == 0 || vat_bp == 600 || vat_bp == 1200 || vat_bp == 2500;
}

static bool taxed(const struct paper *p)
{
	for (uint32_t i = 0; i < p->rates && i < RATES_MAX; i++)
		if (p->rate[i].vat_bp != 0)
			return true;
	return false;
}

/** What the documents of either profile ask for (BR-S-02, BR-E-02, BR-61). */
static const char *parties_lack(const struct ubl *u, char why[PARTY_WHY_MAX])
{
	const struct party *seller = &u->parties->seller;
	const struct paper *p = u->paper;
	char percent[UBL_PERCENT_SIZE];

	if (!seller->name[0] || !seller->country[0] || !u->parties->buyer.name[0] ||
	    !u->parties->buyer.country[0])
		return "seller and buyer need name and country";
	if (!seller->vat_number[0] && taxed(p))
		return "the seller lacks vat_number, which an invoice with VAT has to bear";
	if (!seller->vat_number[0] && !seller->f_tax)
		return "the seller lacks vat_number, or f_tax where nothing is taxed";
	for (uint32_t i = 0; u->peppol && i < p->rates && i < RATES_MAX; i++) {
		if (strncmp(seller->vat_number, "SE", 2) != 0 || swedish_rate(p->rate[i].vat_bp))
			continue;
		ubl_percent(p->rate[i].vat_bp, percent);
		snprintf(why, PARTY_WHY_MAX, "Peppol takes no VAT of %s %% from a Swedish seller",
			 percent);
		return why;
	}
	bool giro = seller->bankgiro[0] || seller->plusgiro[0];
	if (!p->credit_note && strcmp(p->currency, "SEK") == 0 && !giro && !seller->iban[0])
		return "the seller lacks bankgiro, plusgiro or iban: where is it to be paid?";
	if (!p->credit_note && strcmp(p->currency, "SEK") != 0 && !seller->iban[0])
		return "the seller lacks iban: where is it to be paid?";
	return u->peppol ? peppol_lacks(u->parties) : NULL;
}

/** A billion in whole units: past it a unit price to six places would not fit. */
#define LINE_MINOR_MAX 100000000000

static bool line_net_fits(struct money net)
{
	return money_minor(net) >= 0 && money_minor(net) <= LINE_MINOR_MAX;
}

/** Adds the nets of the lines of one rate; false on overflow or a line that no document can bear.
 */
static bool nets_add(const struct paper *p, int32_t vat_bp, struct money *sum)
{
	for (uint32_t i = 0; i < p->lines; i++) {
		const struct paper_line *l = &p->line[i];

		if (l->quantity_milli <= 0 || !line_net_fits(l->net) ||
		    !line_net_fits(l->deposit_net))
			return false;
		if (l->vat_bp == vat_bp &&
		    (!money_add(*sum, l->net, sum) || !money_add(*sum, l->deposit_net, sum)))
			return false;
	}
	return true;
}

/** One breakdown: its base is its lines' nets, its VAT is that base's. */
static bool rate_holds(const struct paper *p, const struct invoice_rate *r)
{
	struct money nets = MONEY_ZERO, vat;

	return r->vat_bp >= 0 && nets_add(p, r->vat_bp, &nets) && money_is(nets, r->base) &&
	       money_ratio(r->base, r->vat_bp, 10000, &vat) && money_is(vat, r->vat);
}

static bool line_rated(const struct paper *p, int32_t vat_bp)
{
	for (uint32_t i = 0; i < p->rates; i++)
		if (p->rate[i].vat_bp == vat_bp)
			return true;
	return false;
}

static const char *sums_wrong(const struct paper *p, char why[PARTY_WHY_MAX])
{
	struct money sum = MONEY_ZERO;
	char percent[UBL_PERCENT_SIZE];

	if (p->lines == 0 || p->rates == 0 || p->rates > RATES_MAX)
		return "the paper has no lines, or no rates";
	for (uint32_t i = 0; i < p->rates; i++) {
		const struct invoice_rate *r = &p->rate[i];

		if (!rate_holds(p, r) || !money_add(sum, r->base, &sum) ||
		    !money_add(sum, r->vat, &sum)) {
			ubl_percent(r->vat_bp, percent);
			snprintf(why, PARTY_WHY_MAX, "the paper's sums do not hold at %s %%",
				 percent);
			return why;
		}
	}
	for (uint32_t i = 0; i < p->lines; i++)
		if (!line_rated(p, p->line[i].vat_bp))
			return "a line has a rate that the paper does not sum up";
	if (!money_add(sum, p->rounding, &sum))
		return "the paper's rounding is out of all bounds";
	return money_is(sum, p->payable) ? NULL : "what is payable is not the sum of the paper";
}

const char *ubl_wrong(const struct ubl *u, char why[PARTY_WHY_MAX])
{
	const char *lacks = parties_lack(u, why);

	return lacks ? lacks : sums_wrong(u->paper, why);
}
