/* test_payqr.c: what the payment codes say, letter by letter, and when there is none. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <jansson.h>

#include "paper/payqr.h"
#include "paper_made.h"

#define CONSUMER "tests/data/parties/consumer.json"
#define BUSINESS "tests/data/parties/business.json"
#define EURO	 "tests/data/parties/euro.json"

static struct made m;
static struct parties parties;
static char text[PAYQR_SIZE];

static void begin(const char *path, int64_t payable)
{
	made_begin(&m);
	made_parties(path, &parties);
	m.paper.payable = money_of(payable);
	memset(text, '#', sizeof(text));
}

static void kronor(void **state)
{
	(void)state;
	begin(CONSUMER, 12300);
	assert_int_equal(payqr_text(&m.paper, &parties, text), 0);
	assert_string_equal(
		text, "{\"uqr\":1,\"tp\":1,\"nme\":\"P\\u00e5hittade Bodens Lanthandel AB\","
		      "\"cid\":\"559900-0006\",\"iref\":\"202600012324\",\"idt\":\"20260501\","
		      "\"ddt\":\"20260531\",\"due\":123.00,\"cur\":\"SEK\",\"pt\":\"BG\","
		      "\"acc\":\"991-2346\"}");
}

static void a_giro_of_each_kind(void **state)
{
	(void)state;
	begin(CONSUMER, 5);
	parties.seller.bankgiro[0] = '\0';
	assert_int_equal(payqr_text(&m.paper, &parties, text), 0);
	assert_non_null(
		strstr(text, "\"due\":0.05,\"cur\":\"SEK\",\"pt\":\"PG\",\"acc\":\"123456-6\"}"));
	begin(BUSINESS, 100);
	snprintf(parties.seller.bankgiro, sizeof(parties.seller.bankgiro), "12345678");
	assert_int_equal(payqr_text(&m.paper, &parties, text), 0);
	assert_non_null(strstr(text, "\"acc\":\"1234-5678\"}"));
	parties.seller.bankgiro[0] = '\0';
	assert_int_equal(payqr_text(&m.paper, &parties, text), 0);
	assert_non_null(strstr(text, "\"pt\":\"IBAN\",\"acc\":\"SE4550000000058398257466\","
				     "\"bc\":\"ABCDSEAB\"}"));
}

static void euros(void **state)
{
	(void)state;
	begin(EURO, 1250);
	snprintf(m.paper.currency, sizeof(m.paper.currency), "EUR");
	assert_int_equal(payqr_text(&m.paper, &parties, text), 0);
	assert_string_equal(text, "BCD\n002\n1\nSCT\nABCDFIHH\nMade-up Island Shop\n"
				  "FI2112345600000785\nEUR12.50\n\n\n202600012324");
	parties.seller.bic[0] = '\0';
	assert_int_equal(payqr_text(&m.paper, &parties, text), 0);
	assert_non_null(strstr(text, "SCT\n\nMade-up"));
	m.paper.payable = money_of(99999999999);
	assert_int_equal(payqr_text(&m.paper, &parties, text), 0);
	assert_non_null(strstr(text, "\nEUR999999999.99\n"));
	m.paper.payable = money_of(100000000000);
	assert_int_equal(payqr_text(&m.paper, &parties, text), -EINVAL);
}

/* The longest names that a party file takes, and letters that JSON or a QR code minds. */
static void long_and_strange_names(void **state)
{
	static const char *const units[] = {"ö", "\"", "\\", "😀", "a", "ﬁ"};
	json_error_t error;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(units); i++) {
		begin(BUSINESS, 9223372036854775807);
		parties.seller.name[0] = '\0';
		while (strlen(parties.seller.name) + strlen(units[i]) <= PARTY_TEXT_MAX)
			strncat(parties.seller.name, units[i],
				PARTY_TEXT_MAX - strlen(parties.seller.name));
		parties.seller.bankgiro[0] = '\0';
		assert_int_equal(payqr_text(&m.paper, &parties, text), 0);
		for (const char *c = text; *c; c++)
			assert_true(*c >= 0x20 && *c < 0x7f);
		json_t *json = json_loads(text, JSON_DISABLE_EOF_CHECK, &error);
		assert_non_null(json);
		assert_int_equal(strncmp(json_string_value(json_object_get(json, "nme")), units[i],
					 strlen(units[i])),
				 0);
		json_decref(json);

		snprintf(m.paper.currency, sizeof(m.paper.currency), "EUR");
		m.paper.payable = money_of(1);
		assert_int_equal(payqr_text(&m.paper, &parties, text), 0);
		assert_true(strlen(text) <= 331);
	}
}

static void no_code(void **state)
{
	(void)state;
	begin(CONSUMER, 100);
	m.paper.credit_note = true;
	assert_int_equal(payqr_text(&m.paper, &parties, text), -EINVAL);
	begin(CONSUMER, 0);
	assert_int_equal(payqr_text(&m.paper, &parties, text), -EINVAL);
	begin(CONSUMER, -100);
	assert_int_equal(payqr_text(&m.paper, &parties, text), -EINVAL);
	begin(CONSUMER, 100);
	parties.seller.bankgiro[0] = parties.seller.plusgiro[0] = '\0';
	assert_int_equal(payqr_text(&m.paper, &parties, text), -EINVAL);
	begin(CONSUMER, 100);
	parties.seller.organisation_number[0] = '\0';
	assert_int_equal(payqr_text(&m.paper, &parties, text), -EINVAL);
	begin(CONSUMER, 100);
	snprintf(m.paper.currency, sizeof(m.paper.currency), "EUR");
	assert_int_equal(payqr_text(&m.paper, &parties, text), -EINVAL);
	snprintf(m.paper.currency, sizeof(m.paper.currency), "NOK");
	assert_int_equal(payqr_text(&m.paper, &parties, text), -EINVAL);
	assert_int_equal(text[0], '#'); /* untouched */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kronor),  cmocka_unit_test(a_giro_of_each_kind),
		cmocka_unit_test(euros),   cmocka_unit_test(long_and_strange_names),
		cmocka_unit_test(no_code),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
