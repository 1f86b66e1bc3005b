/* test_counterd_view.c: what the owner's page needs of counterd: now, health, settings, a word to a
 * door, the timeline, sales and orders: as small and as large as they can be, and every refusal. */
#include "counterd_house.h"

#include "counterd/command_body.h"
#include "core/checkup_words.h"
#include "counterd/sales.h"

#define OWNER	  "Authorization: SK1 AAEC\r\n" /* 0, ROLE_OWNER, 2 */
#define MEMBER	  "Authorization: SK1 AAAC\r\n" /* 0, ROLE_MEMBER */
#define DOOR_PATH "/v1/door/front/commands"
#define LOCK	  "{\"verb\":\"lock\"}"
#define AT	  "\"2025-11-24T16:00:00.000Z\""

static void get(struct world *w, const char *path)
{
	ask(w, "GET", path, OWNER, NULL);
}

static void looks(const json_t *value, const char *expected)
{
	char *text = json_dumps(value, JSON_COMPACT | JSON_SORT_KEYS);

	assert_string_equal(text, expected);
	free(text);
}

static json_t *member_of(const struct world *w, const char *name)
{
	assert_int_equal(w->status, 200);
	return json_object_get(w->json, name);
}

/* --- how things stand --- */

static void now_is_shown(void **state)
{
	struct world *w = *state;

	get(w, "/v1/now");
	looks(member_of(w, "doors"),
	      "[{\"alarm\":\"held_open\",\"door\":\"front\",\"mode\":\"released_by_fire\","
	      "\"physical\":\"closed\",\"since\":" AT ",\"strike\":\"off\",\"tamper\":false}]");
	looks(member_of(w, "inside"),
	      "[{\"customer\":\"00000000000000000000000000000000\",\"door\":\"abcdefghijklmno0\","
	      "\"lines\":3,\"role\":\"delivery\",\"since\":" AT ",\"total_minor\":4250,"
	      "\"visit\":\"0000000000001234\"}]");
	looks(member_of(w, "office"),
	      "{\"road\":\"none\",\"since\":null,\"unsent\":0,\"unsent_since\":null}");
	looks(member_of(w, "ledger"), "{\"entries\":42,\"free_mb\":null,\"ok\":true}");
}

static void health_is_told_in_two_languages(void **state)
{
	struct world *w = *state;
	const json_t *check;

	ask(w, "GET", "/v1/health", OWNER "Accept-Language: en\r\n", NULL);
	assert_int_equal(json_array_size(member_of(w, "checks")), CHECKS_OF);
	assert_true(json_is_false(json_object_get(w->json, "ok")));
	check = json_array_get(json_object_get(w->json, "checks"), 0);
	looks(check,
	      "{\"check\":\"sensors\",\"fix\":\"Look at the sensor, its battery and wire.\","
	      "\"ok\":false,\"text\":\"The sensor milk-0 was not heard for long: its value is"
	      " old.\"}");
	ask(w, "GET", "/v1/health", OWNER "Accept-Language: sv\r\n", NULL);
	check = json_array_get(member_of(w, "checks"), 0);
	assert_string_equal(json_string_value(json_object_get(check, "fix")),
			    "Titta på givaren, dess batteri och kabel.");
}

static void settings_are_shown(void **state)
{
	struct world *w = *state;
	const json_t *hours;

	get(w, "/v1/settings");
	hours = member_of(w, "hours");
	looks(json_array_get(hours, 0),
	      "{\"close\":\"24:00\",\"day\":\"monday\",\"open\":\"00:00\"}");
	looks(json_array_get(hours, 6), "{\"close\":null,\"day\":\"sunday\",\"open\":null}");
	looks(member_of(w, "sms_roads"), "[\"gateway\",\"modem\"]");
	assert_int_equal(json_array_size(member_of(w, "contacts")), CONTACTS_MAX);
	assert_int_equal(json_array_size(member_of(w, "sensors")), 3);
}

/* Every member at its longest: nothing is cut, and nothing runs over. */
static void a_large_shop_fits(void **state)
{
	struct world *w = *state;

	get(w, "/v1/now");
	assert_int_equal(json_array_size(member_of(w, "inside")), VISITS_OPEN_MAX);
	assert_int_equal(json_array_size(member_of(w, "doors")), DOORS_MAX);
	get(w, "/v1/health");
	assert_int_equal(json_array_size(member_of(w, "checks")), CHECKS_OF);
	get(w, "/v1/settings");
	assert_int_equal(json_array_size(member_of(w, "doors")), DOORS_MAX);
}

static int setup_large(void **state)
{
	int r;

	view_large = true;
	sensors_there = SENSORS_MAX;
	alarms_there = ALARMS_MAX;
	r = setup(state);
	view_large = false;
	sensors_there = 3;
	alarms_there = 2;
	return r;
}

/* Not one finding of a check lacks its sentence in a language, and what fails says what to do. */
static void every_finding_has_its_words(void **state)
{
	(void)state;
	for (uint32_t c = 0; c < CHECKS_OF; c++) {
		for (uint32_t l = 0; l < LANGUAGES; l++) {
			enum check_of check = (enum check_of)c;

			assert_non_null(finding_text(check, FINDING_WELL, (enum language)l));
			assert_non_null(finding_text(check, FINDING_BAD, (enum language)l));
			assert_non_null(finding_fix(check, FINDING_BAD, (enum language)l));
			assert_true(strlen(check_of_word(check)) > 0);
		}
	}
}

/* --- a word to a door --- */

static void command(struct world *w, const char *proof, const char *body)
{
	char headers[128];

	snprintf(headers, sizeof(headers), "%sContent-Type: application/json\r\n", proof);
	ask(w, "POST", DOOR_PATH, headers, body);
}

static void words_and_refusals(void **state)
{
	struct world *w = *state;

	command(w, "Authorization: SK1 AAAC\r\n", LOCK);
	assert_int_equal(w->status, 200);
	assert_string_equal(text_of(w, "mode"), "released_by_fire");
	command(w, "Authorization: SK1 AAEC\r\n", LOCK); /* DOOR_REFUSED */
	assert_problem(w, 503, "unavailable");
	command(w, "Authorization: SK1 AAIC\r\n", LOCK); /* DOOR_UNKNOWN */
	assert_problem(w, 404, "not_found");
	command(w, "Authorization: SK1 AAMC\r\n", LOCK); /* DOOR_FORBIDDEN */
	assert_problem(w, 403, "forbidden");
	command(w, "Authorization: SK1 DgAC\r\n", LOCK); /* 14 */
	assert_problem(w, 403, "locked_down");
	command(w, "Authorization: SK1 8QAC\r\n", LOCK); /* WRONG_TYPE */
	assert_problem(w, 503, "unavailable");
	command(w, "Authorization: SK1 8AAC\r\n", LOCK); /* SILENT */
	assert_problem(w, 503, "unavailable");
	command(w, "", LOCK);
	assert_problem(w, 401, "unauthorized");
	command(w, OWNER, "{\"verb\":\"open\"}");
	assert_problem(w, 400, "malformed");
	ask(w, "POST", "/v1/door/back/commands", MEMBER "Content-Type: application/json\r\n", LOCK);
	assert_problem(w, 503, "unavailable"); /* what was played is not that door */
}

static bool parses(const char *text, struct command_body *ret)
{
	return command_body_parse((struct span){(const uint8_t *)text, (uint32_t)strlen(text)},
				  ret);
}

static void bodies_of_commands(void **state)
{
	static const char *const wrong[] = {
		"",
		"[]",
		"{}",
		"{\"verb\":null}",
		"{\"verb\":\"\"}",
		"{\"verb\":\"LOCK\"}",
		"{\"verb\":\"lock\",\"verb\":\"lock\"}",
		"{\"verb\":\"lock\",\"seconds\":1}",
		"{\"verb\":\"prop\"}",
		"{\"verb\":\"prop\",\"seconds\":0}",
		"{\"verb\":\"prop\",\"seconds\":43201}",
		"{\"verb\":\"prop\",\"seconds\":1.0}",
		"{\"verb\":\"prop\",\"seconds\":1,\"x\":1}",
		"{\"seconds\":1}",
	};
	struct command_body b = {.seconds = 77};

	(void)state;
	for (uint32_t i = 0; i < ARRAY_LEN(wrong); i++)
		assert_false(parses(wrong[i], &b));
	assert_int_equal(b.seconds, 77);
	assert_true(parses("{\"seconds\":43200,\"verb\":\"prop\"}", &b));
	assert_int_equal(b.verb, DOOR_VERB_PROP);
	assert_int_equal(b.seconds, COMMAND_SECONDS_MAX);
	assert_true(parses("{\"verb\":\"normal\"}", &b));
	assert_int_equal(b.verb, DOOR_VERB_NORMAL);
	assert_int_equal(b.seconds, 0);
}

/* --- the timeline --- */

static void a_page_of_the_timeline(void **state)
{
	struct world *w = *state;
	const json_t *rows;

	get(w, "/v1/timeline");
	rows = member_of(w, "rows");
	assert_int_equal(json_array_size(rows), 2);
	assert_string_equal(text_of(w, "next"), "0000000000001234-7fffffffffffffff");
	assert_string_equal(json_string_value(json_object_get(json_array_get(rows, 0), "kind")),
			    "visit");
	assert_true(json_is_null(json_object_get(json_array_get(rows, 0), "role")));
	assert_int_equal(json_array_size(json_object_get(json_array_get(rows, 0), "alarms")), 1);
	assert_string_equal(json_string_value(json_object_get(json_array_get(rows, 1), "kind")),
			    "alarm");
	get(w, "/v1/timeline?before=0000000000001234-0000000000000009");
	assert_int_equal(json_array_size(member_of(w, "rows")), 100);
	get(w, "/v1/timeline?before=0000000000001234-0000000000000007");
	assert_problem(w, 503, "unavailable");
	get(w, "/v1/timeline?before=0000000000001234");
	assert_problem(w, 400, "malformed");
}

static void one_visit_of_it(void **state)
{
	struct world *w = *state;

	get(w, "/v1/timeline/0000000000001234");
	assert_int_equal(json_array_size(member_of(w, "steps")), SIGHT_KINDS);
	assert_string_equal(text_of(w, "payment"), "unbilled"); /* its own is none of those */
	get(w, "/v1/timeline/0000000000001236");
	assert_int_equal(json_array_size(member_of(w, "steps")), STEPS_LARGE);
	assert_string_equal(text_of(w, "payment"), "part_paid");
	assert_true(json_is_true(json_object_get(w->json, "truncated")));
	get(w, "/v1/timeline/0000000000001237");
	assert_problem(w, 503, "unavailable");
	get(w, "/v1/timeline/0000000000009999");
	assert_problem(w, 404, "unknown_visit");
	get(w, "/v1/timeline/12");
	assert_problem(w, 404, "unknown_visit");
}

/* --- sales and orders --- */

static void sales_are_summed(void **state)
{
	struct world *w = *state;
	const json_t *rows;

	get(w, "/v1/sales?from=2025-10-22&to=2026-11-25&by=day");
	rows = member_of(w, "rows");
	assert_int_equal(json_array_size(rows), 400);
	looks(json_array_get(rows, 0),
	      "{\"key\":\"2025-10-22\",\"lines\":4294967295,\"name\":null,\"quantity\":"
	      "-9223372036854775808,\"total_minor\":-9223372036854775808}");
	assert_int_equal(json_integer_value(json_object_get(w->json, "total_minor")), 4250);
	get(w, "/v1/sales?from=2025-10-22&to=2025-10-22&by=hour");
	assert_int_equal(json_array_size(member_of(w, "rows")), 24);
	get(w, "/v1/sales?from=2025-10-22&to=2025-10-22&by=weekday");
	assert_int_equal(json_array_size(member_of(w, "rows")), 7);
	get(w, "/v1/sales?from=2025-10-22&to=2025-10-22&by=article");
	assert_int_equal(json_array_size(member_of(w, "rows")), 100);
	get(w, "/v1/sales?from=1970-01-03&to=1970-01-03&by=article");
	assert_problem(w, 503, "unavailable");
	get(w, "/v1/sales?from=2025-10-22&to=2026-11-26&by=day");
	assert_problem(w, 400, "malformed");
}

static void what_to_order(void **state)
{
	struct world *w = *state;

	get(w, "/v1/stock/order?max=1");
	assert_int_equal(json_array_size(member_of(w, "order")), 1);
}

static void the_rule_of_an_order(void **state)
{
	int64_t suggest = 0;

	(void)state;
	assert_false(order_needed(12000, 12000, 0, &suggest));
	assert_true(order_needed(11999, 12000, 0, &suggest));
	assert_int_equal(suggest, 13000); /* to 24, in whole pieces */
	assert_true(order_needed(-3000, 12000, 0, &suggest));
	assert_int_equal(suggest, 27000);
	assert_true(order_needed(4000, 0, 5000, &suggest));
	assert_int_equal(suggest, 6000);
	assert_false(order_needed(5000, 0, 5000, &suggest));
	assert_false(order_needed(-5000, 0, 0, &suggest)); /* nobody wants it */
	assert_true(
		order_needed(12500, 12000, 20000, &suggest)); /* above its point, and too little */
	assert_int_equal(suggest, 28000);
}

static void only_the_owner_and_staff_may_look(void **state)
{
	static const char *const paths[] = {"/v1/now", "/v1/health", "/v1/settings", "/v1/timeline",
					    "/v1/stock/order"};
	struct world *w = *state;

	for (uint32_t i = 0; i < ARRAY_LEN(paths); i++) {
		ask(w, "GET", paths[i], "", NULL);
		assert_problem(w, 401, "unauthorized");
		ask(w, "GET", paths[i], MEMBER, NULL);
		assert_problem(w, 403, "forbidden");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		HOUSE_TEST(now_is_shown),
		HOUSE_TEST(health_is_told_in_two_languages),
		HOUSE_TEST(settings_are_shown),
		cmocka_unit_test_setup_teardown(a_large_shop_fits, setup_large, teardown),
		cmocka_unit_test(every_finding_has_its_words),
		HOUSE_TEST(words_and_refusals),
		cmocka_unit_test(bodies_of_commands),
		HOUSE_TEST(a_page_of_the_timeline),
		HOUSE_TEST(one_visit_of_it),
		HOUSE_TEST(sales_are_summed),
		HOUSE_TEST(what_to_order),
		cmocka_unit_test(the_rule_of_an_order),
		HOUSE_TEST(only_the_owner_and_staff_may_look),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
