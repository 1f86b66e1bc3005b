/* cmd_status.c: what shopd says of itself, in one message. */
#include "shopctl/ask.h"
#include "shopctl/args.h"
#include "shopctl/text.h"

static json_t *status_json(const struct message_status_is *s)
{
	json_t *value = json_pack(
		"{s:o, s:b, s:b, s:b, s:b, s:b, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "shop",
		json_text(s->shop), "ledger_ok", s->ledger_ok != 0, "clock_trusted",
		s->clock_trusted != 0, "courier_connected", s->courier_connected != 0,
		"counter_connected", s->counter_connected != 0, "simulated", s->simulated != 0,
		"up_ms", (json_int_t)s->up_ms, "head_seq", (json_int_t)s->head_seq,
		"entries_written", (json_int_t)s->entries_written, "commits",
		(json_int_t)s->commits, "queue_rows", (json_int_t)s->queue_rows, "admissions",
		(json_int_t)s->admissions, "refusals", (json_int_t)s->refusals, "lines",
		(json_int_t)s->lines);
	json_t *more =
		json_pack("{s:i, s:i, s:i, s:i, s:i}", "visits_open", (int)s->visits_open,
			  "alarms_open", (int)s->alarms_open, "members", (int)s->members,
			  "articles", (int)s->articles, "price_version", (int)s->price_version);

	if (!value || !more || json_object_update(value, more) != 0) {
		json_decref(value);
		value = NULL;
	}
	json_decref(more);
	return value;
}

static const char *well(uint32_t flag, const char *yes, const char *no)
{
	return flag ? yes : no;
}

static void status_say(struct ctl *ctl, const struct message_status_is *s)
{
	int64_t minutes = s->up_ms / 60000;

	ctl_say(ctl, "shop      %s, %s doors, up %lld h %02lld min", s->shop,
		well(s->simulated, "simulated", "real"), (long long)(minutes / 60),
		(long long)(minutes % 60));
	ctl_say(ctl, "ledger    %s, entry %llu, %llu waiting",
		well(s->ledger_ok, "writing", "NOT WRITING: entry and purchases are refused"),
		(unsigned long long)s->head_seq, (unsigned long long)s->queue_rows);
	ctl_say(ctl, "clock     %s",
		well(s->clock_trusted, "trusted", "NOT TRUSTED: see 'shopctl help clock'"));
	ctl_say(ctl, "counterd  %s", well(s->counter_connected, "connected", "NOT CONNECTED"));
	ctl_say(ctl, "courierd  %s",
		well(s->courier_connected, "connected", "NOT CONNECTED: no text leaves"));
	ctl_say(ctl, "open      visits %u, alarms %u", s->visits_open, s->alarms_open);
	ctl_say(ctl, "knows     members %u, articles %u, price list %u", s->members, s->articles,
		s->price_version);
	ctl_say(ctl, "counted   admitted %llu, refused %llu, lines %llu, since it started",
		(unsigned long long)s->admissions, (unsigned long long)s->refusals,
		(unsigned long long)s->lines);
}

enum ctl_exit shopctl_status(struct ctl *ctl)
{
	union message m;
	enum ctl_exit code = args_read(ctl, NULL, 0, NULL, 0, 0);

	message_init(&m, MESSAGE_STATUS, ASK_REQUEST);
	if (code == CTL_DONE)
		code = shop_call(ctl, &m, MESSAGE_STATUS_IS);
	if (code != CTL_DONE)
		return code;
	if (ctl->json)
		return ctl_json(ctl, CTL_DONE, status_json(&m.status_is));
	status_say(ctl, &m.status_is);
	return CTL_DONE;
}
