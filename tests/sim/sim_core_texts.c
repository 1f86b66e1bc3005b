/*
 * sim_core_texts.c: who is told, and what they say. A courierd that drops what it was told to drop,
 * dies, and has roads that take their time; people who answer, or guess. Every text that the shop
 * asks for is counted here as its receiver would count it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/alarm_rules.h"
#include "sim_core.h"

#define HOUR_MS	  3600000
#define GATHER_MS 10000 /* what comes so soon after each other may be told together */
#define SINGLES	  3	/* after so many of them */
#define AGAIN_MS  25000
#define COPY_MS	  30000 /* by when a copy has left, or need not */
#define GUESSES	  5

static const char *const people[CONTACTS_MAX] = {"anna", "bo",	 "cia", "dan",
						 "eva",	 "fred", "gun", "hans"};

static bool one_in(struct world *w, uint64_t n)
{
	return world_draw(w, n) == 0;
}

static uint32_t person(const char *name)
{
	uint32_t i = 0;

	while (i < CONTACTS_MAX && strcmp(people[i], name) != 0)
		i++;
	return i;
}

/* --- who is told
 * ------------------------------------------------------------------------------------ */

static struct hours draw_hours(struct world *w)
{
	uint16_t open = (uint16_t)(60 * world_draw(w, 24));

	if (one_in(w, 2))
		return (struct hours){0, 0};
	return (struct hours){open, (uint16_t)((open + 60 * (1 + world_draw(w, 22))) % 1440)};
}

static void draw_person(struct world *w, uint32_t i)
{
	struct contact *c = &w->texts.person[i].contact;

	*c = (struct contact){.role = (enum contact_role)world_draw(w, CONTACT_ROLES),
			      .step = (uint8_t)(1 + world_draw(w, 3)),
			      .hours = draw_hours(w),
			      .least = one_in(w, 3) ? (enum severity)world_draw(w, SEVERITIES)
						    : SEVERITY_NOTICE};
	snprintf(c->name, sizeof(c->name), "%s", people[i]);
	w->texts.person[i].named = true;
}

static void draw_contacts(struct world *w)
{
	uint32_t contacts = one_in(w, 12) ? 0 : 1 + (uint32_t)world_draw(w, CONTACTS_MAX);

	w->texts.roads = 1 + (uint32_t)world_draw(w, 3);
	for (uint32_t i = 0; i < contacts; i++)
		draw_person(w, i);
}

void texts_draw(struct world *w, struct shop_config *c)
{
	c->ladder = ladder_config_default();
	for (uint32_t i = 1; i < SEVERITIES; i++)
		c->ladder.step_ms[i] = one_in(w, 6) ? 0 : 60000 * (1 + (int64_t)world_draw(w, 20));
	c->ladder.quiet = draw_hours(w);
	c->ladder.quiet_below = (enum severity)world_draw(w, SEVERITIES);
	c->ladder.rehearse_days = (uint16_t)world_draw(w, 2);
	c->ladder.rehearse_at = (uint16_t)world_draw(w, 1440);
	c->ladder.rehearse_wait_ms = 60000 * (1 + (int64_t)world_draw(w, 60));
	draw_contacts(w);
}

static bool is_on_duty(const struct world *w, const struct hours *h)
{
	uint16_t minute = w->event.now.minute_of_week % 1440;

	if (h->open == h->close)
		return true;
	if (h->open < h->close)
		return minute >= h->open && minute < h->close;
	return minute >= h->open || minute < h->close;
}

static bool is_quiet(const struct world *w, enum severity severity)
{
	const struct ladder_config *c = &w->shop.config.ladder;

	return c->quiet.open != c->quiet.close && severity < c->quiet_below &&
	       is_on_duty(w, &c->quiet);
}

/* --- what was told
 * ------------------------------------------------------------------------------------ */

static struct world_alarm *known(struct world *w, struct alarm_id id)
{
	struct world_texts *t = &w->texts;

	for (uint32_t i = t->alarms; i > 0; i--)
		if (t->alarm[i - 1].id.n == id.n)
			return &t->alarm[i - 1];
	t->alarm = world_room(t->alarm, t->alarms, &t->alarms_room, sizeof(*t->alarm));
	t->alarm[t->alarms] = (struct world_alarm){.id = id};
	return &t->alarm[t->alarms++];
}

static const struct alarm *listed(const struct world *w, struct alarm_id id)
{
	const struct alarm *a;

	for (uint32_t i = 0; (a = shop_alarm_at(&w->shop, i)); i++)
		if (a->id.n == id.n)
			return a;
	return NULL;
}

/* An answer is still wanted. */
static bool calls(const struct alarm *a)
{
	const struct alarm_rule *rule = alarm_rule(a->condition);

	return !rule->silent && !a->acknowledged && !a->over && (a->active || !rule->ends_cleared);
}

/* Texts of this hour that have left; `most`: or may have, or still may. */
static uint32_t places(const struct world *w, uint32_t who, bool most)
{
	uint32_t n = 0;

	for (uint32_t i = w->texts.count; i > 0; i--) {
		const struct world_text *x = &w->texts.text[i - 1];
		bool fresh = w->mono.ms - x->at_ms <= HOUR_MS;

		if (x->person != who)
			continue;
		n += (x->state == TEXT_WAITS && (!x->again || fresh)) ||
		     (x->state == TEXT_IS_GONE && fresh) ||
		     (most && (x->state == TEXT_LOST || fresh));
	}
	return n;
}

static uint32_t hour(const struct world *w, uint32_t who)
{
	uint32_t n = 0;

	for (uint32_t i = w->texts.count; i > 0; i--) {
		const struct world_text *x = &w->texts.text[i - 1];

		n += x->person == who && x->state == TEXT_IS_GONE &&
		     w->mono.ms - x->at_ms <= HOUR_MS;
	}
	return n;
}

/* "No person gets more than TEXTS_AN_HOUR in any hour." */
static void check_hour(struct world *w, uint32_t who)
{
	uint32_t n = hour(w, who);

	if (n > TEXTS_AN_HOUR)
		world_fail(w, "%s gets %u texts in an hour", people[who], n);
	if (n > w->hour_max)
		w->hour_max = n;
}

/* --- courierd
 * ------------------------------------------------------------------------------------ */

static struct world_text *some_text(struct world *w, enum world_text_state state)
{
	for (uint32_t i = w->texts.count; i > 0; i--)
		if (w->texts.text[i - 1].state == state && !one_in(w, 3))
			return &w->texts.text[i - 1];
	return NULL;
}

/* The same text to the same person, the newest. */
static struct world_text *newest(struct world *w, struct alarm_id id, enum text_kind kind,
				 uint32_t who)
{
	for (uint32_t i = w->texts.count; i > 0; i--) {
		struct world_text *x = &w->texts.text[i - 1];

		if (x->person == who && x->alarm.n == id.n && x->kind == kind && !x->again)
			return x;
	}
	return NULL;
}

static void becomes(struct world *w, struct world_text *x, enum world_text_state state)
{
	x->state = state;
	x->at_ms = w->mono.ms;
}

static void says(struct world *w, const struct world_text *x, enum text_outcome outcome)
{
	struct event *e = world_event(w, EVENT_NOTIFIED);

	e->notified.alarm = x->alarm;
	e->notified.kind = x->kind;
	snprintf(e->notified.contact, sizeof(e->notified.contact), "%s", people[x->person]);
	e->notified.outcome = outcome;
	e->notified.road = w->texts.roads == 2 ? SMS_BY_MODEM : SMS_BY_GATEWAY;
	e->notified.texts = outcome == TEXT_STUCK ? 0 : 1 + x->again;
	world_step(w);
}

static void road_takes(struct world *w)
{
	struct world_text *x = some_text(w, TEXT_WAITS);

	if (!x)
		return;
	if (one_in(w, 6)) {
		says(w, x, TEXT_STUCK);
		return;
	}
	if (x->again &&
	    (hour(w, x->person) >= TEXTS_AN_HOUR || w->mono.ms - x->asked_ms > COPY_MS)) {
		becomes(w, x, TEXT_DROPPED); /* courierd counts its copies by itself */
		return;
	}
	becomes(w, x, TEXT_IS_GONE);
	check_hour(w, x->person);
	says(w, x, TEXT_LEFT);
}

static void road_delivers(struct world *w)
{
	const struct world_text *x = some_text(w, TEXT_IS_GONE);

	if (x && x == newest(w, x->alarm, x->kind, x->person))
		says(w, x, TEXT_DELIVERED);
}

/* Of a text that nobody asked for, in words that nobody knows. */
static void road_lies(struct world *w)
{
	struct event *e = world_event(w, EVENT_NOTIFIED);
	uint64_t what = world_draw(w, 3);

	e->notified.alarm.n = what == 0 ? UINT64_MAX - world_draw(w, 9) : world_draw(w, 30);
	e->notified.kind = (enum text_kind)(what == 1 ? TEXT_KINDS + world_draw(w, 99) : 0);
	snprintf(e->notified.contact, sizeof(e->notified.contact), "%s",
		 what == 2 ? "nobody" : people[world_draw(w, CONTACTS_MAX)]);
	e->notified.outcome = (enum text_outcome)world_draw(w, 9);
	e->notified.road = (enum sms_road)world_draw(w, 4);
	e->notified.texts = (uint32_t)world_draw(w, 1ULL << 32);
	world_step(w);
}

static void name_contacts(struct world *w)
{
	struct event *e = world_event(w, EVENT_CONTACTS);

	for (uint32_t i = 0; i < CONTACTS_MAX; i++)
		if (w->texts.person[i].named)
			e->contacts.contact[e->contacts.contacts++] = w->texts.person[i].contact;
	e->contacts.roads = w->texts.roads;
	w->texts.said = true;
	w->texts.away = false;
	world_step(w);
}

/* It has forgotten what it has not sent, and says before all else who is to be told. */
static void courierd_comes(struct world *w)
{
	for (uint32_t i = 0; i < w->texts.count; i++)
		if (w->texts.text[i].state == TEXT_WAITS)
			becomes(w, &w->texts.text[i], TEXT_LOST);
	w->texts.away = true;
	world_event(w, EVENT_COURIER_UP);
	world_step(w);
	if (one_in(w, 4)) {
		uint32_t i = (uint32_t)world_draw(w, CONTACTS_MAX);

		draw_person(w, i);
		for (uint32_t k = 0; k < w->texts.alarms; k++)
			w->texts.alarm[k].moved |= 1U << i;
	}
	name_contacts(w);
}

void texts_start(struct world *w)
{
	if (!one_in(w, 20))
		courierd_comes(w);
}

/* --- people
 * ------------------------------------------------------------------------------------ */

static void reply(struct world *w, uint32_t who, uint32_t code)
{
	struct event *e = world_event(w, EVENT_REPLY);

	snprintf(e->reply.contact, sizeof(e->reply.contact), "%s", people[who]);
	e->reply.code = code;
	e->reply.road = (enum sms_road)world_draw(w, SMS_ROADS);
	world_step(w);
}

/* Now and then it is one who tries codes until one fits. */
static void somebody_answers(struct world *w)
{
	uint32_t open = shop_alarms_open(&w->shop);
	const struct alarm *a = shop_alarm_at(&w->shop, (uint32_t)world_draw(w, open + 2));
	uint32_t who = (uint32_t)world_draw(w, CONTACTS_MAX), code = a ? a->code : 0;
	uint64_t guesses = one_in(w, 3) ? 1 + one_in(w, 4) * world_draw(w, 8) : 0;

	for (uint64_t i = 0; i < guesses; i++)
		reply(w, who, (uint32_t)world_draw(w, 900000));
	if (a && (guesses == 0 || one_in(w, 2)))
		reply(w, who, code);
}

void texts_happen(struct world *w)
{
	switch (world_draw(w, 12)) {
	case 0:
		somebody_answers(w);
		return;
	case 1:
		road_delivers(w);
		return;
	case 2:
		if (one_in(w, 3))
			courierd_comes(w);
		return;
	case 3:
		if (one_in(w, 3))
			road_lies(w);
		return;
	case 4:
		if (one_in(w, 8)) {
			world_event(w, EVENT_REHEARSE);
			world_step(w);
		}
		return;
	default:
		road_takes(w);
		return;
	}
}

/* --- a text that is asked for
 * ------------------------------------------------------------------------------------ */

static bool may_be_told(const struct world *w, uint32_t who, const struct alarm *a)
{
	const struct world_person *p = &w->texts.person[who];

	return p->named && (a->severity >= p->contact.least || a->severity == SEVERITY_EMERGENCY ||
			    a->condition == CONDITION_REHEARSAL);
}

/* Somebody who may be told of it is on duty. */
static bool any_on_duty(const struct world *w, const struct alarm *a)
{
	for (uint32_t i = 0; i < CONTACTS_MAX; i++)
		if (may_be_told(w, i, a) && is_on_duty(w, &w->texts.person[i].contact.hours))
			return true;
	return false;
}

static bool may_be_called(const struct world *w, uint32_t who, const struct alarm *a)
{
	return may_be_told(w, who, a) &&
	       (is_on_duty(w, &w->texts.person[who].contact.hours) || !any_on_duty(w, a));
}

/* Each severity may use three places of the hour and one more a degree; what is graver than all
 * that was sent always goes. */
static void check_place(struct world *w, const struct effect_notify *n, uint32_t who)
{
	bool gravest = true;

	for (uint32_t i = w->texts.count; i > 0; i--) {
		const struct world_text *x = &w->texts.text[i - 1];
		bool counts = x->state == TEXT_WAITS ||
			      (x->state == TEXT_IS_GONE && w->mono.ms - x->at_ms <= HOUR_MS);

		if (x->person == who && counts && x->severity >= n->severity)
			gravest = false;
	}
	if (!gravest && places(w, who, false) >= 3U + (uint32_t)n->severity)
		world_fail(w, "%s is sent too many texts so grave", people[who]);
}

static void check_raised(struct world *w, const struct effect_notify *n, uint32_t who,
			 const struct alarm *a)
{
	if (!calls(a))
		world_fail(w, "alarm %llu is told though it was answered, or is over",
			   (unsigned long long)a->id.n);
	if (is_quiet(w, a->severity))
		world_fail(w, "%s is woken in the quiet hours", people[who]);
	if (!may_be_told(w, who, a) && !(known(w, a->id)->moved >> who & 1))
		world_fail(w, "%s is told of what is not grave enough", people[who]);
	if (n->kind == TEXT_GROUP && n->count < 2)
		world_fail(w, "a group of %u", n->count);
}

/* The first text about it, to anybody, is so old. */
static bool is_long_unanswered(const struct world *w, struct alarm_id id)
{
	for (uint32_t i = 0; i < w->texts.count; i++)
		if (w->texts.text[i].alarm.n == id.n &&
		    w->mono.ms - w->texts.text[i].asked_ms >= AGAIN_MS)
			return true;
	return false;
}

static void check_copy(struct world *w, const struct effect_notify *n, uint32_t who)
{
	struct world_alarm *k = known(w, n->alarm);
	const struct world_text *first = newest(w, n->alarm, n->kind, who);

	if (n->severity != SEVERITY_EMERGENCY || n->kind != TEXT_RAISED)
		world_fail(w, "a copy of what is no emergency");
	if (w->texts.roads != 3)
		world_fail(w, "a copy by a road that is not there");
	if (k->copy >> who & 1)
		world_fail(w, "a second copy");
	if (!first || !is_long_unanswered(w, n->alarm))
		world_fail(w, "a copy too early");
	k->copy |= 1U << who;
	w->copies++;
}

static void check_end(struct world *w, const struct effect_notify *n, uint32_t who,
		      const struct alarm *a)
{
	const struct world_alarm *k = known(w, a->id);

	if (n->kind == TEXT_OVER && (a->active || !alarm_rule(a->condition)->ends_cleared))
		world_fail(w, "alarm %llu is not over", (unsigned long long)a->id.n);
	if (n->kind == TEXT_TAKEN && (!a->acknowledged || strcmp(a->by, n->by) != 0))
		world_fail(w, "nobody of that name has answered");
	if (n->kind == TEXT_TAKEN && strcmp(n->by, people[who]) == 0)
		world_fail(w, "%s is told what they did", people[who]);
	if (!k->before && !(k->told >> who & 1))
		world_fail(w, "%s is told of the end of what they never heard of", people[who]);
}

/* All that this text may be about: a group does not name them. */
static void cover(struct world *w, struct world_text *x, const struct alarm *a)
{
	struct world_alarm *k;

	if (x->kind != TEXT_RAISED && x->kind != TEXT_GROUP)
		return;
	if (x->kind == TEXT_RAISED) {
		known(w, a->id)->told |= 1U << x->person;
		x->cover[x->covers++] = a->id;
		return;
	}
	for (uint32_t i = 0; i < w->shop.alarms.count; i++) {
		const struct alarm *b = &w->shop.alarms.alarm[i];

		k = known(w, b->id);
		if (!calls(b))
			continue;
		k->told |= 1U << x->person;
		x->cover[x->covers++] = b->id;
	}
}

static void asked(struct world *w, const struct effect_notify *n)
{
	struct world_texts *t = &w->texts;
	const struct alarm *a = listed(w, n->alarm);
	uint32_t who = person(n->contact);
	struct world_text *x;

	if (!a || who == CONTACTS_MAX || !t->person[who].named) {
		world_fail(w, "a text about nothing, or to nobody");
		return;
	}
	x = newest(w, n->alarm, n->kind, who);
	if (!n->again && x && (x->state == TEXT_WAITS || x->state == TEXT_LOST)) {
		if (x->state == TEXT_LOST)
			becomes(w, x, TEXT_WAITS); /* the very same */
		return;
	}
	if (!n->again && x && x->kind == TEXT_RAISED && w->mono.ms - x->asked_ms < 60000)
		world_fail(w, "%s is told twice in a minute", people[who]);
	if (n->again)
		check_copy(w, n, who);
	check_place(w, n, who);
	if (n->kind == TEXT_RAISED || n->kind == TEXT_GROUP)
		check_raised(w, n, who, a);
	else
		check_end(w, n, who, a);
	t->text = world_room(t->text, t->count, &t->room, sizeof(*t->text));
	x = &t->text[t->count++];
	*x = (struct world_text){.alarm = n->alarm,
				 .kind = n->kind,
				 .severity = n->severity,
				 .person = who,
				 .again = n->again,
				 .at_ms = w->mono.ms,
				 .asked_ms = w->mono.ms};
	t->person[who].asked_ms = w->mono.ms;
	cover(w, x, a);
	w->told[n->kind]++;
}

static bool is_about(const struct world_text *x, struct alarm_id id)
{
	for (uint32_t i = 0; i < x->covers; i++)
		if (x->cover[i].n == id.n)
			return true;
	return false;
}

/* Whether any text has told this person of the alarm, or still may. */
static bool is_told(const struct world *w, uint32_t who, struct alarm_id id)
{
	for (uint32_t i = 0; i < w->texts.count; i++) {
		const struct world_text *x = &w->texts.text[i];

		if (x->person == who && x->state != TEXT_DROPPED && is_about(x, id))
			return true;
	}
	return false;
}

static void enough(struct world *w, struct alarm_id id)
{
	for (uint32_t i = 0; i < w->texts.count; i++) {
		struct world_text *x = &w->texts.text[i];

		if (x->alarm.n != id.n || x->state != TEXT_WAITS)
			continue;
		becomes(w, x, TEXT_DROPPED);
		for (uint32_t k = 0; k < x->covers; k++)
			if (!is_told(w, x->person, x->cover[k]))
				known(w, x->cover[k])->told &= ~(1U << x->person);
	}
}

/* --- nobody was told
 * ------------------------------------------------------------------------------------ */

static uint8_t first_step(const struct world *w, const struct alarm *a)
{
	uint8_t step = UINT8_MAX;

	for (uint32_t i = 0; i < CONTACTS_MAX; i++)
		if (may_be_called(w, i, a) && w->texts.person[i].contact.step < step)
			step = w->texts.person[i].contact.step;
	return step;
}

/* Whoever was on duty on the first step when it was raised; later ones are for the ladder's pauses.
 */
static void call_first(struct world *w, const struct alarm *a)
{
	uint8_t step = first_step(w, a);
	struct world_alarm *k = known(w, a->id);

	k->seen = true;
	for (uint32_t i = 0; i < CONTACTS_MAX; i++)
		if (may_be_called(w, i, a) && w->texts.person[i].contact.step == step)
			k->first |= 1U << i;
}

/* "An alarm of severity >= urgent that holds and is unanswered is told to somebody on duty within
 * the step where a place is free." */
static void check_told(struct world *w, const struct alarm *a)
{
	struct world_alarm *k = known(w, a->id);

	if (a->severity < SEVERITY_URGENT || !calls(a) || is_quiet(w, a->severity))
		return;
	if (!k->seen)
		call_first(w, a);
	if (k->told != 0 || (k->before && a->state != ALARM_RAISED))
		return;
	for (uint32_t i = 0; i < CONTACTS_MAX; i++) {
		uint32_t used = places(w, i, true);
		bool gathers =
			used >= SINGLES && w->mono.ms - w->texts.person[i].asked_ms < GATHER_MS;

		if (((k->first & ~k->moved) >> i & 1) && may_be_called(w, i, a) &&
		    used < 3U + (uint32_t)a->severity && !gathers)
			world_fail(w, "%s is not told of %s", people[i],
				   condition_word(a->condition));
	}
}

/* --- answers
 * ------------------------------------------------------------------------------------ */

/* Whether this reply is one that counts; a code that is none is remembered. */
static bool may_answer(struct world *w, const struct event_reply *e, const struct alarm *a)
{
	struct world_person *p = &w->texts.person[person(e->contact)];

	if (!p->named || !w->texts.said)
		return false;
	if (p->guesses > 0 && w->mono.ms - p->guessed_ms >= HOUR_MS)
		p->guesses = 0;
	if (p->guesses >= GUESSES)
		return false;
	if (a && a->code == e->code)
		return true;
	if (p->guesses++ == 0)
		p->guessed_ms = w->mono.ms;
	w->guesses++;
	return false;
}

/* An answer to a text about several holds for all of them, also when the one that it named is over.
 */
static bool answered_together(const struct world *w, const struct alarm *a, const struct alarm *old)
{
	const struct event_reply *e = &w->event.reply;
	const struct ladder *l = &w->shop.ladder;

	for (uint32_t i = 0; old && i < l->contacts; i++)
		if (strcmp(l->contact[i].name, e->contact) == 0)
			return a->call.group[i].n == old->id.n && strcmp(a->by, e->contact) == 0;
	return false;
}

static void check_answers(struct world *w)
{
	const struct event *e = &w->event;
	const struct alarm *a = NULL, *meant = NULL, *old = NULL;
	bool may = e->kind == EVENT_ALARM_ACK || e->kind == EVENT_START;

	for (uint32_t i = 0; e->kind == EVENT_REPLY && (a = shop_alarm_at(&w->shop, i)); i++)
		if (a->code == e->reply.code)
			meant = a;
	/* that of one that is over is no guess: others may have been told of with it */
	if (e->kind == EVENT_REPLY)
		may = may_answer(w, &e->reply, meant);
	if (e->kind == EVENT_REPLY && may && !meant->over && !meant->acknowledged)
		world_fail(w, "an answer that is not heard");
	for (uint32_t i = 0; (a = shop_alarm_at(&w->shop, i)); i++) {
		struct world_alarm *k = known(w, a->id);

		if (a->by[0] != 0 && !k->answered && !may && !answered_together(w, a, old))
			world_fail(w, "alarm %llu was answered by nobody",
				   (unsigned long long)a->id.n);
		w->answers += a->by[0] != 0 && !k->answered && e->kind == EVENT_REPLY;
		k->answered = a->by[0] != 0;
	}
}

/* --- after a step
 * ------------------------------------------------------------------------------------ */

/* Nobody remembers what was told before; the alarms' states say that it was. */
static void begin(struct world *w)
{
	struct world_texts *t = &w->texts;
	const struct alarm *a;

	t->count = 0;
	t->said = false;
	for (uint32_t i = 0; (a = shop_alarm_at(&w->shop, i)); i++) {
		struct world_alarm *k = known(w, a->id);

		*k = (struct world_alarm){.id = a->id, .before = true, .answered = a->by[0] != 0};
	}
	for (uint32_t i = 0; i < CONTACTS_MAX; i++) {
		t->person[i].guesses = 0;
		t->person[i].asked_ms = INT64_MIN / 2;
	}
}

void texts_after(struct world *w)
{
	if (w->event.kind == EVENT_START)
		begin(w);
	if (w->event.kind == EVENT_STOP)
		return;
	check_answers(w);
	for (uint32_t i = 0; i < w->effects.nows; i++) {
		const struct effect *e = &w->effects.now[i];

		if (e->kind == EFFECT_NOTIFY)
			asked(w, &e->notify);
		else if (e->kind == EFFECT_ENOUGH)
			enough(w, e->enough.alarm);
	}
	if (w->shop.alarms.count > w->alarms_max)
		w->alarms_max = w->shop.alarms.count;
	if (shop_deadline(&w->shop).ms <= w->mono.ms || !w->texts.said || w->texts.away)
		return;
	for (uint32_t i = 0; i < w->shop.alarms.count; i++)
		check_told(w, &w->shop.alarms.alarm[i]);
}
