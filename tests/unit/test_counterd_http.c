/* test_counterd_http.c: HTTP itself, whatever is asked; browser sessions; event streams. */
#include "counterd_house.h"

/* --- HTTP itself --- */

static void paths_and_methods_are_known(void **state)
{
	static const char *const nothing[] = {
		"//",
		"/v1",
		"/v1/",
		"/v1/visits/",
		"/v2/visits",
		"/v1//visits",
		"/v1/visits/x/y",
		"/v1/visits/../x/",
		"/v1/door//unlock",
		"/v1/door/unlock",
		"/healthz/",
		"/metrics.json",
		"/v1/invoices/",
		"/v1/stocks",
	};
	static const struct {
		const char *method, *path, *allow;
	} wrong[] = {
		{"GET", "/v1/visits", "POST"},
		{"POST", "/", "GET, HEAD"},
		{"PUT", "/owner", "GET, HEAD"},
		{"DELETE", "/v1/place", "GET, HEAD"},
		{"GET", "/v1/door/front/unlock", "POST"},
		{"POST", VISIT_PATH, "GET, HEAD"},
		{"GET", VISIT_PATH "/lines/k", "PUT, DELETE"},
		{"PATCH", VISIT_PATH "/lines/k", "PUT, DELETE"},
		{"DELETE", "/healthz", "GET, HEAD"},
		{"GET", "/v1/session", "POST, DELETE"},
		{"HEAD", "/v1/events", "GET"},
		{"OPTIONS", "/v1/products/1", "GET, HEAD"},
		{"get", "/healthz", "GET, HEAD"},
	};
	struct world *w = *state;

	for (uint32_t i = 0; i < ARRAY_LEN(nothing); i++) {
		ask(w, "GET", nothing[i], "", NULL);
		assert_problem(w, 404, "not_found");
	}
	for (uint32_t i = 0; i < ARRAY_LEN(wrong); i++) {
		ask(w, wrong[i].method, wrong[i].path, "", NULL);
		assert_int_equal(w->status, 405);
		assert_string_equal(header(w, "Allow"), wrong[i].allow);
		if (strcmp(wrong[i].method, "HEAD") != 0)
			assert_problem(w, 405, "method_not_allowed");
	}
}

static void hosts_are_known(void **state)
{
	static const struct {
		const char *host;
		int status;
	} cases[] = {
		{"Host: localhost\r\n", 200},
		{"Host: 127.0.0.1:18080\r\n", 200},
		{"Host: [::1]:18080\r\n", 200},
		{"Host: VIKEN.example\r\n", 200},
		{"Host: shop.test:443\r\n", 200},
		{"Host: evil.test\r\n", 421},
		{"Host: viken.example.evil.test\r\n", 421},
		{"Host: viken.example:80x\r\n", 421},
		{"Host: localhost@evil.test\r\n", 421},
		{"Host: \r\n", 421},
		{"Host: localhost\r\nHost: localhost\r\n", 400},
		{"", 400},
	};
	struct world *w = *state;
	char text[256];

	for (uint32_t i = 0; i < ARRAY_LEN(cases); i++) {
		int fd = dial(w), n;

		n = snprintf(text, sizeof(text), "GET /healthz HTTP/1.1\r\n%s\r\n", cases[i].host);
		say(fd, text, (size_t)n);
		answer_read(w, fd, false);
		assert_int_equal(w->status, cases[i].status);
		close(fd);
	}
}

static void bodies_are_bounded(void **state)
{
	struct world *w = *state;
	char *large = malloc(1 << 20);
	char head[256];
	int fd, n;

	assert_non_null(large);
	memset(large, ' ', 1 << 20);
	memcpy(large, "{\"gtin\":\"1\"}", 12);
	ask_bytes(w, "PUT", VISIT_PATH "/lines/k", BEARER JSON, large, 16 * 1024);
	assert_int_equal(w->status, 201);
	ask_bytes(w, "PUT", VISIT_PATH "/lines/k", BEARER JSON, large, 16 * 1024 + 1);
	assert_problem(w, 413, "too_large");
	ask_bytes(w, "PUT", VISIT_PATH "/lines/k", BEARER JSON, large, 64 * 1024);
	assert_problem(w, 413, "too_large");
	ask(w, "GET", "/healthz", "", NULL); /* the connection is still good */
	assert_int_equal(w->status, 200);

	/* a megabyte is not read to its end to be told off */
	fd = dial(w);
	n = snprintf(head, sizeof(head),
		     "PUT " VISIT_PATH "/lines/k HTTP/1.1\r\nHost: localhost\r\n" BEARER JSON
		     "Content-Length: %d\r\n\r\n",
		     1 << 20);
	say(fd, head, (size_t)n);
	answer_read(w, fd, false);
	assert_problem(w, 413, "too_large");
	close(fd);

	/* and one that does not say its length is hung up on */
	fd = dial(w);
	n = snprintf(head, sizeof(head),
		     "PUT " VISIT_PATH "/lines/k HTTP/1.1\r\nHost: localhost\r\n" BEARER JSON
		     "Transfer-Encoding: chunked\r\n\r\n100000\r\n");
	say(fd, head, (size_t)n);
	for (size_t sent = 0; sent < 1 << 20; sent += 4096)
		if (send(fd, large + sent, 4096, MSG_NOSIGNAL) <= 0)
			break;
	w->reply_len = 0;
	while (hear(w, fd))
		;
	close(fd);
	free(large);
	ask(w, "GET", "/healthz", "", NULL);
	assert_int_equal(w->status, 200);
}

static void chunked_bodies_are_taken(void **state)
{
	struct world *w = *state;
	static const char text[] =
		"PUT " VISIT_PATH "/lines/k HTTP/1.1\r\nHost: localhost\r\n" BEARER JSON
		"Transfer-Encoding: chunked\r\n\r\n"
		"5\r\n{\"gti\r\n7\r\nn\":\"1\"}\r\n0\r\n\r\n";
	int fd = dial(w);

	for (size_t i = 0; i < sizeof(text) - 1; i++)
		say(fd, text + i, 1); /* byte by byte */
	answer_read(w, fd, false);
	assert_int_equal(w->status, 201);
	close(fd);
}

static void pipelined_requests_are_answered_in_order(void **state)
{
	struct world *w = *state;
	static const char one[] =
		"GET /v1/products/7310865004703 HTTP/1.1\r\nHost: localhost\r\n\r\n"
		"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
		"GET /nothing HTTP/1.1\r\nHost: localhost\r\n"
		"Connection: close\r\n\r\n";
	int fd = dial(w);
	const char *ok, *nothing;

	say(fd, one, sizeof(one) - 1);
	w->reply_len = 0;
	while (hear(w, fd))
		;
	ok = strstr(w->reply, "{\"ok\":true}");
	nothing = strstr(w->reply, "not_found");
	assert_true(ok && nothing && strstr(w->reply, "unit_price_minor") < ok && ok < nothing);
	close(fd);
}

/* Each ends its head: of half a head with an end of file behind it libmicrohttpd may not see the
 * end (it waits for an edge that has been), and the time for a request is what hangs up on it. */
static void garbage_is_hung_up_on(void **state)
{
	struct world *w = *state;
	static const char *const garbage[] = {
		"\x16\x03\x01\x02\x01\x01\x01\x01\xfc\x03\x03 hello\r\n\r\n",
		"SK1:NOT HTTP\r\n\r\n",
		"GET /healthz\r\n\r\n",
		"GET /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
		"GET /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n"
		"Content-Length: 2\r\n\r\nab",
		"GET /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n"
		"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
	};
	char line[20000];

	for (uint32_t i = 0; i < ARRAY_LEN(garbage); i++) {
		int fd = dial(w);

		say(fd, garbage[i], strlen(garbage[i]));
		shutdown(fd, SHUT_WR);
		w->reply_len = 0;
		w->reply[0] = '\0';
		while (hear(w, fd))
			;
		assert_null(strstr(w->reply, " 200 "));
		close(fd);
	}
	memset(line, 'a', sizeof(line)); /* a path longer than a connection's memory */
	memcpy(line, "GET /", 5);
	{
		int fd = dial(w);

		say(fd, line, sizeof(line));
		w->reply_len = 0;
		while (hear(w, fd))
			;
		assert_non_null(strstr(w->reply, "HTTP/1.1 4"));
		close(fd);
	}
	ask(w, "GET", "/healthz", "", NULL);
	assert_int_equal(w->status, 200);
}

static int setup_hasty(void **state)
{
	int r;

	quiet_ms = 200;
	r = setup(state);
	quiet_ms = 0;
	return r;
}

/* Idle, half a head, a head without its body, one byte after the other: all are hung up on, while a
 * request that waits for shopd is not. */
static void slow_clients_are_hung_up_on(void **state)
{
	static const char *const slow[] = {
		"",
		"GET /healthz HTT",
		"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n",
		"POST /v1/visits HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nabc",
	};
	struct world *w = *state;
	int fd[ARRAY_LEN(slow)];

	for (uint32_t i = 0; i < ARRAY_LEN(slow); i++) {
		fd[i] = dial(w);
		say(fd[i], slow[i], strlen(slow[i]));
	}
	for (uint32_t i = 0; i < ARRAY_LEN(slow); i++) {
		w->reply_len = 0;
		while (hear(w, fd[i]))
			;
		close(fd[i]);
	}
	fd[0] = dial(w);
	for (;;) { /* drips until it is cut off; each wait ends when the server hangs up */
		struct pollfd p = {.fd = fd[0], .events = POLLIN};

		if (send(fd[0], "G", 1, MSG_NOSIGNAL) != 1 || poll(&p, 1, 20) == 1)
			break;
	}
	close(fd[0]);
	ask(w, "GET", "/healthz", "", NULL);
	assert_int_equal(w->status, 200);
}

static void languages_are_chosen(void **state)
{
	struct world *w = *state;

	ask(w, "GET", "/x", "", NULL);
	assert_string_equal(header(w, "Content-Language"), "sv");
	ask(w, "GET", "/x", "Accept-Language: en-GB,en;q=0.9,sv;q=0.8\r\n", NULL);
	assert_string_equal(header(w, "Content-Language"), "en");
	assert_string_equal(text_of(w, "detail"), "There is nothing here. Check the address.");
	assert_int_equal(language_of("sv-SE, en;q=0.5", LANGUAGE_EN), LANGUAGE_SV);
	assert_int_equal(language_of("de, fr;q=0.5", LANGUAGE_EN), LANGUAGE_EN);
	assert_int_equal(language_of("en;q=0.1, sv;q=0.2", LANGUAGE_EN), LANGUAGE_SV);
	assert_int_equal(language_of("en;q=0, sv; q=0.001", LANGUAGE_EN), LANGUAGE_SV);
	assert_int_equal(language_of(",,;=;q,", LANGUAGE_SV), LANGUAGE_SV);
	assert_int_equal(language_of("en;q", LANGUAGE_SV), LANGUAGE_SV);
	assert_int_equal(language_of(NULL, LANGUAGE_EN), LANGUAGE_EN);
}

/* --- sessions and events --- */

static void log_in(struct world *w, enum role role, char cookie[128])
{
	const char *set;

	ask_token(w, "/v1/session", 0, (uint8_t)role);
	assert_int_equal(w->status, 200);
	assert_string_equal(text_of(w, "role"), role_word(role));
	assert_int_equal(int_of(w, "idle_s"), 1800);
	set = header(w, "Set-Cookie");
	assert_non_null(set);
	assert_non_null(strstr(set, "; HttpOnly"));
	assert_non_null(strstr(set, "; Secure"));
	assert_non_null(strstr(set, "; SameSite=Strict"));
	assert_non_null(strstr(set, "; Path=/"));
	assert_null(strstr(set, "Domain"));
	snprintf(cookie, 128, "Cookie: a=b; %.*s\r\n", (int)strcspn(set, ";"), set);
}

static void sessions_are_the_owners(void **state)
{
	struct world *w = *state;
	char cookie[128], headers[512];

	ask_token(w, "/v1/session", 0, ROLE_MEMBER);
	assert_problem(w, 403, "forbidden");
	ask_token(w, "/v1/session", 0, ROLE_DELIVERY);
	assert_problem(w, 403, "forbidden");
	ask_bytes(w, "POST", "/v1/session", COSE "Sec-Fetch-Site: cross-site\r\n", "\0\1", 2);
	assert_problem(w, 403, "cross_site");
	log_in(w, ROLE_STAFF, cookie);
	log_in(w, ROLE_OWNER, cookie);

	ask(w, "DELETE", "/v1/session", "", NULL);
	assert_problem(w, 401, "unauthorized");
	ask(w, "DELETE", "/v1/session", cookie, NULL);
	assert_problem(w, 403, "cross_site");
	snprintf(headers, sizeof(headers), "%sSec-Fetch-Site: same-site\r\n" JSON, cookie);
	ask(w, "DELETE", "/v1/session", headers, NULL);
	assert_problem(w, 403, "cross_site");
	snprintf(headers, sizeof(headers), "%sOrigin: https://evil.test\r\n" JSON, cookie);
	ask(w, "DELETE", "/v1/session", headers, NULL);
	assert_problem(w, 403, "cross_site");
	snprintf(headers, sizeof(headers), "%sSec-Fetch-Site: same-origin\r\n", cookie);
	ask(w, "DELETE", "/v1/session", headers, NULL);
	assert_problem(w, 415, "unsupported_media_type");
	snprintf(headers, sizeof(headers), "%sOrigin: https://localhost:1\r\n" JSON, cookie);
	ask(w, "DELETE", "/v1/session", headers, NULL);
	assert_int_equal(w->status, 204);
	assert_non_null(strstr(header(w, "Set-Cookie"), "Max-Age=0"));
	ask(w, "DELETE", "/v1/session", headers, NULL);
	assert_problem(w, 401, "unauthorized");
}

/* Reads a stream until `text` has come. */
static void hear_until(struct world *w, int fd, const char *text)
{
	while (!strstr(w->reply, text))
		assert_true(hear(w, fd));
}

static int listen_to_events(struct world *w, const char *headers)
{
	char text[1024];
	int fd = dial(w);
	int n = snprintf(text, sizeof(text), "GET /v1/events HTTP/1.1\r\nHost: localhost\r\n%s\r\n",
			 headers);

	say(fd, text, (size_t)n);
	w->reply_len = 0;
	w->reply[0] = '\0';
	w->body = NULL;
	return fd;
}

static void events_flow_and_resume(void **state)
{
	struct world *w = *state;
	char cookie[128], headers[512];
	int fd;

	ask(w, "GET", "/v1/events", "", NULL);
	assert_problem(w, 401, "unauthorized");
	ask(w, "GET", "/v1/events", "Cookie: __Host-sk=" GOOD_SECRET "\r\n", NULL);
	assert_problem(w, 401, "unauthorized");
	log_in(w, ROLE_OWNER, cookie);
	snprintf(headers, sizeof(headers), "%sLast-Event-ID: x\r\n", cookie);
	ask(w, "GET", "/v1/events", headers, NULL);
	assert_problem(w, 400, "malformed");

	fd = listen_to_events(w, cookie); /* from now on: what was is not told */
	hear_until(w, fd, "retry: ");
	assert_non_null(strstr(w->reply, "Content-Type: text/event-stream"));
	ask_token(w, "/v1/door/front/unlock", NEWS, 0);
	w->reply_len = 0;
	w->reply[0] = '\0';
	hear_until(w, fd, "\"seq\":6,");
	assert_non_null(strstr(w->reply, "id: 4\nevent: entry\ndata: {\"seq\":4,"));
	assert_null(strstr(w->reply, "id: 3\n"));
	assert_non_null(strstr(w->reply, "\"door\":\"front\""));
	close(fd);

	snprintf(headers, sizeof(headers), "%sLast-Event-ID: 1\r\n", cookie);
	fd = listen_to_events(w, headers);
	hear_until(w, fd, "\"seq\":6,");
	assert_non_null(strstr(w->reply, "id: 2\n"));
	assert_null(strstr(w->reply, "id: 1\n"));

	/* the stream ends with its session */
	snprintf(headers, sizeof(headers), "%sSec-Fetch-Site: same-origin\r\n" JSON, cookie);
	ask(w, "DELETE", "/v1/session", headers, NULL);
	assert_int_equal(w->status, 204);
	w->reply[w->reply_len = 0] = '\0';
	hear_until(w, fd, "0\r\n\r\n"); /* the last chunk */
	close(fd);
}

static void events_by_token(void **state)
{
	struct world *w = *state;
	int fd;

	ask(w, "GET", "/v1/events", "Authorization: SK1 AAAA\r\n", NULL); /* a member's */
	assert_problem(w, 403, "forbidden");
	ask(w, "GET", "/v1/events", "Authorization: SK1 CwEA\r\n", NULL);
	assert_problem(w, 403, "replayed");
	ask(w, "GET", "/v1/events", "Authorization: SK1 !\r\n", NULL);
	assert_problem(w, 400, "malformed");
	fd = listen_to_events(w, "Authorization: SK1 AAEA\r\nLast-Event-ID: 0\r\n");
	hear_until(w, fd, "\"seq\":3,");
	close(fd);
}

static void event_streams_are_bounded(void **state)
{
	struct world *w = *state;
	char cookie[128];
	int fd[EVENT_CLIENTS_MAX];

	log_in(w, ROLE_OWNER, cookie);
	for (int i = 0; i < EVENT_CLIENTS_MAX; i++) {
		fd[i] = listen_to_events(w, cookie);
		hear_until(w, fd[i], "retry: ");
	}
	ask(w, "GET", "/v1/events", cookie, NULL);
	assert_problem(w, 429, "too_many");
	close(fd[7]); /* a place that was left is found again */
	fd[7] = listen_to_events(w, cookie);
	hear_until(w, fd[7], "retry: ");
	for (int i = 0; i < EVENT_CLIENTS_MAX; i++)
		close(fd[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		HOUSE_TEST(paths_and_methods_are_known),
		HOUSE_TEST(hosts_are_known),
		HOUSE_TEST(bodies_are_bounded),
		HOUSE_TEST(chunked_bodies_are_taken),
		HOUSE_TEST(pipelined_requests_are_answered_in_order),
		HOUSE_TEST(garbage_is_hung_up_on),
		cmocka_unit_test_setup_teardown(slow_clients_are_hung_up_on, setup_hasty, teardown),
		HOUSE_TEST(languages_are_chosen),
		HOUSE_TEST(sessions_are_the_owners),
		HOUSE_TEST(events_flow_and_resume),
		HOUSE_TEST(events_by_token),
		HOUSE_TEST(event_streams_are_bounded),
	};

	return cmocka_run_group_tests_name("counterd http", tests, NULL, NULL);
}
