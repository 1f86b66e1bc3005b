/*
 * fleet_shop.h: one shop of the simulated fleet: who it is, and what its members do in it.
 */
#ifndef SHOP_BENCH_FLEET_SHOP_H
#define SHOP_BENCH_FLEET_SHOP_H

#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "books/vat.h"
#include "crypto/es256.h"
#include "crypto/verifier.h"
#include "net/base64url.h"
#include "wire/sync.h"

enum {
	EPOCH = 1,
	GATHER_MS = 250,	 /* entries that come together leave together, as in courierd */
	VISIT_LINES = 8,	 /* on average */
	PENDING_MAX = 64 * 1024, /* bytes of entries that wait */
};

/** What a shop knows of itself, in STATE. */
struct kept {
	uint64_t seq, acked;
	uint8_t hash[32], acked_hash[32];
	uint64_t cursor, visit;
	int64_t told_at;   /* UTC ms: when the newest feed came */
	int64_t offset_ms; /* of its clock */
	uint64_t beats;	   /* that were answered */
	uint64_t lines;
	uint64_t acks; /* answers to entries */
	uint64_t begun;
};

struct shop;

enum ask {
	ASK_NONE = 0,
	ASK_POLL = 1,
	ASK_BEAT = 2,
	ASK_ENTRIES = 3
};

struct conn {
	struct shop *shop;
	SSL *ssl;
	int fd; /* -1: none */
	enum ask ask;
	bool spent;    /* it was for one question */
	bool repeated; /* with the office's nonce */
	uint8_t nonce[NONCE_SIZE];
	int64_t asked_at;
	uint8_t *out;
	uint32_t out_len, out_done;
	char *in;
	uint32_t in_len, in_want; /* 0: not known yet */
};

struct shop {
	uint32_t n;
	char name[PLACE_MAX_LEN + 1];
	uint8_t secret[32];
	struct verifier *signer; /* which keeps the key ready */
	struct kid kid;
	struct kept *kept;
	uint64_t random;
	struct conn poll, work, spare;
	int64_t poll_at, beat_at, visit_at, send_at; /* when due; INT64_MAX: not */
	int64_t hold_at; /* no heartbeat before: the last one was refused */
	/* the visit that goes on */
	uint32_t lines_left, lines;
	struct customer customer;
	struct money total;
	/* entries that are not acknowledged */
	uint8_t *pending;
	uint32_t pending_len, pending_entries, sent_len;
	uint64_t sent_seq, sent_lines, pending_lines;
	uint8_t sent_hash[32];
};

static inline uint32_t draw(struct shop *s, uint32_t below)
{
	s->random ^= s->random << 13;
	s->random ^= s->random >> 7;
	s->random ^= s->random << 17;
	return (uint32_t)((s->random >> 20) % below);
}

static inline void draw_bytes(struct shop *s, void *bytes, uint32_t len)
{
	for (uint32_t i = 0; i < len; i++)
		((uint8_t *)bytes)[i] = (uint8_t)draw(s, 256);
}

/* --- who they are: all of it follows from their number */

static inline void shop_name(uint32_t n, char name[PLACE_MAX_LEN + 1])
{
	snprintf(name, PLACE_MAX_LEN + 1, "shop-%u", n);
}

static inline void shop_secret(uint32_t n, uint8_t secret[32], struct public_key *ret)
{
	char text[40];
	struct sha256 hash;

	snprintf(text, sizeof(text), "a shop of the fleet, number %u", n);
	hash = sha256(text, (uint32_t)strlen(text));
	memcpy(secret, hash.byte, 32);
	CHECK(es256_public(secret, ret) == 0);
}

/* --- entries */

static inline void entry_add(struct shop *s, struct entry *e, int64_t now)
{
	static uint8_t room[ENTRY_BODY_MAX + 256];
	uint8_t body[ENTRY_BODY_MAX], salt[SALT_SIZE], link[90];
	struct sync_entry raw = {.epoch = EPOCH, .kind = (uint16_t)e->kind};
	struct builder b = builder_of(room, sizeof(room)), l = builder_of(link, sizeof(link));
	struct sha256 hash;

	draw_bytes(s, salt, sizeof(salt));
	raw.seq = ++s->kept->seq;
	raw.at.ms = now + s->kept->offset_ms;
	raw.body = (struct span){body, entry_encode(e, salt, body)};
	hash = sha256(body, raw.body.len);
	build_bytes(&l, "SKL1", 4);
	build_u32(&l, raw.epoch);
	build_u64(&l, raw.seq);
	build_u64(&l, (uint64_t)raw.at.ms);
	build_u16(&l, raw.kind);
	build_bytes(&l, hash.byte, sizeof(hash.byte));
	build_bytes(&l, s->kept->hash, sizeof(s->kept->hash));
	hash = sha256(link, l.len);
	memcpy(s->kept->hash, hash.byte, sizeof(hash.byte));
	sync_entry_put(&b, &raw);
	CHECK(!b.failed && !l.failed && s->pending_len + b.len <= PENDING_MAX);
	s->pending = realloc(s->pending, s->pending_len + b.len);
	CHECK(s->pending);
	memcpy(s->pending + s->pending_len, room, b.len);
	s->pending_len += b.len;
	s->pending_entries++;
	s->pending_lines += e->kind == ENTRY_LINE;
	if (s->send_at == INT64_MAX)
		s->send_at = now + GATHER_MS;
}

static inline void visit_open(struct shop *s, int64_t now)
{
	struct entry admitted = {.kind = ENTRY_ADMITTED}, opened = {.kind = ENTRY_VISIT_OPENED};
	struct entry door = {.kind = ENTRY_DOOR};

	s->kept->visit++;
	s->lines = 0;
	s->lines_left = 1 + draw(s, 2 * VISIT_LINES - 1);
	s->total = MONEY_ZERO;
	memset(&s->customer, 0, sizeof(s->customer));
	s->customer.byte[0] = (uint8_t)draw(s, 120);
	memcpy(s->customer.byte + 4, &s->n, sizeof(s->n));
	admitted.admitted = (struct entry_admitted){.place = {"front"},
						    .road = ROAD_SCANNER,
						    .customer = s->customer,
						    .visit = {s->kept->visit},
						    .cti_len = 8,
						    .iat_s = now / 1000,
						    .exp_s = now / 1000 + 60};
	draw_bytes(s, admitted.admitted.cti, 8);
	entry_add(s, &admitted, now);
	opened.visit_opened = (struct entry_visit_opened){.visit = {s->kept->visit},
							  .customer = s->customer,
							  .place = {"front"},
							  .price_version = 7};
	entry_add(s, &opened, now);
	door.door = (struct entry_door){.place = {"front"},
					.event = DOOR_EVENT_UNLOCKED,
					.mode = DOOR_ACCESSED,
					.customer_known = true,
					.customer = s->customer};
	entry_add(s, &door, now);
}

static inline void line_scan(struct shop *s, int64_t now)
{
	static const char *const goods[] = {"Ris", "Yoghurt", "Ost", "Kaffe", "Pasta", "Potatis"};
	struct entry e = {.kind = ENTRY_LINE};
	struct entry_line *l = &e.line;
	uint32_t n = draw(s, 1500);
	uint8_t key[16];
	bool fits;

	l->visit.n = s->kept->visit;
	draw_bytes(s, key, sizeof(key));
	base64url_encode(key, sizeof(key), l->key.text);
	l->customer = s->customer;
	l->gtin.n = 7310865000000 + 13 * (uint64_t)n;
	snprintf(l->name, sizeof(l->name), "%s %u", goods[n % ARRAY_LEN(goods)], n);
	l->quantity_milli = 1000;
	l->unit_price = l->list_price = money_of(990 + 10 * (int64_t)(n % 700));
	l->total = l->unit_price;
	fits = money_add(s->total, l->total, &s->total);
	CHECK(fits);
	l->vat_bp = 1200;
	l->vat_class = VAT_FOOD;
	l->price_version = 7;
	l->scanned_at.ms = now - 300;
	l->bought.n = (int32_t)(now / 86400000);
	entry_add(s, &e, now);
	s->lines++;
	s->lines_left--;
}

static inline void visit_close(struct shop *s, int64_t now)
{
	struct entry e = {.kind = ENTRY_VISIT_CLOSED};

	e.visit_closed = (struct entry_visit_closed){
		.visit = {s->kept->visit}, .end = END_EXIT, .lines = s->lines, .total = s->total};
	entry_add(s, &e, now);
	s->lines = 0;
}

#endif
