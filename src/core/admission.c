/*
 * admission.c: whether a token is honoured: "the first that applies" of the verdicts of
 * contracts 1.
 *
 * The shell has proven what can be proven of the bytes; here it is held against the place, the
 * clock, what was used before, and the shop's rules, in one order, top to bottom. Nothing changes
 * while a verdict is found (but the count of wrong PINs); a token is used up only when it is
 * honoured, so that who was told "the shop is full" may show the same code again.
 *
 * Where the contract leaves room:
 *  - opening hours, the number inside, credit and overdue invoices are for members. Owner and staff
 *    come at any hour; deliveries keep the hours but owe nothing. A lockdown admits nobody at all;
 *  - who is inside already is never told that the shop is full, and at a till or on the phone may
 *    always go on with the own visit: the rules of entry were for the door. A blocked member may
 *    not even that;
 *  - so who has an invoice overdue is told at the door, and never once inside: what is in the
 * basket already may be scanned, as far as the credit goes. Out anybody comes at any time;
 *  - hours are times too: while the clock is not trusted they are not judged.
 */
#include "core/admission.h"

#include <stdio.h>
#include <string.h>

#include "core/step.h"

#define PIN_PAUSE_MS   600000
#define REREAD_MS      5000
#define MINUTES_A_DAY  1440
#define MINUTES_A_WEEK (7 * MINUTES_A_DAY)

void admission_init(struct admission *a)
{
	memset(a, 0, sizeof(*a));
	fresh_init(&a->fresh);
}

bool admission_showing(const struct step *s, enum purpose purpose, uint8_t reader,
		       const struct token_shown *token, struct showing *ret)
{
	const struct shop_config *c = &s->shop->config;
	const struct reader_config *r;

	*ret = (struct showing){.purpose = purpose, .slot = reader, .token = token};
	if (token && token->proof == PROOF_GOOD) {
		ret->customer = token->pass ? token->claims.sub : token->member.customer;
		ret->inside = shop_visit_of(s->shop, ret->customer) != NULL;
	}
	if (purpose == PURPOSE_SESSION) {
		ret->slot = READERS_MAX;
		ret->road = ROAD_PHONE;
		ret->place = step_place(SESSION_PURPOSE);
		return true;
	}
	if (reader >= c->readers)
		return false;
	r = &c->reader[reader];
	ret->road = r->road;
	ret->place = r->place;
	ret->door = r->door;
	return purpose == PURPOSE_TILL || (!r->till && r->door < c->doors);
}

/* --- the verdict
 * ------------------------------------------------------------------------------------ */

/* "aud, text <shop>/<purpose>, compared bytewise, purpose a door's name, till, owner"; a pass has
 * "aud <shop> alone (its doors and till)". */
static bool audience_is_ours(const struct step *s, const struct showing *w)
{
	const struct shop_config *c = &s->shop->config;
	const char *purpose = "till";
	char expected[AUDIENCE_MAX + 1];

	if (w->token->pass)
		return w->purpose != PURPOSE_SESSION &&
		       strcmp(w->token->claims.audience, c->shop.name) == 0;
	if (w->purpose == PURPOSE_DOOR)
		purpose = c->door[w->door].place.name;
	else if (w->purpose == PURPOSE_SESSION)
		purpose = SESSION_PURPOSE;
	snprintf(expected, sizeof(expected), "%s/%s", c->shop.name, purpose);
	return strcmp(w->token->claims.audience, expected) == 0;
}

static bool too_long_lived(const struct token_shown *t)
{
	int64_t life_s;

	if (t->pass) /* "any life the office allows" */
		return false;
	return __builtin_sub_overflow(t->claims.exp_s, t->claims.iat_s, &life_s) ||
	       life_s > TOKEN_LIFE_MAX_S;
}

/* "After an unclean stop also iat >= start+skew (start = trusted wall time now - monotonic time
 * since shopd started)": what was used before a power cut cannot be used after it. */
static bool predates_start(const struct step *s, int64_t iat_s)
{
	int64_t start_ms = s->now->wall.ms - (s->now->mono.ms - s->shop->start_mono.ms);

	if (fresh_predates(&s->shop->admission.fresh, iat_s, s->now->wall.ms / 1000))
		return true;
	return !s->shop->clean && iat_s < (start_ms + 999) / 1000 + TOKEN_SKEW_S;
}

static enum verdict judge_times(const struct step *s, const struct token_shown *t)
{
	int64_t now_s = s->now->wall.ms / 1000;

	if (t->pass) { /* "nbf <= now < exp" */
		if (t->claims.nbf_s > now_s)
			return VERDICT_NOT_YET_VALID;
		return now_s < t->claims.exp_s ? VERDICT_ADMITTED : VERDICT_EXPIRED;
	}
	if (predates_start(s, t->claims.iat_s))
		return VERDICT_PREDATES_START;
	if (t->claims.iat_s > now_s + TOKEN_SKEW_S) /* "iat <= now+skew (10 s)" */
		return VERDICT_NOT_YET_VALID;
	return now_s < t->claims.exp_s ? VERDICT_ADMITTED : VERDICT_EXPIRED; /* "now < exp" */
}

/* "With a nonce the times are not held against the clock: the nonce must be one that this door
 * gave,
 * <= 60 s old, unused; else nonce_unknown, never judged by the clock instead." "Untrusted: only
 * tokens with a nonce, and cards." */
static enum verdict judge_freshness(struct step *s, const struct showing *w)
{
	const struct token_shown *t = w->token;
	struct admission *a = &s->shop->admission;

	if (t->claims.has_nonce &&
	    (w->purpose != PURPOSE_DOOR ||
	     !nonces_find(&a->nonces[w->door], t->claims.nonce, s->now->mono)))
		return VERDICT_NONCE_UNKNOWN;
	if (t->claims.has_nonce && !t->pass)
		return VERDICT_ADMITTED;
	if (!s->now->wall_trusted)
		return VERDICT_CLOCK_UNTRUSTED;
	return judge_times(s, t);
}

bool hours_open(const struct hours hours[7], uint16_t minute_of_week)
{
	uint16_t week = minute_of_week % MINUTES_A_WEEK;
	uint16_t day = week / MINUTES_A_DAY, minute = week % MINUTES_A_DAY;
	const struct hours *today = &hours[day], *yesterday = &hours[(day + 6) % 7];

	if (yesterday->close < yesterday->open && minute < yesterday->close)
		return true;
	if (today->close < today->open)
		return minute >= today->open;
	return minute >= today->open && minute < today->close;
}

/* "Lockdown admits nobody": at a door its own, elsewhere when every door is locked down. */
static bool locked_down(const struct shop *shop, const struct showing *w)
{
	if (w->purpose == PURPOSE_DOOR)
		return shop->door[w->door].standing == DOOR_LOCKDOWN;
	for (uint32_t i = 0; i < shop->config.doors; i++)
		if (shop->door[i].standing != DOOR_LOCKDOWN)
			return false;
	return true;
}

static bool shop_is_full(const struct shop *shop, enum role role)
{
	if (!visits_has_room(&shop->visits))
		return true;
	return role == ROLE_MEMBER && shop->config.occupancy_max > 0 &&
	       shop->visits.count >= shop->config.occupancy_max;
}

/* The shop's hours, and those of the member's level of trust beside them. */
static bool open_for(const struct step *s, const struct member *m)
{
	const struct shop_config *c = &s->shop->config;
	uint16_t minute = s->now->minute_of_week;
	bool apart = m->role == ROLE_MEMBER && (uint32_t)m->trust < TRUSTS &&
		     c->trust[m->trust].hours_apart;

	return hours_open(c->hours, minute) &&
	       (!apart || hours_open(c->trust[m->trust].hours, minute));
}

/* The shop's own rules, for who may come in (or, at a till, begin a visit). */
static enum verdict judge_policy(const struct step *s, const struct showing *w)
{
	const struct shop *shop = s->shop;
	const struct member *m = &w->token->member;
	bool any_hour = m->role == ROLE_OWNER || m->role == ROLE_STAFF;

	if (w->purpose == PURPOSE_SESSION ||
	    (w->purpose == PURPOSE_TILL && (w->inside || w->invited)))
		return VERDICT_ADMITTED;
	if (locked_down(shop, w))
		return VERDICT_LOCKED_DOWN;
	if (!any_hour && s->now->wall_trusted && !open_for(s, m))
		return VERDICT_CLOSED_HOURS;
	if (!w->inside && shop_is_full(shop, m->role))
		return VERDICT_SHOP_FULL;
	if (m->role != ROLE_MEMBER)
		return VERDICT_ADMITTED;
	if (m->limited && money_compare(m->credit_left, MONEY_ZERO) <= 0)
		return VERDICT_CREDIT_EXHAUSTED;
	return m->overdue ? VERDICT_OVERDUE : VERDICT_ADMITTED;
}

static struct pin_tried *pin_of(struct admission *a, const struct claims *c)
{
	struct pin_tried *place = &a->pin[0];

	for (uint32_t i = 0; i < PIN_TRIED_MAX; i++) {
		struct pin_tried *p = &a->pin[i];

		if (p->cti_len == c->cti_len && memcmp(p->cti, c->cti, c->cti_len) == 0)
			return p;
		if (place->cti_len != 0 && (p->cti_len == 0 || p->last.ms < place->last.ms))
			place = p;
	}
	*place = (struct pin_tried){.cti_len = c->cti_len};
	memcpy(place->cti, c->cti, c->cti_len);
	return place;
}

/* Four digits are 10,000 guesses: after five wrong ones a pass has to rest for ten minutes. */
static enum verdict judge_pin(struct step *s, const struct token_shown *t)
{
	struct pin_tried *tried;

	if (t->pin == PIN_NOT_WANTED)
		return VERDICT_ADMITTED;
	if (t->pin == PIN_MISSING)
		return VERDICT_PIN_REQUIRED;
	CHECK(t->claims.cti_len > 0 && t->claims.cti_len <= CTI_SIZE_MAX);
	tried = pin_of(&s->shop->admission, &t->claims);
	if (s->now->mono.ms - tried->last.ms >= PIN_PAUSE_MS)
		tried->wrong = 0;
	if (t->pin == PIN_RIGHT && tried->wrong < PIN_TRIES) {
		*tried = (struct pin_tried){0};
		return VERDICT_ADMITTED;
	}
	if (tried->wrong < PIN_TRIES) {
		tried->wrong++;
		tried->last = s->now->mono;
	}
	return VERDICT_PIN_WRONG;
}

static enum verdict judge_proof(enum proof proof)
{
	switch (proof) {
	case PROOF_MALFORMED:
		return VERDICT_MALFORMED;
	case PROOF_UNKNOWN_KEY:
		return VERDICT_UNKNOWN_KEY;
	case PROOF_BAD_SIGNATURE:
		return VERDICT_BAD_SIGNATURE;
	case PROOF_GOOD:
		return VERDICT_ADMITTED;
	}
	return VERDICT_MALFORMED;
}

bool admission_reread(const struct step *s, const struct showing *w)
{
	const struct admitted_bytes *last = &s->shop->admission.last[w->slot];

	return last->known && s->now->mono.ms - last->at.ms <= REREAD_MS &&
	       w->token->proof != PROOF_MALFORMED &&
	       memcmp(last->bytes.byte, w->token->bytes.byte, sizeof(last->bytes.byte)) == 0;
}

/* "Needs no clock; the counter never goes back." It opens no session: who holds a card in front of
 * a reader is not who sits before a browser. */
static enum verdict judge_card(const struct showing *w)
{
	const struct token_shown *t = w->token;

	if (w->purpose == PURPOSE_SESSION)
		return VERDICT_WRONG_AUDIENCE;
	if (t->card_counter <= t->card_last)
		return VERDICT_REPLAYED;
	return t->member.blocked ? VERDICT_BLOCKED : VERDICT_ADMITTED;
}

/* Everything that does not depend on who may come in when. */
static enum verdict judge_token(struct step *s, const struct showing *w)
{
	const struct token_shown *t = w->token;
	enum verdict v = judge_proof(t->proof);

	if (v != VERDICT_ADMITTED)
		return v;
	if (!t->pass && !t->member_known)
		return VERDICT_UNKNOWN_KEY;
	if (t->card)
		return judge_card(w);
	if (!audience_is_ours(s, w))
		return VERDICT_WRONG_AUDIENCE;
	if (too_long_lived(t))
		return VERDICT_TOO_LONG_LIVED;
	v = judge_freshness(s, w);
	if (v != VERDICT_ADMITTED)
		return v;
	if (!t->pass &&
	    fresh_used(&s->shop->admission.fresh, t->kid, t->claims.cti, t->claims.cti_len))
		return VERDICT_REPLAYED;
	if (t->pass && t->pass_revoked)
		return VERDICT_REVOKED;
	return t->member.blocked ? VERDICT_BLOCKED : VERDICT_ADMITTED;
}

enum verdict admission_verdict(struct step *s, const struct showing *w)
{
	enum verdict v;

	/* "The same bytes at the same reader within 5 s of their admission are replayed." */
	if (admission_reread(s, w))
		return VERDICT_REPLAYED;
	v = judge_token(s, w);
	if (v == VERDICT_ADMITTED)
		v = judge_policy(s, w);
	if (v == VERDICT_ADMITTED && w->token->pass)
		v = judge_pin(s, w->token);
	/* a session buys nothing and opens nothing; the owner needs one most when the disk is full
	 */
	if (v == VERDICT_ADMITTED && !s->shop->ledger_ok && w->purpose != PURPOSE_SESSION)
		v = VERDICT_LEDGER_UNAVAILABLE;
	return v;
}

void admission_consume(struct step *s, const struct showing *w, struct entry_admitted *row)
{
	struct admission *a = &s->shop->admission;
	const struct claims *c = &w->token->claims;
	struct fresh_token used = {
		.kid = w->token->kid, .cti_len = c->cti_len, .iat_s = c->iat_s, .exp_s = c->exp_s};

	a->last[w->slot] = (struct admitted_bytes){
		.known = true, .bytes = w->token->bytes, .at = s->now->mono};
	row->kid = w->token->kid;
	if (w->token->pass)
		return;
	if (w->token->card) {
		/* the shell has the newest counters of all cards, from this row on */
		CHECK(w->token->card_counter > 0 && w->token->card_counter <= CARD_COUNTER_MAX);
		row->card_counter = w->token->card_counter;
		return;
	}
	if (c->has_nonce) {
		struct nonce *nonce = nonces_find(&a->nonces[w->door], c->nonce, s->now->mono);

		CHECK(nonce);
		nonce->live = false;
		return;
	}
	memcpy(used.cti, c->cti, c->cti_len);
	fresh_add(&a->fresh, &used, s->now->wall.ms / 1000);
	row->cti_len = c->cti_len;
	memcpy(row->cti, c->cti, c->cti_len);
	row->iat_s = c->iat_s;
	row->exp_s = c->exp_s;
}

void admission_check(const struct admission *a)
{
	CHECK(a->fresh.count <= FRESH_TOKENS_MAX);
	for (uint32_t i = 0; i < REFUSAL_PLACES; i++)
		CHECK(a->refusals[i].rows <= REFUSAL_ROWS_A_MINUTE);
}
