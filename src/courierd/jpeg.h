/* jpeg.h: whether what a camera sent is a picture. Pure; fuzzed. */
#ifndef SHOP_COURIERD_JPEG_H
#define SHOP_COURIERD_JPEG_H

#include "base/span.h"

/** jpeg_len - bytes of the JPEG (ITU-T T.81 annex B) that `s` begins with, from its first marker to
 * its last; 0 when it holds no whole one. What a camera pads it with is behind that. */
uint32_t jpeg_len(struct span s);

#endif
