/*
 * reply.c: JSON as bytes. Answers to lines are the shop's busiest product: they are written
 * straight into a buffer on the stack, no tree is built.
 */
#include "counterd/reply.h"

#include <string.h>

#include "counterd/counter.h"

void json_put(struct builder *b, const char *text)
{
	build_bytes(b, text, (uint32_t)strlen(text));
}

/* How many bytes at `at` are one well-formed character of UTF-8 (RFC 3629 4); 0 when they are none.
 * A NUL ends the text, so no more than is there is looked at. */
static uint32_t utf8_len(const uint8_t *at)
{
	uint8_t first = at[0], low = 0x80, high = 0xbf;
	uint32_t len;

	if (first < 0x80)
		return 1;
	if (first < 0xc2 || first > 0xf4)
		return 0;
	len = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
	if (first == 0xe0)
		low = 0xa0;
	if (first == 0xed)
		high = 0x9f; /* surrogates are no characters */
	if (first == 0xf0)
		low = 0x90;
	if (first == 0xf4)
		high = 0x8f;
	if (at[1] < low || at[1] > high)
		return 0;
	for (uint32_t i = 2; i < len; i++)
		if (at[i] < 0x80 || at[i] > 0xbf)
			return 0;
	return len;
}

static void put_escaped(struct builder *b, uint8_t c)
{
	static const char digits[] = "0123456789abcdef";
	char text[] = {'\\', 'u', '0', '0', digits[c >> 4], digits[c & 15]};

	if (c == '"' || c == '\\') {
		text[1] = (char)c;
		build_bytes(b, text, 2);
	} else {
		build_bytes(b, text, sizeof(text));
	}
}

void json_text(struct builder *b, const char *text)
{
	const uint8_t *at = (const uint8_t *)text, *plain = at;

	build_u8(b, '"');
	while (*at) {
		uint32_t len = utf8_len(at);

		if (len > 1 || (len == 1 && *at >= 0x20 && *at != '"' && *at != '\\')) {
			at += len;
			continue;
		}
		build_bytes(b, plain, (uint32_t)(at - plain));
		if (len == 0)
			json_put(b, "\xef\xbf\xbd");
		else
			put_escaped(b, *at);
		plain = ++at;
	}
	build_bytes(b, plain, (uint32_t)(at - plain));
	build_u8(b, '"');
}

void json_int(struct builder *b, int64_t n)
{
	char text[20];
	uint64_t rest = n < 0 ? (uint64_t) - (n + 1) + 1 : (uint64_t)n;
	uint32_t at = sizeof(text);

	do {
		text[--at] = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest > 0);
	if (n < 0)
		text[--at] = '-';
	build_bytes(b, text + at, (uint32_t)sizeof(text) - at);
}

void json_bool(struct builder *b, bool yes)
{
	json_put(b, yes ? "true" : "false");
}

void json_time(struct builder *b, struct wall at)
{
	char text[WALL_TEXT_SIZE];

	wall_text(at, text);
	json_text(b, text);
}

void reply_answer(struct counter *c, struct http_request *r, const struct http_answer *answer)
{
	CHECK(answer->status >= 200 && answer->status < 600);
	c->tally.responses[answer->status / 100]++;
	http_respond(r, answer);
}

void reply_json(struct counter *c, struct http_request *r, uint32_t status, const struct builder *b)
{
	struct http_answer answer = {
		.status = status,
		.content_type = "application/json",
		.body = b->data,
		.body_len = b->len,
	};

	CHECK(!b->failed);
	reply_answer(c, r, &answer);
}
