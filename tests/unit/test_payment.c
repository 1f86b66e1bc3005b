/* test_payment.c: whose money came in, and what an unpaid invoice calls for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "books/payment.h"

static const struct place viken = {"viken"};

static enum payment_match reference(const char *text, uint64_t *ret)
{
	struct bank_payment p = {0};
	struct invoice_id id = {77};
	enum payment_match match;

	assert_true(strlen(text) < sizeof(p.reference));
	memcpy(p.reference, text, strlen(text));
	match = payment_reference(viken, p.reference, &id);
	*ret = id.n;
	assert_true(match == PAYMENT_EXACT || id.n == 77);
	return match;
}

static void references_that_are_ours(void **state)
{
	static const char *const ours[] = {
		"202600012324",
		"2026 0001 2324",
		"0000000000000202600012324",
		"VIKEN-2026-000123",
		"viken-2026-000123",
		"Viken-2026-000123.",
		"faktura viken-2026-000123, tack!",
		"(VIKEN-2026-000123)",
		"VIKEN-2026-000123 VIKEN-2026-000123",
		"oktober:VIKEN-2026-000123",
	};
	uint64_t id;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(ours); i++) {
		if (reference(ours[i], &id) != PAYMENT_EXACT || id != 2026000123)
			fail_msg("not taken: %s", ours[i]);
	}
}

static void references_that_nobody_guesses(void **state)
{
	static const char *const unknown[] = {
		"",
		" ",
		"0",
		"7",
		"tack",
		"mat i oktober",
		"123455", /* somebody's, and right */
		"VIKEN-2026-000123 VIKEN-2026-000124",
		"VIKEN-2026-0001234",
		"BYVIKEN-2026-000123",
		"xVIKEN-2026-000123",
		"BY-VIKEN-2026-000123",
		"VIKEN-2026-000123-2",
		"VIKEN-2026-00012",
		"VIKEN 2026 000123",
		"\xc3\xb6viken-2026-000123",
		"viken-2026-000123\xc3\xb6",
		"OCR 202600012324",
		"2026-000123",
	};
	static const char *const slips[] = {
		"202600012325",	  "202600012314", "200600012324", "202600021324",   "123451",
		"2026 0001 2325", "2026000123",	  "12",		  "20260001232420", "202600012",
	};
	uint64_t id;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(unknown); i++) {
		if (reference(unknown[i], &id) != PAYMENT_UNKNOWN)
			fail_msg("guessed: %s", unknown[i]);
	}
	for (size_t i = 0; i < ARRAY_LEN(slips); i++) {
		if (reference(slips[i], &id) != PAYMENT_BAD_REFERENCE)
			fail_msg("no slip seen: %s", slips[i]);
	}
}

/* A reference that fills its field to the last byte has no NUL to stop at. */
static void a_field_without_an_end(void **state)
{
	struct bank_payment p;
	struct invoice_id id = {77};

	(void)state;
	memset(&p, 'x', sizeof(p));
	memcpy(p.reference + sizeof(p.reference) - 18, " VIKEN-2026-000123", 18);
	assert_int_equal(payment_reference(viken, p.reference, &id), PAYMENT_EXACT);
	assert_true(id.n == 2026000123);
	memset(p.reference, '1', sizeof(p.reference));
	assert_int_equal(payment_reference(viken, p.reference, &id), PAYMENT_UNKNOWN);
}

static void amounts_that_meet_what_is_owed(void **state)
{
	static const struct {
		int64_t payable, paid, amount;
		enum payment_match match;
	} cases[] = {
		{44100, 0, 44100, PAYMENT_EXACT},
		{44100, 0, 44099, PAYMENT_UNDER},
		{44100, 0, 44101, PAYMENT_OVER},
		{44100, 44000, 100, PAYMENT_EXACT},
		{44100, 44000, 99, PAYMENT_UNDER},
		{44100, 44000, 44100, PAYMENT_OVER},
		{44100, 44100, 1, PAYMENT_ALREADY_PAID},
		{44100, 50000, 44100, PAYMENT_ALREADY_PAID},
		{0, 0, 100, PAYMENT_ALREADY_PAID},
		{44100, 0, 0, PAYMENT_UNDER},
		/* money that goes back */
		{44100, 44200, -100, PAYMENT_EXACT},
		{44100, 44200, -50, PAYMENT_OVER},
		{44100, 44200, -101, PAYMENT_UNDER},
		{44100, 44100, -44100, PAYMENT_UNDER},
		{44100, 0, -1, PAYMENT_UNDER},
		/* what cannot be reckoned a person decides */
		{INT64_MAX, -1, 1, PAYMENT_UNKNOWN},
		{INT64_MIN, 1, 1, PAYMENT_UNKNOWN},
		{INT64_MAX, 0, INT64_MAX, PAYMENT_EXACT},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct owed owed = {.payable = money_of(cases[i].payable),
				    .paid = money_of(cases[i].paid)};

		assert_int_equal(payment_judge(&owed, money_of(cases[i].amount)), cases[i].match);
	}
}

static void reminders_day_by_day(void **state)
{
	struct reminder_policy p = reminder_policy_default();
	struct owed owed = {.payable = money_of(44100)};

	(void)state;
	assert_int_equal(money_minor(p.fee), 6000); /* the most that the law allows */
	assert_true(day_of(2026, 11, 30, &owed.due));
	for (int32_t late = -40; late <= 400; late++) {
		struct day today = {owed.due.n + late};
		enum reminder want = late >= 30	  ? REMINDER_BAR
				     : late >= 15 ? REMINDER_SECOND
				     : late >= 5  ? REMINDER_FIRST
						  : REMINDER_NONE;

		owed.paid = money_of(44099);
		assert_int_equal(reminder_due(&p, &owed, today), want);
		owed.paid = money_of(44100);
		assert_int_equal(reminder_due(&p, &owed, today), REMINDER_NONE);
		owed.paid = money_of(50000);
		assert_int_equal(reminder_due(&p, &owed, today), REMINDER_NONE);
	}
	owed.paid = MONEY_ZERO;
	p.first_days = p.second_days = p.bar_days = 0; /* nobody is late on the due day itself */
	assert_int_equal(reminder_due(&p, &owed, owed.due), REMINDER_NONE);
	assert_int_equal(reminder_due(&p, &owed, (struct day){owed.due.n + 1}), REMINDER_BAR);
	owed.due.n = INT32_MIN;
	assert_int_equal(reminder_due(&p, &owed, (struct day){INT32_MAX}), REMINDER_BAR);
	owed.due.n = INT32_MAX;
	assert_int_equal(reminder_due(&p, &owed, (struct day){INT32_MIN}), REMINDER_NONE);
}

static void words(void **state)
{
	(void)state;
	for (int i = 0; i < PAYMENT_MATCHES; i++) {
		for (int j = 0; j < i; j++)
			assert_string_not_equal(payment_match_word((enum payment_match)i),
						payment_match_word((enum payment_match)j));
	}
	for (int i = 0; i < REMINDERS; i++) {
		for (int j = 0; j < i; j++)
			assert_string_not_equal(reminder_word((enum reminder)i),
						reminder_word((enum reminder)j));
	}
	assert_string_equal(payment_match_word(PAYMENT_WRONG_CURRENCY), "wrong_currency");
	assert_string_equal(reminder_word(REMINDER_BAR), "bar");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(references_that_are_ours),
		cmocka_unit_test(references_that_nobody_guesses),
		cmocka_unit_test(a_field_without_an_end),
		cmocka_unit_test(amounts_that_meet_what_is_owed),
		cmocka_unit_test(reminders_day_by_day),
		cmocka_unit_test(words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
