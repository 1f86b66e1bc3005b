/*
 * sms.c: the patience of the courier. A text is tried quickly a few times; if that does not work
 * shopd hears so (it raises `sms_failing`, and the office or the owner's page shows it), and the
 * text keeps being tried, ever more slowly, until it is out, its alarm is over, or a day has gone.
 *
 * It promises:
 *  - a text goes to each contact once, however often shopd asks for it. Where it is unknown whether
 *    the gateway took it (a time-out) it is tried again: twice told is better than not told.
 *  - of one alarm, a contact gets "over" after "raised", never before. "Raised" that is stuck in
 * its slow tries when the alarm ends is dropped: "over" says all that is left to say.
 *  - a notice never takes an alarm's place, nor its turn.
 *  - nobody waits for somebody else: each text and contact has its own clock, the gravest goes
 *    first, and the slow ones use at most half of the requests that may fly.
 */
#include "courierd/sms.h"

#include <string.h>

#include "base/check.h"

void sms_init(struct sms *s, uint32_t contacts, uint64_t seed)
{
	CHECK(contacts > 0 && contacts <= SMS_CONTACTS_MAX);
	memset(s, 0, sizeof(*s));
	s->contacts = contacts;
	s->random = seed;
}

/* ---- pauses ---- */

/** splitmix64: spreads retries, guards nothing. */
static uint64_t random_next(struct sms *s)
{
	uint64_t z = s->random += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

/** `base` doubled `times` times, at most `cap`, then up to a quarter more or less. */
static int64_t backoff_ms(struct sms *s, int64_t base, uint32_t times, int64_t cap)
{
	int64_t pause = base;

	while (times-- > 0 && pause < cap)
		pause *= 2;
	if (pause > cap)
		pause = cap;
	return pause - pause / 4 + (int64_t)(random_next(s) % (uint64_t)(pause / 2 + 1));
}

/** The gateway's own wish, within reason, and a little more so that not all come at once. */
static int64_t asked_pause_ms(struct sms *s, int64_t asked)
{
	if (asked > SMS_SLOW_MAX_MS)
		asked = SMS_SLOW_MAX_MS;
	return asked + (int64_t)(random_next(s) % (uint64_t)(asked / 8 + 1));
}

/* ---- texts ---- */

static bool name_is(const struct sms_name *a, const struct sms_name *b)
{
	return a->alarm == b->alarm && a->at_ms == b->at_ms && a->cleared == b->cleared;
}

static struct sms_text *text_find(struct sms *s, const struct sms_name *name)
{
	for (uint32_t i = 0; i < SMS_TEXTS_MAX; i++)
		if (name_is(&s->text[i].name, name))
			return &s->text[i];
	return NULL;
}

/** The alarm's other text, still on its way. */
static const struct sms_text *text_other(const struct sms *s, const struct sms_text *t)
{
	for (uint32_t i = 0; i < SMS_TEXTS_MAX; i++)
		if (s->text[i].name.alarm == t->name.alarm &&
		    s->text[i].name.cleared != t->name.cleared)
			return &s->text[i];
	return NULL;
}

static struct sms_done *done_find(struct sms *s, const struct sms_name *name)
{
	for (uint32_t i = 0; i < SMS_DONE_MAX; i++)
		if (name_is(&s->done[i].name, name))
			return &s->done[i];
	return NULL;
}

static void done_add(struct sms *s, const struct sms_name *name, bool sent, bool told)
{
	s->done[s->done_next] = (struct sms_done){.name = *name, .sent = sent, .told = told};
	s->done_next = (s->done_next + 1) % SMS_DONE_MAX;
}

static bool send_over(const struct sms_send *send)
{
	return send->state != SEND_WAITING && send->state != SEND_FLYING;
}

/** What shopd can be told of a text by now. */
static bool text_verdict(const struct sms *s, const struct sms_text *t, bool *ret_sent)
{
	bool tried = true;

	for (uint32_t c = 0; c < s->contacts; c++) {
		if (t->to[c].state == SEND_ACCEPTED) {
			*ret_sent = true;
			return true;
		}
		tried = tried && (send_over(&t->to[c]) || t->to[c].slow > 0);
	}
	*ret_sent = false;
	return tried;
}

static bool text_told(const struct sms_text *t, bool sent)
{
	return t->told && t->told_sent == sent;
}

static bool is_notice(const struct sms_text *t)
{
	return (t->name.alarm & SMS_NOTICE) != 0;
}

/** A text that waits for nothing more leaves its place to another and is only remembered. */
static void text_finish(struct sms *s, struct sms_text *t)
{
	bool sent;

	for (uint32_t c = 0; c < s->contacts; c++)
		if (!send_over(&t->to[c]))
			return;
	CHECK(text_verdict(s, t, &sent));
	if (!is_notice(t))
		done_add(s, &t->name, sent, text_told(t, sent));
	memset(t, 0, sizeof(*t));
}

/** "Raised" in its slow tries gives way to "over". */
static void text_give_way(struct sms *s, struct sms_text *raised)
{
	for (uint32_t c = 0; c < s->contacts; c++)
		if (raised->to[c].state == SEND_WAITING && raised->to[c].slow > 0)
			raised->to[c].state = SEND_DROPPED;
	text_finish(s, raised);
}

/** A place for a new text: a free one, or that of the oldest which is only in slow tries. */
static struct sms_text *text_room(struct sms *s)
{
	struct sms_text *oldest = NULL;

	for (uint32_t i = 0; i < SMS_TEXTS_MAX; i++) {
		struct sms_text *t = &s->text[i];
		bool idle = true;

		if (t->name.alarm == 0)
			return t;
		for (uint32_t c = 0; c < s->contacts; c++)
			idle = idle && t->to[c].state != SEND_FLYING &&
			       (t->to[c].state != SEND_WAITING || t->to[c].slow > 0);
		if (idle && (oldest == NULL || t->taken_at.ms < oldest->taken_at.ms))
			oldest = t;
	}
	if (oldest == NULL)
		return NULL;
	for (uint32_t c = 0; c < s->contacts; c++)
		if (oldest->to[c].state == SEND_WAITING)
			oldest->to[c].state = SEND_DROPPED;
	text_finish(s, oldest);
	return oldest;
}

/** shopd asks again for a text that is still on its way. */
static void text_again(struct sms *s, struct mono now, struct sms_text *t)
{
	t->told = false;
	for (uint32_t c = 0; c < s->contacts; c++)
		if (t->to[c].state == SEND_WAITING && t->to[c].slow > 0)
			t->to[c].due = now;
}

bool sms_take(struct sms *s, struct mono now, const struct sms_name *name, enum severity severity,
	      const char *words)
{
	struct sms_text *t = text_find(s, name);
	const struct sms_text *raised;
	struct sms_done *done = done_find(s, name);

	CHECK(name->alarm != 0);
	if (t != NULL) {
		text_again(s, now, t);
		return true;
	}
	if (done != NULL && done->sent) {
		done->told = false;
		return true;
	}
	if (done != NULL)
		memset(done, 0, sizeof(*done)); /* nobody got it: try anew */
	t = text_room(s);
	if (t == NULL) {
		done_add(s, name, false, false);
		return false;
	}
	*t = (struct sms_text){.name = *name, .severity = severity, .taken_at = now};
	memcpy(t->text, words, strnlen(words, SMS_TEXT_MAX));
	for (uint32_t c = 0; c < s->contacts; c++)
		t->to[c].due = now;
	raised = name->cleared ? text_other(s, t) : NULL;
	if (raised != NULL)
		text_give_way(s, &s->text[raised - s->text]);
	return true;
}

bool sms_notice(struct sms *s, struct mono now, uint32_t contact, const char *words)
{
	struct sms_text *room = NULL;
	uint32_t notices = 0;

	CHECK(contact < s->contacts);
	for (uint32_t i = 0; i < SMS_TEXTS_MAX; i++) {
		struct sms_text *t = &s->text[i];

		if (t->name.alarm == 0)
			room = t;
		if (!is_notice(t))
			continue;
		notices++;
		if (!send_over(&t->to[contact]) && strncmp(t->text, words, SMS_TEXT_MAX) == 0)
			return true;
	}
	if (room == NULL || notices >= SMS_NOTICES_MAX)
		return false;
	*room = (struct sms_text){.name = {.alarm = SMS_NOTICE | ++s->notices},
				  .severity = SEVERITY_NOTICE,
				  .taken_at = now};
	memcpy(room->text, words, strnlen(words, SMS_TEXT_MAX));
	for (uint32_t c = 0; c < s->contacts; c++)
		room->to[c].state = SEND_DROPPED;
	room->to[contact] = (struct sms_send){.state = SEND_WAITING, .due = now};
	return true;
}

/* ---- what is due ---- */

/** Whether "over" has to wait: "raised" has not come to an end with this contact. */
static bool send_blocked(const struct sms *s, const struct sms_text *t, uint32_t contact)
{
	const struct sms_text *raised;

	if (!t->name.cleared)
		return false;
	raised = text_other(s, t);
	return raised != NULL && !send_over(&raised->to[contact]);
}

static bool graver(const struct sms_text *a, const struct sms_text *b)
{
	if (is_notice(a) != is_notice(b))
		return is_notice(b);
	if (a->severity != b->severity)
		return a->severity > b->severity;
	if (a->taken_at.ms != b->taken_at.ms)
		return a->taken_at.ms < b->taken_at.ms;
	return a->name.alarm < b->name.alarm;
}

static bool send_due(const struct sms *s, const struct sms_text *t, uint32_t contact,
		     struct mono now)
{
	const struct sms_send *send = &t->to[contact];

	if (send->state != SEND_WAITING || !mono_due(now, send->due))
		return false;
	if (send->slow > 0 && s->flying >= SMS_FLYING_MAX / 2)
		return false;
	return !send_blocked(s, t, contact);
}

bool sms_next(struct sms *s, struct mono now, struct sms_due *ret)
{
	struct sms_text *best = NULL;
	uint32_t to = 0;

	if (s->flying >= SMS_FLYING_MAX)
		return false;
	for (uint32_t i = 0; i < SMS_TEXTS_MAX; i++) {
		struct sms_text *t = &s->text[i];

		if (t->name.alarm == 0 || (best != NULL && !graver(t, best)))
			continue;
		for (uint32_t c = 0; c < s->contacts; c++) {
			if (send_due(s, t, c, now)) {
				best = t;
				to = c;
				break;
			}
		}
	}
	if (best == NULL)
		return false;
	best->to[to].state = SEND_FLYING;
	best->to[to].tries++;
	s->flying++;
	*ret = (struct sms_due){.text = (uint32_t)(best - s->text),
				.contact = to,
				.words = best->text,
				.alarm = best->name.alarm,
				.tries = best->to[to].tries};
	return true;
}

struct mono sms_deadline(const struct sms *s)
{
	struct mono first = MONO_NEVER;

	if (s->flying >= SMS_FLYING_MAX)
		return MONO_NEVER; /* a result comes before anything can be done */
	for (uint32_t i = 0; i < SMS_TEXTS_MAX; i++) {
		const struct sms_text *t = &s->text[i];

		for (uint32_t c = 0; t->name.alarm != 0 && c < s->contacts; c++) {
			const struct sms_send *send = &t->to[c];

			if (send->state != SEND_WAITING || send_blocked(s, t, c))
				continue;
			if (send->slow > 0 && s->flying >= SMS_FLYING_MAX / 2)
				continue;
			first = mono_min(first, send->due);
		}
	}
	return first;
}

/* ---- how it went ---- */

/** The next try of a send that met with trouble. */
static void send_again(struct sms *s, struct mono now, const struct sms_text *t,
		       struct sms_send *send, int64_t asked)
{
	int64_t pause = asked >= 0 ? asked_pause_ms(s, asked)
				   : backoff_ms(s, SMS_BACKOFF_MS, send->tries - 1, SMS_SLOW_MS);
	bool late = send->tries >= SMS_TRIES_MAX ||
		    !mono_due(mono_add(t->taken_at, SMS_QUICK_MS), mono_add(now, pause));

	if (send->slow > 0 || late) {
		if (asked < 0)
			pause = backoff_ms(s, SMS_SLOW_MS, send->slow, SMS_SLOW_MAX_MS);
		send->slow++;
	}
	send->due = mono_add(now, pause);
	send->state = mono_due(send->due, mono_add(t->taken_at, SMS_LIFE_MS)) ? SEND_DROPPED
									      : SEND_WAITING;
}

void sms_result(struct sms *s, struct mono now, uint32_t text, uint32_t contact,
		enum sms_outcome outcome, int64_t retry_after_ms)
{
	struct sms_text *t = &s->text[text];
	struct sms_send *send = &t->to[contact];

	CHECK(text < SMS_TEXTS_MAX && contact < s->contacts);
	CHECK(send->state == SEND_FLYING && s->flying > 0);
	s->flying--;
	switch (outcome) {
	case SMS_ACCEPTED:
		send->state = SEND_ACCEPTED;
		break;
	case SMS_REFUSED:
		send->state = SEND_REFUSED;
		break;
	case SMS_TROUBLE:
		send_again(s, now, t, send, retry_after_ms);
		break;
	}
	if (!t->name.cleared && text_other(s, t) != NULL)
		text_give_way(s, t);
	else
		text_finish(s, t);
}

/* ---- what shopd is told ---- */

bool sms_report(const struct sms *s, struct sms_report *ret)
{
	bool sent;

	for (uint32_t i = 0; i < SMS_DONE_MAX; i++) {
		const struct sms_done *d = &s->done[i];

		if (d->name.alarm != 0 && !d->told) {
			*ret = (struct sms_report){.name = d->name, .sent = d->sent};
			return true;
		}
	}
	for (uint32_t i = 0; i < SMS_TEXTS_MAX; i++) {
		const struct sms_text *t = &s->text[i];

		if (t->name.alarm != 0 && !is_notice(t) && text_verdict(s, t, &sent) &&
		    !text_told(t, sent)) {
			*ret = (struct sms_report){.name = t->name, .sent = sent};
			return true;
		}
	}
	return false;
}

void sms_reported(struct sms *s, const struct sms_report *report)
{
	struct sms_text *t = text_find(s, &report->name);
	struct sms_done *done = done_find(s, &report->name);

	if (t != NULL) {
		t->told = true;
		t->told_sent = report->sent;
	} else if (done != NULL) {
		done->told = true;
	}
}
