/*
 * fleet.c: shops by the thousand, as their office hears them.
 *
 *   fleet keys FIRST COUNT                      "NAME KEY" of each: its public key, x and y in hex
 *   fleet run PORT OFFICE_KEY STATE FIRST COUNT START_MS SECONDS
 *
 * Every shop has a key, a chain of entries, a clock (most a little off, one in fifty by hours) and
 * two connections of its own to a TLS server on 127.0.0.1:PORT: one holds a poll of the feed, the
 * other bears heartbeats and entries; a heartbeat that is due while entries are on their way has a
 * third one for itself. Before START_MS (UTC) they connect. Each
 * beats every 15 s at moments that are set beforehand; from START_MS on, for SECONDS, members come
 * and scan, and what was scanned leaves packed, as courierd gathers it. Then what is left is sent,
 * and one line of JSON says how it went.
 *
 * A heartbeat that cannot leave in time waits and leaves late: nothing is left out because the
 * office is slow. Its `at` is the moment at which it should have left, by the shop's own clock.
 *
 * STATE is a file of one struct kept for each shop from 0 on, shared by processes that each drive
 * some of them, and looked at from outside meanwhile; a shop goes on where it stood before.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "crypto/es256.h"
#include "net/pack.h"
#include "token/claims.h"
#include "token/statement.h"
#include "wire/sync.h"

#include "fleet_shop.h"

enum {
	LOOK_MS = 10,	     /* between two looks for shops that are due */
	AGAIN_MS = 2000,     /* after a refusal or a broken connection */
	DRAIN_MS = 20000,    /* to send what is left */
	RAMP_MS = 8,	     /* between the first polls of two shops */
	VISIT_MS = 345000,   /* between two visits: 200 lines a day at ten times speed */
	SIGNED_ONE_IN = 16,  /* so many of the office's statements are verified */
	ADDRESSES = 8,	     /* 127.0.1.1 and on: each has its own ports to connect from */
	LATENCY_MAX = 20000, /* ms */
	ANSWER_MAX = 1100000,
};

static struct {
	SSL_CTX *tls;
	int epoll;
	uint16_t port;
	struct public_key office;
	int64_t start_ms, end_ms;
	uint32_t count;
	struct shop *shop;
	int64_t *due; /* of each: the least of its times */
	uint32_t latency[LATENCY_MAX + 1];
	uint64_t beats, beats_sent, batches, entries, lines, wire, feeds, quiet, stale, verified;
	uint64_t refused, broken, wrong;
} fleet;

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return t.tv_sec * INT64_C(1000) + t.tv_nsec / 1000000;
}

static int keys(uint32_t first, uint32_t count)
{
	char name[PLACE_MAX_LEN + 1], text[2 * 64 + 1];
	struct public_key key;
	uint8_t secret[32];

	for (uint32_t n = first; n < first + count; n++) {
		shop_name(n, name);
		shop_secret(n, secret, &key);
		hex_text(&key, sizeof(key), text);
		printf("%s %s\n", name, text);
	}
	return 0;
}

static void shop_begin(struct shop *s, uint32_t n, struct kept *kept, int64_t now)
{
	struct public_key key;
	uint32_t visit, other;
	bool known = kept->begun > 0;

	s->n = n;
	s->kept = kept;
	s->random = (n + 1) * UINT64_C(0x9E3779B97F4A7C15);
	(void)draw(s, 2);
	shop_name(n, s->name);
	shop_secret(n, s->secret, &key);
	s->kid = kid_of(&key);
	s->signer = verifier_new();
	CHECK(s->signer);
	if (!kept->begun) {
		kept->cursor = 1;
		kept->begun = 1;
		kept->offset_ms = n % 50 == 7 ? (int64_t)draw(s, 7200000) - 3600000
					      : (int64_t)draw(s, 10000) - 5000;
	}
	s->random ^= (uint64_t)fleet.start_ms << 20;
	s->poll = s->work = s->spare = (struct conn){.shop = s, .fd = -1};
	s->poll_at = now + RAMP_MS * (int64_t)(n - fleet.shop[0].n);
	/* one that was there before goes on as if it had never been away */
	s->beat_at = (known ? now : s->poll_at) + draw(s, SYNC_HEARTBEAT_MS);
	/* as if members had come and gone all along */
	visit = draw(s, 2 * VISIT_MS);
	other = draw(s, 2 * VISIT_MS);
	s->visit_at = fleet.start_ms + (visit < other ? visit : other);
	s->send_at = INT64_MAX;
}

/** The next thing that a member does. At ten times speed a line takes half a second. */
static void visit_step(struct shop *s, int64_t now)
{
	if (s->lines_left > 0) {
		line_scan(s, now);
		s->visit_at = now + 300 + draw(s, 500);
	} else if (s->lines > 0) {
		visit_close(s, now);
		s->visit_at = now + draw(s, 2 * VISIT_MS);
	} else if (now < fleet.end_ms) {
		visit_open(s, now);
		s->visit_at = now + 300 + draw(s, 500);
	} else {
		s->visit_at = INT64_MAX;
	}
}

/* --- connections */

static void conn_close(struct conn *c)
{
	SSL_free(c->ssl);
	if (c->fd >= 0)
		close(c->fd);
	free(c->out);
	free(c->in);
	*c = (struct conn){.shop = c->shop, .fd = -1};
}

static void conn_open(struct conn *c)
{
	struct sockaddr_in own = {.sin_family = AF_INET}, peer = {.sin_family = AF_INET};
	struct epoll_event e = {.events = EPOLLIN | EPOLLOUT | EPOLLET, .data = {.ptr = c}};
	int one = 1;

	c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	CHECK(c->fd >= 0); /* ulimit -n is two for each shop */
	own.sin_addr.s_addr = htonl(0x7f000101U + c->shop->n % ADDRESSES);
	peer.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	peer.sin_port = htons(fleet.port);
	(void)setsockopt(c->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof(one));
	(void)setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	CHECK(bind(c->fd, (struct sockaddr *)&own, sizeof(own)) == 0);
	CHECK(connect(c->fd, (struct sockaddr *)&peer, sizeof(peer)) == 0 || errno == EINPROGRESS);
	c->ssl = SSL_new(fleet.tls);
	CHECK(c->ssl && SSL_set_fd(c->ssl, c->fd) == 1);
	(void)SSL_set_tlsext_host_name(c->ssl, "office.example");
	SSL_set_connect_state(c->ssl);
	CHECK(epoll_ctl(fleet.epoll, EPOLL_CTL_ADD, c->fd, &e) == 0);
}

static void prove(const struct conn *c, const char *purpose, char text[1024])
{
	const struct shop *s = c->shop;
	uint8_t protected_[TOKEN_PROTECTED_SIZE], payload[256], tbs[TO_BE_SIGNED_MAX];
	uint8_t token[TOKEN_SIZE_MAX], signature[64];
	int64_t clock_s = (now_ms() + s->kept->offset_ms) / 1000;
	struct claims claims = {
		.iat_s = clock_s, .exp_s = clock_s + 60, .cti_len = 16, .has_nonce = c->repeated};
	struct span body = {payload, 0};
	uint32_t len;

	snprintf(claims.audience, sizeof(claims.audience), "office/%s", purpose);
	random_bytes(claims.cti, sizeof(claims.cti));
	memcpy(claims.nonce, c->nonce, sizeof(claims.nonce));
	body.len = token_payload(&claims, payload, sizeof(payload));
	token_protected(s->kid, protected_);
	len = token_to_be_signed((struct span){protected_, sizeof(protected_)}, body, tbs);
	CHECK(verifier_sign(s->signer, s->secret, tbs, len, signature) == 0);
	len = token_assemble(s->kid, body, signature, token, sizeof(token));
	CHECK(len > 0);
	base64url_encode(token, len, text);
}

/** Begins to write; what does not go at once follows from the loop. */
static void conn_write(struct conn *c)
{
	while (c->out_done < c->out_len) {
		int n = SSL_write(c->ssl, c->out + c->out_done, (int)(c->out_len - c->out_done));

		if (n <= 0)
			return;
		c->out_done += (uint32_t)n;
	}
	free(c->out);
	c->out = NULL;
	c->out_len = c->out_done = 0;
}

static void ask(struct conn *c, enum ask what, const char *purpose, const char *request,
		const char *headers, struct span body)
{
	char proof[1024], head[2048];
	int len;

	if (c->fd < 0)
		conn_open(c);
	prove(c, purpose, proof);
	len = snprintf(head, sizeof(head),
		       "%s HTTP/1.1\r\nHost: office.example\r\nUser-Agent: shopkeeper\r\n"
		       "Authorization: SK1 %s\r\n%s",
		       request, proof, headers);
	if (body.len > 0)
		len += snprintf(head + len, sizeof(head) - (size_t)len, "Content-Length: %u\r\n",
				body.len);
	len += snprintf(head + len, sizeof(head) - (size_t)len, "\r\n");
	c->ask = what;
	c->asked_at = now_ms();
	c->out_len = (uint32_t)len + body.len;
	c->out_done = 0;
	c->out = malloc(c->out_len);
	CHECK(c->out);
	memcpy(c->out, head, (size_t)len);
	if (body.len > 0)
		memcpy(c->out + len, body.data, body.len);
	conn_write(c);
}

static void ask_poll(struct shop *s)
{
	char request[160];

	snprintf(request, sizeof(request), "GET /v1/shops/%s/feed?after=%llu&wait=%d", s->name,
		 (unsigned long long)s->kept->cursor, SYNC_POLL_S);
	s->poll_at = INT64_MAX;
	ask(&s->poll, ASK_POLL, "feed", request, "", (struct span){0});
}

static void ask_beat(struct conn *c)
{
	struct shop *s = c->shop;
	uint8_t bytes[SYNC_HEARTBEAT_MAX];
	struct builder b = builder_of(bytes, sizeof(bytes));
	struct sync_heartbeat h = {.epoch = EPOCH,
				   .head_seq = s->kept->seq,
				   .acked_seq = s->kept->acked,
				   .feed = s->kept->cursor,
				   .at = {s->beat_at + s->kept->offset_ms},
				   .clock_trusted = true,
				   .ledger_ok = true,
				   .sms_ok = true,
				   .up_ms = 86400000 + s->beat_at - fleet.start_ms,
				   .visits_open = s->lines > 0,
				   .doors = 1,
				   .door = {{.name = "front", .physical = 1}},
				   .version = "1.0.0"};
	char request[96];

	sync_heartbeat_put(&b, &h);
	CHECK(!b.failed);
	snprintf(request, sizeof(request), "POST /v1/shops/%s/heartbeat", s->name);
	fleet.beats_sent += !c->repeated;
	ask(c, ASK_BEAT, "heartbeat", request, "Content-Type: application/cbor\r\n",
	    (struct span){bytes, b.len});
}

static void ask_entries(struct shop *s)
{
	static uint8_t plain[PENDING_MAX + 64], packed[PENDING_MAX + 4096];
	struct builder b = builder_of(plain, sizeof(plain));
	struct sha256 hash;
	char request[96];
	uint32_t len;

	if (!s->work.repeated) {
		s->sent_len = s->pending_len;
		s->sent_seq = s->kept->seq;
		s->sent_lines = s->pending_lines;
		memcpy(s->sent_hash, s->kept->hash, sizeof(s->sent_hash));
		s->send_at = INT64_MAX;
	}
	memcpy(hash.byte, s->sent_hash, sizeof(hash.byte));
	build_bytes(&b, s->pending, s->sent_len);
	sync_hash_put(&b, &hash);
	len = pack((struct span){plain, b.len}, packed, sizeof(packed));
	CHECK(!b.failed && len > 0);
	fleet.wire += len;
	snprintf(request, sizeof(request), "POST /v1/shops/%s/entries?epoch=%d", s->name, EPOCH);
	ask(&s->work, ASK_ENTRIES, "entries", request,
	    "Content-Type: application/cbor-seq\r\nContent-Encoding: zstd\r\n",
	    (struct span){packed, len});
}

/* --- answers */

/** One in SIGNED_ONE_IN is held against the office's key, as a shop would each. */
static bool statement_good(const struct statement *st)
{
	uint8_t *tbs;
	uint32_t len;
	bool good;

	if (fleet.verified++ % SIGNED_ONE_IN != 0)
		return true;
	tbs = malloc(st->payload.len + STATEMENT_EXTRA);
	CHECK(tbs);
	len = statement_to_be_signed(st->kid, st->payload, tbs, st->payload.len + STATEMENT_EXTRA);
	good = es256_verify(&fleet.office, tbs, len, st->signature) == 1;
	free(tbs);
	return good;
}

static bool on_ack(struct shop *s, struct span body)
{
	struct statement st;
	struct sync_head head;

	if (!statement_parse(body, &st) || !statement_good(&st) ||
	    !sync_head_take(st.payload, SAID_ACK, &head) || head.answer != SYNC_TAKEN ||
	    strcmp(head.shop, s->name) != 0 || head.seq != s->sent_seq ||
	    memcmp(head.hash.byte, s->sent_hash, sizeof(s->sent_hash)) != 0)
		return false;
	fleet.entries += s->sent_seq - s->kept->acked;
	fleet.lines += s->sent_lines;
	fleet.batches++;
	s->kept->lines += s->sent_lines;
	s->kept->acks++;
	s->kept->acked = s->sent_seq;
	memcpy(s->kept->acked_hash, s->sent_hash, sizeof(s->sent_hash));
	s->pending_len -= s->sent_len;
	s->pending_lines -= s->sent_lines;
	memmove(s->pending, s->pending + s->sent_len, s->pending_len);
	s->sent_len = 0;
	if (s->pending_len > 0)
		s->send_at = now_ms() + GATHER_MS;
	return true;
}

static bool on_feed(struct shop *s, struct span body)
{
	struct statement st;
	struct sync_feed feed;

	if (!statement_parse(body, &st) || !statement_good(&st) ||
	    !sync_feed_take(st.payload, &feed) || feed.from != s->kept->cursor ||
	    feed.to <= feed.from || strcmp(feed.shop, s->name) != 0)
		return false;
	s->kept->cursor = feed.to;
	s->kept->told_at = now_ms();
	fleet.feeds++;
	return true;
}

static void on_beat(struct shop *s)
{
	int64_t took = now_ms() - s->beat_at;

	fleet.latency[took < 0 ? 0 : took > LATENCY_MAX ? LATENCY_MAX : took]++;
	fleet.beats++;
	s->kept->beats++;
	s->beat_at += SYNC_HEARTBEAT_MS;
	if (s->beat_at >= fleet.end_ms)
		s->beat_at = INT64_MAX;
}

static void again_later(struct conn *c, enum ask what)
{
	int64_t at = now_ms() + AGAIN_MS + draw(c->shop, AGAIN_MS);

	if (what == ASK_POLL)
		c->shop->poll_at = at;
	else if (what == ASK_ENTRIES)
		c->shop->send_at = at;
	else
		c->shop->hold_at = at; /* it is due still */
}

static void repeat(struct conn *c, enum ask what)
{
	if (what == ASK_POLL)
		ask_poll(c->shop);
	else if (what == ASK_BEAT)
		ask_beat(c);
	else
		ask_entries(c->shop);
}

static bool on_stale(struct conn *c, enum ask what, const char *body)
{
	const char *at = strstr(body, "\"nonce\"");

	at = at ? strchr(at + 7, '"') : NULL;
	if (c->repeated || !at || strlen(at) < 33 || !hex_parse(at + 1, 32, c->nonce, NONCE_SIZE))
		return false;
	fleet.stale++;
	c->repeated = true;
	repeat(c, what);
	return true;
}

static void on_answer(struct conn *c, uint32_t status, const char *body, uint32_t len)
{
	struct span bytes = {(const uint8_t *)body, len};
	struct shop *s = c->shop;
	enum ask what = c->ask;
	bool good = false;

	c->ask = ASK_NONE;
	c->spent = c == &s->spare;
	if (status == 401 && strstr(body, "stale") && on_stale(c, what, body))
		return;
	c->repeated = false;
	if (what == ASK_BEAT && status == 204) {
		on_beat(s);
		return;
	}
	if (what == ASK_POLL && (status == 204 || status == 200)) {
		good = status == 204 || on_feed(s, bytes);
		fleet.quiet += status == 204;
		s->poll_at = now_ms();
	} else if (what == ASK_ENTRIES && status == 200) {
		good = on_ack(s, bytes);
	}
	if (good)
		return;
	if (status >= 500 || status == 429)
		fleet.refused++;
	else if (fleet.wrong++ < 5)
		fprintf(stderr, "%s: ask %d: status %u: %.300s\n", s->name, (int)what, status,
			status == 200 ? "" : body);
	again_later(c, what);
}

/** Whether a whole answer is there; it is taken off. */
static bool answer_take(struct conn *c)
{
	char *end, *length, *in = c->in;
	uint32_t status, head, want;

	if (c->in_len == 0)
		return false;
	in[c->in_len] = '\0';
	end = strstr(in, "\r\n\r\n");
	if (!end)
		return false;
	head = (uint32_t)(end + 4 - in);
	length = strcasestr(in, "\r\ncontent-length:");
	want = length && length < end ? (uint32_t)strtoul(length + 17, NULL, 10) : 0;
	if (c->in_len < head + want)
		return false;
	CHECK(c->in_len == head + want); /* nothing was asked meanwhile */
	status = (uint32_t)strtoul(in + 9, NULL, 10);
	c->in = NULL;
	c->in_len = 0;
	on_answer(c, status, in + head, want);
	free(in);
	return true;
}

static void conn_broken(struct conn *c)
{
	enum ask what = c->ask;

	fleet.broken += what != ASK_NONE;
	conn_close(c);
	if (what != ASK_NONE)
		again_later(c, what);
}

static void conn_read(struct conn *c)
{
	static char room[ANSWER_MAX];

	for (;;) {
		int n = SSL_read(c->ssl, room, sizeof(room)), why;

		if (n > 0) {
			c->in = realloc(c->in, c->in_len + (uint32_t)n + 1);
			CHECK(c->in);
			memcpy(c->in + c->in_len, room, (size_t)n);
			c->in_len += (uint32_t)n;
			(void)answer_take(c);
			continue;
		}
		why = SSL_get_error(c->ssl, n);
		if (why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE)
			conn_broken(c);
		return;
	}
}

static void on_ready(struct conn *c)
{
	ERR_clear_error();
	if (c->out)
		conn_write(c);
	conn_read(c);
	if (c->spent && !c->ask)
		conn_close(c);
}

/* --- the loop */

static bool beats(const struct shop *s)
{
	return s->work.ask == ASK_BEAT || s->spare.ask == ASK_BEAT;
}

static int64_t least(const struct shop *s)
{
	int64_t at = s->poll.ask ? INT64_MAX : s->poll_at;

	if (!beats(s) && s->beat_at < at)
		at = s->beat_at > s->hold_at ? s->beat_at : s->hold_at;
	if (!s->work.ask && s->send_at < at)
		at = s->send_at;
	return s->visit_at < at ? s->visit_at : at;
}

static void shop_act(struct shop *s, int64_t now, bool polls)
{
	if (s->visit_at <= now)
		visit_step(s, now);
	if (!s->poll.ask && s->poll_at <= now && polls)
		ask_poll(s);
	if (!beats(s) && s->beat_at <= now && s->hold_at <= now)
		ask_beat(s->work.ask ? &s->spare : &s->work);
	if (!s->work.ask && s->send_at <= now && s->pending_len > 0)
		ask_entries(s);
}

static bool all_sent(void)
{
	for (uint32_t i = 0; i < fleet.count; i++)
		if (fleet.shop[i].pending_len > 0 || fleet.shop[i].work.ask ||
		    fleet.shop[i].spare.ask || fleet.shop[i].beat_at != INT64_MAX ||
		    fleet.shop[i].visit_at != INT64_MAX)
			return false;
	return true;
}

static void look(int64_t now)
{
	for (uint32_t i = 0; i < fleet.count; i++) {
		struct shop *s = &fleet.shop[i];

		if (fleet.due[i] > now)
			continue;
		if (now >= fleet.end_ms && s->lines_left + s->lines == 0)
			s->visit_at = INT64_MAX;
		shop_act(s, now, now < fleet.end_ms);
		fleet.due[i] = least(s);
	}
}

static void run(void)
{
	struct epoll_event event[512];
	int64_t now = now_ms(), looked = 0;

	while (now < fleet.end_ms + DRAIN_MS && !(now >= fleet.end_ms && all_sent())) {
		int n = epoll_wait(fleet.epoll, event, ARRAY_LEN(event), LOOK_MS);

		for (int i = 0; i < n; i++) {
			struct conn *c = event[i].data.ptr;

			on_ready(c);
			fleet.due[c->shop - fleet.shop] = least(c->shop);
		}
		now = now_ms();
		if (now - looked < LOOK_MS)
			continue;
		if (now >= fleet.end_ms && looked < fleet.end_ms)
			memset(fleet.due, 0, fleet.count * sizeof(*fleet.due));
		look(now);
		looked = now;
	}
}

static uint32_t quantile(double q)
{
	uint64_t sum = 0;

	for (uint32_t i = 0; i <= LATENCY_MAX; i++) {
		sum += fleet.latency[i];
		if ((double)sum >= q * (double)fleet.beats)
			return i;
	}
	return LATENCY_MAX;
}

static void tell(void)
{
	uint32_t most = LATENCY_MAX;

	while (most > 0 && fleet.latency[most] == 0)
		most--;
	printf("{\"shops\": %u, \"beats_sent\": %llu, \"beats\": %llu, \"beat_p50_ms\": %u, "
	       "\"beat_p99_ms\": %u, \"beat_max_ms\": %u, \"batches\": %llu, \"entries\": %llu, "
	       "\"lines\": %llu, \"wire_bytes\": %llu, \"feeds\": %llu, \"quiet_polls\": %llu, "
	       "\"nonces\": %llu, \"refused\": %llu, \"broken\": %llu, \"wrong\": %llu, "
	       "\"unsent\": %s}\n",
	       fleet.count, (unsigned long long)fleet.beats_sent, (unsigned long long)fleet.beats,
	       quantile(0.5), quantile(0.99), most, (unsigned long long)fleet.batches,
	       (unsigned long long)fleet.entries, (unsigned long long)fleet.lines,
	       (unsigned long long)fleet.wire, (unsigned long long)fleet.feeds,
	       (unsigned long long)fleet.quiet, (unsigned long long)fleet.stale,
	       (unsigned long long)fleet.refused, (unsigned long long)fleet.broken,
	       (unsigned long long)fleet.wrong, all_sent() ? "false" : "true");
}

static int begin(char **argv)
{
	uint32_t first = (uint32_t)strtoul(argv[5], NULL, 10);
	struct kept *kept;
	int fd = open(argv[4], O_RDWR | O_CLOEXEC);
	size_t size;

	fleet.port = (uint16_t)strtoul(argv[2], NULL, 10);
	fleet.count = (uint32_t)strtoul(argv[6], NULL, 10);
	fleet.start_ms = strtoll(argv[7], NULL, 10);
	fleet.end_ms = fleet.start_ms + 1000 * strtoll(argv[8], NULL, 10);
	if (!hex_parse(argv[3], (uint32_t)strlen(argv[3]), &fleet.office, sizeof(fleet.office)))
		return -EINVAL;
	size = (first + fleet.count) * sizeof(*kept);
	if (fd < 0 || ftruncate(fd, lseek(fd, 0, SEEK_END) > (off_t)size ? lseek(fd, 0, SEEK_END)
									 : (off_t)size) < 0)
		return -errno;
	kept = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	CHECK(kept != MAP_FAILED);
	close(fd);
	fleet.epoll = epoll_create1(EPOLL_CLOEXEC);
	fleet.tls = SSL_CTX_new(TLS_client_method());
	fleet.shop = calloc(fleet.count, sizeof(*fleet.shop));
	fleet.due = calloc(fleet.count, sizeof(*fleet.due));
	CHECK(fleet.epoll >= 0 && fleet.tls && fleet.shop && fleet.due);
	SSL_CTX_set_mode(fleet.tls, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
					    SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
	fleet.shop[0].n = first;
	for (uint32_t i = 0; i < fleet.count; i++)
		shop_begin(&fleet.shop[i], first + i, &kept[first + i], now_ms());
	return 0;
}

int main(int argc, char **argv)
{
	int r;

	if (argc == 4 && strcmp(argv[1], "keys") == 0)
		return keys((uint32_t)strtoul(argv[2], NULL, 10),
			    (uint32_t)strtoul(argv[3], NULL, 10));
	if (argc != 9 || strcmp(argv[1], "run") != 0) {
		fputs("usage: fleet keys FIRST COUNT\n"
		      "       fleet run PORT OFFICE_KEY STATE FIRST COUNT START_MS SECONDS\n",
		      stderr);
		return 2;
	}
	signal(SIGPIPE, SIG_IGN);
	r = begin(argv);
	if (r < 0) {
		fprintf(stderr, "fleet: %s\n", strerror(-r));
		return 1;
	}
	run();
	tell();
	return fleet.wrong > 0;
}
