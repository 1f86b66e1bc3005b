/* challenge.h: the codes that doors show for tokens with a nonce (contracts 1): one drawn for who
 * asks by name, and one a door that all who look at it share. */
#ifndef SHOP_SHOPD_CHALLENGE_H
#define SHOP_SHOPD_CHALLENGE_H

#include "shopd/shopd.h"

/** The code that a door shows now; `text` is "SKN1:…". */
struct challenge {
	bool drawn;
	uint8_t nonce[NONCE_SIZE];
	struct mono changes; /* then there is another, if somebody asks */
	char text[CHALLENGE_TEXT_MAX + 1];
};

/** challenge_draw - a code for this door that is nobody else's; the core knows it from now on. */
void challenge_draw(struct shopd *sd, uint8_t door, struct challenge *ret);

/** challenge_renew - the door's shared code: drawn anew where it is older than NONCE_RENEW_MS, or a
 * token has used it. True when it is another one now. Costs nothing while nobody asks. */
bool challenge_renew(struct shopd *sd, uint8_t door, struct challenge *c);

/** challenge_used - a token has used it, or its time is over. */
bool challenge_used(const struct shopd *sd, uint8_t door, const struct challenge *c);

#endif
