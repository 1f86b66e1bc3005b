/*
 * cmd_contact.c: who is told of alarms, as courierd said them to shopd: names and when they may be
 * called. Their numbers stand in courierd.conf alone, and are shown nowhere.
 */
#include <stdio.h>

#include "shopctl/args.h"
#include "shopctl/ask.h"
#include "shopctl/text.h"

struct contacts {
	uint32_t n;
	struct message_contact contact[CONTACTS_MAX];
};

static void contact_add(void *data, const union message *row)
{
	struct contacts *contacts = data;

	if (contacts->n < CONTACTS_MAX)
		contacts->contact[contacts->n++] = row->contact;
}

#define CLOCK_SIZE 8

static void clock_text(uint16_t minute, char text[CLOCK_SIZE])
{
	snprintf(text, CLOCK_SIZE, "%02u:%02u", (minute / 60) % 100U, minute % 60U);
}

/* Hours that begin where they end are all of them. */
static bool always(const struct message_contact *c)
{
	return c->open == c->close;
}

static json_t *clock_json(const struct message_contact *c, uint16_t minute)
{
	char text[CLOCK_SIZE];

	if (always(c))
		return json_null();
	clock_text(minute, text);
	return json_string(text);
}

static json_t *roads_json(const struct message_contact *c)
{
	json_t *array = json_array();

	for (uint32_t i = 0; i < SMS_ROADS; i++)
		if (c->roads >> i & 1)
			json_array_append_new(array, json_string(sms_road_word((enum sms_road)i)));
	return array;
}

static enum ctl_exit contacts_json(struct ctl *ctl, const struct contacts *contacts)
{
	json_t *array = json_array();

	for (uint32_t i = 0; i < contacts->n; i++) {
		const struct message_contact *c = &contacts->contact[i];

		json_array_append_new(
			array, json_pack("{s:o, s:s, s:I, s:o, s:o, s:s, s:b, s:o}", "contact",
					 json_clean(c->name), "role",
					 contact_role_word((enum contact_role)c->role), "step",
					 (json_int_t)c->step, "from", clock_json(c, c->open), "to",
					 clock_json(c, c->close), "least",
					 severity_word((enum severity)c->least), "on_duty",
					 c->on_duty != 0, "roads", roads_json(c)));
	}
	return ctl_json(ctl, CTL_DONE, array);
}

static void roads_say(struct ctl *ctl, uint32_t roads)
{
	bool gateway = roads >> SMS_BY_GATEWAY & 1, modem = roads >> SMS_BY_MODEM & 1;

	if (gateway && modem)
		ctl_say(ctl, "Texts leave by the gateway, and by the modem where that fails.");
	else if (gateway || modem)
		ctl_say(ctl, "Texts leave by the %s, and there is no other road.",
			gateway ? "gateway" : "modem");
	else
		ctl_say(ctl, "NO ROAD is fitted: texts do not leave.");
}

static enum ctl_exit contacts_table(struct ctl *ctl, const struct contacts *contacts)
{
	static const char *const title[] = {"contact", "role",	">step",
					    "hours",   "least", "on duty"};
	struct table table;

	table_init(&table, title, ARRAY_LEN(title));
	for (uint32_t i = 0; i < contacts->n; i++) {
		const struct message_contact *c = &contacts->contact[i];
		char from[CLOCK_SIZE], to[CLOCK_SIZE];

		clock_text(c->open, from);
		clock_text(c->close, to);
		table_cell(&table, "%s", c->name);
		table_cell(&table, "%s", contact_role_word((enum contact_role)c->role));
		table_cell(&table, "%u", c->step);
		table_cell(&table, "%s%s%s", always(c) ? "always" : from, always(c) ? "" : "-",
			   always(c) ? "" : to);
		table_cell(&table, "%s", severity_word((enum severity)c->least));
		table_cell(&table, "%s", c->on_duty ? "yes" : "no");
	}
	enum ctl_exit code = table_print(
		ctl, &table, "Nobody is told of alarms: courierd has named no contact.");

	if (code == CTL_DONE && contacts->n > 0)
		roads_say(ctl, contacts->contact[0].roads);
	return code;
}

static enum ctl_exit contact_list(struct ctl *ctl)
{
	struct contacts contacts = {0};
	enum ctl_exit code = args_read(ctl, NULL, 0, NULL, 0, 0);

	if (code == CTL_DONE)
		code = shop_rows(ctl, MESSAGE_CONTACTS, MESSAGE_CONTACT, contact_add, &contacts);
	if (code != CTL_DONE)
		return code;
	return ctl->json ? contacts_json(ctl, &contacts) : contacts_table(ctl, &contacts);
}

enum ctl_exit shopctl_contact(struct ctl *ctl)
{
	static const struct verb verbs[] = {{"list", contact_list}};

	return ctl_verb(ctl, verbs, ARRAY_LEN(verbs), contact_list);
}
