/*
 * shop.c: the arrow from what happened to what is done. Every event comes in by shop_step(); first
 * everything that was due by its time happens, then the event itself, then the invariants are
 * CHECKed.
 *
 *~ door 6: here the token's event arrives, and goes on to shown.c.
 *~ purchase 4: here the line's event arrives; sale.c decides and records.
 */
#include "core/shop.h"

#include <string.h>

#include "core/sale.h"
#include "core/sensor.h"
#include "core/shown.h"
#include "core/step.h"

void shop_init(struct shop *shop, const struct shop_config *config)
{
	CHECK(config->doors <= DOORS_MAX && config->readers <= READERS_MAX);
	CHECK(config->occupancy_max <= VISITS_OPEN_MAX);
	CHECK(config->past_best_before_bp <= 10000);
	for (uint32_t i = 0; i < config->doors; i++) {
		const struct door_config *c = &config->door[i];

		CHECK(c->unlock_ms > 0 && c->unlock_extended_ms >= c->unlock_ms);
		CHECK(c->opening_grace_ms >= 0 && c->rex_grace_ms >= 0 && c->debounce_ms >= 0);
		CHECK(c->buzzer_ms > 0 && c->held_open_ms >= c->buzzer_ms && c->settle_ms >= 0);
		CHECK(c->held_open_extended_ms >= c->held_open_ms);
	}
	for (uint32_t i = 0; i < config->readers; i++)
		CHECK(config->reader[i].till || config->reader[i].door < config->doors);
	sensors_config_check(config);
	ladder_config_check(&config->ladder);
	CHECK(config->watch.refusals <= REFUSALS_WATCHED_MAX);
	memset(shop, 0, sizeof(*shop));
	shop->config = *config;
	for (uint8_t i = 0; i < DOORS_MAX; i++)
		shop->door[i].index = i;
	admission_init(&shop->admission);
	alarms_init(&shop->alarms);
	ladder_init(&shop->ladder);
	rehearsal_init(&shop->rehearsal);
	sensors_init(&shop->sensors);
	watches_init(&shop->watches);
}

/* --- from start to stop
 * ------------------------------------------------------------------------------------ */

static bool was_locked_down(const struct shop *shop, uint32_t door, const struct remembered *r)
{
	for (uint32_t i = 0; i < r->modes; i++)
		if (strcmp(r->mode[i].place.name, shop->config.door[door].place.name) == 0)
			return r->mode[i].mode == DOOR_LOCKDOWN;
	return false;
}

/* "After a clean stop the used ids come back from the ledger." */
static void remember_tokens(struct shop *shop, const struct remembered *r)
{
	for (uint32_t i = 0; i < r->tokens; i++) {
		const struct entry_admitted *e = &r->token[i];
		struct fresh_token used = {
			.kid = e->kid, .cti_len = e->cti_len, .iat_s = e->iat_s, .exp_s = e->exp_s};

		if (e->cti_len < 1 || e->cti_len > CTI_SIZE_MAX)
			continue;
		memcpy(used.cti, e->cti, e->cti_len);
		fresh_add(&shop->admission.fresh, &used, INT64_MIN);
	}
}

static void ledger_is(struct step *s, bool ok)
{
	s->shop->ledger_ok = ok;
	if (ok)
		alarm_clear(s, CONDITION_LEDGER_FAILING, NULL);
	else
		alarm_raise(s, CONDITION_LEDGER_FAILING, NULL, s->now->mono);
}

static void on_start(struct step *s, const struct event_start *e)
{
	struct shop *shop = s->shop;
	struct entry_start *row;

	CHECK(!shop->started);
	shop->started = true;
	shop->start_mono = s->now->mono;
	shop->sensors.start = s->now->mono;
	memcpy(shop->boot_id, e->boot_id, sizeof(shop->boot_id));
	shop->clean = e->remembered.clean;
	shop->recalled = e->remembered.ledger_ok;
	for (uint32_t i = 0; i < shop->config.doors; i++)
		door_start(s, &shop->door[i], was_locked_down(shop, i, &e->remembered));
	row = &step_fact(s, ENTRY_START)->start;
	memcpy(row->boot_id, e->boot_id, sizeof(row->boot_id));
	row->mono = s->now->mono;
	row->clean = shop->clean;
	row->wall_trusted = s->now->wall_trusted;
	row->utc_offset_min = e->utc_offset_min;
	remember_tokens(shop, &e->remembered);
	visits_remember(s, &e->remembered);
	alarms_remember(s, &e->remembered);
	ladder_remember(s, &e->remembered);
	rehearsal_remember(s, &e->remembered);
	sensors_start(s);
	watches_start(s);
	ledger_is(s, e->remembered.ledger_ok);
	alarms_time(s);
}

static void on_stop(struct step *s)
{
	struct entry_stop *row;

	for (uint32_t i = 0; i < s->shop->config.doors; i++)
		door_stop(s, &s->shop->door[i]);
	admission_flush(s);
	row = &step_fact(s, ENTRY_STOP)->stop;
	memcpy(row->boot_id, s->shop->boot_id, sizeof(row->boot_id));
	row->mono = s->now->mono;
	s->shop->stopped = true;
}

static void on_clock(struct step *s, const struct event_clock *e)
{
	struct entry_clock *row = &step_fact(s, ENTRY_CLOCK)->clock;

	memcpy(row->boot_id, e->boot_id, sizeof(row->boot_id));
	row->mono = s->now->mono;
	row->before = e->before;
	row->wall_trusted = s->now->wall_trusted;
	row->utc_offset_min = e->utc_offset_min;
	s->shop->rehearsal.due = s->now->mono; /* the calendar may say something else now */
}

/* A ledger that would not open at the start tells late which door nobody may use; what a person has
 * said meanwhile is newer. */
static void recall_doors(struct step *s, const struct remembered *r)
{
	struct shop *shop = s->shop;

	for (uint32_t i = 0; i < shop->config.doors && !shop->recalled; i++)
		if (!shop->commanded[i] && was_locked_down(shop, i, r))
			door_command(s, &shop->door[i], COMMAND_LOCKDOWN, 0);
	shop->recalled = true;
}

static void on_ledger(struct step *s, const struct event_ledger *e)
{
	if (e->news == LEDGER_WELL) {
		visits_remember(s, &e->remembered);
		if (!s->shop->recalled)
			alarms_recall(s, &e->remembered);
		recall_doors(s, &e->remembered);
		alarms_number(s, &e->remembered);
		rehearsal_remember(s, &e->remembered);
	}
	if (e->news == LEDGER_AWAY)
		s->shop->ledger_ok = false;
	else
		ledger_is(s, e->news == LEDGER_WELL);
}

/* --- the rest
 * ------------------------------------------------------------------------------------ */

static void on_part(struct step *s, const struct event_part *e)
{
	if (e->door < s->shop->config.doors)
		door_level(s, &s->shop->door[e->door], e->part, e->level, e->lost);
}

static void on_command(struct step *s, const struct event_command *e)
{
	bool ok = e->door < s->shop->config.doors &&
		  door_command(s, &s->shop->door[e->door], e->command, e->hold_ms);
	struct effect_done *done = &step_now(s, EFFECT_DONE)->done;

	if (ok)
		s->shop->commanded[e->door] = true;
	done->request = e->request;
	done->ok = ok;
}

static void on_nonce(struct step *s, const struct event_nonce *e)
{
	if (e->door < s->shop->config.doors)
		nonces_give(&s->shop->admission.nonces[e->door], e->nonce, s->now->mono);
}

static void on_roster(struct step *s, const struct event_roster *e)
{
	visits_blocked(s, e->blocked);
	for (uint32_t i = 0; i < s->shop->config.doors; i++)
		door_withdraw(s, &s->shop->door[i], e->blocked);
}

static void holds(struct step *s, enum condition condition, bool on)
{
	if (on)
		alarm_raise(s, condition, NULL, s->now->mono);
	else
		alarm_clear(s, condition, NULL);
}

static void on_office(struct step *s, const struct event_office *e)
{
	holds(s, CONDITION_ROSTER_STALE, e->stale);
	holds(s, CONDITION_OFFICE_REFUSED, e->refused);
}

static void on_settings(struct step *s, const struct event_settings *e)
{
	struct shop_config *config = &s->shop->config;

	CHECK(e->policy.occupancy_max <= VISITS_OPEN_MAX);
	memcpy(config->hours, e->policy.hours, sizeof(config->hours));
	config->occupancy_max = e->policy.occupancy_max;
	config->barred_classes = e->policy.barred_classes;
}

/* What the shell's own threads and the office have told. */
static void on_told(struct step *s, const struct event *e)
{
	if (e->kind == EVENT_LEDGER)
		on_ledger(s, &e->ledger);
	else if (e->kind == EVENT_ROWS_LOST)
		step_fact(s, ENTRY_LOST)->lost.rows = e->rows_lost.rows;
	else if (e->kind == EVENT_CLOSE)
		holds(s, CONDITION_CLOSE_REFUSED, e->close.refused);
	else if (e->kind == EVENT_SETTINGS)
		on_settings(s, &e->settings);
	else if (e->kind == EVENT_OFFICE)
		on_office(s, &e->office);
	else /* who is to be told follows, and with that what is owed to them */
		watches_courier(s);
}

/* Alarms, and those who are told of them. */
static void on_alarm(struct step *s, const struct event *e)
{
	if (e->kind == EVENT_ALARM_ACK)
		alarms_ack(s, &e->alarm_ack);
	else if (e->kind == EVENT_NOTIFIED)
		ladder_notified(s, &e->notified);
	else if (e->kind == EVENT_CONTACTS)
		ladder_contacts(s, &e->contacts);
	else if (e->kind == EVENT_REPLY)
		ladder_reply(s, &e->reply);
	else
		rehearsal_now(s, &e->rehearse);
}

/* What somebody does in a visit. */
static void on_visit(struct step *s, const struct event *e)
{
	if (e->kind == EVENT_LINE_PUT)
		sale_put(s, &e->line_put);
	else if (e->kind == EVENT_LINE_VOID)
		sale_void(s, &e->line_void);
	else if (e->kind == EVENT_VISIT_CLOSE)
		visits_close(s, &e->visit_close);
	else if (e->kind == EVENT_VISIT_INVITE)
		visits_invite(s, &e->visit_invite);
	else if (e->kind == EVENT_TILL_VISIT)
		visits_till_visit(s, &e->till);
	else if (e->kind == EVENT_TILL_LEAVE)
		visits_till_leave(s, &e->till);
	else
		sale_goods(s, &e->goods);
}

static void happen(struct step *s, const struct event *e)
{
	switch (e->kind) {
	case EVENT_START:
		on_start(s, &e->start);
		return;
	case EVENT_STOP:
		on_stop(s);
		return;
	case EVENT_TIME:
		return;
	case EVENT_CLOCK:
		on_clock(s, &e->clock);
		return;
	case EVENT_PART:
		on_part(s, &e->part);
		return;
	case EVENT_DOOR_TOKEN:
		shown_at_door(s, &e->token);
		return;
	case EVENT_TILL_TOKEN:
		shown_at_till(s, &e->token);
		return;
	case EVENT_SESSION_TOKEN:
		shown_for_session(s, &e->token);
		return;
	case EVENT_FRAME_REFUSED:
		shown_no_token(s, &e->frame_refused);
		return;
	case EVENT_LINE_PUT:
	case EVENT_LINE_VOID:
	case EVENT_VISIT_CLOSE:
	case EVENT_VISIT_INVITE:
	case EVENT_GOODS:
	case EVENT_TILL_VISIT:
	case EVENT_TILL_LEAVE:
		on_visit(s, e);
		return;
	case EVENT_COMMAND:
		on_command(s, &e->command);
		return;
	case EVENT_NONCE:
		on_nonce(s, &e->nonce);
		return;
	case EVENT_SENSOR:
		sensors_heard(s, &e->sensor);
		return;
	case EVENT_ALARM_ACK:
	case EVENT_NOTIFIED:
	case EVENT_CONTACTS:
	case EVENT_REPLY:
	case EVENT_REHEARSE:
		on_alarm(s, e);
		return;
	case EVENT_ROSTER:
		on_roster(s, &e->roster);
		return;
	case EVENT_FAULT:
		watches_fault(s, &e->fault);
		return;
	case EVENT_LEDGER:
	case EVENT_ROWS_LOST:
	case EVENT_CLOSE:
	case EVENT_COURIER_UP:
	case EVENT_SETTINGS:
	case EVENT_OFFICE:
		on_told(s, e);
		return;
	}
	CHECK(false); /* no such event */
}

static void time_passes(struct step *s)
{
	for (uint32_t i = 0; i < s->shop->config.doors; i++)
		door_time(s, &s->shop->door[i]);
	visits_time(s);
	admission_time(s);
	sensors_time(s);
	watches_time(s);
	alarms_time(s);
	rehearsal_time(s);
}

/* What follows from who is inside, what was heard and what was refused, now that it has happened.
 */
static void follow(struct step *s)
{
	if (s->shop->stopped)
		return;
	sensors_time(s);
	watches_time(s);
}

static void shop_check(const struct shop *shop)
{
	for (uint32_t i = 0; i < shop->config.doors; i++)
		door_check(&shop->door[i], &shop->config.door[i]);
	visits_check(&shop->visits);
	alarms_check(&shop->alarms);
	ladder_check(shop);
	admission_check(&shop->admission);
	watches_check(&shop->watches);
}

void shop_step(struct shop *shop, const struct event *event, struct effects *effects)
{
	struct step s = {
		.shop = shop, .now = &event->now, .draw = &event->draw, .effects = effects};

	CHECK(shop->started == (event->kind != EVENT_START) && !shop->stopped);
	effects->nows = effects->records = effects->afters = 0;
	if (shop->started)
		time_passes(&s);
	happen(&s, event);
	follow(&s);
	s.settling = true;
	ladder_settle(&s);
	shop_check(shop);
}

struct mono shop_deadline(const struct shop *shop)
{
	struct mono at = MONO_NEVER;

	if (!shop->started || shop->stopped)
		return at;
	for (uint32_t i = 0; i < shop->config.doors; i++)
		at = mono_min(at, door_deadline(&shop->door[i], &shop->config.door[i]));
	at = mono_min(at, visits_deadline(&shop->visits));
	at = mono_min(at, alarms_deadline(&shop->alarms));
	at = mono_min(at, ladder_deadline(&shop->ladder));
	at = mono_min(at, rehearsal_deadline(&shop->rehearsal));
	at = mono_min(at, sensors_deadline(&shop->sensors, &shop->config));
	at = mono_min(at, watches_deadline(shop));
	return mono_min(at, admission_deadline(&shop->admission));
}
