/* jpeg_small.h: the smallest JPEG that has all its parts: a frame of 1 × 1, a scan, a restart in
 * it.
 */
#ifndef TESTS_UNIT_JPEG_SMALL_H
#define TESTS_UNIT_JPEG_SMALL_H

#include <stdint.h>

static const uint8_t jpeg_small[] = {
	0xff, 0xd8,			    /* SOI */
	0xff, 0xfe, 0x00, 0x04, 0xff, 0xd9, /* COM: an end that is none */
	0xff, 0xc0, 0x00, 0x0b, 8,    0,    1,	  0,	1,    1,  1, 0x11, 0, /* SOF0 */
	0xff, 0xff, 0xda, 0x00, 0x08, 1,    1,	  0,	0,    63, 0, /* SOS, behind a byte that
									fills */
	0x12, 0xff, 0x00, 0x34, 0xff, 0xd0, 0x56, 0xff, 0xff,	     /* coded bytes */
	0xd9, /* EOI, behind one that fills */
};

#endif
