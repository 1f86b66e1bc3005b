/*
 * fuzz_query.c: what stands behind a '?', pair by pair as the HTTP server takes it apart. The first
 * byte picks the names that the route knows. What is taken is in its bounds, only of names that are
 * known, and the same every time.
 */
#include <string.h>

#include "counterd/album.c"
#include "counterd/query.c"

#define TEXT_MAX 512

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* As in the routes' table: one kind of `after` each. */
static const uint32_t known_names[] = {
	0,
	QUERY_PERIOD | QUERY_AFTER_NUMBER | QUERY_MAX,
	QUERY_AFTER_GTIN | QUERY_MAX,
	QUERY_GTIN | QUERY_AFTER_SEQ | QUERY_MAX,
	QUERY_UNTIL | QUERY_MAX,
	QUERY_OPEN | QUERY_AFTER_VISIT | QUERY_MAX,
	QUERY_ALARM | QUERY_VISIT | QUERY_FROM | QUERY_TO | QUERY_AFTER_PICTURE | QUERY_MAX,
	QUERY_FIRST_DAY | QUERY_LAST_DAY | QUERY_BY,
	QUERY_BEFORE | QUERY_MAX,
};

/* Any question about pictures can be asked of a folder; what it finds is in order, and asked for.
 */
static void album_hold(const struct query *q)
{
	static const char *const folder[] = {
		"20261122T101530123Z-alarm-7-back.jpg",
		"..",
		".new",
		"20261122T101530123Z-alarm-7-",
		"19700101T000000000Z-request-0-a.jpg",
		"99991231T235959999Z-entry-1234-front.jpg",
	};
	static struct album_page page;

	album_page_of(q, &page);
	for (uint32_t i = 0; i < ARRAY_LEN(folder); i++)
		album_page_offer(&page, folder[i]);
	CHECK(page.names <= page.max + 1 && page.names <= 3);
	for (uint32_t i = 0; i < page.names; i++) {
		CHECK(i == 0 || strcmp(page.name[i - 1], page.name[i]) > 0);
		CHECK(!(q->given & QUERY_AFTER_PICTURE) ||
		      strcmp(page.name[i], q->after_picture) < 0);
	}
}

static bool take_all(char *text, uint32_t known, struct query *q)
{
	struct place shop = {"viken"};

	query_init(q);
	while (*text) {
		char *name = text, *end = text + strcspn(text, "&"), *value;

		text = *end ? end + 1 : end;
		*end = '\0';
		value = strchr(name, '=');
		if (value)
			*value++ = '\0';
		if (!query_take(q, known, shop, name, value))
			return false;
	}
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char text[TEXT_MAX], again_text[TEXT_MAX];
	struct query q, again;
	uint32_t known;
	bool taken;

	if (size < 1 || size > sizeof(text))
		return 0;
	known = known_names[data[0] % ARRAY_LEN(known_names)];
	memcpy(text, data + 1, size - 1);
	text[size - 1] = '\0';
	memcpy(again_text, text, sizeof(text));
	taken = take_all(text, known, &q);
	CHECK(take_all(again_text, known, &again) == taken);
	CHECK(memcmp(&q, &again, sizeof(q)) == 0);
	CHECK((q.given & ~known) == 0);
	if (!taken)
		return 0;
	CHECK(q.max >= 1 && q.max <= PAGE_MAX);
	CHECK(q.period.n == 0 || (q.period.n >= 197001 && q.period.n <= 999912));
	CHECK(q.until.n >= 0 && q.until.n <= DAY_MAX);
	CHECK(q.after_seq <= INT64_MAX && q.after_visit.n <= INT64_MAX);
	CHECK(q.after_number.n == 0 || number_valid(q.after_number));
	CHECK(q.gtin.n <= 99999999999999 && q.after_gtin.n <= 99999999999999);
	CHECK(q.from.ms >= 0 && q.to.ms >= 0 && q.alarm <= INT64_MAX && q.visit.n <= INT64_MAX);
	CHECK(q.first.n >= 0 && q.first.n <= DAY_MAX && q.last.n >= 0 && q.last.n <= DAY_MAX);
	CHECK(q.by < SALES_BYS);
	CHECK(q.before.visit.n <= INT64_MAX && q.before.alarm.n <= INT64_MAX);
	album_hold(&q);
	return 0;
}
