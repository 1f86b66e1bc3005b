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

/* Those that are not over, newest first, then the last finished ones (core/alarm.h). */
#define LIST_MAX (ALARMS_MAX + 64)

struct alarms {
	uint32_t n;
	struct message_alarm_is alarm[LIST_MAX];
};

static void alarm_add(void *data, const union message *row)
{
	struct alarms *alarms = data;

	if (alarms->n < LIST_MAX)
		alarms->alarm[alarms->n++] = row->alarm_is;
}

/** Over an open connection. */
static enum ctl_exit alarms_ask(struct ctl *ctl, int fd, struct alarms *ret)
{
	ret->n = 0;
	return shop_rows_on(ctl, fd, MESSAGE_ALARMS, MESSAGE_ALARM_IS, alarm_add, ret);
}

/* --- who was told */

static json_t *told_json(const struct message_alarm_is *a)
{
	json_t *array = json_array();

	for (uint32_t i = 0; i < a->tolds && i < CONTACTS_MAX; i++) {
		const struct message_told *t = &a->told[i];
		bool stuck = t->outcome == TEXT_STUCK;

		json_array_append_new(
			array, json_pack("{s:o, s:s, s:s, s:s?, s:i, s:o}", "contact",
					 json_clean(t->contact), "kind",
					 text_kind_word((enum text_kind)t->kind), "outcome",
					 text_outcome_word((enum text_outcome)t->outcome), "road",
					 stuck ? NULL : sms_road_word((enum sms_road)t->road),
					 "texts", (int)t->texts, "at", json_wall(t->at_ms)));
	}
	return array;
}

/* "anna delivered by gateway; bo stuck" */
static void told_text(const struct message_alarm_is *a, char *text, size_t size)
{
	size_t len = 0;

	snprintf(text, size, "-");
	for (uint32_t i = 0; i < a->tolds && i < CONTACTS_MAX && len < size; i++) {
		const struct message_told *t = &a->told[i];

		len += (size_t)snprintf(
			text + len, size - len, "%s%s%s%s %s%s%s", i ? "; " : "", t->contact,
			t->kind == TEXT_RAISED ? "" : " ",
			t->kind == TEXT_RAISED ? "" : text_kind_word((enum text_kind)t->kind),
			text_outcome_word((enum text_outcome)t->outcome),
			t->outcome == TEXT_STUCK ? "" : " by ",
			t->outcome == TEXT_STUCK ? "" : sms_road_word((enum sms_road)t->road));
	}
}

/* --- the list */

static enum ctl_exit alarms_json(struct ctl *ctl, const struct alarms *alarms)
{
	json_t *array = json_array();

	for (uint32_t i = 0; i < alarms->n; i++) {
		const struct message_alarm_is *a = &alarms->alarm[i];
		enum condition condition = (enum condition)a->condition;

		json_array_append_new(
			array,
			json_pack("{s:I, s:I, s:s, s:o, s:o, s:s, s:s, s:b, s:o, s:o, s:o, s:o}",
				  "alarm", (json_int_t)a->alarm, "code", (json_int_t)a->code,
				  "condition", condition_word(condition), "door",
				  json_text_or_null(condition_at_door(condition) ? a->place : ""),
				  "place", json_text_or_null(a->place), "state",
				  alarm_state_word((enum alarm_state)a->state), "severity",
				  severity_word((enum severity)a->severity), "over", a->over != 0,
				  "raised_at", json_wall(a->raised_at_ms), "cleared_at",
				  json_wall(a->cleared_at_ms), "acknowledged_by",
				  json_text_or_null(a->by), "told", told_json(a)));
	}
	return ctl_json(ctl, CTL_DONE, array);
}

static enum ctl_exit alarms_table(struct ctl *ctl, const struct alarms *alarms)
{
	static const char *const title[] = {">alarm",	">code",  "condition", "place", "state",
					    "severity", "raised", "cleared",   "by",	"told"};
	struct table table;
	char at[WALL_PEOPLE_SIZE], told[CTL_MESSAGE_SIZE];

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
		told_text(a, told, sizeof(told));
		table_cell(&table, "%s", told);
	}
	return table_print(ctl, &table, "No alarm: all is well.");
}

static enum ctl_exit alarm_list(struct ctl *ctl)
{
	static struct alarms alarms; /* 100 kB: no more than one is listed at a time */
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

/* --- a person's word */

/** Whether the number is the code or, failing that, the alarm of one in the list. */
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
	static struct alarms alarms;
	union message m;
	enum ctl_exit code = alarms_ask(ctl, fd, &alarms);

	if (code != CTL_DONE)
		return code;
	message_init(&m, MESSAGE_ALARM_ACK, ASK_REQUEST + 1);
	memcpy(m.ack.by, by, strlen(by));
	if (!alarm_find(&alarms, number, &m.ack))
		return ctl_fail(ctl, CTL_REFUSED,
				"refused: no alarm of the list has number or code %llu",
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

/* A text to the owners that only asks for an answer: a call for help that nobody hears in an
 * exercise would not be heard in earnest either. */
enum ctl_exit shopctl_rehearse(struct ctl *ctl)
{
	union message m;
	enum ctl_exit code = args_read(ctl, NULL, 0, NULL, 0, 0);

	message_init(&m, MESSAGE_REHEARSE, ASK_REQUEST);
	if (code == CTL_DONE)
		code = shop_call(ctl, &m, MESSAGE_DONE);
	if (code != CTL_DONE)
		return code;
	if (ctl->json)
		return ctl_json(ctl, CTL_DONE,
				json_pack("{s:I}", "alarm", (json_int_t)m.done.number));
	ctl_say(ctl, "The rehearsal is alarm %llu: `shopctl alarm list` says who answers.",
		(unsigned long long)m.done.number);
	return CTL_DONE;
}

enum ctl_exit shopctl_alarm(struct ctl *ctl)
{
	static const struct verb verbs[] = {{"list", alarm_list}, {"ack", alarm_ack}};

	return ctl_verb(ctl, verbs, ARRAY_LEN(verbs), alarm_list);
}
