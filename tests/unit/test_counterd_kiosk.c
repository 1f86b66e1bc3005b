/* test_counterd_kiosk.c: the kiosks' stream, what the screens beside tills and doors ask for, the
 * door's code, and the price list. */
#include "counterd_house.h"

#define HERE "Sec-Fetch-Site: same-origin\r\n"

/* --- the stream --- */

/* A screen that listens, past the head of its answer. */
static int listen_in(struct world *w)
{
	static const char get[] = "GET /v1/kiosk/events HTTP/1.1\r\nHost: localhost\r\n\r\n";
	int fd = dial(w);

	say(fd, get, strlen(get));
	w->reply_len = 0;
	w->reply[0] = '\0';
	return fd;
}

static void hear_until(struct world *w, int fd, const char *text)
{
	while (!strstr(w->reply, text))
		assert_true(hear(w, fd));
}

static uint32_t count_of(const struct world *w, const char *text)
{
	uint32_t n = 0;

	for (const char *at = w->reply; (at = strstr(at, text)) != NULL; at++)
		n++;
	return n;
}

static void pin(struct world *w, const char *digits)
{
	char body[32];

	snprintf(body, sizeof(body), "{\"pin\":\"%s\"}", digits);
	ask(w, "POST", "/v1/door/front/pin", HERE JSON, body);
	assert_int_equal(w->status, 204);
}

static void who_comes_is_told_how_everything_stands(void **state)
{
	struct world *w = *state;
	int first = listen_in(w), second;

	hear_until(w, first, "changes_in_ms");
	assert_non_null(strstr(w->reply, "Content-Type: text/event-stream"));
	assert_non_null(strstr(
		w->reply,
		"event: place\ndata: {\"doors\":[{\"door\":\"front\",\"mode\":\"locked\","
		"\"physical\":\"closed\",\"alarm\":\"normal\"}],\"tills\":[{\"till\":\"one\","
		"\"visit\":\"0000000000001234\",\"silence_ms\":90000}]}\n\n"));
	assert_non_null(strstr(w->reply, "event: challenge\ndata: {\"door\":\"front\","
					 "\"challenge\":\"SKN1:1\",\"changes_in_ms\":"));
	second = listen_in(w);
	hear_until(w, second, "\"challenge\":\"SKN1:1\""); /* the same code, not another */
	assert_int_equal(count_of(w, "event: place"), 1);
	ask(w, "GET", "/v1/door/heard/challenge", "", NULL);
	assert_string_equal(text_of(w, "challenge"), "SKN1:1/0");
	close(first);
	close(second);
}

static void everything_that_happens(void **state)
{
	static const char *const events[] = {
		"event: verdict\ndata: {\"till\":\"one\",\"verdict\":\"admitted\",\"text\":null}",
		"event: visit\ndata: {\"till\":\"one\",\"visit\":null}",
		"event: line\ndata: "
		"{\"till\":\"one\",\"visit\":\"0000000000001234\",\"key\":\"k-1\","
		"\"gtin\":\"7310865004703\",\"code\":null,\"text\":null}",
		"event: line\ndata: {\"till\":\"one\",\"visit\":null,\"key\":null,\"gtin\":null,"
		"\"code\":\"no_visit\",\"text\":{\"sv\":\"Visa först",
		"event: door\ndata: "
		"{\"door\":\"front\",\"mode\":\"accessed\",\"physical\":\"open\","
		"\"alarm\":\"normal\"}",
		"event: challenge\ndata: {\"door\":\"front\",\"challenge\":\"SKN1:2\"",
	};
	struct world *w = *state;
	const char *at;
	int fd = listen_in(w);

	hear_until(w, fd, "SKN1:1");
	pin(w, "9999");
	w->reply_len = 0;
	w->reply[0] = '\0';
	hear_until(w, fd, "SKN1:2");
	at = w->reply;
	for (uint32_t i = 0; i < ARRAY_LEN(events); i++) {
		at = strstr(at, events[i]); /* in this order */
		if (!at)
			fail_msg("not there: %s\nbut %s", events[i], w->reply);
	}
	assert_int_equal(count_of(w, "event: door"), 1);
	close(fd);
}

/* However fast it comes: every event, or how things stand. */
static void a_flood_is_told_or_made_good(void **state)
{
	struct world *w = *state;
	int fd = listen_in(w);

	hear_until(w, fd, "SKN1:1");
	w->reply_len = 0;
	w->reply[0] = '\0';
	pin(w, "0500");
	pin(w, "9999");
	w->reply_len = 0;
	w->reply[0] = '\0';
	hear_until(w, fd, "SKN1:2");
	if (count_of(w, "event: place") == 0)
		assert_int_equal(count_of(w, "\"verdict\":\"expired\""), 500);
	close(fd);
}

static void who_is_behind_the_ring_is_told_anew(void **state)
{
	static struct counter c;
	static char bytes[32 * 1024];
	struct kiosk *k = &c.kiosk;
	struct kiosk_client *client = &k->client[3];
	struct http_request r = {.owner = client};
	long n;

	(void)state;
	memset(&c, 0, sizeof(c));
	client->request = &r;
	k->known = true;
	k->clients = 1;
	for (uint32_t i = 0; i < KIOSK_EVENTS_MAX; i++) {
		struct builder b = event_new(k);

		json_put(&b, "event: visit\ndata: {}\n\n");
		k->event[i].len = b.len;
		k->happened++;
	}
	n = on_kiosk_pull(&c, &r, bytes, sizeof(bytes) - 1);
	assert_int_equal(n, KIOSK_EVENTS_MAX * strlen("event: visit\ndata: {}\n\n"));
	assert_int_equal(on_kiosk_pull(&c, &r, bytes, sizeof(bytes) - 1), 0);
	k->happened += KIOSK_EVENTS_MAX + 1;
	n = on_kiosk_pull(&c, &r, bytes, sizeof(bytes) - 1);
	bytes[n] = '\0';
	assert_string_equal(bytes, "event: place\ndata: {\"doors\":[],\"tills\":[]}\n\n");
	assert_int_equal(client->told, k->happened);
	/* less room than an event may take: the rest comes with the next pull */
	k->happened++;
	assert_int_equal(on_kiosk_pull(&c, &r, bytes, KIOSK_EVENT_SIZE - 1), 0);
	assert_int_equal(client->told + 1, k->happened);
	r.owner = NULL;
	assert_int_equal(on_kiosk_pull(&c, &r, bytes, sizeof(bytes)), -1);
}

static void eight_and_no_more(void **state)
{
	struct world *w = *state;
	int fd[KIOSK_CLIENTS_MAX];

	for (uint32_t i = 0; i < KIOSK_CLIENTS_MAX; i++) {
		fd[i] = listen_in(w);
		hear_until(w, fd[i], "event: challenge");
	}
	ask(w, "GET", "/v1/kiosk/events", "", NULL);
	assert_problem(w, 429, "too_many");
	close(fd[5]); /* gone is noticed when its place is needed */
	fd[5] = listen_in(w);
	hear_until(w, fd[5], "event: challenge");
	for (uint32_t i = 0; i < KIOSK_CLIENTS_MAX; i++)
		close(fd[i]);
}

/* When the last has gone shopd is told, and says nothing any more. */
static void nobody_listens_nothing_is_said(void **state)
{
	struct world *w = *state;
	int fd = listen_in(w);

	hear_until(w, fd, "SKN1:1");
	close(fd);
	do {
		pin(w, "0001"); /* is written to nobody, and so it shows */
		ask(w, "GET", "/v1/door/heard/challenge", "", NULL);
	} while (strcmp(text_of(w, "challenge"), "SKN1:1/0") == 0);
	assert_string_equal(text_of(w, "challenge"), "SKN1:1/1");
	fd = listen_in(w);
	hear_until(w, fd, "event: place");
	ask(w, "GET", "/v1/door/heard/challenge", "", NULL);
	assert_string_equal(text_of(w, "challenge"), "SKN1:2/1");
	close(fd);
}

static void shopd_goes_away(void **state)
{
	struct world *w = *state;
	int fd = listen_in(w);

	hear_until(w, fd, "SKN1:1");
	ask_token(w, "/v1/door/front/unlock", HANG_UP, 0);
	assert_problem(w, 503, "unavailable");
	w->reply_len = 0;
	w->reply[0] = '\0';
	hear_until(w, fd, "event: away\ndata: {}\n\n");
	close(fd);
	fd = listen_in(w);
	hear_until(w, fd, "event: away\ndata: {}\n\n");
	assert_null(strstr(w->reply, "event: place"));
	close(fd);
	ask(w, "GET", "/v1/door/front/challenge", "", NULL);
	assert_problem(w, 503, "unavailable");
	ask(w, "POST", "/v1/till/one/visit", HERE, NULL);
	assert_problem(w, 503, "unavailable");
}

/* --- tills, PINs, codes --- */

static void the_tills_visit(void **state)
{
	static const struct {
		const char *path;
		int status;
		const char *code;
	} refusals[] = {
		{"/v1/till/a17/visit", 404, "no_visit"},
		{"/v1/till/a14/visit", 409, "visit_full"},
		{"/v1/till/a15/visit", 503, "ledger_unavailable"},
		{"/v1/till/gone/visit", 404, "not_found"},
		{"/v1/till/One/visit", 404, "not_found"},
		{"/v1/till/aaaaaaaaaaaaaaaaa/visit", 404, "not_found"},
	};
	struct world *w = *state;

	ask(w, "POST", "/v1/till/one/visit", HERE, NULL);
	assert_int_equal(w->status, 200);
	assert_string_equal(text_of(w, "visit"), "0000000000001234");
	assert_string_equal(text_of(w, "bearer"), GOOD_SECRET);
	assert_int_equal(json_object_size(w->json), 5);
	ask(w, "POST", "/v1/till/one/visit", HERE JSON, "{}");
	assert_int_equal(w->status, 200);
	for (uint32_t i = 0; i < ARRAY_LEN(refusals); i++) {
		ask(w, "POST", refusals[i].path, HERE, NULL);
		assert_problem(w, refusals[i].status, refusals[i].code);
	}
	ask(w, "DELETE", "/v1/till/one/visit", HERE, NULL);
	assert_int_equal(w->status, 204);
	ask(w, "DELETE", "/v1/till/gone/visit", HERE, NULL);
	assert_problem(w, 404, "not_found");
	ask(w, "DELETE", "/v1/till/a15/visit", HERE, NULL);
	assert_problem(w, 503, "ledger_unavailable");
}

static void pins(void **state)
{
	static const char *const wrong[] = {
		"",
		"{}",
		"[]",
		"{\"pin\":4711}",
		"{\"pin\":\"471\"}",
		"{\"pin\":\"471147114\"}",
		"{\"pin\":\"47a1\"}",
		"{\"pin\":\"4711\",\"pin\":\"4711\"}",
		"{\"pin\":\"4711\",\"x\":1}",
		"{\"pin\":\"4711\\u0000\"}",
	};
	struct world *w = *state;

	pin(w, "0000");
	ask(w, "POST", "/v1/till/a18/pin", HERE JSON, "{\"pin\":\"12345678\"}");
	assert_problem(w, 409, "no_pass");
	ask(w, "POST", "/v1/till/gone/pin", HERE JSON, "{\"pin\":\"0000\"}");
	assert_problem(w, 404, "not_found");
	ask(w, "POST", "/v1/till/one/pin", HERE, "{\"pin\":\"0000\"}");
	assert_problem(w, 415, "unsupported_media_type");
	for (uint32_t i = 0; i < ARRAY_LEN(wrong); i++) {
		ask(w, "POST", "/v1/till/one/pin", HERE JSON, wrong[i]);
		assert_problem(w, 400, "malformed");
	}
}

static void on_this_machine_and_from_our_page(void **state)
{
	static const char *const path[] = {"/v1/till/one/visit", "/v1/till/one/pin",
					   "/v1/door/front/pin"};
	struct world *w = *state;

	for (uint32_t i = 0; i < ARRAY_LEN(path); i++) {
		ask(w, "POST", path[i], HERE JSON "X-Forwarded-For: 192.0.2.1\r\n", "{}");
		assert_problem(w, 404, "not_found");
		ask(w, "POST", path[i], JSON, "{}");
		assert_problem(w, 403, "cross_site");
		ask(w, "POST", path[i], JSON "Sec-Fetch-Site: same-site\r\n", "{}");
		assert_problem(w, 403, "cross_site");
		ask(w, "POST", path[i], JSON "Origin: http://elsewhere.test\r\n", "{}");
		assert_problem(w, 403, "cross_site");
		ask(w, "POST", path[i], JSON HERE HERE, "{}");
		assert_problem(w, 403, "cross_site");
	}
	ask(w, "POST", "/v1/till/one/visit", "Origin: http://localhost:1\r\n", NULL);
	assert_int_equal(w->status, 200);
	ask(w, "GET", "/v1/kiosk/events", "Forwarded: for=192.0.2.1\r\n", NULL);
	assert_problem(w, 404, "not_found");
}

static void the_doors_code(void **state)
{
	struct world *w = *state;

	ask(w, "GET", "/v1/door/front/challenge", "X-Forwarded-For: 192.0.2.1\r\n", NULL);
	assert_int_equal(w->status, 200); /* whoever asks */
	assert_string_equal(text_of(w, "door"), "front");
	assert_string_equal(text_of(w, "challenge"), "SKN1:1");
	assert_int_equal(int_of(w, "changes_in_ms"), 30000);
	assert_int_equal(json_object_size(w->json), 3);
	ask(w, "GET", "/v1/door/back/challenge", "", NULL);
	assert_problem(w, 404, "not_found");
	ask(w, "GET", "/v1/door/Front/challenge", "", NULL);
	assert_problem(w, 404, "not_found");
	ask(w, "GET", "/v1/door/front/challenge?new=1", "", NULL);
	assert_problem(w, 400, "malformed");
}

/* --- the price list --- */

static void the_price_list_a_page_at_a_time(void **state)
{
	struct world *w = *state;
	char path[64] = "/v1/products", next[32];
	uint32_t seen = 0, pages = 0;

	do {
		json_t *list;

		ask(w, "GET", path, "", NULL);
		assert_int_equal(w->status, 200);
		assert_string_equal(text_of(w, "prices_as_of"), "2025-11-24T16:00:00.000Z");
		list = json_object_get(w->json, "products");
		for (size_t i = 0; i < json_array_size(list); i++)
			assert_int_equal(json_integer_value(json_object_get(json_array_get(list, i),
									    "unit_price_minor")),
					 seen++);
		snprintf(next, sizeof(next), "%s", text_of(w, "next"));
		snprintf(path, sizeof(path), "/v1/products?max=30&after=%s", next);
		pages++;
	} while (next[0]);
	assert_int_equal(seen, 150);
	assert_int_equal(pages, 3);
	ask(w, "GET", "/v1/products?after=4006381333931", "", NULL);
	assert_problem(w, 503, "unavailable");
	ask(w, "GET", "/v1/products?max=0", "", NULL);
	assert_problem(w, 400, "malformed");
	ask(w, "GET", "/v1/products?after=12", "", NULL);
	assert_problem(w, 400, "malformed");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		HOUSE_TEST(who_comes_is_told_how_everything_stands),
		HOUSE_TEST(everything_that_happens),
		HOUSE_TEST(a_flood_is_told_or_made_good),
		cmocka_unit_test(who_is_behind_the_ring_is_told_anew),
		HOUSE_TEST(eight_and_no_more),
		HOUSE_TEST(nobody_listens_nothing_is_said),
		HOUSE_TEST(shopd_goes_away),
		HOUSE_TEST(the_tills_visit),
		HOUSE_TEST(pins),
		HOUSE_TEST(on_this_machine_and_from_our_page),
		HOUSE_TEST(the_doors_code),
		HOUSE_TEST(the_price_list_a_page_at_a_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
