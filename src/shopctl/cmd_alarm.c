/*
 * cmd_alarm.c: what is wrong in the shop, and a person's word that it is known. An acknowledgement
 * takes the alarm's number or the code of its text: whoever is woken by a text has the code at
 * hand, so when a number is both, the code is meant.
 */
#include <string.h>
#include <unistd.h>

#include "shopctl/args.h"
#include "shopctl/ask.h"
#include "shopctl/text.h"

struct alarms {
	uint32_t n;
	struct message_alarm_is alarm[ALARMS_MAX];
};

/** All that are not over, over an open connection. */
static enum ctl_exit alarms_ask(struct ctl *ctl, int fd, struct alarms *ret)
{
	union message m;

	ret->n = 0;
	message_init(&m, MESSAGE_ALARMS, ASK_REQUEST);
	enum ctl_exit code = shop_ask_any(ctl, fd, &m, MESSAGE_ALARM_IS);

	while (code == CTL_DONE && m.head.type == MESSAGE_ALARM_IS) {
		if (ret->n < ALARMS_MAX)
			ret->alarm[ret->n++] = m.alarm_is;
		code = shop_answer(ctl, fd, ASK_REQUEST, MESSAGE_ALARM_IS, &m, ASK_TIMEOUT_MS);
	}
	return code;
}

static enum ctl_exit alarms_json(struct ctl *ctl, const struct alarms *alarms)
{
	json_t *array = json_array();

	for (uint32_t i = 0; i < alarms->n; i++) {
		const struct message_alarm_is *a = &alarms->alarm[i];

		json_array_append_new(
			array, json_pack("{s:I, s:I, s:s, s:o, s:s, s:s, s:o, s:o, s:o}", "alarm",
					 (json_int_t)a->alarm, "code", (json_int_t)a->code,
					 "condition", condition_word((enum condition)a->condition),
					 "door", json_text_or_null(a->place), "state",
					 alarm_state_word((enum alarm_state)a->state), "severity",
					 severity_word((enum severity)a->severity), "raised_at",
					 json_wall(a->raised_at_ms), "cleared_at",
					 json_wall(a->cleared_at_ms), "acknowledged_by",
					 json_text_or_null(a->by)));
	}
	return ctl_json(ctl, CTL_DONE, array);
}

static enum ctl_exit alarms_table(struct ctl *ctl, const struct alarms *alarms)
{
	static const char *const title[] = {">alarm",	">code",  "condition", "door", "state",
					    "severity", "raised", "cleared",   "by"};
	struct table table;
	char at[WALL_PEOPLE_SIZE];

	table_init(&table, title, ARRAY_LEN(title));
	for (uint32_t i = 0; i < alarms->n; i++) {
		const struct message_alarm_is *a = &alarms->alarm[i];

		table_cell(&table, "%llu", (unsigned long long)a->alarm);
		table_cell(&table, "%u", a->code);
		table_cell(&table, "%s", condition_word((enum condition)a->condition));
		table_cell(&table, "%s", a->place[0] ? a->place : "-");
		table_cell(&table, "%s", alarm_state_word((enum alarm_state)a->state));
		table_cell(&table, "%s", severity_word((enum severity)a->severity));
		wall_people(a->raised_at_ms, at);
		table_cell(&table, "%s", at);
		wall_people(a->cleared_at_ms, at);
		table_cell(&table, "%s", at);
		table_cell(&table, "%s", a->by[0] ? a->by : "-");
	}
	return table_print(ctl, &table, "No alarm: all is well.");
}

static enum ctl_exit alarm_list(struct ctl *ctl)
{
	struct alarms alarms;
	int fd = -1;
	enum ctl_exit code = args_read(ctl, NULL, 0, NULL, 0, 0);

	if (code == CTL_DONE)
		code = shop_connect(ctl, &fd);
	if (code != CTL_DONE)
		return code;
	code = alarms_ask(ctl, fd, &alarms);
	close(fd);
	if (code != CTL_DONE)
		return code;
	return ctl->json ? alarms_json(ctl, &alarms) : alarms_table(ctl, &alarms);
}

/** Whether the number is the code or, failing that, the alarm of one that is not over. */
static bool alarm_find(const struct alarms *alarms, uint64_t number, struct message_ack *ret)
{
	for (uint32_t i = 0; i < alarms->n; i++) {
		if (alarms->alarm[i].code != number)
			continue;
		ret->code = (uint32_t)number;
		return true;
	}
	for (uint32_t i = 0; i < alarms->n; i++) {
		if (alarms->alarm[i].alarm != number)
			continue;
		ret->alarm = number;
		return true;
	}
	return false;
}

static enum ctl_exit ack_send(struct ctl *ctl, int fd, uint64_t number, const char *by)
{
	struct alarms alarms;
	union message m;
	enum ctl_exit code = alarms_ask(ctl, fd, &alarms);

	if (code != CTL_DONE)
		return code;
	message_init(&m, MESSAGE_ALARM_ACK, ASK_REQUEST + 1);
	memcpy(m.ack.by, by, strlen(by));
	if (!alarm_find(&alarms, number, &m.ack))
		return ctl_fail(ctl, CTL_REFUSED,
				"refused: no alarm that is not over has number "
				"or code %llu",
				(unsigned long long)number);
	code = shop_ask(ctl, fd, &m, -1, MESSAGE_DONE, ASK_TIMEOUT_MS);
	if (code == CTL_DONE)
		ctl_say(ctl, "Acknowledged.");
	return code;
}

static enum ctl_exit alarm_ack(struct ctl *ctl)
{
	const char *word, *by = NULL;
	const struct option options[] = {{"--by", &by, NULL}};
	uint64_t number;
	int fd = -1;
	enum ctl_exit code = args_read(ctl, options, ARRAY_LEN(options), &word, 1, 1);

	if (code != CTL_DONE)
		return code;
	if (!digits_read(word, INT64_MAX, &number) || number == 0)
		return ctl_usage(ctl, "'%s' is no alarm and no code", word);
	if (!by)
		by = "shopctl";
	if (!name_valid(by, (uint32_t)strnlen(by, NAME_MAX_LEN + 1)))
		return ctl_usage(ctl, "--by takes a name of letters, digits, - and _");
	code = shop_connect(ctl, &fd);
	if (code != CTL_DONE)
		return code;
	code = ack_send(ctl, fd, number, by);
	close(fd);
	return code;
}

enum ctl_exit shopctl_alarm(struct ctl *ctl)
{
	static const struct verb verbs[] = {{"list", alarm_list}, {"ack", alarm_ack}};

	return ctl_verb(ctl, verbs, ARRAY_LEN(verbs), alarm_list);
}
