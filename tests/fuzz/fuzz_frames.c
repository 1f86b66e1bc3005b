/*
 * fuzz_frames.c: where a picture lies in a buffer, by numbers that a driver or a file says. What is
 * taken for a picture lies within its buffer with every pixel: all of them are looked at, and the
 * sanitizer looks on. Then what was seen: a code is never told twice within its silence.
 */
#include <stdlib.h>
#include <string.h>

#include "eyed/capture.h"
#include "eyed/seen.h"

static uint32_t number(const uint8_t *d)
{
	return (uint32_t)d[0] | (uint32_t)d[1] << 8 | (uint32_t)d[2] << 16 | (uint32_t)d[3] << 24;
}

static volatile uint8_t seen_pixel;

static void look(const struct picture *p)
{
	CHECK(p->width >= PICTURE_SIDE_MIN && p->width <= PICTURE_WIDTH_MAX);
	CHECK(p->height >= PICTURE_SIDE_MIN && p->height <= PICTURE_HEIGHT_MAX);
	for (int32_t y = 0; y < p->height; y += p->height - 1)
		for (int32_t x = 0; x < p->width; x++)
			seen_pixel = p->luma[y * p->stride + x * p->step];
}

static void layouts(const uint8_t *data, uint32_t size)
{
	uint32_t format = layout_formats[data[0] % LAYOUT_FORMATS], width, height, len;
	struct picture p;
	uint8_t *bytes;

	width = data[1] & 1 ? number(data + 4) : number(data + 4) % 300;
	height = data[1] & 2 ? number(data + 8) : number(data + 8) % 300;
	len = number(data + 12) % 200000;
	bytes = malloc(len + 1);
	CHECK(bytes);
	memset(bytes, 1, len + 1);
	if (layout_picture(data[1] & 4 ? number(data) : format, width, height,
			   data[1] & 8 ? number(data + 16) : number(data + 16) % 1000,
			   (struct span){bytes, len}, &p))
		look(&p);
	free(bytes);
	if (size >= 20 + FRAME_HEAD_SIZE && frame_head(data + 20, &format, &width, &height) > 0)
		CHECK(layout_size(format, width, height) <= PICTURE_BYTES_MAX);
}

static void codes(const uint8_t *data, uint32_t size)
{
	static struct seen s;
	struct mono last[16], now = {0};

	memset(&s, 0, sizeof(s));
	for (int i = 0; i < 16; i++)
		last[i] = (struct mono){INT64_MIN / 2};
	for (uint32_t i = 0; i + 1 < size; i += 2) {
		uint32_t which = data[i] % 16;
		struct code code = {.len = 1 + which % 3, .bytes = {(uint8_t)which, 7, 7}};
		bool fresh;

		now.ms += data[i + 1] * 9;
		fresh = seen_new(&s, &code, now);
		if (now.ms - last[which].ms >= SEEN_SILENCE_MS)
			CHECK(fresh);
		else if (which < SEEN_MAX && size < 2 * SEEN_MAX) /* none had to make way */
			CHECK(!fresh);
		last[which] = now;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 20 || size > 4096)
		return 0;
	layouts(data, (uint32_t)size);
	codes(data, (uint32_t)size);
	return 0;
}
