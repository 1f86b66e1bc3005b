/*
 * sync_said.c: the payloads of what the office says: acks and grants, enrolments, key sets, the
 * time, and the head of a feed. Each is an array that begins with the word for it, so that one can
 * never be taken for another, and none for a token's map.
 *
 * A feed is looked through to its end before it is given out: who applies it will find every change
 * well-formed, or of a kind that it does not know and steps over.
 */
#include "wire/sync_parts.h"

#include <string.h>

#define YEAR_9999_MS INT64_C(253402300799999)

static const char *const words[] = {
	[SAID_ACK] = "ack",   [SAID_GRANT] = "grant", [SAID_ENROLLED] = "enrolled",
	[SAID_KEYS] = "keys", [SAID_TIME] = "time",   [SAID_FEED] = "feed",
};

/* Items of each array, its word among them. */
static const uint32_t items[] = {
	[SAID_ACK] = 7,	 [SAID_GRANT] = 6, [SAID_ENROLLED] = 8,
	[SAID_KEYS] = 4, [SAID_TIME] = 3,  [SAID_FEED] = 8,
};

enum sync_said sync_said_kind(struct span payload)
{
	struct span word;
	uint32_t count;

	if (!cbor_take_array(&payload, &count) || !cbor_take_text(&payload, &word))
		return (enum sync_said)0;
	for (uint32_t i = SAID_ACK; i < ARRAY_LEN(words); i++)
		if (span_is(word, words[i], (uint32_t)strlen(words[i])))
			return (enum sync_said)i;
	return (enum sync_said)0;
}

static struct reading said_begin(struct span payload, enum sync_said kind)
{
	struct reading r = {.rest = payload};

	reading_array(&r, items[kind], items[kind]);
	reading_word(&r, words[kind]);
	return r;
}

static void said_put(struct builder *b, enum sync_said kind)
{
	cbor_put_array(b, items[kind]);
	cbor_put_text(b, words[kind], (uint32_t)strlen(words[kind]));
}

/* An office's own clock: it has one that is right. */
static bool time_said(struct wall at)
{
	return at.ms >= 0 && at.ms <= YEAR_9999_MS;
}

/* --- ack, grant, enrolled */

static bool is_head(enum sync_said kind)
{
	return kind == SAID_ACK || kind == SAID_GRANT || kind == SAID_ENROLLED;
}

static bool head_good(enum sync_said kind, const struct sync_head *h)
{
	return text_place(h->shop, sizeof(h->shop), false) && h->seq <= INT64_MAX &&
	       time_said(h->at) && (uint32_t)h->answer < SYNC_ANSWERS &&
	       (kind != SAID_ENROLLED ||
		(h->keys.len >= 1 && h->keys.len <= SYNC_KEY_SET_SIZE_MAX));
}

void sync_head_put(struct builder *b, enum sync_said kind, const struct sync_head *h)
{
	CHECK(is_head(kind));
	if (!head_good(kind, h)) {
		b->failed = true;
		return;
	}
	said_put(b, kind);
	put_text(b, h->shop, sizeof(h->shop));
	cbor_put_uint(b, h->epoch);
	cbor_put_uint(b, h->seq);
	cbor_put_bytes(b, h->hash.byte, sizeof(h->hash.byte));
	cbor_put_int(b, h->at.ms);
	if (kind == SAID_ACK)
		cbor_put_uint(b, (uint64_t)h->answer);
	if (kind == SAID_ENROLLED) {
		put_key(b, &h->root);
		cbor_put_bytes(b, h->keys.data, h->keys.len);
	}
}

bool sync_head_take(struct span payload, enum sync_said kind, struct sync_head *ret)
{
	struct reading r;
	struct sync_head h;

	if (!is_head(kind))
		return false;
	memset(&h, 0, sizeof(h));
	r = said_begin(payload, kind);
	reading_text(&r, h.shop, sizeof(h.shop));
	h.epoch = reading_u32(&r);
	h.seq = reading_number(&r);
	reading_bytes(&r, h.hash.byte, sizeof(h.hash.byte));
	h.at = reading_wall(&r);
	if (kind == SAID_ACK)
		h.answer = (enum sync_answer)reading_uint(&r, SYNC_ANSWERS - 1);
	if (kind == SAID_ENROLLED) {
		reading_key(&r, &h.root);
		h.keys = reading_span(&r, SYNC_KEY_SET_SIZE_MAX);
	}
	if (!reading_good(&r) || !head_good(kind, &h))
		return false;
	*ret = h;
	return true;
}

/* --- keys */

static bool keys_good(const struct sync_keys *k)
{
	return k->version >= 1 && k->keys >= 1 && k->keys <= SYNC_KEYS_MAX && time_said(k->at);
}

void sync_keys_put(struct builder *b, const struct sync_keys *k)
{
	if (!keys_good(k)) {
		b->failed = true;
		return;
	}
	said_put(b, SAID_KEYS);
	cbor_put_uint(b, k->version);
	cbor_put_int(b, k->at.ms);
	cbor_put_array(b, k->keys);
	for (uint32_t i = 0; i < k->keys; i++)
		put_key(b, &k->key[i]);
}

bool sync_keys_take(struct span payload, struct sync_keys *ret)
{
	struct reading r = said_begin(payload, SAID_KEYS);
	struct sync_keys k;

	memset(&k, 0, sizeof(k));
	k.version = reading_u32(&r);
	k.at = reading_wall(&r);
	k.keys = reading_array(&r, 1, SYNC_KEYS_MAX);
	for (uint32_t i = 0; i < k.keys; i++)
		reading_key(&r, &k.key[i]);
	if (!reading_good(&r) || !keys_good(&k))
		return false;
	*ret = k;
	return true;
}

/* --- time */

void sync_time_put(struct builder *b, const struct sync_time *t)
{
	if (!time_said(t->at)) {
		b->failed = true;
		return;
	}
	said_put(b, SAID_TIME);
	cbor_put_bytes(b, t->nonce, sizeof(t->nonce));
	cbor_put_int(b, t->at.ms);
}

bool sync_time_take(struct span payload, struct sync_time *ret)
{
	struct reading r = said_begin(payload, SAID_TIME);
	struct sync_time t;

	reading_bytes(&r, t.nonce, sizeof(t.nonce));
	t.at = reading_wall(&r);
	if (!reading_good(&r) || !time_said(t.at))
		return false;
	*ret = t;
	return true;
}

/* --- feed */

static bool feed_good(const struct sync_feed *f)
{
	return text_place(f->shop, sizeof(f->shop), false) && f->from <= f->to &&
	       f->to <= INT64_MAX && (f->part == 0 || f->from == 0) && f->part != INT32_MIN &&
	       time_said(f->at) && f->changes <= SYNC_CHANGES_MAX;
}

void sync_feed_put(struct builder *b, const struct sync_feed *f)
{
	if (!feed_good(f)) {
		b->failed = true;
		return;
	}
	said_put(b, SAID_FEED);
	put_text(b, f->shop, sizeof(f->shop));
	cbor_put_uint(b, f->epoch);
	cbor_put_uint(b, f->from);
	cbor_put_uint(b, f->to);
	cbor_put_int(b, f->at.ms);
	cbor_put_int(b, f->part);
	cbor_put_array(b, f->changes);
}

static bool changes_good(struct span change, const struct sync_feed *f)
{
	struct sync_change c;

	for (uint32_t i = 0; i < f->changes; i++) {
		enum sync_taken taken = sync_change_take(&change, &c);

		if (taken == SYNC_CHANGE_BAD ||
		    (taken == SYNC_CHANGE_GOOD && f->part != 0 && c.kind == SYNC_COMMAND))
			return false;
	}
	return change.len == 0;
}

bool sync_feed_take(struct span payload, struct sync_feed *ret)
{
	struct reading r = said_begin(payload, SAID_FEED);
	struct sync_feed f;

	if (payload.len > SYNC_FEED_MAX)
		return false;
	memset(&f, 0, sizeof(f));
	reading_text(&r, f.shop, sizeof(f.shop));
	f.epoch = reading_u32(&r);
	f.from = reading_number(&r);
	f.to = reading_number(&r);
	f.at = reading_wall(&r);
	f.part = (int32_t)reading_int(&r, -INT32_MAX, INT32_MAX);
	f.changes = reading_array(&r, 0, SYNC_CHANGES_MAX);
	f.change = r.rest;
	if (r.bad || !feed_good(&f) || !changes_good(f.change, &f))
		return false;
	*ret = f;
	return true;
}
