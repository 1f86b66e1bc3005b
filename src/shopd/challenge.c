/*
 * challenge.c: contracts 1: a door shows `SKN1:` and base45 of [aud, nonce], "a new one every 30
 * s". It is drawn when somebody asks, not by a timer: a shop in which nobody looks at a screen
 * draws none. A nonce is good for 60 s and for one token, so who reads the code in its last second
 * still has half a minute, and the next in the queue gets another.
 */
#include "shopd/challenge.h"

#include <stdio.h>

#include "crypto/es256.h"
#include "token/base45.h"
#include "token/claims.h"

void challenge_draw(struct shopd *sd, uint8_t door, struct challenge *ret)
{
	uint8_t bytes[AUDIENCE_MAX + NONCE_SIZE + 8];
	char audience[AUDIENCE_MAX + 1];
	struct event e = shopd_event(sd, EVENT_NONCE);
	uint32_t len;

	CHECK(door < sd->config.doors);
	e.nonce.door = door;
	random_bytes(e.nonce.nonce, sizeof(e.nonce.nonce));
	*ret = (struct challenge){.drawn = true, .changes = mono_add(loop_mono(), NONCE_RENEW_MS)};
	memcpy(ret->nonce, e.nonce.nonce, sizeof(ret->nonce));
	snprintf(audience, sizeof(audience), "%s/%s", sd->config.shop, sd->config.door[door].name);
	len = challenge_encode(audience, e.nonce.nonce, bytes, sizeof(bytes));
	CHECK(qr_text_encode(QR_CHALLENGE_PREFIX, bytes, len, ret->text, sizeof(ret->text)) > 0);
	shopd_step(sd, &e);
}

bool challenge_used(const struct shopd *sd, uint8_t door, const struct challenge *c)
{
	return !shop_nonce_live(&sd->shop, door, c->nonce, loop_mono());
}

bool challenge_renew(struct shopd *sd, uint8_t door, struct challenge *c)
{
	if (c->drawn && !mono_due(loop_mono(), c->changes) && !challenge_used(sd, door, c))
		return false;
	challenge_draw(sd, door, c);
	return true;
}
