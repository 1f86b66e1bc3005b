/*
 * policy.c: settings for all shops, a group or one shop; the narrowest holds. A value is written as
 * in shopd.conf and judged by the same reader, so that no shop is told what it would refuse.
 */
#include "officed/policy.h"

#include <stdio.h>
#include <string.h>

#include "officed/goods_scope.h"
#include "officed/json.h"
#include "wire/conf.h"
#include "wire/nearest.h"

/** Room for any of them. */
struct setting_value {
	int64_t n;
	uint16_t hours[2];
	uint32_t list;
};

static const char *const class_words[] = {"grocery", "household", "alcohol",
					  "tobacco", "medicine",  NULL};

#define AT(member) offsetof(struct setting_value, member)
#define HOURS(n)                                                                                   \
	{                                                                                          \
		.name = n, .type = CONF_HOURS, .offset = AT(hours)                                 \
	}
#define NUMBER(what, low, high)                                                                    \
	{                                                                                          \
		.name = what, .type = CONF_INT, .offset = AT(n), .min = low, .max = high           \
	}

/* by name; a test holds the order */
static const struct conf_key known[POLICY_NAMES] = {
	{.name = "barred", .type = CONF_LIST, .offset = AT(list), .words = class_words},
	NUMBER("door_log_days", 1, 3650),
	HOURS("hours.friday"),
	HOURS("hours.monday"),
	HOURS("hours.saturday"),
	HOURS("hours.sunday"),
	HOURS("hours.thursday"),
	HOURS("hours.tuesday"),
	HOURS("hours.wednesday"),
	NUMBER("occupancy_max", 1, VISITS_OPEN_MAX),
	NUMBER("roster_max_hours", 1, 8760),
};

static const struct conf_key *known_find(const char *name)
{
	for (uint32_t i = 0; i < POLICY_NAMES; i++)
		if (strcmp(known[i].name, name) == 0)
			return &known[i];
	return NULL;
}

static bool name_wrong(const char *name, char why[POLICY_WHY_MAX])
{
	struct nearest n =
		nearest_to((struct span){(const uint8_t *)name, (uint32_t)strnlen(name, 64)});

	for (uint32_t i = 0; i < POLICY_NAMES; i++)
		nearest_consider(&n, known[i].name);
	snprintf(why, POLICY_WHY_MAX, "There is no setting '%.40s'%s.", name,
		 nearest_hint(&n, "'", "'").text);
	return false;
}

bool policy_check(const char *name, const char *value, char why[POLICY_WHY_MAX])
{
	const struct conf_key *key = known_find(name);
	struct conf_key plain;
	struct setting_value target = {0};
	struct conf_section section = {.kind = "", .key = &plain, .keys = 1};
	char text[SETTING_VALUE_MAX + 16], reason[CONF_WHY_MAX] = "";
	int len;

	if (!key)
		return name_wrong(name, why);
	if (strlen(value) > SETTING_VALUE_MAX) {
		snprintf(why, POLICY_WHY_MAX, "A setting's value has at most %d bytes.",
			 SETTING_VALUE_MAX);
		return false;
	}
	if (!value[0])
		return true;
	plain = *key;
	plain.name = "value";
	len = snprintf(text, sizeof(text), "value = %s\n", value);
	if (conf_parse(name, (struct span){(const uint8_t *)text, (uint32_t)len}, &section, 1,
		       &target, reason))
		return true;
	snprintf(why, POLICY_WHY_MAX, "%s", reason);
	return false;
}

uint32_t policy_effective(struct office *o, const char *shop, const char *group,
			  struct sync_setting ret[POLICY_NAMES])
{
	char group_scope[SCOPE_TEXT_MAX + 1], shop_scope[SCOPE_TEXT_MAX + 1];
	struct db_rows *rows;
	uint32_t n = 0;

	snprintf(group_scope, sizeof(group_scope), "group:%s", group);
	snprintf(shop_scope, sizeof(shop_scope), "shop:%s", shop);
	/* '' < 'group:' < 'shop:': of each name the last row is the narrowest */
	db_ask(o->db, &rows,
	       "SELECT name, value FROM policy WHERE scope IN ('', $1, $2) ORDER BY name,"
	       " CASE WHEN scope = '' THEN 0 WHEN scope = $1 THEN 1 ELSE 2 END LIMIT 100",
	       DB_VALUES(db_text(group_scope), db_text(shop_scope)));
	while (db_next(rows)) {
		const char *name = db_col_text(rows, 0);

		if (!known_find(name))
			continue;
		if (n == 0 || strcmp(ret[n - 1].name, name) != 0) {
			CHECK(n < POLICY_NAMES);
			n++;
		}
		memset(&ret[n - 1], 0, sizeof(ret[n - 1]));
		snprintf(ret[n - 1].name, sizeof(ret[n - 1].name), "%s", name);
		snprintf(ret[n - 1].value, sizeof(ret[n - 1].value), "%s", db_col_text(rows, 1));
	}
	db_rows_end(rows);
	return n;
}

/** What a scope's shops without a value of their own go by once this one's is gone. */
static void value_above(struct office *o, const struct scope *scope, const char *group,
			struct sync_setting *setting)
{
	struct sync_setting all[POLICY_NAMES];
	uint32_t n = policy_effective(o, scope->kind == SCOPE_SHOP ? scope->name : "", group, all);

	setting->value[0] = '\0';
	for (uint32_t i = 0; i < n; i++)
		if (strcmp(all[i].name, setting->name) == 0)
			*setting = all[i];
}

static void group_of(struct office *o, const struct scope *scope, char group[PLACE_MAX_LEN + 1])
{
	struct db_rows *rows;

	snprintf(group, PLACE_MAX_LEN + 1, "%s", scope->kind == SCOPE_GROUP ? scope->name : "");
	if (scope->kind != SCOPE_SHOP)
		return;
	db_ask(o->db, &rows, "SELECT shop_group FROM shop WHERE shop = $1 LIMIT 1",
	       DB_VALUES(db_text(scope->name)));
	if (db_next(rows))
		snprintf(group, PLACE_MAX_LEN + 1, "%s", db_col_text(rows, 0));
	db_rows_end(rows);
}

void policy_put(struct office *o, const struct scope *scope, const char *name, const char *value,
		struct wall now)
{
	struct sync_change c = {.kind = SYNC_SETTING};
	char text[SCOPE_TEXT_MAX + 1], group[PLACE_MAX_LEN + 1];

	scope_text(scope, text);
	if (value[0])
		db_do(o->db,
		      "INSERT INTO policy(scope, name, value) VALUES($1, $2, $3)"
		      " ON CONFLICT(scope, name) DO UPDATE SET value = excluded.value",
		      DB_VALUES(db_text(text), db_text(name), db_text(value)));
	else
		db_do(o->db, "DELETE FROM policy WHERE scope = $1 AND name = $2",
		      DB_VALUES(db_text(text), db_text(name)));
	snprintf(c.setting.name, sizeof(c.setting.name), "%s", name);
	group_of(o, scope, group);
	value_above(o, scope, group, &c.setting);
	feed_add_setting(o, scope, &c, now);
}
