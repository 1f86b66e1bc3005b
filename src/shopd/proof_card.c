/*
 * proof_card.c: what can be proven of a card's bytes. No card key is known yet: every card is of an
 * unknown key, whatever it says.
 */
#include "shopd/shopd.h"

#include <string.h>

#include "crypto/es256.h"

void proof_of_card(struct shopd *sd, struct span ndef, struct token_shown *ret)
{
	(void)sd;
	memset(ret, 0, sizeof(*ret));
	ret->card = true;
	ret->bytes = sha256(ndef.data, ndef.len);
	ret->proof = ndef.len > CARD_NDEF_MAX ? PROOF_MALFORMED : PROOF_UNKNOWN_KEY;
}
