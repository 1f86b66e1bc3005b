/*
 * test_courierd_sms_model.c: the courier's decisions against a world that has every fault at
 * random: two roads that take, lose, lie, refuse, hang, are dead and come back, people who answer,
 * a shopd that asks again. What must hold is looked at after every event; MODEL_SEED=n runs one
 * world.
 *
 * Time is virtual: nothing here sleeps.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "courierd/sms.h"

enum {
#ifdef __SANITIZE_ADDRESS__
	WORLDS = 3, /* each takes ten times as long */
#else
	WORLDS = 12,
#endif
	ORDERS = 400, /* of one world */
	FLIGHTS_MAX = SMS_ROADS * SMS_FLYING_MAX,
	SENDS_MAX = 40, /* of one order that are remembered */
	PEOPLE = CONTACTS_MAX,
	BOTH = 1 << SMS_BY_GATEWAY | 1 << SMS_BY_MODEM,
};

/** How a road behaves for a while. */
enum mood {
	MOOD_GOOD = 0,
	MOOD_LOSES,   /* takes it, and it never comes to the phone */
	MOOD_FAILS,   /* takes it, and says later that it failed */
	MOOD_LIES,    /* loses it, and says that it was delivered */
	MOOD_MUTE_ID, /* takes it and gives it no name */
	MOOD_REFUSES, /* 400 */
	MOOD_BARS,    /* 403 */
	MOOD_BUSY,    /* 429, 5xx */
	MOOD_HANGS,   /* answers nothing, and has not taken it */
	MOOD_KEEPS,   /* answers nothing, and has taken it */
	MOOD_DEAD,    /* a cut line; a modem that is not ready */
	MOODS,
};

/** What shopd asked for once. */
struct asked {
	struct sms_name name;
	enum severity severity;
	struct mono at;
	bool enough, blocked, crowded, deaf; /* crowded, deaf: no promise about the other road */
	bool looked;			     /* the 30 s are over and were looked at */
	uint32_t sends;
	struct mono send_at[SENDS_MAX];
	uint32_t may; /* sends that may have arrived */
	struct mono may_at[SENDS_MAX];
	uint32_t by[SMS_ROADS];
	bool taken, taken_by_modem, delivered, fails;
	uint32_t after_taken; /* and may have arrived once more */
	enum text_outcome told;
	bool ever_told;
};

struct flight {
	bool on;
	uint32_t text, order;
	enum sms_road road;
	struct mono ends;
	enum sms_try how;
	bool arrives, arrived;
	char id[GATEWAY_ID_MAX + 1];
};

struct question {
	bool on;
	uint32_t text;
	struct mono ends;
	enum sms_delivery what;
};

static struct sms s;
static struct mono now, look_at, mood_until[SMS_ROADS];
static enum mood mood[SMS_ROADS];
static bool modem_ready, healing;
static struct asked asked[ORDERS];
static uint32_t orders, roads, looked_at_30;
static struct flight flight[FLIGHTS_MAX];
static struct question question[SMS_ASKING_MAX];
static uint64_t seed, random_state;
static uint32_t arrivals_of[PEOPLE];
static struct mono arrival[PEOPLE][ORDERS * 8];

static uint32_t draw(uint32_t below)
{
	random_state += UINT64_C(0x9e3779b97f4a7c15);
	uint64_t z = (random_state ^ random_state >> 30) * UINT64_C(0xbf58476d1ce4e5b9);

	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return (uint32_t)((z ^ z >> 31) % below);
}

#define MUST(cond, ...)                                                                            \
	do {                                                                                       \
		if (!(cond)) {                                                                     \
			print_message("seed %u at %lld ms: %s\n", (unsigned)seed,                  \
				      (long long)now.ms, #cond);                                   \
			fail_msg(__VA_ARGS__);                                                     \
		}                                                                                  \
	} while (0)

static bool name_is(const struct sms_name *a, const struct sms_name *b)
{
	return a->alarm == b->alarm && a->kind == b->kind && a->contact == b->contact;
}

/** The newest asking of this name. */
static struct asked *asked_find(const struct sms_name *name)
{
	for (uint32_t i = orders; i > 0; i--)
		if (name_is(&asked[i - 1].name, name))
			return &asked[i - 1];
	return NULL;
}

/* ---- the people's phones ---- */

static void arrives(uint32_t contact)
{
	MUST(arrivals_of[contact] < ORDERS * 8, "too many texts");
	arrival[contact][arrivals_of[contact]++] = now;
}

static uint32_t last_hour(uint32_t contact)
{
	uint32_t count = 0;

	for (uint32_t i = arrivals_of[contact]; i > 0; i--) {
		if (now.ms - arrival[contact][i - 1].ms >= SMS_HOUR_MS)
			break;
		count++;
	}
	return count;
}

static uint32_t flying_to(uint32_t contact)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < FLIGHTS_MAX; i++)
		count += flight[i].on && !flight[i].arrived &&
			 asked[flight[i].order].name.contact == contact;
	return count;
}

/* ---- the roads ---- */

static void mood_turn(enum sms_road road)
{
	mood[road] = healing || draw(3) == 0 ? MOOD_GOOD : (enum mood)draw(MOODS);
	mood_until[road] = mono_add(now, 5000 + draw(draw(2) ? 60000 : 1800000));
	if (road == SMS_BY_MODEM && (roads & 1 << SMS_BY_MODEM) != 0) {
		modem_ready = mood[road] != MOOD_DEAD;
		sms_modem(&s, now, modem_ready);
		for (uint32_t i = 0; !modem_ready && i < orders; i++)
			asked[i].deaf |= now.ms - asked[i].at.ms <= SMS_STUCK_MS;
	}
}

static void fly(struct flight *f)
{
	bool modem = f->road == SMS_BY_MODEM;
	int64_t hang = modem ? 25000 : 8000;

	f->on = true;
	f->ends = mono_add(now, 20 + draw(modem ? 5000 : 400));
	f->how = TRY_TAKEN;
	snprintf(f->id, sizeof(f->id), "%s", modem ? "" : "s1");
	switch (mood[f->road]) {
	case MOOD_GOOD:
		f->arrives = true;
		return;
	case MOOD_MUTE_ID:
		f->arrives = true;
		f->id[0] = '\0';
		return;
	case MOOD_LOSES:
	case MOOD_FAILS:
	case MOOD_LIES:
		return;
	case MOOD_REFUSES:
		f->how = TRY_REFUSED;
		return;
	case MOOD_BARS:
		f->how = TRY_BARRED;
		return;
	case MOOD_BUSY:
		f->how = TRY_BUSY;
		return;
	case MOOD_KEEPS:
		arrives(asked[f->order].name.contact);
		f->arrived = true;
		f->how = TRY_DOUBT;
		f->ends = mono_add(now, hang);
		return;
	case MOOD_HANGS:
		f->how = TRY_DOUBT;
		f->ends = mono_add(now, hang);
		return;
	case MOOD_DEAD:
		f->how = TRY_NO_WAY;
		f->ends = mono_add(now, draw(4000));
		return;
	case MOODS:
		break;
	}
	fail_msg("no such mood");
}

/* ---- what leaves ---- */

/** A text begins to leave: what must hold of that. */
static void send_begins(struct asked *a, const struct sms_due *due)
{
	uint32_t recent = 0, flies = 0, used;

	MUST(!a->enough, "alarm %llu was answered", (unsigned long long)a->name.alarm);
	MUST((roads & 1U << due->road) != 0, "no such road");
	MUST(due->road != SMS_BY_MODEM || modem_ready, "the modem is not ready");
	for (uint32_t i = 0; i < FLIGHTS_MAX; i++)
		flies += flight[i].on && &asked[flight[i].order] == a;
	for (uint32_t i = 0; i < a->may; i++)
		recent += now.ms - a->may_at[i].ms < SMS_SAME_MS;
	if (roads == BOTH)
		MUST(recent + flies < 2, "a third copy of %llu", (unsigned long long)a->name.alarm);
	MUST(!a->taken || a->after_taken + flies == 0, "two more after one was taken");
	used = last_hour(a->name.contact) + flying_to(a->name.contact);
	if (a->may + flies > 0)
		MUST(used < TEXTS_AN_HOUR, "a duplicate is the %u. in the hour", used + 1);
	MUST(a->sends < SENDS_MAX || now.ms - a->at.ms > SMS_HOUR_MS, "too many tries");
	if (a->sends < SENDS_MAX)
		a->send_at[a->sends] = now;
	a->sends++;
	a->by[due->road]++;
}

/** Nothing graver that was never tried could have gone by this road instead. */
static void the_gravest_goes_first(const struct sms_due *due)
{
	const struct sms_text *this = &s.text[due->text];

	for (uint32_t i = 0; i < SMS_TEXTS_MAX; i++) {
		const struct sms_text *t = &s.text[i];
		const struct sms_leg *leg = &t->leg[due->road];

		if (t == this || t->name.alarm == 0 || (t->name.alarm & SMS_NOTICE) != 0 ||
		    t->name.kind != TEXT_RAISED || t->enough)
			continue;
		if (t->leg[0].tries + t->leg[1].tries > 0 || !mono_due(now, leg->due) ||
		    t->road != due->road)
			continue;
		MUST(this->name.kind == TEXT_RAISED && this->severity >= t->severity,
		     "%llu goes before %llu", (unsigned long long)this->name.alarm,
		     (unsigned long long)t->name.alarm);
	}
}

static void texts_leave(void)
{
	struct sms_due due;

	while (sms_next(&s, now, &due)) {
		struct asked *a = asked_find(&due.name);
		uint32_t i = 0;

		the_gravest_goes_first(&due);
		MUST(a != NULL, "nobody asked for %llu", (unsigned long long)due.name.alarm);
		send_begins(a, &due);
		while (i < FLIGHTS_MAX && flight[i].on)
			i++;
		MUST(i < FLIGHTS_MAX &&
			     s.flying[due.road] <=
				     (due.road == SMS_BY_MODEM ? SMS_AIR_MAX : SMS_FLYING_MAX),
		     "too many fly");
		flight[i] = (struct flight){
			.text = due.text, .order = (uint32_t)(a - asked), .road = due.road};
		fly(&flight[i]);
	}
}

static void questions_leave(void)
{
	struct sms_asked q;

	while (sms_ask(&s, now, &q)) {
		uint32_t i = 0;

		MUST(q.id[0] != '\0', "a question about a text without a name");
		while (i < SMS_ASKING_MAX && question[i].on)
			i++;
		MUST(i < SMS_ASKING_MAX, "too many questions");
		question[i] = (struct question){.on = true,
						.text = q.text,
						.ends = mono_add(now, 20 + draw(1000)),
						.what = DELIVERY_WAITING};
		switch (mood[SMS_BY_GATEWAY]) {
		case MOOD_GOOD:
		case MOOD_LIES:
			question[i].what = DELIVERY_DONE;
			break;
		case MOOD_FAILS:
			question[i].what = DELIVERY_FAILED;
			break;
		case MOOD_LOSES:
			break;
		case MOOD_MUTE_ID:
		case MOOD_REFUSES:
		case MOOD_BARS:
		case MOOD_BUSY:
		case MOOD_HANGS:
		case MOOD_KEEPS:
		case MOOD_DEAD:
		case MOODS:
			question[i].what = DELIVERY_UNKNOWN;
			break;
		}
	}
}

/* ---- shopd ---- */

static void shopd_hears(void)
{
	struct sms_report report;
	enum sms_road road;
	bool failing;

	while (sms_report(&s, &report)) {
		struct asked *a = asked_find(&report.name);

		MUST(a != NULL && report.texts <= 2, "an odd report");
		if (a->taken && !a->fails)
			MUST(report.outcome != TEXT_STUCK, "%llu was taken",
			     (unsigned long long)a->name.alarm);
		if (report.outcome == TEXT_DELIVERED)
			MUST(a->delivered, "nobody said so");
		a->told = report.outcome;
		a->ever_told = true;
		sms_reported(&s, &report);
	}
	while (roads_fault(&s.roads, &road, &failing))
		roads_told(&s.roads, road, failing);
}

/** Whether this name, asked for now, is another text: what was asked for before is done and a
 * minute old, or had to make room. */
static bool is_another(const struct sms_name *name)
{
	for (uint32_t i = 0; i < SMS_TEXTS_MAX; i++) {
		const struct sms_text *t = &s.text[i];
		bool open = t->asking;

		if (!name_is(&t->name, name))
			continue;
		for (uint32_t r = 0; r < SMS_ROADS; r++)
			open |= (roads & 1U << r) != 0 &&
				(t->leg[r].state == LEG_FLYING ||
				 (t->leg[r].state == LEG_OPEN && t->left == 0 && !t->enough));
		return !open && now.ms - t->taken_at.ms >= SMS_SAME_MS;
	}
	return true;
}

/** Asks for a text: a new one, an old one again, or the end of its alarm. */
static void shopd_asks(void)
{
	static uint64_t alarm;
	struct sms_order order = {.words = "words", .prove = draw(20) == 0};
	struct asked *a;

	order.name = (struct sms_name){.alarm = ++alarm, .contact = draw(PEOPLE)};
	order.severity = (enum severity)draw(SEVERITIES);
	if (orders > 0 && draw(3) == 0) {
		a = &asked[orders - 1 - draw(orders < 12 ? orders : 12)];
		order.name = a->name;
		order.severity = a->severity;
		order.again = draw(2) == 0;
		if (draw(3) == 0)
			order.name.kind = draw(2) ? TEXT_OVER : TEXT_TAKEN;
	}
	a = asked_find(&order.name);
	if (a != NULL && a->enough)
		return; /* shopd does not ask for what was answered */
	if (a != NULL && is_another(&a->name))
		a = NULL;
	if (a == NULL) {
		a = &asked[orders++];
		*a = (struct asked){.name = order.name, .severity = order.severity, .at = now};
		a->blocked = order.name.kind != TEXT_RAISED;
		a->deaf = (roads & 1 << SMS_BY_MODEM) != 0 && !modem_ready;
	}
	(void)sms_take(&s, now, &order);
}

static void somebody_answers(void)
{
	uint64_t alarm;

	if (orders == 0)
		return;
	alarm = asked[orders - 1 - draw(orders < 12 ? orders : 12)].name.alarm;
	sms_enough(&s, alarm);
	for (uint32_t i = 0; i < orders; i++)
		if (asked[i].name.alarm == alarm && asked[i].name.kind == TEXT_RAISED)
			asked[i].enough = true;
}

/* ---- time ---- */

/** What this person got within the hour, may have got, and is about to get. */
static uint32_t due_to(uint32_t contact)
{
	uint32_t count = flying_to(contact);

	for (uint32_t i = 0; i < orders; i++) {
		const struct asked *a = &asked[i];

		if (a->name.contact != contact)
			continue;
		for (uint32_t m = 0; m < a->may; m++)
			count += now.ms - a->may_at[m].ms < SMS_HOUR_MS;
		count += !a->looked && !a->enough && a->may == 0;
	}
	return count;
}

static void crowds_are_noted(void)
{
	bool crowd[PEOPLE], full = s.flying[SMS_BY_GATEWAY] >= SMS_FLYING_MAX ||
				   s.flying[SMS_BY_MODEM] >= SMS_AIR_MAX;

	for (uint32_t p = 0; p < PEOPLE; p++)
		crowd[p] = full || due_to(p) >= TEXTS_AN_HOUR;
	for (uint32_t i = 0; i < orders; i++) {
		struct asked *a = &asked[i];

		a->crowded |= !a->looked && crowd[a->name.contact];
	}
}

/** 30 s after it was asked for: it has left for certain, or both roads were tried. */
static void other_road_was_tried(struct asked *a)
{
	bool safe =
		a->taken && (a->severity < SEVERITY_URGENT || a->taken_by_modem || a->delivered);

	a->looked = true;
	if (roads != BOTH || safe || a->enough || a->blocked || a->crowded || a->deaf)
		return;
	looked_at_30++;
	MUST(a->by[SMS_BY_GATEWAY] > 0 && a->by[SMS_BY_MODEM] > 0,
	     "alarm %llu to %u after 30 s: %u by the gateway, %u by the modem, severity %d",
	     (unsigned long long)a->name.alarm, a->name.contact, a->by[SMS_BY_GATEWAY],
	     a->by[SMS_BY_MODEM], a->severity);
}

static void promises_are_due(void)
{
	for (uint32_t i = 0; i < orders; i++) {
		struct asked *a = &asked[i];

		if (a->looked || now.ms - a->at.ms < SMS_STUCK_MS)
			continue;
		other_road_was_tried(a);
		if (!a->taken && !a->enough)
			MUST(a->ever_told, "%llu is stuck and nobody knows",
			     (unsigned long long)a->name.alarm);
	}
}

static void flights_land(void)
{
	for (uint32_t i = 0; i < FLIGHTS_MAX; i++) {
		struct flight *f = &flight[i];
		struct asked *a = &asked[f->order];

		if (!f->on || !mono_due(now, f->ends))
			continue;
		f->on = false;
		if (f->arrives)
			arrives(a->name.contact);
		a->taken_by_modem |= f->how == TRY_TAKEN && f->road == SMS_BY_MODEM;
		if ((f->how == TRY_TAKEN || f->how == TRY_DOUBT) && a->may < SENDS_MAX) {
			a->after_taken += a->taken;
			a->may_at[a->may++] = now;
		}
		a->taken |= f->how == TRY_TAKEN;
		sms_result(&s, now, f->text, f->road, f->how,
			   f->how == TRY_BUSY && draw(2) ? (int64_t)draw(30000) : -1, f->id);
	}
	for (uint32_t i = 0; i < SMS_ASKING_MAX; i++) {
		struct question *q = &question[i];
		struct asked *a;

		if (!q->on || !mono_due(now, q->ends))
			continue;
		q->on = false;
		a = asked_find(&s.text[q->text].name);
		a->delivered |= q->what == DELIVERY_DONE;
		a->fails |= q->what == DELIVERY_FAILED;
		sms_answered(&s, now, q->text, q->what);
	}
}

static void inbox_is_read(void)
{
	if ((roads & 1 << SMS_BY_GATEWAY) == 0 || !mono_due(now, look_at))
		return;
	look_at = mono_add(now, sms_awaits(&s, now) ? 30000 : 60000);
	sms_inbox(&s, now, mood[SMS_BY_GATEWAY] != MOOD_DEAD && mood[SMS_BY_GATEWAY] != MOOD_HANGS);
}

static void everything_is_done(void)
{
	flights_land();
	for (uint32_t r = 0; r < SMS_ROADS; r++)
		if (mono_due(now, mood_until[r]))
			mood_turn((enum sms_road)r);
	inbox_is_read();
	crowds_are_noted();
	texts_leave();
	questions_leave();
	shopd_hears();
	promises_are_due();
	MUST(sms_deadline(&s).ms > now.ms, "it wakes up for nothing");
}

static struct mono next_time(struct mono at)
{
	at = mono_min(at, sms_deadline(&s));
	for (uint32_t i = 0; i < FLIGHTS_MAX; i++)
		if (flight[i].on)
			at = mono_min(at, flight[i].ends);
	for (uint32_t i = 0; i < SMS_ASKING_MAX; i++)
		if (question[i].on)
			at = mono_min(at, question[i].ends);
	for (uint32_t r = 0; r < SMS_ROADS; r++)
		at = mono_min(at, mood_until[r]);
	for (uint32_t i = 0; i < orders; i++)
		if (!asked[i].looked)
			at = mono_min(at, mono_add(asked[i].at, SMS_STUCK_MS));
	if ((roads & 1 << SMS_BY_GATEWAY) != 0)
		at = mono_min(at, look_at);
	return at.ms > now.ms ? at : mono_add(now, 1);
}

static void time_passes(int64_t ms)
{
	struct mono until = mono_add(now, ms);

	while (now.ms < until.ms) {
		now = next_time(until);
		everything_is_done();
	}
}

/* ---- worlds ---- */

static void world_begins(uint32_t which)
{
	seed = which;
	random_state = which * UINT64_C(7919) + 1;
	roads = which % 4 == 2 ? 1U << SMS_BY_GATEWAY : which % 4 == 3 ? 1U << SMS_BY_MODEM : BOTH;
	now = (struct mono){100000};
	look_at = now;
	orders = 0;
	healing = false;
	modem_ready = false;
	memset(arrivals_of, 0, sizeof(arrivals_of));
	memset(flight, 0, sizeof(flight));
	memset(question, 0, sizeof(question));
	sms_init(&s, now, roads, PEOPLE, which);
	mood_turn(SMS_BY_GATEWAY);
	mood_turn(SMS_BY_MODEM);
}

/** Whether it had to go to make room, or for "over". */
static bool gave_way(const struct asked *a)
{
	for (uint32_t i = 0; i < SMS_TEXTS_MAX; i++)
		if (name_is(&s.text[i].name, &a->name))
			return s.text[i].enough;
	return a->told == TEXT_STUCK;
}

/** All roads are well again: whatever waits leaves, and shopd knows it. */
static void world_heals(void)
{
	healing = true;
	mood_turn(SMS_BY_GATEWAY);
	mood_turn(SMS_BY_MODEM);
	time_passes(4 * INT64_C(3600000));
	for (uint32_t i = 0; i < orders; i++) {
		const struct asked *a = &asked[i];

		if (a->enough || a->blocked || now.ms - a->at.ms > SMS_LIFE_MS)
			continue;
		MUST(a->taken || a->by[0] + a->by[1] > 0 || gave_way(a), "%llu was never tried",
		     (unsigned long long)a->name.alarm);
		MUST(a->ever_told, "%llu was never told of", (unsigned long long)a->name.alarm);
		if (a->taken && !a->fails)
			MUST(a->told != TEXT_STUCK, "%llu is not stuck",
			     (unsigned long long)a->name.alarm);
	}
	for (uint32_t i = 0; i < SMS_TEXTS_MAX; i++)
		MUST(s.text[i].leg[0].state != LEG_FLYING && s.text[i].leg[1].state != LEG_FLYING,
		     "something flies for ever");
	for (uint32_t r = 0; r < SMS_ROADS; r++)
		MUST(s.flying[r] == 0, "something flies for ever");
}

static void world(uint32_t which)
{
	world_begins(which);
	while (orders < ORDERS - 1) {
		uint32_t what = draw(20);

		if (what < 12)
			shopd_asks();
		else if (what < 14)
			somebody_answers();
		else if (what == 14)
			sms_untold(&s, now);
		else if (what == 15 && draw(4) == 0)
			healing = !healing; /* a good or a bad time */
		everything_is_done();
		/* calm worlds, and those where everything comes at once */
		time_passes(draw(which % 3 == 0 ? 3000 : which % 3 == 1 ? 200000 : 1200000));
	}
	world_heals();
}

static void all_worlds_hold(void **state)
{
	const char *one = getenv("MODEL_SEED"), *many = getenv("MODEL_WORLDS");
	uint32_t worlds = many != NULL ? (uint32_t)strtoul(many, NULL, 10) : WORLDS;

	(void)state;
	looked_at_30 = 0;
	for (uint32_t i = 0; i < worlds; i++)
		world(one != NULL ? (uint32_t)strtoul(one, NULL, 10) : i);
	print_message("%u texts needed the other road within 30 s\n", looked_at_30);
	assert_true(one != NULL || looked_at_30 > worlds);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_worlds_hold),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
