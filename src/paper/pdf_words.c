/*
 * pdf_words.c: the words of an invoice, and numbers as people in each language write them. Amounts
 * are text made of text: money_text() says the digits, and here they only get their separators.
 */
#include "paper/pdf_words.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define NO_BREAK "\xc2\xa0"	/* U+00A0 */
#define MINUS	 "\xe2\x88\x92" /* U+2212 */

static const char *const words[PAPER_WORDS][LANGUAGES] = {
	[WORD_INVOICE] = {"Faktura", "Invoice"},
	[WORD_CREDIT_NOTE] = {"Kreditfaktura", "Credit note"},
	[WORD_PAGE] = {"Sida", "Page"},
	[WORD_OF] = {"av", "of"},
	[WORD_NUMBER] = {"Fakturanummer", "Number"},
	[WORD_ISSUED] = {"Fakturadatum", "Date"},
	[WORD_DUE] = {"Förfallodatum", "Due date"},
	[WORD_PERIOD] = {"Avser köp i", "Purchases of"},
	[WORD_PERIOD_UNTIL] = {"Avser köp t.o.m.", "Purchases until"},
	[WORD_REFERENCE] = {"OCR-nummer", "Reference (OCR)"},
	[WORD_YOUR_REFERENCE] = {"Er referens", "Your reference"},
	[WORD_CUSTOMER] = {"Kund", "Customer"},
	[WORD_ORIGINAL] = {"Krediterar faktura", "Credits invoice"},
	[WORD_REASON] = {"Skäl", "Reason"},
	[WORD_TO_PAY] = {"Att betala", "To pay"},
	[WORD_CREDITED] = {"Krediteras", "Credited"},
	[WORD_NOTHING] = {"Inget att betala", "Nothing to pay"},
	[WORD_LATEST] = {"Senast", "No later than"},
	[WORD_SCAN] =
		{"Läs QR-koden i din banks app: belopp, mottagare och OCR-nummer är ifyllda.",
		 "Scan the QR code in your bank’s app: amount, payee and reference are filled in."},
	[WORD_BY_HAND] = {"Utan QR-kod: skriv in mottagare, belopp och OCR-nummer som här ovan.",
			  "Without the QR code: enter payee, amount and reference as above."},
	[WORD_NOTHING_TO_DO] = {"Du behöver inte göra något.", "There is nothing for you to do."},
	[WORD_DEDUCTED] = {"Beloppet dras av från det du är skyldig, eller står kvar till godo.",
			   "The amount is deducted from what you owe, or stays in your favour."},
	[WORD_ARTICLE] = {"Vara", "Article"},
	[WORD_QUANTITY] = {"Antal", "Quantity"},
	[WORD_PRICE] = {"À-pris", "Unit price"},
	[WORD_DISCOUNT] = {"Rabatt", "Discount"},
	[WORD_DEPOSIT] = {"Pant", "Deposit"},
	[WORD_VAT] = {"Moms", "VAT"},
	[WORD_SUM] = {"Summa", "Sum"},
	[WORD_LATE] = {"inkom sent", "recorded late"},
	[WORD_CONTINUED] = {"forts.", "continued"},
	[WORD_GOODS] = {"Summa varor och pant, inklusive moms", "Goods and deposits, VAT included"},
	[WORD_RATE] = {"Momssats", "VAT rate"},
	[WORD_NET] = {"Netto", "Net"},
	[WORD_GROSS] = {"Brutto", "Gross"},
	[WORD_ROUNDING] = {"Öresavrundning", "Rounding"},
	[WORD_NET_SUM] = {"Summa netto", "Net"},
	[WORD_VAT_SUM] = {"Summa moms", "VAT"},
	[WORD_ORE_NOTE] = {"För vissa belopp finns inget netto som ger exakt samma brutto. "
			   "Skillnaden, något öre, ingår i öresavrundningen.",
			   "For some amounts no net gives exactly the same gross. "
			   "The difference, an öre or so, is part of the rounding."},
	[WORD_ORGANISATION] = {"Org.nr", "Organisation no."},
	[WORD_VAT_NUMBER] = {"Momsreg.nr", "VAT no."},
	[WORD_F_TAX] = {"Godkänd för F-skatt", "Approved for F-tax"},
	[WORD_OFFICE] = {"Säte", "Registered office"},
	[WORD_EMAIL] = {"E-post", "E-mail"},
	[WORD_PHONE] = {"Telefon", "Phone"},
};

const char *paper_word(enum paper_word w, enum language l)
{
	CHECK((uint32_t)w < PAPER_WORDS && (uint32_t)l < LANGUAGES);
	return words[w][l];
}

const char *paper_reason(enum credit_reason r, enum language l)
{
	static const char *const reasons[CREDIT_REASONS][LANGUAGES] = {
		[CREDIT_WRONG_LINE] = {"läst av misstag", "scanned by mistake"},
		[CREDIT_BROKEN] = {"varan var inte hel", "the goods were broken"},
		[CREDIT_PRICE] = {"fel pris", "wrong price"},
		[CREDIT_GOODWILL] = {"av god vilja", "as a courtesy"},
	};

	CHECK((uint32_t)r < CREDIT_REASONS && (uint32_t)l < LANGUAGES);
	return reasons[r][l];
}

/* Appends what fits. */
static void append(char text[PAPER_TEXT_SIZE], const char *more)
{
	size_t at = strlen(text), len = strlen(more);

	if (at + len < PAPER_TEXT_SIZE)
		memcpy(text + at, more, len + 1);
}

/* Appends digits[from .. from + len) alone. */
static void append_some(char text[PAPER_TEXT_SIZE], const char *from, size_t len)
{
	char part[PAPER_TEXT_SIZE];

	CHECK(len < sizeof(part));
	memcpy(part, from, len);
	part[len] = '\0';
	append(text, part);
}

void paper_amount(struct money m, enum language l, char text[PAPER_TEXT_SIZE])
{
	char plain[MONEY_TEXT_SIZE];
	const char *at = plain, *point;

	money_text(m, plain);
	text[0] = '\0';
	if (*at == '-') {
		append(text, MINUS);
		at++;
	}
	point = strchr(at, '.');
	CHECK(point && point > at);
	while (at < point) {
		size_t group = (size_t)(point - at) % 3 ? (size_t)(point - at) % 3 : 3;

		append_some(text, at, group);
		at += group;
		if (at < point)
			append(text, l == LANGUAGE_SV ? NO_BREAK : ",");
	}
	append(text, l == LANGUAGE_SV ? "," : ".");
	append(text, point + 1);
}

void paper_price(struct money m, const char *currency, enum language l, char text[PAPER_TEXT_SIZE])
{
	paper_amount(m, l, text);
	append(text, NO_BREAK);
	append(text, l == LANGUAGE_SV && strcmp(currency, "SEK") == 0 ? "kr" : currency);
}

void paper_quantity(int64_t milli, enum language l, char text[PAPER_TEXT_SIZE])
{
	char point = l == LANGUAGE_SV ? ',' : '.';

	if (milli % 1000 == 0)
		snprintf(text, PAPER_TEXT_SIZE, "%" PRId64, milli / 1000);
	else
		snprintf(text, PAPER_TEXT_SIZE, "%s%" PRId64 "%c%03" PRId64, milli < 0 ? "-" : "",
			 milli < 0 ? -(milli / 1000) : milli / 1000, point,
			 milli < 0 ? -(milli % 1000) : milli % 1000);
}

void paper_rate(int32_t bp, enum language l, char text[PAPER_TEXT_SIZE])
{
	const char *sign = l == LANGUAGE_SV ? NO_BREAK "%" : "%";

	if (bp % 100 == 0)
		snprintf(text, PAPER_TEXT_SIZE, "%" PRId32 "%s", bp / 100, sign);
	else
		snprintf(text, PAPER_TEXT_SIZE, "%" PRId32 "%c%02" PRId32 "%s", bp / 100,
			 l == LANGUAGE_SV ? ',' : '.', bp % 100, sign);
}

static const char *month_name(int32_t month, enum language l)
{
	static const char *const months[12][LANGUAGES] = {
		{"januari", "January"}, {"februari", "February"}, {"mars", "March"},
		{"april", "April"},	{"maj", "May"},		  {"juni", "June"},
		{"juli", "July"},	{"augusti", "August"},	  {"september", "September"},
		{"oktober", "October"}, {"november", "November"}, {"december", "December"},
	};

	CHECK(month >= 1 && month <= 12);
	return months[month - 1][l];
}

void paper_day(struct day d, enum language l, char text[PAPER_TEXT_SIZE])
{
	static const char *const days[7][LANGUAGES] = {
		{"måndag", "Monday"},	 {"tisdag", "Tuesday"}, {"onsdag", "Wednesday"},
		{"torsdag", "Thursday"}, {"fredag", "Friday"},	{"lördag", "Saturday"},
		{"söndag", "Sunday"},
	};
	int32_t year, month, day;

	day_civil(d, &year, &month, &day);
	snprintf(text, PAPER_TEXT_SIZE, "%s %" PRId32 " %s %" PRId32, days[day_weekday(d)][l], day,
		 month_name(month, l), year);
}

void paper_month(struct period p, enum language l, char text[PAPER_TEXT_SIZE])
{
	if (p.n == 0)
		text[0] = '\0';
	else
		snprintf(text, PAPER_TEXT_SIZE, "%s %" PRId32, month_name(p.n % 100, l), p.n / 100);
}

void paper_giro(const char *digits, char text[PAPER_TEXT_SIZE])
{
	size_t len = strlen(digits), tail = 4;

	text[0] = '\0';
	if (len <= tail) {
		append(text, digits);
		return;
	}
	append_some(text, digits, len - tail);
	append(text, "-");
	append(text, digits + len - tail);
}

void paper_plusgiro(const char *digits, char text[PAPER_TEXT_SIZE])
{
	size_t len = strlen(digits);

	text[0] = '\0';
	for (size_t i = 0; i + 1 < len; i++) {
		if (i > 0 && (len - 1 - i) % 2 == 0)
			append(text, NO_BREAK);
		append_some(text, digits + i, 1);
	}
	append(text, "-");
	if (len > 0)
		append(text, digits + len - 1);
}

void paper_fours(const char *characters, char text[PAPER_TEXT_SIZE])
{
	size_t len = strlen(characters);

	text[0] = '\0';
	for (size_t i = 0; i < len; i += 4) {
		append_some(text, characters + i, len - i < 4 ? len - i : 4);
		if (i + 4 < len)
			append(text, NO_BREAK);
	}
}

void paper_organisation(const char *digits, char text[PAPER_TEXT_SIZE])
{
	paper_giro(digits, text);
}
