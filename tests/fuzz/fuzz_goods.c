/*
 * fuzz_goods.c: any bytes as goods scanned, in each country, on any day. What is read keeps its
 * bounds, is read the same again, and comes back whole when it is written as an element string.
 */
#include <stdio.h>
#include <string.h>

#include "base/check.h"
#include "wire/goods.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void within_bounds(const struct goods *g)
{
	char text[GTIN_TEXT_MAX + 1];
	struct gtin again;

	gtin_text(g->gtin, text);
	CHECK(gtin_parse(text, (uint32_t)strlen(text), &again) && again.n == g->gtin.n);
	CHECK(g->quantity_milli >= 0 && g->quantity_milli <= QUANTITY_MAX_MILLI);
	CHECK(money_minor(g->price) >= 0 && money_minor(g->price) <= 1000000000);
	CHECK(g->measure != GOODS_PIECES || (!g->quantity_milli && !money_minor(g->price)));
	CHECK(g->measure != GOODS_WEIGHT || (g->quantity_milli && !money_minor(g->price)));
	CHECK(g->measure != GOODS_PRICE || money_minor(g->price));
	CHECK(g->best_before.n >= 0 && g->use_by.n >= 0);
	CHECK(memchr(g->lot, '\0', sizeof(g->lot)));
	for (const char *c = g->lot; *c; c++)
		CHECK(*c > ' ' && *c < 0x7f);
}

static uint32_t add_date(char *to, uint32_t size, const char *ai, struct day d)
{
	int32_t year, month, day;

	if (d.n == 0)
		return 0;
	day_civil(d, &year, &month, &day);
	return (uint32_t)snprintf(to, size, "%s%02d%02d%02d", ai, year % 100, month, day);
}

static void comes_back_whole(const struct goods *g, struct day today)
{
	char text[SCANNED_MAX + 1];
	const uint32_t size = sizeof(text);
	struct goods again;
	uint32_t n;

	n = (uint32_t)snprintf(text, size, "01%014llu", (unsigned long long)g->gtin.n);
	if (g->quantity_milli)
		n += (uint32_t)snprintf(text + n, size - n, "3103%06d", g->quantity_milli);
	n += add_date(text + n, size - n, "15", g->best_before);
	n += add_date(text + n, size - n, "17", g->use_by);
	if (money_minor(g->price))
		n += (uint32_t)snprintf(text + n, size - n, "3922%lld\x1d",
					(long long)money_minor(g->price));
	if (g->lot[0])
		n += (uint32_t)snprintf(text + n, size - n, "10%s", g->lot);
	CHECK(goods_read(text, n, GOODS_NO_COUNTRY, today, &again));
	CHECK(memcmp(&again, g, sizeof(again)) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct goods none;
	struct goods g, again;
	enum goods_country country;
	struct day today;
	bool taken;

	if (size < 3 || size > SCANNED_MAX + 8)
		return 0;
	/* a printable first byte, so that a seed can be typed: 'a' is no country, 'b' Sweden … */
	country = (enum goods_country)(data[0] % 97 % GOODS_COUNTRIES);
	today = (struct day){20000 + (data[1] << 8 | data[2])};
	data += 3;
	size -= 3;
	taken = goods_read((const char *)data, (uint32_t)size, country, today, &g);
	CHECK(goods_read((const char *)data, (uint32_t)size, country, today, &again) == taken);
	CHECK(memcmp(&g, &again, sizeof(g)) == 0);
	if (!taken) {
		CHECK(memcmp(&g, &none, sizeof(g)) == 0);
		return 0;
	}
	within_bounds(&g);
	comes_back_whole(&g, today);
	return 0;
}
