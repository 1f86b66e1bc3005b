/*
 * fuzz_gtin.c: any text as the ids that people and machines hand in: a GTIN, a visit's name, hex, a
 * name, an instant. What is taken, written and read again is the same.
 */
#include <string.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/ids.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_gtin(const char *text, uint32_t len)
{
	struct gtin gtin, again;
	char shown[GTIN_TEXT_MAX + 1];

	if (!gtin_parse(text, len, &gtin))
		return;
	CHECK(gtin.n > 0 && gtin.n < UINT64_C(100000000000000));
	gtin_text(gtin, shown);
	CHECK(gtin_parse(shown, (uint32_t)strlen(shown), &again) && again.n == gtin.n);
}

static void check_visit(const char *text, uint32_t len)
{
	struct visit_id visit;
	char shown[VISIT_TEXT_SIZE];

	if (!visit_parse(text, len, &visit))
		return;
	CHECK(visit.n > 0 && visit.n <= INT64_MAX);
	visit_text(visit, shown);
	CHECK(len == VISIT_TEXT_SIZE - 1 && memcmp(shown, text, len) == 0);
}

static void check_instant(const char *text, uint32_t len)
{
	struct wall wall, again;
	char shown[WALL_TEXT_SIZE];

	if (!wall_parse(text, len, &wall))
		return;
	CHECK(wall.ms >= 0);
	wall_text(wall, shown);
	CHECK(wall_parse(shown, WALL_TEXT_SIZE - 1, &again) && again.ms == wall.ms);
}

static void check_hex(const char *text, uint32_t len)
{
	uint8_t bytes[64], again[64];
	char shown[129];

	if (len / 2 > sizeof(bytes) || !hex_parse(text, len, bytes, len / 2))
		return;
	hex_text(bytes, len / 2, shown);
	CHECK(hex_parse(shown, len, again, len / 2) && memcmp(bytes, again, len / 2) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	uint32_t len = (uint32_t)size;

	if (size == 0 || size > 256)
		return 0;
	check_gtin(text, len);
	check_visit(text, len);
	check_instant(text, len);
	check_hex(text, len);
	CHECK(!place_valid(text, len) || name_valid(text, len));
	CHECK(!name_valid(text, len) || len <= NAME_MAX_LEN);
	return 0;
}
