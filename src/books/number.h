/* number.h: an invoice's number, as an integer, as text, and as a Bankgiro OCR reference. */
#ifndef SHOP_BOOKS_NUMBER_H
#define SHOP_BOOKS_NUMBER_H

#include "base/limits.h"
#include "base/span.h"
#include "wire/entry.h"

#define INVOICE_COUNTER_MAX 999999

/** Room for "PLACE_MAX_LEN-2026-000123" and its NUL. */
#define NUMBER_TEXT_SIZE (PLACE_MAX_LEN + 13)
/** Longest OCR reference: 25 digits (Bankgirot, OCR-referenskontroll), and its NUL. */
#define OCR_TEXT_SIZE 26

/** number_of - year (1970..9999) and counter (1..INVOICE_COUNTER_MAX) -> id. number_year,
 * number_counter - back. */
struct invoice_id number_of(int32_t year, uint32_t counter);
int32_t number_year(struct invoice_id id);
uint32_t number_counter(struct invoice_id id);

/** number_text - "VIKEN-2026-000123". number_parse - that, in either case, of this shop; false
 * else. */
void number_text(struct place shop, struct invoice_id id, char text[NUMBER_TEXT_SIZE]);
MUST_CHECK bool number_parse(struct place shop, const char *text, uint32_t len,
			     struct invoice_id *ret);

/** ocr_text - year and counter with a length digit ((n + 2) mod 10) and a Luhn check digit: 12
 * digits. */
void ocr_text(struct invoice_id id, char text[OCR_TEXT_SIZE]);
/** ocr_parse - digits, blanks let through; both check digits must hold. False: no reference of
 * ours. */
MUST_CHECK bool ocr_parse(const char *text, uint32_t len, struct invoice_id *ret);

/** luhn_digit - the check digit that belongs behind `len` digits (ISO/IEC 7812-1 annex B), as a
 * character. */
char luhn_digit(const char *digits, uint32_t len);

#endif
