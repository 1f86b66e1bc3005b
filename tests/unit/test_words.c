/* test_words.c: every number has its word and its sentence, and every word leads back. */
#include "base/words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void words_are_the_contract_s(void **state)
{
	(void)state;
	assert_string_equal(verdict_word(VERDICT_ADMITTED), "admitted");
	assert_string_equal(verdict_word(VERDICT_WRONG_AUDIENCE), "wrong_audience");
	assert_string_equal(verdict_word(VERDICT_LEDGER_UNAVAILABLE), "ledger_unavailable");
	assert_string_equal(answer_word(ANSWER_KEY_REUSED), "key_reused");
	assert_string_equal(answer_word(ANSWER_VISIT_OVER), "visit_over");
	assert_string_equal(door_mode_word(DOOR_RELEASED_BY_FIRE), "released_by_fire");
	assert_string_equal(door_physical_word(PHYSICAL_FAULT), "fault");
	assert_string_equal(door_alarm_word(DOOR_HELD_OPEN), "held_open");
	assert_string_equal(condition_word(CONDITION_LEDGER_FAILING), "ledger_failing");
	assert_string_equal(condition_word(CONDITION_SENSOR_FAILING), "sensor_failing");
	assert_string_equal(condition_word(CONDITION_ROSTER_STALE), "roster_stale");
	assert_string_equal(condition_word(CONDITION_OFFICE_REFUSED), "office_refused");
	assert_string_equal(alarm_state_word(ALARM_ACKNOWLEDGED), "acknowledged");
	assert_string_equal(severity_word(SEVERITY_EMERGENCY), "emergency");
	assert_string_equal(visit_end_word(END_SILENCE), "silence");
	assert_string_equal(door_event_word(DOOR_EVENT_FOUND_OPEN), "found_open");
	assert_string_equal(role_word(ROLE_DELIVERY), "delivery");
	assert_string_equal(article_class_word(CLASS_MEDICINE), "medicine");
	assert_string_equal(article_state_word(ARTICLE_RECALLED), "recalled");
	assert_string_equal(vat_class_word(VAT_RESTAURANT), "restaurant");
	assert_string_equal(movement_word(MOVEMENT_OWN_USE), "own_use");
	assert_string_equal(movement_word(MOVEMENT_RETURN), "return");
	assert_string_equal(credit_reason_word(CREDIT_WRONG_LINE), "wrong_line");
	assert_string_equal(trust_word(TRUST_RESTRICTED), "restricted");
	assert_string_equal(check_reason_word(CHECK_LONG_AND_EMPTY), "long_and_empty");
	assert_string_equal(check_state_word(CHECK_WAIVED), "waived");
}

static void verdicts_lead_back(void **state)
{
	enum verdict back;

	(void)state;
	for (int i = 0; i < VERDICTS; i++) {
		assert_true(verdict_parse(verdict_word((enum verdict)i), &back));
		assert_int_equal(back, i);
		for (int j = 0; j < i; j++)
			assert_string_not_equal(verdict_word((enum verdict)i),
						verdict_word((enum verdict)j));
	}
	assert_false(verdict_parse("", &back));
	assert_false(verdict_parse("Admitted", &back));
	assert_false(verdict_parse("admitted ", &back));
}

static void the_other_words_lead_back(void **state)
{
	enum article_class class;
	enum article_state article;
	enum condition condition;
	enum role role;

	(void)state;
	for (int i = 0; i < ARTICLE_CLASSES; i++) {
		assert_true(article_class_parse(article_class_word((enum article_class)i), &class));
		assert_int_equal(class, i);
	}
	for (int i = 0; i < ARTICLE_STATES; i++) {
		assert_true(
			article_state_parse(article_state_word((enum article_state)i), &article));
		assert_int_equal(article, i);
	}
	for (int i = 1; i < CONDITIONS; i++) {
		assert_true(condition_parse(condition_word((enum condition)i), &condition));
		assert_int_equal(condition, i);
	}
	for (int i = 0; i < ROLES; i++) {
		assert_true(role_parse(role_word((enum role)i), &role));
		assert_int_equal(role, i);
	}
	assert_false(condition_parse("none", &condition));
	assert_false(role_parse("root", &role));
	assert_false(article_class_parse("beer", &class));
	assert_false(article_state_parse("gone", &article));
}

#define LEADS_BACK(set, first, count)                                                              \
	for (int i = first; i < (count); i++) {                                                    \
		enum set back;                                                                     \
                                                                                                   \
		assert_true(set##_parse(set##_word((enum set)i), &back));                          \
		assert_int_equal(back, i);                                                         \
	}

static void the_books_words_lead_back(void **state)
{
	enum movement movement;
	enum vat_class class;

	(void)state;
	LEADS_BACK(vat_class, 0, VAT_CLASSES)
	LEADS_BACK(movement, MOVEMENT_DELIVERY, MOVEMENTS)
	LEADS_BACK(credit_reason, 0, CREDIT_REASONS)
	LEADS_BACK(trust, 0, TRUSTS)
	LEADS_BACK(check_state, 0, CHECK_STATES)
	assert_false(movement_parse("none", &movement)); /* 0 is none */
	assert_false(vat_class_parse("", &class));
	for (int i = 0; i < CHECK_REASONS; i++)
		for (int j = 0; j < i; j++)
			assert_string_not_equal(check_reason_word((enum check_reason)i),
						check_reason_word((enum check_reason)j));
}

/* None is without a word, and no two have the same. */
#define DIFFER(set, first, count)                                                                  \
	for (int i = first; i < (count); i++) {                                                    \
		assert_non_null(set##_word((enum set)i));                                          \
		assert_true(set##_word((enum set)i)[0] >= 'a');                                    \
		for (int j = first; j < i; j++)                                                    \
			assert_string_not_equal(set##_word((enum set)i), set##_word((enum set)j)); \
	}

static void alarms_have_words(void **state)
{
	uint32_t doors = 0;

	(void)state;
	DIFFER(condition, 1, CONDITIONS)
	DIFFER(alarm_state, 0, ALARM_STATES)
	DIFFER(severity, 0, SEVERITIES)
	DIFFER(contact_role, 0, CONTACT_ROLES)
	DIFFER(text_kind, 0, TEXT_KINDS)
	DIFFER(sms_road, 0, SMS_ROADS)
	DIFFER(text_outcome, 0, TEXT_OUTCOMES)
	DIFFER(sensor_kind, 0, SENSOR_KINDS)
	DIFFER(sensor_state, 0, SENSOR_STATES)
	assert_string_equal(condition_word(CONDITION_POWER_LOST), "power_lost");
	assert_string_equal(condition_word(CONDITION_SMS_FAILING), "sms_failing");
	assert_string_equal(condition_word(CONDITION_REHEARSAL), "rehearsal");
	assert_string_equal(contact_role_word(CONTACT_NEIGHBOUR), "neighbour");
	assert_string_equal(text_outcome_word(TEXT_STUCK), "stuck");
	assert_string_equal(sms_road_word(SMS_BY_MODEM), "modem");
	assert_string_equal(sensor_state_word(SENSOR_STALE), "stale");
	for (int i = 1; i < CONDITIONS; i++)
		doors += condition_at_door((enum condition)i);
	assert_int_equal(doors, 6);
	assert_true(condition_at_door(CONDITION_HELD_OPEN));
	assert_false(condition_at_door(CONDITION_FREEZER_WARM));
}

/* What happened, and what to do: two languages that are not the same, and end like sentences. */
static void assert_sentences(const char *sv, const char *en)
{
	assert_true(strlen(sv) >= 5 && strlen(en) >= 5);
	assert_string_not_equal(sv, en);
	assert_int_equal(sv[strlen(sv) - 1], '.');
	assert_int_equal(en[strlen(en) - 1], '.');
	assert_null(strchr(en, '_'));
}

static void everything_has_a_sentence(void **state)
{
	(void)state;
	for (int i = 0; i < VERDICTS; i++)
		assert_sentences(verdict_sentence((enum verdict)i, LANGUAGE_SV),
				 verdict_sentence((enum verdict)i, LANGUAGE_EN));
	for (int i = 0; i < ANSWERS; i++)
		assert_sentences(answer_sentence((enum answer)i, LANGUAGE_SV),
				 answer_sentence((enum answer)i, LANGUAGE_EN));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_the_contract_s),
		cmocka_unit_test(verdicts_lead_back),
		cmocka_unit_test(the_other_words_lead_back),
		cmocka_unit_test(the_books_words_lead_back),
		cmocka_unit_test(alarms_have_words),
		cmocka_unit_test(everything_has_a_sentence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
