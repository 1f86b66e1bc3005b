/*
 * layout.c: five formats, all of which carry the brightness of each pixel as a byte of its own.
 * GREY is nothing else; NV12 and YU12 have it first and colours behind; YUYV and UYVY, which nearly
 * every USB camera can, have it in every second byte. Compressed pictures (MJPEG) are not read:
 * their decoder would be the largest part of a program whose input is hostile.
 */
#include "eyed/layout.h"

static const struct {
	uint32_t format;
	uint8_t step, first; /* bytes from pixel to pixel; of the first one */
	uint8_t halves;	     /* of a byte that a pixel takes up, with its colours */
} formats[LAYOUT_FORMATS] = {
	{FOURCC('G', 'R', 'E', 'Y'), 1, 0, 2}, {FOURCC('N', 'V', '1', '2'), 1, 0, 3},
	{FOURCC('Y', 'U', '1', '2'), 1, 0, 3}, {FOURCC('Y', 'U', 'Y', 'V'), 2, 0, 4},
	{FOURCC('U', 'Y', 'V', 'Y'), 2, 1, 4},
};

const uint32_t layout_formats[LAYOUT_FORMATS] = {
	FOURCC('G', 'R', 'E', 'Y'), FOURCC('N', 'V', '1', '2'), FOURCC('Y', 'U', '1', '2'),
	FOURCC('Y', 'U', 'Y', 'V'), FOURCC('U', 'Y', 'V', 'Y'),
};

/* Which row of the table, or LAYOUT_FORMATS. */
static uint32_t find(uint32_t format, uint32_t width, uint32_t height)
{
	uint32_t i = 0;

	if (width < PICTURE_SIDE_MIN || height < PICTURE_SIDE_MIN || width > PICTURE_WIDTH_MAX ||
	    height > PICTURE_HEIGHT_MAX)
		return LAYOUT_FORMATS;
	while (i < LAYOUT_FORMATS && formats[i].format != format)
		i++;
	return i;
}

uint32_t layout_size(uint32_t format, uint32_t width, uint32_t height)
{
	uint32_t i = find(format, width, height);

	return i < LAYOUT_FORMATS ? width * height * formats[i].halves / 2 : 0;
}

bool layout_picture(uint32_t format, uint32_t width, uint32_t height, uint32_t stride,
		    struct span bytes, struct picture *ret)
{
	uint32_t i = find(format, width, height), row;

	if (i == LAYOUT_FORMATS)
		return false;
	row = width * formats[i].step;
	if (stride == 0)
		stride = row;
	if (stride < row || stride > PICTURE_BYTES_MAX)
		return false;
	/* colours that are missing are none of our business; brightness must be there, all of it */
	if ((uint64_t)stride * (height - 1) + row > bytes.len)
		return false;
	*ret = (struct picture){.luma = bytes.data + formats[i].first,
				.width = (int32_t)width,
				.height = (int32_t)height,
				.stride = (int32_t)stride,
				.step = formats[i].step};
	return true;
}
