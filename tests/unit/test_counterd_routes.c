/* test_counterd_routes.c: tokens, lines, visits, products: every route and each of its refusals. */
#include "counterd_house.h"

/* --- tokens --- */

static void admitted_unlocks(void **state)
{
	struct world *w = *state;

	ask_token(w, "/v1/door/front/unlock", 0, 0);
	assert_int_equal(w->status, 200);
	assert_string_equal(text_of(w, "decision"), "admitted");
	assert_string_equal(text_of(w, "visit"), "0000000000001234");
	assert_int_equal(int_of(w, "unlock_ms"), 5000);
	assert_int_equal(json_object_size(w->json), 3);
}

static void every_verdict_has_its_status_and_word(void **state)
{
	static const char *const path[] = {"/v1/door/front/unlock", "/v1/visits", "/v1/session"};
	struct world *w = *state;

	for (uint32_t p = 0; p < ARRAY_LEN(path); p++)
		for (uint8_t v = 1; v < VERDICTS; v++) {
			int status = v == VERDICT_MALFORMED	       ? 400
				     : v == VERDICT_LEDGER_UNAVAILABLE ? 503
								       : 403;

			ask_token(w, path[p], v, 0);
			assert_problem(w, status, verdict_word((enum verdict)v));
		}
}

static void visits_open_and_join(void **state)
{
	struct world *w = *state;

	ask_token(w, "/v1/visits", 0, ANSWER_OK);
	assert_int_equal(w->status, 201);
	assert_string_equal(text_of(w, "visit"), "0000000000001234");
	assert_string_equal(text_of(w, "bearer"), GOOD_SECRET);
	assert_string_equal(text_of(w, "currency"), "SEK");
	assert_string_equal(text_of(w, "prices_as_of"), "2025-11-24T16:00:00.000Z");
	assert_true(json_is_null(json_object_get(w->json, "credit_left_minor")));
	assert_int_equal(json_object_size(w->json), 5);

	ask_token(w, "/v1/visits?join=abcd2345", 0, ANSWER_REPEATED);
	assert_int_equal(w->status, 200);
	assert_int_equal(int_of(w, "credit_left_minor"), 777);

	ask_token(w, "/v1/visits?join=ABCD2345", 0, ANSWER_JOIN_CODE_UNKNOWN);
	assert_problem(w, 404, answer_word(ANSWER_JOIN_CODE_UNKNOWN));
	ask_token(w, "/v1/visits", 0, ANSWER_VISIT_FULL);
	assert_problem(w, 409, "visit_full");
	ask_token(w, "/v1/visits?join=", 0, 0);
	assert_problem(w, 400, "malformed");
	ask_token(w, "/v1/visits?join=%41%41%41", 0, 0);
	assert_problem(w, 400, "malformed");
}

static void tokens_are_bounded_and_typed(void **state)
{
	struct world *w = *state;
	uint8_t large[600];

	memset(large, 0, sizeof(large));
	ask_bytes(w, "POST", "/v1/door/front/unlock", COSE, large, 512);
	assert_int_equal(w->status, 200);
	ask_bytes(w, "POST", "/v1/door/front/unlock", COSE, large, 513);
	assert_problem(w, 413, "too_large");
	ask_bytes(w, "POST", "/v1/door/front/unlock", JSON, large, 5);
	assert_problem(w, 415, "unsupported_media_type");
	ask_bytes(w, "POST", "/v1/visits", "", large, 5);
	assert_problem(w, 415, "unsupported_media_type");
	ask_bytes(w, "POST", "/v1/visits", COSE COSE, large, 5);
	assert_problem(w, 415, "unsupported_media_type");
	ask_bytes(w, "POST", "/v1/visits", COSE, large, 0);
	assert_problem(w, 400, "malformed");
	ask_bytes(w, "POST", "/v1/visits",
		  "Content-Type: Application/COSE; cose-type=\"cose-sign1\"\r\n", large, 5);
	assert_int_equal(w->status, 201);
	ask_token(w, "/v1/door/Front/unlock", 0, 0);
	assert_problem(w, 404, "not_found");
	ask_token(w, "/v1/door/frontfrontfrontfront/unlock", 0, 0);
	assert_problem(w, 404, "not_found");
}

/* --- lines --- */

static void lines_are_bought_and_voided(void **state)
{
	struct world *w = *state;

	ask(w, "PUT", VISIT_PATH "/lines/k-1", BEARER JSON,
	    "{\"gtin\":\"7310865004703\",\"quantity\":500,"
	    "\"scanned_at\":\"1970-01-01T00:00:01.234Z\"}");
	assert_int_equal(w->status, 201);
	assert_string_equal(header(w, "Content-Type"), "application/json");
	assert_string_equal(text_of(w, "key"), "k-1");
	assert_string_equal(text_of(w, "gtin"), "7310865004703");
	assert_string_equal(text_of(w, "name"), PLAIN_NAME);
	assert_int_equal(int_of(w, "quantity"), 500);
	assert_int_equal(int_of(w, "unit_price_minor"), 1250);
	assert_int_equal(int_of(w, "total_minor"), 1234); /* the played shopd hands it back */
	assert_int_equal(int_of(w, "vat_bp"), 1200);
	assert_string_equal(text_of(w, "currency"), "SEK");
	assert_int_equal(int_of(w, "visit_total_minor"), 5000);
	assert_true(json_is_false(json_object_get(w->json, "voided")));
	assert_int_equal(int_of(w, "list_price_minor"), 1500);
	assert_int_equal(int_of(w, "deposit_minor"), 100);
	assert_int_equal(json_object_size(w->json), 12);
	ask(w, "PUT", VISIT_PATH "/lines/old", BEARER JSON, "{\"gtin\":\"7310865004703\"}");
	assert_string_equal(text_of(w, "warning"), "past_best_before");
	assert_string_equal(text_of(w, "best_before"), "2025-11-23");
	assert_int_equal(json_object_size(w->json), 14);

	ask(w, "PUT", VISIT_PATH "/lines/a1", BEARER JSON, "{\"gtin\":\"7310865004703\"}");
	assert_int_equal(w->status, 200); /* repeated */
	assert_int_equal(int_of(w, "quantity"), 1000);
	ask(w, "DELETE", VISIT_PATH "/lines/k-1", BEARER, NULL);
	assert_int_equal(w->status, 200);
	assert_true(json_is_true(json_object_get(w->json, "voided")));
	ask(w, "DELETE", VISIT_PATH "/lines/k-1", BEARER JSON, "{}");
	assert_int_equal(w->status, 200);
	ask(w, "DELETE", VISIT_PATH "/lines/k-1", BEARER JSON, "{\"why\":1}");
	assert_problem(w, 400, "malformed");
}

/* Up to SCANNED_MAX characters reach shopd as they were scanned, GS among them; what is no code
 * comes to it as nothing, and is an unknown article there. */
static void what_is_scanned(void **state)
{
	static const char gs1[] = "{\"gtin\":\"010731086500470310L1\\u001d17261130\"}";
	struct line_body body;
	char text[SCANNED_MAX + 40];
	struct span span = {(const uint8_t *)gs1, sizeof(gs1) - 1};

	(void)state;
	assert_true(body_line_parse(span, &body));
	assert_string_equal(body.scanned, "010731086500470310L1\x1d"
					  "17261130");
	for (uint32_t len = SCANNED_MAX - 1; len <= SCANNED_MAX + 1; len++) {
		uint32_t at = (uint32_t)snprintf(text, sizeof(text), "{\"gtin\":\"");

		memset(text + at, '7', len);
		snprintf(text + at + len, sizeof(text) - at - len, "\"}");
		span = (struct span){(const uint8_t *)text, (uint32_t)strlen(text)};
		assert_true(body_line_parse(span, &body));
		assert_int_equal(strlen(body.scanned), len > SCANNED_MAX ? 0 : len);
	}
	span = (struct span){(const uint8_t *)"{\"gtin\":\"73 1\"}", 15};
	assert_true(body_line_parse(span, &body));
	assert_string_equal(body.scanned, "");
}

static void every_answer_has_its_status_and_word(void **state)
{
	static const int status[ANSWERS] = {
		[ANSWER_MALFORMED] = 400,
		[ANSWER_UNAUTHORIZED] = 401,
		[ANSWER_UNKNOWN_VISIT] = 404,
		[ANSWER_UNKNOWN_LINE] = 404,
		[ANSWER_UNKNOWN_ARTICLE] = 404,
		[ANSWER_BARRED_CLASS] = 403,
		[ANSWER_RECALLED] = 403,
		[ANSWER_EXPIRED] = 403,
		[ANSWER_CREDIT_EXHAUSTED] = 403,
		[ANSWER_VISIT_OVER] = 409,
		[ANSWER_VOIDED] = 409,
		[ANSWER_KEY_REUSED] = 422,
		[ANSWER_VISIT_FULL] = 409,
		[ANSWER_LEDGER_UNAVAILABLE] = 503,
		[ANSWER_JOIN_CODE_UNKNOWN] = 404,
		[ANSWER_NO_VISIT] = 404,
		[ANSWER_NO_PASS] = 409,
	};
	struct world *w = *state;
	char path[96];

	for (int a = ANSWER_MALFORMED; a < ANSWERS; a++) {
		snprintf(path, sizeof(path), VISIT_PATH "/lines/a%d", a);
		ask(w, "PUT", path, BEARER JSON, "{\"gtin\":\"1\"}");
		assert_problem(w, status[a], answer_word((enum answer)a));
		ask(w, "DELETE", path, BEARER, NULL);
		assert_problem(w, status[a], answer_word((enum answer)a));
	}
}

static void lines_are_read_strictly(void **state)
{
	static const char *const bad[] = {
		"",
		"{",
		"[]",
		"null",
		"{}",
		"{\"gtin\":7310865004703}",
		"{\"gtin\":null}",
		"{\"gtin\":\"1\",\"gtin\":\"1\"}",
		"{\"gtin\":\"1\",\"price\":1}",
		"{\"gtin\":\"1\",\"quantity\":1.5}",
		"{\"gtin\":\"1\",\"quantity\":1000.0}",
		"{\"gtin\":\"1\",\"quantity\":\"1000\"}",
		"{\"gtin\":\"1\",\"quantity\":true}",
		"{\"gtin\":\"1\",\"quantity\":99999999999999999999}",
		"{\"gtin\":\"1\",\"quantity\":{\"a\":1}}",
		"{\"gtin\":\"1\",\"scanned_at\":1}",
		"{\"gtin\":\"1\",\"scanned_at\":\"yesterday\"}",
		"{\"gtin\":\"1\",\"scanned_at\":\"2026-02-30T00:00:00Z\"}",
		"{\"gtin\":\"1\"} {}",
		"{\"gtin\":\"\\u0000\"}",
		"{\"gtin\":\"\xff\"}",
		"\xef\xbb\xbf{\"gtin\":\"1\"}",
		"{'gtin':'1'}",
	};
	struct world *w = *state;
	char deep[4001];

	for (uint32_t i = 0; i < ARRAY_LEN(bad); i++) {
		ask(w, "PUT", VISIT_PATH "/lines/k", BEARER JSON, bad[i]);
		assert_problem(w, 400, "malformed");
	}
	memset(deep, '[', sizeof(deep) - 1);
	deep[sizeof(deep) - 1] = '\0';
	ask(w, "PUT", VISIT_PATH "/lines/k", BEARER JSON, deep);
	assert_problem(w, 400, "malformed");
	ask(w, "PUT", VISIT_PATH "/lines/k%20", BEARER JSON, "{\"gtin\":\"1\"}");
	assert_problem(w, 400, "malformed");
	ask(w, "PUT", VISIT_PATH "/lines/k", BEARER, "{\"gtin\":\"1\"}");
	assert_problem(w, 415, "unsupported_media_type");
	ask(w, "PUT", VISIT_PATH "/lines/k", BEARER "Content-Type: text/plain\r\n", "{}");
	assert_problem(w, 415, "unsupported_media_type");
	ask(w, "PUT", "/v1/visits/12/lines/k", BEARER JSON, "{\"gtin\":\"1\"}");
	assert_problem(w, 404, "unknown_visit");
	ask(w, "PUT", "/v1/visits/0000000000000000/lines/k", BEARER JSON, "{\"gtin\":\"1\"}");
	assert_problem(w, 404, "unknown_visit");
}

static void bearers_have_a_form(void **state)
{
	static const char *const bad[] = {
		"",
		"Authorization: Bearer\r\n",
		"Authorization: Bearer \r\n",
		"Authorization: Bearer AAAA\r\n",
		"Authorization: Bearer " GOOD_SECRET "A\r\n",
		"Authorization: Bearer " GOOD_SECRET "=\r\n",
		"Authorization: Basic " GOOD_SECRET "\r\n",
		"Authorization: " GOOD_SECRET "\r\n",
		BEARER BEARER,
	};
	struct world *w = *state;

	for (uint32_t i = 0; i < ARRAY_LEN(bad); i++) {
		ask(w, "GET", VISIT_PATH, bad[i], NULL);
		assert_problem(w, 401, "unauthorized");
	}
	ask(w, "GET", VISIT_PATH, "authorization: bearer " GOOD_SECRET "\r\n", NULL);
	assert_int_equal(w->status, 200);
}

/* --- visits --- */

static void visits_are_shown(void **state)
{
	struct world *w = *state;
	json_t *line;

	ask(w, "GET", VISIT_PATH, BEARER, NULL);
	assert_int_equal(w->status, 200);
	assert_string_equal(text_of(w, "visit"), "0000000000001234");
	assert_string_equal(text_of(w, "state"), "open");
	assert_string_equal(text_of(w, "currency"), "SEK");
	assert_int_equal(int_of(w, "total_minor"), 10000);
	assert_int_equal(json_array_size(json_object_get(w->json, "lines")), 5);
	line = json_array_get(json_object_get(w->json, "lines"), 3);
	assert_true(json_is_true(json_object_get(line, "voided")));
	assert_int_equal(json_object_size(line), 13);
	assert_int_equal(json_integer_value(json_object_get(line, "list_price_minor")), 1250);
	assert_int_equal(json_integer_value(json_object_get(line, "deposit_minor")), 0);
	assert_string_equal(json_string_value(json_object_get(line, "name")),
			    "Mj\xc3\xb6lk \"3 %\" \\ \x01<b>\xef\xbf\xbd");

	/* sold the day after its date: the same words as when it was bought */
	line = json_array_get(json_object_get(w->json, "lines"), 4);
	assert_int_equal(json_object_size(line), 15);
	assert_int_equal(json_integer_value(json_object_get(line, "list_price_minor")), 1500);
	assert_int_equal(json_integer_value(json_object_get(line, "deposit_minor")), 200);
	assert_string_equal(json_string_value(json_object_get(line, "warning")),
			    "past_best_before");
	assert_string_equal(json_string_value(json_object_get(line, "best_before")), "2025-11-23");

	ask(w, "GET", VISIT_PATH, "Authorization: Bearer B" GOOD_SECRET "\r\n", NULL);
	assert_problem(w, 401, "unauthorized");
	ask(w, "GET", VISIT_PATH,
	    "Authorization: Bearer BAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\r\n", NULL);
	assert_problem(w, 401, "unauthorized");
	ask(w, "GET", "/v1/visits/0000000000009999", BEARER, NULL);
	assert_problem(w, 401, "unauthorized");
	ask(w, "GET", "/v1/visits/9999", BEARER, NULL);
	assert_problem(w, 404, "unknown_visit");
	ask(w, "GET", "/v1/visits/0000000000001237", BEARER, NULL);
	assert_problem(w, 503, "unavailable");
	ask(w, "HEAD", VISIT_PATH, BEARER, NULL);
	assert_int_equal(w->status, 200);
}

static void visits_may_be_large(void **state)
{
	struct world *w = *state;

	ask(w, "GET", "/v1/visits/0000000000001236/receipt", BEARER, NULL);
	assert_int_equal(w->status, 200);
	assert_int_equal(json_array_size(json_object_get(w->json, "lines")), VISIT_LINES_MAX);
}

static void receipts_sum_up(void **state)
{
	struct world *w = *state;
	json_t *vat;

	ask(w, "POST", "/v1/visits/0000000000001235/close", BEARER, "");
	assert_int_equal(w->status, 200);
	assert_string_equal(text_of(w, "state"), "closed");
	assert_string_equal(text_of(w, "shop"), "viken");
	assert_string_equal(text_of(w, "closed_at"), "2025-11-24T16:01:00.000Z");
	vat = json_object_get(w->json, "vat");
	assert_int_equal(json_array_size(vat), 2); /* 25 %: three lines; 12 %: one, one voided */
	assert_int_equal(json_integer_value(json_object_get(json_array_get(vat, 0), "total_minor")),
			 7500);
	assert_int_equal(json_integer_value(json_object_get(json_array_get(vat, 1), "total_minor")),
			 2500);
	ask(w, "GET", VISIT_PATH "/receipt", BEARER, NULL);
	assert_int_equal(w->status, 200);
	assert_true(json_is_null(json_object_get(w->json, "closed_at")));
}

static void closing_and_inviting_are_refused(void **state)
{
	static const struct {
		const char *bearer;
		int status;
		const char *code;
	} bad[] = {
		/* the first byte of each is the answer that is given */
		{"AwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", 401, "unauthorized"},
		{"BAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", 404, "unknown_visit"},
		{"CwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", 409, "visit_over"},
		{"DwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", 503, "ledger_unavailable"},
	};
	struct world *w = *state;
	char line[128];

	for (uint32_t i = 0; i < ARRAY_LEN(bad); i++) {
		snprintf(line, sizeof(line), "Authorization: Bearer %s\r\n", bad[i].bearer);
		ask(w, "POST", VISIT_PATH "/close", line, "");
		assert_problem(w, bad[i].status, bad[i].code);
		ask(w, "POST", VISIT_PATH "/invite", line, "");
		assert_problem(w, bad[i].status, bad[i].code);
	}
	ask(w, "POST", VISIT_PATH "/invite", BEARER, "");
	assert_int_equal(w->status, 200);
	assert_string_equal(text_of(w, "code"), "ABCD2345");
	assert_int_equal(int_of(w, "expires_in_s"), 60);
	ask(w, "POST", VISIT_PATH "/invite", BEARER, "x");
	assert_problem(w, 415, "unsupported_media_type");
}

/* --- products, health, metrics --- */

static void products_are_shown(void **state)
{
	struct world *w = *state;

	ask(w, "GET", "/v1/products/7310865004703", "", NULL);
	assert_int_equal(w->status, 200);
	assert_int_equal(int_of(w, "unit_price_minor"), 1250);
	assert_string_equal(text_of(w, "class"), "grocery");
	assert_string_equal(text_of(w, "state"), "sold");
	assert_string_equal(text_of(w, "vat_class"), "fixed");
	assert_int_equal(int_of(w, "vat_bp"), 1200);
	assert_int_equal(int_of(w, "deposit_minor"), 0);
	ask(w, "GET", "/v1/products/73101079", "", NULL);
	assert_string_equal(text_of(w, "vat_class"), "standard");
	assert_int_equal(int_of(w, "vat_bp"), 2500);
	assert_int_equal(int_of(w, "deposit_minor"), 100);
	ask(w, "GET", "/v1/products/7310865004704", "", NULL); /* a wrong check digit */
	assert_problem(w, 404, "unknown_article");
	ask(w, "GET", "/v1/products/73513537", "", NULL);
	assert_problem(w, 404, "unknown_article");
	ask(w, "GET", "/v1/products/'%20OR%201=1", "", NULL);
	assert_problem(w, 404, "unknown_article");
	ask(w, "GET", "/v1/products/4006381333931", "", NULL);
	assert_problem(w, 503, "unavailable");
}

static void health_is_yes_or_no(void **state)
{
	struct world *w = *state;

	ask(w, "GET", "/healthz", "", NULL);
	assert_int_equal(w->status, 200);
	ask(w, "HEAD", "/healthz", "", NULL);
	assert_int_equal(w->status, 200);
	ask(w, "GET", "/metrics", "", NULL);
	assert_int_equal(w->status, 200);
	assert_non_null(strstr(w->body, "\nshopkeeper_up 1\n"));
	assert_non_null(strstr(w->body, "\nshopkeeper_lines_total 42\n"));
	ask(w, "GET", "/metrics", "X-Forwarded-For: 192.0.2.1\r\n", NULL);
	assert_problem(w, 404, "not_found");
	ask_token(w, "/v1/door/front/unlock", LEDGER_BAD, 0);
	ask(w, "GET", "/healthz", "", NULL);
	assert_problem(w, 503, "unavailable");
	ask_token(w, "/v1/door/front/unlock", HANG_UP, 0);
	assert_problem(w, 503, "unavailable");
	ask(w, "GET", "/healthz", "", NULL);
	assert_problem(w, 503, "unavailable");
	ask(w, "GET", "/metrics", "", NULL);
	assert_int_equal(w->status, 200);
	assert_non_null(strstr(w->body, "\nshopkeeper_up 0\n"));
}

static void shopd_may_be_slow_wrong_or_gone(void **state)
{
	struct world *w = *state;

	ask_token(w, "/v1/door/front/unlock", SILENT, 0);
	assert_problem(w, 503, "unavailable");
	ask_token(w, "/v1/door/front/unlock", 0, 0);
	assert_int_equal(w->status, 200);
	ask_token(w, "/v1/visits", WRONG_TYPE, 0);
	assert_problem(w, 503, "unavailable");
	ask_token(w, "/v1/door/front/unlock", HANG_UP, 0);
	assert_problem(w, 503, "unavailable");
	ask_token(w, "/v1/door/front/unlock", 0, 0);
	assert_problem(w, 503, "unavailable");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		HOUSE_TEST(admitted_unlocks),
		HOUSE_TEST(every_verdict_has_its_status_and_word),
		HOUSE_TEST(visits_open_and_join),
		HOUSE_TEST(tokens_are_bounded_and_typed),
		HOUSE_TEST(lines_are_bought_and_voided),
		HOUSE_TEST(every_answer_has_its_status_and_word),
		HOUSE_TEST(lines_are_read_strictly),
		HOUSE_TEST(bearers_have_a_form),
		HOUSE_TEST(visits_are_shown),
		HOUSE_TEST(visits_may_be_large),
		HOUSE_TEST(receipts_sum_up),
		HOUSE_TEST(what_is_scanned),
		HOUSE_TEST(closing_and_inviting_are_refused),
		HOUSE_TEST(products_are_shown),
		HOUSE_TEST(health_is_yes_or_no),
		HOUSE_TEST(shopd_may_be_slow_wrong_or_gone),
	};

	return cmocka_run_group_tests_name("counterd routes", tests, NULL, NULL);
}
