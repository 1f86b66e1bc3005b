/*
 * ubl.c: a paper as UBL 2.1. A consumer's document claims EN 16931 alone: Peppol's rules ask every
 * buyer for an electronic address that people do not have. A business's claims Peppol BIS Billing
 * 3.0, with the Swedish rules. A credit note has positive amounts and mirrors its invoice.
 *
 * The invoicing period BG-14 spans the days of all lines, so that it covers a line that came late
 * (PEPPOL-EN16931-R110), each line's own day standing on the line.
 */
#include "paper/ubl.h"

#include <errno.h>
#include <string.h>

#include "books/number.h"
#include "paper/ubl_part.h"

#define CORE   "urn:cen.eu:en16931:2017"
#define PEPPOL CORE "#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
#define POACC  "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
#define OASIS  "urn:oasis:names:specification:ubl:schema:xsd:"
#define NAMES(root)                                                                                \
	"xmlns=\"" OASIS root "\" xmlns:cac=\"" OASIS "CommonAggregateComponents-2\" "             \
	"xmlns:cbc=\"" OASIS "CommonBasicComponents-2\""

const char *ubl_say(const struct ubl *u, const char *swedish, const char *english)
{
	return u->parties->language == LANGUAGE_EN ? english : swedish;
}

static const char *reason_say(const struct ubl *u)
{
	switch (u->paper->reason) {
	case CREDIT_WRONG_LINE:
		return ubl_say(u, "felaktig rad", "wrong line");
	case CREDIT_BROKEN:
		return ubl_say(u, "trasig vara", "broken goods");
	case CREDIT_PRICE:
		return ubl_say(u, "fel pris", "wrong price");
	case CREDIT_GOODWILL:
		break;
	}
	return ubl_say(u, "kulans", "goodwill");
}

/** BT-22 of a credit note: what it takes back and why. */
static void note(struct ubl *u, const char *original)
{
	const char *why = u->paper->why ? u->paper->why : "";
	char text[NUMBER_TEXT_SIZE + REASON_MAX + 64];

	snprintf(text, sizeof(text), "%s %s: %s%s%s", ubl_say(u, "Krediterar", "Credits"), original,
		 reason_say(u), why[0] ? ". " : "", why);
	xml_text(&u->x, "cbc:Note", text);
}

static void period(struct ubl *u)
{
	struct day first = DAY_NONE, last = DAY_NONE;

	for (uint32_t i = 0; i < u->paper->lines; i++) {
		struct day d = u->paper->line[i].bought;

		if (d.n && (!first.n || d.n < first.n))
			first = d;
		if (d.n > last.n)
			last = d;
	}
	if (!first.n)
		return;
	xml_open(&u->x, "cac:InvoicePeriod");
	xml_day(&u->x, "cbc:StartDate", first);
	xml_day(&u->x, "cbc:EndDate", last);
	xml_close(&u->x, "cac:InvoicePeriod");
}

static void head(struct ubl *u)
{
	const struct paper *p = u->paper;
	char number[NUMBER_TEXT_SIZE], original[NUMBER_TEXT_SIZE] = "";

	number_text(p->shop, p->id, number);
	xml_text(&u->x, "cbc:CustomizationID", u->peppol ? PEPPOL : CORE);
	if (u->peppol)
		xml_text(&u->x, "cbc:ProfileID", POACC);
	xml_text(&u->x, "cbc:ID", number);
	xml_day(&u->x, "cbc:IssueDate", p->issued);
	if (p->credit_note) {
		number_text(p->shop, p->original, original);
		xml_text(&u->x, "cbc:CreditNoteTypeCode", "381");
		note(u, original);
	} else {
		xml_day(&u->x, "cbc:DueDate", p->due);
		xml_text(&u->x, "cbc:InvoiceTypeCode", "380");
	}
	xml_text(&u->x, "cbc:DocumentCurrencyCode", p->currency);
	xml_text(&u->x, "cbc:BuyerReference", u->parties->buyer.reference);
	period(u);
	if (p->credit_note) {
		xml_open(&u->x, "cac:BillingReference");
		xml_open(&u->x, "cac:InvoiceDocumentReference");
		xml_text(&u->x, "cbc:ID", original);
		xml_close(&u->x, "cac:InvoiceDocumentReference");
		xml_close(&u->x, "cac:BillingReference");
	}
}

/** One account (BG-17). `branch`: the giro that it is of, or a bank's BIC. */
static void account(struct ubl *u, const char *code, const char *id, const char *branch)
{
	char ocr[OCR_TEXT_SIZE];

	if (!id[0])
		return;
	ocr_text(u->paper->id, ocr);
	xml_open(&u->x, "cac:PaymentMeans");
	xml_text(&u->x, "cbc:PaymentMeansCode", code);
	xml_text(&u->x, "cbc:PaymentID", ocr);
	xml_open(&u->x, "cac:PayeeFinancialAccount");
	xml_text(&u->x, "cbc:ID", id);
	xml_text(&u->x, "cbc:Name", u->parties->seller.name);
	if (branch[0]) {
		xml_open(&u->x, "cac:FinancialInstitutionBranch");
		xml_text(&u->x, "cbc:ID", branch);
		xml_close(&u->x, "cac:FinancialInstitutionBranch");
	}
	xml_close(&u->x, "cac:PayeeFinancialAccount");
	xml_close(&u->x, "cac:PaymentMeans");
}

/** How to pay: giros are for kronor; a SEPA transfer (58) for euro, else any transfer (30). */
static void payment(struct ubl *u)
{
	const struct party *seller = &u->parties->seller;
	bool euro = strcmp(u->paper->currency, "EUR") == 0;

	if (u->paper->credit_note) {
		xml_open(&u->x, "cac:PaymentTerms");
		xml_text(&u->x, "cbc:Note",
			 ubl_say(u, "Beloppet dras av från det som är obetalt.",
				 "The amount is set off against what is unpaid."));
		xml_close(&u->x, "cac:PaymentTerms");
		return;
	}
	if (strcmp(u->paper->currency, "SEK") == 0) {
		account(u, "30", seller->bankgiro, "SE:BANKGIRO");
		account(u, "30", seller->plusgiro, "SE:PLUSGIRO");
	}
	account(u, euro ? "58" : "30", seller->iban, seller->bic);
}

void ubl_percent(int32_t vat_bp, char text[UBL_PERCENT_SIZE])
{
	snprintf(text, UBL_PERCENT_SIZE, vat_bp % 100 ? "%d.%02d" : "%d", (int)vat_bp / 100,
		 (int)vat_bp % 100);
}

void ubl_tax(struct ubl *u, const char *element, int32_t vat_bp, bool reason)
{
	char percent[UBL_PERCENT_SIZE];

	ubl_percent(vat_bp, percent);
	xml_open(&u->x, element);
	xml_text(&u->x, "cbc:ID", vat_bp ? "S" : "E");
	xml_text(&u->x, "cbc:Percent", percent);
	if (reason && vat_bp == 0)
		xml_text(&u->x, "cbc:TaxExemptionReason",
			 ubl_say(u, "Undantag från mervärdesskatt", "Exempt from VAT"));
	xml_open(&u->x, "cac:TaxScheme");
	xml_text(&u->x, "cbc:ID", "VAT");
	xml_close(&u->x, "cac:TaxScheme");
	xml_close(&u->x, element);
}

/** The sums over all rates; ubl_wrong() has seen that they fit. */
static void sums(const struct paper *p, struct money *base, struct money *vat)
{
	*base = *vat = MONEY_ZERO;
	for (uint32_t i = 0; i < p->rates; i++) {
		bool fits = money_add(*base, p->rate[i].base, base) &&
			    money_add(*vat, p->rate[i].vat, vat);

		CHECK(fits);
	}
}

static void totals(struct ubl *u)
{
	const struct paper *p = u->paper;
	struct money base, vat, with_vat = MONEY_ZERO;

	sums(p, &base, &vat);
	bool fits = money_add(base, vat, &with_vat);

	CHECK(fits);
	xml_open(&u->x, "cac:TaxTotal");
	xml_money(&u->x, "cbc:TaxAmount", vat);
	for (uint32_t i = 0; i < p->rates; i++) {
		xml_open(&u->x, "cac:TaxSubtotal");
		xml_money(&u->x, "cbc:TaxableAmount", p->rate[i].base);
		xml_money(&u->x, "cbc:TaxAmount", p->rate[i].vat);
		ubl_tax(u, "cac:TaxCategory", p->rate[i].vat_bp, true);
		xml_close(&u->x, "cac:TaxSubtotal");
	}
	xml_close(&u->x, "cac:TaxTotal");
	xml_open(&u->x, "cac:LegalMonetaryTotal");
	xml_money(&u->x, "cbc:LineExtensionAmount", base);
	xml_money(&u->x, "cbc:TaxExclusiveAmount", base);
	xml_money(&u->x, "cbc:TaxInclusiveAmount", with_vat);
	if (money_minor(p->rounding) != 0)
		xml_money(&u->x, "cbc:PayableRoundingAmount", p->rounding);
	xml_money(&u->x, "cbc:PayableAmount", p->payable);
	xml_close(&u->x, "cac:LegalMonetaryTotal");
}

int ubl_write(const struct paper *p, const struct parties *parties, FILE *out,
	      char why[PARTY_WHY_MAX])
{
	struct ubl u = {.x = {.out = out, .currency = p->currency},
			.paper = p,
			.parties = parties,
			.peppol = parties->buyer.business};
	const char *root = p->credit_note ? "CreditNote" : "Invoice";
	char said[PARTY_WHY_MAX];
	const char *wrong = ubl_wrong(&u, said);

	if (wrong) {
		snprintf(why, PARTY_WHY_MAX, "%s", wrong);
		return -EINVAL;
	}
	errno = 0;
	xml_root(&u.x, root, p->credit_note ? NAMES("CreditNote-2") : NAMES("Invoice-2"));
	head(&u);
	ubl_seller(&u);
	ubl_buyer(&u);
	payment(&u);
	totals(&u);
	ubl_lines(&u);
	CHECK(u.x.depth == 1);
	xml_close(&u.x, root);
	if (fflush(out) != 0 || ferror(out))
		return errno ? -errno : -EIO;
	return 0;
}
