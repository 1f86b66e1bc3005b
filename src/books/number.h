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
/** Digits of ours: year, counter, length digit, check digit. */
#define OCR_DIGITS 12

/** number_of - year (1970..9999) and counter (1..INVOICE_COUNTER_MAX), both CHECKed -> id.
 * number_valid - whether an id is made of such a pair. number_year, number_counter - back, 0 where
 * it is not. */
struct invoice_id number_of(int32_t year, uint32_t counter);
bool number_valid(struct invoice_id id);
int32_t number_year(struct invoice_id id);
uint32_t number_counter(struct invoice_id id);

/** number_text - "VIKEN-2026-000123". number_parse - that, in either case, of this shop; false
 * else. */
void number_text(struct place shop, struct invoice_id id, char text[NUMBER_TEXT_SIZE]);
MUST_CHECK bool number_parse(struct place shop, const char *text, uint32_t len,
			     struct invoice_id *ret);

/** ocr_text - year and counter with a length digit ((n + 2) mod 10) and a Luhn check digit: 12
 * digits. A valid id (CHECKed). */
void ocr_text(struct invoice_id id, char text[OCR_TEXT_SIZE]);
/** ocr_parse - digits, blanks and zeros in front let through; both check digits must hold. False:
 * no reference of ours. */
MUST_CHECK bool ocr_parse(const char *text, uint32_t len, struct invoice_id *ret);

/** luhn_digit - the check digit that belongs behind `len` digits (ISO/IEC 7812-1 annex B), as a
 * character. luhn_holds - whether the last of `len` digits is that of those before it. Anything but
 * digits is CHECKed. */
char luhn_digit(const char *digits, uint32_t len);
bool luhn_holds(const char *digits, uint32_t len);

/** ocr_digits - how many digits a reference has without its blanks and the zeros in front of it,
 * and these; 0 for anything but digits and blanks, and for more than 25. */
uint32_t ocr_digits(const char *text, uint32_t len, char ret_digits[OCR_TEXT_SIZE]);

#endif
