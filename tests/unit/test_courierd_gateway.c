/* test_courierd_gateway.c: request shapes, where a request may go, what an answer means. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "courierd/sms.h"

enum {
	ELKS = 0,
	TWILIO = 1
};

static struct gateway gateway_of(uint32_t preset)
{
	struct gateway g = {
		.preset = preset, .user = "AC 1/2", .password = "hush", .from = "Viken"};

	return g;
}

static void assert_body(const struct gateway *g, const char *words, const char *want)
{
	uint8_t bytes[HTTP_POST_MAX];
	struct builder body = builder_of(bytes, sizeof(bytes));

	assert_true(gateway_body(g, "+46701234567", words, &body));
	assert_int_equal(body.len, strlen(want));
	assert_memory_equal(body.data, want, body.len);
}

static void bodies_to_the_byte(void **state)
{
	struct gateway elks = gateway_of(ELKS), twilio = gateway_of(TWILIO);

	(void)state;
	assert_string_equal(gateway_presets[ELKS], "46elks");
	assert_string_equal(gateway_presets[TWILIO], "twilio");
	assert_body(&elks, "dörr & fönster=öppna+50%\n",
		    "from=Viken&to=%2B46701234567&message=d%C3%B6rr%20%26%20f%C3%B6nster%3D%C3%B6"
		    "ppna%2B50%25%0A");
	assert_body(&twilio, "a.b-c_d~e", "From=Viken&To=%2B46701234567&Body=a.b-c_d~e");
	assert_body(&elks, "", "from=Viken&to=%2B46701234567&message=");
}

static void the_longest_text_fits(void **state)
{
	struct gateway g = gateway_of(TWILIO);
	uint8_t bytes[HTTP_POST_MAX];
	struct builder body = builder_of(bytes, sizeof(bytes));
	char words[SMS_TEXT_MAX + 1];

	(void)state;
	memset(words, '\xc3', SMS_TEXT_MAX);
	words[SMS_TEXT_MAX] = '\0';
	assert_true(gateway_body(&g, "+461234567890123", words, &body));
	body = builder_of(bytes, 100);
	assert_false(gateway_body(&g, "+461234567890123", words, &body));
}

static void assert_address(uint32_t preset, const char *url, const char *want)
{
	struct gateway g = gateway_of(preset);

	assert_null(gateway_address(&g, url));
	assert_string_equal(g.url, want);
}

static void addresses(void **state)
{
	struct gateway g = gateway_of(ELKS);
	char url[HTTP_URL_MAX + 1] = "https://";

	(void)state;
	assert_address(ELKS, "", "https://api.46elks.com/a1/sms");
	assert_address(TWILIO, "",
		       "https://api.twilio.com/2010-04-01/Accounts/AC%201%2F2/Messages.json");
	assert_address(ELKS, "http://127.0.0.1:8080", "http://127.0.0.1:8080/a1/sms");
	assert_address(ELKS, "http://[::1]:8080/", "http://[::1]:8080/a1/sms");
	assert_address(TWILIO, "https://sms.example/x", "https://sms.example/x");
	assert_address(TWILIO, "https://sms.example/{user}/x", "https://sms.example/AC%201%2F2/x");
	memset(url + 8, 'a', HTTP_URL_MAX - 8);
	assert_non_null(gateway_address(&g, url));
}

static void where_a_request_may_go(void **state)
{
	static const char *const good[] = {"https://a", "https://a:8/b?c=d#e", "http://127.0.0.1",
					   "http://127.9.9.9:1/x", "http://[::1]:80"};
	static const char *const bad[] = {"",
					  "a",
					  "ftp://a",
					  "HTTPS://a",
					  "file:///etc/passwd",
					  "http://a",
					  "http://localhost",
					  "http://127.0.0.1.example",
					  "http://128.0.0.1",
					  "http://0.0.0.0",
					  "http://[::]",
					  "http://[::1",
					  "http://[::ffff:1.2.3.4]",
					  "http://127.0.0.1@example",
					  "https://user:pw@example",
					  "https://",
					  "https:///x",
					  "https://a b",
					  "https://a\n",
					  "https://a\\b",
					  "https://\xc3\xa5"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(good); i++)
		assert_null(http_url_allowed(good[i]));
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		if (http_url_allowed(bad[i]) == NULL)
			fail_msg("allowed: '%s'", bad[i]);
}

static void what_an_answer_means(void **state)
{
	static const struct {
		long status;
		enum sms_outcome outcome;
	} of[] = {
		{0, SMS_TROUBLE},    {100, SMS_TROUBLE}, {200, SMS_ACCEPTED}, {201, SMS_ACCEPTED},
		{202, SMS_ACCEPTED}, {302, SMS_REFUSED}, {400, SMS_REFUSED},  {401, SMS_REFUSED},
		{403, SMS_REFUSED},  {404, SMS_REFUSED}, {408, SMS_TROUBLE},  {425, SMS_TROUBLE},
		{429, SMS_TROUBLE},  {500, SMS_TROUBLE}, {503, SMS_TROUBLE},  {599, SMS_TROUBLE},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(of); i++)
		assert_int_equal(gateway_outcome(&(struct http_answer){.status = of[i].status}),
				 of[i].outcome);
	/* a body that was cut off changes nothing about a text that was taken */
	assert_int_equal(gateway_outcome(&(struct http_answer){.status = 200, .whole = false}),
			 SMS_ACCEPTED);
}

static void numbers_and_senders(void **state)
{
	(void)state;
	assert_true(phone_valid("+46701234567"));
	assert_true(phone_valid("+123456789012345"));
	assert_false(phone_valid("+1234567890123456"));
	assert_false(phone_valid("+123456"));
	assert_false(phone_valid("+0701234567"));
	assert_false(phone_valid("0701234567"));
	assert_false(phone_valid("+46 70 123 45 67"));
	assert_false(phone_valid("+"));
	assert_false(phone_valid(""));
	assert_true(sender_valid("Viken"));
	assert_true(sender_valid("Shop24"));
	assert_true(sender_valid("+46701234567"));
	assert_false(sender_valid("ByabutikenViken"));
	assert_false(sender_valid("071"));
	assert_false(sender_valid("By bu"));
	assert_false(sender_valid(""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bodies_to_the_byte),
		cmocka_unit_test(the_longest_text_fits),
		cmocka_unit_test(addresses),
		cmocka_unit_test(where_a_request_may_go),
		cmocka_unit_test(what_an_answer_means),
		cmocka_unit_test(numbers_and_senders),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
