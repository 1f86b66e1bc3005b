/*
 * shop.c: the arrow from what happened to what is done. Every event comes in by shop_step(); first
 * everything that was due by its time happens, then the event itself, then the invariants are
 * CHECKed.
 *
 *~ door 6: here the token's event arrives; admission.c judges it, door.c releases the strike.
 *~ purchase 4: here the line's event arrives; sale.c decides and records.
 */
#include "core/shop.h"

#include <string.h>

#include "core/sale.h"
#include "core/step.h"

void shop_init(struct shop *shop, const struct shop_config *config)
{
	CHECK(config->doors <= DOORS_MAX && config->readers <= READERS_MAX);
	CHECK(config->occupancy_max <= VISITS_OPEN_MAX);
	for (uint32_t i = 0; i < config->doors; i++) {
		const struct door_config *c = &config->door[i];

		CHECK(c->unlock_ms > 0 && c->unlock_extended_ms >= c->unlock_ms);
		CHECK(c->opening_grace_ms >= 0 && c->rex_grace_ms >= 0 && c->debounce_ms >= 0);
		CHECK(c->buzzer_ms > 0 && c->held_open_ms >= c->buzzer_ms && c->settle_ms >= 0);
		CHECK(c->held_open_extended_ms >= c->held_open_ms);
	}
	for (uint32_t i = 0; i < config->readers; i++)
		CHECK(config->reader[i].till || config->reader[i].door < config->doors);
	memset(shop, 0, sizeof(*shop));
	shop->config = *config;
	for (uint8_t i = 0; i < DOORS_MAX; i++)
		shop->door[i].index = i;
	admission_init(&shop->admission);
	alarms_init(&shop->alarms);
}

/* --- tokens
 * ------------------------------------------------------------------------------------ */

static struct effect_verdict *say_verdict(struct step *s, const struct event_token *e,
					  const struct showing *w, enum verdict verdict)
{
	struct effect_verdict *v = &step_now(s, EFFECT_VERDICT)->verdict;

	v->request = e->request;
	v->reader = e->reader;
	v->verdict = verdict;
	v->customer = w->customer;
	v->role = w->token ? w->token->member.role : ROLE_MEMBER;
	return v;
}

/* A till's reader says no, and forgets whose goods it took: the next ones are not that member's. */
static void refuse_at_till(struct step *s, uint8_t reader)
{
	struct effect_beep *beep = &step_after(s, EFFECT_BEEP)->beep;

	beep->reader = reader;
	visits_till_free(s, reader);
}

/* An admission's row; the token is used up. */
static struct entry_admitted *admitted(struct step *s, const struct showing *w, bool claim)
{
	struct entry *e = claim ? step_claim(s, ENTRY_ADMITTED) : step_fact(s, ENTRY_ADMITTED);

	e->admitted.place = w->place;
	e->admitted.road = w->road;
	e->admitted.customer = w->customer;
	admission_consume(s, w, &e->admitted);
	return &e->admitted;
}

/* "Admission opens the member's visit, or joins the open one." The strike comes first: "door:
 * decide, act, record". */
static void let_in(struct step *s, const struct event_token *e, const struct showing *w)
{
	struct door *door = &s->shop->door[w->door];
	struct entry_admitted *row = admitted(s, w, false);
	struct visit *visit = visits_find_of(&s->shop->visits, w->customer);
	struct effect_verdict *v;
	uint32_t unlock_ms;

	if (!visit)
		visit = visits_open(s, w->customer, w->place, e->price_version, false);
	visit->last_at = s->now->mono;
	row->visit = visit->id;
	unlock_ms = door_admit(s, door, w->customer, e->token.member.extended);
	step_light(s, e->reader, true);
	v = say_verdict(s, e, w, VERDICT_ADMITTED);
	v->visit = visit->id;
	v->unlock_ms = unlock_ms;
}

static void on_door_token(struct step *s, const struct event_token *e)
{
	struct showing w;
	enum verdict verdict;

	if (!admission_showing(s, PURPOSE_DOOR, e->reader, &e->token, &w)) {
		say_verdict(s, e, &w, VERDICT_WRONG_AUDIENCE); /* no such door */
		return;
	}
	verdict = admission_verdict(s, &w);
	if (verdict == VERDICT_ADMITTED) {
		let_in(s, e, &w);
		return;
	}
	if (admission_refuse(s, &w, verdict))
		step_light(s, e->reader, false);
	say_verdict(s, e, &w, verdict);
}

static void say_visit(struct step *s, const struct event_token *e, enum verdict verdict,
		      enum answer answer, const struct visit *visit)
{
	struct effect_visit *v = &step_after(s, EFFECT_VISIT)->visit;

	v->request = e->request;
	v->verdict = verdict;
	v->answer = answer;
	if (!visit)
		return;
	v->visit = visit->id;
	v->limited = e->token.member.limited;
	v->credit_left = e->token.member.credit_left;
	v->price_version = visit->price_version;
}

/* "A till token joins it (opens one if there is none)." */
static struct visit *join_or_open(struct step *s, const struct event_token *e,
				  const struct showing *w, struct visit *visit)
{
	struct entry_admitted *row = admitted(s, w, true);

	if (!visit)
		visit = visits_open(s, w->customer, w->place, e->price_version, true);
	visit->last_at = s->now->mono;
	row->visit = visit->id;
	return visit;
}

/* "…and returns a bearer for it alone, one a device; another member's phone joins by a code that
 * the first shows." */
static void phone_at_till(struct step *s, const struct event_token *e, const struct showing *w,
			  struct visit *invited)
{
	struct visit *own = visits_find_of(&s->shop->visits, w->customer);
	struct visit *visit = e->join_code[0] ? invited : own;
	bool joins = visit;

	if (e->join_code[0] && !invited) {
		say_visit(s, e, VERDICT_ADMITTED, ANSWER_JOIN_CODE_UNKNOWN, NULL);
		return;
	}
	if (visit && !visits_can_bear(visit, w->customer)) {
		say_visit(s, e, VERDICT_ADMITTED, ANSWER_VISIT_FULL, NULL);
		return;
	}
	visit = join_or_open(s, e, w, visit);
	CHECK(visits_bear(s, visit, w->customer));
	if (invited)
		visits_invite_used(&s->shop->visits, e->join_code);
	say_visit(s, e, VERDICT_ADMITTED, joins ? ANSWER_REPEATED : ANSWER_OK, visit);
}

static void scanned_at_till(struct step *s, const struct event_token *e, const struct showing *w)
{
	struct visit *visit = join_or_open(s, e, w, visits_find_of(&s->shop->visits, w->customer));
	struct effect_beep *beep = &step_after(s, EFFECT_BEEP)->beep;

	visits_till_take(s, e->reader, visit, w->customer);
	beep->reader = e->reader;
	beep->yes = true;
	say_verdict(s, e, w, VERDICT_ADMITTED)->visit = visit->id;
}

static void on_till_token(struct step *s, const struct event_token *e)
{
	struct visit *invited = NULL;
	struct showing w;
	enum verdict verdict;
	bool shown;

	if (!admission_showing(s, PURPOSE_TILL, e->reader, &e->token, &w)) {
		say_visit(s, e, VERDICT_WRONG_AUDIENCE, ANSWER_UNAUTHORIZED, NULL);
		return;
	}
	if (w.road == ROAD_PHONE && e->join_code[0])
		invited = visits_invited(&s->shop->visits, e->join_code, s->now->mono);
	w.invited = invited;
	verdict = admission_verdict(s, &w);
	if (verdict == VERDICT_ADMITTED) {
		if (w.road == ROAD_PHONE)
			phone_at_till(s, e, &w, invited);
		else
			scanned_at_till(s, e, &w);
		return;
	}
	shown = admission_refuse(s, &w, verdict);
	if (w.road == ROAD_PHONE) {
		say_visit(s, e, verdict, ANSWER_UNAUTHORIZED, NULL);
		return;
	}
	if (shown)
		refuse_at_till(s, e->reader);
	say_verdict(s, e, &w, verdict);
}

/* What a role may see in its session is for who keeps the session to decide: here it is a member
 * with a key, and the token is used up. */
static void on_session_token(struct step *s, const struct event_token *e)
{
	struct showing w;
	enum verdict verdict;

	CHECK(admission_showing(s, PURPOSE_SESSION, e->reader, &e->token, &w));
	verdict = admission_verdict(s, &w);
	if (verdict == VERDICT_ADMITTED)
		admitted(s, &w, false);
	else
		admission_refuse(s, &w, verdict);
	say_verdict(s, e, &w, verdict);
}

static void on_frame_refused(struct step *s, const struct event_frame_refused *e)
{
	struct event_token none = {.reader = e->reader};
	struct showing w;
	bool till = e->reader < s->shop->config.readers && s->shop->config.reader[e->reader].till;

	if (!admission_showing(s, till ? PURPOSE_TILL : PURPOSE_DOOR, e->reader, NULL, &w))
		return;
	admission_refuse(s, &w, VERDICT_MALFORMED);
	if (till)
		refuse_at_till(s, e->reader);
	else
		step_light(s, e->reader, false);
	say_verdict(s, &none, &w, VERDICT_MALFORMED);
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
		alarm_clear(s, CONDITION_LEDGER_FAILING, ALARM_NO_DOOR);
	else
		alarm_raise(s, CONDITION_LEDGER_FAILING, ALARM_NO_DOOR, s->now->mono);
}

static void on_start(struct step *s, const struct event_start *e)
{
	struct shop *shop = s->shop;
	struct entry_start *row;

	CHECK(!shop->started);
	shop->started = true;
	shop->start_mono = s->now->mono;
	memcpy(shop->boot_id, e->boot_id, sizeof(shop->boot_id));
	shop->clean = e->remembered.clean;
	for (uint32_t i = 0; i < shop->config.doors; i++)
		door_start(s, &shop->door[i], was_locked_down(shop, i, &e->remembered));
	row = &step_fact(s, ENTRY_START)->start;
	memcpy(row->boot_id, e->boot_id, sizeof(row->boot_id));
	row->mono = s->now->mono;
	row->clean = shop->clean;
	row->wall_trusted = s->now->wall_trusted;
	remember_tokens(shop, &e->remembered);
	visits_remember(s, &e->remembered);
	alarms_remember(s, &e->remembered);
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
}

static void on_ledger(struct step *s, const struct event_ledger *e)
{
	if (e->news == LEDGER_WELL)
		visits_remember(s, &e->remembered);
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
		on_door_token(s, &e->token);
		return;
	case EVENT_TILL_TOKEN:
		on_till_token(s, &e->token);
		return;
	case EVENT_SESSION_TOKEN:
		on_session_token(s, &e->token);
		return;
	case EVENT_FRAME_REFUSED:
		on_frame_refused(s, &e->frame_refused);
		return;
	case EVENT_LINE_PUT:
		sale_put(s, &e->line_put);
		return;
	case EVENT_LINE_VOID:
		sale_void(s, &e->line_void);
		return;
	case EVENT_VISIT_CLOSE:
		visits_close(s, &e->visit_close);
		return;
	case EVENT_VISIT_INVITE:
		visits_invite(s, &e->visit_invite);
		return;
	case EVENT_GOODS:
		sale_goods(s, &e->goods);
		return;
	case EVENT_COMMAND:
		on_command(s, &e->command);
		return;
	case EVENT_NONCE:
		on_nonce(s, &e->nonce);
		return;
	case EVENT_ALARM_ACK:
		alarms_ack(s, &e->alarm_ack);
		return;
	case EVENT_NOTIFIED:
		alarms_notified(s, &e->notified);
		return;
	case EVENT_ROSTER:
		on_roster(s, &e->roster);
		return;
	case EVENT_LEDGER:
		on_ledger(s, &e->ledger);
		return;
	case EVENT_ROWS_LOST:
		step_fact(s, ENTRY_LOST)->lost.rows = e->rows_lost.rows;
		return;
	case EVENT_COURIER_UP:
		alarms_courier_up(s);
		return;
	}
	CHECK(false); /* no such event */
}

static void time_passes(struct step *s)
{
	for (uint32_t i = 0; i < s->shop->config.doors; i++)
		door_time(s, &s->shop->door[i]);
	alarms_time(s);
	visits_time(s);
	admission_time(s);
}

static void shop_check(const struct shop *shop)
{
	for (uint32_t i = 0; i < shop->config.doors; i++)
		door_check(&shop->door[i], &shop->config.door[i]);
	visits_check(&shop->visits);
	alarms_check(&shop->alarms);
	admission_check(&shop->admission);
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
	return mono_min(at, admission_deadline(&shop->admission));
}

/* --- looking in
 * ------------------------------------------------------------------------------------ */

const struct visit *shop_visit(const struct shop *shop, struct visit_id id)
{
	for (uint32_t i = 0; i < shop->visits.count && id.n != 0; i++)
		if (shop->visits.open[i].id.n == id.n)
			return &shop->visits.open[i];
	return NULL;
}

const struct visit *shop_visit_of(const struct shop *shop, struct customer customer)
{
	const struct visit *newest = NULL;

	for (uint32_t i = 0; i < shop->visits.count; i++) {
		const struct visit *v = &shop->visits.open[i];

		if (customer_is(v->customer, customer) && (!newest || v->id.n > newest->id.n))
			newest = v;
	}
	return newest;
}

const struct visit *shop_till_visit(const struct shop *shop, uint8_t reader)
{
	return reader < READERS_MAX ? shop_visit(shop, shop->visits.till[reader].visit) : NULL;
}

bool shop_till_customer(const struct shop *shop, uint8_t reader, struct customer *ret)
{
	if (!shop_till_visit(shop, reader))
		return false;
	*ret = shop->visits.till[reader].customer;
	return true;
}

uint32_t shop_alarms_open(const struct shop *shop)
{
	return shop->alarms.count;
}

const struct alarm *shop_alarm_at(const struct shop *shop, uint32_t i)
{
	const struct alarms *a = &shop->alarms;

	if (i < a->count)
		return &a->alarm[a->count - 1 - i];
	return i - a->count < a->pasts ? &a->past[i - a->count] : NULL;
}
