/*
 * fuzz_sync.c: any bytes as anything that a shop and its office say to each other. The first one
 * chooses what. Whatever is taken is written again to exactly the bytes that were read.
 */
#include <string.h>

#include "token/statement.h"
#include "wire/sync.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define INPUT_MAX 65536

static uint8_t again[INPUT_MAX + 256];

static struct builder fresh(void)
{
	return builder_of(again, sizeof(again));
}

static void same(const struct builder *b, struct span read)
{
	CHECK(!b->failed && span_is(read, b->data, b->len));
}

static void batch(struct span s)
{
	struct sync_entry e;
	struct sha256 hash;
	struct span before = s;

	while (sync_entry_take(&s, &e)) {
		struct builder b = fresh();

		sync_entry_put(&b, &e);
		same(&b, (struct span){before.data, before.len - s.len});
		before = s;
	}
	if (sync_hash_take(&s, &hash)) {
		struct builder b = fresh();

		sync_hash_put(&b, &hash);
		same(&b, before);
	}
}

static void changes(struct span s)
{
	struct sync_change c;
	struct span before = s;
	enum sync_taken taken;

	while ((taken = sync_change_take(&s, &c)) != SYNC_CHANGE_BAD) {
		struct builder b = fresh();

		CHECK(s.len < before.len);
		if (taken == SYNC_CHANGE_GOOD) {
			sync_change_put(&b, &c);
			same(&b, (struct span){before.data, before.len - s.len});
		}
		before = s;
	}
}

static void said(struct span s)
{
	enum sync_said kind = sync_said_kind(s);
	struct builder b = fresh();
	struct sync_head head;
	struct sync_keys keys;
	struct sync_time time;
	struct sync_feed feed;

	if (sync_head_take(s, kind, &head)) {
		sync_head_put(&b, kind, &head);
		same(&b, s);
	} else if (sync_keys_take(s, &keys)) {
		CHECK(kind == SAID_KEYS);
		sync_keys_put(&b, &keys);
		same(&b, s);
	} else if (sync_time_take(s, &time)) {
		CHECK(kind == SAID_TIME);
		sync_time_put(&b, &time);
		same(&b, s);
	} else if (sync_feed_take(s, &feed)) {
		CHECK(kind == SAID_FEED);
		sync_feed_put(&b, &feed);
		build_bytes(&b, feed.change.data, feed.change.len);
		same(&b, s);
		changes(feed.change);
	}
}

static void asked(struct span s)
{
	struct sync_heartbeat beat;
	struct sync_enrol enrol;
	struct sync_epoch epoch;
	struct builder b = fresh();

	if (sync_heartbeat_take(s, &beat)) {
		sync_heartbeat_put(&b, &beat);
		same(&b, s);
	} else if (sync_enrol_take(s, &enrol)) {
		sync_enrol_put(&b, &enrol);
		same(&b, s);
	} else if (sync_epoch_take(s, &epoch)) {
		sync_epoch_put(&b, &epoch);
		same(&b, s);
	}
}

/* A code that was read and told again is the same code. */
static void claim(struct span s)
{
	char text[CLAIM_CODE_MAX + 1];
	struct claim_code c, back;

	if (!claim_code_parse((const char *)s.data, s.len, &c))
		return;
	claim_code_text(&c, text);
	CHECK(claim_code_parse(text, (uint32_t)strlen(text), &back));
	CHECK(memcmp(&c, &back, sizeof(c)) == 0);
}

static void statement(struct span s)
{
	struct statement t;
	uint32_t len;

	if (!statement_parse(s, &t))
		return;
	len = statement_assemble(t.kid, t.payload, t.signature, again, sizeof(again));
	CHECK(len > 0 && span_is(s, again, len));
	CHECK(statement_to_be_signed(t.kid, t.payload, again, t.payload.len + STATEMENT_EXTRA) > 0);
	said(t.payload);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const takers[])(struct span) = {batch, changes, said,
						      asked, claim,   statement};
	struct span s;

	if (size < 1 || size > INPUT_MAX)
		return 0;
	s = (struct span){data + 1, (uint32_t)size - 1};
	takers[data[0] % ARRAY_LEN(takers)](s);
	return 0;
}
