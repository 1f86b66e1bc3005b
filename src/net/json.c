/*
 * json.c: JSON as bytes. Answers to lines are the shop's busiest product: they are written straight
 * into a buffer on the stack.
 */
#include "net/json.h"

#include <string.h>

#include "base/utf8.h"

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

static const struct {
	uint32_t status;
	const char *words;
} titles[] = {
	{400, "Bad Request"},
	{401, "Unauthorized"},
	{403, "Forbidden"},
	{404, "Not Found"},
	{405, "Method Not Allowed"},
	{409, "Conflict"},
	{410, "Gone"},
	{412, "Precondition Failed"},
	{413, "Content Too Large"},
	{415, "Unsupported Media Type"},
	{421, "Misdirected Request"},
	{422, "Unprocessable Content"},
	{429, "Too Many Requests"},
	{500, "Internal Server Error"},
	{501, "Not Implemented"},
	{503, "Service Unavailable"},
	{507, "Insufficient Storage"},
};

const char *http_title(uint32_t status)
{
	for (uint32_t i = 0; i < ARRAY_LEN(titles); i++)
		if (titles[i].status == status)
			return titles[i].words;
	return "Error";
}

void problem_put(struct builder *b, uint32_t status, const char *code, const char *detail,
		 const char *member, const char *value)
{
	json_put(b, "{\"type\":\"about:blank\",\"title\":");
	json_text(b, http_title(status));
	json_put(b, ",\"status\":");
	json_int(b, status);
	json_put(b, ",\"detail\":");
	json_text(b, detail);
	json_put(b, ",\"code\":");
	json_text(b, code);
	if (member) {
		json_put(b, ",");
		json_text(b, member);
		json_put(b, ":");
		json_text(b, value);
	}
	json_put(b, "}");
}
