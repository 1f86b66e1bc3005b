/*
 * counterd_house.h: counterd in a test's hands. It runs in a child process with a loopback port of
 * its own; shopd is played by a listener that answers as the request tells it to, the ledger by the
 * functions of ledger/read.h below, so that what is tested is counterd and nothing else. The test
 * speaks HTTP to it byte by byte.
 *
 * What the played shopd does: the first byte of a token is the verdict to give; a line's key "a7"
 * or a bearer that begins with byte 7 gives answer 7; SILENT is never answered, and so on below.
 */
#ifndef TESTS_UNIT_COUNTERD_HOUSE_H
#define TESTS_UNIT_COUNTERD_HOUSE_H

#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <unistd.h>

#include <cmocka.h>
#include <jansson.h>

#include "counterd/alarms.c"
#include "counterd/body.c"
#include "counterd/challenge.c"
#include "counterd/config.c"
#include "counterd/counter.c"
#include "counterd/door.c"
#include "counterd/events.c"
#include "counterd/kiosk.c"
#include "counterd/kiosk_json.c"
#include "counterd/lines.c"
#include "counterd/metrics.c"
#include "counterd/owner.c"
#include "counterd/pending.c"
#include "counterd/problem.c"
#include "counterd/products.c"
#include "counterd/reply.c"
#include "counterd/router.c"
#include "counterd/routes.c"
#include "counterd/sensors.c"
#include "counterd/session.c"
#include "counterd/site.c"
#include "counterd/till.c"
#include "counterd/visits.c"

enum {
	SILENT = 0xf0,	   /* never answered */
	WRONG_TYPE = 0xf1, /* answered with another type than was asked for */
	HANG_UP = 0xf2,	   /* the connection ends, for good */
	LEDGER_BAD = 0xf3, /* admitted; from now on the ledger is not well */
	NEWS = 0xf4,	   /* admitted; and three entries more stand in the ledger */
	DEADLINE_MS = 150,
	REPLY_MAX = 1 << 20,
	PATIENCE_MS = 10000,
};
#define VISIT_KNOWN	 0x1234u
#define VISIT_CLOSED	 0x1235u
#define VISIT_LARGE	 0x1236u
#define VISIT_UNREADABLE 0x1237u
#define PLAIN_NAME	 "Mj\xc3\xb6lk \"3 %\" \\ <b>"
#define NASTY_NAME	 "Mj\xc3\xb6lk \"3 %\" \\ \x01<b>\xff"

/* --- the ledger, played --- */

static uint64_t entries_there = 3;

int reader_open(const char *dir, struct reader **ret)
{
	static char reader;

	assert_non_null(dir);
	*ret = (struct reader *)&reader;
	return 0;
}

void reader_close(struct reader *r)
{
	(void)r;
}

int reader_head(struct reader *r, uint64_t *ret)
{
	(void)r;
	*ret = entries_there;
	return 0;
}

int reader_entries(struct reader *r, uint64_t after, struct seq_entry *ret, uint32_t max)
{
	uint32_t n = 0;

	(void)r;
	for (uint64_t seq = after + 1; seq <= entries_there && n < max; seq++, n++) {
		ret[n] = (struct seq_entry){.epoch = 1, .seq = seq, .readable = true};
		ret[n].kind = ENTRY_DOOR;
		ret[n].entry = (struct entry){.kind = ENTRY_DOOR, .at = {1764000000000}};
		ret[n].entry.door.event = DOOR_EVENT_OPENED;
		memcpy(ret[n].entry.door.place.name, "front", 6);
	}
	return (int)n;
}

static inline void play_line(struct line *l, uint32_t i, char *names)
{
	*l = (struct line){.gtin = {7310865004703},
			   .quantity_milli = 2000,
			   .unit_price = money_of(1250),
			   .total = money_of(2500),
			   .vat_bp = i % 2 ? 1200 : 2500,
			   .voided = i == 3,
			   .at = {1764000000000},
			   .list_price = money_of(i == 4 ? 1500 : 1250),
			   .deposit = money_of(i == 4 ? 200 : 0),
			   .bought = {20416}, /* 2025-11-24 */
			   .best_before = {i == 4 ? 20415 : 20416},
			   .name = names};
	snprintf(l->key.text, sizeof(l->key.text), "line-%u", i);
}

int reader_visit(struct reader *r, struct visit_id visit, const struct sha256 *bearer,
		 struct visit *ret, struct line *ret_line, uint32_t lines_max, uint32_t *ret_lines,
		 char *names, uint32_t names_size)
{
	uint8_t good[32];
	struct sha256 hash;

	(void)r;
	memset(good, 0, sizeof(good));
	hash = sha256(good, sizeof(good));
	if (visit.n == VISIT_UNREADABLE)
		return -EAGAIN;
	if (visit.n < VISIT_KNOWN || visit.n > VISIT_LARGE)
		return 0;
	if (bearer && memcmp(bearer->byte, hash.byte, sizeof(hash.byte)) != 0)
		return 0;
	*ret = (struct visit){.id = visit, .over = visit.n == VISIT_CLOSED};
	ret->opened_at.ms = 1764000000000;
	ret->closed_at.ms = 1764000060000;
	ret->total = money_of(10000);
	assert_true(names_size > sizeof(NASTY_NAME));
	memcpy(names, NASTY_NAME, sizeof(NASTY_NAME));
	*ret_lines = visit.n == VISIT_LARGE ? lines_max : 5;
	for (uint32_t i = 0; i < *ret_lines; i++)
		play_line(&ret_line[i], i, names);
	return 1;
}

int reader_product(struct reader *r, struct gtin gtin, struct product *ret)
{
	(void)r;
	if (gtin.n == 7310865004703)
		*ret = (struct product){.gtin = gtin,
					.name = NASTY_NAME,
					.price = money_of(1250),
					.vat_bp = 1200,
					.reorder = 12,
					.price_version = 3};
	if (gtin.n == 73101079)
		*ret = (struct product){.gtin = gtin,
					.name = PLAIN_NAME,
					.price = money_of(1500),
					.deposit = money_of(100),
					.vat_class = VAT_STANDARD,
					.price_version = 3};
	return gtin.n == 7310865004703 || gtin.n == 73101079 ? 1
	       : gtin.n == 4006381333931		     ? -EAGAIN
							     : 0;
}

/* GTIN-8 number i of the list. */
static inline uint64_t listed_gtin(uint32_t i)
{
	uint64_t body = 2000000 + i, sum = 0;

	for (uint64_t digits = body, weight = 3; digits > 0; digits /= 10, weight = 4 - weight)
		sum += digits % 10 * weight;
	return body * 10 + (10 - sum % 10) % 10;
}

/* 150 articles, the i-th at i. After 4006381333931 the catalogue cannot be read. */
int reader_products(struct reader *r, struct gtin after, struct product *ret, uint32_t max,
		    struct wall *ret_as_of)
{
	uint32_t n = 0;

	(void)r;
	if (after.n == 4006381333931)
		return -EAGAIN;
	for (uint32_t i = 0; i < 150 && n < max; i++)
		if (listed_gtin(i) > after.n)
			ret[n++] = (struct product){.gtin = {listed_gtin(i)},
						    .name = NASTY_NAME,
						    .price = money_of(i),
						    .vat_class = i % 2 ? VAT_FOOD : VAT_FIXED,
						    .vat_bp = 1200};
	ret_as_of->ms = 1764000000000;
	return (int)n;
}

#include "counterd_alarms_house.h"
#include "counterd_books_house.h"
#include "counterd_kiosk_house.h"
#include "counterd_view_house.h"

/* --- shopd, played --- */

static struct counter house;
static struct listener *shopd;
static bool ledger_well = true;
static int port_fd;
static int64_t quiet_ms; /* 0: counterd's own */
static struct timer *hang_up;

static inline void shopd_say(uint32_t peer, const union message *m)
{
	const char *wrong =
		message_check(m, message_size(m->head.type), ROLE_COUNTER, WAY_FROM_SHOPD);

	if (wrong)
		fprintf(stderr, "the played shopd would say: %s\n", wrong);
	CHECK(!wrong);
	(void)listener_send(shopd, peer, m);
}

static inline void play_news(uint32_t peer)
{
	union message m;

	entries_there += 3;
	message_init(&m, MESSAGE_NEWS, 0);
	m.news.head_seq = entries_there;
	shopd_say(peer, &m);
}

static inline void answer_token(uint32_t peer, const struct message_token *t)
{
	uint8_t first = t->token[0], second = t->token_len > 1 ? t->token[1] : 0;
	bool visit = t->head.type == MESSAGE_VISIT;
	union message m;

	if (first == LEDGER_BAD)
		ledger_well = false;
	if (first == NEWS)
		play_news(peer);
	message_init(&m, visit ? MESSAGE_VISIT_IS : MESSAGE_VERDICT, t->head.request);
	if (visit) {
		m.visit_is.verdict = first < VERDICTS ? first : 0;
		m.visit_is.answer = second;
		m.visit_is.visit = VISIT_KNOWN;
		m.visit_is.prices_as_of_ms = 1764000000000;
		m.visit_is.limited = t->join_code[0] != '\0';
		m.visit_is.credit_left_minor = strcmp(t->join_code, "ABCD2345") == 0 ? 777 : 1;
	} else {
		m.verdict.verdict = first < VERDICTS ? first : 0;
		m.verdict.role = second;
		m.verdict.visit = VISIT_KNOWN;
		m.verdict.unlock_ms = 5000;
	}
	shopd_say(peer, &m);
}

static inline void answer_line(uint32_t peer, const struct message_line *l)
{
	struct gtin gtin = {0};
	union message m;

	message_init(&m, MESSAGE_LINE_IS, l->head.request);
	if (l->key[0] == 'a')
		m.line_is.answer = (uint32_t)strtoul(l->key + 1, NULL, 10);
	(void)gtin_parse(l->scanned, (uint32_t)strlen(l->scanned), &gtin);
	memcpy(m.line_is.key, l->key, sizeof(l->key));
	memcpy(m.line_is.name, PLAIN_NAME, sizeof(PLAIN_NAME));
	m.line_is.gtin = gtin.n;
	m.line_is.voided = l->head.type == MESSAGE_LINE_VOID;
	m.line_is.quantity_milli = l->quantity_milli;
	m.line_is.unit_price_minor = 1250;
	m.line_is.total_minor = l->scanned_at_ms;
	m.line_is.visit_total_minor = 5000;
	m.line_is.vat_bp = 1200;
	m.line_is.list_price_minor = 1500;
	m.line_is.deposit_minor = 100;
	if (strcmp(l->key, "old") == 0)
		m.line_is.best_before = 20415; /* 2025-11-23 */
	shopd_say(peer, &m);
}

static inline void answer_bearer(uint32_t peer, const struct message_bearer *b)
{
	union message m;

	message_init(&m, MESSAGE_ANSWER, b->head.request);
	m.answer.answer = b->bearer[0];
	m.answer.visit = b->visit;
	if (b->head.type == MESSAGE_INVITE)
		memcpy(m.answer.text, "ABCD2345", 9);
	shopd_say(peer, &m);
}

static inline void play_status(uint32_t peer, uint32_t request)
{
	union message m;

	message_init(&m, MESSAGE_STATUS_IS, request);
	m.status_is.ledger_ok = ledger_well;
	m.status_is.lines = 42;
	memcpy(m.status_is.shop, "viken", 6);
	shopd_say(peer, &m);
}

static inline void on_hang_up(void *data)
{
	(void)data;
	listener_close(shopd);
	shopd = NULL;
}

static inline void answer_desk(uint32_t peer, const struct message_desk *d)
{
	union message m;

	play_desk(d, &m);
	shopd_say(peer, &m);
}

static inline void answer_list(uint32_t peer, const struct message_head *asked)
{
	bool alarms = asked->type == MESSAGE_ALARMS;
	uint32_t rows = alarms ? alarms_there : sensors_there;
	union message m;

	for (uint32_t i = 0; i < rows; i++) {
		if (alarms)
			play_alarm(alarms_there > 2 ? 0 : i, asked->request, &m);
		else
			play_sensor(i, asked->request, &m);
		shopd_say(peer, &m);
	}
	if (play_done(asked->request, &m))
		shopd_say(peer, &m);
}

static inline void answer_ack(uint32_t peer, const struct message_ack *a)
{
	union message m;

	if (a->token[0] == SILENT)
		return;
	play_ack(a, &m);
	shopd_say(peer, &m);
}

static inline void answer_view(uint32_t peer, const struct message_view *v)
{
	union message m;

	for (uint32_t i = 0; play_view(v, i, &m); i++)
		shopd_say(peer, &m);
}

static inline void answer_asked(uint32_t peer, const struct message_door_asked *d)
{
	union message m;

	if (play_asked(d, &m))
		shopd_say(peer, &m);
}

static inline void on_request(void *data, uint32_t peer, const union message *m, int fd)
{
	(void)data;
	CHECK(fd < 0);
	if (m->head.type == MESSAGE_DESK)
		answer_desk(peer, &m->desk);
	else if (m->head.type == MESSAGE_ALARMS || m->head.type == MESSAGE_SENSORS)
		answer_list(peer, &m->head);
	else if (m->head.type == MESSAGE_ALARM_ACK)
		answer_ack(peer, &m->ack);
	else if (m->head.type == MESSAGE_VIEW)
		answer_view(peer, &m->view);
	else if (m->head.type == MESSAGE_DOOR_ASKED)
		answer_asked(peer, &m->door_asked);
	else if (play_kiosk(peer, m))
		return;
	else if (m->head.type == MESSAGE_STATUS || m->token.token[0] == WRONG_TYPE)
		play_status(peer, m->head.request);
	else if (m->head.type == MESSAGE_LINE_PUT || m->head.type == MESSAGE_LINE_VOID)
		answer_line(peer, &m->line);
	else if (m->head.type == MESSAGE_CLOSE || m->head.type == MESSAGE_INVITE)
		answer_bearer(peer, &m->bearer);
	else if (m->token.token[0] == HANG_UP)
		timer_arm(hang_up, loop_mono());
	else if (m->token.token[0] != SILENT)
		answer_token(peer, &m->token);
}

/* The house is ready when counterd has greeted shopd. */
static inline void on_peer(void *data, uint32_t peer, bool here)
{
	uint16_t port = http_server_port(house.http);

	(void)data;
	(void)peer;
	if (here)
		CHECK(write(port_fd, &port, sizeof(port)) == sizeof(port));
}

static inline void house_run(const char *dir)
{
	struct config config;
	char text[512], path[256], why[CONFIG_WHY_MAX];
	struct loop *loop;
	int n = snprintf(text, sizeof(text),
			 "shop = viken\nrun = %s\nstate = %s\nlisten = 127.0.0.1:0\n"
			 "hosts = viken.example, shop.test\nweb = %s/web\n",
			 dir, dir, dir);

	CHECK(config_parse("test.conf", (struct span){(uint8_t *)text, (uint32_t)n}, &config, why));
	CHECK(loop_new(&loop) == 0);
	snprintf(path, sizeof(path), "%s/counter.sock", dir);
	CHECK(listener_open(loop, path, 0600, ROLE_COUNTER, 1, on_request, on_peer, NULL, &shopd) ==
	      0);
	CHECK(counter_open(&house, loop, &config, why) == 0);
	house.pending.deadline_ms = DEADLINE_MS;
	if (quiet_ms)
		http_server_set_quiet(house.http, quiet_ms);
	CHECK(timer_add(loop, WATCH_NORMAL, 0, on_hang_up, NULL, &hang_up) == 0);
	CHECK(loop_run(loop) == 0);
	counter_close(&house);
	timer_free(hang_up);
	if (shopd)
		listener_close(shopd);
	loop_free(loop);
}

/* --- the test's side --- */

struct world {
	char dir[64];
	pid_t child;
	uint16_t port;
	int fd; /* a kept connection, -1: none */
	char reply[REPLY_MAX];
	size_t reply_len;
	int status;
	const char *body;
	json_t *json;
};

static inline int setup(void **state)
{
	struct world *w = calloc(1, sizeof(*w));
	int pipe_fd[2];

	assert_non_null(w);
	snprintf(w->dir, sizeof(w->dir), "/tmp/test-counterd-XXXXXX");
	assert_non_null(mkdtemp(w->dir));
	assert_int_equal(pipe(pipe_fd), 0);
	w->fd = -1;
	w->child = fork();
	assert_true(w->child >= 0);
	if (w->child == 0) {
		close(pipe_fd[0]);
		port_fd = pipe_fd[1];
		house_run(w->dir);
		free(w);
		exit(0);
	}
	close(pipe_fd[1]);
	assert_int_equal(read(pipe_fd[0], &w->port, sizeof(w->port)), sizeof(w->port));
	close(pipe_fd[0]);
	*state = w;
	return 0;
}

/* The house ends in order when it is told to, whatever the test left open. */
static inline int teardown(void **state)
{
	struct world *w = *state;
	char path[256];
	int status = -1;

	kill(w->child, SIGTERM);
	assert_int_equal(waitpid(w->child, &status, 0), w->child);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	if (w->fd >= 0)
		close(w->fd);
	snprintf(path, sizeof(path), "%s/counter.sock", w->dir);
	unlink(path);
	rmdir(w->dir);
	json_decref(w->json);
	free(w);
	return 0;
}

static inline int dial(const struct world *w)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(w->port)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int on = 1;

	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof(to)), 0);
	return fd;
}

static inline void say(int fd, const void *bytes, size_t len)
{
	assert_int_equal(send(fd, bytes, len, MSG_NOSIGNAL), len);
}

/* More bytes of the reply; false at its end. */
static inline bool hear(struct world *w, int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};
	ssize_t n;

	assert_int_equal(poll(&p, 1, PATIENCE_MS), 1);
	assert_true(w->reply_len + 1 < REPLY_MAX);
	n = recv(fd, w->reply + w->reply_len, REPLY_MAX - 1 - w->reply_len, 0);
	if (n <= 0)
		return false;
	w->reply_len += (size_t)n;
	w->reply[w->reply_len] = '\0';
	return true;
}

static const char *header(const struct world *w, const char *name)
{
	static char value[512];
	char line[64];
	const char *at;

	snprintf(line, sizeof(line), "\r\n%s: ", name);
	at = strcasestr(w->reply, line);
	if (!at || (w->body && at > w->body))
		return NULL;
	at += strlen(line);
	snprintf(value, sizeof(value), "%.*s", (int)strcspn(at, "\r"), at);
	return value;
}

/* Reads one whole answer with a Content-Length, or none. */
static inline void answer_read(struct world *w, int fd, bool head_only)
{
	size_t want = 0;
	const char *length;

	w->reply_len = 0;
	w->reply[0] = '\0';
	w->body = NULL;
	json_decref(w->json);
	w->json = NULL;
	while (!strstr(w->reply, "\r\n\r\n"))
		assert_true(hear(w, fd));
	w->body = strstr(w->reply, "\r\n\r\n") + 4;
	length = header(w, "Content-Length");
	if (length && !head_only)
		want = strtoul(length, NULL, 10);
	while (w->reply_len < (size_t)(w->body - w->reply) + want)
		assert_true(hear(w, fd));
	w->status = (int)strtol(w->reply + strlen("HTTP/1.1 "), NULL, 10);
	if (want > 0)
		w->json = json_loadb(w->body, want, JSON_REJECT_DUPLICATES, NULL);
}

/* One exchange on the kept connection: `headers` are whole lines, each with its CRLF. */
static inline void ask_bytes(struct world *w, const char *method, const char *path,
			     const char *headers, const void *body, size_t len)
{
	char head[2048];
	int n = snprintf(head, sizeof(head), "%s %s HTTP/1.1\r\nHost: localhost:1\r\n%s", method,
			 path, headers);

	if (body)
		n += snprintf(head + n, sizeof(head) - (size_t)n, "Content-Length: %zu\r\n", len);
	n += snprintf(head + n, sizeof(head) - (size_t)n, "\r\n");
	assert_true((size_t)n < sizeof(head));
	if (w->fd < 0)
		w->fd = dial(w);
	say(w->fd, head, (size_t)n);
	if (body)
		say(w->fd, body, len);
	answer_read(w, w->fd, strcmp(method, "HEAD") == 0);
}

static inline void ask(struct world *w, const char *method, const char *path, const char *headers,
		       const char *body)
{
	ask_bytes(w, method, path, headers, body, body ? strlen(body) : 0);
}

static const char *text_of(const struct world *w, const char *name)
{
	const char *text = json_string_value(json_object_get(w->json, name));

	return text ? text : "";
}

static inline json_int_t int_of(const struct world *w, const char *name)
{
	json_t *value = json_object_get(w->json, name);

	assert_true(json_is_integer(value));
	return json_integer_value(value);
}

/* The answer is a problem of this status and code, whole and with a sentence. */
static inline void assert_problem(struct world *w, int status, const char *code)
{
	assert_int_equal(w->status, status);
	assert_string_equal(header(w, "Content-Type"), "application/problem+json");
	assert_string_equal(text_of(w, "code"), code);
	assert_string_equal(text_of(w, "type"), "about:blank");
	assert_int_equal(int_of(w, "status"), status);
	assert_true(strlen(text_of(w, "title")) > 0);
	assert_true(strlen(text_of(w, "detail")) > 10);
	assert_int_equal(json_object_size(w->json), 5);
	assert_int_equal(header(w, "Retry-After") != NULL, status == 503 || status == 429);
	assert_int_equal(header(w, "WWW-Authenticate") != NULL, status == 401);
}

#define COSE "Content-Type: application/cose\r\n"
#define JSON "Content-Type: application/json\r\n"
/* 32 zero bytes, base64url */
#define GOOD_SECRET "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define BEARER	    "Authorization: Bearer " GOOD_SECRET "\r\n"
#define VISIT_PATH  "/v1/visits/0000000000001234"

static inline void ask_token(struct world *w, const char *path, uint8_t first, uint8_t second)
{
	uint8_t token[] = {first, second, 0, 1, 2};

	ask_bytes(w, "POST", path, COSE, token, sizeof(token));
}

#define HOUSE_TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

#endif
