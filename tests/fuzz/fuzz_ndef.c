/*
 * fuzz_ndef.c: any bytes as the NDEF file of a card. What is taken must stand in the file as two
 * runs of hex digits behind their names, and bytes behind the message must not matter.
 */
#include <ctype.h>
#include <string.h>

#include "base/ids.h"
#include "token/ndef.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whether the file says `name` and these bytes in hex somewhere. */
static void stands_there(struct span file, const char *name, const uint8_t *bytes, uint32_t len)
{
	char hex[2 * 16 + 1];
	bool found = false;

	hex_text(bytes, len, hex);
	for (uint32_t at = 0; !found && at + 2 + 2 * len <= file.len; at++) {
		bool same = memcmp(file.data + at, name, 2) == 0;

		for (uint32_t i = 0; same && i < 2 * len; i++)
			same = tolower(file.data[at + 2 + i]) == hex[i];
		found = same;
	}
	CHECK(found);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t padded[CARD_NDEF_MAX];
	struct span file = {data, (uint32_t)size};
	struct card_said said, again;

	if (size > 2 * CARD_NDEF_MAX || !ndef_card(file, &said))
		return 0;
	CHECK(size <= CARD_NDEF_MAX);
	stands_there(file, "p=", said.picc, sizeof(said.picc));
	stands_there(file, "m=", said.mac, sizeof(said.mac));
	memset(padded, 0xff, sizeof(padded));
	memcpy(padded, data, size);
	CHECK(ndef_card((struct span){padded, sizeof(padded)}, &again));
	CHECK(memcmp(&said, &again, sizeof(said)) == 0);
	return 0;
}
