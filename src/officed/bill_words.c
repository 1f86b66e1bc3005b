/* bill_words.c: what the mail with a month's invoices says, in the member's language. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "officed/bill.h"
#include "paper/pdf_words.h"

static enum language language_of(const struct mailing *m)
{
	return m->papers > 0 ? m->paper[0].parties.language : LANGUAGE_SV;
}

static const char *currency_of(const struct mailing *m)
{
	return m->papers > 0 ? m->paper[0].paper->currency : "";
}

static bool only_notes(const struct mailing *m)
{
	for (uint32_t i = 0; i < m->papers; i++)
		if (!m->paper[i].paper->credit_note)
			return false;
	return true;
}

void bill_subject(const struct mailing *m, char text[BILL_SUBJECT_SIZE])
{
	enum language l = language_of(m);
	char month[PAPER_TEXT_SIZE];
	char number[NUMBER_TEXT_SIZE];
	int len;
	const char *what = only_notes(m)      ? (l == LANGUAGE_SV ? "Kreditfaktura" : "Credit note")
			   : l == LANGUAGE_SV ? "Faktura"
					      : "Invoice";

	if (m->kind != BUNDLE_MONTH && m->papers > 0) {
		number_text(m->paper[0].paper->shop, m->paper[0].paper->id, number);
		snprintf(text, BILL_SUBJECT_SIZE,
			 l == LANGUAGE_SV ? "Påminnelse: faktura %s" : "Reminder: invoice %s",
			 number);
		return;
	}
	paper_month(m->period, l, month);
	len = snprintf(text, BILL_SUBJECT_SIZE, "%s %s", what, month);
	/* a name that does not fit is left out: half a letter would not be UTF-8 */
	if (m->one_seller && m->papers > 0 &&
	    (size_t)len + strlen(m->paper[0].parties.seller.name) + 3 < BILL_SUBJECT_SIZE)
		snprintf(text + len, (size_t)(BILL_SUBJECT_SIZE - len), ", %s",
			 m->paper[0].parties.seller.name);
}

static void say_papers(FILE *out, const struct mailing *m, enum language l)
{
	for (uint32_t i = 0; i < m->papers; i++) {
		const struct paper *p = m->paper[i].paper;
		char number[NUMBER_TEXT_SIZE], price[PAPER_TEXT_SIZE], day[PAPER_TEXT_SIZE];
		struct money payable = p->payable;

		if (p->credit_note)
			CHECK(money_sub(MONEY_ZERO, payable, &payable));
		number_text(p->shop, p->id, number);
		paper_price(payable, p->currency, l, price);
		fprintf(out, "  %s   %s", number, price);
		if (!p->credit_note && p->due.n != 0) {
			paper_day(p->due, l, day);
			fprintf(out, l == LANGUAGE_SV ? "   senast %s" : "   by %s", day);
		}
		fprintf(out, "   (%s)\n", m->paper[i].parties.seller.name);
	}
}

static void say_account(FILE *out, const struct party *seller, enum language l)
{
	char text[PAPER_TEXT_SIZE];

	if (seller->bankgiro[0]) {
		paper_giro(seller->bankgiro, text);
		fprintf(out, l == LANGUAGE_SV ? "  bankgiro %s\n" : "  Bankgiro %s\n", text);
	} else if (seller->plusgiro[0]) {
		paper_plusgiro(seller->plusgiro, text);
		fprintf(out, l == LANGUAGE_SV ? "  plusgiro %s\n" : "  Plusgiro %s\n", text);
	} else if (seller->iban[0]) {
		paper_fours(seller->iban, text);
		fprintf(out, "  IBAN %s\n", text);
	}
}

/* How to pay: all at once where one seller sends it all, else each by its own reference. */
static void say_payment(FILE *out, const struct mailing *m, enum language l)
{
	char price[PAPER_TEXT_SIZE], reference[OCR_TEXT_SIZE];
	bool sv = l == LANGUAGE_SV;

	if (money_compare(m->payable, MONEY_ZERO) <= 0) {
		fputs(sv ? "Det finns inget att betala.\n" : "There is nothing to pay.\n", out);
		return;
	}
	paper_price(m->payable, currency_of(m), l, price);
	fprintf(out, sv ? "Att betala: %s\n" : "To pay: %s\n", price);
	if (m->papers == 1) {
		ocr_text(m->paper[0].paper->id, reference);
	} else if (m->one_seller) {
		fputs(sv ? "Allt kan betalas på en gång:\n" : "It can all be paid at once:\n", out);
		bundle_reference(m->bundle, reference);
	} else {
		fputs(sv ? "Betala varje faktura för sig, med numret som står på den.\n"
			 : "Pay each invoice by itself, with the number that stands on it.\n",
		      out);
		return;
	}
	say_account(out, &m->paper[0].parties.seller, l);
	fprintf(out, sv ? "  OCR-nummer %s\n" : "  payment reference %s\n", reference);
}

static void say_sellers(FILE *out, const struct mailing *m)
{
	for (uint32_t i = 0; i < m->papers; i++) {
		const struct party *s = &m->paper[i].parties.seller;
		bool said = false;

		for (uint32_t before = 0; before < i; before++)
			said = said || strcmp(m->paper[before].parties.seller.name, s->name) == 0;
		if (said)
			continue;
		fprintf(out, "\n%s\n%s%s%s %s\n", s->name, s->street, s->street[0] ? "\n" : "",
			s->postcode, s->city);
		if (s->email[0])
			fprintf(out, "%s\n", s->email);
		if (s->phone[0])
			fprintf(out, "%s\n", s->phone);
	}
}

/* Nobody is accused: most who have not paid have forgotten, or the money is on its way. */
static void say_reminder(FILE *out, const struct mailing *m, bool sv)
{
	if (m->kind == BUNDLE_FIRST)
		fputs(sv ? "vi har inte sett någon betalning för den här fakturan ännu. Är den på "
			   "väg får\n"
			   "du bortse från det här brevet.\n\n"
			 : "we have not seen a payment for this invoice yet. If it is on its way, "
			   "please\n"
			   "take no notice of this mail.\n\n",
		      out);
	else
		fputs(sv ? "fakturan är fortfarande inte betald. Hör av dig till butiken om något "
			   "är fel\n"
			   "eller svårt. Utan betalning stängs dörren för dig tills den är "
			   "gjord.\n\n"
			 : "this invoice is still not paid. Please tell the shop if anything is "
			   "wrong or\n"
			   "hard. Without a payment the door stays shut for you until it is "
			   "made.\n\n",
		      out);
}

char *bill_text(const struct mailing *m)
{
	enum language l = language_of(m);
	bool sv = l == LANGUAGE_SV, notes = only_notes(m);
	char month[PAPER_TEXT_SIZE], *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	CHECK(out);
	paper_month(m->period, l, month);
	fprintf(out, sv ? "Hej %s,\n\n" : "Hello %s,\n\n",
		m->papers > 0 ? m->paper[0].parties.buyer.name : "");
	if (m->kind != BUNDLE_MONTH)
		say_reminder(out, m, sv);
	else if (notes)
		fprintf(out,
			sv ? "här är din kreditfaktura för %s:\n\n"
			   : "here is your credit note for %s:\n\n",
			month);
	else
		fprintf(out,
			sv ? "här är vad du har handlat i %s:\n\n"
			   : "here is what you bought in %s:\n\n",
			month);
	say_papers(out, m, l);
	fputs("\n", out);
	if (!notes)
		say_payment(out, m, l);
	fputs(sv ? "\nVarje rad står i bilagan. Är något fel? Svara på det här brevet, eller "
		   "anmäl\n"
		   "raden i appen.\n"
		 : "\nEvery line is in the attached document. Is anything wrong? Reply to this "
		   "mail, or\n"
		   "report the line in the app.\n",
	      out);
	say_sellers(out, m);
	CHECK(fclose(out) == 0);
	return text;
}
