/*
 * fuzz_jpeg.c: any bytes at all as what a camera sent. A picture that is found lies within them, is
 * one by itself, and is none without its last byte.
 */
#include <stddef.h>
#include <stdint.h>

#include "courierd/jpeg.c"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint32_t len = jpeg_len((struct span){data, (uint32_t)size});

	CHECK(len <= size);
	if (len == 0)
		return 0;
	CHECK(data[0] == 0xff && data[1] == 0xd8 && data[len - 1] == 0xd9);
	CHECK(jpeg_len((struct span){data, len}) == len);
	CHECK(jpeg_len((struct span){data, len - 1}) == 0);
	return 0;
}
