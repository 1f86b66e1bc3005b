/*
 * test_sync.c: what a shop and its office say to each other, against tests/data/sync-vectors.json,
 * which another implementation in another language made (tests/office/vectors.py): what is good
 * says what it should and is written back to the same bytes, what nobody may say is refused, and
 * so is what is cut at any length or changed in any byte, unless it is written just so.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <jansson.h>

#include "base/cbor.h"
#include "crypto/es256.h"
#include "wire/sync.h"

#define VECTORS	    "tests/data/sync-vectors.json"
#define ROWS_LEAST  260 /* fewer, and the file has lost some */
#define CHANGED_MAX 400 /* longer rows are not changed byte by byte */
#define BYTES_MAX   65536

/* What was read, as the vectors print it: items in order, texts in <>. */
struct said {
	char text[8192];
	uint32_t len;
};

static void say_item(struct said *s, const char *item)
{
	int n = snprintf(s->text + s->len, sizeof(s->text) - s->len, "%s%s", s->len ? " " : "",
			 item);

	assert_true(n >= 0 && (uint32_t)n < sizeof(s->text) - s->len);
	s->len += (uint32_t)n;
}

static void say_int(struct said *s, int64_t n)
{
	char item[32];

	snprintf(item, sizeof(item), "%lld", (long long)n);
	say_item(s, item);
}

static void say_uint(struct said *s, uint64_t n)
{
	char item[32];

	snprintf(item, sizeof(item), "%llu", (unsigned long long)n);
	say_item(s, item);
}

static void say_text(struct said *s, const char *text)
{
	char item[512];

	snprintf(item, sizeof(item), "<%s>", text);
	say_item(s, item);
}

static void say_bytes(struct said *s, const void *bytes, uint32_t len)
{
	char *hex = malloc(2 * (size_t)len + 1);

	assert_non_null(hex);
	hex_text(bytes, len, hex);
	if (len < 2000)
		say_item(s, hex);
	free(hex);
}

static void say_customer(struct said *s, const struct customer *c)
{
	say_bytes(s, c->byte, sizeof(c->byte));
}

/* --- each kind of row: read, said in words, written again */

typedef bool row_fn(struct span bytes, struct said *s, struct builder *b);

static void say_article(struct said *s, const struct sync_article *a)
{
	say_uint(s, a->gtin.n);
	say_int(s, a->valid_from.ms);
	say_int(s, money_minor(a->price));
	say_int(s, a->deposit_minor);
	say_uint(s, a->vat_bp);
	say_uint(s, a->reorder);
	say_uint(s, a->class);
	say_uint(s, a->state);
	say_uint(s, a->vat_class);
	say_text(s, a->name);
}

static void say_pass(struct said *s, const struct sync_pass *p)
{
	say_bytes(s, p->cti, p->cti_len);
	say_int(s, p->revoked);
	say_int(s, p->wants_pin);
	say_bytes(s, p->pin_salt, sizeof(p->pin_salt));
	say_bytes(s, p->pin_hash.byte, sizeof(p->pin_hash.byte));
}

static void say_command(struct said *s, const struct sync_command *c)
{
	say_uint(s, c->id);
	say_int(s, (int64_t)c->verb);
	say_text(s, c->door);
	say_int(s, c->hold_ms);
	say_int(s, c->expires.ms);
	say_text(s, c->by);
	say_text(s, c->setting.name);
	say_text(s, c->setting.value);
}

static void say_member(struct said *s, const struct sync_member *m)
{
	say_customer(s, &m->customer);
	say_uint(s, m->role);
	say_uint(s, m->flags);
	say_int(s, money_minor(m->credit_limit));
}

static void say_money_in(struct said *s, const struct sync_change *c)
{
	if (c->kind == SYNC_PAYMENT) {
		say_text(s, c->payment.key);
		say_customer(s, &c->payment.customer);
		say_uint(s, c->payment.invoice.n);
		say_int(s, money_minor(c->payment.amount));
		say_int(s, c->payment.booked.n);
		return;
	}
	say_text(s, c->assigned.key);
	say_customer(s, &c->assigned.customer);
	say_uint(s, c->assigned.invoice.n);
	say_text(s, c->assigned.by);
}

static void say_change(struct said *s, const struct sync_change *c)
{
	say_int(s, (int64_t)c->kind);
	switch (c->kind) {
	case SYNC_MEMBER:
		say_member(s, &c->member);
		break;
	case SYNC_MEMBER_GONE:
	case SYNC_ERASE:
		say_customer(s, &c->gone);
		break;
	case SYNC_CARD:
	case SYNC_CARD_GONE:
		say_customer(s, &c->card.customer);
		say_bytes(s, c->card.kid.byte, sizeof(c->card.kid.byte));
		break;
	case SYNC_KEY:
	case SYNC_KEY_GONE:
		say_customer(s, &c->key.customer);
		say_bytes(s, &c->key.key, 64);
		break;
	case SYNC_ARTICLE:
		say_article(s, &c->article);
		break;
	case SYNC_ARTICLE_GONE:
		say_uint(s, c->article_gone.n);
		break;
	case SYNC_PASS:
		say_pass(s, &c->pass);
		break;
	case SYNC_SETTING:
		say_text(s, c->setting.name);
		say_text(s, c->setting.value);
		break;
	case SYNC_KEY_SET:
		say_bytes(s, c->key_set.data, c->key_set.len);
		break;
	case SYNC_COMMAND:
		say_command(s, &c->command);
		break;
	case SYNC_PAYMENT:
	case SYNC_PAYMENT_ASSIGNED:
		say_money_in(s, c);
		break;
	}
}

static bool change_row(struct span bytes, struct said *s, struct builder *b)
{
	struct sync_change c;

	if (sync_change_take(&bytes, &c) != SYNC_CHANGE_GOOD || bytes.len != 0)
		return false;
	say_change(s, &c);
	sync_change_put(b, &c);
	return true;
}

static bool head_row(struct span bytes, struct said *s, struct builder *b)
{
	static const char *const words[] = {"", "ack", "grant", "enrolled", "", "", ""};
	enum sync_said kind = sync_said_kind(bytes);
	struct sync_head h;

	if (!sync_head_take(bytes, kind, &h))
		return false;
	say_text(s, words[kind]);
	say_text(s, h.shop);
	say_uint(s, h.epoch);
	say_uint(s, h.seq);
	say_bytes(s, h.hash.byte, 32);
	say_int(s, h.at.ms);
	if (kind == SAID_ACK)
		say_int(s, (int64_t)h.answer);
	if (kind == SAID_ENROLLED) {
		say_bytes(s, &h.root, 64);
		say_bytes(s, h.keys.data, h.keys.len);
	}
	sync_head_put(b, kind, &h);
	return true;
}

static bool keys_row(struct span bytes, struct said *s, struct builder *b)
{
	struct sync_keys k;

	if (sync_said_kind(bytes) != SAID_KEYS || !sync_keys_take(bytes, &k))
		return false;
	say_text(s, "keys");
	say_uint(s, k.version);
	say_int(s, k.at.ms);
	for (uint32_t i = 0; i < k.keys; i++)
		say_bytes(s, &k.key[i], 64);
	sync_keys_put(b, &k);
	return true;
}

static bool time_row(struct span bytes, struct said *s, struct builder *b)
{
	struct sync_time t;

	if (sync_said_kind(bytes) != SAID_TIME || !sync_time_take(bytes, &t))
		return false;
	say_text(s, "time");
	say_bytes(s, t.nonce, sizeof(t.nonce));
	say_int(s, t.at.ms);
	sync_time_put(b, &t);
	return true;
}

static bool feed_row(struct span bytes, struct said *s, struct builder *b)
{
	struct sync_feed f;

	if (sync_said_kind(bytes) != SAID_FEED || !sync_feed_take(bytes, &f))
		return false;
	say_text(s, "feed");
	say_text(s, f.shop);
	say_uint(s, f.epoch);
	say_uint(s, f.from);
	say_uint(s, f.to);
	say_int(s, f.at.ms);
	say_int(s, f.part);
	say_uint(s, f.changes);
	sync_feed_put(b, &f);
	build_bytes(b, f.change.data, f.change.len);
	return true;
}

/* Whatever the office could mean by it. */
static bool said_row(struct span bytes, struct said *s, struct builder *b)
{
	struct sync_head h;
	bool taken = head_row(bytes, s, b) || keys_row(bytes, s, b) || time_row(bytes, s, b) ||
		     feed_row(bytes, s, b);

	for (int kind = 0; !taken && kind <= SAID_FEED; kind++)
		assert_false(sync_head_take(bytes, (enum sync_said)kind, &h));
	return taken;
}

static bool beat_row(struct span bytes, struct said *s, struct builder *b)
{
	struct sync_heartbeat h;

	if (!sync_heartbeat_take(bytes, &h))
		return false;
	say_text(s, "heartbeat");
	say_uint(s, h.epoch);
	say_uint(s, h.head_seq);
	say_uint(s, h.acked_seq);
	say_uint(s, h.feed);
	say_int(s, h.at.ms);
	say_int(s, h.clock_trusted);
	say_int(s, h.ledger_ok);
	say_int(s, h.sms_ok);
	say_int(s, h.up_ms);
	say_uint(s, h.visits_open);
	say_uint(s, h.alarms_open);
	for (uint32_t i = 0; i < h.doors; i++) {
		say_text(s, h.door[i].name);
		say_uint(s, h.door[i].mode);
		say_uint(s, h.door[i].physical);
		say_uint(s, h.door[i].alarm);
		say_uint(s, h.door[i].tamper);
	}
	say_text(s, h.version);
	sync_heartbeat_put(b, &h);
	return true;
}

static bool enrol_row(struct span bytes, struct said *s, struct builder *b)
{
	struct sync_enrol e;

	if (!sync_enrol_take(bytes, &e))
		return false;
	say_text(s, "enrol");
	say_text(s, e.code);
	say_bytes(s, &e.key, 64);
	say_text(s, e.version);
	sync_enrol_put(b, &e);
	return true;
}

static bool epoch_row(struct span bytes, struct said *s, struct builder *b)
{
	struct sync_epoch e;

	if (!sync_epoch_take(bytes, &e))
		return false;
	say_text(s, "epoch");
	say_uint(s, e.epoch);
	say_uint(s, e.seq);
	say_bytes(s, e.hash.byte, 32);
	sync_epoch_put(b, &e);
	return true;
}

static bool entry_row(struct span bytes, struct said *s, struct builder *b)
{
	struct sync_entry e;

	if (!sync_entry_take(&bytes, &e) || bytes.len != 0)
		return false;
	say_uint(s, e.epoch);
	say_uint(s, e.seq);
	say_int(s, e.at.ms);
	say_uint(s, e.kind);
	say_bytes(s, e.body.data, e.body.len);
	sync_entry_put(b, &e);
	return true;
}

static const struct {
	const char *what;
	row_fn *row;
} kinds[] = {
	{"change", change_row}, {"head", head_row},   {"keys", keys_row}, {"time", time_row},
	{"feed", feed_row},	{"said", said_row},   {"beat", beat_row}, {"enrol", enrol_row},
	{"epoch", epoch_row},	{"entry", entry_row},
};

/* --- the vectors */

static json_t *vectors;

static int load(void **state)
{
	json_error_t error;

	(void)state;
	vectors = json_load_file(VECTORS, 0, &error);
	if (!vectors)
		fail_msg("%s: %s", VECTORS, error.text);
	assert_true(json_array_size(vectors) >= ROWS_LEAST);
	return 0;
}

static int unload(void **state)
{
	(void)state;
	json_decref(vectors);
	return 0;
}

static const char *text_at(json_t *row, const char *name)
{
	return json_string_value(json_object_get(row, name));
}

static bool is_of(json_t *row, const char *what)
{
	return strcmp(text_at(row, "what"), what) == 0;
}

/* In a block of exactly its size, so that a reader past its end is seen. */
static struct span bytes_at(json_t *row, const char *name)
{
	const char *hex = text_at(row, name);
	uint32_t len = (uint32_t)strlen(hex) / 2;
	uint8_t *bytes = malloc(len > 0 ? len : 1);

	assert_non_null(bytes);
	assert_true(hex_parse(hex, 2 * len, bytes, len));
	return (struct span){bytes, len};
}

static void give_back(struct span bytes)
{
	free((void *)(uintptr_t)bytes.data);
}

/* Long byte strings are left out of the words on both sides. */
static bool says(const char *wanted, const char *said)
{
	return strlen(wanted) > 3000 || strcmp(wanted, said) == 0;
}

static void check_row(row_fn *row, const char *name, struct span bytes, const char *wanted)
{
	static uint8_t again[BYTES_MAX];
	struct builder b = builder_of(again, sizeof(again));
	struct said s = {.len = 0};

	if (row(bytes, &s, &b) != (wanted != NULL))
		fail_msg("%s: %s", name, wanted ? "refused" : "taken");
	if (!wanted)
		return;
	if (!says(wanted, s.text))
		fail_msg("%s: says %s, not %s", name, s.text, wanted);
	if (b.failed || !span_is(bytes, again, b.len))
		fail_msg("%s: written in other bytes", name);
}

static void the_vectors_hold(void **state)
{
	size_t i, done = 0;
	json_t *v;

	(void)state;
	json_array_foreach(vectors, i, v)
	{
		for (size_t k = 0; k < ARRAY_LEN(kinds); k++) {
			struct span bytes;

			if (!is_of(v, kinds[k].what))
				continue;
			bytes = bytes_at(v, "bytes");
			check_row(kinds[k].row, text_at(v, "name"), bytes, text_at(v, "text"));
			give_back(bytes);
			done++;
		}
	}
	assert_true(done > 240);
}

/* Of each good one: no shorter piece of it is good, and what a changed byte makes of it is refused
 * or is written in exactly those bytes. */
static void cut_and_change(row_fn *row, const char *name, struct span bytes)
{
	static uint8_t again[BYTES_MAX];
	struct builder b;
	struct said s;
	uint8_t *copy;

	for (uint32_t cut = 0; cut < bytes.len && bytes.len < 5000; cut++) {
		copy = malloc(cut > 0 ? cut : 1);
		assert_non_null(copy);
		memcpy(copy, bytes.data, cut);
		b = builder_of(again, sizeof(again));
		s.len = 0;
		if (row((struct span){copy, cut}, &s, &b))
			fail_msg("%s: taken, cut to %u", name, cut);
		free(copy);
	}
	if (bytes.len > CHANGED_MAX)
		return;
	copy = malloc(bytes.len);
	assert_non_null(copy);
	memcpy(copy, bytes.data, bytes.len);
	for (uint32_t at = 0; at < bytes.len; at++) {
		for (uint32_t value = 0; value < 256; value++) {
			copy[at] = (uint8_t)value;
			b = builder_of(again, sizeof(again));
			s.len = 0;
			if (row((struct span){copy, bytes.len}, &s, &b) &&
			    (b.failed || b.len != bytes.len || memcmp(copy, again, b.len) != 0))
				fail_msg("%s: byte %u as %02x is written otherwise", name, at,
					 value);
		}
		copy[at] = bytes.data[at];
	}
	free(copy);
}

static void cut_and_changed(void **state)
{
	size_t i;
	json_t *v;

	(void)state;
	json_array_foreach(vectors, i, v)
	{
		for (size_t k = 0; k < ARRAY_LEN(kinds); k++) {
			struct span bytes;

			if (!is_of(v, kinds[k].what) || !text_at(v, "text"))
				continue;
			bytes = bytes_at(v, "bytes");
			cut_and_change(kinds[k].row, text_at(v, "name"), bytes);
			give_back(bytes);
		}
	}
}

/* What a newer office says is stepped over, and what stands behind it is found. */
static void later_changes_are_skipped(void **state)
{
	static const uint8_t article_gone[] = {0x82, 0x06, 0x01};
	size_t i, done = 0;
	json_t *v;

	(void)state;
	json_array_foreach(vectors, i, v)
	{
		uint8_t two[4096];
		struct sync_change c;
		struct span bytes, s;

		if (!is_of(v, "change_unknown"))
			continue;
		bytes = bytes_at(v, "bytes");
		memcpy(two, bytes.data, bytes.len);
		memcpy(two + bytes.len, article_gone, sizeof(article_gone));
		s = (struct span){two, bytes.len + sizeof(article_gone)};
		assert_int_equal(sync_change_take(&s, &c), SYNC_CHANGE_UNKNOWN);
		assert_int_equal(sync_change_take(&s, &c), SYNC_CHANGE_GOOD);
		assert_int_equal(c.kind, SYNC_ARTICLE_GONE);
		assert_int_equal(s.len, 0);
		give_back(bytes);
		done++;
	}
	assert_int_equal(done, 4);
}

/* --- a batch of a village's days */

static struct sha256 body_hash_of(const struct sync_entry *e)
{
	struct sha256 hash;

	if (!e->erased)
		return sha256(e->body.data, e->body.len);
	memcpy(hash.byte, e->body.data, sizeof(hash.byte));
	return hash;
}

static struct sha256 link_of(const struct sync_entry *e, struct sha256 before)
{
	struct sha256 body_hash = body_hash_of(e);
	uint8_t bytes[96];
	struct builder b = builder_of(bytes, sizeof(bytes));

	build_bytes(&b, "SKL1", 4);
	build_u32(&b, e->epoch);
	build_u64(&b, e->seq);
	build_u64(&b, (uint64_t)e->at.ms);
	build_u16(&b, e->kind);
	build_bytes(&b, body_hash.byte, sizeof(body_hash.byte));
	build_bytes(&b, before.byte, sizeof(before.byte));
	assert_false(b.failed);
	return sha256(bytes, b.len);
}

static void follow_batch(struct span bytes, uint32_t last, bool holds)
{
	struct sha256 hash = {{0}}, end;
	struct sync_entry e;
	uint32_t entries = 0, erased = 0, unknown = 0;
	uint32_t epoch = 0;

	while (sync_entry_take(&bytes, &e)) {
		struct entry entry;

		entries++;
		assert_int_equal(e.seq, entries);
		assert_true(e.epoch >= epoch);
		epoch = e.epoch;
		hash = link_of(&e, hash);
		if (e.erased)
			erased++;
		else if (!entry_decode(e.kind, e.body, &entry))
			unknown++;
	}
	assert_int_equal(entries, last);
	assert_int_equal(erased, 1);
	assert_int_equal(unknown, 1); /* the kind that nobody knows; all others can be read */
	assert_int_equal(epoch, 2);
	assert_true(sync_hash_take(&bytes, &end));
	assert_int_equal(bytes.len, 0);
	assert_int_equal(memcmp(end.byte, hash.byte, sizeof(hash.byte)) == 0, holds);
}

static void a_villages_batch(void **state)
{
	size_t i, done = 0;
	json_t *v;

	(void)state;
	json_array_foreach(vectors, i, v)
	{
		struct span bytes;
		char *end;
		unsigned long last;

		if (!is_of(v, "batch"))
			continue;
		last = strtoul(text_at(v, "text"), &end, 10);
		bytes = bytes_at(v, "bytes");
		follow_batch(bytes, (uint32_t)last, strcmp(end, " 1") == 0);
		give_back(bytes);
		done++;
	}
	assert_int_equal(done, 2);
}

static void claim_codes(void **state)
{
	size_t i, done = 0;
	json_t *v;

	(void)state;
	json_array_foreach(vectors, i, v)
	{
		char text[CLAIM_CODE_MAX + 1];
		struct claim_code c;
		struct span bytes;

		if (!is_of(v, "claim"))
			continue;
		bytes = bytes_at(v, "bytes");
		assert_true(claim_code_parse(text_at(v, "text"),
					     (uint32_t)strlen(text_at(v, "text")), &c));
		assert_string_equal(c.shop, text_at(v, "shop"));
		assert_memory_equal(c.secret, bytes.data, sizeof(c.secret));
		assert_memory_equal(c.root_hash, bytes.data + sizeof(c.secret),
				    sizeof(c.root_hash));
		claim_code_text(&c, text);
		assert_string_equal(text, text_at(v, "text"));
		give_back(bytes);
		done++;
	}
	assert_int_equal(done, 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_vectors_hold),
		cmocka_unit_test(cut_and_changed),
		cmocka_unit_test(later_changes_are_skipped),
		cmocka_unit_test(a_villages_batch),
		cmocka_unit_test(claim_codes),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
