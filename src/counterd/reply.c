/*
 * reply.c: JSON as bytes. Answers to lines are the shop's busiest product: they are written
 * straight into a buffer on the stack, no tree is built.
 */
#include "counterd/reply.h"

#include <string.h>

#include "base/utf8.h"
#include "counterd/counter.h"

void json_put(struct builder *b, const char *text)
{
	build_bytes(b, text, (uint32_t)strlen(text));
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
	const uint8_t *at = (const uint8_t *)text, *plain = at, *end = at + strlen(text);

	build_u8(b, '"');
	while (at < end) {
		uint32_t code, len = utf8_one((const char *)at, (uint32_t)(end - at), &code);

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
