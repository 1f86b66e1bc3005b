/* base45.h: RFC 9285, strictly: what is not the one encoding of some bytes is refused. */
#ifndef SHOP_TOKEN_BASE45_H
#define SHOP_TOKEN_BASE45_H

#include "base/limits.h"
#include "base/span.h"

/** Prefixes of contracts 1. */
#define QR_TOKEN_PREFIX	    "SK1:"
#define QR_CHALLENGE_PREFIX "SKN1:"
/** Lines that a phone had kept, for the till (wire/basket.h); a frame may be as long as any. */
#define QR_BASKET_PREFIX "SKB1:"

/** base45_encode - characters written (no NUL), or 0 when `size` is too small or len is 0. */
uint32_t base45_encode(const uint8_t *bytes, uint32_t len, char *text, uint32_t size);

/** base45_decode - bytes written into `bytes`. False on a wrong character, an impossible length, a
 * group past 65535 (or 255 for the last two), or when `size` is too small. */
MUST_CHECK bool base45_decode(const char *text, uint32_t len, uint8_t *bytes, uint32_t size,
			      uint32_t *ret_len);

/** qr_text_encode - prefix, base45 of the bytes and a NUL; characters without the NUL, or 0 when
 * `size` is too small or len is 0. */
uint32_t qr_text_encode(const char *prefix, const uint8_t *bytes, uint32_t len, char *text,
			uint32_t size);

/** qr_text_decode - the bytes behind the prefix. False when the text does not begin with it, is
 * longer than TOKEN_QR_MAX, holds nothing more, or as base45_decode(). */
MUST_CHECK bool qr_text_decode(const char *prefix, const char *text, uint32_t len, uint8_t *bytes,
			       uint32_t size, uint32_t *ret_len);

#endif
