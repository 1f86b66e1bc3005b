/*
 * fuzz_line_body.c: the JSON of a line, as a phone (or anybody with a bearer) sends it. What is
 * taken must be in the bounds that shopd relies on, and nothing may depend on what stands behind
 * the end.
 */
#include <stdlib.h>
#include <string.h>

#include "counterd/body.c"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct line_body line, again;
	struct span body = {data, (uint32_t)size};
	bool good;

	if (size > 16 * 1024)
		return 0;
	memset(&line, 0x55, sizeof(line));
	memset(&again, 0x55, sizeof(again));
	good = body_line_parse(body, &line);
	CHECK(body_line_parse(body, &again) == good);
	if (good) {
		CHECK(memchr(line.scanned, '\0', sizeof(line.scanned)));
		for (const char *at = line.scanned; *at; at++)
			CHECK((*at > ' ' && *at <= '~') || *at == GS);
		CHECK(line.scanned_at.ms >= 0);
		CHECK(strcmp(line.scanned, again.scanned) == 0);
		CHECK(line.quantity_milli == again.quantity_milli);
		CHECK(!body_is_empty(body));
	}
	if (size > 0 && body_is_empty(body))
		CHECK(!good);
	return 0;
}
