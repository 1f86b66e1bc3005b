/*
 * fuzz_number.c: any text as what a bank, a bookkeeper and the command line hand in: a day, a
 * month, an invoice's number, an OCR reference, the free text of a payment. What is taken, written
 * and read again is the same; what is taken from a free text stands in it.
 */
#include <string.h>

#include "base/check.h"
#include "base/day.h"
#include "books/payment.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct place viken = {"viken"};

static void check_day(const char *text, uint32_t len)
{
	char shown[DAY_TEXT_SIZE];
	int32_t year, month, day;
	struct day d, again;

	if (!day_parse(text, len, &d))
		return;
	CHECK(d.n >= 0 && d.n <= DAY_MAX);
	day_text(d, shown);
	CHECK(len == DAY_TEXT_SIZE - 1 && memcmp(shown, text, len) == 0);
	day_civil(d, &year, &month, &day);
	CHECK(day_of(year, month, day, &again) && again.n == d.n);
	CHECK(period_first(period_of(d)).n == d.n - (day - 1));
}

static void check_period(const char *text, uint32_t len)
{
	char shown[PERIOD_TEXT_SIZE];
	struct period p;

	if (!period_parse(text, len, &p))
		return;
	CHECK(period_valid(p) && period_of(period_first(p)).n == p.n);
	period_text(p, shown);
	CHECK(len == PERIOD_TEXT_SIZE - 1 && memcmp(shown, text, len) == 0);
}

static void check_number(const char *text, uint32_t len)
{
	char shown[NUMBER_TEXT_SIZE], ocr[OCR_TEXT_SIZE];
	struct invoice_id id, again;

	if (!number_parse(viken, text, len, &id))
		return;
	CHECK(number_valid(id) && number_of(number_year(id), number_counter(id)).n == id.n);
	number_text(viken, id, shown);
	CHECK(strlen(shown) == len);
	CHECK(number_parse(viken, shown, len, &again) && again.n == id.n);
	ocr_text(id, ocr);
	CHECK(ocr_parse(ocr, OCR_DIGITS, &again) && again.n == id.n);
}

static void check_ocr(const char *text, uint32_t len)
{
	char digits[OCR_TEXT_SIZE], shown[OCR_TEXT_SIZE];
	uint32_t n = ocr_digits(text, len, digits);
	struct invoice_id id;

	CHECK(n < OCR_TEXT_SIZE);
	if (!ocr_parse(text, len, &id))
		return;
	CHECK(number_valid(id) && n == OCR_DIGITS);
	ocr_text(id, shown);
	CHECK(memcmp(shown, digits, OCR_DIGITS + 1) == 0);
}

static void check_reference(const char *text, uint32_t len)
{
	struct bank_payment payment = {0};
	struct invoice_id id, number;
	char shown[NUMBER_TEXT_SIZE];
	bool within = false;

	if (len > sizeof(payment.reference))
		len = sizeof(payment.reference);
	memcpy(payment.reference, text, len);
	len = (uint32_t)strnlen(payment.reference, len);
	if (payment_reference(viken, payment.reference, &id) != PAYMENT_EXACT)
		return;
	number_text(viken, id, shown);
	for (uint32_t at = 0; at + strlen(shown) <= len; at++)
		within = within || (number_parse(viken, payment.reference + at,
						 (uint32_t)strlen(shown), &number) &&
				    number.n == id.n);
	CHECK(within || (ocr_parse(payment.reference, len, &number) && number.n == id.n));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	uint32_t len = (uint32_t)size;

	if (size == 0 || size > 256)
		return 0;
	check_day(text, len);
	check_period(text, len);
	check_number(text, len);
	check_ocr(text, len);
	check_reference(text, len);
	return 0;
}
