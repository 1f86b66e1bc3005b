/*
 * jpeg.c: walks the markers of a JPEG from the first to the last, and looks into none but the
 * lengths: a frame, a scan behind it, and an end. An error page, half a picture, and one with
 * something else behind it are told apart by that; what is in the picture is for a browser to draw.
 */
#include "courierd/jpeg.h"

enum marker {
	MARKER_TEM = 0x01,
	MARKER_SOF0 = 0xc0,
	MARKER_DHT = 0xc4,
	MARKER_JPG = 0xc8,
	MARKER_DAC = 0xcc,
	MARKER_SOF15 = 0xcf,
	MARKER_RST0 = 0xd0,
	MARKER_RST7 = 0xd7,
	MARKER_SOI = 0xd8,
	MARKER_EOI = 0xd9,
	MARKER_SOS = 0xda,
};

/* Reads the marker at *at: 0xff as often as it likes, then what it is; 0: there is none. */
static uint8_t marker_at(struct span s, uint32_t *at)
{
	uint32_t i = *at;

	if (i >= s.len || s.data[i] != 0xff)
		return 0;
	while (i < s.len && s.data[i] == 0xff)
		i++;
	if (i >= s.len)
		return 0;
	*at = i + 1;
	return s.data[i];
}

/* Past a segment's length and bytes; false: it is cut off. */
static bool segment_skip(struct span s, uint32_t *at)
{
	uint32_t len;

	if (s.len - *at < 2)
		return false;
	len = (uint32_t)s.data[*at] << 8 | s.data[*at + 1];
	if (len < 2 || len > s.len - *at)
		return false;
	*at += len;
	return true;
}

/* Past a scan's coded bytes: in them 0xff is followed by 0, or by a restart. */
static void scan_skip(struct span s, uint32_t *at)
{
	uint32_t i = *at;

	for (; i + 1 < s.len; i++) {
		uint8_t next = s.data[i + 1];

		if (s.data[i] == 0xff && next != 0 && next != 0xff &&
		    !(next >= MARKER_RST0 && next <= MARKER_RST7))
			break;
	}
	*at = i;
}

static bool is_frame(uint8_t marker)
{
	return marker >= MARKER_SOF0 && marker <= MARKER_SOF15 && marker != MARKER_DHT &&
	       marker != MARKER_JPG && marker != MARKER_DAC;
}

uint32_t jpeg_len(struct span s)
{
	bool frame = false, scan = false;
	uint32_t at = 2;

	if (s.len < 4 || s.data[0] != 0xff || s.data[1] != MARKER_SOI)
		return 0;
	for (;;) {
		uint8_t marker = marker_at(s, &at);

		if (marker == MARKER_EOI)
			return scan ? at : 0;
		if (marker <= MARKER_TEM || (marker >= MARKER_RST0 && marker <= MARKER_SOI) ||
		    !segment_skip(s, &at))
			return 0;
		frame = frame || is_frame(marker);
		if (marker != MARKER_SOS)
			continue;
		if (!frame)
			return 0;
		scan = true;
		scan_skip(s, &at);
	}
}
