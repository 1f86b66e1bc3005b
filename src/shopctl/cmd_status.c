/* cmd_status.c: what shopd says of itself, in one message. */
#include <stdio.h>

#include "loop/loop.h"
#include "shopctl/ask.h"
#include "shopctl/args.h"
#include "shopctl/text.h"

static const char *const roads[CARRIEDS] = {
	[CARRIED_WELL] = "well", [CARRIED_NO_ROAD] = "no_road",
	[CARRIED_BUSY] = "busy", [CARRIED_REFUSED] = "refused",
	[CARRIED_ODD] = "odd",	 [CARRIED_ENROL_REFUSED] = "enrol_refused",
};

static const char *road_word(uint32_t road)
{
	return road < CARRIEDS ? roads[road] : "odd";
}

/** How many entries the office does not have yet. */
static uint64_t not_yet_up(const struct message_status_is *s)
{
	return s->head_seq > s->acked_seq ? s->head_seq - s->acked_seq : 0;
}

/** The office, or null. */
static json_t *office_json(const struct message_status_is *s)
{
	if (!s->enrolled)
		return json_null();
	return json_pack("{s:o, s:i, s:I, s:I, s:I, s:s, s:o, s:I, s:I}", "url",
			 json_clean(s->office), "epoch", (int)s->epoch, "acked_seq",
			 (json_int_t)s->acked_seq, "not_yet_up", (json_int_t)not_yet_up(s), "feed",
			 (json_int_t)s->feed, "road", road_word(s->road), "heard_at",
			 json_wall(s->heard_at_ms), "restored", (json_int_t)s->restored,
			 "restoring", (json_int_t)s->restoring);
}

static json_t *status_json(const struct message_status_is *s)
{
	json_t *value = json_pack(
		"{s:o, s:b, s:b, s:b, s:b, s:b, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "shop",
		json_clean(s->shop), "ledger_ok", s->ledger_ok != 0, "clock_trusted",
		s->clock_trusted != 0, "courier_connected", s->courier_connected != 0,
		"counter_connected", s->counter_connected != 0, "simulated", s->simulated != 0,
		"up_ms", (json_int_t)s->up_ms, "head_seq", (json_int_t)s->head_seq,
		"entries_written", (json_int_t)s->entries_written, "commits",
		(json_int_t)s->commits, "queue_rows", (json_int_t)s->queue_rows, "admissions",
		(json_int_t)s->admissions, "refusals", (json_int_t)s->refusals, "lines",
		(json_int_t)s->lines);
	json_t *office = office_json(s);
	json_t *more =
		json_pack("{s:i, s:i, s:i, s:i, s:i}", "visits_open", (int)s->visits_open,
			  "alarms_open", (int)s->alarms_open, "members", (int)s->members,
			  "articles", (int)s->articles, "price_version", (int)s->price_version);

	if (!value || !more || json_object_update(value, more) != 0 ||
	    json_object_set(value, "office", office) != 0) {
		json_decref(value);
		value = NULL;
	}
	json_decref(more);
	json_decref(office);
	return value;
}

static const char *well(uint32_t flag, const char *yes, const char *no)
{
	return flag ? yes : no;
}

/** How long ago the office's newest word was signed, by this machine's clock. */
static void heard_text(const struct message_status_is *s, char text[48])
{
	int64_t minutes = (loop_wall().ms - s->heard_at_ms) / 60000;

	if (s->heard_at_ms == 0)
		snprintf(text, 48, "not heard yet");
	else if (minutes < 120)
		snprintf(text, 48, "heard %lld min ago", (long long)(minutes < 0 ? 0 : minutes));
	else
		snprintf(text, 48, "heard %lld h ago", (long long)minutes / 60);
}

static void office_say(struct ctl *ctl, const struct message_status_is *s)
{
	static const char *const words[CARRIEDS] = {
		[CARRIED_WELL] = "",
		[CARRIED_NO_ROAD] = ", NO ROAD THERE",
		[CARRIED_BUSY] = ", it is busy",
		[CARRIED_REFUSED] = ", IT REFUSES THIS BOX",
		[CARRIED_ODD] = ", ITS ANSWERS MAKE NO SENSE",
		[CARRIED_ENROL_REFUSED] = "",
	};
	char heard[48];

	if (!s->enrolled) {
		ctl_say(ctl, "office    none: see 'shopctl help enrol'");
		return;
	}
	heard_text(s, heard);
	ctl_say(ctl, "office    %s, epoch %u, %s%s", s->office, s->epoch, heard,
		words[s->road < CARRIEDS ? s->road : CARRIED_ODD]);
	if (s->restoring > 0)
		ctl_say(ctl,
			"          TAKING BACK %llu of %llu entries: the shop is closed meanwhile",
			(unsigned long long)s->restored, (unsigned long long)s->restoring);
	else
		ctl_say(ctl, "          %llu entries not yet there, feed %llu",
			(unsigned long long)not_yet_up(s), (unsigned long long)s->feed);
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
	office_say(ctl, s);
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
