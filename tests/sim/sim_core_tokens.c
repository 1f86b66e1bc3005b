/* sim_core_tokens.c: what is shown at a reader, drawn at random: good tokens, spoilt ones, and
 * those that somebody has seen before. */
#include <stdio.h>
#include <string.h>

#include "sim_core.h"

static bool one_in(struct world *w, uint64_t n)
{
	return world_draw(w, n) == 0;
}

static bool all_day(const struct world *w)
{
	return w->shop.config.hours[0].close == 1440;
}

/* Whether a token just made for this member, good in every way, has to be honoured now. */
static bool must_honour(const struct world *w, uint32_t member, uint32_t reader)
{
	const struct member *m = &w->member[member];
	const struct reader_config *r = &w->shop.config.reader[reader];
	uint32_t max = w->shop.config.occupancy_max;

	if (m->trust == TRUST_RESTRICTED || !w->trusted || w->full || w->went_back || !all_day(w) ||
	    m->blocked || m->overdue || m->limited || w->mono.ms - w->started.ms < 11000)
		return false;
	if (!r->till && w->door[r->door].word == DOOR_LOCKDOWN)
		return false;
	for (uint32_t i = 0; r->till && i < w->shop.config.doors; i++)
		if (w->door[i].word == DOOR_LOCKDOWN)
			return false;
	return w->shop.visits.count < (max ? max : VISITS_OPEN_MAX);
}

static void make_token(struct world *w, struct token_shown *t, uint32_t member, uint32_t reader)
{
	const struct reader_config *r = &w->shop.config.reader[reader];
	const char *purpose = r->till ? "till" : r->place.name;
	struct claims *c = &t->claims;

	t->proof = PROOF_GOOD;
	t->kid = w->kid[member];
	t->member_known = true;
	t->member = w->member[member];
	snprintf(c->audience, sizeof(c->audience), "viken/%s", purpose);
	c->iat_s = w->wall_ms / 1000;
	c->exp_s = c->iat_s + 1 + (int64_t)world_draw(w, 120);
	c->cti_len = 8;
	memcpy(c->cti, &w->draws, sizeof(w->draws));
	memcpy(t->bytes.byte, &w->draws, sizeof(w->draws));
	w->perfect = must_honour(w, member, reader);
}

static void spoil_token(struct world *w, struct token_shown *t)
{
	struct claims *c = &t->claims;

	w->perfect = false;
	switch (world_draw(w, 12)) {
	case 0:
		t->proof = (enum proof)world_draw(w, 3);
		break;
	case 1:
		c->audience[world_draw(w, 10)] ^= 1;
		break;
	case 2:
		c->exp_s = (int64_t)world_draw(w, UINT64_MAX);
		break;
	case 3:
		c->iat_s = (int64_t)world_draw(w, UINT64_MAX);
		break;
	case 4:
		c->iat_s += (int64_t)world_draw(w, 400) - 200;
		c->exp_s = c->iat_s + 60;
		break;
	case 5:
	case 6:
		c->has_nonce = true;
		memcpy(c->nonce, w->nonce, NONCE_SIZE);
		c->iat_s = (int64_t)world_draw(w, 1000000);
		c->exp_s = c->iat_s + 60;
		break;
	case 7:
		c->has_nonce = true;
		c->nonce[0] = (uint8_t)world_draw(w, 256);
		break;
	case 8:
		t->member_known = false;
		break;
	default:
		t->pass = true;
		c->sub = t->member.customer;
		c->nbf_s = w->wall_ms / 1000 + (int64_t)world_draw(w, 2000) - 1900;
		c->exp_s = c->nbf_s + (int64_t)world_draw(w, 100000);
		t->pass_revoked = one_in(w, 8);
		t->pin = (enum pin)world_draw(w, 4);
		snprintf(c->audience, sizeof(c->audience), "viken");
		break;
	}
}

/* A member's card, read once more; its kid names the member. What it said before stays known to
 * whoever listened. */
static void make_card(struct world *w, struct token_shown *t, uint32_t member, uint32_t reader)
{
	memset(t, 0, sizeof(*t));
	t->proof = one_in(w, 10) ? (enum proof)world_draw(w, 3) : PROOF_GOOD;
	t->card = true;
	t->kid = (struct kid){{0xca, (uint8_t)member}};
	t->member_known = !one_in(w, 12);
	t->member = w->member[member];
	t->card_counter = ++w->card_reading[member];
	memcpy(t->bytes.byte, &w->draws, sizeof(w->draws));
	/* no clock is needed: only what is known to stand against it */
	w->perfect = t->proof == PROOF_GOOD && t->member_known && w->trusted &&
		     must_honour(w, member, reader);
}

/* What a shell looks up as a card is shown, whenever that is. */
static void look_up_card(const struct world *w, struct token_shown *t)
{
	if (t->card)
		t->card_last = w->card_newest[t->kid.byte[1]];
}

void tokens_cards_recall(struct world *w)
{
	memset(w->card_newest, 0, sizeof(w->card_newest));
	for (uint32_t i = 0; i < w->rows; i++) {
		const struct entry *e = &w->row[i].entry;
		uint32_t *newest = &w->card_newest[e->admitted.kid.byte[1] % WORLD_MEMBERS];

		if (e->kind == ENTRY_ADMITTED && e->admitted.card_counter > *newest)
			*newest = e->admitted.card_counter;
	}
}

/* A thief is quick: half of the time one of the last three. */
static uint32_t old_token(struct world *w)
{
	uint32_t kept = w->tokens < WORLD_TOKENS ? w->tokens : WORLD_TOKENS;
	uint32_t back = (uint32_t)world_draw(w, one_in(w, 2) && kept > 3 ? 3 : kept);

	return (w->tokens - 1 - back) % WORLD_TOKENS;
}

void tokens_show(struct world *w)
{
	uint8_t reader = (uint8_t)world_draw(w, w->shop.config.readers);
	bool till = w->shop.config.reader[reader].till;
	struct event *e = world_event(w, till ? EVENT_TILL_TOKEN : EVENT_DOOR_TOKEN);
	struct token_shown *t = &e->token.token;

	if (one_in(w, 20))
		e->kind = EVENT_SESSION_TOKEN;
	e->token.reader = reader;
	e->token.price_version = w->version;
	if (w->tokens > 0 && one_in(w, 5)) { /* an old one again, perhaps elsewhere */
		*t = w->token[old_token(w)];
	} else {
		bool nfc = w->shop.config.reader[reader].road == ROAD_NFC;
		uint32_t member = (uint32_t)world_draw(w, WORLD_MEMBERS);

		if (nfc && !one_in(w, 4))
			make_card(w, t, member, reader);
		else
			make_token(w, t, member, reader);
		if (!t->card && one_in(w, 3))
			spoil_token(w, t);
		if (e->kind == EVENT_SESSION_TOKEN) {
			snprintf(t->claims.audience, sizeof(t->claims.audience), "viken/owner");
			w->perfect = false;
		}
		w->token_reader[w->tokens % WORLD_TOKENS] = reader;
		w->token[w->tokens++ % WORLD_TOKENS] = *t;
	}
	if (till && w->shop.config.reader[reader].road == ROAD_PHONE && one_in(w, 4)) {
		memcpy(e->token.join_code, w->join_code, sizeof(e->token.join_code));
		w->perfect = false;
	}
	look_up_card(w, t);
	world_step(w);
	for (uint32_t i = 0; i < w->effects.afters; i++) {
		const struct effect_visit *v = &w->effects.after[i].visit;

		if (w->effects.after[i].kind != EFFECT_VISIT || v->visit.n == 0)
			continue;
		w->device[w->devices++ % WORLD_DEVICES] =
			(struct world_device){v->visit, e->draw.bearer_hash,
					      t->pass ? t->claims.sub : t->member.customer};
	}
}

/* Whoever cut the power tries at once what was shown just before. */
void tokens_try_again(struct world *w)
{
	for (uint32_t i = 0; i < 4 && w->tokens > 0; i++) {
		uint32_t old = old_token(w);
		uint8_t reader = w->token_reader[old];
		bool till = w->shop.config.reader[reader].till;
		struct event *e;

		w->mono.ms += 2000;
		w->wall_ms += 2000;
		e = world_event(w, till ? EVENT_TILL_TOKEN : EVENT_DOOR_TOKEN);
		e->token.reader = reader;
		e->token.token = w->token[old];
		look_up_card(w, &e->token.token);
		e->token.price_version = w->version;
		world_step(w);
	}
}

void tokens_nonce(struct world *w)
{
	struct event *e = world_event(w, EVENT_NONCE);

	memcpy(w->nonce, &w->draws, sizeof(w->draws));
	w->nonce[15] = 1;
	memcpy(e->nonce.nonce, w->nonce, NONCE_SIZE);
	e->nonce.door = (uint8_t)world_draw(w, w->shop.config.doors);
	world_step(w);
}
