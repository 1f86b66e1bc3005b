/* ndef.h: the NDEF file of a card (NFC Forum, Type 4 Tag and URI record) -> what its address says
 * by SUN. Pure, bounded, strict: a card that says the same in another way was not written by us. */
#ifndef SHOP_TOKEN_NDEF_H
#define SHOP_TOKEN_NDEF_H

#include "base/limits.h"
#include "base/span.h"

/** What stands behind p= and m=. */
struct card_said {
	uint8_t picc[16];
	uint8_t mac[8];
};

/** ndef_card - `file` as it was read: two bytes of length, one short URI record of that length;
 * what the file has behind it means nothing. The address is https, in printable ASCII; its query
 * has p= with 32 hex digits and m= with 16, each exactly once. False on anything else. */
MUST_CHECK bool ndef_card(struct span file, struct card_said *ret);

#endif
