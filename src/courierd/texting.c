/*
 * texting.c: between shopd's messages, the decisions of sms.h and inbox.h, and the roads. It keeps
 * nothing on disk: what was not told when it ended is asked for again by shopd when it is back.
 *
 * Logs name a contact by its configured name; a number, a password or a PIN is in none.
 */
#include "courierd/texting.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "courierd/texting_parts.h"
#include "courierd/texts.h"

enum {
	RETRY_SLACK_MS = 200, /* a retry may wait so long for another wake-up */
	UNSAID_MS = 500,      /* shopd does not read: what it should hear is said again */
};

/* every request that sms.h lets fly finds room, and the look into the inbox */
_Static_assert((int)SMS_FLYING_MAX + SMS_ASKING_MAX + 1 <= (int)HTTP_RUNNING_MAX, "a request each");
_Static_assert((int)SMS_FLYING_MAX <= (int)MODEM_SENDING_MAX, "a call for each");
_Static_assert((int)CONTACTS_MAX <= UINT8_MAX, "a step each");

/* ---- out ---- */

struct flight *flight_free(struct flight *flights, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		if (flights[i].texting == NULL)
			return &flights[i];
	panic(__FILE__, __LINE__, "more fly than sms.h lets go");
}

static const char *try_word(enum sms_try how)
{
	static const char *const words[SMS_TRIES] = {
		[TRY_TAKEN] = "taken",
		[TRY_REFUSED] = "refused, for good",
		[TRY_BARRED] = "refused: money, password or address",
		[TRY_BUSY] = "not sent",
		[TRY_NO_WAY] = "not sent: no way there",
		[TRY_DOUBT] = "no answer, it may have been sent",
	};

	return words[how];
}

static void log_flight(const struct flight *f, enum sms_try how, const char *why)
{
	const struct sms_name *name = &f->due.name;
	bool notice = (name->alarm & SMS_NOTICE) != 0;

	fprintf(stderr, "%s %llu: %s to %s by the %s: %s (try %u%s%s)\n",
		notice ? "notice" : "alarm", (unsigned long long)(name->alarm & ~SMS_NOTICE),
		notice ? "text" : text_kind_word(name->kind),
		f->texting->config->contact[name->contact].name, sms_road_word(f->due.road),
		try_word(how), f->due.tries, why[0] != '\0' ? ", " : "", why);
}

void flight_landed(struct flight *f, enum sms_try how, int64_t retry_after_ms, const char *id,
		   const char *why)
{
	struct texting *t = f->texting;

	log_flight(f, how, why);
	f->texting = NULL;
	sms_result(&t->sms, loop_mono(), f->due.text, f->due.road, how, retry_after_ms, id);
}

static void text_send(struct texting *t, const struct sms_due *due)
{
	struct flight *f = flight_free(t->flight[due->road], SMS_FLYING_MAX);

	*f = (struct flight){.texting = t, .due = *due};
	if (due->road == SMS_BY_GATEWAY)
		gateway_send(t, f, due->words);
	else
		modem_text(t, f, due->words);
}

/* ---- what shopd is told ---- */

static bool report_send(struct texting *t, const struct sms_report *report)
{
	union message m;

	message_init(&m, MESSAGE_NOTIFIED, 0);
	m.notified.alarm = report->name.alarm;
	m.notified.kind = report->name.kind;
	m.notified.outcome = report->outcome;
	m.notified.road = report->road;
	m.notified.texts = report->texts;
	snprintf(m.notified.contact, sizeof(m.notified.contact), "%s",
		 t->config->contact[report->name.contact].name);
	return link_send(t->link, &m);
}

static bool fault_send(struct texting *t, enum sms_road road, bool failing)
{
	union message m;

	message_init(&m, MESSAGE_FAULT, 0);
	m.fault.condition = CONDITION_ROAD_FAILING;
	m.fault.failing = failing;
	snprintf(m.fault.place, sizeof(m.fault.place), "%s", sms_road_word(road));
	if (!link_send(t->link, &m))
		return false;
	fprintf(stderr, "the %s %s\n", sms_road_word(road), failing ? "fails" : "is well");
	return true;
}

/** What cannot be said now is said when shopd is back. */
static void reports_send(struct texting *t)
{
	struct sms_report report;
	enum sms_road road;
	bool failing;

	while (link_up(t->link) && sms_report(&t->sms, &report)) {
		if (!report_send(t, &report))
			return;
		sms_reported(&t->sms, &report);
	}
	while (link_up(t->link) && roads_fault(&t->sms.roads, &road, &failing)) {
		if (!fault_send(t, road, failing))
			return;
		roads_told(&t->sms.roads, road, failing);
	}
}

/** Answers in the order in which they came: none is lost because shopd was just starting. */
static void answers_send(struct texting *t)
{
	uint32_t sent = 0;
	union message m;

	for (; sent < t->answered_count; sent++) {
		const struct answered *a = &t->answered[sent];

		message_init(&m, MESSAGE_REPLY, 0);
		m.reply.code = a->code;
		m.reply.road = a->road;
		memcpy(m.reply.contact, t->config->contact[a->contact].name,
		       sizeof(m.reply.contact));
		if (!link_send(t->link, &m))
			break;
	}
	t->answered_count -= sent;
	memmove(&t->answered[0], &t->answered[sent], t->answered_count * sizeof(t->answered[0]));
}

static void contacts_send(struct texting *t)
{
	const struct config *config = t->config;
	union message m;

	for (uint32_t i = 0; i < config->contacts; i++) {
		const struct contact_section *contact = &config->contact[i];

		message_init(&m, MESSAGE_CONTACT, 0);
		m.contact.number = i;
		m.contact.count = config->contacts;
		m.contact.roads = (config->gateway_fitted ? 1U << SMS_BY_GATEWAY : 0) |
				  (config->modem.fitted ? 1U << SMS_BY_MODEM : 0);
		m.contact.role = contact->role;
		m.contact.step = (uint32_t)contact->step;
		m.contact.least = contact->least;
		m.contact.open = contact->hours[0];
		m.contact.close = contact->hours[1];
		memcpy(m.contact.name, contact->name, sizeof(m.contact.name));
		if (!link_send(t->link, &m))
			return;
	}
}

void texting_link(struct texting *t)
{
	contacts_send(t);
	answers_send(t);
	sms_untold(&t->sms, loop_mono());
	texting_work(t);
}

/* ---- what is due ---- */

/** Whether shopd is here, and could not be told all of it. */
static bool unsaid(const struct texting *t)
{
	struct sms_report report;
	enum sms_road road;
	bool failing;

	return link_up(t->link) && (t->answered_count > 0 || sms_report(&t->sms, &report) ||
				    roads_fault(&t->sms.roads, &road, &failing));
}

void texting_work(struct texting *t)
{
	struct mono now = loop_mono();
	struct sms_asked asked;
	struct sms_due due;
	struct mono at;
	uint32_t more;

	while (sms_next(&t->sms, now, &due))
		text_send(t, &due);
	while (sms_ask(&t->sms, now, &asked))
		gateway_ask(t, &asked);
	gateway_look(t, now);
	more = inbox_more(&t->inbox, now);
	if (more > 0)
		fprintf(stderr, "%u more texts without effect within a minute\n", more);
	answers_send(t);
	reports_send(t);
	at = mono_min(sms_deadline(&t->sms), inbox_deadline(&t->inbox));
	if (t->config->gateway_fitted && !t->looking)
		at = mono_min(at, t->look_at);
	if (unsaid(t))
		at = mono_min(at, mono_add(now, UNSAID_MS));
	timer_arm(t->timer, at);
}

static void on_due(void *data)
{
	texting_work(data);
}

/* ---- in ---- */

void texting_heard(struct texting *t, enum sms_road road, const char *id, const char *from,
		   const char *text, int64_t at_ms)
{
	struct inbox_found found;

	inbox_text(&t->inbox, t->config, loop_mono(), loop_wall(), id, from, text, at_ms, &found);
	switch (found.is) {
	case INBOX_NOTHING:
		return;
	case INBOX_ODD:
		fprintf(stderr, "%s: %s\n", sms_road_word(road), found.line);
		return;
	case INBOX_REPLY:
		break;
	}
	fprintf(stderr, "%s: %s answers with code %06u\n", sms_road_word(road),
		t->config->contact[found.contact].name, found.code);
	if (t->answered_count == ANSWERED_MAX)
		return; /* shopd has been away for long: they answer again */
	t->answered[t->answered_count++] = (struct answered){found.contact, found.code, road};
	answers_send(t);
}

/** The number of a contact by its name; `contacts` when there is none. */
static uint32_t contact_named(const struct config *config, const char *name)
{
	uint32_t i = 0;

	while (i < config->contacts && strcmp(config->contact[i].name, name) != 0)
		i++;
	return i;
}

/** As much of a text as an SMS takes, never half a letter. */
static void words_cut(const char *text, char words[SMS_TEXT_MAX + 1])
{
	memset(words, 0, SMS_TEXT_MAX + 1);
	(void)utf8_cut(text, words, SMS_TEXT_MAX + 1);
}

/** A text to one contact, in shopd's words. */
static void on_notice(struct texting *t, const struct message_notice *n)
{
	uint32_t contact = contact_named(t->config, n->contact);
	char words[SMS_TEXT_MAX + 1];

	if (contact == t->config->contacts) {
		fprintf(stderr, "notice: there is no [contact %s] to tell\n", n->contact);
		return;
	}
	words_cut(n->text, words);
	if (!sms_notice(&t->sms, loop_mono(), contact, words))
		fprintf(stderr, "notice: too many texts wait already\n");
}

static void on_notify(struct texting *t, const struct message_notify *n)
{
	uint32_t contact = contact_named(t->config, n->contact);
	char words[SMS_TEXT_MAX + 1];
	struct sms_order order = {
		.name = {.alarm = n->alarm, .kind = (enum text_kind)n->kind, .contact = contact},
		.severity = (enum severity)n->severity,
		.again = n->again != 0,
		.prove = n->condition == CONDITION_REHEARSAL,
		.words = words};

	fprintf(stderr, "alarm %llu: %s %s, %s to %s%s\n", (unsigned long long)n->alarm,
		condition_word((enum condition)n->condition), n->place,
		text_kind_word((enum text_kind)n->kind), n->contact, n->again ? ", again" : "");
	if (contact == t->config->contacts) {
		fprintf(stderr, "alarm %llu: there is no [contact %s] to tell\n",
			(unsigned long long)n->alarm, n->contact);
		return;
	}
	text_make(t->config, n, (enum language)t->config->contact[contact].language, words);
	if (!sms_take(&t->sms, loop_mono(), &order))
		fprintf(stderr, "alarm %llu: too many graver texts wait already\n",
			(unsigned long long)n->alarm);
}

bool texting_message(struct texting *t, const union message *m)
{
	switch (m->head.type) {
	case MESSAGE_NOTIFY:
		on_notify(t, &m->notify);
		break;
	case MESSAGE_NOTICE:
		on_notice(t, &m->notice);
		break;
	case MESSAGE_ENOUGH:
		sms_enough(&t->sms, m->enough.alarm);
		break;
	default: /* a packet's number, no enum of ours */
		return false;
	}
	texting_work(t);
	return true;
}

/* ---- start and stop ---- */

int texting_open(struct loop *loop, struct link *link, const struct config *config, uint64_t seed,
		 struct texting **ret)
{
	struct texting *t = calloc(1, sizeof(*t));
	uint32_t roads = (config->gateway_fitted ? 1U << SMS_BY_GATEWAY : 0) |
			 (config->modem.fitted ? 1U << SMS_BY_MODEM : 0);
	int r;

	if (t == NULL)
		return -ENOMEM;
	t->loop = loop;
	t->link = link;
	t->config = config;
	t->look_at = loop_mono();
	sms_init(&t->sms, loop_mono(), roads, config->contacts, seed);
	inbox_init(&t->inbox, loop_mono());
	r = timer_add(loop, WATCH_NORMAL, RETRY_SLACK_MS, on_due, t, &t->timer);
	if (r == 0)
		r = http_client_new(loop, &t->http);
	if (r == 0 && config->modem.fitted)
		r = modem_fit(t);
	if (r < 0) {
		texting_close(t);
		return r;
	}
	timer_arm(t->timer, loop_mono());
	*ret = t;
	return 0;
}

void texting_close(struct texting *t)
{
	if (t == NULL)
		return;
	if (t->modem != NULL)
		modem_close(t->modem);
	if (t->http != NULL)
		http_client_free(t->http);
	timer_free(t->timer);
	explicit_bzero(&t->list, sizeof(t->list)); /* people's numbers */
	free(t);
}
