/*
 * config.c: what shopd.conf may say. The table is the documentation: a word, where it goes, what it
 * may be. Nothing here has an effect on a device; a broken file is told and the program ends before
 * it touched one (the door stays locked by its own wiring, and its exit needs no program).
 */
#include "shopd/config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "device/scanner.h"
#include "shopd/config_money.h"
#include "shopd/config_sensors.h"
#include "wire/conf_value.h"

static const char *const clock_words[] = {"network", "rtc", NULL};
static const char *const exit_words[] = {"none", "rex", "handle", NULL};
static const char *const relock_words[] = {"on_open", "on_close", NULL};
static const char *const class_words[] = {"grocery", "household", "alcohol",
					  "tobacco", "medicine",  NULL};
static const char *const part_words[] = {"contact", "rex",	 "tamper",   "fire", "strike",
					 "buzzer",  "light_yes", "light_no", NULL};

#define TOP(member)  offsetof(struct config, member)
#define DOOR(member) offsetof(struct door_section, member)
#define TEXT(n, base, member, must)                                                                \
	{                                                                                          \
		.name = n, .type = CONF_TEXT, .offset = base(member),                              \
		.size = sizeof(((struct config *)0)->member), .required = must                     \
	}
#define TIMING(n, low_ms, high_ms)                                                                 \
	{                                                                                          \
		.name = #n, .type = CONF_INT, .offset = DOOR(n), .min = low_ms, .max = high_ms     \
	}
#define LINE(n, part)                                                                              \
	{                                                                                          \
		.name = n, .type = CONF_TEXT, .offset = DOOR(line[part]),                          \
		.size = GPIO_LINE_NAME_MAX                                                         \
	}
#define PAD(n, wire)                                                                               \
	{                                                                                          \
		.name = n, .type = CONF_TEXT, .offset = DOOR(pad[wire]),                           \
		.size = GPIO_LINE_NAME_MAX                                                         \
	}
#define DAY(n, day)                                                                                \
	{                                                                                          \
		.name = n, .type = CONF_HOURS, .offset = TOP(policy.hours[day])                    \
	}

static const char *page_rule(const char *text)
{
	return pages_origin_valid(text)
		       ? NULL
		       : "the origin of the shop's pages as phones open them, like "
			 "https://viken.example: no path, no slash at its end";
}

static const char *scanner_rule(const char *scanner)
{
	return scanner_spec_valid(scanner)
		       ? NULL
		       : "a serial port as in /dev/serial/by-id/…, input:/dev/input/by-id/… or "
			 "eye:/run/shopkeeper-eye/…";
}

static const struct conf_key top_keys[] = {
	{.name = "shop", .type = CONF_PLACE, .offset = TOP(shop), .required = true},
	TEXT("run", TOP, run, false),
	TEXT("state", TOP, state, false),
	{.name = "page",
	 .type = CONF_TEXT,
	 .offset = TOP(page),
	 .size = sizeof(((struct config *)0)->page),
	 .rule = page_rule},
	TEXT("timezone", TOP, timezone, false),
	TEXT("gpio", TOP, gpio, true),
	TEXT("card_key", TOP, card_key, false),
	{.name = "clock", .type = CONF_WORD, .offset = TOP(clock), .words = clock_words},
	{.name = "occupancy_max",
	 .type = CONF_INT,
	 .offset = TOP(policy.occupancy_max),
	 .min = 1,
	 .max = VISITS_OPEN_MAX},
	{.name = "barred", .type = CONF_LIST, .offset = TOP(policy.barred), .words = class_words},
	{.name = "door_log_days",
	 .type = CONF_INT,
	 .offset = TOP(policy.door_log_days),
	 .min = 0,
	 .max = 3650},
	{.name = "roster_max_hours",
	 .type = CONF_INT,
	 .offset = TOP(policy.roster_max_hours),
	 .min = 1,
	 .max = 8760},
	{.name = "update_hours", .type = CONF_HOURS, .offset = TOP(update_hours)},
	{.name = "realtime", .type = CONF_BOOL, .offset = TOP(realtime)},
};

static const struct conf_key hours_keys[] = {
	DAY("monday", 0), DAY("tuesday", 1),  DAY("wednesday", 2), DAY("thursday", 3),
	DAY("friday", 4), DAY("saturday", 5), DAY("sunday", 6),
};

/* Bounds of the timings: an unlock under 3 s shuts out the slow (EN 60839-11-1 asks for at least
 * that), and a door that may stand open for an hour without a word is not watched. */
static const struct conf_key door_keys[] = {
	{.name = "exit", .type = CONF_WORD, .offset = DOOR(exit_sensing), .words = exit_words},
	{.name = "relock", .type = CONF_WORD, .offset = DOOR(relock), .words = relock_words},
	TIMING(unlock_ms, 3000, 60000),
	TIMING(unlock_extended_ms, 3000, 120000),
	TIMING(opening_grace_ms, 0, 2000),
	TIMING(buzzer_ms, 1000, 3600000),
	TIMING(held_open_ms, 2000, 3600000),
	TIMING(held_open_extended_ms, 2000, 3600000),
	TIMING(rex_grace_ms, 0, 5000),
	TIMING(debounce_ms, 0, 500),
	TIMING(settle_ms, 0, 10000),
	{.name = "scanner",
	 .type = CONF_TEXT,
	 .offset = DOOR(scanner),
	 .size = PATH_SIZE,
	 .rule = scanner_rule},
	{.name = "nfc", .type = CONF_TEXT, .offset = DOOR(nfc), .size = NFC_NAME_MAX + 1},
	LINE("strike", PART_STRIKE),
	LINE("contact", PART_CONTACT),
	{.name = "contact_2",
	 .type = CONF_TEXT,
	 .offset = DOOR(contact_2),
	 .size = GPIO_LINE_NAME_MAX},
	LINE("rex", PART_REX),
	LINE("tamper", PART_TAMPER),
	LINE("fire", PART_FIRE),
	LINE("buzzer", PART_BUZZER),
	LINE("light_yes", PART_LIGHT_YES),
	LINE("light_no", PART_LIGHT_NO),
	PAD("pad_d0", 0),
	PAD("pad_d1", 1),
	{.name = "active_low", .type = CONF_LIST, .offset = DOOR(low), .words = part_words},
};

static const struct conf_key till_keys[] = {
	{.name = "scanner",
	 .type = CONF_TEXT,
	 .offset = offsetof(struct till_section, scanner),
	 .size = PATH_SIZE,
	 .required = true,
	 .rule = scanner_rule},
	{.name = "nfc",
	 .type = CONF_TEXT,
	 .offset = offsetof(struct till_section, nfc),
	 .size = NFC_NAME_MAX + 1},
};

/* What a [door] is that says nothing: filled from the core's own defaults before a file is read. */
static struct door_section door_defaults;

static void set_door_defaults(void)
{
	struct door_config d = door_config_default();

	door_defaults = (struct door_section){
		.exit_sensing = d.exit_sensing,
		.relock = d.relock,
		.unlock_ms = d.unlock_ms,
		.unlock_extended_ms = d.unlock_extended_ms,
		.opening_grace_ms = d.opening_grace_ms,
		.buzzer_ms = d.buzzer_ms,
		.held_open_ms = d.held_open_ms,
		.held_open_extended_ms = d.held_open_extended_ms,
		.rex_grace_ms = d.rex_grace_ms,
		.debounce_ms = d.debounce_ms,
		.settle_ms = d.settle_ms,
	};
}

static const struct conf_section sections[] = {
	{.kind = "", .key = top_keys, .keys = ARRAY_LEN(top_keys)},
	{.kind = "hours", .key = hours_keys, .keys = ARRAY_LEN(hours_keys)},
	{.kind = "door",
	 .named = true,
	 .key = door_keys,
	 .keys = ARRAY_LEN(door_keys),
	 .offset = TOP(door),
	 .stride = sizeof(struct door_section),
	 .max = DOORS_MAX,
	 .count_offset = TOP(doors),
	 .name_offset = DOOR(name),
	 .defaults = &door_defaults},
	{.kind = "till",
	 .named = true,
	 .key = till_keys,
	 .keys = ARRAY_LEN(till_keys),
	 .offset = TOP(till),
	 .stride = sizeof(struct till_section),
	 .max = TILLS_MAX,
	 .count_offset = TOP(tills),
	 .name_offset = offsetof(struct till_section, name)},
};

static const struct config config_defaults = {
	.run = "/run/shopkeeper",
	.state = "/var/lib/shopkeeper",
	.timezone = "Europe/Stockholm",
	.clock = CLOCK_NETWORK,
	.update_hours = {120, 300},
	.policy = {.barred = 1U << CLASS_ALCOHOL | 1U << CLASS_TOBACCO | 1U << CLASS_MEDICINE,
		   .hours = {{0, 1440},
			     {0, 1440},
			     {0, 1440},
			     {0, 1440},
			     {0, 1440},
			     {0, 1440},
			     {0, 1440}},
		   .door_log_days = 90,
		   .roster_max_hours = 72},
};

static bool refuse(char why[CONF_WHY_MAX], const char *path, const char *where, const char *what)
{
	snprintf(why, CONF_WHY_MAX, "%s: %s: %s", path, where, what);
	return false;
}

/* `till owner office` are no door names (contracts, first paragraph): an audience must mean one
 * thing. */
static bool name_taken(const char *name)
{
	return strcmp(name, "till") == 0 || strcmp(name, "owner") == 0 ||
	       strcmp(name, "office") == 0;
}

static bool door_sound(const char *path, const struct door_section *d, char why[CONF_WHY_MAX])
{
	if (name_taken(d->name))
		return refuse(why, path, d->name, "till, owner and office are no door names");
	if (!d->line[PART_STRIKE][0])
		return refuse(why, path, d->name, "a door needs its line 'strike'");
	if (!d->line[PART_CONTACT][0])
		return refuse(why, path, d->name, "a door needs its line 'contact'");
	if (d->contact_2[0] && d->low & 1U << PART_CONTACT)
		return refuse(why, path, d->name,
			      "with contact_2 the contact is closed while the door is shut: both "
			      "would be open then, and a cut wire not seen. Take contact out of "
			      "active_low");
	if (d->exit_sensing != EXIT_NONE && !d->line[PART_REX][0])
		return refuse(why, path, d->name, "exit by rex or handle needs the line 'rex'");
	if (d->buzzer_ms > d->held_open_ms)
		return refuse(why, path, d->name, "buzzer_ms must not come after held_open_ms");
	if (!d->pad[0][0] != !d->pad[1][0])
		return refuse(why, path, d->name, "a PIN pad has two lines, pad_d0 and pad_d1");
	if (d->pad[0][0] && !d->scanner[0])
		return refuse(why, path, d->name,
			      "a PIN belongs to a pass: a PIN pad needs the door's scanner");
	return true;
}

/* A reader at two doors would open either. What only PC/SC can tell, that two names mean one
 * reader, is told when it is found. */
static bool nfc_sound(const char *path, const struct config *c, char why[CONF_WHY_MAX])
{
	const char *nfc[DOORS_MAX + TILLS_MAX], *name[DOORS_MAX + TILLS_MAX];
	uint32_t places = 0;

	for (uint32_t i = 0; i < c->doors; i++) {
		nfc[places] = c->door[i].nfc;
		name[places++] = c->door[i].name;
	}
	for (uint32_t i = 0; i < c->tills; i++) {
		nfc[places] = c->till[i].nfc;
		name[places++] = c->till[i].name;
	}
	for (uint32_t i = 0; i < places; i++)
		for (uint32_t j = 0; j < places; j++)
			if (i != j && nfc[j][0] && strstr(nfc[i], nfc[j]))
				return refuse(why, path, name[i],
					      "another place's nfc means this reader too: write "
					      "more of both names");
	return true;
}

static bool config_sound(const char *path, const struct config *c, char why[CONF_WHY_MAX])
{
	if (c->doors == 0)
		return refuse(why, path, "no [door NAME]", "a shop has at least one door");
	if (strncmp(c->gpio, "sim:/", 5) != 0 && strncmp(c->gpio, "chip:", 5) != 0)
		return refuse(why, path, "gpio",
			      "must be sim:/path/of/socket, chip:LABEL or chip:*");
	for (uint32_t i = 0; i < c->doors; i++)
		if (!door_sound(path, &c->door[i], why))
			return false;
	return nfc_sound(path, c, why);
}

bool config_load(const char *path, struct config *ret, char why[CONF_WHY_MAX])
{
	static uint8_t bytes[CONF_TEXT_MAX + 1];
	static struct config_file file; /* 10 kB: not for a stack */
	struct conf_section
		all[ARRAY_LEN(sections) + CONFIG_MONEY_SECTIONS + CONFIG_SENSORS_SECTIONS];
	const char *base = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
	struct span text = {bytes, 0};
	ssize_t got;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0) {
		snprintf(why, CONF_WHY_MAX, "%s: %s", path, strerror(errno));
		return false;
	}
	while (text.len < sizeof(bytes) &&
	       (got = read(fd, bytes + text.len, sizeof(bytes) - text.len)) > 0)
		text.len += (uint32_t)got;
	close(fd);
	memcpy(all, sections, sizeof(sections));
	memcpy(all + ARRAY_LEN(sections), config_money_sections, sizeof(config_money_sections));
	memcpy(all + ARRAY_LEN(sections) + CONFIG_MONEY_SECTIONS, config_sensors_sections,
	       sizeof(config_sensors_sections));
	memset(&file, 0, sizeof(file));
	file.config = config_defaults;
	set_door_defaults();
	config_money_defaults(&file);
	config_sensors_defaults(&file.config);
	if (!conf_parse(base, text, all, ARRAY_LEN(all), &file, why) ||
	    !config_sound(base, &file.config, why) ||
	    !config_sensors_sound(base, &file.config, why) || !config_money_sound(base, &file, why))
		return false;
	*ret = file.config;
	return true;
}

static struct place place_of(const char *name)
{
	struct place place = {""};

	snprintf(place.name, sizeof(place.name), "%s", name);
	return place;
}

static struct door_config door_of(const struct door_section *d)
{
	return (struct door_config){
		.place = place_of(d->name),
		.exit_sensing = (enum exit_sensing)d->exit_sensing,
		.relock = (enum relock)d->relock,
		.unlock_ms = (int32_t)d->unlock_ms,
		.unlock_extended_ms = (int32_t)d->unlock_extended_ms,
		.opening_grace_ms = (int32_t)d->opening_grace_ms,
		.buzzer_ms = (int32_t)d->buzzer_ms,
		.held_open_ms = (int32_t)d->held_open_ms,
		.held_open_extended_ms = (int32_t)d->held_open_extended_ms,
		.rex_grace_ms = (int32_t)d->rex_grace_ms,
		.debounce_ms = (int32_t)d->debounce_ms,
		.settle_ms = (int32_t)d->settle_ms,
	};
}

void config_policy(const struct policy_config *p, struct policy *ret)
{
	*ret = (struct policy){
		.occupancy_max = (uint32_t)p->occupancy_max,
		.barred_classes = (uint16_t)p->barred,
	};
	for (uint32_t i = 0; i < 7; i++)
		ret->hours[i] = (struct hours){p->hours[i][0], p->hours[i][1]};
}

static const struct conf_key *setting_key(const char *name)
{
	static const char *const at_top[] = {"occupancy_max", "barred", "door_log_days",
					     "roster_max_hours"};

	if (strncmp(name, "hours.", 6) == 0) {
		for (uint32_t i = 0; i < ARRAY_LEN(hours_keys); i++)
			if (strcmp(hours_keys[i].name, name + 6) == 0)
				return &hours_keys[i];
		return NULL;
	}
	for (uint32_t i = 0; i < ARRAY_LEN(at_top); i++)
		for (uint32_t j = 0; j < ARRAY_LEN(top_keys) && strcmp(name, at_top[i]) == 0; j++)
			if (strcmp(top_keys[j].name, name) == 0)
				return &top_keys[j];
	return NULL;
}

bool config_setting(const char *name, const char *value, struct policy_config *policy,
		    char why[CONF_WHY_MAX])
{
	const struct conf_key *key = setting_key(name);
	struct policy_config fresh = *policy;
	struct conf_key of_policy;

	if (!key || value[0] == '\0') {
		snprintf(why, CONF_WHY_MAX, "%s '%s'", key ? "no value for" : "there is no setting",
			 name);
		return false;
	}
	for (const char *c = value; *c; c++)
		if ((unsigned char)*c < ' ' || (unsigned char)*c >= 0x7f) {
			snprintf(why, CONF_WHY_MAX, "'%s': letters that no value has", name);
			return false;
		}
	of_policy = *key;
	of_policy.offset -= TOP(policy);
	if (!conf_value(&of_policy, (struct span){(const uint8_t *)value, (uint32_t)strlen(value)},
			(uint8_t *)&fresh, why))
		return false;
	*policy = fresh;
	return true;
}

/* After all others: doors', then tills'. */
static void config_nfc(const struct config *c, struct shop_config *ret)
{
	for (uint32_t i = 0; i < c->doors; i++)
		if (c->door[i].nfc[0])
			ret->reader[ret->readers++] =
				(struct reader_config){.road = ROAD_NFC,
						       .door = (uint8_t)i,
						       .place = place_of(c->door[i].name)};
	for (uint32_t i = 0; i < c->tills; i++)
		if (c->till[i].nfc[0])
			ret->reader[ret->readers++] = (struct reader_config){
				.road = ROAD_NFC, .till = true, .place = place_of(c->till[i].name)};
	CHECK(ret->readers <= READERS_MAX);
}

void config_shop(const struct config *c, struct shop_config *ret)
{
	struct policy policy;

	config_policy(&c->policy, &policy);
	*ret = (struct shop_config){
		.shop = place_of(c->shop),
		.doors = c->doors,
		.occupancy_max = policy.occupancy_max,
		.barred_classes = policy.barred_classes,
		.past_best_before_bp = c->past_best_before_bp,
		.check = c->checks,
	};
	memcpy(ret->trust, c->trust, sizeof(ret->trust));
	memcpy(ret->hours, policy.hours, sizeof(ret->hours));
	for (uint32_t i = 0; i < c->doors; i++) {
		ret->door[i] = door_of(&c->door[i]);
		for (uint32_t road = ROAD_SCANNER; road <= ROAD_PHONE; road++)
			ret->reader[ret->readers++] =
				(struct reader_config){.road = (enum road)road,
						       .door = (uint8_t)i,
						       .place = place_of(c->door[i].name)};
	}
	for (uint32_t i = 0; i < c->tills; i++)
		ret->reader[ret->readers++] = (struct reader_config){
			.road = ROAD_SCANNER, .till = true, .place = place_of(c->till[i].name)};
	/* the phones' own till: POST /v1/visits and the owner's sign-in */
	CHECK(ret->readers < READERS_MAX);
	ret->reader[ret->readers++] =
		(struct reader_config){.road = ROAD_PHONE, .till = true, .place = place_of("till")};
	config_nfc(c, ret);
	config_sensors_shop(c, ret);
}

bool config_simulated(const struct config *c)
{
	return strncmp(c->gpio, "sim:", 4) == 0;
}
