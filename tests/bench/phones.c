/*
 * phones.c: many phones that scan as fast as they are answered, each on its own kept-alive
 * connection: a visit, then lines one after the other, every one with a key of its own, the next
 * sent when the last was confirmed.
 *
 *   phones keys N                          prints N lines: private key, COSE_Key, both hex
 *   phones run PORT SECONDS SHOP GTINS KEYS   GTINS, KEYS: files, a line each
 *
 * Prints `lines SECONDS P50_US P99_US MAX_US REFUSED`.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/ids.h"
#include "crypto/es256.h"
#include "token/claims.h"

enum {
	PHONES_MAX = 256,
	GTINS_MAX = 4096,
	VISIT_LINES = 200, /* then a new visit: nobody carries more */
	LATENCIES_MAX = 4000000,
	REPLY_MAX = 4096
};

struct phone {
	uint8_t private_key[32];
	struct public_key key;
	int fd;
	char visit[VISIT_TEXT_SIZE], bearer[65];
	uint32_t lines, visits;
	int64_t sent_us;
	char reply[REPLY_MAX];
	uint32_t got;
};

static struct phone phone[PHONES_MAX];
static char gtins[GTINS_MAX][16];
static uint32_t phones, gtin_count;
static uint32_t *latency, latencies;
static uint64_t refused;
static const char *shop;

static int64_t now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000LL + t.tv_nsec / 1000;
}

static void fail(const char *what)
{
	fprintf(stderr, "phones: %s: %s\n", what, strerror(errno));
	exit(1);
}

static int print_keys(int n)
{
	for (int i = 0; i < n; i++) {
		uint8_t private_key[32], cose[COSE_KEY_SIZE];
		char a[65], b[2 * COSE_KEY_SIZE + 1];
		struct public_key key;

		if (es256_make(private_key, &key) < 0)
			fail("key");
		cose_key_encode(&key, cose);
		hex_text(private_key, 32, a);
		hex_text(cose, sizeof(cose), b);
		printf("%s %s\n", a, b);
	}
	return 0;
}

static void send_all(struct phone *p, const char *bytes, size_t len)
{
	p->sent_us = now_us();
	p->got = 0;
	if (send(p->fd, bytes, len, MSG_NOSIGNAL) != (ssize_t)len)
		fail("send");
}

static void send_visit(struct phone *p)
{
	struct claims c = {.iat_s = time(NULL), .cti_len = 8};
	uint8_t payload[256], bytes[TO_BE_SIGNED_MAX], head[TOKEN_PROTECTED_SIZE], signature[64];
	uint8_t token[TOKEN_SIZE_MAX];
	struct kid kid = kid_of(&p->key);
	char request[1024];
	uint32_t len, token_len;
	int n;

	c.exp_s = c.iat_s + 60;
	snprintf(c.audience, sizeof(c.audience), "%s/till", shop);
	random_bytes(c.cti, c.cti_len);
	len = token_payload(&c, payload, sizeof(payload));
	token_protected(kid, head);
	token_len = token_to_be_signed((struct span){head, sizeof(head)},
				       (struct span){payload, len}, bytes);
	if (es256_sign(p->private_key, bytes, token_len, signature) < 0)
		fail("sign");
	token_len =
		token_assemble(kid, (struct span){payload, len}, signature, token, sizeof(token));
	n = snprintf(
		request, sizeof(request),
		"POST /v1/visits HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/cose\r\n"
		"Content-Length: %u\r\n\r\n",
		token_len);
	memcpy(request + n, token, token_len);
	p->visit[0] = '\0';
	send_all(p, request, (size_t)n + token_len);
}

static void send_line(struct phone *p)
{
	char body[128], request[512];
	int body_len, n;

	body_len = snprintf(body, sizeof(body), "{\"gtin\":\"%s\"}",
			    gtins[(p->lines * 31 + p->visits) % gtin_count]);
	n = snprintf(request, sizeof(request),
		     "PUT /v1/visits/%s/lines/k%u-%u HTTP/1.1\r\nHost: localhost\r\n"
		     "Authorization: Bearer %s\r\nContent-Type: application/json\r\n"
		     "Content-Length: %d\r\n\r\n%s",
		     p->visit, p->visits, p->lines, p->bearer, body_len, body);
	send_all(p, request, (size_t)n);
}

static void send_close(struct phone *p)
{
	char request[512];
	int n = snprintf(request, sizeof(request),
			 "POST /v1/visits/%s/close HTTP/1.1\r\nHost: localhost\r\n"
			 "Authorization: Bearer %s\r\nContent-Length: 0\r\n\r\n",
			 p->visit, p->bearer);

	send_all(p, request, (size_t)n);
}

static void take(const char *reply, const char *name, char *to, size_t size)
{
	char key[32];
	const char *at;

	snprintf(key, sizeof(key), "\"%s\":", name);
	at = strstr(reply, key);
	at = at ? strchr(at + strlen(key), '"') : NULL;
	if (!at)
		fail(reply);
	snprintf(to, size, "%.*s", (int)strcspn(at + 1, "\""), at + 1);
}

/* A whole answer is here: what it was to, and what comes next. */
static void answered(struct phone *p)
{
	int status = (int)strtol(p->reply + 9, NULL, 10);

	if (status == 200 && p->lines >= VISIT_LINES) { /* closed */
		p->lines = 0;
		p->visits++;
		send_visit(p);
	} else if (p->visit[0] == '\0') {
		if (status != 201 && status != 200)
			fail(p->reply);
		take(p->reply, "visit", p->visit, sizeof(p->visit));
		take(p->reply, "bearer", p->bearer, sizeof(p->bearer));
		send_line(p);
	} else {
		if (status == 201 && latencies < LATENCIES_MAX)
			latency[latencies++] = (uint32_t)(now_us() - p->sent_us);
		else if (refused++ == 0)
			fprintf(stderr, "phones: first refusal: %.300s\n", p->reply);
		if (++p->lines >= VISIT_LINES)
			send_close(p);
		else
			send_line(p);
	}
}

/* A receipt may be longer than the buffer: what is past it is counted, not kept. */
static void readable(struct phone *p)
{
	static char spill[1 << 16];
	uint32_t room = p->got < REPLY_MAX - 1 ? REPLY_MAX - 1 - p->got : 0;
	ssize_t got = recv(p->fd, room ? p->reply + p->got : spill, room ? room : sizeof(spill), 0);
	const char *head, *length;

	if (got <= 0)
		fail("connection");
	p->got += (uint32_t)got;
	if (room)
		p->reply[p->got] = '\0';
	head = strstr(p->reply, "\r\n\r\n");
	length = head ? strcasestr(p->reply, "content-length:") : NULL;
	if (length && p->got >= (uint32_t)(head + 4 - p->reply) +
					(uint32_t)(int)strtol(length + 15, NULL, 10))
		answered(p);
}

static void connect_all(int poll_fd, int port)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
	int one = 1;

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	for (uint32_t i = 0; i < phones; i++) {
		struct epoll_event e = {.events = EPOLLIN, .data.u32 = i};

		phone[i].fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
		if (phone[i].fd < 0 || connect(phone[i].fd, (struct sockaddr *)&at, sizeof(at)) < 0)
			fail("connect");
		setsockopt(phone[i].fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
		if (epoll_ctl(poll_fd, EPOLL_CTL_ADD, phone[i].fd, &e) < 0)
			fail("epoll");
		/* people do not come and go in step: the first visit of each is cut at another
		 * length */
		phone[i].lines = i * VISIT_LINES / phones;
		send_visit(&phone[i]);
	}
}

static int ascending(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static void read_files(const char *gtin_file, const char *key_file)
{
	FILE *f = fopen(gtin_file, "re");
	char a[80], b[200];
	uint8_t cose[COSE_KEY_SIZE];

	while (f && gtin_count < GTINS_MAX && fscanf(f, "%15s", gtins[gtin_count]) == 1)
		gtin_count++;
	if (f)
		fclose(f);
	f = fopen(key_file, "re");
	while (f && phones < PHONES_MAX && fscanf(f, "%79s %199s", a, b) == 2) {
		struct phone *p = &phone[phones++];

		if (!hex_parse(a, (uint32_t)strlen(a), p->private_key, 32) ||
		    !hex_parse(b, (uint32_t)strlen(b), cose, sizeof(cose)) ||
		    cose_key_parse((struct span){cose, sizeof(cose)}, &p->key) != COSE_KEY_GOOD)
			fail(key_file);
	}
	if (f)
		fclose(f);
	if (gtin_count == 0 || phones == 0)
		fail("no articles or keys");
}

int main(int argc, char **argv)
{
	struct epoll_event ready[PHONES_MAX];
	int poll_fd = epoll_create1(EPOLL_CLOEXEC);
	int64_t start, end;

	if (argc == 3 && strcmp(argv[1], "keys") == 0)
		return print_keys((int)strtol(argv[2], NULL, 10));
	if (argc != 7 || strcmp(argv[1], "run") != 0)
		return fprintf(stderr, "phones: see the head of tests/bench/phones.c\n"), 2;
	shop = argv[4];
	read_files(argv[5], argv[6]);
	latency = malloc(LATENCIES_MAX * sizeof(*latency));
	connect_all(poll_fd, (int)strtol(argv[2], NULL, 10));
	start = now_us();
	end = start + (int)strtol(argv[3], NULL, 10) * 1000000LL;
	while (now_us() < end) {
		int n = epoll_wait(poll_fd, ready, PHONES_MAX, 1000);

		for (int i = 0; i < n; i++)
			readable(&phone[ready[i].data.u32]);
	}
	end = now_us();
	qsort(latency, latencies, sizeof(*latency), ascending);
	if (latencies == 0)
		fail("no line was confirmed");
	printf("%u %.3f %u %u %u %llu\n", latencies, (double)(end - start) / 1e6,
	       latency[latencies / 2], latency[(uint64_t)latencies * 99 / 100],
	       latency[latencies - 1], (unsigned long long)refused);
	return 0;
}
