/*
 * layout.h: where the brightness of a picture lies in a camera's buffer. Pure; every number comes
 * from outside (a driver, a file) and is checked against the buffer before it is believed.
 */
#ifndef SHOP_EYED_LAYOUT_H
#define SHOP_EYED_LAYOUT_H

#include "base/span.h"
#include "eyed/decode.h"

#define PICTURE_SIDE_MIN   64
#define PICTURE_WIDTH_MAX  1920
#define PICTURE_HEIGHT_MAX 1080
/** Two bytes a pixel, the most that any format here has. */
#define PICTURE_BYTES_MAX (2 * PICTURE_WIDTH_MAX * PICTURE_HEIGHT_MAX)

/** A format's four letters as V4L2 numbers them. */
#define FOURCC(a, b, c, d)                                                                         \
	((uint32_t)(a) | (uint32_t)(b) << 8 | (uint32_t)(c) << 16 | (uint32_t)(d) << 24)

/** layout_formats - those that can be read, the dearest first: their brightness stands in plain
 * bytes, so that no picture is ever converted or unpacked. */
extern const uint32_t layout_formats[];
#define LAYOUT_FORMATS 5

/** layout_size - bytes of a whole picture without padding; 0: no format or size that is read here.
 */
uint32_t layout_size(uint32_t format, uint32_t width, uint32_t height);

/** layout_picture - finds the picture in `bytes`. `stride`: bytes from row to row, 0: no padding.
 * False when it does not fit in there, or is none that is read here. */
MUST_CHECK bool layout_picture(uint32_t format, uint32_t width, uint32_t height, uint32_t stride,
			       struct span bytes, struct picture *ret);

#endif
