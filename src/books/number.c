/*
 * number.c: an invoice's number in its three forms. VIKEN-2026-000123 is what people say; the OCR
 * reference 202600012324 is what they type into their bank, with two digits behind the number by
 * which a slip of the finger is caught: its length, and a Luhn sum.
 *
 * Promises: what is written reads back the same; what is misread is refused and never guessed.
 */
#include "books/number.h"

#include <stdio.h>
#include <string.h>

#include "base/check.h"

#define COUNTERS       1000000
#define YEAR_MIN       1970
#define YEAR_MAX       9999
#define NUMBER_DIGITS  10 /* year and counter */
#define OCR_LENGTH_MAX (OCR_TEXT_SIZE - 1)

struct invoice_id number_of(int32_t year, uint32_t counter)
{
	CHECK(year >= YEAR_MIN && year <= YEAR_MAX);
	CHECK(counter >= 1 && counter <= INVOICE_COUNTER_MAX);
	return (struct invoice_id){(uint64_t)year * COUNTERS + counter};
}

bool number_valid(struct invoice_id id)
{
	uint64_t year = id.n / COUNTERS;

	return year >= YEAR_MIN && year <= YEAR_MAX && id.n % COUNTERS != 0;
}

int32_t number_year(struct invoice_id id)
{
	return number_valid(id) ? (int32_t)(id.n / COUNTERS) : 0;
}

uint32_t number_counter(struct invoice_id id)
{
	return number_valid(id) ? (uint32_t)(id.n % COUNTERS) : 0;
}

/* Locale has no say in what is a letter here. */
static char upper(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

void number_text(struct place shop, struct invoice_id id, char text[NUMBER_TEXT_SIZE])
{
	shop.name[PLACE_MAX_LEN] = '\0';
	snprintf(text, NUMBER_TEXT_SIZE, "%s-%04u-%06u", shop.name,
		 (unsigned)number_year(id) % 10000, number_counter(id) % COUNTERS);
	for (char *c = text; *c != '\0'; c++)
		*c = upper(*c);
}

static bool digits(const char *text, uint32_t len, uint64_t *ret)
{
	uint64_t value = 0;

	for (uint32_t i = 0; i < len; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		value = value * 10 + (uint64_t)(text[i] - '0');
	}
	*ret = value;
	return true;
}

bool number_parse(struct place shop, const char *text, uint32_t len, struct invoice_id *ret)
{
	uint32_t name_len = (uint32_t)strnlen(shop.name, PLACE_MAX_LEN);
	uint64_t year, counter;
	struct invoice_id id;

	if (name_len == 0 || len != name_len + NUMBER_TEXT_SIZE - PLACE_MAX_LEN - 1)
		return false;
	for (uint32_t i = 0; i < name_len; i++) {
		if (upper(text[i]) != upper(shop.name[i]))
			return false;
	}
	text += name_len;
	if (text[0] != '-' || text[5] != '-')
		return false;
	if (!digits(text + 1, 4, &year) || !digits(text + 6, 6, &counter))
		return false;
	id.n = year * COUNTERS + counter;
	if (!number_valid(id))
		return false;
	*ret = id;
	return true;
}

char luhn_digit(const char *text, uint32_t len)
{
	uint32_t sum = 0;

	for (uint32_t i = 0; i < len; i++) {
		uint32_t digit = (uint32_t)(text[len - 1 - i] - '0');

		CHECK(digit <= 9);
		if (i % 2 == 0) /* the last counts twice, and every other before it */
			digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
		sum += digit;
	}
	return (char)('0' + (10 - sum % 10) % 10);
}

bool luhn_holds(const char *text, uint32_t len)
{
	return len >= 2 && luhn_digit(text, len - 1) == text[len - 1];
}

void ocr_text(struct invoice_id id, char text[OCR_TEXT_SIZE])
{
	CHECK(number_valid(id));
	snprintf(text, OCR_TEXT_SIZE, "%010llu%u", (unsigned long long)id.n, OCR_DIGITS % 10);
	text[OCR_DIGITS - 1] = luhn_digit(text, OCR_DIGITS - 1);
	text[OCR_DIGITS] = '\0';
}

uint32_t ocr_digits(const char *text, uint32_t len, char ret_digits[OCR_TEXT_SIZE])
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < len; i++) {
		if (text[i] == ' ')
			continue;
		if (text[i] < '0' || text[i] > '9' || n == OCR_LENGTH_MAX)
			return 0;
		if (n == 0 && text[i] == '0') /* a bank's field may be filled up in front */
			continue;
		ret_digits[n++] = text[i];
	}
	ret_digits[n] = '\0';
	return n;
}

bool ocr_parse(const char *text, uint32_t len, struct invoice_id *ret)
{
	char number[OCR_TEXT_SIZE];
	uint32_t n = ocr_digits(text, len, number);
	struct invoice_id id;

	if (n != OCR_DIGITS || !luhn_holds(number, n) || number[n - 2] != '0' + OCR_DIGITS % 10)
		return false;
	if (!digits(number, NUMBER_DIGITS, &id.n) || !number_valid(id))
		return false;
	*ret = id;
	return true;
}
