/*
 * payment.c: whose money came in, and what an unpaid invoice calls for.
 *
 * A payment counts only where its reference proves whose it is; a name, an amount that happens to
 * fit, a number with a slip in it prove nothing, and a person decides. No reminder costs more than
 * the law lets it, and being late never does more than keep a member outside.
 */
#include "books/payment.h"

#include <string.h>

#include "base/check.h"

/* Reminder fee at most 60 kr, and only where it was agreed on beforehand (lag 1981:739 § 5,
 * förordning 1981:1057 § 2). */
#define REMINDER_FEE_MAX 6000

const char *payment_match_word(enum payment_match m)
{
	static const char *const words[PAYMENT_MATCHES] = {
		[PAYMENT_EXACT] = "exact",
		[PAYMENT_UNDER] = "under",
		[PAYMENT_OVER] = "over",
		[PAYMENT_ALREADY_PAID] = "already_paid",
		[PAYMENT_UNKNOWN] = "unknown",
		[PAYMENT_BAD_REFERENCE] = "bad_reference",
		[PAYMENT_WRONG_CURRENCY] = "wrong_currency",
	};

	CHECK((unsigned)m < PAYMENT_MATCHES);
	return words[m];
}

const char *reminder_word(enum reminder r)
{
	static const char *const words[REMINDERS] = {
		[REMINDER_NONE] = "none",
		[REMINDER_FIRST] = "first",
		[REMINDER_SECOND] = "second",
		[REMINDER_BAR] = "bar",
	};

	CHECK((unsigned)r < REMINDERS);
	return words[r];
}

/* Whether c could go on a word or a number: then what stands beside it is only a part of that. A
 * byte of UTF-8 past ASCII counts as a letter. */
static bool joins(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       c == '-' || (unsigned char)c >= 0x80;
}

/* The one number of this shop in a text; false for none, and for two that differ. */
static bool number_within(struct place shop, const char *text, uint32_t len, struct invoice_id *ret)
{
	uint32_t want =
		(uint32_t)strnlen(shop.name, PLACE_MAX_LEN) + NUMBER_TEXT_SIZE - PLACE_MAX_LEN - 1;
	struct invoice_id found = {0}, id;

	for (uint32_t at = 0; at + want <= len; at++) {
		if ((at > 0 && joins(text[at - 1])) || (at + want < len && joins(text[at + want])))
			continue;
		if (!number_parse(shop, text + at, want, &id))
			continue;
		if (found.n != 0 && found.n != id.n)
			return false;
		found = id;
	}
	if (found.n == 0)
		return false;
	*ret = found;
	return true;
}

enum payment_match payment_reference(struct place shop, const char *reference,
				     struct invoice_id *ret)
{
	uint32_t len = (uint32_t)strnlen(reference, sizeof(((struct bank_payment *)0)->reference));
	char digits[OCR_TEXT_SIZE];
	uint32_t n;

	if (ocr_parse(reference, len, ret) || number_within(shop, reference, len, ret))
		return PAYMENT_EXACT;
	n = ocr_digits(reference, len, digits);
	/* as long as ours, or with a wrong check digit: ours, or anybody's, with a slip in it */
	if (n == OCR_DIGITS || (n >= 2 && !luhn_holds(digits, n)))
		return PAYMENT_BAD_REFERENCE;
	return PAYMENT_UNKNOWN;
}

enum payment_match payment_judge(const struct owed *owed, struct money amount)
{
	struct money open;
	int order;

	if (!money_sub(owed->payable, owed->paid, &open))
		return PAYMENT_UNKNOWN;
	order = money_compare(amount, open);
	if (order == 0 && money_compare(amount, MONEY_ZERO) != 0)
		return PAYMENT_EXACT;
	if (money_compare(open, MONEY_ZERO) <= 0 && money_compare(amount, MONEY_ZERO) > 0)
		return PAYMENT_ALREADY_PAID;
	return order > 0 ? PAYMENT_OVER : PAYMENT_UNDER;
}

struct reminder_policy reminder_policy_default(void)
{
	return (struct reminder_policy){.first_days = 5,
					.second_days = 15,
					.fee = money_of(REMINDER_FEE_MAX),
					.bar_days = 30};
}

enum reminder reminder_due(const struct reminder_policy *p, const struct owed *owed,
			   struct day today)
{
	int64_t late_days = (int64_t)today.n - owed->due.n;

	/* on the due day itself nobody is late yet, whatever the policy says */
	if (money_compare(owed->paid, owed->payable) >= 0 || late_days <= 0)
		return REMINDER_NONE;
	if (late_days >= p->bar_days)
		return REMINDER_BAR;
	if (late_days >= p->second_days)
		return REMINDER_SECOND;
	return late_days >= p->first_days ? REMINDER_FIRST : REMINDER_NONE;
}
