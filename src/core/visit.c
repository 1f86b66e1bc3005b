/*
 * visit.c: who is inside (contracts 3).
 *
 * "Admission opens the member's visit, or joins the open one." A visit "ends by close, by 2 h of
 * silence, or when the door shuts after an exit and it was the only one; then it no longer counts
 * as inside." One open visit a customer; a customer's devices, and those of who joined by a code,
 * speak for it by their bearers.
 *
 * The core keeps open visits only. Of a visit that is over the shell looks up what an event needs.
 */
#include "core/visit.h"

#include <string.h>

#include "core/check.h"
#include "core/step.h"

#define ENDS_A_STEP 8 /* the rest waits for the next step, which is due at once */
#define ROWS_AN_END 2 /* that it is over, and that it was picked for a check */
#define VISIT_SHIFT 24
#define UNIX_S_MAX  ((1LL << (63 - VISIT_SHIFT)) - 1)

struct visit *visits_find(struct visits *v, struct visit_id id)
{
	for (uint32_t i = 0; i < v->count && id.n != 0; i++)
		if (v->open[i].id.n == id.n)
			return &v->open[i];
	return NULL;
}

/* One customer has two open visits only when a full disk refused the end of the first: then the
 * newer one is meant, and the other ends by its silence. */
struct visit *visits_find_of(struct visits *v, struct customer customer)
{
	struct visit *newest = NULL;

	for (uint32_t i = 0; i < v->count; i++)
		if (customer_is(v->open[i].customer, customer) &&
		    (!newest || v->open[i].id.n > newest->id.n))
			newest = &v->open[i];
	return newest;
}

bool visits_has_room(const struct visits *v)
{
	return v->count < VISITS_OPEN_MAX && v->last.n < INT64_MAX;
}

/* Ascending, so that the ledger's index grows at its end; the time is in it for people, the random
 * bits so that nobody can guess the next one from the outside. */
static struct visit_id next_id(const struct step *s)
{
	uint64_t low = s->draw->visit_low & ((1U << VISIT_SHIFT) - 1);
	int64_t unix_s = s->now->wall.ms / 1000;
	uint64_t id;

	if (unix_s < 0)
		unix_s = 0;
	if (unix_s > UNIX_S_MAX)
		unix_s = UNIX_S_MAX;
	id = (uint64_t)unix_s << VISIT_SHIFT | low;
	if (id <= s->shop->visits.last.n)
		id = s->shop->visits.last.n + 1;
	return (struct visit_id){id};
}

struct visit *visits_open(struct step *s, const struct member *member, struct customer customer,
			  struct place place, uint32_t price_version, bool claim)
{
	struct visits *v = &s->shop->visits;
	struct visit *visit = &v->open[v->count];
	struct entry_visit_opened *e;

	CHECK(visits_has_room(v));
	memset(visit, 0, sizeof(*visit));
	visit->id = v->last = next_id(s);
	visit->customer = customer;
	visit->place = place;
	visit->price_version = price_version; /* "prices are pinned at entry" */
	visit->opened_at = s->now->wall;
	visit->opened = visit->last_at = s->now->mono;
	visit->role = member->role;
	visit->trust = member->trust;
	visit->lot = (uint32_t)(s->draw->visit_low >> VISIT_SHIFT);
	v->count++;
	e = &(claim ? step_claim(s, ENTRY_VISIT_OPENED) : step_fact(s, ENTRY_VISIT_OPENED))
		     ->visit_opened;
	e->visit = visit->id;
	e->customer = customer;
	e->place = place;
	e->price_version = price_version;
	return visit;
}

/* What was in nobody's hand may be looked at later. That a visit was picked is a fact: the owner is
 * told, the member goes home. */
static void pick(struct step *s, const struct visit *visit, enum visit_end end)
{
	struct mono heard = end == END_SILENCE ? visit->last_at : s->now->mono;
	enum check_reason reason;
	struct entry_check *e;

	if (!check_pick(&s->shop->config, visit, heard, &reason))
		return;
	e = &step_fact(s, ENTRY_CHECK)->check;
	e->visit = visit->id;
	e->state = CHECK_PICKED;
	e->reason = reason;
}

void visits_end(struct step *s, struct visit *visit, enum visit_end end, bool claim)
{
	struct visits *v = &s->shop->visits;
	struct visit_id id = visit->id;
	struct entry_visit_closed *e;

	CHECK(visit >= v->open && visit < v->open + v->count);
	e = &(claim ? step_claim(s, ENTRY_VISIT_CLOSED) : step_fact(s, ENTRY_VISIT_CLOSED))
		     ->visit_closed;
	e->visit = id;
	e->end = end;
	e->lines = visit->lines;
	e->total = visit->total;
	pick(s, visit, end);
	if (!s->shop->ledger_ok && v->endeds < VISITS_OPEN_MAX)
		v->ended[v->endeds++] = id;
	*visit = v->open[--v->count];
	for (uint32_t i = 0; i < READERS_MAX; i++)
		if (v->till[i].visit.n == id.n)
			v->till[i] = (struct till){0};
	for (uint32_t i = 0; i < JOIN_CODES_MAX; i++)
		if (v->join[i].visit.n == id.n)
			v->join[i] = (struct join_code){0};
}

void visits_door_shut(struct step *s)
{
	if (s->shop->visits.count == 1)
		visits_end(s, &s->shop->visits.open[0], END_EXIT, false);
}

/* --- devices
 * ------------------------------------------------------------------------------------- */

const struct bearer *visit_bearer(const struct visit *visit, const struct sha256 *hash)
{
	for (uint32_t i = 0; i < visit->bearers && i < BEARERS_MAX; i++)
		if (memcmp(visit->bearer[i].hash.byte, hash->byte, sizeof(hash->byte)) == 0)
			return &visit->bearer[i];
	return NULL;
}

/* Which place a new device of this customer takes; BEARERS_MAX when there is none for it. */
static uint32_t bearer_place(const struct visit *visit, struct customer customer)
{
	if (visit->bearers < BEARERS_MAX)
		return visit->bearers;
	for (uint32_t i = 0; i < BEARERS_MAX; i++)
		if (customer_is(visit->bearer[i].customer, customer))
			return i;
	return BEARERS_MAX;
}

bool visits_can_bear(const struct visit *visit, struct customer customer)
{
	return bearer_place(visit, customer) < BEARERS_MAX;
}

bool visits_bear(struct step *s, struct visit *visit, struct customer customer)
{
	uint32_t i = bearer_place(visit, customer);
	struct entry_visit_joined *e;

	if (i == BEARERS_MAX)
		return false;
	if (i < visit->bearers) { /* the oldest goes, so that the rest stays in order of age */
		memmove(&visit->bearer[i], &visit->bearer[i + 1],
			(visit->bearers - 1 - i) * sizeof(visit->bearer[0]));
		visit->bearers--;
	}
	visit->bearer[visit->bearers].hash = s->draw->bearer_hash;
	visit->bearer[visit->bearers].customer = customer;
	visit->bearers++;
	visit->last_at = s->now->mono;
	e = &step_claim(s, ENTRY_VISIT_JOINED)->visit_joined;
	e->visit = visit->id;
	e->customer = customer;
	e->bearer = s->draw->bearer_hash;
	return true;
}

static bool code_is(const struct join_code *have, const char code[9])
{
	return have->code[0] != '\0' && memcmp(have->code, code, sizeof(have->code)) == 0;
}

struct visit *visits_invited(struct visits *v, const char code[9], struct mono now)
{
	for (uint32_t i = 0; i < JOIN_CODES_MAX; i++)
		if (code_is(&v->join[i], code) && !mono_due(now, v->join[i].end))
			return visits_find(v, v->join[i].visit);
	return NULL;
}

void visits_invite_used(struct visits *v, const char code[9])
{
	for (uint32_t i = 0; i < JOIN_CODES_MAX; i++)
		if (code_is(&v->join[i], code))
			v->join[i] = (struct join_code){0};
}

/* Who does something at the till's screen stands at the till. */
static void touch_by_bearer(struct step *s, const struct visit *visit, const struct sha256 *hash)
{
	const struct visits *v = &s->shop->visits;

	for (uint8_t i = 0; i < READERS_MAX; i++)
		if (v->till[i].visit.n == visit->id.n && v->till_bearer[i].visit.n == visit->id.n &&
		    memcmp(v->till_bearer[i].hash.byte, hash->byte, sizeof(hash->byte)) == 0)
			visits_till_touch(s, i);
}

/* --- the events
 * ------------------------------------------------------------------------------------- */

struct visit *visits_called(struct step *s, const struct visit_call *c, enum answer *ret)
{
	struct visit *open = visits_find(&s->shop->visits, c->visit);

	*ret = ANSWER_UNAUTHORIZED;
	if (open && visit_bearer(open, &c->bearer)) {
		touch_by_bearer(s, open, &c->bearer);
		return open;
	}
	if (!open && c->past_known && c->past->id.n == c->visit.n &&
	    visit_bearer(c->past, &c->bearer))
		*ret = ANSWER_VISIT_OVER;
	return NULL;
}

void visits_close(struct step *s, const struct event_visit_close *e)
{
	enum answer answer;
	struct visit *visit = visits_called(s, &e->call, &answer);
	struct effect_closed *closed = &step_after(s, EFFECT_CLOSED)->closed;

	closed->request = e->call.request;
	closed->visit = e->call.visit;
	if (!visit) { /* "again the same" */
		closed->answer = answer == ANSWER_VISIT_OVER ? ANSWER_REPEATED : answer;
		return;
	}
	closed->answer = s->shop->ledger_ok ? ANSWER_OK : ANSWER_LEDGER_UNAVAILABLE;
	if (s->shop->ledger_ok)
		visits_end(s, visit, END_CLOSED, true);
}

static struct join_code *join_place(struct visits *v)
{
	struct join_code *place = &v->join[0];

	for (uint32_t i = 0; i < JOIN_CODES_MAX && place->code[0] != '\0'; i++)
		if (v->join[i].code[0] == '\0' || v->join[i].end.ms < place->end.ms)
			place = &v->join[i];
	return place;
}

void visits_invite(struct step *s, const struct event_visit_invite *e)
{
	enum answer answer;
	struct visit *visit = visits_called(s, &e->call, &answer);
	struct effect_invited *invited = &step_after(s, EFFECT_INVITED)->invited;
	struct join_code *join;

	invited->request = e->call.request;
	invited->answer = visit ? ANSWER_OK : answer;
	if (!visit)
		return;
	visit->last_at = s->now->mono;
	visits_invite_used(&s->shop->visits, s->draw->join_code); /* never two visits by one code */
	join = join_place(&s->shop->visits);
	memcpy(join->code, s->draw->join_code, sizeof(join->code));
	join->code[sizeof(join->code) - 1] = '\0';
	join->visit = visit->id;
	join->end = mono_add(s->now->mono, JOIN_CODE_LIFE_MS);
	memcpy(invited->join_code, join->code, sizeof(join->code));
}

void visits_till_take(struct step *s, uint8_t reader, const struct visit *visit,
		      struct customer customer)
{
	struct till *t = &s->shop->visits.till[reader];

	CHECK(reader < READERS_MAX);
	t->visit = visit->id;
	t->customer = customer;
	visits_till_touch(s, reader);
}

void visits_till_touch(struct step *s, uint8_t reader)
{
	s->shop->visits.till[reader].end = mono_add(s->now->mono, TILL_SILENCE_MS);
}

void visits_till_free(struct step *s, uint8_t reader)
{
	s->shop->visits.till[reader] = (struct till){0};
}

/* The bearer that this till had speaks for nobody any more, where its visit is still open. */
static void till_bearer_end(struct visits *v, struct till_bearer *had)
{
	struct visit *visit = visits_find(v, had->visit);
	const struct bearer *b = visit ? visit_bearer(visit, &had->hash) : NULL;
	uint32_t i;

	had->visit = (struct visit_id){0};
	if (!b)
		return;
	i = (uint32_t)(b - visit->bearer);
	memmove(&visit->bearer[i], &visit->bearer[i + 1],
		(visit->bearers - 1 - i) * sizeof(visit->bearer[0]));
	visit->bearers--;
}

/* "One bearer a till": the same again for the same visit, so that asking is free; for another the
 * one before ends. */
static enum answer till_bears(struct step *s, uint8_t reader, struct visit *visit,
			      struct customer customer)
{
	struct visits *v = &s->shop->visits;
	struct till_bearer *had = &v->till_bearer[reader];

	if (!visit)
		return ANSWER_NO_VISIT;
	if (!s->shop->ledger_ok)
		return ANSWER_LEDGER_UNAVAILABLE;
	visits_till_touch(s, reader);
	if (visit_bearer(visit, &s->draw->bearer_hash))
		return ANSWER_REPEATED;
	till_bearer_end(v, had);
	if (!visits_bear(s, visit, customer))
		return ANSWER_VISIT_FULL;
	*had = (struct till_bearer){visit->id, s->draw->bearer_hash};
	return ANSWER_REPEATED;
}

void visits_till_visit(struct step *s, const struct event_till *e)
{
	struct effect_visit *is = &step_after(s, EFFECT_VISIT)->visit;
	const struct till *till;
	struct visit *visit;

	CHECK(e->reader < READERS_MAX);
	till = &s->shop->visits.till[e->reader];
	visit = visits_find(&s->shop->visits, till->visit);
	is->request = e->request;
	is->verdict = VERDICT_ADMITTED;
	is->answer = till_bears(s, e->reader, visit, till->customer);
	if (is->answer > ANSWER_REPEATED)
		return;
	is->visit = visit->id;
	is->limited = e->member.limited;
	is->credit_left = e->member.credit_left;
	is->price_version = visit->price_version;
}

void visits_till_leave(struct step *s, const struct event_till *e)
{
	CHECK(e->reader < READERS_MAX);
	visits_till_free(s, e->reader);
}

void visits_blocked(struct step *s, struct customer customer)
{
	struct visits *v = &s->shop->visits;
	const struct visit *visit = visits_find_of(v, customer);

	for (uint8_t i = 0; i < READERS_MAX; i++)
		if (v->till[i].visit.n != 0 && customer_is(v->till[i].customer, customer))
			visits_till_free(s, i);
	for (uint32_t i = 0; i < JOIN_CODES_MAX && visit; i++)
		if (v->join[i].visit.n == visit->id.n)
			v->join[i] = (struct join_code){0};
}

/* --- time
 * ------------------------------------------------------------------------------------- */

static struct mono silence_end(const struct visit *visit)
{
	return mono_add(visit->last_at, VISIT_SILENCE_MS);
}

void visits_time(struct step *s)
{
	struct visits *v = &s->shop->visits;
	uint32_t ended = 0;

	for (uint8_t i = 0; i < READERS_MAX; i++)
		if (v->till[i].visit.n != 0 && mono_due(s->now->mono, v->till[i].end))
			visits_till_free(s, i);
	for (uint32_t i = 0; i < v->count && ended < ENDS_A_STEP && step_room(s, ROWS_AN_END);) {
		if (mono_due(s->now->mono, silence_end(&v->open[i]))) {
			watches_silent(s, &v->open[i]);
			visits_end(s, &v->open[i], END_SILENCE, false);
			ended++;
		} else {
			i++;
		}
	}
}

struct mono visits_deadline(const struct visits *v)
{
	struct mono at = MONO_NEVER;

	for (uint32_t i = 0; i < v->count; i++)
		at = mono_min(at, silence_end(&v->open[i]));
	for (uint32_t i = 0; i < READERS_MAX; i++)
		if (v->till[i].visit.n != 0)
			at = mono_min(at, v->till[i].end);
	return at;
}

/* --- after a restart, or when the ledger is well again
 * ------------------------------------------------------------------------------------- */

static bool has_ended(const struct visits *v, struct visit_id id)
{
	for (uint32_t i = 0; i < v->endeds; i++)
		if (v->ended[i].n == id.n)
			return true;
	return false;
}

/* When it was opened, by the clock of this boot: it may have been before it. */
static struct mono opened_before(const struct step *s, const struct visit *visit)
{
	int64_t ago_ms = s->now->wall.ms - visit->opened_at.ms;

	if (!s->now->wall_trusted || ago_ms < 0 || ago_ms > VISIT_LATE_DAYS * 86400000LL)
		return s->now->mono;
	return mono_add(s->now->mono, -ago_ms);
}

void visits_remember(struct step *s, const struct remembered *r)
{
	struct visits *v = &s->shop->visits;

	v->count = 0;
	if (r->last_visit.n > v->last.n)
		v->last = r->last_visit;
	for (uint32_t i = 0; i < r->visits && v->count < VISITS_OPEN_MAX; i++) {
		struct visit *visit = &v->open[v->count];

		if (r->visit[i].over || r->visit[i].id.n == 0 || r->visit[i].id.n > INT64_MAX ||
		    visits_find(v, r->visit[i].id) || has_ended(v, r->visit[i].id))
			continue;
		*visit = r->visit[i];
		visit->last_at = s->now->mono;
		visit->opened = opened_before(s, visit);
		visit->lot = (uint32_t)(s->draw->visit_low >> VISIT_SHIFT) + i;
		if (visit->bearers > BEARERS_MAX)
			visit->bearers = BEARERS_MAX;
		if (visit->lines_ever < visit->lines)
			visit->lines_ever = visit->lines;
		if (visit->lines == 0)
			visit->total = MONEY_ZERO;
		if (visit->id.n > v->last.n)
			v->last = visit->id;
		v->count++;
	}
	v->endeds = 0;
	for (uint8_t i = 0; i < READERS_MAX; i++)
		if (!visits_find(v, v->till[i].visit))
			visits_till_free(s, i);
	for (uint32_t i = 0; i < JOIN_CODES_MAX; i++)
		if (!visits_find(v, v->join[i].visit))
			v->join[i] = (struct join_code){0};
}

void visits_check(const struct visits *v)
{
	CHECK(v->count <= VISITS_OPEN_MAX && v->endeds <= VISITS_OPEN_MAX);
	for (uint32_t i = 0; i < v->count; i++) {
		const struct visit *visit = &v->open[i];

		CHECK(!visit->over && visit->id.n != 0 && visit->id.n <= v->last.n);
		CHECK(visit->bearers <= BEARERS_MAX && visit->lines <= visit->lines_ever);
		CHECK(visit->lines > 0 || money_compare(visit->total, MONEY_ZERO) == 0);
	}
}
