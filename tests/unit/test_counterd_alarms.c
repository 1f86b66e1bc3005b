/* test_counterd_alarms.c: alarms and sensors by HTTP, and a person's word about an alarm. */
#include "counterd_house.h"

#define OWNER "Authorization: SK1 AAEC\r\n" /* 0, ROLE_OWNER, 2 */
#define ACK   "/v1/alarms/17/acknowledge"

static void is_json(const json_t *have, const char *wanted)
{
	json_t *want = json_loads(wanted, 0, NULL);
	char *text = json_dumps(have, JSON_ENCODE_ANY);

	assert_non_null(want);
	if (!json_equal(have, want))
		fail_msg("%s, not %s", text, wanted);
	free(text);
	json_decref(want);
}

static void alarms_are_listed(void **state)
{
	struct world *w = *state;

	ask(w, "GET", "/v1/alarms", OWNER, NULL);
	assert_int_equal(w->status, 200);
	assert_string_equal(header(w, "Content-Type"), "application/json");
	is_json(w->json,
		"{\"alarms\":[{\"alarm\":17,\"code\":123456,\"condition\":\"freezer_warm\","
		"\"door\":null,\"place\":\"freezer-1\",\"state\":\"escalated\","
		"\"severity\":\"urgent\",\"over\":false,"
		"\"raised_at\":\"2025-11-24T16:00:00.000Z\",\"cleared_at\":null,"
		"\"acknowledged_by\":null,\"told\":["
		"{\"contact\":\"anna\",\"kind\":\"raised\",\"outcome\":\"delivered\","
		"\"road\":\"gateway\",\"texts\":1,\"at\":\"2025-11-24T16:00:01.000Z\"},"
		"{\"contact\":\"bo\",\"kind\":\"group\",\"outcome\":\"stuck\",\"road\":null,"
		"\"texts\":0,\"at\":\"2025-11-24T16:00:01.000Z\"}]},"
		"{\"alarm\":16,\"code\":123456,\"condition\":\"held_open\",\"door\":\"front\","
		"\"place\":\"front\",\"state\":\"cleared\",\"severity\":\"urgent\",\"over\":true,"
		"\"raised_at\":\"2025-11-24T16:00:00.000Z\","
		"\"cleared_at\":\"2025-11-24T16:01:00.000Z\","
		"\"acknowledged_by\":\"owner-c0c1c2c3\",\"told\":[]}]}");
	/* once more: the list before is not in this one */
	ask(w, "GET", "/v1/alarms", OWNER, NULL);
	assert_int_equal(json_array_size(json_object_get(w->json, "alarms")), 2);
}

static void sensors_are_listed(void **state)
{
	struct world *w = *state;

	ask(w, "GET", "/v1/sensors", OWNER, NULL);
	assert_int_equal(w->status, 200);
	is_json(w->json,
		"{\"sensors\":[{\"sensor\":\"milk-0\",\"kind\":\"freezer\",\"state\":\"stale\","
		"\"value_milli\":-18249,\"unit\":\"°C\",\"on\":null,\"age_ms\":61000,"
		"\"low_milli\":null,\"high_milli\":-15000},"
		"{\"sensor\":\"milk-1\",\"kind\":\"water\",\"state\":\"ok\",\"value_milli\":null,"
		"\"unit\":null,\"on\":true,\"age_ms\":61000,\"low_milli\":null,"
		"\"high_milli\":null},"
		"{\"sensor\":\"milk-2\",\"kind\":\"freezer\",\"state\":\"unknown\","
		"\"value_milli\":null,\"unit\":\"°C\",\"on\":null,\"age_ms\":null,"
		"\"low_milli\":null,\"high_milli\":-15000}]}");
	/* two lists at a time do not mix */
	ask(w, "GET", "/v1/alarms", OWNER, NULL);
	assert_int_equal(json_array_size(json_object_get(w->json, "alarms")), 2);
	ask(w, "GET", "/v1/sensors", OWNER, NULL);
	assert_int_equal(json_array_size(json_object_get(w->json, "sensors")), 3);
}

static void two_at_once(void **state)
{
	static const char get[] = "GET /v1/%s HTTP/1.1\r\nHost: localhost:1\r\n" OWNER "\r\n";
	struct world *w = *state;
	char text[256];
	int fd[6];

	for (uint32_t i = 0; i < ARRAY_LEN(fd); i++) {
		fd[i] = dial(w);
		snprintf(text, sizeof(text), get, i % 2 ? "sensors" : "alarms");
		say(fd[i], text, strlen(text));
	}
	for (uint32_t i = 0; i < ARRAY_LEN(fd); i++) {
		answer_read(w, fd[i], false);
		assert_int_equal(w->status, 200);
		assert_int_equal(
			json_array_size(json_object_get(w->json, i % 2 ? "sensors" : "alarms")),
			i % 2 ? 3 : 2);
		close(fd[i]);
	}
}

static void only_the_owner_and_staff_may_look(void **state)
{
	static const char *const path[] = {"/v1/alarms", "/v1/sensors"};
	struct world *w = *state;

	for (uint32_t i = 0; i < ARRAY_LEN(path); i++) {
		ask(w, "GET", path[i], "", NULL);
		assert_problem(w, 401, "unauthorized");
		ask(w, "GET", path[i], "Authorization: SK1 AAAC\r\n", NULL); /* a member's */
		assert_problem(w, 403, "forbidden");
		ask(w, "GET", path[i], "Authorization: SK1 BwEC\r\n", NULL);
		assert_problem(w, 403, verdict_word(VERDICT_PREDATES_START));
		ask(w, "GET", path[i], "Cookie: __Host-sk=" GOOD_SECRET "\r\n", NULL);
		assert_problem(w, 401, "unauthorized");
		ask(w, "POST", path[i], OWNER JSON, "{}");
		assert_problem(w, 405, "method_not_allowed");
		assert_string_equal(header(w, "Allow"), "GET, HEAD");
	}
	ask(w, "GET", "/v1/alarms?door=front", OWNER, NULL);
	assert_problem(w, 400, "malformed");
}

static void a_word_is_taken(void **state)
{
	static const uint8_t token[128] = {0, 7};
	struct world *w = *state;

	ask_bytes(w, "POST", ACK, COSE, token, sizeof(token));
	assert_int_equal(w->status, 200);
	assert_int_equal(int_of(w, "alarm"), 17);
	assert_string_equal(text_of(w, "state"), "acknowledged");
	assert_string_equal(text_of(w, "acknowledged_by"), "staff-8007"); /* it came over whole */
	assert_int_equal(json_object_size(w->json), 12);
	ask_bytes(w, "POST", ACK, COSE, token, sizeof(token));
	assert_int_equal(w->status, 200);
	assert_string_equal(text_of(w, "state"), "acknowledged");
}

static void every_refusal_of_a_word(void **state)
{
	static const char *const path[] = {
		"/v1/alarms/0/acknowledge",
		"/v1/alarms/017/acknowledge",
		"/v1/alarms/-17/acknowledge",
		"/v1/alarms/+17/acknowledge",
		"/v1/alarms/17x/acknowledge",
		"/v1/alarms/%31%37%0d%0a/acknowledge",
		"/v1/alarms/%e2%80%ae17/acknowledge",
		"/v1/alarms/9223372036854775808/acknowledge",
		"/v1/alarms/99999999999999999999999999999999/acknowledge",
		"/v1/alarms//acknowledge",
		"/v1/alarms/17/acknowledge/",
		"/v1/alarms/17",
	};
	struct world *w = *state;
	uint8_t large[600] = {0};

	for (uint32_t i = 0; i < ARRAY_LEN(path); i++) {
		ask_token(w, path[i], 0, 0);
		assert_problem(w, 404, "not_found");
	}
	for (uint8_t v = 1; v < VERDICTS; v++) {
		ask_token(w, ACK, v, 0);
		assert_problem(w,
			       v == VERDICT_MALFORMED		 ? 400
			       : v == VERDICT_LEDGER_UNAVAILABLE ? 503
								 : 403,
			       verdict_word((enum verdict)v));
	}
	ask_token(w, "/v1/alarms/18/acknowledge", 0, 0); /* shopd knows of none */
	assert_problem(w, 404, "not_found");
	ask_token(w, ACK, 0xe0, 0);
	assert_problem(w, 503, "unavailable");
	ask_token(w, ACK, 0xe1, 0); /* a verdict that says nothing */
	assert_problem(w, 503, "unavailable");
	ask_token(w, ACK, SILENT, 0);
	assert_problem(w, 503, "unavailable");
	ask_bytes(w, "POST", ACK, COSE, large, 257);
	assert_problem(w, 400, "malformed");
	ask_bytes(w, "POST", ACK, COSE, large, 513);
	assert_problem(w, 413, "too_large");
	ask_bytes(w, "POST", ACK, COSE, large, 0);
	assert_problem(w, 400, "malformed");
	ask_bytes(w, "POST", ACK, JSON, "{}", 2);
	assert_problem(w, 415, "unsupported_media_type");
	ask(w, "GET", ACK, OWNER, NULL);
	assert_problem(w, 405, "method_not_allowed");
	ask(w, "POST", ACK "?by=anna", COSE, "x");
	assert_problem(w, 400, "malformed");
}

/* --- a shop at its bounds, and one that does not answer */

static int setup_full(void **state)
{
	int r;

	alarms_there = ALARMS_MAX + 16;
	sensors_there = SENSORS_MAX;
	r = setup(state);
	alarms_there = 2;
	sensors_there = 3;
	return r;
}

static void the_longest_lists(void **state)
{
	struct world *w = *state;
	json_t *list, *last;

	ask(w, "GET", "/v1/alarms", OWNER, NULL);
	assert_int_equal(w->status, 200);
	list = json_object_get(w->json, "alarms");
	assert_int_equal(json_array_size(list), ALARMS_MAX + 16);
	last = json_array_get(list, ALARMS_MAX + 15);
	assert_int_equal(json_array_size(json_object_get(last, "told")), CONTACTS_MAX);
	ask(w, "GET", "/v1/sensors", OWNER, NULL);
	list = json_object_get(w->json, "sensors");
	assert_int_equal(json_array_size(list), SENSORS_MAX);
	last = json_array_get(list, 0);
	assert_true(json_integer_value(json_object_get(last, "value_milli")) == INT64_MIN + 1);
}

static int setup_none(void **state)
{
	int r;

	alarms_there = sensors_there = 0;
	r = setup(state);
	alarms_there = 2;
	sensors_there = 3;
	return r;
}

static void a_shop_where_all_is_well(void **state)
{
	struct world *w = *state;

	ask(w, "GET", "/v1/alarms", OWNER, NULL);
	is_json(w->json, "{\"alarms\":[]}");
	ask(w, "GET", "/v1/sensors", OWNER, NULL);
	is_json(w->json, "{\"sensors\":[]}");
}

static int setup_stopped(void **state)
{
	int r;

	lists_stop = true;
	r = setup(state);
	lists_stop = false;
	return r;
}

/* Half a list is none: an alarm that is missing from a page is one that nobody sees. */
static void half_a_list_is_none(void **state)
{
	struct world *w = *state;

	ask(w, "GET", "/v1/alarms", OWNER, NULL);
	assert_problem(w, 503, "unavailable");
	ask(w, "GET", "/v1/sensors", OWNER, NULL);
	assert_problem(w, 503, "unavailable");
}

static int setup_failing(void **state)
{
	int r;

	lists_fail = true;
	r = setup(state);
	lists_fail = false;
	return r;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		HOUSE_TEST(alarms_are_listed),
		HOUSE_TEST(sensors_are_listed),
		HOUSE_TEST(two_at_once),
		HOUSE_TEST(only_the_owner_and_staff_may_look),
		HOUSE_TEST(a_word_is_taken),
		HOUSE_TEST(every_refusal_of_a_word),
		cmocka_unit_test_setup_teardown(the_longest_lists, setup_full, teardown),
		cmocka_unit_test_setup_teardown(a_shop_where_all_is_well, setup_none, teardown),
		cmocka_unit_test_setup_teardown(half_a_list_is_none, setup_stopped, teardown),
		cmocka_unit_test_setup_teardown(half_a_list_is_none, setup_failing, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
