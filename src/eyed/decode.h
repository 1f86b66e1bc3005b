/*
 * decode.h: a picture -> the codes in it, by zxing-cpp. The one place where C meets C++.
 */
#ifndef SHOP_EYED_DECODE_H
#define SHOP_EYED_DECODE_H

#include <stdint.h>

#define CODE_SIZE_MAX 513 /* one more than a frame may have: so that it is told as too long */
#define CODES_MAX     4	  /* of one picture: two goods held side by side, and their labels */

/** Kinds of codes, a bit each, in the order of eyed.conf's words. */
enum code_kind {
	CODE_QR = 0,
	CODE_EAN = 1, /* EAN-13, EAN-8, UPC-A */
	CODE_DATABAR = 2,
	CODE_CODE128 = 3,
	CODE_DATAMATRIX = 4,
	CODE_KINDS = 5,
};

/** A picture that somebody else owns: brightness alone, `step` bytes from one pixel to the next and
 * `stride` from one row to the next. */
struct picture {
	const uint8_t *luma;
	int32_t width, height, stride, step;
};

struct code {
	uint32_t len; /* 1 to CODE_SIZE_MAX; what is longer is cut there */
	uint8_t bytes[CODE_SIZE_MAX];
};

#ifdef __cplusplus
extern "C" {
#endif

/** decode - the codes of these kinds (bits), at most `max`: how many. A picture that the library
 * gives up on has none. */
uint32_t decode(const struct picture *p, uint32_t kinds, struct code *ret, uint32_t max);

#ifdef __cplusplus
}
#endif

#endif
