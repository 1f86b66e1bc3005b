/* test_gateway_said.c: what gateways say of texts they took and texts that came in, in the shapes
 * of their documentation, and in none. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/utf8.h"
#include "net/sms_gateway.h"

enum {
	ELKS = 0,
	TWILIO = 1,
	TEXTS = 4,
};

static struct gateway gateway_of(uint32_t preset)
{
	struct gateway g = {.preset = preset, .user = "u1", .from = "+46766861000"};

	assert_null(gateway_address(&g, ""));
	return g;
}

static struct http_answer said(long status, const char *body)
{
	return (struct http_answer){.status = status,
				    .whole = true,
				    .trouble = "",
				    .retry_after_s = -1,
				    .body = {(const uint8_t *)body, (uint32_t)strlen(body)}};
}

static void assert_id(uint32_t preset, long status, const char *body, const char *want)
{
	struct gateway g = gateway_of(preset);
	struct http_answer answer = said(status, body);
	char id[GATEWAY_ID_MAX + 1];

	gateway_id(&g, &answer, id);
	assert_string_equal(id, want);
}

static void names_of_texts(void **state)
{
	char longest[GATEWAY_ID_MAX + 1], beyond[128];

	(void)state;
	assert_id(ELKS, 200,
		  "{\"status\":\"created\",\"id\":\"s3633fa8e62f823e52fbc67ebf6925ab5\"}",
		  "s3633fa8e62f823e52fbc67ebf6925ab5");
	assert_id(TWILIO, 201, "{\"sid\":\"SM0123\",\"status\":\"queued\"}", "SM0123");
	assert_id(ELKS, 200, "{\"sid\":\"SM0123\"}", "");
	assert_id(ELKS, 200, "{\"id\":12}", "");
	assert_id(ELKS, 200, "{\"id\":\"\"}", "");
	assert_id(ELKS, 200, "{\"id\":\"../../me\"}", "");
	assert_id(ELKS, 200, "{\"id\":\"s1?x=y\"}", "");
	assert_id(ELKS, 200, "{\"id\":\"s1\",\"id\":\"s2\"}", "");
	assert_id(ELKS, 200, "[\"id\"]", "");
	assert_id(ELKS, 200, "", "");
	assert_id(ELKS, 500, "{\"id\":\"s1\"}", "");
	snprintf(longest, sizeof(longest), "%0*d", GATEWAY_ID_MAX, 7);
	snprintf(beyond, sizeof(beyond), "{\"id\":\"%s\"}", longest);
	assert_id(ELKS, 200, beyond, longest);
	snprintf(beyond, sizeof(beyond), "{\"id\":\"%0*d\"}", GATEWAY_ID_MAX + 1, 7);
	assert_id(ELKS, 200, beyond, "");
}

static void where_to_ask(void **state)
{
	struct gateway elks = gateway_of(ELKS), twilio = gateway_of(TWILIO);
	char url[HTTP_URL_MAX + 1];

	(void)state;
	assert_true(gateway_status_url(&elks, "s12", url));
	assert_string_equal(url, "https://api.46elks.com/a1/sms/s12");
	assert_true(gateway_inbox_url(&elks, 20, url));
	assert_string_equal(url, "https://api.46elks.com/a1/sms?limit=20");
	assert_true(gateway_status_url(&twilio, "SM12", url));
	assert_string_equal(url,
			    "https://api.twilio.com/2010-04-01/Accounts/u1/Messages/SM12.json");
	assert_true(gateway_inbox_url(&twilio, 20, url));
	assert_string_equal(url, "https://api.twilio.com/2010-04-01/Accounts/u1/Messages.json"
				 "?To=%2B46766861000&PageSize=20");
	assert_false(gateway_status_url(&elks, "", url));
	assert_false(gateway_status_url(&elks, "a/b", url));
	snprintf(twilio.url, sizeof(twilio.url), "https://example.org/texts");
	assert_false(gateway_status_url(&twilio, "SM12", url));
	memset(elks.url, 'a', HTTP_URL_MAX);
	assert_false(gateway_status_url(&elks, "s12", url));
	assert_false(gateway_inbox_url(&elks, 20, url));
	snprintf(twilio.from, sizeof(twilio.from), "Viken");
	assert_false(gateway_inbox_url(&twilio, 20, url)); /* nobody can answer to a name */
}

static enum sms_delivery status_of(uint32_t preset, long status, const char *body)
{
	struct gateway g = gateway_of(preset);
	struct http_answer answer = said(status, body);

	return gateway_status(&g, &answer);
}

static void what_became_of_it(void **state)
{
	struct gateway g = gateway_of(ELKS);
	struct http_answer cut_off = said(200, "{\"status\":\"delivered\"}");

	(void)state;
	assert_int_equal(status_of(ELKS, 200, "{\"status\":\"created\"}"), DELIVERY_WAITING);
	assert_int_equal(status_of(ELKS, 200, "{\"status\":\"sent\"}"), DELIVERY_WAITING);
	assert_int_equal(status_of(ELKS, 200, "{\"status\":\"delivered\"}"), DELIVERY_DONE);
	assert_int_equal(status_of(ELKS, 200, "{\"status\":\"failed\"}"), DELIVERY_FAILED);
	assert_int_equal(status_of(TWILIO, 200, "{\"status\":\"queued\"}"), DELIVERY_WAITING);
	assert_int_equal(status_of(TWILIO, 200, "{\"status\":\"undelivered\"}"), DELIVERY_FAILED);
	assert_int_equal(status_of(TWILIO, 200, "{\"status\":\"read\"}"), DELIVERY_DONE);
	assert_int_equal(status_of(TWILIO, 200, "{\"status\":\"a new word\"}"), DELIVERY_WAITING);
	assert_int_equal(status_of(ELKS, 200, "{\"status\":true}"), DELIVERY_UNKNOWN);
	assert_int_equal(status_of(ELKS, 200, "{}"), DELIVERY_UNKNOWN);
	assert_int_equal(status_of(ELKS, 404, "{\"status\":\"delivered\"}"), DELIVERY_UNKNOWN);
	assert_int_equal(status_of(ELKS, 200, "<html>"), DELIVERY_UNKNOWN);
	cut_off.whole = false;
	assert_int_equal(gateway_status(&g, &cut_off), DELIVERY_UNKNOWN);
}

static int inbox_of(uint32_t preset, const char *body, struct gateway_text texts[TEXTS])
{
	struct gateway g = gateway_of(preset);
	struct http_answer answer = said(200, body);

	memset(texts, 0x55, TEXTS * sizeof(*texts));
	return gateway_inbox(&g, &answer, texts, TEXTS);
}

static void what_came_in(void **state)
{
	struct gateway_text t[TEXTS];

	(void)state;
	assert_int_equal(inbox_of(ELKS,
				  "{\"data\":[{\"id\":\"s9\",\"direction\":\"incoming\","
				  "\"from\":\"+46701234567\",\"to\":\"+46766861000\","
				  "\"created\":\"2016-08-18T09:55:31.116000\","
				  "\"message\":\"123456 är på väg\"},"
				  "{\"id\":\"s8\",\"direction\":\"outgoing\",\"message\":\"x\"}]}",
				  t),
			 1);
	assert_string_equal(t[0].id, "s9");
	assert_string_equal(t[0].from, "+46701234567");
	assert_string_equal(t[0].text, "123456 är på väg");
	assert_true(t[0].at_ms == INT64_C(1471514131116));
	assert_int_equal(inbox_of(TWILIO,
				  "{\"messages\":[{\"sid\":\"SM1\",\"direction\":\"inbound\","
				  "\"from\":\"ICA\","
				  "\"to\":\"+46766861000\",\"body\":\"hej\","
				  "\"date_sent\":\"Thu, 18 Aug 2016 09:55:31 +0000\"}]}",
				  t),
			 1);
	assert_string_equal(t[0].from, ""); /* no number: nobody's */
	assert_true(t[0].at_ms == INT64_C(1471514131000));
}

/* One text of a list that has `field` as `value` (JSON). */
static int odd(const char *field, const char *value, struct gateway_text t[TEXTS])
{
	static const char *const names[] = {"id", "direction", "from", "to", "created", "message"};
	static const char *const good[] = {"\"s1\"",	       "\"incoming\"", "\"+46701234567\"",
					   "\"+46766861000\"", "\"\"",	       "\"123456\""};
	char *body = malloc(1 << 21);
	int n, count;

	assert_non_null(body);
	n = snprintf(body, 1 << 21, "{\"data\":[{");
	for (size_t i = 0; i < 6; i++)
		n += snprintf(body + n, (1 << 21) - (size_t)n, "%s\"%s\":%s", i ? "," : "",
			      names[i], strcmp(names[i], field) == 0 ? value : good[i]);
	snprintf(body + n, 16, "}]}");
	count = inbox_of(ELKS, body, t);
	free(body);
	return count;
}

static void hostile_texts(void **state)
{
	struct gateway_text t[TEXTS];
	char *long_text = malloc(1 << 20);

	(void)state;
	assert_int_equal(odd("", "", t), 1);
	assert_int_equal(odd("to", "\"+46700000001\"", t), 0); /* another number's */
	assert_int_equal(odd("id", "\"a b\"", t), 0);
	assert_int_equal(odd("direction", "\"outgoing\"", t), 0);
	assert_int_equal(odd("from", "\"+4670123456712345678901234567890\"", t), 1);
	assert_string_equal(t[0].from, "");
	assert_int_equal(odd("from", "{}", t), 1);
	assert_string_equal(t[0].from, "");
	assert_int_equal(
		odd("created", "\"yesterday, at noon, by the clock of the tower over there\"", t),
		1);
	assert_true(t[0].at_ms == 0);
	assert_int_equal(odd("message", "\"a\\r\\nb\\u001b[2J\\u202e\"", t), 1);
	assert_string_equal(t[0].text, "a\r\nb\x1b[2J\xe2\x80\xae"); /* the log escapes */
	assert_int_equal(odd("message", "\"\\u0000\"", t), -EBADMSG);
	/* a megabyte of two-byte letters: cut, between letters */
	assert_non_null(long_text);
	memset(long_text, 0, 1 << 20);
	long_text[0] = '"';
	for (size_t i = 1; i + 3 < 1 << 20; i += 2)
		memcpy(long_text + i, "ö", 2);
	long_text[(1 << 20) - 3] = '"';
	assert_int_equal(odd("message", long_text, t), 1);
	assert_true(strlen(t[0].text) <= GATEWAY_INBOX_TEXT_MAX);
	assert_true(utf8_valid(t[0].text, (uint32_t)strlen(t[0].text)));
	free(long_text);
}

static void lists_that_are_none(void **state)
{
	struct gateway_text t[TEXTS];
	char many[2048] = "{\"data\":[";

	(void)state;
	assert_int_equal(inbox_of(ELKS, "", t), -EBADMSG);
	assert_int_equal(inbox_of(ELKS, "{\"data\":{}}", t), -EBADMSG);
	assert_int_equal(inbox_of(ELKS, "{\"messages\":[]}", t), -EBADMSG);
	assert_int_equal(inbox_of(ELKS, "{\"data\":[]}", t), 0);
	assert_int_equal(inbox_of(ELKS, "{\"data\":[1,null,[]]}", t), 0);
	for (int i = 0; i < 9; i++)
		snprintf(many + strlen(many), sizeof(many) - strlen(many),
			 "%s{\"id\":\"s%d\",\"direction\":\"incoming\",\"to\":\"+46766861000\"}",
			 i ? "," : "", i);
	snprintf(many + strlen(many), 4, "]}");
	assert_int_equal(inbox_of(ELKS, many, t), TEXTS);
	assert_string_equal(t[TEXTS - 1].id, "s3");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_of_texts),    cmocka_unit_test(where_to_ask),
		cmocka_unit_test(what_became_of_it), cmocka_unit_test(what_came_in),
		cmocka_unit_test(hostile_texts),     cmocka_unit_test(lists_that_are_none),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
