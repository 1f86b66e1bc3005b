/*
 * fuzz_entry.c: any bytes as an entry's body. The first two are the kind, so that the fuzzer can
 * choose it. What can be read can be said in words, and written again to a body that reads the
 * same.
 */
#include <string.h>

#include "wire/entry.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t salt[SALT_SIZE];
	uint8_t body[ENTRY_BODY_MAX], again[ENTRY_BODY_MAX];
	char text[ENTRY_TEXT_SIZE];
	struct entry e, back;
	uint16_t kind;
	uint32_t len;

	if (size < 2 || size > 4096)
		return 0;
	kind = (uint16_t)(data[0] << 8 | data[1]);
	if (!entry_decode(kind, (struct span){data + 2, (uint32_t)size - 2}, &e))
		return 0;
	CHECK(e.kind == (enum entry_kind)kind);
	entry_text(&e, text);
	for (const char *at = text; *at; at++)
		CHECK((uint8_t)*at >= 0x20 && *at != 0x7f);
	len = entry_encode(&e, salt, body);
	CHECK(entry_decode(kind, (struct span){body, len}, &back));
	CHECK(entry_encode(&back, salt, again) == len && memcmp(body, again, len) == 0);
	return 0;
}
