/*
 * web_proof.c: who asks. Four ways to say it, one for each kind:
 *
 *   a box     Authorization: SK1 <token>, aud office/<the route's purpose>, by the key of the shop
 *             in the path; at its enrolment by the key in the body
 *   a person  the same, aud office/admin, by a key of officed.conf or of the database
 *   a member  the same, aud office/me, by the key of a phone, in the database
 *   a program Authorization: Bearer <secret> of officed.conf
 *
 * The signature is checked on a thread; where the key stands in the database, by the worker that
 * looks there. Only what bears a good signature is told that its time is
 * wrong, is remembered, or learns that its box was revoked; to everybody else all is one 401. A box
 * that we do not know yet may have enrolled at another officed a moment ago: it waits for one more
 * look at the fleet before it is refused.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>

#include "crypto/es256.h"
#include "net/base64url.h"
#include "net/json.h"
#include "officed/web_inside.h"

#define PARKED_MAX 1024
#define AWAY_S	   5 /* a database that is away */
#define SK1	   "SK1 "
#define BEARER	   "Bearer "
#define ENROL	   "enrol"

static void unauthorized(struct asked *a)
{
	web_refuse(a, 401, "unauthorized",
		   "Nobody we know signed this request; prove who you are in Authorization.");
}

/* ---- a program ---- */

static void prove_bearer(struct asked *a, const char *secret)
{
	const struct config *c = a->web->config;
	struct sha256 hash = sha256(secret, (uint32_t)strlen(secret));
	const struct client_conf *found = NULL;

	for (uint32_t i = 0; i < c->clients; i++)
		if (CRYPTO_memcmp(&c->client[i].secret, &hash, sizeof(hash)) == 0)
			found = &c->client[i];
	if (found == NULL) {
		unauthorized(a);
		return;
	}
	a->ask.who =
		(struct who){.kind = WHO_CLIENT, .rights = 1U << RIGHT_PULL, .shops = found->shops};
	memcpy(a->ask.who.name, found->name, sizeof(found->name));
	web_proven(a);
}

/* ---- what was signed ---- */

/** An operator's key. */
static bool key_of_operator(struct asked *a)
{
	struct web *w = a->web;

	for (uint32_t i = 0; i < w->config->operators; i++) {
		const struct operator_conf *o = &w->config->operator[i];

		if (memcmp(&w->operator_kid[i], &a->token.kid, sizeof(struct kid)) != 0)
			continue;
		a->key = o->key;
		a->ask.who =
			(struct who){.kind = WHO_OPERATOR, .rights = o->rights, .shops = o->shops};
		memcpy(a->ask.who.name, o->name, sizeof(o->name));
		return true;
	}
	return false;
}

/** The key of the shop's box; at an enrolment the one that it brings. */
static bool key_of_box(struct asked *a)
{
	struct sync_enrol enrol;

	a->ask.who = (struct who){.kind = WHO_BOX, .shops = ""};
	memcpy(a->ask.who.shop, a->ask.param[0], strlen(a->ask.param[0]));
	if (strcmp(a->route->purpose, ENROL) == 0) {
		struct kid kid;

		if (!sync_enrol_take((struct span){a->body, a->body_len}, &enrol))
			return false;
		a->key = enrol.key;
		kid = kid_of(&enrol.key);
		return memcmp(&kid, &a->token.kid, sizeof(kid)) == 0;
	}
	a->shop = fleet_find(a->web->fleet, a->ask.param[0]);
	if (a->shop == NULL || a->shop->state == SHOP_WAITING ||
	    memcmp(&a->shop->kid, &a->token.kid, sizeof(struct kid)) != 0)
		return false;
	a->key = a->shop->key;
	return true;
}

static bool audience_is(const struct asked *a, const char *purpose)
{
	const char *aud = a->token.claims.audience;

	return strncmp(aud, "office/", 7) == 0 && strcmp(aud + 7, purpose) == 0;
}

static bool key_find(struct asked *a)
{
	if ((a->route->who & FOR_OPERATOR) != 0 &&
	    strcmp(a->token.claims.audience, AUDIENCE_ADMIN) == 0)
		return key_of_operator(a);
	if ((a->route->who & FOR_BOX) != 0 && a->route->purpose != NULL &&
	    audience_is(a, a->route->purpose))
		return key_of_box(a);
	return false;
}

/** Not known, or not as signed: perhaps by the next look. */
static void park(struct asked *a)
{
	struct web *w = a->web;

	if (a->judged_twice || (a->route->who & FOR_BOX) == 0) {
		unauthorized(a);
		return;
	}
	if (w->parked_count >= PARKED_MAX) { /* we cannot tell now: that is no refusal */
		web_busy(a);
		return;
	}
	a->judged_twice = true;
	a->at = ASKED_PARKED;
	a->next = w->parked;
	w->parked = a;
	w->parked_count++;
}

static void stale(struct asked *a)
{
	uint8_t nonce[NONCE_SIZE];
	char text[2 * NONCE_SIZE + 1], body[512];
	struct builder b = builder_of(body, sizeof(body));

	proof_nonce(a->web->proofs, a->ask.now, nonce);
	hex_text(nonce, sizeof(nonce), text);
	problem_put(&b, 401, "stale",
		    "The token's times do not fit the office's clock: sign one with this nonce, "
		    "and ask again once.",
		    "nonce", text);
	CHECK(!b.failed);
	reply_bytes(&a->reply, 401, HTTP_PROBLEM_TYPE, body, b.len);
	web_answer(a);
}

/** Its signature holds. */
static void judge(struct asked *a)
{
	const struct claims *c = &a->token.claims;
	struct who *who = &a->ask.who;

	switch (proof_judge(a->web->proofs, a->token.kid, c, a->ask.now)) {
	case PROOF_FRESH:
		break;
	case PROOF_STALE:
		stale(a);
		return;
	case PROOF_USED:
		web_refuse(a, 401, "used",
			   "This token was used before: sign a new one for each request.");
		return;
	case PROOF_LONG:
		web_refuse(a, 401, "too_long_lived",
			   "A token may live for 120 seconds: sign one that ends sooner.");
		return;
	case PROOF_FULL:
		web_busy(a);
		return;
	}
	who->kid = a->token.kid;
	who->cti_len = c->cti_len;
	memcpy(who->cti, c->cti, c->cti_len);
	who->exp_s = c->has_nonce ? a->ask.now.ms / 1000 + TOKEN_LIFE_MAX_S : c->exp_s;
	if (who->kind == WHO_BOX && a->shop != NULL && a->shop->state == SHOP_REVOKED) {
		web_refuse(a, 403, "revoked",
			   "This box was revoked: ask the office for a claim code for another.");
		return;
	}
	web_proven(a);
}

static void prove_run(struct office *o, struct job *j)
{
	struct asked *a = j->data;
	uint8_t tbs[TO_BE_SIGNED_MAX];
	uint32_t len;

	(void)o;
	len = token_to_be_signed(a->token.protected_header, a->token.payload, tbs);
	a->good = es256_verify(&a->key, tbs, len, a->token.signature) == 1;
}

static void prove_done(struct job *j)
{
	struct asked *a = j->data;

	if (j->result < 0)
		web_busy(a);
	else if (!a->good)
		park(a);
	else
		judge(a);
}

/** Polls and entries may wait, and come by the thousand when a price has changed for all; who beats
 * is late if it waits. */
static bool is_urgent(const struct asked *a)
{
	const char *purpose = a->route->purpose;

	return purpose == NULL || (strcmp(purpose, "feed") != 0 && strcmp(purpose, "entries") != 0);
}

static void prove_signed(struct asked *a)
{
	if (!key_find(a)) {
		park(a);
		return;
	}
	a->at = ASKED_WORKING;
	a->job = (struct job){
		.run = prove_run, .done = prove_done, .data = a, .urgent = is_urgent(a)};
	if (!work_add(a->web->work, WORK_PROOF, &a->job))
		web_busy(a);
}

/* ---- a key of the database ---- */

static void find_run(struct office *o, struct job *j)
{
	j->result = db_read(o->db, web_find, j->data);
}

static void find_done(struct job *j)
{
	struct asked *a = j->data;

	if (j->result == 0 && a->good) {
		judge(a);
	} else if (j->result == 0) {
		unauthorized(a);
	} else {
		reply_problem(&a->reply, 503, "unavailable",
			      "The office's database is away: ask again soon.");
		a->reply.retry_after_s = AWAY_S;
		web_answer(a);
	}
}

/** Whether the key that signed this can be one of the database. */
static bool in_database(const struct asked *a)
{
	const char *aud = a->token.claims.audience;

	return ((a->route->who & FOR_OPERATOR) != 0 && strcmp(aud, AUDIENCE_ADMIN) == 0) ||
	       ((a->route->who & FOR_MEMBER) != 0 && strcmp(aud, AUDIENCE_ME) == 0);
}

static void prove_from_database(struct asked *a)
{
	a->at = ASKED_WORKING;
	a->job = (struct job){.run = find_run, .done = find_done, .data = a};
	if (!work_add(a->web->work, WORK_PEOPLE, &a->job))
		web_busy(a);
}

static void prove_text(struct asked *a)
{
	if (in_database(a) && !key_find(a))
		prove_from_database(a);
	else
		prove_signed(a);
}

void web_unparked(struct asked *a)
{
	a->at = ASKED_WORKING;
	prove_signed(a);
}

void web_prove(struct asked *a, const char *authorization)
{
	const char *text = authorization;

	if (text == NULL) {
		if ((a->route->who & FOR_ANYBODY) != 0)
			web_proven(a);
		else
			unauthorized(a);
		return;
	}
	if (strncmp(text, BEARER, strlen(BEARER)) == 0 && (a->route->who & FOR_CLIENT) != 0) {
		prove_bearer(a, text + strlen(BEARER));
		return;
	}
	a->token_bytes = malloc(TOKEN_SIZE_MAX);
	if (a->token_bytes == NULL) {
		web_busy(a);
		return;
	}
	if (strncmp(text, SK1, strlen(SK1)) != 0 ||
	    !base64url_decode(text + strlen(SK1), (uint32_t)strlen(text + strlen(SK1)),
			      a->token_bytes, TOKEN_SIZE_MAX, &a->token_len) ||
	    !token_parse((struct span){a->token_bytes, a->token_len}, &a->token) ||
	    a->token.claims.is_pass)
		unauthorized(a);
	else
		prove_text(a);
}
