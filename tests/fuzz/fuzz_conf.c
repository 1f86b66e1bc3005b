/*
 * fuzz_conf.c: any bytes as a configuration file. Whatever comes: no byte outside the target is
 * written, texts end, numbers keep their bounds, and a refusal is one printable line that begins
 * with file and line.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/ids.h"
#include "base/limits.h"
#include "wire/conf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct door {
	char name[PLACE_MAX_LEN + 1];
	char strike[16];
	int64_t unlock_ms;
	uint32_t relock;
};

struct target {
	uint64_t before;
	char shop[PLACE_MAX_LEN + 1];
	char zone[32];
	int64_t count;
	bool realtime;
	uint32_t barred;
	uint16_t monday[2];
	uint32_t doors;
	struct door door[3];
	uint64_t after;
};

static const char *const classes[] = {"alcohol", "tobacco", "medicine", NULL};
static const char *const relocks[] = {"on_open", "on_close", NULL};

#define AT(member) .offset = offsetof(struct target, member)
#define OF(member) .offset = offsetof(struct door, member)

static const struct conf_key top[] = {
	{.name = "shop", .type = CONF_PLACE, AT(shop), .required = true},
	{.name = "zone", .type = CONF_TEXT, AT(zone), .size = 32},
	{.name = "count", .type = CONF_INT, AT(count), .min = -5, .max = 1000},
	{.name = "realtime", .type = CONF_BOOL, AT(realtime)},
	{.name = "barred", .type = CONF_LIST, AT(barred), .words = classes},
};
static const struct conf_key hours[] = {{.name = "monday", .type = CONF_HOURS, AT(monday)}};
static const struct conf_key door[] = {
	{.name = "strike", .type = CONF_TEXT, OF(strike), .size = 16, .required = true},
	{.name = "unlock_ms", .type = CONF_INT, OF(unlock_ms), .min = 100, .max = 60000},
	{.name = "relock", .type = CONF_WORD, OF(relock), .words = relocks},
};
static const struct door defaults = {.unlock_ms = 5000};
static const struct conf_section sections[] = {
	{.kind = "", .key = top, .keys = ARRAY_LEN(top)},
	{.kind = "hours", .key = hours, .keys = ARRAY_LEN(hours)},
	{.kind = "door",
	 .named = true,
	 .key = door,
	 .keys = ARRAY_LEN(door),
	 AT(door),
	 .stride = sizeof(struct door),
	 .max = 3,
	 .count_offset = offsetof(struct target, doors),
	 .name_offset = offsetof(struct door, name),
	 .defaults = &defaults},
};

static void check_door(const struct door *d)
{
	CHECK(place_valid(d->name, (uint32_t)strnlen(d->name, sizeof(d->name))));
	CHECK(strnlen(d->strike, sizeof(d->strike)) < sizeof(d->strike) && d->strike[0] != '\0');
	CHECK(d->unlock_ms >= 100 && d->unlock_ms <= 60000);
	CHECK(d->relock < 2);
}

static void check_good(const struct target *t)
{
	CHECK(place_valid(t->shop, (uint32_t)strnlen(t->shop, sizeof(t->shop))));
	CHECK(strnlen(t->zone, sizeof(t->zone)) < sizeof(t->zone));
	CHECK(t->count >= -5 && t->count <= 1000);
	CHECK(t->barred < 8);
	CHECK(t->monday[0] <= t->monday[1] && t->monday[1] <= 1440);
	CHECK(t->doors <= 3);
	for (uint32_t i = 0; i < t->doors; i++)
		check_door(&t->door[i]);
}

static void check_why(const char why[CONF_WHY_MAX])
{
	size_t len = strnlen(why, CONF_WHY_MAX);

	CHECK(len > 0 && len < CONF_WHY_MAX);
	CHECK(strncmp(why, "x.conf:", 7) == 0 && why[7] >= '1' && why[7] <= '9');
	for (size_t i = 0; i < len; i++)
		CHECK((unsigned char)why[i] >= 0x20 || why[i] == '\t');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct target t = {.before = UINT64_C(0x1122334455667788),
			   .after = UINT64_C(0x8877665544332211)};
	char why[CONF_WHY_MAX] = "";

	if (conf_parse("x.conf", (struct span){data, (uint32_t)size}, sections, ARRAY_LEN(sections),
		       &t, why))
		check_good(&t);
	else
		check_why(why);
	CHECK(t.before == UINT64_C(0x1122334455667788) && t.after == UINT64_C(0x8877665544332211));
	return 0;
}
