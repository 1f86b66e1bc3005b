/*
 * office_ask.c: what each lane asks: method and address, what goes with it, how much may come back
 * and how long that may take. A poll of the feed is held by the office for SYNC_POLL_S; everything
 * else is answered at once, and may still take its time on a slow road.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/ids.h"
#include "courierd/office.h"
#include "token/statement.h"
#include "wire/sync.h"

enum {
	SMALL_MAX = 16 * 1024, /* bytes of an answer that is one small statement, or a refusal */
	TOTAL_MS = 30000,
	LARGE_MS = 60000, /* a batch of entries, or one of the feed */
	POLL_MS = 70000,
};

#define CBOR	 "application/cbor"
#define CBOR_SEQ "application/cbor-seq"

static const struct {
	const char *method, *path, *purpose, *content_type;
	uint32_t answer_max;
	int64_t total_ms;
} asks[LANES] = {
	[LANE_ENROL] = {"POST", "enrol", "enrol", CBOR, SMALL_MAX, TOTAL_MS},
	[LANE_EPOCH] = {"POST", "epoch", "epoch", CBOR, SMALL_MAX, TOTAL_MS},
	[LANE_TAIL] = {"GET", "entries", "entries", NULL, SYNC_SAID_MAX, LARGE_MS},
	[LANE_TIME] = {"GET", "time", "time", NULL, SMALL_MAX, TOTAL_MS},
	[LANE_KEYS] = {"GET", "keys", "keys", NULL, SMALL_MAX, TOTAL_MS},
	[LANE_ENTRIES] = {"POST", "entries", "entries", CBOR_SEQ, SMALL_MAX, LARGE_MS},
	[LANE_FEED] = {"GET", "feed", "feed", NULL, STATEMENT_SIZE_MAX, POLL_MS},
	[LANE_PULSE] = {"POST", "heartbeat", "heartbeat", CBOR, SMALL_MAX, TOTAL_MS},
	[LANE_PULSE_TOO] = {"POST", "heartbeat", "heartbeat", CBOR, SMALL_MAX, TOTAL_MS},
};
_Static_assert(STATEMENT_SIZE_MAX <= HTTP_LONG_MAX, "the largest answer");

/* ---- addresses ---- */

static void query_of(const struct plan *p, enum lane lane, char *query, size_t size)
{
	const struct message_sync *s = &p->sync;
	char nonce[2 * sizeof(s->time_nonce) + 1];

	query[0] = '\0';
	switch (lane) {
	case LANE_ENROL:
	case LANE_EPOCH:
	case LANE_KEYS:
	case LANE_PULSE:
	case LANE_PULSE_TOO:
		return;
	case LANE_TAIL:
		snprintf(query, size, "?after=%llu", (unsigned long long)s->tail_after);
		return;
	case LANE_TIME:
		hex_text(s->time_nonce, sizeof(s->time_nonce), nonce);
		snprintf(query, size, "?nonce=%s", nonce);
		return;
	case LANE_ENTRIES:
		snprintf(query, size, "?epoch=%u", s->epoch);
		return;
	case LANE_FEED:
		if (!p->snapshot)
			snprintf(query, size, "?after=%llu&wait=%d", (unsigned long long)s->feed,
				 (int)SYNC_POLL_S);
		else if (p->next[0] == '\0')
			snprintf(query, size, "?snapshot=1");
		else
			snprintf(query, size, "?snapshot=1&next=%s", p->next);
		return;
	}
	panic(__FILE__, __LINE__, "a lane that is none");
}

/** The office's word goes back as it came, so it must be one that may stand in an address. */
static bool word_fits(const char *word)
{
	return word[strspn(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
				 "-._~")] == '\0';
}

static int url_make(const struct plan *p, enum lane lane, char url[HTTP_URL_MAX + 1])
{
	char query[PLAN_NEXT_MAX + 64];
	int len;

	if (lane == LANE_FEED && p->snapshot && !word_fits(p->next))
		return -EINVAL;
	query_of(p, lane, query, sizeof(query));
	len = snprintf(url, HTTP_URL_MAX + 1, "%s/v1/shops/%s/%s%s", p->sync.url, p->sync.shop,
		       asks[lane].path, query);
	return len > 0 && len <= HTTP_URL_MAX && http_url_allowed(url) == NULL ? 0 : -EINVAL;
}

/* ---- bodies ---- */

static void enrol_put(const struct plan *p, struct builder *b)
{
	struct sync_enrol e = {.version = OFFICE_VERSION};

	memcpy(e.code, p->sync.code, sizeof(e.code));
	memcpy(e.key.x, p->sync.key, sizeof(e.key.x));
	memcpy(e.key.y, p->sync.key + sizeof(e.key.x), sizeof(e.key.y));
	sync_enrol_put(b, &e);
}

static void epoch_put(const struct plan *p, struct builder *b)
{
	struct sync_epoch e = {.epoch = p->sync.epoch, .seq = p->sync.acked};

	memcpy(e.hash.byte, p->sync.acked_hash, sizeof(e.hash.byte));
	sync_epoch_put(b, &e);
}

static int small_body(const struct plan *p, enum lane lane, struct office_request *ret)
{
	struct builder b;

	ret->body = malloc(SYNC_HEARTBEAT_MAX);
	if (ret->body == NULL)
		return -ENOMEM;
	b = builder_of(ret->body, SYNC_HEARTBEAT_MAX);
	if (lane == LANE_ENROL)
		enrol_put(p, &b);
	else if (lane == LANE_EPOCH)
		epoch_put(p, &b);
	else
		office_pulse(p, loop_mono(), loop_wall(), &b);
	ret->body_len = b.len;
	return b.failed ? -EINVAL : 0;
}

int office_request_make(const struct plan *p, enum lane lane, struct reader *ledger,
			struct office_request *ret)
{
	struct sha256 acked_hash;
	int r;

	*ret = (struct office_request){.method = asks[lane].method,
				       .purpose = asks[lane].purpose,
				       .content_type = asks[lane].content_type,
				       .answer_max = asks[lane].answer_max,
				       .total_ms = asks[lane].total_ms};
	r = url_make(p, lane, ret->url);
	if (r < 0)
		return r;
	if (lane == LANE_ENTRIES) {
		ret->content_encoding = "zstd";
		if (p->lane[lane].empty) {
			memcpy(acked_hash.byte, p->sync.acked_hash, sizeof(acked_hash.byte));
			return office_batch_empty(&acked_hash, &ret->body, &ret->body_len);
		}
		return office_batch(ledger, p->sync.acked, &ret->body, &ret->body_len);
	}
	return ret->content_type != NULL ? small_body(p, lane, ret) : 0;
}

void office_request_free(struct office_request *r)
{
	free(r->body);
	r->body = NULL;
}
