/*
 * cmd_door.c: the doors as shopd has them, and a person's commands to one. A command is asked of
 * shopd, which decides; nothing here touches a line of a door.
 */
#include <string.h>

#include "core/event.h"
#include "shopctl/args.h"
#include "shopctl/ask.h"
#include "shopctl/picture.h"
#include "shopctl/text.h"

static const char *on_off(uint8_t level)
{
	return level ? "on" : "off";
}

static enum ctl_exit doors_json(struct ctl *ctl, const struct message_doors_are *are)
{
	json_t *doors = json_array();

	for (uint32_t i = 0; i < are->doors && i < DOORS_MAX; i++) {
		const struct message_door *d = &are->door[i];

		json_array_append_new(
			doors, json_pack("{s:o, s:s, s:s, s:s, s:b, s:s, s:o}", "door",
					 json_clean(d->name), "mode",
					 door_mode_word((enum door_mode)d->mode), "physical",
					 door_physical_word((enum door_physical)d->physical),
					 "alarm", door_alarm_word((enum door_alarm)d->alarm),
					 "tamper", d->tamper != 0, "strike", on_off(d->strike),
					 "since", json_wall(d->since_ms)));
	}
	return ctl_json(ctl, CTL_DONE, doors);
}

static enum ctl_exit doors_table(struct ctl *ctl, const struct message_doors_are *are)
{
	static const char *const title[] = {"door",   "mode",	"physical", "alarm",
					    "tamper", "strike", "since"};
	struct table table;
	char since[WALL_PEOPLE_SIZE];

	table_init(&table, title, ARRAY_LEN(title));
	for (uint32_t i = 0; i < are->doors && i < DOORS_MAX; i++) {
		const struct message_door *d = &are->door[i];

		wall_people(d->since_ms, since);
		table_cell(&table, "%s", d->name);
		table_cell(&table, "%s", door_mode_word((enum door_mode)d->mode));
		table_cell(&table, "%s", door_physical_word((enum door_physical)d->physical));
		table_cell(&table, "%s", door_alarm_word((enum door_alarm)d->alarm));
		table_cell(&table, "%s", d->tamper ? "yes" : "no");
		table_cell(&table, "%s", on_off(d->strike));
		table_cell(&table, "%s", since);
	}
	return table_print(ctl, &table, "The shop has no door.");
}

static enum ctl_exit door_list(struct ctl *ctl)
{
	union message m;

	message_init(&m, MESSAGE_DOORS, ASK_REQUEST);
	enum ctl_exit code = shop_call(ctl, &m, MESSAGE_DOORS_ARE);

	if (code != CTL_DONE)
		return code;
	return ctl->json ? doors_json(ctl, &m.doors_are) : doors_table(ctl, &m.doors_are);
}

/** Fills the door's name in; NULL is the only door. */
static enum ctl_exit door_name(struct ctl *ctl, const char *word, union message *m)
{
	if (!word)
		return CTL_DONE;
	if (!place_valid(word, (uint32_t)strnlen(word, PLACE_MAX_LEN + 1)))
		return ctl_usage(ctl, "'%s' is no name of a door", word);
	memcpy(m->command.door, word, strlen(word));
	return CTL_DONE;
}

static enum ctl_exit command_send(struct ctl *ctl, enum command command, int64_t hold_ms,
				  const char *door, const char *done)
{
	union message m;

	message_init(&m, MESSAGE_COMMAND, ASK_REQUEST);
	m.command.command = command;
	m.command.hold_ms = hold_ms;
	enum ctl_exit code = door_name(ctl, door, &m);

	if (code == CTL_DONE)
		code = shop_call(ctl, &m, MESSAGE_DONE);
	if (code == CTL_DONE)
		ctl_say(ctl, "%s", done);
	return code;
}

static enum ctl_exit plain_command(struct ctl *ctl, enum command command, const char *done)
{
	const char *door;
	enum ctl_exit code = args_read(ctl, NULL, 0, &door, 0, 1);

	return code == CTL_DONE ? command_send(ctl, command, 0, door, done) : code;
}

static enum ctl_exit door_lock(struct ctl *ctl)
{
	return plain_command(ctl, COMMAND_LOCK, "Locked.");
}

static enum ctl_exit door_unlock(struct ctl *ctl)
{
	return plain_command(ctl, COMMAND_UNLOCK, "Unlocked until it is locked again.");
}

static enum ctl_exit door_lockdown(struct ctl *ctl)
{
	return plain_command(ctl, COMMAND_LOCKDOWN, "Locked down: nobody is admitted.");
}

static enum ctl_exit door_release(struct ctl *ctl)
{
	return plain_command(ctl, COMMAND_RELEASE, "Released for one opening.");
}

/** A delivery takes an hour, a day of cleaning twelve; past that it is forgotten, not held. */
#define PROP_MINUTES_MAX 720

static enum ctl_exit door_prop(struct ctl *ctl)
{
	const char *word[2];
	uint64_t minutes;
	enum ctl_exit code = args_read(ctl, NULL, 0, word, 1, 2);

	if (code != CTL_DONE)
		return code;
	if (!digits_read(word[0], PROP_MINUTES_MAX, &minutes) || minutes == 0)
		return ctl_usage(ctl, "door prop takes 1 to %d minutes, not '%s'", PROP_MINUTES_MAX,
				 word[0]);
	return command_send(ctl, COMMAND_PROP, (int64_t)minutes * 60000, word[1],
			    "Propped: it may stand open meanwhile.");
}

static enum ctl_exit door_challenge(struct ctl *ctl)
{
	union message m;
	const char *door;

	message_init(&m, MESSAGE_CHALLENGE, ASK_REQUEST);
	enum ctl_exit code = args_read(ctl, NULL, 0, &door, 0, 1);

	if (code == CTL_DONE)
		code = door_name(ctl, door, &m);
	if (code == CTL_DONE)
		code = shop_call(ctl, &m, MESSAGE_DONE);
	if (code != CTL_DONE)
		return code;
	if (ctl->json)
		return ctl_json(ctl, CTL_DONE,
				json_pack("{s:o}", "challenge", json_clean(m.done.text)));
	ctl_say(ctl, "%s", m.done.text);
	return picture_print(ctl, m.done.text);
}

enum ctl_exit shopctl_door(struct ctl *ctl)
{
	static const struct verb verbs[] = {
		{"lock", door_lock},	   {"unlock", door_unlock},
		{"prop", door_prop},	   {"lockdown", door_lockdown},
		{"release", door_release}, {"challenge", door_challenge},
	};

	return ctl_verb(ctl, verbs, ARRAY_LEN(verbs), door_list);
}
