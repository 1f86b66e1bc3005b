/*
 * test_courierd_http.c: the HTTP client in one loop with the server that it asks, so that nothing
 * waits but the loop: answers within and past the bounds, none at all, and what is refused before
 * it leaves.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <errno.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/http_client.h"
#include "net/http_guard.h"

enum {
	REQUEST_MAX = 8192,
	PEERS = 32
};

static struct loop *loop;
static struct http_client *client;
static char url[64];
static int listening;
static struct watch *watch_listening, *watch_peer[PEERS];
static int peer[PEERS];
static uint32_t peers;
static char request[REQUEST_MAX];
static size_t request_len;
/* what the server does: */
static const char *head;
static size_t body_len;
static bool get_too; /* answers what has no body */

static struct {
	uint32_t done;
	long status;
	bool whole;
	int64_t retry_after_s;
	uint32_t body_len;
	bool trouble;
	char type[64], next[128], why[128];
} seen;

static void on_peer(void *data, int fd, uint32_t events)
{
	static char body[128 * 1024];
	ssize_t got = read(fd, request + request_len, sizeof(request) - 1 - request_len);
	const char *end;

	(void)events;
	if (got <= 0) {
		assert_int_equal(watch_set(watch_peer[(uintptr_t)data], 0), 0);
		return;
	}
	request_len += (size_t)got;
	request[request_len] = '\0';
	end = strstr(request, "\r\n\r\n");
	if (end == NULL || (!get_too && strstr(end, "=end") == NULL) || head == NULL)
		return;
	assert_int_equal(write(fd, head, strlen(head)), strlen(head));
	memset(body, 'x', sizeof(body));
	/* all at once: the socket's buffer has room for it */
	assert_int_equal(send(fd, body, body_len, MSG_NOSIGNAL | MSG_DONTWAIT), body_len);
	shutdown(fd, SHUT_WR);
}

static void on_connection(void *data, int fd, uint32_t events)
{
	(void)data;
	(void)events;
	assert_true(peers < PEERS);
	peer[peers] = accept(fd, NULL, NULL);
	assert_true(peer[peers] >= 0);
	assert_int_equal(watch_add(loop, peer[peers], EPOLLIN, WATCH_NORMAL, on_peer,
				   (void *)(uintptr_t)peers, &watch_peer[peers]),
			 0);
	peers++;
}

static int start(void **state)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(at);
	int room = 200 * 1024;

	(void)state;
	memset(&seen, 0, sizeof(seen));
	peers = 0;
	request_len = 0;
	head = NULL;
	body_len = 0;
	assert_int_equal(loop_new(&loop), 0);
	assert_int_equal(http_client_new(loop, &client), 0);
	listening = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(setsockopt(listening, SOL_SOCKET, SO_SNDBUF, &room, sizeof(room)), 0);
	assert_int_equal(bind(listening, (struct sockaddr *)&at, len), 0);
	assert_int_equal(listen(listening, PEERS), 0);
	assert_int_equal(getsockname(listening, (struct sockaddr *)&at, &len), 0);
	snprintf(url, sizeof(url), "http://127.0.0.1:%u/a", ntohs(at.sin_port));
	return watch_add(loop, listening, EPOLLIN, WATCH_NORMAL, on_connection, NULL,
			 &watch_listening);
}

static int stop(void **state)
{
	(void)state;
	http_client_free(client);
	for (uint32_t i = 0; i < peers; i++) {
		watch_free(watch_peer[i]);
		close(peer[i]);
	}
	watch_free(watch_listening);
	close(listening);
	loop_free(loop);
	return 0;
}

static void on_done(void *data, const struct http_answer *answer)
{
	assert_ptr_equal(data, &seen);
	seen.done++;
	seen.status = answer->status;
	seen.whole = answer->whole;
	seen.retry_after_s = answer->retry_after_s;
	seen.body_len = answer->body.len;
	seen.trouble = answer->trouble[0] != '\0';
	snprintf(seen.why, sizeof(seen.why), "%s", answer->trouble);
	snprintf(seen.type, sizeof(seen.type), "%s", answer->content_type);
	snprintf(seen.next, sizeof(seen.next), "%s", answer->next);
	loop_stop(loop);
}

static int post(const char *where, const char *body)
{
	struct http_post p = {.url = where,
			      .user = "u",
			      .password = "p",
			      .content_type = "text/plain",
			      .body = {(const uint8_t *)body, (uint32_t)strlen(body)}};

	return http_post(client, &p, on_done, &seen);
}

static void ask(const char *answer_head, size_t answer_len)
{
	head = answer_head;
	body_len = answer_len;
	assert_int_equal(post(url, "x=end"), 0);
	assert_int_equal(seen.done, 0); /* never from inside http_post() */
	assert_int_equal(loop_run(loop), 0);
	assert_int_equal(seen.done, 1);
}

static void an_answer_arrives(void **state)
{
	(void)state;
	ask("HTTP/1.1 201 Created\r\nContent-Length: 5\r\n\r\n", 5);
	assert_int_equal(seen.status, 201);
	assert_true(seen.whole);
	assert_int_equal(seen.body_len, 5);
	assert_int_equal(seen.retry_after_s, -1);
	assert_memory_equal(request, "POST /a HTTP/1.1\r\n", 18);
	assert_non_null(strstr(request, "\r\nAuthorization: Basic dTpw\r\n"));
	assert_non_null(strstr(request, "\r\nContent-Type: text/plain\r\n"));
	assert_non_null(strstr(request, "\r\n\r\nx=end"));
}

static void retry_after_arrives(void **state)
{
	(void)state;
	ask("HTTP/1.1 429 Slow\r\nRetry-After: 17\r\nContent-Length: 0\r\n\r\n", 0);
	assert_int_equal(seen.status, 429);
	assert_int_equal(seen.retry_after_s, 17);
}

static void a_redirect_is_not_followed(void **state)
{
	(void)state;
	ask("HTTP/1.1 307 There\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n", 0);
	assert_int_equal(seen.status, 307);
	assert_true(seen.whole);
	assert_int_equal(peers, 1);
}

static void a_body_past_the_bound_is_cut_off(void **state)
{
	(void)state;
	ask("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", 100000);
	assert_int_equal(seen.status, 200);
	assert_false(seen.whole);
	assert_true(seen.trouble);
	assert_true(seen.body_len <= HTTP_ANSWER_MAX);
}

static void a_body_of_the_bound_is_whole(void **state)
{
	(void)state;
	ask("HTTP/1.1 200 OK\r\nContent-Length: 65536\r\n\r\n", HTTP_ANSWER_MAX);
	assert_true(seen.whole);
	assert_int_equal(seen.body_len, HTTP_ANSWER_MAX);
}

static void an_answer_that_is_cut_off_keeps_its_status(void **state)
{
	(void)state;
	ask("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n", 5);
	assert_int_equal(seen.status, 200);
	assert_false(seen.whole);
}

static void what_is_no_http_has_no_status(void **state)
{
	(void)state;
	ask("SSH-2.0-x\r\n\r\n", 0);
	assert_false(seen.whole);
	assert_true(seen.trouble);
}

static void nobody_listens(void **state)
{
	(void)state;
	assert_int_equal(post("http://127.0.0.1:1/", "x=end"), 0);
	assert_int_equal(loop_run(loop), 0);
	assert_int_equal(seen.done, 1);
	assert_int_equal(seen.status, 0);
	assert_true(seen.trouble);
}

static void refused_before_it_leaves(void **state)
{
	static char large[HTTP_POST_MAX + 2];

	(void)state;
	memset(large, 'x', HTTP_POST_MAX + 1);
	assert_int_equal(post(url, large), -EINVAL);
	assert_int_equal(post("http://sms.example/", "x"), -EINVAL);
	assert_int_equal(post("file:///etc/hostname", "x"), -EINVAL);
	assert_int_equal(seen.done, 0);
}

/* --- http_ask */

static struct http_ask ask_of(const char *method)
{
	return (struct http_ask){
		.method = method, .url = url, .answer_max = HTTP_LONG_MAX, .total_ms = 5000};
}

static void ask_it(const struct http_ask *a, const char *answer_head, size_t answer_len)
{
	head = answer_head;
	body_len = answer_len;
	assert_int_equal(http_ask(client, a, on_done, &seen), 0);
	assert_int_equal(seen.done, 0);
	assert_int_equal(loop_run(loop), 0);
	assert_int_equal(seen.done, 1);
}

static void an_ask_with_all_its_headers(void **state)
{
	struct http_ask a = ask_of("PUT");

	(void)state;
	a.authorization = "SK1 abc";
	a.content_type = "application/cbor-seq";
	a.content_encoding = "zstd";
	a.if_none_match = "\"7\"";
	a.extra[0] = "webhook-id: 9";
	a.body = (struct span){(const uint8_t *)"x=end", 5};
	ask_it(&a,
	       "HTTP/1.1 200 OK\r\nContent-Type: application/cose\r\nsk-next:  a.b \r\n"
	       "Content-Length: 2\r\n\r\n",
	       2);
	assert_true(seen.whole);
	assert_string_equal(seen.type, "application/cose");
	assert_string_equal(seen.next, "a.b");
	assert_memory_equal(request, "PUT /a HTTP/1.1\r\n", 17);
	assert_non_null(strstr(request, "\r\nAuthorization: SK1 abc\r\n"));
	assert_non_null(strstr(request, "\r\nContent-Type: application/cbor-seq\r\n"));
	assert_non_null(strstr(request, "\r\nContent-Encoding: zstd\r\n"));
	assert_non_null(strstr(request, "\r\nIf-None-Match: \"7\"\r\n"));
	assert_non_null(strstr(request, "\r\nwebhook-id: 9\r\n"));
	assert_null(strstr(request, "Expect"));
	assert_non_null(strstr(request, "\r\n\r\nx=end"));
}

static void a_get_has_no_body_and_may_bring_a_large_one(void **state)
{
	struct http_ask a = ask_of("GET");

	(void)state;
	a.extra[0] = "X-A: 1";
	a.extra[1] = "X-B: 2";
	get_too = true;
	ask_it(&a, "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", 100000);
	get_too = false;
	assert_true(seen.whole);
	assert_int_equal(seen.body_len, 100000);
	assert_string_equal(seen.next, "");
	assert_memory_equal(request, "GET /a HTTP/1.1\r\n", 17);
	assert_null(strstr(request, "Content-Length"));
	assert_non_null(strstr(request, "\r\nX-B: 2\r\n"));
}

static void an_answer_past_the_askers_bound_is_cut_off(void **state)
{
	struct http_ask a = ask_of("GET");

	(void)state;
	a.answer_max = 99999;
	get_too = true;
	ask_it(&a, "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", 100000);
	get_too = false;
	assert_false(seen.whole);
	assert_true(seen.body_len <= 99999);
}

static void an_ask_ends_in_its_time(void **state)
{
	struct http_ask a = ask_of("GET");
	struct mono began = loop_mono();

	(void)state;
	a.total_ms = 100; /* the server does not answer */
	ask_it(&a, NULL, 0);
	assert_int_equal(seen.status, 0);
	assert_true(loop_mono().ms - began.ms < 4000);
}

static void public_only_does_not_ask_this_machine(void **state)
{
	struct http_ask a = ask_of("POST");

	(void)state;
	a.public_only = true;
	a.content_type = "text/plain";
	a.body = (struct span){(const uint8_t *)"x=end", 5};
	ask_it(&a, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 0);
	assert_int_equal(seen.status, 0);
	assert_true(seen.trouble);
	assert_int_equal(peers, 0); /* not even a connection */
}

/* --- what stands in the shop itself */

static struct http_ask ask_digest(void)
{
	struct http_ask a = ask_of("GET");

	a.on_site = a.digest = true;
	a.user = "u";
	a.password = "hush-hush";
	a.total_ms = 2000;
	return a;
}

static uint32_t times(const char *text, const char *what)
{
	uint32_t n = 0;

	for (; (text = strstr(text, what)) != NULL; text++)
		n++;
	return n;
}

static void digest_is_answered_and_never_tells_the_password(void **state)
{
	struct http_ask a = ask_digest();

	(void)state;
	get_too = true;
	ask_it(&a,
	       "HTTP/1.1 401 Who\r\nWWW-Authenticate: Digest realm=\"r\", nonce=\"n1\", "
	       "qop=\"auth\"\r\n"
	       "WWW-Authenticate: Basic realm=\"r\"\r\nContent-Length: 0\r\n\r\n",
	       0);
	get_too = false;
	assert_int_equal(seen.status, 401);
	assert_int_equal(times(request, "GET /a HTTP/1.1\r\n"), 2);
	assert_int_equal(times(request, "Authorization: Digest username=\"u\""), 1);
	assert_non_null(strstr(request, "qop=auth"));
	assert_null(strstr(request, "Basic"));
	assert_null(strstr(request, "hush"));
}

static void basic_alone_gets_nothing_where_digest_was_meant(void **state)
{
	struct http_ask a = ask_digest();

	(void)state;
	get_too = true;
	ask_it(&a,
	       "HTTP/1.1 401 Who\r\nWWW-Authenticate: Basic realm=\"r\"\r\n"
	       "Content-Length: 0\r\n\r\n",
	       0);
	get_too = false;
	assert_int_equal(seen.status, 401);
	assert_int_equal(times(request, "GET "), 1);
	assert_null(strstr(request, "Authorization"));
}

static void a_challenge_that_never_ends_is_given_up(void **state)
{
	struct http_ask a = ask_digest();

	(void)state;
	get_too = true;
	ask_it(&a,
	       "HTTP/1.1 401 Who\r\nWWW-Authenticate: Digest realm=\"r\", nonce=\"n2\", "
	       "stale=true\r\n"
	       "Content-Length: 0\r\n\r\n",
	       0);
	get_too = false;
	assert_true(times(request, "GET ") >= 2 && times(request, "GET ") <= 5);
}

static void basic_where_it_was_asked_for(void **state)
{
	struct http_ask a = ask_digest();

	(void)state;
	a.digest = false;
	get_too = true;
	ask_it(&a, "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n", 1);
	get_too = false;
	assert_int_equal(seen.status, 200);
	assert_non_null(strstr(request, "\r\nAuthorization: Basic dTpodXNoLWh1c2g=\r\n"));
}

/* An address that is written as no address is: what it resolves to is looked at, not how it reads.
 */
static void on_site_does_not_ask_elsewhere(void **state)
{
	struct http_ask a = ask_digest();

	(void)state;
	a.url = "http://134744072:1/"; /* 8.8.8.8 */
	ask_it(&a, NULL, 0);
	assert_int_equal(seen.status, 0);
	assert_true(seen.trouble);
	assert_non_null(strstr(seen.why, "not of this site"));
	a.url = "http://8.8.8.8/";
	assert_int_equal(http_ask(client, &a, on_done, &seen), -EINVAL);
	a.url = url;
	a.public_only = true;
	assert_int_equal(http_ask(client, &a, on_done, &seen), -EINVAL);
}

static void which_urls_are_on_site(void **state)
{
	static const char *const good[] = {
		"http://192.168.1.20/snap.jpg",
		"http://10.0.0.9:8080/a?b=1",
		"http://172.16.4.4/",
		"http://169.254.7.7/",
		"http://[fd00::7]/s",
		"http://[fe80::1]/",
		"http://[::1]:9/",
		"http://camera-1.lan/s",
		"https://93.184.215.14/s",
		"http://[::ffff:10.0.0.1]/",
	};
	static const char *const bad[] = {
		"http://8.8.8.8/",   "http://172.32.0.1/",  "http://192.169.0.1/",
		"http://[2a00::1]/", "ftp://10.0.0.1/",	    "http://u:p@10.0.0.1",
		"http://",	     "http://10.0.0.1/a b", "",
		"rtsp://10.0.0.1/",  "http://100.64.0.1/",  "http://[ff02::1]/",
		"http://0.0.0.0/",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(good); i++)
		if (http_url_on_site(good[i]) != NULL)
			fail_msg("refused: %s: %s", good[i], http_url_on_site(good[i]));
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		if (http_url_on_site(bad[i]) == NULL)
			fail_msg("taken: %s", bad[i]);
}

static void on_never(void *data, const struct http_answer *answer)
{
	(void)data;
	(void)answer;
	fail_msg("told of what was to be forgotten");
}

static void what_is_forgotten_is_not_told(void **state)
{
	struct http_ask a = ask_of("GET");
	int one, two;

	(void)state;
	a.total_ms = 100;
	for (uint32_t i = 0; i < 3 * HTTP_RUNNING_MAX; i++) { /* its place is free again */
		assert_int_equal(http_ask(client, &a, on_never, &one), 0);
		http_forget(client, &one);
	}
	http_forget(client, &two);
	ask_it(&a, NULL, 0);
}

static bool is_public(const char *text)
{
	struct sockaddr_in v4 = {.sin_family = AF_INET};
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};

	if (inet_pton(AF_INET, text, &v4.sin_addr) == 1)
		return http_address_public((const struct sockaddr *)&v4);
	assert_int_equal(inet_pton(AF_INET6, text, &v6.sin6_addr), 1);
	return http_address_public((const struct sockaddr *)&v6);
}

static void which_addresses_are_public(void **state)
{
	static const char *const public[] = {
		"1.1.1.1",	   "9.255.255.255",   "11.0.0.0",	"100.63.255.255",
		"100.128.0.0",	   "126.255.255.255", "128.0.0.0",	"169.253.255.255",
		"169.255.0.0",	   "172.15.255.255",  "172.32.0.0",	"192.167.255.255",
		"192.169.0.0",	   "198.17.255.255",  "198.20.0.0",	"223.255.255.255",
		"2606:4700::1111", "2a00::1",	      "::ffff:8.8.8.8", "2002:808:808::1",
		"3fff:1000::1",
	};
	static const char *const hidden[] = {
		"0.0.0.0",
		"0.255.255.255",
		"10.0.0.1",
		"10.255.255.255",
		"100.64.0.0",
		"100.127.255.255",
		"127.0.0.1",
		"127.255.255.255",
		"169.254.169.254",
		"172.16.0.0",
		"172.31.255.255",
		"192.0.0.1",
		"192.0.2.1",
		"192.168.0.1",
		"192.168.255.255",
		"198.18.0.1",
		"198.19.255.255",
		"198.51.100.1",
		"203.0.113.1",
		"224.0.0.1",
		"239.255.255.255",
		"240.0.0.1",
		"255.255.255.255",
		"::",
		"::1",
		"::ffff:127.0.0.1",
		"::ffff:10.0.0.1",
		"::ffff:169.254.169.254",
		"::127.0.0.1",
		"64:ff9b::7f00:1",
		"64:ff9b:1::1",
		"100::1",
		"2001::1",
		"2001:db8::1",
		"2002:7f00:1::1",
		"2002:a00:1::1",
		"2002:c0a8:1::1",
		"3fff::1",
		"fc00::1",
		"fdff::1",
		"fe80::1",
		"fec0::1",
		"ff02::1",
	};
	struct sockaddr local = {.sa_family = AF_UNIX};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(public); i++)
		if (!is_public(public[i]))
			fail_msg("not public: %s", public[i]);
	for (size_t i = 0; i < ARRAY_LEN(hidden); i++)
		if (is_public(hidden[i]))
			fail_msg("public: %s", hidden[i]);
	assert_false(http_address_public(&local));
}

static void on_check(void *data)
{
	(void)data;
	loop_stop(loop);
}

/* a server that never answers: as many as may run do, one more is refused, and all can be dropped
 */
static void many_at_once_and_dropped(void **state)
{
	struct timer *timer;

	(void)state;
	for (uint32_t i = 0; i < HTTP_RUNNING_MAX; i++)
		assert_int_equal(post(url, "x=end"), 0);
	assert_int_equal(post(url, "x=end"), -EBUSY);
	assert_int_equal(timer_add(loop, WATCH_IDLE, 0, on_check, NULL, &timer), 0);
	timer_arm(timer, mono_add(loop_mono(), 50));
	assert_int_equal(loop_run(loop), 0);
	timer_free(timer);
	assert_int_equal(seen.done, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_answer_arrives),
		TEST(retry_after_arrives),
		TEST(a_redirect_is_not_followed),
		TEST(a_body_past_the_bound_is_cut_off),
		TEST(a_body_of_the_bound_is_whole),
		TEST(an_answer_that_is_cut_off_keeps_its_status),
		TEST(what_is_no_http_has_no_status),
		TEST(nobody_listens),
		TEST(refused_before_it_leaves),
		TEST(many_at_once_and_dropped),
		TEST(an_ask_with_all_its_headers),
		TEST(a_get_has_no_body_and_may_bring_a_large_one),
		TEST(an_answer_past_the_askers_bound_is_cut_off),
		TEST(an_ask_ends_in_its_time),
		TEST(public_only_does_not_ask_this_machine),
		TEST(what_is_forgotten_is_not_told),
		TEST(digest_is_answered_and_never_tells_the_password),
		TEST(basic_alone_gets_nothing_where_digest_was_meant),
		TEST(a_challenge_that_never_ends_is_given_up),
		TEST(basic_where_it_was_asked_for),
		TEST(on_site_does_not_ask_elsewhere),
		cmocka_unit_test(which_urls_are_on_site),
		cmocka_unit_test(which_addresses_are_public),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
