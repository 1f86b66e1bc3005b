/*
 * test_courierd_group.c: a text about several alarms that has not left when somebody answers the
 * one that it names. shopd tells of the others anew, each by itself or together: this one must not
 * leave any more.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "courierd/sms.h"

static struct sms s;
static const struct mono start = {1000};

static void take(uint64_t alarm, enum text_kind kind)
{
	struct sms_order order = {.name = {.alarm = alarm, .kind = kind, .contact = 0},
				  .severity = SEVERITY_URGENT,
				  .words = "words"};

	assert_true(sms_take(&s, start, &order));
}

static void an_answer_ends_the_text_about_several(void **state)
{
	struct sms_due due;

	(void)state;
	sms_init(&s, start, 1U << SMS_BY_GATEWAY, 1, 1);
	take(4, TEXT_GROUP);
	sms_enough(&s, 4);
	assert_false(sms_next(&s, start, &due));
	take(5, TEXT_RAISED);
	assert_true(sms_next(&s, start, &due));
	assert_int_equal(due.name.alarm, 5);
}

static void what_says_that_it_is_over_leaves_all_the_same(void **state)
{
	struct sms_due due;

	(void)state;
	sms_init(&s, start, 1U << SMS_BY_GATEWAY, 1, 1);
	take(4, TEXT_OVER);
	take(4, TEXT_TAKEN);
	sms_enough(&s, 4);
	assert_true(sms_next(&s, start, &due));
	assert_true(sms_next(&s, start, &due));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_answer_ends_the_text_about_several),
		cmocka_unit_test(what_says_that_it_is_over_leaves_all_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
