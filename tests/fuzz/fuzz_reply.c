/*
 * fuzz_reply.c: any bytes as a text that came in. A code is six ASCII digits that stand in it, and
 * no byte changed beyond them makes another one; the line for the log is short, plain, whole UTF-8,
 * and shows no seven digits in a row.
 */
#include <stdlib.h>

#include "courierd/reply.c"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_code(const char *text)
{
	uint32_t code = 0;
	char digits[16];

	if (!reply_code(text, &code))
		return;
	CHECK(code <= 999999);
	snprintf(digits, sizeof(digits), "%06u", code);
	CHECK(strstr(text, digits) != NULL);
}

static void check_line(const char *text)
{
	char out[REPLY_LOG_MAX + 8];
	uint32_t row = 0;

	memset(out, 'x', sizeof(out));
	reply_escaped(text, out);
	CHECK(memchr(out, '\0', sizeof(out)) != NULL);
	CHECK(strlen(out) <= REPLY_LOG_MAX + strlen("…"));
	CHECK(utf8_plain(out, (uint32_t)strlen(out)));
	if (strchr(out, '\\') != NULL)
		return; /* an escape has digits of its own */
	for (const char *at = out; *at != '\0'; at++) {
		row = is_digit(*at) ? row + 1 : 0;
		CHECK(row < PHONE_DIGITS);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text;

	if (size > 4096)
		return 0;
	text = malloc(size + 1);
	CHECK(text != NULL);
	memcpy(text, data, size);
	text[size] = '\0';
	check_code(text);
	check_line(text);
	free(text);
	return 0;
}
