/*
 * pdf_words.h: what stands on an invoice, in the languages that people are spoken to in: the words,
 * and how amounts, quantities, days and account numbers are written.
 */
#ifndef SHOP_PAPER_PDF_WORDS_H
#define SHOP_PAPER_PDF_WORDS_H

#include "base/day.h"
#include "base/money.h"
#include "base/words.h"

enum paper_word {
	WORD_INVOICE,
	WORD_CREDIT_NOTE,
	WORD_PAGE,
	WORD_OF,
	WORD_NUMBER,
	WORD_ISSUED,
	WORD_DUE,
	WORD_PERIOD,
	WORD_PERIOD_UNTIL, /* lines of earlier months are on it too */
	WORD_REFERENCE,
	WORD_YOUR_REFERENCE,
	WORD_CUSTOMER,
	WORD_ORIGINAL,
	WORD_REASON,
	WORD_TO_PAY,
	WORD_CREDITED,
	WORD_NOTHING,
	WORD_LATEST,
	WORD_SCAN,
	WORD_BY_HAND,
	WORD_NOTHING_TO_DO,
	WORD_DEDUCTED,
	WORD_ARTICLE,
	WORD_QUANTITY,
	WORD_PRICE,
	WORD_DISCOUNT,
	WORD_DEPOSIT,
	WORD_VAT,
	WORD_SUM,
	WORD_LATE,
	WORD_CONTINUED,
	WORD_GOODS,
	WORD_RATE,
	WORD_NET,
	WORD_GROSS,
	WORD_ROUNDING,
	WORD_NET_SUM,
	WORD_VAT_SUM,
	WORD_ORE_NOTE,
	WORD_ORGANISATION,
	WORD_VAT_NUMBER,
	WORD_F_TAX,
	WORD_OFFICE,
	WORD_EMAIL,
	WORD_PHONE,
};
#define PAPER_WORDS (WORD_PHONE + 1)

/** paper_word - never NULL. paper_reason - why goods were credited. */
const char *paper_word(enum paper_word w, enum language l);
const char *paper_reason(enum credit_reason r, enum language l);

/** Room for any of the texts below, with its NUL. */
#define PAPER_TEXT_SIZE 64

/** paper_amount - "1 234,50" or "1,234.50". paper_price - the same with its currency. */
void paper_amount(struct money m, enum language l, char text[PAPER_TEXT_SIZE]);
void paper_price(struct money m, const char *currency, enum language l, char text[PAPER_TEXT_SIZE]);

/** paper_quantity - thousandths as "2" or "0,482". paper_rate - basis points as "12 %". */
void paper_quantity(int64_t milli, enum language l, char text[PAPER_TEXT_SIZE]);
void paper_rate(int32_t bp, enum language l, char text[PAPER_TEXT_SIZE]);

/** paper_day - "lördag 3 oktober 2026". paper_month - "oktober 2026". */
void paper_day(struct day d, enum language l, char text[PAPER_TEXT_SIZE]);
void paper_month(struct period p, enum language l, char text[PAPER_TEXT_SIZE]);

/** paper_giro - a bankgiro's digits with their hyphen. paper_plusgiro - in pairs. paper_fours - in
 * fours from the left: an IBAN. paper_organisation - 556677-8899. */
void paper_giro(const char *digits, char text[PAPER_TEXT_SIZE]);
void paper_plusgiro(const char *digits, char text[PAPER_TEXT_SIZE]);
void paper_fours(const char *characters, char text[PAPER_TEXT_SIZE]);
void paper_organisation(const char *digits, char text[PAPER_TEXT_SIZE]);

#endif
