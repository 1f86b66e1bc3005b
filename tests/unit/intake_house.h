/*
 * intake_house.h: an office without a network, on an empty database, and a shop's box in memory: a
 * chain of entries that is cut into batches as a test likes, for the tests of what comes in and
 * what is pulled.
 */
#ifndef SHOP_TESTS_INTAKE_HOUSE_H
#define SHOP_TESTS_INTAKE_HOUSE_H

#include <openssl/evp.h>

#include "base/cbor.h"
#include "crypto/es256.h"
#include "db_house.h"
#include "entry_samples.h"
#include "officed/intake.h"

#define HOUSE_SHOP "viken"
#define HOUSE_NOW  1790000500000 /* what the office's clock says */

/* An entry as the box keeps it. */
struct kept {
	struct sync_entry raw;
	uint8_t body[SYNC_BODY_MAX];
	struct sha256 hash;
};

/* A shop's box: its chain from the first entry on. */
struct box {
	uint32_t epoch;
	uint32_t entries, size;
	struct kept *kept;
	uint8_t salt;
};

struct office_house {
	struct db_house db;
	struct office o;
	struct config config;
	struct office_keys keys;
	struct box box;
};

/* What the office answered to a batch. */
struct answered {
	int result;
	uint32_t status;
	struct sync_head ack;
};

/* --- the database */

struct house_sql {
	const char *sql;
	int64_t n;
};

static inline int house_sql_work(struct db *d, void *data)
{
	struct house_sql *s = data;

	s->n = INT64_MIN;
	if (!db_one(d, &s->n, s->sql, 0, NULL) && db_failed(d) == 0)
		s->n = 0;
	return db_failed(d);
}

static inline int64_t house_number(struct office_house *h, const char *sql)
{
	struct house_sql s = {.sql = sql};
	int r = db_transact(h->o.db, house_sql_work, &s);

	if (r != 0)
		print_error("%s: %s\n", sql, db_why(h->o.db));
	assert_int_equal(r, 0);
	return s.n;
}

/* The statement's text has to stay where it is. */
static inline void house_do(struct office_house *h, const char *sql)
{
	char why[DB_WHY_MAX];
	int r = db_script(h->o.db, sql, why);

	if (r != 0)
		print_error("%s: %s\n", sql, why);
	assert_int_equal(r, 0);
}

static inline bool house_open(struct office_house *h, enum db_engine engine)
{
	char why[DB_WHY_MAX];

	memset(h, 0, sizeof(*h));
	if (!db_house_open(&h->db, engine))
		return false;
	assert_int_equal(db_open(h->db.where, &h->o.db, why), 0);
	assert_int_equal(office_schema_ready(h->o.db, why), 0);
	assert_int_equal(es256_make(h->keys.private_key, &h->keys.key), 0);
	h->o.config = &h->config;
	h->o.keys = &h->keys;
	house_do(h, "INSERT INTO shop(shop, shop_group, title, language, currency, seller, state,"
		    " key, epoch, granted_at, head_seq, head_hash, head_at, took_at, feed_to,"
		    " feed_from, changed) VALUES('viken', '', 'Viken', 'sv', 'SEK', '{}', 1, '',"
		    " 1, 0, 0, '', 0, 0, 0, 0, 0)");
	h->box.epoch = 1;
	return true;
}

static inline void house_close(struct office_house *h)
{
	db_close(h->o.db);
	db_house_close(&h->db);
	free(h->box.kept);
}

/* --- the box */

static inline struct sha256 house_sha256(const void *bytes, size_t len)
{
	struct sha256 sum;

	assert_int_equal(EVP_Digest(bytes, len, sum.byte, NULL, EVP_sha256(), NULL), 1);
	return sum;
}

/* The hash of contracts 4, written down once more. */
static inline struct sha256 house_link(const struct kept *k, const struct sha256 *before)
{
	struct sha256 body = k->raw.erased ? (struct sha256){{0}}
					   : house_sha256(k->raw.body.data, k->raw.body.len);
	uint8_t bytes[90];
	struct builder b = builder_of(bytes, sizeof(bytes));

	if (k->raw.erased)
		memcpy(body.byte, k->raw.body.data, sizeof(body.byte));
	build_bytes(&b, "SKL1", 4);
	build_u32(&b, k->raw.epoch);
	build_u64(&b, k->raw.seq);
	build_u64(&b, (uint64_t)k->raw.at.ms);
	build_u16(&b, k->raw.kind);
	build_bytes(&b, body.byte, sizeof(body.byte));
	build_bytes(&b, before->byte, sizeof(before->byte));
	assert_false(b.failed);
	return house_sha256(bytes, b.len);
}

static inline struct kept *box_room(struct box *x)
{
	if (x->entries == x->size) {
		x->size = x->size ? 2 * x->size : 64;
		x->kept = realloc(x->kept, x->size * sizeof(*x->kept));
		assert_non_null(x->kept);
		/* bodies have moved with what holds them */
		for (uint32_t i = 0; i < x->entries; i++)
			x->kept[i].raw.body.data = x->kept[i].body;
	}
	return &x->kept[x->entries++];
}

static inline void box_link(struct box *x, struct kept *k)
{
	static const struct sha256 none;

	k->raw.seq = x->entries;
	k->raw.epoch = x->epoch;
	k->raw.body.data = k->body;
	k->hash = house_link(k, x->entries > 1 ? &x->kept[x->entries - 2].hash : &none);
}

/* One more entry on the box's chain; its number. */
static inline uint64_t box_add(struct box *x, const struct entry *e)
{
	struct kept *k = box_room(x);
	uint8_t salt[SALT_SIZE];

	memset(k, 0, sizeof(*k));
	memset(salt, ++x->salt, sizeof(salt));
	k->raw.at = e->at;
	k->raw.kind = (uint16_t)e->kind;
	k->raw.body.len = entry_encode(e, salt, k->body);
	box_link(x, k);
	return k->raw.seq;
}

/* One that no program of today can read. */
static inline uint64_t box_add_strange(struct box *x, uint16_t kind, const char *body)
{
	struct kept *k = box_room(x);

	memset(k, 0, sizeof(*k));
	k->raw.at.ms = 1790000003000;
	k->raw.kind = kind;
	k->raw.body.len = (uint32_t)strlen(body);
	memcpy(k->body, body, k->raw.body.len);
	box_link(x, k);
	return k->raw.seq;
}

/* What the box has erased goes without its body from here on. */
static inline void box_erase(struct box *x, uint64_t seq)
{
	struct kept *k = &x->kept[seq - 1];
	struct sha256 sum = house_sha256(k->raw.body.data, k->raw.body.len);

	memcpy(k->body, sum.byte, sizeof(sum.byte));
	k->raw.body.len = sizeof(sum.byte);
	k->raw.erased = true;
}

/* --- what they say to each other */

static inline struct ask house_ask(uint8_t shop_of_who)
{
	struct ask a = {.now = {HOUSE_NOW}, .param = {HOUSE_SHOP, "", ""}};

	a.who.kind = shop_of_who ? WHO_BOX : WHO_CLIENT;
	snprintf(a.who.shop, sizeof(a.who.shop), "%s", HOUSE_SHOP);
	return a;
}

/* COSE_Sign1 (RFC 9052 4.2, 4.4), read without the office's own reader. */
static inline void house_take_ack(struct office_house *h, struct span bytes, struct sync_head *ret)
{
	uint8_t *signed_bytes = malloc(bytes.len + 64);
	struct builder b = builder_of(signed_bytes, bytes.len + 64);
	struct span protected_, payload, signature;
	uint32_t items = 0;
	uint64_t tag = 0;

	assert_non_null(signed_bytes);
	assert_true(cbor_take_tag(&bytes, &tag) && tag == 18);
	assert_true(cbor_take_array(&bytes, &items) && items == 4);
	assert_true(cbor_take_bytes(&bytes, &protected_));
	assert_true(cbor_take_map(&bytes, &items) && items == 0);
	assert_true(cbor_take_bytes(&bytes, &payload) && cbor_take_bytes(&bytes, &signature));
	assert_int_equal(signature.len, 64);
	assert_int_equal(bytes.len, 0);
	cbor_put_array(&b, 4);
	cbor_put_text(&b, "Signature1", 10);
	cbor_put_bytes(&b, protected_.data, protected_.len);
	cbor_put_bytes(&b, "", 0);
	cbor_put_bytes(&b, payload.data, payload.len);
	assert_false(b.failed);
	assert_int_equal(es256_verify(&h->keys.key, b.data, b.len, signature.data), 1);
	assert_true(sync_head_take(payload, SAID_ACK, ret));
	assert_string_equal(ret->shop, HOUSE_SHOP);
	free(signed_bytes);
}

static inline struct answered house_post_bytes(struct office_house *h, struct span body,
					       uint32_t epoch)
{
	struct ask a = house_ask(1);
	struct answered x = {0};
	struct reply r = {0};
	char text[16];

	snprintf(text, sizeof(text), "%u", epoch);
	a.query[a.queries].name = "epoch";
	a.query[a.queries++].value = text;
	a.body = body;
	x.result = box_entries_post(&h->o, &a, &r);
	x.status = r.status;
	if (x.result == 0 && r.content_type && strcmp(r.content_type, "application/cose") == 0)
		house_take_ack(h, (struct span){r.bytes, (uint32_t)r.len}, &x.ack);
	reply_free(&r);
	return x;
}

/* Entries first..last of the box, ended by `end` (NULL: as it should be), said to be of `epoch`. */
static inline struct answered house_post(struct office_house *h, uint64_t first, uint64_t last,
					 uint32_t epoch, const struct sha256 *end)
{
	uint8_t *bytes = malloc(SYNC_BATCH_MAX + 64);
	struct builder b = builder_of(bytes, SYNC_BATCH_MAX + 64);
	struct answered x;

	assert_non_null(bytes);
	for (uint64_t seq = first; seq <= last; seq++)
		sync_entry_put(&b, &h->box.kept[seq - 1].raw);
	sync_hash_put(&b, end ? end : &h->box.kept[last - 1].hash);
	assert_false(b.failed);
	x = house_post_bytes(h, (struct span){b.data, b.len}, epoch);
	free(bytes);
	return x;
}

/* All that the box has and the office lacks, at most `step` entries at once. */
static inline void house_sync(struct office_house *h, uint32_t step)
{
	uint64_t head = (uint64_t)house_number(h, "SELECT head_seq FROM shop WHERE shop = 'viken'"
						  " LIMIT 1");

	while (head < h->box.entries) {
		uint64_t last = head + step < h->box.entries ? head + step : h->box.entries;
		struct answered x = house_post(h, head + 1, last, h->box.epoch, NULL);

		if (x.result != 0)
			print_error("%s\n", db_why(h->o.db));
		assert_int_equal(x.result, 0);
		assert_int_equal(x.status, 200);
		assert_int_equal(x.ack.answer, SYNC_TAKEN);
		assert_int_equal(x.ack.seq, last);
		assert_memory_equal(x.ack.hash.byte, h->box.kept[last - 1].hash.byte, 32);
		head = last;
	}
}

/* --- a test on both */

/* SQLite always; PostgreSQL where SHOP_TEST_POSTGRES names one: else the state is NULL. */
static inline int house_set_up(void **state)
{
	enum db_engine engine = *(const enum db_engine *)*state;
	struct office_house *h = calloc(1, sizeof(*h));

	assert_non_null(h);
	if (!house_open(h, engine)) {
		free(h);
		h = NULL;
	}
	*state = h;
	return 0;
}

static inline int house_tear_down(void **state)
{
	struct office_house *h = *state;

	if (h)
		house_close(h);
	free(h);
	return 0;
}

/* The house, or an end of the test where there is no such database. */
static inline struct office_house *house(void **state)
{
	if (!*state)
		skip();
	return *state;
}

static const enum db_engine house_sqlite = DB_SQLITE, house_postgres = DB_POSTGRES;

#define ON_BOTH_WITH(test, set_up, tear_down)                                                      \
	{#test " (SQLite)", test, set_up, tear_down, (void *)(uintptr_t)&house_sqlite},            \
	{                                                                                          \
#test " (PostgreSQL)", test, set_up, tear_down, (void *)(uintptr_t)&house_postgres \
	}

#endif
