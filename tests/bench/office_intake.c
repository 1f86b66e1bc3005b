/*
 * office_intake.c: a shop that was offline for a year, catching up.
 *
 *   office_intake send URL SHOP EPOCH SECRET AFTER HASH ENTRIES
 *
 * Makes ENTRIES believable entries that follow entry AFTER (of hash HASH, hex), packs them in
 * batches as courierd does, and only then posts them one after the other over one kept connection,
 * each with a proof signed by SECRET (a P-256 private key, hex). Prints one line of JSON: entries,
 * lines, batches, bytes on the wire, seconds from the first request to the last answer.
 *
 * Every visit has what a visit leaves behind: an admission, the door, the device, its lines with
 * keys drawn at random as phones draw them, now and then a void; a salt in every body.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "books/vat.h"
#include "crypto/es256.h"
#include "net/pack.h"
#include "token/claims.h"
#include "wire/sync.h"

enum {
	MEMBERS = 120,
	ARTICLES = 1500,
	BATCHES_MAX = 100000,
	VISIT_MS = 900000, /* between two visits: a hundred a day */
	ANSWER_MAX = 4096,
};

#define FIRST_AT INT64_C(1767225600000) /* 2026-01-01 */

static uint64_t random_state = 0x0ff1ce;

static uint32_t draw(uint32_t below)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (uint32_t)((random_state >> 20) % below);
}

static void draw_bytes(void *bytes, uint32_t len)
{
	for (uint32_t i = 0; i < len; i++)
		((uint8_t *)bytes)[i] = (uint8_t)draw(256);
}

static int64_t now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * INT64_C(1000000) + t.tv_nsec / 1000;
}

/* --- batches in the making */

struct packed {
	uint8_t *bytes;
	uint32_t len;
};

struct maker {
	uint32_t epoch;
	uint64_t seq;
	struct sha256 hash;
	int64_t at_ms;
	uint64_t entries, want, lines, visit;
	/* the batch at hand */
	struct builder b;
	uint32_t in_batch, batches;
	struct packed *packed;
	uint64_t wire;
	EVP_MD_CTX *digest;
};

static struct sha256 sha256_of(struct maker *m, const void *bytes, uint32_t len)
{
	struct sha256 sum;

	CHECK(EVP_DigestInit_ex(m->digest, EVP_sha256(), NULL) == 1 &&
	      EVP_DigestUpdate(m->digest, bytes, len) == 1 &&
	      EVP_DigestFinal_ex(m->digest, sum.byte, NULL) == 1);
	return sum;
}

static void chain(struct maker *m, const struct sync_entry *e)
{
	struct sha256 body = sha256_of(m, e->body.data, e->body.len);
	uint8_t bytes[90];
	struct builder b = builder_of(bytes, sizeof(bytes));

	build_bytes(&b, "SKL1", 4);
	build_u32(&b, e->epoch);
	build_u64(&b, e->seq);
	build_u64(&b, (uint64_t)e->at.ms);
	build_u16(&b, e->kind);
	build_bytes(&b, body.byte, sizeof(body.byte));
	build_bytes(&b, m->hash.byte, sizeof(m->hash.byte));
	CHECK(!b.failed);
	m->hash = sha256_of(m, bytes, b.len);
}

static void seal(struct maker *m)
{
	uint32_t size;
	uint8_t *room;

	if (m->in_batch == 0)
		return;
	sync_hash_put(&m->b, &m->hash);
	CHECK(!m->b.failed && m->batches < BATCHES_MAX);
	size = pack_bound(m->b.len);
	room = malloc(size);
	CHECK(room);
	m->packed[m->batches].len = pack((struct span){m->b.data, m->b.len}, room, size);
	CHECK(m->packed[m->batches].len > 0);
	m->packed[m->batches].bytes = realloc(room, m->packed[m->batches].len);
	m->wire += m->packed[m->batches++].len;
	m->b.len = m->in_batch = 0;
}

static void add(struct maker *m, struct entry *e)
{
	uint8_t body[ENTRY_BODY_MAX], salt[SALT_SIZE];
	struct sync_entry raw = {.epoch = m->epoch, .kind = (uint16_t)e->kind};

	if (m->entries == m->want)
		return;
	m->at_ms += 1 + draw(4000);
	draw_bytes(salt, sizeof(salt));
	raw.seq = ++m->seq;
	raw.at.ms = m->at_ms;
	raw.body = (struct span){body, entry_encode(e, salt, body)};
	if (m->in_batch == SYNC_ENTRIES_MAX || m->b.len + raw.body.len + 128 > SYNC_BATCH_MAX)
		seal(m);
	chain(m, &raw);
	sync_entry_put(&m->b, &raw);
	m->in_batch++;
	m->entries++;
	m->lines += e->kind == ENTRY_LINE;
}

/* --- what happens in a shop */

static struct customer member(uint32_t n)
{
	struct customer c;

	for (uint32_t i = 0; i < sizeof(c.byte); i++)
		c.byte[i] = (uint8_t)((n + 1) * 2654435761U >> (8 * (i % 4)) ^ i * 37);
	return c;
}

static void door(struct maker *m, enum door_event event, struct customer who, bool known)
{
	struct entry e = {.kind = ENTRY_DOOR};

	e.door = (struct entry_door){.place = {"front"},
				     .event = event,
				     .mode = event == DOOR_EVENT_UNLOCKED ? DOOR_ACCESSED
									  : DOOR_LOCKED,
				     .customer_known = known,
				     .customer = who};
	add(m, &e);
}

static void admit(struct maker *m, struct customer who, uint32_t n)
{
	struct entry e = {.kind = ENTRY_ADMITTED};
	struct entry_admitted *a = &e.admitted;

	*a = (struct entry_admitted){.place = {"front"},
				     .road = ROAD_SCANNER,
				     .customer = who,
				     .visit = {m->visit},
				     .cti_len = 8,
				     .iat_s = m->at_ms / 1000,
				     .exp_s = m->at_ms / 1000 + 60};
	memset(a->kid.byte, (int)n, sizeof(a->kid.byte));
	draw_bytes(a->cti, 8);
	add(m, &e);
}

/* A key as a phone makes it: 16 random bytes, base64url. */
static void draw_key(struct line_key *key)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

	for (uint32_t i = 0; i < 22; i++)
		key->text[i] = digits[draw(64)];
	key->text[22] = '\0';
}

static void line(struct maker *m, struct customer who, struct money *total)
{
	static const char *const goods[] = {"Mj\xc3\xb6lk", "Ris",     "Yoghurt", "Ost",
					    "Kaffe",	    "Bananer", "Pasta",	  "Potatis"};
	uint32_t n = draw(draw(4) ? ARTICLES / 10 : ARTICLES);
	struct entry e = {.kind = ENTRY_LINE}, v = {.kind = ENTRY_LINE_VOIDED};
	struct entry_line *l = &e.line;
	bool fits;

	l->visit.n = m->visit;
	draw_key(&l->key);
	l->customer = who;
	l->gtin.n = 7310865000000 + 13 * (uint64_t)n;
	snprintf(l->name, sizeof(l->name), "%s %u", goods[n % ARRAY_LEN(goods)], n);
	l->quantity_milli = draw(5) ? 1000 : 2000;
	l->unit_price = l->list_price = money_of(990 + 10 * (int64_t)(n % 700));
	fits = money_times(l->unit_price, l->quantity_milli, &l->total) &&
	       money_add(*total, l->total, total);
	CHECK(fits);
	l->vat_bp = n % 8 == 7 ? 2500 : 1200;
	l->vat_class = n % 8 == 7 ? VAT_STANDARD : VAT_FOOD;
	l->price_version = 7;
	l->scanned_at.ms = m->at_ms - 300 - draw(900);
	l->bought.n = (int32_t)(m->at_ms / 86400000);
	add(m, &e);
	if (draw(50) != 0)
		return;
	v.line_voided = (struct entry_line_voided){
		.visit = l->visit, .key = l->key, .customer = who, .total = l->total};
	add(m, &v);
}

static void visit(struct maker *m)
{
	uint32_t n = draw(MEMBERS), lines = 3 + draw(12);
	struct entry opened = {.kind = ENTRY_VISIT_OPENED}, joined = {.kind = ENTRY_VISIT_JOINED};
	struct entry closed = {.kind = ENTRY_VISIT_CLOSED};
	struct customer who = member(n);
	struct money total = MONEY_ZERO;

	m->visit++;
	m->at_ms += draw(2 * VISIT_MS);
	admit(m, who, n);
	opened.visit_opened = (struct entry_visit_opened){
		.visit = {m->visit}, .customer = who, .place = {"front"}, .price_version = 7};
	add(m, &opened);
	door(m, DOOR_EVENT_UNLOCKED, who, true);
	door(m, DOOR_EVENT_OPENED, who, true);
	door(m, DOOR_EVENT_RELOCKED, who, false);
	joined.visit_joined = (struct entry_visit_joined){.visit = {m->visit}, .customer = who};
	draw_bytes(joined.visit_joined.bearer.byte, sizeof(joined.visit_joined.bearer.byte));
	add(m, &joined);
	for (uint32_t i = 0; i < lines; i++)
		line(m, who, &total);
	door(m, DOOR_EVENT_EXIT, who, false);
	closed.visit_closed = (struct entry_visit_closed){
		.visit = {m->visit}, .end = END_EXIT, .lines = lines, .total = total};
	add(m, &closed);
}

static void make(struct maker *m)
{
	static uint8_t room[SYNC_BATCH_MAX + 64];

	m->b = builder_of(room, sizeof(room));
	m->packed = calloc(BATCHES_MAX, sizeof(*m->packed));
	m->digest = EVP_MD_CTX_new();
	CHECK(m->packed && m->digest);
	m->at_ms = FIRST_AT;
	m->visit = m->seq;
	while (m->entries < m->want)
		visit(m);
	seal(m);
}

/* --- the road */

static int connect_to(const char *host, const char *port)
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *found;
	int fd;

	if (getaddrinfo(host, port, &hints, &found) != 0)
		return -1;
	fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd >= 0 && connect(fd, found->ai_addr, found->ai_addrlen) < 0) {
		close(fd);
		fd = -1;
	}
	freeaddrinfo(found);
	return fd;
}

static void write_all(int fd, const void *bytes, size_t len)
{
	for (size_t done = 0; done < len;) {
		ssize_t n = send(fd, (const char *)bytes + done, len - done, MSG_NOSIGNAL);

		CHECK(n > 0 || errno == EINTR);
		done += n > 0 ? (size_t)n : 0;
	}
}

/* A whole answer: its status; the body is not looked at. */
static int read_answer(int fd, char *room)
{
	size_t have = 0, want = SIZE_MAX;

	while (have < want) {
		ssize_t n = recv(fd, room + have, ANSWER_MAX - have, 0);
		char *end, *len;

		CHECK(n > 0);
		have += (size_t)n;
		room[have] = '\0';
		end = strstr(room, "\r\n\r\n");
		if (!end || want != SIZE_MAX)
			continue;
		len = strcasestr(room, "content-length:");
		CHECK(len && len < end);
		want = (size_t)(end + 4 - room) + strtoul(len + 15, NULL, 10);
		CHECK(want <= ANSWER_MAX);
	}
	return (int)strtol(room + 9, NULL, 10);
}

static void base64url(const uint8_t *bytes, uint32_t len, char *text)
{
	int n = EVP_EncodeBlock((unsigned char *)text, bytes, (int)len);

	while (n > 0 && text[n - 1] == '=')
		n--;
	text[n] = '\0';
	for (int i = 0; i < n; i++)
		text[i] = (char)(text[i] == '+' ? '-' : text[i] == '/' ? '_' : text[i]);
}

struct sender {
	const char *host, *port, *shop;
	uint8_t secret[32];
	struct kid kid;
};

static void prove(const struct sender *s, char text[1024])
{
	uint8_t protected_[TOKEN_PROTECTED_SIZE], payload[256], tbs[TO_BE_SIGNED_MAX];
	uint8_t token[TOKEN_SIZE_MAX], signature[64];
	struct claims c = {.audience = "office/entries",
			   .iat_s = time(NULL),
			   .exp_s = time(NULL) + 60,
			   .cti_len = 16};
	struct span body = {payload, token_payload(&c, payload, sizeof(payload))};
	uint32_t len;

	CHECK(getrandom(c.cti, sizeof(c.cti), 0) == sizeof(c.cti));
	body.len = token_payload(&c, payload, sizeof(payload));
	token_protected(s->kid, protected_);
	len = token_to_be_signed((struct span){protected_, sizeof(protected_)}, body, tbs);
	CHECK(es256_sign(s->secret, tbs, len, signature) == 0);
	len = token_assemble(s->kid, body, signature, token, sizeof(token));
	CHECK(len > 0);
	base64url(token, len, text);
}

static void post(const struct sender *s, int fd, const struct maker *m, uint32_t i)
{
	static char answer[ANSWER_MAX + 1];
	char proof[1024], head[2048];
	int len, status;

	prove(s, proof);
	len = snprintf(head, sizeof(head),
		       "POST /v1/shops/%s/entries?epoch=%u HTTP/1.1\r\nHost: %s:%s\r\n"
		       "Authorization: SK1 %s\r\nContent-Type: application/cbor-seq\r\n"
		       "Content-Encoding: zstd\r\nContent-Length: %u\r\n\r\n",
		       s->shop, m->epoch, s->host, s->port, proof, m->packed[i].len);
	write_all(fd, head, (size_t)len);
	write_all(fd, m->packed[i].bytes, m->packed[i].len);
	status = read_answer(fd, answer);
	if (status == 200)
		return;
	fprintf(stderr, "batch %u: %s\n", i, answer);
	exit(1);
}

static int usage(void)
{
	fputs("usage: office_intake send HOST:PORT SHOP EPOCH SECRET AFTER HASH ENTRIES\n", stderr);
	return 2;
}

static bool sender_of(char **argv, struct sender *s)
{
	struct public_key key;
	uint8_t cose[COSE_KEY_SIZE], hash[32];
	char *colon = strrchr(argv[2], ':');

	if (!colon || !hex_parse(argv[5], (uint32_t)strlen(argv[5]), s->secret, 32) ||
	    es256_public(s->secret, &key) != 0)
		return false;
	*colon = '\0';
	s->host = argv[2];
	s->port = colon + 1;
	s->shop = argv[3];
	cose_key_encode(&key, cose);
	CHECK(EVP_Digest(cose, sizeof(cose), hash, NULL, EVP_sha256(), NULL) == 1);
	memcpy(s->kid.byte, hash, sizeof(s->kid.byte));
	return true;
}

int main(int argc, char **argv)
{
	struct maker m = {0};
	struct sender s = {0};
	int64_t began, took;
	int fd;

	if (argc != 9 || strcmp(argv[1], "send") != 0 || !sender_of(argv, &s) ||
	    !hex_parse(argv[7], (uint32_t)strlen(argv[7]), m.hash.byte, sizeof(m.hash.byte)))
		return usage();
	m.epoch = (uint32_t)strtoul(argv[4], NULL, 10);
	m.seq = strtoull(argv[6], NULL, 10);
	m.want = strtoull(argv[8], NULL, 10);
	make(&m);
	fd = connect_to(s.host, s.port);
	CHECK(fd >= 0);
	began = now_us();
	for (uint32_t i = 0; i < m.batches; i++)
		post(&s, fd, &m, i);
	took = now_us() - began;
	printf("{\"entries\": %llu, \"lines\": %llu, \"batches\": %u, \"wire_bytes\": %llu,"
	       " \"seconds\": %.3f}\n",
	       (unsigned long long)m.entries, (unsigned long long)m.lines, m.batches,
	       (unsigned long long)m.wire, (double)took / 1e6);
	close(fd);
	return 0;
}
