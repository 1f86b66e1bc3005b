/* test_counterd_money.c: invoices, stock, checks and reports as they are read, what is asked of the
 * books as it is carried to shopd, and every refusal of both. */
#include "counterd_house.h"

/* A session's cookie, or an owner's token: the played shopd admits what begins with 0. */
#define OWNER_TOKEN "Authorization: SK1 AAEC\r\n" /* 0, ROLE_OWNER, 2 */

#define STOCK_PATH  "/v1/stock/movements"
#define CHECK_PATH  "/v1/checks/0000000000001234"
#define CREDIT_PATH VISIT_PATH "/lines/l-9/credit"
#define REPORT_PATH VISIT_PATH "/lines/l-9/report"

#define DELIVERY                                                                                   \
	"{\"kind\":\"delivery\",\"gtin\":\"07310865004703\",\"quantity\":-5,\"unit_cost_minor\":"  \
	"1,\"lot\":\"L/1\",\"use_by\":\"2026-02-16\",\"best_before\":\"2026-02-17\","              \
	"\"why\":\"med \xc3\xa5\",\"key\":\"k-1\"}"
#define CREDITED "{\"reason\":\"price\",\"why\":\"med \\u00e5\",\"key\":\"k-1\"}"
#define REPORTED "{\"reason\":\"broken\"}"
#define PASSED	 "{\"result\":\"passed\"}"

static void get(struct world *w, const char *path)
{
	ask(w, "GET", path, OWNER_TOKEN, NULL);
}

static json_t *rows(const struct world *w, const char *name, size_t count)
{
	json_t *list = json_object_get(w->json, name);

	assert_int_equal(w->status, 200);
	assert_string_equal(header(w, "Content-Type"), "application/json");
	assert_int_equal(json_array_size(list), count);
	return list;
}

/* The members' own texts, written again without blanks and in order. */
static void looks(const json_t *value, const char *expected)
{
	char *text = json_dumps(value, JSON_COMPACT | JSON_SORT_KEYS);

	assert_string_equal(text, expected);
	free(text);
}

/* --- reading --- */

static void invoices_are_listed(void **state)
{
	struct world *w = *state;
	json_t *list;

	get(w, "/v1/invoices");
	list = rows(w, "invoices", 3);
	assert_true(json_is_null(json_object_get(w->json, "next")));
	assert_int_equal(json_object_size(w->json), 2);
	looks(json_array_get(list, 0),
	      "{\"credited_minor\":0,\"currency\":\"SEK\",\"customer\":"
	      "\"01010101010101010101010101010101\",\"due\":\"2026-12-02\",\"gross_minor\":10050,"
	      "\"issued\":\"2026-11-02\",\"kind\":\"invoice\",\"left_minor\":6000,\"line\":null,"
	      "\"line_count\":2,\"number\":\"VIKEN-2026-000001\",\"ocr\":\"202600000121\","
	      "\"original\":null,\"paid_minor\":4000,\"payable_minor\":10000,\"period\":"
	      "\"2026-10\",\"reason\":null,\"rounding_minor\":-50,\"seq\":101,\"vat\":[{"
	      "\"base_minor\":4000,\"currency\":\"SEK\",\"gross_minor\":5000,\"vat_bp\":2500,"
	      "\"vat_minor\":1000},{\"base_minor\":4764,\"currency\":\"SEK\",\"gross_minor\":5050,"
	      "\"vat_bp\":600,\"vat_minor\":286}],\"why\":null}");
	list = json_array_get(list, 2);
	assert_string_equal(json_string_value(json_object_get(list, "kind")), "credit_note");
	assert_string_equal(json_string_value(json_object_get(list, "original")),
			    "VIKEN-2026-000001");
	assert_string_equal(json_string_value(json_object_get(list, "reason")), "broken");
	assert_string_equal(json_string_value(json_object_get(list, "why")), WORST_WHY);
	assert_int_equal(json_integer_value(json_object_get(list, "line")), 55);
	assert_true(json_is_null(json_object_get(list, "left_minor")));
	assert_true(json_is_null(json_object_get(list, "ocr")));
}

static void invoices_come_in_pages(void **state)
{
	struct world *w = *state;

	get(w, "/v1/invoices?max=2&period=2026-10");
	rows(w, "invoices", 2);
	assert_string_equal(text_of(w, "next"), "VIKEN-2026-000002");
	get(w, "/v1/invoices?after=VIKEN-2026-000002&max=1");
	rows(w, "invoices", 1);
	assert_true(json_is_null(json_object_get(w->json, "next")));
	get(w, "/v1/invoices?period=2026-11&max=100");
	rows(w, "invoices", 0);
	get(w, "/v1/invoices?period=1970-01");
	assert_problem(w, 503, "unavailable");
}

static void an_invoice_shows_its_lines(void **state)
{
	struct world *w = *state;
	json_t *list;

	get(w, "/v1/invoices/VIKEN-2026-000001");
	list = rows(w, "lines", 2);
	assert_string_equal(text_of(w, "number"), "VIKEN-2026-000001");
	looks(json_array_get(list, 0),
	      "{\"bought\":\"2026-10-14\",\"currency\":\"SEK\",\"deposit_minor\":200,"
	      "\"deposit_net_minor\":189,\"goods_minor\":2500,\"goods_net_minor\":2358,\"gtin\":"
	      "\"7310865004703\",\"late\":false,\"list_price_minor\":1500,\"name\":"
	      "\"Mj\xc3\xb6lk \\\"3 %\\\" \\\\ \\u0001<b>\xef\xbf\xbd\",\"quantity\":2000,"
	      "\"seq\":41,\"unit_price_minor\":1250,\"vat_bp\":600}");
	get(w, "/v1/invoices/viken-2026-000003");
	assert_int_equal(w->status, 200);
	get(w, "/v1/invoices/VIKEN-2026-000002"); /* its lines cannot be read */
	assert_problem(w, 503, "unavailable");
	get(w, "/v1/invoices/VIKEN-1970-000001");
	assert_problem(w, 503, "unavailable");
	get(w, "/v1/invoices/VIKEN-2026-000004");
	assert_problem(w, 404, "not_found");
	get(w, "/v1/invoices/ELSE-2026-000001");
	assert_problem(w, 404, "not_found");
	get(w, "/v1/invoices/1");
	assert_problem(w, 404, "not_found");
}

static void stock_is_listed(void **state)
{
	struct world *w = *state;
	json_t *list;

	get(w, "/v1/stock");
	list = rows(w, "stock", 3);
	assert_true(json_is_null(json_object_get(w->json, "next")));
	looks(json_array_get(list, 0),
	      "{\"counted_at\":null,\"currency\":\"SEK\",\"gtin\":\"73513537\",\"name\":null,"
	      "\"on_hand\":-3000,\"reorder_at\":null,\"shrunk\":1000,\"unit_cost_minor\":700,"
	      "\"value_minor\":-2100}");
	get(w, "/v1/stock?max=1&after=73513537");
	list = rows(w, "stock", 1);
	assert_string_equal(text_of(w, "next"), "7310865004703");
	assert_string_equal(
		json_string_value(json_object_get(json_array_get(list, 0), "counted_at")),
		"2025-11-24T16:00:00.000Z");
	get(w, "/v1/stock?after=4006381333931");
	assert_problem(w, 503, "unavailable");
	get(w, "/v1/stock/7310865004703");
	assert_int_equal(w->status, 200);
	assert_int_equal(int_of(w, "on_hand"), -3000);
	assert_int_equal(int_of(w, "reorder_at"), 12000);
	assert_int_equal(json_object_size(w->json), 9);
	get(w, "/v1/stock/7300156480903");
	assert_problem(w, 404, "unknown_article");
	get(w, "/v1/stock/milk");
	assert_problem(w, 404, "unknown_article");
	get(w, "/v1/stock/4006381333931");
	assert_problem(w, 503, "unavailable");
}

static void movements_have_a_cursor(void **state)
{
	struct world *w = *state;
	json_t *list;

	get(w, STOCK_PATH "?max=2");
	list = rows(w, "movements", 2);
	assert_int_equal(int_of(w, "next"), 12);
	assert_true(json_is_true(json_object_get(w->json, "more")));
	looks(json_array_get(list, 0),
	      "{\"at\":\"2025-11-24T16:00:00.000Z\",\"best_before\":null,\"by\":null,\"currency\":"
	      "\"SEK\",\"day\":\"2025-11-24\",\"gtin\":\"73513537\",\"kind\":\"sale\",\"lot\":"
	      "null,\"quantity\":-1000,\"seq\":11,\"use_by\":null,\"value_minor\":-700,\"visit\":"
	      "\"0000000000001234\",\"why\":null}");
	looks(json_array_get(list, 1),
	      "{\"at\":\"2025-11-24T16:00:00.000Z\",\"best_before\":null,\"by\":\"owner-1\","
	      "\"currency\":\"SEK\",\"day\":\"2025-11-24\",\"gtin\":\"73513537\",\"kind\":"
	      "\"delivery\",\"lot\":\"L1\",\"quantity\":-1000,\"seq\":12,\"use_by\":"
	      "\"2026-02-16\",\"value_minor\":-700,\"visit\":null,\"why\":"
	      "\"\\u0001\\u0002\\u0003\"}");
	get(w, STOCK_PATH "?after=12&gtin=7310865004703");
	rows(w, "movements", 1);
	assert_int_equal(int_of(w, "next"), 13);
	assert_true(json_is_false(json_object_get(w->json, "more")));
	get(w, STOCK_PATH "?after=13"); /* nothing more yet: from here on */
	rows(w, "movements", 0);
	assert_int_equal(int_of(w, "next"), 13);
	get(w, STOCK_PATH "?gtin=4006381333931");
	assert_problem(w, 503, "unavailable");
}

static void lots_that_expire_are_listed(void **state)
{
	struct world *w = *state;
	json_t *list;

	get(w, "/v1/stock/lots?until=2026-10-31&max=2");
	list = rows(w, "lots", 2);
	assert_string_equal(text_of(w, "until"), "2026-10-31");
	assert_true(json_is_true(json_object_get(w->json, "more")));
	looks(json_array_get(list, 1),
	      "{\"best_before\":null,\"gtin\":\"7310865004703\",\"left\":2000,\"lot\":null,"
	      "\"name\":\"Mj\xc3\xb6lk \\\"3 %\\\" \\\\ \\u0001<b>\xef\xbf\xbd\",\"use_by\":"
	      "\"2026-02-16\"}");
	get(w, "/v1/stock/lots?until=2026-10-31");
	rows(w, "lots", 3);
	get(w, "/v1/stock/lots");
	assert_problem(w, 400, "malformed");
	get(w, "/v1/stock/lots?until=1970-01-02");
	assert_problem(w, 503, "unavailable");
}

static void what_shrank_is_listed(void **state)
{
	struct world *w = *state;
	json_t *list;

	get(w, "/v1/stock/shrink?max=2");
	list = rows(w, "shrink", 2);
	assert_int_equal(int_of(w, "next"), 32);
	looks(json_array_get(list, 0),
	      "{\"at\":\"2025-11-24T16:00:00.000Z\",\"currency\":\"SEK\",\"gtin\":"
	      "\"73513537\",\"missing\":2000,\"name\":null,\"seq\":31,\"value_minor\":1400,"
	      "\"visits\":17}");
	get(w, "/v1/stock/shrink?after=32");
	rows(w, "shrink", 1);
	assert_true(json_is_null(json_object_get(w->json, "next")));
	get(w, "/v1/stock/shrink?after=197001");
	assert_problem(w, 503, "unavailable");
}

static void checks_and_reports_are_listed(void **state)
{
	struct world *w = *state;
	json_t *list;

	get(w, "/v1/checks?max=1");
	list = rows(w, "checks", 1);
	assert_string_equal(text_of(w, "next"), "0000000000000001");
	looks(json_array_get(list, 0),
	      "{\"by\":null,\"picked_at\":\"2025-11-24T16:00:00.000Z\",\"reason\":\"share\","
	      "\"seq\":61,\"state\":\"passed\",\"visit\":\"0000000000000001\",\"why\":null}");
	get(w, "/v1/checks?open=true&after=0000000000000001");
	rows(w, "checks", 1);
	assert_true(json_is_null(json_object_get(w->json, "next")));
	get(w, "/v1/checks?after=0000000000001237");
	assert_problem(w, 503, "unavailable");

	get(w, "/v1/reports?open=false&max=2");
	list = rows(w, "reports", 2);
	assert_int_equal(int_of(w, "next"), 22);
	looks(json_array_get(list, 0),
	      "{\"answered\":30,\"at\":\"2025-11-24T16:00:00.000Z\",\"currency\":\"SEK\",\"gtin\":"
	      "\"7310865004703\",\"key\":\"k-1\",\"name\":"
	      "\"Mj\xc3\xb6lk \\\"3 %\\\" \\\\ <b>\",\"reason\":\"wrong_line\",\"seq\":21,"
	      "\"total_minor\":1250,\"visit\":\"0000000000001234\",\"why\":null}");
	get(w, "/v1/reports?open=true");
	list = rows(w, "reports", 2);
	assert_true(json_is_null(json_object_get(w->json, "next")));
	assert_true(json_is_null(json_object_get(json_array_get(list, 0), "answered")));
	get(w, "/v1/reports?after=197001");
	assert_problem(w, 503, "unavailable");
}

static void a_query_is_read_strictly(void **state)
{
	static const char *const wrong[] = {
		"/v1/invoices?period=2026-13",
		"/v1/invoices?period=2026-1",
		"/v1/invoices?period=",
		"/v1/invoices?period",
		"/v1/invoices?period=2026-10&period=2026-10",
		"/v1/invoices?Period=2026-10",
		"/v1/invoices?until=2026-10-31",
		"/v1/invoices?after=4711",
		"/v1/invoices?after=ELSE-2026-000001",
		"/v1/invoices?max=0",
		"/v1/invoices?max=101",
		"/v1/invoices?max=01",
		"/v1/invoices?max=-1",
		"/v1/invoices?max=%31",
		"/v1/invoices?max=1.0",
		"/v1/invoices?max=99999999999999999999",
		"/v1/invoices?",
		"/v1/invoices?x=",
		"/v1/invoices/VIKEN-2026-000001?max=1",
		"/v1/stock?after=1",
		"/v1/stock?gtin=73513537",
		"/v1/stock/73513537?after=73513537",
		"/v1/stock/movements?after=-1",
		"/v1/stock/movements?after=",
		"/v1/stock/movements?gtin=73513538",
		"/v1/stock/lots?until=2026-02-29",
		"/v1/stock/lots?until=2026-10-31T00:00:00Z",
		"/v1/stock/lots?until=2026-10-31&after=1",
		"/v1/checks?open=yes",
		"/v1/checks?open=",
		"/v1/checks?after=12",
		"/v1/reports?after=0000000000000001",
		"/v1/reports?open=true&open=true",
	};
	struct world *w = *state;

	for (uint32_t i = 0; i < ARRAY_LEN(wrong); i++) {
		if (strcmp(wrong[i] + strlen(wrong[i]) - 1, "?") == 0)
			continue; /* nothing behind the '?' is nothing */
		/* before the token: it is not spent on that */
		ask(w, "GET", wrong[i], "", NULL);
		if (w->status != 400)
			fail_msg("taken: %s", wrong[i]);
		assert_problem(w, 400, "malformed");
	}
	get(w, "/v1/reports?after=0");
	rows(w, "reports", 3);
	get(w, "/v1/invoices?");
	rows(w, "invoices", 3);
}

static void reading_is_for_owner_and_staff(void **state)
{
	static const char *const path[] = {
		"/v1/invoices",	    "/v1/invoices/VIKEN-2026-000001",
		"/v1/stock",	    "/v1/stock/73513537",
		STOCK_PATH,	    "/v1/stock/lots?until=2026-10-31",
		"/v1/stock/shrink", "/v1/checks",
		"/v1/reports",
	};
	struct world *w = *state;
	char cookie[512], *end;

	ask_token(w, "/v1/session", 0, ROLE_STAFF);
	assert_int_equal(w->status, 200);
	snprintf(cookie, sizeof(cookie), "Cookie: %s", header(w, "Set-Cookie"));
	end = strchr(cookie, ';');
	assert_non_null(end);
	memcpy(end, "\r\n", 3);
	for (uint32_t i = 0; i < ARRAY_LEN(path); i++) {
		ask(w, "GET", path[i], "", NULL);
		assert_problem(w, 401, "unauthorized");
		ask(w, "GET", path[i], BEARER, NULL);
		assert_problem(w, 401, "unauthorized");
		ask(w, "GET", path[i], "Authorization: SK1 AAAC\r\n", NULL); /* a member's */
		assert_problem(w, 403, "forbidden");
		ask(w, "GET", path[i], "Authorization: SK1 Dw\r\n", NULL);
		assert_problem(w, 403, verdict_word((enum verdict)15));
		ask(w, "GET", path[i], "Authorization: SK1 =\r\n", NULL);
		assert_problem(w, 400, "malformed");
		ask(w, "GET", path[i], cookie, NULL);
		assert_int_equal(w->status, 200);
		ask(w, "HEAD", path[i], cookie, NULL);
		assert_int_equal(w->status, 200);
	}
}

/* --- asking --- */

static void what_is_asked_reaches_the_desk(void **state)
{
	static const struct {
		const char *path, *body;
	} asked[] = {
		{STOCK_PATH, DELIVERY},
		{CREDIT_PATH, CREDITED},
		{"/v1/invoices/VIKEN-2026-000002/credit", CREDITED},
	};
	struct world *w = *state;

	for (uint32_t i = 0; i < ARRAY_LEN(asked); i++) {
		ask(w, "POST", asked[i].path, "Authorization: SK1 AAA\r\n" JSON, asked[i].body);
		assert_int_equal(w->status, 201);
		assert_int_equal(int_of(w, "seq"), 1); /* all of it as it was asked */
		assert_int_equal(json_object_size(w->json), i == 0 ? 1 : 2);
		ask(w, "POST", asked[i].path, "Authorization: SK1 AAE\r\n" JSON, asked[i].body);
		assert_int_equal(w->status, 200);
	}
	assert_true(json_is_null(json_object_get(w->json, "credit_note")));
	ask(w, "POST", CREDIT_PATH, "Authorization: SK1 AAA\r\n" JSON, CREDITED);
	assert_string_equal(text_of(w, "credit_note"), "VIKEN-2026-000009");

	ask(w, "POST", CHECK_PATH, "Authorization: SK1 AAA\r\n" JSON, PASSED);
	assert_int_equal(w->status, 201);
	assert_int_equal(int_of(w, "seq"), VISIT_KNOWN);
	ask(w, "POST", REPORT_PATH, BEARER JSON, REPORTED);
	assert_int_equal(w->status, 201);
	assert_int_equal(int_of(w, "seq"), VISIT_KNOWN);
}

static const struct {
	const char *path, *body;
} signed_paths[] = {
	{STOCK_PATH, DELIVERY},
	{CREDIT_PATH, CREDITED},
	{"/v1/invoices/VIKEN-2026-000002/credit", CREDITED},
	{CHECK_PATH, PASSED},
};

static void the_desk_may_refuse(void **state)
{
	struct world *w = *state;

	for (uint32_t i = 0; i < ARRAY_LEN(signed_paths); i++) {
		const char *path = signed_paths[i].path, *body = signed_paths[i].body;

		ask(w, "POST", path, "Authorization: SK1 AAI\r\n" JSON, body);
		assert_problem(w, 409, "refused");
		assert_string_equal(text_of(w, "detail"), "there is no such line");
		assert_string_equal(header(w, "Content-Language"), "en");
		ask(w, "POST", path, "Authorization: SK1 AAIB\r\n" JSON, body); /* without words */
		assert_problem(w, 409, "refused");
		ask(w, "POST", path, "Authorization: SK1 AAIC\r\n" JSON, body);
		assert_problem(w, 422, "key_reused");
		assert_string_equal(text_of(w, "detail"), "make another");
		ask(w, "POST", path, "Authorization: SK1 AAM\r\n" JSON, body);
		assert_problem(w, 503, "unavailable");
		ask(w, "POST", path, "Authorization: SK1 AAQ\r\n" JSON, body); /* still working */
		assert_problem(w, 503, "unavailable");
		for (uint8_t v = 1; v < VERDICTS; v++) {
			char headers[128], token[8];

			base64url_encode((uint8_t[]){v, DESK_REFUSED}, 2, token);
			snprintf(headers, sizeof(headers), "Authorization: SK1 %s\r\n" JSON, token);
			ask(w, "POST", path, headers, body);
			assert_problem(w, (int)verdict_status((enum verdict)v),
				       verdict_word((enum verdict)v));
		}
	}
}

static void what_writes_must_be_signed(void **state)
{
	struct world *w = *state;
	char cookie[512], large[400], *end;

	ask_token(w, "/v1/session", 0, ROLE_OWNER);
	snprintf(cookie, sizeof(cookie), "Sec-Fetch-Site: same-origin\r\n" JSON "Cookie: %s",
		 header(w, "Set-Cookie"));
	end = strchr(cookie, ';');
	assert_non_null(end);
	memcpy(end, "\r\n", 3);
	snprintf(large, sizeof(large), "Authorization: SK1 %0*d\r\n" JSON, 344, 0);
	for (uint32_t i = 0; i < ARRAY_LEN(signed_paths); i++) {
		const char *path = signed_paths[i].path, *body = signed_paths[i].body;

		ask(w, "POST", path, cookie, body);
		assert_problem(w, 401, "unauthorized");
		assert_string_equal(header(w, "WWW-Authenticate"), "SK1");
		ask(w, "POST", path, BEARER JSON, body);
		assert_problem(w, 401, "unauthorized");
		ask(w, "POST", path, large, body); /* 258 bytes */
		assert_problem(w, 400, "malformed");
		ask(w, "POST", path, OWNER_TOKEN, body);
		assert_problem(w, 415, "unsupported_media_type");
		ask(w, "POST", path, "Authorization: SK1 AAA\r\n" JSON, "{}");
		assert_problem(w, 400, "malformed");
	}
}

static void a_report_goes_with_its_visit(void **state)
{
	struct world *w = *state;
	char headers[128], text[44];
	uint8_t bearer[32] = {VERDICT_UNKNOWN_KEY, DESK_REFUSED};

	ask(w, "POST", REPORT_PATH, JSON, REPORTED);
	assert_problem(w, 401, "unauthorized");
	ask(w, "POST", REPORT_PATH, OWNER_TOKEN JSON, REPORTED);
	assert_problem(w, 401, "unauthorized");
	base64url_encode(bearer, sizeof(bearer), text);
	snprintf(headers, sizeof(headers), "Authorization: Bearer %s\r\n" JSON, text);
	ask(w, "POST", REPORT_PATH, headers, REPORTED);
	assert_problem(w, 401, "unauthorized");
	bearer[0] = 0;
	base64url_encode(bearer, sizeof(bearer), text);
	snprintf(headers, sizeof(headers), "Authorization: Bearer %s\r\n" JSON, text);
	ask(w, "POST", REPORT_PATH, headers, REPORTED);
	assert_problem(w, 409, "refused");
	ask(w, "POST", "/v1/visits/12/lines/l-9/report", BEARER JSON, REPORTED);
	assert_problem(w, 404, "unknown_visit");
	ask(w, "POST", VISIT_PATH "/lines/l.9/report", BEARER JSON, REPORTED);
	assert_problem(w, 400, "malformed");
	ask(w, "POST", REPORT_PATH "?now=1", BEARER JSON, REPORTED);
	assert_problem(w, 400, "malformed");
	ask(w, "POST", REPORT_PATH, BEARER, REPORTED);
	assert_problem(w, 415, "unsupported_media_type");
}

static void paths_name_what_there_can_be(void **state)
{
	struct world *w = *state;

	ask(w, "POST", "/v1/invoices/1/credit", OWNER_TOKEN JSON, CREDITED);
	assert_problem(w, 404, "not_found");
	ask(w, "POST", "/v1/checks/12", OWNER_TOKEN JSON, PASSED);
	assert_problem(w, 404, "unknown_visit");
	ask(w, "POST", VISIT_PATH "/lines/l.9/credit", OWNER_TOKEN JSON, CREDITED);
	assert_problem(w, 400, "malformed");
	ask(w, "POST", STOCK_PATH "?kind=waste", OWNER_TOKEN JSON, DELIVERY);
	assert_problem(w, 400, "malformed");
	ask(w, "DELETE", STOCK_PATH, "", NULL);
	assert_problem(w, 405, "method_not_allowed");
	assert_string_equal(header(w, "Allow"), "GET, HEAD, POST");
	ask(w, "POST", "/v1/stock/lots", "", NULL);
	assert_problem(w, 405, "method_not_allowed");
	assert_string_equal(header(w, "Allow"), "GET, HEAD");
}

static void bodies_are_read_strictly(void **state)
{
	static const struct {
		const char *path, *body;
	} wrong[] = {
		{STOCK_PATH, "[]"},
		{STOCK_PATH, "{\"kind\":\"delivery\",\"gtin\":\"73513537\",\"quantity\":1}"},
		{STOCK_PATH,
		 "{\"kind\":\"sale\",\"gtin\":\"73513537\",\"quantity\":1,\"key\":\"k\"}"},
		{STOCK_PATH, "{\"kind\":1,\"gtin\":\"73513537\",\"quantity\":1,\"key\":\"k\"}"},
		{STOCK_PATH, "{\"kind\":\"waste\",\"gtin\":\"1\",\"quantity\":1,\"key\":\"k\"}"},
		{STOCK_PATH, "{\"kind\":\"waste\",\"gtin\":73513537,\"quantity\":1,\"key\":\"k\"}"},
		{STOCK_PATH,
		 "{\"kind\":\"waste\",\"gtin\":\"73513537\",\"quantity\":1.5,\"key\":\"k\"}"},
		{STOCK_PATH,
		 "{\"kind\":\"waste\",\"gtin\":\"73513537\",\"quantity\":1,\"key\":\"k k\"}"},
		{STOCK_PATH,
		 "{\"kind\":\"waste\",\"gtin\":\"73513537\",\"quantity\":1,\"key\":\"\"}"},
		{STOCK_PATH,
		 "{\"kind\":\"waste\",\"gtin\":\"73513537\",\"quantity\":1,\"key\":\"k\","
		 "\"reason\":\"broken\"}"},
		{STOCK_PATH,
		 "{\"kind\":\"waste\",\"gtin\":\"73513537\",\"quantity\":1,\"key\":\"k\","
		 "\"use_by\":\"2026-02-29\"}"},
		{STOCK_PATH,
		 "{\"kind\":\"waste\",\"gtin\":\"73513537\",\"quantity\":1,\"key\":\"k\","
		 "\"best_before\":20260228}"},
		{STOCK_PATH,
		 "{\"kind\":\"waste\",\"gtin\":\"73513537\",\"quantity\":1,\"key\":\"k\","
		 "\"lot\":\"123456789012345678901\"}"},
		{STOCK_PATH,
		 "{\"kind\":\"waste\",\"gtin\":\"73513537\",\"quantity\":1,\"key\":\"k\","
		 "\"unit_cost_minor\":\"1\"}"},
		{STOCK_PATH,
		 "{\"kind\":\"waste\",\"gtin\":\"73513537\",\"quantity\":1,\"key\":\"k\","
		 "\"key\":\"k\"}"},
		{CREDIT_PATH, "{\"reason\":\"price\"}"},
		{CREDIT_PATH, "{\"reason\":\"dear\",\"key\":\"k\"}"},
		{CREDIT_PATH, "{\"reason\":0,\"key\":\"k\"}"},
		{CREDIT_PATH, "{\"reason\":\"price\",\"key\":\"k\",\"why\":\"\"}"},
		{CREDIT_PATH, "{\"reason\":\"price\",\"key\":\"k\",\"why\":\"a\\u0000b\"}"},
		{CREDIT_PATH, "{\"reason\":\"price\",\"key\":\"k\",\"why\":\"a\\nb\"}"},
		{CREDIT_PATH, "{\"reason\":\"price\",\"key\":\"k\",\"why\":\"\\u0085\"}"},
		{CREDIT_PATH, "{\"reason\":\"price\",\"key\":\"k\",\"why\":\"\\u007f\"}"},
		{CREDIT_PATH, "{\"reason\":\"price\",\"key\":\"k\",\"why\":null}"},
		{CREDIT_PATH, "{\"reason\":\"price\",\"key\":\"k\",\"quantity\":1}"},
		{CHECK_PATH, "{\"result\":\"stolen\"}"},
		{CHECK_PATH, "{\"result\":2}"},
		{CHECK_PATH, "{\"result\":\"passed\",\"key\":\"k\"}"},
		{CHECK_PATH, "{"},
		{REPORT_PATH, "{\"reason\":\"goodwill\"}"},
		{REPORT_PATH, "{\"reason\":\"broken\",\"key\":\"k\"}"},
		{REPORT_PATH, ""},
	};
	struct world *w = *state;
	char body[256];

	for (uint32_t i = 0; i < ARRAY_LEN(wrong); i++) {
		const char *proof =
			strcmp(wrong[i].path, REPORT_PATH) == 0 ? BEARER JSON : OWNER_TOKEN JSON;

		ask(w, "POST", wrong[i].path, proof, wrong[i].body);
		if (w->status != 400)
			fail_msg("taken: %s", wrong[i].body);
		assert_problem(w, 400, "malformed");
	}
	for (int len = REASON_MAX; len <= REASON_MAX + 1; len++) {
		snprintf(body, sizeof(body), "{\"result\":\"waived\",\"why\":\"%0*d\"}", len, 0);
		ask(w, "POST", CHECK_PATH, "Authorization: SK1 AAA\r\n" JSON, body);
		assert_int_equal(w->status, len == REASON_MAX ? 201 : 400);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		HOUSE_TEST(invoices_are_listed),
		HOUSE_TEST(invoices_come_in_pages),
		HOUSE_TEST(an_invoice_shows_its_lines),
		HOUSE_TEST(stock_is_listed),
		HOUSE_TEST(movements_have_a_cursor),
		HOUSE_TEST(lots_that_expire_are_listed),
		HOUSE_TEST(what_shrank_is_listed),
		HOUSE_TEST(checks_and_reports_are_listed),
		HOUSE_TEST(a_query_is_read_strictly),
		HOUSE_TEST(reading_is_for_owner_and_staff),
		HOUSE_TEST(what_is_asked_reaches_the_desk),
		HOUSE_TEST(the_desk_may_refuse),
		HOUSE_TEST(what_writes_must_be_signed),
		HOUSE_TEST(a_report_goes_with_its_visit),
		HOUSE_TEST(paths_name_what_there_can_be),
		HOUSE_TEST(bodies_are_read_strictly),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
