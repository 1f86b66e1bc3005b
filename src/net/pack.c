/*
 * pack.c: one zstd frame a batch. Level 3: a batch of a megabyte takes a few milliseconds of a
 * small computer, and no level above makes up for its time. Unpacking never trusts what a frame
 * says of its own size: the caller's room is the bound, and the window is bounded by it too, so
 * that a few bytes cannot ask for memory.
 */
#include "net/pack.h"

#include <zstd.h>

#define LEVEL	   3
#define WINDOW_LOG 21 /* 2 MiB: no batch is larger */

uint32_t pack_bound(uint32_t len)
{
	return (uint32_t)ZSTD_compressBound(len);
}

uint32_t pack(struct span bytes, uint8_t *out, uint32_t size)
{
	size_t n = ZSTD_compress(out, size, bytes.data, bytes.len, LEVEL);

	return ZSTD_isError(n) ? 0 : (uint32_t)n;
}

bool unpack(struct span packed, uint8_t *out, uint32_t size, uint32_t *ret)
{
	ZSTD_DCtx *context;
	ZSTD_inBuffer in = {packed.data, packed.len, 0};
	ZSTD_outBuffer into = {out, size, 0};
	size_t left;

	if (ZSTD_findFrameCompressedSize(packed.data, packed.len) != packed.len)
		return false; /* not one whole frame, or more behind it */
	context = ZSTD_createDCtx();
	if (context == NULL)
		return false;
	left = ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, WINDOW_LOG);
	if (!ZSTD_isError(left))
		left = ZSTD_decompressStream(context, &into, &in);
	ZSTD_freeDCtx(context);
	if (left != 0) /* an error, or more than there is room for */
		return false;
	*ret = (uint32_t)into.pos;
	return true;
}
