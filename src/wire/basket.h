/*
 * basket.h: the lines that a phone had kept and shows the till as a QR code, because it has no
 * other way to the shop: "SKB1:" + base45 of a deterministic CBOR array
 * [[key 8..16 bytes, gtin, quantity, scanned_at seconds], ...], at most BASKET_LINES_MAX of them.
 * A line's key is the one under which the phone itself would send it, as bytes: the text is its
 * base64url. Pure, bounded, fuzzed.
 */
#ifndef SHOP_WIRE_BASKET_H
#define SHOP_WIRE_BASKET_H

#include "base/clock.h"
#include "base/ids.h"
#include "base/span.h"

enum {
	BASKET_KEY_MIN = 8,
	BASKET_KEY_MAX = 16,
};

struct basket_line {
	uint8_t key_len;
	uint8_t key[BASKET_KEY_MAX];
	struct gtin gtin;	/* as scanned: of a weighed article with its weight in it */
	int32_t quantity_milli; /* 1 ... QUANTITY_MAX_MILLI */
	struct wall scanned_at; /* 0: none */
};

struct basket {
	uint32_t lines;
	struct basket_line line[BASKET_LINES_MAX];
};

/** basket_parse - `bytes` as a basket of one line or more, and nothing else: a code that is wrong
 * anywhere is wrong as a whole. False, and *ret unspecified, when it is. */
MUST_CHECK bool basket_parse(struct span bytes, struct basket *ret);

#endif
